//! What can go wrong with sound, in codes the window knows and sentences the command line prints.

/// Why a recording cannot be heard or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The bytes are nothing that is played.
    #[error(
        "the recording is not sound: its bytes are {found}; look for the call in another place or format"
    )]
    NotAudio {
        /// What the bytes look like, in a few words.
        found: &'static str,
    },
    /// There are no bytes at all, or none but a header's.
    #[error(
        "the recording is empty: the server kept a file with nothing recorded in it; ask for it to be converted again"
    )]
    Empty,
    /// There is less than one frame of sound.
    #[error("the recording is too short to hear: {bytes} bytes are less than one frame of sound")]
    TooShort {
        /// Bytes there are.
        bytes: u64,
    },
    /// The bytes could not be read on.
    #[error("the recording could not be read on: {0}; try again")]
    ReadFailed(#[source] std::io::Error),
    /// The decoded sound could not be written.
    #[error("the decoded sound could not be written: {0}; check the disk")]
    WriteFailed(#[source] std::io::Error),
    /// There is no loudspeaker to play on.
    #[error("there is no audio device to play on ({reason}); connect one or choose another in the settings")]
    NoDevice {
        /// What the system said.
        reason: String,
    },
}

impl Error {
    /// A stable code the window translates.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAudio { .. } => "notAudio",
            Self::Empty => "empty",
            Self::TooShort { .. } => "tooShort",
            Self::ReadFailed(_) => "readFailed",
            Self::WriteFailed(_) => "writeFailed",
            Self::NoDevice { .. } => "noDevice",
        }
    }

    /// What the sentence for the code has to name.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NotAudio { found } => vec![("found", (*found).to_owned())],
            Self::TooShort { bytes } => vec![("bytes", bytes.to_string())],
            Self::ReadFailed(error) | Self::WriteFailed(error) => vec![("reason", error.to_string())],
            Self::NoDevice { reason } => vec![("reason", reason.clone())],
            Self::Empty => Vec::new(),
        }
    }

    /// True when the same thing may work a moment later.
    pub fn retryable(&self) -> bool {
        matches!(self, Self::ReadFailed(_) | Self::NoDevice { .. })
    }
}
