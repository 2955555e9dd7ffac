//! Holidays as a document lists them: dates of its own, and shipped sets that are written out in their place.

use core::ops::Deref;

use crate::document::{At, Document, KeyReader, Node, Problems, expected, record, unknown};
use crate::error::Code;
use crate::near::nearest;

use super::date::{Date, Year};
use super::rule::{DateRule, DayOfWeek, Observed};
use super::sets::{HolidaySet, holiday_sets, leave_out, lines_of, name_of, read};

record! {
    /// A date on which the calendar is closed.
    pub struct Holiday as "a holiday" {
        /// The date, a range of dates or a rule.
        date: DateRule,
        /// What it is called in explanations.
        name: Option<String>,
        /// The days of the week on which the (first) date must fall; in other years there is no such holiday.
        falls_on: Option<Vec<DayOfWeek>>,
        /// Which day is closed as well when the date falls on a weekend.
        observed: Observed = Observed::None,
        /// The days of its weekend.
        weekend: Vec<DayOfWeek> = vec![DayOfWeek::Saturday, DayOfWeek::Sunday],
        /// First year of a rule.
        from: Option<Year>,
        /// Last year of a rule.
        until: Option<Year>,
    }
}

impl Holiday {
    /// First and last year.
    pub(super) fn years(&self) -> (i32, i32) {
        (self.from.map_or(Year::FIRST, Year::number), self.until.map_or(Year::LAST, Year::number))
    }

    /// Whether an occurrence that begins on this date is one.
    pub(super) fn may_begin(&self, first: Date) -> bool {
        let day = DayOfWeek::ALL.get(first.weekday());
        self.falls_on.as_deref().is_none_or(|days| day.is_some_and(|day| days.contains(day)))
    }
}

/// The holidays of a calendar: those of the document, then those of the shipped sets that it uses, written out. Own ones
/// come first, so that on one date the document's name stands before a set's.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Holidays(Vec<Holiday>);

/// Most sets that one calendar uses: more than anybody needs, and few enough to write out.
const MAX_SETS: usize = 32;

impl Deref for Holidays {
    type Target = [Holiday];

    fn deref(&self) -> &[Holiday] {
        &self.0
    }
}

impl Document for Holidays {
    fn blank() -> Self {
        Self::default()
    }

    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let Node::List(items) = node else {
            return expected("a list", node, at, problems);
        };
        let mut list = Vec::with_capacity(items.len());
        let (mut sets, mut shipped, mut used) = (Vec::new(), Vec::new(), 0_usize);
        for (index, item) in items.iter().enumerate() {
            let here = At::Index(at, index);
            match item {
                Node::Map(entries) if entries.iter().any(|(key, _)| key == "use") => {
                    used = used.saturating_add(1);
                    if used > MAX_SETS {
                        problems.push(&here, Code::TooLarge, "more than 32 sets of holidays");
                        break;
                    }
                    if sets.is_empty() {
                        sets = holiday_sets();
                    }
                    for line in lines_used(item, &sets, &here, problems).unwrap_or_default() {
                        // Two sets may share a holiday; it happens once.
                        if !shipped.contains(&line) {
                            shipped.push(line);
                        }
                    }
                }
                _ => list.extend(Holiday::decode(item, &here, problems)),
            }
        }
        for line in shipped {
            read(line, &mut list);
        }
        Some(Self(list))
    }
}

/// The lines of `{ use: us-federal, without: [Columbus Day] }`.
fn lines_used(
    node: &Node<'_>,
    sets: &[HolidaySet],
    at: &At<'_>,
    problems: &mut Problems,
) -> Option<Vec<&'static str>> {
    let keys = KeyReader::new(node, "a set of holidays", at, problems)?;
    keys.finish(&["use", "without"], &[], at, problems);
    let without: Option<Vec<String>> = keys.or("without", Vec::new(), at, problems);
    let id: String = keys.required("use", at, problems)?;
    let mut names: Vec<&str> = Vec::new();
    let Some(mut lines) = lines_of(sets, &id) else {
        for set in sets {
            names.push(set.id);
        }
        let what = "set of holidays";
        unknown_name(Code::UnknownHolidaySet, what, &id, &names, &At::Key(at, "use"), problems);
        return None;
    };
    for line in &lines {
        let name = name_of(line);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let listed = At::Key(at, "without");
    for (index, name) in without?.iter().enumerate() {
        if !leave_out(&mut lines, name) && !names.contains(&name.as_str()) {
            let place = At::Index(&listed, index);
            unknown_name(Code::UnknownWord, "holiday of the set", name, &names, &place, problems);
        }
    }
    Some(lines)
}

fn unknown_name(code: Code, what: &str, name: &str, known: &[&str], at: &At<'_>, problems: &mut Problems) {
    let near = nearest(name, known.iter().copied());
    unknown(code, what, name, &near, known, at, problems);
}

#[cfg(feature = "shape")]
mod shaped {
    use super::{Holiday, Holidays};
    use crate::document::shape::{Key, Shape, Shaped, Types};

    impl Shaped for Holidays {
        fn shape(types: &mut Types) -> Shape {
            let doc = "A shipped set of holidays.";
            let set = types.record("HolidaySetUse", &[doc], |types| {
                let id = &["Its name, such as `us-federal`; `docs/holiday-sets.md` lists them."];
                let without = &["Names of holidays of the set that are ordinary days here."];
                vec![
                    Key::of::<String>(types, "use", id, false),
                    Key::of::<Vec<String>>(types, "without", without, true),
                ]
            });
            Shape::List(Box::new(Shape::OneOf(vec![Holiday::shape(types), set])))
        }
    }
}
