//! What the program carries inside: the plugin, the page, the browser package and the schema.
//!
//! Each was there when the program was built, or is missing; who needs it says so.

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
