use insta::assert_json_snapshot;

use super::super::json;
use super::*;
use crate::statute::Actor;

#[test]
fn a_deadline_has_every_field_of_its_contract() {
    let case = case("FOI-1", &["received 2026-11-02", "responded 2026-11-05"]);
    let calendar = Calendar::compiled_in().unwrap();
    let all: Vec<_> = law(&case)
        .iter()
        .map(|deadline| json::deadline(deadline, &calendar, day("2026-12-08")))
        .collect();
    assert_json_snapshot!(all);
}

#[test]
fn months_leave_no_day_out() {
    let case = case("FOI-1", &["received 2026-03-02", "decision 2026-11-13"]);
    let calendar = Calendar::compiled_in().unwrap();
    let appeal = law(&case)
        .into_iter()
        .find(|one| one.key.actor == Actor::Authority && one.key.step == Step::CourtWindow);
    let form = json::deadline(&appeal.unwrap(), &calendar, day("2026-12-08"));
    assert_eq!(form["skipped"], serde_json::json!([]));
    assert_eq!(form["cautions"][0]["kind"], "note");
    assert!(form["cautions"][0].get("date").is_none());
}

#[test]
fn an_entry_has_every_field_of_the_register() {
    let mut entries = entries(
        "FOI-1",
        &["received 2026-11-02", "responded 2026-11-05 outcome=not-held"],
    );
    entries[1].supersedes = Some(1);
    entries[1].by = Some("A Smith".to_owned());
    let all = [json::entry(&entries[0], Some(2)), json::entry(&entries[1], None)];
    assert_json_snapshot!(all);
}

#[test]
fn a_calendar_says_how_far_it_reaches() {
    let form = json::calendar(&Calendar::compiled_in().unwrap());
    assert_eq!(form["announced_through"], "2028-12-31");
    assert_eq!(form["as_of"], "2026-11-22");
    assert_eq!(form["version"].as_str().map(str::len), Some(64));
}
