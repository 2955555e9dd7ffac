//! Running other programs, and saying clearly what failed.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a task answers.
pub(crate) type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// A program by name.
pub(crate) fn command(program: &str) -> Command {
    Command::new(program)
}

/// The cargo that runs this task, in the root.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}

/// Runs to the end; a failure names the command.
pub(crate) fn run(command: &mut Command) -> Result {
    let line = line(command);
    eprintln!("> {line}");
    let status = command.status().map_err(|error| format!("cannot start `{line}`: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{line}` failed: {status}").into()) }
}

fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// The first of these programs that can be started.
pub(crate) fn first_found(programs: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    programs.iter().find_map(|program| {
        let direct = PathBuf::from(program);
        if direct.is_absolute() {
            return direct.exists().then_some(direct);
        }
        folders.iter().map(|folder| folder.join(program)).find(|file| file.exists())
    })
}
