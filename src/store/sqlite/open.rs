//! How a register is made, opened and locked.
//!
//! A new one is made whole under another name: a file of its own name that has nothing in it was emptied, and is never
//! taken for the beginning of a new one.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::super::{Error, Result};
use super::part::{Part, end_second_name};
use super::place::{
    beside, identity, io, is_filled, lock_file, logs_of, make_folder, refuse_network_file_system, refuse_odd_file,
    refuse_odd_lock, resolved, was_a_register, why_not,
};
use super::{Held, Sqlite, migrations};

/// How long a reader waits for SQLite's own lock.
const BUSY: Duration = Duration::from_secs(30);

/// What bytes 18 and 19 of a database are while it keeps no log.
const ROLLBACK_JOURNAL: [u8; 2] = [1, 1];

/// How often a service that finds its lock shared tries again.
const LOOKS: u32 = 100_000;

impl Sqlite {
    /// Opens a register, making it and its folder first if there is none.
    ///
    /// # Errors
    /// As [`Error`] says.
    pub fn create(path: &Path) -> Result<Self> {
        let path = resolved(path)?;
        match is_there(&path)? {
            true => end_second_name(&path),
            false => make(&path)?,
        }
        Self::at(&path)
    }

    /// Opens a register that must be there.
    ///
    /// # Errors
    /// As [`Error`] says.
    pub fn open(path: &Path) -> Result<Self> {
        let path = resolved(path)?;
        // Looked at first: another process may be making the register, and it has no log before it is there.
        let alone = refuse_left_log(&path);
        match is_there(&path)? {
            true => Self::at(&path),
            false => alone.and(Err(Error::Missing(path.display().to_string()))),
        }
    }

    /// Opens a register to look at it. A copy that nobody works with, which keeps no log, is only read, and nothing
    /// is put beside it.
    ///
    /// # Errors
    /// As [`Error`] says.
    pub fn open_to_look(path: &Path) -> Result<Self> {
        match resolved(path).and_then(|path| Self::copy(&path)) {
            Ok(Some(copy)) => Ok(copy),
            // Whatever is the matter with the file, the usual way says it in the usual words.
            Ok(None) | Err(_) => Self::open(path),
        }
    }

    /// A copy without a log, of this version's schema; nothing for any other file.
    pub(super) fn copy(path: &Path) -> Result<Option<Self>> {
        refuse_odd_file(path)?;
        let file = File::open(path).map_err(|error| io(path, &error))?;
        refuse_foreign_log(path, &file)?;
        if !keeps_no_log(&file) {
            return Ok(None);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY)?;
        migrations::refuse_others(&connection, path)?;
        // Nobody writes through this connection, so there is no lock to hold but its own.
        let copy = Self {
            path: path.to_owned(),
            file: identity(&file.metadata().map_err(|error| io(path, &error))?),
            writer: file,
            connection,
        };
        Ok(migrations::is_current(&copy.connection)?.then_some(copy))
    }

    fn at(path: &Path) -> Result<Self> {
        refuse_network_file_system(path)?;
        let (connection, file) = accepted(path).map_err(|error| opening(path, error))?;
        let writer = lock_file(path, "writer")?;
        let mut register = Self {
            connection,
            writer,
            path: path.to_owned(),
            file,
        };
        register.prepare().map_err(|error| opening(path, error))?;
        Ok(register)
    }

    fn prepare(&mut self) -> Result<()> {
        self.connection.pragma_update(None, "synchronous", "full")?;
        self.connection.pragma_update(None, "foreign_keys", true)?;
        // What a savepoint may have to put back is kept in memory; on disk each line of an import writes a file.
        self.connection.pragma_update(None, "temp_store", "memory")?;
        // A plan holds for every value: without this, SQLite prepares a cached statement anew whenever it is used.
        self.connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        // The log is emptied into the file after some megabytes: at SQLite's four, a morning's mails waited for that often.
        self.connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
        // What a purge empties is overwritten in the file too.
        self.connection.pragma_update(None, "secure_delete", true)?;
        self.connection.set_prepared_statement_cache_capacity(64);
        if migrations::is_current(&self.connection)? && journal_mode(&self.connection)? == "wal" {
            return Ok(());
        }
        // Two connections that both switch to the log are not made to wait for each other by SQLite.
        let _held = Held::wait(&self.writer)?;
        self.connection.pragma_update(None, "journal_mode", "wal")?;
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        migrations::migrate(&transaction)?;
        Ok(transaction.commit()?)
    }

    /// Takes the service's place for the register at a path.
    ///
    /// # Errors
    /// [`Error::DaemonRuns`] if another service has it.
    pub fn lock_daemon(path: &Path) -> Result<DaemonLock> {
        let path = &resolved(path)?;
        make_folder(path)?;
        refuse_network_file_system(path)?;
        let file = lock_file(path, "daemon")?;
        for _ in 0..LOOKS {
            match file.try_lock() {
                Ok(()) => return Ok(DaemonLock { _file: file }),
                Err(TryLockError::Error(error)) => return Err(io(path, &error)),
                // A service shares it with nobody; whoever looks whether one runs does, and is gone in a moment.
                Err(TryLockError::WouldBlock) if file.try_lock_shared().is_err() => break,
                Err(TryLockError::WouldBlock) => {
                    file.unlock().map_err(|error| io(path, &error))?;
                    std::thread::yield_now();
                }
            }
        }
        Err(Error::DaemonRuns(path.display().to_string()))
    }

    /// Refuses to go on with a file that is no longer the one at its path: what is written into it nobody would find.
    pub(super) fn refuse_replaced(&self) -> Result<()> {
        match std::fs::metadata(&self.path) {
            Ok(there) if identity(&there) == self.file && there.len() > 0 => Ok(()),
            Ok(there) if there.len() == 0 => Err(Error::Empty(self.path.display().to_string())),
            _ => Err(Error::Replaced(self.path.display().to_string())),
        }
    }

    /// Whether a service has the register at a path open.
    ///
    /// # Errors
    /// If the lock file cannot be read.
    pub fn daemon_runs(path: &Path) -> Result<bool> {
        let name = beside(&resolved(path)?, "daemon");
        refuse_odd_lock(&name)?;
        match OpenOptions::new().read(true).open(&name) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(io(&name, &error)),
            Ok(file) => match file.try_lock_shared() {
                Ok(()) => Ok(false),
                Err(TryLockError::WouldBlock) => Ok(true),
                Err(TryLockError::Error(error)) => Err(io(&name, &error)),
            },
        }
    }
}

/// Held by the service for life; let go when dropped, or when the process dies.
#[derive(Debug)]
pub struct DaemonLock {
    _file: File,
}

fn is_there(path: &Path) -> Result<bool> {
    path.try_exists().map_err(|error| io(path, &error))
}

/// Makes a register where none is, and its folder, unless another process is first.
fn make(path: &Path) -> Result<()> {
    make_folder(path)?;
    refuse_network_file_system(path)?;
    let writer = lock_file(path, "writer")?;
    let _held = Held::wait(&writer)?;
    if is_there(path)? {
        return Ok(());
    }
    refuse_left_log(path)?;
    let made = |error: &std::io::Error| Error::Engine(format!("{} cannot be made: {error}", path.display()));
    let part = Part::beside(path).map_err(|error| made(&error))?;
    fill(part.name()).map_err(|error| match error {
        Error::Engine(why) => Error::Engine(format!("{} cannot be made: {why}", path.display())),
        other => other,
    })?;
    part.sync().map_err(|error| made(&error))?;
    match part.settle() {
        // Somebody who knows of no lock put one there.
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(made(&error)),
        _ => Ok(()),
    }
}

/// The whole schema, and nothing in it.
fn fill(part: &Path) -> Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(part, flags)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    migrations::migrate(&transaction)?;
    Ok(transaction.commit()?)
}

/// Refuses to begin anew beside a log: SQLite would write what waits in it into the new register.
fn refuse_left_log(path: &Path) -> Result<()> {
    match logs_of(path).into_iter().find(|log| is_filled(log)) {
        Some(log) => Err(Error::LogAlone {
            path: path.display().to_string(),
            log: log.display().to_string(),
        }),
        None => Ok(()),
    }
}

/// Refuses a log beside a file that keeps none, as a backup put in the place of a register does: it is another file's,
/// and SQLite would write it into this one.
fn refuse_foreign_log(path: &Path, file: &File) -> Result<()> {
    let [log, _] = logs_of(path);
    // In this order: a register that begins to keep a log says so before there is anything in it.
    match is_filled(&log) && keeps_no_log(file) {
        true => Err(Error::ForeignLog {
            path: path.display().to_string(),
            log: log.display().to_string(),
        }),
        false => Ok(()),
    }
}

/// Whether a database keeps no log. What cannot be read of it is for SQLite to say.
fn keeps_no_log(file: &File) -> bool {
    let mut head = [0; 20];
    file.read_exact_at(&mut head, 0).is_ok() && head[18..] == ROLLBACK_JOURNAL
}

/// A connection to a file that is a register and can be written. Until that is known, nothing about
/// the file is changed and nothing put beside it that stays.
fn accepted(path: &Path) -> Result<(Connection, (u64, u64))> {
    let file = identity(&refuse_odd_file(path)?);
    // Closed again before this process has a connection: closing any of its files lets go all locks it has on that one.
    if let Ok(file) = File::open(path) {
        refuse_foreign_log(path, &file)?;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    // Another program's log is not ours to write back.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    migrations::refuse_others(&connection, path)?;
    if connection.is_readonly(rusqlite::MAIN_DB)? {
        return Err(Error::Engine("it can only be read".to_owned()));
    }
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok((connection, file))
}

fn journal_mode(connection: &Connection) -> Result<String> {
    Ok(connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?)
}

/// What went wrong in opening a file, with its name.
fn opening(path: &Path, error: Error) -> Error {
    match error {
        Error::Engine(why) => Error::Engine(format!("{}: {}", path.display(), why_not(path, why))),
        Error::Damaged(why) if was_a_register(path) => Error::Damaged(format!("{}: {why}", path.display())),
        Error::Damaged(_) => Error::NotARegister(path.display().to_string()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_commit_waits_for_the_disk_and_every_key_is_held() {
        let folder = tempfile::tempdir().unwrap();
        let register = Sqlite::create(&folder.path().join("register.db")).unwrap();
        let pragma = |name| {
            let value = register.connection.pragma_query_value(None, name, |row| row.get(0));
            value.unwrap()
        };
        let full = 2;
        assert_eq!((pragma("synchronous"), pragma("foreign_keys")), (full, 1_i64));
    }
}
