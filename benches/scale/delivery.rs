//! Mails into a sink, each outcome on the disk before its session's next, beside Postfix's `smtp-source`.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use timeous::casework::dispatch::dispatch;
use timeous::clock::Clock;
use timeous::store::{Round, Sqlite, Store, Task};

use crate::council::Council;
use crate::office::{Office, at, day, take_in};
use crate::table::{Runs, Table, timed};

const MAILS: usize = 1_000;
const MORNING: &str = "2026-11-20";

/// A clock that stands still, but for what passes.
struct Morning(Instant);

impl Clock for Morning {
    fn now(&self) -> DateTime<Utc> {
        at(day(MORNING), "09:00:00") + self.0.elapsed()
    }

    fn monotonic(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Postfix's sink, which takes everything and keeps nothing.
struct Sink {
    process: Child,
    port: u16,
}

impl Sink {
    fn start() -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let process = Command::new("smtp-sink")
            .args(["-u", "nobody", &format!("127.0.0.1:{port}"), "200"])
            .stdout(Stdio::null())
            .spawn()
            .expect("smtp-sink is installed");
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(Duration::from_millis(20));
        }
        Self { process, port }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn settings(port: u16, sessions: usize) -> String {
    format!(
        "transport = \"smtp\"\n[mail.smtp]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\nsessions = {sessions}\n"
    )
}

/// A register with a thousand mails to a thousand officers.
fn filled(office: &Office) {
    let config = office.configure_for(MAILS, "", &settings(25, 1));
    let council = Council {
        cases: MAILS,
        from: day("2026-11-05"),
        through: day("2026-11-05"),
        unanswered: true,
        prefix: "FOI",
    };
    let mut store = Sqlite::create(&office.path("full.db")).unwrap();
    take_in(&mut store, &config, &council);
    // One case an officer, so that each mail has one reader.
    let sql = rusqlite::Connection::open(office.path("full.db")).unwrap();
    for table in ["deadline", "cases"] {
        sql.execute(
            &format!("update {table} set officer = 'o' || cast(substr(reference, 5) as integer)"),
            [],
        )
        .unwrap();
    }
    let written = dispatch(&mut store, &config.rules, at(day(MORNING), "09:00:00")).unwrap();
    assert_eq!(written.messages, MAILS);
}

/// Sends them all; how long that took.
fn sent(office: &Office, port: u16, sessions: usize) -> Duration {
    let mut config = office.configure_for(MAILS, "", &settings(port, sessions));
    config.register = office.copy("full.db", "run.db");
    let (once, took) = timed(|| timeous::service::once(config, Arc::new(Morning(Instant::now()))).unwrap());
    assert_eq!((once.sent, once.faults), (MAILS, Vec::new()));
    took
}

/// As many mails of the same size by Postfix, the connections kept open.
fn reference(port: u16, sessions: usize) -> Duration {
    let mut command = Command::new("smtp-source");
    command.args([
        "-d",
        "-l",
        "8000",
        "-m",
        &MAILS.to_string(),
        "-s",
        &sessions.to_string(),
    ]);
    command.arg(format!("127.0.0.1:{port}"));
    let (done, took) = timed(|| command.status().expect("smtp-source is installed"));
    assert!(done.success());
    took
}

/// How many commits of one small row a register bears in a second: what one session waits for with each mail.
fn commits(office: &Office) -> Runs {
    let mut store = Sqlite::open(&office.copy("full.db", "commits.db")).unwrap();
    // Each another than the last, for SQLite writes nothing where nothing changes.
    let mut count = 0;
    let mut commit = || {
        count += 1;
        let round = Round {
            at: at(day(MORNING), "09:00:00"),
            ok: true,
            summary: format!("{count:09}"),
        };
        store.write(|tx| tx.save_round(Task::Deliver, &round))
    };
    let seconds = Runs::of(3, || {
        let all = || (0..MAILS).try_for_each(|_| commit());
        let (done, took) = timed(all);
        done.unwrap();
        took
    });
    seconds.map(|seconds| MAILS as f64 / seconds)
}

pub fn rows(table: &mut Table) {
    for (place, office) in [("on the disk", Office::on_disk()), ("in memory", Office::in_memory())] {
        filled(&office);
        table.alone(
            &format!("bare commits a second, register {place}"),
            "/s",
            &commits(&office),
            "",
        );
        for sessions in [1, 4, 20] {
            let sink = Sink::start();
            let (ours, theirs) = Runs::in_turn(
                3,
                || sent(&office, sink.port, sessions),
                || reference(sink.port, sessions),
            );
            let speed = |runs: &Runs| runs.map(|seconds| MAILS as f64 / seconds);
            table.beside(
                &format!("mails a second, register {place}, {sessions} at a time"),
                "/s",
                &speed(&ours),
                ("smtp-source", &speed(&theirs)),
                "at least 0.5",
            );
        }
    }
}
