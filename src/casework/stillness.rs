//! Cases of a sheet that have long been still: by the sheet something is to be done in them, and rather somebody forgot
//! to write down that it was.

use chrono::NaiveDate;

use crate::calendar::Calendar;
use crate::exchange::Row;
use crate::statute::{Actor, Deadline, Nature, State, Step};

/// How many working days a case may lie still before it is doubted that it is open.
pub const STILL: i64 = 60;

/// A case that has long been still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stillness {
    /// The last day that its row names.
    pub(super) last: NaiveDate,
    /// How many working days ago that was.
    pub(super) ago: i64,
    /// What the row does not say was done.
    pub(super) open: Step,
}

/// Whether something is to be done in a case, by its row, and nothing has happened in it for more than [`STILL`] working
/// days.
pub(super) fn of(row: &Row, deadlines: &[Deadline], calendar: &Calendar, today: NaiveDate) -> Option<Stillness> {
    let for_officers = |deadline: &&Deadline| {
        let asked = matches!(deadline.nature, Nature::Duty | Nature::Policy);
        deadline.key.actor == Actor::Authority && asked && deadline.state.is_open()
    };
    // Where the time to answer stands still, what it waits for says more.
    let open = deadlines.iter().filter(for_officers);
    let open = open.min_by_key(|deadline| deadline.state == State::Suspended)?;
    let days = row.facts.iter().flat_map(|fact| {
        let details = &fact.details;
        [Some(fact.on), details.received, details.due]
    });
    let last = days.flatten().max()?;
    let ago = calendar.working_days_between(last, today);
    (ago > STILL).then_some(Stillness {
        last,
        ago,
        open: open.key.step,
    })
}
