use super::*;
use crate::case::{Case, Entry, Fact};
use crate::statute::Authority;

fn entry(seq: u32, kind: Kind, on: NaiveDate) -> Entry {
    Entry {
        reference: "FOI-1".parse().unwrap(),
        seq,
        fact: Fact::new(kind, on),
        recorded_at: chrono::DateTime::UNIX_EPOCH,
        recorded_by: "test".into(),
        by: None,
        supersedes: None,
    }
}

/// Hard case 19: asked on the nineteenth working day, Monday 28 September 2026, received on Thursday 15 October.
#[test]
fn a_pause_would_leave_two_days_where_the_reset_leaves_twenty() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let entries = [
        entry(1, Kind::Received, day("2026-09-01")),
        entry(2, Kind::ClarificationSought, day("2026-09-28")),
    ];
    let case = Case::fold(&entries).unwrap();
    let (calendar, authority) = (Calendar::compiled_in().unwrap(), Authority::default());
    let parts = Parts {
        case: &case,
        calendar: &calendar,
        authority: &authority,
    };
    let received = Act {
        seq: 3,
        kind: Kind::ClarificationReceived,
        on: day("2026-10-15"),
        arrived: None,
        posted: false,
    };
    for (effect, end) in [(Effect::Reset, "2026-11-12"), (Effect::Pause, "2026-10-19")] {
        let mut time = TimeAllowed::of(&parts, Regime::Foisa);
        time.clarified(&case.turns[0].act, &received, effect);
        assert_eq!(time.due(), Some(day(end)), "{effect:?}");
    }
}
