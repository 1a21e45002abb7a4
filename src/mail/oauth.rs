//! Tokens for `AUTH XOAUTH2`: asked for with the client's own credentials (RFC 6749, 4.4; Microsoft 365's form) and
//! kept until a minute before they expire.
//!
//! The token endpoint stands between us and the mail server, so whatever it does wrong is an [`Outcome`] at
//! [`Stage::Auth`]: deferred while it is away, slow or senseless, refused where it says that the client is not
//! welcome. No outcome holds a token or the client's secret, even if the endpoint repeats them.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::message::one_line;
use super::outcome::{Outcome, Stage};
use crate::http::{self, Bounds, Url};

/// No answer of a token endpoint is longer: Microsoft's have two thousand bytes.
const LONGEST: u64 = 64 * 1024;

/// A token's longest life in one piece on a command line (RFC 4954, 4, allows 12,288 bytes for all of it).
const TOKEN_MAX: usize = 8 * 1024;

/// A token is not used in its last minute: clocks differ, and a session takes its time.
const MARGIN: TimeDelta = TimeDelta::seconds(60);

/// The longest life that is believed.
const LONGEST_LIFE: TimeDelta = TimeDelta::hours(24);

/// What a refused client may be told, in characters.
const DESCRIPTION_MAX: usize = 200;

/// Where tokens come from, and the one that is held.
pub struct Tokens {
    endpoint: Url,
    client_id: String,
    scope: String,
    secret: SecretString,
    held: Mutex<Option<Held>>,
}

struct Held {
    token: SecretString,
    until: DateTime<Utc>,
}

/// A token, and whether it was asked for just now.
#[derive(Debug)]
pub struct Token {
    /// What stands behind `Bearer`.
    pub token: SecretString,
    /// It has not been used before, so that a refusal is not for its age.
    pub fresh: bool,
}

/// What comes back (RFC 6749, 5.1).
#[derive(Deserialize)]
struct Granted {
    access_token: SecretString,
    #[serde(default)]
    expires_in: Option<u32>,
}

/// What comes back instead (RFC 6749, 5.2).
#[derive(Deserialize)]
struct NotGranted {
    error: String,
    #[serde(default)]
    error_description: String,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("endpoint", &self.endpoint)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

impl Tokens {
    /// Tokens of this client from this endpoint.
    #[must_use]
    pub fn new(endpoint: Url, client_id: String, scope: String, secret: SecretString) -> Self {
        Self {
            endpoint,
            client_id,
            scope,
            secret,
            held: Mutex::new(None),
        }
    }

    /// The token that is held, or a fresh one. Blocks for `limit` at most; of two who find none both may ask.
    ///
    /// # Errors
    /// [`Outcome::Deferred`] or [`Outcome::Refused`] at [`Stage::Auth`].
    pub fn token(&self, now: DateTime<Utc>, limit: Duration) -> Result<Token, Outcome> {
        if let Some(held) = self.held().as_ref().filter(|held| now < held.until) {
            return Ok(Token {
                token: held.token.clone(),
                fresh: false,
            });
        }
        self.answered(self.ask(limit), now)
    }

    /// What the endpoint's answer comes to: a token, which is held from now on, or why there is none.
    ///
    /// # Errors
    /// As [`Tokens::token`] has them.
    #[doc(hidden)]
    pub fn answered(&self, answer: Result<Vec<u8>, http::Error>, now: DateTime<Utc>) -> Result<Token, Outcome> {
        let granted = self.granted(answer)?;
        let life = granted.expires_in.map_or(TimeDelta::zero(), |seconds| {
            TimeDelta::seconds(i64::from(seconds)).min(LONGEST_LIFE)
        });
        *self.held() = Some(Held {
            token: granted.access_token.clone(),
            until: now + life - MARGIN,
        });
        Ok(Token {
            token: granted.access_token,
            fresh: true,
        })
    }

    /// A server did not take the token that is held.
    pub fn forget(&self) {
        *self.held() = None;
    }

    fn held(&self) -> MutexGuard<'_, Option<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask(&self, limit: Duration) -> Result<Vec<u8>, http::Error> {
        let form = [
            ("client_id", self.client_id.as_str()),
            ("scope", self.scope.as_str()),
            ("client_secret", self.secret.expose_secret()),
            ("grant_type", "client_credentials"),
        ];
        let bounds = Bounds {
            time: limit,
            bytes: LONGEST,
            ca: None,
        };
        http::post_form(&self.endpoint, &form, &bounds)
    }

    fn granted(&self, answer: Result<Vec<u8>, http::Error>) -> Result<Granted, Outcome> {
        let host = self.endpoint.host();
        let deferred =
            |why: &str| Outcome::deferred(Stage::Auth, &format!("no token for the mail server: {host} {why}"));
        match answer {
            Ok(answer) => serde_json::from_slice::<Granted>(&answer)
                .ok()
                .filter(|granted| usable(granted.access_token.expose_secret()))
                .ok_or_else(|| deferred("answers with something else than a token")),
            Err(http::Error::Status { status, body }) if (400..500).contains(&status) => {
                match serde_json::from_slice::<NotGranted>(&body) {
                    Ok(why) if about_us(&why.error) => Err(self.refused(&why)),
                    _ => Err(deferred(&http::Error::Status { status, body }.to_string())),
                }
            }
            Err(error) => Err(deferred(&error.to_string())),
        }
    }

    fn refused(&self, why: &NotGranted) -> Outcome {
        let said = one_line(&why.error_description, DESCRIPTION_MAX);
        let said = if said.is_empty() { said } else { format!(" ({said})") };
        let words = format!(
            "no token for the mail server: {} answers {}{said}",
            self.endpoint.host(),
            one_line(&why.error, DESCRIPTION_MAX)
        );
        Outcome::refused(Stage::Auth, &hidden(&words, &[self.secret.expose_secret()]))
    }
}

/// The errors of RFC 6749, 5.2, are all about who asks and for what: asking again changes nothing.
fn about_us(error: &str) -> bool {
    matches!(
        error,
        "invalid_client"
            | "invalid_request"
            | "invalid_grant"
            | "invalid_scope"
            | "unauthorized_client"
            | "unsupported_grant_type"
            | "access_denied"
    )
}

/// A token is one printable word; anything else would forge a part of the command it goes into.
fn usable(token: &str) -> bool {
    !token.is_empty() && token.len() <= TOKEN_MAX && token.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The proof of `AUTH XOAUTH2`, before base64.
pub(super) fn proof(user: &str, token: &SecretString) -> String {
    format!("user={user}\u{1}auth=Bearer {}\u{1}\u{1}", token.expose_secret())
}

/// How much of a secret is a secret: servers that repeat a command may cut it off.
const TELLING: usize = 8;

/// Words with every secret in them, or the beginning of one, taken out. Some servers repeat the command that they
/// do not understand.
pub(super) fn hidden(words: &str, secrets: &[&str]) -> String {
    secrets
        .iter()
        .filter(|secret| !secret.is_empty())
        .fold(words.to_owned(), |words, secret| without(&words, secret))
}

fn without(words: &str, secret: &str) -> String {
    let telling: String = secret.chars().take(TELLING).collect();
    let mut said = String::with_capacity(words.len());
    let mut rest = words;
    while let Some((before, _)) = rest.split_once(&telling) {
        said.push_str(before);
        said.push('…');
        let told = &rest[before.len()..];
        let alike = told.chars().zip(secret.chars()).take_while(|(a, b)| a == b);
        let length: usize = alike.map(|(letter, _)| letter.len_utf8()).sum();
        rest = &told[length..];
    }
    said.push_str(rest);
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_taken_out_whole_or_cut_off() {
        for (words, said) in [
            ("535 no", "535 no"),
            (
                "500 unknown: AUTH PLAIN AHRpbWVvdXMAc2VjcmV0",
                "500 unknown: AUTH PLAIN …",
            ),
            ("500 AHRpbWVvdXM… AHRpbWVvdXMAc2Vj", "500 …… …"),
            ("500 AHRpbWV", "500 AHRpbWV"),
        ] {
            assert_eq!(hidden(words, &["AHRpbWVvdXMAc2VjcmV0", ""]), said);
        }
        assert_eq!(
            hidden("your password pw§1 is wrong", &["pw§1"]),
            "your password … is wrong"
        );
    }

    #[test]
    fn a_token_that_would_forge_a_command_is_none() {
        assert!(usable("eyJ0.eXAi-_~+/=="));
        for bad in ["", "a b", "a\r\nMAIL", "a\u{1}", "é", &"x".repeat(TOKEN_MAX + 1)] {
            assert!(!usable(bad), "{bad:?}");
        }
    }

    #[test]
    fn the_proof_is_as_google_and_microsoft_describe_it() {
        let token = SecretString::from("vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg==");
        let proof = proof("someuser@example.com", &token);
        assert_eq!(
            proof,
            "user=someuser@example.com\u{1}auth=Bearer vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg==\u{1}\u{1}"
        );
    }
}
