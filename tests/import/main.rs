//! An officer's sheet into the register, with the real program.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers"
)]

mod council;
mod documented;
mod messy;
mod small;
#[path = "../support/mod.rs"]
mod support;
