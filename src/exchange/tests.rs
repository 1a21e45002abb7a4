//! What sheets look like, and what is made of them.

mod days;
mod workbooks;

use chrono::NaiveDate;
use rstest::rstest;

use super::grid::{Cell, guarded};
use super::*;
use crate::case::Regime;

fn sheet(text: &str) -> Sheet {
    read(text.as_bytes(), &Mapping::default()).unwrap()
}

fn lines(text: &str) -> Vec<Line> {
    sheet(text).lines
}

fn refused(text: &str) -> String {
    read(text.as_bytes(), &Mapping::default()).unwrap_err().to_string()
}

fn faults(lines: &[Line]) -> Vec<(u64, &str)> {
    let refused = lines
        .iter()
        .filter_map(|(line, row)| Some((*line, row.as_ref().err()?.as_str())));
    refused.collect()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn columns_come_in_any_order_and_strange_ones_are_named() {
    let sheet = sheet("\u{feff}Received,Colour,REFERENCE,regime\n04/03/2022,blue,FOI-1,EIR\n");
    assert_eq!(sheet.ignored, ["Colour"]);
    let row = sheet.lines[0].1.as_ref().unwrap();
    assert_eq!(row.reference.as_str(), "FOI-1");
    assert_eq!(row.facts[0].on, day("2022-03-04"));
    assert_eq!(row.facts[0].details.regime, Some(Regime::Eirs));
}

#[test]
fn a_bad_line_is_told_by_its_number_and_stops_no_other() {
    let told = lines("reference,received\nFOI-1,2022-02-30\n\nFOI-2,2022-03-01\n,2022-03-01\nFOI-3,\n");
    let expected = [
        (
            2,
            "received: \"2022-02-30\" is not a date; write 2022-03-04 or 04/03/2022",
        ),
        (5, "there is no reference; give one"),
        (6, "there is no date of receipt; fill in received"),
    ];
    assert_eq!(faults(&told), expected);
    assert_eq!(told.len(), 4);
}

#[test]
fn a_sheet_without_the_headings_that_are_needed_is_refused_whole() {
    assert!(refused("a,b\n1,2\n").contains("no column \"reference\""));
    let near = refused("Ref,When it came\nx,y\n");
    assert!(near.contains("no column \"received\""), "{near}");
    assert!(near.contains("line 1 names \"Ref\", \"When it came\""), "{near}");
    assert!(near.contains("[columns] \"Heading\" = \"received\""), "{near}");
    let twice = refused("reference,received,Date received\n");
    assert!(
        twice.contains("twice, as \"received\" and as \"Date received\""),
        "{twice}"
    );
    assert!(twice.contains("[columns] \"Date received\" = \"ignore\""), "{twice}");
}

#[test]
fn lines_are_counted_as_an_editor_does_however_they_end() {
    for end in ["\n", "\r\n"] {
        let sheet = [
            "reference,received",
            "FOI-1,2026-10-01",
            "",
            "FOI-2,bad",
            "FOI-3,10/11/26",
            "",
        ]
        .join(end);
        let told = lines(&sheet);
        let numbers: Vec<_> = told.iter().map(|(line, row)| (*line, row.is_ok())).collect();
        assert_eq!(numbers, [(2, true), (4, false), (5, true)], "{end:?}");
    }
}

#[test]
fn a_quotation_mark_that_is_not_closed_is_named_and_a_line_break_in_a_remark_is_none() {
    let told = lines("reference,received\nFOI-1,2026-10-01\nFOI-2,\"2026-10-01\nFOI-3,2026-10-01\n");
    assert_eq!(told[1].0, 3);
    assert!(told[1].1.as_ref().unwrap_err().contains("not closed"));
    let told = lines("reference,received,Notes\nFOI-1,2026-10-01,\"one\ntwo\"\nFOI-2,2026-10-02,\n");
    assert_eq!(
        told.iter().map(|(line, row)| (*line, row.is_ok())).collect::<Vec<_>>(),
        [(2, true), (4, true)]
    );
}

#[rstest]
#[case(b"reference;received\nFOI-1;2026-10-01\n".to_vec())]
#[case(b"reference\treceived\r\nFOI-1\t2026-10-01\r\n".to_vec())]
#[case("\u{feff}reference,received\nFOI-1,2026-10-01\n".as_bytes().to_vec())]
#[case([vec![0xFF, 0xFE], "reference\treceived\r\nFOI-1\t2026-10-01\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect()].concat())]
fn separators_and_characters_are_told_from_the_file(#[case] bytes: Vec<u8>) {
    let sheet = read(&bytes, &Mapping::default()).unwrap();
    let row = sheet.lines[0].1.as_ref().unwrap();
    assert_eq!((row.reference.as_str(), row.facts[0].on), ("FOI-1", day("2026-10-01")));
}

#[test]
fn what_windows_writes_is_read_and_characters_that_were_lost_are_named() {
    let bytes = b"reference,received,subject\nFOI-1,2026-10-01,caf\xe9 \x96 \xa3 5\n";
    let sheet = read(bytes, &Mapping::default()).unwrap();
    let row = sheet.lines[0].1.as_ref().unwrap();
    assert_eq!(row.facts[0].details.subject.as_deref(), Some("café – £ 5"));
    let broken = b"\xef\xbb\xbfreference,received\nFOI-\xe9,2026-10-01\nFOI-2,2026-10-01\n";
    let sheet = read(broken, &Mapping::default()).unwrap();
    assert!(sheet.lines[0].1.as_ref().unwrap_err().contains("not UTF-8"));
    assert!(sheet.lines[1].1.is_ok());
}

#[test]
fn characters_of_two_bytes_without_a_mark_are_named() {
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        let text = "Ref,Received\r\nFOI-1,2026-10-01\r\n";
        let bytes: Vec<u8> = text.encode_utf16().flat_map(order).collect();
        let refused = read(&bytes, &Mapping::default()).unwrap_err().to_string();
        assert_eq!(
            refused,
            "is text in UTF-16 without the mark that says so; save it as \"CSV UTF-8\""
        );
    }
    let sheet = sheet("Ref,Received,Notes\nFOI-1,2026-10-01,a\0b\n");
    assert!(sheet.lines[0].1.is_ok());
}

#[test]
fn the_arrival_of_an_answer_needs_the_answer() {
    let told = lines("reference,received,response_received\nFOI-1,2022-03-01,2022-03-08\n");
    assert!(told[0].1.as_ref().unwrap_err().contains("responded is not"));
}

#[test]
fn a_second_date_without_its_first_leaves_the_rest_of_a_line_where_a_clock_runs_on() {
    for (first, second) in [
        ("extended", "extended_to"),
        ("responded", "response_received"),
        ("review_outcome", "outcome_received"),
    ] {
        let sheet = sheet(&format!(
            "reference,received,{first},{second}\nFOI-1,2022-03-01,,2022-03-08\n"
        ));
        assert!(sheet.lines[0].1.is_err(), "an import refuses the line");
        let [(2, row, without)] = sheet.in_part.as_slice() else {
            panic!("{second}: {:?}", sheet.in_part)
        };
        assert_eq!((row.facts.len(), without.as_slice()), (1, [first, second].as_slice()));
    }
    // Without its day a decision would start no clock.
    let decided = sheet("reference,received,decision,compliance_by\nFOI-1,2022-03-01,,2022-03-08\n");
    assert!(decided.lines[0].1.is_err() && decided.in_part.is_empty());
}

#[test]
fn words_for_nothing_are_nothing_and_a_doubt_is_not_where_it_would_stop_a_clock() {
    let heading = "reference,received,responded,review_required\n";
    for nothing in ["n/a", "N/A", "-", "none", "no"] {
        let told = lines(&format!("{heading}FOI-1,2022-03-04,{nothing},{nothing}\n"));
        assert_eq!(told[0].1.as_ref().unwrap().facts.len(), 1, "{nothing}");
    }
    let told = lines(&format!(
        "{heading}FOI-1,2022-03-04,tbc,\nFOI-2,2022-03-04,,tbc\nFOI-3,tbc,,\nFOI-4,n/a,,\n"
    ));
    assert_eq!(told[0].1.as_ref().unwrap().facts.len(), 1);
    let expected = [
        (
            3,
            "review_required: \"tbc\" is not a date; write 2022-03-04 or 04/03/2022",
        ),
        (4, "received: \"tbc\" is not a date; write 2022-03-04 or 04/03/2022"),
        (5, "there is no date of receipt; fill in received"),
    ];
    assert_eq!(faults(&told), expected);
}

#[test]
fn a_cell_that_says_that_there_was_no_appeal_to_the_court_refuses_no_line() {
    for nothing in ["n/a", "No", "-", "none", "0"] {
        let told = lines(&format!(
            "reference,received,court_appeal\nFOI-1,2022-03-04,{nothing}\n"
        ));
        assert_eq!(told[0].1.as_ref().map(|row| row.facts.len()), Ok(1), "{nothing}");
    }
    for something in ["2022-09-05", "tbc", "yes"] {
        let told = lines(&format!(
            "reference,received,court_appeal\nFOI-1,2022-03-04,{something}\n"
        ));
        let why = told[0].1.as_ref().unwrap_err();
        assert!(why.contains("court_appeal does not say whose it is"), "{why}");
    }
}

#[rstest]
#[case("FOI", Regime::Foisa)]
#[case("FOISA", Regime::Foisa)]
#[case("FOI(S)A", Regime::Foisa)]
#[case("EIR", Regime::Eirs)]
#[case("EIRs", Regime::Eirs)]
#[case("EI(S)Rs", Regime::Eirs)]
#[case("Both", Regime::Both)]
#[case("FOI/EIR", Regime::Both)]
fn a_regime_is_read_as_people_type_it(#[case] word: &str, #[case] meant: Regime) {
    assert_eq!(regime(word), Ok(meant));
}

#[test]
fn every_usual_heading_means_its_column_and_no_two_columns() {
    let mut seen = std::collections::BTreeSet::new();
    for (column, words) in headings::USUAL {
        assert!(COLUMNS.contains(&column), "{column}");
        for word in words {
            assert!(seen.insert(*word), "{word} stands twice");
            assert_eq!(headings::bare(word), *word);
            let at = headings::meaning(word).unwrap();
            assert_eq!(COLUMNS[at], column, "{word}");
        }
    }
    for (typed, column) in [
        ("Ref No.", "reference"),
        ("FOI Ref", "reference"),
        ("Case number", "reference"),
        ("Date received (DD/MM/YYYY)", "received"),
        ("  DATE\u{a0}RECEIVED ", "received"),
        ("Response due", "due"),
        ("Deadline", "due"),
        ("Date of response", "responded"),
        ("Response sent", "responded"),
        ("Date closed", "closed"),
        ("Lead officer", "officer"),
        ("Assigned to", "officer"),
        ("Case handler", "officer"),
        ("FOI/EIR", "regime"),
        ("Review requested", "review_required"),
        ("Review response", "review_outcome"),
        ("Clarification requested", "clarification_sought"),
    ] {
        assert_eq!(headings::meaning(typed).map(|at| COLUMNS[at]), Some(column), "{typed}");
    }
    for doubtful in [
        "Date completed",
        "Target date",
        "Extension date",
        "Response date",
        "Reply date",
        "Decision date",
        "Date of decision",
        "Date posted",
        "Posted on",
        "Title",
        "Status",
        "Review due",
        "ID",
    ] {
        assert_eq!(headings::meaning(doubtful), None, "{doubtful}");
    }
}

#[test]
fn headings_are_found_below_titles_and_lines_that_are_no_cases_are_passed_over() {
    let sheet = sheet(
        "Example Council,,,\nRequests 2026,,,\n,,,\nRef,Lead officer,Date received,Due\nApril 2026,,,\nFOI-1,,01/04/2026,\n\
         Ref,Lead officer,Date received,Due\nFOI-2,,02/04/2026,\nFOI-3,,,\nReserved,,,\nFOI-4,Barbara,,\n,,03/04/2026,\n\
         * late ones are shown in red,,,\n,ask Barbara,,\nTotal: 2,,,\nTotal,,2,\n",
    );
    assert_eq!(sheet.headings, 4);
    let taken: Vec<_> = sheet.lines.iter().map(|(line, row)| (*line, row.is_ok())).collect();
    assert_eq!(
        taken,
        [(6, true), (8, true), (9, false), (10, false), (11, false), (12, false)]
    );
    let passed = [
        (5, Passed::Remark),
        (7, Passed::Headings),
        (13, Passed::Remark),
        (14, Passed::Remark),
        (15, Passed::Total),
        (16, Passed::Total),
    ];
    assert_eq!(sheet.passed, passed);
}

#[test]
fn the_same_case_twice_is_taken_once_and_another_under_its_reference_is_refused() {
    let sheet = sheet(
        "Ref,Date received,Date responded\nFOI-1,01/04/2026,\nFOI-1,1 April 2026,\nFOI-1,01/04/2026,07/04/2026\n\
         FOI-2,bad,\nFOI-2,02/04/2026,\n",
    );
    assert_eq!(sheet.passed, [(3, Passed::SameAs(2))]);
    let told = faults(&sheet.lines);
    assert_eq!(told.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [4, 5]);
    assert!(told[0].1.starts_with("FOI-1 is in line 2 already"), "{}", told[0].1);
    assert!(
        told[0].1.contains("(Date responded: nothing there, 07/04/2026 here)"),
        "{}",
        told[0].1
    );
    assert!(sheet.lines[0].1.is_ok() && sheet.lines[3].1.is_ok());
}

#[test]
fn headings_that_come_again_in_another_order_are_read_anew() {
    let sheet = sheet(
        "Reference,Date received,Due date,Notes\nFOI-1,05/10/2026,02/11/2026,\nReference,Due date,Notes,Date received\n\
         FOI-2,16/11/2026,x,19/10/2026\nRef,Received,Due,Remarks\nFOI-3,20/10/2026,17/11/2026,\n\
         FOI-2,19/10/2026,16/11/2026,x\nFOI-1,06/10/2026,02/11/2026,\n",
    );
    let said = |at: usize| {
        let row = sheet.lines[at].1.as_ref().unwrap();
        (row.reference.as_str(), row.facts[0].on, row.due)
    };
    assert_eq!(said(0), ("FOI-1", day("2026-10-05"), Some(day("2026-11-02"))));
    assert_eq!(said(1), ("FOI-2", day("2026-10-19"), Some(day("2026-11-16"))));
    assert_eq!(said(2), ("FOI-3", day("2026-10-20"), Some(day("2026-11-17"))));
    let passed = [(3, Passed::Headings), (5, Passed::Headings), (7, Passed::SameAs(4))];
    assert_eq!(sheet.passed, passed);
    let told = faults(&sheet.lines);
    assert!(
        told[0].1.contains("(Date received: 05/10/2026 there, 06/10/2026 here)"),
        "{told:?}"
    );
}

#[rstest]
#[case("Ref,Due,Responded", "line 3 names other columns than line 1 (received, due)")]
#[case("Ref,Received,Notes", "line 3 names other columns than line 1 (responded)")]
#[case("Ref,Received,Responded,Due", "line 3 names other columns than line 1 (due)")]
#[case("Ref,Received,Responded,Date responded", "line 3 has responded twice")]
fn below_headings_with_other_columns_nothing_is_taken(#[case] headings: &str, #[case] why: &str) {
    let sheet = sheet(&format!(
        "Ref,Received,Responded\nFOI-1,01/10/2026,\n{headings}\nFOI-2,02/10/2026,09/10/2026,\nFOI-3,02/10/2026,,\n"
    ));
    assert_eq!(sheet.passed, [(3, Passed::Headings)]);
    let told = faults(&sheet.lines);
    assert_eq!(told.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [4, 5]);
    assert!(told.iter().all(|(_, said)| said.starts_with(why)), "{told:?}");
    let faulty: Vec<_> = sheet.faulty.iter().map(|(_, reference)| reference.as_str()).collect();
    assert_eq!((faulty, sheet.in_part.len()), (vec!["FOI-2", "FOI-3"], 0));
}

#[test]
fn a_comma_without_quotation_marks_moves_no_date_under_another_heading() {
    let heading = "Ref,Received,Officer,Notes,Due,Responded\n";
    let shifted = "N-1,02/11/2026,bjones,asked roads, none,01/12/2026,\n";
    let whole = "N-2,03/11/2026,bjones,,01/12/2026,\n";
    let tight = "N-3,02/11/2026,bjones,roads,none,01/12/2026,\n";
    let late = "N-4,02/11/2026,bjones,roads,none,01/12/2026,02/12/2026\n";
    for bad in [shifted, tight, late] {
        for text in [
            format!("{heading}{bad}"),
            format!("{heading}{whole}{bad}"),
            format!("{heading}{bad}{whole}"),
            format!(
                "{heading}{}",
                bad.to_owned() + &bad.replace("N-", "M-").replace(",none", ", none")
            ),
        ] {
            let sheet = sheet(&text);
            let taken: Vec<_> = sheet.lines.iter().filter_map(|(_, row)| row.as_ref().ok()).collect();
            assert!(taken.iter().all(|row| row.reference.as_str() == "N-2"), "{text}");
            let told = faults(&sheet.lines);
            assert!(
                told[0].1.starts_with("it has 7 cells and the headings have 6, so"),
                "{told:?}"
            );
            assert!(sheet.in_part.is_empty() && sheet.faulty.len() == told.len());
        }
    }
}

#[test]
fn empty_cells_that_a_program_writes_at_the_end_of_lines_do_no_harm() {
    let line = |number: usize, end: &str| format!("FOI-{number},02/11/2026{end}\n");
    let lines =
        |numbers: std::ops::Range<usize>, end: &str| -> String { numbers.map(|number| line(number, end)).collect() };
    for text in [
        // In every line but the headings, or in them as well.
        format!("Ref,Received\n{}", lines(1..4, ",")),
        format!("Ref,Received,,\n{}", lines(1..4, ",,")),
        // Sixteen lines alike, for a note far to the right that has gone; and fewer cells than there are headings.
        format!(
            "Ref,Received\n{}{}{}",
            lines(1..16, ""),
            lines(16..32, ",,,"),
            lines(32..40, "")
        ),
        format!("Ref,Received,Notes,Due\n{}{}", lines(1..4, ",,"), lines(4..8, "")),
        // Titles above the headings have as many as they like.
        format!("Example Council,,,,,,\nRef,Received\n{}", lines(1..4, "")),
    ] {
        assert_eq!(faults(&self::lines(&text)), [], "{text}");
    }
    // A note beside the table is that line's own matter.
    let noted = format!("Ref,Received\n{}FOI-17,02/11/2026,,see e-mail\n", lines(1..16, ",,"));
    let told = self::lines(&noted);
    let told = faults(&told);
    assert_eq!(told.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [17]);
}

#[test]
fn a_mapping_says_what_headings_and_words_mean() {
    let map = Mapping::parse(
        "heading_line = 2\n[columns]\n\"No.\" = \"reference\"\n\"Date in\" = \"ignore\"\n\"Logged\" = \"received\"\n\
         [regime]\n\"Environmental\" = \"eirs\"\n[officers]\n\"Barbara\" = \"bjones\"\n\"gone\" = \"\"\n",
    )
    .unwrap();
    let text = "Ref,Date received\nno,DATE IN,Logged,Law,Officer,Ref\n1,02/04/2026,01/04/2026,environmental,barbara,x\n\
                2,,01/04/2026,FOI,Gone,y\n";
    let sheet = read(text.as_bytes(), &map).unwrap();
    assert_eq!(sheet.ignored, ["Ref"]);
    let row = sheet.lines[0].1.as_ref().unwrap();
    let details = &row.facts[0].details;
    assert_eq!((row.reference.as_str(), row.facts[0].on), ("1", day("2026-04-01")));
    assert_eq!(
        (details.regime, details.officer.as_deref()),
        (Some(Regime::Eirs), Some("bjones"))
    );
    assert_eq!(sheet.lines[1].1.as_ref().unwrap().facts[0].details.officer, None);
    let absent = Mapping::parse("[columns]\n\"Colour\" = \"ignore\"\n").unwrap();
    let refused = read(b"reference,received\n", &absent).unwrap_err().to_string();
    assert!(refused.contains("no heading \"Colour\""), "{refused}");
}

#[rstest]
#[case("colums = 1", "line 1: unknown field `colums`")]
#[case(
    "[columns]\nRef = \"referense\"",
    "\"referense\" is not a column; write \"ignore\" or one of reference"
)]
#[case("[regime]\nx = \"sar\"", "[regime] \"x\"")]
#[case("[columns]\n\"Ref\" = \"reference\"\n\"REF.\" = \"ignore\"", "stands twice")]
#[case("[columns", "line 1")]
fn a_mapping_that_cannot_be_is_one_line(#[case] text: &str, #[case] words: &str) {
    let refused = Mapping::parse(text).unwrap_err().to_string();
    assert!(refused.contains(words) && !refused.contains('\n'), "{refused}");
}

#[rstest]
#[case("=1+1", "'=1+1")]
#[case("+44", "'+44")]
#[case("-7", "'-7")]
#[case("@SUM(A1)", "'@SUM(A1)")]
#[case("\t=1", "'\t=1")]
#[case("'=1", "''=1")]
#[case("''-", "'''-")]
#[case("O'Neil", "O'Neil")]
#[case("'quoted'", "'quoted'")]
#[case("2022-03-04", "2022-03-04")]
#[case("", "")]
fn a_cell_that_would_be_reckoned_is_guarded_and_read_as_it_was(#[case] text: &str, #[case] written: &str) {
    assert_eq!(guarded(text), written);
    assert_eq!(Cell::text(written).shown(), text);
}
