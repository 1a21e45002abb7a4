//! What an officer must know of a day that is not the applicant's answer: a department to chase, a file to close,
//! a notice of the Commissioner, a decision to comply with, a promise to publish, a note of their own.

use super::block::Scene;
use super::plain::one_line;
use super::view::Part;
use crate::case::{Case, Kind, Outcome};
use crate::statute::{Caution, Concern, Deadline, Standing, State, Step};

/// Who must find the information, as the register names them.
pub(super) fn department_name(case: &Case) -> String {
    let name = case.department.as_deref().map(one_line);
    name.filter(|name| !name.is_empty())
        .unwrap_or_else(|| "the department".to_owned())
}

/// What a notice of the Commissioner asks for.
pub(super) fn asked(case: &Case, deadline: &Deadline) -> Outcome {
    let demands = case.applications.iter().flat_map(|application| &application.demands);
    let mut fitting = demands.filter(|demand| demand.act.seq == deadline.key.entry);
    fitting.next().map_or(Outcome::Comments, |demand| demand.asks)
}

/// What happened and is not answered for, as the end of a sentence: `clarification asked for on … has not come`.
pub(super) fn outstanding(scene: &Scene<'_>, deadline: &Deadline) -> String {
    let on = scene.near(deadline.from.on);
    match deadline.from.kind {
        Kind::FeesNotice => format!("the fee asked for on {on} is not paid"),
        _ => format!("clarification was asked for on {on} and has not come"),
    }
}

pub(super) fn department(scene: &Scene<'_>, deadline: &Deadline) -> Vec<Part> {
    let from = department_name(&scene.block.case);
    let answers = scene.deadlines.iter().filter(|one| one.key.step == Step::Response);
    let answer = answers.filter_map(|one| one.work_to.or(one.due)).min();
    let answer = answer.map_or(String::new(), |day| {
        let work_to = if day < scene.today { "was due" } else { "is due" };
        format!(
            " The applicant's answer {work_to} on {}, whatever they send.",
            scene.near(day)
        )
    });
    vec![
        Part::Said(format!(
            "Nothing is recorded from {from} since you asked on {}: chase them.{answer}",
            scene.near(deadline.from.on)
        )),
        Part::Command {
            lead: "When they have replied:".to_owned(),
            line: scene.record(Kind::DepartmentReplied, "--on DATE"),
        },
    ]
}

/// A request that is not valid: nothing runs, and nothing else would bring it back to mind.
fn not_valid(scene: &Scene<'_>) -> Vec<Part> {
    vec![
        Part::Said(
            "No time to answer runs until the request is valid (s.8). Advise and assist the applicant (s.15), or close the \
             file."
                .to_owned(),
        ),
        Part::Command {
            lead: "If it was made valid:".to_owned(),
            line: scene.record(Kind::MadeValid, "--on DATE"),
        },
        Part::Command {
            lead: "To close it:".to_owned(),
            line: scene.record(Kind::Closed, "--on DATE"),
        },
    ]
}

/// The day of the answer if the demand for clarification was not reasonable: the clock before it never stopped
/// (RULE 2.1).
fn if_not_needed(scene: &Scene<'_>) -> String {
    let waits = |one: &&&Deadline| one.key.step == Step::Response && one.state == State::Suspended;
    let answer = scene.deadlines.iter().find(waits);
    let disputed = |caution: &&Caution| caution.concern == Concern::Dispute && caution.date.is_some();
    // Of several demands the last stopped the clock that the answer to the one before it had started.
    let last = answer.and_then(|answer| answer.cautions.iter().rfind(disputed)?.date);
    last.map_or(String::new(), |last| {
        let is = if last < scene.today { "was" } else { "is" };
        format!(
            " If you had no need to ask, the answer {is} due on {} all the same.",
            scene.near(last)
        )
    })
}

/// Clarification or a fee is outstanding.
pub(super) fn waiting(scene: &Scene<'_>, deadline: &Deadline) -> Vec<Part> {
    if deadline.from.kind == Kind::NotValid {
        return not_valid(scene);
    }
    let is_fee = deadline.from.kind == Kind::FeesNotice;
    let payments = scene.deadlines.iter().filter(|one| one.key.step == Step::FeePayment);
    let last = payments.filter_map(|one| one.due).max().filter(|_| is_fee);
    let what = match last {
        Some(last) if last < scene.today => format!(
            "The last day to pay was {}, so the request need not be answered: close the file.",
            scene.near(last)
        ),
        Some(last) => format!(
            "The applicant may pay until {}; until then no time to answer runs. Remind the applicant, or wait; close \
             the file only after that day.",
            scene.near(last)
        ),
        None if is_fee => "Remind the applicant, or close the file.".to_owned(),
        None => format!(
            "No time to answer runs until it comes, and the law sets no day for that: close the file, or ask again.{}",
            if_not_needed(scene)
        ),
    };
    let outcome = if is_fee { "fee-unpaid" } else { "unclarified" };
    let came = if is_fee {
        Kind::FeePaid
    } else {
        Kind::ClarificationReceived
    };
    vec![
        Part::Said(what),
        Part::Command {
            lead: "To close it:".to_owned(),
            line: scene.record(Kind::Closed, &format!("--on DATE --outcome {outcome}")),
        },
        Part::Command {
            lead: "If it has come:".to_owned(),
            line: scene.record(came, "--on DATE"),
        },
    ]
}

const COMMENTS: &str = "The Commissioner has been applied to and invites your comments (s.49(3)(a)). The date is the \
                        Commissioner's own: only the Commissioner can give more time, so ask before it passes.";

const INFORMATION: &str = "This is an information notice (s.50): give the Commissioner what it asks for by its own date. \
                           You may appeal on a point of law (s.56); a failure to comply can be certified to the Court \
                           of Session (s.53).";

const ENFORCEMENT: &str = "This is an enforcement notice (s.51): take the steps it names by its own date. You may appeal \
                           on a point of law (s.56); a failure to comply can be certified to the Court of Session (s.53).";

pub(super) fn commissioner_notice(scene: &Scene<'_>, deadline: &Deadline) -> Vec<Part> {
    let rule = match asked(&scene.block.case, deadline) {
        Outcome::Information => INFORMATION,
        Outcome::Enforcement => ENFORCEMENT,
        _ => COMMENTS,
    };
    let lead = match asked(&scene.block.case, deadline) {
        Outcome::Enforcement => "When it is done:",
        _ => "When it has gone:",
    };
    done_with(scene, Part::Rule(rule), lead)
}

pub(super) fn compliance(scene: &Scene<'_>, deadline: &Deadline) -> Vec<Part> {
    let rule = if deadline.standing(scene.today) == Standing::Overdue {
        "Take the steps that the decision notice names at once, and tell the Commissioner: the failure can be certified \
         to the Court of Session, which may deal with it as a contempt (s.53)."
    } else {
        "Take the steps that the decision notice names by its own date. A failure can be certified to the Court of \
         Session, which may deal with it as a contempt (s.53). Where the step is a new review outcome, record \
         review-outcome."
    };
    done_with(scene, Part::Rule(rule), "When it is done:")
}

fn done_with(scene: &Scene<'_>, rule: Part, lead: &str) -> Vec<Part> {
    vec![
        rule,
        Part::Command {
            lead: lead.to_owned(),
            line: scene.record(Kind::Complied, "--on DATE"),
        },
    ]
}

pub(super) fn publication(scene: &Scene<'_>) -> Vec<Part> {
    let rule = "The answer relied on s.27(1): the information is to be published not later than twelve weeks after the \
                request was made. Publish it, or write to the applicant: without publication the exemption falls.";
    vec![
        Part::Rule(rule),
        Part::Command {
            lead: "When it is published, say where:".to_owned(),
            line: scene.record(Kind::Note, "--on DATE --note TEXT"),
        },
    ]
}

/// What an officer noted stays in the register, which keeps it out of mails.
pub(super) fn diary(scene: &Scene<'_>, deadline: &Deadline) -> Vec<Part> {
    vec![Part::Said(format!(
        "You set this date on {}; timeous show tells what was noted with it.",
        scene.near(deadline.from.on)
    ))]
}
