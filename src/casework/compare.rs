//! A row of a sheet held against the entries of its case: what is new in it, what was changed in it, and where it
//! contradicts what somebody recorded by other means.
//!
//! An entry is the sheet's own if a sheet recorded it, or somebody who took the sheet in by hand. Only those follow the
//! sheet: whoever typed a day at the command line has looked at that case, and a cell is no reason to overrule them.
//! An empty cell contradicts nothing.

use crate::case::{Details, Entry, Fact, Kind, Refusal, Regime, Standing, standing};
use crate::exchange::{Row, columns_of};

/// What the name of a sheet begins with, where an entry says who recorded it.
const SHEET: &str = "sheet ";

/// What a row says beyond what the register has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The register has nothing of the kind.
    New(Fact),
    /// The sheet's own entry, and the cell says something else now.
    Changed {
        /// The entry that stands.
        seq: u32,
        /// What it says.
        was: Fact,
        /// What is to supersede it.
        fact: Fact,
    },
    /// The sheet's own entry, and the cell is empty now.
    Emptied {
        /// The entry that stands.
        seq: u32,
        /// What it says.
        was: Fact,
    },
    /// Somebody else's entry, or one corrected by somebody else, says otherwise.
    Differs {
        /// The entry that stands.
        seq: u32,
        /// What it says; nothing if it says that this never happened.
        register: Option<Fact>,
        /// What the row says.
        sheet: Fact,
    },
}

/// The name under which a sheet records, by the name of its file.
#[must_use]
pub fn label(file: &str) -> String {
    let name: String = file.chars().take(64).collect();
    format!("{SHEET}{}", crate::wording::one_line(&name))
}

/// Whether an entry is a sheet's own.
#[must_use]
pub fn is_a_sheets(entry: &Entry) -> bool {
    entry.recorded_by.starts_with(SHEET) || entry.by.as_ref().is_some_and(|by| by.starts_with(SHEET))
}

/// What a row says beyond the entries of its case. Who has a case is not compared: that is handed on, not mistaken.
///
/// `has` says whether the sheet has a column of a name, for what a sheet has no column for was not emptied; with
/// `purged`, the register's words were emptied for good, and do not come back out of the sheet.
///
/// # Errors
/// If the entries cannot be those of a case.
pub fn compare(
    row: &Row,
    entries: &[Entry],
    has: &dyn Fn(&str) -> bool,
    purged: bool,
) -> Result<Vec<Finding>, Refusal> {
    if entries.is_empty() {
        return Ok(row.facts.iter().cloned().map(Finding::New).collect());
    }
    let register = Register {
        entries,
        standing: standing(entries)?,
        has,
        purged,
    };
    let mut found: Vec<Finding> = row.facts.iter().filter_map(|fact| register.finding(fact)).collect();
    found.extend(register.emptied(row));
    Ok(found)
}

struct Register<'a> {
    entries: &'a [Entry],
    standing: Vec<Standing>,
    has: &'a dyn Fn(&str) -> bool,
    purged: bool,
}

impl Register<'_> {
    fn is_own(&self, seq: u32) -> bool {
        let entry = self.entries.iter().find(|entry| entry.seq == seq);
        entry.is_some_and(is_a_sheets)
    }

    fn of(&self, kind: Kind) -> impl DoubleEndedIterator<Item = &Standing> {
        self.standing.iter().filter(move |one| one.fact.kind == kind)
    }

    fn finding(&self, fact: &Fact) -> Option<Finding> {
        if self.of(fact.kind).any(|one| self.agrees(one, fact)) {
            return None;
        }
        if let Some(own) = self
            .of(fact.kind)
            .rfind(|one| self.is_own(one.seq) && self.may_follow(fact))
        {
            return Some(Finding::Changed {
                seq: own.seq,
                was: own.fact.clone(),
                fact: self.wanted(own, fact),
            });
        }
        if let Some(other) = self.of(fact.kind).next_back() {
            return Some(Finding::Differs {
                seq: other.seq,
                register: Some(other.fact.clone()),
                sheet: fact.clone(),
            });
        }
        Some(match self.denied(fact) {
            Some(seq) => Finding::Differs {
                seq,
                register: None,
                sheet: fact.clone(),
            },
            None => Finding::New(fact.clone()),
        })
    }

    /// Whether an entry says what a row says, as far as the row says anything.
    fn agrees(&self, one: &Standing, fact: &Fact) -> bool {
        if self.is_own(one.seq) && self.may_follow(fact) {
            return same(&self.wanted(one, fact), &one.fact);
        }
        let (said, known) = (&fact.details, &one.fact.details);
        let silent_or_same = |said: Option<_>, known| said.is_none() || said == known;
        fact.on == one.fact.on
            && said.posted == known.posted
            && silent_or_same(said.received, known.received)
            && silent_or_same(said.due, known.due)
            && (said.outcome.is_none() || said.outcome == known.outcome)
            && self.regime_agrees(fact)
    }

    /// The law may have been changed by an entry of its own, and then the request's entry no longer says it.
    fn regime_agrees(&self, fact: &Fact) -> bool {
        let Some(said) = fact.details.regime.filter(|_| fact.kind == Kind::Received) else {
            return true;
        };
        let of = |kind| self.of(kind).filter_map(|one| one.fact.details.regime).next_back();
        let known = of(Kind::RegimeChanged).or(of(Kind::Received)).unwrap_or(Regime::Foisa);
        said == known
    }

    /// Whether the sheet's own entry may follow its row: not into a law that somebody has recorded otherwise.
    fn may_follow(&self, fact: &Fact) -> bool {
        fact.kind != Kind::Received || self.of(Kind::RegimeChanged).next().is_none() || self.regime_agrees(fact)
    }

    /// What the sheet's own entry is to say, by its row: what the row has no column for stays as it is.
    fn wanted(&self, own: &Standing, fact: &Fact) -> Fact {
        let (said, known) = (&fact.details, &own.fact.details);
        let has = |column: &str| (self.has)(column);
        let (arrival, stated) = second_columns(fact.kind);
        let mut details = Details {
            posted: said.posted,
            received: said.received.or(known.received.filter(|_| !arrival.is_some_and(has))),
            due: said.due.or(known.due.filter(|_| !stated.is_some_and(has))),
            outcome: said.outcome.or(known.outcome),
            why: None,
            ..known.clone()
        };
        if fact.kind == Kind::Received {
            if self.of(Kind::RegimeChanged).next().is_none() {
                details.regime = said.regime.or(known.regime.filter(|_| !has("regime")));
            }
            if !self.purged {
                details.subject = said
                    .subject
                    .clone()
                    .or(known.subject.clone().filter(|_| !has("subject")));
            }
        }
        Fact {
            kind: fact.kind,
            on: fact.on,
            details,
        }
    }

    /// The entry by which somebody said that this never happened.
    fn denied(&self, fact: &Fact) -> Option<u32> {
        let denies = |entry: &&Entry| {
            let target = self.entries.iter().find(|one| Some(one.seq) == entry.supersedes);
            entry.fact.details.void
                && entry.fact.kind == fact.kind
                && !is_a_sheets(entry)
                && target.is_some_and(|target| target.fact.on == fact.on)
        };
        self.entries.iter().rfind(denies).map(|entry| entry.seq)
    }

    fn emptied(&self, row: &Row) -> Vec<Finding> {
        let says = |kind: Kind| row.facts.iter().any(|fact| fact.kind == kind);
        let has = |kind: Kind| columns_of(kind).is_some_and(|(column, _)| (self.has)(column));
        let empty = |one: &&Standing| {
            let kind = one.fact.kind;
            kind != Kind::Received && has(kind) && !says(kind) && self.is_own(one.seq)
        };
        let emptied = self.standing.iter().filter(empty);
        emptied
            .map(|one| Finding::Emptied {
                seq: one.seq,
                was: one.fact.clone(),
            })
            .collect()
    }
}

/// The columns of the day on which something of a kind arrived, and of the day that it states.
fn second_columns(kind: Kind) -> (Option<&'static str>, Option<&'static str>) {
    let second = columns_of(kind).and_then(|(_, second)| second);
    match kind {
        Kind::Received => (Some("received"), None),
        Kind::Extended | Kind::Decision => (None, second),
        _ => (second, None),
    }
}

/// Whether two entries say the same, whatever was noted on why.
fn same(one: &Fact, other: &Fact) -> bool {
    let plain = |fact: &Fact| {
        let mut fact = fact.clone();
        fact.details.why = None;
        fact
    };
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests;
