//! One suite: the shared vectors, properties against slow references, tickets, errors.

mod batches;
mod calendar_laws;
mod calendar_reference;
mod engine;
mod generate;
mod holiday_rules;
mod lint;
mod lint_conditions;
mod lint_robustness;
mod reference;
mod reference_check;
mod robustness;
mod subset;
mod ticket_laws;
mod ticket_reference;
mod vector_files;
mod vectors;
mod zones;
