//! The calendars of an agreement, by name.

use std::sync::Arc;

use crate::calendar::Calendar;
use crate::document::{At, Problems};
use crate::error::Code;
use crate::numbers::Numbers;
use crate::zone::Zone;

use super::document::AgreementDocument;

/// Calendars by name; `None` where one has problems of its own, so that its users do not repeat them.
#[derive(Default)]
pub(crate) struct Calendars {
    pub(super) names: Numbers,
    compiled: Vec<Option<Calendar>>,
    zones: Vec<Option<Arc<Zone>>>,
}

impl Calendars {
    fn add(&mut self, name: &str, calendar: Option<Calendar>, zone: Option<&str>) {
        if self.names.is_new(name) {
            self.compiled.push(calendar);
            self.zones.push(zone.and_then(|zone| Zone::named(zone).ok()).map(Arc::new));
        }
    }

    /// The zone whose dates a calendar follows, if it names one.
    pub(crate) fn zone(&self, name: &str) -> Option<Arc<Zone>> {
        self.zones.get(self.names.get(name)?)?.clone()
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Option<Calendar>> {
        self.compiled.get(self.names.get(name)?)
    }
}

pub(crate) fn compile_calendars(
    document: &AgreementDocument,
    at: &At<'_>,
    problems: &mut Problems,
) -> Calendars {
    let at = At::Key(at, "calendars");
    let mut calendars = Calendars::default();
    calendars.add("always", Some(Calendar::always()), None);
    calendars.add("never", Some(Calendar::never()), None);
    for (name, calendar) in &document.calendars.0 {
        let here = At::Key(&at, name);
        if name == "always" || name == "never" {
            problems.push_mend(
                &here,
                Code::ReservedName,
                format!("`{name}` is built in"),
                "give the calendar another name",
            );
        } else {
            let compiled = Calendar::compile(calendar, document.time_zone.as_deref(), &here, problems);
            calendars.add(name, compiled, calendar.time_zone.as_deref());
        }
    }
    calendars
}
