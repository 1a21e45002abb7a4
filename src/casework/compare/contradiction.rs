//! The cell of a row that says otherwise than an entry.

use chrono::NaiveDate;

use super::{Finding, came_on, comes_in, law};
use crate::case::{Fact, Kind, Regime};
use crate::exchange::columns_of;

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
        /// Which day of the entry.
        part: Part,
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

/// Which of the days that an entry names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Its own.
    Day,
    /// Its own, by post.
    Posted,
    /// The day of arrival.
    Arrival,
    /// The day that the paper states.
    Stated,
}

impl Finding {
    /// What is new in it.
    #[must_use]
    pub fn into_new(self) -> Option<Fact> {
        match self {
            Self::New(fact) => Some(fact),
            _ => None,
        }
    }

    /// The first cell that says otherwise than an entry; of what is new or is about words alone there is none, nor of an
    /// empty cell, which contradicts nothing.
    #[must_use]
    pub fn contradiction(&self) -> Option<Contradiction> {
        let (seq, register, sheet) = match self {
            Self::New(_) | Self::Emptied { .. } => return None,
            Self::Changed { seq, was, fact } => (*seq, Some(was), fact),
            Self::Differs { seq, register, sheet } => (*seq, register.as_ref(), sheet),
        };
        let (first, second) = columns_of(sheet.kind)?;
        let first = if sheet.details.posted { "posted" } else { first };
        let second = second.unwrap_or("received");
        let (column, said) = match register {
            None => (first, Said::Never { sheet: sheet.on }),
            Some(register) => {
                let day = first_day(register, sheet).map(|said| (first, said));
                let day = day.or_else(|| second_day(register, sheet).map(|said| (second, said)));
                day.or_else(|| regimes(register, sheet).map(|said| ("regime", said)))?
            }
        };
        Some(Contradiction {
            seq,
            kind: sheet.kind,
            column,
            said,
        })
    }
}

fn first_day(register: &Fact, sheet: &Fact) -> Option<Said> {
    let (ours, theirs) = (sheet.details.posted, register.details.posted);
    let (part, register) = match (ours, theirs) {
        (true, false) => (Part::Posted, None),
        (false, true) if sheet.kind == Kind::Received => (Part::Arrival, register.details.received),
        _ if came_on(register, sheet) => return None,
        // The day of posting may stand beside it: that of arrival is what a cell can change by itself.
        _ if comes_in(sheet.kind) && register.details.received.is_some() && sheet.on > register.on => {
            (Part::Arrival, register.details.received)
        }
        (true, true) => (Part::Posted, Some(register.on)),
        (false, _) => (Part::Day, Some(register.on)),
    };
    let sheet = sheet.on;
    (register != Some(sheet)).then_some(Said::Days { part, register, sheet })
}

fn second_day(register: &Fact, sheet: &Fact) -> Option<Said> {
    let (ours, theirs) = (&sheet.details, &register.details);
    let pairs = [
        (Part::Arrival, theirs.received, ours.received),
        (Part::Stated, theirs.due, ours.due),
    ];
    pairs.into_iter().find_map(|(part, register, sheet)| {
        let sheet = sheet.filter(|_| sheet != register)?;
        Some(Said::Days { part, register, sheet })
    })
}

/// The law that a request is answered under, where register and sheet name different ones.
fn regimes(register: &Fact, sheet: &Fact) -> Option<Said> {
    let register = law(register.details.regime);
    let sheet = sheet.details.regime.filter(|sheet| *sheet != register)?;
    (sheet != register).then_some(Said::Regimes { register, sheet })
}
