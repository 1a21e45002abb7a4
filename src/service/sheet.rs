//! The officers' own sheet, looked at every minute where the settings name one.
//!
//! It lies on a share, and a share may answer in minutes or never. So the file is touched by a thread that nobody
//! waits for longer than a while, at most one at a time, and rounds and mails go on meanwhile.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::Error;
use super::fault::LastFault;
use super::keeper::Keeper;
use super::pace::until_next_look;
use crate::casework::sheet::{self, Next, Reading, Taken, Trouble};
use crate::clock::Clock;
use crate::config::{Config, LivingSheet};
use crate::store::{Round, Store, Task};

/// Between the two looks of `run --once`, which both must see the same.
const MOMENT: Duration = Duration::from_secs(1);

/// How long a share may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Looks at the sheet until told to stop.
pub(super) async fn forever(
    keeper: Keeper,
    mut config: watch::Receiver<Arc<Config>>,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) {
    let mut last = LastFault::default();
    let mut desk = Desk::default();
    while !stop.is_cancelled() {
        let settings = Arc::clone(&config.borrow_and_update());
        if let Some(living) = &settings.rules.sheet {
            let fault = match desk.look(&keeper, &settings, living, &*clock).await {
                Ok(taken) => {
                    log(taken.as_ref());
                    None
                }
                Err(error) => Some(error.to_string()),
            };
            if last.is_news(fault.as_deref())
                && let Some(words) = fault
            {
                tracing::error!("the sheet was not taken: {words}");
            }
        }
        until_next_look(settings.rules.sheet.is_some(), &mut config, &stop).await;
    }
}

/// What a reading came to, where that is worth a line.
fn log(taken: Option<&Taken>) {
    match taken {
        Some(taken) if taken.rearranged => {
            tracing::warn!("the sheet looks rearranged, so nothing of it was taken");
        }
        Some(taken) if taken.recorded > 0 => {
            tracing::info!(entries = taken.recorded, "took what is new in the sheet");
        }
        _ => {}
    }
}

/// Looks at the sheet for one round: twice, where it may be being written.
pub(super) async fn once(keeper: &Keeper, config: &Arc<Config>, clock: &dyn Clock) -> Result<(), Error> {
    let Some(living) = &config.rules.sheet else {
        return Ok(());
    };
    let mut desk = Desk::default();
    desk.look(keeper, config, living, clock).await?;
    if keeper.with(|register| sheet::is_unsettled(register)).await?? {
        tokio::time::sleep(MOMENT).await;
        desk.look(keeper, config, living, clock).await?;
    }
    Ok(())
}

/// Where files are touched, one at a time.
#[derive(Default)]
struct Desk {
    /// What was asked of a share and is not answered yet.
    waiting: Option<JoinHandle<()>>,
}

impl Desk {
    /// One look, and what follows from it.
    async fn look(
        &mut self,
        keeper: &Keeper,
        config: &Arc<Config>,
        living: &LivingSheet,
        clock: &dyn Clock,
    ) -> Result<Option<Taken>, Error> {
        let path = living.path.clone();
        let seen = self.ask(move || sheet::stamp(&path)).await;
        let (now, of, look) = (clock.now(), living.clone(), seen.clone());
        let next = keeper.with(move |register| sheet::looked(register, &of, look.as_ref(), now));
        if next.await?? == Next::Wait {
            return Ok(None);
        }
        let Ok(seen) = seen else { return Ok(None) };
        let (of, stamp) = (living.clone(), seen.clone());
        let reading = self.ask(move || sheet::read(&of, &stamp)).await;
        let (now, of, config) = (clock.now(), living.clone(), Arc::clone(config));
        let done = keeper.with(move |register| -> Result<Option<Taken>, Error> {
            let rules = &config.rules;
            Ok(match &reading {
                Ok(Some(reading)) => Some(take(register, rules, &of, (reading, &seen), now)?),
                Ok(None) => {
                    sheet::changing(register, &of)?;
                    None
                }
                Err(trouble) => {
                    sheet::unread(register, &of, trouble, now)?;
                    None
                }
            })
        });
        done.await?
    }

    /// Asks the file system something, and waits a while for its answer. As long as an earlier answer is still to
    /// come, nothing else is asked.
    async fn ask<T: Send + 'static>(
        &mut self,
        work: impl FnOnce() -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        if self.waiting.as_ref().is_some_and(|earlier| !earlier.is_finished()) {
            return Err(Trouble::Silent);
        }
        let (answer, result) = oneshot::channel();
        let asked = tokio::task::spawn_blocking(move || {
            // Whoever asked may have given up.
            let _ = answer.send(work());
        });
        match tokio::time::timeout(PATIENCE, result).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(Trouble::NotASheet("cannot be read by this program".to_owned())),
            Err(_) => {
                self.waiting = Some(asked);
                Err(Trouble::Silent)
            }
        }
    }
}

fn take(
    register: &mut crate::store::Sqlite,
    rules: &crate::config::Rules,
    living: &LivingSheet,
    reading: (&Reading, &str),
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Taken, Error> {
    let taken = sheet::take(register, rules, living, reading, now, false);
    if let Err(error) = &taken {
        // Else the status would go on saying that all of it was read. The next look tries again, and says so if it can.
        let round = Round {
            at: now,
            ok: false,
            summary: format!("what is new in the sheet was not taken: {error}"),
        };
        register.write(|tx| tx.save_round(Task::Sheet, &round))?;
    }
    Ok(taken?)
}
