//! Officers who are not there: their quiet days, their covers, their managers, and who is told in their place.

use rstest::rstest;
use timeous::case::{Case, Entry};
use timeous::casework::overview::{Wanted, overview};
use timeous::reminders::next::{self, Told};
use timeous::reminders::{OpenDays, Quiet, Rung};
use timeous::statute::{self, Deadline};

use crate::naive::Days;
use crate::office::{Office, day, deferred, fact, settings, usual};

fn a_duty(office: &Office, received: &str) -> Deadline {
    let entry = Entry {
        reference: "FOI-1".parse().unwrap(),
        seq: 1,
        fact: fact(&format!("received {received}")),
        recorded_at: office.now,
        recorded_by: "test".to_owned(),
        by: None,
        supersedes: None,
    };
    let rules = &office.config.rules;
    let case = Case::fold(&[entry]).unwrap();
    statute::deadlines(&case, &rules.calendar, &rules.authority).remove(0)
}

fn quiet<'a>(office: &'a Office, weekdays: &[&str]) -> OpenDays<'a> {
    OpenDays {
        quiet: Quiet::parse(weekdays).unwrap(),
        ..office.config.rules.open_days()
    }
}

/// Everything told of a duty on the mornings of forty-five days: `DAY RUNG`.
fn told_of(duty: &Deadline, office: &Office, days: &OpenDays<'_>, from: &str) -> Vec<String> {
    let ladder = office.config.rules.ladders.of(duty);
    let mut told: Option<Told> = None;
    let mut lines = Vec::new();
    for today in day(from).iter_days().take(45).filter(|day| days.is_open(*day)) {
        let planned = next::next(duty, ladder, days, told, today);
        let due = next::due(duty, ladder, days, told, today);
        // What is planned for a morning is what is told on it.
        assert_eq!(planned.is_some_and(|next| next.on <= today), due.is_some(), "{today}");
        if let Some(due) = due {
            told = Some(Told {
                rung: due.rung,
                day: today,
            });
            lines.push(format!("{today} {}", due.rung));
        }
    }
    lines
}

/// The rungs of a quiet weekday come a morning earlier; the last day and what follows it cannot.
#[rstest]
// Due Tuesday 1 December 2026, St Andrew's Day on the Monday before.
#[case(&[], "2026-11-02", &["2026-11-16 10wd", "2026-11-23 5wd", "2026-11-26 2wd", "2026-11-27 1wd", "2026-12-01 0wd", "2026-12-02 overdue"])]
#[case(&["mon"], "2026-11-02", &["2026-11-13 10wd", "2026-11-20 5wd", "2026-11-26 2wd", "2026-11-27 1wd", "2026-12-01 0wd", "2026-12-02 overdue"])]
#[case(&["mon", "fri"], "2026-11-02", &["2026-11-12 10wd", "2026-11-19 5wd", "2026-11-26 1wd", "2026-12-01 0wd", "2026-12-02 overdue"])]
#[case(&["tue", "wed", "thu", "fri"], "2026-11-02", &["2026-11-16 10wd", "2026-11-23 1wd", "2026-12-01 0wd", "2026-12-02 overdue"])]
// Due Wednesday 30 December, in the shutdown: the last open day is Wednesday the 23rd. That day's rung
// stays; those folded into it come the day before.
#[case(&["wed"], "2026-11-27", &["2026-12-14 10wd", "2026-12-21 5wd", "2026-12-22 1wd", "2026-12-23 0wd", "2027-01-06 overdue"])]
#[case(&["mon"], "2026-11-27", &["2026-12-11 10wd", "2026-12-18 5wd", "2026-12-23 0wd", "2027-01-06 overdue"])]
// Due Wednesday 31 March 2027, with Good Friday and a local holiday before.
#[case(&["mon", "tue"], "2027-03-02", &["2027-03-12 10wd", "2027-03-19 5wd", "2027-03-24 1wd", "2027-03-31 0wd", "2027-04-01 overdue"])]
fn a_quiet_weekdays_rungs_come_a_morning_earlier(
    #[case] weekdays: &[&str],
    #[case] received: &str,
    #[case] mornings: &[&str],
) {
    let office = Office::new();
    let duty = a_duty(&office, received);
    let told = told_of(&duty, &office, &quiet(&office, weekdays), received);
    assert_eq!(told[..mornings.len()], *mornings);
}

/// By the definition: the latest open morning that is not quiet and has at least so many working days after it.
#[test]
fn a_quiet_morning_is_never_a_later_one() {
    let naive = Days::new(&[
        ("2026-12-24", "2027-01-05"),
        ("2027-05-17", "2027-05-17"),
        ("2027-03-25", "2027-03-25"),
    ]);
    let office = Office::new();
    let mut duty = a_duty(&office, "2026-10-01");
    let ladder = office.config.rules.ladders.of(&duty).clone();
    for weekdays in [&["wed"][..], &["mon", "fri"], &["mon", "tue", "wed", "thu"]] {
        let days = quiet(&office, weekdays);
        for work_to in day("2026-11-02").iter_days().take(250) {
            (duty.work_to, duty.due) = (Some(work_to), Some(work_to));
            let mut told = None;
            for rung in ladder.rungs().iter().filter(|rung| matches!(rung, Rung::Before(1..))) {
                let Rung::Before(least) = *rung else { continue };
                let mut morning = naive.before(work_to, least);
                while !naive.open(morning) || days.quiet.contains(morning) {
                    morning = morning.pred_opt().unwrap();
                }
                let due = next::due(&duty, &ladder, &days, told, morning);
                assert!(due.is_some_and(|due| due.on <= morning), "{rung} of {work_to}");
                let yesterday = next::due(&duty, &ladder, &days, told, morning.pred_opt().unwrap());
                assert!(yesterday.is_none_or(|due| due.rung < *rung), "{rung} of {work_to}");
                told = Some(Told {
                    rung: *rung,
                    day: morning,
                });
            }
        }
    }
}

/// A case whose officer has left is an alarm of its own, until it is somebody's again.
#[test]
fn a_case_that_nobody_active_has_is_an_alarm() {
    let mut office = Office::new();
    office.log("FOI-1", "2026-11-02", "bjones");
    office.record("FOI-2", "received 2026-11-02");
    let found = |office: &mut Office| {
        office.round();
        let (rules, wanted) = (&office.config.rules, Wanted::default());
        let view = overview(&office.store, rules, &wanted, true, office.now).unwrap();
        let (check, words) = view.check(rules);
        let unowned: Vec<_> = view.unowned.into_iter().map(|(reference, _)| reference).collect();
        (check as i32, words.join("; "), unowned.join(" "))
    };
    let alarm = |words: &str, unowned: &str| (1, words.to_owned(), unowned.to_owned());
    assert_eq!(found(&mut office), alarm("1 case has nobody who is active", "FOI-2"));
    // The first is the last day; the day after, nobody is there.
    let gone = usual().replace("id = \"bjones\",", "id = \"bjones\", left = \"2026-11-02\",");
    office.config = settings(&gone);
    assert_eq!(found(&mut office), alarm("1 case has nobody who is active", "FOI-2"));
    office.at("2026-11-03 09:00");
    assert_eq!(
        found(&mut office),
        alarm("2 cases have nobody who is active", "FOI-1 FOI-2")
    );
    for reference in ["FOI-1", "FOI-2"] {
        office.record(reference, "reassigned 2026-11-03 officer=cbrown");
    }
    assert_eq!(found(&mut office), (0, String::new(), String::new()));
}

/// The register keeps the mornings of whoever has the case, and plans them again when somebody else has it or their
/// quiet days change.
/// What waits to be sent goes to whoever has the case now.
#[test]
fn a_mail_that_waits_follows_the_officer_of_the_case() {
    let mut office = Office::new();
    office.log("FOI-1", "2026-11-02", "bjones");
    office.log("FOI-2", "2026-11-02", "bjones");
    office.at("2026-12-01 08:00").round();
    assert_eq!(office.deliver(deferred), []);
    office.record("FOI-1", "reassigned 2026-12-01 officer=cbrown");
    assert_eq!(
        office.tell("2026-12-01 08:31"),
        ["b.jones: FOI-2 response 0wd", "c.brown: FOI-1 response 0wd"]
    );
}

#[test]
fn mornings_follow_the_officer_of_the_case() {
    let quiet = usual().replace("id = \"bjones\",", "id = \"bjones\", quiet = [\"mon\"],");
    let mut office = Office::with(&quiet);
    for reference in ["FOI-1", "FOI-2"] {
        office.log(reference, "2026-11-02", "bjones");
    }
    // Ten working days before Tuesday 1 December is Monday 16 November; the Friday before for B Jones.
    let next_on = |office: &Office, reference: &str| office.row(reference, "response").next.unwrap().0;
    assert_eq!(next_on(&office, "FOI-1"), day("2026-11-13"));
    office.record("FOI-2", "reassigned 2026-11-02 officer=cbrown");
    assert_eq!(next_on(&office, "FOI-2"), day("2026-11-16"));
    assert_eq!(office.tell("2026-11-13 08:00"), ["b.jones: FOI-1 response 10wd"]);
    assert_eq!(office.tell("2026-11-16 08:00"), ["c.brown: FOI-2 response 10wd"]);
    assert_eq!(next_on(&office, "FOI-1"), day("2026-11-20"));
    office.config = settings(&quiet.replace("[\"mon\"]", "[\"mon\", \"fri\"]"));
    assert_eq!(office.reconcile().unwrap().cases, 2);
    assert_eq!(next_on(&office, "FOI-1"), day("2026-11-19"));
    assert_eq!(office.tell("2026-11-19 08:00"), ["b.jones: FOI-1 response 5wd"]);
    let reason = office
        .read(|snapshot| snapshot.story("FOI-1"))
        .remove(1)
        .reminder
        .reason;
    assert_eq!(
        reason,
        timeous::reminders::Reason::Coming,
        "a morning earlier is not a morning late"
    );
}
