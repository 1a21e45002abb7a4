//! What each step is called. Every match here is exhaustive, so that a new step asks for its words.

use super::chase::asked;
use crate::case::{Case, Kind, Outcome, Regime};
use crate::statute::{Actor, Deadline, Step};

/// A step in a listing and in a mail's line.
#[must_use]
pub fn step_name(step: Step) -> &'static str {
    match step {
        Step::Response => "answer",
        Step::ReviewWindow => "review window",
        Step::ReviewOutcome => "review",
        Step::CommissionerWindow => "application window",
        Step::CommissionerDecision => "decision",
        Step::CourtWindow => "appeal",
        Step::ExtensionNotice => "extension",
        Step::Department => "department",
        Step::Waiting => "close or chase",
        Step::FeePayment => "payment",
        Step::CommissionerNotice => "Commissioner's notice",
        Step::Compliance => "compliance",
        Step::Publication => "publication",
        Step::Diary => "diary",
    }
}

/// A step at the head of its explanation.
pub(super) fn title(deadline: &Deadline) -> String {
    let name = match deadline.key.step {
        Step::Response => "Answer",
        Step::ReviewWindow => "Review",
        Step::ReviewOutcome => "Review outcome",
        Step::CommissionerWindow => "Application",
        Step::CommissionerDecision => "Decision",
        Step::CourtWindow => "Appeal",
        Step::ExtensionNotice => "Extension",
        Step::Department => "Department",
        Step::Waiting => "Waiting",
        Step::FeePayment => "Payment",
        Step::CommissionerNotice => "Commissioner's notice",
        Step::Compliance => "Compliance",
        Step::Publication => "Publication",
        Step::Diary => "Diary",
    };
    match deadline.occurrence {
        0 | 1 => name.to_owned(),
        again => format!("{name} {again}"),
    }
}

/// What must or may be done, as the subject of a sentence about it: `answer`, `EIRs answer`.
pub(super) fn noun(deadline: &Deadline, case: &Case) -> String {
    let name = match deadline.key.step {
        Step::Response => "answer",
        Step::ReviewOutcome => "review outcome",
        Step::ReviewWindow => "requirement for review",
        Step::CommissionerWindow => "application to the Commissioner",
        Step::CommissionerDecision => "Commissioner's decision",
        Step::CourtWindow => "appeal to the Court of Session",
        Step::ExtensionNotice => "notice of an extension",
        Step::Department => "department's reply",
        Step::Waiting => "decision to close or chase",
        Step::FeePayment => "payment of the fee",
        Step::CommissionerNotice => match asked(case, deadline) {
            Outcome::Information => "answer to the information notice",
            Outcome::Enforcement => "compliance with the enforcement notice",
            _ => "answer to the Commissioner's request for comments",
        },
        Step::Compliance => "compliance with the decision",
        Step::Publication => "publication",
        Step::Diary => "diary date",
    };
    // Of one letter under two laws, a reader must know which part is meant.
    match (case.regime, deadline.key.regime) {
        (Regime::Both, Regime::Eirs) => format!("EIRs {name}"),
        (Regime::Both, _) if deadline.key.step == Step::Response => format!("FOISA {name}"),
        _ => name.to_owned(),
    }
}

/// A right as something somebody does: `require a review`.
pub(super) fn right(step: Step) -> &'static str {
    match step {
        Step::Response => "answer",
        Step::ReviewWindow => "require a review",
        Step::ReviewOutcome => "answer the review",
        Step::CommissionerWindow => "apply to the Commissioner",
        Step::CommissionerDecision => "decide",
        Step::CourtWindow => "appeal to the Court of Session",
        Step::ExtensionNotice => "notify an extension",
        Step::Department => "reply",
        Step::Waiting => "close or chase",
        Step::FeePayment => "pay the fee",
        Step::CommissionerNotice => "answer the Commissioner",
        Step::Compliance => "comply",
        Step::Publication => "publish",
        Step::Diary => "act",
    }
}

/// How it is said that a step was done.
pub(super) fn done(step: Step) -> &'static str {
    match step {
        Step::Response => "Answered",
        Step::ReviewWindow => "Required",
        Step::ReviewOutcome => "Outcome given",
        Step::CommissionerWindow => "Applied",
        Step::CommissionerDecision => "Decided",
        Step::CourtWindow => "Appealed",
        Step::ExtensionNotice => "Notified",
        Step::Department => "Replied",
        Step::FeePayment => "Paid",
        Step::CommissionerNotice | Step::Compliance => "Complied",
        Step::Waiting | Step::Publication | Step::Diary => "Done",
    }
}

/// What started the clock of a step, as the first row of its reckoning.
pub(super) fn start(deadline: &Deadline) -> &'static str {
    match (deadline.key.step, deadline.from.kind) {
        // A window for want of an answer or an outcome hangs on what was asked, and runs from the end of its time.
        (Step::ReviewWindow, Kind::Responded) => "answer received",
        (Step::ReviewWindow, Kind::FeesNotice) => "notice received",
        (Step::ReviewWindow, _) | (Step::CommissionerWindow, Kind::ReviewRequired) => "time expires",
        (Step::CommissionerWindow, _) => "outcome received",
        (Step::Response, Kind::ClarificationReceived) => "clarified",
        (Step::Response, Kind::MadeValid) => "made valid",
        (Step::Response | Step::ReviewOutcome | Step::CommissionerDecision, _) => "received",
        (Step::ExtensionNotice, _) => "received",
        (Step::Department | Step::Waiting, _) => "asked",
        (Step::FeePayment, _) => "sent",
        (Step::CommissionerNotice | Step::Compliance, _) => "given",
        (Step::Publication, _) => "made",
        (Step::Diary, _) => "noted",
        (Step::CourtWindow, _) => "intimated",
    }
}

/// Whose a deadline is, as the subject of a sentence.
pub(super) fn actor(actor: Actor) -> &'static str {
    match actor {
        Actor::Authority => "the authority",
        Actor::Applicant => "the applicant",
        Actor::Commissioner => "the Commissioner",
    }
}
