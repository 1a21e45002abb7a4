//! Part 4 of FOISA, the Commissioner and the Court of Session; reg 17 applies it to the Regulations too.

use chrono::NaiveDate;

use super::authority::AuthorityKind;
use super::count::{end, not_shortened};
use super::deadline::{Actor, AdviceSource, Advised, Caution, Deadline, From, Key, Nature, Provision, State, Step};
use super::schools::school_days;
use super::{Parts, court, notices, receipt};
use crate::calendar::Calendar;
use crate::calendar::period::{MonthEnd, Period, months_after};
use crate::case::{Act, Application, Notice, Outcome, Regime, Review};
use crate::clock::in_full;

/// Six months, s.47(4).
pub const SIX_MONTHS: Period = Period::months_after(6);

/// Four months, s.49(3)(b).
const FOUR_MONTHS: Period = Period::months_after(4);

static S47_4_A: Provision = Provision {
    cite: "FOISA s.47(4)(a)",
    words: "before the expiry of six months after the date of receipt by the applicant of the notice complained of",
    quoted: true,
};

static S47_4_B: Provision = Provision {
    cite: "FOISA s.47(4)(b)",
    words: "before the expiry of six months after the period allowed in section 21(1) … has elapsed",
    quoted: true,
};

static S49_3_B: Provision = Provision {
    cite: "FOISA s.49(3)(b)",
    words: "reach a decision … before the expiry of four months after receiving it, or before the expiry of such \
            other period as is reasonable in the circumstances",
    quoted: true,
};

static REG_17_S47_4_A: Provision = Provision {
    cite: "EIRs reg 17 with FOISA s.47(4)(a)",
    words: "before the expiry of six months after the date of receipt by the applicant of the notice complained of",
    quoted: true,
};

static REG_17_S47_4_B: Provision = Provision {
    cite: "EIRs reg 17 with FOISA s.47(4)(b)",
    words: "before the expiry of six months after the period allowed in regulation 16(4) has elapsed",
    quoted: false,
};

static REG_17_S49_3_B: Provision = Provision {
    cite: "EIRs reg 17 with FOISA s.49(3)(b)",
    words: "reach a decision … before the expiry of four months after receiving it, or before the expiry of such \
            other period as is reasonable in the circumstances",
    quoted: true,
};

/// The law a review was required under; of both, FOISA.
fn regime_of(review: &Review) -> Regime {
    review.regime.parts().first().copied().unwrap_or(Regime::Foisa)
}

pub(super) fn key(step: Step, actor: Actor, regime: Regime, entry: u32) -> Key {
    Key {
        step,
        regime,
        actor,
        entry,
    }
}

/// **s.47(4)**, RULE 8.1: the applicant's time to apply to the Commissioner about one review: "before the
/// expiry of six months after (a) … the date of receipt by the applicant of the notice complained of; or (b)
/// … the period allowed in section 21(1) … has elapsed". The corresponding date, clipped to the month's end
/// and never rolled (RULE 0.5). Of right only: the Commissioner may consider a later one (s.47(5)).
///
/// The first window hangs on the requirement: an outcome moves it. An outcome that comes when the applicant
/// has already applied, and one revised after a decision, opens a window of its own.
pub(super) fn commissioner_windows(parts: &Parts<'_>, review: &Review, outcome: &Deadline) -> Vec<Deadline> {
    let applied = |after: NaiveDate| {
        parts
            .applied_about(review)
            .find(|act| act.on >= after)
            .map(|act| act.on)
    };
    let first_application = applied(review.required.on);
    let moves = |notice: &&Notice| first_application.is_none_or(|applied| notice.act.on <= applied);
    let first_notice = review.notices.first().filter(moves);
    let regime = regime_of(review);
    let first_key = key(Step::CommissionerWindow, Actor::Applicant, regime, review.required.seq);
    let first = match first_notice {
        Some(notice) => on_notice(parts.calendar, first_key, notice).settled(first_application),
        None => on_silence(parts, first_key, review, outcome, first_application),
    };
    let later = review
        .notices
        .iter()
        .skip(usize::from(first_notice.is_some()))
        .map(|notice| {
            let window_key = Key {
                entry: notice.act.seq,
                ..first_key
            };
            on_notice(parts.calendar, window_key, notice).settled(applied(notice.act.on))
        });
    std::iter::once(first).chain(later).collect()
}

/// Limb (a): six months after receipt of the notice.
fn on_notice(calendar: &Calendar, key: Key, notice: &Notice) -> Deadline {
    let received = receipt::by_applicant(&notice.act, key.regime);
    let from = From::act(&notice.act, received.on);
    let mut window = Deadline::reckoned(
        calendar,
        key,
        Nature::Right,
        pick(key.regime, &S47_4_A, &REG_17_S47_4_A),
        from,
        SIX_MONTHS,
    );
    window.cautions.extend(month_end(from.on, SIX_MONTHS.count));
    window.cautions.extend(received.otherwise.map(|day| {
        let date = calendar.reckon(day, SIX_MONTHS).through;
        Caution::reading(
            date,
            format!(
                "the Regulations presume no day of receipt; if the letter came on {}, the time ends on {}",
                in_full(day),
                in_full(date)
            ),
        )
    }));
    window.advised = notice.advised.map(|date| Advised {
        date,
        source: AdviceSource::Letter,
    });
    window
}

/// Limb (b): six months after the time for the review outcome has elapsed. Nothing elapses while no outcome
/// is owed.
fn on_silence(
    parts: &Parts<'_>,
    key: Key,
    review: &Review,
    outcome: &Deadline,
    applied: Option<NaiveDate>,
) -> Deadline {
    let elapsed = outcome.span.through;
    let from = From::act(&review.required, elapsed);
    let mut window = Deadline::reckoned(
        parts.calendar,
        key,
        Nature::Right,
        pick(key.regime, &S47_4_B, &REG_17_S47_4_B),
        from,
        SIX_MONTHS,
    );
    window.cautions.extend(month_end(elapsed, SIX_MONTHS.count));
    window.cautions.extend(elapsed_otherwise(parts, review, outcome));
    window.cautions.extend(elapsed_later(parts, outcome));
    window.opens_after = Some(elapsed);
    window.provisional = outcome.provisional;
    window.rests_on_unlisted(outcome.unlisted);
    if outcome.state == State::NotOwed && applied.is_none() {
        return nothing_elapses(window);
    }
    window.cautions.extend(applied_early(applied, elapsed));
    let mut window = window.settled(applied);
    if applied.is_none() {
        window.state = if review.withdrawn.is_some() {
            State::Withdrawn
        } else {
            State::Pending
        };
    }
    window
}

/// An application made while the authority could still answer.
fn applied_early(applied: Option<NaiveDate>, elapsed: NaiveDate) -> Option<Caution> {
    let applied = applied.filter(|applied| *applied <= elapsed)?;
    Some(Caution::dispute(
        None,
        format!(
            "the application of {} came before the review's time had run out on {}, and may be premature",
            in_full(applied),
            in_full(elapsed)
        ),
    ))
}

/// RULE 6.2: where no review is owed, no time for it elapses.
fn nothing_elapses(mut window: Deadline) -> Deadline {
    window.cautions.push(Caution::note(
        window.due,
        "no review is owed, so nothing elapses; an application by this day would ask the Commissioner whether it was",
    ));
    window.due = None;
    window.state = State::NotOwed;
    window
}

/// Limb (b) under the Regulations, where the day is unknown on which the posted representations came: the duty
/// to answer them is counted from the earlier day, and the applicant's time must not be cut short by that.
fn elapsed_otherwise(parts: &Parts<'_>, review: &Review, outcome: &Deadline) -> Vec<Caution> {
    let other = receipt::by_authority(&review.required, outcome.key.regime).otherwise;
    let Some(day) = other else { return Vec::new() };
    let elapsed = parts.calendar.reckon(day, outcome.period).through;
    if elapsed == outcome.span.through {
        return Vec::new();
    }
    let date = parts.calendar.reckon(elapsed, SIX_MONTHS).through;
    let later = Caution::reading(
        date,
        format!(
            "the Regulations presume no day of receipt; if the representations came on {}, the time ends on {}",
            in_full(day),
            in_full(date)
        ),
    );
    std::iter::once(later)
        .chain(month_end(elapsed, SIX_MONTHS.count))
        .collect()
}

/// Limb (b), where a bank holiday was taken away while the time to review ran (RULE 11.4): if that did not shorten it,
/// it elapsed later.
fn elapsed_later(parts: &Parts<'_>, outcome: &Deadline) -> Vec<Caution> {
    if parts.calendar.proclaimed_since(outcome.span).next().is_none() {
        return Vec::new();
    }
    let received = outcome.from.on;
    let school = school_days(parts.authority, received).filter(|_| outcome.key.regime == Regime::Foisa);
    let kept = parts.calendar.keeping_what_was_known_on(received);
    let later = end(kept, school, received, outcome.period.count, &[]);
    if later <= outcome.span.through {
        return Vec::new();
    }
    let date = parts.calendar.reckon(later, SIX_MONTHS).through;
    std::iter::once(not_shortened(later, date))
        .chain(month_end(later, SIX_MONTHS.count))
        .collect()
}

/// RULE 0.5: where the trigger is the last day of a month, the period may run to the last day of another.
fn month_end(from: NaiveDate, months: u32) -> Option<Caution> {
    let kept = months_after(from, months, MonthEnd::Kept);
    (kept != months_after(from, months, MonthEnd::Clipped)).then(|| {
        Caution::reading(
            kept,
            format!(
                "{} is the last day of its month; if months run from month-end to month-end, the time ends on {}",
                in_full(from),
                in_full(kept)
            ),
        )
    })
}

/// Every deadline of one application: the Commissioner's time, what the Commissioner asks for, and what a decision
/// or an end without one leaves.
pub(super) fn with_commissioner(parts: &Parts<'_>, application: &Application) -> Vec<Deadline> {
    let mut all: Vec<Deadline> = commissioner_decision(parts, application).into_iter().collect();
    for demand in &application.demands {
        all.push(notices::commissioner_notice(parts, application, demand));
        if demand.asks != Outcome::Comments {
            all.push(court::court_window(
                parts,
                &demand.act,
                &demand.appeals,
                Actor::Authority,
            ));
        }
    }
    if let Some(decision) = &application.decision {
        all.extend(notices::compliance(parts, application, decision));
        for actor in [Actor::Authority, Actor::Applicant] {
            all.push(court::court_window(parts, &decision.act, &decision.appeals, actor));
        }
    }
    if let Some((act, Outcome::Frivolous)) = &application.ended {
        all.push(court::court_window(
            parts,
            act,
            &application.ended_appeals,
            Actor::Applicant,
        ));
    }
    all
}

/// **s.49(3)(b)**, RULE 9.2: the Commissioner's time to decide: "four months after receiving it, or … such
/// other period as is reasonable in the circumstances". A target: nobody is late by it. An application that ends
/// early (withdrawn, settled, abandoned, invalid, frivolous) ends it.
fn commissioner_decision(parts: &Parts<'_>, application: &Application) -> Option<Deadline> {
    let applied = application.applied.as_ref()?;
    let received = receipt::by_authority(applied, Regime::Foisa);
    let regime = parts.main_regime();
    let target = Deadline::reckoned(
        parts.calendar,
        key(Step::CommissionerDecision, Actor::Commissioner, regime, applied.seq),
        Nature::Target,
        pick(regime, &S49_3_B, &REG_17_S49_3_B),
        From::act(applied, received.on),
        FOUR_MONTHS,
    );
    let mut target = target.settled(application.decision.as_ref().map(|decision| decision.act.on));
    if application.ended.is_some() {
        target.state = State::Withdrawn;
    }
    target.cautions.extend(month_end(received.on, FOUR_MONTHS.count));
    if parts.case.reviews.is_empty() {
        target.cautions.push(Caution::dispute(
            None,
            "no requirement for review is recorded, and without one there is no right to apply (s.47(1))",
        ));
    }
    if parts.authority.kind == AuthorityKind::Excluded {
        target.cautions.push(Caution::dispute(
            None,
            "no application can be made about a review by this authority (s.48)",
        ));
    }
    Some(target)
}

/// The provision for the Act, or as reg 17 applies it.
pub(super) fn pick(regime: Regime, act: &'static Provision, regulations: &'static Provision) -> &'static Provision {
    match regime {
        Regime::Eirs => regulations,
        _ => act,
    }
}

impl Parts<'_> {
    /// Applications about a review: those made after it was required and before the next one was.
    fn applied_about<'a>(&'a self, review: &'a Review) -> impl Iterator<Item = &'a Act> {
        let next = self
            .case
            .reviews
            .iter()
            .find(|other| other.required.seq != review.required.seq && other.required.on > review.required.on)
            .map(|other| other.required.on);
        self.case
            .applications
            .iter()
            .filter_map(|application| application.applied.as_ref())
            .filter(move |act| act.on >= review.required.on && next.is_none_or(|next| act.on < next))
    }
}
