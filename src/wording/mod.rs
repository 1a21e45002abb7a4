//! Everything that is said to people: mails, explanations, and the JSON forms.
//!
//! A digest is worded in two steps. First its lines become sentences that hang on the law and on the day,
//! each whole. Then the templates put the sentences in order, and do nothing else, so that an authority may
//! replace a template without having to know the law, and the text and the HTML of a mail cannot differ.

mod advice;
mod block;
mod chase;
mod closing;
mod count;
mod course;
mod digest;
pub mod event;
pub mod explain;
pub mod holidays;
pub mod json;
pub mod letters;
pub mod miscount;
pub mod months;
pub mod notice;
mod owners;
mod plain;
mod reckoning;
mod sentences;
pub mod sheet;
mod steps;
mod templates;
mod view;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use chrono::NaiveDate;

pub use owners::{unowned_cases, unowned_word, why_unowned};
pub use plain::{left, one_line, plural, quoted, short};
pub use steps::step_name;
pub use templates::Error;

use crate::reminders::digest::{Digest, Taken};
use crate::reminders::{Notice, OpenDays, Recipient};
use crate::statute::AuthorityKind;
use templates::Templates;

/// What every mail says of the authority, and where its own templates are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Its name, as the foot of a mail says it.
    pub authority: String,
    /// What it is, for what s.48 excludes no mail may promise.
    pub kind: AuthorityKind,
    /// Whom to tell of a mail that came to the wrong reader.
    pub contact: Option<String>,
    /// The file that officers keep their cases in, if the service reads one: what is written there need not be typed.
    pub sheet: Option<String>,
    /// A folder of templates, `digest/{subject,text,html}`, `notice/{subject,text,html}` and
    /// `letter/{ack,answer,review}`: each file in it wins over the built-in one.
    pub templates: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            authority: "this authority".to_owned(),
            kind: AuthorityKind::Ordinary,
            contact: None,
            sheet: None,
            templates: None,
        }
    }
}

/// The words of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// One line, and nothing in it that an officer typed but the reference.
    pub subject: String,
    /// At most 78 columns, but for lines to copy.
    pub text: String,
    /// A whole document with no remote content.
    pub html: String,
}

/// The templates, and what every mail says of the authority.
#[derive(Debug)]
pub struct Wording {
    authority: String,
    /// No application can be made to the Commissioner about its reviews (s.48).
    excluded: bool,
    contact: Option<String>,
    sheet: Option<String>,
    templates: Templates,
}

impl Wording {
    /// Reads, compiles and tries every template, so that a broken one is refused when the settings are loaded
    /// and not on the morning a mail is due.
    ///
    /// # Errors
    /// Which template is wrong, on which line, and what to do.
    pub fn new(settings: &Settings) -> Result<Self, Error> {
        Ok(Self {
            authority: plain::one_line(&settings.authority),
            excluded: settings.kind == AuthorityKind::Excluded,
            contact: settings.contact.as_deref().map(plain::one_line),
            sheet: settings.sheet.as_deref().map(plain::one_line),
            templates: Templates::load(settings.templates.as_deref())?,
        })
    }

    /// The authority's name.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The words of a digest.
    ///
    /// # Errors
    /// A template that cannot be filled.
    pub fn digest(&self, digest: &Digest, reader: &Recipient, days: OpenDays<'_>) -> Result<Words, Error> {
        let mut view = digest::view(digest, reader, days, self.excluded);
        view.authority.clone_from(&self.authority);
        view.contact.clone_from(&self.contact);
        view.sheet.clone_from(&self.sheet);
        self.templates.fill("digest", &view.subject(), &view.body())
    }

    /// The words of a mail of notices; beside each the name of the officer it is for, where that is not the reader. Behind
    /// them what was `taken` from the sheet, as one reads of it on a day.
    ///
    /// # Errors
    /// A template that cannot be filled.
    pub fn notices(
        &self,
        notices: &[(Notice, Option<String>)],
        reader: &Recipient,
        taken: (&[Taken], NaiveDate),
    ) -> Result<Words, Error> {
        let mut view = notice::view(notices, reader, taken);
        view.authority.clone_from(&self.authority);
        view.contact.clone_from(&self.contact);
        self.templates.fill("notice", &view.subject(), &view.body())
    }
}
