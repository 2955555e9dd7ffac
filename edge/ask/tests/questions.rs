//! Questions as one text: what is asked, what is answered, and what cannot be asked.

use slaclock_ask::{Desk, Question, problems_line};

const AGREEMENT: &str = r#"{"slaclock":"1","id":"a","policies":[{"id":"all","clocks":{"resolution":{"within":"4h","calendar":"always"}}}]}"#;
const TICKET: &str = r#"{"id":"T-1","created_at":"2026-11-20T16:00:00Z"}"#;
const NOW: &str = r#""now":"2026-11-20T16:30:00Z""#;

fn ask(text: &str) -> String {
    let mut desk = Desk::default();
    let answer = Question::read(text.as_bytes(), |question| desk.answer(&question));
    String::from_utf8(answer.unwrap_or_else(|problems| problems_line(&problems))).expect("UTF-8")
}

#[test]
fn each_question_is_answered() {
    let hours = r#"{"id":1,"calendar":{"time_zone":"UTC","hours":{"mon":["09:00-17:00"]}},"op":"is_open","at":"2026-11-23T10:00:00Z"}"#;
    for (question, lines, expected) in [
        ("{\"do\":\"about\"}".to_owned(), 1, "\"tz_version\":\"20"),
        (format!("{{\"do\":\"hours\"}}\n{hours}\n{hours}\n"), 2, "{\"id\":1,\"open\":true}\n"),
        (
            format!("{{\"do\":\"clocks\",{NOW}}}\n{AGREEMENT}\n{TICKET}\nno ticket\n"),
            2,
            "\"elapsed_ms\":1800000",
        ),
        (format!("{{\"do\":\"clocks\",{NOW}}}\n{AGREEMENT}"), 0, ""),
        (format!("{{\"do\":\"explain\",{NOW}}}\n{AGREEMENT}\n{TICKET}"), 1, "\"fingerprint\":\"sha256:"),
        (format!("{{\"do\":\"preview\",{NOW}}}\n{AGREEMENT}\n{{}}"), 1, "\"words\":["),
        (format!("{{\"do\":\"lint\",\"today\":\"2026-11-23\"}}\n{AGREEMENT}"), 1, "\"rule\":\"SLA-"),
    ] {
        let answer = ask(&question);
        assert!(answer.contains(expected), "{question} is answered {answer}");
        assert!(answer.lines().count() >= lines, "{question} is answered {answer}");
        assert!(answer.is_empty() || answer.ends_with('\n'), "{question} is answered {answer}");
    }
}

#[test]
fn what_cannot_be_asked_is_refused_with_code_and_place() {
    for (question, code, pointer) in [
        ("".to_owned(), "SLA-E0001", ""),
        ("[]".to_owned(), "SLA-E0007", ""),
        ("{}".to_owned(), "SLA-E0006", ""),
        ("{\"do\":\"clock\"}".to_owned(), "SLA-E0401", "/do"),
        ("{\"do\":1}".to_owned(), "SLA-E0007", "/do"),
        ("{\"do\":\"about\",\"nwo\":\"x\"}".to_owned(), "SLA-E0005", "/nwo"),
        (format!("{{\"do\":\"clocks\"}}\n{AGREEMENT}\n{TICKET}"), "SLA-E0006", ""),
        (format!("{{\"do\":\"clocks\",\"now\":\"noon\"}}\n{AGREEMENT}\n{TICKET}"), "SLA-E0101", "/now"),
        (
            format!("{{\"do\":\"clocks\",{NOW},\"known_at\":\"noon\"}}\n{AGREEMENT}\n"),
            "SLA-E0101",
            "/known_at",
        ),
        (format!("{{\"do\":\"clocks\",{NOW}}}\n{{}}\n{TICKET}"), "SLA-E0006", ""),
        (format!("{{\"do\":\"clocks\",{NOW}}}"), "SLA-E0001", ""),
        (format!("{{\"do\":\"lint\"}}\n{AGREEMENT}"), "SLA-E0006", ""),
    ] {
        let answer: serde_json::Value = serde_json::from_str(&ask(&question)).expect("JSON");
        let problem = &answer["problems"][0];
        assert_eq!(
            (&problem["code"], &problem["pointer"]),
            (&code.into(), &pointer.into()),
            "{question}: {answer}"
        );
        assert!(
            problem["message"].as_str().is_some_and(|message| !message.is_empty()),
            "{question}: {answer}"
        );
    }
}

#[test]
fn the_last_agreements_stay_compiled_and_the_others_make_room() {
    let mut desk = Desk::default();
    for round in 0..3 {
        for index in 0..40 {
            let agreement = AGREEMENT.replace("\"a\"", &format!("\"a{index}\""));
            let compiled = desk.agreement(&agreement, false).expect("an agreement");
            assert_eq!(compiled.id(), format!("a{index}"), "{round}");
        }
    }
}
