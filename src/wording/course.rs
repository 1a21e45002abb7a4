//! The course of the time to answer: what stopped it, set it anew or lengthened it, and what it waits for.

use chrono::NaiveDate;

use super::plain::list;
use crate::case::{Case, Regime, Turn, Turning};
use crate::clock::in_full;
use crate::statute::Deadline;

/// What the authority waits for, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Awaited {
    /// A valid request.
    Validity(NaiveDate),
    /// Clarification.
    Clarification(NaiveDate),
    /// A fee.
    Fee(NaiveDate),
}

impl Awaited {
    /// As the end of `no date can be known`.
    pub(super) fn told(self, deadline: &Deadline) -> String {
        match self {
            Self::Validity(since) => format!(
                "until the request is made valid (s.8); it was found not to be on {}",
                in_full(since)
            ),
            Self::Clarification(since) => {
                format!("while clarification, asked for on {}, has not come", in_full(since))
            }
            Self::Fee(since) => {
                let last = deadline.lapses_after.map_or(String::new(), |last| {
                    format!("; the last day to pay is {}", in_full(last))
                });
                format!("while the fee, asked for on {}, is unpaid{last}", in_full(since))
            }
        }
    }
}

/// What turned the time to answer under one law, in order; nothing after the answer did.
pub(super) fn turns(case: &Case, regime: Regime) -> impl Iterator<Item = &Turn> {
    let answer = case.answers.iter().find(|answer| answer.regime.covers(regime));
    let answered = answer.map(|answer| answer.act.on);
    case.turns
        .iter()
        .filter(move |turn| turn.regime.covers(regime))
        .filter(move |turn| answered.is_none_or(|day| turn.act.on <= day))
}

/// What is waited for under one law.
pub(super) fn awaited(case: &Case, regime: Regime) -> Option<Awaited> {
    // Words and a fee can be awaited at once; what comes of the one leaves the other outstanding.
    let (mut words, mut fee) = (None, None);
    for turn in turns(case, regime) {
        match (turn.what, words) {
            (Turning::NotValid, _) => words = Some(Awaited::Validity(turn.act.on)),
            (Turning::ClarificationSought { needed: true }, None) => words = Some(Awaited::Clarification(turn.act.on)),
            (Turning::MadeValid, _) | (Turning::ClarificationReceived, Some(Awaited::Clarification(_))) => words = None,
            (Turning::FeesNotice, _) => fee = fee.or(Some(Awaited::Fee(turn.act.on))),
            (Turning::FeePaid, _) => fee = None,
            _ => {}
        }
    }
    words.or(fee)
}

/// A turn as a row of a reckoning: its label, and what it is.
pub(super) fn row(turn: &Turn, regime: Regime) -> (&'static str, String) {
    let eirs = regime == Regime::Eirs;
    match turn.what {
        Turning::NotValid => ("not valid", "no valid request yet, and no clock (s.8)".to_owned()),
        Turning::MadeValid => ("made valid", "from here the clock runs (s.8)".to_owned()),
        Turning::ClarificationSought { .. } if eirs => ("asked", "clarification asked for (reg 9(2))".to_owned()),
        Turning::ClarificationSought { .. } => ("asked", "clarification asked for (s.1(3))".to_owned()),
        Turning::ClarificationReceived => ("clarified", "the clarification came".to_owned()),
        Turning::FeesNotice if eirs => ("charge asked", "payment in advance asked for (reg 8(4))".to_owned()),
        Turning::FeesNotice => ("fees notice", "a fee asked for (s.9(1))".to_owned()),
        Turning::FeePaid => ("fee paid", String::new()),
        Turning::Extended { to } => (
            "extended",
            format!("notice that the time is extended to {} (reg 7)", in_full(to)),
        ),
    }
}

/// How the time to answer came to be another than twenty working days from the request: a sentence for a mail,
/// or nothing where it did not.
pub(super) fn told(case: &Case, deadline: &Deadline, near: impl Fn(NaiveDate) -> String) -> Option<String> {
    let regime = deadline.key.regime;
    let mut said = Vec::new();
    for turn in turns(case, regime) {
        let on = near(turn.act.on);
        match turn.what {
            Turning::MadeValid | Turning::ClarificationReceived if turn.act.seq == deadline.from.seq => {
                let what = match turn.what {
                    Turning::MadeValid => "when the request was made valid",
                    _ => "when clarification came",
                };
                // What came before the clock was set anew no longer counts.
                said = vec![format!("it began anew on {}, {what}", near(deadline.from.on))];
            }
            Turning::FeePaid if !deadline.disregarded.is_empty() => {
                said.push(format!("the days up to the payment of {on} do not count"));
            }
            Turning::Extended { to } if deadline.due == Some(to) => {
                said.push(format!("it was extended on {on} to {}", near(to)));
            }
            _ => {}
        }
    }
    (!said.is_empty()).then(|| format!("The time to answer moved: {}.", list(&said)))
}
