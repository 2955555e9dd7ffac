//! Plugins, tickets and agreements of these tests.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use slaclock_core::{Instant, Options};
use slaclock_host::plugin::{Cache, Limits, Live, Plugin, Runtime, Share, Tenant, Terms};

use crate::guest::guest;

pub(crate) const LIMITS: Limits = Limits { memory: 64 << 20, time: Duration::from_millis(200) };

/// One engine for all tests, with room for six instances.
pub(crate) static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| runtime(LIMITS, 6));

/// Marked `A`.
pub(crate) static FIRST: LazyLock<Plugin> = LazyLock::new(|| marked('A'));

/// Marked `B`.
pub(crate) static SECOND: LazyLock<Plugin> = LazyLock::new(|| marked('B'));

pub(crate) fn runtime(limits: Limits, instances: usize) -> Runtime {
    Runtime::new(limits, instances, Cache::of_user()).unwrap()
}

fn marked(mark: char) -> Plugin {
    RUNTIME.load(&guest(mark), "a guest").unwrap()
}

/// An agreement that the guest takes; it takes all but `{}`.
pub(crate) fn terms() -> Terms {
    Terms { agreement: "{ }".to_owned(), allow_later: false }
}

pub(crate) fn tenant(calls: usize) -> Arc<Tenant> {
    let share = Share { calls, wait: Duration::from_secs(60), limits: LIMITS };
    Arc::new(Tenant::new("acme", share))
}

pub(crate) fn live(plugin: &Plugin) -> Live {
    Live::new(tenant(2), plugin, terms()).unwrap()
}

/// A ticket to which the guest echoes a possible answer, with something of the test's own in it.
pub(crate) fn line(id: &str, own: &str) -> String {
    format!(r#"{{"id":"{id}","ticket":"{id}","own":"{own}","clocks":[],"next_event_at":null}}"#) + "\n"
}

pub(crate) fn at_noon() -> Options {
    Options::at(Instant::parse("2026-11-23T12:00:00Z").unwrap())
}
