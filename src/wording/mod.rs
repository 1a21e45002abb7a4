//! Everything that is said to people: mails and explanations.

use crate::reminders::digest::Digest;
use crate::reminders::{OpenDays, Recipient};

/// Why a mail could not be worded.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A template is wrong.
    #[error("{0}")]
    Template(String),
}

/// Settings.
#[derive(Debug, Clone)]
pub struct Settings {
    /// a
    pub authority: String,
    /// b
    pub contact: Option<String>,
    /// c
    pub templates: Option<std::path::PathBuf>,
}

/// The words of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// One line.
    pub subject: String,
    /// At most 78 columns.
    pub text: String,
    /// A whole document with no remote content.
    pub html: String,
}

/// The templates, and what every mail says of the authority.
#[derive(Debug)]
pub struct Wording {}

impl Wording {
    /// New.
    ///
    /// # Errors
    /// None.
    pub fn new(_settings: &Settings) -> Result<Self, Error> {
        Ok(Self {})
    }

    /// The words of a digest.
    ///
    /// # Errors
    /// A template that cannot be filled.
    pub fn digest(&self, _digest: &Digest, _reader: &Recipient, _days: OpenDays<'_>) -> Result<Words, Error> {
        Err(Error::Template("not yet".into()))
    }
}
