//! A copy of the register at one moment, made while everybody goes on writing.
//!
//! `VACUUM INTO` reads one snapshot, which keeps no writer waiting, and writes a database that is whole, without a
//! log and without the pages of what was deleted. SQLite's other way, copying page after page in small steps, begins
//! again whenever another process has written, and in a storm of writes never ends.

use std::fs::{File, OpenOptions, Permissions, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::super::{Error, Result};
use super::Sqlite;
use super::place::{MODE, beside, identity};

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
        refuse_existing(to)?;
        let part = Part::beside(to)?;
        self.write_into(&part.name).map_err(|why| unwritten(to, &why))?;
        part.file.sync_all().map_err(|error| unwritten(to, &error))?;
        let copy = Self::copy(&part.name)?.ok_or_else(|| unwritten(to, &"the copy cannot be read"))?;
        let checked = check(&copy)?;
        drop(copy);
        settle(&part.name, to)?;
        Ok(checked)
    }

    fn write_into(&self, part: &Path) -> std::result::Result<(), String> {
        let name = part.to_str().ok_or("its name is no UTF-8")?;
        let written = self.connection.execute("vacuum into ?1", [name]);
        written.map(|_| ()).map_err(|error| error.to_string())
    }
}

/// The copy while it is being written. It goes when dropped, with whatever SQLite put beside it.
struct Part {
    name: PathBuf,
    /// Its lock is held until the name is gone, so that nobody else can be writing under it.
    file: File,
}

impl Part {
    /// An empty file beside the one to be, locked so that two backups do not write into one. What a backup that was
    /// cut off left there makes way. It is never written into: it may be another name of something else, of the
    /// register itself.
    fn beside(to: &Path) -> Result<Self> {
        let name = beside(to, "part");
        let make = || OpenOptions::new().write(true).create_new(true).mode(MODE).open(&name);
        let made = match make() {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let _left = left_over(to, &name)?;
                std::fs::remove_file(&name).and_then(|()| make())
            }
            made => made,
        };
        let file = made.map_err(|error| unwritten(to, &error))?;
        lock(to, &file)?;
        if !is_named(&file, &name) {
            return Err(unwritten(to, &AT_WORK));
        }
        let part = Self { name, file };
        part.file
            .set_permissions(Permissions::from_mode(MODE))
            .map_err(|error| unwritten(to, &error))?;
        Ok(part)
    }
}

/// What lies under the name of a copy that is being written, once it is certain that nobody is at work on it.
fn left_over(to: &Path, name: &Path) -> Result<File> {
    let found = name.symlink_metadata().map_err(|error| unwritten(to, &error))?;
    if !found.is_file() {
        let why = format!(
            "{} is no plain file; remove it, and look who put it there",
            name.display()
        );
        return Err(unwritten(to, &why));
    }
    let file = File::open(name).map_err(|error| unwritten(to, &error))?;
    lock(to, &file)?;
    match is_named(&file, name) {
        true => Ok(file),
        false => Err(unwritten(to, &AT_WORK)),
    }
}

/// Whether a file that has just been locked still has its name: whoever was first may have put another in its place.
fn is_named(file: &File, name: &Path) -> bool {
    match (name.symlink_metadata(), file.metadata()) {
        (Ok(now), Ok(locked)) => identity(&now) == identity(&locked),
        _ => false,
    }
}

const AT_WORK: &str = "another backup is writing it";

fn lock(to: &Path, file: &File) -> Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(unwritten(to, &AT_WORK)),
        Err(TryLockError::Error(error)) => Err(unwritten(to, &error)),
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let mut journal = self.name.as_os_str().to_owned();
        journal.push("-journal");
        // What cannot be removed is found under its name; there is nobody to tell here.
        let _ = std::fs::remove_file(&journal);
        let _ = std::fs::remove_file(&self.name);
    }
}

fn refuse_existing(to: &Path) -> Result<()> {
    match to.symlink_metadata() {
        Ok(_) => Err(Error::InTheWay(to.display().to_string())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(unwritten(to, &error)),
    }
}

/// Gives the copy its own name, for good. A second name in place of a new one does not overwrite a file that came to
/// be there meanwhile; not every file system has it.
fn settle(part: &Path, to: &Path) -> Result<()> {
    match std::fs::hard_link(part, to) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return Err(Error::InTheWay(to.display().to_string()));
        }
        Err(_) => std::fs::rename(part, to).map_err(|error| unwritten(to, &error))?,
    }
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))
        .and_then(|folder| folder.sync_all())
        .map_err(|error| unwritten(to, &error))
}

fn unwritten(to: &Path, why: &dyn std::fmt::Display) -> Error {
    Error::NoBackup {
        path: to.display().to_string(),
        why: why.to_string(),
    }
}
