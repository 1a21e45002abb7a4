use rstest::rstest;

use super::*;
use crate::case::{Case, Entry, Fact};
use crate::reminders::Quiet;
use crate::statute::{Authority, deadlines};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn upward() -> Upward {
    Upward::new(vec![1, 5, 10], NonZeroU16::new(5).unwrap()).unwrap()
}

/// The deadline of a step that a case with these facts has: `KIND DAY`, `KIND DAY DUE OUTCOME`.
fn deadline(facts: &[&str], step: Step) -> Deadline {
    let entry = |(seq, text): (u32, &&str)| {
        let words: Vec<&str> = text.split(' ').collect();
        let mut fact = Fact::new(words[0].parse().unwrap(), day(words[1]));
        fact.details.due = words.get(2).map(|due| day(due));
        fact.details.outcome = words.get(3).map(|outcome| outcome.parse().unwrap());
        Entry {
            reference: "FOI-1".parse().unwrap(),
            seq,
            fact,
            recorded_at: chrono::DateTime::UNIX_EPOCH,
            recorded_by: "test".to_owned(),
            by: None,
            supersedes: None,
        }
    };
    let entries: Vec<_> = (1..).zip(facts).map(entry).collect();
    let case = Case::fold(&entries).unwrap();
    let all = deadlines(&case, &Calendar::compiled_in().unwrap(), &Authority::default());
    all.into_iter().find(|deadline| deadline.key.step == step).unwrap()
}

/// Due Friday 30 October 2026.
fn answer() -> Deadline {
    deadline(&["received 2026-10-02"], Step::Response)
}

/// `ID`, `COVER`, `MANAGER` and quiet weekdays; a `-` for none.
const OFFICERS: [[&str; 4]; 6] = [
    ["owner", "cover", "manager", "wed"],
    ["cover", "owner", "manager", "-"],
    ["manager", "deputy", "chief", "fri"],
    ["deputy", "-", "-", "-"],
    ["chief", "-", "-", "-"],
    ["alone", "-", "-", "wed"],
];

/// The officers, some of whom are gone; and a cover who is perhaps as quiet as the owner.
fn people(away: &[&str], cover_is_quiet: bool) -> People {
    let officer = |[id, cover, manager, quiet]: [&str; 4]| {
        let named = |word: &str| (word != "-").then(|| word.to_owned());
        let quiet = if id == "cover" && cover_is_quiet { "wed" } else { quiet };
        Officer {
            id: id.to_owned(),
            name: id.to_uppercase(),
            email: id.to_owned(),
            cover: named(cover),
            manager: named(manager),
            away: Vec::new(),
            quiet: Quiet::parse(named(quiet).as_slice()).unwrap(),
            left: away.contains(&id).then(|| day("2026-10-01")),
        }
    };
    People {
        officers: OFFICERS.into_iter().map(officer).collect(),
        team: Some("team".to_owned()),
    }
}

fn words(copies: &[Recipient]) -> String {
    let word = |copy: &Recipient| {
        let why = match &copy.why {
            Why::QuietDay { told } => format!("quiet {told}"),
            Why::Manager { .. } => "manager".to_owned(),
            Why::ForManager { manager, .. } => format!("for {}", manager.as_deref().unwrap_or("none")),
            other => format!("{other:?}"),
        };
        format!("{}: {why}", copy.email)
    };
    copies.iter().map(word).collect::<Vec<_>>().join(", ")
}

fn found(people: &People, telling: &Telling<'_>, unreachable: &[&str]) -> String {
    let calendar = Calendar::compiled_in().unwrap();
    let refuses = |email: &str| unreachable.contains(&email);
    words(&copies(people, &upward(), &calendar, telling, refuses))
}

#[rstest]
// Wednesday 4 November is three working days late: the quiet day's copy alone.
#[case("owner", "2026-11-04", &[], &[], "cover: quiet OWNER")]
#[case("owner", "2026-11-04", &["cover"], &[], "manager: quiet OWNER")]
#[case("owner", "2026-11-04", &[], &["cover"], "manager: quiet OWNER")]
#[case("owner", "2026-11-04", &["cover", "manager"], &[], "team: quiet OWNER")]
#[case("owner", "2026-11-04", &["cover", "manager"], &["team"], "")]
// The owner is away: whoever stands in is not quiet.
#[case("owner", "2026-11-04", &["owner"], &[], "")]
#[case("alone", "2026-11-04", &[], &[], "team: quiet ALONE")]
#[case("owner", "2026-11-05", &[], &[], "")]
// Monday 2 November is one working day late, Friday the 6th is five and the manager's quiet day.
#[case("owner", "2026-11-02", &[], &[], "manager: manager")]
#[case("owner", "2026-11-06", &[], &[], "manager: manager")]
#[case("owner", "2026-11-02", &["manager"], &[], "deputy: for MANAGER")]
#[case("owner", "2026-11-02", &[], &["manager", "deputy"], "chief: for MANAGER")]
#[case("owner", "2026-11-02", &["manager", "deputy", "chief"], &[], "team: for MANAGER")]
#[case("owner", "2026-11-02", &["manager", "deputy", "chief"], &["team"], "")]
// The manager is told anyway: owner and cover are away.
#[case("owner", "2026-11-02", &["owner", "cover"], &[], "")]
#[case("owner", "2026-11-06", &["owner", "cover"], &[], "deputy: quiet MANAGER")]
// Nobody but the team is there, which is told anyway.
#[case("owner", "2026-11-02", &["owner", "cover", "manager", "deputy", "chief"], &[], "")]
#[case("owner", "2026-11-02", &["owner"], &[], "manager: manager")]
#[case("alone", "2026-11-02", &[], &[], "team: for none")]
#[case("alone", "2026-11-02", &["alone"], &[], "")]
#[case("gone", "2026-11-02", &[], &[], "")]
fn a_copy_goes_to_somebody_who_is_there_and_was_not_told(
    #[case] owner: &str,
    #[case] today: &str,
    #[case] away: &[&str],
    #[case] unreachable: &[&str],
    #[case] expected: &str,
) {
    let answer = answer();
    assert_eq!(answer.due, Some(day("2026-10-30")));
    let today = day(today);
    let told = (today > day("2026-11-02")).then_some(Told {
        rung: Rung::Overdue,
        day: today.pred_opt().unwrap(),
    });
    let telling = Telling {
        owner: Some(owner),
        deadline: &answer,
        rung: Rung::Overdue,
        told,
        today,
    };
    assert_eq!(found(&people(away, false), &telling, unreachable), expected);
}

#[test]
fn a_cover_who_is_quiet_too_is_passed_over_and_nobody_gets_two_copies() {
    let answer = answer();
    let telling = |told: Option<&str>| Telling {
        owner: Some("owner"),
        deadline: &answer,
        rung: Rung::Overdue,
        told: told.map(|on| Told {
            rung: Rung::Overdue,
            day: day(on),
        }),
        today: day("2026-11-04"),
    };
    let both = people(&[], true);
    assert_eq!(found(&both, &telling(Some("2026-11-03")), &[]), "manager: quiet OWNER");
    // The first day overdue was missed, so the manager's day is today as well.
    assert_eq!(found(&both, &telling(None), &[]), "manager: quiet OWNER");
    let usual = people(&[], false);
    assert_eq!(
        found(&usual, &telling(None), &[]),
        "cover: quiet OWNER, manager: manager"
    );
}

#[test]
fn a_case_that_nobody_has_is_told_to_the_team_and_to_nobody_above_it() {
    let answer = answer();
    let telling = Telling {
        owner: None,
        deadline: &answer,
        rung: Rung::Overdue,
        told: None,
        today: day("2026-11-02"),
    };
    assert_eq!(found(&people(&[], false), &telling, &[]), "");
}

#[rstest]
#[case(Step::CommissionerNotice, "commissioner-notice 2026-10-20 2026-11-20 comments")]
#[case(Step::Compliance, "decision 2026-10-20 2026-11-20")]
fn what_the_commissioner_asks_for_goes_to_the_manager_at_every_rung(#[case] step: Step, #[case] fact: &str) {
    let facts = [
        "received 2026-03-02",
        "review-required 2026-05-01",
        "applied 2026-07-01",
        fact,
    ];
    let asked = deadline(&facts, step);
    for rung in [Rung::Before(10), Rung::Before(0), Rung::Safe, Rung::Overdue] {
        for today in ["2026-11-03", "2026-11-25", "2026-11-26"] {
            let telling = Telling {
                owner: Some("cover"),
                deadline: &asked,
                rung,
                told: Some(Told {
                    rung: Rung::Overdue,
                    day: day("2026-11-24"),
                }),
                today: day(today),
            };
            assert_eq!(
                found(&people(&[], false), &telling, &[]),
                "manager: manager",
                "{rung} {today}"
            );
        }
    }
}

/// Told of every working day: one, five, ten, fifteen working days late and so on.
#[test]
fn managers_are_told_on_their_days_and_then_again_and_again() {
    let (answer, calendar, people) = (answer(), Calendar::compiled_in().unwrap(), people(&[], false));
    let mut told = None;
    let mut days = Vec::new();
    for today in day("2026-11-02")
        .iter_days()
        .take(90)
        .filter(|day| calendar.is_working_day(*day))
    {
        let telling = Telling {
            owner: Some("cover"),
            deadline: &answer,
            rung: Rung::Overdue,
            told,
            today,
        };
        if found(&people, &telling, &[]) == "manager: manager" {
            days.push(calendar.working_days_between(day("2026-10-30"), today));
        }
        told = Some(Told {
            rung: Rung::Overdue,
            day: today,
        });
    }
    assert_eq!(days, [1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60][..days.len()]);
    assert!(days.len() > 10);
}

#[rstest]
// A closed office or a service that was away: the day that was missed is made up for, once.
#[case(None, 7, true)]
#[case(None, 1, true)]
#[case(Some(4), 6, true)]
#[case(Some(5), 6, false)]
#[case(Some(5), 9, false)]
#[case(Some(3), 40, true)]
#[case(Some(10), 14, false)]
#[case(Some(14), 16, true)]
fn a_managers_day_that_was_missed_is_made_up_for(
    #[case] before: Option<u32>,
    #[case] overdue: u32,
    #[case] expected: bool,
) {
    let (answer, calendar) = (answer(), Calendar::compiled_in().unwrap());
    let late = |days| calendar.nth_working_day_after(day("2026-10-30"), days);
    let told = before.map(|days| Told {
        rung: Rung::Overdue,
        day: late(days),
    });
    assert_eq!(upward().has_come(&answer, &calendar, told, late(overdue)), expected);
}

#[test]
fn no_days_at_all_is_never_and_nobody_is_told_of_what_is_not_late() {
    let (answer, calendar) = (answer(), Calendar::compiled_in().unwrap());
    let never = Upward::new(Vec::new(), NonZeroU16::MIN).unwrap();
    assert!(!never.has_come(&answer, &calendar, None, day("2026-12-01")));
    assert!(!upward().has_come(&answer, &calendar, None, day("2026-10-30")));
    let telling = Telling {
        owner: Some("cover"),
        deadline: &answer,
        rung: Rung::Before(0),
        told: None,
        today: day("2026-10-30"),
    };
    assert_eq!(found(&people(&[], false), &telling, &[]), "");
}

#[test]
fn of_an_applicants_right_there_are_no_copies() {
    let window = deadline(&["received 2026-08-03", "responded 2026-08-04"], Step::ReviewWindow);
    let telling = Telling {
        owner: Some("owner"),
        deadline: &window,
        rung: Rung::Ended,
        told: None,
        today: day("2026-11-04"),
    };
    assert_eq!(found(&people(&[], false), &telling, &[]), "");
}
