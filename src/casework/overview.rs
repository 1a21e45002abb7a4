//! Where everything stands: what `status` and `show` tell.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::derive::rests_on;
use super::{Result, Rules};
use crate::case::{Case, Entry, Reference, Refusal};
use crate::clock::{in_full, london_day, london_time};
use crate::reminders::people::Unowned;
use crate::statute::{self, Deadline, Step};
use crate::store::{
    self, About, Counts, DeadlineRow, Former, Listing, OutboxCounts, Read, ReminderStory, Round, SheetState, Store,
    Task,
};
use crate::wording::{self, plural};
use crate::words::words;

/// More cases of one officer than these are not looked up where each is named.
const MANY: u32 = 1_000;

/// A service whose last round is older than this is stuck.
const STALE_AFTER: TimeDelta = TimeDelta::minutes(5);

/// A clock further behind the last entry than this is wrong, or was when that was recorded.
const BEHIND: TimeDelta = TimeDelta::days(1);

words! {
    /// Whether the service is at work.
    DaemonState {
        /// It holds its lock and has had a round of late.
        Running = "running",
        /// It does not run.
        Stopped = "stopped",
        /// It holds its lock and has had no round of late.
        Stale = "stale",
        /// It never ran on this register.
        Never = "never",
    }
}

/// The service, as the register shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Daemon {
    /// Whether it is at work.
    pub state: DaemonState,
    /// The end of its last round.
    pub last_round: Option<DateTime<Utc>>,
    /// Its tasks' last results.
    pub rounds: Vec<(Task, Round)>,
    /// Where it is with the officers' own sheet, if the settings name one.
    pub sheet: Option<SheetState>,
    /// Its messages.
    pub outbox: OutboxCounts,
    /// Messages that were not accepted by the end of their send window.
    pub unaccepted: u32,
}

/// What is asked of an overview.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only this officer's.
    pub officer: Option<String>,
    /// Only this step.
    pub step: Option<Step>,
    /// How many working days ahead; the soon of the settings if none.
    pub within: Option<u16>,
    /// Everything that is open, whatever its date and whoever's.
    pub all: bool,
}

/// Where everything stands on a day.
#[derive(Debug)]
pub struct Overview {
    /// The day.
    pub today: NaiveDate,
    /// The last day of the listing.
    pub through: NaiveDate,
    /// What the register knows of itself.
    pub about: About,
    /// The stored dates rest on another calendar, law or settings than these.
    pub pending: bool,
    /// The service.
    pub daemon: Daemon,
    /// How much there is.
    pub counts: Counts,
    /// Open deadlines, the most urgent first.
    pub deadlines: Vec<DeadlineRow>,
    /// Cases the service leaves alone, and why.
    pub set_aside: Vec<(String, String)>,
    /// Cases of which something is still to be told, but to nobody who is active; whatever was asked for.
    pub unowned: Vec<(String, Unowned)>,
    /// What is wrong with the clock, in words.
    pub clock: Option<String>,
    /// There is no case.
    pub nothing_logged: bool,
    /// How many cases are to be told today, or were to be, of which nobody can be.
    pub nobody: usize,
}

/// Reads where everything stands, in one snapshot.
///
/// # Errors
/// The register's failure.
pub fn overview(
    store: &impl Store,
    rules: &Rules,
    wanted: &Wanted,
    daemon_runs: bool,
    now: DateTime<Utc>,
) -> Result<Overview> {
    let today = london_day(now);
    let soon = rules.soon_through(today);
    let through = wanted.within.map_or(soon, |days| {
        rules.calendar.nth_working_day_after(today, u32::from(days))
    });
    let listing = Listing {
        today,
        through: (!wanted.all).then_some(through),
        officer: wanted.officer.clone(),
        step: wanted.step,
        rights_from: (!wanted.all).then_some(today),
        all: wanted.all,
    };
    store.read(|snapshot| {
        let about = snapshot.about()?;
        Ok(Overview {
            today,
            through,
            pending: !about.calendar.is_empty() && !rests_on(&about, rules),
            about,
            daemon: daemon(snapshot, rules, daemon_runs, now)?,
            counts: snapshot.counts(today, soon)?,
            deadlines: snapshot.listing(&listing)?,
            set_aside: snapshot.set_aside()?,
            unowned: unowned(snapshot, rules, today)?,
            clock: behind(snapshot, now)?,
            nothing_logged: nothing_logged(snapshot)?,
            nobody: nobody(snapshot, rules, today)?,
        })
    })
}

/// The cases that nobody who is active has, by reference; of each officer no more than are named anywhere.
///
/// # Errors
/// The register's failure.
pub(super) fn unowned(snapshot: &dyn Read, rules: &Rules, today: NaiveDate) -> Result<Vec<(String, Unowned)>> {
    let mut found = Vec::new();
    for holder in snapshot.holders()? {
        if let Some(why) = rules.people.unowned(holder.as_deref(), today) {
            let cases = snapshot.cases_of(holder.as_deref(), MANY)?;
            found.extend(cases.into_iter().map(|reference| (reference, why.clone())));
        }
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(found)
}

/// What is to be said of a clock that shows a time before the last entry was recorded, as after a flat battery: no rung
/// is due by it. Where the clock was ahead when that was recorded, the next entry ends this.
///
/// # Errors
/// The register's failure.
pub fn behind(snapshot: &dyn Read, now: DateTime<Utc>) -> Result<Option<String>> {
    let last = snapshot.last_recorded()?.filter(|last| now + BEHIND < *last);
    Ok(last.map(|last| {
        format!(
            "the clock says {}, and the last entry was recorded on {}: set the clock, or nobody is reminded in time",
            in_full(london_day(now)),
            in_full(london_day(last))
        )
    }))
}

/// The cases with a rung whose morning has come, of which nobody can be told: not the officer nor anybody in their
/// place, and there is no team.
fn nobody(snapshot: &dyn Read, rules: &Rules, today: NaiveDate) -> Result<usize> {
    let cases = snapshot.due_cases(today, None)?;
    let can_be_told = |officer: &Option<String>| rules.people.recipient(officer.as_deref(), today, |_| false).is_some();
    Ok(cases.iter().filter(|(_, officer)| !can_be_told(officer)).count())
}

/// Whether there is no case: the register is new, or was lost and begun anew. What the service records of its own, such
/// as another calendar, is no case.
///
/// # Errors
/// The register's failure.
pub fn nothing_logged(snapshot: &dyn Read) -> store::Result<bool> {
    Ok(snapshot.references("", 1)?.is_empty())
}

fn daemon(snapshot: &dyn Read, rules: &Rules, runs: bool, now: DateTime<Utc>) -> Result<Daemon> {
    let mut rounds = snapshot.rounds()?;
    let path = rules.sheet.as_ref().map(|sheet| sheet.path.display().to_string());
    let sheet = snapshot.sheet()?.filter(|state| Some(&state.path) == path.as_ref());
    // What came of a sheet that is looked at no more is nobody's concern.
    rounds.retain(|(task, _)| *task != Task::Sheet || sheet.is_some());
    // A look at the published list or at the sheet, which goes on beside them, is no round.
    let of_rounds = rounds
        .iter()
        .filter(|(task, _)| !matches!(task, Task::Feed | Task::Sheet));
    let last_round = of_rounds.map(|(_, round)| round.at).max();
    let state = match (runs, last_round) {
        // A round of the future is one before the clock was set back.
        (true, Some(at)) if (now - at).abs() > STALE_AFTER => DaemonState::Stale,
        (true, _) => DaemonState::Running,
        (false, Some(_)) => DaemonState::Stopped,
        (false, None) => DaemonState::Never,
    };
    Ok(Daemon {
        state,
        last_round,
        rounds,
        sheet,
        outbox: snapshot.outbox_counts()?,
        unaccepted: snapshot.unaccepted(last_window(rules, now))?,
    })
}

/// The last morning whose send window has ended.
fn last_window(rules: &Rules, now: DateTime<Utc>) -> NaiveDate {
    let today = london_day(now);
    match london_time(now) > rules.send_until {
        true => today,
        false => today.pred_opt().unwrap_or(today),
    }
}

/// What `--check` finds, the worst first; the number is the exit code of a monitoring plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// All is well.
    Ok = 0,
    /// Something is due soon, the announced holidays end soon, or nobody has a case.
    Soon = 1,
    /// Something is overdue or undelivered, or nobody watches.
    Bad = 2,
}

impl Overview {
    /// The verdict, with its reasons in words.
    #[must_use]
    pub fn check(&self, rules: &Rules) -> (Check, Vec<String>) {
        let mut found = self.of_the_service();
        found.extend(self.of_the_cases(rules));
        let worst = found.iter().map(|(check, _)| *check).max().unwrap_or(Check::Ok);
        found.sort_by_key(|(check, _)| std::cmp::Reverse(*check));
        (worst, found.into_iter().map(|(_, words)| words).collect())
    }

    /// What is amiss with the service and its mails.
    fn of_the_service(&self) -> Vec<(Check, String)> {
        let daemon = &self.daemon;
        let state = match daemon.state {
            // For a moment after its first start, unless something keeps it from having one.
            DaemonState::Running if daemon.last_round.is_none() => Some("the service has had no round yet"),
            DaemonState::Running => None,
            DaemonState::Stopped => Some("the service does not run"),
            DaemonState::Stale => Some("the service is stuck"),
            DaemonState::Never => Some("the service has never run"),
        };
        let mut found: Vec<(Check, String)> = state.map(|words| (Check::Bad, words.to_owned())).into_iter().collect();
        found.extend(self.clock.iter().map(|words| (Check::Bad, words.clone())));
        for (task, round) in daemon.rounds.iter().filter(|(_, round)| !round.ok) {
            // Without the published list the calendar is as good as it was, and without the file officers still get mail.
            let how_bad = match task {
                Task::Feed | Task::Calendar => Check::Soon,
                _ => Check::Bad,
            };
            found.push((how_bad, format!("{task}: {}", round.summary)));
        }
        let undelivered = daemon.outbox.refused + daemon.outbox.dead;
        for (mails, what) in [
            (undelivered, "refused"),
            (daemon.unaccepted, "not accepted by the end of their send window"),
        ] {
            if mails > 0 {
                found.push((Check::Bad, format!("{} {what}", plural(i64::from(mails), "mail"))));
            }
        }
        if self.pending {
            let words = "the dates rest on another calendar or other settings than these; reload the service";
            found.push((Check::Soon, words.to_owned()));
        }
        found
    }

    /// What is amiss with the cases, or soon will be.
    fn of_the_cases(&self, rules: &Rules) -> Vec<(Check, String)> {
        let counts = &self.counts;
        let (aside, near) = (self.set_aside.len(), counts.due_today + counts.due_soon);
        let unowned = i64::try_from(self.unowned.len()).unwrap_or(i64::MAX);
        let announced = rules.calendar.announced_through();
        let all = [
            (counts.overdue > 0, Check::Bad, format!("{} overdue", counts.overdue)),
            (
                counts.past_safe_date > 0,
                Check::Bad,
                format!("{} past the safe date", counts.past_safe_date),
            ),
            (
                aside > 0,
                Check::Bad,
                format!("{} set aside", plural(i64::try_from(aside).unwrap_or(i64::MAX), "case")),
            ),
            (
                self.nobody > 0,
                Check::Bad,
                format!(
                    "{} with nobody who could be told (set people.team)",
                    plural(i64::try_from(self.nobody).unwrap_or(i64::MAX), "case")
                ),
            ),
            (unowned > 0, Check::Soon, wording::unowned_cases(unowned)),
            (
                self.nothing_logged,
                Check::Soon,
                "no case was ever logged; if some were, restore the last backup".to_owned(),
            ),
            (
                near > 0,
                Check::Soon,
                format!("{near} due within {} working days", rules.soon),
            ),
            (
                self.horizon_is_short(rules),
                Check::Soon,
                format!("bank holidays are announced only to {announced}"),
            ),
        ];
        let is_so = all.into_iter().filter(|(is_so, _, _)| *is_so);
        let short = rules.school_days_are_short(self.today);
        let school = short.map(|(last, _)| (Check::Soon, format!("the school's days are listed only to {last}")));
        is_so.map(|(_, check, words)| (check, words)).chain(school).collect()
    }

    /// Whether a clock that began today could run past the announced bank holidays.
    #[must_use]
    pub fn horizon_is_short(&self, rules: &Rules) -> bool {
        rules.calendar.is_provisional(rules.longest_clock(self.today))
    }
}

/// The whole story of a case.
#[derive(Debug)]
pub struct Story {
    /// The case as it stands.
    pub case: Case,
    /// Its entries in the order of recording.
    pub entries: Vec<Entry>,
    /// Its deadlines, each with what it was before.
    pub deadlines: Vec<(Deadline, Vec<Former>)>,
    /// What officers were told.
    pub reminders: Vec<ReminderStory>,
    /// How many of its entries have had their words purged.
    pub purged: u32,
}

/// Reads the whole story of a case, in one snapshot.
///
/// # Errors
/// A refusal if there is no such case, or the register's failure.
pub fn story(store: &impl Store, rules: &Rules, reference: &Reference) -> Result<Story> {
    store.read(|snapshot| {
        let entries = snapshot.entries(reference.as_str())?;
        if entries.is_empty() {
            let words = format!("{reference} is not in the register; timeous status --all lists what is");
            return Err(Refusal::new(words).into());
        }
        let case = Case::fold(&entries)?;
        let rows = snapshot.deadlines(reference.as_str())?;
        let deadlines = statute::deadlines(&case, &rules.calendar, &rules.authority)
            .into_iter()
            .map(|deadline| {
                let former = match rows.iter().find(|row| row.key == deadline.key) {
                    Some(row) => snapshot.former(row.id)?,
                    None => Vec::new(),
                };
                Ok((deadline, former))
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Story {
            case,
            entries,
            deadlines,
            reminders: snapshot.story(reference.as_str())?,
            purged: snapshot.emptied(reference.as_str())?,
        })
    })
}
