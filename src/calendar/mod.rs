//! Which days count, and why not the others.
//!
//! A *working day* is "any day other than a Saturday, a Sunday, Christmas Day or a day which, under the
//! Banking and Financial Dealings Act 1971, is a bank holiday in Scotland" (FOISA s.73; the Environmental
//! Information (Scotland) Regulations 2004 reg 2(1) say the same). Local holidays, closures and the bank
//! holidays of other parts of the United Kingdom are working days.
//!
//! [`Calendar`] is a table made once from a list of holidays. It knows how far that list reaches: a date
//! beyond [`Calendar::announced_through`] rests on the days that are usually proclaimed, and is
//! *provisional*.

pub mod agree;
pub mod bank_holidays;
pub mod england;
pub mod known;
pub mod miscount;
pub mod period;
pub mod proclamations;
mod reason;
pub mod schedule;
pub mod update;

use chrono::{Datelike, NaiveDate, Weekday};
use sha2::{Digest, Sha256};

pub use bank_holidays::BankHoliday;
pub use proclamations::{Proclamation, Proclamations};
pub use reason::{Explained, Reason, explained};

/// The bank holidays published for Scotland when this program was made.
const COMPILED_IN: &str = include_str!("../../holidays/scotland.json");

/// What was proclaimed for one year only, as far as it was known then.
const PROCLAIMED: &str = include_str!("../../holidays/proclamations.toml");

/// The day to which the compiled-in list was known to be complete.
const COMPILED_IN_AS_OF: NaiveDate = date(2026, 11, 22);

/// The first day in the table: a year before the Act came into force, so that every count has its start.
pub const FIRST: NaiveDate = date(2004, 1, 1);

/// The last day in the table. Counts that would run past it end on it.
pub const LAST: NaiveDate = date(2104, 12, 31);

const fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => NaiveDate::MIN,
    }
}

/// Whether a day lies in the table.
#[must_use]
pub fn covers(day: NaiveDate) -> bool {
    (FIRST..=LAST).contains(&day)
}

/// A compiled-in file is broken, which a test rules out.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// The list.
    #[error("the list of bank holidays {0}")]
    List(#[from] bank_holidays::ListError),
    /// The proclamations.
    #[error("the record of proclamations {0}")]
    Proclamations(#[from] proclamations::RowError),
}

/// Why a day is not a working day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotWorking<'c> {
    /// Saturday or Sunday.
    Weekend,
    /// A bank holiday on a weekday, with its name.
    BankHoliday(&'c str),
}

/// The days that count in Scotland, from [`FIRST`] to [`LAST`]. Every question about one day or one count is
/// answered in constant time.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// For each day of the table, how many working days there are up to and including it.
    up_to: Box<[u32]>,
    /// The working days in order.
    working: Box<[NaiveDate]>,
    /// Bank holidays that fall on weekdays, announced and expected, in date order.
    holidays: Box<[BankHoliday]>,
    /// By what each of them is one.
    reasons: Box<[Reason]>,
    /// Days that a list gives and a proclamation took away.
    struck: Box<[BankHoliday]>,
    /// Days that were something else before they were proclaimed.
    changed: Box<[known::Changed]>,
    proclamations: Proclamations,
    announced_through: NaiveDate,
    as_of: NaiveDate,
    version: String,
}

impl Calendar {
    /// The calendar compiled into this program.
    ///
    /// # Errors
    /// Only if a compiled-in file is broken, which a test rules out.
    pub fn compiled_in() -> Result<Self, Broken> {
        Self::with_additional(&[])
    }

    /// The compiled-in days and those of a further list. A list can only add: a day that is absent from it
    /// says nothing.
    ///
    /// # Errors
    /// Only if a compiled-in file is broken, which a test rules out.
    pub fn with_additional(more: &[BankHoliday]) -> Result<Self, Broken> {
        Self::in_force(more, Proclamations::default())
    }

    /// The compiled-in days, those of a further list, and what further proclamations add, move and withdraw.
    ///
    /// # Errors
    /// Only if a compiled-in file is broken, which a test rules out.
    pub fn in_force(more: &[BankHoliday], later: Proclamations) -> Result<Self, Broken> {
        let mut days = bank_holidays::parse(COMPILED_IN)?;
        days.extend_from_slice(more);
        let proclaimed = proclamations::parse(PROCLAIMED)?.followed_by(later);
        // Whoever records a proclamation knows of it, and of what was made known before.
        let known_on = proclaimed.days().iter().map(Proclamation::known_on).max();
        Ok(Self::new(days, proclaimed, COMPILED_IN_AS_OF).complete_on(known_on))
    }

    /// A calendar of these bank holidays, known to be complete on the day `as_of`, with the days that the
    /// proclamations add and without those that they take away.
    ///
    /// Of two entries for one day the first names it. `announced_through` is 31 December of the last year
    /// in which every weekday of the Act's Schedule is listed, or taken away by a proclamation; beyond it the
    /// days that are expected of each year stand in.
    #[must_use]
    pub fn new(listed: Vec<BankHoliday>, proclamations: Proclamations, as_of: NaiveDate) -> Self {
        let given = proclamations.days().iter().filter_map(|row| {
            proclamations.gives(row.date).map(|row| BankHoliday {
                date: row.date,
                name: row.name.clone(),
            })
        });
        let (struck, mut holidays): (Vec<_>, Vec<_>) = listed
            .into_iter()
            .chain(given)
            .filter(|holiday| covers(holiday.date) && !is_weekend(holiday.date))
            .partition(|holiday| proclamations.takes_away(holiday.date).is_some());
        holidays.sort_by_key(|holiday| holiday.date);
        holidays.dedup_by_key(|holiday| holiday.date);
        let last_year = last_announced_year(&holidays, &proclamations);
        let announced_through = date(last_year, 12, 31);
        let changed = known::changed(&proclamations);
        let version = version(&holidays, &changed, announced_through);
        holidays.extend(projection(&holidays, &proclamations, last_year));
        holidays.sort_by_key(|holiday| holiday.date);
        let reasons = reason::of_each(&holidays, &proclamations, announced_through);

        let mut up_to = Vec::new();
        let mut working = Vec::new();
        let mut ahead = holidays.iter().peekable();
        for day in FIRST.iter_days().take_while(|day| *day <= LAST) {
            let holiday = ahead.next_if(|holiday| holiday.date == day).is_some();
            if !holiday && !is_weekend(day) {
                working.push(day);
            }
            up_to.push(u32::try_from(working.len()).unwrap_or(u32::MAX));
        }
        Self {
            up_to: up_to.into(),
            working: working.into(),
            holidays: holidays.into(),
            reasons: reasons.into(),
            struck: struck.into(),
            changed: changed.into(),
            proclamations,
            announced_through,
            as_of,
            version,
        }
    }

    /// How many working days there are from the first of the table up to and including a day.
    fn rank(&self, day: NaiveDate) -> usize {
        let index = day.num_days_from_ce() - FIRST.num_days_from_ce();
        match usize::try_from(index) {
            Ok(index) => self.up_to[index.min(self.up_to.len() - 1)] as usize,
            Err(_) => 0,
        }
    }

    /// The `n`th working day after a day. The day itself is never counted, whether or not it is a working
    /// day; `n` of nought gives the day itself. Ends at [`LAST`] at the latest.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// let calendar = timeous::calendar::Calendar::compiled_in().unwrap();
    /// let received = NaiveDate::from_ymd_opt(2022, 2, 4).unwrap();
    /// let twentieth = NaiveDate::from_ymd_opt(2022, 3, 4).unwrap();
    /// assert_eq!(calendar.nth_working_day_after(received, 20), twentieth);
    /// ```
    #[must_use]
    pub fn nth_working_day_after(&self, day: NaiveDate, n: u32) -> NaiveDate {
        if n == 0 {
            return day;
        }
        let index = self.rank(day).saturating_add(n as usize - 1);
        self.working.get(index).copied().unwrap_or(LAST)
    }

    /// The `n`th working day counted back from a day, the day itself included if it is one: the first is the
    /// last working day on or before it. Ends at [`FIRST`]; `n` of nought is read as one.
    #[must_use]
    pub fn nth_working_day_back(&self, day: NaiveDate, n: u32) -> NaiveDate {
        let index = self.rank(day).checked_sub(n.max(1) as usize);
        index
            .and_then(|index| self.working.get(index))
            .copied()
            .unwrap_or(FIRST)
    }

    /// How many working days there are after `from`, up to and including `to`; negative where `to` is the
    /// earlier, when it counts those after `to` up to and including `from`.
    #[must_use]
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        // Both are counts of days in a table of a hundred years.
        let rank = |day| i64::try_from(self.rank(day)).unwrap_or(i64::MAX);
        rank(to) - rank(from)
    }

    /// Whether a day is a working day in the sense of section 73.
    #[must_use]
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        self.why_not(day).is_none()
    }

    /// Why a day is not a working day; nothing if it is one.
    #[must_use]
    pub fn why_not(&self, day: NaiveDate) -> Option<NotWorking<'_>> {
        if is_weekend(day) {
            return Some(NotWorking::Weekend);
        }
        self.holidays
            .binary_search_by_key(&day, |holiday| holiday.date)
            .ok()
            .map(|found| NotWorking::BankHoliday(&self.holidays[found].name))
    }

    /// By what a weekday is a bank holiday; nothing if it is none.
    #[must_use]
    pub fn reason(&self, day: NaiveDate) -> Option<&Reason> {
        self.holidays
            .binary_search_by_key(&day, |holiday| holiday.date)
            .ok()
            .and_then(|found| self.reasons.get(found))
    }

    /// The bank holidays on weekdays in some years, in date order, and by what each of them is one.
    pub fn holidays(&self, years: std::ops::RangeInclusive<i32>) -> impl Iterator<Item = (&BankHoliday, &Reason)> {
        let all = self.holidays.iter().zip(&self.reasons);
        all.filter(move |(holiday, _)| years.contains(&holiday.date.year()))
    }

    /// The days that a list gives and a proclamation took away, so that they count.
    #[must_use]
    pub fn struck(&self) -> &[BankHoliday] {
        &self.struck
    }

    /// What is on record of proclamations.
    #[must_use]
    pub fn proclamations(&self) -> &Proclamations {
        &self.proclamations
    }

    /// The weekdays that a count over a span left out, each with its name. (Weekends are always left out.)
    #[must_use]
    pub fn left_out(&self, span: period::Span) -> &[BankHoliday] {
        let from = self.holidays.partition_point(|holiday| holiday.date <= span.after);
        let to = self.holidays.partition_point(|holiday| holiday.date <= span.through);
        self.holidays.get(from..to).unwrap_or(&[])
    }

    /// Whether a date lies beyond the announced bank holidays, so that a proclamation yet to come may move it.
    #[must_use]
    pub fn is_provisional(&self, day: NaiveDate) -> bool {
        day > self.announced_through
    }

    /// The last day of the last year whose bank holidays are announced.
    #[must_use]
    pub fn announced_through(&self) -> NaiveDate {
        self.announced_through
    }

    /// The same calendar, known to be complete on a later day.
    #[must_use]
    pub fn complete_on(mut self, on: Option<NaiveDate>) -> Self {
        self.as_of = on.map_or(self.as_of, |on| on.max(self.as_of));
        self
    }

    /// The announced bank holidays on weekdays, in date order.
    pub fn announced(&self) -> impl Iterator<Item = &BankHoliday> {
        announced(&self.holidays, &self.reasons, self.announced_through).map(|(day, _)| day)
    }

    /// The day to which the list was known to be complete.
    #[must_use]
    pub fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    /// What tells this calendar from another: a hash of the announced days, of when those that are one year's only
    /// were made known, and of how far they reach.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The first eight characters of the version, for people.
    #[must_use]
    pub fn short_version(&self) -> &str {
        self.version.get(..8).unwrap_or(&self.version)
    }
}

/// Whether a day is a bank holiday of its year by the Schedule or by what is proclaimed every year.
#[must_use]
pub fn is_expected(day: NaiveDate) -> bool {
    schedule::expected(day.year()).iter().any(|(other, _)| *other == day)
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The last year in which every weekday of the Schedule is listed or taken away; the year before the table if there
/// is none.
fn last_announced_year(holidays: &[BankHoliday], proclamations: &Proclamations) -> i32 {
    let listed = |day: NaiveDate| holidays.binary_search_by_key(&day, |holiday| holiday.date).is_ok();
    let known = |day: NaiveDate| is_weekend(day) || listed(day) || proclamations.takes_away(day).is_some();
    (FIRST.year()..=LAST.year())
        .rev()
        .find(|year| schedule::schedule(*year).iter().all(|(day, _)| known(*day)))
        .unwrap_or(FIRST.year() - 1)
}

/// The days expected of the years after the last announced one, but for those already listed or taken away.
fn projection(announced: &[BankHoliday], proclamations: &Proclamations, last_year: i32) -> Vec<BankHoliday> {
    (last_year + 1..=LAST.year())
        .flat_map(schedule::expected)
        .filter(|(day, _)| announced.binary_search_by_key(day, |holiday| holiday.date).is_err())
        .filter(|(day, _)| proclamations.takes_away(*day).is_none())
        .map(|(date, name)| BankHoliday {
            date,
            name: format!("{name}, expected"),
        })
        .collect()
}

/// The days that are more than expected.
fn announced<'c>(
    holidays: &'c [BankHoliday],
    reasons: &'c [Reason],
    through: NaiveDate,
) -> impl Iterator<Item = (&'c BankHoliday, &'c Reason)> {
    let made_known = |reason: &Reason| matches!(reason, Reason::Proclaimed(_) | Reason::Listed);
    let all = holidays.iter().zip(reasons);
    all.filter(move |(day, reason)| day.date <= through || made_known(reason))
}

fn version(announced: &[BankHoliday], changed: &[known::Changed], announced_through: NaiveDate) -> String {
    let mut hash = Sha256::new();
    for holiday in announced {
        hash.update(holiday.date.to_string());
    }
    for one in changed {
        hash.update("known");
        hash.update(one.day.to_string());
        hash.update(one.known_on.to_string());
    }
    hash.update("through");
    hash.update(announced_through.to_string());
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
