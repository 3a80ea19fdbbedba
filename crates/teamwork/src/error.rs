//! What can go wrong with shared work.

use crate::rules::Why;

/// A failure.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The local store's.
    #[error(transparent)]
    Store(#[from] atalaya_store::Error),
    /// A later program wrote this change: this one reads no further than before it.
    #[error("change {seq} is of a later program (layout {layout}): update this one")]
    Newer {
        /// Its place in the log.
        seq: i64,
        /// Its layout.
        layout: u32,
    },
    /// A change that is none.
    #[error("change {seq} cannot be read ({detail})")]
    Unreadable {
        /// Its place in the log.
        seq: i64,
        /// Why.
        detail: String,
    },
    /// What was asked does not hold.
    #[error("it is not to be ({0:?})")]
    Refused(Why),
}

impl Error {
    /// Stable name, for the window's catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Newer { .. } => "teamNewer",
            Self::Unreadable { .. } => "teamUnreadable",
            Self::Refused(_) => "teamRefused",
        }
    }
}

/// The database's, within a transaction.
impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}
