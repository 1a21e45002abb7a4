//! The time allowed for the first answer: where it starts, what stops it, what starts it anew, and when it
//! ends. One walk through what happened, the same for both laws; each step of it is a provision.

use chrono::NaiveDate;

use super::clarification::{Effect, effect};
use super::count::{Ends, end, proclaimed_meanwhile};
use super::deadline::{AdviceSource, Advised, Caution, Concern, Disregarded, From};
use super::foisa::{THREE_MONTHS, TWENTY, ordinary_days};
use super::schools::{School, school_days};
use super::{Parts, eirs, emergency_2020, receipt};
use crate::calendar::Calendar;
use crate::calendar::known::Known;
use crate::calendar::period::Span;
use crate::case::{Act, Kind, Regime, Turn, Turning};
use crate::clock::in_full;

/// What the authority must have before there is a request to answer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Awaiting {
    /// A valid request, s.8.
    Validity(Act),
    /// Clarification.
    Clarification(Act),
}

/// A fee that was asked for and has not been paid in time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fee {
    /// The notice.
    pub(super) notice: Act,
    /// The last day to pay.
    pub(super) last: NaiveDate,
    /// The last day for a review that the notice named.
    advised: Option<NaiveDate>,
}

/// The time allowed for the first answer under one law.
#[derive(Debug, Clone)]
pub(super) struct TimeAllowed<'a> {
    calendar: &'a Calendar,
    /// The working days that it is counted in.
    counting: Known<'a>,
    school: Option<School<'a>>,
    /// Its end hangs on days of which nobody has said whether they are school days.
    pub(super) unlisted: bool,
    /// Its end if no holiday taken away while it ran shortens it, where that is later.
    pub(super) later: Option<NaiveDate>,
    regime: Regime,
    /// What it is counted from.
    pub(super) from: From,
    /// The day on which there was a request first, whatever was clarified since.
    requested: NaiveDate,
    /// How many working days it has.
    pub(super) days: u32,
    /// How many of these an extension added.
    extension_days: u32,
    /// The extension that was given in time.
    pub(super) extended: Option<Act>,
    /// The day the applicant was told, unless a pause has moved it since.
    told: Option<NaiveDate>,
    /// Spans whose working days are left out.
    pub(super) disregarded: Vec<Disregarded>,
    /// What it waits for.
    pub(super) awaiting: Option<Awaiting>,
    /// The fee it waits for; both may be awaited at once.
    pub(super) fee: Option<Fee>,
    /// A fees notice that came too late to stop it.
    pub(super) late_notice: Option<Act>,
    /// The last day for a review that it named.
    late_advised: Option<NaiveDate>,
    /// The fee came after its time: nothing is owed.
    pub(super) lapsed: bool,
    /// Clarification set it anew.
    pub(super) anew: bool,
    /// What makes its end doubtful.
    pub(super) cautions: Vec<Caution>,
}

impl<'a> TimeAllowed<'a> {
    /// Walks through what happened up to the answer; a second time by the calendar as it was known when the clock
    /// began, where a bank holiday was proclaimed since (RULE 11.4). What was done on a day that only such a holiday
    /// left within the time, a fees notice or an extension, was then too late, and the second walk takes it so.
    pub(super) fn of(parts: &Parts<'a>, regime: Regime) -> Self {
        let received = receipt::by_authority(&parts.case.received, regime).on;
        let school = school_days(parts.authority, received).filter(|_| regime == Regime::Foisa);
        let mut time = Self::counted(parts, regime, parts.calendar.as_it_is(), school);
        let as_known = |known| Self::counted(parts, regime, known, school).ends();
        let doubt = proclaimed_meanwhile(parts.calendar, time.from.on, time.ends(), as_known);
        time.cautions.extend(doubt);
        time.say_unlisted(parts);
        let kept = parts.calendar.keeping_what_was_known_on(time.from.on);
        let proclaimed = parts.calendar.proclaimed_since(time.span()).next();
        let later = proclaimed.map(|_| Self::counted(parts, regime, kept, school).end());
        time.later = later.filter(|later| *later > time.end());
        time
    }

    /// Walks through it again for a school whose listed terms do not reach: on every reading there is.
    fn say_unlisted(&mut self, parts: &Parts<'a>) {
        let Some(school) = self.school else { return };
        let calendar = parts.calendar;
        let early = |known| Self::counted(parts, self.regime, known, Some(school.at_the_earliest()));
        let walks = [calendar.as_it_is(), calendar.as_known_on(self.from.on)].map(early);
        self.unlisted = walks[0].end() != self.end();
        let earliest = walks.iter().filter_map(Self::ends).map(|ends| ends.earliest).min();
        if let Some(earliest) = earliest.filter(|_| self.unlisted && self.due().is_some()) {
            self.cautions.push(school.unlisted(earliest));
        }
    }

    fn counted(parts: &Parts<'a>, regime: Regime, counting: Known<'a>, school: Option<School<'a>>) -> Self {
        let case = parts.case;
        let received = receipt::by_authority(&case.received, regime);
        let mut time = Self {
            calendar: parts.calendar,
            counting,
            school,
            unlisted: false,
            later: None,
            regime,
            from: From::act(&case.received, received.on),
            requested: received.on,
            days: ordinary_days(parts, regime),
            extension_days: 0,
            extended: None,
            told: None,
            disregarded: Vec::new(),
            awaiting: None,
            fee: None,
            late_notice: None,
            late_advised: None,
            lapsed: false,
            anew: false,
            cautions: Vec::new(),
        };
        let answered = parts.answer(regime).map(|answer| answer.act.on);
        let before_answer = |turn: &&Turn| answered.is_none_or(|day| turn.act.on <= day);
        let about = |turn: &&Turn| turn.regime.covers(regime);
        for turn in case.turns.iter().filter(about).take_while(before_answer) {
            time.turn(turn);
        }
        if regime == Regime::Foisa {
            time.days = emergency_2020::working_days(time.days, time.end(), answered);
            time.say_pause_otherwise();
        }
        time
    }

    /// The law it is allowed by.
    pub(super) fn regime(&self) -> Regime {
        self.regime
    }

    /// The last day, as far as it can be known: while something is awaited, the day if it were not.
    pub(super) fn end(&self) -> NaiveDate {
        self.told.unwrap_or_else(|| self.end_leaving_out(&self.disregarded))
    }

    /// Whether the applicant was told the last day, so that the start of the count is of no more account.
    pub(super) fn was_told(&self) -> bool {
        self.told.is_some()
    }

    /// The last day, where one can be known.
    pub(super) fn due(&self) -> Option<NaiveDate> {
        (self.awaiting.is_none() && self.fee.is_none()).then(|| self.end())
    }

    /// The day the time expires for s.20(5): an unpaid fee does not move it, since no pause exists until the fee
    /// is duly paid (RULE 3.1); while validity or clarification is awaited there is none.
    pub(super) fn expiry(&self) -> Option<NaiveDate> {
        self.awaiting.is_none().then(|| self.end())
    }

    /// The last day for a review that a fees notice named, while that notice is the last word.
    pub(super) fn advised(&self) -> Option<Advised> {
        let date = self.fee.and_then(|fee| fee.advised).or(self.late_advised)?;
        Some(Advised {
            date,
            source: AdviceSource::Letter,
        })
    }

    /// The last day and the earliest on any reading, where they can be known.
    fn ends(&self) -> Option<Ends> {
        let on = self.due()?;
        let readings = self
            .cautions
            .iter()
            .filter(|caution| caution.concern == Concern::Reading);
        let earliest = readings.filter_map(|caution| caution.date).fold(on, NaiveDate::min);
        Some(Ends { on, earliest })
    }

    /// The days the count runs over.
    pub(super) fn span(&self) -> Span {
        Span {
            after: self.from.on,
            through: self.end(),
        }
    }

    fn end_leaving_out(&self, disregarded: &[Disregarded]) -> NaiveDate {
        end(self.counting, self.school, self.from.on, self.days, disregarded)
    }

    /// The twentieth working day after the start, unpaused and not extended: by then an extension must be
    /// notified (reg 7(2)) and clarification asked for (reg 9(2)(a)).
    pub(super) fn twentieth(&self) -> NaiveDate {
        self.counting.nth_working_day_after(self.from.on, TWENTY.count)
    }

    /// Where clarification started the clock anew, the twentieth after the request itself: on the reading of reg
    /// 7(2) that it does not begin anew, an extension must be notified by then (RULE 10.2).
    pub(super) fn twentieth_of_the_request(&self) -> Option<NaiveDate> {
        let first = self.counting.nth_working_day_after(self.requested, TWENTY.count);
        self.anew.then_some(first).filter(|first| *first < self.twentieth())
    }

    fn turn(&mut self, turn: &Turn) {
        match turn.what {
            Turning::NotValid => {
                let shadow = self.end();
                self.dispute(
                    shadow,
                    format!(
                        "if the request was valid after all, its time ends on {}",
                        in_full(shadow)
                    ),
                );
                self.awaiting = Some(Awaiting::Validity(turn.act));
            }
            Turning::MadeValid => {
                self.restart(&turn.act);
                self.requested = self.from.on;
            }
            Turning::ClarificationSought { needed: false } => self.note(
                "the demand for clarification was not reasonable or not needed: the first clock stands (s.10(1)(a))",
            ),
            Turning::ClarificationSought { needed: true } => self.clarification_sought(&turn.act),
            Turning::ClarificationReceived => self.clarification_received(&turn.act),
            Turning::FeesNotice => self.fees_notice(&turn.act, turn.advised),
            Turning::FeePaid => self.fee_paid(&turn.act),
            Turning::Extended { to } => self.extended(&turn.act, to),
        }
    }

    /// The clock starts anew with something the authority received. A fee that is outstanding stays so, and what
    /// was paused before is behind it.
    fn restart(&mut self, act: &Act) {
        let on = receipt::by_authority(act, self.regime).on;
        self.from = From::act(act, on);
        self.days -= self.extension_days;
        self.extension_days = 0;
        self.extended = None;
        self.told = None;
        self.disregarded.retain(|one| one.span.through > on);
        self.awaiting = None;
        self.cautions.retain(|caution| caution.concern != Concern::Reading);
        self.late_notice = None;
        self.late_advised = None;
        self.anew = act.kind == Kind::ClarificationReceived;
    }

    /// **s.1(3)**, RULE 2.1, and **reg 9(2)**, RULE 10.4: asked within the time, a reasonable demand stops the
    /// clock until it is answered; asked after it, it moves nothing. Whether it was reasonable, and whether part
    /// of the request was clear, may be disputed: the first date is kept. While a fee is outstanding no time has
    /// run out, but reg 8(7) does not speak of reg 9(2).
    fn clarification_sought(&mut self, act: &Act) {
        let limit = match (self.regime, self.fee) {
            (Regime::Eirs, Some(_)) => Some(self.twentieth()),
            (Regime::Eirs, None) => Some(self.twentieth().min(self.end())),
            (_, Some(_)) => None,
            (_, None) => Some(self.end()),
        };
        if let Some(Awaiting::Validity(_)) = self.awaiting {
            self.note(format!(
                "clarification was asked for on {} of a request that is not valid, and moves nothing; when the request is \
                 made valid, record made-valid",
                in_full(act.on)
            ));
            return;
        }
        if self.awaiting.is_some() || limit.is_some_and(|limit| act.on > limit) {
            self.note(format!(
                "clarification was asked for on {}, after the time to ask for it, and moves nothing",
                in_full(act.on)
            ));
            return;
        }
        let shadow = self.end();
        self.dispute(
            shadow,
            format!(
                "if the demand for clarification was not reasonable, or part of the request was clear, the time for \
                 that ends on {}",
                in_full(shadow)
            ),
        );
        self.awaiting = Some(Awaiting::Clarification(*act));
    }

    fn clarification_received(&mut self, act: &Act) {
        let Some(Awaiting::Clarification(sought)) = self.awaiting else {
            return;
        };
        self.clarified(&sought, act, effect(receipt::by_authority(act, self.regime).on));
    }

    fn clarified(&mut self, sought: &Act, received: &Act, effect: Effect) {
        match effect {
            Effect::Reset => self.restart(received),
            Effect::Pause => {
                self.pause(sought, received, "clarification outstanding");
                self.awaiting = None;
            }
        }
    }

    /// **s.9(1)**, RULE 3.1, and **reg 8(4)**, RULE 10.3: a fees notice within the time leaves no date until the
    /// fee is paid; one after it stops nothing. While clarification is awaited no time has run out.
    fn fees_notice(&mut self, act: &Act, advised: Option<NaiveDate>) {
        if self.awaiting.is_none() && act.on > self.end() {
            self.late_notice = Some(*act);
            self.late_advised = advised;
            let on = in_full(act.on);
            self.note(format!(
                "the fees notice of {on} came after the time to answer had ended, and stops nothing"
            ));
            return;
        }
        let last = match self.regime {
            Regime::Eirs => eirs::last_to_pay(self.calendar, act),
            _ => self.calendar.reckon(act.on, THREE_MONTHS).through,
        };
        self.fee = Some(Fee {
            notice: *act,
            last,
            advised,
        });
    }

    /// **s.10(3)**, RULE 3.1: "the working days in the period (a) beginning with the day on which that notice is
    /// given; and (b) ending with the day on which the fee is received … are to be disregarded", where the fee is
    /// *duly* paid; a fee after its three months is not. One sent within them that comes after is an open reading, for
    /// s.9(3) says "paid" and not received: the duty stands. **reg 8(7)**, RULE 10.3, asks only that it be paid.
    fn fee_paid(&mut self, act: &Act) {
        let Some(Fee { notice, last, .. }) = self.fee else {
            return;
        };
        let paid = match self.regime {
            Regime::Eirs => act.on,
            _ => receipt::by_authority(act, self.regime).on,
        };
        if self.regime == Regime::Foisa && paid > last && act.on <= last {
            self.cautions.push(Caution::dispute(
                None,
                format!(
                    "the fee was sent on {} and came after the last day to pay ({}); if it was paid only when it came, \
                     nothing is owed (s.9(3))",
                    in_full(act.on),
                    in_full(last)
                ),
            ));
        } else if self.regime == Regime::Foisa && paid > last {
            self.lapsed = true;
            self.note(format!(
                "the fee came on {}, after the last day to pay ({}): nothing is owed (s.9(3))",
                in_full(paid),
                in_full(last)
            ));
            return;
        }
        let paid = Act { on: paid, ..*act };
        self.pause(&notice, &paid, "fee outstanding");
        self.fee = None;
    }

    fn pause(&mut self, from: &Act, to: &Act, why: &'static str) {
        self.disregarded.push(Disregarded {
            span: Span {
                after: from.on.pred_opt().unwrap_or(from.on),
                through: to.on,
            },
            why,
        });
        self.told = None;
    }

    /// **reg 7(1) to (3)**, RULE 10.2: "may be extended by a further period of up to 20 working days if the
    /// volume and complexity of the information requested makes it impracticable"; notice "no later than 20
    /// working days after the date of receipt". Once. The day told governs, but never beyond the fortieth.
    fn extended(&mut self, act: &Act, to: NaiveDate) {
        let unextended = self.end();
        if self.regime != Regime::Eirs {
            return;
        }
        if self.extended.is_some() || act.on > unextended {
            self.note(format!(
                "the extension notified on {} is {} and moves nothing (reg 7)",
                in_full(act.on),
                if self.extended.is_some() {
                    "a second one"
                } else {
                    "out of time"
                }
            ));
            return;
        }
        self.cautions.extend(self.notified_late(act, unextended));
        self.extended = Some(*act);
        self.lengthen(unextended, to);
        self.dispute(
            unextended,
            format!(
                "if volume and complexity did not both make it impracticable to answer in time, there is no extension \
                 and the time ended, or ends, on {}",
                in_full(unextended)
            ),
        );
    }

    /// Two readings of reg 7(2), "no later than 20 working days after the date of receipt of the request", RULES 10.2
    /// and 10.3: reg 8(7), which pauses other times, does not name it; nor does reg 9(4), by which the day of the
    /// particulars "shall be treated as the date of the request", name it among the provisions it is for.
    fn notified_late(&self, act: &Act, unextended: NaiveDate) -> Option<Caution> {
        let why = if act.on > self.twentieth() {
            "reg 8(7) does not say that the time to notify an extension is paused; if it is not"
        } else if self.twentieth_of_the_request().is_some_and(|last| act.on > last) {
            "reg 9(4) does not say that the time to notify an extension begins anew with the particulars; if it does not"
        } else {
            return None;
        };
        let why = format!(
            "{why}, the extension came too late and the time ends on {}",
            in_full(unextended)
        );
        Some(Caution::reading(unextended, why))
    }

    /// To the day that the applicant was told, but by no more than twenty working days.
    fn lengthen(&mut self, unextended: NaiveDate, to: NaiveDate) {
        let longest = self.counting.nth_working_day_after(unextended, TWENTY.count);
        let told = to.min(longest);
        let more = self.counting.working_days_between(unextended, told);
        self.extension_days = more;
        self.days += more;
        self.told = Some(told).filter(|told| *told > unextended);
        if to > longest {
            self.note(format!(
                "{} is more than twenty working days on; the longest an extension can run is {} (reg 7(1))",
                in_full(to),
                in_full(longest)
            ));
        }
    }

    /// RULE 3.1's ambiguity: whether the day of the fees notice is itself disregarded. The safe date counts it
    /// as used, as in "another 10 working days from the day it receives your payment": none left is that day.
    fn say_pause_otherwise(&mut self) {
        let Some(paid) = self.disregarded.last().map(|one| one.span.through) else {
            return;
        };
        let used: Vec<Disregarded> = self
            .disregarded
            .iter()
            .map(|one| Disregarded {
                span: Span {
                    after: one.span.after.succ_opt().unwrap_or(one.span.after),
                    ..one.span
                },
                ..*one
            })
            .collect();
        let safe = self.end_leaving_out(&used).max(paid);
        if safe != self.end() {
            self.cautions.push(Caution::reading(
                safe,
                format!(
                    "if the day on which the fees notice was given counts as used, as the Commissioner's example has \
                     it, the time ends on {}",
                    in_full(safe)
                ),
            ));
        }
    }

    fn dispute(&mut self, date: NaiveDate, why: String) {
        self.cautions.push(Caution::dispute(Some(date), why));
    }

    fn note(&mut self, why: impl Into<String>) {
        self.cautions.push(Caution::note(None, why));
    }
}

#[cfg(test)]
mod tests;
