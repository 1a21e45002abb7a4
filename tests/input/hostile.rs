//! Inputs of hostile sizes, to the real program under a limit of memory: each is refused in one line, and nothing of it
//! is in the register.

use std::fs::File;
use std::io::Write as _;

use crate::properties::packed;
use crate::support::https::{Answer, Web};
use crate::support::office::{Office, Ran, can_pretend};
use crate::support::smtp::{At, Do, Script, Server};

const NOW: &str = "2026-11-27 09:00:00";

const MB: usize = 1 << 20;

/// Runs the program with so much room for all that it maps, its own code and stacks among it.
fn within(megabytes: usize, office: &Office, words: &str) -> Ran {
    office.shell_at(NOW, &format!("ulimit -v {}; exec timeous {words}", megabytes * 1024))
}

/// A file that begins so and is so long; the rest of it is nought and takes no room on the disk.
fn long(office: &Office, name: &str, beginning: &str, length: usize) {
    let mut file = File::create(office.path(name)).unwrap();
    file.write_all(beginning.as_bytes()).unwrap();
    file.set_len(length as u64).unwrap();
}

/// It was refused in one line of these words, no longer than a screen, and there is no register.
fn refused(office: &Office, ran: &Ran, code: i32, words: &str) {
    let line = ran.complaint(code);
    assert!(line.contains(words), "{line}");
    assert!(line.chars().count() < 2_000, "{} characters", line.chars().count());
    assert!(!office.path("register.db").exists());
}

/// Spaces by the gigabyte, deflated (RFC 1951, 3.2.6): one space, then "258 as the one before" in thirteen bits each.
fn deflated_spaces(length: usize) -> Vec<u8> {
    let mut bits: Vec<u8> = vec![1, 1, 0];
    bits.extend([0, 1, 0, 1, 0, 0, 0, 0]);
    // Eight times thirteen bits are thirteen bytes, which repeat from here on wherever they begin.
    let again = [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0];
    let byte = |bits: &[u8]| bits.iter().rev().fold(0, |byte, bit| byte << 1 | bit);
    bits.extend(again.repeat(16));
    let head: Vec<u8> = bits[..16].chunks(8).map(byte).collect();
    let unit: Vec<u8> = bits[16..16 + 104].chunks(8).map(byte).collect();
    [head, unit.repeat(length / (8 * 258) + 1)].concat()
}

#[test]
fn a_workbook_that_unpacks_to_two_gigabytes_is_refused_whatever_it_says_of_itself() {
    if !can_pretend() {
        return;
    }
    let spaces = deflated_spaces(2 << 30);
    assert!(spaces.len() < 16 * MB);
    for declared in [u32::MAX >> 1, 100] {
        let office = Office::new();
        let parts = [("xl/workbook.xml", packed::Part::Deflated(&spaces, declared))];
        std::fs::write(office.path("bomb.xlsx"), packed::file(&parts)).unwrap();
        let ran = within(300, &office, "import bomb.xlsx");
        refused(
            &office,
            &ran,
            2,
            "bomb.xlsx is too large: more than 256 MB when unpacked; save the sheet",
        );
    }
}

#[test]
fn a_sheet_of_one_endless_line_is_refused() {
    if !can_pretend() {
        return;
    }
    let office = Office::new();
    long(&office, "long.csv", "reference,received\n", 500 * MB);
    let ran = within(500, &office, "import long.csv");
    refused(
        &office,
        &ran,
        2,
        "long.csv is too large: more than 128 MB; save the sheet",
    );
    let ran = within(500, &office, "import /dev/zero");
    refused(
        &office,
        &ran,
        2,
        "/dev/zero is too large: more than 128 MB; save the sheet",
    );
}

#[test]
fn a_sheet_with_cells_like_books_is_told_of_in_a_few_words() {
    if !can_pretend() {
        return;
    }
    let office = Office::new();
    let book = "long ".repeat(MB / 4);
    // Letters that take three bytes where they took one.
    let windows: Vec<u8> = b"ref,\""
        .iter()
        .copied()
        .chain(std::iter::repeat_n(0x80, 2 * MB))
        .collect();
    let many = format!("reference{}\nFOI-1{}\n", ",x".repeat(1_000_000), ",y".repeat(1_000_000));
    for (bytes, words) in [
        (
            format!("reference,{book}\n1,2\n").into_bytes(),
            "has no column \"received\"; line 1 names \"reference\", \"long long",
        ),
        (windows, "has no column \"received\"; line 1 names \"ref\", \"€€€"),
        (
            many.into_bytes(),
            "has no column \"received\"; line 1 names \"reference\", \"x\", \"x\"",
        ),
    ] {
        std::fs::write(office.path("books.csv"), bytes).unwrap();
        let ran = within(500, &office, "import books.csv");
        refused(&office, &ran, 2, words);
    }
    let lines = format!("reference,received,regime\nFOI-1,2026-11-02,{book}\nFOI-2,2026-11-02,foisa\n");
    std::fs::write(office.path("books.csv"), lines).unwrap();
    let ran = within(500, &office, "import books.csv");
    let line = ran.complaint(2);
    assert!(line.contains("line 2: regime: \"long long"), "{line:.2000}");
    assert!(
        line.contains("is not FOI, EIR or both; write one of them"),
        "{line:.2000}"
    );
    assert!(line.chars().count() < 2_000, "{} characters", line.chars().count());
    assert_eq!(office.count("select count(*) from cases"), 1);
}

#[test]
fn a_list_of_bank_holidays_without_a_bottom_or_an_end_is_refused() {
    if !can_pretend() {
        return;
    }
    let office = Office::new();
    let deep = "[".repeat(100_000);
    std::fs::write(office.path("deep.json"), &deep).unwrap();
    let within_events = format!(r#"{{"division":"scotland","events":{deep}"#);
    std::fs::write(office.path("events.json"), within_events).unwrap();
    for file in ["deep.json", "events.json"] {
        let ran = within(300, &office, &format!("holidays update {file}"));
        refused(&office, &ran, 2, "is not in GOV.UK's form: recursion limit exceeded");
    }
    let ran = within(300, &office, "holidays update /dev/zero");
    refused(&office, &ran, 2, "/dev/zero is longer than a million bytes");
    let flood = Web::plain(|_| Answer::Flood(b"HTTP/1.1 200 .\r\n\r\n{\"scotland\":".to_vec(), 100_000_000));
    let ran = within(
        500,
        &office,
        &format!("holidays update --url {}", flood.url("127.0.0.1", "/")),
    );
    refused(
        &office,
        &ran,
        1,
        "127.0.0.1 answers with more than 1000000 bytes; the calendar is unchanged",
    );
}

#[test]
fn a_configuration_and_what_it_names_are_read_within_bounds() {
    if !can_pretend() {
        return;
    }
    let office = Office::new();
    long(&office, "long.toml", "[authority]\n", 100 * MB);
    std::fs::write(office.path("deep.toml"), format!("register = {}", "[".repeat(900_000))).unwrap();
    std::fs::write(
        office.path("tables.toml"),
        format!("register = {}", "{a=".repeat(300_000)),
    )
    .unwrap();
    for (file, words) in [
        (
            "long.toml",
            "long.toml cannot be read: it is longer than a million bytes, as nothing written for this program is",
        ),
        (
            "/dev/zero",
            "/dev/zero cannot be read: it is longer than a million bytes",
        ),
        ("deep.toml", "deep.toml: line 1: "),
        ("tables.toml", "tables.toml: line 1: "),
    ] {
        let ran = within(300, &office, &format!("--config {file} status"));
        refused(&office, &ran, 2, words);
    }
    office.secret("long", "");
    long(&office, "long", "secret", 100 * MB);
    for (setting, key) in [
        ("[calendar]\nbank_holidays = \"/dev/zero\"", "calendar.bank_holidays"),
        ("[calendar]\nproclamations = \"/dev/zero\"", "calendar.proclamations"),
        (
            "[authority]\nkind = \"school\"\nschool_days = \"/dev/zero\"",
            "authority.school_days",
        ),
        ("[watch]\nheartbeat = { file = \"long\" }", "watch.heartbeat"),
    ] {
        office.configure(setting);
        refused(&office, &within(300, &office, "status"), 2, &format!("{key}: "));
    }
    let ran = within(300, &Office::new(), "import --map /dev/zero sheet.csv");
    refused(&office, &ran, 2, "sheet.csv cannot be read");
}

#[test]
fn a_mail_server_that_never_ends_its_reply_is_given_up() {
    if !can_pretend() {
        return;
    }
    let lines = Do::Raw("250-and more\r\n".repeat(MB).into_bytes());
    for (at, what) in [
        (At::Greeting, Do::Huge(200 * MB)),
        (At::Ehlo, lines.clone()),
        (At::Rcpt, Do::Huge(200 * MB)),
        (At::Dot, lines),
    ] {
        let server = Server::build().script(Script::new().at(at, what)).start();
        let office = Office::with_smtp(server.port());
        let ran = within(500, &office, "mail test bjones@example.gov.uk");
        refused(&office, &ran, 1, "the server's reply is longer than 65536 bytes");
    }
}

#[test]
fn a_token_of_a_gigabyte_is_not_taken() {
    if !can_pretend() {
        return;
    }
    let endpoint = Web::plain(|_| Answer::Flood(b"HTTP/1.1 200 .\r\n\r\n{\"access_token\":\"".to_vec(), 1_000_000_000));
    let server = Server::start();
    let office = Office::with(&format!(
        "transport = \"smtp\"\n[mail.smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nauth = \"xoauth2\"\nuser = \"u\"\n\
         secret = {{ file = \"s\" }}\noauth = {{ token_url = \"{}\", client_id = \"c\", scope = \"s\" }}\n",
        server.port(),
        endpoint.url("127.0.0.1", "/token")
    ));
    office.secret("s", "client's own");
    let ran = within(500, &office, "mail test bjones@example.gov.uk");
    refused(
        &office,
        &ran,
        1,
        "no token for the mail server: 127.0.0.1 answers with more than 65536 bytes",
    );
    assert_eq!(server.commands(), Vec::<String>::new());
}
