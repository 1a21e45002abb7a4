//! One case of a digest: its headline, why this reader, how sure the date is, what is on file.

use chrono::NaiveDate;

use super::advice;
use super::chase::{department_name, outstanding};
use super::plain::{holiday, list, near, number, one_line, plural, record, sentence, worded};
use super::sentences::not_known_yet;
use super::steps::{noun, right};
use super::view::{CaseView, Part, Urgency};
use crate::calendar::period::Span;
use crate::case::{Act, Kind, Turning};
use crate::reminders::digest::{Block, Digest, Line};
use crate::reminders::people::Why;
use crate::reminders::{OpenDays, Reason};
use crate::statute::{Actor, Caution, Concern, Deadline, Nature, Standing, Step};

/// More holidays than these are counted and not named.
const NAMED_HOLIDAYS: usize = 2;

/// A case, and all that is needed to speak of it on a day.
pub(super) struct Scene<'a> {
    pub(super) block: &'a Block,
    pub(super) days: OpenDays<'a>,
    pub(super) today: NaiveDate,
    /// Every deadline of the case, told today or not, the applicant's too.
    pub(super) deadlines: Vec<&'a Deadline>,
    /// No application can be made to the Commissioner about a review by this authority (s.48).
    pub(super) excluded: bool,
}

impl<'a> Scene<'a> {
    pub(super) fn new(digest: &'a Digest, block: &'a Block, days: OpenDays<'a>) -> Self {
        let of_case = |other: &&Block| other.case.reference == block.case.reference;
        let blocks = digest.blocks.iter().chain(&digest.closing).filter(of_case);
        let all = |block: &'a Block| block.lines.iter().map(|line| &line.deadline).chain(&block.others);
        Self {
            block,
            days,
            today: digest.today,
            deadlines: blocks.flat_map(all).collect(),
            excluded: false,
        }
    }

    pub(super) fn near(&self, day: NaiveDate) -> String {
        near(day, self.today)
    }

    /// The line that records something of the case.
    pub(super) fn record(&self, kind: Kind, options: &str) -> String {
        record(self.block.case.reference.as_str(), kind.as_str(), options)
    }
}

/// What is said of a case.
pub(super) fn case(scene: &Scene<'_>) -> CaseView {
    let block = scene.block;
    let first = block.lines.first().map(|line| &line.deadline);
    CaseView {
        reference: block.case.reference.to_string(),
        headline: first.map(|deadline| headline(scene, deadline)).unwrap_or_default(),
        urgency: first.map_or(Urgency::Soon, |deadline| urgency(deadline, scene.today)),
        parts: parts(scene),
    }
}

fn parts(scene: &Scene<'_>) -> Vec<Part> {
    let mut parts = why_you(scene);
    for (index, line) in scene.block.lines.iter().enumerate() {
        let also = (index > 0).then(|| format!("Also: {}.", headline(scene, &line.deadline)));
        let about: Vec<String> = also.into_iter().chain(how_sure(scene, line)).collect();
        if !about.is_empty() {
            parts.push(Part::Said(about.join(" ")));
        }
        if index == 0 {
            parts.push(Part::Said(on_file(scene)));
        }
        parts.extend(advice::parts(scene, line));
        let is_a_copy = matches!(
            scene.block.why,
            Why::QuietDay { .. } | Why::Manager { .. } | Why::ForManager { .. }
        );
        if line.rung.is_daily() && !is_a_copy {
            parts.push(Part::Said(
                "This comes every working morning until it is recorded.".to_owned(),
            ));
        }
    }
    let mut once = Vec::with_capacity(parts.len());
    for part in parts {
        // Under two laws one outcome is recorded, and one line says how.
        if !once.contains(&part) {
            once.push(part);
        }
    }
    once
}

fn urgency(deadline: &Deadline, today: NaiveDate) -> Urgency {
    match deadline.standing(today) {
        Standing::Overdue | Standing::PastSafeDate | Standing::OutOfTime => Urgency::Overdue,
        _ if deadline.work_to == Some(today) => Urgency::Today,
        _ => Urgency::Soon,
    }
}

/// What, by which weekday and date, and how many working days that leaves after today.
fn headline(scene: &Scene<'_>, deadline: &Deadline) -> String {
    let (today, step, what) = (scene.today, deadline.key.step, noun(deadline, &scene.block.case));
    let Some((due, work_to)) = deadline.due.zip(deadline.work_to.or(deadline.due)) else {
        return format!("{what}: no date is known for the time being");
    };
    if deadline.nature == Nature::Policy {
        return own_day(scene, deadline, due);
    }
    let by = match (deadline.nature, due == today) {
        (Nature::Right, true) => format!("last day to {} is TODAY, {}", right(step), scene.near(due)),
        (Nature::Right, false) => format!("last day to {} is {}", right(step), scene.near(due)),
        (_, true) => format!("{what} due TODAY, {}", scene.near(due)),
        (_, false) => format!("{what} due {}", scene.near(due)),
    };
    match deadline.standing(today) {
        Standing::Overdue => {
            let late = match scene.days.calendar.working_days_between(due, today) {
                0 => "overdue".to_owned(),
                days => format!("{} late", plural(days, "working day")),
            };
            let the = if what.starts_with("compliance") { "" } else { "the " };
            format!("{the}{what} is {late} (it was due on {})", scene.near(due))
        }
        Standing::OutOfTime => format!("the time to {} ended on {}", right(step), scene.near(work_to)),
        Standing::PastSafeDate => format!("past the safe date, {}: {by}", scene.near(work_to)),
        _ if due == today => by,
        _ if work_to == today => format!("{by}, but act TODAY"),
        _ if work_to == due => format!("{by}: {}", still_left(scene, work_to)),
        _ => format!("{by}, work to {}: {}", scene.near(work_to), still_left(scene, work_to)),
    }
}

/// A day that the authority set itself, or promised: nobody is late by it.
fn own_day(scene: &Scene<'_>, deadline: &Deadline, due: NaiveDate) -> String {
    let passed = due < scene.today;
    let on = if due == scene.today {
        format!("TODAY, {}", scene.near(due))
    } else {
        format!("on {}", scene.near(due))
    };
    match (deadline.key.step, passed) {
        (Step::Department, true) => format!("a reply was due from {} {on}", department_name(&scene.block.case)),
        (Step::Department, false) => format!("a reply is due from {} {on}", department_name(&scene.block.case)),
        (Step::Waiting, _) => format!("close or chase: {}", outstanding(scene, deadline)),
        (Step::Publication, true) => format!("publication was promised by {}", scene.near(due)),
        (Step::Publication, false) => format!("publication is promised by {}", scene.near(due)),
        (_, true) => format!("your diary date was {}", scene.near(due)),
        (_, false) => format!("your diary date is {}", on.trim_start_matches("on ")),
    }
}

/// `ONE working day after today (Monday is St Andrew's Day)`.
fn still_left(scene: &Scene<'_>, last: NaiveDate) -> String {
    let left = scene.days.calendar.working_days_between(scene.today, last);
    let count = match left {
        0 => "NO working day".to_owned(),
        1 => "ONE working day".to_owned(),
        _ => worded(left, "working day"),
    };
    let open = days_between(scene.today, last)
        .filter(|day| scene.days.is_open(*day))
        .count();
    let closed = match i64::try_from(open).unwrap_or(left) {
        open if open == left => String::new(),
        0 => ", and you are closed on all of them".to_owned(),
        open => format!(", and you are open on only {} of them", number(open)),
    };
    format!("{count} after today{closed}{}", holidays_before(scene, last))
}

/// The bank holidays up to a day, by name while they are few.
fn holidays_before(scene: &Scene<'_>, last: NaiveDate) -> String {
    let span = Span {
        after: scene.today,
        through: last,
    };
    let named = |day: &crate::calendar::BankHoliday| {
        // Within the week its weekday alone says which day is meant.
        let soon = (day.date - scene.today).num_days() < 7;
        let when = if soon {
            day.date.format("%A").to_string()
        } else {
            scene.near(day.date)
        };
        format!("{when} is {}", holiday(&day.name))
    };
    match scene.days.calendar.left_out(span) {
        [] => String::new(),
        few if few.len() <= NAMED_HOLIDAYS => format!(" ({})", list(&few.iter().map(named).collect::<Vec<_>>())),
        many => format!(
            " ({} bank holidays come first)",
            number(i64::try_from(many.len()).unwrap_or(0))
        ),
    }
}

fn days_between(after: NaiveDate, through: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    after.iter_days().skip(1).take_while(move |day| *day <= through)
}

/// Why the mail came to this reader; and if nobody has the case, that somebody must.
fn why_you(scene: &Scene<'_>) -> Vec<Part> {
    let said = match &scene.block.why {
        Why::Owner => return Vec::new(),
        Why::StandsIn {
            owner,
            until: Some(until),
        } => {
            let said = format!(
                "You have this from {}, who is away until {}.",
                one_line(owner),
                scene.near(*until)
            );
            return vec![Part::Said(said)];
        }
        Why::StandsIn { owner, until: None } => {
            let said = format!("You have this from {}, who cannot be reached.", one_line(owner));
            return vec![Part::Said(said)];
        }
        Why::QuietDay { told } => return vec![Part::Said(on_a_quiet_day(scene, told))],
        Why::Manager { owner } => {
            let said = format!(
                "A copy for you as {}'s manager: whoever has the case today was told too.",
                one_line(owner)
            );
            return vec![Part::Said(said)];
        }
        Why::ForManager { owner, manager } => return vec![Part::Said(for_a_manager(owner, manager.as_deref()))],
        Why::NobodyElse { owner } => format!(
            "This is {}'s, who cannot be reached, nor can anybody in their place.",
            one_line(owner)
        ),
        Why::NoOwner => "Nobody has this case.".to_owned(),
    };
    vec![Part::Command {
        lead: format!("{said} Somebody must be made its owner:"),
        line: scene.record(Kind::Reassigned, "--on DATE --officer ID"),
    }]
}

fn on_a_quiet_day(scene: &Scene<'_>, told: &str) -> String {
    format!(
        "A copy: {} was told too, but reads no mail on a {}. See that it does not wait.",
        one_line(told),
        scene.today.format("%A")
    )
}

fn for_a_manager(owner: &str, manager: Option<&str>) -> String {
    let owner = one_line(owner);
    let why = match manager {
        Some(manager) => format!("for {}, {owner}'s manager, who cannot be reached", one_line(manager)),
        None => format!("for want of a manager of {owner}'s"),
    };
    format!("A copy {why}: whoever has the case today was told too.")
}

/// Why work to another day, why only now, and what the date rests on.
fn how_sure(scene: &Scene<'_>, line: &Line) -> Vec<String> {
    let deadline = &line.deadline;
    let mut said = Vec::new();
    if line.reason == Reason::Missed {
        said.push(
            "This reminder is late: its morning had passed when the case was logged or its date moved, or while the \
             service or the mail server was away."
                .to_owned(),
        );
    }
    let last = deadline.due.filter(|due| *due >= scene.today);
    if let Some(due) = last.filter(|due| scene.days.closures.contains(*due)) {
        said.push(format!(
            "You are closed on {}, which counts in law; the last day you are open before it is {}.",
            scene.near(due),
            scene.near(scene.days.on_or_before(due))
        ));
    }
    let cautions = deadline.cautions.iter().filter(|caution| matters(deadline, caution));
    said.extend(cautions.map(|caution| sentence(&one_line(&caution.why))));
    let unknown = not_known_yet(deadline, scene.days.calendar);
    said.extend(unknown.map(|what| format!("The date is provisional: {what}.")));
    said
}

/// Whether an officer must know of a caution: not of another reading that comes to the same day.
fn matters(deadline: &Deadline, caution: &Caution) -> bool {
    match caution.concern {
        Concern::Reading => caution.date != deadline.due,
        Concern::Dispute => true,
        Concern::Note => deadline.key.actor == Actor::Authority,
    }
}

/// What the register knows, as far as a case keeps it.
fn on_file(scene: &Scene<'_>) -> String {
    let case = &scene.block.case;
    let on = |what: &str, act: &Act| format!("{what} on {}", scene.near(act.on));
    let mut said = vec![on(
        if case.received.posted { "posted" } else { "received" },
        &case.received,
    )];
    said.extend(case.turns.iter().map(|turn| on(turned(turn.what), &turn.act)));
    said.extend(case.part_answers.iter().map(|act| on("answered in part", act)));
    if case.answers.is_empty() {
        said.push("not answered".to_owned());
    }
    said.extend(case.answers.iter().map(|answer| on("answered", &answer.act)));
    if let Some(review) = case.reviews.last() {
        said.push(on("review required", &review.required));
        said.extend(review.notices.iter().map(|notice| on("review answered", &notice.act)));
    }
    if let Some(application) = case.applications.last() {
        said.extend(
            application
                .applied
                .iter()
                .map(|act| on("applied to the Commissioner", act)),
        );
        if let Some(decision) = &application.decision {
            said.push(on("decided by the Commissioner", &decision.act));
        }
    }
    let about = case
        .subject
        .as_deref()
        .map(one_line)
        .filter(|subject| !subject.is_empty());
    let about = about.map(|subject| format!("About: {subject}. ")).unwrap_or_default();
    format!("{about}On file: {}.", said.join(", "))
}

/// What moved the time to answer, in two words.
fn turned(what: Turning) -> &'static str {
    match what {
        Turning::NotValid => "found not valid",
        Turning::MadeValid => "made valid",
        Turning::ClarificationSought { .. } => "clarification asked for",
        Turning::ClarificationReceived => "clarified",
        Turning::FeesNotice => "fee asked for",
        Turning::FeePaid => "fee paid",
        Turning::Extended { .. } => "extension notified",
    }
}
