//! The calendar file for a web server, written after a round where something changed.
//!
//! Whether anything did is asked of the register's few words about itself, not of its cases. What is written anew and
//! turns out to be the same to the byte leaves the file alone, so that whoever fetches it is told "not modified".

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::Error;
use super::fault::LastFault;
use super::keeper::Keeper;
use crate::casework::export::calendar;
use crate::clock::london_day;
use crate::config::Config;
use crate::exchange::whole_file::WholeFile;
use crate::store::{About, Round, Sqlite, Store, Task};
use crate::wording::plural;

/// What the file was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
struct MadeOf {
    path: PathBuf,
    about: About,
    /// The file's own words and hours, which are no part of the register.
    settings: String,
    day: NaiveDate,
}

/// The file, as far as it is known to be as it should.
#[derive(Debug, Default)]
pub(super) struct CalendarFile {
    made_of: Option<MadeOf>,
    last: LastFault,
    /// None is asked for, and the status says no more of one that was.
    not_asked_for: bool,
}

/// Writes the file if it is wanted and something changed since it was written, and leaves the result for `status`. What
/// is wrong with it, if anything; a round is as good without it.
///
/// # Errors
/// The register's failure. The file's own is a result like any other.
pub(super) async fn after_round(
    keeper: &Keeper,
    config: &Arc<Config>,
    now: DateTime<Utc>,
    file: &mut CalendarFile,
) -> Result<Option<String>, Error> {
    if file.not_asked_for && config.watch.ics.is_none() {
        return Ok(None);
    }
    // Should the register's thread fail, nothing is known of the file, and it is written anew.
    let mut in_hand = std::mem::take(file);
    let config = Arc::clone(config);
    let work = keeper.with(move |register| {
        let fault = in_hand.bring_up_to_date(register, &config, now);
        (in_hand, fault)
    });
    let (in_hand, fault) = work.await?;
    *file = in_hand;
    fault
}

impl CalendarFile {
    /// Logs what is wrong with the file, where that is another thing than before.
    pub(super) fn log(&mut self, result: Result<Option<String>, Error>) {
        let fault = result.unwrap_or_else(|error| Some(error.to_string()));
        if self.last.is_news(fault.as_deref()) {
            match fault {
                Some(words) => tracing::warn!("the calendar file: {words}"),
                None => tracing::info!("the calendar file is written again"),
            }
        }
    }

    fn bring_up_to_date(
        &mut self,
        register: &mut Sqlite,
        config: &Config,
        now: DateTime<Utc>,
    ) -> Result<Option<String>, Error> {
        let rounds = register.read(|snapshot| snapshot.rounds())?;
        let last = rounds
            .into_iter()
            .find(|(task, _)| *task == Task::Calendar)
            .map(|(_, round)| round);
        let Some(path) = &config.watch.ics else {
            self.made_of = None;
            if last.is_some_and(|last| !last.ok) {
                keep(register, now, Ok("no file is asked for".to_owned()))?;
            }
            self.not_asked_for = true;
            return Ok(None);
        };
        self.not_asked_for = false;
        let made_of = MadeOf {
            path: path.clone(),
            about: register.read(|snapshot| snapshot.about())?,
            settings: format!(
                "{} {} {:?}",
                config.rules.wording.authority(),
                config.rules.send_at,
                config.rules.closures
            ),
            day: london_day(now),
        };
        if self.made_of.as_ref() == Some(&made_of) && path.is_file() {
            return Ok(None);
        }
        let written = write(register, config, path, made_of.day);
        self.made_of = written.is_ok().then_some(made_of);
        let known = |last: &Round| match &written {
            Ok(_) => last.ok,
            Err(why) => !last.ok && last.summary == *why,
        };
        let fault = written.as_ref().err().cloned();
        // The same fault once a minute is one fault.
        if fault.is_none() || !last.as_ref().is_some_and(known) {
            keep(register, now, written)?;
        }
        Ok(fault)
    }
}

fn keep(register: &mut Sqlite, at: DateTime<Utc>, result: Result<String, String>) -> Result<(), Error> {
    let ok = result.is_ok();
    let summary = result.unwrap_or_else(|why| why);
    let round = Round { at, ok, summary };
    register
        .write(|tx| tx.save_round(Task::Calendar, &round))
        .map_err(Error::Store)
}

/// What came of it, in words.
fn write(register: &Sqlite, config: &Config, path: &Path, today: NaiveDate) -> Result<String, String> {
    let failed = |error: &dyn std::fmt::Display| {
        format!(
            "{} could not be written, and what was there stands: {error}; check the folder and its space",
            path.display()
        )
    };
    let mut file = WholeFile::begin(path).map_err(|error| failed(&error))?;
    let left_out = calendar(register, &config.rules, None, today, &mut file).map_err(|error| failed(&error))?;
    let changed = file.finish().map_err(|error| failed(&error))?;
    let words = if changed { "written" } else { "unchanged" };
    Ok(match i64::try_from(left_out.len()).unwrap_or(i64::MAX) {
        0 => words.to_owned(),
        count => format!("{words}, without {} that cannot be understood", plural(count, "case")),
    })
}
