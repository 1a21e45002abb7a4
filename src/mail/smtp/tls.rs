//! TLS as the mail room speaks it: rustls on ring, version 1.2 or later, names
//! always verified.

use std::{io, path::Path, sync::Arc};

use tokio::net::TcpStream;
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{self, AlertDescription, ClientConfig, RootCertStore, pki_types::ServerName},
};

use super::super::outcome::{Outcome, Stage};
use crate::http::trusted;

/// Puts TLS over `tcp` and makes sure that the other end is `host`.
///
/// The error is an [`Outcome`] already: a certificate that does not hold, or an
/// end that cannot speak TLS as we do, is [`Outcome::Refused`], because only
/// somebody's hand changes that; a lost connection is [`Outcome::Deferred`].
pub(super) async fn wrap(tcp: TcpStream, host: &str, ca: Option<&Path>) -> Result<TlsStream<TcpStream>, Outcome> {
    let config = config(ca).map_err(|why| Outcome::refused(Stage::Tls, &why))?;
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| Outcome::refused(Stage::Tls, &format!("{host} cannot stand in a certificate")))?;
    TlsConnector::from(Arc::new(config))
        .connect(name, tcp)
        .await
        .map_err(|error| judged(&error))
}

fn judged(error: &io::Error) -> Outcome {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    let why = format!("the TLS handshake failed: {error}");
    match inner {
        Some(
            rustls::Error::InvalidCertificate(_)
            | rustls::Error::InvalidMessage(_)
            | rustls::Error::PeerIncompatible(_)
            | rustls::Error::AlertReceived(
                AlertDescription::ProtocolVersion
                | AlertDescription::HandshakeFailure
                | AlertDescription::InsufficientSecurity,
            ),
        ) => Outcome::refused(Stage::Tls, &why),
        _ => Outcome::deferred(Stage::Tls, &why),
    }
}

fn config(ca: Option<&Path>) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(trusted(ca)?);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS cannot be set up: {error}"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}
