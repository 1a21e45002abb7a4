//! Rounds over a real register with a pretended clock: who is told what, on which morning, once, and what
//! becomes of it when mail does not go.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers"
)]

#[path = "rounds/assurance.rs"]
mod assurance;
#[path = "rounds/chance.rs"]
mod chance;
#[path = "rounds/clocks.rs"]
mod clocks;
#[path = "rounds/copies.rs"]
mod copies;
#[path = "rounds/delivery.rs"]
mod delivery;
#[path = "rounds/mornings.rs"]
mod mornings;
#[path = "rounds/naive.rs"]
mod naive;
#[path = "rounds/office.rs"]
mod office;
#[path = "rounds/people.rs"]
mod people;
#[path = "rounds/reconcile.rs"]
mod reconcile;
#[path = "rounds/telling.rs"]
mod telling;
#[path = "rounds/unowned.rs"]
mod unowned;
#[path = "rounds/watch.rs"]
mod watch;
#[path = "rounds/window.rs"]
mod window;
