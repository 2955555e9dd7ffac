//! The ticket's fields, and what follows from them: priority, policies, and what the status means.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use super::Builder;
use crate::instant::Instant;
use crate::notice::Notice;
use crate::ticket::timeline::{Cause, Flags, NO_POLICY};

/// Where the status that holds was set.
#[derive(Clone, Copy)]
pub(super) enum StatusFrom {
    Creation,
    /// By the status event of this position.
    Event(usize),
    /// By a field event.
    Field(usize),
}

impl StatusFrom {
    fn pointer(self) -> String {
        match self {
            Self::Creation => "/fields/status".to_owned(),
            Self::Event(index) => format!("/events/{index}/status"),
            Self::Field(index) => format!("/events/{index}/field/status"),
        }
    }
}

impl<'t> Builder<'t> {
    #[inline(never)]
    pub(super) fn set_field(&mut self, name: &'t str, value: &'t Value) {
        if name == "priority" {
            self.explicit_priority = !value.is_null();
        }
        if value.is_null() {
            self.fields.remove(name);
        } else {
            self.fields.insert(name, Cow::Borrowed(value));
        }
    }

    /// The priority of a ticket without one, from its impact and urgency.
    pub(super) fn derive_priority(&mut self) {
        if self.explicit_priority {
            return;
        }
        let matrix = self.in_force().and_then(|version| version.matrix.as_ref());
        let text = |name: &str| self.fields.get(name).and_then(Value::as_str);
        let derived = text("impact").zip(text("urgency")).and_then(|(impact, urgency)| {
            let (_, row) = matrix?.impact.0.iter().find(|(known, _)| known == impact)?;
            row.0.iter().find(|(known, _)| known == urgency).map(|(_, priority)| priority.clone())
        });
        match derived {
            Some(priority) => {
                self.fields.insert("priority", Cow::Owned(Value::String(priority)));
            }
            None => {
                self.fields.remove("priority");
            }
        }
    }

    pub(super) fn match_policies(&mut self) {
        let Some(version) = self.in_force() else { return };
        self.row = None;
        for (set, policy) in self.policies.iter_mut().enumerate() {
            let found = version.policy_for(set, &self.fields).and_then(|index| u32::try_from(index).ok());
            *policy = found.unwrap_or(NO_POLICY);
        }
    }

    /// Takes over what the field `status` says.
    pub(super) fn read_status(&mut self, at: Instant, from: StatusFrom) {
        let version = self.in_force();
        let number;
        let status = match self.fields.get("status") {
            None => None,
            Some(Value::String(status)) => Some(status.as_str()),
            // Some systems number their statuses.
            // Printing one that is not whole would cost the page kilobytes.
            Some(value) => match value.as_i64() {
                Some(value) => {
                    number = value.to_string();
                    Some(number.as_str())
                }
                None => Some("(not a text)"),
            },
        };
        let read = || status.and_then(|status| version.and_then(|version| version.meaning(status)));
        // The status may be a long text, and mostly is that of the update before.
        let foretold = self.foretold.iter().find(|(version, _)| *version == self.version);
        let meaning = match foretold.filter(|_| self.looks_ahead) {
            Some((_, meaning)) => *meaning,
            None => {
                let meaning = read();
                if self.looks_ahead {
                    self.foretold.push((self.version, meaning));
                }
                meaning
            }
        };
        if let Some(status) = status
            && meaning.is_none()
            && !self.looks_ahead
            && self.unmapped.is_new(status)
        {
            self.out.notices.push((at, Notice::unmapped_status(status, from.pointer())));
        }
        self.flags.set(Flags::RESOLVED, meaning.is_some_and(|status| status.meaning.is_resolved()));
        self.status_pause = meaning.and_then(|status| status.pause.as_ref()).map(|(status, party)| {
            // Another status that waits for the same party continues the pause.
            let same = self.status_pause.take().filter(|pause| pause.party.as_ref() == Some(party));
            let since = same.map_or(at, |pause| pause.since);
            let (party, status) = (Some(party.clone()), Some(status.clone()));
            Arc::new(Cause { party, reason: None, status, since })
        });
    }
}
