//! The living sheet: the officers' own file, looked at every minute and never written, whose rows become entries.
//!
//! A look costs one question to the file system. The file is read when its size and time of change are new and were
//! the same at two looks, so that nobody's half of a save is taken for the sheet; and once more as it is when
//! something in it may be settled by now: the register has moved on, a day has passed, or what is amiss has lasted
//! long enough to be told.
//!
//! Whatever is amiss has a name without words, under which the register remembers since when, and that it was told. It
//! is told once, ten minutes later, for much mends itself: a file that is being replaced, a row half typed. When it is
//! no longer so it is forgotten, and told anew if it comes again. Only what keeps a new case out of the register, where
//! no reminder of it will ever come, is told again every week.

mod columns;
mod file;
mod news;
mod reading;
mod rows;
mod taking;
mod unread;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};

use super::{Error, Result, Rules, compare, import, notices};
use crate::case::chain;
use crate::clock::{london_day, london_instant};
use crate::config::LivingSheet;
use crate::reminders::Notice;
use crate::reminders::notice::{self, SheetAmiss, SheetMatter};
use crate::store::{Round, SheetOddity, SheetRow, SheetState, Store, Task, Write};
use crate::wording::plural;

pub use file::{LONGEST, Trouble, read, stamp};
pub(super) use news::since_the_last_digest;
pub use reading::{Fault, Reading};
use rows::{Odd, Plan};
pub use unread::unread;

/// What mends itself within this is told to nobody.
pub const LASTS: TimeDelta = TimeDelta::minutes(10);

/// So many rows at least must say otherwise before a sheet counts as rearranged, and more than one in [`SHARE`].
const FEWEST: usize = 5;

/// See [`FEWEST`].
const SHARE: usize = 5;

/// So many open cases at least must be answered, stopped, changed or gone at once before that counts as a slip, and
/// more than half of all that are open: few answer half of what they have in one day.
const FEWEST_ENDED: usize = 10;

/// How many rows of a rearranged sheet are shown.
const EXAMPLES: usize = 6;

/// How the name of a thing that is amiss with the file begins.
const FILE: &str = "file/";

/// The name under which it is remembered that a sheet is rearranged.
const REARRANGED: &str = "rearranged";

/// How the name of a day begins that is still to come, and was typed all the same.
const TO_COME: &str = "to-come";

/// The same once that day has come: it is told again then, for the reminders go on.
const HAS_COME: &str = "has-come";

/// What to do after a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing until the next look.
    Wait,
    /// Read the file.
    Read,
}

/// What a reading came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// How many rows the sheet has.
    pub lines: usize,
    /// How many entries were recorded.
    pub recorded: usize,
    /// How many things are to be settled.
    pub held: usize,
    /// Whether so much changed at once that nothing was taken.
    pub rearranged: bool,
}

/// One look at the file of the settings, and what follows from it. Blocks for as long as the file system does.
///
/// # Errors
/// The register's failure; what is amiss with the file is told to its owner.
pub fn look(store: &mut impl Store, rules: &Rules, now: DateTime<Utc>) -> Result<Option<Taken>> {
    let Some(sheet) = &rules.sheet else { return Ok(None) };
    let seen = stamp(&sheet.path);
    if looked(store, sheet, seen.as_ref(), now)? == Next::Wait {
        return Ok(None);
    }
    match seen.and_then(|seen| Ok((read(sheet, &seen)?, seen))) {
        Ok((Some(reading), seen)) => take(store, rules, sheet, (&reading, &seen), now, false).map(Some),
        Ok((None, _)) => changing(store, sheet).map(|()| None),
        Err(trouble) => unread(store, sheet, &trouble, now).map(|()| None),
    }
}

/// Puts on record what a look at the file saw, and says what to do.
///
/// # Errors
/// The register's failure.
pub fn looked(
    store: &mut impl Store,
    sheet: &LivingSheet,
    seen: std::result::Result<&String, &Trouble>,
    now: DateTime<Utc>,
) -> Result<Next> {
    let state = known(store, sheet)?;
    let seen = match seen {
        Ok(seen) => seen,
        Err(trouble) => {
            unread(store, sheet, trouble, now)?;
            return Ok(Next::Wait);
        }
    };
    if state.seen.as_ref() != Some(seen) {
        let seen = Some(seen.clone());
        store.write(|tx| tx.save_sheet(&SheetState { seen, ..state.clone() }))?;
        return Ok(Next::Wait);
    }
    let again = state.again.is_some_and(|at| at <= now) || state.read_at.is_some_and(|at| at > now);
    if state.taken.as_ref() != Some(seen) || again || in_trouble(store)? || moved_on(store, &state)? {
        return Ok(Next::Read);
    }
    Ok(Next::Wait)
}

/// Where the service is with a sheet. Another file than the last begins anew.
fn known(store: &mut impl Store, sheet: &LivingSheet) -> Result<SheetState> {
    let path = sheet.path.display().to_string();
    if let Some(state) = store.read(|snapshot| snapshot.sheet())?
        && state.path == path
    {
        return Ok(state);
    }
    let state = SheetState {
        path,
        ..SheetState::default()
    };
    store.write(|tx| {
        tx.forget_sheet()?;
        tx.save_sheet(&state)
    })?;
    Ok(state)
}

/// Whether the file is to be looked at once more before it is known what to do.
///
/// # Errors
/// The register's failure.
pub fn is_unsettled(store: &impl Store) -> Result<bool> {
    let state = store.read(|snapshot| snapshot.sheet())?;
    Ok(state.is_some_and(|state| state.seen.is_some() && state.seen != state.taken))
}

/// Somebody is writing the file: the next looks begin anew.
///
/// # Errors
/// The register's failure.
pub fn changing(store: &mut impl Store, sheet: &LivingSheet) -> Result<()> {
    let state = known(store, sheet)?;
    Ok(store.write(|tx| {
        tx.save_sheet(&SheetState {
            seen: None,
            ..state.clone()
        })
    })?)
}

fn in_trouble(store: &impl Store) -> Result<bool> {
    let oddities = store.read(|snapshot| snapshot.sheet_oddities())?;
    Ok(oddities.iter().any(|one| one.name.starts_with(FILE)))
}

/// Whether somebody recorded something about a case of the sheet since it was read.
fn moved_on(store: &mut impl Store, state: &SheetState) -> Result<bool> {
    let (position, touched) = store.read(|snapshot| {
        let position = snapshot.about()?.position;
        let mut touched = false;
        if position > state.position {
            for reference in snapshot.changed_since(state.position)? {
                touched |= snapshot.sheet_row(&reference)?.is_some();
            }
        }
        Ok::<_, Error>((position, touched))
    })?;
    if !touched && position > state.position {
        // What was recorded is no matter of the sheet, and need not be looked at again.
        store.write(|tx| {
            tx.save_sheet(&SheetState {
                position,
                ..state.clone()
            })
        })?;
    }
    Ok(touched)
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// The name under which a file's entries are recorded.
#[must_use]
pub fn label(path: &Path) -> String {
    compare::label(&file_name(path))
}

/// Leaves a notice for the sheet's owner.
fn leave(
    tx: &mut dyn Write,
    sheet: &LivingSheet,
    matter: SheetMatter,
    oddities: Vec<notice::SheetOddity>,
    now: DateTime<Utc>,
) -> Result<()> {
    let first = oddities.iter().flat_map(|one| &one.names).next();
    let name = format!("sheet/{}/{}", chain::instant(now), first.map_or("", String::as_str));
    let notice = Notice::Sheet(SheetAmiss {
        matter,
        file: file_name(&sheet.path),
        at: now,
        oddities,
    });
    notices::add_under_a_free_name(tx, &name, Some(&sheet.owner), &notices::body(&notice)?)
}

/// Takes a sheet into the register, as far as it says something new. With `meant`, however much of it changed at once.
///
/// Every row is taken by itself, and a thousand share a commit; what is amiss is put on record in the last of them,
/// so that a stop in between loses and repeats nothing.
///
/// # Errors
/// The register's failure.
pub fn take(
    store: &mut impl Store,
    rules: &Rules,
    sheet: &LivingSheet,
    (reading, stamp): (&Reading, &str),
    now: DateTime<Utc>,
    meant: bool,
) -> Result<Taken> {
    let state = known(store, sheet)?;
    let mut plan = store.read(|snapshot| Plan::make(snapshot, rules, reading, &state, london_day(now)))?;
    if !meant {
        plan.odd.extend(columns::gone(plan.columns.as_ref(), reading));
    }
    plan.columns = Some(columns::after(plan.columns.as_ref(), reading, meant));
    let mut done = Taken {
        lines: reading.rows.len() + reading.faults.iter().filter(|fault| !fault.in_part).count(),
        ..Taken::default()
    };
    done.rearranged = !meant && plan.is_rearranged();
    let (odd, position) = match done.rearranged {
        true => (vec![Odd::rearranged()], plan.position),
        false => take_rows(store, rules, sheet, (reading, &plan), now, &mut done)?,
    };
    done.held = odd.len();
    let state = SheetState {
        seen: Some(stamp.to_owned()),
        taken: Some(stamp.to_owned()),
        read_at: Some(now),
        position,
        lines: u32::try_from(done.lines).unwrap_or(u32::MAX),
        held: u32::try_from(done.held).unwrap_or(u32::MAX),
        ..state
    };
    store.write(|tx| settle(tx, sheet, (&plan, odd, &done), state, now))?;
    Ok(done)
}

/// Takes the rows that are to be looked at; what is amiss, and up to where the chain need not be looked at again.
fn take_rows(
    store: &mut impl Store,
    rules: &Rules,
    sheet: &LivingSheet,
    (reading, plan): (&Reading, &Plan),
    now: DateTime<Utc>,
    done: &mut Taken,
) -> Result<(Vec<Odd>, u32)> {
    let (mut odd, mut position) = (plan.odd.clone(), plan.position);
    for batch in plan.rows.chunks(import::BATCH) {
        let (found, recorded, at) = store.write(|tx| {
            let before = tx.about()?.position;
            let (found, recorded) = taking::take(tx, rules, reading, &label(&sheet.path), batch, now)?;
            // Where somebody else was in between, what they recorded is looked at again.
            let at = if before == position {
                tx.about()?.position
            } else {
                position
            };
            Ok::<_, Error>((found, recorded, at))
        })?;
        odd.extend(found);
        done.recorded += recorded;
        position = at;
    }
    Ok((odd, position))
}

/// Puts on record what is amiss, tells what has lasted, and forgets what is no longer so.
fn settle(
    tx: &mut dyn Write,
    sheet: &LivingSheet,
    (plan, odd, done): (&Plan, Vec<Odd>, &Taken),
    mut state: SheetState,
    now: DateTime<Utc>,
) -> Result<()> {
    for reference in plan.unlooked(done.rearranged) {
        if let Some(row) = tx.sheet_row(reference)? {
            tx.save_sheet_row(&SheetRow { held: true, ..row })?;
        }
    }
    if let Some(columns) = plan.columns.as_ref().filter(|_| !done.rearranged) {
        tx.save_sheet_row(columns)?;
    }
    let (to_tell, next) = remember(tx, odd, (plan, done.rearranged), now)?;
    if !to_tell.is_empty() {
        let (matter, oddities) = match done.rearranged {
            true => {
                let (rows, known, open) = plan.share();
                let matter = SheetMatter::Rearranged {
                    rows,
                    known,
                    open,
                    path: sheet.path.display().to_string(),
                };
                (matter, plan.examples())
            }
            false => (SheetMatter::Rows, rows::worded(to_tell)),
        };
        leave(tx, sheet, matter, oddities, now)?;
    }
    let tomorrow = london_day(now) + Days::new(1);
    let daily = (done.held > 0).then(|| london_instant(tomorrow, NaiveTime::MIN));
    state.again = next.map(|since| since + LASTS).or(daily);
    tx.save_sheet(&state)?;
    let round = Round {
        at: now,
        ok: !done.rearranged,
        summary: summary(sheet, done),
    };
    Ok(tx.save_round(Task::Sheet, &round)?)
}

/// Forgets what is no longer amiss and remembers what is; what of it is to be told now, and since when the oldest lasts of
/// what is not yet.
fn remember(
    tx: &mut dyn Write,
    odd: Vec<Odd>,
    (plan, rearranged): (&Plan, bool),
    now: DateTime<Utc>,
) -> Result<(Vec<Odd>, Option<DateTime<Utc>>)> {
    let remembered: BTreeMap<String, SheetOddity> = tx
        .sheet_oddities()?
        .into_iter()
        .map(|one| (one.name.clone(), one))
        .collect();
    let found: BTreeSet<&str> = odd.iter().map(|one| one.name.as_str()).collect();
    for name in remembered.keys().filter(|name| !found.contains(name.as_str())) {
        // Of a sheet that is rearranged nothing is known but that, and of a row that cannot be read not whether a day was
        // typed anew.
        let unread = ahead_of(name).is_some_and(|reference| plan.unread.contains(reference));
        if (!rearranged && !unread) || name.starts_with(FILE) {
            tx.end_sheet_oddity(name)?;
        }
    }
    let (mut to_tell, mut next) = (Vec::new(), None::<DateTime<Utc>>);
    for one in odd {
        let known = remembered.get(&one.name).cloned();
        let known = known.unwrap_or(SheetOddity {
            name: one.name.clone(),
            since: now,
            told: false,
        });
        let lasts = (now - known.since).abs() >= LASTS;
        tx.save_sheet_oddity(&SheetOddity {
            told: known.told || lasts,
            ..known.clone()
        })?;
        let again = one.unwatched
            && plan
                .read_before
                .is_some_and(|before| a_week_is_over(known.since, before, now));
        match (known.told, lasts) {
            (true, _) if again => to_tell.push(one),
            (true, _) => {}
            (false, true) => to_tell.push(one),
            (false, false) => next = Some(next.map_or(known.since, |at| at.min(known.since))),
        }
    }
    Ok((to_tell, next))
}

/// Whether another week since something began was over between two readings.
fn a_week_is_over(since: DateTime<Utc>, before: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    let weeks = |at: DateTime<Utc>| (at - since).num_weeks();
    weeks(now) > weeks(before)
}

/// The case of a day that was still to come when it was typed, by the name of that.
fn ahead_of(name: &str) -> Option<&str> {
    let of = |what: &str| name.strip_prefix(what)?.strip_prefix('/');
    of(TO_COME).or_else(|| of(HAS_COME))?.rsplitn(3, '/').nth(2)
}

fn summary(sheet: &LivingSheet, done: &Taken) -> String {
    let count = |count: usize, noun| plural(i64::try_from(count).unwrap_or(i64::MAX), noun);
    let file = file_name(&sheet.path);
    match (done.rearranged, done.held) {
        (true, _) => format!(
            "{file} looks rearranged, so nothing of it was taken; {} was told, and if it is meant: timeous import FILE \
             --meant",
            sheet.owner
        ),
        (false, 0) => format!("{} of {file} read", count(done.lines, "row")),
        (false, held) => format!(
            "{} of {file} read, {} for {} to settle",
            count(done.lines, "row"),
            count(held, "thing"),
            sheet.owner
        ),
    }
}

/// A hash of what is said, as a name without words.
fn hash(said: impl std::fmt::Debug) -> String {
    chain::body_hash(&format!("{said:?}")).chars().take(16).collect()
}
