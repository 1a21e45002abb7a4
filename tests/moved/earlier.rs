//! Registers that an earlier program wrote, and a law that is stated anew.

use crate::council::{council, log, moved, plans, proclaim, query, record, round};
use crate::september::{MONDAY, MORNING};
use crate::support::office::{Office, can_pretend};

/// As the program wrote it at schema 1 and law 2, with a mail that was told; it kept no days of a calendar.
const SCHEMA_1: &str = include_str!("../registers/schema-1.sql");

fn restored() -> Office {
    let office = council("");
    let register = rusqlite::Connection::open(office.path("register.db")).unwrap();
    register.execute_batch(SCHEMA_1).unwrap();
    office
}

#[test]
fn a_register_of_schema_1_is_brought_up_to_date_and_moved_once() {
    if !can_pretend() {
        return;
    }
    let office = restored();
    assert_eq!(query(&office, "pragma user_version"), ["1"]);
    let before = query(
        &office,
        "select id, due, work_to, state, calendar from deadline where state in ('running', 'pending') order by id",
    );
    assert_eq!(before.len(), 7, "{before:?}");
    proclaim(&office);
    round(&office, MONDAY);
    assert_eq!(query(&office, "pragma user_version"), ["5"]);
    // What was is kept under the calendar and the law it was set under.
    assert_eq!(
        query(
            &office,
            "select deadline, due, work_to, state, calendar from deadline_was where until = '2022-09-12T05:15:00.000Z'
             order by deadline"
        ),
        before
    );
    assert_eq!(
        query(
            &office,
            "select distinct law from deadline_was where until = '2022-09-12T05:15:00.000Z'"
        ),
        ["2"]
    );
    assert_eq!(
        query(&office, "select from_law, to_law, why, cases, moved from rederivation"),
        ["2|4|the law as stated is now version 4; the calendar or the settings changed|4|7"]
    );
    assert_eq!(
        query(
            &office,
            "select kind from entry where reference is null order by position"
        ),
        ["calendar-adopted", "upgraded"]
    );
    // The old program had told the tenth working day before of one case already.
    let fresh = council("");
    proclaim(&fresh);
    for (reference, received, officer) in [
        ("FOI-1", "2022-08-24", "bjones"),
        ("FOI-5", "2022-08-25", "dgrey"),
        ("FOI-3", "2022-08-15", "bjones"),
        ("FOI-6", "2022-08-26", ""),
    ] {
        log(&fresh, MONDAY, reference, received, officer);
    }
    record(
        &fresh,
        MONDAY,
        &["FOI-3", "responded", "--on", "2022-08-30", "--outcome", "full"],
    );
    let others = |office: &Office| -> Vec<String> {
        plans(office)
            .into_iter()
            .filter(|row| !row.starts_with("FOI-1|response"))
            .collect()
    };
    assert_eq!(others(&office), others(&fresh));
    assert_eq!(
        query(
            &office,
            "select next_on, next_rung from deadline where reference = 'FOI-1' and step = 'response'"
        ),
        ["2022-09-13|5wd"]
    );
    round(&office, MORNING);
    let told = moved(&office);
    let readers: Vec<&str> = told.iter().map(|mail| mail.to.as_str()).collect();
    assert_eq!(
        readers,
        ["bjones@example.gov.uk", "cbrown@example.gov.uk", "foi@example.gov.uk"]
    );
    for words in [
        "This version of Timeous states the law anew",
        "The bank holidays or the settings that Timeous reckons with were changed.",
        "FOI-1 answer Wed 21 Sep -> Thu 22 Sep 2022 (work to Wed 21 Sep)",
        "Applicants' windows that end later now: 2. Verdicts that change: none.",
    ] {
        assert!(told[0].text.contains(words), "{}", told[0].text);
    }
    round(&office, "2022-09-12 08:30:00");
    round(&office, "2022-09-13 07:30:00");
    assert_eq!(moved(&office), told);
    assert_eq!(office.count("select count(*) from rederivation"), 1);
}

/// The days are the same and no date moves: nobody has to be told.
#[test]
fn a_law_stated_anew_that_moves_nothing_is_told_nobody() {
    if !can_pretend() {
        return;
    }
    let office = council("");
    log(&office, MONDAY, "FOI-1", "2022-08-24", "bjones");
    let register = rusqlite::Connection::open(office.path("register.db")).unwrap();
    register.execute("update about set law = '2'", []).unwrap();
    drop(register);
    let before = plans(&office);
    round(&office, MONDAY);
    round(&office, MORNING);
    assert_eq!(
        query(&office, "select from_law, to_law, why, cases, moved from rederivation"),
        ["2|4|the law as stated is now version 4|1|0"]
    );
    assert_eq!(
        query(&office, "select kind from entry where reference is null"),
        ["upgraded"]
    );
    assert_eq!(
        query(&office, "select due, work_to from deadline order by id")[0],
        "2022-09-21|2022-09-21"
    );
    assert_eq!(before.len(), plans(&office).len());
    assert_eq!(moved(&office), []);
    round(&office, "2022-09-12 08:30:00");
    assert_eq!(office.count("select count(*) from rederivation"), 1);
}

/// Only the law differs, and by the former one the answer was due a day sooner.
#[test]
fn a_law_stated_anew_that_moves_a_date_is_told_once() {
    if !can_pretend() {
        return;
    }
    let office = council("");
    log(&office, MONDAY, "FOI-1", "2022-08-24", "bjones");
    let register = rusqlite::Connection::open(office.path("register.db")).unwrap();
    let former = "update deadline set due = '2022-09-20', work_to = '2022-09-20' where step = 'response'";
    register.execute("update about set law = '2'", []).unwrap();
    register.execute(former, []).unwrap();
    drop(register);
    round(&office, MONDAY);
    assert_eq!(
        query(&office, "select due, work_to, law, why from deadline_was"),
        ["2022-09-20|2022-09-20|2|the law as stated is now version 4"]
    );
    round(&office, MORNING);
    round(&office, "2022-09-12 08:30:00");
    let told = moved(&office);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].subject, "FOI: a new statement of the law moves 1 of your dates");
    assert!(
        told[0].text.contains(
            "This version of Timeous states the law anew; its notes of the release say how. That moves these dates in \
             law: FOI-1 answer Tue 20 Sep -> Wed 21 Sep 2022"
        ),
        "{}",
        told[0].text
    );
}
