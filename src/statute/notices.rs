//! What the Commissioner asks for: notices on the way to a decision, and the steps that a decision orders. The
//! papers state their own dates; none is reckoned.

use chrono::NaiveDate;

use super::authority::AuthorityKind;
use super::court::FORTY_TWO_DAYS;
use super::deadline::{Actor, Caution, Deadline, From, Key, Nature, Provision, State, Step};
use super::part4::{key, pick};
use super::{Parts, court, receipt};
use crate::calendar::period::Period;
use crate::case::{Act, Appeal, Application, Dated, Decision, Demand, Kind, Outcome, Regime};
use crate::clock::in_full;

static S49_3_A: Provision = Provision {
    cite: "FOISA s.49(3)(a)",
    words: "give notice of the application to the authority and invite its comments: by the day the notice states",
    quoted: false,
};

static REG_17_S49_3_A: Provision = Provision {
    cite: "EIRs reg 17 with FOISA s.49(3)(a)",
    words: S49_3_A.words,
    quoted: false,
};

static S49_6: Provision = Provision {
    cite: "FOISA s.49(6)",
    words: "the steps to be taken and the time within which they must be taken, as the decision notice states them",
    quoted: false,
};

static REG_17_S49_6: Provision = Provision {
    cite: "EIRs reg 17 with FOISA s.49(6)",
    words: S49_6.words,
    quoted: false,
};

static S50: Provision = Provision {
    cite: "FOISA s.50",
    words: "within such time as is specified in the information notice",
    quoted: false,
};

static REG_17_S50: Provision = Provision {
    cite: "EIRs reg 17 with FOISA s.50",
    words: S50.words,
    quoted: false,
};

static S51: Provision = Provision {
    cite: "FOISA s.51",
    words: "within such time as is specified in the enforcement notice",
    quoted: false,
};

static REG_17_S51: Provision = Provision {
    cite: "EIRs reg 17 with FOISA s.51",
    words: S51.words,
    quoted: false,
};

/// **ss.49(3)(a), 50 and 51**, RULES 9.2 and 9.4: what a notice of the Commissioner asks for, by the day that the
/// notice states; it is never reckoned. An invitation to comment ends with the application.
pub(super) fn commissioner_notice(parts: &Parts<'_>, application: &Application, demand: &Demand) -> Deadline {
    let regime = parts.main_regime();
    let provision = match demand.asks {
        Outcome::Information => pick(regime, &S50, &REG_17_S50),
        Outcome::Enforcement => pick(regime, &S51, &REG_17_S51),
        _ => pick(regime, &S49_3_A, &REG_17_S49_3_A),
    };
    let key = key(Step::CommissionerNotice, Actor::Authority, regime, demand.act.seq);
    let complied = demand.complied.map(|act| act.on);
    let contest = Contest {
        notice: &demand.act,
        appeals: &demand.appeals,
        disposed: demand.court_outcome.as_ref(),
    };
    let duty = stated(parts, key, provision, &demand.act, demand.due);
    let mut duty = contested(parts, duty, contest, complied).settled(complied);
    if demand.asks == Outcome::Enforcement {
        duty.cautions
            .extend(before_an_appeal(parts, &demand.act, demand.due, "s.51(3)"));
        duty.cautions.extend(first_ministers_certificate(parts, contest));
    }
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
pub(super) fn compliance(parts: &Parts<'_>, application: &Application, decision: &Decision) -> Option<Deadline> {
    let asked = decision.due?;
    let key = key(
        Step::Compliance,
        Actor::Authority,
        parts.main_regime(),
        decision.act.seq,
    );
    let provision = pick(key.regime, &S49_6, &REG_17_S49_6);
    let mut duty = stated(parts, key, provision, &decision.act, asked);
    let contest = Contest {
        notice: &decision.act,
        appeals: &decision.appeals,
        disposed: decision.court_outcome.as_ref(),
    };
    duty.cautions.extend(compliance_cautions(parts, contest, asked));
    let revised = || parts.revised_after(application, decision);
    let complied = decision.complied.map(|act| act.on).or_else(revised);
    Some(contested(parts, duty, contest, complied).settled(complied))
}

/// A notice that can be appealed against, and what came of that.
#[derive(Clone, Copy)]
struct Contest<'a> {
    notice: &'a Act,
    appeals: &'a [Appeal],
    disposed: Option<&'a Dated>,
}

/// **ss.49(7), 50 and 51**, RULES 9.3 and 9.4: what is under appeal waits until the cause is finally determined;
/// then the day that the court states holds, else the first day or that of the disposal, whichever is later. An
/// appeal about part of it suspends only that part; one that came too late suspends nothing unless the court excuses
/// that, so the day stated stands.
fn contested(parts: &Parts<'_>, mut duty: Deadline, contest: Contest<'_>, complied: Option<NaiveDate>) -> Deadline {
    let asked = duty.span.through;
    if let Some(outcome) = contest.disposed {
        let due = outcome.due.unwrap_or(asked.max(outcome.act.on));
        duty.due = Some(due);
        duty.span.through = due;
        return duty;
    }
    let in_time = |appeal: &&Appeal| court::is_in_time(parts, contest.notice, appeal);
    let mut whole = contest.appeals.iter().filter(|appeal| !appeal.partial);
    if complied.is_none() && whole.clone().any(|appeal| in_time(&appeal)) {
        duty.due = None;
        duty.state = State::Suspended;
    } else if let Some(late) = whole.next().filter(|appeal| !in_time(appeal)) {
        duty.cautions.push(Caution::dispute(
            None,
            format!(
                "the appeal of {} came after the last day for it; unless the court excuses that (r.2.1) it suspends \
                 nothing, and a failure to comply can be certified to the court (s.53), so work to the day stated",
                in_full(late.act.on)
            ),
        ));
    }
    duty
}

/// What is to be known of a date for compliance.
fn compliance_cautions(parts: &Parts<'_>, contest: Contest<'_>, asked: NaiveDate) -> Vec<Caution> {
    let mut cautions: Vec<Caution> = before_an_appeal(parts, contest.notice, asked, "s.49(6)")
        .into_iter()
        .collect();
    if contest.appeals.iter().any(|appeal| appeal.partial) && contest.disposed.is_none() {
        cautions.push(Caution::note(
            None,
            "only the steps under appeal are suspended; the rest is due on the day stated (s.49(7))",
        ));
    }
    if let Some(outcome) = contest.disposed.filter(|outcome| outcome.due.is_none()) {
        cautions.push(Caution::dispute(
            None,
            format!(
                "the cause was determined on {}; what is left of the time to comply is not laid down, so ask",
                in_full(outcome.act.on)
            ),
        ));
    }
    cautions.extend(first_ministers_certificate(parts, contest));
    cautions
}

/// **ss.49(6) and 51(3)**, RULES 9.3 and 9.4: the time for the steps that a decision or an enforcement notice asks for
/// "must not expire before the end of the period within which an appeal may be brought". One that does is the
/// Commissioner's to put right. Of an information notice s.50(4) does not say so where it is given because of an
/// application, as those of a case are.
fn before_an_appeal(parts: &Parts<'_>, notice: &Act, asked: NaiveDate, by: &str) -> Option<Caution> {
    let intimated = receipt::by_authority(notice, Regime::Foisa).on;
    let appeal_by = parts.calendar.reckon(intimated, FORTY_TWO_DAYS).through;
    (asked < appeal_by).then(|| {
        Caution::note(
            Some(appeal_by),
            format!(
                "the time must not expire before an appeal can be brought, which is until {} ({by}); ask the \
                 Commissioner, and work to the earlier",
                in_full(appeal_by)
            ),
        )
    })
}

/// **s.52**, RULE 9.7: for the Scottish Administration the First Minister may certify a decision or an enforcement
/// notice away "not later than the thirtieth working day following the effective date"; a copy is laid, and of a
/// decision the applicant told, by the tenth working day after. The effective date is the day the notice was given,
/// which is its sending (s.74(1)(a)), or where there is an appeal the day of its final determination.
fn first_ministers_certificate(parts: &Parts<'_>, contest: Contest<'_>) -> Option<Caution> {
    if parts.authority.kind != AuthorityKind::Administration {
        return None;
    }
    let mut appeals = contest.appeals.iter();
    let effective = match contest.disposed {
        Some(outcome) => outcome.act.on,
        None if !appeals.any(|appeal| court::is_in_time(parts, contest.notice, appeal)) => contest.notice.on,
        None => {
            let why = "a certificate of the First Minister may be given until the thirtieth working day after the appeal \
                       is finally determined (s.52); a copy is to be laid by the tenth working day after it";
            return Some(Caution::note(None, why));
        }
    };
    let last = parts.calendar.nth_working_day_after(effective, 30);
    let why = format!(
        "a certificate of the First Minister may be given until {} (s.52); a copy is to be laid by the tenth working \
         day after it",
        in_full(last)
    );
    Some(Caution::note(Some(last), why))
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

impl Parts<'_> {
    /// The day of a review outcome after a decision: a revised one, or the first where there had been none.
    fn revised_after(&self, application: &Application, decision: &Decision) -> Option<NaiveDate> {
        let applied = application.applied.as_ref().unwrap_or(&decision.act).on;
        let about = self
            .case
            .reviews
            .iter()
            .rev()
            .find(|review| review.required.on <= applied);
        let notices = about.into_iter().flat_map(|review| &review.notices);
        let outcomes = notices.filter(|notice| notice.act.kind == Kind::ReviewOutcome);
        outcomes
            .map(|notice| notice.act.on)
            .filter(|day| *day > decision.act.on)
            .min()
    }
}
