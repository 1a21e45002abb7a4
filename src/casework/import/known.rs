//! A row held against what the register has of its case: what is new in it, and what contradicts an entry.

use chrono::NaiveDate;

use crate::case::{Entry, Fact, Kind, Regime};
use crate::exchange::{Row, columns_of};

/// What one cell of a row, or two that belong together, say beyond the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Finding {
    /// Nothing.
    Same,
    /// The register has nothing of the kind.
    New(Fact),
    /// The register says otherwise.
    Differs(Contradiction),
}

/// A cell that says otherwise than an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The entry.
    pub seq: u32,
    /// What it records.
    pub kind: Kind,
    /// The column.
    pub column: &'static str,
    /// What is said, there and here.
    pub said: Said,
}

/// What a register and a sheet say of one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// Two days; the register may have none.
    Days {
        /// The register's.
        register: Option<NaiveDate>,
        /// The sheet's.
        sheet: NaiveDate,
    },
    /// The entry says that it never happened, and the sheet that it did.
    Never {
        /// The sheet's day.
        sheet: NaiveDate,
    },
    /// Two laws.
    Regimes {
        /// The register's.
        register: Regime,
        /// The sheet's.
        sheet: Regime,
    },
}

/// An entry that stands.
struct Standing<'a> {
    seq: u32,
    fact: &'a Fact,
}

/// What a row says beyond the entries of its case. An empty cell contradicts nothing; who has the case and what it is
/// about are not compared, since they are handed on and reworded by entries of other kinds.
pub(super) fn compare(row: &Row, entries: &[Entry]) -> Vec<Finding> {
    let mut standing: Vec<Standing<'_>> = Vec::new();
    for entry in entries {
        if let Some(corrected) = entry.supersedes {
            standing.retain(|one| one.seq != corrected);
        }
        if !entry.fact.details.void {
            standing.push(Standing {
                seq: entry.seq,
                fact: &entry.fact,
            });
        }
    }
    row.facts.iter().map(|fact| finding(fact, &standing, entries)).collect()
}

fn finding(fact: &Fact, standing: &[Standing<'_>], entries: &[Entry]) -> Finding {
    let differs = |seq, column, said| {
        Finding::Differs(Contradiction {
            seq,
            kind: fact.kind,
            column,
            said,
        })
    };
    let Some((column, second)) = columns_of(fact.kind) else {
        return Finding::Same;
    };
    let column = if fact.details.posted { "posted" } else { column };
    let of_kind = || standing.iter().filter(|one| one.fact.kind == fact.kind);
    let same_day = of_kind().rfind(|one| one.fact.on == fact.on);
    let Some(known) = same_day.or_else(|| of_kind().next_back()) else {
        return match denial(fact, entries) {
            Some(entry) => differs(entry.seq, column, Said::Never { sheet: fact.on }),
            None => Finding::New(fact.clone()),
        };
    };
    if known.fact.on != fact.on {
        let said = Said::Days {
            register: Some(known.fact.on),
            sheet: fact.on,
        };
        return differs(known.seq, column, said);
    }
    let (ours, theirs) = (&fact.details, &known.fact.details);
    for (sheet, register) in [(ours.received, theirs.received), (ours.due, theirs.due)] {
        if let Some(sheet) = sheet.filter(|_| sheet != register) {
            return differs(known.seq, second.unwrap_or("received"), Said::Days { register, sheet });
        }
    }
    match regimes(fact, standing) {
        Some(said) => differs(known.seq, "regime", said),
        None => Finding::Same,
    }
}

/// The entry by which somebody said that this never happened.
fn denial<'a>(fact: &Fact, entries: &'a [Entry]) -> Option<&'a Entry> {
    let denied = |target: u32| {
        entries
            .iter()
            .any(|entry| entry.seq == target && entry.fact.on == fact.on)
    };
    entries
        .iter()
        .filter(|entry| entry.fact.kind == fact.kind && entry.fact.details.void)
        .rfind(|entry| entry.supersedes.is_some_and(denied))
}

/// The law that a request is answered under, where register and sheet name different ones.
fn regimes(fact: &Fact, standing: &[Standing<'_>]) -> Option<Said> {
    let sheet = fact.details.regime?;
    let named = |kind| {
        let of_kind = standing.iter().filter(move |one| one.fact.kind == kind);
        of_kind.filter_map(|one| one.fact.details.regime).next_back()
    };
    let register = named(Kind::RegimeChanged)
        .or_else(|| named(Kind::Received))
        .unwrap_or(Regime::Foisa);
    (register != sheet).then_some(Said::Regimes { register, sheet })
}
