//! United States: 5 U.S.C. 6103 (a), with (b) for Saturdays and Executive Order 11582 for Sundays.
//!
//! Not here: Inauguration Day (only around Washington, D.C.), and days on which a President closed federal offices by
//! executive order (days of mourning, Christmas Eve of some years): these are no holidays by law. Nor states: most follow
//! the federal list but for a day or two, which `without` and a line of one's own express.

pub(super) const TEXT: &str = concat!(
    "=us-federal|United States: federal|1986-
--01-01|New Year's Day|nearest-weekday
3rd mon jan|Martin Luther King Jr. Day
3rd mon feb|Washington's Birthday
last mon may|Memorial Day
",
    // Pub. L. 117-17 of 17 June 2021; first kept on Friday the 18th.
    "--06-19|Juneteenth|2021-|nearest-weekday
--07-04|Independence Day|nearest-weekday
1st mon sep|Labor Day
2nd mon oct|Columbus Day
--11-11|Veterans Day|nearest-weekday
4th thu nov|Thanksgiving Day
--12-25|Christmas Day|nearest-weekday
",
    // The banks stay open on the Friday before a holiday on a Saturday.
    "=us-federal-reserve|United States: Federal Reserve Banks|1986-
+us-federal
!New Year's Day
!Juneteenth
!Independence Day
!Veterans Day
!Christmas Day
--01-01|New Year's Day|next-monday|weekend sun
--06-19|Juneteenth|2022-|next-monday|weekend sun
--07-04|Independence Day|next-monday|weekend sun
--11-11|Veterans Day|next-monday|weekend sun
--12-25|Christmas Day|next-monday|weekend sun
"
);
