//! A scorecard.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A scorecard in one version. A saved version never changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// Key of all versions.
    pub id: String,
    /// 1 for the first; 0 for one never saved.
    pub version: u32,
    /// What it is called.
    pub name: String,
    /// In the order shown.
    pub sections: Vec<Section>,
    /// Colours of the total; what is below all of them has none.
    pub bands: Vec<Band>,
}

/// A card to begin with: copied, then changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StartingCard {
    /// What it is for, in a few words.
    pub about: String,
    /// As version 0, with a key that a copy replaces.
    pub card: Card,
}

/// Questions that belong together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Section {
    /// Key within the card.
    pub id: String,
    /// Heading.
    pub title: String,
    /// In the order shown.
    pub questions: Vec<Question>,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// Key within the card, the same in every version.
    pub id: String,
    /// The question.
    pub text: String,
    /// What to listen for.
    #[serde(default)]
    pub help: String,
    /// How it is answered.
    pub kind: Kind,
    /// Its part of the total, above 0, against the others' weights.
    pub weight: f64,
    /// The worst answer makes the whole score zero: no, the lowest number of the scale, the choice that earns least (of
    /// several that earn least each one; none when all earn the same and more than nothing).
    #[serde(default)]
    pub fatal: bool,
    /// May be "not applicable"; its weight then falls to the others.
    #[serde(default)]
    pub optional: bool,
    /// When a comment must be written.
    #[serde(default)]
    pub comment: CommentRule,
}

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Kind {
    /// Yes earns all, no nothing.
    YesNo,
    /// A number: the lowest earns nothing, the highest all.
    Scale {
        /// Lowest, 0 or more.
        low: u32,
        /// Highest, at most 10.
        high: u32,
    },
    /// One of several answers.
    Choice {
        /// Two to nine.
        options: Vec<ChoiceOption>,
    },
}

/// An answer to choose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChoiceOption {
    /// What it says.
    pub label: String,
    /// What it earns of the weight, percent.
    pub percent: f64,
}

/// When a comment must be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CommentRule {
    /// Never.
    #[default]
    Never,
    /// When the answer earns less than all.
    WhenLess,
    /// Whatever the answer.
    Always,
}

/// A colour of the total.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Band {
    /// From this percentage.
    pub from: f64,
    /// What it is called.
    pub name: String,
    /// Its colour.
    pub tone: Tone,
}

/// A colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Tone {
    /// Good.
    Ok,
    /// To be watched.
    Warn,
    /// Needs a hand.
    Bad,
}
