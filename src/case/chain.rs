//! The chain of hashes that ties every entry to the one before it.
//!
//! It has two levels: a hash of what an entry says, and a hash over that, over what the register keeps of
//! the entry for ever, and over the link before. So the words of an old case can be emptied and the chain
//! still holds.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use sha2::{Digest, Sha256};

/// The link before the first entry.
pub const ORIGIN: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What the register keeps of an entry for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link<'a> {
    /// Its place in the register, from 1, over all cases.
    pub position: u32,
    /// The case; none for the register's own entries.
    pub reference: Option<&'a str>,
    /// Its number within the case.
    pub seq: u32,
    /// What it records.
    pub kind: &'a str,
    /// Its day.
    pub on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// By whom.
    pub recorded_by: &'a str,
    /// On whose behalf.
    pub by: Option<&'a str>,
    /// The entry it corrects.
    pub supersedes: Option<u32>,
    /// The hash of what it says.
    pub body_hash: &'a str,
}

/// The hash of what an entry says: 64 hexadecimal digits.
#[must_use]
pub fn body_hash(body: &str) -> String {
    hex(Sha256::digest(body))
}

/// The hash that ties a link to the one before: 64 hexadecimal digits.
#[must_use]
pub fn link_hash(before: &str, link: &Link<'_>) -> String {
    // A JSON list, because it keeps apart what a mere joining of texts would let run together.
    let kept = serde_json::json!([
        before,
        link.position,
        link.reference,
        link.seq,
        link.kind,
        link.on,
        instant(link.recorded_at),
        link.recorded_by,
        link.by,
        link.supersedes,
        link.body_hash,
    ]);
    hex(Sha256::digest(kept.to_string()))
}

/// A hash over what a purge kept of the entries it emptied, in the order of the chain.
#[derive(Debug, Clone, Default)]
pub struct Kept(Sha256);

impl Kept {
    /// Takes in what was kept of the next entry.
    pub fn add(&mut self, position: i64, kept: &str) {
        // A position has no line break and what was kept of a body is JSON on one line.
        self.0.update(format!("{position} {kept}\n"));
    }

    /// The hash: 64 hexadecimal digits.
    #[must_use]
    pub fn hash(&self) -> String {
        hex(self.0.clone().finalize())
    }
}

/// An instant as the register stores it: UTC, whole milliseconds.
#[must_use]
pub fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> Link<'static> {
        Link {
            position: 1,
            reference: Some("FOI-1"),
            seq: 1,
            kind: "received",
            on: NaiveDate::from_ymd_opt(2022, 2, 4).unwrap(),
            recorded_at: DateTime::UNIX_EPOCH,
            recorded_by: "bjones",
            by: None,
            supersedes: None,
            body_hash: "b",
        }
    }

    #[test]
    fn every_part_of_a_link_is_in_its_hash() {
        let first = link_hash(ORIGIN, &link());
        let next_day = link().on.succ_opt().unwrap();
        let altered = [
            Link { position: 2, ..link() },
            Link {
                reference: None,
                ..link()
            },
            Link { seq: 2, ..link() },
            Link { kind: "note", ..link() },
            Link { on: next_day, ..link() },
            Link {
                recorded_at: DateTime::from_timestamp_millis(1).unwrap(),
                ..link()
            },
            Link {
                recorded_by: "cbrown",
                ..link()
            },
            Link {
                by: Some("x"),
                ..link()
            },
            Link {
                supersedes: Some(1),
                ..link()
            },
            Link {
                body_hash: "c",
                ..link()
            },
        ];
        for other in altered {
            assert_ne!(first, link_hash(ORIGIN, &other), "{other:?}");
        }
        assert_ne!(first, link_hash(&first, &link()));
        assert_eq!(first, link_hash(ORIGIN, &link()));
    }
}
