//! Why a new version is not looked for, not taken, or not installed.

use std::io;

use crate::reasons::{NoWayBack, Reason};

/// What kept an update from the next step. Nothing was installed, except of [`Error::Unknown`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No channel was chosen.
    #[error("updates are off: choose a channel in Settings, or give --channel URL")]
    Off,
    /// The channel is no address that is safe.
    #[error("a channel begins with https:// and names a file: {0}")]
    Address(String),
    /// The administrator's file says something that cannot be read.
    #[error("the administrator's file cannot be read ({path}): {detail}")]
    Policy {
        /// Where.
        path: String,
        /// Why.
        detail: String,
    },
    /// This build knows no key: it takes nothing from anybody.
    #[error("this copy was built without keys to check an update with: install a released one by hand")]
    NoKeys,
    /// Nobody there, or no way to them.
    #[error("the channel cannot be reached ({0}): check the address and the network")]
    Unreachable(String),
    /// Somebody who is not believed to be who they should be.
    #[error("the channel's certificate is not trusted on this computer: {0}")]
    Certificate(String),
    /// No answer in time.
    #[error("the channel did not answer in time: try again later")]
    Timeout,
    /// The connection ended in the middle.
    #[error("the connection ended in the middle: try again, what has come is kept")]
    Cut,
    /// An answer that is none.
    #[error("the channel answers with status {0}: check its address")]
    Status(u16),
    /// It sends on to another place.
    #[error("the channel sends on to another address, which is not followed")]
    Elsewhere,
    /// Nobody whose key is known here signed it.
    #[error("the signature of {0} is missing or not of this program's makers: nothing of it is used")]
    Signature(String),
    /// Signed, but not what this program reads.
    #[error("what the channel says cannot be read ({0}): a newer program may be needed")]
    Unreadable(String),
    /// It says less than it said before.
    #[error(
        "the channel says something older than it said before ({seen} > {issued}): nothing of it is used"
    )]
    WentBack {
        /// Newest moment known here.
        seen: String,
        /// Moment of what came.
        issued: String,
    },
    /// More than was said.
    #[error("more comes than was said ({said} bytes): it is not taken")]
    TooLarge {
        /// Bytes.
        said: u64,
    },
    /// Less than was said.
    #[error("less came than was said ({came} of {said} bytes): try again")]
    Truncated {
        /// Bytes that came.
        came: u64,
        /// Bytes that were said.
        said: u64,
    },
    /// The disk is full.
    #[error("there is no room left on the disk: make some and try again")]
    NoRoom,
    /// The folder cannot be used.
    #[error("the folder of updates cannot be used ({path}: {source})")]
    Folder {
        /// Where.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Somebody else is at it.
    #[error("another update is under way on this computer: wait for it")]
    UnderWay,
    /// The window is open, and only it knows whether something plays.
    #[error("Atalaya is open: close it, or update from its window")]
    WindowOpen,
    /// Not now.
    #[error("not now: {}", .0.iter().map(Reason::said).collect::<Vec<_>>().join(", "))]
    Busy(Vec<Reason>),
    /// Nothing newer.
    #[error("there is no newer version to install")]
    NothingNewer,
    /// An older or the same version, where a newer one was asked for.
    #[error("{offered} is not newer than {running}: it is not installed")]
    Downgrade {
        /// What runs.
        running: String,
        /// What was offered.
        offered: String,
    },
    /// This copy did not come out of a package.
    #[error("this copy was not installed by a package, so no package can replace it: install one by hand")]
    NotPackaged,
    /// What installs packages is not there.
    #[error("{0} is not there, which installs packages: ask whoever looks after this computer")]
    NoInstaller(String),
    /// Whoever was asked said no.
    #[error("it was not allowed: an administrator's password is needed")]
    NotAllowed,
    /// The installer said no.
    #[error("the installer refused ({0}): the version before is still there")]
    Installer(String),
    /// Nobody knows.
    #[error("nobody knows whether it was installed ({0}): look at the version before trying again")]
    Unknown(String),
    /// There is no way back.
    #[error("there is no way back: {}", .0.said())]
    NoWayBack(NoWayBack),
    /// What is kept on this computer failed.
    #[error(transparent)]
    Store(#[from] atalaya_store::Error),
}

impl Error {
    /// Stable name, for the window's catalogue and for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Off => "updateOff",
            Self::Address(_) => "updateAddress",
            Self::Policy { .. } => "updatePolicy",
            Self::NoKeys => "updateNoKeys",
            Self::Unreachable(_) => "updateUnreachable",
            Self::Certificate(_) => "updateCertificate",
            Self::Timeout => "updateTimeout",
            Self::Cut => "updateCut",
            Self::Status(_) => "updateStatus",
            Self::Elsewhere => "updateElsewhere",
            Self::Signature(_) => "updateSignature",
            Self::Unreadable(_) => "updateUnreadable",
            Self::WentBack { .. } => "updateWentBack",
            Self::TooLarge { .. } => "updateTooLarge",
            Self::Truncated { .. } => "updateTruncated",
            Self::NoRoom => "updateNoRoom",
            Self::Folder { .. } => "updateFolder",
            Self::UnderWay => "updateUnderWay",
            Self::WindowOpen => "updateWindowOpen",
            Self::Busy(_) => "updateBusy",
            Self::NothingNewer => "updateNothingNewer",
            Self::Downgrade { .. } => "updateDowngrade",
            Self::NotPackaged => "updateNotPackaged",
            Self::NoInstaller(_) => "updateNoInstaller",
            Self::NotAllowed => "updateNotAllowed",
            Self::Installer(_) => "updateInstaller",
            Self::Unknown(_) => "updateUnknown",
            Self::NoWayBack(why) => why.code(),
            Self::Store(error) => error.code(),
        }
    }

    /// Whether the same may do later.
    pub fn retryable(&self) -> bool {
        matches!(
            self,
            Self::Unreachable(_)
                | Self::Timeout
                | Self::Cut
                | Self::Truncated { .. }
                | Self::NoRoom
                | Self::UnderWay
                | Self::Busy(_)
                | Self::NotAllowed
        )
    }

    /// What a text of the window's catalogue fills in.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Unreachable(detail)
            | Self::Certificate(detail)
            | Self::Address(detail)
            | Self::Unreadable(detail)
            | Self::Installer(detail)
            | Self::Unknown(detail)
            | Self::NoInstaller(detail) => vec![("detail", detail.clone())],
            Self::Signature(what) => vec![("what", what.clone())],
            Self::Policy { path, detail } => vec![("path", path.clone()), ("detail", detail.clone())],
            Self::Status(status) => vec![("status", status.to_string())],
            Self::Folder { path, source } => vec![("path", path.clone()), ("detail", source.to_string())],
            Self::Downgrade { running, offered } => {
                vec![("running", running.clone()), ("offered", offered.clone())]
            }
            Self::Store(error) => vec![("detail", error.to_string())],
            _ => Vec::new(),
        }
    }

    /// A failure of the disk, at this place.
    pub(crate) fn disk(path: &std::path::Path, source: io::Error) -> Self {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        match source.kind() {
            StorageFull | QuotaExceeded | FileTooLarge => Self::NoRoom,
            _ => Self::Folder { path: path.display().to_string(), source },
        }
    }
}
