//! What clocks will look at, noted after each update.

use serde_json::Value;

use super::{Builder, NEAR};
use crate::calendar::Date;
use crate::instant::Instant;
use crate::notice::Notice;
use crate::policy::Facts;
use crate::ticket::Author;
use crate::ticket::timeline::{DueValue, Flags, Update};

impl Builder<'_> {
    /// Whether clocks that start with the ticket have begun.
    fn has_begun(&mut self, at: Instant, facts: &Facts<'_>) -> bool {
        if let Some(start) = self.out.start {
            return start <= at;
        }
        let Some(intake) = self.in_force().and_then(|version| version.intake.as_ref()) else {
            return true;
        };
        let agreed = |channel: &str| intake.channels.iter().any(|known| known == channel);
        let by_field = self.fields.get("channel").and_then(Value::as_str).is_some_and(agreed);
        let by_reply = facts
            .replies
            .iter()
            .any(|reply| reply.by == Author::Requester && reply.channel.as_deref().is_some_and(agreed));
        self.channel_used |= intake.channels.is_empty() || by_field || by_reply;
        self.channel_used && intake.required.iter().all(|field| self.fields.get(field).is_some())
    }

    /// Notes what clocks will look at.
    pub(super) fn look(&mut self, at: Instant, facts: &Facts<'_>) {
        // Most agreements ask for neither conditions nor dates.
        let asks = !self.agreement.watches.is_empty() || !self.agreement.due_fields.is_empty();
        let (mut bits, mut still, mut dues) = (Vec::new(), Vec::new(), Vec::new());
        if asks {
            bits = self.bits(facts);
            if self.agreement.asks_for_events {
                still = self.bits(&Facts::default());
            }
            dues = self.dues(at);
        }
        let no_event = still.is_empty() || still == bits;
        let same = no_event
            && !self.out.updates.is_empty()
            && (!asks
                || ends_with(&self.out.bits, &bits)
                    && ends_with(&self.out.still, &still)
                    && ends_with(&self.out.dues, &dues));
        let seen = self.seen(at, facts);
        let pauses = self.pauses();
        let update = Update { ahead: self.ahead(at, pauses), pauses, same, ..seen };
        // An update that tells clocks nothing new only costs time later.
        let quiet = self.out.updates.last().is_some_and(|last| {
            let holding = Flags(last.flags.0 & !Flags::EVENTS);
            same && update == Update { at, flags: holding, same, ..*last }
        });
        if !quiet {
            self.out.updates.push(update);
            self.out.bits.extend(bits);
            self.out.still.extend(still);
            self.out.dues.extend(dues);
        }
    }

    /// The ticket as clocks see it, but for conditions, dates, pauses and what is to come.
    pub(super) fn seen(&mut self, at: Instant, facts: &Facts<'_>) -> Update {
        let begun = self.flags.has(Flags::BEGUN) || self.has_begun(at, facts);
        let replied = |by: Author| facts.replies.iter().any(|reply| reply.public && reply.by == by);
        self.flags.set(Flags::BEGUN, begun);
        self.flags.set(Flags::REPLIED, replied(Author::Agent));
        self.flags.set(Flags::ASKED, replied(Author::Requester));
        let uses = Flags(self.agreement.uses);
        let has = |flag: u16, field: &str| uses.has(flag) && self.fields.get(field).is_some();
        let (assigned, grouped) = (has(Flags::ASSIGNED, "assignee"), has(Flags::GROUP_SET, "group"));
        self.flags.set(Flags::ASSIGNED, assigned);
        self.flags.set(Flags::GROUP_SET, grouped);
        let flags = Flags(self.flags.0 & uses.0);
        let version = self.versions.get(self.version).and_then(|(number, _)| u32::try_from(*number).ok());
        let row =
            self.row.unwrap_or_else(|| row(&mut self.out.rows, version.unwrap_or_default(), &self.policies));
        self.row = Some(row);
        Update { at, flags, same: false, row, pauses: 0, ahead: 0 }
    }

    pub(super) fn bits(&self, facts: &Facts<'_>) -> Vec<u64> {
        let mut bits = vec![0_u64; self.agreement.watches.len().div_ceil(64)];
        for (number, watch) in self.agreement.watches.iter().enumerate() {
            if watch.holds_in(&self.fields, facts)
                && let Some(word) = bits.get_mut(number >> 6)
            {
                *word |= 1 << (number & 63);
            }
        }
        bits
    }

    pub(super) fn dues(&mut self, at: Instant) -> Vec<DueValue> {
        let mut dues = Vec::with_capacity(self.agreement.due_fields.len());
        for field in &self.agreement.due_fields {
            let value = self.fields.get(field);
            let text = value.and_then(Value::as_str);
            let day = text.and_then(Date::parse).map(|date| DueValue::Day(date.day()));
            let due = day.or_else(|| Some(DueValue::At(Instant::parse(text?).ok()?.ms())));
            let empty = value.is_none() || text == Some("");
            if due.is_none() && !empty && !self.looks_ahead && self.bad_dues.is_new(field) {
                self.out.notices.push((at, Notice::bad_due_field(field, String::new())));
            }
            dues.push(due.unwrap_or_default());
        }
        dues
    }
}

/// The position of a row of version and policies, which is mostly that of the update before.
fn row(rows: &mut Vec<u32>, version: u32, policies: &[u32]) -> u32 {
    let width = policies.len().saturating_add(1);
    let count = rows.len().checked_div(width).unwrap_or(0);
    let found = (count.saturating_sub(NEAR)..count).rev().find(|place| {
        let from = place.saturating_mul(width);
        let known = rows.get(from..from.saturating_add(width)).and_then(<[u32]>::split_first);
        known == Some((&version, policies))
    });
    if found.is_none() {
        rows.push(version);
        rows.extend_from_slice(policies);
    }
    u32::try_from(found.unwrap_or(count)).unwrap_or(u32::MAX)
}

/// Whether a list ends with these items.
pub(super) fn ends_with<T: PartialEq>(all: &[T], items: &[T]) -> bool {
    all.len().checked_sub(items.len()).and_then(|from| all.get(from..)) == Some(items)
}
