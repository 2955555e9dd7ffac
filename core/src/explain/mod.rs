//! Explanations: every minute accounted for, why each policy holds or not, and a proof of the report.
//!
//! The slices of a cycle tile it from its start to its stop, or to `now`: each is counted or not, and says why.
//! They are made from the stretches that the clock itself noted as it counted, so that the counted ones sum to
//! its figure.

mod digest;
mod slices;
mod words;

use crate::agreement::Agreement;
use crate::calendar::DayOfWeek;
use crate::clock::{Metric, Span};
use crate::document::{Absent, output, write_json};
use crate::error::{Code, Problem};
use crate::evaluate::{Evaluation, Options, TicketError, lines, write_line};
use crate::instant::Instant;
use crate::name::Name;
use crate::policy::ConditionTrace;
use crate::ticket::{Ticket, Timeline};
use crate::version::EngineVersion;

pub(crate) use digest::Digest;
pub use slices::Why;
use slices::{Events, Slicer};
pub(crate) use words::deadlines;

/// Most slices of one explanation; one that quotes long texts counts for more.
pub const MAX_SLICES: usize = 100_000;

output! {
    /// A stretch of a cycle, with the reason why it counts or not.
    pub struct Slice {
        /// First instant.
        from: Instant,
        /// End, itself outside.
        until: Instant,
        /// Its length, in milliseconds of real time.
        duration_ms: i64,
        /// Whether it counts.
        counted: bool,
        /// Why it counts, or why not.
        why: Why,
        /// Whether the calendar is open, so that paused open time can be summed.
        open: bool,
        /// Name of the holiday or special day.
        name: Absent<Name>,
        /// The holiday is observed here; its own date is another.
        observed: Absent<bool>,
        /// Where the clock's calendar is made of others: the one that is open, so whose time it is, the first of several; or
        /// the one that closes.
        part: Absent<Name>,
        /// Day of the week of its local date.
        weekday: Absent<DayOfWeek>,
        /// Whom the ticket waited for, or whose time was excluded.
        party: Absent<Name>,
        /// Reason of a manual pause or an exclusion.
        reason: Absent<Name>,
        /// Status that paused.
        status: Absent<Name>,
        /// Policy that counted it.
        policy: Absent<Name>,
        /// Calendar that counted it.
        calendar: Absent<Name>,
        /// Positions of the ticket's events behind it; none for its creation.
        events: Vec<u32>,
        /// Counted time of the cycle up to its end, in milliseconds.
        total_ms: i64,
    }
}

output! {
    /// One run of a clock, slice by slice.
    pub struct CycleExplanation {
        /// Number of the run, from 1.
        cycle: u32,
        /// Sum of the counted slices, in milliseconds: the clock's figure.
        elapsed_ms: i64,
        /// In order; each begins where the one before ends.
        slices: Vec<Slice>,
    }
}

output! {
    /// One clock, run by run.
    pub struct ClockExplanation {
        /// What it measures.
        metric: Metric,
        /// Its name in the agreement.
        clock: Name,
        /// The set of policies that it belongs to, where the agreement has several.
        set: Absent<Name>,
        /// Its runs, oldest first.
        cycles: Vec<CycleExplanation>,
    }
}

output! {
    /// Why a policy holds or not.
    pub struct PolicyTrace {
        /// The policy.
        policy: Name,
        /// Its set, where the agreement has several.
        set: Absent<Name>,
        /// Whether its condition holds.
        held: bool,
        /// Whether it is the one in force: the first of its set that holds.
        in_force: bool,
        /// Every test of its condition; all must hold.
        tests: Vec<ConditionTrace>,
    }
}

output! {
    /// An evaluation with everything behind it.
    pub struct Explanation {
        /// The evaluation, as it is given without explanation.
        evaluation: Evaluation,
        /// Every minute of every clock that has started.
        clocks: Vec<ClockExplanation>,
        /// Every policy, with the fields as they are at `now`.
        matching: Vec<PolicyTrace>,
        /// The same in plain words, line by line.
        words: Vec<String>,
        /// What computed it.
        engine: EngineVersion,
        /// The instant of the evaluation.
        now: Instant,
        /// Only what was known by then counts.
        known_at: Absent<Instant>,
        /// SHA-256 over agreement, ticket, `now`, `known_at`, versions and evaluation: equal inputs give an equal
        /// fingerprint everywhere, and any change another.
        fingerprint: String,
    }
}

impl Agreement {
    /// All clocks of a ticket at `options.now`, with everything behind them.
    ///
    /// # Errors
    /// See [`Timeline::new`]; and [`Code::TooLarge`] for more than [`MAX_SLICES`] slices.
    pub fn explain(&self, ticket: &Ticket, options: Options) -> Result<Explanation, Problem> {
        let timeline = Timeline::new(self, ticket, options.known_at)?;
        let mut parts = Vec::with_capacity(self.clocks.len());
        let evaluation = self.evaluate_noting(&timeline, options.now, Some(&mut parts));
        let mut clocks = Vec::new();
        let mut left = MAX_SLICES;
        let events = Events::new(ticket, options);
        for ((number, clock), spans) in self.clocks.iter().enumerate().zip(&parts) {
            let mut slicer = Slicer::new(self, &timeline, &events, options.now, number, left);
            let cycles = cycles(spans, &mut slicer);
            left = slicer.left.ok_or_else(|| {
                Problem::whole(Code::TooLarge, format!("the explanation has more than {MAX_SLICES} slices"))
            })?;
            if cycles.is_empty() {
                continue;
            }
            let set = self.sets.get(clock.set).and_then(Clone::clone);
            clocks.push(ClockExplanation {
                metric: clock.metric,
                clock: clock.name.clone(),
                set: Absent(set),
                cycles,
            });
        }
        let mut explanation = Explanation {
            fingerprint: self.fingerprint(ticket, options, &evaluation),
            matching: self.matching(ticket, options),
            clocks,
            words: Vec::new(),
            engine: EngineVersion::current(),
            now: options.now,
            known_at: Absent(options.known_at),
            evaluation,
        };
        explanation.words = words::explanation(self, &explanation);
        Ok(explanation)
    }

    /// Explains tickets in bulk, as [`Agreement::evaluate_lines`] evaluates them: a line for a line and in the same
    /// order, `{"ticket":…,"error":…}` for a line that cannot be explained, nothing for an empty one.
    #[must_use]
    pub fn explain_lines(&self, tickets: &[u8], options: Options) -> Vec<u8> {
        let mut out = Vec::new();
        for line in lines(tickets) {
            let explained = self.read_line(line, false).and_then(|ticket| {
                self.explain(&ticket, options).map_err(|error| TicketError { ticket: Some(ticket.id), error })
            });
            match explained {
                Ok(explanation) => write_line(&mut out, &explanation),
                Err(error) => write_line(&mut out, &error),
            }
        }
        out
    }

    /// Every policy at `options.now`, with every test of its condition; none for a ticket still to be created.
    fn matching(&self, ticket: &Ticket, options: Options) -> Vec<PolicyTrace> {
        if ticket.created_at > options.now {
            return Vec::new();
        }
        let (fields, number) = Timeline::fields_at(self, ticket, options.known_at, options.now);
        let version = self.versions.get(number);
        let mut traces = Vec::new();
        for (number, policies) in version.iter().flat_map(|version| version.sets.iter().enumerate()) {
            let set = self.sets.get(number).and_then(Clone::clone);
            let mut found = false;
            for policy in policies {
                let held = policy.when.holds(&fields);
                traces.push(PolicyTrace {
                    policy: policy.id.clone(),
                    set: Absent(set.clone()),
                    held,
                    in_force: held && !found,
                    tests: policy.when.trace(&fields),
                });
                found |= held;
            }
        }
        traces
    }

    fn fingerprint(&self, ticket: &Ticket, options: Options, evaluation: &Evaluation) -> String {
        let mut digest = Digest::new();
        let engine = EngineVersion::current();
        for text in ["slaclock", &engine.version, &engine.tz_version, &engine.holiday_sets_version] {
            digest.text(text);
        }
        digest.text(&self.digest);
        digest.ticket(ticket);
        digest.instant(Some(options.now));
        digest.instant(options.known_at);
        let mut json = Vec::new();
        if write_json(&mut json, evaluation).is_ok() {
            digest.text(&String::from_utf8(json).unwrap_or_default());
        }
        digest.finish()
    }
}

/// The slices of a clock's spans, cycle by cycle.
fn cycles(spans: &[Span], slicer: &mut Slicer<'_>) -> Vec<CycleExplanation> {
    let mut cycles: Vec<CycleExplanation> = Vec::new();
    for span in spans {
        if cycles.last().is_none_or(|last| last.cycle != span.cycle) {
            cycles.push(CycleExplanation { cycle: span.cycle, elapsed_ms: 0, slices: Vec::new() });
        }
        if let Some(cycle) = cycles.last_mut() {
            slicer.slice(span, cycle);
        }
    }
    cycles
}
