//! An officer with a spreadsheet program: what the sheet is to say, and how it comes into the file. It knows nothing of
//! the program that reads it.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};

/// A row: what stands in which column. What is empty is not there.
pub(crate) type Row = BTreeMap<String, String>;

/// A sheet that is edited, and its file.
#[derive(Debug, Clone)]
pub(crate) struct Excel {
    path: PathBuf,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Row>,
    /// What the file holds, and when it was written; nothing where it was taken away.
    written: Option<(Vec<u8>, SystemTime)>,
    saves: u32,
}

pub(crate) fn row(cells: &str) -> Row {
    let cell = |cell: &str| {
        let (column, text) = cell.split_once('=').unwrap();
        (column.to_owned(), text.to_owned())
    };
    cells.split_whitespace().map(cell).collect()
}

impl Excel {
    pub(crate) fn new(path: &Path, columns: &str) -> Self {
        Self {
            path: path.to_owned(),
            columns: columns.split(',').map(str::to_owned).collect(),
            rows: Vec::new(),
            written: None,
            saves: 0,
        }
    }

    pub(crate) fn add(&mut self, cells: &str) {
        self.rows.push(row(cells));
    }

    pub(crate) fn row(&mut self, reference: &str) -> &mut Row {
        let found = self.rows.iter_mut().find(|row| row["reference"] == reference);
        found.unwrap_or_else(|| panic!("no row {reference}"))
    }

    pub(crate) fn set(&mut self, reference: &str, column: &str, text: &str) {
        match text {
            "" => self.row(reference).remove(column),
            text => self.row(reference).insert(column.to_owned(), text.to_owned()),
        };
    }

    pub(crate) fn delete(&mut self, reference: &str) -> Row {
        let place = self.rows.iter().position(|row| row["reference"] == reference).unwrap();
        self.rows.remove(place)
    }

    /// One column sorted, and the others left as they are.
    pub(crate) fn sort_only(&mut self, column: &str) {
        let mut cells: Vec<Option<String>> = self.rows.iter().map(|row| row.get(column).cloned()).collect();
        cells.sort();
        for (row, cell) in self.rows.iter_mut().zip(cells) {
            match cell {
                Some(cell) => row.insert(column.to_owned(), cell),
                None => row.remove(column),
            };
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut text = format!("\u{feff}{}\r\n", self.columns.join(","));
        for row in &self.rows {
            let cells: Vec<&str> = self
                .columns
                .iter()
                .map(|column| row.get(column).map_or("", String::as_str))
                .collect();
            text.push_str(&format!("{}\r\n", cells.join(",")));
        }
        text.into_bytes()
    }

    /// The name of the file that says that somebody has the sheet open.
    fn lock(&self) -> PathBuf {
        let name = self.path.file_name().unwrap().to_str().unwrap();
        self.path.with_file_name(format!("~${name}"))
    }

    pub(crate) fn open(&self) {
        std::fs::write(self.lock(), "\u{7}B Jones").unwrap();
    }

    pub(crate) fn close(&self) {
        std::fs::remove_file(self.lock()).unwrap();
    }

    /// A moment that no other saving has: some file systems tell time in steps of milliseconds.
    fn moment(&mut self, now: DateTime<Utc>) -> SystemTime {
        self.saves += 1;
        SystemTime::from(now) + Duration::from_nanos(100 * u64::from(self.saves))
    }

    fn put(&mut self, path: &Path, bytes: &[u8], now: DateTime<Utc>) -> SystemTime {
        let moment = self.moment(now);
        std::fs::write(path, bytes).unwrap();
        File::options()
            .write(true)
            .open(path)
            .unwrap()
            .set_modified(moment)
            .unwrap();
        moment
    }

    /// A new file beside the old one, then put in its place.
    pub(crate) fn save(&mut self, now: DateTime<Utc>) {
        let (new, bytes) = (self.path.with_file_name("A1B2C300"), self.bytes());
        let moment = self.put(&new, &bytes, now);
        std::fs::rename(&new, &self.path).unwrap();
        self.written = Some((bytes, moment));
    }

    /// The old file taken away, and the new one not there yet.
    pub(crate) fn remove(&mut self) {
        std::fs::remove_file(&self.path).unwrap();
        self.written = None;
    }

    /// Written in its place, and only so much of it so far.
    pub(crate) fn save_part(&mut self, share: usize, now: DateTime<Utc>) {
        let bytes = self.bytes();
        self.overwrite(&bytes[..bytes.len() * share / 100], now);
    }

    pub(crate) fn overwrite(&mut self, bytes: &[u8], now: DateTime<Utc>) {
        let moment = self.put(&self.path.clone(), bytes, now);
        self.written = Some((bytes.to_owned(), moment));
    }

    /// That nobody but the officer has written the file.
    pub(crate) fn assert_untouched(&self) {
        match &self.written {
            None => assert!(!self.path.exists(), "somebody made the file"),
            Some((bytes, moment)) => {
                let about = std::fs::metadata(&self.path).unwrap();
                assert_eq!(about.modified().unwrap(), *moment, "somebody changed the file");
                assert_eq!(&std::fs::read(&self.path).unwrap(), bytes);
            }
        }
    }
}
