//! A fictitious council's sheet of fifteen hundred requests, with the faults that real ones have. Which of its due dates
//! are wrong is known by counting day after day over lists of holidays, by nothing of the program's.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use rust_xlsxwriter::{Format, Workbook};

/// The day on which the sheet is taken in.
pub(crate) const TODAY: &str = "2026-03-02";

/// How many requests.
const CASES: usize = 1_500;

/// Weekdays that were bank holidays in Scotland.
const SCOTLAND: [&str; 16] = [
    "2024-08-05",
    "2024-12-02",
    "2024-12-25",
    "2024-12-26",
    "2025-01-01",
    "2025-01-02",
    "2025-04-18",
    "2025-05-05",
    "2025-05-26",
    "2025-08-04",
    "2025-12-01",
    "2025-12-25",
    "2025-12-26",
    "2026-01-01",
    "2026-01-02",
    "2026-04-03",
];

/// The same in England.
const ENGLAND: [&str; 14] = [
    "2024-08-26",
    "2024-12-25",
    "2024-12-26",
    "2025-01-01",
    "2025-04-18",
    "2025-04-21",
    "2025-05-05",
    "2025-05-26",
    "2025-08-25",
    "2025-12-25",
    "2025-12-26",
    "2026-01-01",
    "2026-04-03",
    "2026-04-06",
];

pub(crate) const HEADINGS: [&str; 11] = [
    "Ref No.",
    "Requester type",
    "FOI / EIR",
    "Lead Officer",
    "Date Received (dd/mm/yyyy)",
    "Clarification requested",
    "Clarification received",
    "Response due",
    "Date of response",
    "Date closed",
    "Notes",
];

/// Chance that is the same everywhere (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Empty,
    Text(String),
    Number(u32),
    /// A number that is shown as a date.
    Date(NaiveDate),
    /// The number alone.
    Serial(NaiveDate),
}

/// A due date in the sheet that is not the law's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Planted {
    pub(crate) line: usize,
    pub(crate) reference: String,
    pub(crate) sheet: NaiveDate,
    pub(crate) law: NaiveDate,
    /// Words that its explanation must have, all of them.
    pub(crate) because: Vec<String>,
}

/// The sheet, and what is known of it.
pub(crate) struct Council {
    /// The lines; the first is line 1.
    pub(crate) lines: Vec<Vec<Cell>>,
    pub(crate) planted: Vec<Planted>,
    pub(crate) unfinished: Vec<String>,
    pub(crate) refused: Vec<usize>,
    pub(crate) repeated: Vec<usize>,
    pub(crate) totals: Vec<usize>,
    pub(crate) remarks: Vec<usize>,
    pub(crate) headings: Vec<usize>,
    pub(crate) cases: usize,
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The day on which so many working days have been counted, one after the other.
fn count(after: NaiveDate, days: u32, holidays: &[&str]) -> NaiveDate {
    let mut date = after;
    let mut counted = 0;
    while counted < days {
        date = date.succ_opt().unwrap();
        if !is_weekend(date) && !holidays.contains(&date.to_string().as_str()) {
            counted += 1;
        }
    }
    date
}

/// The days between two that one list has and the other has not, as the program writes them.
fn only_in(list: &[&str], other: &[&str], after: NaiveDate, through: NaiveDate) -> Vec<String> {
    let days = list.iter().filter(|one| !other.contains(one)).map(|one| day(one));
    days.filter(|date| *date > after && *date <= through)
        .map(|date| date.format("%a %-d %b %Y").to_string())
        .collect()
}

impl Council {
    pub(crate) fn made() -> Council {
        let mut chance = Chance(0x0C0D_E5EE_D001);
        let mut council = Council {
            lines: Vec::new(),
            planted: Vec::new(),
            unfinished: Vec::new(),
            refused: Vec::new(),
            repeated: Vec::new(),
            totals: Vec::new(),
            remarks: Vec::new(),
            headings: Vec::new(),
            cases: 0,
        };
        council.text(&["Example Council: requests for information"]);
        council.text(&["Kept by the FOI team. Do not sort!"]);
        council.lines.push(Vec::new());
        council.text(&HEADINGS);
        for number in 0..CASES {
            council.between(number, &mut chance);
            council.case(number, &mut chance);
        }
        council.lines.push(Vec::new());
        let total = vec![
            Cell::Text("Total".to_owned()),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Number(u32::try_from(CASES).unwrap()),
        ];
        council.lines.push(total);
        council.totals.push(council.lines.len());
        council.text(&["", "", "", "", "", "", "", "", "", "", "Dates in red were late"]);
        council.remarks.push(council.lines.len());
        council
    }

    fn text(&mut self, cells: &[&str]) {
        let cell = |text: &&str| match text.is_empty() {
            true => Cell::Empty,
            false => Cell::Text((*text).to_owned()),
        };
        self.lines.push(cells.iter().map(cell).collect());
    }

    /// What people put between the cases.
    fn between(&mut self, number: usize, chance: &mut Chance) {
        if number > 0 && number.is_multiple_of(250) {
            self.text(&HEADINGS);
            self.headings.push(self.lines.len());
        }
        if number.is_multiple_of(400) {
            self.text(&["October 2024"]);
            self.remarks.push(self.lines.len());
        }
        if chance.below(60) == 0 {
            self.lines.push(Vec::new());
        }
        let bad: &[&str] = match number {
            100 => &["FOI-BAD-1", "", "FOI", "", "30/02/2025"],
            200 => &["FOI-BAD-2", "", "FOI", "", "", "", "", "17/03/2025"],
            300 => &["FOI-BAD-3", "", "FOI", "", "03/25/2025"],
            400 => &["", "", "FOI", "", "25/03/2025"],
            500 => &["FOI-BAD-4", "", "SAR", "", "25/03/2025"],
            600 => &["FOI-BAD-5", "", "FOI", "", "25/03/2025", "", "", "", "sent, I think"],
            _ => return,
        };
        self.text(bad);
        self.refused.push(self.lines.len());
    }

    fn case(&mut self, number: usize, chance: &mut Chance) {
        // In the order of their coming, over twenty months.
        let received = day("2024-06-17") + Days::new(u64::try_from(number * 612 / CASES).unwrap());
        let reference = format!("FOI-{}-{:04}", received.year(), number + 1);
        let clarified = (number % 23 == 7).then(|| {
            let sought = received + Days::new(3);
            (sought, sought + Days::new(5))
        });
        let start = clarified.map_or(received, |(_, came)| came);
        let law = count(start, 20, &SCOTLAND);
        let today = day(TODAY);
        let forgotten = number % 120 == 60 && start < day("2025-10-01");
        let responded = (count(start, 15, &SCOTLAND) < today && !forgotten)
            .then(|| count(start, 5 + u32::try_from(chance.below(10)).unwrap(), &SCOTLAND));
        let (due, because) = self.due(number, received, start, law, chance);
        if forgotten {
            self.unfinished.push(reference.clone());
        }
        let regime = ["FOI", "FOISA", "FOI(S)A", "EIR", "EIRs", "foi", ""];
        let officer = ["B Jones", "bjones", "cbrown@example.gov.uk", "C. Brown", "C Brown "];
        let note = [
            "",
            "",
            "",
            "+ see e-mail",
            "=late?",
            "two\nlines",
            "closed; \"done\", I think",
        ];
        let date = |date: Option<NaiveDate>, chance: &mut Chance| match date {
            Some(date) => written(date, chance),
            None if chance.below(12) == 0 => Cell::Text(chance.one(&["n/a", "-", "N/A"]).to_owned()),
            None => Cell::Empty,
        };
        let text = |text: &str| match text.is_empty() {
            true => Cell::Empty,
            false => Cell::Text(text.to_owned()),
        };
        let line = vec![
            text(&reference),
            text(chance.one(&["Media", "Public", "MSP", ""])),
            text(chance.one(&regime)),
            text(chance.one(&officer)),
            written(received, chance),
            date(clarified.map(|(sought, _)| sought), chance),
            date(clarified.map(|(_, came)| came), chance),
            date(due, chance),
            date(responded, chance),
            date(responded.filter(|_| chance.below(3) == 0), chance),
            text(chance.one(&note)),
        ];
        self.lines.push(line.clone());
        self.cases += 1;
        if let Some(sheet) = due.filter(|due| *due != law) {
            self.planted.push(Planted {
                line: self.lines.len(),
                reference,
                sheet,
                law,
                because,
            });
        }
        self.again(number, line, received, chance);
    }

    /// The due date that the council reckoned, and what must be said of it if it is wrong.
    fn due(
        &self,
        number: usize,
        received: NaiveDate,
        start: NaiveDate,
        law: NaiveDate,
        chance: &mut Chance,
    ) -> (Option<NaiveDate>, Vec<String>) {
        match number % 10 {
            3 | 6 => {
                let due = count(start, 20, &ENGLAND);
                let mut because = only_in(&ENGLAND, &SCOTLAND, start, due);
                because.extend(only_in(&SCOTLAND, &ENGLAND, start, due));
                (Some(due), because)
            }
            5 => {
                let due = count(start, 19, &SCOTLAND);
                (Some(due), vec!["counted the day of receipt itself as day 1".to_owned()])
            }
            8 if start != received => {
                let because = format!("counted from {}", received.format("%a %-d %b %Y"));
                (Some(count(received, 20, &SCOTLAND)), vec![because])
            }
            9 if chance.below(4) == 0 => (None, Vec::new()),
            _ => (Some(law), Vec::new()),
        }
    }

    /// A case that stands in the sheet a second time.
    fn again(&mut self, number: usize, mut line: Vec<Cell>, received: NaiveDate, chance: &mut Chance) {
        if number % 97 == 11 {
            line[4] = written(received, chance);
            self.lines.push(line);
            self.repeated.push(self.lines.len());
        } else if number % 211 == 50 {
            line[4] = written(received + Days::new(1), chance);
            self.lines.push(line);
            self.refused.push(self.lines.len());
        }
    }

    /// As a workbook, with the cases on its second worksheet.
    pub(crate) fn xlsx(&self) -> Vec<u8> {
        let mut book = Workbook::new();
        book.add_worksheet()
            .set_name("Read me")
            .unwrap()
            .write(0, 0, "See the next sheet")
            .unwrap();
        let sheet = book.add_worksheet();
        sheet.set_name("Requests").unwrap();
        let shown = Format::new().set_num_format("dd/mm/yyyy");
        for (row, line) in self.lines.iter().enumerate() {
            let row = u32::try_from(row).unwrap();
            if row < 2 {
                let Cell::Text(title) = &line[0] else { panic!() };
                sheet
                    .merge_range(row, 0, row, 10, title, &Format::new().set_bold())
                    .unwrap();
                continue;
            }
            for (column, cell) in line.iter().enumerate() {
                let column = u16::try_from(column).unwrap();
                match cell {
                    Cell::Empty => continue,
                    Cell::Text(text) => sheet.write_string(row, column, text).unwrap(),
                    Cell::Number(number) => sheet.write_number(row, column, *number).unwrap(),
                    Cell::Date(date) => sheet
                        .write_number_with_format(row, column, serial(*date), &shown)
                        .unwrap(),
                    Cell::Serial(date) => sheet.write_number(row, column, serial(*date)).unwrap(),
                };
            }
        }
        book.save_to_buffer().unwrap()
    }

    /// As the spreadsheet program saves it for others, lines ended as on Windows.
    pub(crate) fn csv(&self) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .terminator(csv::Terminator::CRLF)
            .from_writer(vec![0xEF, 0xBB, 0xBF]);
        for line in &self.lines {
            let mut cells: Vec<String> = line.iter().map(in_csv).collect();
            cells.resize(HEADINGS.len(), String::new());
            writer.write_record(cells).unwrap();
        }
        writer.into_inner().unwrap()
    }
}

/// The number by which spreadsheets know a day.
fn serial(date: NaiveDate) -> u32 {
    u32::try_from((date - day("1899-12-30")).num_days()).unwrap()
}

fn in_csv(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        // A line break in a cell would number the lines of the file otherwise than those of the sheet.
        Cell::Text(text) => text.replace('\n', " "),
        Cell::Number(number) => number.to_string(),
        Cell::Date(date) => date.format("%d/%m/%Y").to_string(),
        Cell::Serial(date) => serial(*date).to_string(),
    }
}

/// A date in one of the ways that people have.
fn written(date: NaiveDate, chance: &mut Chance) -> Cell {
    let ordinal = match date.day() {
        1 | 21 | 31 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    };
    let form = match chance.below(14) {
        0..=4 => return Cell::Date(date),
        5 => return Cell::Serial(date),
        6 => "%d/%m/%Y".to_owned(),
        7 => "%-d/%-m/%y".to_owned(),
        8 => "%d.%m.%Y".to_owned(),
        9 => "%-d %B %Y".to_owned(),
        10 => "%a %-d %b %Y".to_owned(),
        11 => format!("%-d{ordinal} %B %Y"),
        12 => "%Y-%m-%d 00:00:00".to_owned(),
        _ => "%d-%b-%y".to_owned(),
    };
    Cell::Text(date.format(&form).to_string())
}
