//! What every engine must do.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{SecondsFormat, TimeDelta};
use sha2::{Digest, Sha256};
use timeous::calendar::BankHoliday;
use timeous::case::{Entry, Kind, Regime};
use timeous::reminders::{Reason, Rung};
use timeous::statute::{Actor, Key, Nature, State, Step};
use timeous::store::{
    AdoptedCalendar, CaseRow, Counts, DeadlineRow, Error, Former, Listing, MessageState, NewMessage, NoticeState,
    OutboxCounts, OwnBody, OwnEntry, Read, Rederivation, ReminderRow, ReminderState, Round, Settled, SheetOddity,
    SheetRow, SheetState, Store, Taken, Task, Write,
};

use crate::Place;
use crate::rows::{at, case, day, deadline, entry, full_entry, message, put, queued, read, reminder, settled, write};

const NO_LINK: &str = "0000000000000000000000000000000000000000000000000000000000000000";

pub(crate) fn a_new_register_is_empty_and_knows_it(place: &impl Place) {
    let store = place.open();
    let about = read(&store, |snapshot| snapshot.about());
    assert_eq!((about.position, about.head.as_str()), (0, NO_LINK));
    assert_eq!(
        (about.calendar.as_str(), about.law.as_str(), about.demo),
        ("", "", false)
    );
    read(&store, |snapshot| {
        assert_eq!(snapshot.entries("FOI-1")?, []);
        assert_eq!(snapshot.case("FOI-1")?, None);
        assert_eq!(snapshot.deadlines("FOI-1")?, []);
        assert_eq!(snapshot.open_cases("", 10)?, Vec::<String>::new());
        assert_eq!(snapshot.due_cases(day("2099-12-31"), None)?, []);
        assert_eq!(snapshot.next_morning()?, None);
        assert_eq!(snapshot.next_attempt()?, None);
        assert_eq!(
            snapshot.counts(day("2026-11-02"), day("2026-11-09"))?,
            Counts::default()
        );
        assert_eq!(snapshot.outbox_counts()?, OutboxCounts::default());
        assert_eq!(snapshot.rounds()?, []);
        Ok(())
    });
}

pub(crate) fn entries_come_back_exactly_as_they_were_appended(place: &impl Place) {
    let mut store = place.open();
    let of_one = [entry("FOI/1 é", 1), full_entry("FOI/1 é", 2), full_entry("FOI/1 é", 3)];
    let of_other = [entry("foi/1 é", 1)];
    write(&mut store, |tx| {
        for entry in [&of_one[0], &of_other[0], &of_one[1], &of_one[2]] {
            tx.append(entry)?;
        }
        Ok(())
    });
    let again = place.open();
    read(&again, |snapshot| {
        assert_eq!(snapshot.entries("FOI/1 é")?, of_one);
        assert_eq!(snapshot.entries("foi/1 é")?, of_other);
        assert_eq!(snapshot.entries("FOI/1")?, []);
        Ok(())
    });
}

pub(crate) fn every_link_of_the_chain_follows_from_the_one_before(place: &impl Place) {
    let mut store = place.open();
    let told = [
        entry("FOI-1", 1),
        full_entry("FOI-1", 2),
        entry("FOI-2", 1),
        full_entry("FOI-2", 2),
    ];
    let mut head = NO_LINK.to_owned();
    for (position, entry) in (1..).zip(&told) {
        write(&mut store, |tx| tx.append(entry));
        let stored = read(&store, |snapshot| snapshot.entries(entry.reference.as_str()));
        head = link(&head, position, stored.last().unwrap());
        let about = read(&store, |snapshot| snapshot.about());
        assert_eq!((about.position, &about.head), (position, &head));
    }
}

pub(crate) fn the_whole_chain_is_read_in_its_order(place: &impl Place) {
    let mut store = place.open();
    write(&mut store, |tx| {
        tx.append(&entry("FOI-2", 1))?;
        tx.append_own(&own(OwnBody::Upgraded {
            law: "4".to_owned(),
            program: "0.2.0".to_owned(),
        }))?;
        tx.append(&full_entry("FOI-1", 2))
    });
    let mut rows = Vec::new();
    read(&store, |snapshot| {
        snapshot.chain(&mut |row| rows.push(row))?;
        assert_eq!(rows.last().unwrap().hash, snapshot.about()?.head);
        assert_eq!(snapshot.integrity()?, Vec::<String>::new());
        assert_eq!((snapshot.emptied("FOI-1")?, snapshot.emptied("FOI-9")?), (0, 0));
        Ok(())
    });
    let kinds: Vec<_> = rows
        .iter()
        .map(|row| (row.position, row.reference.as_deref(), row.kind.as_str()))
        .collect();
    let known = [
        (1, Some("FOI-2"), "received"),
        (2, None, "upgraded"),
        (3, Some("FOI-1"), "review-outcome"),
    ];
    assert_eq!(kinds, known);
    let (last, full) = (rows.last().unwrap(), full_entry("FOI-1", 2));
    assert_eq!((last.seq, last.supersedes), (2, Some(1)));
    assert_eq!((last.on.as_str(), last.by.as_deref()), ("2026-11-30", Some("M Green")));
    assert_eq!(last.recorded_at, "2026-12-01T23:59:59.999Z");
    let body = serde_json::to_string(&full.fact.details).unwrap();
    assert_eq!(last.body_hash, sha256(&body));
    assert_eq!(last.body, Some(body));
}

pub(crate) fn references_come_in_pages_wherever_they_stand(place: &impl Place) {
    let mut store = place.open();
    write(&mut store, |tx| {
        tx.append(&entry("FOI-3", 1))?;
        tx.append(&full_entry("FOI-3", 2))?;
        tx.append(&entry("FOI-1", 1))?;
        put(tx, &deadline("FOI-2"))?;
        put(tx, &keyed("FOI-2", Step::ReviewOutcome, 2))?;
        tx.save_case(&case("FOI-4"))
    });
    let page = |after: &str, at_most| read(&store, |snapshot| snapshot.references(after, at_most));
    assert_eq!(page("", 3), ["FOI-1", "FOI-2", "FOI-3"]);
    assert_eq!(page("FOI-3", 3), ["FOI-4"]);
    assert_eq!(page("FOI-4", 3), Vec::<String>::new());
}

pub(crate) fn words_are_emptied_once_and_what_was_kept_is_read_in_their_place(place: &impl Place) {
    let mut store = place.open();
    write(&mut store, |tx| {
        for reference in ["FOI-1", "FOI-2", "FOI-3"] {
            tx.append(&full_entry(reference, 1))?;
            let closed = (reference != "FOI-3").then(|| day("2026-12-01"));
            tx.save_case(&CaseRow {
                closed,
                ..case(reference)
            })?;
        }
        Ok(())
    });
    let closed = |before: &str, after: &str, at_most| {
        let before = day(before);
        read(&place.open(), |snapshot| snapshot.closed_before(before, after, at_most))
    };
    assert_eq!(closed("2026-12-02", "", 1), ["FOI-1"]);
    assert_eq!(closed("2026-12-02", "FOI-1", 9), ["FOI-2"]);
    assert_eq!(closed("2026-12-01", "", 9), Vec::<String>::new());
    let kept = full_entry("FOI-1", 1).fact.details.without_words();
    write(&mut store, |tx| {
        tx.empty_words("FOI-1", 1, &kept, 4)?;
        // What is empty is not emptied again.
        tx.empty_words("FOI-1", 1, &timeous::case::Details::default(), 5)
    });
    assert_eq!(closed("2026-12-02", "", 9), ["FOI-2"]);
    read(&store, |snapshot| {
        let found = snapshot.entries("FOI-1")?.remove(0).fact.details;
        assert_eq!(
            (found.subject.clone(), found.note.clone(), found.why.clone()),
            (None, None, None)
        );
        assert_eq!(found, kept);
        assert_eq!((snapshot.emptied("FOI-1")?, snapshot.emptied("FOI-2")?), (1, 0));
        let mut all = Vec::new();
        snapshot.kept(4, &mut |position, kept| all.push((position, kept.to_owned())))?;
        assert_eq!(all, [(1, serde_json::to_string(&kept).unwrap())]);
        Ok(())
    });
}

pub(crate) fn a_mail_is_emptied_when_no_case_in_it_has_words_left(place: &impl Place) {
    let mut store = place.open();
    let (one, both) = write(&mut store, |tx| {
        let mut reminders = Vec::new();
        for reference in ["FOI-1", "FOI-2"] {
            tx.append(&full_entry(reference, 1))?;
            let deadline = put(tx, &deadline(reference))?;
            reminders.push(tx.add_reminder(&reminder(deadline))?.unwrap());
        }
        let one = tx.add_message(&message("one"), &reminders[..1], at("08:00:00"))?;
        let both = tx.add_message(&message("both"), &reminders, at("08:00:00"))?;
        Ok((one, both))
    });
    let body = |id: i64| read(&place.open(), |snapshot| Ok(snapshot.message(id)?.unwrap().words.text));
    let empty = |store: &mut _, reference: &str| {
        write(store, |tx| {
            tx.empty_words(reference, 1, &timeous::case::Details::default(), 3)?;
            tx.empty_mails(reference)
        })
    };
    // Both still wait.
    assert_eq!(empty(&mut store, "FOI-1"), 0);
    write(&mut store, |tx| {
        tx.withdraw_message(one, MessageState::Superseded)?;
        tx.withdraw_message(both, MessageState::Superseded)
    });
    assert_eq!(empty(&mut store, "FOI-1"), 1);
    assert!(body(one).is_empty() && !body(both).is_empty());
    assert_eq!(read(&store, |snapshot| snapshot.mails_about(3)), 1);
    assert_eq!(empty(&mut store, "FOI-2"), 1);
    assert!(body(both).is_empty());
    assert_eq!(read(&store, |snapshot| snapshot.mails_about(3)), 0);
}

/// The link of an entry, put together here by hand.
pub(crate) fn link(before: &str, position: u32, entry: &Entry) -> String {
    let text = |text: &str| serde_json::to_string(text).unwrap();
    let body = sha256(&serde_json::to_string(&entry.fact.details).unwrap());
    let kept = [
        text(before),
        position.to_string(),
        text(entry.reference.as_str()),
        entry.seq.to_string(),
        text(entry.fact.kind.as_str()),
        text(&entry.fact.on.format("%Y-%m-%d").to_string()),
        text(&entry.recorded_at.to_rfc3339_opts(SecondsFormat::Millis, true)),
        text(&entry.recorded_by),
        entry.by.as_deref().map_or("null".to_owned(), text),
        entry.supersedes.map_or("null".to_owned(), |seq| seq.to_string()),
        text(&body),
    ];
    sha256(&format!("[{}]", kept.join(",")))
}

pub(crate) fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn a_number_is_given_once_in_a_case(place: &impl Place) {
    let mut store = place.open();
    write(&mut store, |tx| tx.append(&entry("FOI-1", 1)));
    let twice = store.write(|tx| tx.append(&entry("FOI-1", 1)));
    assert!(matches!(twice, Err(Error::Engine(_))), "{twice:?}");
    write(&mut store, |tx| tx.append(&entry("FOI-2", 1)));
    assert_eq!(read(&store, |snapshot| snapshot.about()).position, 2);
}

fn several_things(tx: &mut dyn Write) -> Result<(), Error> {
    tx.append(&entry("FOI-1", 1))?;
    let deadline = put(tx, &deadline("FOI-1"))?;
    let reminder = tx.add_reminder(&reminder(deadline))?.unwrap();
    tx.add_message(&message("b.jones@example.gov.uk"), &[reminder], at("08:00:00"))?;
    tx.save_round(
        Task::Dispatch,
        &Round {
            at: at("08:00:00"),
            ok: true,
            summary: "well".to_owned(),
        },
    )
}

fn nothing_is_there(store: &impl Store) {
    read(store, |snapshot| {
        assert_eq!(snapshot.about()?.position, 0);
        assert_eq!(snapshot.about()?.head, NO_LINK);
        assert_eq!(snapshot.entries("FOI-1")?, []);
        assert_eq!(snapshot.case("FOI-1")?, None);
        assert_eq!(snapshot.deadlines("FOI-1")?, []);
        assert_eq!(snapshot.outbox()?, []);
        assert_eq!(snapshot.rounds()?, []);
        Ok(())
    });
}

pub(crate) fn nothing_of_a_failed_transaction_is_kept(place: &impl Place) {
    let mut store = place.open();
    let failed = store.write(|tx| {
        several_things(tx)?;
        Err::<(), _>(Error::Damaged("on purpose".to_owned()))
    });
    assert!(matches!(failed, Err(Error::Damaged(why)) if why == "on purpose"));
    nothing_is_there(&store);
    nothing_is_there(&place.open());
    write(&mut store, several_things);
    assert_eq!(read(&store, |snapshot| snapshot.about()).position, 1);
}

pub(crate) fn nothing_of_a_transaction_that_panicked_is_kept_and_the_next_one_works(place: &impl Place) {
    let mut store = place.open();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        store.write(|tx| {
            tx.begin_part()?;
            several_things(tx)?;
            std::panic::resume_unwind(Box::new("on purpose"));
            #[expect(unreachable_code, reason = "it gives the work its type")]
            Ok::<_, Error>(())
        })
    }));
    assert!(panicked.is_err());
    nothing_is_there(&store);
    let mut other = place.open();
    write(&mut other, several_things);
    write(&mut store, |tx| tx.append(&entry("FOI-1", 2)));
    assert_eq!(read(&store, |snapshot| snapshot.about()).position, 2);
}

pub(crate) fn a_part_is_undone_by_itself_and_parts_nest(place: &impl Place) {
    let mut store = place.open();
    write(&mut store, |tx| {
        tx.append(&entry("FOI-1", 1))?;
        tx.begin_part()?;
        tx.append(&entry("FOI-2", 1))?;
        tx.begin_part()?;
        tx.append(&entry("FOI-3", 1))?;
        tx.end_part(false)?;
        tx.begin_part()?;
        tx.append(&entry("FOI-4", 1))?;
        tx.end_part(true)?;
        tx.end_part(true)?;
        tx.begin_part()?;
        tx.append(&entry("FOI-5", 1))?;
        tx.begin_part()?;
        tx.append(&entry("FOI-6", 1))?;
        tx.end_part(true)?;
        tx.end_part(false)?;
        tx.append(&entry("FOI-7", 1))
    });
    let kept: Vec<u32> = (1..=7)
        .filter(|number| !read(&store, |tx| tx.entries(&format!("FOI-{number}"))).is_empty())
        .collect();
    assert_eq!(kept, [1, 2, 4, 7]);
    let head = kept
        .iter()
        .zip(1..)
        .fold(NO_LINK.to_owned(), |head, (number, position)| {
            link(&head, position, &entry(&format!("FOI-{number}"), 1))
        });
    assert_eq!(read(&store, |snapshot| snapshot.about()).head, head);
}

pub(crate) fn a_case_is_stored_under_its_reference(place: &impl Place) {
    let mut store = place.open();
    let first = case("FOI-1");
    let later = CaseRow {
        regime: Regime::Both,
        officer: None,
        opened: day("2026-11-01"),
        closed: Some(day("2026-12-01")),
        last_seq: 7,
        set_aside: Some("cannot be read".to_owned()),
        ..first.clone()
    };
    for row in [&first, &later] {
        write(&mut store, |tx| tx.save_case(row));
        assert_eq!(read(&store, |snapshot| snapshot.case("FOI-1")).as_ref(), Some(row));
    }
    assert_eq!(
        read(&store, |snapshot| snapshot.set_aside()),
        [("FOI-1".to_owned(), "cannot be read".to_owned())]
    );
    write(&mut store, |tx| tx.set_case_aside("FOI-1", None));
    assert_eq!(read(&store, |snapshot| snapshot.set_aside()), []);
    write(&mut store, |tx| tx.set_case_aside("FOI-1", Some("again")));
    let row = read(&store, |snapshot| snapshot.case("FOI-1")).unwrap();
    assert_eq!(row.set_aside.as_deref(), Some("again"));
}

fn keyed(reference: &str, step: Step, entry: u32) -> DeadlineRow {
    let row = deadline(reference);
    DeadlineRow {
        key: Key { step, entry, ..row.key },
        ..row
    }
}

pub(crate) fn a_deadline_keeps_its_number_under_its_key(place: &impl Place) {
    let mut store = place.open();
    let first = deadline("FOI-1");
    let id = write(&mut store, |tx| put(tx, &first));
    let changed = DeadlineRow {
        occurrence: 2,
        nature: Nature::Right,
        state: State::Suspended,
        due: None,
        work_to: None,
        opens_after: Some(day("2026-12-01")),
        acted_on: Some(day("2026-12-02")),
        provision: "s.9".to_owned(),
        provisional: true,
        officer: None,
        calendar: "v2".to_owned(),
        next: None,
        id,
        ..first.clone()
    };
    assert_eq!(write(&mut store, |tx| tx.save_deadline(&changed)), id);
    let with_id = |row: &DeadlineRow, id| DeadlineRow { id, ..row.clone() };
    assert_eq!(
        read(&store, |snapshot| snapshot.deadlines("FOI-1")),
        [with_id(&changed, id)]
    );

    // Any other part of the key makes another deadline.
    let key = first.key;
    let others = [
        Key {
            step: Step::ReviewOutcome,
            ..key
        },
        Key {
            regime: Regime::Eirs,
            ..key
        },
        Key {
            actor: Actor::Applicant,
            ..key
        },
        Key { entry: 2, ..key },
    ];
    for other in others {
        let row = DeadlineRow {
            key: other,
            ..first.clone()
        };
        assert_ne!(write(&mut store, |tx| tx.save_deadline(&row)), id);
    }
    assert_ne!(write(&mut store, |tx| put(tx, &deadline("FOI-2"))), id);
    assert_eq!(read(&store, |snapshot| snapshot.deadlines("FOI-1")).len(), 5);

    let plans = [
        Some((day("2027-01-04"), Rung::Overdue)),
        Some((day("2027-01-05"), Rung::Before(0))),
        None,
    ];
    for next in plans {
        write(&mut store, |tx| tx.plan(id, next));
        assert_eq!(read(&store, |snapshot| snapshot.deadlines("FOI-1"))[0].next, next);
    }
    let refused = [
        ("without a case", deadline("FOI-3")),
        ("of a key that is there", first.clone()),
        ("of a number that is not there", with_id(&first, 1_000)),
        ("of another's number", with_id(&deadline("FOI-2"), id)),
    ];
    for (what, row) in refused {
        assert!(store.write(|tx| tx.save_deadline(&row)).is_err(), "a deadline {what}");
    }
}

pub(crate) fn former_dates_come_back_the_oldest_first(place: &impl Place) {
    let mut store = place.open();
    let former = |due: &str, why: &str| Former {
        due: Some(day(due)),
        work_to: None,
        state: State::Suspended,
        calendar: "v1".to_owned(),
        law: "1".to_owned(),
        until: at("10:00:00"),
        why: why.to_owned(),
    };
    let told = [former("2026-12-01", "b"), former("2026-11-30", "a")];
    let id = write(&mut store, |tx| {
        let id = put(tx, &deadline("FOI-1"))?;
        told.iter().try_for_each(|one| tx.keep_former(id, one))?;
        Ok(id)
    });
    assert_eq!(read(&store, |snapshot| snapshot.former(id)), told);
    assert_eq!(read(&store, |snapshot| snapshot.former(id + 1)), []);
}

pub(crate) fn cases_are_due_when_a_morning_has_come_and_urgent_ones_when_the_day_is_theirs(place: &impl Place) {
    let mut store = place.open();
    let planned = |reference: &str, officer: Option<&str>, on: &str, work_to: &str, aside: Option<&str>| {
        let row = DeadlineRow {
            next: Some((day(on), Rung::Before(2))),
            work_to: Some(day(work_to)),
            ..deadline(reference)
        };
        let case = CaseRow {
            officer: officer.map(str::to_owned),
            set_aside: aside.map(str::to_owned),
            ..case(reference)
        };
        (case, row)
    };
    let rows = [
        planned("B", Some("bjones"), "2026-11-02", "2026-11-04", None),
        planned("A", Some("cbrown"), "2026-11-01", "2026-11-03", None),
        planned("C", None, "2026-11-03", "2026-11-03", None),
        planned("D", Some("bjones"), "2026-11-02", "2026-11-03", Some("set aside")),
    ];
    write(&mut store, |tx| {
        for (case, row) in &rows {
            tx.save_case(case)?;
            tx.save_deadline(row)?;
        }
        let done = DeadlineRow {
            next: None,
            ..keyed("B", Step::ReviewOutcome, 2)
        };
        let twice = DeadlineRow {
            next: Some((day("2026-11-02"), Rung::Safe)),
            ..keyed("B", Step::Response, 3)
        };
        let applicants = DeadlineRow {
            key: Key {
                step: Step::ReviewWindow,
                actor: Actor::Applicant,
                ..deadline("B").key
            },
            work_to: Some(day("2026-11-03")),
            next: Some((day("2026-11-02"), Rung::Before(5))),
            ..deadline("B")
        };
        [done, twice, applicants]
            .iter()
            .try_for_each(|row| tx.save_deadline(row).map(|_| ()))
    });
    let due = |on: &str, urgent: Option<&str>| -> Vec<String> {
        let found = read(&store, |snapshot| snapshot.due_cases(day(on), urgent.map(day)));
        found
            .into_iter()
            .map(|(reference, officer)| format!("{reference}:{}", officer.unwrap_or_default()))
            .collect()
    };
    assert_eq!(due("2026-10-31", None), Vec::<String>::new());
    assert_eq!(due("2026-11-01", None), ["A:cbrown"]);
    assert_eq!(due("2026-11-02", None), ["B:bjones", "A:cbrown"]);
    assert_eq!(due("2026-11-03", None), ["C:", "B:bjones", "A:cbrown"]);
    assert_eq!(due("2026-11-02", Some("2026-11-03")), ["A:cbrown"]);
    assert_eq!(due("2026-11-03", Some("2026-11-03")), ["C:", "A:cbrown"]);
    assert_eq!(due("2026-11-03", Some("2026-11-04")), ["B:bjones"]);
    assert_eq!(due("2026-11-03", Some("2026-11-05")), Vec::<String>::new());
    assert_eq!(
        read(&store, |snapshot| snapshot.next_morning()),
        Some(day("2026-11-01"))
    );
}

pub(crate) fn open_cases_come_in_pages(place: &impl Place) {
    let mut store = place.open();
    write(&mut store, |tx| {
        for number in 1..=5 {
            let reference = format!("FOI-{number}");
            put(tx, &deadline(&reference))?;
            put(tx, &keyed(&reference, Step::ReviewOutcome, 2))?;
        }
        for state in [
            State::Met,
            State::Late,
            State::Arguable,
            State::NotOwed,
            State::Withdrawn,
        ] {
            put(
                tx,
                &DeadlineRow {
                    state,
                    ..deadline(&format!("DONE-{state}"))
                },
            )?;
        }
        put(
            tx,
            &DeadlineRow {
                state: State::Pending,
                ..deadline("FOI-6")
            },
        )?;
        put(
            tx,
            &DeadlineRow {
                state: State::Suspended,
                ..deadline("FOI-7")
            },
        )?;
        Ok(())
    });
    let page = |after: &str, at_most| read(&store, |snapshot| snapshot.open_cases(after, at_most));
    assert_eq!(page("", 3), ["FOI-1", "FOI-2", "FOI-3"]);
    assert_eq!(page("FOI-3", 3), ["FOI-4", "FOI-5", "FOI-6"]);
    assert_eq!(page("FOI-6", 3), ["FOI-7"]);
    assert_eq!(page("FOI-7", 3), Vec::<String>::new());
}

pub(crate) fn a_reminder_stands_once_and_again_only_when_it_was_given_back(place: &impl Place) {
    let mut store = place.open();
    let deadline = write(&mut store, |tx| put(tx, &deadline("FOI-1")));
    let first = reminder(deadline);
    let id = write(&mut store, |tx| tx.add_reminder(&first)).unwrap();
    let stands = |store: &_| {
        let rows = read(store, |snapshot: &dyn Read| snapshot.reminders(deadline));
        rows.into_iter().find(|row| row.id == id).unwrap()
    };
    assert_eq!(stands(&store), ReminderRow { id, ..first.clone() });

    for state in [ReminderState::Queued, ReminderState::Told, ReminderState::Dead] {
        write(&mut store, |tx| tx.mark_reminder(id, state));
        assert_eq!(write(&mut store, |tx| tx.add_reminder(&first)), None, "{state}");
        assert_eq!(stands(&store).state, state);
    }
    let again = ReminderRow {
        reason: Reason::Missed,
        ..first.clone()
    };
    for state in [ReminderState::Returned, ReminderState::Dropped] {
        write(&mut store, |tx| tx.mark_reminder(id, state));
        assert_eq!(write(&mut store, |tx| tx.add_reminder(&again)), Some(id), "{state}");
        assert_eq!(stands(&store), ReminderRow { id, ..again.clone() });
    }
    let others = [
        ReminderRow {
            work_to: day("2026-12-01"),
            ..first.clone()
        },
        ReminderRow {
            rung: Rung::Before(5),
            ..first.clone()
        },
        ReminderRow {
            rung: Rung::Overdue,
            day: Some(day("2026-12-01")),
            ..first.clone()
        },
        ReminderRow {
            rung: Rung::Overdue,
            day: Some(day("2026-12-02")),
            ..first.clone()
        },
    ];
    for other in &others {
        assert!(write(&mut store, |tx| tx.add_reminder(other)).is_some());
        assert_eq!(write(&mut store, |tx| tx.add_reminder(other)), None);
    }
    let stored = read(&store, |snapshot| snapshot.reminders(deadline));
    let days: Vec<_> = stored.iter().map(|row| (row.rung, row.day)).collect();
    assert_eq!(stored.len(), 5);
    assert!(days.contains(&(Rung::Overdue, Some(day("2026-12-02")))) && days.contains(&(Rung::Before(10), None)));
}

fn states(store: &impl Store) -> Vec<(i64, MessageState)> {
    let outbox = read(store, |snapshot| snapshot.outbox());
    outbox
        .into_iter()
        .map(|(message, _)| (message.id, message.state))
        .collect()
}

fn take(store: &mut impl Store, time: &str) -> Option<Taken> {
    write(store, |tx| tx.take(at(time)))
}

fn settle(store: &mut impl Store, taken: &Taken, settled: &Settled) {
    write(store, |tx| tx.settle(taken, settled));
}

pub(crate) fn a_message_goes_from_waiting_to_sending_to_its_end(place: &impl Place) {
    let mut store = place.open();
    let [(_, told, id)] = queued(&mut store, &["a"])[..] else {
        panic!()
    };
    let (waiting, attempts) = read(&store, |snapshot| snapshot.outbox()).remove(0);
    assert_eq!(
        (&waiting.words, waiting.state, waiting.attempts),
        (&message("a"), MessageState::Queued, 0)
    );
    assert_eq!(
        (waiting.created_at, waiting.not_before),
        (at("08:00:00"), at("08:00:00"))
    );
    assert_eq!((attempts, waiting.maybe_duplicate), (vec![], false));
    let lines = read(&store, |snapshot| snapshot.lines(id));
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0].0.id, lines[0].1.as_str()), (told, "FOI-a"));

    // Refused for now: the same message waits again.
    let taken = take(&mut store, "08:00:01").unwrap();
    assert_eq!(
        (taken.message.id, taken.message.state, taken.message.attempts),
        (id, MessageState::Sending, 1)
    );
    assert_eq!(states(&store), [(id, MessageState::Sending)]);
    let (_, attempts) = read(&store, |snapshot| snapshot.outbox()).remove(0);
    assert_eq!(
        (attempts.len(), attempts[0].at, &attempts[0].outcome),
        (1, at("08:00:01"), &None)
    );
    assert_eq!(take(&mut store, "23:00:00"), None);
    settle(&mut store, &taken, &settled(MessageState::Queued, "deferred"));
    let (waiting, attempts) = read(&store, |snapshot| snapshot.outbox()).remove(0);
    assert_eq!(
        (waiting.state, waiting.not_before, waiting.attempts),
        (MessageState::Queued, at("09:00:00"), 1)
    );
    assert_eq!(attempts[0].outcome.as_deref(), Some("deferred"));
    assert_eq!(attempts[0].reply.as_deref(), Some("deferred, it said"));

    // Accepted: it is no longer in the outbox, and its story is kept.
    let taken = take(&mut store, "09:00:00").unwrap();
    assert_eq!(
        (taken.message.id, taken.message.attempts, &taken.message.words),
        (id, 2, &message("a"))
    );
    settle(&mut store, &taken, &settled(MessageState::Accepted, "accepted"));
    assert_eq!(states(&store), []);
    let story = read(&store, |snapshot| snapshot.story("FOI-a"));
    assert_eq!(
        (story.len(), story[0].step, story[0].reminder.id),
        (1, Step::Response, told)
    );
    let (sent, attempts) = &story[0].messages[0];
    let outcomes: Vec<_> = attempts.iter().map(|one| one.outcome.as_deref().unwrap()).collect();
    assert_eq!(
        (sent.state, outcomes),
        (MessageState::Accepted, vec!["deferred", "accepted"])
    );
    assert_eq!(take(&mut store, "23:00:00"), None);
}

pub(crate) fn a_message_that_must_wait_is_not_taken_before_its_time(place: &impl Place) {
    let mut store = place.open();
    queued(&mut store, &["a"]);
    assert_eq!(read(&store, |snapshot| snapshot.next_attempt()), Some(at("08:00:00")));
    assert_eq!(take(&mut store, "07:59:59.999"), None);
    let taken = take(&mut store, "08:00:00").unwrap();
    assert_eq!(read(&store, |snapshot| snapshot.next_attempt()), None);
    settle(&mut store, &taken, &settled(MessageState::Queued, "deferred"));
    assert_eq!(read(&store, |snapshot| snapshot.next_attempt()), Some(at("09:00:00")));
    assert_eq!(take(&mut store, "08:59:59.999"), None);
    assert!(take(&mut store, "09:00:00").is_some());
}

pub(crate) fn messages_are_taken_in_the_order_of_their_times(place: &impl Place) {
    let mut store = place.open();
    let ids: Vec<i64> = queued(&mut store, &["c", "a", "b"])
        .iter()
        .map(|(_, _, id)| *id)
        .collect();
    let first = take(&mut store, "08:00:00").unwrap();
    settle(&mut store, &first, &settled(MessageState::Queued, "deferred"));
    let rest: Vec<i64> = (0..3)
        .map(|_| take(&mut store, "10:00:00").unwrap().message.id)
        .collect();
    assert_eq!((first.message.id, rest), (ids[0], vec![ids[1], ids[2], ids[0]]));
}

pub(crate) fn a_message_is_settled_only_while_it_is_being_sent(place: &impl Place) {
    let mut store = place.open();
    let id = queued(&mut store, &["a"])[0].2;
    let taken = take(&mut store, "08:00:00").unwrap();
    settle(&mut store, &taken, &settled(MessageState::Queued, "deferred"));
    let late = store.write(|tx| tx.settle(&taken, &settled(MessageState::Accepted, "accepted")));
    assert!(matches!(late, Err(Error::Damaged(_))), "{late:?}");
    assert_eq!(states(&store), [(id, MessageState::Queued)]);

    for (end, outcome) in [(MessageState::Refused, "refused"), (MessageState::Dead, "refused")] {
        let id = queued(&mut store, &[&format!("to-be-{end}")])[0].2;
        let taken = take(&mut store, "08:00:00").unwrap();
        settle(&mut store, &taken, &settled(end, outcome));
        assert!(
            store
                .write(|tx| tx.settle(&taken, &settled(MessageState::Accepted, "accepted")))
                .is_err()
        );
        assert!(states(&store).contains(&(id, end)));
        let (_, attempts) = read(&store, |snapshot| snapshot.outbox()).pop().unwrap();
        assert_eq!(attempts[0].stage.as_deref(), Some("rcpt"));
    }
}

pub(crate) fn a_message_is_withdrawn_only_while_it_waits(place: &impl Place) {
    let mut store = place.open();
    let ids: Vec<i64> = queued(&mut store, &["a", "b", "c"])
        .iter()
        .map(|(_, _, id)| *id)
        .collect();
    let withdraw = |store: &mut _, id| write(store, |tx| tx.withdraw_message(id, MessageState::Superseded));
    let sending = take(&mut store, "08:00:00").unwrap();
    assert!(!withdraw(&mut store, ids[0]), "it is being sent");
    settle(&mut store, &sending, &settled(MessageState::Accepted, "accepted"));
    assert!(!withdraw(&mut store, ids[0]), "it was accepted");
    assert!(withdraw(&mut store, ids[1]), "it waits");
    assert!(!withdraw(&mut store, ids[1]), "it is withdrawn already");
    assert!(!withdraw(&mut store, 99), "there is none");
    assert_eq!(states(&store), [(ids[2], MessageState::Queued)]);
    assert_eq!(take(&mut store, "08:00:00").unwrap().message.id, ids[2]);
    let counts = read(&store, |snapshot| snapshot.outbox_counts());
    assert_eq!((counts.queued, counts.refused, counts.dead), (1, 0, 0));
}

pub(crate) fn what_was_being_sent_is_rescued_as_a_possible_duplicate(place: &impl Place) {
    let mut store = place.open();
    let ids: Vec<i64> = queued(&mut store, &["a", "b"]).iter().map(|(_, _, id)| *id).collect();
    let taken = take(&mut store, "08:00:00").unwrap();
    assert_eq!(write(&mut store, |tx| tx.rescue(at("08:30:00"))), 1);
    assert_eq!(write(&mut store, |tx| tx.rescue(at("08:31:00"))), 0);
    assert!(
        store
            .write(|tx| tx.settle(&taken, &settled(MessageState::Accepted, "accepted")))
            .is_err()
    );
    let outbox = read(&store, |snapshot| snapshot.outbox());
    let (rescued, attempts) = &outbox[0];
    assert_eq!(
        (rescued.id, rescued.state, rescued.maybe_duplicate),
        (ids[0], MessageState::Queued, true)
    );
    assert_eq!((rescued.not_before, rescued.attempts), (at("08:30:00"), 1));
    assert_eq!((attempts.len(), attempts[0].outcome.as_deref()), (1, Some("unknown")));
    assert!(
        attempts[0]
            .reply
            .as_deref()
            .is_some_and(|words| words.contains("stopped"))
    );
    assert!(!outbox[1].0.maybe_duplicate);

    // The doubt stays with the message whatever comes after.
    let other = take(&mut store, "08:30:00").unwrap();
    let again = take(&mut store, "08:30:00").unwrap();
    assert_eq!((other.message.id, again.message.id), (ids[1], ids[0]));
    settle(&mut store, &again, &settled(MessageState::Queued, "deferred"));
    let (message, attempts) = read(&store, |snapshot| snapshot.outbox()).remove(0);
    assert!(message.maybe_duplicate && message.words == again.message.words);
    assert_eq!(attempts.len(), 2);
}

pub(crate) fn a_doubtful_message_is_neither_stale_nor_withdrawn_for_its_deadline(place: &impl Place) {
    let mut store = place.open();
    let made = queued(&mut store, &["doubtful", "waits"]);
    let taken = take(&mut store, "08:00:00").unwrap();
    settle(&mut store, &taken, &settled(MessageState::Queued, "unknown"));
    let stale = |on: &str| read(&store, |snapshot| snapshot.stale_messages(day(on)));
    let about = |deadline| read(&store, |snapshot| snapshot.waiting_about(deadline));
    assert_eq!(stale("2026-11-02"), Vec::<i64>::new());
    assert_eq!(stale("2026-11-03"), [made[1].2]);
    assert_eq!(about(made[0].0), Vec::<i64>::new());
    assert_eq!(about(made[1].0), [made[1].2]);
    assert_eq!(about(99), Vec::<i64>::new());

    let mut store = place.open();
    let sending = take(&mut store, "08:00:00").unwrap();
    assert_eq!(sending.message.id, made[1].2);
    assert_eq!(
        read(&store, |snapshot| snapshot.stale_messages(day("2026-11-03"))),
        Vec::<i64>::new()
    );
    assert_eq!(
        read(&store, |snapshot| snapshot.waiting_about(made[1].0)),
        Vec::<i64>::new()
    );
}

pub(crate) fn a_mailbox_counts_as_refused_for_its_morning(place: &impl Place) {
    let mut store = place.open();
    queued(&mut store, &["refuses", "takes", "waits"]);
    for end in [(MessageState::Refused, "refused"), (MessageState::Accepted, "accepted")] {
        let taken = take(&mut store, "08:00:00").unwrap();
        settle(&mut store, &taken, &settled(end.0, end.1));
    }
    let refused = |on: &str| read(&store, |snapshot| snapshot.refused_on(day(on)));
    assert_eq!(refused("2026-11-02"), ["refuses"]);
    assert_eq!(refused("2026-11-03"), Vec::<String>::new());
}

pub(crate) fn a_refused_message_counts_until_somebody_is_told(place: &impl Place) {
    let mut store = place.open();
    let (deadline, told, _) = queued(&mut store, &["refuses"])[0];
    let plan = |store: &mut _, on: &str| write(store, |tx| tx.plan(deadline, Some((day(on), Rung::Before(10)))));
    let counts = |store: &_| {
        let counts = read(store, |snapshot: &dyn Read| snapshot.outbox_counts());
        (counts.queued, counts.refused, counts.dead)
    };
    plan(&mut store, "2026-11-16");
    assert_eq!(counts(&store), (1, 0, 0));
    let taken = take(&mut store, "08:00:00").unwrap();
    assert_eq!(counts(&store), (1, 0, 0));
    settle(&mut store, &taken, &settled(MessageState::Refused, "refused"));
    write(&mut store, |tx| tx.mark_reminder(told, ReminderState::Returned));
    plan(&mut store, "2026-11-02");
    assert_eq!(counts(&store), (0, 1, 0), "what it said is still to be told");

    plan(&mut store, "2026-11-03");
    assert_eq!(counts(&store), (0, 0, 0), "another rung was told in its place");
    write(&mut store, |tx| tx.plan(deadline, None));
    assert_eq!(counts(&store), (0, 0, 0), "nothing is left to be told");
    plan(&mut store, "2026-11-02");
    write(&mut store, |tx| tx.mark_reminder(told, ReminderState::Told));
    assert_eq!(counts(&store), (0, 0, 0), "it was told");

    let (deadline, told, _) = queued(&mut store, &["dead"])[0];
    let taken = take(&mut store, "08:00:00").unwrap();
    settle(&mut store, &taken, &settled(MessageState::Dead, "deferred"));
    write(&mut store, |tx| {
        tx.mark_reminder(told, ReminderState::Returned)?;
        tx.plan(deadline, Some((day("2026-11-02"), Rung::Before(10))))
    });
    assert_eq!(counts(&store), (0, 0, 1), "given up, and still to be told");
    write(&mut store, |tx| tx.mark_reminder(told, ReminderState::Told));
    assert_eq!(counts(&store), (0, 0, 0), "it was told");
    let refused = read(&store, |snapshot| snapshot.refused_on(day("2026-11-02")));
    assert_eq!(refused, ["dead", "refuses"]);
}

pub(crate) fn put_off_is_what_the_recipients_server_would_not_take_yet(place: &impl Place) {
    let mut store = place.open();
    let names = ["put off", "away", "doubtful", "refused", "untried"];
    let made = queued(&mut store, &names);
    let put_off = |on: &str, by: &str| read(&place.open(), |snapshot| snapshot.put_off_messages(day(on), at(by)));
    let deferred = |stage: &str| Settled {
        stage: Some(stage.to_owned()),
        ..settled(MessageState::Queued, "deferred")
    };
    for how in [
        deferred("rcpt"),
        deferred("connect"),
        settled(MessageState::Queued, "unknown"),
        settled(MessageState::Refused, "refused"),
    ] {
        let taken = take(&mut store, "08:00:00").unwrap();
        settle(&mut store, &taken, &how);
    }
    assert_eq!(put_off("2026-11-02", "08:00:00"), [made[0].2]);
    assert_eq!(
        put_off("2026-11-03", "08:00:00"),
        [made[0].2],
        "also of an earlier morning"
    );
    assert_eq!(put_off("2026-11-01", "08:00:00"), Vec::<i64>::new(), "of none to come");
    assert_eq!(
        put_off("2026-11-02", "07:59:59"),
        Vec::<i64>::new(),
        "not written by then"
    );
    // Its last attempt counts.
    let again = take(&mut store, "09:00:00").unwrap();
    assert_eq!(again.message.words.recipient, "untried");
    settle(&mut store, &again, &deferred("dot"));
    let again = take(&mut store, "09:00:00").unwrap();
    assert_eq!(again.message.words.recipient, "put off");
    settle(&mut store, &again, &deferred("connect"));
    assert_eq!(put_off("2026-11-02", "08:00:00"), [made[4].2]);
}

pub(crate) fn whoever_has_an_open_case_holds_it(place: &impl Place) {
    use Actor::Authority;
    use Nature::Duty;
    let mut store = place.open();
    let holders = |store: &_| read(store, |snapshot: &dyn Read| snapshot.holders());
    let cases = |store: &_, who: Option<&str>, most| read(store, |snapshot: &dyn Read| snapshot.cases_of(who, most));
    assert_eq!(holders(&store), []);
    let mut of_nobody = dated("D", Step::Response, Authority, Duty, "2026-11-04", "");
    of_nobody.officer = None;
    let mut done = dated("E", Step::Response, Authority, Duty, "2026-11-04", "gone");
    done.state = State::Met;
    write(&mut store, |tx| {
        for row in [
            dated("B", Step::Response, Authority, Duty, "2026-11-04", "cbrown"),
            dated("C", Step::Response, Authority, Duty, "2026-11-04", "bjones"),
            dated("A", Step::Response, Authority, Duty, "2026-11-04", "bjones"),
            dated("A", Step::ReviewOutcome, Authority, Duty, "2026-11-04", "bjones"),
            of_nobody,
            done,
        ] {
            put(tx, &row)?;
        }
        Ok(())
    });
    let who = |id: &str| Some(id.to_owned());
    assert_eq!(holders(&store), [who("bjones"), who("cbrown"), None]);
    assert_eq!(cases(&store, Some("bjones"), 10), ["A", "C"]);
    assert_eq!(cases(&store, Some("bjones"), 1), ["A"]);
    assert_eq!(cases(&store, None, 10), ["D"]);
    assert_eq!(cases(&store, Some("gone"), 10), Vec::<String>::new());
}

fn dated(reference: &str, step: Step, actor: Actor, nature: Nature, work_to: &str, officer: &str) -> DeadlineRow {
    DeadlineRow {
        key: Key {
            step,
            actor,
            ..deadline(reference).key
        },
        nature,
        work_to: Some(day(work_to)),
        due: Some(day(work_to)),
        officer: Some(officer.to_owned()),
        ..deadline(reference)
    }
}

pub(crate) fn a_listing_obeys_each_filter_and_puts_the_most_urgent_first(place: &impl Place) {
    use Actor::{Applicant, Authority, Commissioner};
    use Nature::{Duty, Right, Target};
    use Step::{CommissionerDecision, Response, ReviewOutcome, ReviewWindow};
    let mut store = place.open();
    let rows = [
        dated("C", Response, Authority, Duty, "2026-11-04", "bjones"),
        dated("B", ReviewOutcome, Authority, Duty, "2026-11-04", "cbrown"),
        dated("A", Response, Authority, Duty, "2026-12-01", "bjones"),
        dated("D", Response, Authority, Duty, "2026-10-01", "bjones"),
        dated("E", ReviewWindow, Applicant, Right, "2026-11-03", "bjones"),
        dated("F", ReviewWindow, Applicant, Right, "2026-10-30", "bjones"),
        dated("G", CommissionerDecision, Commissioner, Target, "2026-11-02", "bjones"),
        DeadlineRow {
            state: State::Met,
            ..dated("H", Response, Authority, Duty, "2026-11-02", "bjones")
        },
        DeadlineRow {
            work_to: None,
            state: State::Suspended,
            ..deadline("I")
        },
    ];
    write(&mut store, |tx| {
        rows.iter().try_for_each(|row| put(tx, row).map(|_| ()))
    });
    let listed = |listing: &Listing| -> String {
        let rows = read(&store, |snapshot| snapshot.listing(listing));
        rows.iter().map(|row| row.reference.as_str()).collect()
    };
    let today = day("2026-11-02");
    let usual = Listing {
        today,
        through: Some(day("2026-11-09")),
        rights_from: Some(today),
        ..Listing::default()
    };
    assert_eq!(listed(&usual), "DEBC");
    assert_eq!(
        listed(&Listing {
            through: Some(day("2026-11-03")),
            ..usual.clone()
        }),
        "DE"
    );
    assert_eq!(
        listed(&Listing {
            through: None,
            ..usual.clone()
        }),
        "DEBCA"
    );
    assert_eq!(
        listed(&Listing {
            officer: Some("cbrown".to_owned()),
            ..usual.clone()
        }),
        "B"
    );
    assert_eq!(
        listed(&Listing {
            officer: Some("nobody".to_owned()),
            ..usual.clone()
        }),
        ""
    );
    assert_eq!(
        listed(&Listing {
            step: Some(Response),
            ..usual.clone()
        }),
        "DC"
    );
    assert_eq!(
        listed(&Listing {
            rights_from: None,
            ..usual.clone()
        }),
        "DFEBC"
    );
    let everything = Listing {
        today,
        all: true,
        ..Listing::default()
    };
    assert_eq!(listed(&everything), "DFGEBCA");
    let one = Listing {
        step: Some(ReviewOutcome),
        officer: Some("cbrown".to_owned()),
        ..everything
    };
    assert_eq!(listed(&one), "B");
}

pub(crate) fn counts_change_on_the_day_and_not_before(place: &impl Place) {
    use Actor::{Applicant, Authority, Commissioner};
    use Nature::{Duty, Right, Target};
    use Step::{CommissionerDecision, CommissionerWindow, CourtWindow, Response, ReviewOutcome, ReviewWindow};
    let mut store = place.open();
    // A duty with a safe date before its last day, and a case of every other kind.
    let arguable = DeadlineRow {
        due: Some(day("2026-11-12")),
        ..dated("A", Response, Authority, Duty, "2026-11-10", "bjones")
    };
    let pending = DeadlineRow {
        state: State::Pending,
        opens_after: Some(day("2026-11-12")),
        ..dated("A", ReviewWindow, Applicant, Right, "2027-01-14", "bjones")
    };
    let rows = [
        arguable,
        pending,
        dated("B", ReviewOutcome, Authority, Duty, "2027-06-01", "bjones"),
        dated("C", CommissionerDecision, Commissioner, Target, "2026-11-10", "bjones"),
        dated("C", CommissionerWindow, Applicant, Right, "2026-11-10", "bjones"),
        dated("D", CourtWindow, Authority, Right, "2026-11-10", "bjones"),
        DeadlineRow {
            state: State::Suspended,
            work_to: None,
            due: None,
            ..dated("E", Response, Authority, Duty, "2026-11-10", "bjones")
        },
        DeadlineRow {
            state: State::Late,
            ..dated("F", Response, Authority, Duty, "2026-10-01", "bjones")
        },
    ];
    write(&mut store, |tx| {
        rows.iter().try_for_each(|row| put(tx, row).map(|_| ()))
    });
    let counts = |today: &str, soon: &str| read(&store, |snapshot| snapshot.counts(day(today), day(soon)));
    let always = Counts {
        to_answer: 2,
        to_review: 1,
        with_commissioner: 1,
        awaiting_applicant: 1,
        later: 1,
        ..Counts::default()
    };
    let window_running = 1;
    // Far ahead; soon; the day; past the safe date; the last day; overdue.
    assert_eq!(
        counts("2026-11-02", "2026-11-09"),
        Counts {
            later: 2,
            window_running,
            ..always
        }
    );
    assert_eq!(
        counts("2026-11-03", "2026-11-10"),
        Counts {
            due_soon: 2,
            window_running,
            ..always
        }
    );
    assert_eq!(
        counts("2026-11-09", "2026-11-16"),
        Counts {
            due_soon: 2,
            window_running,
            ..always
        }
    );
    assert_eq!(
        counts("2026-11-10", "2026-11-17"),
        Counts {
            due_today: 2,
            window_running,
            ..always
        }
    );
    assert_eq!(
        counts("2026-11-11", "2026-11-18"),
        Counts {
            past_safe_date: 1,
            ..always
        }
    );
    assert_eq!(
        counts("2026-11-12", "2026-11-19"),
        Counts {
            past_safe_date: 1,
            ..always
        }
    );
    assert_eq!(
        counts("2026-11-13", "2026-11-20"),
        Counts {
            overdue: 1,
            window_running,
            ..always
        }
    );
    assert_eq!(
        counts("2027-01-14", "2027-01-21"),
        Counts {
            overdue: 1,
            window_running,
            ..always
        }
    );
    assert_eq!(counts("2027-01-15", "2027-01-22"), Counts { overdue: 1, ..always });
}

pub(crate) fn a_task_leaves_its_last_result(place: &impl Place) {
    let mut store = place.open();
    let round = |time: &str, ok, summary: &str| Round {
        at: at(time),
        ok,
        summary: summary.to_owned(),
    };
    let told = [
        (Task::Dispatch, round("08:00:00", true, "3 mails")),
        (Task::Deliver, round("08:00:05", false, "no way")),
        (Task::Dispatch, round("08:01:00", false, "worse")),
    ];
    for (task, round) in &told {
        write(&mut store, |tx| tx.save_round(*task, round));
    }
    let mut rounds = read(&store, |snapshot| snapshot.rounds());
    rounds.sort_by_key(|(task, _)| *task);
    assert_eq!(rounds, [told[2].clone(), told[1].clone()]);
}

pub(crate) fn the_last_entry_says_when_it_was_recorded(place: &impl Place) {
    let mut store = place.open();
    assert_eq!(read(&store, |snapshot| snapshot.last_recorded()), None);
    // By the order of recording, whatever the clock said.
    for (seq, time) in [(1, "09:00:00"), (2, "08:00:00")] {
        let recorded = Entry {
            recorded_at: at(time),
            ..entry("FOI-1", seq)
        };
        write(&mut store, |tx| tx.append(&recorded));
    }
    assert_eq!(read(&store, |snapshot| snapshot.last_recorded()), Some(at("08:00:00")));
}

pub(crate) fn the_register_knows_what_its_dates_rest_on(place: &impl Place) {
    let mut store = place.open();
    for version in ["v1", "v2", "v1"] {
        let calendar = AdoptedCalendar {
            version: version.to_owned(),
            announced_through: day("2028-12-31"),
            days: vec![holiday("2026-06-15")],
        };
        write(&mut store, |tx| tx.adopt(&calendar, "law", "settings"));
        let about = read(&place.open(), |snapshot| snapshot.about());
        assert_eq!(
            (about.calendar.as_str(), about.law.as_str(), about.settings.as_str()),
            (version, "law", "settings")
        );
        assert!(!about.demo);
    }
    write(&mut store, |tx| tx.doubt());
    assert_eq!(read(&store, |snapshot| snapshot.about()).settings, "");
    write(&mut store, |tx| tx.mark_demo());
    assert!(read(&store, |snapshot| snapshot.about()).demo);
}

fn holiday(date: &str) -> BankHoliday {
    BankHoliday {
        date: day(date),
        name: format!("the day’s name, {date}"),
    }
}

pub(crate) fn a_calendar_is_kept_with_its_days(place: &impl Place) {
    let mut store = place.open();
    let calendar = AdoptedCalendar {
        version: "v1".to_owned(),
        announced_through: day("2028-12-31"),
        days: vec![holiday("2026-06-15"), holiday("2026-12-25")],
    };
    write(&mut store, |tx| tx.adopt(&calendar, "law", "settings"));
    read(&place.open(), |snapshot| {
        assert_eq!(snapshot.calendar("v1")?, Some(calendar));
        assert_eq!(snapshot.calendar("v2")?, None);
        Ok(())
    });
}

fn own(body: OwnBody) -> OwnEntry {
    OwnEntry {
        on: day("2026-11-02"),
        body,
        recorded_at: at("08:00:00"),
        recorded_by: "clerk".to_owned(),
        by: Some("M Green".to_owned()),
    }
}

pub(crate) fn the_registers_own_entries_are_links_of_the_chain(place: &impl Place) {
    let mut store = place.open();
    let adopted = |days: &[&str]| {
        own(OwnBody::CalendarAdopted {
            version: "v2".to_owned(),
            announced_through: day("2029-12-31"),
            days: days.iter().map(|day| holiday(day)).collect(),
            source: "scotland.json".to_owned(),
        })
    };
    let upgraded = own(OwnBody::Upgraded {
        law: "4".to_owned(),
        program: "0.2.0".to_owned(),
    });
    write(&mut store, |tx| {
        tx.append(&entry("FOI-1", 1))?;
        tx.append_own(&adopted(&["2029-01-01"]))?;
        tx.append_own(&upgraded)?;
        tx.append_own(&adopted(&[]))?;
        tx.append_own(&adopted(&["2029-01-02", "2029-03-30"]))?;
        tx.append(&entry("FOI-2", 1))
    });
    read(&place.open(), |snapshot| {
        let known = snapshot.adopted()?;
        assert_eq!(known.on, Some(day("2026-11-02")));
        assert_eq!(known.days, ["2029-01-01", "2029-01-02", "2029-03-30"].map(holiday));
        assert_eq!(snapshot.about()?.position, 6);
        assert_eq!(snapshot.entries("FOI-2")?.len(), 1);
        assert_eq!(snapshot.changed_since(0)?, ["FOI-1", "FOI-2"]);
        assert_eq!(snapshot.changed_since(1)?, ["FOI-2"]);
        assert_eq!(snapshot.changed_since(6)?, Vec::<String>::new());
        Ok(())
    });
}

pub(crate) fn cases_are_in_view_while_something_is_owed_runs_or_has_lately_changed(place: &impl Place) {
    let mut store = place.open();
    let like = |reference: &str, change: &dyn Fn(&mut DeadlineRow)| {
        let mut row = deadline(reference);
        row.due = Some(day("2026-11-02"));
        row.work_to = Some(day("2026-11-02"));
        change(&mut row);
        row
    };
    let applicants = |row: &mut DeadlineRow| {
        row.nature = Nature::Right;
        row.key.actor = Actor::Applicant;
    };
    write(&mut store, |tx| {
        put(tx, &like("FOI-1-duty", &|_| ()))?;
        put(tx, &like("FOI-2-right", &|row| row.nature = Nature::Right))?;
        put(tx, &like("FOI-3-window", &applicants))?;
        put(
            tx,
            &like("FOI-4-target", &|row| {
                row.nature = Nature::Target;
                row.key.actor = Actor::Commissioner;
                row.work_to = None;
            }),
        )?;
        put(tx, &like("FOI-5-done", &|row| row.state = State::Met))?;
        let changed = put(tx, &like("FOI-6-changed", &|row| row.state = State::Withdrawn))?;
        let earlier = put(tx, &like("FOI-7-changed-earlier", &|row| row.state = State::Withdrawn))?;
        let old = put(
            tx,
            &like("FOI-8-changed-years-after", &|row| row.state = State::Withdrawn),
        )?;
        let done = put(
            tx,
            &like("FOI-9-done-years-after", &|row| {
                row.state = State::Late;
                row.acted_on = Some(day("2026-11-02"));
            }),
        )?;
        for (deadline, until, due) in [
            (earlier, "08:00:00", Some("2025-11-02")),
            (changed, "10:00:00", None),
            (old, "10:00:00", Some("2025-11-01")),
            (done, "10:00:00", Some("2025-11-01")),
        ] {
            let former = Former {
                due: due.map(day),
                work_to: None,
                state: State::Running,
                calendar: String::new(),
                law: String::new(),
                until: at(until),
                why: String::new(),
            };
            tx.keep_former(deadline, &former)?;
        }
        Ok(())
    });
    let in_view = |from: &str, since: &str| {
        read(&store, |snapshot| {
            snapshot.cases_in_view(day(from), at(since), day("2025-11-02"))
        })
    };
    assert_eq!(
        in_view("2026-11-02", "09:00:00"),
        [
            "FOI-1-duty",
            "FOI-2-right",
            "FOI-3-window",
            "FOI-4-target",
            "FOI-6-changed",
            "FOI-9-done-years-after"
        ]
    );
    assert_eq!(
        in_view("2026-11-03", "07:00:00"),
        ["FOI-1-duty", "FOI-6-changed", "FOI-7-changed-earlier"]
    );
    assert_eq!(in_view("2026-11-03", "11:00:00"), ["FOI-1-duty"]);
}

pub(crate) fn every_derivation_is_on_record_the_latest_first(place: &impl Place) {
    let mut store = place.open();
    let done = |moved| Rederivation {
        at: at("08:00:00"),
        from: ("v1".to_owned(), "3".to_owned()),
        to: ("v2".to_owned(), "4".to_owned()),
        why: "2022-09-19 is a bank holiday".to_owned(),
        cases: 100_000,
        moved,
    };
    for moved in [1, 2, 3] {
        write(&mut store, |tx| tx.keep_rederivation(&done(moved)));
    }
    let latest = read(&store, |snapshot| snapshot.rederivations(2));
    assert_eq!(latest, [done(3), done(2)]);
}

pub(crate) fn a_notice_is_left_once_and_goes_from_waiting_to_told(place: &impl Place) {
    let mut store = place.open();
    let states = |store: &_| {
        let open = read(store, |snapshot| snapshot.open_notices());
        open.into_iter()
            .map(|row| (row.name, row.officer, row.body, row.state, row.message))
            .collect::<Vec<_>>()
    };
    write(&mut store, |tx| {
        assert!(tx.add_notice("horizon/1", Some("mgreen"), "{}")?);
        assert!(!tx.add_notice("horizon/1", None, "[]")?, "it is left once");
        assert!(tx.add_notice("horizon/2", None, "[]")?);
        Ok(())
    });
    let first = |state, message| {
        (
            "horizon/1".to_owned(),
            Some("mgreen".to_owned()),
            "{}".to_owned(),
            state,
            message,
        )
    };
    let second = (
        "horizon/2".to_owned(),
        None,
        "[]".to_owned(),
        NoticeState::Waiting,
        None,
    );
    assert_eq!(states(&store), [first(NoticeState::Waiting, None), second.clone()]);
    let id = read(&store, |snapshot| snapshot.open_notices())[0].id;
    let mail = write(&mut store, |tx| {
        let mail = tx.add_message(&message("m.green@example.gov.uk"), &[], at("08:00:00"))?;
        tx.mark_notice(id, NoticeState::Written, Some(mail))?;
        Ok(mail)
    });
    assert_eq!(
        states(&store),
        [first(NoticeState::Written, Some(mail)), second.clone()]
    );
    let in_it = read(&store, |snapshot| snapshot.notices_in(mail));
    assert_eq!(in_it.iter().map(|row| row.id).collect::<Vec<_>>(), [id]);
    write(&mut store, |tx| tx.mark_notice(id, NoticeState::Told, Some(mail)));
    assert_eq!(states(&store), [second]);
    read(&store, |snapshot| {
        assert!(snapshot.has_notice("horizon/1")? && !snapshot.has_notice("horizon/3")?);
        Ok(())
    });
}

pub(crate) fn what_a_sheet_said_is_kept_until_another_takes_its_place(place: &impl Place) {
    let mut store = place.open();
    assert_eq!(read(&store, |snapshot| snapshot.sheet()), None);
    let state = SheetState {
        path: "/srv/foi.xlsx".to_owned(),
        seen: Some("12 34".to_owned()),
        taken: None,
        read_at: Some(at("08:00:00")),
        position: 7,
        lines: 142,
        held: 3,
        again: Some(at("08:10:00")),
    };
    let row = |reference: &str, hash: &str, held: bool| SheetRow {
        reference: reference.to_owned(),
        hash: hash.to_owned(),
        officer: held.then(|| "bjones".to_owned()),
        held,
    };
    let oddity = |name: &str, told| SheetOddity {
        name: name.to_owned(),
        since: at("08:00:00"),
        told,
    };
    write(&mut store, |tx| {
        tx.save_sheet(&SheetState::default())?;
        tx.save_sheet(&state)?;
        tx.save_sheet_row(&row("FOI-2", "aa", false))?;
        tx.save_sheet_row(&row("FOI-1", "bb", false))?;
        tx.save_sheet_row(&row("FOI-2", "cc", true))?;
        tx.save_sheet_oddity(&oddity("gone/FOI-1", false))?;
        tx.save_sheet_oddity(&oddity("fault/FOI-2/1", false))?;
        tx.save_sheet_oddity(&oddity("gone/FOI-1", true))
    });
    read(&store, |snapshot| {
        assert_eq!(snapshot.sheet()?, Some(state.clone()));
        assert_eq!(
            snapshot.sheet_rows()?,
            [row("FOI-1", "bb", false), row("FOI-2", "cc", true)]
        );
        assert_eq!(snapshot.sheet_row("FOI-2")?, Some(row("FOI-2", "cc", true)));
        assert_eq!(snapshot.sheet_row("FOI-3")?, None);
        assert_eq!(
            snapshot.sheet_oddities()?,
            [oddity("fault/FOI-2/1", false), oddity("gone/FOI-1", true)]
        );
        Ok(())
    });
    write(&mut store, |tx| tx.end_sheet_oddity("fault/FOI-2/1"));
    assert_eq!(
        read(&store, |snapshot| snapshot.sheet_oddities()),
        [oddity("gone/FOI-1", true)]
    );
    write(&mut store, |tx| tx.forget_sheet());
    read(&store, |snapshot| {
        assert_eq!(snapshot.sheet()?, None);
        assert!(snapshot.sheet_rows()?.is_empty() && snapshot.sheet_oddities()?.is_empty());
        Ok(())
    });
}

pub(crate) fn a_sheets_entries_are_news_until_a_digest_has_them(place: &impl Place) {
    let mut store = place.open();
    let mailbox = "b.jones@example.gov.uk";
    let from = |who: &str, reference: &str, seq| Entry {
        recorded_by: who.to_owned(),
        ..entry(reference, seq)
    };
    let digest = || NewMessage {
        references: vec!["<thread@example.gov.uk>".to_owned()],
        ..message(mailbox)
    };
    let news = |store: &_| {
        let found = read(store, |snapshot| snapshot.sheets_entries("bjones", mailbox, 10));
        found
            .iter()
            .map(|entry| format!("{} {}", entry.reference, entry.seq))
            .collect::<Vec<_>>()
    };
    write(&mut store, |tx| {
        for reference in ["FOI-1", "FOI-2", "FOI-3"] {
            tx.save_case(&case(reference))?;
        }
        tx.save_case(&CaseRow {
            officer: Some("cbrown".to_owned()),
            ..case("FOI-3")
        })?;
        tx.append(&from("sheet foi.xlsx", "FOI-1", 1))?;
        tx.append(&from("sheets", "FOI-2", 1))?;
        tx.append(&from("bjones", "FOI-2", 2))?;
        tx.append(&from("sheet foi.xlsx", "FOI-3", 1))?;
        tx.append(&from("sheet foi.xlsx", "FOI-2", 3))
    });
    assert_eq!(news(&store), ["FOI-1 1", "FOI-2 3"], "a sheet's, of one's own cases");
    let first = write(&mut store, |tx| {
        // A mail of notices tells nothing of this, nor does somebody else's digest.
        let notice = NewMessage {
            references: Vec::new(),
            ..message(mailbox)
        };
        tx.add_message(&notice, &[], at("08:00:00"))?;
        let others = NewMessage {
            recipient: "c.brown@example.gov.uk".to_owned(),
            ..digest()
        };
        tx.add_message(&others, &[], at("08:00:00"))
    });
    assert_eq!(news(&store).len(), 2);
    let mail = write(&mut store, |tx| {
        let mail = tx.add_message(&digest(), &[], at("08:01:00"))?;
        tx.append(&from("sheet foi.xlsx", "FOI-1", 2))?;
        Ok(mail)
    });
    assert!(mail > first);
    assert_eq!(news(&store), ["FOI-1 2"], "what came after the digest");
    write(&mut store, |tx| tx.withdraw_message(mail, MessageState::Superseded));
    assert_eq!(news(&store), ["FOI-1 1", "FOI-2 3", "FOI-1 2"], "nobody has read it");
    let found = read(&store, |snapshot| snapshot.sheets_entries("bjones", mailbox, 1));
    assert_eq!(found.len(), 1);
}

pub(crate) fn a_message_is_hurried_while_it_waits_and_forgiven_once_refused(place: &impl Place) {
    let mut store = place.open();
    let id = write(&mut store, |tx| {
        let deadline = put(tx, &deadline("FOI-1"))?;
        let reminder = tx.add_reminder(&reminder(deadline))?.unwrap();
        tx.add_message(&message("b.jones@example.gov.uk"), &[reminder], at("08:00:00"))
    });
    let state = |store: &_| read(store, |snapshot| snapshot.message(id)).unwrap().state;
    assert_eq!(read(&store, |snapshot| snapshot.message(id + 1)), None);
    let taken = write(&mut store, |tx| tx.take(at("08:00:00"))).unwrap();
    assert!(
        !write(&mut store, |tx| tx.hurry(id, at("08:00:01"))),
        "it is being sent"
    );
    write(&mut store, |tx| {
        tx.settle(&taken, &settled(MessageState::Queued, "deferred"))
    });
    assert!(!write(&mut store, |tx| tx.forgive(id)), "nobody refused it");
    assert!(write(&mut store, |tx| tx.hurry(id, at("08:00:02"))));
    assert_eq!(read(&store, |snapshot| snapshot.next_attempt()), Some(at("08:00:02")));
    assert!(
        write(&mut store, |tx| tx.hurry(id, at("10:00:00"))),
        "never later than it was"
    );
    assert_eq!(read(&store, |snapshot| snapshot.next_attempt()), Some(at("08:00:02")));
    let taken = write(&mut store, |tx| tx.take(at("08:00:02"))).unwrap();
    write(&mut store, |tx| {
        tx.settle(&taken, &settled(MessageState::Refused, "refused"))
    });
    let morning = taken.message.words.morning;
    assert_eq!(read(&store, |snapshot| snapshot.refused_on(morning)).len(), 1);
    assert!(write(&mut store, |tx| tx.forgive(id)));
    assert_eq!(state(&store), MessageState::Superseded);
    assert_eq!(
        read(&store, |snapshot| snapshot.refused_on(morning)),
        Vec::<String>::new()
    );
    assert!(!write(&mut store, |tx| tx.forgive(id)), "once");
}

pub(crate) fn a_reader_does_not_see_what_is_not_committed(place: &impl Place) {
    let (mut writer, reader) = (place.open(), place.open());
    write(&mut writer, |tx| {
        tx.append(&entry("FOI-1", 1))?;
        assert_eq!(tx.about()?.position, 1, "the writer sees its own");
        assert_eq!(read(&reader, |snapshot| snapshot.about()).position, 0);
        Ok(())
    });
    assert_eq!(read(&reader, |snapshot| snapshot.about()).position, 1);

    // A snapshot stays what it was while others write.
    read(&reader, |snapshot| {
        assert_eq!(snapshot.about()?.position, 1);
        write(&mut writer, |tx| tx.append(&entry("FOI-1", 2)));
        assert_eq!((snapshot.about()?.position, snapshot.entries("FOI-1")?.len()), (1, 1));
        Ok(())
    });
    assert_eq!(read(&reader, |snapshot| snapshot.entries("FOI-1")).len(), 2);
}

pub(crate) fn two_takers_never_get_one_message(place: &impl Place) {
    let recipients: Vec<String> = (0..40).map(|number| format!("r{number}")).collect();
    let names: Vec<&str> = recipients.iter().map(String::as_str).collect();
    queued(&mut place.open(), &names);
    let taken: Vec<i64> = std::thread::scope(|scope| {
        let takers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut store = place.open();
                    std::iter::from_fn(|| take(&mut store, "08:00:00"))
                        .map(|taken| taken.message.id)
                        .collect()
                })
            })
            .collect();
        takers
            .into_iter()
            .flat_map(|taker| -> Vec<i64> { taker.join().unwrap() })
            .collect()
    });
    assert_eq!((taken.len(), taken.iter().collect::<BTreeSet<_>>().len()), (40, 40));
}

pub(crate) fn eight_writers_at_once_leave_one_unbroken_chain(place: &impl Place) {
    std::thread::scope(|scope| {
        for thread in 0..8 {
            scope.spawn(move || {
                // Each opens it while the others do: the first to come makes it.
                let mut store = place.open();
                for seq in 1..=50 {
                    let one = Entry {
                        recorded_at: at("08:00:00") + TimeDelta::milliseconds(seq.into()),
                        ..entry(&format!("FOI-{thread}"), seq)
                    };
                    write(&mut store, |tx| tx.append(&one));
                }
            });
        }
    });
    let store = place.open();
    let about = read(&store, |snapshot| snapshot.about());
    assert_eq!(about.position, 400);
    for thread in 0..8 {
        let entries = read(&store, |snapshot| snapshot.entries(&format!("FOI-{thread}")));
        let numbers: Vec<u32> = entries.iter().map(|entry| entry.seq).collect();
        assert_eq!(numbers, (1..=50).collect::<Vec<u32>>());
        assert!(entries.iter().all(|entry| entry.fact.kind == Kind::Received));
    }
    // The order is the engine's; that it is one chain shows in the next link.
    let mut store = store;
    write(&mut store, |tx| tx.append(&entry("LAST", 1)));
    assert_eq!(
        read(&store, |snapshot| snapshot.about()).head,
        link(&about.head, 401, &entry("LAST", 1))
    );
}
