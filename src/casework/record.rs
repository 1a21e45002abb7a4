//! Recording what happened: one transaction from the words of an officer to the next reminder.

use chrono::{DateTime, Utc};

use super::derive::{Because, Footing, derive_and_save};
use super::reconcile::bring_up_to_date;
use super::{Result, Rules};
use crate::case::{Case, Entry, Fact, Kind, Reference, Refusal};
use crate::clock::{in_full, london_day};
use crate::statute::{self, AuthorityKind, Caution, Deadline, Step};
use crate::store::Write;

/// Who records, on whose behalf, and when.
#[derive(Debug, Clone)]
pub struct Clerk {
    /// The login.
    pub login: String,
    /// The name given with `--by`; kept beside the login, never instead of it.
    pub by: Option<String>,
    /// The moment.
    pub now: DateTime<Utc>,
}

/// What an entry made of its case.
#[derive(Debug)]
pub struct Recorded {
    /// The entry's number.
    pub seq: u32,
    /// The case as it now is.
    pub case: Case,
    /// Its deadlines.
    pub deadlines: Vec<Deadline>,
    /// Cautions that were not there before.
    pub cautions: Vec<(Step, Caution)>,
}

/// Records a fact, or a correction of an earlier entry: appends it to the chain, derives the case's deadlines
/// and plans their next rungs.
///
/// # Errors
/// A refusal, after which nothing is changed, or the register's failure.
pub fn record(
    tx: &mut dyn Write,
    rules: &Rules,
    reference: &Reference,
    fact: Fact,
    supersedes: Option<u32>,
    clerk: &Clerk,
) -> Result<Recorded> {
    let footing = Footing::take(tx, rules)?;
    let entries = tx.entries(reference.as_str())?;
    let mut recording = Recording::begin(tx, rules, &footing, reference, entries, clerk)?;
    recording.add(fact, supersedes)?;
    recording.finish(tx)
}

/// Entries on their way into one case. Its deadlines are derived once, from all of them.
pub(super) struct Recording<'a> {
    rules: &'a Rules,
    footing: &'a Footing,
    reference: &'a Reference,
    clerk: &'a Clerk,
    entries: Vec<Entry>,
    /// Those that the register had before.
    known: usize,
}

impl<'a> Recording<'a> {
    /// Begins with the entries that the register has of the case.
    ///
    /// # Errors
    /// The register's failure.
    pub(super) fn begin(
        tx: &mut dyn Write,
        rules: &'a Rules,
        footing: &'a Footing,
        reference: &'a Reference,
        entries: Vec<Entry>,
        clerk: &'a Clerk,
    ) -> Result<Self> {
        bring_up_to_date(tx, rules, footing, &entries, clerk.now)?;
        Ok(Self {
            rules,
            footing,
            reference,
            clerk,
            known: entries.len(),
            entries,
        })
    }

    /// Adds one to them, which is not in the register yet.
    ///
    /// # Errors
    /// A refusal where it cannot have happened.
    pub(super) fn add(&mut self, fact: Fact, supersedes: Option<u32>) -> Result<()> {
        let Self { reference, clerk, .. } = *self;
        check_against_today(&fact, clerk)?;
        check_people(&fact, self.rules)?;
        if self.entries.is_empty() {
            // Cases that are there already keep the references they have.
            reference.check_plain()?;
        }
        // A correction says again what was taken when the authority's kind may have been another.
        if supersedes.is_none() {
            check_keeper(&fact, self.rules)?;
        }
        if self.entries.is_empty() && (fact.kind != Kind::Received || supersedes.is_some()) {
            return Err(Refusal::new(format!(
                "{reference} is not in the register; log it first (timeous log {reference} --received DATE), or check \
                 the spelling"
            ))
            .into());
        }
        let entry = Entry {
            reference: reference.clone(),
            seq: self.last() + 1,
            fact,
            recorded_at: clerk.now,
            recorded_by: clerk.login.clone(),
            by: clerk.by.clone(),
            supersedes,
        };
        self.entries.push(entry);
        Ok(())
    }

    /// The number of the last entry; nought where there is none.
    fn last(&self) -> u32 {
        self.entries.iter().map(|entry| entry.seq).max().unwrap_or(0)
    }

    /// Appends them to the chain and derives what follows from them.
    ///
    /// # Errors
    /// A refusal if they cannot all have happened, after which nothing is changed, or the register's failure.
    pub(super) fn finish(self, tx: &mut dyn Write) -> Result<Recorded> {
        let (known, new) = self.entries.split_at(self.known);
        let before = Case::fold(known)
            .map(|case| statute::deadlines(&case, &self.rules.calendar, &self.rules.authority))
            .unwrap_or_default();
        let case = Case::fold(&self.entries).map_err(|refusal| about(self.reference, &refusal))?;
        new.iter().try_for_each(|entry| tx.append(entry))?;
        let whys: Vec<String> = new
            .iter()
            .map(|entry| match entry.supersedes {
                Some(target) => format!("entry {target} was corrected by entry {}", entry.seq),
                None => format!("{} recorded", entry.fact.kind),
            })
            .collect();
        let because = Because {
            why: whys.join("; "),
            now: self.clerk.now,
        };
        let deadlines = derive_and_save(tx, self.rules, self.footing, &case, self.last(), &because)?;
        let cautions = new_cautions(&before, &deadlines);
        Ok(Recorded {
            seq: self.last(),
            case,
            deadlines,
            cautions,
        })
    }
}

/// Nothing can have happened on a day to come.
fn check_against_today(fact: &Fact, clerk: &Clerk) -> Result<()> {
    let today = london_day(clerk.now);
    let days = [Some(fact.on), fact.details.received];
    match days.into_iter().flatten().find(|day| *day > today) {
        Some(day) => Err(Refusal::new(format!(
            "{} is still to come (today is {}); record {} when it has happened",
            in_full(day),
            in_full(today),
            fact.kind
        ))
        .into()),
        None => Ok(()),
    }
}

/// An officer or a department must be one of the configuration's.
fn check_people(fact: &Fact, rules: &Rules) -> Result<()> {
    let officers: Vec<&str> = rules.people.officers.iter().map(|one| one.id.as_str()).collect();
    let departments: Vec<&str> = rules.departments.iter().map(String::as_str).collect();
    for (what, given, known, key) in [
        ("officer", &fact.details.officer, officers, "people.officers"),
        (
            "department",
            &fact.details.department,
            departments,
            "people.departments",
        ),
    ] {
        let Some(id) = given.as_deref().filter(|id| !known.contains(id)) else {
            continue;
        };
        let known = match known.is_empty() {
            true => "there are none".to_owned(),
            false => format!("there are {}", known.join(", ")),
        };
        return Err(Refusal::new(format!(
            "{what} {id:?} is not in the configuration ({known}); add it under {key} or check the spelling"
        ))
        .into());
    }
    Ok(())
}

/// Only the Keeper has thirty working days for a transferred record (RULE 4.1); of any other authority's case the words
/// would move nothing, and whoever said them would think that they had.
fn check_keeper(fact: &Fact, rules: &Rules) -> Result<()> {
    let kind = rules.authority.kind;
    if !fact.details.keeper_record || kind == AuthorityKind::Keeper {
        return Ok(());
    }
    Err(Refusal::new(format!(
        "only the Keeper of the Records of Scotland has longer for a transferred record (s.10(2)), and authority.kind is \
         {:?}; leave out --keeper-record",
        kind.as_str()
    ))
    .into())
}

fn about(reference: &Reference, refusal: &Refusal) -> Refusal {
    Refusal::new(format!("{reference}: {refusal}"))
}

fn new_cautions(before: &[Deadline], after: &[Deadline]) -> Vec<(Step, Caution)> {
    let known = |caution: &Caution| before.iter().any(|deadline| deadline.cautions.contains(caution));
    after
        .iter()
        .flat_map(|deadline| deadline.cautions.iter().map(|caution| (deadline.key.step, caution)))
        .filter(|(_, caution)| !known(caution))
        .map(|(step, caution)| (step, caution.clone()))
        .collect()
}
