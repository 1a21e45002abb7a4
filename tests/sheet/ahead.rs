//! Days that are typed before they have come: plans, slips, a series that was dragged down too far.

use crate::desk::Desk;
use crate::excel::Excel;

const COLUMNS: &str = "reference,received,officer,fees_notice,fee_paid,responded,withdrawn";

fn desk() -> (Desk, Excel) {
    let mut desk = Desk::new("2026-11-02 09:00");
    let mut excel = desk.excel(COLUMNS);
    excel.add("reference=FOI-1 received=2026-11-02 officer=bjones");
    saved(&mut desk, &mut excel, 3);
    desk.assert_says(&excel.rows);
    (desk, excel)
}

fn saved(desk: &mut Desk, excel: &mut Excel, minutes: u32) {
    excel.save(desk.now);
    desk.minutes(minutes, excel);
}

/// The service was off in between.
fn at(desk: &mut Desk, text: &str, excel: &Excel) {
    desk.now = crate::desk::instant(text);
    desk.restart();
    desk.minutes(3, excel);
}

fn is_open(desk: &Desk, reference: &str) -> bool {
    !desk.row(reference).unwrap().contains_key("responded")
}

#[test]
fn an_answer_that_was_only_planned_does_not_come_true_by_waiting() {
    let (mut desk, mut excel) = desk();
    at(&mut desk, "2026-11-16 10:00", &excel);
    excel.set("FOI-1", "responded", "2026-12-01");
    saved(&mut desk, &mut excel, 30);
    assert_eq!(desk.told(), ["to-come/FOI-1"]);
    desk.until("2026-11-17 09:00", &excel);
    desk.now = crate::desk::instant("2026-11-30 23:30");
    desk.until("2026-12-01 09:00", &excel);
    assert!(is_open(&desk, "FOI-1"));
    assert_eq!(desk.told(), ["to-come/FOI-1", "has-come/FOI-1"]);
    assert!(
        desk.mails
            .iter()
            .any(|mail| mail.subject == "FOI: 1 today; first FOI-1"
                && mail.at >= crate::desk::instant("2026-12-01 00:00")),
        "the reminders go on: {:?}",
        desk.mails
            .iter()
            .map(|mail| (&mail.at, &mail.subject))
            .collect::<Vec<_>>()
    );
    insta::assert_snapshot!(desk.words());
    // Nor later, though the row is touched or cannot be read for a while.
    excel.set("FOI-1", "fee_paid", "see file");
    saved(&mut desk, &mut excel, 30);
    excel.set("FOI-1", "fee_paid", "");
    saved(&mut desk, &mut excel, 30);
    excel.set("FOI-1", "officer", "cbrown");
    saved(&mut desk, &mut excel, 30);
    assert!(is_open(&desk, "FOI-1"));
    assert_eq!(desk.told().iter().filter(|name| *name == "has-come/FOI-1").count(), 1);
    // Typed anew it is taken.
    excel.set("FOI-1", "responded", "");
    saved(&mut desk, &mut excel, 3);
    excel.set("FOI-1", "responded", "2026-12-01");
    saved(&mut desk, &mut excel, 3);
    desk.assert_says(&excel.rows);
    desk.assert_verifies();
}

#[test]
fn another_day_is_taken_at_once_and_so_is_what_somebody_records() {
    for day in ["2026-11-30", "2026-12-01"] {
        let (mut desk, mut excel) = desk();
        at(&mut desk, "2026-11-30 12:00", &excel);
        excel.set("FOI-1", "responded", "2026-12-01");
        saved(&mut desk, &mut excel, 3);
        at(&mut desk, "2026-12-01 10:00", &excel);
        assert!(is_open(&desk, "FOI-1"));
        if day == "2026-12-01" {
            desk.record("mgreen", "FOI-1", "responded 2026-12-01", None);
        } else {
            excel.set("FOI-1", "responded", day);
        }
        saved(&mut desk, &mut excel, 3);
        desk.assert_says(&excel.rows);
        assert_eq!(desk.read(|snapshot| snapshot.sheet_oddities()), []);
    }
}

#[test]
fn an_arrival_that_was_only_expected_is_not_one() {
    let (mut desk, mut excel) = desk();
    // The wrong month, and nobody looks at it for one.
    excel.add("reference=FOI-2 received=2026-12-02 officer=bjones");
    saved(&mut desk, &mut excel, 30);
    assert_eq!(desk.told(), ["to-come/FOI-2"]);
    at(&mut desk, "2026-12-02 10:00", &excel);
    assert!(desk.row("FOI-2").is_none());
    excel.set("FOI-2", "received", "2026-11-02");
    saved(&mut desk, &mut excel, 3);
    desk.assert_says(&excel.rows);
}

#[test]
fn a_row_that_could_not_be_read_when_its_day_came_says_it_no_more_than_before() {
    let (mut desk, mut excel) = desk();
    excel.set("FOI-1", "responded", "2026-12-01");
    saved(&mut desk, &mut excel, 3);
    excel.set("FOI-1", "fee_paid", "see file");
    saved(&mut desk, &mut excel, 3);
    at(&mut desk, "2026-12-01 10:00", &excel);
    excel.set("FOI-1", "fee_paid", "");
    saved(&mut desk, &mut excel, 3);
    assert!(is_open(&desk, "FOI-1"));
}
