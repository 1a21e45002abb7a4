//! Who is told: the officer of the case, or whoever stands in for them on the day.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Quiet;

/// Days an officer is away, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// The first day away.
    pub from: NaiveDate,
    /// The last day away.
    pub to: NaiveDate,
    /// Who covers this absence, where it is not the usual cover.
    pub cover: Option<String>,
}

/// Somebody who answers requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Officer {
    /// The name cases are given by.
    pub id: String,
    /// As people write it.
    pub name: String,
    /// The mailbox.
    pub email: String,
    /// Who stands in.
    pub cover: Option<String>,
    /// Who is told when neither is there.
    pub manager: Option<String>,
    /// Days away.
    pub away: Vec<Absence>,
    /// Weekdays without a look at the mail.
    pub quiet: Quiet,
    /// The last day here.
    pub left: Option<NaiveDate>,
}

impl Officer {
    fn absence(&self, on: NaiveDate) -> Option<&Absence> {
        self.away
            .iter()
            .find(|absence| (absence.from..=absence.to).contains(&on))
    }

    /// Whether the officer is at work on a day.
    #[must_use]
    pub fn is_here(&self, on: NaiveDate) -> bool {
        self.left.is_none_or(|last| on <= last) && self.absence(on).is_none()
    }

    pub(super) fn told(&self, why: Why) -> Recipient {
        Recipient {
            name: self.name.clone(),
            email: self.email.clone(),
            why,
        }
    }
}

/// Why a mail comes to whom it comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// The case is theirs.
    Owner,
    /// They stand in for the owner, until a day where it is known.
    StandsIn {
        /// The owner's name.
        owner: String,
        /// The owner's last day away.
        until: Option<NaiveDate>,
    },
    /// The case has an owner who cannot be reached, nor anybody in their place.
    NobodyElse {
        /// The owner's name.
        owner: String,
    },
    /// The case has no owner.
    NoOwner,
    /// A copy: whoever was told does not read mail on this weekday.
    QuietDay {
        /// The name of who was told.
        told: String,
    },
    /// A copy: they are the owner's manager.
    Manager {
        /// The owner's name.
        owner: String,
    },
    /// A copy: they stand in for the owner's manager.
    ForManager {
        /// The owner's name.
        owner: String,
        /// The manager's name; none where the owner has no manager.
        manager: Option<String>,
    },
}

/// Why nobody who is active has a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unowned {
    /// It was never given to anybody.
    NoOfficer,
    /// It was given to somebody whom the configuration does not name.
    Unknown {
        /// The name it was given by.
        id: String,
    },
    /// Its officer has left.
    Left {
        /// The officer's name.
        name: String,
        /// The officer's last day here.
        last: NaiveDate,
    },
}

/// Who is told, and why they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// An officer's name, or the team's mailbox.
    pub name: String,
    /// The mailbox.
    pub email: String,
    /// Why they.
    pub why: Why,
}

/// The officers and the mailbox of last resort.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    /// The officers.
    pub officers: Vec<Officer>,
    /// The team's mailbox: for a case that nobody else can be told of.
    pub team: Option<String>,
}

impl People {
    /// How many managers there are above the officer of a mailbox; none above any other.
    #[must_use]
    pub fn above(&self, email: &str) -> usize {
        let mut at = self.officer_of(email);
        // Two who are each other's managers have as many above them as there are officers.
        (0..self.officers.len())
            .take_while(|_| {
                at = at.and_then(|officer| self.officer(officer.manager.as_deref()?));
                at.is_some()
            })
            .count()
    }

    /// Whether a mailbox is that of an officer whose quiet day it is.
    #[must_use]
    pub fn is_quiet(&self, email: &str, on: NaiveDate) -> bool {
        self.officer_of(email).is_some_and(|officer| officer.quiet.contains(on))
    }

    /// The officer of a mailbox.
    #[must_use]
    pub fn officer_of(&self, email: &str) -> Option<&Officer> {
        self.officers.iter().find(|officer| officer.email == email)
    }

    /// The officer of a name.
    #[must_use]
    pub fn officer(&self, id: &str) -> Option<&Officer> {
        self.officers.iter().find(|officer| officer.id == id)
    }

    /// The officers whom people may mean by an id, a name or an address, whatever its case, spaces and stops; by an id
    /// written exactly, that one alone.
    #[must_use]
    pub fn called(&self, word: &str) -> Vec<&Officer> {
        if let Some(exact) = self.officer(word) {
            return vec![exact];
        }
        let bare = |text: &str| -> String {
            let letters = text.chars().filter(|c| c.is_alphanumeric() || *c == '@');
            letters.flat_map(char::to_lowercase).collect()
        };
        let wanted = bare(word);
        let is_meant = |one: &&Officer| {
            [&one.id, &one.name, &one.email]
                .into_iter()
                .any(|name| bare(name) == wanted)
        };
        self.officers.iter().filter(is_meant).collect()
    }

    /// Who is to be told of an owner's case on a day: the owner, else the cover of that absence or the usual
    /// one, else the manager, else the team. `unreachable` says of a mailbox that it refused mail that day.
    #[must_use]
    pub fn recipient(
        &self,
        owner: Option<&str>,
        on: NaiveDate,
        unreachable: impl Fn(&str) -> bool,
    ) -> Option<Recipient> {
        let known = owner.and_then(|id| self.officer(id));
        let found = known.and_then(|owner| {
            let reader = self.reader(owner, on, &unreachable)?;
            Some((owner, reader))
        });
        if let Some((owner, reader)) = found {
            let why = match owner.id == reader.id {
                true => Why::Owner,
                false => Why::StandsIn {
                    owner: owner.name.clone(),
                    until: owner.absence(on).map(|absence| absence.to),
                },
            };
            return Some(reader.told(why));
        }
        let why = match owner {
            Some(id) => Why::NobodyElse {
                owner: known.map_or(id, |officer| &officer.name).to_owned(),
            },
            None => Why::NoOwner,
        };
        self.team(why, unreachable)
    }

    /// An officer on a day, or the first of those in their place who is there and can be reached.
    pub(super) fn reader<'a>(
        &'a self,
        officer: &'a Officer,
        on: NaiveDate,
        unreachable: impl Fn(&str) -> bool,
    ) -> Option<&'a Officer> {
        let reachable = |officer: &&Officer| officer.is_here(on) && !unreachable(&officer.email);
        std::iter::once(officer)
            .chain(self.stand_ins(officer, on))
            .find(reachable)
    }

    /// Those in an officer's place on a day, there or not: the cover of that absence, the usual one, the manager.
    pub(super) fn stand_ins<'a>(&'a self, officer: &'a Officer, on: NaiveDate) -> impl Iterator<Item = &'a Officer> {
        let own = officer.absence(on).and_then(|absence| absence.cover.as_ref());
        let named = [own, officer.cover.as_ref(), officer.manager.as_ref()];
        named.into_iter().flatten().filter_map(|id| self.officer(id))
    }

    /// The team's mailbox, where there is one that can be reached.
    pub(super) fn team(&self, why: Why, unreachable: impl Fn(&str) -> bool) -> Option<Recipient> {
        let team = self.team.as_ref().filter(|team| !unreachable(team))?;
        Some(Recipient {
            name: "FOI team".to_owned(),
            email: team.clone(),
            why,
        })
    }

    /// Why nobody who is active has a case of an owner on a day; nothing where somebody has. Whoever is only away
    /// is active.
    #[must_use]
    pub fn unowned(&self, owner: Option<&str>, on: NaiveDate) -> Option<Unowned> {
        let Some(id) = owner else {
            // Where no officers are named, the team has every case.
            return (!self.officers.is_empty()).then_some(Unowned::NoOfficer);
        };
        let Some(officer) = self.officer(id) else {
            return Some(Unowned::Unknown { id: id.to_owned() });
        };
        let last = officer.left.filter(|last| *last < on)?;
        Some(Unowned::Left {
            name: officer.name.clone(),
            last,
        })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// `ID COVER MANAGER`, a `-` for none.
    fn officer(text: &str) -> Officer {
        let words: Vec<&str> = text.split(' ').collect();
        let named = |word: &str| (word != "-").then(|| word.to_owned());
        Officer {
            id: words[0].to_owned(),
            name: words[0].to_uppercase(),
            email: words[0].to_owned(),
            cover: named(words[1]),
            manager: named(words[2]),
            away: Vec::new(),
            quiet: Quiet::default(),
            left: None,
        }
    }

    /// An owner with a cover and a manager, somebody for one absence, and somebody who knows nobody.
    fn people(away: &[&str]) -> People {
        let mut officers: Vec<Officer> = [
            "owner cover manager",
            "cover - -",
            "manager - -",
            "other - -",
            "alone - -",
        ]
        .into_iter()
        .map(officer)
        .collect();
        for one in away {
            // `ID`, `ID left`, or `ID COVER`, who covers that absence.
            let (id, how) = one.split_once(' ').unwrap_or((one, ""));
            let found = officers.iter_mut().find(|officer| officer.id == id).unwrap();
            if how == "left" {
                found.left = Some(day("2026-11-15"));
                continue;
            }
            found.away.push(Absence {
                from: day("2026-11-16"),
                to: day("2026-11-20"),
                cover: (!how.is_empty()).then(|| how.to_owned()),
            });
        }
        People {
            officers,
            team: Some("team".to_owned()),
        }
    }

    #[rstest]
    #[case(Some("owner"), &[], &[], "owner Owner")]
    #[case(Some("owner"), &["cover", "manager"], &[], "owner Owner")]
    #[case(Some("owner"), &["owner"], &[], "cover StandsIn 2026-11-20")]
    #[case(Some("owner"), &["owner other"], &[], "other StandsIn 2026-11-20")]
    #[case(Some("owner"), &["owner other", "other"], &[], "cover StandsIn 2026-11-20")]
    #[case(Some("owner"), &["owner", "cover"], &[], "manager StandsIn 2026-11-20")]
    #[case(Some("owner"), &["owner", "cover left"], &[], "manager StandsIn 2026-11-20")]
    #[case(Some("owner"), &["owner", "cover", "manager"], &[], "team NobodyElse OWNER")]
    #[case(Some("owner"), &["owner left"], &[], "cover StandsIn")]
    #[case(Some("owner"), &["owner left", "cover", "manager left"], &[], "team NobodyElse OWNER")]
    #[case(Some("owner"), &[], &["owner"], "cover StandsIn")]
    #[case(Some("owner"), &[], &["owner", "cover"], "manager StandsIn")]
    #[case(Some("owner"), &["owner other"], &["other"], "cover StandsIn 2026-11-20")]
    #[case(Some("owner"), &["cover"], &["owner"], "manager StandsIn")]
    #[case(Some("owner"), &[], &["owner", "cover", "manager"], "team NobodyElse OWNER")]
    #[case(Some("owner"), &[], &["owner", "cover", "manager", "team"], "nobody")]
    #[case(Some("alone"), &["alone"], &[], "team NobodyElse ALONE")]
    #[case(Some("gone"), &[], &[], "team NobodyElse gone")]
    #[case(None, &[], &[], "team NoOwner")]
    #[case(None, &[], &["team"], "nobody")]
    fn whoever_is_there_and_can_be_reached_is_told(
        #[case] owner: Option<&str>,
        #[case] away: &[&str],
        #[case] unreachable: &[&str],
        #[case] expected: &str,
    ) {
        let refuses = |email: &str| unreachable.contains(&email);
        let found = people(away).recipient(owner, day("2026-11-17"), refuses);
        let words = found.map_or("nobody".to_owned(), |recipient| {
            let why = match recipient.why {
                Why::Owner => "Owner".to_owned(),
                Why::StandsIn { until: Some(day), .. } => format!("StandsIn {day}"),
                Why::StandsIn { until: None, .. } => "StandsIn".to_owned(),
                Why::NobodyElse { owner } => format!("NobodyElse {owner}"),
                Why::NoOwner => "NoOwner".to_owned(),
                copy => format!("{copy:?}"),
            };
            format!("{} {why}", recipient.email)
        });
        assert_eq!(words, expected);
    }

    #[rstest]
    #[case(None, "2026-11-17", "NoOfficer")]
    #[case(Some("gone"), "2026-11-17", "Unknown { id: \"gone\" }")]
    #[case(Some("cover"), "2026-11-16", "Left { name: \"COVER\", last: 2026-11-15 }")]
    #[case(Some("cover"), "2026-11-15", "somebody")]
    #[case(Some("owner"), "2026-11-17", "somebody")]
    #[case(Some("alone"), "2026-11-17", "somebody")]
    fn a_case_of_nobody_who_is_active_says_why(#[case] owner: Option<&str>, #[case] on: &str, #[case] expected: &str) {
        let found = people(&["owner", "cover left"]).unowned(owner, day(on));
        assert_eq!(found.map_or("somebody".to_owned(), |why| format!("{why:?}")), expected);
    }

    #[test]
    fn an_absence_and_a_last_day_have_both_their_ends() {
        let people = people(&["owner", "cover left"]);
        let here = |id: &str, on: &str| people.officer(id).unwrap().is_here(day(on));
        assert!(here("owner", "2026-11-15") && !here("owner", "2026-11-16"));
        assert!(!here("owner", "2026-11-20") && here("owner", "2026-11-21"));
        assert!(here("cover", "2026-11-15") && !here("cover", "2026-11-16"));
    }
}
