//! Ladders: on which mornings a deadline of a kind is told of.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::statute::{Actor, Deadline, Nature, Step};

/// One rung of a ladder, counted to the day to work to. Later rungs are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rung {
    /// So many working days before.
    Before(u16),
    /// Each open morning after the day to work to, up to the due date.
    Safe,
    /// Each open morning after the due date.
    Overdue,
    /// The open morning after a right has ended.
    Ended,
}

impl Rung {
    /// Whether it is told again every open morning.
    #[must_use]
    pub fn is_daily(self) -> bool {
        matches!(self, Self::Safe | Self::Overdue)
    }

    fn rank(self) -> i32 {
        match self {
            Self::Before(days) => -i32::from(days),
            Self::Safe => 1,
            Self::Overdue | Self::Ended => 2,
        }
    }
}

impl PartialOrd for Rung {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rung {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        // The name only keeps Overdue and Ended apart, which never share a ladder.
        (self.rank(), *self == Self::Ended).cmp(&(other.rank(), *other == Self::Ended))
    }
}

impl fmt::Display for Rung {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Before(days) => write!(f, "{days}wd"),
            Self::Safe => f.write_str("safe"),
            Self::Overdue => f.write_str("overdue"),
            Self::Ended => f.write_str("ended"),
        }
    }
}

impl serde::Serialize for Rung {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Rung {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = <String as serde::Deserialize>::deserialize(deserializer)?;
        word.parse().map_err(serde::de::Error::custom)
    }
}

impl FromStr for Rung {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "safe" => Ok(Self::Safe),
            "overdue" => Ok(Self::Overdue),
            "ended" => Ok(Self::Ended),
            _ => working_days(text)
                .map(Self::Before)
                .ok_or_else(|| format!("{text:?} is not a rung; write 5wd (up to 250wd), safe, overdue or ended")),
        }
    }
}

/// Reads `5wd` as five working days; at most 250.
#[must_use]
pub fn working_days(text: &str) -> Option<u16> {
    text.strip_suffix("wd")?.parse().ok().filter(|days| *days <= 250)
}

/// The rungs of a kind of deadline, the earliest first, none twice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ladder(Vec<Rung>);

impl Ladder {
    /// Reads a ladder as the configuration gives it, in any order.
    ///
    /// # Errors
    /// Which rung cannot be read or stands twice.
    pub fn parse<S: AsRef<str>>(rungs: &[S]) -> Result<Self, String> {
        let mut ladder = rungs
            .iter()
            .map(|rung| rung.as_ref().parse())
            .collect::<Result<Vec<Rung>, _>>()?;
        ladder.sort_unstable();
        match ladder.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(format!("{} stands twice in the ladder", pair[0])),
            None => Ok(Self(ladder)),
        }
    }

    /// The rungs, the earliest first.
    #[must_use]
    pub fn rungs(&self) -> &[Rung] {
        &self.0
    }
}

/// Which ladder a deadline climbs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ladders {
    /// The authority's duties.
    pub duty: Ladder,
    /// The authority's right of appeal.
    pub appeal: Ladder,
    /// The applicant's rights.
    pub windows: Ladder,
    /// What a department was given.
    pub department: Ladder,
    /// Clarification or a fee outstanding: close, or chase.
    pub waiting: Ladder,
    /// An officer's own dates, and publication that an answer has promised.
    pub diary: Ladder,
    /// Targets, powers and whatever has no ladder of its own.
    pub other: Ladder,
    /// A step's own ladder, which wins over its nature's.
    pub step: BTreeMap<Step, Ladder>,
}

impl Default for Ladders {
    fn default() -> Self {
        use Rung::{Before, Ended, Overdue, Safe};
        let near = [Before(10), Before(5), Before(2), Before(1), Before(0)];
        let with = |last: &[Rung]| Ladder([near.as_slice(), last].concat());
        Self {
            duty: with(&[Safe, Overdue]),
            appeal: with(&[Ended]),
            windows: Ladder(vec![Before(5), Ended]),
            department: Ladder(vec![Before(2), Before(0)]),
            waiting: Ladder(vec![Before(0)]),
            diary: Ladder(vec![Before(0)]),
            other: Ladder::default(),
            step: BTreeMap::new(),
        }
    }
}

impl Ladders {
    /// The ladder of a deadline.
    #[must_use]
    pub fn of(&self, deadline: &Deadline) -> &Ladder {
        self.step
            .get(&deadline.key.step)
            .unwrap_or(match (deadline.nature, deadline.key.actor) {
                (Nature::Policy, _) => self.of_policy(deadline.key.step),
                (Nature::Duty, Actor::Authority) => &self.duty,
                (Nature::Right, Actor::Authority) => &self.appeal,
                (Nature::Right, Actor::Applicant) => &self.windows,
                _ => &self.other,
            })
    }

    fn of_policy(&self, step: Step) -> &Ladder {
        match step {
            Step::Department => &self.department,
            Step::Waiting => &self.waiting,
            _ => &self.diary,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ladder_is_put_in_order_and_has_no_rung_twice() {
        let ladder = Ladder::parse(&["overdue", "0wd", "10wd", "safe", "2wd"]).unwrap();
        let words: Vec<_> = ladder.rungs().iter().map(ToString::to_string).collect();
        assert_eq!(words, ["10wd", "2wd", "0wd", "safe", "overdue"]);
        assert!(Ladder::parse(&["2wd", "2wd"]).unwrap_err().contains("twice"));
        assert!(Ladder::parse(&["2 days"]).unwrap_err().contains("not a rung"));
        assert!(Ladder::parse(&["251wd"]).is_err());
    }
}
