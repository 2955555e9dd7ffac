//! New Zealand: Holidays Act 2003, sections 44 to 45A ("Mondayisation"; of Waitangi Day and Anzac Day since 2014), Te
//! Kāhui o Matariki Public Holiday Act 2022, whose schedule lists the dates of Matariki to 2052.
//!
//! Not here: anniversary days of the other provinces.

pub(super) const TEXT: &str = concat!(
    "=nz|New Zealand: national|2010-2052
--01-01|New Year's Day|next-free-weekday
--01-02|Day after New Year's Day|next-free-weekday
--02-06|Waitangi Day|-2013
--02-06|Waitangi Day|2014-|next-monday
easter-2|Good Friday
easter+1|Easter Monday
--04-25|Anzac Day|-2013
--04-25|Anzac Day|2014-|next-monday
1st mon jun|King's Birthday
",
    "2022-06-24,2023-07-14,2024-06-28,2025-06-20,2026-07-10,2027-06-25,2028-07-14,2029-07-06,2030-06-21,2031-07-11,\
2032-07-02,2033-06-24,2034-07-07,2035-06-29,2036-07-18,2037-07-10,2038-06-25,2039-07-15,2040-07-06,2041-07-19,\
2042-07-11,2043-07-03,2044-06-24,2045-07-07,2046-06-29,2047-07-19,2048-07-03,2049-06-25,2050-07-15,2051-06-30,\
2052-06-21|Matariki
4th mon oct|Labour Day
--12-25|Christmas Day|next-free-weekday
--12-26|Boxing Day|next-free-weekday
2022-09-26|Queen Elizabeth II Memorial Day
",
    // Anniversary days are kept on the Monday nearest to their date.
    "=nz-auckland|New Zealand: Auckland|2010-2052
+nz
mon on-or-after 01-26|Auckland Anniversary Day
=nz-wellington|New Zealand: Wellington|2010-2052
+nz
mon on-or-after 01-19|Wellington Anniversary Day
",
    // The second Friday after the first Tuesday of November.
    "=nz-canterbury|New Zealand: Canterbury|2010-2052
+nz
fri on-or-after 11-11|Canterbury Anniversary Day
"
);
