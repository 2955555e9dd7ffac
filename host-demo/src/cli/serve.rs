//! `slaclock serve`: a page with live clocks of files, or the service on a store.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::clocks::placed;
use super::engines::EngineArguments;
use super::service::ServiceArguments;
use super::stores::StoreArguments;
use super::{Outcome, Result};
use crate::document::Document;
use crate::engine::Question;
use crate::error::{Code, Problem};
use crate::serve::{Board, serve};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  slaclock serve -a agreement.yaml tickets.jsonl
  slaclock serve --data slaclock.db --listen 127.0.0.1:8080")]
pub(super) struct Arguments {
    /// The agreement, in YAML or JSON
    #[arg(short, long, value_name = "FILE", requires = "tickets")]
    agreement: Option<PathBuf>,
    /// Files of tickets, JSON Lines or a JSON array
    #[arg(requires = "agreement", conflicts_with_all = ["data", "database"])]
    tickets: Vec<PathBuf>,
    /// Where to listen; port 0 takes any that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Skip keys of the agreement that belong to later versions, instead of refusing them
    #[arg(long)]
    allow_later: bool,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    service: ServiceArguments,
    #[command(flatten)]
    engine: EngineArguments,
}

pub(super) fn run(arguments: Arguments) -> Result {
    let Some(agreement) = &arguments.agreement else {
        let nothing = "nothing to serve: give -a and tickets, or a store with --data or --database";
        let place = arguments.store.place();
        let place = place.ok_or_else(|| vec![Problem::new(Code::Usage, nothing, "")])?;
        return arguments.service.run(&place, arguments.listen, &arguments.engine);
    };
    let agreement = Document::read(agreement).map_err(|problem| vec![problem])?;
    let engine = arguments.engine.open()?;
    let about = engine.describe()?;
    let load = |question: &Question| engine.engines(question, 1);
    let board = Board::load(&agreement, &arguments.tickets, arguments.allow_later, about, load)
        .map_err(|problems| placed(problems, &agreement))?;
    serve(board, arguments.listen).map(|()| Outcome::Done).map_err(|problem| vec![problem])
}
