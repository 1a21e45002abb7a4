//! One morning of all Scotland: seven hundred and nineteen rungs for three hundred officers, the real program, and a
//! mail server that takes its time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers; waiting for a child takes sleep"
)]

mod support;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use support::office::{Office, can_pretend, plain_text};
use support::smtp::{At, Do, Script, Server};
use timeous::case::Fact;
use timeous::casework;
use timeous::casework::record::{Clerk, record};
use timeous::config::{Config, Surroundings};
use timeous::store::{Sqlite, Store};

const OFFICERS: usize = 300;
const CASES: usize = 719;

/// Friday 4 March 2022, as the send window opens: every case is due that day.
const MORNING: &str = "2022-03-04 08:00:00";

/// How long the server thinks about each mail.
const THINKS: Duration = Duration::from_millis(50);

/// The whole configuration, with a line an officer.
fn configuration(port: u16) -> String {
    let officers: String = (0..OFFICERS)
        .map(|n| format!("  {{ id = \"o{n}\", name = \"Officer {n}\", email = \"o{n}@example.gov.uk\" }},\n"))
        .collect();
    format!(
        "[authority]\nname = \"All Scotland\"\ncontact = \"foi@example.gov.uk\"\n\
         [people]\nteam = \"foi@example.gov.uk\"\nofficers = [\n{officers}]\n\
         [mail]\nfrom = \"Timeous <foi@example.gov.uk>\"\ntransport = \"smtp\"\n\
         [mail.smtp]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\nsessions = 4\n"
    )
}

/// Logs the cases on the day they came, each with the next officer in turn.
fn fill(office: &Office, text: &str) {
    let config = Config::parse(text, &office.path(""), &Surroundings::default()).unwrap();
    let mut store = Sqlite::create(&office.path("register.db")).unwrap();
    let now: DateTime<Utc> = "2022-02-04T09:00:00Z".parse().unwrap();
    let clerk = Clerk {
        login: "test".to_owned(),
        by: None,
        now,
    };
    let logged: casework::Result<()> = store.write(|tx| {
        for n in 0..CASES {
            let mut fact = Fact::new("received".parse().unwrap(), "2022-02-04".parse().unwrap());
            fact.details.officer = Some(format!("o{}", n % OFFICERS));
            record(tx, &config.rules, &reference(n).parse().unwrap(), fact, None, &clerk)?;
        }
        Ok(())
    });
    logged.unwrap();
}

fn reference(n: usize) -> String {
    format!("FOI-{n:03}")
}

/// What `status` says waits, in its JSON; and its words for people.
fn waiting(office: &Office) -> (u64, String) {
    let at = "2022-03-04 08:05:00";
    let json = office.run_at(at, &["status", "--json"]).well();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let queued = json["daemon"]["outbox"]["queued"].as_u64().unwrap();
    (queued, office.run_at(at, &["status"]).well())
}

#[test]
fn all_scotlands_reminders_leave_in_one_window_and_status_shows_how_far_they_are() {
    if !can_pretend() {
        return;
    }
    let slow = (0..OFFICERS).fold(Script::new(), |script, _| {
        script.at(At::Dot, Do::Late(THINKS, 250, "2.0.0 taken".to_owned()))
    });
    let server = Server::build().rest(slow).start();
    let text = configuration(server.port());
    let office = Office::new();
    office.configure(&text);
    fill(&office, &text);

    let service = office.service(Some(MORNING));
    service.wait_for("WATCHDOG=1");
    let mut seen: Vec<u64> = Vec::new();
    let end = Instant::now() + Duration::from_secs(180);
    loop {
        let (queued, words) = waiting(&office);
        assert!(words.contains(" waiting"), "{words}");
        seen.push(queued);
        if queued == 0 {
            break;
        }
        assert!(Instant::now() < end, "still waiting: {seen:?}");
        std::thread::sleep(Duration::from_millis(500));
    }
    assert_eq!(service.stop(), Some(0));

    // How far it is can be seen while it goes on, and it only goes on.
    assert!(seen.is_sorted_by(|before, after| before >= after), "{seen:?}");
    let between = seen.iter().filter(|left| (1..300).contains(*left)).count();
    assert!(between >= 3, "{seen:?}");

    // Four sessions at most, each for many mails.
    let sessions = server.connections();
    assert_eq!(sessions, 4);

    // One mail an officer, with each of their cases once.
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    let accepted = server.accepted();
    assert_eq!(accepted.len(), OFFICERS);
    for mail in &accepted {
        let text = plain_text(std::str::from_utf8(&mail.data).unwrap());
        let cases: Vec<usize> = (0..CASES)
            .filter(|n| text.contains(&format!("{} - answer due TODAY", reference(*n))))
            .collect();
        assert!(
            cases
                .iter()
                .all(|n| mail.to == format!("o{}@example.gov.uk", n % OFFICERS)),
            "{}: {cases:?}",
            mail.to
        );
        assert!(
            told.insert(mail.to.clone(), cases.len()).is_none(),
            "{} had two",
            mail.to
        );
    }
    assert_eq!(told.values().sum::<usize>(), CASES);

    let count = |sql: &str| office.count(&format!("select count(*) from {sql}"));
    assert_eq!(count("reminder where state = 'told'"), 719);
    assert_eq!(count("reminder where state <> 'told'"), 0);
    assert_eq!(count("message where state = 'accepted'"), 300);
    assert_eq!(count("message"), 300);
    assert_eq!(count("attempt"), 300, "none was tried twice");
    assert_eq!(
        count("attempt where at < '2022-03-04T08:00' or at > '2022-03-04T17:30'"),
        0,
        "all of them in the send window"
    );
    // Another round has nothing to add.
    assert_eq!(
        office.run_at("2022-03-04 08:20:00", &["run", "--once"]).well(),
        "0 mails written, 0 sent\n"
    );
}

/// A server that bears one session at a time refuses the others, and the one takes all mails but those three.
#[test]
fn a_server_that_bears_fewer_sessions_gets_its_mail_over_those() {
    if !can_pretend() {
        return;
    }
    let busy = Script::new().at(At::Greeting, Do::reply(421, "too many connections"));
    let server = Server::build().script(Script::new()).rest(busy).start();
    let office = Office::new();
    let text = configuration(server.port());
    office.configure(&text);
    fill(&office, &text);
    assert_eq!(
        office.run_at(MORNING, &["run", "--once"]).well(),
        "300 mails written, 297 sent\n"
    );
    assert_eq!(server.accepted().len(), 297);
    let count = |sql: &str| office.count(&format!("select count(*) from {sql}"));
    assert_eq!(count("attempt"), 300, "none was tried twice");
    assert_eq!(count("message where state = 'queued'"), 3);
    assert_eq!(count("message where maybe_duplicate"), 0);
}

#[test]
fn a_server_that_thinks_about_one_mail_keeps_none_waiting_that_is_written_meanwhile() {
    if !can_pretend() {
        return;
    }
    let server = Server::build()
        .script(Script::new().at(At::Dot, Do::Gate))
        .rest(Script::new())
        .start();
    let text = configuration(server.port());
    let office = Office::new();
    office.configure(&text);
    let log = |case: &str, officer: &str| {
        let args = ["log", case, "--received", "2022-02-04", "--officer", officer];
        office.run_at(MORNING, &args).well();
    };
    log("FOI-1", "o1");
    // Soon before the next round.
    let service = office.service(Some("2022-03-04 08:00:50"));
    assert!(server.wait_held(), "the server has the first mail and thinks");
    log("FOI-2", "o2");
    let end = Instant::now() + Duration::from_secs(90);
    while server.accepted().is_empty() {
        assert!(Instant::now() < end, "the second mail waits for the first");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(server.accepted()[0].to, "o2@example.gov.uk");
    server.release();
    assert_eq!(service.stop(), Some(0));
    assert_eq!(server.accepted().len(), 2);
    assert_eq!(office.count("select count(*) from message where state = 'accepted'"), 2);
}
