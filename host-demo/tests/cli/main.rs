//! The command line from outside: what it prints, how it ends, and that bad input costs only itself.

#[path = "../guest/mod.rs"]
mod guest;

mod clocks;
mod examples;
mod explain;
mod holidays;
mod ics;
mod import;
mod input;
mod lint;
mod packaging;
mod plugin;
mod serve;
mod support;
mod systems;
