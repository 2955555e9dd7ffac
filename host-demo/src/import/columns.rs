//! Finds the columns of a mapping in the first line of a log.

use crate::error::{Code, Problem};
use crate::near::advice;

use super::mapping::Column;

/// The names in the first line.
pub(super) struct Header {
    names: Vec<String>,
}

impl Header {
    pub(super) fn new(names: Vec<String>) -> Self {
        Self { names }
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    pub(super) fn name(&self, column: usize) -> &str {
        self.names.get(column).map_or("", |name| name)
    }

    /// The place of a column: by name, by `name#2` for the second of that name, or by number from 1.
    pub(super) fn find(&self, column: &Column, problems: &mut Vec<Problem>) -> usize {
        let mut problem = |problem: Problem| {
            problems.push(problem);
            0
        };
        let wanted = &*column.name;
        let mut found = self.positions(wanted);
        match (found.next(), found.count()) {
            (Some(only), 0) => return only,
            (Some(_), others) => {
                let message = format!("{} columns are called `{wanted}`", others + 1);
                return problem(
                    Problem::new(Code::AmbiguousColumn, message, &*column.pointer)
                        .with_mend(format!("say which: `{wanted}#1` or `{wanted}#2`")),
                );
            }
            (None, _) => {}
        }
        if let Some((name, nth)) = wanted.rsplit_once('#')
            && let Ok(nth @ 1..) = nth.parse::<usize>()
            && let Some(found) = self.positions(name).nth(nth - 1)
        {
            return found;
        }
        match wanted.parse::<usize>() {
            Ok(number) if (1..=self.names.len()).contains(&number) => number - 1,
            _ => problem(
                Problem::new(
                    Code::UnknownColumn,
                    format!("the log has no column `{wanted}`"),
                    &*column.pointer,
                )
                .with_mend(advice(wanted, self.names.iter().map(|name| &**name))),
            ),
        }
    }

    fn positions<'a>(&'a self, wanted: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.names.iter().enumerate().filter(move |(_, name)| *name == wanted).map(|(index, _)| index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn find(name: &str, expected: Result<usize, Code>) {
        let header = Header::new(["id", "category", "category", "c#1"].map(str::to_owned).to_vec());
        let mut problems = Vec::new();
        let found = header.find(&Column { name: name.to_owned(), pointer: String::new() }, &mut problems);
        assert_eq!(
            problems.first().map_or(Ok(found), |problem| Err(problem.code.clone())),
            expected.map_err(|code| code.as_str().into())
        );
    }

    #[test]
    fn columns_have_names_and_numbers() {
        find("id", Ok(0));
        find("category", Err(Code::AmbiguousColumn));
        find("category#1", Ok(1));
        find("category#2", Ok(2));
        find("category#3", Err(Code::UnknownColumn));
        find("c#1", Ok(3));
        find("2", Ok(1));
        find("5", Err(Code::UnknownColumn));
        find("0", Err(Code::UnknownColumn));
    }
}
