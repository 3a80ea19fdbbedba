//! What can go wrong with a file that a person named.

use std::io;
use std::path::Path;

/// A file that could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It could not be written; nothing lies under its name that did not before.
    #[error("the file could not be written ({path}: {source}): check the folder and the disk")]
    Write {
        /// Where.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is not there, not text, or too large.
    #[error("the file could not be read ({path}: {source}): choose one that this program saved")]
    Read {
        /// Where.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Error {
    /// Of a file that could not be written.
    pub fn write(path: &Path, source: io::Error) -> Self {
        Self::Write { path: path.display().to_string(), source }
    }

    /// Of a file that could not be read.
    pub fn read(path: &Path, source: io::Error) -> Self {
        Self::Read { path: path.display().to_string(), source }
    }

    /// Stable name, for the window's catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Write { .. } => "exportFailed",
            Self::Read { .. } => "importFailed",
        }
    }

    /// Values for the window's text.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Write { path, source } | Self::Read { path, source } => {
                vec![("path", path.clone()), ("detail", source.to_string())]
            }
        }
    }

    /// Whether trying again may help: always, the folder or the file may be put right.
    pub fn retryable(&self) -> bool {
        true
    }
}
