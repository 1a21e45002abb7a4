//! Part 4 of FOISA, the Commissioner and the Court of Session; reg 17 applies it to the Regulations too.

use chrono::NaiveDate;

use super::authority::AuthorityKind;
use super::deadline::{Actor, AdviceSource, Advised, Caution, Deadline, From, Key, Nature, Provision, State, Step};
use super::{Parts, receipt};
use crate::calendar::Calendar;
use crate::calendar::period::{MonthEnd, Period, months_after};
use crate::case::{Act, Appeal, Application, Decision, Demand, Kind, Notice, Outcome, Regime, Review};
use crate::clock::in_full;

/// Six months, s.47(4).
const SIX_MONTHS: Period = Period::months_after(6);

/// Four months, s.49(3)(b).
const FOUR_MONTHS: Period = Period::months_after(4);

/// Forty-two days, rule 41.26 of the Rules of the Court of Session.
const FORTY_TWO_DAYS: Period = Period::days_after(42);

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

static S49_3_A: Provision = Provision {
    cite: "FOISA s.49(3)(a)",
    words: "give notice of the application to the authority and invite its comments: by the day the notice states",
    quoted: false,
};

static REG_17_S49_3_A: Provision = Provision {
    cite: "EIRs reg 17 with FOISA s.49(3)(a)",
    words: S49_3_A.words,
    quoted: true,
};

static S49_6: Provision = Provision {
    cite: "FOISA s.49(6)",
    words: "the steps to be taken and the time within which they must be taken, as the decision notice states them",
    quoted: false,
};

static REG_17_S49_6: Provision = Provision {
    cite: "EIRs reg 17 with FOISA s.49(6)",
    words: S49_6.words,
    quoted: true,
};

static S50: Provision = Provision {
    cite: "FOISA s.50",
    words: "within such time as is specified in the information notice",
    quoted: false,
};

static REG_17_S50: Provision = Provision {
    cite: "EIRs reg 17 with FOISA s.50",
    words: S50.words,
    quoted: true,
};

static S51: Provision = Provision {
    cite: "FOISA s.51",
    words: "within such time as is specified in the enforcement notice",
    quoted: false,
};

static REG_17_S51: Provision = Provision {
    cite: "EIRs reg 17 with FOISA s.51",
    words: S51.words,
    quoted: true,
};

static RCS_41_26: Provision = Provision {
    cite: "FOISA s.56; Rules of the Court of Session r.41.26(1)(b)(i)",
    words: "within 42 days after the date on which the decision appealed against was intimated to the appellant",
    quoted: true,
};

static REG_17_RCS_41_26: Provision = Provision {
    cite: "EIRs reg 17 with FOISA s.56; Rules of the Court of Session r.41.26(1)(b)(i)",
    words: RCS_41_26.words,
    quoted: true,
};

/// The law a review was required under; of both, FOISA.
fn regime_of(review: &Review) -> Regime {
    review.regime.parts().first().copied().unwrap_or(Regime::Foisa)
}

fn key(step: Step, actor: Actor, regime: Regime, entry: u32) -> Key {
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
    window.opens_after = Some(elapsed);
    window.provisional = outcome.provisional;
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
        all.push(commissioner_notice(parts, application, demand));
        if demand.asks != Outcome::Comments {
            all.push(court_window(parts, &demand.act, &[], Actor::Authority));
        }
    }
    if let Some(decision) = &application.decision {
        all.extend(compliance(parts, decision));
        for actor in [Actor::Authority, Actor::Applicant] {
            all.push(court_window(parts, &decision.act, &decision.appeals, actor));
        }
    }
    if let Some((act, Outcome::Frivolous)) = &application.ended {
        all.push(court_window(parts, act, &[], Actor::Applicant));
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

/// **ss.49(3)(a), 50 and 51**, RULES 9.2 and 9.4: what a notice of the Commissioner asks for, by the day that the
/// notice states; it is never reckoned. An invitation to comment ends with the application.
fn commissioner_notice(parts: &Parts<'_>, application: &Application, demand: &Demand) -> Deadline {
    let regime = parts.main_regime();
    let provision = match demand.asks {
        Outcome::Information => pick(regime, &S50, &REG_17_S50),
        Outcome::Enforcement => pick(regime, &S51, &REG_17_S51),
        _ => pick(regime, &S49_3_A, &REG_17_S49_3_A),
    };
    let key = key(Step::CommissionerNotice, Actor::Authority, regime, demand.act.seq);
    let duty = stated(parts, key, provision, &demand.act, demand.due);
    let mut duty = duty.settled(demand.complied.map(|act| act.on));
    let over = application.decision.is_some() || application.ended.is_some();
    if demand.asks == Outcome::Comments && demand.complied.is_none() && over {
        duty.state = State::Withdrawn;
    }
    duty
}

/// **s.49(6) and (7)**, RULE 9.3: the steps a decision notice asks for, by the day it states, which "must not
/// expire before the end of the period within which an appeal may be brought" and is suspended as to what is under
/// appeal until the cause is finally determined. A revised review outcome is one way to comply. Failure can be
/// certified to the Court of Session (s.53).
fn compliance(parts: &Parts<'_>, decision: &Decision) -> Option<Deadline> {
    let asked = decision.due?;
    let key = key(
        Step::Compliance,
        Actor::Authority,
        parts.main_regime(),
        decision.act.seq,
    );
    let disposed = decision.court_outcome.as_ref();
    let due = disposed.map_or(asked, |outcome| outcome.due.unwrap_or(asked.max(outcome.act.on)));
    let provision = pick(key.regime, &S49_6, &REG_17_S49_6);
    let mut duty = stated(parts, key, provision, &decision.act, due);
    duty.cautions.extend(compliance_cautions(parts, decision, asked));
    let appealed = decision.appeals.iter().any(|appeal| !appeal.partial);
    let complied = decision.complied.map(|act| act.on).or(parts.revised_after(decision));
    if appealed && disposed.is_none() && complied.is_none() {
        duty.due = None;
        duty.state = State::Suspended;
    }
    Some(duty.settled(complied))
}

/// What is to be known of a date for compliance.
fn compliance_cautions(parts: &Parts<'_>, decision: &Decision, asked: NaiveDate) -> Vec<Caution> {
    let mut cautions = Vec::new();
    let intimated = receipt::by_authority(&decision.act, Regime::Foisa).on;
    let appeal_by = parts.calendar.reckon(intimated, FORTY_TWO_DAYS).through;
    if asked < appeal_by {
        cautions.push(Caution::note(
            Some(appeal_by),
            format!(
                "the time must not expire before an appeal can be brought, which is until {} (s.49(6)); ask the \
                 Commissioner, and work to the earlier",
                in_full(appeal_by)
            ),
        ));
    }
    if decision.appeals.iter().any(|appeal| appeal.partial) && decision.court_outcome.is_none() {
        cautions.push(Caution::note(
            None,
            "only the steps under appeal are suspended; the rest is due on the day stated (s.49(7))",
        ));
    }
    if let Some(outcome) = decision.court_outcome.filter(|outcome| outcome.due.is_none()) {
        cautions.push(Caution::dispute(
            None,
            format!(
                "the cause was determined on {}; what is left of the time to comply is not laid down, so ask",
                in_full(outcome.act.on)
            ),
        ));
    }
    if parts.authority.kind == AuthorityKind::Administration {
        cautions.push(first_ministers_certificate(parts, intimated));
    }
    cautions
}

/// **s.52**, RULE 9.7: for the Scottish Administration the First Minister may certify a decision away "not later
/// than the thirtieth working day following the effective date"; a copy is laid, and the applicant told, by the
/// tenth working day after.
fn first_ministers_certificate(parts: &Parts<'_>, effective: NaiveDate) -> Caution {
    let last = parts.calendar.nth_working_day_after(effective, 30);
    Caution::note(
        Some(last),
        format!(
            "a certificate of the First Minister may be given until {} (s.52); a copy is to be laid by the tenth working \
             day after it",
            in_full(last)
        ),
    )
}

/// A duty by a day that a paper states.
fn stated(parts: &Parts<'_>, key: Key, provision: &'static Provision, act: &Act, due: NaiveDate) -> Deadline {
    let days = (due - act.on).num_days().max(0);
    let period = Period::days_after(u32::try_from(days).unwrap_or(0));
    let from = From::act(act, act.on);
    let mut duty = Deadline::reckoned(parts.calendar, key, Nature::Duty, provision, from, period);
    duty.due = Some(due);
    duty.span.through = due;
    duty
}

/// **s.56 and r.41.26**, RULE 9.6: an appeal to the Court of Session on a point of law, "within 42 days after
/// the date on which the decision appealed against was intimated to the appellant". Calendar days; the day of
/// intimation is not counted. Of a decision a right of the authority and of the applicant, each from intimation to
/// itself (only the authority's is recorded, so it stands for both); of an information or enforcement notice the
/// authority's; of a finding that an application is frivolous the applicant's. The court's closing days are not
/// section 73 days, so that the time then runs to the next day the court is open (r.1.3(7)) is said and not
/// reckoned; an appeal lodged on the next working day is arguable.
fn court_window(parts: &Parts<'_>, act: &Act, appeals: &[Appeal], actor: Actor) -> Deadline {
    let received = receipt::by_authority(act, Regime::Foisa);
    let mut window = Deadline::reckoned(
        parts.calendar,
        key(Step::CourtWindow, actor, parts.main_regime(), act.seq),
        Nature::Right,
        pick(parts.main_regime(), &RCS_41_26, &REG_17_RCS_41_26),
        From::act(act, received.on),
        FORTY_TWO_DAYS,
    );
    let last = window.span.through;
    let closed = !parts.calendar.is_working_day(last);
    if closed {
        window.cautions.push(Caution::note(
            None,
            format!(
                "if the court's office is closed on {}, the time runs to the next day it is open (r.1.3(7)); ask the \
                 court, and do not rely on it",
                in_full(last)
            ),
        ));
    }
    let mine = |appeal: &&Appeal| appeal.by_authority == (actor == Actor::Authority);
    let lodged = appeals.iter().find(mine).map(|appeal| appeal.act.on);
    let mut window = window.settled(lodged);
    let next_open = parts.calendar.nth_working_day_after(last, 1);
    if closed && window.state == State::Late && lodged.is_some_and(|day| day <= next_open) {
        window.state = State::Arguable;
    }
    window
}

/// The provision for the Act, or as reg 17 applies it.
fn pick(regime: Regime, act: &'static Provision, regulations: &'static Provision) -> &'static Provision {
    match regime {
        Regime::Eirs => regulations,
        _ => act,
    }
}

impl Parts<'_> {
    /// The day of a review outcome after a decision: a revised one, or the first where there had been none.
    fn revised_after(&self, decision: &Decision) -> Option<NaiveDate> {
        let notices = self.case.reviews.iter().flat_map(|review| &review.notices);
        let outcomes = notices.filter(|notice| notice.act.kind == Kind::ReviewOutcome);
        outcomes
            .map(|notice| notice.act.on)
            .filter(|day| *day > decision.act.on)
            .min()
    }

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
