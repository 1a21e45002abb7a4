//! Twenty officers who record without a pause, and the service, on one register: nobody is told that it is locked, and
//! what anybody was told is recorded is there, once.
//!
//! A few seconds of it; for as long as one likes with `TIMEOUS_WRITERS_SECONDS=60 cargo test --test writers`. How long
//! anybody waits is measured by `benches/run writers`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers; whoever asks for seconds has the \
              clock looked at, who stands in a line is waited for, and figures are printed with --nocapture"
)]

mod support;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use support::office::{Office, can_pretend};
use support::smtp::Server;

const WRITERS: usize = 20;

/// How often each logs a case, notes something in it, corrects that and takes in a sheet, unless seconds are asked for.
const ROUNDS: usize = 4;

const NOW: &str = "2022-03-04 08:30:00";

/// Cases of a sheet.
const LINES: usize = 3;

/// How many entries each case has, as its officer was told.
type Acknowledged = BTreeMap<String, i64>;

fn officer(office: &Office, writer: usize, goes_on: impl Fn(usize) -> bool) -> Acknowledged {
    let mut acknowledged = Acknowledged::new();
    for round in (0..).take_while(|round| goes_on(*round)) {
        let case = format!("W-{writer}-{round}");
        let words = format!("{writer} and {round}");
        let owner = if writer.is_multiple_of(2) { "bjones" } else { "cbrown" };
        for args in [
            ["log", &case, "--received", "2022-02-04", "--officer", owner].as_slice(),
            &["record", &case, "note", "--on", "2022-03-04", "--note", &words],
            &[
                "correct",
                &case,
                "2",
                "--on",
                "2022-03-03",
                "--note",
                &words,
                "--why",
                &words,
            ],
        ] {
            office.run_at(NOW, args).well();
            *acknowledged.entry(case.clone()).or_default() += 1;
        }
        let name = format!("{writer}.csv");
        let cases: Vec<String> = (0..LINES).map(|line| format!("I-{writer}-{round}-{line}")).collect();
        let lines = cases.iter().map(|case| format!("{case},2022-02-04,{owner}\n"));
        let sheet = format!("reference,received,officer\n{}", lines.collect::<String>());
        std::fs::write(office.path(&name), sheet).unwrap();
        office.run_at(NOW, &["import", &name]).well();
        acknowledged.extend(cases.into_iter().map(|case| (case, 1)));
    }
    acknowledged
}

/// Every case in the register, and how many entries it has.
fn recorded(office: &Office) -> Acknowledged {
    let register = rusqlite::Connection::open(office.path("register.db")).unwrap();
    let sql = "select reference, count(*) from entry where reference is not null group by reference";
    let mut statement = register.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn twenty_writers_and_the_service_are_all_served() {
    if !can_pretend() {
        return;
    }
    let seconds = std::env::var("TIMEOUS_WRITERS_SECONDS").ok();
    let until = seconds.map(|text| Instant::now() + Duration::from_secs(text.parse().expect("a number")));
    let goes_on = |round: usize| match until {
        Some(until) => Instant::now() < until,
        None => round < ROUNDS,
    };
    let server = Server::start();
    let office = Office::with_smtp(server.port());
    let service = office.service(Some(NOW));
    service.wait_for("READY=1");
    let mut acknowledged = Acknowledged::new();
    std::thread::scope(|scope| {
        let (office, goes_on) = (&office, &goes_on);
        let officers: Vec<_> = (0..WRITERS)
            .map(|writer| scope.spawn(move || officer(office, writer, goes_on)))
            .collect();
        // Each reload brings a round, which writes; so that it too writes without a pause.
        while officers.iter().any(|officer| !officer.is_finished()) {
            service.signal("HUP");
            service.wait_for("WATCHDOG=1");
        }
        for officer in officers {
            acknowledged.extend(officer.join().unwrap());
        }
    });
    assert_eq!(recorded(&office), acknowledged);
    let verified = office.run_at(NOW, &["verify"]).well();
    assert!(verified.contains("the chain is whole"), "{verified}");
    let rounds = office.count("select count(*) from round where ok = 0");
    assert_eq!(rounds, 0, "{}", office.dump());
    service.signal("TERM");
    let (code, log) = service.ended();
    assert_eq!(code, Some(0));
    for line in log.lines() {
        assert!(!line.contains("ERROR") && !line.contains("locked"), "{line}");
    }
    assert!(!server.accepted().is_empty(), "the service told somebody meanwhile");
    println!(
        "{} entries of {} cases",
        acknowledged.values().sum::<i64>(),
        acknowledged.len()
    );
}
