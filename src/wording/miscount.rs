//! Why a date in a sheet is not the law's, in words.

use chrono::NaiveDate;

use super::plain::{holiday, list, number};
use super::short;
use crate::calendar::BankHoliday;
use crate::calendar::miscount::{Began, Leaving, Miscount};

/// By which mistake a date came about: `counted Mon 30 Nov 2026 (St Andrew's Day)`. Where several give the date, each
/// of them; nothing where none does.
#[must_use]
pub fn why(mistakes: &[Miscount]) -> Option<String> {
    let words: Vec<String> = mistakes.iter().map(one).collect();
    (!words.is_empty()).then(|| words.join("; or "))
}

/// The mistake by its kind alone, to be counted: `England's holidays`.
#[must_use]
pub fn kind(mistakes: &[Miscount]) -> String {
    let mut kinds: Vec<String> = mistakes.iter().map(|one| one_kind(one).to_owned()).collect();
    kinds.dedup();
    match kinds.is_empty() {
        true => "no usual mistake gives this date".to_owned(),
        false => kinds.join(", or "),
    }
}

fn one_kind(mistake: &Miscount) -> &'static str {
    match mistake {
        Miscount::WorkingDays(Began::DayAfter, Leaving::England { .. }) => {
            "England's bank holidays instead of Scotland's"
        }
        Miscount::WorkingDays(Began::DayAfter, Leaving::Weekends(_)) => "no bank holidays left out",
        Miscount::WorkingDays(Began::DayAfter, Leaving::Closures(_)) => "the authority's own closed days left out",
        Miscount::WorkingDays(Began::SameDay, Leaving::Scotland) => "the first day counted",
        Miscount::WorkingDays(Began::NextWorkingDay(_), Leaving::Scotland) => "begun on the next working day",
        Miscount::WorkingDays(..) => "two mistakes at once",
        Miscount::Days(_) => "days of the calendar counted, not working days",
        Miscount::Month => "a month counted, not working days",
        Miscount::From(_) => "counted from another day",
    }
}

fn one(mistake: &Miscount) -> String {
    match mistake {
        Miscount::WorkingDays(began, leaving) => {
            let parts: Vec<String> = [self::began(*began), self::leaving(leaving)]
                .into_iter()
                .flatten()
                .collect();
            list(&parts)
        }
        Miscount::Days(days) => format!("counted {days} days of the calendar, not working days"),
        Miscount::Month => "counted a month, not working days".to_owned(),
        Miscount::From(day) => format!("counted from {}", short(*day)),
    }
}

fn began(began: Began) -> Option<String> {
    match began {
        Began::DayAfter => None,
        Began::SameDay => Some("counted the day of receipt itself as day 1".to_owned()),
        Began::NextWorkingDay(day) => Some(format!(
            "counted as if it had come on {}, the next working day",
            short(day)
        )),
    }
}

fn leaving(leaving: &Leaving) -> Option<String> {
    match leaving {
        Leaving::Scotland => None,
        Leaving::England { counted, left_out } => {
            let left_out = (!left_out.is_empty())
                .then(|| format!("left out {}, which England has and Scotland does not", named(left_out)));
            let counted = (!counted.is_empty())
                .then(|| format!("counted {}, which Scotland has and England does not", named(counted)));
            let parts: Vec<String> = [left_out, counted].into_iter().flatten().collect();
            Some(list(&parts))
        }
        Leaving::Weekends(counted) => Some(format!("counted {}", named(counted))),
        Leaving::Closures(days) => {
            let days: Vec<NaiveDate> = days.clone();
            let few = days.iter().take(3).map(|day| short(*day));
            let more =
                (days.len() > 3).then(|| format!("{} more", number(i64::try_from(days.len()).unwrap_or(i64::MAX) - 3)));
            let days: Vec<String> = few.chain(more).collect();
            Some(format!(
                "left out {}, when the office was closed but the law counts",
                list(&days)
            ))
        }
    }
}

fn named(days: &[BankHoliday]) -> String {
    let days: Vec<String> = days
        .iter()
        .map(|day| format!("{} ({})", short(day.date), holiday(&day.name)))
        .collect();
    list(&days)
}
