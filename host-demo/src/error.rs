//! What can go wrong in the host, each with a stable code, the place and the mend.
//!
//! The engine has codes of its own (`SLA-E…`), which are passed on as they are; the host's begin `SLA-H`.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $mend:literal;)+) => {
        /// Stable identity of a mistake. Messages may be reworded; codes never change their meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Code {
            /// Every code, in the order of its number.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The code as it is written: `SLA-H0101`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// What the code means, as in the reference page.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii(),)+ }
            }

            /// What to do about it.
            #[must_use]
            pub const fn mend(self) -> &'static str {
                match self { $(Self::$name => $mend,)+ }
            }
        }
    };
}

codes! {
    /// A file cannot be opened or read.
    Unreadable = "SLA-H0001", "check the path and the permissions";
    /// The output cannot be written.
    Unwritable = "SLA-H0002", "check the path, the permissions and the space left";
    /// The text is not UTF-8.
    NotUtf8 = "SLA-H0003", "convert it, for example with `iconv -f LATIN1 -t UTF-8`";
    /// A line is longer than the limit.
    LineTooLong = "SLA-H0004", "write one ticket a line; a line may have 16 MiB";
    /// A compressed file ends too early or is damaged.
    BadGzip = "SLA-H0005", "fetch or write the file again; everything before the damage was read";
    /// A JSON array of tickets is not closed or is followed by something else.
    BadArray = "SLA-H0006", "fetch or write the file again; everything before the end was read";
    /// A document is not YAML.
    NotYaml = "SLA-H0007", "correct the line; documents are YAML 1.2 or JSON";
    /// A document is larger than the limit.
    DocumentTooLarge = "SLA-H0008", "documents may have 1 MiB";

    /// The program was built without its plugin.
    NoPlugin = "SLA-H0101", "build with `cargo xtask build`, or name a plugin with --plugin";
    /// The plugin file is not a WebAssembly component.
    NotAComponent = "SLA-H0102", "give a component made from the WIT package slaclock:sla, or leave --plugin out";
    /// The plugin asks for something from outside; a plugin imports nothing.
    PluginImports = "SLA-H0103", "build it for wasm32-unknown-unknown, which has no system to import";
    /// The plugin lacks the exports of the contract.
    PluginExports = "SLA-H0104", "build it against the WIT package slaclock:sla of this version";
    /// The plugin stopped with a trap.
    PluginTrapped = "SLA-H0105", "report the input to the plugin's author; the rest was answered without it";
    /// The plugin ran longer than allowed.
    PluginTime = "SLA-H0106", "split the input, or allow more with --time-limit";
    /// The plugin asked for more memory than allowed.
    PluginMemory = "SLA-H0107", "split the input, or allow more with --memory-limit";
    /// The plugin's answer breaks the contract.
    PluginAnswer = "SLA-H0108", "report the input to the plugin's author";
    /// As many calls run as may at a time.
    PluginBusy = "SLA-H0109", "ask again later, or allow more calls at a time";
    /// Compiled code of a plugin is not what was kept, or others could have written it; the plugin was compiled again.
    CacheDistrusted = "SLA-H0110", "delete the folder; it must belong to the user who runs this program, with mode 0700";

    /// The mapping has a key that the format does not know.
    UnknownKey = "SLA-H0201", "`slaclock import csv --help` shows a mapping";
    /// The mapping lacks a key.
    MissingKey = "SLA-H0202", "`slaclock import csv --help` shows a mapping";
    /// A value of the mapping is of the wrong kind.
    WrongValue = "SLA-H0203", "`slaclock import csv --help` shows a mapping";
    /// The log has no such column.
    UnknownColumn = "SLA-H0204", "name a column of the first line, the second of two equal names as `name#2`, or give its number from 1";
    /// The log has two columns of this name.
    AmbiguousColumn = "SLA-H0205", "say which: `name#1` or `name#2`";
    /// The time zone database has no zone of this name.
    UnknownZone = "SLA-H0206", "give an IANA name such as `Europe/Berlin`";
    /// The format of instants cannot be understood.
    BadFormat = "SLA-H0207", "use `rfc3339` or strftime codes such as `%d/%m/%Y %H:%M`";

    /// Rows of the log could not be read.
    BadRows = "SLA-H0301", "correct the rows or say in the mapping how to read them; everything else was imported";
    /// Tickets of the log could not be made.
    BadTickets = "SLA-H0302", "correct the rows or say in the mapping how to read them; everything else was imported";
    /// The log has no line with the names of its columns.
    EmptyLog = "SLA-H0303", "the first line names the columns";

    /// An argument cannot be understood.
    Usage = "SLA-H0401", "`--help` shows how";
    /// The server cannot listen at this address.
    Listen = "SLA-H0402", "choose another address with --listen";
    /// A part of this program was not built.
    NotBuilt = "SLA-H0403", "build with `cargo xtask build`";

    /// The file is not iCalendar.
    NotICalendar = "SLA-H0501", "give a file that begins with BEGIN:VCALENDAR; a web address may have given a page instead";
    /// An iCalendar file ends too early.
    BrokenFeed = "SLA-H0502", "fetch the file again; everything before the end was read";
    /// Events of a feed, or what some of them say, could not be carried over.
    LostEvents = "SLA-H0503", "correct the feed, or write what is missing into the calendar; everything else was imported";
    /// A feed, or the calendar that it makes, is larger than the limit.
    FeedTooLarge = "SLA-H0504", "ask for fewer years with --from and --until, or split the feed";
    /// A pattern leaves out nothing.
    UnusedPattern = "SLA-H0505", "give a part of a name, or `description:` or `category:` and a part of that";
    /// A document holds no such calendar.
    NoCalendar = "SLA-H0506", "give a calendar, or an agreement and the name of one of its calendars with --calendar";

    /// The database cannot be reached, or is busy.
    StoreUnavailable = "SLA-H0601", "send the same again later; nothing of it was kept";
    /// The database has no space left.
    StoreFull = "SLA-H0602", "make room, then send the same again; nothing of it was kept";
    /// The database holds what this program did not write, or was written by a newer one.
    StoreUnexpected = "SLA-H0603", "run the newest program on it, or restore a backup";

    /// No token was given, or none that is known.
    NoToken = "SLA-H0701", "send `Authorization: Bearer` with a token of `slaclock token create`";
    /// The token does not allow this.
    WrongRole = "SLA-H0702", "use a token with a higher role";
    /// The input is not JSON of the kind that is wanted.
    NotJson = "SLA-H0703", "send JSON; many at once as one JSON object a line, with the type application/x-ndjson";
    /// An id is missing or cannot be kept.
    BadId = "SLA-H0704", "ids are texts of 1 to 256 bytes without control characters";
    /// An instant is missing or cannot be read.
    BadInstant = "SLA-H0705", "write it with its offset, such as 2026-11-20T16:55:00-05:00";
    /// There is no such thing.
    NotFound = "SLA-H0706", "check the path and the ids in it";
    /// Another fact with the same id is kept already; facts are never changed.
    Conflict = "SLA-H0707", "send what changed as a new event with an id of its own";
    /// It is not said under which agreement the ticket is.
    WhichAgreement = "SLA-H0708", "name it with `agreement`, or call one of the agreements `default`";
    /// The creation of the ticket is not known yet.
    NotCreated = "SLA-H0709", "send the ticket itself; its events are kept";
    /// The body is larger than allowed.
    BodyTooLarge = "SLA-H0710", "send it in parts";
    /// More requests than the token may make.
    TooManyRequests = "SLA-H0711", "wait as long as `Retry-After` says, or send many at once";
    /// A part of the address or a header cannot be understood.
    BadRequest = "SLA-H0712", "the description at /v1/openapi.json shows how";
    /// The client was too slow.
    TooSlow = "SLA-H0713", "send the request in one go";

    /// The settings of a helpdesk cannot be read.
    BadSettings = "SLA-H0714", "the guide of the adapters shows what there is";
    /// A message of a helpdesk is not signed as it should be.
    BadSignature = "SLA-H0715", "give the helpdesk's secret with PUT /v1/helpdesks, or send a token";

    /// The address of a webhook cannot be used.
    BadUrl = "SLA-H0801", "give an https address; private addresses need `serve --private-webhooks`";
    /// The secret of a webhook cannot be used.
    BadSecret = "SLA-H0802", "give `whsec_` and 24 to 64 bytes in base64, or none to have one made";
}

/// One mistake, of the host or passed on from the engine: what, where, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Stable code.
    pub code: Cow<'static, str>,
    /// What is wrong, for a person.
    pub message: String,
    /// Where: a JSON pointer, a file, or a line of one. Empty for the whole input.
    #[serde(rename = "pointer", serialize_with = "pointer_only")]
    pub place: String,
    /// How to mend it, where that can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
}

impl Problem {
    /// A mistake met by the host.
    pub fn new(code: Code, message: impl Into<String>, place: impl Into<String>) -> Self {
        Self {
            code: Cow::Borrowed(code.as_str()),
            message: message.into(),
            place: place.into(),
            mend: Some(code.mend().to_owned()),
        }
    }

    /// The same with other advice.
    #[must_use]
    pub fn with_mend(mut self, mend: impl Into<String>) -> Self {
        self.mend = Some(mend.into());
        self
    }

    /// Whether this is the host's mistake of that code.
    #[must_use]
    pub fn is(&self, code: Code) -> bool {
        self.code == code.as_str()
    }
}

/// In an answer line `pointer` is a JSON pointer into that line, which a place in a file is not.
fn pointer_only<S: Serializer>(place: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(if place.starts_with('/') { place } else { "" })
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Problem {}

/// An error and its causes in one line.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_ordered() {
        assert!(Code::ALL.is_sorted_by(|a, b| a.as_str() < b.as_str()));
        let of_adapters = [slaclock_adapters::BAD_SETTINGS, slaclock_adapters::BAD_SIGNATURE];
        assert_eq!(of_adapters, [Code::BadSettings, Code::BadSignature].map(Code::as_str));
        assert!(Code::ALL.iter().all(|code| !code.meaning().is_empty() && !code.mend().is_empty()));
    }
}
