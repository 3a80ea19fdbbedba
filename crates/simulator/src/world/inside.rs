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
    /// Answered.
    pub answered: u32,
    /// Abandoned.
    pub abandoned: u32,
    /// Answered within the threshold.
    pub answered_within: u32,
    /// Members.
    pub members: u32,
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
    /// Campaigns the agent is paused in.
    pub paused: bool,
    /// Whole seconds in the state.
    pub state_secs: u64,
    /// Calls taken, all campaigns.
    pub calls_taken: u32,
    /// Campaigns, with suffix.
    pub campaigns: Vec<String>,
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
                    answered: campaign.completed,
                    abandoned: campaign.abandoned,
                    answered_within: campaign.within,
                    members: campaign.members.len() as u32,
                })
                .collect(),
            agents: self
                .agents
                .iter()
                .map(|agent| InsideAgent {
                    location: agent.location.clone(),
                    name: agent.name.clone(),
                    status: agent.status(),
                    paused: agent.paused && !agent.paused_partly,
                    state_secs: self.step - agent.since,
                    calls_taken: agent.calls_taken.iter().sum(),
                    campaigns: agent
                        .campaigns
                        .iter()
                        .map(|&index| self.campaigns[index].name.clone())
                        .collect(),
                })
                .collect(),
        }
    }
}
