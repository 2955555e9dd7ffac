//! The agreement as a whole: what it leaves out, how large it is, how old, and its versions.

use serde_json::Value;

use crate::agreement::{AgreementDocument, Meaning};
use crate::calendar::Date;
use crate::clock::Metric;
use crate::document::Node;
use crate::instant::DAY_MS;
use crate::policy::{ConditionDocument, Test};

use super::effects::valid;
use super::logic::{Literal, alternatives, product};
use super::view::{Promise, View, below, entry, version_place};
use super::{Findings, Rule};

/// Sizes beyond which an agreement should be split.
const MOST_PROMISES: usize = 40;
const MOST_CLOCKS: usize = 15;
const MOST_NESTED: usize = 3;
/// Days after which an agreement should have been looked at.
const YEAR: i64 = 365;

pub(super) fn check(view: &View<'_>, findings: &mut Findings) {
    missing(view, findings);
    intake(view, findings);
    waiting(view, findings);
    root_cause(view, findings);
    size(view, findings);
    age(view, findings);
}

/// Priorities, escalation and resolution times.
fn missing(view: &View<'_>, findings: &mut Findings) {
    let resolution = view.promises.iter().any(|promise| promise.metric == Metric::Resolution);
    let all = [
        (view.order.0.is_empty(), "no priorities: say what is urgent", "add `priorities` with their `order`"),
        (
            view.document.escalations.is_empty(),
            "no escalation: say who acts, in what order, by when",
            "add `escalations`",
        ),
        (!resolution, "no resolution time: say by when a matter is solved", "add a clock `resolution`"),
    ];
    for (_, message, mend) in all.into_iter().filter(|(missing, ..)| *missing) {
        findings.push(Rule::Cl05, &view.base, &[message], mend);
    }
}

fn intake(view: &View<'_>, findings: &mut Findings) {
    let place = if view.says("/intake") { below(&view.base, "intake") } else { view.base.clone() };
    let starts = view.promises.iter().find(|promise| promise.metric.starts_with_ticket());
    if let Some(promise) = starts.filter(|_| !view.says("/intake/clock_start")) {
        let message =
            ["`", promise.name, "`: does the clock start when the problem begins, is reported or is logged?"];
        let mend = "add `intake.clock_start`: `logged` (as now), `reported`, `detected` or `occurred`";
        findings.push(Rule::Cl03, &place, &message, mend);
    }
    if view.document.intake.as_ref().is_none_or(|intake| intake.channels.is_empty()) {
        let mend = "list the agreed ways in `intake.channels`";
        findings.push(Rule::Cl12, &place, &["how must a problem be reported?"], mend);
    }
}

/// Parties that are the customer.
const CUSTOMER: [&str; 3] = ["customer", "client", "requester"];

fn waiting(view: &View<'_>, findings: &mut Findings) {
    let waits = view.document.statuses.0.iter().any(|(_, meaning)| match meaning {
        Meaning::Pause { party } => CUSTOMER.contains(&party.as_str()),
        _ => false,
    });
    let own = view.promises.iter().any(|promise| promise.clock.pause.is_some());
    if !waits && !own {
        let message = "the time that the customer takes to answer counts against you";
        let mend = "map the status in which you wait for the customer to `{ pause: customer }`";
        findings.push(Rule::Sc06, &view.base, &[message], mend);
    }
}

/// A clock of the most urgent tickets that starts when they are resolved.
fn root_cause(view: &View<'_>, findings: &mut Findings) {
    let resolved = view.document.statuses.0.iter().filter(|(_, meaning)| meaning.is_resolved());
    let resolved: Vec<Value> = resolved.map(|(status, _)| Value::String(status.clone())).collect();
    let first = view.order.0.first();
    let urgent: Vec<_> = first
        .map(|first| Literal::is_in("priority", vec![Value::String(first.clone())], true))
        .into_iter()
        .collect();
    let takes_urgent = |promise: &Promise<'_>| {
        let policy =
            view.policy(promise).and_then(|policy| alternatives(&policy.document.when, &view.order, true));
        policy.is_none_or(|policy| {
            product(&policy, core::slice::from_ref(&urgent)).is_none_or(|left| !left.is_empty())
        })
    };
    // A clock's conditions may be written in another policy of its set.
    let after_resolution = |name: &str, set: usize| {
        view.promises.iter().filter(|promise| promise.name == name && promise.set == set).any(|promise| {
            let start = promise.clock.start.as_ref();
            let start = start.and_then(|start| alternatives(&start.0, &view.order, true));
            let open = vec![Literal::is_in("status", resolved.clone(), false)];
            start.and_then(|start| product(&start, &[open])).is_some_and(|left| left.is_empty())
        })
    };
    let found = view.promises.iter().any(|promise| {
        promise.metric == Metric::Custom
            && takes_urgent(promise)
            && after_resolution(promise.name, promise.set)
    });
    if !found {
        let name = first.map_or("urgent", String::as_str);
        let message = ["no root-cause analysis is due after tickets of `", name, "` are resolved"];
        let mend = "add a `custom` clock that starts when the status becomes the resolved one";
        findings.push(Rule::Li02, &view.base, &message, mend);
    }
}

fn size(view: &View<'_>, findings: &mut Findings) {
    let overrides = view.promises.iter().map(|promise| promise.clock.overrides.len()).sum::<usize>();
    let promises = view.promises.len().saturating_add(overrides);
    let mut names: Vec<&str> = view.promises.iter().map(|promise| promise.name).collect();
    names.sort_unstable();
    names.dedup();
    let depth = super::conditions::written(view).iter().map(|(_, condition)| nested(condition)).max();
    let sizes = [
        (promises, MOST_PROMISES, " promises"),
        (names.len(), MOST_CLOCKS, " different clocks"),
        (depth.unwrap_or(0), MOST_NESTED, " conditions within one another"),
    ];
    for (count, _, what) in sizes.into_iter().filter(|(count, most, _)| count > most) {
        let mend = "split it into smaller agreements, by customer, service or kind of ticket";
        findings.push(Rule::Cx01, &view.base, &[&count.to_string(), what], mend);
    }
}

/// How deep `any_of` and `none_of` are nested.
fn nested(condition: &ConditionDocument) -> usize {
    let of_test = |test: &Test| match test {
        Test::Field { .. } | Test::Event(_) => 0,
        Test::AnyOf(conditions) | Test::NoneOf(conditions) => {
            conditions.iter().map(nested).max().unwrap_or(0).saturating_add(1)
        }
    };
    condition.all.iter().map(of_test).max().unwrap_or(0)
}

fn age(view: &View<'_>, findings: &mut Findings) {
    let (valid, today) = (valid(view), view.today);
    let place = if view.says("/valid") { below(&view.base, "valid") } else { view.base.clone() };
    let written = view.document.recorded_at.map(|at| Date::of_day(at.ms().div_euclid(DAY_MS)));
    let last = [written, valid.from].into_iter().flatten().max();
    let days = last.map(|last| today.day().saturating_sub(last.day()));
    let planned = valid.review_by.is_some_and(|by| today <= by && by <= today.plus(YEAR));
    if !planned && days.is_none_or(|days| days > YEAR) {
        let mend = "review it, and give it a `valid.review_by` within the next year";
        match days {
            Some(days) => {
                findings.push(Rule::Rv01, &place, &["not looked at for ", &days.to_string(), " days"], mend)
            }
            None => findings.push(
                Rule::Rv01,
                &place,
                &["nothing says when it was written or will be reviewed"],
                mend,
            ),
        }
    }
    if let Some(by) = valid.review_by.filter(|by| *by < today) {
        let message = ["the review was due on ", &by.to_string()];
        findings.push(Rule::Rv02, &below(&place, "review_by"), &message, "review it, and set the next date");
    }
}

/// Whether another version of the agreement has taken a version's place by a day.
pub(super) fn replaced(
    document: &AgreementDocument,
    all: &[(Option<usize>, AgreementDocument)],
    today: Date,
) -> bool {
    let from = |document: &AgreementDocument| document.valid.as_ref().and_then(|valid| valid.from);
    let own = from(document);
    all.iter()
        .filter_map(|(_, other)| from(other))
        .any(|other| other <= today && own.is_none_or(|own| own < other))
}

/// The versions beside one another: days that none of them covers, and an agreement that has ended.
pub(super) fn versions(
    node: &Node<'_>,
    documents: &[(Option<usize>, AgreementDocument)],
    today: Date,
    findings: &mut Findings,
) {
    let mut all: Vec<_> = documents
        .iter()
        .map(|(index, document)| {
            let valid = document.valid.as_ref();
            (valid.and_then(|valid| valid.from), valid.and_then(|valid| valid.until), *index)
        })
        .collect();
    all.sort_unstable();
    let place = |index: Option<usize>| index.map(version_place).unwrap_or_default();
    for pair in all.windows(2) {
        let [(_, Some(until), _), (Some(from), _, index)] = pair else { continue };
        if until.plus(1) < *from {
            let (first, last) = (until.plus(1).to_string(), from.plus(-1).to_string());
            let message = ["no version is valid from ", &first, " to ", &last];
            let mend = "let the earlier version last until the day before this one, or leave out its `until`";
            findings.push(Rule::Cn07, &below(&place(*index), "valid"), &message, mend);
        }
    }
    if let Some((_, Some(until), index)) =
        all.last().filter(|(_, until, _)| until.is_some_and(|until| until < today))
    {
        let message = ["the agreement ended on ", &until.to_string()];
        let mend = "agree on a new version, or take `valid.until` out";
        findings.push(Rule::Vr01, &below(&below(&place(*index), "valid"), "until"), &message, mend);
    }
    if entry(node, "versions").is_none() && entry(node, "versions_apply").is_some() {
        let message = "`versions_apply` has no effect: the agreement has no `versions`";
        findings.push(Rule::Ef05, "/versions_apply", &[message], "leave it out");
    }
}
