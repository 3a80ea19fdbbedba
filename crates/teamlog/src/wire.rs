//! What the window sees of the way of shared work.

use atalaya_ucontact::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How far this desk's copy is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SharedState {
    /// Changes of this desk that the team has not taken yet.
    pub waiting: u32,
    /// Everything of the team up to this number is here.
    #[ts(type = "number")]
    pub applied: i64,
    /// Things to be told of what became of this desk's changes, not read yet.
    pub told: u32,
    /// When this copy was last as the team's, epoch milliseconds by this computer's clock; `None`: not yet.
    #[ts(type = "number | null")]
    pub level_ms: Option<i64>,
    /// Why it is not now.
    pub problem: Option<Problem>,
}
