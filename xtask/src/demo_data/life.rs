//! The life of a ticket after it came in.

use super::customers::Customer;
use super::dates::{DAY, HOUR, MINUTE};
use super::dice::Dice;
use super::hours::Hours;
use super::ticket::Ticket;

/// What the agreement promises, as the people of the story know it.
pub(super) struct Promise {
    hours: Hours,
    response: i64,
    resolution: i64,
}

pub(super) fn promise(priority: &str, kind: &str, customer: &Customer) -> Promise {
    let (hours, response, resolution) = match (priority, customer.hours, kind) {
        ("P1", _, _) => (Hours::Always, 15, 4 * 60),
        (_, Some(Hours::Always), _) => (Hours::Always, 30, 24 * 60),
        (_, Some(own), _) => (own, 60, 18 * 60),
        ("P2", _, _) => (Hours::Extended, 60, 12 * 60),
        (_, _, "request") => (Hours::Office, 8 * 60, 40 * 60),
        _ => (Hours::Office, 2 * 60, 24 * 60),
    };
    Promise { hours, response: response * MINUTE, resolution: resolution * MINUTE }
}

/// So many thousandths of a length, in whole seconds as ticketing systems keep them.
fn part(length: i64, per_mille: i64) -> i64 {
    length * per_mille / 1_000_000 * 1000
}

/// From the first look to closing, in steps of work with something in between.
pub(super) fn live(dice: &mut Dice, ticket: &mut Ticket, promise: &Promise, people: &[&str]) {
    let hours = promise.hours;
    let share = if dice.chance(70) { dice.between(1050, 2200) } else { dice.between(60, 780) };
    let response = part(promise.response, share);
    let taken = hours.after(ticket.created, part(response, dice.between(300, 1000)));
    ticket.field(taken, "assignee", dice.pick::<&str>(people));
    ticket.status(taken, "In Progress");
    let mut at = hours.after(ticket.created, response).max(taken);
    ticket.reply(at, "agent", true);

    let share = match dice.between(if hours == Hours::Always { -60 } else { 0 }, 99) {
        ..=-1 => dice.between(600, 990),
        0..=10 => dice.between(1050, 2400),
        11..=34 => dice.between(820, 995),
        _ => dice.between(140, 820),
    };
    let work = (part(promise.resolution, share) - response).max(5 * MINUTE);
    let steps = dice.between(1, 4);
    for step in 0..steps {
        at = hours.after(at, part(work, 1000 / steps));
        if step + 1 < steps && !between(dice, ticket, &mut at, hours, step) {
            return;
        }
    }
    resolve(dice, ticket, at, hours);
}

/// Something between two steps of work. Says whether it ever ends.
fn between(dice: &mut Dice, ticket: &mut Ticket, at: &mut i64, hours: Hours, step: i64) -> bool {
    let start = *at;
    match dice.between(0, 99) {
        0..=37 => {
            ticket.reply(start, "agent", true);
            ticket.status(start, "Waiting on customer");
            if dice.chance(40) {
                return false;
            }
            *at = start + dice.between(20, 36 * 60) * MINUTE;
            ticket.reply(*at, "requester", true);
            ticket.status(*at, "In Progress");
        }
        38..=47 => {
            ticket.status(start, "Waiting on parts");
            *at = hours.after(start + dice.between(1, 4) * DAY, 30 * MINUTE);
            ticket.status(*at, "In Progress");
        }
        48..=57 => {
            ticket.reply(start, "agent", true);
            ticket.status(start, "Scheduled");
            *at = hours.after(start + dice.between(14, 60) * HOUR, 0);
            ticket.status(*at, "In Progress");
        }
        58..=65 => {
            let reason = *dice.pick(&[
                "Carrier checks the line",
                "Case open with the software vendor",
                "Landlord opens the riser on site",
            ]);
            ticket.pause(start, reason);
            *at = hours.after(start + dice.between(2, 30) * HOUR, 10 * MINUTE);
            ticket.resume(*at);
        }
        66..=73 if step == 0 => {
            let raised = dice.chance(600);
            ticket.reply(start, "requester", true);
            ticket.field(start + 3 * MINUTE, "priority", if raised { "P2" } else { "P4" });
        }
        74..=86 => ticket.reply(start, "agent", false),
        _ => {
            ticket.reply(start, "requester", true);
            *at = hours.after(start, dice.between(4, 40) * MINUTE);
            ticket.reply(*at, "agent", true);
        }
    }
    true
}

fn resolve(dice: &mut Dice, ticket: &mut Ticket, at: i64, hours: Hours) {
    ticket.reply(at, "agent", true);
    ticket.status(at, "Resolved");
    let mut end = at;
    if dice.chance(60) {
        let back = at + dice.between(30, 26 * 60) * MINUTE;
        ticket.reply(back, "requester", true);
        ticket.status(back, "In Progress");
        end = hours.after(back, dice.between(20, 180) * MINUTE);
        ticket.reply(end, "agent", true);
        ticket.status(end, "Resolved");
    }
    ticket.status(end + 2 * DAY, "Closed");
}
