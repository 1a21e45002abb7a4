//! Ten years of all Scotland's requests, at full speed on a simulated clock.

use std::time::Instant;

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use timeous::casework::deliver;
use timeous::casework::dispatch::dispatch;
use timeous::casework::reconcile::reconcile;
use timeous::casework::record::record;
use timeous::config::Config;
use timeous::mail::Outcome;
use timeous::store::{Sqlite, Store};

use crate::council::Council;
use crate::office::{Office, at, clerk, day, kept_of};
use crate::table::{Table, figure};

/// What the authorities' returns to the Commissioner count in a year.
const A_YEAR: usize = 98_000;

/// As many officers as write to the Commissioner's statistics.
const OFFICERS: usize = 40;

pub fn section(table: &mut Table) {
    let years: usize = std::env::var("TIMEOUS_YEARS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(10);
    let office = Office::in_memory();
    let config = office.configure_for(OFFICERS, "", "");
    let until = day("2026-11-20");
    let council = Council {
        cases: A_YEAR * years,
        from: NaiveDate::from_ymd_opt(until.year() - years as i32, 11, 21).unwrap(),
        through: until,
        unanswered: false,
        prefix: "FOI",
    };
    let began = Instant::now();
    let mut told = Told::default();
    let mut store = Sqlite::create(&office.path("register.db")).unwrap();
    // What happens when; the facts themselves are made again on their day, for the memory is to be the register's.
    let calendar = &config.rules.calendar;
    let mut events: Vec<(NaiveDate, u32, u8)> = Vec::new();
    for case in 0..council.cases {
        let row = council.line(case, calendar).1.unwrap();
        let facts = row.facts.iter().zip(0..);
        events.extend(facts.map(|(fact, place)| (fact.on, case as u32, place)));
    }
    events.sort_unstable();
    let mut next = 0;
    for today in council.from.iter_days().take_while(|day| *day <= until) {
        // At eight the mails go out, about all that was recorded by the evening before; then the day's work.
        if !matches!(today.weekday(), Weekday::Sat | Weekday::Sun) {
            morning(&mut store, &config, today, &mut told);
        }
        let clerk = clerk(at(today, "16:00:00"));
        let upto = next + events[next..].iter().take_while(|event| event.0 <= today).count();
        store
            .write(|tx| {
                for (_, case, place) in &events[next..upto] {
                    let row = council.line(*case as usize, calendar).1.unwrap();
                    let fact = row.facts[usize::from(*place)].clone();
                    record(tx, &config.rules, &row.reference, fact, None, &clerk)?;
                }
                Ok::<_, timeous::casework::Error>(())
            })
            .unwrap();
        next = upto;
    }
    told.lost = lost(&office, &config);
    let took = began.elapsed().as_secs_f64();
    let columns = [
        "cases",
        "entries",
        "mails",
        "reminders",
        "lost",
        "wall time, s",
        "most memory, MiB",
    ];
    table.section(&format!("## {years} years of all Scotland"), &columns);
    let memory = kept_of(std::process::id(), "VmHWM") as f64 / 1024.0;
    let counts = [council.cases, events.len(), told.mails, told.reminders, told.lost];
    let cells: Vec<String> = counts
        .iter()
        .map(ToString::to_string)
        .chain([figure(took), figure(memory)])
        .collect();
    table.row(&cells);
}

#[derive(Default)]
struct Told {
    mails: usize,
    reminders: usize,
    lost: usize,
}

fn morning(store: &mut Sqlite, config: &Config, today: NaiveDate, told: &mut Told) {
    let now = at(today, "08:00:00");
    reconcile(store, &config.rules, now).unwrap();
    let written = dispatch(store, &config.rules, now).unwrap();
    told.reminders += written.reminders;
    let mut ended = Vec::new();
    loop {
        let taken = deliver::turn(store, &config.rules, &ended, 20, now + TimeDelta::seconds(1)).unwrap();
        if taken.is_empty() {
            return;
        }
        told.mails += taken.len();
        ended = taken
            .into_iter()
            .map(|one| (one, Outcome::accepted("250 ok")))
            .collect();
    }
}

/// What should have been told by the last evening and was not: a rung whose morning has come, a mail that waits, and
/// a duty that was met late without its officer having been told on the day itself and on each working day after it.
fn lost(office: &Office, config: &Config) -> usize {
    let register = rusqlite::Connection::open(office.path("register.db")).unwrap();
    let count = |sql: &str| -> usize { register.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap() as usize };
    let mut lost = count("select count(*) from deadline where open = 1 and next_on <= '2026-11-20'")
        + count("select count(*) from message where state <> 'accepted'")
        + count("select count(*) from reminder where state <> 'told'");
    let mut late = register
        .prepare(
            "select due, acted_on, (select count(*) from reminder where deadline = d.id and rung = 'overdue'),
                    (select count(*) from reminder where deadline = d.id and rung = '0wd')
             from deadline d where step = 'response' and state = 'late'",
        )
        .unwrap();
    let mut rows = late.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let (due, acted): (String, String) = (row.get(0).unwrap(), row.get(1).unwrap());
        let (overdue, on_the_day): (i64, i64) = (row.get(2).unwrap(), row.get(3).unwrap());
        let mornings = day(&due)
            .iter_days()
            .skip(1)
            .take_while(|morning| *morning <= day(&acted));
        let owed = mornings
            .filter(|morning| config.rules.calendar.is_working_day(*morning))
            .count();
        lost += usize::from(overdue != owed as i64 || on_the_day != 1);
    }
    lost
}
