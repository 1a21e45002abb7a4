//! A register that was written to behind the program's back: `verify` finds it and names it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers"
)]

mod support;

use std::path::Path;

use rusqlite::Connection;
use support::office::{Office, Ran, can_pretend};
use timeous::calendar::{Calendar, Proclamations, explained};
use timeous::case::chain::{self, Link};

/// After the last thing that happens in [`busy`].
const LATER: &str = "2022-03-07 12:00:00";

/// The published list with the days of 2029 added, as it will look one day.
fn with_another_year() -> String {
    let mut list: serde_json::Value = serde_json::from_str(include_str!("../holidays/scotland.json")).unwrap();
    let calendar = Calendar::in_force(&[], Proclamations::default()).unwrap();
    let events = match list.get_mut("scotland") {
        Some(division) => division["events"].as_array_mut().unwrap(),
        None => list["events"].as_array_mut().unwrap(),
    };
    for (date, day) in explained(2029, calendar.proclamations()) {
        let date = date.to_string();
        events.push(serde_json::json!({ "title": day.name, "date": date, "notes": "", "bunting": true }));
    }
    list.to_string()
}

/// An office in which things have happened: seven entries of three cases and of the register's own, one of them a
/// correction, one by somebody else; and a morning's mail, accepted.
fn busy() -> Office {
    let office = Office::new();
    let at = |moment: &str, args: &[&str]| office.run_at(moment, args).well();
    at(
        "2022-02-07 09:00:00",
        &["log", "FOI-1", "--received", "2022-02-04", "--officer", "bjones"],
    );
    at(
        "2022-02-07 09:01:00",
        &["log", "FOI-2", "--received", "2022-02-07", "--officer", "bjones"],
    );
    at(
        "2022-02-08 09:00:00",
        &[
            "record",
            "FOI-1",
            "acknowledged",
            "--on",
            "2022-02-08",
            "--by",
            "M Green",
        ],
    );
    std::fs::write(office.path("list.json"), with_another_year()).unwrap();
    at("2022-02-08 10:00:00", &["holidays", "update", "list.json"]);
    at(
        "2022-02-10 09:00:00",
        &["correct", "FOI-1", "2", "--on", "2022-02-07", "--why", "wrong day"],
    );
    at("2022-03-01 09:00:00", &["log", "FOI-3", "--received", "2022-03-01"]);
    at(
        "2022-03-04 09:00:00",
        &[
            "record",
            "FOI-1",
            "responded",
            "--on",
            "2022-03-04",
            "--outcome",
            "part",
        ],
    );
    at("2022-03-07 09:00:00", &["run", "--once"]);
    assert_eq!(office.count("select count(*) from entry"), 7);
    assert!(office.count("select count(*) from reminder where state = 'told'") > 0);
    office
}

fn verify(office: &Office, register: &str, more: &[&str]) -> Ran {
    let register = office.path(register);
    let mut args = vec!["--register", register.to_str().unwrap(), "verify"];
    args.extend(more);
    office.run_at(LATER, &args)
}

/// A copy of the register, written to behind the program's back.
fn tampered(office: &Office, tamper: impl FnOnce(&Connection)) {
    for old in ["copy.db", "copy.db-wal", "copy.db-shm"] {
        let _ = std::fs::remove_file(office.path(old));
    }
    std::fs::copy(office.path("register.db"), office.path("copy.db")).unwrap();
    let copy = Connection::open(office.path("copy.db")).unwrap();
    copy.pragma_update(None, "foreign_keys", false).unwrap();
    tamper(&copy);
}

/// What `verify` says is wrong with the copy, a line each.
fn found(office: &Office, more: &[&str]) -> Vec<String> {
    let ran = verify(office, "copy.db", more);
    let complaint = ran.complaint(1);
    assert!(complaint.contains("wrong"), "{complaint}");
    let lines: Vec<String> = ran.out.lines().map(str::to_owned).collect();
    let said = |line: &String| line.starts_with("wrong: ") || line.starts_with("note: ");
    assert!(lines.iter().all(said), "{lines:?}");
    lines
}

/// The chain of a register reckoned anew from its rows, as somebody would who knows how it is made.
fn reckon_anew(register: &Connection) {
    let mut rows = register.prepare("select * from entry order by position").unwrap();
    let mut rows = rows.query([]).unwrap();
    let (mut before, mut last) = (chain::ORIGIN.to_owned(), 0);
    while let Some(row) = rows.next().unwrap() {
        let text = |name: &str| row.get::<_, Option<String>>(name).unwrap();
        let body_hash = chain::body_hash(&text("body").unwrap());
        last = row.get("position").unwrap();
        before = chain::link_hash(
            &before,
            &Link {
                position: last,
                reference: text("reference").as_deref(),
                seq: row.get("seq").unwrap(),
                kind: &text("kind").unwrap(),
                on: text("on_day").unwrap().parse().unwrap(),
                recorded_at: text("recorded_at").unwrap().parse().unwrap(),
                recorded_by: &text("recorded_by").unwrap(),
                by: text("by_name").as_deref(),
                supersedes: row.get("supersedes").unwrap(),
                body_hash: &body_hash,
            },
        );
        register
            .execute(
                "update entry set body_hash = ?2, hash = ?3 where position = ?1",
                (last, &body_hash, &before),
            )
            .unwrap();
    }
    register
        .execute("update about set position = ?1, head = ?2", (last, &before))
        .unwrap();
}

fn head(office: &Office) -> String {
    let said = verify(office, "register.db", &["--json"]).well();
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    said["head"].as_str().unwrap().to_owned()
}

#[test]
fn a_register_that_nobody_touched_is_well_and_gives_its_head() {
    if !can_pretend() {
        return;
    }
    let office = busy();
    let before = office.dump();
    let said = verify(&office, "register.db", &[]).well();
    assert!(
        said.starts_with("7 entries of 3 cases: the chain is whole, and every stored date follows from them\nhead 7:"),
        "{said}"
    );
    let head = head(&office);
    assert!(said.contains(&head), "{said}");
    let held = verify(&office, "register.db", &["--head", &head]).well();
    assert!(held.contains("the noted head is in the chain"), "{held}");
    // A head of the past stays good as the register grows.
    office
        .run_at(
            "2022-03-08 09:00:00",
            &["record", "FOI-3", "note", "--on", "2022-03-08"],
        )
        .well();
    verify(&office, "register.db", &["--head", &head]).well();
    assert_ne!(before, office.dump());
    let ended = office.run(&["verify", "--head", "7:abc"]);
    assert!(ended.complaint(2).contains("POSITION:HASH"), "{ended:?}");
    let none = office.run(&["--register", "nothing.db", "verify"]);
    assert!(none.complaint(2).contains("there is no register"), "{none:?}");
}

#[test]
fn a_new_register_is_well_and_so_is_one_long_after_its_last_round() {
    if !can_pretend() {
        return;
    }
    let office = busy();
    for moment in ["2022-06-01 12:00:00", "2024-06-01 12:00:00"] {
        office.run_at(moment, &["verify"]).well();
    }
    // A case logged long after its dates, and years of mornings in between.
    for moment in ["2022-03-08", "2022-03-09", "2022-04-20", "2022-08-01", "2022-10-03"] {
        office.run_at(&format!("{moment} 09:00:00"), &["run", "--once"]).well();
        office.run_at(&format!("{moment} 12:00:00"), &["verify"]).well();
    }
}

#[test]
fn each_column_of_an_entry_is_tied_into_the_chain() {
    if !can_pretend() {
        return;
    }
    let office = busy();
    // Each change, and the entry that is named for it.
    let changes: [(&str, &str); 16] = [
        (
            "update entry set reference = 'FOI-2', seq = 9 where position = 3",
            "entry 3 (FOI-2 no. 9",
        ),
        (
            "update entry set reference = null where position = 3",
            "entry 3 (the register's own",
        ),
        ("update entry set seq = 8 where position = 3", "entry 3 (FOI-1 no. 8"),
        (
            "update entry set kind = 'note' where position = 3",
            "entry 3 (FOI-1 no. 2, note of 2022-02-08)",
        ),
        (
            "update entry set on_day = '2022-02-01' where position = 7",
            "of 2022-02-01)",
        ),
        (
            "update entry set on_day = '2022-2-4' where position = 1",
            "entry 1 (FOI-1 no. 1",
        ),
        (
            "update entry set body = replace(body, 'part', 'full') where position = 7",
            "entry 7 (FOI-1 no. 4, responded of 2022-03-04): its words are not those that were recorded",
        ),
        (
            "update entry set body_hash = replace(body_hash, substr(body_hash, 1, 8), '00000000') where position = 7",
            "entry 7 (FOI-1",
        ),
        (
            "update entry set hash = replace(hash, substr(hash, 1, 8), '00000000') where position = 2",
            "entry 2 (FOI-2",
        ),
        (
            "update entry set recorded_at = '2022-02-08T09:00:00.001Z' where position = 3",
            "entry 3 (FOI-1",
        ),
        (
            "update entry set recorded_at = '2022-02-08T09:00:00Z' where position = 3",
            "entry 3 (FOI-1",
        ),
        (
            "update entry set recorded_by = 'x' where position = 1",
            "entry 1 (FOI-1",
        ),
        ("update entry set by_name = null where position = 3", "entry 3 (FOI-1"),
        ("update entry set supersedes = 1 where position = 5", "entry 5 (FOI-1"),
        (
            "update entry set body = null where position = 7",
            "entry 7 (FOI-1 no. 4, responded of 2022-03-04): its words were emptied, and nothing on record says why",
        ),
        (
            "update entry set body = null where position = 4",
            "entry 4 (the register's own, calendar-adopted of 2022-02-08): its words were emptied",
        ),
    ];
    for (sql, named) in changes {
        tampered(&office, |copy| assert_eq!(copy.execute(sql, []).unwrap(), 1, "{sql}"));
        let lines = found(&office, &[]);
        assert!(lines.iter().any(|line| line.contains(named)), "{sql}: {lines:#?}");
        // One change is not told as the ruin of everything after it.
        let entries = lines.iter().filter(|line| line.starts_with("wrong: entry "));
        assert_eq!(entries.count(), 1, "{sql}: {lines:#?}");
    }
}

#[test]
fn an_entry_taken_away_put_in_or_moved_is_found() {
    if !can_pretend() {
        return;
    }
    let office = busy();
    let changes: [(&str, &str); 6] = [
        (
            "delete from entry where position = 1",
            "entry 1 before entry 2 (FOI-2 no. 1, received of 2022-02-07) was taken away",
        ),
        (
            "delete from entry where position in (3, 4)",
            "entries 3 to 4 before entry 5 (FOI-1 no. 3, acknowledged of 2022-02-07) were taken away",
        ),
        (
            "delete from entry where position = 7",
            "entry 7 at its end was taken away",
        ),
        (
            "delete from entry where position = 3;
             update entry set position = position - 1 where position > 3;
             update about set position = 6",
            "entry 3 (the register's own, calendar-adopted of 2022-02-08): is not what was recorded in this place",
        ),
        (
            "update entry set position = -2 where position = 2; update entry set position = 2 where position = 3;
             update entry set position = 3 where position = -2",
            "entry 2 (FOI-1 no. 2, acknowledged of 2022-02-08): is not what was recorded in this place",
        ),
        (
            "insert into entry select 0, 'FOI-9', 1, kind, on_day, body, body_hash, hash, recorded_at, recorded_by,
                                      null, null, null, null from entry where position = 1",
            "entry 0 (FOI-9 no. 1, received of 2022-02-04): stands before the first place there is",
        ),
    ];
    for (sql, named) in changes {
        tampered(&office, |copy| copy.execute_batch(sql).unwrap());
        let lines = found(&office, &[]);
        assert!(lines.iter().any(|line| line.contains(named)), "{sql}: {lines:#?}");
    }
}

/// An entry added with the right hash for its place, by somebody who forgot the end that the register keeps.
#[test]
fn an_entry_with_a_right_looking_hash_is_found_by_what_hangs_on_it() {
    if !can_pretend() {
        return;
    }
    let office = busy();
    let forge = "insert into entry select 8, 'FOI-3', 2, 'responded', '2022-03-02', body, body_hash, hash, recorded_at,
                                          recorded_by, null, null, null, null from entry where position = 7";
    tampered(&office, |copy| {
        let (position, head): (u32, String) = copy
            .query_row("select position, head from about", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        copy.execute(forge, []).unwrap();
        reckon_anew(copy);
        copy.execute("update about set position = ?1, head = ?2", (position, head))
            .unwrap();
    });
    let lines = found(&office, &[]);
    let named = "entry 8 was put after the end that it keeps of itself";
    assert!(lines.iter().any(|line| line.contains(named)), "{lines:#?}");
    // With the end forged too, what follows from the entry is missing from the tables.
    tampered(&office, |copy| {
        copy.execute(forge, []).unwrap();
        reckon_anew(copy);
    });
    let lines = found(&office, &[]);
    let named = "FOI-3: last entry is stored as 1, and the entries give 2";
    assert!(lines.iter().any(|line| line.contains(named)), "{lines:#?}");
    let named = "state is stored as running, and the entries give met";
    assert!(lines.iter().any(|line| line.contains(named)), "{lines:#?}");
}

#[test]
fn a_chain_reckoned_anew_is_found_by_a_head_noted_elsewhere_and_only_so() {
    if !can_pretend() {
        return;
    }
    let office = busy();
    let noted = head(&office);
    // Words that nothing follows from, in the middle of the register.
    tampered(&office, |copy| {
        copy.execute(
            "update entry set body = replace(body, 'wrong day', 'right day') where position = 5",
            [],
        )
        .unwrap();
        reckon_anew(copy);
    });
    verify(&office, "copy.db", &[]).well();
    let lines = found(&office, &["--head", &noted]);
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(
        lines[0].contains("entry 7 (FOI-1 no. 4, responded of 2022-03-04): its hash is not the one that was noted"),
        "{lines:#?}"
    );
    // The last entries replaced by one fewer.
    tampered(&office, |copy| {
        copy.execute("delete from entry where position = 5", []).unwrap();
        copy.execute_batch(
            "update entry set position = position - 1 where position > 5;
             update entry set seq = 3 where position = 6; update cases set last_seq = 3 where reference = 'FOI-1'",
        )
        .unwrap();
        reckon_anew(copy);
    });
    let lines = found(&office, &["--head", &noted]);
    let named = "the register: it ends at entry 6, before the noted 7";
    assert!(lines.iter().any(|line| line.contains(named)), "{lines:#?}");
}

#[test]
fn what_does_not_follow_from_the_entries_is_found() {
    if !can_pretend() {
        return;
    }
    let office = busy();
    let changes: [(&str, &str); 28] = [
        (
            "update deadline set due = '2022-03-30' where reference = 'FOI-2' and step = 'response'",
            "FOI-2, response no. 1 of entry 1 (foisa, authority): due is stored as 2022-03-30, and the entries give \
             2022-03-07",
        ),
        (
            "update deadline set work_to = null where reference = 'FOI-2' and step = 'response'",
            "work_to is stored as none",
        ),
        (
            "update deadline set state = 'met', open = 0 where reference = 'FOI-2' and step = 'response'",
            "state is stored as met, and the entries give running",
        ),
        (
            "update deadline set open = 0 where reference = 'FOI-2' and step = 'response'",
            "FOI-2, response of entry 1: its row contradicts itself in open",
        ),
        (
            "update deadline set next_on = '2023-03-30' where reference = 'FOI-2' and step = 'response'",
            "next rung is stored as overdue on 2023-03-30, and the entries give overdue on 2022-03-08",
        ),
        (
            "update deadline set next_on = null, next_rung = null where reference = 'FOI-2' and step = 'response'",
            "next rung is stored as none",
        ),
        (
            "update deadline set next_rung = null where reference = 'FOI-2' and step = 'response'",
            "contradicts itself in open, next_on or next_rung",
        ),
        (
            "update deadline set officer = 'cbrown' where reference = 'FOI-2' and step = 'response'",
            "officer is stored as cbrown, and the entries give bjones",
        ),
        (
            "update deadline set nature = 'policy' where reference = 'FOI-2' and step = 'response'",
            "nature is stored as policy",
        ),
        (
            "update deadline set acted_on = '2022-02-20' where reference = 'FOI-2' and step = 'response'",
            "acted_on is stored as 2022-02-20",
        ),
        (
            "update deadline set due = 'soon' where reference = 'FOI-2' and step = 'response'",
            "FOI-2: cannot be read: ",
        ),
        (
            "delete from deadline where reference = 'FOI-3' and step = 'response'",
            "FOI-3, response no. 1 of entry 1 (foisa, authority): is missing, and follows from the entries",
        ),
        (
            "insert into deadline select 99, reference, regime, 'diary', actor, from_seq, 1, 'policy', state, open, due,
                 work_to, null, null, provision, 0, officer, calendar, null, null from deadline
             where reference = 'FOI-2' and step = 'response'",
            "FOI-2, diary no. 1 of entry 1 (foisa, authority): is stored, and does not follow from the entries",
        ),
        (
            "insert into deadline select 99, 'FOI-9', regime, step, actor, from_seq, 1, nature, state, open, due,
                 work_to, null, null, provision, 0, officer, calendar, null, null from deadline
             where reference = 'FOI-2' and step = 'response'",
            "FOI-9: 1 deadline stored, and no entry tells of the case",
        ),
        (
            "update cases set officer = null where reference = 'FOI-2'",
            "FOI-2: officer is stored as none, and the entries give bjones",
        ),
        (
            "update cases set regime = 'eirs' where reference = 'FOI-2'",
            "regime is stored as eirs",
        ),
        (
            "update cases set opened = '2022-02-01' where reference = 'FOI-2'",
            "opened is stored as 2022-02-01",
        ),
        (
            "update cases set closed = '2022-03-01' where reference = 'FOI-2'",
            "closed is stored as 2022-03-01, and the entries give none",
        ),
        (
            "update cases set set_aside = 'hush' where reference = 'FOI-2'",
            "FOI-2: the service leaves it alone: hush",
        ),
        (
            "delete from cases where reference = 'FOI-3'",
            "FOI-3: its entries are there, and it is not listed as a case",
        ),
        (
            "insert into cases values ('FOI-9', 'foisa', null, '2022-02-01', null, 1, null)",
            "FOI-9: it is listed as a case, and no entry tells of it",
        ),
        (
            "update reminder set state = 'gone'",
            "FOI-2, what was told of it: cannot be read: ",
        ),
        (
            "update message set state = 'superseded'",
            "is said to be told, and no mail that was accepted tells it",
        ),
        (
            "delete from message",
            "of line belongs to a row of message that is not there",
        ),
        (
            "delete from words where message = 1",
            "the file: message 1 (accepted) has lost its words",
        ),
        (
            "update round set at = 'never'",
            "the rounds of the service: cannot be read: ",
        ),
        (
            "update calendar set days = replace(days, '2022-06-03', '2022-06-06')
             where version = (select calendar from about)",
            "the days kept of it are not the days it has",
        ),
        (
            "update about set head = replace(head, substr(head, 1, 8), '00000000')",
            "the register: the head that it keeps of itself is not the last entry's hash",
        ),
    ];
    for (sql, named) in changes {
        tampered(&office, |copy| assert_ne!(copy.execute(sql, []).unwrap(), 0, "{sql}"));
        let lines = found(&office, &[]);
        assert!(lines.iter().any(|line| line.contains(named)), "{sql}: {lines:#?}");
    }
}

#[test]
fn a_file_with_another_shape_or_a_broken_page_is_found() {
    if !can_pretend() {
        return;
    }
    let office = busy();
    let changes: [(&str, &str); 3] = [
        (
            "create trigger hush after insert on reminder begin delete from reminder; end",
            "the file: trigger hush was not made by this program",
        ),
        ("drop index deadline_next", "the file: index deadline_next is missing"),
        ("drop table attempt", "the file: table attempt is missing"),
    ];
    for (sql, named) in changes {
        tampered(&office, |copy| copy.execute_batch(sql).unwrap());
        let ran = verify(&office, "copy.db", &[]);
        let said = ran.out.clone() + &ran.err;
        assert_eq!(ran.code, Some(1), "{said}");
        assert!(
            said.contains(named) || (sql.starts_with("drop table") && said.contains("no such table: attempt")),
            "{sql}: {said}"
        );
    }
    // The table that Litestream keeps its place with is not the program's, and no harm.
    tampered(&office, |copy| {
        copy.execute_batch("create table _litestream_seq (id integer primary key, seq integer)")
            .unwrap();
    });
    verify(&office, "copy.db", &[]).well();
    // A page of the file overwritten.
    tampered(&office, |_| {});
    let page: u32 = {
        let copy = Connection::open(office.path("copy.db")).unwrap();
        let root: u32 = copy
            .query_row(
                "select rootpage from sqlite_schema where name = 'deadline'",
                [],
                |row| row.get(0),
            )
            .unwrap();
        root
    };
    scribble(&office.path("copy.db"), u64::from(page - 1) * 4096);
    let ran = verify(&office, "copy.db", &[]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains("wrong: the file: "), "{ran:?}");
}

fn scribble(path: &Path, at: u64) {
    use std::os::unix::fs::FileExt as _;
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.write_all_at(&[0x5a; 4096], at).unwrap();
}

/// What is for somebody to settle is told apart from a file that somebody else wrote to.
#[test]
fn a_case_that_was_set_aside_is_named_and_the_file_is_whole() {
    if !can_pretend() {
        return;
    }
    let office = busy();
    tampered(&office, |copy| {
        copy.execute("update cases set set_aside = 'unclear' where reference = 'FOI-3'", [])
            .unwrap();
    });
    let ran = verify(&office, "copy.db", &[]);
    assert!(
        ran.complaint(1).contains("copy.db is whole, but 1 thing is wrong"),
        "{ran:?}"
    );
    assert!(
        ran.out.contains("FOI-3: the service leaves it alone: unclear"),
        "{ran:?}"
    );
    let ran = verify(&office, "copy.db", &["--json"]);
    let said: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&said["well"], &said["whole"]), (&false.into(), &true.into()));
    assert_eq!(said["findings"][0]["where"], "FOI-3");
}

#[test]
fn other_settings_than_the_registers_raise_no_false_alarm() {
    if !can_pretend() {
        return;
    }
    let office = busy();
    let settings = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
    office.configure(&settings.replace("[reminders]\n", "[reminders]\nduty = [\"3wd\"]\n"));
    let said = verify(&office, "register.db", &[]).well();
    assert!(
        said.contains("note: the register rests on another calendar, law or settings than these"),
        "{said}"
    );
    assert!(said.contains("the chain is whole\n"), "{said}");
    // What does not hang on settings is held against the entries all the same.
    tampered(&office, |copy| {
        copy.execute("update cases set officer = null where reference = 'FOI-2'", [])
            .unwrap();
    });
    let ran = verify(&office, "copy.db", &[]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("FOI-2: officer is stored as none"), "{ran:?}");
    // Once everything was derived again by the new settings, all is compared again.
    office.run_at("2022-03-07 13:00:00", &["run", "--once"]).well();
    let said = office.run_at("2022-03-07 14:00:00", &["verify"]).well();
    assert!(said.contains("every stored date follows from them"), "{said}");
}

#[test]
fn the_service_goes_on_while_somebody_looks() {
    if !can_pretend() {
        return;
    }
    let office = busy();
    let service = office.service(Some("2022-03-08 09:00:00"));
    service.wait_for("READY=1");
    for _ in 0..5 {
        office.run_at("2022-03-08 09:01:00", &["verify"]).well();
    }
    assert_eq!(service.stop(), Some(0));
}
