//! What can go wrong with what is kept on this computer.

/// A failed read or write of the store or of the secret store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder or file cannot be made or opened.
    #[error(
        "the data folder cannot be used ({path}): check that it exists, is yours, and that the disk is not full"
    )]
    Folder {
        /// Where.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// What lies where the database should be is none, or a damaged one.
    #[error(
        "the data file cannot be read ({path}: {source}): move it away to start anew, or put a copy back"
    )]
    Unreadable {
        /// Where.
        path: String,
        /// Why.
        #[source]
        source: rusqlite::Error,
    },
    /// SQLite failed.
    #[error("the local database failed ({0}): close other copies of the program and check the disk")]
    Database(#[from] rusqlite::Error),
    /// The file was written by a newer version.
    #[error(
        "the local database was written by a newer version of the program ({owner} {found} > {known}): update it"
    )]
    Newer {
        /// Whose tables.
        owner: &'static str,
        /// The version in the file.
        found: u32,
        /// The version known here.
        known: u32,
    },
    /// A value cannot be written as JSON.
    #[error("a value could not be kept ({0}): report it")]
    Value(#[from] serde_json::Error),
    /// The system's secret store refused.
    #[error("the system's secret store refused ({0}): sign in without keeping the password")]
    Secrets(String),
    /// The system's secret store is locked, or waits for somebody to unlock it.
    #[error("the system's secret store is locked: unlock it and try again, or type the password")]
    SecretsLocked,
}

impl Error {
    /// Stable name, for the window's catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Folder { .. } => "storeFolder",
            Self::Unreadable { .. } => "storeUnreadable",
            Self::Database(_) => "storeFailed",
            Self::Newer { .. } => "storeNewer",
            Self::Value(_) => "storeValue",
            Self::Secrets(_) => "secretsRefused",
            Self::SecretsLocked => "secretsLocked",
        }
    }

    /// Values for the window's text.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Folder { path, source } => vec![("path", path.clone()), ("detail", source.to_string())],
            Self::Unreadable { path, source } => vec![("path", path.clone()), ("detail", source.to_string())],
            Self::Database(error) => vec![("detail", error.to_string())],
            Self::Newer { owner, .. } => vec![("detail", (*owner).to_owned())],
            Self::Value(error) => vec![("detail", error.to_string())],
            Self::Secrets(detail) => vec![("detail", detail.clone())],
            Self::SecretsLocked => Vec::new(),
        }
    }

    /// Whether trying again may help.
    pub fn retryable(&self) -> bool {
        matches!(self, Self::Database(_) | Self::Secrets(_) | Self::SecretsLocked)
    }
}
