//! What the window sees of people over a shift: an agent's day as far as watched, teams, limits of pauses.
//!
//! Everything is since the app began to watch: the server tells nothing of before. Left out on purpose: who may see it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::AgentState;

/// What one agent did since it was first seen, up to now, the state under way included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AgentDay {
    /// The telephone interface: the key.
    pub location: String,
    /// User name.
    pub name: String,
    /// When the person was first seen at this interface, epoch milliseconds; nothing before counts.
    #[ts(type = "number")]
    pub watched_since_ms: i64,
    /// Seconds whose state is known: the sum of `states`. What is missing to now went unseen.
    pub seen_secs: u32,
    /// Every state, always in the same order.
    pub states: Vec<StateTime>,
    /// Percent: talk, hold and wrap-up over these and the available time; ringing, pauses and offline are in neither.
    /// `None` before any of it was seen.
    pub occupancy: Option<f64>,
    /// By reason, in the order first seen.
    pub pauses: Vec<PauseTime>,
    /// Rings that ended without this person taking the call, as counted in `Agent`.
    pub ring_no_answer: u32,
    /// The campaigns the person is a member of now, by name.
    pub campaigns: Vec<AgentSeat>,
}

/// Seconds in one state.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StateTime {
    /// Which.
    pub state: AgentState,
    /// Seconds in it.
    pub secs: u32,
}

/// The pauses of one reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PauseTime {
    /// As first spelt by the server; `None`: without a reason.
    pub reason: Option<String>,
    /// How many.
    pub count: u32,
    /// Seconds in them.
    pub secs: u32,
}

/// What one campaign last said of an agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AgentSeat {
    /// Name with suffix.
    pub campaign: String,
    /// Calls taken in it.
    pub calls_taken: Option<u32>,
    /// Epoch milliseconds of the last call's end in it; `None` when none.
    #[ts(type = "number | null")]
    pub last_call_at_ms: Option<i64>,
    /// Paused in it.
    pub paused: Option<bool>,
    /// Called only when nobody with a smaller one is free; `None`: not told.
    pub penalty: Option<u32>,
    /// When it was read, epoch milliseconds.
    #[ts(type = "number")]
    pub read_at_ms: i64,
}

/// People looked at together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Team {
    /// Its name for the program.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// User names, not interfaces: a person may change seats.
    pub members: Vec<String>,
}

/// How much of a pause is too much. Minutes, from 1 to a day; `None` no limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PauseLimit {
    /// The reason as the server writes it; capitals do not matter.
    pub reason: String,
    /// One pause.
    pub once_mins: Option<u32>,
    /// All pauses of the reason since watching began.
    pub total_mins: Option<u32>,
}
