//! Bad files: each costs a coded error, and the rest is answered.

use std::io::Write;

use crate::support::{AGREEMENT, Files, NOW, ended, gzip, program, run, ticket};

#[test]
fn a_line_that_is_not_utf_8_is_refused_at_its_place() {
    let files = Files::new();
    let agreement = files.write("a.yaml", AGREEMENT);
    let mut tickets = ticket("a").into_bytes();
    tickets.extend_from_slice(b"{\"id\":\"M\xfcller\"}\n\n");
    tickets.extend_from_slice(ticket("b").as_bytes());
    let run = run(&["clocks", "-a", &agreement, "--now", NOW], &tickets);
    assert_eq!(run.error_codes(), ["", "SLA-H0003", ""]);
    assert_eq!(run.lines()[1]["error"]["message"], "line 2 of standard input is not UTF-8");
    assert_eq!(run.code, 1);
}

#[test]
fn a_file_in_utf_16_is_named_as_such() {
    let files = Files::new();
    let agreement = files.write("a.yaml", AGREEMENT);
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(ticket("a").bytes().flat_map(|byte| [byte, 0])).collect();
    let tickets = files.write("wide.jsonl", wide);
    let run = run(&["clocks", "-a", &agreement, "--now", NOW, &tickets], b"");
    assert!(run.code == 1 && run.err.contains("SLA-H0003") && run.err.contains("UTF-16"), "{}", run.err);
}

#[test]
fn truncated_files_are_answered_up_to_the_break() {
    let files = Files::new();
    let agreement = files.write("a.yaml", AGREEMENT);
    // Ids that do not repeat, so that half the compressed bytes hold about half the tickets.
    let lines: String =
        (0_u32..2000).map(|number| ticket(&number.wrapping_mul(2_654_435_761).to_string())).collect();
    let whole = gzip(lines.as_bytes());
    let half = files.write("half.gz", &whole[..whole.len() / 2]);
    let cut = run(&["clocks", "-a", &agreement, "--now", NOW, &half], b"");
    assert!(cut.err.contains("SLA-H0005") && cut.err.contains("half.gz, line "), "{}", cut.err);
    let answers = cut.out.lines().count();
    assert!(answers > 500 && answers < 1500 && cut.error_codes().iter().all(String::is_empty), "{answers}");
    assert_eq!(cut.code, 1);

    let whole = files.write("whole.gz", &whole);
    let all = run(&["clocks", "-a", &agreement, "--now", NOW, &whole], b"");
    assert_eq!((all.code, all.out.lines().count()), (0, 2000));
    let plain = run(&["clocks", "-a", &agreement, "--now", NOW], &lines.as_bytes()[..lines.len() - 9]);
    assert_eq!(plain.error_codes()[1999], "SLA-E0001");
}

#[test]
fn an_array_is_read_like_lines() {
    let files = Files::new();
    let agreement = files.write("a.yaml", AGREEMENT);
    let arguments = ["clocks", "-a", &agreement, "--now", NOW];
    let lines = run(&arguments, format!("{}{}", ticket("a"), ticket("b")).as_bytes());
    let array =
        run(&arguments, format!("[\n  {},\n  {}]", ticket("a"), ticket("b").replace(',', ",\n")).as_bytes());
    assert_eq!((array.code, &array.out), (0, &lines.out));
    let open = run(&arguments, format!("[{},{}", ticket("a"), ticket("b")).as_bytes());
    assert!(
        open.code == 1 && open.err.contains("SLA-H0006") && open.out.lines().count() == 1,
        "{}",
        open.err
    );
}

#[test]
fn a_line_of_200_mb_is_passed_over_without_being_held() {
    let files = Files::new();
    let agreement = files.write("a.yaml", AGREEMENT);
    let mut child = program(&["clocks", "--native", "-a", &agreement, "--now", NOW]).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(ticket("a").as_bytes()).unwrap();
    let block = vec![b'x'; 1_000_000];
    for _ in 0..200 {
        stdin.write_all(&block).unwrap();
    }
    stdin.write_all(b"\n").unwrap();
    stdin.write_all(ticket("b").as_bytes()).unwrap();
    // The program has read all but the end by now, as a pipe holds only some kilobytes.
    if let Ok(status) = std::fs::read_to_string(format!("/proc/{}/status", child.id())) {
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let peak: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
        assert!(peak < 100_000, "{peak} kB");
    }
    drop(stdin);
    let run = ended(child);
    assert_eq!(run.error_codes(), ["", "SLA-H0004", ""]);
    assert_eq!(run.lines()[2]["ticket"], "b");
    assert_eq!(run.code, 1);
}

#[test]
fn a_missing_file_costs_only_itself() {
    let files = Files::new();
    let agreement = files.write("a.yaml", AGREEMENT);
    let run =
        run(&["clocks", "-a", &agreement, "--now", NOW, "/does/not/exist", "-"], ticket("a").as_bytes());
    assert_eq!((run.code, run.out.lines().count()), (1, 1));
    assert!(
        run.err.contains("error[SLA-H0001]: cannot open") && run.err.contains("where: /does/not/exist"),
        "{}",
        run.err
    );
}
