//! The one HTTPS call: what it brings, and that nothing which answers can hold it up, fill it or lead it astray.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers; a time limit is held by a watch"
)]

mod support;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use support::https::{Answer, Web};
use timeous::http::{self, Bounds, Error, Url};

const LIMIT: Duration = Duration::from_secs(20);

/// What the whole file is about is never said aloud.
const SECRET: &str = "hunter2";

struct Trusted {
    _home: tempfile::TempDir,
    path: PathBuf,
}

fn authority(server: &Web) -> Trusted {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("ca.pem");
    std::fs::write(&path, server.ca()).unwrap();
    Trusted { _home: home, path }
}

fn bounds(ca: &Path) -> Bounds<'_> {
    Bounds {
        time: LIMIT,
        bytes: 1_000_000,
        ca: Some(ca),
    }
}

fn get(server: &Web, host: &str, bounds: &Bounds<'_>) -> Result<Vec<u8>, Error> {
    let url = Url::parse(&server.url(host, &format!("/{SECRET}?key={SECRET}"))).unwrap();
    http::get(&url, bounds)
}

/// The error's one line, and that it gives nothing away.
fn words(result: Result<Vec<u8>, Error>) -> String {
    let error = result.unwrap_err();
    let words = error.to_string();
    assert!(!words.contains('\n') && !words.contains(SECRET), "{words}");
    assert!(!words.is_empty());
    words
}

/// One answer over TLS, asked for with these bounds changed.
fn asked(answer: Answer, change: impl Fn(&mut Bounds<'_>)) -> Result<Vec<u8>, Error> {
    let server = Web::tls(&["localhost"], move |_| answer.clone());
    let ca = authority(&server);
    let mut bounds = bounds(&ca.path);
    change(&mut bounds);
    get(&server, "localhost", &bounds)
}

#[test]
fn a_page_comes_whole_over_tls_and_in_the_clear_from_this_machine() {
    assert_eq!(asked(Answer::page(200, "{\"a\":1}"), |_| {}).unwrap(), b"{\"a\":1}");
    let server = Web::plain(|_| Answer::page(200, "here"));
    let nothing = Bounds {
        ca: None,
        ..bounds(Path::new(""))
    };
    assert_eq!(get(&server, "127.0.0.1", &nothing).unwrap(), b"here");
    let request = &server.requests()[0];
    assert!(request.to_lowercase().contains("user-agent: timeous/"), "{request}");
}

#[test]
fn a_form_is_sent_as_it_should_be() {
    let server = Web::tls(&["localhost"], |_| Answer::page(200, "{}"));
    let ca = authority(&server);
    let url = Url::parse(&server.url("localhost", "/token")).unwrap();
    let form = [("client_id", "a b"), ("client_secret", "x+y&z=1%§")];
    assert_eq!(http::post_form(&url, &form, &bounds(&ca.path)).unwrap(), b"{}");
    let request = server.requests().remove(0);
    assert!(request.starts_with("POST /token HTTP/1.1\r\n"), "{request}");
    assert!(
        request
            .to_lowercase()
            .contains("content-type: application/x-www-form-urlencoded"),
        "{request}"
    );
    let body = request.split("\r\n\r\n").nth(1).unwrap();
    assert!(
        ["client_id=a+b&", "client_id=a%20b&"]
            .iter()
            .any(|form| body.starts_with(form)),
        "{body}"
    );
    assert!(body.ends_with("client_secret=x%2By%26z%3D1%25%C2%A7"), "{body}");
}

#[test]
fn a_certificate_that_does_not_hold_is_told_as_such() {
    let server = Web::tls(&["localhost"], |_| Answer::page(200, "{}"));
    let ca = authority(&server);
    let stranger = authority(&Web::tls(&["localhost"], |_| Answer::Hang));
    let wrong_name = words(get(&server, "127.0.0.1", &bounds(&ca.path)));
    assert!(wrong_name.starts_with("cannot prove who it is: "), "{wrong_name}");
    let unknown = words(get(&server, "localhost", &bounds(&stranger.path)));
    assert!(unknown.starts_with("cannot prove who it is: "), "{unknown}");
    let system = Bounds {
        ca: None,
        ..bounds(&ca.path)
    };
    let unknown = words(get(&server, "localhost", &system));
    assert!(
        unknown.contains("UnknownIssuer") || unknown.contains("no certificates"),
        "{unknown}"
    );
    let empty = ca.path.with_file_name("empty.pem");
    std::fs::write(&empty, "").unwrap();
    let none = words(get(&server, "localhost", &bounds(&empty)));
    assert!(none.contains("there is no certificate in"), "{none}");
    assert!(server.requests().is_empty(), "nothing was asked of a stranger");
}

#[test]
fn time_is_limited_from_the_first_byte_to_the_last() {
    let dripping = b"HTTP/1.1 200 .\r\nContent-Length: 1000000\r\n\r\n".to_vec();
    for answer in [
        Answer::Hang,
        Answer::Drip(dripping, Duration::from_millis(50)),
        Answer::Drip(b"HTTP/1.1 200 .\r\nX: ".to_vec(), Duration::from_millis(50)),
    ] {
        let began = Instant::now();
        let limit = Duration::from_millis(600);
        let said = words(asked(answer.clone(), |bounds| bounds.time = limit));
        assert_eq!(said, "did not answer within 600ms", "{answer:?}");
        assert!(
            began.elapsed() < Duration::from_secs(5),
            "{answer:?} {:?}",
            began.elapsed()
        );
    }
}

#[test]
fn a_silent_handshake_is_limited_too() {
    // Nobody accepts, so nobody shakes hands.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let ca = authority(&Web::tls(&["localhost"], |_| Answer::Hang));
    let url = format!("https://localhost:{}/", silent.local_addr().unwrap().port());
    let mut bounds = bounds(&ca.path);
    bounds.time = Duration::from_millis(600);
    let said = words(http::get(&Url::parse(&url).unwrap(), &bounds));
    assert_eq!(said, "did not answer within 600ms");
}

#[test]
fn an_endless_answer_is_not_read_to_its_end() {
    let unsaid = b"HTTP/1.1 200 .\r\nConnection: close\r\n\r\n".to_vec();
    let said = b"HTTP/1.1 200 .\r\nContent-Length: 100000000\r\n\r\n".to_vec();
    let chunked = b"HTTP/1.1 200 .\r\nTransfer-Encoding: chunked\r\n\r\n5f5e100\r\n".to_vec();
    for head in [unsaid, said, chunked] {
        let began = Instant::now();
        let words = words(asked(Answer::Flood(head, 100_000_000), |_| {}));
        assert_eq!(words, "answers with more than 1000000 bytes");
        assert!(began.elapsed() < Duration::from_secs(10));
    }
    let endless_head = Answer::Flood(b"HTTP/1.1 200 .\r\nX: ".to_vec(), 100_000_000);
    assert_eq!(
        words(asked(endless_head, |_| {})),
        "gives no answer that makes sense as HTTP"
    );
}

#[test]
fn the_longest_answer_allowed_is_read() {
    let page = |length: usize| Answer::page(200, &"x".repeat(length));
    assert_eq!(asked(page(100), |bounds| bounds.bytes = 100).unwrap().len(), 100);
    assert!(matches!(
        asked(page(101), |bounds| bounds.bytes = 100),
        Err(Error::TooLong(100))
    ));
}

#[test]
fn less_than_was_promised_is_no_answer() {
    for cut in [
        "HTTP/1.1 200 .\r\nContent-Length: 500\r\n\r\n{\"scotland\":",
        "HTTP/1.1 200 .\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{\"scotland\":",
        "HTTP/1.1 200",
        "",
    ] {
        let words = words(asked(Answer::Raw(cut.into()), |_| {}));
        assert_eq!(words, "closed the connection in the middle of its answer", "{cut:?}");
    }
}

#[test]
fn what_is_not_http_is_no_answer() {
    for garbage in [
        "SSH-2.0-OpenSSH_9.2\r\n\r\n",
        "\0\0\0\u{1}\r\n\r\n",
        "HTTP/1.1 abc .\r\n\r\n",
    ] {
        let words = words(asked(Answer::Raw(garbage.into()), |_| {}));
        assert_eq!(words, "gives no answer that makes sense as HTTP", "{garbage:?}");
    }
    // Plain words where a handshake should be.
    let server = Web::plain(|_| Answer::page(200, "{}"));
    let ca = authority(&Web::tls(&["localhost"], |_| Answer::Hang));
    let url = format!("https://localhost:{}/", server.port());
    let mut bounds = bounds(&ca.path);
    bounds.time = Duration::from_secs(2);
    words(http::get(&Url::parse(&url).unwrap(), &bounds));
}

#[test]
fn any_other_status_is_an_error_that_names_it() {
    for (status, said) in [
        (404, "answered 404 Not Found"),
        (503, "answered 503 Service Unavailable"),
        (304, "answered 304 Not Modified"),
        (299, "well"),
    ] {
        let result = asked(Answer::page(status, SECRET), |_| {});
        match said {
            "well" => assert!(result.is_ok()),
            _ => assert_eq!(words(result), said),
        }
    }
    let refused = asked(Answer::page(401, "why"), |_| {}).unwrap_err();
    assert!(
        matches!(&refused, Error::Status { status: 401, body } if body == b"why"),
        "{refused:?}"
    );
}

#[test]
fn a_redirect_is_followed_to_https_alone_and_not_for_ever() {
    let there = Web::tls(&["localhost"], |_| Answer::page(200, "moved"));
    let plain = Web::plain(|_| Answer::page(200, "forged"));
    let url = there.url("localhost", "/new");
    let server = Web::tls(&["localhost"], move |request| match request.split(' ').nth(1) {
        Some(path) if path.starts_with("/relative") => Answer::redirect(301, "/page"),
        Some("/page") => Answer::page(200, "here"),
        Some("/loop") => Answer::redirect(302, "/loop"),
        Some(to) => Answer::redirect(302, &format!("{}{}", if to == "/plain" { "http:/" } else { "" }, to)),
        None => Answer::Hang,
    });
    let ca = authority(&server);
    let get = |path: &str| http::get(&Url::parse(&server.url("localhost", path)).unwrap(), &bounds(&ca.path));
    assert_eq!(get("/relative").unwrap(), b"here");
    assert_eq!(words(get("/loop")), "redirects more than 3 times");
    assert_eq!(words(get("/plain")), "redirects to an address that is not https");
    // To another host, whose certificate must hold like any other.
    let elsewhere = Web::tls(&["localhost"], move |_| Answer::redirect(302, &url));
    let own = authority(&elsewhere);
    let both = own.path.with_file_name("both.pem");
    std::fs::write(&both, format!("{}{}", elsewhere.ca(), there.ca())).unwrap();
    assert_eq!(root(&elsewhere, &both).unwrap(), b"moved");
    assert!(words(root(&elsewhere, &own.path)).starts_with("cannot prove who it is: "));
    // From the clear, no redirect at all.
    let target = plain.url("127.0.0.1", "/");
    let from_plain = Web::plain(move |_| Answer::redirect(302, &target));
    assert_eq!(words(root(&from_plain, &own.path)), "answered 302 Found");
    assert!(plain.requests().is_empty());
}

fn root(server: &Web, ca: &Path) -> Result<Vec<u8>, Error> {
    let host = if server.ca().is_empty() {
        "127.0.0.1"
    } else {
        "localhost"
    };
    http::get(&Url::parse(&server.url(host, "/")).unwrap(), &bounds(ca))
}

#[test]
fn a_form_with_its_secret_goes_nowhere_else() {
    let thief = Web::tls(&["localhost"], |_| Answer::page(200, "{}"));
    for status in [301, 302, 303, 307, 308] {
        let to = thief.url("localhost", "/");
        let server = Web::tls(&["localhost"], move |_| Answer::redirect(status, &to));
        let ca = authority(&server);
        let both = ca.path.with_file_name("both.pem");
        std::fs::write(&both, format!("{}{}", server.ca(), thief.ca())).unwrap();
        let url = Url::parse(&server.url("localhost", "/token")).unwrap();
        let said = words(http::post_form(&url, &[("client_secret", SECRET)], &bounds(&both)));
        assert!(said.starts_with(&format!("answered {status} ")), "{said}");
    }
    assert!(thief.requests().is_empty());
}

#[test]
fn nobody_there_and_no_such_name_are_told_in_words() {
    let port = {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        free.local_addr().unwrap().port()
    };
    let ca = authority(&Web::tls(&["localhost"], |_| Answer::Hang));
    let url = Url::parse(&format!("https://localhost:{port}/{SECRET}")).unwrap();
    let said = words(http::get(&url, &bounds(&ca.path)));
    assert!(said.contains("Connection refused"), "{said}");
    let url = Url::parse(&format!("https://no-such-host.invalid/{SECRET}")).unwrap();
    let said = words(http::get(&url, &bounds(&ca.path)));
    assert!(said.starts_with("cannot be "), "{said}");
}
