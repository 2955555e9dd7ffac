//! Plugins that misbehave in every way that the contract leaves them: each is contained, named by its code, costs no
//! line but its own, and the next call is answered.

use serde_json::Value;

use crate::support::{FIRST, LIMITS, at_noon, line, live, runtime, tenant, terms};
use slaclock_host::plugin::{Live, Plugin, Share, Tenant, Terms};

/// A batch of three lines, the second of which makes the guest misbehave; the codes of the answers.
#[track_caller]
fn contained(bad: &str, code: &str, words: &str) {
    let live = live(&FIRST);
    let batch = [line("a", "="), bad.to_owned(), line("c", "=")].concat();
    let answer = live.answer(batch.as_bytes(), at_noon(), false).unwrap();
    let lines: Vec<Value> = answer
        .lines
        .split_inclusive(|byte| *byte == b'\n')
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3);
    assert_eq!((&lines[0]["own"], &lines[2]["own"]), (&"A".into(), &"A".into()));
    let error = &lines[1]["error"];
    assert_eq!(error["code"], code, "{error}");
    let message = error["message"].as_str().unwrap();
    assert!(message.starts_with("line 2: ") && message.contains(words), "{message}");
    assert_eq!(answer.refused, 1);
    // And afterwards it is as if nothing had happened.
    let after = live.answer(line("d", "=").as_bytes(), at_noon(), false).unwrap();
    assert_eq!(after.lines, line("d", "A").as_bytes());
}

#[test]
fn what_runs_or_takes_without_end_is_stopped() {
    contained(&line("b", "!"), "SLA-H0105", "the plugin trapped: ");
    contained(&line("b", "~"), "SLA-H0106", "longer than 200 ms");
    contained(&line("b", ";"), "SLA-H0106", "longer than 200 ms");
    contained(&line("b", "^"), "SLA-H0107", "more than 64 MiB of memory");
    contained(&line("b", "#"), "SLA-H0107", "a table of more than 100000 elements");
    contained(&line("b", "&"), "SLA-H0105", "stack");
}

#[test]
fn answers_that_break_the_form_are_refused() {
    contained(&line("b", "%"), "SLA-H0108", "0 lines of answer for 1 of input");
    contained(&line("b", "@"), "SLA-H0108", "2 lines of answer for 1 of input");
    contained(&line("b", "$"), "SLA-H0108", "not UTF-8");
    contained(&line("b", "<"), "SLA-H0108", "no JSON");
    contained(&line("b", "*"), "SLA-H0108", "the plugin gave an answer of more than 16 MiB");
    contained(&line("b", "?"), "SLA-H0108", "out of bounds of memory");
}

#[test]
fn lies_in_answers_are_refused() {
    let lie = |from: &str, to: &str| line("b", "x").replace(from, to);
    for (from, to, words) in [
        (r#""ticket":"b""#, r#""ticket":"c""#, r#"`ticket` "c" to the line of "b""#),
        (r#""ticket":"b","#, "", r#"`ticket` null to the line of "b""#),
        (r#""clocks":[]"#, r#""clocks":{}"#, "a result without `clocks`"),
        (r#""clocks":[]"#, r#""clocks":[{"state":7}]"#, "a result without `state`"),
        (r#","next_event_at":null"#, "", "`next_event_at`"),
        (r#""next_event_at":null"#, r#""next_event_at":"2200-01-01T00:00:00Z""#, "`next_event_at`"),
        (r#""next_event_at":null"#, r#""next_event_at":9223372036854775807"#, "`next_event_at`"),
        (r#""clocks":[]"#, r#""clocks":[{"state":"met","due_at":"soon"}]"#, "`due_at`"),
        (r#""clocks":[]"#, r#""clocks":[{"state":"met","alerts":[{"at":"0000-01-01T00:00:00Z"}]}]"#, "`at`"),
        (r#""own""#, r#""error":{"code":7},"own""#, "an `error` without `code` or `message`"),
    ] {
        contained(&lie(from, to), "SLA-H0108", words);
    }
}

#[test]
fn other_calls_are_contained_as_well() {
    let live = live(&FIRST);
    let problem = live.preview("{}", at_noon().now).unwrap_err().remove(0);
    assert!(problem.code == "SLA-H0108" && problem.message.contains("no JSON"), "{problem}");
    // A hundred thousand texts of eight megabytes each, all of them the same place in the plugin's memory.
    let problem = live.lint("{ }", "2026-11-23").unwrap_err().remove(0);
    assert_eq!(problem.message, "the plugin gave an answer of more than 16 MiB", "{problem}");
    let refused = Terms { agreement: "{}".to_owned(), allow_later: false };
    let problem = Live::new(tenant(1), &FIRST, refused.clone()).err().unwrap().remove(0);
    assert!(problem.code == "SLA-H0108" && problem.message.ends_with("gives no reason"), "{problem}");
    // A swap to what does not work leaves the old one in its place.
    live.swap(&FIRST, refused).unwrap_err();
    assert!(live.answer(line("a", "=").as_bytes(), at_noon(), false).unwrap().refused == 0);
}

#[test]
fn a_leak_is_mended_before_it_costs_an_answer() {
    let live = live(&FIRST);
    for _ in 0..2_000 {
        // 64 kB a call: 125 MB in all, twice what the plugin may have.
        let answer = live.answer(line("a", "|").as_bytes(), at_noon(), false).unwrap();
        assert_eq!(answer.refused, 0, "{}", String::from_utf8_lossy(&answer.lines));
    }
}

#[test]
fn a_plugin_that_never_ends_does_not_hold_a_large_batch_for_ever() {
    let live = live(&FIRST);
    let batch = line("b", "~").repeat(1000);
    let begun = std::time::Instant::now();
    let answer = live.answer(batch.as_bytes(), at_noon(), false).unwrap();
    assert_eq!(answer.refused, 1000);
    // The whole batch, three lines, and room for a machine that is busy with other things.
    assert!(begun.elapsed() < LIMITS.time * 100, "{:?}", begun.elapsed());
}

/// As long as one tenant's plugin runs in circles, another's calls are answered, in order and in full.
#[test]
fn others_are_answered_meanwhile() {
    let runtime = runtime(LIMITS, 4);
    let bad = runtime.load(&crate::guest::guest('A'), "a guest").unwrap();
    let hostile = Live::new(tenant(2), &bad, terms()).unwrap();
    let good = Live::new(tenant(2), &bad, terms()).unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for what in ["~", "^"] {
            let (hostile, done) = (&hostile, &done);
            scope.spawn(move || {
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    let answer = hostile.answer(line("b", what).as_bytes(), at_noon(), false).unwrap();
                    assert_eq!(answer.refused, 1);
                }
            });
        }
        for round in 0..200 {
            let own = format!("{round}=");
            let answer = good.answer(line("a", &own).as_bytes(), at_noon(), false).unwrap();
            assert_eq!(answer.lines, line("a", &format!("{round}A")).as_bytes());
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert!(runtime_places(&bad) <= 4);
}

fn runtime_places(plugin: &Plugin) -> usize {
    plugin.instances().1
}

#[test]
fn where_every_instance_is_at_work_a_call_is_refused_by_name() {
    let runtime = runtime(LIMITS, 1);
    let plugin = runtime.load(&crate::guest::guest('A'), "a guest").unwrap();
    let share = Share { calls: 2, wait: std::time::Duration::from_millis(1), limits: LIMITS };
    let live = Live::new(Tenant::new("acme", share).into(), &plugin, terms()).unwrap();
    let held = live.call().unwrap();
    let problem = live.answer(b"", at_noon(), false).unwrap_err().remove(0);
    assert_eq!((&*problem.code, &*problem.message), ("SLA-H0109", "all 1 instances of plugins are at work"));
    drop(held);
    live.answer(b"", at_noon(), false).unwrap();
}
