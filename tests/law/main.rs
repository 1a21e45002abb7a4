//! The law as tables: one a provision, each row a history and what the provision makes of it, by the numbers
//! of the rules and hard cases that the statute's functions cite.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod clarification;
mod commissioner;
mod corrections;
mod extension;
mod fees;
mod letter;
mod notices;
mod oracle;
mod other_times;
mod policy;
mod proclaimed;
mod properties;
mod receipt;
mod refusals;
mod response;
mod review;
mod review_window;
mod schools;
mod sheet;

mod support;
