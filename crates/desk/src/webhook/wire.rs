//! What the window sees of the messages to a chat, and gives: the address goes in and never comes out.

use atalaya_ucontact::{Problem, Secret};
use atalaya_webhook::Outcome;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An address as it was typed.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebhookAddress {
    /// All of it.
    #[ts(type = "string")]
    pub address: Secret,
}

/// A message that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebhookSent {
    /// Epoch milliseconds.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// What became of it.
    pub outcome: Outcome,
    /// It was a trial.
    pub test: bool,
}

/// Where messages go, and what became of them since the address was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebhookState {
    /// Host of the address; `None`: there is none.
    pub host: Option<String>,
    /// Whether it is there after the program's next start.
    pub kept: bool,
    /// Why it could not be read or kept.
    pub problem: Option<Problem>,
    /// The last message.
    pub last: Option<WebhookSent>,
    /// Messages that were taken.
    pub done: u32,
    /// That were not.
    pub refused: u32,
    /// Of which nobody knows.
    pub unknown: u32,
    /// That were never sent since the program began: too many waited, or it had stopped.
    pub left_out: u32,
    /// Three were refused in a row: nothing is sent until somebody says so.
    pub stopped: bool,
}
