//! Panics and broken laws, with the shortest input for each place in the source and law.

use std::cell::RefCell;
use std::path::PathBuf;
use std::{env, fs, panic};

thread_local! {
    static LAST: RefCell<(String, String)> = RefCell::default();
}

/// From here on a panic is noted, and does not end the process.
pub fn install() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| {
            let file = place.file().trim_start_matches(['.', '/']).replace(['/', '\\'], "-");
            format!("{file}-{}", place.line())
        });
        let told = panic.payload_as_str().unwrap_or_default().to_owned();
        LAST.with(|last| *last.borrow_mut() = (place.unwrap_or_default(), told));
    }));
}

/// Keeps the input of the last panic where `SLACLOCK_FINDINGS` says: as `PLACE`, beside `PLACE.txt` with what it told.
pub fn keep(bytes: &[u8]) {
    let folder = PathBuf::from(env::var_os("SLACLOCK_FINDINGS").expect("SLACLOCK_FINDINGS, a folder"));
    let (place, told) = LAST.with(|last| last.borrow().clone());
    // What a law calls itself, up to a colon, tells findings of one place apart.
    let law: String = told.split(':').next().unwrap_or_default().chars().take(80).collect();
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    let name = &format!("{place}-{law}").chars().map(plain).collect::<String>();
    // A path of the machine says no more than its end.
    let name = &name[name.find("core-src").or(name.find("tests-src")).unwrap_or(0)..];
    let file = folder.join(name);
    if fs::metadata(&file).is_ok_and(|old| old.len() <= bytes.len() as u64) {
        return;
    }
    fs::write(&file, bytes)
        .and_then(|()| fs::write(folder.join(format!("{name}.txt")), &told))
        .expect("a finding kept");
    eprintln!("FINDING {name}: {}", told.chars().take(400).collect::<String>());
}
