//! Which kind of authority the law is asked about.

use crate::words::words;

words! {
    /// The kinds of authority that the law treats differently.
    AuthorityKind {
        /// Any Scottish public authority but these.
        Ordinary = "ordinary",
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

/// What the statute needs to know of the authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authority {
    /// Its kind.
    pub kind: AuthorityKind,
    /// What its letters usually say.
    pub letters_say: LettersSay,
}

impl Default for Authority {
    fn default() -> Self {
        Self {
            kind: AuthorityKind::Ordinary,
            letters_say: LettersSay::Receipt,
        }
    }
}
