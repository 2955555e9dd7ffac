//! One instance of a plugin, and single calls of it.

use slaclock_core::Instant;
use wasmtime::component::ResourceAny;
use wasmtime::{PoolConcurrencyLimitError, Store, Trap};

use super::bindings::Plugin as Exports;
use super::bindings::exports::slaclock::sla::engine::{
    About, Finding as PluginFinding, Problem as PluginProblem, Severity,
};
use super::limits::MOST_TABLE_ELEMENTS;
use super::runtime::TICK;
use super::{Plugin, Warden};
use crate::engine::Finding;
use crate::error::{Code, Problem};

/// Wasmtime's words for an answer that is larger than it may be; it has no type for it.
const TOO_LARGE: &str = "fuel allocated for hostcalls";

/// One live instance of a plugin, for calls of any kind.
pub struct Session {
    /// The store of the instance.
    pub store: Store<Warden>,
    /// Its exports.
    pub exports: Exports,
    deadline: u64,
}

impl Plugin {
    /// A fresh instance.
    ///
    /// # Errors
    /// The instance cannot be made within the limits.
    pub fn session(&self) -> Result<Session, Problem> {
        let mut store = Store::new(&self.engine, Warden::new(self.limits));
        store.limiter(|warden| warden);
        store.set_hostcall_fuel(self.limits.answer());
        let ticks = u64::try_from(self.limits.time.as_nanos() / TICK.as_nanos()).unwrap_or(u64::MAX / 2);
        // One more, as the current tick is already running.
        let deadline = ticks + 1;
        store.set_epoch_deadline(deadline);
        match self.instance.instantiate(&mut store) {
            Ok(exports) => Ok(Session { store, exports, deadline }),
            Err(error) => Err(self.explain(&error, &store)),
        }
    }

    /// What the engine is made of: its version and that of its time zones.
    ///
    /// # Errors
    /// The plugin breaks.
    pub fn describe(&self) -> Result<(String, String), Problem> {
        self.about().map(|about| (about.version, about.tz_version))
    }

    /// What the engine is made of.
    ///
    /// # Errors
    /// The plugin breaks.
    pub fn about(&self) -> Result<About, Problem> {
        let mut session = self.session()?;
        session.wind();
        let about = session.exports.slaclock_sla_engine().call_describe(&mut session.store);
        about.map_err(|error| self.explain(&error, &session.store))
    }

    /// What is to be looked at in an agreement, as of a day.
    ///
    /// # Errors
    /// The day is no date, the agreement has problems, or the plugin breaks.
    pub fn lint(&self, document: &str, today: &str) -> Result<Vec<Finding>, Vec<Problem>> {
        let mut session = self.session().map_err(|problem| vec![problem])?;
        session.wind();
        match session.exports.slaclock_sla_engine().call_lint(&mut session.store, document, today) {
            Ok(Ok(findings)) => Ok(findings.into_iter().map(Finding::from).collect()),
            Ok(Err(problems)) => Err(self.refused(problems)),
            Err(error) => Err(vec![self.explain(&error, &session.store)]),
        }
    }

    /// What a ticket with these fields would be promised at `now`, as canonical JSON.
    ///
    /// # Errors
    /// The agreement or the fields have problems, or the plugin breaks.
    pub fn preview(
        &self,
        document: &str,
        allow_later: bool,
        fields: &str,
        now: Instant,
    ) -> Result<String, Vec<Problem>> {
        let mut session = self.session().map_err(|problem| vec![problem])?;
        let agreement = self.parse(&mut session, document, allow_later)?;
        self.preview_with(&mut session, agreement, fields, now)
    }

    pub(super) fn preview_with(
        &self,
        session: &mut Session,
        agreement: ResourceAny,
        fields: &str,
        now: Instant,
    ) -> Result<String, Vec<Problem>> {
        session.wind();
        let guest = session.exports.slaclock_sla_engine();
        match guest.agreement().call_preview(&mut session.store, agreement, fields, now.ms()) {
            Ok(Ok(preview)) => self.checked_preview(preview).map_err(|problem| vec![problem]),
            Ok(Err(problems)) => Err(self.refused(problems)),
            Err(error) => Err(vec![self.explain(&error, &session.store)]),
        }
    }

    pub(super) fn parse(
        &self,
        session: &mut Session,
        document: &str,
        allow_later: bool,
    ) -> Result<ResourceAny, Vec<Problem>> {
        session.wind();
        let guest = session.exports.slaclock_sla_engine();
        match guest.agreement().call_parse(&mut session.store, document, allow_later) {
            Ok(Ok(agreement)) => Ok(agreement),
            Ok(Err(problems)) => Err(self.refused(problems)),
            Err(error) => Err(vec![self.explain(&error, &session.store)]),
        }
    }

    /// What the plugin finds wrong. A refusal without a reason is none, and callers may rely on there being one.
    fn refused(&self, problems: Vec<PluginProblem>) -> Vec<Problem> {
        if problems.is_empty() {
            let message = "the plugin refuses the document and gives no reason";
            return vec![Problem::new(Code::PluginAnswer, message, self.name())];
        }
        problems.into_iter().map(Problem::from).collect()
    }

    pub(super) fn explain(&self, error: &wasmtime::Error, store: &Store<Warden>) -> Problem {
        let limits = self.limits;
        let (code, message) = match error.downcast_ref::<Trap>() {
            Some(Trap::Interrupt) => {
                (Code::PluginTime, format!("the plugin ran longer than {} ms", limits.time.as_millis()))
            }
            None if super::one_line(error).contains(TOO_LARGE) => (
                Code::PluginAnswer,
                format!("the plugin gave an answer of more than {} MiB", limits.answer() >> 20),
            ),
            _ if store.data().refused_memory => (
                Code::PluginMemory,
                format!("the plugin asked for more than {} MiB of memory", limits.memory >> 20),
            ),
            _ if store.data().refused_table => (
                Code::PluginMemory,
                format!("the plugin asked for a table of more than {MOST_TABLE_ELEMENTS} elements"),
            ),
            Some(trap) => (Code::PluginTrapped, format!("the plugin trapped: {trap}")),
            None if error.is::<PoolConcurrencyLimitError>() => {
                (Code::PluginBusy, "as many instances of plugins run as may at a time".to_owned())
            }
            // Not the plugin's code has failed, but the reading of what it gave.
            None => {
                let why = super::one_line(error);
                (Code::PluginAnswer, format!("the plugin gave what breaks the contract: {why}"))
            }
        };
        Problem::new(code, message, self.name())
    }
}

impl Session {
    /// Gives the next call its full time, and forgets what was refused before.
    pub fn wind(&mut self) {
        self.store.set_epoch_deadline(self.deadline);
        let warden = self.store.data_mut();
        (warden.refused_memory, warden.refused_table) = (false, false);
    }
}

impl From<PluginProblem> for Problem {
    fn from(PluginProblem { code, message, pointer, mend }: PluginProblem) -> Self {
        Self { code: code.into(), message, place: pointer, mend }
    }
}

impl From<PluginFinding> for Finding {
    fn from(PluginFinding { rule, severity, pointer, message, mend }: PluginFinding) -> Self {
        let severity = match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        Self { rule, severity, pointer, message, mend }
    }
}
