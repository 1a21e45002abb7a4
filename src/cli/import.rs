//! `timeous import`: a sheet into the register.

mod keep;
mod told;

use std::io::{IsTerminal as _, Write as _};
use std::os::unix::fs::FileTypeExt as _;
use std::path::Path;

use super::args::Import;
use super::{Context, Error, Result};
use crate::case::Reference;
use crate::casework::import::{How, Report, import as take};
use crate::casework::sheet::label as sheet_label;
use crate::exchange::{self, Line, Mapping, Sheet};
use crate::files;

/// From how many lines on progress is shown.
const LONG: usize = 2_000;

pub(super) fn import(context: &Context, import: &Import) -> Result {
    context.refuse_pretended("import")?;
    if import.meant {
        return super::sheet::meant(context, &import.file);
    }
    let name = import.file.display();
    // Opening it would wait for somebody to write, perhaps for ever. What a shell hands over is a link to a pipe.
    let about = std::fs::symlink_metadata(&import.file);
    if about.is_ok_and(|about| about.file_type().is_fifo()) {
        let words = format!("{name} is a named pipe, not a file; save the sheet as a file and import that");
        return Err(Error::Typed(words));
    }
    // One byte more than is read of any sheet, which then says so.
    let bytes =
        files::beginning(&import.file, exchange::LONGEST + 1).map_err(|error| unopened(&import.file, &error))?;
    let map = mapping(import.map.as_deref())?;
    let sheet = exchange::read(&bytes, &map).map_err(|error| Error::Typed(format!("{name} {error}")))?;
    drop(bytes);
    check_confirmed(&sheet, &import.confirm)?;
    if let Some(file) = &import.wrong_due {
        keep::check(file, [Some(&import.file), import.map.as_ref()])?;
        if let Some(what) = context.config()?.forbids_writing(file) {
            let words = format!("--wrong-due {} is {what}; give another name", file.display());
            return Err(Error::Typed(words));
        }
    }
    let (config, mut register) = context.created()?;
    let clerk = context.clerk(import.by.clone().or_else(|| Some(sheet_label(&import.file))));
    let total = sheet.lines.len();
    let show = |done| progress(done, total);
    let how = How {
        dry_run: import.dry_run,
        confirmed: &import.confirm,
        progress: (total >= LONG && std::io::stderr().is_terminal()).then_some(&show),
    };
    let mut report = Report::default();
    let taken = take(&mut register, &config.rules, &sheet.lines, &clerk, &how, &mut report);
    if let Err(error) = taken {
        return Err(stopped(error.into(), &report, import.dry_run));
    }
    // Failing to write the list does not undo the import, and is told with it.
    let kept = import
        .wrong_due
        .as_deref()
        .map(|file| (file, keep::keep(file, &report.wrong_due)));
    let written = kept.as_ref().filter(|(_, done)| done.is_ok()).map(|(file, _)| *file);
    let mut said = told::told(import, &sheet, &report, written);
    if let Some((file, Err(error))) = kept {
        let words = format!("{}: {error}; the list of wrong due dates is not kept", file.display());
        said.complaints.push(words);
        said.code = said.code.max(1);
    }
    Ok(said)
}

fn mapping(file: Option<&Path>) -> Result<Mapping> {
    let Some(file) = file else {
        return Ok(Mapping::default());
    };
    let name = file.display();
    let text = files::text(file).map_err(|error| unopened(file, &error))?;
    Mapping::parse(&text).map_err(|error| Error::Typed(format!("{name}: {error}")))
}

fn unopened(file: &Path, error: &std::io::Error) -> Error {
    Error::Typed(format!(
        "{} cannot be read: {error}; check its name, and that you may read it",
        file.display()
    ))
}

fn check_confirmed(sheet: &Sheet, confirmed: &[Reference]) -> Result<()> {
    let says = |reference: &&Reference| {
        let is = |(_, row): &Line| row.as_ref().is_ok_and(|row| row.reference == **reference);
        !sheet.lines.iter().any(is)
    };
    match confirmed.iter().find(says) {
        Some(reference) => Err(Error::Typed(format!(
            "--confirm {reference}: no line of the sheet that can be read has this reference; check the spelling"
        ))),
        None => Ok(()),
    }
}

/// Where it cannot be written, nothing is lost by it.
fn progress(done: usize, total: usize) {
    let end = if done == total { "\r\u{1b}[K" } else { "" };
    let mut stderr = std::io::stderr();
    let _ = write!(stderr, "\rline {done} of {total}{end}").and_then(|()| stderr.flush());
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
