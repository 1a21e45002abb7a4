//! A digest in sentences: who is greeted, what the subject counts, which cases and which closing rights.

use super::block::{self, Scene};
use super::closing;
use super::plain::{number, one_line};
use super::sheet;
use super::view::{CaseView, Part, View};
use crate::reminders::digest::{Block, Digest};
use crate::reminders::{OpenDays, Recipient};
use crate::statute::Standing;

/// What a digest says to a reader. Of the authority the caller says the rest.
pub(super) fn view(digest: &Digest, reader: &Recipient, days: OpenDays<'_>, excluded: bool) -> View {
    let scene = |block| Scene {
        excluded,
        ..Scene::new(digest, block, days)
    };
    let scenes = digest.blocks.iter().map(scene);
    let mut cases: Vec<_> = scenes.map(|scene| block::case(&scene)).collect();
    say_rules_once(&mut cases);
    let is_late = |block: &&Block| {
        let first = block.lines.first().map(|line| line.deadline.standing(digest.today));
        first == Some(Standing::Overdue)
    };
    let late = digest.blocks.iter().filter(is_late).count();
    let first = digest.blocks.iter().chain(&digest.closing).next();
    View {
        authority: String::new(),
        contact: None,
        sheet: None,
        reader: one_line(&reader.name),
        opening: opening(cases.len(), late),
        tally: tally(digest),
        first: first.map(|block| block.case.reference.to_string()).unwrap_or_default(),
        cases,
        closing: closing::views(digest),
        taken: sheet::taken(&digest.taken, digest.today),
    }
}

/// Leaves a rule out where a case above has said it.
fn say_rules_once(cases: &mut [CaseView]) {
    let mut said = Vec::new();
    for case in cases {
        case.parts.retain(|part| match part {
            Part::Rule(rule) if said.contains(rule) => false,
            Part::Rule(rule) => {
                said.push(*rule);
                true
            }
            Part::Said(_) | Part::Command { .. } => true,
        });
    }
}

/// `Three cases need you; the first is late.` The worst come first, so the late ones do.
fn opening(cases: usize, late: usize) -> String {
    let count = |count: usize| number(i64::try_from(count).unwrap_or(i64::MAX));
    let capital = |text: String| super::plain::sentence(&text).trim_end_matches('.').to_owned();
    match (cases, late) {
        (0, _) => {
            "There is nothing to answer here, only applicants' rights that end soon or have just ended.".to_owned()
        }
        (1, 0) => "One case needs you.".to_owned(),
        (1, _) => "One case needs you, and it is late.".to_owned(),
        (n, 0) => format!("{} cases need you.", capital(count(n))),
        (n, 1) => format!("{} cases need you; the first is late.", capital(count(n))),
        (2, _) => "Two cases need you; both are late.".to_owned(),
        (n, late) if n == late => format!("{} cases need you; all are late.", capital(count(n))),
        (n, late) => format!(
            "{} cases need you; the first {} are late.",
            capital(count(n)),
            count(late)
        ),
    }
}

/// `1 overdue, 2 today, 4 soon`; of a digest with nothing to do, what closes.
fn tally(digest: &Digest) -> String {
    let counts = digest.counts();
    let own = [
        (counts.overdue, "overdue"),
        (counts.today, "today"),
        (counts.soon, "soon"),
        (counts.later, "later"),
        (counts.ended, "ended"),
    ];
    let said = own.iter().filter(|(count, _)| *count > 0);
    let said: Vec<String> = said.map(|(count, what)| format!("{count} {what}")).collect();
    if !said.is_empty() {
        return said.join(", ");
    }
    let lines = || digest.closing.iter().flat_map(|block| &block.lines);
    let has_ended = |standing| matches!(standing, Standing::OutOfTime | Standing::Passed);
    let ended = lines()
        .filter(|line| has_ended(line.deadline.standing(digest.today)))
        .count();
    let windows = |count: usize| format!("{count} window{}", if count == 1 { "" } else { "s" });
    match (lines().count() - ended, ended) {
        (closing, 0) => format!("{} closing", windows(closing)),
        (0, ended) => format!("{} ended", windows(ended)),
        (closing, ended) => format!("{} closing, {ended} ended", windows(closing)),
    }
}
