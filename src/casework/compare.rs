//! A row of a sheet held against the entries of its case: what is new in it, what was changed in it, and where it
//! contradicts what somebody recorded by other means.
//!
//! An entry is the sheet's own if that very sheet recorded it, or somebody who took it in by hand, and only as far as the
//! row has been seen to say something of the kind before. Only those follow the sheet: whoever typed a day at the command
//! line has looked at that case, what another sheet brought was never in this one's cell, and neither is overruled by it.
//! An empty cell contradicts nothing. Taken in by hand, a sheet corrects nothing either: what is found changed is told
//! as a [`Contradiction`].

mod contradiction;

use std::collections::BTreeSet;

use crate::case::{Entry, Fact, Kind, Refusal, Regime, Standing, standing};
use crate::exchange::{Row, columns_of};

pub use contradiction::{Contradiction, Part, Said};

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
    /// Somebody else's entry, another sheet's, or one corrected by somebody else, says otherwise.
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

/// Whether a sheet recorded an entry, whichever.
#[must_use]
pub fn is_a_sheets(entry: &Entry) -> bool {
    is_a_sheets_name(&entry.recorded_by) || entry.by.as_deref().is_some_and(is_a_sheets_name)
}

/// Whether a name is kept for sheets: nobody may record under it, else cells would change what they recorded.
#[must_use]
pub fn is_a_sheets_name(name: &str) -> bool {
    name.starts_with(SHEET)
}

/// What of a row has weight besides its filled cells of days and of the law.
pub struct Heed<'a> {
    /// The label of the sheet, whose own entries alone follow it; any sheet's where there is none.
    pub label: Option<&'a str>,
    /// Whether the row is known to have said something in a column before.
    pub filled: &'a dyn Fn(&str) -> bool,
    /// Whether an empty cell of a column says that there is nothing: where a sheet has no such column, or the cell was
    /// always empty, it was not emptied.
    pub empty: &'a dyn Fn(&str) -> bool,
    /// Whether what a request is about is compared. Once the register's words were purged they do not come back out
    /// of the sheet.
    pub words: bool,
}

impl Heed<'static> {
    /// Nothing else has, as for a sheet that is taken in by hand and may be anybody's.
    pub const NOTHING_ELSE: Self = Self {
        label: None,
        filled: &|_| true,
        empty: &|_| false,
        words: false,
    };
}

/// What a row says beyond the entries of its case. Who has a case is not compared: that is handed on, not mistaken.
///
/// # Errors
/// If the entries cannot be those of a case.
pub fn compare(row: &Row, entries: &[Entry], heed: &Heed<'_>) -> Result<Vec<Finding>, Refusal> {
    if entries.is_empty() {
        return Ok(row.facts.iter().cloned().map(Finding::New).collect());
    }
    let register = Register {
        entries,
        standing: standing(entries)?,
        heed,
    };
    let mut found: Vec<Finding> = row.facts.iter().filter_map(|fact| register.finding(fact)).collect();
    found.extend(register.emptied(row));
    Ok(found)
}

struct Register<'a> {
    entries: &'a [Entry],
    standing: Vec<Standing>,
    heed: &'a Heed<'a>,
}

impl Register<'_> {
    fn is_own(&self, one: &Standing) -> bool {
        let entry = self.entries.iter().find(|entry| entry.seq == one.seq);
        entry.is_some_and(|entry| match self.heed.label {
            Some(label) => entry.recorded_by == label || entry.by.as_deref() == Some(label),
            None => is_a_sheets(entry),
        }) && self.was_filled(one.fact.kind)
    }

    fn was_filled(&self, kind: Kind) -> bool {
        (self.heed.filled)(column_of(kind)) || (kind == Kind::Received && (self.heed.filled)("posted"))
    }

    fn of(&self, kind: Kind) -> impl DoubleEndedIterator<Item = &Standing> {
        self.standing.iter().filter(move |one| one.fact.kind == kind)
    }

    fn finding(&self, fact: &Fact) -> Option<Finding> {
        if self.of(fact.kind).any(|one| self.agrees(one, fact)) {
            return None;
        }
        let Some(meant) = self.meant(fact) else {
            return Some(match self.denied(fact) {
                Some(seq) => Finding::Differs {
                    seq,
                    register: None,
                    sheet: fact.clone(),
                },
                None => Finding::New(fact.clone()),
            });
        };
        Some(match self.follows(meant, fact) {
            true => Finding::Changed {
                seq: meant.seq,
                was: meant.fact.clone(),
                fact: self.wanted(meant, fact),
            },
            false => self.differs(meant, fact),
        })
    }

    /// The entry that a cell is about, of several of its kind: that of the same day, else the sheet's own, else the
    /// last.
    fn meant(&self, fact: &Fact) -> Option<&Standing> {
        let of_kind = self.of(fact.kind);
        of_kind.max_by_key(|one| (one.fact.on == fact.on, self.is_own(one)))
    }

    /// Whether an entry says what a row says, as far as the row says anything.
    fn agrees(&self, one: &Standing, fact: &Fact) -> bool {
        if self.follows(one, fact) {
            return same(&self.wanted(one, fact), &one.fact);
        }
        let due = fact.details.due;
        days_agree(fact, &one.fact) && (due.is_none() || due == one.fact.details.due) && self.regime_agrees(fact)
    }

    /// The law may have been changed by an entry of its own, and then the request's entry no longer says it.
    fn regime_agrees(&self, fact: &Fact) -> bool {
        let Some(said) = fact.details.regime.filter(|_| fact.kind == Kind::Received) else {
            return true;
        };
        let of = |kind| self.of(kind).filter_map(|one| one.fact.details.regime).next_back();
        said == law(of(Kind::RegimeChanged).or(of(Kind::Received)))
    }

    /// Whether an entry follows its row, being the sheet's own: but not into a law that somebody has recorded otherwise.
    fn follows(&self, one: &Standing, fact: &Fact) -> bool {
        let law_is_open =
            fact.kind != Kind::Received || self.of(Kind::RegimeChanged).next().is_none() || self.regime_agrees(fact);
        self.is_own(one) && law_is_open
    }

    /// What the sheet's own entry is to say, by its row: what the row has no column for stays as it is.
    fn wanted(&self, own: &Standing, fact: &Fact) -> Fact {
        let (said, known) = (&fact.details, &own.fact.details);
        let empty = |column: &str| (self.heed.empty)(column);
        let (arrival, stated) = second_columns(fact.kind);
        let mut wanted = own.fact.clone();
        wanted.details.why = None;
        wanted.details.due = said.due.or(known.due.filter(|_| !stated.is_some_and(empty)));
        if fact.kind == Kind::Received {
            self.want_request(&mut wanted, own, fact);
            return wanted;
        }
        if !came_on(&own.fact, fact) {
            wanted.on = fact.on;
        }
        // An arrival on the same day is not told from none.
        let stays = |day: &_| *day == fact.on || !arrival.is_some_and(empty);
        wanted.details.received = said.received.or(known.received.filter(stays));
        wanted
    }

    fn want_request(&self, wanted: &mut Fact, own: &Standing, fact: &Fact) {
        let (said, known) = (&fact.details, &own.fact.details);
        let empty = |column: &str| (self.heed.empty)(column);
        let details = &mut wanted.details;
        if known.posted && !said.posted && !empty("posted") {
            // What it has a column for is the day of arrival.
            details.received = Some(fact.on);
        } else {
            wanted.on = fact.on;
            details.posted = said.posted;
            let stays = said.posted == known.posted && !(said.posted && empty("received"));
            details.received = said.received.or(known.received.filter(|_| stays));
        }
        let regime = said.regime.or(known.regime.filter(|_| !empty("regime")));
        if self.of(Kind::RegimeChanged).next().is_none() && law(regime) != law(known.regime) {
            details.regime = regime;
        }
        if self.heed.words {
            let stays = known.subject.clone().filter(|_| !empty("subject"));
            details.subject = said.subject.clone().or(stays);
        }
    }

    /// Somebody else's entry that a row contradicts. Where only the law is another, that is the entry that changed it.
    fn differs(&self, one: &Standing, fact: &Fact) -> Finding {
        let (mut seq, mut known) = (one.seq, one.fact.clone());
        let changed = self.of(Kind::RegimeChanged).next_back();
        if let Some(changed) = changed.filter(|_| fact.kind == Kind::Received) {
            known.details.regime = changed.fact.details.regime;
            if days_agree(fact, &known) {
                seq = changed.seq;
            }
        }
        Finding::Differs {
            seq,
            register: Some(known),
            sheet: fact.clone(),
        }
    }

    /// The entry by which somebody said that this never happened: neither on the day that it named last, nor on any that
    /// it named before it was corrected.
    fn denied(&self, fact: &Fact) -> Option<u32> {
        let target = |entry: &Entry| self.entries.iter().find(|one| Some(one.seq) == entry.supersedes);
        let denies = |entry: &&Entry| {
            let mut chain = std::iter::successors(target(entry), |one| target(one));
            entry.fact.details.void
                && entry.fact.kind == fact.kind
                && !is_a_sheets(entry)
                && chain.any(|one| one.fact.on == fact.on || came_on(&one.fact, fact))
        };
        self.entries.iter().rfind(denies).map(|entry| entry.seq)
    }

    fn emptied(&self, row: &Row) -> Vec<Finding> {
        let says = |kind: Kind| row.facts.iter().any(|fact| fact.kind == kind);
        let counts = |kind: Kind| columns_of(kind).is_some_and(|(column, _)| (self.heed.empty)(column));
        let empty = |one: &&Standing| {
            let kind = one.fact.kind;
            kind != Kind::Received && counts(kind) && !says(kind) && self.is_own(one)
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

/// The column that tells of a kind.
fn column_of(kind: Kind) -> &'static str {
    columns_of(kind).map_or(kind.as_str(), |(column, _)| column)
}

/// The columns in which a row says something, but for what it says of some kinds.
#[must_use]
pub fn filled(row: &Row, without: &BTreeSet<Kind>) -> BTreeSet<&'static str> {
    let mut filled = BTreeSet::new();
    for fact in row.facts.iter().filter(|fact| !without.contains(&fact.kind)) {
        let details = &fact.details;
        let (arrival, stated) = second_columns(fact.kind);
        filled.extend(Some(column_of(fact.kind)).filter(|_| !details.posted));
        filled.extend(arrival.filter(|_| details.received.is_some()));
        filled.extend(stated.filter(|_| details.due.is_some()));
        for (column, says) in [
            ("posted", details.posted),
            ("regime", details.regime.is_some()),
            ("subject", details.subject.is_some()),
        ] {
            filled.extend(Some(column).filter(|_| says));
        }
    }
    filled
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

/// Whether the days that a row names are those of an entry. A sheet has no column that says of an answer that it was
/// posted.
fn days_agree(said: &Fact, known: &Fact) -> bool {
    let (ours, theirs) = (&said.details, &known.details);
    if said.kind == Kind::Received && ours.posted != theirs.posted {
        return theirs.posted && theirs.received == Some(said.on);
    }
    (said.on == known.on || came_on(known, said)) && (ours.received.is_none() || ours.received == theirs.received)
}

/// Whether a row names the day on which the authority received what an entry tells of, where the sheet has one column
/// for both that and the day on which it was sent.
fn came_on(known: &Fact, said: &Fact) -> bool {
    comes_in(said.kind) && known.details.received == Some(said.on)
}

fn comes_in(kind: Kind) -> bool {
    matches!(kind, Kind::ClarificationReceived | Kind::FeePaid | Kind::ReviewRequired)
}

fn law(named: Option<Regime>) -> Regime {
    named.unwrap_or(Regime::Foisa)
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
