//! What must hold of every input, whatever its bytes: a function for each kind of input, which panics where it does not
//! hold. `tests/input/` asks them about inputs by the thousand and about those that once broke them, `fuzz/` by the
//! million.

#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "they are tests, and panicking is how they tell"
)]

mod calendar;
mod config;
mod event;
mod ics;
pub(crate) mod packed;
mod register;
mod replies;
mod sheets;
mod token;
mod workbook;

/// What holds of one kind of input.
pub type Property = fn(&[u8]);

/// Every kind of input by the name of its fuzz target.
pub const ALL: [(&str, Property); 9] = [
    ("bank_holidays", calendar::bank_holidays),
    ("csv_rows", sheets::csv_rows),
    ("xlsx_rows", workbook::xlsx_rows),
    ("configuration", config::configuration),
    ("events", event::events),
    ("smtp_replies", replies::smtp_replies),
    ("token_replies", token::token_replies),
    ("icalendar", ics::icalendar),
    ("register", register::register),
];

/// The property of a name.
pub fn of(name: &str) -> Property {
    let found = ALL.iter().find(|(known, _)| *known == name);
    found.expect("a property of that name").1
}

/// What a command says of an input that it refuses: one line, and no longer than the input makes it.
fn told(words: &str, data: &[u8]) {
    // As the command line puts every complaint.
    let line = timeous::wording::one_line(words);
    assert!(!line.is_empty(), "nothing is said");
    // A byte that cannot be shown takes up to ten characters, and is quoted twice at most.
    let longest = 1_000 + 20 * data.len();
    assert!(
        line.chars().count() <= longest,
        "{} characters of {} bytes: {line}",
        line.chars().count(),
        data.len()
    );
}

/// Words that are kept, and shown wherever: one line, and nothing in it steers a terminal.
fn one_line(words: &str) {
    assert!(!words.trim().is_empty(), "nothing is said");
    let steering = words.chars().find(|c| timeous::words::steers(*c));
    assert_eq!(steering, None, "{words:?}");
}
