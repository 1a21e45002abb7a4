//! What an import came to, in words.

use std::fmt::Write as _;
use std::path::Path;

use crate::case::{Kind, Reference};
use crate::casework::compare::{Contradiction, Part, Said as Says};
use crate::casework::import::{Report, STILL, Unfinished, WrongDue};
use crate::cli::Said;
use crate::cli::args::Import;
use crate::clock::in_full;
use crate::exchange::{Passed, Sheet, columns_of};
use crate::statute::Step;
use crate::wording::{miscount, one_line, plural, quoted, short, step_name};

pub(super) fn told(import: &Import, sheet: &Sheet, report: &Report, kept: Option<&Path>) -> Said {
    let mut text = String::new();
    if import.dry_run {
        text.push_str("A dry run: nothing is recorded.\n");
    }
    read_as(&mut text, sheet);
    passed(&mut text, sheet);
    counts(&mut text, report);
    unfinished(&mut text, &report.unfinished);
    wrong_due(&mut text, &report.wrong_due);
    if let Some(file) = kept {
        let _ = writeln!(text, "The list is kept in {}", file.display());
    }
    next(&mut text, import, report);
    let name = import.file.display().to_string();
    let mut complaints = complaints(&name, report);
    complaints.extend(unread(&name, sheet));
    Said {
        text,
        code: if complaints.is_empty() { 0 } else { 2 },
        complaints,
    }
}

fn read_as(text: &mut String, sheet: &Sheet) {
    let worksheet = sheet.worksheet.as_ref().map(|name| format!("worksheet {name:?}, "));
    let place = format!("{}line {}", worksheet.unwrap_or_default(), sheet.headings);
    if !sheet.read_as.is_empty() {
        let pairs: Vec<_> = sheet
            .read_as
            .iter()
            .map(|(heading, column)| format!("{heading} = {column}"))
            .collect();
        let _ = writeln!(text, "Headings ({place}): {}", one_line(&pairs.join(", ")));
    }
    if !sheet.ignored.is_empty() {
        let ignored = one_line(&sheet.ignored.join(", "));
        let _ = writeln!(text, "Columns not understood, and passed over: {ignored}");
    }
}

/// How many numbers of lines are listed before the rest is counted.
const FEW: usize = 12;

fn listed(mut lines: impl ExactSizeIterator<Item = String>) -> String {
    let few: Vec<String> = lines.by_ref().take(FEW).collect();
    match lines.len() {
        0 => few.join(", "),
        more => format!("{} and {more} more", few.join(", ")),
    }
}

fn passed(text: &mut String, sheet: &Sheet) {
    let of = |wanted: fn(&Passed) -> bool| -> Vec<u64> {
        let found = sheet.passed.iter().filter(|(_, passed)| wanted(passed));
        found.map(|(line, _)| *line).collect()
    };
    let mut parts = Vec::new();
    for (one, many, lines) in [
        (
            "repeats the headings",
            "repeat the headings",
            of(|one| *one == Passed::Headings),
        ),
        ("is a total", "are totals", of(|one| *one == Passed::Total)),
        (
            "is a title or a remark",
            "are titles or remarks",
            of(|one| *one == Passed::Remark),
        ),
    ] {
        if !lines.is_empty() {
            let verb = if lines.len() == 1 { one } else { many };
            let numbers = listed(lines.iter().map(u64::to_string));
            parts.push(format!("{} {verb} ({numbers})", lines.len()));
        }
    }
    let twice: Vec<(u64, u64)> = sheet
        .passed
        .iter()
        .filter_map(|(line, passed)| match passed {
            Passed::SameAs(first) => Some((*line, *first)),
            _ => None,
        })
        .collect();
    if !twice.is_empty() {
        let verb = if twice.len() == 1 { "says" } else { "say" };
        let numbers = listed(twice.iter().map(|(line, first)| format!("{line} as {first}")));
        parts.push(format!(
            "{} {verb} the same as an earlier line ({numbers})",
            twice.len()
        ));
    }
    if !parts.is_empty() {
        let _ = writeln!(text, "Lines passed over: {}", parts.join("; "));
    }
}

fn counts(text: &mut String, report: &Report) {
    let refused = report.refused.len() + report.contradictions.len();
    let _ = write!(
        text,
        "{} new, {} added to, {} unchanged, {refused} refused",
        report.new, report.added, report.unchanged
    );
    match report.unfinished.len() {
        0 => text.push('\n'),
        held => {
            let _ = writeln!(text, ", {held} to finish first");
        }
    }
}

fn unfinished(text: &mut String, held: &[Unfinished]) {
    if held.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "\nFINISH THESE {}\n  By the sheet something is still to be done in them, and nothing has happened for more than {STILL} \
         working days.\n  They are not taken, so that nobody is mailed about them. Fill in the sheet what was done and import \
         it again;\n  for one that really is still open, add --confirm REF.",
        held.len()
    );
    let width = width(held.iter().map(|one| one.reference.as_str()));
    for one in held {
        let since = match one.last == one.received {
            true => String::new(),
            false => format!(", last date {}", short(one.last)),
        };
        let _ = writeln!(
            text,
            "  line {:<5} {:width$}  {}; received {}{since}, {} working days ago",
            one.line,
            one_line(&one.reference),
            lacks(one),
            short(one.received),
            one.ago,
        );
    }
    let closed = held
        .iter()
        .filter(|one| one.closed.is_some() && one.open == Step::Response)
        .count();
    if closed > 1 && closed * 2 >= held.len() {
        text.push_str(
            "  Many are closed without an answer. If the sheet's date of closing is that of the answer, say so in a mapping \
             file\n  (--map): [columns] \"its heading\" = \"responded\"\n",
        );
    }
}

fn lacks(one: &Unfinished) -> String {
    let what = match one.open {
        Step::Response => "no answer".to_owned(),
        Step::ReviewOutcome => "no review outcome".to_owned(),
        Step::Compliance => "nothing says that the decision was complied with".to_owned(),
        Step::Waiting => "clarification or a fee has not come".to_owned(),
        other => format!("{} is open", step_name(other)),
    };
    match one.closed {
        Some(day) => format!("{what}, though closed {}", short(day)),
        None => what,
    }
}

/// How wide the column of references is.
fn width<'a>(references: impl Iterator<Item = &'a str>) -> usize {
    let widths = references.map(|reference| reference.chars().count());
    widths.max().unwrap_or(0).clamp(9, 24)
}

fn wrong_due(text: &mut String, wrong: &[WrongDue]) {
    if wrong.is_empty() {
        return;
    }
    let late = wrong.iter().filter(|one| one.days > 0).count();
    let _ = writeln!(
        text,
        "\nDUE DATES IN THE SHEET THAT ARE NOT THE LAW'S {}: {late} too late, {} too early",
        wrong.len(),
        wrong.len() - late
    );
    let width = width(wrong.iter().map(|one| one.reference.as_str()));
    let _ = writeln!(
        text,
        "  {:<6} {:width$}  {:<16} {:<16} off",
        "line", "reference", "sheet", "law"
    );
    for one in wrong {
        let _ = writeln!(
            text,
            "  {:<6} {:width$}  {:<16} {:<16} {} ({})",
            one.line,
            one_line(&one.reference),
            short(one.sheet),
            short(one.law),
            off(one),
            one.provision,
        );
        if let Some(why) = miscount::why(&one.why) {
            let _ = writeln!(text, "  {:<6} {why}", "");
        }
    }
    let mut kinds: Vec<(String, usize)> = Vec::new();
    for one in wrong {
        let kind = miscount::kind(&one.why);
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += 1,
            None => kinds.push((kind, 1)),
        }
    }
    if wrong.len() > 5 {
        kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        text.push_str("  In all:\n");
        for (kind, count) in kinds {
            let _ = writeln!(text, "  {count:<6} {kind}");
        }
    }
}

/// `1 working day too late`; in days of the calendar where working days would say nothing.
fn off(one: &WrongDue) -> String {
    let direction = if one.days > 0 { "too late" } else { "too early" };
    let days = plural(one.days.abs(), "day");
    match one.working_days.abs() {
        0 => format!("{days} {direction}, no working day"),
        working if working == one.days.abs() => format!("{} {direction}", plural(working, "working day")),
        working => format!("{} ({days}) {direction}", plural(working, "working day")),
    }
}

/// What to do now.
fn next(text: &mut String, import: &Import, report: &Report) {
    if !import.dry_run {
        if !report.wrong_due.is_empty() && report.new > 0 {
            text.push_str("The register goes by the law's dates. Correct these in the sheet, or they will mislead whoever reads it.\n");
        }
        return;
    }
    if report.new + report.added == 0 {
        return;
    }
    let mut command = format!("timeous import {}", quoted(&import.file.display().to_string()));
    if let Some(map) = &import.map {
        let _ = write!(command, " --map {}", quoted(&map.display().to_string()));
    }
    for reference in &import.confirm {
        let _ = write!(command, " --confirm {}", quoted(reference.as_str()));
    }
    if let Some(by) = &import.by {
        let _ = write!(command, " --by {}", quoted(by));
    }
    let _ = writeln!(text, "To record this: {command}");
}

/// One line for the worksheets with cases of which nothing was read.
fn unread(name: &str, sheet: &Sheet) -> Option<String> {
    let read = sheet.worksheet.as_ref()?;
    let all: Vec<String> = sheet.unread.iter().map(|unread| format!("{unread:?}")).collect();
    let (noun, verb, them) = match all.len() {
        0 => return None,
        1 => ("worksheet", "has", "it"),
        _ => ("worksheets", "have", "each"),
    };
    Some(format!(
        "{name} {noun} {}: {verb} the headings as well, and nothing of {them} was read, only {read:?}; import {them} with a \
         mapping file (--map) that says sheet = {}, or put all lines into one worksheet",
        one_line(&all.join(", ")),
        all[0],
    ))
}

/// One line for each fault, those of one kind together.
fn complaints(name: &str, report: &Report) -> Vec<String> {
    let mut faults: Vec<(u64, String)> = report.refused.clone();
    for (line, reference, contradictions) in &report.contradictions {
        let words: Vec<String> = contradictions.iter().map(|one| contradiction(reference, one)).collect();
        faults.push((*line, format!("{reference}: {}", words.join("; "))));
    }
    faults.sort_by_key(|(line, _)| *line);
    let mut grouped: Vec<(String, Vec<u64>)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for (line, why) in faults {
        let at = *places.entry(why.clone()).or_insert(grouped.len());
        match grouped.get_mut(at) {
            Some((_, lines)) => lines.push(line),
            None => grouped.push((why, vec![line])),
        }
    }
    let words = |(why, lines): (String, Vec<u64>)| {
        let noun = if lines.len() == 1 { "line" } else { "lines" };
        format!("{name} {noun} {}: {why}", listed(lines.iter().map(u64::to_string)))
    };
    grouped.into_iter().map(words).collect()
}

fn contradiction(reference: &Reference, one: &Contradiction) -> String {
    let Contradiction {
        seq,
        kind,
        column,
        said,
    } = one;
    match said {
        Says::Days { part, register, sheet } => {
            let register = register.map_or("no day".to_owned(), in_full);
            let option = option(*part);
            let is_first = columns_of(*kind).is_some_and(|(first, _)| first == *column);
            let further = match is_repeatable(*kind) && is_first {
                true => format!(
                    "; if it is a further one: {}",
                    record(reference, *kind, &format!("--on {sheet}"))
                ),
                false => String::new(),
            };
            format!(
                "{column} is {} in the sheet and {register} in the register (entry {seq}); if the sheet is right: {}{further}; \
                 if not, mend the sheet",
                in_full(*sheet),
                command(
                    "correct",
                    reference,
                    &seq.to_string(),
                    &format!("{option} {sheet} --why TEXT")
                )
            )
        }
        Says::Never { sheet } => format!(
            "{column} is {} in the sheet, and entry {seq} in the register says that it never happened; if it did: {}; if not, \
             empty the cell",
            in_full(*sheet),
            record(reference, *kind, &format!("--on {sheet}"))
        ),
        Says::Regimes { register, sheet } => format!(
            "{column} is {sheet} in the sheet and {register} in the register; if the sheet is right: {}; if not, mend the sheet",
            record(reference, Kind::RegimeChanged, &format!("--regime {sheet} --on DATE"))
        ),
    }
}

fn option(part: Part) -> &'static str {
    match part {
        Part::Day => "--on",
        Part::Posted => "--posted",
        Part::Arrival => "--received",
        Part::Stated => "--due",
    }
}

fn is_repeatable(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::ClarificationSought
            | Kind::ClarificationReceived
            | Kind::FeesNotice
            | Kind::FeePaid
            | Kind::ReviewRequired
            | Kind::ReviewOutcome
            | Kind::Applied
            | Kind::Decision
    )
}

fn record(reference: &Reference, kind: Kind, options: &str) -> String {
    command("record", reference, kind.as_str(), options)
}

/// A command line as a shell wants it. A reference that begins with a dash would be read as an option.
fn command(verb: &str, reference: &Reference, what: &str, options: &str) -> String {
    let quoted = quoted(reference.as_str());
    match reference.as_str().starts_with('-') {
        true => format!("timeous {verb} {options} -- {quoted} {what}"),
        false => format!("timeous {verb} {quoted} {what} {options}"),
    }
}
