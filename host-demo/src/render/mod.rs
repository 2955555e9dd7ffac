//! The face of the command line: tables, words for states, problems in three lines, progress.

mod duration;
mod problem;
mod progress;
mod state;
mod table;

pub use duration::{grouped, time_left};
pub use problem::{complain, wants_colour};
pub use progress::Progress;
pub use state::state_of;
pub use table::{Cell, Table};
