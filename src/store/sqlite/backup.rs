//! A copy of the register at one moment, made while everybody goes on writing.
//!
//! `VACUUM INTO` reads one snapshot, which keeps no writer waiting, and writes a database that is whole, without a
//! log and without the pages of what was deleted. SQLite's other way, copying page after page in small steps, begins
//! again whenever another process has written, and in a storm of writes never ends.

use std::io::ErrorKind;
use std::path::Path;

use super::super::{Error, Result};
use super::Sqlite;
use super::part::{PART, Part};
use super::place::{beside, is_filled, logs_of, no_address};

impl Sqlite {
    /// Copies the register, as it is at this moment, into a file that must not be there yet. The copy is made under
    /// another name, checked, and only then given its own; if anything fails nothing is left of it.
    ///
    /// # Errors
    /// The file is there, or cannot be written; or what the check says.
    pub fn backup<T, E: From<Error>>(
        &self,
        to: &Path,
        check: impl FnOnce(&Self) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let to = &no_address(to);
        refuse_existing(to)?;
        self.refuse_own_name(to)?;
        let part = Part::beside(to).map_err(|error| unwritten(to, &error))?;
        self.write_into(part.name()).map_err(|why| unwritten(to, &why))?;
        part.sync().map_err(|error| unwritten(to, &error))?;
        let copy = Self::copy(part.name())?.ok_or_else(|| unwritten(to, &"the copy cannot be read"))?;
        let checked = check(&copy)?;
        drop(copy);
        part.settle().map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => Error::InTheWay(to.display().to_string()),
            _ => unwritten(to, &error),
        })?;
        Ok(checked)
    }

    /// What lies under the name of a file that is being written is taken for left over; this register may have that name.
    fn refuse_own_name(&self, to: &Path) -> Result<()> {
        let name = beside(to, PART);
        let is_ours = !name.is_symlink() && name.canonicalize().ok() == self.path.canonicalize().ok();
        match is_ours {
            true => Err(Error::InTheWay(name.display().to_string())),
            false => Ok(()),
        }
    }

    fn write_into(&self, part: &Path) -> std::result::Result<(), String> {
        let name = part.to_str().ok_or("its name is no UTF-8")?;
        let written = self.connection.execute("vacuum into ?1", [name]);
        written.map(|_| ()).map_err(|error| error.to_string())
    }
}

fn refuse_existing(to: &Path) -> Result<()> {
    match to.symlink_metadata() {
        Ok(_) => Err(Error::InTheWay(to.display().to_string())),
        // Whoever opened the backup beside another's log would have that written into it.
        Err(error) if error.kind() == ErrorKind::NotFound => match logs_of(to).into_iter().find(|log| is_filled(log)) {
            Some(log) => Err(Error::InTheWay(log.display().to_string())),
            None => Ok(()),
        },
        Err(error) => Err(unwritten(to, &error)),
    }
}

fn unwritten(to: &Path, why: &dyn std::fmt::Display) -> Error {
    Error::NoBackup {
        path: to.display().to_string(),
        why: why.to_string(),
    }
}
