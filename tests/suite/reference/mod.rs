//! Slow, obvious readings of the rules, sharing no code with the engine.
//!
//! [`SlowCalendar`] asks the wall clock about one instant; [`Walk`] does so minute after minute and counts;
//! [`evaluate`] takes a ticket through its life minute by minute, or through all minutes at once that are alike (a test
//! holds the two ways equal): [`ticket`] lists what held after each update, [`term`] which policy then promises what,
//! [`machine`] starts and stops cycles, [`cycle`] counts them, and [`predict`] lets them run on. A reader shall be able to
//! check each line against the written rules. All instants are whole minutes; targets may end within one.

mod agreement;
mod alert;
mod calendar;
mod composite;
mod condition;
mod cycle;
mod dates;
mod goal;
mod life;
mod like;
mod machine;
mod metric;
mod outcome;
mod predict;
mod term;
mod ticket;
mod transition;
mod verdict;
mod walk;
mod wall;

pub(crate) use agreement::Agreement;
pub(crate) use calendar::SlowCalendar;
pub(crate) use composite::SlowComposite;
pub(crate) use outcome::{evaluate, evaluate_with};
pub(crate) use walk::Walk;
pub(crate) use wall::{Wall, instant_ms, text_of};

/// One minute in milliseconds.
pub(crate) const MINUTE: i64 = 60_000;
/// One hour in milliseconds.
pub(crate) const HOUR: i64 = 60 * MINUTE;
/// One day in milliseconds.
pub(crate) const DAY: i64 = 24 * HOUR;
/// From an instant to another, itself outside.
type Stretch = (i64, i64);
/// How far ahead minutes are walked before a calendar is taken to open never again.
const HORIZON: i64 = 500 * DAY;
