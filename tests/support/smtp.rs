//! A mail server on loopback that does as it is told, also the wrong thing at
//! the wrong moment.
//!
//! ```ignore
//! mod support;
//! use support::smtp::{At, Do, Script, Server};
//!
//! // All goes well on every connection:
//! let server = Server::start();
//! // The first connection refuses a recipient, all later ones are good:
//! let server = Server::build().script(Script::new().at(At::Rcpt, Do::reply(550, "no"))).start();
//! ```
//!
//! - [`Server::port`], [`Server::ca`]: where to connect on `127.0.0.1` (or
//!   `localhost`), and the PEM of the throw-away authority behind its
//!   certificate, which is made out to `localhost` alone.
//! - A [`Script`] governs one connection, the first script the first
//!   connection; connections beyond the scripts follow [`Build::rest`] (all
//!   well, unless said otherwise). Within a script each [`Script::at`] is used
//!   once, in the order given: two `at(At::Mail, …)` are for the first two
//!   `MAIL` commands. What is not scripted goes well.
//! - [`Server::accepted`]: every mail *truly taken*, also one whose sender was
//!   never told ([`Do::AcceptThenClose`]).
//! - [`Server::commands`], [`Server::connections`]: what was asked of it.
//! - [`Do::Gate`] at [`At::Dot`] holds the answer until [`Server::release`];
//!   [`Server::wait_held`] returns once a mail is held. It counts as accepted
//!   when it is released.
//!
//! It runs on plain threads, so a test needs no runtime for it. Dropping the
//! server cuts every connection, joins the threads, and fails the test if one
//! of them panicked.

use std::{
    collections::{BTreeMap, VecDeque},
    io::{self, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio_rustls::rustls::{
    self, ServerConfig, ServerConnection, StreamOwned,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

/// The moments at which a script can interfere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// Before the greeting (under implicit TLS: after the handshake).
    Greeting,
    Ehlo,
    StartTls,
    /// In place of the handshake, after `220` to `STARTTLS` or, under implicit
    /// TLS, after the connection.
    Handshake,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// After `354`, before the message is read. [`Do::Close`] reads a little
    /// first, so that the sender has begun; [`Do::Hang`] reads nothing.
    Body,
    /// After the final dot.
    Dot,
    Quit,
}

/// What to do at such a moment.
#[derive(Debug, Clone)]
pub enum Do {
    /// Say this. A `2xx` at [`At::Dot`] takes the mail.
    Reply(u16, String),
    /// Wait, then say this.
    Late(Duration, u16, String),
    /// Send these bytes as they are. At [`At::StartTls`] the handshake follows.
    Raw(Vec<u8>),
    /// Close the connection without a word.
    Close,
    /// Take the mail and close before saying so (only at [`At::Dot`]).
    AcceptThenClose,
    /// Say half a reply, then close. At [`At::Dot`] the mail is taken.
    Half,
    /// Send a reply that has this many bytes in a single line.
    Huge(usize),
    /// Say nothing, keep the connection open.
    Hang,
    /// Wait for [`Server::release`], then go on as if nothing had been scripted.
    Gate,
}

impl Do {
    pub fn reply(code: u16, text: &str) -> Do {
        Do::Reply(code, text.to_owned())
    }
}

/// The behaviour of one connection.
#[derive(Debug, Clone, Default)]
pub struct Script(VecDeque<(At, Do)>);

impl Script {
    /// All goes well.
    pub fn new() -> Script {
        Script::default()
    }

    pub fn at(mut self, at: At, what: Do) -> Script {
        self.0.push_back((at, what));
        self
    }

    fn next(&mut self, at: At) -> Option<Do> {
        let found = self.0.iter().position(|(when, _)| *when == at)?;
        self.0.remove(found).map(|(_, what)| what)
    }
}

/// A mail the server has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Without angle brackets; empty if the mail had none.
    pub message_id: String,
    /// The envelope, without angle brackets.
    pub from: String,
    pub to: String,
    /// The message with the doubled dots undone.
    pub data: Vec<u8>,
}

#[derive(Default)]
struct Notes {
    scripts: VecDeque<Script>,
    rest: Script,
    accepted: Vec<Received>,
    commands: Vec<String>,
    connections: usize,
    held: usize,
    released: usize,
    /// The open connections by number, to be cut when the test is over.
    sockets: BTreeMap<usize, TcpStream>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared {
    notes: Mutex<Notes>,
    changed: Condvar,
    over: AtomicBool,
    tls: Arc<ServerConfig>,
    implicit: bool,
    starttls: bool,
    auth: Option<(String, String)>,
    bearers: Mutex<Vec<String>>,
    mechanisms: String,
    extensions: Vec<String>,
    refused: Vec<String>,
}

impl Shared {
    fn notes(&self) -> MutexGuard<'_, Notes> {
        // A panic elsewhere is reported when its thread is joined.
        self.notes.lock().unwrap_or_else(|broken| broken.into_inner())
    }
}

/// A server in the making.
#[derive(Default)]
pub struct Build {
    scripts: VecDeque<Script>,
    rest: Script,
    implicit: bool,
    starttls: bool,
    auth: Option<(String, String)>,
    bearers: Vec<String>,
    mechanisms: Option<String>,
    extensions: Vec<String>,
    refused: Vec<String>,
}

impl Build {
    /// The script of the next connection.
    pub fn script(mut self, script: Script) -> Build {
        self.scripts.push_back(script);
        self
    }

    /// The script of every connection beyond the scripted ones.
    pub fn rest(mut self, script: Script) -> Build {
        self.rest = script;
        self
    }

    /// TLS from the first byte.
    pub fn implicit_tls(mut self) -> Build {
        self.implicit = true;
        self
    }

    /// Offers `STARTTLS`.
    pub fn starttls(mut self) -> Build {
        self.starttls = true;
        self
    }

    /// Offers `AUTH PLAIN LOGIN` and takes this account alone; without it, no
    /// `MAIL`. Where `STARTTLS` is offered, `AUTH` is offered after it only.
    pub fn account(mut self, user: &str, secret: &str) -> Build {
        self.auth = Some((user.to_owned(), secret.to_owned()));
        self
    }

    /// Offers `AUTH XOAUTH2` instead and takes this account with this token alone (see [`Server::take_token`]).
    pub fn bearer(mut self, user: &str, token: &str) -> Build {
        self.auth = Some((user.to_owned(), String::new()));
        self.bearers.push(token.to_owned());
        self.mechanisms = Some("XOAUTH2".to_owned());
        self
    }

    /// Offers this extension too.
    pub fn offers(mut self, extension: &str) -> Build {
        self.extensions.push(extension.to_owned());
        self
    }

    /// Refuses this mailbox for good, on every connection.
    pub fn refuses(mut self, mailbox: &str) -> Build {
        self.refused.push(mailbox.to_owned());
        self
    }

    /// Offers these instead of `PLAIN LOGIN`.
    pub fn mechanisms(mut self, mechanisms: &str) -> Build {
        self.mechanisms = Some(mechanisms.to_owned());
        self
    }

    pub fn start(self) -> Server {
        let (tls, ca) = certificate();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            notes: Mutex::new(Notes {
                scripts: self.scripts,
                rest: self.rest,
                ..Notes::default()
            }),
            changed: Condvar::new(),
            over: AtomicBool::new(false),
            tls: Arc::new(tls),
            implicit: self.implicit,
            starttls: self.starttls,
            auth: self.auth,
            bearers: Mutex::new(self.bearers),
            mechanisms: self.mechanisms.unwrap_or_else(|| "PLAIN LOGIN".to_owned()),
            extensions: self.extensions,
            refused: self.refused,
        });
        let for_thread = Arc::clone(&shared);
        let listening = thread::spawn(move || listen(&listener, &for_thread));
        Server {
            port,
            ca,
            shared,
            listening: Some(listening),
        }
    }
}

/// A running server.
pub struct Server {
    port: u16,
    ca: String,
    shared: Arc<Shared>,
    listening: Option<JoinHandle<()>>,
}

impl Server {
    /// A server on which all goes well, without TLS and `AUTH`.
    pub fn start() -> Server {
        Server::build().start()
    }

    pub fn build() -> Build {
        Build::default()
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The authority that signed the server's certificate, as PEM.
    pub fn ca(&self) -> &str {
        &self.ca
    }

    /// From now on this token is taken, and no other.
    pub fn take_token(&self, token: &str) {
        *self.shared.bearers.lock().unwrap() = vec![token.to_owned()];
    }

    pub fn accepted(&self) -> Vec<Received> {
        self.shared.notes().accepted.clone()
    }

    /// The Message-IDs of [`Server::accepted`], in order.
    pub fn accepted_ids(&self) -> Vec<String> {
        self.accepted().into_iter().map(|mail| mail.message_id).collect()
    }

    /// Every command line of every connection, and the lines of `AUTH LOGIN`.
    pub fn commands(&self) -> Vec<String> {
        self.shared.notes().commands.clone()
    }

    pub fn connections(&self) -> usize {
        self.shared.notes().connections
    }

    /// Waits until no connection is open, so that whatever was sent has been taken or not; false after ten seconds.
    pub fn wait_quiet(&self) -> bool {
        for _ in 0..5_000 {
            if self.shared.notes().sockets.is_empty() {
                return true;
            }
            thread::sleep(Duration::from_millis(2));
        }
        false
    }

    /// Lets one held mail (or other held moment) go on, now or when it comes.
    pub fn release(&self) {
        self.shared.notes().released += 1;
        self.shared.changed.notify_all();
    }

    /// Waits until a [`Do::Gate`] holds something; false after ten seconds.
    pub fn wait_held(&self) -> bool {
        let waiting = self
            .shared
            .changed
            .wait_timeout_while(self.shared.notes(), Duration::from_secs(10), |notes| notes.held == 0);
        waiting.is_ok_and(|(notes, _)| notes.held > 0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        // Wakes the listener from accept().
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        let mut failed = self.listening.take().is_some_and(|t| t.join().is_err());
        let (threads, sockets) = {
            let mut notes = self.shared.notes();
            (std::mem::take(&mut notes.threads), std::mem::take(&mut notes.sockets))
        };
        for socket in sockets.values() {
            let _ = socket.shutdown(Shutdown::Both);
        }
        self.shared.changed.notify_all();
        for thread in threads {
            failed |= thread.join().is_err();
        }
        if failed && !thread::panicking() {
            panic!("a thread of the mail server panicked: see above");
        }
    }
}

/// A throw-away authority and a certificate for `localhost` signed by it.
fn certificate() -> (ServerConfig, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_key = KeyPair::generate().unwrap();
    let ca = params.self_signed(&ca_key).unwrap();
    let issuer = Issuer::new(params, ca_key);
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let leaf = leaf.signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)
        .unwrap();
    (config, ca.pem())
}

fn listen(listener: &TcpListener, shared: &Arc<Shared>) {
    for tcp in listener.incoming() {
        if shared.over.load(Ordering::SeqCst) {
            return;
        }
        let tcp = tcp.unwrap();
        let (number, script) = {
            let mut notes = shared.notes();
            notes.connections += 1;
            let number = notes.connections;
            notes.sockets.insert(number, tcp.try_clone().unwrap());
            let next = notes.scripts.pop_front();
            (number, next.unwrap_or_else(|| notes.rest.clone()))
        };
        let for_thread = Arc::clone(shared);
        let talking = thread::spawn(move || {
            // An error here is the client going away, which is its right.
            let _ = Talk::new(tcp, script, Arc::clone(&for_thread)).run();
            // The last hold on the socket: without this it stays open.
            for_thread.notes().sockets.remove(&number);
        });
        shared.notes().threads.push(talking);
    }
}

trait Both: Read + Write {}
impl<T: Read + Write> Both for T {}

struct Talk {
    tcp: TcpStream,
    line: Box<dyn Both>,
    held: Vec<u8>,
    script: Script,
    shared: Arc<Shared>,
    protected: bool,
    known: bool,
    from: String,
    to: String,
}

/// Whether to go on after a scripted moment.
enum Then {
    /// Nothing was scripted, or a gate opened: do the usual.
    Usual,
    /// It has been answered with this code.
    Said(u16),
    /// It has been answered with raw bytes.
    Raw,
}

impl Talk {
    fn new(tcp: TcpStream, script: Script, shared: Arc<Shared>) -> Talk {
        Talk {
            line: Box::new(tcp.try_clone().unwrap()),
            tcp,
            held: Vec::new(),
            script,
            shared,
            protected: false,
            known: false,
            from: String::new(),
            to: String::new(),
        }
    }

    fn run(&mut self) -> io::Result<()> {
        if self.shared.implicit {
            self.protect()?;
        }
        self.answer(At::Greeting, 220, "localhost ready")?;
        loop {
            let line = self.command()?;
            let verb = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => self.ehlo()?,
                "STARTTLS" => match self.moment(At::StartTls)? {
                    Then::Usual => {
                        self.say(220, "go ahead")?;
                        self.protect()?;
                    }
                    Then::Said(220) | Then::Raw => self.protect()?,
                    Then::Said(_) => {}
                },
                "AUTH" => self.auth(&line)?,
                "MAIL" if self.shared.auth.is_some() && !self.known => {
                    self.say(530, "5.7.0 authentication required")?;
                }
                "MAIL" => {
                    self.from = between_brackets(&line);
                    self.answer(At::Mail, 250, "2.1.0 ok")?;
                }
                "RCPT" if self.shared.refused.contains(&between_brackets(&line)) => {
                    self.say(550, "5.1.1 no such mailbox")?;
                }
                "RCPT" => {
                    self.to = between_brackets(&line);
                    self.answer(At::Rcpt, 250, "2.1.5 ok")?;
                }
                "DATA" => {
                    if self.answer(At::Data, 354, "go ahead")? == 354 {
                        self.body()?;
                    }
                }
                "RSET" | "NOOP" => self.say(250, "ok")?,
                "QUIT" => {
                    self.answer(At::Quit, 221, "bye")?;
                    return Ok(());
                }
                _ => self.say(500, "5.5.2 what?")?,
            }
        }
    }

    fn ehlo(&mut self) -> io::Result<()> {
        if !matches!(self.moment(At::Ehlo)?, Then::Usual) {
            return Ok(());
        }
        let mut lines = vec!["localhost".to_owned(), "SIZE 10000000".to_owned()];
        if self.shared.starttls && !self.protected {
            lines.push("STARTTLS".to_owned());
        } else if self.shared.auth.is_some() {
            lines.push(format!("AUTH {}", self.shared.mechanisms));
        }
        lines.extend(self.shared.extensions.iter().cloned());
        let last = lines.len() - 1;
        for (n, line) in lines.iter().enumerate() {
            let sign = if n == last { ' ' } else { '-' };
            self.raw(format!("250{sign}{line}\r\n").as_bytes())?;
        }
        Ok(())
    }

    fn auth(&mut self, line: &str) -> io::Result<()> {
        use base64::{Engine, engine::general_purpose::STANDARD};
        if !matches!(self.moment(At::Auth)?, Then::Usual) {
            return Ok(());
        }
        let (user, secret) = self.shared.auth.clone().unwrap_or_default();
        if let Some(proof) = line.strip_prefix("AUTH XOAUTH2 ") {
            return self.bearer(&user, proof);
        }
        self.known = if let Some(proof) = line.strip_prefix("AUTH PLAIN ") {
            proof == STANDARD.encode(format!("\0{user}\0{secret}"))
        } else {
            self.raw(b"334 VXNlcm5hbWU6\r\n")?;
            let name = self.command()? == STANDARD.encode(user);
            self.raw(b"334 UGFzc3dvcmQ6\r\n")?;
            (self.command()? == STANDARD.encode(secret)) && name
        };
        if self.known {
            self.say(235, "2.7.0 welcome")
        } else {
            self.say(535, "5.7.8 wrong user or secret")
        }
    }

    /// As Exchange does it: a challenge with the reason, an empty line, and only then the refusal.
    fn bearer(&mut self, user: &str, proof: &str) -> io::Result<()> {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let proof = String::from_utf8(STANDARD.decode(proof).unwrap_or_default()).unwrap_or_default();
        let taken = self.shared.bearers.lock().unwrap().clone();
        let good = |token: &String| proof == format!("user={user}\u{1}auth=Bearer {token}\u{1}\u{1}");
        self.known = taken.iter().any(good);
        if self.known {
            return self.say(235, "2.7.0 welcome");
        }
        let challenge = STANDARD.encode(r#"{"status":"401","schemes":"bearer","scope":"https://mail/"}"#);
        self.raw(format!("334 {challenge}\r\n").as_bytes())?;
        match self.command()?.as_str() {
            "" => self.say(535, "5.7.3 Authentication unsuccessful"),
            other => panic!("an empty line is due after the challenge, not {other:?}"),
        }
    }

    fn body(&mut self) -> io::Result<()> {
        match self.script.next(At::Body) {
            Some(Do::Close) => {
                self.fill()?;
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            Some(what) => {
                self.act(what)?;
            }
            None => {}
        }
        let mut data = Vec::new();
        loop {
            let line = self.read_line()?;
            match line.strip_prefix(b".") {
                Some(b"\r\n") => break,
                Some(rest) => data.extend_from_slice(rest),
                None => data.extend_from_slice(&line),
            }
        }
        let mail = Received {
            message_id: message_id(&data),
            from: std::mem::take(&mut self.from),
            to: std::mem::take(&mut self.to),
            data,
        };
        let take = |shared: &Shared| shared.notes().accepted.push(mail);
        // Taken before it is said: a client that has its reply must find it.
        match self.script.next(At::Dot) {
            None => {
                take(&self.shared);
                self.say(250, "2.0.0 taken")
            }
            Some(Do::AcceptThenClose) => {
                take(&self.shared);
                Err(io::ErrorKind::ConnectionAborted.into())
            }
            Some(Do::Gate) => {
                self.act(Do::Gate)?;
                take(&self.shared);
                self.say(250, "2.0.0 taken")
            }
            Some(what) => {
                if let Do::Reply(200..300, _) | Do::Late(_, 200..300, _) | Do::Half = what {
                    take(&self.shared);
                }
                self.act(what).map(|_| ())
            }
        }
    }

    /// Says what the script has for this moment, or else this; the code said.
    fn answer(&mut self, at: At, code: u16, text: &str) -> io::Result<u16> {
        match self.moment(at)? {
            Then::Usual => self.say(code, text).map(|()| code),
            Then::Said(code) => Ok(code),
            Then::Raw => Ok(0),
        }
    }

    fn moment(&mut self, at: At) -> io::Result<Then> {
        match self.script.next(at) {
            Some(what) => self.act(what),
            None => Ok(Then::Usual),
        }
    }

    fn act(&mut self, what: Do) -> io::Result<Then> {
        match what {
            Do::Reply(code, text) => self.say(code, &text).map(|()| Then::Said(code)),
            Do::Late(wait, code, text) => {
                thread::sleep(wait);
                self.say(code, &text).map(|()| Then::Said(code))
            }
            Do::Raw(bytes) => self.raw(&bytes).map(|()| Then::Raw),
            Do::Close | Do::AcceptThenClose => Err(io::ErrorKind::ConnectionAborted.into()),
            Do::Half => {
                self.raw(b"250-2.0.0 tak")?;
                Err(io::ErrorKind::ConnectionAborted.into())
            }
            Do::Huge(bytes) => {
                self.raw(b"250-")?;
                for _ in 0..bytes / 1000 {
                    self.raw(&[b'x'; 1000])?;
                }
                self.raw(b"\r\n250 done\r\n").map(|()| Then::Said(250))
            }
            Do::Hang => {
                let mut notes = self.shared.notes();
                while !self.shared.over.load(Ordering::SeqCst) {
                    let wait = self.shared.changed.wait_timeout(notes, Duration::from_millis(100));
                    notes = wait.unwrap_or_else(|broken| broken.into_inner()).0;
                }
                Err(io::ErrorKind::ConnectionAborted.into())
            }
            Do::Gate => {
                let mut notes = self.shared.notes();
                notes.held += 1;
                self.shared.changed.notify_all();
                while notes.released == 0 && !self.shared.over.load(Ordering::SeqCst) {
                    let wait = self.shared.changed.wait_timeout(notes, Duration::from_millis(100));
                    notes = wait.unwrap_or_else(|broken| broken.into_inner()).0;
                }
                notes.held -= 1;
                notes.released = notes.released.saturating_sub(1);
                if self.shared.over.load(Ordering::SeqCst) {
                    return Err(io::ErrorKind::ConnectionAborted.into());
                }
                Ok(Then::Usual)
            }
        }
    }

    fn protect(&mut self) -> io::Result<()> {
        self.moment(At::Handshake)?;
        let tls = ServerConnection::new(Arc::clone(&self.shared.tls)).map_err(io::Error::other)?;
        self.line = Box::new(StreamOwned::new(tls, self.tcp.try_clone()?));
        self.held.clear();
        self.protected = true;
        Ok(())
    }

    fn command(&mut self) -> io::Result<String> {
        let line = String::from_utf8_lossy(&self.read_line()?).trim_end().to_owned();
        self.shared.notes().commands.push(line.clone());
        Ok(line)
    }

    fn read_line(&mut self) -> io::Result<Vec<u8>> {
        let mut looked = 0;
        loop {
            if let Some(end) = self.held[looked..].iter().position(|b| *b == b'\n') {
                return Ok(self.held.drain(..=looked + end).collect());
            }
            looked = self.held.len();
            self.fill()?;
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        let mut chunk = [0; 4096];
        match self.line.read(&mut chunk)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            n => {
                self.held.extend_from_slice(&chunk[..n]);
                Ok(())
            }
        }
    }

    fn say(&mut self, code: u16, text: &str) -> io::Result<()> {
        self.raw(format!("{code} {text}\r\n").as_bytes())
    }

    fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.line.write_all(bytes)?;
        self.line.flush()
    }
}

fn between_brackets(line: &str) -> String {
    let inner = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map(|(inner, _)| inner.to_owned()).unwrap_or_default()
}

fn message_id(data: &[u8]) -> String {
    String::from_utf8_lossy(data)
        .lines()
        .take_while(|line| !line.is_empty())
        .find(|line| line.to_ascii_lowercase().starts_with("message-id:"))
        .map(between_brackets)
        .unwrap_or_default()
}
