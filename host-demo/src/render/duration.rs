//! Lengths of time and counts for reading.

/// Time left or over: two units, seconds only in the last five minutes, over time with its sign.
#[must_use]
pub fn time_left(ms: i64) -> String {
    let over = ms < 0;
    let ms = ms.unsigned_abs();
    let (hours, minutes, seconds) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
    let length = if hours > 0 {
        format!("{} h {minutes} min", grouped(hours))
    } else if minutes >= 5 {
        format!("{minutes} min")
    } else if minutes > 0 {
        format!("{minutes} min {seconds} s")
    } else {
        format!("{seconds} s")
    };
    if over { format!("+{length} over") } else { format!("{length} left") }
}

/// A count with its thousands apart.
#[must_use]
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_units_and_a_sign() {
        assert_eq!(time_left(4_320_000), "1 h 12 min left");
        assert_eq!(time_left(299_999), "4 min 59 s left");
        assert_eq!(time_left(300_000), "5 min left");
        assert_eq!(time_left(-7_500_000), "+2 h 5 min over");
        assert_eq!(time_left(-1), "+0 s over");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(12), "12");
    }
}
