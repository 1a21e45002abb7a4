//! The service beside the sheet: a register, a clock that is turned by hand, and the mails that go out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use timeous::case::{Case, Kind, standing};
use timeous::casework::deliver;
use timeous::casework::dispatch::dispatch;
use timeous::casework::import::{How, Report, import};
use timeous::casework::reconcile::reconcile;
use timeous::casework::record::{Clerk, record};
use timeous::casework::sheet::{Taken, label, look};
use timeous::casework::verify::verify;
use timeous::clock::london_instant;
use timeous::config::{Config, Surroundings};
use timeous::exchange::{self, Mapping};
use timeous::mail::Outcome;
use timeous::reminders::Notice;
use timeous::reminders::notice::SheetMatter;
use timeous::store::{Error, Read, Sqlite, Store};

use crate::excel::{Excel, Row};

const OFFICE: &str = r#"
[reminders]
assurance = "never"
manager_on = []
[mail]
from = "Timeous <foi@council.example>"
[people]
team = "team@council.example"
officers = [
  { id = "bjones", name = "B Jones", email = "b.jones@council.example", cover = "cbrown" },
  { id = "cbrown", name = "C Brown", email = "c.brown@council.example", cover = "bjones" },
  { id = "mgreen", name = "M Green", email = "m.green@council.example" },
]
[sheet]
path = "foi.csv"
owner = "bjones"
"#;

/// A mail that was accepted.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    pub(crate) at: DateTime<Utc>,
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    /// The names of what it tells of the sheet.
    pub(crate) oddities: Vec<String>,
}

pub(crate) struct Desk {
    folder: tempfile::TempDir,
    pub(crate) config: Config,
    pub(crate) store: Sqlite,
    pub(crate) now: DateTime<Utc>,
    pub(crate) mails: Vec<Mail>,
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An instant by the clock on the wall in Scotland.
pub(crate) fn instant(text: &str) -> DateTime<Utc> {
    let wall = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap_or_else(|_| panic!("{text}"));
    london_instant(wall.date(), wall.time())
}

impl Desk {
    pub(crate) fn new(at: &str) -> Self {
        // In memory where there is such a place: thousands of commits would otherwise wait for the disk.
        let shared = std::path::Path::new("/dev/shm");
        let folder = match shared.is_dir() {
            true => tempfile::tempdir_in(shared),
            false => tempfile::tempdir(),
        };
        let folder = folder.unwrap();
        let config = Config::parse(OFFICE, folder.path(), &Surroundings::default()).unwrap();
        let store = Sqlite::create(&folder.path().join("register.db")).unwrap();
        Self {
            folder,
            config,
            store,
            now: instant(at),
            mails: Vec::new(),
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("foi.csv")
    }

    pub(crate) fn excel(&self, columns: &str) -> Excel {
        Excel::new(&self.path(), columns)
    }

    /// The service stops and starts again.
    pub(crate) fn restart(&mut self) {
        self.store = Sqlite::create(&self.folder.path().join("register.db")).unwrap();
    }

    pub(crate) fn look(&mut self) -> Option<Taken> {
        look(&mut self.store, &self.config.rules, self.now).unwrap()
    }

    /// One minute of the service: a look at the sheet, a round, and the mails.
    pub(crate) fn minute(&mut self) {
        self.look();
        reconcile(&mut self.store, &self.config.rules, self.now).unwrap();
        dispatch(&mut self.store, &self.config.rules, self.now).unwrap();
        let turn = |desk: &mut Self, ended: &[_], places| {
            deliver::turn(&mut desk.store, &desk.config.rules, ended, places, desk.now).unwrap()
        };
        while let Some(taken) = turn(self, &[], 1).pop() {
            let notices = self.read(|snapshot| snapshot.notices_in(taken.message.id));
            let oddities = notices.iter().flat_map(|row| match serde_json::from_str(&row.body) {
                // Of a rearranged sheet several rows are shown under the one name.
                Ok(Notice::Sheet(amiss)) if matches!(amiss.matter, SheetMatter::Rearranged { .. }) => {
                    vec!["rearranged".to_owned()]
                }
                Ok(Notice::Sheet(amiss)) => amiss.oddities.into_iter().flat_map(|one| one.names).collect(),
                _ => Vec::new(),
            });
            let words = &taken.message.words;
            self.mails.push(Mail {
                at: self.now,
                to: words.recipient.clone(),
                subject: words.subject.clone(),
                text: words.text.clone(),
                oddities: oddities.collect(),
            });
            turn(self, &[(taken, Outcome::accepted("250 queued"))], 0);
        }
        self.now += TimeDelta::minutes(1);
    }

    /// Minute by minute until a moment; the file must stay as the officer left it.
    pub(crate) fn until(&mut self, text: &str, excel: &Excel) {
        let end = instant(text);
        while self.now < end {
            self.minute();
        }
        excel.assert_untouched();
    }

    pub(crate) fn minutes(&mut self, count: u32, excel: &Excel) {
        for _ in 0..count {
            self.minute();
        }
        excel.assert_untouched();
    }

    pub(crate) fn read<T>(&self, work: impl FnOnce(&dyn Read) -> Result<T, Error>) -> T {
        self.store.read(work).unwrap()
    }

    /// Somebody at the command line: `responded 2026-11-06`, superseding an entry or not; `void` takes it back.
    pub(crate) fn record(&mut self, who: &str, reference: &str, text: &str, supersedes: Option<u32>) {
        let mut words = text.split(' ');
        let (kind, on): (Kind, NaiveDate) = (words.next().unwrap().parse().unwrap(), day(words.next().unwrap()));
        let mut fact = timeous::case::Fact::new(kind, on);
        for word in words {
            match word.split_once('=').unwrap_or((word, "")) {
                ("void", _) => fact.details.void = true,
                ("officer", id) => fact.details.officer = Some(id.to_owned()),
                other => panic!("{other:?}"),
            }
        }
        let clerk = Clerk {
            login: who.to_owned(),
            by: None,
            now: self.now,
        };
        let (rules, reference) = (&self.config.rules, reference.parse().unwrap());
        self.store
            .write(|tx| record(tx, rules, &reference, fact, supersedes, &clerk))
            .unwrap();
    }

    /// Somebody takes in a file by hand.
    pub(crate) fn import(&mut self, file: &str, text: &str) -> Report {
        let sheet = exchange::read(text.as_bytes(), &Mapping::default()).unwrap();
        let clerk = Clerk {
            login: "root".to_owned(),
            by: Some(label(Path::new(file))),
            now: self.now,
        };
        let mut report = Report::default();
        let (rules, how) = (&self.config.rules, How::default());
        import(&mut self.store, rules, &sheet.lines, &clerk, &how, &mut report).unwrap();
        report
    }

    /// What the register says of a case, as a row would.
    pub(crate) fn row(&self, reference: &str) -> Option<Row> {
        let entries = self.read(|snapshot| snapshot.entries(reference));
        if entries.is_empty() {
            return None;
        }
        let mut row = Row::new();
        let mut cell = |column: &str, text: Option<String>| {
            if let Some(text) = text {
                row.insert(column.to_owned(), text);
            }
        };
        let case = Case::fold(&entries).unwrap();
        cell("reference", Some(reference.to_owned()));
        cell("officer", case.officer);
        cell("subject", case.subject);
        for one in standing(&entries).unwrap() {
            let text = |day: NaiveDate| Some(day.to_string());
            if one.fact.kind != Kind::Reassigned {
                cell(&one.fact.kind.as_str().replace('-', "_"), text(one.fact.on));
            }
            if one.fact.kind == Kind::Responded {
                cell("response_received", one.fact.details.received.and_then(text));
            }
        }
        Some(row)
    }

    /// How many entries a case has.
    pub(crate) fn entries(&self, reference: &str) -> usize {
        self.read(|snapshot| snapshot.entries(reference)).len()
    }

    /// That the register says what a sheet says, and nothing else is in it.
    pub(crate) fn assert_says(&self, rows: &[Row]) {
        let told: BTreeMap<String, Row> = rows.iter().map(|row| (row["reference"].clone(), row.clone())).collect();
        let references = self.read(|snapshot| snapshot.references("", 10_000));
        let known: BTreeMap<String, Row> = references
            .into_iter()
            .map(|reference| (reference.clone(), self.row(&reference).unwrap()))
            .collect();
        assert_eq!(known, told);
    }

    /// What the mails told of the sheet, in order, each shortened to what kind of thing it is and of which case.
    pub(crate) fn told(&self) -> Vec<String> {
        let short = |name: &String| name.split('/').take(2).collect::<Vec<_>>().join("/");
        self.mails.iter().flat_map(|mail| &mail.oddities).map(short).collect()
    }

    /// The mails about the sheet, as they are read.
    pub(crate) fn words(&self) -> String {
        let of_sheet = self.mails.iter().filter(|mail| !mail.oddities.is_empty());
        let said = of_sheet.map(|mail| format!("To: {}\nSubject: {}\n\n{}", mail.to, mail.subject, mail.text));
        said.collect::<Vec<_>>().join("\n=====\n")
    }

    pub(crate) fn assert_verifies(&self) {
        let verdict = verify(&self.store, &self.config.rules, None, self.now).unwrap();
        assert!(verdict.is_well(), "{:?}", verdict.findings);
    }
}
