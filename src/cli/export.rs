//! `timeous export`: the register for other programs, to a file or to whoever reads.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde_json::json;

use super::args::{Export, ExportForm};
use super::{Context, Error, Result, Said, show};
use crate::casework::export::{self, Whole};
use crate::clock::london_day;
use crate::config::Config;
use crate::exchange::whole_file::WholeFile;
use crate::store::Sqlite;
use crate::wording::json as forms;

pub(super) fn export(context: &Context, wanted: &Export) -> Result {
    let (config, register) = context.looked()?;
    if let Some(id) = wanted.officer.as_ref()
        && config.rules.people.officer(id).is_none()
    {
        return Err(Error::Typed(format!(
            "officer {id:?} is not in the configuration; check the spelling"
        )));
    }
    let exporting = Exporting {
        context,
        config: &config,
        register: &register,
        wanted,
    };
    let left_out = match &wanted.output {
        Some(path) => exporting.to_file(path)?,
        None => exporting.to_reader()?,
    };
    let complaints: Vec<String> = left_out
        .iter()
        .map(|reference| format!("{reference} cannot be understood and is left out; timeous verify says why"))
        .collect();
    Ok(Said {
        code: u8::from(!complaints.is_empty()),
        complaints,
        ..Said::default()
    })
}

struct Exporting<'a> {
    context: &'a Context,
    config: &'a Config,
    register: &'a Sqlite,
    wanted: &'a Export,
}

impl Exporting<'_> {
    fn to_file(&self, path: &Path) -> Result<Vec<String>> {
        let failed = |error: io::Error| {
            Error::Failed(format!(
                "{} could not be written, and what was there stands: {error}; check the folder and its space",
                path.display()
            ))
        };
        if let Some(what) = self.config.forbids_writing(path) {
            return Err(Error::Typed(format!("{} is {what}; give another name", path.display())));
        }
        let mut file = WholeFile::begin(path).map_err(failed)?;
        let left_out = match self.write(&mut file) {
            Err(export::Error::Write(error)) => return Err(failed(error)),
            Err(export::Error::Store(error)) => return Err(error.into()),
            Ok(left_out) => left_out,
        };
        file.finish().map_err(failed)?;
        Ok(left_out)
    }

    /// A reader that has gone (`timeous export | head`) is no failure.
    fn to_reader(&self) -> Result<Vec<String>> {
        let mut out = BufWriter::new(io::stdout().lock());
        let written = self.write(&mut out).and_then(|left_out| {
            out.flush()?;
            Ok(left_out)
        });
        match written {
            Err(export::Error::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Vec::new()),
            Err(export::Error::Write(error)) => Err(Error::Failed(format!("the answer could not be written: {error}"))),
            Err(export::Error::Store(error)) => Err(error.into()),
            Ok(left_out) => Ok(left_out),
        }
    }

    fn write(&self, out: &mut dyn Write) -> export::Result<Vec<String>> {
        let (rules, officer) = (&self.config.rules, self.wanted.officer.as_deref());
        let today = london_day(self.context.now());
        match self.wanted.format {
            ExportForm::Csv => export::sheet(self.register, rules, officer, today, out),
            ExportForm::Ics => export::calendar(self.register, rules, officer, today, out),
            ExportForm::Json => self.write_json(out),
        }
    }

    /// One object, a case a line.
    fn write_json(&self, out: &mut dyn Write) -> export::Result<Vec<String>> {
        let rules = &self.config.rules;
        let now = self.context.now();
        let when = crate::case::chain::instant(now);
        write!(
            out,
            "{{\"when\":{},\"calendar\":{},\"cases\":[",
            json!(when),
            forms::calendar(&rules.calendar)
        )?;
        let mut first = true;
        let left_out = export::each_case(self.register, rules, self.wanted.officer.as_deref(), |whole: &Whole| {
            let form = show::case_json(whole.into(), rules, london_day(now));
            let between = if first { "\n" } else { ",\n" };
            first = false;
            write!(out, "{between}{form}")
        })?;
        out.write_all(b"\n]}\n")?;
        Ok(left_out)
    }
}
