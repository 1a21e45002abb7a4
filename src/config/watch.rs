//! Who watches the service itself, and where the list of bank holidays is looked for.

use std::path::{Path, PathBuf};

use secrecy::ExposeSecret as _;

use super::secret::Secrets;
use super::{Error, file, wrong};
use crate::http::Url;
use crate::reminders::People;

/// Who watches the service itself, and how.
#[derive(Debug, Clone)]
pub struct Watch {
    /// Whether the log may name cases.
    pub log_references: bool,
    /// The monitor that is told of every good round, and of bad ones below it at `fail`.
    pub heartbeat: Option<Url>,
    /// The calendar file that is written after a round in which something changed.
    pub ics: Option<PathBuf>,
}

/// What is made, as the calendar file is, lies in the state folder unless its path says otherwise.
pub(super) fn watch(given: &file::Watch, people: &People, state: &Path, secrets: &mut Secrets) -> Result<Watch, Error> {
    if let Some(id) = given.admins.iter().find(|id| people.officer(id).is_none()) {
        let why = format!("{id:?} is not among the officers; put one of people.officers there, or nobody");
        return Err(wrong("watch.admins", why));
    }
    Ok(Watch {
        log_references: given.log_references,
        heartbeat: match &given.heartbeat {
            Some(secret) => heartbeat(secret, secrets)?,
            None => None,
        },
        ics: given.ics.as_ref().map(|path| state.join(path)),
    })
}

/// The monitor's address is a secret: whoever has it can pretend that all is well.
fn heartbeat(secret: &file::Secret, secrets: &mut Secrets) -> Result<Option<Url>, Error> {
    let key = "watch.heartbeat";
    let address = secrets.read(key, secret)?;
    let address = address.expose_secret().trim();
    if address.is_empty() {
        return Ok(None);
    }
    let url = Url::parse(address).map_err(|error| wrong(key, format!("the address in it {error}")))?;
    Ok(Some(url))
}

/// Where a newer list is looked for, if it is.
pub(super) fn feed(given: &file::Calendar) -> Result<Option<Url>, Error> {
    let url = Url::parse(&given.feed_url).map_err(|error| wrong("calendar.feed_url", error))?;
    Ok(given.feed_check.then_some(url))
}
