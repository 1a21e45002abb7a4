//! The day on a hundred thousand open cases.
//!
//! In the suite ten thousand do, so that it stays short without optimisation. The whole count, with the figures:
//! `cargo test --release --test moved a_hundred_thousand -- --ignored --nocapture`.

use std::path::Path;
use std::time::Instant;

use chrono::{NaiveDate, TimeDelta};
use timeous::case::{Details, Fact, Kind};
use timeous::casework::deliver;
use timeous::casework::dispatch::dispatch;
use timeous::casework::import::{How, Report, import};
use timeous::casework::reconcile::reconcile;
use timeous::casework::record::Clerk;
use timeous::clock::london_instant;
use timeous::config::{Config, Surroundings};
use timeous::exchange::{Line, Row};
use timeous::mail::Outcome;
use timeous::store::Sqlite;

use crate::council::WITHDRAWN;

/// How many officers share the cases.
const OFFICERS: usize = 40;

/// How many cases are entered; the rest are copies of them under other references.
const ENTERED: usize = 1_000;

fn settings(folder: &Path, proclamations: &str) -> Config {
    std::fs::write(folder.join("proclamations.toml"), proclamations).unwrap();
    let officers: String = (0..OFFICERS)
        .map(|n| format!("{{ id = \"o{n}\", name = \"Officer {n}\", email = \"o{n}@council.example\" }},\n"))
        .collect();
    let text = format!(
        "[calendar]\nproclamations = \"proclamations.toml\"\n[mail]\nfrom = \"Timeous <foi@council.example>\"\n\
         [reminders]\nassurance = \"never\"\n[people]\nteam = \"team@council.example\"\nofficers = [\n{officers}]\n"
    );
    Config::parse(&text, folder, &Surroundings::default()).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Requests of the last days before the Monday, so that no rung is due on it; every fifth answered.
fn line(number: usize) -> Line {
    let received = day("2022-08-31") + TimeDelta::days(i64::try_from(number % 13).unwrap());
    let officer = Details {
        officer: Some(format!("o{}", number % OFFICERS)),
        ..Details::default()
    };
    let mut facts = vec![Fact {
        details: officer,
        ..Fact::new(Kind::Received, received)
    }];
    if number.is_multiple_of(5) {
        facts.push(Fact::new(Kind::Responded, day("2022-09-12")));
    }
    let row = Row {
        reference: format!("FOI-{number:06}").parse().unwrap(),
        facts,
        due: None,
    };
    (u64::try_from(number).unwrap(), Ok(row))
}

/// As many copies of what was entered as make up the number. The chain of hashes is not kept up.
fn multiply(register: &Path, cases: usize) {
    let mut register = rusqlite::Connection::open(register).unwrap();
    let copies = register.transaction().unwrap();
    for copy in 1..cases / ENTERED {
        for (table, columns) in [
            ("cases", "regime, officer, opened, closed, last_seq, set_aside"),
            (
                "deadline",
                "regime, step, actor, from_seq, occurrence, nature, state, open, due, work_to, opens_after, acted_on, \
                 provision, provisional, officer, calendar, next_on, next_rung",
            ),
            (
                "entry",
                "seq, kind, on_day, body, body_hash, hash, recorded_at, recorded_by, by_name, supersedes",
            ),
        ] {
            let sql = format!(
                "insert into {table} (reference, {columns})
                 select reference || '-{copy}', {columns} from {table} where length(reference) = 10"
            );
            copies.execute(&sql, []).unwrap();
        }
    }
    copies
        .execute("update about set position = (select max(position) from entry)", [])
        .unwrap();
    copies.commit().unwrap();
}

/// The most memory that this process ever held, in MiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

fn the_day_on(cases: usize) {
    // In memory where there is such a place.
    let shared = Path::new("/dev/shm");
    let folder = match shared.is_dir() {
        true => tempfile::tempdir_in(shared),
        false => tempfile::tempdir(),
    };
    let folder = folder.unwrap();
    let register = folder.path().join("register.db");
    let config = settings(folder.path(), WITHDRAWN);
    let mut store = Sqlite::create(&register).unwrap();
    let now = london_instant(day("2022-09-12"), "09:00:00".parse().unwrap());
    let clerk = Clerk {
        login: "test".to_owned(),
        by: None,
        now,
    };
    let lines: Vec<Line> = (0..ENTERED).map(line).collect();
    let mut report = Report::default();
    import(&mut store, &config.rules, &lines, &clerk, &How::default(), &mut report).unwrap();
    assert_eq!(
        (report.new, report.refused.len()),
        (ENTERED, 0),
        "{:?}",
        report.refused.first()
    );
    drop(store);
    multiply(&register, cases);
    let mut store = Sqlite::open(&register).unwrap();
    assert_eq!(
        dispatch(&mut store, &config.rules, now).unwrap().messages,
        0,
        "no rung is due"
    );

    let config = settings(folder.path(), "");
    let (memory, began) = (peak(), Instant::now());
    let done = reconcile(&mut store, &config.rules, now).unwrap().unwrap();
    let took = began.elapsed();
    // Of each the time to answer, also where it was answered, and the applicant's window.
    let moved = cases * 2;
    assert_eq!((done.cases, done.moved, done.told), (cases, moved, OFFICERS));
    assert_eq!(reconcile(&mut store, &config.rules, now).unwrap(), None);

    let began = Instant::now();
    assert_eq!(dispatch(&mut store, &config.rules, now).unwrap().messages, OFFICERS);
    let mut mails = Vec::new();
    let mut ended = Vec::new();
    while let Some(taken) = deliver::turn(&mut store, &config.rules, &ended, 1, now).unwrap().pop() {
        assert!(
            taken.message.words.subject.contains("a new bank holiday moves"),
            "{}",
            taken.message.words.subject
        );
        mails.push(taken.message.words.recipient.clone());
        ended = vec![(taken, Outcome::accepted("250 ok"))];
    }
    let written = began.elapsed();
    mails.sort();
    mails.dedup();
    assert_eq!(mails.len(), OFFICERS);
    assert_eq!(dispatch(&mut store, &config.rules, now).unwrap().messages, 0);
    let sql = rusqlite::Connection::open(&register).unwrap();
    let number = |query: &str| -> usize {
        let number: i64 = sql.query_row(query, [], |row| row.get(0)).unwrap();
        usize::try_from(number).unwrap()
    };
    assert_eq!(
        number("select count(*) from deadline_was where why like '2022-09-19%'"),
        moved
    );
    assert_eq!(number("select count(*) from message"), OFFICERS);
    assert_eq!(number("select count(*) from notice where state = 'told'"), OFFICERS);
    assert_eq!(
        number("select count(*) from deadline where open = 1 and calendar <> (select calendar from about)"),
        0
    );
    // Nothing is planned for the old dates: none of the copies differs from what was entered anew.
    let fresh = folder.path().join("fresh.db");
    let mut anew = Sqlite::create(&fresh).unwrap();
    import(
        &mut anew,
        &config.rules,
        &lines,
        &clerk,
        &How::default(),
        &mut Report::default(),
    )
    .unwrap();
    drop(anew);
    sql.execute("attach ?1 as fresh", [fresh.to_str().unwrap()]).unwrap();
    assert_eq!(
        number(
            "select count(*) from deadline d left join fresh.deadline f
               on f.reference = substr(d.reference, 1, 10) and f.step = d.step and f.actor = d.actor
             where (d.due, d.work_to, d.state, d.next_on, d.next_rung)
                is not (f.due, f.work_to, f.state, f.next_on, f.next_rung)"
        ),
        0
    );
    println!(
        "{cases} open cases: {moved} deadlines moved in {:.1} s; {OFFICERS} mails written and \
         sent in {:.1} s; at most {} MiB of memory, {memory} of them before; a register of {} MiB",
        took.as_secs_f64(),
        written.as_secs_f64(),
        peak(),
        std::fs::metadata(&register).unwrap().len() / 1024 / 1024,
    );
}

#[test]
fn ten_thousand_cases_move_and_each_officer_gets_one_mail() {
    the_day_on(10_000);
}

#[test]
#[ignore = "takes minutes without optimisation; the head of this file says how to run it"]
fn a_hundred_thousand_cases_move_and_each_officer_gets_one_mail() {
    the_day_on(100_000);
}
