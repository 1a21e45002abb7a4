//! The service: one loop of three idempotent tasks that take no input.
//!
//! **Reconcile** derives again what another calendar, law or setting has made doubtful. **Dispatch** turns
//! rungs whose morning has come into messages. **Deliver** sends what waits. Each looks only at the register
//! and the clock, so that a start, a missed wake-up, a resumed machine and an ordinary minute are one and the
//! same thing. The loop wakes at every full minute, for timers stand still while a machine sleeps.
//!
//! After a round the calendar file is written where one is wanted and something changed (`calendar_file`).
//!
//! The register has a thread of its own (`keeper`); sending has a task of its own (`send`) and never
//! delays a round; nor does telling a monitor of it (`heartbeat`).

mod calendar_file;
mod fault;
mod feed;
mod heartbeat;
mod keeper;
mod once;
mod pace;
mod send;
mod sheet;
mod systemd;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use crate::casework::dispatch::{Dispatched, dispatch};
use crate::casework::notices::watch_horizon;
use crate::casework::overview::{behind, nothing_logged};
use crate::casework::reconcile::{Rederived, reconcile};
use crate::casework::{self, deliver};
use crate::clock::Clock;
use crate::config::Config;
use crate::store::{self, Round, Sqlite, Store, Task};
use crate::wording::plural;
use calendar_file::CalendarFile;
use fault::LastFault;
use heartbeat::{Beat, Heartbeat};
use keeper::Keeper;

pub use once::{Once, once};
pub use send::send_now;

/// A wall clock that has moved by more than this against the monotonic one was set, or the machine slept.
const STEP: TimeDelta = TimeDelta::seconds(5);

/// How long a stop waits for the mail in hand.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why the service cannot run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The register.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A use case.
    #[error(transparent)]
    Casework(#[from] casework::Error),
    /// The machine.
    #[error("{0}")]
    System(String),
    /// A part of the service without which it only seems to run; the log has said why.
    #[error("{0} ended by itself; start the service again, and report what its log says")]
    Ended(&'static str),
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::System(error.to_string())
    }
}

/// Runs until told to stop. `read_config` is called again on SIGHUP.
///
/// # Errors
/// If the register cannot be opened, or another service has it. Later failures are recorded and retried.
pub fn run(
    config: Config,
    clock: Arc<dyn Clock>,
    read_config: impl Fn() -> Result<Config, String>,
) -> Result<(), Error> {
    let _lock = Sqlite::lock_daemon(&config.register)?;
    let runtime = runtime()?;
    let ended = runtime.block_on(async {
        let keeper = Keeper::start(Sqlite::create(&config.register)?)?;
        Service::start(config, clock, keeper)
            .await?
            .until_stopped(read_config)
            .await
    });
    // The mail in hand has been waited for; a monitor that does not answer is not.
    runtime.shutdown_background();
    ended
}

fn runtime() -> Result<tokio::runtime::Runtime, Error> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

struct Service {
    clock: Arc<dyn Clock>,
    keeper: Keeper,
    config: watch::Sender<Arc<Config>>,
    wake_sender: Arc<Notify>,
    stop: CancellationToken,
    sending: tokio::task::JoinHandle<()>,
    feed: tokio::task::JoinHandle<()>,
    sheet: tokio::task::JoinHandle<()>,
    /// Wall and monotonic time at the last wake-up.
    last: Option<(DateTime<Utc>, Duration)>,
    last_fault: LastFault,
    calendar_file: CalendarFile,
    heartbeat: Heartbeat,
}

impl Service {
    async fn start(config: Config, clock: Arc<dyn Clock>, keeper: Keeper) -> Result<Self, Error> {
        let config = keeper.with(|register| in_force(register, Arc::new(config))).await??;
        let now = clock.now();
        let looked = move |register: &mut Sqlite| -> Result<_, Error> {
            let rescued = deliver::rescue(register, now)?;
            Ok((rescued, register.read(nothing_logged)?))
        };
        let (rescued, nothing_logged) = keeper.with(looked).await??;
        say_started(&config, rescued, nothing_logged);
        let (config, watched) = watch::channel(config);
        let (feed_watched, sheet_watched) = (watched.clone(), watched.clone());
        let wake_sender = Arc::new(Notify::new());
        let stop = CancellationToken::new();
        let sending = tokio::spawn(send::forever(
            keeper.clone(),
            watched,
            Arc::clone(&clock),
            Arc::clone(&wake_sender),
            stop.clone(),
        ));
        let feed = tokio::spawn(feed::forever(
            keeper.clone(),
            feed_watched,
            Arc::clone(&clock),
            stop.clone(),
        ));
        let sheet = tokio::spawn(sheet::forever(
            keeper.clone(),
            sheet_watched,
            Arc::clone(&clock),
            stop.clone(),
        ));
        Ok(Self {
            clock,
            keeper,
            config,
            wake_sender,
            stop,
            sending,
            feed,
            sheet,
            last: None,
            last_fault: LastFault::default(),
            calendar_file: CalendarFile::default(),
            heartbeat: Heartbeat::default(),
        })
    }

    async fn until_stopped(mut self, read_config: impl Fn() -> Result<Config, String>) -> Result<(), Error> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut hang_up = signal(SignalKind::hangup())?;
        systemd::ready();
        let ended = loop {
            if let Err(ended) = self.wake().await {
                break Err(ended);
            }
            let pause = until_next_minute(self.clock.now());
            // Whoever restarts a service that has ended cannot know of one that has lost a part.
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = hang_up.recv() => self.reload(&read_config).await,
                () = any(&mut terminate, &mut interrupt) => break Ok(()),
                _ = &mut self.sending => break Err(Error::Ended("what sends the mail")),
                _ = &mut self.feed => break Err(Error::Ended("what looks at the list of bank holidays")),
                _ = &mut self.sheet => break Err(Error::Ended("what looks at the sheet")),
            }
        };
        self.finish().await;
        ended
    }

    /// One round. Whatever fails is recorded, logged once and tried again at the next.
    ///
    /// # Errors
    /// If nothing is left that could.
    async fn wake(&mut self) -> Result<(), Error> {
        let now = self.clock.now();
        self.watch_clock(now);
        let result = match self.round(now).await {
            Err(Error::Ended(part)) => return Err(Error::Ended(part)),
            result => result,
        };
        let config = Arc::clone(&self.config.borrow());
        let filed = calendar_file::after_round(&self.keeper, &config, now, &mut self.calendar_file).await;
        self.calendar_file.log(filed);
        let faults = match &result {
            Ok(round) => round.faults.clone(),
            Err(error) => vec![error.to_string()],
        };
        let fault = (!faults.is_empty()).then(|| faults.join("; "));
        let cases = match &result {
            Ok(round) if config.watch.log_references => round.cases.join(", "),
            _ => String::new(),
        };
        if self.last_fault.is_news(fault.as_deref()) {
            match &fault {
                Some(words) if !cases.is_empty() => tracing::error!(cases, "{words}"),
                Some(words) => tracing::error!("{words}"),
                None => tracing::info!("all is well again"),
            }
        }
        let beat = match &result {
            _ if fault.is_some() => Some(Beat::Bad),
            Ok(round) if round.mail_leaves => Some(Beat::Good),
            _ => None,
        };
        if let (Some(monitor), Some(beat)) = (&config.watch.heartbeat, beat) {
            self.heartbeat.tell(monitor, beat, self.clock.monotonic());
        }
        if result.is_ok_and(|round| round.written > 0) {
            self.wake_sender.notify_one();
        }
        systemd::alive(fault.as_deref().unwrap_or("watching"));
        Ok(())
    }

    /// The tasks of one round, by the calendar that is in force now.
    async fn round(&mut self, now: DateTime<Utc>) -> Result<RoundResult, Error> {
        let known = Arc::clone(&self.config.borrow());
        let result = round(&self.keeper, &known, now).await?;
        if !Arc::ptr_eq(&known, &result.config) {
            tracing::info!(
                calendar = result.config.rules.calendar.short_version(),
                "took up days adopted into the register"
            );
            self.config.send_replace(Arc::clone(&result.config));
        }
        Ok(result)
    }

    /// Says so when the wall clock was set, or the machine slept; nothing else follows from it, since every
    /// round looks at the clock anew.
    fn watch_clock(&mut self, now: DateTime<Utc>) {
        let monotonic = self.clock.monotonic();
        if let Some((wall, mono)) = self.last {
            let passed = TimeDelta::from_std(monotonic.saturating_sub(mono)).unwrap_or_default();
            let step = now - wall - passed;
            if step.abs() > STEP {
                tracing::warn!(seconds = step.num_seconds(), "the clock was set, or the machine slept");
                self.wake_sender.notify_one();
            }
        }
        self.last = Some((now, monotonic));
    }

    /// A file that cannot be used leaves the old one in force, and says so.
    async fn reload(&mut self, read_config: &impl Fn() -> Result<Config, String>) {
        systemd::reloading();
        match read_config() {
            Ok(config) if config.register != self.config.borrow().register => {
                tracing::error!("the register cannot change while the service runs; restart it to use another");
            }
            Ok(config) => match self.in_force(config).await {
                Ok(config) => {
                    self.config.send_replace(config);
                    self.wake_sender.notify_one();
                    tracing::info!("read the configuration again");
                }
                Err(error) => tracing::error!("the old configuration stays in force: {error}"),
            },
            Err(words) => tracing::error!("the old configuration stays in force: {words}"),
        }
        systemd::ready();
    }

    async fn in_force(&self, config: Config) -> Result<Arc<Config>, Error> {
        let of_register = |register: &mut Sqlite| in_force(register, Arc::new(config));
        self.keeper.with(of_register).await?
    }

    /// Lets the mail in hand be finished.
    async fn finish(self) {
        systemd::stopping();
        self.stop.cancel();
        // An answer that is still to come is not waited for.
        self.feed.abort();
        self.sheet.abort();
        let has_ended = self.sending.is_finished();
        if !has_ended && tokio::time::timeout(PATIENCE, self.sending).await.is_err() {
            tracing::warn!("stopped with a mail in hand; it goes out again at the next start");
        }
        tracing::info!("stopped");
    }
}

/// What the log says of the register at the start: how many mails were in hand when the service stopped, and whether it
/// holds anything.
fn say_started(config: &Config, rescued: u32, nothing_logged: bool) {
    if rescued > 0 {
        tracing::warn!(
            mails = rescued,
            "mails were being sent when the service stopped; they go out again"
        );
    }
    tracing::info!(
        register = %config.register.display(),
        calendar = config.rules.calendar.short_version(),
        announced_through = %config.rules.calendar.announced_through(),
        "started"
    );
    if nothing_logged {
        tracing::warn!("the register is new and holds no case; if it held some, restore the last backup");
    }
}

async fn any(first: &mut Signal, second: &mut Signal) {
    tokio::select! {
        _ = first.recv() => {}
        _ = second.recv() => {}
    }
}

/// How long until the next full minute by the wall clock; never more than a minute.
fn until_next_minute(now: DateTime<Utc>) -> Duration {
    let into = Duration::new(u64::from(now.second()), now.nanosecond().min(999_999_999));
    Duration::from_secs(60)
        .saturating_sub(into)
        .max(Duration::from_millis(10))
}

/// What one round came to.
struct RoundResult {
    /// By which it was made.
    config: Arc<Config>,
    written: usize,
    faults: Vec<String>,
    /// The cases that the faults are about.
    cases: Vec<String>,
    /// Whether the last attempts to send came through, as far as there were any.
    mail_leaves: bool,
}

/// The configuration with the days that people adopted into the register; the same one where it has them already.
fn in_force(register: &Sqlite, config: Arc<Config>) -> Result<Arc<Config>, Error> {
    let adopted = register.read(|snapshot| snapshot.adopted())?;
    if adopted.days == config.rules.sources.adopted {
        return Ok(config);
    }
    let adopting = (*config).clone().with_adopted(adopted.days, adopted.on);
    Ok(Arc::new(adopting.map_err(|error| Error::System(error.to_string()))?))
}

/// Reconcile and dispatch by the configuration as it is in force, and leave their results for `status`.
async fn round(keeper: &Keeper, config: &Arc<Config>, now: DateTime<Utc>) -> Result<RoundResult, Error> {
    let config = Arc::clone(config);
    let done = keeper.with(move |register| -> Result<RoundResult, Error> {
        let config = in_force(register, config)?;
        let reconciled = reconcile(register, &config.rules, now);
        let dispatched = dispatch(register, &config.rules, now);
        let watched = watch_horizon(register, &config.rules, now);
        let results = [
            (Task::Reconcile, reconcile_result(&reconciled, now)),
            (Task::Dispatch, dispatch_result(&dispatched, now)),
        ];
        watched?;
        register.write(|tx| {
            if reconciled.is_err() {
                // From here on nobody can see that the clock was ahead at the last round.
                tx.doubt()?;
            }
            results.iter().try_for_each(|(task, round)| tx.save_round(*task, round))
        })?;
        let (rounds, clock) = register.read(|snapshot| {
            // A demonstration lives on the days it is given.
            let behind = match snapshot.about()?.demo {
                true => None,
                false => behind(snapshot, now)?,
            };
            Ok::<_, Error>((snapshot.rounds()?, behind))
        })?;
        let bad = results.into_iter().filter(|(_, round)| !round.ok);
        let dispatched = dispatched.unwrap_or_default();
        Ok(RoundResult {
            config,
            written: dispatched.messages,
            faults: bad
                .map(|(task, round)| format!("{task}: {}", round.summary))
                .chain(clock)
                .collect(),
            cases: [dispatched.set_aside, dispatched.nobody].concat(),
            mail_leaves: rounds.iter().all(|(task, round)| *task != Task::Deliver || round.ok),
        })
    });
    done.await?
}

fn reconcile_result(result: &casework::Result<Option<Rederived>>, now: DateTime<Utc>) -> Round {
    let (ok, summary) = match result {
        Ok(None) => (true, "nothing changed".to_owned()),
        Ok(Some(done)) => (
            true,
            format!(
                "derived {} cases again, {} deadlines moved, {} officers told",
                done.cases, done.moved, done.told
            ),
        ),
        Err(error) => (false, error.to_string()),
    };
    Round { at: now, ok, summary }
}

fn dispatch_result(result: &casework::Result<Dispatched>, now: DateTime<Utc>) -> Round {
    let (ok, summary) = match result {
        Err(error) => (false, error.to_string()),
        Ok(done) => {
            let counted = |count: usize, noun| plural(i64::try_from(count).unwrap_or(i64::MAX), noun);
            let mut summary = format!(
                "{} with {}",
                counted(done.messages, "mail"),
                counted(done.reminders, "reminder")
            );
            let nobody = "with nobody who could be told (set people.team)";
            let amiss = [
                (
                    done.set_aside.len(),
                    "case",
                    "set aside, for it could not be understood",
                ),
                (done.nobody.len(), "case", nobody),
                (done.unread_notices, "notice", nobody),
                (
                    done.unreadable_notices,
                    "notice",
                    "dropped, for it could not be understood",
                ),
                (
                    done.dead_letters,
                    "mail",
                    "put off all day by the recipient's server, so that somebody else is told",
                ),
            ];
            for (count, noun, words) in amiss.iter().filter(|(count, _, _)| *count > 0) {
                summary.push_str(&format!("; {} {words}", counted(*count, noun)));
            }
            let well = amiss.iter().all(|(count, _, _)| *count == 0);
            (well, summary)
        }
    };
    Round { at: now, ok, summary }
}
