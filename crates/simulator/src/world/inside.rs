//! The truth of the world, for comparing with what a client reads.

use super::World;

/// The world as it is, for comparing with what a client reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Inside {
    /// Every campaign.
    pub campaigns: Vec<InsideCampaign>,
    /// Every agent.
    pub agents: Vec<InsideAgent>,
}

/// One campaign.
#[derive(Debug, Clone, PartialEq)]
pub struct InsideCampaign {
    /// With suffix.
    pub name: String,
    /// Callers waiting.
    pub waiting: u32,
    /// Whole seconds the first of them has waited; `None` when nobody does.
    pub longest_wait_secs: Option<u64>,
    /// Answered.
    pub answered: u32,
    /// Abandoned.
    pub abandoned: u32,
    /// Answered within the threshold.
    pub answered_within: u32,
    /// Members.
    pub members: u32,
    /// What came in since the world began, whatever the counters say.
    pub ever: Came,
    /// The same when the counters fell last; nothing where they never did.
    pub ever_at_reset: Came,
    /// How often the counters fell.
    pub resets: u32,
    /// Of those who called since this branch began, whoever waited before left out; nothing in a world that is no branch.
    pub since_branch: Came,
    /// Of the same, those who wait longer than the threshold already.
    pub late_since_branch: u32,
}

/// Calls of a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Came {
    /// Answered.
    pub answered: u32,
    /// Abandoned.
    pub abandoned: u32,
    /// Answered within the threshold.
    pub within: u32,
}

/// One agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsideAgent {
    /// Interface.
    pub location: String,
    /// Name.
    pub name: String,
    /// The vendor's number.
    pub status: i64,
    /// Whole seconds in the state.
    pub state_secs: u64,
    /// Their campaigns.
    pub seats: Vec<InsideSeat>,
}

/// An agent in one of their campaigns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsideSeat {
    /// With suffix.
    pub campaign: String,
    /// Calls taken of it.
    pub calls_taken: u32,
    /// Paused there.
    pub paused: bool,
}

impl InsideAgent {
    /// Paused in every campaign.
    pub fn paused(&self) -> bool {
        self.seats.iter().all(|seat| seat.paused)
    }

    /// Calls taken, all campaigns.
    pub fn calls_taken(&self) -> u32 {
        self.seats.iter().map(|seat| seat.calls_taken).sum()
    }
}

impl World {
    pub(crate) fn inside(&self) -> Inside {
        Inside {
            campaigns: self
                .campaigns
                .iter()
                .filter(|campaign| !campaign.hidden)
                .map(|campaign| InsideCampaign {
                    name: campaign.name.clone(),
                    waiting: campaign.waiting.len() as u32,
                    longest_wait_secs: campaign.waiting.front().map(|came| self.step.saturating_sub(*came)),
                    answered: campaign.completed,
                    abandoned: campaign.abandoned,
                    answered_within: campaign.within,
                    members: campaign.members.len() as u32,
                    ever: campaign.ever,
                    ever_at_reset: campaign.ever_at_reset,
                    resets: campaign.resets,
                    since_branch: campaign.since.came,
                    late_since_branch: campaign.late_since_branch(self.step),
                })
                .collect(),
            agents: self
                .agents
                .iter()
                .map(|agent| InsideAgent {
                    location: agent.location.clone(),
                    name: agent.name.clone(),
                    status: agent.status(),
                    state_secs: self.step - agent.since,
                    seats: agent
                        .campaigns
                        .iter()
                        .zip(&agent.calls_taken)
                        .map(|(&index, &calls_taken)| InsideSeat {
                            campaign: self.campaigns[index].name.clone(),
                            calls_taken,
                            paused: agent.paused_in(index),
                        })
                        .collect(),
                })
                .collect(),
        }
    }
}
