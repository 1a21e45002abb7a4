//! A real Postfix behind TLS and a login: what it makes of ours. Where it cannot be run the tests say so and pass.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers"
)]

mod support;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeZone, Utc};
use support::https::{Answer, Web};
use support::office::Office;
use support::postfix::{ACCOUNT, Postfix};
use timeous::http::Url;
use timeous::mail::oauth::Tokens;
use timeous::mail::{Address, Auth, Mail, Outcome, Security, Session, Settings, Timeouts};

const PATIENCE: Duration = Duration::from_secs(20);

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 22, 8, 0, 0).unwrap()
}

fn attempt(settings: &Settings, to: &str) -> Outcome {
    let mail = Mail {
        from: Address::parse("Timeous <foi@example.gov.uk>").unwrap(),
        to: Address::parse(to).unwrap(),
        subject: "FOI: 1 today, § 10(1)".to_owned(),
        text: "Due.\n".to_owned(),
        html: "<p>Due.</p>".to_owned(),
        message_id: "a@example.gov.uk".to_owned(),
        references: Vec::new(),
        date: now(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        match Session::open(settings, now()).await {
            Err(outcome) => outcome,
            Ok(mut session) => {
                let outcome = session.send(&mail.render().unwrap()).await;
                session.close().await;
                outcome
            }
        }
    })
}

fn summary(outcome: &Outcome) -> String {
    match outcome.stage() {
        Some(stage) => format!("{} at {stage}", outcome.kind()),
        None => outcome.kind().to_owned(),
    }
}

fn authority(postfix: &Postfix) -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("ca.pem");
    std::fs::write(&path, postfix.ca()).unwrap();
    (home, path)
}

fn settings(postfix: &Postfix, ca: PathBuf, implicit: bool, auth: Auth) -> Settings {
    Settings {
        host: "localhost".to_owned(),
        port: if implicit { postfix.tls_port() } else { postfix.port() },
        security: if implicit {
            Security::Implicit
        } else {
            Security::StartTls
        },
        client_name: Some("timeous.example.gov.uk".to_owned()),
        ca: Some(ca),
        auth,
        timeouts: Timeouts::default(),
    }
}

fn endpoint(token: &'static str) -> (Web, Auth) {
    let web = Web::plain(move |_| {
        Answer::page(
            200,
            &format!(r#"{{"access_token":"{token}","expires_in":3599,"token_type":"Bearer"}}"#),
        )
    });
    let url = Url::parse(&web.url("127.0.0.1", "/token")).unwrap();
    let tokens = Tokens::new(url, "ID".to_owned(), "S".to_owned(), "client-secret".into());
    let auth = Auth::Xoauth2 {
        user: ACCOUNT[0].to_owned(),
        tokens: Arc::new(tokens),
    };
    (web, auth)
}

#[test]
fn postfix_lets_us_in_by_password_and_by_token_over_tls_alone() {
    let Some(postfix) = Postfix::start_guarded_or_skip() else {
        return;
    };
    let (_home, ca) = authority(&postfix);
    let [user, password, token] = ACCOUNT;
    let plain = |secret: &str| Auth::Plain {
        user: user.to_owned(),
        secret: secret.into(),
    };
    let login = |secret: &str| Auth::Login {
        user: user.to_owned(),
        secret: secret.into(),
    };
    let (_good, good) = endpoint(token);
    let (stale, refused) = endpoint("a-token-of-yesterday");
    for (implicit, auth, expected) in [
        (false, plain(password), "accepted"),
        (true, plain(password), "accepted"),
        (false, login(password), "accepted"),
        (false, good.clone(), "accepted"),
        (true, good, "accepted"),
        (false, plain("not-the-password"), "refused at auth"),
        (false, login("not-the-password"), "refused at auth"),
        // After the challenge (334), the empty answer and the refusal.
        (false, refused, "refused at auth"),
        // Nobody who has not logged in may send.
        (false, Auth::None, "refused at rcpt"),
    ] {
        let shown = format!("{auth:?}");
        let outcome = attempt(&settings(&postfix, ca.clone(), implicit, auth), "bjones@example.gov.uk");
        assert_eq!(summary(&outcome), expected, "{shown} {outcome:?}\n{}", postfix.log());
        if expected == "refused at auth" {
            assert!(outcome.words().starts_with("535 5.7.8 "), "{outcome:?}");
        }
    }
    assert_eq!(
        stale.requests().len(),
        1,
        "a fresh token that is refused is not asked for again"
    );
    assert_eq!(
        postfix.wait_for_mail("bjones", 5, PATIENCE).len(),
        5,
        "{}",
        postfix.log()
    );
    for mechanism in ["PLAIN", "LOGIN", "XOAUTH2"] {
        let line = format!("sasl_method={mechanism}, sasl_username={user}");
        assert!(postfix.log().contains(&line), "{}", postfix.log());
    }
    // TLS is required on our side, and the certificate must hold.
    let mut stranger = settings(&postfix, ca, false, plain(password));
    stranger.ca = None;
    assert_eq!(summary(&attempt(&stranger, "bjones@example.gov.uk")), "refused at tls");
}

#[test]
fn postfix_delivers_to_a_mailbox_beyond_ascii() {
    let Some(postfix) = Postfix::start_guarded_or_skip() else {
        return;
    };
    let (_home, ca) = authority(&postfix);
    let auth = Auth::Plain {
        user: ACCOUNT[0].to_owned(),
        secret: ACCOUNT[1].into(),
    };
    let outcome = attempt(
        &settings(&postfix, ca, false, auth),
        "Jürgen Müller <müller@example.gov.uk>",
    );
    assert_eq!(outcome.kind(), "accepted", "{outcome:?}\n{}", postfix.log());
    let mails = postfix.wait_for_mail("müller", 1, PATIENCE);
    assert_eq!(mails.len(), 1, "{}", postfix.log());
    let text = std::fs::read_to_string(&mails[0]).unwrap();
    assert!(text.contains("<müller@example.gov.uk>"), "{text}");
}

/// The real program with a token, and nothing of any secret in what it says or keeps.
#[test]
fn the_program_logs_in_to_postfix_with_a_token() {
    let Some(postfix) = Postfix::start_guarded_or_skip() else {
        return;
    };
    let (web, _) = endpoint(ACCOUNT[2]);
    let office = Office::with(&format!(
        "transport = \"smtp\"\n[mail.smtp]\nhost = \"localhost\"\nport = {}\ntls = \"starttls\"\nca = \"ca.pem\"\n\
         auth = \"xoauth2\"\nuser = \"{}\"\nsecret = {{ file = \"client.secret\" }}\n\
         oauth = {{ token_url = \"{}\", client_id = \"ID\", scope = \"S\" }}\n",
        postfix.port(),
        ACCOUNT[0],
        web.url("127.0.0.1", "/token"),
    ));
    std::fs::write(office.path("ca.pem"), postfix.ca()).unwrap();
    office.secret("client.secret", "bought-with-this\n");
    let said = office.run(&["mail", "test", "bjones@example.gov.uk"]).well();
    assert!(said.starts_with("accepted, handed to localhost:"), "{said}");
    assert!(web.requests()[0].contains("client_secret=bought-with-this"));
    assert_eq!(
        postfix.wait_for_mail("bjones", 1, PATIENCE).len(),
        1,
        "{}",
        postfix.log()
    );
}
