//! Figures for Prometheus.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

/// What is counted and measured.
pub struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    latency: Family<Route, Histogram, fn() -> Histogram>,
    refusals: Family<Refused, Counter>,
    facts: Family<Outcome, Counter>,
    looked: Counter,
    alarms: Counter,
    deliveries: Family<Outcome, Counter>,
    faults: Counter,
    behind: Gauge,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Refused {
    code: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

/// From a quarter of a millisecond to eight seconds.
fn latencies() -> Histogram {
    Histogram::new(exponential_buckets(0.000_25, 2.0, 16))
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("slaclock");
        let metrics = Self {
            requests: Family::default(),
            latency: Family::new_with_constructor(latencies),
            refusals: Family::default(),
            facts: Family::default(),
            looked: Counter::default(),
            alarms: Counter::default(),
            deliveries: Family::default(),
            faults: Counter::default(),
            behind: Gauge::default(),
            registry: Registry::default(),
        };
        registry.register("requests", "Requests answered", metrics.requests.clone());
        registry.register("request_seconds", "Time to the head of an answer", metrics.latency.clone());
        registry.register(
            "refusals",
            "Requests refused, by the code of the problem",
            metrics.refusals.clone(),
        );
        registry.register("facts", "Facts that were sent", metrics.facts.clone());
        registry.register("tickets_looked_at", "Tickets evaluated by the schedule", metrics.looked.clone());
        registry.register("alarms", "Alarms written to the outbox", metrics.alarms.clone());
        registry.register("deliveries", "Attempts to deliver a message", metrics.deliveries.clone());
        registry.register("faults", "Evaluations that a ticket or the plugin failed", metrics.faults.clone());
        registry.register(
            "schedule_behind_ms",
            "How long ago the ticket looked at last was due, in milliseconds",
            metrics.behind.clone(),
        );
        Self { registry, ..metrics }
    }
}

impl Metrics {
    /// A request was answered.
    pub(crate) fn request(&self, method: &str, route: &str, status: u16, took: Duration) {
        let (method, route) = (method.to_owned(), route.to_owned());
        self.latency.get_or_create(&Route { route: route.clone() }).observe(took.as_secs_f64());
        self.requests.get_or_create(&Request { method, route, status }).inc();
    }

    /// A request or a line was refused.
    pub(crate) fn refusal(&self, code: &str) {
        self.refusals.get_or_create(&Refused { code: code.to_owned() }).inc();
    }

    /// Facts were taken.
    pub(crate) fn took(&self, stored: usize, known: usize) {
        self.facts.get_or_create(&Outcome { outcome: "stored" }).inc_by(stored as u64);
        self.facts.get_or_create(&Outcome { outcome: "known" }).inc_by(known as u64);
    }

    /// Tickets were looked at.
    pub(crate) fn looked(&self, tickets: usize, faults: usize, alarms: u64, behind_ms: i64) {
        self.looked.inc_by(tickets as u64);
        self.faults.inc_by(faults as u64);
        self.alarms.inc_by(alarms);
        self.behind.set(behind_ms);
    }

    /// A delivery was attempted.
    pub(crate) fn delivery(&self, outcome: &'static str) {
        self.deliveries.get_or_create(&Outcome { outcome }).inc();
    }

    /// The figures as Prometheus reads them.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
