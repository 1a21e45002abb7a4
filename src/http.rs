//! One bounded HTTPS call: for the list of bank holidays, a token for the mail server, and the heartbeat.
//!
//! Nothing that answers can hold a caller up or fill its memory: a call has so much time in all, reads so many
//! bytes, and follows few redirects, to https alone. Plain http is spoken to a loopback address only. It blocks;
//! the service calls it on a thread for such things.
//!
//! Addresses and forms may be secrets (a monitor's URL, a client's secret). No error holds more of an address than
//! its host, [`Url`] shows no more of itself, and nothing here logs.

use std::io;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio_rustls::rustls::pki_types::{CertificateDer, pem::PemObject};
use tokio_rustls::rustls::{self, RootCertStore};
use ureq::http::{StatusCode, Uri};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Body};

/// A list moves house now and then; more hops than this are a loop.
const REDIRECTS: u32 = 3;

/// An address that may be called: `https`, or `http` to a loopback address.
#[derive(Clone, PartialEq, Eq)]
pub struct Url(Uri);

/// Why an address may not be called. It does not repeat the address, which may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// No address at all, or one without a host.
    #[error("is not an address such as https://www.example.gov.uk/list.json")]
    Form,
    /// Neither `https`, nor `http` to a loopback address.
    #[error("must begin with https:// (http:// is for a loopback address such as 127.0.0.1 only)")]
    Scheme,
}

impl Url {
    /// Understands an address.
    ///
    /// # Errors
    /// If it is none, or must not be called.
    ///
    /// ```
    /// use timeous::http::{Url, UrlError};
    /// assert_eq!(Url::parse("https://www.gov.uk/bank-holidays.json").unwrap().host(), "www.gov.uk");
    /// assert!(Url::parse("http://127.0.0.1:8080/").is_ok());
    /// assert_eq!(Url::parse("http://www.gov.uk/"), Err(UrlError::Scheme));
    /// ```
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let uri: Uri = text.parse().map_err(|_| UrlError::Form)?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(UrlError::Form)?;
        match uri.scheme_str() {
            Some("https") => Ok(Self(uri)),
            Some("http") if is_loopback(host) => Ok(Self(uri)),
            Some(_) => Err(UrlError::Scheme),
            None => Err(UrlError::Form),
        }
    }

    /// The host: all of an address that may be shown.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host().unwrap_or_default()
    }

    /// All of an address that is no secret, as it was given.
    #[must_use]
    pub fn whole(&self) -> String {
        self.0.to_string()
    }

    /// The same address with a further part at the end of its path.
    ///
    /// # Errors
    /// If that makes no address.
    pub fn below(&self, part: &str) -> Result<Self, UrlError> {
        let whole = self.0.to_string();
        let (path, query) = match whole.split_once('?') {
            Some((path, query)) => (path, format!("?{query}")),
            None => (whole.as_str(), String::new()),
        };
        Self::parse(&format!("{}/{part}{query}", path.trim_end_matches('/')))
    }

    fn is_plain(&self) -> bool {
        self.0.scheme_str() == Some("http")
    }
}

impl std::fmt::Debug for Url {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Url(host {})", self.host())
    }
}

/// What a call may cost, and whom it trusts.
#[derive(Debug, Clone, Copy)]
pub struct Bounds<'a> {
    /// From the look-up of the name to the last byte, redirects included.
    pub time: Duration,
    /// The longest answer that is read.
    pub bytes: u64,
    /// A PEM file of certificates to trust instead of the system's.
    pub ca: Option<&'a Path>,
}

/// What went wrong with a call. Each message fits after the host's name.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing to trust, or it cannot be read.
    #[error("cannot be trusted: {0}")]
    Trust(String),
    /// No such name.
    #[error("cannot be found")]
    NotFound,
    /// No connection, or one that broke.
    #[error("cannot be reached: {0}")]
    Io(io::Error),
    /// The proxy of the environment.
    #[error("cannot be reached: the proxy that HTTPS_PROXY or ALL_PROXY names does not let the call through")]
    Proxy,
    /// TLS, most often the certificate.
    #[error("cannot prove who it is: {0}")]
    Tls(rustls::Error),
    /// Too slow.
    #[error("did not answer within {0:?}")]
    Slow(Duration),
    /// Too much.
    #[error("answers with more than {0} bytes")]
    TooLong(u64),
    /// Less than was promised.
    #[error("closed the connection in the middle of its answer")]
    Cut,
    /// A redirect that is not followed.
    #[error("redirects to an address that is not https")]
    RedirectsToPlain,
    /// A redirect upon a redirect upon a redirect.
    #[error("redirects more than {REDIRECTS} times")]
    RedirectsTooOften,
    /// An answer that is not `2xx`.
    #[error("answered {}", StatusCode::from_u16(*status).map_or_else(|_| status.to_string(), |code| code.to_string()))]
    Status {
        /// Its number.
        status: u16,
        /// What came with it, as far as it could be read.
        body: Vec<u8>,
    },
    /// Not HTTP.
    #[error("gives no answer that makes sense as HTTP")]
    Senseless,
}

/// Asks for what is at an address.
///
/// # Errors
/// Anything but a whole `2xx` answer within the bounds.
pub fn get(url: &Url, bounds: &Bounds<'_>) -> Result<Vec<u8>, Error> {
    // A redirect from a plain address could lead to any other plain address.
    let redirects = if url.is_plain() { 0 } else { REDIRECTS };
    let asked = agent(url, bounds, redirects)?.get(&url.0).call();
    read(asked, bounds)
}

/// Sends a form. A redirect is an error here: the form may hold a secret, which is for this address alone.
///
/// # Errors
/// Anything but a whole `2xx` answer within the bounds.
pub fn post_form(url: &Url, form: &[(&str, &str)], bounds: &Bounds<'_>) -> Result<Vec<u8>, Error> {
    let asked = agent(url, bounds, 0)?.post(&url.0).send_form(form.iter().copied());
    read(asked, bounds)
}

fn agent(url: &Url, bounds: &Bounds<'_>, redirects: u32) -> Result<Agent, Error> {
    let mut config = Agent::config_builder()
        .http_status_as_error(false)
        .https_only(!url.is_plain())
        .max_redirects(redirects)
        .timeout_global(Some(bounds.time))
        .user_agent(concat!("timeous/", env!("CARGO_PKG_VERSION")));
    if is_loopback(url.host()) || url.host() == "localhost" {
        config = config.proxy(None);
    }
    if !url.is_plain() {
        let trusted = trusted(bounds.ca).map_err(Error::Trust)?;
        let trusted = trusted.iter().map(|one| Certificate::from_der(one).to_owned());
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::new_with_certs(&trusted.collect::<Vec<_>>()))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()));
        config = config.tls_config(tls.build());
    }
    Ok(config.build().new_agent())
}

fn read(asked: Result<ureq::http::Response<Body>, ureq::Error>, bounds: &Bounds<'_>) -> Result<Vec<u8>, Error> {
    let mut answer = asked.map_err(|error| understood(error, bounds))?;
    let status = answer.status();
    let body = answer.body_mut().with_config().limit(bounds.bytes).read_to_vec();
    match status.is_success() {
        true => body.map_err(|error| understood(error, bounds)),
        false => Err(Error::Status {
            status: status.as_u16(),
            body: body.unwrap_or_default(),
        }),
    }
}

/// The library's errors in our words: some of its own repeat the address.
fn understood(error: ureq::Error, bounds: &Bounds<'_>) -> Error {
    match error {
        ureq::Error::Timeout(_) => Error::Slow(bounds.time),
        ureq::Error::HostNotFound => Error::NotFound,
        ureq::Error::BodyExceedsLimit(_) => Error::TooLong(bounds.bytes),
        ureq::Error::RequireHttpsOnly(_) => Error::RedirectsToPlain,
        ureq::Error::TooManyRedirects => Error::RedirectsTooOften,
        ureq::Error::InvalidProxyUrl | ureq::Error::ConnectProxyFailed(_) => Error::Proxy,
        ureq::Error::Rustls(error) => Error::Tls(error),
        ureq::Error::Io(error) => broken(error, bounds),
        ureq::Error::ConnectionFailed => Error::Io(io::ErrorKind::ConnectionRefused.into()),
        _ => Error::Senseless,
    }
}

fn broken(error: io::Error, bounds: &Bounds<'_>) -> Error {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match error.kind() {
        _ if tls.is_some() => Error::Tls(tls.cloned().unwrap_or(rustls::Error::HandshakeNotComplete)),
        io::ErrorKind::UnexpectedEof => Error::Cut,
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Error::Slow(bounds.time),
        _ => Error::Io(error),
    }
}

/// The certificates of the file `ca`, or the system's where none is named (`SSL_CERT_FILE` and `SSL_CERT_DIR` say
/// where else they are).
///
/// # Errors
/// If there are none, or one in the file is not usable: why, in words.
pub fn trusted(ca: Option<&Path>) -> Result<Vec<CertificateDer<'static>>, String> {
    let Some(path) = ca else {
        // One odd file among the system's must not cost us all the others.
        let certificates = rustls_native_certs::load_native_certs().certs;
        return match certificates.is_empty() {
            true => Err("this system has no certificates to trust".to_owned()),
            false => Ok(certificates),
        };
    };
    let named = path.display();
    let certificates: Vec<_> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| format!("cannot read the certificates in {named}: {error}"))?;
    let mut roots = RootCertStore::empty();
    for certificate in &certificates {
        roots
            .add(certificate.clone())
            .map_err(|error| format!("a certificate in {named} is not usable: {error}"))?;
    }
    match certificates.is_empty() {
        true => Err(format!("there is no certificate in {named}")),
        false => Ok(certificates),
    }
}

/// Whether a host is this machine, by its number: a name, even `localhost`, may lead elsewhere.
fn is_loopback(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    bare.unwrap_or(host).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_this_machine_may_be_called() {
        for good in [
            "https://www.gov.uk/a?b=c",
            "https://x:8443",
            "http://127.0.0.1:1/",
            "http://[::1]:80/x",
        ] {
            assert!(Url::parse(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("", UrlError::Form),
            ("www.gov.uk", UrlError::Form),
            ("/bank-holidays.json", UrlError::Form),
            ("https://", UrlError::Form),
            ("https:///x", UrlError::Form),
            ("https://a b/", UrlError::Form),
            ("http://localhost/", UrlError::Scheme),
            ("http://10.0.0.1/", UrlError::Scheme),
            ("http://127.0.0.1.example/", UrlError::Scheme),
            ("http://127.0.0.1@example.com/", UrlError::Scheme),
            ("ftp://127.0.0.1/", UrlError::Scheme),
        ] {
            assert_eq!(Url::parse(bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn an_address_shows_its_host_alone() {
        let url = Url::parse("https://user:pass@hc.example/hunter2?key=hunter3").unwrap();
        assert_eq!(format!("{url:?}"), "Url(host hc.example)");
    }

    #[test]
    fn a_part_goes_to_the_end_of_the_path() {
        for (from, to) in [
            ("https://hc.example/ping/1", "https://hc.example/ping/1/fail"),
            ("https://hc.example/ping/1/", "https://hc.example/ping/1/fail"),
            ("https://hc.example", "https://hc.example/fail"),
            ("https://hc.example/1?rid=2", "https://hc.example/1/fail?rid=2"),
        ] {
            let below = Url::parse(from).unwrap().below("fail").unwrap();
            assert_eq!(below, Url::parse(to).unwrap());
        }
    }
}
