//! Checks the text of dates and rules before the tolerant parser reads them: it would take `2026122` for a date
//! and pass over a part of a rule that it does not know.

/// Whether a property says anything that an import reads.
pub(super) fn is_read(property: &str) -> bool {
    matches!(
        property,
        "UID"
            | "SUMMARY"
            | "DESCRIPTION"
            | "CATEGORIES"
            | "STATUS"
            | "DTSTART"
            | "DTEND"
            | "DURATION"
            | "RRULE"
            | "EXRULE"
            | "RDATE"
            | "EXDATE"
            | "RECURRENCE-ID"
            | "X-MICROSOFT-CDO-ALLDAYEVENT"
    )
}

/// Whether the value of a property may be read. Others than dates and rules are not looked at.
pub(super) fn is_sound(property: &str, value: &str) -> bool {
    match property {
        "DTSTART" | "DTEND" | "RECURRENCE-ID" => is_time(value.trim()),
        // A period of RDATE is judged by its start.
        "EXDATE" | "RDATE" => value
            .split(',')
            .all(|value| is_time(value.split_once('/').map_or(value, |(start, _)| start).trim())),
        "DURATION" => value.trim().trim_start_matches('+').starts_with('P'),
        "RRULE" => is_rule(value),
        _ => true,
    }
}

/// `20261225`, `20261225T090000` or `20261225T090000Z`.
fn is_time(value: &str) -> bool {
    let digits =
        |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    match value.split_once(['T', 't']) {
        None => digits(value, 8),
        Some((date, time)) => digits(date, 8) && digits(time.strip_suffix(['Z', 'z']).unwrap_or(time), 6),
    }
}

fn is_rule(value: &str) -> bool {
    let mut names: Vec<String> = Vec::new();
    let parts = value.trim().trim_end_matches(';').split(';');
    let sound = parts.clone().all(|part| {
        let Some((name, value)) = part.split_once('=') else { return false };
        let name = name.trim().to_ascii_uppercase();
        let numbers = |lowest: i64, highest: i64, signed: bool| {
            value.split(',').all(|number| {
                let number = number.trim().parse::<i64>().ok();
                number.is_some_and(|number| {
                    (lowest..=highest).contains(&number.abs()) && (signed || number >= 0)
                })
            })
        };
        let sound = match &*name {
            "FREQ" | "RSCALE" | "SKIP" | "WKST" | "BYDAY" => !value.trim().is_empty(),
            "UNTIL" => is_time(value.trim()),
            "COUNT" => numbers(1, i64::from(u32::MAX), false),
            "INTERVAL" => numbers(1, i64::from(u16::MAX), false),
            "BYSECOND" => numbers(0, 60, false),
            "BYMINUTE" => numbers(0, 59, false),
            "BYHOUR" => numbers(0, 23, false),
            "BYMONTHDAY" => numbers(1, 31, true),
            "BYYEARDAY" | "BYSETPOS" => numbers(1, 366, true),
            "BYWEEKNO" => numbers(1, 53, true),
            "BYMONTH" => value.split(',').all(|month| {
                let month = month.trim().trim_end_matches(['L', 'l']).parse();
                month.is_ok_and(|month: u8| (1..=13).contains(&month))
            }),
            _ => name.starts_with("X-"),
        };
        names.push(name);
        sound
    });
    let mut once = names.clone();
    once.sort_unstable();
    once.dedup();
    sound && once.len() == names.len() && names.iter().any(|name| name == "FREQ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(property: &str, value: &str, expected: bool) {
        assert_eq!(is_sound(property, value), expected, "{property}:{value}");
    }

    #[test]
    fn dates_and_rules_are_whole() {
        check("DTSTART", "20261225", true);
        check("DTSTART", "20261225T090000Z", true);
        check("DTSTART", "2026122", false);
        check("DTSTART", "20261225T0900", false);
        check("DTSTART", "2026-12-25", false);
        check("EXDATE", "20261225,20261226T000000", true);
        check("RDATE", "20261225T090000Z/PT1H", true);
        check("RRULE", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", true);
        check("RRULE", "FREQ=YEARLY;BYEASTER=1", false);
        check("RRULE", "FREQ=YEARLY;BYMONTHDAY=287", false);
        check("RRULE", "FREQ=YEARLY;COUNT=-3", false);
        check("RRULE", "FREQ=DAILY;UNTIL=20261231T235959Z;", true);
        check("RRULE", "COUNT=2", false);
        check("RRULE", "FREQ=DAILY;COUNT=2;COUNT=3", false);
        check("RRULE", "", false);
    }
}
