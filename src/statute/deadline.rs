//! What the statute says of a case: a deadline, its nature, the day to work to, and where it stands.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::count::taken_away_meanwhile;
use crate::calendar::Calendar;
use crate::calendar::period::{Period, Span, Unit};
use crate::case::{Act, Kind, Regime};
use crate::words::words;

words! {
    /// What is to be done, or may be done, by a deadline; in the order of a case's life.
    Step {
        /// The first answer to the request.
        Response = "response",
        /// The power to extend the time, reg 7.
        ExtensionNotice = "extension-notice",
        /// What a department was given.
        Department = "department",
        /// Clarification or a fee is outstanding.
        Waiting = "waiting",
        /// The applicant's time to pay a fee.
        FeePayment = "fee-payment",
        /// The applicant's time to require a review.
        ReviewWindow = "review-window",
        /// The answer to a requirement for review.
        ReviewOutcome = "review-outcome",
        /// The applicant's time to apply to the Commissioner.
        CommissionerWindow = "commissioner-window",
        /// The Commissioner's time to decide.
        CommissionerDecision = "commissioner-decision",
        /// What a notice of the Commissioner asks for.
        CommissionerNotice = "commissioner-notice",
        /// The steps a decision asks for.
        Compliance = "compliance",
        /// The time to appeal to the Court of Session.
        CourtWindow = "court-window",
        /// Publication that an answer has promised.
        Publication = "publication",
        /// An officer's own date.
        Diary = "diary",
    }
}

words! {
    /// Whose deadline it is.
    Actor {
        /// The public authority.
        Authority = "authority",
        /// The applicant.
        Applicant = "applicant",
        /// The Scottish Information Commissioner.
        Commissioner = "commissioner",
    }
}

words! {
    /// What kind of obligation a deadline is. Only a duty can be overdue.
    Nature {
        /// Must be done.
        Duty = "duty",
        /// May be done as of right until then; afterwards there is still discretion (s.20(6), s.47(5)).
        Right = "right",
        /// May be done, and is noted only.
        Power = "power",
        /// Is aimed at, and has no sanction.
        Target = "target",
        /// The authority's own rule.
        Policy = "policy",
    }
}

words! {
    /// What the entries alone say of a deadline.
    State {
        /// It waits for another duty to be done or to pass its day.
        Pending = "pending",
        /// It runs.
        Running = "running",
        /// No date can be known for the time being.
        Suspended = "suspended",
        /// Done in time on every reading.
        Met = "met",
        /// Done in time on one reading and late on another.
        Arguable = "arguable",
        /// Done late.
        Late = "late",
        /// Not owed.
        NotOwed = "not-owed",
        /// Withdrawn by whoever could.
        Withdrawn = "withdrawn",
    }
}

impl State {
    /// Whether nothing has ended the deadline: it runs, or will.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Running | Self::Suspended)
    }
}

words! {
    /// Where a deadline stands on a day.
    Standing {
        /// It waits for another duty to be done or to pass its day.
        Pending = "pending",
        /// It runs, and the day to work to has not passed.
        Running = "running",
        /// No date can be known for the time being.
        Suspended = "suspended",
        /// A duty past the day to work to, but not past its due date.
        PastSafeDate = "past-safe-date",
        /// A duty past its due date.
        Overdue = "overdue",
        /// A right that can no longer be used as of right.
        OutOfTime = "out-of-time",
        /// A target, power or policy whose day has passed.
        Passed = "passed",
        /// Done in time on every reading.
        Met = "met",
        /// Done in time on one reading and late on another.
        Arguable = "arguable",
        /// Done late.
        Late = "late",
        /// Not owed.
        NotOwed = "not-owed",
        /// Withdrawn by whoever could.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// What a caution is about.
    Concern {
        /// The facts are plain and the law is open: another date is possible.
        Reading = "reading",
        /// The date hangs on a fact that may be disputed.
        Dispute = "dispute",
        /// Worth knowing; moves nothing.
        Note = "note",
    }
}

/// Something that makes a date less certain than it looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caution {
    /// What it is about.
    pub concern: Concern,
    /// The date on the other view, where there is one.
    pub date: Option<NaiveDate>,
    /// One plain sentence.
    pub why: String,
}

impl Caution {
    /// The law can be read otherwise, and then the date would be this.
    pub fn reading(date: NaiveDate, why: impl Into<String>) -> Self {
        Self {
            concern: Concern::Reading,
            date: Some(date),
            why: why.into(),
        }
    }

    /// The facts can be disputed.
    pub fn dispute(date: Option<NaiveDate>, why: impl Into<String>) -> Self {
        Self {
            concern: Concern::Dispute,
            date,
            why: why.into(),
        }
    }

    /// Worth knowing.
    pub fn note(date: Option<NaiveDate>, why: impl Into<String>) -> Self {
        Self {
            concern: Concern::Note,
            date,
            why: why.into(),
        }
    }
}

/// A provision of the law, and the words in it that decide.
#[derive(Debug, PartialEq, Eq)]
pub struct Provision {
    /// How it is cited: `FOISA s.10(1)(a)`.
    pub cite: &'static str,
    /// Its decisive words.
    pub words: &'static str,
    /// Whether these are the law's own words (gaps shown), or only their gist.
    pub quoted: bool,
}

words! {
    /// Where a last date told to the applicant comes from.
    AdviceSource {
        /// The letter itself, as recorded.
        Letter = "letter",
        /// What letters usually say.
        Usual = "usual",
    }
}

/// The last date that the applicant was told, which may not be the law's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advised {
    /// The date.
    pub date: NaiveDate,
    /// Who says so.
    pub source: AdviceSource,
}

/// What makes a deadline the same one after a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// What is to be done.
    pub step: Step,
    /// Under which law; never [`Regime::Both`].
    pub regime: Regime,
    /// By whom.
    pub actor: Actor,
    /// The entry it hangs on.
    pub entry: u32,
}

/// What started a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct From {
    /// The day that is not counted (or, of a period "beginning with" it, the first that is).
    pub on: NaiveDate,
    /// The kind of entry it comes from.
    pub kind: Kind,
    /// That entry's number.
    pub seq: u32,
}

/// Days whose working days a count leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disregarded {
    /// The days.
    pub span: Span,
    /// Why, in a few words.
    pub why: &'static str,
}

/// A weekday that a count left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The day.
    pub date: NaiveDate,
    /// Why: the holiday's name, or what was outstanding.
    pub why: String,
    /// Whether it is no working day at all.
    pub holiday: bool,
}

/// One deadline of a case, with everything needed to say why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// Its identity within the case.
    pub key: Key,
    /// The how-manieth of its step and actor, for people.
    pub occurrence: u32,
    /// What kind of obligation.
    pub nature: Nature,
    /// The last day on the words of the law; none while none can be known.
    pub due: Option<NaiveDate>,
    /// The day the authority should act on: never after `due` for its own duties and rights, never before
    /// it for an applicant's right.
    pub work_to: Option<NaiveDate>,
    /// What the entries say.
    pub state: State,
    /// The day it was done.
    pub acted_on: Option<NaiveDate>,
    /// The rule.
    pub provision: &'static Provision,
    /// What started the clock.
    pub from: From,
    /// How long it runs.
    pub period: Period,
    /// The days the reckoning ran over.
    pub span: Span,
    /// Spans of it whose working days were left out.
    pub disregarded: Vec<Disregarded>,
    /// While pending: it runs from the day after this one.
    pub opens_after: Option<NaiveDate>,
    /// While suspended: after this day nothing is owed any more.
    pub lapses_after: Option<NaiveDate>,
    /// Whether a date rests on bank holidays not yet announced, or on school days not listed.
    pub provisional: bool,
    /// Whether it is school days not listed that it rests on.
    pub unlisted: bool,
    /// The last date the applicant was told.
    pub advised: Option<Advised>,
    /// What makes it less certain than it looks.
    pub cautions: Vec<Caution>,
}

impl Nature {
    /// Where what runs stands on a day. Only a duty is ever overdue.
    #[must_use]
    pub fn standing(self, due: Option<NaiveDate>, work_to: Option<NaiveDate>, on: NaiveDate) -> Standing {
        let Some(due) = due else {
            return Standing::Running;
        };
        let work_to = work_to.unwrap_or(due);
        match self {
            Self::Duty if on > due => Standing::Overdue,
            Self::Duty if on > work_to => Standing::PastSafeDate,
            Self::Right if on > work_to => Standing::OutOfTime,
            Self::Target | Self::Power | Self::Policy if on > due => Standing::Passed,
            _ => Standing::Running,
        }
    }
}

impl Deadline {
    /// A running deadline of a period reckoned from a day, before anything is known of how it ended.
    #[must_use]
    pub(super) fn reckoned(
        calendar: &Calendar,
        key: Key,
        nature: Nature,
        provision: &'static Provision,
        from: From,
        period: Period,
    ) -> Self {
        let span = calendar.reckon(from.on, period);
        let in_working_days = period.unit == Unit::WorkingDays;
        let doubt = (nature == Nature::Right && in_working_days)
            .then(|| taken_away_meanwhile(calendar, from.on, span, period.count));
        Self {
            key,
            occurrence: 1,
            nature,
            due: Some(span.through),
            work_to: None,
            state: State::Running,
            acted_on: None,
            provision,
            from,
            period,
            span,
            disregarded: Vec::new(),
            opens_after: None,
            lapses_after: None,
            provisional: in_working_days && calendar.is_provisional(span.through),
            unlisted: false,
            advised: None,
            cautions: doubt.flatten().into_iter().collect(),
        }
    }

    /// Moves the end to a day that another reckoning gives.
    pub(super) fn ends(&mut self, calendar: &Calendar, day: NaiveDate) {
        self.span.through = day;
        self.due = Some(day);
        self.provisional = calendar.is_provisional(day);
    }

    /// Says whether it rests on school days that are not listed, which makes it provisional.
    pub(super) fn rests_on_unlisted(&mut self, unlisted: bool) {
        self.unlisted = unlisted;
        self.provisional |= unlisted;
    }

    /// Fixes the day to work to, and what an act on a day (if there was one) makes of the deadline.
    ///
    /// A duty done between `work_to` and `due` is in time on the words and late on another reading; for an
    /// applicant's right it is the other way about.
    #[must_use]
    pub(super) fn settled(mut self, acted: Option<NaiveDate>) -> Self {
        self.work_to = self.reckon_work_to();
        if let (Some(acted), Some(due)) = (acted, self.due) {
            let work_to = self.work_to.unwrap_or(due);
            self.acted_on = Some(acted);
            self.state = if acted <= due.min(work_to) {
                State::Met
            } else if acted <= due.max(work_to) {
                State::Arguable
            } else {
                State::Late
            };
        }
        self
    }

    /// The earliest date on any reading for the authority's own duties and rights; the latest date on any
    /// view for an applicant's right; none for what is only noted.
    fn reckon_work_to(&self) -> Option<NaiveDate> {
        let due = self.due?;
        let on = |concerns: &'static [Concern]| {
            self.cautions
                .iter()
                .filter(move |caution| concerns.contains(&caution.concern))
                .filter_map(|caution| caution.date)
        };
        match (self.nature, self.key.actor) {
            (Nature::Power | Nature::Target, _) => None,
            (Nature::Policy, _) => Some(due),
            (Nature::Right, Actor::Applicant) => on(&[Concern::Reading, Concern::Dispute])
                .chain(self.advised.map(|advised| advised.date))
                .chain([due])
                .max(),
            (Nature::Duty | Nature::Right, _) => on(&[Concern::Reading]).chain([due]).min(),
        }
    }

    /// The weekdays the count left out, each with its reason; none where months or days are counted, which leave
    /// nothing out.
    #[must_use]
    pub fn left_out(&self, calendar: &Calendar) -> Vec<LeftOut> {
        if self.period.unit != Unit::WorkingDays {
            return Vec::new();
        }
        let mut days: Vec<LeftOut> = calendar
            .left_out(self.span)
            .iter()
            .map(|holiday| LeftOut {
                date: holiday.date,
                why: holiday.name.clone(),
                holiday: true,
            })
            .collect();
        for one in &self.disregarded {
            let within = |day: &NaiveDate| self.span.after < *day && *day <= self.span.through;
            let weekdays = one
                .span
                .after
                .iter_days()
                .skip(1)
                .take_while(|day| *day <= one.span.through);
            days.extend(
                weekdays
                    .filter(within)
                    .filter(|day| calendar.is_working_day(*day))
                    .map(|date| LeftOut {
                        date,
                        why: one.why.to_owned(),
                        holiday: false,
                    }),
            );
        }
        days.sort_by_key(|day| day.date);
        days
    }

    /// Where the deadline stands on a day.
    #[must_use]
    pub fn standing(&self, on: NaiveDate) -> Standing {
        match self.state {
            State::Suspended if self.lapses_after.is_some_and(|last| on > last) => Standing::NotOwed,
            State::Suspended => Standing::Suspended,
            State::Met => Standing::Met,
            State::Arguable => Standing::Arguable,
            State::Late => Standing::Late,
            State::NotOwed => Standing::NotOwed,
            State::Withdrawn => Standing::Withdrawn,
            State::Pending if self.opens_after.is_none_or(|day| on <= day) => Standing::Pending,
            State::Pending | State::Running => self.nature.standing(self.due, self.work_to, on),
        }
    }

    /// Whether nothing has ended it: it runs, or will.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state.is_open()
    }
}

impl From {
    /// Started by an act, on a day that may not be the act's own.
    #[must_use]
    pub(super) fn act(act: &Act, on: NaiveDate) -> Self {
        Self {
            on,
            kind: act.kind,
            seq: act.seq,
        }
    }
}
