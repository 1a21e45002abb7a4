//! When a thing is received: FOISA s.74, and its absence from the Environmental Information Regulations.

use chrono::{Days, NaiveDate};

use crate::case::{Act, Regime};

/// FOISA s.74(2)(a): what is posted "is presumed not to be received until the third day after the day of
/// posting". Calendar days: a Sunday or a bank holiday counts.
const PRESUMED_DAYS_IN_POST: u64 = 3;

/// The day a thing is taken to have been received, and another day on which it may have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// The day to count from.
    pub on: NaiveDate,
    /// The day on the other reading.
    pub otherwise: Option<NaiveDate>,
}

impl Receipt {
    fn certain(on: NaiveDate) -> Self {
        Self { on, otherwise: None }
    }
}

/// When the authority received what an applicant sent.
///
/// A known day of arrival governs, because a presumption yields to the fact and the earlier day is the safe
/// one for the authority. Under FOISA a letter whose arrival is unknown is received on the third day after
/// posting (s.74(2)(a)), an e-mail on the day it is sent, a Saturday or a holiday included (s.74(2)(b)). The
/// Regulations have no such rule: receipt is a fact, and while the day of a letter is unknown the authority's
/// duty is counted from the day after posting, the earliest it can be.
#[must_use]
pub fn by_authority(act: &Act, regime: Regime) -> Receipt {
    match act.arrived {
        Some(day) => Receipt::certain(day),
        None if !act.posted => Receipt::certain(act.on),
        None if regime == Regime::Eirs => Receipt {
            on: plus(act.on, 1),
            otherwise: Some(plus(act.on, PRESUMED_DAYS_IN_POST)),
        },
        None => Receipt::certain(plus(act.on, PRESUMED_DAYS_IN_POST)),
    }
}

/// When the applicant received what the authority sent.
///
/// As [`by_authority`], but under the Regulations a letter whose arrival is unknown is taken to have come on
/// the third day, so that the applicant's time is not cut short.
#[must_use]
pub fn by_applicant(act: &Act, regime: Regime) -> Receipt {
    let receipt = by_authority(act, Regime::Foisa);
    Receipt {
        otherwise: (act.posted && act.arrived.is_none() && regime == Regime::Eirs).then(|| plus(act.on, 1)),
        ..receipt
    }
}

fn plus(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::case::Kind;

    #[rstest]
    // RULE 0.3, hard case 17: posted Thursday 8 October 2026, presumed received on Sunday 11.
    #[case(Regime::Foisa, "2026-10-08", true, None, "2026-10-11", None)]
    #[case(Regime::Foisa, "2026-10-08", true, Some("2026-10-09"), "2026-10-09", None)]
    // RULE 0.4, hard case 6: an e-mail of a Saturday is received that day.
    #[case(Regime::Foisa, "2026-11-14", false, None, "2026-11-14", None)]
    #[case(Regime::Eirs, "2026-10-08", true, None, "2026-10-09", Some("2026-10-11"))]
    #[case(Regime::Eirs, "2026-10-08", true, Some("2026-10-12"), "2026-10-12", None)]
    fn received_by_the_authority(
        #[case] regime: Regime,
        #[case] on: NaiveDate,
        #[case] posted: bool,
        #[case] arrived: Option<&str>,
        #[case] day: NaiveDate,
        #[case] otherwise: Option<&str>,
    ) {
        let act = Act {
            seq: 1,
            kind: Kind::Received,
            on,
            arrived: arrived.map(|day| day.parse().unwrap()),
            posted,
        };
        let otherwise = otherwise.map(|day| day.parse().unwrap());
        assert_eq!(by_authority(&act, regime), Receipt { on: day, otherwise });
    }

    #[test]
    fn received_by_the_applicant_under_the_regulations_is_the_third_day() {
        let act = Act {
            seq: 1,
            kind: Kind::Responded,
            on: NaiveDate::from_ymd_opt(2026, 10, 8).unwrap(),
            arrived: None,
            posted: true,
        };
        let receipt = by_applicant(&act, Regime::Eirs);
        assert_eq!(receipt.on, NaiveDate::from_ymd_opt(2026, 10, 11).unwrap());
        assert_eq!(receipt.otherwise, NaiveDate::from_ymd_opt(2026, 10, 9));
        assert_eq!(by_applicant(&act, Regime::Foisa).otherwise, None);
    }
}
