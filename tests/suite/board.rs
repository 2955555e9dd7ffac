//! A board tells for each ticket what an evaluation tells, whatever was put, removed and ticked before.

use std::cell::Cell;
use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use serde_json::{Value, json};
use slaclock_core::{Agreement, Board, Columns, Evaluation, Instant, Options, State, Ticket, to_json};

use crate::generate::{TicketCase, for_all, whole_case};
use crate::reference::{MINUTE, instant_ms, text_of};

/// Something done to a board.
#[derive(Debug, Clone)]
enum Step {
    /// Puts a ticket of this number, with only some of its events.
    Put(usize, u16),
    Remove(usize),
    /// Moves on by so many milliseconds.
    Tick(i64),
    /// Moves so close to the next event: 0 is that instant, -1 the last one before it.
    Event(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (0usize..6, any::<u16>()).prop_map(|(ticket, events)| Step::Put(ticket, events)),
        2 => (0usize..6).prop_map(Step::Remove),
        4 => (0i64..3000 * MINUTE).prop_map(Step::Tick),
        1 => (-4000 * MINUTE..0).prop_map(Step::Tick),
        8 => prop_oneof![4 => Just(0i64), 2 => Just(-1i64), 1 => Just(1i64)].prop_map(Step::Event),
    ]
}

fn at(ms: i64) -> Instant {
    Instant::from_ms(ms).expect("an instant in range")
}

/// A ticket like that of the case, with another id and some of its events.
fn variant(case: &TicketCase, number: usize, events: u16) -> Ticket {
    let mut ticket = case.ticket.clone();
    ticket["id"] = json!(format!("T-{number}"));
    let all = ticket["events"].as_array_mut().expect("events");
    let mut index = 0;
    all.retain(|_| {
        index += 1;
        events >> (index % 16) & 1 == 1
    });
    Ticket::from_json(&ticket.to_string()).expect("a ticket")
}

/// What may not change before a tick reports the row: all but what time itself moves.
fn standing(evaluation: &Evaluation) -> Value {
    let mut standing: Value = serde_json::from_str(&to_json(evaluation)).expect("JSON");
    let mut paused = false;
    for clock in standing["clocks"].as_array_mut().expect("clocks") {
        paused |= clock["state"] == "paused";
        let given_up = clock.get("stopped_at").is_none()
            && (clock["state"] == "cancelled" || clock["state"] == "breached");
        let keys = clock.as_object_mut().expect("a clock");
        for moves in ["elapsed_ms", "wall_elapsed_ms", "remaining_ms", "consumed_bp", "due_if_resumed_now"] {
            keys.remove(moves);
        }
        if keys["state"] == "pending" && keys["next_change_at"].is_null() {
            // Open time to the date that it would have to meet if it started at this instant.
            keys.remove("target_ms");
        }
        for limit in keys.get_mut("limits").and_then(Value::as_array_mut).into_iter().flatten() {
            let limit = limit.as_object_mut().expect("a limit");
            limit.remove("elapsed_ms");
            limit.remove("remaining_ms");
            // The engine counts on from `now` for a clock that no policy promises any more.
            if given_up {
                limit.remove("due_at");
            }
        }
    }
    if paused {
        // It may be `due_if_resumed_now` that lies beyond the range, or no longer.
        let notices = standing["notices"].as_array_mut().expect("notices");
        notices.retain(|notice| notice["code"] != "beyond_range");
    }
    standing
}

/// The board beside a plain list of what must be on it.
struct Model<'a> {
    case: &'a TicketCase,
    agreement: Agreement,
    board: Board,
    tickets: BTreeMap<usize, (usize, Ticket)>,
    /// Most tickets that were on the board together.
    most: usize,
    put: Vec<usize>,
    /// What was told about each row at the last tick.
    told: BTreeMap<usize, Value>,
    reported: usize,
    quiet: usize,
}

impl Model<'_> {
    fn step(&mut self, step: &Step) -> TestCaseResult {
        match *step {
            Step::Put(number, events) => {
                let ticket = variant(self.case, number, events);
                let row = self.board.put(&ticket).expect("a ticket that fits");
                if let Some((known, _)) = self.tickets.get(&number) {
                    prop_assert_eq!(row, *known, "a ticket keeps its row");
                } else {
                    prop_assert!(self.tickets.values().all(|(taken, _)| *taken != row));
                    self.most = self.most.max(self.tickets.len() + 1);
                    prop_assert!(row < self.most, "rows are used again");
                }
                self.tickets.insert(number, (row, ticket));
                self.put.push(row);
                self.told.remove(&row);
            }
            Step::Remove(number) => {
                let known = self.tickets.remove(&number).map(|(row, _)| row);
                prop_assert_eq!(self.board.remove(&format!("T-{number}")), known);
                if let Some(row) = known {
                    self.put.retain(|put| *put != row);
                    self.told.remove(&row);
                    prop_assert!(self.board.id(row).is_none() && self.board.evaluation(row).is_none());
                    let width = self.board.width();
                    let cells = &self.board.columns().state[row * width..(row + 1) * width];
                    prop_assert!(cells.iter().all(|state| *state == Columns::ABSENT));
                }
            }
            Step::Tick(by) => return self.tick(at((self.board.now().ms() + by).max(0))),
            Step::Event(by) => {
                let before = self.board.now();
                let Some(event) = self.board.next_event_at() else { return Ok(()) };
                prop_assert!(event > before || !self.put.is_empty());
                let now = at((event.ms() + by).max(before.ms()));
                return self.tick(now);
            }
        }
        prop_assert_eq!(self.board.len(), self.tickets.len());
        Ok(())
    }

    fn tick(&mut self, now: Instant) -> TestCaseResult {
        let (before, event) = (self.board.now(), self.board.next_event_at());
        let rows = self.board.tick(now).to_vec();
        prop_assert!(rows.is_sorted_by(|a, b| a < b), "{:?}", rows);
        prop_assert!(self.put.iter().all(|row| rows.contains(row)), "{:?} but put {:?}", rows, self.put);
        let due = event.is_some_and(|event| event <= now);
        if now >= before {
            prop_assert_eq!(due, !rows.is_empty(), "{:?} reported at {}, event {:?}", rows, now, event);
        } else {
            prop_assert_eq!(rows.len(), self.tickets.len());
        }
        prop_assert!(self.board.next_event_at().is_none_or(|event| event > now));
        prop_assert!(self.board.tick(now).is_empty(), "nothing is left to report");
        self.put.clear();
        self.reported += rows.len();
        self.quiet += self.tickets.len() - rows.len();
        for (number, (row, ticket)) in &self.tickets {
            let exact = self.agreement.evaluate(ticket, Options::at(now)).expect("an evaluation");
            let told = self.board.evaluation(*row).expect("an evaluation");
            prop_assert_eq!(to_json(&told), to_json(&exact));
            prop_assert_eq!(self.board.id(*row), Some(&*format!("T-{number}")));
            let standing = standing(&exact);
            if !rows.contains(row) {
                prop_assert_eq!(self.told.get(row), Some(&standing), "unreported at {}", now);
            }
            self.told.insert(*row, standing);
            self.cells(*row, &exact)?;
        }
        Ok(())
    }

    /// The cells of a row are those of an evaluation at the board's instant.
    fn cells(&self, row: usize, exact: &Evaluation) -> TestCaseResult {
        let (columns, now) = (self.board.columns(), self.board.now());
        let instant = |at: Option<Instant>| at.map_or(Columns::NONE, Instant::ms);
        let mut found = 0;
        for (number, (set, name, metric)) in self.board.clocks().enumerate() {
            let cell = row * self.board.width() + number;
            let mine = exact.clocks.iter().find(|clock| clock.set.0.as_ref() == set && clock.clock == *name);
            let Some(clock) = mine else {
                prop_assert_eq!(columns.state[cell], Columns::ABSENT);
                prop_assert_eq!(columns.elapsed_at(cell, now), None);
                continue;
            };
            found += 1;
            prop_assert_eq!(clock.metric, metric);
            prop_assert_eq!(State::ALL[usize::from(columns.state[cell])], clock.state, "{:?}", clock);
            prop_assert_eq!(columns.rate[cell], clock.rate);
            prop_assert_eq!(columns.overdue[cell], u8::from(clock.overdue));
            prop_assert_eq!(columns.at_risk[cell], u8::from(clock.at_risk.0.is_some()));
            prop_assert_eq!(columns.elapsed_at(cell, now), Some(clock.elapsed_ms), "{:?}", clock);
            let waits = clock.state == State::Pending && clock.next_change_at.is_none();
            if !waits || columns.measured_at[cell] == now.ms() {
                prop_assert_eq!(columns.target_ms[cell], clock.target_ms, "{:?}", clock);
                prop_assert_eq!(columns.target_ms[cell] - clock.elapsed_ms, clock.remaining_ms);
            }
            prop_assert_eq!(columns.due_at[cell], instant(clock.due_at.0.flatten()), "{:?}", clock);
            prop_assert_eq!(columns.stopped_at[cell], instant(clock.stopped_at.0));
            prop_assert_eq!(columns.next_change_at[cell], instant(clock.next_change_at), "{:?}", clock);
            prop_assert!(columns.measured_at[cell] <= now.ms());
        }
        prop_assert_eq!(found, exact.clocks.len());
        Ok(())
    }
}

#[test]
fn after_any_steps_every_row_tells_what_an_evaluation_tells() {
    let (reported, quiet) = (Cell::new(0), Cell::new(0));
    for_all(400, (whole_case(), vec(step(), 1..40)), |(case, steps)| {
        // While a failure is made smaller, clocks may vanish that something else names.
        let agreement = Agreement::from_json(&case.agreement.to_string(), false);
        prop_assume!(agreement.is_ok());
        let agreement = agreement.expect("an agreement");
        let mut model = Model {
            case: &case,
            board: Board::new(agreement.clone(), at((case.created - 100 * MINUTE).max(0))),
            agreement,
            tickets: BTreeMap::new(),
            most: 0,
            put: vec![],
            told: BTreeMap::new(),
            reported: 0,
            quiet: 0,
        };
        for step in &steps {
            model.step(step)?;
        }
        reported.set(reported.get() + model.reported);
        quiet.set(quiet.get() + model.quiet);
        Ok(())
    });
    assert!(
        reported.get() > 2_000 && quiet.get() > 2_000,
        "{} reported, {} not",
        reported.get(),
        quiet.get()
    );
}

fn office_board() -> Board {
    let document = json!({"slaclock": "1", "id": "b", "policies": [
        {"id": "all", "clocks": {"resolution": {"within": "4h", "calendar": "always"}}}]});
    let agreement = Agreement::from_json(&document.to_string(), false).expect("an agreement");
    Board::new(agreement, at(instant_ms("2026-11-23T10:00:00Z")))
}

#[test]
fn a_bad_line_is_answered_in_its_place_and_leaves_the_others_their_rows() {
    let mut board = office_board();
    let good = |id: &str| json!({"id": id, "created_at": "2026-11-23T09:00:00Z"}).to_string();
    let early = json!({"id": "T-1", "created_at": "2026-11-23T09:00:00Z",
        "events": [{"at": "2026-11-23T08:00:00Z", "status": "Open"}]});
    let text = format!("{}\n\n{{\n{early}\n{}\r\n", good("T-1"), good("T-2"));
    let answers = board.put_lines(text.as_bytes(), false);
    let told = answers.iter().map(|answer| match answer {
        Ok(row) => json!(row),
        Err(error) => json!([error.ticket, error.error.code.as_str(), error.error.pointer]),
    });
    let told: Vec<Value> = told.collect();
    assert_eq!(
        told,
        [json!(0), json!([null, "SLA-E0001", ""]), json!(["T-1", "SLA-E0301", "/events/0/at"]), json!(1)]
    );
    let now = board.now();
    assert_eq!(board.tick(now), [0, 1]);
    assert_eq!(board.evaluation(0).expect("T-1 as it was").clocks[0].elapsed_ms, 60 * MINUTE);
    let ticket = r#"{"id":"T-3","created_at":1763888400000}"#;
    assert!(board.put_json(ticket).is_err(), "numbers for instants only where they were asked for");
    assert_eq!(board.put_lines(ticket.as_bytes(), true), [Ok(2)]);
}

#[test]
fn tickets_that_come_and_go_leave_nothing_behind() {
    let mut board = office_board();
    let mut put = |number: usize| {
        let id = format!("T-{number:06}");
        let created_at = text_of(instant_ms("2026-11-23T09:00:00Z"));
        let ticket = json!({"id": id, "created_at": created_at}).to_string();
        let row = board.put_json(&ticket).expect("a ticket");
        let now = board.now();
        board.tick(now);
        if number >= 10 {
            let before = format!("T-{:06}", number - 10);
            assert_eq!(board.remove(&before), Some((number - 10) % 11));
            assert_eq!((board.row(&before), board.remove(&before)), (None, None));
        }
        assert_eq!((row, board.row(&id)), (number % 11, Some(row)));
        assert_eq!(board.len(), number.min(9) + 1);
        board.size()
    };
    let sizes: Vec<usize> = (0..2_000).map(&mut put).collect();
    assert!(sizes[1_000..].iter().max() <= sizes[..1_000].iter().max(), "{sizes:?}");
}
