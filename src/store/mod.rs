//! The register's keeper: verbs and types, and behind them an engine that speaks SQL.
//!
//! The seam is synchronous. [`Store::write`] runs a piece of work in one transaction that no other writer can
//! interleave with, [`Store::read`] in one snapshot. Everything an engine does is one of the verbs of [`Read`]
//! and [`Write`]; `now` is always a parameter, never the engine's own clock. `tests/store.rs` is a suite
//! against this seam, so that another engine can be held to the same.

mod error;
mod outbox;
mod own;
mod sheet;
pub mod sqlite;

use chrono::{DateTime, NaiveDate, Utc};

use crate::case::{Details, Entry, Regime};
use crate::reminders::ladder::Rung;
use crate::statute::{Key, Nature, State, Step};
use crate::words::words;

pub use error::{Error, Result};
pub use outbox::{
    Attempt, Message, MessageState, NewMessage, ReminderRow, ReminderState, ReminderStory, Settled, Taken,
};
pub use own::{Adopted, AdoptedCalendar, NoticeRow, NoticeState, OwnBody, OwnEntry, OwnKind, Rederivation};
pub use sheet::{SheetOddity, SheetRow, SheetState};
pub use sqlite::Sqlite;

words! {
    /// The tasks of the service, each of which leaves its last result.
    Task {
        /// Calendar, law or settings changed: derive again.
        Reconcile = "reconcile",
        /// Rungs whose morning has come: write messages.
        Dispatch = "dispatch",
        /// Messages whose time has come: send them.
        Deliver = "deliver",
        /// The published list of bank holidays: hold it against those in force.
        Feed = "feed",
        /// The officers' own sheet: take over what is new in it.
        Sheet = "sheet",
        /// The calendar file for a web server: write it where something changed.
        Calendar = "calendar",
    }
}

/// What the register knows of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The version of the calendar its dates were set under.
    pub calendar: String,
    /// The version of the law.
    pub law: String,
    /// A hash of the settings that dates and mornings depend on.
    pub settings: String,
    /// How many entries there are in all.
    pub position: u32,
    /// The last link of the chain.
    pub head: String,
    /// Made for a demonstration: a pretended day is allowed.
    pub demo: bool,
}

/// What the register keeps of a case beside its entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// The authority's reference.
    pub reference: String,
    /// The law it is answered under.
    pub regime: Regime,
    /// Who has it.
    pub officer: Option<String>,
    /// The day the request came.
    pub opened: NaiveDate,
    /// The day the file was closed.
    pub closed: Option<NaiveDate>,
    /// The number of its last entry.
    pub last_seq: u32,
    /// Why the service leaves it alone, where it could not deal with it.
    pub set_aside: Option<String>,
}

/// A deadline as it is stored: what queries ask for. Its derivation is reckoned again from the entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadlineRow {
    /// The register's number for it; nought before it is stored.
    pub id: i64,
    /// The case.
    pub reference: String,
    /// Its identity within the case.
    pub key: Key,
    /// The how-manieth.
    pub occurrence: u32,
    /// What kind of obligation.
    pub nature: Nature,
    /// What the entries say.
    pub state: State,
    /// The last day.
    pub due: Option<NaiveDate>,
    /// The day to work to.
    pub work_to: Option<NaiveDate>,
    /// While pending: it runs from the day after this one.
    pub opens_after: Option<NaiveDate>,
    /// The day it was done.
    pub acted_on: Option<NaiveDate>,
    /// The provision's citation.
    pub provision: String,
    /// Whether a date rests on holidays not yet announced.
    pub provisional: bool,
    /// The officer of the case.
    pub officer: Option<String>,
    /// The version of the calendar it was reckoned with.
    pub calendar: String,
    /// The morning on which its next rung is to be told, and the rung.
    pub next: Option<(NaiveDate, Rung)>,
}

/// A former state of a deadline's dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Former {
    /// The last day it had.
    pub due: Option<NaiveDate>,
    /// The day to work to it had.
    pub work_to: Option<NaiveDate>,
    /// The state it had.
    pub state: State,
    /// The calendar it was reckoned with.
    pub calendar: String,
    /// The law it was reckoned under.
    pub law: String,
    /// When that ended.
    pub until: DateTime<Utc>,
    /// Why.
    pub why: String,
}

/// A task's last result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// When it ended.
    pub at: DateTime<Utc>,
    /// Whether all was well.
    pub ok: bool,
    /// In words.
    pub summary: String,
}

/// How much there is of what; see the field names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "each is the number its name says")]
pub struct Counts {
    pub to_answer: u32,
    pub to_review: u32,
    pub with_commissioner: u32,
    pub awaiting_applicant: u32,
    pub later: u32,
    pub window_running: u32,
    pub overdue: u32,
    pub past_safe_date: u32,
    pub due_today: u32,
    pub due_soon: u32,
}

/// How many messages are in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutboxCounts {
    /// Waiting or being sent.
    pub queued: u32,
    /// Refused, with nobody told in their place yet.
    pub refused: u32,
    /// Given up: nobody could be told.
    pub dead: u32,
}

/// Which open deadlines a listing asks for.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// The day it is asked on.
    pub today: NaiveDate,
    /// Work to be done up to this day; all if none.
    pub through: Option<NaiveDate>,
    /// Only this officer's.
    pub officer: Option<String>,
    /// Only this step.
    pub step: Option<Step>,
    /// Applicants' rights only from this day to work to on: those that ended before are no longer shown.
    pub rights_from: Option<NaiveDate>,
    /// Whether applicants' and the Commissioner's deadlines are wanted too.
    pub all: bool,
}

/// An entry as the register keeps it, read without being understood, so that its link can be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "as in the chain's own Link, but nothing is taken for granted"
)]
pub struct ChainRow {
    pub position: i64,
    pub reference: Option<String>,
    pub seq: i64,
    pub kind: String,
    pub on: String,
    /// What it says; none once that was emptied.
    pub body: Option<String>,
    pub body_hash: String,
    /// The link's hash.
    pub hash: String,
    pub recorded_at: String,
    pub recorded_by: String,
    pub by: Option<String>,
    pub supersedes: Option<i64>,
    /// What a purge kept of the body.
    pub kept: Option<String>,
    /// The position of the register's own entry about that purge.
    pub purged: Option<i64>,
}

/// What can be asked of a snapshot. Each verb fails as [`Error`] says, and only so.
pub trait Read {
    /// What the register knows of itself.
    fn about(&self) -> Result<About>;
    /// When the last entry was recorded, by the clock of that moment.
    fn last_recorded(&self) -> Result<Option<DateTime<Utc>>>;
    /// The entries of a case, in the order of recording.
    fn entries(&self, reference: &str) -> Result<Vec<Entry>>;
    /// What is kept of a case.
    fn case(&self, reference: &str) -> Result<Option<CaseRow>>;
    /// The deadlines of a case.
    fn deadlines(&self, reference: &str) -> Result<Vec<DeadlineRow>>;
    /// Former dates of a deadline, the oldest first.
    fn former(&self, deadline: i64) -> Result<Vec<Former>>;
    /// References of cases with an open deadline, after one reference, in order, at most so many.
    fn open_cases(&self, after: &str, at_most: u32) -> Result<Vec<String>>;
    /// Cases with a rung whose morning is a given day or was before it, with their officers; none that is set
    /// aside. With `urgent`, only those with such a rung of a deadline the authority is to work to that very day.
    fn due_cases(&self, through: NaiveDate, urgent: Option<NaiveDate>) -> Result<Vec<(String, Option<String>)>>;
    /// References of the cases that somebody may want to look at, in order: those with an open duty of the authority,
    /// with any open deadline to be worked to on a day or later, or with one that had other dates or another state until
    /// some moment since an instant, and was done on that day or later, or was to be worked to on an earlier day or
    /// later.
    fn cases_in_view(&self, from: NaiveDate, since: DateTime<Utc>, earlier: NaiveDate) -> Result<Vec<String>>;
    /// Everybody who has a case with an open deadline; none for the cases that nobody has.
    fn holders(&self) -> Result<Vec<Option<String>>>;
    /// References of the cases with an open deadline that an officer has, or nobody, in order, at most so many.
    fn cases_of(&self, officer: Option<&str>, at_most: u32) -> Result<Vec<String>>;
    /// Messages of a morning or an earlier one, written by a given instant, that surely no server has and whose last
    /// attempt ended at the recipient with a refusal for the time being.
    fn put_off_messages(&self, morning: NaiveDate, written_by: DateTime<Utc>) -> Result<Vec<i64>>;
    /// Cases the service could not deal with, and why.
    fn set_aside(&self) -> Result<Vec<(String, String)>>;
    /// Open deadlines, the most urgent first.
    fn listing(&self, listing: &Listing) -> Result<Vec<DeadlineRow>>;
    /// How much there is, as things stand today; `soon` is the last day that counts as soon.
    fn counts(&self, today: NaiveDate, soon: NaiveDate) -> Result<Counts>;
    /// The reminders of a deadline.
    fn reminders(&self, deadline: i64) -> Result<Vec<ReminderRow>>;
    /// What officers were told of a case.
    fn story(&self, reference: &str) -> Result<Vec<ReminderStory>>;
    /// Messages that wait, are being sent or are dead, and the latest fifty that were refused, with their attempts.
    fn outbox(&self) -> Result<Vec<(Message, Vec<Attempt>)>>;
    /// A message.
    fn message(&self, id: i64) -> Result<Option<Message>>;
    /// How many messages are in which state.
    fn outbox_counts(&self) -> Result<OutboxCounts>;
    /// How many messages wait whose send window, that of a morning or an earlier one, has ended.
    fn unaccepted(&self, morning: NaiveDate) -> Result<u32>;
    /// When the next waiting message may be tried.
    fn next_attempt(&self) -> Result<Option<DateTime<Utc>>>;
    /// The soonest morning on which a rung is to be told.
    fn next_morning(&self) -> Result<Option<NaiveDate>>;
    /// Mailboxes that refused a message of a morning, or took none until its send window ended.
    fn refused_on(&self, morning: NaiveDate) -> Result<Vec<String>>;
    /// Waiting messages of other mornings than this that surely no server has.
    fn stale_messages(&self, morning: NaiveDate) -> Result<Vec<i64>>;
    /// Waiting messages that speak of a deadline and that surely no server has.
    fn waiting_about(&self, deadline: i64) -> Result<Vec<i64>>;
    /// The reminders in a message, each with its case.
    fn lines(&self, message: i64) -> Result<Vec<(ReminderRow, String)>>;
    /// Days that people adopted into the register.
    fn adopted(&self) -> Result<Adopted>;
    /// What a calendar held that the register rested on; nothing if it never did, or if that was not kept.
    fn calendar(&self, version: &str) -> Result<Option<AdoptedCalendar>>;
    /// The cases with an entry after a position of the chain.
    fn changed_since(&self, position: u32) -> Result<Vec<String>>;
    /// How often everything was derived again, the latest first, at most so many.
    fn rederivations(&self, at_most: u32) -> Result<Vec<Rederivation>>;
    /// Notices that wait or are in a mail not accepted yet, the oldest first.
    fn open_notices(&self) -> Result<Vec<NoticeRow>>;
    /// A notice.
    fn notice(&self, id: i64) -> Result<Option<NoticeRow>>;
    /// Whether there ever was a notice of a name.
    fn has_notice(&self, name: &str) -> Result<bool>;
    /// The notices in a message.
    fn notices_in(&self, message: i64) -> Result<Vec<NoticeRow>>;
    /// The last result of each task.
    fn rounds(&self) -> Result<Vec<(Task, Round)>>;
    /// Where the service is with the officers' own sheet; nothing if it never looked.
    fn sheet(&self) -> Result<Option<SheetState>>;
    /// What the sheet said last of a case.
    fn sheet_row(&self, reference: &str) -> Result<Option<SheetRow>>;
    /// What it said last of every case, by reference.
    fn sheet_rows(&self) -> Result<Vec<SheetRow>>;
    /// What is amiss with it, by name.
    fn sheet_oddities(&self) -> Result<Vec<SheetOddity>>;
    /// The entries that a sheet recorded of an officer's cases since the last digest, or other mail in the thread of a
    /// case, that was written to a mailbox and neither refused nor given up, in the order of the chain, at most so many. An entry that cannot be understood is
    /// left out.
    fn sheets_entries(&self, officer: &str, mailbox: &str, at_most: u32) -> Result<Vec<Entry>>;
    /// Every entry, of cases and of the register's own, in the order of the chain.
    fn chain(&self, each: &mut dyn FnMut(ChainRow)) -> Result<()>;
    /// Every reference that an entry, a case or a deadline has, after one reference, in order, at most so many.
    fn references(&self, after: &str, at_most: u32) -> Result<Vec<String>>;
    /// How many entries of a case have had their words emptied.
    fn emptied(&self, reference: &str) -> Result<u32>;
    /// Cases closed before a day that still have words, after one reference, in order, at most so many.
    fn closed_before(&self, day: NaiveDate, after: &str, at_most: u32) -> Result<Vec<String>>;
    /// What the purge that is on record at a position kept of each entry it emptied, with the entry's position, in
    /// the order of the chain.
    fn kept(&self, purge: u32, each: &mut dyn FnMut(i64, &str)) -> Result<()>;
    /// How many mails about cases that the purge at a position emptied still have their words.
    fn mails_about(&self, purge: u32) -> Result<u32>;
    /// What the engine finds wrong with its own tables, in words; a hundred things at most of each kind.
    fn integrity(&self) -> Result<Vec<String>>;
}

/// What can be done in a transaction. Each verb fails as [`Error`] says, and only so.
pub trait Write: Read {
    /// Appends an entry to the chain. The register's own are [`Write::append_own`]'s.
    fn append(&mut self, entry: &Entry) -> Result<()>;
    /// Appends an entry of the register's own to the chain.
    fn append_own(&mut self, entry: &OwnEntry) -> Result<()>;
    /// Stores what is kept of a case.
    fn save_case(&mut self, case: &CaseRow) -> Result<()>;
    /// Stores a deadline: as a new one where it has no number yet, which comes back, and else in place of what that
    /// number was, whose key it keeps.
    fn save_deadline(&mut self, deadline: &DeadlineRow) -> Result<i64>;
    /// Keeps what a deadline was.
    fn keep_former(&mut self, deadline: i64, former: &Former) -> Result<()>;
    /// Sets the next rung of a deadline and the morning it is told.
    fn plan(&mut self, deadline: i64, next: Option<(NaiveDate, Rung)>) -> Result<()>;
    /// Leaves a case alone from now on, or takes it up again.
    fn set_case_aside(&mut self, reference: &str, why: Option<&str>) -> Result<()>;
    /// Stores a reminder as queued; the same one again only if it had been returned or dropped. None if it stands
    /// already.
    fn add_reminder(&mut self, reminder: &ReminderRow) -> Result<Option<i64>>;
    /// Sets what has become of a reminder.
    fn mark_reminder(&mut self, reminder: i64, state: ReminderState) -> Result<()>;
    /// Writes a message about reminders into the outbox.
    fn add_message(&mut self, message: &NewMessage, reminders: &[i64], now: DateTime<Utc>) -> Result<i64>;
    /// Sets what has become of a message, if it still waits and surely no server has it. False otherwise.
    fn withdraw_message(&mut self, message: i64, state: MessageState) -> Result<bool>;
    /// Lets a waiting message be tried at once. False if it does not wait.
    fn hurry(&mut self, message: i64, now: DateTime<Utc>) -> Result<bool>;
    /// Forgets that a message was refused or given up, so that its mailbox is written to again. False if it was not.
    fn forgive(&mut self, message: i64) -> Result<bool>;
    /// Takes the next waiting message for sending and puts an attempt on record.
    fn take(&mut self, now: DateTime<Utc>) -> Result<Option<Taken>>;
    /// Puts on record what an attempt came to.
    fn settle(&mut self, taken: &Taken, settled: &Settled) -> Result<()>;
    /// Gives messages that were being sent when the service stopped back to the queue, as possible duplicates.
    /// How many there were.
    fn rescue(&mut self, now: DateTime<Utc>) -> Result<u32>;
    /// Stores a task's last result.
    fn save_round(&mut self, task: Task, round: &Round) -> Result<()>;
    /// Sets the versions that the stored dates rest on, and keeps the calendar's days.
    fn adopt(&mut self, calendar: &AdoptedCalendar, law: &str, settings: &str) -> Result<()>;
    /// Forgets which settings the stored dates rest on, so that the service derives everything again.
    fn doubt(&mut self) -> Result<()>;
    /// Keeps on record that everything was derived again.
    fn keep_rederivation(&mut self, done: &Rederivation) -> Result<()>;
    /// Stores a notice that waits to be told. False if one of its name is there already.
    fn add_notice(&mut self, name: &str, officer: Option<&str>, body: &str) -> Result<bool>;
    /// As [`Write::add_notice`], and one of its name that was dropped waits again.
    fn add_notice_again(&mut self, name: &str, officer: Option<&str>, body: &str) -> Result<bool>;
    /// Sets what has become of a notice, and the mail it is in.
    fn mark_notice(&mut self, notice: i64, state: NoticeState, message: Option<i64>) -> Result<()>;
    /// Stores where the service is with the sheet.
    fn save_sheet(&mut self, state: &SheetState) -> Result<()>;
    /// Stores what the sheet says of a case.
    fn save_sheet_row(&mut self, row: &SheetRow) -> Result<()>;
    /// Stores that something is amiss with the sheet.
    fn save_sheet_oddity(&mut self, oddity: &SheetOddity) -> Result<()>;
    /// Forgets that something was amiss with the sheet: it no longer is.
    fn end_sheet_oddity(&mut self, name: &str) -> Result<()>;
    /// Forgets everything about the sheet: another takes its place.
    fn forget_sheet(&mut self) -> Result<()>;
    /// Empties the words of an entry, if it still has any, and keeps this of them; `purge` is the position of the
    /// register's own entry that is to say so.
    fn empty_words(&mut self, reference: &str, seq: u32, kept: &Details, purge: u32) -> Result<()>;
    /// Empties the words of the mails that are done and speak of this case and of none that still has words. How
    /// many there were.
    fn empty_mails(&mut self, reference: &str) -> Result<u32>;
    /// Marks the register as made for a demonstration.
    fn mark_demo(&mut self) -> Result<()>;
    /// Begins a part of the transaction that can be undone by itself.
    fn begin_part(&mut self) -> Result<()>;
    /// Ends the part begun last: keeps it, or undoes it.
    fn end_part(&mut self, keep: bool) -> Result<()>;
}

/// An engine that keeps a register.
pub trait Store {
    /// Runs work in one transaction: all of it is kept, durably, or none.
    ///
    /// # Errors
    /// The work's own, after which nothing is changed; or the engine's.
    fn write<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&mut dyn Write) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E>;

    /// Runs work on one snapshot.
    ///
    /// # Errors
    /// The work's own, or the engine's.
    fn read<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&dyn Read) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E>;
}
