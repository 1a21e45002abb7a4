//! The closing section: rights of applicants that end soon or have ended, one short line each.

use chrono::NaiveDate;

use super::plain::{near, one_line};
use super::steps::{actor, right};
use super::view::ClosingView;
use crate::reminders::digest::{Block, Digest};
use crate::reminders::people::Why;
use crate::statute::{Deadline, Nature, Standing, State, Step};

/// A line a right.
pub(super) fn views(digest: &Digest) -> Vec<ClosingView> {
    let lines = |block: &Block| {
        let said = |deadline| format!("{}{}", said(deadline, &block.others, digest.today), whose(&block.why));
        let view = |said| ClosingView {
            reference: block.case.reference.to_string(),
            said,
        };
        block
            .lines
            .iter()
            .map(|line| view(said(&line.deadline)))
            .collect::<Vec<_>>()
    };
    digest.closing.iter().flat_map(lines).collect()
}

fn said(deadline: &Deadline, others: &[Deadline], today: NaiveDate) -> String {
    let (who, what) = (actor(deadline.key.actor), right(deadline.key.step));
    let Some(last) = deadline.work_to.or(deadline.due) else {
        return format!("no date is known for {who} to {what}");
    };
    let last = near(last, today);
    match deadline.standing(today) {
        Standing::OutOfTime | Standing::Passed => {
            format!("the time to {what} ended on {last}; {}", afterwards(deadline, others))
        }
        _ => format!(
            "{who} may {what} until {}; keep the file ready",
            until(deadline, today, &last)
        ),
    }
}

/// The last day as of right; where the letter or another reading gives longer, both.
fn until(deadline: &Deadline, today: NaiveDate, last: &str) -> String {
    let provisional = if deadline.provisional { " (provisional)" } else { "" };
    match deadline
        .due
        .filter(|due| deadline.work_to.is_some_and(|last| last > *due))
    {
        Some(due) => format!(
            "{}, and by the letter or on another reading until {last}{provisional}",
            near(due, today)
        ),
        None if deadline.work_to == Some(today) => format!("today, {last}"),
        None => format!("{last}{provisional}"),
    }
}

/// A window that ran for want of an answer is opened again by one; any other is over, and the file with it if
/// nothing else in the case is open.
fn afterwards(deadline: &Deadline, others: &[Deadline]) -> &'static str {
    let open = |other: &Deadline| other.is_open() && other.nature == Nature::Duty;
    match (deadline.state, deadline.key.step) {
        (State::Pending, Step::ReviewWindow) => "an answer now would open it again",
        (State::Pending, Step::CommissionerWindow) => "an outcome now would open it again",
        _ if others.iter().any(open) => "keep the file, for more of the case is open",
        _ => "the file can be put away",
    }
}

/// Why a reader has a right of somebody else's case.
fn whose(why: &Why) -> String {
    match why {
        // Of rights there are no copies.
        Why::Owner | Why::QuietDay { .. } | Why::Manager { .. } | Why::ForManager { .. } => String::new(),
        Why::StandsIn { owner, .. } | Why::NobodyElse { owner } => format!(" (you have this from {})", one_line(owner)),
        Why::NoOwner => " (nobody has this case)".to_owned(),
    }
}
