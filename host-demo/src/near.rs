//! Which known words an unknown one was probably meant to be.

/// Advice that names the nearest of `known`, or else all of them.
pub(crate) fn advice<'a>(word: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let limit = (word.chars().count() / 3).clamp(1, 3);
    let nearest = known.clone().map(|other| (slips(word, other), other)).min();
    match nearest {
        Some((slips, other)) if slips <= limit => format!("did you mean `{other}`?"),
        _ => {
            let list: Vec<_> = known.take(60).map(|other| format!("`{other}`")).collect();
            format!("known are {}", list.join(", "))
        }
    }
}

/// Letters to add, remove or change; the case of ASCII letters counts for nothing.
fn slips(word: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for letter in word.chars().take(64) {
        let mut diagonal = row[0];
        row[0] += 1;
        for (index, wanted) in other.iter().enumerate() {
            let above = row[index + 1];
            let changed = diagonal + usize::from(!letter.eq_ignore_ascii_case(wanted));
            row[index + 1] = changed.min(above + 1).min(row[index] + 1);
            diagonal = above;
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_is_named_or_else_all() {
        assert_eq!(advice("calender", ["calendar", "policy"].into_iter()), "did you mean `calendar`?");
        assert_eq!(advice("zzz", ["a", "policy"].into_iter()), "known are `a`, `policy`");
        assert_eq!(slips("kitten", "sitting"), 3);
    }
}
