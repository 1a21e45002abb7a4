//! The count of a deadline's working days: the first, those left out and why, those that count although the
//! office was closed, and the last.

use chrono::{Datelike, NaiveDate, Weekday};

use super::explain::Telling;
use super::holidays::authority;
use super::plain::{holiday, plural, short, worded};
use super::reckoning::row;
use super::sentences::not_known_yet;
use crate::calendar::Calendar;
use crate::case::Regime;
use crate::statute::deadline::Disregarded;
use crate::statute::{Deadline, Step};

/// Day 1, what is left out, what is not, and the last day.
pub(super) fn counted(deadline: &Deadline, telling: &Telling<'_>) -> Vec<String> {
    let (span, calendar) = (deadline.span, telling.calendar);
    let mut rows = vec![row("day 1", Some(first_counted(deadline, calendar)), "")];
    rows.extend(left_out(deadline, calendar));
    rows.extend(
        deadline
            .disregarded
            .iter()
            .map(|one| disregarded(deadline, one, calendar)),
    );
    let last = last_number(deadline, calendar);
    rows.extend(school(deadline, calendar, last));
    rows.extend(closures(deadline, telling));
    let unknown = not_known_yet(deadline, calendar);
    let provisional = unknown.map_or_else(String::new, |what| format!("provisional: {what}"));
    rows.push(row(&format!("day {last}"), Some(span.through), &provisional));
    rows
}

/// The first day that counts: a fee asked for on the day of receipt may leave out the first working days.
fn first_counted(deadline: &Deadline, calendar: &Calendar) -> NaiveDate {
    let mut day = calendar.nth_working_day_after(deadline.span.after, 1);
    while is_disregarded(deadline, day) && day < deadline.span.through {
        day = calendar.nth_working_day_after(day, 1);
    }
    day
}

pub(super) fn is_disregarded(deadline: &Deadline, day: NaiveDate) -> bool {
    let within = |one: &Disregarded| one.span.after < day && day <= one.span.through;
    deadline.disregarded.iter().any(within)
}

/// The holidays and the weekends.
fn left_out(deadline: &Deadline, calendar: &Calendar) -> Vec<String> {
    let span = deadline.span;
    let weekends = i64::try_from(sundays(span.after, span.through)).unwrap_or(0);
    let weekends = worded(weekends, "weekend");
    let out: Vec<_> = deadline
        .left_out(calendar)
        .into_iter()
        .filter(|day| day.holiday)
        .collect();
    if out.is_empty() {
        return vec![format!("  {:<18}{weekends}", "left out")];
    }
    let mut rows = Vec::with_capacity(out.len());
    for (index, day) in out.iter().enumerate() {
        let label = if index == 0 { "left out" } else { "" };
        let and = if index + 1 == out.len() {
            format!(", and {weekends}")
        } else {
            String::new()
        };
        let why = format!("{} ({}){and}", holiday(&day.why), authority(day.date, calendar));
        rows.push(row(label, Some(day.date), &why));
    }
    rows
}

/// `15 Sep to 6 Oct 2026: 16 working days disregarded, fee outstanding (s.10(3))`.
fn disregarded(deadline: &Deadline, one: &Disregarded, calendar: &Calendar) -> String {
    let first = one.span.after.succ_opt().unwrap_or(one.span.after);
    let days = calendar.working_days_between(one.span.after, one.span.through);
    let rule = match deadline.key.regime {
        _ if !one.why.contains("fee") => "",
        Regime::Eirs => " (reg 8(7))",
        _ => " (s.10(3))",
    };
    let told = format!(
        "{}: {} disregarded, {}{rule}",
        run(first, one.span.through),
        plural(days, "working day"),
        one.why
    );
    row("", None, &told)
}

/// `15 Sep to 6 Oct 2026`, or one day.
fn run(first: NaiveDate, last: NaiveDate) -> String {
    if first == last {
        return short(first);
    }
    let from = if first.year() == last.year() {
        first.format("%-d %b").to_string()
    } else {
        first.format("%-d %b %Y").to_string()
    };
    format!("{from} to {}", last.format("%-d %b %Y"))
}

/// Working days in the span that no fee took out of it.
fn working_days(deadline: &Deadline, calendar: &Calendar) -> i64 {
    let span = deadline.span;
    let all = calendar.working_days_between(span.after, span.through);
    let out = deadline.disregarded.iter().map(|one| {
        let after = one.span.after.max(span.after);
        let through = one.span.through.min(span.through);
        calendar.working_days_between(after, through).max(0)
    });
    all - out.sum::<i64>()
}

/// The number of the last day: the period's, but where a school's sixty working days come first.
fn last_number(deadline: &Deadline, calendar: &Calendar) -> i64 {
    let days = working_days(deadline, calendar);
    let count = i64::from(deadline.period.count);
    if is_school(deadline) && days == 60 { 60 } else { count }
}

fn is_school(deadline: &Deadline) -> bool {
    deadline.provision.cite.contains("SSI 2016/346")
}

/// The working days a school was closed to its pupils, as a count.
fn school(deadline: &Deadline, calendar: &Calendar, last: i64) -> Option<String> {
    if !is_school(deadline) {
        return None;
    }
    if last == 60 {
        return Some(row(
            "",
            None,
            "the sixtieth working day comes first, school day or not (SSI 2016/346)",
        ));
    }
    let closed = working_days(deadline, calendar) - i64::from(deadline.period.count);
    let told = format!("{} not school days (SSI 2016/346)", plural(closed, "working day"));
    (closed > 0).then(|| row("", None, &told))
}

/// The authority's own closed days within the span: they count, and why. A row a run.
fn closures(deadline: &Deadline, telling: &Telling<'_>) -> Vec<String> {
    let span = deadline.span;
    let days = span.after.iter_days().skip(1).take_while(|day| *day <= span.through);
    let mut runs: Vec<(NaiveDate, NaiveDate, i64)> = Vec::new();
    let mut open = true;
    for day in days.filter(|day| telling.calendar.is_working_day(*day)) {
        let closed = telling.closures.contains(day) && !is_disregarded(deadline, day);
        match runs.last_mut() {
            Some(last) if closed && !open => (last.1, last.2) = (day, last.2 + 1),
            _ if closed => runs.push((day, day, 1)),
            _ => {}
        }
        open = !closed;
    }
    let own = if deadline.key.step == Step::Department {
        ""
    } else {
        " (s.73)"
    };
    let told = |(first, last, count): (NaiveDate, NaiveDate, i64)| {
        let what = if count == 1 {
            format!(
                "the authority's closure of {} counts: a working day in law{own}",
                short(first)
            )
        } else {
            format!(
                "the authority's closure of {} counts: {} in law{own}",
                run(first, last),
                plural(count, "working day")
            )
        };
        row("not left out", None, &what)
    };
    runs.into_iter().map(told).collect()
}

/// Every weekend before a working day has its Sunday before it.
fn sundays(after: NaiveDate, through: NaiveDate) -> usize {
    let days = after.iter_days().skip(1).take_while(|day| *day <= through);
    days.filter(|day| day.weekday() == Weekday::Sun).count()
}
