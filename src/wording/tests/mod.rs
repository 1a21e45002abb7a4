//! Whole mails and explanations, as people get them.

mod chasing;
mod digests;
mod explanations;
mod forms;
mod letters;
mod overrides;

use chrono::NaiveDate;

use super::{Settings, Wording, Words};
use crate::calendar::Calendar;
use crate::case::{Case, Entry, Fact, Kind, Outcome, Reference, Regime};
use crate::reminders::digest::{Block, Digest, Line};
use crate::reminders::people::Why;
use crate::reminders::{Closures, OpenDays, Quiet, Reason, Recipient, Rung};
use crate::statute::{Authority, AuthorityKind, Deadline, Standing, Step, deadlines};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A fact as `KIND DATE`, then `posted`, `received=DATE`, `due=DATE` or `regime=R` in any order.
fn fact(text: &str) -> Fact {
    let mut words = text.split(' ');
    let kind: Kind = words.next().unwrap().parse().unwrap();
    let mut fact = Fact::new(kind, day(words.next().unwrap()));
    for word in words {
        match word.split_once('=') {
            None => fact.details.posted = word == "posted",
            Some(("received", on)) => fact.details.received = Some(day(on)),
            Some(("due", on)) => fact.details.due = Some(day(on)),
            Some(("regime", regime)) => fact.details.regime = Some(regime.parse::<Regime>().unwrap()),
            Some(("outcome", outcome)) => fact.details.outcome = Some(outcome.parse::<Outcome>().unwrap()),
            Some(("exemptions", one)) => fact.details.exemptions = vec![one.to_owned()],
            Some(other) => panic!("{other:?}"),
        }
    }
    fact
}

fn entries(reference: &str, facts: &[&str]) -> Vec<Entry> {
    let reference: Reference = reference.parse().unwrap();
    let entry = |(index, text): (usize, &&str)| Entry {
        reference: reference.clone(),
        seq: u32::try_from(index).unwrap() + 1,
        fact: fact(text),
        recorded_at: "2026-11-27T08:31:00Z".parse().unwrap(),
        recorded_by: "bjones".to_owned(),
        by: None,
        supersedes: None,
    };
    facts.iter().enumerate().map(entry).collect()
}

fn case(reference: &str, facts: &[&str]) -> Case {
    Case::fold(&entries(reference, facts)).unwrap()
}

fn law(case: &Case) -> Vec<Deadline> {
    deadlines(case, &Calendar::compiled_in().unwrap(), &Authority::default())
}

/// A block that tells of the steps named.
fn block(case: Case, steps: &[Step], today: NaiveDate) -> Block {
    let told = |deadline: &Deadline| steps.contains(&deadline.key.step) && deadline.is_open();
    let (told, others): (Vec<_>, Vec<_>) = law(&case).into_iter().partition(told);
    let line = |deadline: Deadline| {
        let (rung, reason) = match deadline.standing(today) {
            Standing::Overdue => (Rung::Overdue, Reason::Overdue),
            Standing::PastSafeDate => (Rung::Safe, Reason::PastSafeDate),
            Standing::OutOfTime => (Rung::Ended, Reason::Ended),
            _ => (Rung::Before(5), Reason::Coming),
        };
        Line { deadline, rung, reason }
    };
    Block {
        case,
        why: Why::Owner,
        lines: told.into_iter().map(line).collect(),
        others,
    }
}

/// The last day that counts as soon: five working days on.
fn soon(today: NaiveDate) -> NaiveDate {
    Calendar::compiled_in().unwrap().nth_working_day_after(today, 5)
}

fn council() -> Settings {
    Settings {
        authority: "Example Council".to_owned(),
        kind: AuthorityKind::Ordinary,
        contact: Some("foi@example.gov.uk".to_owned()),
        sheet: None,
        templates: None,
    }
}

fn reader() -> Recipient {
    Recipient {
        name: "B Jones".to_owned(),
        email: "b.jones@example.gov.uk".to_owned(),
        why: Why::Owner,
    }
}

fn worded_with(settings: &Settings, digest: &Digest, closures: &Closures) -> Words {
    let calendar = Calendar::compiled_in().unwrap();
    let days = OpenDays {
        calendar: &calendar,
        closures,
        quiet: Quiet::default(),
    };
    Wording::new(settings).unwrap().digest(digest, &reader(), days).unwrap()
}

fn worded(today: &str, blocks: Vec<Block>) -> Words {
    worded_with(
        &council(),
        &Digest::new(day(today), soon(day(today)), blocks),
        &Closures::default(),
    )
}

/// Subject and text as one snapshot.
fn mail(words: &Words) -> String {
    format!("Subject: {}\n\n{}", words.subject, words.text)
}
