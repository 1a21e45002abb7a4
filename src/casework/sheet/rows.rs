//! The rows of the sheet: which of them to look at, and whether they look like a slip.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::super::compare::{Finding, Heed, compare, filled};
use super::super::{Error, Result, Rules};
use super::{EXAMPLES, FEWEST, REARRANGED, Reading, SHARE, SheetRow, SheetState, hash, label};
use crate::case::{Kind, Refusal};
use crate::exchange::{COLUMNS, Row};
use crate::reminders::notice::SheetOddity;
use crate::statute::{Actor, Nature};
use crate::store::{self, Read};
use crate::wording::sheet as words;

/// More rows of finished cases than this, gone at once, are told as one thing.
const FEW_GONE: usize = 3;

/// Something amiss, under the name by which it is remembered.
#[derive(Debug, Clone)]
pub(super) struct Odd {
    pub(super) name: String,
    line: u64,
    reference: Option<String>,
    said: String,
    /// A finished case whose row is gone: nothing needs doing.
    done: bool,
}

impl Odd {
    /// A row that is gone has no line, and stands last.
    pub(super) fn new(name: String, line: Option<u64>, reference: &str, said: String) -> Self {
        Self {
            name,
            line: line.unwrap_or(u64::MAX),
            reference: Some(reference.to_owned()),
            said,
            done: false,
        }
    }

    pub(super) fn rearranged() -> Self {
        Self {
            name: REARRANGED.to_owned(),
            line: 0,
            reference: None,
            said: String::new(),
            done: false,
        }
    }
}

/// What is amiss, as its owner is told of it.
pub(super) fn worded(odd: Vec<Odd>) -> Vec<SheetOddity> {
    let (done, others): (Vec<Odd>, Vec<Odd>) = odd.into_iter().partition(|one| one.done);
    let (together, apart) = match done.len() > FEW_GONE {
        true => (done, Vec::new()),
        false => (Vec::new(), done),
    };
    let mut each: Vec<Odd> = others.into_iter().chain(apart).collect();
    each.sort_by_key(|one| one.line);
    let each = each.into_iter().map(|one| SheetOddity {
        names: vec![one.name],
        reference: one.reference,
        said: one.said,
    });
    let mut all: Vec<SheetOddity> = each.collect();
    if !together.is_empty() {
        let references: Vec<String> = together.iter().filter_map(|one| one.reference.clone()).collect();
        all.push(SheetOddity {
            names: together.into_iter().map(|one| one.name).collect(),
            reference: None,
            said: words::gone_and_done(&references),
        });
    }
    all
}

/// A row that is to be looked at.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    pub(super) line: u64,
    pub(super) row: Row,
}

/// What a reading asks for, before anything is done.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    /// Where the chain is.
    pub(super) position: u32,
    /// The name under which the sheet records.
    label: String,
    /// The rows to look at.
    pub(super) rows: Vec<Planned>,
    /// What is amiss already: rows that cannot be understood, that stand twice, that are gone.
    pub(super) odd: Vec<Odd>,
    /// How many rows are known.
    pub(super) known: usize,
    /// How many of them say otherwise than before, or are gone while something is owed.
    pub(super) suspicious: usize,
    /// The cases whose rows cannot be read.
    pub(super) unread: BTreeSet<String>,
    shown: Vec<(String, String)>,
    /// The cases about which something was recorded since the last reading.
    touched: BTreeSet<String>,
}

impl Plan {
    pub(super) fn make(snapshot: &dyn Read, rules: &Rules, reading: &Reading, state: &SheetState) -> Result<Self> {
        let known: BTreeMap<String, SheetRow> = snapshot
            .sheet_rows()?
            .into_iter()
            .map(|row| (row.reference.clone(), row))
            .collect();
        let touched: BTreeSet<String> = snapshot.changed_since(state.position)?.into_iter().collect();
        let mut plan = Self {
            position: snapshot.about()?.position,
            label: label(Path::new(&state.path)),
            ..Self::default()
        };
        let noticed: BTreeSet<String> = snapshot.sheet_oddities()?.into_iter().map(|one| one.name).collect();
        plan.faults(reading);
        let mut stands: BTreeSet<String> = reading.faults.iter().filter_map(|one| one.reference.clone()).collect();
        let mut handed_on = Vec::new();
        let mut in_register = known.len();
        for (reference, lines) in &reading.twice {
            stands.insert(reference.clone());
            let name = format!("twice/{reference}");
            let said = words::twice(lines);
            plan.odd.push(Odd::new(name, lines.first().copied(), reference, said));
            plan.unread.insert(reference.clone());
        }
        for (line, row) in &reading.rows {
            let reference = row.reference.to_string();
            stands.insert(reference.clone());
            let before = known.get(&reference);
            let says = kept(row, before, &BTreeSet::new());
            let is_new = before.is_none_or(|before| hash_of(&before.hash) != hash_of(&says));
            let is_kept = before.is_some_and(|before| before.hash == says);
            if is_kept && !before.is_some_and(|before| before.held) && !touched.contains(&reference) {
                continue;
            }
            if is_new {
                in_register += usize::from(before.is_none() && snapshot.case(&reference)?.is_some());
                plan.suspect(snapshot, rules, reading, (row, before), &mut handed_on)?;
            }
            plan.rows.push(Planned {
                line: *line,
                row: row.clone(),
            });
        }
        plan.suspect_handing_on(&handed_on);
        for reference in known.keys().filter(|reference| !stands.contains(*reference)) {
            plan.gone(snapshot, reference, &noticed)?;
        }
        plan.known = in_register;
        plan.touched = touched;
        Ok(plan)
    }

    fn faults(&mut self, reading: &Reading) {
        let mut told: BTreeMap<String, usize> = BTreeMap::new();
        for fault in &reading.faults {
            self.unread.extend(fault.reference.clone().filter(|_| !fault.in_part));
            let name = format!(
                "fault/{}/{}",
                fault.reference.as_deref().unwrap_or_default(),
                hash(&fault.why)
            );
            let again = told.entry(name.clone()).or_default();
            *again += 1;
            self.odd.push(Odd {
                name: format!("{name}/{again}"),
                line: fault.line,
                reference: fault.reference.clone(),
                said: words::fault(fault.line, &fault.why, fault.in_part),
                done: false,
            });
        }
    }

    /// Counts a row that says otherwise than before.
    fn suspect(
        &mut self,
        snapshot: &dyn Read,
        rules: &Rules,
        reading: &Reading,
        (row, before): (&Row, Option<&SheetRow>),
        handed_on: &mut Vec<(String, String, String)>,
    ) -> Result<()> {
        let reference = row.reference.as_str();
        let findings = match findings(snapshot, reading, &self.label, (row, before)) {
            // Whoever takes the row finds that out too, and tells it.
            Err(Error::Store(store::Error::Damaged(_))) => Vec::new(),
            findings => findings?.unwrap_or_default(),
        };
        let said = findings.iter().find_map(|finding| match finding {
            Finding::New(_) => None,
            Finding::Changed { was, fact, .. } => Some(words::was_and_is(Some(was), Some(fact))),
            Finding::Emptied { was, .. } => Some(words::was_and_is(Some(was), None)),
            Finding::Differs { register, sheet, .. } => Some(words::was_and_is(register.as_ref(), Some(sheet))),
        });
        if let Some(said) = said {
            self.suspicious += 1;
            self.show(reference, said);
        } else if let Some(from) = before.and_then(|before| before.officer.clone())
            && let Some(Ok(to)) = officer(rules, row)
            && from != to
        {
            handed_on.push((reference.to_owned(), from, to));
        }
        Ok(())
    }

    /// Cases that many officers hand on at once are rather a column that was sorted; those of one who leaves are not.
    fn suspect_handing_on(&mut self, handed_on: &[(String, String, String)]) {
        let from: BTreeSet<&str> = handed_on.iter().map(|(_, from, _)| from.as_str()).collect();
        if from.len() > 1 {
            self.suspicious += handed_on.len();
            for (reference, from, to) in handed_on {
                self.show(reference, format!("{from} -> {to}"));
            }
        }
    }

    /// A row that is gone speaks for a slip only at the reading that finds it gone.
    fn gone(&mut self, snapshot: &dyn Read, reference: &str, noticed: &BTreeSet<String>) -> Result<()> {
        let owed = snapshot
            .deadlines(reference)?
            .iter()
            .any(|row| row.state.is_open() && row.key.actor == Actor::Authority && row.nature == Nature::Duty);
        let name = format!("gone/{reference}");
        if owed {
            if !noticed.contains(&name) {
                self.suspicious += 1;
                self.show(reference, words::was_and_is(None, None));
            }
            self.odd.push(Odd::new(name, None, reference, words::gone()));
        } else {
            let said = words::gone_and_done(&[reference.to_owned()]);
            self.odd.push(Odd {
                done: true,
                ..Odd::new(name, None, reference, said)
            });
        }
        Ok(())
    }

    fn show(&mut self, reference: &str, said: String) {
        if self.shown.len() < EXAMPLES {
            self.shown.push((reference.to_owned(), said));
        }
    }

    /// The cases that somebody touched and whose rows are not looked at this time, so that they are the next time.
    pub(super) fn unlooked(&self, rearranged: bool) -> impl Iterator<Item = &str> {
        let looked: BTreeSet<&str> = match rearranged {
            true => BTreeSet::new(),
            false => self.rows.iter().map(|one| one.row.reference.as_str()).collect(),
        };
        let touched = self.touched.iter().map(String::as_str);
        touched.filter(move |reference| !looked.contains(reference))
    }

    pub(super) fn is_rearranged(&self) -> bool {
        self.suspicious >= FEWEST && self.suspicious * SHARE > self.known
    }

    pub(super) fn examples(&self) -> Vec<SheetOddity> {
        let example = |(reference, said): &(String, String)| SheetOddity {
            names: vec![REARRANGED.to_owned()],
            reference: Some(reference.clone()),
            said: said.clone(),
        };
        self.shown.iter().map(example).collect()
    }
}

/// What is kept of a row: a hash of what it says, and behind it the columns of which it has ever said something that
/// the register has, but for kinds that are `unsettled`. By them a cell that was emptied or changed is told
/// from one that is looked at for the first time.
pub(super) fn kept(row: &Row, before: Option<&SheetRow>, unsettled: &BTreeSet<Kind>) -> String {
    let mut columns = filled(row, unsettled);
    let known = |column: &&str| before.is_some_and(|before| was_filled(before, column));
    columns.extend(COLUMNS.into_iter().filter(known));
    let columns: Vec<&str> = columns.into_iter().collect();
    format!("{} {}", hash(row), columns.join(","))
}

/// The hash in what is kept of a row. Before there were columns behind it, it stood alone.
fn hash_of(kept: &str) -> &str {
    kept.split_once(' ').map_or(kept, |(hash, _)| hash)
}

fn was_filled(before: &SheetRow, column: &str) -> bool {
    let columns = before.hash.split_once(' ').map_or("", |(_, columns)| columns);
    columns.split(',').any(|one| one == column)
}

/// What a row says beyond the register, which may not be able to make sense of the case.
pub(super) fn findings(
    snapshot: &dyn Read,
    reading: &Reading,
    label: &str,
    (row, before): (&Row, Option<&SheetRow>),
) -> Result<std::result::Result<Vec<Finding>, Refusal>> {
    let reference = row.reference.as_str();
    let entries = snapshot.entries(reference)?;
    let filled = |column: &str| before.is_some_and(|before| was_filled(before, column));
    let heed = Heed {
        label: Some(label),
        filled: &filled,
        empty: &|column: &str| filled(column) && reading.says(reference, column),
        words: snapshot.emptied(reference)? == 0,
    };
    Ok(compare(row, &entries, &heed))
}

/// Who a row says has the case; the text itself where it names nobody, or may name several.
pub(super) fn officer(rules: &Rules, row: &Row) -> Option<std::result::Result<String, String>> {
    let given = row.facts.iter().find_map(|fact| fact.details.officer.as_deref())?;
    Some(match rules.people.called(given).as_slice() {
        [one] => Ok(one.id.clone()),
        _ => Err(given.to_owned()),
    })
}
