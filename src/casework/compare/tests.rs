use super::*;
use chrono::NaiveDate;

/// `KIND DATE` with `received=`, `due=`, `regime=`, `subject=`, `posted` or `void`; before it `by=LOGIN`, and `seq<` for what is
/// superseded.
fn entry(seq: u32, text: &str) -> Entry {
    let (who, rest) = text.split_once(' ').unwrap();
    let (supersedes, rest) = match rest.split_once("< ") {
        Some((target, rest)) => (Some(target.parse().unwrap()), rest),
        None => (None, rest),
    };
    Entry {
        reference: "FOI-1".parse().unwrap(),
        seq,
        fact: fact(rest),
        recorded_at: "2026-11-02T08:00:00Z".parse().unwrap(),
        recorded_by: match who {
            "sheet" => "sheet foi.xlsx".to_owned(),
            "import" | "other" => "root".to_owned(),
            other => other.to_owned(),
        },
        by: match who {
            "import" => Some("sheet foi.xlsx".to_owned()),
            "other" => Some("sheet other.csv".to_owned()),
            _ => None,
        },
        supersedes,
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn fact(text: &str) -> Fact {
    let mut words = text.split(' ');
    let mut fact = Fact::new(words.next().unwrap().parse().unwrap(), day(words.next().unwrap()));
    for word in words {
        let details = &mut fact.details;
        match word.split_once('=').unwrap_or((word, "")) {
            ("received", text) => details.received = Some(day(text)),
            ("due", text) => details.due = Some(day(text)),
            ("regime", text) => details.regime = Some(text.parse().unwrap()),
            ("subject", text) => details.subject = Some(text.to_owned()),
            ("posted", _) => details.posted = true,
            ("void", _) => details.void = true,
            _ => panic!("{word}"),
        }
    }
    fact
}

fn row(facts: &[&str]) -> Row {
    Row {
        reference: "FOI-1".parse().unwrap(),
        facts: facts.iter().map(|text| fact(text)).collect(),
        due: None,
    }
}

/// What is found, in short: `new responded 2026-11-05`, `2 changed responded 2026-11-05 -> 2026-11-06`.
fn found_with(row: &Row, entries: &[&str], empty: &dyn Fn(&str) -> bool, words: bool) -> Vec<String> {
    let entries: Vec<Entry> = (1..).zip(entries).map(|(seq, text)| entry(seq, text)).collect();
    let short = |finding: &Finding| match finding {
        Finding::New(fact) => format!("new {} {}", fact.kind, fact.on),
        Finding::Changed { seq, was, fact } => format!("{seq} changed {} {} -> {}", fact.kind, was.on, fact.on),
        Finding::Emptied { seq, was } => format!("{seq} emptied {} {}", was.kind, was.on),
        Finding::Differs { seq, register, sheet } => format!(
            "{seq} differs {} {} not {}",
            sheet.kind,
            register.as_ref().map_or("never".to_owned(), |fact| fact.on.to_string()),
            sheet.on
        ),
    };
    let heed = Heed {
        label: Some("sheet foi.xlsx"),
        filled: &|_| true,
        empty,
        words,
    };
    compare(row, &entries, &heed).unwrap().iter().map(short).collect()
}

fn found(facts: &[&str], entries: &[&str]) -> Vec<String> {
    found_with(&row(facts), entries, &|_| true, true)
}

const RECEIVED: &str = "received 2026-11-02";

#[test]
fn a_case_that_is_not_known_is_new_in_every_cell() {
    assert_eq!(
        found(&[RECEIVED, "responded 2026-11-05"], &[]),
        ["new received 2026-11-02", "new responded 2026-11-05"]
    );
}

#[test]
fn what_the_register_has_already_is_nothing_whoever_recorded_it() {
    for who in ["sheet", "import", "other", "mgreen"] {
        let entries = [format!("{who} {RECEIVED}"), format!("{who} responded 2026-11-05")];
        let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
        assert!(found(&[RECEIVED, "responded 2026-11-05"], &entries).is_empty());
    }
}

#[test]
fn a_cell_that_changed_corrects_the_sheets_own_entry_and_nobody_elses() {
    let changed = [RECEIVED, "responded 2026-11-06"];
    for (who, expected) in [
        ("sheet", "2 changed responded 2026-11-05 -> 2026-11-06"),
        ("import", "2 changed responded 2026-11-05 -> 2026-11-06"),
        ("mgreen", "2 differs responded 2026-11-05 not 2026-11-06"),
        ("other", "2 differs responded 2026-11-05 not 2026-11-06"),
    ] {
        let answer = format!("{who} responded 2026-11-05");
        assert_eq!(found(&changed, &["sheet received 2026-11-02", &answer]), [expected]);
    }
}

#[test]
fn what_was_corrected_by_somebody_is_theirs_from_then_on() {
    let entries = [
        "sheet received 2026-11-02",
        "sheet responded 2026-11-05",
        "mgreen 2< responded 2026-11-09",
    ];
    assert_eq!(
        found(&[RECEIVED, "responded 2026-11-05"], &entries),
        ["3 differs responded 2026-11-09 not 2026-11-05"]
    );
    assert!(found(&[RECEIVED, "responded 2026-11-09"], &entries).is_empty());
    assert!(
        found(&[RECEIVED], &entries).is_empty(),
        "an empty cell contradicts nothing"
    );
}

#[test]
fn an_emptied_cell_takes_the_sheets_own_entry_back_while_its_column_is_there() {
    let entries = ["sheet received 2026-11-02", "sheet responded 2026-11-05"];
    assert_eq!(found(&[RECEIVED], &entries), ["2 emptied responded 2026-11-05"]);
    let without = |column: &str| column != "responded";
    assert!(found_with(&row(&[RECEIVED]), &entries, &without, true).is_empty());
    for who in ["mgreen", "other"] {
        let answer = format!("{who} responded 2026-11-05");
        assert!(found(&[RECEIVED], &["sheet received 2026-11-02", &answer]).is_empty());
    }
}

#[test]
fn a_cell_that_is_seen_for_the_first_time_changes_nothing_and_takes_nothing_back() {
    let entries: Vec<Entry> = (1..)
        .zip(["sheet received 2026-11-02", "sheet responded 2026-11-05"])
        .map(|(seq, text)| entry(seq, text))
        .collect();
    let heed = Heed {
        label: Some("sheet foi.xlsx"),
        filled: &|column| column == "received",
        empty: &|_| true,
        words: true,
    };
    assert_eq!(compare(&row(&[RECEIVED]), &entries, &heed).unwrap(), []);
    let other_day = row(&[RECEIVED, "responded 2026-11-06"]);
    let found = compare(&other_day, &entries, &heed).unwrap();
    assert!(matches!(&found[..], [Finding::Differs { seq: 2, .. }]), "{found:?}");
}

#[test]
fn a_cell_that_is_filled_again_is_new_unless_somebody_said_it_never_happened() {
    let row = [RECEIVED, "responded 2026-11-05"];
    let taken_back = |who: &str| {
        let void = format!("{who} 2< responded 2026-11-05 void");
        found(
            &row,
            &["sheet received 2026-11-02", "sheet responded 2026-11-05", &void],
        )
    };
    assert_eq!(taken_back("sheet"), ["new responded 2026-11-05"]);
    assert_eq!(taken_back("mgreen"), ["3 differs responded never not 2026-11-05"]);
    let another_day = [
        "sheet received 2026-11-02",
        "sheet responded 2026-11-05",
        "mgreen 2< responded 2026-11-05 void",
    ];
    assert_eq!(
        found(&[RECEIVED, "responded 2026-11-09"], &another_day),
        ["new responded 2026-11-09"]
    );
}

#[test]
fn what_never_happened_did_so_on_none_of_the_days_that_were_named() {
    let corrected = [
        "sheet received 2026-11-02",
        "sheet responded 2026-11-09",
        "mgreen 2< responded 2026-11-12",
        "mgreen 3< responded 2026-11-12 void",
    ];
    for day in ["2026-11-09", "2026-11-12"] {
        let cell = format!("responded {day}");
        assert_eq!(
            found(&[RECEIVED, &cell], &corrected),
            [format!("4 differs responded never not {day}")]
        );
        assert_eq!(
            told(&[RECEIVED, &cell], &corrected),
            [format!("4 responded never not {day}")]
        );
    }
    assert_eq!(
        found(&[RECEIVED, "responded 2026-11-13"], &corrected),
        ["new responded 2026-11-13"]
    );
    let came = [
        "sheet received 2026-11-02",
        "mgreen review-required 2026-12-03 posted received=2026-12-05",
        "mgreen 2< review-required 2026-12-03 void",
    ];
    assert_eq!(
        found(&[RECEIVED, "review-required 2026-12-05"], &came),
        ["3 differs review-required never not 2026-12-05"]
    );
}

#[test]
fn the_day_of_arrival_and_the_day_a_paper_states_are_part_of_a_cell() {
    let entries = ["sheet received 2026-11-02", "sheet responded 2026-11-05"];
    let arrived = ["received 2026-11-02", "responded 2026-11-05 received=2026-11-09"];
    assert_eq!(
        found(&arrived, &entries),
        ["2 changed responded 2026-11-05 -> 2026-11-05"]
    );
    let with_arrival = [
        "sheet received 2026-11-02",
        "sheet responded 2026-11-05 received=2026-11-09",
    ];
    assert_eq!(
        found(&[RECEIVED, "responded 2026-11-05"], &with_arrival),
        ["2 changed responded 2026-11-05 -> 2026-11-05"]
    );
    let without = |column: &str| column != "response_received";
    let same = row(&[RECEIVED, "responded 2026-11-05"]);
    assert!(found_with(&same, &with_arrival, &without, true).is_empty());
}

#[test]
fn the_law_may_have_been_changed_by_an_entry_of_its_own() {
    let changed = ["sheet received 2026-11-02", "mgreen regime 2026-11-04 regime=eirs"];
    assert!(found(&["received 2026-11-02 regime=eirs"], &changed).is_empty());
    assert!(
        found(&[RECEIVED], &changed).is_empty(),
        "an empty cell contradicts nothing"
    );
    assert_eq!(
        found(&["received 2026-11-02 regime=foisa"], &changed),
        ["2 differs received 2026-11-02 not 2026-11-02"]
    );
    assert_eq!(
        found(&["received 2026-11-02 regime=eirs"], &["sheet received 2026-11-02"]),
        ["1 changed received 2026-11-02 -> 2026-11-02"]
    );
}

#[test]
fn words_follow_the_sheet_until_they_are_purged() {
    let entries = ["sheet received 2026-11-02 subject=bins"];
    let other = row(&["received 2026-11-02 subject=lorries"]);
    let told = found_with(&other, &entries, &|_| true, true);
    assert_eq!(told, ["1 changed received 2026-11-02 -> 2026-11-02"]);
    assert!(found_with(&other, &["sheet received 2026-11-02"], &|_| true, false).is_empty());
    assert!(
        found(
            &["received 2026-11-02 subject=lorries"],
            &["mgreen received 2026-11-02"]
        )
        .is_empty()
    );
}

/// What an import tells, in short: `2 responded day 2026-11-05 not 2026-11-06`.
fn told(facts: &[&str], entries: &[&str]) -> Vec<String> {
    let entries: Vec<Entry> = (1..).zip(entries).map(|(seq, text)| entry(seq, text)).collect();
    let found = compare(&row(facts), &entries, &Heed::NOTHING_ELSE).unwrap();
    let short = |one: Contradiction| {
        let said = match one.said {
            Said::Days { part, register, sheet } => {
                let register = register.map_or("none".to_owned(), |day| day.to_string());
                format!("{} {register} not {sheet}", format!("{part:?}").to_lowercase())
            }
            Said::Never { sheet } => format!("never not {sheet}"),
            Said::Regimes { register, sheet } => format!("{register} not {sheet}"),
        };
        format!("{} {} {said}", one.seq, one.column)
    };
    found.iter().filter_map(Finding::contradiction).map(short).collect()
}

#[test]
fn an_import_tells_what_changed_and_hears_nothing_in_an_empty_cell() {
    for who in ["sheet", "import", "mgreen"] {
        let received = format!("{who} received 2026-11-02 regime=eirs subject=bins");
        let answer = format!("{who} responded 2026-11-05 received=2026-11-09");
        let entries = [received.as_str(), &answer];
        for silent in [
            [RECEIVED].as_slice(),
            &[
                "received 2026-11-02 regime=eirs subject=lorries",
                "responded 2026-11-05",
            ],
        ] {
            assert!(told(silent, &entries).is_empty(), "{who} {silent:?}");
        }
        for (facts, expected) in [
            (
                ["received 2026-11-03", "responded 2026-11-05"],
                "1 received day 2026-11-02 not 2026-11-03",
            ),
            (
                ["received 2026-11-02 regime=foisa", "responded 2026-11-05"],
                "1 regime eirs not foisa",
            ),
            (
                [RECEIVED, "responded 2026-11-06"],
                "2 responded day 2026-11-05 not 2026-11-06",
            ),
            (
                [RECEIVED, "responded 2026-11-05 received=2026-11-10"],
                "2 response_received arrival 2026-11-09 not 2026-11-10",
            ),
        ] {
            assert_eq!(told(&facts, &entries), [expected], "{who}");
        }
    }
    let extended = [
        "mgreen received 2026-11-02 regime=eirs",
        "mgreen extended 2026-11-10 due=2026-12-30",
    ];
    assert_eq!(
        told(&[RECEIVED, "extended 2026-11-10 due=2026-12-31"], &extended),
        ["2 extended_to stated 2026-12-30 not 2026-12-31"]
    );
    let changed = ["sheet received 2026-11-02", "mgreen regime 2026-11-04 regime=eirs"];
    assert_eq!(
        told(&["received 2026-11-02 regime=foisa"], &changed),
        ["2 regime eirs not foisa"]
    );
    let never = [
        "sheet received 2026-11-02",
        "sheet responded 2026-11-05",
        "mgreen 2< responded 2026-11-05 void",
    ];
    assert_eq!(
        told(&[RECEIVED, "responded 2026-11-05"], &never),
        ["3 responded never not 2026-11-05"]
    );
}

#[test]
fn of_several_entries_a_cell_is_about_that_of_its_day_then_about_the_sheets_own() {
    let asked = [
        "sheet received 2026-11-02",
        "sheet clarification-sought 2026-11-04",
        "mgreen clarification-received 2026-11-06",
        "mgreen clarification-sought 2026-11-10",
    ];
    for first_or_second in ["clarification-sought 2026-11-04", "clarification-sought 2026-11-10"] {
        assert!(found(&[RECEIVED, first_or_second], &asked[..]).is_empty());
    }
    let neither = [RECEIVED, "clarification-sought 2026-11-05"];
    assert_eq!(
        found(&neither, &asked),
        ["2 changed clarification-sought 2026-11-04 -> 2026-11-05"]
    );
    assert_eq!(
        told(&neither, &asked),
        ["2 clarification_sought day 2026-11-04 not 2026-11-05"]
    );
    // Two answers, one under each law.
    let both = "received 2026-11-02 regime=both";
    let answers = [
        "sheet received 2026-11-02 regime=both",
        "sheet responded 2026-11-05 regime=eirs",
        "mgreen responded 2026-11-09 regime=foisa received=2026-11-11",
    ];
    assert!(found(&[both, "responded 2026-11-09 received=2026-11-11"], &answers).is_empty());
    assert_eq!(
        found(&[both, "responded 2026-11-09 received=2026-11-12"], &answers),
        ["3 differs responded 2026-11-09 not 2026-11-09"]
    );
}

#[test]
fn what_a_sheet_has_no_words_for_is_no_contradiction() {
    for who in ["sheet", "mgreen"] {
        for (known, cell) in [
            // An arrival on the very day.
            ("responded 2026-11-05 received=2026-11-05", "responded 2026-11-05"),
            // That an answer went by post, and whose part it answers.
            ("responded 2026-11-05 posted", "responded 2026-11-05"),
            ("responded 2026-11-05 regime=foisa", "responded 2026-11-05"),
            // One column for the day of posting and for that of arrival.
            (
                "review-required 2026-12-03 posted received=2026-12-05",
                "review-required 2026-12-03",
            ),
            (
                "review-required 2026-12-03 posted received=2026-12-05",
                "review-required 2026-12-05",
            ),
            ("fee-paid 2026-11-05 received=2026-11-09", "fee-paid 2026-11-09"),
        ] {
            let entries = ["sheet received 2026-11-02", &format!("{who} {known}")];
            assert!(found(&[RECEIVED, cell], &entries).is_empty(), "{who} {known}, {cell}");
            assert!(told(&[RECEIVED, cell], &entries).is_empty(), "{who} {known}, {cell}");
        }
    }
    assert_eq!(
        found(
            &[RECEIVED, "review-required 2026-12-04"],
            &[
                "sheet received 2026-11-02",
                "mgreen review-required 2026-12-03 posted received=2026-12-05"
            ]
        ),
        ["2 differs review-required 2026-12-03 not 2026-12-04"]
    );
    // That FOISA is the law need not be said.
    assert!(found(&["received 2026-11-02 regime=foisa"], &["sheet received 2026-11-02"]).is_empty());
    assert!(found(&[RECEIVED], &["sheet received 2026-11-02 regime=foisa"]).is_empty());
}

#[test]
fn a_request_that_was_posted_came_on_the_day_of_its_other_column() {
    let posted = "received 2026-11-02 posted received=2026-11-04";
    for who in ["sheet", "mgreen"] {
        let entries = [format!("{who} {posted}")];
        let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
        assert!(found(&[posted], &entries).is_empty());
        // A sheet without a column of posting.
        let arrived = row(&["received 2026-11-04"]);
        assert!(found_with(&arrived, &entries, &|column| column != "posted", true).is_empty());
        assert!(told(&["received 2026-11-04"], &entries).is_empty());
        assert_eq!(
            told(&["received 2026-11-03"], &entries),
            ["1 received arrival 2026-11-04 not 2026-11-03"]
        );
        assert_eq!(
            told(&["received 2026-11-03 posted"], &entries),
            ["1 posted posted 2026-11-02 not 2026-11-03"]
        );
        let unposted = [format!("{who} {RECEIVED}")];
        let unposted: Vec<&str> = unposted.iter().map(String::as_str).collect();
        assert_eq!(told(&[posted], &unposted), ["1 posted posted none not 2026-11-02"]);
    }
    assert_eq!(
        found(&["received 2026-11-04"], &[&format!("sheet {posted}")]),
        ["1 changed received 2026-11-02 -> 2026-11-04"],
        "the cell of posting was emptied"
    );
}
