//! Whoever cannot prove in TLS 1.2 or later to be who was meant is told nothing: OpenSSL's server, with certificates that
//! do not hold, against the real program's mail and its HTTPS.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers"
)]

mod support;

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rstest::rstest;
use support::office::{Office, Ran};

/// A certificate made out to `localhost`, but for what its name says.
#[derive(Clone, Copy, PartialEq)]
enum Certificate {
    Good,
    Expired,
    NotYet,
    Stranger,
    SelfSigned,
}

/// `openssl s_server`, which says one thing to each client and otherwise listens.
struct Openssl {
    child: Child,
    port: u16,
}

impl Openssl {
    fn start(folder: &Path, options: &[&str], says: &str) -> Openssl {
        let mut child = Command::new("openssl")
            .args([
                "s_server",
                "-accept",
                "127.0.0.1:0",
                "-cert",
                "cert.pem",
                "-key",
                "key.pem",
            ])
            .args(options)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // It reads this when a client has come, and not before.
        child.stdin.as_mut().unwrap().write_all(says.as_bytes()).unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok);
        let port = lines.find_map(|line| line.strip_prefix("ACCEPT ")?.rsplit_once(':')?.1.parse().ok());
        std::thread::spawn(move || lines.for_each(drop));
        Openssl {
            child,
            port: port.expect("openssl says where it listens"),
        }
    }
}

impl Drop for Openssl {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn can_openssl() -> bool {
    let can = Command::new("openssl")
        .arg("version")
        .output()
        .is_ok_and(|output| output.status.success());
    let required = std::env::var_os("TIMEOUS_REQUIRE_TOOLS").is_some();
    assert!(can || !required, "openssl is not installed; tests/run installs it");
    can
}

/// Writes `cert.pem` and `key.pem`, and `ca.pem`, which signed them unless they signed themselves.
fn write(certificate: Certificate, folder: &Path) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let ca = authority.self_signed(&authority_key).unwrap();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().unwrap();
    let name = if certificate == Certificate::Stranger {
        "mail.example"
    } else {
        "localhost"
    };
    let mut leaf = CertificateParams::new(vec![name.to_owned()]).unwrap();
    match certificate {
        Certificate::Expired => leaf.not_after = date_time_ymd(2020, 1, 1),
        Certificate::NotYet => leaf.not_before = date_time_ymd(4000, 1, 1),
        Certificate::SelfSigned => leaf.distinguished_name.push(DnType::CommonName, "nobody knows it"),
        Certificate::Good | Certificate::Stranger => {}
    }
    let leaf = match certificate {
        Certificate::SelfSigned => leaf.self_signed(&key).unwrap(),
        _ => leaf.signed_by(&key, &issuer).unwrap(),
    };
    for (name, text) in [
        ("cert.pem", leaf.pem()),
        ("key.pem", key.serialize_pem()),
        ("ca.pem", ca.pem()),
    ] {
        std::fs::write(folder.join(name), text).unwrap();
    }
}

/// OpenSSL's own floor has to be lowered before it speaks the old versions.
const OLD: [&str; 2] = ["-cipher", "DEFAULT@SECLEVEL=0"];

#[rstest]
#[case::tls_1_0(Certificate::Good, &["-tls1"], Some("ProtocolVersion"))]
#[case::tls_1_1(Certificate::Good, &["-tls1_1"], Some("ProtocolVersion"))]
#[case::no_cipher_of_ours(Certificate::Good, &["-tls1_2", "-cipher", "AES128-SHA"], Some("HandshakeFailure"))]
#[case::expired(Certificate::Expired, &[], Some("certificate expired"))]
#[case::not_valid_yet(Certificate::NotYet, &[], Some("certificate not valid yet"))]
#[case::wrong_name(Certificate::Stranger, &[], Some("certificate not valid for name \"localhost\""))]
#[case::self_signed(Certificate::SelfSigned, &[], Some("UnknownIssuer"))]
#[case::tls_1_2(Certificate::Good, &["-tls1_2"], None)]
#[case::tls_1_3(Certificate::Good, &["-tls1_3"], None)]
fn who_cannot_prove_to_be_who_was_meant_is_told_nothing(
    #[case] certificate: Certificate,
    #[case] options: &[&str],
    #[case] refused: Option<&str>,
) {
    if !can_openssl() {
        return;
    }
    let mut office = Office::new();
    write(certificate, &office.path(""));
    let options = if options.contains(&"-cipher") {
        options.to_vec()
    } else {
        [options, &OLD].concat()
    };
    for tls in ["implicit", "https"] {
        let ran = match tls {
            "https" => {
                let server = Openssl::start(&office.path(""), &[&options[..], &["-www"]].concat(), "");
                office.surround("SSL_CERT_FILE", office.path("ca.pem").to_str().unwrap());
                let url = format!("https://localhost:{}/bank-holidays.json", server.port);
                office.run(&["holidays", "update", "--url", &url, "--dry-run"])
            }
            _ => {
                let server = Openssl::start(&office.path(""), &options, "421 4.3.2 come back later\r\n");
                mail(&office, server.port)
            }
        };
        assert!(!ran.err.trim_end().contains('\n'), "{tls}: {}", ran.err);
        match (refused, tls) {
            (Some(why), "https") => {
                assert!(
                    ran.err.contains("cannot prove who it is") && ran.err.contains(why),
                    "{}",
                    ran.err
                );
            }
            (Some(why), _) => {
                assert!(
                    ran.err.contains("refused at tls") && ran.err.contains(why),
                    "{}",
                    ran.err
                );
            }
            // Past the handshake: what the server says is heard.
            (None, "https") => assert!(!ran.err.contains("cannot prove who it is"), "{}", ran.err),
            (None, _) => assert!(ran.err.contains("deferred at hello: 421"), "{}", ran.err),
        }
    }
}

fn mail(office: &Office, port: u16) -> Ran {
    let before = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
    office.configure(&format!(
        "{before}transport = \"smtp\"\n[mail.smtp]\nhost = \"localhost\"\nport = {port}\ntls = \"implicit\"\nca = \"ca.pem\"\n"
    ));
    let ran = office.run(&["mail", "test", "bjones@example.gov.uk"]);
    office.configure(&before);
    ran
}
