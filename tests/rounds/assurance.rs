//! Once a week whoever has nothing to do is told so.

use rstest::rstest;
use timeous::calendar::{BankHoliday, Calendar};
use timeous::mail::{Outcome, Stage};
use timeous::store::Message;

use crate::office::{Office, PEOPLE, accepted, as_written, day, deferred, words_of};

fn office(more: &str) -> Office {
    Office::of(as_written(&format!("{more}{PEOPLE}")))
}

/// Who is assured on each day from 2 November 2026, a Monday, on; each day once, however often it is looked.
fn assured(office: &mut Office, days: usize) -> Vec<String> {
    let mut told = Vec::new();
    for today in day("2026-11-02").iter_days().take(days) {
        let mut names = Vec::new();
        for minute in ["07:59", "08:00", "08:01", "12:00", "17:30", "17:31"] {
            for mail in office.tell(&format!("{today} {minute}")) {
                if let Some((name, "about assurance")) = mail.split_once(": ") {
                    assert_eq!(minute, "08:00");
                    names.push(name.to_owned());
                }
            }
        }
        if !names.is_empty() {
            told.push(format!("{today} {}", names.join(" ")));
        }
    }
    told
}

const ALL: &str = "b.jones c.brown d.alone m.green";

#[rstest]
#[case::monday("", &["2026-11-02", "2026-11-09"])]
#[case::another_weekday("[reminders]\nassurance = \"wed\"\n", &["2026-11-04", "2026-11-11"])]
#[case::a_closed_monday("[calendar]\nclosures = [\"2026-11-09\"]\n", &["2026-11-02", "2026-11-10"])]
#[case::closed_to_thursday("[calendar]\nclosures = [\"2026-11-09..2026-11-12\"]\n", &["2026-11-02", "2026-11-13"])]
#[case::a_closed_week("[calendar]\nclosures = [\"2026-11-09..2026-11-13\"]\n", &["2026-11-02"])]
#[case::never("[reminders]\nassurance = \"never\"\n", &[])]
fn on_its_weekday_or_the_first_open_day_after(#[case] settings: &str, #[case] mornings: &[&str]) {
    let expected: Vec<String> = mornings.iter().map(|day| format!("{day} {ALL}")).collect();
    assert_eq!(assured(&mut office(settings), 14), expected);
}

#[test]
fn whoever_had_a_mail_that_morning_is_not_assured() {
    let mut office = office("");
    office.log("FOI-1", "2026-11-02", "bjones");
    // Ten working days before its end is Monday 16 November.
    assert_eq!(
        assured(&mut office, 15),
        [
            format!("2026-11-02 {ALL}"),
            format!("2026-11-09 {ALL}"),
            "2026-11-16 c.brown d.alone m.green".to_owned()
        ]
    );
    // Late from 2 December on, so that the manager has a copy on Tuesday 8 December and none on the Monday before.
    for quiet in ["2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04"] {
        office.tell(&format!("{quiet} 08:00"));
    }
    let told = office.tell("2026-12-07 08:00");
    assert_eq!(
        told,
        [
            "b.jones: FOI-1 response overdue 2026-12-07",
            "c.brown: about assurance",
            "d.alone: about assurance",
            "m.green: about assurance"
        ]
    );
}

#[test]
fn whoever_was_told_before_the_window_opened_is_not_assured() {
    let mut office = office("");
    office.at("2026-12-07 07:00");
    office.log("FOI-1", "2026-11-06", "bjones");
    assert_eq!(office.tell("2026-12-07 07:01"), ["b.jones: FOI-1 response 0wd"]);
    assert_eq!(
        office.tell("2026-12-07 08:00"),
        [
            "c.brown: about assurance",
            "d.alone: about assurance",
            "m.green: about assurance"
        ]
    );
}

#[test]
fn whoever_is_told_that_dates_moved_is_not_assured() {
    let mut office = office("");
    office.reconcile();
    office.log("FOI-1", "2026-11-02", "bjones");
    let holiday = BankHoliday {
        date: day("2026-11-20"),
        name: "a day proclaimed".to_owned(),
    };
    office.config.rules.calendar = Calendar::with_additional(&[holiday]).unwrap();
    office.at("2026-11-08 12:00").reconcile().unwrap();
    let told = office.tell("2026-11-09 08:00");
    assert_eq!(told[0], "b.jones: about moved");
    assert_eq!(told.join("; ").matches("b.jones").count(), 1, "{told:?}");
    assert_eq!(told.len(), 4, "{told:?}");
}

#[test]
fn once_over_restarts_and_over_mail_that_did_not_leave() {
    let mut office = office("");
    office.log("FOI-1", "2026-11-02", "bjones");
    office.at("2026-11-09 08:00").round();
    office.deliver(
        |message: &Message| match message.words.recipient.starts_with("c.brown") {
            true => Outcome::deferred(Stage::Connect, "connection refused"),
            false => accepted(message),
        },
    );
    for _ in 0..3 {
        office.restart();
        assert_eq!(office.round().messages, 0);
    }
    assert_eq!(office.tell("2026-11-09 09:30"), ["c.brown: about assurance"]);
    assert_eq!(office.tell("2026-11-10 08:00"), Vec::<String>::new());
}

#[test]
fn what_did_not_leave_that_day_says_nothing_of_another() {
    let mut office = office("");
    office.at("2026-11-09 08:00").round();
    office.deliver(deferred);
    assert_eq!(office.tell("2026-11-10 08:00"), Vec::<String>::new());
    assert_eq!(office.read(|snapshot| snapshot.open_notices()), []);
}

#[test]
fn whoever_is_away_or_has_left_is_not_assured() {
    let text = PEOPLE
        .replace(
            "id = \"bjones\",",
            "id = \"bjones\", away = [{ from = \"2026-11-02\", to = \"2026-11-02\" }],",
        )
        .replace("id = \"mgreen\",", "id = \"mgreen\", left = \"2026-11-01\",");
    let mut office = Office::of(as_written(&text));
    assert_eq!(
        assured(&mut office, 8),
        ["2026-11-02 c.brown d.alone", "2026-11-09 b.jones c.brown d.alone"]
    );
}

/// The mail to somebody with a deadline to come, to somebody who waits for an applicant, and to somebody with nothing.
#[test]
fn what_it_says() {
    let mut office = office("");
    office.log("FOI-1", "2026-11-02", "bjones");
    office.log("FOI-2", "2026-11-02", "bjones");
    office.log("FOI-3", "2026-11-02", "cbrown");
    office.record("FOI-3", "clarification-sought 2026-11-02");
    office.at("2026-11-09 08:00").round();
    insta::assert_snapshot!(words_of(&office, "assurance"));
}

#[test]
fn an_assurance_is_for_its_own_reader_and_nobody_in_their_place() {
    let mut office = office("");
    office.at("2026-11-02 08:00").round();
    let sent = office.deliver(crate::office::refusing(&["b.jones"]));
    assert_eq!(sent.len(), 3);
    // C Brown covers for B Jones, whose mailbox refuses; that there is nothing to do is no news for a cover.
    assert_eq!(office.tell("2026-11-02 08:01"), Vec::<String>::new());
    assert_eq!(office.counts().queued, 0);
}
