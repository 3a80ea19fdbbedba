//! What the window sees of the session, the player's updates, and diagnostics.

use atalaya_calls::wire::Call;
use atalaya_floor::wire::AlertBoard;
use atalaya_player::wire::{Peaks, SoundReport, Transport};
use atalaya_review::wire::ReviewAlert;
use atalaya_store::profiles::Profile;
use atalaya_store::secrets::SecretStoreKind;
use atalaya_ucontact::operations::{Flaw, SmsLength};
pub use atalaya_ucontact::{Operation, operations};
use atalaya_ucontact::{Place, Problem, Secret};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::decided::Decided;
use crate::webhook::WebhookState;

/// Who is signed in, and who could be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionState {
    /// The number of this state, counted up while the program runs: answers and what is told by itself come by ways of their own,
    /// and of two the one with the higher number is newer.
    pub turn: u32,
    /// Whether a session is open.
    pub signed_in: bool,
    /// The profile of the session, or the one used last.
    pub profile: Option<Profile>,
    /// All profiles, the last used first.
    pub profiles: Vec<Profile>,
    /// Where passwords are kept.
    pub secret_store: SecretStoreKind,
    /// Who sits here.
    pub reviewer: String,
    /// The simulated contact centre.
    pub demo: bool,
    /// Minutes its clock is ahead of this computer's: it keeps office hours at night. 0 otherwise.
    pub demo_ahead_mins: i32,
    /// It is being prepared: somebody will be signed in without being asked. How far that is.
    pub preparing: Option<Preparing>,
    /// Why the last session ended by itself.
    pub signed_out_reason: Option<Problem>,
    /// What whoever looks after this computer decided.
    pub decided: Decided,
}

/// How far a demonstration's past is lived through. More steps may become known while some are done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Preparing {
    /// Steps that are done.
    pub done: u32,
    /// Steps in all; 0 while that is not known.
    pub of: u32,
}

/// All alerts: the floor's, and those of finished reviews. Sent when anything about them changed, and every few seconds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlertsTold {
    /// The floor's.
    #[serde(flatten)]
    pub board: AlertBoard,
    /// Those of reviews, the newest first: nobody has seen to them, or somebody has since this session began.
    pub reviews: Vec<ReviewAlert>,
    /// What is over is as it was told the last time, and not told again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(type = "boolean", optional)]
    pub history_same: bool,
}

/// What the sign-in form holds.
#[derive(Debug, Clone, Deserialize, TS)]
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
    #[ts(type = "string | null")]
    pub password: Option<Secret>,
    /// `None` or empty: the server's own host.
    pub telephony_url: Option<String>,
    /// `None` or empty: no backup host.
    pub backup_url: Option<String>,
    /// PEM file.
    pub extra_ca_path: Option<String>,
    /// Keep the password on this computer.
    pub keep: bool,
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

/// A media key, of the keyboard, a headset or the desktop.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum MediaKey {
    /// Play, or pause.
    Toggle,
    /// Play, if it does not.
    Play,
    /// Pause, if it plays.
    Pause,
    /// The call after this one.
    Next,
    /// The call before this one.
    Previous,
    /// Forward, or back.
    SeekBy {
        /// Seconds, negative back.
        secs: f64,
    },
    /// To a position.
    SeekTo {
        /// Seconds from the start.
        secs: f64,
    },
}

/// Files that a person drags onto the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum FileDrag {
    /// They are above it.
    Over,
    /// They left it again.
    Left,
    /// They were let go on it.
    Dropped {
        /// Where they are on this computer.
        paths: Vec<String>,
    },
}

/// A call to be heard.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ListenRequest {
    /// The call.
    pub call: Call,
    /// Where to begin, seconds from the start; `None`: where it was left.
    pub at_secs: Option<f64>,
    /// A person asked for this very recording: the server may be asked to convert it.
    pub asked: bool,
    /// The number of this request: each is higher than the one before, also after the window was loaded again.
    #[ts(type = "number")]
    pub ticket: u64,
}

/// One message of the player.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum PlayerUpdate {
    /// The transport changed or moved.
    Transport {
        /// Of the recording opened under this number.
        #[ts(type = "number")]
        ticket: u64,
        /// As it is now.
        transport: Transport,
    },
    /// More of the waveform.
    Peaks {
        /// Of the recording opened under this number.
        #[ts(type = "number")]
        ticket: u64,
        /// A stretch.
        peaks: Peaks,
    },
    /// What can be heard, once the waveform is whole.
    Sound {
        /// Of the recording opened under this number.
        #[ts(type = "number")]
        ticket: u64,
        /// All in all, and where.
        report: SoundReport,
    },
    /// Another recording, or none.
    Reset {
        /// The number it was opened, or emptied, under.
        #[ts(type = "number")]
        ticket: u64,
        /// Whose.
        guid: Option<String>,
    },
}

/// A recording, or a part of it, that was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SavedSound {
    /// The file.
    pub path: String,
    /// Why some of it is missing, which the file's name says too.
    pub problem: Option<Problem>,
}

/// How the saving of several recordings goes.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum SaveUpdate {
    /// This one's turn.
    Turn {
        /// Those before it.
        done: u32,
        /// Of so many.
        total: u32,
        /// Whose.
        guid: String,
    },
    /// Written.
    Saved {
        /// Whose.
        guid: String,
        /// The file's name.
        name: String,
        /// What is wrong with it all the same: some of it is missing, which its name says too, or it is of a format that is
        /// not played here.
        problem: Option<Problem>,
    },
    /// Not to be had, or not written.
    Failed {
        /// Whose.
        guid: String,
        /// Why.
        problem: Problem,
    },
    /// Over.
    Done {
        /// Files written.
        saved: u32,
        /// Recordings that failed.
        failed: u32,
        /// Recordings whose turn did not come: it was stopped.
        left: u32,
        /// Where they are.
        folder: String,
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

/// How a batch of tags goes.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum BatchUpdate {
    /// So many are through.
    Going {
        /// Calls done.
        done: u32,
        /// Calls in all.
        total: u32,
    },
    /// Over.
    Done {
        /// Stopped by the person before its end.
        cancelled: bool,
        /// Calls in all.
        total: u32,
        /// What became of each call that was reached.
        lines: Vec<BatchLine>,
    },
}

/// What became of one call of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BatchLine {
    /// The call.
    pub guid: String,
    /// What became of it.
    pub outcome: BatchOutcome,
    /// Why it was not done.
    pub problem: Option<Problem>,
}

/// What became of one tag of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum BatchOutcome {
    /// Sent and taken.
    Done,
    /// The call has it, or may have it: nothing was sent.
    Already,
    /// It has not happened.
    Refused,
    /// It may have happened: it is looked for.
    Unknown,
}

/// What became of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum WriteOutcome {
    /// Done.
    Done,
    /// It has not happened: the server said no, or it never left.
    Refused,
    /// It may have happened.
    Unknown,
}

impl From<&atalaya_store::Outcome> for WriteOutcome {
    fn from(outcome: &atalaya_store::Outcome) -> Self {
        match outcome {
            atalaya_store::Outcome::Done => Self::Done,
            atalaya_store::Outcome::Refused(_) => Self::Refused,
            atalaya_store::Outcome::Unknown(_) => Self::Unknown,
        }
    }
}

/// What became of one thing sent to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Written {
    /// How it ended.
    pub outcome: WriteOutcome,
    /// Why it was refused, or nobody knows; `None` when it was done.
    pub problem: Option<Problem>,
}

/// Something about to be sent, as it would go out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Checked {
    /// The vendor's operation.
    pub name: String,
    /// Where it goes.
    pub path: String,
    /// Names and values, in the vendor's order.
    pub fields: Vec<(String, String)>,
    /// What cannot be right about it; with any it is not sent.
    pub flaws: Vec<Flaw>,
    /// How long the text is, of a message.
    pub sms: Option<SmsLength>,
}

/// What became of something that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Performed {
    /// How it ended.
    pub written: Written,
    /// The call it placed.
    pub guid: Option<String>,
    /// What the server said beside yes.
    pub said: Option<String>,
}

/// The supervisor's own telephone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OwnPhone {
    /// Its extension; empty when nobody told.
    pub extension: String,
    /// Its context in the telephony; may be empty.
    pub context: String,
    /// The login told: it is not asked for.
    pub by_login: bool,
    /// The account's user, for whom calls are placed.
    pub user: String,
}

/// A tipificación, as it will be sent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DispositionRequest {
    /// Campaign with its suffix.
    pub campaign: String,
    /// The agent's user name.
    pub agent: String,
    /// The other party's number.
    pub phone: String,
    /// The call.
    pub guid: String,
    /// Level 1.
    pub level1: String,
    /// Level 2, may be empty.
    pub level2: String,
    /// Level 3, may be empty.
    pub level3: String,
    /// Further data, may be empty.
    pub d1: String,
    /// Further data, may be empty.
    pub d2: String,
    /// Comment.
    pub comment: String,
    /// When to call again, `yyyy-MM-dd HH:mm:ss`; may be empty.
    pub schedule: String,
    /// Another dialer to call again with; may be empty.
    pub campaign_to_reschedule: String,
    /// Tag; empty is the server's own.
    pub tag: String,
}

impl DispositionRequest {
    pub(crate) fn disposition(self) -> atalaya_ucontact::operations::Disposition {
        let tidy = |text: String| text.trim().to_owned();
        atalaya_ucontact::operations::Disposition {
            campaign: self.campaign,
            agent: tidy(self.agent),
            callerid: tidy(self.phone),
            guid: self.guid,
            levels: [tidy(self.level1), tidy(self.level2), tidy(self.level3)],
            data: [tidy(self.d1), tidy(self.d2)],
            comment: tidy(self.comment),
            schedule: tidy(self.schedule),
            reschedule_campaign: tidy(self.campaign_to_reschedule),
            tag: tidy(self.tag),
        }
    }
}

/// What became of a file taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// Lines taken.
    pub taken: u32,
    /// Lines that made no sense.
    pub left_out: u32,
}

/// A line of the trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AuditLine {
    /// Epoch milliseconds.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// What was done: the vendor's operation, or ours.
    pub operation: String,
    /// What it was about.
    pub target: String,
    /// What was sent or written, as names and values; the window has words for the names.
    pub detail: Vec<(String, String)>,
    /// The account.
    pub user: String,
    /// The person.
    pub reviewer: String,
    /// What became of it.
    pub outcome: WriteOutcome,
    /// The server's text, or the code of why.
    pub why: Option<String>,
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
    /// Where passwords are kept.
    pub secret_store: SecretStoreKind,
    /// Messages of alerts to a chat.
    pub webhook: WebhookState,
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
