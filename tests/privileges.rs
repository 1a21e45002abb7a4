//! What the program may do, it does no more of: it starts no other, calls nobody but those configured, listens to
//! nobody, and whatever it writes is closed to others whatever the umask.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers; waiting for a child takes sleep"
)]

mod support;

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use rstest::rstest;
use support::https::{Answer, Web};
use support::office::{Office, can_pretend, can_trace};
use support::smtp::Server;

/// Three seconds before a full minute, in the send window of the day on which the case is due.
const AT: &str = "2022-03-04 08:30:57";
/// What could start a program, reach somebody, or let somebody in.
const CALLS: &str = "trace=execve,execveat,fork,vfork,clone,clone3,socket,connect,bind,listen,accept,accept4,sendto,\
                     sendmsg,sendmmsg";

fn logged(office: &Office) {
    let words = "log IM-FOI-2022-0365 --received 2022-02-04 --officer bjones";
    let words: Vec<&str> = words.split(' ').collect();
    office.run_at("2022-02-04 17:45:00", &words).well();
}

fn wait_until(what: &str, done: impl Fn() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < Duration::from_secs(90), "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(30));
    }
}

/// The lines of a trace that are one of these calls.
fn lines<'a>(trace: &'a str, calls: &[&str]) -> Vec<&'a str> {
    let is_one = |line: &&str| {
        let call = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
        calls.iter().any(|name| call.starts_with(&format!("{name}(")))
    };
    trace.lines().filter(is_one).collect()
}

fn between<'a>(line: &'a str, before: &str, after: &str) -> Option<&'a str> {
    line.split_once(before)?.1.split_once(after).map(|(found, _)| found)
}

/// Where a call goes to: a socket's path, or address and port; nothing where the socket has its other end already.
fn target(line: &str) -> Option<String> {
    let family = line.split_once("sa_family=")?.1.split([',', '}']).next()?;
    let address = match family {
        "AF_UNIX" => return Some(between(line, "sun_path=", "}")?.trim_matches(['"', '@']).to_owned()),
        // Takes an earlier connect() back.
        "AF_UNSPEC" => return None,
        "AF_INET" => between(line, "inet_addr(\"", "\"")?,
        "AF_INET6" => between(line, "inet_pton(AF_INET6, \"", "\"")?,
        other => return Some(other.to_owned()),
    };
    Some(format!("{address} {}", between(line, "htons(", ")")?))
}

/// Whom glibc may ask for a name: the caches of this machine, and the servers of resolv.conf.
fn is_resolver(target: &str) -> bool {
    let file = std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
    let mut servers = file.lines().filter_map(|line| line.strip_prefix("nameserver "));
    match target.split_once(' ') {
        // Where none is named, this machine is asked.
        Some((ip, "53")) => servers.any(|server| server.trim() == ip) || ip == "127.0.0.1",
        // Asks the kernel which of a name's addresses it would rather use, and sends nothing.
        Some((ip, "0")) => ip.parse::<IpAddr>().is_ok(),
        _ => ["/run/nscd/", "/var/run/nscd/", "/run/systemd/", "/var/lib/sss/"]
            .iter()
            .any(|place| target.starts_with(place)),
    }
}

/// Nothing was started and nobody let in; what was called, without the resolver.
fn held(trace: &str) -> BTreeSet<String> {
    let started = lines(trace, &["execve", "execveat"]);
    assert_eq!(started.len(), 1, "{started:?}");
    assert!(started.iter().all(|line| line.contains("/timeous\"")), "{started:?}");
    let children = lines(trace, &["fork", "vfork", "clone", "clone3"]);
    let others: Vec<_> = children.iter().filter(|line| !line.contains("CLONE_THREAD")).collect();
    assert!(others.is_empty(), "a process of its own: {others:?}");
    // glibc asks the kernel for this machine's addresses so; nobody else hears of it.
    let bound: Vec<_> = lines(trace, &["bind", "listen", "accept", "accept4"])
        .into_iter()
        .filter(|line| !line.contains("sa_family=AF_NETLINK"))
        .collect();
    assert!(bound.is_empty(), "it listens: {bound:?}");
    let kinds = lines(trace, &["socket"]);
    let odd: Vec<_> = kinds
        .iter()
        .filter(|line| {
            !["AF_UNIX", "AF_INET", "AF_INET6", "AF_NETLINK"]
                .iter()
                .any(|kind| line.contains(&format!("({kind},")))
        })
        .collect();
    assert!(odd.is_empty(), "another kind of socket: {odd:?}");
    let called = lines(trace, &["connect", "sendto", "sendmsg", "sendmmsg"]);
    called
        .into_iter()
        .filter_map(target)
        .filter(|target| target != "AF_NETLINK" && !is_resolver(target))
        .collect()
}

/// What strace wrote, once it has written the end.
fn whole(office: &Office) -> String {
    let read = || std::fs::read_to_string(office.path("trace")).unwrap_or_default();
    let number = |line: &str| line.split_whitespace().next().unwrap_or_default().to_owned();
    wait_until("the end of the trace", || {
        let text = read();
        let mut ended = text.lines().filter(|line| line.contains(" +++ exited with "));
        ended.any(|line| number(line) == number(&text))
    });
    read()
}

#[test]
fn a_whole_service_life_starts_no_program_and_calls_only_who_is_configured() {
    if !can_trace() {
        return;
    }
    let token = r#"{"access_token":"token-1","expires_in":3599}"#;
    let endpoint = Web::tls(&["localhost"], |_| Answer::page(200, token));
    let list = Web::tls(&["localhost"], |_| {
        Answer::page(200, include_str!("holidays-feed/2025-01-10.json"))
    });
    let monitor = Web::tls(&["localhost"], |_| Answer::page(200, "OK"));
    let mail = Server::build()
        .starttls()
        .bearer("timeous@example.gov.uk", "token-1")
        .start();
    let mut office = Office::with(&format!(
        "transport = \"smtp\"\n[mail.smtp]\nhost = \"localhost\"\nport = {}\nca = \"ca.pem\"\nauth = \"xoauth2\"\n\
         user = \"timeous@example.gov.uk\"\nsecret = {{ file = \"client.secret\" }}\n\
         oauth = {{ token_url = \"{}\", client_id = \"ID\", scope = \"S\" }}\n\
         [calendar]\nfeed_check = true\nfeed_url = \"{}\"\n[sheet]\npath = \"foi.csv\"\nowner = \"bjones\"\n\
         [watch]\nadmins = [\"cbrown\"]\nics = \"dates.ics\"\nheartbeat = {{ file = \"monitor.secret\" }}\n",
        mail.port(),
        endpoint.url("localhost", "/token"),
        list.url("localhost", "/bank-holidays.json"),
    ));
    office.secret("client.secret", "bought-with-this");
    office.secret("monitor.secret", &monitor.url("localhost", "/ping"));
    let trusted = format!("{}{}{}", endpoint.ca(), list.ca(), monitor.ca());
    std::fs::write(office.path("web-ca.pem"), trusted).unwrap();
    std::fs::write(office.path("ca.pem"), mail.ca()).unwrap();
    std::fs::write(
        office.path("foi.csv"),
        "reference,received,officer\nFOI-2,01/02/2022,bjones\n",
    )
    .unwrap();
    office.surround("SSL_CERT_FILE", office.path("web-ca.pem").to_str().unwrap());
    logged(&office);

    let trace = office.path("trace");
    let strace = ["-f", "-o", trace.to_str().unwrap(), "-e", CALLS, "-e", "signal=none"];
    let service = office.traced_service(&format!("@{AT}"), &strace);
    let accepted = || office.count("select count(*) from message where state = 'accepted'");
    wait_until("a mail", || accepted() >= 1);
    wait_until("the list", || !list.requests().is_empty());
    wait_until("the heartbeat", || !monitor.requests().is_empty());
    wait_until("the calendar file", || office.path("dates.ics").exists());
    service.signal("HUP");
    service.wait_for_log("read the configuration again");
    service.wait_for("WATCHDOG=1");
    assert_eq!(service.stop(), Some(0));

    let mut allowed = BTreeSet::from([office.path("notify").to_str().unwrap().to_owned()]);
    for port in [mail.port(), endpoint.port(), list.port(), monitor.port()] {
        allowed.insert(format!("127.0.0.1 {port}"));
    }
    // localhost is both, on most machines; the servers are on one.
    let other = |target: &String| allowed.contains(&target.replacen("::1 ", "127.0.0.1 ", 1));
    let called: BTreeSet<_> = held(&whole(&office));
    let elsewhere: Vec<_> = called.iter().filter(|target| !other(target)).collect();
    assert_eq!(elsewhere, Vec::<&String>::new());
    let silent: Vec<_> = allowed.difference(&called).collect();
    assert_eq!(
        silent,
        Vec::<&String>::new(),
        "each was called, and so could have been seen"
    );

    // A round by itself takes the sheet, which the service would have taken a minute later.
    office
        .traced_at("2022-03-04 08:40:00", &strace, &["run", "--once"])
        .well();
    assert_eq!(office.count("select count(*) from cases"), 2);
    let elsewhere: Vec<_> = held(&whole(&office))
        .into_iter()
        .filter(|target| !other(target))
        .collect();
    assert_eq!(elsewhere, Vec::<String>::new());
}

#[test]
fn a_name_is_asked_of_the_resolver_alone() {
    if !can_trace() {
        return;
    }
    let mut office = Office::with("transport = \"smtp\"\n[mail.smtp]\nhost = \"mail.timeous.invalid\"\n");
    office.surround("RES_OPTIONS", "timeout:1 attempts:1");
    let trace = office.path("trace");
    let strace = ["-f", "-o", trace.to_str().unwrap(), "-e", CALLS, "-e", "signal=none"];
    let ran = office.traced_at(AT, &strace, &["mail", "test", "bjones@example.gov.uk"]);
    assert!(ran.complaint(1).contains("deferred at connect"), "{}", ran.err);
    assert_eq!(held(&whole(&office)), BTreeSet::new());
}

#[test]
fn a_trace_is_read_as_strace_writes_it() {
    let trace = "\
12 execve(\"/x/timeous\", [\"timeous\", \"run\"], 0x7ffe /* 9 vars */) = 0
12 clone3({flags=CLONE_VM|CLONE_THREAD, exit_signal=0} => {parent_tid=[0]}, 88) = 14
14 connect(9, {sa_family=AF_UNIX, sun_path=\"/var/run/nscd/socket\"}, 110) = -1 ENOENT (No such file or directory)
14 bind(9, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, 12) = 0
14 connect(9, {sa_family=AF_INET, sin_port=htons(25), sin_addr=inet_addr(\"10.0.0.1\")}, 16 <unfinished ...>
14 <... connect resumed>) = -1 EINPROGRESS (Operation now in progress)
14 connect(9, {sa_family=AF_UNSPEC, sa_data=\"\"}, 16) = 0
14 sendto(9, \"x\", 1, MSG_NOSIGNAL, NULL, 0) = 1
14 sendto(9, \"READY=1\", 7, MSG_NOSIGNAL, {sa_family=AF_UNIX, sun_path=\"/run/notify\"}, 14) = 7
14 connect(9, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), \
        inet_pton(AF_INET6, \"2001:db8::1\", &sin6_addr), sin6_scope_id=0}, 28) = 0
";
    let called: Vec<String> = held(trace).into_iter().collect();
    assert_eq!(called, ["/run/notify", "10.0.0.1 25", "2001:db8::1 443"]);
    for more in [
        "12 execve(\"/bin/sh\", [\"sh\"], 0x7ffe /* 9 vars */) = 0",
        "12 vfork( <unfinished ...>",
        "12 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD) = 20",
        "12 bind(9, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr(\"0.0.0.0\")}, 16) = 0",
        "12 listen(9, 128) = 0",
        "12 socket(AF_PACKET, SOCK_RAW, 0) = 3",
    ] {
        let text = format!("{trace}{more}\n");
        assert!(std::panic::catch_unwind(|| held(&text)).is_err(), "{more} was let pass");
    }
}

/// The modes of the files of a folder, for those whose name has this in it.
fn modes(office: &Office, folder: &str, part: &str) -> Vec<(String, u32)> {
    let files = std::fs::read_dir(office.path(folder)).unwrap().map(Result::unwrap);
    let mut found: Vec<(String, u32)> = files
        .map(|file| {
            (
                file.file_name().into_string().unwrap(),
                file.metadata().unwrap().permissions().mode() & 0o7777,
            )
        })
        .filter(|(name, _)| name.contains(part))
        .collect();
    found.sort();
    found
}

#[rstest]
#[case("000")]
#[case("022")]
#[case("077")]
fn whatever_the_umask_the_register_is_the_groups_and_a_mail_its_owners(#[case] umask: &str) {
    if !can_pretend() {
        return;
    }
    let office = Office::new();
    let done = "[ -e register.db-wal ] && [ -e register.db-shm ] && ls outbox/*.eml >/dev/null 2>&1";
    office
        .shell_at(
            "2022-03-04 08:30:00",
            &format!(
                "umask {umask}; timeous log IM-FOI-2022-0365 --received 2022-02-04 --officer bjones || exit 1
                 timeous run 2>log & service=$!
                 for i in $(seq 600); do {{ {done}; }} && break; sleep 0.1; done
                 stat -c '%a %n' register.db register.db-wal register.db-shm >while
                 timeous backup copy.db || exit 1
                 kill $service; wait $service"
            ),
        )
        .well();
    let open = std::fs::read_to_string(office.path("while")).unwrap();
    assert_eq!(open, "660 register.db\n660 register.db-wal\n660 register.db-shm\n");
    let group = |name: &str| (name.to_owned(), 0o660);
    let kept: Vec<_> = modes(&office, "", "register.db")
        .into_iter()
        .filter(|(name, _)| !name.contains("-"))
        .collect();
    assert_eq!(
        kept,
        [
            group("register.db"),
            group("register.db.daemon"),
            group("register.db.writer")
        ]
    );
    assert_eq!(modes(&office, "", "copy.db"), [group("copy.db")]);
    assert_eq!(modes(&office, "", "outbox"), [("outbox".to_owned(), 0o700)]);
    let mails = modes(&office, "outbox", "");
    assert!(
        !mails.is_empty() && mails.iter().all(|(_, mode)| *mode == 0o600),
        "{mails:?}"
    );
}

#[rstest]
#[case::password(
    "mail.smtp.secret",
    "auth = \"plain\"\nuser = \"u\"\nsecret = { file = \"the.secret\" }\n"
)]
#[case::client_secret(
    "mail.smtp.secret",
    "auth = \"xoauth2\"\nuser = \"u\"\nsecret = { file = \"the.secret\" }\n\
     oauth = { token_url = \"https://login.example/token\", client_id = \"ID\", scope = \"S\" }\n"
)]
#[case::heartbeat("watch.heartbeat", "[watch]\nheartbeat = { file = \"the.secret\" }\n")]
fn a_secret_that_others_can_read_is_refused_in_one_line(#[case] key: &str, #[case] lines: &str) {
    let office = Office::with(&format!(
        "transport = \"smtp\"\n[mail.smtp]\nhost = \"mail.example\"\n{lines}"
    ));
    office.secret("the.secret", "https://monitor.example/hunter2");
    let set =
        |mode| std::fs::set_permissions(office.path("the.secret"), std::fs::Permissions::from_mode(mode)).unwrap();
    for mode in [0o604, 0o640, 0o644, 0o660, 0o666, 0o601] {
        set(mode);
        for args in [
            &["run", "--once"][..],
            &["run"],
            &["status"],
            &["mail", "test", "bjones@example.gov.uk"],
        ] {
            let ran = office.run(args);
            let line = ran.complaint(2);
            assert!(
                line.contains(key) && line.contains("the.secret can be read by others; chmod 600 it"),
                "{line}"
            );
            assert!(!line.contains("hunter2"), "{line}");
        }
    }
    assert!(!office.path("register.db").exists(), "and nothing was begun");
    for mode in [0o600, 0o400] {
        set(mode);
        let ran = office.run(&["status"]);
        assert!(!ran.err.contains("read by others"), "{}", ran.err);
    }
}
