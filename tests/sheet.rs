//! The living sheet: a real file, edited as a spreadsheet program edits it, and the real register that follows it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers"
)]

#[path = "sheet/ahead.rs"]
mod ahead;
#[path = "sheet/chance.rs"]
mod chance;
#[path = "sheet/desk.rs"]
mod desk;
#[path = "sheet/excel.rs"]
mod excel;
#[path = "sheet/oddities.rs"]
mod oddities;
#[path = "sheet/owned.rs"]
mod owned;
#[path = "sheet/program.rs"]
mod program;
#[path = "sheet/slips.rs"]
mod slips;
#[path = "sheet/week.rs"]
mod week;

mod support;
