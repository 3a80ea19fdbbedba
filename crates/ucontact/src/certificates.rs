//! Certificates as bytes: those of a file that a person added, and what one of a server says of itself.
//!
//! Left out: judging them (`trust`). Nothing read here makes a server trusted; it finds the right words.

use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::distrust::Distrust;
use crate::error::{Error, ErrorKind};

/// A bundle of every authority there is has a quarter of that.
const FILE_LIMIT: u64 = 1024 * 1024;
/// How an authority is reached for its certificate (`id-ad-caIssuers`), as it stands in a certificate.
const ISSUER_AT: [u8; 10] = [0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x02];
/// A common name's identifier.
const COMMON_NAME: [u8; 5] = [0x06, 0x03, 0x55, 0x04, 0x03];

/// The certificates of a file, PEM or DER, one or several, at least one.
///
/// # Errors
/// [`Distrust::FileUnreadable`] with the system's reason, [`Distrust::FileEmpty`].
pub(crate) fn of_file(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let failed =
        |why, detail: &str| Error::new(ErrorKind::Certificate(why), "extra authority").with_detail(detail);
    let unreadable = |error: std::io::Error| failed(Distrust::FileUnreadable, &error.kind().to_string());
    if std::fs::metadata(path).map_err(unreadable)?.len() > FILE_LIMIT {
        return Err(failed(Distrust::FileEmpty, "larger than 1 MB"));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let found = certificates(&bytes).ok_or_else(|| failed(Distrust::FileEmpty, "damaged"))?;
    if found.is_empty() {
        return Err(failed(Distrust::FileEmpty, ""));
    }
    Ok(found)
}

/// `None` when something in it should be a certificate and is none.
fn certificates(bytes: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let pem = bytes.windows(11).any(|window| window == b"-----BEGIN ");
    let found: Vec<CertificateDer<'static>> = if pem {
        CertificateDer::pem_slice_iter(bytes).collect::<Result<_, _>>().ok()?
    } else {
        elements(bytes).into_iter().map(|der| CertificateDer::from(der.to_vec())).collect()
    };
    // What is no certificate could never match one: the person would look for the fault elsewhere.
    let good = found.iter().filter(|der| webpki::anchor_from_trusted_cert(der).is_ok()).count();
    match (pem, good == found.len()) {
        (_, true) => Some(found),
        (true, false) => None,
        (false, false) => Some(Vec::new()),
    }
}

/// DER one after another; nothing when the bytes are anything else.
fn elements(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    while let [0x30, 0x82, high, low, ..] = bytes {
        let length = 4 + usize::from(*high) * 256 + usize::from(*low);
        let Some((one, rest)) = bytes.split_at_checked(length) else { return Vec::new() };
        found.push(one);
        bytes = rest;
    }
    if bytes.is_empty() { found } else { Vec::new() }
}

/// How a server's certificate hangs together with those it sent along.
pub(crate) struct Chain {
    /// Whose signature is missing, by common name.
    pub(crate) issuer: String,
    /// Its end signs for itself: nothing is missing, it is only not known.
    pub(crate) whole: bool,
    /// It says where its issuer's certificate is fetched: public authorities and those of Windows do.
    pub(crate) points_on: bool,
}

/// From a server's certificate up through those it sent, as far as they go.
pub(crate) fn chain(end_entity: &CertificateDer<'_>, sent: &[CertificateDer<'_>]) -> Option<Chain> {
    let leaf = webpki::EndEntityCert::try_from(end_entity).ok()?;
    let (mut subject, mut issuer) = (leaf.subject().to_vec(), leaf.issuer().to_vec());
    let mut last = end_entity;
    // Each step goes through another certificate: no longer than what was sent.
    for _ in sent {
        let next = sent.iter().find_map(|der| {
            let one = webpki::EndEntityCert::try_from(der).ok()?;
            (one.subject() == issuer).then(|| (der, one.subject().to_vec(), one.issuer().to_vec()))
        });
        match next {
            Some((der, found, by)) if subject != issuer => (last, subject, issuer) = (der, found, by),
            _ => break,
        }
    }
    Some(Chain {
        issuer: common_name(&issuer).unwrap_or_default(),
        whole: subject == issuer,
        points_on: last.windows(ISSUER_AT.len()).any(|window| window == ISSUER_AT),
    })
}

/// The last common name in a distinguished name, for people.
fn common_name(name: &[u8]) -> Option<String> {
    let at = name.windows(COMMON_NAME.len()).rposition(|window| window == COMMON_NAME)?;
    let value = name.get(at + COMMON_NAME.len()..)?;
    let (length, text) = (usize::from(*value.get(1)?), value.get(2..)?);
    // 128 and more is another way to write a length; no name of an authority has it.
    (length < 128).then(|| text.get(..length))?.map(|text| String::from_utf8_lossy(text).into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), pem in any::<bool>()) {
            let bytes = if pem { [b"-----BEGIN CERTIFICATE-----\n", bytes.as_slice()].concat() } else { bytes };
            let _ = certificates(&bytes);
            let _ = common_name(&bytes);
            let der = CertificateDer::from(bytes);
            prop_assert!(chain(&der, std::slice::from_ref(&der)).is_none());
        }
    }

    #[test]
    fn a_common_name_is_read_for_people() {
        let name = b"\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02CA";
        assert_eq!(common_name(name).as_deref(), Some("CA"));
        assert_eq!(common_name(&name[..name.len() - 1]), None);
    }
}
