//! A private PostgreSQL for the tests: nobody else's, on a free port, gone with the task.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use crate::run::{Result, command, first_found, run};

/// The user who runs it where this task is root, whom PostgreSQL refuses.
const USER: &str = "postgres";

/// A server that ends when it is dropped.
pub(crate) struct Postgres {
    server: Child,
    folder: PathBuf,
    /// Its address, without a database.
    pub(crate) url: String,
}

impl Postgres {
    /// Starts one where its programs are or can be installed; else says so loudly and gives none.
    pub(crate) fn start() -> Option<Self> {
        let started = programs().and_then(|programs| Self::of(&programs));
        started
            .inspect_err(|error| {
                eprintln!("\n!! PostgreSQL cannot be started: {error}");
                eprintln!("!! Everything that concerns it is SKIPPED. Install the package `postgresql`.\n");
            })
            .ok()
    }

    fn of(programs: &Path) -> Result<Self> {
        let folder = env::temp_dir().join(format!("slaclock-postgres-{}", std::process::id()));
        fs::create_dir(&folder)?;
        let data = folder.join("data");
        if is_root() {
            run(command("chown").arg(USER).arg(&folder))?;
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut init = as_user(&programs.join("initdb"));
        init.arg("-D").arg(&data).args(["-A", "trust", "-U", USER, "-E", "UTF8", "--locale=C", "-N"]);
        let made = init.current_dir(&folder).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        if !made.success() {
            fs::remove_dir_all(&folder)?;
            return Err("initdb failed".into());
        }
        let log =
            fs::File::create(env::temp_dir().join(format!("slaclock-postgres-{}.log", std::process::id())))?;
        let mut server = as_user(&programs.join("postgres"));
        server.arg("-D").arg(&data).args(["-h", "127.0.0.1", "-p", &port.to_string(), "-k", ""]);
        let server = server.current_dir(&folder).stdout(Stdio::null()).stderr(log).spawn()?;
        let postgres = Self { server, folder, url: format!("postgres://{USER}@127.0.0.1:{port}") };
        let begun = Instant::now();
        let is_ready = || {
            let mut asked = Command::new(programs.join("pg_isready"));
            asked.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]).status().is_ok_and(|s| s.success())
        };
        while !is_ready() {
            if begun.elapsed() > Duration::from_secs(30) {
                return Err("it does not listen".into());
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(postgres)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // An interrupt is a fast shutdown: clients are cut, data is kept.
        let id = self.server.id().to_string();
        let _ = command("kill").args(["-INT", &id]).status();
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The folder of its programs.
fn programs() -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let apt = first_found(&["apt-get"]).ok_or("it is not installed")?;
    let apt = apt.to_string_lossy();
    run(command(&apt).arg("update"))?;
    let mut install = command(&apt);
    run(install
        .args(["install", "-y", "--no-install-recommends", "postgresql"])
        .env("DEBIAN_FRONTEND", "noninteractive"))?;
    find().ok_or_else(|| "its programs are not where they are expected".into())
}

fn find() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    folders.sort();
    let on_path = first_found(&["postgres"]).and_then(|file| Some(file.parent()?.to_owned()));
    let all = folders.into_iter().rev().chain(on_path);
    all.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

fn is_root() -> bool {
    command("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0\n"))
}

/// A program, run by somebody who is not root.
fn as_user(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = command("setpriv");
    command.args(["--reuid", USER, "--regid", USER, "--init-groups"]).arg(program);
    command
}
