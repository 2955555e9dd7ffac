//! Retention and erasure. Facts are append-only except here, where the law or the operator says so.

use serde_json::Value;
use slaclock_core::Options;

use super::evaluation::{ClockFigures, Evaluation};
use super::line::{instant, ticket_line};
use super::{Service, new_id};
use crate::error::{Code, Problem};
use crate::input::lines_of;
use crate::store::{Dossier, Fact, Figure};

/// Tickets looked at together.
const TOGETHER: i64 = 200;

/// A shorter text would be found everywhere.
const SHORTEST: usize = 3;

/// What came of an erasure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erased {
    /// What stands in its place, the same everywhere, so that tickets of one requester stay together.
    pub pseudonym: String,
    /// Tickets in which it stood.
    pub tickets: u64,
    /// Of those, the ones whose clocks stand otherwise now, because the agreement asks for the text.
    pub changed: Vec<String>,
}

impl Service {
    /// Removes tickets of a tenant, or of all, without an open clock of which nothing was heard since an instant. How their clocks ended is
    /// added to the figures. Tells how many went.
    ///
    /// # Errors
    /// The store cannot.
    pub async fn purge(&self, tenant: Option<&str>, before: i64) -> Result<u64, Problem> {
        let mut after = (String::new(), String::new());
        let mut gone = 0;
        loop {
            let found = self.store.old_tickets(tenant, before, (&after.0, &after.1), TOGETHER).await?;
            let Some((tenant, last)) = found.last() else { return Ok(gone) };
            after = (tenant.clone(), last.ticket.clone());
            let mut tickets = Vec::with_capacity(found.len());
            for (tenant, dossier) in found {
                let figures = self.verdicts(&tenant, &dossier).await;
                tickets.push((tenant, dossier.ticket, dossier.revision, figures));
            }
            gone += self.store.purge(tickets).await?;
        }
    }

    /// How the clocks of a ticket ended; nothing where that cannot be said.
    async fn verdicts(&self, tenant: &str, dossier: &Dossier) -> Vec<Figure> {
        let Some(answer) = self.answer(tenant, &dossier.agreement, &dossier.ticket, &dossier.facts).await
        else {
            return Vec::new();
        };
        let Ok(evaluation) = serde_json::from_slice::<Evaluation>(&answer) else { return Vec::new() };
        let created = dossier.facts.iter().find(|fact| fact.id.is_empty()).map_or(0, |fact| fact.at);
        let month: String = instant(created).to_string().chars().take(7).collect();
        let cycles = evaluation.clocks.iter().flat_map(|clock| clock.earlier.iter().chain([clock]));
        let figure = |cycle: &ClockFigures| Figure {
            agreement: dossier.agreement.clone(),
            month: month.clone(),
            clock: cycle.clock.clone(),
            verdict: cycle.state.clone(),
        };
        cycles.filter(|cycle| !cycle.is_open()).map(figure).collect()
    }

    async fn answer(&self, tenant: &str, agreement: &str, ticket: &str, facts: &[Fact]) -> Option<Vec<u8>> {
        let agreement = self.agreement(tenant, agreement, None).await.ok()?;
        let options = Options { now: self.clock.now(), known_at: None };
        let line = ticket_line(ticket, facts).into_bytes();
        let answers = self.engines.tickets(tenant, &agreement, line, options, false).await.ok()?;
        lines_of(&answers).next().map(<[u8]>::to_vec)
    }

    /// Puts a pseudonym in the place of a text wherever it stands in the facts of a tenant's tickets: a requester's
    /// name or address. Instants and all else stay, so clocks do, unless the agreement asks for the text itself.
    /// Ids of tickets and events stay.
    ///
    /// # Errors
    /// The text is too short to be looked for, or the store cannot.
    pub async fn erase(&self, tenant: &str, text: &str) -> Result<Erased, Problem> {
        if text.chars().count() < SHORTEST {
            return Err(Problem::new(
                Code::BadRequest,
                "the text is too short to be erased everywhere",
                "/text",
            )
            .with_mend("give at least three characters"));
        }
        let mut erased = Erased { pseudonym: new_id("erased")?, ..Erased::default() };
        for form in forms(text) {
            let mut after = String::new();
            loop {
                let found = self.store.tickets_with(tenant, &form, &after, TOGETHER).await?;
                let Some(last) = found.last() else { break };
                after.clone_from(&last.ticket);
                for dossier in found {
                    self.erase_in(tenant, text, dossier, &mut erased).await?;
                }
            }
        }
        self.store.scrub().await?;
        Ok(erased)
    }

    async fn erase_in(
        &self,
        tenant: &str,
        text: &str,
        dossier: Dossier,
        erased: &mut Erased,
    ) -> Result<(), Problem> {
        let ticket = dossier.ticket;
        let facts: Vec<Fact> = dossier
            .facts
            .iter()
            .map(|fact| Fact { body: without(&fact.body, text, &erased.pseudonym), ..fact.clone() })
            .collect();
        let before = self.answer(tenant, &dossier.agreement, &ticket, &dossier.facts).await;
        let after = self.answer(tenant, &dossier.agreement, &ticket, &facts).await;
        let changed = facts.iter().zip(&dossier.facts).filter(|(new, old)| new.body != old.body);
        let changed: Vec<Fact> = changed.map(|(new, _)| new.clone()).collect();
        if changed.is_empty() {
            return Ok(());
        }
        if !self.store.rewrite(tenant, &ticket, dossier.revision, changed).await? {
            // A fact arrived in between: once more, with it.
            let again = self.store.dossiers(tenant, &[ticket]).await?.into_iter().next().flatten();
            if let Some(again) = again {
                return Box::pin(self.erase_in(tenant, text, again, erased)).await;
            }
            return Ok(());
        }
        erased.tickets += 1;
        if before != after {
            erased.changed.push(ticket);
        }
        Ok(())
    }
}

/// How a text may stand within JSON: as it is, and with all that is not ASCII escaped.
fn forms(text: &str) -> Vec<String> {
    let quoted = Value::from(text).to_string();
    let plain = quoted.trim_start_matches('"').strip_suffix('"').unwrap_or(&quoted).to_owned();
    let mut escaped = String::new();
    for c in plain.chars() {
        if c.is_ascii() {
            escaped.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    let upper = escaped.clone();
    let upper: String = upper
        .split("\\u")
        .enumerate()
        .map(|(index, part)| {
            if index == 0 {
                return part.to_owned();
            }
            let (digits, rest) = part.split_at_checked(4).unwrap_or((part, ""));
            format!("\\u{}{rest}", digits.to_ascii_uppercase())
        })
        .collect();
    let mut forms = vec![plain, escaped, upper];
    forms.dedup();
    forms
}

/// A body with a pseudonym wherever the text stands in it.
fn without(body: &str, text: &str, pseudonym: &str) -> String {
    let mut body = body.to_owned();
    for form in forms(text) {
        body = body.replace(&form, pseudonym);
    }
    // It may still be there with other escapes; then values are read, and written as they are understood.
    let Ok(mut value) = serde_json::from_str::<Value>(&body) else { return body };
    if replace(&mut value, text, pseudonym) { value.to_string() } else { body }
}

/// Replaces a text in all texts and keys; whether it was there.
fn replace(value: &mut Value, text: &str, pseudonym: &str) -> bool {
    match value {
        Value::String(own) if own.contains(text) => {
            *own = own.replace(text, pseudonym);
            true
        }
        Value::Array(all) => {
            // Every one, not only the first that has it.
            let found = all.iter_mut().filter_map(|one| replace(one, text, pseudonym).then_some(()));
            found.count() > 0
        }
        Value::Object(all) => {
            let mut found = false;
            for (key, mut value) in std::mem::take(all) {
                found |= key.contains(text) | replace(&mut value, text, pseudonym);
                all.insert(key.replace(text, pseudonym), value);
            }
            found
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_goes_however_it_is_written() {
        for (body, expected) in [
            (r#"{"field":{"requester":"Jörg"},"n":1e400}"#, r#"{"field":{"requester":"X"},"n":1e400}"#),
            (r#"{"a":"J\u00f6rg","b":"J\u00F6rg"}"#, r#"{"a":"X","b":"X"}"#),
            (r#"{"a":["mail from \u004a\u00f6rg!"]}"#, r#"{"a":["mail from X!"]}"#),
            (r#"{"Jörg":true}"#, r#"{"X":true}"#),
            (r#"{"a":"Jorg"}"#, r#"{"a":"Jorg"}"#),
        ] {
            assert_eq!(without(body, "Jörg", "X"), expected, "{body}");
        }
    }
}
