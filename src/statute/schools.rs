//! Grant-aided and independent special schools: the Freedom of Information (Scotland) Act 2002 (Time for
//! Compliance) Regulations 2016, SSI 2016/346.

use chrono::NaiveDate;

use super::authority::{Authority, AuthorityKind, SchoolDays};
use super::deadline::Caution;
use crate::clock::in_full;

/// The first day the regulations were in force.
const FROM: Option<NaiveDate> = NaiveDate::from_ymd_opt(2016, 12, 1);

/// The outer limit of a school's time, in working days.
pub const SIXTY: u32 = 60;

/// **SSI 2016/346**, RULE 4.2: for a request "received by" such a school from 1 December 2016, ss.10(1), 10(3)
/// and 21(1) read as whichever comes first of the twentieth working day leaving out working days that are not
/// school days at that school, and the sixtieth working day. The school's days, where that is the rule.
pub(super) fn school_days(authority: &Authority, received: NaiveDate) -> Option<School<'_>> {
    let school = authority.kind == AuthorityKind::School && FROM <= Some(received);
    let days = authority.school_days.as_ref().filter(|_| school)?;
    Some(School {
        days,
        unlisted_count: false,
    })
}

/// A school's days, and what a day is taken for that lies before or after all of its listed terms.
#[derive(Debug, Clone, Copy)]
pub(super) struct School<'a> {
    days: &'a SchoolDays,
    unlisted_count: bool,
}

impl School<'_> {
    /// Whether a working day counts.
    pub(super) fn counts(self, day: NaiveDate) -> bool {
        let listed = self
            .days
            .listed()
            .is_some_and(|(first, last)| first <= day && day <= last);
        if listed {
            self.days.contains(day)
        } else {
            self.unlisted_count
        }
    }

    /// The same school, open on every day of which nothing is known: no time ends earlier.
    pub(super) fn at_the_earliest(self) -> Self {
        Self {
            unlisted_count: true,
            ..self
        }
    }

    /// **SSI 2016/346**, RULE 4.2: a count that runs over days of which nobody has said whether they are school
    /// days. Taken as none, they give the latest date that there can be; the safe one takes them all as school days.
    pub(super) fn unlisted(self, earliest: NaiveDate) -> Caution {
        let listed = match self.days.listed() {
            Some((first, last)) => format!("are listed from {} to {} only", in_full(first), in_full(last)),
            None => "are not listed".to_owned(),
        };
        let why = format!(
            "the school's days {listed}, and this count runs over others: list the terms that it falls into \
             (authority.school_days); until then those days count as no school days, and were they all school days the \
             time would end on {}, so work to that",
            in_full(earliest)
        );
        Caution::reading(earliest, why)
    }
}
