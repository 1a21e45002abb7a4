//! What happened: the entries of the register, the case they fold into, and the chain that shows any change
//! made behind the program's back.
//!
//! Nothing here knows the law. An [`Entry`] is written once and never altered; [`Case::fold`] puts the
//! entries of one case in the order of events, refuses what cannot have happened, and gives the statute
//! typed facts to reckon with.

pub mod chain;
mod corrections;
pub mod entry;
mod facts;
mod fold;

pub use corrections::{Standing, standing};
pub use entry::{Details, Entry, Fact, Kind, Outcome, Reference, Regime};
pub use facts::{
    Act, Answer, Appeal, Application, Case, Dated, Decision, Demand, Errand, Notice, Review, Turn, Turning,
};

/// Why an entry cannot be taken: one plain sentence that says what is wrong and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(String);

impl Refusal {
    /// A refusal in these words.
    pub fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}
