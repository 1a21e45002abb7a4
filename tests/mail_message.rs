//! What a mail looks like on the wire, read back by decoders of our own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeZone, Utc};
use proptest::prelude::*;
use timeous::mail::{Address, AddressError, BuildError, Mail, message_id, thread_id};

const DOMAIN: &str = "example.gov.uk";

fn mail() -> Mail {
    Mail {
        from: Address::parse("Timeous <foi@example.gov.uk>").unwrap(),
        to: Address::parse("Ròsa O’Hare <rohare@example.gov.uk>").unwrap(),
        subject: "Due Thursday 5 April: IM-FOI-2018-0365 (§ 10(1)), café’s accounts".to_owned(),
        text: "Section 10(1) of FOISA: answer by Thursday.\n.\nFrom here = “safe”.\n".to_owned(),
        html: "<p>§ 10(1): answer by <b>Thursday</b>.</p>\n".to_owned(),
        message_id: message_id("rohare@example.gov.uk", &["k".to_owned()], DOMAIN),
        references: vec![thread_id("IM-FOI-2018-0365", DOMAIN)],
        date: Utc.with_ymd_and_hms(2018, 4, 5, 7, 0, 0).unwrap(),
    }
}

fn text(mail: &Mail) -> String {
    String::from_utf8(mail.render().unwrap().bytes).unwrap()
}

/// The header lines, unfolded, as (name, value).
fn headers(whole: &str) -> Vec<(String, String)> {
    let (head, _) = whole.split_once("\r\n\r\n").unwrap();
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", "\t");
    unfolded
        .split("\r\n")
        .map(|line| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_owned(), value.to_owned())
        })
        .collect()
}

fn header(whole: &str, name: &str) -> String {
    let all = headers(whole);
    let mut found = all.iter().filter(|(n, _)| n == name);
    let value = found.next().unwrap().1.clone();
    assert!(found.next().is_none(), "{name} twice");
    value
}

/// Encoded words (RFC 2047, base64 or Q) as text; white space between two of
/// them is no text.
fn decoded(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some(start) = rest.find("=?") {
        let between = &rest[..start];
        if !(after_word && between.trim().is_empty()) {
            out.push_str(between);
        }
        let word = rest[start + 2..].split_once("?=").unwrap();
        let mut parts = word.0.splitn(3, '?');
        assert_eq!(parts.next(), Some("utf-8"));
        let how = parts.next().unwrap();
        let what = parts.next().unwrap();
        let bytes = match how {
            "b" => STANDARD.decode(what).unwrap(),
            "q" => unquoted(&what.replace('_', " ")),
            other => panic!("encoding {other}"),
        };
        out.push_str(&String::from_utf8(bytes).unwrap());
        assert!(word.0.len() + 4 <= 75, "an encoded word of more than 75");
        rest = word.1;
        after_word = true;
    }
    out.push_str(rest);
    out
}

fn unquoted(text: &str) -> Vec<u8> {
    let text = text.replace("=\r\n", "");
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'=' {
            let pair = [bytes.next().unwrap(), bytes.next().unwrap()];
            let pair = std::str::from_utf8(&pair).unwrap();
            out.push(u8::from_str_radix(pair, 16).unwrap());
        } else {
            out.push(byte);
        }
    }
    out
}

/// The decoded bodies, in order, with their content types.
fn parts(whole: &str) -> Vec<(String, String)> {
    let kind = header(whole, "Content-Type");
    let boundary = kind.split_once("boundary=\"").unwrap().1.trim_end_matches('"');
    let (_, body) = whole.split_once("\r\n\r\n").unwrap();
    let body = body.trim_end().strip_suffix(&format!("--{boundary}--")).unwrap();
    body.split(&format!("--{boundary}\r\n"))
        .skip(1)
        .map(|part| {
            assert_eq!(header(part, "Content-Transfer-Encoding"), "quoted-printable");
            let (_, body) = part.split_once("\r\n\r\n").unwrap();
            let body = body.strip_suffix("\r\n").unwrap();
            let body = String::from_utf8(unquoted(body)).unwrap();
            (header(part, "Content-Type"), body)
        })
        .collect()
}

#[test]
fn a_whole_mail() {
    let whole = text(&mail());
    insta::assert_snapshot!(whole.replace("\r\n", "\n"));
    assert!(whole.is_ascii(), "no server needs 8BITMIME");
    assert!(!whole.replace("\r\n", "").contains(['\r', '\n']));
    for line in whole.split("\r\n") {
        assert!(line.len() <= 78, "{line}");
    }
    assert_eq!(header(&whole, "Date"), "Thu, 05 Apr 2018 07:00:00 +0000");
    assert_eq!(header(&whole, "Auto-Submitted"), "auto-generated");
    assert_eq!(header(&whole, "X-Auto-Response-Suppress"), "All");
    assert_eq!(header(&whole, "MIME-Version"), "1.0");
    assert_eq!(header(&whole, "Message-ID"), format!("<{}>", mail().message_id));
    let thread = format!("<{}>", mail().references[0]);
    assert_eq!(header(&whole, "References"), thread);
    assert_eq!(header(&whole, "In-Reply-To"), thread);
    assert_eq!(decoded(&header(&whole, "Subject")), mail().subject);
    assert_eq!(decoded(&header(&whole, "To")), "Ròsa O’Hare <rohare@example.gov.uk>");
    let parts = parts(&whole);
    let crlf = |text: &str| text.replace('\n', "\r\n");
    assert_eq!(parts.len(), 2);
    assert_eq!(parts[0], ("text/plain; charset=utf-8".to_owned(), crlf(&mail().text)));
    assert_eq!(parts[1], ("text/html; charset=utf-8".to_owned(), crlf(&mail().html)));
}

#[test]
fn the_same_mail_is_the_same_bytes_and_another_is_not() {
    let first = mail().render().unwrap();
    assert_eq!(first, mail().render().unwrap());
    let mut other = mail();
    other.message_id = message_id("rohare@example.gov.uk", &["l".to_owned()], DOMAIN);
    assert_ne!(first.bytes, other.render().unwrap().bytes);
}

#[test]
fn a_mail_without_a_thread_refers_to_nothing_and_one_with_many_to_the_first_fifty() {
    let names = |mail: &Mail| -> Vec<String> { headers(&text(mail)).into_iter().map(|(name, _)| name).collect() };
    let mut mail = mail();
    mail.references.clear();
    assert!(!names(&mail).iter().any(|n| n == "References" || n == "In-Reply-To"));
    mail.references = (0..80).map(|n| thread_id(&n.to_string(), DOMAIN)).collect();
    let whole = text(&mail);
    assert_eq!(header(&whole, "References").split_whitespace().count(), 50);
    assert_eq!(header(&whole, "In-Reply-To"), format!("<{}>", mail.references[49]));
    for line in whole.split("\r\n") {
        assert!(line.len() <= 78, "{line}");
    }
}

#[test]
fn what_somebody_typed_is_no_header() {
    let mut mail = mail();
    mail.subject = "Due\r\nBcc: spy@example.org\r\n\r\n<b>body</b>\u{2028}x\0\u{85}y".to_owned();
    mail.from.name = Some("Timeous\r\nReply-To: spy@example.org".to_owned());
    mail.to.name = Some("\"\r\n\tX: y <spy@example.org>, \\".to_owned());
    let whole = text(&mail);
    let names: Vec<String> = headers(&whole).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "Date",
            "From",
            "To",
            "Subject",
            "Message-ID",
            "In-Reply-To",
            "References",
            "Auto-Submitted",
            "X-Auto-Response-Suppress",
            "MIME-Version",
            "Content-Type"
        ]
    );
    assert_eq!(
        decoded(&header(&whole, "Subject")),
        "Due Bcc: spy@example.org <b>body</b> x y"
    );
    assert_eq!(mail.render().unwrap().to, "rohare@example.gov.uk");
    assert_eq!(
        header(&whole, "To"),
        "=?utf-8?b?IiBYOiB5IDxzcHlAZXhhbXBsZS5vcmc+LCBc?= <rohare@example.gov.uk>"
    );
}

#[test]
fn a_typed_encoded_word_is_not_decoded() {
    let mut mail = mail();
    mail.subject = "=?utf-8?q?paid?= =?utf-8?b?YQ==?=".to_owned();
    assert_eq!(header(&text(&mail), "Subject"), "= ?utf-8?q?paid?= = ?utf-8?b?YQ== ?=");
}

#[test]
fn a_subject_is_cut_at_two_hundred_characters() {
    for long in ["§".repeat(500), "x".repeat(500), "ab ".repeat(500)] {
        let mut mail = mail();
        mail.subject = long.clone();
        let whole = text(&mail);
        for line in whole.split("\r\n") {
            // A word of ASCII letters cannot be folded, and need not be below 998.
            assert!(line.len() <= if long.starts_with('x') { 210 } else { 78 }, "{line}");
        }
        let subject = decoded(&header(&whole, "Subject"));
        assert!((199..=200).contains(&subject.chars().count()), "{subject}");
        assert!(long.starts_with(&subject));
    }
}

#[test]
fn what_cannot_stand_in_a_header_is_an_error() {
    let broken = |change: fn(&mut Mail)| {
        let mut mail = mail();
        change(&mut mail);
        mail.render().unwrap_err()
    };
    for id in ["", "no-at", "@", "a@", "a b@c", "a@b>\r\nX: y", "é@x"] {
        let mut mail = mail();
        mail.message_id = id.to_owned();
        assert!(matches!(mail.render(), Err(BuildError::Id(_))), "{id:?}");
    }
    assert!(matches!(
        broken(|m| m.references = vec!["a>\r\nX: <b@c".to_owned()]),
        BuildError::Id(_)
    ));
    assert_eq!(
        broken(|m| m.to.email = "a@b\r\nBcc: c@d".to_owned()),
        BuildError::To(AddressError::Control)
    );
    assert_eq!(broken(|m| m.from.email.clear()), BuildError::From(AddressError::Empty));
    assert_eq!(
        broken(|m| m.date = DateTime::UNIX_EPOCH - chrono::TimeDelta::days(1)),
        BuildError::Date(1969)
    );
    assert!(matches!(
        broken(|m| m.date = DateTime::<Utc>::MAX_UTC),
        BuildError::Date(_)
    ));
}

#[test]
fn addresses_are_read_and_refused() {
    let good = |text: &str, name: Option<&str>, email: &str| {
        let got = Address::parse(text).unwrap();
        assert_eq!((got.name.as_deref(), got.email.as_str()), (name, email), "{text}");
        assert_eq!(got.to_string().parse(), Ok(got));
    };
    good("foi@example.gov.uk", None, "foi@example.gov.uk");
    good(" <foi@example.gov.uk> ", None, "foi@example.gov.uk");
    good("Timeous <foi@example.gov.uk>", Some("Timeous"), "foi@example.gov.uk");
    good("Ròsa O’Hare <r.o+foi@x.uk>", Some("Ròsa O’Hare"), "r.o+foi@x.uk");
    good("\"Hare, \\\"R\\\"\" <r@x.uk>", Some("Hare, \"R\""), "r@x.uk");
    good("a < b <c@d.uk>", Some("a < b"), "c@d.uk");
    good("Ròsa <r@alba.scot>", Some("Ròsa"), "r@alba.scot");
    good("Müller <m@Bücher.example>", Some("Müller"), "m@xn--bcher-kva.example");
    good("müller@bücher.example", None, "müller@xn--bcher-kva.example");
    good("m@[192.0.2.1]", None, "m@[192.0.2.1]");
    let long = format!("{}@x.uk", "a".repeat(300));
    for (text, error) in [
        ("", AddressError::Empty),
        ("Timeous <>", AddressError::Empty),
        ("foi", AddressError::Malformed),
        ("foi@", AddressError::Malformed),
        ("@x", AddressError::Malformed),
        ("a b@x.uk", AddressError::Malformed),
        ("\"a b\"@x.uk", AddressError::Malformed),
        ("a@x.uk, b@x.uk", AddressError::Malformed),
        ("a@x.uk> <b@x.uk", AddressError::Malformed),
        ("a@é é.uk", AddressError::Malformed),
        ("a@é.xn--99999999999.uk", AddressError::Domain),
        ("a@\u{ad}", AddressError::Malformed),
        ("é\u{a0}b@x.uk", AddressError::Malformed),
        ("é\u{2028}b@x.uk", AddressError::Malformed),
        ("a@x.uk\r\nRSET", AddressError::Control),
        ("N\0 <a@x.uk>", AddressError::Control),
        (&long, AddressError::TooLong),
    ] {
        assert_eq!(Address::parse(text), Err(error), "{text:?}");
    }
}

#[test]
fn a_message_is_named_by_its_recipient_and_the_set_of_its_keys() {
    let id = |to: &str, keys: &[&str]| {
        let keys: Vec<String> = keys.iter().map(|k| (*k).to_owned()).collect();
        message_id(to, &keys, DOMAIN)
    };
    // Written out: this name must outlive every new version of the program.
    assert_eq!(
        id("a@x.uk", &["k1", "k2"]),
        "3eccadcd7a5ca8bf9523f6d1f5fb2782@example.gov.uk"
    );
    assert_eq!(
        thread_id("IM-FOI-2018-0365", DOMAIN),
        "86a484f12e1c2d57d0133b815294686a@example.gov.uk"
    );
    assert_eq!(id("a@x.uk", &["k1", "k2"]), id("a@x.uk", &["k2", "k1", "k1"]));
    let all = [
        id("a@x.uk", &[]),
        id("a@x.uk", &["k1"]),
        id("a@x.uk", &["k1", "k2"]),
        id("a@x.uk", &["k1k2"]),
        id("a@x.uk", &["", "k1"]),
        id("b@x.uk", &["k1"]),
        thread_id("k1", DOMAIN),
    ];
    let different: std::collections::BTreeSet<_> = all.iter().collect();
    assert_eq!(different.len(), all.len());
}

proptest! {
    #[test]
    fn no_subject_or_name_adds_a_line(subject in "(?s).{0,300}", name in "(?s).{0,150}") {
        let mut mail = mail();
        mail.subject = subject.clone();
        mail.to.name = Some(name);
        let whole = text(&mail);
        prop_assert!(whole.is_ascii());
        let names: Vec<String> = headers(&whole).into_iter().map(|(name, _)| name).collect();
        prop_assert_eq!(names, [
            "Date", "From", "To", "Subject", "Message-ID", "In-Reply-To", "References",
            "Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
        ]);
        prop_assert_eq!(parts(&whole).len(), 2);
        for line in whole.split("\r\n") {
            prop_assert!(line.len() < 998);
        }
    }

    /// What an honest subject says arrives, letter by letter.
    #[test]
    fn a_subject_arrives_as_it_was(words in proptest::collection::vec("[ -<>@-~àéòü§’–“”]{1,30}", 1..8)) {
        let subject = words.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
        let subject: String = subject.chars().take(200).collect();
        let mut mail = mail();
        mail.subject = subject.clone();
        let arrived = decoded(&header(&text(&mail), "Subject"));
        prop_assert_eq!(arrived.trim(), subject.trim());
    }

    /// Whatever is in the bodies comes back, line ends aside, and a body that
    /// looks like a boundary is still one body.
    #[test]
    fn bodies_arrive_as_they_were(body in "(?s)[ -~\n\r\t=._§é-]{0,400}", odd in any::<bool>()) {
        let mut mail = mail();
        let boundary = header(&text(&mail), "Content-Type").split_once('"').unwrap().1.trim_end_matches('"').to_owned();
        mail.text = if odd { format!("{body}\n--{boundary}--\n") } else { body };
        let want = mail.text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n");
        let got = parts(&text(&mail));
        prop_assert_eq!(got.len(), 2);
        prop_assert_eq!(&got[0].1, &want);
    }
}
