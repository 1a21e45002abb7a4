//! Another calendar, other closures or other ladders: everything open is derived again, once.

use timeous::calendar::{BankHoliday, Calendar};
use timeous::statute::LAW_VERSION;
use timeous::store::Former;

use crate::office::{Office, PEOPLE, accepted, day, settings, usual};

fn three_cases() -> Office {
    let mut office = Office::new();
    office.reconcile();
    for (reference, received) in [
        ("FOI-1", "2026-11-02"),
        ("FOI-2", "2026-11-02"),
        ("FOI-3", "2026-10-28"),
    ] {
        office.log(reference, received, "bjones");
    }
    office.record("FOI-3", "responded 2026-10-29");
    office
}

/// What the first case's response was before.
fn former(office: &Office) -> Vec<Former> {
    let response = office.row("FOI-1", "response").id;
    office.read(|snapshot| snapshot.former(response))
}

/// The office's calendar with one more bank holiday.
fn one_more(office: &mut Office, date: &str) {
    let holiday = BankHoliday {
        date: day(date),
        name: "a day proclaimed".to_owned(),
    };
    office.config.rules.calendar = Calendar::with_additional(&[holiday]).unwrap();
}

#[test]
fn a_new_register_and_unchanged_settings_have_nothing_to_derive() {
    let mut office = Office::new();
    assert_eq!(office.reconcile().unwrap().cases, 0);
    assert_eq!(office.reconcile(), None);
    let mut office = Office::new();
    office.log("FOI-1", "2026-11-02", "bjones");
    assert_eq!(office.reconcile(), None, "the first case adopts what is in force");
}

#[test]
fn one_more_holiday_moves_what_it_touches_and_keeps_what_was() {
    let mut office = three_cases();
    let before = office.read(|snapshot| snapshot.about());
    one_more(&mut office, "2026-11-10");
    let done = office.reconcile().unwrap();
    assert_eq!(done.cases, 3);
    assert_eq!(office.work_to("FOI-1"), day("2026-12-02"));
    assert_eq!(office.row("FOI-1", "response").next.unwrap().0, day("2026-11-17"));
    assert_eq!(
        office.row("FOI-1", "response").calendar,
        office.config.rules.calendar.version()
    );
    // The answered case has only its window left, which moves by a day too.
    assert_eq!(office.row("FOI-3", "response").due, Some(day("2026-11-26")));
    let was = former(&office);
    assert_eq!(was.len(), 1);
    assert_eq!(
        (was[0].due, was[0].calendar.as_str()),
        (Some(day("2026-12-01")), before.calendar.as_str())
    );
    assert_eq!((was[0].law.as_str(), was[0].until), (LAW_VERSION, office.now));
    assert_eq!(was[0].why, "2026-11-10 is a bank holiday");
    assert_eq!(office.reconcile(), None);
    assert_eq!(former(&office).len(), 1);
}

#[test]
fn mails_about_old_dates_give_way_and_everything_in_them_is_told_afresh() {
    let mut office = three_cases();
    office.at("2026-11-02 10:00");
    office.record("FOI-4", "received 2026-10-20 officer=bjones");
    office.at("2026-11-16 08:00").round();
    assert_eq!(office.counts().queued, 1);
    one_more(&mut office, "2026-11-12");
    let moved = office.reconcile().unwrap().moved;
    assert!(moved >= 3, "{moved}");
    assert_eq!(office.counts().queued, 0);
    // On the new dates the tenth working day before lies a day later for those received on 2 November.
    assert_eq!(
        office.tell("2026-11-16 08:01"),
        ["b.jones: about moved", "b.jones: FOI-4 response 2wd"]
    );
    assert_eq!(
        office.tell("2026-11-17 08:00"),
        ["b.jones: FOI-1 response 10wd, FOI-2 response 10wd, FOI-4 response 1wd"]
    );
}

#[test]
fn how_many_deadlines_moved_does_not_hang_on_who_shared_a_mail() {
    let moved = |with_mail: bool| {
        let mut office = three_cases();
        office.at("2026-11-16 08:00");
        if with_mail {
            office.round();
        }
        one_more(&mut office, "2026-11-18");
        office.reconcile().unwrap().moved
    };
    assert_eq!(moved(true), moved(false));
}

#[test]
fn other_closures_move_mornings_and_no_dates() {
    let mut office = three_cases();
    office.config = settings(&format!("[calendar]\nclosures = [\"2026-11-16\"]\n{PEOPLE}"));
    let done = office.reconcile().unwrap();
    assert_eq!((done.cases, done.moved), (3, 0));
    assert_eq!(office.row("FOI-1", "response").next.unwrap().0, day("2026-11-13"));
    assert_eq!(former(&office), []);
    assert_eq!(office.reconcile(), None);
}

#[test]
fn another_ladder_is_climbed_from_where_one_stands() {
    let mut office = three_cases();
    office.at("2026-11-16 08:00").round();
    office.deliver(accepted);
    office.config = settings(&format!(
        "{}\n[reminders]\nduty = [\"15wd\", \"9wd\", \"0wd\"]",
        usual()
    ));
    assert_eq!(office.reconcile().unwrap().cases, 3);
    assert_eq!(
        office.tell("2026-11-16 08:01"),
        Vec::<String>::new(),
        "15wd lies below what was told"
    );
    assert_eq!(
        office.tell("2026-11-17 08:00"),
        ["b.jones: FOI-1 response 9wd, FOI-2 response 9wd"]
    );
}

#[test]
fn other_people_or_hours_are_no_reason_to_derive() {
    let mut office = three_cases();
    office.config = settings(&usual().replace("B Jones", "B Smith"));
    assert_eq!(office.reconcile(), None);
    office.config = settings(&format!("{}\n[reminders]\nsend_at = \"09:00\"", usual()));
    assert_eq!(office.reconcile(), None);
}

/// Somebody records under a calendar that the service has not read yet: what it moves is told all the same, as what
/// it is.
#[test]
fn a_calendar_that_the_command_line_saw_first_is_told_of_too() {
    let mut office = three_cases();
    one_more(&mut office, "2026-11-10");
    office.at("2026-11-03 18:00");
    office.record("FOI-1", "note 2026-11-03");
    assert_eq!(former(&office)[0].why, "2026-11-10 is a bank holiday");
    office.at("2026-11-04 07:59");
    office.reconcile().unwrap();
    assert_eq!(office.tell("2026-11-04 08:00"), ["b.jones: about moved"]);
    let text = crate::office::words_of(&office, "moved");
    assert_eq!(text, "", "it has left");
    let told = office.read(|snapshot| snapshot.rederivations(9));
    assert_eq!(told[0].why, "2026-11-10 is a bank holiday");
    assert_eq!(office.tell("2026-11-04 08:01"), Vec::<String>::new());
}

/// The other way round: recorded under an older calendar than the service's, and put right before anybody is told.
#[test]
fn what_was_recorded_under_an_older_calendar_is_put_right_and_nobody_told() {
    let mut office = three_cases();
    let older = office.config.rules.calendar.clone();
    one_more(&mut office, "2026-11-10");
    office.reconcile().unwrap();
    assert_eq!(office.tell("2026-11-03 08:00"), ["b.jones: about moved"]);
    let newer = std::mem::replace(&mut office.config.rules.calendar, older);
    office.at("2026-11-03 18:00");
    office.record("FOI-1", "note 2026-11-03");
    office.config.rules.calendar = newer;
    office.reconcile().unwrap();
    assert_eq!(office.work_to("FOI-1"), day("2026-12-02"));
    assert_eq!(office.tell("2026-11-04 08:00"), Vec::<String>::new());
}

#[test]
fn a_moved_date_is_told_to_whoever_has_the_case_when_the_mail_is_written_and_only_while_it_is_open() {
    let mut office = three_cases();
    office.at("2026-11-03 18:00");
    one_more(&mut office, "2026-11-10");
    office.reconcile().unwrap();
    office.record("FOI-1", "reassigned 2026-11-03 officer=cbrown");
    office.record("FOI-2", "responded 2026-11-03 outcome=full");
    office.at("2026-11-04 08:00").round();
    let text = crate::office::words_of(&office, "moved");
    let (to_jones, to_brown) = match text.split_once("\n=====\n") {
        Some((one, other)) if one.contains("To: B Jones") => (one.to_owned(), other.to_owned()),
        Some((one, other)) => (other.to_owned(), one.to_owned()),
        None => panic!("{text}"),
    };
    assert!(
        to_brown.contains("FOI-1  answer  Tue 1 Dec -> Wed 2 Dec 2026"),
        "{text}"
    );
    assert!(
        !to_jones.contains("FOI-1") && !to_jones.contains("FOI-2  answer"),
        "{text}"
    );
}

#[test]
fn a_notice_that_cannot_be_understood_keeps_nobody_waiting() {
    let mut office = three_cases();
    let register = rusqlite::Connection::open(office.register()).unwrap();
    let newer =
        "insert into notice (name, officer, body, state) values ('x', 'bjones', '{\"about\":\"newer\"}', 'waiting')";
    register.execute(newer, []).unwrap();
    let done = office.at("2026-11-16 08:00").round();
    assert_eq!((done.messages, done.unreadable_notices), (1, 1));
    assert_eq!(office.at("2026-11-16 08:01").round().unreadable_notices, 0);
}
