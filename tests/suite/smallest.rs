//! Makes a case on which two disagree as small as it goes, by leaving out parts of its documents.

use serde_json::Value;

/// A place in a document: keys of maps, positions in lists.
type Path = Vec<String>;

/// The document with all left out that is not needed for `fails` to hold. It holds of the document itself.
pub(crate) fn smallest(document: Value, fails: impl Fn(&Value) -> bool) -> Value {
    let mut document = document;
    loop {
        let mut smaller = false;
        // Large parts first, and of a list the last first, so that the positions of the others stay.
        let mut paths = paths(&document);
        paths.sort_by_key(Vec::len);
        for path in &paths {
            let mut less = document.clone();
            if remove(&mut less, path) && fails(&less) {
                document = less;
                smaller = true;
            }
        }
        if !smaller {
            return document;
        }
    }
}

fn paths(document: &Value) -> Vec<Path> {
    let inner: Vec<(String, &Value)> = match document {
        Value::Object(keys) => keys.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().rev().map(|(index, item)| (index.to_string(), item)).collect()
        }
        _ => vec![],
    };
    let below = |(key, value): (String, &Value)| {
        let own = vec![key.clone()];
        let deeper = paths(value).into_iter().map(move |path| [vec![key.clone()], path].concat());
        std::iter::once(own).chain(deeper).collect::<Vec<_>>()
    };
    inner.into_iter().flat_map(below).collect()
}

/// Whether there was something to leave out.
fn remove(document: &mut Value, path: &[String]) -> bool {
    let Some((last, way)) = path.split_last() else { return false };
    let mut at = document;
    for key in way {
        let next = match at {
            Value::Object(keys) => keys.get_mut(key),
            Value::Array(items) => key.parse::<usize>().ok().and_then(|index| items.get_mut(index)),
            _ => None,
        };
        let Some(next) = next else { return false };
        at = next;
    }
    match at {
        Value::Object(keys) => keys.remove(last).is_some(),
        Value::Array(items) => {
            // An empty list may mean something else.
            let index = last.parse::<usize>().ok().filter(|index| *index < items.len() && items.len() > 1);
            index.is_some_and(|index| {
                items.remove(index);
                true
            })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_needed_is_left_out() {
        let document = json!({"a": [1, 2, {"b": 3, "c": [4, 5]}], "d": {"e": 6}});
        let fails = |document: &Value| document.to_string().contains('5');
        assert_eq!(smallest(document, fails), json!({"a": [{"c": [5]}]}));
    }
}
