//! Spain: Workers' Statute, article 37 (2), and royal decree 2001/1983, article 45; the dates of the communities as the
//! General Directorate of Labour lists them each year in the official gazette.
//!
//! A community may put Monday in place of a holiday on a Sunday and exchange two of its days each year: `until` is the
//! last year listed. Not here: days of islands, provinces and towns, and the other communities.

pub(super) const TEXT: &str = concat!(
    "=es|Spain: national|2008-
--01-01|New Year's Day
--01-06|Epiphany
easter-2|Good Friday
--05-01|Labour Day
--08-15|Assumption Day
--10-12|National Day
--11-01|All Saints' Day
--12-06|Constitution Day
--12-08|Immaculate Conception
--12-25|Christmas Day
=es-ct|Spain: Catalonia|2018-2027
+es
easter+1|Easter Monday
--06-24|St John's Day
--09-11|National Day of Catalonia
--12-26|St Stephen's Day
2022-06-06|Whit Monday
=es-vc|Spain: Valencian Community|2019-2027
+es
--03-19|St Joseph's Day
2022-04-14|Maundy Thursday
easter+1|Easter Monday
--06-24|St John's Day
--10-09|Valencian Community Day
=es-md|Spain: Madrid|2022-2027
+es
easter-3|Maundy Thursday
--05-02|Madrid Day
2023-03-20,2027-03-19|St Joseph's Day
2022-07-25,2024-07-25,2025-07-25|St James's Day
2022-12-26|Christmas Day
2026-11-02|All Saints' Day
2026-12-07|Constitution Day
2027-05-03|Madrid Day
=es-pv|Spain: Basque Country|2022-2027
+es
easter-3|Maundy Thursday
easter+1|Easter Monday
2026-03-19,2027-03-19|St Joseph's Day
--07-25|St James's Day|-2026
2022-09-06|First voyage round the world
=es-ga|Spain: Galicia|2022-2027
+es
easter-3|Maundy Thursday
--05-17|Galician Literature Day
--07-25|National Day of Galicia
2022-06-24,2026-06-24|St John's Day
2026-03-19|St Joseph's Day
",
    // These keep the Monday after every holiday on a Sunday.
    "=es-an|Spain: Andalusia|2018-2027
--01-01|New Year's Day|next-monday|weekend sun
--01-06|Epiphany|next-monday|weekend sun
--02-28|Andalusia Day|next-monday|weekend sun
easter-3|Maundy Thursday
easter-2|Good Friday
--05-01|Labour Day|next-monday|weekend sun
--08-15|Assumption Day|next-monday|weekend sun
--10-12|National Day|next-monday|weekend sun
--11-01|All Saints' Day|next-monday|weekend sun
--12-06|Constitution Day|next-monday|weekend sun
--12-08|Immaculate Conception|next-monday|weekend sun
--12-25|Christmas Day|next-monday|weekend sun
=es-ar|Spain: Aragon|2018-2027
+es-an
!Andalusia Day
--04-23|St George's Day|next-monday|weekend sun
=es-as|Spain: Asturias|2018-2027
+es-an
!Andalusia Day
--09-08|Asturias Day|next-monday|weekend sun
=es-cl|Spain: Castile and León|2018-2027
+es-an
!Andalusia Day
--04-23|Castile and León Day
2023-07-25|St James's Day
"
);
