//! Cases that nobody who is active has.

use super::plain::{one_line, plural};
use crate::clock::in_full;
use crate::reminders::people::Unowned;

/// `2 cases have nobody who is active`.
#[must_use]
pub fn unowned_cases(count: i64) -> String {
    let have = if count == 1 { "has" } else { "have" };
    format!("{} {have} nobody who is active", plural(count, "case"))
}

/// Why nobody who is active has a case: `A Smith left on Friday 6 November 2026`.
#[must_use]
pub fn why_unowned(why: &Unowned) -> String {
    match why {
        Unowned::NoOfficer => "given to nobody".to_owned(),
        Unowned::Unknown { id } => format!("{:?} is not among the officers", one_line(id)),
        Unowned::Left { name, last } => format!("{} left on {}", one_line(name), in_full(*last)),
    }
}

/// One word for it, for programs.
#[must_use]
pub fn unowned_word(why: &Unowned) -> &'static str {
    match why {
        Unowned::NoOfficer => "no-officer",
        Unowned::Unknown { .. } => "unknown",
        Unowned::Left { .. } => "left",
    }
}
