//! Histories and what the law makes of them, written in one line each.
//!
//! A history is a list of entries divided by `;`, each `KIND DATE [posted] [void] [FIELD=VALUE]…`, with `!N`
//! behind the kind for the entry that it corrects: `received 2026-11-02; responded 2026-11-05 outcome=full`.

#![allow(dead_code, reason = "each test crate uses a part of it")]

use chrono::{DateTime, NaiveDate};
use timeous::calendar::Calendar;
use timeous::case::{Case, Details, Entry, Fact, Refusal};
use timeous::statute::deadline::Advised;
use timeous::statute::{self, Authority, Caution, Deadline};

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|_| panic!("{text:?} is no date"))
}

pub(crate) fn calendar() -> &'static Calendar {
    static CALENDAR: std::sync::OnceLock<Calendar> = std::sync::OnceLock::new();
    CALENDAR.get_or_init(|| Calendar::compiled_in().unwrap())
}

/// The entries of a history, numbered as they are told.
pub(crate) fn history(told: &str) -> Vec<Entry> {
    told.split(';')
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .enumerate()
        .map(|(index, line)| entry(u32::try_from(index).unwrap() + 1, line))
        .collect()
}

fn entry(seq: u32, line: &str) -> Entry {
    let mut words = line.split_whitespace();
    let kind = words.next().unwrap();
    let (kind, supersedes) = match kind.split_once('!') {
        Some((kind, target)) => (kind, Some(target.parse().unwrap())),
        None => (kind, None),
    };
    let mut fact = Fact::new(kind.parse().unwrap(), day(words.next().unwrap()));
    for word in words {
        say(&mut fact.details, word);
    }
    numbered(seq, fact, supersedes)
}

fn say(details: &mut Details, word: &str) {
    match word.split_once('=').unwrap_or((word, "")) {
        ("posted", "") => details.posted = true,
        ("void", "") => details.void = true,
        ("received", date) => details.received = Some(day(date)),
        ("due", date) => details.due = Some(day(date)),
        ("outcome", outcome) => details.outcome = Some(outcome.parse().unwrap()),
        ("regime", regime) => details.regime = Some(regime.parse().unwrap()),
        ("officer", officer) => details.officer = Some(officer.to_owned()),
        ("department", department) => details.department = Some(department.to_owned()),
        ("exemptions", exemptions) => details.exemptions = exemptions.split('+').map(str::to_owned).collect(),
        ("keeper-record", "") => details.keeper_record = true,
        ("first-received", date) => details.first_received = Some(day(date)),
        _ => panic!("{word:?} says nothing"),
    }
}

pub(crate) fn numbered(seq: u32, fact: Fact, supersedes: Option<u32>) -> Entry {
    Entry {
        reference: "FOI-1".parse().unwrap(),
        seq,
        fact,
        recorded_at: DateTime::UNIX_EPOCH,
        recorded_by: "test".into(),
        by: None,
        supersedes,
    }
}

pub(crate) fn try_deadlines(told: &str, authority: &Authority) -> Result<Vec<Deadline>, Refusal> {
    Ok(statute::deadlines(&Case::fold(&history(told))?, calendar(), authority))
}

pub(crate) fn deadlines(told: &str) -> Vec<Deadline> {
    try_deadlines(told, &Authority::default()).unwrap_or_else(|refusal| panic!("{told}: {refusal}"))
}

/// The deadline that words like `eirs review-window#2` or `court-window/applicant` name. Without a number the
/// first, without a regime FOISA or, where the case has none under it, the Regulations.
pub(crate) fn pick<'a>(all: &'a [Deadline], which: &str) -> Option<&'a Deadline> {
    let (regime, step) = match which.split_once(' ') {
        Some((regime, step)) => (Some(regime), step),
        None => (None, which),
    };
    let (step, actor) = match step.split_once('/') {
        Some((step, actor)) => (step, Some(actor)),
        None => (step, None),
    };
    let (step, occurrence) = match step.split_once('#') {
        Some((step, number)) => (step, number.parse().unwrap()),
        None => (step, 1),
    };
    all.iter().find(|one| {
        one.key.step.as_str() == step
            && one.occurrence == occurrence
            && regime.is_none_or(|regime| one.key.regime.as_str() == regime)
            && actor.is_none_or(|actor| one.key.actor.as_str() == actor)
    })
}

/// Holds a deadline of a history against what the law says of it: `due 2026-12-01, state running, …`. The
/// clauses: `due`, `work_to`, `acted`, `opens` (each a date or `none`), `state`, `nature`, `from DATE KIND`,
/// `advised DATE letter|usual` or `none`, `skips DATE…` or `none`, `cautions CONCERN[:DATE]…` or `none`,
/// `has CONCERN[:DATE]` and `lacks CONCERN[:DATE]` (one caution among others), `cite TEXT`, `cites TEXT` (a part
/// of the citation), `provisional true|false`, `standing DATE=WORD…`, `key N` (the entry it hangs on); or
/// `absent` alone.
pub(crate) fn check(told: &str, which: &str, expected: &str) {
    check_for(&Authority::default(), told, which, expected);
}

pub(crate) fn check_for(authority: &Authority, told: &str, which: &str, expected: &str) {
    let all = try_deadlines(told, authority).unwrap_or_else(|refusal| panic!("{told}: {refusal}"));
    let found = pick(&all, which);
    if expected == "absent" {
        assert!(found.is_none(), "{told}\n{which} is there: {found:#?}");
        return;
    }
    let deadline = found.unwrap_or_else(|| panic!("{told}\nno {which} among {all:#?}"));
    for clause in expected.split(',').map(str::trim) {
        let (name, value) = clause.split_once(' ').unwrap_or((clause, ""));
        let is = said(deadline, name, value);
        assert_eq!(is, value, "\n{told}\n{which}: {name}\n{deadline:#?}");
    }
}

/// What a deadline says under a clause's name, in the clause's own form.
fn said(deadline: &Deadline, name: &str, value: &str) -> String {
    match name {
        "due" => date(deadline.due),
        "work_to" => date(deadline.work_to),
        "acted" => date(deadline.acted_on),
        "opens" => date(deadline.opens_after),
        "state" => deadline.state.to_string(),
        "nature" => deadline.nature.to_string(),
        "from" => format!("{} {}", deadline.from.on, deadline.from.kind),
        "advised" => deadline.advised.map_or_else(
            || "none".to_owned(),
            |Advised { date, source }| format!("{date} {source}"),
        ),
        "skips" => list(deadline.left_out(calendar()).iter().map(|one| one.date.to_string())),
        "cautions" => list(deadline.cautions.iter().map(caution)),
        "has" => among(deadline, value, true),
        "lacks" => among(deadline, value, false),
        "cite" => deadline.provision.cite.to_owned(),
        "cites" if deadline.provision.cite.contains(value) => value.to_owned(),
        "cites" => deadline.provision.cite.to_owned(),
        "provisional" => deadline.provisional.to_string(),
        "key" => deadline.key.entry.to_string(),
        "standing" => list(value.split_whitespace().map(|one| {
            let (on, _) = one.split_once('=').unwrap();
            format!("{on}={}", deadline.standing(day(on)))
        })),
        _ => panic!("{name:?} is no clause"),
    }
}

fn date(date: Option<NaiveDate>) -> String {
    date.map_or_else(|| "none".to_owned(), |date| date.to_string())
}

fn list(words: impl Iterator<Item = String>) -> String {
    let words: Vec<String> = words.collect();
    if words.is_empty() {
        "none".to_owned()
    } else {
        words.join(" ")
    }
}

/// The caution itself if it is there as it should be, or is missing as it should be; else all there are. A
/// concern alone stands for any date.
fn among(deadline: &Deadline, value: &str, there: bool) -> String {
    let fits = |one: &Caution| caution(one) == value || one.concern.as_str() == value;
    if deadline.cautions.iter().any(fits) == there {
        return value.to_owned();
    }
    list(deadline.cautions.iter().map(caution))
}

/// An authority of a kind, in all else as most are.
pub(crate) fn authority(kind: &str) -> Authority {
    Authority {
        kind: kind.parse().unwrap(),
        ..Authority::default()
    }
}

fn caution(caution: &Caution) -> String {
    match caution.date {
        Some(date) => format!("{}:{date}", caution.concern),
        None => caution.concern.to_string(),
    }
}
