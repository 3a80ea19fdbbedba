//! Where a uContact instance is: the API's base address and the two hosts that keep recordings.

use std::path::PathBuf;

use url::Url;

use crate::error::{Error, ErrorKind};

const API_PATH: &str = "Integra/resources/";

/// A checked set of addresses. `https` everywhere, plain `http` only on loopback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// The API's base, ending in `/Integra/resources/`.
    pub base: Url,
    /// Root of the telephony host, ending in `/`; the instance's own host unless told otherwise.
    pub telephony: Url,
    /// Root of the backup host, ending in `/`, when there is one.
    pub backup: Option<Url>,
    /// A file, PEM or DER, with certificates trusted beside the system's: an authority's, or the server's own.
    pub extra_ca: Option<PathBuf>,
}

impl Server {
    /// Checks what a person typed. The base may leave out `https://` and `/Integra/resources/`; the telephony host is
    /// the server's own unless given; no backup host unless given.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidAddress`] with the reason as its detail: `empty`, `notAnAddress`, `plainHttp`, `credentials`.
    pub fn parse(
        base: &str,
        telephony: Option<&str>,
        backup: Option<&str>,
        extra_ca: Option<PathBuf>,
    ) -> Result<Self, Error> {
        let typed = root(base)?;
        let path = typed.path().trim_end_matches('/').to_owned();
        let mut base = typed.clone();
        if path.to_ascii_lowercase().ends_with("/integra/resources") {
            base.set_path(&format!("{path}/"));
        } else {
            base.set_path(&format!("{path}/{API_PATH}"));
        }
        let telephony = match telephony.map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => folder(root(text)?),
            None => {
                let mut own = typed;
                own.set_path("/");
                own
            }
        };
        let backup = match backup.map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => Some(folder(root(text)?)),
            None => None,
        };
        Ok(Self { base, telephony, backup, extra_ca })
    }

    /// Host and port for people: `name.ucontactcloud.com`.
    pub fn host_label(&self) -> String {
        let host = self.base.host_str().unwrap_or_default();
        match self.base.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }
}

fn invalid(why: &str) -> Error {
    Error::new(ErrorKind::InvalidAddress, "address").with_detail(why)
}

fn root(text: &str) -> Result<Url, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(invalid("empty"));
    }
    let text = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let mut url = Url::parse(&text).map_err(|_| invalid("notAnAddress"))?;
    if url.host_str().is_none_or(str::is_empty) || !matches!(url.scheme(), "http" | "https") {
        return Err(invalid("notAnAddress"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("credentials"));
    }
    if url.scheme() == "http" && !is_loopback(&url) {
        return Err(invalid("plainHttp"));
    }
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

fn folder(mut url: Url) -> Url {
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&format!("{path}/"));
    url
}

/// Whether it is on this computer.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_becomes_a_base() {
        for (typed, base) in [
            ("https://central.example", "https://central.example/Integra/resources/"),
            ("central.example", "https://central.example/Integra/resources/"),
            ("https://central.example:8443/", "https://central.example:8443/Integra/resources/"),
            ("https://central.example/Integra/resources", "https://central.example/Integra/resources/"),
            (
                "https://central.example/Integra/resources/?x=1#y",
                "https://central.example/Integra/resources/",
            ),
            ("http://127.0.0.1:9000", "http://127.0.0.1:9000/Integra/resources/"),
            ("http://localhost:9000/", "http://localhost:9000/Integra/resources/"),
            ("http://[::1]:9000/", "http://[::1]:9000/Integra/resources/"),
            ("https://central.example/pbx", "https://central.example/pbx/Integra/resources/"),
        ] {
            let server = Server::parse(typed, None, None, None).unwrap();
            assert_eq!(server.base.as_str(), base, "{typed}");
            assert_eq!(server.telephony.path(), "/", "{typed}");
            assert_eq!(server.backup, None);
        }
    }

    #[test]
    fn odd_addresses_are_refused_with_a_reason() {
        for (typed, why) in [
            ("", "empty"),
            ("   ", "empty"),
            ("http://central.example", "plainHttp"),
            ("http://10.0.0.1", "plainHttp"),
            ("ftp://central.example", "notAnAddress"),
            ("https://", "notAnAddress"),
            ("https://user:secret@central.example", "credentials"),
        ] {
            let error = Server::parse(typed, None, None, None).unwrap_err();
            assert_eq!(
                (error.kind, error.detail.as_deref()),
                (ErrorKind::InvalidAddress, Some(why)),
                "{typed}"
            );
        }
        assert!(Server::parse("central.example", Some("http://10.0.0.1"), None, None).is_err());
    }

    #[test]
    fn hosts_of_recordings_may_be_named() {
        let server =
            Server::parse("central.example", Some("voice.example/rec"), Some("https://old.example"), None)
                .unwrap();
        assert_eq!(server.telephony.as_str(), "https://voice.example/rec/");
        assert_eq!(server.backup.unwrap().as_str(), "https://old.example/");
    }
}
