//! What can become of a mail, in four words, and how long to wait after three
//! of them.
//!
//! The stage matters as much as the answer. A `550` to `RCPT` is about one
//! person; a `550` to `EHLO` is about us or the server, and no recipient must
//! lose a reminder over it.

use std::{fmt, str::FromStr, time::Duration};

use sha2::{Digest, Sha256};

/// The longest account of an outcome that is kept, in characters.
pub const WORDS_MAX: usize = 500;

/// The steps of handing over one mail, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Name resolution and the TCP connection.
    Connect,
    /// The server's greeting and its answer to `EHLO`.
    Hello,
    /// `STARTTLS` and the TLS handshake.
    Tls,
    /// `AUTH`.
    Auth,
    /// `MAIL FROM`.
    Mail,
    /// `RCPT TO`.
    Rcpt,
    /// `DATA` and the text of the message, without its final dot.
    Data,
    /// The final dot and the answer to it.
    Dot,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Stage; 8] = [
        Stage::Connect,
        Stage::Hello,
        Stage::Tls,
        Stage::Auth,
        Stage::Mail,
        Stage::Rcpt,
        Stage::Data,
        Stage::Dot,
    ];

    /// The stage as one lower-case word, as it is stored and shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Connect => "connect",
            Stage::Hello => "hello",
            Stage::Tls => "tls",
            Stage::Auth => "auth",
            Stage::Mail => "mail",
            Stage::Rcpt => "rcpt",
            Stage::Data => "data",
            Stage::Dot => "dot",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A word that names no [`Stage`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no stage of sending is called {0:?}")]
pub struct UnknownStage(String);

impl FromStr for Stage {
    type Err = UnknownStage;

    fn from_str(word: &str) -> Result<Stage, UnknownStage> {
        Stage::ALL
            .into_iter()
            .find(|stage| stage.as_str() == word)
            .ok_or_else(|| UnknownStage(bounded(word)))
    }
}

/// What became of one attempt to hand over one mail.
///
/// The words of [`Outcome::accepted`] and its three siblings are bounded to
/// [`WORDS_MAX`] characters and hold no control characters. They may repeat the
/// recipient's address: store them, do not log them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The server answered `2xx` after the final dot: the mail is its business
    /// now.
    Accepted {
        /// The server's reply, code first.
        reply: String,
    },
    /// Not sent, and worth another attempt: a `4xx`, a time limit, or a lost
    /// connection *before* the final dot.
    Deferred {
        /// Where it stopped.
        stage: Stage,
        /// The server's reply or a plain sentence.
        why: String,
    },
    /// Not sent, and another attempt of the same kind would fare no better: a
    /// `5xx`, or settings that cannot work.
    Refused {
        /// Where it stopped.
        stage: Stage,
        /// The server's reply or a plain sentence.
        why: String,
    },
    /// The connection was lost, fell silent or made no sense after the final
    /// dot may have been written. The server may or may not have the mail. Send
    /// it again under the same Message-ID.
    Unknown {
        /// A plain sentence.
        why: String,
    },
}

impl Outcome {
    /// [`Outcome::Accepted`] with its words made fit to keep.
    #[must_use]
    pub fn accepted(reply: &str) -> Outcome {
        Outcome::Accepted { reply: bounded(reply) }
    }

    /// [`Outcome::Deferred`] with its words made fit to keep.
    #[must_use]
    pub fn deferred(stage: Stage, why: &str) -> Outcome {
        Outcome::Deferred {
            stage,
            why: bounded(why),
        }
    }

    /// [`Outcome::Refused`] with its words made fit to keep.
    #[must_use]
    pub fn refused(stage: Stage, why: &str) -> Outcome {
        Outcome::Refused {
            stage,
            why: bounded(why),
        }
    }

    /// [`Outcome::Unknown`] with its words made fit to keep.
    #[must_use]
    pub fn unknown(why: &str) -> Outcome {
        Outcome::Unknown { why: bounded(why) }
    }

    /// `accepted`, `deferred`, `refused` or `unknown`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Outcome::Accepted { .. } => "accepted",
            Outcome::Deferred { .. } => "deferred",
            Outcome::Refused { .. } => "refused",
            Outcome::Unknown { .. } => "unknown",
        }
    }

    /// Where it stopped; none for a mail that went through or may have.
    #[must_use]
    pub fn stage(&self) -> Option<Stage> {
        match self {
            Outcome::Deferred { stage, .. } | Outcome::Refused { stage, .. } => Some(*stage),
            Outcome::Accepted { .. } | Outcome::Unknown { .. } => None,
        }
    }

    /// The server's reply, or our account where there was none.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Outcome::Accepted { reply } => reply,
            Outcome::Deferred { why, .. } | Outcome::Refused { why, .. } | Outcome::Unknown { why } => why,
        }
    }

    /// [`Outcome::words`] fit for a log: servers repeat addresses, and those go nowhere but into the register.
    #[must_use]
    pub fn without_addresses(&self) -> String {
        let around = |c: char| c.is_whitespace() || "<>()[],;:\"'=".contains(c);
        let pieces = self.words().split_inclusive(around).map(|piece| {
            let end = piece.char_indices().last().filter(|(_, last)| around(*last));
            let (word, after) = piece.split_at(end.map_or(piece.len(), |(at, _)| at));
            match word.contains('@') {
                true => format!("…{after}"),
                false => piece.to_owned(),
            }
        });
        pieces.collect()
    }

    /// Whether this recipient is out of reach: refused at `RCPT` or at the dot.
    /// Somebody else must be told.
    #[must_use]
    pub fn ends_recipient(&self) -> bool {
        matches!(
            self,
            Outcome::Refused {
                stage: Stage::Rcpt | Stage::Dot,
                ..
            }
        )
    }

    /// Whether the fault lies with the server or our settings, so that no mail
    /// has a chance: refused at any other stage.
    #[must_use]
    pub fn pauses_outbox(&self) -> bool {
        matches!(self, Outcome::Refused { .. }) && !self.ends_recipient()
    }
}

/// Control characters as spaces, runs of spaces as one, [`WORDS_MAX`] at most.
fn bounded(words: &str) -> String {
    super::message::one_line(words, WORDS_MAX)
}

/// How long to wait before trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// The pause after the first attempt.
    pub first: Duration,
    /// No pause is longer than this, jitter included.
    pub longest: Duration,
}

impl Retry {
    /// The pause after attempt number `attempt` (counted from 1; 0 is taken as
    /// 1): `first`, doubled for each attempt after it, moved by up to 20 % and
    /// never above `longest`. Exact to the millisecond.
    ///
    /// The move follows from `salt` and `attempt` alone. Mails that failed
    /// together do not come back together, and a restarted program computes
    /// the same moment again. Any text that tells one mail from another will
    /// do as `salt`.
    #[must_use]
    pub fn delay(&self, attempt: u32, salt: &str) -> Duration {
        let attempt = attempt.max(1);
        let doubled = 1_u128.checked_shl(attempt - 1).unwrap_or(u128::MAX);
        let longest = self.longest.as_millis();
        let plain = self.first.as_millis().saturating_mul(doubled).min(longest);
        let mut hash = Sha256::new();
        hash.update(attempt.to_be_bytes());
        hash.update(salt.as_bytes());
        let digest = hash.finalize();
        let dice = u16::from_be_bytes([digest[0], digest[1]]);
        let permille = 800 + u128::from(dice % 401);
        let moved = (plain.saturating_mul(permille) / 1000).min(longest);
        Duration::from_millis(u64::try_from(moved).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RETRY: Retry = Retry {
        first: Duration::from_secs(60),
        longest: Duration::from_secs(3600),
    };

    #[test]
    fn a_stage_is_read_back_from_its_word() {
        for stage in Stage::ALL {
            assert_eq!(stage.to_string().parse(), Ok(stage));
        }
        assert!("DATA".parse::<Stage>().is_err());
    }

    #[test]
    fn only_rcpt_and_dot_end_a_recipient_and_every_other_refusal_pauses() {
        for stage in Stage::ALL {
            let ends = matches!(stage, Stage::Rcpt | Stage::Dot);
            let refused = Outcome::refused(stage, "550 no");
            assert_eq!(refused.ends_recipient(), ends, "{stage}");
            assert_eq!(refused.pauses_outbox(), !ends, "{stage}");
            let deferred = Outcome::deferred(stage, "450 later");
            assert!(!deferred.ends_recipient() && !deferred.pauses_outbox());
        }
        for other in [Outcome::accepted("250 ok"), Outcome::unknown("cut")] {
            assert!(!other.ends_recipient() && !other.pauses_outbox());
            assert_eq!(other.stage(), None);
        }
    }

    #[test]
    fn words_are_bounded_and_hold_no_control_characters() {
        let long = format!("550 \u{1b}[31mno\r\n{}", "§".repeat(5000));
        let outcome = Outcome::refused(Stage::Rcpt, &long);
        assert_eq!(outcome.words().chars().count(), WORDS_MAX);
        assert!(outcome.words().starts_with("550 [31mno §§"));
    }

    #[test]
    fn no_address_is_left_for_the_log() {
        for (words, said) in [
            ("", ""),
            ("550 5.1.8 <foi@x.uk>: Sender refused", "550 5.1.8 <…>: Sender refused"),
            ("550 foi@x.uk,b@y.uk no", "550 …,… no"),
            ("550 no such user: müller@x.uk", "550 no such user: …"),
            ("535 5.7.8 Error", "535 5.7.8 Error"),
            ("550 to=<a@b>, relay=[192.0.2.1]", "550 to=<…>, relay=[192.0.2.1]"),
        ] {
            assert_eq!(Outcome::refused(Stage::Mail, words).without_addresses(), said);
        }
    }

    #[test]
    fn the_pause_doubles_up_to_the_longest() {
        for (attempt, seconds) in [(0, 60), (1, 60), (2, 120), (3, 240), (6, 1920)] {
            let got = RETRY.delay(attempt, "any").as_millis();
            let plain = u128::from(seconds * 1000_u64);
            assert!((plain * 8 / 10..=plain * 12 / 10).contains(&got), "{attempt}: {got}");
        }
        for attempt in [7, 20, 127, 128, 129, u32::MAX] {
            let got = RETRY.delay(attempt, "any").as_secs();
            assert!((2880..=3600).contains(&got), "{attempt}: {got}");
        }
    }

    #[test]
    fn the_pause_is_the_same_again_and_differs_between_mails() {
        assert_eq!(RETRY.delay(3, "a@x"), RETRY.delay(3, "a@x"));
        let different: std::collections::BTreeSet<_> = (0..50).map(|n| RETRY.delay(3, &format!("{n}@x"))).collect();
        assert!(different.len() > 30, "{different:?}");
    }

    proptest! {
        /// 1.2 of one step is below 0.8 of the step after the next, so a later
        /// attempt but one never comes sooner, until the cap.
        #[test]
        fn the_pause_grows_but_for_the_jitter(attempt in 1_u32..200, salt in ".*", first in 1_u64..10_000_000, longest in 1_u64..10_000_000) {
            let retry = Retry { first: Duration::from_millis(first), longest: Duration::from_millis(longest) };
            let now = retry.delay(attempt, &salt);
            let later = retry.delay(attempt + 2, &salt);
            prop_assert!(now <= retry.longest && later <= retry.longest);
            let capped = later.as_millis() + 1 >= u128::from(longest) * 8 / 10;
            prop_assert!(later >= now || capped, "{now:?} {later:?}");
        }
    }
}
