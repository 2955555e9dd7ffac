//! The plugin runtime from inside: hostile plugins, swaps under load, shares of tenants, the cache.

#[path = "../guest/mod.rs"]
mod guest;

mod cache;
mod hostile;
mod support;
mod swap;
