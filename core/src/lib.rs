//! Exact service level clocks: when time counts, what was promised, and what is left of it.
//!
//! The engine reads no clock, does no I/O, keeps no state and uses no floats: the same document, tickets and
//! instant give the same bytes on every machine. All times are whole milliseconds.
//!
//! - [`Calendar`] answers when a business is open: `elapsed`, `due`, `is_open`, `next_open`, `next_close`,
//!   `segments`. See [`calendar`] for what a calendar means, daylight saving included.
//! - [`Agreement`] holds a whole service level agreement, compiled; [`Agreement::evaluate`] tells every clock of a
//!   [`Ticket`] at an instant, and [`Agreement::evaluate_lines`] does so for many.
//! - [`Board`] keeps many tickets compiled; moving its instant on costs what changes by then.
//! - [`Problem`] is a mistake in an input, with a stable [`Code`], its place and the mend.
//!
//! ```
//! use slaclock_core::{Agreement, Instant, Options, Ticket, to_json};
//!
//! let agreement = Agreement::from_json(r#"{
//!     "slaclock": "1", "id": "acme", "time_zone": "Europe/Rome",
//!     "calendars": { "office": { "hours": { "mon-fri": ["09:00-17:00"] } } },
//!     "statuses": { "Waiting": { "pause": "customer" }, "Solved": "resolved" },
//!     "policies": [
//!         { "id": "urgent", "when": { "priority": "P1" },
//!           "clocks": { "resolution": { "within": "4h", "calendar": "always" } } },
//!         { "id": "standard",
//!           "clocks": { "first_response": { "within": "1h", "calendar": "office" },
//!                       "resolution": { "within": "16h", "calendar": "office" } } }
//!     ]
//! }"#, false).unwrap();
//! let ticket = Ticket::from_json(r#"{ "id": "T-7", "created_at": "2026-11-20T16:30:00+01:00",
//!     "events": [{ "at": "2026-11-23T09:10:00+01:00", "reply": { "by": "agent", "public": true } }] }"#).unwrap();
//!
//! let now = Instant::parse("2026-11-23T10:00:00+01:00").unwrap();
//! let evaluation = agreement.evaluate(&ticket, Options::at(now)).unwrap();
//! let response = &evaluation.clocks[0];
//! assert_eq!((response.state.as_str(), response.elapsed_ms), ("met", 40 * 60_000));
//! assert!(to_json(&evaluation).starts_with(r#"{"ticket":"T-7","policy":"standard","clocks":[{"metric":"first_response""#));
//! ```

pub mod agreement;
mod board;
pub mod calendar;
pub mod clock;
pub mod document;
mod duration;
mod error;
mod evaluate;
pub mod explain;
pub mod hours;
mod instant;
mod interval;
pub mod lint;
mod name;
mod near;
mod notice;
mod numbers;
mod policy;
mod preview;
pub mod ticket;
mod timetable;
mod version;
pub mod zone;

pub use agreement::Agreement;
pub use board::{Board, Columns};
pub use calendar::{Calendar, HOLIDAY_SETS_VERSION, HolidaySet, holiday_set, holiday_sets};
pub use clock::{ClockResult, Metric, State};
pub use duration::{Duration, DurationError};
pub use error::{Code, Problem};
pub use evaluate::{
    Evaluation, MAX_LINE, Options, SetResult, TicketError, json_lines_to_list, list_to_json, to_json,
};
pub use explain::Explanation;
pub use instant::{Instant, InstantError};
pub use interval::Interval;
pub use name::Name;
pub use near::nearest;
pub use notice::{Notice, NoticeCode};
pub use policy::{ConditionDocument, ConditionTrace, EventCondition, OverrideCondition};
pub use preview::Preview;
/// A JSON value, as fields of tickets hold it.
pub use serde_json::Value;
pub use ticket::{Ticket, Timeline, field_value};
pub use timetable::Timetable;
pub use version::EngineVersion;

/// The largest whole number that JavaScript holds exactly. No figure of the engine is larger.
pub const SAFE_INTEGER: i64 = (1 << 53) - 1;
