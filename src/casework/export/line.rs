//! A case as a line of a sheet: what the columns of `import` can say of it, and then what an officer looks for.
//!
//! Of what happened more than once a line says the last. What it cannot say truly (an answer to one part of a letter
//! under two laws, whose an appeal is) it leaves empty, for the sheet may come back.

use chrono::NaiveDate;

use super::{Rules, Whole};
use crate::calendar::period::Unit;
use crate::case::{Act, Answer, Case, Kind, Regime, Review, Turn, Turning};
use crate::exchange::COLUMNS;
use crate::statute::{Actor, Deadline, Nature, Standing, Step};
use crate::wording::{left, one_line, step_name};

/// The columns that `import` passes over: where the answer stands, and what the authority has to do next.
const MORE: [&str; 5] = ["work_to", "standing", "next_step", "next_date", "left"];

/// The headings, in the order of the cells.
pub(super) fn headings() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().copied().chain(MORE)
}

/// The cells of a case, in the order of the headings.
pub(super) fn cells(whole: &Whole, rules: &Rules, today: NaiveDate) -> Vec<String> {
    let said = Said::of(whole, rules, today);
    headings().map(|heading| said.cell(heading)).collect()
}

struct Said<'a> {
    case: &'a Case,
    today: NaiveDate,
    rules: &'a Rules,
    /// The answer's deadline.
    response: Option<&'a Deadline>,
    /// What the authority is to do next.
    next: Option<&'a Deadline>,
    answer: Option<&'a Answer>,
    review: Option<&'a Review>,
}

impl<'a> Said<'a> {
    fn of(whole: &'a Whole, rules: &'a Rules, today: NaiveDate) -> Self {
        let case = &whole.case;
        let all = || whole.deadlines.iter();
        let to_do = |one: &&Deadline| {
            one.is_open()
                && one.due.is_some()
                && one.key.actor == Actor::Authority
                && matches!(one.nature, Nature::Duty | Nature::Right | Nature::Policy)
                && one.standing(today) != Standing::OutOfTime
        };
        Self {
            case,
            today,
            rules,
            response: all().find(|one| one.key.step == Step::Response),
            next: all().filter(to_do).min_by_key(|one| one.work_to.or(one.due)),
            answer: answer(case),
            review: case.reviews.last().filter(|review| review.regime.covers(case.regime)),
        }
    }

    fn cell(&self, heading: &str) -> String {
        let case = self.case;
        match heading {
            "reference" => case.reference.to_string(),
            "regime" => case.regime.to_string(),
            "officer" => case.officer.clone().unwrap_or_default(),
            "subject" => case.subject.as_deref().map(one_line).unwrap_or_default(),
            "standing" => self
                .response
                .map(|one| one.standing(self.today).to_string())
                .unwrap_or_default(),
            "next_step" => self
                .next
                .map(|one| step_name(one.key.step).to_owned())
                .unwrap_or_default(),
            "left" => self.left().unwrap_or_default(),
            other => self.date(other).map(|day| day.to_string()).unwrap_or_default(),
        }
    }

    fn date(&self, heading: &str) -> Option<NaiveDate> {
        let case = self.case;
        let application = case.applications.last();
        let decision = application.and_then(|one| one.decision.as_ref());
        let outcome = self.review.and_then(|review| review.notices.last());
        let outcome = outcome
            .map(|notice| &notice.act)
            .filter(|act| act.kind == Kind::ReviewOutcome);
        let (sought, clarified) = pair(
            case,
            |what| matches!(what, Turning::ClarificationSought { .. }),
            &Turning::ClarificationReceived,
        );
        let (fees, paid) = pair(case, |what| matches!(what, Turning::FeesNotice), &Turning::FeePaid);
        let extended = turns(case).rev().find_map(|turn| match turn.what {
            Turning::Extended { to } => Some((turn.act.on, to)),
            _ => None,
        });
        match heading {
            "received" if case.received.posted => case.received.arrived,
            "received" => Some(case.received.on),
            "posted" => case.received.posted.then_some(case.received.on),
            "acknowledged" => case.acknowledged.last().map(|one| one.act.on),
            "clarification_sought" => sought,
            "clarification_received" => clarified,
            "fees_notice" => fees,
            "fee_paid" => paid,
            "extended" => extended.map(|(on, _)| on),
            "extended_to" => extended.map(|(_, to)| to),
            "responded" => self.answer.map(|answer| answer.act.on),
            "response_received" => self.answer.and_then(|answer| arrived(answer.act)),
            "review_required" => self.review.map(|review| counted(review.required, case.regime)),
            "review_outcome" => outcome.map(|act| act.on),
            "outcome_received" => outcome.and_then(|act| arrived(*act)),
            "applied" => application.and_then(|one| one.applied).map(|act: Act| act.on),
            "decision" => decision.map(|one| one.act.on),
            "compliance_by" => decision.and_then(|one| one.due),
            "closed" => case.closed,
            "withdrawn" => case.withdrawn.map(|act| act.on),
            "due" => self.response.and_then(|one| one.due),
            "work_to" => self.response.and_then(|one| one.work_to),
            "next_date" => self.next.and_then(|one| one.work_to.or(one.due)),
            _ => None,
        }
    }

    /// What is left to the day to work to of what comes next.
    fn left(&self) -> Option<String> {
        let next = self.next?;
        let day = next.work_to.or(next.due)?;
        Some(match next.period.unit {
            Unit::WorkingDays => left(
                self.rules.calendar.working_days_between(self.today, day),
                Unit::WorkingDays,
            ),
            Unit::Days | Unit::Months => left((day - self.today).num_days(), Unit::Days),
        })
    }
}

/// The answer to the whole of the request: the last one once every part has its own.
fn answer(case: &Case) -> Option<&Answer> {
    let answered = |part| case.answers.iter().any(|answer| answer.regime.covers(part));
    let whole = case.regime.parts().iter().all(|part| answered(*part));
    case.answers.iter().filter(|_| whole).max_by_key(|answer| answer.act.on)
}

/// What is about the whole of the request.
fn turns(case: &Case) -> impl DoubleEndedIterator<Item = &Turn> {
    case.turns.iter().filter(|turn| turn.regime.covers(case.regime))
}

/// The last time something was asked for, and when that came, if it did.
fn pair(case: &Case, asked: impl Fn(&Turning) -> bool, came: &Turning) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let turns: Vec<&Turn> = turns(case).collect();
    let Some(last) = turns.iter().rposition(|turn| asked(&turn.what)) else {
        return (None, None);
    };
    let after = turns[last..].iter().find(|turn| turn.what == *came);
    (
        Some(turns[last].act.on),
        after.map(|turn| counted(turn.act, case.regime)),
    )
}

/// The day on which an applicant had what was sent, where that is another than its own: an import takes the same day
/// for none.
fn arrived(act: Act) -> Option<NaiveDate> {
    act.arrived.filter(|day| *day != act.on)
}

/// The day of what the authority was sent, from which the law counts, for a line has one cell: that of its arrival where
/// it is known, but under the Regulations that on which a fee was paid.
fn counted(act: Act, regime: Regime) -> NaiveDate {
    match act.arrived {
        Some(day) if act.kind != Kind::FeePaid || regime == Regime::Foisa => day,
        _ => act.on,
    }
}
