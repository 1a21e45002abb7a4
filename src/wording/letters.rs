//! The dated paragraphs of a letter, to paste: acknowledgement, answer, review.
//!
//! The dates and what hangs on the law are settled here; the templates `letter/{ack,answer,review}` put them in
//! words, and an authority may have its own.

use chrono::NaiveDate;
use minijinja::context;
use minijinja::value::Value;

use super::course::{Awaited, awaited};
use super::plain::list;
use super::{Error, Wording};
use crate::calendar::Calendar;
use crate::calendar::period::Period;
use crate::case::{Act, Case, Kind, Regime};
use crate::clock::in_full;
use crate::statute::{AuthorityKind, Deadline, FORTY, Nature, SIX_MONTHS, Standing, State, Step, receipt};
use crate::words::words;

/// SSI 2016/346, in a few words.
const SCHOOL: &str = "20 working days that are school days, or 60 working days if these end first,";

words! {
    /// The letters that need a date.
    Letter {
        /// The acknowledgement of a request.
        Ack = "ack",
        /// The answer, with the right to a review.
        Answer = "answer",
        /// The outcome of a review, with the right to apply to the Commissioner.
        Review = "review",
    }
}

impl Letter {
    /// The name of its template.
    pub(super) fn template(self) -> &'static str {
        match self {
            Self::Ack => "letter/ack",
            Self::Answer => "letter/answer",
            Self::Review => "letter/review",
        }
    }
}

/// What a letter is written from.
#[derive(Debug, Clone, Copy)]
pub struct Matter<'a> {
    /// The case.
    pub case: &'a Case,
    /// Its deadlines.
    pub deadlines: &'a [Deadline],
    /// The working days.
    pub calendar: &'a Calendar,
    /// Whether there can be an application to the Commissioner at all (s.48).
    pub authority: AuthorityKind,
    /// The day the letter is written.
    pub today: NaiveDate,
}

/// One regime's part of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct PartView {
    /// Environmental information.
    eirs: bool,
    /// What was received: the request, or what set the clock anew.
    what: &'static str,
    /// The day it was received.
    received: Option<NaiveDate>,
    /// The day it was posted, where its arrival is presumed.
    posted: Option<NaiveDate>,
    /// The last day to answer.
    answer_by: Option<NaiveDate>,
    /// The last day to require a review, or to apply.
    last: Option<NaiveDate>,
    /// Whether the time may still be extended under reg 7: once, and notified within the twenty.
    may_extend: bool,
    /// How long a review may take.
    review_time: &'static str,
    /// That last day if the letter is posted today and not e-mailed.
    last_by_post: Option<NaiveDate>,
}

/// A letter's facts, for its template.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct LetterView {
    reference: String,
    authority: String,
    contact: Option<String>,
    today: NaiveDate,
    /// No application can be made about a review by this authority.
    excluded: bool,
    parts: Vec<PartView>,
}

/// Of a letter under two laws the part that has a date is told, though the other has none.
fn those_with_a_date(parts: Vec<Result<PartView, Error>>) -> Result<Vec<PartView>, Error> {
    let (dated, undated): (Vec<_>, Vec<_>) = parts.into_iter().partition(Result::is_ok);
    match undated.into_iter().find_map(Result::err) {
        Some(error) if dated.is_empty() => Err(error),
        _ => dated.into_iter().collect(),
    }
}

impl Wording {
    /// The dated paragraphs of a letter, to paste.
    ///
    /// # Errors
    /// Why there is no date to tell, and what to do; or a template that cannot be filled.
    pub fn letter(&self, letter: Letter, matter: &Matter<'_>) -> Result<String, Error> {
        let parts = matter.case.regime.parts().iter().copied();
        let parts: Vec<Result<PartView, Error>> = match letter {
            Letter::Ack => parts.map(|regime| matter.acknowledged(regime)).collect(),
            Letter::Answer => parts.map(|regime| matter.answered(regime)).collect(),
            Letter::Review => vec![matter.reviewed()],
        };
        let parts = those_with_a_date(parts)?;
        let view = LetterView {
            reference: matter.case.reference.to_string(),
            authority: self.authority.clone(),
            contact: self.contact.clone(),
            today: matter.today,
            excluded: matter.authority == AuthorityKind::Excluded,
            parts,
        };
        self.templates.letter(letter.template(), &view)
    }
}

impl Matter<'_> {
    fn none(&self, why: &str) -> Error {
        Error::Letter(format!("{}: {why}", self.case.reference))
    }

    fn response(&self, regime: Regime) -> Result<&Deadline, Error> {
        let of_it = |one: &&Deadline| one.key.step == Step::Response && one.key.regime == regime;
        let response = self.deadlines.iter().find(of_it);
        let response = response.ok_or_else(|| self.none("no answer is owed under that law; check the regime"))?;
        if response.state == State::Withdrawn {
            return Err(self.none("the request was withdrawn, so no answer is owed; write without a date"));
        }
        Ok(response)
    }

    /// Why the time to answer has no end, and what would give it one.
    fn suspended(&self, regime: Regime) -> Error {
        let (what, record) = match awaited(self.case, regime) {
            Some(Awaited::Clarification(on)) => (
                format!("clarification was asked for on {} and has not come", in_full(on)),
                Kind::ClarificationReceived,
            ),
            Some(Awaited::Fee(on)) => (
                format!("the fee asked for on {} is not paid", in_full(on)),
                Kind::FeePaid,
            ),
            Some(Awaited::Validity(on)) => (
                format!("the request was found not valid on {}", in_full(on)),
                Kind::MadeValid,
            ),
            None => ("the time to answer does not run".to_owned(), Kind::Note),
        };
        self.none(&format!(
            "{what}, so there is no date to tell; record {record} when that has changed"
        ))
    }

    fn acknowledged(&self, regime: Regime) -> Result<PartView, Error> {
        let response = self.response(regime)?;
        let answer_by = response.due.ok_or_else(|| self.suspended(regime))?;
        let act = self.started(response.from.seq);
        let presumed = act.filter(|act| act.posted && act.arrived.is_none());
        Ok(PartView {
            eirs: regime == Regime::Eirs,
            what: match response.from.kind {
                Kind::ClarificationReceived => "the further information that we had asked you for",
                Kind::MadeValid => "what makes your request valid",
                _ => "your request",
            },
            received: Some(response.from.on),
            posted: presumed.map(|act| act.on),
            answer_by: Some(answer_by),
            may_extend: self.may_extend(regime),
            ..PartView::default()
        })
    }

    /// Whether the power to extend is still open: once it is used, it is gone (RULE 10.2).
    fn may_extend(&self, regime: Regime) -> bool {
        let power = |one: &&Deadline| one.key.step == Step::ExtensionNotice && one.key.regime == regime;
        let mut powers = self.deadlines.iter().filter(power);
        powers.any(|one| one.standing(self.today) == Standing::Running)
    }

    /// What started the time to answer.
    fn started(&self, entry: u32) -> Option<&Act> {
        let turns = self.case.turns.iter().map(|turn| &turn.act);
        std::iter::once(&self.case.received)
            .chain(turns)
            .find(|act| act.seq == entry)
    }

    /// The last day for a review: of an answer already recorded what the statute gives; of one to come what it
    /// will give if it goes today.
    fn answered(&self, regime: Regime) -> Result<PartView, Error> {
        let response = self.response(regime)?;
        let part = PartView {
            eirs: regime == Regime::Eirs,
            review_time: match (regime, self.authority) {
                (Regime::Foisa | Regime::Both, AuthorityKind::School) => SCHOOL,
                _ => "20 working days",
            },
            ..PartView::default()
        };
        let window = self.window(Step::ReviewWindow, regime);
        if response.acted_on.is_some() {
            let last = window
                .and_then(|window| window.due)
                .ok_or_else(|| self.suspended(regime))?;
            return Ok(PartView {
                last: Some(last),
                ..part
            });
        }
        let due = response.due.ok_or_else(|| self.suspended(regime))?;
        // An answer in time under the Act leaves the applicant until forty days after the end of the twenty.
        let in_time = regime != Regime::Eirs && self.today <= due;
        let last = window.and_then(|window| window.due).filter(|_| in_time);
        Ok(match last {
            Some(last) => PartView {
                last: Some(last),
                ..part
            },
            None => PartView {
                last: Some(self.after_receipt(false, FORTY)),
                last_by_post: Some(self.after_receipt(true, FORTY)),
                ..part
            },
        })
    }

    /// The last day to apply about the last review: of an outcome already recorded, or of one that goes today.
    fn reviewed(&self) -> Result<PartView, Error> {
        let review = self.case.reviews.last().ok_or_else(|| {
            self.none("no review has been required, so there is no outcome to send; record review-required first")
        })?;
        if review.withdrawn.is_some() {
            return Err(
                self.none("the requirement for review was withdrawn, so no outcome is owed; write without a date")
            );
        }
        let regime = review.regime.parts().first().copied().unwrap_or(Regime::Foisa);
        let part = PartView {
            eirs: regime == Regime::Eirs,
            ..PartView::default()
        };
        let given = review.notices.last().map(|notice| &notice.act);
        Ok(match given {
            Some(act) => {
                let received = receipt::by_applicant(act, regime).on;
                let last = self.calendar.reckon(received, SIX_MONTHS).through;
                PartView {
                    last: Some(last),
                    ..part
                }
            }
            None => PartView {
                last: Some(self.after_receipt(false, SIX_MONTHS)),
                // A letter that tells of no application holds no day that hangs on the post.
                last_by_post: (self.authority != AuthorityKind::Excluded).then(|| self.after_receipt(true, SIX_MONTHS)),
                ..part
            },
        })
    }

    /// The end of a period that runs from the applicant's receipt of what goes today, by e-mail or by post.
    fn after_receipt(&self, posted: bool, period: Period) -> NaiveDate {
        let act = Act {
            seq: 0,
            kind: Kind::Responded,
            on: self.today,
            arrived: None,
            posted,
        };
        let received = receipt::by_applicant(&act, Regime::Foisa).on;
        self.calendar.reckon(received, period).through
    }

    /// The latest of the applicant's windows of one law.
    fn window(&self, step: Step, regime: Regime) -> Option<&Deadline> {
        let fits = |one: &&Deadline| {
            one.key.step == step && one.key.regime == regime && one.nature == Nature::Right && one.due.is_some()
        };
        self.deadlines.iter().filter(fits).max_by_key(|one| one.occurrence)
    }
}

impl LetterView {
    /// What a template is filled with.
    pub(super) fn value(&self) -> Value {
        let parts: Vec<Value> = self.parts.iter().map(PartView::value).collect();
        let notes = self.notes();
        context! {
            reference => &self.reference,
            authority => &self.authority,
            contact => self.contact.clone(),
            today => in_full(self.today),
            excluded => self.excluded,
            both => self.parts.len() > 1,
            parts => parts,
            notes => notes,
        }
    }

    /// What the officer must know and the applicant need not.
    fn notes(&self) -> Vec<String> {
        let past = self.parts.iter().filter_map(|part| part.answer_by).min();
        if let Some(past) = past.filter(|day| *day < self.today) {
            return vec![format!(
                "{} has passed: do not promise it. Send the answer instead.",
                in_full(past)
            )];
        }
        let by_post: Vec<String> = [false, true]
            .into_iter()
            .filter_map(|eirs| self.by_post(eirs))
            .collect();
        if by_post.is_empty() {
            return Vec::new();
        }
        vec![format!(
            "The last day is right for an e-mail sent today, {}. {} If it goes another day, ask again.",
            in_full(self.today),
            by_post.join(" ")
        )]
    }

    /// What to write instead if the letter is posted. FOISA presumes the day it comes (s.74(2)); the Regulations do
    /// not (RULE 0.3), and the day of its coming is not known when it is written.
    fn by_post(&self, eirs: bool) -> Option<String> {
        let days: Vec<String> = self
            .parts
            .iter()
            .filter(|part| part.eirs == eirs)
            .filter_map(|part| part.last.zip(part.last_by_post))
            .filter(|(last, by_post)| last != by_post)
            .map(|(last, by_post)| format!("{} instead of {}", in_full(by_post), in_full(last)))
            .collect();
        let days = (!days.is_empty()).then(|| list(&days))?;
        Some(match eirs {
            false => format!(
                "If you post the letter today it counts from the third day after, when it is taken to have come: write \
                 {days}."
            ),
            true => format!(
                "If you post the letter today, the time under the Regulations counts from the day it comes, and they \
                 presume none: write {days}, which allows the post three days."
            ),
        })
    }

    /// Letters with everything that a template may have to deal with, to try templates on.
    pub(super) fn samples() -> Vec<Self> {
        let day = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap_or_default();
        let part = |eirs| PartView {
            eirs,
            what: "your request",
            received: Some(day),
            posted: eirs.then_some(day),
            answer_by: Some(day),
            last: Some(day),
            last_by_post: Some(day),
            may_extend: eirs,
            review_time: "20 working days",
        };
        let full = Self {
            reference: "FOI-1".to_owned(),
            authority: "Example Council".to_owned(),
            contact: Some("foi@example.gov.uk".to_owned()),
            today: day,
            excluded: false,
            parts: vec![part(false), part(true)],
        };
        let one = |eirs, excluded| Self {
            contact: None,
            excluded,
            parts: vec![part(eirs)],
            ..full.clone()
        };
        vec![one(false, false), one(true, true), full]
    }
}

impl PartView {
    fn value(&self) -> Value {
        context! {
            eirs => self.eirs,
            what => self.what,
            received => self.received.map(in_full),
            posted => self.posted.map(in_full),
            answer_by => self.answer_by.map(in_full),
            may_extend => self.may_extend,
            last => self.last.map(in_full),
            review_time => self.review_time,
        }
    }
}
