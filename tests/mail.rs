//! How mails leave: what the server does, and what we say became of the mail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::{fs, time::Duration};

use chrono::{TimeZone, Utc};
use support::smtp::{At, Do, Script, Server};
use timeous::mail::{Address, Auth, Mail, Outcome, Rendered, Security, Session, Settings, Stage, Timeouts, message_id};

/// Long enough for a busy machine, short enough to wait for.
const SHORT: Duration = Duration::from_millis(300);
const LONG: Duration = Duration::from_secs(20);

fn mail(key: &str) -> Rendered {
    let to = "officer@example.gov.uk";
    Mail {
        from: Address::parse("Timeous <foi@example.gov.uk>").unwrap(),
        to: Address::parse(to).unwrap(),
        subject: "Due on Thursday: IM-FOI-2022-0365, § 10(1)".to_owned(),
        html: "<p>One request is due.</p>".to_owned(),
        text: "One request is due.\n.\n..and a line with dots\n".to_owned(),
        message_id: message_id(to, &[key.to_owned()], "example.gov.uk"),
        references: Vec::new(),
        date: Utc.with_ymd_and_hms(2018, 4, 5, 7, 0, 0).unwrap(),
    }
    .render()
    .unwrap()
}

fn settings(port: u16) -> Settings {
    Settings {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::None,
        client_name: Some("timeous.example.gov.uk".to_owned()),
        ca: None,
        auth: Auth::None,
        timeouts: Timeouts {
            token: LONG,
            connect: LONG,
            hello: LONG,
            tls: LONG,
            auth: LONG,
            mail: LONG,
            rcpt: LONG,
            data: LONG,
            dot: LONG,
        },
    }
}

fn now() -> chrono::DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 22, 8, 0, 0).unwrap()
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// Opens a session and sends one mail; the outcome, and whether the session
/// may still be used.
fn attempt(settings: &Settings, mail: &Rendered) -> (Outcome, bool) {
    run(async {
        match Session::open(settings, now()).await {
            Ok(mut session) => {
                let outcome = session.send(mail).await;
                let usable = session.usable();
                session.close().await;
                (outcome, usable)
            }
            Err(outcome) => (outcome, false),
        }
    })
}

/// What the table says: `accepted`, `deferred at mail`, `unknown`.
fn summary(outcome: &Outcome) -> String {
    match outcome.stage() {
        Some(stage) => format!("{} at {stage}", outcome.kind()),
        None => outcome.kind().to_owned(),
    }
}

#[test]
fn every_fault_has_its_outcome_at_its_stage() {
    let reply = Do::reply;
    let raw = |text: &str| Do::Raw(text.as_bytes().to_vec());
    let huge = || Do::Huge(10_000_000);
    #[rustfmt::skip]
    let table: Vec<(At, Do, &str, usize)> = vec![
        // moment        what the server does          what became of the mail  mails truly taken
        (At::Greeting, reply(220, "as usual"),         "accepted",          1),
        (At::Greeting, reply(421, "too busy"),         "deferred at hello", 0),
        (At::Greeting, reply(554, "not you"),          "refused at hello",  0),
        (At::Greeting, Do::Close,                      "deferred at hello", 0),
        (At::Greeting, Do::Half,                       "deferred at hello", 0),
        (At::Greeting, Do::Hang,                       "deferred at hello", 0),
        (At::Greeting, huge(),                         "deferred at hello", 0),
        (At::Greeting, Do::Huge(70_000),               "deferred at hello", 0),
        (At::Greeting, raw("SSH-2.0-OpenSSH\r\n"),     "deferred at hello", 0),
        (At::Ehlo,     reply(500, "what?"),            "refused at hello",  0),
        (At::Ehlo,     reply(421, "too busy"),         "deferred at hello", 0),
        (At::Ehlo,     Do::Hang,                       "deferred at hello", 0),
        (At::Ehlo,     raw("250-x\r\n250- \r\n250\r\n"), "accepted",        1),
        (At::Ehlo,     raw("250-x\r\n550 y\r\n"),      "deferred at hello", 0),
        (At::Mail,     reply(421, "too busy"),         "deferred at mail",  0),
        (At::Mail,     reply(550, "not from you"),     "refused at mail",   0),
        (At::Mail,     Do::Close,                      "deferred at mail",  0),
        (At::Mail,     Do::Hang,                       "deferred at mail",  0),
        // A reply too many: the next would be read as the answer to RCPT.
        (At::Mail,     raw("250 ok\r\n250 ok\r\n"),    "deferred at rcpt",  0),
        (At::Rcpt,     reply(450, "later"),            "deferred at rcpt",  0),
        (At::Rcpt,     reply(550, "nobody"),           "refused at rcpt",   0),
        (At::Rcpt,     reply(251, "will forward"),     "accepted",          1),
        (At::Rcpt,     reply(354, "what?"),            "deferred at rcpt",  0),
        (At::Rcpt,     Do::Hang,                       "deferred at rcpt",  0),
        (At::Rcpt,     huge(),                         "deferred at rcpt",  0),
        (At::Data,     reply(451, "later"),            "deferred at data",  0),
        (At::Data,     reply(554, "no"),               "refused at data",   0),
        (At::Data,     reply(250, "not 354"),          "deferred at data",  0),
        // The 250 would be read as the answer to the dot, and a refusal as sent.
        (At::Data,     raw("354 go\r\n250 ok\r\n"),  "deferred at data",  0),
        (At::Data,     Do::Hang,                       "deferred at data",  0),
        (At::Dot,      reply(250, "taken"),            "accepted",          1),
        (At::Dot,      reply(451, "later"),            "deferred at dot",   0),
        (At::Dot,      reply(421, "shutting down"),    "deferred at dot",   0),
        (At::Dot,      reply(554, "spam"),             "refused at dot",    0),
        (At::Dot,      reply(354, "go on"),            "unknown",           0),
        (At::Dot,      Do::Close,                      "unknown",           0),
        (At::Dot,      Do::AcceptThenClose,            "unknown",           1),
        (At::Dot,      Do::Half,                       "unknown",           1),
        (At::Dot,      Do::Hang,                       "unknown",           0),
        (At::Dot,      huge(),                         "unknown",           0),
        (At::Dot,      raw("what now\r\n"),            "unknown",           0),
        (At::Dot,      raw("550-a\r\n250 b\r\n"),      "unknown",           0),
    ];
    for (at, what, expected, taken) in table {
        let server = Server::build().script(Script::new().at(at, what.clone())).start();
        let mut settings = settings(server.port());
        if matches!(what, Do::Hang) {
            let times = &mut settings.timeouts;
            let limit = match at {
                At::Greeting | At::Ehlo => &mut times.hello,
                At::Mail => &mut times.mail,
                At::Rcpt => &mut times.rcpt,
                At::Data => &mut times.data,
                _ => &mut times.dot,
            };
            *limit = SHORT;
        }
        let (outcome, usable) = attempt(&settings, &mail("a"));
        let row = format!("{at:?} {what:?}: {outcome:?}");
        assert_eq!(summary(&outcome), expected, "{row}");
        assert_eq!(usable, expected == "accepted", "{row}");
        assert_eq!(server.accepted().len(), taken, "{row}");
        assert!(!outcome.words().is_empty(), "{row}");
        assert!(outcome.words().chars().count() <= 500, "{row}");
    }
}

#[test]
fn nobody_listening_is_deferred_at_connect() {
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let (outcome, _) = attempt(&settings(port), &mail("a"));
    assert_eq!(summary(&outcome), "deferred at connect", "{outcome:?}");
}

#[test]
fn settings_that_must_not_be_are_refused_without_connecting() {
    let server = Server::start();
    let mut settings = settings(server.port());
    settings.host = "192.0.2.1".to_owned();
    let (outcome, _) = attempt(&settings, &mail("a"));
    assert_eq!(summary(&outcome), "refused at connect");
    assert!(outcome.pauses_outbox());
    assert!(outcome.words().contains("without TLS"), "{outcome:?}");
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_message_not_yet_ended_is_deferred_at_data() {
    // Larger than any socket buffer, so that the end cannot have been written.
    let mut large = mail("a");
    large.bytes.extend(
        b"A line of no interest whatever.
"
        .repeat(500_000),
    );
    for what in [Do::Close, Do::Hang] {
        let server = Server::build().script(Script::new().at(At::Body, what.clone())).start();
        let mut settings = settings(server.port());
        if matches!(what, Do::Hang) {
            settings.timeouts.data = SHORT;
        }
        let (outcome, usable) = attempt(&settings, &large);
        assert_eq!(summary(&outcome), "deferred at data", "{what:?} {outcome:?}");
        assert!(!usable);
        assert!(server.accepted().is_empty());
    }
}

#[test]
fn twice_later_then_taken() {
    let later = || Script::new().at(At::Mail, Do::reply(451, "4.3.0 later"));
    let server = Server::build().script(later()).script(later()).start();
    let got: Vec<String> = (0..3)
        .map(|_| summary(&attempt(&settings(server.port()), &mail("a")).0))
        .collect();
    assert_eq!(got, ["deferred at mail", "deferred at mail", "accepted"]);
    assert_eq!(server.accepted_ids(), [mail("a").message_id]);
    assert_eq!(server.connections(), 3);
}

#[test]
fn a_mail_sent_again_after_a_doubt_bears_the_same_name() {
    let server = Server::build()
        .script(Script::new().at(At::Dot, Do::AcceptThenClose))
        .start();
    let first = attempt(&settings(server.port()), &mail("a")).0;
    let second = attempt(&settings(server.port()), &mail("a")).0;
    assert_eq!((first.kind(), second.kind()), ("unknown", "accepted"));
    let taken = server.accepted();
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[0], taken[1]);
}

#[test]
fn a_mail_refused_at_the_dot_is_never_recorded_as_sent_by_the_one_after_it() {
    let server = Server::build()
        .script(
            Script::new()
                .at(At::Dot, Do::reply(250, "ok"))
                .at(At::Dot, Do::reply(554, "no")),
        )
        .start();
    run(async {
        let mut session = Session::open(&settings(server.port()), now()).await.ok().unwrap();
        assert_eq!(session.send(&mail("a")).await.kind(), "accepted");
        assert_eq!(summary(&session.send(&mail("b")).await), "refused at dot");
        assert!(!session.usable());
        assert_eq!(summary(&session.send(&mail("c")).await), "deferred at connect");
        session.close().await;
    });
    assert_eq!(server.accepted_ids(), [mail("a").message_id]);
}

#[test]
fn a_goodbye_behind_the_acceptance_ends_the_session_but_not_the_mail() {
    let reply = b"250 taken\r\n421 closing\r\n".to_vec();
    let server = Server::build()
        .script(Script::new().at(At::Dot, Do::Raw(reply)))
        .start();
    let (outcome, usable) = attempt(&settings(server.port()), &mail("a"));
    assert_eq!(outcome, Outcome::accepted("250 taken"));
    assert!(!usable);
}

#[test]
fn a_session_may_move_between_threads() {
    fn movable<T: Send>(_: &T) {}
    let settings = settings(1);
    movable(&Session::open(&settings, now()));
    #[expect(clippy::manual_async_fn, reason = "an async fn cannot promise to be Send")]
    fn whole(mut session: Session, mail: Rendered) -> impl Future<Output = Outcome> + Send {
        async move {
            let outcome = session.send(&mail).await;
            session.close().await;
            outcome
        }
    }
    let _ = whole;
}

#[test]
fn a_sending_given_up_half_way_leaves_no_session_behind() {
    let server = Server::build().script(Script::new().at(At::Dot, Do::Gate)).start();
    run(async {
        let mut session = Session::open(&settings(server.port()), now()).await.ok().unwrap();
        assert!(tokio::time::timeout(SHORT, session.send(&mail("a"))).await.is_err());
        assert!(!session.usable());
    });
}

#[test]
fn a_held_answer_is_waited_for() {
    let server = Server::build().script(Script::new().at(At::Dot, Do::Gate)).start();
    let port = server.port();
    let sending = std::thread::spawn(move || attempt(&settings(port), &mail("a")).0);
    assert!(server.wait_held());
    assert!(server.accepted().is_empty() && !sending.is_finished());
    server.release();
    assert_eq!(sending.join().unwrap().kind(), "accepted");
    assert_eq!(server.accepted().len(), 1);
}

#[test]
fn many_mails_go_through_one_session_and_arrive_as_they_were() {
    let server = Server::start();
    let mails: Vec<Rendered> = (0..200).map(|n| mail(&n.to_string())).collect();
    run(async {
        let mut session = Session::open(&settings(server.port()), now()).await.ok().unwrap();
        for mail in &mails {
            assert_eq!(session.send(mail).await, Outcome::accepted("250 2.0.0 taken"));
        }
        session.close().await;
    });
    assert_eq!(server.connections(), 1);
    let taken = server.accepted();
    assert_eq!(taken.len(), mails.len());
    for (taken, mail) in taken.iter().zip(&mails) {
        assert_eq!(taken.message_id, mail.message_id);
        assert_eq!((&taken.from, &taken.to), (&mail.from, &mail.to));
        assert_eq!(taken.data, mail.bytes);
    }
    let commands = server.commands();
    assert_eq!(commands[0], "EHLO timeous.example.gov.uk");
    assert_eq!(commands[1], "MAIL FROM:<foi@example.gov.uk>");
    assert_eq!(commands[2], "RCPT TO:<officer@example.gov.uk>");
    assert_eq!(commands.last().unwrap(), "QUIT");
    assert_eq!(commands.iter().filter(|c| c.starts_with("RCPT")).count(), mails.len());
}

#[test]
fn an_address_cannot_bring_a_command_along() {
    let server = Server::start();
    run(async {
        let mut session = Session::open(&settings(server.port()), now()).await.ok().unwrap();
        let mut forged = mail("a");
        forged.to = "a@x.uk>\r\nRCPT TO:<b@x.uk".to_owned();
        assert_eq!(summary(&session.send(&forged).await), "refused at rcpt");
        assert!(session.usable());
        assert_eq!(session.send(&mail("a")).await.kind(), "accepted");
    });
    assert!(!server.commands().iter().any(|c| c.contains("b@x.uk")));
}

#[test]
fn the_socket_does_not_wait_to_fill_its_packets() {
    let server = Server::build().starttls().start();
    let mut protected = settings(server.port());
    let (_home, ca) = authority(&server);
    protected.host = "localhost".to_owned();
    protected.security = Security::StartTls;
    protected.ca = Some(ca);
    for settings in [settings(server.port()), protected] {
        run(async {
            let session = Session::open(&settings, now()).await.ok().unwrap();
            assert!(session.nodelay().unwrap());
        });
    }
}

#[test]
fn a_client_without_a_name_gives_its_address() {
    let server = Server::start();
    let mut settings = settings(server.port());
    settings.client_name = None;
    assert_eq!(attempt(&settings, &mail("a")).0.kind(), "accepted");
    assert_eq!(server.commands()[0], "EHLO [127.0.0.1]");
}

fn authority(server: &Server) -> (tempfile::TempDir, std::path::PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("office-ca.pem");
    fs::write(&path, server.ca()).unwrap();
    (home, path)
}

fn login(secret: &str) -> Auth {
    Auth::Login {
        user: "timeous".to_owned(),
        secret: secret.into(),
    }
}

fn plain(secret: &str) -> Auth {
    Auth::Plain {
        user: "timeous".to_owned(),
        secret: secret.into(),
    }
}

#[test]
fn tls_and_login_go_through_the_private_authority() {
    for (implicit, auth, command) in [
        (false, plain("wonder§land"), "AUTH PLAIN AHRpbWVvdXMAd29uZGVywqdsYW5k"),
        (false, login("wonder§land"), "AUTH LOGIN"),
        (true, plain("wonder§land"), "AUTH PLAIN AHRpbWVvdXMAd29uZGVywqdsYW5k"),
        (true, Auth::None, "QUIT"),
    ] {
        let mut build = Server::build();
        build = if implicit {
            build.implicit_tls()
        } else {
            build.starttls()
        };
        if !matches!(auth, Auth::None) {
            build = build.account("timeous", "wonder§land");
        }
        let server = build.start();
        let (_home, ca) = authority(&server);
        let mut settings = settings(server.port());
        settings.host = "localhost".to_owned();
        settings.security = if implicit {
            Security::Implicit
        } else {
            Security::StartTls
        };
        settings.ca = Some(ca);
        settings.auth = auth;
        let (outcome, usable) = attempt(&settings, &mail("a"));
        assert_eq!(outcome, Outcome::accepted("250 2.0.0 taken"));
        assert!(usable);
        assert_eq!(server.accepted()[0].data, mail("a").bytes);
        assert!(
            server.commands().iter().any(|c| c == command),
            "{:?}",
            server.commands()
        );
    }
}

#[test]
fn what_goes_wrong_before_the_first_mail_is_judged_at_its_stage() {
    let good = || Server::build().starttls().account("timeous", "right");
    let at = |at, what| Script::new().at(at, what);
    let injected = b"220 go ahead\r\n250-x\r\n250 AUTH PLAIN\r\n".to_vec();
    #[rustfmt::skip]
    let table = vec![
        // server                                                           secret   what became of it
        (Server::build().start(),                                           "right", "refused at tls"),
        (good().script(at(At::StartTls, Do::reply(454, "later"))).start(),  "right", "deferred at tls"),
        (good().script(at(At::StartTls, Do::reply(502, "never"))).start(),  "right", "refused at tls"),
        (good().script(at(At::StartTls, Do::Raw(injected))).start(),        "right", "deferred at tls"),
        (good().script(at(At::Handshake, Do::Close)).start(),               "right", "deferred at tls"),
        (good().script(at(At::Handshake, Do::reply(220, "?"))).start(),     "right", "refused at tls"),
        (good().start(),                                                    "wrong", "refused at auth"),
        (good().mechanisms("CRAM-MD5").start(),                             "right", "refused at auth"),
        (good().script(at(At::Auth, Do::reply(454, "later"))).start(),      "right", "deferred at auth"),
        (good().script(at(At::Auth, Do::Close)).start(),                    "right", "deferred at auth"),
        (good().start(),                                                    "right", "accepted"),
    ];
    for (row, (server, secret, expected)) in table.into_iter().enumerate() {
        let (_home, ca) = authority(&server);
        let mut settings = settings(server.port());
        settings.host = "localhost".to_owned();
        settings.security = Security::StartTls;
        settings.ca = Some(ca);
        settings.auth = plain(secret);
        let (outcome, _) = attempt(&settings, &mail("a"));
        assert_eq!(summary(&outcome), expected, "row {row}: {outcome:?}");
        assert_eq!(outcome.pauses_outbox(), expected.starts_with("refused"));
        if expected.ends_with("tls") {
            assert!(!server.commands().iter().any(|c| c.starts_with("AUTH")));
        }
    }
}

#[test]
fn a_silent_handshake_or_login_ends_in_time() {
    for (at, expected) in [(At::Handshake, "deferred at tls"), (At::Auth, "deferred at auth")] {
        let server = Server::build()
            .starttls()
            .account("timeous", "right")
            .script(Script::new().at(at, Do::Hang))
            .start();
        let (_home, ca) = authority(&server);
        let mut settings = settings(server.port());
        settings.host = "localhost".to_owned();
        settings.security = Security::StartTls;
        settings.ca = Some(ca);
        settings.auth = plain("right");
        match at {
            At::Auth => settings.timeouts.auth = SHORT,
            _ => settings.timeouts.tls = SHORT,
        }
        assert_eq!(summary(&attempt(&settings, &mail("a")).0), expected);
    }
}

#[test]
fn a_certificate_that_does_not_hold_is_refused() {
    let server = Server::build().starttls().start();
    let (home, ca) = authority(&server);
    let (_other_home, stranger) = authority(&Server::start());
    let empty = home.path().join("empty.pem");
    fs::write(&empty, "").unwrap();
    let missing = home.path().join("missing.pem");
    for (host, ca) in [
        ("localhost", Some(stranger)),
        // The right authority, but the certificate is not made out to this.
        ("127.0.0.1", Some(ca)),
        ("localhost", Some(empty)),
        ("localhost", Some(missing)),
        ("localhost", None),
    ] {
        let mut settings = settings(server.port());
        settings.host = host.to_owned();
        settings.security = Security::StartTls;
        settings.ca = ca.clone();
        let (outcome, _) = attempt(&settings, &mail("a"));
        assert_eq!(summary(&outcome), "refused at tls", "{host} {ca:?} {outcome:?}");
        assert!(outcome.pauses_outbox());
        assert_eq!(outcome.stage(), Some(Stage::Tls));
    }
    assert!(server.accepted().is_empty());
}
