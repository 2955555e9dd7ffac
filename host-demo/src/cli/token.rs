//! `slaclock token`: who may use the service.

use std::io::Write;

use clap::{Args, Subcommand, ValueEnum};

use super::stores::StoreArguments;
use super::values::unwritable;
use super::{Outcome, Result};
use crate::error::{Code, Problem};
use crate::service::{instant, new_id, new_token, token_hash};
use crate::store::{Role, Token};
use crate::time::now;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  slaclock token create --data slaclock.db --tenant acme --role write --name helpdesk")]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Makes a token, and prints it: it is shown only now
    Create {
        /// Whose data it opens; a tenant begins with its first token
        #[arg(long, value_name = "NAME", value_parser = tenant)]
        tenant: String,
        /// What it allows
        #[arg(long, value_enum)]
        role: RoleArgument,
        /// What it is for
        #[arg(long, default_value = "")]
        name: String,
        #[command(flatten)]
        store: StoreArguments,
    },
    /// Lists tokens, without what opens
    List {
        /// Of one tenant
        #[arg(long, value_name = "NAME")]
        tenant: Option<String>,
        #[command(flatten)]
        store: StoreArguments,
    },
    /// Revokes a token; a server that runs believes it for three seconds more
    Revoke {
        /// Its id, such as `tok_…`
        id: String,
        #[command(flatten)]
        store: StoreArguments,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleArgument {
    /// Look at everything
    Read,
    /// Send tickets and events as well
    Write,
    /// Change agreements and webhooks, and erase, as well
    Admin,
}

/// A tenant's name.
pub(super) fn tenant(text: &str) -> std::result::Result<String, String> {
    let fits = (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte));
    if fits { Ok(text.to_owned()) } else { Err("1 to 64 of a-z, 0-9, `-` and `_`".to_owned()) }
}

pub(super) fn run(arguments: Arguments) -> Result {
    match arguments.what {
        What::Create { tenant, role, name, store } => {
            let role = match role {
                RoleArgument::Read => Role::Read,
                RoleArgument::Write => Role::Write,
                RoleArgument::Admin => Role::Admin,
            };
            let text = store.with(async |store| {
                let one = |problem| vec![problem];
                let text = new_token().map_err(one)?;
                let id = new_id("tok").map_err(one)?;
                let token = Token { id, tenant, role, name, created_at: now().ms(), revoked_at: None };
                let added = store.add_token(&token, &token_hash(&text)).await;
                added.map(|()| text).map_err(|error| vec![error.into()])
            })?;
            say(&format!("{text}\n"))
        }
        What::List { tenant, store } => {
            let tokens = store.with(async |store| {
                store.tokens(tenant.as_deref()).await.map_err(|error| vec![error.into()])
            })?;
            let mut text = String::new();
            for token in tokens {
                let line = serde_json::json!({
                    "id": token.id, "tenant": token.tenant, "role": token.role.as_str(), "name": token.name,
                    "created_at": instant(token.created_at).to_string(),
                    "revoked_at": token.revoked_at.map(|at| instant(at).to_string()),
                });
                text.push_str(&format!("{line}\n"));
            }
            say(&text)
        }
        What::Revoke { id, store } => {
            let revoked = store.with(async |store| {
                store.revoke_token(None, &id, now().ms()).await.map_err(|error| vec![error.into()])
            })?;
            if revoked {
                return Ok(Outcome::Done);
            }
            Err(vec![Problem::new(Code::NotFound, format!("there is no token `{id}` to revoke"), "")])
        }
    }
}

fn say(text: &str) -> Result {
    let written = std::io::stdout().lock().write_all(text.as_bytes());
    written.map(|()| Outcome::Done).map_err(|error| vec![unwritable(&error)])
}
