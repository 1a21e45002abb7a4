//! Who is told what, and when: after an absence of the service, of a case logged late, outside the hours.

use rusqlite::Connection;
use timeous::store::ReminderState;

use crate::office::{Office, accepted, usual};

#[test]
fn a_service_that_was_away_tells_each_deadline_once_at_its_highest_rung() {
    let mut office = Office::new();
    // Due on 1, 4 and 9 December; told of in part before the service goes down on 16 November.
    for (reference, received, officer) in [
        ("FOI-1", "2026-11-02", "bjones"),
        ("FOI-2", "2026-11-05", "bjones"),
        ("FOI-3", "2026-11-10", "cbrown"),
        ("FOI-4", "2026-11-10", "bjones"),
    ] {
        office.at(&format!("{received} 09:00"));
        office.log(reference, received, officer);
    }
    assert_eq!(office.tell("2026-11-16 08:00"), ["b.jones: FOI-1 response 10wd"]);
    // Ten working days later: 1 December.
    assert_eq!(
        office.tell("2026-12-01 08:00"),
        [
            "b.jones: FOI-1 response 0wd, FOI-2 response 5wd, FOI-4 response 10wd",
            "c.brown: FOI-3 response 10wd"
        ]
    );
    for later in ["08:01", "09:00", "17:30", "17:31", "23:59"] {
        assert_eq!(
            office.tell(&format!("2026-12-01 {later}")),
            Vec::<String>::new(),
            "{later}"
        );
    }
    // What is overdue comes again every open morning.
    assert_eq!(
        office.tell("2026-12-02 08:00"),
        [
            "b.jones: FOI-1 response overdue 2026-12-02, FOI-2 response 2wd, FOI-4 response 5wd",
            "c.brown: FOI-3 response 5wd",
            "m.green: copy of FOI-1 response overdue"
        ]
    );
    assert_eq!(
        office.tell("2026-12-03 08:00"),
        ["b.jones: FOI-1 response overdue 2026-12-03, FOI-2 response 1wd"]
    );
}

#[test]
fn ten_days_away_over_every_rung_leave_one_digest() {
    let mut office = Office::new();
    office.log("FOI-1", "2026-11-02", "bjones");
    office.at("2026-11-03 09:00");
    office.log("FOI-2", "2026-11-03", "bjones");
    // Down from 13 November to 4 December: 10wd, 5wd, 2wd, 1wd, 0wd and two mornings of overdue are missed.
    assert_eq!(
        office.tell("2026-12-04 08:00"),
        [
            "b.jones: FOI-1 response overdue 2026-12-04, FOI-2 response overdue 2026-12-04",
            "m.green: copy of FOI-1 response overdue, copy of FOI-2 response overdue"
        ]
    );
    assert_eq!(office.tell("2026-12-04 08:01"), Vec::<String>::new());
    assert_eq!(office.tell("2026-12-05 12:00"), Vec::<String>::new(), "a Saturday");
    assert_eq!(
        office.tell("2026-12-07 08:00"),
        ["b.jones: FOI-1 response overdue 2026-12-07, FOI-2 response overdue 2026-12-07"]
    );
}

#[test]
fn a_case_logged_late_is_told_of_at_once_in_the_hours_and_else_at_the_next_opening() {
    // Received 2 November, due 1 December; logged on 24 November.
    for (logged, told) in [
        ("2026-11-24 08:00", "2026-11-24 08:00"),
        ("2026-11-24 14:10", "2026-11-24 14:10"),
        ("2026-11-24 17:30", "2026-11-24 17:30"),
        ("2026-11-24 17:31", "2026-11-25 08:00"),
        ("2026-11-24 06:00", "2026-11-24 08:00"),
        ("2026-11-21 11:00", "2026-11-23 08:00"),
    ] {
        let mut office = Office::new();
        office.at(logged);
        office.log("FOI-1", "2026-11-02", "bjones");
        assert_eq!(
            first_told(&mut office, logged).as_deref(),
            Some(told),
            "logged {logged}"
        );
    }
}

#[test]
fn what_is_to_be_worked_to_today_is_told_at_any_hour_if_it_was_missed() {
    // Due on 1 December, a Tuesday.
    for (logged, told) in [
        ("2026-12-01 00:05", "2026-12-01 00:05"),
        ("2026-12-01 07:10", "2026-12-01 07:10"),
        ("2026-12-01 14:10", "2026-12-01 14:10"),
        ("2026-12-01 17:31", "2026-12-01 17:31"),
        ("2026-12-01 23:58", "2026-12-01 23:58"),
        ("2026-12-02 00:05", "2026-12-02 08:00"),
        ("2026-12-02 18:05", "2026-12-03 08:00"),
    ] {
        let mut office = Office::new();
        office.at(logged);
        office.log("FOI-1", "2026-11-02", "bjones");
        assert_eq!(
            first_told(&mut office, logged).as_deref(),
            Some(told),
            "logged {logged}"
        );
    }
}

/// When the first mail goes, of the minutes from one on that could matter.
fn first_told(office: &mut Office, from: &str) -> Option<String> {
    let minutes = [
        "00:05", "06:00", "07:10", "07:59", "08:00", "11:00", "14:10", "17:30", "17:31", "18:05", "23:58",
    ];
    let start = crate::office::instant(from);
    for today in office.today().iter_days().take(5) {
        for minute in minutes {
            let moment = format!("{today} {minute}");
            if crate::office::instant(&moment) >= start && !office.tell(&moment).is_empty() {
                return Some(moment);
            }
        }
    }
    None
}

#[test]
fn a_day_s_own_rungs_wait_for_the_morning_and_one_digest() {
    let mut office = Office::new();
    office.log("FOI-1", "2026-11-02", "bjones");
    office.at("2026-11-03 09:00");
    office.log("FOI-2", "2026-11-03", "bjones");
    office.tell("2026-11-27 08:00");
    assert_eq!(office.tell("2026-11-30 23:59"), Vec::<String>::new(), "St Andrew's Day");
    for early in ["00:00", "00:01", "07:59"] {
        assert_eq!(
            office.tell(&format!("2026-12-01 {early}")),
            Vec::<String>::new(),
            "{early}"
        );
    }
    assert_eq!(
        office.tell("2026-12-01 08:00"),
        ["b.jones: FOI-1 response 0wd, FOI-2 response 1wd"]
    );
}

#[test]
fn outside_the_hours_a_case_says_only_what_is_urgent_in_it() {
    // Both parts of one request: answered late under one law, the other still open, its window beside it.
    let mut office = Office::new();
    office.at("2026-12-01 18:00");
    office.record("FOI-1", "received 2026-11-02 regime=both officer=bjones");
    office.record("FOI-1", "responded 2026-11-03 regime=eirs");
    office.record("FOI-2", "received 2026-10-30 officer=bjones");
    let told = office.tell("2026-12-01 18:01");
    assert_eq!(told, ["b.jones: FOI-1 response 0wd"]);
    assert_eq!(office.tell("2026-12-01 18:02"), Vec::<String>::new());
    let told = office.tell("2026-12-02 08:00");
    assert_eq!(
        told,
        [
            "b.jones: FOI-1 response overdue 2026-12-02, FOI-2 response overdue 2026-12-02",
            "m.green: copy of FOI-1 response overdue, copy of FOI-2 response overdue"
        ]
    );
}

#[test]
fn a_closed_office_is_told_nothing_but_what_is_to_be_done_that_day() {
    // Due on Tuesday 29 December, in the shutdown.
    let mut office = Office::new();
    office.at("2026-11-27 09:00");
    office.log("FOI-1", "2026-11-26", "bjones");
    office.tell("2026-12-23 08:00");
    for today in office.today().iter_days().skip(1).take(13) {
        for minute in ["00:01", "08:00", "12:00"] {
            assert_eq!(
                office.tell(&format!("{today} {minute}")),
                Vec::<String>::new(),
                "{today}"
            );
        }
    }
    assert_eq!(
        office.tell("2027-01-06 08:00"),
        [
            "b.jones: FOI-1 response overdue 2027-01-06",
            "m.green: copy of FOI-1 response overdue"
        ]
    );

    let mut office = Office::new();
    office.at("2026-12-28 21:00");
    office.log("FOI-1", "2026-11-26", "bjones");
    assert_eq!(office.tell("2026-12-28 21:00"), Vec::<String>::new());
    assert_eq!(office.tell("2026-12-29 00:00"), ["b.jones: FOI-1 response 0wd"]);
    assert_eq!(office.tell("2026-12-29 08:00"), Vec::<String>::new());
}

#[test]
fn a_mail_about_a_deadline_that_was_met_gives_way_and_the_rest_of_it_is_told_again() {
    let mut office = Office::new();
    for reference in ["FOI-1", "FOI-2", "FOI-3"] {
        office.log(reference, "2026-11-02", "bjones");
    }
    office.at("2026-11-16 08:00").round();
    office.record("FOI-2", "responded 2026-11-16");
    assert_eq!(office.counts().queued, 0);
    assert_eq!(
        office.tell("2026-11-16 08:01"),
        ["b.jones: FOI-1 response 10wd, FOI-3 response 10wd"]
    );
    assert_eq!(office.tell("2026-11-16 08:02"), Vec::<String>::new());
    let story = office.read(|snapshot| snapshot.story("FOI-2"));
    assert_eq!(story[0].reminder.state, ReminderState::Dropped);
}

#[test]
fn a_mail_about_a_date_that_moved_gives_way_to_one_about_the_new_date() {
    let mut office = Office::new();
    office.log("FOI-1", "2026-11-02", "bjones");
    office.log("FOI-2", "2026-11-02", "bjones");
    office.at("2026-11-16 08:00").round();
    // It came a day earlier, a Sunday: the date stays. It came on the Friday before: the date moves.
    office.correct("FOI-1", 1, "received 2026-10-30 officer=bjones");
    assert_eq!(
        office.tell("2026-11-16 08:01"),
        ["b.jones: FOI-1 response 10wd, FOI-2 response 10wd"]
    );
    assert_eq!(office.work_to("FOI-1").to_string(), "2026-11-27");
    let deadline = office.row("FOI-1", "response").id;
    let former = office.read(|snapshot| snapshot.former(deadline));
    assert_eq!(former[0].work_to.unwrap().to_string(), "2026-12-01");
    assert_eq!(
        (former[0].why.as_str(), former[0].law.as_str()),
        ("entry 1 was corrected by entry 2", timeous::statute::LAW_VERSION)
    );
}

#[test]
fn a_date_that_comes_back_is_told_of_again_if_its_mail_never_left() {
    let mut office = Office::new();
    office.log("FOI-1", "2026-11-02", "bjones");
    office.at("2026-11-16 08:00").round();
    let seq = office.record("FOI-1", "responded 2026-11-16");
    assert_eq!(office.tell("2026-11-16 08:01"), Vec::<String>::new());
    office.correct("FOI-1", seq, "responded 2026-11-16 void");
    assert_eq!(office.tell("2026-11-16 08:02"), ["b.jones: FOI-1 response 10wd"]);
    // And not again once it has left.
    let seq = office.record("FOI-1", "responded 2026-11-16");
    office.correct("FOI-1", seq, "responded 2026-11-16 void");
    assert_eq!(office.tell("2026-11-16 08:03"), Vec::<String>::new());
}

#[test]
fn a_mail_gives_way_too_when_only_the_last_day_moved() {
    let mut office = Office::new();
    office.at("2026-11-02 09:00");
    office.log("FOI-1", "2026-10-05", "bjones");
    // The letter named a day long after the law's, and the window is kept open as long as it said.
    office.record("FOI-1", "responded 2026-10-16 due=2027-01-29");
    office.at("2027-01-22 08:00").round();
    let before = office.row("FOI-1", "review-window");
    office.correct("FOI-1", 1, "received 2026-10-01 officer=bjones");
    let after = office.row("FOI-1", "review-window");
    assert_ne!(before.due, after.due);
    assert_eq!(before.work_to, after.work_to);
    assert_eq!(office.counts().queued, 0);
    assert_eq!(office.tell("2027-01-22 08:01"), ["b.jones: FOI-1 review-window 5wd"]);
}

#[test]
fn a_mail_in_hand_when_its_deadline_is_met_is_not_tried_again() {
    let mut office = Office::new();
    office.log("FOI-1", "2026-11-02", "bjones");
    office.log("FOI-2", "2026-11-02", "bjones");
    office.at("2026-11-16 08:00").round();
    let taken = office.take().unwrap();
    office.record("FOI-1", "responded 2026-11-16");
    let outcome = crate::office::deferred(&taken.message);
    office.settle(&taken, &outcome);
    assert_eq!(office.counts().queued, 0);
    assert_eq!(office.tell("2026-11-16 08:01"), ["b.jones: FOI-2 response 10wd"]);
}

/// Spoils the stored entries of a case as nothing in the program can.
fn spoil(office: &Office, reference: &str) {
    let changed = Connection::open(office.register())
        .unwrap()
        .execute(
            "update entry set body = '{\"nonsense\": 1}' where reference = ?1",
            [reference],
        )
        .unwrap();
    assert!(changed > 0);
}

#[test]
fn a_case_that_cannot_be_read_is_set_aside_and_the_others_are_told_of() {
    let mut office = Office::new();
    for reference in ["FOI-1", "FOI-2", "FOI-3"] {
        office.log(reference, "2026-11-02", "bjones");
    }
    spoil(&office, "FOI-2");
    let done = office.at("2026-11-16 08:00").round();
    assert_eq!(
        (done.set_aside, done.messages, done.reminders),
        (vec!["FOI-2".to_owned()], 1, 2)
    );
    let sent = office.deliver(accepted);
    assert_eq!(sent[0].short(), "b.jones: FOI-1 response 10wd, FOI-3 response 10wd");
    let view = office.overview();
    assert_eq!(view.set_aside.len(), 1);
    assert!(view.set_aside[0].1.contains("body"), "{:?}", view.set_aside);
    let (check, words) = view.check(&office.config.rules);
    assert_eq!(check as i32, 2);
    assert!(words.contains(&"1 case set aside".to_owned()), "{words:?}");
    assert_eq!(office.round().set_aside, Vec::<String>::new(), "once is enough");
}

#[test]
fn a_case_that_cannot_be_read_keeps_no_mail_and_no_officer_waiting() {
    // It lies in a digest with others when that goes stale, is refused, or must give way.
    for way in ["stale", "refused", "met", "reconciled"] {
        let mut office = Office::new();
        for reference in ["FOI-1", "FOI-2", "FOI-3"] {
            office.log(reference, "2026-11-02", "bjones");
        }
        office.at("2026-11-16 08:00").round();
        let mut again = "2026-11-16 08:05";
        match way {
            "stale" => {
                office.deliver(crate::office::deferred);
                again = "2026-11-17 08:00";
                spoil(&office, "FOI-2");
            }
            "refused" => {
                spoil(&office, "FOI-2");
                office.deliver(crate::office::refusing(&["b.jones"]));
            }
            "met" => {
                spoil(&office, "FOI-2");
                office.record("FOI-1", "responded 2026-11-16");
            }
            _ => {
                spoil(&office, "FOI-2");
                office.config = crate::office::settings(&format!("{}\n[reminders]\nduty = [\"9wd\"]", usual()));
                assert_eq!(office.reconcile().unwrap().cases, 3);
                again = "2026-11-17 08:00";
            }
        }
        let told = office.tell(again).join("; ");
        assert!(told.contains("FOI-3 response"), "{way}: {told}");
        assert!(!told.contains("FOI-2"), "{way}: {told}");
        let aside = office.read(|snapshot| snapshot.set_aside());
        assert_eq!(aside.len(), 1, "{way}");
    }
}

#[test]
fn words_that_cannot_be_made_keep_one_persons_mail_back_and_nobody_elses() {
    let folder = tempfile::tempdir().unwrap();
    let templates = folder.path().join("digest");
    std::fs::create_dir(&templates).unwrap();
    // No sample of a digest is about this case, so nothing is wrong until it is told of.
    let broken = "{% for case in cases %}{{ case.headline }}{% if case.reference == 'ODD-1' %}{{ missing }}{% endif %}\n{% endfor %}";
    std::fs::write(templates.join("text"), broken).unwrap();
    let text = usual().replace("[mail]", &format!("[mail]\ntemplates = {:?}", folder.path()));
    let mut office = Office::new();
    office.config = crate::office::settings(&text);
    office.log("ODD-1", "2026-11-02", "bjones");
    office.log("FOI-2", "2026-11-02", "cbrown");
    office.at("2026-11-16 08:00");
    let failed = timeous::casework::dispatch::dispatch(&mut office.store, &office.config.rules, office.now);
    assert!(failed.is_err());
    let sent: Vec<String> = office.deliver(accepted).iter().map(|mail| mail.short()).collect();
    assert_eq!(sent, ["c.brown: FOI-2 response 10wd"]);
    office.config = crate::office::settings(&usual());
    assert_eq!(office.tell("2026-11-16 08:01"), ["b.jones: ODD-1 response 10wd"]);
}
