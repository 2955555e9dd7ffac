//! Writes the collected tickets as JSON Lines.

use std::io::{self, Write};

use serde_json::{Map, Value, json};
use slaclock_core::Instant;

use super::cells::{Symbol, Symbols};
use super::collect::{Row, Ticket};
use super::instants::Read;
use super::mapping::{Early, Mapping, Message, StampEvent, Take};
use super::report::{Reason, Report};

/// Writes tickets one after the other.
pub(super) struct Emitter<'a, 'b> {
    pub(super) mapping: &'a Mapping,
    pub(super) symbols: &'a Symbols,
    pub(super) report: &'a mut Report<'b>,
}

impl Emitter<'_, '_> {
    /// Writes one ticket, unless nothing says when it was created.
    pub(super) fn write(&mut self, ticket: Ticket, out: &mut impl Write) -> io::Result<()> {
        let first_row = ticket.rows.iter().map(|row| row.at).min();
        let created = match (&ticket.created, &self.mapping.created_at) {
            (Some(picked), _) => Some(self.counted(picked.value)),
            (None, None) => first_row,
            (None, Some(_)) => None,
        };
        let Some(created) = created else {
            self.report.bad(ticket.line, Reason::NoCreation, None, Some(&ticket.id));
            return Ok(());
        };
        let mut fields = self.fields_at_creation(&ticket);
        let mut events = self.row_events(&ticket, created, &mut fields);
        self.stamp_events(&ticket, created, &mut events);
        // Stable, so that what one row says keeps its order, and stamps come after rows of the same instant.
        events.sort_by_key(|(at, _)| *at);
        self.report.summary.tickets += 1;
        self.report.summary.events += events.len() as u64;
        write!(
            out,
            "{{\"id\":{},\"created_at\":\"{created}\",\"fields\":{},\"events\":[",
            Value::from(&*ticket.id),
            Value::Object(fields)
        )?;
        for (index, (at, kind)) in events.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(out, "{comma}{{\"at\":\"{at}\",{}}}", kind)?;
        }
        out.write_all(b"]}\n")
    }

    fn counted(&mut self, read: Read) -> Instant {
        self.report.summary.ambiguous += u64::from(read.ambiguous);
        self.report.summary.skipped += u64::from(read.skipped);
        self.report.summary.digits_cut += u64::from(read.cut);
        read.at
    }

    fn text(&self, symbol: Symbol) -> Value {
        Value::from(self.symbols.text(symbol))
    }

    fn fields_at_creation(&self, ticket: &Ticket) -> Map<String, Value> {
        let mut fields = Map::new();
        if let Some(initial) = self.mapping.status.as_ref().and_then(|status| status.initial.as_deref()) {
            fields.insert("status".to_owned(), Value::from(initial));
        }
        for (field, picked) in self.mapping.fields.iter().zip(&ticket.fields) {
            if let Some(picked) = picked {
                fields.insert(field.name.clone(), self.text(picked.value));
            }
        }
        fields
    }

    /// An event before the creation moves to it or is reported, as the mapping says.
    fn not_before(
        &mut self,
        created: Instant,
        at: Instant,
        line: u64,
        column: Option<&str>,
    ) -> Option<Instant> {
        if at >= created {
            return Some(at);
        }
        if self.mapping.early == Early::AtCreation {
            self.report.summary.moved += 1;
            return Some(created);
        }
        self.report.bad(line, Reason::BeforeCreation, column, Some(&at.to_string()));
        None
    }

    fn row_events(
        &mut self,
        ticket: &Ticket,
        created: Instant,
        fields: &mut Map<String, Value>,
    ) -> Vec<(Instant, String)> {
        let mut rows: Vec<Row> = ticket.rows.clone();
        rows.sort_by_key(|row| (row.at, row.number));
        let mapping = self.mapping;
        let followed: Vec<_> = mapping.fields.iter().filter(|field| field.take == Take::Changes).collect();
        let mut current = vec![Symbol::MISSING; followed.len()];
        let mut status =
            mapping.status.as_ref().and_then(|status| status.initial.as_deref()).map(str::to_owned);
        let mut events = Vec::new();
        let mut is_first = true;
        for row in rows {
            let Some(at) = self.not_before(created, row.at, row.line, None) else { continue };
            let start = row.number as usize * followed.len();
            let values = ticket.changes.get(start..start + followed.len()).unwrap_or_default();
            let mut changed = Map::new();
            for ((field, value), current) in followed.iter().zip(values).zip(&mut current) {
                let says_nothing = value.is_missing() && !field.missing_unsets;
                if says_nothing || value == current {
                    continue;
                }
                *current = *value;
                let value = if value.is_missing() { Value::Null } else { self.text(*value) };
                if is_first { &mut *fields } else { &mut changed }.insert(field.name.clone(), value);
            }
            is_first = false;
            let before = events.len();
            if !changed.is_empty() {
                events.push((at, format!("\"field\":{}", Value::Object(changed))));
            }
            let new_status = (!row.status.is_missing()).then(|| self.symbols.text(row.status));
            if let Some(new) = new_status
                && !(mapping.drop_unchanged && status.as_deref() == Some(new))
            {
                events.push((at, format!("\"status\":{}", Value::from(new))));
                status = Some(new.to_owned());
            }
            if let Some(reply) = row.reply.and_then(|number| mapping.replies.get(usize::from(number))) {
                events.push((at, reply_text(&reply.said)));
            }
            if events.len() == before {
                if mapping.drop_unchanged {
                    self.report.summary.unchanged += 1;
                } else {
                    events.push((at, "\"note\":{}".to_owned()));
                }
            }
        }
        events
    }

    fn stamp_events(&mut self, ticket: &Ticket, created: Instant, events: &mut Vec<(Instant, String)>) {
        let mapping = self.mapping;
        for (stamp, picked) in mapping.stamps.iter().zip(&ticket.stamps) {
            let Some(picked) = picked else { continue };
            let at = self.counted(picked.value);
            let Some(at) = self.not_before(created, at, picked.line, Some(&stamp.column.name)) else {
                continue;
            };
            let kind = match &stamp.event {
                StampEvent::Status(status) => format!("\"status\":{}", Value::from(&**status)),
                StampEvent::Reply(said) => reply_text(said),
            };
            events.push((at, kind));
        }
    }
}

fn reply_text(said: &Message) -> String {
    let mut reply = json!({ "by": said.by, "public": said.public });
    if let (Some(channel), Some(map)) = (&said.channel, reply.as_object_mut()) {
        map.insert("channel".to_owned(), Value::from(&**channel));
    }
    format!("\"reply\":{reply}")
}
