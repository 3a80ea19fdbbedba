//! The one conversion: a picture, the seats, the readings, the past and the rules as what `forecast` is told.

use std::collections::{BTreeMap, HashMap};

use atalaya_floor::campaign_limits;
use atalaya_floor::wire::{Agent, AgentSeat, AgentState, Campaign, Direction, Measure, Rule, Snapshot, Team};
use atalaya_forecast::input::{
    Doing, Floor, Known, Limits, Person, Reading, Seat, Target, Targets, Times, Waiting,
};
use atalaya_history::{Figures, FloorTimes};

use crate::readings::Readings;

const HALF_HOUR_MS: i64 = 1_800_000;
/// A picture that seems to be from a moment to come: clocks that are trimmed.
const TRIMMED_MS: i64 = 2_000;
/// People read longer ago than this, and than two rounds, are not known.
const PEOPLE_KNOWN_MS: i64 = 120_000;
/// A campaign that does not say how soon a call should be answered.
const USUAL_WITHIN_SECS: f64 = 20.0;

fn secs_since(at_ms: i64, now_ms: i64) -> f64 {
    now_ms.saturating_sub(at_ms) as f64 / 1_000.0
}

/// An age; never below zero.
fn age_secs(since_ms: i64, now_ms: i64) -> f64 {
    secs_since(since_ms, now_ms).max(0.0)
}

/// The floor as it is now.
pub(crate) fn floor(
    snapshot: &Snapshot,
    seats: &BTreeMap<String, Vec<AgentSeat>>,
    readings: &Readings,
    now_ms: i64,
) -> Floor {
    let places: HashMap<&str, usize> =
        snapshot.campaigns.iter().enumerate().map(|(at, campaign)| (campaign.name.as_str(), at)).collect();
    let age = snapshot.health.last_ok_ms.map(|at_ms| {
        let ahead = at_ms > now_ms && at_ms - now_ms <= TRIMMED_MS;
        if ahead { 0.0 } else { secs_since(at_ms, now_ms) }
    });
    let campaigns = snapshot.campaigns.iter().map(|one| campaign(one, snapshot, readings, now_ms));
    let none = Vec::new();
    let people = snapshot
        .agents
        .iter()
        .map(|agent| person(agent, seats.get(&agent.location).unwrap_or(&none), &places, now_ms));
    Floor { age_secs: age, campaigns: campaigns.collect(), people: people.collect() }
}

fn campaign(
    one: &Campaign,
    snapshot: &Snapshot,
    readings: &Readings,
    now_ms: i64,
) -> atalaya_forecast::input::Campaign {
    let read_ms = snapshot.agents_read_at_ms.get(&one.name);
    let known_ms = PEOPLE_KNOWN_MS.max(2 * i64::from(snapshot.agents_every_ms) + 2_000);
    let unread = snapshot.agents_unread.contains_key(&one.name);
    atalaya_forecast::input::Campaign {
        name: one.name.clone(),
        inbound: one.direction == Direction::Inbound,
        waiting: one
            .waiting
            .map(|callers| Waiting { callers, longest_secs: longest_secs(one, snapshot, now_ms) }),
        readings: readings.of(&one.name).map(|figures| reading(figures, now_ms)).collect(),
        people_known: !unread && read_ms.is_some_and(|read_ms| now_ms - read_ms < known_ms),
    }
}

/// How long the first caller has waited, counted on to now.
fn longest_secs(one: &Campaign, snapshot: &Snapshot, now_ms: i64) -> Option<f64> {
    if one.waiting == Some(0) {
        return None;
    }
    if let Some(since_ms) = one.longest_wait_since_ms {
        return Some(age_secs(since_ms, now_ms));
    }
    let read_ms = snapshot.health.queue_ok_ms.unwrap_or(now_ms);
    one.longest_wait_secs.map(|secs| f64::from(secs) + age_secs(read_ms, now_ms))
}

fn reading(figures: &Figures, now_ms: i64) -> Reading {
    Reading {
        ago_secs: age_secs(figures.at_ms, now_ms),
        answered: figures.answered,
        abandoned: figures.abandoned,
        waiting: figures.waiting,
    }
}

fn person(agent: &Agent, seats: &[AgentSeat], places: &HashMap<&str, usize>, now_ms: i64) -> Person {
    let doing = match agent.state {
        AgentState::Available => Doing::Available,
        AgentState::Ringing => Doing::Ringing,
        AgentState::Busy | AgentState::OnHold => Doing::OnCall,
        AgentState::BusyPaused => Doing::OnCallThenBreak,
        AgentState::Paused => Doing::OnBreak,
        AgentState::WrapUp => Doing::WrapUp,
        AgentState::Offline => Doing::Away,
        AgentState::Unknown => Doing::Unknown,
    };
    // Who is on a break is paused at all places, and comes back to all of them.
    let on_break = matches!(doing, Doing::OnBreak | Doing::OnCallThenBreak);
    let seat = |name: &String| {
        let told = seats.iter().find(|seat| seat.campaign == *name);
        Some(Seat {
            campaign: *places.get(name.as_str())?,
            penalty: told.and_then(|seat| seat.penalty).unwrap_or_default(),
            paused: !on_break && told.is_some_and(|seat| seat.paused == Some(true)),
        })
    };
    // Whose call the work after it follows nobody says: the one where a call ended last.
    let ended_last = || {
        let ended = seats.iter().filter(|seat| seat.last_call_at_ms.is_some());
        ended.max_by_key(|seat| seat.last_call_at_ms).map(|seat| &seat.campaign)
    };
    let call_of = match doing {
        Doing::WrapUp => agent.call_campaign.as_ref().or_else(ended_last),
        _ => agent.call_campaign.as_ref(),
    };
    Person {
        location: agent.location.clone(),
        doing,
        for_secs: agent.state_since_ms.map(|since_ms| age_secs(since_ms, now_ms)),
        call_of: call_of.and_then(|name| places.get(name.as_str()).copied()),
        seats: agent.campaigns.iter().filter_map(seat).collect(),
    }
}

/// How far the server's half hour is gone, and the hour of its day.
pub(crate) fn of_day(now_ms: i64, offset_secs: Option<i32>) -> (f64, u8) {
    let there_ms = now_ms + i64::from(offset_secs.unwrap_or_default()) * 1_000;
    let hour = there_ms.div_euclid(3_600_000).rem_euclid(24);
    (there_ms.rem_euclid(HALF_HOUR_MS) as f64 / 1_000.0, hour as u8)
}

/// What is known of times like this.
pub(crate) fn known(snapshot: &Snapshot, times: &FloorTimes, now_ms: i64) -> Known {
    let of = |one: &Campaign| {
        let times = times.campaigns.get(&one.name).cloned().unwrap_or_default();
        // The wait that the server averages ends with the answer, so no ring is longer on average. One seen by who reads a
        // person every few seconds is: short ones are missed, and each ends when it is read.
        let wait_secs = one.recent_wait_secs.filter(|secs| *secs > 0).map_or(f64::INFINITY, f64::from);
        Times {
            average_talk_secs: one
                .recent_talk_secs
                .filter(|secs| *secs > 0)
                .or(one.average_talk_secs)
                .map(f64::from),
            set_wrap_up_secs: one.wrap_up_secs.map(f64::from),
            ring_secs: times.ring_secs.map(|secs| secs.min(wait_secs)),
            ..times
        }
    };
    Known {
        campaigns: snapshot.campaigns.iter().map(of).collect(),
        into_half_hour_secs: of_day(now_ms, times.offset_secs).0,
        break_secs: times.break_secs.clone(),
        break_secs_so_far: times.break_secs_so_far.clone(),
        breaks_per_free_hour: times.breaks_per_free_hour,
        breaks_per_call: times.breaks_per_call,
    }
}

/// What is aimed at, by the rules.
pub(crate) fn targets(snapshot: &Snapshot, rules: &[Rule], teams: &[Team]) -> Targets {
    let limits = |measure| campaign_limits(rules, teams, snapshot, measure);
    let (waiting, longest) = (limits(Measure::Waiting), limits(Measure::LongestWait));
    let (recent, day) = (limits(Measure::ServiceLevelRecent), limits(Measure::ServiceLevel));
    let of = |limits: &BTreeMap<String, (Option<f64>, Option<f64>)>, name: &str| {
        limits.get(name).map_or(Limits::NONE, |(amber, red)| Limits { amber: *amber, red: *red })
    };
    let target = |one: &Campaign| Target {
        within_secs: one.service_level_threshold_secs.map_or(USUAL_WITHIN_SECS, f64::from),
        level_percent: of(&recent, &one.name).amber.or(of(&day, &one.name).amber),
        waiting: of(&waiting, &one.name),
        longest_secs: of(&longest, &one.name),
    };
    Targets { campaigns: snapshot.campaigns.iter().map(target).collect() }
}

#[cfg(test)]
mod tests;
