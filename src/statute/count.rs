//! Counting working days: what is left out of a count, and what of a bank holiday proclaimed while it ran.

use chrono::NaiveDate;

use super::deadline::{Caution, Disregarded};
use super::schools::{self, School};
use crate::calendar::known::Known;
use crate::calendar::period::Span;
use crate::calendar::{Calendar, Proclamation};
use crate::clock::in_full;

/// The last of so many working days after a day, leaving out what is disregarded; for a school the first of
/// that and the sixtieth working day.
pub(super) fn end(
    calendar: Known<'_>,
    school: Option<School<'_>>,
    from: NaiveDate,
    days: u32,
    disregarded: &[Disregarded],
) -> NaiveDate {
    let out = |day: NaiveDate| {
        disregarded
            .iter()
            .any(|one| one.span.after < day && day <= one.span.through)
    };
    if let Some(school) = school {
        let own = nth(calendar, from, days, |day| out(day) || !school.counts(day));
        return own.min(nth(calendar, from, schools::SIXTY, out));
    }
    if disregarded.is_empty() {
        return calendar.nth_working_day_after(from, days);
    }
    nth(calendar, from, days, out)
}

/// The `n`th working day after a day that is not left out.
fn nth(calendar: Known<'_>, from: NaiveDate, n: u32, left_out: impl Fn(NaiveDate) -> bool) -> NaiveDate {
    let mut day = from;
    let mut counted = 0;
    while counted < n {
        let next = calendar.nth_working_day_after(day, 1);
        if next <= day {
            return day;
        }
        day = next;
        counted += u32::from(!left_out(day));
    }
    day
}

/// When a time ends: on the words of the law, and at the earliest that any reading of it gives.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    pub(super) on: NaiveDate,
    pub(super) earliest: NaiveDate,
}

impl Ends {
    /// An end that nothing but the calendar makes doubtful.
    pub(super) fn on(day: NaiveDate) -> Self {
        Self { on: day, earliest: day }
    }
}

/// **FOISA s.73, EIRs reg 2(1)**, RULE 11.4: a bank holiday proclaimed while a clock ran. "A day which, under the
/// Banking and Financial Dealings Act 1971, is a bank holiday" is asked of the day itself, so that the day is not
/// counted. Whether a time that had begun is lengthened by it is disputed, for want of words that reach back: the
/// safe date is that of the calendar as it was known when the clock began, on the day of receipt or on the later
/// day that started it anew. A day proclaimed on that very day was known.
///
/// This reading and the others that a time has (the fees notice's own day, reg 7(2) under a pause) are separate
/// questions, and all of them can go against the authority: so the date is the earliest that they give together.
///
/// A holiday taken away while the clock ran shortens it by the same words. That it was not to be shortened is
/// worth knowing, and nothing to work to: the later date is a note. For the applicant's times, of which the authority
/// must allow the latest date, it is the other way about: [`taken_away_meanwhile`].
pub(super) fn proclaimed_meanwhile<'a>(
    calendar: &'a Calendar,
    from: NaiveDate,
    now: Option<Ends>,
    as_known: impl FnOnce(Known<'a>) -> Option<Ends>,
) -> Option<Caution> {
    let now = now?;
    let ran = Span {
        after: from,
        through: now.on,
    };
    let days = proclaimed_in(calendar, ran)?;
    let known = as_known(calendar.as_known_on(from))?;
    if known.on < now.on || known.earliest < now.earliest {
        let with_others = if known.earliest < known.on {
            "with the other open readings "
        } else {
            ""
        };
        let why = format!(
            "{days}, when this clock was already running; whether that lengthens it is disputed, so {with_others}work to {}",
            in_full(known.earliest)
        );
        return Some(Caution::reading(known.earliest, why));
    }
    (known.on > now.on).then(|| {
        let why = format!(
            "{days}, when this clock was already running; if that does not shorten it, it ends on {}",
            in_full(known.on)
        );
        Caution::note(Some(known.on), why)
    })
}

/// **FOISA s.73, EIRs reg 2(1)**, RULE 11.4: a bank holiday taken away while an applicant's time ran. Nothing says
/// that a time which had begun is shortened by it, and an applicant may have counted on the day: the latest date keeps
/// what was a holiday when the time began, and has what was proclaimed since as well. What was only added leaves no
/// doubt, since the words of the law give the later date.
pub(super) fn taken_away_meanwhile(calendar: &Calendar, from: NaiveDate, span: Span, count: u32) -> Option<Caution> {
    let ran = Span { after: from, ..span };
    calendar.proclaimed_since(ran).next()?;
    let kept = calendar.keeping_what_was_known_on(from);
    let latest = kept.nth_working_day_after(span.after, count);
    let days = proclaimed_in(calendar, ran).filter(|_| latest > span.through)?;
    let why = format!(
        "{days}, when this clock was already running; if the applicant's time is not shortened by that, it ends on {}",
        in_full(latest)
    );
    Some(Caution::reading(latest, why))
}

/// **FOISA s.73, EIRs reg 2(1)**, RULE 11.4: an applicant's time that hangs on the end of the authority's, while which
/// ran a holiday was taken away. The later end is nothing to work to, but what hangs on it ends later too.
pub(super) fn not_shortened(later: NaiveDate, ends: NaiveDate) -> Caution {
    let why = format!(
        "a bank holiday was taken away while the authority's time ran; if that time is not shortened by it, it ended, or \
         ends, on {}, and the applicant's on {}",
        in_full(later),
        in_full(ends)
    );
    Caution::reading(ends, why)
}

/// What was proclaimed of the days of a span since it began, and when.
fn proclaimed_in(calendar: &Calendar, ran: Span) -> Option<String> {
    let changed = calendar.proclaimed_since(ran);
    let days: Vec<_> = changed.map(|(day, row)| proclaimed(day, row)).collect();
    (!days.is_empty()).then(|| days.join(", and "))
}

/// What was proclaimed of a day, and when.
fn proclaimed(day: NaiveDate, row: &Proclamation) -> String {
    let made_known = if row.proclaimed_on.is_some() {
        "proclaimed"
    } else {
        "announced as"
    };
    let what = if row.gives(day) {
        "a bank holiday"
    } else {
        "a working day"
    };
    format!(
        "{} was {made_known} {what} on {}",
        in_full(day),
        in_full(row.known_on())
    )
}
