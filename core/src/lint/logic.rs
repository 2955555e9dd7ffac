//! What can be said of conditions without a ticket: whether one can hold at all, and whether others leave it any
//! ticket. Sound, and complete but for very large conditions, of which nothing is then said.

use core::cell::Cell;
use std::borrow::Cow;

use serde_json::Value;

use crate::policy::{ConditionDocument, EventTest, Matcher, PriorityOrder, Test, same};

/// One test of one field, or its contrary.
#[derive(Clone)]
pub(super) struct Literal<'d> {
    field: &'d str,
    holds: bool,
    atom: Atom<'d>,
}

#[derive(Clone)]
enum Atom<'d> {
    /// One of these values; an absent field is null.
    In(Cow<'d, [Value]>),
    /// The value, or a list that has it.
    Has(&'d Value),
    /// It happened.
    Event(&'d EventTest),
}

/// What literals about events have in place of a field: no document can write this name by accident.
const EVENT: &str = "\u{0}event";

/// Tests that must all come out as said.
pub(super) type Cube<'d> = Vec<Literal<'d>>;

/// A condition and its contrary, each as alternatives.
pub(super) struct Both<'d> {
    pub(super) holds: Vec<Cube<'d>>,
    fails: Vec<Cube<'d>>,
}

/// Most alternatives of one condition.
const MOST_CUBES: usize = 256;
/// Most pairs of alternatives that are tried at once.
const MOST_PAIRS: usize = 1024;
/// Most values of one list.
const MOST_VALUES: usize = 200;

/// How much work is left: what costs too much stays unsaid.
pub(super) struct Fuel(Cell<usize>);

impl Fuel {
    pub(super) fn new() -> Self {
        Self(Cell::new(30_000_000))
    }

    /// Takes some; false when none is left.
    pub(super) fn burn(&self, amount: usize) -> bool {
        let left = self.0.get().checked_sub(amount);
        self.0.set(left.unwrap_or(0));
        left.is_some()
    }
}

/// Whether some ticket fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Some,
    None,
    Unknown,
}

impl<'d> Literal<'d> {
    /// That a field has, or has not, one of these values.
    pub(super) fn is_in(field: &'d str, values: Vec<Value>, holds: bool) -> Self {
        Self { field, holds, atom: Atom::In(Cow::Owned(values)) }
    }

    /// That an event happened.
    pub(super) fn happened(event: &'d EventTest) -> Self {
        Self { field: EVENT, holds: true, atom: Atom::Event(event) }
    }

    /// Whether a value that is no list would do.
    fn allows(&self, value: &Value) -> bool {
        let inside = match &self.atom {
            Atom::In(values) => values.iter().any(|known| same(known, value)),
            Atom::Has(known) => same(known, value),
            Atom::Event(_) => return true,
        };
        inside == self.holds
    }
}

/// The alternatives under which a condition holds, or fails; `None` for too many.
pub(super) fn alternatives<'d>(
    condition: &'d ConditionDocument,
    order: &PriorityOrder,
    holds: bool,
) -> Option<Vec<Cube<'d>>> {
    let mut all = if holds { vec![Vec::new()] } else { Vec::new() };
    for test in &condition.all {
        let (parts, any) = match test {
            Test::Field { field, matcher } => {
                (vec![vec![vec![literal(field, matcher, order, holds)?]]], true)
            }
            Test::Event(event) => (vec![vec![vec![Literal { holds, ..Literal::happened(event) }]]], true),
            Test::AnyOf(conditions) => (each(conditions, order, holds)?, holds),
            Test::NoneOf(conditions) => (each(conditions, order, !holds)?, !holds),
        };
        let mut of_test = if any { Vec::new() } else { vec![Vec::new()] };
        for part in parts {
            of_test = if any { union(of_test, part) } else { product(&of_test, &part) }?;
        }
        all = if holds { product(&all, &of_test) } else { union(all, of_test) }?;
    }
    Some(all)
}

/// Both ways at once.
pub(super) fn both<'d>(condition: &'d ConditionDocument, order: &PriorityOrder) -> Option<Both<'d>> {
    Some(Both { holds: alternatives(condition, order, true)?, fails: alternatives(condition, order, false)? })
}

/// The contrary of one cube, for conditions that are not written anywhere.
pub(super) fn both_of_cube<'d>(with: Both<'d>, more: Cube<'d>) -> Option<Both<'d>> {
    let fails =
        more.iter().map(|literal| vec![Literal { holds: !literal.holds, ..literal.clone() }]).collect();
    Some(Both { holds: product(&with.holds, &[more])?, fails: union(with.fails, fails)? })
}

fn each<'d>(
    conditions: &'d [ConditionDocument],
    order: &PriorityOrder,
    holds: bool,
) -> Option<Vec<Vec<Cube<'d>>>> {
    conditions.iter().map(|condition| alternatives(condition, order, holds)).collect()
}

fn union<'d>(mut one: Vec<Cube<'d>>, other: Vec<Cube<'d>>) -> Option<Vec<Cube<'d>>> {
    one.extend(other);
    Some(one).filter(|all| all.len() <= MOST_CUBES)
}

/// Every alternative of the one with every alternative of the other; those that contradict themselves fall out.
pub(super) fn product<'d>(one: &[Cube<'d>], other: &[Cube<'d>]) -> Option<Vec<Cube<'d>>> {
    if one.len().saturating_mul(other.len()) > MOST_PAIRS {
        return None;
    }
    let mut all = Vec::new();
    for (first, second) in one.iter().flat_map(|first| other.iter().map(move |second| (first, second))) {
        let cube: Cube<'d> = first.iter().chain(second).cloned().collect();
        if !contradictory(&cube) {
            all.push(cube);
        }
        if all.len() > MOST_CUBES {
            return None;
        }
    }
    Some(all)
}

fn literal<'d>(
    field: &'d str,
    matcher: &'d Matcher,
    order: &PriorityOrder,
    holds: bool,
) -> Option<Literal<'d>> {
    Some(match matcher {
        Matcher::Not(inner) => return literal(field, inner, order, !holds),
        Matcher::OneOf(values) if values.len() > MOST_VALUES => return None,
        Matcher::OneOf(values) => Literal { field, holds, atom: Atom::In(Cow::Borrowed(values)) },
        Matcher::Has(value) => Literal { field, holds, atom: Atom::Has(value) },
        Matcher::AtLeast(least) => {
            let last =
                order.0.iter().position(|known| known == least).map_or(0, |rank| rank.saturating_add(1));
            if last > MOST_VALUES {
                return None;
            }
            let values = order.0.iter().take(last).map(|known| Value::String(known.clone()));
            Literal::is_in(field, values.collect(), holds)
        }
    })
}

/// Whether no ticket fits: field by field, some value must be left.
fn contradictory(cube: &[Literal<'_>]) -> bool {
    cube.iter().enumerate().any(|(index, literal)| {
        let first = !cube.iter().take(index).any(|earlier| earlier.field == literal.field);
        first && no_value_left(cube, literal.field)
    })
}

fn no_value_left(cube: &[Literal<'_>], field: &str) -> bool {
    let of_field = || cube.iter().filter(move |literal| literal.field == field);
    let listed = of_field().find_map(|literal| match &literal.atom {
        Atom::In(values) if literal.holds => Some(values),
        _ => None,
    });
    if let Some(values) = listed {
        return !values.iter().any(|value| of_field().all(|literal| literal.allows(value)));
    }
    // Nothing lists its values: a list with all that it must have, or else something not named, will do. Events of
    // all kinds may come together.
    of_field().filter(|literal| literal.holds).any(|literal| {
        of_field().filter(|other| !other.holds).any(|other| match (&literal.atom, &other.atom) {
            (Atom::Has(value), Atom::Has(unwanted)) => same(unwanted, value),
            (Atom::Event(event), Atom::Event(unwanted)) => unwanted.asks_no_more_than(event),
            _ => false,
        })
    })
}

/// Whether some ticket fits the cube and none of the conditions.
pub(super) fn beside(cube: &Cube<'_>, conditions: &[&Both<'_>], fuel: &Fuel) -> Answer {
    if contradictory(cube) { Answer::None } else { search(&mut cube.clone(), conditions, fuel) }
}

/// The same for any of several cubes.
pub(super) fn any_beside(cubes: &[Cube<'_>], conditions: &[&Both<'_>], fuel: &Fuel) -> Answer {
    let mut sum = Answer::None;
    for cube in cubes {
        match beside(cube, conditions, fuel) {
            Answer::Some => return Answer::Some,
            Answer::Unknown => sum = Answer::Unknown,
            Answer::None => {}
        }
    }
    sum
}

fn search<'c>(cube: &mut Cube<'c>, conditions: &[&Both<'c>], fuel: &Fuel) -> Answer {
    let mut left = conditions;
    loop {
        let Some((first, rest)) = left.split_first() else {
            return Answer::Some;
        };
        let weight =
            first.holds.iter().chain(&first.fails).map(|cube| weight(cube)).fold(1, usize::saturating_add);
        if !fuel.burn(weight.saturating_mul(self::weight(cube))) {
            return Answer::Unknown;
        }
        let length = cube.len();
        let fits = |cube: &mut Cube<'c>, more: &Cube<'c>| {
            cube.extend_from_slice(more);
            !contradictory(cube)
        };
        let apart = !first.holds.iter().any(|more| {
            let together = fits(cube, more);
            cube.truncate(length);
            together
        });
        left = rest;
        if apart {
            continue;
        }
        for more in &first.fails {
            let answer = if fits(cube, more) { search(cube, rest, fuel) } else { Answer::None };
            cube.truncate(length);
            if answer != Answer::None {
                return answer;
            }
        }
        return Answer::None;
    }
}

/// What it costs to look at a cube.
fn weight(cube: &[Literal<'_>]) -> usize {
    let of_literal = |literal: &Literal<'_>| match &literal.atom {
        Atom::In(values) => values.len().saturating_add(1),
        Atom::Has(_) | Atom::Event(_) => 2,
    };
    cube.iter().map(of_literal).fold(1, usize::saturating_add)
}
