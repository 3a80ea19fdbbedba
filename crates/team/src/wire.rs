//! What the window sees of a team's floor.
//!
//! Left out on purpose: shared work, which is told by whoever keeps it.

use atalaya_ucontact::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What this desk does for the floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TeamPart {
    /// Nothing is known yet.
    Joining,
    /// It asks the server for everybody.
    Asks,
    /// It shows what another desk read.
    Follows,
    /// The team's database does not answer: the last picture stays.
    Waits,
    /// The team's database does not answer: it asks by itself, less often, as everybody does.
    Apart,
}

/// Who asks the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TeamAsker {
    /// The member.
    pub person: String,
    /// Their computer.
    pub machine: String,
    /// Since when, epoch milliseconds by this computer's clock.
    #[ts(type = "number")]
    pub since_ms: i64,
    /// It is this desk.
    pub me: bool,
}

/// How this desk stands in its team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TeamState {
    /// What it does.
    pub part: TeamPart,
    /// Who asks, or asked last; `None` before anybody did.
    pub asker: Option<TeamAsker>,
    /// Which taking of the lease it is.
    #[ts(type = "number")]
    pub epoch: i64,
    /// Desks that were here in the last half minute, this one included.
    pub desks: u32,
    /// How long the last reading took from the database to here, milliseconds; `None` for who asks, and before one.
    pub lag_ms: Option<u32>,
    /// Since when the database does not answer, epoch milliseconds; `None`: it does.
    #[ts(type = "number | null")]
    pub away_since_ms: Option<i64>,
    /// Why it does not, or what is wrong with this desk's membership.
    pub problem: Option<Problem>,
    /// This desk asked, and another one took over without having been let: it slept, or stood still. When it learnt of
    /// it, epoch milliseconds.
    #[ts(type = "number | null")]
    pub overtaken_ms: Option<i64>,
}

impl Default for TeamState {
    fn default() -> Self {
        Self {
            part: TeamPart::Joining,
            asker: None,
            epoch: 0,
            desks: 1,
            lag_ms: None,
            away_since_ms: None,
            problem: None,
            overtaken_ms: None,
        }
    }
}
