//! A case of the fuzzer: any bytes are one.

use slaclock_core::Instant;

/// A line that parts a case from the next, in a file of several.
pub const CASE_LINE: &[u8] = b"\n===\n";

/// A line that parts the documents of a case.
pub const PART_LINE: &[u8] = b"\n---\n";

/// An instant, perhaps what was known by then, an agreement, a ticket and a calendar question.
///
/// As bytes: the instant, and after a space `known_at`; then, each after a line `---`, the three documents. What is
/// missing is empty, and what does not read as an instant is one of 2026: the fuzzer shall find its way soon.
#[derive(Debug, Clone)]
pub struct Case<'a> {
    /// When to evaluate.
    pub now: Instant,
    /// What is known.
    pub known_at: Option<Instant>,
    /// Agreement, ticket, and question or calendar.
    pub documents: [&'a [u8]; 3],
}

impl<'a> Case<'a> {
    /// Reads a case.
    #[must_use]
    pub fn read(bytes: &'a [u8]) -> Self {
        let mut parts = parts(bytes, PART_LINE);
        let head = String::from_utf8_lossy(parts.next().unwrap_or_default());
        let mut words = head.split_whitespace();
        let mut instant = || Instant::parse(words.next()?).ok();
        let now = instant().unwrap_or_else(|| Instant::from_ms(1_795_433_400_000).unwrap_or(Instant::MIN));
        let known_at = instant();
        Self { now, known_at, documents: [(); 3].map(|()| parts.next().unwrap_or_default()) }
    }
}

/// The parts of a text between lines of one kind.
pub fn parts<'a>(bytes: &'a [u8], line: &'static [u8]) -> impl Iterator<Item = &'a [u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let text = rest?;
        let found = text.windows(line.len()).position(|window| window == line);
        rest = found.map(|at| &text[at + line.len()..]);
        Some(&text[..found.unwrap_or(text.len())])
    })
}
