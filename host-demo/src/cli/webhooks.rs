//! `slaclock webhooks`: who is told, what became of it, and telling it again.

use std::io::Write;

use clap::{Args, Subcommand};
use serde_json::json;
use slaclock_core::Instant;

use super::stores::StoreArguments;
use super::values::{self, unwritable};
use super::{Outcome, Result};
use crate::error::{Code, Problem};
use crate::notify::{Secret, Sender};
use crate::service::{instant, new_id, webhook_secret};
use crate::store::{Endpoint, Store};
use crate::time::now;

/// Messages listed at once.
const MOST_LISTED: i64 = 10_000;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  slaclock webhooks add --data slaclock.db --tenant acme https://example.com/hook")]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

/// Whose webhooks, and where they are kept.
#[derive(Debug, Args)]
struct Whose {
    /// Whose
    #[arg(long, value_name = "NAME", value_parser = super::token::tenant)]
    tenant: String,
    #[command(flatten)]
    store: StoreArguments,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Adds a webhook, and prints it with its secret
    Add {
        /// Where messages go: https
        url: String,
        /// Its secret, `whsec_…`; one is made if none is given
        #[arg(long)]
        secret: Option<String>,
        /// Allow private addresses and http, as `serve --private-webhooks` does
        #[arg(long)]
        private: bool,
        #[command(flatten)]
        whose: Whose,
    },
    /// Lists webhooks, without their secrets
    List {
        #[command(flatten)]
        whose: Whose,
    },
    /// Removes a webhook, and what waits for it
    Remove {
        /// Its id, such as `wh_…`
        id: String,
        #[command(flatten)]
        whose: Whose,
    },
    /// Lists messages, and what became of each, newest first
    Messages {
        /// About one ticket
        #[arg(long, value_name = "ID")]
        ticket: Option<String>,
        /// In this state: pending, done, dead or cancelled
        #[arg(long, value_name = "STATE")]
        delivery: Option<String>,
        #[command(flatten)]
        whose: Whose,
    },
    /// Sends messages again: one, or all that were given up
    Replay {
        /// The webhook
        id: String,
        /// One message, given up or not
        #[arg(long, value_name = "ID")]
        message: Option<String>,
        /// Of those that were given up, what happened from this instant on
        #[arg(long, value_name = "INSTANT", value_parser = values::instant)]
        since: Option<Instant>,
        #[command(flatten)]
        whose: Whose,
    },
}

pub(super) fn run(arguments: Arguments) -> Result {
    let lines = match arguments.what {
        What::Add { url, secret, private, whose } => {
            whose.store.with(async |store| add(&store, &whose.tenant, url, secret, private).await)?
        }
        What::List { whose } => whose.store.with(async |store| {
            let all = store.endpoints(&whose.tenant).await.map_err(|error| vec![error.into()])?;
            Ok(all.iter().map(|endpoint| shown(endpoint, false)).collect())
        })?,
        What::Remove { id, whose } => whose.store.with(async |store| {
            let removed =
                store.remove_endpoint(&whose.tenant, &id).await.map_err(|error| vec![error.into()])?;
            if removed { Ok(Vec::new()) } else { Err(none(&id)) }
        })?,
        What::Messages { ticket, delivery, whose } => whose.store.with(async |store| {
            let (ticket, delivery) = (ticket.as_deref(), delivery.as_deref());
            let found = store.messages(&whose.tenant, ticket, delivery, MOST_LISTED).await;
            let found = found.map_err(|error| vec![error.into()])?;
            let line = |message: crate::store::Message| {
                json!({
                    "id": message.id, "ticket": message.ticket, "kind": message.kind,
                    "at": instant(message.at).to_string(), "state": message.state,
                    "webhook": message.endpoint, "delivery": message.delivery, "attempts": message.attempts,
                    "status": message.status, "error": message.error,
                })
            };
            Ok(found.into_iter().map(line).collect())
        })?,
        What::Replay { id, message, since, whose } => whose.store.with(async |store| {
            let since = since.map_or(0, Instant::ms);
            let count = store.replay(&whose.tenant, &id, message.as_deref(), since, now().ms()).await;
            count.map(|count| vec![json!({ "messages": count })]).map_err(|error| vec![error.into()])
        })?,
    };
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let written = std::io::stdout().lock().write_all(text.as_bytes());
    written.map(|()| Outcome::Done).map_err(|error| vec![unwritable(&error)])
}

async fn add(
    store: &Store,
    tenant: &str,
    url: String,
    secret: Option<String>,
    private: bool,
) -> Result<Vec<serde_json::Value>> {
    let one = |problem| vec![problem];
    Sender::new(private).check(&url).map_err(one)?;
    let secret = match secret {
        Some(secret) => Secret::parse(&secret).map(|_| secret).map_err(one)?,
        None => webhook_secret().map_err(one)?,
    };
    let id = new_id("wh").map_err(one)?;
    let endpoint = Endpoint {
        id,
        url,
        secret,
        old_secret: None,
        created_at: now().ms(),
        disabled_at: None,
        kinds: None,
    };
    store.put_endpoint(tenant, &endpoint).await.map_err(|error| vec![error.into()])?;
    Ok(vec![shown(&endpoint, true)])
}

fn shown(endpoint: &Endpoint, with_secret: bool) -> serde_json::Value {
    let mut line = json!({
        "id": endpoint.id, "url": endpoint.url, "created_at": instant(endpoint.created_at).to_string(),
        "disabled_at": endpoint.disabled_at.map(|at| instant(at).to_string()),
    });
    if with_secret {
        line["secret"] = json!(endpoint.secret);
    }
    line
}

fn none(id: &str) -> Vec<Problem> {
    vec![Problem::new(Code::NotFound, format!("there is no webhook `{id}`"), "")]
}
