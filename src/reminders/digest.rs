//! What one person is told on one morning: lines, not yet words.

use chrono::NaiveDate;

use super::Reason;
use super::ladder::Rung;
use super::people::Why;
use crate::case::{Case, Fact, Reference};
use crate::statute::{Actor, Deadline, Nature, Standing};

/// One deadline to be told of.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The deadline, as it stands.
    pub deadline: Deadline,
    /// Which rung is told.
    pub rung: Rung,
    /// Why today.
    pub reason: Reason,
}

/// The deadlines of one case that are to be told of, the worst first.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The case.
    pub case: Case,
    /// Why this reader.
    pub why: Why,
    /// Its lines.
    pub lines: Vec<Line>,
    /// What else runs in the case.
    pub others: Vec<Deadline>,
}

/// One person's mail of one morning.
#[derive(Debug, Clone, PartialEq)]
pub struct Digest {
    /// The day.
    pub today: NaiveDate,
    /// The last day that counts as soon.
    pub soon: NaiveDate,
    /// Cases that the authority must act on, the worst first.
    pub blocks: Vec<Block>,
    /// Rights of applicants about to end or just ended: one line each.
    pub closing: Vec<Block>,
    /// What was taken from the officers' own sheet since their last digest, in the order it was.
    pub taken: Vec<Taken>,
}

/// Something taken from the officers' own sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The case.
    pub reference: Reference,
    /// What the sheet says.
    pub fact: Fact,
    /// What it said before; none where it is new.
    pub was: Option<Fact>,
}

/// What the subject of a digest counts: deadlines of the authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Duties past their due date, or past the safe one.
    pub overdue: usize,
    /// To be done today.
    pub today: usize,
    /// To be done soon.
    pub soon: usize,
    /// To be done later than that.
    pub later: usize,
    /// Rights of the authority's own that have ended.
    pub ended: usize,
}

impl Digest {
    /// Sorts blocks into those to act on and those that only close, the worst first.
    #[must_use]
    pub fn new(today: NaiveDate, soon: NaiveDate, blocks: Vec<Block>) -> Self {
        let mut to_act = Vec::new();
        let mut closing = Vec::new();
        for mut block in blocks {
            block.lines.sort_by_key(|line| badness(&line.deadline, today));
            let (own, rights): (Vec<_>, Vec<_>) = block
                .lines
                .drain(..)
                .partition(|line| line.deadline.key.actor == Actor::Authority);
            if !rights.is_empty() {
                let running = own.iter().map(|line| line.deadline.clone());
                closing.push(Block {
                    lines: rights,
                    others: block.others.iter().cloned().chain(running).collect(),
                    ..block.clone()
                });
            }
            if !own.is_empty() {
                to_act.push(Block { lines: own, ..block });
            }
        }
        let worst = |block: &Block| block.lines.first().map(|line| badness(&line.deadline, today));
        to_act.sort_by_key(worst);
        closing.sort_by_key(worst);
        Self {
            today,
            soon,
            blocks: to_act,
            closing,
            taken: Vec::new(),
        }
    }

    /// The numbers for the subject.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for line in self.blocks.iter().flat_map(|block| &block.lines) {
            match line.deadline.standing(self.today) {
                Standing::Overdue | Standing::PastSafeDate => counts.overdue += 1,
                Standing::OutOfTime => counts.ended += 1,
                _ if line.deadline.work_to == Some(self.today) => counts.today += 1,
                _ if line.deadline.work_to.is_some_and(|day| day > self.soon) => counts.later += 1,
                _ => counts.soon += 1,
            }
        }
        counts
    }
}

/// Overdue before past the safe date before what is to come before what has ended and the authority's own
/// rules; within each the
/// earliest day first.
fn badness(deadline: &Deadline, today: NaiveDate) -> (u8, Option<NaiveDate>) {
    let class = match deadline.standing(today) {
        Standing::Overdue => 0,
        Standing::PastSafeDate => 1,
        Standing::OutOfTime => 3,
        _ if deadline.nature == Nature::Policy => 3,
        _ => 2,
    };
    (class, deadline.work_to.or(deadline.due))
}
