//! The import of a hundred thousand cases, beside `sqlite3 .import` of the tables that result, with their indexes.

use std::time::Duration;

use timeous::casework::import::{How, Report, import};
use timeous::exchange::Line;
use timeous::store::Sqlite;

use crate::council::Council;
use crate::office::{Office, at, clerk, day, shell};
use crate::table::{Runs, Table, timed};

const TABLES: [&str; 3] = ["entry", "cases", "deadline"];

/// How long a sheet of so many cases takes into a register at a path.
pub fn taken(office: &Office, name: &str, cases: usize) -> Duration {
    let config = office.configure("", "");
    let council = Council {
        cases,
        from: day("2021-01-04"),
        through: day("2026-11-20"),
        unanswered: false,
        prefix: "FOI",
    };
    let lines: Vec<Line> = council.lines(&config.rules.calendar).collect();
    for beside in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(office.path(&format!("{name}{beside}")));
    }
    let mut store = Sqlite::create(&office.path(name)).unwrap();
    let clerk = clerk(at(council.through, "09:00:00"));
    let mut report = Report::default();
    let (done, took) = timed(|| import(&mut store, &config.rules, &lines, &clerk, &How::default(), &mut report));
    done.unwrap();
    assert_eq!(
        (report.new, report.refused.len()),
        (cases, 0),
        "{:?}",
        report.refused.first()
    );
    took
}

pub fn row(table: &mut Table) {
    let office = Office::in_memory();
    taken(&office, "taken.db", 100_000);
    let register = office.path("taken.db");
    // What sqlite3 is given: the schema of these tables, and their rows as CSV.
    let schema = rusqlite::Connection::open(&register).unwrap();
    let mut statement = schema
        .prepare(
            // CSV knows no null, which a strict column of numbers insists on.
            "select replace(sql, ') strict', ')') || ';' from sqlite_schema
             where tbl_name in ('entry', 'cases', 'deadline') and sql is not null",
        )
        .unwrap();
    let made: Vec<String> = statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let dump: String = TABLES
        .iter()
        .map(|table| format!(".output {}\nselect * from {table};\n", office.path(table).display()))
        .collect();
    shell(&register, &format!(".mode csv\n.nullvalue ''\n{dump}"));
    let import: String = TABLES
        .iter()
        .map(|table| format!(".import --csv {} {table}\n", office.path(table).display()))
        .collect();
    let script = format!(
        "pragma journal_mode = wal; pragma synchronous = full;\n{}\n{import}",
        made.join("\n")
    );
    let reference = || {
        for beside in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(office.path(&format!("bare.db{beside}")));
        }
        shell(&office.path("bare.db"), &script)
    };
    let (ours, theirs) = Runs::in_turn(3, || taken(&office, "taken.db", 100_000), reference);
    table.beside(
        "import of 100,000 cases",
        "s",
        &ours,
        ("sqlite3 .import of the resulting tables", &theirs),
        "within 3",
    );
}
