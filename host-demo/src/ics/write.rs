//! Writes content lines: escaped, folded at 75 octets, ended by CRLF.

use std::io::{self, Write};

use chrono::DateTime;
use slaclock_core::Instant;

/// Longest line in octets, its end not counted.
const LONGEST: usize = 75;

/// A calendar object being written.
pub(super) struct Writer<W> {
    out: W,
    /// DTSTAMP of everything in it.
    stamp: String,
}

/// What begins and ends: an open time or a whole day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub(super) component: &'static str,
    pub(super) uid: &'a str,
    /// Properties with the value as it stands, such as `DTSTART` with an instant.
    pub(super) plain: &'a [(&'static str, String)],
    /// Properties whose value is a text.
    pub(super) texts: &'a [(&'static str, &'a str)],
}

impl<W: Write> Writer<W> {
    /// Begins a calendar object with its name and, if it has one, its zone.
    pub(super) fn begin(out: W, now: Instant, name: &str, zone: Option<&str>) -> io::Result<Self> {
        let mut writer = Self { out, stamp: utc(now) };
        writer.line("BEGIN:VCALENDAR")?;
        writer.line("VERSION:2.0")?;
        writer.text("PRODID", concat!("-//slaclock//slaclock ", env!("CARGO_PKG_VERSION"), "//EN"))?;
        writer.line("CALSCALE:GREGORIAN")?;
        writer.line("METHOD:PUBLISH")?;
        writer.text("X-WR-CALNAME", name)?;
        zone.map_or(Ok(()), |zone| writer.text("X-WR-TIMEZONE", zone))?;
        Ok(writer)
    }

    pub(super) fn entry(&mut self, entry: &Entry<'_>) -> io::Result<()> {
        self.line(&format!("BEGIN:{}", entry.component))?;
        self.text("UID", entry.uid)?;
        let stamp = format!("DTSTAMP:{}", self.stamp);
        self.line(&stamp)?;
        for (name, value) in entry.plain {
            self.line(&format!("{name}:{value}"))?;
        }
        for (name, value) in entry.texts {
            self.text(name, value)?;
        }
        self.line(&format!("END:{}", entry.component))
    }

    /// Ends the calendar object.
    pub(super) fn end(&mut self) -> io::Result<()> {
        self.line("END:VCALENDAR")?;
        self.out.flush()
    }

    fn text(&mut self, name: &str, value: &str) -> io::Result<()> {
        self.line(&format!("{name}:{}", escaped(value)))
    }

    fn line(&mut self, line: &str) -> io::Result<()> {
        self.out.write_all(folded(line).as_bytes())
    }
}

/// A text as a value.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.replace("\r\n", "\n").chars() {
        match char {
            '\\' | ';' | ',' => escaped.extend(['\\', char]),
            '\n' | '\r' => escaped.push_str("\\n"),
            '\t' => escaped.push('\t'),
            // No other control character may stand in a text.
            char if char.is_control() => escaped.push(' '),
            char => escaped.push(char),
        }
    }
    escaped
}

/// A line cut into pieces of at most 75 octets, never within a character.
fn folded(line: &str) -> String {
    let mut folded = String::with_capacity(line.len() + line.len() / LONGEST * 3 + 2);
    let mut width = 0;
    for char in line.chars() {
        if width + char.len_utf8() > LONGEST {
            folded.push_str("\r\n ");
            width = 1;
        }
        folded.push(char);
        width += char.len_utf8();
    }
    folded.push_str("\r\n");
    folded
}

/// An instant as a date-time in UTC; parts of a second are cut.
pub(super) fn utc(at: Instant) -> String {
    let time = DateTime::from_timestamp_millis(at.ms()).unwrap_or_default();
    time.format("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_lines_folded() {
        assert_eq!(escaped("a, b; c\\ d\r\ne\u{7}f"), "a\\, b\\; c\\\\ d\\ne f");
        let long = format!("SUMMARY:{}", "\u{20ac}".repeat(60));
        let folded = folded(&long);
        assert!(folded.ends_with("\r\n") && folded.lines().count() == 3);
        assert!(folded.split("\r\n").all(|line| line.len() <= LONGEST));
        assert_eq!(folded.replace("\r\n ", "").trim_end(), long);
    }
}
