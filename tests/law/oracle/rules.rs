//! The rules, put down as the law has them: a date and a state for each step, without derivations.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use timeous::case::Regime;
use timeous::statute::{Actor, Authority, AuthorityKind, LettersSay};

use super::days::{month_ends, months, working_days};
use super::story::{Letter, Requirement, Story, Tag};

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
}

/// The time a requirement for review may be made, as far as the review needs to know it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) work_to: NaiveDate,
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
        law.rows
            .sort_by_key(|row| (step_order(row.step), row.regime, row.actor == "applicant"));
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
        });
        self.rows.last_mut().unwrap()
    }

    fn regime(&mut self, regime: Regime) -> Vec<Elapsing> {
        let story = self.story;
        let twenty = working_days(story.received.by_authority(regime), 20);
        let answer = story
            .answers
            .iter()
            .enumerate()
            .find(|(_, (part, _))| *part == regime || *part == Regime::Both);
        let answer = answer.map(|(index, (_, letter))| (Tag::Answer(index), letter));

        // RULES 1.1 and 10.1. Withdrawal ends the duty.
        let withdrawn_first = story
            .withdrawn
            .filter(|day| answer.is_none_or(|(_, letter)| *day < letter.sent.on));
        let row = self.push("response", regime, "authority", Tag::Received, Some(twenty));
        row.acted = answer.map(|(_, letter)| letter.sent.on);
        match (row.acted, withdrawn_first) {
            (_, Some(_)) => row.state = "withdrawn",
            (Some(acted), None) => row.state = done(acted, twenty, twenty),
            (None, None) => {}
        }

        // RULES 6.1 and 10.8: the window on what there was when the first review was required.
        let first = story.reviews.first().map(|review| review.sent.on);
        let before = answer.filter(|(_, letter)| first.is_none_or(|first| letter.sent.on <= first));
        let mut windows = vec![self.window(regime, twenty, before.map(|(_, letter)| letter), Tag::Received, first)];
        // … and, where a late answer comes after it, the window on that answer.
        if let (Some((tag, letter)), None) = (answer, before)
            && letter.sent.on > twenty
        {
            let mut required = story.reviews.iter().map(|review| review.sent.on);
            let again = required.find(|day| *day >= letter.sent.on);
            windows.push(self.window(regime, twenty, Some(letter), tag, again));
        }

        let mut reviews = Vec::new();
        for (index, review) in story.reviews.iter().enumerate() {
            let answered = answer.is_some_and(|(_, letter)| letter.sent.on <= review.sent.on);
            let window = windows[if answered { windows.len() - 1 } else { 0 }];
            reviews.push(self.review(regime, index, review, window));
        }
        reviews
    }

    fn window(
        &mut self,
        regime: Regime,
        twenty: NaiveDate,
        answer: Option<&Letter>,
        tag: Tag,
        used: Option<NaiveDate>,
    ) -> Window {
        let story = self.story;
        let mut views = Vec::new();
        let due = match (regime, answer) {
            // s.20(5)(a): answered in time or not at all.
            (Regime::Foisa, Some(letter)) if letter.sent.on <= twenty => {
                if letter.sent.presumed() > twenty {
                    views.push(working_days(letter.sent.presumed(), 40));
                }
                working_days(twenty, 40)
            }
            // s.20(5)(b), reg 16(2): from receipt of the answer.
            (_, Some(letter)) => working_days(letter.sent.presumed(), 40),
            (Regime::Foisa, None) => working_days(twenty, 40),
            (_, None) => {
                // The applicant's letter may have come as late as the third day.
                views.push(working_days(working_days(story.received.presumed(), 20), 40));
                working_days(twenty, 40)
            }
        };
        if let Some(letter) = answer {
            let usual = regime == Regime::Foisa && self.authority.letters_say == LettersSay::Receipt;
            let usual = usual.then(|| working_days(letter.sent.presumed(), 40));
            views.extend(letter.advised.or(usual));
        }
        let work_to = views.into_iter().fold(due, NaiveDate::max);
        let row = self.push("review-window", regime, "applicant", tag, Some(due));
        row.work_to = Some(work_to);
        row.acted = used;
        row.opens = answer.is_none().then_some(twenty);
        row.state = match (used, answer) {
            (Some(used), _) => done(used, due, work_to),
            (None, Some(_)) => "running",
            (None, None) if story.withdrawn.is_some() => "withdrawn",
            (None, None) => "pending",
        };
        Window { work_to }
    }

    /// RULES 7.1, 10.8, 6.2 and 8.1.
    fn review(&mut self, regime: Regime, index: usize, review: &Requirement, window: Window) -> Elapsing {
        let twenty = working_days(review.sent.by_authority(regime), 20);
        let owed = review.sent.on <= window.work_to;
        let noticed = review.notices.first().map(|notice| notice.sent.on);
        let row = self.push(
            "review-outcome",
            regime,
            "authority",
            Tag::Review(index),
            owed.then_some(twenty),
        );
        row.acted = noticed;
        row.state = match noticed {
            Some(_) if !owed => "met",
            Some(noticed) => done(noticed, twenty, twenty),
            None if review.withdrawn.is_some() => "withdrawn",
            None if !owed => "not-owed",
            None => "running",
        };
        Elapsing {
            twenty,
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
        }
        if let Some(decision) = story.decision {
            let due = decision.presumed() + Days::new(42);
            for (actor, name) in [(Actor::Authority, "authority"), (Actor::Applicant, "applicant")] {
                let lodged = story.appeals.iter().find(|(by, _)| *by == actor).map(|(_, on)| *on);
                let row = self.push("court-window", regime, name, Tag::Decision, Some(due));
                row.acted = lodged;
                if let Some(lodged) = lodged {
                    row.state = done(lodged, due, due);
                }
            }
        }
    }
}

pub(super) fn step_order(step: &str) -> usize {
    let order = [
        "response",
        "review-window",
        "review-outcome",
        "commissioner-window",
        "commissioner-decision",
        "court-window",
    ];
    order.iter().position(|one| *one == step).unwrap()
}
