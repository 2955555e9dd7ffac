//! Switzerland: article 110 (3) of the constitution for the first of August, and the rest day acts of the cantons.
//!
//! Here are cantons with one list for their whole territory. Not here: Aargau, Fribourg, Glarus, Neuchâtel, Nidwalden,
//! Obwalden, Solothurn, Valais and Zug, whose days differ by district or by custom, and days of towns (Sechseläuten,
//! Knabenschiessen), half days, Sundays.

pub(super) const TEXT: &str = concat!(
    "=ch|Switzerland: in all cantons|1994-
--01-01|New Year's Day
easter+39|Ascension Day
--08-01|National Day
--12-25|Christmas Day
=ch-gr|Switzerland: Graubünden|2010-
+ch
easter+1|Easter Monday
easter+50|Whit Monday
--12-26|St Stephen's Day
=ch-sg|Switzerland: St. Gallen|2010-
+ch-gr
easter-2|Good Friday
--11-01|All Saints' Day
=ch-zh|Switzerland: Zürich|2010-
+ch-gr
easter-2|Good Friday
--05-01|Labour Day
=ch-bl|Switzerland: Basel-Landschaft|2010-
+ch-zh
=ch-bs|Switzerland: Basel-Stadt|2010-
+ch-zh
=ch-sh|Switzerland: Schaffhausen|2010-
+ch-zh
=ch-tg|Switzerland: Thurgau|2010-
+ch-zh
--01-02|Berchtold's Day
=ch-be|Switzerland: Bern|2010-
+ch-tg
!Labour Day
=ch-lu|Switzerland: Lucerne|2010-
+ch-be
easter+60|Corpus Christi
--08-15|Assumption Day
--11-01|All Saints' Day
--12-08|Immaculate Conception
=ch-ju|Switzerland: Jura|2010-
+ch-tg
!St Stephen's Day
easter+60|Corpus Christi
--06-23|Independence Day
--08-15|Assumption Day
--11-01|All Saints' Day
=ch-sz|Switzerland: Schwyz|2010-
+ch-lu
!Berchtold's Day
--01-06|Epiphany
--03-19|St Joseph's Day
=ch-ti|Switzerland: Ticino|2010-
+ch-sz
!Good Friday
--05-01|Labour Day
--06-29|St Peter and St Paul
",
    // No third day of rest in a row, no single working day before one.
    "=ch-ur|Switzerland: Uri|2010-
+ch-sz
!St Stephen's Day
--12-26|St Stephen's Day|on mon wed thu fri sun
=ch-ai|Switzerland: Appenzell Innerrhoden|2010-
+ch-ur
!Epiphany
!St Joseph's Day
=ch-ar|Switzerland: Appenzell Ausserrhoden|2010-
+ch-ai
!Corpus Christi
!Assumption Day
!All Saints' Day
!Immaculate Conception
=ch-ge|Switzerland: Geneva|2010-
+ch
easter-2|Good Friday
easter+1|Easter Monday
easter+50|Whit Monday
",
    // After the first Sunday of September.
    "thu on-or-after 09-05|Genevan Fast
--12-31|Restoration of the Republic
=ch-vd|Switzerland: Vaud|2010-
+ch
--01-02|Berchtold's Day
easter-2|Good Friday
easter+1|Easter Monday
easter+50|Whit Monday
",
    // After the third Sunday of September.
    "mon on-or-after 09-16|Federal Fast Monday
"
);
