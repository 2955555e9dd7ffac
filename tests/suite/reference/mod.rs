//! Slow, obvious readings of the rules, sharing no code with the engine.
//!
//! [`SlowCalendar`] asks the wall clock about one instant; [`Walk`] does so minute after minute and counts;
//! [`evaluate`] takes a ticket through its life minute by minute. Speed is of no concern here, only that a
//! reader can check each line against the written rules.

mod calendar;
mod composite;
mod cycle;
mod document;
mod machine;
mod outcome;
mod ticket;
mod walk;
mod wall;

pub(crate) use calendar::SlowCalendar;
pub(crate) use composite::SlowComposite;
pub(crate) use outcome::evaluate;
pub(crate) use walk::Walk;
pub(crate) use wall::{Wall, instant_ms, text_of};

/// One minute in milliseconds.
pub(crate) const MINUTE: i64 = 60_000;
/// One hour in milliseconds.
pub(crate) const HOUR: i64 = 60 * MINUTE;
/// One day in milliseconds.
pub(crate) const DAY: i64 = 24 * HOUR;
