//! Where a team's database is, and as whom: a `postgres://` address without a password.
//!
//! TLS is asked for and the certificate judged everywhere but on a socket and on loopback; there is no option to leave it
//! out elsewhere. Left out on purpose: passwords, which come from somewhere else, and files of the database's own clients.

use std::fmt;
use std::path::{Path, PathBuf};

use url::{Host, Url};

use crate::error::Error;

const PORT: u16 = 5432;

/// A checked address of a team's database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// As shown and kept: never with a password.
    shown: String,
    pub(crate) user: String,
    pub(crate) host: At,
    pub(crate) port: u16,
    pub(crate) database: String,
    /// A file, PEM or DER, with certificates believed beside the system's.
    pub(crate) extra_ca: Option<PathBuf>,
}

/// How the database is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum At {
    /// Through a socket in this folder.
    Socket(PathBuf),
    /// On this computer, without TLS.
    Loopback(String),
    /// With TLS.
    Network(String),
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl Address {
    /// Checks what a person typed: `postgres://NAME@HOST[:PORT]/DATABASE`, or `postgres://NAME@/DATABASE?host=/FOLDER` for a
    /// socket; `?sslrootcert=FILE` names certificates to believe beside the system's.
    ///
    /// # Errors
    /// [`Error::Address`], with its reason. A password in it is one: it would be kept and shown with the address.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let no = |reason| Error::Address { reason };
        let url = url(text.trim()).ok_or_else(|| no("notAnAddress"))?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            return Err(no("notAnAddress"));
        }
        if url.password().is_some() {
            return Err(no("password"));
        }
        let decoded = |text: &str| {
            let decoded: String =
                url::form_urlencoded::parse(format!("v={}", text.replace('+', "%2B")).as_bytes())
                    .map(|(_, value)| value.into_owned())
                    .collect();
            decoded
        };
        let user = decoded(url.username());
        if user.is_empty() {
            return Err(no("noUser"));
        }
        let (mut socket, mut extra_ca, mut tls) = (None, None, false);
        for (key, value) in url.query_pairs() {
            match &*key {
                "host" if value.starts_with('/') => socket = Some(PathBuf::from(&*value)),
                "sslrootcert" => extra_ca = Some(PathBuf::from(&*value)),
                // What is done over a network anyway; on this computer where it is wished.
                "sslmode" if &*value == "verify-full" => tls = true,
                "sslmode" => return Err(no("plain")),
                _ => return Err(no("option")),
            }
        }
        let named = url.host_str().filter(|host| !host.is_empty() && *host != NOBODY);
        let host = match (socket, named) {
            (Some(folder), None) => At::Socket(folder),
            (None, Some(host)) if !tls && is_loopback(host) => {
                At::Loopback(host.trim_matches(['[', ']']).to_owned())
            }
            (None, Some(host)) => At::Network(host.trim_matches(['[', ']']).to_owned()),
            _ => return Err(no("noHost")),
        };
        let database = decoded(url.path().trim_start_matches('/'));
        let database = if database.is_empty() { user.clone() } else { database };
        let shown = url.to_string().replacen(&format!("@{NOBODY}/"), "@/", 1);
        Ok(Self { shown, user, host, port: url.port().unwrap_or(PORT), database, extra_ca })
    }

    /// The name of whoever joins.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The same database as somebody else.
    ///
    /// # Errors
    /// As of [`Address::parse`].
    pub fn of(&self, user: &str) -> Result<Self, Error> {
        let mut url = url(&self.shown).ok_or(Error::Address { reason: "notAnAddress" })?;
        url.set_username(user).map_err(|()| Error::Address { reason: "noUser" })?;
        Self::parse(url.as_str())
    }

    /// Host, or folder of the socket, and database: for people.
    pub fn label(&self) -> String {
        match &self.host {
            At::Socket(folder) => format!("{}/{}", folder.display(), self.database),
            At::Loopback(host) | At::Network(host) => format!("{host}/{}", self.database),
        }
    }

    /// What a password of it is kept under in the system's secret store.
    pub fn secret_key(&self) -> String {
        format!("team:{}", self.shown)
    }

    /// Certificates to believe beside the system's.
    pub fn extra_ca(&self) -> Option<&Path> {
        self.extra_ca.as_deref()
    }
}

/// In place of the host of an address that has none: with a name in it, it would be no address.
const NOBODY: &str = "nobody.invalid";

fn url(text: &str) -> Option<Url> {
    match text.split_once("@/") {
        Some((before, after)) if before.matches('/').count() == 2 => {
            Url::parse(&format!("{before}@{NOBODY}/{after}")).ok()
        }
        _ => Url::parse(text).ok(),
    }
}

fn is_loopback(host: &str) -> bool {
    // A scheme of its own leaves names as they are typed: they are told apart here.
    match Host::parse(host) {
        Ok(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Ok(Host::Ipv4(address)) => address.is_loopback(),
        Ok(Host::Ipv6(address)) => address.is_loopback(),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_checked_and_never_has_a_password() {
        let good = Address::parse(" postgres://ana.p@db.centro.example:6432/piso ").expect("good");
        assert_eq!(good.host, At::Network("db.centro.example".to_owned()));
        assert_eq!((good.user(), good.port, good.database.as_str()), ("ana.p", 6432, "piso"));
        assert_eq!(good.label(), "db.centro.example/piso");
        assert_eq!(good.of("rui").expect("good").to_string(), "postgres://rui@db.centro.example:6432/piso");
        for (typed, reason) in [
            ("", "notAnAddress"),
            ("https://ana@db/piso", "notAnAddress"),
            ("postgres://ana:clave@db/piso", "password"),
            ("postgres://db/piso", "noUser"),
            ("postgres://ana@db/piso?sslmode=disable", "plain"),
            ("postgres://ana@db/piso?options=-c", "option"),
            ("postgres://ana@/piso", "noHost"),
        ] {
            match Address::parse(typed) {
                Err(Error::Address { reason: said }) => assert_eq!(said, reason, "{typed}"),
                other => panic!("{typed}: {other:?}"),
            }
        }
    }

    #[test]
    fn only_this_computer_is_reached_without_tls() {
        let host = |text| Address::parse(text).expect("good").host;
        assert_eq!(host("postgres://ana@127.0.0.1/p"), At::Loopback("127.0.0.1".to_owned()));
        assert_eq!(host("postgres://ana@[::1]/p"), At::Loopback("::1".to_owned()));
        assert_eq!(host("postgres://ana@LOCALHOST/p"), At::Loopback("LOCALHOST".to_owned()));
        assert_eq!(host("postgres://ana@localhost.example/p"), At::Network("localhost.example".to_owned()));
        assert_eq!(host("postgres://ana@127.0.0.1.example/p"), At::Network("127.0.0.1.example".to_owned()));
        assert_eq!(host("postgres://ana@/p?host=/run/postgresql"), At::Socket("/run/postgresql".into()));
        let socket = Address::parse("postgres://ana@/p?host=/run/postgresql").expect("good");
        assert_eq!(socket.of("rui").expect("good").to_string(), "postgres://rui@/p?host=/run/postgresql");
    }
}
