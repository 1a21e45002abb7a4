//! A new bank holiday over a hundred thousand open cases, beside the bare SQL that writes the same moved rows.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use timeous::casework::reconcile::reconcile;
use timeous::store::Sqlite;

use crate::council::Council;
use crate::office::{Office, WITHDRAWN, at, day, shell};
use crate::table::{Runs, Table, timed};

const TODAY: &str = "2022-09-12";

/// A register whose calendar lacks 19 September 2022, its cases all open across it.
pub struct Before {
    pub office: Office,
}

impl Before {
    pub fn new(cases: usize) -> Self {
        let office = Office::in_memory();
        let without = office.configure(WITHDRAWN, "");
        let council = Council {
            cases,
            from: day("2022-08-31"),
            through: day(TODAY),
            unanswered: true,
            prefix: "FOI",
        };
        drop(office.fill("before.db", &without, &council));
        Self { office }
    }

    /// The day is proclaimed: how long until every row is moved and every officer's mail is left to be written.
    pub fn moved(&self) -> Duration {
        let with = self.office.configure("", "");
        let mut store = Sqlite::open(&self.office.copy("before.db", "after.db")).unwrap();
        let (done, took) = timed(|| reconcile(&mut store, &with.rules, at(day(TODAY), "09:00:00")).unwrap());
        assert!(done.unwrap().moved > 0);
        took
    }

    /// The statements that make one register's rows those of the other.
    fn bare(&self) -> String {
        let after = rusqlite::Connection::open(self.office.path("after.db")).unwrap();
        let mut script = String::from("pragma synchronous = full; begin immediate;\n");
        let mut update = after
            .prepare(
                "select printf('update deadline set due = %Q, work_to = %Q, state = %Q, next_on = %Q, next_rung = %Q,
                                calendar = %Q where id = %d;', due, work_to, state, next_on, next_rung, calendar, id)
                 from deadline where id in (select deadline from deadline_was)",
            )
            .unwrap();
        let mut rows = update.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let _ = writeln!(script, "{}", row.get::<_, String>(0).unwrap());
        }
        let mut insert = after
            .prepare(
                "select printf('insert into deadline_was values (%d, %d, %Q, %Q, %Q, %Q, %Q, %Q, %Q);', id, deadline, due,
                               work_to, state, calendar, law, until, why) from deadline_was",
            )
            .unwrap();
        let mut rows = insert.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let _ = writeln!(script, "{}", row.get::<_, String>(0).unwrap());
        }
        script + "commit;\n"
    }
}

pub fn row(table: &mut Table) {
    let before = Before::new(100_000);
    before.moved();
    let bare = before.bare();
    let reference = |_: &Path| shell(&before.office.copy("before.db", "bare.db"), &bare);
    let (ours, theirs) = Runs::in_turn(5, || before.moved(), || reference(Path::new("")));
    table.beside(
        "a new bank holiday over 100,000 open cases",
        "s",
        &ours,
        ("bare SQL in the sqlite3 shell", &theirs),
        "within 3",
    );
}
