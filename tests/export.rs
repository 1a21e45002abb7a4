//! What leaves the register for other programs, and what they make of it: sheets, JSON, calendars.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers"
)]

mod support;

#[path = "export/again.rs"]
mod again;
#[path = "export/calendar.rs"]
mod calendar;
#[path = "export/chance.rs"]
mod chance;
#[allow(dead_code, reason = "other tests draw more from it")]
#[path = "law/oracle/dice.rs"]
mod dice;
#[path = "export/readers.rs"]
mod readers;
#[path = "export/served.rs"]
mod served;
#[path = "export/sheet.rs"]
mod sheet;
