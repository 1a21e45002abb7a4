//! The real program beside a spreadsheet's own file.

use std::path::Path;

use rust_xlsxwriter::{Format, Workbook};

use crate::support::office::{Office, can_pretend, plain_text};

/// The officers' own headings, and days as a spreadsheet keeps them.
fn workbook(path: &Path, rows: &[[&str; 4]]) {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    for (column, heading) in (0..).zip(["Reference", "Date received", "Officer", "Date responded"]) {
        page.write(0, column, heading).unwrap();
    }
    for (line, cells) in (1..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            match cell.split_once('-').filter(|(year, _)| year.len() == 4) {
                _ if cell.is_empty() => {}
                Some(_) => {
                    let date = rust_xlsxwriter::ExcelDateTime::parse_from_str(cell).unwrap();
                    page.write_with_format(line, column, &date, &day).unwrap();
                }
                None => {
                    page.write(line, column, *cell).unwrap();
                }
            }
        }
    }
    let new = path.with_file_name("A1B2C300.tmp");
    book.save(&new).unwrap();
    std::fs::rename(new, path).unwrap();
}

fn with_sheet() -> Office {
    let office = Office::new();
    let config = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
    office.configure(&format!("{config}\n[sheet]\npath = \"foi.xlsx\"\nowner = \"bjones\"\n"));
    office
}

/// The plain words of the mails in the outbox, each behind its file's name, in order.
fn mails(office: &Office) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(office.path("outbox")) else {
        return Vec::new();
    };
    let mut files: Vec<_> = folder.map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|kind| kind == "eml"));
    files.sort_by_key(|path| std::fs::metadata(path).unwrap().modified().unwrap());
    files
        .iter()
        .map(|path| plain_text(&std::fs::read_to_string(path).unwrap()))
        .collect()
}

#[test]
fn a_workbook_is_followed_and_its_owner_is_told() {
    if !can_pretend() {
        return;
    }
    let office = with_sheet();
    let path = office.path("foi.xlsx");
    let once = |at: &str| office.run_at(at, &["run", "--once"]).well();
    workbook(
        &path,
        &[
            ["FOI-1", "2026-10-12", "B Jones", ""],
            ["FOI-2", "2026-10-20", "bjones", "2026-10-30"],
        ],
    );
    let left = (
        std::fs::read(&path).unwrap(),
        std::fs::metadata(&path).unwrap().modified().unwrap(),
    );
    once("2026-11-02 09:00:00");
    let shown = office.run_at("2026-11-02 09:01:00", &["show", "FOI-1"]).well();
    assert!(shown.contains("sheet foi.xlsx"), "{shown}");
    let told = mails(&office);
    assert!(
        told[0].contains("Taken from the sheet since your last mail:"),
        "{}",
        told[0]
    );
    assert!(told[0].contains("FOI-2 - logged, received Tuesday 20 October; answered Friday 30 October"));
    let status = office.run_at("2026-11-02 09:01:00", &["status", "--json"]).well();
    let status: serde_json::Value = serde_json::from_str(&status).unwrap();
    assert_eq!(
        (&status["daemon"]["sheet"]["rows"], &status["daemon"]["sheet"]["ok"]),
        (&2.into(), &true.into())
    );

    // One cell changed, one mistyped; told once that has lasted.
    workbook(
        &path,
        &[
            ["FOI-1", "2026-10-12", "B Jones", "yesterday"],
            ["FOI-2", "2026-10-20", "cbrown", "2026-10-29"],
        ],
    );
    once("2026-11-02 10:00:00");
    once("2026-11-02 10:11:00");
    once("2026-11-02 10:30:00");
    let told = mails(&office);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[1].contains("FOI-1 - row 2 was taken but for this"), "{}", told[1]);
    let status = office.run_at("2026-11-02 10:31:00", &["status"]).well();
    assert!(
        status.contains("sheet: 2 rows of foi.xlsx read, 1 thing for bjones to settle"),
        "{status}"
    );
    let shown = office.run_at("2026-11-02 10:31:00", &["show", "FOI-2"]).well();
    assert!(shown.contains("29 Oct") && shown.contains("cbrown"), "{shown}");

    // Gone, and back as it was at first.
    std::fs::remove_file(&path).unwrap();
    once("2026-11-02 11:00:00");
    once("2026-11-02 11:10:00");
    let check = office.run_at("2026-11-02 11:11:00", &["status", "--check"]);
    assert!(
        check.out.contains("sheet: foi.xlsx could not be read since"),
        "{}",
        check.out
    );
    std::fs::write(&path, &left.0).unwrap();
    std::fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(left.1)
        .unwrap();
    once("2026-11-02 12:00:00");
    let check = office.run_at("2026-11-02 12:01:00", &["status", "--check"]);
    assert!(!check.out.contains("foi.xlsx"), "{}", check.out);
    assert_eq!(mails(&office).len(), 3);
    assert_eq!(std::fs::metadata(&path).unwrap().modified().unwrap(), left.1);
    assert_eq!(std::fs::read(&path).unwrap(), left.0);
    office.run_at("2026-11-02 12:02:00", &["verify"]).well();
}

#[test]
fn what_is_meant_is_taken_when_somebody_says_so() {
    if !can_pretend() {
        return;
    }
    let office = with_sheet();
    let path = office.path("foi.xlsx");
    let references: Vec<String> = (1..=6).map(|number| format!("FOI-{number}")).collect();
    let sheet = |received: &str| {
        let rows: Vec<[&str; 4]> = references
            .iter()
            .map(|one| [one.as_str(), received, "bjones", ""])
            .collect();
        workbook(&path, &rows);
    };
    sheet("2026-10-12");
    // Taken in by hand first, as a sheet is when an office begins: it is the sheet's own all the same.
    office.run_at("2026-11-02 09:00:00", &["import", "foi.xlsx"]).well();
    office.run_at("2026-11-02 09:05:00", &["run", "--once"]).well();
    sheet("2026-10-13");
    office.run_at("2026-11-02 09:30:00", &["run", "--once"]).well();
    let is_received = |day: &str| {
        office
            .run_at("2026-11-02 09:31:00", &["show", "FOI-6"])
            .well()
            .contains(day)
    };
    assert!(is_received("12 Oct") && !is_received("13 Oct"));
    let check = office.run_at("2026-11-02 09:31:00", &["status", "--check"]);
    assert!(check.out.contains("looks rearranged"), "{}", check.out);
    let meant = office
        .run_at("2026-11-02 09:32:00", &["import", "foi.xlsx", "--meant"])
        .well();
    assert_eq!(meant, "6 rows read, 6 entries recorded, 0 things to settle\n");
    assert!(is_received("13 Oct"));
    let other = office.run_at("2026-11-02 09:33:00", &["import", "timeous.toml", "--meant"]);
    assert!(other.complaint(2).contains("is not the sheet that [sheet] names"));
}

#[test]
fn an_owner_whom_nobody_knows_is_refused() {
    let office = with_sheet();
    let config = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
    office.configure(&config.replace("owner = \"bjones\"", "owner = \"nobody\""));
    let ran = office.run(&["status"]);
    assert!(
        ran.complaint(2)
            .contains("sheet.owner: \"nobody\" is not among the officers")
    );
}

#[test]
fn a_sheet_that_cannot_be_taken_keeps_no_reminder_back_and_the_status_says_so() {
    if !can_pretend() {
        return;
    }
    let office = with_sheet();
    let path = office.path("foi.xlsx");
    let once = |at: &str| office.run_at(at, &["run", "--once"]);
    workbook(&path, &[["FOI-1", "2026-10-12", "B Jones", ""]]);
    once("2026-10-12 09:00:00").well();
    // Of all that is kept, only what is kept of the sheet takes nothing more.
    let register = rusqlite::Connection::open(office.path("register.db")).unwrap();
    let stuck = "create trigger stuck before insert on sheet_row begin select raise(abort, 'stuck'); end";
    register.execute_batch(stuck).unwrap();
    workbook(
        &path,
        &[
            ["FOI-1", "2026-10-12", "B Jones", ""],
            ["FOI-2", "2026-11-02", "B Jones", ""],
        ],
    );
    let ran = once("2026-11-02 09:00:00");
    assert_eq!(mails(&office).len(), 1, "{}", ran.err);
    assert!(ran.complaint(1).contains("the sheet was not taken: "), "{}", ran.err);
    let status = office.run_at("2026-11-02 09:01:00", &["status"]).well();
    assert!(
        status.contains("sheet: what is new in the sheet was not taken: "),
        "{status}"
    );

    register.execute_batch("drop trigger stuck").unwrap();
    once("2026-11-02 09:02:00").well();
    let status = office.run_at("2026-11-02 09:03:00", &["status"]).well();
    assert!(status.contains("sheet: 2 rows of foi.xlsx read"), "{status}");
}

#[test]
fn the_owner_is_told_once_of_a_worksheet_that_is_not_read() {
    if !can_pretend() {
        return;
    }
    let office = with_sheet();
    let mut book = Workbook::new();
    for (name, reference) in [("2026", "FOI-1"), ("2027", "FOI-2")] {
        let page = book.add_worksheet();
        page.set_name(name).unwrap();
        page.write_row(0, 0, ["Reference", "Date received", "Officer"]).unwrap();
        page.write_row(1, 0, [reference, "26/10/2026", "bjones"]).unwrap();
    }
    book.save(office.path("foi.xlsx")).unwrap();
    for at in ["09:00", "09:11", "09:30", "12:00"] {
        office.run_at(&format!("2026-11-02 {at}:00"), &["run", "--once"]).well();
    }
    let told: Vec<String> = mails(&office)
        .into_iter()
        .filter(|mail| mail.contains("2027"))
        .collect();
    let [told] = told.as_slice() else { panic!("{told:?}") };
    let words = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("only \"2026\" is read: nothing in \"2027\" is watched"),
        "{told}"
    );
    let status = office.run_at("2026-11-02 12:01:00", &["status"]).well();
    assert!(
        status.contains("sheet: 1 row of foi.xlsx read, 1 thing for bjones to settle"),
        "{status}"
    );
}

#[test]
fn the_owner_is_told_once_that_no_answer_can_be_seen() {
    if !can_pretend() {
        return;
    }
    let office = with_sheet();
    let config = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
    office.configure(&config.replace("foi.xlsx", "foi.csv"));
    let save = |heading: &str| {
        let text = format!("Reference,Date received,Officer,{heading}\nFOI-1,26/10/2026,bjones,30/10/2026\n");
        std::fs::write(office.path("foi.csv"), text).unwrap();
    };
    let once = |at: &str| office.run_at(&format!("2026-11-02 {at}:00"), &["run", "--once"]).well();
    save("Response date (dd/mm/yyyy)");
    for at in ["09:00", "09:11", "09:30"] {
        once(at);
    }
    let is_told = |mail: &String| mail.contains("no column says when a request was");
    assert_eq!(mails(&office).iter().filter(|mail| is_told(mail)).count(), 1);
    save("Date responded");
    once("10:00");
    let status = office.run_at("2026-11-02 10:01:00", &["status"]).well();
    assert!(status.contains("sheet: 1 row of foi.csv read"), "{status}");
    assert!(!status.contains("to settle"), "{status}");
}
