//! Several reviewers judge the same call without seeing each other's answers.

use std::collections::BTreeMap;

use atalaya_calls::wire::Call;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::card::Card;
use super::review::Answer;

/// One calibration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Calibration {
    /// Key, the same on every reviewer's computer.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The call.
    pub call: Call,
    /// The card, in the version used.
    pub card: Card,
    /// How many reviews open it.
    pub people: u32,
    /// Folder where review files are exchanged; `None`: by hand.
    pub folder: Option<String>,
    /// Whose reviews are in.
    pub reviewers: Vec<String>,
    /// Whether all are in: then the answers may be seen.
    pub open: bool,
    /// Epoch milliseconds.
    #[ts(type = "number")]
    pub made_ms: i64,
}

/// What reviewers hand each other: an invitation when it has no answers, a review when it has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CalibrationFile {
    /// Always `atalaya-calibration`.
    pub format: String,
    /// Of this layout.
    pub layout: u32,
    /// Key of the calibration.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The call.
    pub call: Call,
    /// The card.
    pub card: Card,
    /// How many reviews open it.
    pub people: u32,
    /// Who judged; empty in an invitation.
    #[serde(default)]
    pub reviewer: String,
    /// By question; `None` in an invitation.
    #[serde(default)]
    pub answers: Option<BTreeMap<String, Answer>>,
    /// About the whole call.
    #[serde(default)]
    pub comment: String,
}

/// How far reviewers are apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Compared {
    /// By reviewer, by name.
    pub reviewers: Vec<ComparedReviewer>,
    /// By question, in the card's order.
    pub items: Vec<ComparedItem>,
    /// Highest total less the lowest, points; `None` with fewer than two totals.
    pub spread: Option<f64>,
    /// Questions on which all agree, percent; `None` without questions.
    pub agreement: Option<f64>,
}

/// One reviewer against the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ComparedReviewer {
    /// Who.
    pub reviewer: String,
    /// Total, 0 to 100.
    pub percent: Option<f64>,
    /// Total less the mean of all totals, points: above 0 is milder than the others.
    pub leaning: Option<f64>,
    /// Mean distance from the mean of each question, points.
    pub distance: Option<f64>,
    /// About the whole call.
    pub comment: String,
}

/// One question as each reviewer answered it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ComparedItem {
    /// The question.
    pub id: String,
    /// Its text.
    pub text: String,
    /// In the order of the reviewers.
    pub answers: Vec<Answer>,
    /// What each answer earns, 0 to 100; `None` when it does not count.
    pub percents: Vec<Option<f64>>,
    /// Highest less lowest, points; `None` with fewer than two that count.
    pub spread: Option<f64>,
    /// Whether all gave the same answer.
    pub agreed: bool,
}
