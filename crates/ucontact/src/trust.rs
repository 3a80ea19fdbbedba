//! Which servers are believed: those this computer's own list of authorities vouches for, those of an authority that a
//! person added, and the very certificate that a person added, for the names it was made for and as long as it is valid.
//!
//! Nothing is ever switched off. What is added here is the reason, in one of the words of `distrust`, where the system
//! says the same of everything.

use std::fmt;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, OtherError, SignatureScheme};
use rustls_platform_verifier::Verifier;

use crate::certificates::{chain, of_file};
use crate::distrust::Distrust;
use crate::error::{Error, ErrorKind};

/// How TLS is spoken with whoever is no server of a profile: those are believed whom this computer's list vouches for.
///
/// # Errors
/// [`ErrorKind::Unreachable`]: no TLS can be spoken on this computer.
pub fn tls() -> Result<ClientConfig, Error> {
    configuration(None)
}

/// The same with the certificates of a file beside this computer's list: an authority's, or the very server's.
///
/// # Errors
/// As of [`tls`], and [`ErrorKind::Certificate`] when the file cannot be read or holds no certificate.
pub fn tls_with(extra: Option<&std::path::Path>) -> Result<ClientConfig, Error> {
    configuration(extra)
}

/// How TLS is spoken with everybody, with the certificates of `extra` beside the system's.
///
/// # Errors
/// [`ErrorKind::Certificate`] when the file cannot be read or holds no certificate.
pub(crate) fn configuration(extra: Option<&std::path::Path>) -> Result<ClientConfig, Error> {
    let added = extra.map(of_file).transpose()?.unwrap_or_default();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let system = Verifier::new_with_extra_roots(added.clone(), Arc::clone(&provider))
        // A system that does not take one as an authority may still be shown that very one.
        .or_else(|_| Verifier::new(Arc::clone(&provider)))
        // What is on this computer is reached all the same.
        .inspect_err(|error| tracing::warn!(%error, "certificates cannot be judged on this computer"))
        .ok();
    let verifier = Trust { system, added, provider: Arc::clone(&provider) };
    let mut configuration = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| Error::new(ErrorKind::Unreachable, "connection").before_it_left())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    configuration.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(configuration)
}

/// Why a handshake ended, on its way through the layers between.
#[derive(Debug)]
pub(crate) struct Untrusted {
    pub(crate) why: Distrust,
    pub(crate) detail: String,
}

impl fmt::Display for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.why, self.detail)
    }
}

impl std::error::Error for Untrusted {}

impl From<Untrusted> for rustls::Error {
    fn from(untrusted: Untrusted) -> Self {
        CertificateError::Other(OtherError(Arc::new(untrusted))).into()
    }
}

/// The reason that was given in [`Trust`], wherever in the causes of a failure it is.
pub(crate) fn untrusted<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a Untrusted> {
    if let Some(rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(inner)))) =
        error.downcast_ref::<rustls::Error>()
    {
        return inner.downcast_ref();
    }
    // An input error names the cause of what it holds as its own, and so leaves out what it holds.
    match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
        Some(held) => untrusted(held),
        None => error.source().and_then(untrusted),
    }
}

#[derive(Debug)]
struct Trust {
    /// `None` where the system has no list of authorities.
    system: Option<Verifier>,
    added: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
}

impl Trust {
    /// The very certificate a person added: its own authority, whatever it says of that. Its name and its days count.
    fn as_added(
        &self,
        end_entity: &CertificateDer<'_>,
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<ServerCertVerified, Untrusted> {
        let other = |error: webpki::Error| Untrusted { why: Distrust::Other, detail: error.to_string() };
        let anchors = [webpki::anchor_from_trusted_cert(end_entity).map_err(other)?];
        let leaf = webpki::EndEntityCert::try_from(end_entity).map_err(other)?;
        let verified = leaf.verify_for_usage(
            self.provider.signature_verification_algorithms.all,
            &anchors,
            &[],
            now,
            webpki::KeyUsage::server_auth(),
            None,
            None,
        );
        // The days are looked at first. An authority's own, or one that somebody else signed, has no chain to itself; that
        // it is byte for byte what the person added is more than a chain.
        match verified {
            Ok(_) | Err(webpki::Error::CaUsedAsEndEntity | webpki::Error::UnknownIssuer) => {}
            Err(webpki::Error::CertExpired { not_after, .. }) => {
                return Err(Untrusted { why: Distrust::Expired, detail: day(not_after) });
            }
            Err(webpki::Error::CertNotValidYet { not_before, .. }) => {
                return Err(Untrusted { why: Distrust::NotYetValid, detail: day(not_before) });
            }
            Err(error) => return Err(other(error)),
        }
        leaf.verify_is_valid_for_subject_name(name).map_err(|_| misnamed(end_entity, name))?;
        Ok(ServerCertVerified::assertion())
    }

    /// Nobody here knows who signed it, or nobody can see who did.
    fn unknown(&self, end_entity: &CertificateDer<'_>, sent: &[CertificateDer<'_>]) -> Untrusted {
        let Some(chain) = chain(end_entity, sent) else {
            return Untrusted { why: Distrust::UnknownIssuer, detail: String::new() };
        };
        // Whoever added an authority has done their part; so has whoever uses a public one.
        let incomplete = !chain.whole && (chain.points_on || !self.added.is_empty());
        let why = if incomplete { Distrust::Incomplete } else { Distrust::UnknownIssuer };
        Untrusted { why, detail: chain.issuer }
    }

    /// The system's reason in our words.
    fn explained(
        &self,
        error: &rustls::Error,
        end_entity: &CertificateDer<'_>,
        sent: &[CertificateDer<'_>],
        name: &ServerName<'_>,
    ) -> Untrusted {
        let rustls::Error::InvalidCertificate(error) = error else {
            return Untrusted { why: Distrust::Other, detail: error.to_string() };
        };
        match error {
            CertificateError::ExpiredContext { not_after, .. } => {
                Untrusted { why: Distrust::Expired, detail: day(*not_after) }
            }
            CertificateError::Expired => Untrusted { why: Distrust::Expired, detail: String::new() },
            CertificateError::NotValidYetContext { not_before, .. } => {
                Untrusted { why: Distrust::NotYetValid, detail: day(*not_before) }
            }
            CertificateError::NotValidYet => Untrusted { why: Distrust::NotYetValid, detail: String::new() },
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                misnamed(end_entity, name)
            }
            // Somebody is known by its issuer's name and did not sign it: the certificate of before it was renewed, often.
            CertificateError::UnknownIssuer
            | CertificateError::BadSignature
            | CertificateError::UnsupportedSignatureAlgorithmContext { .. }
            | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
                self.unknown(end_entity, sent)
            }
            // What `openssl req -x509` makes calls itself an authority: it would be refused for that before anybody asks
            // who signed it.
            CertificateError::Other(OtherError(inner))
                if matches!(inner.downcast_ref(), Some(webpki::Error::CaUsedAsEndEntity)) =>
            {
                self.unknown(end_entity, sent)
            }
            other => Untrusted { why: Distrust::Other, detail: other.to_string() },
        }
    }
}

fn day(at: UnixTime) -> String {
    chrono::DateTime::from_timestamp(at.as_secs() as i64, 0)
        .map(|at| at.format("%Y-%m-%d").to_string())
        .unwrap_or_default()
}

/// Which names it has instead, or that it has none where names belong.
fn misnamed(end_entity: &CertificateDer<'_>, name: &ServerName<'_>) -> Untrusted {
    let names = match webpki::EndEntityCert::try_from(end_entity)
        .and_then(|leaf| leaf.verify_is_valid_for_subject_name(name))
    {
        Err(webpki::Error::CertNotValidForName(context)) => context.presented,
        _ => Vec::new(),
    };
    // `DnsName("a.example")`, `IpAddress(10.0.0.1)`.
    let plain = |name: &String| {
        let inner = name.split_once('(').map_or(name.as_str(), |(_, inner)| inner.trim_end_matches(')'));
        inner.trim_matches('"').to_owned()
    };
    match names.iter().map(plain).collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => Untrusted { why: Distrust::NoNames, detail: String::new() },
        names => Untrusted { why: Distrust::WrongName, detail: names },
    }
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if self.added.iter().any(|added| added == end_entity) {
            return Ok(self.as_added(end_entity, server_name, now)?);
        }
        let Some(system) = &self.system else {
            return Err(Untrusted { why: Distrust::NoAuthorities, detail: String::new() }.into());
        };
        system
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            .map_err(|error| self.explained(&error, end_entity, intermediates, server_name).into())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
