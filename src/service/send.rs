//! Sending what waits in the outbox: take and commit, speak with the server, settle and commit, and only then
//! the next.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::Error;
use super::keeper::Keeper;
use crate::casework::{self, deliver};
use crate::clock::Clock;
use crate::config::{Config, MailSettings, Transport};
use crate::mail::{Address, Mail, Outcome, Rendered, Session, Stage, file};
use crate::store::{self, NewMessage, Round, Sqlite, Store, Taken, Task};

/// What one pass over the outbox came to.
#[derive(Debug, Default)]
pub(super) struct Pass {
    /// Messages that a server or the folder has.
    pub(super) sent: usize,
    /// Messages that were refused for good.
    pub(super) refused: usize,
    /// What went wrong with the server as such, so that the rest must wait.
    pub(super) fault: Option<String>,
    /// For how long.
    pub(super) wait: Option<Duration>,
    /// Why a session could not be opened while there were others: a fault, should none of them have come through.
    doubt: Option<(String, Duration)>,
    /// Nothing was tried, and no fault is over.
    pub(super) idle: bool,
    /// When the next message may be tried, if one waits.
    next: Option<DateTime<Utc>>,
}

/// A mail that was being sent, and what came of it.
type Ended = (Taken, Outcome);

/// A session with the mail it was given and what came of it.
type Back = (Way, Taken, Outcome);

/// How long idle sessions wait for one that sends before they look for more.
const A_WHILE: Duration = Duration::from_secs(1);

/// Sends what waits whenever there is something, until told to stop.
pub(super) async fn forever(
    keeper: Keeper,
    config: watch::Receiver<Arc<Config>>,
    clock: Arc<dyn Clock>,
    wake: Arc<Notify>,
    stop: CancellationToken,
) {
    let mut said: Option<String> = None;
    // While the server or the settings are at fault, every message waits for the one that found out.
    let mut not_before: Option<DateTime<Utc>> = None;
    // Where what came of a mail could not be put on record, it is still being sent for the register. It is kept here until
    // the disk is well: sent again each minute, it would be a storm.
    let mut ended = Vec::new();
    let mut unsettled = false;
    let mut next: Option<DateTime<Utc>> = None;
    while !stop.is_cancelled() {
        if not_before.is_none_or(|at| at <= clock.now()) {
            let settings = Arc::clone(&config.borrow());
            let result = match unsettled {
                true => settle_and_pass(&keeper, &settings, &clock, &stop, &mut ended).await,
                false => pass(&keeper, &settings, &clock, &stop, &mut ended).await,
            };
            unsettled = result.is_err() || !ended.is_empty();
            next = result.as_ref().ok().and_then(|pass| pass.next);
            let (fault, sent) = match result {
                Ok(pass) => {
                    not_before = pass.wait.map(|wait| clock.now() + wait);
                    // Where nothing was tried, nothing is known of the server but what was known before.
                    let fault = if pass.idle { said.clone() } else { pass.fault };
                    (fault, pass.sent)
                }
                Err(error) => {
                    // What the server bade wait for is long over.
                    not_before = None;
                    let fault = error.to_string();
                    // For the status, if the register can take it.
                    let _ = record(&keeper, &Pass::failed(fault.clone()), clock.now()).await;
                    (Some(fault), 0)
                }
            };
            if fault != said {
                match &fault {
                    Some(words) => tracing::error!("mail does not leave: {words}"),
                    None if sent > 0 => tracing::info!("mail leaves again"),
                    None => {}
                }
                said = fault;
            }
        }
        tokio::select! {
            () = tokio::time::sleep(pause(clock.now(), next, not_before)) => {}
            () = wake.notified() => not_before = None,
            () = stop.cancelled() => {}
        }
    }
    // The last chance: what is not on record by now goes out again.
    let settings = Arc::clone(&config.borrow());
    settle(&keeper, &settings, &clock, &mut ended).await;
}

/// How long until the next message may be tried: at least a second, at most a minute, for a timer stands still
/// while the machine sleeps.
fn pause(now: DateTime<Utc>, next: Option<DateTime<Utc>>, not_before: Option<DateTime<Utc>>) -> Duration {
    let minute = Duration::from_secs(60);
    let Some(at) = next.max(not_before) else {
        return minute;
    };
    let until = (at - now).to_std().unwrap_or_default();
    until.clamp(Duration::from_secs(1), minute)
}

/// What became of mails whose end could not be put on record at once.
#[derive(Default)]
struct Settled {
    /// How many of them a server has.
    sent: usize,
    /// Why there are some left.
    fault: Option<String>,
}

/// Puts on record what could not be before, each by itself, so that one that cannot be keeps back no other.
async fn settle(keeper: &Keeper, config: &Arc<Config>, clock: &Arc<dyn Clock>, kept: &mut Vec<Ended>) -> Settled {
    let mut done = Settled::default();
    for one in std::mem::take(kept) {
        let accepted = matches!(one.1, Outcome::Accepted { .. });
        let mut alone = vec![one];
        match turn(keeper, config, clock, &mut alone, 0).await {
            Ok(_) => done.sent += usize::from(accepted),
            // It is on record after all, or somebody has changed it: if it is still in hand, it goes out again.
            Err(Error::Casework(casework::Error::Store(store::Error::Damaged(why)))) => {
                tracing::warn!("what came of a mail is not put on record: {why}");
            }
            Err(error) => {
                done.fault = Some(format!("what came of a mail cannot be put on record: {error}"));
                kept.append(&mut alone);
            }
        }
    }
    done
}

/// Puts on record what could not be before, gives back what else the register takes to be in hand, and sends.
async fn settle_and_pass(
    keeper: &Keeper,
    config: &Arc<Config>,
    clock: &Arc<dyn Clock>,
    stop: &CancellationToken,
    kept: &mut Vec<Ended>,
) -> Result<Pass, Error> {
    let settled = settle(keeper, config, clock, kept).await;
    let now = clock.now();
    match &settled.fault {
        None => {
            keeper.with(move |register| deliver::rescue(register, now)).await??;
        }
        // Where the register takes this much, it is those mails alone that it does not take, and the rest need not wait.
        Some(fault) => record(keeper, &Pass::failed(fault.clone()), now).await?,
    }
    let mut ended = Vec::new();
    let done = pass(keeper, config, clock, stop, &mut ended).await;
    kept.append(&mut ended);
    let mut done = done?;
    if settled.fault.is_some() {
        (done.fault, done.idle) = (done.fault.or(settled.fault), false);
        record(keeper, &done, clock.now()).await?;
    } else if settled.sent > 0 {
        // What kept them back is over, though nothing may be left to try.
        (done.idle, done.sent) = (false, done.sent + settled.sent);
    }
    Ok(done)
}

/// Puts on record what has ended, and takes the next messages; where there are none, what else the register says of the
/// outbox. Where that fails, what has ended is kept.
async fn turn(
    keeper: &Keeper,
    config: &Arc<Config>,
    clock: &Arc<dyn Clock>,
    ended: &mut Vec<Ended>,
    places: usize,
) -> Result<(Vec<Taken>, Option<Waiting>), Error> {
    let (rules, now) = (Arc::clone(config), clock.now());
    let settled = std::mem::take(ended);
    let work = move |register: &mut Sqlite| match deliver::turn(register, &rules.rules, &settled, places, now) {
        Ok(taken) => {
            let rest = taken.is_empty().then(|| waiting(register)).transpose();
            (rest.map(|rest| (taken, rest)).map_err(Error::from), Vec::new())
        }
        Err(error) => (Err(error.into()), settled),
    };
    let (turned, kept) = keeper.with(work).await?;
    *ended = kept;
    turned
}

/// Sends every message whose time has come, over as many sessions as the settings allow and the server bears. A fault
/// that is not one recipient's ends the pass: the others would fare no better. No session begins its next mail before
/// what came of its last one is on the disk. Where that cannot be, it is left in `ended`.
pub(super) async fn pass(
    keeper: &Keeper,
    config: &Arc<Config>,
    clock: &Arc<dyn Clock>,
    stop: &CancellationToken,
    ended: &mut Vec<Ended>,
) -> Result<Pass, Error> {
    let mut done = Pass::default();
    let mut idle: Vec<Way> = (0..config.mail.sessions).map(|_| Way::new(&config.mail)).collect();
    let mut sending = JoinSet::new();
    let (mut tried, mut lost) = (false, None);
    let waiting = loop {
        let goes_on = !stop.is_cancelled() && done.fault.is_none() && lost.is_none();
        let places = if goes_on { idle.len() } else { 0 };
        let (taken, waiting) = match turn(keeper, config, clock, ended, places).await {
            Ok(turned) => turned,
            Err(error) => {
                // What is with a server comes to its end, so that nothing is in doubt that need not be.
                while let Some(back) = sending.join_next().await {
                    ended.extend(back.ok().map(|(_, taken, outcome)| (taken, outcome)));
                }
                return Err(error);
            }
        };
        let now = clock.now();
        for taken in taken {
            // No more were taken than are idle.
            let mut way = idle.pop().unwrap_or_else(|| Way::new(&config.mail));
            tried = true;
            sending.spawn(async move {
                let outcome = way.send(&taken.message.words, taken.message.created_at, now).await;
                (way, taken, outcome)
            });
        }
        if sending.is_empty() {
            break waiting.unwrap_or_default();
        }
        let (back, broken) = come_back(&mut sending, goes_on && !idle.is_empty()).await;
        lost = lost.or(broken);
        for (way, taken, outcome) in back {
            let others = !sending.is_empty() || idle.iter().any(Way::is_open);
            if done.note(config, &taken, &outcome, others) {
                idle.push(way);
            }
            ended.push((taken, outcome));
        }
    };
    if let Some(words) = lost {
        // Its mail is still in hand, and whoever is told of this gives it back.
        return Err(Error::System(words));
    }
    done.next = waiting.next;
    if done.sent == 0 && done.fault.is_none() && !idle.iter().any(Way::is_open) {
        (done.fault, done.wait) = done.doubt.take().unzip();
    }
    let mut closing: JoinSet<()> = idle.into_iter().map(Way::close).collect();
    while closing.join_next().await.is_some() {}
    // A fault is over when nothing waits any more, though nothing was sent: what waited may have been withdrawn.
    let over = !tried && done.fault.is_none() && waiting.at_fault && done.next.is_none();
    done.idle = !tried && !over;
    if !done.idle {
        record(keeper, &done, clock.now()).await?;
    }
    Ok(done)
}

/// What has come back: at least one, or nothing for a while where others are idle, so that what was written meanwhile
/// does not wait for a server that thinks. And how a session broke, if one did.
async fn come_back(sending: &mut JoinSet<Back>, others_idle: bool) -> (Vec<Back>, Option<String>) {
    let first = tokio::select! {
        first = sending.join_next() => first,
        () = tokio::time::sleep(A_WHILE), if others_idle => None,
    };
    // Whatever else has come back by now shares the next commit.
    let others = std::iter::from_fn(|| sending.try_join_next());
    let (back, broken): (Vec<_>, Vec<_>) = first.into_iter().chain(others).partition(Result::is_ok);
    let mut back: Vec<Back> = back.into_iter().flatten().collect();
    let broken = broken.into_iter().find_map(Result::err).map(|error| error.to_string());
    // First those that are in order: whether the rest are a fault hangs on them.
    back.sort_by_key(|(way, ..)| !way.is_open());
    (back, broken)
}

impl Pass {
    /// One that came to nothing.
    fn failed(fault: String) -> Self {
        Self {
            fault: Some(fault),
            ..Self::default()
        }
    }

    /// Whether the way may be used for the next mail. While there are `others`, a session that could not be opened says
    /// rather that the server bears no more of them at one time: it is done without, and the others go on.
    fn note(&mut self, config: &Config, taken: &Taken, outcome: &Outcome, others: bool) -> bool {
        match outcome {
            Outcome::Accepted { .. } => self.sent += 1,
            refused if refused.ends_recipient() => self.refused += 1,
            other => {
                let Some(fault) = others_must_wait(other) else {
                    return true;
                };
                let message = &taken.message;
                let delay = config.rules.retry.delay(message.attempts, &message.words.message_id);
                if others && other.stage().is_some_and(|stage| stage < Stage::Mail) {
                    self.doubt = Some((fault, delay));
                    return false;
                }
                self.fault = Some(fault);
                self.wait = Some(delay);
            }
        }
        true
    }
}

/// What the register says of the outbox.
#[derive(Default)]
struct Waiting {
    /// When the next message may be tried, if one waits.
    next: Option<DateTime<Utc>>,
    /// The last pass met a fault.
    at_fault: bool,
}

fn waiting(register: &Sqlite) -> store::Result<Waiting> {
    register.read(|snapshot| {
        let rounds = snapshot.rounds()?;
        Ok(Waiting {
            next: snapshot.next_attempt()?,
            at_fault: rounds.iter().any(|(task, round)| *task == Task::Deliver && !round.ok),
        })
    })
}

/// Whether an outcome is about the server or the settings, and so about every other message too.
fn others_must_wait(outcome: &Outcome) -> Option<String> {
    let stage = outcome.stage()?;
    let about_the_server = outcome.pauses_outbox() || stage < Stage::Mail;
    // This goes into the log and the status; the words themselves are kept with the attempt.
    about_the_server.then(|| format!("{} at {stage}: {}", outcome.kind(), outcome.without_addresses()))
}

async fn record(keeper: &Keeper, pass: &Pass, now: DateTime<Utc>) -> Result<(), Error> {
    let round = Round {
        at: now,
        ok: pass.fault.is_none(),
        summary: pass
            .fault
            .clone()
            .unwrap_or_else(|| format!("{} mails accepted", pass.sent)),
    };
    keeper
        .with(move |register| register.write(|tx| tx.save_round(Task::Deliver, &round)))
        .await??;
    Ok(())
}

/// The way out: a folder, or a session with a server that is opened when first needed and kept while it is
/// sound.
struct Way {
    settings: MailSettings,
    session: Option<Session>,
}

impl Way {
    fn new(settings: &MailSettings) -> Self {
        Self {
            settings: settings.clone(),
            session: None,
        }
    }

    async fn send(&mut self, words: &NewMessage, written: DateTime<Utc>, now: DateTime<Utc>) -> Outcome {
        let mail = Mail {
            from: self.settings.from.clone(),
            to: Address {
                name: Some(words.name.clone()),
                email: words.recipient.clone(),
            },
            subject: words.subject.clone(),
            text: words.text.clone(),
            html: words.html.clone(),
            message_id: words.message_id.clone(),
            references: words.references.clone(),
            date: written,
        };
        match mail.render() {
            Ok(rendered) => self.hand_over(rendered, written, now).await,
            Err(error) => Outcome::refused(Stage::Rcpt, &error.to_string()),
        }
    }

    async fn hand_over(&mut self, rendered: Rendered, written: DateTime<Utc>, now: DateTime<Utc>) -> Outcome {
        match &self.settings.transport {
            Transport::File(folder) => {
                let folder = folder.clone();
                let delivered = tokio::task::spawn_blocking(move || file::deliver(&folder, &rendered, written));
                delivered
                    .await
                    .unwrap_or_else(|error| Outcome::unknown(&format!("writing the file was cut short: {error}")))
            }
            Transport::Smtp(smtp) => {
                if self.session.as_ref().is_none_or(|session| !session.usable()) {
                    match Session::open(smtp, now).await {
                        Ok(session) => self.session = Some(session),
                        Err(outcome) => return outcome,
                    }
                }
                match &mut self.session {
                    Some(session) => session.send(&rendered).await,
                    None => Outcome::deferred(Stage::Connect, "there is no connection"),
                }
            }
        }
    }

    fn is_open(&self) -> bool {
        self.session.as_ref().is_some_and(Session::usable)
    }

    async fn close(self) {
        if let Some(session) = self.session {
            session.close().await;
        }
    }
}

/// Sends one mail at once, outside the register: for `timeous mail test`.
///
/// # Errors
/// If no runtime can be had. What the server says is in the outcome.
pub fn send_now(settings: &MailSettings, message: &NewMessage, now: DateTime<Utc>) -> Result<Outcome, Error> {
    super::runtime()?.block_on(async {
        let mut way = Way::new(settings);
        let outcome = way.send(message, now, now).await;
        way.close().await;
        Ok(outcome)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_that_breaks_takes_no_other_with_it() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut sending: JoinSet<Back> = JoinSet::new();
            sending.spawn(std::future::pending());
            sending.spawn(async { panic!("as where the machine has no more threads") });
            let (back, broken) = come_back(&mut sending, true).await;
            assert!(back.is_empty());
            assert!(broken.is_some_and(|words| words.contains("no more threads")));
            assert_eq!(sending.len(), 1, "the other goes on");
        });
    }
}
