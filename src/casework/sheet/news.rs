//! What was taken from the sheet, for the next digest of whoever has the case.

use std::collections::BTreeMap;

use super::super::{Result, Rules};
use crate::case::{Entry, Fact, Kind};
use crate::reminders::digest::Taken;
use crate::store::{self, Read};

/// No digest tells of more entries.
const AT_MOST: u32 = 500;

/// What a sheet recorded of a reader's own cases since their last digest. Corrections of words alone are left out,
/// and what cannot be understood, which keeps no reminder from anybody.
///
/// # Errors
/// The register's failure.
pub(in super::super) fn since_the_last_digest(snapshot: &dyn Read, rules: &Rules, mailbox: &str) -> Result<Vec<Taken>> {
    let Some(officer) = rules.people.officer_of(mailbox) else {
        return Ok(Vec::new());
    };
    let mut cases: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    let mut taken = Vec::new();
    for entry in snapshot.sheets_entries(&officer.id, mailbox, AT_MOST)? {
        let reference = entry.reference.as_str();
        let given = entry.fact.details.officer.as_ref();
        if entry.fact.kind == Kind::Reassigned && given != Some(&officer.id) {
            // It came to this reader by way of somebody else.
            continue;
        }
        if !cases.contains_key(reference) {
            let all = match snapshot.entries(reference) {
                Err(store::Error::Damaged(_)) => continue,
                all => all?,
            };
            cases.insert(reference.to_owned(), all);
        }
        let all = cases.get(reference).map(Vec::as_slice).unwrap_or_default();
        let was = all.iter().find(|one| Some(one.seq) == entry.supersedes);
        let was = was.map(|one| plain(&one.fact));
        if entry.fact.details.void || was.as_ref() != Some(&plain(&entry.fact)) {
            taken.push(Taken {
                reference: entry.reference,
                fact: entry.fact,
                was,
            });
        }
    }
    Ok(taken)
}

fn plain(fact: &Fact) -> Fact {
    Fact {
        details: fact.details.without_words(),
        ..fact.clone()
    }
}
