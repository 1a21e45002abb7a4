//! Nothing that a round or `status` asks reads a whole table: the tables grow with the years, the answers don't.

use rusqlite::Connection;

use super::super::{Listing, Store};
use super::{Sqlite, deadlines, outbox, own, sheet, status};
use crate::statute::Step;

/// The tables that grow with cases.
const GROWING: [&str; 11] = [
    "entry",
    "cases",
    "deadline",
    "deadline_was",
    "reminder",
    "message",
    "words",
    "line",
    "attempt",
    "notice",
    "sheet_row",
];

/// How SQLite goes about a statement, a line a step.
fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(&format!("explain query plan {sql}")).unwrap();
    let nothing = vec![rusqlite::types::Null; statement.parameter_count()];
    let steps = statement.query_map(rusqlite::params_from_iter(nothing), |row| row.get("detail"));
    steps.unwrap().collect::<Result<_, _>>().unwrap()
}

/// Whether a step reads every row of a table that grows, by itself or through an index of every row.
fn reads_all(connection: &Connection, step: &str) -> bool {
    let Some(table) = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next()) else {
        return false;
    };
    let partial = |index: &str| {
        let found = "select count(*) from sqlite_schema where name = ?1 and sql like '%where%'";
        let count: i64 = connection.query_row(found, [index], |row| row.get(0)).unwrap();
        count == 1
    };
    GROWING.contains(&table) && !step.rsplit(' ').next().is_some_and(partial)
}

/// Every listing that `status` can ask for.
fn listings() -> Vec<Listing> {
    let mut all = Vec::new();
    for bits in 0..32_u8 {
        let set = |bit: u8| bits & (1 << bit) != 0;
        let today = "2026-11-02".parse().unwrap();
        all.push(Listing {
            today,
            through: set(0).then_some(today),
            officer: set(1).then(|| "bjones".to_owned()),
            step: set(2).then_some(Step::Response),
            rights_from: set(3).then_some(today),
            all: set(4),
        });
    }
    all
}

#[test]
fn no_question_reads_a_whole_table() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.db");
    let mut store = Sqlite::create(&path).unwrap();
    // Without rows SQLite knows nothing of them, as in a register that nobody has analysed.
    store.write(|tx| tx.mark_demo()).unwrap();
    let connection = Connection::open(&path).unwrap();
    let mut statements: Vec<String> = listings().iter().map(status::listing_sql).collect();
    let fixed = [
        status::COUNTS,
        status::OUTBOX_COUNTS,
        deadlines::DUE_CASES,
        deadlines::URGENT_CASES,
        deadlines::NEXT_MORNING,
        deadlines::OPEN_CASES,
        deadlines::HOLDERS,
        deadlines::CASES_IN_VIEW,
        deadlines::CASES_OF,
        deadlines::CASES_OF_NOBODY,
        outbox::PUT_OFF,
        outbox::TO_BE_TAKEN,
        outbox::NEXT_ATTEMPT,
        outbox::OUTBOX,
        outbox::REFUSED_ON,
        outbox::STALE,
        outbox::WAITING_ABOUT,
        outbox::LINES,
        outbox::STORY,
        outbox::CLOSE_OPEN_ATTEMPTS,
        own::ADOPTED,
        own::CHANGED_SINCE,
        own::OPEN_NOTICES,
        own::NOTICES_IN,
        sheet::ROW,
        sheet::FROM_SHEETS,
    ];
    statements.extend(fixed.map(str::to_owned));
    statements.push("select * from entry where reference = ?1 order by seq".to_owned());
    statements.push("select * from deadline where reference = ?1 order by id".to_owned());
    for sql in &statements {
        for step in plan(&connection, sql) {
            assert!(!reads_all(&connection, &step), "{step}\n{sql}");
        }
    }
    assert!(reads_all(&connection, &plan(&connection, "select * from reminder")[0]));
}

/// How many steps SQLite takes to answer a question, each day in it bound to the same one.
fn steps(connection: &Connection, sql: &str) -> i32 {
    let mut statement = connection.prepare(sql).unwrap();
    for place in 1..=statement.parameter_count() {
        statement.raw_bind_parameter(place, "2026-11-02").unwrap();
    }
    let mut rows = statement.raw_query();
    while rows.next().unwrap().is_some() {}
    drop(rows);
    statement.get_status(rusqlite::StatementStatus::VmStep)
}

/// A register with so many cases whose every time ended years ago: the answer given, the applicant's right open.
fn with_so_many_old_cases(count: u32) -> (tempfile::TempDir, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.db");
    Sqlite::create(&path).unwrap().write(|tx| tx.mark_demo()).unwrap();
    let connection = Connection::open(&path).unwrap();
    let script = format!(
        "with recursive n (n) as (select 1 union all select n + 1 from n where n < {count})
         insert into cases (reference, regime, officer, opened, last_seq)
             select 'FOI-' || n, 'foisa', 'o', '2019-01-07', 2 from n;
         insert into deadline (reference, regime, step, actor, from_seq, occurrence, nature, state, open, due, work_to,
                               provision, provisional, officer, calendar)
             select reference, regime, 'response', 'authority', 1, 1, 'duty', 'met', 0, '2019-02-04', '2019-02-04',
                    's.10(1)', 0, officer, 'c' from cases
             union all
             select reference, regime, 'review-window', 'applicant', 2, 1, 'right', 'running', 1, '2019-04-01',
                    '2019-04-01', 's.20(5)', 0, officer, 'c' from cases;"
    );
    connection.execute_batch(&script).unwrap();
    (folder, connection)
}

#[test]
fn what_status_asks_takes_as_many_steps_after_many_years() {
    let (_few_at, few) = with_so_many_old_cases(10);
    let (_many_at, many) = with_so_many_old_cases(1_000);
    let day = "2026-11-02".parse().unwrap();
    for sql in status::questions_of_status(day, day) {
        assert_eq!(steps(&few, &sql), steps(&many, &sql), "{sql}");
    }
    let everything = "select count(*) from deadline where open = 1";
    assert!(steps(&few, everything) < steps(&many, everything));
}
