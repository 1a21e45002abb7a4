//! How a mail leaves, and how surely we know that it left.
//!
//! This room knows no case, no statute and no reminder. It is given an
//! address, a subject, two bodies and a name for the message, and answers with
//! one [`Outcome`]. What follows from an outcome (another attempt, another
//! recipient, an alarm) is decided by whoever asked.
//!
//! Three rules shape it:
//!
//! - **A duplicate before a miss.** Only a `2xx` after the final dot counts as
//!   [`Outcome::Accepted`]. If the line is cut once the dot may have been
//!   written, nobody on this side knows, and the outcome says so:
//!   [`Outcome::Unknown`]. Such a mail is sent again under the *same*
//!   Message-ID, so that a reader's mailbox can fold the two into one.
//! - **The same mail is the same bytes.** [`Mail::render`] reads no clock and
//!   throws no dice: Message-ID, date and MIME boundary follow from its input.
//! - **Nothing typed by a person becomes a header.** Control characters turn
//!   into spaces before anything is encoded.
//!
//! The parts: [`message`] writes a mail as RFC 5322 text, [`outcome`] names
//! what can become of it and when to try again, [`smtp`] hands it to a server
//! stage by stage, with a token from [`oauth`] where that is how one logs in,
//! [`mod@file`] puts it into a folder instead.
//!
//! Nothing here logs. Server replies often repeat the recipient's address, so
//! the words inside an [`Outcome`] are to be stored, never traced.

pub mod file;
pub mod message;
pub mod oauth;
pub mod outcome;
pub mod smtp;

pub use message::{Address, AddressError, BuildError, Mail, Rendered, message_id, thread_id};
pub use outcome::{Outcome, Retry, Stage};
pub use smtp::{Auth, Security, Session, Settings, SettingsError, Timeouts};
