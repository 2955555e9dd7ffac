//! Italy: law 260 of 1949 as changed by laws 54 of 1977, 336 of 2000 and 151 of 2025, and decree 792 of 1985.
//!
//! Not here: the day of each town's patron saint.

pub(super) const TEXT: &str = concat!(
    "=it|Italy|2001-
--01-01|New Year's Day
--01-06|Epiphany
easter|Easter Sunday
easter+1|Easter Monday
--04-25|Liberation Day
--05-01|Labour Day
--06-02|Republic Day
--08-15|Assumption Day
--10-04|St Francis of Assisi|2026-
--11-01|All Saints' Day
--12-08|Immaculate Conception
--12-25|Christmas Day
--12-26|St Stephen's Day
",
    // 150 years of a united Italy.
    "2011-03-17|Unification Day
=it-bz|Italy: South Tyrol|2001-
+it
easter+50|Whit Monday
"
);
