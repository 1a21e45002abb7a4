//! The end of the send window: what a mailbox put off all day is a dead letter, and what a server that is away keeps
//! waiting is not.

use timeous::mail::{Outcome, Stage};
use timeous::store::{Message, MessageState, OutboxCounts, ReminderState};

use crate::office::{Office, Sent, accepted, day, usual};

/// Ten working days before its end: nothing is near, and nothing but the mail can be wrong.
fn one_case() -> Office {
    let mut office = Office::new();
    office.log("FOI-1", "2026-11-02", "bjones");
    office
}

/// Puts off at a stage what is for these mailboxes and accepts every other mail.
fn putting_off(stage: Stage, names: &[&str]) -> impl Fn(&Message) -> Outcome {
    move |message| match names.iter().any(|name| message.words.recipient.starts_with(name)) {
        true => Outcome::deferred(stage, "450 4.2.1 try later"),
        false => accepted(message),
    }
}

/// A round and a delivery every half hour through a send window; what was accepted.
fn all_day(office: &mut Office, today: &str, outcome: impl Fn(&Message) -> Outcome) -> Vec<String> {
    let mut told = Vec::new();
    for minute in 0..20 {
        let time = format!("{:02}:{:02}", 8 + minute / 2, 30 * (minute % 2));
        office.at(&format!("{today} {time}")).round();
        told.extend(office.deliver(&outcome).iter().map(Sent::short));
    }
    told
}

fn check(office: &Office) -> (i32, String) {
    let (check, words) = office.overview().check(&office.config.rules);
    (check as i32, words.join("; "))
}

fn states(office: &Office) -> Vec<(String, MessageState)> {
    let story = office.read(|snapshot| snapshot.story("FOI-1"));
    let messages = story.into_iter().flat_map(|told| told.messages);
    messages
        .map(|(message, _)| (message.words.recipient, message.state))
        .collect()
}

#[test]
fn a_mailbox_that_puts_mail_off_all_day_gives_way_at_the_end_of_the_window() {
    for stage in [Stage::Rcpt, Stage::Data, Stage::Dot] {
        let mut office = one_case();
        let put_off = putting_off(stage, &["b.jones"]);
        assert_eq!(all_day(&mut office, "2026-11-16", &put_off), Vec::<String>::new());
        assert_eq!(office.at("2026-11-16 17:30").round().dead_letters, 0);
        assert_eq!(check(&office), (0, String::new()));
        let done = office.at("2026-11-16 17:31").round();
        assert_eq!((done.dead_letters, done.messages, done.reminders), (1, 1, 1));
        assert_eq!(
            office.read(|snapshot| snapshot.refused_on(day("2026-11-16"))),
            ["b.jones@council.example"]
        );
        let waits = (2, "1 mail not accepted by the end of their send window".to_owned());
        assert_eq!(office.deliver(putting_off(stage, &["c.brown"])), []);
        assert_eq!(check(&office), waits, "until somebody is told");
        office.at("2026-11-16 17:35").round();
        let sent = office.deliver(&put_off);
        assert_eq!(
            sent.iter().map(Sent::short).collect::<Vec<_>>(),
            ["c.brown: FOI-1 response 10wd"]
        );
        assert_eq!(check(&office), (0, String::new()));
        assert_eq!(office.counts(), OutboxCounts::default());
        assert_eq!(
            states(&office),
            [
                ("b.jones@council.example".to_owned(), MessageState::Dead),
                ("c.brown@council.example".to_owned(), MessageState::Accepted)
            ]
        );
        assert_eq!(office.tell("2026-11-16 17:32"), Vec::<String>::new());
        // Told is told, and the next rung finds its owner again.
        assert_eq!(office.tell("2026-11-17 08:00"), Vec::<String>::new());
        assert_eq!(office.tell("2026-11-23 08:00"), ["b.jones: FOI-1 response 5wd"]);
    }
}

#[test]
fn where_nobody_else_is_left_status_says_so_until_the_next_morning_tells_it() {
    let text = usual().replace("team = \"team@council.example\"", "");
    let mut office = Office::with(&text);
    office.log("FOI-1", "2026-11-02", "dalone");
    all_day(&mut office, "2026-11-16", putting_off(Stage::Rcpt, &["d.alone"]));
    let done = office.at("2026-11-16 17:31").round();
    assert_eq!((done.dead_letters, done.nobody), (1, vec!["FOI-1".to_owned()]));
    let counts = office.counts();
    assert_eq!((counts.queued, counts.refused, counts.dead), (0, 0, 1));
    assert_eq!(check(&office), (2, "1 mail refused".to_owned()));
    office.at("2026-11-17 07:59").round();
    assert_eq!(check(&office).0, 2);
    assert_eq!(office.tell("2026-11-17 08:00"), ["d.alone: FOI-1 response 10wd"]);
    assert_eq!(office.counts(), OutboxCounts::default());
    assert_eq!(check(&office), (0, String::new()));
}

/// The machine sleeps before the window ends each evening.
#[test]
fn a_mailbox_that_put_mail_off_all_day_gives_way_in_the_morning_where_nobody_looked_that_evening() {
    let mut office = one_case();
    office.at("2026-11-03 10:00").log("FOI-2", "2026-11-03", "bjones");
    let put_off = putting_off(Stage::Rcpt, &["b.jones"]);
    for hour in ["09:00", "12:00", "15:00"] {
        office.at(&format!("2026-11-16 {hour}")).round();
        assert_eq!(office.deliver(&put_off), []);
    }
    let done = office.at("2026-11-17 09:00").round();
    assert_eq!((done.dead_letters, done.messages, done.reminders), (1, 1, 2));
    let told: Vec<String> = office.deliver(&put_off).iter().map(Sent::short).collect();
    assert_eq!(told, ["c.brown: FOI-1 response 10wd, FOI-2 response 10wd"]);
    assert_eq!(office.tell("2026-11-23 08:00"), ["b.jones: FOI-1 response 5wd"]);
}

/// As servers do that know nobody yet: who is written to once a day is taken the second time.
#[test]
fn a_mailbox_that_put_mail_off_once_is_written_to_anew() {
    let mut office = one_case();
    office.at("2026-11-16 09:00").round();
    assert_eq!(office.deliver(putting_off(Stage::Rcpt, &["b.jones"])), []);
    assert_eq!(office.at("2026-11-17 09:00").round().dead_letters, 0);
    assert_eq!(office.tell("2026-11-17 09:01"), ["b.jones: FOI-1 response 10wd"]);
}

#[test]
fn a_server_that_is_away_or_turns_everybody_away_makes_nothing_dead() {
    for stage in [Stage::Connect, Stage::Hello, Stage::Tls, Stage::Auth, Stage::Mail] {
        let mut office = one_case();
        let away = |_: &Message| Outcome::deferred(stage, "away");
        all_day(&mut office, "2026-11-16", away);
        for minute in ["17:31", "18:00", "23:59"] {
            let done = office.at(&format!("2026-11-16 {minute}")).round();
            assert_eq!((done.dead_letters, done.messages), (0, 0), "{stage:?}");
            office.deliver(away);
        }
        assert_eq!(
            states(&office),
            [("b.jones@council.example".to_owned(), MessageState::Queued)]
        );
        assert_eq!(check(&office).0, 2);
        // The evening it is back, the mail leaves; its own reader is told, and nobody else.
        assert_eq!(
            office.tell("2026-11-16 23:59"),
            Vec::<String>::new(),
            "not before its next try"
        );
        assert_eq!(office.tell("2026-11-17 01:30"), ["b.jones: FOI-1 response 10wd"]);
    }
}

#[test]
fn a_mail_that_a_server_may_have_is_never_dead() {
    let mut office = one_case();
    office.at("2026-11-16 08:00").round();
    office.deliver(|_| Outcome::unknown("cut after the dot"));
    all_day(&mut office, "2026-11-16", putting_off(Stage::Rcpt, &["b.jones"]));
    for morning in ["2026-11-16 17:31", "2026-11-17 08:00", "2026-11-17 17:31"] {
        let done = office.at(morning).round();
        assert_eq!((done.dead_letters, done.messages), (0, 0), "{morning}");
        office.deliver(putting_off(Stage::Rcpt, &["b.jones"]));
    }
    assert_eq!(
        states(&office),
        [("b.jones@council.example".to_owned(), MessageState::Queued)]
    );
    assert_eq!(office.tell("2026-11-17 20:00"), ["b.jones: FOI-1 response 10wd"]);
}

/// A server that puts everything off once does not use up everybody in a few minutes of one evening.
#[test]
fn what_was_written_after_the_window_goes_on_being_tried() {
    let mut office = one_case();
    let everybody = putting_off(Stage::Rcpt, &["b.jones", "c.brown", "m.green", "team"]);
    all_day(&mut office, "2026-11-16", &everybody);
    let mut tried = Vec::new();
    for minute in 31..60 {
        let done = office.at(&format!("2026-11-16 17:{minute}")).round();
        tried.push((done.dead_letters, done.messages));
        assert_eq!(office.deliver(&everybody), []);
    }
    assert_eq!(tried[0], (1, 1));
    assert!(tried[1..].iter().all(|done| *done == (0, 0)), "{tried:?}");
    // It is told that evening as soon as the server takes it.
    assert_eq!(office.tell("2026-11-16 21:00"), ["c.brown: FOI-1 response 10wd"]);
}

#[test]
fn notices_and_copies_in_a_dead_letter_go_to_somebody_else_too() {
    let mut office = Office::new();
    office.log("FOI-1", "2026-11-02", "bjones");
    office.tell("2026-12-01 08:00");
    let put_off = putting_off(Stage::Rcpt, &["m.green"]);
    let told = all_day(&mut office, "2026-12-02", &put_off);
    assert_eq!(told, ["b.jones: FOI-1 response overdue 2026-12-02"]);
    let done = office.at("2026-12-02 17:31").round();
    assert_eq!((done.dead_letters, done.messages, done.reminders), (1, 1, 0));
    let sent = office.deliver(&put_off);
    assert_eq!(
        sent.iter().map(Sent::short).collect::<Vec<_>>(),
        ["team: copy of FOI-1 response overdue"]
    );
    assert_eq!(office.read(|snapshot| snapshot.open_notices()), []);
}

#[test]
fn a_notice_in_a_dead_letter_reaches_whoever_stands_in() {
    let mut office = Office::new();
    office.reconcile();
    office.log("FOI-1", "2026-11-02", "bjones");
    let holiday = timeous::calendar::BankHoliday {
        date: day("2026-11-20"),
        name: "a day proclaimed".to_owned(),
    };
    office.config.rules.calendar = timeous::calendar::Calendar::with_additional(&[holiday]).unwrap();
    office.at("2026-11-05 08:00").reconcile().unwrap();
    let put_off = putting_off(Stage::Dot, &["b.jones"]);
    assert_eq!(all_day(&mut office, "2026-11-05", &put_off), Vec::<String>::new());
    assert_eq!(office.at("2026-11-05 17:31").round().dead_letters, 1);
    let sent = office.deliver(&put_off);
    assert_eq!(
        sent.iter().map(Sent::short).collect::<Vec<_>>(),
        ["c.brown: about moved"]
    );
    assert_eq!(office.tell("2026-11-06 08:00"), Vec::<String>::new(), "told once");
}

#[test]
fn nothing_is_lost_when_a_dead_letters_case_is_answered_first() {
    let mut office = one_case();
    all_day(&mut office, "2026-11-16", putting_off(Stage::Rcpt, &["b.jones"]));
    office.at("2026-11-16 17:31").round();
    office.record("FOI-1", "responded 2026-11-16");
    assert_eq!(office.tell("2026-11-16 17:32"), Vec::<String>::new());
    let story = office.read(|snapshot| snapshot.story("FOI-1"));
    assert_eq!(story[0].reminder.state, ReminderState::Dropped);
    assert_eq!(check(&office), (0, String::new()));
}
