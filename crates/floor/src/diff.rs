//! What changed between two pictures, and putting it back together.

use std::collections::BTreeMap;

use crate::wire::{Delta, Held, Snapshot};

/// New or changed, and gone, between two lists sorted by key. `same`: without looking at them.
fn compare<T: Clone + PartialEq>(
    before: &[T],
    now: &[T],
    key: impl Fn(&T) -> &str,
    same: impl Fn(&T, &T) -> bool,
) -> (Vec<T>, Vec<String>) {
    let (mut changed, mut gone) = (Vec::new(), Vec::new());
    let (mut left, mut right) = (before.iter().peekable(), now.iter().peekable());
    loop {
        match (left.peek(), right.peek()) {
            (Some(old), Some(new)) if same(old, new) => {
                left.next();
                right.next();
            }
            (Some(old), Some(new)) if key(old) == key(new) => {
                if old != new {
                    changed.push((*new).clone());
                }
                left.next();
                right.next();
            }
            (Some(old), Some(new)) if key(old) < key(new) => {
                gone.push(key(old).to_owned());
                left.next();
            }
            (_, Some(new)) => {
                changed.push((*new).clone());
                right.next();
            }
            (Some(old), None) => {
                gone.push(key(old).to_owned());
                left.next();
            }
            (None, None) => return (changed, gone),
        }
    }
}

/// What a receiver of `before` needs to have `now`.
pub fn diff(before: &Snapshot, now: &Snapshot) -> Delta {
    let (campaigns, campaigns_gone) =
        compare(&before.campaigns, &now.campaigns, |campaign| &campaign.name, |_, _| false);
    let (agents, agents_gone) = compare(&before.agents, &now.agents, |agent| &agent.location, Held::is);
    let gone = before.agents_read_at_ms.keys().filter(|name| !now.agents_read_at_ms.contains_key(*name));
    let mut agents_read_at_ms: BTreeMap<String, Option<i64>> =
        gone.map(|name| (name.clone(), None)).collect();
    let read =
        now.agents_read_at_ms.iter().filter(|(name, at)| before.agents_read_at_ms.get(*name) != Some(at));
    agents_read_at_ms.extend(read.map(|(name, at)| (name.clone(), Some(*at))));
    Delta {
        from: before.revision,
        revision: now.revision,
        at_ms: now.at_ms,
        campaigns,
        campaigns_gone,
        agents,
        agents_gone,
        agents_read_at_ms,
        agents_unread: now.agents_unread.clone(),
        agents_every_ms: now.agents_every_ms,
        health: now.health.clone(),
    }
}

/// What a receiver has after a delta; `None` when it does not apply to what it has.
pub fn apply(before: &Snapshot, delta: &Delta) -> Option<Snapshot> {
    if before.revision != delta.from {
        return None;
    }
    let mut campaigns: BTreeMap<_, _> =
        before.campaigns.iter().map(|campaign| (campaign.name.clone(), campaign.clone())).collect();
    for name in &delta.campaigns_gone {
        campaigns.remove(name);
    }
    campaigns.extend(delta.campaigns.iter().map(|campaign| (campaign.name.clone(), campaign.clone())));
    let mut agents: BTreeMap<_, _> =
        before.agents.iter().map(|agent| (agent.location.clone(), agent.clone())).collect();
    for location in &delta.agents_gone {
        agents.remove(location);
    }
    agents.extend(delta.agents.iter().map(|agent| (agent.location.clone(), agent.clone())));
    let mut read = before.agents_read_at_ms.clone();
    for (name, at) in &delta.agents_read_at_ms {
        match at {
            Some(at) => read.insert(name.clone(), *at),
            None => read.remove(name),
        };
    }
    Some(Snapshot {
        revision: delta.revision,
        at_ms: delta.at_ms,
        campaigns: campaigns.into_values().collect(),
        agents: agents.into_values().collect(),
        agents_read_at_ms: read,
        agents_unread: delta.agents_unread.clone(),
        agents_every_ms: delta.agents_every_ms,
        health: delta.health.clone(),
    })
}

#[cfg(test)]
mod tests {
    use atalaya_ucontact::{AgentStatus, CampaignAgents, CampaignStatus};
    use proptest::prelude::*;

    use super::*;
    use crate::health;
    use crate::picture::Picture;

    fn snapshot(revision: u64, campaigns: &[(u8, u32)], agents: &[(u8, u8, i32)]) -> Snapshot {
        let mut picture = Picture::default();
        let statuses = campaigns
            .iter()
            .map(|(name, waiting)| CampaignStatus {
                campaign: format!("C{name}"),
                waiting: Some(*waiting),
                ..CampaignStatus::default()
            })
            .collect();
        picture.take_campaigns_of(Some(statuses), Some(Vec::new()), 0);
        for (campaign, agent, status) in agents {
            let seat = AgentStatus {
                location: format!("SIP/{agent}").into(),
                status: Some(*status),
                ..AgentStatus::default()
            };
            let found = CampaignAgents { campaign: None, agents: vec![seat] };
            picture.take_agents(&format!("C{campaign}"), found, i64::from(*agent));
        }
        Snapshot {
            agents_unread: BTreeMap::new(),
            revision,
            at_ms: revision as i64,
            campaigns: picture.campaigns(),
            agents: picture.agents(),
            agents_read_at_ms: picture
                .rosters_read()
                .filter_map(|(name, at)| Some((name.to_owned(), at?)))
                .collect(),
            agents_every_ms: 3_000,
            health: health::starting(3_000),
        }
    }

    proptest! {
        #[test]
        fn a_delta_leads_from_one_to_the_other(
            c1 in prop::collection::vec((0u8..6, 0u32..3), 0..8), a1 in prop::collection::vec((0u8..6, 0u8..9, 0i32..10), 0..20),
            c2 in prop::collection::vec((0u8..6, 0u32..3), 0..8), a2 in prop::collection::vec((0u8..6, 0u8..9, 0i32..10), 0..20),
        ) {
            let (one, two) = (snapshot(1, &c1, &a1), snapshot(2, &c2, &a2));
            let delta = diff(&one, &two);
            prop_assert_eq!(apply(&one, &delta), Some(two.clone()));
            prop_assert_eq!(apply(&two, &delta), None, "a delta applies to its own revision only");
            let still = diff(&two, &two);
            prop_assert!(still.campaigns.is_empty() && still.agents.is_empty() && still.agents_read_at_ms.is_empty());
        }
    }
}
