//! Why not now, and why not back: names that stay.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why not now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "UpdateHindrance")]
pub enum Reason {
    /// A recording plays.
    Playing,
    /// A review is half done.
    Reviewing,
    /// A write is under way.
    Writing,
    /// Files are being written.
    Saving,
}

impl Reason {
    /// In words, for where there is no window.
    pub fn said(&self) -> &'static str {
        match self {
            Self::Playing => "a recording plays",
            Self::Reviewing => "a review is half done",
            Self::Writing => "something is being sent to the server",
            Self::Saving => "files are being written",
        }
    }
}

/// Why there is no way back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "NoWayBack")]
pub enum NoWayBack {
    /// This version was not installed from here.
    NothingBefore,
    /// The package of the version before is not kept here.
    NoPackage,
    /// The data were changed for this version, and there is no copy of how they were.
    NoCopy,
}

impl NoWayBack {
    /// Stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::NothingBefore => "updateNothingBefore",
            Self::NoPackage => "updateNoPackageBefore",
            Self::NoCopy => "updateNoCopyBefore",
        }
    }

    /// In words, for where there is no window.
    pub fn said(self) -> &'static str {
        match self {
            Self::NothingBefore => "this version was not installed by an update from here",
            Self::NoPackage => "the package of the version before is not kept here",
            Self::NoCopy => "the data were changed for this version, and no copy from before is there",
        }
    }
}
