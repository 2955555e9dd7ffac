//! Hostile and broken plugins: each is contained and named.

use crate::guest::guest;
use crate::support::{Files, NOW, run};

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
    refused(&guest('A')[..200], "SLA-H0102", &[]);
    refused(wat::parse_str("(component)").unwrap(), "SLA-H0104", &["exports nothing", "slaclock:sla/engine"]);
    let old = r#"(component (instance $none) (export "slaclock:sla/engine@0.1.0" (instance $none)))"#;
    refused(
        wat::parse_str(old).unwrap(),
        "SLA-H0104",
        &["keeps slaclock:sla@0.1.0, and this program slaclock:sla@"],
    );
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
    let plugin = files.write("plugin.wasm", guest('A'));
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
    let plugin = files.write("plugin.wasm", guest('A'));
    let agreement = files.write("a.json", "{}");
    let run = run(&["clocks", "--plugin", &plugin, "-a", &agreement], crate::support::ticket("a").as_bytes());
    assert!(run.code == 1 && run.err.starts_with("error[SLA-H0108]: the plugin refuses"), "{}", run.err);
}

#[test]
fn inspecting_tells_what_a_plugin_is() {
    let built_in = &run(&["plugin", "inspect"], b"").lines()[0];
    assert_eq!((&built_in["built_in"], &built_in["imports"]), (&true.into(), &serde_json::json!([])));
    assert_eq!(built_in["contract"], built_in["needs"]);
    assert_eq!(built_in["sha256"].as_str().unwrap().len(), 64);
    assert!(
        built_in["producers"].as_array().unwrap().iter().any(|by| by["name"] == "wit-component"),
        "{built_in}"
    );
    assert!(
        built_in["runs"]["engine"].is_string() && built_in["runs"]["time_zones"].is_string(),
        "{built_in}"
    );

    let files = Files::new();
    let plugin = files.write("plugin.wasm", guest('A'));
    let table = run(&["plugin", "inspect", "--table", &plugin], b"");
    for words in ["imports", "nothing", "slaclock:sla/engine@", "9.9.9", "2026z"] {
        assert!(table.code == 0 && table.out.contains(words), "{words} is not in\n{}", table.out);
    }
    // What cannot be used is described as far as it goes, and refused.
    let wasi = r#"(component (import "wasi:cli/environment@0.2.0" (instance)))"#;
    let plugin = files.write("wasi.wasm", wat::parse_str(wasi).unwrap());
    let run = run(&["plugin", "inspect", &plugin], b"");
    assert_eq!(run.lines()[0]["imports"][0], "wasi:cli/environment@0.2.0");
    assert!(run.code == 1 && run.err.starts_with("error[SLA-H0103]: "), "{}", run.err);
}

#[test]
fn checking_tells_every_difference_of_a_new_plugin() {
    let files = Files::new();
    let (old, new) = (files.write("old.wasm", guest('A')), files.write("new.wasm", guest('B')));
    let agreement = files.write("a.json", "{ }");
    let line = |id: &str, own: &str| {
        format!(
            "{{\"id\":\"{id}\",\"ticket\":\"{id}\",\"own\":\"{own}\",\"clocks\":[],\"next_event_at\":null}}\n"
        )
    };
    let tickets = [line("a", "="), line("b", "same"), line("c", "!")].concat();
    let arguments = ["plugin", "check", &*new, "--plugin", &old, "-a", &agreement, "--at", NOW];
    let checked = run(&arguments, tickets.as_bytes());
    assert_eq!(
        checked.out,
        format!("{{\"ticket\":\"a\",\"now\":\"{NOW}\",\"key\":\"own\",\"old\":\"A\",\"new\":\"B\"}}\n")
    );
    assert!(
        checked.code == 1 && checked.err.starts_with("3 answers compared: 1 differ, in 1 places\n"),
        "{}",
        checked.err
    );
    // Twice the same plugin, at two instants.
    let same = [&arguments[..2], &[&*old], &arguments[3..], &["--at", "2027-01-01T00:00:00Z"]].concat();
    let checked = run(&same, tickets.as_bytes());
    assert_eq!((checked.code, &*checked.out), (0, ""), "{}", checked.err);
    assert!(checked.err.starts_with("6 answers compared: 0 differ"), "{}", checked.err);
}

#[test]
fn checking_tells_what_a_new_agreement_changes() {
    let files = Files::new();
    let agreement = files.write("a.yaml", crate::support::AGREEMENT);
    let next = files.write("b.yaml", crate::support::AGREEMENT.replace("within: 8h", "within: 4h"));
    let component = files.write("same.wasm", slaclock_host::embedded::PLUGIN.unwrap());
    let arguments = ["plugin", "check", &component, "-a", &agreement, "--new-agreement", &next, "--at", NOW];
    let checked = run(&arguments, crate::support::ticket("a").as_bytes());
    let lines = checked.lines();
    let changed: Vec<_> = lines.iter().map(|line| (line["clock"].as_str(), line["key"].as_str())).collect();
    assert!(changed.contains(&(Some("resolution"), Some("target_ms"))), "{changed:?}");
    assert!(changed.iter().all(|(clock, _)| clock.is_none() || *clock == Some("resolution")), "{changed:?}");
    assert_eq!(checked.code, 1);
}

#[test]
fn compiled_code_is_kept_where_it_is_said() {
    let files = Files::new();
    let plugin = files.write("plugin.wasm", guest('A'));
    let folder = crate::support::text(&files.path("kept"));
    for from in ["compiler", "cache"] {
        let inspected = run(&["plugin", "inspect", &plugin, "--plugin-cache", &folder], b"");
        assert_eq!(inspected.lines()[0]["runs"]["code_from"], from, "{}", inspected.err);
    }
    let inspected = run(&["plugin", "inspect", &plugin, "--plugin-cache", "off"], b"");
    assert_eq!(inspected.lines()[0]["runs"]["code_from"], "compiler");
}
