//! Edits by chance, for months: the register is always what the sheet says, but for what somebody else recorded, and
//! nothing is told twice while it lasts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate, TimeDelta};
use timeous::clock::london_day;

use crate::desk::Desk;
use crate::excel::{Excel, Row, row};

const COLUMNS: &str =
    "reference,received,officer,subject,clarification_sought,clarification_received,responded,withdrawn";

/// Numbers that come again with the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % end as u64).unwrap()
    }

    fn one<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// An office that edits, and what its register should say.
struct Office {
    desk: Desk,
    excel: Excel,
    dice: Dice,
    count: u32,
    /// Rows that were deleted from the sheet: their cases are kept.
    deleted: Vec<Row>,
    /// What somebody recorded at the command line, which no cell overrules.
    theirs: BTreeMap<(String, &'static str), String>,
    /// What was told and has not ended.
    told: BTreeSet<String>,
    mails: usize,
}

impl Office {
    fn new(seed: u64) -> Self {
        let desk = Desk::new("2026-02-02 09:00");
        let excel = desk.excel(COLUMNS);
        let mut office = Self {
            desk,
            excel,
            dice: Dice(seed),
            count: 0,
            deleted: Vec::new(),
            theirs: BTreeMap::new(),
            told: BTreeSet::new(),
            mails: 0,
        };
        for _ in 0..12 {
            office.add();
        }
        office.saved();
        office
    }

    fn today(&self) -> NaiveDate {
        london_day(self.desk.now)
    }

    /// A request of the last days. What happens in it comes a week later at the soonest.
    fn add(&mut self) {
        self.count += 1;
        let received = self.today() - Days::new(self.dice.below(5) as u64);
        let officer = *self.dice.one(&["bjones", "cbrown", "mgreen"]);
        self.excel.rows.push(row(&format!(
            "reference=FOI-{:03} received={received} officer={officer}",
            self.count
        )));
    }

    /// A day on which something may have happened in a case, if there is one by now.
    fn later(&mut self, reference: &str, after: Option<NaiveDate>) -> Option<NaiveDate> {
        let received: NaiveDate = self.excel.row(reference)["received"].parse().unwrap();
        let from = after.unwrap_or(received + Days::new(7));
        let days = usize::try_from((self.today() - from).num_days()).ok()?;
        Some(from + Days::new(self.dice.below(days.min(30) + 1) as u64))
    }

    fn set_day(&mut self, reference: &str, column: &'static str, after: Option<NaiveDate>) {
        if let Some(day) = self.later(reference, after) {
            self.excel.set(reference, column, &day.to_string());
        }
    }

    fn edit(&mut self) {
        let references: Vec<String> = self.excel.rows.iter().map(|row| row["reference"].clone()).collect();
        let reference = self.dice.one(&references).clone();
        match self.dice.below(12) {
            0 | 1 => self.add(),
            2 | 3 => self.set_day(&reference, "responded", None),
            4 => self.excel.set(&reference, "responded", ""),
            5 => self.set_day(&reference, "withdrawn", None),
            6 => self.clarify(&reference),
            7 => {
                let officer = *self.dice.one(&["bjones", "cbrown", "mgreen"]);
                self.excel.set(&reference, "officer", officer);
            }
            8 => {
                let subject = *self.dice.one(&["bins", "roads", "schools"]);
                self.excel.set(&reference, "subject", subject);
            }
            9 if references.len() > 8 => {
                let row = self.excel.delete(&reference);
                self.deleted.push(row);
            }
            10 if !self.deleted.is_empty() => {
                let row = self.deleted.remove(0);
                self.excel.rows.push(row);
            }
            _ => self.excel.rows.reverse(),
        }
    }

    /// Asked for, come, or neither: an answer that came was asked for.
    fn clarify(&mut self, reference: &str) {
        for column in ["clarification_received", "clarification_sought"] {
            self.excel.set(reference, column, "");
        }
        self.set_day(reference, "clarification_sought", None);
        let sought = self
            .excel
            .row(reference)
            .get("clarification_sought")
            .map(|day| day.parse().unwrap());
        if self.dice.below(2) == 0 && sought.is_some() {
            self.set_day(reference, "clarification_received", sought);
        }
    }

    /// Somebody at the command line records an answer, or another day than the sheet's.
    fn contradict(&mut self) {
        let reference = self.excel.rows[self.dice.below(self.excel.rows.len())]["reference"].clone();
        let Some(day) = self.later(&reference, None) else {
            return;
        };
        let entries = self.desk.read(|snapshot| snapshot.entries(&reference));
        let standing = timeous::case::standing(&entries).unwrap();
        let seq = standing
            .iter()
            .find(|one| one.fact.kind.as_str() == "responded")
            .map(|one| one.seq);
        self.desk.record("root", &reference, &format!("responded {day}"), seq);
        self.theirs.insert((reference, "responded"), day.to_string());
    }

    fn minutes(&mut self, count: u32) {
        for _ in 0..count {
            self.desk.minute();
            for mail in self.desk.mails.drain(self.mails..).collect::<Vec<_>>() {
                for name in mail.oddities.iter().collect::<BTreeSet<_>>() {
                    assert!(self.told.insert(name.clone()), "told twice: {name}");
                }
            }
            self.mails = self.desk.mails.len();
            let oddities = self.desk.read(|snapshot| snapshot.sheet_oddities());
            self.told.retain(|name| oddities.iter().any(|one| one.name == *name));
        }
        self.excel.assert_untouched();
    }

    fn saved(&mut self) {
        match self.dice.below(6) {
            0 => self.excel.save_part(self.dice.below(100), self.desk.now),
            1 if self.desk.path().exists() => self.excel.remove(),
            _ => {}
        }
        self.minutes(1);
        self.excel.save(self.desk.now);
        self.minutes(3);
    }

    /// One column moved against the others, by mistake: nothing of it may be taken.
    fn slip(&mut self) {
        let right = self.excel.rows.clone();
        let receipts: Vec<String> = right.iter().map(|row| row["received"].clone()).collect();
        let shift = receipts.len() / 2;
        for (index, row) in self.excel.rows.iter_mut().enumerate() {
            let other = receipts[(index + shift) % receipts.len()].clone();
            row.insert("received".to_owned(), other);
        }
        let wrong = self
            .excel
            .rows
            .iter()
            .zip(&right)
            .filter(|(one, other)| one != other)
            .count();
        let all = right.len() + self.deleted.len();
        if wrong >= 5 && wrong * 5 > all {
            self.saved();
            let slipped = std::mem::replace(&mut self.excel.rows, right);
            self.assert_says();
            self.excel.rows = slipped;
            self.minutes(15);
            let oddities = self.desk.read(|snapshot| snapshot.sheet_oddities());
            assert!(oddities.iter().any(|one| one.name == "rearranged" && one.told));
            self.excel.rows = self.right(receipts);
        } else {
            self.excel.rows = right;
        }
    }

    fn right(&self, receipts: Vec<String>) -> Vec<Row> {
        let mut rows = self.excel.rows.clone();
        for (row, received) in rows.iter_mut().zip(receipts) {
            row.insert("received".to_owned(), received);
        }
        rows
    }

    fn assert_says(&self) {
        let mut rows: Vec<Row> = self.excel.rows.iter().chain(&self.deleted).cloned().collect();
        for row in &mut rows {
            let theirs = self.theirs.get(&(row["reference"].clone(), "responded"));
            if let Some(day) = theirs {
                row.insert("responded".to_owned(), day.clone());
            }
        }
        self.desk.assert_says(&rows);
    }
}

#[test]
fn whatever_is_edited_the_register_follows_and_nothing_is_told_twice() {
    for seed in 1..=3 {
        let mut office = Office::new(seed);
        for _ in 0..120 {
            for _ in 0..=office.dice.below(3) {
                office.edit();
            }
            office.saved();
            if office.dice.below(10) == 0 {
                office.contradict();
                office.minutes(15);
            }
            if office.dice.below(15) == 0 {
                office.slip();
                office.saved();
            }
            if office.dice.below(20) == 0 {
                office.desk.restart();
            }
            if office.dice.below(4) == 0 {
                office.minutes(12);
            }
            office.assert_says();
            office.desk.now += TimeDelta::hours(office.dice.below(30) as i64);
        }
        office.desk.assert_verifies();
        assert!(
            office.count > 30 && !office.theirs.is_empty(),
            "seed {seed} did too little"
        );
    }
}
