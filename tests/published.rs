//! Dates that others have printed: decisions of the Commissioner and letters of authorities, a row each.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

#[path = "law/support.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Deserialize;
use timeous::statute::{Deadline, Standing, State};

use support::{calendar, check, deadlines, pick};

/// The rows that cannot agree, and why.
const CANNOT_AGREE: [(&str, &str); 3] = [
    (
        "T010",
        "the authority's mistake: it counted the day of receipt and four bank holidays; day 20 is 11 January 2011",
    ),
    (
        "T011",
        "the applicant relied on that mistake: the day given for want of an answer lies before day 20",
    ),
    (
        "T054",
        "a premature application: the day given for want of an outcome lies two working days before day 20",
    ),
];

#[derive(Debug, Deserialize)]
struct Row {
    id: String,
    regime: String,
    kind: String,
    received: NaiveDate,
    acted: Option<NaiveDate>,
    stated_due: Option<NaiveDate>,
    unanswered_on: Option<NaiveDate>,
}

impl Row {
    fn regime(&self) -> &str {
        if self.regime == "eir" { "eirs" } else { &self.regime }
    }

    /// The history that the row tells, and the step it speaks of.
    fn history(&self) -> (String, &'static str) {
        let regime = self.regime();
        if self.kind == "review_late" {
            // A request that was never answered, so early that the requirement is neither premature nor out of time.
            let received = working_days_before(self.received, 25);
            let outcome = self
                .acted
                .map(|day| format!("; review-outcome {day}"))
                .unwrap_or_default();
            let told = format!(
                "received {received} regime={regime}; review-required {}{outcome}",
                self.received
            );
            (told, "review-outcome")
        } else {
            let answer = self.acted.map(|day| format!("; responded {day}")).unwrap_or_default();
            (
                format!("received {} regime={regime}{answer}", self.received),
                "response",
            )
        }
    }

    /// What the source says and the program does not.
    fn disagreement(&self) -> Option<String> {
        let (told, step) = self.history();
        let all = deadlines(&told);
        let deadline = pick(&all, step).unwrap();
        let due = deadline.due.unwrap();
        let verdict = match self.kind.as_str() {
            "request_due" => (Some(due) == self.stated_due).then_some(()),
            "request_late" | "review_late" => self.is_late(deadline).then_some(()),
            other => panic!("{}: {other:?} is no kind of row", self.id),
        };
        match verdict {
            Some(()) => None,
            None => Some(format!("{}: due {due} by {told:?}, but {self:?}", self.id)),
        }
    }

    /// Late by every day that the source gives.
    fn is_late(&self, deadline: &Deadline) -> bool {
        let by_act = self
            .acted
            .map(|acted| deadline.state == State::Late && Some(acted) > deadline.due);
        let in_silence = self.unanswered_on.map(|day| match self.acted {
            Some(_) => Some(day) > deadline.due,
            None => deadline.standing(day) == Standing::Overdue,
        });
        let proofs: Vec<bool> = [by_act, in_silence].into_iter().flatten().collect();
        assert!(!proofs.is_empty(), "{} gives no day", self.id);
        proofs.into_iter().all(|late| late)
    }
}

fn working_days_before(day: NaiveDate, count: u32) -> NaiveDate {
    let (mut day, mut left) = (day, count);
    while left > 0 {
        day = day.pred_opt().unwrap();
        left -= u32::from(calendar().is_working_day(day));
    }
    day
}

fn rows() -> Vec<Row> {
    let file = include_str!("published/timelines.csv");
    csv::Reader::from_reader(file.as_bytes())
        .deserialize()
        .map(Result::unwrap)
        .collect()
}

#[test]
fn every_published_date_agrees_or_is_listed_with_the_reason() {
    let listed: BTreeMap<&str, &str> = CANNOT_AGREE.into_iter().collect();
    let rows = rows();
    assert_eq!(rows.len(), 53);
    let mut faults = Vec::new();
    for row in &rows {
        match (row.disagreement(), listed.get(row.id.as_str())) {
            (Some(fault), None) => faults.push(fault),
            (None, Some(why)) => faults.push(format!("{} agrees, though it is listed: {why}", row.id)),
            (Some(_), Some(_)) | (None, None) => {}
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let known: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(known.len(), rows.len(), "an id comes twice");
    for (id, _) in CANNOT_AGREE {
        assert!(known.contains(id), "{id} is listed and is no row");
    }
}

/// The review rows are put on a request of which nothing else is in doubt.
#[test]
fn the_requirements_for_review_are_neither_premature_nor_out_of_time() {
    for row in rows().iter().filter(|row| row.kind == "review_late") {
        let (told, _) = row.history();
        check(&told, "review-window", "state met, cautions none");
        check(&told, "review-outcome", "cautions none");
    }
}

/// Decision 096/2011: the twentieth working day that the authority missed, and what it counted instead.
#[test]
fn the_authority_of_decision_096_2011_counted_the_day_of_receipt_and_four_bank_holidays() {
    check(
        "received 2010-12-08",
        "response",
        "due 2011-01-11, skips 2010-12-27 2010-12-28 2011-01-03 2011-01-04",
    );
}

/// Decision 087/2019, a request under both regimes, extended under reg 7. The Commissioner's first date is the
/// unextended one; the Act's part is late against it, because the Act knows no extension; and the review is
/// late by reg 16(4), which reg 7 does not reach.
#[test]
fn the_extension_of_decision_087_2019_touches_none_of_its_three_rows() {
    let told = "received 2018-09-13 regime=both; responded 2018-11-02 regime=foisa; review-required 2018-11-07";
    check(told, "eirs response", "due 2018-10-11");
    check(told, "foisa response", "due 2018-10-11, state late");
    check(
        told,
        "eirs review-outcome",
        "due 2018-12-06, skips 2018-11-30, standing 2018-12-06=running 2018-12-07=overdue 2019-01-29=overdue",
    );
}

/// Decision 117/2020. The twenty of the request had ended before the sixty came into force on 7 April 2020; the
/// requirement of 26 March was answered on its twentieth day, within the weeks in which it had sixty, so that it is
/// in time by either; and the review required on 27 April was still unanswered on 27 May, when the twenty were
/// restored. So the sixty help none of them.
#[test]
fn the_coronavirus_act_changes_neither_row_of_decision_117_2020() {
    check(
        "received 2020-02-21; review-required 2020-03-26; review-outcome 2020-04-24",
        "response",
        "due 2020-03-20, state running, standing 2020-03-26=overdue 2020-04-07=overdue",
    );
    check(
        "received 2020-02-21; review-required 2020-03-26; review-outcome 2020-04-24",
        "review-outcome",
        "due 2020-06-23, state met, acted 2020-04-24",
    );
    check(
        "received 2020-03-19; review-required 2020-04-27; review-outcome 2020-08-28",
        "review-outcome",
        "due 2020-05-27, state late, skips 2020-05-08 2020-05-25",
    );
}

/// The three rows that cannot agree, each in the program's own words: what was left out, and what came too soon.
#[test]
fn the_program_says_itself_why_three_rows_disagree() {
    let told = |history: &str| {
        let telling = timeous::wording::explain::Telling {
            case: None,
            calendar: support::calendar(),
            closures: &timeous::reminders::Closures::default(),
            history: &[],
            drawn: false,
            today: support::day("2026-11-22"),
        };
        let words = telling.explain(&support::deadlines(history));
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let holds = |words: &str, parts: &[&str]| parts.iter().all(|part| words.contains(part));
    let t010 = told("received 2010-12-08");
    let days = ["Mon 27 Dec 2010", "Tue 28 Dec 2010", "Mon 3 Jan 2011", "Tue 4 Jan 2011"];
    assert!(
        holds(&t010, &["due by Tuesday 11 January 2011"]) && holds(&t010, &days),
        "{t010}"
    );
    let t011 = told("received 2010-12-08; review-required 2011-01-08");
    let early = "required on Saturday 8 January 2011, before the time to answer had run out on Tuesday 11 January 2011";
    assert!(t011.contains(early), "{t011}");
    let t054 = told("received 2018-07-02; review-required 2018-08-30; applied 2018-09-25");
    let early = "application of Tuesday 25 September 2018 came before the review's time had run out on Thursday 27 \
                 September 2018";
    assert!(t054.contains(early), "{t054}");
}
