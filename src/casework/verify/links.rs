//! The chain of entries, link by link.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::super::Result;
use super::{Head, RESTORE, Verdict};
use crate::case::chain;
use crate::store::{ChainRow, OwnBody, OwnKind, Read};

/// The chain, link by link.
pub(super) fn follow(snapshot: &dyn Read, verdict: &mut Verdict, noted: Option<&Head>) -> Result<()> {
    let mut links = Links {
        verdict,
        noted,
        last: 0,
        before: vec![chain::ORIGIN.to_owned()],
        purges: BTreeMap::new(),
    };
    if noted.is_some_and(|noted| noted.position == 0 && noted.hash != chain::ORIGIN) {
        links.not_as_noted("the register");
    }
    let read = snapshot.chain(&mut |row| links.add(&row));
    let (last, before, purges) = (links.last, links.before, links.purges);
    if verdict.readable("the entries", read)?.is_none() {
        return Ok(());
    }
    for (position, purge) in purges {
        let what = match purge.on_record {
            None => "it is said to have emptied entries, and is none",
            Some(on_record) if on_record != (purge.entries, purge.kept.hash()) => {
                "what is kept of the entries it emptied is not what it kept"
            }
            Some(_) => continue,
        };
        verdict.find(format!("the purge at entry {position}"), what, RESTORE);
    }
    let Head { position, hash } = verdict.head.clone();
    if i64::from(position) > last {
        let missing = run(last + 1, i64::from(position), " at its end");
        verdict.find("the register", format!("{missing} taken away"), RESTORE);
    } else if i64::from(position) < last {
        let more = run(i64::from(position) + 1, last, "");
        let what = format!("{more} put after the end that it keeps of itself");
        verdict.find("the register", what, RESTORE);
    } else if !before.contains(&hash) {
        let what = "the head that it keeps of itself is not the last entry's hash";
        verdict.find("the register", what, RESTORE);
    }
    if let Some(noted) = noted.filter(|noted| i64::from(noted.position) > last) {
        let what = format!("it ends at entry {last}, before the noted {}", noted.position);
        verdict.find("the register", what, RESTORE);
    }
    Ok(())
}

/// `entry 4 was` or `entries 4 to 6 were`, with what is between.
fn run(first: i64, last: i64, where_it_was: &str) -> String {
    match first == last {
        true => format!("entry {first}{where_it_was} was"),
        false => format!("entries {first} to {last}{where_it_was} were"),
    }
}

/// The chain as far as it has been followed.
struct Links<'a> {
    verdict: &'a mut Verdict,
    noted: Option<&'a Head>,
    last: i64,
    /// The hash of the last link, as stored and as reckoned: where the two differ the link is found wrong, and the
    /// next one is right if it follows from either. None after a gap, where nobody knows.
    before: Vec<String>,
    /// By the position of the register's own entry about it.
    purges: BTreeMap<i64, Purge>,
}

/// A purge, as it is on record and as it is found.
#[derive(Default)]
struct Purge {
    on_record: Option<(u32, String)>,
    entries: u32,
    kept: chain::Kept,
}

impl Links<'_> {
    fn add(&mut self, row: &ChainRow) {
        let place = match &row.reference {
            Some(reference) => format!(
                "entry {} ({reference} no. {}, {} of {})",
                row.position, row.seq, row.kind, row.on
            ),
            None => format!(
                "entry {} (the register's own, {} of {})",
                row.position, row.kind, row.on
            ),
        };
        if row.position <= self.last {
            self.verdict
                .find(place, "stands before the first place there is", RESTORE);
            return;
        }
        if row.position > self.last + 1 {
            let missing = run(self.last + 1, row.position - 1, &format!(" before {place}"));
            self.verdict
                .find("the register", format!("{missing} taken away"), RESTORE);
            self.before.clear();
        }
        self.last = row.position;
        self.verdict.entries += 1;
        let reckoned = reckoned(row, &self.before);
        let follows = reckoned.contains(&row.hash) || (self.before.is_empty() && parsed(row).is_some());
        let whole = row
            .body
            .as_ref()
            .is_none_or(|body| chain::body_hash(body) == row.body_hash);
        if !follows {
            let what = "is not what was recorded in this place: it was changed, moved or put in later, or what \
                        stood before it was";
            self.verdict.find(&place, what, RESTORE);
        } else if !whole {
            let what = "its words are not those that were recorded";
            self.verdict.find(&place, what, RESTORE);
        } else {
            self.purged(row, &place);
        }
        if let Some(noted) = self.noted
            && i64::from(noted.position) == row.position
            && noted.hash != row.hash
        {
            self.not_as_noted(&place);
        }
        self.before = reckoned;
        self.before.push(row.hash.clone());
        self.before.dedup();
    }

    /// The chain holds by the hash of the words that went; what was kept of them is tied to the purge on record.
    fn purged(&mut self, row: &ChainRow, place: &str) {
        match (&row.body, &row.kept, row.purged) {
            (Some(body), None, None) => {
                let own = row.reference.is_none() && row.kind == OwnKind::Purged.as_str();
                if own && let Ok(OwnBody::Purged { entries, kept, .. }) = serde_json::from_str(body) {
                    self.purges.entry(row.position).or_default().on_record = Some((entries, kept));
                }
            }
            (None, Some(kept), Some(purge)) if row.reference.is_some() => {
                self.verdict.purged += 1;
                let purge = self.purges.entry(purge).or_default();
                purge.entries += 1;
                purge.kept.add(row.position, kept);
            }
            (None, ..) => {
                let what = "its words were emptied, and nothing on record says why";
                self.verdict.find(place, what, RESTORE);
            }
            (Some(_), ..) => {
                let what = "has its words and is said to have been purged";
                self.verdict.find(place, what, RESTORE);
            }
        }
    }

    fn not_as_noted(&mut self, place: &str) {
        let what = "its hash is not the one that was noted: this entry or one before it is another than it was";
        self.verdict.find(place, what, RESTORE);
    }
}

/// An entry's day and instant, where they are written as this program writes them.
fn parsed(row: &ChainRow) -> Option<(NaiveDate, DateTime<Utc>)> {
    let on: NaiveDate = row.on.parse().ok()?;
    let at: DateTime<Utc> = row.recorded_at.parse().ok()?;
    (on.to_string() == row.on && chain::instant(at) == row.recorded_at).then_some((on, at))
}

/// What an entry's hash should be, after each of the hashes that may stand before it.
fn reckoned(row: &ChainRow, before: &[String]) -> Vec<String> {
    let Some((on, recorded_at)) = parsed(row) else {
        return Vec::new();
    };
    let number = |number: i64| u32::try_from(number).ok();
    let (Some(position), Some(seq)) = (number(row.position), number(row.seq)) else {
        return Vec::new();
    };
    let link = chain::Link {
        position,
        reference: row.reference.as_deref(),
        seq,
        kind: &row.kind,
        on,
        recorded_at,
        recorded_by: &row.recorded_by,
        by: row.by.as_deref(),
        supersedes: match row.supersedes.map(number) {
            Some(None) => return Vec::new(),
            other => other.flatten(),
        },
        body_hash: &row.body_hash,
    };
    before.iter().map(|before| chain::link_hash(before, &link)).collect()
}
