//! The running service while the clock of its machine does what clocks do: it is set forward and back, stands still
//! through a sleep, changes to summer time and back, is years behind. By faketime's file, which is read anew at every
//! look at the wall clock; monotonic time goes on untouched, as it does for a real machine.
//!
//! What counts is what arrives: each rung once, no storm, and one line in the log for each step.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers; a service is waited for, and the \
              pretended clock is told how far it is from the real one"
)]

mod support;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use chrono::{NaiveDateTime, Utc};
use rstest::rstest;
use support::office::{Office, Ran, Service, can_pretend, faketime, header, plain_text};
use support::smtp::Server;

/// An office whose wall clock is set at will.
struct World {
    office: Office,
    /// The mails that have been looked at.
    seen: BTreeSet<String>,
}

impl World {
    fn new() -> World {
        World::of(Office::new())
    }

    fn of(mut office: Office) -> World {
        let clock = office.path("clock").display().to_string();
        office.surround("FAKETIME_TIMESTAMP_FILE", &clock);
        office.surround("FAKETIME_NO_CACHE", "1");
        office.surround("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        office.surround("LD_PRELOAD", faketime().unwrap().to_str().unwrap());
        let seen = BTreeSet::new();
        World { office, seen }
    }

    /// Sets the clock; it goes on from there. `2026-03-29 00:59:00`, UTC.
    fn set(&self, to: &str) {
        let to = NaiveDateTime::parse_from_str(to, "%Y-%m-%d %H:%M:%S")
            .unwrap()
            .and_utc();
        let ahead = (to - Utc::now()).num_milliseconds();
        let sign = if ahead < 0 { '-' } else { '+' };
        let text = format!("{sign}{}.{:03}\n", ahead.abs() / 1_000, ahead.abs() % 1_000);
        // Whole at every moment, for it may just be read.
        std::fs::write(self.office.path("clock.new"), text).unwrap();
        std::fs::rename(self.office.path("clock.new"), self.office.path("clock")).unwrap();
    }

    fn run(&self, at: &str, args: &[&str]) -> Ran {
        self.set(at);
        self.office.run(args)
    }

    /// A case of B Jones, logged at noon of the day it came.
    fn log(&self, reference: &str, received: &str) {
        let words = ["log", reference, "--received", received, "--officer", "bjones"];
        self.run(&format!("{received} 12:00:00"), &words).well();
    }

    /// The service from its first round on.
    fn service(&self, at: &str) -> Service {
        self.set(at);
        let service = self.office.service(None);
        service.wait_for("READY=1");
        service.wait_for("WATCHDOG=1");
        service
    }

    /// The service after its first round, some seconds before the minute is full; begun anew where this machine was too
    /// slow for that.
    fn service_before_the_minute(&self, at: &str) -> Service {
        for _ in 0..5 {
            let began = Instant::now();
            let service = self.service(at);
            if began.elapsed() < Duration::from_millis(2_500) {
                return service;
            }
        }
        panic!("a first round never takes less than two seconds here");
    }

    /// Sets the clock and has the service look at it; then what has been mailed since the last time.
    fn tell(&mut self, service: &Service, at: &str) -> Vec<String> {
        self.set(at);
        service.signal("HUP");
        for told in ["RELOADING=1", "READY=1", "WATCHDOG=1"] {
            service.wait_for(told);
        }
        self.new_mails()
    }

    /// Each as its reader and its subject, when nothing is being sent any more.
    fn new_mails(&mut self) -> Vec<String> {
        let waiting = "select count(*) from message where state in ('queued', 'sending')";
        self.wait_until("mail that does not leave", |world| world.office.count(waiting) == 0);
        let mut new = Vec::new();
        for mail in self.office.mails() {
            let name = header(&mail, "Message-ID").unwrap();
            if self.seen.insert(name) {
                let to = header(&mail, "To").unwrap();
                let to = to.split_once('<').unwrap().1.split_once('@').unwrap().0.to_owned();
                new.push(format!("{to}: {}", header(&mail, "Subject").unwrap()));
            }
        }
        new.sort();
        new
    }

    fn wait_until(&self, what: &str, done: impl Fn(&World) -> bool) {
        for _ in 0..400 {
            if done(self) {
                return;
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        panic!("{what}:\n{}", self.office.dump());
    }

    /// The rungs that were told, in their order.
    fn told(&self) -> Vec<String> {
        let register = rusqlite::Connection::open(self.office.path("register.db")).unwrap();
        let sql = "select reference || ' ' || step || ' ' || rung || iif(day = '', '', ' ' || day) from reminder
                   join deadline on deadline.id = reminder.deadline where reminder.state = 'told' order by reminder.id";
        let mut rows = register.prepare(sql).unwrap();
        let told = rows.query_map([], |row| row.get(0)).unwrap();
        told.map(Result::unwrap).collect()
    }

    /// Stops the service, holds the register to what must be so, and gives the lines of the log that tell of the clock.
    fn end(self, service: Service, at: &str) -> Vec<String> {
        service.signal("TERM");
        let mut lines = service.log_until("stopped");
        drop(service);
        self.run(at, &["verify"]).well();
        let twice = "select count(*) from (select 1 from reminder where state = 'told'
                     group by deadline, work_to, rung, day having count(*) > 1)";
        assert_eq!(self.office.count(twice), 0);
        lines.retain(|line| line.contains("the clock "));
        lines
    }
}

/// One line a step, with its seconds, whatever their milliseconds.
fn assert_steps(lines: &[String], steps: &[i64]) {
    let seconds: Vec<i64> = lines
        .iter()
        .map(|line| {
            assert!(line.contains("WARN the clock was set, or the machine slept"), "{line}");
            let seconds = line.split_once("seconds=").unwrap().1.split(' ').next().unwrap();
            seconds.parse().unwrap()
        })
        .collect();
    assert_eq!(seconds.len(), steps.len(), "{lines:?}");
    for (found, wanted) in seconds.iter().zip(steps) {
        // How long the service had slept meanwhile is part of what it had expected.
        assert!((found - wanted).abs() <= 20, "{wanted}: {lines:?}");
    }
}

/// When, on its clock, the service is to tell which rung; none where it is to be silent.
type Telling = (&'static str, &'static str);

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// FOI-1 is due on Tuesday 1 December 2026, after St Andrew's Day: 10wd is Monday 16 November, 5wd the 23rd, 2wd the
/// 26th, 1wd the 27th.
#[rstest]
#[case::an_hour("2026-11-16 07:30:00", &[
    ("2026-11-16 08:30:00", "10wd"),
    ("2026-11-16 07:30:00", ""),
    ("2026-11-16 08:30:00", ""),
], &[HOUR, -HOUR, HOUR])]
#[case::a_day("2026-11-15 09:00:00", &[
    ("2026-11-16 09:00:00", "10wd"),
    ("2026-11-15 09:00:00", ""),
    ("2026-11-14 09:00:00", ""),
    ("2026-11-16 09:00:00", ""),
    ("2026-11-23 09:00:00", "5wd"),
    ("2026-11-22 09:00:00", ""),
    ("2026-11-23 09:00:00", ""),
], &[DAY, -DAY, -DAY, 2 * DAY, 7 * DAY, -DAY, DAY])]
#[case::a_year("2026-11-13 09:00:00", &[
    ("2027-11-15 09:00:00", "overdue 2027-11-15"),
    ("2026-11-13 09:00:00", ""),
    ("2026-11-16 09:00:00", "10wd"),
    ("2025-11-14 09:00:00", ""),
    ("2026-11-23 09:00:00", "5wd"),
    ("2026-11-26 09:00:00", "2wd"),
    ("2026-11-27 09:00:00", "1wd"),
    ("2026-12-01 09:00:00", "0wd"),
    ("2026-12-02 09:00:00", "overdue 2026-12-02"),
], &[367 * DAY, -367 * DAY, 3 * DAY, -367 * DAY, 374 * DAY, 3 * DAY, DAY, 4 * DAY, DAY])]
#[case::a_sleep_of_a_night("2026-11-15 18:00:00", &[
    ("2026-11-16 08:20:00", "10wd"),
], &[14 * HOUR + 1_200])]
#[case::a_sleep_of_a_fortnight("2026-11-13 17:00:00", &[
    // Only the last of what was missed.
    ("2026-11-27 09:00:00", "1wd"),
    ("2026-12-01 08:10:00", "0wd"),
], &[13 * DAY + 16 * HOUR, 3 * DAY + 23 * HOUR + 600])]
fn a_clock_that_is_set_and_a_machine_that_sleeps(
    #[case] from: &str,
    #[case] tellings: &[Telling],
    #[case] steps: &[i64],
) {
    if !can_pretend() {
        return;
    }
    let mut world = World::new();
    world.log("FOI-1", "2026-11-02");
    let service = world.service(from);
    assert_eq!(world.new_mails(), Vec::<String>::new());
    let mut told = Vec::new();
    for (at, rung) in tellings {
        let mails = world.tell(&service, at);
        let rungs = usize::from(!rung.is_empty());
        // The team's copy of what is overdue, for there is no manager, is all that may come besides.
        let own = mails.iter().filter(|mail| mail.starts_with("bjones: ")).count();
        assert_eq!(own, rungs, "{at}: {mails:?}");
        assert!(mails.len() <= 2 * rungs, "{at}: {mails:?}");
        told.extend((rungs > 0).then(|| format!("FOI-1 response {rung}")));
        assert_eq!(world.told(), told, "{at}");
    }
    let (last, _) = tellings.last().unwrap();
    let lines = world.end(service, last);
    let of_steps: Vec<String> = lines.iter().filter(|line| line.contains("seconds=")).cloned().collect();
    assert_steps(&of_steps, steps);
    // In November 2025 the case was yet to come.
    let behind = lines.iter().filter(|line| line.contains("the clock says")).count();
    assert_eq!(
        behind,
        usize::from(tellings.iter().any(|(at, _)| at.starts_with("2025"))),
        "{lines:?}"
    );
}

/// No signal and no restart: the minute that was begun before the machine slept ends after it.
#[test]
fn whoever_wakes_up_looks_at_the_clock_by_itself() {
    if !can_pretend() {
        return;
    }
    let server = Server::start();
    let world = World::of(Office::with_smtp(server.port()));
    world.log("FOI-1", "2026-11-02");
    let service = world.service_before_the_minute("2026-11-15 17:59:57");
    // By either clock the next minute is near.
    world.set("2026-11-16 08:00:57");
    let line = service.wait_for_log("the clock was set, or the machine slept");
    assert!(line.contains("seconds=504"), "{line}");
    world.wait_until("no mail", |_| server.accepted().len() == 1);
    assert_eq!(server.accepted()[0].to, "bjones@example.gov.uk");
    world.wait_until("not on record", |world| world.told() == ["FOI-1 response 10wd"]);
    assert_eq!(world.end(service, "2026-11-16 08:02:00"), Vec::<String>::new());
    assert_eq!(server.accepted().len(), 1);
}

/// In the night of each change the service runs through the very hour, and a date of the following Monday is told at
/// eight by the clock on the wall.
#[rstest]
#[case::to_summer_time("2026-03-16", "2026-03-29 00:59:57", "2026-03-30 06:58:00", "2026-03-30 07:00:10")]
#[case::to_winter_time("2026-10-12", "2026-10-25 00:59:57", "2026-10-26 07:58:00", "2026-10-26 08:00:10")]
fn the_change_of_the_hour(#[case] received: &str, #[case] night: &str, #[case] before: &str, #[case] eight: &str) {
    if !can_pretend() {
        return;
    }
    let mut world = World::new();
    world.log("FOI-1", received);
    let monday = &eight[..10];
    let diary = ["record", "FOI-1", "diary", "--on", received, "--due", monday];
    world.run(&format!("{received} 13:00:00"), &diary).well();
    let service = world.service_before_the_minute(night);
    // At the full hour, by itself.
    service.wait_for("WATCHDOG=1");
    let earlier = world.told();
    assert!(!earlier.iter().any(|told| told.contains("diary")), "{earlier:?}");
    world.new_mails();
    assert_eq!(world.tell(&service, before), Vec::<String>::new());
    let mails = world.tell(&service, eight);
    assert_eq!(mails.len(), 1, "{mails:?}");
    let new = world.told().split_off(earlier.len());
    assert!(new.contains(&"FOI-1 diary 0wd".to_owned()), "{new:?}");
    let lines = world.end(service, eight);
    assert_eq!(lines.len(), 2, "the change itself is no step: {lines:?}");
}

/// The 29th of February 2028 is a Tuesday.
#[test]
fn a_leap_day_is_a_day() {
    if !can_pretend() {
        return;
    }
    let mut world = World::new();
    world.log("FOI-1", "2028-02-01");
    let service = world.service_before_the_minute("2028-02-28 23:59:57");
    service.wait_for("WATCHDOG=1");
    assert_eq!(world.told(), Vec::<String>::new(), "by midnight nothing is told");
    let mails = world.tell(&service, "2028-02-29 08:00:10");
    assert_eq!(mails, ["bjones: FOI: 1 today; first FOI-1"]);
    let mail = plain_text(&world.office.mails()[0]);
    assert!(mail.contains("FOI-1 - answer due TODAY, Tuesday 29 February"), "{mail}");
    let mails = world.tell(&service, "2028-03-01 08:00:10");
    assert!(
        mails.contains(&"bjones: FOI: 1 overdue; first FOI-1".to_owned()),
        "{mails:?}"
    );
    // A year on there is none.
    world.tell(&service, "2029-02-28 08:00:10");
    let told = [
        "FOI-1 response 0wd",
        "FOI-1 response overdue 2028-03-01",
        "FOI-1 response overdue 2029-02-28",
    ];
    assert_eq!(world.told(), told);
    assert_eq!(world.end(service, "2029-02-28 09:00:00").len(), 3);
}

/// What is said and when follows from the law's zone alone.
#[test]
fn the_zone_of_the_host_changes_nothing() {
    if !can_pretend() {
        return;
    }
    let mails = |zone: &str| {
        let mut office = Office::new();
        office.surround("TZ", zone);
        let mut world = World::of(office);
        // On either side of midnight for somebody.
        world.log("FOI-1", "2026-03-02");
        let service = world.service("2026-03-29 23:30:00");
        let mut all = world.new_mails();
        for at in [
            "2026-03-30 06:59:00",
            "2026-03-30 07:00:10",
            "2026-03-30 23:30:00",
            "2026-03-31 07:00:10",
        ] {
            all.push(at.to_owned());
            all.extend(world.tell(&service, at));
        }
        let due = world
            .run("2026-03-31 23:30:00", &["due", "2026-03-02", "--explain"])
            .well();
        let status = world.run("2026-03-31 23:30:00", &["status"]).well();
        let calendar = world.run("2026-03-31 23:30:00", &["export", "--format", "ics"]).well();
        // When an event was made is told to the second, and its name is of this register alone.
        let calendar: Vec<String> = calendar
            .lines()
            .filter(|line| !line.starts_with("DTSTAMP") && !line.starts_with("UID"))
            .map(str::to_owned)
            .collect();
        assert_eq!(world.end(service, "2026-03-31 23:31:00").len(), 4);
        (all, due, status.lines().next().unwrap().to_owned(), calendar)
    };
    let here = mails("UTC");
    assert!(here.0.len() > 5, "{here:?}");
    assert!(here.2.contains("Wednesday 1 April 2026, 00:30"), "{}", here.2);
    std::thread::scope(|scope| {
        let zones =
            ["Pacific/Auckland", "America/Los_Angeles", ""].map(|zone| scope.spawn(move || (zone, mails(zone))));
        for zone in zones {
            let (zone, there) = zone.join().unwrap();
            assert_eq!(there, here, "{zone}");
        }
    });
}

/// As after a flat battery, from the very start, so that there is no step to be seen.
#[rstest]
#[case::to_the_beginning_of_time("1970-01-01 00:10:00", "Thursday 1 January 1970")]
#[case::to_the_boards_first_day("2000-01-01 09:00:00", "Saturday 1 January 2000")]
#[case::by_a_few_years("2023-06-06 09:00:00", "Tuesday 6 June 2023")]
fn a_clock_years_behind_is_told_and_does_no_harm(#[case] behind: &str, #[case] said: &str) {
    if !can_pretend() {
        return;
    }
    let mut world = World::new();
    world.log("FOI-1", "2026-11-02");
    let service = world.service("2026-11-16 09:00:00");
    assert_eq!(world.new_mails(), ["bjones: FOI: 1 later; first FOI-1"]);
    assert_eq!(service.stop(), Some(0));

    let service = world.service(behind);
    let words =
        format!("the clock says {said}, and the last entry was recorded on Monday 16 November 2026: set the clock");
    let words = words.replace("Monday 16", "Monday 2");
    let line = service.wait_for_log("the clock says");
    assert!(line.contains(&words) && line.contains("ERROR"), "{line}");
    for _ in 0..2 {
        assert_eq!(world.tell(&service, behind), Vec::<String>::new());
    }
    let check = world.run(behind, &["status", "--check"]);
    assert!(check.code == Some(2) && check.out.contains(&words), "{check:?}");
    assert!(world.run(behind, &["status"]).well().contains(&words));
    // What is of today is to come, by such a clock.
    let record = world.run(behind, &["record", "FOI-1", "acknowledged", "--on", "2026-11-16"]);
    record.complaint(2);

    assert_eq!(world.tell(&service, "2026-11-16 10:00:00"), Vec::<String>::new());
    let check = world.run("2026-11-16 10:00:00", &["status", "--check"]);
    assert!(!check.out.contains("clock"), "{check:?}");
    let mails = world.tell(&service, "2026-11-23 09:00:00");
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert_eq!(world.told(), ["FOI-1 response 10wd", "FOI-1 response 5wd"]);
    let lines = world.end(service, "2026-11-23 09:00:00");
    assert_eq!(
        lines.iter().filter(|line| line.contains("the clock says")).count(),
        0,
        "once: {lines:?}"
    );
}
