//! Random tickets under random agreements: the engine against the reference that lives them minute by minute.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::rc::Rc;
use std::time::Instant;

use proptest::prelude::*;
use serde_json::{Value, json};
use slaclock_core as core;

use crate::engine::{clocks, lines};
use crate::generate::{Group, TicketCase, for_all, for_all_groups, ticket_case, whole_case, whole_group};
use crate::reference::{Agreement, MINUTE, evaluate, evaluate_with, instant_ms, text_of};
use crate::smallest::smallest;
use crate::subset::differences;

/// Tickets under one agreement, and how often each is looked at: every look is a case.
const TICKETS: usize = 4;
const LOOKS: usize = 4;
const GROUP: u32 = (TICKETS * LOOKS) as u32;

/// So many of the cases that differ are made small and told.
const MOST_TOLD: usize = 8;

/// A group's agreement as both have read it, the reference once for each state of knowledge.
struct Read {
    engine: core::Agreement,
    document: Value,
    reference: RefCell<BTreeMap<Vec<bool>, Rc<Agreement>>>,
}

impl Read {
    fn of(document: &Value) -> Option<Self> {
        let engine = core::Agreement::from_json(&document.to_string(), false).ok()?;
        Some(Self { engine, document: document.clone(), reference: RefCell::default() })
    }

    fn wanted(&self, ticket: &Value, now: i64, known_at: Option<i64>) -> Value {
        let versions = self.document["versions"].as_array().into_iter().flatten();
        let recorded = versions.map(|version| version["recorded_at"].as_str().map(instant_ms));
        let known = recorded.map(|at| at.is_none_or(|at| known_at.is_none_or(|known_at| at <= known_at)));
        let mut reference = self.reference.borrow_mut();
        let agreement = reference
            .entry(known.collect())
            .or_insert_with(|| Rc::new(Agreement::of(&self.document, known_at)));
        evaluate_with(agreement, ticket, now, known_at)
    }

    /// What the engine says otherwise than wanted.
    fn differences(&self, wanted: &Value, ticket: &Value, now: i64, known_at: Option<i64>) -> Vec<String> {
        let line = lines(&self.engine, &ticket.to_string(), now, known_at);
        let found: Value = serde_json::from_str(&line).expect("JSON");
        let mut differences = differences(wanted, &found);
        if found.get("error").is_none() && clocks(&found).len() != clocks(wanted).len() {
            differences.push(format!("clocks: wanted {}, found {}", wanted["clocks"], found["clocks"]));
        }
        differences
    }

    fn compared(&self, ticket: &Value, now: i64, known_at: Option<i64>) -> Vec<String> {
        self.differences(&self.wanted(ticket, now, known_at), ticket, now, known_at)
    }
}

#[test]
fn the_engine_agrees_with_a_minute_by_minute_life_of_the_ticket() {
    for_all(2000, ticket_case(), |case| {
        let read = Read::of(&case.agreement).expect("an agreement");
        let mut wanted = read.wanted(&case.ticket, case.now, case.known_at);
        // Names of clocks come with the rest of the machine.
        for clock in wanted["clocks"].as_array_mut().into_iter().flatten() {
            clock.as_object_mut().expect("an object").remove("clock");
        }
        let differences = read.differences(&wanted, &case.ticket, case.now, case.known_at);
        prop_assert!(differences.is_empty(), "{}", differences.join("\n"));
        Ok(())
    });
}

#[test]
fn the_engine_agrees_on_everything_that_an_agreement_may_say() {
    let (count, differing) = (Cell::new(0), RefCell::new(vec![]));
    for_all_groups(4800, GROUP, whole_group(TICKETS, LOOKS), |group: Group| {
        let read = Read::of(&group.agreement);
        prop_assert!(read.is_some(), "not an agreement: {}", group.agreement);
        let differs = |case: &TicketCase| {
            read.iter().any(|read| !read.compared(&case.ticket, case.now, case.known_at).is_empty())
        };
        let cases: Vec<TicketCase> = group.cases().filter(differs).collect();
        count.set(count.get() + cases.len());
        // Those of one group differ for one reason, mostly.
        if differing.borrow().len() < MOST_TOLD {
            differing.borrow_mut().extend(cases.first().map(written));
        }
        Ok(())
    });
    let differing: Vec<String> = differing.into_inner().into_iter().map(small).collect();
    assert!(differing.is_empty(), "{} cases differ, some of them:\n{}", count.get(), differing.join("\n"));
}

/// A case as one document, as it stands in files of cases.
fn written(case: &TicketCase) -> Value {
    let mut document = json!({"agreement": case.agreement, "ticket": case.ticket, "now": text_of(case.now)});
    if let Some(known_at) = case.known_at {
        document["known_at"] = json!(text_of(known_at));
    }
    document
}

/// What the two say otherwise about a written case; none also where one of them cannot read it.
fn written_differences(case: &Value) -> Vec<String> {
    let compared = || {
        let instant = |key: &str| case[key].as_str().map(instant_ms);
        let read = Read::of(&case["agreement"])?;
        core::Ticket::from_json(&case["ticket"].to_string()).ok()?;
        Some(read.compared(&case["ticket"], instant("now")?, instant("known_at")))
    };
    catch_unwind(AssertUnwindSafe(compared)).ok().flatten().unwrap_or_default()
}

/// The case made small, and what differs in it.
fn small(case: Value) -> String {
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    // Leaving out must not lead to another difference.
    let what = |difference: &String| difference.split(": ").next().unwrap_or_default().to_owned();
    let kind = written_differences(&case).first().map(what);
    let case = smallest(case, |case| kind.is_some() && written_differences(case).first().map(what) == kind);
    set_hook(hook);
    format!("{case}\n    {}", written_differences(&case).join("\n    "))
}

#[test]
fn long_stretches_pass_as_their_minutes_do() {
    for_all(100, whole_case(), |case| {
        let mut by_minutes = Agreement::of(&case.agreement, case.known_at);
        by_minutes.longest_stretch = MINUTE;
        let by_minutes = evaluate_with(&by_minutes, &case.ticket, case.now, case.known_at);
        prop_assert_eq!(evaluate(&case.agreement, &case.ticket, case.now, case.known_at), by_minutes);
        Ok(())
    });
}

/// Cases among which something rare is looked for.
const MANY: u32 = 1600;

/// What so many random cases must reach, and in how many of them at least; the reference says.
const RARE: [(&str, u32); 22] = [
    (r#""state":"pending""#, 400),
    (r#""state":"outside_hours""#, 250),
    (r#""state":"paused""#, 120),
    (r#""state":"met""#, 150),
    (r#""state":"breached""#, 100),
    (r#""state":"cancelled""#, 60),
    (r#""excluded":true"#, 10),
    (r#""corrected":true"#, 12),
    (r#""stopped_by":"handed_over""#, 3),
    (r#""stopped_by":"assigned""#, 12),
    (r#""stopped_by":"condition""#, 20),
    (r#""stopped_by":"reset""#, 10),
    (r#""stopped_by":"reply""#, 25),
    (r#""limits""#, 150),
    (r#""deliver_at""#, 50),
    (r#""at_risk""#, 15),
    (r#""because""#, 80),
    (r#""extended_ms""#, 90),
    (r#""excused""#, 30),
    (r#""stops""#, 17),
    (r#""earlier""#, 60),
    (r#""set":"ola""#, 110),
];

#[test]
fn random_cases_reach_what_is_rare() {
    let seen = RefCell::new([0; RARE.len()]);
    let (cases, with_versions) = (Cell::new(0), Cell::new(0));
    let began = Instant::now();
    for_all_groups(MANY, GROUP, whole_group(TICKETS, LOOKS), |group| {
        let read = Read::of(&group.agreement).expect("an agreement");
        with_versions.set(with_versions.get() + u32::from(group.agreement.get("versions").is_some()) * GROUP);
        for case in group.cases() {
            let told = read.wanted(&case.ticket, case.now, case.known_at).to_string();
            for ((text, _), count) in RARE.iter().zip(seen.borrow_mut().iter_mut()) {
                *count += u32::from(told.contains(text));
            }
            cases.set(cases.get() + 1);
        }
        Ok(())
    });
    let cases = cases.into_inner();
    let rate = u128::from(cases) * 1000 / began.elapsed().as_millis().max(1);
    println!(
        "{cases}: {rate} cases a second, {:?}",
        RARE.iter().zip(seen.borrow().iter()).collect::<Vec<_>>()
    );
    for ((text, least), count) in RARE.iter().zip(seen.into_inner()) {
        assert!(count >= *least, "only {count} of {cases} cases have {text}");
    }
    let with_versions = with_versions.into_inner();
    assert!(with_versions > cases / 5, "only {with_versions} of {cases} cases have versions");
}
