//! A password, a token, what it is bought with and the heartbeat's address appear nowhere: not in what any command
//! says, not in the log at its most talkative, not in the register, not in the outbox.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers; waiting for a child takes sleep"
)]

mod support;

use std::time::{Duration, Instant};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rstest::rstest;
use support::https::{Answer, Web};
use support::office::{Office, can_pretend};
use support::smtp::{At, Do, Script, Server};

const AT: &str = "2022-03-04 08:30:57";
const USER: &str = "timeous@example.gov.uk";
const PASSWORD: &str = "pass-hunter2-word";
const CLIENT_SECRET: &str = "client-hunter3-secret";
const TOKEN: &str = "token-hunter4-value";
const MONITOR: &str = "monitor-hunter5-path";

/// Everything that must not be found, and every form in which it goes over a line.
fn secrets() -> Vec<String> {
    let mut all: Vec<String> = ["hunter2", "hunter3", "hunter4", "hunter5"].map(str::to_owned).into();
    // base64 of a part depends on where it begins.
    for secret in [PASSWORD, CLIENT_SECRET, TOKEN] {
        for before in ["", "a", "ab"] {
            let whole = STANDARD.encode(format!("{before}{secret}"));
            all.push(whole[4..whole.len() - 4].to_owned());
        }
    }
    all
}

fn assert_silent(what: &str, bytes: &[u8]) {
    for secret in secrets() {
        let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
        assert!(!found, "{what} has {secret}: {}", String::from_utf8_lossy(bytes));
    }
}

/// Every file of the office but those that are secrets.
fn assert_nothing_kept(office: &Office) {
    let mut looked = 0;
    let mut folders = vec![office.path("")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if !name.ends_with(".secret") && name != "notify" {
                assert_silent(&name, &std::fs::read(&path).unwrap());
                looked += 1;
            }
        }
    }
    assert!(looked >= 3, "configuration, certificates and register");
}

/// A server that echoes what it does not understand, as some do.
fn echo(auth: &str) -> Script {
    let words = match auth {
        "xoauth2" => {
            let proof = STANDARD.encode(format!("user={USER}\u{1}auth=Bearer {TOKEN}\u{1}\u{1}"));
            format!("AUTH XOAUTH2 {proof} {TOKEN}")
        }
        "plain" => {
            let proof = STANDARD.encode(format!("\0{USER}\0{PASSWORD}"));
            format!("AUTH PLAIN {proof} {PASSWORD} {}", &proof[..30])
        }
        _ => format!("{} {PASSWORD}", STANDARD.encode(PASSWORD)),
    };
    Script::new().at(At::Auth, Do::reply(500, &format!("5.5.2 unknown: {words}")))
}

fn wait_until(done: impl Fn() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < Duration::from_secs(20), "waited in vain");
        std::thread::sleep(Duration::from_millis(30));
    }
}

#[rstest]
#[case::password("plain", false)]
#[case::password_refused("plain", true)]
#[case::login_refused("login", true)]
#[case::token("xoauth2", false)]
#[case::token_refused("xoauth2", true)]
fn nowhere(#[case] auth: &str, #[case] refused: bool) {
    if !can_pretend() {
        return;
    }
    let endpoint = Web::tls(&["localhost"], |_| {
        Answer::page(200, &format!(r#"{{"access_token":"{TOKEN}","expires_in":3599}}"#))
    });
    let monitor = Web::tls(&["localhost"], move |_| match refused {
        true => Answer::redirect(302, &format!("http://127.0.0.1/{MONITOR}")),
        false => Answer::page(200, MONITOR),
    });
    let mut build = match auth {
        "xoauth2" => Server::build().starttls().bearer(USER, TOKEN),
        _ => Server::build().starttls().account(USER, PASSWORD),
    };
    if refused {
        build = build.rest(echo(auth));
    }
    let server = build.start();
    let mut office = Office::with(&format!(
        "transport = \"smtp\"\n[mail.smtp]\nhost = \"localhost\"\nport = {}\nca = \"ca.pem\"\nauth = \"{auth}\"\n\
         user = \"{USER}\"\nsecret = {{ file = \"smtp.secret\" }}\n\
         oauth = {{ token_url = \"{}\", client_id = \"ID\", scope = \"S\" }}\n\
         [watch]\nheartbeat = {{ file = \"monitor.secret\" }}\n",
        server.port(),
        endpoint.url("localhost", "/token")
    ));
    office.secret("smtp.secret", if auth == "xoauth2" { CLIENT_SECRET } else { PASSWORD });
    office.secret(
        "monitor.secret",
        &monitor.url("localhost", &format!("/{MONITOR}?key={MONITOR}")),
    );
    std::fs::write(office.path("ca.pem"), server.ca()).unwrap();
    std::fs::write(office.path("web-ca.pem"), format!("{}{}", endpoint.ca(), monitor.ca())).unwrap();
    for variable in ["RUST_LOG", "TIMEOUS_LOG"] {
        office.surround(variable, "trace");
    }
    office.surround("SSL_CERT_FILE", office.path("web-ca.pem").to_str().unwrap());
    let log = [
        "log",
        "IM-FOI-2022-0365",
        "--received",
        "2022-02-04",
        "--officer",
        "bjones",
    ];
    office.run_at("2022-02-04 17:45:00", &log).well();

    let service = office.service(Some(AT));
    wait_until(|| !monitor.requests().is_empty());
    match refused {
        true => wait_until(|| office.count("select count(*) from attempt where outcome is not null") > 0),
        false => wait_until(|| office.count("select count(*) from message where state = 'accepted'") == 1),
    }
    for _ in 0..2 {
        assert_silent("what systemd is told", service.wait_for("STATUS=").as_bytes());
    }
    for args in [
        &["status"][..],
        &["status", "--json"],
        &["status", "--check"],
        &["show", "IM-FOI-2022-0365"],
        &["show", "IM-FOI-2022-0365", "--json"],
        &["mail", "queue"],
        &["mail", "test", "bjones@example.gov.uk"],
        &["run", "--once"],
    ] {
        let ran = office.run_at(AT, args);
        assert_silent(&args.join(" "), format!("{}{}", ran.out, ran.err).as_bytes());
    }
    service.signal("TERM");
    let (code, log) = service.ended();
    assert_eq!(code, Some(0), "{log}");
    assert_silent("the log", log.as_bytes());
    assert!(log.contains("stopped"), "{log}");
    assert!(!log.contains("@example.gov.uk"), "no address in the log: {log}");
    assert_nothing_kept(&office);
    // That all of it was used, and so could have been told.
    let said = server.commands().join("\n");
    assert!(said.contains("AUTH "), "{said}");
    assert_eq!(auth == "xoauth2", !endpoint.requests().is_empty());
}

#[test]
fn a_secret_that_cannot_be_used_is_not_repeated_in_the_complaint() {
    let office = Office::with("[watch]\nheartbeat = { file = \"monitor.secret\" }\n");
    for address in [
        &format!("http://monitor.example/{MONITOR}"),
        MONITOR,
        &format!("https://[{MONITOR}"),
    ] {
        office.secret("monitor.secret", address);
        let ran = office.run(&["status"]);
        assert!(
            ran.complaint(2).contains("watch.heartbeat: the address in it "),
            "{}",
            ran.err
        );
        assert_silent("the complaint", ran.err.as_bytes());
    }
    // Nor one that was written into the configuration by mistake.
    for (key, line) in [
        (
            "secret",
            format!("[mail.smtp]\nhost = \"x\"\nsecret = \"{PASSWORD}\"\n"),
        ),
        (
            "heartbeat",
            format!("[watch]\nheartbeat = \"https://monitor.example/{MONITOR}\"\n"),
        ),
        (
            "password",
            format!("[mail.smtp]\nhost = \"x\"\npassword = \"{PASSWORD}\"\n"),
        ),
    ] {
        office.configure(&line);
        let ran = office.run(&["status"]);
        ran.complaint(2);
        assert_silent(key, ran.err.as_bytes());
    }
}
