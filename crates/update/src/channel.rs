//! Where new versions come from: one address, over TLS, that is asked when a person says so.
//!
//! Nothing follows to another host: neither a redirect nor a package's address. Sizes and times are bounded.

use std::path::Path;
use std::time::Duration;

use reqwest::redirect::Policy as Redirects;
use reqwest::{Client, StatusCode};
use url::Url;

use crate::error::Error;
use crate::keys::Keys;
use crate::manifest::{LARGEST_MANIFEST, Manifest};

const CONNECT: Duration = Duration::from_secs(10);
/// Between two pieces.
const SILENCE: Duration = Duration::from_secs(30);
/// All that the manifest is given.
const MANIFEST: Duration = Duration::from_secs(30);
const MOST_REDIRECTS: usize = 4;

/// A channel that can be asked.
#[derive(Debug, Clone)]
pub struct Channel {
    pub(crate) client: Client,
    pub(crate) keys: Keys,
    address: Url,
}

/// Whether this may be a channel: `https`, a host, a file; no name and password in it.
///
/// # Errors
/// [`Error::Address`].
pub fn address(typed: &str) -> Result<Url, Error> {
    let refused = || Error::Address(typed.trim().chars().take(200).collect());
    let url = Url::parse(typed.trim()).map_err(|_| refused())?;
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let file = !url.path().ends_with('/');
    if url.scheme() != "https" || url.host_str().is_none() || !plain || !file {
        return Err(refused());
    }
    Ok(url)
}

impl Channel {
    /// Gets ready to ask; nobody is asked yet. `authority` is a file of certificates that are believed besides those of
    /// this computer's list.
    ///
    /// # Errors
    /// [`Error::Address`], [`Error::Certificate`] for a file that cannot be read, [`Error::Unreachable`] where no TLS can
    /// be spoken.
    pub fn open(typed: &str, keys: Keys, authority: Option<&Path>) -> Result<Self, Error> {
        let address = address(typed)?;
        let tls =
            atalaya_ucontact::tls_with(authority).map_err(|error| Error::Certificate(error.to_string()))?;
        let redirects = Redirects::custom(|attempt| {
            let before = attempt.previous().last();
            if before.is_some_and(|before| same_place(before, attempt.url()))
                && attempt.previous().len() <= MOST_REDIRECTS
            {
                attempt.follow()
            } else {
                attempt.error(Elsewhere)
            }
        });
        let mut builder = Client::builder()
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .redirect(redirects)
            .https_only(true)
            // What is packed is longer than what is said, and no piece of it can be asked for.
            .no_gzip()
            // Few questions, far apart: a connection kept for the next one may be ended by then without a word.
            .pool_max_idle_per_host(0)
            .user_agent(concat!("Atalaya/", env!("CARGO_PKG_VERSION")))
            .tls_backend_preconfigured(tls);
        if is_here(&address) {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| Error::Unreachable(error.without_url().to_string()))?;
        Ok(Self { client, keys, address })
    }

    /// Its address, as it is known by.
    pub fn address(&self) -> &str {
        self.address.as_str()
    }

    /// The keys it is checked with.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Asks what there is.
    ///
    /// # Errors
    /// Those of the way, [`Error::Signature`], [`Error::Unreadable`].
    pub async fn look(&self) -> Result<Manifest, Error> {
        let request = self.client.get(self.address.clone()).timeout(MANIFEST);
        let mut answer = request.send().await.map_err(|error| failed(&error))?;
        if answer.status() != StatusCode::OK {
            return Err(Error::Status(answer.status().as_u16()));
        }
        let mut bytes = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|error| failed(&error))? {
            if (bytes.len() + piece.len()) as u64 > LARGEST_MANIFEST {
                return Err(Error::TooLarge { said: LARGEST_MANIFEST });
            }
            bytes.extend_from_slice(&piece);
        }
        Manifest::read(&bytes, &self.keys)
    }

    /// Where a package lies.
    ///
    /// # Errors
    /// [`Error::Elsewhere`]: at another host than the channel.
    pub(crate) fn place(&self, package: &str) -> Result<Url, Error> {
        let url = self.address.join(package).map_err(|_| Error::Elsewhere)?;
        if same_place(&self.address, &url) { Ok(url) } else { Err(Error::Elsewhere) }
    }
}

fn same_place(one: &Url, other: &Url) -> bool {
    let place =
        |url: &Url| (url.scheme().to_owned(), url.host_str().map(str::to_owned), url.port_or_known_default());
    place(one) == place(other) && other.scheme() == "https"
}

fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[derive(Debug, thiserror::Error)]
#[error("sent on to another place")]
struct Elsewhere;

/// Why something did not come.
pub(crate) fn failed(error: &reqwest::Error) -> Error {
    let mut causes = Vec::new();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    let last = causes.last().cloned().unwrap_or_default();
    if error.is_redirect() {
        Error::Elsewhere
    } else if error.is_timeout() {
        Error::Timeout
    } else if let Some(certificate) =
        causes.iter().find(|cause| cause.contains("certificate") || cause.contains("invalid peer"))
    {
        Error::Certificate(certificate.clone())
    } else if error.is_connect() || error.is_builder() || error.is_request() && causes.is_empty() {
        Error::Unreachable(last)
    } else {
        Error::Cut
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_is_a_file_at_an_address_that_nobody_reads_on_the_way() {
        for good in
            ["https://a.example/atalaya.json", " https://a.example:8443/x/y?z=1 ", "https://127.0.0.1:9/x"]
        {
            assert!(address(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a.example/x",
            "http://a.example/x",
            "http://127.0.0.1/x",
            "ftp://a.example/x",
            "file:///etc/x",
            "https://a.example/",
            "https://a.example",
            "https://who:knows@a.example/x",
        ] {
            assert_eq!(address(bad).map_err(|error| error.code()).err(), Some("updateAddress"), "{bad}");
        }
    }

    #[test]
    fn what_is_another_place() {
        let at = |text: &str| Url::parse(text).unwrap();
        let here = at("https://a.example/x/channel.json");
        for (other, same) in [
            ("https://a.example/y", true),
            ("https://a.example:443/y", true),
            ("https://A.example/y", true),
            ("https://a.example:8443/y", false),
            ("http://a.example/y", false),
            ("https://b.example/y", false),
            ("https://a.example.b.example/y", false),
        ] {
            assert_eq!(same_place(&here, &at(other)), same, "{other}");
        }
        let plain = at("http://a.example/x");
        assert!(!same_place(&plain, &plain));
    }
}
