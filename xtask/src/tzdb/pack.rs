//! Packs the histories of all zones into the table that core reads; its format is told in core's `zone` module.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use super::tzif::{Change, History, day_number, weekday_of};

const ANY_WEEKDAY: u8 = 7;
const LAST_YEAR: i64 = 2199;
const FOR_EVER: usize = 31;
/// With fewer kinds than this, no byte of a zone's stream is 255, which ends the stream.
const MOST_KINDS: usize = 127;
/// How many rules, and how many first offsets, can be told from the 255 that ends a stream.
const MOST_NUMBERS: usize = 255;
const MOST_PER_RULED_YEAR: usize = 6;
const MOST_PER_YEAR: usize = 31;

/// A shift of the offset at a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    in_utc: bool,
    second: i64,
    shift: i64,
}

/// A kind of change and its place in the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rule {
    month: u8,
    day: u8,
    weekday: u8,
    kind: Kind,
}

/// Consecutive years with the same number of changes, those of one column by the same rule in every year.
struct Block {
    from: i64,
    years: Vec<Vec<Change>>,
    /// For each column, every rule that gives its changes.
    rules: Vec<BTreeSet<Rule>>,
}

/// The numbers of what streams refer to.
struct Numbers {
    rules: BTreeMap<Rule, usize>,
    kinds: Vec<Kind>,
    offsets: Vec<i64>,
}

/// The marks of names, and the histories in the order in which they are marked.
type Marks<'a> = (Vec<u8>, Vec<&'a History>);

/// The bytes of the table.
pub(super) fn pack(version: &str, zones: &BTreeMap<String, History>) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut text = String::from(version);
    zones.keys().for_each(|name| text.extend(["\n", name]));
    let (marks, in_order) = marks(&zones.values().collect::<Vec<_>>())?;
    let cut: Vec<(i64, Vec<Block>)> =
        in_order.iter().map(|history| (history.first, blocks(history))).collect();
    let rules = choose_rules(cut.iter().flat_map(|(_, blocks)| blocks));
    let mut numbers = Numbers { rules, kinds: Vec::new(), offsets: Vec::new() };
    let rules = numbers.table_of_rules()?;
    let mut streams = Vec::new();
    for (first, blocks) in &cut {
        numbers.write_zone(*first, blocks, &mut streams)?;
    }
    let mut table = Vec::new();
    table.extend(u16::try_from(text.len())?.to_be_bytes());
    table.extend(u16::try_from(marks.len())?.to_be_bytes());
    table.extend([text.as_bytes(), &marks].concat());
    table.push(u8::try_from(numbers.kinds.len())?);
    for kind in &numbers.kinds {
        table.extend(bits_24(kind.second + if kind.in_utc { 1 << 23 } else { 0 }));
        table.extend(bits_24(kind.shift));
    }
    table.extend(rules);
    table.push(u8::try_from(numbers.offsets.len())?);
    table.extend(numbers.offsets.iter().copied().flat_map(bits_24));
    table.extend(streams);
    Ok(table)
}

/// A mark for each name, and each history once, in the order of the first of its names.
fn marks<'a>(of_names: &[&'a History]) -> Result<Marks<'a>, Box<dyn Error>> {
    let mut names: BTreeMap<&History, usize> = BTreeMap::new();
    for history in of_names {
        *names.entry(history).or_default() += 1;
    }
    let (mut marks, mut in_order, mut shared) = (Vec::new(), Vec::new(), Vec::new());
    for &history in of_names {
        if names[history] == 1 {
            marks.push(0);
            in_order.push(history);
        } else if let Some(number) = shared.iter().position(|known| *known == history) {
            marks.push(u8::try_from(number + 1)?);
        } else {
            marks.push(255);
            in_order.push(history);
            shared.push(history);
        }
    }
    if shared.len() > 254 {
        return Err("more zones with several names than a byte can number".into());
    }
    Ok((marks, in_order))
}

/// Cuts a history into blocks, each as long as rules can be found for it.
fn blocks(history: &History) -> Vec<Block> {
    let mut by_year: BTreeMap<i64, Vec<Change>> = BTreeMap::new();
    for change in &history.changes {
        by_year.entry(date(change.at + change.before).0).or_default().push(*change);
    }
    let mut blocks: Vec<Block> = Vec::new();
    for (year, changes) in by_year {
        if let Some(block) = blocks.last_mut()
            && block.try_add(year, &changes)
        {
            continue;
        }
        let rules = changes.iter().map(|change| rules_for(change, year)).collect();
        blocks.push(Block { from: year, years: vec![changes], rules });
    }
    blocks
}

impl Block {
    fn try_add(&mut self, year: i64, changes: &[Change]) -> bool {
        let next = self.from + self.years.len() as i64;
        if year != next || changes.len() != self.rules.len() || changes.len() > MOST_PER_RULED_YEAR {
            return false;
        }
        let rules: Vec<BTreeSet<Rule>> =
            self.rules.iter().zip(changes).map(|(rules, change)| rules & &rules_for(change, year)).collect();
        let fits = rules.iter().all(|rules| !rules.is_empty());
        if fits {
            self.rules = rules;
            self.years.push(changes.to_vec());
        }
        fits
    }
}

/// Every rule that gives this change in this year.
fn rules_for(change: &Change, year: i64) -> BTreeSet<Rule> {
    let mut rules = BTreeSet::new();
    for in_utc in [false, true] {
        let clock = if in_utc { change.at } else { change.at + change.before };
        let kind = Kind { in_utc, second: clock.rem_euclid(86_400), shift: change.after - change.before };
        let (year_of_clock, month, day) = date(clock);
        if year_of_clock == year {
            rules.insert(Rule { month, day, weekday: ANY_WEEKDAY, kind });
            let weekday = weekday_of(clock.div_euclid(86_400)) as u8;
            rules.extend((day.saturating_sub(6).max(1)..=day).map(|day| Rule { month, day, weekday, kind }));
        }
    }
    rules
}

/// Rules enough for every block of several years, the most useful first.
fn choose_rules<'a>(blocks: impl Iterator<Item = &'a Block>) -> BTreeMap<Rule, usize> {
    let (ruled, single): (Vec<_>, Vec<_>) = blocks.partition(|block| block.years.len() > 1);
    let mut open: Vec<&BTreeSet<Rule>> = ruled.iter().flat_map(|block| &block.rules).collect();
    let mut used_once: BTreeMap<Rule, usize> = BTreeMap::new();
    for rule in single.iter().flat_map(|block| block.rules.iter().flatten()) {
        *used_once.entry(*rule).or_default() += 1;
    }
    let mut chosen = BTreeMap::new();
    while chosen.len() < MOST_NUMBERS {
        let mut uses: BTreeMap<Rule, usize> = BTreeMap::new();
        for rule in open.iter().copied().flatten() {
            *uses.entry(*rule).or_default() += 1;
        }
        let best = uses.into_iter().max_by_key(|(rule, uses)| (*uses, used_once.get(rule).copied(), *rule));
        let Some((rule, _)) = best else { break };
        chosen.insert(rule, chosen.len());
        open.retain(|rules| !rules.contains(&rule));
    }
    chosen
}

impl Numbers {
    fn table_of_rules(&mut self) -> Result<Vec<u8>, Box<dyn Error>> {
        let mut in_order: Vec<_> = self.rules.iter().map(|(rule, number)| (*number, *rule)).collect();
        in_order.sort_unstable();
        let mut bytes = vec![u8::try_from(in_order.len())?];
        for (_, rule) in in_order {
            bytes.extend(month_and_day(rule.month, rule.day, rule.weekday));
            bytes.push(self.kind(rule.kind)?);
        }
        Ok(bytes)
    }

    fn write_zone(&mut self, first: i64, blocks: &[Block], out: &mut Vec<u8>) -> Result<(), Box<dyn Error>> {
        out.push(number_of(&mut self.offsets, first, MOST_NUMBERS)?);
        let mut next_year = 1970;
        for block in blocks {
            if let Some(rules) = self.rules_of(block) {
                let ends = block.from + block.years.len() as i64 > LAST_YEAR;
                let whole = if ends { block.years.len() } else { FOR_EVER - 1 };
                for (index, years) in block.years.chunks(whole).enumerate() {
                    let from = block.from + (index * whole) as i64;
                    let years = if ends { FOR_EVER } else { years.len() };
                    out.push(u8::try_from(from - next_year)?);
                    out.push(u8::try_from(rules.len() << 5 | years)?);
                    out.extend(rules.iter().map(|rule| *rule as u8));
                    next_year = from + years as i64;
                }
            } else if block.rules.len() > MOST_PER_YEAR {
                return Err(format!("{} changes in {}", block.rules.len(), block.from).into());
            } else {
                for (year, changes) in (block.from..).zip(&block.years) {
                    out.push(u8::try_from(year - next_year)?);
                    out.push(u8::try_from(changes.len())?);
                    for change in changes {
                        out.extend(self.dated(change)?);
                    }
                    next_year = year + 1;
                }
            }
        }
        out.push(255);
        Ok(())
    }

    /// The most useful rule for each column, unless a column has none.
    fn rules_of(&self, block: &Block) -> Option<Vec<usize>> {
        let best =
            |rules: &BTreeSet<Rule>| rules.iter().filter_map(|rule| self.rules.get(rule)).min().copied();
        let rules: Option<Vec<usize>> = block.rules.iter().map(best).collect();
        rules.filter(|rules| rules.len() <= MOST_PER_RULED_YEAR)
    }

    fn dated(&mut self, change: &Change) -> Result<[u8; 2], Box<dyn Error>> {
        let clock = change.at + change.before;
        let shift = change.after - change.before;
        let kind = self.kind(Kind { in_utc: false, second: clock.rem_euclid(86_400), shift })?;
        let (_, month, day) = date(clock);
        Ok(month_and_day(month, day, kind))
    }

    fn kind(&mut self, kind: Kind) -> Result<u8, Box<dyn Error>> {
        number_of(&mut self.kinds, kind, MOST_KINDS)
    }
}

/// The place of a value in a list, to which it is added if it is new.
fn number_of<T: PartialEq>(list: &mut Vec<T>, value: T, most: usize) -> Result<u8, Box<dyn Error>> {
    let place = list.iter().position(|known| *known == value).unwrap_or(list.len());
    if place == list.len() {
        list.push(value);
    }
    if place >= most {
        return Err("more different values than the table can number".into());
    }
    Ok(u8::try_from(place)?)
}

/// Four bits, five bits, seven bits.
fn month_and_day(month: u8, day: u8, low: u8) -> [u8; 2] {
    [month << 4 | day >> 1, (day & 1) << 7 | low]
}

fn bits_24(value: i64) -> [u8; 3] {
    let [.., a, b, c] = value.to_be_bytes();
    [a, b, c]
}

/// Year, month and day of a count of seconds.
fn date(seconds: i64) -> (i64, u8, u8) {
    let day = seconds.div_euclid(86_400);
    let mut year = 1970 + day.div_euclid(366);
    while day_number(year + 1, 1, 1) <= day {
        year += 1;
    }
    let month = (1..=12).rev().find(|month| day_number(year, *month, 1) <= day).unwrap_or(1);
    (year, month as u8, (day - day_number(year, month, 1) + 1) as u8)
}
