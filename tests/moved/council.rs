//! A council whose calendar can be made to lack 19 September 2022, and to have it again.

use std::path::Path;
use std::time::Duration;

use crate::support::office::{Office, header, plain_text};

/// Four officers, one of them away with a cover; one watches the service.
const SETTINGS: &str = r#"
[authority]
name = "Example Council"
contact = "foi@example.gov.uk"
[reminders]
assurance = "never"
[people]
team = "foi@example.gov.uk"
officers = [
  { id = "bjones", name = "B Jones", email = "bjones@example.gov.uk" },
  { id = "cbrown", name = "C Brown", email = "cbrown@example.gov.uk" },
  { id = "dgrey", name = "D Grey", email = "dgrey@example.gov.uk", away = [{ from = "2022-09-05", to = "2022-09-16", cover = "cbrown" }] },
  { id = "mgreen", name = "M Green", email = "mgreen@example.gov.uk" },
]
[mail]
from = "Timeous <foi@example.gov.uk>"
retry = { first = "1s", longest = "2s" }
[watch]
admins = ["mgreen"]
[calendar]
proclamations = "proclamations.toml"
"#;

/// The row by which an authority says that the day is none.
pub(crate) const WITHDRAWN: &str = include_str!("../proclamations/no-2022-09-19.toml");

/// A council, with further lines of the section `calendar`, that does not know of the day.
pub(crate) fn council(more: &str) -> Office {
    let office = Office::new();
    office.configure(&format!("{SETTINGS}{more}"));
    withdraw(&office);
    office
}

/// The configuration says that 19 September 2022 is none.
pub(crate) fn withdraw(office: &Office) {
    std::fs::write(office.path("proclamations.toml"), WITHDRAWN).unwrap();
}

/// The configuration says nothing of it, and the program knows it.
pub(crate) fn proclaim(office: &Office) {
    std::fs::write(office.path("proclamations.toml"), "").unwrap();
}

pub(crate) fn log(office: &Office, at: &str, reference: &str, received: &str, officer: &str) {
    let mut args = vec!["log", reference, "--received", received];
    if !officer.is_empty() {
        args.extend(["--officer", officer]);
    }
    office.run_at(at, &args).well();
}

pub(crate) fn record(office: &Office, at: &str, args: &[&str]) {
    let args: Vec<&str> = ["record"].into_iter().chain(args.iter().copied()).collect();
    office.run_at(at, &args).well();
}

/// A round at a moment; what it said.
pub(crate) fn round(office: &Office, at: &str) -> String {
    office.run_at(at, &["run", "--once"]).well()
}

/// The rows of a query, their columns joined by bars.
pub(crate) fn rows(register: &Path, sql: &str) -> Vec<String> {
    let register = rusqlite::Connection::open(register).unwrap();
    let mut statement = register.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        let cells = (0..columns).map(|column| {
            Ok(match row.get_ref(column)? {
                rusqlite::types::ValueRef::Null => String::new(),
                rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                value => value.as_str()?.to_owned(),
            })
        });
        Ok(cells.collect::<rusqlite::Result<Vec<_>>>()?.join("|"))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

pub(crate) fn query(office: &Office, sql: &str) -> Vec<String> {
    rows(&office.path("register.db"), sql)
}

/// Every open deadline with its dates and the morning planned for it.
pub(crate) fn plans(office: &Office) -> Vec<String> {
    query(
        office,
        "select reference, step, regime, actor, from_seq, state, due, work_to, opens_after, next_on, next_rung
         from deadline where open = 1 order by 1, 2, 3, 4, 5",
    )
}

/// A mail of a notice: to whom, under which subject, saying what, under which name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Told {
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) id: String,
}

fn told(mail: &str) -> Told {
    let get = |name: &str| header(mail, name).unwrap_or_default();
    let to = get("To");
    Told {
        to: to.rsplit('<').next().unwrap().trim_end_matches('>').to_owned(),
        subject: get("Subject"),
        text: plain_text(mail),
        id: get("Message-ID"),
    }
}

/// Every mail in the outbox folder.
pub(crate) fn mails(office: &Office) -> Vec<Told> {
    let mut mails: Vec<Told> = office.mails().iter().map(|mail| told(mail)).collect();
    mails.sort();
    mails
}

/// The mails that tell of dates that moved: the subject of a digest begins with a number.
pub(crate) fn moved(office: &Office) -> Vec<Told> {
    let mails = mails(office).into_iter();
    mails.filter(|mail| mail.subject.starts_with("FOI: a ")).collect()
}

/// Asks until it is so.
pub(crate) fn wait_until(what: &str, done: impl Fn() -> bool) {
    for _ in 0..400 {
        if done() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("waited twenty seconds in vain: {what}");
}
