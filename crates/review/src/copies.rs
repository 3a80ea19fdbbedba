//! What is judged, as it goes from one computer to another: each thing whole, under its own name (`identity`), read from its
//! rows and written into them.
//!
//! Writing one twice is writing it once, and no row number is lost: whatever is open in the window stays what it is. Left out
//! on purpose: who says what when, and what holds where two say different things.

mod cards;
mod fingerprint;
mod judged;
mod notes;
mod reviews;
mod worklists;

use std::collections::BTreeMap;

use atalaya_calls::wire::Call;
use atalaya_store::Uuid;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::identity::ReviewKey;
use crate::wire::{Answer, Card, SampleRequest, Tone};

pub use cards::{all_cards, card_versions, number_versions, retire_card};
pub use fingerprint::rows;
pub use judged::{
    alert, all_calibrations, all_disposed, all_dispositions, calibration, disposed, judged, judges_of,
    knows_disposition, write_alert, write_calibration, write_disposed, write_disposition, write_judged,
    write_judged_in, write_seen,
};
pub use notes::{all_notes, note, remove_note, write_note};
pub use reviews::{all_reviews, feedback, review, settle_call, write_feedback, write_review};
pub use worklists::{all_worklists, entry, guids_of, remove_worklist, worklist, write_entry, write_worklist};

/// A version of a card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CardCopy {
    /// Its identity.
    pub uuid: Uuid,
    /// The card; its number is the one it had where it was made.
    pub card: Card,
    /// Epoch milliseconds.
    pub made_ms: i64,
}

/// A worklist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorklistCopy {
    /// Its key.
    pub list: String,
    /// What was drawn.
    pub request: SampleRequest,
    /// Epoch milliseconds.
    pub made_ms: i64,
    /// In their order, each once.
    pub calls: Vec<Call>,
}

/// A call of a worklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EntryCopy {
    /// The worklist's key.
    pub list: String,
    /// The call.
    pub guid: String,
    /// Why it is left out; `None`: it is not.
    pub skipped: Option<String>,
}

/// A review, of no calibration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReviewCopy {
    /// Which.
    pub key: ReviewKey,
    /// The call.
    pub call: Call,
    /// The version of the card it is made with.
    pub version: Uuid,
    /// By question.
    pub answers: BTreeMap<String, Answer>,
    /// About the whole call.
    pub comment: String,
    /// How often it was taken up again.
    pub turn: u32,
    /// Epoch milliseconds.
    pub made_ms: i64,
    /// When it was first finished, epoch milliseconds.
    pub first_ms: Option<i64>,
    /// What it counts, once it is finished.
    pub finished: Option<Finished>,
}

/// What a finished review counts: as it was counted then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finished {
    /// Epoch milliseconds.
    pub at_ms: i64,
    /// 0 to 100; `None`: nothing to judge.
    pub percent: Option<f64>,
    /// A fatal question failed.
    pub fatal: bool,
    /// Good, or not.
    pub tone: Option<Tone>,
    /// Question by question, as reports read it.
    pub parts: String,
}

/// The days of a review's course with its agent, `yyyy-MM-dd`: given, acknowledged, disputed, settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedbackCopy {
    /// Which review.
    pub key: ReviewKey,
    /// Of which turn.
    pub turn: u32,
    /// In the order of [`crate::wire::FeedbackStep`].
    pub days: [Option<String>; 4],
}

/// The alert of a review.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AlertCopy {
    /// Which review.
    pub key: ReviewKey,
    /// Its score then.
    pub score: Option<f64>,
    /// Under this score.
    pub under: Option<f64>,
    /// A fatal question failed.
    pub fatal: bool,
    /// Epoch milliseconds.
    pub raised_ms: i64,
}

/// Who sees to something, since when (epoch milliseconds).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeenCopy {
    /// Who.
    pub by: String,
    /// Since when.
    pub at_ms: i64,
}

/// A note.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NoteCopy {
    /// Its identity.
    pub uuid: Uuid,
    /// The call.
    pub call: Call,
    /// Seconds of the recording.
    pub at_secs: f64,
    /// What it says.
    pub text: String,
    /// Goes into what the agent is given.
    pub shared: bool,
    /// Who wrote it.
    pub reviewer: String,
    /// Epoch milliseconds.
    pub made_ms: i64,
}

/// A calibration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CalibrationCopy {
    /// Its key.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The call.
    pub call: Call,
    /// The card everybody judges with.
    pub card: Card,
    /// How many judge.
    pub people: u32,
    /// Epoch milliseconds.
    pub made_ms: i64,
}

/// Somebody's review of a calibration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JudgedCopy {
    /// The calibration's key.
    pub calibration: String,
    /// Who.
    pub reviewer: String,
    /// By question.
    pub answers: BTreeMap<String, Answer>,
    /// About the whole call.
    pub comment: String,
    /// Epoch milliseconds.
    pub at_ms: i64,
}

/// What was said of a call with a disposition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DisposedCopy {
    /// The call.
    pub guid: String,
    /// The levels.
    pub levels: [String; 3],
    /// Epoch milliseconds.
    pub at_ms: i64,
}

/// JSON of ours in a row.
fn json<T: DeserializeOwned>(text: &str) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
    })
}

fn written<T: Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

fn uuid(text: &str) -> rusqlite::Result<Uuid> {
    Uuid::try_parse(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
    })
}
