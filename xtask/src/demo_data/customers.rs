//! The customers, where they sit and when they work.

use super::dice::Dice;
use super::hours::Hours;

pub(super) struct Customer {
    pub(super) name: &'static str,
    pub(super) sites: &'static [&'static str],
    pub(super) hours: Option<Hours>,
    weight: i64,
}

impl Customer {
    /// One of them, the larger ones more often.
    pub(super) fn draw(dice: &mut Dice) -> &'static Self {
        let mut left = dice.between(1, CUSTOMERS.iter().map(|customer| customer.weight).sum());
        CUSTOMERS
            .iter()
            .find(|customer| {
                left -= customer.weight;
                left <= 0
            })
            .unwrap_or(&CUSTOMERS[0])
    }
}

const fn customer(
    name: &'static str,
    sites: &'static [&'static str],
    hours: Option<Hours>,
    weight: i64,
) -> Customer {
    Customer { name, sites, hours, weight }
}

pub(super) const ROUND_THE_CLOCK: Customer =
    customer("Harborview Clinic", &["Ward A", "Ward B", "Pharmacy"], Some(Hours::Always), 6);

pub(super) const CUSTOMERS: &[Customer] = &[
    customer("Acme Dental", &["Main Street", "Riverside", "Oak Park"], None, 6),
    ROUND_THE_CLOCK,
    customer("Finch & Marlow LLP", &["London Wall"], Some(Hours::London), 4),
    customer("Redwood Outdoor Co.", &["Portland", "Warehouse 2"], Some(Hours::Pacific), 4),
    customer("Strait Maritime Pte", &["Keppel Terminal", "Office"], Some(Hours::Singapore), 3),
    customer("Brightwater Schools", &["North Campus", "South Campus", "District office"], None, 4),
    customer("Castellano & Sons", &["Workshop", "Office"], None, 3),
    customer("Pine Hill Logistics", &["Depot 1", "Depot 4", "Dispatch"], None, 4),
    customer("Lumen Architects", &["Studio"], None, 3),
];
