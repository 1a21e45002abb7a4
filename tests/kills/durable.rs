//! What was heard is on the disk before anything follows from it: a server's 250, then the register's log and its fsync,
//! then the session's next MAIL; and an officer's entry before the program says that it is recorded.

use std::collections::BTreeMap;
use std::time::Duration;

use rstest::rstest;

use crate::support::office::{Office, can_trace};
use crate::support::smtp::{At, Do, Script, Server};

const OFFICERS: usize = 9;

/// A call that has come back, and between which lines of the trace it was made.
struct Call {
    name: String,
    /// What it was about, as strace writes it behind the number: `13</tmp/register.db-wal>`.
    place: String,
    words: String,
    begun: usize,
    ended: usize,
}

impl Call {
    fn well(&self) -> bool {
        self.words.ends_with("= 0")
    }

    fn is_sync(&self) -> bool {
        ["fsync", "fdatasync"].contains(&self.name.as_str())
    }

    fn is_about_the_log(&self) -> bool {
        self.place.ends_with("register.db-wal>")
    }
}

/// The calls of a trace in the order in which they began.
fn calls(trace: &str) -> Vec<Call> {
    let mut waiting: BTreeMap<&str, (usize, String)> = BTreeMap::new();
    let mut calls = Vec::new();
    for (number, line) in trace.lines().enumerate() {
        let Some((thread, words)) = line.split_once(' ') else {
            continue;
        };
        let words = words.trim_start();
        let (begun, whole) = if let Some((begun, _)) = words.split_once("<unfinished ...>") {
            waiting.insert(thread, (number, begun.trim_end().to_owned()));
            continue;
        } else if let Some((_, rest)) = words.split_once(" resumed>") {
            let Some((begun, first)) = waiting.remove(thread) else {
                continue;
            };
            (begun, first + rest)
        } else {
            (number, words.to_owned())
        };
        let Some((name, rest)) = whole.split_once('(') else {
            continue;
        };
        let end = rest.find([',', ')']).unwrap_or(rest.len());
        calls.push(Call {
            name: name.to_owned(),
            place: rest[..end].to_owned(),
            words: rest.to_owned(),
            begun,
            ended: number,
        });
    }
    calls.sort_by_key(|call| call.begun);
    calls
}

/// When words that came to be known at a line were on the disk: written into the log after it, and the log forced out
/// after that.
fn on_disk(calls: &[Call], words: &str, known: usize) -> usize {
    let mut log = calls.iter().filter(|call| call.is_about_the_log());
    let written = log
        .by_ref()
        .find(|call| call.name == "pwrite64" && call.words.contains(words))
        .unwrap_or_else(|| panic!("{words} was never written"));
    assert!(written.begun > known, "{words} was written before it was known");
    let forced = log
        .find(|call| call.is_sync() && call.begun > written.ended)
        .unwrap_or_else(|| panic!("{words} was never forced out"));
    assert!(forced.well(), "{}", forced.words);
    forced.ended
}

fn office(server: &Server, sessions: usize) -> Office {
    let officers =
        (0..OFFICERS).map(|n| format!("{{ id = \"o{n}\", name = \"O {n}\", email = \"o{n}@example.gov.uk\" }},\n"));
    let office = Office::new();
    office.configure(&format!(
        "[authority]\nname = \"Example Council\"\ncontact = \"foi@example.gov.uk\"\n[reminders]\nassurance = \"never\"\n\
         [people]\nteam = \"foi@example.gov.uk\"\nofficers = [\n{}]\n\
         [mail]\nfrom = \"Timeous <foi@example.gov.uk>\"\ntransport = \"smtp\"\n\
         [mail.smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nsessions = {sessions}\n",
        officers.collect::<String>(),
        server.port()
    ));
    let cases = (0..OFFICERS).map(|n| format!("FOI-{n},2022-02-04,o{n}\n"));
    let sheet = format!("reference,received,officer\n{}", cases.collect::<String>());
    std::fs::write(office.path("cases.csv"), sheet).unwrap();
    office.run_at("2022-02-04 17:45:00", &["import", "cases.csv"]).well();
    office
}

/// Every mail of every connection is taken with words of its own, sooner or later.
fn server(sessions: usize) -> Server {
    let connections = (0..sessions).map(|connection| {
        (0..OFFICERS).fold(Script::new(), |script, mail| {
            let pause = Duration::from_millis(((3 * mail + 5 * connection) % 7) as u64 * 4);
            script.at(At::Dot, Do::Late(pause, 250, format!("taken as {connection}.{mail};")))
        })
    });
    connections
        .fold(Server::build(), |server, script| server.script(script))
        .start()
}

fn wait_until(what: &str, done: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if done() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("waited in vain: {what}");
}

#[rstest]
#[case::one_session(1)]
#[case::three_sessions(3)]
fn a_servers_word_is_on_the_disk_before_the_sessions_next_mail(#[case] sessions: usize) {
    if !can_trace() {
        return;
    }
    let server = server(sessions);
    let office = office(&server, sessions);
    let trace = office.path("trace");
    let what = "trace=connect,sendto,recvfrom,pwrite64,fsync,fdatasync";
    let strace = ["-f", "-y", "-s", "5000", "-o", trace.to_str().unwrap(), "-e", what];
    let service = office.traced_service("2022-03-04 08:30:00", &strace);
    let accepted = "select count(*) from message where state = 'accepted'";
    wait_until("all mails", || {
        office.count(accepted) == i64::try_from(OFFICERS).unwrap()
    });
    assert_eq!(service.stop(), Some(0));
    let read = || std::fs::read_to_string(&trace).unwrap();
    wait_until("the end of the trace", || read().contains("+++ exited with 0 +++"));
    let calls = calls(&read());

    // That it is being sent is on the disk before there is a connection.
    let connects: Vec<&Call> = calls
        .iter()
        .filter(|call| call.name == "connect" && call.words.contains("127.0.0.1"))
        .collect();
    assert_eq!(connects.len(), sessions);
    let taken = on_disk(&calls, "sending", 0);
    assert!(connects.iter().all(|connect| connect.begun > taken));

    let mut followed = 0;
    let heard = |call: &&Call| call.name == "recvfrom" && call.words.contains("250 taken as ");
    for reply in calls.iter().filter(heard) {
        let words = reply.words.split("250 ").nth(1).unwrap().split(';').next().unwrap();
        let kept = on_disk(&calls, words, reply.ended);
        let next = calls.iter().find(|call| {
            call.begun > reply.ended
                && call.name == "sendto"
                && call.place == reply.place
                && call.words.contains("MAIL FROM")
        });
        if let Some(next) = next {
            assert!(next.begun > kept, "the next mail left before {words} was on the disk");
            followed += 1;
        }
    }
    assert_eq!(calls.iter().filter(heard).count(), OFFICERS);
    assert_eq!(
        followed,
        OFFICERS - sessions,
        "each session's last mail has none after it"
    );
}

#[test]
fn an_entry_is_on_the_disk_before_it_is_said_to_be_recorded() {
    if !can_trace() {
        return;
    }
    let office = Office::new();
    office
        .run_at("2022-02-04 17:45:00", &["log", "FOI-1", "--received", "2022-02-04"])
        .well();
    // With the service at work, the log is not folded into the register at the command's end.
    let service = office.service(Some("2022-02-04 17:45:30"));
    service.wait_for("WATCHDOG=1");
    let trace = office.path("trace");
    let what = "trace=write,pwrite64,fsync,fdatasync";
    let strace = ["-f", "-y", "-s", "5000", "-o", trace.to_str().unwrap(), "-e", what];
    let said = office.traced_at(
        "2022-02-04 17:46:00",
        &strace,
        &["log", "FOI-2", "--received", "2022-02-04"],
    );
    assert!(said.well().contains("FOI-2"));
    let calls = calls(&std::fs::read_to_string(&trace).unwrap());
    let said = calls
        .iter()
        .find(|call| call.name == "write" && call.place.starts_with("1<"))
        .unwrap();
    assert!(said.begun > on_disk(&calls, "FOI-2", 0));
    assert_eq!(service.stop(), Some(0));
}
