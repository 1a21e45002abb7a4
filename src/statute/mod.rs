//! The law: which deadlines a case has, one function a provision.
//!
//! [`deadlines`] is pure and total: no clock, no file, no panic for any history that the entries allow. What
//! depends on today is asked of a [`Deadline`] with a date. The rules and their sources are cited at each
//! function; an open reading of the law is named as such and becomes a [`Caution`].

pub mod authority;
mod clarification;
mod count;
mod court;
pub mod deadline;
mod eirs;
mod emergency_2020;
mod foisa;
mod notices;
mod part4;
mod policy;
pub mod receipt;
mod schools;
mod time_allowed;

use std::collections::BTreeMap;

use deadline::Provision;
use time_allowed::TimeAllowed;

pub use authority::{Authority, AuthorityKind, LettersSay, SchoolDays};
pub use deadline::{Actor, Caution, Concern, Deadline, Key, Nature, Standing, State, Step};
pub use foisa::{FORTY, TWENTY};
pub use part4::SIX_MONTHS;
pub use schools::SIXTY;

use crate::calendar::Calendar;
use crate::calendar::period::Period;
use crate::case::{Act, Answer, Case, Dated, Regime, Review, Turning};
use crate::clock::in_full;

/// What tells this statement of the law from an earlier one; open cases are derived again when it changes.
pub const LAW_VERSION: &str = "4";

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
        let time = TimeAllowed::of(&parts, *regime);
        windows.push((*regime, parts.first_stage(*regime, &time, &mut all)));
    }
    for review in &case.reviews {
        all.extend(parts.review_stage(review, &windows));
    }
    for application in &case.applications {
        all.extend(part4::with_commissioner(&parts, application));
    }
    all.extend(case.errands.iter().map(|errand| policy::department(&parts, errand)));
    all.extend(policy::publication(&parts));
    all.extend(case.diary.iter().map(|dated| policy::diary(&parts, dated)));
    number(&mut all);
    all
}

/// Numbers what comes again: a second review, an application on silence and one on substance. They come in
/// the order of events and keep it: an entry's number tells only when it was recorded.
fn number(all: &mut [Deadline]) {
    let waited_since = |deadline: &Deadline| (deadline.key.step == Step::Waiting).then_some(deadline.from.on);
    all.sort_by_key(|deadline| {
        let key = deadline.key;
        (key.step, key.regime, key.actor, waited_since(deadline))
    });
    let mut seen: BTreeMap<(Step, Regime, Actor), u32> = BTreeMap::new();
    for deadline in all {
        let count = seen
            .entry((deadline.key.step, deadline.key.regime, deadline.key.actor))
            .or_default();
        *count += 1;
        deadline.occurrence = *count;
    }
}

/// What is outstanding of both parts of a letter is asked after once, as long as either waits for it.
fn wait_once(all: &mut Vec<Deadline>, waiting: Deadline) {
    match all.iter_mut().find(|one| one.key == waiting.key) {
        Some(known) if known.state == State::Withdrawn => *known = waiting,
        Some(_) => {}
        None => all.push(waiting),
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

    /// The answer, what belongs to it, and the windows it leaves, of one regime. The windows come back too.
    fn first_stage(&self, regime: Regime, time: &TimeAllowed<'_>, all: &mut Vec<Deadline>) -> Vec<Deadline> {
        let windows: Vec<Deadline> = if regime == Regime::Eirs {
            all.push(eirs::response(self, time));
            all.push(eirs::extension_notice(self, time));
            let second = eirs::review_window_after_answer(self, time);
            std::iter::once(eirs::review_window(self, time)).chain(second).collect()
        } else {
            let response = foisa::response(self, time);
            let window = foisa::review_window(self, time, &response);
            all.push(response);
            let second = foisa::review_window_after_late_answer(self, time);
            std::iter::once(window).chain(second).collect()
        };
        all.extend(self.fee_payments(regime));
        for waiting in policy::waiting(self, time) {
            wait_once(all, waiting);
        }
        all.extend_from_slice(&windows);
        windows
    }

    /// The time to pay of each fees notice, and when it was paid.
    fn fee_payments(&self, regime: Regime) -> Vec<Deadline> {
        let turns = || self.case.turns.iter().filter(|turn| turn.regime.covers(regime));
        let notices = turns().filter(|turn| turn.what == Turning::FeesNotice);
        let mut payments = turns().filter(|turn| turn.what == Turning::FeePaid);
        notices
            .map(|notice| {
                let paid = payments.find(|paid| paid.act.on >= notice.act.on);
                match regime {
                    Regime::Eirs => eirs::fee_payment(self, &notice.act, paid.map(|paid| paid.act.on)),
                    _ => foisa::fee_payment(self, &notice.act, paid.map(|paid| &paid.act)),
                }
            })
            .collect()
    }

    /// The answer to one requirement for review, and the Commissioner's windows that it leaves.
    fn review_stage(&self, review: &Review, windows: &[(Regime, Vec<Deadline>)]) -> Vec<Deadline> {
        let outcomes: Vec<Deadline> = windows
            .iter()
            .filter(|(regime, _)| review.regime.covers(*regime))
            .map(|(regime, windows)| match regime {
                Regime::Eirs => eirs::review_outcome(self, review, windows),
                _ => foisa::review_outcome(self, review, windows),
            })
            .collect();
        // Where a review is owed of one part only, it is that part's time that can elapse.
        let owed = outcomes.iter().find(|outcome| outcome.state != State::NotOwed);
        let mut all = Vec::new();
        if let Some(outcome) = owed.or(outcomes.first())
            && self.authority.kind != AuthorityKind::Excluded
        {
            all.extend(part4::commissioner_windows(self, review, outcome));
        }
        all.extend(outcomes);
        all
    }

    /// The duty to answer within the time allowed, before anything is known of how it ended.
    fn timed(&self, key: Key, provision: &'static Provision, time: &TimeAllowed<'_>) -> Deadline {
        let period = Period::working_days_after(time.days);
        let mut duty = Deadline::reckoned(self.calendar, key, Nature::Duty, provision, time.from, period);
        duty.span = time.span();
        duty.due = time.due();
        duty.disregarded.clone_from(&time.disregarded);
        duty.provisional = self.calendar.is_provisional(duty.span.through);
        duty.rests_on_unlisted(time.unlisted);
        duty.cautions.clone_from(&time.cautions);
        duty.lapses_after = time.fee.map(|fee| fee.last);
        duty.cautions.extend(self.told_otherwise(&duty));
        duty.cautions.extend(self.case.part_answers.iter().map(|part| {
            Caution::note(
                None,
                format!("part was answered on {}; the rest is still due", in_full(part.on)),
            )
        }));
        duty
    }

    /// Forty working days from the end of the time to answer, which is as certain as that end: what makes the one
    /// provisional makes the other, and a holiday taken away while the one ran (RULE 11.4) shortens neither.
    fn forty_after_the_time(&self, key: Key, provision: &'static Provision, time: &TimeAllowed<'_>) -> Deadline {
        let from = deadline::From {
            on: time.end(),
            ..time.from
        };
        let mut window = Deadline::reckoned(self.calendar, key, Nature::Right, provision, from, FORTY);
        window.rests_on_unlisted(time.unlisted);
        window.cautions.extend(time.later.map(|later| {
            let kept = self.calendar.keeping_what_was_known_on(from.on);
            let latest = kept.nth_working_day_after(later, FORTY.count);
            count::not_shortened(later, latest)
        }));
        window
    }

    /// An acknowledgement that named another day than the law's.
    fn told_otherwise(&self, duty: &Deadline) -> Vec<Caution> {
        let wrong = |dated: &&Dated| dated.due.is_some() && duty.due.is_some() && dated.due != duty.due;
        self.case
            .acknowledged
            .iter()
            .filter(wrong)
            .filter_map(|dated| {
                let told = dated.due?;
                Some(Caution::note(
                    Some(told),
                    format!(
                        "the acknowledgement of {} told the applicant {}, which is not the law's date",
                        in_full(dated.act.on),
                        in_full(told)
                    ),
                ))
            })
            .collect()
    }

    /// The act of an entry that can start the time to answer.
    fn act_of(&self, entry: u32) -> Option<Act> {
        std::iter::once(self.case.received)
            .chain(self.case.turns.iter().map(|turn| turn.act))
            .find(|act| act.seq == entry)
    }

    fn is_closed(&self) -> bool {
        self.case.closed.is_some()
    }

    /// Whether the whole request was answered.
    fn is_answered(&self) -> bool {
        self.case
            .regime
            .parts()
            .iter()
            .all(|regime| self.answer(*regime).is_some())
    }

    fn answer(&self, regime: Regime) -> Option<&'_ Answer> {
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
    /// (RULE 0.3 ambiguity B). A withdrawal ends the duty, so that what is sent after it cannot be late; nor can
    /// what is sent while the applicant is waited for.
    fn answered_or_withdrawn(&self, duty: Deadline, time: &TimeAllowed<'_>) -> Deadline {
        let answered = self.answer(time.regime()).map(|answer| answer.act.on);
        let mut duty = duty.settled(answered);
        if duty.due.is_none() {
            duty.acted_on = answered;
            duty.state = match answered {
                Some(_) => State::Met,
                None if time.lapsed => State::NotOwed,
                None => State::Suspended,
            };
        }
        let first = |withdrawn: &Act| duty.acted_on.is_none_or(|answered| withdrawn.on < answered);
        if self.case.withdrawn.as_ref().is_some_and(first) {
            duty.state = State::Withdrawn;
        }
        duty
    }

    /// A window that no expiry starts, because something is awaited: there is no date, though the applicant may
    /// dispute that anything had to be asked.
    fn suspended_window(&self, mut window: Deadline, required: Option<&Review>) -> Deadline {
        window.due = None;
        let mut window = window.settled(None);
        window.acted_on = required.map(|review| review.required.on);
        window.state = match required {
            Some(_) => State::Met,
            None if self.case.withdrawn.is_some() => State::Withdrawn,
            None => State::Suspended,
        };
        window
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
        // A window that an answer opened governs what was required after that answer.
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
    // Of what is not owed, the day on another reading is no news.
    duty.cautions.retain(|caution| caution.concern != Concern::Reading);
    duty.cautions.push(Caution::note(
        duty.due,
        format!(
            "the requirement of {} came after the window had ended, so no review is owed; {}, and this would be its day",
            in_full(made),
            match duty.key.regime {
                Regime::Eirs => "nothing forbids one",
                _ => "you may still carry one out (s.20(6))",
            }
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
