use insta::assert_snapshot;
use proptest::prelude::*;

use crate::reminders::digest::Taken;

use super::*;

/// Friday 27 November 2026, with St Andrew's Day on the Monday: one late, one due today, one covered.
fn a_friday() -> Vec<Block> {
    let today = day("2026-11-27");
    let answer = |reference, received: &str| {
        block(
            case(reference, &[&format!("received {received}")]),
            &[Step::Response],
            today,
        )
    };
    let mut covered = answer("FOI-2026-0401", "2026-11-02");
    covered.why = Why::StandsIn {
        owner: "A Smith".to_owned(),
        until: Some(day("2026-12-04")),
    };
    vec![
        covered,
        answer("FOI-2026-0388", "2026-10-28"),
        answer("FOI-2026-0395", "2026-10-30"),
    ]
}

#[test]
fn a_morning_with_one_late_one_today_and_one_covered() {
    let words = worded("2026-11-27", a_friday());
    assert_snapshot!(mail(&words));
}

#[test]
fn the_same_morning_as_a_web_page() {
    assert_snapshot!(worded("2026-11-27", a_friday()).html);
}

#[test]
fn an_answer_under_the_regulations_before_and_after_its_day() {
    let eirs = |reference, received: &str, today: &str| {
        let facts = format!("received {received} regime=eirs");
        block(case(reference, &[&facts]), &[Step::Response], day(today))
    };
    let today = "2026-11-27";
    let words = worded(
        today,
        vec![
            eirs("EIR-2026-0044", "2026-11-03", today),
            eirs("EIR-2026-0031", "2026-10-28", today),
        ],
    );
    assert_snapshot!(mail(&words));
}

#[test]
fn a_letter_under_both_laws_is_one_block() {
    let case = case("FOI-2026-0410", &["received 2026-11-03 regime=both"]);
    let words = worded("2026-11-30", vec![block(case, &[Step::Response], day("2026-11-30"))]);
    assert_snapshot!(mail(&words));
}

#[test]
fn a_morning_on_which_rights_of_applicants_only_close() {
    let today = day("2026-11-30");
    let closing = |reference, facts: &[&str], step| block(case(reference, facts), &[step], today);
    let mut blocks = vec![
        closing(
            "FOI-2026-0290",
            &["received 2026-09-14", "responded 2026-10-12"],
            Step::ReviewWindow,
        ),
        closing("FOI-2026-0201", &["received 2026-09-03"], Step::ReviewWindow),
        closing(
            "FOI-2026-0202",
            &["received 2026-09-03", "responded 2026-09-04"],
            Step::ReviewWindow,
        ),
        closing(
            "FOI-2026-0107",
            &[
                "received 2026-03-02",
                "review-required 2026-05-01",
                "review-outcome 2026-05-28",
            ],
            Step::CommissionerWindow,
        ),
        closing(
            "FOI-2026-0099",
            &["received 2026-03-02", "decision 2026-10-23"],
            Step::CourtWindow,
        ),
    ];
    for block in &mut blocks {
        block
            .lines
            .retain(|line| line.deadline.key.actor != crate::statute::Actor::Authority);
    }
    assert_snapshot!(mail(&worded("2026-11-30", blocks)));
}

#[test]
fn a_review_outcome_before_and_after_its_day() {
    let today = day("2026-11-27");
    let review = |reference, required: &str, regime: &str| {
        let facts = [
            format!("received 2026-09-01 regime={regime}"),
            "responded 2026-09-28".to_owned(),
            format!("review-required {required}"),
        ];
        let facts: Vec<&str> = facts.iter().map(String::as_str).collect();
        block(case(reference, &facts), &[Step::ReviewOutcome], today)
    };
    let words = worded(
        "2026-11-27",
        vec![
            review("FOI-2026-0210", "2026-10-08", "foisa"),
            review("FOI-2026-0211", "2026-11-04", "foisa"),
            review("EIR-2026-0020", "2026-11-05", "eirs"),
        ],
    );
    assert_snapshot!(mail(&words));
}

/// RULE 9.1: what the mail says the letter must tell, `timeous letter` tells too.
#[test]
fn an_authority_that_section_48_excludes_promises_no_application() {
    let excluded = Authority {
        kind: AuthorityKind::Excluded,
        ..Authority::default()
    };
    let settings = Settings {
        kind: AuthorityKind::Excluded,
        ..council()
    };
    for regime in ["foisa", "eirs"] {
        let received = format!("received 2026-09-01 regime={regime}");
        let facts = [received.as_str(), "review-required 2026-10-08"];
        for (step, facts) in [(Step::Response, &facts[..1]), (Step::ReviewOutcome, &facts)] {
            let mut block = block(case("FOI-1", facts), &[step], day("2026-11-27"));
            block.others = deadlines(&block.case, &Calendar::compiled_in().unwrap(), &excluded);
            let digest = Digest::new(day("2026-11-27"), soon(day("2026-11-27")), vec![block]);
            let text = worded_with(&settings, &digest, &Closures::default()).text;
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(
                text.contains("No application can be made to the Commissioner"),
                "{text}"
            );
            for promise in [
                "You may apply",
                "to apply to the Commissioner",
                "Court of Session",
                "reg 17",
            ] {
                assert!(!text.contains(promise), "{promise}: {text}");
            }
            let late = "Send the outcome at once. Nothing you ask for now";
            assert_eq!(text.contains(late), step == Step::ReviewOutcome, "{text}");
        }
    }
}

#[test]
fn the_authoritys_own_right_of_appeal() {
    let today = day("2026-12-21");
    let appeal = |reference, decided: &str| {
        let facts = ["received 2026-03-02".to_owned(), format!("decision {decided}")];
        let facts: Vec<&str> = facts.iter().map(String::as_str).collect();
        let mut block = block(case(reference, &facts), &[Step::CourtWindow], today);
        block
            .lines
            .retain(|line| line.deadline.key.actor == crate::statute::Actor::Authority);
        block
    };
    let blocks = vec![
        appeal("FOI-2026-0099", "2026-11-13"),
        appeal("FOI-2026-0098", "2026-11-06"),
    ];
    assert_snapshot!(mail(&worded("2026-12-21", blocks)));
}

#[test]
fn a_case_that_nobody_has_says_who_must_do_what() {
    let today = day("2026-11-27");
    let mut nobody = block(case("FOI 7", &["received 2026-11-02"]), &[Step::Response], today);
    nobody.why = Why::NoOwner;
    let mut gone = block(case("FOI-8", &["received 2026-11-02"]), &[Step::Response], today);
    gone.why = Why::NobodyElse {
        owner: "A Smith".to_owned(),
    };
    let text = worded("2026-11-27", vec![nobody, gone]).text;
    assert!(
        text.contains("  Nobody has this case. Somebody must be made its owner:\n    timeous record 'FOI 7' reassigned --on DATE --officer ID\n"),
        "{text}"
    );
    assert!(
        text.contains("This is A Smith's, who cannot be reached, nor can anybody in their place."),
        "{text}"
    );
}

#[test]
fn a_copy_says_whose_the_case_is_and_why_it_comes() {
    let today = day("2026-11-25");
    let said = |why: Why| {
        let mut copy = block(case("FOI-1", &["received 2026-10-20"]), &[Step::Response], today);
        copy.why = why;
        let text = worded("2026-11-25", vec![copy]).text;
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let (owner, manager) = ("B Jones".to_owned(), Some("M Green".to_owned()));
    for (why, words) in [
        (
            Why::QuietDay { told: owner.clone() },
            "A copy: B Jones was told too, but reads no mail on a Wednesday. See that it does not wait.",
        ),
        (
            Why::Manager { owner: owner.clone() },
            "A copy for you as B Jones's manager: whoever has the case today was told too.",
        ),
        (
            Why::ForManager {
                owner: owner.clone(),
                manager,
            },
            "A copy for M Green, B Jones's manager, who cannot be reached: whoever has the case today was told too.",
        ),
        (
            Why::ForManager { owner, manager: None },
            "A copy for want of a manager of B Jones's: whoever has the case today was told too.",
        ),
    ] {
        let said = said(why);
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn silence_that_the_applicant_has_already_acted_on_says_so() {
    let today = day("2026-11-27");
    let required = case("FOI-1", &["received 2026-08-03", "review-required 2026-09-14"]);
    let text = worded("2026-11-27", vec![block(required, &[Step::Response], today)]).text;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("a review was required on Monday 14 September, so ask yourself first"),
        "{text}"
    );

    // Hard case 26: limb (a) ran out on Wednesday 26 August; an answer of Monday 30 November revives the right.
    let silent = case("FOI-2", &["received 2026-06-01"]);
    let text = worded("2026-11-30", vec![block(silent, &[Step::Response], day("2026-11-30"))]).text;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("silence ended on Wednesday 26 August, and an answer now opens it again"),
        "{text}"
    );
    assert!(
        text.contains("\"You may ask us to review this decision until Friday 29 January 2027\""),
        "{text}"
    );
}

#[test]
fn the_window_for_silence_is_known_even_when_it_is_told_in_the_closing_section() {
    let today = day("2026-11-27");
    let silent = case("FOI-2", &["received 2026-09-07"]);
    let both = block(silent, &[Step::Response, Step::ReviewWindow], today);
    let text = worded("2026-11-27", vec![both]).text;
    assert!(
        text.contains("(until Tuesday 1\n  December if you never answer;"),
        "{text}"
    );
    assert!(
        text.contains("  FOI-2 - the applicant may require a review until Tuesday 1 December"),
        "{text}"
    );
}

#[test]
fn a_due_date_on_a_day_the_office_is_closed_says_so() {
    let closures = Closures::parse(&["2026-12-24..2027-01-05"]).unwrap();
    let case = case("FOI-1", &["received 2026-12-01"]);
    let digest = Digest::new(
        day("2026-12-22"),
        soon(day("2026-12-22")),
        vec![block(case, &[Step::Response], day("2026-12-22"))],
    );
    let text = worded_with(&council(), &digest, &closures).text;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains(
            "answer due Thursday 31 December: five working days after today, and you are open on only one of them \
             (Friday is Christmas Day and Monday is Boxing Day in lieu)"
        ),
        "{text}"
    );
    assert!(text.contains("You are closed on Thursday 31 December, which counts in law; the last day you are open before it is Wednesday 23 December."), "{text}");
}

#[test]
fn a_late_reminder_and_a_provisional_date_say_why() {
    let today = day("2029-01-03");
    let mut late = block(case("FOI-1", &["received 2028-12-12"]), &[Step::Response], today);
    late.lines[0].reason = Reason::Missed;
    let text = worded("2029-01-03", vec![late]).text;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("This reminder is late: its morning had passed"), "{text}");
    assert!(
        text.contains("provisional: bank holidays are announced only to 31 December 2028."),
        "{text}"
    );
}

#[test]
fn another_reading_is_told_with_its_reason_where_it_comes_to_another_day() {
    let today = day("2026-10-20");
    let said = |posted: &str| {
        let case = case("EIR-1", &[&format!("received {posted} posted regime=eirs")]);
        let text = worded("2026-10-20", vec![block(case, &[Step::Response], today)]).text;
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let monday =
        "The Regulations presume no day of receipt; if the letter came on Thursday 8 October 2026, the time ends";
    assert!(said("2026-10-05").contains(monday), "{}", said("2026-10-05"));
    // Posted on a Thursday, it came on the Friday or on the Sunday, and day 1 is the Monday either way.
    assert!(!said("2026-10-08").contains("presume"), "{}", said("2026-10-08"));
}

#[test]
fn a_safe_date_before_the_due_one_is_the_day_to_work_to() {
    let headline = |today: &str| {
        let case = case("FOI-1", &["received 2026-09-23"]);
        let mut block = block(case, &[Step::Response], day(today));
        // As a fees notice makes it: its own day may count as used.
        block.lines[0].deadline.work_to = Some(day("2026-10-20"));
        let text = worded(today, vec![block]).text;
        let lines: Vec<_> = text.lines().skip(2).map(str::trim).collect();
        lines.join(" ").split(" On file").next().unwrap_or_default().to_owned()
    };
    assert_eq!(
        headline("2026-10-16"),
        "FOI-1 - answer due Wednesday 21 October, work to Tuesday 20 October: two working days after today"
    );
    assert_eq!(
        headline("2026-10-20"),
        "FOI-1 - answer due Wednesday 21 October, but act TODAY"
    );
    assert_eq!(
        headline("2026-10-21"),
        "FOI-1 - past the safe date, Tuesday 20 October: answer due TODAY, Wednesday 21 October"
    );
}

#[test]
fn what_an_officer_typed_is_escaped_and_never_in_the_subject() {
    let today = day("2026-11-27");
    let mut case = case("<b>&1", &["received 2026-11-02"]);
    case.subject = Some("<script>alert(1)</script>\nBcc: x".to_owned());
    let settings = Settings {
        authority: "Smith & <Sons>".to_owned(),
        ..council()
    };
    let digest = Digest::new(today, soon(today), vec![block(case, &[Step::Response], today)]);
    let words = worded_with(&settings, &digest, &Closures::default());
    assert_eq!(words.subject, "FOI: 1 soon; first <b>&1");
    assert!(
        !words.html.contains("<script") && !words.html.contains("<b>"),
        "{}",
        words.html
    );
    assert!(
        words
            .html
            .contains("About: &lt;script&gt;alert(1)&lt;&#x2f;script&gt; Bcc: x"),
        "{}",
        words.html
    );
    assert!(words.html.contains("Smith &amp; &lt;Sons&gt;"), "{}", words.html);
    assert!(
        words.text.contains("About: <script>alert(1)</script> Bcc: x."),
        "{}",
        words.text
    );
}

#[test]
fn a_page_loads_nothing_from_anywhere() {
    let html = worded("2026-11-27", a_friday()).html;
    for word in ["http:", "https:", "src=", "url(", "<link", "<script", "@import"] {
        assert!(!html.contains(word), "{word}");
    }
}

proptest! {
    #[test]
    fn no_line_but_one_to_copy_is_wider_than_a_mail_may_be(
        reference in "[^\\p{Cc}\\u{2028}\\u{2029}]{1,64}",
        subject in ".{0,200}",
        ago in 0_i64..60,
    ) {
        prop_assume!(reference.parse::<Reference>().is_ok());
        let today = day("2026-11-27");
        let mut case = case("FOI-1", &[&format!("received {}", today - chrono::TimeDelta::days(ago))]);
        case.reference = reference.parse().unwrap();
        case.subject = Some(subject);
        let blocks = vec![block(case, &[Step::Response, Step::ReviewWindow], today)];
        let words = worded("2026-11-27", blocks);
        prop_assert_eq!(words.subject.lines().count(), 1);
        prop_assert!(words.subject.chars().count() <= 150);
        for line in words.text.lines() {
            prop_assert!(line.chars().count() <= 78 || line.trim_start().starts_with("timeous record "), "{}", line);
        }
    }
}

#[test]
fn what_came_from_the_sheet_stands_at_the_end_a_line_a_case() {
    let today = "2026-11-27";
    let settings = Settings {
        sheet: Some("FOI log.xlsx".to_owned()),
        ..council()
    };
    let due = block(case("FOI-1", &["received 2026-11-02"]), &[Step::Response], day(today));
    let mut digest = Digest::new(day(today), soon(day(today)), vec![due]);
    let taken = |reference: &str, now: &str, was: Option<&str>| Taken {
        reference: reference.parse().unwrap(),
        fact: fact(now),
        was: was.map(fact),
    };
    let mut void = taken("FOI-4", "responded 2026-11-25", Some("responded 2026-11-25"));
    void.fact.details.void = true;
    digest.taken = vec![
        taken("FOI-1", "received 2026-11-02", None),
        taken("FOI-2", "received 2026-11-03 regime=eirs", None),
        taken("FOI-2", "responded 2026-11-26 received=2026-11-27", None),
        taken("FOI-3", "responded 2026-11-26", Some("responded 2026-11-25")),
        void,
        taken("FOI-5", "reassigned 2026-11-27", None),
    ];
    let many = (6..40).map(|number| taken(&format!("FOI-{number}"), "received 2026-11-20", None));
    digest.taken.extend(many);
    let words = worded_with(&settings, &digest, &Closures::default());
    let (_, end) = words.text.split_once("Closing soon").unwrap();
    insta::assert_snapshot!(end);
    assert!(
        words
            .html
            .contains("FOI-3 &ndash; answered Thursday 26 November (it said answered Wednesday 25 November)")
    );
}
