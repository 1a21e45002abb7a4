//! Another calendar, another statement of the law, other settings: everything open is derived again, and the
//! officers are told which of their dates moved.
//!
//! What is to change is worked out on a snapshot, while everybody may go on writing; then all of it is stored in
//! one transaction, in which only the cases that were written to meanwhile are worked out anew. No reader ever
//! sees two calendars, and a dry run is the first half alone.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::derive::{Because, Change, Footing, adopt, changes, replan, rests_on, save, withdraw, withdraw_mails};
use super::record::Clerk;
use super::{Error, Result, Rules};
use crate::calendar::{BankHoliday, is_expected};
use crate::case::{Case, Entry, Refusal, chain};
use crate::clock::london_day;
use crate::reminders::Notice;
use crate::reminders::notice::{Causes, Dates, Move, Moves};
use crate::statute::LAW_VERSION;
use crate::store::{
    self, About, DeadlineRow, MessageState, NoticeRow, NoticeState, OwnBody, OwnEntry, Read, Rederivation, Round,
    Store, Task, Write,
};

/// How many cases are read at a time when all are derived again.
const PAGE: u32 = 1_000;

/// Who records what the service does by itself.
const SERVICE: &str = "timeous";

/// What deriving everything again came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rederived {
    /// Cases with an open deadline.
    pub cases: usize,
    /// Deadlines whose dates or state changed.
    pub moved: usize,
    /// Officers who are told.
    pub told: usize,
}

/// What would change, before anything does.
#[derive(Debug)]
pub struct Preview {
    /// Cases with an open deadline.
    pub cases: usize,
    /// What each officer would be told; under none, what belongs to nobody.
    pub moves: BTreeMap<Option<String>, Moves>,
}

/// Derives every case with an open deadline again if the calendar, the law or the settings are others than the
/// register rests on, or the clock has been set back by days; all in one transaction. Nothing if they are the same,
/// or if other days have just been adopted than these rules know of.
///
/// # Errors
/// The register's failure. A case that cannot be derived is set aside and does not stop the others.
pub fn reconcile(store: &mut impl Store, rules: &Rules, now: DateTime<Utc>) -> Result<Option<Rederived>> {
    let was_ahead = store.read(|snapshot| clock_was_ahead(snapshot, now))?;
    let work = store.read(|snapshot| match rests_on(&snapshot.about()?, rules) && !was_ahead {
        true => Ok::<_, Error>(None),
        false => Work::of(snapshot, rules, now).map(Some),
    })?;
    let Some(work) = work else { return Ok(None) };
    store.write(|tx| {
        let nothing_new = rests_on(&tx.about()?, rules) && !was_ahead;
        if nothing_new || tx.adopted()?.days != rules.sources.adopted {
            return Ok(None);
        }
        let before = tx.about()?;
        put_on_record(tx, new_foundations(rules, &before), now)?;
        work.store(tx, rules, &before, now).map(Some)
    })
}

/// Whether the last round was on a later day than this: the mornings planned then may lie far too late.
///
/// # Errors
/// The register's failure.
pub(super) fn clock_was_ahead(snapshot: &dyn Read, now: DateTime<Utc>) -> store::Result<bool> {
    let of_rounds = |(task, round): &(Task, Round)| *task == Task::Dispatch && london_day(round.at) > london_day(now);
    Ok(snapshot.rounds()?.iter().any(of_rounds))
}

/// What the next round would change, where the register rests on another calendar, law or settings than these.
///
/// # Errors
/// The register's failure.
pub fn pending(store: &impl Store, rules: &Rules, now: DateTime<Utc>) -> Result<Option<Preview>> {
    let about = store.read(|snapshot| snapshot.about())?;
    match rests_on(&about, rules) || about.calendar.is_empty() {
        true => Ok(None),
        false => preview(store, rules, now).map(Some),
    }
}

/// What deriving everything again would change, by these rules.
///
/// # Errors
/// The register's failure.
pub fn preview(store: &impl Store, rules: &Rules, now: DateTime<Utc>) -> Result<Preview> {
    store.read(|snapshot| {
        let causes = causes(snapshot, &snapshot.about()?, rules)?;
        let work = Work::of(snapshot, rules, now)?;
        let mut moves: BTreeMap<Option<String>, Moves> = BTreeMap::new();
        for change in work.changes.values().flatten() {
            note_move(&mut moves, &causes, change);
        }
        moves.retain(|_, moves| !moves.is_empty());
        Ok(Preview {
            cases: work.cases,
            moves,
        })
    })
}

/// Adopts days into the register for good, and derives everything again by rules that count them, in one
/// transaction.
///
/// # Errors
/// A refusal if other days were adopted meanwhile, after which nothing is changed; or the register's failure.
pub fn adopt_days(
    store: &mut impl Store,
    rules: &Rules,
    days: &[BankHoliday],
    source: &str,
    clerk: &Clerk,
) -> Result<Rederived> {
    let work = store.read(|snapshot| Work::of(snapshot, rules, clerk.now))?;
    store.write(|tx| {
        let known = [tx.adopted()?.days, days.to_vec()].concat();
        if known != rules.sources.adopted {
            return Err(Refusal::new("somebody else has just adopted other days; run this again").into());
        }
        let before = tx.about()?;
        tx.append_own(&OwnEntry {
            on: london_day(clerk.now),
            body: OwnBody::CalendarAdopted {
                version: rules.calendar.version().to_owned(),
                announced_through: rules.calendar.announced_through(),
                days: days.to_vec(),
                source: source.to_owned(),
            },
            recorded_at: clerk.now,
            recorded_by: clerk.login.clone(),
            by: clerk.by.clone(),
        })?;
        put_on_record(tx, new_law(&before), clerk.now)?;
        work.store(tx, rules, &before, clerk.now)
    })
}

/// Another calendar than the register rested on, and another statement of the law.
fn new_foundations(rules: &Rules, before: &About) -> impl Iterator<Item = OwnBody> {
    // A new register has nothing to change from.
    let another = !before.calendar.is_empty() && before.calendar != rules.calendar.version();
    let new_calendar = another.then(|| OwnBody::CalendarAdopted {
        version: rules.calendar.version().to_owned(),
        announced_through: rules.calendar.announced_through(),
        days: Vec::new(),
        source: "the settings and this program".to_owned(),
    });
    new_calendar.into_iter().chain(new_law(before))
}

fn new_law(before: &About) -> Option<OwnBody> {
    (!before.calendar.is_empty() && before.law != LAW_VERSION).then(|| OwnBody::Upgraded {
        law: LAW_VERSION.to_owned(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

/// Derives one case by these rules before something is recorded in it, where the register rests on others: what the
/// calendar moves is then told as what it is, and not taken for what the new entry did.
///
/// # Errors
/// The register's failure.
pub(super) fn bring_up_to_date(
    tx: &mut dyn Write,
    rules: &Rules,
    footing: &Footing,
    entries: &[Entry],
    now: DateTime<Utc>,
) -> Result<()> {
    let Footing::Others(about) = footing else {
        return Ok(());
    };
    let Ok(case) = Case::fold(entries) else {
        return Ok(());
    };
    let changes = changes(tx, rules, &case, london_day(now))?.1;
    let causes = causes(tx, about, rules)?;
    let because = Because {
        why: in_words(&causes, rules),
        now,
    };
    let outdated = save(tx, &changes, &because, &about.law)?;
    withdraw_mails(tx, rules, &outdated, now)?;
    let mut moves = BTreeMap::new();
    changes.iter().for_each(|change| note_move(&mut moves, &causes, change));
    tell(tx, moves, rules, now)?;
    Ok(())
}

/// The register's own entries for what its dates rest on from now.
fn put_on_record(tx: &mut dyn Write, bodies: impl IntoIterator<Item = OwnBody>, now: DateTime<Utc>) -> Result<()> {
    for body in bodies {
        tx.append_own(&OwnEntry {
            on: london_day(now),
            body,
            recorded_at: now,
            recorded_by: SERVICE.to_owned(),
            by: None,
        })?;
    }
    Ok(())
}

/// What is to change, case by case.
struct Work {
    /// Where the chain stood when it was worked out.
    position: u32,
    /// What the register rested on then.
    rested_on: (String, String, String),
    cases: usize,
    changes: BTreeMap<String, Vec<Change>>,
    /// Cases that cannot be understood, and why.
    unreadable: Vec<(String, String)>,
    /// Cases that an earlier program could not understand and this one can.
    readable_again: Vec<String>,
}

fn foundations(about: &About) -> (String, String, String) {
    (about.calendar.clone(), about.law.clone(), about.settings.clone())
}

impl Work {
    fn of(snapshot: &dyn Read, rules: &Rules, now: DateTime<Utc>) -> Result<Self> {
        let about = snapshot.about()?;
        let aside: BTreeSet<String> = snapshot.set_aside()?.into_iter().map(|(case, _)| case).collect();
        let mut work = Self {
            position: about.position,
            rested_on: foundations(&about),
            cases: 0,
            changes: BTreeMap::new(),
            unreadable: Vec::new(),
            readable_again: Vec::new(),
        };
        let mut last = String::new();
        loop {
            let page = snapshot.open_cases(&last, PAGE)?;
            let Some(end) = page.last() else { break };
            last.clone_from(end);
            for reference in &page {
                work.cases += 1;
                work.add(snapshot, rules, reference, now)?;
                if aside.contains(reference) && !work.unreadable.iter().any(|(case, _)| case == reference) {
                    work.readable_again.push(reference.clone());
                }
            }
        }
        Ok(work)
    }

    /// Works one case out, in place of what was worked out of it before.
    fn add(&mut self, snapshot: &dyn Read, rules: &Rules, reference: &str, now: DateTime<Utc>) -> Result<()> {
        self.changes.remove(reference);
        self.unreadable.retain(|(case, _)| case != reference);
        let derived = snapshot
            .entries(reference)
            .map_err(Error::from)
            .and_then(|entries| Ok(Case::fold(&entries)?))
            .and_then(|case| Ok(changes(snapshot, rules, &case, london_day(now))?.1));
        let why = match derived {
            Ok(changes) if changes.is_empty() => return Ok(()),
            Ok(changes) => {
                self.changes.insert(reference.to_owned(), changes);
                return Ok(());
            }
            Err(Error::Refused(refusal)) => refusal.to_string(),
            Err(Error::Store(store::Error::Damaged(why))) => why,
            Err(other) => return Err(other),
        };
        self.unreadable.push((reference.to_owned(), why));
        Ok(())
    }

    /// Stores what changes, its history, and one notice an officer.
    fn store(mut self, tx: &mut dyn Write, rules: &Rules, before: &About, now: DateTime<Utc>) -> Result<Rederived> {
        if self.rested_on != foundations(before) {
            self = Self::of(tx, rules, now)?;
        }
        for reference in tx.changed_since(self.position)? {
            self.add(tx, rules, &reference, now)?;
        }
        let causes = causes(tx, before, rules)?;
        let because = Because {
            why: in_words(&causes, rules),
            now,
        };
        let mut moves = BTreeMap::new();
        let mut outdated = Vec::new();
        let mut done = Rederived {
            cases: self.cases,
            ..Rederived::default()
        };
        for change in self.changes.values() {
            let mails = save(tx, change, &because, &before.law)?;
            done.moved += mails.len();
            outdated.extend(mails);
            change.iter().for_each(|change| note_move(&mut moves, &causes, change));
        }
        // Only now: the history of what moved says under which law it was.
        adopt(tx, rules)?;
        for (reference, why) in &self.unreadable {
            tx.set_case_aside(reference, Some(why))?;
        }
        for reference in &self.readable_again {
            tx.set_case_aside(reference, None)?;
        }
        withdraw_mails(tx, rules, &outdated, now)?;
        done.told = tell(tx, moves, rules, now)?;
        tx.keep_rederivation(&Rederivation {
            at: now,
            from: (before.calendar.clone(), before.law.clone()),
            to: (rules.calendar.version().to_owned(), LAW_VERSION.to_owned()),
            why: because.why,
            cases: u32::try_from(done.cases).unwrap_or(u32::MAX),
            moved: u32::try_from(done.moved).unwrap_or(u32::MAX),
        })?;
        Ok(done)
    }
}

/// What makes dates move: the days by which the calendar in force differs from the one the register rests on.
fn causes(snapshot: &dyn Read, about: &About, rules: &Rules) -> Result<Causes> {
    let calendar = &rules.calendar;
    let mut causes = Causes {
        law: about.law != LAW_VERSION && !about.law.is_empty(),
        ..Causes::default()
    };
    if about.calendar == calendar.version() {
        causes.otherwise = !causes.law;
        return Ok(causes);
    }
    let Some(old) = snapshot.calendar(&about.calendar)? else {
        causes.otherwise = true;
        return Ok(causes);
    };
    let rows = calendar.proclamations();
    let there = |days: &[BankHoliday], day: NaiveDate| days.iter().any(|other| other.date == day);
    let new: Vec<BankHoliday> = calendar.announced().cloned().collect();
    // What was expected and is announced now has not changed.
    let expected = |day: NaiveDate| day > old.announced_through && is_expected(day);
    causes.added = new
        .iter()
        .filter(|day| !there(&old.days, day.date) && !expected(day.date))
        .map(|day| (day.clone(), rows.gives(day.date).map(|row| row.known_on())))
        .collect();
    causes.removed = old
        .days
        .iter()
        .filter(|day| !there(&new, day.date))
        .map(|day| (day.clone(), rows.takes_away(day.date).map(|row| row.known_on())))
        .collect();
    causes.otherwise = causes.added.is_empty() && causes.removed.is_empty() && !causes.law;
    Ok(causes)
}

/// The cause in a few words, for the history of a deadline.
fn in_words(causes: &Causes, rules: &Rules) -> String {
    let mut parts: Vec<String> = Vec::new();
    let added = causes.added.iter().map(|(day, _)| (day, "is a bank holiday"));
    let removed = causes.removed.iter().map(|(day, _)| (day, "is no bank holiday"));
    let days: Vec<_> = added.chain(removed).collect();
    match days.len() {
        0 => {}
        1..=3 => parts.extend(days.iter().map(|(day, what)| format!("{} {what}", day.date))),
        n => parts.push(format!(
            "{n} days of the calendar changed, which is now {}",
            rules.calendar.short_version()
        )),
    }
    if causes.law {
        parts.push(format!("the law as stated is now version {LAW_VERSION}"));
    }
    if causes.otherwise || parts.is_empty() {
        parts.push("the calendar or the settings changed".to_owned());
    }
    parts.join("; ")
}

fn note_move(moves: &mut BTreeMap<Option<String>, Moves>, causes: &Causes, change: &Change) {
    let dates = |row: &DeadlineRow| Dates {
        due: row.due,
        work_to: row.work_to,
        state: row.state,
    };
    let Change { was: Some(was), now } = change else { return };
    if dates(was) == dates(now) {
        return;
    }
    let moves = moves.entry(now.officer.clone()).or_insert_with(|| Moves {
        causes: causes.clone(),
        moves: Vec::new(),
    });
    moves.moves.push(Move {
        deadline: was.id,
        reference: now.reference.clone(),
        step: now.key.step,
        occurrence: now.occurrence,
        regime: now.key.regime,
        actor: now.key.actor,
        was: dates(was),
        now: dates(now),
    });
}

/// Leaves a notice for every officer whose dates moved. One that nobody has been sent yet is taken back and told
/// with the new one. How many officers are told.
fn tell(
    tx: &mut dyn Write,
    mut moves: BTreeMap<Option<String>, Moves>,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<usize> {
    for row in tx.open_notices()? {
        let Ok(Notice::Moved(earlier)) = serde_json::from_str(&row.body) else {
            continue;
        };
        if let Some(later) = moves.remove(&row.officer) {
            let taken_back = take_back(tx, rules, &row, now)?;
            let both = if taken_back { earlier.then(later) } else { later };
            moves.insert(row.officer, both);
        }
    }
    moves.retain(|_, moves| !moves.is_empty());
    let told = moves.len();
    for (officer, moves) in moves {
        let name = format!(
            "moved/{}/{}/{}",
            chain::instant(now),
            rules.calendar.short_version(),
            officer.as_deref().unwrap_or_default()
        );
        super::notices::add_moved(tx, &name, officer.as_deref(), moves)?;
    }
    Ok(told)
}

/// Drops a notice that no server can have. False if one may have it.
fn take_back(tx: &mut dyn Write, rules: &Rules, row: &NoticeRow, now: DateTime<Utc>) -> Result<bool> {
    if let Some(message) = row.message {
        let cases = withdraw(tx, message, MessageState::Superseded, &[])?;
        replan(tx, rules, &cases, now)?;
        let still_in_it = tx.notices_in(message)?.iter().any(|notice| notice.id == row.id);
        if still_in_it {
            return Ok(false);
        }
    }
    tx.mark_notice(row.id, NoticeState::Dropped, None)?;
    Ok(true)
}
