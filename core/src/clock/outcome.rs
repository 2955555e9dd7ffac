//! What a clock says at `now`: state, figures, and when they change by themselves.

use crate::document::{Absent, output, words};
use crate::instant::Instant;
use crate::name::Name;

use super::Metric;

words! {
    /// What a clock is doing; of an ended run, its verdict.
    pub enum State as "a state" {
        /// Not started.
        Pending = "pending",
        /// Counting.
        Running = "running",
        /// Stopped for now, waiting for somebody.
        Paused = "paused",
        /// Started, but its calendar is closed at this instant.
        OutsideHours = "outside_hours",
        /// Stopped in time.
        Met = "met",
        /// Stopped too late.
        Breached = "breached",
        /// Ended without a stop, or no policy asks for it any more.
        Cancelled = "cancelled",
    }
}

words! {
    /// What stopped a clock.
    pub enum StopCause as "a cause of a stop" {
        /// A public reply by an agent.
        Reply = "reply",
        /// The ticket was resolved or closed.
        Resolved = "resolved",
        /// Somebody was assigned.
        Assigned = "assigned",
        /// The ticket left the group.
        HandedOver = "handed_over",
        /// The condition that the agreement names.
        Condition = "condition",
        /// The condition that starts it anew.
        Reset = "reset",
    }
}

output! {
    /// A stop that a reopening undid.
    pub struct UndoneStop {
        /// When the clock stopped.
        at: Instant,
        /// What stopped it.
        by: StopCause,
        /// When the ticket was reopened.
        reopened_at: Instant,
    }
}

output! {
    /// Why a clock is paused.
    pub struct PausedBy {
        /// Whom it waits for.
        party: Absent<Name>,
        /// Reason of a manual pause or an exclusion.
        reason: Absent<Name>,
        /// Status that pauses it, unless something else does.
        status: Absent<Name>,
        /// The clock's own condition pauses it.
        condition: Absent<bool>,
        /// The time is excluded.
        excluded: Absent<bool>,
        /// When this pause began.
        since: Instant,
    }
}

words! {
    /// A limit of a target.
    pub enum LimitKind as "a limit" {
        /// Counted time.
        Counted = "counted",
        /// Real time less pauses and exclusions.
        Wall = "wall",
    }
}

output! {
    /// One limit of a target that has two.
    pub struct Limit {
        /// Which one.
        limit: LimitKind,
        /// Used so far, in milliseconds.
        elapsed_ms: i64,
        /// The limit, in milliseconds.
        target_ms: i64,
        /// The limit less what is used, in milliseconds; negative when over.
        remaining_ms: i64,
        /// When it reaches, or reached, this limit alone; `null` for never; absent while paused.
        due_at: Absent<Option<Instant>>,
    }
}

output! {
    /// Attainment leaves this cycle out; its verdict stays.
    pub struct Excused {
        /// When that was decided.
        at: Instant,
        /// Why.
        reason: Absent<Name>,
    }
}

output! {
    /// A point in the life of a clock at which somebody is told.
    pub struct Alert {
        /// The same on every evaluation: ticket, clock, cycle, threshold, and whom to notify.
        id: String,
        /// The threshold, as the agreement writes it.
        threshold: Name,
        /// When it is passed.
        at: Instant,
        /// Whom to tell.
        notify: Absent<Name>,
        /// When to tell, where notices are held until an opening.
        deliver_at: Absent<Option<Instant>>,
    }
}

output! {
    /// One clock at `now`: the figures of its last cycle, and the earlier ones.
    pub struct ClockResult {
        /// What it measures.
        metric: Metric,
        /// Its name in the agreement.
        clock: Name,
        /// The set of policies that it belongs to, where the agreement has several.
        set: Absent<Name>,
        /// Number of the run, from 1.
        cycle: u32,
        /// State at `now`; of an ended run, its verdict.
        state: State,
        /// Whether the target is passed.
        overdue: bool,
        /// The last alert passed before the target, while the clock is open and not overdue.
        at_risk: Absent<Name>,
        /// Policy that judges it.
        policy: Name,
        /// Calendar that counts it.
        calendar: Name,
        /// The override in force: its reason, or its position in the list, from 0.
        because: Absent<Name>,
        /// When it started; absent while pending.
        started_at: Absent<Instant>,
        /// When it stopped.
        stopped_at: Absent<Instant>,
        /// What stopped it.
        stopped_by: Absent<StopCause>,
        /// Stops that reopenings undid, oldest first.
        stops: Absent<Vec<UndoneStop>>,
        /// Counted time used, in milliseconds.
        elapsed_ms: i64,
        /// Real time from start to stop or `now`, in milliseconds.
        wall_elapsed_ms: i64,
        /// Target, in milliseconds of counted time; of a date, the open time from the start to it.
        target_ms: i64,
        /// Target less counted time, in milliseconds; negative when over.
        remaining_ms: i64,
        /// Share used, in hundredths of a per cent, rounded down; of two limits the larger; `null` without a
        /// target in time. For display: no verdict rests on it.
        consumed_bp: Option<i64>,
        /// Both limits of a target that has two; whichever comes first governs.
        limits: Absent<Vec<Limit>>,
        /// When it reaches, or reached, its target; `null` for never; absent while paused and not yet due.
        due_at: Absent<Option<Instant>>,
        /// When it would be due if it were resumed at `now`; `null` for never.
        due_if_resumed_now: Absent<Option<Instant>>,
        /// When it was due as computed at its start, without pauses; `null` for never.
        original_due_at: Option<Instant>,
        /// The last instant at which a stop would still have been in time, once it has passed.
        breached_at: Option<Instant>,
        /// Policy in force at the breach.
        breach_policy: Absent<Name>,
        /// Target in force at the breach, in milliseconds.
        breach_target_ms: Absent<i64>,
        /// The figures of this finished run were changed afterwards, by an exclusion or a policy that judges
        /// what was before it.
        corrected: Absent<bool>,
        /// What extensions have added to the target, in milliseconds.
        extended_ms: Absent<i64>,
        /// Attainment leaves it out.
        excused: Absent<Box<Excused>>,
        /// Why it is paused, while it is.
        paused_by: Absent<Box<PausedBy>>,
        /// Next opening, while the state is `outside_hours`; absent when there is none.
        opens_at: Absent<Instant>,
        /// Alerts, past and to come, in their order.
        alerts: Absent<Vec<Alert>>,
        /// Milliseconds counted per millisecond of real time from `now` on: 0 or 1.
        rate: u8,
        /// Earliest later instant at which rate, state, risk, overdue, target or due changes by itself.
        next_change_at: Option<Instant>,
        /// Earlier runs, oldest first.
        earlier: Absent<Vec<ClockResult>>,
    }
}

impl ClockResult {
    /// Whether nothing of what an instant of change is about differs, but for the time that passed.
    pub(super) fn stands_as(&self, other: &Self) -> bool {
        let limits = |result: &Self| {
            let limits = result.limits.0.iter().flatten();
            limits.map(|limit| limit.target_ms).fold(0, i64::wrapping_add)
        };
        let named = |result: &Self| {
            (result.policy.clone(), result.calendar.clone(), result.because.clone(), result.at_risk.clone())
        };
        let pending = self.state == State::Pending;
        (self.state, self.cycle, self.overdue, self.rate)
            == (other.state, other.cycle, other.overdue, other.rate)
            && (self.target_ms, limits(self)) == (other.target_ms, limits(other))
            && (pending || self.due_at == other.due_at)
            && self.breached_at == other.breached_at
            && named(self) == named(other)
    }
}
