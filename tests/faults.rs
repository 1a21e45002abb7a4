//! Everything a mail server can do to a reminder: what the register says of it afterwards, what `timeous status` says,
//! and that the officer is told in the end, by one mail or by one under the same name.
//!
//! The service itself runs one round after the other at a set moment, with its stages' time limits cut short; `status`
//! is the real program's.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers; a lock is waited for"
)]

mod support;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};
use rstest::rstest;
use serde_json::Value;
use support::https::{Answer, Web};
use support::office::{Office, can_pretend};
use support::smtp::{At, Do, Script, Server};
use timeous::clock::StoppedClock;
use timeous::config::{Config, Surroundings, Transport};
use timeous::service::{self, Once};
use timeous::store::Sqlite;

/// Ten working days before the answer is due: one reminder, and nothing else that could worry anybody.
const MORNING: &str = "2022-02-18 08:30:00";
const LATER: &str = "2022-02-18 08:40:00";
const AFTER_THE_WINDOW: &str = "2022-02-18 17:41:00";

fn moment(at: &str) -> DateTime<Utc> {
    NaiveDateTime::parse_from_str(at, "%Y-%m-%d %H:%M:%S")
        .unwrap()
        .and_utc()
}

/// One round of the service and what it sends. Where a row is about silence, no stage may take long.
fn round(office: &Office, at: &str, hurried: bool) -> Once {
    let mut config = Config::read(&office.path("timeous.toml"), &Surroundings::default()).unwrap();
    if let Transport::Smtp(smtp) = &mut config.mail.transport {
        let times = &mut smtp.timeouts;
        let limit = Duration::from_secs(if hurried { 1 } else { 30 });
        for time in [
            &mut times.token,
            &mut times.connect,
            &mut times.hello,
            &mut times.tls,
            &mut times.auth,
            &mut times.mail,
            &mut times.rcpt,
            &mut times.data,
            &mut times.dot,
        ] {
            *time = limit;
        }
    }
    service::once(config, Arc::new(StoppedClock(moment(at)))).unwrap()
}

/// An office with one case, logged on the day it came.
fn office(smtp: &str) -> Office {
    let office = Office::with(smtp);
    let log = [
        "log",
        "IM-FOI-2022-0365",
        "--received",
        "2022-02-04",
        "--officer",
        "bjones",
    ];
    office.run_at("2022-02-04 17:45:00", &log).well();
    office
}

fn smtp(host: &str, port: u16, more: &str) -> String {
    format!("transport = \"smtp\"\n[mail.smtp]\nhost = \"{host}\"\nport = {port}\n{more}\n")
}

/// In the clear, to this machine.
fn plainly(server: &Server) -> String {
    smtp("127.0.0.1", server.port(), "tls = \"none\"")
}

/// Sets the way out anew.
fn now_through(office: &Office, smtp: &str) {
    let config = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
    let (people, _) = config.split_once("transport = ").unwrap();
    office.configure(&format!("{people}{smtp}"));
}

/// What `status`, `status --json` and `status --check` say while the service is up.
struct Status {
    text: String,
    json: Value,
    code: Option<i32>,
    check: String,
}

fn status(office: &Office, at: &str) -> Status {
    let _running = hold_the_lock(office);
    let json = office.run_at(at, &["status", "--json"]).well();
    let check = office.run_at(at, &["status", "--check"]);
    assert_eq!(check.out.lines().count(), 1, "{}", check.out);
    let status = Status {
        text: office.run_at(at, &["status"]).well(),
        json: serde_json::from_str(&json).unwrap(),
        code: check.code,
        check: check.out,
    };
    for said in [&status.text, &status.check] {
        assert!(!said.contains('@'), "no address in a status: {said}");
    }
    status
}

/// As the service does. A child that another test is just starting may have our last hold on the lock, until it has
/// become another program.
fn hold_the_lock(office: &Office) -> impl Sized + use<> {
    let path = office.path("register.db");
    for _ in 0..100 {
        if let Ok(lock) = Sqlite::lock_daemon(&path) {
            return lock;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Sqlite::lock_daemon(&path).unwrap()
}

/// The last attempt to send the first mail: `deferred at rcpt: 450 later`.
fn last_attempt(office: &Office) -> String {
    let register = rusqlite::Connection::open(office.path("register.db")).unwrap();
    let words = "select outcome || coalesce(' at ' || stage, '') || ': ' || reply from attempt where message = 1
                 order by rowid desc limit 1";
    register.query_row(words, [], |row| row.get(0)).unwrap()
}

fn messages(office: &Office, state: &str) -> i64 {
    office.count(&format!("select count(*) from message where state = '{state}'"))
}

fn assert_consistent(office: &Office) {
    assert_eq!(messages(office, "sending"), 0);
    assert_eq!(office.count("select count(*) from attempt where outcome is null"), 0);
    let wrong = "select (select count(*) from line join message on message.id = line.message
                         join reminder on reminder.id = line.reminder
                         where message.state = 'accepted' and reminder.state <> 'told')
                      + (select count(*) from reminder where state = 'told' and not exists (
                         select 1 from line join message on message.id = line.message
                         where line.reminder = reminder.id and message.state = 'accepted'))";
    assert_eq!(office.count(wrong), 0, "{}", office.dump());
}

/// What has to follow from a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// The server or the settings are at fault: the message waits, and status says why at once.
    Shout,
    /// This message waits; status says so, and raises the alarm when the window has closed.
    Wait,
    /// The same, and it may have arrived.
    Doubt,
    /// The mailbox is out of reach: somebody else is told at once.
    SomebodyElse,
    /// All is well.
    Told,
}

/// Holds one fault to its row: the first round meets it, the second finds a server on which all goes well.
fn hold(office: &Office, faulty: Option<&Server>, hurried: bool, attempt: &str, then: Then) {
    let first = round(office, MORNING, hurried);
    assert_eq!(first.written, 1 + usize::from(then == Then::SomebodyElse), "{first:?}");
    let words = last_attempt(office);
    assert!(words.starts_with(attempt), "{words}");
    assert_eq!(first.faults.len(), usize::from(then == Then::Shout), "{first:?}");
    assert_consistent(office);
    during(office, &words, then);
    // Taken by the faulty server, told or not.
    let before = faulty.map(Server::accepted).unwrap_or_default();

    let good = Server::start();
    now_through(office, &plainly(&good));
    round(office, LATER, false);
    let after = good.accepted();
    assert_consistent(office);
    let is_told = matches!(then, Then::Told | Then::SomebodyElse);
    assert_eq!(after.len(), usize::from(!is_told), "{}", office.dump());
    if then == Then::SomebodyElse {
        let told: Vec<&str> = before.iter().map(|mail| mail.to.as_str()).collect();
        assert_eq!(told, ["cbrown@example.gov.uk"]);
    }
    for mail in &after {
        assert_eq!(mail.to, "bjones@example.gov.uk");
        for earlier in before.iter().filter(|earlier| earlier.to == mail.to) {
            assert_eq!(
                (&earlier.message_id, &earlier.data),
                (&mail.message_id, &mail.data),
                "the same mail"
            );
        }
    }
    assert_eq!(messages(office, "accepted"), 1);
    assert_eq!(office.count("select count(*) from reminder where state = 'told'"), 1);
    assert_eq!(office.count("select count(*) from reminder"), 1);
    let status = status(office, LATER);
    assert_eq!(status.json["daemon"]["outbox"]["queued"], 0);
    assert!(!status.text.contains("deliver:"), "{}", status.text);
    assert_eq!(status.json["daemon"]["outbox"]["refused"], 0);
    assert_eq!(
        (status.code, status.check.starts_with("TIMEOUS OK")),
        (Some(0), true),
        "{}",
        status.check
    );
}

/// What the register and the status say between the fault and its end.
fn during(office: &Office, attempt: &str, then: Then) {
    let (state, reminder) = match then {
        Then::Shout | Then::Wait | Then::Doubt => ("queued", "queued"),
        Then::SomebodyElse => ("refused", "told"),
        Then::Told => ("accepted", "told"),
    };
    assert_eq!(messages(office, state), 1, "{}", office.dump());
    let reminders = format!("select count(*) from reminder where state = '{reminder}'");
    assert_eq!(office.count(&reminders), 1, "{}", office.dump());
    assert_eq!(
        office.count("select maybe_duplicate from message"),
        i64::from(then == Then::Doubt)
    );
    let shown = office.run_at(MORNING, &["show", "IM-FOI-2022-0365"]).well();
    let (outcome, words) = attempt.split_once(": ").unwrap();
    assert!(shown.contains(outcome) && shown.contains(words), "{attempt}\n{shown}");

    let now = status(office, MORNING);
    let queued = i64::from(state == "queued");
    assert_eq!(now.json["daemon"]["outbox"]["queued"], queued);
    assert_eq!(now.json["daemon"]["outbox"]["unaccepted"], 0);
    assert!(now.text.contains(&format!("{queued} mail")), "{}", now.text);
    match then {
        Then::Shout => {
            assert_eq!(now.code, Some(2), "{}", now.check);
            assert!(now.check.starts_with("TIMEOUS CRITICAL - deliver: "), "{}", now.check);
            assert!(now.check.contains(outcome), "{}", now.check);
            assert!(now.text.contains(&format!("deliver: {outcome}")), "{}", now.text);
        }
        Then::Wait | Then::Doubt | Then::Told | Then::SomebodyElse => assert_eq!(now.code, Some(0), "{}", now.check),
    }
    let evening = status(office, AFTER_THE_WINDOW);
    assert_eq!(evening.json["daemon"]["outbox"]["unaccepted"], queued);
    if queued == 1 {
        let alarm = "1 mail not accepted by the end of their send window";
        assert_eq!(evening.code, Some(2));
        assert!(evening.check.contains(alarm), "{}", evening.check);
        assert!(
            evening.text.contains("1 not accepted by the end of their send window"),
            "{}",
            evening.text
        );
        let queue = office.run_at(MORNING, &["mail", "queue"]).well();
        assert!(queue.contains(words), "{queue}");
        assert_eq!(
            queue.contains("perhaps delivered already"),
            then == Then::Doubt,
            "{queue}"
        );
    }
}

fn reply(code: u16, words: &str) -> Do {
    Do::reply(code, words)
}

/// What a server does at one moment.
#[rstest]
#[case::greeting_busy(At::Greeting, reply(421, "too busy"), "deferred at hello: 421 too busy", Then::Shout)]
#[case::greeting_never(At::Greeting, reply(554, "not you"), "refused at hello: 554 not you", Then::Shout)]
#[case::ehlo(At::Ehlo, reply(502, "what?"), "refused at hello: 502 what?", Then::Shout)]
#[case::mail_421(
    At::Mail,
    reply(421, "shutting down"),
    "deferred at mail: 421 shutting down",
    Then::Wait
)]
#[case::mail_550(
    At::Mail,
    reply(550, "<foi@example.gov.uk> may not send"),
    "refused at mail: 550 <foi@example.gov.uk> may not send",
    Then::Shout
)]
#[case::rcpt_450(At::Rcpt, reply(450, "greylisted"), "deferred at rcpt: 450 greylisted", Then::Wait)]
#[case::rcpt_550(
    At::Rcpt,
    reply(550, "no such user"),
    "refused at rcpt: 550 no such user",
    Then::SomebodyElse
)]
#[case::rcpt_half(
    At::Rcpt,
    Do::Half,
    "deferred at rcpt: the server closed the connection in the middle",
    Then::Wait
)]
#[case::rcpt_endless(
    At::Rcpt,
    Do::Huge(10_000_000),
    "deferred at rcpt: the server's reply is longer than 65536 bytes",
    Then::Wait
)]
#[case::data_451(At::Data, reply(451, "later"), "deferred at data: 451 later", Then::Wait)]
#[case::data_554(
    At::Data,
    reply(554, "no mail today"),
    "refused at data: 554 no mail today",
    Then::Shout
)]
#[case::dot_451(At::Dot, reply(451, "scanner busy"), "deferred at dot: 451 scanner busy", Then::Wait)]
#[case::dot_554(
    At::Dot,
    reply(554, "looks like spam"),
    "refused at dot: 554 looks like spam",
    Then::SomebodyElse
)]
#[case::dot_cut(At::Dot, Do::Close, "unknown: after the final dot: the server closed", Then::Doubt)]
#[case::dot_taken_and_cut(
    At::Dot,
    Do::AcceptThenClose,
    "unknown: after the final dot: the server closed",
    Then::Doubt
)]
#[case::dot_half(
    At::Dot,
    Do::Half,
    "unknown: after the final dot: the server closed the connection in the middle",
    Then::Doubt
)]
#[case::dot_endless(
    At::Dot,
    Do::Huge(10_000_000),
    "unknown: after the final dot: the server's reply is longer",
    Then::Doubt
)]
#[case::dot_nonsense(At::Dot, Do::Raw(b"thanks\r\n".to_vec()), "unknown: after the final dot: the server's reply makes no sense", Then::Doubt)]
#[case::goodbye_behind(At::Dot, Do::Raw(b"250 taken\r\n421 bye\r\n".to_vec()), "accepted: 250 taken", Then::Told)]
#[case::well(At::Dot, reply(250, "taken"), "accepted: 250 taken", Then::Told)]
fn what_a_server_does(#[case] at: At, #[case] what: Do, #[case] attempt: &str, #[case] then: Then) {
    if !can_pretend() {
        return;
    }
    let server = Server::build().script(Script::new().at(at, what)).start();
    hold(&office(&plainly(&server)), Some(&server), false, attempt, then);
}

/// Silence, at each moment at which it means something else.
#[rstest]
#[case::greeting(At::Greeting, "deferred at hello: the server took longer than 1s", Then::Shout)]
#[case::mail(At::Mail, "deferred at mail: the server took longer than 1s", Then::Wait)]
#[case::rcpt(At::Rcpt, "deferred at rcpt: the server took longer than 1s", Then::Wait)]
#[case::data(At::Data, "deferred at data: the server took longer than 1s", Then::Wait)]
#[case::dot(At::Dot, "unknown: after the final dot: the server took longer than 1s", Then::Doubt)]
fn silence(#[case] at: At, #[case] attempt: &str, #[case] then: Then) {
    if !can_pretend() {
        return;
    }
    let server = Server::build().script(Script::new().at(at, Do::Hang)).start();
    hold(&office(&plainly(&server)), Some(&server), true, attempt, then);
}

#[test]
fn nobody_listens() {
    if !can_pretend() {
        return;
    }
    let gone = plainly(&Server::start());
    hold(
        &office(&gone),
        None,
        false,
        "deferred at connect: cannot connect to 127.0.0.1",
        Then::Shout,
    );
}

#[test]
fn a_name_that_leads_nowhere() {
    if !can_pretend() {
        return;
    }
    let nowhere = smtp("no-such-host.invalid", 587, "tls = \"starttls\"");
    hold(
        &office(&nowhere),
        None,
        false,
        "deferred at connect: cannot find no-such-host.invalid",
        Then::Shout,
    );
}

#[test]
fn no_starttls_a_bad_certificate_and_a_wrong_password() {
    if !can_pretend() {
        return;
    }
    let bare = Server::start();
    let tls = Server::build().starttls().account("timeous", "right").start();
    let stranger = Server::build().starttls().start();
    let protected = |server: &Server, host: &str| {
        smtp(
            host,
            server.port(),
            "tls = \"starttls\"\nca = \"ca.pem\"\nauth = \"plain\"\nuser = \"timeous\"\nsecret = { file = \"smtp.secret\" }",
        )
    };
    for (server, host, ca, attempt) in [
        (
            &bare,
            "localhost",
            bare.ca(),
            "refused at tls: the server does not offer STARTTLS",
        ),
        (
            &tls,
            "localhost",
            stranger.ca(),
            "refused at tls: the TLS handshake failed",
        ),
        (&tls, "127.0.0.1", tls.ca(), "refused at tls: the TLS handshake failed"),
        (
            &tls,
            "localhost",
            tls.ca(),
            "refused at auth: 535 5.7.8 wrong user or secret",
        ),
    ] {
        let office = office("");
        std::fs::write(office.path("ca.pem"), ca).unwrap();
        office.secret("smtp.secret", "not-the-right-one");
        let config = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
        office.configure(&format!("{config}{}", protected(server, host)));
        hold(&office, Some(server), false, attempt, Then::Shout);
    }
}

#[rstest]
#[case::garbage(
    Some(Answer::page(200, "<html>Sign in</html>")),
    "deferred at auth: no token for the mail server: 127.0.0.1 answers with something else than a token"
)]
#[case::slow(
    Some(Answer::Hang),
    "deferred at auth: no token for the mail server: 127.0.0.1 did not answer within 1s"
)]
#[case::busy(
    Some(Answer::page(503, "later")),
    "deferred at auth: no token for the mail server: 127.0.0.1 answered 503"
)]
#[case::refused(
    Some(Answer::page(401, r#"{"error":"invalid_client","error_description":"AADSTS7000222: expired"}"#)),
    "refused at auth: no token for the mail server: 127.0.0.1 answers invalid_client (AADSTS7000222: expired)"
)]
#[case::wrong(
    Some(Answer::page(200, r#"{"access_token":"wrong","expires_in":3599}"#)),
    "refused at auth: 535 5.7.3 Authentication unsuccessful"
)]
#[case::down(None, "deferred at auth: no token for the mail server: 127.0.0.1 cannot be reached")]
fn the_token_endpoint(#[case] answer: Option<Answer>, #[case] attempt: &str) {
    if !can_pretend() {
        return;
    }
    let down = answer.is_none();
    let endpoint = Web::plain(move |_| answer.clone().unwrap_or(Answer::Hang));
    let server = Server::build().bearer("timeous", "right").start();
    let oauth = format!(
        "tls = \"none\"\nauth = \"xoauth2\"\nuser = \"timeous\"\nsecret = {{ file = \"client.secret\" }}\n\
         oauth = {{ token_url = \"{}\", client_id = \"ID\", scope = \"S\" }}",
        endpoint.url("127.0.0.1", "/token")
    );
    let office = office(&smtp("127.0.0.1", server.port(), "tls = \"none\""));
    office.secret("client.secret", "bought-with-this");
    now_through(&office, &smtp("127.0.0.1", server.port(), &oauth));
    if down {
        drop(endpoint);
        hold(&office, Some(&server), true, attempt, Then::Shout);
    } else {
        hold(&office, Some(&server), true, attempt, Then::Shout);
    }
    assert!(!office.dump().contains("bought-with-this"));
}

/// A message so long that its end cannot have been written when the line is cut or falls silent.
#[rstest]
#[case::cut(Do::Close, "deferred at data: the connection failed")]
#[case::slow(Do::Hang, "deferred at data: the server took longer than 1s")]
fn before_the_dot(#[case] what: Do, #[case] attempt: &str) {
    if !can_pretend() {
        return;
    }
    let server = Server::build().script(Script::new().at(At::Body, what)).start();
    let office = office(&plainly(&server));
    std::fs::create_dir_all(office.path("templates/digest")).unwrap();
    let long =
        "{% for a in range(500) %}{% for b in range(400) %}A line of no interest whatever.\n{% endfor %}{% endfor %}";
    std::fs::write(office.path("templates/digest/text"), long).unwrap();
    let config = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
    office.configure(&config.replace("[mail]\n", "[mail]\ntemplates = \"templates\"\n"));
    hold(&office, Some(&server), true, attempt, Then::Wait);
    assert!(server.accepted().is_empty());
}

#[test]
fn a_server_that_takes_seven_bits_only_takes_our_mail() {
    if !can_pretend() {
        return;
    }
    // It offers no 8BITMIME.
    let server = Server::start();
    let office = office(&plainly(&server));
    std::fs::create_dir_all(office.path("templates/digest")).unwrap();
    std::fs::write(office.path("templates/digest/text"), "§ 10(1), Müller: {{ tally }}").unwrap();
    std::fs::write(office.path("templates/digest/subject"), "§ 10(1), Müller: {{ tally }}").unwrap();
    let config = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
    office.configure(&config.replace("[mail]\n", "[mail]\ntemplates = \"templates\"\n"));
    hold(&office, Some(&server), false, "accepted: 250", Then::Told);
    assert!(server.accepted()[0].data.is_ascii());
}

#[test]
fn twice_later_then_taken() {
    if !can_pretend() {
        return;
    }
    let later = || Script::new().at(At::Dot, Do::reply(451, "later"));
    let server = Server::build().script(later()).script(later()).start();
    let office = office(&plainly(&server));
    for (at, sent) in [(MORNING, 0), (LATER, 0), ("2022-02-18 08:50:00", 1)] {
        let done = round(&office, at, false);
        assert_eq!((done.sent, done.faults.len()), (sent, 0), "{done:?}");
    }
    assert_eq!(server.accepted().len(), 1);
    assert_eq!(office.count("select count(*) from attempt"), 3);
    assert_eq!(office.count("select count(*) from message"), 1);
    assert_consistent(&office);
    assert_eq!(status(&office, "2022-02-18 08:50:00").code, Some(0));
}

/// Friday to Tuesday without a server: one fresh mail on Wednesday, and nothing of the days before.
#[test]
fn a_server_gone_for_three_days_gets_one_fresh_mail() {
    if !can_pretend() {
        return;
    }
    let gone = plainly(&Server::start());
    let office = office(&gone);
    // Another case, whose own reminder falls into the days without a server: due on 8 March.
    let log = ["log", "FOI-2", "--received", "2022-02-08", "--officer", "bjones"];
    office.run_at("2022-02-08 17:45:00", &log).well();
    for day in ["2022-02-18", "2022-02-21", "2022-02-22"] {
        for hour in ["08:00:00", "12:00:00", "17:29:00"] {
            round(&office, &format!("{day} {hour}"), false);
            assert_consistent(&office);
            assert_eq!(messages(&office, "queued"), 1, "{}", office.dump());
        }
        let evening = status(&office, &format!("{day} 17:41:00"));
        assert_eq!(evening.code, Some(2));
        assert!(evening.check.contains("1 mail not accepted"), "{}", evening.check);
    }
    let server = Server::start();
    now_through(&office, &plainly(&server));
    round(&office, "2022-02-23 08:00:00", false);
    let mails = server.accepted();
    assert_eq!(mails.len(), 1, "{}", office.dump());
    let text = support::office::plain_text(&String::from_utf8(mails[0].data.clone()).unwrap());
    for reference in ["IM-FOI-2022-0365", "FOI-2"] {
        assert!(text.contains(reference), "{text}");
    }
    // Seven working days are left after Wednesday 23 February to Friday 4 March, as it says, and not ten.
    assert!(
        text.contains("seven working days after today") && !text.contains("ten working days"),
        "{text}"
    );
    assert_consistent(&office);
    assert_eq!(messages(&office, "accepted"), 1);
    assert_eq!(messages(&office, "superseded"), 3, "{}", office.dump());
    assert_eq!(round(&office, "2022-02-23 09:00:00", false).sent, 0);
    let status = status(&office, "2022-02-23 09:00:00");
    assert_eq!(status.code, Some(0), "{}", status.check);
}

/// The same three days, but the first attempt may have arrived: that very mail goes out again too, under its name.
#[test]
fn a_doubtful_mail_is_never_dropped_for_a_fresh_one() {
    if !can_pretend() {
        return;
    }
    let first = Server::build()
        .script(Script::new().at(At::Dot, Do::AcceptThenClose))
        .start();
    let office = office(&plainly(&first));
    round(&office, MORNING, false);
    now_through(&office, &plainly(&Server::start()));
    for day in ["2022-02-21", "2022-02-22"] {
        round(&office, &format!("{day} 08:30:00"), false);
    }
    let server = Server::start();
    now_through(&office, &plainly(&server));
    round(&office, "2022-02-23 08:30:00", false);
    let (doubtful, later) = (first.accepted().remove(0), server.accepted());
    assert_eq!(later[0], doubtful, "{}", office.dump());
    assert_consistent(&office);
    assert_eq!(messages(&office, "queued"), 0);
}

#[test]
fn a_support_person_lets_a_mail_be_tried_again() {
    if !can_pretend() {
        return;
    }
    let server = Server::build()
        .script(Script::new().at(At::Rcpt, Do::reply(450, "4.2.0 later")))
        .script(Script::new().at(At::Rcpt, Do::reply(550, "5.1.1 no such mailbox")))
        .script(Script::new().at(At::Rcpt, Do::reply(550, "5.1.1 nor this one")))
        .script(Script::new().at(At::Rcpt, Do::reply(550, "5.1.1 nor the team's")))
        .rest(Script::new())
        .start();
    let office = office(&plainly(&server));
    let retry = |id: &str| office.run_at(LATER, &["mail", "retry", id]);
    round(&office, MORNING, false);
    // Put off: it is let go at once instead of in a while, and then refused.
    let said = retry("1").well();
    assert!(said.contains("mail 1 is tried at the next occasion"), "{said}");
    let refused = round(&office, LATER, false);
    assert_eq!(server.accepted().len(), 0);
    assert_eq!(refused.faults.len(), 1, "there is nobody else: {refused:?}");
    assert!(
        last_attempt(&office).contains("refused at rcpt"),
        "{}",
        last_attempt(&office)
    );
    // Somebody mended the mailbox: it is written to again before anybody else is.
    let said = retry("1").well();
    assert!(said.contains("its mailbox is written to again"), "{said}");
    assert!(said.contains("the service does not run"), "{said}");
    round(&office, "2022-02-18 08:50:00", false);
    let accepted = server.accepted();
    assert_eq!(accepted.len(), 1);
    assert_eq!(accepted[0].to, "bjones@example.gov.uk");
    for (id, why) in [
        ("1", "it gave way to a later mail"),
        ("4", "it was accepted; nothing is left to try"),
        ("77", "there is no mail of that number; `timeous mail queue` lists them"),
    ] {
        assert!(retry(id).complaint(2).contains(why), "{id}");
    }
}

/// Whoever stands in is told what was to be told; that the mailbox is broken is told to those who watch, once a week.
#[test]
fn a_mailbox_that_refuses_is_named_to_those_who_watch() {
    if !can_pretend() {
        return;
    }
    let server = Server::build()
        .script(Script::new().at(At::Rcpt, Do::reply(550, "5.1.1 no such mailbox")))
        .rest(Script::new())
        .start();
    let office = office(&format!("{}[watch]\nadmins = [\"cbrown\"]\n", plainly(&server)));
    round(&office, MORNING, false);
    round(&office, LATER, false);
    round(&office, "2022-02-18 08:50:00", false);
    let told: Vec<(String, String)> = server
        .accepted()
        .iter()
        .map(|mail| {
            let text = String::from_utf8(mail.data.clone()).unwrap();
            (mail.to.clone(), support::office::plain_text(&text))
        })
        .collect();
    let words =
        "The mail server refuses mail to the mailbox of B Jones, and whoever stands in is told instead. It says: ";
    let about = told
        .iter()
        .filter(|(to, text)| to == "cbrown@example.gov.uk" && text.contains(words));
    assert_eq!(about.count(), 1, "{told:?}");
    // The case itself reached the cover as well, and nobody is told twice.
    assert_eq!(
        told.iter()
            .filter(|(_, text)| text.contains("IM-FOI-2022-0365 -"))
            .count(),
        1,
        "{told:?}"
    );
    assert_eq!(told.len(), 2, "{told:?}");
}
