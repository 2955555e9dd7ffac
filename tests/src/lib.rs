//! What the test suite and the fuzzer share: a case as bytes, and what every answer to one must be.

pub mod answers;
pub mod case;
