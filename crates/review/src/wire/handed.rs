//! Worklists handed on from one reviewer to another.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::sample::Sample;

/// Who gave a worklist to whom, the last time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Handed {
    /// Who gave it.
    pub by: String,
    /// Who is to go on with it.
    pub to: String,
    /// Epoch milliseconds.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// It came here, in a file of another computer; else it was given away here.
    pub taken: bool,
}

/// Whether this computer has the card of a worklist somebody hands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CardHere {
    /// With the same questions under the same number.
    Same,
    /// Not yet: it comes with the worklist.
    New,
    /// Another one has its key and number here: the worklist cannot be taken in.
    Differs,
}

/// What is in a file of a worklist, and what of it is here already; nothing is changed by looking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HandedFound {
    /// What the worklist is called.
    pub name: String,
    /// Who hands it on.
    pub by: String,
    /// Who is to go on with it.
    pub to: String,
    /// When it was handed on, epoch milliseconds.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// The card's name.
    pub card: String,
    /// The card's version.
    pub version: u32,
    /// Whether that card is here.
    pub card_here: CardHere,
    /// What the worklist is called here; `None`: it is new here.
    pub here: Option<String>,
    /// Calls in it.
    pub calls: u32,
    /// To be judged.
    pub open: u32,
    /// Judged.
    pub done: u32,
    /// Left out with a reason.
    pub skipped: u32,
    /// Finished reviews.
    pub reviews: u32,
    /// Of those, already here.
    pub reviews_here: u32,
    /// Reviews begun and not finished.
    pub drafts: u32,
    /// Notes.
    pub notes: u32,
    /// Of those, already here.
    pub notes_here: u32,
}

/// What came of taking a worklist in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TakenIn {
    /// The worklist, as it is now.
    pub sample: Sample,
    /// Finished reviews that are new here, or newer than those here.
    pub reviews: u32,
    /// Reviews to go on with where somebody else stopped.
    pub drafts: u32,
    /// Notes that are new here.
    pub notes: u32,
}
