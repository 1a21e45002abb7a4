//! The rules, put down as the law has them: a date and a state for each step, without derivations.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use timeous::case::{Outcome, Regime};
use timeous::statute::{Actor, Authority, AuthorityKind, LettersSay};

use super::clock::{Clock, days_in_2020};
use super::days::{
    Eyes, month_ends, months, months_beginning_with, next, working_days, working_days_beginning_with, working_days_but,
    works,
};
use super::story::{Letter, Requirement, Sent, Story, Tag, What};

/// What the law says of one deadline. Ordered as the program orders them, so that the lists can be compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    pub(super) step: &'static str,
    pub(super) regime: Regime,
    pub(super) actor: &'static str,
    pub(super) occurrence: u32,
    pub(super) tag: Tag,
    pub(super) due: Option<NaiveDate>,
    pub(super) work_to: Option<NaiveDate>,
    pub(super) acted: Option<NaiveDate>,
    pub(super) opens: Option<NaiveDate>,
    pub(super) state: &'static str,
    /// After this day nothing is owed any more.
    pub(super) lapses: Option<NaiveDate>,
}

/// The time a requirement for review may be made, as far as the review needs to know it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) work_to: Option<NaiveDate>,
}

pub(super) fn done(acted: NaiveDate, due: NaiveDate, allowed: NaiveDate) -> &'static str {
    if acted <= due {
        "met"
    } else if acted <= allowed {
        "arguable"
    } else {
        "late"
    }
}

/// The day itself or, if the court's office may be closed on it, the next working day.
fn on_an_open_day(day: NaiveDate) -> NaiveDate {
    if works(day) { day } else { working_days(day, 1) }
}

/// When the time to review has elapsed, and whether anything can elapse at all.
#[derive(Debug, Clone, Copy)]
struct Elapsing {
    twenty: NaiveDate,
    not_owed: bool,
}

pub(super) struct Law<'a> {
    pub(super) story: &'a Story,
    pub(super) authority: &'a Authority,
    pub(super) rows: Vec<Row>,
}

impl Law<'_> {
    pub(super) fn of(story: &Story, authority: &Authority) -> Vec<Row> {
        let mut law = Law {
            story,
            authority,
            rows: Vec::new(),
        };
        let reviews: Vec<Vec<Elapsing>> = story.regime.parts().iter().map(|regime| law.regime(*regime)).collect();
        if authority.kind != AuthorityKind::Excluded {
            for (index, review) in story.reviews.iter().enumerate() {
                // Of two parts, the first of which a review is owed; the first, if of none.
                let owed = reviews.iter().map(|part| part[index]).find(|part| !part.not_owed);
                law.applications(index, review, owed.unwrap_or(reviews[0][index]));
            }
        }
        law.commissioner_and_court();
        law.rows.sort_by_key(|row| {
            (
                step_order(row.step),
                row.regime,
                row.actor == "applicant",
                row.tag_if_waiting(),
            )
        });
        let mut seen: BTreeMap<(&str, Regime, &str), u32> = BTreeMap::new();
        for row in &mut law.rows {
            let number = seen.entry((row.step, row.regime, row.actor)).or_default();
            *number += 1;
            row.occurrence = *number;
        }
        law.rows
    }

    fn push(
        &mut self,
        step: &'static str,
        regime: Regime,
        actor: &'static str,
        tag: Tag,
        due: Option<NaiveDate>,
    ) -> &mut Row {
        self.rows.push(Row {
            step,
            regime,
            actor,
            occurrence: 0,
            tag,
            due,
            work_to: due,
            acted: None,
            opens: None,
            state: "running",
            lapses: None,
        });
        self.rows.last_mut().unwrap()
    }

    fn keeper(&self) -> bool {
        self.authority.kind == AuthorityKind::Keeper
    }

    fn regime(&mut self, regime: Regime) -> Vec<Elapsing> {
        let story = self.story;
        let answer = story
            .answers
            .iter()
            .enumerate()
            .find(|(_, (part, _))| *part == regime || *part == Regime::Both);
        let answer = answer.map(|(index, (_, letter))| (Tag::Answer(index), letter));
        let answered = answer.map(|(_, letter)| letter.sent.on);
        let clock = Clock::of(story, regime, answered, self.keeper());
        self.response(regime, &clock, answered);
        if regime == Regime::Eirs {
            self.extension(&clock, answered);
        }
        self.fees(regime);
        self.waiting(&clock, answered);

        // RULES 6.1 and 10.8: the window on what there was when the first review was required.
        let first = story.reviews.first().map(|review| review.sent.on);
        let before = answer.filter(|(_, letter)| first.is_none_or(|first| letter.sent.on <= first));
        let mut windows = vec![self.window(regime, &clock, before.map(|(_, letter)| letter), Tag::Received, first)];
        // … and, where an answer comes after it, the window on that answer: s.20(5)(b) has one for a late answer only.
        if let (Some((tag, letter)), None) = (answer, before)
            && !clock.waits_for_words()
            && (regime == Regime::Eirs || letter.sent.on > clock.end())
        {
            let mut required = story.reviews.iter().map(|review| review.sent.on);
            let again = required.find(|day| *day >= letter.sent.on);
            windows.push(self.window(regime, &clock, Some(letter), tag, again));
        }

        let mut reviews = Vec::new();
        for (index, review) in story.reviews.iter().enumerate() {
            let answered = answer.is_some_and(|(_, letter)| letter.sent.on <= review.sent.on);
            let window = windows[if answered { windows.len() - 1 } else { 0 }];
            reviews.push(self.review(regime, index, review, window));
        }
        reviews
    }

    /// RULES 1.1, 2.1, 3.1, 10.1 to 10.4. Withdrawal ends the duty.
    fn response(&mut self, regime: Regime, clock: &Clock, answered: Option<NaiveDate>) {
        let withdrawn = self.story.withdrawn;
        let withdrawn_first = withdrawn.filter(|day| answered.is_none_or(|answered| *day < answered));
        let (due, safe) = (clock.due(), clock.safe());
        let row = self.push("response", regime, "authority", Tag::Received, due);
        row.work_to = due.map(|_| safe);
        row.acted = answered;
        row.lapses = clock.owing.map(|owing| owing.last);
        row.state = match (due, answered) {
            _ if withdrawn_first.is_some() => "withdrawn",
            (Some(due), Some(acted)) => done(acted, safe, due),
            (Some(_), None) => "running",
            (None, Some(_)) => "met",
            (None, None) if clock.lapsed => "not-owed",
            (None, None) => "suspended",
        };
    }

    /// RULE 10.2: the power.
    fn extension(&mut self, clock: &Clock, answered: Option<NaiveDate>) {
        let over = answered.is_some() || self.story.withdrawn.is_some();
        let asked = clock.waits_for_words() && clock.extended.is_none();
        let due = (!asked).then(|| clock.twentieth());
        let row = self.push("extension-notice", Regime::Eirs, "authority", Tag::Received, due);
        row.work_to = None;
        row.acted = clock.extended;
        row.state = match clock.extended {
            Some(_) if clock.unextended.is_some() => "arguable",
            // RULE 11.4: the day is doubtful if the twentieth moved while it was to come.
            Some(on) if on > clock.twentieth_as_known() => "arguable",
            Some(_) => "met",
            None if over => "withdrawn",
            None if asked => "suspended",
            None => "running",
        };
    }

    /// RULES 3.1 and 10.3: the time to pay.
    fn fees(&mut self, regime: Regime) {
        let about = |part: Regime| part == regime || part == Regime::Both;
        let turns = || self.story.turns.iter().enumerate().filter(|(_, turn)| about(turn.part));
        let mut paid = turns().filter(|(_, turn)| turn.what == What::Paid);
        let fees: Vec<_> = turns()
            .filter(|(_, turn)| turn.what == What::Charged)
            .map(|(index, notice)| {
                let on = notice.sent.on;
                let last = match regime {
                    Regime::Eirs => working_days_beginning_with(notice.sent.presumed(), 60),
                    _ => months_beginning_with(on, 3),
                };
                (index, last, paid.next().map(|(_, paid)| paid.sent.on))
            })
            .collect();
        for (index, last, paid) in fees {
            let row = self.push("fee-payment", regime, "applicant", Tag::Turn(index), Some(last));
            row.acted = paid;
            row.state = paid.map_or("running", |paid| done(paid, last, last));
        }
    }

    /// The authority's own days for what is outstanding, once for both parts of a letter.
    fn waiting(&mut self, clock: &Clock, answered: Option<NaiveDate>) {
        let main = self.story.regime.parts()[0];
        let over = answered.is_some() || self.story.withdrawn.is_some();
        let owing = clock.owing.filter(|_| !clock.lapsed);
        for turn in clock.asked.into_iter().chain(owing.map(|owing| owing.turn)) {
            let due = working_days(self.story.turns[turn].sent.on, self.authority.waiting_days);
            let tag = Tag::Turn(turn);
            let mut known = self.rows.iter_mut().filter(|row| row.step == "waiting");
            let state = if over { "withdrawn" } else { "running" };
            match known.find(|row| row.tag == tag) {
                Some(row) if !over => row.state = state,
                Some(_) => {}
                None => self.push("waiting", main, "authority", tag, Some(due)).state = state,
            }
        }
    }

    fn window(
        &mut self,
        regime: Regime,
        clock: &Clock,
        answer: Option<&Letter>,
        tag: Tag,
        used: Option<NaiveDate>,
    ) -> Window {
        let story = self.story;
        let end = clock.end();
        let mut views = Vec::new();
        // Had nothing been asked of the applicant, the first days would have run out.
        if clock.waits_for_words() {
            views.push(working_days(end, 40));
        }
        let charge = clock.owing.map(|owing| owing.notice).filter(|_| regime == Regime::Eirs);
        let notice: Option<Sent> = charge.or(clock.late_notice);
        let mut opens = None;
        let due = match (regime, answer) {
            (_, Some(letter)) if clock.waits_for_words() => Some(working_days(letter.sent.presumed(), 40)),
            // s.20(5)(a): answered in time or not at all.
            (Regime::Foisa, Some(letter)) if letter.sent.on <= end => {
                let doubtful = clock.due().is_some() && letter.sent.on > clock.safe();
                if letter.sent.presumed() > end || doubtful {
                    views.push(working_days(letter.sent.presumed(), 40));
                }
                views.push(clock.forty_at_the_latest());
                Some(working_days(end, 40))
            }
            // s.20(5)(b), reg 16(2): from receipt of the answer.
            (_, Some(letter)) => Some(working_days(letter.sent.presumed(), 40)),
            (Regime::Foisa, None) if clock.waits_for_words() => None,
            (_, None) => match notice {
                Some(notice) => Some(working_days(notice.presumed(), 40)),
                None if clock.waits_for_words() => None,
                None => {
                    // The applicant's letter may have come as late as the third day.
                    if regime == Regime::Eirs {
                        views.push(working_days(clock.latest_end(), 40));
                    }
                    views.push(clock.forty_at_the_latest());
                    opens = Some(end);
                    Some(working_days(end, 40))
                }
            },
        };
        if let Some(letter) = answer {
            let usual = regime == Regime::Foisa && self.authority.letters_say == LettersSay::Receipt;
            let usual = usual.then(|| working_days(letter.sent.presumed(), 40));
            views.extend(letter.advised.or(usual));
        } else {
            views.extend(clock.advised());
        }
        let work_to = due.map(|due| views.into_iter().fold(due, NaiveDate::max));
        let row = self.push("review-window", regime, "applicant", tag, due);
        row.work_to = work_to;
        row.acted = used;
        row.opens = opens;
        row.state = match (due, used) {
            (None, Some(_)) => "met",
            (Some(due), Some(used)) => done(used, due, work_to.unwrap_or(due)),
            (None, None) if story.withdrawn.is_some() => "withdrawn",
            (None, None) => "suspended",
            (Some(_), None) if opens.is_none() => "running",
            (Some(_), None) if story.withdrawn.is_some() => "withdrawn",
            (Some(_), None) => "pending",
        };
        Window { work_to }
    }

    /// RULES 7.1, 10.8, 6.2, 8.1, 11.4 and 12.1.
    fn review(&mut self, regime: Regime, index: usize, review: &Requirement, window: Window) -> Elapsing {
        let noticed = review.notices.first().map(|notice| notice.sent.on);
        let received = review.sent.by_authority(regime);
        let mut days = 20;
        if regime == Regime::Foisa {
            if self.keeper() && review.for_keeper {
                days = 30;
            }
            days = days_in_2020(days, working_days(received, days), noticed);
        }
        let last = working_days(received, days);
        let safe = working_days_but(Eyes::Then(received), received, days, &[]).min(last);
        let owed = window.work_to.is_none_or(|work_to| review.sent.on <= work_to);
        let row = self.push(
            "review-outcome",
            regime,
            "authority",
            Tag::Review(index),
            owed.then_some(last),
        );
        row.work_to = owed.then_some(safe);
        row.acted = noticed;
        row.state = match noticed {
            Some(_) if !owed => "met",
            Some(noticed) => done(noticed, safe, last),
            None if review.withdrawn.is_some() => "withdrawn",
            None if !owed => "not-owed",
            None => "running",
        };
        Elapsing {
            twenty: last,
            not_owed: row.state == "not-owed",
        }
    }

    fn applications(&mut self, index: usize, review: &Requirement, outcome: Elapsing) {
        let regime = self.story.regime.parts()[0];
        let Elapsing { twenty, not_owed } = outcome;
        let until = self.story.reviews.get(index + 1).map(|later| later.sent.on);
        let about: Vec<NaiveDate> = self
            .story
            .applications
            .iter()
            .map(|sent| sent.on)
            .filter(|on| *on >= review.sent.on && until.is_none_or(|until| *on < until))
            .collect();
        let first = about.first().copied();
        let mut notices = review.notices.iter().enumerate().peekable();
        if let Some((_, notice)) = notices.next_if(|(_, notice)| first.is_none_or(|first| notice.sent.on <= first)) {
            self.on_notice(regime, Tag::Review(index), notice, first);
        } else {
            // Limb (b). The applicant's letter may have come later than the authority counts.
            let due = months(twenty, 6);
            let latest = working_days(review.sent.presumed(), 20);
            let views = [due, month_ends(twenty, 6), months(latest, 6), month_ends(latest, 6)];
            let allowed = views.into_iter().max().unwrap();
            let row = self.push(
                "commissioner-window",
                regime,
                "applicant",
                Tag::Review(index),
                Some(due),
            );
            row.work_to = Some(allowed);
            row.acted = first;
            row.opens = Some(twenty);
            row.state = match first {
                Some(first) => done(first, due, allowed),
                None if not_owed => "not-owed",
                None if review.withdrawn.is_some() => "withdrawn",
                None => "pending",
            };
            if row.state == "not-owed" {
                (row.due, row.work_to) = (None, None);
            }
        }
        for (number, notice) in notices {
            let used = about.iter().copied().find(|on| *on >= notice.sent.on);
            self.on_notice(regime, Tag::Notice(index, number), notice, used);
        }
    }

    /// Limb (a).
    fn on_notice(&mut self, regime: Regime, tag: Tag, notice: &Letter, used: Option<NaiveDate>) {
        let from = notice.sent.presumed();
        let due = months(from, 6);
        let allowed = [Some(month_ends(from, 6)), notice.advised]
            .into_iter()
            .flatten()
            .fold(due, NaiveDate::max);
        let row = self.push("commissioner-window", regime, "applicant", tag, Some(due));
        row.work_to = Some(allowed);
        row.acted = used;
        if let Some(used) = used {
            row.state = done(used, due, allowed);
        }
    }

    /// RULES 9.2 and 9.6.
    fn commissioner_and_court(&mut self) {
        let story = self.story;
        let regime = story.regime.parts()[0];
        for (index, sent) in story.applications.iter().enumerate() {
            let due = months(sent.presumed(), 4);
            let decided = story.decision.filter(|_| index == 0).map(|sent| sent.on);
            let row = self.push(
                "commissioner-decision",
                regime,
                "commissioner",
                Tag::Applied(index),
                Some(due),
            );
            row.work_to = None;
            row.acted = decided;
            if let Some(decided) = decided {
                row.state = done(decided, due, due);
            }
            if index == 0 && story.ended.is_some() {
                row.state = "withdrawn";
            }
        }
        let (demands, complied) = story.done();
        for (index, done) in demands.into_iter().enumerate() {
            self.demand(regime, index, done);
        }
        if let Some((on, Outcome::Frivolous)) = story.ended {
            let due = on + Days::new(42);
            self.push("court-window", regime, "applicant", Tag::Ended, Some(due));
        }
        if let Some(decision) = story.decision {
            let due = decision.presumed() + Days::new(42);
            self.compliance(regime, complied);
            for (actor, name) in [(Actor::Authority, "authority"), (Actor::Applicant, "applicant")] {
                let lodged = story
                    .appeals
                    .iter()
                    .find(|appeal| appeal.by == actor)
                    .map(|appeal| appeal.on);
                let row = self.push("court-window", regime, name, Tag::Decision, Some(due));
                row.acted = lodged;
                if let Some(lodged) = lodged {
                    row.state = done(lodged, due, on_an_open_day(due));
                }
            }
        }
    }

    /// RULES 9.2, 9.4 and 9.6: the notice's own day; and an appeal against one that is no invitation to comment.
    fn demand(&mut self, regime: Regime, index: usize, complied: Option<NaiveDate>) {
        let story = self.story;
        let demand = story.demands[index];
        let over = story.ended.is_some() || story.decision.is_some();
        let row = self.push(
            "commissioner-notice",
            regime,
            "authority",
            Tag::Demand(index),
            Some(demand.due),
        );
        row.acted = complied;
        row.state = match complied {
            Some(complied) => done(complied, demand.due, demand.due),
            None if over && demand.asks == Outcome::Comments => "withdrawn",
            None => "running",
        };
        if demand.asks != Outcome::Comments {
            let due = demand.sent.presumed() + Days::new(42);
            self.push("court-window", regime, "authority", Tag::Demand(index), Some(due));
        }
    }

    /// RULE 9.3: the day is the decision's; an appeal suspends it; an outcome of the
    /// review it was about, given after the decision, complies.
    fn compliance(&mut self, regime: Regime, complied: Option<NaiveDate>) {
        let story = self.story;
        let (Some(decision), Some(by)) = (story.decision, story.comply_by) else {
            return;
        };
        // The review that the application was about: the last one required by then.
        let applied = story.applications.first().map_or(decision.on, |sent| sent.on);
        let mut reviews: Vec<_> = story
            .reviews
            .iter()
            .filter(|review| review.sent.on <= applied)
            .collect();
        reviews.sort_by_key(|review| review.sent.on);
        let mut notices = reviews.last().into_iter().flat_map(|review| &review.notices);
        let revised = notices.find(|notice| notice.outcome.is_none() && notice.sent.on >= next(decision.on));
        let complied = complied.or(revised.map(|notice| notice.sent.on));
        // The court's own day, or the first one, or the day the court disposed of it if that had passed.
        let by = story.disposed.map_or(by, |(on, due)| due.unwrap_or(by.max(on)));
        // RULE 9.6: an appeal after its last day is none, unless the court excuses that.
        let last = on_an_open_day(decision.presumed() + Days::new(42));
        let whole = story.appeals.iter().any(|appeal| !appeal.partial && appeal.on <= last);
        let suspended = complied.is_none() && whole && story.disposed.is_none();
        let due = (!suspended).then_some(by);
        let row = self.push("compliance", regime, "authority", Tag::Decision, due);
        row.acted = complied;
        row.state = match complied {
            Some(complied) => done(complied, by, by),
            None if suspended => "suspended",
            None => "running",
        };
    }
}

impl Row {
    /// What is waited for comes in the order in which it was asked for.
    fn tag_if_waiting(&self) -> Option<Tag> {
        (self.step == "waiting").then_some(self.tag)
    }
}

pub(super) fn step_order(step: &str) -> usize {
    let order = [
        "response",
        "extension-notice",
        "waiting",
        "fee-payment",
        "review-window",
        "review-outcome",
        "commissioner-window",
        "commissioner-decision",
        "commissioner-notice",
        "compliance",
        "court-window",
    ];
    order.iter().position(|one| *one == step).unwrap()
}
