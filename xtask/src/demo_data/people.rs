//! The people who answer, by group.

const PEOPLE: &[(&str, &[&str])] = &[
    ("Service desk", &["Maya Okafor", "Jonas Weber", "Priya Nair", "Tom Alvarez"]),
    ("Network", &["Elif Demir", "Sam Whitfield"]),
    ("Cloud", &["Noah Lindqvist", "Ana Ferreira", "Ken Ito"]),
    ("Field service", &["Rosa Jimenez", "Dylan Brooks"]),
];

pub(super) fn people_of(group: &str) -> &'static [&'static str] {
    PEOPLE.iter().find(|(name, _)| *name == group).map_or(PEOPLE[0].1, |(_, people)| *people)
}
