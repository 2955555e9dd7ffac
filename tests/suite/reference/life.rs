//! All that is known of a ticket, ready for its clocks: snapshots, exclusions, the instant it was logged.

use serde_json::Value;

use super::Stretch;
use super::agreement::Agreement;
use super::alert::Passing;
use super::condition::holds;
use super::term::{Clock, Term};
use super::ticket::{Pause, Snapshot, at, known_events, named_start, snapshots};
use super::wall::instant_ms;

/// Time found later not to count.
#[derive(Debug, Clone)]
pub(crate) struct Exclusion<'a> {
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// The instant of the event that says so.
    pub(crate) told_at: i64,
    pub(crate) event: &'a Value,
}

impl Exclusion<'_> {
    pub(crate) fn concerns(&self, clock: &Clock) -> bool {
        self.event["clocks"].as_array().is_none_or(|names| names.iter().any(|name| *name == *clock.name))
    }
}

/// The ticket as it is known at one instant.
pub(crate) struct Life<'a> {
    pub(crate) agreement: &'a Agreement,
    pub(crate) snapshots: Vec<Snapshot<'a>>,
    pub(crate) exclusions: Vec<Exclusion<'a>>,
    /// The instant that the ticket names as its start, or its creation.
    pub(crate) start: i64,
    /// Where clocks start that start with creation: the update, and the instant, which may precede it.
    pub(crate) logged: Option<(usize, i64)>,
    /// Time passes in steps no longer than this: a minute, where each is to be lived through.
    pub(crate) longest_stretch: i64,
}

impl<'a> Life<'a> {
    pub(crate) fn of(agreement: &'a Agreement, ticket: &'a Value, now: i64, known_at: Option<i64>) -> Self {
        let events = known_events(ticket, now, known_at);
        let snapshots = snapshots(agreement, ticket, &events);
        let exclusion = |event: &&'a Value| {
            let exclude = event.get("exclude")?;
            let instant = |key: &str| instant_ms(exclude[key].as_str().expect("an instant"));
            Some(Exclusion { from: instant("from"), to: instant("to"), told_at: at(event), event: exclude })
        };
        let exclusions = events.iter().filter_map(exclusion).collect();
        let named = named_start(agreement, ticket, &snapshots[0]);
        let start = named.unwrap_or(snapshots[0].at);
        let logged = match named {
            Some(start) => {
                snapshots.iter().position(|snapshot| snapshot.at >= start).map(|update| (update, start))
            }
            None => first_logged(agreement, &snapshots).map(|update| (update, snapshots[update].at)),
        };
        Self { agreement, snapshots, exclusions, start, logged, longest_stretch: agreement.longest_stretch }
    }

    pub(crate) fn passing(&self) -> Passing<'_> {
        Passing { agreement: self.agreement, snapshots: &self.snapshots }
    }

    /// The first instant after `t` at which something happens to the ticket, or an exclusion begins or ends.
    pub(crate) fn like_this_until(&self, t: i64) -> i64 {
        let snapshots = self.snapshots.iter().map(|snapshot| snapshot.at);
        let edges = self.exclusions.iter().flat_map(|exclusion| [exclusion.from, exclusion.to]);
        snapshots.chain(edges).filter(|at| *at > t).min().unwrap_or(i64::MAX)
    }

    /// The time between two instants, cut wherever [`Life::like_this_until`] says.
    pub(crate) fn stretches(&self, from: i64, until: i64) -> Vec<Stretch> {
        let mut stretches = vec![];
        let mut t = from;
        while t < until {
            let end = self.like_this_until(t).min(until);
            stretches.push((t, end));
            t = end;
        }
        stretches
    }

    /// The exclusion that holds the clock in the minute that begins at `t`; of several, the one that began first.
    pub(crate) fn excluded(&self, clock: &Clock, t: i64) -> Option<&Exclusion<'a>> {
        let hits = self.exclusions.iter().filter(|exclusion| exclusion.from <= t && t < exclusion.to);
        hits.filter(|exclusion| exclusion.concerns(clock)).min_by_key(|exclusion| exclusion.from)
    }

    /// The pause that holds the clock after this update; `None` in the party's place is its own condition.
    pub(crate) fn pause(&self, clock: &Clock, term: &Term<'_>, index: usize) -> Option<ClockPause> {
        let snapshot = &self.snapshots[index];
        let metric = clock.metric(self.agreement);
        let concerns = |pause: &&Pause| match &term.clock["pauses"] {
            Value::String(word) => word == "all",
            Value::Array(parties) => {
                pause.party.as_ref().is_some_and(|party| parties.iter().any(|named| named == party))
            }
            _ => match metric {
                "first_response" | "next_response" | "assignment" | "custom" => false,
                "requester_wait" => pause.party.as_deref() == Some("customer"),
                _ => true,
            },
        };
        let of_ticket = snapshot.pauses.iter().find(concerns).map(|pause| ClockPause {
            since: pause.since,
            own: false,
            party: pause.party.clone(),
            status: pause.status.clone(),
            reason: pause.reason.clone(),
        });
        let own = self.own_pause_since(term, index).map(ClockPause::own);
        [of_ticket, own].into_iter().flatten().min_by_key(|pause| pause.since)
    }

    /// Since when the clock's own `pause` condition has held.
    fn own_pause_since(&self, term: &Term<'_>, index: usize) -> Option<i64> {
        let condition = term.clock.get("pause")?;
        let holding = |snapshot: &&Snapshot<'_>| holds(condition, snapshot.standing(self.agreement));
        self.snapshots[..=index].iter().rev().take_while(holding).last().map(|snapshot| snapshot.at)
    }
}

/// What holds a clock.
#[derive(Debug, Clone)]
pub(crate) struct ClockPause {
    pub(crate) since: i64,
    /// By its own `pause` condition.
    pub(crate) own: bool,
    pub(crate) party: Option<String>,
    pub(crate) status: Option<Value>,
    pub(crate) reason: Option<Value>,
}

impl ClockPause {
    fn own(since: i64) -> Self {
        Self { since, own: true, party: None, status: None, reason: None }
    }
}

/// The first update after which an agreed channel has been used and the required fields are set.
fn first_logged(agreement: &Agreement, snapshots: &[Snapshot<'_>]) -> Option<usize> {
    let is_logged = |index: &usize| {
        let snapshot = &snapshots[*index];
        let intake = &agreement.versions[snapshot.version].document["intake"];
        let agreed =
            |channel: &Value| intake["channels"].as_array().is_none_or(|channels| channels.contains(channel));
        let used = snapshots[..=*index].iter().any(|earlier| {
            let by_field = agreed(earlier.fields.get("channel").unwrap_or(&Value::Null));
            let by_requester = |event: &&Value| {
                event["reply"]["by"] == "requester"
                    && agreed(event["reply"].get("channel").unwrap_or(&Value::Null))
            };
            by_field || earlier.events.iter().any(by_requester)
        });
        let required = intake["required"].as_array().into_iter().flatten();
        used && required
            .map(|name| name.as_str().expect("a field"))
            .all(|name| snapshot.fields.contains_key(name))
    };
    let named = agreement.versions[snapshots[0].version].document["intake"]["clock_start"].as_str();
    if named.is_some_and(|word| word != "logged") {
        // The instant that it names is missing: creation.
        return Some(0);
    }
    (0..snapshots.len()).find(is_logged)
}
