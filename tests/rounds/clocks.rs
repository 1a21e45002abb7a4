//! Recipients and mornings through what goes wrong in an office: the clock put forward and back, Christmas, covers
//! who are away too, managers who do not exist, mailboxes that refuse.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use rstest::rstest;

use timeous::mail::Outcome;
use timeous::store::Message;

use crate::office::{CLOSURES, Office, PEOPLE, accepted, deferred, fact, no_manager_is_told, refusing};

fn utc(text: &str) -> DateTime<Utc> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%MZ")
        .unwrap()
        .and_utc()
}

/// What happens at an instant: `REFERENCE FACT`.
type Happening = (&'static str, &'static str);

/// A round every so many minutes of world time, whatever the clock on the wall does; every mail that was accepted, with
/// its instant.
fn live(
    office: &mut Office,
    minutes: i64,
    from: &str,
    to: &str,
    happenings: &[Happening],
    refused: &[&str],
) -> Vec<String> {
    let mut told = Vec::new();
    let mut happenings = happenings.iter().map(|(at, what)| (utc(at), what)).peekable();
    let (mut now, end) = (utc(from), utc(to));
    while now <= end {
        office.now = now;
        while let Some((_, what)) = happenings.next_if(|(at, _)| *at <= now) {
            let (reference, rest) = what.split_once(' ').unwrap();
            office.try_record(reference, fact(rest), None).unwrap();
        }
        // A mailbox that refuses gives way in the next round of the service, a moment later.
        while office.round().messages > 0 {
            let sent = office.deliver(refusing(refused));
            told.extend(
                sent.iter()
                    .map(|mail| format!("{} {}", now.format("%Y-%m-%dT%H:%MZ"), mail.short())),
            );
        }
        now += TimeDelta::minutes(minutes);
    }
    assert!(happenings.next().is_none(), "something was to happen later");
    told
}

fn office(reminders: &str, people: &str) -> Office {
    Office::with(&format!("{CLOSURES}{reminders}{people}"))
}

/// The clock goes back on Sunday 25 October 2026, at 01:00 UTC: half past one comes twice. Due on Friday 30 October
/// and Monday 2 November.
const AUTUMN: &[Happening] = &[
    ("2026-10-22T10:00Z", "FOI-1 received 2026-10-02 officer=bjones"),
    ("2026-10-22T10:00Z", "FOI-2 received 2026-10-05 officer=cbrown"),
    // Before, in and after the hour that comes twice: dates of that very day, whose mornings have passed.
    ("2026-10-25T00:10Z", "FOI-1 diary 2026-10-25 due=2026-10-25"),
    ("2026-10-25T00:40Z", "FOI-2 diary 2026-10-25 due=2026-10-25"),
    ("2026-10-25T01:10Z", "FOI-1 diary 2026-10-25 due=2026-10-25"),
    ("2026-10-25T01:40Z", "FOI-2 diary 2026-10-25 due=2026-10-25"),
];

/// The clock goes forward on Sunday 28 March 2027, at 01:00 UTC: there is no half past one. Due on Wednesday 31 March;
/// the office is closed on the 25th, and Good Friday is the 26th.
const SPRING: &[Happening] = &[
    ("2027-03-22T10:00Z", "FOI-1 received 2027-03-02 officer=bjones"),
    ("2027-03-28T00:50Z", "FOI-1 diary 2027-03-28 due=2027-03-28"),
    ("2027-03-28T01:10Z", "FOI-1 diary 2027-03-28 due=2027-03-28"),
];

#[rstest]
#[case::back_at_eight("08:00", AUTUMN, "2026-10-22T10:00Z", "2026-10-30T23:50Z", &[
    // At once: 10wd of FOI-1 was on the 16th, of FOI-2 on the 19th.
    "2026-10-22T10:00Z b.jones: FOI-1 response 10wd",
    "2026-10-22T10:00Z c.brown: FOI-2 response 10wd",
    "2026-10-23T07:00Z b.jones: FOI-1 response 5wd",
    "2026-10-25T00:10Z b.jones: FOI-1 diary 0wd",
    "2026-10-25T00:40Z c.brown: FOI-2 diary 0wd",
    "2026-10-25T01:10Z b.jones: FOI-1 diary 0wd",
    "2026-10-25T01:40Z c.brown: FOI-2 diary 0wd",
    "2026-10-26T08:00Z c.brown: FOI-2 response 5wd",
    "2026-10-28T08:00Z b.jones: FOI-1 response 2wd",
    "2026-10-29T08:00Z b.jones: FOI-1 response 1wd",
    "2026-10-29T08:00Z c.brown: FOI-2 response 2wd",
    "2026-10-30T08:00Z b.jones: FOI-1 response 0wd",
    "2026-10-30T08:00Z c.brown: FOI-2 response 1wd",
])]
#[case::back_in_the_hour_that_comes_twice("01:30", AUTUMN, "2026-10-22T10:00Z", "2026-10-30T23:50Z", &[
    "2026-10-22T10:00Z b.jones: FOI-1 response 10wd",
    "2026-10-22T10:00Z c.brown: FOI-2 response 10wd",
    "2026-10-23T00:30Z b.jones: FOI-1 response 5wd",
    "2026-10-25T00:10Z b.jones: FOI-1 diary 0wd",
    "2026-10-25T00:40Z c.brown: FOI-2 diary 0wd",
    "2026-10-25T01:10Z b.jones: FOI-1 diary 0wd",
    "2026-10-25T01:40Z c.brown: FOI-2 diary 0wd",
    "2026-10-26T01:30Z c.brown: FOI-2 response 5wd",
    "2026-10-28T01:30Z b.jones: FOI-1 response 2wd",
    "2026-10-29T01:30Z b.jones: FOI-1 response 1wd",
    "2026-10-29T01:30Z c.brown: FOI-2 response 2wd",
    "2026-10-30T01:30Z b.jones: FOI-1 response 0wd",
    "2026-10-30T01:30Z c.brown: FOI-2 response 1wd",
])]
#[case::forward_at_eight("08:00", SPRING, "2027-03-22T10:00Z", "2027-04-02T23:50Z", &[
    "2027-03-22T10:00Z b.jones: FOI-1 response 10wd",
    "2027-03-23T08:00Z b.jones: FOI-1 response 5wd",
    "2027-03-28T00:50Z b.jones: FOI-1 diary 0wd",
    "2027-03-28T01:10Z b.jones: FOI-1 diary 0wd",
    "2027-03-29T07:00Z b.jones: FOI-1 response 2wd",
    "2027-03-30T07:00Z b.jones: FOI-1 response 1wd",
    "2027-03-31T07:00Z b.jones: FOI-1 response 0wd",
    "2027-04-01T07:00Z b.jones: FOI-1 response overdue 2027-04-01",
    "2027-04-01T07:00Z m.green: copy of FOI-1 response overdue",
    "2027-04-02T07:00Z b.jones: FOI-1 response overdue 2027-04-02",
])]
#[case::forward_over_the_hour_that_never_comes("01:30", SPRING, "2027-03-22T10:00Z", "2027-04-02T23:50Z", &[
    "2027-03-22T10:00Z b.jones: FOI-1 response 10wd",
    "2027-03-23T01:30Z b.jones: FOI-1 response 5wd",
    "2027-03-28T00:50Z b.jones: FOI-1 diary 0wd",
    "2027-03-28T01:10Z b.jones: FOI-1 diary 0wd",
    "2027-03-29T00:30Z b.jones: FOI-1 response 2wd",
    "2027-03-30T00:30Z b.jones: FOI-1 response 1wd",
    "2027-03-31T00:30Z b.jones: FOI-1 response 0wd",
    "2027-04-01T00:30Z b.jones: FOI-1 response overdue 2027-04-01",
    "2027-04-01T00:30Z m.green: copy of FOI-1 response overdue",
    "2027-04-02T00:30Z b.jones: FOI-1 response overdue 2027-04-02",
])]
fn the_clock_is_changed(
    #[case] send_at: &str,
    #[case] happenings: &[Happening],
    #[case] from: &str,
    #[case] to: &str,
    #[case] expected: &[&str],
) {
    let reminders = format!("[reminders]\nsend_at = {send_at:?}\n");
    let told = live(&mut office(&reminders, PEOPLE), 10, from, to, happenings, &[]);
    assert_eq!(told, expected);
}

/// Due on Wednesday 30 December 2026, with the office closed from the 24th to the 5th.
const CHRISTMAS: &[Happening] = &[("2026-12-11T10:00Z", "FOI-1 received 2026-11-27 officer=bjones")];

/// B Jones is away, for the first days so is the cover, and the manager leaves in the closed days.
const AWAY: &[(&str, &str)] = &[
    (
        "id = \"bjones\",",
        "id = \"bjones\", away = [{ from = \"2026-12-21\", to = \"2027-01-08\" }],",
    ),
    (
        "id = \"cbrown\",",
        "id = \"cbrown\", away = [{ from = \"2026-12-22\", to = \"2027-01-06\" }],",
    ),
    ("id = \"mgreen\",", "id = \"mgreen\", left = \"2026-12-31\","),
];

/// The cover of that absence is somebody else.
const OWN_COVER: &[(&str, &str)] = &[(
    "id = \"bjones\",",
    "id = \"bjones\", away = [{ from = \"2026-12-21\", to = \"2027-01-08\", cover = \"dalone\" }],",
)];

/// Neither a cover nor a manager.
const ALONE: &[(&str, &str)] = &[(
    "id = \"bjones\", name = \"B Jones\", email = \"b.jones@council.example\", cover = \"cbrown\", manager = \"mgreen\"",
    "id = \"bjones\", name = \"B Jones\", email = \"b.jones@council.example\", \
     away = [{ from = \"2026-12-21\", to = \"2027-01-08\" }]",
)];

#[rstest]
#[case::everybody_is_there(&[], &[], &[
    "2026-12-14T08:00Z b.jones: FOI-1 response 10wd",
    "2026-12-21T08:00Z b.jones: FOI-1 response 5wd",
    "2026-12-23T08:00Z b.jones: FOI-1 response 0wd",
    "2027-01-06T08:00Z b.jones: FOI-1 response overdue 2027-01-06",
    "2027-01-06T08:00Z m.green: copy of FOI-1 response overdue",
    "2027-01-07T08:00Z b.jones: FOI-1 response overdue 2027-01-07",
    "2027-01-08T08:00Z b.jones: FOI-1 response overdue 2027-01-08",
    "2027-01-08T08:00Z m.green: copy of FOI-1 response overdue",
    "2027-01-11T08:00Z b.jones: FOI-1 response overdue 2027-01-11",
])]
#[case::the_cover_is_away_too_and_the_manager_gone(AWAY, &[], &[
    "2026-12-14T08:00Z b.jones: FOI-1 response 10wd",
    "2026-12-21T08:00Z c.brown: FOI-1 response 5wd",
    "2026-12-23T08:00Z m.green: FOI-1 response 0wd",
    "2027-01-06T08:00Z team: FOI-1 response overdue 2027-01-06",
    "2027-01-07T08:00Z c.brown: FOI-1 response overdue 2027-01-07",
    "2027-01-08T08:00Z c.brown: FOI-1 response overdue 2027-01-08",
    "2027-01-08T08:00Z team: copy of FOI-1 response overdue",
    "2027-01-11T08:00Z b.jones: FOI-1 response overdue 2027-01-11",
])]
#[case::an_absence_has_its_own_cover(OWN_COVER, &[], &[
    "2026-12-14T08:00Z b.jones: FOI-1 response 10wd",
    "2026-12-21T08:00Z d.alone: FOI-1 response 5wd",
    "2026-12-23T08:00Z d.alone: FOI-1 response 0wd",
    "2027-01-06T08:00Z d.alone: FOI-1 response overdue 2027-01-06",
    "2027-01-06T08:00Z m.green: copy of FOI-1 response overdue",
    "2027-01-07T08:00Z d.alone: FOI-1 response overdue 2027-01-07",
    "2027-01-08T08:00Z d.alone: FOI-1 response overdue 2027-01-08",
    "2027-01-08T08:00Z m.green: copy of FOI-1 response overdue",
    "2027-01-11T08:00Z b.jones: FOI-1 response overdue 2027-01-11",
])]
#[case::the_manager_does_not_exist(ALONE, &[], &[
    "2026-12-14T08:00Z b.jones: FOI-1 response 10wd",
    "2026-12-21T08:00Z team: FOI-1 response 5wd",
    "2026-12-23T08:00Z team: FOI-1 response 0wd",
    "2027-01-06T08:00Z team: FOI-1 response overdue 2027-01-06",
    "2027-01-07T08:00Z team: FOI-1 response overdue 2027-01-07",
    "2027-01-08T08:00Z team: FOI-1 response overdue 2027-01-08",
    "2027-01-11T08:00Z b.jones: FOI-1 response overdue 2027-01-11",
])]
#[case::a_mailbox_refuses(&[], &["b.jones"], &[
    "2026-12-14T08:00Z c.brown: FOI-1 response 10wd",
    "2026-12-21T08:00Z c.brown: FOI-1 response 5wd",
    "2026-12-23T08:00Z c.brown: FOI-1 response 0wd",
    "2027-01-06T08:00Z m.green: copy of FOI-1 response overdue",
    "2027-01-06T08:00Z c.brown: FOI-1 response overdue 2027-01-06",
    "2027-01-07T08:00Z c.brown: FOI-1 response overdue 2027-01-07",
    "2027-01-08T08:00Z m.green: copy of FOI-1 response overdue",
    "2027-01-08T08:00Z c.brown: FOI-1 response overdue 2027-01-08",
    "2027-01-11T08:00Z c.brown: FOI-1 response overdue 2027-01-11",
])]
#[case::the_owner_is_away_and_the_covers_mailbox_refuses(AWAY, &["c.brown"], &[
    "2026-12-14T08:00Z b.jones: FOI-1 response 10wd",
    "2026-12-21T08:00Z m.green: FOI-1 response 5wd",
    "2026-12-23T08:00Z m.green: FOI-1 response 0wd",
    "2027-01-06T08:00Z team: FOI-1 response overdue 2027-01-06",
    "2027-01-07T08:00Z team: FOI-1 response overdue 2027-01-07",
    "2027-01-08T08:00Z team: copy of FOI-1 response overdue",
    "2027-01-08T08:00Z team: FOI-1 response overdue 2027-01-08",
    "2027-01-11T08:00Z b.jones: FOI-1 response overdue 2027-01-11",
])]
fn an_office_over_christmas(#[case] changes: &[(&str, &str)], #[case] refused: &[&str], #[case] expected: &[&str]) {
    let people = changes.iter().fold(PEOPLE.to_owned(), |people, (from, to)| {
        assert!(people.contains(from), "{from}");
        people.replacen(from, to, 1)
    });
    let mut office = office("", &people);
    let told = live(
        &mut office,
        60,
        "2026-12-11T10:00Z",
        "2027-01-11T23:50Z",
        CHRISTMAS,
        refused,
    );
    assert_eq!(told, expected);
}

/// For an hour of a morning the clock is a year ahead, and everything is told as long overdue. Once it is right again,
/// what was told or written meanwhile keeps nothing back.
#[rstest]
#[case::what_was_told(accepted)]
#[case::what_could_not_leave(deferred)]
fn a_clock_that_was_ahead_silences_no_duty(#[case] outcome: fn(&Message) -> Outcome) {
    let mut office = Office::with(&no_manager_is_told());
    office.log("FOI-1", "2026-11-02", "bjones");
    office.log("FOI-2", "2026-10-01", "bjones");
    let ahead = office.at("2027-11-09 08:00").round();
    assert!(ahead.reminders >= 2);
    office.deliver(outcome);
    assert!(
        office.at("2026-11-09 07:00").reconcile().is_some(),
        "mornings are planned again"
    );
    office.round();
    assert_eq!(office.reconcile(), None, "once");
    let told: Vec<String> = ["2026-11-09", "2026-11-16", "2026-11-17"]
        .iter()
        .flat_map(|morning| office.tell(&format!("{morning} 08:00")))
        .collect();
    assert_eq!(
        told,
        [
            "b.jones: FOI-2 response overdue 2026-11-09",
            "b.jones: FOI-1 response 10wd, FOI-2 response overdue 2026-11-16",
            "b.jones: FOI-2 response overdue 2026-11-17"
        ]
    );
    assert_eq!(office.counts().queued, 0);
}
