//! Greece: act 4468/2017 and the royal decree 748/1966; the minister may move Labour Day in a year. Romania: Labour Code,
//! article 139.

pub(super) const TEXT: &str = concat!(
    "=gr|Greece|2018-
--01-01|New Year's Day
--01-06|Epiphany
orthodox-easter-48|Clean Monday
--03-25|Independence Day
orthodox-easter-2|Good Friday
orthodox-easter|Easter Sunday
orthodox-easter+1|Easter Monday
",
    // Where it met Easter or a Sunday it was moved, by decision of the minister.
    "--05-01|Labour Day|-2020
2021-05-04,2022-05-02,2023-05-01,2024-05-07|Labour Day
--05-01|Labour Day|2025-
orthodox-easter+50|Whit Monday
--08-15|Assumption Day
--10-28|Ohi Day
--12-25|Christmas Day
--12-26|Second Day of Christmas
=ro|Romania|2018-
--01-01,--01-02|New Year's Day
--01-06|Epiphany|2024-
--01-07|St John|2024-
--01-24|Unification Day
orthodox-easter-2|Good Friday
orthodox-easter|Easter Sunday
orthodox-easter+1|Easter Monday
--05-01|Labour Day
--06-01|Children's Day
orthodox-easter+49|Whit Sunday
orthodox-easter+50|Whit Monday
--08-15|Assumption Day
--11-30|St Andrew's Day
--12-01|National Day
--12-25|Christmas Day
--12-26|Second Day of Christmas
"
);
