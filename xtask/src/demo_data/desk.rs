//! The tickets that are placed by hand, counted back from the present.

use super::customers::{CUSTOMERS, Customer, ROUND_THE_CLOCK};
use super::dates::MINUTE;
use super::dice::Dice;
use super::hours::Hours;
use super::kinds::{Kind, URGENT, USUAL};
use super::people::people_of;
use super::ticket::{Ticket, number};

/// What lies on the desk at the present, whatever the hour: a clock in each state. Numbered from the
/// blocks of a day that has not come, so that no number is given twice.
pub(super) fn desk(present: i64, day: i64) -> Vec<Ticket> {
    // Offices of which at least one is closed at any moment.
    let offices = [Hours::London, Hours::Singapore, Hours::Pacific];
    let asleep = offices.into_iter().find(|office| !office.open_at(present)).unwrap_or(Hours::Pacific);
    let sleeper =
        CUSTOMERS.iter().find(|customer| customer.hours == Some(asleep)).unwrap_or(&ROUND_THE_CLOCK);
    let clinic = &ROUND_THE_CLOCK;
    // Minutes ago: when it came in, when it was answered (0: not yet), when its status last changed.
    let case = |customer, priority, line, age, answered, status| Case {
        customer,
        priority,
        line,
        age,
        answered,
        status,
    };
    let cases = [
        case(&CUSTOMERS[0], "P1", URGENT[0], 11, 0, None),
        case(&CUSTOMERS[7], "P1", URGENT[4], 82, 75, None),
        case(clinic, "P1", URGENT[1], 205, 196, None),
        case(clinic, "P2", USUAL[5], 26 * 60 + 17, 26 * 60, None),
        case(clinic, "P3", USUAL[2], 9 * 60 + 40, 9 * 60 + 21, Some(("Waiting on parts", 5 * 60))),
        case(clinic, "P3", USUAL[4], 14 * 60 + 5, 14 * 60 - 8, None),
        case(sleeper, "P3", USUAL[1], 21 * 60, 0, None),
    ];
    (0..).zip(cases).map(|(index, case)| case.ticket(present, day, index)).collect()
}

/// A ticket described by how long ago things happened to it, in minutes.
struct Case {
    customer: &'static Customer,
    priority: &'static str,
    line: &'static str,
    age: i64,
    answered: i64,
    status: Option<(&'static str, i64)>,
}

impl Case {
    fn ticket(&self, present: i64, day: i64, index: i64) -> Ticket {
        let ago = |minutes: i64| (present - minutes * MINUTE).div_euclid(1000) * 1000;
        let kind = Kind::read(self.line);
        let mut dice = Dice::new(day + index);
        let id = number(day, index);
        let mut ticket = Ticket::new(&mut dice, id, ago(self.age), self.customer, self.priority, &kind);
        if self.answered > 0 {
            let at = ago(self.answered);
            ticket.field(at, "assignee", dice.pick::<&str>(people_of(kind.group)));
            ticket.status(at, "In Progress");
            ticket.reply(at, "agent", true);
        }
        if let Some((status, minutes)) = self.status {
            ticket.status(ago(minutes), status);
        }
        ticket
    }
}
