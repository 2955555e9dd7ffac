//! Austria: Arbeitsruhegesetz, section 7. Poland: act of 18 January 1951. Czechia: act 245/2000. Slovenia: act on holidays
//! and days off. Croatia: act of 2019 (Narodne novine 110/2019) and before it that of 1996.
//!
//! Not here: Good Friday in Austria (for some churches until 2018, a day of leave of one's own since), the patron saints
//! of its states.

pub(super) const TEXT: &str = "=at|Austria|1995-
--01-01|New Year's Day
--01-06|Epiphany
easter+1|Easter Monday
--05-01|Labour Day
easter+39|Ascension Day
easter+50|Whit Monday
easter+60|Corpus Christi
--08-15|Assumption Day
--10-26|National Day
--11-01|All Saints' Day
--12-08|Immaculate Conception
--12-25|Christmas Day
--12-26|St Stephen's Day
=pl|Poland|2011-
--01-01|New Year's Day
--01-06|Epiphany
easter|Easter Sunday
easter+1|Easter Monday
--05-01|Labour Day
--05-03|Constitution Day
easter+49|Whit Sunday
easter+60|Corpus Christi
--08-15|Assumption Day
--11-01|All Saints' Day
--11-11|Independence Day
--12-24|Christmas Eve|2025-
--12-25|Christmas Day
--12-26|Second Day of Christmas
2018-11-12|Centenary of Independence
=cz|Czechia|2004-
--01-01|New Year's Day
easter-2|Good Friday|2016-
easter+1|Easter Monday
--05-01|Labour Day
--05-08|Victory Day
--07-05|Saints Cyril and Methodius
--07-06|Jan Hus
--09-28|Statehood Day
--10-28|Independence Day
--11-17|Freedom and Democracy Day
--12-24|Christmas Eve
--12-25|Christmas Day
--12-26|Second Day of Christmas
=si|Slovenia|2013-
--01-01|New Year's Day
--01-02|Second Day of the New Year|2017-
--02-08|Prešeren Day
easter|Easter Sunday
easter+1|Easter Monday
--04-27|Day of Uprising
--05-01,--05-02|Labour Day
easter+49|Whit Sunday
--06-25|Statehood Day
--08-15|Assumption Day
--10-31|Reformation Day
--11-01|All Saints' Day
--12-25|Christmas Day
--12-26|Independence and Unity Day
2023-08-14|Day of solidarity after the floods
=hr|Croatia|2009-
--01-01|New Year's Day
--01-06|Epiphany
easter|Easter Sunday
easter+1|Easter Monday
--05-01|Labour Day
easter+60|Corpus Christi
--05-30|Statehood Day|2020-
--06-22|Anti-Fascist Struggle Day
--06-25|Statehood Day|-2019
--08-05|Victory Day
--08-15|Assumption Day
--10-08|Independence Day|-2019
--11-01|All Saints' Day
--11-18|Remembrance Day|2020-
--12-25|Christmas Day
--12-26|St Stephen's Day
";
