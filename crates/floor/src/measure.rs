//! What a rule measures, on everything it is about; and when a value passes its limits.

use crate::wire::{AgentState, Campaign, Direction, Freshness, Measure, Rule, Severity, Snapshot};

/// One subject's figure.
#[derive(Debug)]
pub(crate) struct Reading {
    /// Campaign's name, agent's location, or nothing for the server.
    pub(crate) subject: String,
    pub(crate) campaign: Option<String>,
    pub(crate) agent: Option<String>,
    /// `None`: not known now, which changes nothing.
    pub(crate) value: Option<f64>,
    /// What relative limits are multiples of: the campaign's own threshold or wrap-up time, seconds.
    pub(crate) scale: Option<f64>,
    /// When the state began, for figures that are the age of a state.
    pub(crate) since_ms: Option<i64>,
}

/// Every subject of the rule that is on the floor; `None` while the figures are too old to judge by.
pub(crate) fn readings(rule: &Rule, snapshot: &Snapshot, now_ms: i64) -> Option<Vec<Reading>> {
    if rule.measure == Measure::ServerAway {
        let last = snapshot.health.last_ok_ms?;
        // A session the server ended is told elsewhere, and is no silence.
        return Some(vec![Reading {
            subject: String::new(),
            campaign: None,
            agent: None,
            value: Some((now_ms - last) as f64 / 1_000.0),
            scale: None,
            since_ms: None,
        }]);
    }
    if snapshot.health.freshness != Freshness::Fresh {
        return None;
    }
    let wanted = |name: &str| rule.campaign.as_deref().is_none_or(|campaign| campaign == name);
    Some(match rule.measure.state() {
        None => snapshot
            .campaigns
            .iter()
            // On outbound campaigns nobody waits, and the server's percentages mean something else.
            .filter(|campaign| wanted(&campaign.name) && campaign.direction == Direction::Inbound)
            .map(|campaign| Reading {
                subject: campaign.name.clone(),
                campaign: Some(campaign.name.clone()),
                agent: None,
                value: of_campaign(rule.measure, campaign, now_ms),
                scale: campaign.service_level_threshold_secs.map(f64::from),
                since_ms: None,
            })
            .collect(),
        Some(states) => {
            let wrap_up = |name: Option<&String>| {
                let campaign = snapshot.campaigns.iter().find(|campaign| Some(&campaign.name) == name)?;
                campaign.wrap_up_secs.filter(|secs| *secs > 0).map(f64::from)
            };
            snapshot
                .agents
                .iter()
                .filter(|agent| agent.campaigns.iter().any(|name| wanted(name)))
                .map(|agent| {
                    let there = states.contains(&agent.state);
                    let read =
                        agent.campaigns.iter().filter_map(|name| snapshot.agents_read_at_ms.get(name)).max();
                    // A row two rounds old says nothing of now.
                    let known = read
                        .is_some_and(|read| now_ms - read < 2 * i64::from(snapshot.agents_every_ms) + 2_000);
                    let since = agent.state_since_ms.filter(|_| there);
                    let age = since.map(|since| (now_ms - since).max(0) as f64 / 1_000.0);
                    Reading {
                        subject: agent.location.clone(),
                        campaign: agent.call_campaign.clone().or_else(|| agent.campaigns.first().cloned()),
                        agent: Some(agent.name.clone()),
                        // In another state the age of this one is none at all, not unknown.
                        value: if there { age } else { Some(0.0) }.filter(|_| known),
                        scale: wrap_up(agent.campaigns.first()),
                        since_ms: since,
                    }
                })
                .collect()
        }
    })
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
            Self::InPause => Some(&[AgentState::Paused]),
            Self::InCall => Some(&[AgentState::Busy, AgentState::BusyPaused]),
            Self::InWrapUp => Some(&[AgentState::WrapUp]),
            Self::InRinging => Some(&[AgentState::Ringing]),
            Self::OnHold => Some(&[AgentState::OnHold]),
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
        }?;
        if !self.relative {
            return Some(limit);
        }
        let limit = limit * scale?;
        Some(self.at_most.map_or(limit, |most| limit.min(most)))
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
        !self.clear.or(limit).is_some_and(|level| self.passes(value, level))
            && self.severity(value, scale).is_none()
    }
}
