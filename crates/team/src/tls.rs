//! TLS below a connection to the database, with the password bound to it: whoever stands between the two, however they
//! came by a certificate, cannot hand the proof on (RFC 5929, `tls-server-end-point`).
//!
//! Left out on purpose: whom to believe (the configuration that is given).

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::ClientConfig;
use rustls::pki_types::{InvalidDnsNameError, ServerName};
use sha2::{Digest, Sha256, Sha384, Sha512};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Makes a connection's TLS.
#[derive(Clone)]
pub(crate) struct Bound(Arc<ClientConfig>);

/// The same for one host.
pub(crate) struct BoundTo {
    connector: TlsConnector,
    host: ServerName<'static>,
}

/// An encrypted stream.
pub(crate) struct BoundStream<S>(TlsStream<S>);

impl Bound {
    pub(crate) fn new(tls: ClientConfig) -> Self {
        Self(Arc::new(tls))
    }
}

impl<S> MakeTlsConnect<S> for Bound
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = BoundStream<S>;
    type TlsConnect = BoundTo;
    type Error = InvalidDnsNameError;

    fn make_tls_connect(&mut self, host: &str) -> Result<BoundTo, InvalidDnsNameError> {
        let host = ServerName::try_from(host.to_owned())?;
        Ok(BoundTo { connector: TlsConnector::from(Arc::clone(&self.0)), host })
    }
}

impl<S> TlsConnect<S> for BoundTo
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = BoundStream<S>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<BoundStream<S>>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        Box::pin(async move { self.connector.connect(self.host, stream).await.map(BoundStream) })
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> tokio_postgres::tls::TlsStream for BoundStream<S> {
    fn channel_binding(&self) -> ChannelBinding {
        let certificates = self.0.get_ref().1.peer_certificates().unwrap_or_default();
        let end_point = certificates.first().and_then(|certificate| end_point(certificate));
        end_point.map_or_else(ChannelBinding::none, ChannelBinding::tls_server_end_point)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for BoundStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, into)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for BoundStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

/// `sha…WithRSAEncryption`, the last number being which.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
/// `ecdsa-with-SHA…`, the last number being which; SHA-1 has a branch of its own.
const ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03];
const ECDSA_SHA1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01];

/// The certificate's hash, by the function it was signed with, and SHA-256 in place of the weak ones. `None` where the
/// signature has none of its own, such as Ed25519: the database's side refuses to bind to these.
fn end_point(certificate: &[u8]) -> Option<Vec<u8>> {
    let sha256 = || Some(Sha256::digest(certificate).to_vec());
    let sha384 = || Some(Sha384::digest(certificate).to_vec());
    let sha512 = || Some(Sha512::digest(certificate).to_vec());
    match signed_with(certificate)? {
        ECDSA_SHA1 => sha256(),
        [rsa @ .., which] if rsa == RSA => match which {
            4 | 5 | 11 => sha256(),
            12 => sha384(),
            13 => sha512(),
            _ => None,
        },
        [ecdsa @ .., which] if ecdsa == ECDSA => match which {
            2 => sha256(),
            3 => sha384(),
            4 => sha512(),
            _ => None,
        },
        _ => None,
    }
}

const SEQUENCE: u8 = 0x30;
const IDENTIFIER: u8 = 0x06;

/// Which signature a certificate has: the identifier's bytes. A certificate is what is signed, with what, the signature.
fn signed_with(certificate: &[u8]) -> Option<&[u8]> {
    let (inside, _) = element(certificate, SEQUENCE)?;
    let (_, after_signed) = element(inside, SEQUENCE)?;
    let (algorithm, _) = element(after_signed, SEQUENCE)?;
    Some(element(algorithm, IDENTIFIER)?.0)
}

/// An element of that kind at the beginning: what is in it, and what follows.
fn element(bytes: &[u8], kind: u8) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    if first != kind {
        return None;
    }
    let (&short, rest) = rest.split_first()?;
    let (length, rest) = match short {
        0..=0x7f => (usize::from(short), rest),
        0x81..=0x84 => {
            let (long, rest) = rest.split_at_checked(usize::from(short & 0x7f))?;
            (long.iter().fold(0usize, |all, byte| (all << 8) | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519};

    use super::*;

    #[test]
    fn a_certificate_is_hashed_as_it_was_signed() {
        let made = |with| {
            let key = KeyPair::generate_for(with).expect("a key");
            let params = CertificateParams::new(vec!["db.example".to_owned()]).expect("a name");
            params.self_signed(&key).expect("it is signed").der().to_vec()
        };
        let p256 = made(&PKCS_ECDSA_P256_SHA256);
        assert_eq!(end_point(&p256), Some(Sha256::digest(&p256).to_vec()));
        let p384 = made(&PKCS_ECDSA_P384_SHA384);
        assert_eq!(end_point(&p384), Some(Sha384::digest(&p384).to_vec()));
        assert_eq!(end_point(&made(&PKCS_ED25519)), None);
        // What is none, or cut anywhere, falls over nothing.
        for cut in 0..p256.len() {
            let _ = end_point(&p256[..cut]);
        }
        assert_eq!(end_point(b""), None);
        assert_eq!(end_point(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x30]), None);
    }
}
