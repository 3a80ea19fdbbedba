//! Why a server is not believed: each cause has its own name and its own words, because each has another remedy.

use std::fmt;

/// Why a certificate, or the file that should make one trusted, does not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Distrust {
    /// Made by the server itself or by an authority nobody here knows (`certificateUnknownIssuer`); who issued it is the
    /// detail.
    UnknownIssuer,
    /// Made for other names (`certificateWrongName`); they are the detail.
    WrongName,
    /// Names its host as a common name alone, without a `subjectAltName` (`certificateNoNames`).
    NoNames,
    /// Past its last day (`certificateExpired`); that day is the detail.
    Expired,
    /// Before its first day (`certificateNotYetValid`); that day is the detail.
    NotYetValid,
    /// The server does not send its issuer's certificate, and it is not known here (`certificateIncomplete`); who issued
    /// it is the detail.
    Incomplete,
    /// The file a person added cannot be opened or read (`authorityFileUnreadable`).
    FileUnreadable,
    /// The file a person added holds no certificate (`authorityFileEmpty`).
    FileEmpty,
    /// This computer has no list of authorities (`certificateNoAuthorities`).
    NoAuthorities,
    /// Anything else: revoked, not for servers, badly made (`certificate`).
    Other,
}

impl Distrust {
    /// Stable name, for the window's catalogue and for scripts.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownIssuer => "certificateUnknownIssuer",
            Self::WrongName => "certificateWrongName",
            Self::NoNames => "certificateNoNames",
            Self::Expired => "certificateExpired",
            Self::NotYetValid => "certificateNotYetValid",
            Self::Incomplete => "certificateIncomplete",
            Self::FileUnreadable => "authorityFileUnreadable",
            Self::FileEmpty => "authorityFileEmpty",
            Self::NoAuthorities => "certificateNoAuthorities",
            Self::Other => "certificate",
        }
    }
}

impl fmt::Display for Distrust {
    /// What happened, what it means, what to do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownIssuer => {
                "the server's certificate was made by itself or by an authority this computer does not know: check the \
                 address, then add that certificate or its authority's (--extra-ca)"
            }
            Self::WrongName => {
                "the server's certificate is for other names than this address: use one of those, or have it made for \
                 this one"
            }
            Self::NoNames => {
                "the server's certificate names its host as a common name (CN) alone, which proves nothing: have it made \
                 anew with a subjectAltName"
            }
            Self::Expired => {
                "the server's certificate has expired: have it renewed, unless this computer's date is wrong"
            }
            Self::NotYetValid => {
                "the server's certificate is not valid yet: check this computer's date and time"
            }
            Self::Incomplete => {
                "the server does not send its issuer's certificate, and nobody here has it: have the server send its \
                 whole chain, or add the issuer's certificate (--extra-ca)"
            }
            Self::FileUnreadable => {
                "the file of extra certificates cannot be read: check that it is there and yours to read"
            }
            Self::FileEmpty => {
                "the file of extra certificates holds none: give the authority's or the server's own, PEM or DER"
            }
            Self::NoAuthorities => {
                "this computer has no list of authorities to judge certificates by: install it (ca-certificates), or \
                 give the server's authority (--extra-ca)"
            }
            Self::Other => "the certificate of the server cannot be trusted: ask who runs it",
        })
    }
}
