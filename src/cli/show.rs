//! `timeous show` and `explain`: the story of a case, and the reasons for its dates.

use std::fmt::Write as _;
use std::io::IsTerminal as _;

use anstyle::Style;
use serde_json::{Value, json};

use super::args::Explain;
use super::{Context, Error, Result, Said};
use crate::case::chain::instant;
use crate::case::{Case, Entry, Reference};
use crate::casework::export::Whole;
use crate::casework::overview::{Story, story};
use crate::clock::{in_full, london_day, london_time};
use crate::config::Rules;
use crate::statute::Deadline;
use crate::store::{Former, ReminderStory};
use crate::wording::{explain as words, json as forms, one_line, short, step_name};

pub(super) fn show(context: &Context, reference: &Reference, json: bool) -> Result {
    let (config, register) = context.looked()?;
    let story = story(&register, &config.rules, reference)?;
    let today = london_day(context.now());
    Ok(match json {
        true => Said::json(&as_json(&story, &config.rules, today)),
        false => Said::well(as_text(&story, &config.rules, today)),
    })
}

pub(super) fn explain(context: &Context, wanted: &Explain) -> Result {
    let (config, register) = context.looked()?;
    let rules = &config.rules;
    let story = story(&register, rules, &wanted.reference)?;
    let today = london_day(context.now());
    let history: Vec<words::History> = story.deadlines.iter().flat_map(history).collect();
    let deadlines: Vec<Deadline> = story
        .deadlines
        .into_iter()
        .map(|(deadline, _)| deadline)
        .filter(|deadline| wanted.step.is_none_or(|step| deadline.key.step == step))
        .collect();
    if deadlines.is_empty() {
        let words = format!(
            "{} has no such step now; timeous show {0} lists what it has",
            wanted.reference
        );
        return Err(Error::Typed(words));
    }
    if wanted.json {
        let list: Vec<_> = deadlines
            .iter()
            .map(|deadline| forms::deadline(deadline, &rules.calendar, today))
            .collect();
        return Ok(Said::json(&json!({
            "reference": wanted.reference,
            "calendar": forms::calendar(&rules.calendar),
            "deadlines": list,
        })));
    }
    let telling = words::Telling {
        case: Some(&story.case),
        calendar: &rules.calendar,
        closures: &rules.closures,
        history: &history,
        drawn: std::io::stdout().is_terminal(),
        today,
    };
    Ok(Said::well(telling.explain(&deadlines)))
}

/// The former states after which the last day was another; what only an answer or a withdrawal changed is told by
/// the deadline's own sentence.
fn moved<'a>(deadline: &'a Deadline, former: &'a [Former]) -> impl Iterator<Item = &'a Former> {
    let next = former.iter().skip(1).map(|was| was.due).chain([deadline.due]);
    former
        .iter()
        .zip(next)
        .filter(|(was, next)| was.due != *next)
        .map(|(was, _)| was)
}

fn history((deadline, former): &(Deadline, Vec<Former>)) -> Vec<words::History> {
    moved(deadline, former)
        .map(|was| words::History {
            key: deadline.key,
            due: was.due,
            until: london_day(was.until),
            calendar: was.calendar.clone(),
            why: was.why.clone(),
        })
        .collect()
}

fn superseded_by(entry: &Entry, entries: &[Entry]) -> Option<u32> {
    entries
        .iter()
        .find(|other| other.supersedes == Some(entry.seq))
        .map(|other| other.seq)
}

fn as_json(story: &Story, rules: &Rules, today: chrono::NaiveDate) -> Value {
    let parts = Parts {
        case: &story.case,
        entries: &story.entries,
        deadlines: story.deadlines.iter().map(|(deadline, _)| deadline).collect(),
        purged: story.purged,
    };
    let reminders: Vec<_> = story.reminders.iter().map(|one| reminder_json(one, rules)).collect();
    let mut form = case_json(parts, rules, today);
    form["reminders"] = json!(reminders);
    form
}

/// What the JSON form of a case is made of, but for its reminders.
pub(super) struct Parts<'a> {
    case: &'a Case,
    entries: &'a [Entry],
    deadlines: Vec<&'a Deadline>,
    purged: u32,
}

impl<'a> From<&'a Whole> for Parts<'a> {
    fn from(whole: &'a Whole) -> Self {
        Self {
            case: &whole.case,
            entries: &whole.entries,
            deadlines: whole.deadlines.iter().collect(),
            purged: whole.purged,
        }
    }
}

/// The JSON form of a case, without its reminders.
pub(super) fn case_json(parts: Parts<'_>, rules: &Rules, today: chrono::NaiveDate) -> Value {
    let Parts { case, entries, .. } = parts;
    let deadlines = parts.deadlines.into_iter();
    json!({
        "reference": case.reference,
        "regime": case.regime,
        "officer": case.officer,
        "purged": parts.purged,
        "entries": entries.iter().map(|entry| forms::entry(entry, superseded_by(entry, entries))).collect::<Vec<_>>(),
        "deadlines": deadlines.map(|one| forms::deadline(one, &rules.calendar, today)).collect::<Vec<_>>(),
    })
}

fn reminder_json(told: &ReminderStory, rules: &Rules) -> Value {
    let officer = |email: &str| {
        let known = rules.people.officer_of(email);
        known.map(|officer| officer.id.clone())
    };
    let messages: Vec<_> = told
        .messages
        .iter()
        .map(|(message, attempts)| {
            let attempts: Vec<_> = attempts
                .iter()
                .map(|attempt| {
                    json!({
                        "at": instant(attempt.at),
                        "stage": attempt.stage,
                        "outcome": attempt.outcome,
                        "reply": attempt.reply,
                    })
                })
                .collect();
            json!({
                "officer": officer(&message.words.recipient),
                "message_id": message.words.message_id,
                "attempts": attempts,
            })
        })
        .collect();
    json!({
        "step": told.step,
        "occurrence": told.occurrence,
        "rung": told.reminder.rung.to_string(),
        "day": told.reminder.day,
        "reason": told.reminder.reason,
        "state": told.reminder.state,
        "messages": messages,
    })
}

fn as_text(story: &Story, rules: &Rules, today: chrono::NaiveDate) -> String {
    let case = &story.case;
    let officer = case.officer.as_deref().map_or("nobody", |id| {
        rules.people.officer(id).map_or(id, |officer| officer.name.as_str())
    });
    let mut text = format!(
        "{} - {}, received {}, with {}{}\n",
        case.reference,
        case.regime.as_str().to_uppercase(),
        in_full(case.received.on),
        one_line(officer),
        case.closed
            .map(|on| format!(", closed {}", in_full(on)))
            .unwrap_or_default()
    );
    if let Some(subject) = &case.subject {
        let _ = writeln!(text, "  {}", one_line(subject));
    }
    let of = match story.purged {
        0 => None,
        1 => Some("an entry".to_owned()),
        n => Some(format!("{n} entries")),
    };
    if let Some(of) = of {
        let _ = writeln!(text, "  The words of {of} were purged; days and outcomes are kept.");
    }
    text.push_str("\nEntries\n");
    for entry in &story.entries {
        entry_line(&mut text, entry, superseded_by(entry, &story.entries));
    }
    text.push_str("\nDeadlines\n");
    for (deadline, former) in &story.deadlines {
        let sentence = words::answers(std::slice::from_ref(deadline), &rules.calendar, today);
        for line in sentence.lines() {
            let _ = writeln!(text, "  {line}");
        }
        for was in moved(deadline, former) {
            former_line(&mut text, was);
        }
    }
    if !story.reminders.is_empty() {
        text.push_str("\nReminders\n");
    }
    for told in &story.reminders {
        reminder_lines(&mut text, told);
    }
    text
}

/// An entry that another stands in place of; on a terminal only.
const STRUCK: Style = Style::new().strikethrough();

fn entry_line(text: &mut String, entry: &Entry, superseded_by: Option<u32>) {
    let details = &entry.fact.details;
    let mut said = Vec::new();
    if details.void {
        said.push("never happened".to_owned());
    }
    if details.posted {
        said.push("by post".to_owned());
    }
    said.extend(details.received.map(|day| format!("arrived {}", short(day))));
    said.extend(details.due.map(|day| format!("stating {}", short(day))));
    said.extend(details.outcome.map(|outcome| outcome.to_string()));
    if !details.exemptions.is_empty() {
        said.push(format!("relying on {}", one_line(&details.exemptions.join(", "))));
    }
    said.extend(details.regime.map(|regime| regime.to_string()));
    said.extend(details.officer.as_deref().map(one_line));
    said.extend(details.note.as_deref().map(one_line));
    said.extend(details.why.as_deref().map(|why| format!("because {}", one_line(why))));
    let by = entry
        .by
        .as_ref()
        .map(|by| format!(" for {}", one_line(by)))
        .unwrap_or_default();
    let line = format!(
        "  {:>3}  {:<18} {:<16} {}",
        entry.seq,
        entry.fact.kind.as_str(),
        short(entry.fact.on),
        said.join("; ")
    );
    let line = match superseded_by {
        None => line.trim_end().to_owned(),
        Some(seq) => format!("{STRUCK}{}{STRUCK:#}  CORRECTED by entry {seq}", line.trim_end()),
    };
    let _ = writeln!(
        text,
        "{line}\n       recorded {} {} by {}{by}",
        short(london_day(entry.recorded_at)),
        london_time(entry.recorded_at).format("%H:%M"),
        one_line(&entry.recorded_by),
    );
}

fn former_line(text: &mut String, was: &Former) {
    let _ = writeln!(
        text,
        "      until {} it was {} ({}): {}",
        short(london_day(was.until)),
        was.due.map_or_else(|| "without a date".to_owned(), short),
        was.state,
        was.why
    );
}

fn reminder_lines(text: &mut String, told: &ReminderStory) {
    let reminder = &told.reminder;
    let day = reminder
        .day
        .map(|day| format!(" for {}", short(day)))
        .unwrap_or_default();
    let _ = writeln!(
        text,
        "  {} {}{day}: {} ({})",
        step_name(told.step),
        reminder.rung,
        reminder.state,
        reminder.reason
    );
    for (message, attempts) in &told.messages {
        let _ = writeln!(text, "      to {}, {}", one_line(&message.words.name), message.state);
        for attempt in attempts {
            super::mail::attempt_line(text, attempt);
        }
    }
}
