//! The register in one SQLite file: the only place that speaks SQL.
//!
//! Two lock files stand beside it. `REGISTER.daemon` is held by the service for life, so that there is one
//! service at a time and anybody can ask whether it runs. `REGISTER.writer` is held around every write
//! transaction by every process, because writers that only wait for SQLite's own lock do not queue fairly and
//! some give up.

mod backup;
mod deadlines;
mod entries;
mod migrations;
mod open;
mod outbox;
mod own;
mod part;
mod place;
#[cfg(test)]
mod plans;
mod purge;
mod row;
mod sheet;
mod status;
mod whole;

pub use open::DaemonLock;
pub use status::questions_of_status;

use std::fs::File;
use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{
    About, Adopted, AdoptedCalendar, Attempt, CaseRow, ChainRow, Counts, DeadlineRow, Error, Former, Listing, Message,
    MessageState, NewMessage, NoticeRow, NoticeState, OutboxCounts, OwnEntry, Read, Rederivation, ReminderRow,
    ReminderState, ReminderStory, Result, Round, Settled, SheetOddity, SheetRow, SheetState, Store, Taken, Task, Write,
};
use crate::case::{Details, Entry};
use crate::reminders::ladder::Rung;

/// A register in an SQLite file.
#[derive(Debug)]
pub struct Sqlite {
    connection: Connection,
    writer: File,
    path: PathBuf,
    /// The file that was opened, whatever lies at its path by now.
    file: (u64, u64),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};
        let unreadable = matches!(
            error,
            FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) | Utf8Error(..)
        );
        let words = in_words(&error);
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => Self::Damaged(words),
            _ if unreadable => Self::Damaged(words),
            _ => Self::Engine(words),
        }
    }
}

/// What SQLite says, in a line.
fn in_words(error: &rusqlite::Error) -> String {
    use rusqlite::ffi::{SQLITE_IOERR_SHMMAP, SQLITE_IOERR_SHMOPEN, SQLITE_IOERR_SHMSIZE};
    if let rusqlite::Error::SqlInputError { msg, .. } = error {
        // Its own words hold all the SQL, pages of it where a schema is applied.
        return msg.clone();
    }
    let shared = [SQLITE_IOERR_SHMMAP, SQLITE_IOERR_SHMOPEN, SQLITE_IOERR_SHMSIZE];
    match error.sqlite_error() {
        // It calls it an input/output error when there is no room for the memory that its connections share.
        Some(code) if shared.contains(&code.extended_code) => {
            format!("{error}: its -shm file cannot be made, perhaps for want of space")
        }
        _ => error.to_string(),
    }
}

/// The writers' lock, held until dropped.
struct Held<'a>(&'a File);

impl<'a> Held<'a> {
    fn wait(file: &'a File) -> Result<Self> {
        file.lock()
            .map_err(|error| Error::Engine(format!("the writers' lock failed: {error}")))?;
        Ok(Self(file))
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        // The lock goes with the file in any case.
        let _ = self.0.unlock();
    }
}

impl Store for Sqlite {
    fn write<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&mut dyn Write) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let _held = Held::wait(&self.writer)?;
        self.refuse_replaced()?;
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(Error::from)?;
        let result = work(&mut View(&transaction))?;
        transaction.commit().map_err(Error::from)?;
        Ok(result)
    }

    fn read<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&dyn Read) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let snapshot = Transaction::new_unchecked(&self.connection, TransactionBehavior::Deferred);
        let snapshot = snapshot.map_err(Error::from)?;
        work(&View(&snapshot))
    }
}

/// The verbs, inside a transaction.
struct View<'a>(&'a Connection);

impl Read for View<'_> {
    fn about(&self) -> Result<About> {
        entries::about(self.0)
    }
    fn last_recorded(&self) -> Result<Option<DateTime<Utc>>> {
        entries::last_recorded(self.0)
    }
    fn entries(&self, reference: &str) -> Result<Vec<Entry>> {
        entries::of_case(self.0, reference)
    }
    fn case(&self, reference: &str) -> Result<Option<CaseRow>> {
        entries::case(self.0, reference)
    }
    fn deadlines(&self, reference: &str) -> Result<Vec<DeadlineRow>> {
        deadlines::of_case(self.0, reference)
    }
    fn former(&self, deadline: i64) -> Result<Vec<Former>> {
        deadlines::former(self.0, deadline)
    }
    fn open_cases(&self, after: &str, at_most: u32) -> Result<Vec<String>> {
        deadlines::open_cases(self.0, after, at_most)
    }
    fn due_cases(&self, through: NaiveDate, urgent: Option<NaiveDate>) -> Result<Vec<(String, Option<String>)>> {
        deadlines::due_cases(self.0, through, urgent)
    }
    fn cases_in_view(&self, from: NaiveDate, since: DateTime<Utc>, earlier: NaiveDate) -> Result<Vec<String>> {
        deadlines::cases_in_view(self.0, from, since, earlier)
    }
    fn holders(&self) -> Result<Vec<Option<String>>> {
        deadlines::holders(self.0)
    }
    fn cases_of(&self, officer: Option<&str>, at_most: u32) -> Result<Vec<String>> {
        deadlines::cases_of(self.0, officer, at_most)
    }
    fn put_off_messages(&self, morning: NaiveDate, written_by: DateTime<Utc>) -> Result<Vec<i64>> {
        outbox::put_off_messages(self.0, morning, written_by)
    }
    fn set_aside(&self) -> Result<Vec<(String, String)>> {
        entries::set_aside(self.0)
    }
    fn listing(&self, listing: &Listing) -> Result<Vec<DeadlineRow>> {
        status::listing(self.0, listing)
    }
    fn counts(&self, today: NaiveDate, soon: NaiveDate) -> Result<Counts> {
        status::counts(self.0, today, soon)
    }
    fn reminders(&self, deadline: i64) -> Result<Vec<ReminderRow>> {
        outbox::reminders(self.0, deadline)
    }
    fn story(&self, reference: &str) -> Result<Vec<ReminderStory>> {
        outbox::story(self.0, reference)
    }
    fn outbox(&self) -> Result<Vec<(Message, Vec<Attempt>)>> {
        outbox::outbox(self.0)
    }
    fn message(&self, id: i64) -> Result<Option<Message>> {
        outbox::by_number(self.0, id)
    }
    fn outbox_counts(&self) -> Result<OutboxCounts> {
        status::outbox_counts(self.0)
    }
    fn unaccepted(&self, morning: NaiveDate) -> Result<u32> {
        status::unaccepted(self.0, morning)
    }
    fn next_attempt(&self) -> Result<Option<DateTime<Utc>>> {
        outbox::next_attempt(self.0)
    }
    fn next_morning(&self) -> Result<Option<NaiveDate>> {
        deadlines::next_morning(self.0)
    }
    fn refused_on(&self, morning: NaiveDate) -> Result<Vec<String>> {
        outbox::refused_on(self.0, morning)
    }
    fn stale_messages(&self, morning: NaiveDate) -> Result<Vec<i64>> {
        outbox::stale_messages(self.0, morning)
    }
    fn waiting_about(&self, deadline: i64) -> Result<Vec<i64>> {
        outbox::waiting_about(self.0, deadline)
    }
    fn lines(&self, message: i64) -> Result<Vec<(ReminderRow, String)>> {
        outbox::lines(self.0, message)
    }
    fn adopted(&self) -> Result<Adopted> {
        own::adopted(self.0)
    }
    fn calendar(&self, version: &str) -> Result<Option<AdoptedCalendar>> {
        own::calendar(self.0, version)
    }
    fn changed_since(&self, position: u32) -> Result<Vec<String>> {
        own::changed_since(self.0, position)
    }
    fn rederivations(&self, at_most: u32) -> Result<Vec<Rederivation>> {
        own::rederivations(self.0, at_most)
    }
    fn open_notices(&self) -> Result<Vec<NoticeRow>> {
        own::open_notices(self.0)
    }
    fn notice(&self, id: i64) -> Result<Option<NoticeRow>> {
        own::by_number(self.0, id)
    }
    fn has_notice(&self, name: &str) -> Result<bool> {
        own::has_notice(self.0, name)
    }
    fn notices_in(&self, message: i64) -> Result<Vec<NoticeRow>> {
        own::notices_in(self.0, message)
    }
    fn rounds(&self) -> Result<Vec<(Task, Round)>> {
        status::rounds(self.0)
    }
    fn sheet(&self) -> Result<Option<SheetState>> {
        sheet::state(self.0)
    }
    fn sheet_row(&self, reference: &str) -> Result<Option<SheetRow>> {
        sheet::of_case(self.0, reference)
    }
    fn sheet_rows(&self) -> Result<Vec<SheetRow>> {
        sheet::rows(self.0)
    }
    fn sheet_oddities(&self) -> Result<Vec<SheetOddity>> {
        sheet::oddities(self.0)
    }
    fn sheets_entries(&self, officer: &str, mailbox: &str, at_most: u32) -> Result<Vec<Entry>> {
        sheet::entries(self.0, officer, mailbox, at_most)
    }
    fn chain(&self, each: &mut dyn FnMut(ChainRow)) -> Result<()> {
        whole::chain(self.0, each)
    }
    fn references(&self, after: &str, at_most: u32) -> Result<Vec<String>> {
        whole::references(self.0, after, at_most)
    }
    fn emptied(&self, reference: &str) -> Result<u32> {
        whole::emptied(self.0, reference)
    }
    fn closed_before(&self, day: NaiveDate, after: &str, at_most: u32) -> Result<Vec<String>> {
        purge::closed_before(self.0, day, after, at_most)
    }
    fn kept(&self, purge: u32, each: &mut dyn FnMut(i64, &str)) -> Result<()> {
        purge::kept(self.0, purge, each)
    }
    fn mails_about(&self, purge: u32) -> Result<u32> {
        purge::mails_about(self.0, purge)
    }
    fn integrity(&self) -> Result<Vec<String>> {
        whole::integrity(self.0)
    }
}

impl Write for View<'_> {
    fn append(&mut self, entry: &Entry) -> Result<()> {
        entries::append(self.0, entry)
    }
    fn append_own(&mut self, entry: &OwnEntry) -> Result<()> {
        entries::append_own(self.0, entry)
    }
    fn save_case(&mut self, case: &CaseRow) -> Result<()> {
        entries::save_case(self.0, case)
    }
    fn save_deadline(&mut self, deadline: &DeadlineRow) -> Result<i64> {
        deadlines::save(self.0, deadline)
    }
    fn keep_former(&mut self, deadline: i64, former: &Former) -> Result<()> {
        deadlines::keep_former(self.0, deadline, former)
    }
    fn plan(&mut self, deadline: i64, next: Option<(NaiveDate, Rung)>) -> Result<()> {
        deadlines::plan(self.0, deadline, next)
    }
    fn set_case_aside(&mut self, reference: &str, why: Option<&str>) -> Result<()> {
        entries::set_case_aside(self.0, reference, why)
    }
    fn add_reminder(&mut self, reminder: &ReminderRow) -> Result<Option<i64>> {
        outbox::add_reminder(self.0, reminder)
    }
    fn mark_reminder(&mut self, reminder: i64, state: ReminderState) -> Result<()> {
        outbox::mark_reminder(self.0, reminder, state)
    }
    fn add_message(&mut self, message: &NewMessage, reminders: &[i64], now: DateTime<Utc>) -> Result<i64> {
        outbox::add_message(self.0, message, reminders, now)
    }
    fn withdraw_message(&mut self, message: i64, state: MessageState) -> Result<bool> {
        outbox::withdraw(self.0, message, state)
    }
    fn hurry(&mut self, message: i64, now: DateTime<Utc>) -> Result<bool> {
        outbox::hurry(self.0, message, now)
    }
    fn forgive(&mut self, message: i64) -> Result<bool> {
        outbox::forgive(self.0, message)
    }
    fn take(&mut self, now: DateTime<Utc>) -> Result<Option<Taken>> {
        outbox::take(self.0, now)
    }
    fn settle(&mut self, taken: &Taken, settled: &Settled) -> Result<()> {
        outbox::settle(self.0, taken, settled)
    }
    fn rescue(&mut self, now: DateTime<Utc>) -> Result<u32> {
        outbox::rescue(self.0, now)
    }
    fn save_round(&mut self, task: Task, round: &Round) -> Result<()> {
        status::save_round(self.0, task, round)
    }
    fn adopt(&mut self, calendar: &AdoptedCalendar, law: &str, settings: &str) -> Result<()> {
        own::adopt(self.0, calendar, law, settings)
    }
    fn doubt(&mut self) -> Result<()> {
        own::doubt(self.0)
    }
    fn keep_rederivation(&mut self, done: &Rederivation) -> Result<()> {
        own::keep_rederivation(self.0, done)
    }
    fn add_notice(&mut self, name: &str, officer: Option<&str>, body: &str) -> Result<bool> {
        own::add_notice(self.0, name, officer, body)
    }
    fn add_notice_again(&mut self, name: &str, officer: Option<&str>, body: &str) -> Result<bool> {
        own::add_notice_again(self.0, name, officer, body)
    }
    fn mark_notice(&mut self, notice: i64, state: NoticeState, message: Option<i64>) -> Result<()> {
        own::mark_notice(self.0, notice, state, message)
    }
    fn save_sheet(&mut self, state: &SheetState) -> Result<()> {
        sheet::save(self.0, state)
    }
    fn save_sheet_row(&mut self, row: &SheetRow) -> Result<()> {
        sheet::save_row(self.0, row)
    }
    fn save_sheet_oddity(&mut self, oddity: &SheetOddity) -> Result<()> {
        sheet::save_oddity(self.0, oddity)
    }
    fn end_sheet_oddity(&mut self, name: &str) -> Result<()> {
        sheet::end_oddity(self.0, name)
    }
    fn forget_sheet(&mut self) -> Result<()> {
        sheet::forget(self.0)
    }
    fn empty_words(&mut self, reference: &str, seq: u32, kept: &Details, purge: u32) -> Result<()> {
        purge::empty_words(self.0, reference, seq, kept, purge)
    }
    fn empty_mails(&mut self, reference: &str) -> Result<u32> {
        purge::empty_mails(self.0, reference)
    }
    fn mark_demo(&mut self) -> Result<()> {
        entries::mark_demo(self.0)
    }
    fn begin_part(&mut self) -> Result<()> {
        Ok(self.0.execute_batch("savepoint part")?)
    }
    fn end_part(&mut self, keep: bool) -> Result<()> {
        Ok(self.0.execute_batch(match keep {
            true => "release part",
            false => "rollback to part; release part",
        })?)
    }
}
