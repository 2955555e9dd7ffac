//! Holidays as a document lists them: dates of its own, and shipped sets that are written out in their place.

use core::ops::Deref;

use crate::document::{At, Document, KeyReader, Node, Problems, expected, record, unknown};
use crate::error::Code;
use crate::near::nearest;

use super::date::{Date, Year};
use super::rule::{DateRule, DayOfWeek, Observed};
use super::sets::{holiday_set, holiday_sets};

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
    /// First and last date of every occurrence, without the days on which it is observed.
    pub(super) fn occurrences(&self) -> impl Iterator<Item = (Date, Date)> + '_ {
        let year = |year: Option<Year>, default: i32| year.map_or(default, Year::number);
        let (from, until) = (year(self.from, Year::FIRST), year(self.until, Year::LAST));
        let falls = |date: Date, days: &[DayOfWeek]| {
            DayOfWeek::ALL.get(date.weekday()).is_some_and(|day| days.contains(day))
        };
        let fits = move |date: Date| self.falls_on.as_deref().is_none_or(|days| falls(date, days));
        self.date.occurrences(from, until).filter(move |(first, _)| fits(*first))
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
    fn decode(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        let Node::List(items) = node else {
            return expected("a list", node, at, problems);
        };
        let (mut list, mut shipped, mut sets) = (Vec::with_capacity(items.len()), Vec::new(), 0_usize);
        for (index, item) in items.iter().enumerate() {
            let here = At::Index(at, index);
            match item {
                Node::Map(entries) if entries.iter().any(|(key, _)| key == "use") => {
                    sets = sets.saturating_add(1);
                    if sets > MAX_SETS {
                        problems.push(
                            &here,
                            Code::TooLarge,
                            format!("more than {MAX_SETS} sets of holidays"),
                        );
                        break;
                    }
                    for holiday in used(item, &here, problems).unwrap_or_default() {
                        // Two sets may share a holiday; it happens once.
                        if !shipped.contains(&holiday) {
                            shipped.push(holiday);
                        }
                    }
                }
                _ => list.extend(Holiday::decode(item, &here, problems)),
            }
        }
        list.append(&mut shipped);
        Some(Self(list))
    }
}

/// The holidays of `{ use: us-federal, without: [Columbus Day] }`.
fn used(node: &Node<'_>, at: &At<'_>, problems: &mut Problems) -> Option<Vec<Holiday>> {
    let keys = KeyReader::new(node, "a set of holidays", at, problems)?;
    keys.finish(&["use", "without"], &[], at, problems);
    let without: Option<Vec<String>> = keys.or("without", Vec::new(), at, problems);
    let id: String = keys.required("use", at, problems)?;
    let Some(mut set) = holiday_set(&id) else {
        let sets: Vec<&str> = holiday_sets().map(|set| set.id).collect();
        let near = nearest(&id, sets.iter().copied());
        unknown(Code::UnknownHolidaySet, "set of holidays", &id, &near, &sets, &At::Key(at, "use"), problems);
        return None;
    };
    let listed = At::Key(at, "without");
    for (index, name) in without?.iter().enumerate() {
        let named = |holiday: &Holiday| holiday.name.as_deref() == Some(name);
        if set.iter().any(named) {
            set.retain(|holiday| !named(holiday));
            continue;
        }
        let mut names: Vec<&str> = set.iter().filter_map(|holiday| holiday.name.as_deref()).collect();
        names.dedup();
        let near = nearest(name, names.iter().copied());
        let what = "holiday of the set";
        unknown(Code::UnknownWord, what, name, &near, &names, &At::Index(&listed, index), problems);
    }
    Some(set)
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
