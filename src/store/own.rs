//! What the register keeps of itself: its own entries, the calendars it rested on, and what is to be told
//! besides rungs.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::BankHoliday;
use crate::words::words;

words! {
    /// The kinds of the register's own entries, which belong to no case.
    OwnKind {
        /// Another calendar came into force.
        CalendarAdopted = "calendar-adopted",
        /// Another statement of the law did.
        Upgraded = "upgraded",
        /// The words of cases closed long ago were emptied.
        Purged = "purged",
    }
}

/// What the register records of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OwnBody {
    /// Of another calendar.
    CalendarAdopted {
        /// Its version.
        version: String,
        /// How far it is announced.
        announced_through: NaiveDate,
        /// Days that a person adopted from a list; none where the settings or the program brought them.
        days: Vec<BankHoliday>,
        /// Where it came from.
        source: String,
    },
    /// Of another statement of the law.
    Upgraded {
        /// Its version.
        law: String,
        /// The version of the program that brought it.
        program: String,
    },
    /// Of a purge.
    Purged {
        /// Cases closed before this day.
        closed_before: NaiveDate,
        /// How many cases.
        cases: u32,
        /// How many entries.
        entries: u32,
        /// The hash over what was kept of them.
        kept: String,
    },
}

/// An entry of the register's own: a link of the same chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnEntry {
    /// The day.
    pub on: NaiveDate,
    /// What happened.
    pub body: OwnBody,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// By whom.
    pub recorded_by: String,
    /// On whose behalf.
    pub by: Option<String>,
}

impl OwnBody {
    /// The kind of its entry.
    #[must_use]
    pub fn kind(&self) -> OwnKind {
        match self {
            Self::CalendarAdopted { .. } => OwnKind::CalendarAdopted,
            Self::Upgraded { .. } => OwnKind::Upgraded,
            Self::Purged { .. } => OwnKind::Purged,
        }
    }
}

/// Days that people adopted into the register from lists, and when they last did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Adopted {
    /// The days, in the order of adoption.
    pub days: Vec<BankHoliday>,
    /// The day of the last adoption.
    pub on: Option<NaiveDate>,
}

/// A calendar as the register keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptedCalendar {
    /// Its version.
    pub version: String,
    /// How far it is announced.
    pub announced_through: NaiveDate,
    /// Its announced bank holidays on weekdays.
    pub days: Vec<BankHoliday>,
}

/// Every open case was derived again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rederivation {
    /// When.
    pub at: DateTime<Utc>,
    /// From which calendar and law.
    pub from: (String, String),
    /// To which.
    pub to: (String, String),
    /// Why.
    pub why: String,
    /// How many cases had an open deadline.
    pub cases: u32,
    /// How many deadlines changed.
    pub moved: u32,
}

words! {
    /// What has become of a notice.
    NoticeState {
        /// No mail tells it yet.
        Waiting = "waiting",
        /// It is in a mail that waits or is being sent.
        Written = "written",
        /// Its mail was accepted.
        Told = "told",
        /// A later one tells it better, or it is no longer so.
        Dropped = "dropped",
    }
}

/// Something to be told besides rungs. What it says is the reminders' own; here it is a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRow {
    /// The register's number for it.
    pub id: i64,
    /// What is told to whom and why; the same is never told twice.
    pub name: String,
    /// The officer it is for; the team's where there is none.
    pub officer: Option<String>,
    /// What it says.
    pub body: String,
    /// What has become of it.
    pub state: NoticeState,
    /// The mail it is in.
    pub message: Option<i64>,
}
