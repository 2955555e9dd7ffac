//! Canada: Canada Labour Code, section 166, for federally regulated employers; employment standards acts and holidays
//! acts of the provinces and territories.
//!
//! Where a fixed date falls on a day of rest these acts give another day off; the sets take the next free weekday, as
//! public offices do. Not here: holidays of public servants alone (Easter Monday, Civic Holiday in Ontario, the days of
//! Newfoundland's saints), Heritage Day in Alberta, which each employer may choose to keep.

pub(super) const TEXT: &str = "=ca-federal|Canada: federal|2010-
--01-01|New Year's Day|next-free-weekday
easter-2|Good Friday
mon before 05-25|Victoria Day
--07-01|Canada Day|next-free-weekday
1st mon sep|Labour Day
--09-30|National Day for Truth and Reconciliation|2021-|next-free-weekday
2nd mon oct|Thanksgiving Day
--11-11|Remembrance Day|next-free-weekday
--12-25|Christmas Day|next-free-weekday
--12-26|Boxing Day|next-free-weekday
=ca-ab|Canada: Alberta|2010-
+ca-federal
!National Day for Truth and Reconciliation
!Boxing Day
3rd mon feb|Family Day
=ca-bc|Canada: British Columbia|2010-
+ca-federal
!National Day for Truth and Reconciliation
!Boxing Day
2nd mon feb|Family Day|2013-2018
3rd mon feb|Family Day|2019-
1st mon aug|British Columbia Day
--09-30|National Day for Truth and Reconciliation|2023-|next-free-weekday
=ca-mb|Canada: Manitoba|2010-
+ca-federal
!National Day for Truth and Reconciliation
!Boxing Day
3rd mon feb|Louis Riel Day
--09-30|Orange Shirt Day|2024-|next-free-weekday
=ca-nb|Canada: New Brunswick|2010-
+ca-federal
!Victoria Day
!National Day for Truth and Reconciliation
!Thanksgiving Day
!Boxing Day
3rd mon feb|Family Day|2018-
1st mon aug|New Brunswick Day
=ca-nl|Canada: Newfoundland and Labrador|2010-
+ca-federal
!Victoria Day
!National Day for Truth and Reconciliation
!Thanksgiving Day
!Boxing Day
=ca-ns|Canada: Nova Scotia|2010-
+ca-nl
3rd mon feb|Heritage Day|2015-
=ca-nt|Canada: Northwest Territories|2010-
+ca-federal
!National Day for Truth and Reconciliation
!Boxing Day
--06-21|National Indigenous Peoples Day|next-free-weekday
1st mon aug|Civic Holiday
--09-30|National Day for Truth and Reconciliation|2022-|next-free-weekday
=ca-nu|Canada: Nunavut|2010-
+ca-federal
!National Day for Truth and Reconciliation
!Boxing Day
--07-09|Nunavut Day|2020-|next-free-weekday
1st mon aug|Civic Holiday
--09-30|National Day for Truth and Reconciliation|2022-|next-free-weekday
=ca-on|Canada: Ontario|2010-
+ca-federal
!National Day for Truth and Reconciliation
!Remembrance Day
3rd mon feb|Family Day
=ca-pe|Canada: Prince Edward Island|2010-
+ca-nl
3rd mon feb|Islander Day
2022-09-19|National Day of Mourning
--09-30|National Day for Truth and Reconciliation|2022-|next-free-weekday
=ca-qc|Canada: Quebec|2010-
+ca-federal
!Victoria Day
!National Day for Truth and Reconciliation
!Remembrance Day
!Boxing Day
mon before 05-25|National Patriots' Day
--06-24|Saint-Jean-Baptiste Day|next-free-weekday
=ca-sk|Canada: Saskatchewan|2010-
+ca-ab
1st mon aug|Saskatchewan Day
=ca-yt|Canada: Yukon|2010-
+ca-federal
!National Day for Truth and Reconciliation
!Boxing Day
--06-21|National Indigenous Peoples Day|2017-|next-free-weekday
3rd mon aug|Discovery Day
--09-30|National Day for Truth and Reconciliation|2023-|next-free-weekday
";
