//! What a token endpoint answers.

use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use timeous::http::{self, Url};
use timeous::mail::oauth::Tokens;
use timeous::mail::{Outcome, Stage, outcome::WORDS_MAX};

/// The client's own; the endpoint may repeat it, and no outcome does.
const SECRET: &str = "s3cr3t~0f-the.client";

/// What the endpoint may answer with, and that it was cut off.
const STATUS: [u16; 6] = [200, 400, 401, 429, 500, 599];

/// An answer is a token that may stand on a command line, word for word as it came; or it comes to a pause at `AUTH`
/// whose words are one bounded line without the client's secret.
pub(super) fn token_replies(data: &[u8]) {
    let (status, body) = match data.split_first() {
        Some((first, rest)) => (STATUS[usize::from(*first) % STATUS.len()], rest),
        None => (200, data),
    };
    let endpoint = Url::parse("https://127.0.0.1:9/token").unwrap();
    let tokens = Tokens::new(
        endpoint,
        "client".to_owned(),
        "scope".to_owned(),
        SecretString::from(SECRET),
    );
    let now = DateTime::UNIX_EPOCH;
    let answer = match status {
        200 => Ok(body.to_vec()),
        status => Err(http::Error::Status {
            status,
            body: body.to_vec(),
        }),
    };
    match tokens.answered(answer, now) {
        Ok(token) => {
            assert_eq!(status, 200);
            granted(token.token.expose_secret(), body, &tokens, now);
        }
        Err(outcome) => not_granted(&outcome, status),
    }
}

fn granted(token: &str, body: &[u8], tokens: &Tokens, now: DateTime<Utc>) {
    assert!(!token.is_empty() && token.len() <= 8 * 1024);
    assert!(token.bytes().all(|byte| byte.is_ascii_graphic()), "{token:?}");
    // Read by other rules: whatever the form, an object or the fields in their order, the token stands first. Some of
    // what nobody looks at is no JSON to them.
    let Ok(form) = serde_json::from_slice::<serde_json::Value>(body) else {
        return;
    };
    let field = |name: &str, at: usize| form.get(name).or_else(|| form.get(at)).cloned().unwrap_or_default();
    assert_eq!(field("access_token", 0).as_str(), Some(token));
    // One that lasts is held, and asked for no more; there is nobody at the endpoint.
    if field("expires_in", 1).as_u64().is_some_and(|seconds| seconds > 60) {
        let held = tokens.token(now, Duration::ZERO).unwrap();
        assert!(!held.fresh && held.token.expose_secret() == token);
    }
}

fn not_granted(outcome: &Outcome, status: u16) {
    assert_eq!(outcome.stage(), Some(Stage::Auth));
    assert!(matches!(outcome, Outcome::Deferred { .. } | Outcome::Refused { .. }));
    let refused = matches!(outcome, Outcome::Refused { .. });
    assert!(!refused || (400..500).contains(&status), "refused by a {status}");
    super::one_line(outcome.words());
    assert!(outcome.words().chars().count() <= WORDS_MAX);
    assert!(!outcome.words().contains(&SECRET[..8]), "{}", outcome.words());
}
