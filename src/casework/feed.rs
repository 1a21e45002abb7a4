//! The published list of bank holidays: fetching it within bounds, and holding it against the calendar in force.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Result, Rules, notices};
use crate::calendar::BankHoliday;
use crate::calendar::bank_holidays::{self, ListError};
use crate::calendar::update::{Adoptable, adoptable};
use crate::case::chain;
use crate::clock::london_day;
use crate::http::{self, Bounds, Url};
use crate::reminders::Notice;
use crate::store::Store;
use crate::wording::{self, plural};

/// How long the publisher may take in all.
const PATIENCE: Duration = Duration::from_secs(30);

/// No list of bank holidays is longer, in bytes: GOV.UK's whole file has fifty thousand.
pub const LONGEST: u64 = 1_000_000;

/// Why a published list cannot be used. Each message fits after the host's name.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// It cannot be had.
    #[error(transparent)]
    Call(#[from] http::Error),
    /// It is something else.
    #[error("answers with something else than text")]
    NotText,
    /// It is no list.
    #[error("sends a list that {0}")]
    List(#[from] ListError),
}

/// Fetches a list. Blocks for half a minute at most.
///
/// # Errors
/// If it cannot be had, or is no list.
pub fn fetch(url: &Url) -> std::result::Result<Vec<BankHoliday>, Unusable> {
    let bounds = Bounds {
        time: PATIENCE,
        bytes: LONGEST,
        ca: None,
    };
    let text = String::from_utf8(http::get(url, &bounds)?).map_err(|_| Unusable::NotText)?;
    Ok(bank_holidays::parse(&text)?)
}

/// Holds a published list against the calendar in force. What differs is told to those who watch the service, once,
/// and never applied. What came of it, in a few words.
///
/// # Errors
/// The register's failure.
pub fn judge(
    store: &mut impl Store,
    rules: &Rules,
    (source, list): (&str, &[BankHoliday]),
    now: DateTime<Utc>,
) -> Result<String> {
    let (days, findings) = match adoptable(&rules.calendar, list, london_day(now)) {
        Ok(Adoptable { days, .. }) => (days, Vec::new()),
        Err(findings) => (Vec::new(), findings.iter().map(wording::holidays::finding).collect()),
    };
    if days.is_empty() && findings.is_empty() {
        return Ok("the published list adds nothing".to_owned());
    }
    let summary = format!(
        "the published list has {} and {}; those who watch were told",
        plural(i64::try_from(days.len()).unwrap_or(i64::MAX), "new day"),
        plural(i64::try_from(findings.len()).unwrap_or(i64::MAX), "difference")
    );
    let notice = Notice::Proposal {
        source: source.to_owned(),
        days,
        findings,
    };
    let name = format!("proposal/{}", chain::body_hash(&notices::body(&notice)?));
    notices::leave(store, &name, &rules.admins, &notice)?;
    Ok(summary)
}
