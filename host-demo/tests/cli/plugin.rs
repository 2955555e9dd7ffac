//! Hostile and broken plugins: each is contained and named.

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use crate::support::{Files, run};

/// The guest in `guest.wat`, as a component.
fn guest() -> Vec<u8> {
    let mut resolve = Resolve::default();
    let wit = concat!(env!("CARGO_MANIFEST_DIR"), "/../wasm-component/wit");
    let (package, _) = resolve.push_dir(wit).unwrap();
    let world = resolve.select_world(&[package], Some("plugin")).unwrap();
    let mut module = wat::parse_str(include_str!("guest.wat")).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).unwrap();
    ComponentEncoder::default().module(&module).unwrap().encode().unwrap()
}

#[track_caller]
fn refused(plugin: impl AsRef<[u8]>, code: &str, words: &[&str]) {
    let files = Files::new();
    let plugin = files.write("plugin.wasm", plugin);
    let run = run(&["hours", "--plugin", &plugin], b"{\"id\":1}\n");
    assert_eq!((run.code, &*run.out), (1, ""));
    assert!(run.err.starts_with(&format!("error[{code}]: ")), "{}", run.err);
    assert!(run.err.contains("where: ") && run.err.contains("mend:  "), "{}", run.err);
    for word in words {
        assert!(run.err.contains(word), "{word} is not in\n{}", run.err);
    }
}

#[test]
fn a_file_that_is_no_plugin_is_refused() {
    refused("not WebAssembly", "SLA-H0102", &["not WebAssembly"]);
    refused(wat::parse_str("(module)").unwrap(), "SLA-H0102", &["core module"]);
    refused(&guest()[..200], "SLA-H0102", &[]);
    refused(wat::parse_str("(component)").unwrap(), "SLA-H0104", &["slaclock:sla/engine"]);
    let run = run(&["hours", "--plugin", "/does/not/exist.wasm"], b"");
    assert!(run.code == 1 && run.err.starts_with("error[SLA-H0001]: "), "{}", run.err);
}

#[test]
fn a_plugin_that_imports_anything_is_refused_by_name() {
    let wasi = r#"(component
        (import "wasi:cli/environment@0.2.0" (instance))
        (import "wasi:clocks/wall-clock@0.2.0" (instance)))"#;
    refused(
        wat::parse_str(wasi).unwrap(),
        "SLA-H0103",
        &["`wasi:cli/environment@0.2.0`, `wasi:clocks/wall-clock@0.2.0`"],
    );
}

#[track_caller]
fn contained(marker: char, code: &str) {
    let files = Files::new();
    let plugin = files.write("plugin.wasm", guest());
    let lines = format!("{{\"id\":1}}\n\n{{\"id\":\"bad{marker}\"}}\n{{\"id\":3}}\n");
    let run = run(
        &["hours", "--plugin", &plugin, "--time-limit", "200ms", "--memory-limit", "64MiB", "--jobs", "2"],
        lines.as_bytes(),
    );
    assert_eq!(run.error_codes(), ["", code, ""], "{}{}", run.out, run.err);
    let guilty = &run.lines()[1];
    assert_eq!(guilty["id"], format!("bad{marker}"));
    assert!(
        guilty["error"]["message"].as_str().unwrap().starts_with("standard input, line 3: the plugin "),
        "{guilty}"
    );
    assert!(guilty["error"]["mend"].is_string());
    assert_eq!(run.code, 1);
}

#[test]
fn only_the_line_that_breaks_a_plugin_is_refused() {
    contained('!', "SLA-H0105");
    contained('~', "SLA-H0106");
    contained('^', "SLA-H0107");
    contained('%', "SLA-H0108");
}

#[test]
fn a_plugin_that_breaks_at_once_is_named() {
    let files = Files::new();
    let plugin = files.write("plugin.wasm", guest());
    let agreement = files.write("a.yaml", crate::support::AGREEMENT);
    let run = run(&["clocks", "--plugin", &plugin, "-a", &agreement], crate::support::ticket("a").as_bytes());
    assert!(run.code == 1 && run.err.starts_with("error[SLA-H0105]: the plugin trapped"), "{}", run.err);
}
