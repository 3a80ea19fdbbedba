//! Judging one call: answers, score, notes.

use std::collections::BTreeMap;

use atalaya_calls::wire::Call;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::card::{Card, Tone};

/// What was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Value {
    /// Yes.
    Yes,
    /// No.
    No,
    /// A number of the scale.
    Scale {
        /// The number.
        value: u32,
    },
    /// One of the choices.
    Choice {
        /// Its place, from 0.
        index: u32,
    },
    /// Does not apply to this call.
    NotApplicable,
}

/// An answer, perhaps not given yet, and its comment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Answer {
    /// `None`: not answered yet.
    pub value: Option<Value>,
    /// Comment; may be empty.
    pub comment: String,
}

/// What the answers amount to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Scored {
    /// Of what was answered, 0 to 100; `None` when nothing that counts was.
    pub percent: Option<f64>,
    /// The same without the fatal ones' effect.
    pub before_fatal: Option<f64>,
    /// Fatal questions that failed.
    pub fatal: Vec<String>,
    /// Questions answered, "not applicable" included.
    pub answered: u32,
    /// Questions in all.
    pub questions: u32,
    /// Questions without an answer.
    pub missing: Vec<String>,
    /// Questions whose comment is required and not there.
    pub comments_missing: Vec<String>,
    /// By section, in the card's order.
    pub sections: Vec<ScoredSection>,
    /// By question, in the card's order.
    pub items: Vec<ScoredItem>,
    /// Name of the band the total is in.
    pub band: Option<String>,
    /// Its colour.
    pub tone: Option<Tone>,
}

/// A section's own score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ScoredSection {
    /// The section.
    pub id: String,
    /// 0 to 100; `None` when nothing that counts was answered.
    pub percent: Option<f64>,
}

/// One question's part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ScoredItem {
    /// The question.
    pub id: String,
    /// What the answer earns of the question, 0 to 100; `None` when not answered or not applicable.
    pub percent: Option<f64>,
    /// The question's part of the total as answered so far, percent; 0 when it does not count.
    pub share: f64,
}

/// A call being judged, or judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Review {
    /// Key.
    #[ts(type = "number")]
    pub id: i64,
    /// The call.
    pub call: Call,
    /// The card, in the version it is judged with.
    pub card: Card,
    /// Whether a newer version of the card exists.
    pub newer_card: bool,
    /// Who judges.
    pub reviewer: String,
    /// The calibration it belongs to.
    pub calibration: Option<String>,
    /// By question.
    pub answers: BTreeMap<String, Answer>,
    /// About the whole call, for the agent.
    pub comment: String,
    /// What it amounts to.
    pub scored: Scored,
    /// Epoch milliseconds; `None` while it is being judged.
    #[ts(type = "number | null")]
    pub finished_ms: Option<i64>,
    /// How the agent was told of it, and what they said.
    pub feedback: Feedback,
}

/// How a finished review was handed to the agent: the day (`yyyy-MM-dd`) of each step taken.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Feedback {
    /// The agent was told.
    pub given: Option<String>,
    /// The agent accepts it.
    pub acknowledged: Option<String>,
    /// The agent does not.
    pub disputed: Option<String>,
    /// What was disputed is settled.
    pub settled: Option<String>,
}

/// A step of handing a review to the agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FeedbackStep {
    /// The agent was told.
    Given,
    /// The agent accepts it.
    Acknowledged,
    /// The agent does not.
    Disputed,
    /// What was disputed is settled.
    Settled,
}

/// A review in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReviewLine {
    /// Key.
    #[ts(type = "number")]
    pub id: i64,
    /// The call.
    pub guid: String,
    /// When the call began, server-local text.
    pub call_at: String,
    /// Who was judged.
    pub agent: String,
    /// Campaign with its suffix.
    pub campaign: String,
    /// Who judged.
    pub reviewer: String,
    /// The card's name.
    pub card: String,
    /// 0 to 100; `None` when nothing counted.
    pub percent: Option<f64>,
    /// A fatal question failed.
    pub fatal: bool,
    /// Colour of the total.
    pub tone: Option<Tone>,
    /// Epoch milliseconds; `None` while being judged.
    #[ts(type = "number | null")]
    pub finished_ms: Option<i64>,
    /// How the agent was told of it, and what they said.
    pub feedback: Feedback,
    /// The second of its call's first note; `None` without any.
    pub noted_secs: Option<f64>,
}

/// A finished review of one agent, as the page about them shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AgentReview {
    /// Key.
    #[ts(type = "number")]
    pub id: i64,
    /// The call.
    pub guid: String,
    /// The card's name.
    pub card: String,
    /// 0 to 100; `None` when nothing counted.
    pub score: Option<f64>,
    /// A fatal question failed.
    pub fatal: bool,
    /// Epoch milliseconds.
    #[ts(type = "number")]
    pub finished_at: i64,
    /// When the call began, server-local text; `None` when the record did not say.
    pub call_at: Option<String>,
}

/// A note at a time of a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    /// Key.
    #[ts(type = "number")]
    pub id: i64,
    /// The call.
    pub guid: String,
    /// Seconds of the recording.
    pub at_secs: f64,
    /// What it says.
    pub text: String,
    /// Goes into what the agent is given; else for reviewers alone.
    pub shared: bool,
    /// Who wrote it.
    pub reviewer: String,
    /// Epoch milliseconds.
    #[ts(type = "number")]
    pub made_ms: i64,
}

/// A note found by its words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NoteFound {
    /// The note.
    pub note: Note,
    /// Its call, to go there.
    pub call: Call,
}
