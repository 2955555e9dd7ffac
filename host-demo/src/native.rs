//! The same engine without the sandbox, for comparison and benchmarks: it must print the same bytes.

use slaclock_core::calendar::Date;
use slaclock_core::{Agreement, EngineVersion, Instant, Options, hours};

use crate::engine::{Engine, Finding, Question};
use crate::error::Problem;

/// The core in this process.
pub struct Native(Asked);

/// A question, ready to be answered.
enum Asked {
    Hours,
    Clocks(Agreement, Options),
    Explained(Agreement, Options),
}

impl Native {
    /// An engine that answers a question about each line.
    ///
    /// # Errors
    /// What the engine finds wrong with the agreement.
    pub fn new(question: &Question) -> Result<Self, Vec<Problem>> {
        match question {
            Question::Hours => Ok(Self(Asked::Hours)),
            Question::Clocks { agreement, allow_later, options, explained } => {
                let asked = if *explained { Asked::Explained } else { Asked::Clocks };
                Ok(Self(asked(parse(agreement, *allow_later)?, *options)))
            }
        }
    }

    /// What is to be looked at in an agreement, as of a day.
    ///
    /// # Errors
    /// The day is no date, or the agreement has problems.
    pub fn lint(document: &str, today: &str) -> Result<Vec<Finding>, Vec<Problem>> {
        let today = Date::parse_at(today, "today").map_err(|problem| refused(vec![problem]))?;
        let found = slaclock_core::lint::lint(document, today).map_err(refused)?;
        Ok(found.into_iter().map(Finding::from).collect())
    }

    /// What a ticket with these fields would be promised at `now`, as canonical JSON.
    ///
    /// # Errors
    /// The agreement or the fields have problems.
    pub fn preview(
        document: &str,
        allow_later: bool,
        fields: &str,
        now: Instant,
    ) -> Result<String, Vec<Problem>> {
        let preview = parse(document, allow_later)?.preview(fields, now).map_err(refused)?;
        Ok(slaclock_core::to_json(&preview))
    }

    /// The version of the engine and of its time zones.
    #[must_use]
    pub fn describe() -> (String, String) {
        let EngineVersion { version, tz_version, .. } = EngineVersion::current();
        (version, tz_version)
    }
}

impl Engine for Native {
    fn answer_lines(&mut self, lines: &[u8]) -> Result<Vec<u8>, Problem> {
        Ok(match &self.0 {
            Asked::Hours => hours::answer_lines(lines),
            Asked::Clocks(agreement, options) => agreement.evaluate_lines(lines, *options),
            Asked::Explained(agreement, options) => agreement.explain_lines(lines, *options),
        })
    }
}

fn parse(document: &str, allow_later: bool) -> Result<Agreement, Vec<Problem>> {
    Agreement::from_json(document, allow_later).map_err(refused)
}

fn refused(problems: Vec<slaclock_core::Problem>) -> Vec<Problem> {
    problems.into_iter().map(Problem::from).collect()
}

impl From<slaclock_core::Problem> for Problem {
    fn from(slaclock_core::Problem { code, message, pointer, mend }: slaclock_core::Problem) -> Self {
        Self { code: code.as_str().into(), message, place: pointer, mend }
    }
}

impl From<slaclock_core::lint::Finding> for Finding {
    fn from(found: slaclock_core::lint::Finding) -> Self {
        let slaclock_core::lint::Finding { rule, severity, pointer, message, mend } = found;
        Self { rule: rule.to_string(), severity: severity.as_str(), pointer, message, mend }
    }
}
