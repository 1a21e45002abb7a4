//! What can go wrong in keeping the register.

/// Each is one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no register at that place.
    #[error("there is no register at {0}; log a case or import a sheet to begin one, or give --register")]
    Missing(String),
    /// The file is something else.
    #[error("{0} is not a register of this program; give another --register, or restore the last backup if it was one")]
    NotARegister(String),
    /// The file is there, and nothing in it.
    #[error("{0} is empty; restore the last backup, or if no case was ever logged there remove it and {0}-wal")]
    Empty(String),
    /// Its log is there, and it is not.
    #[error(
        "{path} is missing, and its log {log} is there; put it back beside its log, or move the log away and restore the \
         last backup"
    )]
    LogAlone {
        /// The file.
        path: String,
        /// Its log.
        log: String,
    },
    /// A log is there that is not its own.
    #[error(
        "{log} lies there, and is not the log of {path}, which keeps none; move it away, to where the register lies that it \
         belongs to if there is one"
    )]
    ForeignLog {
        /// The file.
        path: String,
        /// The log.
        log: String,
    },
    /// A link lies in its place, and where that leads there is nothing.
    #[error("{0} is a link that leads to no file; put the register back where it leads, or remove the link")]
    LeadsNowhere(String),
    /// Another file lies in its place, or none.
    #[error(
        "{0} was moved away or replaced while it was open, and nothing more is written; restart the service, or give the \
         command again"
    )]
    Replaced(String),
    /// It was written by a later version of this program.
    #[error("{path} was written by a later version (schema {found}, this program knows {known}); install that version")]
    Newer {
        /// The file.
        path: String,
        /// Its schema.
        found: i64,
        /// The schema this program knows.
        known: i64,
    },
    /// It lies where locks cannot be trusted.
    #[error("{path} lies on a {kind} file system, where locks cannot be trusted; keep the register on a local disk")]
    NetworkFileSystem {
        /// The file.
        path: String,
        /// The file system's kind.
        kind: String,
    },
    /// Another daemon has it.
    #[error("another timeous service has {0} open; stop it first, or let it do the work")]
    DaemonRuns(String),
    /// A backup is never written over a file.
    #[error("{0} is there already, and a backup is never written over a file; give another name")]
    InTheWay(String),
    /// A backup could not be written.
    #[error(
        "the backup {path} could not be written, and nothing is left of it: {why}; check its folder, the disk and its space"
    )]
    NoBackup {
        /// The file.
        path: String,
        /// What went wrong.
        why: String,
    },
    /// What is stored cannot be understood.
    #[error(
        "the register is damaged: {0}; run `timeous verify`, and if that says so too keep a copy of the file and restore the last backup"
    )]
    Damaged(String),
    /// The disk or the engine failed.
    #[error("the register cannot be used: {0}; check the disk, its space and the file's permissions")]
    Engine(String),
}

/// The result of a verb.
pub type Result<T> = std::result::Result<T, Error>;
