//! What a rule measures, on everything it is about; and when a value passes its limits.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use crate::health::freshness;
use crate::scope::Scope;
use crate::wire::{
    Agent, AgentState, Campaign, Direction, Freshness, Hears, Measure, Rule, Severity, Snapshot, Team,
};

/// A campaign that does not say how soon a call should be answered goes by so many seconds.
const USUAL_THRESHOLD_SECS: u32 = 20;

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
    /// In about so many seconds, for what is ahead.
    pub(crate) in_secs: Option<u32>,
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

/// The rules of one measure, as they are judged.
#[derive(Debug)]
pub(crate) struct Judge {
    pub(crate) measure: Measure,
    /// The most particular first: the first one that is about a subject is the only one.
    rules: Vec<(Rule, Rule)>,
}

impl Judge {
    /// Every measure that has rules.
    pub(crate) fn all(rules: &[Rule]) -> Vec<Self> {
        let mut judges: Vec<Self> = Vec::new();
        for rule in rules {
            let both = (rule.clone(), rule.by_reason());
            match judges.iter_mut().find(|judge| judge.measure == rule.measure) {
                Some(judge) => judge.rules.push(both),
                None => judges.push(Self { measure: rule.measure, rules: vec![both] }),
            }
        }
        for judge in &mut judges {
            judge.rules.sort_by_key(|(rule, _)| {
                Reverse((rule.reason.is_some(), rule.campaign.is_some(), rule.team.is_some()))
            });
        }
        judges
    }

    /// Whether anybody hears of it.
    pub(crate) fn heard(&self) -> bool {
        self.rules.iter().any(|(rule, _)| rule.hears != Hears::Nobody)
    }

    /// Every subject on the floor, with the rule it goes by; `None` while the figures are too old to judge by.
    pub(crate) fn readings(
        &self,
        scope: &Scope,
        snapshot: &Snapshot,
        now_ms: i64,
        woke_ms: Option<i64>,
    ) -> Option<Vec<(&Rule, Reading)>> {
        if self.measure == Measure::ServerAway {
            // Silence is when nothing comes.
            let last = snapshot.health.status_ok_ms.max(snapshot.health.queue_ok_ms)?;
            let last = woke_ms.map_or(last, |woke| last.max(woke));
            // A session the server ended is told elsewhere, and is no silence.
            let silence = Reading {
                subject: String::new(),
                campaign: None,
                agent: None,
                reason: None,
                value: Some((now_ms - last) as f64 / 1_000.0),
                scale: None,
                since_ms: None,
                in_secs: None,
            };
            return Some(self.rules.first().map(|(rule, _)| (rule, silence)).into_iter().collect());
        }
        if !known(self.measure, snapshot) {
            return None;
        }
        let Some(states) = self.measure.state() else {
            let found = self.of_campaigns(scope, snapshot).into_iter().map(|(rule, campaign)| {
                let mut reading = of_one_campaign(self.measure, campaign, now_ms);
                if self.measure == Measure::RedAhead {
                    let ahead = scope.red_ahead(&campaign.name, now_ms);
                    (reading.value, reading.in_secs) =
                        ahead.map_or((None, None), |ahead| (Some(ahead.likely_percent), ahead.in_secs));
                }
                (rule, reading)
            });
            return Some(found.collect());
        };
        // Who never came today is not missed.
        let agents = snapshot
            .agents
            .iter()
            .filter(|agent| self.measure != Measure::Offline || scope.was_here(agent, now_ms));
        let found = agents.filter_map(|agent| {
            let pause = self.pauses() && states.contains(&agent.state);
            let reason = agent.pause_reason.as_deref();
            let about = |rule: &Rule| {
                agent.campaigns.iter().any(|name| wanted(rule, name)) && scope.about(rule, agent)
            };
            let (own, by_reason) = self
                .rules
                .iter()
                .find(|(rule, _)| about(rule) && (!pause || rule.means(reason)))
                .or_else(|| self.rules.iter().find(|(rule, _)| about(rule)))?;
            let allowed = scope.allowed_secs(self.measure, reason).filter(|_| pause);
            // A reason's own limit is in place of the one for all pauses, not of one chosen for that reason.
            let chosen = own.reason.is_some() && own.warn.or(own.bad).is_some();
            let rule = if allowed.is_some() && !chosen { by_reason } else { own };
            Some((rule, of_agent(rule, states, allowed, snapshot, agent, now_ms)))
        });
        Some(found.collect())
    }

    /// Every inbound campaign that a rule is about, with the rule it goes by.
    fn of_campaigns<'a, 'b>(
        &'a self,
        scope: &Scope,
        snapshot: &'b Snapshot,
    ) -> Vec<(&'a Rule, &'b Campaign)> {
        let rules: Vec<_> =
            self.rules.iter().map(|(rule, _)| (rule, scope.campaigns(rule, snapshot))).collect();
        // On outbound campaigns nobody waits, and the server's percentages mean something else.
        let inbound = snapshot.campaigns.iter().filter(|campaign| campaign.direction == Direction::Inbound);
        let found = inbound.filter_map(|campaign| {
            let inside = |of_team: &Option<HashSet<&str>>| {
                of_team.as_ref().is_none_or(|of_team| of_team.contains(campaign.name.as_str()))
            };
            let (rule, _) =
                rules.iter().find(|(rule, of_team)| wanted(rule, &campaign.name) && inside(of_team))?;
            Some((*rule, campaign))
        });
        found.collect()
    }

    fn pauses(&self) -> bool {
        matches!(self.measure, Measure::InPause | Measure::PauseTotal)
    }
}

fn wanted(rule: &Rule, name: &str) -> bool {
    rule.campaign.as_deref().is_none_or(|campaign| campaign == name)
}

/// What relative limits of a campaign are multiples of.
fn scale_of(campaign: &Campaign) -> f64 {
    f64::from(campaign.service_level_threshold_secs.unwrap_or(USUAL_THRESHOLD_SECS))
}

fn of_one_campaign(measure: Measure, campaign: &Campaign, now_ms: i64) -> Reading {
    Reading {
        subject: campaign.name.clone(),
        campaign: Some(campaign.name.clone()),
        agent: None,
        reason: None,
        value: of_campaign(measure, campaign, now_ms),
        scale: Some(scale_of(campaign)),
        since_ms: None,
        in_secs: None,
    }
}

fn of_agent(
    rule: &Rule,
    states: &[AgentState],
    allowed_secs: Option<f64>,
    snapshot: &Snapshot,
    agent: &Agent,
    now_ms: i64,
) -> Reading {
    let pauses = matches!(rule.measure, Measure::InPause | Measure::PauseTotal);
    let reason = agent.pause_reason.as_deref();
    let there = states.contains(&agent.state) && (!pauses || rule.means(reason));
    let scale = match (rule.relative, pauses) {
        (false, _) => None,
        (true, true) => allowed_secs,
        (true, false) => wrap_up_secs(snapshot, agent),
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
        in_secs: None,
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

/// The limits of a measure of campaigns, amber and red, in the measure's own unit, for each inbound campaign that has a rule.
pub fn campaign_limits(
    rules: &[Rule],
    teams: &[Team],
    snapshot: &Snapshot,
    measure: Measure,
) -> BTreeMap<String, (Option<f64>, Option<f64>)> {
    let mut scope = Scope::default();
    scope.choose(teams.to_vec(), Vec::new());
    let judges = Judge::all(rules);
    let Some(judge) = judges.iter().find(|judge| judge.measure == measure) else { return BTreeMap::new() };
    let found = judge.of_campaigns(&scope, snapshot).into_iter().map(|(rule, campaign)| {
        let scale = Some(scale_of(campaign));
        let limits = (rule.limit(Severity::Warn, scale), rule.limit(Severity::Bad, scale));
        (campaign.name.clone(), limits)
    });
    found.collect()
}

impl Measure {
    /// The states whose age it is; `None` for campaigns' figures.
    pub(crate) fn state(self) -> Option<&'static [AgentState]> {
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

    /// Whether a value is worse than another one.
    pub(crate) fn worse(self, value: f64, than: f64) -> bool {
        match self {
            Self::ServiceLevel | Self::ServiceLevelRecent => value < than,
            _ => value > than,
        }
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

    /// Judged as it is read, whole percents of a service level and tenths of what was abandoned: what shows as the target
    /// has reached it.
    fn passes(&self, value: f64, limit: f64) -> bool {
        match self.measure {
            Measure::ServiceLevel | Measure::ServiceLevelRecent => value.round() < limit,
            Measure::AbandonRate => (value * 10.0).round() / 10.0 > limit,
            _ => value >= limit,
        }
    }

    /// How bad a value is.
    pub(crate) fn severity(&self, value: f64, scale: Option<f64>) -> Option<Severity> {
        [Severity::Bad, Severity::Warn]
            .into_iter()
            .find(|severity| self.limit(*severity, scale).is_some_and(|limit| self.passes(value, limit)))
    }

    /// How bad a value is for whoever hears of it; `None`: nobody needs to.
    pub(crate) fn alerts(&self, value: f64, scale: Option<f64>) -> Option<Severity> {
        self.severity(value, scale).filter(|severity| self.hears != Hears::Nobody && *severity >= self.from)
    }

    /// Whether an alert is over: nobody hears of it any more, or the value is behind the clear level, or behind the limit
    /// it is raised at where there is none.
    pub(crate) fn cleared(&self, value: f64, scale: Option<f64>) -> bool {
        let raised_at = self.limit(self.from, scale).or_else(|| self.limit(Severity::Bad, scale));
        let level = self.in_unit(self.clear, scale).or(raised_at);
        let behind = !level.is_some_and(|level| self.passes(value, level));
        self.hears == Hears::Nobody || (behind && self.alerts(value, scale).is_none())
    }
}
