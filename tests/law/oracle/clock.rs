//! The time to answer, walked through from one happening to the next.

use chrono::{Days, NaiveDate};
use timeous::case::Regime;

use super::days::{Eyes, months_beginning_with, one_off, working_days_beginning_with, working_days_but, works_for};
use super::story::{Sent, Story, Turn, What};
use crate::support::day;

/// A fee that is outstanding.
#[derive(Debug, Clone, Copy)]
pub(super) struct Owing {
    /// Which of the turns its notice is.
    pub(super) turn: usize,
    pub(super) notice: Sent,
    pub(super) last: NaiveDate,
    advised: Option<NaiveDate>,
}

/// Where the time to answer stands when nothing more happens.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    regime: Regime,
    /// Which bank holidays it goes by.
    eyes: Eyes,
    /// The safe date by those that were known when it began.
    safe_as_known: Option<NaiveDate>,
    /// The last day if no holiday taken away since it began shortened it.
    kept: Option<NaiveDate>,
    /// What the count starts with.
    pub(super) start: Sent,
    /// The request itself, as soon as it is one, which no clarification takes the place of.
    request: Sent,
    days: u32,
    more: u32,
    /// Paid fees: no day of these spans counts.
    paused: Vec<(NaiveDate, NaiveDate)>,
    /// The clarification asked for and not come, or the finding that the request is not valid, by its turn.
    pub(super) asked: Option<usize>,
    pub(super) invalid: bool,
    pub(super) owing: Option<Owing>,
    /// The fee came after its time.
    pub(super) lapsed: bool,
    pub(super) late_notice: Option<Sent>,
    late_advised: Option<NaiveDate>,
    pub(super) extended: Option<NaiveDate>,
    /// The day the applicant was told, which nothing has moved since.
    told: Option<NaiveDate>,
    /// The extension came too late on one reading; the day without it.
    pub(super) unextended: Option<NaiveDate>,
}

/// RULES 12.1 to 12.3.
pub(super) fn days_in_2020(days: u32, end: NaiveDate, done: Option<NaiveDate>) -> u32 {
    let begins = day("2020-04-07");
    let during = done.is_some_and(|done| begins <= done && done <= day("2020-05-26"));
    if during && begins <= end { days + 40 } else { days }
}

impl Clock {
    /// RULE 11.4: a second time, with the bank holidays that were known when the clock began.
    pub(super) fn of(story: &Story, regime: Regime, answered: Option<NaiveDate>, keeper: bool) -> Self {
        let mut clock = Self::seen(Eyes::Law, story, regime, answered, keeper);
        let from = clock.from();
        if one_off()
            .iter()
            .any(|row| from < row.known && row.day < from + Days::new(800))
        {
            let known = Self::seen(Eyes::Then(from), story, regime, answered, keeper);
            clock.safe_as_known = known.due().map(|_| known.safe());
            clock.kept = Some(Self::seen(Eyes::Keeping(from), story, regime, answered, keeper).end());
        }
        clock
    }

    fn seen(eyes: Eyes, story: &Story, regime: Regime, answered: Option<NaiveDate>, keeper: bool) -> Self {
        let thirty = keeper && story.keeper_record && regime == Regime::Foisa;
        let mut clock = Self {
            regime,
            eyes,
            safe_as_known: None,
            kept: None,
            start: story.received,
            request: story.received,
            days: if thirty { 30 } else { 20 },
            more: 0,
            paused: Vec::new(),
            asked: None,
            invalid: false,
            owing: None,
            lapsed: false,
            late_notice: None,
            late_advised: None,
            extended: None,
            told: None,
            unextended: None,
        };
        for (index, turn) in story.turns.iter().enumerate() {
            if turn.part == regime || turn.part == Regime::Both {
                clock.turn(index, turn);
            }
        }
        if regime == Regime::Foisa {
            clock.days = days_in_2020(clock.days, clock.end(), answered);
        }
        clock
    }

    fn from(&self) -> NaiveDate {
        self.start.by_authority(self.regime)
    }

    /// The last day, as if nothing were awaited.
    pub(super) fn end(&self) -> NaiveDate {
        self.told
            .unwrap_or_else(|| working_days_but(self.eyes, self.from(), self.days + self.more, &self.paused))
    }

    /// The last day if the letter that starts the clock came on the third day. A day that was told is that day.
    pub(super) fn latest_end(&self) -> NaiveDate {
        self.told
            .unwrap_or_else(|| working_days_but(self.eyes, self.start.presumed(), self.days + self.more, &self.paused))
    }

    /// RULE 11.4: forty working days from the end, for an applicant who counted on each holiday that there was.
    pub(super) fn forty_at_the_latest(&self) -> NaiveDate {
        let end = self.end();
        working_days_but(Eyes::Keeping(end), self.kept.unwrap_or(end).max(end), 40, &[])
    }

    /// RULES 7(2), 9(2)(a): plain working days after receipt.
    pub(super) fn twentieth(&self) -> NaiveDate {
        working_days_but(self.eyes, self.from(), 20, &[])
    }

    /// Plain working days after the request itself.
    fn twentieth_of_the_request(&self) -> NaiveDate {
        working_days_but(self.eyes, self.request.by_authority(self.regime), 20, &[])
    }

    /// The twentieth with the bank holidays that were known when the clock began.
    pub(super) fn twentieth_as_known(&self) -> NaiveDate {
        working_days_but(Eyes::Then(self.from()), self.from(), 20, &[])
    }

    /// What a fees notice told the applicant, while it is the last word.
    pub(super) fn advised(&self) -> Option<NaiveDate> {
        self.owing.and_then(|owing| owing.advised).or(self.late_advised)
    }

    pub(super) fn waits_for_words(&self) -> bool {
        self.invalid || self.asked.is_some()
    }

    pub(super) fn due(&self) -> Option<NaiveDate> {
        (!self.waits_for_words() && self.owing.is_none()).then(|| self.end())
    }

    /// RULE 3.1's, 10.3's and 11.4's other readings: the day of the notice was used; an extension under a pause was
    /// late; a bank holiday proclaimed meanwhile counts.
    pub(super) fn safe(&self) -> NaiveDate {
        let end = self.end();
        let mut safe = end;
        if let (Regime::Foisa, Some((_, paid))) = (self.regime, self.paused.last()) {
            let used: Vec<_> = self
                .paused
                .iter()
                .map(|(notice, paid)| (*notice + Days::new(1), *paid))
                .collect();
            safe = working_days_but(self.eyes, self.from(), self.days, &used)
                .max(*paid)
                .min(end);
        }
        let others = [self.unextended, self.safe_as_known].into_iter().flatten();
        others.fold(safe, NaiveDate::min)
    }

    fn turn(&mut self, index: usize, turn: &Turn) {
        let on = turn.sent.on;
        match turn.what {
            What::NotValid => {
                self.invalid = true;
                self.asked = Some(index);
            }
            What::MadeValid => {
                self.anew(turn.sent);
                self.request = turn.sent;
            }
            What::Sought { needed } => {
                let in_time = match (self.regime, self.owing) {
                    // Reg 9(2)(a): twenty working days after receipt, whatever was paused or extended.
                    (Regime::Eirs, owing) => on <= self.twentieth() && (owing.is_some() || on <= self.end()),
                    // A fee is outstanding: no time has run out.
                    (_, owing) => owing.is_some() || on <= self.end(),
                };
                if needed && in_time && !self.invalid {
                    self.asked = Some(index);
                }
            }
            What::Clarified => {
                if self.asked.is_some() && !self.invalid {
                    self.anew(turn.sent);
                }
            }
            What::Charged => {
                if !self.waits_for_words() && on > self.end() {
                    self.late_notice = Some(turn.sent);
                    self.late_advised = turn.advised;
                    return;
                }
                let last = match self.regime {
                    Regime::Eirs => working_days_beginning_with(turn.sent.presumed(), 60),
                    _ => months_beginning_with(on, 3),
                };
                self.owing = Some(Owing {
                    turn: index,
                    notice: turn.sent,
                    last,
                    advised: turn.advised,
                });
            }
            What::Paid => self.paid(on),
            What::Extended { to } => self.extend(on, to),
        }
    }

    /// RULES 0.4, 2.1, 10.4: all the days again. What was paused before it is of no more account.
    fn anew(&mut self, sent: Sent) {
        self.start = sent;
        let from = self.from();
        self.more = 0;
        self.paused.retain(|(_, paid)| *paid > from);
        self.asked = None;
        self.invalid = false;
        self.late_notice = None;
        self.late_advised = None;
        self.extended = None;
        self.told = None;
        self.unextended = None;
    }

    /// RULES 3.1 and 10.3.
    fn paid(&mut self, on: NaiveDate) {
        let Some(owing) = self.owing else { return };
        if self.regime == Regime::Foisa && on > owing.last {
            self.lapsed = true;
            return;
        }
        self.owing = None;
        self.paused.push((owing.notice.on, on));
        self.told = None;
    }

    /// RULE 10.2: once, by the twentieth day (or, on a reading, the paused or the new one), to the fortieth at most.
    fn extend(&mut self, on: NaiveDate, to: NaiveDate) {
        let plain = self.end();
        if self.regime == Regime::Foisa || self.extended.is_some() || on > plain {
            return;
        }
        let mut more = 0;
        let mut day = plain;
        while day < to && more < 20 {
            day = day + Days::new(1);
            more += u32::from(works_for(self.eyes, day));
        }
        self.extended = Some(on);
        self.more = more;
        if to > plain {
            self.told = Some(to.min(working_days_but(self.eyes, plain, 20, &[])));
        }
        // Neither reg 8(7) nor reg 9(4) names reg 7(2).
        if on > self.twentieth() || on > self.twentieth_of_the_request() {
            self.unextended = Some(plain);
        }
    }
}
