use crate::mail::Auth;
use rstest::rstest;

use super::*;

fn parse(text: &str) -> Result<Config, Error> {
    Config::parse(text, Path::new("/etc/timeous"), &Surroundings::default())
}

#[test]
fn no_file_means_mail_as_files_and_a_register_beside() {
    let config = Config::defaults(&Surroundings::default()).unwrap();
    assert_eq!(config.register, Path::new("register.db"));
    assert!(matches!(config.mail.transport, Transport::File(folder) if folder == Path::new("outbox")));
}

#[test]
fn relative_paths_start_at_the_files_folder_and_the_registers_at_the_state_folder() {
    let surroundings = Surroundings {
        state: Some("/var/lib/timeous".into()),
        credentials: None,
    };
    let config = Config::parse("", Path::new("/etc/timeous"), &surroundings).unwrap();
    assert_eq!(config.register, Path::new("/var/lib/timeous/register.db"));
    assert_eq!(parse("").unwrap().register, Path::new("/etc/timeous/register.db"));
}

#[test]
fn the_calendar_file_lies_where_the_register_does_and_is_another_file() {
    let text = "[watch]\nics = \"timeous.ics\"";
    let surroundings = Surroundings {
        state: Some("/var/lib/timeous".into()),
        credentials: None,
    };
    let config = Config::parse(text, Path::new("/etc/timeous"), &surroundings).unwrap();
    assert_eq!(
        config.watch.ics.as_deref(),
        Some(Path::new("/var/lib/timeous/timeous.ics"))
    );
    assert_eq!(parse("").unwrap().watch.ics, None);
    let elsewhere = parse("[watch]\nics = \"/srv/foi.ics\"").unwrap().watch.ics;
    assert_eq!(elsewhere.as_deref(), Some(Path::new("/srv/foi.ics")));
    let refused = parse("[watch]\nics = \"register.db\"").unwrap_err().to_string();
    assert!(refused.contains("watch.ics is the register itself"), "{refused}");
}

#[test]
fn nothing_is_written_over_the_register_or_the_sheet_by_whatever_name() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("register.db", folder.path().join("link.ics")).unwrap();
    std::fs::write(folder.path().join("register.db"), "").unwrap();
    let sheet = "[sheet]\npath = \"foi.csv\"\nowner = \"bjones\"\n\
                 [people]\nofficers = [{ id = \"bjones\", name = \"B Jones\", email = \"b@council.example\" }]";
    for (ics, what) in [
        ("./register.db", "the register itself"),
        ("link.ics", "the register itself"),
        ("register.db-wal", "a file that belongs to the register"),
        ("./register.db.writer", "a file that belongs to the register"),
        ("./foi.csv", "the officers' own sheet, which is never written"),
    ] {
        let text = format!("[watch]\nics = {ics:?}\n{sheet}");
        let refused = Config::parse(&text, folder.path(), &Surroundings::default()).unwrap_err();
        assert_eq!(refused.to_string(), format!("watch.ics is {what}; give another name"));
    }
    let text = sheet.replace("foi.csv", "./register.db");
    let refused = Config::parse(&text, folder.path(), &Surroundings::default()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "sheet.path is the register itself; give another name"
    );
}

#[rstest]
#[case("registr = \"x\"", "line 1: unknown field `registr`")]
#[case("\n[authority]\nnme = \"x\"", "line 3: unknown field `nme`")]
#[case("[authority]\nkind = \"royal\"", "\"royal\" is not one of ordinary, keeper, school")]
#[case(
    "[calendar]\nclosures = [\"Christmas\"]",
    "calendar.closures: \"Christmas\" is not a day"
)]
#[case("[reminders]\nduty = [\"2 days\"]", "reminders.duty: \"2 days\" is not a rung")]
#[case("[reminders]\nsend_at = \"8\"", "reminders.send_at: \"8\" is not a time")]
#[case("[reminders]\nsend_until = \"07:00\"", "send_until must be later")]
#[case(
    "[reminders.step]\nanswer = [\"1wd\"]",
    "reminders.step.answer: \"answer\" is not one of"
)]
#[case(
    "[reminders]\nmanager_on = [1, 10, 5]",
    "reminders.manager_on: [1, 10, 5] are not working days"
)]
#[case("[reminders]\nmanager_on = [0]", "reminders.manager_on: [0] are not working days")]
#[case("[reminders]\nmanager_on = [-1]", "line 2: invalid value: integer `-1`")]
#[case("[reminders]\nmanager_every = 0", "line 2: invalid value: integer `0`")]
#[case("[policy]\nsoon = \"5\"", "policy.soon: \"5\" is not a number of working days")]
#[case("[people]\nteam = \"foi\"", "people.team: \"foi\"")]
#[case(
    "[people]\nofficers = [{ id = \"a\", name = \"A\", email = \"a@x.uk\", cover = \"b\" }]",
    "\"a\" names \"b\""
)]
#[case(
    "[people]\nofficers = [{ id = \"a\", name = \"A\", email = \"a@x.uk\", quiet = [\"sun\"] }]",
    "people.officers: \"a\": quiet: \"sun\" is not one of mon"
)]
#[case(
    "[people]\nofficers = [{ id = \"a\", name = \"A\", email = \"a@x.uk\", \
     quiet = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"] }]",
    "\"a\": quiet: no weekday is left"
)]
#[case("[mail]\ntransport = \"smtp\"", "there is no [mail.smtp]")]
#[case("[mail]\nretry = { first = \"1 minute\" }", "is not a length of time")]
#[case(
    "[mail]\ntransport = \"smtp\"\n[mail.smtp]\nhost = \"smtp.example.gov.uk\"\ntls = \"none\"",
    "mail.smtp: a connection without TLS"
)]
#[case(
    "[mail]\ntransport = \"smtp\"\n[mail.smtp]\nhost = \"x\"\nauth = \"plain\"\nuser = \"u\"",
    "mail.smtp.auth needs mail.smtp.secret"
)]
#[case(
    "[mail]\ntransport = \"smtp\"\n[mail.smtp]\nhost = \"x\"\nauth = \"xoauth2\"\nuser = \"u\"\nsecret = { credential = \"s\" }",
    "needs mail.smtp.oauth: { token_url"
)]
#[case(
    "[mail]\ntransport = \"smtp\"\n[mail.smtp]\nhost = \"x\"\nauth = \"xoauth2\"\nuser = \"u\"\nsecret = { credential = \"s\" }\n\
     oauth = { token_url = \"http://login.example/\", client_id = \"i\", scope = \"s\" }",
    "mail.smtp.oauth.token_url: must begin with https://"
)]
#[case(
    "[mail]\ntransport = \"smtp\"\n[mail.smtp]\nhost = \"x\"\noauth = { token_url = \"https://x\", client_id = \"i\", scope = \"s\", secret = \"x\" }",
    "unknown field `secret`"
)]
#[case("register = ", "line 1: ")]
#[case(
    "[calendar]\nfeed_url = \"http://www.gov.uk/\"",
    "calendar.feed_url: must begin with https://"
)]
#[case("[calendar]\nfeed_url = \"gov.uk\"", "calendar.feed_url: is not an address")]
#[case(
    "[watch]\nadmins = [\"mgreen\"]",
    "watch.admins: \"mgreen\" is not among the officers"
)]
#[case("[sheet]\npath = \"foi.xlsx\"", "missing field `owner`")]
#[case(
    "[sheet]\npath = \"foi.xlsx\"\nowner = \"bjones\"",
    "sheet.owner: \"bjones\" is not among the officers"
)]
#[case(
    "[watch]\nheartbeat = \"https://hc.example/1\"",
    "line 2: write { file = \"NAME\" } or { credential"
)]
#[case("[watch]\nheartbeat = { flie = \"x\" }", "line 2: write { file = ")]
#[case(
    "[watch]\nheartbeat = { file = \"x\", credential = \"x\" }",
    "line 2: write { file = "
)]
#[case("[watch]\nheartbeat = { file = 5 }", "line 2: write { file = ")]
#[case("[watch]\nheartbeat = { file = \"no.such\" }", "watch.heartbeat: ")]
fn a_mistake_is_told_on_one_line_with_its_place(#[case] text: &str, #[case] words: &str) {
    let message = parse(text).unwrap_err().to_string();
    assert!(message.contains(words), "{message}");
    assert!(!message.contains('\n'), "{message}");
}

#[test]
fn a_secret_that_others_can_read_is_refused_and_one_that_they_cannot_is_never_shown() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("smtp.secret");
    std::fs::write(&path, "hunter2\n").unwrap();
    let text = "[mail]\ntransport = \"smtp\"\n[mail.smtp]\nhost = \"mail.example\"\nauth = \"plain\"\nuser = \"u\"\n\
                secret = { file = \"smtp.secret\" }";
    let read = |mode| {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        Config::parse(text, folder.path(), &Surroundings::default())
    };
    assert!(read(0o644).unwrap_err().to_string().contains("chmod 600"));
    let config = read(0o600).unwrap();
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn stored_mornings_depend_on_the_quiet_days_of_each_officer() {
    let fingerprint = |quiet: &str| {
        let officer = format!("{{ id = \"a\", name = \"A\", email = \"a@x.uk\"{quiet} }}");
        let config = parse(&format!("[people]\nofficers = [{officer}]")).unwrap();
        config.rules.fingerprint()
    };
    let (none, wednesday, friday) = (
        fingerprint(""),
        fingerprint(", quiet = [\"wed\"]"),
        fingerprint(", quiet = [\"fri\"]"),
    );
    assert_eq!(none, fingerprint(", quiet = []"));
    assert_eq!(none, fingerprint(", left = \"2027-01-01\""));
    assert!(none != wednesday && wednesday != friday);
}

#[test]
fn a_school_gives_its_school_days_in_a_file_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let parse = |text: &str| Config::parse(text, folder.path(), &Surroundings::default());
    let missing = parse("[authority]\nkind = \"school\"").unwrap_err().to_string();
    assert!(missing.contains("authority.school_days names no file"), "{missing}");
    let school = "[authority]\nkind = \"school\"\nschool_days = \"days.toml\"";
    let days = folder.path().join("days.toml");
    std::fs::write(
        &days,
        "closed = [\"2026-11-09\"]\n[[term]]\nfrom = \"2026-08-19\"\nto = \"2026-12-18\"\n",
    )
    .unwrap();
    let known = parse(school).unwrap().rules.authority.school_days.unwrap();
    let is_open = |day: &str| known.contains(day.parse().unwrap());
    assert!(is_open("2026-11-10") && !is_open("2026-11-09") && !is_open("2026-12-21"));
    std::fs::write(&days, "term = []\n").unwrap();
    let none = parse(school).unwrap_err().to_string();
    assert!(none.contains("lists no term") && !none.contains('\n'), "{none}");
    std::fs::write(&days, "[[term]]\nfrom = \"2026-12-18\"\nto = \"2026-08-19\"\n").unwrap();
    let reversed = parse(school).unwrap_err().to_string();
    assert!(
        reversed.contains("ends before it begins") && !reversed.contains('\n'),
        "{reversed}"
    );
}

#[test]
fn the_feed_is_looked_at_only_if_asked_and_the_watch_has_its_defaults() {
    let config = parse("").unwrap();
    assert_eq!(config.feed, None);
    assert!(config.rules.admins.is_empty() && config.watch.log_references && config.watch.heartbeat.is_none());
    let config = parse("[calendar]\nfeed_check = true").unwrap();
    assert_eq!(config.feed.unwrap().host(), "www.gov.uk");
    let config = parse("[calendar]\nfeed_check = true\nfeed_url = \"http://127.0.0.1:8080/x\"").unwrap();
    assert_eq!(config.feed.unwrap().host(), "127.0.0.1");
}

#[test]
fn a_heartbeat_is_a_secret_address() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("heartbeat.url");
    let parse = |address: &str| {
        std::fs::write(&path, address).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        let text = "[watch]\nheartbeat = { file = \"heartbeat.url\" }\nlog_references = false";
        Config::parse(text, folder.path(), &Surroundings::default())
    };
    let config = parse("https://hc.example/ping/hunter2\n").unwrap();
    assert_eq!(config.watch.heartbeat.as_ref().unwrap().host(), "hc.example");
    assert!(!config.watch.log_references);
    assert!(!format!("{config:?}").contains("hunter2"));
    for (address, words) in [
        ("hunter2", "is not an address"),
        ("http://hc.example/hunter2", "must begin with https://"),
        ("", "is empty"),
    ] {
        let error = parse(address).unwrap_err().to_string();
        assert!(error.contains(words) && !error.contains("hunter2"), "{error}");
    }
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let text = "[watch]\nheartbeat = { file = \"heartbeat.url\" }";
    let open = Config::parse(text, folder.path(), &Surroundings::default()).unwrap_err();
    assert!(open.to_string().contains("chmod 600"), "{open}");
}

#[test]
fn a_credential_is_missed_only_by_who_needs_it() {
    let text = "[mail]\ntransport = \"smtp\"\n[mail.smtp]\nhost = \"mail.example\"\nauth = \"plain\"\nuser = \"u\"\n\
                secret = { credential = \"smtp\" }\n[watch]\nheartbeat = { credential = \"heartbeat\" }";
    let config = parse(text).unwrap();
    let words = config.need_secrets().unwrap_err().to_string();
    assert!(
        words.starts_with("mail.smtp.secret: credential \"smtp\" is given to the service"),
        "{words}"
    );
    assert!(config.need_mail_secret().is_err());
    // A monitor's address is no matter of a test mail.
    let watched = parse("[watch]\nheartbeat = { credential = \"heartbeat\" }").unwrap();
    assert!(watched.need_secrets().is_err() && watched.need_mail_secret().is_ok());
    let folder = tempfile::tempdir().unwrap();
    let surroundings = Surroundings {
        state: None,
        credentials: Some(folder.path().to_owned()),
    };
    let read = || Config::parse(text, Path::new(""), &surroundings);
    assert!(read().unwrap_err().to_string().contains("No such file"));
    std::fs::write(folder.path().join("smtp"), "hunter2").unwrap();
    std::fs::write(folder.path().join("heartbeat"), "https://hc.example/1").unwrap();
    read().unwrap().need_secrets().unwrap();
}

#[test]
fn tokens_are_configured_as_microsoft_has_them_and_a_host_may_be_international() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("client.secret");
    std::fs::write(&path, "hunter2\n").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let text = "[mail]\ntransport = \"smtp\"\n[mail.smtp]\nhost = \"smtp.bücher.example\"\nauth = \"xoauth2\"\n\
                user = \"timeous@example.gov.uk\"\nsecret = { file = \"client.secret\" }\n\
                oauth = { token_url = \"https://login.example/T/token\", client_id = \"ID\", scope = \"S\" }";
    let config = Config::parse(text, folder.path(), &Surroundings::default()).unwrap();
    let Transport::Smtp(smtp) = &config.mail.transport else {
        panic!("{config:?}");
    };
    assert_eq!(smtp.host, "smtp.xn--bcher-kva.example");
    assert!(matches!(&smtp.auth, Auth::Xoauth2 { user, .. } if user == "timeous@example.gov.uk"));
    let shown = format!("{config:?}");
    assert!(shown.contains("login.example") && !shown.contains("hunter2"), "{shown}");
}

#[test]
fn the_sheet_lies_beside_the_file_and_its_owner_and_mapping_are_looked_up() {
    assert!(parse("").unwrap().rules.sheet.is_none());
    let people = "[people]\nofficers = [{ id = \"bjones\", name = \"B Jones\", email = \"b@council.example\" }]\n";
    let with = |more: &str| parse(&format!("{people}[sheet]\nowner = \"bjones\"\n{more}"));
    let sheet = with("path = \"foi.xlsx\"").unwrap().rules.sheet.unwrap();
    assert_eq!(sheet.path, Path::new("/etc/timeous/foi.xlsx"));
    assert_eq!(sheet.owner, "bjones");
    let elsewhere = with("path = \"/srv/foi/foi.csv\"").unwrap().rules.sheet.unwrap();
    assert_eq!(elsewhere.path, Path::new("/srv/foi/foi.csv"));
    for (more, words) in [
        ("path = \"/\"", "sheet.path: \"/\" names no file"),
        (
            "path = \"foi.xlsx\"\nmap = \"no.such\"",
            "sheet.map: /etc/timeous/no.such: ",
        ),
    ] {
        let told = with(more).unwrap_err().to_string();
        assert!(told.contains(words), "{told}");
    }
}
