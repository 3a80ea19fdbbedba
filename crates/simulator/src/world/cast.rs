//! Who is in the world when it begins: campaigns with a load of their own, people who serve some of them, and counters of
//! the hours before.

use std::collections::{BTreeMap, VecDeque};

use fastrand::Rng;

use super::branch::Since;
use super::{Agent, Came, Campaign, Doing};
use crate::names;

pub(super) fn campaign(index: usize, rng: &mut Rng) -> Campaign {
    let name = names::campaign(index);
    let outbound = name.ends_with("->");
    // One never gets a call; the first has too many; most have an easy day.
    let load = match index {
        12 => 0.0,
        0 => 1.35,
        3 => 1.12,
        _ => 0.35 + rng.f64() * 0.35,
    };
    Campaign {
        outbound,
        threshold: [20, 30, 10, 20][index % 4],
        wrapup: [20, 0, 30, 15][index % 4],
        strategy: ["rrmemory", "leastrecent", "random", "fewestcalls"][index % 4],
        members: Vec::new(),
        waiting: VecDeque::new(),
        per_hour: load,
        talk_mean: 90.0 + rng.f64() * 120.0,
        completed: 0,
        abandoned: 0,
        within: 0,
        abandoned_within: 0,
        recent_hold: 0,
        recent_talk: 0,
        hold_sum: 0,
        talk_sum: 0,
        hidden: false,
        ever: Came::default(),
        ever_at_reset: Came::default(),
        resets: 0,
        held: false,
        since: Since::default(),
        name,
    }
}

pub(super) fn agent(index: usize, campaigns: usize, rng: &mut Rng) -> Agent {
    let mut of = vec![index % campaigns];
    for _ in 0..2 {
        let more = rng.usize(..campaigns);
        if rng.f64() < 0.3 && !of.contains(&more) {
            of.push(more);
        }
    }
    let extension = 1_001 + index;
    let location = match index % 8 {
        3 | 7 => format!("PJSIP/{extension}"),
        5 => format!("Local/{extension}@agents/n"),
        _ => format!("SIP/{extension}"),
    };
    Agent {
        name: names::agent(index),
        location,
        calls_taken: of.iter().map(|_| rng.u32(0..9)).collect(),
        campaigns: of,
        doing: if rng.f64() < 0.25 { Doing::Away } else { Doing::Idle },
        since: 0,
        until: rng.u64(0..30),
        paused: false,
        paused_partly: false,
        pause_until: 0,
        reason: None,
        call_of: None,
        caller_waited: 0,
        last_call: None,
        places: BTreeMap::new(),
    }
}

/// Counters of the hours before the simulation starts, and arrivals that fit the people there are.
pub(super) fn morning(index: usize, campaign: &mut Campaign, rng: &mut Rng) {
    // Members serve other campaigns too, and a quarter is away.
    let people = campaign.members.len() as f64 * 0.5;
    let load = campaign.per_hour;
    campaign.per_hour = load * people * 3_600.0 / (campaign.talk_mean + f64::from(campaign.wrapup) + 10.0);
    let calls = (campaign.per_hour * 2.0) as u32;
    let (answered_share, within_share) = match index {
        0 => (0.90, 0.58),
        3 => (0.94, 0.76),
        _ => (0.95 + rng.f64() * 0.05, 0.82 + rng.f64() * 0.17),
    };
    let answered_share = if campaign.outbound { 0.55 } else { answered_share };
    campaign.completed = (f64::from(calls) * answered_share) as u32;
    campaign.abandoned = calls - campaign.completed;
    campaign.within = (f64::from(campaign.completed) * within_share) as u32;
    campaign.abandoned_within = campaign.abandoned / 3;
    campaign.recent_hold = if calls == 0 { 0 } else { 4 + rng.u32(0..20) };
    campaign.recent_talk = if calls == 0 { 0 } else { campaign.talk_mean as u32 };
    campaign.hold_sum = u64::from(campaign.completed) * u64::from(campaign.recent_hold);
    campaign.talk_sum = u64::from(campaign.completed) * campaign.talk_mean as u64;
}
