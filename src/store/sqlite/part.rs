//! A file that is made under another name and only given its own when it is whole: a copy, a new register.

use std::fs::{File, OpenOptions, Permissions, TryLockError};
use std::io::{Error, ErrorKind, Result};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::place::{MODE, beside, identity};

/// What stands behind the name of a file that is not whole yet. Nobody else has such files, for one that is found is
/// removed.
pub(super) const PART: &str = "timeous-part";

/// The file while it is being written. Unless it is given its own name it goes when dropped, with whatever SQLite put
/// beside it.
pub(super) struct Part {
    name: PathBuf,
    to: PathBuf,
    /// Its lock is held until the name is gone, so that nobody else can be writing under it.
    file: File,
}

impl Part {
    /// An empty file beside the one to be, locked so that two processes do not write into one. What one that was cut off
    /// left there makes way. It is never written into: it may be another name of something else, of a register itself.
    ///
    /// # Errors
    /// The operating system's; [`ErrorKind::ResourceBusy`] and [`ErrorKind::Other`]; each with the file's name.
    pub(super) fn beside(to: &Path) -> Result<Self> {
        let name = beside(to, PART);
        Self::begin(to, &name).map_err(|error| Error::new(error.kind(), format!("{}: {error}", name.display())))
    }

    fn begin(to: &Path, name: &Path) -> Result<Self> {
        let make = || OpenOptions::new().write(true).create_new(true).mode(MODE).open(name);
        let file = match make() {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let _left = left_over(name)?;
                remove(name)?;
                make()?
            }
            made => made?,
        };
        lock(&file)?;
        if !is_named(&file, name) {
            return Err(at_work());
        }
        let part = Self {
            name: name.to_owned(),
            to: to.to_owned(),
            file,
        };
        part.file.set_permissions(Permissions::from_mode(MODE))?;
        Ok(part)
    }

    /// The name that it has until it is whole.
    pub(super) fn name(&self) -> &Path {
        &self.name
    }

    /// Waits until all of it is on the disk.
    ///
    /// # Errors
    /// The operating system's.
    pub(super) fn sync(&self) -> Result<()> {
        self.file.sync_all()
    }

    /// Gives it its own name, for good. A second name in place of a new one does not overwrite a file that came to be
    /// there meanwhile; not every file system has it.
    ///
    /// # Errors
    /// The operating system's, and there is no file of that name; or [`ErrorKind::AlreadyExists`], and there is.
    pub(super) fn settle(self) -> Result<()> {
        let folder = self.to.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = File::open(folder.unwrap_or(Path::new(".")))?;
        match std::fs::hard_link(&self.name, &self.to) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(error),
            Err(_) if self.to.symlink_metadata().is_ok() => return Err(ErrorKind::AlreadyExists.into()),
            Err(_) => std::fs::rename(&self.name, &self.to)?,
            Ok(()) => {}
        }
        folder.sync_all().inspect_err(|_| {
            // What may be gone after a power cut is not called made. If it cannot be removed, that is the lesser lie.
            let _ = std::fs::remove_file(&self.to);
        })
    }
}

/// Takes away the second name that a file has kept where its maker was killed before it could.
pub(super) fn end_second_name(of: &Path) {
    let name = beside(of, PART);
    if let (Ok(second), Ok(first)) = (name.symlink_metadata(), of.metadata())
        && identity(&second) == identity(&first)
    {
        // The next to come tries again.
        let _ = std::fs::remove_file(&name);
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // What cannot be removed is found under its name; there is nobody to tell here.
        let _ = remove(&self.name);
    }
}

/// What lies under the name of a file that is being written, once it is certain that nobody is at work on it.
fn left_over(name: &Path) -> Result<File> {
    if !name.symlink_metadata()?.is_file() {
        return Err(Error::other(
            "it is no plain file; remove it, and look who put it there",
        ));
    }
    let file = File::open(name)?;
    lock(&file)?;
    match is_named(&file, name) {
        true => Ok(file),
        false => Err(at_work()),
    }
}

/// The journal goes first: beside a new file of that name it would be played back into it.
fn remove(name: &Path) -> Result<()> {
    let mut journal = name.as_os_str().to_owned();
    journal.push("-journal");
    match std::fs::remove_file(journal) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => std::fs::remove_file(name),
    }
}

/// Whether a file that has just been locked still has its name: whoever was first may have put another in its place.
fn is_named(file: &File, name: &Path) -> bool {
    match (name.symlink_metadata(), file.metadata()) {
        (Ok(now), Ok(locked)) => identity(&now) == identity(&locked),
        _ => false,
    }
}

fn at_work() -> Error {
    Error::new(ErrorKind::ResourceBusy, "somebody else is writing it")
}

fn lock(file: &File) -> Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(at_work()),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
