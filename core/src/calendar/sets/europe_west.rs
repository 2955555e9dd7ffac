//! Ireland: Organisation of Working Time Act 1997, second schedule. Netherlands: Algemene termijnenwet, article 3.
//! Belgium: act of 4 January 1974 and royal decree of 18 April 1974. Luxembourg: Labour Code, L. 232-2.
//! Portugal: Labour Code, article 234.
//!
//! Not here: substitute days that an employer chooses (Belgium, Ireland), Good Friday and the yearly Liberation Day in the
//! Netherlands, Carnival in Portugal.

pub(super) const TEXT: &str = concat!(
    "=ie|Ireland|2000-
--01-01|New Year's Day
",
    // The first Monday, unless the first of February is a Friday.
    "--02-01|St Brigid's Day|2023-|on mon fri
--02-02,--02-03,--02-05,--02-06,--02-07|St Brigid's Day|2023-|on mon
--03-17|St Patrick's Day
easter+1|Easter Monday
1st mon may|May Day
1st mon jun|June holiday
1st mon aug|August holiday
last mon oct|October holiday
--12-25|Christmas Day
--12-26|St Stephen's Day
2022-03-18|Day of Remembrance and Recognition
=nl|Netherlands|2014-
--01-01|New Year's Day
easter|Easter Sunday
easter+1|Easter Monday
",
    // The day before where it would be a Sunday.
    "--04-27|King's Day|on mon tue wed thu fri sat
--04-26|King's Day|on sat
2015-05-05,2020-05-05,2025-05-05,2030-05-05,2035-05-05,2040-05-05,2045-05-05,2050-05-05|Liberation Day
easter+39|Ascension Day
easter+49|Whit Sunday
easter+50|Whit Monday
--12-25|Christmas Day
--12-26|Second Day of Christmas
=be|Belgium|1995-
--01-01|New Year's Day
easter+1|Easter Monday
--05-01|Labour Day
easter+39|Ascension Day
easter+50|Whit Monday
--07-21|National Day
--08-15|Assumption Day
--11-01|All Saints' Day
--11-11|Armistice Day
--12-25|Christmas Day
=lu|Luxembourg|2000-
--01-01|New Year's Day
easter+1|Easter Monday
--05-01|Labour Day
--05-09|Europe Day|2019-
easter+39|Ascension Day
easter+50|Whit Monday
--06-23|National Day
--08-15|Assumption Day
--11-01|All Saints' Day
--12-25|Christmas Day
--12-26|St Stephen's Day
=pt|Portugal|2000-
--01-01|New Year's Day
easter-2|Good Friday
easter|Easter Sunday
--04-25|Freedom Day
--05-01|Labour Day
--06-10|Portugal Day
--08-15|Assumption Day
--12-08|Immaculate Conception
--12-25|Christmas Day
",
    // Suspended in the years of the debt crisis.
    "easter+60|Corpus Christi|-2012
easter+60|Corpus Christi|2016-
--10-05|Republic Day|-2012
--10-05|Republic Day|2016-
--11-01|All Saints' Day|-2012
--11-01|All Saints' Day|2016-
--12-01|Restoration of Independence Day|-2012
--12-01|Restoration of Independence Day|2016-
"
);
