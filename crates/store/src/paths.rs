//! Where things are kept on this computer.

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
        let home = std::env::var_os("ATALAYA_HOME")
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
            .or_else(|| dirs::data_dir().map(|dir| dir.join("atalaya")))
            .unwrap_or_else(|| PathBuf::from(".atalaya"));
        Self { home }
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
