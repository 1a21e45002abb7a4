//! All deadlines of a case, without and with what was left out on the way to each.

use std::hint::black_box;

use timeous::calendar::Calendar;
use timeous::case::{Case, Entry};
use timeous::statute::{self, Authority};

use crate::council::Council;
use crate::office::{at, day};
use crate::table::{Runs, Table, timed};

const CASES: usize = 20_000;

pub fn rows(table: &mut Table) {
    let calendar = Calendar::compiled_in().unwrap();
    let authority = Authority::default();
    let council = Council {
        cases: CASES,
        from: day("2021-01-04"),
        through: day("2026-11-20"),
        unanswered: false,
        prefix: "FOI",
    };
    let cases: Vec<Case> = council.lines(&calendar).map(|line| folded(&line.1.unwrap())).collect();
    let speed = |runs: Runs| runs.map(|seconds| CASES as f64 / seconds);
    let without = Runs::of(9, || {
        let all = || {
            cases
                .iter()
                .map(|case| statute::deadlines(black_box(case), &calendar, &authority).len())
        };
        timed(|| all().sum::<usize>()).1
    });
    table.alone(
        "cases a second: all deadlines",
        "cases/s",
        &speed(without),
        "1 M a core",
    );
    let with = Runs::of(9, || {
        let derived = |case: &Case| {
            let deadlines = statute::deadlines(black_box(case), &calendar, &authority);
            deadlines
                .iter()
                .map(|deadline| deadline.left_out(&calendar).len())
                .sum::<usize>()
        };
        timed(|| cases.iter().map(derived).sum::<usize>()).1
    });
    table.alone(
        "the same, with the days left out",
        "cases/s",
        &speed(with),
        "200 k a core",
    );
}

fn folded(row: &timeous::exchange::Row) -> Case {
    let entries: Vec<Entry> = row
        .facts
        .iter()
        .zip(1..)
        .map(|(fact, seq)| Entry {
            reference: row.reference.clone(),
            seq,
            fact: fact.clone(),
            recorded_at: at(day("2026-11-20"), "09:00:00"),
            recorded_by: "bench".to_owned(),
            by: None,
            supersedes: None,
        })
        .collect();
    Case::fold(&entries).unwrap()
}
