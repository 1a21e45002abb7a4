//! The Freedom of Information (Scotland) Act 2002: the answer, the window for a review, the review.

use chrono::NaiveDate;

use super::authority::{AuthorityKind, LettersSay};
use super::count::{Ends, end, proclaimed_meanwhile};
use super::deadline::{Actor, AdviceSource, Advised, Caution, Deadline, From, Key, Nature, Provision, State, Step};
use super::schools::School;
use super::time_allowed::TimeAllowed;
use super::{Parts, emergency_2020, receipt, schools};
use crate::calendar::Calendar;
use crate::calendar::period::{Mode, Period, Unit};
use crate::case::{Act, Answer, Outcome, Regime, Review};
use crate::clock::in_full;

/// Twenty working days: FOISA ss.10(1) and 21(1), EIRs regs 5(2)(a), 7(2), 9(2)(a) and 16(4).
pub const TWENTY: Period = Period::working_days_after(20);

/// Working days the Keeper has for a transferred record, s.10(2).
const KEEPER: u32 = 30;

/// Forty working days: FOISA s.20(5), EIRs reg 16(2).
pub const FORTY: Period = Period::working_days_after(40);

/// Three months beginning with the day of the fees notice, s.9(3).
pub(super) const THREE_MONTHS: Period = Period {
    count: 3,
    unit: Unit::Months,
    mode: Mode::BeginningWith,
};

static S10_1_A: Provision = Provision {
    cite: "FOISA s.10(1)(a)",
    words: "must comply promptly; and in any event by not later than the twentieth working day after … the receipt by \
            the authority of the request",
    quoted: true,
};

static S10_1_B: Provision = Provision {
    cite: "FOISA s.10(1)(b)",
    words: "must comply promptly; and in any event by not later than the twentieth working day after … the receipt by \
            it of the further information",
    quoted: true,
};

static S10_2: Provision = Provision {
    cite: "FOISA s.10(2)",
    words: "for the Keeper, and a transferred record that is not open: the thirtieth working day",
    quoted: false,
};

static SSI_2016_346: Provision = Provision {
    cite: "FOISA s.10(4); SSI 2016/346",
    words: "the twentieth working day, leaving out working days that are not school days; or the sixtieth working \
            day, whichever comes first",
    quoted: false,
};

static S10_IN_2020: Provision = Provision {
    cite: "FOISA s.10(1), as modified 7 April to 26 May 2020",
    words: "not later than the sixtieth working day (Coronavirus (Scotland) Act 2020 sch 6 para 3)",
    quoted: false,
};

static S9_3: Provision = Provision {
    cite: "FOISA s.9(3)",
    words: "within the period of three months beginning with the day on which the notice is given",
    quoted: true,
};

static S20_5_A: Provision = Provision {
    cite: "FOISA s.20(5)(a)",
    words: "by not later than the fortieth working day after … the expiry of the time allowed by or by virtue of \
            section 10 for complying with the request",
    quoted: true,
};

static S20_5_B: Provision = Provision {
    cite: "FOISA s.20(5)(b)",
    words: "in a case where the authority purports … to comply … or … to give the applicant a fees notice, a refusal \
            notice or a notice … that information is not held, but does so outwith that time, the receipt by the \
            applicant of the information provided or, as the case may be, the notice",
    quoted: true,
};

static S21_1: Provision = Provision {
    cite: "FOISA s.21(1)",
    words: "must comply promptly; and in any event by not later than the twentieth working day after receipt by it of \
            the requirement",
    quoted: true,
};

static S21_IN_2020: Provision = Provision {
    cite: "FOISA s.21(1), as modified 7 April to 26 May 2020",
    words: "not later than the sixtieth working day (Coronavirus (Scotland) Act 2020 sch 6 para 3)",
    quoted: false,
};

static SSI_2016_346_REVIEW: Provision = Provision {
    cite: "FOISA s.21(1) as modified under s.21(6); SSI 2016/346",
    words: SSI_2016_346.words,
    quoted: false,
};

static S21_2: Provision = Provision {
    cite: "FOISA s.21(2)",
    words: "where another authority must review for the Keeper (s.22(4)): the thirtieth working day",
    quoted: false,
};

fn key(step: Step, actor: Actor, entry: u32) -> Key {
    Key {
        step,
        regime: Regime::Foisa,
        actor,
        entry,
    }
}

/// **s.10(1)**, RULES 1.1 and 2.1: the answer. "must comply promptly; and in any event by not later than the
/// twentieth working day after (a) … the receipt by the authority of the request; or (b) in a case where section
/// 1(3) applies, the receipt by it of the further information".
///
/// The day of receipt is never counted. Information, a fees notice, a refusal notice, a not-held notice and a
/// neither-confirm-nor-deny notice all stand under it (ss.9(1), 16, 17(1), 18). It does not lapse: a later
/// answer is still owed. What stops and resets it is told at [`super::time_allowed`].
pub(super) fn response(parts: &Parts<'_>, time: &TimeAllowed<'_>) -> Deadline {
    let provision = match (time.days, time.anew) {
        (60 | 70, _) => &S10_IN_2020,
        (30, _) => &S10_2,
        _ if schools::school_days(parts.authority, time.from.on).is_some() => &SSI_2016_346,
        (_, true) => &S10_1_B,
        _ => &S10_1_A,
    };
    let key = key(Step::Response, Actor::Authority, parts.case.received.seq);
    let mut deadline = parts.timed(key, provision, time);
    deadline.cautions.extend(first_of_many(parts, &deadline));
    parts.answered_or_withdrawn(deadline, time)
}

/// **Reg 6 of SSI 2004/467**, RULE 3.3: an authority that publishes to all instead of answering each of several
/// like requests must have told every requester "within 20 working days of receipt by it of the first of the
/// requests", so that a later request has less time. Where a bank holiday was proclaimed while that ran, it has the
/// doubt of RULE 11.4 too.
fn first_of_many(parts: &Parts<'_>, deadline: &Deadline) -> Vec<Caution> {
    let Some(first) = parts.case.first_received else {
        return Vec::new();
    };
    let date = parts.calendar.reckon(first, TWENTY).through;
    if deadline.due.is_none_or(|due| due == date) {
        return Vec::new();
    }
    let why = format!(
        "like requests are answered by publication (reg 6 of the Fees Regulations), which is due by {}, counted from \
         the first of them",
        in_full(date)
    );
    let proclaimed = proclaimed_meanwhile(parts.calendar, first, Some(Ends::on(date)), |known| {
        Some(Ends::on(known.nth_working_day_after(first, TWENTY.count)))
    });
    std::iter::once(Caution::reading(date, why)).chain(proclaimed).collect()
}

/// **s.9(3)**, RULE 3.1: the applicant's time to pay: "within the period of three months beginning with the day
/// on which the notice is given". The day of the notice is the first; not rolled. Whether a fee is paid when it is
/// sent or when it comes is an open reading: between the two it is arguable.
pub(super) fn fee_payment(parts: &Parts<'_>, notice: &Act, paid: Option<&Act>) -> Deadline {
    let key = key(Step::FeePayment, Actor::Applicant, notice.seq);
    let from = From::act(notice, notice.on);
    let received = paid.map(|paid| receipt::by_authority(paid, Regime::Foisa).on);
    let right = Deadline::reckoned(parts.calendar, key, Nature::Right, &S9_3, from, THREE_MONTHS);
    let mut right = right.settled(received);
    if right.state == State::Late && paid.is_some_and(|paid| Some(paid.on) <= right.due) {
        right.state = State::Arguable;
    }
    right
}

/// **s.20(5)**, RULE 6.1: the applicant's time to require a review. "not later than the fortieth working day
/// after (a) the expiry of the time allowed by or by virtue of section 10 for complying with the request; or
/// (b) in a case where the authority purports … to comply … or … to give … a notice … but does so outwith
/// that time, the receipt by the applicant of the information provided or, as the case may be, the notice".
///
/// So: answered in time, however early, forty after the end of the twenty; answered late, forty after the
/// answer's receipt; never answered, forty after the end of the twenty. A late fees notice is a late notice. A
/// late answer that comes when a review has already been required opens a window of its own,
/// [`review_window_after_late_answer`]. While clarification is awaited there is no expiry to count from.
pub(super) fn review_window(parts: &Parts<'_>, time: &TimeAllowed<'_>, response: &Deadline) -> Deadline {
    let case = parts.case;
    let required = parts.first_required(Regime::Foisa, |_| true);
    let answer = parts
        .answer(Regime::Foisa)
        .filter(|answer| required.is_none_or(|review| answer.act.on <= review.required.on));
    let window_key = key(Step::ReviewWindow, Actor::Applicant, case.received.seq);
    let Some(expiry) = time.expiry() else {
        return window_without_expiry(parts, time, window_key, answer, required);
    };
    let late_notice = time.late_notice.filter(|_| answer.is_none());
    let mut window = match (answer, late_notice) {
        (Some(answer), _) if answer.act.on > expiry => after_late_answer(parts, window_key, answer, expiry),
        (None, Some(notice)) => counted_from_receipt(parts, window_key, &notice),
        _ => parts.forty_after_the_time(window_key, &S20_5_A, time),
    };
    if let Some(answer) = answer {
        window.advised = advised(parts, answer);
        if answer.act.on <= expiry {
            let doubts = arrived_after_expiry(parts.calendar, answer, expiry);
            window
                .cautions
                .extend(doubts.or(late_on_a_reading(parts.calendar, answer, response)));
        }
    } else {
        window.advised = time.advised();
        window.opens_after = late_notice.is_none().then_some(expiry);
    }
    parts.required_or_withdrawn(window, required, answer.is_some() || late_notice.is_some())
}

/// While validity or clarification is awaited no time expires. Answered all the same: forty from receipt of the
/// answer, the later date being the safe one. The window there would be if nothing had been asked is kept.
fn window_without_expiry(
    parts: &Parts<'_>,
    time: &TimeAllowed<'_>,
    key: Key,
    answer: Option<&Answer>,
    required: Option<&Review>,
) -> Deadline {
    let shadow = parts.calendar.reckon(time.end(), FORTY).through;
    let mut window = match answer {
        Some(answer) => counted_from_receipt(parts, key, &answer.act),
        None => parts.forty_after_the_time(key, &S20_5_A, time),
    };
    window.cautions.push(Caution::dispute(
        Some(shadow),
        format!(
            "if nothing had to be asked of the applicant, the time to require a review ends on {}",
            in_full(shadow)
        ),
    ));
    if let Some(answer) = answer {
        window.advised = advised(parts, answer);
        return parts.required_or_withdrawn(window, required, true);
    }
    parts.suspended_window(window, required)
}

/// **s.20(5)(b)** once more, RULE 6.1 ambiguity 3: an answer that comes late, after a review was required for
/// want of one, lets the applicant require a review of what it says, within forty working days of its
/// receipt.
pub(super) fn review_window_after_late_answer(parts: &Parts<'_>, time: &TimeAllowed<'_>) -> Option<Deadline> {
    let expiry = time.expiry()?;
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

/// Limb (b): forty working days from the applicant's receipt of what came.
fn counted_from_receipt(parts: &Parts<'_>, key: Key, act: &Act) -> Deadline {
    let from = From::act(act, receipt::by_applicant(act, Regime::Foisa).on);
    Deadline::reckoned(parts.calendar, key, Nature::Right, &S20_5_B, from, FORTY)
}

/// Limb (b) after a late answer. A late notice under s.16(4) or (5) (cost, vexatious, repeated) is not a
/// "refusal notice" as s.16(1) defines it, so limb (a) may be all there is (RULE 6.1 ambiguity 2): the later
/// date is the safe one for the authority.
fn after_late_answer(parts: &Parts<'_>, key: Key, answer: &Answer, expiry: NaiveDate) -> Deadline {
    let mut window = counted_from_receipt(parts, key, &answer.act);
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

/// An answer between the safe date and the due date was late on the other reading, and then limb (b) applies.
fn late_on_a_reading(calendar: &Calendar, answer: &Answer, response: &Deadline) -> Option<Caution> {
    (response.state == State::Arguable).then(|| {
        let received = receipt::by_applicant(&answer.act, Regime::Foisa).on;
        let other = calendar.reckon(received, FORTY).through;
        Caution::reading(
            other,
            format!(
                "the answer came after the safe date; on the reading that makes it late, the time ends on {}",
                in_full(other)
            ),
        )
    })
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
/// **s.21(2)**: thirty where another authority must review for the Keeper. **s.21(6)**, RULE 4.2: of a school as SSI
/// 2016/346 modifies s.21(1). 2020 as for the answer.
pub(super) fn review_outcome(parts: &Parts<'_>, review: &Review, windows: &[Deadline]) -> Deadline {
    let received = receipt::by_authority(&review.required, Regime::Foisa).on;
    let school = schools::school_days(parts.authority, received);
    let for_keeper = review.for_keeper && parts.authority.kind == AuthorityKind::Keeper;
    let (ordinary, provision) = match for_keeper {
        true => (30, &S21_2),
        false if school.is_some() => (TWENTY.count, &SSI_2016_346_REVIEW),
        false => (TWENTY.count, &S21_1),
    };
    let ordinary_end = end(parts.calendar.as_it_is(), school, received, ordinary, &[]);
    let noticed = review.notices.first().map(|notice| notice.act.on);
    let days = emergency_2020::working_days(ordinary, ordinary_end, noticed);
    let mut duty = Deadline::reckoned(
        parts.calendar,
        key(Step::ReviewOutcome, Actor::Authority, review.required.seq),
        Nature::Duty,
        if days > ordinary { &S21_IN_2020 } else { provision },
        From::act(&review.required, received),
        Period::working_days_after(days),
    );
    reviewed_by(parts, &mut duty, school);
    parts.reviewed_or_withdrawn(duty, review, windows)
}

/// The last day for a review, and what makes it doubtful: RULE 11.4, and of a school RULE 4.2.
fn reviewed_by(parts: &Parts<'_>, duty: &mut Deadline, school: Option<School<'_>>) {
    let (calendar, received, days) = (parts.calendar, duty.from.on, duty.period.count);
    let ends = |known, school| end(known, school, received, days, &[]);
    let last = ends(calendar.as_it_is(), school);
    duty.ends(calendar, last);
    let as_known = |known| Some(Ends::on(ends(known, school)));
    let doubt = proclaimed_meanwhile(calendar, received, Some(Ends::on(last)), as_known);
    duty.cautions.extend(doubt);
    let Some(school) = school else { return };
    let early = |known| ends(known, Some(school.at_the_earliest()));
    let earliest = early(calendar.as_it_is());
    if earliest < last {
        duty.rests_on_unlisted(true);
        let earliest = earliest.min(early(calendar.as_known_on(received)));
        duty.cautions.push(school.unlisted(earliest));
    }
}

/// Twenty working days; thirty for the Keeper's transferred records under FOISA, but not under the Regulations
/// (reg 15), RULES 1.1, 4.1 and 10.7.
pub(super) fn ordinary_days(parts: &Parts<'_>, regime: Regime) -> u32 {
    let keeper = parts.authority.kind == AuthorityKind::Keeper && parts.case.keeper_record;
    match regime {
        Regime::Foisa if keeper => KEEPER,
        _ => TWENTY.count,
    }
}
