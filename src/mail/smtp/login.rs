//! `AUTH`: saying who we are, and never letting the proof of it into an outcome.

use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use tokio::{task::spawn_blocking, time::timeout};

use super::super::oauth::{Token, Tokens, hidden, proof};
use super::super::outcome::{Outcome, Stage};
use super::wire::{Broken, Wire};
use super::{Auth, Timeouts, expect, lost};

/// What will be said at `AUTH`.
pub(super) enum Credentials {
    /// Nothing.
    None,
    /// A password in one line.
    Plain { user: String, secret: SecretString },
    /// A password in three.
    Login { user: String, secret: SecretString },
    /// A token, and where another would come from.
    Xoauth2 {
        user: String,
        token: Token,
        tokens: Arc<Tokens>,
        now: DateTime<Utc>,
    },
}

impl Credentials {
    /// Gets a token where one is needed; nothing is said to the server yet.
    pub(super) async fn prepare(auth: &Auth, now: DateTime<Utc>, limit: Duration) -> Result<Credentials, Outcome> {
        Ok(match auth.clone() {
            Auth::None => Credentials::None,
            Auth::Plain { user, secret } => Credentials::Plain { user, secret },
            Auth::Login { user, secret } => Credentials::Login { user, secret },
            Auth::Xoauth2 { user, tokens } => Credentials::Xoauth2 {
                user,
                token: token(&tokens, now, limit).await?,
                tokens,
                now,
            },
        })
    }

    /// Logs in.
    pub(super) async fn perform(self, wire: &mut Wire, offered: &[String], times: Timeouts) -> Result<(), Outcome> {
        let mechanism = match self {
            Credentials::None => return Ok(()),
            Credentials::Plain { .. } => "PLAIN",
            Credentials::Login { .. } => "LOGIN",
            Credentials::Xoauth2 { .. } => "XOAUTH2",
        };
        if !offered.iter().any(|one| one == mechanism) {
            let why = format!("the server does not offer AUTH {mechanism}");
            return Err(Outcome::refused(Stage::Auth, &why));
        }
        match self {
            Credentials::None => Ok(()),
            Credentials::Plain { user, secret } => {
                let proof = STANDARD.encode(format!("\0{user}\0{}", secret.expose_secret()));
                let lines = [(format!("AUTH PLAIN {proof}"), 235)];
                say(wire, &lines, &[&proof, secret.expose_secret()], times.auth).await
            }
            Credentials::Login { user, secret } => {
                let proof = STANDARD.encode(secret.expose_secret());
                let lines = [
                    ("AUTH LOGIN".to_owned(), 334),
                    (STANDARD.encode(&user), 334),
                    (proof.clone(), 235),
                ];
                say(wire, &lines, &[&proof, secret.expose_secret()], times.auth).await
            }
            Credentials::Xoauth2 {
                user,
                token: first,
                tokens,
                now,
            } => {
                let refused = match bearer(wire, &user, &first.token, times.auth).await {
                    Ok(()) => return Ok(()),
                    Err(outcome) => outcome,
                };
                // A token may be taken back before its time, so one that was held gets a second chance as a fresh
                // one; either way this one is not offered again.
                tokens.forget();
                if first.fresh || !matches!(refused, Outcome::Refused { .. }) {
                    return Err(refused);
                }
                let second = token(&tokens, now, times.token).await?;
                let again = bearer(wire, &user, &second.token, times.auth).await;
                again.inspect_err(|_| tokens.forget())
            }
        }
    }
}

/// The endpoint is asked on a thread for such things.
async fn token(tokens: &Arc<Tokens>, now: DateTime<Utc>, limit: Duration) -> Result<Token, Outcome> {
    let tokens = Arc::clone(tokens);
    let asked = spawn_blocking(move || tokens.token(now, limit)).await;
    asked.unwrap_or_else(|_| Err(Outcome::deferred(Stage::Auth, "asking for a token was cut short")))
}

/// One try with a token. A server that does not like it may first send a challenge of its own (334, with the reason in
/// base64), which takes an empty line before it says no.
async fn bearer(wire: &mut Wire, user: &str, token: &SecretString, limit: Duration) -> Result<(), Outcome> {
    let proof = STANDARD.encode(proof(user, token));
    let secrets = [proof.as_str(), token.expose_secret()];
    let trying = async {
        let reply = wire.command(&format!("AUTH XOAUTH2 {proof}")).await?;
        match reply.code {
            334 => wire.command("").await,
            _ => Ok(reply),
        }
    };
    let reply = match timeout(limit, trying).await {
        Ok(tried) => tried.map_err(|broken| lost(Stage::Auth, &broken)),
        Err(_) => Err(lost(Stage::Auth, &Broken::TooSlow(limit))),
    };
    let judged = reply.and_then(|reply| expect(Stage::Auth, &reply, 235));
    judged.map_err(|outcome| without(outcome, &secrets))
}

/// Lines, each with the code that is wanted in answer.
async fn say(wire: &mut Wire, lines: &[(String, u16)], secrets: &[&str], limit: Duration) -> Result<(), Outcome> {
    let talking = async {
        for (line, code) in lines {
            let reply = wire.command(line).await;
            let reply = reply.map_err(|broken| lost(Stage::Auth, &broken))?;
            expect(Stage::Auth, &reply, *code)?;
        }
        Ok(())
    };
    match timeout(limit, talking).await {
        Ok(done) => done.map_err(|outcome| without(outcome, secrets)),
        Err(_) => Err(lost(Stage::Auth, &Broken::TooSlow(limit))),
    }
}

/// The same outcome, its words without these secrets.
fn without(outcome: Outcome, secrets: &[&str]) -> Outcome {
    let words = hidden(outcome.words(), secrets);
    match outcome {
        Outcome::Refused { stage, .. } => Outcome::refused(stage, &words),
        Outcome::Deferred { stage, .. } => Outcome::deferred(stage, &words),
        other => other,
    }
}
