//! What the program is killed in the middle of: one scene for each thing it does to a register.

use std::path::Path;
use std::time::Duration;

use crate::support::https::{Answer, Web};
use crate::support::office::{Office, Ran};
use crate::support::prepared::copy_folder;
use crate::support::smtp::Server;

/// Friday 4 March 2022, in the send window: what came in on 4 February is due.
pub(crate) const DUE: &str = "2022-03-04 08:30:00";
const LATER: [&str; 2] = ["2022-03-04 08:32:00", "2022-03-04 08:34:00"];

/// A Monday on which dates move.
const MONDAY: &str = "2022-09-12 07:30:00";
const AFTER_MONDAY: [&str; 2] = ["2022-09-12 07:32:00", "2022-09-12 07:34:00"];

/// The way out of a base; each copy's server has a port of its own.
const NOWHERE: &str = "port = 1\n";
const NO_LIST: &str = "http://127.0.0.1:1/list";

const PEOPLE: &str = r#"
[authority]
name = "Example Council"
contact = "foi@example.gov.uk"
[reminders]
assurance = "never"
[people]
team = "foi@example.gov.uk"
officers = [
  { id = "bjones", name = "B Jones", email = "bjones@example.gov.uk", cover = "cbrown" },
  { id = "cbrown", name = "C Brown", email = "cbrown@example.gov.uk" },
  { id = "dgrey", name = "D Grey", email = "dgrey@example.gov.uk" },
]
[calendar]
proclamations = "proclamations.toml"
[mail]
from = "Timeous <foi@example.gov.uk>"
retry = { first = "1s", longest = "2s" }
"#;

/// By which an authority says that a day is no bank holiday.
const WITHDRAWN: &str = include_str!("../proclamations/no-2022-09-19.toml");

/// A command, and what it finds.
pub(crate) struct Scene {
    pub(crate) name: &'static str,
    base: Office,
    /// When it happens, and two later moments at which the service has a round.
    at: &'static str,
    later: [&'static str; 2],
    args: Vec<String>,
    refused: Option<&'static str>,
    /// Whether the same command again would be a second entry.
    pub(crate) once_only: bool,
    /// What the same command again is answered, where nothing is left to do.
    done_already: Option<&'static str>,
    /// So many mails the service writes and sends before it is told to stop; none where it is a command's work.
    serves: Option<usize>,
    /// The copy that it makes.
    pub(crate) backup: Option<&'static str>,
}

/// One run of a scene, in a folder of its own.
pub(crate) struct Life {
    pub(crate) office: Office,
    pub(crate) server: Server,
    /// Where the list of bank holidays is published, and the monitor listens.
    web: Web,
}

impl Scene {
    fn new(name: &'static str, base: Office, args: &[&str]) -> Scene {
        Scene {
            name,
            base,
            at: DUE,
            later: LATER,
            args: args.iter().map(|&arg| arg.to_owned()).collect(),
            refused: None,
            once_only: false,
            done_already: None,
            serves: None,
            backup: None,
        }
    }

    fn at(mut self, at: &'static str, later: [&'static str; 2]) -> Scene {
        (self.at, self.later) = (at, later);
        self
    }

    fn once_only(mut self) -> Scene {
        self.once_only = true;
        self
    }

    /// The same folder again, with a mail server of its own.
    pub(crate) fn live(&self) -> Life {
        let server = match self.refused {
            Some(mailbox) => Server::build().refuses(mailbox).start(),
            None => Server::start(),
        };
        let office = Office::in_memory();
        copy_folder(&self.base.path(""), &office.path(""));
        let config = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
        let list = include_str!("../../holidays/scotland.json");
        let web = Web::plain(|request| match request.starts_with("GET /list") {
            true => Answer::page(200, list),
            false => Answer::page(200, "OK"),
        });
        let config = config.replace(NOWHERE, &format!("port = {}\n", server.port()));
        office.configure(&config.replace(NO_LIST, &web.url("127.0.0.1", "/list")));
        office.secret("heartbeat.url", &web.url("127.0.0.1", "/ping"));
        Life { office, server, web }
    }

    fn words(&self) -> Vec<&str> {
        self.args.iter().map(String::as_str).collect()
    }

    /// Does it, undisturbed.
    pub(crate) fn act(&self, life: &Life) -> Result<(), String> {
        let ran = match self.serves {
            Some(mails) => self.serve(life, mails, &["-f", "-o", "/dev/null", "-e", "trace=none"]),
            None => life.office.run_at(self.at, &self.words()),
        };
        match self.done_already {
            Some(words) if ran.code == Some(2) && ran.err.contains(words) => Ok(()),
            _ => well(self.name, ran),
        }
    }

    /// Does it under strace.
    pub(crate) fn act_traced(&self, life: &Life, strace: &[&str]) -> Ran {
        match self.serves {
            Some(mails) => self.serve(life, mails, strace),
            None => life.office.traced_at(self.at, strace, &self.words()),
        }
    }

    /// Runs the service until it has sent so many mails, looked at the list and told the monitor, or is killed.
    fn serve(&self, life: &Life, mails: usize, strace: &[&str]) -> Ran {
        let asked = |path: &str| {
            let requests = life.web.requests();
            requests.iter().filter(|request| request.contains(path)).count()
        };
        let told_before = asked("/ping");
        let mut service = life.office.traced_service(self.at, strace);
        for _ in 0..1_000 {
            if let Some(code) = service.has_ended() {
                let (out, err) = (String::new(), "the service ended by itself".to_owned());
                return Ran { code, out, err };
            }
            let all = life.server.accepted().len() >= mails && asked("/list") > 0 && asked("/ping") > told_before;
            std::thread::sleep(Duration::from_millis(if all { 100 } else { 10 }));
            if all {
                service.signal("TERM");
            }
        }
        panic!("{}: the service goes on and on", self.name);
    }

    /// What the service does afterwards.
    pub(crate) fn go_on(&self, life: &Life) -> Result<(), String> {
        for at in self.later {
            well("a later round", life.office.run_at(at, &["run", "--once"]))?;
        }
        Ok(())
    }

    /// What `verify` calls the chain's head; none without a register.
    pub(crate) fn head(&self, life: &Life, register: &str) -> Result<Option<String>, String> {
        let path = life.office.path(register);
        if !path.exists() {
            return Ok(None);
        }
        let verified = life
            .office
            .run_at(self.later[1], &["--register", path.to_str().unwrap(), "verify"]);
        if verified.code != Some(0) {
            return Err(format!("verify says: {}{}", verified.out, verified.err));
        }
        Ok(Some(verified.head()).filter(|head| !head.starts_with("0:")))
    }
}

fn well(what: &str, ran: Ran) -> Result<(), String> {
    match ran.code {
        Some(0) => Ok(()),
        _ => Err(format!("{what} did not end well: {}{}", ran.out, ran.err)),
    }
}

/// An office whose mail goes to a server.
fn office(sessions: u8, more: &str) -> Office {
    written(&format!(
        "transport = \"smtp\"\n[mail.smtp]\nhost = \"127.0.0.1\"\n{NOWHERE}tls = \"none\"\nsessions = {sessions}\n{more}"
    ))
}

fn written(more: &str) -> Office {
    let office = Office::in_memory();
    office.configure(&format!("{PEOPLE}{more}"));
    std::fs::write(office.path("proclamations.toml"), "").unwrap();
    office
}

fn typed(office: &Office, at: &str, words: &str) {
    let words: Vec<&str> = words.split(' ').collect();
    office.run_at(at, &words).well();
}

/// A case of each officer's and two of one's, all due on the day.
fn with_cases(office: Office) -> Office {
    for (reference, officer) in [
        ("FOI-1", "bjones"),
        ("FOI-2", "bjones"),
        ("FOI-3", "cbrown"),
        ("FOI-4", "dgrey"),
    ] {
        let words = format!("log {reference} --received 2022-02-04 --officer {officer}");
        typed(&office, "2022-02-04 17:45:00", &words);
    }
    office
}

/// Cases that are due on the day.
fn sheet(lines: usize) -> String {
    let cases = (1..=lines).map(|n| format!("S-{n},2022-02-04,bjones\n"));
    format!("reference,received,officer\n{}", cases.collect::<String>())
}

fn with_file(office: Office, name: &str, text: &str) -> Office {
    std::fs::write(office.path(name), text).unwrap();
    office
}

const ONCE: [&str; 2] = ["run", "--once"];

const LOG: [&str; 6] = ["log", "FOI-9", "--received", "2022-02-04", "--officer", "cbrown"];

/// All of them: from a rung that is due to an outcome on record; what officers type and what is read from sheets; what
/// is emptied, copied and given away; what moves dates.
pub(crate) const ALL: [fn() -> Scene; 21] = [
    || Scene::new("mail, one session", with_cases(office(1, "")), &ONCE),
    || Scene::new("mail, three sessions", with_cases(office(3, "")), &ONCE),
    a_mailbox_refuses,
    || Scene::new("mail as files", with_cases(written("transport = \"file\"\n")), &ONCE),
    a_mail_of_yesterday,
    the_service,
    mail_retry,
    || Scene::new("the first log", office(1, ""), &LOG).once_only(),
    || Scene::new("log", with_cases(office(1, "")), &LOG).once_only(),
    record,
    correct,
    || {
        let small = with_file(with_cases(office(1, "")), "cases.csv", &sheet(12));
        Scene::new("import", small, &["import", "cases.csv"])
    },
    import_in_two,
    the_living_sheet,
    purge,
    backup,
    || {
        let before = with_file(with_cases(office(1, "")), "cases.csv", "what was exported before\n");
        Scene::new("export", before, &["export", "-o", "cases.csv"])
    },
    || {
        let office = with_cases(office(1, "[watch]\nics = \"foi.ics\"\n"));
        Scene::new("the calendar file", office, &ONCE)
    },
    another_calendar,
    an_earlier_register,
    holidays_update,
];

fn a_mailbox_refuses() -> Scene {
    let mut scene = Scene::new("a mailbox refuses", with_cases(office(1, "")), &ONCE);
    scene.refused = Some("bjones@example.gov.uk");
    scene
}

/// What the service does of itself besides mail: it looks at the list of bank holidays, tells a monitor and writes a
/// calendar.
fn the_service() -> Scene {
    let office = with_cases(office(1, ""));
    let config = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
    let feed = format!("[calendar]\nfeed_check = true\nfeed_url = \"{NO_LIST}\"\n");
    let config = config.replace("[calendar]\n", &feed);
    office.configure(&format!(
        "{config}[watch]\nics = \"foi.ics\"\nheartbeat = {{ file = \"heartbeat.url\" }}\n"
    ));
    let mut scene = Scene::new("the service", office, &["run"]);
    scene.serves = Some(3);
    scene
}

/// Ten working days before the end nobody took the mail; on the next morning there is a server.
fn a_mail_of_yesterday() -> Scene {
    let office = with_cases(office(1, ""));
    office.run_at("2022-02-18 08:30:00", &ONCE);
    assert_eq!(office.count("select count(*) from message where state = 'queued'"), 3);
    let later = ["2022-02-21 08:32:00", "2022-02-21 08:34:00"];
    Scene::new("a mail of yesterday", office, &ONCE).at("2022-02-21 08:30:00", later)
}

/// A mail to one officer was refused, and those to others taken; the mailbox is sound again.
fn mail_retry() -> Scene {
    let server = Server::build().refuses("bjones@example.gov.uk").start();
    let office = with_cases(office(1, ""));
    let config = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
    office.configure(&config.replace(NOWHERE, &format!("port = {}\n", server.port())));
    office.run_at("2022-03-04 08:10:00", &ONCE).well();
    office.configure(&config);
    let refused = "select count(*) from message where id = 1 and state = 'refused'";
    assert_eq!(office.count(refused), 1);
    let mut scene = Scene::new("mail retry", office, &["mail", "retry", "1"]);
    scene.done_already = Some("it gave way to a later mail");
    scene
}

fn record() -> Scene {
    let words = [
        "record",
        "FOI-1",
        "responded",
        "--on",
        "2022-03-04",
        "--outcome",
        "full",
    ];
    Scene::new("record", with_cases(office(1, "")), &words).once_only()
}

fn correct() -> Scene {
    let office = with_cases(office(1, ""));
    typed(&office, DUE, "record FOI-1 responded --on 2022-03-03 --outcome part");
    let words = ["correct", "FOI-1", "2", "--void", "--why", "it was another case"];
    Scene::new("correct", office, &words).once_only()
}

/// A thousand lines, their commit, and a few more; all of them answered long ago.
fn import_in_two() -> Scene {
    let cases = (1..=1_004).map(|n| format!("S-{n},2021-01-04,2021-01-20\n"));
    let sheet = format!("reference,received,responded\n{}", cases.collect::<String>());
    let office = with_file(with_cases(office(1, "")), "cases.csv", &sheet);
    Scene::new("import, two commits", office, &["import", "cases.csv"])
}

fn the_living_sheet() -> Scene {
    let office = office(1, "[sheet]\npath = \"foi.csv\"\nowner = \"bjones\"\n");
    Scene::new(
        "the living sheet",
        with_file(with_cases(office), "foi.csv", &sheet(3)),
        &ONCE,
    )
}

fn purge() -> Scene {
    let office = with_cases(office(1, ""));
    for words in [
        "record FOI-1 responded --on 2022-03-03 --outcome part --note Gray",
        "record FOI-1 closed --on 2022-03-04",
        "record FOI-2 responded --on 2022-03-03 --outcome full",
        "record FOI-2 closed --on 2022-03-04",
    ] {
        typed(&office, DUE, words);
    }
    let later = ["2024-08-01 09:02:00", "2024-08-01 09:04:00"];
    Scene::new("purge", office, &["purge", "--closed-before", "2024-07-01"]).at("2024-08-01 09:00:00", later)
}

fn backup() -> Scene {
    let mut scene = Scene::new("backup", with_cases(office(1, "")), &["backup", "copy.db"]);
    scene.backup = Some("copy.db");
    scene
}

/// The bank holiday of 19 September 2022 comes to be known.
fn another_calendar() -> Scene {
    let office = with_file(office(1, ""), "proclamations.toml", WITHDRAWN);
    let friday = "2022-09-09 20:00:00";
    for (reference, officer) in [("FOI-1", "bjones"), ("FOI-2", "cbrown"), ("FOI-3", "dgrey")] {
        typed(
            &office,
            friday,
            &format!("log {reference} --received 2022-08-24 --officer {officer}"),
        );
    }
    typed(&office, friday, "run --once");
    let office = with_file(office, "proclamations.toml", "");
    Scene::new("another calendar", office, &ONCE).at(MONDAY, AFTER_MONDAY)
}

fn an_earlier_register() -> Scene {
    let office = office(1, "");
    let register = rusqlite::Connection::open(office.path("register.db")).unwrap();
    register
        .execute_batch(include_str!("../registers/schema-1.sql"))
        .unwrap();
    drop(register);
    Scene::new("a register of schema 1", office, &ONCE).at(MONDAY, AFTER_MONDAY)
}

fn holidays_update() -> Scene {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/holidays-feed/with-2029.json");
    let words = ["holidays", "update", list.to_str().unwrap()];
    let later = ["2026-12-01 09:02:00", "2026-12-01 09:04:00"];
    Scene::new("holidays update", with_cases(office(1, "")), &words).at("2026-12-01 09:00:00", later)
}
