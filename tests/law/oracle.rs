//! The law a second time: a plain reckoning, day by day, of random histories, held against the program's.
//!
//! Nothing here uses the program's calendar or statute. The bank holidays are read from the published list,
//! every count walks from day to day, and the rules are put down as the law has them, without derivations.

mod clock;
mod days;
pub(crate) mod dice;
mod rules;
pub(crate) mod story;

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use chrono::{Days, Months, NaiveDate};
use rstest::rstest;
use timeous::case::{Case, Details, Entry, Fact, Kind, Outcome, Regime};
use timeous::clock::in_full;
use timeous::statute::{
    self, Actor, Authority, AuthorityKind, Concern, Deadline, LettersSay, Nature, SchoolDays, Standing,
};

use self::days::{month_ends, months, next, one_off, working_days};
use self::dice::Dice;
use self::rules::{Law, Row};
use self::story::{Story, Tag};
use crate::support::{calendar, day, history, numbered};

const HISTORIES: u64 = 30_000;

pub(crate) fn entries(told: &[(Tag, Fact)]) -> Vec<Entry> {
    (1..)
        .zip(told)
        .map(|(seq, (_, fact))| numbered(seq, fact.clone(), None))
        .collect()
}

fn in_words(told: &[(Tag, Fact)]) -> String {
    let mut words = String::new();
    for (_, fact) in told {
        let details = serde_json::to_string(&fact.details).unwrap();
        write!(words, "{} {} {details}; ", fact.kind, fact.on).unwrap();
    }
    words
}

fn rows(deadlines: &[Deadline], told: &[(Tag, Fact)]) -> Vec<Row> {
    deadlines
        .iter()
        .map(|one| Row {
            step: one.key.step.as_str(),
            regime: one.key.regime,
            actor: one.key.actor.as_str(),
            occurrence: one.occurrence,
            tag: told[one.key.entry as usize - 1].0,
            due: one.due,
            work_to: one.work_to,
            acted: one.acted_on,
            opens: one.opens_after,
            state: one.state.as_str(),
            lapses: one.lapses_after,
        })
        .collect()
}

/// Where a row stands on a day, in the words of the law: a duty is overdue after its day, a right out of time
/// after the last day on any view, and nothing has begun before it opens.
fn stands(row: &Row, on: NaiveDate) -> &'static str {
    match row.state {
        "suspended" if row.lapses.is_some_and(|last| on > last) => "not-owed",
        "pending" if row.opens.is_none_or(|opens| on <= opens) => "pending",
        "pending" | "running" => match row.step {
            _ if row.due.is_none() => "running",
            "commissioner-decision" | "extension-notice" | "waiting" if Some(on) > row.due => "passed",
            "response" | "review-outcome" | "compliance" | "commissioner-notice" if Some(on) > row.due => "overdue",
            "response" | "review-outcome" | "compliance" | "commissioner-notice" if Some(on) > row.work_to => {
                "past-safe-date"
            }
            "review-window" | "commissioner-window" | "court-window" | "fee-payment" if Some(on) > row.work_to => {
                "out-of-time"
            }
            _ => "running",
        },
        settled => settled,
    }
}

fn draw_authority(dice: &mut Dice) -> Authority {
    Authority {
        kind: match dice.roll(10) {
            0 => AuthorityKind::Excluded,
            1 | 2 => AuthorityKind::Keeper,
            _ => AuthorityKind::Ordinary,
        },
        letters_say: if dice.often(2) {
            LettersSay::Statute
        } else {
            LettersSay::Receipt
        },
        ..Authority::default()
    }
}

/// A hundred and twenty thousand histories in four parts, so that they can be reckoned side by side.
#[rstest]
fn random_histories_have_the_deadlines_that_a_plain_reckoning_gives(#[values(0, 1, 2, 3)] part: u64) {
    let mut kinds: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    let mut meanwhile: BTreeMap<NaiveDate, u32> = BTreeMap::new();
    for seed in part * HISTORIES..(part + 1) * HISTORIES {
        let mut dice = Dice(seed);
        let story = Story::draw(&mut dice);
        let authority = draw_authority(&mut dice);
        let mut expected = Law::of(&story, &authority);
        let mut told = story.told();
        // Every fourth is recorded in another order too.
        let orders: &[&str] = if seed % 4 == 0 {
            &["in order", "in another order"]
        } else {
            &["in order"]
        };
        for recorded in orders {
            let case = Case::fold(&entries(&told));
            let case = case.unwrap_or_else(|why| panic!("seed {seed}, {recorded}: {why}\n{}", in_words(&told)));
            let found = statute::deadlines(&case, calendar(), &authority);
            let mut reckoned = rows(&found, &told);
            reckoned.sort();
            expected.sort();
            assert_eq!(
                reckoned,
                expected,
                "seed {seed}, {recorded}, {authority:?}\n{}",
                in_words(&told)
            );
            hold_within_their_limits(&found);
            for day in found.iter().flat_map(proclaimed_meanwhile) {
                *meanwhile.entry(day).or_default() += 1;
            }
            for row in &expected {
                let one = found.iter().find(|one| {
                    (
                        one.key.step.as_str(),
                        one.key.regime,
                        one.key.actor.as_str(),
                        one.occurrence,
                    ) == (row.step, row.regime, row.actor, row.occurrence)
                });
                for on in around(row, &mut dice) {
                    let standing: Standing = one.unwrap().standing(on);
                    assert_eq!(
                        standing.as_str(),
                        stands(row, on),
                        "seed {seed}, {on}: {row:?}\n{}",
                        in_words(&told)
                    );
                }
                *kinds.entry((row.step, row.state)).or_default() += 1;
            }
            shuffle(&mut told, &mut dice);
        }
    }
    // Nor would it prove much of the days that were proclaimed while a clock ran, were there none.
    for date in ["2011-04-29", "2022-09-19", "2023-05-08", "2026-06-15"] {
        let count = meanwhile.get(&day(date)).copied().unwrap_or(0);
        assert!(count > 10, "{date} only {count} times among {meanwhile:?}");
    }
    // The dice must have shown every state that the rules so far can give, or the comparison proves little.
    let shown = |step, states: &[&'static str]| {
        for state in states {
            let count = kinds.get(&(step, *state)).copied().unwrap_or(0);
            assert!(count > 20, "{step} {state} only {count} times among {kinds:?}");
        }
    };
    shown(
        "response",
        &[
            "running",
            "suspended",
            "met",
            "arguable",
            "late",
            "not-owed",
            "withdrawn",
        ],
    );
    shown(
        "extension-notice",
        &["running", "suspended", "met", "arguable", "withdrawn"],
    );
    shown("fee-payment", &["running", "met", "late"]);
    shown("waiting", &["running", "withdrawn"]);
    shown("compliance", &["running", "suspended", "met", "late"]);
    shown(
        "review-window",
        &[
            "pending",
            "running",
            "suspended",
            "met",
            "arguable",
            "late",
            "withdrawn",
        ],
    );
    shown(
        "review-outcome",
        &["running", "met", "arguable", "late", "not-owed", "withdrawn"],
    );
    shown(
        "commissioner-window",
        &["pending", "running", "met", "arguable", "late", "not-owed", "withdrawn"],
    );
    shown("commissioner-decision", &["running", "met", "late", "withdrawn"]);
    shown("commissioner-notice", &["running", "met", "late", "withdrawn"]);
    shown("court-window", &["running", "met", "arguable", "late"]);
}

/// The days of one year only that a deadline names as proclaimed while it ran.
fn proclaimed_meanwhile(deadline: &Deadline) -> impl Iterator<Item = NaiveDate> {
    let named = |day: &NaiveDate| {
        let words = format!("{} was ", in_full(*day));
        let mut readings = deadline.cautions.iter().filter(|one| one.concern == Concern::Reading);
        readings.any(|one| one.why.contains(&words) && one.why.contains("already running"))
    };
    one_off().iter().map(|row| row.day).filter(named)
}

fn around(row: &Row, dice: &mut Dice) -> Vec<NaiveDate> {
    let mut days = vec![dice.after(day("2005-01-01"), 9_000)];
    for edge in [row.due, row.work_to, row.opens, row.lapses].into_iter().flatten() {
        days.extend([edge, next(edge)]);
    }
    days
}

fn shuffle<T>(told: &mut [T], dice: &mut Dice) {
    for last in (1..told.len()).rev() {
        let other = usize::try_from(dice.roll(last as u64 + 1)).unwrap();
        told.swap(last, other);
    }
}

/// The day to work to is never after what the words give for the authority's own, never before it for the
/// applicant's, and absent where there is nothing to work to.
fn hold_within_their_limits(all: &[Deadline]) {
    for one in all {
        match (one.nature, one.key.actor) {
            (Nature::Duty, actor) => {
                assert_eq!(actor, Actor::Authority);
                assert!(one.work_to <= one.due, "{one:#?}");
            }
            (Nature::Right, Actor::Authority) => assert!(one.work_to <= one.due, "{one:#?}"),
            (Nature::Right, _) => assert!(one.work_to >= one.due, "{one:#?}"),
            (Nature::Policy, _) => assert_eq!(one.work_to, one.due, "{one:#?}"),
            _ => assert_eq!(one.work_to, None, "{one:#?}"),
        }
        assert_ne!(one.key.regime, Regime::Both);
    }
    let keys: HashSet<_> = all.iter().map(|one| one.key).collect();
    assert_eq!(keys.len(), all.len(), "no two deadlines share an identity: {all:#?}");
}

#[test]
fn a_later_receipt_never_gives_an_earlier_day_for_a_duty() {
    for regime in ["foisa", "eirs"] {
        for how in ["", " posted"] {
            let (mut response, mut outcome) = (None, None);
            for on in day("2019-01-01").iter_days().take(2_000) {
                let told = format!("received {on}{how} regime={regime}; review-required {on}{how}");
                let case = Case::fold(&history(&told)).unwrap();
                for one in statute::deadlines(&case, calendar(), &Authority::default()) {
                    let last = match one.key.step {
                        statute::Step::Response => &mut response,
                        statute::Step::ReviewOutcome => &mut outcome,
                        _ => continue,
                    };
                    assert!(
                        one.due.is_some() && one.due >= *last,
                        "{told}: {:?} after {last:?}",
                        one.due
                    );
                    *last = one.due;
                }
            }
        }
    }
}

#[test]
fn a_random_entry_corrected_equals_having_recorded_it_right_at_first() {
    for seed in 0..3_000 {
        let mut dice = Dice(seed ^ 0xC0);
        let story = Story::draw(&mut dice);
        let told = story.told();
        let right = entries(&told);
        let mut corrected = right.clone();
        let which = usize::try_from(dice.roll(right.len() as u64)).unwrap();
        let wrong = dice.after(day("2005-01-01"), 8_000);
        corrected[which].fact = Fact::new(right[which].fact.kind, wrong);
        let said = &right[which].fact.details;
        corrected[which].fact.details.outcome = said.outcome;
        corrected[which].fact.details.regime = said.regime;
        corrected[which].fact.details.due = said.due.map(|_| wrong);
        let root = corrected[which].seq;
        let last = u32::try_from(right.len()).unwrap() + 1;
        corrected.push(numbered(last, right[which].fact.clone(), Some(root)));
        let of =
            |entries: &[Entry]| statute::deadlines(&Case::fold(entries).unwrap(), calendar(), &Authority::default());
        assert_eq!(of(&corrected), of(&right), "seed {seed}: {}", in_words(&told));
    }
}

fn draw_details(dice: &mut Dice, kind: Kind, start: NaiveDate, span: u64) -> Details {
    let mut seldom = |of_sixty| dice.roll(60) < of_sixty;
    let (received, posted, due, outcome, regime) = (seldom(3), seldom(6), seldom(3), seldom(6), seldom(3));
    Details {
        posted,
        void: dice.roll(60) < 3,
        received: received.then(|| dice.after(start, span)),
        due: due.then(|| dice.after(start, span)),
        outcome: (outcome || kind == Kind::CourtAppeal).then(|| dice.one(Outcome::ALL)),
        regime: regime.then(|| dice.one(Regime::ALL)),
        ..Details::default()
    }
}

/// What an entry of its kind cannot do without, so that the rarer kinds are taken too.
fn give_what_it_needs(fact: &mut Fact, dice: &mut Dice) {
    let details = &mut fact.details;
    let dated = [
        Kind::Extended,
        Kind::CommissionerNotice,
        Kind::Diary,
        Kind::CourtOutcome,
        Kind::Decision,
    ];
    details.due = dated.contains(&fact.kind).then(|| dice.after(fact.on, 90));
    details.received = None;
    details.outcome = match fact.kind {
        Kind::CommissionerNotice => Some(dice.one(&[Outcome::Comments, Outcome::Information, Outcome::Enforcement])),
        Kind::ApplicationEnded => Some(dice.one(&[Outcome::Settled, Outcome::Frivolous])),
        Kind::CourtAppeal => Some(dice.one(&[Outcome::ByAuthority, Outcome::ByApplicant, Outcome::Partial])),
        _ => None,
    };
    details.posted &= matches!(fact.kind, Kind::Received | Kind::Responded | Kind::ReviewRequired);
    if fact.kind == Kind::Responded && dice.often(5) {
        details.exemptions = vec!["27(1)".to_owned()];
    }
    if fact.kind == Kind::Received {
        details.regime = Some(dice.one(Regime::ALL));
        details.keeper_record = dice.often(3);
        details.first_received = dice.often(2).then_some(fact.on);
    } else if fact.kind != Kind::RegimeChanged {
        details.regime = None;
    }
}

/// A school that is open in the first half of every month, or for a week in a hundred years.
fn draw_school(dice: &mut Dice) -> SchoolDays {
    let month = |month: u64| {
        let first = day("1990-01-01") + Months::new(u32::try_from(month).unwrap());
        (first, first + Days::new(14))
    };
    let terms = if dice.often(7) {
        (0..1_400).map(month).collect()
    } else {
        vec![month(3)]
    };
    SchoolDays {
        terms,
        closed: vec![day("2026-03-02")],
    }
}

/// Whatever is recorded, possible or not: an answer or a refusal of one line, never a panic.
#[test]
fn no_set_of_entries_makes_it_panic() {
    let (mut taken, mut refused) = (0, 0);
    let mut steps: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in 0..40_000 {
        let mut dice = Dice(seed ^ 0xFA11);
        let mut entries = Vec::new();
        let span = dice.one(&[40, 400, 40_000]);
        let start = dice.one(&[
            day("1990-01-01"),
            day("2005-01-01"),
            day("2026-01-01"),
            day("2099-10-01"),
        ]);
        for seq in 1..=u32::try_from(dice.roll(9)).unwrap() {
            let kind = if seq == 1 && dice.often(9) {
                Kind::Received
            } else {
                dice.one(Kind::ALL)
            };
            let first = seq == 1 && dice.often(8);
            let on = if first { start } else { dice.after(start, span) };
            let mut fact = Fact::new(kind, on);
            fact.details = draw_details(&mut dice, kind, start, span);
            if dice.often(8) {
                give_what_it_needs(&mut fact, &mut dice);
            }
            let supersedes = (dice.roll(40) < 3).then(|| u32::try_from(dice.roll(10)).unwrap());
            entries.push(numbered(seq, fact, supersedes));
        }
        match Case::fold(&entries) {
            Ok(case) => {
                taken += 1;
                let mut authority = draw_authority(&mut dice);
                if dice.often(1) {
                    authority.kind = AuthorityKind::School;
                    authority.school_days = dice.often(8).then(|| draw_school(&mut dice));
                }
                let all = statute::deadlines(&case, calendar(), &authority);
                hold_within_their_limits(&all);
                for one in &all {
                    let on = dice.after(start, span);
                    assert!(one.is_open() || one.standing(on).as_str() == one.state.as_str());
                    *steps.entry(one.key.step.as_str()).or_default() += 1;
                    assert!(one.left_out(calendar()).len() < 1_000);
                }
            }
            Err(refusal) => {
                refused += 1;
                let words = refusal.to_string();
                assert!(!words.is_empty() && !words.contains('\n'), "{words:?}");
            }
        }
    }
    assert!(taken > 4_000 && refused > 1_000, "{taken} taken, {refused} refused");
    for step in statute::Step::ALL {
        assert!(
            steps.get(step.as_str()).is_some_and(|count| *count > 20),
            "{step} among {steps:?}"
        );
    }
}

#[test]
fn the_plain_reckoning_agrees_with_the_letter_of_the_rules() {
    assert_eq!(working_days(day("2022-02-04"), 20), day("2022-03-04"));
    assert_eq!(working_days(day("2026-12-01"), 40), day("2027-02-01"));
    assert_eq!(months(day("2026-08-31"), 6), day("2027-02-28"));
    assert_eq!(months(day("2026-11-30"), 6), day("2027-05-30"));
    assert_eq!(month_ends(day("2026-11-30"), 6), day("2027-05-31"));
    assert_eq!(month_ends(day("2026-11-29"), 6), day("2027-05-29"));
}
