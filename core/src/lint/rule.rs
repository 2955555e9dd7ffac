//! The rules: what each one asks, and whether this version can answer.

use core::fmt;

use serde::Serialize;

use crate::document::{Absent, output, words};

words! {
    /// How much a finding matters.
    pub enum Severity as "a severity" {
        /// It contradicts itself, or says too little to be held to.
        Error = "error",
        /// It works, and is bad practice or without effect.
        Warning = "warning",
        /// Good to know.
        Note = "note",
    }
}

words! {
    /// Who decides a rule.
    pub enum Decided as "a way to decide" {
        /// Lint, as far as the agreement says it.
        Lint = "lint",
        /// The format: a document that breaks the rule cannot be read, or cannot be written.
        Format = "format",
        /// Nobody yet: it needs what the format cannot say so far.
        Later = "later",
    }
}

output! {
    /// One rule, as `lint --rules` lists it.
    pub struct RuleFacts {
        /// Stable id, such as `SLA-CN-01`.
        rule: Rule,
        /// How much its findings matter.
        severity: Severity,
        /// What it finds.
        finds: String,
        /// Who decides it.
        decided: Decided,
        /// How the format decides it, or what a decision needs.
        because: Absent<String>,
    }
}

macro_rules! rules {
    ($($name:ident $id:literal $severity:ident $decided:ident $finds:literal $because:literal;)+) => {
        /// A rule. Ids never change their meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $(#[doc = $finds] $name,)+
        }

        impl Rule {
            /// Every rule, group by group.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its id, severity, what it finds, who decides it, and how or what is lacking.
            const fn row(self) -> (&'static str, Severity, &'static str, Decided, &'static str) {
                match self {
                    $(Self::$name => ($id, Severity::$severity, $finds, Decided::$decided, $because),)+
                }
            }
        }
    };
}

impl Rule {
    /// Stable id: `SLA-CN-01`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.row().0
    }

    /// How much its findings matter.
    #[must_use]
    pub const fn severity(self) -> Severity {
        self.row().1
    }

    /// What it finds.
    #[must_use]
    pub const fn finds(self) -> &'static str {
        self.row().2
    }

    /// Who decides it.
    #[must_use]
    pub const fn decided(self) -> Decided {
        self.row().3
    }

    /// How the format decides it, or what a decision needs; empty for the rules of lint.
    #[must_use]
    pub const fn because(self) -> &'static str {
        self.row().4
    }

    /// All of this in one record.
    #[must_use]
    pub fn facts(self) -> RuleFacts {
        let because = Some(self.because().to_owned()).filter(|because| !because.is_empty());
        RuleFacts {
            rule: self,
            severity: self.severity(),
            finds: self.finds().to_owned(),
            decided: self.decided(),
            because: Absent(because),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Rule {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(feature = "shape")]
impl crate::document::shape::Shaped for Rule {
    fn shape(types: &mut crate::document::shape::Types) -> crate::document::shape::Shape {
        String::shape(types)
    }
}

// Clarity, consistency, feasibility, scope, credits, complexity, review, security, life of the agreement;
// then what only a compiled format can ask: policies, names, effects, versions.
rules! {
    Cl01 "SLA-CL-01" Error Later "a percentage without a service time" "needs availability targets";
    Cl02 "SLA-CL-02" Error Lint "a clock on a calendar that never opens again" "";
    Cl03 "SLA-CL-03" Error Lint "clocks that start with the ticket, and no word on when that is" "";
    Cl04 "SLA-CL-04" Error Format "a target without a word on whether closing stops it" "every clock must name its calendar (SLA-E0006)";
    Cl05 "SLA-CL-05" Error Lint "no priorities, no escalation or no resolution time" "";
    Cl06 "SLA-CL-06" Warning Lint "words that cannot be measured, such as `as soon as possible`" "";
    Cl07 "SLA-CL-07" Warning Later "a figure without unit, period or way of measuring" "needs availability targets; targets of clocks have all three";
    Cl08 "SLA-CL-08" Warning Later "several services and no combined figure" "needs availability targets";
    Cl09 "SLA-CL-09" Error Format "a calendar without a time zone" "such a calendar is refused (SLA-E0106)";
    Cl10 "SLA-CL-10" Warning Lint "opening hours of one day that overlap" "";
    Cl11 "SLA-CL-11" Warning Format "a machine's receipt that counts as a response" "replies by `system` answer nobody";
    Cl12 "SLA-CL-12" Warning Lint "no agreed channels by which problems are reported" "";
    Cl13 "SLA-CL-13" Warning Lint "a calendar of working hours without a word on public holidays" "";
    Cl14 "SLA-CL-14" Warning Later "a billing month of unstated length or zone" "needs fees and credits";
    Cn01 "SLA-CN-01" Error Lint "a resolution due before the first response" "";
    Cn02 "SLA-CN-02" Warning Lint "a periodic update due no earlier than the resolution" "";
    Cn03 "SLA-CN-03" Error Lint "a priority that is slower than a less urgent one" "";
    Cn04 "SLA-CN-04" Error Lint "steps of an escalation out of order, or the first one after the due time" "";
    Cn05 "SLA-CN-05" Warning Lint "a clock whose stop, cancel or pause holds whenever it starts" "";
    Cn06 "SLA-CN-06" Warning Later "a maintenance window outside the service time" "needs maintenance windows";
    Cn07 "SLA-CN-07" Error Lint "days between two versions on which none is valid" "";
    Fe01 "SLA-FE-01" Warning Later "an availability target that leaves no time to recover" "needs availability targets";
    Fe02 "SLA-FE-02" Warning Later "an availability target of 100 %" "needs availability targets";
    Fe03 "SLA-FE-03" Error Later "a budget of downtime that one failure uses up" "needs availability targets and repair times";
    Fe04 "SLA-FE-04" Error Later "a hardware fix promised before parts can arrive" "needs lead times of parts";
    Fe05 "SLA-FE-05" Error Later "a calendar that staff does not cover" "needs staff hours";
    Fe06 "SLA-FE-06" Warning Later "too few people for 24x7" "needs staff numbers";
    Fe07 "SLA-FE-07" Warning Later "more availability than the suppliers give" "needs suppliers' commitments";
    Fe08 "SLA-FE-08" Warning Later "a target above what was measured" "needs measured availability";
    Fe09 "SLA-FE-09" Warning Later "a target that past tickets would have missed too often" "needs past tickets: a back test";
    Fe10 "SLA-FE-10" Note Later "a target far above what past tickets needed" "needs past tickets: a back test";
    Fe11 "SLA-FE-11" Warning Later "a target that covers days on which the site is closed" "needs to know which calendar is the site's";
    Fe12 "SLA-FE-12" Warning Later "a hardware fix promised without redundancy or spares" "needs facts about hardware";
    Fe13 "SLA-FE-13" Warning Later "a recovery point or time that the backup cannot give" "needs facts about backups";
    Fe14 "SLA-FE-14" Warning Later "probes too rare to verify the target" "needs availability samples";
    Fe15 "SLA-FE-15" Warning Later "an agreement in force before its prerequisites are met" "needs a list of prerequisites";
    Sc01 "SLA-SC-01" Warning Later "no exclusions" "needs availability and coverage";
    Sc02 "SLA-SC-02" Warning Later "no maintenance windows" "needs availability";
    Sc03 "SLA-SC-03" Warning Later "devices neither in scope nor out of it" "needs a list of devices";
    Sc04 "SLA-SC-04" Warning Later "chargeable work without a rate" "needs coverage";
    Sc05 "SLA-SC-05" Warning Later "work outside hours without a word on its price" "needs coverage";
    Sc06 "SLA-SC-06" Warning Lint "no status in which a ticket waits for the customer" "";
    Sc07 "SLA-SC-07" Warning Later "no duties of the customer" "needs prose";
    Sc08 "SLA-SC-08" Warning Later "maintenance without notice or limit" "needs maintenance windows";
    Sc09 "SLA-SC-09" Warning Later "a third party's device in scope without a contract behind it" "needs a list of devices";
    Sc10 "SLA-SC-10" Warning Later "no clause for events beyond control" "needs availability and coverage";
    Cr01 "SLA-CR-01" Warning Later "a target whose miss has no consequence" "needs credits";
    Cr02 "SLA-CR-02" Warning Later "no way and no time limit to claim credits" "needs claims";
    Cr03 "SLA-CR-03" Error Later "a lower uptime that earns a smaller credit" "needs credits";
    Cr04 "SLA-CR-04" Error Later "a gap or an overlap between tiers" "needs credits";
    Cr05 "SLA-CR-05" Warning Later "a first tier that does not fit the commitment" "needs credits";
    Cr06 "SLA-CR-06" Warning Later "credits without a cap" "needs credits";
    Cr07 "SLA-CR-07" Warning Later "credits on the whole bill for one service's target" "needs credits and fees";
    Cr08 "SLA-CR-08" Warning Later "credits above what suppliers give back" "needs credits and suppliers' commitments";
    Cr09 "SLA-CR-09" Warning Later "proof kept shorter than the claim window" "needs claims";
    Cx01 "SLA-CX-01" Warning Lint "more than 40 promises, 15 clocks or 3 nested conditions" "";
    Cx02 "SLA-CX-02" Note Lint "a text whose sentences have more than 30 words on average" "";
    Cx03 "SLA-CX-03" Warning Lint "words of a brochure, such as `best-in-class`" "";
    Cx04 "SLA-CX-04" Note Later "a target that nobody measures" "needs availability samples";
    Rv01 "SLA-RV-01" Warning Lint "an agreement nobody looked at for a year, and no review within the next one" "";
    Rv02 "SLA-RV-02" Warning Lint "a review that is overdue" "";
    Rv03 "SLA-RV-03" Note Later "no reporting period" "needs reports";
    Rv04 "SLA-RV-04" Warning Later "a vendor's terms older than a year" "needs references to vendors' terms";
    Se01 "SLA-SE-01" Warning Later "no clause on encryption, firewall, backup, antivirus or patches" "needs prose";
    Se02 "SLA-SE-02" Warning Later "no rule on keeping and deleting data" "needs prose";
    Se03 "SLA-SE-03" Warning Later "no plan for disasters" "needs prose";
    Li01 "SLA-LI-01" Warning Later "no rule on ending the agreement" "needs prose";
    Li02 "SLA-LI-02" Note Lint "no clock for the root-cause analysis of the most urgent tickets" "";
    Li03 "SLA-LI-03" Note Later "an agreement not signed, or not checked by a lawyer" "needs prose";
    Li04 "SLA-LI-04" Note Later "no procedure for disputes" "needs prose";
    Li05 "SLA-LI-05" Warning Later "an agreement too heavy for the size of the customer" "needs facts about the customer";
    Po01 "SLA-PO-01" Warning Lint "a policy behind others that take all of its tickets" "";
    Po02 "SLA-PO-02" Error Lint "a condition that can never hold" "";
    Po03 "SLA-PO-03" Error Lint "two policies of one set with the same condition and different promises" "";
    Po04 "SLA-PO-04" Note Lint "tickets that no policy takes" "";
    Po05 "SLA-PO-05" Warning Lint "an override that no ticket of its policy reaches" "";
    Po06 "SLA-PO-06" Note Lint "two policies of which neither is an exception to the other, and that match the same tickets" "";
    Nm01 "SLA-NM-01" Warning Lint "a priority that the order of priorities does not list" "";
    Nm02 "SLA-NM-02" Warning Lint "a status that the agreement does not map" "";
    Nm03 "SLA-NM-03" Note Lint "a calendar that nothing uses" "";
    Ef01 "SLA-EF-01" Warning Lint "an alert that falls before the start of its clock" "";
    Ef02 "SLA-EF-02" Warning Lint "notices held until a calendar opens that never does" "";
    Ef03 "SLA-EF-03" Warning Lint "a key without effect on its clock" "";
    Ef04 "SLA-EF-04" Warning Lint "a due time at which the calendar is closed" "";
    Ef05 "SLA-EF-05" Warning Lint "a way to apply versions, and no versions" "";
    Vr01 "SLA-VR-01" Warning Lint "an agreement whose last day has passed" "";
}
