//! Agreements stay read between calls, not too many of them, and another plugin takes over while calls run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use slaclock_core::{Instant, Options};
use slaclock_host::plugin::{Cache, Limits, Plugin, Runtime};
use slaclock_host::service::{Engines, MOST_READY};
use slaclock_host::store::{Agreement, Recorded};

use crate::guest::guest;

/// Instances that there may be.
const INSTANCES: usize = 4;

/// A line to which the guest answers with itself, in which `=` becomes its mark.
const LINE: &[u8] = b"{\"id\":\"a\",\"ticket\":\"a\",\"own\":\"=\",\"clocks\":[],\"next_event_at\":null}\n";

/// A document that the guest takes, and the built-in plugin does not.
fn agreement(digest: &str) -> Arc<Agreement> {
    let recorded = Recorded { id: "a".into(), version: 1, digest: digest.into(), recorded_at: 0 };
    Arc::new(Agreement { recorded, document: "{ }".into() })
}

fn runtime() -> Runtime {
    Runtime::new(Limits { memory: 64 << 20, ..Limits::default() }, INSTANCES, Cache::of_user()).unwrap()
}

fn marked(runtime: &Runtime, mark: char) -> Plugin {
    runtime.load(&guest(mark), "a guest").unwrap()
}

async fn own(engines: &Engines, tenant: &str, agreement: &Arc<Agreement>) -> String {
    let options = Options::at(Instant::parse("2026-11-23T12:00:00Z").unwrap());
    let answer = engines.tickets(tenant, agreement, LINE.to_vec(), options, false).await.unwrap();
    let answer: serde_json::Value = serde_json::from_slice(&answer).unwrap();
    answer["own"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_is_read_once_and_not_too_many_stay() {
    let plugin = marked(&runtime(), 'A');
    let engines = Engines::new(plugin.clone());
    let one = agreement("one");
    for _ in 0..100 {
        assert_eq!(own(&engines, "acme", &one).await, "A");
    }
    assert_eq!((engines.count(), plugin.instances()), (1, (1, 1)));
    for number in 0..MOST_READY + 50 {
        own(&engines, &format!("tenant {}", number % 40), &agreement(&number.to_string())).await;
        // What is asked again and again stays.
        own(&engines, "acme", &one).await;
    }
    assert_eq!(engines.count(), MOST_READY);
    let (idle, all) = plugin.instances();
    assert!(idle == all && all <= INSTANCES, "{idle} of {all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_plugin_takes_over_while_calls_run() {
    let runtime = runtime();
    let engines = Engines::new(marked(&runtime, 'A'));
    let done = Arc::new(AtomicBool::new(false));
    let callers: Vec<_> = (0..3)
        .map(|caller| {
            let (engines, done) = (engines.clone(), Arc::clone(&done));
            tokio::spawn(async move {
                let (tenant, agreement) = (format!("tenant {caller}"), agreement("one"));
                let mut seen = String::new();
                while !done.load(Ordering::Relaxed) {
                    let own = own(&engines, &tenant, &agreement).await;
                    if !seen.ends_with(&own) {
                        seen.push_str(&own);
                    }
                }
                seen
            })
        })
        .collect();
    for mark in ['B', 'C', 'D'] {
        engines.swap(marked(&runtime, mark)).await.unwrap();
        // Whoever asks from here on is answered by the new one.
        assert_eq!(own(&engines, "another", &agreement("two")).await, mark.to_string());
    }
    done.store(true, Ordering::Relaxed);
    for caller in callers {
        let seen = caller.await.unwrap();
        assert!(!seen.is_empty() && seen.chars().is_sorted(), "an old plugin came back: {seen}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plugin_that_refuses_an_agreement_in_use_takes_nothing_over() {
    let runtime = runtime();
    let engines = Engines::new(marked(&runtime, 'A'));
    own(&engines, "acme", &agreement("one")).await;
    let (bytes, name) = Plugin::embedded_bytes().unwrap();
    let problems = engines.swap(runtime.load(bytes, name).unwrap()).await.unwrap_err();
    assert!(problems[0].code.starts_with("SLA-E"), "{problems:?}");
    assert_eq!(own(&engines, "acme", &agreement("one")).await, "A");
    assert_eq!(own(&engines, "new", &agreement("two")).await, "A");
}
