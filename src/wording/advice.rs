//! What an officer must know to act on a line without opening anything else: what stops no clock, what is
//! still lawful, what the notice must contain, the dated sentence to paste, and the line that records it.

use chrono::NaiveDate;

use super::block::Scene;
use super::chase;
use super::course;
use super::plain::choice;
use super::view::Part;
use crate::case::{Kind, Regime};
use crate::clock::in_full;
use crate::reminders::digest::Line;
use crate::statute::{Actor, Deadline, FORTY, SIX_MONTHS, Standing, Step, TWENTY};

/// What to do about a line.
pub(super) fn parts(scene: &Scene<'_>, line: &Line) -> Vec<Part> {
    let deadline = &line.deadline;
    match deadline.key.step {
        Step::Response => answer(scene, deadline),
        Step::ReviewOutcome => review(scene, deadline),
        Step::CourtWindow => appeal(scene, deadline),
        // The applicant's and the Commissioner's, and a power: nothing for the authority to do.
        Step::ReviewWindow
        | Step::CommissionerWindow
        | Step::CommissionerDecision
        | Step::FeePayment
        | Step::ExtensionNotice => Vec::new(),
        Step::Department => chase::department(scene, deadline),
        Step::Waiting => chase::waiting(scene, deadline),
        Step::CommissionerNotice => chase::commissioner_notice(scene, deadline),
        Step::Compliance => chase::compliance(scene, deadline),
        Step::Publication => chase::publication(scene),
        Step::Diary => chase::diary(scene, deadline),
    }
}

fn answer(scene: &Scene<'_>, deadline: &Deadline) -> Vec<Part> {
    let clock = if deadline.standing(scene.today) == Standing::Overdue {
        late_answer(scene, deadline)
    } else {
        still_lawful(scene, deadline)
    };
    let refusal = match (deadline.key.regime, scene.excluded) {
        (Regime::Eirs, true) => {
            "A refusal must be in writing, name the exception and why it applies (reg 13), and tell of the right to a \
             review (reg 16). No application can be made to the Commissioner about a review by this authority (s.48)."
        }
        (_, true) => {
            "A refusal must name the exemption and why it applies (s.16); it, and a notice that nothing is held (s.17), \
             must tell of your review procedure and of the right to a review (s.19). No application can be made to the \
             Commissioner about a review by this authority (s.48)."
        }
        (Regime::Eirs, false) => {
            "A refusal must be in writing, name the exception and why it applies (reg 13), and tell of the rights to a \
             review (reg 16) and to apply to the Commissioner (reg 17)."
        }
        (_, false) => {
            "A refusal must name the exemption and why it applies (s.16); it, and a notice that nothing is held (s.17), \
             must tell of your review procedure and of the rights to a review and to apply to the Commissioner (s.19)."
        }
    };
    let moved = course::told(&scene.block.case, deadline, |day| scene.near(day)).map(Part::Said);
    let parts = [
        Part::Said(clock),
        Part::Rule(refusal),
        Part::Said(review_paragraph(scene, deadline)),
        Part::Command {
            lead: "When it has gone:".to_owned(),
            line: scene.record(Kind::Responded, &on_date(scene, deadline)),
        },
    ];
    moved.into_iter().chain(parts).collect()
}

/// The dated sentence for the answer. Under the Act an answer in time, however early, leaves the applicant
/// until forty working days after the end of the twenty; otherwise the forty run from its receipt.
fn review_paragraph(scene: &Scene<'_>, deadline: &Deadline) -> String {
    let in_time = deadline.standing(scene.today) != Standing::Overdue;
    let (lead, last) = match (deadline.key.regime, deadline.due) {
        (Regime::Foisa | Regime::Both, Some(due)) if in_time => {
            let window = window(scene, Step::ReviewWindow, deadline).and_then(|window| window.due);
            let last = window.unwrap_or_else(|| scene.days.calendar.reckon(due, FORTY).through);
            ("To paste", last)
        }
        _ => (
            "To paste, if you e-mail it today",
            scene.days.calendar.reckon(scene.today, FORTY).through,
        ),
    };
    paste(lead, "You may ask us to review this decision until", last)
}

fn paste(lead: &str, words: &str, last: NaiveDate) -> String {
    format!("{lead}: \"{words} {}\".", in_full(last))
}

/// What a duty to answer that still runs leaves open to the authority, and until when.
fn still_lawful(scene: &Scene<'_>, deadline: &Deadline) -> String {
    const NO_STOP: &str = "An acknowledgement or a holding letter does not stop the clock";
    let safe = deadline.work_to.filter(|day| *day >= scene.today).or(deadline.due);
    let Some(last) = safe else {
        return format!("{NO_STOP}.");
    };
    let eirs = deadline.key.regime == Regime::Eirs;
    let twentieth = scene.days.calendar.reckon(deadline.from.on, TWENTY).through;
    let mut open = Vec::new();
    if !eirs {
        open.push("ask for clarification (s.1(3))");
        open.push("give a fees notice (s.9)");
    } else {
        if scene.today <= twentieth {
            open.push("ask for clarification (reg 9)");
        }
        open.push("ask for a charge in advance (reg 8)");
        // A time that no longer ends on the twentieth day has been extended, and can be only once.
        if deadline.due == Some(twentieth) {
            open.push("extend the time by up to 20 working days for volume and complexity (reg 7)");
        }
    }
    let open: Vec<String> = open.into_iter().map(str::to_owned).collect();
    let until = if last == scene.today {
        "today".to_owned()
    } else {
        format!("until {}", scene.near(last))
    };
    format!("{NO_STOP}; {until} you may still {}.", choice(&open))
}

/// What being late means: what the applicant may do already, and what no longer helps.
fn late_answer(scene: &Scene<'_>, deadline: &Deadline) -> String {
    let eirs = deadline.key.regime == Regime::Eirs;
    let rights = window(scene, Step::ReviewWindow, deadline).and_then(|window| {
        let last = scene.near(window.work_to.or(window.due)?);
        Some(match (window.acted_on, window.standing(scene.today)) {
            (Some(required), _) if eirs => format!("a review was asked for on {}", scene.near(required)),
            (Some(required), _) => format!(
                "a review was required on {}, so ask yourself first whether what you send is its outcome (s.21(4)(c))",
                scene.near(required)
            ),
            (None, Standing::OutOfTime) => format!(
                "the time to require a review of your silence ended on {last}, and an answer now opens it again for 40 \
                 working days from its receipt"
            ),
            (None, _) => format!(
                "the applicant may already require a review (until {last} if you never answer; an answer now gives them \
                 40 working days from its receipt)"
            ),
        })
    });
    let at_once = rights.map_or("Answer at once.".to_owned(), |rights| {
        format!("Answer at once: {rights}.")
    });
    let no_cure = if eirs {
        "A clarification asked, a charge asked or an extension notified now cannot cure the lateness."
    } else {
        "A clarification asked or a fees notice given now cannot cure the lateness."
    };
    format!("{at_once} {no_cure}")
}

fn review(scene: &Scene<'_>, deadline: &Deadline) -> Vec<Part> {
    let eirs = deadline.key.regime == Regime::Eirs;
    let window = window(scene, Step::CommissionerWindow, deadline);
    let clock = if deadline.standing(scene.today) == Standing::Overdue {
        Part::Said(late_review(scene, window))
    } else {
        Part::Rule(
            "Nothing stops or lengthens this clock: no clarification, no fees notice or charge, no extension, no \
             holding letter.",
        )
    };
    let notice = match (eirs, scene.excluded) {
        (true, true) => {
            "Tell the applicant what you decided; where you find that you did not comply, put it right at once (reg \
             16(5)). No application can be made to the Commissioner about a review by this authority (s.48)."
        }
        (false, true) => {
            "The notice must be in writing and say what you decided and why (s.21(5)). No application can be made to the \
             Commissioner about a review by this authority (s.48). A notice that you will not review (s.21(9)) is due by \
             the same day."
        }
        (true, false) => {
            "Tell the applicant what you decided and of the right to apply to the Commissioner (reg 17); where you find \
             that you did not comply, put it right at once (reg 16(5))."
        }
        (false, false) => {
            "The notice must be in writing, say what you decided and why (s.21(5)), and tell of the rights to apply to \
             the Commissioner and to appeal to the Court of Session (s.21(10)). A notice that you will not review \
             (s.21(9)) is due by the same day."
        }
    };
    let last = scene.days.calendar.reckon(scene.today, SIX_MONTHS).through;
    let words = "You may apply to the Scottish Information Commissioner until";
    let apply = window
        .filter(|_| !scene.excluded)
        .map(|_| Part::Said(paste("To paste, if you e-mail it today", words, last)));
    let record = Part::Command {
        lead: "When it has gone:".to_owned(),
        line: scene.record(Kind::ReviewOutcome, "--on DATE"),
    };
    [clock, Part::Rule(notice)]
        .into_iter()
        .chain(apply)
        .chain([record])
        .collect()
}

fn late_review(scene: &Scene<'_>, window: Option<&Deadline>) -> String {
    let rights = window.and_then(|window| {
        let last = scene.near(window.work_to.or(window.due)?);
        Some(match (window.acted_on, window.standing(scene.today)) {
            (Some(applied), _) => {
                format!("the applicant applied to the Commissioner on {}, and it is still owed", scene.near(applied))
            }
            (None, Standing::OutOfTime) => format!(
                "the time to apply to the Commissioner for want of it ended on {last}, and an outcome now opens it again \
                 for six months from its receipt"
            ),
            (None, _) => format!(
                "the applicant may already apply to the Commissioner (until {last} if you never send it; an outcome now \
                 gives them six months from its receipt)"
            ),
        })
    });
    let rights = rights.map_or(String::new(), |rights| format!(": {rights}"));
    format!("Send the outcome at once{rights}. Nothing you ask for now can cure the lateness.")
}

fn appeal(scene: &Scene<'_>, deadline: &Deadline) -> Vec<Part> {
    if deadline.standing(scene.today) == Standing::OutOfTime {
        let rule = "Comply with the decision notice by the date it gives. The court may excuse a failure to keep the \
                    time (r.2.1); do not rely on it.";
        return vec![Part::Rule(rule)];
    }
    let rule = "An appeal is on a point of law only (s.56) and must be lodged within 42 days, weekends and holidays \
                counted. If you do not appeal, comply by the date the decision notice gives, which cannot be before the \
                time to appeal ends (s.49(6)).";
    vec![
        Part::Rule(rule),
        Part::Command {
            lead: "When it has been lodged:".to_owned(),
            line: scene.record(Kind::CourtAppeal, "--on DATE --outcome authority"),
        },
    ]
}

/// The applicant's window that hangs on the same entry as a duty. Both regimes may share the one to the
/// Commissioner, so that its own is only preferred.
fn window<'a>(scene: &Scene<'a>, step: Step, duty: &Deadline) -> Option<&'a Deadline> {
    let fits = |window: &&&Deadline| {
        window.key.step == step && window.key.actor == Actor::Applicant && window.key.entry == duty.key.entry
    };
    let same_law = |window: &&&Deadline| window.key.regime == duty.key.regime;
    let mut all = scene.deadlines.iter().filter(fits);
    let mut own = scene.deadlines.iter().filter(fits).filter(same_law);
    let shared = (step == Step::CommissionerWindow).then(|| all.next()).flatten();
    own.next().or(shared).copied()
}

/// Of one letter under two laws an answer is recorded for its part.
fn on_date(scene: &Scene<'_>, deadline: &Deadline) -> String {
    match scene.block.case.regime {
        Regime::Both => format!("--on DATE --regime {}", deadline.key.regime),
        _ => "--on DATE".to_owned(),
    }
}
