//! `timeous import`: a sheet into the register.

use std::fmt::Write as _;

use super::args::Import;
use super::{Context, Error, Result, Said};
use crate::casework::import::{Report, WrongDue, import as take};
use crate::casework::sheet;
use crate::exchange::{self, Mapping};
use crate::wording::short;

pub(super) fn import(context: &Context, import: &Import) -> Result {
    context.refuse_pretended("import")?;
    if import.meant {
        return super::sheet::meant(context, &import.file);
    }
    let name = import.file.display();
    let bytes = std::fs::read(&import.file).map_err(|error| Error::Typed(format!("{name}: {error}")))?;
    let sheet = exchange::read(&bytes, &Mapping::default()).map_err(|error| Error::Typed(format!("{name} {error}")))?;
    let (config, mut register) = context.created()?;
    // What is taken from a sheet follows it later, by whichever way it came.
    let clerk = context.clerk(Some(sheet::label(&import.file)));
    let mut report = Report::default();
    let taken = take(
        &mut register,
        &config.rules,
        &sheet.lines,
        &clerk,
        import.dry_run,
        &mut report,
    );
    if let Err(error) = taken {
        return Err(stopped(error.into(), &report, import.dry_run));
    }
    let mut text = String::new();
    if import.dry_run {
        text.push_str("A dry run: nothing is recorded.\n");
    }
    if !sheet.ignored.is_empty() {
        let _ = writeln!(
            text,
            "Columns not understood, and passed over: {}",
            sheet.ignored.join(", ")
        );
    }
    say(&mut text, &report);
    let complaints: Vec<_> = report
        .refused
        .iter()
        .map(|(line, why)| format!("{name} line {line}: {why}"))
        .collect();
    Ok(Said {
        text,
        code: if complaints.is_empty() { 0 } else { 2 },
        complaints,
    })
}

/// The failure, with what is in for good by then.
fn stopped(error: Error, report: &Report, dry_run: bool) -> Error {
    let done = report.new + report.added + report.unchanged;
    if done == 0 || dry_run {
        return error;
    }
    let more = format!("; {done} lines are in, so mend that and import the same sheet again");
    match error {
        Error::Typed(words) => Error::Typed(words + &more),
        Error::Failed(words) => Error::Failed(words + &more),
    }
}

fn say(text: &mut String, report: &Report) {
    let _ = writeln!(
        text,
        "{} new, {} added to, {} unchanged, {} refused",
        report.new,
        report.added,
        report.unchanged,
        report.refused.len()
    );
    if !report.wrong_due.is_empty() {
        let _ = writeln!(
            text,
            "Due dates in the sheet that are not the law's: {}",
            report.wrong_due.len()
        );
    }
    for wrong in &report.wrong_due {
        wrong_due(text, wrong);
    }
}

fn wrong_due(text: &mut String, wrong: &WrongDue) {
    let left_out: Vec<_> = wrong
        .left_out
        .iter()
        .map(|(day, name)| format!("{} ({name})", short(*day)))
        .collect();
    let because = match left_out.is_empty() {
        true => String::new(),
        false => format!("; left out: {}", left_out.join(", ")),
    };
    let _ = writeln!(
        text,
        "  line {}: {}  sheet {}, law {} ({}{because})",
        wrong.line,
        wrong.reference,
        short(wrong.sheet),
        short(wrong.law),
        wrong.provision,
    );
}
