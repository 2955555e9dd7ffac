//! Problems: stable codes, what is wrong, where, and the mend.

use core::fmt;

use serde::Serialize;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal,)+) => {
        /// Stable identity of a mistake. Messages may be reworded; codes never change their meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Code {
            /// Every code, in the order of its number.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The code as it is written in results: `SLA-E0101`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// What the code means, as in the reference page.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii(),)+ }
            }
        }
    };
}

codes! {
    /// The text is not JSON.
    NotJson = "SLA-E0001",
    /// The document, line or answer is larger than the limit.
    TooLarge = "SLA-E0002",
    /// Lists and maps are nested deeper than 32 levels.
    TooDeep = "SLA-E0003",
    /// A key stands twice in one map.
    DuplicateKey = "SLA-E0004",
    /// A key that the format does not know.
    UnknownKey = "SLA-E0005",
    /// A required key is missing.
    MissingKey = "SLA-E0006",
    /// The value is of another type.
    WrongType = "SLA-E0007",
    /// The word is not one of those allowed here.
    UnknownWord = "SLA-E0008",
    /// The format or the key belongs to a later version.
    NotSupportedYet = "SLA-E0009",
    /// A text that must say something is empty.
    Empty = "SLA-E0010",

    /// Not an instant: RFC 3339 with an offset, milliseconds at most, 1970 to 2199.
    BadInstant = "SLA-E0101",
    /// Not a duration such as `4h` or `PT4H`.
    BadDuration = "SLA-E0102",
    /// Not a date such as `2026-12-25`, or a date that does not exist.
    BadDate = "SLA-E0103",
    /// Not opening hours such as `09:00-17:00`.
    BadHours = "SLA-E0104",
    /// The time zone database has no zone of this name.
    UnknownZone = "SLA-E0105",
    /// The calendar names no time zone and has none to inherit.
    NoZone = "SLA-E0106",
    /// A range whose end is not after its start, or of days before it.
    ReversedRange = "SLA-E0107",
    /// Not a day of the week or a range of them.
    BadDay = "SLA-E0108",
    /// Two keys give hours for the same day.
    DayTwice = "SLA-E0109",
    /// Two special days fall on one date.
    SpecialDayTwice = "SLA-E0110",
    /// The target must be longer than zero.
    ZeroTarget = "SLA-E0111",
    /// Not a threshold such as `80%` or `30m before`.
    BadThreshold = "SLA-E0112",

    /// The format version of the document is not one that this engine reads.
    UnknownVersion = "SLA-E0201",
    /// No calendar of this name is in the agreement.
    UnknownCalendar = "SLA-E0202",
    /// The name is built in and cannot be given to something else.
    ReservedName = "SLA-E0203",
    /// Two policies have the same id.
    PolicyTwice = "SLA-E0204",
    /// The agreement has no policy.
    NoPolicy = "SLA-E0205",
    /// No metric of this name exists.
    UnknownMetric = "SLA-E0206",
    /// A priority that the order of priorities does not list.
    UnknownPriority = "SLA-E0207",
    /// A condition that cannot be understood.
    BadCondition = "SLA-E0208",
    /// A calendar is made of itself, by way of others or at once.
    CalendarCircle = "SLA-E0209",
    /// No shipped set of holidays has this name.
    UnknownHolidaySet = "SLA-E0210",
    /// A calendar with keys that do not go together: `any_of` or `all_of` beside hours of its own or each other.
    MixedCalendar = "SLA-E0211",
    /// A calendar is to be made of others and names none.
    NoPart = "SLA-E0212",
    /// A clock must say exactly one of `within` and `due`, a due date exactly one of `business_days` and `field`.
    TargetTwice = "SLA-E0213",
    /// The key means nothing for clocks of this metric, or its metric needs one that is missing.
    NotOfMetric = "SLA-E0214",
    /// One clock is written with different conditions or metrics in policies of one set, or has the name of another
    /// metric.
    ClockDiffers = "SLA-E0215",
    /// No policy has a clock of this name.
    UnknownClock = "SLA-E0216",
    /// Exactly one of `policies` and `policy_sets` must be there.
    PoliciesTwice = "SLA-E0217",
    /// Versions need distinct first days.
    VersionStart = "SLA-E0218",

    /// An event happened before its ticket was created.
    EventBeforeCreation = "SLA-E0301",
    /// An event has no kind, or more than one.
    EventKind = "SLA-E0302",
    /// The ticket has more events than the limit.
    TooManyEvents = "SLA-E0303",

    /// A question about a calendar names an operation that does not exist.
    UnknownOperation = "SLA-E0401",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// One mistake in an input: what, where, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Stable code.
    pub code: Code,
    /// What is wrong, for a person.
    pub message: String,
    /// JSON pointer into the input; empty for the whole of it.
    pub pointer: String,
    /// How to mend it, where that can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
}

impl Problem {
    /// A problem with the whole input.
    pub(crate) fn whole(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), pointer: String::new(), mend: None }
    }

    /// The same problem at a place.
    pub(crate) fn at(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = pointer.into();
        self
    }

    /// The same problem with advice.
    pub(crate) fn mend(mut self, mend: impl Into<String>) -> Self {
        self.mend = Some(mend.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        if !self.pointer.is_empty() {
            write!(f, " (at {})", self.pointer)?;
        }
        match &self.mend {
            Some(mend) => write!(f, "; {mend}"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for Problem {}

#[cfg(feature = "shape")]
mod shaped {
    use super::Problem;
    use crate::document::Absent;
    use crate::document::shape::{Key, Shape, Shaped, Types};

    impl Shaped for Problem {
        fn shape(types: &mut Types) -> Shape {
            types.record("Problem", &["One mistake in an input: what, where, and how to mend it."], |types| {
                vec![
                    Key::of_output::<String>(types, "code", &["Stable code, such as `SLA-E0105`."]),
                    Key::of_output::<String>(types, "message", &["What is wrong, for a person."]),
                    Key::of_output::<String>(
                        types,
                        "pointer",
                        &["JSON pointer into the input; empty for the whole of it."],
                    ),
                    Key::of_output::<Absent<String>>(
                        types,
                        "mend",
                        &["How to mend it, where that can be said."],
                    ),
                ]
            })
        }
    }
}
