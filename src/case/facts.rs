//! The facts of a case, typed: what the statute reckons with.

use chrono::NaiveDate;

use super::entry::{Kind, Outcome, Reference, Regime};

/// Something sent or done on a day, with what is known of its arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    /// The entry that records it; of a corrected entry the first, so that it keeps its identity.
    pub seq: u32,
    /// What kind of entry.
    pub kind: Kind,
    /// The day it was sent or done.
    pub on: NaiveDate,
    /// The day it arrived, where that is known to be another.
    pub arrived: Option<NaiveDate>,
    /// Sent by post.
    pub posted: bool,
}

/// Something that moves, stops or resets the time to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// When.
    pub act: Act,
    /// The part of the request it is about.
    pub regime: Regime,
    /// What.
    pub what: Turning,
    /// The last day for a review that the paper itself named.
    pub advised: Option<NaiveDate>,
}

/// What moves, stops or resets the time to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turning {
    /// The request was found not to be valid.
    NotValid,
    /// It was made valid.
    MadeValid,
    /// Clarification was asked for; `needed` unless the demand is known not to have been reasonable.
    ClarificationSought {
        /// Whether the demand was reasonable.
        needed: bool,
    },
    /// Clarification came.
    ClarificationReceived,
    /// A fees notice was given.
    FeesNotice,
    /// The fee was paid.
    FeePaid,
    /// The time was extended to a day.
    Extended {
        /// The day the applicant was told.
        to: NaiveDate,
    },
}

/// A department that was asked to find the information.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errand {
    /// When it was asked.
    pub sent: Act,
    /// The day it was given.
    pub due: Option<NaiveDate>,
    /// When it replied.
    pub replied: Option<Act>,
}

/// Something that a paper gives a day for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dated {
    /// When the paper was sent.
    pub act: Act,
    /// The day it states.
    pub due: Option<NaiveDate>,
}

/// A notice of the Commissioner to the authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// When it was given.
    pub act: Act,
    /// What it asks for: comments, information, or steps to be taken.
    pub asks: Outcome,
    /// The day it states.
    pub due: NaiveDate,
    /// When that was done.
    pub complied: Option<Act>,
    /// Appeals to the Court of Session against an information or enforcement notice.
    pub appeals: Vec<Appeal>,
    /// What the court made of them, and the day for compliance that it states.
    pub court_outcome: Option<Dated>,
}

/// An answer to the request, or to one regime's part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// When it was given and received.
    pub act: Act,
    /// The part it answers.
    pub regime: Regime,
    /// How it came out.
    pub outcome: Option<Outcome>,
    /// The last day for a review that the letter itself named.
    pub advised: Option<NaiveDate>,
    /// Whether it relies on s.27(1): the information is to be published within twelve weeks.
    pub to_be_published: bool,
}

/// What the authority told the applicant about a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// When it was given and received; its kind tells an outcome from a refusal to review.
    pub act: Act,
    /// How it came out.
    pub outcome: Option<Outcome>,
    /// The last day for an application that the letter itself named.
    pub advised: Option<NaiveDate>,
}

/// A requirement for review and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// When it was made and received.
    pub required: Act,
    /// The part it asks about.
    pub regime: Regime,
    /// Another authority must review for the Keeper, s.22(4).
    pub for_keeper: bool,
    /// Withdrawn by the applicant before a notice was given.
    pub withdrawn: Option<Act>,
    /// The first notice, and any revised one after a decision.
    pub notices: Vec<Notice>,
}

impl Review {
    /// Whether the authority has neither answered it nor been released from it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.withdrawn.is_none() && self.notices.is_empty()
    }
}

/// An application to the Commissioner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// When it was made; none where only its decision is recorded.
    pub applied: Option<Act>,
    /// Notices of the Commissioner on the way.
    pub demands: Vec<Demand>,
    /// Its end without a decision, and how.
    pub ended: Option<(Act, Outcome)>,
    /// Appeals against the finding that it is frivolous or vexatious.
    pub ended_appeals: Vec<Appeal>,
    /// The decision notice.
    pub decision: Option<Decision>,
}

impl Application {
    pub(super) fn is_open(&self) -> bool {
        self.decision.is_none() && self.ended.is_none()
    }
}

/// The Commissioner's decision notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// When it was given, and intimated to the authority.
    pub act: Act,
    /// The day by which it asks for steps to be taken, if it asks for any.
    pub due: Option<NaiveDate>,
    /// When those steps were taken.
    pub complied: Option<Act>,
    /// Appeals to the Court of Session.
    pub appeals: Vec<Appeal>,
    /// What the court made of them, and the day for compliance that it states.
    pub court_outcome: Option<Dated>,
}

/// An appeal to the Court of Session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appeal {
    /// When it was lodged.
    pub act: Act,
    /// Whether it is the authority's; else the applicant's.
    pub by_authority: bool,
    /// Whether it is about part of the decision only, so that the rest must be complied with.
    pub partial: bool,
}

/// One request and all that came of it, as the register has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The authority's reference.
    pub reference: Reference,
    /// The request's arrival.
    pub received: Act,
    /// The law it is answered under.
    pub regime: Regime,
    /// Another law was thought of at first, so that what was done under it may not fit this one.
    pub regime_changed: bool,
    /// Who has it.
    pub officer: Option<String>,
    /// The department that must find the information.
    pub department: Option<String>,
    /// A few words for the officers.
    pub subject: Option<String>,
    /// A request to the Keeper for a transferred record that is not open.
    pub keeper_record: bool,
    /// The day the first of several like requests came.
    pub first_received: Option<NaiveDate>,
    /// Acknowledgements, with the day the applicant was told.
    pub acknowledged: Vec<Dated>,
    /// What moved, stopped or reset the time to answer, in order.
    pub turns: Vec<Turn>,
    /// Departments that were asked.
    pub errands: Vec<Errand>,
    /// Answers to part of the request.
    pub part_answers: Vec<Act>,
    /// The transfer of the request under reg 14.
    pub transferred: Option<Act>,
    /// The officer's own dates.
    pub diary: Vec<Dated>,
    /// Answers, at most one a regime.
    pub answers: Vec<Answer>,
    /// The applicant's withdrawal.
    pub withdrawn: Option<Act>,
    /// Requirements for review, in order.
    pub reviews: Vec<Review>,
    /// Applications to the Commissioner, in order.
    pub applications: Vec<Application>,
    /// The day the file was closed.
    pub closed: Option<NaiveDate>,
}
