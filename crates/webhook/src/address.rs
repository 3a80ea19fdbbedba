//! Where messages go. The address alone lets anybody write there, so it is kept and shown as a password is: not at all.

use std::fmt;

use atalaya_secret::Secret;
use url::{Host, Url};

/// Letters of the longest address that is taken; those of flows are some 300 long.
const LONGEST: usize = 2_048;
/// Parts of an address that are shorter say nothing: `api`, `v1`.
const TELLING: usize = 6;

/// Why an address does not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressFlaw {
    /// It is none.
    #[error("this is no address: copy it whole, from https:// on")]
    None,
    /// `http` leaves this computer readable by anybody.
    #[error("only https:// is safe: whoever reads the address on its way could write to the chat")]
    Unencrypted,
}

impl AddressFlaw {
    /// Stable name, for the window's catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::None => "webhookAddress",
            Self::Unencrypted => "webhookUnencrypted",
        }
    }
}

/// An address that can be sent to and never printed.
#[derive(Clone)]
pub struct Address {
    whole: Secret,
    host: String,
    here: bool,
}

impl Address {
    /// Takes an address as it was typed or kept.
    ///
    /// # Errors
    /// [`AddressFlaw`]: no address, or one that would be read on its way. Plain `http` is for this computer alone.
    pub fn parse(typed: &Secret) -> Result<Self, AddressFlaw> {
        let text = typed.expose().trim();
        if text.len() > LONGEST {
            return Err(AddressFlaw::None);
        }
        let mut url = Url::parse(text).map_err(|_| AddressFlaw::None)?;
        url.set_fragment(None);
        let host = url.host().ok_or(AddressFlaw::None)?;
        let here = match &host {
            Host::Domain(name) => *name == "localhost",
            Host::Ipv4(ip) => ip.is_loopback(),
            Host::Ipv6(ip) => ip.is_loopback(),
        };
        let host = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_string(),
        };
        match url.scheme() {
            "https" => {}
            "http" if here => {}
            "http" => return Err(AddressFlaw::Unencrypted),
            _ => return Err(AddressFlaw::None),
        }
        Ok(Self { whole: Secret::new(String::from(url)), host, here })
    }

    /// The host, and its port where it is not the usual one: all that anybody may see.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The address itself, for the secret store.
    pub fn secret(&self) -> &Secret {
        &self.whole
    }

    /// Whether it is on this computer.
    pub(crate) fn is_here(&self) -> bool {
        self.here
    }

    /// For the request.
    pub(crate) fn url(&self) -> Option<Url> {
        Url::parse(self.whole.expose()).ok()
    }

    /// Whether a text repeats what only the address should say: servers like to quote what they were asked for.
    pub(crate) fn is_quoted_in(&self, text: &str) -> bool {
        let Some(url) = self.url() else { return true };
        let decoded = |part: &str| {
            let mut pairs = url::form_urlencoded::parse(part.as_bytes());
            pairs.next().map(|(name, _)| name.into_owned()).unwrap_or_default()
        };
        let mut parts: Vec<String> = Vec::new();
        for part in url.path_segments().into_iter().flatten() {
            parts.extend([part.to_owned(), decoded(part)]);
        }
        parts.extend(url.query_pairs().map(|(_, value)| value.into_owned()));
        parts.extend(url.query().into_iter().flat_map(|query| query.split(['&', '='])).map(str::to_owned));
        parts.extend([url.username().to_owned(), url.password().unwrap_or_default().to_owned()]);
        parts.iter().any(|part| part.len() >= TELLING && text.contains(part.as_str()))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Address, AddressFlaw> {
        Address::parse(&Secret::new(text))
    }

    #[test]
    fn only_what_nobody_can_read_on_its_way_is_an_address() {
        for good in [
            "https://hooks.example/services/T0/B0/abcdefgh",
            " https://flow.example:8443/a?sig=x ",
            "http://127.0.0.1:9/x",
            "http://[::1]/x",
            "http://localhost/x",
        ] {
            assert!(read(good).is_ok(), "{good}");
        }
        for bad in ["", "hooks.example/x", "ftp://hooks.example/x", "file:///etc/passwd", "mailto:a@b"] {
            assert_eq!(read(bad).err(), Some(AddressFlaw::None), "{bad}");
        }
        for bad in ["http://hooks.example/x", "http://127.0.0.1.example/x", "http://localhost.example/"] {
            assert_eq!(read(bad).err(), Some(AddressFlaw::Unencrypted), "{bad}");
        }
        assert!(read(&format!("https://a.example/{}", "x".repeat(LONGEST))).is_err());
    }

    #[test]
    fn of_an_address_its_host_is_all_that_can_be_seen() {
        let address =
            read("https://who:knows-it@flow.example:8443/triggers/deadbeef?sig=abc%2Fdef9#x").unwrap();
        assert_eq!(address.host(), "flow.example:8443");
        let printed = format!("{address:?} {:?} {:?}", address.secret(), Some(&address));
        for part in ["deadbeef", "knows-it", "def9", "triggers", "flow"] {
            assert!(!printed.contains(part), "{printed}");
        }
        for quoting in ["POST /triggers/deadbeef is unknown", "sig abc/def9", "abc%2Fdef9", "knows-it"] {
            assert!(address.is_quoted_in(quoting), "{quoting}");
        }
        assert!(!address.is_quoted_in("no such flow at flow.example"));
    }
}
