//! The Environmental Information (Scotland) Regulations 2004: the answer, representations, their answer.
//!
//! A different machine from the Act: an early answer starts the applicant's forty working days at once, and
//! there is no presumption of receipt.

use chrono::NaiveDate;

use super::deadline::{Actor, AdviceSource, Advised, Caution, Deadline, From, Key, Nature, Provision, Step};
use super::foisa::{FORTY, TWENTY};
use super::{Parts, receipt};
use crate::calendar::Calendar;
use crate::calendar::period::Period;
use crate::case::{Answer, Regime, Review};
use crate::clock::in_full;

static REG_5_2_A: Provision = Provision {
    cite: "EIRs reg 5(2)(a)",
    words: "as soon as possible and in any event no later than 20 working days after the date of receipt of the request",
};

static REG_16_2: Provision = Provision {
    cite: "EIRs reg 16(2)",
    words: "no later than 40 working days after either the date that the applicant receives any decision or \
            notification … or the date by which such a decision or notification should have been made … but was not",
};

static REG_16_4: Provision = Provision {
    cite: "EIRs reg 16(4)",
    words: "as soon as possible and no later than 20 working days after the date of receipt of the representations",
};

fn key(step: Step, actor: Actor, entry: u32) -> Key {
    Key {
        step,
        regime: Regime::Eirs,
        actor,
        entry,
    }
}

/// **reg 5(2)(a)**, RULE 10.1: the answer. "as soon as possible and in any event no later than 20 working days
/// after the date of receipt of the request". A refusal (reg 13(a)) is due by the same day.
pub(super) fn response(parts: &Parts<'_>) -> Deadline {
    let case = parts.case;
    let received = receipt::by_authority(&case.received, Regime::Eirs);
    let mut deadline = Deadline::reckoned(
        parts.calendar,
        key(Step::Response, Actor::Authority, case.received.seq),
        Nature::Duty,
        &REG_5_2_A,
        From::act(&case.received, received.on),
        TWENTY,
    );
    let unknown = day_unknown(parts.calendar, &deadline, received.otherwise, TWENTY);
    deadline.cautions.extend(unknown);
    parts.answered_or_withdrawn(deadline, Regime::Eirs)
}

/// **reg 16(2)**, RULE 10.8: the applicant's time to make representations. "no later than 40 working days after
/// either the date that the applicant receives any decision or notification … or the date by which such a
/// decision or notification should have been made … but was not".
///
/// So an early answer starts the forty on its receipt, the opposite of s.20(5)(a). An answer that comes late
/// meets both limbs: the later date is given, the earlier is the other reading.
pub(super) fn review_window(parts: &Parts<'_>, response: &Deadline) -> Deadline {
    let case = parts.case;
    let required = parts.first_required(Regime::Eirs, |_| true);
    let answer = parts
        .answer(Regime::Eirs)
        .filter(|answer| required.is_none_or(|review| answer.act.on <= review.required.on));
    let expiry = response.span.through;
    let from = match answer {
        Some(answer) => From::act(&answer.act, receipt::by_applicant(&answer.act, Regime::Eirs).on),
        None => From::act(&case.received, expiry),
    };
    let window_key = key(Step::ReviewWindow, Actor::Applicant, case.received.seq);
    let mut window = Deadline::reckoned(parts.calendar, window_key, Nature::Right, &REG_16_2, from, FORTY);
    match answer {
        None => {
            window.opens_after = Some(expiry);
            let unknown = request_unknown(parts, &window);
            window.cautions.extend(unknown);
        }
        Some(answer) => {
            let received = receipt::by_applicant(&answer.act, Regime::Eirs);
            let unknown = day_unknown(parts.calendar, &window, received.otherwise, FORTY);
            window.cautions.extend(unknown);
            if answer.act.on > expiry {
                window.cautions.push(both_limbs(parts.calendar, expiry));
            }
            window.advised = advised(answer);
        }
    }
    parts.required_or_withdrawn(window, required, answer.is_some())
}

/// A late answer after representations about silence: representations about the answer itself run from its
/// receipt, reg 16(2) again.
pub(super) fn review_window_after_late_answer(parts: &Parts<'_>, response: &Deadline) -> Option<Deadline> {
    let expiry = response.span.through;
    let first = parts.first_required(Regime::Eirs, |_| true)?;
    let answer = parts
        .answer(Regime::Eirs)
        .filter(|answer| answer.act.on > expiry && answer.act.on > first.required.on)?;
    let received = receipt::by_applicant(&answer.act, Regime::Eirs);
    let mut window = Deadline::reckoned(
        parts.calendar,
        key(Step::ReviewWindow, Actor::Applicant, answer.act.seq),
        Nature::Right,
        &REG_16_2,
        From::act(&answer.act, received.on),
        FORTY,
    );
    let unknown = day_unknown(parts.calendar, &window, received.otherwise, FORTY);
    window.cautions.extend(unknown);
    window.advised = advised(answer);
    let required = parts.first_required(Regime::Eirs, |review| review.required.on >= answer.act.on);
    Some(parts.required_or_withdrawn(window, required, true))
}

/// The date the letter named. What letters usually say, forty working days from receipt, is the law here.
fn advised(answer: &Answer) -> Option<Advised> {
    answer.advised.map(|date| Advised {
        date,
        source: AdviceSource::Letter,
    })
}

fn both_limbs(calendar: &Calendar, expiry: NaiveDate) -> Caution {
    let earlier = calendar.reckon(expiry, FORTY).through;
    Caution::reading(
        earlier,
        format!(
            "the answer came after the day it should have been made by, so both limbs of reg 16(2) are met; counted \
             from that day the time ends on {}",
            in_full(earlier)
        ),
    )
}

/// The date if a letter came on the other day that is possible, where that makes a difference.
fn day_unknown(
    calendar: &Calendar,
    deadline: &Deadline,
    otherwise: Option<NaiveDate>,
    period: Period,
) -> Option<Caution> {
    let day = otherwise?;
    let date = calendar.reckon(day, period).through;
    (deadline.due != Some(date)).then(|| {
        Caution::reading(
            date,
            format!(
                "the Regulations presume no day of receipt; if the letter came on {}, the time ends on {}",
                in_full(day),
                in_full(date)
            ),
        )
    })
}

/// The window on silence if the request came on the other day that is possible. The duty to answer is counted
/// from the earlier day; the applicant's time must not be cut short by that.
fn request_unknown(parts: &Parts<'_>, window: &Deadline) -> Option<Caution> {
    let day = receipt::by_authority(&parts.case.received, Regime::Eirs).otherwise?;
    let expiry = parts.calendar.reckon(day, TWENTY).through;
    let date = parts.calendar.reckon(expiry, FORTY).through;
    (window.due != Some(date)).then(|| {
        Caution::reading(
            date,
            format!(
                "the Regulations presume no day of receipt; if the request came on {}, an answer was due by {} and this \
                 time ends on {}",
                in_full(day),
                in_full(expiry),
                in_full(date)
            ),
        )
    })
}

/// **reg 16(4)**, RULE 10.8: the answer to representations. "as soon as possible and no later than 20 working
/// days after the date of receipt of the representations". Nothing extends it: reg 7 does not reach reg 16.
pub(super) fn review_outcome(parts: &Parts<'_>, review: &Review, windows: &[Deadline]) -> Deadline {
    let received = receipt::by_authority(&review.required, Regime::Eirs);
    let mut duty = Deadline::reckoned(
        parts.calendar,
        key(Step::ReviewOutcome, Actor::Authority, review.required.seq),
        Nature::Duty,
        &REG_16_4,
        From::act(&review.required, received.on),
        TWENTY,
    );
    let unknown = day_unknown(parts.calendar, &duty, received.otherwise, TWENTY);
    duty.cautions.extend(unknown);
    parts.reviewed_or_withdrawn(duty, review, windows)
}
