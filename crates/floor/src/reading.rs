//! What one answer of the server said: what a picture adds up from, and what a desk that asks hands to those that follow.
//!
//! A reading is the answer as it was read, with its moment; everything worked out of many (half hours, shifts, how long
//! somebody waited) each desk works out by itself, so that it goes on without a seam when it asks. Left out on purpose: how
//! readings travel.

use atalaya_ucontact::{CampaignAgents, CampaignStatus, Problem, QueueSummary};
use serde::{Deserialize, Serialize};

/// One answer, or that there was none. Moments are epoch milliseconds by the clock of the desk that asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Reading {
    /// One poll of the campaigns.
    Campaigns {
        /// `campaignstatus`, and when it arrived; `None` when it did not.
        statuses: Option<(Vec<CampaignStatus>, i64)>,
        /// `queuesummary`, and when it arrived; `None` when it did not.
        queues: Option<(Vec<QueueSummary>, i64)>,
        /// How long the answer took, milliseconds.
        round_trip_ms: u32,
        /// Elements that could not be read.
        dropped: u32,
        /// What went wrong with either of the two.
        problem: Option<Problem>,
        /// When it was over, whatever came of it.
        at_ms: i64,
        /// How often the campaigns are asked for, as planned.
        every_ms: u32,
        /// How often the agents off the screen are asked for, as planned.
        agents_every_ms: u32,
    },
    /// The agents of one campaign.
    Agents {
        /// Name with suffix.
        campaign: String,
        /// Who they are.
        found: CampaignAgents,
        /// When they arrived.
        at_ms: i64,
    },
    /// The agents of one campaign could not be read.
    Unread {
        /// Name with suffix.
        campaign: String,
        /// Why: a stable code.
        code: String,
        /// When that was known.
        at_ms: i64,
    },
}

impl Reading {
    /// The campaign whose agents it is about; `None` for the campaigns themselves. A newer one of the same replaces it.
    pub fn campaign(&self) -> Option<&str> {
        match self {
            Self::Campaigns { .. } => None,
            Self::Agents { campaign, .. } | Self::Unread { campaign, .. } => Some(campaign),
        }
    }

    /// When the oldest of what it says arrived, epoch milliseconds; `None`: it says nothing but that it could not be read.
    pub fn oldest_ms(&self) -> Option<i64> {
        match self {
            Self::Campaigns { statuses, queues, .. } => {
                let (status_ms, queue_ms) =
                    (statuses.as_ref().map(|of| of.1), queues.as_ref().map(|of| of.1));
                status_ms.into_iter().chain(queue_ms).min()
            }
            Self::Agents { at_ms, .. } => Some(*at_ms),
            Self::Unread { .. } => None,
        }
    }

    /// When it was made, epoch milliseconds.
    pub fn at_ms(&self) -> i64 {
        match self {
            Self::Campaigns { at_ms, .. } | Self::Agents { at_ms, .. } | Self::Unread { at_ms, .. } => *at_ms,
        }
    }

    /// The same by a clock that is so many milliseconds ahead.
    #[must_use]
    pub fn by_clock(mut self, ahead_ms: i64) -> Self {
        match &mut self {
            Self::Campaigns { statuses, queues, at_ms, .. } => {
                *at_ms += ahead_ms;
                if let Some((_, at_ms)) = statuses {
                    *at_ms += ahead_ms;
                }
                if let Some((_, at_ms)) = queues {
                    *at_ms += ahead_ms;
                }
            }
            Self::Agents { at_ms, .. } | Self::Unread { at_ms, .. } => *at_ms += ahead_ms,
        }
        self
    }
}
