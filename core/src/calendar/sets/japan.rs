//! Japan: Act on National Holidays (1948, No. 178), with the acts for 2019 to 2021.
//!
//! A holiday on a Sunday moves to the next day that is none (article 3 (2)); a day between two holidays is one too
//! (article 3 (3)). The equinoxes are announced in the February before; the dates here are those of astronomy, which
//! the announcements have always followed.

pub(super) const TEXT: &str = concat!(
    "=jp|Japan|2007-2050
--01-01|New Year's Day|next-free-weekday|weekend sun
2nd mon jan|Coming of Age Day
--02-11|National Foundation Day|next-free-weekday|weekend sun
--02-23|Emperor's Birthday|2020-|next-free-weekday|weekend sun
",
    "2007-03-21,2008-03-20,2009-03-20,2010-03-21,2011-03-21,2012-03-20,2013-03-20,2014-03-21,2015-03-21,2016-03-20,2017-03-20,\
2018-03-21,2019-03-21,2020-03-20,2021-03-20,2022-03-21,2023-03-21,2024-03-20,2025-03-20,2026-03-20,2027-03-21,2028-03-20,\
2029-03-20,2030-03-20,2031-03-21,2032-03-20,2033-03-20,2034-03-20,2035-03-21,2036-03-20,2037-03-20,2038-03-20,2039-03-21,\
2040-03-20,2041-03-20,2042-03-20,2043-03-21,2044-03-20,2045-03-20,2046-03-20,2047-03-21,2048-03-20,2049-03-20,2050-03-20|Vernal Equinox Day|next-free-weekday|weekend sun
--04-29|Showa Day|next-free-weekday|weekend sun
--05-03|Constitution Memorial Day|next-free-weekday|weekend sun
--05-04|Greenery Day|next-free-weekday|weekend sun
--05-05|Children's Day|next-free-weekday|weekend sun
",
    // Moved for the Olympic Games, held a year late.
    "3rd mon jul|Marine Day|-2019
2020-07-23,2021-07-22|Marine Day
3rd mon jul|Marine Day|2022-
--08-11|Mountain Day|2016-2019|next-free-weekday|weekend sun
2020-08-10,2021-08-08|Mountain Day|next-free-weekday|weekend sun
--08-11|Mountain Day|2022-|next-free-weekday|weekend sun
3rd mon sep|Respect for the Aged Day
",
    // Between Respect for the Aged Day and the equinox.
    "2009-09-22,2015-09-22,2026-09-22,2032-09-21,2037-09-22,2043-09-22,2049-09-21|Citizens' Holiday
",
    "2007-09-23,2008-09-23,2009-09-23,2010-09-23,2011-09-23,2012-09-22,2013-09-23,2014-09-23,2015-09-23,2016-09-22,2017-09-23,\
2018-09-23,2019-09-23,2020-09-22,2021-09-23,2022-09-23,2023-09-23,2024-09-22,2025-09-23,2026-09-23,2027-09-23,2028-09-22,\
2029-09-23,2030-09-23,2031-09-23,2032-09-22,2033-09-23,2034-09-23,2035-09-23,2036-09-22,2037-09-23,2038-09-23,2039-09-23,\
2040-09-22,2041-09-23,2042-09-23,2043-09-23,2044-09-22,2045-09-22,2046-09-23,2047-09-23,2048-09-22,2049-09-22,2050-09-23|Autumnal Equinox Day|next-free-weekday|weekend sun
2nd mon oct|Health and Sports Day|-2019
2020-07-24,2021-07-23|Sports Day
2nd mon oct|Sports Day|2022-
--11-03|Culture Day|next-free-weekday|weekend sun
--11-23|Labour Thanksgiving Day|next-free-weekday|weekend sun
--12-23|Emperor's Birthday|-2018|next-free-weekday|weekend sun
",
    // Accession of the Emperor, and the days between it and its neighbours.
    "2019-05-01|Accession of the Emperor
2019-04-30,2019-05-02|Citizens' Holiday
2019-10-22|Enthronement ceremony
"
);
