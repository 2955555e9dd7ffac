//! United Kingdom: Banking and Financial Dealings Act 1971, schedule 1, and the proclamations under its section 1.
//!
//! New Year's Day and early May are proclaimed every year in England and Wales and in Northern Ireland, with the
//! substitute days that the Act gives elsewhere: the rule here is that custom. Good Friday and Christmas Day are
//! common law holidays. Not here: local holidays of Scottish councils.

pub(super) const TEXT: &str = concat!(
    "=gb-england|United Kingdom: England|2000-
--01-01|New Year's Day|next-free-weekday
easter-2|Good Friday
easter+1|Easter Monday
",
    // Moved for the 75th anniversary of VE Day.
    "1st mon may|Early May bank holiday|-2019
2020-05-08|Early May bank holiday (VE Day)
1st mon may|Early May bank holiday|2021-
",
    // Moved for the jubilees, each with a day of its own.
    "last mon may|Spring bank holiday|-2001
2002-06-03|Golden Jubilee bank holiday
2002-06-04|Spring bank holiday
last mon may|Spring bank holiday|2003-2011
2012-06-04|Spring bank holiday
2012-06-05|Diamond Jubilee bank holiday
last mon may|Spring bank holiday|2013-2021
2022-06-02|Spring bank holiday
2022-06-03|Platinum Jubilee bank holiday
last mon may|Spring bank holiday|2023-
last mon aug|Summer bank holiday
--12-25|Christmas Day|next-free-weekday
--12-26|Boxing Day|next-free-weekday
2011-04-29|Royal wedding
2022-09-19|State funeral of Queen Elizabeth II
2023-05-08|Coronation of King Charles III
=gb-wales|United Kingdom: Wales|2000-
+gb-england
=gb-scotland|United Kingdom: Scotland|2000-
+gb-england
!Easter Monday
!Summer bank holiday
--01-02|2nd January|next-free-weekday
1st mon aug|Summer bank holiday
",
    // St Andrew's Day Bank Holiday (Scotland) Act 2007.
    "--11-30|St Andrew's Day|2007-|next-free-weekday
",
    // Proclaimed for the first match of Scotland's team at the World Cup.
    "2026-06-15|World Cup bank holiday
=gb-northern-ireland|United Kingdom: Northern Ireland|2000-
+gb-england
--03-17|St Patrick's Day|next-free-weekday
--07-12|Battle of the Boyne|next-free-weekday
"
);
