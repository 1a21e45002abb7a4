//! Rows to put into a register, each a plain one that a test then changes where it matters.

use chrono::{DateTime, NaiveDate, Utc};
use timeous::case::{Details, Entry, Fact, Kind, Regime};
use timeous::reminders::{Reason, Rung};
use timeous::statute::{Actor, Key, Nature, State, Step};
use timeous::store::{
    CaseRow, DeadlineRow, Error, MessageState, NewMessage, ReminderRow, ReminderState, Settled, Store, Write,
};

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An instant of the day that most tests are about.
pub(crate) fn at(time: &str) -> DateTime<Utc> {
    format!("2026-11-02T{time}Z").parse().unwrap()
}

pub(crate) fn entry(reference: &str, seq: u32) -> Entry {
    Entry {
        reference: reference.parse().unwrap(),
        seq,
        fact: Fact::new(Kind::Received, day("2026-11-02")),
        recorded_at: at("08:00:00"),
        recorded_by: "bjones".to_owned(),
        by: None,
        supersedes: None,
    }
}

/// An entry that says everything an entry can say.
pub(crate) fn full_entry(reference: &str, seq: u32) -> Entry {
    let day_of = |text| Some(day(text));
    Entry {
        fact: Fact {
            kind: Kind::ReviewOutcome,
            on: day("2026-11-30"),
            details: Details {
                received: day_of("2026-12-02"),
                posted: true,
                due: day_of("2027-06-02"),
                outcome: Some("upheld".parse().unwrap()),
                exemptions: vec!["s.25(1)".to_owned(), "s.30(b)(ii)".to_owned()],
                officer: Some("cbrown".to_owned()),
                department: Some("roads".to_owned()),
                regime: Some(Regime::Eirs),
                keeper_record: true,
                first_received: day_of("2026-10-01"),
                subject: Some("Bin \"days\"\n; '--".to_owned()),
                note: Some("naïve \u{1f4a1} \u{0} note".to_owned()),
                why: Some("mistyped".to_owned()),
                void: true,
            },
        },
        by: Some("M Green".to_owned()),
        supersedes: Some(seq.saturating_sub(1)),
        recorded_at: "2026-12-01T23:59:59.999Z".parse().unwrap(),
        ..entry(reference, seq)
    }
}

pub(crate) fn case(reference: &str) -> CaseRow {
    CaseRow {
        reference: reference.to_owned(),
        regime: Regime::Foisa,
        officer: Some("bjones".to_owned()),
        opened: day("2026-11-02"),
        closed: None,
        last_seq: 1,
        set_aside: None,
    }
}

pub(crate) fn deadline(reference: &str) -> DeadlineRow {
    DeadlineRow {
        id: 0,
        reference: reference.to_owned(),
        key: Key {
            step: Step::Response,
            regime: Regime::Foisa,
            actor: Actor::Authority,
            entry: 1,
        },
        occurrence: 1,
        nature: Nature::Duty,
        state: State::Running,
        due: Some(day("2026-11-30")),
        work_to: Some(day("2026-11-30")),
        opens_after: None,
        acted_on: None,
        provision: "FOISA s.10(1)(a)".to_owned(),
        provisional: false,
        officer: Some("bjones".to_owned()),
        calendar: "v1".to_owned(),
        next: Some((day("2026-11-16"), Rung::Before(10))),
    }
}

/// A case with one deadline; its number.
pub(crate) fn put(tx: &mut dyn Write, row: &DeadlineRow) -> Result<i64, Error> {
    if tx.case(&row.reference)?.is_none() {
        tx.save_case(&case(&row.reference))?;
    }
    tx.save_deadline(row)
}

pub(crate) fn reminder(deadline: i64) -> ReminderRow {
    ReminderRow {
        id: 0,
        deadline,
        work_to: day("2026-11-30"),
        rung: Rung::Before(10),
        day: None,
        reason: Reason::Coming,
        state: ReminderState::Queued,
    }
}

pub(crate) fn message(recipient: &str) -> NewMessage {
    NewMessage {
        recipient: recipient.to_owned(),
        name: "B Jones".to_owned(),
        morning: day("2026-11-02"),
        message_id: format!("{recipient}.1@example.gov.uk"),
        references: vec!["a@example.gov.uk".to_owned(), "b@example.gov.uk".to_owned()],
        subject: "FOI: 1 soon".to_owned(),
        text: "text\n".to_owned(),
        html: "<p>html</p>\n".to_owned(),
    }
}

pub(crate) fn settled(state: MessageState, outcome: &str) -> Settled {
    Settled {
        state,
        not_before: at("09:00:00"),
        maybe_duplicate: outcome == "unknown",
        stage: (outcome == "refused").then(|| "rcpt".to_owned()),
        outcome: outcome.to_owned(),
        reply: format!("{outcome}, it said"),
    }
}

/// A case with a deadline, a reminder and a message about it to each of these mailboxes, in one transaction:
/// the numbers of the deadlines, the reminders and the messages.
pub(crate) fn queued(store: &mut impl Store, recipients: &[&str]) -> Vec<(i64, i64, i64)> {
    write(store, |tx| {
        recipients
            .iter()
            .map(|recipient| {
                let deadline = put(tx, &deadline(&format!("FOI-{recipient}")))?;
                let reminder = tx.add_reminder(&reminder(deadline))?.unwrap();
                let message = tx.add_message(&message(recipient), &[reminder], at("08:00:00"))?;
                Ok((deadline, reminder, message))
            })
            .collect()
    })
}

/// A transaction that must succeed.
pub(crate) fn write<T>(store: &mut impl Store, work: impl FnOnce(&mut dyn Write) -> Result<T, Error>) -> T {
    store.write(work).unwrap()
}

/// A question that must be answered.
pub(crate) fn read<T>(store: &impl Store, work: impl FnOnce(&dyn timeous::store::Read) -> Result<T, Error>) -> T {
    store.read(work).unwrap()
}
