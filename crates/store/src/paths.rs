//! Where things are kept on this computer: what a person would miss in a folder that may travel with them, what is large or
//! of this computer alone in one that does not. They are two on Windows, where what roams is copied at every log-on.

mod moving;

use std::ffi::OsString;
use std::path::PathBuf;

/// Folders and files of one installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// The folder of what a person would miss: settings, profiles, marks, the trail.
    pub home: PathBuf,
    /// The folder of what stays on this computer: history, recordings, logs. The same as [`Paths::home`] where the system
    /// does not tell them apart.
    pub local: PathBuf,
}

impl Paths {
    /// Everything in one folder.
    pub fn below(home: impl Into<PathBuf>) -> Self {
        let home = home.into();
        Self { local: home.clone(), home }
    }

    /// The person's own data folders, or `ATALAYA_HOME` when set; the current folder when the system names none.
    pub fn of_this_person() -> Self {
        Self::named().unwrap_or_else(|| Self::below(".atalaya"))
    }

    /// The same, but `None` when the system names none: a command must not leave a folder wherever it happens to run.
    pub fn named() -> Option<Self> {
        Self::first_of(std::env::var_os("ATALAYA_HOME"), dirs::data_dir(), dirs::data_local_dir())
    }

    fn first_of(given: Option<OsString>, data: Option<PathBuf>, local: Option<PathBuf>) -> Option<Self> {
        if let Some(given) = given.filter(|value| !value.is_empty()) {
            return Some(Self::below(given));
        }
        let home = data?.join("atalaya");
        Some(Self { local: local.map_or_else(|| home.clone(), |folder| folder.join("atalaya")), home })
    }

    /// A home of its own for the simulated contact centre, so that a demonstration never mixes with real work.
    #[must_use]
    pub fn for_demo(self) -> Self {
        Self { home: self.home.join("demo"), local: self.local.join("demo") }
    }

    /// The SQLite file.
    pub fn database(&self) -> PathBuf {
        self.home.join("atalaya.sqlite")
    }

    /// The floor over time: a file of its own, of less worth than the other.
    pub fn history(&self) -> PathBuf {
        self.local.join("history.sqlite")
    }

    /// Recordings fetched, bounded.
    pub fn cache(&self) -> PathBuf {
        self.local.join("recordings")
    }

    /// Log files.
    pub fn logs(&self) -> PathBuf {
        self.local.join("logs")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each system names for Ana, and where her things are then.
    #[test]
    fn a_home_is_given_or_named_by_the_system_or_there_is_none() {
        let windows = (r"C:\Users\ana\AppData\Roaming", r"C:\Users\ana\AppData\Local");
        let mac = "/Users/ana/Library/Application Support";
        let linux = "/srv/ana/.local/share";
        for (given, data, local, home, stays) in [
            ("", Some(linux), Some(linux), format!("{linux}/atalaya"), format!("{linux}/atalaya")),
            ("", Some(mac), Some(mac), format!("{mac}/atalaya"), format!("{mac}/atalaya")),
            (
                "",
                Some(windows.0),
                Some(windows.1),
                format!("{}/atalaya", windows.0),
                format!("{}/atalaya", windows.1),
            ),
            ("", Some(linux), None, format!("{linux}/atalaya"), format!("{linux}/atalaya")),
            ("/given", Some(windows.0), Some(windows.1), "/given".to_owned(), "/given".to_owned()),
            ("/given", None, None, "/given".to_owned(), "/given".to_owned()),
        ] {
            let paths = Paths::first_of(Some(given.into()), data.map(Into::into), local.map(Into::into));
            let paths = paths.expect("one of them is named");
            let (home, stays) = (PathBuf::from(home), PathBuf::from(stays));
            assert_eq!((&paths.home, &paths.local), (&home, &stays));
            assert_eq!(paths.database(), home.join("atalaya.sqlite"), "what a person would miss");
            assert_eq!(paths.history(), stays.join("history.sqlite"));
            assert_eq!(paths.cache(), stays.join("recordings"));
            assert_eq!(paths.logs(), stays.join("logs"));
            let demo = paths.clone().for_demo();
            assert_eq!((demo.home, demo.local), (home.join("demo"), stays.join("demo")));
        }
        assert_eq!(Paths::first_of(Some("".into()), None, Some(linux.into())), None);
        assert_eq!(Paths::first_of(None, None, None), None);
    }
}
