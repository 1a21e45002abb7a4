//! Weeks of an office at random: whatever happens, nothing is lost, nothing is told twice, and the register says
//! what its entries say.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{NaiveDate, TimeDelta};
use rstest::rstest;
use timeous::calendar::{BankHoliday, Calendar};
use timeous::case::Case;
use timeous::casework::deliver::rescue;
use timeous::casework::verify::verify;
use timeous::clock::london_time;
use timeous::config::{Config, Rules};
use timeous::mail::{Outcome, Stage};
use timeous::reminders::people::Absence;
use timeous::reminders::{Closures, Ladder, Quiet, Rung};
use timeous::statute::{self, Actor, Nature, State};
use timeous::store::{DeadlineRow, Message, ReminderRow, ReminderState};

use crate::naive::{Days, managers_days};
use crate::office::{Office, PEOPLE, day, fact, settings};

const SEQUENCES: u64 = 500;
const EVENTS: usize = 40;

/// After so many events the whole register is looked at.
const LOOKS: usize = 20;

/// Numbers that a seed determines (SplitMix64), so that a failure can be told again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.roll(of.len() as u64)).unwrap()]
    }
}

/// Two sets of closed days, and a ladder with more and one with fewer rungs; the office changes between them.
const CLOSED: [&[(&str, &str)]; 2] = [&[], &[("2026-11-16", "2026-11-17"), ("2026-12-24", "2027-01-05")]];
const LADDERS: [&[&str]; 2] = [
    &["10wd", "5wd", "2wd", "1wd", "0wd", "safe", "overdue"],
    &["15wd", "3wd", "0wd", "safe", "overdue"],
];

/// Days that come to be bank holidays, and cease to be.
const PROCLAIMED: [Option<&str>; 3] = [None, Some("2026-11-24"), Some("2026-12-09")];

/// Made once, for they cost more than a life.
static CALENDARS: LazyLock<Vec<Calendar>> = LazyLock::new(|| {
    let with = |date: &Option<&str>| {
        let days = date.map(|date| BankHoliday {
            date: day(date),
            name: "a day proclaimed".to_owned(),
        });
        Calendar::with_additional(&days.into_iter().collect::<Vec<_>>()).unwrap()
    };
    PROCLAIMED.iter().map(with).collect()
});

/// The days by closed days and by what is proclaimed.
static DAYS: LazyLock<Vec<Vec<Days>>> = LazyLock::new(|| {
    let with = |closed: &[(&str, &str)]| {
        let days = |date: &Option<&str>| match date {
            Some(date) => Days::new(closed).with_holiday(day(date)),
            None => Days::new(closed),
        };
        PROCLAIMED.iter().map(days).collect()
    };
    CLOSED.iter().map(|closed| with(closed)).collect()
});

/// Changes the closed days and the ladder; the rest of the settings, which cost more to make, stays.
fn change(rules: &mut Rules, closed: usize, ladder: usize) {
    let runs: Vec<String> = CLOSED[closed]
        .iter()
        .map(|(from, to)| format!("{from}..{to}"))
        .collect();
    rules.closures = Closures::parse(&runs).unwrap();
    rules.ladders.duty = Ladder::parse(LADDERS[ladder]).unwrap();
}

struct Life {
    office: Office,
    dice: Dice,
    days: &'static Days,
    proclaimed: usize,
    closed: usize,
    ladder: usize,
    cases: Vec<String>,
    /// The case last recorded in, or none.
    touched: String,
    /// What was accepted: deadline, work_to, rung and day, under which Message-ID.
    accepted: BTreeMap<(i64, NaiveDate, String, Option<NaiveDate>), String>,
    /// The notices and copies that were accepted, by their names, under which Message-ID.
    notices: BTreeMap<String, String>,
    log: Vec<String>,
}

impl Life {
    fn new(seed: u64, config: Config) -> Self {
        let mut office = Office::of(config);
        office.config.rules.calendar = CALENDARS[0].clone();
        change(&mut office.config.rules, 0, 0);
        for officer in &mut office.config.rules.people.officers {
            (officer.away, officer.left, officer.quiet) = (Vec::new(), None, Quiet::default());
        }
        office.reconcile();
        Self {
            office,
            dice: Dice(seed),
            days: &DAYS[0][0],
            proclaimed: 0,
            closed: 0,
            ladder: 0,
            cases: Vec::new(),
            touched: String::new(),
            accepted: BTreeMap::new(),
            notices: BTreeMap::new(),
            log: Vec::new(),
        }
    }

    fn note(&mut self, what: String) {
        self.log.push(format!("{} {what}", self.office.now.format("%F %T")));
    }

    fn event(&mut self) {
        match self.dice.roll(26) {
            0..=1 => self.receive(),
            2..=3 => self.record(),
            4..=5 => self.correct(),
            6 => self.change_settings(),
            20 => self.change_people(),
            21 => self.set_the_clock(),
            22..=23 => self.next_evening(),
            24 => {
                self.office.restart();
                self.note("restarted".to_owned());
            }
            7..=8 => self.send_with_something_between(),
            9..=11 => self.pass(1, 90),
            12..=13 => self.pass(600, 4_000),
            14 => self.pass(6_000, 20_000),
            _ => self.next_morning(),
        }
        if self.dice.roll(2) == 0 {
            self.send();
        }
    }

    fn receive(&mut self) {
        let reference = format!("FOI-{}", self.cases.len() + 1);
        let received = self.office.today() - chrono::Days::new(self.dice.roll(40));
        let officer = *self.dice.one(&["bjones", "bjones", "cbrown", "dalone"]);
        let regime = *self
            .dice
            .one(&["", "regime=eirs", "regime=eirs posted", "regime=both", "posted"]);
        let text = format!("received {received} officer={officer} {regime}");
        self.office.record(&reference, &text);
        self.note(format!("{reference} {text}"));
        self.cases.push(reference);
    }

    /// Something that may or may not be possible in a case; what is refused changes nothing.
    fn record(&mut self) {
        if self.cases.is_empty() {
            return self.receive();
        }
        let reference = self.dice.one(&self.cases.clone()).clone();
        self.touched.clone_from(&reference);
        let on = self.office.today() - chrono::Days::new(self.dice.roll(4));
        let kind = *self.dice.one(&[
            "responded",
            "responded",
            "review-required",
            "review-outcome",
            "applied",
            "decision",
            "withdrawn",
            "closed",
            "reassigned",
        ]);
        let officer = if kind == "reassigned" { "officer=cbrown" } else { "" };
        let text = format!("{kind} {on} {officer}");
        let done = self.office.try_record(&reference, fact(&text), None).is_ok();
        self.note(format!("{reference} {text}: {done}"));
    }

    fn correct(&mut self) {
        if self.touched.is_empty() {
            return;
        }
        let reference = self.touched.clone();
        let entries = self.office.read(|snapshot| snapshot.entries(&reference));
        let entry = match self.dice.roll(2) {
            0 => entries.last().unwrap().clone(),
            _ => self.dice.one(&entries).clone(),
        };
        let mut fact = entry.fact.clone();
        match self.dice.roll(2) {
            0 if entry.seq > 1 => fact.details.void = true,
            _ => fact.on = fact.on - chrono::Days::new(self.dice.roll(3)),
        }
        let done = self
            .office
            .try_record(&reference, fact.clone(), Some(entry.seq))
            .is_ok();
        let void = fact.details.void;
        self.note(format!(
            "{reference} corrects {} to {} void {void}: {done}",
            entry.seq, fact.on
        ));
    }

    fn change_settings(&mut self) {
        match self.dice.roll(4) {
            0 => self.closed = 1 - self.closed,
            1 => self.ladder = 1 - self.ladder,
            _ => self.proclaimed = usize::try_from(self.dice.roll(3)).unwrap(),
        }
        change(&mut self.office.config.rules, self.closed, self.ladder);
        self.office.config.rules.calendar = CALENDARS[self.proclaimed].clone();
        self.days = &DAYS[self.closed][self.proclaimed];
        let done = self.office.reconcile();
        self.note(format!(
            "proclaimed {} closed {} ladder {}: {done:?}",
            self.proclaimed, self.closed, self.ladder
        ));
    }

    /// Somebody goes away for some days, leaves, comes back, or has other quiet days.
    fn change_people(&mut self) {
        let today = self.office.today();
        let to = today + chrono::Days::new(self.dice.roll(8));
        let who = usize::try_from(self.dice.roll(4)).unwrap();
        let what = self.dice.roll(4);
        let officer = &mut self.office.config.rules.people.officers[who];
        match what {
            0 => {
                officer.away = vec![Absence {
                    from: today,
                    to,
                    cover: None,
                }];
            }
            1 => officer.left = officer.left.map_or(Some(to), |_| None),
            2 => officer.quiet = Quiet::parse(&["wed", "fri"]).unwrap(),
            _ => officer.quiet = Quiet::default(),
        }
        let id = officer.id.clone();
        let done = self.office.reconcile();
        self.note(format!("{id} changes {what} to {to}: {done:?}"));
    }

    /// The clock is set forward or back by hours or days; or it was a year ahead for a while.
    fn set_the_clock(&mut self) {
        let hours = i64::try_from(self.dice.roll(23) + 1).unwrap();
        match self.dice.roll(5) {
            0 => self.office.now += TimeDelta::hours(hours),
            1 => self.office.now -= TimeDelta::hours(hours),
            2 => self.office.now += TimeDelta::days(hours),
            3 => self.office.now -= TimeDelta::days(hours),
            _ => {
                let before = self.office.now;
                self.office.now += TimeDelta::days(365);
                self.round();
                self.send_all();
                self.office.now = before;
            }
        }
        self.note("the clock was set".to_owned());
        self.round();
    }

    /// The end of a send window, with what was put off.
    fn next_evening(&mut self) {
        let today = self.office.today();
        if london_time(self.office.now) < self.office.config.rules.send_until {
            self.office.at(&format!("{today} 17:31"));
        }
        self.round();
    }

    fn pass(&mut self, least: u64, most: u64) {
        let minutes = least + self.dice.roll(most - least);
        self.office.now += TimeDelta::minutes(i64::try_from(minutes).unwrap());
        self.round();
    }

    fn next_morning(&mut self) {
        let tomorrow = self.office.today().succ_opt().unwrap();
        self.office.at(&format!("{tomorrow} 08:00"));
        self.round();
    }

    /// A round, as the service does one every minute; and what must hold after it.
    fn round(&mut self) {
        self.office.reconcile();
        let done = self.office.round();
        self.note(format!("round: {done:?}"));
        assert_eq!(done.set_aside, Vec::<String>::new());
        self.nothing_is_lost(&done.nobody);
    }

    fn outcome(&mut self, message: &Message) -> Outcome {
        match self.dice.roll(13) {
            0 => Outcome::deferred(Stage::Connect, "away"),
            1 => Outcome::deferred(Stage::Dot, "451 later"),
            2 => Outcome::unknown("cut"),
            3 => Outcome::refused(Stage::Rcpt, "550 no"),
            4 => Outcome::refused(Stage::Auth, "535 no"),
            5 => Outcome::deferred(Stage::Rcpt, "450 later"),
            6 => Outcome::refused(Stage::Dot, "554 no"),
            7 => Outcome::deferred(Stage::Data, "421 later"),
            _ => {
                self.accept(message);
                Outcome::accepted("250 ok")
            }
        }
    }

    fn accept(&mut self, message: &Message) {
        let id = &message.words.message_id;
        for (reminder, _) in self.office.read(|snapshot| snapshot.lines(message.id)) {
            let key = (
                reminder.deadline,
                reminder.work_to,
                reminder.rung.to_string(),
                reminder.day,
            );
            let before = self.accepted.insert(key.clone(), id.clone());
            assert!(before.is_none_or(|before| before == *id), "{key:?} was told twice");
        }
        for notice in self.office.read(|snapshot| snapshot.notices_in(message.id)) {
            let before = self.notices.insert(notice.name.clone(), id.clone());
            assert!(
                before.is_none_or(|before| before == *id),
                "{} was told twice",
                notice.name
            );
        }
    }

    /// Sends everything that may be sent now, and all of it is accepted.
    fn send_all(&mut self) {
        while let Some(taken) = self.office.take() {
            self.accept(&taken.message);
            self.office.settle(&taken, &Outcome::accepted("250 ok"));
        }
    }

    /// All is well again for a while: whatever was to be told has been, by a mail that was accepted.
    fn all_is_told_in_the_end(&mut self) {
        for _ in 0..40 {
            self.next_morning();
            self.send_all();
            self.office.now += TimeDelta::hours(2);
            self.round();
            self.send_all();
            let open = self.days.open(self.office.today());
            if open && self.office.counts().queued == 0 {
                break;
            }
        }
        assert_eq!(self.office.counts().queued, 0, "something never left");
        let waits = self.office.read(|snapshot| snapshot.open_notices());
        assert!(waits.is_empty(), "notices never left: {waits:?}");
        self.every_rung(&[], &[ReminderState::Told]);
        self.register_is_consistent();
        self.managers_heard();
    }

    /// No manager has heard of a late duty more often than there were days for it.
    fn managers_heard(&self) {
        let mut copies: BTreeMap<(String, String), usize> = BTreeMap::new();
        for name in self.notices.keys().filter(|name| name.starts_with("copy/")) {
            let words: Vec<&str> = name.split('/').collect();
            let [.., rung, day, officer] = words[..] else {
                panic!("{name}")
            };
            // With the number of the manager's day; a cover's copy has a date.
            if rung == "overdue" && day.parse::<usize>().is_ok() {
                let deadline = words[1..words.len() - 3].join("/");
                *copies.entry((deadline, officer.to_owned())).or_default() += 1;
            }
        }
        for ((deadline, officer), heard) in copies {
            let work_to: NaiveDate = deadline.rsplit('/').next().unwrap().parse().unwrap();
            // The clock was a year ahead at most.
            let last = self.office.now.date_naive() + chrono::Days::new(400);
            let overdue = work_to.iter_days().skip(1).take_while(|day| *day <= last);
            let most = managers_days(overdue.filter(|day| self.days.works(*day)).count());
            assert!(heard <= most, "{officer} heard {heard} times of {deadline}");
        }
    }

    fn send(&mut self) {
        for _ in 0..10 {
            let Some(taken) = self.office.take() else { break };
            let outcome = self.outcome(&taken.message);
            self.note(format!(
                "{} {}: {outcome:?}",
                taken.message.id, taken.message.words.recipient
            ));
            self.office.settle(&taken, &outcome);
        }
    }

    /// While a mail is in hand an entry is recorded, or the service dies.
    fn send_with_something_between(&mut self) {
        let Some(taken) = self.office.take() else { return };
        self.record();
        if self.dice.roll(3) == 0 {
            rescue(&mut self.office.store, self.office.now).unwrap();
            return self.note("died and rescued".to_owned());
        }
        let outcome = self.outcome(&taken.message);
        self.note(format!("{} in hand: {outcome:?}", taken.message.id));
        self.office.settle(&taken, &outcome);
    }

    fn in_window(&self) -> bool {
        let time = london_time(self.office.now);
        let rules = &self.office.config.rules;
        self.days.open(self.office.today()) && rules.send_at <= time && time <= rules.send_until
    }

    /// After a round in the window: of every open duty the highest rung whose morning has come is told or waits in
    /// a mail, unless nobody could be told that day.
    fn nothing_is_lost(&self, nobody: &[String]) {
        if !self.in_window() {
            return;
        }
        let due = self
            .office
            .read(|snapshot| snapshot.due_cases(self.office.today(), None));
        let left: Vec<String> = due.into_iter().map(|(reference, _)| reference).collect();
        assert!(
            left.iter().all(|reference| nobody.contains(reference)),
            "{left:?} are left"
        );
        self.every_rung(nobody, &[ReminderState::Queued, ReminderState::Told]);
    }

    fn every_rung(&self, nobody: &[String], states: &[ReminderState]) {
        let told_of = self.cases.iter().filter(|reference| !nobody.contains(reference));
        for reference in told_of {
            for row in self.office.rows(reference) {
                let duty = (row.nature, row.key.actor) == (Nature::Duty, Actor::Authority);
                if duty && row.state == State::Running {
                    self.is_told(&row, states);
                }
            }
        }
    }

    fn is_told(&self, row: &DeadlineRow, states: &[ReminderState]) {
        let (Some(due), Some(work_to)) = (row.due, row.work_to) else {
            return;
        };
        let today = self.office.today();
        let ladder = LADDERS[self.ladder]
            .iter()
            .rev()
            .map(|rung| rung.parse::<Rung>().unwrap());
        let Some(highest) = ladder
            .into_iter()
            .find(|rung| self.days.has_come(*rung, due, work_to, today))
        else {
            return;
        };
        let stands = |one: &ReminderRow| {
            let current = one.work_to == work_to && one.rung >= highest;
            let of_today = !matches!(highest, Rung::Safe | Rung::Overdue) || one.day == Some(today);
            let has_come = one.day.is_none_or(|day| day <= today);
            current && of_today && has_come && states.contains(&one.state)
        };
        let reminders = self.office.read(|snapshot| snapshot.reminders(row.id));
        assert!(
            reminders.iter().any(stands),
            "{highest} is lost: {row:#?}\n{reminders:#?}"
        );
    }

    /// The stored deadlines are what the entries come to, and a reminder that waits is in a mail that waits.
    fn register_is_consistent(&self) {
        let rules = &self.office.config.rules;
        let outbox = self.office.read(|snapshot| snapshot.outbox());
        let waiting: Vec<i64> = outbox
            .iter()
            .filter(|(message, _)| matches!(message.state.as_str(), "queued" | "sending"))
            .flat_map(|(message, _)| self.office.read(|snapshot| snapshot.lines(message.id)))
            .map(|(reminder, _)| reminder.id)
            .collect();
        for reference in &self.cases {
            let case = Case::fold(&self.office.read(|snapshot| snapshot.entries(reference))).unwrap();
            let derived = statute::deadlines(&case, &rules.calendar, &rules.authority);
            let rows = self.office.rows(reference);
            // A case that is over stays as it was under the calendar of its time.
            let over = rows.iter().all(|row| !row.state.is_open());
            for row in &rows {
                if over {
                    assert_eq!(row.next, None, "{reference}");
                    continue;
                }
                match derived.iter().find(|deadline| deadline.key == row.key) {
                    Some(deadline) => {
                        let stored = (row.due, row.work_to, row.state, row.acted_on, row.occurrence);
                        let fresh = (deadline.due, deadline.work_to, deadline.state, deadline.acted_on);
                        assert_eq!(
                            stored,
                            (fresh.0, fresh.1, fresh.2, fresh.3, deadline.occurrence),
                            "{reference}"
                        );
                        assert_eq!(row.officer, case.officer, "{reference}");
                    }
                    None => assert_eq!((row.state, row.next), (State::Withdrawn, None), "{reference}"),
                }
                for reminder in self.office.read(|snapshot| snapshot.reminders(row.id)) {
                    let queued = reminder.state == ReminderState::Queued;
                    assert!(
                        !queued || waiting.contains(&reminder.id),
                        "{reminder:?} waits in no mail"
                    );
                }
            }
            assert!(
                derived
                    .iter()
                    .all(|deadline| rows.iter().any(|row| row.key == deadline.key))
            );
        }
    }
}

impl Life {
    /// `verify` raises no false alarm, whatever happened.
    fn register_verifies(&self) {
        let office = &self.office;
        let verdict = verify(&office.store, &office.config.rules, None, office.now).unwrap();
        // Of the calendar it says rightly that nothing explains the days of this test.
        let mut findings = verdict.findings;
        findings.retain(|finding| finding.place != "the calendar");
        assert_eq!((findings, verdict.not_compared), (Vec::new(), None));
    }
}

/// Lives one life, and tells all of it when something in it was wrong.
fn live(seed: u64, config: Config) -> (usize, Config) {
    let mut life = Life::new(seed, config);
    for event in 1..=EVENTS {
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            life.event();
            if event == EVENTS {
                life.all_is_told_in_the_end();
            }
            if event % LOOKS == 0 {
                life.register_is_consistent();
            }
            if event == EVENTS {
                life.register_verifies();
            }
        }));
        // What went wrong has been told by then; this tells how it came to it.
        assert!(result.is_ok(), "seed {seed}:\n{}", life.log.join("\n"));
    }
    (life.accepted.len(), life.office.config)
}

/// In parts, so that they can run side by side.
#[rstest]
fn whatever_happens_nothing_is_lost_and_nothing_told_twice(#[values(0, 1, 2, 3)] part: u64) {
    let seeds = (0..SEQUENCES).filter(|seed| seed % 4 == part);
    let nothing_yet = (0, settings(PEOPLE));
    let (told, _) = seeds.fold(nothing_yet, |(told, config), seed| {
        let (more, config) = live(seed, config);
        (told + more, config)
    });
    // The lives are full enough to mean something.
    assert!(told > 900, "{told}");
}
