//! The bank holiday for the state funeral, proclaimed on Saturday 10 September 2022 for Monday 19 September.

use timeous::case::chain;

use crate::council::{council, log, mails, moved, plans, proclaim, query, record, round, wait_until, withdraw};
use crate::support::office::{Office, can_pretend, plain_text};

/// Before the office opens on the Monday after the proclamation.
pub(crate) const MONDAY: &str = "2022-09-12 05:15:00";

/// That Monday in the send window.
pub(crate) const MORNING: &str = "2022-09-12 07:30:00";

/// One case of each kind.
pub(crate) fn cases(office: &Office, at: &str) {
    for (reference, received, officer) in [
        ("FOI-1", "2022-08-24", "bjones"),
        ("FOI-2", "2022-09-12", "bjones"),
        ("FOI-3", "2022-08-15", "bjones"),
        ("FOI-4", "2022-08-16", "cbrown"),
        ("FOI-5", "2022-08-25", "dgrey"),
        ("FOI-6", "2022-08-26", ""),
        ("FOI-7", "2022-06-01", "mgreen"),
    ] {
        log(office, at, reference, received, officer);
    }
    // Answered in time: only the applicants' windows are open, and nothing of the last that the day touches.
    record(
        office,
        at,
        &["FOI-3", "responded", "--on", "2022-08-30", "--outcome", "full"],
    );
    record(
        office,
        at,
        &["FOI-4", "responded", "--on", "2022-08-31", "--outcome", "part"],
    );
    record(office, at, &["FOI-7", "withdrawn", "--on", "2022-06-10"]);
}

/// The council on the Monday, its register resting on a calendar without the day and its settings on one with it.
fn on_monday() -> Office {
    let office = council("");
    cases(&office, MONDAY);
    round(&office, MONDAY);
    proclaim(&office);
    office
}

/// The last day and the day to work to of each open deadline.
fn dates(office: &Office) -> Vec<String> {
    query(
        office,
        "select reference, step, due, work_to from deadline where open = 1 order by reference, step desc",
    )
}

/// Every entry's hash follows from what it says and the one before.
fn assert_chain_holds(office: &Office) {
    let register = rusqlite::Connection::open(office.path("register.db")).unwrap();
    let mut statement = register.prepare("select * from entry order by position").unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut head = chain::ORIGIN.to_owned();
    while let Some(row) = rows.next().unwrap() {
        let text = |name: &str| row.get::<_, Option<String>>(name).unwrap();
        let (reference, by) = (text("reference"), text("by_name"));
        let body_hash = chain::body_hash(&text("body").unwrap());
        head = chain::link_hash(
            &head,
            &chain::Link {
                position: row.get("position").unwrap(),
                reference: reference.as_deref(),
                seq: row.get("seq").unwrap(),
                kind: &text("kind").unwrap(),
                on: text("on_day").unwrap().parse().unwrap(),
                recorded_at: text("recorded_at").unwrap().parse().unwrap(),
                recorded_by: &text("recorded_by").unwrap(),
                by: by.as_deref(),
                supersedes: row.get("supersedes").unwrap(),
                body_hash: &body_hash,
            },
        );
        assert_eq!(text("hash").unwrap(), head);
    }
    assert_eq!(query(office, "select head from about"), [head]);
}

#[test]
fn the_day_moves_every_open_case_and_each_officer_is_told_once() {
    if !can_pretend() {
        return;
    }
    let office = on_monday();
    let before = dates(&office);
    assert_eq!(
        before,
        [
            "FOI-1|review-window|2022-11-16|2022-11-16",
            "FOI-1|response|2022-09-21|2022-09-21",
            "FOI-2|review-window|2022-12-06|2022-12-06",
            "FOI-2|response|2022-10-10|2022-10-10",
            "FOI-3|review-window|2022-11-07|2022-11-07",
            "FOI-4|review-window|2022-11-08|2022-11-08",
            "FOI-5|review-window|2022-11-17|2022-11-17",
            "FOI-5|response|2022-09-22|2022-09-22",
            "FOI-6|review-window|2022-11-18|2022-11-18",
            "FOI-6|response|2022-09-23|2022-09-23",
        ]
    );
    let old = query(&office, "select calendar from about").remove(0);

    // What will move is said beforehand, and nothing is changed by saying it.
    let dump = office.dump();
    let said = office.run_at(MONDAY, &["holidays", "check"]).well();
    assert_eq!(office.dump(), dump);
    assert!(
        said.contains("6 cases would be derived again, and 4 officers told"),
        "{said}"
    );
    for name in ["B Jones", "C Brown", "D Grey", "the team"] {
        assert!(said.contains(&format!("\nTo {name}:\n")), "{said}");
    }

    assert_eq!(round(&office, MONDAY), "0 mails written, 0 sent\n");
    assert_eq!(
        dates(&office),
        [
            "FOI-1|review-window|2022-11-17|2022-11-17",
            "FOI-1|response|2022-09-22|2022-09-21",
            "FOI-2|review-window|2022-12-07|2022-12-07",
            "FOI-2|response|2022-10-11|2022-10-11",
            "FOI-3|review-window|2022-11-08|2022-11-08",
            "FOI-4|review-window|2022-11-09|2022-11-09",
            "FOI-5|review-window|2022-11-18|2022-11-18",
            "FOI-5|response|2022-09-23|2022-09-22",
            "FOI-6|review-window|2022-11-21|2022-11-21",
            "FOI-6|response|2022-09-26|2022-09-23",
        ]
    );
    let said_after = office.run_at(MONDAY, &["holidays", "check"]).well();
    assert!(!said_after.contains("The register still rests"), "{said_after}");

    // What was is kept, with the calendar it was set under, and why it is no longer so.
    let was = query(
        &office,
        "select d.reference, d.step, w.due, w.work_to from deadline_was w join deadline d on d.id = w.deadline
         where w.until = '2022-09-12T05:15:00.000Z' and w.why = '2022-09-19 is a bank holiday' and w.law <> ''
         order by d.reference, d.step desc",
    );
    assert_eq!(was, before);
    let kept = "select distinct calendar from deadline_was where why like '2022%'";
    assert_eq!(query(&office, kept), std::slice::from_ref(&old));
    let new = query(&office, "select calendar from about").remove(0);
    assert_ne!(new, old);
    assert_eq!(
        query(
            &office,
            "select from_calendar, to_calendar, why, cases, moved from rederivation where from_calendar <> ''"
        ),
        [format!("{old}|{new}|2022-09-19 is a bank holiday|6|10")]
    );
    let own = query(
        &office,
        "select kind, recorded_by, body from entry where reference is null",
    );
    assert_eq!(own.len(), 1, "{own:?}");
    assert!(
        own[0].starts_with("calendar-adopted|timeous|") && own[0].contains(&new),
        "{own:?}"
    );
    assert_chain_holds(&office);

    // Nothing is left planned for an old date: a register into which the same is entered now plans the same.
    let fresh = council("");
    proclaim(&fresh);
    cases(&fresh, MONDAY);
    assert_eq!(plans(&office), plans(&fresh));

    // Each reader gets one mail, the cover the one of who is away; then nothing more of it, whatever happens.
    round(&office, MORNING);
    let told = moved(&office);
    let readers: Vec<&str> = told.iter().map(|mail| mail.to.as_str()).collect();
    assert_eq!(
        readers,
        ["bjones@example.gov.uk", "cbrown@example.gov.uk", "foi@example.gov.uk"]
    );
    assert_eq!(told[0].subject, "FOI: a new bank holiday moves 2 of your dates");
    assert!(told[1].text.contains("You have this for D Grey."), "{}", told[1].text);
    let service = office.service(Some("2022-09-12 07:40:00"));
    service.wait_for("WATCHDOG=1");
    service.signal("HUP");
    service.wait_for("READY=1");
    service.wait_for("WATCHDOG=1");
    assert_eq!(service.stop(), Some(0));
    round(&fresh, MORNING);
    for day in [
        "12 15:00", "13 07:30", "14 07:30", "15 07:30", "16 07:30", "20 07:30", "21 07:30", "22 07:30",
    ] {
        let at = format!("2022-09-{day}:00");
        round(&office, &at);
        round(&fresh, &at);
        assert_eq!(plans(&office), plans(&fresh), "{at}");
    }
    assert_eq!(moved(&office), told);
    assert_eq!(office.count("select count(*) from notice where state <> 'told'"), 0);
    assert_eq!(
        office.count("select count(*) from rederivation where from_calendar <> ''"),
        1
    );
    // Of all else both registers told the same.
    let others = |office: &Office| -> Vec<(String, String, String)> {
        let of = mails(office)
            .into_iter()
            .filter(|mail| !mail.subject.starts_with("FOI: a "));
        of.map(|mail| (mail.to, mail.subject, mail.text)).collect()
    };
    assert_eq!(others(&office), others(&fresh));
    assert!(others(&office).len() >= 10, "{:?}", others(&office));
}

#[test]
fn what_an_officer_reads_of_dates_that_moved() {
    if !can_pretend() {
        return;
    }
    let office = on_monday();
    round(&office, MORNING);
    let mail = office
        .mails()
        .into_iter()
        .find(|mail| mail.contains("To: \"B Jones\"") && mail.contains("Subject: FOI: a new bank holiday moves"));
    let mail = mail.unwrap();
    let text = mail.split("Content-Type: text/plain").nth(1).unwrap();
    let text = text.split("\r\n--").next().unwrap().split_once("\r\n\r\n").unwrap().1;
    insta::assert_snapshot!(text.replace("=\r\n", "").replace("\r\n", "\n"));
    for words in [
        "Monday 19 September 2022 has been proclaimed a bank holiday in Scotland (10 September 2022).",
        "KEEP WORKING TO THE OLD DATE, because it is disputed whether a running clock is lengthened.",
        "Applicants' windows that end later now: 3. Verdicts that change: none.",
    ] {
        assert!(plain_text(&mail).contains(words), "{}", plain_text(&mail));
    }
}

/// Learned only on the Friday after: what was late is arguable now.
#[test]
fn a_verdict_that_changes_is_listed() {
    if !can_pretend() {
        return;
    }
    let office = council("");
    let at = "2022-09-23 05:00:00";
    log(&office, at, "FOI-1", "2022-08-24", "bjones");
    record(
        &office,
        at,
        &["FOI-1", "responded", "--on", "2022-09-22", "--outcome", "full"],
    );
    assert_eq!(
        query(&office, "select state from deadline where step = 'response'"),
        ["late"]
    );
    proclaim(&office);
    round(&office, "2022-09-23 07:30:00");
    let told = moved(&office);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].text.contains("Verdicts that change: 1. ") || told[0].text.contains("Verdicts that change: 1."),
        "{}",
        told[0].text
    );
    assert!(
        told[0].text.contains("FOI-1 answer late -> in time, arguable"),
        "{}",
        told[0].text
    );
    assert_eq!(
        query(&office, "select state from deadline where step = 'response'"),
        ["arguable"]
    );
}

/// The morning's mail could not leave before the day was proclaimed.
#[test]
fn a_mail_that_waits_with_an_old_date_gives_way() {
    if !can_pretend() {
        return;
    }
    let office = council("");
    // Due on Monday 26 September by the old calendar, of which Monday 12 is the tenth working day before.
    log(&office, "2022-09-09 20:00:00", "FOI-1", "2022-08-29", "bjones");
    log(&office, "2022-09-09 20:00:00", "FOI-2", "2022-07-28", "bjones");
    record(
        &office,
        "2022-09-09 20:00:00",
        &["FOI-2", "responded", "--on", "2022-08-25", "--outcome", "full"],
    );
    // No mail leaves where the folder is a file.
    std::fs::write(office.path("outbox"), "").unwrap();
    let ran = office.run_at(MORNING, &["run", "--once"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert_eq!(
        query(&office, "select state, subject from message"),
        ["queued|FOI: 1 later; first FOI-1"]
    );
    proclaim(&office);
    std::fs::remove_file(office.path("outbox")).unwrap();
    round(&office, "2022-09-12 08:30:00");
    let sent = mails(&office);
    assert_eq!(
        query(&office, "select state from message order by id"),
        ["superseded", "accepted", "accepted"]
    );
    assert_eq!(moved(&office).len(), 1);
    let digest = sent.iter().find(|mail| !mail.subject.starts_with("FOI: a ")).unwrap();
    assert!(
        digest
            .text
            .contains("FOI-1 - answer due Tuesday 27 September, work to Monday 26 September"),
        "{}",
        digest.text
    );
    assert_eq!(sent.len(), 2, "{sent:?}");
}

#[test]
fn the_day_withdrawn_again_moves_everything_back_and_says_so() {
    if !can_pretend() {
        return;
    }
    let office = on_monday();
    let (before, plans_before) = (dates(&office), plans(&office));
    round(&office, MORNING);
    assert_eq!(moved(&office).len(), 3);
    withdraw(&office);
    round(&office, "2022-09-12 08:30:00");
    let told = moved(&office);
    assert_eq!(told.len(), 6, "{told:?}");
    let back: Vec<_> = told
        .iter()
        .filter(|mail| mail.subject.contains("none after all"))
        .collect();
    assert_eq!(back.len(), 3, "{told:?}");
    assert!(
        back[0]
            .text
            .contains("Monday 19 September 2022 is not a bank holiday in Scotland after all (1 September 2022): it is a working day."),
        "{}",
        back[0].text
    );
    assert_eq!(
        back[0].subject,
        "FOI: a bank holiday that is none after all moves 2 of your dates"
    );
    assert_eq!(dates(&office), before);
    let planned = |plans: &[String]| -> Vec<String> {
        plans
            .iter()
            .map(|row| row.rsplitn(3, '|').nth(2).unwrap().to_owned())
            .collect()
    };
    assert_eq!(planned(&plans(&office)), planned(&plans_before));
    round(&office, "2022-09-12 09:30:00");
    round(&office, "2022-09-13 07:30:00");
    assert_eq!(moved(&office), told);
    assert_eq!(
        office.count("select count(*) from rederivation where from_calendar <> ''"),
        2
    );
    assert_chain_holds(&office);
}

#[test]
fn withdrawn_again_before_anybody_was_told_nothing_is_told() {
    if !can_pretend() {
        return;
    }
    let office = on_monday();
    let (before, plans_before) = (dates(&office), plans(&office));
    round(&office, "2022-09-12 05:20:00");
    assert_ne!(dates(&office), before);
    assert_eq!(office.count("select count(*) from notice where state = 'waiting'"), 4);
    withdraw(&office);
    round(&office, "2022-09-12 05:30:00");
    assert_eq!(dates(&office), before);
    assert_eq!(plans(&office), plans_before);
    round(&office, MORNING);
    round(&office, "2022-09-13 07:30:00");
    assert_eq!(moved(&office), []);
    let untold = "select count(*) from notice where name like 'moved/%' and state <> 'dropped'";
    assert_eq!(office.count(untold), 0);
    // Both changes are on record all the same.
    assert_eq!(office.count("select count(*) from entry where reference is null"), 2);
    assert_eq!(
        office.count("select count(*) from rederivation where from_calendar <> ''"),
        2
    );
}

#[test]
fn a_running_service_takes_the_day_up_on_a_signal() {
    if !can_pretend() {
        return;
    }
    let office = council("");
    cases(&office, MONDAY);
    let service = office.service(Some(MORNING));
    service.wait_for("WATCHDOG=1");
    wait_until("the digests", || {
        office.count("select count(*) from message where state = 'queued'") == 0
    });
    assert_eq!(moved(&office), []);
    proclaim(&office);
    service.signal("HUP");
    service.wait_for_log("read the configuration again");
    wait_until("three mails of dates that moved", || moved(&office).len() == 3);
    assert_eq!(service.stop(), Some(0));
    let told = moved(&office);
    let service = office.service(Some("2022-09-12 08:00:00"));
    service.wait_for("WATCHDOG=1");
    service.kill();
    assert_eq!(moved(&office), told);
}

/// Somebody writes under a configuration that lacks the day, while the service knows it.
#[test]
fn what_was_recorded_under_another_configuration_is_put_right() {
    if !can_pretend() {
        return;
    }
    let office = council("");
    proclaim(&office);
    log(&office, MONDAY, "FOI-1", "2022-08-24", "bjones");
    round(&office, MONDAY);
    withdraw(&office);
    log(&office, MONDAY, "FOI-2", "2022-08-24", "bjones");
    assert_eq!(
        query(
            &office,
            "select reference, due from deadline where step = 'response' order by 1"
        ),
        ["FOI-1|2022-09-22", "FOI-2|2022-09-21"]
    );
    proclaim(&office);
    round(&office, "2022-09-12 05:20:00");
    assert_eq!(
        query(
            &office,
            "select reference, due, work_to from deadline where step = 'response' order by 1"
        ),
        ["FOI-1|2022-09-22|2022-09-21", "FOI-2|2022-09-22|2022-09-21"]
    );
    let fresh = council("");
    proclaim(&fresh);
    log(&fresh, "2022-09-12 05:20:00", "FOI-1", "2022-08-24", "bjones");
    log(&fresh, "2022-09-12 05:20:00", "FOI-2", "2022-08-24", "bjones");
    assert_eq!(plans(&office), plans(&fresh));
    round(&office, MORNING);
    round(&office, "2022-09-12 08:30:00");
    let told = moved(&office);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].text.contains("FOI-2") && !told[0].text.contains("FOI-1"),
        "{}",
        told[0].text
    );
}
