//! The service as it runs: the real program, a real register, mail servers on loopback, signals and kills.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers; waiting for a child takes sleep"
)]

mod support;

use std::time::Duration;

use support::office::{Office, can_pretend, can_trace, header, plain_text};
use support::postfix::Postfix;
use support::smtp::{At, Do, Script, Server};

/// Friday 4 March 2022, in the send window: the seed letter's case is due.
const DUE: &str = "2022-03-04 08:30:00";

/// The case of the seed letter, logged on the day it came.
fn logged(office: &Office) {
    let log = [
        "log",
        "IM-FOI-2022-0365",
        "--received",
        "2022-02-04",
        "--officer",
        "bjones",
    ];
    office.run_at("2022-02-04 17:45:00", &log).well();
}

fn once(office: &Office, at: &str) -> support::office::Ran {
    office.run_at(at, &["run", "--once"])
}

/// What every settled register can say of itself.
fn assert_consistent(office: &Office) {
    assert_eq!(office.count("select count(*) from message where state = 'sending'"), 0);
    assert_eq!(office.count("select count(*) from attempt where outcome is null"), 0);
    // What an accepted mail said is told, and what is told was in an accepted mail.
    let wrong = "select (select count(*) from line join message on message.id = line.message
                         join reminder on reminder.id = line.reminder
                         where message.state = 'accepted' and reminder.state <> 'told')
                      + (select count(*) from reminder where state = 'told' and not exists (
                         select 1 from line join message on message.id = line.message
                         where line.reminder = reminder.id and message.state = 'accepted'))";
    assert_eq!(office.count(wrong), 0, "{}", office.dump());
}

#[test]
fn postfix_receives_the_digest_as_it_should_be() {
    if !can_pretend() {
        return;
    }
    let Some(postfix) = Postfix::start_or_skip() else {
        return;
    };
    let office = Office::with_smtp(postfix.port());
    let config = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
    office.configure(&config.replace("[mail]\n", "[mail]\ntemplates = \"templates\"\n"));
    std::fs::create_dir_all(office.path("templates/digest")).unwrap();
    // The built-in subject has nothing beyond ASCII, so an authority's own template carries the section sign.
    std::fs::write(
        office.path("templates/digest/subject"),
        "FOI (s.10, § 21 – Müller): {{ tally }}",
    )
    .unwrap();
    logged(&office);
    let said = once(&office, DUE).well();
    assert_eq!(said, "1 mail written, 1 sent\n");
    let mails = postfix.wait_for_mail("bjones", 1, Duration::from_secs(20));
    assert_eq!(mails.len(), 1, "{}", postfix.log());
    let mail = std::fs::read_to_string(&mails[0])
        .unwrap()
        .replace("\r\n", "\n")
        .replace('\n', "\r\n");
    let get = |name: &str| header(&mail, name).unwrap_or_default();
    assert!(get("To").contains("bjones@example.gov.uk"));
    assert_eq!(get("Auto-Submitted"), "auto-generated");
    assert!(get("Content-Type").starts_with("multipart/alternative"));
    assert!(mail.contains("Content-Type: text/plain") && mail.contains("Content-Type: text/html"));
    assert!(
        get("Subject").starts_with("FOI (s.10, § 21 – Müller): 1 today"),
        "{}",
        get("Subject")
    );
    assert!(plain_text(&mail).contains("IM-FOI-2022-0365 - answer due TODAY, Friday 4 March"));
    assert_consistent(&office);
    // Told once: another round the same day adds nothing.
    assert_eq!(once(&office, "2022-03-04 09:30:00").well(), "0 mails written, 0 sent\n");
}

#[test]
fn each_outcome_is_kept_with_the_servers_words() {
    if !can_pretend() {
        return;
    }
    let cases = [
        (Script::new(), "accepted", "accepted"),
        (
            Script::new().at(At::Rcpt, Do::reply(450, "try later")),
            "deferred",
            "queued",
        ),
        (
            Script::new().at(At::Rcpt, Do::reply(550, "no such user")),
            "refused",
            "refused",
        ),
        (Script::new().at(At::Dot, Do::AcceptThenClose), "unknown", "queued"),
    ];
    for (script, outcome, state) in cases {
        let server = Server::build().script(script).start();
        let office = Office::with_smtp(server.port());
        logged(&office);
        once(&office, DUE);
        let kept = |column: &str, word: &str| {
            office.count(&format!("select count(*) from attempt where {column} like '%{word}%'"))
        };
        assert_eq!(kept("outcome", outcome), 1, "{}", office.dump());
        assert_eq!(
            office.count(&format!("select count(*) from message where state = '{state}'")),
            1
        );
        let shown = office.run_at(DUE, &["show", "IM-FOI-2022-0365"]).well();
        assert!(shown.contains(outcome), "{shown}");
        if state == "queued" {
            let queue = office.run_at(DUE, &["mail", "queue"]).well();
            assert!(queue.contains(outcome), "{queue}");
        }
        assert_consistent(&office);
    }
}

#[test]
fn a_mail_that_may_have_arrived_goes_out_again_under_the_same_name() {
    if !can_pretend() {
        return;
    }
    let server = Server::build()
        .script(Script::new().at(At::Dot, Do::AcceptThenClose))
        .start();
    let office = Office::with_smtp(server.port());
    logged(&office);
    once(&office, DUE);
    assert!(
        office
            .run_at(DUE, &["mail", "queue"])
            .well()
            .contains("perhaps delivered already")
    );
    once(&office, "2022-03-04 08:32:00").well();
    let ids = server.accepted_ids();
    assert_eq!(ids.len(), 2, "{:?}", server.commands());
    assert_eq!(ids[0], ids[1]);
    let mails = server.accepted();
    assert_eq!(mails[0].data, mails[1].data, "the same bytes");
    assert_consistent(&office);
}

#[test]
fn a_refused_mailbox_is_not_the_end_somebody_else_is_told() {
    if !can_pretend() {
        return;
    }
    let server = Server::build()
        .script(Script::new().at(At::Rcpt, Do::reply(550, "no such user")))
        .start();
    let office = Office::with_smtp(server.port());
    logged(&office);
    // At once, for there may be no other round that day.
    assert_eq!(once(&office, DUE).well(), "2 mails written, 1 sent\n");
    let accepted = server.accepted();
    assert_eq!(accepted.len(), 1);
    assert_eq!(accepted[0].to, "cbrown@example.gov.uk", "the cover");
    assert!(once(&office, "2022-03-04 08:31:00").well().ends_with(" 0 sent\n"));
    assert_consistent(&office);
}

#[test]
fn killed_between_the_servers_word_and_the_record_the_mail_goes_out_once_more() {
    if !can_pretend() {
        return;
    }
    let server = Server::build().script(Script::new().at(At::Dot, Do::Gate)).start();
    let office = Office::with_smtp(server.port());
    logged(&office);
    let service = office.service(Some(DUE));
    assert!(server.wait_held(), "{:?}", server.commands());
    // The record cannot be made while somebody else writes.
    let lock = office.writers_lock();
    server.release();
    wait_until(|| server.accepted().len() == 1);
    std::thread::sleep(Duration::from_millis(200));
    service.kill();
    drop(lock);
    assert_eq!(office.count("select count(*) from message where state = 'sending'"), 1);
    let service = office.service(Some("2022-03-04 08:35:00"));
    wait_until(|| server.accepted().len() == 2);
    wait_until(|| office.count("select count(*) from message where state = 'accepted'") == 1);
    assert_eq!(service.stop(), Some(0));
    let ids = server.accepted_ids();
    assert_eq!(ids[0], ids[1], "the same Message-ID");
    assert_eq!(office.count("select count(*) from message"), 1);
    assert_eq!(office.count("select maybe_duplicate from message"), 1);
    assert_consistent(&office);
}

#[test]
fn killed_before_the_dot_the_mail_goes_out_once() {
    if !can_pretend() {
        return;
    }
    let server = Server::build().script(Script::new().at(At::Data, Do::Hang)).start();
    let office = Office::with_smtp(server.port());
    logged(&office);
    let service = office.service(Some(DUE));
    wait_until(|| server.commands().iter().any(|command| command.starts_with("DATA")));
    service.kill();
    let service = office.service(Some("2022-03-04 08:35:00"));
    wait_until(|| office.count("select count(*) from message where state = 'accepted'") == 1);
    assert_eq!(service.stop(), Some(0));
    assert_eq!(server.accepted().len(), 1);
    assert_consistent(&office);
}

#[test]
fn ten_working_days_away_and_each_officer_gets_one_mail() {
    if !can_pretend() {
        return;
    }
    let office = Office::new();
    for (reference, officer) in [("FOI-1", "bjones"), ("FOI-2", "bjones"), ("FOI-3", "cbrown")] {
        let log = ["log", reference, "--received", "2022-02-04", "--officer", officer];
        office.run_at("2022-02-04 17:45:00", &log).well();
    }
    // Ten working days before the end is Friday 18 February; the service is away until Friday 4 March.
    assert_eq!(once(&office, "2022-02-17 08:30:00").well(), "0 mails written, 0 sent\n");
    assert_eq!(once(&office, DUE).well(), "2 mails written, 2 sent\n");
    assert_eq!(office.count("select count(*) from reminder"), 3);
    assert_eq!(
        office.count("select count(*) from reminder where rung = '0wd' and reason = 'coming'"),
        3
    );
    assert_eq!(once(&office, "2022-03-04 08:31:00").well(), "0 mails written, 0 sent\n");
    let mails: Vec<String> = office.mails().iter().map(|mail| plain_text(mail)).collect();
    assert_eq!(mails.len(), 2);
    for reference in ["FOI-1", "FOI-2", "FOI-3"] {
        let times: usize = mails
            .iter()
            .map(|mail| mail.matches(&format!("{reference} - answer due TODAY")).count())
            .sum();
        assert_eq!(times, 1, "{reference}");
    }
    // Late from Monday on, told every working morning, and only then.
    assert_eq!(once(&office, "2022-03-05 08:30:00").well(), "0 mails written, 0 sent\n");
    // On the first day the team gets a copy too, for no manager is named.
    assert_eq!(once(&office, "2022-03-07 08:30:00").well(), "3 mails written, 3 sent\n");
    assert_eq!(once(&office, "2022-03-08 08:30:00").well(), "2 mails written, 2 sent\n");
}

#[test]
fn systemd_is_told_of_everything_and_a_second_service_is_turned_away() {
    let office = Office::new();
    office.run(&["log", "FOI-1", "--received", "2022-02-04"]).well();
    let service = office.service(None);
    service.wait_for("READY=1");
    let alive = service.wait_for("WATCHDOG=1");
    assert!(alive.contains("STATUS="), "{alive}");
    assert!(office.run(&["status"]).well().contains("running, last round"));
    let second = office.run(&["run", "--once"]);
    assert!(second.err.contains("another timeous service has"), "{}", second.err);
    assert_eq!(second.code, Some(1));

    let good = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
    office.configure("nonsense = 1\n");
    service.signal("HUP");
    let reloading = service.wait_for("RELOADING=1");
    assert!(reloading.contains("MONOTONIC_USEC="), "{reloading}");
    service.wait_for("READY=1");
    let line = service.wait_for_log("the old configuration stays in force");
    assert!(line.contains("unknown field `nonsense`"), "{line}");
    office.configure(&good);
    service.signal("HUP");
    service.wait_for("READY=1");
    service.wait_for_log("read the configuration again");
    assert_eq!(service.stop(), Some(0));
    assert!(office.run(&["status"]).well().contains("the service does not run"));
}

#[test]
fn a_register_that_cannot_be_used_ends_the_service_with_one_line() {
    let office = Office::new();
    std::fs::write(
        office.path("register.db"),
        "this is no register but some file of yours, leave it alone please",
    )
    .unwrap();
    let (code, log) = office.service(None).ended();
    assert_eq!(code, Some(2));
    assert!(log.contains("is not a register of this program"), "{log}");
    assert!(
        std::fs::read_to_string(office.path("register.db"))
            .unwrap()
            .starts_with("this is no register")
    );
}

#[test]
fn the_server_away_is_logged_once_and_the_mail_leaves_when_it_is_back() {
    if !can_pretend() {
        return;
    }
    let away = Server::start();
    let port = away.port();
    drop(away);
    let office = Office::with_smtp(port);
    logged(&office);
    let service = office.service(Some(DUE));
    let line = service.wait_for_log("mail does not leave");
    assert!(!line.contains('@'), "no address in the log: {line}");
    let check = office.run_at("2022-03-04 08:31:00", &["status", "--check"]);
    assert_eq!(check.code, Some(2));
    assert!(check.out.contains("deliver:"), "{}", check.out);
    assert_eq!(service.stop(), Some(0));
    let server = Server::start();
    let config = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
    office.configure(&config.replace(&format!("port = {port}"), &format!("port = {}", server.port())));
    once(&office, "2022-03-04 08:40:00").well();
    assert_eq!(server.accepted().len(), 1);
    assert_consistent(&office);
}

#[test]
fn a_fault_and_its_end_are_a_line_each() {
    if !can_pretend() {
        return;
    }
    let busy = || Script::new().at(At::Greeting, Do::reply(421, "too busy"));
    let server = Server::build().script(busy()).script(busy()).start();
    let office = Office::with_smtp(server.port());
    logged(&office);
    let service = office.service(Some(DUE));
    let line = service.wait_for_log("mail does not leave");
    assert!(line.contains("deferred at hello: 421 too busy"), "{line}");
    let next = service.wait_for_log("mail");
    assert!(
        next.contains("mail leaves again"),
        "the second refusal is no line: {next}"
    );
    assert_eq!((server.connections(), server.accepted().len()), (3, 1));
    assert_eq!(service.stop(), Some(0));
    assert_consistent(&office);
}

/// A register that does not take what came of one mail holds up no other, says so until it does, and nobody is told twice.
#[test]
fn a_mail_that_cannot_be_settled_keeps_back_no_other() {
    if !can_pretend() {
        return;
    }
    let server = Server::start();
    let office = Office::with_smtp(server.port());
    logged(&office);
    let log = ["log", "FOI-2", "--received", "2022-02-04", "--officer", "cbrown"];
    office.run_at("2022-02-04 17:46:00", &log).well();
    let register = rusqlite::Connection::open(office.path("register.db")).unwrap();
    let stuck = "create trigger stuck before update on message when new.id = 1 and new.state = 'accepted'
                 begin select raise(abort, 'stuck'); end";
    register.execute_batch(stuck).unwrap();
    let service = office.service(Some(DUE));
    service.wait_for_log("mail does not leave: ");
    assert_eq!(server.accepted().len(), 1);
    service.signal("HUP");
    wait_until(|| server.accepted().len() == 2);
    let accepted = "select count(*) from message where state = 'accepted'";
    wait_until(|| office.count(accepted) == 1);
    let fault = "what came of a mail cannot be put on record";
    wait_until(|| office.run_at(DUE, &["status"]).out.contains(fault));

    register.execute_batch("drop trigger stuck").unwrap();
    service.signal("HUP");
    service.wait_for_log("mail leaves again");
    wait_until(|| office.count(accepted) == 2);
    assert_eq!(service.stop(), Some(0));
    assert_eq!(server.accepted().len(), 2, "nobody is told twice");
    assert_eq!(office.count("select count(*) from attempt"), 2);
    assert_consistent(&office);
}

#[test]
fn a_test_mail_says_what_the_server_said() {
    let server = Server::build()
        .script(Script::new())
        .rest(Script::new().at(At::Auth, Do::reply(535, "no")))
        .start();
    let office = Office::with_smtp(server.port());
    let said = office.run(&["mail", "test", "bjones@example.gov.uk"]).well();
    assert!(said.starts_with("accepted, handed to 127.0.0.1"), "{said}");
    assert_eq!(server.accepted()[0].to, "bjones@example.gov.uk");
    drop(server);
    let refused = office.run(&["mail", "test", "bjones@example.gov.uk"]);
    assert!(refused.complaint(1).contains("deferred at connect"), "{}", refused.err);
    assert!(office.run(&["mail", "test", "nobody"]).complaint(2).contains("nobody"));
}

fn wait_until(done: impl Fn() -> bool) {
    for _ in 0..400 {
        if done() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("waited twenty seconds in vain");
}

#[test]
fn a_mail_not_accepted_by_the_end_of_the_window_is_an_alarm() {
    if !can_pretend() {
        return;
    }
    let server = Server::build()
        .rest(Script::new().at(At::Rcpt, Do::reply(450, "try later")))
        .start();
    let office = Office::with_smtp(server.port());
    // Ten working days before the end: nothing is near, and nothing but the mail can be wrong.
    logged(&office);
    once(&office, "2022-02-18 08:30:00");
    // Its mailbox has put it off all day, so that the cover's is tried, which does the same.
    once(&office, "2022-02-18 17:35:00");
    assert_eq!(office.count("select count(*) from message where state = 'dead'"), 1);
    assert_eq!(
        office.count("select count(*) from message where state = 'queued' and attempts = 1"),
        1
    );
    let service = office.service(Some("2022-02-18 17:40:00"));
    service.wait_for("WATCHDOG=1");
    let check = office.run_at("2022-02-18 17:41:00", &["status", "--check"]);
    assert_eq!(check.code, Some(2), "{}{}", check.out, check.err);
    assert!(
        check
            .out
            .contains("1 mail not accepted by the end of their send window"),
        "{}",
        check.out
    );
    assert!(
        office
            .run_at("2022-02-18 17:41:00", &["status"])
            .well()
            .contains("not accepted by the end")
    );
    service.stop();
}

/// How strace keeps a program from having threads; the first is the register's.
const NO_MORE_THREADS: [&str; 7] = [
    "-f",
    "-o",
    "/dev/null",
    "-e",
    "trace=clone3",
    "-e",
    "inject=clone3:error=EAGAIN:when=2+",
];

/// What has the service look at a list, which takes a thread.
const LOOK_AT_THE_LIST: &str = "[calendar]\nfeed_check = true\nfeed_url = \"http://127.0.0.1:1/list\"\n";

/// A machine that gives no more threads breaks the part that looks at the list. A service that went on without it would
/// seem to be well; one that has ended is started again.
#[test]
fn a_service_that_has_lost_a_part_ends_and_says_which() {
    if !can_trace() {
        return;
    }
    let office = Office::with(LOOK_AT_THE_LIST);
    let service = office.traced_service("2022-03-04 08:30:00", &NO_MORE_THREADS);
    let (ended, log) = service.ended();
    assert_eq!(ended, Some(1), "{log}");
    let last = log.lines().last().unwrap_or_default();
    assert_eq!(
        last,
        "timeous: what looks at the list of bank holidays ended by itself; start the service again, and report what its \
         log says",
        "{log}"
    );
    assert!(log.contains("spawn"), "the log says why: {log}");
}

/// What looks at the list breaks while a mail is in hand: that comes to its end first.
#[test]
fn a_service_that_has_lost_a_part_finishes_the_mail_in_hand() {
    if !can_trace() {
        return;
    }
    let server = Server::build().script(Script::new().at(At::Dot, Do::Gate)).start();
    let office = Office::with_smtp(server.port());
    logged(&office);
    let mut service = office.traced_service(DUE, &NO_MORE_THREADS);
    assert!(server.wait_held());
    let config = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
    office.configure(&format!("{config}{LOOK_AT_THE_LIST}"));
    service.signal("HUP");
    service.wait_for("STOPPING=1");
    assert_eq!(service.has_ended(), None);
    server.release();
    let (ended, log) = service.ended();
    assert_eq!(ended, Some(1), "{log}");
    assert_eq!(server.accepted().len(), 1);
    assert_consistent(&office);
    once(&office, "2022-03-04 08:40:00").well();
    assert_eq!(server.accepted().len(), 1, "nobody is told twice");
}
