//! What the window sees of the session, the player's updates, and diagnostics.

use atalaya_calls::wire::Place;
use atalaya_player::wire::{Peaks, Transport};
use atalaya_store::profiles::Profile;
use atalaya_ucontact::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Who is signed in, and who could be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionState {
    /// Whether a session is open.
    pub signed_in: bool,
    /// The profile of the session, or the one used last.
    pub profile: Option<Profile>,
    /// All profiles, the last used first.
    pub profiles: Vec<Profile>,
    /// `os`, or `session` when a password lasts only until the program ends.
    pub secret_store: String,
    /// Who sits here.
    pub reviewer: String,
    /// The simulated contact centre.
    pub demo: bool,
    /// Why the last session ended by itself.
    pub signed_out_reason: Option<Problem>,
}

/// What the sign-in form holds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignInRequest {
    /// The profile to use and update; `None` makes a new one.
    pub profile_id: Option<String>,
    /// Its name; the server's host when empty.
    #[serde(default)]
    pub name: String,
    /// As typed.
    pub server_url: String,
    /// User name.
    pub user: String,
    /// `None`: the one kept.
    pub password: Option<Password>,
    /// `None` or empty: the server's own host.
    pub telephony_url: Option<String>,
    /// `None` or empty: no backup host.
    pub backup_url: Option<String>,
    /// PEM file.
    pub extra_ca_path: Option<String>,
    /// Keep the password on this computer.
    pub keep: bool,
}

/// A password on its way in: cannot be printed and is never sent out.
#[derive(Clone, PartialEq, Eq, Deserialize, TS)]
#[ts(type = "string")]
pub struct Password(String);

impl Password {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// What an address typed in the sign-in form amounts to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ServerHint {
    /// The API's base.
    pub normalized: Option<String>,
    /// The telephony host taken by default.
    pub telephony_url: Option<String>,
    /// The backup host taken by default.
    pub backup_url: Option<String>,
    /// Why it cannot be used.
    pub problem: Option<Problem>,
}

/// One message of the player.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum PlayerUpdate {
    /// The transport changed or moved.
    Transport {
        /// As it is now.
        transport: Transport,
    },
    /// More of the waveform.
    Peaks {
        /// A stretch.
        peaks: Peaks,
    },
    /// Another recording, or none.
    Reset {
        /// Whose.
        guid: Option<String>,
    },
}

/// One message of an export under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ExportUpdate {
    /// So many of so many rows are written.
    Progress {
        /// Rows written.
        written: u32,
        /// Rows in all.
        total: u32,
    },
    /// All of it is in the file.
    Done {
        /// Where.
        path: String,
        /// Rows.
        rows: u32,
    },
    /// Stopped by the person; there is no file.
    Cancelled,
    /// There is no file.
    Failed {
        /// Why.
        problem: Problem,
    },
}

/// A call as far as tagging needs it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TagRequest {
    /// The call.
    pub guid: String,
    /// The other party's number.
    pub phone: String,
    /// The call's start, server-local text.
    pub started_at: String,
    /// What to write.
    pub text: String,
}

/// A failure kept for Diagnostics.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ErrorLine {
    /// Epoch milliseconds.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// What went wrong.
    pub problem: Problem,
}

/// How one place of recordings has answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlaceLine {
    /// Where.
    pub place: Place,
    /// HTTP status of its last answer.
    pub last_status: Option<u16>,
    /// Recordings found there.
    pub wins: u32,
}

/// What support asks for.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostics {
    /// Version of the program.
    pub app_version: String,
    /// Host of the server.
    pub server: Option<String>,
    /// Epoch milliseconds.
    #[ts(type = "number | null")]
    pub signed_in_since_ms: Option<i64>,
    /// Which login shape the server speaks.
    pub login_shape: Option<String>,
    /// Of the last answer.
    pub round_trip_ms: Option<u32>,
    /// The server's clock minus ours.
    #[ts(type = "number | null")]
    pub clock_difference_secs: Option<i64>,
    /// Sent in the last minute.
    pub requests_per_minute: u32,
    /// What asking for every campaign at every interval would have sent.
    pub requests_of_everything: Option<u32>,
    /// The budget.
    pub request_budget_per_second: u32,
    /// Newest first.
    pub last_errors: Vec<ErrorLine>,
    /// Places of recordings that have been asked.
    pub places: Vec<PlaceLine>,
    /// Output device in use.
    pub audio_device: Option<String>,
    /// `os` or `session`.
    pub secret_store: String,
    /// Bytes of recordings on this computer.
    #[ts(type = "number")]
    pub cache_bytes: u64,
    /// Their bound.
    #[ts(type = "number")]
    pub cache_max_bytes: u64,
    /// Where logs are.
    pub log_folder: String,
    /// Where everything else is.
    pub data_folder: String,
}
