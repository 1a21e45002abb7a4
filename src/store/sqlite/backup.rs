//! A copy of the register at one moment, made while everybody goes on writing.
//!
//! `VACUUM INTO` reads one snapshot, which keeps no writer waiting, and writes a database that is whole, without a
//! log and without the pages of what was deleted. SQLite's other way, copying page after page in small steps, begins
//! again whenever another process has written, and in a storm of writes never ends.

use std::fs::{File, OpenOptions, Permissions, TryLockError};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::super::{Error, Result};
use super::{MODE, Sqlite, beside};

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
    /// cut off left there is overwritten.
    fn beside(to: &Path) -> Result<Self> {
        let name = beside(to, "part");
        let file = loop {
            if let Some(file) = open_for_itself(&name, to)? {
                break file;
            }
        };
        let part = Self { name, file };
        part.file
            .set_len(0)
            .and_then(|()| part.file.set_permissions(Permissions::from_mode(MODE)))
            .map_err(|error| unwritten(to, &error))?;
        Ok(part)
    }
}

/// Opens and locks the file of a name, making it if it is missing. None if that is another backup's work: one that was
/// cut off had given its copy a second name already, and the first is taken away here; or one ended at this moment.
fn open_for_itself(name: &Path, to: &Path) -> Result<Option<File>> {
    let opened = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(MODE)
        .open(name);
    let file = opened.map_err(|error| unwritten(to, &error))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(unwritten(to, &"another backup is writing it")),
        Err(TryLockError::Error(error)) => return Err(unwritten(to, &error)),
    }
    let ours = file.metadata().map_err(|error| unwritten(to, &error))?;
    let there = name.metadata();
    let still_named = there.is_ok_and(|there| (there.dev(), there.ino()) == (ours.dev(), ours.ino()));
    if still_named && ours.nlink() > 1 {
        std::fs::remove_file(name).map_err(|error| unwritten(to, &error))?;
        return Ok(None);
    }
    Ok(still_named.then_some(file))
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
