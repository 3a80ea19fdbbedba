//! What part of the reviews is to be of which calls, and what is missing of it.

use atalaya_calls::wire::Direction;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A part of the reviews of each agent that is agreed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReviewShare {
    /// Its name for the program.
    pub id: String,
    /// Of a month's reviews, percent, 1 to 100.
    pub percent: u32,
    /// Which calls.
    pub of: ShareOf,
}

/// Calls a part of the reviews is to be of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ShareOf {
    /// With this disposition, on whatever level. Records do not say it: it is known of calls that were given theirs from here.
    Disposition {
        /// Its name; capitals and accents do not matter.
        name: String,
    },
    /// Of a campaign.
    Campaign {
        /// Its name with its suffix.
        name: String,
    },
    /// Long ones.
    AtLeast {
        /// Seconds of talk.
        secs: u32,
    },
    /// Of one direction.
    Direction {
        /// Which.
        direction: Direction,
    },
}

/// Of whom, of when, and what was agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ShareRequest {
    /// First day of the calls, `yyyy-MM-dd`.
    pub from: String,
    /// Last day of the calls.
    pub to: String,
    /// Agents, by the names of call records.
    pub people: Vec<String>,
    /// Reviews each is to have; 0: nothing is agreed.
    pub quota: u32,
    /// The shares.
    pub shares: Vec<ReviewShare>,
}

/// What is missing of a share, of everybody asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ShareState {
    /// The share's name for the program.
    pub id: String,
    /// Calls missing in all: what is missing of each, added up.
    pub missing: u32,
    /// So many of them surely: those nobody knows it of may be what is missing.
    pub least: u32,
    /// Reviews of calls nobody knows it of.
    pub unknown: u32,
    /// By agent, in the order asked.
    pub people: Vec<SharePerson>,
}

/// What is missing of a share with one agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SharePerson {
    /// Who.
    pub agent: String,
    /// Reviews made.
    pub reviews: u32,
    /// Reviews that are to be of such calls, rounded up.
    pub wanted: u32,
    /// Reviews that are.
    pub has: u32,
    /// Reviews of calls nobody knows it of.
    pub unknown: u32,
    /// Calls missing, were none of the unknown ones such a call.
    pub missing: u32,
    /// Calls missing, were all of them.
    pub least: u32,
}
