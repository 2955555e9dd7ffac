//! What an engine is made of.

use crate::document::output;

output! {
    /// What this engine is made of; equal versions give equal bytes everywhere.
    pub struct EngineVersion {
        /// Version of the engine.
        version: String,
        /// Version of the time zone database inside.
        tz_version: String,
        /// Version of the shipped sets of holidays: the date of their last change.
        holiday_sets_version: String,
    }
}

impl EngineVersion {
    /// This engine.
    #[must_use]
    pub fn current() -> Self {
        let (version, tz_version) = (env!("CARGO_PKG_VERSION").to_owned(), crate::zone::version().to_owned());
        let holiday_sets_version = crate::calendar::HOLIDAY_SETS_VERSION.to_owned();
        Self { version, tz_version, holiday_sets_version }
    }
}
