//! What a cell may change: the entries that came from it, and none that anybody or another file brought.

use crate::desk::Desk;
use crate::excel::Excel;

const COLUMNS: &str = "reference,received,officer,responded,response_received,review_required";

fn saved(desk: &mut Desk, excel: &mut Excel, minutes: u32) {
    excel.save(desk.now);
    desk.minutes(minutes, excel);
}

/// Two answered cases that the sheet has brought.
fn desk() -> (Desk, Excel) {
    let mut desk = Desk::new("2026-11-13 09:00");
    let mut excel = desk.excel(COLUMNS);
    for number in 1..=2 {
        excel.add(&format!(
            "reference=FOI-{number} received=2026-10-12 officer=bjones responded=2026-11-05"
        ));
    }
    saved(&mut desk, &mut excel, 3);
    desk.assert_says(&excel.rows);
    (desk, excel)
}

const REVIEWS: &str = "reference,received,review_required\nFOI-1,2026-10-12,2026-11-13\n";

#[test]
fn a_cell_that_was_always_empty_takes_nothing_back_that_another_file_brought() {
    let (mut desk, mut excel) = desk();
    assert_eq!(desk.import("reviews.csv", REVIEWS).added, 1);
    desk.minutes(20, &excel);
    excel.set("FOI-1", "officer", "cbrown");
    saved(&mut desk, &mut excel, 20);
    let says = |desk: &Desk| desk.row("FOI-1").unwrap().get("review_required").cloned();
    assert_eq!(says(&desk).as_deref(), Some("2026-11-13"));
    // Nor does it once the cell has said the same.
    excel.set("FOI-1", "review_required", "2026-11-13");
    saved(&mut desk, &mut excel, 20);
    excel.set("FOI-1", "review_required", "");
    saved(&mut desk, &mut excel, 20);
    assert_eq!(says(&desk).as_deref(), Some("2026-11-13"));
    assert_eq!(desk.told(), Vec::<String>::new());
    // Another day there is told and not taken.
    excel.set("FOI-1", "review_required", "2026-11-12");
    saved(&mut desk, &mut excel, 20);
    assert_eq!(says(&desk).as_deref(), Some("2026-11-13"));
    assert_eq!(desk.told(), ["differs/FOI-1"]);
    let words = desk.words().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("recorded by sheet reviews.csv). The register stands.")
            && words.contains("ask whoever runs Timeous to correct entry"),
        "{words}"
    );
    desk.assert_verifies();
}

#[test]
fn another_file_takes_nothing_back_by_what_it_never_said_whatever_it_is_called() {
    for name in ["foi-2027.csv", "2027/foi.csv"] {
        let (mut desk, mut excel) = desk();
        excel.set("FOI-2", "response_received", "2026-11-09");
        saved(&mut desk, &mut excel, 3);
        let other = desk.path().with_file_name(name);
        std::fs::create_dir_all(other.parent().unwrap()).unwrap();
        desk.config.rules.sheet.as_mut().unwrap().path.clone_from(&other);
        let mut second = Excel::new(&other, COLUMNS);
        second.add("reference=FOI-1 received=2026-10-12 officer=bjones");
        second.add("reference=FOI-2 received=2026-10-12 officer=bjones responded=2026-11-05");
        saved(&mut desk, &mut second, 20);
        second.set("FOI-1", "officer", "cbrown");
        second.set("FOI-2", "officer", "cbrown");
        saved(&mut desk, &mut second, 20);
        for reference in ["FOI-1", "FOI-2"] {
            excel.set(reference, "officer", "cbrown");
        }
        desk.assert_says(&excel.rows);
        assert_eq!(desk.told(), Vec::<String>::new());
        // Another day is told: which of the two files is right, nobody can know.
        second.set("FOI-1", "responded", "2026-11-06");
        saved(&mut desk, &mut second, 20);
        desk.assert_says(&excel.rows);
        assert_eq!(desk.told(), ["differs/FOI-1"]);
    }
}

#[test]
fn what_somebody_says_never_happened_comes_back_on_none_of_its_days() {
    let (mut desk, mut excel) = desk();
    desk.record("mgreen", "FOI-1", "responded 2026-11-12", Some(2));
    desk.record("mgreen", "FOI-1", "responded 2026-11-12 void", Some(3));
    desk.minutes(20, &excel);
    excel.set("FOI-1", "officer", "cbrown");
    saved(&mut desk, &mut excel, 20);
    let text = std::fs::read_to_string(desk.path()).unwrap();
    assert_eq!(desk.import("foi.csv", &text).contradictions.len(), 1);
    assert_eq!(desk.row("FOI-1").unwrap().get("responded"), None);
    assert_eq!(desk.told(), ["differs/FOI-1"]);
    let words = desk.words().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("If that is right, empty the cell."), "{words}");
    excel.set("FOI-1", "responded", "");
    saved(&mut desk, &mut excel, 20);
    assert_eq!(desk.read(|snapshot| snapshot.sheet_oddities()), []);
    desk.assert_says(&excel.rows);
}

#[test]
fn what_was_taken_in_by_hand_from_the_same_file_follows_it() {
    let mut desk = Desk::new("2026-11-13 09:00");
    let mut excel = desk.excel(COLUMNS);
    excel.add("reference=FOI-1 received=2026-10-12 officer=bjones responded=2026-11-05");
    excel.save(desk.now);
    let text = std::fs::read_to_string(desk.path()).unwrap();
    assert_eq!(desk.import("foi.csv", &text).new, 1);
    desk.minutes(3, &excel);
    excel.set("FOI-1", "responded", "2026-11-06");
    saved(&mut desk, &mut excel, 3);
    desk.assert_says(&excel.rows);
    excel.set("FOI-1", "responded", "");
    saved(&mut desk, &mut excel, 3);
    desk.assert_says(&excel.rows);
    desk.assert_verifies();
}

#[test]
fn an_emptied_cell_that_could_not_be_followed_yet_is_followed_when_it_can_be() {
    let (mut desk, mut excel) = desk();
    excel.set("FOI-1", "review_required", "2026-11-09");
    saved(&mut desk, &mut excel, 3);
    // A review of no answer.
    excel.set("FOI-1", "responded", "");
    saved(&mut desk, &mut excel, 20);
    desk.restart();
    excel.set("FOI-1", "review_required", "");
    saved(&mut desk, &mut excel, 20);
    desk.assert_says(&excel.rows);
}
