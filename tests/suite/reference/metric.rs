//! What starts and what stops the clock of each metric.

use serde_json::Value;

use super::agreement::duration;
use super::machine::Machine;
use super::ticket::Snapshot;

impl Machine<'_> {
    /// Clocks that start with the ticket do so in the update in which it is logged.
    pub(super) fn starts_with_creation(&self, index: usize) -> bool {
        let logged = self.life.logged.is_some_and(|(update, _)| update == index);
        logged
            && match self.metric() {
                "next_response" | "ownership" => false,
                "custom" => self.clock_key("start", index).is_null(),
                _ => true,
            }
    }

    /// If start and stop of a custom clock hold together, nothing starts.
    pub(super) fn may_start_with_creation(&self, index: usize) -> bool {
        self.metric() != "custom" || !(self.condition("stop", index) || self.condition("cancel", index))
    }

    /// A restart at a reopening: is there something to wait for?
    pub(super) fn may_restart(&self, index: usize, answered: bool) -> bool {
        match self.metric() {
            "next_response" => {
                let replies_now = self.life.snapshots[index].has_reply("agent");
                !replies_now && (!answered || self.waiting) && !self.condition("cancel", index)
            }
            "custom" => !(self.condition("stop", index) || self.condition("cancel", index)),
            _ => true,
        }
    }

    /// Starts other than creation, while no cycle is open.
    pub(super) fn starts_by_itself(&self, index: usize) -> bool {
        let snapshot = &self.life.snapshots[index];
        let before = index.checked_sub(1).map(|before| &self.life.snapshots[before]);
        let reopened = before.is_some_and(|before| before.resolved) && !snapshot.resolved;
        let cancelled = self.condition("cancel", index);
        match self.metric() {
            "custom" => self.becomes_true("start", index) && !self.condition("stop", index) && !cancelled,
            "next_response" => self.waiting && !snapshot.resolved && !cancelled,
            "periodic_update" => {
                let replied = snapshot.has_reply("agent");
                self.started() && !snapshot.resolved && (replied || reopened) && !cancelled
            }
            "ownership" => {
                let group = |snapshot: &Snapshot<'_>| snapshot.fields.get("group").cloned();
                let handed_over = before.is_none_or(|before| group(before) != group(snapshot));
                let may = !snapshot.resolved || snapshot.creation;
                group(snapshot).is_some() && may && (handed_over || reopened) && !cancelled
            }
            _ => false,
        }
    }

    /// What the clock waits for has happened.
    pub(super) fn own_stop(&self, index: usize) -> Option<&'static str> {
        let snapshot = &self.life.snapshots[index];
        let replied = snapshot.has_reply("agent");
        let cycle = self.cycles.last();
        let begun_now = cycle.is_some_and(|cycle| cycle.begun_in == index);
        match self.metric() {
            // A first reply before the clock was let run is a first reply all the same.
            "first_response" => {
                let before =
                    begun_now && cycle.is_some_and(|cycle| cycle.number == 1) && self.replied_in.is_some();
                (replied || before).then_some("reply")
            }
            "next_response" => replied.then_some("reply"),
            "periodic_update" => (replied && !begun_now).then_some("reply"),
            "assignment" => snapshot.fields.contains_key("assignee").then_some("assigned"),
            "ownership" => {
                let group = cycle.and_then(|cycle| cycle.group.as_ref());
                let other =
                    cycle.is_some_and(|cycle| cycle.is_open()) && group != snapshot.fields.get("group");
                other.then_some("handed_over")
            }
            "plan" | "custom" => self.condition("stop", index).then_some("condition"),
            _ => None,
        }
    }

    /// Remembers who has replied and who waits for a reply.
    pub(super) fn hear(&mut self, index: usize) {
        let snapshot = &self.life.snapshots[index];
        if snapshot.has_reply("agent") {
            self.waiting = false;
            self.replied_in.get_or_insert(index);
        } else if self.replied_in.is_some() && snapshot.has_reply("requester") && !self.is_open() {
            let heard = snapshot.resolved || !self.condition("cancel", index);
            self.waiting |= heard;
        }
    }

    /// More time for the open cycle, and cycles that reports leave out.
    pub(super) fn extend_and_excuse(&mut self, index: usize) {
        let snapshot = &self.life.snapshots[index];
        let about_this = |value: &&Value| value["clock"] == *self.clock.name;
        let events = || snapshot.events.iter();
        let extensions = events().filter_map(|event| event.get("extend")).filter(about_this);
        let more: i64 = extensions.map(|extend| duration(extend["by"].as_str().expect("a length"))).sum();
        if more > 0 && self.is_open() {
            self.extend(more);
        }
        for excuse in events().filter_map(|event| event.get("excuse")).filter(about_this) {
            let number = excuse["cycle"].as_u64().map_or(self.cycles.len(), |number| number as usize);
            if let Some(cycle) = number.checked_sub(1).and_then(|index| self.cycles.get_mut(index)) {
                cycle.excused = Some((snapshot.at, excuse.get("reason").cloned()));
            }
        }
    }

    fn extend(&mut self, by: i64) {
        let life = self.life;
        let at = self.at;
        let cycle = self.cycles.last_mut().expect("an open cycle");
        cycle.extended += by;
        // Without a policy the extension waits for the next one.
        let Some(goal) = cycle.goal_in_force() else { return };
        let (term, alerts) = ((*goal.term).clone(), std::rc::Rc::clone(&goal.alerts));
        cycle.carry_to(life.agreement, term, alerts, &life.passing(), at);
    }
}
