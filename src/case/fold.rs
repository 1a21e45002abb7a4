//! The fold: entries in, one case out, or the reason why they cannot all have happened.

use chrono::NaiveDate;

use super::Refusal;
use super::entry::{Entry, Fact, Kind, Outcome, Reference, Regime};
use crate::clock::in_full;

/// Something sent or done on a day, with what is known of its arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    /// The entry that records it; of a corrected entry the first, so that it keeps its identity.
    pub seq: u32,
    /// What kind of entry.
    pub kind: Kind,
    /// The day it was sent or done.
    pub on: NaiveDate,
    /// The day it arrived, where that is known to be another.
    pub arrived: Option<NaiveDate>,
    /// Sent by post.
    pub posted: bool,
}

/// An answer to the request, or to one regime's part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// When it was given and received.
    pub act: Act,
    /// The part it answers.
    pub regime: Regime,
    /// How it came out.
    pub outcome: Option<Outcome>,
    /// The last day for a review that the letter itself named.
    pub advised: Option<NaiveDate>,
}

/// What the authority told the applicant about a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// When it was given and received; its kind tells an outcome from a refusal to review.
    pub act: Act,
    /// How it came out.
    pub outcome: Option<Outcome>,
    /// The last day for an application that the letter itself named.
    pub advised: Option<NaiveDate>,
}

/// A requirement for review and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// When it was made and received.
    pub required: Act,
    /// The part it asks about.
    pub regime: Regime,
    /// Withdrawn by the applicant before a notice was given.
    pub withdrawn: Option<Act>,
    /// The first notice, and any revised one after a decision.
    pub notices: Vec<Notice>,
}

impl Review {
    /// Whether the authority has neither answered it nor been released from it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.withdrawn.is_none() && self.notices.is_empty()
    }
}

/// An application to the Commissioner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// When it was made; none where only its decision is recorded.
    pub applied: Option<Act>,
    /// The decision notice.
    pub decision: Option<Decision>,
}

/// The Commissioner's decision notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// When it was given, and intimated to the authority.
    pub act: Act,
    /// Appeals to the Court of Session.
    pub appeals: Vec<Appeal>,
}

/// An appeal to the Court of Session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appeal {
    /// When it was lodged.
    pub act: Act,
    /// Whether it is the authority's; else the applicant's.
    pub by_authority: bool,
}

/// One request and all that came of it, as the register has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The authority's reference.
    pub reference: Reference,
    /// The request's arrival.
    pub received: Act,
    /// The law it is answered under.
    pub regime: Regime,
    /// Who has it.
    pub officer: Option<String>,
    /// The department that must find the information.
    pub department: Option<String>,
    /// A few words for the officers.
    pub subject: Option<String>,
    /// Answers, at most one a regime.
    pub answers: Vec<Answer>,
    /// The applicant's withdrawal.
    pub withdrawn: Option<Act>,
    /// Requirements for review, in order.
    pub reviews: Vec<Review>,
    /// Applications to the Commissioner, in order.
    pub applications: Vec<Application>,
    /// The day the file was closed.
    pub closed: Option<NaiveDate>,
}

impl Case {
    /// Puts the entries of one case in the order of events (day, kind, number) and folds them.
    ///
    /// # Errors
    /// One sentence that says what cannot have happened, and what would be right.
    pub fn fold(entries: &[Entry]) -> Result<Self, Refusal> {
        let live = live(entries)?;
        let received: Vec<&Live> = live.iter().filter(|one| one.fact.kind == Kind::Received).collect();
        let first = match received.as_slice() {
            [] => {
                return Err(Refusal::new(
                    "no request is recorded under this reference; log it first",
                ));
            }
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
            case.regime = regime;
        }
        for one in live.iter().filter(|one| one.fact.kind != Kind::Received) {
            if one.fact.on < case.received.on {
                return Err(Refusal::new(format!(
                    "{} on {} cannot be: the request was received on {}; check both dates",
                    one.fact.kind,
                    in_full(one.fact.on),
                    in_full(case.received.on)
                )));
            }
            case.apply(one)?;
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
            officer: details.officer.clone(),
            department: details.department.clone(),
            subject: details.subject.clone(),
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
                    decision: None,
                });
                Ok(())
            }
            Kind::Decision => {
                self.decide(act);
                Ok(())
            }
            Kind::CourtAppeal => self.appeal(one),
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
            Kind::Received | Kind::RegimeChanged | Kind::Acknowledged | Kind::AnsweredInPart | Kind::Note => Ok(()),
            later => Err(Refusal::new(format!(
                "this version keeps no clock for {later} yet; record it as a note, and watch its date yourself"
            ))),
        }
    }

    /// The part of the request that a fact speaks of: all of it unless it says otherwise.
    fn part(&self, fact: &Fact) -> Result<Regime, Refusal> {
        match fact.details.regime {
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
        });
        Ok(())
    }

    fn open_review(&mut self, fact: &Fact) -> Result<&mut Review, Refusal> {
        self.reviews.iter_mut().find(|review| review.is_open()).ok_or_else(|| {
            Refusal::new(format!(
                "{} on {} has no review to speak of; record review-required first",
                fact.kind,
                in_full(fact.on)
            ))
        })
    }

    fn notice(&mut self, one: &Live) -> Result<(), Refusal> {
        let notice = Notice {
            act: one.act(),
            outcome: one.fact.details.outcome,
            advised: one.fact.details.due,
        };
        let decided = self
            .applications
            .iter()
            .any(|application| application.decision.is_some());
        if !self.reviews.iter().any(Review::is_open)
            && let Some(last) = self.reviews.last_mut()
            && let Some(given) = last.notices.last()
        {
            if !decided {
                return Err(Refusal::new(format!(
                    "the review was answered on {}; correct entry {} if that is wrong, or record the Commissioner's \
                     decision first if this revises it",
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

    /// A decision belongs to the earliest application that has none, and implies one where there is none.
    fn decide(&mut self, act: Act) {
        let decision = Some(Decision {
            act,
            appeals: Vec::new(),
        });
        match self
            .applications
            .iter_mut()
            .find(|application| application.decision.is_none())
        {
            Some(application) => application.decision = decision,
            None => self.applications.push(Application {
                applied: None,
                decision,
            }),
        }
    }

    fn appeal(&mut self, one: &Live) -> Result<(), Refusal> {
        let decision = self
            .applications
            .iter_mut()
            .rev()
            .find_map(|application| application.decision.as_mut());
        let Some(decision) = decision else {
            return Err(Refusal::new(
                "there is no decision to appeal against; record decision first",
            ));
        };
        decision.appeals.push(Appeal {
            act: one.act(),
            by_authority: one.fact.details.outcome == Some(Outcome::ByAuthority),
        });
        Ok(())
    }
}

/// A fact that stands: the last correction of an entry, under the number of the first.
struct Live {
    root: u32,
    seq: u32,
    fact: Fact,
}

impl Live {
    fn act(&self) -> Act {
        Act {
            seq: self.root,
            kind: self.fact.kind,
            on: self.fact.on,
            arrived: self.fact.details.received,
            posted: self.fact.details.posted,
        }
    }
}

/// The facts that stand, in the order of events.
fn live(entries: &[Entry]) -> Result<Vec<Live>, Refusal> {
    let mut live: Vec<Live> = Vec::with_capacity(entries.len());
    for entry in entries {
        entry.fact.check()?;
        let Some(target) = entry.supersedes else {
            live.push(Live {
                root: entry.seq,
                seq: entry.seq,
                fact: entry.fact.clone(),
            });
            continue;
        };
        let Some(found) = live.iter().position(|one| one.seq == target) else {
            return Err(no_such_entry(entries, target));
        };
        let standing = &mut live[found];
        if standing.fact.kind != entry.fact.kind {
            return Err(Refusal::new(format!(
                "entry {target} records {}, not {}; void it and record the other",
                standing.fact.kind, entry.fact.kind
            )));
        }
        if entry.fact.details.void {
            live.remove(found);
        } else {
            standing.seq = entry.seq;
            standing.fact = entry.fact.clone();
        }
    }
    live.sort_by_key(|one| (one.fact.on, one.fact.kind, one.root));
    Ok(live)
}

fn no_such_entry(entries: &[Entry], target: u32) -> Refusal {
    let corrected = entries.iter().find(|entry| entry.supersedes == Some(target));
    let known = entries.iter().any(|entry| entry.seq == target);
    Refusal::new(match corrected.filter(|_| known) {
        Some(later) => format!("entry {target} was corrected by entry {}; correct that one", later.seq),
        None => format!("there is no entry {target} in this case; timeous show lists them"),
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::super::Details;
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// `KIND DATE` pairs, with a number behind a `!` for the entry that one corrects.
    fn entries(facts: &[(&str, &str)]) -> Vec<Entry> {
        facts
            .iter()
            .enumerate()
            .map(|(index, (kind, on))| {
                let (kind, supersedes) = match kind.split_once('!') {
                    Some((kind, target)) => (kind, Some(target.parse().unwrap())),
                    None => (*kind, None),
                };
                let mut fact = Fact::new(kind.parse().unwrap(), day(on));
                if fact.kind == Kind::CourtAppeal {
                    fact.details.outcome = Some(Outcome::ByAuthority);
                }
                Entry {
                    reference: "FOI-1".parse().unwrap(),
                    seq: u32::try_from(index).unwrap() + 1,
                    fact,
                    recorded_at: chrono::DateTime::UNIX_EPOCH,
                    recorded_by: "test".into(),
                    by: None,
                    supersedes,
                }
            })
            .collect()
    }

    #[rstest]
    #[case(&[("responded", "2026-03-02")], "log it first")]
    #[case(&[("received", "2026-03-02"), ("received", "2026-03-03")], "recorded already, received on Monday 2 March 2026")]
    #[case(&[("received", "2026-03-02"), ("responded", "2026-03-01")], "received on Monday 2 March 2026; check both")]
    #[case(&[("received", "2026-03-02"), ("responded", "2026-03-05"), ("responded", "2026-03-06")], "answered on Thursday 5 March 2026")]
    #[case(&[("received", "2026-03-02"), ("review-outcome", "2026-03-05")], "record review-required first")]
    #[case(&[("received", "2026-03-02"), ("review-withdrawn", "2026-03-05")], "record review-required first")]
    #[case(&[("received", "2026-03-02"), ("review-required", "2026-04-05"), ("review-outcome", "2026-04-06"), ("review-outcome", "2026-04-07")], "record the Commissioner's decision first")]
    #[case(&[("received", "2026-03-02"), ("court-appeal", "2026-04-05")], "record decision first")]
    #[case(&[("received", "2026-03-02"), ("reopened", "2026-04-05")], "record closed first")]
    #[case(&[("received", "2004-12-31")], "1 January 2005")]
    #[case(&[("received", "2199-12-31")], "too far ahead")]
    #[case(&[("received", "2026-03-02"), ("note!7", "2026-03-03")], "no entry 7")]
    #[case(&[("received", "2026-03-02"), ("note!1", "2026-03-03")], "entry 1 records received, not note")]
    #[case(&[("received", "2026-03-02"), ("received!1", "2026-03-03"), ("received!1", "2026-03-04")], "corrected by entry 2")]
    fn what_cannot_have_happened_is_refused(#[case] facts: &[(&str, &str)], #[case] words: &str) {
        let refusal = Case::fold(&entries(facts)).unwrap_err().to_string();
        assert!(refusal.contains(words), "{refusal}");
        assert!(!refusal.contains('\n'));
    }

    #[test]
    fn the_order_of_recording_does_not_matter() {
        let told = entries(&[
            ("received", "2026-03-02"),
            ("review-outcome", "2026-05-20"),
            ("review-required", "2026-05-01"),
        ]);
        let case = Case::fold(&told).unwrap();
        assert_eq!(case.reviews[0].notices[0].act.on, day("2026-05-20"));
    }

    #[test]
    fn a_corrected_entry_keeps_its_number_and_a_void_one_is_gone() {
        let mut told = entries(&[
            ("received", "2026-03-02"),
            ("responded", "2026-03-05"),
            ("received!1", "2026-03-03"),
            ("responded!2", "2026-03-05"),
        ]);
        told[3].fact.details = Details {
            void: true,
            ..Details::default()
        };
        let case = Case::fold(&told).unwrap();
        assert_eq!((case.received.seq, case.received.on), (1, day("2026-03-03")));
        assert!(case.answers.is_empty());
    }

    #[test]
    fn a_decision_implies_its_application_and_lets_an_outcome_be_revised() {
        let case = Case::fold(&entries(&[
            ("received", "2026-03-02"),
            ("review-required", "2026-04-05"),
            ("review-outcome", "2026-04-06"),
            ("decision", "2026-08-03"),
            ("review-outcome", "2026-09-01"),
            ("court-appeal", "2026-09-02"),
        ]))
        .unwrap();
        assert_eq!(case.reviews[0].notices.len(), 2);
        assert_eq!(case.applications[0].applied, None);
        assert_eq!(case.applications[0].decision.as_ref().unwrap().appeals.len(), 1);
    }
}
