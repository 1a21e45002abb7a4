//! A monitor elsewhere is told of every round and holds none of them up; what is logged names no address, and a case
//! only where that is allowed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers; waiting for a child takes sleep"
)]

mod support;

use std::time::{Duration, Instant};

use support::https::{Answer, Web};
use support::office::{Office, can_pretend};
use support::smtp::{At, Do, Script, Server};

/// Three seconds before a full minute, in the send window of the day on which the case is due.
const BEFORE_THE_MINUTE: &str = "2022-03-04 08:30:57";

/// Lines of configuration behind the mail's section.
fn watched(web: &Web, more: &str) -> Office {
    let office = Office::with(&format!(
        "{more}\n[watch]\nheartbeat = {{ file = \"heartbeat.url\" }}\n"
    ));
    office.secret("heartbeat.url", &web.url("127.0.0.1", "/ping/hunter2"));
    office
}

fn paths(web: &Web) -> Vec<String> {
    let requests = web.requests();
    let path = |request: &String| request.split(' ').nth(1).unwrap_or_default().to_owned();
    requests.iter().map(path).collect()
}

fn wait_until(done: impl Fn() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < Duration::from_secs(20), "waited in vain");
        std::thread::sleep(Duration::from_millis(30));
    }
}

fn logged(office: &Office) {
    let log = [
        "log",
        "IM-FOI-2022-0365",
        "--received",
        "2022-02-04",
        "--officer",
        "bjones",
    ];
    office.run_at("2022-02-04 17:45:00", &log).well();
}

#[test]
fn every_good_round_is_told_and_a_reload_tells_nothing_twice() {
    if !can_pretend() {
        return;
    }
    let web = Web::plain(|_| Answer::page(200, "OK"));
    let office = watched(&web, "");
    logged(&office);
    let service = office.service(Some(BEFORE_THE_MINUTE));
    wait_until(|| paths(&web).len() == 1);
    service.signal("HUP");
    service.wait_for_log("read the configuration again");
    service.wait_for("WATCHDOG=1");
    assert_eq!(paths(&web), ["/ping/hunter2"]);
    assert_eq!(service.stop(), Some(0));
    // The next minute's round, in a service that starts just before it.
    let service = office.service(Some(BEFORE_THE_MINUTE));
    wait_until(|| paths(&web).len() == 2);
    for _ in 0..2 {
        service.wait_for("WATCHDOG=1");
    }
    assert!(paths(&web).iter().all(|path| path == "/ping/hunter2"));
    assert_eq!(service.stop(), Some(0));
}

#[test]
fn a_bad_round_is_told_as_such_and_names_its_case_only_if_it_may() {
    if !can_pretend() {
        return;
    }
    for may in [true, false] {
        let web = Web::plain(|_| Answer::page(200, "OK"));
        let office = watched(&web, "");
        logged(&office);
        // Nobody is left who could be told.
        office.configure(&format!(
            "[watch]\nheartbeat = {{ file = \"heartbeat.url\" }}\nlog_references = {may}\n"
        ));
        let service = office.service(Some(BEFORE_THE_MINUTE));
        let line = service.wait_for_log("with nobody who could be told");
        assert_eq!(line.contains("IM-FOI-2022-0365"), may, "{line}");
        wait_until(|| paths(&web) == ["/ping/hunter2/fail"]);
        let (_, log) = stopped(service);
        assert!(!log.contains("IM-FOI") && !log.contains("hunter2"), "{log}");
    }
}

fn stopped(service: support::office::Service) -> (Option<i32>, String) {
    service.signal("TERM");
    service.ended()
}

#[test]
fn while_mail_does_not_leave_the_monitor_hears_nothing() {
    if !can_pretend() {
        return;
    }
    let web = Web::plain(|_| Answer::page(200, "OK"));
    let server = Server::build()
        .rest(Script::new().at(At::Mail, Do::reply(550, "5.7.1 <foi@example.gov.uk> may not send here")))
        .start();
    let smtp = format!(
        "transport = \"smtp\"\n[mail.smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n",
        server.port()
    );
    let office = watched(&web, &smtp);
    logged(&office);
    let service = office.service(Some(BEFORE_THE_MINUTE));
    let line = service.wait_for_log("mail does not leave");
    assert!(
        line.contains("550 5.7.1 <…> may not send here") && !line.contains('@'),
        "{line}"
    );
    // The first round was told before the mail was tried.
    assert_eq!(service.stop(), Some(0));
    assert_eq!(paths(&web), ["/ping/hunter2"]);
    let service = office.service(Some(BEFORE_THE_MINUTE));
    for _ in 0..2 {
        service.wait_for("WATCHDOG=1");
    }
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(service.stop(), Some(0));
    assert_eq!(paths(&web), ["/ping/hunter2"]);
}

#[test]
fn a_monitor_that_hangs_holds_nothing_up_and_one_that_is_away_is_logged_once() {
    if !can_pretend() {
        return;
    }
    let web = Web::plain(|_| Answer::Hang);
    let office = watched(&web, "");
    logged(&office);
    let service = office.service(Some(BEFORE_THE_MINUTE));
    let began = Instant::now();
    for _ in 0..2 {
        service.wait_for("WATCHDOG=1");
    }
    assert!(began.elapsed() < Duration::from_secs(9), "{:?}", began.elapsed());
    let began = Instant::now();
    assert_eq!(service.stop(), Some(0));
    assert!(began.elapsed() < Duration::from_secs(3), "a stop does not wait for it");

    let port = web.port();
    drop(web);
    std::fs::write(
        office.path("heartbeat.url"),
        format!("http://127.0.0.1:{port}/ping/hunter2"),
    )
    .unwrap();
    let service = office.service(Some(BEFORE_THE_MINUTE));
    let line = service.wait_for_log("no heartbeat");
    assert!(line.contains("no heartbeat: 127.0.0.1 cannot be reached"), "{line}");
    assert!(!line.contains("hunter2"), "{line}");
    for _ in 0..2 {
        service.wait_for("WATCHDOG=1");
    }
    let (code, log) = stopped(service);
    assert_eq!(code, Some(0));
    assert!(!log.contains("no heartbeat"), "{log}");
}
