//! The sheet and the JSON: what others read of them, what comes back, and where they go.

use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::readers::{can_read, lines};
use crate::support::office::Office;

/// A case of each kind that a line of a sheet can say.
fn office() -> Office {
    let office = Office::new();
    let steps: [&[&str]; 13] = [
        &[
            "log",
            "FOI-1",
            "--received",
            "2022-02-04",
            "--officer",
            "bjones",
            "--subject",
            "roads, \"potholes\" – Ünal",
        ],
        &[
            "record",
            "FOI-1",
            "responded",
            "--on",
            "2022-03-04",
            "--received",
            "2022-03-07",
        ],
        &["record", "FOI-1", "review-required", "--on", "2022-03-10"],
        &["record", "FOI-1", "review-outcome", "--on", "2022-03-30"],
        &["record", "FOI-1", "applied", "--on", "2022-05-30"],
        &[
            "record",
            "FOI-1",
            "decision",
            "--on",
            "2022-08-01",
            "--due",
            "2022-09-15",
        ],
        &["log", "EIR-1", "--posted", "2022-02-04", "--regime", "eirs"],
        &[
            "record",
            "EIR-1",
            "extended",
            "--on",
            "2022-02-14",
            "--due",
            "2022-04-04",
        ],
        &["log", "FOI-2", "--received", "2022-02-04"],
        &["record", "FOI-2", "clarification-sought", "--on", "2022-02-08"],
        &["record", "FOI-2", "clarification-received", "--on", "2022-02-18"],
        &["log", "BOTH-1", "--received", "2022-02-04", "--regime", "both"],
        &[
            "record",
            "BOTH-1",
            "responded",
            "--on",
            "2022-02-24",
            "--regime",
            "eirs",
        ],
    ];
    for step in steps {
        office.run(step).well();
    }
    office
}

#[test]
fn a_sheet_comes_back_into_an_empty_register_and_changes_nothing_in_its_own() {
    if !can_read() {
        return;
    }
    let one = office();
    one.run(&["export", "-o", "cases.csv"]).well();
    let read = lines(&one.path("cases.csv"));
    let of = |reference: &str| read.iter().find(|line| line["reference"] == reference).unwrap();
    assert_eq!(of("FOI-1")["subject"], "roads, \"potholes\" – Ünal");
    assert_eq!(of("FOI-1")["compliance_by"], "2022-09-15");
    assert_eq!(of("FOI-1")["due"], "2022-03-04");
    assert_eq!(of("FOI-1")["standing"], "met");
    assert_eq!(of("FOI-1")["next_step"], "compliance");
    assert_eq!(of("EIR-1")["posted"], "2022-02-04");
    assert_eq!(of("FOI-2")["clarification_received"], "2022-02-18");
    // One of two parts is answered: a sheet that said so would say that all is.
    assert_eq!(of("BOTH-1")["responded"], "");

    let before = one.dump();
    let sheet = one.path("cases.csv");
    let sheet = sheet.to_str().unwrap();
    let said = one.run(&["import", sheet]).well();
    assert!(said.contains("0 new, 0 added to, 4 unchanged, 0 refused"), "{said}");
    assert!(!said.contains("not the law's"), "{said}");
    assert_eq!(one.dump(), before);

    let other = Office::new();
    let mut args = vec!["import", sheet];
    // They are years old, and nothing has happened since.
    let old = ["FOI-1", "EIR-1", "FOI-2", "BOTH-1"];
    args.extend(old.iter().flat_map(|case| ["--confirm", case]));
    let said = other.run(&args).well();
    assert!(said.contains("4 new, 0 added to, 0 unchanged, 0 refused"), "{said}");
    assert!(!said.contains("not the law's"), "{said}");
    let again = other.run(&["export"]).well();
    assert_eq!(again, std::fs::read_to_string(sheet).unwrap());
}

#[test]
fn no_cell_is_a_formula() {
    if !can_read() {
        return;
    }
    let office = Office::new();
    let subjects = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "'=1", "O'Neil"];
    for (number, subject) in subjects.iter().enumerate() {
        let reference = format!("FOI-{number}");
        let subject = format!("--subject={subject}");
        office
            .run(&["log", &reference, "--received", "2022-02-04", &subject])
            .well();
    }
    office.run(&["log", "--received", "2022-02-04", "--", "=1+1"]).well();
    office.run(&["export", "-o", "cases.csv"]).well();
    // The reader asserts that no cell begins as a formula does.
    let read = lines(&office.path("cases.csv"));
    let cells: Vec<_> = read.iter().map(|line| line["subject"].as_str().unwrap()).collect();
    assert_eq!(
        cells[1..],
        ["'=cmd|' /C calc'!A0", "'+1", "'-1", "'@SUM(A1)", "''=1", "O'Neil"],
        "{cells:?}"
    );
    assert_eq!(read[0]["reference"], "'=1+1");
}

#[test]
fn json_has_every_case_as_show_has_it_but_for_its_mails() {
    let office = office();
    let all: Value = serde_json::from_str(&office.run(&["export", "--format", "json"]).well()).unwrap();
    let cases = all["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 4);
    assert!(all["calendar"]["version"].is_string() && all["when"].is_string());
    for case in cases {
        let reference = case["reference"].as_str().unwrap();
        let mut shown: Value = serde_json::from_str(&office.run(&["show", reference, "--json"]).well()).unwrap();
        shown.as_object_mut().unwrap().remove("reminders").unwrap();
        assert_eq!(&shown, case);
    }
    let mine: Value = serde_json::from_str(
        &office
            .run(&["export", "--format", "json", "--officer", "bjones"])
            .well(),
    )
    .unwrap();
    assert_eq!(mine["cases"].as_array().unwrap().len(), 1);
    let nobody = office.run(&["export", "--officer", "nobody"]);
    assert!(nobody.complaint(2).contains("\"nobody\" is not in the configuration"));
}

#[test]
fn a_file_is_there_whole_or_as_it_was() {
    let office = office();
    let file = office.path("cases.csv");
    std::fs::write(&file, "as it was").unwrap();
    office.run(&["export", "-o", "cases.csv"]).well();
    assert!(std::fs::read_to_string(&file).unwrap().contains("FOI-1"));
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o137, 0);

    let nowhere = office.run(&["export", "-o", "nowhere/cases.csv"]);
    assert!(nowhere.complaint(1).contains("nowhere/cases.csv could not be written"));
    std::fs::create_dir(office.path("folder")).unwrap();
    let folder = office.run(&["export", "-o", "folder"]);
    assert!(folder.complaint(1).contains("it is no file"), "{}", folder.err);
    let device = office.run(&["export", "-o", "/dev/null"]);
    assert!(device.complaint(1).contains("it is no file"), "{}", device.err);
    let itself = office.run(&["export", "-o", "register.db"]);
    assert!(itself.complaint(2).contains("is the register itself"), "{}", itself.err);
    let log = office.run(&["export", "-o", "./register.db-wal"]);
    assert!(log.complaint(2).contains("belongs to the register"), "{}", log.err);
    // Where a name leads elsewhere, what it leads to is replaced.
    std::os::unix::fs::symlink("folder/real.csv", office.path("link.csv")).unwrap();
    std::fs::write(office.path("folder/real.csv"), "").unwrap();
    office.run(&["export", "-o", "link.csv"]).well();
    assert!(
        std::fs::read_to_string(office.path("folder/real.csv"))
            .unwrap()
            .contains("FOI-1")
    );
    let left: Vec<_> = std::fs::read_dir(office.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".part"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn a_reader_that_has_gone_is_no_failure() {
    let office = office();
    for format in ["csv", "json", "ics"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = Command::new(env!("CARGO_BIN_EXE_timeous"))
            .args(["export", "--format", format])
            .env("TIMEOUS_CONFIG", office.path("timeous.toml"))
            .env_remove("STATE_DIRECTORY")
            .stdin(Stdio::null())
            .stdout(writer)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert_eq!(output.stderr, b"");
    }
}
