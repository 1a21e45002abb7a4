//! A disk that fails at one call: every command, and a round of the service, with the n-th call of a kind answered by an
//! input/output error or by "no space left". Either what was asked is done, whole, and said to be; or nothing is, and one
//! line says why; and the next try, on a sound disk, finds nothing in its way.
//!
//! `write` is not among the calls, for the runtime wakes itself by it; that files cannot be written is in `full`.
//! A share of the calls in every run; with `TIMEOUS_FAULTS=all` each one, which takes some minutes.

use std::path::Path;

use crate::support::office::{Office, Ran, can_trace};
use crate::{DUE, LOGGED, log, names, verified};

const CALLS: [&str; 7] = [
    "pwrite64",
    "fsync",
    "fdatasync",
    "ftruncate",
    "rename",
    "link",
    "openat",
];

/// Something that is done, and how one sees that it was.
struct Work {
    args: &'static [&'static str],
    /// One number from the register, before and after.
    counted: &'static str,
    before: i64,
    after: i64,
    /// What it makes besides, whole or not at all.
    makes: Option<&'static str>,
    /// Files of its own that are opened.
    opens: &'static [&'static str],
}

const CASES: &str = "select count(*) from cases";

const RECORD: Work = Work {
    args: &["record", "FOI-1", "acknowledged", "--on", "2022-02-08"],
    counted: "select count(*) from entry where reference = 'FOI-1'",
    before: 1,
    after: 2,
    makes: None,
    opens: &[],
};

const LOG: Work = Work {
    args: &["log", "FOI-3", "--received", "2022-02-04", "--officer", "bjones"],
    counted: CASES,
    before: 2,
    after: 3,
    makes: None,
    opens: &[],
};

const IMPORT: Work = Work {
    args: &["import", "sheet.csv", "--wrong-due", "wrong.csv"],
    counted: CASES,
    before: 2,
    after: 5,
    makes: None,
    opens: &["sheet.csv"],
};

const BACKUP: Work = Work {
    args: &["backup", "b.db"],
    counted: CASES,
    before: 2,
    after: 2,
    makes: Some("b.db"),
    opens: &["b.db", "b.db.timeous-part"],
};

const EXPORT: Work = Work {
    args: &["export", "-o", "list.csv"],
    counted: CASES,
    before: 2,
    after: 2,
    makes: Some("list.csv"),
    opens: &["list.csv"],
};

const HOLIDAYS: Work = Work {
    args: &["holidays", "update", "list.json"],
    counted: "select count(*) from rederivation where why like '%2029%' or cases > 0",
    before: 0,
    after: 1,
    makes: None,
    opens: &["list.json"],
};

/// Two officers are told by two mails.
const ROUND: Work = Work {
    args: &["run", "--once"],
    counted: "select count(*) from reminder where state = 'told'",
    before: 0,
    after: 2,
    makes: None,
    opens: &["outbox"],
};

const LIST: &str = include_str!("../holidays-feed/with-2029.json");

/// An office whose register is one file.
fn base() -> Office {
    let office = Office::new();
    log(&office, "FOI-1");
    let words = ["log", "FOI-2", "--received", "2022-02-04", "--officer", "cbrown"];
    office.run_at(crate::LOGGED, &words).well();
    assert!(!office.path("register.db-wal").exists());
    office
}

fn copy(base: &Office) -> Office {
    let office = Office::new();
    std::fs::copy(base.path("register.db"), office.path("register.db")).unwrap();
    let sheet = "reference,received,officer,due\nFOI-7,2022-02-04,bjones,2022-03-04\n\
                 FOI-8,2022-02-04,bjones,2022-03-07\nFOI-9,2022-02-07,cbrown,2022-03-07\n";
    std::fs::write(office.path("sheet.csv"), sheet).unwrap();
    std::fs::write(office.path("list.json"), LIST).unwrap();
    office
}

/// Does the work with the n-th of a call failing. None if there is no n-th.
fn failing(office: &Office, work: &Work, call: &str, n: usize, error: &str) -> Option<Ran> {
    failing_at(DUE, office, work, call, n, error)
}

fn failing_at(now: &str, office: &Office, work: &Work, call: &str, n: usize, error: &str) -> Option<Ran> {
    let trace = office.path("trace");
    let inject = format!("inject={call}:error={error}:when={n}");
    let mut paths = Vec::new();
    if ["openat", "ftruncate"].contains(&call) {
        // Not what the loader opens, nor what the pretended clock makes for itself.
        let own = ["", "-wal", "-shm", ".writer", ".daemon"].map(|end| format!("register.db{end}"));
        let all = own.iter().map(String::as_str).chain(work.opens.iter().copied());
        paths.extend(all.map(|name| office.path(name).display().to_string()));
    }
    let traced = format!("trace={call}");
    let mut strace = vec!["-f", "-o", trace.to_str().unwrap(), "-e", &traced, "-e", &inject];
    for path in &paths {
        strace.extend(["-P", path]);
    }
    let ran = office.traced_at(now, &strace, work.args);
    let hit = std::fs::read_to_string(&trace).unwrap().contains("(INJECTED)");
    std::fs::remove_file(&trace).unwrap();
    hit.then_some(ran)
}

/// Nothing is left half-written, whatever happened.
fn no_half(office: &Office, place: &str) {
    let mut all = names(office, "");
    if office.path("outbox").exists() {
        all.extend(names(office, "outbox"));
    }
    let half = |name: &&String| name.contains("part") || name.contains("journal");
    assert_eq!(all.iter().filter(half).count(), 0, "{place}: {all:?}");
}

/// Holds one failure to what must follow from it.
fn hold(office: &Office, work: &Work, ran: &Ran, place: &str) {
    let count = office.count(work.counted);
    let made = work.makes.is_none_or(|name| office.path(name).exists());
    match ran.code {
        Some(0) => {
            assert!(
                count == work.after && made,
                "{place}: acknowledged and not there: {ran:?}"
            );
        }
        Some(1) => {
            let last = ran.err.lines().last().unwrap_or_default();
            assert!(last.starts_with("timeous: "), "{place}: {ran:?}");
            // A round has a log besides, and what cannot be said on stdout may have been done.
            assert!(
                ran.err.lines().count() == 1 || work.args[0] == "run",
                "{place}: {ran:?}"
            );
            let partly = work.args[0] == "run" && (work.before..=work.after).contains(&count);
            assert!(
                count == work.before || count == work.after || partly,
                "{place}: {count} {ran:?}"
            );
        }
        _ => panic!("{place}: {ran:?}"),
    }
    no_half(office, place);
    verified(office);
    again(office, work, place);
}

/// The next try does what was not done, or says that it is.
fn again(office: &Office, work: &Work, place: &str) {
    let whole = office.count(work.counted) == work.after && work.makes.is_none_or(|name| office.path(name).exists());
    if !whole || work.args[0] == "run" {
        let ran = office.run_at("2022-03-04 08:35:00", work.args);
        assert_eq!(ran.code, Some(0), "{place}: {ran:?}");
    }
    assert_eq!(office.count(work.counted), work.after, "{place}");
    if work.args[0] == "backup" {
        let kept = office.run_at(DUE, &["--register", "b.db", "verify"]).well();
        assert_eq!(kept, verified(office), "{place}");
    }
    if work.args[0] == "run" {
        assert_eq!(
            office.mails().len(),
            2,
            "{place}: each mail is one file, however often it is tried"
        );
        assert_eq!(
            office.count("select count(*) from message where state <> 'accepted'"),
            0,
            "{place}"
        );
    }
    verified(office);
}

/// Which of the calls are tried: the first ones, and then ever fewer.
fn next(n: usize, all: bool) -> usize {
    if all || n < 2 { n + 1 } else { 2 * n }
}

fn each_call(work: &Work) {
    if !can_trace() {
        return;
    }
    let all = std::env::var("TIMEOUS_FAULTS").is_ok_and(|which| which == "all");
    let base = base();
    let mut tally = Vec::new();
    for call in CALLS {
        let (mut n, mut hit) = (1, 0);
        loop {
            let error = if (n + call.len()) % 2 == 0 { "EIO" } else { "ENOSPC" };
            let office = copy(&base);
            let Some(ran) = failing(&office, work, call, n, error) else {
                break;
            };
            hold(
                &office,
                work,
                &ran,
                &format!("{error} at {call} {n} of {:?}", work.args),
            );
            hit += 1;
            n = next(n, all);
        }
        if hit > 0 {
            tally.push(format!("{call} {hit}"));
        }
    }
    println!("{:?}: {}", work.args, tally.join(", "));
    assert!(tally.len() >= 2, "{tally:?}");
}

#[test]
fn a_record() {
    each_call(&RECORD);
}

#[test]
fn an_import() {
    each_call(&IMPORT);
}

#[test]
fn a_backup() {
    each_call(&BACKUP);
}

#[test]
fn an_export() {
    each_call(&EXPORT);
}

#[test]
fn a_list_of_bank_holidays() {
    each_call(&HOLIDAYS);
}

#[test]
fn a_round() {
    each_call(&ROUND);
}

/// The clock was months ahead for a round, which planned its next mornings by it. It is put right, and the disk fails
/// in the first round after that: the mornings are planned anew all the same, sooner or later.
#[test]
fn a_clock_that_is_put_right_while_the_disk_fails() {
    if !can_trace() {
        return;
    }
    let all = std::env::var("TIMEOUS_FAULTS").is_ok_and(|which| which == "all");
    let base = base();
    base.run_at("2022-06-10 08:30:00", &["run", "--once"]).well();
    let overdue = "select count(*) from deadline where next_on > '2022-06-10'";
    assert_eq!(base.count(overdue), 2);
    let verdict = base.run_at(LOGGED, &["verify"]).well();
    assert!(
        verdict.contains("the clock was ahead at the service's last round"),
        "{verdict}"
    );
    let round = Work {
        args: &["run", "--once"],
        ..ROUND
    };
    let mut failed = 0;
    for call in ["pwrite64", "fdatasync"] {
        let mut n = 1;
        loop {
            let office = copy(&base);
            let Some(ran) = failing_at(LOGGED, &office, &round, call, n, "ENOSPC") else {
                break;
            };
            failed += usize::from(ran.code == Some(1));
            let place = format!("{call} {n}: {ran:?}");
            office.run_at(LOGGED, &["run", "--once"]).well();
            assert_eq!(office.count(overdue), 0, "{place}");
            let verdict = office.run_at(LOGGED, &["verify"]).well();
            assert!(!verdict.contains("not held against"), "{place}: {verdict}");
            n = if all { n + 1 } else { n + 3 };
        }
    }
    assert!(failed > 5, "{failed}");
}

/// The very first case: the register is there afterwards, or the next try makes it.
#[test]
fn a_register_that_is_being_made() {
    if !can_trace() {
        return;
    }
    let work = Work {
        before: 0,
        after: 1,
        ..LOG
    };
    let mut hits = 0;
    for call in CALLS {
        let mut n = 1;
        loop {
            let office = Office::new();
            let Some(ran) = failing(&office, &work, call, n, "ENOSPC") else {
                break;
            };
            let place = format!("{call} {n}: {ran:?}");
            hits += 1;
            assert!(matches!(ran.code, Some(0 | 1)), "{place}");
            let last = ran.err.lines().last().unwrap_or_default();
            assert!(ran.code == Some(0) || last.starts_with("timeous: "), "{place}");
            let there = |path: &Path| std::fs::metadata(path).is_ok_and(|found| found.len() > 0);
            let done = there(&office.path("register.db")) && office.count("select count(*) from sqlite_schema") > 0;
            if !done || office.count(CASES) == 0 {
                assert_eq!(ran.code, Some(1), "{place}");
                let ran = office.run_at(DUE, work.args);
                assert_eq!(ran.code, Some(0), "{place}, then {ran:?}");
            }
            assert_eq!(office.count(CASES), 1, "{place}");
            verified(&office);
            n = next(n, false);
        }
    }
    assert!(hits > 10, "{hits}");
}
