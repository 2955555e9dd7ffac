//! Lint: what an agreement says that contradicts itself, cannot be measured, or has no effect.
//!
//! It reads the agreement alone, and the day on which it is read: no tickets, no staff plans, no contracts of
//! suppliers. The rules that need those are listed with what they need; see [`Rule`].

mod calendars;
mod compare;
mod conditions;
mod effects;
mod logic;
mod overlaps;
mod prose;
mod rule;
mod starts;
mod steps;
mod view;
mod week;
mod whole;
mod witness;

use crate::agreement::Agreement;
use crate::calendar::Date;
use crate::document::{Node, Problems, output};
use crate::error::{Code, Problem};

pub use rule::{Decided, Rule, RuleFacts, Severity};
use view::View;

output! {
    /// Something about an agreement that should be looked at.
    pub struct Finding {
        /// Id of the rule, such as `SLA-CN-01`.
        rule: Rule,
        /// How much it matters.
        severity: Severity,
        /// JSON pointer into the agreement; empty for the whole of it.
        pointer: String,
        /// What was found, for a person.
        message: String,
        /// How to mend it.
        mend: String,
    }
}

/// Looks through an agreement, given as JSON text, as of a day. Findings are sorted by pointer, then rule.
///
/// Versions that another one has replaced by then are left alone: history cannot be mended.
///
/// ```
/// use slaclock_core::{calendar::Date, lint::lint};
/// let findings = lint(r#"{
///     "slaclock": "1", "id": "acme",
///     "policies": [{ "id": "all", "clocks": {
///         "first_response": { "within": "4h", "calendar": "always" },
///         "resolution": { "within": "2h", "calendar": "always" } } }]
/// }"#, Date::parse("2026-11-23").unwrap()).unwrap();
/// let wrong = findings.iter().find(|finding| finding.rule.as_str() == "SLA-CN-01").unwrap();
/// assert_eq!(wrong.pointer, "/policies/0/clocks/resolution");
/// ```
///
/// # Errors
/// Every problem of a document that cannot be read, as from [`Agreement::from_json`].
pub fn lint(text: &str, today: Date) -> Result<Vec<Finding>, Vec<Problem>> {
    Agreement::from_json(text, false)?;
    let node = Node::from_json(text.as_bytes()).map_err(|problem| vec![problem])?;
    let mut problems = Problems::default();
    let Some(documents) = crate::agreement::documents(&node, &mut problems) else {
        return Err(vec![Problem::whole(Code::WrongType, "the document could not be read")]);
    };
    let number = |version: Option<(usize, _)>| version.map(|(index, _): (usize, Vec<String>)| index);
    let documents: Vec<_> =
        documents.into_iter().map(|written| (number(written.version), written.document)).collect();
    let mut findings = Findings::default();
    whole::versions(&node, &documents, today, &mut findings);
    for (index, document) in &documents {
        if whole::replaced(document, &documents, today) {
            continue;
        }
        let before = findings.0.len();
        let view = View::new(&node, *index, document, today, text.len());
        check(&view, &mut findings);
        if let Some(index) = index {
            findings.at_their_source(before, &node, *index);
        }
    }
    let mut found = findings.0;
    found.sort_by(|a, b| (&a.pointer, a.rule, &a.message).cmp(&(&b.pointer, b.rule, &b.message)));
    found.dedup();
    Ok(found)
}

/// Every rule with its facts, also those that lint cannot decide yet.
#[must_use]
pub fn rules() -> Vec<RuleFacts> {
    Rule::ALL.iter().map(|rule| rule.facts()).collect()
}

fn check(view: &View<'_>, findings: &mut Findings) {
    whole::check(view, findings);
    prose::check(view, findings);
    calendars::check(view, findings);
    conditions::check(view, findings);
    starts::check(view, findings);
    effects::check(view, findings);
    steps::check(view, findings);
    compare::check(view, findings);
    overlaps::check(view, findings);
}

/// What was found so far.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    /// Notes a finding; its message comes in parts.
    fn push(&mut self, rule: Rule, pointer: &str, message: &[&str], mend: &str) {
        self.0.push(Finding {
            rule,
            severity: rule.severity(),
            pointer: pointer.to_owned(),
            message: message.concat(),
            mend: mend.to_owned(),
        });
    }

    /// Moves findings since the first `known` from a version to the keys around it, where the version itself has
    /// no such key.
    fn at_their_source(&mut self, known: usize, node: &Node<'_>, index: usize) {
        let version = view::version_place(index);
        let own = view::version_node(node, index);
        for finding in self.0.iter_mut().skip(known) {
            let Some(rest) = finding.pointer.strip_prefix(&version) else { continue };
            let key = rest.trim_start_matches('/').split('/').next().unwrap_or_default();
            if !key.is_empty() && own.and_then(|own| view::entry(own, key)).is_none() {
                finding.pointer = rest.to_owned();
            }
        }
    }
}
