//! On which morning each rung is told.

use chrono::NaiveDate;
use rstest::rstest;
use timeous::case::{Case, Entry};
use timeous::reminders::Rung;
use timeous::reminders::next::{self, Told};
use timeous::statute::{self, Actor, Nature};

use crate::naive::Days;
use crate::office::{Office, accepted, day, fact, no_manager_is_told};

fn usual_days() -> Days {
    Days::new(&[
        ("2026-12-24", "2027-01-05"),
        ("2027-05-17", "2027-05-17"),
        ("2027-03-25", "2027-03-25"),
    ])
}

/// What happens in a case, and how many days after its request came.
type Story = &'static [(u64, &'static str)];

const SILENCE: Story = &[(0, "received")];
const POSTED: Story = &[(0, "received regime=eirs posted")];
const ANSWERED: Story = &[(0, "received"), (11, "responded outcome=part")];
const TO_THE_COURT: Story = &[
    (0, "received"),
    (3, "responded outcome=refused"),
    (5, "review-required"),
    (9, "review-outcome outcome=upheld"),
    (12, "applied"),
    (20, "decision"),
];

/// Lives through four months, a round every minute that matters, and holds every line that was told against the
/// definition: the highest rung whose morning has come, never one below what was told, each day's once.
#[rstest]
#[case::over_christmas(SILENCE, "2026-11-25", &["10wd", "5wd", "2wd", "0wd", "overdue", "ended"])]
#[case::due_in_the_shutdown(SILENCE, "2026-11-27", &["10wd", "5wd", "0wd", "overdue", "ended"])]
#[case::over_easter(SILENCE, "2027-03-02", &["10wd", "5wd", "2wd", "1wd", "0wd", "overdue", "ended"])]
#[case::after_a_local_holiday(SILENCE, "2027-04-16", &["10wd", "5wd", "2wd", "0wd", "overdue", "ended"])]
#[case::by_post(POSTED, "2026-10-02", &["10wd", "5wd", "2wd", "1wd", "0wd", "overdue", "ended"])]
#[case::windows(ANSWERED, "2026-10-05", &["5wd", "ended"])]
#[case::windows_over_christmas(ANSWERED, "2026-10-28", &["5wd", "ended"])]
#[case::appeal(TO_THE_COURT, "2026-11-09", &["10wd", "5wd", "2wd", "1wd", "0wd", "ended"])]
#[case::appeal_in_summer(TO_THE_COURT, "2027-06-15", &["10wd", "5wd", "2wd", "1wd", "0wd", "ended"])]
fn every_rung_is_told_on_its_morning(#[case] story: Story, #[case] received: &str, #[case] rungs: &[&str]) {
    let days = usual_days();
    let mut office = Office::with(&no_manager_is_told());
    let received = day(received);
    let mut model: Vec<(i64, Rung, NaiveDate)> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for today in received.iter_days().take(120) {
        office.at(&format!("{today} 07:00"));
        for (_, what) in story
            .iter()
            .filter(|(after, _)| received + chrono::Days::new(*after) == today)
        {
            let (kind, rest) = what.split_once(' ').unwrap_or((what, ""));
            let officer = if kind == "received" { "officer=bjones" } else { "" };
            office
                .try_record("FOI-1", fact(&format!("{kind} {today} {rest} {officer}")), None)
                .unwrap();
        }
        let expected = expected(&office, &days, &mut model, today);
        let mut told = Vec::new();
        for minute in ["07:30", "07:59", "08:00", "08:01", "12:00", "17:31", "23:59"] {
            office.at(&format!("{today} {minute}")).round();
            let sent = office.deliver(accepted);
            assert!(sent.is_empty() || minute == "08:00", "{today} {minute}: {sent:?}");
            assert!(sent.len() <= 1, "one mail a person: {sent:?}");
            told.extend(sent.into_iter().flat_map(|mail| mail.lines));
        }
        told.sort();
        assert_eq!(told, expected, "{today}");
        seen.extend(told.iter().map(|line| line.split(' ').nth(2).unwrap().to_owned()));
    }
    let mut order: Vec<&str> = Vec::new();
    for rung in &seen {
        if !order.contains(&rung.as_str()) {
            order.push(rung);
        }
    }
    assert_eq!(order, rungs);
}

/// What is to be told on a day, by the definition; and what is told then.
fn expected(office: &Office, days: &Days, told: &mut Vec<(i64, Rung, NaiveDate)>, today: NaiveDate) -> Vec<String> {
    let mut lines = Vec::new();
    if !days.open(today) {
        return lines;
    }
    for row in office.rows("FOI-1") {
        let (Some(due), Some(work_to)) = (row.due, row.work_to) else {
            continue;
        };
        let running = row.state.is_open() && row.opens_after.is_none_or(|day| today > day);
        if !running {
            continue;
        }
        let ladder: &[Rung] = match (row.nature, row.key.actor) {
            (Nature::Duty, Actor::Authority) => &[
                Rung::Before(10),
                Rung::Before(5),
                Rung::Before(2),
                Rung::Before(1),
                Rung::Before(0),
                Rung::Safe,
                Rung::Overdue,
            ],
            (Nature::Right, Actor::Authority) => &[
                Rung::Before(10),
                Rung::Before(5),
                Rung::Before(2),
                Rung::Before(1),
                Rung::Before(0),
                Rung::Ended,
            ],
            (Nature::Right, Actor::Applicant) => &[Rung::Before(5), Rung::Ended],
            _ => &[],
        };
        let fresh = |rung: Rung| {
            let daily = matches!(rung, Rung::Safe | Rung::Overdue);
            let higher = |(id, before, _): &&(i64, Rung, NaiveDate)| *id == row.id && *before >= rung;
            daily || !told.iter().any(|one| higher(&one))
        };
        let come = ladder
            .iter()
            .rev()
            .find(|rung| days.has_come(**rung, due, work_to, today));
        if let Some(rung) = come.copied().filter(|rung| fresh(*rung)) {
            told.push((row.id, rung, today));
            let day = match rung {
                Rung::Safe | Rung::Overdue => format!(" {today}"),
                _ => String::new(),
            };
            lines.push(format!("FOI-1 {} {rung}{day}", row.key.step));
        }
    }
    lines.sort();
    lines
}

/// The mornings themselves, looked up in a printed calendar.
#[rstest]
// Received Monday 2 November 2026: due Tuesday 1 December, St Andrew's Day on the Monday before.
#[case("2026-11-02", &["2026-11-16 10wd", "2026-11-23 5wd", "2026-11-26 2wd", "2026-11-27 1wd", "2026-12-01 0wd"])]
// Received Friday 27 November 2026: due Wednesday 30 December, in the shutdown. The last open day is the 23rd.
#[case("2026-11-27", &["2026-12-14 10wd", "2026-12-21 5wd", "2026-12-23 0wd"])]
// Received Tuesday 2 March 2027: due Wednesday 31 March; Good Friday is the 26th, closed here the 25th.
#[case("2027-03-02", &["2027-03-16 10wd", "2027-03-23 5wd", "2027-03-29 2wd", "2027-03-30 1wd", "2027-03-31 0wd"])]
fn a_case_is_told_of_on_these_mornings(#[case] received: &str, #[case] mornings: &[&str]) {
    let mut office = Office::new();
    office.at(&format!("{received} 09:00"));
    office.log("FOI-1", received, "bjones");
    let mut told = Vec::new();
    for today in day(received).iter_days().take(45) {
        for line in office.tell(&format!("{today} 08:00")) {
            let rung = line.rsplit(' ').next().unwrap();
            if rung.ends_with("wd") {
                told.push(format!("{today} {rung}"));
            }
        }
    }
    assert_eq!(told, mornings);
}

/// Between the day to work to and the last day a duty is told of every open morning, and from then on it is overdue.
#[test]
fn a_duty_past_its_safe_date_is_told_of_each_open_morning() {
    let days = usual_days();
    let office = Office::new();
    let rules = &office.config.rules;
    let entry = Entry {
        reference: "FOI-1".parse().unwrap(),
        seq: 1,
        fact: fact("received 2026-11-20"),
        recorded_at: office.now,
        recorded_by: "test".to_owned(),
        by: None,
        supersedes: None,
    };
    let case = Case::fold(&[entry]).unwrap();
    let mut duty = statute::deadlines(&case, &rules.calendar, &rules.authority).remove(0);
    // Another reading gives a day a week earlier; the days between lie about Christmas.
    let (work_to, due) = (day("2026-12-15"), day("2027-01-07"));
    (duty.work_to, duty.due) = (Some(work_to), Some(due));
    let ladder = rules.ladders.of(&duty);
    let mut told: Option<Told> = None;
    let mut safe = Vec::new();
    for today in work_to.iter_days().skip(1).take(40) {
        let due_today = next::due(&duty, ladder, &rules.open_days(), told, today);
        let come = [Rung::Overdue, Rung::Safe]
            .into_iter()
            .find(|rung| days.has_come(*rung, due, work_to, today));
        if !days.open(today) {
            continue;
        }
        let rung = due_today.map(|due| due.rung);
        assert_eq!(rung, come, "{today}");
        safe.extend((rung == Some(Rung::Safe)).then_some(today));
        told = rung.map(|rung| Told { rung, day: today });
        let planned = next::next(&duty, ladder, &rules.open_days(), told, today).unwrap();
        assert_eq!(planned.on, days.open_after(today), "{today}");
    }
    let (first, last) = (safe[0].to_string(), safe[safe.len() - 1].to_string());
    assert_eq!(
        (first.as_str(), last.as_str(), safe.len()),
        ("2026-12-16", "2027-01-07", 8)
    );
}

/// Closed days move a morning earlier or leave it; they never move it later.
#[test]
fn closures_move_mornings_earlier_never_later() {
    let (open, closed) = (Days::new(&[]), usual_days());
    for work_to in day("2026-11-02").iter_days().take(300) {
        for least in [0, 1, 2, 5, 10] {
            let (usual, moved) = (open.before(work_to, least), closed.before(work_to, least));
            assert!(moved <= usual && moved <= work_to && closed.open(moved));
        }
    }
}
