//! The law: which deadlines a case has, one function a provision.
//!
//! [`deadlines`] is pure and total: no clock, no file, no panic for any history that the entries allow. What
//! depends on today is asked of a [`Deadline`] with a date. The rules and their sources are cited at each
//! function; an open reading of the law is named as such and becomes a [`Caution`].

pub mod authority;
pub mod deadline;
mod eirs;
mod foisa;
mod part4;
pub mod receipt;

use std::collections::BTreeMap;

pub use authority::{Authority, AuthorityKind, LettersSay};
pub use deadline::{Actor, Caution, Concern, Deadline, Key, Nature, Standing, State, Step};

use crate::calendar::Calendar;
use crate::case::{Act, Answer, Case, Regime, Review};
use crate::clock::in_full;

/// What tells this statement of the law from an earlier one; open cases are derived again when it changes.
pub const LAW_VERSION: &str = "1";

/// Every deadline of a case, in the order of its life.
#[must_use]
pub fn deadlines(case: &Case, calendar: &Calendar, authority: &Authority) -> Vec<Deadline> {
    let parts = Parts {
        case,
        calendar,
        authority,
    };
    let mut all = Vec::with_capacity(4);
    let mut windows: Vec<(Regime, Vec<Deadline>)> = Vec::with_capacity(2);
    for regime in case.regime.parts() {
        let before_review = parts.before_review(*regime);
        windows.push((*regime, before_review.get(1..).unwrap_or_default().to_vec()));
        all.extend(before_review);
    }
    for review in &case.reviews {
        let outcomes: Vec<Deadline> = windows
            .iter()
            .filter(|(regime, _)| review.regime.covers(*regime))
            .map(|(regime, windows)| match regime {
                Regime::Eirs => eirs::review_outcome(&parts, review, windows),
                _ => foisa::review_outcome(&parts, review, windows),
            })
            .collect();
        // Where a review is owed of one part only, it is that part's time that can elapse.
        let owed = outcomes.iter().find(|outcome| outcome.state != State::NotOwed);
        if let Some(outcome) = owed.or(outcomes.first())
            && authority.kind != AuthorityKind::Excluded
        {
            all.extend(part4::commissioner_windows(&parts, review, outcome));
        }
        all.extend(outcomes);
    }
    for application in &case.applications {
        all.extend(part4::commissioner_decision(&parts, application));
        if let Some(decision) = &application.decision {
            all.push(part4::court_window(&parts, decision, Actor::Authority));
            all.push(part4::court_window(&parts, decision, Actor::Applicant));
        }
    }
    number(&mut all);
    all
}

/// Numbers what comes again: a second review, an application on silence and one on substance. They come in
/// the order of events and keep it: an entry's number tells only when it was recorded.
fn number(all: &mut [Deadline]) {
    all.sort_by_key(|deadline| (deadline.key.step, deadline.key.regime, deadline.key.actor));
    let mut seen: BTreeMap<(Step, Regime, Actor), u32> = BTreeMap::new();
    for deadline in all {
        let count = seen
            .entry((deadline.key.step, deadline.key.regime, deadline.key.actor))
            .or_default();
        *count += 1;
        deadline.occurrence = *count;
    }
}

/// A case, and what it is held against.
struct Parts<'a> {
    case: &'a Case,
    calendar: &'a Calendar,
    authority: &'a Authority,
}

impl Parts<'_> {
    /// The law that a step common to both regimes is cited under.
    fn main_regime(&self) -> Regime {
        self.case.regime.parts().first().copied().unwrap_or(Regime::Foisa)
    }

    /// The answer and the windows it leaves, of one regime.
    fn before_review(&self, regime: Regime) -> Vec<Deadline> {
        let (response, window, second) = if regime == Regime::Eirs {
            let response = eirs::response(self);
            let window = eirs::review_window(self, &response);
            let second = eirs::review_window_after_late_answer(self, &response);
            (response, window, second)
        } else {
            let response = foisa::response(self);
            let window = foisa::review_window(self, &response);
            let second = foisa::review_window_after_late_answer(self, &response);
            (response, window, second)
        };
        [response, window].into_iter().chain(second).collect()
    }

    fn answer(&self, regime: Regime) -> Option<&Answer> {
        self.case.answers.iter().find(|answer| answer.regime.covers(regime))
    }

    /// The first requirement for review of a regime's part that fits.
    fn first_required(&self, regime: Regime, fits: impl Fn(&Review) -> bool) -> Option<&Review> {
        self.case
            .reviews
            .iter()
            .find(|review| review.regime.covers(regime) && fits(review))
    }

    /// What an answer or a withdrawal makes of the duty to answer. The act is the sending, not the arrival
    /// (RULE 0.3 ambiguity B). A withdrawal ends the duty, so that what is sent after it cannot be late.
    fn answered_or_withdrawn(&self, duty: Deadline, regime: Regime) -> Deadline {
        let mut duty = duty.settled(self.answer(regime).map(|answer| answer.act.on));
        let first = |withdrawn: &Act| duty.acted_on.is_none_or(|answered| withdrawn.on < answered);
        if self.case.withdrawn.as_ref().is_some_and(first) {
            duty.state = State::Withdrawn;
        }
        duty
    }

    /// What a requirement for review, or a withdrawn request, makes of the window for it.
    fn required_or_withdrawn(&self, mut window: Deadline, required: Option<&Review>, answered: bool) -> Deadline {
        if let Some(review) = required {
            let premature = window.opens_after.is_some_and(|expiry| review.required.on <= expiry);
            if premature {
                window
                    .cautions
                    .push(Caution::dispute(None, premature_words(review, &window)));
            }
            return window.settled(Some(review.required.on));
        }
        let mut window = window.settled(None);
        if !answered {
            window.state = if self.case.withdrawn.is_some() {
                State::Withdrawn
            } else {
                State::Pending
            };
        }
        window
    }

    /// What a notice, a withdrawal, or a requirement out of time makes of the duty to review.
    fn reviewed_or_withdrawn(&self, mut duty: Deadline, review: &Review, windows: &[Deadline]) -> Deadline {
        let noticed = review.notices.first().map(|notice| notice.act.on);
        let made = review.required.on;
        // A window that a late answer opened governs what was required after that answer.
        let after_answer = self.answer(duty.key.regime).is_some_and(|answer| made >= answer.act.on);
        let window = windows.get(1).filter(|_| after_answer).or(windows.first());
        if let Some(window) = window {
            let last = window.work_to.or(window.due);
            if last.is_some_and(|last| made > last) {
                return out_of_time(duty, made, noticed, review);
            }
            if window.due.is_some_and(|due| made > due) {
                duty.cautions.push(Caution::dispute(
                    None,
                    format!(
                        "the requirement of {} came after the last day on the words of the law but within what another \
                         reading or the letter allows; treat it as in time",
                        in_full(made)
                    ),
                ));
            }
            if !after_answer && window.opens_after.is_some_and(|expiry| made <= expiry) {
                duty.cautions
                    .push(Caution::dispute(None, premature_words(review, window)));
            }
        }
        let mut duty = duty.settled(noticed);
        if review.withdrawn.is_some() {
            duty.state = State::Withdrawn;
        }
        duty
    }
}

fn premature_words(review: &Review, window: &Deadline) -> String {
    let expiry = window.opens_after.unwrap_or(window.from.on);
    format!(
        "the review was required on {}, before the time to answer had run out on {}, and may be premature; it is \
         treated as good",
        in_full(review.required.on),
        in_full(expiry)
    )
}

/// A requirement made after the window: the authority may comply, and need not (s.20(6)).
fn out_of_time(
    mut duty: Deadline,
    made: chrono::NaiveDate,
    noticed: Option<chrono::NaiveDate>,
    review: &Review,
) -> Deadline {
    duty.cautions.push(Caution::note(
        duty.due,
        format!(
            "the requirement of {} came after the window had ended, so no review is owed; you may still carry one out \
             (s.20(6)), and this would be its day",
            in_full(made)
        ),
    ));
    duty.due = None;
    duty.acted_on = noticed;
    duty.state = match noticed {
        Some(_) => State::Met,
        None if review.withdrawn.is_some() => State::Withdrawn,
        None => State::NotOwed,
    };
    duty
}
