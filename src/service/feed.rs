//! The published list of bank holidays, looked at once a day where the settings say so. What differs from the
//! calendar in force is told to those who watch the service; nothing is ever applied.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::Error;
use super::fault::LastFault;
use super::keeper::Keeper;
use super::pace::until_next_look;
use crate::casework::feed;
use crate::clock::{Clock, london_day};
use crate::config::Config;
use crate::http::Url;
use crate::store::{Round, Sqlite, Store, Task};

/// After a failure the list is due again this much later.
const RETRY: TimeDelta = TimeDelta::hours(1);

/// Looks at the list whenever that is due, until told to stop.
pub(super) async fn forever(
    keeper: Keeper,
    mut config: watch::Receiver<Arc<Config>>,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) {
    let mut last = LastFault::default();
    while !stop.is_cancelled() {
        let settings = Arc::clone(&config.borrow_and_update());
        if let Some(url) = settings.feed.clone() {
            let fault = match look(&keeper, &settings, url, &*clock).await {
                Ok(fault) => fault,
                Err(error) => Some(error.to_string()),
            };
            if last.is_news(fault.as_deref())
                && let Some(words) = fault
            {
                tracing::warn!("the list of bank holidays was not looked at: {words}");
            }
        } else if let Err(error) = forget_fault(&keeper, clock.now()).await {
            tracing::warn!("the last look at the list of bank holidays: {error}");
        }
        until_next_look(settings.feed.is_some(), &mut config, &stop).await;
    }
}

/// One look, if one is due; why it failed if it did.
async fn look(keeper: &Keeper, config: &Arc<Config>, url: Url, clock: &dyn Clock) -> Result<Option<String>, Error> {
    let last = keeper
        .with(|register| register.read(|snapshot| snapshot.rounds()))
        .await??;
    let last = last.into_iter().find(|(task, _)| *task == Task::Feed);
    if let Some((_, round)) = last.filter(|(_, round)| !is_due(round, clock.now())) {
        return Ok((!round.ok).then_some(round.summary));
    }
    let address = url.clone();
    let fetched = tokio::task::spawn_blocking(move || feed::fetch(&address).map_err(|error| error.to_string())).await;
    let fetched = fetched.unwrap_or_else(|error| Err(error.to_string()));
    let (config, now) = (Arc::clone(config), clock.now());
    let done = keeper.with(move |register| -> Result<Round, Error> {
        let (ok, summary) = match fetched {
            Ok(list) => (true, feed::judge(register, &config.rules, (&url.whole(), &list), now)?),
            Err(why) => (false, format!("{} {why}", url.host())),
        };
        let round = Round { at: now, ok, summary };
        register.write(|tx| tx.save_round(Task::Feed, &round))?;
        Ok(round)
    });
    let round = done.await??;
    Ok((!round.ok).then_some(round.summary))
}

/// Where the list is looked at no more, that it once could not be is nobody's concern.
async fn forget_fault(keeper: &Keeper, now: DateTime<Utc>) -> Result<(), Error> {
    let forget = move |register: &mut Sqlite| -> Result<(), Error> {
        let rounds = register.read(|snapshot| snapshot.rounds())?;
        if rounds.iter().any(|(task, round)| *task == Task::Feed && !round.ok) {
            let round = Round {
                at: now,
                ok: true,
                summary: "no list is asked for".to_owned(),
            };
            register.write(|tx| tx.save_round(Task::Feed, &round))?;
        }
        Ok(())
    };
    keeper.with(forget).await?
}

/// Once a day; after a failure, and after the clock was set back, sooner.
fn is_due(last: &Round, now: DateTime<Utc>) -> bool {
    match last.ok {
        true => london_day(last.at) != london_day(now),
        false => (now - last.at).abs() >= RETRY,
    }
}
