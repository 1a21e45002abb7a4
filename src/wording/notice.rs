//! What is told besides rungs, in sentences.

mod moves;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use minijinja::context;
use minijinja::value::Value;

use super::owners::{unowned_cases, why_unowned};
use super::plain::{columns, holiday, one_line, plain_date, plural, short, wrap};
use super::sheet;
use super::steps::step_name;
use super::view::ClosingView;
use crate::calendar::BankHoliday;
use crate::case::Reference;
use crate::clock::{in_full, london_day, london_time};
use crate::reminders::digest::Taken;
use crate::reminders::notice::{Causes, Moves, SheetAmiss, SheetMatter, Upcoming};
use crate::reminders::people::Unowned;
use crate::reminders::{Notice, Recipient};

pub use moves::preview;

/// More dates than this are counted, not listed: a mail is read by somebody.
const LISTED: usize = 300;

/// The columns of a text mail.
const WIDTH: usize = 78;

/// A mail of notices, in sentences.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct NoticeView {
    pub(super) authority: String,
    pub(super) contact: Option<String>,
    pub(super) reader: String,
    /// What the subject says; nothing that anybody typed.
    pub(super) said: String,
    pub(super) sections: Vec<Section>,
}

/// One notice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Section {
    opening: Vec<String>,
    rows: Vec<Row>,
    closing: Vec<String>,
    /// What a line to copy is for, and the line.
    commands: Vec<(String, String)>,
}

/// One case in a notice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Row {
    reference: String,
    step: String,
    said: String,
}

/// What notices say to a reader; beside each the name of the officer it is for, where that is not the reader.
pub(super) fn view(
    notices: &[(Notice, Option<String>)],
    reader: &Recipient,
    (taken, today): (&[Taken], NaiveDate),
) -> NoticeView {
    let mut view = NoticeView {
        reader: one_line(&reader.name),
        said: subject(notices),
        sections: sections(notices),
        ..NoticeView::default()
    };
    if !taken.is_empty() {
        let cases: BTreeSet<&Reference> = taken.iter().map(|one| &one.reference).collect();
        view.said = format!("{}; {} taken from the sheet", view.said, many(cases.len(), "case"));
        view.sections.push(taken_from_the_sheet(taken, today));
    }
    view
}

fn taken_from_the_sheet(taken: &[Taken], today: NaiveDate) -> Section {
    let row = |one: ClosingView| Row {
        reference: one.reference,
        step: String::new(),
        said: one.said,
    };
    Section {
        opening: vec!["Taken from the sheet since your last mail:".to_owned()],
        rows: sheet::taken(taken, today).into_iter().map(row).collect(),
        ..Section::default()
    }
}

fn sections(notices: &[(Notice, Option<String>)]) -> Vec<Section> {
    let of_nobody: Vec<(&str, &Unowned)> = notices
        .iter()
        .filter_map(|(notice, _)| match notice {
            Notice::Unowned { reference, why } => Some((reference.as_str(), why)),
            _ => None,
        })
        .collect();
    let others = notices
        .iter()
        .filter(|(notice, _)| !matches!(notice, Notice::Unowned { .. }));
    let mut all: Vec<Section> = Vec::new();
    for (notice, whose) in others {
        all.push(section(notice, whose));
        if let Notice::Moved(moves) = notice {
            all.extend(moves::judged(moves));
        }
    }
    if !of_nobody.is_empty() {
        all.push(unowned(&of_nobody));
    }
    all
}

fn section(notice: &Notice, whose: &Option<String>) -> Section {
    let mut section = match notice {
        Notice::Moved(moves) => moves::moved(moves),
        Notice::Horizon {
            announced_through,
            needed,
        } => horizon(*announced_through, *needed),
        Notice::Assurance {
            open,
            next,
            announced_through,
            ..
        } => assurance(*open, next.as_ref(), *announced_through),
        Notice::Refusing { name, reply } => refusing(name.as_deref(), reply),
        Notice::Sheet(amiss) => of_the_sheet(amiss),
        // Copies are blocks of a digest, and cases of nobody are told together.
        Notice::Copy(_) | Notice::Unowned { .. } => Section::default(),
        Notice::Proposal { source, days, findings } => proposal(source, days, findings),
    };
    if let Some(name) = whose {
        section
            .opening
            .insert(0, format!("You have this for {}.", one_line(name)));
    }
    section
}

fn subject(notices: &[(Notice, Option<String>)]) -> String {
    let moves: Vec<&Moves> = notices
        .iter()
        .filter_map(|(notice, _)| match notice {
            Notice::Moved(moves) => Some(moves),
            _ => None,
        })
        .collect();
    match notices.first() {
        Some((Notice::Assurance { next, open, .. }, _)) => match (next, open) {
            (Some(next), _) => format!("nothing to do today; next {}", short(next.on)),
            (None, 0) => "nothing to do today, and nothing open".to_owned(),
            (None, _) => "nothing to do today".to_owned(),
        },
        Some((Notice::Unowned { .. }, _)) => unowned_cases(i64::try_from(notices.len()).unwrap_or(i64::MAX)),
        Some((Notice::Sheet(first), _)) => {
            let of = |notice: &Notice| match notice {
                Notice::Sheet(amiss) => amiss.oddities.len(),
                _ => 0,
            };
            sheet::subject(&first.matter, notices.iter().map(|(notice, _)| of(notice)).sum())
        }
        Some((Notice::Refusing { .. }, _)) => "a mailbox refuses reminders".to_owned(),
        Some((Notice::Horizon { .. }, _)) => "clocks may run past the announced bank holidays".to_owned(),
        Some((Notice::Proposal { .. }, _)) => "the published bank holidays differ from those in force".to_owned(),
        _ => {
            let sum = |count: fn(&Moves) -> usize| moves.iter().map(|moves| count(moves)).sum::<usize>();
            let dates = sum(|moves| moves.own().len());
            let windows = sum(|moves| moves.windows().0 + moves.windows().1);
            let verdicts = sum(|moves| moves.verdicts().len());
            let cause = moves.first().map_or("a change", |moves| cause(&moves.causes));
            match (dates, windows) {
                (0, 0) => format!("{cause} changes {}", many(verdicts, "verdict")),
                (0, _) => format!("{cause} moves {}", many(windows, "applicants' window")),
                _ => format!("{cause} moves {dates} of your dates"),
            }
        }
    }
}

fn cause(causes: &Causes) -> &'static str {
    match (causes.added.len(), causes.removed.len()) {
        (1, 0) => "a new bank holiday",
        (0, 1) => "a bank holiday that is none after all",
        (1, 1) => "a bank holiday that was moved",
        (0, 0) if causes.law => "a new statement of the law",
        (0, 0) => "a change of the settings",
        _ => "a change of the bank holidays",
    }
}

fn many(count: usize, noun: &str) -> String {
    plural(i64::try_from(count).unwrap_or(i64::MAX), noun)
}

fn number(count: usize) -> String {
    match count {
        0 => "none".to_owned(),
        n => n.to_string(),
    }
}

fn assurance(open: usize, next: Option<&Upcoming>, announced_through: NaiveDate) -> Section {
    let mut opening = vec!["Nothing of yours needs telling today; this is to say that somebody watches.".to_owned()];
    opening.extend(next.map(|next| {
        format!(
            "You have {}. The next is {}: {}, {}.",
            many(open, "open deadline"),
            one_line(&next.reference),
            step_name(next.step),
            in_full(next.on)
        )
    }));
    match (next, open) {
        (Some(_), _) => {}
        (None, 0) => opening.push("No deadline of yours is open.".to_owned()),
        (None, _) => opening.push(format!(
            "You have {}, none with a date to come.",
            many(open, "open deadline")
        )),
    }
    opening.push(format!(
        "Bank holidays are announced to {}.",
        plain_date(announced_through)
    ));
    Section {
        opening,
        ..Section::default()
    }
}

fn unowned(cases: &[(&str, &Unowned)]) -> Section {
    let row = |(reference, why): &(&str, &Unowned)| Row {
        reference: one_line(reference),
        step: String::new(),
        said: why_unowned(why),
    };
    let more = cases.len().saturating_sub(LISTED);
    Section {
        opening: vec![
            "Nobody who is active has these cases. What is due of them goes to whoever stands in for an owner who has \
             left, else to the team, until somebody has them."
                .to_owned(),
        ],
        rows: cases.iter().take(LISTED).map(row).collect(),
        closing: (more > 0)
            .then(|| format!("And {more} more: timeous status."))
            .into_iter()
            .collect(),
        commands: vec![(
            "Give each to somebody:".to_owned(),
            "timeous record REF reassigned --on DATE --officer ID".to_owned(),
        )],
    }
}

fn of_the_sheet(amiss: &SheetAmiss) -> Section {
    let file = one_line(&amiss.file);
    let when = format!(
        "{} at {}",
        in_full(london_day(amiss.at)),
        london_time(amiss.at).format("%H:%M")
    );
    let row = |oddity: &crate::reminders::notice::SheetOddity| Row {
        reference: oddity.reference.as_deref().map(one_line).unwrap_or_default(),
        step: String::new(),
        said: match (&amiss.matter, oddity.said.ends_with('.')) {
            (SheetMatter::Rows, false) => format!("{}.", oddity.said),
            _ => oddity.said.clone(),
        },
    };
    let rows: Vec<Row> = amiss.oddities.iter().take(LISTED).map(row).collect();
    let more = amiss.oddities.len().saturating_sub(LISTED);
    let unlisted = (more > 0).then(|| format!("And {more} more; mend these first."));
    match &amiss.matter {
        SheetMatter::Unread { remedy } => Section {
            opening: vec![
                amiss.oddities.iter().map(|one| one.said.as_str()).collect::<Vec<_>>().join(" "),
                "What was read from it before is safe in the register, and its reminders go on. What was typed into it \
                 since then is not watched until it can be read again."
                    .to_owned(),
            ],
            closing: vec![
                one_line(remedy),
                "It is taken up by itself as soon as it can be read. You are told of this once.".to_owned(),
            ],
            ..Section::default()
        },
        SheetMatter::Rearranged {
            rows: count,
            known,
            open,
            path,
        } => Section {
            opening: vec![
                format!(
                    "In {file}, as it was read on {when}, {}. That happens when one column is sorted without the others, \
                     or when cells are pasted or dragged into the wrong place, so nothing of it was taken: the register \
                     and its reminders are as they were before.",
                    sheet::share(*count, *known, *open)
                ),
                "Some of them, as they were and as they are in the sheet:".to_owned(),
            ],
            rows,
            closing: vec![
                "If this is a slip, undo it or put the last good copy back, and save: the sheet is then taken up by \
                 itself. You are told of this once."
                    .to_owned(),
            ],
            commands: vec![(
                "If it is meant, ask whoever runs Timeous to take it as it is:".to_owned(),
                format!("timeous import {} --meant", super::plain::quoted(path)),
            )],
        },
        SheetMatter::Rows => Section {
            opening: vec![format!(
                "{file} was read on {when}. What could be taken from it was taken. What follows needs a look from you; \
                 nothing of it is lost. You are told of each thing once, but every week of a new row of which nothing \
                 was taken, for nobody is reminded of that case."
            )],
            rows,
            closing: unlisted
                .into_iter()
                .chain(["When a cell is mended and the sheet is saved, it is taken by itself.".to_owned()])
                .collect(),
            ..Section::default()
        },
    }
}

fn refusing(name: Option<&str>, reply: &str) -> Section {
    let (whose, instead) = match name {
        Some(name) => (
            format!("the mailbox of {}", one_line(name)),
            "whoever stands in is told instead",
        ),
        None => ("the team's mailbox".to_owned(), "nobody is told instead"),
    };
    Section {
        opening: vec![format!(
            "The mail server refuses mail to {whose}, and {instead}. It says: {}",
            one_line(reply)
        )],
        closing: vec!["Have the mailbox mended, or its address in people.officers or people.team.".to_owned()],
        commands: vec![("The mails it refused:".to_owned(), "timeous mail queue".to_owned())],
        ..Section::default()
    }
}

fn horizon(announced_through: NaiveDate, needed: NaiveDate) -> Section {
    Section {
        opening: vec![format!(
            "Bank holidays are announced only to {}, and a clock that begins today may run to {}: twenty working days \
             to answer, forty to require a review, six months to go to the Commissioner. A date past the announced \
             days rests on what is usually proclaimed, and is marked as provisional.",
            plain_date(announced_through),
            plain_date(needed)
        )],
        closing: vec!["GOV.UK publishes a further year in most Novembers.".to_owned()],
        commands: vec![(
            "To take it:".to_owned(),
            "timeous holidays update --url https://www.gov.uk/bank-holidays.json".to_owned(),
        )],
        ..Section::default()
    }
}

fn proposal(source: &str, days: &[BankHoliday], findings: &[String]) -> Section {
    let mut opening = vec![format!(
        "The bank holidays published at {} differ from those in force here. Nothing is changed until somebody does it.",
        one_line(source)
    )];
    if !findings.is_empty() {
        opening.push("To be looked at first:".to_owned());
    }
    let rows = findings.iter().map(|finding| Row {
        said: one_line(finding),
        ..Row::default()
    });
    let new = days.iter().map(|day| Row {
        said: format!("new: {}, {}", in_full(day.date), one_line(&holiday(&day.name))),
        ..Row::default()
    });
    let lead = match findings.is_empty() {
        true => "To take the new days:",
        false => "Once each is recorded in calendar.proclamations or explained:",
    };
    Section {
        opening,
        rows: rows.chain(new).collect(),
        closing: Vec::new(),
        commands: vec![(
            lead.to_owned(),
            format!("timeous holidays update --url {}", one_line(source)),
        )],
    }
}

impl Row {
    /// The row in columns as wide as the widest of its section, or as a sentence where that is too wide.
    fn line(&self, reference: usize, step: usize) -> String {
        let cells = [(&self.reference, reference), (&self.step, step), (&self.said, 0)];
        let cells = cells.iter().filter(|(text, width)| *width > 0 || !text.is_empty());
        let cells: Vec<String> = cells.map(|(text, width)| format!("{text:<width$}")).collect();
        let line = format!("  {}", cells.join("  "));
        if columns(&line) <= WIDTH {
            return line;
        }
        let parts = [self.reference.as_str(), &self.step, &self.said];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        wrap(&parts.join(" - "), WIDTH, "  ", "      ")
    }
}

impl Section {
    /// The rows as lines of text.
    fn lines(&self) -> impl Iterator<Item = String> {
        let width = |part: fn(&Row) -> &String| self.rows.iter().map(|row| columns(part(row))).max().unwrap_or(0);
        let (reference, step) = (width(|row| &row.reference), width(|row| &row.step));
        self.rows.iter().map(move |row| row.line(reference, step))
    }

    fn value(&self) -> Value {
        let rows: Vec<Value> = self
            .rows
            .iter()
            .zip(self.lines())
            .map(|(row, line)| {
                let said = match row.step.is_empty() {
                    true => row.said.clone(),
                    false => format!("{}: {}", row.step, row.said),
                };
                context! { reference => &row.reference, said => said, line => line }
            })
            .collect();
        let commands: Vec<Value> = self
            .commands
            .iter()
            .map(|(lead, command)| context! { lead => lead, command => command })
            .collect();
        context! { opening => &self.opening, rows => rows, closing => &self.closing, commands => commands }
    }
}

impl NoticeView {
    /// What the subject is filled with.
    pub(super) fn subject(&self) -> Value {
        context! { said => &self.said, authority => &self.authority }
    }

    /// What the text and the HTML are filled with.
    pub(super) fn body(&self) -> Value {
        let sections: Vec<Value> = self.sections.iter().map(Section::value).collect();
        context! {
            said => &self.said,
            authority => &self.authority,
            contact => self.contact.clone(),
            reader => &self.reader,
            sections => sections,
        }
    }

    /// Mails to try templates on.
    pub(super) fn samples() -> Vec<Self> {
        let row = Row {
            reference: "FOI-1".to_owned(),
            step: "answer".to_owned(),
            said: "Wed 21 Sep 2022 -> Thu 22 Sep 2022".to_owned(),
        };
        let full = Self {
            authority: "Example Council".to_owned(),
            contact: Some("foi@example.gov.uk".to_owned()),
            reader: "B Jones".to_owned(),
            said: "a new bank holiday moves 1 of your dates".to_owned(),
            sections: vec![Section {
                opening: vec!["A sentence.".to_owned()],
                rows: vec![row],
                closing: vec!["Another.".to_owned()],
                commands: vec![("To do it:".to_owned(), "timeous holidays check".to_owned())],
            }],
        };
        let bare = Self {
            contact: None,
            sections: vec![Section::default()],
            ..full.clone()
        };
        vec![full, bare]
    }
}
