//! The program as an officer meets it: words typed, lines read, mistakes told.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers"
)]

mod support;

use support::office::{Office, can_pretend, plain_text};

/// A morning on which the seed letter's case is nothing unusual.
const MORNING: &str = "2022-03-04 08:30:00";

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_seed_letter_from_the_request_to_the_commissioner() {
    let office = Office::new();
    office
        .run(&[
            "log",
            "IM-FOI-2022-0365",
            "--received",
            "2022-02-04",
            "--officer",
            "bjones",
        ])
        .well();
    let said = office
        .run(&[
            "record",
            "IM-FOI-2022-0365",
            "responded",
            "--on",
            "2022-03-04",
            "--outcome",
            "refused",
        ])
        .well();
    assert!(
        said.contains("due by Friday 4 March 2022. Answered Friday 4 March: in time."),
        "{said}"
    );
    assert!(said.contains("until Tuesday 3 May 2022"), "{said}");
    office
        .run(&["record", "IM-FOI-2022-0365", "review-required", "--on", "2022-05-03"])
        .well();
    office
        .run(&["record", "IM-FOI-2022-0365", "review-outcome", "--on", "2022-05-30"])
        .well();
    let shown = json(&office.run(&["show", "IM-FOI-2022-0365", "--json"]).well());
    let deadline = |step: &str| {
        let all = shown["deadlines"].as_array().unwrap();
        all.iter().find(|one| one["step"] == step).unwrap().clone()
    };
    assert_eq!(deadline("response")["due"], "2022-03-04");
    assert_eq!(deadline("response")["state"], "met");
    assert_eq!(deadline("review-window")["due"], "2022-05-03");
    let skipped: Vec<_> = deadline("review-window")["skipped"].as_array().unwrap().to_vec();
    assert_eq!(
        skipped
            .iter()
            .map(|day| day["date"].as_str().unwrap())
            .collect::<Vec<_>>(),
        ["2022-04-15", "2022-05-02"]
    );
    assert_eq!(deadline("review-outcome")["due"], "2022-05-31");
    assert_eq!(deadline("commissioner-window")["due"], "2022-11-30");
    let explained = office
        .run(&["explain", "IM-FOI-2022-0365", "--step", "review-window"])
        .well();
    assert!(
        explained.contains("Good Friday") && explained.contains("Mon  2 May 2022"),
        "{explained}"
    );
}

#[test]
fn bad_input_gets_one_line_and_changes_nothing() {
    let office = Office::new();
    office.run(&["log", "FOI-1", "--received", "2022-02-04"]).well();
    office
        .run(&["record", "FOI-1", "responded", "--on", "2022-03-04"])
        .well();
    let before = office.dump();
    let cases: [(&[&str], &str); 14] = [
        (
            &["record", "FOI-2", "responded", "--on", "2022-03-04"],
            "FOI-2 is not in the register",
        ),
        (
            &["record", "FOI-1", "review-required", "--on", "2022-01-04"],
            "received on Friday 4 February 2022",
        ),
        (
            &["record", "FOI-1", "note", "--on", "2022-02-30"],
            "there is no such date",
        ),
        (
            &["log", "FOI-1", "--received", "2022-02-07"],
            "a request is recorded already",
        ),
        (
            &["record", "FOI-1", "responded", "--on", "2022-03-07"],
            "answered on Friday 4 March 2022",
        ),
        (&["record", "FOI-1", "note", "--on", "2099-01-01"], "is still to come"),
        (
            &["record", "FOI-1", "answered", "--on", "2022-03-04"],
            "is not one of received",
        ),
        (
            &["record", "FOI-1", "review-outcome", "--on", "2022-04-04"],
            "record review-required first",
        ),
        (&["log", "FOI\n3", "--received", "2022-02-04"], "no control characters"),
        (
            &["log", "FOI-3", "--received", "2022-02-04", "--officer", "nobody"],
            "officer \"nobody\" is not in the configuration",
        ),
        (
            &["log", "FOI-3", "--received", "2022-02-04", "--today", "2022-02-04"],
            "--today is for commands that only look",
        ),
        (
            &[
                "record",
                "FOI-1",
                "note",
                "--on",
                "2022-03-07",
                "--by",
                "sheet music dept",
            ],
            "names that begin with \"sheet \" are those of sheets",
        ),
        (&["show", "FOI-9"], "FOI-9 is not in the register"),
        (
            &["log", "FOI-3", "--received", "2022-02-04", "--keeper-record"],
            "only the Keeper of the Records of Scotland has longer",
        ),
    ];
    for (args, words) in cases {
        let ran = office.run(args);
        let line = ran.complaint(2);
        assert!(line.contains(words), "{line}");
        assert_eq!(ran.out, "");
    }
    assert_eq!(before, office.dump());
}

#[test]
fn a_bad_line_in_a_sheet_is_told_and_the_good_ones_go_in() {
    let office = Office::new();
    let sheet = "reference,received,responded,due,colour\n\
                 FOI-1,2022-02-04,2022-03-04,2022-03-04,blue\n\
                 FOI-2,2022-02-30,,,\n\
                 FOI-3,2022-02-04,2022-02-03,,\n\
                 FOI-4,2022-04-04,,2022-05-03,\n";
    std::fs::write(office.path("sheet.csv"), sheet).unwrap();
    let import = ["import", "sheet.csv", "--confirm", "FOI-4"];
    let dry = office.run(&[&import[..], &["--dry-run"]].concat());
    assert_eq!(dry.code, Some(2));
    assert_eq!(office.count("select count(*) from entry"), 0);
    let ran = office.run(&import);
    assert_eq!(ran.code, Some(2));
    let complaints: Vec<_> = ran.err.lines().collect();
    assert_eq!(complaints.len(), 2, "{}", ran.err);
    assert!(complaints[0].starts_with("timeous: sheet.csv line 3: received: \"2022-02-30\" is not a date"));
    assert!(
        complaints[1].contains("line 4: FOI-3: responded on Thursday 3 February 2022 cannot be"),
        "{}",
        ran.err
    );
    assert!(
        ran.out.contains("2 new, 0 added to, 0 unchanged, 2 refused"),
        "{}",
        ran.out
    );
    assert!(
        ran.out
            .contains("FOI-4      Tue 3 May 2022   Wed 4 May 2022   1 working day too early"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("colour"), "{}", ran.out);
    assert_eq!(office.count("select count(*) from cases"), 2);
    let before = office.dump();
    assert!(
        office
            .run(&["import", "sheet.csv"])
            .out
            .contains("0 new, 0 added to, 2 unchanged, 2 refused")
    );
    assert_eq!(before, office.dump());
}

#[test]
fn an_unknown_key_in_the_configuration_is_one_line() {
    let office = Office::new();
    office.run(&["log", "FOI-1", "--received", "2022-02-04"]).well();
    let before = office.dump();
    office.configure("[authority]\nname = \"Example Council\"\nnme = \"x\"\n");
    let ran = office.run(&["log", "FOI-2", "--received", "2022-02-04"]);
    assert!(
        ran.complaint(2).contains("timeous.toml: line 3: unknown field `nme`"),
        "{}",
        ran.err
    );
    assert_eq!(before, office.dump());
}

#[test]
fn what_should_not_have_happened_is_recorded_with_a_caution() {
    let office = Office::new();
    office.run(&["log", "FOI-1", "--received", "2022-02-04"]).well();
    let premature = office
        .run(&["record", "FOI-1", "review-required", "--on", "2022-02-20"])
        .well();
    assert!(premature.contains("may be premature"), "{premature}");
    office
        .run(&["record", "FOI-1", "review-outcome", "--on", "2022-03-01"])
        .well();
    let late = office.run(&["record", "FOI-1", "applied", "--on", "2022-10-01"]).well();
    assert!(late.contains("out of time") || late.contains("late"), "{late}");
    assert_eq!(office.count("select count(*) from entry"), 4);
}

/// RULE 2.1, repeated rounds: the answer to one demand and the next demand on one day; what makes no sense on that day is
/// refused as on any.
#[test]
fn what_happened_on_one_day_is_recorded_in_any_order_that_it_can_have() {
    for (opens, settles) in [
        ("clarification-sought", "clarification-received"),
        ("not-valid", "made-valid"),
    ] {
        let office = Office::new();
        let record = |kind, on| office.run(&["record", "FOI-1", kind, "--on", on]);
        office.run(&["log", "FOI-1", "--received", "2022-02-04"]).well();
        record(opens, "2022-02-10").well();
        let twice = record(opens, "2022-02-15");
        assert!(
            twice.complaint(2).contains("Thursday 10 February 2022"),
            "{}",
            twice.err
        );
        record(settles, "2022-02-15").well();
        let said = record(opens, "2022-02-15").well();
        assert!(said.contains("no date can be known"), "{said}");
        let twice = record(opens, "2022-02-15");
        assert!(twice.complaint(2).contains("Tuesday 15 February 2022"), "{}", twice.err);
        let said = record(settles, "2022-02-21").well();
        assert!(said.contains("due by Monday 21 March 2022"), "{said}");
        office.run(&["verify"]).well();
    }
}

/// RULE 4.1: thirty working days for the Keeper, of whom alone it can be said.
#[test]
fn a_transferred_record_is_the_keepers() {
    let office = Office::new();
    let keeper = "[authority]\nname = \"National Records\"\nkind = \"keeper\"\n";
    office.configure(keeper);
    let log = ["log", "KRS-1", "--received", "2022-02-04"];
    let said = office.run(&[&log[..], &["--keeper-record"]].concat()).well();
    assert!(said.contains("due by Friday 18 March 2022"), "{said}");
    // Of a case that was taken so a correction may be made whatever the authority is said to be now.
    office.configure(&keeper.replace("keeper", "ordinary"));
    let corrected = ["correct", "KRS-1", "1", "--on", "2022-02-07", "--why", "read wrong"];
    let said = office.run(&corrected).well();
    assert!(said.contains("due by Monday 7 March 2022"), "{said}");
}

#[test]
fn a_requirement_out_of_time_is_told_with_the_day_if_it_is_met_all_the_same() {
    let office = Office::new();
    office.run(&["log", "FOI-1", "--received", "2022-02-04"]).well();
    office
        .run(&["record", "FOI-1", "responded", "--on", "2022-03-04"])
        .well();
    let late = ["record", "FOI-1", "review-required", "--on", "2022-05-04"];
    let said = office.run(&late).well();
    assert!(
        said.contains("you may still carry one out (s.20(6)), and this would be its day (Wednesday 1 June 2022)."),
        "{said}"
    );
}

#[test]
fn a_correction_keeps_what_it_does_not_change_and_says_why() {
    let office = Office::new();
    office
        .run(&["log", "FOI-1", "--received", "2022-02-04", "--officer", "bjones"])
        .well();
    let said = office
        .run(&[
            "correct",
            "FOI-1",
            "1",
            "--on",
            "2022-02-07",
            "--why",
            "read the stamp wrong",
        ])
        .well();
    assert!(said.contains("Monday 7 March 2022"), "{said}");
    let shown = office.run(&["show", "FOI-1"]).well();
    assert!(
        shown.contains("with B Jones") && shown.contains("CORRECTED by entry 2"),
        "{shown}"
    );
    assert!(
        shown.contains("it was Fri 4 Mar 2022 (running): entry 1 was corrected by entry 2"),
        "{shown}"
    );
    let void = office.run(&["correct", "FOI-1", "2", "--void", "--why", "never came"]);
    assert!(void.complaint(2).contains("cannot be void"), "{}", void.err);
}

#[test]
fn due_needs_no_register_and_leaves_none() {
    let office = Office::new();
    let said = office
        .run(&["due", "2026-11-02", "--event", "responded=2026-11-05", "--explain"])
        .well();
    for words in [
        "due by Tuesday 1 December 2026",
        "until Monday 1 February 2027",
        "Thursday 7 January 2027",
    ] {
        assert!(said.contains(words), "{said}");
    }
    let reckoned = json(&office.run(&["due", "2026-11-02", "--regime", "eir", "--json"]).well());
    assert_eq!(reckoned["regime"], "eirs");
    assert_eq!(reckoned["calendar"]["announced_through"], "2028-12-31");
    assert_eq!(reckoned["deadlines"][0]["due"], "2026-12-01");
    assert!(!office.path("register.db").exists());
    let wrong = office.run(&["due", "2026-11-02", "--event", "responded=2026-11-01"]);
    assert!(wrong.complaint(2).contains("received on Monday 2 November 2026"));
}

#[test]
fn status_answers_without_the_service_and_says_that_it_does_not_run() {
    let office = Office::new();
    assert!(office.run(&["status"]).complaint(2).contains("there is no register"));
    office
        .run(&["log", "FOI-1", "--received", "2022-02-04", "--officer", "bjones"])
        .well();
    let said = office.run(&["status"]).well();
    assert!(
        said.contains("the service has never run") && said.contains("OVERDUE 1"),
        "{said}"
    );
    assert!(said.contains("FOI-1") && said.contains("B Jones"), "{said}");
    let status = json(&office.run(&["status", "--json"]).well());
    assert_eq!(status["daemon"]["state"], "never");
    assert_eq!(status["counts"]["overdue"], 1);
    assert_eq!(status["deadlines"][0]["standing"], "overdue");
    assert!(status["deadlines"][0]["left"]["days"].as_i64().unwrap() < 0);
}

#[test]
fn status_fits_a_narrow_terminal_and_keeps_a_line_a_case_on_a_wide_one() {
    let mut office = Office::new();
    let cases = [
        "FOI-1",
        "COUNCIL/INFORMATION-GOVERNANCE/FREEDOM-OF-INFORMATION/2026/0002",
    ];
    for case in cases {
        office
            .run(&["log", case, "--received", "2022-02-04", "--officer", "bjones"])
            .well();
    }
    for (columns, width) in [("200", 200), ("80", 80), ("40", 64), ("1", 64)] {
        office.surround("COLUMNS", columns);
        let said = office.run(&["status", "--all"]).well();
        // A reference is not broken, whatever the width.
        let longest = said.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(longest <= width + 4, "{columns}\n{said}");
        assert_eq!(said.matches("B Jones").count(), 4, "{said}");
        let whole = |line: &&str| cases.iter().any(|case| line.contains(case)) && line.contains("B Jones");
        assert_eq!(
            said.lines().filter(whole).count(),
            if width == 200 { 4 } else { 0 },
            "{said}"
        );
    }
}

#[test]
fn status_says_when_its_dates_rest_on_other_settings() {
    let office = Office::new();
    office
        .run(&["log", "FOI-1", "--received", "2026-11-02", "--officer", "bjones"])
        .well();
    let said = "these dates rest on another calendar or other settings";
    assert!(!office.run(&["status"]).well().contains(said));
    let settings = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
    office.configure(&format!("{settings}[calendar]\nclosures = [\"2026-11-16\"]\n"));
    let status = office.run(&["status"]).well();
    assert!(status.contains(said), "{status}");
    assert_eq!(json(&office.run(&["status", "--json"]).well())["pending"], true);
    assert!(office.run(&["status", "--check"]).out.contains("reload the service"));
    office.run(&["run", "--once"]).well();
    assert!(!office.run(&["status"]).well().contains(said));
}

#[test]
fn status_names_the_cases_that_nobody_who_is_active_has() {
    if !can_pretend() {
        return;
    }
    let office = Office::new();
    let run = |args: &[&str]| office.run_at("2022-02-07 09:00:00", args);
    for (reference, officer) in [("FOI-1", "bjones"), ("FOI-2", "cbrown"), ("FOI-3", "cbrown")] {
        let given = ["log", reference, "--received", "2022-02-04", "--officer", officer];
        run(&given).well();
    }
    assert!(!run(&["status"]).well().contains("nobody who is active"));
    assert_eq!(
        json(&run(&["status", "--json"]).well())["unowned"],
        serde_json::json!([])
    );
    run(&["log", "FOI-4", "--received", "2022-02-04"]).well();
    let config = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
    let config = config.replace(
        "\"bjones@example.gov.uk\",",
        "\"bjones@example.gov.uk\", left = \"2022-02-04\",",
    );
    // The cover too has another name now.
    office.configure(&config.replace("cbrown", "cbraun"));
    // Whatever was asked for.
    let status = run(&["status", "--officer", "bjones"]).well();
    let said = "4 cases have nobody who is active: FOI-1 (B Jones left on Friday 4 February 2022), \
                FOI-2 (\"cbrown\" is not among the officers), FOI-3 (\"cbrown\" is not among the officers), \
                FOI-4 (given to nobody); give each to somebody: \
                `timeous record REF reassigned --on DATE --officer ID`\n";
    assert!(status.contains(said), "{status}");
    let unowned = &json(&run(&["status", "--json"]).well())["unowned"];
    assert_eq!(unowned[0], serde_json::json!({ "reference": "FOI-1", "why": "left" }));
    assert_eq!(unowned[1]["why"], "unknown");
    assert_eq!(unowned[3]["why"], "no-officer");
    for reference in ["FOI-1", "FOI-2", "FOI-3", "FOI-4"] {
        let given = [
            "record",
            reference,
            "reassigned",
            "--on",
            "2022-02-07",
            "--officer",
            "cbraun",
        ];
        run(&given).well();
    }
    assert!(!run(&["status"]).well().contains("nobody who is active"));
}

#[test]
fn check_speaks_to_a_monitor() {
    if !can_pretend() {
        return;
    }
    let office = Office::new();
    let check = |at: &str| office.run_at(at, &["status", "--check"]);
    let empty = check(MORNING);
    assert_eq!(empty.code, Some(3), "no register is unknown: {}", empty.err);
    // Due on Friday 4 March 2022, and a window that closes on Tuesday 3 May.
    office
        .run_at(
            "2022-02-04 09:00:00",
            &["log", "FOI-1", "--received", "2022-02-04", "--officer", "bjones"],
        )
        .well();
    let service = office.service(Some("2022-02-14 07:00:00"));
    service.wait_for("WATCHDOG=1");
    let far = check("2022-02-14 07:00:30");
    assert_eq!(far.code, Some(0), "{}{}", far.out, far.err);
    assert!(far.out.starts_with("TIMEOUS OK"), "{}", far.out);
    service.stop();
    let service = office.service(Some("2022-02-28 07:00:00"));
    service.wait_for("WATCHDOG=1");
    let near = check("2022-02-28 07:00:30");
    assert_eq!(near.code, Some(1), "{}{}", near.out, near.err);
    service.stop();
    let unwatched = check("2022-02-28 07:01:00");
    assert_eq!(unwatched.code, Some(2), "{}", unwatched.out);
    assert!(unwatched.out.contains("the service does not run"), "{}", unwatched.out);
    let service = office.service(Some("2022-03-07 07:00:00"));
    service.wait_for("WATCHDOG=1");
    let late = check("2022-03-07 07:00:30");
    assert_eq!(late.code, Some(2), "{}", late.out);
    assert!(late.out.contains("1 overdue"), "{}", late.out);
    service.stop();
    std::fs::write(
        office.path("register.db"),
        "not a register at all, but long enough to be read as something",
    )
    .unwrap();
    for name in ["register.db-wal", "register.db-shm"] {
        let _ = std::fs::remove_file(office.path(name));
    }
    assert_eq!(check("2022-03-07 07:01:30").code, Some(3));
}

#[test]
fn the_demonstration_is_right_on_every_date_and_leaves_only_its_folder() {
    let office = Office::new();
    let scratch = office.path("scratch");
    std::fs::create_dir(&scratch).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_timeous"))
        .arg("demo")
        .env("TMPDIR", &scratch)
        .env("NO_COLOR", "1")
        .current_dir(office.path(""))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    let spaced = said.split_whitespace().collect::<Vec<_>>().join(" ");
    // Day 20 of each, as the decisions and the letter have it: T122, T073 and T004 of tests/published.
    for words in [
        "pretended to be Thursday 5 April 2018.",
        "OVERDUE 1 FOI-2018-0004 review due Fri 2 Mar 23 working days late B Jones",
        "TODAY 1 FOI-2018-0073 answer due today B Jones",
        "EIR-2018-0004 answer (EIRs) due Thu 12 Apr 5 working days C Brown",
    ] {
        assert!(spaced.contains(words), "{said}");
    }
    let folders: Vec<_> = std::fs::read_dir(&scratch)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(folders.len(), 1);
    let mails: Vec<String> = std::fs::read_dir(folders[0].join("outbox"))
        .unwrap()
        .map(|entry| plain_text(&std::fs::read_to_string(entry.unwrap().path()).unwrap()))
        .collect();
    assert_eq!(mails.len(), 3);
    // The council has named no manager for what is late.
    let copy = mails
        .iter()
        .find(|mail| mail.contains("Good morning, FOI team"))
        .unwrap();
    assert!(
        copy.contains("FOI-2018-0004") && !copy.contains("FOI-2018-0073"),
        "{copy}"
    );
    let mail = mails
        .iter()
        .find(|mail| mail.contains("Good morning, B Jones"))
        .unwrap();
    for words in [
        "FOI-2018-0004 - the review outcome is 23 working days late (it was due on Friday 2 March)",
        "received on Thursday 4 January, answered on Tuesday 30 January, review required on Friday 2 February",
        // Six months after day 20 of the review, s.47(4)(b); and from a notice e-mailed on 5 April, s.47(4)(a).
        "until Sunday 2 September if you never send it",
        "until Friday 5 October 2018",
        "FOI-2018-0073 - answer due TODAY, Thursday 5 April",
        // Forty working days from 5 April, past 7 May and 28 May.
        "until Monday 4 June 2018",
        "FOI-2017-0412 - the applicant may require a review until Tuesday 10 April",
    ] {
        assert!(mail.contains(words), "{words:?} is not in {mail}");
    }
    let mail = mails
        .iter()
        .find(|mail| mail.contains("Good morning, C Brown"))
        .unwrap();
    assert!(
        mail.contains("EIR-2018-0004 - answer due Thursday 12 April: five working days after today"),
        "{mail}"
    );
    assert!(said.contains(folders[0].to_str().unwrap()));
}

#[test]
fn help_and_version_are_no_mistakes_and_an_unknown_word_is_one_line() {
    let office = Office::new();
    assert!(office.run(&["--version"]).well().contains(env!("CARGO_PKG_VERSION")));
    assert!(office.run(&["record", "--help"]).well().contains("--outcome"));
    assert!(
        office
            .run(&["lgo"])
            .complaint(2)
            .contains("unrecognized subcommand 'lgo'")
    );
}

#[test]
fn no_command_at_all_is_told_where_to_look() {
    assert!(Office::new().run(&[]).complaint(2).contains("timeous --help"));
}

#[test]
fn the_example_configuration_is_understood() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/config/timeous.toml");
    let office = Office::new();
    let said = office.run(&["--config", example, "due", "2022-02-04"]).well();
    assert!(said.contains("Friday 4 March 2022"), "{said}");
}

#[test]
fn a_letter_tells_the_part_that_has_a_date() {
    let office = Office::new();
    office
        .run(&["log", "B-1", "--received", "2022-02-04", "--regime", "both"])
        .well();
    let asked = [
        "record",
        "B-1",
        "clarification-sought",
        "--on",
        "2022-02-10",
        "--regime",
        "foisa",
    ];
    office.run(&asked).well();
    let told = office.run(&["letter", "B-1", "ack"]).well();
    assert!(
        told.contains("Friday 4 March 2022") && told.contains("Environmental"),
        "{told}"
    );
    let asked = [
        "record",
        "B-1",
        "clarification-sought",
        "--on",
        "2022-02-10",
        "--regime",
        "eirs",
    ];
    office.run(&asked).well();
    let none = office.run(&["letter", "B-1", "ack"]);
    assert!(
        none.complaint(2).contains("record clarification-received"),
        "{}",
        none.err
    );
}
