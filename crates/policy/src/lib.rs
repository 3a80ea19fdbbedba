//! What whoever looks after a computer decided for this program, in a file that only they can write. What it says cannot be
//! chosen otherwise, and is shown as decided.
//!
//! ```toml
//! look_only = true                       # nothing is changed at a server from here
//! poll_every_secs = 5                    # 1 to 30
//! requests_per_second = 2                # 1 to 20
//! only_these_servers = true              # nobody signs in to another one
//!
//! [[server]]
//! name = "Centro"
//! url = "https://centro.example"
//! recordings = "https://grabaciones.example"   # where the telephony's recordings are, when it is another host
//! backup = "https://respaldo.example"          # where older ones are
//! authority = "/etc/ssl/own-ca.pem"            # believed besides the computer's own list
//!
//! [update]
//! channel = "https://updates.example/channel.json"   # "" turns updates off
//! authority = "/etc/ssl/own-ca.pem"
//! ```
//!
//! Left out on purpose: passwords, which are in no file; what each line means to whoever heeds it.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// What is decided.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Nothing is changed at a server from this computer.
    pub look_only: bool,
    /// Seconds between polls; `None`: a person chooses.
    pub poll_every_secs: Option<u32>,
    /// The request budget; `None`: a person chooses.
    pub requests_per_second: Option<u32>,
    /// Nobody signs in to a server that is none of these.
    pub only_these_servers: bool,
    /// Servers to sign in to, in their order.
    #[serde(rename = "server")]
    pub servers: Vec<GivenServer>,
    /// Newer versions.
    pub update: Update,
}

/// A server to sign in to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenServer {
    /// What it is called.
    pub name: String,
    /// Its address.
    pub url: String,
    /// Where the telephony's recordings are; `None`: its own host.
    pub recordings: Option<String>,
    /// Where older ones are; `None`: nowhere.
    pub backup: Option<String>,
    /// A file of certificates believed besides the computer's own list.
    pub authority: Option<PathBuf>,
}

/// What is decided of newer versions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Update {
    /// The channel; an empty one turns updates off. `None`: a person chooses.
    pub channel: Option<String>,
    /// Certificates that are believed besides the computer's list.
    pub authority: Option<PathBuf>,
}

/// The file is there and cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path} cannot be followed: {detail}")]
pub struct Unreadable {
    /// The file.
    pub path: String,
    /// Why, with the line where there is one.
    pub detail: String,
}

impl Policy {
    /// What this computer's file says; nothing where there is none.
    ///
    /// # Errors
    /// It is there and cannot be followed, or has a word this program does not know: whoever wrote it may have meant to
    /// forbid something, see [`Policy::when_unreadable`].
    pub fn of_this_computer() -> Result<Self, Unreadable> {
        let given =
            std::env::var_os("ATALAYA_ADMIN_FILE").filter(|_| cfg!(debug_assertions)).map(PathBuf::from);
        match given.or_else(usual) {
            Some(path) => Self::read(&path),
            None => Ok(Self::default()),
        }
    }

    /// What holds while the file cannot be followed: nothing is changed at a server, and nothing is updated.
    pub fn when_unreadable() -> Self {
        let update = Update { channel: Some(String::new()), authority: None };
        Self { look_only: true, update, ..Self::default() }
    }

    fn read(path: &Path) -> Result<Self, Unreadable> {
        let refused = |detail: String| Unreadable { path: path.display().to_string(), detail };
        let text = match std::fs::read_to_string(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            text => text.map_err(|error| refused(error.to_string()))?,
        };
        let policy: Self = toml::from_str(&text).map_err(|error| refused(error.to_string()))?;
        let outside = |value: Option<u32>, most: u32| value.is_some_and(|value| !(1..=most).contains(&value));
        if outside(policy.poll_every_secs, 30) {
            return Err(refused("poll_every_secs is to be 1 to 30".to_owned()));
        }
        if outside(policy.requests_per_second, 20) {
            return Err(refused("requests_per_second is to be 1 to 20".to_owned()));
        }
        if policy.only_these_servers && policy.servers.is_empty() {
            return Err(refused("only_these_servers, and no [[server]]".to_owned()));
        }
        Ok(policy)
    }
}

#[cfg(not(windows))]
#[expect(clippy::unnecessary_wraps, reason = "not every system has such a place")]
fn usual() -> Option<PathBuf> {
    Some(PathBuf::from("/etc/atalaya.toml"))
}

#[cfg(windows)]
fn usual() -> Option<PathBuf> {
    std::env::var_os("PROGRAMDATA").map(|data| PathBuf::from(data).join("Atalaya").join("atalaya.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Policy, Unreadable> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("atalaya.toml");
        std::fs::write(&path, text).expect("written");
        Policy::read(&path)
    }

    #[test]
    fn the_example_of_this_page_is_read_whole() {
        let page = include_str!("lib.rs");
        let example = page.split("```").nth(1).expect("an example").trim_start_matches("toml");
        let text: String =
            example.lines().map(|line| line.trim_start_matches("//!").to_owned() + "\n").collect();
        let policy = read(&text).expect("it is right");
        assert!(policy.look_only && policy.only_these_servers);
        assert_eq!((policy.poll_every_secs, policy.requests_per_second), (Some(5), Some(2)));
        let [server] = &policy.servers[..] else { panic!("one server: {:?}", policy.servers) };
        assert_eq!((server.name.as_str(), server.url.as_str()), ("Centro", "https://centro.example"));
        assert_eq!(policy.update.channel.as_deref(), Some("https://updates.example/channel.json"));
    }

    #[test]
    fn no_file_decides_nothing_and_one_that_cannot_be_followed_forbids() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(Policy::read(&folder.path().join("none")), Ok(Policy::default()));
        assert_eq!(read(""), Ok(Policy::default()));
        for (text, said) in [
            ("[update\n", "TOML parse error at line 1"),
            ("look_onyl = true\n", "unknown field `look_onyl`"),
            ("[update]\nchannel = 3\n", "line 2"),
            ("poll_every_secs = 0\n", "1 to 30"),
            ("requests_per_second = 21\n", "1 to 20"),
            ("only_these_servers = true\n", "no [[server]]"),
            ("[[server]]\nname = \"x\"\n", "missing field `url`"),
        ] {
            let refused = read(text).expect_err(text);
            assert!(refused.to_string().contains(said), "{refused}");
        }
        let meanwhile = Policy::when_unreadable();
        assert!(meanwhile.look_only && meanwhile.update.channel.as_deref() == Some(""));
    }
}
