//! Sweden: act 1989:253. Norway: acts of 26 April 1947 and 24 February 1995. Denmark: the calendar of the national church;
//! act 214 of 2023 ended Great Prayer Day. Finland: church act and working hours act, with the eves that it names.
//! Iceland: act 88 of 1971. Estonia: act on public holidays of 1998. Latvia: act of 3 October 1990. Lithuania: Labour Code.
//!
//! Not here: Constitution Day in Denmark, half days in Iceland.

pub(super) const TEXT: &str = concat!(
    "=se|Sweden|2005-
--01-01|New Year's Day
--01-06|Epiphany
easter-2|Good Friday
easter|Easter Sunday
easter+1|Easter Monday
--05-01|Labour Day
easter+39|Ascension Day
easter+49|Whit Sunday
--06-06|National Day
sat on-or-after 06-20|Midsummer Day
sat on-or-after 10-31|All Saints' Day
--12-25|Christmas Day
--12-26|Second Day of Christmas
",
    // Treated as Sundays by the Annual Leave Act; offices are closed.
    "=se-eves|Sweden, with the eves of Midsummer, Christmas and New Year|2005-
+se
fri on-or-after 06-19|Midsummer Eve
--12-24|Christmas Eve
--12-31|New Year's Eve
=no|Norway|1995-
--01-01|New Year's Day
easter-3|Maundy Thursday
easter-2|Good Friday
easter|Easter Sunday
easter+1|Easter Monday
--05-01|Labour Day
--05-17|Constitution Day
easter+39|Ascension Day
easter+49|Whit Sunday
easter+50|Whit Monday
--12-25|Christmas Day
--12-26|Second Day of Christmas
=dk|Denmark|1995-
--01-01|New Year's Day
easter-3|Maundy Thursday
easter-2|Good Friday
easter|Easter Sunday
easter+1|Easter Monday
easter+26|Great Prayer Day|-2023
easter+39|Ascension Day
easter+49|Whit Sunday
easter+50|Whit Monday
--12-25|Christmas Day
--12-26|Second Day of Christmas
=fi|Finland|1995-
--01-01|New Year's Day
--01-06|Epiphany
easter-2|Good Friday
easter|Easter Sunday
easter+1|Easter Monday
--05-01|May Day
easter+39|Ascension Day
easter+49|Whit Sunday
fri on-or-after 06-19|Midsummer Eve
sat on-or-after 06-20|Midsummer Day
sat on-or-after 10-31|All Saints' Day
--12-06|Independence Day
--12-24|Christmas Eve
--12-25|Christmas Day
--12-26|Second Day of Christmas
=is|Iceland|1995-
--01-01|New Year's Day
easter-3|Maundy Thursday
easter-2|Good Friday
easter|Easter Sunday
easter+1|Easter Monday
thu on-or-after 04-19|First Day of Summer
--05-01|Labour Day
easter+39|Ascension Day
easter+49|Whit Sunday
easter+50|Whit Monday
--06-17|National Day
1st mon aug|Commerce Day
--12-25|Christmas Day
--12-26|Second Day of Christmas
=ee|Estonia|2005-
--01-01|New Year's Day
--02-24|Independence Day
easter-2|Good Friday
easter|Easter Sunday
--05-01|May Day
easter+49|Whit Sunday
--06-23|Victory Day
--06-24|Midsummer Day
--08-20|Independence Restoration Day
--12-24|Christmas Eve
--12-25|Christmas Day
--12-26|Second Day of Christmas
=lv|Latvia|2012-
--01-01|New Year's Day
easter-2|Good Friday
easter|Easter Sunday
easter+1|Easter Monday
--05-01|Labour Day
--05-04|Independence Restoration Day|next-monday
2nd sun may|Mother's Day
easter+49|Whit Sunday
--06-23|Midsummer Eve
--06-24|Midsummer Day
--11-18|Proclamation Day|next-monday
--12-24|Christmas Eve
--12-25|Christmas Day
--12-26|Second Day of Christmas
--12-31|New Year's Eve
2018-07-09,2023-07-10|Song and Dance Festival
2018-09-24|Visit of Pope Francis
2023-05-29|Ice hockey bronze medal
=lt|Lithuania|2004-
--01-01|New Year's Day
--02-16|Restoration of the State Day
--03-11|Restoration of Independence Day
easter|Easter Sunday
easter+1|Easter Monday
--05-01|Labour Day
1st sun may|Mother's Day
1st sun jun|Father's Day
--06-24|Midsummer Day
--07-06|Statehood Day
--08-15|Assumption Day
--11-01|All Saints' Day
--11-02|All Souls' Day|2020-
--12-24|Christmas Eve
--12-25|Christmas Day
--12-26|Second Day of Christmas
"
);
