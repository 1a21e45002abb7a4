//! The help and the man pages: every command has examples, every example runs as it stands, and every mistake that can
//! be made in typing is answered with what to do.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers"
)]

mod support;

use std::process::Command;

use support::office::{Office, can_pretend};
use support::prepared::{self, TODAY};

/// Every command with its help, those beneath others too: `mail retry`.
fn helps(office: &Office) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![String::new()];
    while let Some(command) = open.pop() {
        let mut args: Vec<&str> = command.split_whitespace().collect();
        args.push("--help");
        let help = office.run(&args).well();
        for name in beneath(&help).into_iter().filter(|name| name != "help") {
            open.push(format!("{command} {name}"));
        }
        found.push((command.trim().to_owned(), help));
    }
    found
}

/// The commands that a help lists.
fn beneath(help: &str) -> Vec<String> {
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let listed = listed.take_while(|line| line.starts_with("  "));
    listed
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| Some(line.split_whitespace().next()?.to_owned()))
        .collect()
}

/// The examples at the end of a help: the line to type, and the exit codes that are well.
fn examples(help: &str) -> Vec<(String, Vec<i32>)> {
    let mut found: Vec<(String, Vec<i32>)> = Vec::new();
    for line in help.lines().skip_while(|line| *line != "Examples:").skip(1) {
        if let Some(about) = line.strip_prefix("      ") {
            let codes = about.split("exit ").nth(1).unwrap_or_default();
            let codes = codes.split(|c: char| !c.is_ascii_digit());
            let codes: Vec<i32> = codes.filter_map(|code| code.parse().ok()).collect();
            if !codes.is_empty() {
                found.last_mut().expect("a line to speak of").1 = codes;
            }
        } else {
            found.push((line.trim().to_owned(), vec![0]));
        }
    }
    found
}

#[test]
fn every_example_of_every_help_runs_as_it_stands() {
    if !can_pretend() {
        return;
    }
    let office = prepared::with_cases(true);
    let verified = office.shell_at(TODAY, "timeous verify").well();
    let head = verified.split_whitespace().skip_while(|word| *word != "head").nth(1);
    let head = head.expect("a head in what verify says").trim_end_matches(';');
    let mut ran = 0;
    for (command, help) in helps(&office) {
        let examples = examples(&help);
        assert!(!examples.is_empty(), "the help of {command:?} has no examples");
        for (line, codes) in examples {
            assert!(line.starts_with("timeous "), "{command}: {line}");
            assert!(line.contains(&command), "under {command}: {line}");
            let line = line.replace("POSITION:HASH", head);
            let done = prepared::copied(&office).shell_at(TODAY, &line);
            assert!(
                done.code.is_some_and(|code| codes.contains(&code)),
                "{line}: exit {:?}\n{}{}",
                done.code,
                done.out,
                done.err
            );
            ran += 1;
        }
    }
    assert!(ran > 40, "only {ran} examples were found");
}

#[test]
fn every_help_fits_a_terminal_of_eighty_columns_where_it_is_an_example() {
    let office = Office::new();
    for (command, help) in helps(&office) {
        for (line, _) in examples(&help) {
            assert!(line.len() <= 78, "{command}: {line}");
        }
    }
}

/// A man page as its reader sees it, without a word of complaint from the program that lays it out.
fn laid_out(page: &std::path::Path) -> Option<String> {
    let shown = Command::new("man")
        .args(["--warnings=w", "--local-file"])
        .arg(page)
        .env("MANPAGER", "cat")
        .env("MANWIDTH", "120")
        .env("LC_ALL", "C.UTF-8")
        .output();
    let required = std::env::var_os("TIMEOUS_REQUIRE_TOOLS").is_some();
    assert!(
        shown.is_ok() || !required,
        "man is not installed; tests/run installs it"
    );
    let shown = shown.ok()?;
    assert!(
        shown.status.success(),
        "{page:?}: {}",
        String::from_utf8_lossy(&shown.stderr)
    );
    assert_eq!(String::from_utf8_lossy(&shown.stderr), "", "{page:?}");
    Some(String::from_utf8(shown.stdout).unwrap())
}

#[test]
fn every_command_has_a_man_page_that_lays_out_clean_and_holds_its_examples() {
    let office = Office::new();
    let said = office.run(&["man", "made/man1"]).well();
    let helps = helps(&office);
    assert_eq!(said, format!("{} pages written into made/man1\n", helps.len()));
    for (command, help) in helps {
        let name = format!("timeous {command}").trim().replace(' ', "-");
        let path = office.path(&format!("made/man1/{name}.1"));
        assert!(path.exists(), "{path:?}");
        let Some(page) = laid_out(&path) else {
            println!("skipped: man is not installed; tests/run installs it");
            return;
        };
        for (line, _) in examples(&help) {
            assert!(page.contains(&format!("{line}\n")), "{name}.1 lacks {line}:\n{page}");
        }
    }
}

#[test]
fn a_shell_completes_what_was_begun() {
    let office = Office::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = office.run(&["completions", shell]).well();
        assert!(
            script.contains("closed-before") && script.contains("holidays"),
            "{shell}"
        );
    }
    std::fs::write(
        office.path("complete.bash"),
        office.run(&["completions", "bash"]).well(),
    )
    .unwrap();
    let asked = ". ./complete.bash; COMP_WORDS=(timeous ho); COMP_CWORD=1; _timeous timeous ho timeous; \
                 echo \"${COMPREPLY[@]}\"";
    let answer = Command::new("bash")
        .args(["-c", asked])
        .current_dir(office.path(""))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&answer.stdout), "holidays\n");
}

/// What may be mistyped, and what is said to do about it.
const MISTAKES: [(&[&str], &str); 36] = [
    (&[], "no command is given; timeous --help lists them"),
    (&["mail"], "no command is given; timeous mail --help lists them"),
    (&["stat"], "a similar subcommand exists: 'status'"),
    (
        &["frob"],
        "unrecognized subcommand 'frob'; timeous --help shows what may be typed",
    ),
    (
        &["due"],
        "missing: <RECEIVED>; timeous due --help shows what may be typed",
    ),
    (&["due", "tomorrow"], "write it as 2022-03-04"),
    (&["due", "2026-02-30"], "there is no such date; write it as 2022-03-04"),
    (
        &["--today", "+262142-12-31", "status"],
        "there is no such date; write it as 2022-03-04",
    ),
    (&["due", "02/11/2026"], "write the date as 2022-03-04"),
    (&["due", "2003-01-01"], "check the date"),
    (
        &["due", "2026-11-02", "--regime", "gdpr"],
        "is not one of foisa, eirs, both",
    ),
    (
        &["due", "2026-11-02", "--event", "responded"],
        "write an event as KIND=DATE",
    ),
    (
        &["due", "2026-11-02", "--authority", "school"],
        "give a configuration with authority.school_days",
    ),
    (
        &["log", "FOI-2"],
        "missing: --received <DATE>; timeous log --help shows what may be typed",
    ),
    (
        &["log", "FOI-2", "--recieved", "2026-11-02"],
        "a similar argument exists: '--received'",
    ),
    (
        &["log", "FOI", "2", "--received", "2026-11-02"],
        "unexpected argument '2' found; timeous log --help",
    ),
    (
        &["log", "FOI-2", "--received"],
        "a value is required for '--received <DATE>'",
    ),
    (&["log", "FOI-2", "--received", "2099-01-01"], "when it has happened"),
    (
        &["log", "FOI-2", "--received", "2026-11-02", "--officer", "x"],
        "check the spelling",
    ),
    (
        &["record", "FOI-1", "answered", "--on", "2026-11-03"],
        "is not one of received, acknowledged",
    ),
    (&["record", "FOI-9", "responded", "--on", "2026-11-03"], "log it first"),
    (&["correct", "FOI-1", "x", "--why", "y"], "write a whole number"),
    (
        &["correct", "FOI-1", "1"],
        "missing: --why <TEXT>; timeous correct --help",
    ),
    (
        &["correct", "FOI-9", "1", "--void", "--why", "x"],
        "timeous status --all lists what is",
    ),
    (
        &["correct", "FOI-1", "1", "--void", "--on", "2026-11-03", "--why", "x"],
        "cannot be used with '--on <DATE>'; timeous correct --help",
    ),
    (&["letter", "FOI-1", "reply"], "is not one of ack, answer, review"),
    (&["status", "--within", "10"], "as 10wd"),
    (
        &["status", "--config", "nosuch.toml"],
        "check --config and TIMEOUS_CONFIG",
    ),
    (
        &["status", "--register", "nosuch.db"],
        "log a case or import a sheet to begin one",
    ),
    (&["holidays", "check", "nosuch.json"], "check its name"),
    (&["import", "nosuch.xlsx"], "check its name, and that you may read it"),
    (
        &["import", "timeous.toml", "--map", "nosuch.toml"],
        "nosuch.toml cannot be read",
    ),
    (&["mail", "retry", "x"], "write a whole number"),
    (&["mail", "test", "x"], "name@domain"),
    (&["verify", "--head", "x"], "write a head as `timeous verify` prints it"),
    (
        &["completions", "csh"],
        "[possible values: bash, elvish, fish, powershell, zsh]",
    ),
];

#[test]
fn every_mistake_is_answered_with_what_to_do() {
    let office = Office::new();
    office.run(&["log", "FOI-1", "--received", "2022-02-04"]).well();
    let before = office.dump();
    for (args, words) in MISTAKES {
        let ran = office.run(args);
        let line = ran.complaint(2);
        assert!(line.contains(words), "{args:?}: {line}");
        assert_eq!(ran.out, "", "{args:?}");
    }
    assert_eq!(before, office.dump());
}

#[test]
fn what_fails_is_answered_with_what_to_look_at() {
    let office = Office::new();
    office.run(&["log", "FOI-1", "--received", "2022-02-04"]).well();
    for (args, words) in [
        (["man", "timeous.toml"].as_slice(), "name a folder that you may write"),
        (
            &["backup", "nosuch/copy.db"],
            "check its folder, the disk and its space",
        ),
    ] {
        let ran = office.run(args);
        assert!(ran.complaint(1).contains(words), "{args:?}: {}", ran.err);
    }
}

#[test]
fn a_round_outside_the_hours_of_mail_says_when_the_next_mails_are_written() {
    if !can_pretend() {
        return;
    }
    let office = Office::new();
    office
        .run_at("2022-03-04 19:00:00", &["log", "FOI-1", "--received", "2022-02-04"])
        .well();
    // Friday evening and Saturday: Monday; before eight: the same day; within the hours nothing is to be said.
    for (at, morning) in [
        ("2022-03-05 09:00:00", "08:00 on Monday 7 March 2022\n"),
        ("2022-03-07 07:00:00", "08:00 on Monday 7 March 2022\n"),
    ] {
        let ran = office.run_at(at, &["run", "--once"]);
        assert!(ran.err.ends_with(morning), "{at}: {}", ran.err);
        assert_eq!((ran.code, ran.out.as_str()), (Some(0), "0 mails written, 0 sent\n"));
    }
    let ran = office.run_at("2022-03-07 09:00:00", &["run", "--once"]);
    assert!(!ran.err.contains("outside the hours"), "{}", ran.err);
}
