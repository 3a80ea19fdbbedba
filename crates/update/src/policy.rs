//! What the administrator of a computer says of updates: a file only they can write. What it says cannot be chosen
//! otherwise.
//!
//! ```toml
//! [update]
//! channel = "https://updates.example/atalaya.json"   # "" turns updates off
//! authority = "/etc/ssl/own-ca.pem"                   # believed besides the computer's own list
//! ```

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::Error;

/// What the file says of updates.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// The channel; an empty one turns updates off. `None`: a person chooses.
    pub channel: Option<String>,
    /// Certificates that are believed besides the computer's list.
    pub authority: Option<PathBuf>,
}

/// The file as a whole; the other parts are others' to read.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Whole {
    update: Policy,
}

impl Policy {
    /// What this computer's file says; nothing where there is none.
    ///
    /// # Errors
    /// [`Error::Policy`]: it is there and cannot be read. Nobody is asked then: who wrote it may have meant to forbid it.
    pub fn of_this_computer() -> Result<Self, Error> {
        let given =
            std::env::var_os("ATALAYA_ADMIN_FILE").filter(|_| cfg!(debug_assertions)).map(PathBuf::from);
        match given.or_else(usual) {
            Some(path) => Self::read(&path),
            None => Ok(Self::default()),
        }
    }

    fn read(path: &Path) -> Result<Self, Error> {
        let refused = |detail: String| Error::Policy { path: path.display().to_string(), detail };
        let text = match std::fs::read_to_string(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            text => text.map_err(|error| refused(error.to_string()))?,
        };
        let whole: Whole = toml::from_str(&text).map_err(|error| refused(error.message().to_owned()))?;
        Ok(whole.update)
    }

    /// The channel that is asked: the administrator's, or the one chosen.
    ///
    /// # Errors
    /// [`Error::Off`]: there is none.
    pub fn channel<'a>(&'a self, chosen: Option<&'a str>) -> Result<&'a str, Error> {
        let channel = self.channel.as_deref().or(chosen).map(str::trim);
        channel.filter(|channel| !channel.is_empty()).ok_or(Error::Off)
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

    #[test]
    fn who_looks_after_a_computer_has_the_last_word() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("atalaya.toml");
        let read = |text: &str| {
            std::fs::write(&path, text).unwrap();
            Policy::read(&path)
        };
        assert_eq!(Policy::read(&folder.path().join("none")).unwrap(), Policy::default());
        let chosen = Some("https://mine.example/x");
        let none = read("look_only = true\n[other]\nx = 1\n").unwrap();
        assert_eq!(none.channel(chosen).unwrap(), "https://mine.example/x");
        assert_eq!(none.channel(None).unwrap_err().code(), "updateOff");
        assert_eq!(none.channel(Some("  ")).unwrap_err().code(), "updateOff");
        let given =
            read("[update]\nchannel = \"https://ours.example/x\"\nauthority = \"/etc/ca.pem\"\n").unwrap();
        assert_eq!(given.channel(chosen).unwrap(), "https://ours.example/x");
        assert_eq!(given.authority.as_deref(), Some(Path::new("/etc/ca.pem")));
        assert_eq!(
            read("[update]\nchannel = \"\"\n").unwrap().channel(chosen).unwrap_err().code(),
            "updateOff"
        );
        for bad in ["[update\n", "[update]\nchannel = 3\n"] {
            assert_eq!(read(bad).unwrap_err().code(), "updatePolicy", "{bad}");
        }
    }
}
