//! Sheets as a spreadsheet's own file. The bytes are parts of a workbook; around them stands a packed file that is whole,
//! for at random none ever would be.

use timeous::exchange::Mapping;

use super::packed::{self, Part};

const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
const RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Log" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const BOOK_RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
const STRINGS: &str = r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="3" uniqueCount="3"><si><t>reference</t></si><si><t>received</t></si><si><r><t>FOI</t></r><r><t>-1</t></r></si></sst>"#;
const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;
const SHEET: &str = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" s="1"><v>44624</v></c></row></sheetData></worksheet>"#;

/// The parts in the order in which the input replaces them: the first byte says which, the sheet itself mostly.
const PARTS: [(&str, &str); 7] = [
    ("xl/worksheets/sheet1.xml", SHEET),
    ("xl/sharedStrings.xml", STRINGS),
    ("xl/styles.xml", STYLES),
    ("xl/workbook.xml", BOOK),
    ("xl/_rels/workbook.xml.rels", BOOK_RELS),
    ("_rels/.rels", RELS),
    ("[Content_Types].xml", TYPES),
];

/// A workbook is read as a CSV of the same cells would be, or refused in one line.
pub(super) fn xlsx_rows(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else {
        return;
    };
    let bytes = match usize::from(*first).checked_sub(usize::from(b'0')) {
        // The packed file itself.
        Some(9) => [b"PK".as_slice(), rest].concat(),
        which => workbook(which.filter(|which| *which < PARTS.len()).unwrap_or(0), rest),
    };
    super::sheets::understood(&bytes, &Mapping::default());
}

/// A workbook, one of whose parts is this.
fn workbook(which: usize, part: &[u8]) -> Vec<u8> {
    let mut parts = PARTS.map(|(name, text)| (name, Part::Stored(text.as_bytes())));
    parts[which].1 = Part::Stored(part);
    packed::file(&parts)
}
