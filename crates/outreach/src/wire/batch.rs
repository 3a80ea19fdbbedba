//! Many operations, one after the other.

use atalaya_ucontact::{Operation, Problem};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a batch is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum BatchKind {
    /// Callers to be called back.
    CallBack,
    /// Tasks for a dialer.
    Tasks,
    /// Scheduled calls.
    Schedules,
    /// Messages.
    Messages,
    /// Numbers for the blacklist, or off it.
    Blacklist,
    /// A base, in files of a size the server takes.
    Base,
    /// Taking back what was sent.
    TakeBack,
    /// Anything else.
    Other,
}

/// Leaves an item out when the number was reached by the time its turn comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReachedSince {
    /// The number.
    pub number: String,
    /// From this moment on, the server's local text: an answered call either way.
    pub moment: String,
}

/// One operation of a batch that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RequestedItem {
    /// Whom or what it is about, for a person: a number, an agent.
    pub label: String,
    /// What is done.
    pub operation: Operation,
    /// Looked at right before it is sent.
    pub unless_reached_since: Option<ReachedSince>,
}

/// A batch that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BatchRequest {
    /// Made up by whoever asks, once for what a person confirmed once: asked for again it is the same batch, and nothing is
    /// sent again.
    pub key: String,
    /// For a person.
    pub title: String,
    /// What it is of.
    pub kind: BatchKind,
    /// One at least, 10,000 at most.
    pub items: Vec<RequestedItem>,
}

/// Where an item of a batch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum BatchItemState {
    /// Its turn has not come.
    Waiting,
    /// Under way.
    Sending,
    /// Done, or a person counted it as done.
    Done,
    /// It has not happened.
    Refused,
    /// It may have happened.
    Unknown,
    /// Not sent: the number was reached by then.
    LeftOut,
    /// Not sent: a person dropped the rest.
    Dropped,
}

/// One item of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BatchItem {
    /// Its place in the batch, from 0.
    pub place: u32,
    /// Whom or what it is about.
    pub label: String,
    /// The vendor's operation.
    pub operation: String,
    /// Where it stands.
    pub state: BatchItemState,
    /// Why it was not done, or is not known; of what was left out `reachedSince` with `at` and `agent`.
    pub problem: Option<Problem>,
    /// The call it placed.
    pub guid: Option<String>,
    /// What the server said beside yes.
    pub said: Option<String>,
    /// A person looked at what is not known and left it so.
    pub left: bool,
    /// When it ended.
    #[ts(type = "number | null")]
    pub ended_ms: Option<i64>,
}

/// A batch, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Batch {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// For a person.
    pub title: String,
    /// What it is of.
    pub kind: BatchKind,
    /// Who asked for it.
    pub person: String,
    /// When.
    #[ts(type = "number")]
    pub made_ms: i64,
    /// Items in all.
    pub total: u32,
    /// Those whose turn has not come.
    pub waiting: u32,
    /// Done.
    pub done: u32,
    /// Refused.
    pub refused: u32,
    /// Not known, and nobody left them so.
    pub unknown: u32,
    /// Not known, and left so.
    pub left_unknown: u32,
    /// Reached by then.
    pub left_out: u32,
    /// Dropped by a person.
    pub dropped: u32,
    /// It is being sent at this moment.
    pub under_way: bool,
}

/// Some items of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BatchItems {
    /// How many there are of these.
    pub total: u32,
    /// In order.
    pub items: Vec<BatchItem>,
}

/// How the sending of a batch goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum SendingUpdate {
    /// An item's turn came.
    Turn {
        /// The item.
        item: BatchItem,
    },
    /// An item ended.
    Ended {
        /// The item.
        item: BatchItem,
        /// The batch after it.
        batch: Batch,
    },
    /// Nothing of it is sent any more: at its end, or because it stopped.
    Over {
        /// As it stands.
        batch: Batch,
        /// Stopped before its end, by a person or by what is in `problem`.
        stopped: bool,
        /// Why it stopped by itself: the server was not reached several times in a row, nothing may be sent from here, the
        /// session ended.
        problem: Option<Problem>,
    },
}
