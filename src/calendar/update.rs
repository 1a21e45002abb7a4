//! May a newer list be adopted? It can only add, and only what is explained.
//!
//! The published list has been wrong for six weeks, has lost five years of its history for five months, and has
//! come to know a holiday three weeks late. So a day that law, custom or a proclamation on record does not
//! explain, or a day to come that has vanished, stops the whole list until a person has recorded what happened;
//! and a past day that is absent says nothing.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::agree::{self, Finding, Remark};
use super::{BankHoliday, Calendar, Reason, is_weekend};

/// What a list that agrees has to add.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Adoptable {
    /// The days that are not in force yet, each of them explained, in date order.
    pub days: Vec<BankHoliday>,
    /// What else there is to say of the list.
    pub remarks: Vec<Remark>,
}

/// Which days of a list may be added to the calendar in force.
///
/// # Errors
/// Everything that must be settled first.
pub fn adoptable(calendar: &Calendar, list: &[BankHoliday], today: NaiveDate) -> Result<Adoptable, Vec<Finding>> {
    let agreement = agree::listed(calendar, list, today);
    let mut findings = agreement.findings;
    findings.extend(gaps(calendar, list));
    if !findings.is_empty() {
        return Err(findings);
    }
    let mut days: Vec<BankHoliday> = list
        .iter()
        .filter(|day| !is_weekend(day.date) && !in_force(calendar, day.date))
        .cloned()
        .collect();
    days.sort_by_key(|day| day.date);
    Ok(Adoptable {
        days,
        remarks: agreement.remarks,
    })
}

/// Whether a day counts as a bank holiday already, and not only because it is expected to be one.
fn in_force(calendar: &Calendar, day: NaiveDate) -> bool {
    match calendar.reason(day) {
        None | Some(Reason::Expected) => false,
        Some(Reason::Proclaimed(_)) => true,
        Some(_) => !calendar.is_provisional(day),
    }
}

/// Years of which a list has nothing although it has a later one: with that one announced, they would have no
/// bank holidays at all.
fn gaps(calendar: &Calendar, list: &[BankHoliday]) -> impl Iterator<Item = Finding> {
    let years: BTreeSet<i32> = list.iter().map(|day| day.date.year()).collect();
    let last = years.last().copied().unwrap_or(i32::MIN);
    (calendar.announced_through().year() + 1..last)
        .filter(move |year| !years.contains(year))
        .map(|year| Finding::NothingOf { year })
}
