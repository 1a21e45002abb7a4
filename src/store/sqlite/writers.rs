//! Writers take turns: one lock, and a line in front of it.
//!
//! The kernel gives a lock that many wait for to whichever of them runs first; of twenty officers one now and then
//! waited four times as long as the others. So whoever finds the writers' lock taken waits for the one who came before,
//! who holds a lock of its own until it has the writers' lock. A process that dies lets go of both, and whoever stood
//! behind it moves up. The line is a courtesy: what keeps two from writing at once is the lock alone.

use std::fs::{File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::super::{Error, Result};
use super::{MODE, beside};

/// The lock under which everybody writes into a register.
#[derive(Debug)]
pub(super) struct WritersLock {
    file: File,
    register: PathBuf,
}

impl WritersLock {
    /// Of an open lock file, and the register that it is about.
    pub(super) fn new(file: File, register: &Path) -> Self {
        Self {
            file,
            register: register.to_owned(),
        }
    }

    /// Waits for one's turn.
    pub(super) fn wait(&self) -> Result<Held<'_>> {
        if self.file.try_lock().is_err() {
            // Whoever cannot stand in the line waits for the lock all the same.
            let _before_others = line_up(&self.register);
            self.file
                .lock()
                .map_err(|error| Error::Engine(format!("the writers' lock failed: {error}")))?;
        }
        Ok(Held(&self.file))
    }
}

/// The writers' lock, held until dropped.
pub(super) struct Held<'a>(&'a File);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        // The lock goes with the file in any case.
        let _ = self.0.unlock();
    }
}

/// Stands behind whoever came last, and comes back when that one has left the line: a file, whose lock keeps those
/// behind waiting until it is dropped.
fn line_up(register: &Path) -> io::Result<File> {
    let [door, last, next] = ["queue", "queue-last", "queue-next"].map(|name| beside(register, name));
    let door = made(OpenOptions::new().create(true).truncate(false), &door)?;
    door.lock()?;
    let before = File::open(&last);
    // What somebody left there who was killed at this point.
    match std::fs::remove_file(&next) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let own = made(OpenOptions::new().create_new(true), &next)?;
    own.lock()?;
    std::fs::rename(&next, &last)?;
    drop(door);
    if let Ok(before) = before {
        before.lock()?;
    }
    Ok(own)
}

/// A file that officers share with the service, whatever the umask.
fn made(how: &mut OpenOptions, path: &Path) -> io::Result<File> {
    let file = how.write(true).mode(MODE).open(path)?;
    // It may be another's, who has done this.
    let _ = file.set_permissions(Permissions::from_mode(MODE));
    Ok(file)
}
