//! Where things are kept on this computer.

use std::ffi::OsString;
use std::path::PathBuf;

/// Folders and files of one installation, all below one home.
#[derive(Debug, Clone)]
pub struct Paths {
    /// The folder of everything else.
    pub home: PathBuf,
}

impl Paths {
    /// The person's own data folder, or `ATALAYA_HOME` when set; the current folder when the system names none.
    pub fn of_this_person() -> Self {
        Self::named().unwrap_or_else(|| Self { home: PathBuf::from(".atalaya") })
    }

    /// The same, but `None` when the system names none: a command must not leave a folder wherever it happens to run.
    pub fn named() -> Option<Self> {
        Self::first_of(std::env::var_os("ATALAYA_HOME"), dirs::data_dir())
    }

    fn first_of(given: Option<OsString>, data: Option<PathBuf>) -> Option<Self> {
        given
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
            .or_else(|| data.map(|dir| dir.join("atalaya")))
            .map(|home| Self { home })
    }

    /// A home of its own for the simulated contact centre, so that a demonstration never mixes with real work.
    #[must_use]
    pub fn for_demo(self) -> Self {
        Self { home: self.home.join("demo") }
    }

    /// The SQLite file.
    pub fn database(&self) -> PathBuf {
        self.home.join("atalaya.sqlite")
    }

    /// The floor over time: a file of its own, of less worth than the other.
    pub fn history(&self) -> PathBuf {
        self.home.join("history.sqlite")
    }

    /// Recordings fetched, bounded.
    pub fn cache(&self) -> PathBuf {
        self.home.join("recordings")
    }

    /// Log files.
    pub fn logs(&self) -> PathBuf {
        self.home.join("logs")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_is_given_or_named_by_the_system_or_there_is_none() {
        let home = |given: &str, data: Option<&str>| {
            Paths::first_of(Some(given.into()), data.map(PathBuf::from)).map(|paths| paths.home)
        };
        assert_eq!(home("/given", Some("/data")), Some("/given".into()));
        assert_eq!(home("", Some("/data")), Some("/data/atalaya".into()));
        assert_eq!(home("", None), None);
    }
}
