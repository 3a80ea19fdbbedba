//! What a rule measures, on everything it is about; and when a value passes its limits.

use crate::health::freshness;
use crate::scope::Scope;
use crate::wire::{Agent, AgentState, Campaign, Direction, Freshness, Measure, Rule, Severity, Snapshot};

/// One subject's figure.
#[derive(Debug)]
pub(crate) struct Reading {
    /// Campaign's name, agent's location, or nothing for the server.
    pub(crate) subject: String,
    pub(crate) campaign: Option<String>,
    pub(crate) agent: Option<String>,
    /// The reason of the pause, for figures about pauses.
    pub(crate) reason: Option<String>,
    /// `None`: not known now, which changes nothing.
    pub(crate) value: Option<f64>,
    /// What relative limits are multiples of: the campaign's own threshold or wrap-up time, or what the reason of a
    /// pause allows, seconds.
    pub(crate) scale: Option<f64>,
    /// When the state began, for figures that are the age of a state.
    pub(crate) since_ms: Option<i64>,
}

/// Whether the answers a figure comes from are new enough to judge by.
fn known(measure: Measure, snapshot: &Snapshot) -> bool {
    let health = &snapshot.health;
    if health.freshness == Freshness::Fresh {
        return true;
    }
    // One of the two answers is late: the other one's figures are as good as ever.
    let fresh = |at_ms| freshness(at_ms, health.every_ms, snapshot.at_ms) == Freshness::Fresh;
    match measure {
        Measure::LongestWait => fresh(health.queue_ok_ms),
        Measure::ServiceLevel | Measure::ServiceLevelRecent | Measure::AbandonRate => {
            fresh(health.status_ok_ms)
        }
        // Callers waiting and agents free are in both answers, and the fresher one is shown; each person's row has an age
        // of its own.
        _ => fresh(health.queue_ok_ms.max(health.status_ok_ms)),
    }
}

/// Every subject of the rule that is on the floor; `None` while the figures are too old to judge by.
pub(crate) fn readings(
    rule: &Rule,
    scope: &Scope,
    snapshot: &Snapshot,
    now_ms: i64,
    woke_ms: Option<i64>,
) -> Option<Vec<Reading>> {
    if rule.measure == Measure::ServerAway {
        // Silence is when nothing comes.
        let last = snapshot.health.status_ok_ms.max(snapshot.health.queue_ok_ms)?;
        let last = woke_ms.map_or(last, |woke| last.max(woke));
        // A session the server ended is told elsewhere, and is no silence.
        return Some(vec![Reading {
            subject: String::new(),
            campaign: None,
            agent: None,
            reason: None,
            value: Some((now_ms - last) as f64 / 1_000.0),
            scale: None,
            since_ms: None,
        }]);
    }
    if !known(rule.measure, snapshot) {
        return None;
    }
    let wanted = |name: &str| rule.campaign.as_deref().is_none_or(|campaign| campaign == name);
    let Some(states) = rule.measure.state() else {
        let of_team = scope.campaigns(rule, snapshot);
        let inside = |name: &str| of_team.as_ref().is_none_or(|of_team| of_team.contains(name));
        let campaigns = snapshot.campaigns.iter().filter(|campaign| {
            // On outbound campaigns nobody waits, and the server's percentages mean something else.
            campaign.direction == Direction::Inbound && wanted(&campaign.name) && inside(&campaign.name)
        });
        return Some(campaigns.map(|campaign| of_one_campaign(rule, campaign, now_ms)).collect());
    };
    let agents = snapshot.agents.iter().filter(|agent| {
        agent.campaigns.iter().any(|name| wanted(name))
            && scope.about(rule, agent)
            // Who never came today is not missed.
            && (rule.measure != Measure::Offline || scope.was_here(agent, now_ms))
    });
    Some(agents.map(|agent| of_agent(rule, states, scope, snapshot, agent, now_ms)).collect())
}

fn of_one_campaign(rule: &Rule, campaign: &Campaign, now_ms: i64) -> Reading {
    Reading {
        subject: campaign.name.clone(),
        campaign: Some(campaign.name.clone()),
        agent: None,
        reason: None,
        value: of_campaign(rule.measure, campaign, now_ms),
        scale: campaign.service_level_threshold_secs.map(f64::from),
        since_ms: None,
    }
}

fn of_agent(
    rule: &Rule,
    states: &[AgentState],
    scope: &Scope,
    snapshot: &Snapshot,
    agent: &Agent,
    now_ms: i64,
) -> Reading {
    let pauses = matches!(rule.measure, Measure::InPause | Measure::PauseTotal);
    let reason = agent.pause_reason.as_deref();
    let mut there = states.contains(&agent.state) && (!pauses || rule.means(reason));
    let scale = if pauses {
        let allowed = scope.allowed_secs(rule.measure, reason).filter(|_| there);
        // Multiples of a limit that a reason has not are never reached.
        there &= !rule.relative || allowed.is_some();
        Some(allowed.unwrap_or(1.0))
    } else {
        rule.relative.then(|| wrap_up_secs(snapshot, agent)).flatten()
    };
    let read = agent.campaigns.iter().filter_map(|name| snapshot.agents_read_at_ms.get(name)).max();
    // A row two rounds old says nothing of now.
    let known = read.is_some_and(|read| now_ms - read < 2 * i64::from(snapshot.agents_every_ms) + 2_000);
    let since = agent.state_since_ms.filter(|_| there);
    let age = since.map(|since| (now_ms - since).max(0) as f64 / 1_000.0);
    let figure = match rule.measure {
        Measure::PauseTotal => age.zip(agent.pause_before_secs).map(|(age, before)| age + f64::from(before)),
        _ => age,
    };
    Reading {
        subject: agent.location.clone(),
        campaign: agent.call_campaign.clone().or_else(|| agent.campaigns.first().cloned()),
        agent: Some(agent.name.clone()),
        reason: reason.filter(|_| pauses && there).map(str::to_owned),
        // In another state the age of this one is none at all, not unknown.
        value: if there { figure } else { Some(0.0) }.filter(|_| known),
        scale,
        since_ms: since,
    }
}

fn wrap_up_secs(snapshot: &Snapshot, agent: &Agent) -> Option<f64> {
    // Whose call it follows nobody says: the longest of the person's campaigns is nobody's false alarm.
    let own = snapshot.campaigns.iter().filter(|campaign| agent.campaigns.contains(&campaign.name));
    own.filter_map(|campaign| campaign.wrap_up_secs).max().filter(|secs| *secs > 0).map(f64::from)
}

fn of_campaign(measure: Measure, campaign: &Campaign, now_ms: i64) -> Option<f64> {
    match measure {
        Measure::Waiting => campaign.waiting.map(f64::from),
        Measure::LongestWait => match campaign.longest_wait_since_ms {
            Some(since) => Some((now_ms - since).max(0) as f64 / 1_000.0),
            None => campaign.longest_wait_secs.map(f64::from),
        },
        Measure::NobodyAvailable => match (campaign.waiting?, campaign.available?) {
            (waiting, 0) => Some(f64::from(waiting)),
            _ => Some(0.0),
        },
        Measure::ServiceLevel => campaign.service_level,
        Measure::ServiceLevelRecent => {
            let window = campaign.rolling.iter().find(|window| window.minutes == 30)?;
            // Of a window that was watched for a few minutes nobody knows.
            if window.covered_minutes < window.minutes {
                return None;
            }
            // Where the rounding is worth more than this the figure would cry wolf.
            window.service_level.filter(|_| window.plus_minus.is_some_and(|off| off <= 5.0))
        }
        Measure::AbandonRate => campaign.abandon_rate,
        _ => None,
    }
}

impl Measure {
    /// The states whose age it is; `None` for campaigns' figures.
    fn state(self) -> Option<&'static [AgentState]> {
        match self {
            Self::InPause | Self::PauseTotal => Some(&[AgentState::Paused]),
            Self::InCall => Some(&[AgentState::Busy, AgentState::BusyPaused]),
            Self::InWrapUp => Some(&[AgentState::WrapUp]),
            Self::InRinging => Some(&[AgentState::Ringing]),
            Self::OnHold => Some(&[AgentState::OnHold]),
            Self::Offline => Some(&[AgentState::Offline]),
            _ => None,
        }
    }

    /// Percentages that are worse the lower they are.
    fn lower_is_worse(self) -> bool {
        matches!(self, Self::ServiceLevel | Self::ServiceLevelRecent)
    }
}

impl Rule {
    /// The limit of a severity in the measure's own unit; `None` where the rule has none.
    pub(crate) fn limit(&self, severity: Severity, scale: Option<f64>) -> Option<f64> {
        let limit = match severity {
            Severity::Warn => self.warn,
            Severity::Bad => self.bad,
        };
        self.in_unit(limit, scale)
    }

    /// A level as the rule writes it, in the measure's own unit.
    fn in_unit(&self, level: Option<f64>, scale: Option<f64>) -> Option<f64> {
        let level = level?;
        if !self.relative {
            return Some(level);
        }
        let level = level * scale?;
        Some(self.at_most.map_or(level, |most| level.min(most)))
    }

    fn passes(&self, value: f64, limit: f64) -> bool {
        if self.measure.lower_is_worse() { value < limit } else { value >= limit }
    }

    /// How bad a value is.
    pub(crate) fn severity(&self, value: f64, scale: Option<f64>) -> Option<Severity> {
        [Severity::Bad, Severity::Warn]
            .into_iter()
            .find(|severity| self.limit(*severity, scale).is_some_and(|limit| self.passes(value, limit)))
    }

    /// Whether a value is good again: behind the clear level, or behind the lower limit where there is none.
    pub(crate) fn cleared(&self, value: f64, scale: Option<f64>) -> bool {
        let limit = self.limit(Severity::Warn, scale).or_else(|| self.limit(Severity::Bad, scale));
        let level = self.in_unit(self.clear, scale).or(limit);
        !level.is_some_and(|level| self.passes(value, level)) && self.severity(value, scale).is_none()
    }
}
