//! France: Labour Code, articles L3133-1 and, for Alsace and Moselle, L3134-13.
//!
//! From 2005 to 2007 Whit Monday was a working day for most. Not here: the days on which slavery was ended in each overseas department.

pub(super) const TEXT: &str = "=fr|France|2008-
--01-01|New Year's Day
easter+1|Easter Monday
--05-01|Labour Day
--05-08|Victory Day
easter+39|Ascension Day
easter+50|Whit Monday
--07-14|National Day
--08-15|Assumption Day
--11-01|All Saints' Day
--11-11|Armistice Day
--12-25|Christmas Day
=fr-alsace-moselle|France: Alsace and Moselle|2008-
+fr
easter-2|Good Friday
--12-26|St Stephen's Day
";
