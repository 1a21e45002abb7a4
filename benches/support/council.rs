//! Registers of any size, with histories like real ones.
//!
//! The shares are those of Scotland's authorities as their quarterly returns to the Commissioner give them: 12% under
//! the EIRs, 10% answered late, 2.6% reviewed, 0.7% appealed; more arrives after Christmas than in summer.

use chrono::{Datelike, NaiveDate, TimeDelta};
use timeous::calendar::Calendar;
use timeous::case::{Details, Fact, Kind, Outcome, Regime};
use timeous::exchange::{Line, Row};

/// How many officers share the cases.
pub const OFFICERS: usize = 40;

/// What a register is to hold.
#[derive(Debug, Clone)]
pub struct Council {
    /// How many cases.
    pub cases: usize,
    /// The day of the first request.
    pub from: NaiveDate,
    /// Today: nothing happened after it.
    pub through: NaiveDate,
    /// Whether nothing was ever answered.
    pub unanswered: bool,
    /// What its references begin with; another, other histories.
    pub prefix: &'static str,
}

impl Council {
    /// Its cases, as lines of a sheet.
    pub fn lines<'a>(&'a self, calendar: &'a Calendar) -> impl Iterator<Item = Line> + 'a {
        (0..self.cases).map(move |number| self.line(number, calendar))
    }

    /// One case; the same for the same number.
    pub fn line(&self, number: usize, calendar: &Calendar) -> Line {
        let mut dice = Dice(u64::from(self.prefix.as_bytes()[0]) ^ (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let received = self.arrival(&mut dice);
        let regime = if dice.chance(120) { Regime::Eirs } else { Regime::Foisa };
        let mut facts = vec![Fact {
            kind: Kind::Received,
            on: received,
            details: Details {
                regime: Some(regime),
                officer: Some(format!("o{}", dice.below(OFFICERS as u64))),
                ..Details::default()
            },
        }];
        if !self.unanswered {
            self.course(&mut facts, received, calendar, &mut dice);
        }
        facts.retain(|fact| fact.on <= self.through);
        let row = Row {
            reference: format!("{}-{number:07}", self.prefix)
                .parse()
                .expect("letters and digits"),
            facts,
            due: None,
        };
        (number as u64 + 2, Ok(row))
    }

    fn arrival(&self, dice: &mut Dice) -> NaiveDate {
        let days = (self.through - self.from).num_days().unsigned_abs() + 1;
        loop {
            let day = self.from + TimeDelta::days(dice.below(days) as i64);
            // Per mille of the busiest days.
            let busy = match (day.month(), day.weekday().num_days_from_monday()) {
                (_, 5 | 6) => 60,
                (1 | 2, _) => 1_000,
                (7 | 8 | 12, _) => 550,
                _ => 700,
            };
            if dice.chance(busy) {
                return day;
            }
        }
    }

    fn course(&self, facts: &mut Vec<Fact>, received: NaiveDate, calendar: &Calendar, dice: &mut Dice) {
        let lag = match dice.chance(100) {
            true => 21 + dice.below(40),
            false => 1 + dice.below(20).max(dice.below(20)),
        };
        let responded = calendar.nth_working_day_after(received, lag as u32);
        facts.push(answer(Kind::Responded, responded, dice));
        if !dice.chance(26) {
            return;
        }
        let required = calendar.nth_working_day_after(responded, 1 + dice.below(38) as u32);
        facts.push(Fact::new(Kind::ReviewRequired, required));
        let outcome = calendar.nth_working_day_after(required, 1 + dice.below(20) as u32);
        facts.push(Fact::new(Kind::ReviewOutcome, outcome));
        if dice.chance(270) {
            facts.push(Fact::new(
                Kind::Applied,
                outcome + TimeDelta::days(5 + dice.below(150) as i64),
            ));
        }
    }
}

fn answer(kind: Kind, on: NaiveDate, dice: &mut Dice) -> Fact {
    let outcome = match dice.below(10) {
        0..=4 => Outcome::Full,
        5..=7 => Outcome::Part,
        8 => Outcome::Refused,
        _ => Outcome::NotHeld,
    };
    let mut fact = Fact::new(kind, on);
    fact.details.outcome = Some(outcome);
    fact
}

/// Numbers that look thrown and are the same every time (splitmix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }
}
