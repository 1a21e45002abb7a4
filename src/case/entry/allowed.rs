//! What may be said of what happened.

use super::{Kind, Outcome};

/// What an entry of a kind may say.
pub(super) fn details(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Received => &[
            "received",
            "posted",
            "regime",
            "officer",
            "department",
            "subject",
            "keeper-record",
            "first-received",
        ],
        Kind::Acknowledged | Kind::Diary | Kind::CourtOutcome => &["due"],
        Kind::MadeValid | Kind::Applied => &["received", "posted"],
        Kind::SentToDepartment => &["due", "department"],
        Kind::ClarificationSought => &["outcome", "regime"],
        Kind::ClarificationReceived | Kind::FeePaid | Kind::AnsweredInPart => &["received", "posted", "regime"],
        Kind::FeesNotice => &["received", "posted", "due", "regime"],
        Kind::Extended => &["received", "posted", "due"],
        Kind::Responded => &["received", "posted", "due", "outcome", "exemptions", "regime"],
        Kind::ReviewRequired => &["received", "posted", "regime", "outcome"],
        Kind::ReviewWithdrawn => &["regime"],
        Kind::ReviewRefused => &["received", "posted", "due", "outcome", "regime"],
        Kind::ReviewOutcome => &["received", "posted", "due", "outcome", "exemptions", "regime"],
        Kind::CommissionerNotice => &["received", "posted", "due", "outcome"],
        Kind::Decision => &["received", "posted", "due"],
        Kind::ApplicationEnded | Kind::CourtAppeal | Kind::Closed => &["outcome"],
        Kind::Reassigned => &["officer"],
        Kind::RegimeChanged => &["regime"],
        _ => &[],
    }
}

/// The outcomes an entry of a kind may have.
pub(super) fn outcomes(kind: Kind) -> &'static [Outcome] {
    match kind {
        Kind::Responded => &[
            Outcome::Full,
            Outcome::Part,
            Outcome::Refused,
            Outcome::Cost,
            Outcome::Vexatious,
            Outcome::Repeated,
            Outcome::ManifestlyUnreasonable,
            Outcome::NotHeld,
            Outcome::Ncnd,
        ],
        Kind::ReviewOutcome => &[
            Outcome::Upheld,
            Outcome::Part,
            Outcome::Substituted,
            Outcome::FirstDecision,
            Outcome::Compliant,
            Outcome::Remedied,
        ],
        Kind::ReviewRefused => &[Outcome::S218, Outcome::OutOfTime, Outcome::Invalid],
        Kind::ReviewRequired => &[Outcome::S224],
        Kind::ClarificationSought => &[Outcome::NotNeeded],
        Kind::CommissionerNotice => &[Outcome::Comments, Outcome::Information, Outcome::Enforcement],
        Kind::ApplicationEnded => &[
            Outcome::ApplicationWithdrawn,
            Outcome::Settled,
            Outcome::Abandoned,
            Outcome::Invalid,
            Outcome::Frivolous,
        ],
        Kind::CourtAppeal => &[Outcome::ByAuthority, Outcome::ByApplicant, Outcome::Partial],
        Kind::Closed => &[Outcome::Unclarified, Outcome::FeeUnpaid, Outcome::Done],
        _ => &[],
    }
}
