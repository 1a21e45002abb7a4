//! The same faults at a stranger's hands: Postfix's `smtp-sink`. Where it is
//! not installed the test says so and passes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "clippy excuses only the #[test] functions themselves; a child has to be waited for, and a skip told"
)]

use std::{
    io::ErrorKind,
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::Duration,
};

use chrono::{TimeZone, Utc};
use timeous::mail::{Address, Auth, Mail, Outcome, Security, Session, Settings, Timeouts};

struct Sink(Child);

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn sink(flags: &[&str]) -> Option<(Sink, u16)> {
    let port = {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        free.local_addr().unwrap().port()
    };
    let at = format!("127.0.0.1:{port}");
    let child = Command::new("/usr/sbin/smtp-sink")
        .args(["-u", "nobody"])
        .args(flags)
        .args([&at, "10"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let sink = match child {
        Ok(child) => Sink(child),
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        Err(error) => panic!("smtp-sink does not start: {error}"),
    };
    for _ in 0..200 {
        if TcpStream::connect(&at).is_ok() {
            return Some((sink, port));
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    // It changes user first, which only root may do.
    None
}

async fn attempt(port: u16) -> Outcome {
    let settings = Settings {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::None,
        client_name: None,
        ca: None,
        auth: Auth::None,
        timeouts: Timeouts {
            data: Duration::from_secs(1),
            dot: Duration::from_secs(1),
            ..Timeouts::default()
        },
    };
    let mail = Mail {
        from: Address::parse("foi@example.gov.uk").unwrap(),
        to: Address::parse("officer@example.gov.uk").unwrap(),
        subject: "§ 10(1)".to_owned(),
        text: "Due.\n".to_owned(),
        html: "<p>Due.</p>\n".to_owned(),
        message_id: "a@example.gov.uk".to_owned(),
        references: Vec::new(),
        date: Utc.with_ymd_and_hms(2018, 4, 5, 7, 0, 0).unwrap(),
    };
    match Session::open(&settings, Utc.with_ymd_and_hms(2018, 4, 5, 7, 0, 0).unwrap()).await {
        Ok(mut session) => {
            let outcome = session.send(&mail.render().unwrap()).await;
            session.close().await;
            outcome
        }
        Err(outcome) => outcome,
    }
}

#[tokio::test]
async fn a_strangers_server_is_understood() {
    for (flags, expected) in [
        (&[][..], "accepted"),
        (&["-8"], "accepted"),
        (&["-f", "EHLO"], "refused at hello"),
        (&["-r", "MAIL"], "deferred at mail"),
        (&["-Q", "MAIL"], "deferred at mail"),
        (&["-q", "MAIL"], "deferred at mail"),
        (&["-r", "RCPT"], "deferred at rcpt"),
        (&["-f", "RCPT"], "refused at rcpt"),
        (&["-r", "DATA"], "deferred at data"),
        (&["-q", "DATA"], "deferred at data"),
        (&["-W", "DATA:4"], "deferred at data"),
        (&["-r", "."], "deferred at dot"),
        (&["-f", "."], "refused at dot"),
        (&["-q", "."], "unknown"),
        (&["-W", ".:4"], "unknown"),
    ] {
        let Some((_sink, port)) = sink(flags) else {
            eprintln!("smtp-sink (Postfix) cannot be run here: not cross-checked");
            return;
        };
        let outcome = attempt(port).await;
        let got = match outcome.stage() {
            Some(stage) => format!("{} at {stage}", outcome.kind()),
            None => outcome.kind().to_owned(),
        };
        assert_eq!(got, expected, "smtp-sink {flags:?}: {outcome:?}");
    }
}
