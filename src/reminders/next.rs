//! The next rung of a deadline, and the morning on which it is told.

use chrono::NaiveDate;

use super::closures::OpenDays;
use super::ladder::{Ladder, Rung};
use crate::statute::{Deadline, Nature, Step};

/// How many working days after a right has ended anything of it is still worth telling.
const ENDED_IS_NEWS: i64 = 20;

/// The highest rung already told of a deadline's present day to work to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// The rung.
    pub rung: Rung,
    /// The day it was told for.
    pub day: NaiveDate,
}

/// A rung and the morning on which it is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// The morning; where it has passed, the rung has been missed and is due at once.
    pub on: NaiveDate,
    /// The rung.
    pub rung: Rung,
}

/// The next rung to be told of a deadline, or none if nothing more is to come.
///
/// On a quiet day of the officer only what cannot come earlier is told: the day to work to itself, and what comes
/// every open morning after it.
///
/// `today` only decides whether the end of a right is still news.
#[must_use]
pub fn next(
    deadline: &Deadline,
    ladder: &Ladder,
    days: &OpenDays<'_>,
    told: Option<Told>,
    today: NaiveDate,
) -> Option<Next> {
    mornings(deadline, ladder, days, told, today).min_by_key(|next| (next.on, std::cmp::Reverse(next.rung)))
}

/// The rung to be told today: the highest whose morning has come. Those below it are folded into it.
#[must_use]
pub fn due(
    deadline: &Deadline,
    ladder: &Ladder,
    days: &OpenDays<'_>,
    told: Option<Told>,
    today: NaiveDate,
) -> Option<Next> {
    mornings(deadline, ladder, days, told, today)
        .filter(|next| next.on <= today)
        .max_by_key(|next| next.rung)
}

/// Whether a rung is told again: what is past its day every open morning, and what the applicant is waited for
/// after as many working days as the first time.
#[must_use]
pub fn repeats(step: Step, rung: Rung) -> bool {
    rung.is_daily() || (step == Step::Waiting && rung == Rung::Before(0))
}

/// Every rung not yet told with its next morning.
fn mornings(
    deadline: &Deadline,
    ladder: &Ladder,
    days: &OpenDays<'_>,
    told: Option<Told>,
    today: NaiveDate,
) -> impl Iterator<Item = Next> {
    let dates = deadline
        .is_open()
        .then_some(deadline.due.zip(deadline.work_to))
        .flatten();
    let of_a_right = deadline.nature == Nature::Right;
    let (opens_after, step, period) = (deadline.opens_after, deadline.key.step, deadline.period);
    ladder.rungs().iter().copied().filter_map(move |rung| {
        let (due, work_to) = dates?;
        // Neither its end nor its last days are news then: a case that is taken in long after has nothing to tell.
        if of_a_right && days.calendar.working_days_between(work_to, today) > ENDED_IS_NEWS {
            return None;
        }
        let again = told.filter(|told| told.rung == rung && repeats(step, rung));
        if again.is_none() && told.is_some_and(|told| rung <= told.rung) {
            return None;
        }
        let from = |day| days.after(again.map_or(day, |told| told.day.max(day)));
        let on = match rung {
            Rung::Before(0) => match again {
                Some(told) => days.on_or_before(days.calendar.nth_working_day_after(told.day, period.count)),
                None => days.on_or_before(work_to),
            },
            Rung::Before(n) => {
                let nth = days.calendar.nth_working_day_back(work_to, u32::from(n));
                days.read_on_or_before(nth.pred_opt()?)
            }
            Rung::Safe => Some(from(work_to)).filter(|on| *on <= due)?,
            Rung::Overdue => from(due),
            Rung::Ended => from(work_to),
        };
        let opened = opens_after.map_or(on, |day| on.max(days.after(day)));
        Some(Next { on: opened, rung })
    })
}
