//! The command line: what can be asked, and the exit code: 0, 1 (problems found), 2 (wrong usage).

mod clocks;
mod edge;
mod engines;
mod export;
mod holidays;
mod hours;
mod import;
mod import_ics;
mod import_system;
mod keeping;
mod lint;
mod output;
mod plugin;
mod preview;
mod schema;
mod serve;
mod service;
mod stores;
mod token;
mod values;
mod webhooks;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use crate::error::Problem;
use crate::render::complain;

/// Exact service level clocks: what is due, when, and what of it is used.
#[derive(Debug, Parser)]
#[command(name = "slaclock", version, disable_help_subcommand = true)]
#[command(
    after_help = "Reads files or standard input (`-`), plain or gzip. Writes a table to a terminal and JSON Lines to a pipe.\nExit codes: 0 done, 1 problems found, 2 wrong usage."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answers questions about calendars, one a line
    Hours(hours::Arguments),
    /// Tells the clocks of tickets under an agreement
    Clocks(clocks::Arguments),
    /// Makes tickets and calendars from the files of other systems
    Import(import::Arguments),
    /// Writes calendars and deadlines for other systems
    Export(export::Arguments),
    /// Lists the shipped sets of holidays, or the days of one
    Holidays(holidays::Arguments),
    /// Looks through an agreement for what contradicts itself, cannot be measured or has no effect
    Lint(lint::Arguments),
    /// Tells what a ticket logged now would be promised
    Preview(preview::Arguments),
    /// Looks into a plugin, or tries a new one beside the old
    #[command(subcommand)]
    Plugin(plugin::Command),
    /// Prints the JSON Schema of agreements
    Schema(schema::Arguments),
    /// Serves live clocks: a page for files, or the whole service on a store
    Serve(serve::Arguments),
    /// Serves the edge function, or writes it for other hosts of wasi:http
    Edge(edge::Arguments),
    /// Makes, lists and revokes the tokens of the service
    Token(token::Arguments),
    /// Manages who is told of alarms, and what became of each
    Webhooks(webhooks::Arguments),
    /// Writes everything that a store holds into one file
    Backup(keeping::BackupArguments),
    /// Fills an empty store from a backup
    Restore(keeping::RestoreArguments),
    /// Removes old tickets; their figures stay
    Purge(keeping::PurgeArguments),
    /// Puts a pseudonym in the place of a requester's name or address
    Erase(keeping::EraseArguments),
    /// Prints completions for a shell
    #[command(after_help = "Example:\n  slaclock completions bash > /etc/bash_completion.d/slaclock")]
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// Problems were found: some input was refused, everything else was done.
const FOUND: u8 = 1;

/// Runs the command line.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are asked for; anything else is wrong usage.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let result = match cli.command {
        Command::Hours(arguments) => hours::run(arguments),
        Command::Clocks(arguments) => clocks::run(arguments),
        Command::Import(arguments) => import::run(arguments),
        Command::Export(arguments) => export::run(arguments),
        Command::Holidays(arguments) => holidays::run(arguments),
        Command::Lint(arguments) => lint::run(arguments),
        Command::Preview(arguments) => preview::run(arguments),
        Command::Plugin(command) => plugin::run(command),
        Command::Schema(arguments) => schema::run(arguments),
        Command::Serve(arguments) => serve::run(arguments),
        Command::Edge(arguments) => edge::run(arguments),
        Command::Token(arguments) => token::run(arguments),
        Command::Webhooks(arguments) => webhooks::run(arguments),
        Command::Backup(arguments) => keeping::backup(&arguments),
        Command::Restore(arguments) => keeping::restore(&arguments),
        Command::Purge(arguments) => keeping::purge(&arguments),
        Command::Erase(arguments) => keeping::erase(&arguments),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "slaclock", &mut std::io::stdout());
            Ok(Outcome::Done)
        }
    };
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(FOUND),
        Err(problems) => {
            complain(&problems);
            ExitCode::from(FOUND)
        }
    }
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Done,
    Found,
}

impl Outcome {
    const fn found(found: bool) -> Self {
        if found { Self::Found } else { Self::Done }
    }
}

type Result<T = Outcome> = std::result::Result<T, Vec<Problem>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }
}
