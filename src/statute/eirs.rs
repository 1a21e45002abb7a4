//! The Environmental Information (Scotland) Regulations 2004: the answer, representations, their answer.
//!
//! A different machine from the Act: an early answer starts the applicant's forty working days at once, and
//! there is no presumption of receipt.

use chrono::NaiveDate;

use super::count::{Ends, end, proclaimed_meanwhile};
use super::deadline::{Actor, AdviceSource, Advised, Caution, Deadline, From, Key, Nature, Provision, State, Step};
use super::foisa::{FORTY, TWENTY};
use super::time_allowed::TimeAllowed;
use super::{Parts, receipt};
use crate::calendar::Calendar;
use crate::calendar::period::{Mode, Period, Unit};
use crate::case::{Act, Answer, Regime, Review};
use crate::clock::in_full;

static REG_5_2_A: Provision = Provision {
    cite: "EIRs reg 5(2)(a)",
    words: "as soon as possible and in any event no later than 20 working days after the date of receipt of the request",
    quoted: true,
};

static REG_16_2: Provision = Provision {
    cite: "EIRs reg 16(2)",
    words: "no later than 40 working days after either the date that the applicant receives any decision or \
            notification … or the date by which such a decision or notification should have been made … but was not",
    quoted: true,
};

static REG_16_4: Provision = Provision {
    cite: "EIRs reg 16(4)",
    words: "as soon as possible and no later than 20 working days after the date of receipt of the representations",
    quoted: true,
};

fn key(step: Step, actor: Actor, entry: u32) -> Key {
    Key {
        step,
        regime: Regime::Eirs,
        actor,
        entry,
    }
}

/// Sixty working days beginning with the day of notification, reg 8(6).
const SIXTY_BEGINNING: Period = Period {
    count: 60,
    unit: Unit::WorkingDays,
    mode: Mode::BeginningWith,
};

static REG_9_4: Provision = Provision {
    cite: "EIRs reg 5(2)(a) with reg 9(4)",
    words: "the date on which the particulars are received shall be treated as the date of the request, and the \
            period shall begin on the day following",
    quoted: false,
};

static REG_7_1: Provision = Provision {
    cite: "EIRs reg 5(2)(a) with reg 7(1)",
    words: "may be extended by a further period of up to 20 working days if the volume and complexity of the \
            information requested makes it impracticable",
    quoted: true,
};

static REG_7_2: Provision = Provision {
    cite: "EIRs reg 7(2)",
    words: "no later than 20 working days after the date of receipt of the request",
    quoted: true,
};

static REG_8_6: Provision = Provision {
    cite: "EIRs reg 8(6)",
    words: "within a period of 60 working days beginning with the day on which the applicant is notified",
    quoted: false,
};

/// **reg 5(2)(a)**, RULE 10.1: the answer. "as soon as possible and in any event no later than 20 working days
/// after the date of receipt of the request". A refusal (reg 13(a)) is due by the same day. What stops, resets
/// and extends it (regs 7, 8(7), 9(4)) is told at [`super::time_allowed`].
pub(super) fn response(parts: &Parts<'_>, time: &TimeAllowed<'_>) -> Deadline {
    let provision = match (time.extended, time.anew) {
        (Some(_), _) => &REG_7_1,
        (None, true) => &REG_9_4,
        (None, false) => &REG_5_2_A,
    };
    let key = key(Step::Response, Actor::Authority, parts.case.received.seq);
    let mut deadline = parts.timed(key, provision, time);
    deadline.cautions.extend(start_unknown(parts, time, &deadline));
    if let Some(transferred) = &parts.case.transferred {
        deadline.cautions.push(Caution::note(
            None,
            format!(
                "transferred on {} (reg 14): the applicant must still be told by a refusal under reg 13; the other \
                 authority's time begins when it receives the request",
                in_full(transferred.on)
            ),
        ));
    }
    parts.answered_or_withdrawn(deadline, time)
}

/// The end of the time if the letter that started it came on the other day that is possible.
fn start_unknown(parts: &Parts<'_>, time: &TimeAllowed<'_>, deadline: &Deadline) -> Option<Caution> {
    let started = parts.act_of(time.from.seq).filter(|_| !time.was_told())?;
    let otherwise = receipt::by_authority(&started, Regime::Eirs).otherwise?;
    let date = end(parts.calendar.as_it_is(), None, otherwise, time.days, &time.disregarded);
    deadline.due.filter(|due| *due != date)?;
    Some(Caution::reading(
        date,
        format!(
            "the Regulations presume no day of receipt; if the letter came on {}, the time ends on {}",
            in_full(otherwise),
            in_full(date)
        ),
    ))
}

/// **reg 7(2)**, RULE 10.2: the last day to notify an extension, "no later than 20 working days after the date of
/// receipt of the request". A power: noted, and gone once the request is answered. Whether clarification starts this
/// time anew is an open reading, as reg 9(4) does not name it: the safe day is that of the request itself.
pub(super) fn extension_notice(parts: &Parts<'_>, time: &TimeAllowed<'_>) -> Deadline {
    let key = key(Step::ExtensionNotice, Actor::Authority, parts.case.received.seq);
    let mut power = Deadline::reckoned(parts.calendar, key, Nature::Power, &REG_7_2, time.from, TWENTY);
    if time.expiry().is_none() && time.extended.is_none() {
        power.due = None;
        power.state = State::Suspended;
    }
    let over = parts.answer(Regime::Eirs).is_some() || parts.case.withdrawn.is_some();
    power.cautions.extend(proclaimed_in_twenty(parts, &power));
    power
        .cautions
        .extend(time.twentieth_of_the_request().map(not_begun_anew));
    let safe = power.cautions.iter().filter_map(|doubt| doubt.date).min();
    let mut power = power.settled(time.extended.map(|act| act.on));
    if power.state == State::Late || safe.is_some_and(|safe| power.acted_on > Some(safe)) {
        power.state = State::Arguable;
    }
    if time.extended.is_none() && over {
        power.state = State::Withdrawn;
    }
    power
}

fn not_begun_anew(last: NaiveDate) -> Caution {
    Caution::reading(
        last,
        format!(
            "reg 9(4) does not say that the time to notify an extension begins anew with the particulars; if it does not, \
             it ended, or ends, on {}",
            in_full(last)
        ),
    )
}

/// The doubt of RULE 11.4 about twenty working days that nothing stops.
fn proclaimed_in_twenty(parts: &Parts<'_>, deadline: &Deadline) -> Option<Caution> {
    let from = deadline.from.on;
    let now = deadline.due.map(Ends::on);
    proclaimed_meanwhile(parts.calendar, from, now, |known| {
        Some(Ends::on(known.nth_working_day_after(from, TWENTY.count)))
    })
}

/// **reg 8(6)**, RULE 10.3: the applicant's time to pay a charge: "within a period of 60 working days beginning
/// with the day" of notification, which is the first if it is a working day. An applicant is notified when the notice
/// comes: the day it is known to have come, or for a letter the third after posting, as the time must not be cut
/// short; the day after posting is the other reading.
pub(super) fn fee_payment(parts: &Parts<'_>, notice: &Act, paid: Option<NaiveDate>) -> Deadline {
    let key = key(Step::FeePayment, Actor::Applicant, notice.seq);
    let notified = receipt::by_applicant(notice, Regime::Eirs);
    let from = From::act(notice, notified.on);
    let mut right = Deadline::reckoned(parts.calendar, key, Nature::Right, &REG_8_6, from, SIXTY_BEGINNING);
    let unknown = day_unknown(parts.calendar, &right, notified.otherwise, SIXTY_BEGINNING);
    right.cautions.extend(unknown);
    right.settled(paid)
}

/// **reg 8(6)** again: the day after which nothing is owed, unless the fee is paid.
pub(super) fn last_to_pay(calendar: &Calendar, notice: &Act) -> NaiveDate {
    let notified = receipt::by_applicant(notice, Regime::Eirs).on;
    calendar.reckon(notified, SIXTY_BEGINNING).through
}

/// **reg 16(2)**, RULE 10.8: the applicant's time to make representations. "no later than 40 working days after
/// either the date that the applicant receives any decision or notification … or the date by which such a
/// decision or notification should have been made … but was not".
///
/// So an early answer starts the forty on its receipt, the opposite of s.20(5)(a). An answer that comes late
/// meets both limbs: the later date is given, the earlier is the other reading. A notice of a charge is a
/// notification too.
pub(super) fn review_window(parts: &Parts<'_>, time: &TimeAllowed<'_>) -> Deadline {
    let required = parts.first_required(Regime::Eirs, |_| true);
    let answer = parts
        .answer(Regime::Eirs)
        .filter(|answer| required.is_none_or(|review| answer.act.on <= review.required.on));
    let charge = time.fee.map(|fee| fee.notice).or(time.late_notice);
    let notified = answer.map(|answer| answer.act).or(charge);
    let window_key = key(Step::ReviewWindow, Actor::Applicant, parts.case.received.seq);
    let mut window = match notified {
        Some(act) => {
            let from = From::act(&act, receipt::by_applicant(&act, Regime::Eirs).on);
            Deadline::reckoned(parts.calendar, window_key, Nature::Right, &REG_16_2, from, FORTY)
        }
        None => parts.forty_after_the_time(window_key, &REG_16_2, time),
    };
    window.advised = answer.map_or_else(|| time.advised(), advised);
    match notified {
        None => window.cautions.extend(request_unknown(parts, time, &window)),
        Some(act) => {
            let received = receipt::by_applicant(&act, Regime::Eirs);
            let unknown = day_unknown(parts.calendar, &window, received.otherwise, FORTY);
            window.cautions.extend(unknown);
            let late = time.expiry().filter(|expiry| act.on > *expiry);
            window
                .cautions
                .extend(late.map(|expiry| both_limbs(parts.calendar, expiry)));
        }
    }
    if time.expiry().is_none() {
        window.cautions.push(nothing_asked(parts, time));
        if notified.is_none() {
            return parts.suspended_window(window, required);
        }
    }
    window.opens_after = notified.is_none().then(|| time.end());
    parts.required_or_withdrawn(window, required, notified.is_some())
}

/// The window there would be if the request had been clear.
fn nothing_asked(parts: &Parts<'_>, time: &TimeAllowed<'_>) -> Caution {
    let shadow = parts.calendar.reckon(time.end(), FORTY).through;
    Caution::dispute(
        Some(shadow),
        format!(
            "if nothing had to be asked of the applicant, the time to make representations ends on {}",
            in_full(shadow)
        ),
    )
}

/// An answer that comes after representations, which were about silence or made too early: representations about
/// the answer itself run from its receipt, reg 16(2) again, whether it came late or in time.
pub(super) fn review_window_after_answer(parts: &Parts<'_>, time: &TimeAllowed<'_>) -> Option<Deadline> {
    time.expiry()?;
    let first = parts.first_required(Regime::Eirs, |_| true)?;
    let answer = parts
        .answer(Regime::Eirs)
        .filter(|answer| answer.act.on > first.required.on)?;
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

/// The window on silence if the letter that started the clock came on the other day that is possible. The duty
/// to answer is counted from the earlier day; the applicant's time must not be cut short by that.
fn request_unknown(parts: &Parts<'_>, time: &TimeAllowed<'_>, window: &Deadline) -> Option<Caution> {
    let started = parts.act_of(time.from.seq).filter(|_| !time.was_told())?;
    let day = receipt::by_authority(&started, Regime::Eirs).otherwise?;
    let expiry = end(parts.calendar.as_it_is(), None, day, time.days, &time.disregarded);
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
    duty.cautions.extend(proclaimed_in_twenty(parts, &duty));
    parts.reviewed_or_withdrawn(duty, review, windows)
}
