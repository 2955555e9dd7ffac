//! Australia: the public holidays acts of the states and territories, with their orders for single years.
//!
//! Not here: part-days (the evenings before Christmas and New Year in Queensland, South Australia and the Northern
//! Territory), bank holidays, and holidays of districts and towns (Royal Queensland Show, Hobart Regatta).

pub(super) const TEXT: &str = concat!(
    "=au|Australia: in all states and territories|2016-
--01-01|New Year's Day|next-free-weekday
",
    // Moved, not kept twice, when it falls on a weekend.
    "--01-26|Australia Day|on mon tue wed thu fri
--01-27,--01-28|Australia Day|on mon
easter-2|Good Friday
easter+1|Easter Monday
--04-25|Anzac Day
--12-25|Christmas Day|next-free-weekday
--12-26|Boxing Day|next-free-weekday
2022-09-22|National Day of Mourning
=au-nsw|Australia: New South Wales|2016-
+au
easter-1|Easter Saturday
easter|Easter Sunday
",
    // By order of 2025, for two years.
    "2026-04-27,2027-04-26|Anzac Day (additional day)
2nd mon jun|King's Birthday
1st mon oct|Labour Day
=au-vic|Australia: Victoria|2016-
+au
2nd mon mar|Labour Day
easter-1|Easter Saturday
easter|Easter Sunday
2nd mon jun|King's Birthday
",
    // The day before the final of the football league: Saturday, mostly the last of September.
    "2016-09-30|Friday before the Grand Final
fri on-or-before 09-29|Friday before the Grand Final|2017-2019
2020-10-23|Friday before the Grand Final
fri on-or-before 09-29|Friday before the Grand Final|2021-
1st tue nov|Melbourne Cup
=au-qld|Australia: Queensland|2016-
+au
!Anzac Day
easter-1|Easter Saturday
easter|Easter Sunday|2017-
--04-25|Anzac Day|next-monday|weekend sun
1st mon may|Labour Day
1st mon oct|King's Birthday
=au-sa|Australia: South Australia|2016-
+au
!Anzac Day
!Boxing Day
2nd mon mar|Adelaide Cup Day
easter-1|Easter Saturday
easter|Easter Sunday|2024-
--04-25|Anzac Day|-2023|next-monday|weekend sun
--04-25|Anzac Day|2024-
2nd mon jun|King's Birthday
1st mon oct|Labour Day
--12-26|Proclamation Day|next-free-weekday
=au-tas|Australia: Tasmania|2016-
+au
2nd mon mar|Eight Hours Day
easter|Easter Sunday|2027-
2nd mon jun|King's Birthday
=au-wa|Australia: Western Australia|2016-
+au
!Anzac Day
1st mon mar|Labour Day
easter|Easter Sunday|2022-
--04-25|Anzac Day|next-monday
1st mon jun|Western Australia Day
",
    // Proclaimed every year; mostly the last Monday of September.
    "last mon sep|King's Birthday|-2023
2024-09-23|King's Birthday
last mon sep|King's Birthday|2025-
=au-nt|Australia: Northern Territory|2016-
+au
!Anzac Day
easter-1|Easter Saturday
easter|Easter Sunday|2024-
--04-25|Anzac Day|next-monday|weekend sun
1st mon may|May Day
2nd mon jun|King's Birthday
1st mon aug|Picnic Day
=au-act|Australia: Australian Capital Territory|2016-
+au
!Anzac Day
2nd mon mar|Canberra Day
easter-1|Easter Saturday
easter|Easter Sunday
--04-25|Anzac Day|next-monday|weekend sun
2020-04-27,2026-04-27|Anzac Day (additional day)
mon on-or-after 05-27|Reconciliation Day|2018-
2nd mon jun|King's Birthday
2016-09-26,2017-09-25|Family and Community Day
1st mon oct|Labour Day
"
);
