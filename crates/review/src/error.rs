//! What can go wrong with judging calls.

use std::fmt;

/// A failure, with what it means and what to do.
#[derive(Debug)]
pub enum Error {
    /// The local store's.
    Store(atalaya_store::Error),
    /// A value that makes no sense: which, and why.
    Invalid(&'static str, String),
    /// Nothing there under this key (any more).
    Gone(&'static str),
    /// A file that is none of ours, or damaged.
    File(String),
    /// A file of ours that a later program wrote, in this layout.
    Newer(u32),
    /// A file that is none of a calibration's, or damaged.
    Foreign,
    /// A file of another call or another card than the calibration has here: the calibration's name.
    CalibrationDiffers(String),
    /// Another card has the key and number of this one here: its name.
    CardDiffers(String),
    /// A review that cannot be finished: so many questions and required comments are open.
    Incomplete(usize),
    /// Finished: it must be reopened before it is changed.
    Finished,
}

impl Error {
    /// Stable name, for the window's catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Invalid(..) => "reviewInvalid",
            Self::Gone(_) => "reviewGone",
            Self::File(_) => "reviewFile",
            Self::Newer(_) => "reviewFileNewer",
            Self::Foreign => "reviewFileForeign",
            Self::CalibrationDiffers(_) => "reviewCalibrationDiffers",
            Self::CardDiffers(_) => "reviewCardDiffers",
            Self::Incomplete(_) => "reviewIncomplete",
            Self::Finished => "reviewFinished",
        }
    }

    /// Values for the window's text.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Store(error) => error.params(),
            Self::Invalid(what, detail) => {
                vec![("what", (*what).to_owned()), ("detail", detail.clone())]
            }
            Self::Gone(what) => vec![("what", (*what).to_owned())],
            Self::File(detail) => vec![("detail", detail.clone())],
            Self::Newer(layout) => vec![("layout", layout.to_string())],
            Self::CardDiffers(name) | Self::CalibrationDiffers(name) => vec![("name", name.clone())],
            Self::Incomplete(open) => vec![("count", open.to_string())],
            Self::Finished | Self::Foreign => Vec::new(),
        }
    }

    /// Whether trying again may help without changing anything.
    pub fn retryable(&self) -> bool {
        matches!(self, Self::Store(error) if error.retryable())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Invalid(what, detail) => write!(f, "the {what} does not look right ({detail}): check it"),
            Self::Gone(what) => write!(f, "the {what} is not there any more: look at the list again"),
            Self::File(detail) => write!(f, "the file cannot be used ({detail}): export it again"),
            Self::Newer(layout) => {
                write!(f, "a later program wrote the file (layout {layout}): update this one")
            }
            Self::Foreign => {
                f.write_str("no file of a calibration, or a damaged one: have it exported again")
            }
            Self::CalibrationDiffers(name) => {
                write!(
                    f,
                    "the file is of another call or card than {name} here: judge it from the invitation"
                )
            }
            Self::CardDiffers(name) => {
                write!(f, "another card is here under the key and number of {name}: agree on one of them")
            }
            Self::Incomplete(open) => write!(f, "{open} answers or comments are missing: give them first"),
            Self::Finished => f.write_str("the review is finished: reopen it to change it"),
        }
    }
}

impl std::error::Error for Error {}

impl From<atalaya_store::Error> for Error {
    fn from(error: atalaya_store::Error) -> Self {
        Self::Store(error)
    }
}

/// JSON of ours that cannot be written or read back.
impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::File(error.to_string())
    }
}
