//! Whatever comes in is read as it is meant or refused in one line: properties of every input, and the real program under
//! a limit of memory with inputs of hostile sizes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers"
)]

#[path = "../support/mod.rs"]
mod support;

mod by_chance;
mod hostile;
mod properties;
