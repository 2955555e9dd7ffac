//! The tickets of the month, day by day.

use super::DAYS;
use super::customers::{Customer, ROUND_THE_CLOCK};
use super::dates::{DAY, HOUR, MINUTE};
use super::desk::desk;
use super::dice::Dice;
use super::hours::Hours;
use super::kinds::{Kind, URGENT, USUAL};
use super::life::{live, promise};
use super::people::people_of;
use super::ticket::{Ticket, number};

pub(super) fn month(present: i64) -> Vec<Ticket> {
    let today = (present - 5 * HOUR).div_euclid(DAY);
    let days = today - DAYS + 1..=today + 1;
    let mut tickets: Vec<Ticket> = days.flat_map(tickets_of_day).collect();
    tickets.extend(desk(present, today + 2));
    tickets.retain(|ticket| ticket.created <= present);
    for ticket in &mut tickets {
        ticket.cut(present);
    }
    tickets.sort_by_key(|ticket| ticket.created);
    tickets
}

fn tickets_of_day(day: i64) -> Vec<Ticket> {
    let mut dice = Dice::new(day);
    let busy = Hours::Office.of_day(day).is_some();
    let count = if busy { dice.between(15, 19) } else { dice.between(4, 6) };
    (0..count).map(|index| ticket(&mut dice, day, index, busy)).collect()
}

fn ticket(dice: &mut Dice, day: i64, index: i64, busy: bool) -> Ticket {
    // Whoever works at weekends writes at weekends.
    let customer = if !busy && dice.chance(700) { &ROUND_THE_CLOCK } else { Customer::draw(dice) };
    let urgent = dice.chance(if busy { 70 } else { 220 });
    let kind = Kind::read(dice.pick::<&str>(if urgent { URGENT } else { USUAL }));
    let priority = match (urgent, kind.name, dice.between(0, 99)) {
        (true, _, _) => "P1",
        (_, "request", 0..=29) => "P3",
        (_, "request", _) => "P4",
        (_, _, 0..=24) => "P2",
        (_, _, 25..=84) => "P3",
        _ => "P4",
    };
    let any_hour = urgent || customer.hours == Some(Hours::Always) || dice.chance(150);
    let minute = if any_hour { dice.between(0, 24 * 60 - 1) } else { dice.between(8 * 60, 17 * 60 + 45) };
    let zone = customer.hours.unwrap_or(Hours::Office);
    let created = day * DAY - zone.offset(day) + minute * MINUTE + dice.between(0, 59) * 1000;
    let mut ticket = Ticket::new(dice, number(day, index), created, customer, priority, &kind);
    live(dice, &mut ticket, &promise(priority, kind.name, customer), people_of(kind.group));
    ticket
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo_data::tests::PRESENT;

    #[test]
    fn the_month_has_the_size_of_a_small_provider_at_any_hour() {
        for hour in 0..24 * 14 {
            let tickets = month(PRESENT + hour * HOUR);
            let open = tickets.iter().filter(|ticket| !ticket.done).count();
            assert!((320..=480).contains(&tickets.len()), "{} tickets at +{hour} h", tickets.len());
            assert!((25..=100).contains(&open), "{open} open at +{hour} h");
        }
    }

    #[test]
    fn nothing_lies_before_its_ticket_or_after_the_present() {
        for ticket in month(PRESENT) {
            assert!(ticket.created <= PRESENT, "{}", ticket.id);
            assert!(
                ticket.events.iter().all(|(at, _)| (ticket.created..=PRESENT).contains(at)),
                "{}",
                ticket.id
            );
            assert!(ticket.events.is_sorted_by_key(|(at, _)| *at), "{}", ticket.id);
        }
    }

    #[test]
    fn a_past_day_stays_as_it_was_and_ids_are_unique() {
        let ids =
            |present: i64| -> Vec<String> { month(present).into_iter().map(|ticket| ticket.id).collect() };
        let (first, later) = (ids(PRESENT), ids(PRESENT + 2 * HOUR));
        assert!(first.iter().all(|id| later.contains(id)));
        let mut unique = later.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), later.len());
    }
}
