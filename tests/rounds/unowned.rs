//! A case that nobody who is active has is named, once, to those who watch the service.

use rstest::rstest;
use timeous::mail::{Outcome, Stage};
use timeous::store::Message;

use crate::office::{Office, PEOPLE, accepted, refusing, settings, usual, words_of};

fn watched() -> String {
    format!("{}\n[watch]\nadmins = [\"mgreen\"]\n", usual())
}

fn about_unowned(told: Vec<String>) -> Vec<String> {
    told.into_iter().filter(|mail| mail.contains("about unowned")).collect()
}

#[rstest]
#[case::none("received 2026-11-02", "")]
#[case::unknown("received 2026-11-02 officer=bjones", "zzz")]
#[case::left("received 2026-11-02 officer=bjones", "left")]
fn is_named_once_to_those_who_watch(#[case] received: &str, #[case] how: &str) {
    let mut office = Office::with(&watched());
    office.record("FOI-1", received);
    office.log("FOI-2", "2026-11-02", "cbrown");
    let text = match how {
        // The last day here is the 2nd.
        "left" => watched().replace("id = \"bjones\",", "id = \"bjones\", left = \"2026-11-02\","),
        "zzz" => watched().replace("\"bjones\"", "\"asmith\""),
        _ => watched(),
    };
    office.config = settings(&text);
    if how == "left" {
        assert_eq!(about_unowned(office.tell("2026-11-02 09:30")), Vec::<String>::new());
    }
    assert_eq!(
        about_unowned(office.tell("2026-11-03 07:30")),
        Vec::<String>::new(),
        "not at night"
    );
    assert_eq!(
        about_unowned(office.tell("2026-11-03 08:00")),
        ["m.green: about unowned"]
    );
    for later in [
        "2026-11-03 08:01",
        "2026-11-04 08:00",
        "2026-11-16 08:00",
        "2026-12-01 08:00",
    ] {
        assert_eq!(about_unowned(office.tell(later)), Vec::<String>::new(), "{later}");
    }
}

#[test]
fn is_named_again_when_another_owner_leaves() {
    let mut office = Office::with(&watched());
    office.log("FOI-1", "2026-11-02", "bjones");
    let one_left = watched().replace("id = \"bjones\",", "id = \"bjones\", left = \"2026-11-02\",");
    office.config = settings(&one_left);
    assert_eq!(
        about_unowned(office.tell("2026-11-03 08:00")),
        ["m.green: about unowned"]
    );
    office.record("FOI-1", "reassigned 2026-11-03 officer=cbrown");
    assert_eq!(about_unowned(office.tell("2026-11-04 08:00")), Vec::<String>::new());
    let both = one_left.replace("id = \"cbrown\",", "id = \"cbrown\", left = \"2026-11-04\",");
    office.config = settings(&both);
    assert_eq!(
        about_unowned(office.tell("2026-11-05 08:00")),
        ["m.green: about unowned"]
    );
    assert_eq!(about_unowned(office.tell("2026-11-06 08:00")), Vec::<String>::new());
}

#[test]
fn goes_to_the_team_where_nobody_watches_and_shares_one_mail() {
    let mut office = Office::new();
    for reference in ["FOI-1", "FOI-2", "FOI-3"] {
        office.record(reference, "received 2026-11-02");
    }
    assert_eq!(
        office.tell("2026-11-03 08:00"),
        ["team: about unowned, about unowned, about unowned"]
    );
    assert_eq!(office.tell("2026-11-03 08:01"), Vec::<String>::new());
}

#[test]
fn an_office_that_names_no_officers_has_its_team_and_is_told_nothing_of_it() {
    let mut office =
        Office::with("[mail]\nfrom = \"Timeous <foi@council.example>\"\n[people]\nteam = \"team@council.example\"\n");
    office.record("FOI-1", "received 2026-11-02");
    assert_eq!(office.tell("2026-11-03 08:00"), Vec::<String>::new());
    assert_eq!(office.tell("2026-11-16 08:00"), ["team: FOI-1 response 10wd"]);
}

#[test]
fn a_case_that_is_over_is_nobodys_business() {
    let mut office = Office::new();
    office.record("FOI-1", "received 2026-09-01");
    office.record("FOI-1", "withdrawn 2026-09-02");
    assert_eq!(office.tell("2026-11-03 08:00"), Vec::<String>::new());
}

#[test]
fn a_refused_mail_goes_to_whoever_stands_in_and_one_put_off_is_told_once() {
    let text = watched().replace("id = \"mgreen\",", "id = \"mgreen\", cover = \"dalone\",");
    let mut office = Office::with(&text);
    office.record("FOI-1", "received 2026-11-02");
    office.at("2026-11-03 08:00").round();
    assert_eq!(office.deliver(refusing(&["m.green"])), []);
    // And that her mailbox refuses mail, she who watches would not hear either.
    assert_eq!(
        office.tell("2026-11-03 08:01"),
        ["d.alone: about unowned", "d.alone: about refusing"]
    );
    office.record("FOI-2", "received 2026-11-02");
    office.at("2026-11-04 08:00").round();
    let away = |message: &Message| match message.words.recipient.starts_with("m.green") {
        true => Outcome::deferred(Stage::Connect, "connection refused"),
        false => accepted(message),
    };
    assert_eq!(office.deliver(away), []);
    assert_eq!(office.tell("2026-11-05 08:00"), ["m.green: about unowned"]);
    assert_eq!(office.tell("2026-11-06 08:00"), Vec::<String>::new());
}

#[test]
fn what_it_says() {
    let text = format!("{PEOPLE}\n[watch]\nadmins = [\"mgreen\"]\n");
    let mut office = Office::with(&text.replace("id = \"bjones\",", "id = \"bjones\", left = \"2026-11-02\","));
    office.log("FOI-1", "2026-11-02", "bjones");
    office.log("FOI-2", "2026-11-02", "cbrown");
    office.record("FOI-3", "received 2026-11-02");
    office.config = settings(
        &text
            .replace("id = \"bjones\",", "id = \"bjones\", left = \"2026-11-02\",")
            .replace("\"cbrown\"", "\"asmith\""),
    );
    office.at("2026-11-03 08:00").round();
    insta::assert_snapshot!(words_of(&office, "unowned"));
}
