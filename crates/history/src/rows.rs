//! Campaigns and agents as rows of figures, and back. The figures that change most often stand first: the mask of what
//! differs is then one byte.
//!
//! Names are numbers here (`words`). What follows from other figures is not kept: a campaign's trend and its last minutes
//! are worked out again from the hour before.

use atalaya_floor::direction;
use atalaya_floor::wire::{Agent, AgentState, Campaign};

use crate::codec::{NONE, Row};
use crate::words::Words;

/// A campaign or an agent: the number of its name, and which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Subject(pub(crate) i64);

impl Subject {
    pub(crate) fn campaign(word: i64) -> Self {
        Self(word * 2)
    }

    pub(crate) fn agent(word: i64) -> Self {
        Self(word * 2 + 1)
    }

    pub(crate) fn is_agent(self) -> bool {
        self.0 & 1 == 1
    }

    pub(crate) fn word(self) -> i64 {
        self.0 >> 1
    }
}

/// Every state; its place is its number in a row, and never changes.
pub(crate) const STATES: [AgentState; 9] = [
    AgentState::Available,
    AgentState::Ringing,
    AgentState::Busy,
    AgentState::BusyPaused,
    AgentState::OnHold,
    AgentState::Paused,
    AgentState::WrapUp,
    AgentState::Offline,
    AgentState::Unknown,
];

/// Places in a row of an agent.
pub(crate) mod agent {
    pub(crate) const STATE: usize = 0;
    pub(crate) const SINCE: usize = 1;
    pub(crate) const CALLS: usize = 2;
    pub(crate) const LAST_CALL: usize = 3;
    pub(crate) const CALL_CAMPAIGN: usize = 4;
    pub(crate) const IN_CALL: usize = 5;
    pub(crate) const REASON: usize = 6;
    pub(crate) const PAUSED_IN: usize = 7;
    pub(crate) const PAUSE_BEFORE: usize = 8;
    pub(crate) const RING_NO_ANSWER: usize = 9;
    pub(crate) const NAME: usize = 10;
    pub(crate) const STATUS_CODE: usize = 11;
    pub(crate) const CAMPAIGNS: usize = 12;
}

/// Places in a row of a campaign.
pub(crate) mod campaign {
    pub(crate) const WAITING: usize = 0;
    pub(crate) const LONGEST_SINCE: usize = 1;
    pub(crate) const AVAILABLE: usize = 2;
    pub(crate) const BUSY: usize = 3;
    pub(crate) const WRAP_UP: usize = 4;
    pub(crate) const RINGING: usize = 5;
    pub(crate) const ANSWERED: usize = 6;
    pub(crate) const TOTAL: usize = 7;
    pub(crate) const LEVEL: usize = 8;
    pub(crate) const LEVEL2: usize = 9;
    pub(crate) const OFFERED: usize = 10;
    pub(crate) const PATIENT: usize = 11;
    pub(crate) const RECENT_WAIT: usize = 12;
    pub(crate) const RECENT_TALK: usize = 13;
    pub(crate) const AVERAGE_WAIT: usize = 14;
    pub(crate) const AVERAGE_TALK: usize = 15;
    pub(crate) const PAUSED: usize = 16;
    pub(crate) const ABANDONED: usize = 17;
    pub(crate) const ABANDON_RATE: usize = 18;
    pub(crate) const ON_HOLD: usize = 19;
    pub(crate) const BUSY_PAUSED: usize = 20;
    pub(crate) const LOGGED_IN: usize = 21;
    pub(crate) const MEMBERS: usize = 22;
    pub(crate) const LONGEST_SECS: usize = 23;
    pub(crate) const THRESHOLD: usize = 24;
    pub(crate) const WRAP_UP_SECS: usize = 25;
    pub(crate) const STRATEGY: usize = 26;
}

fn whole(value: Option<u32>) -> i64 {
    value.map_or(NONE, i64::from)
}

/// Percentages to the thousandth: the server writes one or two decimals.
fn thousandths(value: Option<f64>) -> i64 {
    value.filter(|value| value.is_finite()).map_or(NONE, |value| (value * 1_000.0).round() as i64)
}

pub(crate) fn percent(value: Option<i64>) -> Option<f64> {
    value.map(|value| value as f64 / 1_000.0)
}

pub(crate) fn of_agent(one: &Agent, words: &mut Words) -> Row {
    let mut row = Row::EMPTY;
    let at = &mut row.0;
    at[agent::STATE] = STATES.iter().position(|state| *state == one.state).map_or(NONE, |at| at as i64);
    at[agent::SINCE] = one.state_since_ms.unwrap_or(NONE);
    at[agent::CALLS] = whole(one.calls_taken);
    at[agent::LAST_CALL] = one.last_call_at_ms.map_or(NONE, |ms| ms / 1_000);
    at[agent::CALL_CAMPAIGN] = one.call_campaign.as_deref().map_or(NONE, |name| words.number(name));
    at[agent::IN_CALL] = one.in_call_here.map_or(NONE, i64::from);
    at[agent::REASON] = one.pause_reason.as_deref().map_or(NONE, |reason| words.number(reason));
    at[agent::PAUSED_IN] = i64::from(one.paused_in);
    at[agent::PAUSE_BEFORE] = whole(one.pause_before_secs);
    at[agent::RING_NO_ANSWER] = i64::from(one.ring_no_answer);
    at[agent::NAME] = words.number(&one.name);
    at[agent::STATUS_CODE] = one.status_code.map_or(NONE, i64::from);
    at[agent::CAMPAIGNS] = words.number(&one.campaigns.join("\n"));
    row
}

pub(crate) fn state_of(row: &Row) -> AgentState {
    let place = row.get(agent::STATE).and_then(|state| usize::try_from(state).ok());
    place.and_then(|place| STATES.get(place)).copied().unwrap_or(AgentState::Unknown)
}

/// The campaigns an agent's row names.
pub(crate) fn campaigns_of<'a>(row: &Row, words: &'a Words) -> impl Iterator<Item = &'a str> {
    let joined = row.get(agent::CAMPAIGNS).and_then(|number| words.text(number)).unwrap_or_default();
    joined.split('\n').filter(|name| !name.is_empty())
}

pub(crate) fn to_agent(location: &str, row: &Row, words: &Words) -> Agent {
    let word = |field| row.get(field).and_then(|number| words.text(number)).map(str::to_owned);
    Agent {
        location: location.to_owned(),
        name: word(agent::NAME).unwrap_or_else(|| location.to_owned()),
        state: state_of(row),
        status_code: row.get(agent::STATUS_CODE).and_then(|code| i32::try_from(code).ok()),
        state_since_ms: row.get(agent::SINCE),
        pause_reason: word(agent::REASON),
        paused_in: row.number(agent::PAUSED_IN).unwrap_or_default(),
        in_call_here: row.get(agent::IN_CALL).map(|here| here != 0),
        call_campaign: word(agent::CALL_CAMPAIGN),
        calls_taken: row.number(agent::CALLS),
        last_call_at_ms: row.get(agent::LAST_CALL).map(|secs| secs.saturating_mul(1_000)),
        campaigns: campaigns_of(row, words).map(str::to_owned).collect(),
        ring_no_answer: row.number(agent::RING_NO_ANSWER).unwrap_or_default(),
        pause_before_secs: row.number(agent::PAUSE_BEFORE),
    }
}

pub(crate) fn of_campaign(one: &Campaign, words: &mut Words) -> Row {
    let mut row = Row::EMPTY;
    let at = &mut row.0;
    at[campaign::WAITING] = whole(one.waiting);
    at[campaign::LONGEST_SINCE] = one.longest_wait_since_ms.unwrap_or(NONE);
    // With a beginning it counts on by itself.
    at[campaign::LONGEST_SECS] =
        if one.longest_wait_since_ms.is_some() { NONE } else { whole(one.longest_wait_secs) };
    at[campaign::AVAILABLE] = whole(one.available);
    at[campaign::LOGGED_IN] = whole(one.logged_in);
    at[campaign::MEMBERS] = whole(one.total_agents);
    at[campaign::BUSY] = whole(one.busy);
    at[campaign::BUSY_PAUSED] = whole(one.busy_paused);
    at[campaign::PAUSED] = whole(one.paused);
    at[campaign::WRAP_UP] = whole(one.wrap_up);
    at[campaign::RINGING] = whole(one.ringing);
    at[campaign::ON_HOLD] = whole(one.on_hold);
    at[campaign::ANSWERED] = whole(one.answered);
    at[campaign::ABANDONED] = whole(one.abandoned);
    at[campaign::TOTAL] = whole(one.total_calls);
    at[campaign::ABANDON_RATE] = thousandths(one.abandon_rate);
    at[campaign::LEVEL] = thousandths(one.service_level);
    at[campaign::LEVEL2] = thousandths(one.service_level2);
    at[campaign::OFFERED] = thousandths(one.service_level_offered);
    at[campaign::PATIENT] = thousandths(one.service_level_patient);
    at[campaign::THRESHOLD] = whole(one.service_level_threshold_secs);
    at[campaign::WRAP_UP_SECS] = whole(one.wrap_up_secs);
    at[campaign::RECENT_WAIT] = whole(one.recent_wait_secs);
    at[campaign::RECENT_TALK] = whole(one.recent_talk_secs);
    at[campaign::AVERAGE_WAIT] = whole(one.average_wait_secs);
    at[campaign::AVERAGE_TALK] = whole(one.average_talk_secs);
    at[campaign::STRATEGY] = one.strategy.as_deref().map_or(NONE, |strategy| words.number(strategy));
    row
}

/// Seconds the oldest caller had waited at a moment.
pub(crate) fn longest_secs(row: &Row, at_ms: i64) -> Option<u32> {
    match row.get(campaign::LONGEST_SINCE) {
        Some(since) => u32::try_from((at_ms - since).max(0) / 1_000).ok(),
        None => row.number(campaign::LONGEST_SECS),
    }
}

/// Without its trend and its last minutes.
pub(crate) fn to_campaign(name: &str, row: &Row, at_ms: i64, words: &Words) -> Campaign {
    let (direction, label) = direction(name);
    let level = |field| percent(row.get(field));
    Campaign {
        name: name.to_owned(),
        label: label.to_owned(),
        direction,
        waiting: row.number(campaign::WAITING),
        longest_wait_secs: longest_secs(row, at_ms),
        longest_wait_since_ms: row.get(campaign::LONGEST_SINCE),
        available: row.number(campaign::AVAILABLE),
        logged_in: row.number(campaign::LOGGED_IN),
        total_agents: row.number(campaign::MEMBERS),
        busy: row.number(campaign::BUSY),
        busy_paused: row.number(campaign::BUSY_PAUSED),
        paused: row.number(campaign::PAUSED),
        wrap_up: row.number(campaign::WRAP_UP),
        ringing: row.number(campaign::RINGING),
        on_hold: row.number(campaign::ON_HOLD),
        answered: row.number(campaign::ANSWERED),
        abandoned: row.number(campaign::ABANDONED),
        total_calls: row.number(campaign::TOTAL),
        abandon_rate: level(campaign::ABANDON_RATE),
        service_level: level(campaign::LEVEL),
        service_level2: level(campaign::LEVEL2),
        service_level_offered: level(campaign::OFFERED),
        service_level_patient: level(campaign::PATIENT),
        service_level_threshold_secs: row.number(campaign::THRESHOLD),
        wrap_up_secs: row.number(campaign::WRAP_UP_SECS),
        recent_wait_secs: row.number(campaign::RECENT_WAIT),
        recent_talk_secs: row.number(campaign::RECENT_TALK),
        average_wait_secs: row.number(campaign::AVERAGE_WAIT),
        average_talk_secs: row.number(campaign::AVERAGE_TALK),
        strategy: row.get(campaign::STRATEGY).and_then(|number| words.text(number)).map(str::to_owned),
        waiting_trend: Vec::new(),
        rolling: Vec::new(),
    }
}
