//! Business calendars: what is open on a local date.
//!
//! An instant is open exactly when the wall clock in the calendar's zone, at that instant, reads an open
//! time of that local date. The hours of a date are the weekly tail of the day before and its own. A holiday
//! empties the date; a special day replaces everything of its date and wins over a holiday. What a holiday's
//! own evening sends into the next morning stays, being the next date's.
//!
//! A calendar may also be made of others, in whatever zones: open with any of them, with all of them, or less them.

mod compose;
mod date;
mod days;
mod exceptions;
mod holiday;
mod opening;
mod parts;
mod plan;
mod reasons;
mod rule;
mod sets;
mod time_of_day;
mod week;

use crate::interval::Gather as _;
use std::sync::Arc;

use crate::document::{At, Document as _, Problems, decode_text, listed, record, shortened};
use crate::duration::Duration;
use crate::error::{Code, Problem};
use crate::instant::Instant;
use crate::interval::Interval;
use crate::timetable::{LocalHours, Timetable};
use crate::zone::{Stretch, Zone};

pub(crate) use compose::{Around, BUILT_IN, BuiltIn, MOST_CALENDARS, Others, too_many};
pub use date::{Date, Year};
pub use holiday::{Holiday, Holidays};
pub use opening::OpeningHours;
pub use parts::{Part, Parts};
use plan::{OwnHours, Plan};
pub use reasons::{ClosedKind, ClosedReason};
pub use rule::{DateRule, DayOfWeek, Observed};
pub use sets::{HOLIDAY_SETS_VERSION, HolidaySet, holiday_set, holiday_sets};
pub use time_of_day::TimeOfDay;
pub(crate) use week::{DAY, DAY_NAMES, days_of_key};
pub use week::{HourRange, WeeklyHours};

record! {
    /// A date with hours of its own. They replace everything of that date.
    pub struct SpecialDay as "a special day" {
        /// The date, a range of dates or a rule; all its dates have these hours.
        date: DateRule,
        /// Its hours; an empty list closes it.
        hours: Vec<HourRange>,
        /// What it is called in explanations.
        name: Option<String>,
    }
}

record! {
    /// When time counts: hours of its own, or those of other calendars, which may lie in different zones.
    pub struct CalendarDocument as "a calendar" {
        /// IANA name of the zone whose wall clock is read; the agreement's when absent.
        time_zone: Option<String>,
        /// The regular week; days without a key are closed.
        hours: WeeklyHours = WeeklyHours::default(),
        /// Dates on which it is closed.
        holidays: Holidays = Holidays::default(),
        /// Dates with hours of their own.
        special_days: Vec<SpecialDay> = Vec::new(),
        /// Open when any of these is (follow the sun); instead of hours of its own.
        any_of: Option<Parts>,
        /// Open when all of these are (support hours during which the building is open); instead of hours of its own.
        all_of: Option<Parts>,
        /// Closed when any of these is open (a maintenance window), whatever the other keys say.
        except: Option<Parts>,
    }
}

/// A business calendar compiled for look-up. Every question is answered from running totals, so its cost
/// does not grow with the span.
///
/// ```
/// use slaclock_core::{Calendar, Duration, Instant};
/// let office = Calendar::from_json(r#"{
///     "time_zone": "Europe/Rome",
///     "hours": { "mon-fri": ["09:00-17:00"] },
///     "holidays": [{ "date": "2026-12-25", "name": "Christmas Day" }]
/// }"#).unwrap();
/// let friday = Instant::parse("2026-11-20T16:55:00+01:00").unwrap();
/// let monday = Instant::parse("2026-11-23T09:05:00+01:00").unwrap();
/// assert_eq!(office.elapsed(friday, monday), Duration::parse("10m").unwrap());
/// assert_eq!(office.due(friday, Duration::parse("1h").unwrap()).unwrap().to_string(), "2026-11-23T08:55:00Z");
/// ```
#[derive(Debug, Clone)]
pub struct Calendar {
    timetable: Arc<Timetable>,
    plan: Arc<Plan>,
}

impl Calendar {
    /// The same with other open time.
    pub(crate) fn with_timetable(&self, timetable: Timetable) -> Self {
        Self { timetable: Arc::new(timetable), plan: Arc::clone(&self.plan) }
    }

    /// Reads and compiles a calendar document, as JSON text. It must name its time zone.
    ///
    /// # Errors
    /// Every problem of the document, each with its JSON pointer.
    pub fn from_json(text: &str) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::default();
        let document = decode_text::<CalendarDocument>(text.as_bytes(), &mut problems);
        let calendar = document.and_then(|document| Self::alone(&document, &At::Root, &mut problems));
        problems.finish(calendar)
    }

    /// Reads and compiles the calendar at `node`.
    pub(crate) fn decode(
        node: &crate::document::Node<'_>,
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Option<Self> {
        let document = CalendarDocument::decode(node, at, problems)?;
        Self::alone(&document, at, problems)
    }

    /// Compiles a document that stands in no agreement.
    fn alone(document: &CalendarDocument, at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        Self::compile(document, &mut Around { zone: None, others: &mut BuiltIn, depth: 0 }, at, problems)
    }

    /// Compiles the hours of its own that a document has; `zone` is used where it names none.
    fn of_hours(
        document: &CalendarDocument,
        zone: Option<&str>,
        at: &At<'_>,
        problems: &mut Problems,
    ) -> Option<Self> {
        let zone = match document.time_zone.as_deref() {
            Some(name) => named_zone(name, &At::Key(at, "time_zone"), problems),
            None => match zone {
                Some(name) => Zone::named(name).ok(),
                None => {
                    let mend = "add `time_zone` with an IANA name such as `Europe/Rome`";
                    problems.push_mend(at, Code::NoZone, "the calendar names no time zone", mend);
                    None
                }
            },
        };
        let exceptions = exceptions::of(document, at, problems)?;
        let (zone, week) = (zone?, document.hours.days());
        let timetable = Timetable::build(&LocalHours {
            stretches: zone.stretches(),
            week: &week,
            exceptions: &exceptions.hours,
        });
        let plan = Plan::Own(Box::new(OwnHours::new(document, zone, week, exceptions)));
        Some(Self { timetable: Arc::new(timetable), plan: Arc::new(plan) })
    }

    /// The calendar that is always open (24x7).
    #[must_use]
    pub fn always() -> Self {
        Self::uniform(&WeeklyHours::always())
    }

    /// The calendar that never opens.
    #[must_use]
    pub fn never() -> Self {
        Self::uniform(&WeeklyHours::default())
    }

    fn uniform(hours: &WeeklyHours) -> Self {
        // No offset changes what is always or never open.
        let stretches = [Stretch { from: Instant::MIN, until: Instant::MAX, offset_ms: 0 }];
        let (week, exceptions) = (hours.days(), []);
        let timetable =
            Timetable::build(&LocalHours { stretches: &stretches, week: &week, exceptions: &exceptions });
        Self { timetable: Arc::new(timetable), plan: Arc::new(Plan::Uniform) }
    }

    /// The compiled look-up tables.
    #[must_use]
    pub fn timetable(&self) -> &Timetable {
        &self.timetable
    }

    /// Whether the calendar is open at `at`.
    #[must_use]
    pub fn is_open(&self, at: Instant) -> bool {
        self.timetable.is_open(at)
    }

    /// Open time in `[from, to)`; negative when `to` is earlier.
    #[must_use]
    pub fn elapsed(&self, from: Instant, to: Instant) -> Duration {
        self.timetable.elapsed(from, to)
    }

    /// The earliest instant by which `open_time` has passed since `from`; see [`Timetable::due`].
    #[must_use]
    pub fn due(&self, from: Instant, open_time: Duration) -> Option<Instant> {
        self.timetable.due(from, open_time)
    }

    /// The earliest open instant at or after `at`; `None` when there is none before 2200.
    #[must_use]
    pub fn next_open(&self, at: Instant) -> Option<Instant> {
        self.timetable.next_open(at)
    }

    /// The earliest closed instant at or after `at`; `None` when there is none before 2200.
    #[must_use]
    pub fn next_close(&self, at: Instant) -> Option<Instant> {
        self.timetable.next_close(at)
    }

    /// The open stretches, each as long as it can be, cut to `[from, to)`.
    pub fn segments(&self, from: Instant, to: Instant) -> impl Iterator<Item = Interval> + '_ {
        self.timetable.segments(from, to)
    }
}

/// Most segments given at once.
const MAX_SEGMENTS: usize = 100_000;

impl Calendar {
    /// As [`Calendar::segments`], all at once.
    ///
    /// # Errors
    /// [`Code::TooLarge`] for more than 100,000 of them.
    pub fn segments_within(&self, from: Instant, to: Instant) -> Result<Vec<Interval>, Problem> {
        let found: Vec<_> = self.segments(from, to).take(MAX_SEGMENTS.saturating_add(1)).gather();
        if found.len() > MAX_SEGMENTS {
            let message = format!("more than {MAX_SEGMENTS} segments");
            return Err(Problem::whole(Code::TooLarge, message).mend("ask for a shorter span"));
        }
        Ok(found)
    }
}

/// The zone of this name, or the problem that there is none.
pub(crate) fn named_zone(name: &str, at: &At<'_>, problems: &mut Problems) -> Option<Zone> {
    Zone::named(name)
        .map_err(|unknown| {
            let message = format!("the time zone database has no zone `{}`", shortened(name));
            let mend = if unknown.suggestions.is_empty() {
                "use an IANA name such as `Europe/Rome` or `America/New_York`".to_owned()
            } else {
                format!("did you mean {}?", listed(&unknown.suggestions))
            };
            problems.push_mend(at, Code::UnknownZone, message, mend);
        })
        .ok()
}
