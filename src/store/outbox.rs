//! What is told and to whom: reminders, the messages they are in, and what became of each.

use chrono::{DateTime, NaiveDate, Utc};

use crate::reminders::Reason;
use crate::reminders::ladder::Rung;
use crate::statute::Step;
use crate::words::words;

words! {
    /// What has become of a reminder.
    ReminderState {
        /// It is in a message that waits or is being sent.
        Queued = "queued",
        /// Its message was accepted for the owner or whoever stands in.
        Told = "told",
        /// Its message was refused or superseded: it is to be planned again.
        Returned = "returned",
        /// Its deadline was met or moved first.
        Dropped = "dropped",
        /// Nobody could be told.
        Dead = "dead",
    }
}

words! {
    /// What has become of a message.
    MessageState {
        /// It waits for its time.
        Queued = "queued",
        /// It is being sent.
        Sending = "sending",
        /// A server has it.
        Accepted = "accepted",
        /// Its recipient was refused.
        Refused = "refused",
        /// A fresher one stands in its place.
        Superseded = "superseded",
        /// Nobody could be sent it.
        Dead = "dead",
    }
}

/// A reminder as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReminderRow {
    /// The register's number for it.
    pub id: i64,
    /// The deadline.
    pub deadline: i64,
    /// The day to work to that it speaks of.
    pub work_to: NaiveDate,
    /// The rung.
    pub rung: Rung,
    /// The day, where the rung is told every day.
    pub day: Option<NaiveDate>,
    /// Why it was told.
    pub reason: Reason,
    /// What has become of it.
    pub state: ReminderState,
}

/// A message as it is written into the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// The mailbox.
    pub recipient: String,
    /// The reader's name.
    pub name: String,
    /// The working morning it belongs to.
    pub morning: NaiveDate,
    /// Stable over every resend.
    pub message_id: String,
    /// The threads it belongs to.
    pub references: Vec<String>,
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML.
    pub html: String,
}

/// A message with its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The register's number for it.
    pub id: i64,
    /// What it says and to whom.
    pub words: NewMessage,
    /// What has become of it.
    pub state: MessageState,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Not to be tried before.
    pub not_before: DateTime<Utc>,
    /// How often it was tried.
    pub attempts: u32,
    /// A server may have accepted it without our knowing.
    pub maybe_duplicate: bool,
}

/// One try at sending a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// When it began.
    pub at: DateTime<Utc>,
    /// Where it ended, in SMTP's terms.
    pub stage: Option<String>,
    /// How it ended; none while it runs or if the service was stopped in it.
    pub outcome: Option<String>,
    /// The server's words, or what went wrong.
    pub reply: Option<String>,
}

/// A message taken for sending: its attempt is already on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The message, now being sent.
    pub message: Message,
    /// The number of the attempt.
    pub attempt: i64,
}

/// What an attempt came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The message's new state.
    pub state: MessageState,
    /// Not to be tried again before.
    pub not_before: DateTime<Utc>,
    /// Whether a server may have it.
    pub maybe_duplicate: bool,
    /// Where the attempt ended.
    pub stage: Option<String>,
    /// How it ended.
    pub outcome: String,
    /// The server's words.
    pub reply: String,
}

/// A reminder with its messages and their attempts: what `show` tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReminderStory {
    /// The step of its deadline.
    pub step: Step,
    /// The how-manieth.
    pub occurrence: u32,
    /// The reminder.
    pub reminder: ReminderRow,
    /// The messages it was in.
    pub messages: Vec<(Message, Vec<Attempt>)>,
}
