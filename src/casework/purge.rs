//! Emptying the words of cases that were closed long ago. What was typed freely goes; the hashes that tie the chain
//! stay, and so does what dates and statistics need: days, outcomes, exemptions, the regime, who recorded it.

use chrono::NaiveDate;

use super::record::Clerk;
use super::{Result, Rules};
use crate::case::{Case, Refusal, chain};
use crate::clock::{in_full, london_day};
use crate::statute::{self, Deadline, Nature, Standing};
use crate::store::{OwnBody, OwnEntry, Read, Store, Write};
use crate::wording::{short, step_name};

/// How many cases are read at a time.
const PAGE: u32 = 1_000;

/// What a purge empties, or would.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Purged {
    /// The cases whose words go.
    pub cases: Vec<String>,
    /// How many entries they have that still had words.
    pub entries: u32,
    /// How many mails about them were emptied; not known before.
    pub mails: u32,
    /// How many mails about them keep their words, because they speak of other cases too or still wait.
    pub mails_left: u32,
    /// Cases that were closed before the day and are left alone, and why.
    pub left: Vec<(String, String)>,
}

/// What a purge would empty.
///
/// # Errors
/// A refusal if the day is still to come, or the register's failure.
pub fn preview(store: &impl Store, rules: &Rules, before: NaiveDate, clerk: &Clerk) -> Result<Purged> {
    check(before, london_day(clerk.now))?;
    store.read(|snapshot| wanted(snapshot, rules, before, london_day(clerk.now)))
}

/// Empties the words of cases closed before a day, and puts on record that it was done; all in one transaction.
///
/// # Errors
/// A refusal if the day is still to come, or the register's failure.
pub fn purge(store: &mut impl Store, rules: &Rules, before: NaiveDate, clerk: &Clerk) -> Result<Purged> {
    let today = london_day(clerk.now);
    check(before, today)?;
    store.write(|tx| {
        let mut purged = wanted(tx, rules, before, today)?;
        if purged.cases.is_empty() {
            return Ok(purged);
        }
        // The entry that puts this on record comes after everything it empties.
        let position = tx.about()?.position + 1;
        for reference in &purged.cases {
            empty(tx, reference, position)?;
        }
        for reference in &purged.cases {
            purged.mails += tx.empty_mails(reference)?;
        }
        purged.mails_left = tx.mails_about(position)?;
        let mut kept = chain::Kept::default();
        tx.kept(position, &mut |position, words| kept.add(position, words))?;
        tx.append_own(&OwnEntry {
            on: today,
            body: OwnBody::Purged {
                closed_before: before,
                cases: u32::try_from(purged.cases.len()).unwrap_or(u32::MAX),
                entries: purged.entries,
                kept: kept.hash(),
            },
            recorded_at: clerk.now,
            recorded_by: clerk.login.clone(),
            by: clerk.by.clone(),
        })?;
        Ok(purged)
    })
}

fn check(before: NaiveDate, today: NaiveDate) -> Result<()> {
    if before > today {
        let words = format!("{} is still to come; give a day that has been", in_full(before));
        return Err(Refusal::new(words).into());
    }
    Ok(())
}

fn wanted(snapshot: &dyn Read, rules: &Rules, before: NaiveDate, today: NaiveDate) -> Result<Purged> {
    let mut purged = Purged::default();
    let mut after = String::new();
    loop {
        let page = snapshot.closed_before(before, &after, PAGE)?;
        let Some(end) = page.last() else { return Ok(purged) };
        after.clone_from(end);
        for reference in page {
            let entries = snapshot.entries(&reference)?;
            let running = match Case::fold(&entries) {
                Ok(case) => running(&case, rules, today),
                Err(refusal) => Some(refusal.to_string()),
            };
            let Some(why) = running else {
                let all = u32::try_from(entries.len()).unwrap_or(u32::MAX);
                purged.entries += all - snapshot.emptied(&reference)?.min(all);
                purged.cases.push(reference);
                continue;
            };
            purged.left.push((reference, why));
        }
    }
}

/// What still runs in a case, a duty first and the last to end; nothing if all of it is over.
fn running(case: &Case, rules: &Rules, today: NaiveDate) -> Option<String> {
    let deadlines = statute::deadlines(case, &rules.calendar, &rules.authority);
    let runs = |deadline: &&Deadline| match deadline.standing(today) {
        Standing::Pending | Standing::Running | Standing::Suspended => true,
        Standing::PastSafeDate | Standing::Overdue => true,
        // The Commissioner decides when the Commissioner decides.
        Standing::Passed => deadline.nature == Nature::Target,
        _ => false,
    };
    let until = |deadline: &Deadline| deadline.work_to.max(deadline.due);
    let last = deadlines.iter().filter(runs).max_by_key(|deadline| {
        let duty = deadline.nature == Nature::Duty;
        (duty, until(deadline).is_none(), until(deadline))
    })?;
    let (step, standing) = (step_name(last.key.step), last.standing(today));
    Some(match until(last) {
        Some(day) if day < today => format!("{step} is {standing} since {}", short(day)),
        Some(day) => format!("{step} is {standing} until {}", short(day)),
        None => format!("{step} is {standing}, without a date"),
    })
}

fn empty(tx: &mut dyn Write, reference: &str, position: u32) -> Result<()> {
    for entry in tx.entries(reference)? {
        let kept = entry.fact.details.without_words();
        tx.empty_words(reference, entry.seq, &kept, position)?;
    }
    Ok(())
}
