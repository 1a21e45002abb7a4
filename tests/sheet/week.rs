//! A week of an office that knows nothing but its sheet.

use crate::desk::{Desk, instant};
use crate::excel::Row;

const COLUMNS: &str = "reference,received,officer,subject,clarification_sought,clarification_received,responded,response_received,withdrawn";

fn columns_of(rows: &[Row]) -> Vec<Row> {
    rows.to_vec()
}

#[test]
fn the_register_ends_as_the_sheet_says_and_every_oddity_was_told_once() {
    let mut desk = Desk::new("2026-11-02 08:30");
    let mut excel = desk.excel(COLUMNS);
    // Monday: twenty requests that are there already, typed in over the last days.
    for number in 1..=20 {
        let officer = if number % 2 == 0 { "bjones" } else { "cbrown" };
        let day = 12 + number % 9;
        excel.add(&format!(
            "reference=FOI-{number:02} received=2026-10-{day} officer={officer}"
        ));
    }
    excel.open();
    excel.save(desk.now);
    desk.until("2026-11-02 10:00", &excel);
    desk.assert_says(&excel.rows);
    // A new row, an answer, a clarification; saved while the file stays open.
    excel.add("reference=FOI-21 received=2026-11-02 officer=bjones subject=bins");
    excel.set("FOI-02", "responded", "2026-11-02");
    excel.set("FOI-03", "clarification_sought", "2026-11-02");
    excel.save(desk.now);
    desk.until("2026-11-02 12:00", &excel);
    desk.assert_says(&excel.rows);
    // A slow saving in its place: half of it for three minutes, and it grows.
    excel.set("FOI-04", "responded", "2026-11-02");
    for share in [20, 40, 65] {
        excel.save_part(share, desk.now);
        desk.minutes(1, &excel);
    }
    excel.save(desk.now);
    desk.until("2026-11-02 17:00", &excel);
    desk.assert_says(&excel.rows);
    excel.close();
    desk.until("2026-11-03 09:00", &excel);
    assert_eq!(desk.told(), Vec::<String>::new());

    // Tuesday: other columns in another order, one of the officers' own among them, and the rows sorted.
    excel.columns = "subject,officer,reference,colour,responded,received,clarification_received,clarification_sought,\
                     response_received,withdrawn"
        .split(',')
        .map(str::to_owned)
        .collect();
    excel.rows.sort_by_key(|row| std::cmp::Reverse(row["received"].clone()));
    excel.save(desk.now);
    desk.until("2026-11-03 10:00", &excel);
    let before: Vec<usize> = (1..=21)
        .map(|number| desk.entries(&format!("FOI-{number:02}")))
        .collect();
    assert_eq!(
        before.iter().sum::<usize>(),
        24,
        "nothing was recorded anew: {before:?}"
    );
    // A moment without the file, as some programs save.
    excel.remove();
    desk.minutes(3, &excel);
    excel.set("FOI-03", "clarification_received", "2026-11-03");
    excel.save(desk.now);
    // A row deleted by mistake: told once, and nothing is lost.
    let deleted = excel.delete("FOI-05");
    excel.save(desk.now);
    desk.until("2026-11-03 14:00", &excel);
    let mut kept = excel.rows.clone();
    kept.push(deleted.clone());
    desk.assert_says(&kept);
    desk.until("2026-11-04 09:00", &excel);
    assert_eq!(desk.told(), ["gone/FOI-05"]);
    excel.rows.push(deleted);
    excel.save(desk.now);
    desk.until("2026-11-04 10:00", &excel);

    // Wednesday: one column sorted without the others, for an hour.
    let (right, sane) = (excel.rows.clone(), columns_of(&excel.rows));
    excel.sort_only("received");
    excel.save(desk.now);
    desk.until("2026-11-04 11:00", &excel);
    desk.assert_says(&sane);
    assert_eq!(desk.told(), ["gone/FOI-05", "rearranged"]);
    excel.rows = right;
    excel.set("FOI-06", "responded", "2026-11-04");
    excel.save(desk.now);
    desk.until("2026-11-04 12:00", &excel);
    desk.assert_says(&excel.rows);
    // A bad date, mended the next morning; a date mistyped, mended at once; a cell emptied that was wrong.
    excel.set("FOI-07", "responded", "2026-11-31");
    excel.set("FOI-08", "responded", "2026-11-03");
    excel.save(desk.now);
    desk.until("2026-11-04 12:05", &excel);
    excel.set("FOI-08", "responded", "2026-11-04");
    excel.set("FOI-02", "responded", "");
    excel.save(desk.now);
    desk.until("2026-11-05 09:00", &excel);
    assert_eq!(desk.told()[2..], ["fault/FOI-07"]);
    excel.set("FOI-07", "responded", "2026-11-04");
    excel.save(desk.now);

    // Thursday: the manager corrects at the command line what the sheet still says otherwise, and the service restarts.
    desk.until("2026-11-05 10:00", &excel);
    desk.assert_says(&excel.rows);
    desk.record("mgreen", "FOI-08", "responded 2026-11-05", Some(3));
    desk.restart();
    desk.until("2026-11-05 12:00", &excel);
    assert_eq!(desk.told()[3..], ["differs/FOI-08"]);
    // Cases change hands in the sheet; one is withdrawn.
    excel.set("FOI-09", "officer", "bjones");
    excel.set("FOI-10", "withdrawn", "2026-11-05");
    excel.save(desk.now);
    // The sheet is gone for a day.
    desk.until("2026-11-05 16:00", &excel);
    excel.remove();
    desk.until("2026-11-06 16:00", &excel);
    assert_eq!(desk.told()[4..], ["file/missing"]);
    excel.save(desk.now);

    // The week after: the officer takes over what the manager recorded, and all is as the sheet says.
    desk.until("2026-11-09 09:00", &excel);
    excel.set("FOI-08", "responded", "2026-11-05");
    excel.set("FOI-21", "subject", "lorries");
    excel.save(desk.now);
    desk.until("2026-11-09 12:00", &excel);
    desk.assert_says(&excel.rows);
    desk.assert_verifies();
    assert_eq!(
        desk.told(),
        [
            "gone/FOI-05",
            "rearranged",
            "fault/FOI-07",
            "differs/FOI-08",
            "file/missing"
        ]
    );
    let oddities = desk.mails.iter().filter(|mail| !mail.oddities.is_empty());
    assert!(oddities.clone().all(|mail| mail.to == "b.jones@council.example"));
    assert!(oddities.clone().all(|mail| mail.at < instant("2026-11-06 08:00")));
    insta::assert_snapshot!(
        desk.words()
            .replace(&desk.path().display().to_string(), "/srv/foi/foi.csv")
    );
    news_is_told_once(&desk);
}

/// The digests say of every change of the sheet, to whoever has the case, what was taken, and no two say the same.
fn news_is_told_once(desk: &Desk) {
    for officer in ["b.jones", "c.brown"] {
        let mut told: Vec<String> = Vec::new();
        for mail in desk.mails.iter().filter(|mail| mail.to.starts_with(officer)) {
            let Some((_, news)) = mail.text.split_once("Taken from the sheet since your last mail:\n") else {
                continue;
            };
            let lines = news.lines().take_while(|line| !line.is_empty());
            for line in lines.map(str::trim).filter(|line| line.starts_with("FOI-")) {
                assert!(!told.contains(&line.to_owned()), "told twice: {line}");
                told.push(line.to_owned());
            }
        }
        assert!(told.iter().any(|line| line.contains("logged, received")), "{told:?}");
        if officer == "b.jones" {
            let says = |words: &str| assert!(told.iter().any(|line| line.contains(words)), "{words}: {told:#?}");
            says("FOI-21 - logged, received Monday 2 November");
            says("FOI-02 - answered Monday 2 November: taken back, the cell is empty");
            says("FOI-09 - handed on to you");
            says("FOI-08 - answered Tuesday 3 November; answered Wednesday 4 November (it said");
        }
    }
}
