//! Secrets: never in the configuration, always in a file of their own or among systemd's credentials.

use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use secrecy::SecretString;

use super::{Error, Path, Surroundings, file, wrong};
use crate::files;

/// Where secrets are, and those that this user cannot read.
///
/// Being without one is an error for the service alone: systemd shows credentials to nobody else, and a secret's file
/// is the service's own, so that an officer at the command line must do without.
#[derive(Clone, Debug)]
pub(super) struct Secrets {
    folder: PathBuf,
    credentials: Option<PathBuf>,
    /// The key of each, and why.
    unread: Vec<(String, String)>,
}

impl Secrets {
    pub(super) fn new(folder: &Path, surroundings: &Surroundings) -> Self {
        Self {
            folder: folder.to_owned(),
            credentials: surroundings.credentials.clone(),
            unread: Vec::new(),
        }
    }

    /// Reads a secret from its file, which nobody but its owner may read, or from systemd's credentials. One that
    /// this user is not shown is empty, and remembered.
    pub(super) fn read(&mut self, key: &str, secret: &file::Secret) -> Result<SecretString, Error> {
        let path = match (secret, &self.credentials) {
            (file::Secret::File(file), _) => self.folder.join(file),
            (file::Secret::Credential(name), Some(credentials)) => credentials.join(name),
            (file::Secret::Credential(name), None) => {
                let why = format!(
                    "credential {name:?} is given to the service by systemd; run this as the service, or use a file"
                );
                return Ok(self.without(key, &why));
            }
        };
        let named = path.display();
        if let file::Secret::File(_) = secret
            && let Ok(metadata) = std::fs::metadata(&path)
            && metadata.permissions().mode() & 0o077 != 0
        {
            return Err(wrong(key, format!("{named} can be read by others; chmod 600 it")));
        }
        match files::text(&path) {
            Ok(text) if text.trim().is_empty() => {
                Err(wrong(key, format!("{named} is empty; write the secret into it")))
            }
            Ok(text) => Ok(SecretString::from(text.trim_end_matches(['\r', '\n']))),
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                let why = format!("{named}: {error}; run this as the service");
                Ok(self.without(key, &why))
            }
            Err(error) => Err(wrong(
                key,
                format!("{named}: {error}; make the file, mode 0600, or name another"),
            )),
        }
    }

    fn without(&mut self, key: &str, why: &str) -> SecretString {
        self.unread.push((key.to_owned(), why.to_owned()));
        SecretString::default()
    }

    /// Whether every secret below a key could be read that was asked for.
    pub(super) fn all_read(&self, below: &str) -> Result<(), Error> {
        match self.unread.iter().find(|(key, _)| key.starts_with(below)) {
            Some((key, why)) => Err(wrong(key, why)),
            None => Ok(()),
        }
    }
}
