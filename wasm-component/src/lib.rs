//! The engine as a component: decode, call, encode. It decides nothing about time and imports nothing.

mod bindings {
    wit_bindgen::generate!({ path: "wit", world: "plugin" });
    use super::Plugin;
    super::bindings::export!(Plugin with_types_in self);
}

#[cfg(any(test, target_family = "wasm"))]
mod compare;
mod convert;
#[cfg(target_family = "wasm")]
mod pool;

use bindings::exports::slaclock::sla::engine::{
    About, Agreement, Calendar, Evaluation, Finding, Guest, GuestAgreement, GuestCalendar, Options, Problem,
    Segment, Ticket,
};
use convert::{duration, evaluation, findings, instant, options, problem, problems, ticket};
use slaclock_core as core;

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: pool::Pool = pool::Pool::new();

/// The exported world.
struct Plugin;

/// Handle of a compiled agreement.
struct CompiledAgreement(core::Agreement);

/// Handle of a compiled calendar.
struct CompiledCalendar(core::Calendar);

impl Guest for Plugin {
    type Agreement = CompiledAgreement;
    type Calendar = CompiledCalendar;

    fn hours_lines(questions: Vec<u8>) -> Vec<u8> {
        core::hours::answer_lines(&questions)
    }

    fn lint(document: String, today: String) -> Result<Vec<Finding>, Vec<Problem>> {
        let today =
            core::calendar::Date::parse_at(&today, "today").map_err(|problem| problems(vec![problem]))?;
        core::lint::lint(&document, today).map(findings).map_err(problems)
    }

    fn describe() -> About {
        let core::EngineVersion { version, tz_version, holiday_sets_version } =
            core::EngineVersion::current();
        About { version, tz_version, holiday_sets_version }
    }
}

impl GuestAgreement for CompiledAgreement {
    fn parse(document: String, allow_later: bool) -> Result<Agreement, Vec<Problem>> {
        core::Agreement::from_json(&document, allow_later)
            .map(|agreement| Agreement::new(Self(agreement)))
            .map_err(problems)
    }

    #[inline(never)]
    fn evaluate(&self, asked: Ticket, how: Options) -> Result<Evaluation, Problem> {
        let (asked, how) = (ticket(asked)?, options(how)?);
        self.0.evaluate(&asked, how).map(evaluation).map_err(problem)
    }

    fn evaluate_lines(&self, tickets: Vec<u8>, how: Options) -> Result<Vec<u8>, Problem> {
        Ok(self.0.evaluate_lines(&tickets, options(how)?))
    }

    fn explain(&self, asked: Ticket, how: Options) -> Result<String, Problem> {
        let (asked, how) = (ticket(asked)?, options(how)?);
        self.0.explain(&asked, how).map(|explanation| core::to_json(&explanation)).map_err(problem)
    }

    fn explain_lines(&self, tickets: Vec<u8>, how: Options) -> Result<Vec<u8>, Problem> {
        Ok(self.0.explain_lines(&tickets, options(how)?))
    }

    fn preview(&self, fields: String, now: i64) -> Result<String, Vec<Problem>> {
        let now = instant(now, "now").map_err(|problem| vec![problem])?;
        self.0.preview(&fields, now).map(|preview| core::to_json(&preview)).map_err(problems)
    }
}

impl GuestCalendar for CompiledCalendar {
    fn parse(document: String) -> Result<Calendar, Vec<Problem>> {
        core::Calendar::from_json(&document).map(|calendar| Calendar::new(Self(calendar))).map_err(problems)
    }

    fn is_open(&self, at: i64) -> Result<bool, Problem> {
        Ok(self.0.is_open(instant(at, "at")?))
    }

    fn elapsed(&self, start: i64, end: i64) -> Result<i64, Problem> {
        Ok(self.0.elapsed(instant(start, "start")?, instant(end, "end")?).ms())
    }

    fn due(&self, start: i64, open_time: i64) -> Result<Option<i64>, Problem> {
        let due = self.0.due(instant(start, "start")?, duration(open_time, "open-time")?);
        Ok(due.map(core::Instant::ms))
    }

    fn next_open(&self, at: i64) -> Result<Option<i64>, Problem> {
        Ok(self.0.next_open(instant(at, "at")?).map(core::Instant::ms))
    }

    fn next_close(&self, at: i64) -> Result<Option<i64>, Problem> {
        Ok(self.0.next_close(instant(at, "at")?).map(core::Instant::ms))
    }

    fn segments(&self, start: i64, end: i64) -> Result<Vec<Segment>, Problem> {
        let segments =
            self.0.segments_within(instant(start, "start")?, instant(end, "end")?).map_err(problem)?;
        Ok(segments
            .iter()
            .map(|segment| Segment { from: segment.from.ms(), until: segment.until.ms() })
            .collect())
    }
}
