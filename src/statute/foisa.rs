//! The Freedom of Information (Scotland) Act 2002: the answer, the window for a review, the review.

use chrono::NaiveDate;

use super::authority::LettersSay;
use super::deadline::{Actor, AdviceSource, Advised, Caution, Deadline, From, Key, Nature, Provision, Step};
use super::{Parts, receipt};
use crate::calendar::Calendar;
use crate::calendar::period::Period;
use crate::case::{Answer, Outcome, Regime, Review};
use crate::clock::in_full;

/// Twenty working days, ss.10(1) and 21(1).
pub(super) const TWENTY: Period = Period::working_days_after(20);

/// Forty working days, s.20(5).
pub(super) const FORTY: Period = Period::working_days_after(40);

static S10_1_A: Provision = Provision {
    cite: "FOISA s.10(1)(a)",
    words: "must comply promptly; and in any event by not later than the twentieth working day after the receipt by \
            the authority of the request",
};

static S20_5_A: Provision = Provision {
    cite: "FOISA s.20(5)(a)",
    words: "must be made by not later than the fortieth working day after the expiry of the time allowed by or by \
            virtue of section 10 for complying with the request",
};

static S20_5_B: Provision = Provision {
    cite: "FOISA s.20(5)(b)",
    words: "where the authority purports to comply, or to give a notice, but does so outwith that time: by not later \
            than the fortieth working day after the receipt by the applicant of the information or the notice",
};

static S21_1: Provision = Provision {
    cite: "FOISA s.21(1)",
    words: "must comply promptly; and in any event by not later than the twentieth working day after receipt by it of \
            the requirement",
};

fn key(step: Step, actor: Actor, entry: u32) -> Key {
    Key {
        step,
        regime: Regime::Foisa,
        actor,
        entry,
    }
}

/// **s.10(1)(a)**, RULE 1.1: the answer. "must comply promptly; and in any event by not later than the
/// twentieth working day after the receipt by the authority of the request".
///
/// The day of receipt is never counted. Information, a fees notice, a refusal notice, a not-held notice and a
/// neither-confirm-nor-deny notice all stand under it (ss.9(1), 16, 17(1), 18). It does not lapse: a later
/// answer is still owed.
pub(super) fn response(parts: &Parts<'_>) -> Deadline {
    let case = parts.case;
    let received = receipt::by_authority(&case.received, Regime::Foisa);
    let deadline = Deadline::reckoned(
        parts.calendar,
        key(Step::Response, Actor::Authority, case.received.seq),
        Nature::Duty,
        &S10_1_A,
        From::act(&case.received, received.on),
        TWENTY,
    );
    parts.answered_or_withdrawn(deadline, Regime::Foisa)
}

/// **s.20(5)**, RULE 6.1: the applicant's time to require a review. "not later than the fortieth working day
/// after (a) the expiry of the time allowed by or by virtue of section 10 for complying with the request; or
/// (b) in a case where the authority purports … to comply … or … to give … a notice … but does so outwith
/// that time, the receipt by the applicant of the information provided or, as the case may be, the notice".
///
/// So: answered in time, however early, forty after the end of the twenty; answered late, forty after the
/// answer's receipt; never answered, forty after the end of the twenty. A late answer that comes when a
/// review has already been required opens a window of its own, [`review_window_after_late_answer`].
pub(super) fn review_window(parts: &Parts<'_>, response: &Deadline) -> Deadline {
    let case = parts.case;
    let required = parts.first_required(Regime::Foisa, |_| true);
    let answer = parts
        .answer(Regime::Foisa)
        .filter(|answer| required.is_none_or(|review| answer.act.on <= review.required.on));
    let expiry = response.span.through;
    let window_key = key(Step::ReviewWindow, Actor::Applicant, case.received.seq);
    let mut window = match answer {
        Some(answer) if answer.act.on > expiry => after_late_answer(parts, window_key, answer, expiry),
        _ => Deadline::reckoned(
            parts.calendar,
            window_key,
            Nature::Right,
            &S20_5_A,
            From::act(&case.received, expiry),
            FORTY,
        ),
    };
    if let Some(answer) = answer {
        window.advised = advised(parts, answer);
        if answer.act.on <= expiry {
            window
                .cautions
                .extend(arrived_after_expiry(parts.calendar, answer, expiry));
        }
    } else {
        window.opens_after = Some(expiry);
    }
    parts.required_or_withdrawn(window, required, answer.is_some())
}

/// **s.20(5)(b)** once more, RULE 6.1 ambiguity 3: an answer that comes late, after a review was required for
/// want of one, lets the applicant require a review of what it says, within forty working days of its
/// receipt.
pub(super) fn review_window_after_late_answer(parts: &Parts<'_>, response: &Deadline) -> Option<Deadline> {
    let expiry = response.span.through;
    let first = parts.first_required(Regime::Foisa, |_| true)?;
    let answer = parts
        .answer(Regime::Foisa)
        .filter(|answer| answer.act.on > expiry && answer.act.on > first.required.on)?;
    let window_key = key(Step::ReviewWindow, Actor::Applicant, answer.act.seq);
    let mut window = after_late_answer(parts, window_key, answer, expiry);
    window.advised = advised(parts, answer);
    let required = parts.first_required(Regime::Foisa, |review| review.required.on >= answer.act.on);
    Some(parts.required_or_withdrawn(window, required, true))
}

/// Limb (b): forty working days from receipt of the late answer. A late notice under s.16(4) or (5) (cost,
/// vexatious, repeated) is not a "refusal notice" as s.16(1) defines it, so limb (a) may be all there is
/// (RULE 6.1 ambiguity 2): the later date is the safe one for the authority.
fn after_late_answer(parts: &Parts<'_>, key: Key, answer: &Answer, expiry: NaiveDate) -> Deadline {
    let received = receipt::by_applicant(&answer.act, Regime::Foisa);
    let from = From::act(&answer.act, received.on);
    let mut window = Deadline::reckoned(parts.calendar, key, Nature::Right, &S20_5_B, from, FORTY);
    if matches!(
        answer.outcome,
        Some(Outcome::Cost | Outcome::Vexatious | Outcome::Repeated)
    ) {
        let strict = parts.calendar.reckon(expiry, FORTY).through;
        window.cautions.push(Caution::reading(
            strict,
            format!(
                "a late notice under s.16(4) or (5) is not plainly within s.20(5)(b); on the strict reading the time \
                 ended, or ends, on {}",
                in_full(strict)
            ),
        ));
    }
    window
}

/// RULE 6.1 ambiguity 1: an answer sent in time by post that comes after the twenty have ended. Lateness is
/// about when the authority acts, so limb (a) applies; were it limb (b), the window would end later.
fn arrived_after_expiry(calendar: &Calendar, answer: &Answer, expiry: NaiveDate) -> Option<Caution> {
    let received = receipt::by_applicant(&answer.act, Regime::Foisa).on;
    (received > expiry).then(|| {
        let later = calendar.reckon(received, FORTY).through;
        Caution::reading(
            later,
            format!(
                "the answer was sent in time but arrived after it; if that made it late, the window ends on {}",
                in_full(later)
            ),
        )
    })
}

/// The date the letter named, or what letters usually say: forty working days from receipt.
fn advised(parts: &Parts<'_>, answer: &Answer) -> Option<Advised> {
    if let Some(date) = answer.advised {
        return Some(Advised {
            date,
            source: AdviceSource::Letter,
        });
    }
    let received = receipt::by_applicant(&answer.act, Regime::Foisa).on;
    (parts.authority.letters_say == LettersSay::Receipt).then(|| Advised {
        date: parts.calendar.reckon(received, FORTY).through,
        source: AdviceSource::Usual,
    })
}

/// **s.21(1)**, RULE 7.1: the answer to a requirement for review. "must comply promptly; and in any event by
/// not later than the twentieth working day after receipt by it of the requirement". A notice refusing to
/// review (s.21(9)) is due by the same day. No clarification resets it, no fee pauses it, nothing extends it.
pub(super) fn review_outcome(parts: &Parts<'_>, review: &Review, windows: &[Deadline]) -> Deadline {
    let received = receipt::by_authority(&review.required, Regime::Foisa);
    let duty = Deadline::reckoned(
        parts.calendar,
        key(Step::ReviewOutcome, Actor::Authority, review.required.seq),
        Nature::Duty,
        &S21_1,
        From::act(&review.required, received.on),
        TWENTY,
    );
    parts.reviewed_or_withdrawn(duty, review, windows)
}
