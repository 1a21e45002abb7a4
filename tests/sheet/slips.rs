//! Slips that would end what is owed: columns filled down, pasted a row too low, and what the officer hears of it.

use crate::desk::Desk;
use crate::excel::Excel;

const COLUMNS: &str = "reference,received,officer,subject,clarification_sought,responded";

fn saved(desk: &mut Desk, excel: &mut Excel, minutes: u32) {
    excel.save(desk.now);
    desk.minutes(minutes, excel);
}

/// A log of so many finished cases, and after them so many that are open.
fn log(finished: u32, open: u32) -> (Desk, Excel) {
    let mut desk = Desk::new("2026-11-13 09:00");
    let mut excel = desk.excel(COLUMNS);
    for number in 1..=finished {
        excel.add(&format!(
            "reference=OLD-{number} received=2026-10-12 officer=bjones responded=2026-10-20"
        ));
    }
    for number in 1..=open {
        excel.add(&format!("reference=FOI-{number} received=2026-11-02 officer=bjones"));
    }
    saved(&mut desk, &mut excel, 3);
    desk.assert_says(&excel.rows);
    (desk, excel)
}

#[test]
fn an_answer_that_is_filled_down_over_everything_open_is_a_slip() {
    for finished in [0, 300] {
        let (mut desk, mut excel) = log(finished, 40);
        let right = excel.rows.clone();
        for number in 1..=40 {
            excel.set(&format!("FOI-{number}"), "responded", "2026-11-13");
        }
        saved(&mut desk, &mut excel, 20);
        desk.assert_says(&right);
        assert_eq!(desk.told(), ["rearranged"]);
        let words = desk.words().split_whitespace().collect::<Vec<_>>().join(" ");
        for said in [
            "40 of the 40 cases in which something is still owed are answered, stopped, changed or gone, all at one saving.",
            "answered Fri 13 Nov 2026",
        ] {
            assert!(words.contains(said), "{words}");
        }
        excel.rows = right;
        excel.set("FOI-1", "responded", "2026-11-13");
        saved(&mut desk, &mut excel, 3);
        desk.assert_says(&excel.rows);
        assert_eq!(desk.read(|snapshot| snapshot.sheet_oddities()), []);
    }
}

#[test]
fn answers_that_were_pasted_some_rows_too_low_are_a_slip() {
    let (mut desk, mut excel) = log(80, 20);
    let right = excel.rows.clone();
    for number in 1..=19 {
        excel.set(&format!("OLD-{number}"), "responded", "");
        excel.set(&format!("FOI-{number}"), "responded", "2026-11-12");
    }
    saved(&mut desk, &mut excel, 20);
    desk.assert_says(&right);
    assert_eq!(desk.told(), ["rearranged"]);
}

#[test]
fn a_column_sorted_among_the_open_cases_alone_is_a_slip_however_long_the_log() {
    let (mut desk, mut excel) = log(100, 6);
    for (number, day) in (1..=6).zip([3, 4, 5, 6, 9, 10]) {
        excel.set(
            &format!("FOI-{number}"),
            "clarification_sought",
            &format!("2026-11-{day:02}"),
        );
    }
    saved(&mut desk, &mut excel, 3);
    desk.assert_says(&excel.rows);
    let right = excel.rows.clone();
    for (number, day) in (1..=6).zip([10, 9, 6, 5, 4, 3]) {
        excel.set(
            &format!("FOI-{number}"),
            "clarification_sought",
            &format!("2026-11-{day:02}"),
        );
    }
    saved(&mut desk, &mut excel, 20);
    desk.assert_says(&right);
    assert_eq!(desk.told(), ["rearranged"]);
}

#[test]
fn an_ordinary_day_is_no_slip() {
    // Other words for what they are about; a handful in a small office, a busy Friday in a large one.
    for (open, answered) in [(6, 6), (9, 9), (40, 20)] {
        let (mut desk, mut excel) = log(60, open);
        for number in 1..=6 {
            excel.set(&format!("FOI-{number}"), "subject", "bins");
        }
        saved(&mut desk, &mut excel, 3);
        desk.assert_says(&excel.rows);
        for number in 1..=answered {
            excel.set(&format!("FOI-{number}"), "responded", "2026-11-13");
        }
        saved(&mut desk, &mut excel, 3);
        desk.assert_says(&excel.rows);
        assert_eq!(desk.told(), Vec::<String>::new());
    }
}

#[test]
fn whoever_is_told_that_nothing_is_to_be_done_is_told_what_the_sheet_ended() {
    let (mut desk, mut excel) = log(0, 3);
    desk.config.rules.assurance = Some(chrono::Weekday::Mon);
    // The digest of that Monday tells that they were logged.
    desk.now = crate::desk::instant("2026-11-15 10:00");
    desk.until("2026-11-16 08:05", &excel);
    for number in 1..=3 {
        excel.set(&format!("FOI-{number}"), "responded", "2026-11-16");
    }
    saved(&mut desk, &mut excel, 3);
    let before = desk.mails.len();
    for monday in ["2026-11-23", "2026-12-07"] {
        desk.now = crate::desk::instant(&format!("{monday} 07:58"));
        desk.until(&format!("{monday} 08:05"), &excel);
    }
    let mails = &desk.mails[before..];
    let own: Vec<_> = mails.iter().filter(|mail| mail.to.starts_with("b.jones")).collect();
    let subjects: Vec<&str> = own.iter().map(|mail| mail.subject.as_str()).collect();
    assert_eq!(
        subjects,
        [
            "FOI: nothing to do today, and nothing open; 3 cases taken from the sheet",
            "FOI: nothing to do today, and nothing open",
        ]
    );
    insta::assert_snapshot!(own[0].text);
    assert!(
        mails
            .iter()
            .all(|mail| mail.to.starts_with("b.jones") || !mail.text.contains("Taken from")),
        "only whose cases they are: {mails:?}"
    );
}
