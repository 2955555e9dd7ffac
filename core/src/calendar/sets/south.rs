//! Brazil: act 662 of 1949 with acts 6802 of 1980, 10607 of 2002 and 14759 of 2023; Good Friday as in the yearly order of
//! the federal government. Mexico: Federal Labour Act, article 74. South Africa: Public Holidays Act 36 of 1994, with
//! proclamations for single days.
//!
//! Not here: days of states and towns, Carnival and Corpus Christi in Brazil (optional), election days in Mexico.

pub(super) const TEXT: &str = concat!(
    "=br|Brazil: national|2003-
--01-01|New Year's Day
easter-2|Good Friday
--04-21|Tiradentes
--05-01|Labour Day
--09-07|Independence Day
--10-12|Our Lady of Aparecida
--11-02|All Souls' Day
--11-15|Republic Day
--11-20|Black Awareness Day|2024-
--12-25|Christmas Day
=mx|Mexico|2007-
--01-01|New Year's Day
1st mon feb|Constitution Day
3rd mon mar|Benito Juárez
--05-01|Labour Day
--09-16|Independence Day
",
    // Every sixth year; from 2024 two months earlier.
    "2012-12-01,2018-12-01,2024-10-01,2030-10-01,2036-10-01,2042-10-01,2048-10-01|Change of the Federal Executive
3rd mon nov|Revolution Day
--12-25|Christmas Day
=za|South Africa|1995-
--01-01|New Year's Day|next-monday|weekend sun
--03-21|Human Rights Day|next-monday|weekend sun
easter-2|Good Friday
easter+1|Family Day
--04-27|Freedom Day|next-monday|weekend sun
--05-01|Workers' Day|next-monday|weekend sun
--06-16|Youth Day|next-monday|weekend sun
--08-09|National Women's Day|next-monday|weekend sun
--09-24|Heritage Day|next-monday|weekend sun
--12-16|Day of Reconciliation|next-monday|weekend sun
--12-25|Christmas Day|next-monday|weekend sun
--12-26|Day of Goodwill|next-monday|weekend sun
",
    // Elections, and days proclaimed once.
    "1999-06-02,2004-04-14,2006-03-01,2009-04-22,2011-05-18,2014-05-07,2016-08-03,2019-05-08,2021-11-01,2024-05-29,2026-11-04|Election Day
1999-12-31,2000-01-02,2000-01-03|Turn of the year 2000
2008-05-02|Public holiday
2011-12-27,2016-12-27,2022-12-27|Public holiday
2023-12-15|Rugby World Cup
"
);
