use rstest::rstest;

use super::super::Details;
use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// `KIND DATE` pairs, with a number behind a `!` for the entry that one corrects.
fn entries(facts: &[(&str, &str)]) -> Vec<Entry> {
    facts
        .iter()
        .enumerate()
        .map(|(index, (kind, on))| {
            let (kind, supersedes) = match kind.split_once('!') {
                Some((kind, target)) => (kind, Some(target.parse().unwrap())),
                None => (*kind, None),
            };
            let mut fact = Fact::new(kind.parse().unwrap(), day(on));
            if fact.kind == Kind::CourtAppeal {
                fact.details.outcome = Some(Outcome::ByAuthority);
            }
            Entry {
                reference: "FOI-1".parse().unwrap(),
                seq: u32::try_from(index).unwrap() + 1,
                fact,
                recorded_at: chrono::DateTime::UNIX_EPOCH,
                recorded_by: "test".into(),
                by: None,
                supersedes,
            }
        })
        .collect()
}

#[rstest]
#[case(&[("responded", "2026-03-02")], "log it first")]
#[case(&[("received", "2026-03-02"), ("received", "2026-03-03")], "recorded already, received on Monday 2 March 2026")]
#[case(&[("received", "2026-03-02"), ("responded", "2026-03-01")], "received on Monday 2 March 2026; check both")]
#[case(&[("received", "2026-03-02"), ("responded", "2026-03-05"), ("responded", "2026-03-06")], "answered on Thursday 5 March 2026")]
#[case(&[("received", "2026-03-02"), ("review-outcome", "2026-03-05")], "record review-required first")]
#[case(&[("received", "2026-03-02"), ("review-withdrawn", "2026-03-05")], "record review-required first")]
#[case(&[("received", "2026-03-02"), ("review-required", "2026-04-05"), ("review-outcome", "2026-04-06"), ("review-outcome", "2026-04-07")], "record the Commissioner's decision")]
#[case(&[("received", "2026-03-02"), ("court-appeal", "2026-04-05")], "record decision first")]
#[case(&[("received", "2026-03-02"), ("reopened", "2026-04-05")], "record closed first")]
#[case(&[("received", "2004-12-31")], "1 January 2005")]
#[case(&[("received", "2199-12-31")], "too far ahead")]
#[case(&[("received", "2026-03-02"), ("note!7", "2026-03-03")], "no entry 7")]
#[case(&[("received", "2026-03-02"), ("note!1", "2026-03-03")], "entry 1 records received, not note")]
#[case(&[("received", "2026-03-02"), ("received!1", "2026-03-03"), ("received!1", "2026-03-04")], "corrected by entry 2")]
fn what_cannot_have_happened_is_refused(#[case] facts: &[(&str, &str)], #[case] words: &str) {
    let refusal = Case::fold(&entries(facts)).unwrap_err().to_string();
    assert!(refusal.contains(words), "{refusal}");
    assert!(!refusal.contains('\n'));
}

#[test]
fn the_order_of_recording_does_not_matter() {
    let told = entries(&[
        ("received", "2026-03-02"),
        ("review-outcome", "2026-05-20"),
        ("review-required", "2026-05-01"),
    ]);
    let case = Case::fold(&told).unwrap();
    assert_eq!(case.reviews[0].notices[0].act.on, day("2026-05-20"));
}

#[test]
fn a_corrected_entry_keeps_its_number_and_a_void_one_is_gone() {
    let mut told = entries(&[
        ("received", "2026-03-02"),
        ("responded", "2026-03-05"),
        ("received!1", "2026-03-03"),
        ("responded!2", "2026-03-05"),
    ]);
    told[3].fact.details = Details {
        void: true,
        ..Details::default()
    };
    let case = Case::fold(&told).unwrap();
    assert_eq!((case.received.seq, case.received.on), (1, day("2026-03-03")));
    assert!(case.answers.is_empty());
}

#[test]
fn a_decision_implies_its_application_and_lets_an_outcome_be_revised() {
    let case = Case::fold(&entries(&[
        ("received", "2026-03-02"),
        ("review-required", "2026-04-05"),
        ("review-outcome", "2026-04-06"),
        ("decision", "2026-08-03"),
        ("review-outcome", "2026-09-01"),
        ("court-appeal", "2026-09-02"),
    ]))
    .unwrap();
    assert_eq!(case.reviews[0].notices.len(), 2);
    assert_eq!(case.applications[0].applied, None);
    assert_eq!(case.applications[0].decision.as_ref().unwrap().appeals.len(), 1);
}
