//! `timeous mail`: is there a way out, and what waits at the door.

use std::fmt::Write as _;

use super::{Context, Error, Result, Said};
use crate::casework::deliver::{self, Retried};
use crate::clock::{in_full, london_day, london_time};
use crate::config::{Config, Transport};
use crate::mail::{Address, Outcome, message_id};
use crate::service;
use crate::store::{Attempt, NewMessage, Sqlite, Store};

pub(super) fn test(context: &Context, address: &str) -> Result {
    let to = Address::parse(address).map_err(|error| Error::Typed(format!("{address:?}: {error}; check it")))?;
    let config = context.config()?;
    config.need_mail_secret()?;
    let now = context.now();
    let today = in_full(london_day(now));
    let domain = &config.rules.mail_domain;
    let text = format!("This is a test of the way out for mail, sent on {today}. Nothing is due.\n");
    let message = NewMessage {
        recipient: to.email.clone(),
        name: to.name.unwrap_or_else(|| to.email.clone()),
        morning: london_day(now),
        message_id: message_id(&to.email, &[now.to_rfc3339()], domain),
        references: Vec::new(),
        subject: "Timeous: a test mail".to_owned(),
        html: format!("<!doctype html><meta charset=\"utf-8\"><p>{text}</p>"),
        text,
    };
    let way = match &config.mail.transport {
        Transport::File(folder) => format!("written into {}", folder.display()),
        Transport::Smtp(smtp) => format!("handed to {}:{}", smtp.host, smtp.port),
    };
    match service::send_now(&config.mail, &message, now)? {
        Outcome::Accepted { reply } => Ok(Said::well(format!("accepted, {way}: {reply}\n"))),
        other => {
            let stage = other.stage().map(|stage| format!(" at {stage}")).unwrap_or_default();
            Err(Error::Failed(format!(
                "the test mail was not accepted: {}{stage}: {}; check [mail] in the configuration",
                other.kind(),
                other.words()
            )))
        }
    }
}

/// A line that says so where mail reaches nobody: as shipped it goes into files, and nothing else would tell.
pub(super) fn stays_here(config: &Config) -> String {
    match &config.mail.transport {
        Transport::File(folder) => format!(
            "mail goes into files in {} and reaches nobody; [mail] in the configuration names a server\n",
            folder.display()
        ),
        Transport::Smtp(_) => String::new(),
    }
}

pub(super) fn queue(context: &Context) -> Result {
    let (_, register) = context.looked()?;
    let outbox = register.read(|snapshot| snapshot.outbox())?;
    if outbox.is_empty() {
        return Ok(Said::well("nothing waits\n"));
    }
    let mut text = String::new();
    for (message, attempts) in &outbox {
        let doubt = match message.maybe_duplicate {
            true => ", perhaps delivered already",
            false => "",
        };
        let _ = writeln!(
            text,
            "{}  {}{doubt}  to {}: {}\n    <{}>, of {}, not before {} {}",
            message.id,
            message.state,
            message.words.recipient,
            message.words.subject,
            message.words.message_id,
            in_full(message.words.morning),
            in_full(london_day(message.not_before)),
            london_time(message.not_before).format("%H:%M:%S"),
        );
        for attempt in attempts {
            attempt_line(&mut text, attempt);
        }
    }
    Ok(Said::well(text))
}

pub(super) fn retry(context: &Context, id: i64) -> Result {
    context.refuse_pretended("mail retry")?;
    let (config, mut register) = context.opened()?;
    let said = match deliver::retry(&mut register, id, context.now())? {
        Retried::Hurried => "is tried at the next occasion",
        Retried::Forgiven => "was refused; its mailbox is written to again, with what of it is still to be told",
    };
    let when = match Sqlite::daemon_runs(&config.register)? {
        true => "; where the service waits for its mail server, `systemctl reload timeous` makes it try at once",
        false => "; the service does not run: start it, or `timeous run --once`",
    };
    Ok(Said::well(format!("mail {id} {said}{when}\n")))
}

/// One try: when, how it ended, and the server's words.
pub(super) fn attempt_line(text: &mut String, attempt: &Attempt) {
    let stage = attempt
        .stage
        .as_ref()
        .map(|stage| format!(" at {stage}"))
        .unwrap_or_default();
    let _ = writeln!(
        text,
        "      {} {}  {}{stage}: {}",
        london_day(attempt.at),
        london_time(attempt.at).format("%H:%M:%S"),
        attempt.outcome.as_deref().unwrap_or("under way"),
        attempt.reply.as_deref().unwrap_or("no answer yet"),
    );
}
