//! What a cycle must reach, and when it does: counted time, real time, or a date.

use crate::agreement::{Point, Target, Term};
use crate::instant::Instant;
use crate::ticket::DueValue;

use super::counting::Counting;
use super::exclusions::Exclusions;

/// What a cycle has used so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Gauge {
    /// Counted time.
    pub(super) counted: i64,
    /// Real time less pauses and exclusions.
    pub(super) wall: i64,
    /// Open time that was paused or excluded.
    pub(super) lost: i64,
}

/// A date to be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Deadline {
    /// As the agreement or the ticket names it; one before the start is the start.
    named: Instant,
    /// With what extensions add where pauses do not move it; none where the calendar never opens for them.
    at: Option<Instant>,
    /// Where pauses move it: the counted time at which it has come.
    mark: Option<i64>,
}

/// What is to be reached and not passed; whichever limit comes first governs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Goal {
    pub(super) counted: Option<i64>,
    pub(super) wall: Option<i64>,
    date: Option<Deadline>,
    /// Counted time from the start to the target.
    pub(super) target: i64,
}

/// How a cycle counts: on the calendar of its term, and beside it in real time.
#[derive(Clone, Copy)]
pub(super) struct Ways<'a> {
    pub(super) calendar: Counting<'a>,
    pub(super) wall: Counting<'a>,
}

impl<'a> Ways<'a> {
    pub(super) fn of(term: &'a Term, exclusions: &'a [(i64, i64)]) -> Self {
        let calendar = Counting { calendar: Some(term.calendar.timetable()), exclusions, known: None };
        Self { calendar, wall: Counting { calendar: None, exclusions, known: None } }
    }

    /// With the exclusions that are known to all that was.
    pub(super) fn knowing(term: &'a Term, known: Option<&'a Exclusions>) -> Self {
        let calendar = Counting { calendar: Some(term.calendar.timetable()), exclusions: &[], known };
        Self { calendar, wall: Counting { calendar: None, exclusions: &[], known } }
    }
}

impl Goal {
    /// What a term asks of a cycle that started at `started` and has used `gauge` by `at`.
    pub(super) fn of(term: &Term, due: DueValue, started: Instant, at: Instant, gauge: &Gauge) -> Self {
        let (date, moves) = match term.target {
            Target::Within { counted, wall } => {
                return Self { counted: Some(counted), wall, date: None, target: counted };
            }
            Target::BusinessDays { days, minute } => (term.business_days_due(started, days, minute), true),
            Target::Field { pause_moves, .. } => {
                let at = match due {
                    DueValue::None => None,
                    DueValue::At(ms) => Instant::from_ms(ms),
                    DueValue::Day(day) => term.end_of(day),
                };
                (at, pause_moves)
            }
        };
        let Some(date) = date.map(|date| date.max(started)) else {
            return Self::default();
        };
        let calendar = Counting { calendar: Some(term.calendar.timetable()), ..Counting::default() };
        let left = calendar.plain(at, date).saturating_add(gauge.lost);
        let mark = moves.then(|| gauge.counted.saturating_add(left));
        Self {
            date: Some(Deadline { named: date, at: Some(date), mark }),
            target: calendar.plain(started, date),
            ..Self::default()
        }
    }

    /// The same with more time.
    pub(super) fn extended(mut self, by: i64, term: &Term) -> Self {
        if by == 0 {
            return self;
        }
        self.counted = self.counted.map(|counted| counted.saturating_add(by));
        self.wall = self.wall.map(|wall| wall.saturating_add(by));
        self.target = self.target.saturating_add(by);
        if let Some(date) = &mut self.date {
            match &mut date.mark {
                Some(mark) => *mark = mark.saturating_add(by),
                None => {
                    let calendar = term.calendar.timetable();
                    let calendar = Counting { calendar: Some(calendar), ..Counting::default() };
                    date.at = date.at.and_then(|at| calendar.due(at, by));
                }
            }
        }
        self
    }

    /// Counted time alone, and real time alone, of a target that has both.
    pub(super) fn limits(&self) -> Option<[Self; 2]> {
        let counted = Self { wall: None, ..*self };
        self.wall.map(|_| [counted, Self { counted: None, ..*self }])
    }

    /// Whether both ask for the same, however pauses have moved a date since.
    pub(super) fn same_target(&self, other: &Self) -> bool {
        let date = |goal: &Self| goal.date.map(|date| (date.named, date.mark.is_some()));
        (self.counted, self.wall, self.target) == (other.counted, other.wall, other.target)
            && date(self) == date(other)
    }

    /// Counted time alone (0) or real time alone (1).
    pub(super) fn only(&self, number: usize) -> Self {
        let (counted, wall) = if number == 0 { (self.counted, None) } else { (None, self.wall) };
        Self { counted, wall, date: None, target: self.target }
    }

    /// The instant of a date that pauses do not move.
    pub(super) fn fixed_date(&self) -> Option<Instant> {
        self.date.filter(|date| date.mark.is_none())?.at
    }

    /// Whether it is a date that pauses do not move, so that it can come during one.
    pub(super) fn is_fixed_date(&self) -> bool {
        self.date.is_some_and(|date| date.mark.is_none())
    }

    /// Whether it is reached at `at`.
    pub(super) fn is_reached(&self, gauge: &Gauge, at: Instant) -> bool {
        self.counted.is_some_and(|counted| gauge.counted >= counted)
            || self.wall.is_some_and(|wall| gauge.wall >= wall)
            || self.date.is_some_and(|date| {
                date.at.is_some_and(|date| date <= at) && date.mark.is_none_or(|mark| gauge.counted >= mark)
            })
    }

    /// Whether a date that is new at `at` lies before it.
    pub(super) fn has_gone_by(&self, gauge: &Gauge, extended: i64, at: Instant, ways: &Ways<'_>) -> bool {
        self.date.is_some_and(|date| match date.mark {
            None => date.at.is_some_and(|date| date < at),
            Some(mark) if gauge.counted != mark => gauge.counted > mark && date.named < at,
            // Open time after the date that is neither lost to pauses nor given by extensions would have been counted.
            Some(_) => {
                let given = gauge.lost.saturating_add(extended);
                ways.calendar.plain_due(date.named, given).is_some_and(|due| due < at)
            }
        })
    }

    /// Whether it is passed at `at`: a stop there comes too late. For a date, it was `reached` earlier.
    pub(super) fn is_late(&self, gauge: &Gauge, at: Instant, reached: Option<Instant>) -> bool {
        self.counted.is_some_and(|counted| gauge.counted > counted)
            || self.wall.is_some_and(|wall| gauge.wall > wall)
            || self.date.is_some_and(|_| reached.is_some_and(|reached| at > reached))
    }

    /// The earliest instant from `from` on at which it is reached, counting on without a pause.
    pub(super) fn reached(&self, gauge: &Gauge, from: Instant, ways: &Ways<'_>) -> Option<Instant> {
        if let (Some(counted), None, None) = (self.counted, self.wall, self.date) {
            return ways.calendar.due(from, counted.saturating_sub(gauge.counted));
        }
        let limit = |limit: Option<i64>, used: i64, way: &Counting<'_>| {
            limit.and_then(|limit| way.due(from, limit.saturating_sub(used)))
        };
        let date = self.date.and_then(|date| match date.mark {
            None => Some(date.at?.max(from)),
            Some(mark) => {
                let at = limit(Some(mark), gauge.counted, &ways.calendar)?.max(date.named);
                ways.wall.out_of_exclusions(from, at)
            }
        });
        let counted = limit(self.counted, gauge.counted, &ways.calendar);
        let wall = limit(self.wall, gauge.wall, &ways.wall);
        [counted, wall, date].into_iter().flatten().min()
    }

    /// The earliest instant from `from` on at which a stop comes too late, counting on without a pause.
    pub(super) fn first_late(&self, gauge: &Gauge, from: Instant, ways: &Ways<'_>) -> Option<Instant> {
        let beyond = |limit: Option<i64>| limit.map(|limit| limit.saturating_add(1));
        let limits = Self { counted: beyond(self.counted), wall: beyond(self.wall), date: None, target: 0 };
        if self.date.is_none() {
            return limits.reached(gauge, from, ways);
        }
        let date = Self { date: self.date, ..Self::default() };
        let date = date.reached(gauge, from, ways).and_then(|at| {
            // What pauses move does not pass during an exclusion.
            if date.is_fixed_date() {
                Instant::from_ms(at.ms().saturating_add(1))
            } else {
                ways.wall.due(at, 1)
            }
        });
        [limits.reached(gauge, from, ways), date].into_iter().flatten().min()
    }

    /// What is to be reached for a point before or after the target; none for one that never comes.
    pub(super) fn at_point(&self, point: Point, started: Instant, term: &Term) -> Option<Self> {
        let share = |target: i64| match point {
            Point::Before(_) => Some(point.mark(target)).filter(|left| *left > 0),
            _ => Some(point.mark(target)),
        };
        if matches!(point, Point::Due | Point::Percent(100)) {
            return Some(*self);
        }
        let named_at = |named| Deadline { named, at: Some(named), mark: None };
        let date = self.date.and_then(|date| {
            let calendar = Counting { calendar: Some(term.calendar.timetable()), ..Counting::default() };
            let (date_at, used) = (date.at?, share(self.target)?);
            Some(match date.mark {
                Some(mark) => {
                    let mark = mark.saturating_sub(self.target).saturating_add(used);
                    let named = if used > self.target { date_at } else { started };
                    Deadline { named, at: Some(named), mark: Some(mark) }
                }
                None if used > self.target => {
                    let after = used.saturating_sub(self.target);
                    named_at(calendar.due(date_at, after)?)
                }
                None => named_at(calendar.due(started, used)?),
            })
        });
        let (counted, wall) = (self.counted.and_then(share), self.wall.and_then(share));
        let goal = Self { counted, wall, date, target: self.target };
        (counted.is_some() || wall.is_some() || date.is_some()).then_some(goal)
    }

    /// The governing figures of a date: how it stands in the result.
    pub(super) fn has_date(&self) -> bool {
        self.date.is_some()
    }
}
