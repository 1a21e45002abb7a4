use insta::assert_snapshot;

use super::super::letters::{Letter, Matter};
use super::*;

fn written_by(kind: AuthorityKind, letter: Letter, facts: &[&str], today: &str) -> Result<String, String> {
    let case = case("FOI-1", facts);
    let calendar = Calendar::compiled_in().unwrap();
    let authority = Authority {
        kind,
        ..Authority::default()
    };
    let matter = Matter {
        case: &case,
        deadlines: &deadlines(&case, &calendar, &authority),
        calendar: &calendar,
        authority: kind,
        today: day(today),
    };
    let wording = Wording::new(&council()).unwrap();
    wording.letter(letter, &matter).map_err(|error| error.to_string())
}

fn written(letter: Letter, facts: &[&str], today: &str) -> String {
    written_by(AuthorityKind::Ordinary, letter, facts, today).unwrap()
}

fn refused(letter: Letter, facts: &[&str]) -> String {
    written_by(AuthorityKind::Ordinary, letter, facts, "2026-11-27").unwrap_err()
}

const SEED: [&str; 4] = [
    "received 2022-02-04",
    "responded 2022-03-04",
    "review-required 2022-05-03",
    "review-outcome 2022-05-30",
];

/// Received on Friday 4 February 2022: answer by 4 March, review by 3 May, apply by 30 November.
#[test]
fn the_letters_of_a_case_under_the_act() {
    let letters = [
        written(Letter::Ack, &SEED[..1], "2022-02-04"),
        written(Letter::Answer, &SEED[..1], "2022-03-04"),
        written(Letter::Review, &SEED[..3], "2022-05-30"),
    ];
    assert_snapshot!(letters.join("\n----\n"));
}

#[test]
fn what_has_gone_has_the_same_dates_as_what_was_to_go() {
    let answer = written(Letter::Answer, &SEED, "2022-06-10");
    assert!(answer.contains("until Tuesday 3 May 2022."), "{answer}");
    let review = written(Letter::Review, &SEED, "2022-06-10");
    assert!(review.contains("until Wednesday 30 November 2022, which"), "{review}");
    assert!(!review.contains("not for the letter"), "{review}");
}

/// Received on Monday 2 November 2026, answered on Thursday 5 November: representations by 7 January (case 33).
#[test]
fn the_letters_of_a_case_under_the_regulations() {
    let facts = [
        "received 2026-11-02 regime=eirs",
        "responded 2026-11-05",
        "review-required 2026-11-16",
    ];
    let letters = [
        written(Letter::Ack, &facts[..1], "2026-11-02"),
        written(Letter::Answer, &facts[..1], "2026-11-05"),
        written(Letter::Review, &facts, "2026-11-30"),
    ];
    assert_snapshot!(letters.join("\n----\n"));
}

#[test]
fn a_letter_under_both_laws_has_both_dates() {
    let facts = ["received 2026-10-08 posted regime=both"];
    let letters = [
        written(Letter::Ack, &facts, "2026-10-12"),
        written(Letter::Answer, &facts, "2026-10-30"),
    ];
    assert_snapshot!(letters.join("\n----\n"));
}

/// Hard case 25: a late answer by e-mail on Friday 15 January 2027 gives until 12 March; by post the forty count
/// from Monday 18 January.
#[test]
fn a_late_answer_counts_from_its_receipt() {
    let text = written(Letter::Answer, &["received 2026-11-02"], "2027-01-15");
    assert!(text.contains("You may do so until Friday 12 March 2027."), "{text}");
    assert!(
        text.contains("write Monday 15 March 2027 instead of Friday 12 March 2027"),
        "{text}"
    );
}

#[test]
fn clarification_that_came_gives_a_new_date() {
    let facts = [
        "received 2026-09-01",
        "clarification-sought 2026-09-28",
        "clarification-received 2026-10-15",
    ];
    let text = written(Letter::Ack, &facts, "2026-10-15");
    assert!(
        text.starts_with("We received the further information that we had asked you for on Thursday 15 October 2026"),
        "{text}"
    );
    assert!(text.contains("not later than Thursday 12 November 2026."), "{text}");
}

/// RULE 10.2: once only, and notified within the twenty working days, which end on Tuesday 1 December 2026.
#[test]
fn an_extension_is_offered_while_it_can_still_be_given() {
    let extended = ["received 2026-11-02 regime=eirs", "extended 2026-11-20 due=2026-12-14"];
    for (facts, today, offered) in [
        (&extended[..1], "2026-11-20", true),
        (&extended[..1], "2026-12-02", false),
        (&extended[..], "2026-11-20", false),
    ] {
        let text = written(Letter::Ack, facts, today);
        assert_eq!(text.contains("we may extend the time"), offered, "{today}: {text}");
    }
    let text = written(Letter::Ack, &extended, "2026-11-20");
    assert!(text.contains("not later than Monday 14 December 2026."), "{text}");
}

/// RULE 0.3: the Regulations have no s.74, so that nobody may say that a letter under them is taken to have come.
#[test]
fn a_letter_under_the_regulations_is_not_taken_to_have_come() {
    let facts = [
        "received 2026-11-02 regime=both",
        "review-required 2026-12-10 regime=eirs",
    ];
    let act = "when it is taken to have come: write Monday 15 March 2027 instead of Friday 12 March 2027";
    let regulations = "the time under the Regulations counts from the day it comes, and they presume none: write";
    let both = written(Letter::Answer, &facts[..1], "2027-01-15");
    assert!(both.contains(act) && both.contains(regulations), "{both}");
    let eirs = written(Letter::Answer, &["received 2026-11-02 regime=eirs"], "2027-01-15");
    let same = "Monday 15 March 2027 instead of Friday 12 March 2027, which allows the post three days.";
    assert!(eirs.contains(&format!("{regulations} {same}")), "{eirs}");
    assert!(!eirs.contains("taken to have come"), "{eirs}");
    let outcome = written(Letter::Review, &facts, "2026-12-15");
    assert!(
        outcome.contains(regulations) && !outcome.contains("taken to have come"),
        "{outcome}"
    );
}

#[test]
fn a_day_that_has_passed_is_not_to_be_promised() {
    let text = written(Letter::Ack, &["received 2026-11-02"], "2026-12-02");
    assert!(
        text.contains("Tuesday 1 December 2026 has passed: do not promise it."),
        "{text}"
    );
    let text = written(Letter::Ack, &["received 2026-11-02"], "2026-12-01");
    assert!(!text.contains("has passed"), "{text}");
}

#[test]
fn an_authority_that_section_48_excludes_names_no_commissioner() {
    for (letter, facts) in [(Letter::Answer, &SEED[..1]), (Letter::Review, &SEED[..3])] {
        let text = written_by(AuthorityKind::Excluded, letter, facts, "2022-03-04").unwrap();
        assert!(text.contains("No application can be made"), "{text}");
        assert!(!text.contains("you may apply"), "{text}");
        let tells_a_day = letter == Letter::Answer;
        assert_eq!(text.contains("2022"), tells_a_day, "{text}");
    }
}

#[test]
fn a_letter_without_a_date_says_why_and_what_to_do() {
    let sought = ["received 2026-11-02", "clarification-sought 2026-11-12"];
    let fee = ["received 2026-11-02", "fees-notice 2026-11-12"];
    let withdrawn = ["received 2026-11-02", "withdrawn 2026-11-12"];
    let words = [
        refused(Letter::Ack, &sought),
        refused(Letter::Answer, &fee),
        refused(Letter::Ack, &withdrawn),
        refused(Letter::Review, &withdrawn),
    ];
    assert_snapshot!(words.join("\n"));
}
