//! Logging in with a token: where it comes from, how long it serves, and that neither it nor what it is bought with is
//! ever told to anybody else. And mailboxes beyond ASCII.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers; a time limit is held by a watch"
)]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use secrecy::{ExposeSecret, SecretString};
use support::https::{Answer, Web};
use support::smtp::{At, Do, Script, Server};
use timeous::http::Url;
use timeous::mail::oauth::Tokens;
use timeous::mail::{Address, Auth, Mail, Outcome, Security, Session, Settings, Timeouts};

const SECRET: &str = "client~secret+very/private=";
const USER: &str = "timeous@example.gov.uk";

fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 22, 8, 0, 0).unwrap()
}

/// An endpoint that numbers its tokens, each good for an hour.
fn endpoint() -> Web {
    let given = AtomicUsize::new(0);
    Web::plain(move |_| {
        let number = given.fetch_add(1, Ordering::SeqCst) + 1;
        granted(&format!("token-number-{number}"))
    })
}

fn granted(token: &str) -> Answer {
    Answer::page(
        200,
        &format!(r#"{{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"{token}"}}"#),
    )
}

fn tokens(endpoint: &Web) -> Arc<Tokens> {
    let url = Url::parse(&endpoint.url("127.0.0.1", "/TENANT/oauth2/v2.0/token")).unwrap();
    let scope = "https://outlook.office365.com/.default".to_owned();
    Arc::new(Tokens::new(url, "client-1".to_owned(), scope, SECRET.into()))
}

fn settings(server: &Server, tokens: &Arc<Tokens>) -> Settings {
    Settings {
        host: "127.0.0.1".to_owned(),
        port: server.port(),
        security: Security::None,
        client_name: Some("timeous.example.gov.uk".to_owned()),
        ca: None,
        auth: Auth::Xoauth2 {
            user: USER.to_owned(),
            tokens: Arc::clone(tokens),
        },
        timeouts: Timeouts {
            token: Duration::from_millis(700),
            auth: Duration::from_secs(5),
            ..Timeouts::default()
        },
    }
}

fn mail(to: &str) -> Mail {
    Mail {
        from: Address::parse("Timeous <foi@example.gov.uk>").unwrap(),
        to: Address::parse(to).unwrap(),
        subject: "FOI: 1 today".to_owned(),
        text: "Due.\n".to_owned(),
        html: "<p>Due.</p>".to_owned(),
        message_id: "a@example.gov.uk".to_owned(),
        references: Vec::new(),
        date: start(),
    }
}

/// Opens a session at a moment and sends one mail.
fn attempt_at(settings: &Settings, now: DateTime<Utc>, mail: &Mail) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let outcome = runtime.block_on(async {
        match Session::open(settings, now).await {
            Err(outcome) => outcome,
            Ok(mut session) => {
                let outcome = session.send(&mail.render().unwrap()).await;
                session.close().await;
                outcome
            }
        }
    });
    for secret in [SECRET, "token-number", "Y2xpZW50fn"] {
        assert!(!outcome.words().contains(secret), "{outcome:?}");
    }
    outcome
}

fn attempt(settings: &Settings) -> Outcome {
    attempt_at(settings, start(), &mail("officer@example.gov.uk"))
}

fn summary(outcome: &Outcome) -> String {
    match outcome.stage() {
        Some(stage) => format!("{} at {stage}", outcome.kind()),
        None => outcome.kind().to_owned(),
    }
}

#[test]
fn a_token_is_asked_for_as_microsoft_wants_it_and_logs_in() {
    let endpoint = endpoint();
    let server = Server::build().bearer(USER, "token-number-1").start();
    assert_eq!(attempt(&settings(&server, &tokens(&endpoint))).kind(), "accepted");
    let request = endpoint.requests().remove(0);
    let (head, form) = request.split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("POST /TENANT/oauth2/v2.0/token HTTP/1.1\r\n"),
        "{head}"
    );
    assert_eq!(
        form,
        "client_id=client-1&scope=https%3A%2F%2Foutlook.office365.com%2F.default\
         &client_secret=client~secret%2Bvery%2Fprivate%3D&grant_type=client_credentials"
    );
    let expected = "AUTH XOAUTH2 dXNlcj10aW1lb3VzQGV4YW1wbGUuZ292LnVrAWF1dGg9QmVhcmVyIHRva2VuLW51bWJlci0xAQE=";
    assert!(
        server.commands().iter().any(|line| line == expected),
        "{:?}",
        server.commands()
    );
}

#[test]
fn a_token_serves_until_a_minute_before_its_end() {
    let endpoint = endpoint();
    let server = Server::build().bearer(USER, "token-number-1").start();
    let settings = settings(&server, &tokens(&endpoint));
    let at = |seconds| attempt_at(&settings, start() + TimeDelta::seconds(seconds), &mail("a@x.uk"));
    for seconds in [0, 1, 1800, 3538] {
        assert_eq!(at(seconds).kind(), "accepted");
    }
    assert_eq!(endpoint.requests().len(), 1);
    server.take_token("token-number-2");
    assert_eq!(at(3539).kind(), "accepted");
    assert_eq!(endpoint.requests().len(), 2);
}

#[test]
fn a_token_without_a_life_serves_once() {
    let endpoint = Web::plain(|_| Answer::page(200, r#"{"access_token":"token-number-1"}"#));
    let server = Server::build().bearer(USER, "token-number-1").start();
    let settings = settings(&server, &tokens(&endpoint));
    for _ in 0..2 {
        assert_eq!(attempt(&settings).kind(), "accepted");
    }
    assert_eq!(endpoint.requests().len(), 2);
}

#[test]
fn a_token_that_was_taken_back_is_renewed_once() {
    let endpoint = endpoint();
    let server = Server::build().bearer(USER, "token-number-1").start();
    let settings = settings(&server, &tokens(&endpoint));
    assert_eq!(attempt(&settings).kind(), "accepted");
    server.take_token("token-number-2");
    assert_eq!(attempt(&settings).kind(), "accepted");
    assert_eq!((endpoint.requests().len(), server.connections()), (2, 2));
    // Refused also when fresh: that is no matter of age, and asked for no third time.
    server.take_token("another client's");
    let refused = attempt(&settings);
    assert_eq!(
        refused,
        Outcome::refused(timeous::mail::Stage::Auth, "535 5.7.3 Authentication unsuccessful")
    );
    assert!(refused.pauses_outbox());
    assert_eq!(endpoint.requests().len(), 3);
    // Nothing is held of it; the next attempt begins anew.
    assert_eq!(summary(&attempt(&settings)), "refused at auth");
    assert_eq!(endpoint.requests().len(), 4);
    server.take_token("token-number-5");
    assert_eq!(attempt(&settings).kind(), "accepted");
}

#[test]
fn one_endpoint_serves_many_mails() {
    let endpoint = endpoint();
    let server = Server::build().bearer(USER, "token-number-1").start();
    let settings = settings(&server, &tokens(&endpoint));
    for _ in 0..20 {
        assert_eq!(attempt(&settings.clone()).kind(), "accepted");
    }
    assert_eq!(endpoint.requests().len(), 1);
}

#[test]
fn whatever_the_endpoint_does_has_its_outcome_and_the_server_is_not_kept_waiting() {
    let error = |status, error: &str| {
        let description = format!("AADSTS7000215: Invalid client secret provided: {SECRET}.\r\nTrace ID: 1");
        let body = serde_json::json!({ "error": error, "error_description": description });
        Answer::page(status, &body.to_string())
    };
    let page = |status, text: &str| Answer::page(status, text);
    let raw = |text: &str| Answer::Raw(text.into());
    #[rustfmt::skip]
    let table = [
        (error(401, "invalid_client"),            "refused at auth",  "127.0.0.1 answers invalid_client (AADSTS7000215: Invalid client secret provided: …. Trace ID: 1)"),
        (error(400, "invalid_scope"),             "refused at auth",  "answers invalid_scope"),
        (error(400, "unauthorized_client"),       "refused at auth",  "answers unauthorized_client"),
        (error(400, "temporarily_unavailable"),   "deferred at auth", "127.0.0.1 answered 400 Bad Request"),
        (error(503, "invalid_client"),            "deferred at auth", "127.0.0.1 answered 503 Service Unavailable"),
        (page(404, "<html>"),                     "deferred at auth", "127.0.0.1 answered 404 Not Found"),
        (page(429, "{}"),                         "deferred at auth", "127.0.0.1 answered 429 Too Many Requests"),
        (Answer::redirect(302, "/login"),         "deferred at auth", "127.0.0.1 answered 302 Found"),
        (page(200, "<html>Sign in</html>"),       "deferred at auth", "answers with something else than a token"),
        (page(200, "{}"),                         "deferred at auth", "answers with something else than a token"),
        (page(200, r#"{"access_token":""}"#),     "deferred at auth", "answers with something else than a token"),
        (page(200, r#"{"access_token":"a\r\nMAIL FROM:<x@y>"}"#), "deferred at auth", "answers with something else than a token"),
        (page(200, r#"{"access_token":"token-number-1","expires_in":-1}"#), "deferred at auth", "answers with something else than a token"),
        (page(200, &format!(r#"{{"access_token":"{}"}}"#, "x".repeat(9_000))), "deferred at auth", "answers with something else than a token"),
        (page(200, &" ".repeat(70_000)),          "deferred at auth", "answers with more than 65536 bytes"),
        (raw("HTTP/1.1 200 .\r\nContent-Length: 90\r\n\r\n{\"access_token\":\"token-number-1"), "deferred at auth", "closed the connection in the middle"),
        (raw("SSH-2.0-OpenSSH\r\n"),              "deferred at auth", "gives no answer that makes sense as HTTP"),
        (Answer::Hang,                            "deferred at auth", "did not answer within 700ms"),
        (Answer::Drip(b"HTTP/1.1 200 .\r\nContent-Length: 90000\r\n\r\n".to_vec(), Duration::from_millis(20)), "deferred at auth", "did not answer within 700ms"),
    ];
    for (answer, expected, words) in table {
        let endpoint = Web::plain(move |_| answer.clone());
        let server = Server::build().bearer(USER, "token-number-1").start();
        let began = Instant::now();
        let outcome = attempt(&settings(&server, &tokens(&endpoint)));
        assert_eq!(summary(&outcome), expected, "{outcome:?}");
        assert!(
            outcome.words().starts_with("no token for the mail server: "),
            "{outcome:?}"
        );
        assert!(outcome.words().contains(words), "{outcome:?}");
        assert_eq!(server.connections(), 0, "the server is not kept waiting");
        assert!(began.elapsed() < Duration::from_secs(5));
    }
}

#[test]
fn an_endpoint_that_is_down_defers() {
    let endpoint = endpoint();
    let tokens = tokens(&endpoint);
    drop(endpoint);
    let server = Server::build().bearer(USER, "token-number-1").start();
    let outcome = attempt(&settings(&server, &tokens));
    assert_eq!(summary(&outcome), "deferred at auth");
    assert!(
        outcome.words().contains("cannot be reached: Connection refused"),
        "{outcome:?}"
    );
}

#[test]
fn what_the_server_does_at_auth_has_its_outcome() {
    let proof = "dXNlcj10aW1lb3VzQGV4YW1wbGUuZ292LnVrAWF1dGg9QmVhcmVyIHRva2VuLW51bWJlci0xAQE=";
    let reply = |code, text: &str| Do::reply(code, text);
    for (what, expected, words) in [
        (reply(454, "4.7.0 later"), "deferred at auth", "454 4.7.0 later"),
        (reply(421, "4.7.66 too many"), "deferred at auth", "421"),
        (
            reply(500, &format!("unknown: AUTH XOAUTH2 {proof}")),
            "refused at auth",
            "500 unknown: AUTH XOAUTH2 …",
        ),
        (
            reply(535, "bad token token-number-1 for you"),
            "refused at auth",
            "535 bad token … for you",
        ),
        (
            reply(535, &format!("{} {}", "x".repeat(450), proof)),
            "refused at auth",
            "535 xxx",
        ),
        (Do::Close, "deferred at auth", "closed the connection"),
        (Do::Half, "deferred at auth", "middle of a reply"),
        (Do::Huge(10_000_000), "deferred at auth", "longer than"),
    ] {
        let endpoint = endpoint();
        let server = Server::build()
            .bearer(USER, "token-number-1")
            .script(Script::new().at(At::Auth, what.clone()))
            .start();
        let outcome = attempt(&settings(&server, &tokens(&endpoint)));
        assert_eq!(summary(&outcome), expected, "{what:?} {outcome:?}");
        assert!(outcome.words().contains(words), "{what:?} {outcome:?}");
        assert!(!outcome.words().contains(&proof[..12]), "{outcome:?}");
    }
    let endpoint = endpoint();
    let server = Server::build().account("timeous", "x").start();
    let outcome = attempt(&settings(&server, &tokens(&endpoint)));
    assert_eq!(outcome.words(), "the server does not offer AUTH XOAUTH2");
}

#[test]
fn a_password_that_the_server_repeats_is_not_kept() {
    for auth in [
        Auth::Plain {
            user: "timeous".to_owned(),
            secret: SECRET.into(),
        },
        Auth::Login {
            user: "timeous".to_owned(),
            secret: SECRET.into(),
        },
    ] {
        let said = "unknown: AUTH PLAIN AHRpbWVvdXMAY2xpZW50fnNlY3JldCt2ZXJ5L3ByaXZhdGU9 Y2xpZW50fnNlY3JldCt2ZXJ5";
        let server = Server::build()
            .account("timeous", SECRET)
            .script(Script::new().at(At::Auth, Do::reply(500, &format!("{said} {SECRET}"))))
            .start();
        let mut settings = settings(&server, &tokens(&endpoint()));
        let plain = matches!(auth, Auth::Plain { .. });
        settings.auth = auth;
        let outcome = attempt_words(&settings);
        assert!(!outcome.contains(SECRET), "{outcome}");
        assert_eq!(outcome.contains("AHRpbWVv"), !plain, "{outcome}");
        assert_eq!(outcome.contains("Y2xpZW50fn"), plain, "{outcome}");
    }
}

/// The words, whatever they hold.
fn attempt_words(settings: &Settings) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    match runtime.block_on(Session::open(settings, start())) {
        Ok(_) => panic!("let in"),
        Err(outcome) => outcome.words().to_owned(),
    }
}

#[test]
fn nothing_shows_the_token_or_the_secret() {
    let endpoint = endpoint();
    let tokens = tokens(&endpoint);
    let token = tokens.token(start(), Duration::from_secs(5)).unwrap();
    assert_eq!(token.token.expose_secret(), "token-number-1");
    let server = Server::start();
    let shown = format!("{:?} {:?} {token:?}", settings(&server, &tokens), tokens);
    assert!(!shown.contains(SECRET) && !shown.contains("token-number"), "{shown}");
    let _: &SecretString = &token.token;
}

#[test]
fn a_mailbox_beyond_ascii_goes_to_a_server_that_knows_such() {
    let to = "Müller <müller@bücher.example>";
    let server = Server::build().offers("8BITMIME").offers("SMTPUTF8").start();
    let mut settings = settings(&server, &tokens(&endpoint()));
    settings.auth = Auth::None;
    assert_eq!(attempt_at(&settings, start(), &mail(to)).kind(), "accepted");
    let commands = server.commands();
    assert!(
        commands.contains(&"MAIL FROM:<foi@example.gov.uk> BODY=8BITMIME SMTPUTF8".to_owned()),
        "{commands:?}"
    );
    assert!(
        commands.contains(&"RCPT TO:<müller@xn--bcher-kva.example>".to_owned()),
        "{commands:?}"
    );
    let mail_text = String::from_utf8(server.accepted().remove(0).data).unwrap();
    let line = mail_text.lines().find(|line| line.starts_with("To: ")).unwrap();
    assert!(line.ends_with("<müller@xn--bcher-kva.example>"), "{line}");
    assert_eq!(
        mail_text.lines().filter(|line| !line.is_ascii()).count(),
        1,
        "nothing else needs it"
    );

    // An international domain alone needs nothing of the server.
    let server = Server::start();
    settings.port = server.port();
    assert_eq!(
        attempt_at(&settings, start(), &mail("m@bücher.example")).kind(),
        "accepted"
    );
    assert_eq!(server.accepted()[0].to, "m@xn--bcher-kva.example");
    assert!(server.accepted()[0].data.is_ascii());
    let refused = attempt_at(&settings, start(), &mail(to));
    assert_eq!(summary(&refused), "refused at rcpt");
    assert!(refused.words().contains("does not offer SMTPUTF8"), "{refused:?}");
    assert!(refused.ends_recipient() && !refused.words().contains('@'));
    assert_eq!(server.accepted().len(), 1);
}
