//! Reviews somebody should look at: a low score, a fatal question that failed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A finished review that raised an alert, once, until somebody has seen to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReviewAlert {
    /// The review, which is its name.
    #[ts(type = "number")]
    pub review: i64,
    /// The call.
    pub guid: String,
    /// Who was judged.
    pub agent: String,
    /// Campaign with its suffix.
    pub campaign: String,
    /// Who judged.
    pub reviewer: String,
    /// The card's key.
    pub card: String,
    /// The card's name.
    pub card_name: String,
    /// The score as it was finished, 0 to 100; `None` when nothing counted.
    pub score: Option<f64>,
    /// The score it is under; `None`: it was raised for the fatal question alone.
    pub under: Option<f64>,
    /// A fatal question failed.
    pub fatal: bool,
    /// When the review was finished, epoch milliseconds.
    #[ts(type = "number")]
    pub raised_ms: i64,
    /// When somebody said that they see to it.
    #[ts(type = "number | null")]
    pub acknowledged_ms: Option<i64>,
    /// Who.
    pub acknowledged_by: Option<String>,
    /// Quiet until then.
    #[ts(type = "number | null")]
    pub snoozed_until_ms: Option<i64>,
}
