//! `timeous run`: the service, or one round of it.

use std::sync::Arc;

use tracing_subscriber::EnvFilter;

use super::{Context, Error, Result, Said};
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
        let done = service::once(config, clock)?;
        if !done.faults.is_empty() {
            return Err(Error::Failed(done.faults.join("; ")));
        }
        return Ok(Said::well(format!(
            "{} written, {} sent\n",
            plural(i64::try_from(done.written).unwrap_or(i64::MAX), "mail"),
            done.sent
        )));
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

/// A pretended day would send real officers wrong mails.
fn only_a_demonstration(config: &crate::config::Config, once: bool) -> Result<()> {
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
