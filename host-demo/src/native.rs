//! The same engine without the sandbox, for comparison and benchmarks: it must print the same bytes.

use slaclock_core::calendar::Date;
use slaclock_core::{Agreement, EngineVersion, Options, hours};

use crate::engine::{Engine, Finding, Question};
use crate::error::Problem;

/// The core in this process.
pub struct Native(Option<(Agreement, Options)>);

impl Native {
    /// An engine that answers a question about each line.
    ///
    /// # Errors
    /// What the engine finds wrong with the agreement.
    pub fn new(question: &Question) -> Result<Self, Vec<Problem>> {
        match question {
            Question::Hours => Ok(Self(None)),
            Question::Clocks { agreement, allow_later, options } => {
                Agreement::from_json(agreement, *allow_later)
                    .map(|agreement| Self(Some((agreement, *options))))
                    .map_err(|problems| problems.into_iter().map(Problem::from).collect())
            }
        }
    }

    /// What is to be looked at in an agreement, as of a day.
    ///
    /// # Errors
    /// The day is no date, or the agreement has problems.
    pub fn lint(document: &str, today: &str) -> Result<Vec<Finding>, Vec<Problem>> {
        let refused =
            |problems: Vec<slaclock_core::Problem>| problems.into_iter().map(Problem::from).collect();
        let today = Date::parse_at(today, "today").map_err(|problem| refused(vec![problem]))?;
        let found = slaclock_core::lint::lint(document, today).map_err(refused)?;
        Ok(found.into_iter().map(Finding::from).collect())
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
            Some((agreement, options)) => agreement.evaluate_lines(lines, *options),
            None => hours::answer_lines(lines),
        })
    }
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
