//! What is amiss with a sheet, each kind by itself: what becomes of the register, and what its owner is told.

use timeous::casework::sheet::{LONGEST, Trouble, read, stamp, take};

use crate::desk::{Desk, day, instant};
use crate::excel::{Excel, row};

const COLUMNS: &str = "reference,received,officer,fees_notice,fee_paid,responded,withdrawn,due";

/// A desk on a Monday morning, and a sheet of so many requests that the register has.
fn settled(count: u32) -> (Desk, Excel) {
    let mut desk = Desk::new("2026-11-02 09:00");
    let mut excel = desk.excel(COLUMNS);
    for number in 1..=count {
        excel.add(&format!(
            "reference=FOI-{number} received=2026-10-{} officer=bjones",
            10 + number
        ));
    }
    excel.save(desk.now);
    desk.minutes(3, &excel);
    desk.assert_says(&excel.rows);
    (desk, excel)
}

fn saved(desk: &mut Desk, excel: &mut Excel, minutes: u32) {
    excel.save(desk.now);
    desk.minutes(minutes, excel);
}

#[test]
fn what_mends_itself_within_ten_minutes_is_told_to_nobody() {
    let (mut desk, mut excel) = settled(2);
    excel.set("FOI-1", "responded", "soon");
    saved(&mut desk, &mut excel, 8);
    excel.set("FOI-1", "responded", "2026-11-02");
    saved(&mut desk, &mut excel, 5);
    excel.remove();
    desk.minutes(9, &excel);
    saved(&mut desk, &mut excel, 60);
    assert_eq!(desk.told(), Vec::<String>::new());
    desk.assert_says(&excel.rows);
}

#[test]
fn what_is_mended_before_its_mail_is_written_is_not_told() {
    let (mut desk, mut excel) = settled(2);
    desk.until("2026-11-02 18:00", &excel);
    excel.set("FOI-1", "responded", "31/11/2026");
    excel.set("FOI-2", "responded", "32/11/2026");
    saved(&mut desk, &mut excel, 30);
    excel.set("FOI-1", "responded", "2026-11-02");
    saved(&mut desk, &mut excel, 30);
    desk.until("2026-11-03 09:00", &excel);
    assert_eq!(desk.told(), ["fault/FOI-2"]);
}

#[test]
fn a_row_with_nothing_but_the_new_deadline_of_an_extension_is_watched_and_told() {
    let mut desk = Desk::new("2026-11-02 09:00");
    let mut excel = desk.excel("reference,regime,received,officer,extended,extended_to");
    excel.add("reference=EIR-1 regime=eirs received=2026-10-12 officer=bjones extended_to=2026-12-07");
    excel.save(desk.now);
    desk.minutes(30, &excel);
    assert_eq!(desk.told(), ["fault/EIR-1"]);
    desk.assert_says(&[row("reference=EIR-1 received=2026-10-12 officer=bjones")]);
    assert!(
        desk.words().contains("row 2 was taken but for this"),
        "{}",
        desk.words()
    );
    excel.set("EIR-1", "extended", "2026-10-30");
    saved(&mut desk, &mut excel, 30);
    desk.assert_says(&[row(
        "reference=EIR-1 received=2026-10-12 officer=bjones extended=2026-10-30",
    )]);
    desk.assert_verifies();
}

#[test]
fn another_episode_is_told_anew() {
    let (mut desk, mut excel) = settled(2);
    for _ in 0..2 {
        let gone = excel.delete("FOI-1");
        saved(&mut desk, &mut excel, 30);
        excel.rows.push(gone);
        saved(&mut desk, &mut excel, 30);
    }
    assert_eq!(desk.told(), ["gone/FOI-1", "gone/FOI-1"]);
}

#[test]
fn all_that_one_reading_finds_is_one_mail() {
    let (mut desk, mut excel) = settled(6);
    excel.set("FOI-1", "responded", "31/11/2026");
    excel.set("FOI-2", "fee_paid", "2026-11-02");
    excel.set("FOI-3", "officer", "Barbara");
    excel.set("FOI-4", "due", "2026-12-24");
    excel.delete("FOI-5");
    excel.add("reference=FOI-6 received=2026-10-01 officer=bjones");
    excel.add("reference=FOI-7 received=2026-05-04 officer=bjones");
    saved(&mut desk, &mut excel, 200);
    let kinds = [
        "due/FOI-4",
        "fault/FOI-1",
        "gone/FOI-5",
        "officer/FOI-3",
        "refused/FOI-2",
        "twice/FOI-6",
    ];
    let mut told = desk.told();
    told.sort();
    assert_eq!(told, [&kinds[..], &["unfinished/FOI-7"]].concat());
    assert_eq!(desk.mails.iter().filter(|mail| !mail.oddities.is_empty()).count(), 1);
    assert!(desk.row("FOI-7").is_none(), "it is taken only when somebody says so");
    insta::assert_snapshot!(desk.words());
    desk.assert_verifies();
}

#[test]
fn what_was_refused_is_taken_when_somebody_makes_it_possible() {
    let (mut desk, mut excel) = settled(1);
    excel.set("FOI-1", "fee_paid", "2026-11-02");
    saved(&mut desk, &mut excel, 30);
    desk.record("mgreen", "FOI-1", "fees-notice 2026-10-20", None);
    desk.minutes(2, &excel);
    excel.set("FOI-1", "fees_notice", "2026-10-20");
    desk.assert_says(&excel.rows);
    assert_eq!(desk.told(), ["refused/FOI-1"]);
}

#[test]
fn dates_that_can_only_move_together_move_together() {
    let (mut desk, mut excel) = settled(1);
    excel.set("FOI-1", "fees_notice", "2026-10-12");
    excel.set("FOI-1", "fee_paid", "2026-10-13");
    saved(&mut desk, &mut excel, 3);
    for (notice, paid) in [("2026-10-20", "2026-10-21"), ("2026-10-12", "2026-10-13"), ("", "")] {
        excel.set("FOI-1", "fees_notice", notice);
        excel.set("FOI-1", "fee_paid", paid);
        saved(&mut desk, &mut excel, 3);
        desk.assert_says(&excel.rows);
    }
    desk.assert_verifies();
}

#[test]
fn an_officer_who_leaves_hands_on_everything_at_once_and_a_sorted_column_does_not() {
    let (mut desk, mut excel) = settled(10);
    for number in 1..=10 {
        excel.set(
            &format!("FOI-{number}"),
            "officer",
            if number < 6 { "cbrown" } else { "M Green" },
        );
    }
    saved(&mut desk, &mut excel, 30);
    let is_with = |desk: &Desk, number: u32| desk.row(&format!("FOI-{number}")).unwrap()["officer"].clone();
    assert_eq!(
        (is_with(&desk, 1), is_with(&desk, 10)),
        ("cbrown".to_owned(), "mgreen".to_owned())
    );
    excel.sort_only("officer");
    saved(&mut desk, &mut excel, 30);
    assert_eq!(desk.told(), ["rearranged"]);
    assert_eq!(
        (is_with(&desk, 1), is_with(&desk, 10)),
        ("cbrown".to_owned(), "mgreen".to_owned())
    );
}

#[test]
fn somebody_else_handed_the_case_on_and_the_sheet_may_again() {
    let (mut desk, mut excel) = settled(1);
    desk.record("mgreen", "FOI-1", "reassigned 2026-11-02 officer=cbrown", None);
    desk.minutes(30, &excel);
    assert_eq!(desk.told(), ["officer/FOI-1"]);
    assert_eq!(desk.row("FOI-1").unwrap()["officer"], "cbrown");
    excel.set("FOI-1", "officer", "cbrown");
    saved(&mut desk, &mut excel, 3);
    excel.set("FOI-1", "officer", "mgreen");
    saved(&mut desk, &mut excel, 30);
    desk.assert_says(&excel.rows);
    assert_eq!(desk.told().len(), 1);
}

#[test]
fn finished_cases_may_leave_the_sheet() {
    let (mut desk, mut excel) = settled(12);
    for numbers in [1..=6, 7..=12] {
        for number in numbers {
            excel.set(&format!("FOI-{number}"), "responded", "2026-11-02");
        }
        saved(&mut desk, &mut excel, 3);
    }
    let rows = excel.rows.split_off(1);
    saved(&mut desk, &mut excel, 30);
    assert_eq!(desk.told().len(), 11);
    assert!(
        desk.words().contains("11 rows of cases that need no answer any more"),
        "{}",
        desk.words()
    );
    excel.rows.extend(rows);
    saved(&mut desk, &mut excel, 30);
    desk.assert_says(&excel.rows);
    assert_eq!(desk.told().len(), 11);
}

#[test]
fn rows_that_go_one_by_one_are_no_slip_however_many() {
    let (mut desk, mut excel) = settled(9);
    let mut kept = Vec::new();
    for number in 1..=8 {
        kept.push(excel.delete(&format!("FOI-{number}")));
        saved(&mut desk, &mut excel, 30);
    }
    excel.set("FOI-9", "responded", "2026-11-02");
    saved(&mut desk, &mut excel, 30);
    kept.extend(excel.rows.iter().cloned());
    desk.assert_says(&kept);
    assert_eq!(desk.told().len(), 8);
    assert!(desk.told().iter().all(|name| name.starts_with("gone/")));
}

#[test]
fn a_column_that_was_taken_out_takes_nothing_back_and_is_told_once() {
    let (mut desk, mut excel) = settled(2);
    excel.set("FOI-1", "responded", "2026-11-02");
    saved(&mut desk, &mut excel, 3);
    excel.columns.retain(|column| column != "responded");
    saved(&mut desk, &mut excel, 30);
    desk.assert_says(&excel.rows);
    assert_eq!(desk.told(), ["column/responded"]);
    desk.restart();
    excel.add("reference=FOI-3 received=2026-11-02 officer=bjones");
    saved(&mut desk, &mut excel, 30);
    desk.assert_says(&excel.rows);
    assert_eq!(desk.told(), ["column/responded"]);
    // Somebody says that it is meant.
    let (rules, now) = (desk.config.rules.clone(), desk.now);
    let sheet = rules.sheet.clone().unwrap();
    let seen = stamp(&sheet.path).unwrap();
    let reading = read(&sheet, &seen).unwrap().unwrap();
    take(&mut desk.store, &rules, &sheet, (&reading, &seen), now, true).unwrap();
    excel.add("reference=FOI-4 received=2026-11-02 officer=bjones");
    saved(&mut desk, &mut excel, 30);
    assert_eq!(desk.read(|snapshot| snapshot.sheet_oddities()), []);
}

#[test]
fn a_heading_that_is_retyped_wrongly_is_told_until_it_is_mended() {
    let (mut desk, mut excel) = settled(2);
    // Nothing was ever written below it.
    let place = excel.columns.iter().position(|column| column == "fees_notice").unwrap();
    excel.columns[place] = "Feees notice".to_owned();
    saved(&mut desk, &mut excel, 9);
    assert_eq!(desk.told(), Vec::<String>::new());
    excel.rows[0].insert("Feees notice".to_owned(), "2026-11-02".to_owned());
    saved(&mut desk, &mut excel, 30);
    assert_eq!(desk.told(), ["column/fees_notice"]);
    let words = desk.words().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("no heading of the sheet is understood as \"fees notice\" any more"),
        "{words}"
    );
    excel.columns[place] = "Fees notice".to_owned();
    let told = excel.rows[0].remove("Feees notice").unwrap();
    excel.rows[0].insert("Fees notice".to_owned(), told.clone());
    saved(&mut desk, &mut excel, 3);
    assert_eq!(desk.row("FOI-1").unwrap()["fees_notice"], told);
    assert_eq!(desk.read(|snapshot| snapshot.sheet_oddities()), []);
    // Another file has its own.
    let other = desk.path().with_file_name("foi-2027.csv");
    desk.config.rules.sheet.as_mut().unwrap().path.clone_from(&other);
    let mut second = Excel::new(&other, "reference,received");
    second.add("reference=FOI-2 received=2026-10-12");
    saved(&mut desk, &mut second, 30);
    assert_eq!(desk.told().len(), 1);
}

#[test]
fn a_sheet_without_its_headings_is_told_and_then_taken_up_again() {
    let (mut desk, mut excel) = settled(3);
    excel.overwrite(b"some,other,table\r\n1,2,3\r\n", desk.now);
    desk.minutes(300, &excel);
    assert_eq!(desk.told(), ["file/not-a-sheet"]);
    excel.set("FOI-1", "responded", "2026-11-02");
    saved(&mut desk, &mut excel, 5);
    desk.assert_says(&excel.rows);
    excel.overwrite(b"", desk.now);
    desk.minutes(30, &excel);
    assert_eq!(desk.told().len(), 2, "another episode");
    insta::assert_snapshot!(desk.words());
}

#[test]
fn nobody_is_asked_to_write_the_name_of_somebody_who_has_left() {
    let (mut desk, mut excel) = settled(2);
    let officers = &mut desk.config.rules.people.officers;
    officers.iter_mut().find(|one| one.id == "mgreen").unwrap().left = Some(day("2026-10-30"));
    excel.set("FOI-1", "officer", "Barbara");
    saved(&mut desk, &mut excel, 20);
    let words = desk.words();
    assert!(words.contains("Write bjones or cbrown."), "{words}");
}

#[test]
fn what_is_no_file_is_for_whoever_looks_after_the_folder() {
    let (mut desk, mut excel) = settled(2);
    excel.remove();
    std::fs::create_dir(desk.path()).unwrap();
    for _ in 0..20 {
        desk.minute();
    }
    assert_eq!(desk.told(), ["file/unreadable"]);
    let words = desk.words().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("cannot be opened (it is no file)"), "{words}");
    assert!(words.contains("Tell whoever looks after that folder"), "{words}");
    std::fs::remove_dir(desk.path()).unwrap();
    saved(&mut desk, &mut excel, 3);
    desk.assert_says(&excel.rows);
}

#[test]
fn a_contradiction_while_the_sheet_is_rearranged_is_found_afterwards() {
    let (mut desk, mut excel) = settled(8);
    excel.set("FOI-1", "responded", "2026-10-30");
    saved(&mut desk, &mut excel, 5);
    let right = excel.rows.clone();
    excel.rows.reverse();
    excel.sort_only("received");
    saved(&mut desk, &mut excel, 5);
    desk.record("mgreen", "FOI-1", "responded 2026-11-02", Some(2));
    desk.minutes(5, &excel);
    excel.rows = right;
    saved(&mut desk, &mut excel, 30);
    assert_eq!(
        desk.told(),
        ["differs/FOI-1"],
        "and what lasted eight minutes was not told"
    );
}

#[test]
fn another_file_begins_anew_and_the_register_loses_nothing() {
    let (mut desk, excel) = settled(10);
    let other = desk.path().with_file_name("foi-2027.csv");
    desk.config.rules.sheet.as_mut().unwrap().path.clone_from(&other);
    let mut second = Excel::new(&other, COLUMNS);
    second.add("reference=FOI-1 received=2026-10-11 officer=bjones responded=2026-11-02");
    second.add("reference=FOI-11 received=2026-11-02 officer=cbrown");
    second.save(desk.now);
    desk.minutes(30, &second);
    let mut all = excel.rows[1..].to_vec();
    all.extend(second.rows.iter().cloned());
    desk.assert_says(&all);
    assert_eq!(desk.told(), Vec::<String>::new());
}

#[test]
fn a_row_may_be_half_typed_over_the_night() {
    let (mut desk, mut excel) = settled(2);
    excel.rows.push(row("reference=FOI-3 officer=bjones"));
    saved(&mut desk, &mut excel, 30);
    assert_eq!(desk.told(), ["fault/FOI-3"]);
    desk.until("2026-11-03 10:00", &excel);
    excel.set("FOI-3", "received", "2026-11-02");
    saved(&mut desk, &mut excel, 30);
    desk.assert_says(&excel.rows);
    assert_eq!(desk.told().len(), 1);
    assert!(desk.now > instant("2026-11-03 10:00"));
}

#[test]
fn a_new_row_that_nobody_watches_is_told_again_every_week() {
    let (mut desk, mut excel) = settled(2);
    excel.add("reference=FOI-3 received=2026-11-31 officer=bjones");
    excel.add("reference=FOI-4 received=2026-05-04 officer=bjones");
    excel.add("reference=FOI-5 received=2026-10-12");
    excel.add("reference=FOI-5 received=2026-10-13");
    // These are watched, and told once.
    excel.set("FOI-1", "responded", "soon");
    excel.set("FOI-2", "fee_paid", "2026-11-02");
    saved(&mut desk, &mut excel, 30);
    let unwatched = ["fault/FOI-3", "twice/FOI-5", "unfinished/FOI-4"];
    let told_from = |desk: &Desk, from: usize| {
        let mut told = desk.told()[from..].to_vec();
        told.sort();
        told
    };
    assert_eq!(
        told_from(&desk, 0),
        [
            &["fault/FOI-1"][..],
            &unwatched[..1],
            &["refused/FOI-2"],
            &unwatched[1..]
        ]
        .concat()
    );
    for week in 1..=2_usize {
        let morning = |day: usize| format!("2026-11-{:02}", 2 + 7 * week + day);
        desk.now = instant(&format!("{} 23:50", morning(0)));
        desk.minutes(30, &excel);
        desk.restart();
        desk.until(&format!("{} 09:00", morning(1)), &excel);
        assert_eq!(told_from(&desk, 5 + 3 * (week - 1)), unwatched);
        desk.now = instant(&format!("{} 07:50", morning(3)));
        desk.minutes(30, &excel);
        assert_eq!(desk.told().len(), 5 + 3 * week);
    }
    excel.set("FOI-3", "received", "2026-11-02");
    excel.set("FOI-4", "responded", "2026-05-20");
    excel.rows.pop();
    saved(&mut desk, &mut excel, 3);
    desk.now = instant("2026-11-25 07:50");
    desk.minutes(30, &excel);
    assert_eq!(desk.told().len(), 11);
}

#[test]
fn a_file_is_read_only_as_it_was_seen_and_within_bounds() {
    let (desk, _) = settled(1);
    let sheet = desk.config.rules.sheet.clone().unwrap();
    let seen = stamp(&sheet.path).unwrap();
    assert_eq!(read(&sheet, &seen).unwrap().unwrap().rows.len(), 1);
    std::fs::write(&sheet.path, "reference,received\r\nFOI-1,2026-10-11\r\n").unwrap();
    assert_eq!(read(&sheet, &seen), Ok(None), "somebody wrote it since");
    let file = std::fs::File::options().write(true).open(&sheet.path).unwrap();
    file.set_len(LONGEST + 1).unwrap();
    let seen = stamp(&sheet.path).unwrap();
    let told = read(&sheet, &seen).unwrap_err().to_string();
    assert_eq!(told, "cannot be understood: it is longer than 32 MB");
    std::fs::remove_file(&sheet.path).unwrap();
    assert_eq!(read(&sheet, &seen), Err(Trouble::Missing));
    std::fs::create_dir(&sheet.path).unwrap();
    assert_eq!(stamp(&sheet.path).unwrap_err().name(), "unreadable");
}

#[test]
fn a_cell_that_cannot_be_understood_keeps_no_other_cell_of_its_row_from_being_taken() {
    let (mut desk, mut excel) = settled(2);
    excel.set("FOI-1", "responded", "2026-10-30");
    saved(&mut desk, &mut excel, 3);
    desk.assert_says(&excel.rows);
    let (one, two) = (desk.row("FOI-1"), desk.row("FOI-2"));
    // What was answered stays so, what is new is watched, and a clock that would stand still is left alone.
    excel.set("FOI-1", "responded", "see file");
    excel.set("FOI-2", "fee_paid", "see file");
    excel.add("reference=FOI-3 received=2026-11-02 officer=cbrown due=mid-December responded=soon");
    saved(&mut desk, &mut excel, 20);
    assert_eq!((desk.row("FOI-1"), desk.row("FOI-2")), (one, two));
    let taken = desk.row("FOI-3").unwrap();
    assert_eq!(
        (taken["received"].as_str(), taken["officer"].as_str()),
        ("2026-11-02", "cbrown")
    );
    assert_eq!(desk.told(), ["fault/FOI-1", "fault/FOI-2", "fault/FOI-3"]);
    let words = desk.words().split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "FOI-1 - row 2 was taken but for this: responded: \"see file\" is not a date",
        "FOI-2 - row 3 was not taken: fee_paid: \"see file\" is not a date",
        "FOI-3 - row 4 was taken but for this: responded: \"soon\" is not a date",
    ] {
        assert!(words.contains(said), "{words}");
    }
    excel.set("FOI-1", "responded", "2026-11-02");
    excel.set("FOI-2", "fee_paid", "");
    excel.set("FOI-3", "responded", "2026-11-02");
    excel.set("FOI-3", "due", "");
    saved(&mut desk, &mut excel, 3);
    desk.assert_says(&excel.rows);
}

/// Spoils the stored entries of a case as nothing in the program can.
fn spoil(desk: &Desk, reference: &str) {
    let register = desk.path().with_file_name("register.db");
    let changed = rusqlite::Connection::open(register).unwrap().execute(
        "update entry set body = '{\"nonsense\": 1}' where reference = ?1",
        [reference],
    );
    assert!(changed.unwrap() > 0);
}

#[test]
fn a_case_that_cannot_be_read_keeps_no_other_row_from_being_taken() {
    let (mut desk, mut excel) = settled(2);
    spoil(&desk, "FOI-1");
    excel.set("FOI-1", "responded", "2026-11-02");
    excel.set("FOI-2", "responded", "2026-11-02");
    excel.add("reference=FOI-3 received=2026-11-02 officer=cbrown");
    saved(&mut desk, &mut excel, 20);
    for reference in ["FOI-2", "FOI-3"] {
        assert_eq!(desk.row(reference).as_ref(), Some(&*excel.row(reference)));
    }
    assert_eq!(desk.told(), ["unclear/FOI-1"]);
}

#[test]
fn a_case_from_the_sheet_that_cannot_be_read_keeps_no_reminder_from_anybody() {
    let mut desk = Desk::new("2026-11-15 18:00");
    let mut excel = desk.excel(COLUMNS);
    for (number, officer) in [(1, "bjones"), (2, "bjones"), (3, "cbrown")] {
        excel.add(&format!("reference=FOI-{number} received=2026-11-02 officer={officer}"));
    }
    saved(&mut desk, &mut excel, 3);
    spoil(&desk, "FOI-1");
    desk.now = instant("2026-11-16 08:00");
    desk.minutes(1, &excel);
    let told: Vec<_> = desk
        .mails
        .iter()
        .map(|mail| (mail.to.as_str(), mail.subject.as_str()))
        .collect();
    let expected = [
        ("b.jones@council.example", "FOI: 1 later; first FOI-2"),
        ("c.brown@council.example", "FOI: 1 later; first FOI-3"),
    ];
    assert_eq!(told, expected);
    // What can be read of the sheet's news is told.
    assert!(desk.mails[0].text.contains("FOI-2 - logged"), "{}", desk.mails[0].text);
}

#[test]
fn a_long_sheet_is_taken_in_several_commits_and_read_once() {
    let mut desk = Desk::new("2026-11-02 09:00");
    let mut excel = desk.excel(COLUMNS);
    for number in 1..=2_100 {
        excel.add(&format!(
            "reference=FOI-{number} received=2026-10-12 officer=bjones responded=2026-10-20"
        ));
    }
    excel.save(desk.now);
    desk.look();
    let taken = desk.look().unwrap();
    assert_eq!((taken.lines, taken.recorded, taken.held), (2_100, 4_200, 0));
    assert_eq!(desk.look(), None);
    excel.set("FOI-2000", "responded", "2026-10-21");
    excel.save(desk.now);
    desk.look();
    assert_eq!(desk.look().unwrap().recorded, 1);
    desk.assert_verifies();
}
