//! The officers' own sheet in words: what was taken from it, and what is amiss with it. Its reader may never see a
//! shell, so each sentence says what to do in the sheet.

use chrono::NaiveDate;

use super::plain::{choice, list, near, one_line, plural, short};
use super::view::ClosingView;
use crate::case::{Fact, Kind, Regime};
use crate::reminders::digest::Taken;
use crate::reminders::notice::SheetMatter;

/// More cases than these are counted in a digest, not listed.
const LISTED: usize = 25;

/// More references than these are counted in a sentence, not listed.
const NAMED: usize = 5;

/// What the subject of a mail about a sheet says.
pub(super) fn subject(matter: &SheetMatter, things: usize) -> String {
    match matter {
        SheetMatter::Unread { .. } => "your sheet cannot be read".to_owned(),
        SheetMatter::Rearranged { .. } => "your sheet looks rearranged, and nothing of it was taken".to_owned(),
        SheetMatter::Rows => format!(
            "{} in your sheet to look at",
            plural(i64::try_from(things).unwrap_or(i64::MAX), "thing")
        ),
    }
}

/// What happened, as a row of a list says it before its day.
fn done(kind: Kind) -> String {
    match kind {
        Kind::ClarificationSought => "clarification asked for".to_owned(),
        Kind::ClarificationReceived => "clarification came".to_owned(),
        Kind::FeesNotice => "fees notice given".to_owned(),
        Kind::FeePaid => "fee paid".to_owned(),
        Kind::Extended => "time extended".to_owned(),
        Kind::Responded => "answered".to_owned(),
        Kind::ReviewRequired => "review required".to_owned(),
        Kind::ReviewOutcome => "review answered".to_owned(),
        Kind::Applied => "application to the Commissioner".to_owned(),
        Kind::Decision => "Commissioner's decision".to_owned(),
        Kind::CourtAppeal => "appeal to the court".to_owned(),
        other => other.as_str().replace('-', " "),
    }
}

/// `answered Thu 5 Nov 2026, arrived Mon 9 Nov 2026`.
#[must_use]
pub fn fact(fact: &Fact) -> String {
    said_of(fact, short)
}

fn said_of(fact: &Fact, day: impl Fn(NaiveDate) -> String) -> String {
    let details = &fact.details;
    let verb = if details.posted {
        "posted".to_owned()
    } else {
        done(fact.kind)
    };
    let mut said = format!("{verb} {}", day(fact.on));
    if let Some(arrived) = details.received {
        said.push_str(&format!(", arrived {}", day(arrived)));
    }
    if let Some(due) = details.due {
        said.push_str(&format!(", to {}", day(due)));
    }
    match details.regime.filter(|_| fact.kind == Kind::Received) {
        Some(Regime::Eirs) => said.push_str(", under the EIRs"),
        Some(Regime::Both) => said.push_str(", under both laws"),
        _ => {}
    }
    said
}

/// What was taken from the sheet, a line a case.
pub(super) fn taken(all: &[Taken], today: NaiveDate) -> Vec<ClosingView> {
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    for one in all {
        let (reference, said) = (one.reference.to_string(), one_taken(one, today));
        match lines.iter_mut().find(|(known, _)| *known == reference) {
            Some((_, parts)) => parts.push(said),
            None => lines.push((reference, vec![said])),
        }
    }
    let more = lines.len().saturating_sub(LISTED);
    let mut views: Vec<ClosingView> = lines
        .into_iter()
        .take(LISTED)
        .map(|(reference, parts)| ClosingView {
            reference,
            said: parts.join("; "),
        })
        .collect();
    if more > 0 {
        views.push(ClosingView {
            reference: format!("and {more} more"),
            said: "as they stand in the sheet".to_owned(),
        });
    }
    views
}

fn one_taken(one: &Taken, today: NaiveDate) -> String {
    let day = |day| near(day, today);
    let now = said_of(&one.fact, day);
    match &one.was {
        Some(was) if one.fact.details.void => format!("{}: taken back, the cell is empty", said_of(was, day)),
        Some(was) => format!("{now} (it said {})", said_of(was, day)),
        None if one.fact.kind == Kind::Received => format!("logged, {now}"),
        None if one.fact.kind == Kind::Reassigned => "handed on to you".to_owned(),
        None => now,
    }
}

/// That the file cannot be read, and since when.
#[must_use]
pub fn unread(file: &str, since: &str, trouble: &str) -> String {
    // What it would have to be like is said after the semicolon, to whoever imports; the remedy says it better.
    let trouble = trouble.split_once("; ").map_or(trouble, |(what, _)| what);
    format!(
        "Timeous has not been able to read your sheet {} since {since}: it {}.",
        one_line(file),
        one_line(trouble)
    )
}

/// What to do about a row that cannot be understood, or only `in_part`.
#[must_use]
pub fn fault(line: u64, why: &str, in_part: bool) -> String {
    let taken = match in_part {
        true => "was taken but for this",
        false => "was not taken",
    };
    format!("row {line} {taken}: {}", one_line(why))
}

/// A worksheet with cases beside the one that is read.
#[must_use]
pub fn unread_worksheet(unread: &str, read: &str) -> String {
    let (unread, read) = (one_line(unread), one_line(read));
    format!(
        "the worksheet \"{unread}\" has the headings of a list of requests as well, but only \"{read}\" is read: nothing in \
         \"{unread}\" is watched. Put its rows below those of \"{read}\"; if they are no requests to be watched, hide the worksheet"
    )
}

/// A heading that may be the one of the answers, where no other is.
#[must_use]
pub fn perhaps_answered(heading: &str) -> String {
    let heading = one_line(heading);
    format!(
        "no column says when a request was answered, so reminders go on for all. \"{heading}\" may mean that, or something else. \
         If it does, call it \"Date responded\"; if not, add such a column"
    )
}

/// What the register refuses, and why.
#[must_use]
pub fn refused(line: u64, cell: &Fact, why: &str) -> String {
    // What to do about it at the command line is for another reader.
    let why = why.rsplit_once("; ").map_or(why, |(what, _)| what);
    format!(
        "row {line} says {}, and that was not taken: {}. Check the dates in this row",
        fact(cell),
        one_line(why)
    )
}

/// A day that is still to come.
#[must_use]
pub fn to_come(line: u64, cell: &Fact) -> String {
    format!(
        "row {line} says {}. That is still to come, so it was not taken, nor will it be by itself when that day comes. \
         Write a day when it has happened",
        fact(cell)
    )
}

/// A day that was still to come when it was typed, and has come.
#[must_use]
pub fn has_come(line: u64, cell: &Fact) -> String {
    format!(
        "row {line} says {}. That was still to come when it was typed, so it was not taken, and the reminders go on. If \
         it happened on another day, write that one. If it happened on this very day, empty the cell, save, and write it \
         again five minutes later, or ask whoever runs Timeous to record it. If it did not happen, empty the cell",
        fact(cell)
    )
}

/// A row that cannot be held against its case at all.
#[must_use]
pub fn unclear(line: u64, why: &str) -> String {
    format!(
        "row {line} was not taken, for the register cannot make sense of the case: {}",
        one_line(why)
    )
}

/// A cell that says otherwise than what somebody else recorded.
#[must_use]
pub fn differs(line: u64, sheet: &Fact, register: Option<&Fact>, (seq, who, ask): (u32, &str, &str)) -> String {
    let (who, ask, cell) = (one_line(who), one_line(ask), fact(sheet));
    let register = match register {
        None => {
            return format!(
                "row {line} says {cell}; the register says that this never happened (entry {seq}, recorded by {who}). The \
                 register stands. If that is right, empty the cell. Another day in it would be taken as having happened \
                 after all; if it did happen on this very day, ask {ask} to record it"
            );
        }
        Some(known) if fact(known) == cell => "that it is under the other law, or came another way".to_owned(),
        Some(known) => fact(known),
    };
    format!(
        "row {line} says {cell}; the register says {register} (entry {seq}, recorded by {who}). The register stands. If the \
         sheet is wrong, change the cell. If the register is wrong, ask {ask} to correct entry {seq}"
    )
}

/// How much of a rearranged sheet is otherwise.
pub(super) fn share(count: usize, known: usize, open: bool) -> String {
    match open {
        true => format!(
            "{count} of the {known} cases in which something is still owed are answered, stopped, changed or gone, all at \
             one saving"
        ),
        false => {
            format!("{count} of the {known} rows that Timeous knows say something else than before, or are gone")
        }
    }
}

/// One thing that a rearranged sheet says otherwise.
#[must_use]
pub fn was_and_is(was: Option<&Fact>, is: Option<&Fact>) -> String {
    match (was, is) {
        (Some(was), Some(is)) => format!("{} -> {}", fact(was), fact(is)),
        (Some(was), None) => format!("{} -> empty", fact(was)),
        (None, Some(is)) => fact(is),
        (None, None) => "its row is gone".to_owned(),
    }
}

/// A case whose row is gone while the authority still owes something.
#[must_use]
pub fn gone() -> String {
    "its row is gone from the sheet. The case is kept, and its reminders go on. Put the row back; if the request was \
     withdrawn, put it back with that date"
        .to_owned()
}

/// Cases whose rows are gone after they were answered.
#[must_use]
pub fn gone_and_done(references: &[String]) -> String {
    let mut named: Vec<String> = references.iter().take(NAMED).map(|one| one_line(one)).collect();
    if references.len() > NAMED {
        named.push(format!("{} more", references.len() - NAMED));
    }
    match references.len() {
        1 => format!(
            "the row of {}, which needs no answer any more, is gone from the sheet. Nothing needs doing",
            list(&named)
        ),
        n => format!(
            "{n} rows of cases that need no answer any more are gone from the sheet: {}. Nothing needs doing",
            list(&named)
        ),
    }
}

/// A column that the sheet had, and has no more.
#[must_use]
pub fn column_gone(column: &str) -> String {
    let column = column.replace('_', " ");
    format!(
        "no heading of the sheet is understood as \"{column}\" any more, and one was. What is written in that column is not \
         taken, and what was taken from it before is kept. If its heading was changed, write it as it was, or \"{column}\"; \
         if the column was taken out, nothing needs doing"
    )
}

/// Rows with one reference that say different things.
#[must_use]
pub fn twice(lines: &[u64]) -> String {
    let lines: Vec<String> = lines.iter().map(u64::to_string).collect();
    format!(
        "rows {} have this reference and do not say the same, so none of them was taken. Keep one, or give the others \
         their own reference",
        list(&lines)
    )
}

/// An officer's cell that names nobody.
#[must_use]
pub fn unknown_officer(line: u64, given: &str, has: Option<&str>, known: &[String]) -> String {
    let stays = match has {
        Some(name) => format!("the case stays with {}", one_line(name)),
        None => "the case is watched, but nobody has it and the team is told".to_owned(),
    };
    format!(
        "row {line} gives it to \"{}\", whom Timeous does not know; {stays}. Write {}",
        one_line(given),
        choice(known)
    )
}

/// An officer's cell that was emptied.
#[must_use]
pub fn no_officer(line: u64, has: &str) -> String {
    format!(
        "row {line} no longer says who has it; the case stays with {}. Write who is to have it",
        one_line(has)
    )
}

/// An officer's cell that somebody else has overruled.
#[must_use]
pub fn other_officer(line: u64, sheet: &str, register: &str) -> String {
    let (sheet, register) = (one_line(sheet), one_line(register));
    format!(
        "row {line} says that {sheet} has it, but it was given to {register} in the register. Change the cell to \
         {register}; to hand the case on, then write another name"
    )
}

/// A due date in the sheet that is later than the law's.
#[must_use]
pub fn later_than_the_law(line: u64, sheet: NaiveDate, law: NaiveDate, provision: &str) -> String {
    format!(
        "row {line} has the answer due on {}, but it is due by {} ({provision}). Work to the earlier day, and change the \
         cell",
        short(sheet),
        short(law)
    )
}

/// A case in which something is owed by the sheet, and nothing has happened for long.
#[must_use]
pub fn unfinished(line: u64, last: NaiveDate) -> String {
    format!(
        "row {line} names no day after {}, more than 60 working days ago, and something is still owed by it. So it was \
         not taken, and nobody is reminded of it. If it was answered, withdrawn or closed, write the day. If it really is \
         open, ask whoever runs Timeous to take it in with --confirm",
        short(last)
    )
}
