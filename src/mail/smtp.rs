//! Handing a mail to a server, stage by stage.
//!
//! The dialogue is our own, some two hundred lines over a plain socket, and not
//! `lettre`'s `AsyncSmtpConnection`; `lettre` only builds the message. Its
//! client (as of 0.11.23) does not fit what is needed here:
//!
//! - body and final dot go out in one call, so a connection lost *before* the
//!   dot cannot be told from one lost after it;
//! - `STARTTLS`, handshake and second `EHLO` are one call too, and what the
//!   server sent ahead of the handshake is kept and read as if it had come
//!   protected (RFC 3207, section 6, warns of it);
//! - a reply line is read to its end however long, before its length is looked
//!   at;
//! - an `EHLO` reply with a line of only a space panics;
//! - with its `tracing` feature it logs every line at debug level, addresses
//!   and passwords with it.
//!
//! The simple safe thing is done throughout: one recipient a transaction, each
//! stage under its own limit, and after anything but success the connection is
//! dropped, never used again half-way.

mod login;
#[doc(hidden)]
pub mod replies;
mod settings;
mod tls;
mod wire;

use std::{future::Future, io, net::SocketAddr, time::Duration};

use chrono::{DateTime, Utc};
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};

use super::{
    message::{Rendered, check_email, needs_smtputf8},
    outcome::{Outcome, Stage},
};
use login::Credentials;
use replies::Reply;
pub use settings::{Auth, Security, Settings, SettingsError, Timeouts};
use wire::{Broken, Wire, stuffed};

/// How long a polite goodbye may take.
const QUIT: Duration = Duration::from_secs(5);
/// The most addresses of one host that are tried.
const ADDRESSES_MAX: usize = 8;

/// An open connection to a mail server, greeted, protected and logged in.
///
/// Mails go through it one after the other for as long as it is
/// [usable](Session::usable).
pub struct Session {
    /// None once anything has gone wrong.
    wire: Option<Wire>,
    timeouts: Timeouts,
    /// The server takes addresses beyond ASCII.
    smtputf8: bool,
}

impl Session {
    /// Connects, greets, protects the line and logs in, as `settings` say. `now` tells whether a token is still
    /// good; where a fresh one is needed it is fetched first, so that no server is kept waiting.
    ///
    /// # Errors
    ///
    /// [`Outcome::Deferred`] or [`Outcome::Refused`] at [`Stage::Connect`],
    /// [`Stage::Hello`], [`Stage::Tls`] or [`Stage::Auth`]. Settings that do
    /// not pass [`Settings::check`] are refused before anything is sent.
    pub async fn open(settings: &Settings, now: DateTime<Utc>) -> Result<Session, Outcome> {
        settings
            .check()
            .map_err(|error| Outcome::refused(Stage::Connect, &error.to_string()))?;
        let times = settings.timeouts;
        let credentials = Credentials::prepare(&settings.auth, now, times.token).await?;
        let tcp = connect(settings).await?;
        let client = match (&settings.client_name, tcp.local_addr()) {
            (Some(name), _) => name.clone(),
            (None, Ok(SocketAddr::V4(own))) => format!("[{}]", own.ip()),
            (None, Ok(SocketAddr::V6(own))) => format!("[IPv6:{}]", own.ip()),
            (None, Err(_)) => "[127.0.0.1]".to_owned(),
        };
        let protect = |tcp| async {
            let ca = settings.ca.as_deref();
            match timeout(times.tls, tls::wrap(tcp, &settings.host, ca)).await {
                Ok(wrapped) => wrapped.map(Wire::tls),
                Err(_) => Err(lost(Stage::Tls, &Broken::TooSlow(times.tls))),
            }
        };
        let mut wire = match settings.security {
            Security::Implicit => protect(tcp).await?,
            Security::StartTls | Security::None => Wire::plain(tcp),
        };
        let greeting = asked(Stage::Hello, times.hello, wire.reply()).await?;
        expect(Stage::Hello, &greeting, 220)?;
        let mut offers = hello(&mut wire, &client, times.hello).await?;
        if settings.security == Security::StartTls {
            if !offers.starttls {
                let why = "the server does not offer STARTTLS, which the settings require";
                return Err(Outcome::refused(Stage::Tls, why));
            }
            let reply = asked(Stage::Tls, times.tls, wire.command("STARTTLS")).await?;
            expect(Stage::Tls, &reply, 220)?;
            wire.nothing_left().map_err(|broken| lost(Stage::Tls, &broken))?;
            let Some(tcp) = wire.into_tcp() else {
                return Err(Outcome::deferred(Stage::Tls, "the line is protected already"));
            };
            wire = protect(tcp).await?;
            // What was offered in the clear may have been said by anybody.
            offers = hello(&mut wire, &client, times.hello).await?;
        }
        credentials.perform(&mut wire, &offers.mechanisms, times).await?;
        Ok(Session {
            wire: Some(wire),
            timeouts: times,
            smtputf8: offers.smtputf8,
        })
    }

    /// Hands over one mail. After anything but [`Outcome::Accepted`] the
    /// connection is gone and [`Session::usable`] says so, save when the
    /// addresses of `mail` are no addresses: then nothing was sent.
    pub async fn send(&mut self, mail: &Rendered) -> Outcome {
        for (stage, address) in [(Stage::Mail, &mail.from), (Stage::Rcpt, &mail.to)] {
            if let Err(error) = check_email(address) {
                return Outcome::refused(stage, &error.to_string());
            }
            if needs_smtputf8(address) && !self.smtputf8 {
                let why = "the mailbox has letters outside ASCII, and the server does not offer SMTPUTF8";
                return Outcome::refused(stage, why);
            }
        }
        // Taken out before the first await: if this future is dropped half-way
        // the wire goes with it and cannot be mistaken for a fresh one.
        let Some(mut wire) = self.wire.take() else {
            return Outcome::deferred(Stage::Connect, "the connection is no longer usable");
        };
        match transaction(&mut wire, mail, &self.timeouts).await {
            Ok(reply) => {
                if wire.nothing_left().is_ok() {
                    self.wire = Some(wire);
                }
                Outcome::accepted(&reply.words())
            }
            Err(outcome) => outcome,
        }
    }

    /// Whether another mail may go through this connection. A server that has
    /// gone away meanwhile is only noticed by trying.
    #[must_use]
    pub fn usable(&self) -> bool {
        self.wire.is_some()
    }

    /// Whether the socket sends small writes at once (`TCP_NODELAY`). With
    /// Nagle's algorithm the dot would wait some 40 ms for each mail.
    ///
    /// # Errors
    ///
    /// The operating system's, or [`io::ErrorKind::NotConnected`] once the
    /// session is unusable.
    pub fn nodelay(&self) -> io::Result<bool> {
        match &self.wire {
            Some(wire) => wire.tcp().nodelay(),
            None => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    /// Says goodbye, for five seconds at most. Every mail's outcome is settled
    /// by now, so whatever comes back decides nothing.
    pub async fn close(self) {
        if let Some(mut wire) = self.wire {
            let _ = timeout(QUIT, wire.command("QUIT")).await;
        }
    }
}

/// Resolves the host and connects to the first of its addresses that answers.
/// Each gets its share of the time, so that one dead address (usually IPv6 in
/// an office without it) does not use up the others' turn.
async fn connect(settings: &Settings) -> Result<TcpStream, Outcome> {
    let limit = settings.timeouts.connect;
    let Settings {
        host, port, security, ..
    } = settings;
    let trying = async {
        let found = lookup_host((host.as_str(), *port)).await;
        let found = found.map_err(|error| format!("cannot find {host}: {error}"))?;
        // "localhost" is a name like any other and may lead elsewhere.
        let addresses: Vec<SocketAddr> = found
            .filter(|address| *security != Security::None || address.ip().is_loopback())
            .take(ADDRESSES_MAX)
            .collect();
        let mut why = format!("{host} has no address that may be used");
        let share = limit / u32::try_from(addresses.len().max(1)).unwrap_or(1);
        for address in addresses {
            match timeout(share, TcpStream::connect(address)).await {
                Ok(Ok(tcp)) => return Ok(tcp),
                Ok(Err(error)) => why = format!("cannot connect to {address}: {error}"),
                Err(_) => why = format!("{address} did not answer within {share:?}"),
            }
        }
        Err(why)
    };
    let tcp = match timeout(limit, trying).await {
        Ok(tried) => tried.map_err(|why| Outcome::deferred(Stage::Connect, &why))?,
        Err(_) => return Err(lost(Stage::Connect, &Broken::TooSlow(limit))),
    };
    tcp.set_nodelay(true)
        .map_err(|error| lost(Stage::Connect, &Broken::Io(error)))?;
    Ok(tcp)
}

/// What a server says it can do, as far as we care.
#[derive(Default)]
struct Offers {
    starttls: bool,
    smtputf8: bool,
    /// Upper case.
    mechanisms: Vec<String>,
}

async fn hello(wire: &mut Wire, client: &str, limit: Duration) -> Result<Offers, Outcome> {
    let line = format!("EHLO {client}");
    let reply = asked(Stage::Hello, limit, wire.command(&line)).await?;
    expect(Stage::Hello, &reply, 250)?;
    let mut offers = Offers::default();
    // The first line is the server's name.
    for line in reply.lines.iter().skip(1) {
        let line = line.to_ascii_uppercase();
        let mut words = line.split_whitespace();
        match words.next() {
            Some("STARTTLS") => offers.starttls = true,
            Some("SMTPUTF8") => offers.smtputf8 = true,
            Some("AUTH") => offers.mechanisms.extend(words.map(str::to_owned)),
            _ => {}
        }
    }
    Ok(offers)
}

/// One mail from `MAIL FROM` to the answer to the dot.
async fn transaction(wire: &mut Wire, mail: &Rendered, times: &Timeouts) -> Result<Reply, Outcome> {
    // RFC 6531, 3.4: the whole mail is then eight-bit, its headers hold the address.
    let international = match [&mail.from, &mail.to]
        .into_iter()
        .any(|address| needs_smtputf8(address))
    {
        true => " BODY=8BITMIME SMTPUTF8",
        false => "",
    };
    let from = format!("MAIL FROM:<{}>{international}", mail.from);
    let reply = asked(Stage::Mail, times.mail, wire.command(&from)).await?;
    expect(Stage::Mail, &reply, 250)?;
    let to = format!("RCPT TO:<{}>", mail.to);
    let reply = asked(Stage::Rcpt, times.rcpt, wire.command(&to)).await?;
    expect(Stage::Rcpt, &reply, 250)?;
    let reply = asked(Stage::Data, times.data, wire.command("DATA")).await?;
    expect(Stage::Data, &reply, 354)?;
    let body = stuffed(&mail.bytes);
    asked(Stage::Data, times.data, async {
        wire.write(&body).await?;
        // A last look: a server that has already closed or complained has not
        // taken the mail, and without its dot it never will.
        wire.still_silent().await
    })
    .await?;
    // From here on the dot may be out, and only a reply can tell.
    let dot = async {
        wire.write(b".\r\n").await?;
        wire.reply().await
    };
    let answered = match timeout(times.dot, dot).await {
        Ok(answered) => answered,
        Err(_) => Err(Broken::TooSlow(times.dot)),
    };
    match answered {
        Ok(reply) if (200..300).contains(&reply.code) => Ok(reply),
        Ok(reply) if reply.code >= 400 => Err(refusal(Stage::Dot, &reply)),
        Ok(reply) => Err(Outcome::unknown(&format!(
            "after the final dot the server answered {}",
            reply.words()
        ))),
        Err(broken) => Err(Outcome::unknown(&format!("after the final dot: {broken}"))),
    }
}

/// Waits for `doing` within `limit`; a line that breaks meanwhile is deferred.
async fn asked<T>(stage: Stage, limit: Duration, doing: impl Future<Output = Result<T, Broken>>) -> Result<T, Outcome> {
    match timeout(limit, doing).await {
        Ok(done) => done.map_err(|broken| lost(stage, &broken)),
        Err(_) => Err(lost(stage, &Broken::TooSlow(limit))),
    }
}

fn lost(stage: Stage, broken: &Broken) -> Outcome {
    Outcome::deferred(stage, &broken.to_string())
}

/// Any code of the hundred that `wanted` belongs to will do: servers answer
/// `251` to `RCPT`, and RFC 5321 (4.3.2) has clients go by the first digit.
fn expect(stage: Stage, reply: &Reply, wanted: u16) -> Result<(), Outcome> {
    if reply.code / 100 == wanted / 100 {
        Ok(())
    } else {
        Err(refusal(stage, reply))
    }
}

fn refusal(stage: Stage, reply: &Reply) -> Outcome {
    match reply.code {
        500..600 => Outcome::refused(stage, &reply.words()),
        400..500 => Outcome::deferred(stage, &reply.words()),
        _ => Outcome::deferred(stage, &format!("an unexpected reply: {}", reply.words())),
    }
}
