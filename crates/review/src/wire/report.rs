//! Figures over many reviews, the sheet for an agent, and dispositions known.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which reviews; empty text is any.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct ReportFilter {
    /// First day of the calls, `yyyy-MM-dd`.
    pub from: String,
    /// Last day of the calls.
    pub to: String,
    /// Who was judged.
    pub agent: String,
    /// Campaign with its suffix.
    pub campaign: String,
    /// Who judged.
    pub reviewer: String,
    /// Key of the card.
    pub card: String,
}

/// What a report is by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ReportBy {
    /// Who was judged.
    Agent,
    /// The question.
    Question,
    /// Who judged.
    Reviewer,
    /// Campaign.
    Campaign,
    /// Day of the call.
    Day,
    /// Month of the call.
    Month,
}

/// One line of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReportRow {
    /// Agent, question, day …
    pub key: String,
    /// The question's own key, to find what its figures are made of; empty for anything else.
    pub question: String,
    /// Reviews.
    pub reviews: u32,
    /// Those that have a figure.
    pub scored: u32,
    /// Mean, 0 to 100; `None` without figures.
    pub average: Option<f64>,
    /// Lowest.
    pub lowest: Option<f64>,
    /// Highest.
    pub highest: Option<f64>,
    /// Reviews in which a fatal question failed; of a question: how often it failed fatally.
    pub fatal: u32,
}

/// A combination the contact centre's dialer knows, or may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Disposition {
    /// Campaign with its suffix.
    pub campaign: String,
    /// Level 1.
    pub level1: String,
    /// Level 2, may be empty.
    pub level2: String,
    /// Level 3, may be empty.
    pub level3: String,
    /// How often the server took it from here.
    pub times: u32,
}

/// Which reviews a list shows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct ReviewFilter {
    /// Of this call; empty is any.
    pub guid: String,
    /// Part of the agent's, campaign's or reviewer's name; empty is any.
    pub text: String,
    /// Only those not finished.
    pub open: bool,
    /// Only those finished: what a report counts.
    pub finished: bool,
    /// Only those in which this question was asked, by its key; empty is any.
    pub question: String,
    /// Only those in which a fatal question failed; with a question, in which that one did.
    pub fatal: bool,
    /// Only those with this score, 0 to 100; with a question, in which it earned so much.
    pub score: Option<f64>,
    /// Only those a report is made of that is narrowed like this.
    pub within: ReportFilter,
}
