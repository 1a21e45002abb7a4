//! Copies of a rung, for the cover on a quiet day and for managers: each is a notice that waits until it stands as a
//! block in its reader's own digest, and never counts as the rung having been told.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::derive::apart;
use super::notices::{body, understood, waiting};
use super::{Result, Rules};
use crate::case::Case;
use crate::reminders::copies::{Telling, copies, is_the_commissioners};
use crate::reminders::digest::{Block, Line};
use crate::reminders::next::{self, Told};
use crate::reminders::notice::Copied;
use crate::reminders::people::Why;
use crate::reminders::{Notice, Recipient, Rung};
use crate::statute::{self, Deadline};
use crate::store::{DeadlineRow, NoticeRow, NoticeState, Read, Store, Write};

/// A case as a reader is told of it besides its owner.
pub(super) struct CopiedBlock {
    pub(super) block: Block,
    /// The notices it tells.
    pub(super) notices: Vec<i64>,
    /// Their names.
    pub(super) names: Vec<String>,
}

impl CopiedBlock {
    /// Whether these blocks tell the reader all of it already, who has come to stand in for its owner.
    pub(super) fn is_among(&self, blocks: &[Block]) -> bool {
        let told = |line: &Line, block: &Block| block.lines.iter().any(|one| one.deadline.key == line.deadline.key);
        blocks.iter().any(|block| {
            block.case.reference == self.block.case.reference && self.block.lines.iter().all(|line| told(line, block))
        })
    }
}

/// Leaves a copy of a line just told for everybody who is to have one. The rung's own name makes sure that nobody
/// gets it twice, also where the digest it stood in is written again.
///
/// # Errors
/// The register's failure.
pub(super) fn leave(
    tx: &mut dyn Write,
    rules: &Rules,
    today: NaiveDate,
    (row, line, told): (&DeadlineRow, &Line, Option<Told>),
    (name, refused): (&str, &[String]),
) -> Result<()> {
    let telling = Telling {
        owner: row.officer.as_deref(),
        deadline: &line.deadline,
        rung: line.rung,
        told,
        today,
    };
    let unreachable = |email: &str| refused.iter().any(|one| one == email);
    for copy in copies(&rules.people, &rules.upward, &rules.calendar, &telling, unreachable) {
        let officer = rules.people.officer_of(&copy.email);
        let officer = officer.map(|officer| officer.id.as_str());
        let late = line.rung == Rung::Overdue && !is_the_commissioners(row.key.step);
        let day = match copy.why {
            Why::Manager { .. } | Why::ForManager { .. } if late => rules
                .upward
                .occasion(&line.deadline, &rules.calendar, today)
                .map(|day| day.to_string())
                .unwrap_or_default(),
            _ if next::repeats(row.key.step, line.rung) => today.to_string(),
            _ => String::new(),
        };
        let name = format!("copy/{name}/{day}/{}", officer.unwrap_or_default());
        let copied = Copied {
            reference: row.reference.clone(),
            key: row.key,
            work_to: row.work_to,
            rung: line.rung,
            reason: line.reason,
            why: copy.why,
        };
        tx.add_notice_again(&name, officer, &body(&Notice::Copy(copied))?)?;
    }
    Ok(())
}

/// The copies that wait, by who reads them today.
fn by_reader(
    snapshot: &dyn Read,
    rules: &Rules,
    today: NaiveDate,
    refused: &[String],
) -> Result<Vec<(Recipient, NoticeRow, Copied)>> {
    let unreachable = |email: &str| refused.iter().any(|one| one == email);
    let mut found = Vec::new();
    for row in waiting(snapshot)? {
        // One that cannot be understood is dropped where the notices are written.
        let Ok(Notice::Copy(mut copied)) = understood(&row) else {
            continue;
        };
        let reads = |officer: Option<&str>, besides: &str| {
            let out = |email: &str| unreachable(email) || email == besides;
            rules.people.recipient(officer, today, out)
        };
        let Some(mut reader) = reads(row.officer.as_deref(), "") else {
            continue;
        };
        // Whoever stands in for its reader may be the one who is told of the case anyway: then it goes on to the next.
        if reader.why != Why::Owner {
            let owner = snapshot.case(&copied.reference)?.and_then(|case| case.officer);
            if reads(owner.as_deref(), "").is_some_and(|told| told.email == reader.email) {
                reader = reads(row.officer.as_deref(), &reader.email).unwrap_or(reader);
            }
        }
        copied.why = as_read_by(copied.why, rules, &row, &reader);
        found.push((reader, row, copied));
    }
    Ok(found)
}

/// Why a reader has a copy: who has come to stand in for a manager is not the owner's manager.
fn as_read_by(why: Why, rules: &Rules, row: &NoticeRow, reader: &Recipient) -> Why {
    let meant = row.officer.as_deref().and_then(|id| rules.people.officer(id));
    match (why, meant) {
        (Why::Manager { owner }, Some(manager)) if manager.email != reader.email => Why::ForManager {
            owner,
            manager: Some(manager.name.clone()),
        },
        (why, _) => why,
    }
}

/// Everybody for whom a copy waits.
///
/// # Errors
/// The register's failure.
pub(super) fn readers(
    store: &impl Store,
    rules: &Rules,
    today: NaiveDate,
    refused: &[String],
) -> Result<Vec<Recipient>> {
    let found = store.read(|snapshot| by_reader(snapshot, rules, today, refused))?;
    let readers: BTreeMap<String, Recipient> = found
        .into_iter()
        .map(|(reader, _, _)| (reader.email.clone(), reader))
        .collect();
    Ok(readers.into_values().collect())
}

/// The mails that wait to be sent with a copy about one of these deadlines.
///
/// # Errors
/// The register's failure.
pub(super) fn mails_about(snapshot: &dyn Read, deadlines: &[i64]) -> Result<Vec<i64>> {
    let mut found = Vec::new();
    for row in snapshot.open_notices()? {
        let (Some(message), Ok(Notice::Copy(copied))) = (row.message, understood(&row)) else {
            continue;
        };
        let rows = snapshot.deadlines(&copied.reference)?;
        let about = |row: &DeadlineRow| row.key == copied.key && deadlines.contains(&row.id);
        if rows.iter().any(about) && !found.contains(&message) {
            found.push(message);
        }
    }
    Ok(found)
}

/// Whether a mail has a copy about something that is done or moved.
///
/// # Errors
/// The register's failure.
pub(super) fn is_outdated(snapshot: &dyn Read, message: i64) -> Result<bool> {
    for row in snapshot.notices_in(message)? {
        let Ok(Notice::Copy(copied)) = understood(&row) else {
            continue;
        };
        let rows = snapshot.deadlines(&copied.reference)?;
        let holds = |row: &DeadlineRow| row.key == copied.key && row.work_to == copied.work_to && row.state.is_open();
        if !rows.iter().any(holds) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The cases of which copies wait for a reader, each with what of it is still so. A copy of what has been done or
/// moved meanwhile is dropped.
///
/// # Errors
/// The register's failure.
pub(super) fn for_reader(
    tx: &mut dyn Write,
    rules: &Rules,
    today: NaiveDate,
    reader: &Recipient,
    refused: &[String],
) -> Result<Vec<CopiedBlock>> {
    let mut cases: BTreeMap<String, Vec<(NoticeRow, Copied)>> = BTreeMap::new();
    for (of, row, copied) in by_reader(tx, rules, today, refused)? {
        if of.email == reader.email {
            cases.entry(copied.reference.clone()).or_default().push((row, copied));
        }
    }
    let mut blocks = Vec::new();
    for (reference, copies) in cases {
        let block = apart(tx, &reference, |tx| still_open(tx, rules, &reference, &copies))?.flatten();
        let (notices, names) = copies.iter().map(|(row, _)| (row.id, row.name.clone())).unzip();
        match block {
            Some(block) => blocks.push(CopiedBlock { block, notices, names }),
            None => notices
                .into_iter()
                .try_for_each(|notice| tx.mark_notice(notice, NoticeState::Dropped, None))?,
        }
    }
    Ok(blocks)
}

fn still_open(
    tx: &mut dyn Write,
    rules: &Rules,
    reference: &str,
    copies: &[(NoticeRow, Copied)],
) -> Result<Option<Block>> {
    let case = Case::fold(&tx.entries(reference)?)?;
    let latest = |deadline: &Deadline| {
        let of = |copied: &Copied| copied.key == deadline.key && copied.work_to == deadline.work_to;
        copies.iter().map(|(_, copied)| copied).rfind(|copied| of(copied))
    };
    let (told, others): (Vec<_>, Vec<_>) = statute::deadlines(&case, &rules.calendar, &rules.authority)
        .into_iter()
        .partition(|deadline| deadline.is_open() && latest(deadline).is_some());
    let line = |deadline: Deadline| {
        let copied = latest(&deadline)?;
        Some(Line {
            rung: copied.rung,
            reason: copied.reason,
            deadline,
        })
    };
    let lines: Vec<Line> = told.into_iter().filter_map(line).collect();
    let why = copies.last().map(|(_, copied)| copied.why.clone());
    Ok(why.filter(|_| !lines.is_empty()).map(|why| Block {
        case,
        why,
        lines,
        others,
    }))
}
