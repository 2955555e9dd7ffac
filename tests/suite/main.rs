//! One suite: the shared vectors, properties against slow references, tickets, errors.

mod batches;
mod board;
mod business_days;
mod calendar_laws;
mod calendar_reference;
mod closed_reasons;
mod composites;
mod corpus;
mod engine;
mod explanations;
mod generate;
mod holiday_rules;
mod holiday_sets;
mod lint;
mod lint_conditions;
mod lint_robustness;
mod machine_laws;
mod reference;
mod reference_check;
mod robustness;
mod subset;
mod ticket_laws;
mod ticket_reference;
mod vector_files;
mod vectors;
mod zones;
