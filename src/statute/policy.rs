//! What the authority has set itself, and what it has promised: no duty of the law, and never overdue.

use chrono::{Days, NaiveDate};

use super::Parts;
use super::deadline::{Actor, Deadline, From, Key, Nature, Provision, State, Step};
use super::time_allowed::{Awaiting, TimeAllowed};
use crate::calendar::period::Period;
use crate::case::{Act, Dated, Errand};

static DEPARTMENT: Provision = Provision {
    cite: "own rule: departments",
    words: "the day by which the department was asked to find the information",
    quoted: false,
};

static WAITING: Provision = Provision {
    cite: "own rule: waiting for the applicant",
    words: "after so many working days the applicant is asked again, or the file is closed",
    quoted: false,
};

static DIARY: Provision = Provision {
    cite: "own rule: diary",
    words: "an officer's own date",
    quoted: false,
};

static S27_1: Provision = Provision {
    cite: "FOISA s.27(1)",
    words: "at a date not later than twelve weeks after that on which the request … is made",
    quoted: true,
};

/// Twelve weeks, s.27(1).
const TWELVE_WEEKS: Period = Period::days_after(84);

fn own(parts: &Parts<'_>, step: Step, act: &Act, provision: &'static Provision, period: Period) -> Deadline {
    let key = Key {
        step,
        regime: parts.main_regime(),
        actor: Actor::Authority,
        entry: act.seq,
    };
    Deadline::reckoned(
        parts.calendar,
        key,
        Nature::Policy,
        provision,
        From::act(act, act.on),
        period,
    )
}

/// The paper's own date in place of a reckoned one.
fn stated(mut deadline: Deadline, due: Option<NaiveDate>) -> Deadline {
    if let Some(due) = due {
        deadline.due = Some(due);
        deadline.span.through = due;
        deadline.provisional = false;
    }
    deadline
}

/// What a department was given, or the authority's own number of working days; over once it replied, the
/// request was answered or withdrawn, or the file was closed.
pub(super) fn department(parts: &Parts<'_>, errand: &Errand) -> Deadline {
    let period = Period::working_days_after(parts.authority.department_days);
    let deadline = stated(
        own(parts, Step::Department, &errand.sent, &DEPARTMENT, period),
        errand.due,
    );
    let mut deadline = deadline.settled(errand.replied.map(|act| act.on));
    let over = parts.is_closed() || parts.is_answered() || parts.case.withdrawn.is_some();
    if errand.replied.is_none() && over {
        deadline.state = State::Withdrawn;
    }
    deadline
}

/// Clarification or a fee is outstanding: after so many working days, close or chase. The law sets no day.
pub(super) fn waiting(parts: &Parts<'_>, time: &TimeAllowed<'_>) -> Vec<Deadline> {
    let asked = match time.awaiting {
        Some(Awaiting::Clarification(act) | Awaiting::Validity(act)) => Some(act),
        None => None,
    };
    let period = Period::working_days_after(parts.authority.waiting_days);
    let answered = parts.answer(time.regime()).is_some();
    let over = parts.is_closed() || answered || parts.case.withdrawn.is_some();
    asked
        .into_iter()
        .chain(time.fee.filter(|_| !time.lapsed).map(|fee| fee.notice))
        .map(|since| {
            let mut deadline = own(parts, Step::Waiting, &since, &WAITING, period).settled(None);
            if over {
                deadline.state = State::Withdrawn;
            }
            deadline
        })
        .collect()
}

/// An officer's own date.
pub(super) fn diary(parts: &Parts<'_>, dated: &Dated) -> Deadline {
    let deadline = own(parts, Step::Diary, &dated.act, &DIARY, Period::days_after(0));
    let mut deadline = stated(deadline, dated.due).settled(None);
    if parts.is_closed() {
        deadline.state = State::Withdrawn;
    }
    deadline
}

/// **s.27(1)**, RULE 1.4: information is exempt if held for publication "at a date not later than twelve weeks
/// after that on which the request … is made": a promise. From making, which is sending, not from receipt; 84
/// calendar days, not rolled.
pub(super) fn publication(parts: &Parts<'_>) -> Option<Deadline> {
    let answer = parts.case.answers.iter().find(|answer| answer.to_be_published)?;
    let made = &parts.case.received;
    let mut promise = own(parts, Step::Publication, &answer.act, &S27_1, TWELVE_WEEKS);
    promise.from = From::act(made, made.on);
    let due = made.on.checked_add_days(Days::new(u64::from(TWELVE_WEEKS.count)))?;
    promise.span.after = made.on;
    Some(stated(promise, Some(due)).settled(None))
}
