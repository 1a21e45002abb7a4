//! What asking for clarification does to the time to answer: one rule, by date, because a change of it has
//! been proposed and may be again.

use chrono::NaiveDate;

/// What the arrival of clarification does to the time to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// It begins anew: days used before are irrelevant.
    Reset,
    /// It goes on where it stopped. Not the law at any date so far: the Freedom of Information Reform
    /// (Scotland) Bill, introduced on 2 June 2025, would have made it so and did not pass.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the proposed rule is kept ready, and is tested")
    )]
    Pause,
}

/// The rule from each date on, the earliest first.
const RULES: [(Option<NaiveDate>, Effect); 1] = [(NaiveDate::from_ymd_opt(2005, 1, 1), Effect::Reset)];

/// **s.1(3) with s.10(1)(b)**, RULE 2.1, and **reg 9(4)**, RULE 10.4: where an authority reasonably requires
/// further information and has told the applicant so, the twentieth working day is counted "after … the receipt
/// by it of the further information". A full reset, whatever was used before; under the Regulations the day the
/// particulars come "shall be treated as the date of the request".
///
/// The rule is that of the day on which the clarification came.
pub(super) fn effect(received: NaiveDate) -> Effect {
    RULES
        .iter()
        .rev()
        .find(|(from, _)| from.is_some_and(|from| from <= received))
        .map_or(Effect::Reset, |(_, effect)| *effect)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_it_is_a_reset() {
        let day = NaiveDate::from_ymd_opt(2026, 10, 15).unwrap();
        assert_eq!(effect(day), Effect::Reset);
    }
}
