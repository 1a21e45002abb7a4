//! A small council, its officers, its register and its clock.

use std::path::Path;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use timeous::case::{Details, Fact};
use timeous::casework::dispatch::{Dispatched, dispatch};
use timeous::casework::overview::{Overview, Wanted, overview};
use timeous::casework::reconcile::{Rederived, reconcile};
use timeous::casework::record::{Clerk, Recorded, record};
use timeous::casework::{self, deliver};
use timeous::clock::{london_day, london_instant};
use timeous::config::{Config, Surroundings};
use timeous::mail::{Outcome, Stage};
use timeous::reminders::Notice;
use timeous::store::{
    DeadlineRow, Error, Message, NoticeRow, OutboxCounts, Read, ReminderRow, Round, Sqlite, Store, Taken, Task,
};

/// Everybody, with a cover and a manager; and one officer who has neither.
pub(crate) const PEOPLE: &str = r#"
[mail]
from = "Timeous <foi@council.example>"
[people]
team = "team@council.example"
officers = [
  { id = "bjones", name = "B Jones", email = "b.jones@council.example", cover = "cbrown", manager = "mgreen" },
  { id = "cbrown", name = "C Brown", email = "c.brown@council.example", cover = "bjones", manager = "mgreen" },
  { id = "mgreen", name = "M Green", email = "m.green@council.example" },
  { id = "dalone", name = "D Alone", email = "d.alone@council.example" },
]
"#;

/// A Christmas shutdown and a local holiday.
pub(crate) const CLOSURES: &str = r#"
[calendar]
closures = ["2026-12-24..2027-01-05", "2027-05-17", "2027-03-25"]
"#;

/// A mail that a server accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) to: String,
    pub(crate) message_id: String,
    /// `REFERENCE STEP RUNG`, with the day where the rung is daily; of a notice `copy of REFERENCE STEP RUNG`, or
    /// `about KIND`.
    pub(crate) lines: Vec<String>,
}

impl Sent {
    /// `b.jones: FOI-1 response 5wd, FOI-2 response overdue 2026-12-02`.
    pub(crate) fn short(&self) -> String {
        format!("{}: {}", self.to.split('@').next().unwrap(), self.lines.join(", "))
    }
}

/// What a notice is about.
pub(crate) fn about(row: &NoticeRow) -> String {
    match serde_json::from_str(&row.body) {
        Ok(Notice::Copy(copied)) => format!("copy of {} {} {}", copied.reference, copied.key.step, copied.rung),
        _ => format!("about {}", row.name.split('/').next().unwrap()),
    }
}

/// The mails that wait with notices of a kind: whom to, the subject and the plain words.
pub(crate) fn words_of(office: &Office, kind: &str) -> String {
    let mut mails = Vec::new();
    for (message, _) in office.read(|snapshot| snapshot.outbox()) {
        let notices = office.read(|snapshot| snapshot.notices_in(message.id));
        if notices.iter().any(|row| row.name.starts_with(kind)) {
            let words = message.words;
            mails.push(format!(
                "To: {}\nSubject: {}\n\n{}",
                words.name, words.subject, words.text
            ));
        }
    }
    mails.join("\n=====\n")
}

pub(crate) struct Office {
    folder: tempfile::TempDir,
    pub(crate) config: Config,
    pub(crate) store: Sqlite,
    pub(crate) now: DateTime<Utc>,
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An instant by the clock on the wall in Scotland: `2026-11-02 08:00`.
pub(crate) fn instant(text: &str) -> DateTime<Utc> {
    let wall = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap_or_else(|_| panic!("{text}"));
    london_instant(wall.date(), wall.time())
}

/// Settings without the weekly line of assurance, which is a test of its own.
pub(crate) fn settings(text: &str) -> Config {
    let never = "[reminders]\nassurance = \"never\"\n";
    let text = match text.contains("[reminders]\n") {
        true => text.replace("[reminders]\n", never),
        false => format!("{text}\n{never}"),
    };
    as_written(&text)
}

pub(crate) fn as_written(text: &str) -> Config {
    Config::parse(text, Path::new("/nowhere"), &Surroundings::default()).unwrap()
}

/// The office's settings with the usual closures.
pub(crate) fn usual() -> String {
    format!("{CLOSURES}{PEOPLE}")
}

/// The same office where no manager is told of what is late: for what is about something else.
pub(crate) fn no_manager_is_told() -> String {
    format!("{}\n[reminders]\nmanager_on = []\n", usual())
}

/// A day with what is said of it: `responded 2026-11-05 outcome=full`, `received 2026-11-02 officer=bjones posted`.
pub(crate) fn fact(text: &str) -> Fact {
    let mut words = text.split_whitespace();
    let mut fact = Fact::new(words.next().unwrap().parse().unwrap(), day(words.next().unwrap()));
    for word in words {
        say(&mut fact.details, word);
    }
    fact
}

fn say(details: &mut Details, word: &str) {
    match word.split_once('=').unwrap_or((word, "")) {
        ("posted", "") => details.posted = true,
        ("void", "") => details.void = true,
        ("officer", officer) => details.officer = Some(officer.to_owned()),
        ("due", date) => details.due = Some(day(date)),
        ("regime", regime) => details.regime = Some(regime.parse().unwrap()),
        ("outcome", outcome) => details.outcome = Some(outcome.parse().unwrap()),
        _ => panic!("{word:?} says nothing"),
    }
}

pub(crate) fn accepted(_: &Message) -> Outcome {
    Outcome::accepted("250 2.0.0 queued")
}

pub(crate) fn deferred(_: &Message) -> Outcome {
    Outcome::deferred(Stage::Connect, "connection refused")
}

pub(crate) fn unknown(_: &Message) -> Outcome {
    Outcome::unknown("the connection was cut after the dot")
}

/// Refuses these mailboxes and accepts every other.
pub(crate) fn refusing(names: &[&str]) -> impl Fn(&Message) -> Outcome {
    move |message| match names.iter().any(|name| message.words.recipient.starts_with(name)) {
        true => Outcome::refused(Stage::Rcpt, "550 5.1.1 no such mailbox"),
        false => accepted(message),
    }
}

impl Office {
    pub(crate) fn new() -> Self {
        Self::with(&usual())
    }

    pub(crate) fn with(text: &str) -> Self {
        Self::of(settings(text))
    }

    pub(crate) fn of(config: Config) -> Self {
        // In memory where there is such a place: thousands of commits would otherwise wait for the disk.
        let shared = Path::new("/dev/shm");
        let folder = match shared.is_dir() {
            true => tempfile::tempdir_in(shared),
            false => tempfile::tempdir(),
        };
        let folder = folder.unwrap();
        let store = Sqlite::create(&folder.path().join("register.db")).unwrap();
        Self {
            folder,
            config,
            store,
            now: instant("2026-11-02 09:00"),
        }
    }

    pub(crate) fn register(&self) -> std::path::PathBuf {
        self.folder.path().join("register.db")
    }

    pub(crate) fn at(&mut self, text: &str) -> &mut Self {
        self.now = instant(text);
        self
    }

    pub(crate) fn today(&self) -> NaiveDate {
        london_day(self.now)
    }

    pub(crate) fn try_record(
        &mut self,
        reference: &str,
        fact: Fact,
        supersedes: Option<u32>,
    ) -> casework::Result<Recorded> {
        let clerk = Clerk {
            login: "test".to_owned(),
            by: None,
            now: self.now,
        };
        let (rules, reference) = (&self.config.rules, reference.parse().unwrap());
        self.store
            .write(|tx| record(tx, rules, &reference, fact, supersedes, &clerk))
    }

    pub(crate) fn record(&mut self, reference: &str, text: &str) -> u32 {
        self.try_record(reference, fact(text), None).unwrap().seq
    }

    pub(crate) fn correct(&mut self, reference: &str, seq: u32, text: &str) {
        self.try_record(reference, fact(text), Some(seq)).unwrap();
    }

    pub(crate) fn log(&mut self, reference: &str, received: &str, officer: &str) {
        self.record(reference, &format!("received {received} officer={officer}"));
    }

    pub(crate) fn round(&mut self) -> Dispatched {
        let done = dispatch(&mut self.store, &self.config.rules, self.now).unwrap();
        let round = Round {
            at: self.now,
            ok: true,
            summary: String::new(),
        };
        let kept: Result<(), Error> = self.store.write(|tx| tx.save_round(Task::Dispatch, &round));
        kept.unwrap();
        done
    }

    /// The service stops and starts again.
    pub(crate) fn restart(&mut self) {
        self.store = Sqlite::create(&self.register()).unwrap();
        deliver::rescue(&mut self.store, self.now).unwrap();
    }

    pub(crate) fn reconcile(&mut self) -> Option<Rederived> {
        reconcile(&mut self.store, &self.config.rules, self.now).unwrap()
    }

    pub(crate) fn take(&mut self) -> Option<Taken> {
        let taken = deliver::turn(&mut self.store, &self.config.rules, &[], 1, self.now);
        taken.unwrap().pop()
    }

    pub(crate) fn settle(&mut self, taken: &Taken, outcome: &Outcome) {
        let ended = [(taken.clone(), outcome.clone())];
        deliver::turn(&mut self.store, &self.config.rules, &ended, 0, self.now).unwrap();
    }

    /// Sends what waits; what was accepted comes back.
    pub(crate) fn deliver(&mut self, outcome: impl Fn(&Message) -> Outcome) -> Vec<Sent> {
        let mut sent = Vec::new();
        while let Some(taken) = self.take() {
            let outcome = outcome(&taken.message);
            if matches!(outcome, Outcome::Accepted { .. }) {
                sent.push(self.sent(&taken.message));
            }
            self.settle(&taken, &outcome);
        }
        sent
    }

    pub(crate) fn sent(&self, message: &Message) -> Sent {
        let lines = self.read(|snapshot| snapshot.lines(message.id));
        let mut lines: Vec<String> = lines
            .iter()
            .map(|(reminder, reference)| self.line(reminder, reference))
            .collect();
        let notices = self.read(|snapshot| snapshot.notices_in(message.id));
        lines.extend(notices.iter().map(about));
        lines.sort();
        Sent {
            to: message.words.recipient.clone(),
            message_id: message.words.message_id.clone(),
            lines,
        }
    }

    fn line(&self, reminder: &ReminderRow, reference: &str) -> String {
        let rows = self.rows(reference);
        let row = rows.iter().find(|row| row.id == reminder.deadline).unwrap();
        let day = reminder.day.map(|day| format!(" {day}")).unwrap_or_default();
        format!("{reference} {} {}{day}", row.key.step, reminder.rung)
    }

    /// A round and its delivery, all accepted, at an instant; each mail in short.
    pub(crate) fn tell(&mut self, text: &str) -> Vec<String> {
        self.at(text).round();
        self.deliver(accepted).iter().map(Sent::short).collect()
    }

    pub(crate) fn read<T>(&self, work: impl FnOnce(&dyn Read) -> Result<T, Error>) -> T {
        self.store.read(work).unwrap()
    }

    pub(crate) fn rows(&self, reference: &str) -> Vec<DeadlineRow> {
        self.read(|snapshot| snapshot.deadlines(reference))
    }

    /// A case's first deadline of a step.
    pub(crate) fn row(&self, reference: &str, step: &str) -> DeadlineRow {
        let rows = self.rows(reference);
        rows.into_iter().find(|row| row.key.step.as_str() == step).unwrap()
    }

    pub(crate) fn work_to(&self, reference: &str) -> NaiveDate {
        self.row(reference, "response").work_to.unwrap()
    }

    /// Where everything stands, while the service is up.
    pub(crate) fn overview(&self) -> Overview {
        overview(&self.store, &self.config.rules, &Wanted::default(), true, self.now).unwrap()
    }

    pub(crate) fn counts(&self) -> OutboxCounts {
        self.read(|snapshot| snapshot.outbox_counts())
    }

    /// How each attempt at a case's mails ended, and the server's words.
    pub(crate) fn attempts(&self, reference: &str) -> Vec<(String, String)> {
        let story = self.read(|snapshot| snapshot.story(reference));
        let messages = story.into_iter().flat_map(|told| told.messages);
        let attempts = messages.flat_map(|(_, attempts)| attempts);
        attempts
            .map(|one| (one.outcome.unwrap_or_default(), one.reply.unwrap_or_default()))
            .collect()
    }
}
