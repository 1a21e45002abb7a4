//! Whatever people type stays what it is: no header, no markup, no command to a terminal. The real program, with
//! the same hostile words in every field that takes words.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers"
)]

mod support;

use support::office::{Office, can_pretend, header};

/// A header and a body of its own, markup, the end of a CDATA section, a text that runs backwards, a break of the line
/// that is no control character, colours and a bell for a terminal, and an encoded word.
const HOSTILE: &str = "Zed\r\nBcc: spy@example.org\r\n\r\n<script>alert(\"1\")</script> & 'q' ]]> \u{202e}gpj\u{2066}x\
                       \u{2028}y\u{2029}z \u{1b}[31mred\u{7}\u{85}\u{9b}2J =?utf-8?q?spy?= <img src=x onerror=y>";

/// A reference with slashes, a space and letters beyond ASCII.
const REFERENCE: &str = "FOI/2026/Ä-1 é";

const DUE: &str = "2022-03-04 08:30:00";

/// A string as TOML writes it; JSON's escapes are among TOML's.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap().replace('\u{7f}', "\\u007f")
}

/// Hostile names for the authority, its contact, its departments, its officers and the sender.
fn configuration(more: &str) -> String {
    let hostile = quoted(HOSTILE);
    // What a mailbox's name may not have at all is refused when the file is read.
    let sender = quoted("\"Zed, <b>&\\\"x\\\" \u{202e}gpj =?utf-8?q?spy?=\" <foi@example.gov.uk>");
    format!(
        r#"
[authority]
name = {hostile}
contact = {hostile}
[people]
team = "team@example.gov.uk"
departments = [{{ id = {hostile}, name = {hostile} }}]
officers = [
  {{ id = {hostile}, name = {hostile}, email = "away@example.gov.uk", cover = "cbrown", away = [{{ from = "2022-02-14", to = "2022-04-01" }}] }},
  {{ id = "cbrown", name = {hostile}, email = "cbrown@example.gov.uk" }},
]
[mail]
from = {sender}
{more}"#
    )
}

/// A case with hostile words wherever words are taken.
fn office(more: &str) -> Office {
    let office = Office::new();
    office.configure(&configuration(more));
    let run = |at: &str, args: &[&str]| office.run_at(at, args).well();
    run(
        "2022-02-04 10:00:00",
        &[
            "log",
            REFERENCE,
            "--received",
            "2022-02-04",
            "--officer",
            HOSTILE,
            "--department",
            HOSTILE,
            "--subject",
            HOSTILE,
            "--by",
            HOSTILE,
        ],
    );
    let sent = ["record", REFERENCE, "sent-to-department", "--on", "2022-02-07"];
    let words = ["--department", HOSTILE, "--note", HOSTILE, "--by", HOSTILE];
    run("2022-02-07 10:00:00", &[&sent[..], &words].concat());
    let note = ["record", REFERENCE, "note", "--on", "2022-02-08", "--note", HOSTILE];
    run("2022-02-08 10:00:00", &note);
    let correct = ["correct", REFERENCE, "3", "--void", "--why", HOSTILE];
    run("2022-02-08 10:05:00", &correct);
    office
}

fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The names of a mail's headers, in order, whatever follows a blank line left out.
fn header_names(mail: &str) -> Vec<&str> {
    let (head, _) = mail.split_once("\r\n\r\n").unwrap();
    let lines = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
    lines.map(|line| line.split_once(':').unwrap().0).collect()
}

/// The bodies of a mail, decoded.
fn bodies(mail: &str) -> Vec<String> {
    let parts = mail.split("Content-Transfer-Encoding: quoted-printable\r\n").skip(1);
    parts
        .map(|part| {
            let (_, body) = part.split_once("\r\n").unwrap();
            let body = body.split("\r\n--=_").next().unwrap().replace("=\r\n", "");
            let mut bytes = Vec::new();
            let mut rest = body.bytes();
            while let Some(byte) = rest.next() {
                bytes.push(match byte {
                    b'=' => {
                        let pair = [rest.next().unwrap(), rest.next().unwrap()];
                        u8::from_str_radix(std::str::from_utf8(&pair).unwrap(), 16).unwrap()
                    }
                    plain => plain,
                });
            }
            String::from_utf8(bytes).unwrap()
        })
        .collect()
}

const HEADERS: [&str; 11] = [
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
    "Content-Type",
];

/// What holds of every mail, whoever typed what.
fn assert_harmless(mail: &str) {
    assert!(mail.is_ascii());
    assert!(!mail.replace("\r\n", "").contains(['\r', '\n']));
    for line in mail.split("\r\n") {
        // A mailbox is not folded between its name and its address, nor a word anywhere.
        let whole = line.starts_with("From: ") || line.starts_with("To: ") || line.matches(' ').count() == 1;
        let most = if whole { 998 } else { 78 };
        assert!(line.len() <= most, "{line}");
    }
    assert_eq!(header_names(mail), HEADERS);
    for name in ["From", "To", "Subject"] {
        let value = header(mail, name).unwrap();
        assert!(!value.contains(steers), "{name}: {value:?}");
    }
    let bodies = bodies(mail);
    assert_eq!(bodies.len(), 2);
    for body in &bodies {
        assert!(!body.replace("\r\n", "").contains(steers), "{body:?}");
    }
    let html = &bodies[1];
    assert!(html.contains("&lt;script&gt;"), "{html}");
    for markup in ["<script", "<img", "<b>", "]]>", "Zed\r"] {
        assert!(!html.contains(markup), "{markup}: {html}");
    }
    assert!(!html.contains("onerror=y>"), "{html}");
    assert_eq!(html.matches("<html").count(), 1);
}

#[test]
fn hostile_words_stay_words_in_a_mail() {
    if !can_pretend() {
        return;
    }
    let office = office("");
    let ran = office.run_at(DUE, &["run", "--once"]);
    assert!(!ran.err.replace('\n', "").contains(steers), "{:?}", ran.err);
    let said = ran.well();
    assert!(!said.replace('\n', "").contains(steers), "{said:?}");
    let mails = office.mails();
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_harmless(mail);
    assert_eq!(
        header(mail, "Subject").unwrap(),
        format!("FOI: 1 today, 1 soon; first {REFERENCE}")
    );
    assert!(
        header(mail, "To").unwrap().ends_with("<cbrown@example.gov.uk>"),
        "{mail}"
    );
    assert!(
        header(mail, "From").unwrap().ends_with("<foi@example.gov.uk>"),
        "{mail}"
    );
    let text = bodies(mail)[0].split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = "Zed Bcc: spy@example.org <script>alert(\"1\")</script> & 'q' ]]>";
    for words in [
        format!("Good morning, {plain}"),
        format!("You have this from {plain}"),
        format!("About: {plain}"),
        format!("Timeous for {plain}"),
        format!("Not yours? Tell {plain}"),
        // To paste into a shell.
        format!("timeous record '{REFERENCE}' responded"),
    ] {
        assert!(text.contains(&words), "{words}: {text}");
    }
}

#[test]
fn hostile_words_stay_words_on_a_terminal() {
    if !can_pretend() {
        return;
    }
    let office = office("");
    office.run_at(DUE, &["run", "--once"]).well();
    for args in [
        &["status", "--all"][..],
        &["show", REFERENCE],
        &["explain", REFERENCE],
        &["letter", REFERENCE, "answer"],
        &["mail", "queue"],
    ] {
        let said = office.run_at(DUE, args).well();
        assert!(!said.replace('\n', "").contains(steers), "{args:?}: {said:?}");
    }
    // Complaints repeat what was typed.
    for args in [
        &["show", HOSTILE][..],
        &["log", HOSTILE, "--received", "2022-02-04"],
        &["log", "FOI-2", "--received", HOSTILE],
        &["log", "FOI-2", "--received", "2022-02-04", "--officer", HOSTILE],
        &["status", "--officer", HOSTILE],
        &["record", REFERENCE, HOSTILE, "--on", "2022-02-08"],
    ] {
        let ran = office.run_at(DUE, args);
        if ran.code == Some(0) {
            continue;
        }
        let complaint = ran.complaint(2);
        assert!(!complaint.contains(steers), "{args:?}: {complaint:?}");
    }
}

#[test]
fn a_reference_that_could_be_more_than_one_line_is_refused() {
    let office = Office::new();
    for reference in [
        "FOI-1\r\nBcc: spy@example.org",
        "FOI-1\nx",
        "FOI\u{1b}[31m",
        "FOI\u{85}1",
        "FOI\u{2028}1",
        "FOI\u{202e}1",
        "FOI\u{2066}1",
        " ",
        "",
        &"x".repeat(65),
    ] {
        let ran = office.run(&["log", reference, "--received", "2022-02-04"]);
        assert!(
            ran.complaint(2).contains("1 to 64 characters"),
            "{reference:?}: {}",
            ran.err
        );
    }
    assert!(!office.path("register.db").exists());
}

#[test]
fn an_address_that_could_be_more_than_one_is_refused() {
    let office = Office::new();
    let good = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
    for (from, to) in [
        (
            "team = \"foi@example.gov.uk\"",
            "team = \"foi@example.gov.uk\\r\\nBcc: spy@example.org\"",
        ),
        (
            "team = \"foi@example.gov.uk\"",
            "team = \"foi@example.gov.uk, spy@example.org\"",
        ),
        (
            "email = \"bjones@example.gov.uk\"",
            "email = \"bjones@example.gov.uk>\\r\\nRCPT TO:<spy@example.org\"",
        ),
        ("from = \"Timeous <", "from = \"Timeous\\r\\nBcc: spy@example.org <"),
        ("from = \"Timeous <", "from = \"Timeous\\u0000 <"),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(good, bad, "{from}");
        office.configure(&bad);
        let ran = office.run(&["log", "FOI-1", "--received", "2022-02-04"]);
        let complaint = ran.complaint(2);
        assert!(complaint.contains("timeous.toml: "), "{complaint}");
        assert!(!complaint.contains(steers), "{complaint:?}");
    }
}

#[test]
fn an_authoritys_own_templates_get_no_more_into_a_header() {
    if !can_pretend() {
        return;
    }
    let long = "ä § ".repeat(125);
    for subject in [
        long.as_str(),
        &"x".repeat(500),
        "{{ authority }} {{ tally }} {{ first }}",
        "=?utf-8?q?spy?= \u{202e}{{ tally }}\u{2028}",
    ] {
        let office = office("");
        let folder = office.path("templates/digest");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("subject"), subject).unwrap();
        let html = "<p>{{ authority }}</p><p>{{ reader }}</p>{% for case in cases %}<p>{{ case.reference }}{% for part in \
                    case.parts %}{{ part.said }}{% endfor %}</p>{% endfor %}";
        std::fs::write(folder.join("html"), format!("<html>{html}</html>")).unwrap();
        office.configure(&configuration("templates = \"templates\"\n"));
        office.run_at(DUE, &["run", "--once"]).well();
        let mails = office.mails();
        assert_eq!(mails.len(), 1);
        assert_harmless(&mails[0]);
        let arrived = header(&mails[0], "Subject").unwrap();
        assert!(arrived.chars().count() <= 200, "{arrived}");
        assert!(!arrived.starts_with("=?utf-8?q?spy"), "{arrived}");
    }
}
