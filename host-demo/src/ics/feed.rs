//! Cuts a file into its components, unfolded, each with the number of its line, so that a damaged one costs
//! only itself. What the lines mean is left to the parser.

use std::path::Path;

use calcard::icalendar::ICalendarComponent;
use calcard::{Entry, Parser};

use super::Options;
use super::event::Event;
use super::guard;
use super::lines::{Line, Lines};
use super::report::{Place, Reason, Report};
use super::zones::{ZoneId, Zones};
use crate::error::{Code, Problem};
use crate::input::Source;

/// Most bytes of events kept of one file.
const LARGEST_FEED: usize = 64 << 20;
/// Most events of one file.
const MOST_EVENTS: usize = 100_000;

/// What a file says.
pub(super) struct Feed {
    /// Its events; those that are left out are marked as cancelled.
    pub(super) events: Vec<Event>,
    /// Its zone, by a property that is no standard but usual.
    pub(super) zone: Option<ZoneId>,
}

/// The lines of one component.
struct Block {
    kind: Kind,
    line: u64,
    text: String,
    /// Components begun within.
    inner: Vec<String>,
    fault: Option<Reason>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Event,
    Zone,
    Other,
}

/// The state of reading a file.
#[derive(Default)]
struct Reading {
    /// How many calendars are open.
    depth: u32,
    began: bool,
    block: Option<Block>,
    events: Vec<Block>,
    zones: Vec<Block>,
    zone_name: Option<String>,
    cancels: bool,
    bytes: usize,
}

impl Feed {
    /// Reads a file, or standard input for `-`.
    pub(super) fn read(
        path: &Path,
        zones: &mut Zones,
        options: &Options,
        report: &mut Report<'_>,
    ) -> Result<Self, Problem> {
        let source = Source::open(path)?;
        let name = source.name.clone();
        let mut reading = Reading::default();
        let mut lines = Lines::of(source.reader);
        let mut broken = None;
        loop {
            match lines.next() {
                Ok(Some(line)) => reading.take(line, &name, report)?,
                Ok(None) => break,
                Err(error) => {
                    broken = Some(source.fault.explain(&error));
                    break;
                }
            }
        }
        if !reading.began {
            return Err(broken.unwrap_or_else(|| not_icalendar(&name)));
        }
        if let Some(block) = reading.block.take() {
            lost(&block, Reason::NotEnded, &name, report);
        }
        if reading.depth > 0 && broken.is_none() {
            broken = Some(Problem::new(Code::BrokenFeed, "the file ends before END:VCALENDAR", &*name));
        }
        report.shown.extend(broken);
        Ok(reading.read(&name, zones, options, report))
    }
}

fn not_icalendar(name: &str) -> Problem {
    Problem::new(Code::NotICalendar, "the file does not begin with BEGIN:VCALENDAR", name)
}

fn lost(block: &Block, reason: Reason, file: &str, report: &mut Report<'_>) {
    if block.kind == Kind::Event {
        report.lost(Place { file, line: block.line, uid: "", name: "" }, reason, None);
        report.summary.events += 1;
    }
}

impl Reading {
    fn take(&mut self, line: Line, file: &str, report: &mut Report<'_>) -> Result<(), Problem> {
        let text = String::from_utf8_lossy(&line.bytes);
        let name_end = text.find([':', ';']).unwrap_or(text.len());
        let name = text[..name_end].trim().to_ascii_uppercase();
        let value = value_of(&text).unwrap_or_default();
        if !self.began && name != "BEGIN" {
            return Err(not_icalendar(file));
        }
        match &*name {
            "BEGIN" => {
                let component = value.trim().to_ascii_uppercase();
                if !self.began && component != "VCALENDAR" {
                    return Err(not_icalendar(file));
                }
                self.begin(component, line.number, file, report);
            }
            "END" => self.end(&value.trim().to_ascii_uppercase(), file, report)?,
            _ => match &mut self.block {
                Some(block) if block.kind != Kind::Other && block.inner.is_empty() => {
                    let matters = guard::is_read(&name);
                    if matters && line.cut {
                        block.fault = block.fault.or(Some(Reason::TooLong));
                    } else if matters && std::str::from_utf8(&line.bytes).is_err() {
                        block.fault = block.fault.or(Some(Reason::NotUtf8));
                    }
                    if matters || block.kind == Kind::Zone {
                        block.text.push_str(&text);
                        block.text.push_str("\r\n");
                    }
                }
                Some(_) => {}
                None => match &*name {
                    "X-WR-TIMEZONE" => self.zone_name = Some(value.trim().to_owned()),
                    "METHOD" => self.cancels = value.trim().eq_ignore_ascii_case("CANCEL"),
                    _ => {}
                },
            },
        }
        Ok(())
    }

    fn begin(&mut self, component: String, line: u64, file: &str, report: &mut Report<'_>) {
        self.began = true;
        // An event cannot lie in another component but a calendar: the one before was not ended.
        if matches!(&*component, "VEVENT" | "VCALENDAR")
            && let Some(block) = self.block.take()
        {
            lost(&block, Reason::NotEnded, file, report);
        }
        if let Some(block) = &mut self.block {
            block.inner.push(component);
            return;
        }
        let kind = match &*component {
            "VCALENDAR" => {
                self.depth += 1;
                return;
            }
            "VEVENT" => Kind::Event,
            "VTIMEZONE" => Kind::Zone,
            _ => Kind::Other,
        };
        self.block = Some(Block {
            kind,
            line,
            text: format!("BEGIN:{component}\r\n"),
            inner: Vec::new(),
            fault: None,
        });
    }

    fn end(&mut self, component: &str, file: &str, report: &mut Report<'_>) -> Result<(), Problem> {
        if component == "VCALENDAR" {
            self.depth = self.depth.saturating_sub(1);
            if let Some(block) = self.block.take() {
                lost(&block, Reason::NotEnded, file, report);
            }
            return Ok(());
        }
        let Some(block) = &mut self.block else { return Ok(()) };
        // The end of an inner component ends all that were begun within it and not ended.
        if let Some(index) = block.inner.iter().rposition(|inner| inner == component) {
            block.inner.truncate(index);
            return Ok(());
        }
        let Some(mut block) = self.block.take() else { return Ok(()) };
        block.text.push_str(&format!("END:{component}\r\n"));
        self.bytes += block.text.len();
        match block.kind {
            Kind::Event => self.events.push(block),
            Kind::Zone => self.zones.push(block),
            Kind::Other => report.summary.others += 1,
        }
        if self.bytes > LARGEST_FEED || self.events.len() > MOST_EVENTS {
            let message = "the feed has more than 100,000 events or 64 MiB of them";
            return Err(Problem::new(Code::FeedTooLarge, message, file));
        }
        Ok(())
    }

    fn read(self, file: &str, zones: &mut Zones, options: &Options, report: &mut Report<'_>) -> Feed {
        zones.begin_file();
        for block in &self.zones {
            if let Some(component) = parsed(&block.text) {
                zones.define(&component);
            }
        }
        let zone = self.zone_name.as_deref().and_then(|name| zones.resolve(name));
        let mut events = Vec::new();
        for block in &self.events {
            if let Some(reason) = block.fault {
                lost(block, reason, file, report);
                continue;
            }
            report.summary.events += 1;
            let Some(component) = parsed(&block.text) else {
                report.lost(Place { file, line: block.line, uid: "", name: "" }, Reason::NotEnded, None);
                continue;
            };
            if let Some(mut event) = Event::read(&component, &block.text, file, block.line, zones, report) {
                event.cancelled |= self.cancels;
                report.summary.cancelled += u64::from(event.cancelled);
                let matching =
                    options.without.iter().enumerate().filter(|(_, pattern)| pattern.matches(&event));
                let matching: Vec<usize> = matching.map(|(index, _)| index).collect();
                report.patterns.extend(&matching);
                // What stands for an occurrence of another event still takes its place.
                report.summary.left_out += u64::from(!matching.is_empty());
                event.cancelled |= !matching.is_empty();
                events.push(event);
            }
        }
        Feed { events, zone }
    }
}

/// The component that a text is.
fn parsed(text: &str) -> Option<ICalendarComponent> {
    match Parser::new(text).entry() {
        Entry::ICalendar(mut calendar) if !calendar.components.is_empty() => {
            Some(calendar.components.swap_remove(0))
        }
        _ => None,
    }
}

/// What follows the first colon outside quotes.
pub(super) fn value_of(line: &str) -> Option<&str> {
    let mut quoted = false;
    let colon = line.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b':' && !quoted
    })?;
    line.get(colon + 1..)
}
