//! Copies of what is told: for managers, for covers on quiet days, in the reader's own digest, once.

use rstest::rstest;
use timeous::mail::{Outcome, Stage};
use timeous::store::{Message, ReminderState};

use crate::office::{Office, PEOPLE, Sent, accepted, deferred, refusing, usual};

/// Due Tuesday 1 December 2026; the next day is its first day overdue.
const LATE: &str = "2026-11-02";

/// The usual office with changes of who is there.
fn changed(changes: &[(&str, &str)]) -> Office {
    let text = changes.iter().fold(usual(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    Office::with(&text)
}

fn late(office: &mut Office, references: &[&str]) {
    for reference in references {
        office.log(reference, LATE, "bjones");
    }
    let told = office.tell("2026-12-01 08:00");
    assert!(told.len() == 1 && told[0].contains("0wd"), "{told:?}");
}

/// Puts off what is for these mailboxes and accepts every other mail.
fn putting_off(names: &[&str]) -> impl Fn(&Message) -> Outcome {
    move |message| match names.iter().any(|name| message.words.recipient.starts_with(name)) {
        true => Outcome::deferred(Stage::Connect, "connection refused"),
        false => accepted(message),
    }
}

fn short(sent: &[Sent]) -> Vec<String> {
    sent.iter().map(Sent::short).collect()
}

/// What a mailbox is told on a morning and a minute later.
fn told_to(office: &mut Office, name: &str, morning: &str) -> Vec<String> {
    let mut told = office.tell(&format!("{morning} 08:00"));
    told.extend(office.tell(&format!("{morning} 08:01")));
    told.retain(|mail| mail.starts_with(name));
    told
}

#[test]
fn a_managers_copy_stands_in_the_managers_own_digest() {
    let mut office = Office::new();
    late(&mut office, &["FOI-1"]);
    // Due on 16 December, ten working days after the 2nd.
    office.log("FOI-9", "2026-11-17", "mgreen");
    office.at("2026-12-02 08:00").round();
    let mails = office.read(|snapshot| snapshot.outbox());
    let of_manager: Vec<&Message> = mails
        .iter()
        .map(|(message, _)| message)
        .filter(|message| message.words.recipient.starts_with("m.green"))
        .collect();
    assert_eq!(of_manager.len(), 1, "one mail a person");
    let text = of_manager[0].words.text.replace('\n', " ");
    assert!(
        text.contains("FOI-9 - answer due") && text.contains("FOI-1 - the answer is 1 working day late"),
        "{text}"
    );
    assert!(text.contains("B Jones"), "{text}");
    assert_eq!(
        short(&office.deliver(accepted)),
        [
            "b.jones: FOI-1 response overdue 2026-12-02",
            "m.green: FOI-9 response 10wd, copy of FOI-1 response overdue"
        ]
    );
    assert_eq!(office.tell("2026-12-02 08:01"), Vec::<String>::new());
}

#[test]
fn a_manager_hears_on_the_first_fifth_and_tenth_day_overdue_and_then_every_fifth() {
    let mut office = Office::with(PEOPLE);
    late(&mut office, &["FOI-1"]);
    let mut mornings = Vec::new();
    for today in office.today().iter_days().skip(1).take(45) {
        let told = told_to(&mut office, "m.green", &today.to_string());
        assert!(
            told.is_empty() || told == ["m.green: copy of FOI-1 response overdue"],
            "{told:?}"
        );
        mornings.extend((!told.is_empty()).then(|| today.to_string()));
    }
    // Christmas Day, Boxing Day's Monday, New Year's Day and the second's Monday are no working days.
    assert_eq!(
        mornings,
        [
            "2026-12-02",
            "2026-12-08",
            "2026-12-15",
            "2026-12-22",
            "2026-12-31",
            "2027-01-11"
        ]
    );
}

#[rstest]
#[case(
    "commissioner-notice 2026-11-17 due=2026-12-11 outcome=information",
    "commissioner-notice",
    &["10wd", "5wd", "2wd", "1wd", "0wd", "overdue", "overdue"]
)]
#[case(
    "decision 2026-11-17 due=2026-12-18",
    "compliance",
    &["20wd", "10wd", "5wd", "2wd", "1wd", "0wd", "overdue"]
)]
fn what_the_commissioner_asks_for_goes_to_officer_and_manager_at_every_rung(
    #[case] asked: &str,
    #[case] step: &str,
    #[case] rungs: &[&str],
) {
    let ladder =
        "[reminders.step]\ncompliance = [\"20wd\", \"10wd\", \"5wd\", \"2wd\", \"1wd\", \"0wd\", \"overdue\"]\n";
    let mut office = Office::with(&format!("{PEOPLE}{ladder}"));
    office.at("2026-11-17 09:00");
    for what in [
        "received 2026-10-01 officer=bjones",
        "responded 2026-10-12 outcome=refused",
        "review-required 2026-10-14",
        "review-outcome 2026-10-20 outcome=upheld",
        "applied 2026-11-02",
        asked,
    ] {
        office.record("FOI-1", what);
    }
    let (mut owners, mut managers) = (Vec::new(), Vec::new());
    for today in office.today().iter_days().take(40) {
        office.at(&format!("{today} 09:00")).round();
        for mail in office.deliver(accepted) {
            for line in mail.lines.iter().filter(|line| line.contains(step)) {
                let rung = line
                    .split(&format!("{step} "))
                    .nth(1)
                    .unwrap()
                    .split(' ')
                    .next()
                    .unwrap();
                let copy = line.starts_with("copy of ");
                assert_eq!(mail.to.starts_with("m.green"), copy, "{} {line}", mail.to);
                match copy {
                    true => managers.push(format!("{today} {rung}")),
                    false => owners.push(format!("{today} {rung}")),
                }
            }
        }
    }
    assert_eq!(owners, managers);
    let told: Vec<&str> = owners.iter().map(|line| line.split(' ').nth(1).unwrap()).collect();
    assert_eq!(told[..rungs.len()], *rungs);
}

#[test]
fn on_a_quiet_day_the_cover_hears_of_what_cannot_wait() {
    // The 2nd is a Wednesday.
    let mut office = changed(&[("id = \"bjones\",", "id = \"bjones\", quiet = [\"wed\"],")]);
    late(&mut office, &["FOI-1"]);
    assert_eq!(
        office.tell("2026-12-02 08:00"),
        [
            "b.jones: FOI-1 response overdue 2026-12-02",
            "c.brown: copy of FOI-1 response overdue",
            "m.green: copy of FOI-1 response overdue"
        ]
    );
    assert_eq!(
        office.tell("2026-12-03 08:00"),
        ["b.jones: FOI-1 response overdue 2026-12-03"]
    );
}

/// Whether to close or to chase is asked every ten working days, and each time on a quiet day the cover hears.
#[test]
fn what_comes_again_on_a_quiet_day_is_copied_again() {
    let mut office = changed(&[("id = \"bjones\",", "id = \"bjones\", quiet = [\"wed\", \"thu\"],")]);
    office.at("2026-11-04 09:00");
    office.log("FOI-1", "2026-11-02", "bjones");
    office.record("FOI-1", "clarification-sought 2026-11-04");
    let mut told = Vec::new();
    for today in office.today().iter_days().skip(1).take(31) {
        let mails = office.tell(&format!("{today} 09:00"));
        told.extend(mails.into_iter().filter(|mail| mail.contains("waiting")));
    }
    assert_eq!(
        told,
        [
            // Wednesday 18 November, and Thursday 3 December with St Andrew's Day between.
            "b.jones: FOI-1 waiting 0wd 2026-11-18",
            "c.brown: copy of FOI-1 waiting 0wd",
            "b.jones: FOI-1 waiting 0wd 2026-12-03",
            "c.brown: copy of FOI-1 waiting 0wd"
        ]
    );
}

#[test]
fn also_outside_the_send_window_where_it_cannot_wait() {
    let mut office = changed(&[("id = \"bjones\",", "id = \"bjones\", quiet = [\"tue\"],")]);
    office.at("2026-12-01 18:00");
    office.log("FOI-1", LATE, "bjones");
    // Overdue already, which can wait for the morning, and so can its copy.
    office.log("FOI-2", "2026-10-30", "bjones");
    assert_eq!(
        office.tell("2026-12-01 18:01"),
        ["b.jones: FOI-1 response 0wd", "c.brown: copy of FOI-1 response 0wd"]
    );
    assert_eq!(office.tell("2026-12-01 18:02"), Vec::<String>::new());
    assert_eq!(
        office.tell("2026-12-02 08:00"),
        [
            "b.jones: FOI-1 response overdue 2026-12-02, FOI-2 response overdue 2026-12-02",
            "m.green: copy of FOI-1 response overdue, copy of FOI-2 response overdue"
        ]
    );
}

/// However the owner's digest fares, the copy of what stood in it is told once.
#[rstest]
#[case::another_case_in_it_is_answered("answered")]
#[case::refused("refused")]
#[case::stale("stale")]
#[case::doubtful("doubtful")]
fn a_copy_is_told_once_however_the_owners_digest_fares(#[case] way: &str) {
    let mut office = Office::new();
    late(&mut office, &["FOI-1", "FOI-2"]);
    office.at("2026-12-02 08:00").round();
    let owners = match way {
        "answered" => {
            let sent = short(&office.deliver(putting_off(&["b.jones"])));
            assert_eq!(sent.len(), 1, "{sent:?}");
            office.record("FOI-2", "responded 2026-12-02");
            [sent, office.tell("2026-12-02 08:10")].concat()
        }
        "refused" => {
            let sent = short(&office.deliver(refusing(&["b.jones"])));
            [sent, office.tell("2026-12-02 08:10")].concat()
        }
        "stale" => {
            let sent = short(&office.deliver(putting_off(&["b.jones"])));
            [sent, office.tell("2026-12-03 08:00")].concat()
        }
        _ => {
            let sent = short(
                &office.deliver(|message| match message.words.recipient.starts_with("b.jones") {
                    true => Outcome::unknown("cut"),
                    false => accepted(message),
                }),
            );
            [sent, office.tell("2026-12-02 08:10")].concat()
        }
    };
    let copies = |told: &[String]| {
        let all = told.join("; ");
        (
            all.matches("copy of FOI-1").count(),
            all.matches("copy of FOI-2").count(),
        )
    };
    assert_eq!(copies(&owners), (1, 1), "{owners:?}");
    assert_eq!(owners.len(), 2, "one mail each: {owners:?}");
    assert!(owners[0].starts_with("m.green: copy of "), "{owners:?}");
    let reader = if way == "refused" {
        "c.brown: FOI-1"
    } else {
        "b.jones: FOI-1"
    };
    assert!(owners[1].starts_with(reader), "{owners:?}");
    // And the next morning is no manager's day.
    assert_eq!(told_to(&mut office, "m.green", "2026-12-04"), Vec::<String>::new());
}

#[test]
fn a_copy_whose_own_mail_did_not_leave_is_told_with_the_next_and_once() {
    let mut office = Office::new();
    late(&mut office, &["FOI-1"]);
    office.at("2026-12-02 08:00").round();
    assert_eq!(
        short(&office.deliver(putting_off(&["m.green"]))),
        ["b.jones: FOI-1 response overdue 2026-12-02"]
    );
    assert_eq!(
        told_to(&mut office, "m.green", "2026-12-03"),
        ["m.green: copy of FOI-1 response overdue"]
    );
    assert_eq!(told_to(&mut office, "m.green", "2026-12-04"), Vec::<String>::new());
}

#[rstest]
#[case::answered("responded 2026-12-02", None)]
#[case::moved("received 2026-11-03 officer=bjones", Some(1))]
#[case::withdrawn("withdrawn 2026-12-02", None)]
fn a_copy_of_what_is_done_or_moved_meanwhile_is_dropped(
    #[case] happens: &str,
    #[case] corrects: Option<u32>,
    #[values("written", "given back", "in hand")] when: &str,
) {
    let mut office = Office::new();
    late(&mut office, &["FOI-1", "FOI-2"]);
    office.at("2026-12-02 08:00").round();
    let happen = |office: &mut Office| match corrects {
        Some(seq) => office.correct("FOI-1", seq, happens),
        None => {
            office.record("FOI-1", happens);
        }
    };
    match when {
        "written" => happen(&mut office),
        "given back" => {
            office.deliver(refusing(&["m.green"]));
            happen(&mut office);
        }
        _ => {
            let mut in_hand = Vec::new();
            while let Some(taken) = office.take() {
                in_hand.push(taken);
            }
            assert_eq!(in_hand.len(), 2);
            happen(&mut office);
            for taken in in_hand {
                office.settle(&taken, &deferred(&taken.message));
            }
        }
    }
    let told = office.tell("2026-12-02 09:30");
    let all = told.join("; ");
    assert!(!all.contains("copy of FOI-1"), "{told:?}");
    assert_eq!(all.matches("copy of FOI-2 response overdue").count(), 1, "{told:?}");
    let open = office.read(|snapshot| snapshot.open_notices());
    assert_eq!(open, [], "nothing waits of what is past");
}

#[rstest]
#[case::the_managers_cover(&[("id = \"mgreen\",", "id = \"mgreen\", cover = \"dalone\",")], "d.alone")]
#[case::the_team(&[], "team")]
fn a_refused_copy_goes_to_whoever_stands_in(#[case] changes: &[(&str, &str)], #[case] reader: &str) {
    let mut office = changed(changes);
    late(&mut office, &["FOI-1"]);
    office.at("2026-12-02 08:00").round();
    assert_eq!(
        short(&office.deliver(refusing(&["m.green"]))),
        ["b.jones: FOI-1 response overdue 2026-12-02"]
    );
    assert_eq!(
        office.tell("2026-12-02 08:01"),
        [format!("{reader}: copy of FOI-1 response overdue")]
    );
    assert_eq!(office.tell("2026-12-02 08:02"), Vec::<String>::new());
}

/// A copy for somebody else that comes back to the one who is told anyway tells nobody.
#[test]
fn a_copy_does_not_come_back_to_whom_it_is_a_copy_of() {
    let mut office = changed(&[("id = \"mgreen\",", "id = \"mgreen\", cover = \"bjones\",")]);
    late(&mut office, &["FOI-1"]);
    office.at("2026-12-02 08:00").round();
    assert_eq!(
        short(&office.deliver(refusing(&["m.green"]))),
        ["b.jones: FOI-1 response overdue 2026-12-02"]
    );
    assert_eq!(
        office.tell("2026-12-02 08:01"),
        ["team: copy of FOI-1 response overdue"]
    );
}

#[test]
fn a_copy_of_a_quiet_day_does_not_come_back_either() {
    let mut office = changed(&[("id = \"bjones\",", "id = \"bjones\", quiet = [\"tue\"],")]);
    office.log("FOI-1", LATE, "bjones");
    office.at("2026-12-01 08:00").round();
    assert_eq!(
        short(&office.deliver(refusing(&["c.brown"]))),
        ["b.jones: FOI-1 response 0wd"]
    );
    assert_eq!(office.tell("2026-12-01 08:01"), ["m.green: copy of FOI-1 response 0wd"]);
}

#[test]
fn a_copy_never_counts_as_told() {
    let mut office = Office::new();
    late(&mut office, &["FOI-1"]);
    office.at("2026-12-02 08:00").round();
    let sent = short(&office.deliver(putting_off(&["b.jones"])));
    assert_eq!(sent, ["m.green: copy of FOI-1 response overdue"]);
    let story = office.read(|snapshot| snapshot.story("FOI-1"));
    let last = story.last().unwrap();
    assert_eq!(last.reminder.state, ReminderState::Queued, "{last:?}");
    let told_in: Vec<&str> = last
        .messages
        .iter()
        .map(|(message, _)| message.words.recipient.as_str())
        .collect();
    assert_eq!(
        told_in,
        ["b.jones@council.example"],
        "a copy is in no mail of the rung's"
    );
    assert_eq!(office.counts().queued, 1);
    assert_eq!(
        office.tell("2026-12-02 09:30"),
        ["b.jones: FOI-1 response overdue 2026-12-02"]
    );
    let story = office.read(|snapshot| snapshot.story("FOI-1"));
    assert_eq!(story.last().unwrap().reminder.state, ReminderState::Told);
}

#[test]
fn a_manager_who_is_told_anyway_gets_no_copy() {
    let mut office = changed(&[
        (
            "id = \"bjones\",",
            "id = \"bjones\", away = [{ from = \"2026-12-02\", to = \"2026-12-02\" }],",
        ),
        (
            "id = \"cbrown\",",
            "id = \"cbrown\", away = [{ from = \"2026-12-02\", to = \"2026-12-02\" }],",
        ),
    ]);
    late(&mut office, &["FOI-1"]);
    assert_eq!(
        office.tell("2026-12-02 08:00"),
        ["m.green: FOI-1 response overdue 2026-12-02"]
    );
    assert_eq!(office.tell("2026-12-02 08:01"), Vec::<String>::new());
}

#[test]
fn whoever_comes_to_stand_in_reads_a_case_once_in_a_mail() {
    let mut office = changed(&[
        (
            "id = \"bjones\",",
            "id = \"bjones\", away = [{ from = \"2026-12-03\", to = \"2026-12-03\" }],",
        ),
        (
            "id = \"cbrown\",",
            "id = \"cbrown\", away = [{ from = \"2026-12-03\", to = \"2026-12-03\" }],",
        ),
    ]);
    late(&mut office, &["FOI-1"]);
    office.at("2026-12-02 08:00").round();
    office.deliver(putting_off(&["m.green"]));
    office.at("2026-12-03 08:00").round();
    let outbox = office.read(|snapshot| snapshot.outbox());
    assert_eq!(outbox.len(), 1);
    assert_eq!(
        outbox[0].0.words.text.matches("FOI-1 - the answer is").count(),
        1,
        "{}",
        outbox[0].0.words.text
    );
    assert_eq!(
        short(&office.deliver(accepted)),
        ["m.green: FOI-1 response overdue 2026-12-03, copy of FOI-1 response overdue"]
    );
}

/// A slip is recorded, and corrected: the copy that was dropped for it comes after all.
#[test]
fn a_copy_dropped_for_an_answer_that_never_was_is_left_again() {
    let mut office = Office::new();
    office.at("2026-11-02 09:00");
    office.record("FOI-1", "received 2026-10-26 officer=bjones");
    office.at("2026-11-24 08:00").round();
    office.deliver(deferred);
    let copies = |office: &Office| {
        let open = office.read(|snapshot| snapshot.open_notices());
        open.iter().filter(|row| row.name.starts_with("copy/")).count()
    };
    assert_eq!(copies(&office), 1, "one day overdue");
    office.at("2026-11-24 09:00");
    let slip = office.record("FOI-1", "responded 2026-11-24 outcome=full");
    office.round();
    assert_eq!(copies(&office), 0);
    office.correct("FOI-1", slip, "responded 2026-11-24 void");
    let told = office.tell("2026-11-24 10:00");
    assert!(
        told.contains(&"m.green: copy of FOI-1 response overdue".to_owned()),
        "{told:?}"
    );
}
