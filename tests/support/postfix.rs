//! A real Postfix on loopback, for tests that want a stranger's opinion of our mail.
//!
//! [`Postfix::start`] gives Debian's Postfix a configuration, queue, data directory and log of its own in a temporary
//! directory and starts it on a free port of 127.0.0.1. It delivers mail for `example.gov.uk` into Maildirs and for
//! nobody else: every other transport is `error`, and its `master.cf` has no SMTP client at all, so no mail can leave.
//! It needs root or a sudo that does not ask (Postfix changes users), but no systemd. Dropping the value stops it and removes the directory; should
//! a test die before that, Postfix ends itself after [`LONGEST_LIFE`].
//!
//! [`Postfix::start_guarded_or_skip`] has one that speaks TLS (`STARTTLS` on [`Postfix::port`], from the first byte on
//! [`Postfix::tls_port`]) and takes mail from whoever logs in with [`ACCOUNT`]. What it asks about passwords and tokens
//! is answered by a thread here that speaks Dovecot's protocol for that, so that nothing needs to be installed.

#![allow(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::print_stderr,
    dead_code,
    unreachable_pub,
    reason = "test code: it waits for another process by the machine's own clock, and no one test uses all of it"
)]

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Those who have a mailbox at `example.gov.uk`; anybody else there is refused with 550 at RCPT.
pub const USERS: [&str; 9] = [
    "bjones",
    "cbrown",
    "mgreen",
    "b.jones",
    "c.brown",
    "m.green",
    "foi",
    "postmaster",
    "müller",
];

/// The account, its password and its token on a guarded server.
pub const ACCOUNT: [&str; 3] = ["timeous@example.gov.uk", "wonder§land-1865", "a-good-token"];

/// Postfix's own limit on its life, in seconds, for the case that nobody stops it.
const LONGEST_LIFE: &str = "900";

/// The owner of the mailboxes when root runs the tests: Debian's `nobody`, for Postfix delivers as nobody below 100.
const NOBODY: u32 = 65534;

/// A running Postfix.
#[derive(Debug)]
pub struct Postfix {
    home: PathBuf,
    port: u16,
    tls_port: u16,
    ca: String,
    master: Child,
}

impl Postfix {
    /// Starts it; the error is a sentence that says what is missing or what Postfix itself complained of.
    pub fn start() -> Result<Self, String> {
        Self::start_as(false)
    }

    fn start_as(guarded: bool) -> Result<Self, String> {
        if !Path::new("/usr/sbin/postfix").exists() {
            return Err("postfix is not installed; tests/run installs it".to_owned());
        }
        if !as_root("true", &[]) {
            return Err("postfix changes users; run tests/run as root, or let sudo do without asking".to_owned());
        }
        let home = make_home().map_err(|e| format!("no temporary directory for postfix: {e}"))?;
        Self::start_in(&home, guarded).inspect_err(|_| remove(&home))
    }

    /// Starts it, or says on stderr why not and gives `None`. With `TIMEOUS_REQUIRE_TOOLS` set, as `tests/run` sets it,
    /// not being able to start is a failure.
    pub fn start_or_skip() -> Option<Self> {
        Self::or_skip(Self::start())
    }

    /// The same with TLS and accounts.
    pub fn start_guarded_or_skip() -> Option<Self> {
        Self::or_skip(Self::start_as(true))
    }

    fn or_skip(started: Result<Self, String>) -> Option<Self> {
        match started {
            Ok(postfix) => Some(postfix),
            Err(why) if std::env::var_os("TIMEOUS_REQUIRE_TOOLS").is_some() => panic!("{why}"),
            Err(why) => {
                eprintln!("not run: {why}");
                None
            }
        }
    }

    fn start_in(home: &Path, guarded: bool) -> Result<Self, String> {
        let (port, tls_port) = (free_port()?, free_port()?);
        let guard = match guarded {
            true => Some(guard(home).map_err(|e| format!("no guard for postfix: {e}"))?),
            false => None,
        };
        configure(home, port, tls_port, guard.as_ref())
            .map_err(|e| format!("cannot write postfix's configuration: {e}"))?;

        // Makes the queue's directories with the owners Postfix wants.
        let etc = home.join("etc").display().to_string();
        let check = privileged("/usr/sbin/postfix").args(["-c", &etc, "check"]).output();
        let check = check.map_err(|e| format!("cannot run postfix: {e}"))?;
        if !check.status.success() {
            return Err(format!(
                "postfix check failed: {}",
                String::from_utf8_lossy(&check.stderr)
            ));
        }
        let master = quiet(privileged("/usr/lib/postfix/sbin/master").args(["-e", LONGEST_LIFE, "-c", &etc]))
            .spawn()
            .map_err(|e| format!("cannot run postfix's master: {e}"))?;
        let postfix = Self {
            home: home.to_owned(),
            port,
            tls_port,
            ca: guard.map(|guard| guard.ca).unwrap_or_default(),
            master,
        };
        if postfix.wait_for_greeting(Duration::from_secs(20)) {
            Ok(postfix)
        } else {
            Err(format!(
                "postfix did not greet on port {port}; its log:\n{}",
                postfix.log()
            ))
        }
    }

    /// The port of 127.0.0.1 on which it takes mail.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The port on which a guarded server speaks TLS from the first byte.
    pub fn tls_port(&self) -> u16 {
        self.tls_port
    }

    /// The authority behind a guarded server's certificate, which is made out to `localhost`, as PEM.
    pub fn ca(&self) -> &str {
        &self.ca
    }

    /// The Maildir of one of [`USERS`]; its `new/` exists once mail has come.
    pub fn maildir(&self, user: &str) -> PathBuf {
        self.home.join("mail").join(user)
    }

    /// The files of the mails delivered to `user`, once there are `n` of them or `timeout` has passed; oldest first.
    pub fn wait_for_mail(&self, user: &str, n: usize, timeout: Duration) -> Vec<PathBuf> {
        let mut found = Vec::new();
        wait_until(timeout, || {
            found = fs::read_dir(self.maildir(user).join("new"))
                .map(|files| files.flatten().map(|file| file.path()).collect())
                .unwrap_or_default();
            found.len() >= n
        });
        found.sort_by_cached_key(|file| (fs::metadata(file).and_then(|m| m.modified()).ok(), file.clone()));
        found
    }

    /// Everything Postfix has logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.home.join("log")).unwrap_or_default()
    }

    /// Whether the log comes to hold `words` within `timeout`.
    pub fn wait_for_log(&self, words: &str, timeout: Duration) -> bool {
        wait_until(timeout, || self.log().contains(words))
    }

    /// Hands it a message by its own `sendmail`, past the port and its rules; whether it was taken.
    pub fn submit(&self, from: &str, to: &str, message: &str) -> bool {
        let etc = self.configuration().display().to_string();
        let mut sendmail = privileged("/usr/sbin/sendmail");
        let Ok(mut sendmail) = sendmail
            .args(["-C", &etc, "-f", from, "--", to])
            .stdin(Stdio::piped())
            .spawn()
        else {
            return false;
        };
        let written = sendmail
            .stdin
            .take()
            .is_some_and(|mut input| input.write_all(message.as_bytes()).is_ok());
        sendmail.wait().is_ok_and(|status| status.success()) && written
    }

    /// The directory with its `main.cf`.
    pub fn configuration(&self) -> PathBuf {
        self.home.join("etc")
    }

    fn wait_for_greeting(&self, timeout: Duration) -> bool {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        wait_until(timeout, || {
            let mut code = [0; 4];
            TcpStream::connect_timeout(&address, Duration::from_secs(1))
                .and_then(|mut line| {
                    line.set_read_timeout(Some(Duration::from_secs(5)))?;
                    line.read_exact(&mut code)
                })
                .is_ok_and(|()| &code == b"220 ")
        })
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // Quiet, and without a panic: this also runs while a failed test unwinds.
        let etc = self.configuration().display().to_string();
        as_root("/usr/sbin/postfix", &["-c", &etc, "stop"]);
        if !wait_until(Duration::from_secs(5), || matches!(self.master.try_wait(), Ok(Some(_)))) {
            // The master leads a process group of its own.
            let kill_all = "kill -KILL -- -$(tr -dc 0-9 <\"$0\")";
            as_root(
                "sh",
                &[
                    "-c",
                    kill_all,
                    &self.home.join("queue/pid/master.pid").display().to_string(),
                ],
            );
            let _ = self.master.kill();
            let _ = self.master.wait();
        }
        remove(&self.home);
    }
}

/// Who runs the tests: the owner of this very process.
fn own_id() -> u32 {
    fs::metadata("/proc/self").map_or(0, |own| own.uid())
}

/// A command as root: itself, or through a sudo that fails rather than ask.
fn privileged(program: &str) -> Command {
    if own_id() == 0 {
        return Command::new(program);
    }
    let mut sudo = Command::new("sudo");
    sudo.args(["-n", program]);
    sudo
}

fn quiet(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
}

/// Whether a command went well as root.
fn as_root(program: &str, arguments: &[&str]) -> bool {
    quiet(privileged(program).args(arguments))
        .status()
        .is_ok_and(|status| status.success())
}

/// Removes what [`make_home`] made, and what Postfix put there.
fn remove(home: &Path) {
    as_root("rm", &["-rf", "--", &home.display().to_string()]);
}

/// A new directory that Postfix's unprivileged processes can enter.
fn make_home() -> std::io::Result<PathBuf> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // Short, for the path of a Unix socket may have 107 bytes.
    let name = format!(
        "timeous-postfix-{}-{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    );
    let home = std::env::temp_dir().join(name);
    fs::create_dir(&home)?;
    for part in ["etc", "queue", "data", "mail"] {
        fs::create_dir(home.join(part))?;
    }
    fs::write(home.join("log"), "")?;
    for (part, owner) in [
        ("queue", "root"),
        ("data", "postfix"),
        ("mail", &mailbox_owner().to_string()),
    ] {
        if !as_root("chown", &[owner, &home.join(part).display().to_string()]) {
            remove(&home);
            return Err(std::io::Error::other(format!("{part} cannot be given to {owner}")));
        }
    }
    Ok(home)
}

/// Whoever can read the mailboxes: the tester, but never root.
fn mailbox_owner() -> u32 {
    match own_id() {
        0 => NOBODY,
        id => id,
    }
}

/// Asked for and given back: should another process take the port in between, Postfix says so in its log.
fn free_port() -> Result<u16, String> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|free| free.local_addr())
        .map(|address| address.port())
        .map_err(|e| format!("no free port: {e}"))
}

/// What a guarded server needs: its certificate's authority, and who answers its questions.
struct Guard {
    ca: String,
    answering: u16,
}

/// Writes a certificate and starts the thread that knows the account.
fn guard(home: &Path) -> std::io::Result<Guard> {
    let failed = std::io::Error::other::<rcgen::Error>;
    let mut params = rcgen::CertificateParams::new(Vec::new()).map_err(failed)?;
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let ca_key = rcgen::KeyPair::generate().map_err(failed)?;
    let ca = params.self_signed(&ca_key).map_err(failed)?;
    let issuer = rcgen::Issuer::new(params, ca_key);
    let key = rcgen::KeyPair::generate().map_err(failed)?;
    let leaf = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).map_err(failed)?;
    let leaf = leaf.signed_by(&key, &issuer).map_err(failed)?;
    fs::write(home.join("etc/cert.pem"), format!("{}{}", leaf.pem(), ca.pem()))?;
    fs::write(home.join("etc/key.pem"), key.serialize_pem())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let answering = listener.local_addr()?.port();
    // It ends with the test's process; Postfix's own processes hold their lines open until they end.
    std::thread::spawn(move || {
        for line in listener.incoming().flatten() {
            std::thread::spawn(move || answer_questions(line));
        }
    });
    Ok(Guard {
        ca: ca.pem(),
        answering,
    })
}

/// Dovecot's authentication protocol, version 1, as far as Postfix speaks it.
fn answer_questions(mut line: TcpStream) -> std::io::Result<()> {
    let hello = "VERSION\t1\t2\nMECH\tPLAIN\tplaintext\nMECH\tLOGIN\tplaintext\nMECH\tXOAUTH2\tplaintext\n\
                 SPID\t1\nCUID\t1\nCOOKIE\t0123456789abcdef0123456789abcdef\nDONE\n";
    line.write_all(hello.as_bytes())?;
    let mut questions = std::io::BufReader::new(line.try_clone()?);
    // Per question: the mechanism, and what LOGIN has said so far.
    let mut open: std::collections::BTreeMap<String, (String, Vec<String>)> = std::collections::BTreeMap::new();
    loop {
        let mut question = String::new();
        if std::io::BufRead::read_line(&mut questions, &mut question)? == 0 {
            return Ok(());
        }
        let words: Vec<&str> = question.trim_end_matches('\n').split('\t').collect();
        let (id, said) = match words[..] {
            ["AUTH", id, mechanism, ..] => {
                open.insert(id.to_owned(), (mechanism.to_owned(), Vec::new()));
                (id, words.iter().find_map(|word| word.strip_prefix("resp=")))
            }
            ["CONT", id, said] => (id, Some(said)),
            _ => continue,
        };
        let Some((mechanism, heard)) = open.get_mut(id) else {
            continue;
        };
        heard.extend(said.map(decoded));
        line.write_all(verdict(id, mechanism, heard).as_bytes())?;
    }
}

/// What is said to a question, from what was heard.
fn verdict(id: &str, mechanism: &str, heard: &[String]) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let [user, password, token] = ACCOUNT;
    let asks = |words: &str| format!("CONT\t{id}\t{}\n", STANDARD.encode(words));
    let good = match (mechanism, heard) {
        ("LOGIN", []) => return asks("Username:"),
        ("LOGIN", [_]) => return asks("Password:"),
        ("LOGIN", [name, secret]) => name == user && secret == password,
        ("PLAIN", [proof]) => *proof == format!("\0{user}\0{password}"),
        ("XOAUTH2", [proof]) if *proof == format!("user={user}\u{1}auth=Bearer {token}\u{1}\u{1}") => true,
        // The challenge first, and the refusal once it has been answered.
        ("XOAUTH2", [_]) => return asks(r#"{"status":"401","schemes":"bearer","scope":"mail"}"#),
        _ => false,
    };
    match good {
        true => format!("OK\t{id}\tuser={user}\n"),
        false => format!("FAIL\t{id}\tuser={user}\n"),
    }
}

fn decoded(words: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    String::from_utf8(STANDARD.decode(words).unwrap_or_default()).unwrap_or_default()
}

fn configure(home: &Path, port: u16, tls_port: u16, guard: Option<&Guard>) -> std::io::Result<()> {
    let at = home.display();
    let owner = mailbox_owner();
    let tls = match guard {
        None => "smtpd_tls_security_level = none".to_owned(),
        Some(Guard { answering, .. }) => format!(
            "smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = {at}/etc/cert.pem
smtpd_tls_key_file = {at}/etc/key.pem
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{answering}
smtpd_client_restrictions = permit_sasl_authenticated, reject"
        ),
    };
    let main = format!(
        "compatibility_level = 3.6
queue_directory = {at}/queue
data_directory = {at}/data
maillog_file = {at}/log
maillog_file_prefixes = {at}
myhostname = mx.example.gov.uk
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_peername_lookup = no
{tls}
alias_maps =
alias_database =
local_recipient_maps =
biff = no

virtual_mailbox_domains = example.gov.uk
virtual_mailbox_base = {at}/mail
virtual_mailbox_maps = texthash:{at}/etc/users
virtual_uid_maps = static:{owner}
virtual_gid_maps = static:{owner}

# Refused at RCPT; and should anything pass that, there is no way out either.
smtpd_relay_restrictions = reject_unauth_destination
default_transport = error:no mail leaves this machine
relay_transport = error:no mail leaves this machine
local_transport = error:no local mailboxes
"
    );
    // No smtp, relay or lmtp client: nothing here could speak to another machine.
    let wrapped = match guard {
        None => String::new(),
        Some(_) => format!(
            "127.0.0.1:{tls_port} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
tlsmgr  unix - - n 1000? 1 tlsmgr
"
        ),
    };
    let master = format!(
        "127.0.0.1:{port} inet n - n - - smtpd
{wrapped}pickup  unix n - n 1 1 pickup
cleanup unix n - n - 0 cleanup
qmgr    unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce  unix - - n - 0 bounce
defer   unix - - n - 0 bounce
trace   unix - - n - 0 bounce
error   unix - - n - - error
retry   unix - - n - - error
virtual unix - n n - - virtual
anvil   unix - - n - 1 anvil
showq   unix n - n - - showq
postlog unix-dgram n - n - 1 postlogd
"
    );
    let users: Vec<String> = USERS
        .iter()
        .map(|user| format!("{user}@example.gov.uk {user}/\n"))
        .collect();
    fs::write(home.join("etc/main.cf"), main)?;
    fs::write(home.join("etc/master.cf"), master)?;
    fs::write(home.join("etc/users"), users.concat())
}

fn wait_until(timeout: Duration, mut done: impl FnMut() -> bool) -> bool {
    let began = Instant::now();
    while !done() {
        if began.elapsed() >= timeout {
            return false;
        }
        sleep(Duration::from_millis(20));
    }
    true
}
