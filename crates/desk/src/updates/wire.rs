//! What the window sees of a newer version.

use atalaya_ucontact::Problem;
use atalaya_update::Notes;
use atalaya_update::decide::Waits;
use serde::Serialize;
use ts_rs::TS;

/// How things are with the next version.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UpdateState {
    /// The version that runs.
    pub running: String,
    /// The channel that is asked; `None`: updates are off.
    pub channel: Option<String>,
    /// The administrator of this computer says which, or that there is none.
    pub given: bool,
    /// What is being done.
    pub phase: UpdatePhase,
    /// What the last look brought; `None`: nobody looked since the program began.
    pub found: Option<UpdateFound>,
    /// When that was, epoch milliseconds.
    #[ts(type = "number | null")]
    pub looked_ms: Option<i64>,
    /// What was fetched came without the package of the version that runs: there will be no way back to it.
    pub without_way_back: bool,
    /// Why the last step went no further.
    pub problem: Option<Problem>,
}

/// What is being done.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum UpdatePhase {
    /// Nothing.
    #[default]
    Idle,
    /// The channel is asked.
    Looking,
    /// A package comes.
    Fetching {
        /// Bytes here by now.
        #[ts(type = "number")]
        came: u64,
        /// All of them; 0: not known yet.
        #[ts(type = "number")]
        of: u64,
    },
    /// A package is here and was checked.
    Ready {
        /// Which.
        version: String,
    },
    /// The system's installer is at it.
    Installing,
    /// It is installed, and runs after the program's next start.
    Installed {
        /// Which.
        version: String,
    },
    /// The installer waits for the program to end.
    Waits {
        /// Which.
        version: String,
    },
}

/// What a channel has for this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum UpdateFound {
    /// The newest version runs.
    Newest,
    /// A newer one.
    Newer {
        /// Which.
        version: String,
        /// Its package.
        #[ts(type = "number")]
        bytes: u64,
        /// What changed.
        notes: Notes,
    },
    /// A newer one, not for this computer yet.
    Later {
        /// Which.
        version: String,
        /// Why not.
        why: UpdateWaits,
    },
}

/// Why a newer version is not for this computer yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum UpdateWaits {
    /// It is handed out in steps.
    Staged {
        /// To so many of a hundred computers by now.
        percent: u8,
    },
    /// Not before a moment.
    NotBefore {
        /// Epoch milliseconds.
        #[ts(type = "number")]
        at_ms: i64,
    },
    /// It has no package of this kind.
    NoPackage,
}

impl UpdateWaits {
    pub(super) fn of(why: &Waits) -> Self {
        match why {
            Waits::Staged(percent) => Self::Staged { percent: *percent },
            Waits::NotBefore(at) => Self::NotBefore { at_ms: at.timestamp_millis() },
            Waits::NoPackage => Self::NoPackage,
        }
    }
}

/// The way back to the version before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UpdateWayBack {
    /// Which.
    pub version: String,
    /// The data come back as they were then, epoch milliseconds, and what was written since is set aside; `None`: they stay.
    #[ts(type = "number | null")]
    pub data_of_ms: Option<i64>,
    /// The floor's history is set aside.
    pub history_aside: bool,
}
