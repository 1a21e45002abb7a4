//! What becomes of a mail, and of those it was to tell.

use timeous::casework::deliver::rescue;
use timeous::casework::overview::Check;
use timeous::mail::{Outcome, Stage};
use timeous::store::{Message, MessageState};

use crate::office::{Office, PEOPLE, accepted, deferred, no_manager_is_told, refusing, settings, unknown, usual};

fn one_case(officer: &str) -> Office {
    let mut office = Office::new();
    office.log("FOI-1", "2026-11-02", officer);
    office.at("2026-11-16 08:00").round();
    office
}

/// Delivers and dispatches minute by minute until nothing more happens; who was told, in order.
fn until_quiet(office: &mut Office, outcome: impl Fn(&Message) -> Outcome) -> Vec<String> {
    let mut told = Vec::new();
    for minute in 1..30 {
        let sent = office.deliver(&outcome);
        told.extend(sent.iter().map(|mail| mail.short()));
        let today = office.today();
        if office.at(&format!("{today} 08:{minute:02}")).round().messages == 0 && sent.is_empty() {
            break;
        }
    }
    told
}

#[test]
fn a_refused_mailbox_gives_way_to_cover_manager_and_team_in_that_order() {
    for (refused, told) in [
        (vec!["b.jones"], "c.brown"),
        (vec!["b.jones", "c.brown"], "m.green"),
        (vec!["b.jones", "c.brown", "m.green"], "team"),
    ] {
        let mut office = one_case("bjones");
        let tries = std::cell::RefCell::new(Vec::new());
        let outcome = refusing(&refused);
        let sent = until_quiet(&mut office, |message| {
            tries.borrow_mut().push(message.words.recipient.clone());
            outcome(message)
        });
        assert_eq!(sent, [format!("{told}: FOI-1 response 10wd")]);
        let tries = tries.into_inner();
        assert_eq!(
            tries.len(),
            refused.len() + 1,
            "each is tried once that morning: {tries:?}"
        );
        let counts = office.counts();
        assert_eq!((counts.queued, counts.refused, counts.dead), (0, 0, 0));
        let outcomes: Vec<String> = office
            .attempts("FOI-1")
            .into_iter()
            .map(|(outcome, _)| outcome)
            .collect();
        assert_eq!(outcomes.last().map(String::as_str), Some("accepted"));
        assert_eq!(outcomes.len(), refused.len() + 1);
    }
}

#[test]
fn a_mailbox_that_refused_is_left_alone_for_that_morning_and_tried_again_the_next() {
    let mut office = Office::new();
    office.log("FOI-1", "2026-11-02", "bjones");
    office.at("2026-11-03 09:00");
    office.log("FOI-2", "2026-11-03", "bjones");
    office.at("2026-11-16 08:00").round();
    until_quiet(&mut office, refusing(&["b.jones"]));
    // Something new that same day goes straight to the cover.
    office.at("2026-11-16 15:00");
    office.log("FOI-3", "2026-11-02", "bjones");
    assert_eq!(office.tell("2026-11-16 15:01"), ["c.brown: FOI-3 response 10wd"]);
    assert_eq!(office.tell("2026-11-17 08:00"), ["b.jones: FOI-2 response 10wd"]);
}

#[test]
fn when_everybody_refuses_status_says_so_until_somebody_is_told() {
    let everybody = ["b.jones", "c.brown", "m.green", "team"];
    let mut office = one_case("bjones");
    assert_eq!(until_quiet(&mut office, refusing(&everybody)), Vec::<String>::new());
    assert_eq!(office.at("2026-11-16 12:00").round().nobody, ["FOI-1"]);
    assert_eq!(office.counts().refused, 4);
    let view = office.overview();
    let (check, words) = view.check(&office.config.rules);
    assert_eq!(check as i32, 2);
    assert!(words.contains(&"4 mails refused".to_owned()), "{words:?}");
    // The next morning, everybody is asked again.
    assert_eq!(office.tell("2026-11-17 08:00"), ["b.jones: FOI-1 response 10wd"]);
    assert_eq!(office.counts().refused, 0);
}

#[test]
fn what_was_refused_is_forgotten_when_its_deadline_is_met() {
    let mut office = one_case("dalone");
    until_quiet(&mut office, refusing(&["d.alone", "team"]));
    assert_eq!(office.counts().refused, 2);
    office.record("FOI-1", "responded 2026-11-16");
    assert_eq!(office.counts().refused, 0);
}

#[test]
fn an_overdue_case_nobody_would_hear_of_is_told_afresh_each_morning_and_then_forgotten() {
    let mut office = Office::with(&no_manager_is_told());
    office.log("FOI-1", "2026-11-02", "dalone");
    office.at("2026-12-02 08:00").round();
    until_quiet(&mut office, refusing(&["d.alone", "team"]));
    assert_eq!(office.counts().refused, 2);
    assert_eq!(
        office.tell("2026-12-03 08:00"),
        ["d.alone: FOI-1 response overdue 2026-12-03"]
    );
    assert_eq!(office.counts().refused, 0);
}

#[test]
fn a_refusal_of_the_server_is_nobodys_and_the_mail_waits() {
    for stage in [
        Stage::Connect,
        Stage::Hello,
        Stage::Tls,
        Stage::Auth,
        Stage::Mail,
        Stage::Data,
    ] {
        let mut office = one_case("bjones");
        let taken = office.take().unwrap();
        office.settle(&taken, &Outcome::refused(stage, "535 no"));
        assert_eq!(office.counts().queued, 1, "{stage}");
        assert_eq!(office.attempts("FOI-1"), [("refused".to_owned(), "535 no".to_owned())]);
        office.at("2026-11-16 08:02");
        let again = office.take().unwrap();
        assert_eq!(again.message.words, taken.message.words);
    }
}

#[test]
fn what_is_deferred_is_tried_again_as_the_same_mail_and_later_each_time() {
    let mut office = one_case("bjones");
    let mut waits = Vec::new();
    let mut ids = std::collections::BTreeSet::new();
    for _ in 0..5 {
        let taken = office.take().unwrap();
        ids.insert(taken.message.words.message_id.clone());
        office.settle(&taken, &deferred(&taken.message));
        let next = office.read(|snapshot| snapshot.next_attempt()).unwrap();
        waits.push((next - office.now).num_seconds());
        office.now = next;
        assert_eq!(office.round().messages, 0);
    }
    assert_eq!(ids.len(), 1);
    assert!(
        waits[0] >= 48 && waits.windows(2).all(|pair| pair[1] > pair[0]),
        "{waits:?}"
    );
    let attempts = office.attempts("FOI-1");
    assert_eq!(
        attempts,
        vec![("deferred".to_owned(), "connection refused".to_owned()); 5]
    );
}

#[test]
fn a_server_away_for_three_days_gets_one_fresh_digest_and_none_that_is_stale() {
    let mut office = Office::new();
    office.log("FOI-1", "2026-11-02", "bjones");
    office.log("FOI-2", "2026-11-02", "bjones");
    office.log("FOI-3", "2026-11-01", "bjones");
    let mut ids = std::collections::BTreeSet::new();
    // 10wd of all; then 27 November, 1wd; 1 December, 0wd; each morning anew, each deferred.
    for morning in ["2026-11-16", "2026-11-17", "2026-11-18"] {
        for minute in ["08:00", "09:00", "13:00", "17:00"] {
            office.at(&format!("{morning} {minute}")).round();
            while let Some(taken) = office.take() {
                ids.insert(taken.message.words.message_id.clone());
                office.settle(&taken, &deferred(&taken.message));
            }
            assert_eq!(office.counts().queued, 1, "{morning} {minute}");
        }
    }
    assert_eq!(ids.len(), 3, "a fresh one each morning");
    let told = office.tell("2026-11-19 08:00");
    assert_eq!(
        told,
        ["b.jones: FOI-1 response 10wd, FOI-2 response 10wd, FOI-3 response 10wd"]
    );
    assert_eq!(office.tell("2026-11-19 08:01"), Vec::<String>::new());
    let story = office.read(|snapshot| snapshot.story("FOI-1"));
    let states: Vec<MessageState> = story[0].messages.iter().map(|(message, _)| message.state).collect();
    let stale = MessageState::Superseded;
    assert_eq!(states, [stale, stale, stale, MessageState::Accepted]);
}

#[test]
fn a_doubtful_mail_is_sent_again_under_its_own_name_and_never_made_fresh() {
    let mut office = one_case("bjones");
    let first = office.take().unwrap();
    office.settle(&first, &unknown(&first.message));
    // The next mornings bring other rungs; the doubtful mail stays what it was.
    for morning in ["2026-11-17 08:00", "2026-11-18 08:00"] {
        assert_eq!(office.at(morning).round().messages, 0);
        let again = office.take().unwrap();
        assert_eq!(again.message.words, first.message.words);
        assert!(again.message.maybe_duplicate);
        office.settle(&again, &deferred(&again.message));
    }
    office.at("2026-11-23 08:00").round();
    let sent = office.deliver(accepted);
    let short: Vec<String> = sent.iter().map(|mail| mail.short()).collect();
    assert_eq!(short, ["b.jones: FOI-1 response 10wd", "b.jones: FOI-1 response 5wd"]);
    assert_eq!(sent[0].message_id, first.message.words.message_id);
    let outcomes: Vec<String> = office
        .attempts("FOI-1")
        .into_iter()
        .map(|(outcome, _)| outcome)
        .collect();
    assert_eq!(outcomes, ["unknown", "deferred", "deferred", "accepted", "accepted"]);
}

#[test]
fn a_mail_in_hand_when_the_service_dies_goes_out_again_under_its_own_name() {
    let mut office = one_case("bjones");
    let first = office.take().unwrap();
    office.at("2026-11-17 09:00");
    assert_eq!(rescue(&mut office.store, office.now).unwrap(), 1);
    assert_eq!(office.round().messages, 0, "the next morning does not make it fresh");
    let again = office.take().unwrap();
    assert_eq!(again.message.words, first.message.words);
    office.settle(&again, &accepted(&again.message));
    let outcomes: Vec<String> = office
        .attempts("FOI-1")
        .into_iter()
        .map(|(outcome, _)| outcome)
        .collect();
    assert_eq!(outcomes, ["unknown", "accepted"]);
}

#[test]
fn whoever_is_away_is_stood_in_for_from_that_morning_on() {
    let mut office = one_case("bjones");
    office.deliver(deferred);
    let away = PEOPLE.replace(
        "cover = \"cbrown\", manager",
        "cover = \"cbrown\", away = [{ from = \"2026-11-17\", to = \"2026-11-20\" }], manager",
    );
    office.config = settings(&usual().replace(PEOPLE, &away));
    assert_eq!(office.tell("2026-11-17 08:00"), ["c.brown: FOI-1 response 10wd"]);
    assert_eq!(office.tell("2026-11-23 08:00"), ["b.jones: FOI-1 response 5wd"]);
}

#[test]
fn a_case_of_nobody_goes_to_the_team_and_without_a_team_is_an_alarm() {
    let mut office = Office::new();
    office.record("FOI-1", "received 2026-11-02");
    assert_eq!(
        office.tell("2026-11-16 08:00"),
        ["team: about unowned", "team: FOI-1 response 10wd"]
    );
    office.config = settings(&usual().replace("team = \"team@council.example\"", ""));
    let done = office.at("2026-11-23 08:00").round();
    assert_eq!((done.messages, done.nobody), (0, vec!["FOI-1".to_owned()]));
    // Also where no round looks for whom to tell.
    for hour in ["2026-11-23 08:00", "2026-11-23 22:00", "2026-11-24 05:00"] {
        office.at(hour).round();
        let view = office.overview();
        let (check, words) = view.check(&office.config.rules);
        assert_eq!(check, Check::Bad, "{hour}");
        let said = "1 case with nobody who could be told (set people.team)".to_owned();
        assert!(words.contains(&said), "{hour}: {words:?}");
    }
    // Nothing is lost by it: once there is a team, it hears.
    office.config = settings(&usual());
    assert_eq!(office.tell("2026-11-24 08:00"), ["team: FOI-1 response 5wd"]);
}

/// Else it would go out again at every look.
#[test]
fn what_a_server_said_stands_though_the_lines_of_the_mail_cannot_be_read() {
    let mut office = one_case("bjones");
    let taken = office.take().unwrap();
    let behind = rusqlite::Connection::open(office.register()).unwrap();
    behind.execute("update reminder set reason = 'nonsense'", []).unwrap();
    office.settle(&taken, &Outcome::accepted("250 ok"));
    let state: String = behind
        .query_row("select state from message", [], |row| row.get(0))
        .unwrap();
    assert_eq!(state, "accepted");
    office.restart();
    assert!(office.take().is_none());
}
