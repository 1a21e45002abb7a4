//! One question about an import each, on small sheets.

use crate::support::office::{Office, Ran, can_pretend};

/// A morning in March 2026.
fn at(office: &Office, args: &[&str]) -> Ran {
    office.run_at("2026-03-02 09:00:00", args)
}

fn office(sheet: &str) -> Office {
    let office = Office::new();
    std::fs::write(office.path("foi.csv"), sheet).unwrap();
    office
}

fn rewrite(office: &Office, sheet: &str) {
    std::fs::write(office.path("foi.csv"), sheet).unwrap();
}

#[test]
fn a_case_that_has_long_been_still_waits_until_somebody_confirms_it() {
    if !can_pretend() {
        return;
    }
    // From 2 December 2025 to 2 March 2026 there are 60 working days, counted by hand.
    let office = office(
        "Ref,Received,Responded,Review requested,Review response,Clarification requested,Closed,Due\n\
         OLD,01/09/2025,,,,,,30/09/2025\nCLOSED,01/09/2025,,,,,03/10/2025,\nDONE,01/09/2025,29/09/2025,,,,,\n\
         REVIEW,01/09/2025,29/09/2025,20/10/2025,,,,\nWAITS,01/09/2025,,,,05/09/2025,,\n\
         EDGE,02/12/2025,,,,,,\nOVER,01/12/2025,,,,,,\nNEW,27/02/2026,,,,,,\n",
    );
    let ran = at(&office, &["import", "foi.csv"]).well();
    assert!(
        ran.contains("3 new, 0 added to, 0 unchanged, 0 refused, 5 to finish first"),
        "{ran}"
    );
    for words in [
        "FINISH THESE 5",
        "line 2     OLD        no answer; received Mon 1 Sep 2025, 125 working days ago",
        "line 3     CLOSED     no answer, though closed Fri 3 Oct 2025; received Mon 1 Sep 2025, last date Fri 3 Oct 2025, 101 \
         working days ago",
        "line 5     REVIEW     no review outcome; received Mon 1 Sep 2025, last date Mon 20 Oct 2025",
        "line 6     WAITS      clarification or a fee has not come",
        "line 8     OVER       no answer; received Mon 1 Dec 2025, 61 working days ago",
        // Its wrong due date is told all the same.
        "Tue 30 Sep 2025  Mon 29 Sep 2025  1 working day too late",
    ] {
        assert!(ran.contains(words), "{words:?} is not in {ran}");
    }
    assert_eq!(office.count("select count(*) from cases"), 3);
    let again = at(
        &office,
        &["import", "foi.csv", "--confirm", "OLD", "--confirm", "REVIEW"],
    )
    .well();
    assert!(
        again.contains("2 new, 0 added to, 3 unchanged, 0 refused, 3 to finish first"),
        "{again}"
    );
    // What is in the register is not held back, however long it lies still.
    let later = office.run_at("2026-09-01 09:00:00", &["import", "foi.csv"]).well();
    assert!(
        later.contains("0 new, 0 added to, 5 unchanged, 0 refused, 3 to finish first"),
        "{later}"
    );
    let before = office.dump();
    let unknown = at(&office, &["import", "foi.csv", "--confirm", "ODL"]);
    assert!(
        unknown.complaint(2).contains("--confirm ODL: no line of the sheet"),
        "{}",
        unknown.err
    );
    assert_eq!(office.dump(), before);
}

#[test]
fn a_cell_that_contradicts_the_register_is_told_and_nothing_of_its_line_is_taken() {
    if !can_pretend() {
        return;
    }
    let heading = "Ref,Regime,Received,Responded,Response_received,Review requested\n";
    let office = office(&format!(
        "{heading}FOI-1,FOI,02/02/2026,13/02/2026,,\nFOI-2,FOI,02/02/2026,,,\n"
    ));
    at(&office, &["import", "foi.csv"]).well();
    let before = office.dump();
    rewrite(
        &office,
        &format!("{heading}FOI-1,FOI,02/02/2026,16/02/2026,,27/02/2026\nFOI-2,EIR,03/02/2026,20/02/2026,,\n"),
    );
    let ran = at(&office, &["import", "foi.csv"]);
    assert_eq!(ran.code, Some(2));
    let lines: Vec<_> = ran.err.lines().collect();
    assert_eq!(
        lines,
        [
            "timeous: foi.csv line 2: FOI-1: responded is Monday 16 February 2026 in the sheet and Friday 13 February 2026 in \
             the register (entry 2); if the sheet is right: timeous correct FOI-1 2 --on 2026-02-16 --why TEXT; if not, mend \
             the sheet",
            "timeous: foi.csv line 3: FOI-2: received is Tuesday 3 February 2026 in the sheet and Monday 2 February 2026 in \
             the register (entry 1); if the sheet is right: timeous correct FOI-2 1 --on 2026-02-03 --why TEXT; if not, mend \
             the sheet",
        ]
    );
    assert!(
        ran.out.contains("0 new, 0 added to, 0 unchanged, 2 refused"),
        "{}",
        ran.out
    );
    assert_eq!(office.dump(), before);
    // The way that it names is the way out.
    let correct = ["correct", "FOI-1", "2", "--on", "2026-02-16", "--why", "misread"];
    at(&office, &correct).well();
    let ran = at(&office, &["import", "foi.csv"]);
    assert!(
        ran.out.contains("0 new, 1 added to, 0 unchanged, 1 refused"),
        "{}",
        ran.out
    );
    // The old date now contradicts the corrected entry, under its number; so does an arrival.
    rewrite(
        &office,
        &format!("{heading}FOI-1,FOI,02/02/2026,13/02/2026,,27/02/2026\nFOI-2,EIR,02/02/2026,,,\n"),
    );
    let ran = at(&office, &["import", "foi.csv"]);
    assert!(
        ran.err.contains("Monday 16 February 2026 in the register (entry 3)"),
        "{}",
        ran.err
    );
    assert!(
        ran.err
            .contains("regime is eirs in the sheet and foisa in the register"),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains("timeous record FOI-2 regime --regime eirs --on DATE"),
        "{}",
        ran.err
    );
    rewrite(
        &office,
        &format!("{heading}FOI-1,FOI,02/02/2026,16/02/2026,18/02/2026,27/02/2026\n"),
    );
    let ran = at(&office, &["import", "foi.csv"]);
    let words = "response_received is Wednesday 18 February 2026 in the sheet and no day in the register (entry 3); if the \
                 sheet is right: timeous correct FOI-1 3 --received 2026-02-18 --why TEXT; if not";
    assert!(ran.complaint(2).contains(words), "{}", ran.err);
}

#[test]
fn a_day_of_posting_is_told_from_one_of_arrival_and_what_is_named_is_the_way_out() {
    if !can_pretend() {
        return;
    }
    let heading = "Ref,Received,Posted,Review requested,Responded\n";
    let office = office(&format!(
        "{heading}FOI-1,04/02/2026,02/02/2026,,\nFOI-2,02/02/2026,,,\n"
    ));
    at(&office, &["import", "foi.csv"]).well();
    rewrite(&office, &format!("{heading}FOI-1,03/02/2026,,,\nFOI-2,,30/01/2026,,\n"));
    let ran = at(&office, &["import", "foi.csv"]);
    let lines: Vec<_> = ran.err.lines().collect();
    assert_eq!(
        lines,
        [
            "timeous: foi.csv line 2: FOI-1: received is Tuesday 3 February 2026 in the sheet and Wednesday 4 February 2026 in \
             the register (entry 1); if the sheet is right: timeous correct FOI-1 1 --received 2026-02-03 --why TEXT; if not, \
             mend the sheet",
            "timeous: foi.csv line 3: FOI-2: posted is Friday 30 January 2026 in the sheet and no day in the register (entry \
             1); if the sheet is right: timeous correct FOI-2 1 --posted 2026-01-30 --why TEXT; if not, mend the sheet",
        ]
    );
    for correct in [
        ["correct", "FOI-1", "1", "--received", "2026-02-03", "--why", "misread"],
        ["correct", "FOI-2", "1", "--posted", "2026-01-30", "--why", "misread"],
    ] {
        at(&office, &correct).well();
    }
    assert!(at(&office, &["import", "foi.csv"]).well().contains("2 unchanged"));
    // What has one column may have come on either day; that an answer was posted is no matter of the sheet.
    for step in [
        [
            "record",
            "FOI-1",
            "responded",
            "--posted",
            "2026-02-16",
            "--received",
            "2026-02-16",
        ],
        [
            "record",
            "FOI-1",
            "review-required",
            "--posted",
            "2026-02-20",
            "--received",
            "2026-02-24",
        ],
    ] {
        at(&office, &step).well();
    }
    let before = office.dump();
    for day in ["20/02/2026", "24/02/2026"] {
        rewrite(&office, &format!("{heading}FOI-1,03/02/2026,,{day},16/02/2026\n"));
        assert!(at(&office, &["import", "foi.csv"]).well().contains("1 unchanged"));
    }
    assert_eq!(office.dump(), before);
    rewrite(&office, &format!("{heading}FOI-1,03/02/2026,,23/02/2026,16/02/2026\n"));
    let ran = at(&office, &["import", "foi.csv"]);
    let words = "review_required is Monday 23 February 2026 in the sheet and Tuesday 24 February 2026 in the register (entry 4); \
                 if the sheet is right: timeous correct FOI-1 4 --received 2026-02-23 --why TEXT; if it is a further one: \
                 timeous record FOI-1 review-required --on 2026-02-23; if not";
    assert!(ran.complaint(2).contains(words), "{}", ran.err);
    at(
        &office,
        &["correct", "FOI-1", "4", "--received", "2026-02-23", "--why", "misread"],
    )
    .well();
    assert!(at(&office, &["import", "foi.csv"]).well().contains("1 unchanged"));
}

#[test]
fn what_never_happened_by_the_register_does_not_come_back_out_of_the_sheet() {
    if !can_pretend() {
        return;
    }
    let office = office("Ref,Received,Responded\nFOI-1,02/02/2026,13/02/2026\n");
    at(&office, &["import", "foi.csv"]).well();
    at(&office, &["correct", "FOI-1", "2", "--void", "--why", "another case's"]).well();
    let before = office.dump();
    let ran = at(&office, &["import", "foi.csv"]);
    assert!(
        ran.complaint(2)
            .contains("entry 3 in the register says that it never happened; if it did: timeous record FOI-1"),
        "{}",
        ran.err
    );
    assert_eq!(office.dump(), before);
    rewrite(&office, "Ref,Received,Responded\nFOI-1,02/02/2026,16/02/2026\n");
    assert!(at(&office, &["import", "foi.csv"]).well().contains("1 added to"));
}

#[test]
fn an_entry_keeps_the_sheet_that_it_came_from() {
    if !can_pretend() {
        return;
    }
    let office = office("Ref,Received\nFOI-1,02/02/2026\n");
    at(&office, &["import", "foi.csv"]).well();
    rewrite(&office, "Ref,Received\nFOI-1,02/02/2026\nFOI-2,02/02/2026\n");
    at(&office, &["import", "foi.csv", "--by", "B Jones"]).well();
    assert!(at(&office, &["show", "FOI-1"]).well().contains("for sheet foi.csv"));
    assert!(at(&office, &["show", "FOI-2"]).well().contains("for B Jones"));
}

#[test]
fn an_officer_is_named_by_id_name_address_or_mapping() {
    if !can_pretend() {
        return;
    }
    let office = office(
        "Ref,Received,Assigned to\nFOI-1,02/02/2026,BJones\nFOI-2,02/02/2026,b. jones\nFOI-3,02/02/2026,CBrown@Example.gov.uk\n\
         FOI-4,02/02/2026,Barbara\nFOI-5,02/02/2026,Barbara\nFOI-6,02/02/2026,n/a\n",
    );
    let ran = at(&office, &["import", "foi.csv"]);
    let words = "foi.csv lines 5, 6: officer \"Barbara\" is not in the configuration (there are B Jones (bjones), C Brown \
                 (cbrown)); add them under people.officers, or say who is meant in a mapping file (--map): [officers] \
                 \"Barbara\" = \"id\"";
    assert!(ran.complaint(2).contains(words), "{}", ran.err);
    std::fs::write(office.path("map.toml"), "[officers]\nbarbara = \"bjones\"\n").unwrap();
    at(&office, &["import", "foi.csv", "--map", "map.toml"]).well();
    let with = |officer: &str| office.count(&format!("select count(*) from cases where officer = '{officer}'"));
    assert_eq!((with("bjones"), with("cbrown")), (4, 1));
    assert_eq!(office.count("select count(*) from cases where officer is null"), 1);
    std::fs::write(office.path("map.toml"), "[oficers]\n").unwrap();
    let ran = at(&office, &["import", "foi.csv", "--map", "map.toml"]);
    assert!(
        ran.complaint(2).contains("map.toml: line 1: unknown field `oficers`"),
        "{}",
        ran.err
    );
}

#[test]
fn the_list_of_wrong_dates_is_safe_to_open_and_never_written_over_the_sheet() {
    if !can_pretend() {
        return;
    }
    let office = office("Ref,Received,Due\n=2+3,02/02/2026,01/03/2026\n-1,02/02/2026,02/03/2026\n");
    let ran = at(&office, &["import", "foi.csv", "--wrong-due", "foi.csv"]);
    assert!(ran.complaint(2).contains("would write over foi.csv"), "{}", ran.err);
    let ran = at(&office, &["import", "foi.csv", "--wrong-due", "wrong.csv"]).well();
    assert!(ran.contains("The list is kept in wrong.csv"), "{ran}");
    let kept = std::fs::read_to_string(office.path("wrong.csv")).unwrap();
    let lines: Vec<_> = kept.lines().collect();
    assert_eq!(lines.len(), 2, "{kept}");
    assert_eq!(
        lines[1],
        "2,'=2+3,2026-03-01,2026-03-02,1,1,too early,FOISA s.10(1)(a),"
    );
    let register = at(&office, &["import", "foi.csv", "--wrong-due", "register.db"]);
    assert!(
        register.complaint(2).contains("is the register itself"),
        "{}",
        register.err
    );
    let nowhere = at(&office, &["import", "foi.csv", "--wrong-due", "none/wrong.csv"]);
    assert_eq!(nowhere.code, Some(1));
    assert!(
        nowhere.err.contains("the list of wrong due dates is not kept"),
        "{}",
        nowhere.err
    );
    assert!(nowhere.out.contains("2 unchanged"), "{}", nowhere.out);
    let left: Vec<_> = std::fs::read_dir(office.path(""))
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    assert!(
        !left.iter().any(|name| name.to_string_lossy().ends_with(".part")),
        "{left:?}"
    );
}

#[test]
fn a_sheet_that_cannot_be_read_is_one_line_and_makes_no_register() {
    let office = Office::new();
    for (bytes, words) in [
        (
            b"PK\x03\x04 and then nothing".as_slice(),
            "cannot be read as a spreadsheet",
        ),
        (
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
            "an old Excel file (.xls), or one with a password",
        ),
        (b"What,When\nx,y\n", "has no column \"reference\""),
        (
            b"Ref,Case number,Received\n",
            "has the column \"reference\" twice, as \"Ref\" and as \"Case number\"",
        ),
    ] {
        std::fs::write(office.path("foi.xlsx"), bytes).unwrap();
        let ran = office.run(&["import", "foi.xlsx"]);
        assert!(ran.complaint(2).contains(words), "{}", ran.err);
    }
    assert!(office.run(&["import", "gone.csv"]).complaint(2).contains("gone.csv"));
    assert!(!office.path("register.db").exists());
}

#[test]
fn a_worksheet_a_year_is_told_of_and_each_can_be_named() {
    if !can_pretend() {
        return;
    }
    let office = Office::new();
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, line) in [("2025", ["A-1", "23/02/2026"]), ("2026", ["A-2", "24/02/2026"])] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        sheet.write_row(0, 0, ["Ref", "Date received"]).unwrap();
        sheet.write_row(1, 0, line).unwrap();
    }
    book.save(office.path("foi.xlsx")).unwrap();
    let ran = at(&office, &["import", "foi.xlsx"]);
    assert_eq!(ran.code, Some(2));
    assert_eq!(
        ran.err,
        "timeous: foi.xlsx worksheet \"2026\": has the headings as well, and nothing of it was read, only \"2025\"; import \
         it with a mapping file (--map) that says sheet = \"2026\", or put all lines into one worksheet\n"
    );
    assert!(
        ran.out.contains("1 new, 0 added to, 0 unchanged, 0 refused"),
        "{}",
        ran.out
    );
    std::fs::write(office.path("map.toml"), "sheet = \"2026\"\n").unwrap();
    let ran = at(&office, &["import", "foi.xlsx", "--map", "map.toml"]).well();
    assert!(ran.contains("1 new, 0 added to, 0 unchanged, 0 refused"), "{ran}");
}

#[test]
fn a_named_pipe_is_refused_and_what_a_shell_hands_over_is_read() {
    let office = office("Ref,Received\nFOI-1,27/02/2026\n");
    let made = std::process::Command::new("mkfifo").arg(office.path("pipe")).status();
    assert!(made.unwrap().success());
    let refused = office.run(&["import", "pipe"]);
    assert_eq!(
        refused.err,
        "timeous: pipe is a named pipe, not a file; save the sheet as a file and import that\n"
    );
    let handed = std::process::Command::new("sh")
        .args(["-c", "cat foi.csv | \"$TIMEOUS\" import /dev/stdin --dry-run"])
        .current_dir(office.path(""))
        .env("TIMEOUS", env!("CARGO_BIN_EXE_timeous"))
        .env("TIMEOUS_CONFIG", office.path("timeous.toml"))
        .output()
        .unwrap();
    let said = String::from_utf8(handed.stdout).unwrap();
    assert!(
        said.contains("1 new, 0 added to") || said.contains("1 to finish first"),
        "{said}"
    );
}

#[test]
fn a_new_case_has_no_reference_that_looks_like_another() {
    if !can_pretend() {
        return;
    }
    let office =
        office("Ref,Received\nA-12,27/02/2026\nA-1\u{200b}2,27/02/2026\nA-1\u{ad}3,27/02/2026\na-12,27/02/2026\n");
    let ran = at(&office, &["import", "foi.csv"]);
    assert!(
        ran.out.contains("2 new, 0 added to, 0 unchanged, 2 refused"),
        "{}",
        ran.out
    );
    assert_eq!(
        ran.err.lines().next(),
        Some(
            "timeous: foi.csv line 3: reference \"A-12\" has a character in it (U+200B) that nobody can tell from none or \
             from another; type it again"
        )
    );
    let logged = at(&office, &["log", "A\u{2011}12", "--received", "2026-02-27"]);
    assert!(logged.complaint(2).contains("(U+2011)"), "{}", logged.err);
}
