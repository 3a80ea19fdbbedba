//! What can go wrong between a person's file and the server.

use std::io;

use atalaya_ucontact::Problem;
use thiserror::Error as ThisError;

/// A failure, with what it means.
#[derive(Debug, ThisError)]
pub enum Error {
    /// The way to the server's.
    #[error(transparent)]
    Calls(#[from] atalaya_calls::Error),
    /// The local store's.
    #[error(transparent)]
    Store(#[from] atalaya_store::Error),
    /// Of a file that is written.
    #[error(transparent)]
    Export(#[from] atalaya_export::Error),
    /// The file cannot be read.
    #[error("the file cannot be read ({0})")]
    Unreadable(#[from] io::Error),
    /// More than is taken.
    #[error("the file has too many {what}: at most {most} are taken")]
    TooLarge {
        /// `bytes`, `rows`, `columns`, `letters` or `unpacked`.
        what: &'static str,
        /// As many are taken.
        most: u64,
    },
    /// There is no row in it.
    #[error("there is nothing in the file")]
    Empty,
    /// Neither text nor a spreadsheet.
    #[error("the file is neither text nor a spreadsheet")]
    NotText,
    /// A spreadsheet of before 2007, or one with a password.
    #[error("the file is a spreadsheet of an older kind, or has a password: save it as XLSX or CSV")]
    OldSpreadsheet,
    /// Packed like a spreadsheet, and none that can be read.
    #[error("the spreadsheet cannot be read: save it anew, or as CSV")]
    NotASpreadsheet,
    /// Another file is at hand by now, or none.
    #[error("that is not at hand any more")]
    Gone,
    /// There is no such batch.
    #[error("there is no such batch")]
    BatchGone,
    /// Another batch is being sent.
    #[error("another batch is being sent")]
    BatchUnderWay,
    /// Nothing in it can be sent.
    #[error("there is nothing to send")]
    NothingToSend,
    /// A value that cannot be right.
    #[error("the {0} does not look right")]
    Invalid(&'static str),
    /// The person stopped it.
    #[error("stopped")]
    Cancelled,
}

impl Error {
    /// Stable name, for the window's catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Calls(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Export(error) => error.code(),
            Self::Unreadable(_) => "fileUnreadable",
            Self::TooLarge { .. } => "fileTooLarge",
            Self::Empty => "fileEmpty",
            Self::NotText => "fileNotText",
            Self::OldSpreadsheet => "fileOldSpreadsheet",
            Self::NotASpreadsheet => "fileNotASpreadsheet",
            Self::Gone => "fileGone",
            Self::BatchGone => "batchGone",
            Self::BatchUnderWay => "batchUnderWay",
            Self::NothingToSend => "nothingToSend",
            Self::Invalid(_) => "invalidInput",
            Self::Cancelled => "cancelled",
        }
    }

    /// Values for the window's text.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Calls(error) => error.params(),
            Self::Store(error) => error.params(),
            Self::Export(error) => error.params(),
            Self::Unreadable(error) => vec![("detail", error.to_string())],
            Self::TooLarge { what, most } => vec![("what", (*what).to_owned()), ("most", most.to_string())],
            Self::Invalid(what) => vec![("what", (*what).to_owned())],
            _ => Vec::new(),
        }
    }

    /// Whether trying again may help without changing anything.
    pub fn retryable(&self) -> bool {
        match self {
            Self::Calls(error) => error.retryable(),
            Self::Store(error) => error.retryable(),
            Self::Export(error) => error.retryable(),
            Self::Unreadable(_) | Self::BatchUnderWay => true,
            _ => false,
        }
    }

    /// The window's view of it.
    pub fn problem(&self) -> Problem {
        Problem {
            code: self.code().to_owned(),
            params: self.params().into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
            retryable: self.retryable(),
        }
    }
}
