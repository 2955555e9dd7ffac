//! A realistic month of a small managed service provider: an agreement, and the tickets of the last 30 days.
//!
//! Every day has its own seed, so a day's tickets are the same whenever they are written; what lies after
//! the present is left out. Looked at at any hour, some clocks run, wait, are late or sleep.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use slaclock_core::Instant;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const DAYS: i64 = 30;

/// What [`write`] has written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Summary {
    /// Tickets in all.
    pub(crate) tickets: usize,
    /// Those that are not resolved.
    pub(crate) open: usize,
    /// Their events.
    pub(crate) events: usize,
}

/// Writes `agreement.yaml` and `tickets.jsonl` as they would stand at `today_ms`, the present instant.
///
/// # Errors
/// When the folder cannot be made or a file cannot be written.
pub(crate) fn write(folder: &Path, today_ms: i64) -> io::Result<Summary> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("agreement.yaml"), agreement(today_ms))?;
    let tickets = month(today_ms);
    let lines: String = tickets.iter().map(Ticket::to_line).collect();
    std::fs::write(folder.join("tickets.jsonl"), lines)?;
    Ok(Summary {
        tickets: tickets.len(),
        open: tickets.iter().filter(|ticket| !ticket.done).count(),
        events: tickets.iter().map(|ticket| ticket.events.len()).sum(),
    })
}

// Dates

/// Days from 1970-01-01 to a civil date (Howard Hinnant's algorithm).
fn day_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn year_of(day: i64) -> i64 {
    let guess = 1970 + day.div_euclid(366);
    (guess..=guess + 2).rfind(|year| day_of(*year, 1, 1) <= day).unwrap_or(guess)
}

/// Monday is 0.
fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

/// The n-th weekday of a month, the last one for `n` = 0.
fn nth(year: i64, month: i64, wanted: i64, n: i64) -> i64 {
    if n > 0 {
        let first = day_of(year, month, 1);
        return first + (wanted - weekday(first)).rem_euclid(7) + 7 * (n - 1);
    }
    let last = if month == 12 { day_of(year + 1, 1, 1) } else { day_of(year, month + 1, 1) } - 1;
    last - (weekday(last) - wanted).rem_euclid(7)
}

fn iso(day: i64) -> String {
    let year = year_of(day);
    let month = (1..=12).rfind(|month| day_of(year, *month, 1) <= day).unwrap_or(1);
    format!("{year:04}-{month:02}-{:02}", day - day_of(year, month, 1) + 1)
}

fn american_holidays(year: i64) -> Vec<(i64, &'static str)> {
    vec![
        (day_of(year, 1, 1), "New Year's Day"),
        (nth(year, 1, 0, 3), "Martin Luther King Day"),
        (nth(year, 5, 0, 0), "Memorial Day"),
        (day_of(year, 7, 4), "Independence Day"),
        (nth(year, 9, 0, 1), "Labor Day"),
        (nth(year, 11, 3, 4), "Thanksgiving Day"),
        (day_of(year, 12, 25), "Christmas Day"),
    ]
}

fn british_holidays(year: i64) -> Vec<(i64, &'static str)> {
    vec![
        (day_of(year, 1, 1), "New Year's Day"),
        (nth(year, 5, 0, 1), "Early May bank holiday"),
        (nth(year, 5, 0, 0), "Spring bank holiday"),
        (nth(year, 8, 0, 0), "Summer bank holiday"),
        (day_of(year, 12, 25), "Christmas Day"),
        (day_of(year, 12, 26), "Boxing Day"),
    ]
}

fn singaporean_holidays(year: i64) -> Vec<(i64, &'static str)> {
    vec![
        (day_of(year, 1, 1), "New Year's Day"),
        (day_of(year, 5, 1), "Labour Day"),
        (day_of(year, 8, 9), "National Day"),
        (day_of(year, 12, 25), "Christmas Day"),
    ]
}

// The agreement

fn agreement(today_ms: i64) -> String {
    let today = today_ms.div_euclid(DAY);
    let years = year_of(today - DAYS - 1)..=year_of(today) + 1;
    let list = |holidays: fn(i64) -> Vec<(i64, &'static str)>| -> String {
        years.clone().flat_map(holidays).fold(String::new(), |mut text, (day, name)| {
            let _ = writeln!(text, "      - {{ date: {}, name: \"{name}\" }}", iso(day));
            text
        })
    };
    let eves = years.clone().fold(String::new(), |mut text, year| {
        let _ =
            writeln!(text, "      - {{ date: {year}-12-24, hours: [\"09:00-13:00\"], name: Christmas Eve }}");
        text
    });
    AGREEMENT
        .replace("YEAR", &year_of(today).to_string())
        .replace("SINCE", &years.start().to_string())
        .replace("AMERICAN\n", &list(american_holidays))
        .replace("BRITISH\n", &list(british_holidays))
        .replace("SINGAPOREAN\n", &list(singaporean_holidays))
        .replace("EVES\n", &eves)
}

const AGREEMENT: &str = r#"slaclock: "1"
id: northwind-YEAR
title: Northwind IT, managed services
provider: Northwind IT
customer: All contract customers
time_zone: America/New_York
currency: USD
valid: { from: SINCE-01-01 }

calendars:
  office:
    time_zone: America/New_York
    hours: { mon-fri: ["09:00-17:00"] }
    holidays:
AMERICAN
    special_days:
EVES
  extended:
    time_zone: America/New_York
    hours: { mon-fri: ["07:00-21:00"], sat: ["09:00-17:00"] }
    holidays:
AMERICAN
  london:
    time_zone: Europe/London
    hours: { mon-fri: ["08:30-17:30"] }
    holidays:
BRITISH
  pacific:
    time_zone: America/Los_Angeles
    hours: { mon-fri: ["08:00-12:00", "13:00-18:00"] }
    holidays:
AMERICAN
  singapore:
    time_zone: Asia/Singapore
    hours: { mon-fri: ["09:00-18:00"] }
    holidays:
SINGAPOREAN
  # Around the clock, 24x7, is the built-in calendar "always".

statuses:
  New: open
  In Progress: open
  Waiting on customer: { pause: customer }
  Waiting on parts: { pause: vendor }
  Scheduled: { pause: scheduled }
  Resolved: resolved
  Closed: closed

priorities:
  order: [P1, P2, P3, P4]

policies:
  - id: critical
    when: { priority: P1 }
    clocks:
      first_response: { within: 15m, calendar: always }
      resolution: { within: 4h, calendar: always, on_reopen: continue, on_change: carry }
  - id: round-the-clock
    when: { customer: Harborview Clinic }
    clocks:
      first_response: { within: 30m, calendar: always }
      resolution: { within: 24h, calendar: always }
  - id: london-office
    when: { customer: Finch & Marlow LLP }
    clocks:
      first_response: { within: 1h, calendar: london }
      resolution: { within: 18h, calendar: london }
  - id: pacific-office
    when: { customer: Redwood Outdoor Co. }
    clocks:
      first_response: { within: 1h, calendar: pacific }
      resolution: { within: 18h, calendar: pacific }
  - id: singapore-office
    when: { customer: Strait Maritime Pte }
    clocks:
      first_response: { within: 1h, calendar: singapore }
      resolution: { within: 18h, calendar: singapore }
  - id: high
    when: { priority: P2 }
    clocks:
      first_response: { within: 1h, calendar: extended }
      resolution: { within: 12h, calendar: extended }
  - id: service-request
    when: { type: request, priority: [P3, P4] }
    clocks:
      first_response: { within: 8h, calendar: office }
      resolution: { within: 40h, calendar: office, on_reopen: restart }
  - id: standard
    when: {}
    clocks:
      first_response: { within: 2h, calendar: office }
      resolution: { within: 24h, calendar: office }
"#;

// Who works when

/// Working hours, roughly as the agreement has them; a place for people to act in, not a clock.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hours {
    Always,
    Office,
    Extended,
    London,
    Pacific,
    Singapore,
}

impl Hours {
    fn offset(self, day: i64) -> i64 {
        let year = year_of(day);
        let british = day >= nth(year, 3, 6, 0) && day < nth(year, 10, 6, 0);
        let american = day >= nth(year, 3, 6, 2) && day < nth(year, 11, 6, 1);
        let hours = match self {
            Self::London => i64::from(british),
            Self::Pacific => i64::from(american) - 8,
            Self::Singapore => 8,
            Self::Always | Self::Office | Self::Extended => i64::from(american) - 5,
        };
        hours * HOUR
    }

    /// The working time of a local date, as instants.
    fn of_day(self, day: i64) -> Option<(i64, i64)> {
        let free: fn(i64) -> Vec<(i64, &'static str)> = match self {
            Self::London => british_holidays,
            Self::Singapore => singaporean_holidays,
            Self::Always | Self::Office | Self::Extended | Self::Pacific => american_holidays,
        };
        let (from, to) = match (self, weekday(day)) {
            (Self::Always, _) => (0, 24 * 60),
            (Self::Extended, 5) => (9 * 60, 17 * 60),
            (_, 5 | 6) => return None,
            _ if free(year_of(day)).iter().any(|(date, _)| *date == day) => return None,
            (Self::Extended, _) => (7 * 60, 21 * 60),
            (Self::Office, _) => (9 * 60, 17 * 60),
            (Self::London, _) => (8 * 60 + 30, 17 * 60 + 30),
            (Self::Pacific, _) => (8 * 60, 18 * 60),
            (Self::Singapore, _) => (9 * 60, 18 * 60),
        };
        let midnight = day * DAY - self.offset(day);
        Some((midnight + from * MINUTE, midnight + to * MINUTE))
    }

    fn open_at(self, instant: i64) -> bool {
        let day = (instant + self.offset(instant.div_euclid(DAY))).div_euclid(DAY);
        self.of_day(day).is_some_and(|(open, close)| (open..close).contains(&instant))
    }

    /// The instant by which so much working time has passed.
    fn after(self, start: i64, mut work: i64) -> i64 {
        let first = (start + self.offset(start.div_euclid(DAY))).div_euclid(DAY);
        for day in first - 1..first + 90 {
            let Some((open, close)) = self.of_day(day) else { continue };
            let from = open.max(start);
            if from >= close {
                continue;
            }
            if from + work <= close {
                return from + work;
            }
            work -= close - from;
        }
        start + work
    }
}

struct Customer {
    name: &'static str,
    sites: &'static [&'static str],
    hours: Option<Hours>,
    weight: i64,
}

const fn customer(
    name: &'static str,
    sites: &'static [&'static str],
    hours: Option<Hours>,
    weight: i64,
) -> Customer {
    Customer { name, sites, hours, weight }
}

const ROUND_THE_CLOCK: Customer =
    customer("Harborview Clinic", &["Ward A", "Ward B", "Pharmacy"], Some(Hours::Always), 6);

const CUSTOMERS: &[Customer] = &[
    customer("Acme Dental", &["Main Street", "Riverside", "Oak Park"], None, 6),
    ROUND_THE_CLOCK,
    customer("Finch & Marlow LLP", &["London Wall"], Some(Hours::London), 4),
    customer("Redwood Outdoor Co.", &["Portland", "Warehouse 2"], Some(Hours::Pacific), 4),
    customer("Strait Maritime Pte", &["Keppel Terminal", "Office"], Some(Hours::Singapore), 3),
    customer("Brightwater Schools", &["North Campus", "South Campus", "District office"], None, 4),
    customer("Castellano & Sons", &["Workshop", "Office"], None, 3),
    customer("Pine Hill Logistics", &["Depot 1", "Depot 4", "Dispatch"], None, 4),
    customer("Lumen Architects", &["Studio"], None, 3),
];

/// What comes in: service, type, group, and what people write.
struct Kind {
    service: &'static str,
    name: &'static str,
    group: &'static str,
    subjects: Vec<&'static str>,
}

impl Kind {
    /// Reads a line of [`URGENT`] or [`USUAL`].
    fn read(line: &'static str) -> Self {
        let mut parts = line.split("; ");
        let mut next = || parts.next().unwrap_or_default();
        Self { service: next(), name: next(), group: next(), subjects: parts.collect() }
    }
}

const URGENT: &[&str] = &[
    "Network; incident; Network; Internet down at the whole site; VPN gateway not answering; Core switch reboots every few minutes",
    "Files; incident; Cloud; File server not reachable; Shared drives gone after the update",
    "Security; incident; Cloud; Ransomware alert on a workstation; Director's mailbox sends spam",
    "Telephony; incident; Network; No incoming calls at reception",
    "Business apps; incident; Cloud; Scheduling system shows an error to everyone; Payment terminals offline in all rooms",
];

const USUAL: &[&str] = &[
    "Email; incident; Service desk; Outlook keeps asking for the password; Shared mailbox missing on phone; Mail to one customer comes back; Calendar shows the wrong time zone",
    "Workplace; incident; Service desk; Laptop does not wake from the dock; Second screen flickers; PDF export crashes; Keyboard types the wrong language; Very slow since Monday's update",
    "Printing; incident; Field service; Label printer prints half the page; Scan to mail stopped working; Paper jam on the second floor, again",
    "Network; incident; Network; Wi-Fi drops in the meeting room; Guest network without internet; Camera at the gate offline",
    "Files; incident; Cloud; Folder permissions lost after a move; Restore a spreadsheet from last Tuesday; Sync client stuck on 3 files",
    "Business apps; incident; Cloud; Invoice run stops at record 214; Report shows last year's figures; Cannot attach images to a case",
    "Telephony; incident; Network; Headset without sound in calls; Voicemail greeting plays twice",
    "Access; request; Service desk; New employee starts on the 1st; Access to the finance folder; Leaver: disable accounts on Friday; Reset second factor after phone change",
    "Workplace; request; Field service; Two more screens for the front desk; Move four desks to the new room; Loan laptop for a trade fair",
    "Licences; request; Service desk; Additional licence for the design suite; Move licence to a new computer",
];

const PEOPLE: &[(&str, &[&str])] = &[
    ("Service desk", &["Maya Okafor", "Jonas Weber", "Priya Nair", "Tom Alvarez"]),
    ("Network", &["Elif Demir", "Sam Whitfield"]),
    ("Cloud", &["Noah Lindqvist", "Ana Ferreira", "Ken Ito"]),
    ("Field service", &["Rosa Jimenez", "Dylan Brooks"]),
];

// Tickets

struct Ticket {
    id: String,
    created: i64,
    fields: Vec<(&'static str, String)>,
    events: Vec<(i64, String)>,
    done: bool,
}

impl Ticket {
    fn to_line(&self) -> String {
        let fields: Vec<String> =
            self.fields.iter().map(|(name, value)| format!("{}:{}", quoted(name), quoted(value))).collect();
        let events: Vec<String> =
            self.events.iter().map(|(at, what)| format!("{{\"at\":\"{}\",{what}}}", instant(*at))).collect();
        format!(
            "{{\"id\":{},\"created_at\":\"{}\",\"fields\":{{{}}},\"events\":[{}]}}\n",
            quoted(&self.id),
            instant(self.created),
            fields.join(","),
            events.join(",")
        )
    }

    fn status(&mut self, at: i64, status: &str) {
        self.events.push((at, format!("\"status\":{}", quoted(status))));
    }

    fn reply(&mut self, at: i64, by: &str, public: bool) {
        self.events.push((at, format!("\"reply\":{{\"by\":\"{by}\",\"public\":{public}}}")));
    }

    fn field(&mut self, at: i64, name: &str, value: &str) {
        self.events.push((at, format!("\"field\":{{{}:{}}}", quoted(name), quoted(value))));
    }

    /// Leaves out what has not happened yet; an unfinished story is an open ticket.
    fn cut(&mut self, present: i64) {
        self.events.sort_by_key(|(at, _)| *at);
        self.events.retain(|(at, _)| *at <= present);
        let last = self.events.iter().rev().find(|(_, what)| what.starts_with("\"status\""));
        self.done =
            last.is_some_and(|(_, what)| what.ends_with("\"Resolved\"") || what.ends_with("\"Closed\""));
    }
}

fn instant(ms: i64) -> String {
    Instant::from_ms(ms).unwrap_or(Instant::MIN).to_string()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn month(present: i64) -> Vec<Ticket> {
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

/// What lies on the desk at the present, whatever the hour: a clock in each state. Numbered from the
/// blocks of a day that has not come, so that no number is given twice.
fn desk(present: i64, day: i64) -> Vec<Ticket> {
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
        let mut ticket = new_ticket(&mut dice, id, ago(self.age), self.customer, self.priority, &kind);
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

fn number(day: i64, index: i64) -> i64 {
    10_000 + (day - 20_000) * 20 + index
}

fn people_of(group: &str) -> &'static [&'static str] {
    PEOPLE.iter().find(|(name, _)| *name == group).map_or(PEOPLE[0].1, |(_, people)| *people)
}

fn tickets_of_day(day: i64) -> Vec<Ticket> {
    let mut dice = Dice::new(day);
    let busy = Hours::Office.of_day(day).is_some();
    let count = if busy { dice.between(15, 19) } else { dice.between(4, 6) };
    (0..count).map(|index| ticket(&mut dice, day, index, busy)).collect()
}

fn ticket(dice: &mut Dice, day: i64, index: i64, busy: bool) -> Ticket {
    // Whoever works at weekends writes at weekends.
    let customer = if !busy && dice.chance(700) { &ROUND_THE_CLOCK } else { dice.customer() };
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
    let mut ticket = new_ticket(dice, number(day, index), created, customer, priority, &kind);
    live(dice, &mut ticket, &promise(priority, kind.name, customer), people_of(kind.group));
    ticket
}

fn new_ticket(
    dice: &mut Dice,
    number: i64,
    created: i64,
    customer: &Customer,
    priority: &str,
    kind: &Kind,
) -> Ticket {
    let channels: &[&str] = if priority == "P1" {
        &["phone", "monitoring"]
    } else {
        &["portal", "email", "email", "phone", "chat"]
    };
    let fields = [
        ("subject", *dice.pick(&kind.subjects)),
        ("status", "New"),
        ("priority", priority),
        ("type", kind.name),
        ("customer", customer.name),
        ("service", kind.service),
        ("site", *dice.pick(customer.sites)),
        ("channel", *dice.pick(channels)),
        ("group", kind.group),
    ];
    Ticket {
        id: format!("T-{number}"),
        created,
        fields: fields.into_iter().map(|(name, value)| (name, value.to_owned())).collect(),
        events: Vec::new(),
        done: false,
    }
}

/// What the agreement promises, as the people of the story know it.
struct Promise {
    hours: Hours,
    response: i64,
    resolution: i64,
}

fn promise(priority: &str, kind: &str, customer: &Customer) -> Promise {
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
fn live(dice: &mut Dice, ticket: &mut Ticket, promise: &Promise, people: &[&str]) {
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
            ticket.events.push((
                start,
                format!("\"pause\":{{\"reason\":{},\"party\":\"third_party\"}}", quoted(reason)),
            ));
            *at = hours.after(start + dice.between(2, 30) * HOUR, 10 * MINUTE);
            ticket.events.push((*at, "\"resume\":{\"party\":\"third_party\"}".to_owned()));
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

/// A small generator (SplitMix64); the demo needs the same tickets on every machine, not good randomness.
struct Dice(u64);

impl Dice {
    fn new(seed: i64) -> Self {
        Self(seed.unsigned_abs().wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x51AC_10C4)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn between(&mut self, least: i64, most: i64) -> i64 {
        let width = u64::try_from(most - least + 1).unwrap_or(1);
        least + i64::try_from(self.next() % width).unwrap_or(0)
    }

    /// So many times out of a thousand.
    fn chance(&mut self, per_mille: i64) -> bool {
        self.between(0, 999) < per_mille
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let last = i64::try_from(list.len()).unwrap_or(1) - 1;
        &list[usize::try_from(self.between(0, last)).unwrap_or(0)]
    }

    fn customer(&mut self) -> &'static Customer {
        let mut left = self.between(1, CUSTOMERS.iter().map(|customer| customer.weight).sum());
        CUSTOMERS
            .iter()
            .find(|customer| {
                left -= customer.weight;
                left <= 0
            })
            .unwrap_or(&CUSTOMERS[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // 2026-11-20T16:00:00Z, a Friday morning in New York.
    const PRESENT: i64 = 1_795_190_400_000;

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!(iso(day_of(2026, 2, 28)), "2026-02-28");
        assert_eq!(iso(day_of(2028, 2, 29)), "2028-02-29");
        assert_eq!(day_of(2026, 11, 20), PRESENT.div_euclid(DAY));
        assert_eq!(weekday(day_of(2026, 11, 20)), 4);
        assert_eq!(iso(nth(2026, 11, 3, 4)), "2026-11-26");
        assert_eq!(iso(nth(2026, 5, 0, 0)), "2026-05-25");
        assert_eq!(iso(nth(2026, 12, 0, 0)), "2026-12-28");
        for day in 18_000..30_000 {
            let year = year_of(day);
            assert!(day_of(year, 1, 1) <= day && day < day_of(year + 1, 1, 1), "{day}");
        }
    }

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

    #[test]
    fn the_same_instant_gives_the_same_bytes() {
        let folder = std::env::temp_dir().join("slaclock-demo-data-test");
        let read = || -> io::Result<(Summary, String, String)> {
            let summary = write(&folder, PRESENT)?;
            Ok((
                summary,
                std::fs::read_to_string(folder.join("tickets.jsonl"))?,
                std::fs::read_to_string(folder.join("agreement.yaml"))?,
            ))
        };
        let (summary, tickets, agreement) = read().unwrap();
        assert_eq!((summary, tickets.clone(), agreement.clone()), read().unwrap());
        assert_eq!(tickets.lines().count(), summary.tickets);
        assert!(agreement.contains("- { date: 2026-11-26, name: \"Thanksgiving Day\" }"));
        assert!(
            !agreement.contains("AMERICAN") && !agreement.contains("YEAR") && !agreement.contains("SINCE")
        );
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
