//! What must be known to reach a mail server, and what is refused before any
//! connection is made.

use std::{net::IpAddr, path::PathBuf, sync::Arc, time::Duration};

use secrecy::SecretString;

use super::super::oauth::Tokens;

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (usually port 465).
    Implicit,
    /// `STARTTLS`, required: a server that does not offer it is refused
    /// (usually port 587).
    StartTls,
    /// No protection. Only to a server on this machine.
    None,
}

/// How we say who we are.
#[derive(Debug, Clone)]
pub enum Auth {
    /// Not at all: the server knows us by our place in the network.
    None,
    /// `AUTH PLAIN` (RFC 4616).
    Plain {
        /// The account.
        user: String,
        /// Its password.
        secret: SecretString,
    },
    /// `AUTH LOGIN`, for servers that know nothing better.
    Login {
        /// The account.
        user: String,
        /// Its password.
        secret: SecretString,
    },
    /// `AUTH XOAUTH2`, with a token instead of a password.
    Xoauth2 {
        /// The account.
        user: String,
        /// Where tokens come from; shared, so that one serves many sessions.
        tokens: Arc<Tokens>,
    },
}

impl Auth {
    /// The account, unless there is none.
    fn user(&self) -> Option<&str> {
        match self {
            Auth::None => None,
            Auth::Plain { user, .. } | Auth::Login { user, .. } | Auth::Xoauth2 { user, .. } => Some(user),
        }
    }
}

/// How long each stage may take. The defaults follow RFC 5321, 4.5.3.2: minutes
/// rather than seconds. A server that scans mail is slowest after the final
/// dot, and giving up there makes a duplicate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// A token from its endpoint, before anything is said to the server.
    pub token: Duration,
    /// Name resolution and TCP connection, all addresses of the host together.
    pub connect: Duration,
    /// The greeting; and again, each time, the answer to `EHLO`.
    pub hello: Duration,
    /// The answer to `STARTTLS`; and again the handshake.
    pub tls: Duration,
    /// The whole of `AUTH`.
    pub auth: Duration,
    /// The answer to `MAIL FROM`.
    pub mail: Duration,
    /// The answer to `RCPT TO`.
    pub rcpt: Duration,
    /// The answer to `DATA`; and again the writing of the message.
    pub data: Duration,
    /// The writing of the final dot and the answer to it.
    pub dot: Duration,
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        let minutes = |n: u64| Duration::from_secs(n * 60);
        Timeouts {
            token: Duration::from_secs(30),
            connect: minutes(1),
            hello: minutes(5),
            tls: minutes(1),
            auth: minutes(2),
            mail: minutes(5),
            rcpt: minutes(5),
            data: minutes(3),
            dot: minutes(10),
        }
    }
}

/// One mail server and how to speak to it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// A name or an IP address. Under TLS the certificate must bear it.
    pub host: String,
    /// The TCP port, 1 to 65535.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The name given in `EHLO`; without one, our own IP address in brackets.
    pub client_name: Option<String>,
    /// A PEM file of certificates to trust *instead of* the system's: an
    /// office that names its own authority wants no other.
    pub ca: Option<PathBuf>,
    /// How we say who we are.
    pub auth: Auth,
    /// How long each stage may take.
    pub timeouts: Timeouts,
}

/// Settings that cannot work or must not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// No host, or one with characters no host has.
    #[error("the mail server's host {0:?} is neither a name nor an IP address")]
    Host(String),
    /// Port 0.
    #[error("the mail server's port cannot be 0")]
    Port,
    /// Mail and password would cross the network in the clear.
    #[error(
        "a connection without TLS is only allowed to this machine (localhost, 127.0.0.1, ::1), not to {0:?}; use starttls or implicit"
    )]
    Unprotected(String),
    /// A client name that is not a host name or a bracketed address.
    #[error("the client name {0:?} is not a host name")]
    ClientName(String),
    /// `AUTH` without an account, or with a NUL in it, which `PLAIN` cannot
    /// carry.
    #[error("the mail server's user is empty or has a control character")]
    User,
    /// A stage without any time.
    #[error("no time is allowed for the stage {0}")]
    Timeout(&'static str),
}

impl Settings {
    /// Looks the settings over without touching the network or the disk.
    ///
    /// # Errors
    ///
    /// The first [`SettingsError`] found.
    pub fn check(&self) -> Result<(), SettingsError> {
        if !host_like(&self.host) {
            return Err(SettingsError::Host(self.host.clone()));
        }
        if self.port == 0 {
            return Err(SettingsError::Port);
        }
        if self.security == Security::None && !is_loopback(&self.host) {
            return Err(SettingsError::Unprotected(self.host.clone()));
        }
        if let Some(name) = self.client_name.as_deref() {
            let bare = name.strip_prefix('[').and_then(|n| n.strip_suffix(']'));
            if !host_like(bare.unwrap_or(name)) {
                return Err(SettingsError::ClientName(name.to_owned()));
            }
        }
        if self
            .auth
            .user()
            .is_some_and(|user| user.is_empty() || user.chars().any(char::is_control))
        {
            return Err(SettingsError::User);
        }
        let times = &self.timeouts;
        for (stage, time) in [
            ("token", times.token),
            ("connect", times.connect),
            ("hello", times.hello),
            ("tls", times.tls),
            ("auth", times.auth),
            ("mail", times.mail),
            ("rcpt", times.rcpt),
            ("data", times.data),
            ("dot", times.dot),
        ] {
            if time.is_zero() {
                return Err(SettingsError::Timeout(stage));
            }
        }
        Ok(())
    }
}

/// Letters, digits and what stands between them in names and addresses; above
/// all no space and no line break, for the client name is part of a command.
fn host_like(text: &str) -> bool {
    let known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':');
    !text.is_empty() && text.len() <= 253 && text.bytes().all(known)
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(host: &str, security: Security) -> Settings {
        Settings {
            host: host.to_owned(),
            port: 587,
            security,
            client_name: None,
            ca: None,
            auth: Auth::None,
            timeouts: Timeouts::default(),
        }
    }

    #[test]
    fn without_tls_only_this_machine_is_spoken_to() {
        for here in ["localhost", "LOCALHOST", "127.0.0.1", "127.8.9.1", "::1"] {
            assert_eq!(settings(here, Security::None).check(), Ok(()), "{here}");
        }
        for there in [
            "smtp.example.gov.uk",
            "10.0.0.1",
            "localhost.example.org",
            "0.0.0.0",
            "::",
        ] {
            assert_eq!(
                settings(there, Security::None).check(),
                Err(SettingsError::Unprotected(there.to_owned()))
            );
            assert_eq!(settings(there, Security::StartTls).check(), Ok(()), "{there}");
            assert_eq!(settings(there, Security::Implicit).check(), Ok(()), "{there}");
        }
    }

    #[test]
    fn what_could_forge_a_command_is_refused() {
        let base = settings("smtp.example.gov.uk", Security::StartTls);
        for host in ["", "a b", "a\r\nMAIL", "é.example"] {
            assert_eq!(
                settings(host, Security::StartTls).check(),
                Err(SettingsError::Host(host.to_owned()))
            );
        }
        for (name, good) in [
            ("timeous.example.gov.uk", true),
            ("[192.0.2.1]", true),
            ("x\r\nRSET", false),
            ("", false),
        ] {
            let mut these = base.clone();
            these.client_name = Some(name.to_owned());
            assert_eq!(these.check().is_ok(), good, "{name:?}");
        }
        let mut these = base.clone();
        these.auth = Auth::Plain {
            user: "a\0b".to_owned(),
            secret: "s".into(),
        };
        assert_eq!(these.check(), Err(SettingsError::User));
        let mut these = base.clone();
        these.port = 0;
        assert_eq!(these.check(), Err(SettingsError::Port));
        let mut these = base;
        these.timeouts.dot = Duration::ZERO;
        assert_eq!(these.check(), Err(SettingsError::Timeout("dot")));
    }

    #[test]
    fn the_secret_is_in_no_debug_output() {
        let mut these = settings("localhost", Security::None);
        these.auth = Auth::Login {
            user: "timeous".to_owned(),
            secret: "hunter2".into(),
        };
        assert!(!format!("{these:?}").contains("hunter2"));
    }

    #[test]
    fn the_answer_to_the_dot_may_take_ten_minutes_and_no_other_so_long() {
        let times = Timeouts::default();
        assert_eq!(times.dot, Duration::from_secs(600));
        for other in [
            times.connect,
            times.hello,
            times.tls,
            times.auth,
            times.mail,
            times.rcpt,
            times.data,
        ] {
            assert!(other >= Duration::from_secs(60) && other <= Duration::from_secs(300));
        }
    }
}
