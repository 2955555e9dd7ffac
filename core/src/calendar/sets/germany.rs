//! Germany: the holiday acts of the states (Feiertagsgesetze); German Unity Day by article 2 (2) of the Unification
//! Treaty. Repentance Day is a holiday in Saxony alone since 1995.
//!
//! Not here: Augsburg's Peace Festival, Corpus Christi in parts of Saxony and Thuringia, the Sundays
//! that some acts call holidays (Brandenburg names Easter Sunday and Whit Sunday, which are here).

pub(super) const TEXT: &str = concat!(
    "=de|Germany: in all states|1995-
--01-01|New Year's Day
easter-2|Good Friday
easter+1|Easter Monday
--05-01|Labour Day
easter+39|Ascension Day
easter+50|Whit Monday
--10-03|German Unity Day
",
    // 500 years of the Reformation: once, by act of every state that has no yearly Reformation Day.
    "2017-10-31|Reformation Day
--12-25|Christmas Day
--12-26|Second Day of Christmas
=de-bw|Germany: Baden-Württemberg|1995-
+de
--01-06|Epiphany
easter+60|Corpus Christi
--11-01|All Saints' Day
=de-by|Germany: Bavaria|1995-
+de-bw
",
    // Where more Catholics than Protestants live: most places, Munich among them (FTG, article 1 (1) 2).
    "=de-by-catholic|Germany: Bavaria where Assumption Day is kept|1995-
+de-by
--08-15|Assumption Day
=de-be|Germany: Berlin|1995-
+de
--03-08|International Women's Day|2019-
",
    // Once each: the end of the war 75 and 80 years before, the rising of 1953 75 years before.
    "2020-05-08,2025-05-08|Liberation Day
2028-06-17|Anniversary of the Uprising of 1953
=de-bb|Germany: Brandenburg|1995-
+de
!Reformation Day
easter|Easter Sunday
easter+49|Whit Sunday
--10-31|Reformation Day
=de-hb|Germany: Bremen|1995-
+de
--10-31|Reformation Day|2018-
=de-hh|Germany: Hamburg|1995-
+de-hb
=de-he|Germany: Hesse|1995-
+de
easter+60|Corpus Christi
=de-mv|Germany: Mecklenburg-Western Pomerania|1995-
+de
!Reformation Day
--03-08|International Women's Day|2023-
--10-31|Reformation Day
=de-ni|Germany: Lower Saxony|1995-
+de-hb
=de-nw|Germany: North Rhine-Westphalia|1995-
+de
easter+60|Corpus Christi
--11-01|All Saints' Day
=de-rp|Germany: Rhineland-Palatinate|1995-
+de-nw
=de-sl|Germany: Saarland|1995-
+de-nw
--08-15|Assumption Day
=de-sn|Germany: Saxony|1995-
+de
!Reformation Day
--10-31|Reformation Day
wed before 11-23|Repentance Day
=de-st|Germany: Saxony-Anhalt|1995-
+de
!Reformation Day
--01-06|Epiphany
--10-31|Reformation Day
=de-sh|Germany: Schleswig-Holstein|1995-
+de-hb
=de-th|Germany: Thuringia|1995-
+de
!Reformation Day
--09-20|Children's Day|2019-
--10-31|Reformation Day
"
);
