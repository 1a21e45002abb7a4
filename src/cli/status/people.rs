//! Where everything stands, for people: what is late first, the service's health on top.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use chrono::NaiveDate;

use super::{MINUTE, left, standing};
use crate::case::Regime;
use crate::casework::feed::NOTHING_NEW;
use crate::casework::overview::{DaemonState, Overview};
use crate::cli::Context;
use crate::clock::{in_full, london_day, london_time};
use crate::config::{Config, Rules};
use crate::reminders::people::{Unowned, Why};
use crate::statute::{Actor, Nature, Standing, Step};
use crate::store::{DeadlineRow, Round, Task};
use crate::wording::{one_line, step_name, unowned_cases, why_unowned};

/// More cases without an owner than these are counted and not named.
const NAMED_UNOWNED: usize = 5;

/// In less than this nothing can be read anyway.
const NARROWEST: usize = 40;

const ALARM: Style = AnsiColor::Red.on_default().bold();
const URGENT: Style = AnsiColor::Yellow.on_default().bold();

/// How wide the terminal is; without one, what `COLUMNS` says; none where nobody says anything.
pub(super) fn width() -> Option<usize> {
    match terminal_size::terminal_size_of(std::io::stdout()) {
        Some((width, _)) => Some(usize::from(width.0)),
        None => std::env::var("COLUMNS").ok()?.parse().ok(),
    }
}

pub(super) fn as_text(overview: &Overview, config: &Config, context: &Context, width: Option<usize>) -> String {
    let rules = &config.rules;
    let today = overview.today;
    let mut text = format!(
        "Timeous - {}, {}\n",
        in_full(today),
        london_time(context.now()).format("%H:%M")
    );
    daemon_line(&mut text, overview, rules);
    school_line(&mut text, overview, rules);
    text.push_str(&crate::cli::mail::stays_here(config));
    if overview.pending {
        let _ = writeln!(
            text,
            "{URGENT}these dates rest on another calendar or other settings{URGENT:#}: the service derives them again at \
             its next round; reload it if its file was changed, and see `timeous holidays check`"
        );
    }
    if let Some(words) = &overview.clock {
        let _ = writeln!(text, "{ALARM}clock{ALARM:#}: {words}");
    }
    for (reference, why) in &overview.set_aside {
        let _ = writeln!(text, "{ALARM}set aside{ALARM:#} {reference}: {why}");
    }
    unowned_lines(&mut text, &overview.unowned);
    let mut groups: [(&str, Style, Vec<&DeadlineRow>); 6] = [
        ("OVERDUE", ALARM, Vec::new()),
        ("PAST THE SAFE DATE", ALARM, Vec::new()),
        ("TODAY", URGENT, Vec::new()),
        ("", Style::new().bold(), Vec::new()),
        ("LATER", Style::new().bold(), Vec::new()),
        ("ENDED OR PASSED", Style::new().bold(), Vec::new()),
    ];
    let near = format!("NEXT {} WORKING DAYS", spelled(rules.soon));
    groups[3].0 = &near;
    let soon = rules.soon_through(today);
    for row in &overview.deadlines {
        let day = row.work_to.or(row.due);
        let group = match standing(row, today) {
            Standing::Overdue => 0,
            Standing::PastSafeDate => 1,
            Standing::OutOfTime | Standing::Passed => 5,
            _ if day == Some(today) => 2,
            _ if day.is_some_and(|day| day <= soon) => 3,
            _ => 4,
        };
        groups[group].2.push(row);
    }
    let lines: Vec<Vec<[String; 5]>> = groups
        .iter()
        .map(|(_, _, rows)| rows.iter().map(|row| cells(row, rules, today)).collect())
        .collect();
    let layout = Layout::of(lines.iter().flatten(), width);
    for ((name, style, rows), lines) in groups.iter().zip(&lines) {
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n{style}{name} {}{style:#}", rows.len());
        for line in lines {
            layout.add(&mut text, line);
        }
    }
    summary(&mut text, overview);
    fitted(&text, width)
}

/// Of a school: that its listed days soon run out.
fn school_line(text: &mut String, overview: &Overview, rules: &Rules) {
    if let Some((last, _)) = rules.school_days_are_short(overview.today) {
        let _ = writeln!(
            text,
            "{URGENT}the school's days are listed only to {}{URGENT:#} (a count begun today could run past that); add \
             the next terms to authority.school_days",
            last.format("%-d %B %Y")
        );
    }
}

fn daemon_line(text: &mut String, overview: &Overview, rules: &Rules) {
    let daemon = &overview.daemon;
    let hour = |at: chrono::DateTime<chrono::Utc>| match london_day(at) == overview.today {
        true => london_time(at).format("%H:%M").to_string(),
        false => format!("{} {}", in_full(london_day(at)), london_time(at).format("%H:%M")),
    };
    let rounds = match (daemon.state, daemon.last_round) {
        (DaemonState::Running, Some(at)) => format!("running, last round {}, next {}", hour(at), hour(at + MINUTE)),
        (DaemonState::Running, None) => "running, no round yet".to_owned(),
        (DaemonState::Stale, Some(at)) => format!("{ALARM}stuck{ALARM:#}: no round since {}", hour(at)),
        (_, Some(at)) => format!(
            "{ALARM}the service does not run{ALARM:#}: nobody is reminded since {}",
            hour(at)
        ),
        (_, None) => format!("{ALARM}the service has never run{ALARM:#}: nobody is reminded; start it"),
    };
    let outbox = &daemon.outbox;
    let mails = match outbox.queued {
        1 => "1 mail waiting".to_owned(),
        n => format!("{n} mails waiting"),
    };
    let mut line = format!("{rounds}; {mails}");
    if outbox.refused + outbox.dead > 0 {
        let _ = write!(line, ", {ALARM}{} refused{ALARM:#}", outbox.refused + outbox.dead);
    }
    if daemon.unaccepted > 0 {
        let _ = write!(
            line,
            ", {ALARM}{} not accepted by the end of their send window{ALARM:#}",
            daemon.unaccepted
        );
    }
    let announced = rules.calendar.announced_through();
    let _ = writeln!(
        text,
        "{line}; bank holidays announced to {}{}",
        announced.format("%-d %B %Y"),
        if overview.horizon_is_short(rules) {
            " (a clock begun today could run past that)"
        } else {
            ""
        },
    );
    for (task, round) in daemon.rounds.iter().filter(|(_, round)| !round.ok) {
        let _ = writeln!(text, "{ALARM}{task}{ALARM:#}: {}", round.summary);
    }
    for (_, round) in daemon
        .rounds
        .iter()
        .filter(|(task, round)| *task == Task::Sheet && round.ok)
    {
        let _ = writeln!(text, "sheet: {}, {}", round.summary, hour(round.at));
    }
    let proposes = |(task, round): &&(Task, Round)| *task == Task::Feed && round.ok && round.summary != NOTHING_NEW;
    for (task, round) in daemon.rounds.iter().filter(proposes) {
        let _ = writeln!(text, "{URGENT}{task}{URGENT:#}: {}", round.summary);
    }
}

/// The first cases that nobody who is active has, and what to do about them.
fn unowned_lines(text: &mut String, unowned: &[(String, Unowned)]) {
    if unowned.is_empty() {
        return;
    }
    let named = unowned.iter().take(NAMED_UNOWNED);
    let mut named: Vec<_> = named
        .map(|(reference, why)| format!("{reference} ({})", why_unowned(why)))
        .collect();
    if unowned.len() > NAMED_UNOWNED {
        named.push(format!("and {} more", unowned.len() - NAMED_UNOWNED));
    }
    let _ = writeln!(
        text,
        "{ALARM}{}{ALARM:#}: {}; give each to somebody: `timeous record REF reassigned --on DATE --officer ID`",
        unowned_cases(i64::try_from(unowned.len()).unwrap_or(i64::MAX)),
        named.join(", ")
    );
}

fn cells(row: &DeadlineRow, rules: &Rules, today: NaiveDate) -> [String; 5] {
    let (days, unit) = left(row, rules, today);
    let day = row.work_to.or(row.due);
    let verb = if row.nature == Nature::Right { "closes" } else { "due" };
    let when = match day {
        Some(day) if day == today => format!("{verb} today"),
        Some(day) => format!("{verb} {}", weekday(day, today)),
        None => "no date".to_owned(),
    };
    let safe = row.work_to != row.due && row.nature == Nature::Duty;
    let provisional = if row.provisional { " (provisional)" } else { "" };
    let step = match row.key.regime {
        _ if row.key.step == Step::CourtWindow && row.key.actor == Actor::Applicant => "applicant's appeal".to_owned(),
        Regime::Eirs if row.key.actor == Actor::Authority => format!("{} (EIRs)", step_name(row.key.step)),
        _ => step_name(row.key.step).to_owned(),
    };
    [
        row.reference.clone(),
        step,
        format!("{when}{}{provisional}", if safe { " (safe date)" } else { "" }),
        match days {
            0 => String::new(),
            // Only a duty is late.
            ..0 if row.nature != Nature::Duty => String::new(),
            _ => crate::wording::left(days, unit),
        },
        reader(row, rules, today),
    ]
}

/// Who is told of a case today.
fn reader(row: &DeadlineRow, rules: &Rules, today: NaiveDate) -> String {
    let reader = match rules.people.recipient(row.officer.as_deref(), today, |_| false) {
        None => "nobody".to_owned(),
        Some(reader) => match reader.why {
            // Copies go to others than the one who is told.
            Why::Owner | Why::QuietDay { .. } | Why::Manager { .. } | Why::ForManager { .. } => reader.name,
            Why::StandsIn { owner, until } => {
                let until = until
                    .map(|day| format!(" to {}", day.format("%-d %b")))
                    .unwrap_or_default();
                format!("{} (covers {owner}{until})", reader.name)
            }
            Why::NobodyElse { owner } => format!("{} (for {owner})", reader.name),
            Why::NoOwner => format!("{} (no owner)", reader.name),
        },
    };
    one_line(&reader)
}

/// `Tue 1 Dec`, with the year where it is another.
fn weekday(day: NaiveDate, today: NaiveDate) -> String {
    use chrono::Datelike;
    match day.year() == today.year() {
        true => day.format("%a %-d %b").to_string(),
        false => crate::wording::short(day),
    }
}

/// How the columns stand: who is told goes under the rest of its line where both do not fit.
struct Layout {
    widths: [usize; 5],
    narrow: bool,
}

impl Layout {
    fn of<'a>(lines: impl Iterator<Item = &'a [String; 5]>, width: Option<usize>) -> Self {
        let widths = lines.fold([0; 5], |mut widths, line| {
            for (width, cell) in widths.iter_mut().zip(line) {
                *width = (*width).max(cell.chars().count());
            }
            widths
        });
        let whole = 2 + widths.iter().sum::<usize>() + 3 * (widths.len() - 1);
        Self {
            widths,
            narrow: width.is_some_and(|width| whole > width),
        }
    }

    fn add(&self, text: &mut String, line: &[String; 5]) {
        let padded = |cells: &[String]| -> String {
            let cells = cells.iter().zip(self.widths);
            let cells: Vec<_> = cells.map(|(cell, width)| format!("{cell:<width$}")).collect();
            cells.join("   ").trim_end().to_owned()
        };
        let _ = match self.narrow {
            false => writeln!(text, "  {}", padded(line)),
            true => writeln!(text, "  {}\n      {}", padded(&line[..4]), line[4]),
        };
    }
}

/// The text in lines that fit a terminal, if it is one: what is longer goes on below, further in.
fn fitted(text: &str, width: Option<usize>) -> String {
    let Some(width) = width else { return text.to_owned() };
    text.lines()
        .map(|line| folded(line, width.max(NARROWEST)) + "\n")
        .collect()
}

fn folded(line: &str, width: usize) -> String {
    let shown = |text: &str| anstream::adapter::strip_str(text).to_string().chars().count();
    if shown(line) <= width {
        return line.to_owned();
    }
    let indent = line.len() - line.trim_start().len();
    let mut lines = vec![" ".repeat(indent)];
    for word in line.split_whitespace() {
        let last = lines.last().map_or(0, |last| shown(last));
        let begins = lines.last().is_some_and(|last| last.trim().is_empty());
        match lines.last_mut() {
            Some(line) if begins => line.push_str(word),
            Some(line) if last + 1 + shown(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("{}{word}", " ".repeat(indent + 4))),
        }
    }
    lines.join("\n")
}

fn summary(text: &mut String, overview: &Overview) {
    let counts = &overview.counts;
    let _ = writeln!(
        text,
        "\nlater {} - to answer {} - to review {} - with the Commissioner {} - waiting for the applicant {} - windows \
         running {}",
        counts.later,
        counts.to_answer,
        counts.to_review,
        counts.with_commissioner,
        counts.awaiting_applicant,
        counts.window_running,
    );
    text.push_str("`timeous show REF` for the whole story, `timeous explain REF` for the reckoning\n");
}

fn spelled(number: u16) -> String {
    const WORDS: [&str; 11] = [
        "NO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE", "TEN",
    ];
    WORDS
        .get(usize::from(number))
        .map_or_else(|| number.to_string(), |word| (*word).to_owned())
}
