//! What can go wrong between a call and its sound.

use std::fmt;

use atalaya_player::container::Foreign;
use atalaya_ucontact::Problem;

/// A failure, with what it means and what to do.
#[derive(Debug)]
pub enum Error {
    /// The server's, or the way to it.
    Server(atalaya_ucontact::Error),
    /// The local store's.
    Store(atalaya_store::Error),
    /// The cache's folder or file.
    Disk(std::io::Error),
    /// No place has it, and converting was not asked for or brought nothing.
    NotFoundAnywhere,
    /// A place has a file of no bytes.
    Empty,
    /// A place has something that is not sound: a page of HTML, mostly.
    NotAudio,
    /// A place has a recording in a format that is not played.
    Foreign(Foreign),
    /// A place has a stub too short to be a call.
    TooShort,
    /// Recordings may not be read with this account.
    Forbidden,
    /// The hosts of recordings cannot be reached.
    HostDown,
    /// The hosts of recordings answer that they failed.
    HostFailing,
    /// The hosts of recordings do not answer in time.
    HostSlow,
    /// The server refused to convert, perhaps with a text.
    ConvertRefused(String),
    /// The server said it converted, but no MP3 appeared.
    ConvertTimedOut,
    /// The recording ends early: so many bytes of so many.
    Truncated {
        /// Bytes there are.
        have: u64,
        /// Bytes declared.
        declared: u64,
    },
    /// The file changed while it was being read.
    Changed,
    /// Larger than allowed.
    TooLarge,
    /// A value that cannot be sent: a tag of nothing.
    InvalidInput(&'static str),
    /// This desk changes nothing at this server.
    LookOnly,
    /// The session has ended.
    SignedOut,
    /// The person stopped it.
    Cancelled,
}

impl Error {
    /// Stable name, for the window's catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Server(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Disk(_) => "cacheFailed",
            Self::NotFoundAnywhere => "notFoundAnywhere",
            Self::Empty => "empty",
            Self::NotAudio => "notAudio",
            Self::Foreign(_) => "foreignFormat",
            Self::TooShort => "tooShort",
            Self::Forbidden => "recordingForbidden",
            Self::HostDown => "recordingHostDown",
            Self::HostFailing => "recordingHostFailing",
            Self::HostSlow => "recordingHostSlow",
            Self::ConvertRefused(_) => "convertRefused",
            Self::ConvertTimedOut => "convertTimedOut",
            Self::Truncated { .. } => "truncated",
            Self::Changed => "recordingChanged",
            Self::TooLarge => "recordingTooLarge",
            Self::InvalidInput(_) => "invalidInput",
            Self::LookOnly => "lookOnly",
            Self::SignedOut => "signedOut",
            Self::Cancelled => "cancelled",
        }
    }

    /// Values for the window's text.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Server(error) => error.params(),
            Self::Store(error) => error.params(),
            Self::Disk(error) => vec![("detail", error.to_string())],
            Self::ConvertRefused(text) if !text.is_empty() => vec![("detail", text.clone())],
            Self::Foreign(foreign) => vec![("format", foreign.name.to_owned())],
            Self::Truncated { have, declared } => {
                vec![("have", have.to_string()), ("declared", declared.to_string())]
            }
            Self::InvalidInput(what) => vec![("what", (*what).to_owned())],
            _ => Vec::new(),
        }
    }

    /// Whether trying again may help without changing anything.
    pub fn retryable(&self) -> bool {
        match self {
            Self::Server(error) => error.retryable(),
            Self::Store(error) => error.retryable(),
            Self::HostDown
            | Self::HostFailing
            | Self::HostSlow
            | Self::ConvertTimedOut
            | Self::Changed
            | Self::Disk(_) => true,
            _ => false,
        }
    }

    /// Whether there is nothing in any place that could be the recording, as far as the places can tell: an empty file, a
    /// stub and a page with "not found" are no more than nothing.
    pub(crate) fn says_nowhere(&self) -> bool {
        matches!(self, Self::NotFoundAnywhere | Self::NotAudio | Self::Empty | Self::TooShort)
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

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
            Self::Disk(error) => write!(f, "the recording could not be kept on this computer ({error}): check the disk"),
            Self::NotFoundAnywhere => f.write_str(
                "the recording is in none of the places: check the day, or ask the server to convert it (--convert)",
            ),
            Self::Empty => f.write_str("the recording is an empty file: nothing was recorded"),
            Self::NotAudio => f.write_str(
                "the place of the recording answers with something that is no sound: check the recording host's address",
            ),
            Self::Foreign(foreign) => write!(
                f,
                "the recording is {}, which is not played here: save it as it is, and open it with another program",
                foreign.words
            ),
            Self::TooShort => f.write_str("the recording is too short to be a call: nothing was recorded"),
            Self::Forbidden => f.write_str("this account may not read recordings: ask for the right"),
            Self::HostDown => f.write_str("the hosts of recordings cannot be reached: check their addresses and the network"),
            Self::HostFailing => f.write_str("the hosts of recordings answer with an error of their own: try again, or tell who runs them"),
            Self::HostSlow => f.write_str("the hosts of recordings do not answer in time: try again"),
            Self::ConvertRefused(text) if text.is_empty() => {
                f.write_str("the server refused to convert the recording: it is probably not there")
            }
            Self::ConvertRefused(text) => write!(f, "the server refused to convert the recording ({text})"),
            Self::ConvertTimedOut => {
                f.write_str("the server said it converted the recording, but no MP3 has appeared: try again in a minute")
            }
            Self::Truncated { have, declared } => write!(
                f,
                "the recording ends early: {have} of {declared} bytes can be had; the file on the server is damaged"
            ),
            Self::Changed => f.write_str("the recording changed while it was being read: try again"),
            Self::TooLarge => f.write_str("the recording is larger than allowed (500 MiB)"),
            Self::InvalidInput(what) => write!(f, "the {what} does not look right: check it"),
            Self::LookOnly => f.write_str("this desk only looks at this server and changes nothing there: see the settings"),
            Self::SignedOut => f.write_str("the session has ended: sign in again"),
            Self::Cancelled => f.write_str("stopped"),
        }
    }
}

impl std::error::Error for Error {}

impl From<atalaya_ucontact::Error> for Error {
    fn from(error: atalaya_ucontact::Error) -> Self {
        Self::Server(error)
    }
}

impl From<atalaya_store::Error> for Error {
    fn from(error: atalaya_store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Disk(error)
    }
}
