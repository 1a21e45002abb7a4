//! A web server on loopback that answers each connection with exactly what it is told, over TLS or in the clear.
//!
//! ```ignore
//! let server = Web::tls(&["localhost"], |request| Answer::page(200, "{}"));
//! let url = server.url("localhost", "/token");
//! std::fs::write("ca.pem", server.ca());
//! ```

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{self, ServerConfig, ServerConnection, StreamOwned};

/// What a server does with one request.
#[derive(Debug, Clone)]
pub enum Answer {
    /// These bytes, then the end.
    Raw(Vec<u8>),
    /// These bytes, then one more at a time, as long as somebody reads.
    Drip(Vec<u8>, Duration),
    /// These bytes, then so many more.
    Flood(Vec<u8>, usize),
    /// Nothing, for ever.
    Hang,
}

impl Answer {
    /// A whole page.
    pub fn page(status: u16, body: &str) -> Answer {
        let length = body.len();
        Answer::Raw(
            format!("HTTP/1.1 {status} .\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}").into(),
        )
    }

    /// The same page elsewhere.
    pub fn redirect(status: u16, to: &str) -> Answer {
        Answer::Raw(
            format!("HTTP/1.1 {status} .\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").into(),
        )
    }
}

type Says = dyn Fn(&str) -> Answer + Send + Sync;

struct Shared {
    says: Box<Says>,
    over: AtomicBool,
    requests: Mutex<Vec<String>>,
    sockets: Mutex<Vec<TcpStream>>,
}

/// A running server.
pub struct Web {
    port: u16,
    ca: String,
    tls: bool,
    shared: Arc<Shared>,
    listening: Option<JoinHandle<()>>,
}

impl Web {
    /// In the clear.
    pub fn plain(says: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Web {
        Web::start(None, String::new(), Box::new(says))
    }

    /// Over TLS, with a certificate made out to these names and signed by an authority of its own.
    pub fn tls(names: &[&str], says: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Web {
        let (config, ca) = certificate(names);
        Web::start(Some(Arc::new(config)), ca, Box::new(says))
    }

    fn start(tls: Option<Arc<ServerConfig>>, ca: String, says: Box<Says>) -> Web {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            says,
            over: AtomicBool::new(false),
            requests: Mutex::default(),
            sockets: Mutex::default(),
        });
        let (for_thread, with_tls) = (Arc::clone(&shared), tls.is_some());
        let listening = thread::spawn(move || {
            let mut talks = Vec::new();
            for tcp in listener.incoming() {
                if for_thread.over.load(Ordering::SeqCst) {
                    break;
                }
                let tcp = tcp.unwrap();
                for_thread.sockets.lock().unwrap().push(tcp.try_clone().unwrap());
                let (shared, tls) = (Arc::clone(&for_thread), tls.clone());
                talks.push(thread::spawn(move || {
                    // An error is the client going away, which is its right.
                    let _ = talk(tcp, tls, &shared);
                }));
            }
            talks.into_iter().for_each(|talk| drop(talk.join()));
        });
        Web {
            port,
            ca,
            tls: with_tls,
            shared,
            listening: Some(listening),
        }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn url(&self, host: &str, path: &str) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://{host}:{}{path}", self.port)
    }

    /// The authority that signed its certificate, as PEM.
    pub fn ca(&self) -> &str {
        &self.ca
    }

    /// Every request: its head, and its form if it had one.
    pub fn requests(&self) -> Vec<String> {
        self.shared.requests.lock().unwrap().clone()
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        for socket in self.shared.sockets.lock().unwrap().iter() {
            let _ = socket.shutdown(Shutdown::Both);
        }
        if let Some(listening) = self.listening.take() {
            let _ = listening.join();
        }
    }
}

fn talk(tcp: TcpStream, tls: Option<Arc<ServerConfig>>, shared: &Shared) -> std::io::Result<()> {
    match tls {
        None => {
            let mut line = tcp;
            exchange(&mut line, shared)?;
            // The server keeps a hold on every socket, so that the end has to be said.
            line.shutdown(Shutdown::Both)
        }
        Some(config) => {
            let connection = ServerConnection::new(config).map_err(std::io::Error::other)?;
            let mut line = StreamOwned::new(connection, tcp);
            exchange(&mut line, shared)?;
            line.conn.send_close_notify();
            line.flush()
        }
    }
}

fn exchange(line: &mut (impl Read + Write), shared: &Shared) -> std::io::Result<()> {
    let request = request(line)?;
    shared.requests.lock().unwrap().push(request.clone());
    match (shared.says)(&request) {
        Answer::Raw(bytes) => line.write_all(&bytes)?,
        Answer::Drip(bytes, pause) => {
            line.write_all(&bytes)?;
            while !shared.over.load(Ordering::SeqCst) {
                line.flush()?;
                thread::sleep(pause);
                line.write_all(b" ")?;
            }
        }
        Answer::Flood(bytes, more) => {
            line.write_all(&bytes)?;
            for _ in 0..more / 10_000 {
                line.write_all(&[b' '; 10_000])?;
            }
        }
        Answer::Hang => {
            while !shared.over.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_millis(20));
            }
        }
    }
    line.flush()
}

fn request(line: &mut impl Read) -> std::io::Result<String> {
    let mut held = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&held).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .filter_map(|line| {
                    line.to_ascii_lowercase()
                        .strip_prefix("content-length:")?
                        .trim()
                        .parse()
                        .ok()
                })
                .next()
                .unwrap_or(0);
            if body.len() >= length {
                return Ok(text);
            }
        }
        match line.read(&mut chunk)? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            n => held.extend_from_slice(&chunk[..n]),
        }
    }
}

fn certificate(names: &[&str]) -> (ServerConfig, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_key = KeyPair::generate().unwrap();
    let ca = params.self_signed(&ca_key).unwrap();
    let issuer = Issuer::new(params, ca_key);
    let key = KeyPair::generate().unwrap();
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let leaf = CertificateParams::new(names).unwrap().signed_by(&key, &issuer).unwrap();
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
