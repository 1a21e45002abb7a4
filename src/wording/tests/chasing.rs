use insta::assert_snapshot;

use super::*;

/// No own day of the authority's is ever called late.
#[test]
fn departments_files_to_close_promises_and_notes() {
    let today = day("2026-11-27");
    let own = |reference, facts: &[&str], step| block(case(reference, facts), &[step], today);
    let asked = ["received 2026-11-02", "sent-to-department 2026-11-03 due=2026-11-18"];
    let mut roads = own("FOI-1", &asked, Step::Department);
    roads.case.department = Some("Roads".to_owned());
    let unclear = ["received 2026-11-02", "clarification-sought 2026-11-12"];
    let unpaid = ["received 2026-10-01", "fees-notice 2026-10-20"];
    let lapsed = ["received 2026-07-01", "fees-notice 2026-07-20"];
    let promised = ["received 2026-11-02", "responded 2026-11-26 exemptions=27(1)"];
    let noted = ["received 2026-11-02", "diary 2026-11-03 due=2026-11-27"];
    let words = worded(
        "2026-11-27",
        vec![
            roads,
            own("FOI-2", &unclear, Step::Waiting),
            own("FOI-3", &unpaid, Step::Waiting),
            own("FOI-4", &lapsed, Step::Waiting),
            own("FOI-5", &promised, Step::Publication),
            own("FOI-6", &noted, Step::Diary),
        ],
    );
    assert!(
        !words.text.contains("overdue") && !words.text.contains("is late") && !words.text.contains("days late"),
        "{}",
        words.text
    );
    assert_snapshot!(mail(&words));
}

#[test]
fn what_the_commissioner_asks_for_and_decided() {
    let today = day("2026-11-27");
    let with_commissioner = |reference, last: &str, step| {
        let facts = [
            "received 2026-06-01",
            "responded 2026-06-30",
            "review-required 2026-07-20",
            "review-outcome 2026-08-17",
            "applied 2026-09-01",
            last,
        ];
        block(case(reference, &facts), &[step], today)
    };
    let notice = |reference, last| with_commissioner(reference, last, Step::CommissionerNotice);
    let words = worded(
        "2026-11-27",
        vec![
            notice(
                "FOI-1",
                "commissioner-notice 2026-11-12 due=2026-12-03 outcome=comments",
            ),
            notice(
                "FOI-2",
                "commissioner-notice 2026-10-12 due=2026-12-04 outcome=information",
            ),
            notice(
                "FOI-3",
                "commissioner-notice 2026-09-12 due=2026-11-25 outcome=enforcement",
            ),
            with_commissioner("FOI-4", "decision 2026-10-16 due=2026-11-30", Step::Compliance),
            with_commissioner("FOI-5", "decision 2026-10-02 due=2026-11-16", Step::Compliance),
        ],
    );
    assert_snapshot!(mail(&words));
}

#[test]
fn an_answer_whose_time_was_moved_says_how() {
    let today = day("2026-11-27");
    let answer = |reference, facts: &[&str]| block(case(reference, facts), &[Step::Response], today);
    let anew = [
        "received 2026-10-20",
        "acknowledged 2026-10-21 due=2026-11-18",
        "clarification-sought 2026-10-30",
        "clarification-received 2026-11-09",
    ];
    let paid = ["received 2026-10-20", "fees-notice 2026-11-03", "fee-paid 2026-11-12"];
    let longer = ["received 2026-11-02 regime=eirs", "extended 2026-11-20 due=2026-12-15"];
    let words = worded(
        "2026-11-27",
        vec![answer("FOI-1", &anew), answer("FOI-2", &paid), answer("EIR-3", &longer)],
    );
    assert_snapshot!(mail(&words));
}

/// RULE 2.1: what a demand that was not reasonable leaves is told where the officer is told that nothing runs; of a second
/// demand, the clock that the answer to the first had started.
#[test]
fn a_file_to_chase_tells_the_day_if_nothing_had_to_be_asked() {
    let first = ["received 2026-10-01", "clarification-sought 2026-10-06"];
    let again = [
        first[0],
        first[1],
        "clarification-received 2026-10-15",
        "clarification-sought 2026-10-15",
    ];
    let of_one_part = [
        "received 2026-10-01 regime=both",
        "clarification-sought 2026-10-06 regime=eirs",
    ];
    for (facts, day_of_chase, told) in [
        (
            &of_one_part[..],
            "2026-10-20",
            "the answer is due on Thursday 29 October all the same",
        ),
        (
            &first[..],
            "2026-10-20",
            "the answer is due on Thursday 29 October all the same",
        ),
        (
            &first[..],
            "2026-10-30",
            "the answer was due on Thursday 29 October all the same",
        ),
        (
            &again[..],
            "2026-10-29",
            "the answer is due on Thursday 12 November all the same",
        ),
    ] {
        let block = block(case("FOI-1", facts), &[Step::Waiting], day(day_of_chase));
        let text = worded(day_of_chase, vec![block]).text;
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(told), "{text}");
    }
}
