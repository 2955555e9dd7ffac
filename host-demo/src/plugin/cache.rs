//! Compiled plugins kept on disk, so that a program starts without compiling.
//!
//! Loading compiled code is as trusting as starting a program: whoever can write it can do whatever this program
//! may do. So the folder belongs to the user who runs it and is open to nobody else, every file in it too, and a
//! record beside the code says which component and engine it was made from and what its SHA-256 is. What does not
//! fit is not loaded but compiled again. The record is put in its place last and at once, so that a stop at any
//! moment leaves either a whole entry or none.

use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::hash::{Hash, Hasher};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

use super::Origin;
use super::facts::hex;
use crate::error::{Code, Problem};

/// So many entries are kept; the oldest make room.
const MOST_ENTRIES: usize = 32;

/// Larger compiled code is nothing that the largest plugin gives.
const LARGEST_CODE: u64 = 512 << 20;

/// A folder of compiled plugins.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
}

/// The compiled code of a component of this SHA-256: what is kept, or what `compile` makes, which is kept then. The trouble
/// that there was with the cache is no reason to do without the component.
pub(crate) fn compiled(
    cache: Option<&Cache>,
    engine: &Engine,
    component: &str,
    compile: impl FnOnce() -> Result<Component, Problem>,
) -> Result<(Component, Origin), Problem> {
    let mut trouble = None;
    if let Some(cache) = cache {
        match cache.load(engine, component) {
            Ok(Some(component)) => return Ok((component, Origin::Kept)),
            Ok(None) => {}
            Err(problem) => trouble = Some(problem),
        }
    }
    let made = compile()?;
    if let Some(cache) = cache {
        let kept = cache.keep(engine, component, &made);
        trouble = trouble.or(kept.err());
    }
    Ok((made, Origin::Compiled { trouble }))
}

/// What an entry was made from, and what its code must be.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    key: String,
    sha256: String,
}

impl Cache {
    /// A cache in a folder, which is made when something is kept.
    #[must_use]
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The cache of this user: in `$SLACLOCK_CACHE`, in systemd's `$CACHE_DIRECTORY`, in `$XDG_CACHE_HOME/slaclock`, or
    /// in `~/.cache/slaclock`. There is none where all of these are unset.
    #[must_use]
    pub fn of_user() -> Option<Self> {
        let named = |name: &str| std::env::var_os(name).filter(|value: &OsString| !value.is_empty());
        let below = |name: &str, path: &str| named(name).map(|folder| PathBuf::from(folder).join(path));
        let folder = below("SLACLOCK_CACHE", "")
            .or_else(|| below("CACHE_DIRECTORY", ""))
            .or_else(|| below("XDG_CACHE_HOME", "slaclock"))
            .or_else(|| below("HOME", ".cache/slaclock"))?;
        Some(Self::at(folder.join("plugins")))
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The code of a component for an engine, if it is kept.
    ///
    /// # Errors
    /// There is something that must not be loaded.
    fn load(&self, engine: &Engine, component: &str) -> Result<Option<Component>, Problem> {
        let key = key(engine, component);
        let file = self.record(&key);
        let Some(record) = self.read(&file)? else { return Ok(None) };
        let record: Record = serde_json::from_slice(&record)
            .map_err(|error| distrusted(&file, &format!("is no record of an entry: {error}")))?;
        if record.key != key {
            return Err(distrusted(&file, "is the record of another entry"));
        }
        let file = self.code(&key, &record.sha256)?;
        // Whoever replaced the entry a moment ago has taken the old code away.
        let Some(code) = self.read(&file)? else { return Ok(None) };
        if hex(&Sha256::digest(&code)) != record.sha256 {
            return Err(distrusted(&file, "is not what was written"));
        }
        // SAFETY: these bytes came from `Component::serialize`: they have the hash that was recorded when they
        // were, in a file that only this user can have written. The engine refuses those of other versions and
        // settings itself.
        #[expect(unsafe_code, reason = "compiled code cannot be checked, only trusted")]
        let component = unsafe { Component::deserialize(engine, &code) };
        component.map(Some).map_err(|error| distrusted(&file, &format!("cannot be loaded: {error}")))
    }

    /// Keeps the code of a component.
    ///
    /// # Errors
    /// The folder cannot be written, or is not this user's alone.
    fn keep(&self, engine: &Engine, component: &str, compiled: &Component) -> Result<(), Problem> {
        let key = key(engine, component);
        let unwritable = |error: io::Error| {
            let message = format!("the compiled plugin cannot be kept: {error}");
            Problem::new(Code::Unwritable, message, self.folder.display().to_string())
        };
        make_private(&self.folder).map_err(unwritable)?;
        self.check_folder()?;
        let code = compiled.serialize().map_err(|error| {
            Problem::new(Code::Unwritable, format!("the compiled plugin cannot be kept: {error}"), "")
        })?;
        let sha256 = hex(&Sha256::digest(&code));
        let record = serde_json::to_vec(&Record { key: key.clone(), sha256: sha256.clone() });
        let record = record.map_err(|error| unwritable(error.into()))?;
        let file = self.code(&key, &sha256)?;
        write(&file, &code).map_err(unwritable)?;
        write(&self.record(&key), &record).map_err(unwritable)?;
        self.tidy(&key, &file).map_err(unwritable)
    }

    fn record(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.json"))
    }

    fn code(&self, key: &str, sha256: &str) -> Result<PathBuf, Problem> {
        if sha256.len() != 64 || !sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(distrusted(&self.record(key), "names no SHA-256"));
        }
        Ok(self.folder.join(format!("{key}-{sha256}.cwasm")))
    }

    /// A file of the folder, if it is there.
    fn read(&self, path: &Path) -> Result<Option<Vec<u8>>, Problem> {
        let unreadable = |error: io::Error| distrusted(path, &format!("cannot be read: {error}"));
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(error)),
        };
        self.check_folder()?;
        // What was opened is looked at, not what now has its name.
        let metadata = file.metadata().map_err(unreadable)?;
        if !metadata.is_file() || metadata.len() > LARGEST_CODE {
            return Err(distrusted(path, "is not a file that was kept here"));
        }
        only_ours(&metadata, 0o022).map_err(|why| distrusted(path, why))?;
        let mut bytes = Vec::new();
        file.take(LARGEST_CODE).read_to_end(&mut bytes).map_err(unreadable)?;
        Ok(Some(bytes))
    }

    fn check_folder(&self) -> Result<(), Problem> {
        let wrong = |why: &str| distrusted(&self.folder, why);
        let metadata = fs::symlink_metadata(&self.folder).map_err(|error| wrong(&error.to_string()))?;
        if !metadata.is_dir() {
            return Err(wrong("is not a folder"));
        }
        only_ours(&metadata, 0o077).map_err(wrong)
    }

    /// Takes away what the entry replaced, and the oldest entries beyond the most that are kept.
    fn tidy(&self, key: &str, code: &Path) -> io::Result<()> {
        let mut records: Vec<(SystemTime, PathBuf)> = Vec::new();
        let mut codes = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("json") => records.push((fs::metadata(&path)?.modified()?, path)),
                Some("cwasm") => codes.push(path),
                _ => {}
            }
        }
        records.sort();
        let surplus = records.len().saturating_sub(MOST_ENTRIES);
        let old = records.iter().take(surplus).filter_map(|(_, path)| path.file_stem()?.to_str());
        let old: Vec<&str> = old.filter(|old| *old != key).collect();
        for path in &codes {
            let of = path.file_stem().and_then(|name| name.to_str()?.split_once('-')).map(|(key, _)| key);
            if (of == Some(key) && path != code) || of.is_some_and(|of| old.contains(&of)) {
                remove(path)?;
            }
        }
        old.iter().try_for_each(|old| remove(&self.record(old)))
    }
}

/// The name of an entry: the component, the version of the engine, its settings and the processor it compiles for.
fn key(engine: &Engine, component: &str) -> String {
    struct Hashed(Sha256);
    impl Hasher for Hashed {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
        fn finish(&self) -> u64 {
            0
        }
    }
    let mut hashed = Hashed(Sha256::new());
    hashed.write(component.as_bytes());
    engine.precompile_compatibility_hash().hash(&mut hashed);
    hex(&hashed.0.finalize())
}

fn distrusted(path: &Path, why: &str) -> Problem {
    let path = path.display();
    Problem::new(
        Code::CacheDistrusted,
        format!("compiled code is not loaded: {path} {why}"),
        path.to_string(),
    )
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Writes a file beside its place and moves it there at once.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Relaxed);
    let beside = path.with_extension(format!("new-{}-{count}", std::process::id()));
    remove(&beside)?;
    let mut options = File::options();
    options.write(true).create_new(true);
    private(&mut options);
    let written = options.open(&beside).and_then(|mut file| io::Write::write_all(&mut file, bytes));
    let placed = written.and_then(|()| fs::rename(&beside, path));
    if placed.is_err() {
        // The failure that is told is the first one.
        let _ = fs::remove_file(&beside);
    }
    placed
}

#[cfg(unix)]
fn private(options: &mut fs::OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600);
}

#[cfg(unix)]
fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Whether something belongs to this user, and grants others none of these rights.
#[cfg(unix)]
fn only_ours(metadata: &Metadata, rights: u32) -> Result<(), &'static str> {
    use std::os::unix::fs::MetadataExt as _;
    // SAFETY: it takes nothing, touches nothing and cannot fail.
    #[expect(unsafe_code, reason = "the standard library does not tell who runs a program")]
    let ours = unsafe { libc::geteuid() };
    if metadata.uid() != ours {
        return Err("belongs to another user");
    }
    if metadata.mode() & rights != 0 {
        return Err("is open to other users");
    }
    Ok(())
}

#[cfg(not(unix))]
fn private(_: &mut fs::OpenOptions) {}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// Elsewhere it cannot be told whose a file is, so nothing is loaded.
#[cfg(not(unix))]
fn only_ours(_: &Metadata, _: u32) -> Result<(), &'static str> {
    Err("cannot be told to be this user's alone on this system")
}
