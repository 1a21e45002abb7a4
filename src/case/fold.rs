//! The fold: entries in, one case out, or the reason why they cannot all have happened.

use chrono::NaiveDate;

use super::Refusal;
use super::corrections::{Live, live, no_request};
use super::entry::{Entry, Fact, Kind, Outcome, Regime};
use super::facts::{
    Act, Answer, Appeal, Application, Case, Dated, Decision, Demand, Errand, Notice, Review, Turn, Turning,
};
use crate::clock::in_full;

mod one_day;

impl Case {
    /// Puts the entries of one case in the order of events (day, kind where that is possible, number) and folds them.
    ///
    /// # Errors
    /// One sentence that says what cannot have happened, and what would be right.
    pub fn fold(entries: &[Entry]) -> Result<Self, Refusal> {
        let live = live(entries)?;
        let received: Vec<&Live> = live.iter().filter(|one| one.fact.kind == Kind::Received).collect();
        let first = match received.as_slice() {
            [] => return Err(no_request(entries)),
            [one] => *one,
            [one, ..] => {
                return Err(Refusal::new(format!(
                    "a request is recorded already, received on {}; correct entry {} if that is wrong",
                    in_full(one.fact.on),
                    one.seq
                )));
            }
        };
        let mut case = Self::opened(entries, first)?;
        let changed = live.iter().rev().find(|one| one.fact.kind == Kind::RegimeChanged);
        if let Some(regime) = changed.and_then(|one| one.fact.details.regime) {
            case.regime_changed = case.regime != regime;
            case.regime = regime;
        }
        for day in live.chunk_by(|one, next| one.fact.on == next.fact.on) {
            case.one_day(day)?;
        }
        Ok(case)
    }

    fn opened(entries: &[Entry], first: &Live) -> Result<Self, Refusal> {
        let reference = entries.first().map(|entry| entry.reference.clone());
        let details = &first.fact.details;
        Ok(Self {
            reference: reference.ok_or_else(|| Refusal::new("no entries"))?,
            received: first.act(),
            regime: details.regime.unwrap_or(Regime::Foisa),
            regime_changed: false,
            officer: details.officer.clone(),
            department: details.department.clone(),
            subject: details.subject.clone(),
            keeper_record: details.keeper_record,
            first_received: details.first_received,
            acknowledged: Vec::new(),
            turns: Vec::new(),
            errands: Vec::new(),
            part_answers: Vec::new(),
            transferred: None,
            diary: Vec::new(),
            answers: Vec::new(),
            withdrawn: None,
            reviews: Vec::new(),
            applications: Vec::new(),
            closed: None,
        })
    }

    fn apply(&mut self, one: &Live) -> Result<(), Refusal> {
        let act = one.act();
        match one.fact.kind {
            Kind::Responded => self.answer(one),
            Kind::Withdrawn => {
                self.withdrawn.get_or_insert(act);
                Ok(())
            }
            Kind::ReviewRequired => {
                let regime = self.part(&one.fact)?;
                self.reviews.push(Review {
                    required: act,
                    regime,
                    for_keeper: one.fact.details.outcome == Some(Outcome::S224),
                    withdrawn: None,
                    notices: Vec::new(),
                });
                Ok(())
            }
            Kind::ReviewWithdrawn => {
                self.open_review(&one.fact)?.withdrawn = Some(act);
                Ok(())
            }
            Kind::ReviewOutcome | Kind::ReviewRefused => self.notice(one),
            Kind::Applied => {
                self.applications.push(Application {
                    applied: Some(act),
                    demands: Vec::new(),
                    ended: None,
                    ended_appeals: Vec::new(),
                    decision: None,
                });
                Ok(())
            }
            Kind::Decision | Kind::CommissionerNotice | Kind::ApplicationEnded => self.with_commissioner(one),
            Kind::CourtAppeal | Kind::CourtOutcome => self.in_court(one),
            Kind::Complied => self.comply(one),
            Kind::Closed => {
                self.closed = Some(act.on);
                Ok(())
            }
            Kind::Reopened => match self.closed.take() {
                Some(_) => Ok(()),
                None => Err(Refusal::new(
                    "the case is not closed, so it cannot be reopened; record closed first",
                )),
            },
            Kind::Reassigned => {
                self.officer.clone_from(&one.fact.details.officer);
                Ok(())
            }
            Kind::Acknowledged => {
                self.acknowledged.push(one.dated());
                Ok(())
            }
            Kind::Diary => {
                self.diary.push(one.dated());
                Ok(())
            }
            Kind::AnsweredInPart => {
                self.part_answers.push(act);
                Ok(())
            }
            Kind::SentToDepartment | Kind::DepartmentReplied => self.errand(one),
            Kind::Transferred => self.transfer(act),
            Kind::NotValid
            | Kind::MadeValid
            | Kind::ClarificationSought
            | Kind::ClarificationReceived
            | Kind::FeesNotice
            | Kind::FeePaid
            | Kind::Extended => self.turn(one),
            Kind::Received | Kind::RegimeChanged | Kind::Note => Ok(()),
        }
    }

    fn errand(&mut self, one: &Live) -> Result<(), Refusal> {
        let act = one.act();
        if one.fact.kind == Kind::SentToDepartment {
            self.errands.push(Errand {
                sent: act,
                due: one.fact.details.due,
                replied: None,
            });
            return Ok(());
        }
        match self.errands.iter_mut().find(|errand| errand.replied.is_none()) {
            Some(errand) => {
                errand.replied = Some(act);
                Ok(())
            }
            None => Err(Refusal::new(
                "no department has been asked that has not replied; record sent-to-department first",
            )),
        }
    }

    fn transfer(&mut self, act: Act) -> Result<(), Refusal> {
        if self.regime == Regime::Foisa && self.regime_changed {
            return Ok(());
        }
        if self.regime == Regime::Foisa {
            return Err(Refusal::new(
                "FOISA has no transfer; record responded with --outcome not-held, and tell the applicant whom to ask",
            ));
        }
        self.transferred.get_or_insert(act);
        Ok(())
    }

    /// What moves the time to answer must follow from what went before it.
    fn turn(&mut self, one: &Live) -> Result<(), Refusal> {
        let details = &one.fact.details;
        let what = match one.fact.kind {
            Kind::NotValid => Turning::NotValid,
            Kind::MadeValid => Turning::MadeValid,
            Kind::ClarificationSought => Turning::ClarificationSought {
                needed: details.outcome != Some(Outcome::NotNeeded),
            },
            Kind::ClarificationReceived => Turning::ClarificationReceived,
            Kind::FeesNotice => Turning::FeesNotice,
            Kind::FeePaid => Turning::FeePaid,
            _ => Turning::Extended {
                to: details.due.unwrap_or(one.fact.on),
            },
        };
        // FOISA has no extension: of a letter under both laws only the other part is extended.
        let regime = match (what, self.part(&one.fact)?) {
            (Turning::Extended { .. }, Regime::Both) => Regime::Eirs,
            (_, part) => part,
        };
        if let Some(words) = self.cannot_turn(what, regime, one.fact.on) {
            return Err(Refusal::new(words));
        }
        self.turns.push(Turn {
            act: one.act(),
            regime,
            what,
            advised: details.due.filter(|_| what == Turning::FeesNotice),
        });
        Ok(())
    }

    /// Why the time cannot turn so, in words that say what would be right.
    fn cannot_turn(&self, what: Turning, regime: Regime, on: NaiveDate) -> Option<String> {
        let open = self.outstanding(what, regime).map(|turn| in_full(turn.act.on));
        let day = in_full(on);
        Some(match (what, open) {
            (Turning::NotValid, Some(open)) => {
                format!("the request was found not valid on {open} already; record made-valid first")
            }
            (Turning::MadeValid, None) => {
                format!("the request cannot be made valid on {day} unless it was not; record not-valid first")
            }
            (Turning::ClarificationSought { .. }, Some(open)) => format!(
                "clarification was asked for on {open} and has not come; record clarification-received first, or a note \
                 if you only ask again"
            ),
            (Turning::ClarificationReceived, None) => {
                format!("clarification cannot come on {day} before it is asked for; record clarification-sought first")
            }
            (Turning::FeesNotice, Some(open)) => {
                format!("a fees notice was given on {open}; correct that entry")
            }
            (Turning::FeePaid, None) => {
                format!("a fee cannot be paid on {day} before a fees notice is recorded; record fees-notice first")
            }
            (Turning::Extended { .. }, _) if self.regime == Regime::Foisa && !self.regime_changed => {
                "FOISA has no extension; if the request is for environmental information, record regime first"
                    .to_owned()
            }
            _ => return None,
        })
    }

    /// What a turn of the time opened that another of the same pair has yet to close.
    fn outstanding(&self, what: Turning, regime: Regime) -> Option<&Turn> {
        let (opens, closes): (fn(Turning) -> bool, Turning) = match what {
            Turning::NotValid | Turning::MadeValid => (|what| what == Turning::NotValid, Turning::MadeValid),
            Turning::ClarificationSought { .. } | Turning::ClarificationReceived => (
                |what| matches!(what, Turning::ClarificationSought { .. }),
                Turning::ClarificationReceived,
            ),
            Turning::FeesNotice | Turning::FeePaid => (|what| what == Turning::FeesNotice, Turning::FeePaid),
            Turning::Extended { .. } => return None,
        };
        let about = |turn: &&Turn| turn.regime.covers(regime) || regime.covers(turn.regime);
        self.turns
            .iter()
            .rfind(|turn| about(turn) && (opens(turn.what) || turn.what == closes))
            .filter(|turn| turn.what != closes)
    }

    /// The part of the request that a fact speaks of: all of it unless it says otherwise.
    fn part(&self, fact: &Fact) -> Result<Regime, Refusal> {
        match fact.details.regime {
            // What was said of the law that was thought of at first was said of the whole request.
            Some(regime) if !self.regime.covers(regime) && self.regime_changed => Ok(self.regime),
            Some(regime) if !self.regime.covers(regime) => Err(Refusal::new(format!(
                "the request is under {}, not {regime}; record regime first if that is wrong",
                self.regime
            ))),
            Some(regime) => Ok(regime),
            None => Ok(self.regime),
        }
    }

    fn answer(&mut self, one: &Live) -> Result<(), Refusal> {
        let regime = self.part(&one.fact)?;
        let given = self
            .answers
            .iter()
            .find(|answer| answer.regime.covers(regime) || regime.covers(answer.regime));
        if let Some(given) = given {
            return Err(Refusal::new(format!(
                "the request was answered on {}; correct entry {} if that is wrong, or record review-outcome if this \
                 answers a review",
                in_full(given.act.on),
                given.act.seq
            )));
        }
        self.answers.push(Answer {
            act: one.act(),
            regime,
            outcome: one.fact.details.outcome,
            advised: one.fact.details.due,
            to_be_published: one
                .fact
                .details
                .exemptions
                .iter()
                .any(|one| one.replace(' ', "") == "27(1)"),
        });
        Ok(())
    }

    /// The earliest open review that a fact can speak of. A fact about one law's part of a review under both
    /// leaves the other part open, as a review of its own.
    fn open_review(&mut self, fact: &Fact) -> Result<&mut Review, Refusal> {
        let part = fact.details.regime.unwrap_or(Regime::Both);
        let fits = |review: &Review| review.is_open() && (part.covers(review.regime) || review.regime.covers(part));
        let Some(found) = self.reviews.iter().position(fits) else {
            return Err(Refusal::new(format!(
                "{} on {} has no review to speak of; record review-required first",
                fact.kind,
                in_full(fact.on)
            )));
        };
        if self.reviews[found].regime == Regime::Both && part != Regime::Both {
            let mut rest = self.reviews[found].clone();
            rest.regime = match part {
                Regime::Eirs => Regime::Foisa,
                _ => Regime::Eirs,
            };
            self.reviews[found].regime = part;
            self.reviews.insert(found + 1, rest);
        }
        Ok(&mut self.reviews[found])
    }

    /// A notice answers the earliest open review. Where none is open it revises the last: after a decision or an
    /// application that ended, or where a review was first refused.
    fn notice(&mut self, one: &Live) -> Result<(), Refusal> {
        let notice = Notice {
            act: one.act(),
            outcome: one.fact.details.outcome,
            advised: one.fact.details.due,
        };
        let over = self.applications.iter().any(|application| !application.is_open());
        let part = one.fact.details.regime.unwrap_or(Regime::Both);
        let about = |review: &&mut Review| part.covers(review.regime) || review.regime.covers(part);
        if !self.reviews.iter().any(Review::is_open)
            && let Some(last) = self.reviews.iter_mut().rev().find(about)
            && let Some(given) = last.notices.last()
        {
            if !over && given.act.kind != Kind::ReviewRefused {
                return Err(Refusal::new(format!(
                    "the review was answered on {}; correct entry {} if that is wrong, or record the Commissioner's \
                     decision, or the end of the application, first if this revises it",
                    in_full(given.act.on),
                    given.act.seq
                )));
            }
            last.notices.push(notice);
            return Ok(());
        }
        self.open_review(&one.fact)?.notices.push(notice);
        Ok(())
    }

    /// What comes from the Commissioner belongs to the earliest application that is open, and implies one where
    /// there is none.
    fn with_commissioner(&mut self, one: &Live) -> Result<(), Refusal> {
        let (act, details) = (one.act(), &one.fact.details);
        if !self.applications.iter().any(Application::is_open) {
            self.applications.push(Application {
                applied: None,
                demands: Vec::new(),
                ended: None,
                ended_appeals: Vec::new(),
                decision: None,
            });
        }
        let Some(application) = self.applications.iter_mut().find(|application| application.is_open()) else {
            return Err(Refusal::new("there is no application; record applied first"));
        };
        match (one.fact.kind, details.outcome, details.due) {
            (Kind::CommissionerNotice, Some(asks), Some(due)) => application.demands.push(Demand {
                act,
                asks,
                due,
                complied: None,
                appeals: Vec::new(),
                court_outcome: None,
            }),
            (Kind::ApplicationEnded, Some(how), _) => application.ended = Some((act, how)),
            (_, _, due) => {
                application.decision = Some(Decision {
                    act,
                    due,
                    complied: None,
                    appeals: Vec::new(),
                    court_outcome: None,
                });
            }
        }
        Ok(())
    }

    /// An appeal is against the latest thing that can be appealed against: a decision, an information or
    /// enforcement notice, or a finding that an application is frivolous.
    fn in_court(&mut self, one: &Live) -> Result<(), Refusal> {
        let mut contests: Vec<Contest<'_>> = self.applications.iter_mut().flat_map(contests).collect();
        if one.fact.kind == Kind::CourtOutcome {
            contests.retain(|contest| !contest.appeals.is_empty() && contest.outcome.is_some());
        }
        let Some(contest) = contests.into_iter().max_by_key(|contest| contest.since) else {
            return Err(Refusal::new(match one.fact.kind {
                Kind::CourtOutcome => "there is no appeal to dispose of; record court-appeal first",
                _ => "there is no decision to appeal against; record decision first",
            }));
        };
        match (one.fact.kind, contest.outcome) {
            (Kind::CourtOutcome, Some(outcome)) => *outcome = Some(one.dated()),
            _ => {
                let outcome = one.fact.details.outcome;
                contest.appeals.push(Appeal {
                    act: one.act(),
                    by_authority: outcome != Some(Outcome::ByApplicant),
                    partial: outcome == Some(Outcome::Partial),
                });
            }
        }
        Ok(())
    }

    /// What was done belongs to the earliest application that still asks for something: to its decision, else to
    /// the earliest notice. An invitation to comment asks for nothing once the application is over.
    fn comply(&mut self, one: &Live) -> Result<(), Refusal> {
        let act = one.act();
        let open = self.applications.iter_mut().find_map(|application| {
            let over = !application.is_open();
            let asks = |demand: &&mut Demand| demand.complied.is_none() && !(over && demand.asks == Outcome::Comments);
            let steps = |decision: &&mut Decision| decision.due.is_some() && decision.complied.is_none();
            let decision = application.decision.as_mut().filter(steps);
            let demand = application.demands.iter_mut().find(asks);
            decision
                .map(|decision| &mut decision.complied)
                .or(demand.map(|demand| &mut demand.complied))
        });
        match open {
            Some(done) => {
                *done = Some(act);
                Ok(())
            }
            None => Err(Refusal::new(
                "the Commissioner has asked for nothing that is not done; record commissioner-notice or decision first",
            )),
        }
    }
}

/// Something that can be appealed against.
struct Contest<'a> {
    since: NaiveDate,
    appeals: &'a mut Vec<Appeal>,
    /// Where the court's disposal is kept; it moves a date only of what asks for something.
    outcome: Option<&'a mut Option<Dated>>,
}

fn contests(application: &mut Application) -> Vec<Contest<'_>> {
    let mut all = Vec::new();
    for demand in &mut application.demands {
        if demand.asks != Outcome::Comments {
            all.push(Contest {
                since: demand.act.on,
                appeals: &mut demand.appeals,
                outcome: Some(&mut demand.court_outcome),
            });
        }
    }
    if let Some(decision) = &mut application.decision {
        all.push(Contest {
            since: decision.act.on,
            appeals: &mut decision.appeals,
            outcome: Some(&mut decision.court_outcome),
        });
    }
    if let Some((act, Outcome::Frivolous)) = application.ended {
        all.push(Contest {
            since: act.on,
            appeals: &mut application.ended_appeals,
            outcome: None,
        });
    }
    all
}

#[cfg(test)]
mod tests;
