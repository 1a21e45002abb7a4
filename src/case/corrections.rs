//! Which entries stand: the last correction of each, and none that is void.

use super::Refusal;
use super::entry::{Entry, Fact};
use super::facts::{Act, Dated};

/// A fact that stands: the last correction of an entry, under the number of the first.
pub(super) struct Live {
    /// The number of the first entry that told of it.
    pub(super) root: u32,
    /// The number of the last.
    pub(super) seq: u32,
    /// What it says.
    pub(super) fact: Fact,
}

impl Live {
    pub(super) fn act(&self) -> Act {
        Act {
            seq: self.root,
            kind: self.fact.kind,
            on: self.fact.on,
            arrived: self.fact.details.received,
            posted: self.fact.details.posted,
        }
    }

    pub(super) fn dated(&self) -> Dated {
        Dated {
            act: self.act(),
            due: self.fact.details.due,
        }
    }
}

/// The facts that stand, in the order of events.
pub(super) fn live(entries: &[Entry]) -> Result<Vec<Live>, Refusal> {
    let mut live: Vec<Live> = Vec::with_capacity(entries.len());
    for entry in entries {
        entry.fact.check()?;
        let Some(target) = entry.supersedes else {
            live.push(Live {
                root: entry.seq,
                seq: entry.seq,
                fact: entry.fact.clone(),
            });
            continue;
        };
        let Some(found) = live.iter().position(|one| one.seq == target) else {
            return Err(no_such_entry(entries, entry));
        };
        let standing = &mut live[found];
        if standing.fact.kind != entry.fact.kind {
            return Err(Refusal::new(format!(
                "entry {target} records {}, not {}; void it and record the other",
                standing.fact.kind, entry.fact.kind
            )));
        }
        if entry.fact.details.void {
            live.remove(found);
        } else {
            standing.seq = entry.seq;
            standing.fact = entry.fact.clone();
        }
    }
    live.sort_by_key(|one| (one.fact.on, one.fact.kind, one.root));
    Ok(live)
}

/// A fact that stands in a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The entry that says so: of a corrected one the last.
    pub seq: u32,
    /// What it says.
    pub fact: Fact,
}

/// The facts that stand, in the order of events: the last correction of each entry, and none that is void.
///
/// # Errors
/// One sentence that says why these entries cannot be those of a case.
pub fn standing(entries: &[Entry]) -> Result<Vec<Standing>, Refusal> {
    let of = |one: Live| Standing {
        seq: one.seq,
        fact: one.fact,
    };
    Ok(live(entries)?.into_iter().map(of).collect())
}

/// A case stands on its request. One that was logged by mistake cannot be made never to have been; it can be
/// ended.
pub(super) fn no_request(entries: &[Entry]) -> Refusal {
    Refusal::new(match entries.last() {
        Some(last) if last.fact.details.void => {
            "the request's own entry cannot be void, for the case stands on it; record withdrawn, and say in a note that \
             it was logged by mistake"
        }
        _ => "no request is recorded under this reference; log it first",
    })
}

fn no_such_entry(entries: &[Entry], correction: &Entry) -> Refusal {
    let target = correction.supersedes.unwrap_or_default();
    let earlier = || entries.iter().filter(|entry| entry.seq < correction.seq);
    let Some(known) = earlier().find(|entry| entry.seq == target) else {
        return Refusal::new(format!(
            "there is no entry {target} in this case; timeous show lists them"
        ));
    };
    let later = earlier().find(|entry| entry.supersedes == Some(target));
    Refusal::new(match later {
        Some(later) if later.fact.details.void => format!(
            "entry {} says that entry {target} never happened; record it anew if it did",
            later.seq
        ),
        Some(later) => format!("entry {target} was corrected by entry {}; correct that one", later.seq),
        None => format!(
            "entry {target} says that entry {} never happened; record it anew if it did",
            known.supersedes.unwrap_or(target)
        ),
    })
}
