//! What rules refer to without having it: who is in a team, how much of a pause is too much, who was here today.
//!
//! Left out on purpose: measuring, and where teams and limits are kept (the settings).

use std::collections::{HashMap, HashSet};

use crate::shift::{SHIFT_OVER_MS, same_reason};
use crate::wire::{Agent, AgentState, Measure, PauseLimit, Rule, Snapshot, Team};

/// Interfaces remembered; beyond it only those still on the floor.
const MOST_SEATS: usize = 20_000;

/// What of an allowed pause is amber.
const AMBER_OF_ALLOWED: f64 = 0.8;

/// As chosen in the settings, and as seen since the watch began.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    /// Names by team.
    teams: HashMap<String, HashSet<String>>,
    limits: Vec<PauseLimit>,
    /// Who was seen signed in, by interface, and when last.
    signed_in: HashMap<String, (String, i64)>,
    /// What may become red, by campaign, and when that was worked out.
    ahead: (HashMap<String, RedAhead>, i64),
}

/// How likely a campaign becomes red within a quarter of an hour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RedAhead {
    /// Percent; 0 where it is red now.
    pub likely_percent: f64,
    /// In about so many seconds from when it was worked out.
    pub in_secs: Option<u32>,
}

/// An older forecast is none.
const AHEAD_FOR_MS: i64 = 180_000;

impl Scope {
    pub(crate) fn choose(&mut self, teams: Vec<Team>, limits: Vec<PauseLimit>) {
        self.teams = teams.into_iter().map(|team| (team.id, team.members.into_iter().collect())).collect();
        self.limits = limits;
    }

    /// The clock was set by so much.
    pub(crate) fn clock_set(&mut self, by_ms: i64) {
        for (_, at_ms) in self.signed_in.values_mut() {
            *at_ms += by_ms;
        }
        self.ahead.1 += by_ms;
    }

    /// Says what may become red, as worked out then.
    pub(crate) fn set_ahead(&mut self, ahead: HashMap<String, RedAhead>, at_ms: i64) {
        self.ahead = (ahead, at_ms);
    }

    /// What may become red of a campaign; `None` without a forecast, or where it is too old.
    pub(crate) fn red_ahead(&self, campaign: &str, now_ms: i64) -> Option<RedAhead> {
        let (ahead, at_ms) = &self.ahead;
        ahead.get(campaign).copied().filter(|_| (now_ms - at_ms).abs() < AHEAD_FOR_MS)
    }

    /// Notes who is here.
    pub(crate) fn look(&mut self, snapshot: &Snapshot) {
        for agent in &snapshot.agents {
            let here = !matches!(agent.state, AgentState::Offline | AgentState::Unknown);
            if !here {
                continue;
            }
            match self.signed_in.get_mut(&agent.location) {
                Some((name, at_ms)) if *name == agent.name => *at_ms = snapshot.at_ms,
                _ => {
                    let seen = (agent.name.clone(), snapshot.at_ms);
                    self.signed_in.insert(agent.location.clone(), seen);
                }
            }
        }
        if self.signed_in.len() > MOST_SEATS {
            let there: HashSet<&str> = snapshot.agents.iter().map(|agent| agent.location.as_str()).collect();
            self.signed_in.retain(|location, _| there.contains(location.as_str()));
        }
    }

    /// Whether the person was seen signed in not long ago: who went home is not missed the next morning.
    pub(crate) fn was_here(&self, agent: &Agent, now_ms: i64) -> bool {
        let seen = self.signed_in.get(&agent.location);
        seen.is_some_and(|(name, at_ms)| *name == agent.name && now_ms - at_ms < SHIFT_OVER_MS)
    }

    /// Whether the rule is about the person, as far as teams go. A team that is no more has nobody.
    pub(crate) fn about(&self, rule: &Rule, agent: &Agent) -> bool {
        rule.team
            .as_ref()
            .is_none_or(|team| self.teams.get(team).is_some_and(|members| members.contains(&agent.name)))
    }

    /// The campaigns the members of the rule's team work in; `None` without a team: all.
    pub(crate) fn campaigns<'a>(&self, rule: &Rule, snapshot: &'a Snapshot) -> Option<HashSet<&'a str>> {
        rule.team.as_ref()?;
        let members = snapshot.agents.iter().filter(|agent| self.about(rule, agent));
        Some(members.flat_map(|agent| &agent.campaigns).map(String::as_str).collect())
    }

    /// Seconds allowed in a pause of that reason, or in all of them together; `None` without a limit.
    pub(crate) fn allowed_secs(&self, measure: Measure, reason: Option<&str>) -> Option<f64> {
        let limit = self.limits.iter().find(|limit| same_reason(Some(&limit.reason), reason))?;
        let mins = if measure == Measure::PauseTotal { limit.total_mins } else { limit.once_mins };
        mins.filter(|mins| *mins > 0).map(|mins| f64::from(mins) * 60.0)
    }
}

impl Rule {
    /// For pauses whose reason has a limit of its own: red from it, amber from four fifths of it.
    pub(crate) fn by_reason(&self) -> Self {
        Self {
            warn: Some(AMBER_OF_ALLOWED),
            bad: Some(1.0),
            relative: true,
            at_most: None,
            clear: None,
            ..self.clone()
        }
    }

    /// Whether the rule is about pauses of that reason.
    pub(crate) fn means(&self, reason: Option<&str>) -> bool {
        self.reason.is_none() || same_reason(self.reason.as_deref(), reason)
    }
}
