//! Newer lists of bank holidays: looked at by the service, adopted by somebody, and missed in time.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::council::{Told, council, log, mails, moved, proclaim, query, round, wait_until};
use crate::support::https::{Answer, Web};
use crate::support::office::{Office, can_pretend};

fn list_path(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/holidays-feed")
        .join(name);
    path.to_str().unwrap().to_owned()
}

fn list(name: &str) -> String {
    std::fs::read_to_string(list_path(name)).unwrap()
}

/// A council that looks at a list on this machine once a day.
fn looking(server: &Web) -> Office {
    let url = server.url("127.0.0.1", "/bank-holidays.json");
    let office = council(&format!("feed_check = true\nfeed_url = \"{url}\"\n"));
    proclaim(&office);
    office
}

fn about<'a>(mails: &'a [Told], words: &str) -> Vec<&'a Told> {
    mails.iter().filter(|mail| mail.subject.contains(words)).collect()
}

/// Runs the service from a moment until the list has been looked at and nothing is left to tell or send.
fn a_day(office: &Office, at: &str) {
    let looked = || query(office, "select at from round where task = 'feed'");
    let before = if office.path("register.db").exists() {
        looked()
    } else {
        Vec::new()
    };
    let service = office.service(Some(at));
    service.wait_for("WATCHDOG=1");
    wait_until("the list", || looked() != before);
    service.signal("HUP");
    service.wait_for_log("read the configuration again");
    service.wait_for("WATCHDOG=1");
    let left = "select (select count(*) from notice where state in ('waiting', 'written'))
                     + (select count(*) from message where state <> 'accepted')";
    wait_until("the mails", || office.count(left) == 0);
    assert_eq!(service.stop(), Some(0));
}

const DIFFER: &str = "the published bank holidays differ from those in force";

#[test]
fn what_a_published_list_has_is_proposed_once_and_never_applied() {
    if !can_pretend() {
        return;
    }
    // A new year, each day explained; and a day that nothing explains.
    let unexplained =
        "{\"title\": \"Summer bank holiday\", \"date\": \"2027-08-30\", \"notes\": \"\", \"bunting\": true}, ";
    let text = list("with-2029.json");
    let (before, scotland) = text.split_once("\"scotland\"").unwrap();
    let (head, events) = scotland.split_once('[').unwrap();
    let text = format!("{before}\"scotland\"{head}[{unexplained}{events}");
    let listed = Arc::new(AtomicBool::new(false));
    let (as_listed, new_year) = (Arc::clone(&listed), list("with-2029.json"));
    let server = Web::plain(move |_| match as_listed.load(Ordering::SeqCst) {
        false => Answer::page(200, &text),
        true => Answer::page(200, &new_year),
    });
    let office = looking(&server);
    log(&office, "2026-12-01 07:00:00", "FOI-1", "2026-12-01", "bjones");
    let calendar = query(&office, "select calendar from about");
    a_day(&office, "2026-12-01 08:30:00");
    let told = mails(&office);
    let proposed = about(&told, DIFFER);
    assert_eq!(proposed.len(), 1, "{told:?}");
    assert_eq!(proposed[0].to, "mgreen@example.gov.uk");
    for words in [
        "Monday 30 August 2027",
        "Nothing is changed until somebody does it",
        "timeous holidays update --url",
    ] {
        assert!(proposed[0].text.contains(words), "{}", proposed[0].text);
    }
    let status = office.run_at("2026-12-01 09:00:00", &["status"]).well();
    let line = "feed: the published list has 0 new days and 1 difference; those who watch were told";
    assert!(status.contains(line), "{status}");
    // The same day it is not looked at again; the next day it is, and says the same.
    let service = office.service(Some("2026-12-01 09:30:00"));
    service.wait_for("WATCHDOG=1");
    service.signal("HUP");
    service.wait_for_log("read the configuration again");
    assert_eq!(service.stop(), Some(0));
    assert_eq!(server.requests().len(), 1);
    a_day(&office, "2026-12-02 08:30:00");
    assert_eq!(server.requests().len(), 2);
    assert_eq!(about(&mails(&office), DIFFER).len(), 1);
    // Put right, it proposes the new year.
    listed.store(true, Ordering::SeqCst);
    a_day(&office, "2026-12-03 08:30:00");
    let told = mails(&office);
    let proposed = about(&told, DIFFER);
    assert_eq!(proposed.len(), 2, "{told:?}");
    assert!(
        proposed
            .iter()
            .any(|mail| mail.text.contains("new: Monday 6 August 2029") && mail.text.contains("To take the new days:")),
        "{proposed:?}"
    );
    assert_eq!(query(&office, "select calendar from about"), calendar);
    assert_eq!(office.count("select count(*) from entry where reference is null"), 0);
    assert_eq!(moved(&office), []);
}

#[test]
fn a_list_that_cannot_be_had_is_a_warning_logged_once() {
    if !can_pretend() {
        return;
    }
    let server = Web::plain(|_| Answer::page(503, "down"));
    let office = looking(&server);
    let service = office.service(Some("2026-12-01 08:30:00"));
    let line = service.wait_for_log("the list of bank holidays was not looked at");
    assert!(line.contains("127.0.0.1 answered 503"), "{line}");
    wait_until("the result", || {
        office.count("select count(*) from round where task = 'feed' and ok = 0") == 1
    });
    let check = office.run_at("2026-12-01 08:31:00", &["status", "--check"]);
    assert_eq!(check.code, Some(1), "{}", check.out);
    assert!(check.out.contains("feed: 127.0.0.1 answered 503"), "{}", check.out);
    let status = office.run_at("2026-12-01 08:31:00", &["status"]).well();
    assert!(status.contains("feed: 127.0.0.1 answered 503"), "{status}");
    service.signal("HUP");
    service.wait_for_log("read the configuration again");
    service.signal("TERM");
    let (code, log) = service.ended();
    assert_eq!(code, Some(0));
    assert!(!log.contains("was not looked at"), "{log}");
    assert_eq!(server.requests().len(), 1, "not again within the hour");
    assert_eq!(mails(&office), []);
}

#[test]
fn a_list_that_could_not_be_had_and_is_asked_for_no_more_is_nobodys_concern() {
    if !can_pretend() {
        return;
    }
    let server = Web::plain(|_| Answer::page(503, "down"));
    let office = looking(&server);
    let service = office.service(Some("2026-12-01 08:30:00"));
    service.wait_for_log("the list of bank holidays was not looked at");
    let config = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
    office.configure(&config.replace("feed_check = true", "feed_check = false"));
    service.signal("HUP");
    wait_until("the result", || {
        office.count("select count(*) from round where task = 'feed' and ok = 1") == 1
    });
    let check = office.run_at("2026-12-01 08:31:00", &["status", "--check"]);
    assert!(!check.out.contains("feed"), "{check:?}");
    assert_eq!(service.stop(), Some(0));
}

#[test]
fn without_being_told_to_no_list_is_looked_at() {
    if !can_pretend() {
        return;
    }
    let server = Web::plain(|_| Answer::page(503, "down"));
    let url = server.url("127.0.0.1", "/bank-holidays.json");
    let office = council(&format!("feed_url = \"{url}\"\n"));
    let service = office.service(Some("2026-12-01 08:30:00"));
    service.wait_for("WATCHDOG=1");
    service.signal("HUP");
    service.wait_for_log("read the configuration again");
    assert_eq!(service.stop(), Some(0));
    assert_eq!(server.requests(), Vec::<String>::new());
    assert_eq!(office.count("select count(*) from round where task = 'feed'"), 0);
}

#[test]
fn a_short_horizon_is_told_once_a_month_to_those_who_watch() {
    if !can_pretend() {
        return;
    }
    let office = council("");
    const SHORT: &str = "clocks may run past the announced bank holidays";
    let told = || about(&mails(&office), SHORT).len();
    // Sixty working days and six months from Friday 24 March 2028 end in December, from April on in the next year.
    round(&office, "2028-03-24 09:00:00");
    round(&office, "2028-03-24 10:00:00");
    assert_eq!(told(), 0);
    let status = office.run_at("2028-03-24 10:00:00", &["status"]).well();
    assert!(!status.contains("could run past"), "{status}");
    for at in [
        "2028-04-10 08:00:00",
        "2028-04-10 09:00:00",
        "2028-04-11 09:00:00",
        "2028-04-28 09:00:00",
    ] {
        round(&office, at);
    }
    assert_eq!(told(), 1);
    for at in ["2028-05-02 08:00:00", "2028-05-02 09:00:00", "2028-05-31 09:00:00"] {
        round(&office, at);
    }
    assert_eq!(told(), 2);
    let all = mails(&office);
    assert!(all.iter().all(|mail| mail.to == "mgreen@example.gov.uk"), "{all:?}");
    assert!(
        all[0]
            .text
            .contains("Bank holidays are announced only to 31 December 2028"),
        "{}",
        all[0].text
    );
    assert!(all[0].text.contains("timeous holidays update --url"), "{}", all[0].text);
    let status = office.run_at("2028-05-31 09:00:00", &["status"]).well();
    assert!(
        status.contains("announced to 31 December 2028 (a clock begun today could run past that)"),
        "{status}"
    );
    let service = office.service(Some("2028-05-31 09:30:00"));
    service.wait_for("WATCHDOG=1");
    let check = office.run_at("2028-05-31 09:30:00", &["status", "--check"]);
    assert_eq!(check.code, Some(1), "{}", check.out);
    assert!(
        check.out.contains("bank holidays are announced only to 2028-12-31"),
        "{}",
        check.out
    );
    assert_eq!(service.stop(), Some(0));
}

#[test]
fn days_adopted_are_reckoned_with_by_everybody_from_then_on() {
    if !can_pretend() {
        return;
    }
    let office = council("");
    proclaim(&office);
    // An answer due in January 2029, by days that nobody has announced.
    log(&office, "2028-12-08 07:00:00", "FOI-1", "2028-12-08", "bjones");
    let provisional = || {
        query(
            &office,
            "select step, due, provisional from deadline order by step desc",
        )
    };
    let before = provisional();
    assert!(before.iter().all(|row| row.ends_with("|1")), "{before:?}");
    // Its next round begins with the full minute.
    let service = office.service(Some("2028-12-08 07:01:50"));
    service.wait_for("WATCHDOG=1");

    let path = list_path("with-2029.json");
    let update = ["holidays", "update", path.as_str()];
    let said = office.run_at("2028-12-08 07:02:00", &update).well();
    assert!(
        said.contains("adds 9 days:") && said.contains("announced to Monday 31 December 2029"),
        "{said}"
    );
    assert!(
        said.contains("derived 1 case again, 0 deadlines moved, 0 officers told"),
        "{said}"
    );
    let after = provisional();
    let firm = |row: &String| row.replace("|1", "|0");
    assert_eq!(after[0], firm(&before[0]));
    let login = query(&office, "select recorded_by from entry where kind = 'received'").remove(0);
    let own = query(
        &office,
        "select recorded_by, body from entry where kind = 'calendar-adopted'",
    );
    assert_eq!(own.len(), 1);
    assert!(own[0].starts_with(&format!("{login}|")), "{own:?}");
    assert!(
        own[0].contains("2029-08-06") && own[0].contains("with-2029.json"),
        "{own:?}"
    );
    let status = office.run_at("2028-12-08 07:03:00", &["status"]).well();
    assert!(
        status.contains("bank holidays announced to 31 December 2029"),
        "{status}"
    );
    let due = office
        .run_at("2028-12-08 07:03:00", &["due", "2028-12-08", "--json"])
        .well();
    let due: serde_json::Value = serde_json::from_str(&due).unwrap();
    assert_eq!(due["calendar"]["announced_through"], "2029-12-31");
    assert_eq!(due["deadlines"][0]["provisional"], false);

    // The service takes them up in its next round, and derives nothing back.
    service.wait_for_log("took up days adopted into the register");
    service.wait_for("WATCHDOG=1");
    let log = query(&office, "select summary from round where task = 'reconcile'");
    assert_eq!(log, ["nothing changed"]);
    assert_eq!(provisional(), after);
    assert_eq!(service.stop(), Some(0));

    let again = office.run_at("2028-12-08 07:04:00", &update).well();
    assert!(again.ends_with("adds nothing; the calendar is unchanged\n"), "{again}");
    assert_eq!(
        office.count("select count(*) from entry where kind = 'calendar-adopted'"),
        1
    );
    assert_eq!(
        office.count("select count(*) from rederivation where from_calendar <> ''"),
        1
    );
    round(&office, "2028-12-08 09:00:00");
    assert_eq!(moved(&office), []);
}

#[test]
fn whoever_adopts_days_with_a_newer_program_puts_its_law_on_record_too() {
    if !can_pretend() {
        return;
    }
    let office = council("");
    proclaim(&office);
    log(&office, "2028-12-08 07:00:00", "FOI-1", "2028-12-08", "bjones");
    let register = rusqlite::Connection::open(office.path("register.db")).unwrap();
    register.execute("update about set law = '2'", []).unwrap();
    drop(register);
    let path = list_path("with-2029.json");
    office
        .run_at("2028-12-08 07:02:00", &["holidays", "update", &path])
        .well();
    round(&office, "2028-12-08 07:03:00");
    assert_eq!(
        query(
            &office,
            "select kind from entry where reference is null order by position"
        ),
        ["calendar-adopted", "upgraded"]
    );
    assert_eq!(query(&office, "select from_law, to_law from rederivation"), ["2|4"]);
}
