//! Words of an agreement's texts: vague ones, those of brochures, and sentences without end.

use super::view::{View, below, item};
use super::{Findings, Rule};

/// Words that cannot be measured, by language.
const VAGUE: &[&[&str]] = &[
    &[
        "as soon as possible",
        "asap",
        "as quickly as possible",
        "best effort",
        "best efforts",
        "best endeavours",
        "reasonable",
        "reasonably",
        "promptly",
        "quickly",
        "timely",
        "in a timely manner",
        "usually",
        "normally",
        "etc",
        "high availability",
        "industry standard",
        "world class",
        "world-class",
    ],
    &[
        "il prima possibile",
        "quanto prima",
        "al più presto",
        "tempestivamente",
        "di norma",
        "solitamente",
        "normalmente",
        "ragionevole",
        "ragionevolmente",
        "ecc",
        "alta disponibilità",
    ],
    &[
        "so schnell wie möglich",
        "schnellstmöglich",
        "baldmöglichst",
        "umgehend",
        "zeitnah",
        "in der regel",
        "üblicherweise",
        "normalerweise",
        "angemessen",
        "angemessene",
        "nach besten kräften",
        "usw",
        "hochverfügbar",
    ],
    &[
        "dès que possible",
        "dans les meilleurs délais",
        "au plus vite",
        "rapidement",
        "normalement",
        "généralement",
        "raisonnable",
        "raisonnablement",
        "haute disponibilité",
    ],
    &[
        "lo antes posible",
        "a la mayor brevedad",
        "rápidamente",
        "normalmente",
        "habitualmente",
        "razonable",
        "razonablemente",
        "alta disponibilidad",
    ],
];

/// Words that sell.
const BROCHURE: &[&str] = &[
    "leading",
    "market-leading",
    "best-in-class",
    "best in class",
    "unmatched",
    "unrivalled",
    "unrivaled",
    "cutting-edge",
    "cutting edge",
    "state-of-the-art",
    "second to none",
    "guaranteed satisfaction",
];

/// Words of a sentence that a reader still follows.
const LONG_SENTENCE: usize = 30;

pub(super) fn check(view: &View<'_>, findings: &mut Findings) {
    for (place, text) in texts(view) {
        // Lower-case letters alone, with single spaces, and one at each end.
        let plain = plain(text);
        let found = |term: &&&str| plain.contains(&[" ", **term, " "].concat());
        for term in longest(VAGUE.iter().copied().flatten().filter(found)) {
            let message = ["`", term, "` cannot be measured"];
            findings.push(Rule::Cl06, &place, &message, "say how long, how much or how often");
        }
        for term in longest(BROCHURE.iter().filter(found)) {
            let message = ["this is not a brochure: `", term, "`"];
            findings.push(Rule::Cx03, &place, &message, "say what is done, or take it out");
        }
        let words = plain.split(' ').filter(|word| !word.is_empty()).count();
        let sentences = text.split(['.', '!', '?', ';']).filter(|part| !part.trim().is_empty()).count();
        if words > sentences.saturating_mul(LONG_SENTENCE) {
            let message = "its sentences have more than 30 words on average: hard to read";
            findings.push(Rule::Cx02, &place, &[message], "cut them into shorter ones");
        }
    }
}

/// Terms that are not part of a longer one, each once.
fn longest<'t>(terms: impl Iterator<Item = &'t &'t str>) -> Vec<&'t str> {
    let mut all: Vec<&str> = terms.copied().collect();
    all.sort_unstable();
    all.dedup();
    let whole = all.clone();
    all.retain(|term| !whole.iter().any(|other| other.len() > term.len() && other.contains(term)));
    all
}

fn plain(text: &str) -> String {
    let mut plain = String::from(" ");
    for letter in text.chars().flat_map(char::to_lowercase) {
        // `best-in-class` is one word, `fast, etc.` three.
        let letter = if letter.is_alphanumeric() || letter == '-' { letter } else { ' ' };
        if letter != ' ' || !plain.ends_with(' ') {
            plain.push(letter);
        }
    }
    if !plain.ends_with(' ') {
        plain.push(' ');
    }
    plain
}

/// The texts that people read, with their places.
fn texts<'v>(view: &'v View<'_>) -> Vec<(String, &'v str)> {
    let mut all = Vec::new();
    let mut put = |place: &str, key: &str, text: &'v Option<String>| {
        all.extend(text.as_deref().map(|text| (below(place, key), text)));
    };
    put(&view.base, "title", &view.document.title);
    for policy in view.sets.iter().flatten() {
        put(&policy.pointer, "title", &policy.document.title);
    }
    for promise in &view.promises {
        let place = below(&promise.pointer, "overrides");
        for (index, case) in promise.clock.overrides.iter().enumerate() {
            put(&item(&place, index), "because", &case.because);
        }
    }
    all
}
