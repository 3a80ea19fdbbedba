//! Who takes a campaign's calls, told from outside: people who join it, and a campaign whose people are all paused while
//! callers wait, so that somebody has to join.

use super::{Agent, Doing, World};

/// What was said of an agent's place in a campaign.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Seat {
    penalty: u32,
    /// Joined paused: nobody ends that from outside.
    paused: bool,
    /// Paused for as long as the campaign is dry.
    dry: bool,
}

/// A member of a campaign.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// Interface.
    pub location: String,
    /// Name.
    pub name: String,
    /// Those with less are rung first.
    pub penalty: u32,
    /// Paused there.
    pub paused: bool,
}

/// Who is to join which campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Joining {
    pub(crate) campaign: String,
    pub(crate) interface: String,
    pub(crate) penalty: u32,
    pub(crate) paused: bool,
}

/// What became of one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joined {
    Added,
    AlreadyThere,
}

impl Agent {
    pub(crate) fn paused_by_place(&self, campaign: usize) -> bool {
        self.places.get(&campaign).is_some_and(|seat| seat.paused || seat.dry)
    }

    pub(crate) fn penalty_in(&self, campaign: usize) -> u32 {
        self.places.get(&campaign).map_or(0, |seat| seat.penalty)
    }
}

impl World {
    /// All join, or none where one names a campaign or an interface that is not there.
    pub(crate) fn join(&mut self, all: &[Joining]) -> Option<Vec<Joined>> {
        let place = |one: &Joining| {
            let campaign = self.campaign_named(&one.campaign)?;
            let agent = self.agents.iter().position(|agent| agent.location == one.interface)?;
            Some((campaign, agent))
        };
        let places: Vec<(usize, usize)> = all.iter().map(place).collect::<Option<_>>()?;
        let join = |(one, (campaign, index)): (&Joining, (usize, usize))| {
            let (members, agent) = (&mut self.campaigns[campaign].members, &mut self.agents[index]);
            if members.contains(&index) {
                return Joined::AlreadyThere;
            }
            members.push(index);
            agent.campaigns.push(campaign);
            agent.calls_taken.push(0);
            let seat = Seat { penalty: one.penalty, paused: one.paused, dry: false };
            agent.places.insert(campaign, seat);
            Joined::Added
        };
        Some(all.iter().zip(places).map(join).collect())
    }

    /// Somebody takes a campaign's calls no more, as is done at the server's own pages: the API has no way to. Whether they did.
    pub(crate) fn leave(&mut self, campaign: &str, interface: &str) -> bool {
        let Some(index) = self.campaign_named(campaign) else { return false };
        let Some(who) = self.agents.iter().position(|agent| agent.location == interface) else {
            return false;
        };
        let agent = &mut self.agents[who];
        let Some(place) = agent.campaigns.iter().position(|&one| one == index) else { return false };
        agent.campaigns.remove(place);
        agent.calls_taken.remove(place);
        agent.places.remove(&index);
        self.campaigns[index].members.retain(|&member| member != who);
        true
    }

    pub(crate) fn members(&self, campaign: &str) -> Vec<Member> {
        let Some(index) = self.campaign_named(campaign) else { return Vec::new() };
        let member = |&member: &usize| {
            let agent = &self.agents[member];
            Member {
                location: agent.location.clone(),
                name: agent.name.clone(),
                penalty: agent.penalty_in(index),
                paused: agent.paused_in(index),
            }
        };
        self.campaigns[index].members.iter().map(member).collect()
    }

    /// Whoever takes a campaign's calls is paused there, so many more wait than did, nobody else calls and nobody leaves.
    pub(crate) fn run_dry(&mut self, campaign: &str, callers: usize) -> bool {
        let Some(index) = self.campaign_named(campaign).filter(|&index| !self.campaigns[index].outbound)
        else {
            return false;
        };
        let step = self.step;
        let campaign = &mut self.campaigns[index];
        campaign.held = true;
        campaign.waiting.extend(std::iter::repeat_n(step, callers));
        for &member in &campaign.members {
            self.agents[member].places.entry(index).or_default().dry = true;
        }
        true
    }

    /// Everybody takes calls again, and others call.
    pub(crate) fn run_again(&mut self, campaign: &str) -> bool {
        let Some(index) = self.campaign_named(campaign) else { return false };
        let campaign = &mut self.campaigns[index];
        campaign.held = false;
        for &member in &campaign.members {
            if let Some(seat) = self.agents[member].places.get_mut(&index) {
                seat.dry = false;
            }
        }
        true
    }

    /// Rings whoever is free and comes first, by penalty and then by turns; whether there is anybody.
    pub(super) fn ring_somebody(&mut self, campaign: usize, waited: u64) -> bool {
        let now = self.step;
        let members = &self.campaigns[campaign].members;
        if members.is_empty() {
            return false;
        }
        let first = self.rng.usize(..members.len());
        let mut found: Option<(u32, usize)> = None;
        for turn in 0..members.len() {
            let index = members[(first + turn) % members.len()];
            let agent = &self.agents[index];
            if agent.doing == Doing::Idle && !agent.paused_in(campaign) {
                let penalty = agent.penalty_in(campaign);
                if found.is_none_or(|(least, _)| penalty < least) {
                    found = Some((penalty, index));
                }
                if penalty == 0 {
                    break;
                }
            }
        }
        let Some((_, index)) = found else { return false };
        let agent = &mut self.agents[index];
        agent.doing = Doing::Ringing;
        agent.call_of = Some(campaign);
        agent.caller_waited = waited;
        agent.since = now;
        agent.until = now + 2 + self.rng.u64(0..7);
        true
    }
}
