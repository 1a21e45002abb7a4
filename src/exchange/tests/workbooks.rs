//! Spreadsheets' own files: good ones, odd ones, and such as were made to do harm.

use std::io::{Cursor, Read as _, Write as _};

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::super::*;
use super::{day, faults};

fn opened(bytes: &[u8]) -> Result<Sheet, SheetError> {
    read(bytes, &Mapping::default())
}

/// Two hidden or useless worksheets before the one with the cases, which has dates of every kind.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet()
        .set_name("Notes")
        .unwrap()
        .write(0, 0, "How to use this")
        .unwrap();
    let old = book.add_worksheet();
    old.set_name("Old").unwrap().set_hidden(true);
    old.write_row(0, 0, ["Ref", "Date received"]).unwrap();
    old.write_row(1, 0, ["OLD-1", "01/04/2020"]).unwrap();
    let sheet = book.add_worksheet();
    sheet.set_name("Requests 2026").unwrap();
    sheet
        .merge_range(0, 0, 0, 5, "Example Council: requests", &Format::new().set_bold())
        .unwrap();
    sheet
        .write_row(3, 0, ["Ref", "Date received", "Days", "Due", "Colour"])
        .unwrap();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let moment = ExcelDateTime::from_ymd(2026, 4, 1).unwrap().and_hms(10, 30, 0).unwrap();
    sheet.write(4, 0, 101).unwrap();
    sheet.write_with_format(4, 1, &moment, &date).unwrap();
    sheet
        .write_formula_with_format(4, 3, Formula::new("=B5+28").set_result("46141"), &date)
        .unwrap();
    sheet.write_row(5, 0, ["FOI-2", "2 April 2026"]).unwrap();
    sheet.write(6, 0, "FOI-3").unwrap();
    sheet.write(6, 1, 46115).unwrap();
    sheet.write(7, 0, "FOI-4").unwrap();
    sheet
        .write_formula(7, 1, Formula::new("=#REF!").set_result("#REF!"))
        .unwrap();
    sheet.write(9, 0, "Total").unwrap();
    sheet
        .write_formula(9, 2, Formula::new("=COUNTA(A5:A8)").set_result("4"))
        .unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn the_visible_worksheet_with_the_headings_is_read_with_dates_of_every_kind() {
    let sheet = opened(&workbook()).unwrap();
    assert_eq!((sheet.worksheet.as_deref(), sheet.headings), (Some("Requests 2026"), 4));
    assert_eq!(sheet.ignored, ["Days", "Colour"]);
    let row = |at: usize| sheet.lines[at].1.as_ref().unwrap();
    assert_eq!(
        (row(0).reference.as_str(), row(0).facts[0].on),
        ("101", day("2026-04-01"))
    );
    assert_eq!(row(0).due, Some(day("2026-04-29")));
    assert_eq!(row(1).facts[0].on, day("2026-04-02"));
    assert_eq!(row(2).facts[0].on, day("2026-04-03"));
    let told = [(
        8,
        "Date received: the cell shows #REF!; mend its formula, or write the date",
    )];
    assert_eq!(faults(&sheet.lines), told);
    assert_eq!(sheet.passed, [(10, Passed::Total)]);
}

#[test]
fn a_mapping_names_the_worksheet_and_one_that_is_not_there_is_told() {
    let named = |name: &str| read(&workbook(), &Mapping::parse(&format!("sheet = {name:?}")).unwrap());
    let old = named("old").unwrap();
    assert_eq!(old.lines[0].1.as_ref().unwrap().reference.as_str(), "OLD-1");
    let refused = named("2025").unwrap_err().to_string();
    assert!(
        refused.contains("no worksheet \"2025\"") && refused.contains("\"Requests 2026\""),
        "{refused}"
    );
    let notes = named("Notes").unwrap_err().to_string();
    assert!(notes.contains("no column \"reference\""), "{notes}");
}

/// A worksheet a year, and what else such a file has; those that are empty but for their headings hold no cases.
fn tabs(names: &[(&str, &[&str])]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, references) in names {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        sheet.write_row(0, 0, ["Ref", "Date received"]).unwrap();
        for (line, reference) in (1..).zip(*references) {
            sheet.write_row(line, 0, [*reference, "02/11/2026"]).unwrap();
        }
    }
    book.add_worksheet().write(0, 0, "How to use this").unwrap();
    let old = book.add_worksheet();
    old.set_name("Old").unwrap().set_hidden(true);
    old.write_row(0, 0, ["Ref", "Date received"]).unwrap();
    old.write_row(1, 0, ["OLD-1", "01/04/2020"]).unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn further_worksheets_with_cases_are_named_and_neither_empty_nor_hidden_ones() {
    let book = tabs(&[
        ("2026", &["A-1"]),
        ("2027", &["A-2"]),
        ("2028", &[]),
        ("2029", &["A-3"]),
    ]);
    let sheet = opened(&book).unwrap();
    assert_eq!(sheet.worksheet.as_deref(), Some("2026"));
    assert_eq!(sheet.unread, ["2027", "2029"]);
    // Whoever names one has chosen.
    let sheet = read(&book, &Mapping::parse("sheet = \"2027\"").unwrap()).unwrap();
    assert_eq!((sheet.worksheet.as_deref(), sheet.unread.len()), (Some("2027"), 0));
    assert_eq!(opened(&workbook()).unwrap().unread.len(), 0);
}

#[test]
fn a_reference_that_became_a_date_is_refused_and_a_formula_over_an_empty_cell_is_empty() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet
        .write_row(0, 0, ["Ref", "Date received", "Date responded"])
        .unwrap();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    sheet.write_with_format(1, 0, 44624, &date).unwrap();
    sheet.write_with_format(1, 1, 44624, &date).unwrap();
    sheet.write(2, 0, "FOI-2").unwrap();
    sheet.write_with_format(2, 1, 44624, &date).unwrap();
    sheet
        .write_formula_with_format(2, 2, Formula::new("=Z3").set_result("0"), &date)
        .unwrap();
    let sheet = opened(&book.save_to_buffer().unwrap()).unwrap();
    let told = faults(&sheet.lines);
    assert_eq!(told.len(), 1);
    assert!(
        told[0].1.starts_with("Ref: 04/03/2022 is a date, into which"),
        "{told:?}"
    );
    assert_eq!(sheet.lines[1].1.as_ref().unwrap().facts.len(), 1);
}

#[test]
fn a_reference_that_became_a_truth_value_or_lost_figures_is_refused() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet
        .write_row(0, 0, ["Ref", "Date received", "Date responded"])
        .unwrap();
    for line in 1..6 {
        sheet.write(line, 1, 44624).unwrap();
        sheet.write(line, 2, false).unwrap();
    }
    sheet.write(1, 0, true).unwrap();
    sheet.write(2, 0, 0.1 + 0.2).unwrap();
    sheet.write(3, 0, 2026.1).unwrap();
    sheet.write(4, 0, 12_345_678_901_234_567_u64).unwrap();
    sheet.write(5, 0, 2026).unwrap();
    let sheet = opened(&book.save_to_buffer().unwrap()).unwrap();
    let told = faults(&sheet.lines);
    let words = [
        (2, "Ref: TRUE is a truth value, into which"),
        (3, "Ref: 0.30000000000000004 is no whole number, into which"),
        (4, "Ref: 2026.1 is no whole number, into which"),
        (
            5,
            "Ref: 12345678901234568 is a number too long to be kept whole, into which",
        ),
    ];
    assert_eq!(told.len(), words.len(), "{told:?}");
    for ((line, said), (number, words)) in told.into_iter().zip(words) {
        assert!(line == number && said.starts_with(words), "{said}");
    }
    let row = sheet.lines[4].1.as_ref().unwrap();
    assert_eq!((row.reference.as_str(), row.facts.len()), ("2026", 1));
}

#[test]
fn a_cell_beyond_the_end_of_any_sheet_is_damage() {
    for cell in ["XFE4", "A1048577", "A99999999999999999999", "ZZZZZZZZZZZZZZZZ4"] {
        let bytes = with_part(&simple(), "xl/worksheets/sheet1.xml", |text| {
            let end = format!("<row r=\"4\"><c r=\"{cell}\"><v>1</v></c></row></sheetData>");
            text.replace("</sheetData>", &end)
        });
        survives(&bytes);
        if cell.len() < 10 {
            let refused = opened(&bytes).unwrap_err().to_string();
            assert!(refused.contains("beyond the end of any sheet"), "{refused}");
        }
    }
}

/// The same parts with one of them written anew.
fn with_part(bytes: &[u8], name: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut part = from.by_index(index).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        let text = if part.name() == name { change(text) } else { text };
        to.start_file(part.name(), zip::write::SimpleFileOptions::default())
            .unwrap();
        to.write_all(text.as_bytes()).unwrap();
    }
    to.finish().unwrap().into_inner()
}

fn simple() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["Ref", "Date received"]).unwrap();
    sheet.write(1, 0, "FOI-1").unwrap();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    sheet.write_with_format(1, 1, 43162, &date).unwrap();
    sheet.write(2, 0, "FOI-2").unwrap();
    sheet.write(2, 1, 43162).unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_that_counts_from_1904_is_read_by_its_own_count() {
    let of_1904 = with_part(&simple(), "xl/workbook.xml", |text| {
        text.replace("<workbookPr ", "<workbookPr date1904=\"1\" ")
    });
    let sheet = opened(&of_1904).unwrap();
    for (_, row) in &sheet.lines {
        assert_eq!(row.as_ref().unwrap().facts[0].on, day("2022-03-04"));
    }
}

#[test]
fn other_forms_are_told_by_their_name() {
    let zip = |names: &[&str]| {
        let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for name in names {
            to.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        }
        to.finish().unwrap().into_inner()
    };
    for (bytes, words) in [
        (zip(&["mimetype", "content.xml"]), "OpenDocument sheet (.ods)"),
        (zip(&["xl/workbook.bin"]), "(.xlsb)"),
        (zip(&["word/document.xml"]), "a Word document"),
        (zip(&["holiday.txt"]), "(.zip)"),
        (
            vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1],
            "old Excel file (.xls), or one with a password",
        ),
        (b"PK".to_vec(), "cannot be read as a spreadsheet"),
        (Vec::new(), "no column \"reference\""),
    ] {
        let refused = opened(&bytes).unwrap_err().to_string();
        assert!(refused.contains(words) && !refused.contains('\n'), "{refused}");
    }
}

#[test]
fn a_small_file_that_unpacks_to_more_than_there_is_is_refused() {
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    to.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default())
        .unwrap();
    let block = vec![b' '; 1 << 20];
    for _ in 0..3 {
        to.write_all(&block).unwrap();
    }
    let bytes = to.finish().unwrap().into_inner();
    assert!(bytes.len() < 1 << 16);
    let refused = xlsx::within_bounds(&bytes, 2 << 20).unwrap_err().to_string();
    assert!(refused.contains("too large: more than 2 MB when unpacked"), "{refused}");
}

#[test]
fn a_sheet_with_its_cells_at_the_ends_of_the_earth_is_no_larger_for_it() {
    let far = |cells: &str| {
        with_part(&simple(), "xl/worksheets/sheet1.xml", |text| {
            let end = text.replace("</sheetData>", &format!("{cells}</sheetData>"));
            end.replace("<dimension ref=\"A1:B3\"/>", "<dimension ref=\"A1:XFD1048576\"/>")
        })
    };
    let sheet = opened(&far("<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>")).unwrap();
    assert_eq!(sheet.lines.len(), 2);
    let wide: String = (4..20_000)
        .map(|row| format!("<row r=\"{row}\"><c r=\"IV{row}\"><v>1</v></c></row>"))
        .collect();
    let refused = opened(&far(&wide)).unwrap_err().to_string();
    assert!(refused.contains("too large: more than 4000000 cells"), "{refused}");
}

#[test]
fn one_long_text_shared_by_many_cells_is_refused() {
    let long = "x".repeat(30_000);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["Ref", "Date received"]).unwrap();
    for row in 1..5_000 {
        sheet.write(row, 3, &long).unwrap();
    }
    let refused = opened(&book.save_to_buffer().unwrap()).unwrap_err().to_string();
    assert!(refused.contains("too large: more than 128 MB of text"), "{refused}");
}

/// A generator of bits that is the same everywhere (xorshift).
fn chance(state: &mut u64, below: usize) -> usize {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    usize::try_from(*state % u64::try_from(below).unwrap()).unwrap()
}

/// What comes of a broken file does not matter, as long as it is a sheet or one line.
fn survives(bytes: &[u8]) {
    if let Err(error) = opened(bytes) {
        let line = error.to_string();
        assert!(!line.is_empty() && line.len() < 2_000, "{line}");
    }
}

#[test]
fn a_file_that_was_cut_off_or_has_bits_turned_is_read_or_refused() {
    let whole = workbook();
    for part in 0..=20 {
        survives(&whole[..whole.len() * part / 20]);
    }
    let mut state = 0x5EED_0001;
    for _ in 0..600 {
        let mut broken = whole.clone();
        for _ in 0..=chance(&mut state, 3) {
            let at = chance(&mut state, broken.len());
            broken[at] ^= 1 << chance(&mut state, 8);
        }
        survives(&broken);
    }
}

/// Turned bits in a packed file are mostly caught by its checksums, so the parts are broken and packed anew.
#[test]
fn a_file_whose_parts_were_broken_and_packed_anew_is_read_or_refused() {
    let whole = workbook();
    let parts = [
        "xl/workbook.xml",
        "xl/worksheets/sheet3.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/_rels/workbook.xml.rels",
    ];
    let words = [
        "\"",
        "<",
        ">",
        "&",
        "99999999999999999999",
        "-1",
        "A0",
        "XFD",
        "",
        "/",
        "r=\"\"",
        "ref=\":\"",
        "t=\"s\"",
        "é",
    ];
    let mut state = 0x5EED_0002;
    for round in 0..600 {
        let broken = with_part(&whole, parts[round % parts.len()], |text| {
            let mut bytes: Vec<char> = text.chars().collect();
            let seed = &mut (state + round as u64 * 7919);
            for _ in 0..=chance(seed, 4) {
                let at = chance(seed, bytes.len());
                let until = (at + chance(seed, 12)).min(bytes.len());
                bytes.splice(at..until, words[chance(seed, words.len())].chars());
            }
            bytes.into_iter().collect()
        });
        chance(&mut state, 2);
        survives(&broken);
    }
}

#[test]
fn bytes_that_are_nothing_at_all_are_refused_or_read() {
    let mut state = 0x5EED_0003;
    for length in 0..400 {
        let bytes: Vec<u8> = (0..length).map(|_| chance(&mut state, 256).to_le_bytes()[0]).collect();
        survives(&bytes);
        let csv = [b"Ref,Date received\nFOI-1,".as_slice(), &bytes].concat();
        survives(&csv);
    }
}
