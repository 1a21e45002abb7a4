//! What officers are told besides rungs: that dates moved, and what is amiss with the calendar.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::people::{Unowned, Why};
use super::{Reason, Rung};
use crate::calendar::BankHoliday;
use crate::case::Regime;
use crate::statute::{Actor, Key, State, Step};

/// Something to be told besides rungs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "kebab-case")]
pub enum Notice {
    /// Dates moved in law.
    Moved(Moves),
    /// A rung that somebody else was told, for this reader to know and act on too.
    Copy(Copied),
    /// Nothing is to be told, and that is told, so that silence is never ambiguous.
    Assurance {
        /// The morning on which that is so.
        on: NaiveDate,
        /// How many deadlines of the reader's run.
        open: usize,
        /// The next of them.
        next: Option<Upcoming>,
        /// How far bank holidays are announced.
        announced_through: NaiveDate,
    },
    /// A case that nobody who is active has.
    Unowned {
        /// The case.
        reference: String,
        /// Why.
        why: Unowned,
    },
    /// A mailbox refuses mail.
    Refusing {
        /// The officer's name; the team's where there is none.
        name: Option<String>,
        /// The server's words.
        reply: String,
    },
    /// Something is amiss with the officers' own sheet.
    Sheet(SheetAmiss),
    /// Clocks may run past the last bank holidays that are announced.
    Horizon {
        /// How far they are.
        announced_through: NaiveDate,
        /// How far a clock that begins now may run.
        needed: NaiveDate,
    },
    /// A published list says something that the calendar in force does not.
    Proposal {
        /// Where it is published.
        source: String,
        /// Days it has and the calendar has not, each explained.
        days: Vec<BankHoliday>,
        /// What must be looked at, a sentence each.
        findings: Vec<String>,
    },
}

/// What is amiss with the officers' own sheet, by one look at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetAmiss {
    /// What kind of thing.
    pub matter: SheetMatter,
    /// The file's name.
    pub file: String,
    /// When it was found.
    pub at: DateTime<Utc>,
    /// Each thing.
    pub oddities: Vec<SheetOddity>,
}

/// What is amiss with a sheet: the whole of it, or rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SheetMatter {
    /// It cannot be read.
    Unread {
        /// What to do.
        remedy: String,
    },
    /// So much of it changed at once that it looks like a slip, and nothing of it was taken.
    Rearranged {
        /// How many rows say otherwise or are gone.
        rows: usize,
        /// How many are known.
        known: usize,
        /// Whether both count cases alone in which something is owed.
        #[serde(default)]
        open: bool,
        /// The file with its folder.
        path: String,
    },
    /// Rows that could not be taken, or that say otherwise than the register.
    Rows,
}

/// One thing that is amiss with a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetOddity {
    /// What it is called where it is remembered; several where they are told as one.
    pub names: Vec<String>,
    /// The case it is about.
    pub reference: Option<String>,
    /// What to say of it.
    pub said: String,
}

/// A rung told to somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// The case.
    pub reference: String,
    /// The deadline.
    pub key: Key,
    /// Its day to work to then.
    pub work_to: Option<NaiveDate>,
    /// The rung.
    pub rung: Rung,
    /// Why it was told.
    pub reason: Reason,
    /// Why this reader hears of it.
    pub why: Why,
}

/// A deadline to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upcoming {
    /// The case.
    pub reference: String,
    /// What is to be done.
    pub step: Step,
    /// The day to work to.
    pub on: NaiveDate,
}

/// What makes dates move.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Causes {
    /// Days that are bank holidays now and were not, with the day they were made known where that is on record.
    pub added: Vec<(BankHoliday, Option<NaiveDate>)>,
    /// Days that were and are not.
    pub removed: Vec<(BankHoliday, Option<NaiveDate>)>,
    /// The law is stated anew by another version of this program.
    pub law: bool,
    /// Nothing of these: the calendar or the settings changed in a way that is not on record.
    pub otherwise: bool,
}

/// The days of a deadline, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dates {
    /// The last day.
    pub due: Option<NaiveDate>,
    /// The day to work to.
    pub work_to: Option<NaiveDate>,
    /// What the entries say.
    pub state: State,
}

/// A deadline that moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The register's number for the deadline.
    pub deadline: i64,
    /// The case.
    pub reference: String,
    /// What is to be done.
    pub step: Step,
    /// The how-manieth.
    pub occurrence: u32,
    /// Under which law.
    pub regime: Regime,
    /// Whose.
    pub actor: Actor,
    /// What it was.
    pub was: Dates,
    /// What it is.
    pub now: Dates,
}

/// What one officer is told of dates that moved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moves {
    /// Why.
    pub causes: Causes,
    /// Every deadline that moved or whose verdict changed.
    pub moves: Vec<Move>,
}

impl Moves {
    /// The authority's own open deadlines whose dates moved, the earliest first.
    #[must_use]
    pub fn own(&self) -> Vec<&Move> {
        let mut own: Vec<&Move> = self
            .moves
            .iter()
            .filter(|one| one.actor == Actor::Authority && one.now.state.is_open() && one.date_moved())
            .collect();
        own.sort_by_key(|one| (one.now.work_to.or(one.now.due), one.reference.clone()));
        own
    }

    /// How many of the applicants' rights end later now, and how many earlier.
    #[must_use]
    pub fn windows(&self) -> (usize, usize) {
        let running = |one: &&Move| one.actor == Actor::Applicant && one.now.state.is_open() && one.date_moved();
        let day = |dates: Dates| dates.work_to.or(dates.due);
        let windows = || self.moves.iter().filter(running);
        let later = windows().filter(|one| day(one.now) > day(one.was)).count();
        (later, windows().count() - later)
    }

    /// What was done and is judged otherwise now.
    #[must_use]
    pub fn verdicts(&self) -> Vec<&Move> {
        let changed = |one: &&Move| one.was.state != one.now.state && !one.now.state.is_open();
        self.moves.iter().filter(changed).collect()
    }

    /// Whether there is anything to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.own().is_empty() && self.windows() == (0, 0) && self.verdicts().is_empty()
    }

    /// What an officer has not been told yet, and then what moved since, told as one: a deadline that is back
    /// where it was has not moved.
    #[must_use]
    pub fn then(self, later: Self) -> Self {
        let mut all: BTreeMap<i64, Move> = self.moves.into_iter().map(|one| (one.deadline, one)).collect();
        for one in later.moves {
            let was = all.get(&one.deadline).map_or(one.was, |earlier| earlier.was);
            all.insert(one.deadline, Move { was, ..one });
        }
        Self {
            causes: self.causes.then(later.causes),
            moves: all.into_values().filter(|one| one.was != one.now).collect(),
        }
    }
}

impl Move {
    fn date_moved(&self) -> bool {
        (self.was.due, self.was.work_to) != (self.now.due, self.now.work_to)
    }
}

impl Causes {
    /// A day that came and went has not changed.
    fn then(self, later: Self) -> Self {
        let minus = |days: &[(BankHoliday, Option<NaiveDate>)], taken: &[(BankHoliday, Option<NaiveDate>)]| {
            let is_taken = |day: NaiveDate| taken.iter().any(|(other, _)| other.date == day);
            let left = days.iter().filter(|(day, _)| !is_taken(day.date));
            left.cloned().collect::<Vec<_>>()
        };
        let both = |one: Vec<_>, other: Vec<_>| [one, other].concat();
        Self {
            added: both(minus(&self.added, &later.removed), minus(&later.added, &self.removed)),
            removed: both(minus(&self.removed, &later.added), minus(&later.removed, &self.added)),
            law: self.law || later.law,
            otherwise: self.otherwise || later.otherwise,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn dates(due: &str) -> Dates {
        Dates {
            due: Some(day(due)),
            work_to: Some(day(due)),
            state: State::Running,
        }
    }

    fn moved(deadline: i64, was: &str, now: &str) -> Move {
        Move {
            deadline,
            reference: format!("FOI-{deadline}"),
            step: Step::Response,
            occurrence: 1,
            regime: Regime::Foisa,
            actor: Actor::Authority,
            was: dates(was),
            now: dates(now),
        }
    }

    fn holiday(date: &str) -> (BankHoliday, Option<NaiveDate>) {
        let name = "a day".to_owned();
        (BankHoliday { date: day(date), name }, None)
    }

    #[test]
    fn what_moved_and_moved_back_is_nothing_to_tell() {
        let there = Moves {
            causes: Causes {
                added: vec![holiday("2022-09-19")],
                ..Causes::default()
            },
            moves: vec![
                moved(1, "2022-09-21", "2022-09-22"),
                moved(2, "2022-09-22", "2022-09-23"),
            ],
        };
        let back = Moves {
            causes: Causes {
                removed: vec![holiday("2022-09-19")],
                ..Causes::default()
            },
            moves: vec![
                moved(1, "2022-09-22", "2022-09-21"),
                moved(3, "2022-09-30", "2022-09-29"),
            ],
        };
        let both = there.then(back);
        assert_eq!(both.causes, Causes::default());
        assert_eq!(
            both.moves,
            [
                moved(2, "2022-09-22", "2022-09-23"),
                moved(3, "2022-09-30", "2022-09-29")
            ]
        );
    }

    #[test]
    fn applicants_windows_are_numbers_and_changed_verdicts_are_listed() {
        let window = Move {
            actor: Actor::Applicant,
            step: Step::ReviewWindow,
            ..moved(1, "2022-11-16", "2022-11-17")
        };
        let earlier = Move {
            deadline: 2,
            was: window.now,
            now: window.was,
            ..window.clone()
        };
        let mut judged = moved(3, "2022-09-21", "2022-09-22");
        judged.was.state = State::Late;
        judged.now.state = State::Met;
        let moves = Moves {
            causes: Causes::default(),
            moves: vec![window, earlier, judged.clone(), moved(4, "2022-09-22", "2022-09-23")],
        };
        assert_eq!(moves.windows(), (1, 1));
        assert_eq!(moves.verdicts(), [&judged]);
        assert_eq!(moves.own(), [&moved(4, "2022-09-22", "2022-09-23")]);
        assert!(!moves.is_empty() && Moves::default().is_empty());
    }
}
