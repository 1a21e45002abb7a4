//! Which kind of authority the law is asked about, and what it has settled for itself.

use chrono::NaiveDate;

use crate::words::words;

words! {
    /// The kinds of authority that the law treats differently.
    AuthorityKind {
        /// Any Scottish public authority but these.
        Ordinary = "ordinary",
        /// The Keeper of the Records of Scotland: thirty working days for transferred records, ss.10(2), 22.
        Keeper = "keeper",
        /// A grant-aided or registered independent special school, SSI 2016/346. Not a council's school.
        School = "school",
        /// Part of the Scottish Administration, whose decisions the First Minister may certify away, s.52.
        Administration = "administration",
        /// One that s.48 excludes from applications to the Commissioner: the Commissioner, a procurator
        /// fiscal, the Lord Advocate as head of the systems of prosecution and investigation of deaths.
        Excluded = "excluded",
    }
}

words! {
    /// What the authority's letters say of the time to ask for a review, where no letter's date is recorded.
    LettersSay {
        /// Forty working days from receipt of the letter, as most do.
        Receipt = "receipt",
        /// The date of the statute.
        Statute = "statute",
    }
}

/// The days on which a school is "ordinarily open to its pupils for the purpose of their school education".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SchoolDays {
    /// Terms, both ends included.
    pub terms: Vec<(NaiveDate, NaiveDate)>,
    /// Days within a term on which it is closed.
    pub closed: Vec<NaiveDate>,
}

impl SchoolDays {
    /// Whether a day is a school day.
    #[must_use]
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.terms.iter().any(|(from, to)| (*from..=*to).contains(&day)) && !self.closed.contains(&day)
    }

    /// The first and the last day of the terms: of a day outside them nothing is known.
    #[must_use]
    pub fn listed(&self) -> Option<(NaiveDate, NaiveDate)> {
        let first = self.terms.iter().map(|(from, _)| *from).min()?;
        let last = self.terms.iter().map(|(_, to)| *to).max()?;
        Some((first, last))
    }
}

/// What the statute needs to know of the authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Its kind.
    pub kind: AuthorityKind,
    /// What its letters usually say.
    pub letters_say: LettersSay,
    /// Working days a department has where it was given no date.
    pub department_days: u32,
    /// Working days after which an outstanding clarification or fee is asked after.
    pub waiting_days: u32,
    /// A school's days.
    pub school_days: Option<SchoolDays>,
}

impl Default for Authority {
    fn default() -> Self {
        Self {
            kind: AuthorityKind::Ordinary,
            letters_say: LettersSay::Receipt,
            department_days: 10,
            waiting_days: 10,
            school_days: None,
        }
    }
}
