//! `timeous due`: the calculator. A what-if: no register, and dates to come are allowed.

use std::io::IsTerminal as _;

use chrono::{DateTime, NaiveDate};
use serde_json::json;

use super::args::Due;
use super::typed::date;
use super::{Context, Error, Result, Said};
use crate::calendar::Calendar;
use crate::case::{Case, Entry, Fact, Kind, Reference};
use crate::clock::london_day;
use crate::exchange;
use crate::reminders::Closures;
use crate::statute::{self, Authority, AuthorityKind, Deadline};
use crate::wording::{explain, json as forms};

pub(super) fn due(context: &Context, due: &Due) -> Result {
    let mut received = Fact::new(Kind::Received, due.received.on);
    received.details.posted = due.received.posted;
    received.details.regime = Some(due.regime);
    received.details.keeper_record = due.authority == AuthorityKind::Keeper;
    let facts = std::iter::once(received).chain(due.events.iter().cloned());
    let entries = facts
        .zip(1..)
        .map(|(fact, seq)| entry(fact, seq))
        .collect::<Result<Vec<_>>>()?;
    let case = Case::fold(&entries).map_err(|refusal| Error::Typed(refusal.to_string()))?;
    let (config, complaints) = context.in_force()?;
    let calendar = &config.rules.calendar;
    let authority = Authority {
        kind: due.authority,
        ..config.rules.authority.clone()
    };
    if authority.kind == AuthorityKind::School && authority.school_days.is_none() {
        return Err(Error::Typed(
            "a school's time hangs on its school days; give a configuration with authority.school_days".to_owned(),
        ));
    }
    let deadlines = statute::deadlines(&case, calendar, &authority);
    let today = london_day(context.now());
    if due.json {
        return Ok(Said {
            complaints,
            ..as_json(due, calendar, &deadlines, today)
        });
    }
    let telling = explain::Telling {
        case: Some(&case),
        calendar,
        closures: &Closures::default(),
        history: &[],
        drawn: std::io::stdout().is_terminal(),
        today,
    };
    let text = match due.explain {
        true => telling.explain(&deadlines),
        false => explain::answers(&deadlines, calendar, today),
    };
    Ok(Said {
        complaints,
        ..Said::well(text)
    })
}

fn as_json(due: &Due, calendar: &Calendar, deadlines: &[Deadline], today: NaiveDate) -> Said {
    let deadlines: Vec<_> = deadlines
        .iter()
        .map(|deadline| forms::deadline(deadline, calendar, today))
        .collect();
    Said::json(&json!({
        "regime": due.regime,
        "authority": due.authority,
        "calendar": forms::calendar(calendar),
        "deadlines": deadlines,
    }))
}

fn entry(fact: Fact, seq: u32) -> Result<Entry> {
    let reference: Reference = "this request"
        .parse()
        .map_err(|refusal: crate::case::Refusal| Error::Failed(refusal.to_string()))?;
    Ok(Entry {
        reference,
        seq,
        fact,
        recorded_at: DateTime::UNIX_EPOCH,
        recorded_by: String::new(),
        by: None,
        supersedes: None,
    })
}

/// Reads `KIND=DATE[:received=DATE|:posted][:due=DATE][:outcome=O][:regime=R]`.
///
/// # Errors
/// What is wrong with it, or what could have been written.
pub fn event(text: &str) -> std::result::Result<Fact, String> {
    let mut parts = text.split(':');
    let (kind, on) = parts
        .next()
        .and_then(|first| first.split_once('='))
        .ok_or("write an event as KIND=DATE, for example responded=2022-03-04")?;
    let kind: Kind = kind.parse().map_err(|error| format!("kind: {error}"))?;
    let mut fact = Fact::new(kind, date(on)?);
    for part in parts {
        match part.split_once('=') {
            None if part == "posted" => fact.details.posted = true,
            Some(("received", day)) => fact.details.received = Some(date(day)?),
            Some(("due", day)) => fact.details.due = Some(date(day)?),
            Some(("outcome", word)) => {
                fact.details.outcome = Some(word.parse().map_err(|error| format!("outcome: {error}"))?);
            }
            Some(("regime", word)) => fact.details.regime = Some(exchange::regime(word)?),
            _ => {
                return Err(format!(
                    "{part:?} is not one of received=DATE, posted, due=DATE, outcome=O, regime=R"
                ));
            }
        }
    }
    fact.check().map_err(|refusal| refusal.to_string())?;
    Ok(fact)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_says_what_it_says() {
        let fact = event("responded=2022-03-04:posted:outcome=refused:regime=eir").unwrap();
        assert_eq!(fact.kind, Kind::Responded);
        assert!(fact.details.posted);
        assert_eq!(fact.details.outcome.unwrap().as_str(), "refused");
    }

    #[test]
    fn an_event_that_cannot_be_read_says_how_to_write_it() {
        for (text, words) in [
            ("responded", "KIND=DATE"),
            ("answered=2022-03-04", "is not one of received"),
            ("responded=2022-02-30", "no such date"),
            ("responded=2022-03-04:sent", "is not one of received=DATE"),
            ("note=2022-03-04:outcome=full", "outcome says nothing about note"),
        ] {
            let refused = event(text).unwrap_err();
            assert!(refused.contains(words), "{refused}");
        }
    }
}
