//! A calendar that changes under open cases: the bank holiday of 19 September 2022 replayed, withdrawn again,
//! counted over many cases, interrupted at every write; registers of earlier programs; lists and horizons.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers; a service has to be waited for, \
              and figures are printed for whoever asks with --nocapture"
)]

mod support;

#[path = "moved/council.rs"]
mod council;
#[path = "moved/earlier.rs"]
mod earlier;
#[path = "moved/kills.rs"]
mod kills;
#[path = "moved/lists.rs"]
mod lists;
#[path = "moved/many.rs"]
mod many;
#[path = "moved/september.rs"]
mod september;
