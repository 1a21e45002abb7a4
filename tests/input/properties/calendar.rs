//! The list of bank holidays as GOV.UK publishes it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate, Weekday};
use timeous::calendar::update::adoptable;
use timeous::calendar::{BankHoliday, Calendar, Reason, bank_holidays as list, covers};

static IN_FORCE: LazyLock<Calendar> = LazyLock::new(|| Calendar::compiled_in().unwrap());

const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();

thread_local! {
    /// The sets of days that were found to be explained, for asking costs a calendar.
    static EXPLAINED: RefCell<BTreeSet<Vec<NaiveDate>>> = const { RefCell::new(BTreeSet::new()) };
}

/// A list is taken whole or refused in one line. What is taken is in order, each day once, within the table; written
/// again it is the same list; and of what may be adopted from it each day is new, and one for which there is a reason.
pub(super) fn bank_holidays(data: &[u8]) {
    let json = String::from_utf8_lossy(data);
    let days = match list::parse(&json) {
        Ok(days) => days,
        Err(error) => return super::told(&error.to_string(), data),
    };
    assert!(!days.is_empty(), "an empty list was taken");
    assert!(
        days.windows(2).all(|pair| pair[0].date < pair[1].date),
        "not in order, or a day twice"
    );
    assert!(days.iter().all(|day| covers(day.date)), "a day outside the table");
    assert_eq!(list::parse(&written(&days)).unwrap(), days);
    match adoptable(&IN_FORCE, &days, TODAY) {
        Ok(found) => explained(&days, &found.days),
        Err(findings) => assert!(!findings.is_empty(), "refused for nothing"),
    }
}

/// The list in GOV.UK's form.
fn written(days: &[BankHoliday]) -> String {
    let event =
        |day: &BankHoliday| serde_json::json!({ "title": day.name, "date": day.date, "notes": "", "bunting": true });
    let events: Vec<_> = days.iter().map(event).collect();
    serde_json::json!({ "england-and-wales": {}, "scotland": { "division": "scotland", "events": events } }).to_string()
}

fn explained(listed: &[BankHoliday], adopted: &[BankHoliday]) {
    for day in adopted {
        assert!(listed.contains(day), "{day:?} is in no list");
        assert!(
            !matches!(day.date.weekday(), Weekday::Sat | Weekday::Sun),
            "{day:?} is a weekend"
        );
    }
    let key: Vec<NaiveDate> = adopted.iter().map(|day| day.date).collect();
    if adopted.is_empty() || EXPLAINED.with_borrow(|known| known.contains(&key)) {
        return;
    }
    let calendar = Calendar::with_additional(adopted).unwrap();
    for day in adopted {
        let reason = calendar.reason(day.date);
        assert!(
            reason.is_some_and(|reason| *reason != Reason::Listed),
            "{day:?}: {reason:?}"
        );
    }
    EXPLAINED.with_borrow_mut(|known| known.insert(key));
}
