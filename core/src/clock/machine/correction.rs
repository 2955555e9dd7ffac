//! Extensions and excuses.

use crate::notice::Notice;
use crate::ticket::Known;

use super::Machine;
use super::moment::Moment;
use crate::clock::cycle::Cycle;
use crate::clock::outcome::Excused;

impl Machine<'_> {
    /// Extensions and excuses of this update.
    #[cold]
    pub(super) fn correct(&mut self, moment: &Moment<'_>) {
        let (timeline, clock) = (self.timeline, self.clock);
        let first = timeline.known.partition_point(|known| known.at() < moment.at);
        let now = timeline.known.iter().skip(first).take_while(|known| known.at() == moment.at);
        let mut extended: i64 = 0;
        for known in now.filter(|known| known.clock() == clock) {
            let name = self.def.name.as_str();
            match known {
                Known::Extend { by, event, .. } => {
                    if self.current.as_ref().is_some_and(|cycle| !cycle.is_over()) {
                        extended = extended.saturating_add(by.ms());
                    } else {
                        self.notices.push(Notice::nothing_to_extend(name, format!("/events/{event}/extend")));
                    }
                }
                Known::Excuse { at, cycle, reason, event, .. } => {
                    let last = self
                        .current
                        .as_deref()
                        .or(self.earlier.last().map(|cycle| &**cycle))
                        .map(|cycle| cycle.number);
                    let excused = cycle.or(last).and_then(|number| self.numbered(number));
                    match excused {
                        Some(known) => {
                            known.excused =
                                Some(Box::new(Excused { at: *at, reason: reason.clone().into() }));
                        }
                        None => {
                            let pointer = format!("/events/{event}/excuse");
                            self.notices.push(Notice::nothing_to_excuse(name, pointer));
                        }
                    }
                }
            }
        }
        if let Some(mut cycle) = self.current.take() {
            if extended > 0 {
                let mut around = self.around(moment.bits_before, moment.bits, moment.held());
                cycle.extend(moment.at, extended, &mut around);
            }
            self.current = Some(cycle);
        }
    }

    /// The cycle of a number: they are numbered as they come.
    fn numbered(&mut self, number: u32) -> Option<&mut Cycle> {
        if self.current.as_ref().is_some_and(|cycle| cycle.number == number) {
            return self.current.as_deref_mut();
        }
        let place = self.earlier.partition_point(|cycle| cycle.number < number);
        self.earlier.get_mut(place).map(|cycle| &mut **cycle).filter(|cycle| cycle.number == number)
    }
}
