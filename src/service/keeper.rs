//! The register's own thread: work goes in, results come back, one piece at a time.
//!
//! SQLite blocks and its connection belongs to one thread; a thread of our own keeps the order of work and
//! lets a stop wait for what is under way, which a pool of blocking tasks would not.

use std::sync::mpsc;

use tokio::sync::oneshot;

use super::Error;
use crate::store::Sqlite;

type Work = Box<dyn FnOnce(&mut Sqlite) + Send>;

/// A handle to the register's thread, which ends with the last handle.
#[derive(Clone)]
pub(super) struct Keeper {
    work: mpsc::Sender<Work>,
}

impl Keeper {
    /// Gives a register to a thread of its own.
    pub(super) fn start(mut register: Sqlite) -> Result<Self, Error> {
        let (work, inbox) = mpsc::channel::<Work>();
        std::thread::Builder::new().name("register".to_owned()).spawn(move || {
            for piece in inbox {
                piece(&mut register);
            }
        })?;
        Ok(Self { work })
    }

    /// Runs a piece of work on the register and gives back its result. Once begun it runs to its end, even if
    /// nobody waits for it any more.
    pub(super) async fn with<T: Send + 'static>(
        &self,
        piece: impl FnOnce(&mut Sqlite) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, result) = oneshot::channel();
        let gone = || Error::Ended("the register's thread");
        let work = Box::new(move |register: &mut Sqlite| {
            // Whoever asked may have gone; the work is done all the same.
            let _ = answer.send(piece(register));
        });
        self.work.send(work).map_err(|_| gone())?;
        result.await.map_err(|_| gone())
    }
}
