//! The rows of the sheet: which of them to look at, and whether they look like a slip.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};

use super::super::compare::{Finding, Heed, compare, filled};
use super::super::{Error, Result, Rules};
use super::{EXAMPLES, FEWEST, FEWEST_ENDED, REARRANGED, Reading, SHARE, SheetRow, SheetState, columns, hash, label};
use crate::case::{Kind, Refusal};
use crate::exchange::{COLUMNS, Row};
use crate::reminders::notice::SheetOddity;
use crate::statute::{Actor, Nature};
use crate::store::{self, DeadlineRow, Listing, Read};
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
    /// It keeps the row of a case that the register does not have from being taken, so that nobody is reminded of it.
    pub(super) unwatched: bool,
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
            unwatched: false,
        }
    }

    /// No row's own, and stands first.
    pub(super) fn of_the_whole(name: String, said: String) -> Self {
        Self {
            name,
            line: 0,
            reference: None,
            said,
            done: false,
            unwatched: false,
        }
    }

    pub(super) fn rearranged() -> Self {
        Self::of_the_whole(REARRANGED.to_owned(), String::new())
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
    /// When the sheet was read before.
    pub(super) read_before: Option<DateTime<Utc>>,
    /// What is remembered of its columns.
    pub(super) columns: Option<SheetRow>,
    /// The name under which the sheet records.
    label: String,
    /// The rows to look at.
    pub(super) rows: Vec<Planned>,
    /// What is amiss already: rows that cannot be understood, that stand twice, that are gone.
    pub(super) odd: Vec<Odd>,
    /// How many rows are known.
    known: usize,
    /// How many of them say otherwise than before, or are gone while something is owed.
    suspicious: usize,
    shown: Vec<(String, String)>,
    /// Of the cases in which something is owed alone: a long log of finished ones would hide them.
    open: Open,
    /// The cases whose rows cannot be read.
    pub(super) unread: BTreeSet<String>,
    /// The cases about which something was recorded since the last reading.
    touched: BTreeSet<String>,
}

/// What a reading says otherwise of cases in which something is owed.
#[derive(Debug, Clone, Default)]
struct Open {
    /// How many there are.
    all: usize,
    /// How many say otherwise than before, or are gone.
    changed: usize,
    /// How many say for the first time what ends or stops their clock.
    ended: usize,
    shown: Vec<(String, String)>,
}

impl Open {
    fn is_rearranged(&self) -> bool {
        let both = self.changed + self.ended;
        (self.changed >= FEWEST && self.changed * SHARE > self.all) || (both >= FEWEST_ENDED && both * 2 > self.all)
    }

    /// Counts them, where it matters.
    fn count(&mut self, snapshot: &dyn Read, today: NaiveDate, is_of_the_sheet: impl Fn(&str) -> bool) -> Result<()> {
        if self.changed < FEWEST && self.changed + self.ended < FEWEST_ENDED {
            return Ok(());
        }
        let open = snapshot.listing(&Listing {
            today,
            ..Listing::default()
        })?;
        let open: BTreeSet<&str> = open
            .iter()
            .filter(|row| is_owed(row) && is_of_the_sheet(&row.reference))
            .map(|row| row.reference.as_str())
            .collect();
        self.all = open.len();
        Ok(())
    }
}

fn is_owed(row: &DeadlineRow) -> bool {
    row.state.is_open() && row.key.actor == Actor::Authority && row.nature == Nature::Duty
}

fn owes(snapshot: &dyn Read, reference: &str) -> Result<bool> {
    Ok(snapshot.deadlines(reference)?.iter().any(is_owed))
}

/// What ends a clock of the authority, stops it, or gives it longer.
fn ends(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::ClarificationSought
            | Kind::FeesNotice
            | Kind::Extended
            | Kind::Responded
            | Kind::Withdrawn
            | Kind::ReviewOutcome
    )
}

impl Plan {
    pub(super) fn make(
        snapshot: &dyn Read,
        rules: &Rules,
        reading: &Reading,
        state: &SheetState,
        today: NaiveDate,
    ) -> Result<Self> {
        let mut known: BTreeMap<String, SheetRow> = snapshot
            .sheet_rows()?
            .into_iter()
            .map(|row| (row.reference.clone(), row))
            .collect();
        let touched: BTreeSet<String> = snapshot.changed_since(state.position)?.into_iter().collect();
        let mut plan = Self {
            position: snapshot.about()?.position,
            read_before: state.read_at,
            label: label(Path::new(&state.path)),
            columns: known.remove(columns::REFERENCE),
            ..Self::default()
        };
        let noticed: BTreeSet<String> = snapshot.sheet_oddities()?.into_iter().map(|one| one.name).collect();
        plan.faults(snapshot, reading)?;
        plan.whole(reading);
        let mut stands: BTreeSet<String> = reading.faults.iter().filter_map(|one| one.reference.clone()).collect();
        let mut handed_on = Vec::new();
        let mut in_register = known.len();
        for (reference, lines) in &reading.twice {
            stands.insert(reference.clone());
            let name = format!("twice/{reference}");
            let said = words::twice(lines);
            plan.odd.push(Odd {
                unwatched: snapshot.case(reference)?.is_none(),
                ..Odd::new(name, lines.first().copied(), reference, said)
            });
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
        let is_of_the_sheet = |reference: &str| known.contains_key(reference) || stands.contains(reference);
        plan.open.count(snapshot, today, is_of_the_sheet)?;
        plan.touched = touched;
        Ok(plan)
    }

    fn faults(&mut self, snapshot: &dyn Read, reading: &Reading) -> Result<()> {
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
            let unwatched = match &fault.reference {
                Some(reference) if !fault.in_part => snapshot.case(reference)?.is_none(),
                _ => false,
            };
            self.odd.push(Odd {
                name: format!("{name}/{again}"),
                line: fault.line,
                reference: fault.reference.clone(),
                said: words::fault(fault.line, &fault.why, fault.in_part),
                done: false,
                unwatched,
            });
        }
        Ok(())
    }

    /// What is amiss with the sheet and with none of its rows.
    fn whole(&mut self, reading: &Reading) {
        let read = reading.worksheet.as_deref().unwrap_or_default();
        let unread = reading.unread.iter().map(|unread| {
            let name = format!("worksheet/{}", hash(unread));
            Odd::of_the_whole(name, words::unread_worksheet(unread, read))
        });
        let heading = reading.perhaps_answered.iter().map(|heading| {
            let name = format!("heading/{}", hash(heading));
            Odd::of_the_whole(name, words::perhaps_answered(heading))
        });
        self.odd.extend(unread.chain(heading));
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
        self.suspect_open(snapshot, reference, &findings)?;
        let said = findings.iter().find_map(said_otherwise);
        if let Some(said) = said {
            self.suspicious += 1;
            show(&mut self.shown, reference, said);
        } else if let Some(from) = before.and_then(|before| before.officer.clone())
            && let Some(Ok(to)) = officer(rules, row)
            && from != to
        {
            handed_on.push((reference.to_owned(), from, to));
        }
        Ok(())
    }

    /// Counts a row by which something owed is no longer, or is otherwise.
    fn suspect_open(&mut self, snapshot: &dyn Read, reference: &str, findings: &[Finding]) -> Result<()> {
        let by_days = |finding: &&Finding| match finding {
            Finding::Changed { was, fact, .. } => {
                was.on != fact.on || was.details.without_words() != fact.details.without_words()
            }
            _ => true,
        };
        let changed = findings.iter().filter(by_days).find_map(said_otherwise);
        let ended = findings.iter().find_map(|finding| match finding {
            Finding::New(fact) if ends(fact.kind) => Some(words::was_and_is(None, Some(fact))),
            _ => None,
        });
        let is_changed = changed.is_some();
        let Some(said) = changed.or(ended) else { return Ok(()) };
        if owes(snapshot, reference)? {
            match is_changed {
                true => self.open.changed += 1,
                false => self.open.ended += 1,
            }
            show(&mut self.open.shown, reference, said);
        }
        Ok(())
    }

    /// Cases that many officers hand on at once are rather a column that was sorted; those of one who leaves are not.
    fn suspect_handing_on(&mut self, handed_on: &[(String, String, String)]) {
        let from: BTreeSet<&str> = handed_on.iter().map(|(_, from, _)| from.as_str()).collect();
        if from.len() > 1 {
            self.suspicious += handed_on.len();
            for (reference, from, to) in handed_on {
                show(&mut self.shown, reference, format!("{from} -> {to}"));
            }
        }
    }

    /// A row that is gone speaks for a slip only at the reading that finds it gone.
    fn gone(&mut self, snapshot: &dyn Read, reference: &str, noticed: &BTreeSet<String>) -> Result<()> {
        let name = format!("gone/{reference}");
        if owes(snapshot, reference)? {
            if !noticed.contains(&name) {
                self.suspicious += 1;
                self.open.changed += 1;
                for shown in [&mut self.shown, &mut self.open.shown] {
                    show(shown, reference, words::was_and_is(None, None));
                }
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
        self.rows_are_rearranged() || self.open.is_rearranged()
    }

    fn rows_are_rearranged(&self) -> bool {
        self.suspicious >= FEWEST && self.suspicious * SHARE > self.known
    }

    /// How many rows of how many make a sheet look rearranged, and whether that is of open cases alone.
    pub(super) fn share(&self) -> (usize, usize, bool) {
        match self.rows_are_rearranged() {
            true => (self.suspicious, self.known, false),
            false => (self.open.changed + self.open.ended, self.open.all, true),
        }
    }

    pub(super) fn examples(&self) -> Vec<SheetOddity> {
        let example = |(reference, said): &(String, String)| SheetOddity {
            names: vec![REARRANGED.to_owned()],
            reference: Some(reference.clone()),
            said: said.clone(),
        };
        let shown = match self.rows_are_rearranged() {
            true => &self.shown,
            false => &self.open.shown,
        };
        shown.iter().map(example).collect()
    }
}

fn show(shown: &mut Vec<(String, String)>, reference: &str, said: String) {
    if shown.len() < EXAMPLES {
        shown.push((reference.to_owned(), said));
    }
}

/// What a row says otherwise than the register, in words.
fn said_otherwise(finding: &Finding) -> Option<String> {
    match finding {
        Finding::New(_) => None,
        Finding::Changed { was, fact, .. } => Some(words::was_and_is(Some(was), Some(fact))),
        Finding::Emptied { was, .. } => Some(words::was_and_is(Some(was), None)),
        Finding::Differs { register, sheet, .. } => Some(words::was_and_is(register.as_ref(), Some(sheet))),
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
