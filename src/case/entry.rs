//! Entries: one thing that happened, as it was recorded.

mod allowed;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::Refusal;
use crate::clock::in_full;
use crate::words::{steers, words};

/// The first day of the law: the Act and the Regulations came into force on 1 January 2005.
const LAW_BEGINS: Option<NaiveDate> = NaiveDate::from_ymd_opt(2005, 1, 1);

/// The last day an entry may name; a later one is a slip of the pen.
const LAST_DAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(2099, 12, 31);

/// An authority's own reference for a case: 1 to 64 characters, none of them a control character or a line
/// break, no space at either end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Reference(String);

impl Reference {
    /// The reference as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Refuses a reference for a new case that nobody could tell from another by looking at it.
    ///
    /// # Errors
    /// Which character it is.
    pub fn check_plain(&self) -> Result<(), Refusal> {
        match self.0.chars().find(|c| is_unseen(*c)) {
            None => Ok(()),
            Some(c) => {
                let seen: String = self.0.chars().filter(|c| !is_unseen(*c)).collect();
                Err(Refusal::new(format!(
                    "reference {seen:?} has a character in it (U+{:04X}) that nobody can tell from none or from another; \
                     type it again",
                    u32::from(c)
                )))
            }
        }
    }
}

/// Characters that come along unseen when a reference is copied: blanks without width, marks of direction, a hyphen that
/// is only shown at the end of a line, and one that looks like every other.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2011}' | '\u{2060}' | '\u{feff}'
    )
}

impl FromStr for Reference {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > 64 || text.chars().any(steers) {
            return Err(Refusal::new(
                "a reference must have 1 to 64 characters and no control characters or line breaks",
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

words! {
    /// What an entry records, in the order of a case's life; on one day the earlier kind comes first if it can.
    Kind {
        /// The request arrived.
        Received = "received",
        /// An acknowledgement was sent.
        Acknowledged = "acknowledged",
        /// The request is not valid under s.8.
        NotValid = "not-valid",
        /// It was made valid; the clock runs from that day.
        MadeValid = "made-valid",
        /// A department was asked to find the information.
        SentToDepartment = "sent-to-department",
        /// The department replied.
        DepartmentReplied = "department-replied",
        /// The applicant was asked what is wanted.
        ClarificationSought = "clarification-sought",
        /// The applicant said what is wanted.
        ClarificationReceived = "clarification-received",
        /// A fees notice was given.
        FeesNotice = "fees-notice",
        /// The fee was paid.
        FeePaid = "fee-paid",
        /// The time was extended under reg 7 of the Regulations.
        Extended = "extended",
        /// The request was transferred under reg 14 of the Regulations.
        Transferred = "transferred",
        /// Part of the answer was given; the clock runs on.
        AnsweredInPart = "answered-in-part",
        /// The request was answered.
        Responded = "responded",
        /// The applicant withdrew the request.
        Withdrawn = "withdrawn",
        /// The applicant required a review.
        ReviewRequired = "review-required",
        /// The applicant withdrew the requirement.
        ReviewWithdrawn = "review-withdrawn",
        /// The authority gave notice that it will not review.
        ReviewRefused = "review-refused",
        /// The authority gave notice of what the review decided.
        ReviewOutcome = "review-outcome",
        /// The applicant applied to the Commissioner.
        Applied = "applied",
        /// The Commissioner asked for something by a day.
        CommissionerNotice = "commissioner-notice",
        /// The application ended without a decision.
        ApplicationEnded = "application-ended",
        /// The Commissioner decided.
        Decision = "decision",
        /// An appeal was made to the Court of Session.
        CourtAppeal = "court-appeal",
        /// The Court of Session disposed of it.
        CourtOutcome = "court-outcome",
        /// What a notice of the Commissioner or a decision asked for was done.
        Complied = "complied",
        /// An officer's own date.
        Diary = "diary",
        /// The file was closed; that ends no duty.
        Closed = "closed",
        /// The file was opened again.
        Reopened = "reopened",
        /// Another officer has the case.
        Reassigned = "reassigned",
        /// The regime is another than was thought.
        RegimeChanged = "regime",
        /// A note.
        Note = "note",
    }
}

words! {
    /// Which law a request is answered under.
    Regime {
        /// The Freedom of Information (Scotland) Act 2002.
        Foisa = "foisa",
        /// The Environmental Information (Scotland) Regulations 2004.
        Eirs = "eirs",
        /// Part under the one and part under the other.
        Both = "both",
    }
}

impl Regime {
    /// Whether what is said of this regime is said of the other too.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self == Self::Both || self == other
    }

    /// The one or two laws a request is answered under.
    #[must_use]
    pub fn parts(self) -> &'static [Self] {
        match self {
            Self::Foisa => &[Self::Foisa],
            Self::Eirs => &[Self::Eirs],
            Self::Both => &[Self::Foisa, Self::Eirs],
        }
    }
}

words! {
    /// How a thing came out, in the Commissioner's statistical terms.
    Outcome {
        /// Everything was given.
        Full = "full",
        /// Part was given.
        Part = "part",
        /// Nothing was given.
        Refused = "refused",
        /// Refused for cost, s.12.
        Cost = "cost",
        /// Refused as vexatious, s.14(1).
        Vexatious = "vexatious",
        /// Refused as repeated, s.14(2).
        Repeated = "repeated",
        /// Refused as manifestly unreasonable, reg 10(4)(b).
        ManifestlyUnreasonable = "manifestly-unreasonable",
        /// Not held.
        NotHeld = "not-held",
        /// Neither confirmed nor denied.
        Ncnd = "ncnd",
        /// The first answer was confirmed, with or without changes.
        Upheld = "upheld",
        /// Another decision was put in its place.
        Substituted = "substituted",
        /// The review reached the first decision.
        FirstDecision = "first-decision",
        /// Found to comply with the Regulations.
        Compliant = "compliant",
        /// Found not to comply, and put right.
        Remedied = "remedied",
        /// No review is owed, s.21(8).
        S218 = "s21-8",
        /// The requirement came out of time.
        OutOfTime = "out-of-time",
        /// The requirement or application was not valid.
        Invalid = "invalid",
        /// The appeal is the authority's.
        ByAuthority = "authority",
        /// The appeal is the applicant's.
        ByApplicant = "applicant",
        /// The appeal is about part of the decision only.
        Partial = "partial",
        /// The demand for clarification was not reasonable: the first clock stands.
        NotNeeded = "not-needed",
        /// The Commissioner asks for comments, s.49(3)(a).
        Comments = "comments",
        /// An information notice, s.50.
        Information = "information",
        /// An enforcement notice, s.51.
        Enforcement = "enforcement",
        /// The application was withdrawn.
        ApplicationWithdrawn = "withdrawn",
        /// The application was settled.
        Settled = "settled",
        /// The application was abandoned.
        Abandoned = "abandoned",
        /// The application was frivolous or vexatious, s.49(1)(a).
        Frivolous = "frivolous",
        /// Another authority must review for the Keeper, s.22(4).
        S224 = "s22-4",
        /// Closed because clarification never came.
        Unclarified = "unclarified",
        /// Closed because the fee was never paid.
        FeeUnpaid = "fee-unpaid",
        /// Closed because all is done.
        Done = "done",
    }
}

/// What an entry says beyond its kind and day. Which of these a kind may carry is [`Fact::check`]'s to say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Details {
    /// The day it arrived, where that is known and not the day it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received: Option<NaiveDate>,
    /// Sent by post on the entry's day.
    #[serde(skip_serializing_if = "is_false")]
    pub posted: bool,
    /// The date that the paper itself states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// How it came out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// The exemptions or exceptions relied on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exemptions: Vec<String>,
    /// The officer who has the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub officer: Option<String>,
    /// The department that must find the information.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// The regime, or the part of the request spoken of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regime: Option<Regime>,
    /// Of a request to the Keeper: it is for a record transferred and not open, s.22(2)-(5).
    #[serde(skip_serializing_if = "is_false")]
    pub keeper_record: bool,
    /// The day the first of several like requests came, where reg 6 of the Fees Regulations is relied on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_received: Option<NaiveDate>,
    /// A few words for the officers; never put into a mail's subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Anything worth keeping.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Why an entry was corrected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The corrected entry never happened.
    #[serde(skip_serializing_if = "is_false")]
    pub void: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for this form")]
fn is_false(value: &bool) -> bool {
    !*value
}

impl Details {
    /// The same without what was typed freely: what dates and statistics need.
    #[must_use]
    pub fn without_words(&self) -> Self {
        Self {
            subject: None,
            note: None,
            why: None,
            ..self.clone()
        }
    }

    /// The names of what is said, as the command line spells them.
    fn said(&self) -> Vec<&'static str> {
        [
            ("received", self.received.is_some()),
            ("posted", self.posted),
            ("due", self.due.is_some()),
            ("outcome", self.outcome.is_some()),
            ("exemptions", !self.exemptions.is_empty()),
            ("officer", self.officer.is_some()),
            ("department", self.department.is_some()),
            ("regime", self.regime.is_some()),
            ("keeper-record", self.keeper_record),
            ("first-received", self.first_received.is_some()),
            ("subject", self.subject.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, said)| said.then_some(name))
        .collect()
    }
}

/// What happened, on which day, with what is said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What happened.
    pub kind: Kind,
    /// The day it was sent or done; of a request or a requirement, the day it arrived unless `posted`.
    pub on: NaiveDate,
    /// The rest.
    pub details: Details,
}

impl Fact {
    /// A fact of which nothing but kind and day is known.
    #[must_use]
    pub fn new(kind: Kind, on: NaiveDate) -> Self {
        Self {
            kind,
            on,
            details: Details::default(),
        }
    }

    /// Refuses what no entry of this kind can say, whatever the rest of its case.
    ///
    /// # Errors
    /// One sentence that says what would be right.
    pub fn check(&self) -> Result<(), Refusal> {
        let details = &self.details;
        let allowed = allowed::details(self.kind);
        if let Some(wrong) = details.said().into_iter().find(|name| !allowed.contains(name)) {
            return Err(Refusal::new(format!(
                "{wrong} says nothing about {}; leave it out",
                self.kind
            )));
        }
        for day in [Some(self.on), details.received, details.due, details.first_received]
            .into_iter()
            .flatten()
        {
            if Some(day) < LAW_BEGINS {
                return Err(Refusal::new(format!(
                    "{} is before 1 January 2005, when the law came into force; check the date",
                    in_full(day)
                )));
            }
            if Some(day) > LAST_DAY {
                return Err(Refusal::new(format!(
                    "{} is too far ahead; check the date",
                    in_full(day)
                )));
            }
        }
        if details.received.is_some_and(|received| received < self.on) {
            return Err(Refusal::new(format!(
                "{} cannot have arrived before it was sent on {}; check both dates",
                self.kind,
                in_full(self.on)
            )));
        }
        if details.due.is_some_and(|due| due < self.on) {
            return Err(Refusal::new(format!(
                "{} of {} cannot set a date before it; check --due",
                self.kind,
                in_full(self.on)
            )));
        }
        self.check_outcome()
    }

    fn check_outcome(&self) -> Result<(), Refusal> {
        let outcomes = allowed::outcomes(self.kind);
        let names = || outcomes.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(", ");
        match self.details.outcome {
            Some(outcome) if !outcomes.contains(&outcome) => Err(Refusal::new(format!(
                "the outcome of {} is one of {}, not {outcome}",
                self.kind,
                names()
            ))),
            None if self.details.void => Ok(()),
            None => self.missing().map_or(Ok(()), |needs| Err(Refusal::new(needs))),
            Some(_) => self.missing_date().map_or(Ok(()), |needs| Err(Refusal::new(needs))),
        }
    }

    /// What an entry of this kind cannot do without.
    fn missing(&self) -> Option<&'static str> {
        match self.kind {
            Kind::CourtAppeal => {
                Some("court-appeal needs --outcome authority, applicant or partial, to say whose appeal it is")
            }
            Kind::CommissionerNotice => Some(
                "commissioner-notice needs --outcome comments, information or enforcement, to say what it asks for",
            ),
            Kind::ApplicationEnded => {
                Some("application-ended needs --outcome withdrawn, settled, abandoned, invalid or frivolous")
            }
            Kind::RegimeChanged if self.details.regime.is_none() => Some("regime needs --regime foisa, eirs or both"),
            Kind::Reassigned if self.details.officer.is_none() => Some("reassigned needs --officer ID"),
            _ => self.missing_date(),
        }
    }

    fn missing_date(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Extended if self.details.due.is_none() => {
                Some("extended needs --due DATE, the new date that the applicant was told")
            }
            Kind::CommissionerNotice if self.details.due.is_none() => {
                Some("commissioner-notice needs --due DATE, the date that the notice states")
            }
            Kind::Diary if self.details.due.is_none() => Some("diary needs --due DATE, the date to be reminded of"),
            _ => None,
        }
    }
}

/// One line of the register: a fact, who recorded it and when. Written once, never altered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The case.
    pub reference: Reference,
    /// Its number within the case, from 1.
    pub seq: u32,
    /// What happened.
    pub fact: Fact,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The login of whoever recorded it.
    pub recorded_by: String,
    /// On whose behalf, as typed.
    pub by: Option<String>,
    /// The entry that this one corrects.
    pub supersedes: Option<u32>,
}

#[cfg(test)]
mod tests;
