//! A council's years lived through at full speed: each evening what happened is recorded, each working morning the
//! mails go out.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use timeous::casework::deliver;
use timeous::casework::dispatch::dispatch;
use timeous::casework::reconcile::reconcile;
use timeous::casework::record::record;
use timeous::config::Config;
use timeous::mail::Outcome;
use timeous::store::{Sqlite, Store};

use crate::council::Council;
use crate::office::{Office, at, clerk, day};

/// What came of it.
#[derive(Debug, Default)]
pub struct Lived {
    /// Entries recorded.
    pub entries: usize,
    /// Mails a server has.
    pub mails: usize,
    /// Reminders in them.
    pub reminders: usize,
    /// What should have been told and was not, or twice.
    pub lost: usize,
}

/// Lives through a council's days in a register of an office.
pub fn live(office: &Office, config: &Config, council: &Council) -> Lived {
    let mut lived = Lived::default();
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
    lived.entries = events.len();
    let mut next = 0;
    for today in council.from.iter_days().take_while(|day| *day <= council.through) {
        // At eight the mails go out, about all that was recorded by the evening before; then the day's work.
        if !matches!(today.weekday(), Weekday::Sat | Weekday::Sun) {
            morning(&mut store, config, at(today, "08:00:00"), &mut lived);
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
    lived.lost = lost(office, config, council.through);
    lived
}

fn morning(store: &mut Sqlite, config: &Config, now: DateTime<Utc>, lived: &mut Lived) {
    reconcile(store, &config.rules, now).unwrap();
    let written = dispatch(store, &config.rules, now).unwrap();
    lived.reminders += written.reminders;
    let mut ended = Vec::new();
    loop {
        let taken = deliver::turn(store, &config.rules, &ended, 20, now + TimeDelta::seconds(1)).unwrap();
        if taken.is_empty() {
            return;
        }
        lived.mails += taken.len();
        ended = taken
            .into_iter()
            .map(|one| (one, Outcome::accepted("250 ok")))
            .collect();
    }
}

/// What should have been told by the last evening and was not: a rung whose morning has come, a mail that waits, and
/// a duty that was met late without its officer having been told on the day itself and on each working day after it.
fn lost(office: &Office, config: &Config, through: NaiveDate) -> usize {
    let register = rusqlite::Connection::open(office.path("register.db")).unwrap();
    let count = |sql: &str| -> usize { register.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap() as usize };
    let in_waiting = format!("select count(*) from deadline where open = 1 and next_on <= '{through}'");
    let mut lost = count(&in_waiting)
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
