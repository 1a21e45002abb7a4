//! The Postfix that other tests send to: it takes mail, and lets none out.
#![allow(
    clippy::unwrap_used,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers"
)]

mod support;

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use support::postfix::Postfix;

const PATIENCE: Duration = Duration::from_secs(20);

/// Says one line and gives the last line of the answer.
fn say(line: &mut BufReader<TcpStream>, words: &str) -> String {
    line.get_mut().write_all(format!("{words}\r\n").as_bytes()).unwrap();
    answer(line)
}

fn answer(line: &mut BufReader<TcpStream>) -> String {
    let mut text = String::new();
    loop {
        text.clear();
        line.read_line(&mut text).unwrap();
        if text.as_bytes().get(3) != Some(&b'-') {
            return text.trim_end().to_owned();
        }
    }
}

#[track_caller]
fn expect_code(reply: &str, code: &str) {
    assert!(reply.starts_with(code), "wanted {code}, the server said: {reply}");
}

#[test]
fn takes_mail_for_its_domain_and_lets_none_out() {
    let Some(postfix) = Postfix::start_or_skip() else {
        return;
    };
    let stream = TcpStream::connect(("127.0.0.1", postfix.port())).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut line = BufReader::new(stream);

    expect_code(&answer(&mut line), "220");
    expect_code(&say(&mut line, "EHLO timeous.example.gov.uk"), "250");
    expect_code(&say(&mut line, "MAIL FROM:<foi@example.gov.uk>"), "250");
    expect_code(&say(&mut line, "RCPT TO:<elsewhere@example.com>"), "554");
    expect_code(&say(&mut line, "RCPT TO:<nobody.here@example.gov.uk>"), "550");
    expect_code(&say(&mut line, "RCPT TO:<bjones@example.gov.uk>"), "250");
    expect_code(&say(&mut line, "DATA"), "354");
    expect_code(
        &say(&mut line, "Subject: FOI: 1 due today\r\n\r\nAnswer by Friday.\r\n."),
        "250",
    );
    expect_code(&say(&mut line, "QUIT"), "221");

    let mails = postfix.wait_for_mail("bjones", 1, PATIENCE);
    assert_eq!(mails.len(), 1, "{}", postfix.log());
    let mail = fs::read_to_string(&mails[0]).unwrap();
    assert!(mail.contains("Subject: FOI: 1 due today"), "{mail}");
    assert!(mail.contains("Delivered-To: bjones@example.gov.uk"), "{mail}");
    assert!(
        postfix.wait_for_log("status=sent (delivered to maildir)", PATIENCE),
        "{}",
        postfix.log()
    );
    assert!(
        postfix.log().contains("<elsewhere@example.com>: Relay access denied"),
        "{}",
        postfix.log()
    );
}

/// Past the door, by Postfix's own `sendmail`, which asks no relay rule: there is still no transport that leads out.
#[test]
fn even_mail_from_within_has_no_way_out() {
    let Some(postfix) = Postfix::start_or_skip() else {
        return;
    };
    assert!(postfix.submit("foi@example.gov.uk", "elsewhere@example.com", "Subject: out\n\nwords\n"));

    assert!(
        postfix.wait_for_log("status=bounced (no mail leaves this machine)", PATIENCE),
        "{}",
        postfix.log()
    );
    assert!(
        postfix.log().contains("to=<elsewhere@example.com>, relay=none"),
        "{}",
        postfix.log()
    );
    // The refusal comes back to who sent it.
    assert_eq!(postfix.wait_for_mail("foi", 1, PATIENCE).len(), 1, "{}", postfix.log());
}

#[test]
fn leaves_nothing_behind() {
    let Some(postfix) = Postfix::start_or_skip() else {
        return;
    };
    let (home, port) = (postfix.configuration(), postfix.port());
    drop(postfix);
    assert!(!home.exists());
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    for process in fs::read_dir("/proc").unwrap().flatten() {
        let told = |what| fs::read(process.path().join(what)).unwrap_or_default();
        let told = [told("cmdline"), told("environ")].concat();
        let ours = home.to_string_lossy().into_owned();
        assert!(
            !String::from_utf8_lossy(&told).contains(&ours),
            "{:?} is still running",
            process.path()
        );
    }
}
