//! `[mail]`: how mail leaves, and how often it is tried.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use secrecy::SecretString;

use super::secret::Secrets;
use super::{Error, file, wrong};
use crate::http::Url;
use crate::mail::message::ascii_domain;
use crate::mail::oauth::Tokens;
use crate::mail::{Address, Auth, Retry, Security, Settings as Smtp, Timeouts};

/// How mail leaves.
#[derive(Debug, Clone)]
pub enum Transport {
    /// One file a message, in a folder.
    File(PathBuf),
    /// A mail server.
    Smtp(Box<Smtp>),
}

/// More connections than these at one time no server of an office likes to see.
const MOST_SESSIONS: u8 = 20;

/// How mail leaves, and in whose name.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// The sender.
    pub from: Address,
    /// The way out.
    pub transport: Transport,
    /// How many connections to the server may be open at one time.
    pub sessions: u8,
}

/// The way out for mail: what is named lies beside the configuration, what is made in the state folder.
pub(super) fn transport(
    mail: &file::Mail,
    (folder, state): (&Path, &Path),
    secrets: &mut Secrets,
) -> Result<Transport, Error> {
    match mail.transport {
        file::TransportName::File => Ok(Transport::File(state.join(&mail.folder))),
        file::TransportName::Smtp => {
            let smtp = mail.smtp.as_ref().ok_or_else(|| {
                Error("mail.transport is \"smtp\" but there is no [mail.smtp]; add its host and port".to_owned())
            })?;
            Ok(Transport::Smtp(Box::new(smtp_settings(smtp, folder, secrets)?)))
        }
    }
}

pub(super) fn retry(given: &file::Retry) -> Result<Retry, Error> {
    let first = duration("mail.retry.first", &given.first)?;
    let longest = duration("mail.retry.longest", &given.longest)?;
    if longest < first {
        return Err(Error("mail.retry.longest is shorter than mail.retry.first".to_owned()));
    }
    Ok(Retry { first, longest })
}

/// Reads `30s`, `1m` or `2h`; more than nothing, at most a day.
fn duration(key: &str, text: &str) -> Result<std::time::Duration, Error> {
    let seconds = text.char_indices().last().and_then(|(last, unit)| {
        let number: u64 = text.get(..last)?.parse().ok()?;
        let unit = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            _ => return None,
        };
        number.checked_mul(unit)
    });
    match seconds {
        Some(seconds @ 1..=86_400) => Ok(std::time::Duration::from_secs(seconds)),
        _ => Err(wrong(
            key,
            format!("{text:?} is not a length of time such as 30s, 1m or 2h (at most 24h)"),
        )),
    }
}

/// A folder is filled a mail at a time.
pub(super) fn sessions(given: &file::Mail) -> Result<u8, Error> {
    match given.smtp.as_ref().map_or(1, |smtp| smtp.sessions) {
        some @ 1..=MOST_SESSIONS => Ok(some),
        other => Err(Error(format!(
            "mail.smtp.sessions is {other}; write how many connections may be open at one time, 1 to {MOST_SESSIONS}"
        ))),
    }
}

fn smtp_settings(given: &file::Smtp, folder: &Path, secrets: &mut Secrets) -> Result<Smtp, Error> {
    let mut secret = || -> Result<SecretString, Error> {
        match &given.secret {
            Some(secret) => secrets.read("mail.smtp.secret", secret),
            None => Err(Error(
                "mail.smtp.auth needs mail.smtp.secret: { file = \"…\" } or { credential = \"…\" }".to_owned(),
            )),
        }
    };
    let user = || {
        given
            .user
            .clone()
            .ok_or_else(|| Error("mail.smtp.auth needs mail.smtp.user".to_owned()))
    };
    let host = ascii_domain(&given.host).unwrap_or_else(|| given.host.clone());
    let settings = Smtp {
        host,
        port: given.port,
        security: match given.tls {
            file::Tls::Implicit => Security::Implicit,
            file::Tls::Starttls => Security::StartTls,
            file::Tls::None => Security::None,
        },
        client_name: given.client_name.clone(),
        ca: given.ca.as_ref().map(|ca| folder.join(ca)),
        auth: match given.auth {
            file::AuthName::None => Auth::None,
            file::AuthName::Plain => Auth::Plain {
                user: user()?,
                secret: secret()?,
            },
            file::AuthName::Login => Auth::Login {
                user: user()?,
                secret: secret()?,
            },
            file::AuthName::Xoauth2 => Auth::Xoauth2 {
                user: user()?,
                tokens: Arc::new(tokens(given, secret()?)?),
            },
        },
        timeouts: Timeouts::default(),
    };
    settings.check().map_err(|error| wrong("mail.smtp", error))?;
    Ok(settings)
}

fn tokens(given: &file::Smtp, secret: SecretString) -> Result<Tokens, Error> {
    let oauth = given.oauth.as_ref().ok_or_else(|| {
        Error(
            "mail.smtp.auth \"xoauth2\" needs mail.smtp.oauth: { token_url = \"https://…\", client_id = \"…\", \
             scope = \"…\" }"
                .to_owned(),
        )
    })?;
    let endpoint = Url::parse(&oauth.token_url).map_err(|error| wrong("mail.smtp.oauth.token_url", error))?;
    Ok(Tokens::new(
        endpoint,
        oauth.client_id.clone(),
        oauth.scope.clone(),
        secret,
    ))
}
