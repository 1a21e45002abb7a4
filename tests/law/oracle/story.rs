//! Random histories of a request, as facts and as the entries that tell them.

use chrono::{Days, NaiveDate};
use timeous::case::{Details, Fact, Kind, Outcome, Regime};
use timeous::statute::Actor;

use super::clock::Clock;
use super::days::{OneOff, months, months_beginning_with, next, one_off, working_days, working_days_beginning_with};
use super::dice::Dice;
use crate::support::day;

/// Something sent, and how it travelled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sent {
    pub(crate) on: NaiveDate,
    pub(crate) posted: bool,
    pub(crate) arrived: Option<NaiveDate>,
}

impl Turn {
    /// Validity and an extension are of the whole request, or of the part that can have one.
    fn says_its_part(self) -> bool {
        !matches!(self.what, What::NotValid | What::MadeValid | What::Extended { .. })
    }
}

impl Sent {
    fn at(on: NaiveDate) -> Self {
        Self {
            on,
            posted: false,
            arrived: None,
        }
    }

    fn draw(dice: &mut Dice, on: NaiveDate) -> Self {
        let posted = dice.often(3);
        let arrived = dice.often(2).then(|| dice.after(on, 5));
        Self { on, posted, arrived }
    }

    /// RULE 0.3 where s.74 applies: the known day, the third day after posting, or the day of sending.
    pub(crate) fn presumed(self) -> NaiveDate {
        match self.arrived {
            Some(day) => day,
            None if self.posted => self.on + Days::new(3),
            None => self.on,
        }
    }

    /// RULE 0.3 where it does not, for a duty of the authority: the earliest day a letter can come.
    fn earliest(self) -> NaiveDate {
        if self.posted && self.arrived.is_none() {
            next(self.on)
        } else {
            self.presumed()
        }
    }

    pub(crate) fn by_authority(self, regime: Regime) -> NaiveDate {
        if regime == Regime::Eirs {
            self.earliest()
        } else {
            self.presumed()
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub(crate) sent: Sent,
    pub(crate) advised: Option<NaiveDate>,
    pub(crate) outcome: Option<Outcome>,
}

#[derive(Debug, Clone)]
pub(crate) struct Requirement {
    pub(crate) sent: Sent,
    pub(crate) withdrawn: Option<NaiveDate>,
    pub(crate) notices: Vec<Letter>,
    /// Another authority must review for the Keeper.
    pub(crate) for_keeper: bool,
}

/// What moves the time to answer, in the order of the entries' kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    NotValid,
    MadeValid,
    Sought { needed: bool },
    Clarified,
    Charged,
    Paid,
    Extended { to: NaiveDate },
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Turn {
    pub(crate) what: What,
    pub(crate) part: Regime,
    pub(crate) sent: Sent,
    /// The last day for a review that a fees notice names.
    pub(crate) advised: Option<NaiveDate>,
}

/// A notice of the Commissioner.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Demand {
    pub(crate) asks: Outcome,
    pub(crate) sent: Sent,
    pub(crate) due: NaiveDate,
}

/// An appeal to the Court of Session.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Appeal {
    pub(crate) by: Actor,
    pub(crate) partial: bool,
    pub(crate) on: NaiveDate,
}

/// What happened to one request.
#[derive(Debug, Clone)]
pub(crate) struct Story {
    pub(crate) regime: Regime,
    /// The regime it was first thought to be under, and the day that was put right.
    pub(crate) thought: Option<(Regime, NaiveDate)>,
    /// A transferred record that is not open.
    pub(crate) keeper_record: bool,
    pub(crate) received: Sent,
    pub(crate) turns: Vec<Turn>,
    pub(crate) withdrawn: Option<NaiveDate>,
    pub(crate) answers: Vec<(Regime, Letter)>,
    pub(crate) reviews: Vec<Requirement>,
    pub(crate) applications: Vec<Sent>,
    pub(crate) decision: Option<Sent>,
    pub(crate) comply_by: Option<NaiveDate>,
    pub(crate) appeals: Vec<Appeal>,
    /// What the court made of them, and the day it states.
    pub(crate) disposed: Option<(NaiveDate, Option<NaiveDate>)>,
    /// The first application's end without a decision.
    pub(crate) ended: Option<(NaiveDate, Outcome)>,
    pub(crate) demands: Vec<Demand>,
    /// The days on which something was done that the Commissioner had asked for, in order.
    pub(crate) complied: Vec<NaiveDate>,
}

/// An entry of a story, by which a deadline's key is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tag {
    Received,
    Turn(usize),
    Answer(usize),
    Review(usize),
    Notice(usize, usize),
    Applied(usize),
    Demand(usize),
    Ended,
    Decision,
    Other(usize),
}

/// About the day on which a bank holiday was proclaimed, or within four weeks before it.
fn near_a_proclamation(dice: &mut Dice) -> NaiveDate {
    // Only one of them was proclaimed so late that a time which nothing stopped ran then; and of the last one there
    // are no other stories that are stopped so long.
    let sudden = one_off().iter().find(|row| row.day < row.known + Days::new(28));
    let chosen = match dice.roll(10) {
        0..3 => sudden,
        3..7 => one_off().last(),
        _ => None,
    };
    let OneOff { day, known, .. } = chosen.copied().unwrap_or_else(|| dice.one(one_off()));
    match dice.roll(3) {
        0 => dice.after(day - Days::new(30), 32),
        1 => known - Days::new(3) + Days::new(dice.roll(5)),
        _ => dice.after(known - Days::new(40), 50),
    }
}

/// The day on which a review is required that runs when a bank holiday is proclaimed, and is answered after it.
fn runs_when_proclaimed(dice: &mut Dice, moved: NaiveDate) -> Option<NaiveDate> {
    let sudden = one_off().iter().find(|row| row.day < row.known + Days::new(28))?;
    let near = moved + Days::new(1) < sudden.known && sudden.known < moved + Days::new(120);
    near.then(|| (sudden.known - Days::new(1 + dice.roll(15))).max(moved))
}

/// Up to three weeks before the next holiday that is not known yet, if it is to come within a year.
fn before_a_day_to_come(dice: &mut Dice, on: NaiveDate) -> Option<NaiveDate> {
    let mut to_come = one_off().iter().filter(|row| on < row.day - Days::new(25));
    let OneOff { day, .. } = to_come.find(|row| row.known > on && row.day < on + Days::new(365))?;
    Some(*day - Days::new(1 + dice.roll(20)))
}

impl Story {
    pub(crate) fn draw(dice: &mut Dice) -> Self {
        let regime = dice.one(&[Regime::Foisa, Regime::Foisa, Regime::Eirs, Regime::Both]);
        let moved = dice.often(7);
        // Some at the time of the law of 2020, some shortly before a bank holiday was proclaimed or the day itself;
        // and none so late that the announced holidays run out.
        let received_on = match dice.roll(10) {
            0 => dice.after(day("2020-02-24"), 110),
            1 => near_a_proclamation(dice),
            _ => dice.after(day("2005-01-01"), if moved { 7_200 } else { 7_900 }),
        };
        let received = Sent::draw(dice, received_on);
        let mut story = Self {
            regime,
            thought: None,
            keeper_record: dice.often(2),
            received,
            turns: Vec::new(),
            withdrawn: None,
            answers: Vec::new(),
            reviews: Vec::new(),
            applications: Vec::new(),
            decision: None,
            comply_by: None,
            appeals: Vec::new(),
            disposed: None,
            ended: None,
            demands: Vec::new(),
            complied: Vec::new(),
        };
        if dice.often(1) {
            let thought = dice.one(Regime::ALL);
            story.thought = Some((thought, dice.after(received_on, 200)));
        }
        if moved {
            story.draw_turns(dice);
        }
        story.draw_answers(dice);
        story.draw_reviews(dice);
        story.draw_applications(dice);
        if dice.often(1) {
            story.withdrawn = Some(dice.after(received_on, 60));
        }
        story
    }

    /// Whether a charge stopped a time that had been extended.
    pub(crate) fn pays_after_an_extension(&self) -> bool {
        let extended = self
            .turns
            .iter()
            .position(|turn| matches!(turn.what, What::Extended { .. }));
        extended.is_some_and(|at| self.turns[at..].iter().any(|turn| turn.what == What::Paid))
    }

    /// The same story from another day on.
    pub(crate) fn move_to(&mut self, day: NaiveDate) {
        let by = day - self.received.on;
        let sent = |sent: &mut Sent| {
            sent.on += by;
            sent.arrived = sent.arrived.map(|on| on + by);
        };
        let letter = |letter: &mut Letter| {
            sent(&mut letter.sent);
            letter.advised = letter.advised.map(|on| on + by);
        };
        sent(&mut self.received);
        self.thought = self.thought.map(|(thought, on)| (thought, on + by));
        for turn in &mut self.turns {
            sent(&mut turn.sent);
            turn.advised = turn.advised.map(|on| on + by);
            if let What::Extended { to } = &mut turn.what {
                *to += by;
            }
        }
        self.withdrawn = self.withdrawn.map(|on| on + by);
        self.answers.iter_mut().for_each(|(_, one)| letter(one));
        for review in &mut self.reviews {
            sent(&mut review.sent);
            review.withdrawn = review.withdrawn.map(|on| on + by);
            review.notices.iter_mut().for_each(letter);
        }
        self.applications.iter_mut().for_each(sent);
        self.decision.iter_mut().for_each(sent);
        self.comply_by.iter_mut().for_each(|on| *on += by);
        self.complied.iter_mut().for_each(|on| *on += by);
        self.ended.iter_mut().for_each(|(on, _)| *on += by);
        for demand in &mut self.demands {
            sent(&mut demand.sent);
            demand.due += by;
        }
        if let Some((on, due)) = &mut self.disposed {
            *on += by;
            due.iter_mut().for_each(|on| *on += by);
        }
        self.appeals.iter_mut().for_each(|appeal| appeal.on += by);
    }

    /// The last day on which anything moved the time.
    fn moved_on(&self) -> NaiveDate {
        self.turns
            .iter()
            .map(|turn| turn.sent.on)
            .fold(self.received.on, NaiveDate::max)
    }

    /// A day about which the time to answer ends, if it ends.
    fn about_due(&self) -> NaiveDate {
        let part = self.regime.parts()[0];
        Clock::of(self, part, None, false).end()
    }

    /// One thing after another that moves the time, each over before the next; the last may stay open.
    fn draw_turns(&mut self, dice: &mut Dice) {
        for _ in 0..=dice.roll(3) {
            let earliest = if self.turns.is_empty() {
                self.received.on
            } else {
                next(self.moved_on())
            };
            let on = match dice.roll(3) {
                0 => (self.about_due() - Days::new(2) + Days::new(dice.roll(5))).max(earliest),
                1 => dice.after(earliest, 8),
                _ => dice.after(earliest, 32),
            };
            let part = if self.regime == Regime::Both && dice.often(3) {
                dice.one(&[Regime::Foisa, Regime::Eirs])
            } else {
                self.regime
            };
            let open = match dice.roll(7) {
                0 => self.draw_invalid(dice, part, on),
                1 | 2 => self.draw_demand(dice, part, on),
                3 | 4 => self.draw_charge(dice, part, on),
                5 if part != Regime::Foisa => self.draw_extension(dice, part, on),
                _ => self.draw_demand(dice, part, on) | self.draw_charge(dice, part, on),
            };
            self.turns.sort_by_key(|turn| (turn.sent.on, turn.what));
            if open {
                return;
            }
        }
    }

    fn turn(&mut self, what: What, part: Regime, sent: Sent) {
        let turn = Turn {
            what,
            part,
            sent,
            advised: None,
        };
        let part = if turn.says_its_part() { part } else { self.regime };
        self.turns.push(Turn { part, ..turn });
    }

    fn draw_invalid(&mut self, dice: &mut Dice, part: Regime, on: NaiveDate) -> bool {
        self.turn(What::NotValid, part, Sent::at(on));
        if dice.often(2) {
            return true;
        }
        let on = dice.after(on, 40);
        self.turn(What::MadeValid, part, Sent::draw(dice, on));
        false
    }

    fn draw_demand(&mut self, dice: &mut Dice, part: Regime, on: NaiveDate) -> bool {
        let needed = dice.often(9);
        self.turn(What::Sought { needed }, part, Sent::at(on));
        if dice.often(3) {
            return true;
        }
        let on = dice.after(on, 60);
        self.turn(What::Clarified, part, Sent::draw(dice, on));
        false
    }

    fn draw_charge(&mut self, dice: &mut Dice, part: Regime, on: NaiveDate) -> bool {
        let notice = Sent::draw(dice, on);
        self.turn(What::Charged, part, notice);
        if let Some(charged) = self.turns.last_mut().filter(|_| dice.often(2)) {
            charged.advised = Some(dice.after(on, 130));
        }
        let last = if part == Regime::Eirs {
            working_days_beginning_with(notice.presumed(), 60)
        } else {
            months_beginning_with(on, 3)
        };
        // As late as a holiday that was proclaimed meanwhile falls within the rest of the time.
        let late = dice.often(6).then(|| before_a_day_to_come(dice, on)).flatten();
        let paid = match dice.roll(6) {
            _ if late.is_some() && part != Regime::Foisa => late.unwrap_or(last),
            0 | 1 => return true,
            2 => last - Days::new(1) + Days::new(dice.roll(3)),
            3 => dice.after(on, 130),
            _ => dice.after(on, 30),
        };
        self.turn(What::Paid, part, Sent::at(paid));
        false
    }

    fn draw_extension(&mut self, dice: &mut Dice, part: Regime, on: NaiveDate) -> bool {
        let to = match dice.roll(4) {
            0 => dice.after(on, 20),
            1 => working_days(on, 40),
            _ => working_days(self.about_due().max(on), u32::try_from(dice.roll(24)).unwrap()),
        };
        self.turn(What::Extended { to }, part, Sent::at(on));
        false
    }

    fn draw_answers(&mut self, dice: &mut Dice) {
        let from = self.moved_on();
        let twenty = self.about_due().max(from);
        let parts: Vec<Regime> = if self.regime == Regime::Both && dice.often(4) {
            vec![Regime::Foisa, Regime::Eirs]
        } else {
            vec![self.regime]
        };
        for part in parts {
            let on = match dice.roll(8) {
                0 => continue,
                1 | 2 => dice.after(from, 20),
                3 | 4 => dice.after(twenty - Days::new(3), 6),
                5 => dice.after(twenty, 250),
                _ => dice.after(from, 80),
            };
            let outcomes = [
                Outcome::Full,
                Outcome::Refused,
                Outcome::Cost,
                Outcome::Vexatious,
                Outcome::Repeated,
            ];
            let letter = Letter {
                sent: Sent::draw(dice, on.max(from)),
                advised: None,
                outcome: dice.often(7).then(|| dice.one(&outcomes)),
            };
            let advised = dice.often(3).then(|| dice.after(letter.sent.on, 130));
            self.answers.push((part, Letter { advised, ..letter }));
        }
    }

    fn draw_reviews(&mut self, dice: &mut Dice) {
        if dice.often(4) {
            return;
        }
        let moved = self.moved_on();
        let twenty = self.about_due().max(moved);
        let sixty = working_days(twenty, 40);
        let sudden = dice.often(4).then(|| runs_when_proclaimed(dice, moved)).flatten();
        let on = sudden.unwrap_or_else(|| match dice.roll(4) {
            0 => dice.after(moved, 40),
            1 => dice.after(sixty - Days::new(4), 8),
            2 => dice.after(twenty - Days::new(2), 4),
            _ => dice.after(twenty, 300),
        });
        let first = Self::requirement(dice, on.max(moved));
        let closed = first.withdrawn.or(first.notices.first().map(|notice| notice.sent.on));
        let last = first.sent.on;
        self.reviews.push(first);
        // A second requirement, told as the first one's only where the first is over.
        if dice.often(3) {
            let on = dice.after(next(last), 120);
            let mut second = Self::requirement(dice, on);
            let over = |day: NaiveDate| closed.is_some_and(|closed| closed < day);
            if !second.notices.iter().all(|notice| over(notice.sent.on)) || !second.withdrawn.is_none_or(over) {
                second.notices.clear();
                second.withdrawn = None;
            }
            self.reviews.push(second);
        }
    }

    fn requirement(dice: &mut Dice, on: NaiveDate) -> Requirement {
        let sent = Sent::draw(dice, on);
        let twenty = working_days(sent.presumed(), 20);
        let mut review = Requirement {
            sent,
            withdrawn: None,
            notices: Vec::new(),
            for_keeper: dice.often(1),
        };
        let lengthened = one_off().iter().any(|row| on < row.known && row.day < twenty);
        let noticed = match dice.roll(6) {
            // On the last day, which is so only by a holiday that was not known of.
            _ if lengthened && dice.often(5) => Some(twenty),
            0 | 1 => None,
            2 => Some(dice.after(on, 28)),
            3 => Some(dice.after(twenty - Days::new(3), 6).max(on)),
            _ => Some(dice.after(twenty, 300)),
        };
        match noticed {
            Some(on) => {
                let sent = Sent::draw(dice, on);
                let advised = dice.often(2).then(|| dice.after(on, 220));
                let outcome = dice.often(2).then_some(Outcome::S218);
                review.notices.push(Letter { sent, advised, outcome });
            }
            None if dice.often(2) => review.withdrawn = Some(dice.after(on, 40)),
            None => {}
        }
        review
    }

    fn draw_applications(&mut self, dice: &mut Dice) {
        let Some(last) = self.reviews.last() else { return };
        let from = last.notices.first().map_or(last.sent.on, |notice| notice.sent.on);
        let from = if dice.often(2) { last.sent.on } else { from };
        for number in 0..dice.roll(3) {
            let near = months(from, 6);
            let on = if dice.often(3) {
                near - Days::new(3) + Days::new(dice.roll(7))
            } else {
                dice.after(from, 300)
            };
            let on = on + Days::new(number);
            if self.applications.iter().all(|sent| sent.on < on) {
                self.applications.push(Sent::draw(dice, on));
            }
        }
        let Some(first) = self.applications.first() else { return };
        let mut demanded = first.on;
        for _ in 0..dice.roll(3) {
            let on = dice.after(demanded, 40);
            demanded = next(on);
            self.demands.push(Demand {
                asks: dice.one(&[Outcome::Comments, Outcome::Information, Outcome::Enforcement]),
                sent: Sent::draw(dice, on),
                due: dice.after(on, 60),
            });
        }
        if dice.often(2) {
            let how = dice.one(&[Outcome::ApplicationWithdrawn, Outcome::Settled, Outcome::Frivolous]);
            self.ended = Some((dice.after(demanded, 60), how));
        } else if dice.often(7) {
            self.draw_decision(dice, demanded);
        }
        let mut complied: Vec<_> = (0..dice.roll(4)).map(|_| dice.after(demanded, 100)).collect();
        complied.sort();
        for on in complied {
            self.complied.push(on);
            let (demands, decision) = self.done();
            let told = demands.iter().flatten().count() + usize::from(decision.is_some());
            if told < self.complied.len() {
                self.complied.pop();
            }
        }
    }

    /// What of the Commissioner's demands was done when, and of the decision: the decision first, then the earliest
    /// demand, but no invitation to comment once its application is over.
    pub(crate) fn done(&self) -> (Vec<Option<NaiveDate>>, Option<NaiveDate>) {
        let mut demands = vec![None; self.demands.len()];
        let mut decision = None;
        for on in &self.complied {
            let ends = [self.ended.map(|(end, _)| end), self.decision.map(|sent| sent.on)];
            let over = |sent: NaiveDate| ends.iter().flatten().any(|end| sent <= *end && end <= on);
            let open = (0..demands.len()).find(|one| {
                let demand = &self.demands[*one];
                let dead = demand.asks == Outcome::Comments && over(demand.sent.on);
                demands[*one].is_none() && demand.sent.on <= *on && !dead
            });
            let decided = self.comply_by.is_some() && self.decision.is_some_and(|sent| sent.on <= *on);
            if decided && decision.is_none() {
                decision = Some(*on);
            } else if let Some(one) = open {
                demands[one] = Some(*on);
            }
        }
        (demands, decision)
    }

    fn draw_decision(&mut self, dice: &mut Dice, from: NaiveDate) {
        let on = dice.after(from, 220);
        let decision = Sent::draw(dice, on);
        for by in [Actor::Authority, Actor::Applicant] {
            if dice.often(4) {
                let partial = by == Actor::Authority && dice.often(3);
                let on = if dice.often(4) {
                    decision.presumed() + Days::new(40 + dice.roll(7))
                } else {
                    dice.after(on, 60)
                };
                self.appeals.push(Appeal { by, partial, on });
            }
        }
        if let Some(last) = self.appeals.iter().map(|appeal| appeal.on).max()
            && dice.often(4)
        {
            let on = dice.after(last, 120);
            self.disposed = Some((on, dice.often(5).then(|| dice.after(on, 60))));
        }
        self.decision = Some(decision);
        self.comply_by = dice.often(6).then(|| dice.after(on, 70));
        let over = |review: &Requirement| {
            review.withdrawn.is_some_and(|day| day < on) || review.notices.iter().any(|notice| notice.sent.on < on)
        };
        let revised = dice.often(4) && self.reviews.iter().all(over);
        if let Some(last) = self
            .reviews
            .last_mut()
            .filter(|last| revised && !last.notices.is_empty())
        {
            let on = dice.after(next(on), 60);
            let sent = Sent::draw(dice, on);
            last.notices.push(Letter {
                sent,
                advised: None,
                outcome: None,
            });
        }
    }

    /// The entries, in the order of their kinds, and which each is.
    pub(crate) fn told(&self) -> Vec<(Tag, Fact)> {
        let mut told = vec![(
            Tag::Received,
            self.fact(Kind::Received, self.received, |details| {
                details.regime = Some(self.thought.map_or(self.regime, |(thought, _)| thought));
                details.keeper_record = self.keeper_record;
            }),
        )];
        if let Some((_, on)) = self.thought {
            let mut fact = Fact::new(Kind::RegimeChanged, on);
            fact.details.regime = Some(self.regime);
            told.push((Tag::Other(20), fact));
        }
        for (index, turn) in self.turns.iter().enumerate() {
            let kind = match turn.what {
                What::NotValid => Kind::NotValid,
                What::MadeValid => Kind::MadeValid,
                What::Sought { .. } => Kind::ClarificationSought,
                What::Clarified => Kind::ClarificationReceived,
                What::Charged => Kind::FeesNotice,
                What::Paid => Kind::FeePaid,
                What::Extended { .. } => Kind::Extended,
            };
            let whole = turn.part == self.regime;
            let fact = self.fact(kind, turn.sent, |details| {
                details.regime = (!whole).then_some(turn.part);
                match turn.what {
                    What::Sought { needed: false } => details.outcome = Some(Outcome::NotNeeded),
                    What::Extended { to } => details.due = Some(to),
                    _ => details.due = turn.advised,
                }
            });
            told.push((Tag::Turn(index), fact));
        }
        for (index, (part, letter)) in self.answers.iter().enumerate() {
            told.push((
                Tag::Answer(index),
                self.fact(Kind::Responded, letter.sent, |details| {
                    details.regime = Some(*part);
                    details.due = letter.advised;
                    details.outcome = letter.outcome;
                }),
            ));
        }
        if let Some(on) = self.withdrawn {
            told.push((Tag::Other(0), Fact::new(Kind::Withdrawn, on)));
        }
        for (index, review) in self.reviews.iter().enumerate() {
            let required = self.fact(Kind::ReviewRequired, review.sent, |details| {
                details.outcome = review.for_keeper.then_some(Outcome::S224);
            });
            told.push((Tag::Review(index), required));
            if let Some(on) = review.withdrawn {
                told.push((Tag::Other(1 + index), Fact::new(Kind::ReviewWithdrawn, on)));
            }
            for (number, notice) in review.notices.iter().enumerate() {
                let kind = if notice.outcome.is_some() {
                    Kind::ReviewRefused
                } else {
                    Kind::ReviewOutcome
                };
                let fact = self.fact(kind, notice.sent, |details| {
                    details.due = notice.advised;
                    details.outcome = notice.outcome;
                });
                told.push((Tag::Notice(index, number), fact));
            }
        }
        for (index, sent) in self.applications.iter().enumerate() {
            told.push((Tag::Applied(index), self.fact(Kind::Applied, *sent, |_| {})));
        }
        if let Some(sent) = self.decision {
            let decision = self.fact(Kind::Decision, sent, |details| details.due = self.comply_by);
            told.push((Tag::Decision, decision));
        }
        for (index, demand) in self.demands.iter().enumerate() {
            let fact = self.fact(Kind::CommissionerNotice, demand.sent, |details| {
                details.outcome = Some(demand.asks);
                details.due = Some(demand.due);
            });
            told.push((Tag::Demand(index), fact));
        }
        if let Some((on, how)) = self.ended {
            let mut fact = Fact::new(Kind::ApplicationEnded, on);
            fact.details.outcome = Some(how);
            told.push((Tag::Ended, fact));
        }
        if let Some((on, due)) = self.disposed {
            let mut fact = Fact::new(Kind::CourtOutcome, on);
            fact.details.due = due;
            told.push((Tag::Other(22), fact));
        }
        for (index, on) in self.complied.iter().enumerate() {
            told.push((Tag::Other(30 + index), Fact::new(Kind::Complied, *on)));
        }
        for (index, appeal) in self.appeals.iter().enumerate() {
            let mut fact = Fact::new(Kind::CourtAppeal, appeal.on);
            fact.details.outcome = Some(match (appeal.by, appeal.partial) {
                (_, true) => Outcome::Partial,
                (Actor::Authority, false) => Outcome::ByAuthority,
                _ => Outcome::ByApplicant,
            });
            told.push((Tag::Other(10 + index), fact));
        }
        told
    }

    fn fact(&self, kind: Kind, sent: Sent, say: impl Fn(&mut Details)) -> Fact {
        let mut fact = Fact::new(kind, sent.on);
        fact.details.posted = sent.posted;
        fact.details.received = sent.arrived;
        say(&mut fact.details);
        fact
    }
}
