//! Which calls are judged: samples and their worklists.

use std::collections::BTreeMap;

use atalaya_calls::wire::{Call, Direction, SoundFilter};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use atalaya_calls::wire::Problem;

use super::handed::Handed;

/// What to draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SampleRequest {
    /// What it is called.
    pub name: String,
    /// First moment, server-local `yyyy-MM-dd HH:mm:ss`.
    pub from: String,
    /// Last moment.
    pub to: String,
    /// Campaign with its suffix; empty is any.
    pub campaign: String,
    /// Agents; empty is everybody found.
    pub agents: Vec<String>,
    /// Calls for each agent, 1 to 100.
    pub per_agent: u32,
    /// Calls for single agents in place of that, up to 100; 0: none.
    #[serde(default)]
    pub each: BTreeMap<String, u32>,
    /// Calls of this direction alone; `None` is any.
    #[serde(default)]
    pub direction: Option<Direction>,
    /// Calls known to have this disposition, on whatever level; empty is any.
    #[serde(default)]
    pub disposition: String,
    /// Shortest talk, seconds.
    pub min_secs: u32,
    /// Longest talk, seconds; `None` is any.
    pub max_secs: Option<u32>,
    /// Leave out calls judged here or waiting in another worklist.
    pub skip_reviewed: bool,
    /// The card to judge with.
    pub card: String,
    /// The same seed over the same calls draws the same sample; `None` takes a new one.
    #[ts(type = "number | null")]
    pub seed: Option<u32>,
    /// What is asked of what can be heard.
    #[serde(flatten)]
    pub sound: SoundFilter,
}

impl SampleRequest {
    /// Calls wanted of an agent.
    pub(crate) fn of(&self, agent: &str) -> u32 {
        self.each.get(agent).copied().unwrap_or(self.per_agent)
    }

    /// The same with so many times the calls of everybody.
    #[must_use]
    pub fn times(&self, times: u32) -> Self {
        let each = self.each.iter().map(|(agent, calls)| (agent.clone(), calls.saturating_mul(times)));
        Self { per_agent: self.per_agent.saturating_mul(times), each: each.collect(), ..self.clone() }
    }
}

/// An agent with fewer calls than wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Shortfall {
    /// Who.
    pub agent: String,
    /// Calls drawn.
    pub drawn: u32,
    /// Calls wanted.
    pub wanted: u32,
}

/// How drawing goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[expect(clippy::large_enum_variant, reason = "the large one is told once, at the end of a draw")]
pub enum SampleUpdate {
    /// Calls are being read.
    Reading {
        /// Calls read so far.
        calls: u32,
    },
    /// Recordings are being measured, because something is asked of what can be heard.
    Measuring {
        /// Measured so far.
        done: u32,
        /// Of so many.
        total: u32,
    },
    /// Drawn and kept.
    Done {
        /// The worklist.
        sample: Sample,
        /// Agents with fewer calls than wanted.
        shortfalls: Vec<Shortfall>,
        /// Calls of the period nothing could be said about, because what can be heard of them is not known.
        unjudged: u32,
        /// Calls of the period that may have the disposition asked for: theirs is not known here.
        undisposed: u32,
    },
    /// Stopped; nothing was kept.
    Cancelled,
    /// Failed; nothing was kept.
    Failed {
        /// Why.
        problem: Problem,
    },
}

/// A worklist, in a list of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Sample {
    /// Key.
    #[ts(type = "number")]
    pub id: i64,
    /// What was drawn, with the seed taken.
    pub request: SampleRequest,
    /// Epoch milliseconds.
    #[ts(type = "number")]
    pub made_ms: i64,
    /// Calls in it.
    pub calls: u32,
    /// Judged.
    pub done: u32,
    /// Left out with a reason.
    pub skipped: u32,
    /// The call being worked on, to go on there.
    pub at: Option<String>,
    /// Who gave it to whom, the last time; `None`: nobody ever did.
    pub handed: Option<Handed>,
}

/// Where a call of a worklist stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ItemState {
    /// To be judged.
    Open,
    /// Judged.
    Done,
    /// Left out with a reason.
    Skipped,
}

/// A call of a worklist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SampleItem {
    /// The call.
    pub call: Call,
    /// Where it stands.
    pub state: ItemState,
    /// Why it was left out.
    pub reason: String,
    /// Its score once judged.
    pub percent: Option<f64>,
}
