use rstest::rstest;

use super::super::Details;
use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// `KIND DATE` pairs, with a number behind a `!` for the entry that one corrects.
fn entries(facts: &[(&'static str, &str)]) -> Vec<Entry> {
    let split = |kind: &'static str| kind.split_once('!').unwrap_or((kind, ""));
    let mut entries = numbered(facts.iter().map(|(kind, on)| {
        let mut fact = Fact::new(split(kind).0.parse().unwrap(), day(on));
        if fact.kind == Kind::CourtAppeal {
            fact.details.outcome = Some(Outcome::ByAuthority);
        }
        fact
    }));
    for (entry, (kind, _)) in entries.iter_mut().zip(facts) {
        entry.supersedes = split(kind).1.parse().ok();
    }
    entries
}

fn numbered(facts: impl Iterator<Item = Fact>) -> Vec<Entry> {
    let entry = |(seq, fact)| Entry {
        reference: "FOI-1".parse().unwrap(),
        seq,
        fact,
        recorded_at: chrono::DateTime::UNIX_EPOCH,
        recorded_by: "test".into(),
        by: None,
        supersedes: None,
    };
    (1..).zip(facts).map(entry).collect()
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
fn what_cannot_have_happened_is_refused(#[case] facts: &[(&'static str, &str)], #[case] words: &str) {
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

/// A fact of a kind with what that kind cannot do without.
fn likely(kind: Kind, on: NaiveDate) -> Fact {
    let mut fact = Fact::new(kind, on);
    let details = &mut fact.details;
    details.outcome = match kind {
        Kind::CommissionerNotice => Some(Outcome::Comments),
        Kind::ApplicationEnded => Some(Outcome::Frivolous),
        Kind::CourtAppeal => Some(Outcome::ByApplicant),
        _ => None,
    };
    let dated = [
        Kind::Extended,
        Kind::CommissionerNotice,
        Kind::Diary,
        Kind::CourtOutcome,
    ];
    details.due = dated.contains(&kind).then(|| on + chrono::Days::new(30));
    details.regime = (kind == Kind::Received).then_some(Regime::Eirs);
    fact
}

/// The kinds that follow from others or are followed by them; any other can happen on any day.
const ORDERED: &[Kind] = &[
    Kind::NotValid,
    Kind::MadeValid,
    Kind::SentToDepartment,
    Kind::DepartmentReplied,
    Kind::ClarificationSought,
    Kind::ClarificationReceived,
    Kind::FeesNotice,
    Kind::FeePaid,
    Kind::Responded,
    Kind::ReviewRequired,
    Kind::ReviewWithdrawn,
    Kind::ReviewRefused,
    Kind::ReviewOutcome,
    Kind::Applied,
    Kind::CommissionerNotice,
    Kind::ApplicationEnded,
    Kind::Decision,
    Kind::CourtAppeal,
    Kind::CourtOutcome,
    Kind::Complied,
    Kind::Closed,
    Kind::Reopened,
];

/// The entries of a case: a request, what went before, each a day after the other, and what came then, all of it on
/// one day or each a day after the other too.
fn recorded(before: &[Kind], then: &[Kind], on_one_day: bool) -> Vec<Entry> {
    let kinds = std::iter::once(&Kind::Received).chain(before).chain(then);
    let dated = kinds.enumerate().map(|(index, kind)| {
        let days = if on_one_day { index.min(before.len() + 1) } else { index };
        likely(*kind, day("2026-03-02") + chrono::Days::new(days as u64))
    });
    numbered(dated)
}

fn orders(kinds: &[Kind]) -> Vec<Vec<Kind>> {
    if kinds.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for at in 0..kinds.len() {
        let mut rest = kinds.to_vec();
        let first = rest.remove(at);
        for mut order in orders(&rest) {
            order.insert(0, first);
            all.push(order);
        }
    }
    all
}

/// All that a case holds but the numbers of its entries, which are those of the order of recording.
fn without_numbers(case: &Case) -> String {
    let words = format!("{case:?}");
    let parts = words
        .split("seq: ")
        .map(|part| part.trim_start_matches(char::is_numeric));
    parts.collect()
}

/// What can have happened on days that follow each other can have happened on one, whatever the order it was recorded
/// in; what cannot, cannot.
#[rstest]
#[case(&[])]
#[case(&[Kind::NotValid])]
#[case(&[Kind::SentToDepartment])]
#[case(&[Kind::ClarificationSought])]
#[case(&[Kind::FeesNotice])]
#[case(&[Kind::Closed])]
#[case(&[Kind::ReviewRequired])]
#[case(&[Kind::ReviewRequired, Kind::ReviewRefused])]
#[case(&[Kind::ReviewRequired, Kind::ReviewOutcome])]
#[case(&[Kind::ReviewRequired, Kind::ReviewOutcome, Kind::Applied, Kind::CommissionerNotice])]
#[case(&[Kind::ReviewRequired, Kind::ReviewOutcome, Kind::Decision])]
fn what_can_have_happened_on_one_day_is_taken_in_whatever_order_it_was_recorded(#[case] before: &[Kind]) {
    let then = ORDERED.iter().enumerate().flat_map(|(at, first)| {
        let later = ORDERED.iter().enumerate().skip(at);
        later.flat_map(move |(at, second)| ORDERED.iter().skip(at).map(move |third| [*first, *second, *third]))
    });
    let (mut taken, mut refused) = (0, 0);
    for then in then {
        let orders = orders(&then);
        let possible = |then: &&Vec<Kind>| Case::fold(&recorded(before, then, false)).is_ok();
        let Some(possible) = orders.iter().find(possible) else {
            refused += 1;
            assert!(
                Case::fold(&recorded(before, &then, true)).is_err(),
                "{before:?}, {then:?}"
            );
            continue;
        };
        taken += 1;
        let mut cases: Vec<String> = orders
            .iter()
            .map(|order| match Case::fold(&recorded(before, order, true)) {
                Ok(case) => without_numbers(&case),
                Err(refusal) => panic!("{before:?}, {order:?} on one day, though {possible:?} can be: {refusal}"),
            })
            .collect();
        cases.dedup();
        assert_eq!(cases.len(), 1, "{before:?}, {then:?}: {cases:#?}");
    }
    assert!(taken > 50 && refused > 50, "{taken} taken, {refused} refused");
}

/// What was settled and opened anew on one day stands open after it, and not the other way about.
#[rstest]
#[case::asked_again(&[Kind::ClarificationSought], &[Kind::ClarificationSought, Kind::ClarificationReceived])]
#[case::not_valid_again(&[Kind::NotValid], &[Kind::NotValid, Kind::MadeValid])]
#[case::a_second_fee(&[Kind::FeesNotice], &[Kind::FeesNotice, Kind::FeePaid])]
fn what_was_settled_is_opened_anew(#[case] before: &[Kind], #[case] then: &[Kind]) {
    let case = Case::fold(&recorded(before, then, true)).unwrap();
    let kinds: Vec<Kind> = case.turns.iter().map(|turn| turn.act.kind).collect();
    assert_eq!(kinds, [then[0], then[1], then[0]]);
}

#[rstest]
#[case::opened_for_the_day(&[Kind::Closed], &[Kind::Closed, Kind::Reopened], true)]
#[case::closed_by_mistake(&[], &[Kind::Closed, Kind::Reopened], false)]
#[case::and_closed_after_all(&[], &[Kind::Closed, Kind::Closed, Kind::Reopened], true)]
fn a_file_is_closed_or_open_by_what_it_was_before(
    #[case] before: &[Kind],
    #[case] then: &[Kind],
    #[case] closed: bool,
) {
    let case = Case::fold(&recorded(before, then, true)).unwrap();
    assert_eq!(
        case.closed,
        closed.then(|| case.received.on + chrono::Days::new(before.len() as u64 + 1))
    );
}

/// A day of which nothing can be made keeps nobody waiting, and the refusal names what stands in the way and not what
/// only came first.
#[test]
fn what_cannot_have_happened_in_any_order_is_refused() {
    let asked = [Kind::ClarificationSought];
    let then = [Kind::ClarificationSought, Kind::ClarificationReceived, Kind::MadeValid];
    let refusal = Case::fold(&recorded(&asked, &then, true)).unwrap_err().to_string();
    assert!(refusal.contains("record not-valid first"), "{refusal}");

    let mut then: Vec<Kind> = ORDERED.to_vec();
    then.retain(|kind| !matches!(kind, Kind::NotValid | Kind::FeesNotice | Kind::Responded));
    assert!(Case::fold(&recorded(&asked, &then, true)).is_err());
    then.extend([Kind::MadeValid; 2_000]);
    assert!(Case::fold(&recorded(&asked, &then, true)).is_err());
}
