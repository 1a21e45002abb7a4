//! The law and the calendar by themselves, with no disk and no clock in sight.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    unreachable_pub,
    dead_code,
    reason = "a measurement stops where something is amiss, and shares its cases with the other one"
)]

#[path = "support/council.rs"]
mod council;

use std::hint::black_box;

use chrono::{NaiveDate, TimeDelta};
use council::Council;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use timeous::calendar::Calendar;
use timeous::case::{Case, Entry};
use timeous::statute::{self, Authority};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The n-th working day after a date takes the same time whatever n is.
fn nth(criterion: &mut Criterion) {
    let calendar = Calendar::compiled_in().unwrap();
    let start = day("2005-01-03");
    let dates: Vec<NaiveDate> = (0..10_000)
        .map(|n| start + TimeDelta::days((n * 7919) % 7300))
        .collect();
    let mut group = criterion.benchmark_group("nth_working_day_after");
    group.throughput(Throughput::Elements(dates.len() as u64));
    for n in [1_u32, 20, 40, 250] {
        group.bench_with_input(BenchmarkId::from_parameter(n), &n, |bencher, n| {
            bencher.iter(|| {
                for date in &dates {
                    black_box(calendar.nth_working_day_after(*date, *n));
                }
            });
        });
    }
    group.finish();
}

/// All deadlines of cases with ordinary histories, without and with the days left out on the way to each.
fn deadlines(criterion: &mut Criterion) {
    let calendar = Calendar::compiled_in().unwrap();
    let authority = Authority::default();
    let council = Council {
        cases: 5_000,
        from: day("2021-01-04"),
        through: day("2026-11-20"),
        unanswered: false,
        prefix: "FOI",
    };
    let entries: Vec<Vec<Entry>> = council.lines(&calendar).map(|line| entries(&line.1.unwrap())).collect();
    let cases: Vec<Case> = entries.iter().map(|entries| Case::fold(entries).unwrap()).collect();
    let mut group = criterion.benchmark_group("a case");
    group.throughput(Throughput::Elements(cases.len() as u64));
    group.bench_function("folded", |bencher| {
        bencher.iter(|| {
            for entries in &entries {
                let _ = black_box(Case::fold(entries));
            }
        });
    });
    group.bench_function("its deadlines", |bencher| {
        bencher.iter(|| {
            for case in &cases {
                black_box(statute::deadlines(case, &calendar, &authority));
            }
        });
    });
    group.bench_function("its deadlines with what was left out", |bencher| {
        bencher.iter(|| {
            for case in &cases {
                for deadline in statute::deadlines(case, &calendar, &authority) {
                    black_box(deadline.left_out(&calendar));
                }
            }
        });
    });
    group.finish();
}

fn entries(row: &timeous::exchange::Row) -> Vec<Entry> {
    let entry = |(fact, seq): (&timeous::case::Fact, u32)| Entry {
        reference: row.reference.clone(),
        seq,
        fact: fact.clone(),
        recorded_at: "2026-11-20T09:00:00Z".parse().unwrap(),
        recorded_by: "bench".to_owned(),
        by: None,
        supersedes: None,
    };
    row.facts.iter().zip(1..).map(entry).collect()
}

criterion_group!(core, nth, deadlines);
criterion_main!(core);
