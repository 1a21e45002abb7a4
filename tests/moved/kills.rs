//! The program killed at every write of the transaction that moves the dates: all of it is there afterwards or
//! nothing, and everybody is told once.

use std::collections::BTreeSet;
use std::time::Instant;

use crate::council::{council, moved, proclaim, query, round};
use crate::september::{MONDAY, MORNING, cases};
use crate::support::office::{Office, can_trace};

/// The calls by which bytes reach a file for good.
const CALLS: [&str; 5] = ["pwrite64", "write", "fsync", "fdatasync", "ftruncate"];

/// A council whose next round moves its dates; its register is one file.
fn about_to_move() -> Office {
    let office = council("");
    cases(&office, MONDAY);
    round(&office, MONDAY);
    proclaim(&office);
    let register = rusqlite::Connection::open(office.path("register.db")).unwrap();
    let busy: i64 = register
        .query_row("pragma wal_checkpoint(truncate)", [], |row| row.get(0))
        .unwrap();
    assert_eq!(busy, 0);
    office
}

/// Another council with the same register, and the log beside it if there is one.
fn copy(office: &Office) -> Office {
    let other = council("");
    proclaim(&other);
    for name in ["register.db", "register.db-wal"] {
        if office.path(name).exists() {
            std::fs::copy(office.path(name), other.path(name)).unwrap();
        }
    }
    other
}

/// All that the register says, but for when the last rounds were.
fn said(office: &Office) -> Vec<String> {
    let dump = office.dump();
    dump.lines()
        .filter(|line| !line.starts_with("round: "))
        .map(str::to_owned)
        .collect()
}

/// The calls of a round that touch the register, each with the number of times; all made by one thread.
fn count(office: &Office, at: &str) -> Vec<(&'static str, usize)> {
    let trace = office.path("trace");
    let ran = traced(office, at, &format!("trace={}", CALLS.join(",")), None);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let trace = std::fs::read_to_string(trace).unwrap();
    let made: Vec<(&str, &str)> = trace
        .lines()
        .filter_map(|line| line.split_once('(')?.0.split_once(' '))
        .map(|(thread, call)| (thread, call.trim()))
        .filter(|(_, call)| CALLS.contains(call))
        .collect();
    let threads: BTreeSet<&str> = made.iter().map(|(thread, _)| *thread).collect();
    assert_eq!(threads.len(), 1, "strace counts the calls of each thread by itself");
    let times = |name: &str| made.iter().filter(|(_, call)| *call == name).count();
    CALLS.into_iter().map(|name| (name, times(name))).collect()
}

/// A round under strace, which looks at the register and its log alone.
fn traced(office: &Office, at: &str, what: &str, inject: Option<&str>) -> crate::support::office::Ran {
    let (trace, register, log) = (
        office.path("trace"),
        office.path("register.db"),
        office.path("register.db-wal"),
    );
    let [trace, register, log] = [&trace, &register, &log].map(|path| path.to_str().unwrap());
    let mut strace = vec!["-f", "-o", trace, "-P", register, "-P", log, "-e", what];
    if let Some(inject) = inject {
        strace.extend(["-e", inject]);
    }
    office.traced_at(at, &strace, &["run", "--once"])
}

/// Kills a round on a copy at the n-th of a call. None if the round came to its end before.
fn killed(base: &Office, at: &str, call: &str, n: usize) -> Option<Office> {
    let office = copy(base);
    let inject = format!("inject={call}:signal=KILL:when={n}");
    let ran = traced(&office, at, &format!("trace={call}"), Some(&inject));
    (ran.code.is_none()).then_some(office)
}

/// Everything was moved once and told once.
fn assert_once(office: &Office, at: &str) {
    let told: Vec<String> = moved(office).into_iter().map(|mail| mail.to).collect();
    assert_eq!(
        told,
        ["bjones@example.gov.uk", "cbrown@example.gov.uk", "foi@example.gov.uk"],
        "{at}"
    );
    let kept = "select count(*), count(distinct deadline) from deadline_was where why = '2022-09-19 is a bank holiday'";
    assert_eq!(query(office, kept), ["10|10"], "{at}");
    assert_eq!(
        query(
            office,
            "select cases, moved from rederivation where from_calendar <> ''"
        ),
        ["6|10"],
        "{at}"
    );
    assert_eq!(
        office.count("select count(*) from entry where reference is null"),
        1,
        "{at}"
    );
    assert_eq!(
        office.count("select count(*) from notice where state <> 'told'"),
        0,
        "{at}"
    );
    assert_eq!(
        office.count("select count(*) from message where state <> 'accepted'"),
        0,
        "{at}"
    );
    let ids = "select count(*) - count(distinct message_id) from message";
    assert_eq!(office.count(ids), 0, "{at}");
    let sound = query(office, "pragma integrity_check");
    assert_eq!(sound, ["ok"], "{at}");
}

#[test]
fn killed_at_every_write_all_dates_are_old_or_all_are_new() {
    if !can_trace() {
        return;
    }
    let began = Instant::now();
    let base = about_to_move();
    let before = said(&base);
    let undisturbed = copy(&base);
    round(&undisturbed, MONDAY);
    let after = said(&undisturbed);
    assert_ne!(before, after);
    let calls = count(&copy(&base), MONDAY);
    let (mut old, mut new) = (0, 0);
    for (call, times) in calls.iter().filter(|(_, times)| *times > 0) {
        // The program may end before or after its thread has folded the log into the register: the last few calls
        // are not made in every run, so that two rounds that come to their end say that there are no more.
        let (mut n, mut ended) = (0, 0);
        while ended < 2 {
            n += 1;
            let at = format!("{call} {n} of {times}");
            let Some(office) = killed(&base, MONDAY, call, n) else {
                ended += 1;
                continue;
            };
            // Somebody else's look, so that the program itself finds what the kill left.
            match said(&copy(&office)) {
                state if state == before => old += 1,
                state if state == after => new += 1,
                state => panic!("{at}: neither the old nor the new:\n{}", state.join("\n")),
            }
            round(&office, MORNING);
            assert_once(&office, &at);
            round(&office, "2022-09-12 08:30:00");
            assert_once(&office, &at);
        }
    }
    println!(
        "{} kills at {calls:?}: {old} left the old dates, {new} the new; {:.1} s",
        old + new,
        began.elapsed().as_secs_f64()
    );
    assert!(old > 10 && new > 2, "{old} {new}");
}

/// In the send window the same round writes the mails and hands them over.
#[test]
fn killed_while_the_mails_are_written_and_sent_everybody_is_told_once() {
    if !can_trace() {
        return;
    }
    let began = Instant::now();
    let base = about_to_move();
    let calls = count(&copy(&base), MORNING);
    let mut kills = 0;
    for (call, times) in &calls {
        // Every write beyond the first of each transaction is like the one before it, so a share of them will do.
        let step = if *call == "pwrite64" { 11 } else { 2 };
        for n in (1..=*times).step_by(step) {
            let Some(office) = killed(&base, MORNING, call, n) else {
                continue;
            };
            kills += 1;
            round(&office, "2022-09-12 07:31:00");
            round(&office, "2022-09-12 07:40:00");
            assert_once(&office, &format!("{call} {n} of {times}"));
        }
    }
    println!("{kills} kills at {calls:?}; {:.1} s", began.elapsed().as_secs_f64());
    assert!(kills >= 15, "{kills}");
}
