//! `timeous run`: the service, or one round of it.

use std::sync::Arc;

use tracing_subscriber::EnvFilter;

use super::{Context, Error, Result, Said};
use crate::clock::{in_full, london_day, london_time};
use crate::config::Config;
use crate::service;
use crate::store::{Sqlite, Store};
use crate::wording::plural;

pub(super) fn run(context: &Context, once: bool) -> Result {
    let config = context.config()?;
    config.need_secrets()?;
    if context.pretended {
        only_a_demonstration(&config, once)?;
    }
    log_to_stderr();
    let clock = Arc::clone(&context.clock);
    if once {
        let waits = until_morning(&config, context);
        let done = service::once(config, clock)?;
        if !done.faults.is_empty() {
            return Err(Error::Failed(done.faults.join("; ")));
        }
        let text = format!(
            "{} written, {} sent\n",
            plural(i64::try_from(done.written).unwrap_or(i64::MAX), "mail"),
            done.sent
        );
        return Ok(Said {
            complaints: waits.filter(|_| done.written == 0).into_iter().collect(),
            ..Said::well(text)
        });
    }
    let again = || {
        let config = context.config().map_err(|error| match error {
            Error::Typed(words) | Error::Failed(words) => words,
        })?;
        config.need_secrets().map_err(|error| error.to_string())?;
        Ok(config)
    };
    service::run(config, clock, again)?;
    Ok(Said::default())
}

/// When the next mails are written, where this is not the time for any: whoever tries the program in the evening would
/// otherwise look for the fault.
fn until_morning(config: &Config, context: &Context) -> Option<String> {
    let rules = &config.rules;
    let (today, time) = (london_day(context.now()), london_time(context.now()));
    let open_days = rules.open_days();
    let next = match open_days.is_open(today) {
        true if time < rules.send_at => today,
        true if time <= rules.send_until => return None,
        _ => open_days.after(today),
    };
    Some(format!(
        "this is outside the hours of mail; the service, or `run --once` again, writes what has come by {} on {}",
        rules.send_at.format("%H:%M"),
        in_full(next)
    ))
}

/// A pretended day would send real officers wrong mails.
fn only_a_demonstration(config: &Config, once: bool) -> Result<()> {
    let file_mail = matches!(config.mail.transport, crate::config::Transport::File(_));
    let demo = Sqlite::open(&config.register)?.read(|snapshot| snapshot.about())?.demo;
    if once && file_mail && demo {
        return Ok(());
    }
    Err(Error::Typed(
        "--today is for `run --once` on a demonstration's register with mail as files; leave it out".to_owned(),
    ))
}

/// The journal, or whoever reads stderr; `TIMEOUS_LOG` says how much.
///
/// Only this program's own lines: those of libraries, at whatever level, may hold addresses and secrets. Most write to
/// another kind of log, to which nothing here listens.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_env("TIMEOUS_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let logger = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        // A log on a full disk ends the log, not the service: to say so on stderr as well would be a panic.
        .log_internal_errors(false)
        .with_target(false);
    // The journal has its own time.
    let under_systemd = std::env::var_os("JOURNAL_STREAM").is_some();
    let set = match under_systemd {
        true => logger.without_time().try_init(),
        false => logger.try_init(),
    };
    if set.is_err() {
        tracing::debug!("another logger was set first");
    }
}
