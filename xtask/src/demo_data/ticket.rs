//! A ticket with its events, and the line of JSON it is written as.

use slaclock_core::Instant;

use super::customers::Customer;
use super::dice::Dice;
use super::kinds::Kind;

pub(super) struct Ticket {
    pub(super) id: String,
    pub(super) created: i64,
    fields: Vec<(&'static str, String)>,
    pub(super) events: Vec<(i64, String)>,
    pub(super) done: bool,
}

impl Ticket {
    pub(super) fn new(
        dice: &mut Dice,
        number: i64,
        created: i64,
        customer: &Customer,
        priority: &str,
        kind: &Kind,
    ) -> Self {
        let channels: &[&str] = if priority == "P1" {
            &["phone", "monitoring"]
        } else {
            &["portal", "email", "email", "phone", "chat"]
        };
        let fields = [
            ("subject", *dice.pick(&kind.subjects)),
            ("status", "New"),
            ("priority", priority),
            ("type", kind.name),
            ("customer", customer.name),
            ("service", kind.service),
            ("site", *dice.pick(customer.sites)),
            ("channel", *dice.pick(channels)),
            ("group", kind.group),
        ];
        Self {
            id: format!("T-{number}"),
            created,
            fields: fields.into_iter().map(|(name, value)| (name, value.to_owned())).collect(),
            events: Vec::new(),
            done: false,
        }
    }

    pub(super) fn to_line(&self) -> String {
        let fields: Vec<String> =
            self.fields.iter().map(|(name, value)| format!("{}:{}", quoted(name), quoted(value))).collect();
        let events: Vec<String> =
            self.events.iter().map(|(at, what)| format!("{{\"at\":\"{}\",{what}}}", instant(*at))).collect();
        format!(
            "{{\"id\":{},\"created_at\":\"{}\",\"fields\":{{{}}},\"events\":[{}]}}\n",
            quoted(&self.id),
            instant(self.created),
            fields.join(","),
            events.join(",")
        )
    }

    pub(super) fn status(&mut self, at: i64, status: &str) {
        self.events.push((at, format!("\"status\":{}", quoted(status))));
    }

    pub(super) fn reply(&mut self, at: i64, by: &str, public: bool) {
        self.events.push((at, format!("\"reply\":{{\"by\":\"{by}\",\"public\":{public}}}")));
    }

    pub(super) fn field(&mut self, at: i64, name: &str, value: &str) {
        self.events.push((at, format!("\"field\":{{{}:{}}}", quoted(name), quoted(value))));
    }

    pub(super) fn pause(&mut self, at: i64, reason: &str) {
        let reason = quoted(reason);
        self.events.push((at, format!("\"pause\":{{\"reason\":{reason},\"party\":\"third_party\"}}")));
    }

    pub(super) fn resume(&mut self, at: i64) {
        self.events.push((at, "\"resume\":{\"party\":\"third_party\"}".to_owned()));
    }

    /// Leaves out what has not happened yet; an unfinished story is an open ticket.
    pub(super) fn cut(&mut self, present: i64) {
        self.events.sort_by_key(|(at, _)| *at);
        self.events.retain(|(at, _)| *at <= present);
        let last = self.events.iter().rev().find(|(_, what)| what.starts_with("\"status\""));
        self.done =
            last.is_some_and(|(_, what)| what.ends_with("\"Resolved\"") || what.ends_with("\"Closed\""));
    }
}

/// Every day has a block of numbers.
pub(super) fn number(day: i64, index: i64) -> i64 {
    10_000 + (day - 20_000) * 20 + index
}

fn instant(ms: i64) -> String {
    Instant::from_ms(ms).unwrap_or(Instant::MIN).to_string()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
