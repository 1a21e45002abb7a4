//! What is stored of a case beside what its entries give.

use chrono::NaiveDate;

use super::super::derive::{Change, changes};
use super::super::{Result, Rules};
use super::{Verdict, length};
use crate::case::{Case, Entry};
use crate::statute::Deadline;
use crate::store::{CaseRow, DeadlineRow, Read};

/// How to have a case's stored rows written anew.
pub(super) fn derive_again(reference: &str) -> String {
    format!(
        "find out who wrote to the file; `timeous record {reference} note --on TODAY` writes what follows from its \
         entries anew"
    )
}

pub(super) fn compare_case(verdict: &mut Verdict, case: &Case, entries: &[Entry], stored: Option<CaseRow>) {
    let reference = case.reference.as_str();
    let Some(stored) = stored else {
        let what = "its entries are there, and it is not listed as a case";
        return verdict.find(reference, what, derive_again(reference));
    };
    if let Some(why) = &stored.set_aside {
        let remedy = format!("record what is right (timeous show {reference}), and it is taken up again");
        verdict.look(reference, format!("the service leaves it alone: {why}"), remedy);
    }
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "none".to_owned());
    let day = |day: Option<NaiveDate>| or_none(day.map(|day| day.to_string()));
    let pairs = [
        ("regime", stored.regime.to_string(), case.regime.to_string()),
        ("officer", or_none(stored.officer), or_none(case.officer.clone())),
        ("opened", stored.opened.to_string(), case.received.on.to_string()),
        ("closed", day(stored.closed), day(case.closed)),
        ("last entry", stored.last_seq.to_string(), length(entries).to_string()),
    ];
    if let Some(what) = differences(&pairs) {
        verdict.find(reference, what, derive_again(reference));
    }
}

/// `due is stored as 2022-03-05, and the entries give 2022-03-04`.
fn differences(pairs: &[(&str, String, String)]) -> Option<String> {
    let all: Vec<String> = pairs
        .iter()
        .filter(|(_, stored, given)| stored != given)
        .map(|(name, stored, given)| format!("{name} is stored as {stored}, and the entries give {given}"))
        .collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// `FOI-1, response no. 1 of entry 1 (foisa)`.
pub(super) fn named(row: &DeadlineRow) -> String {
    format!(
        "{}, {} no. {} of entry {} ({}, {})",
        row.reference, row.key.step, row.occurrence, row.key.entry, row.key.regime, row.key.actor
    )
}

pub(super) fn compare_deadlines(
    snapshot: &dyn Read,
    verdict: &mut Verdict,
    rules: &Rules,
    (case, rested): (&Case, bool),
    rows: &[DeadlineRow],
    today: NaiveDate,
) -> Result<()> {
    let (deadlines, wrong) = changes(snapshot, rules, case, today)?;
    let open = deadlines.iter().any(Deadline::is_open) || rows.iter().any(|row| row.state.is_open());
    if rested && !open {
        // Such cases are not derived again when a calendar, the law or settings change.
        verdict.at_rest += 1;
        return Ok(());
    }
    // Whether the end of a right is still news depends on the day it was last planned: any day since is right.
    let wrong_at_first = match wrong.is_empty() {
        true => Vec::new(),
        false => changes(snapshot, rules, case, case.received.on)?.1,
    };
    let stands = |change: &&Change| wrong_at_first.iter().any(|other| other.now.key == change.now.key);
    let remedy = derive_again(case.reference.as_str());
    for change in wrong.iter().filter(stands) {
        let there = deadlines.iter().any(|deadline| deadline.key == change.now.key);
        let what = match &change.was {
            None => Some("is missing, and follows from the entries".to_owned()),
            Some(_) if !there => Some("is stored, and does not follow from the entries".to_owned()),
            Some(was) => differences(&fields(was, &change.now)),
        };
        if let Some(what) = what {
            verdict.find(named(&change.now), what, &remedy);
        }
    }
    let gone = |row: &&DeadlineRow| !deadlines.iter().any(|deadline| deadline.key == row.key);
    for row in rows.iter().filter(gone).filter(|row| row.next.is_some()) {
        verdict.find(
            named(row),
            "no longer follows from the entries, and a rung of it is planned",
            &remedy,
        );
    }
    Ok(())
}

/// What is stored of a deadline beside what should be.
fn fields(was: &DeadlineRow, now: &DeadlineRow) -> [(&'static str, String, String); 11] {
    let day = |day: Option<NaiveDate>| day.map_or_else(|| "none".to_owned(), |day| day.to_string());
    let next = |row: &DeadlineRow| {
        row.next
            .map_or_else(|| "none".to_owned(), |(on, rung)| format!("{rung} on {on}"))
    };
    let officer = |row: &DeadlineRow| row.officer.clone().unwrap_or_else(|| "nobody".to_owned());
    [
        ("due", day(was.due), day(now.due)),
        ("work_to", day(was.work_to), day(now.work_to)),
        ("state", was.state.to_string(), now.state.to_string()),
        ("next rung", next(was), next(now)),
        ("officer", officer(was), officer(now)),
        ("acted_on", day(was.acted_on), day(now.acted_on)),
        ("opens_after", day(was.opens_after), day(now.opens_after)),
        ("nature", was.nature.to_string(), now.nature.to_string()),
        ("occurrence", was.occurrence.to_string(), now.occurrence.to_string()),
        ("provision", was.provision.clone(), now.provision.clone()),
        ("provisional", was.provisional.to_string(), now.provisional.to_string()),
    ]
}
