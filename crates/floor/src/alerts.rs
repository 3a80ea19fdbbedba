//! When something needs a hand: rules over the floor, stepped by whoever holds a clock.
//!
//! An alert is raised once: when its limit was passed for as long as the rule says, and not again before it cleared.
//! What is not known changes nothing: a poll that fails neither raises nor clears. Left out on purpose: texts, sounds and
//! notices, which are made from what is told here.

use std::collections::{BTreeMap, VecDeque};

use crate::clock_watch::Moved;
use crate::measure::{Reading, readings};
use crate::scope::Scope;
use crate::wire::{Alert, AlertBoard, Measure, PauseLimit, Rule, Severity, Snapshot, Team};

/// A subject that is not there any more keeps its alert so long: campaigns come back.
const GONE_AFTER_MS: i64 = 60_000;
/// A snapshot from later than now is from before the clock was set back; clocks that are trimmed are not meant.
const AHEAD_MS: i64 = 1_000;
/// Alerts that ended, kept for looking back.
const HISTORY: usize = 200;

/// What happened at a step.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// A new alert, or one whose snooze is over.
    Raised(Alert),
    /// It has become worse.
    Worse(Alert),
    /// It is over.
    Resolved(Alert),
}

/// A rule and what it is about: a campaign's name, an agent's location, or nothing for the server.
type Key = (String, String);

/// The alerts of one floor.
#[derive(Debug, Default)]
pub struct Alerts {
    rules: Vec<Rule>,
    scope: Scope,
    watched: BTreeMap<Key, Watched>,
    history: VecDeque<Alert>,
    next_id: u32,
    /// The computer woke then: the silence before is nobody's.
    woke_ms: Option<i64>,
}

#[derive(Debug, Default)]
struct Watched {
    /// Since when the warning limit, and the bad one, have been passed without a break.
    warn_since_ms: Option<i64>,
    bad_since_ms: Option<i64>,
    seen_ms: i64,
    /// Not raised again before.
    cool_ms: i64,
    /// The moment the state began of which the alert is; another one is another occasion.
    occasion_ms: Option<i64>,
    active: Option<Alert>,
}

/// What is watched until somebody chooses otherwise: what needs a hand within minutes, and nothing that would be raised
/// all day.
pub fn default_rules() -> Vec<Rule> {
    let rule = |id: &str, measure, warn, bad, hold_secs| Rule {
        id: id.to_owned(),
        enabled: true,
        measure,
        campaign: None,
        team: None,
        reason: None,
        warn,
        bad,
        relative: false,
        at_most: None,
        clear: None,
        hold_secs,
        cooldown_secs: 60,
    };
    let off = |rule| Rule { enabled: false, ..rule };
    vec![
        Rule {
            relative: true,
            at_most: Some(120.0),
            ..rule("longestWait", Measure::LongestWait, None, Some(3.0), 0)
        },
        rule("waiting", Measure::Waiting, Some(4.0), Some(8.0), 20),
        rule("nobodyAvailable", Measure::NobodyAvailable, None, Some(2.0), 20),
        Rule {
            cooldown_secs: 900,
            ..rule("serviceLevelRecent", Measure::ServiceLevelRecent, Some(80.0), Some(70.0), 60)
        },
        off(rule("serviceLevel", Measure::ServiceLevel, Some(80.0), Some(70.0), 60)),
        off(rule("abandonRate", Measure::AbandonRate, Some(5.0), Some(8.0), 60)),
        rule("inPause", Measure::InPause, None, Some(1_200.0), 0),
        off(rule("inCall", Measure::InCall, Some(480.0), Some(900.0), 0)),
        off(Rule { relative: true, ..rule("inWrapUp", Measure::InWrapUp, Some(2.0), Some(4.0), 0) }),
        off(rule("inRinging", Measure::InRinging, None, Some(30.0), 0)),
        off(rule("onHold", Measure::OnHold, Some(120.0), Some(300.0), 0)),
        off(rule("offline", Measure::Offline, Some(300.0), Some(900.0), 0)),
        off(rule("pauseTotal", Measure::PauseTotal, None, None, 0)),
        rule("serverAway", Measure::ServerAway, Some(15.0), Some(30.0), 0),
    ]
}

impl Alerts {
    /// With these rules.
    pub fn new(rules: Vec<Rule>) -> Self {
        Self { rules, ..Self::default() }
    }

    /// Takes over what earlier sessions knew: alerts that are over, the latest first, and the first number that is free.
    pub fn recall(&mut self, earlier: Vec<Alert>, next_id: u32) {
        self.history.extend(earlier);
        self.history.truncate(HISTORY);
        self.next_id = self.next_id.max(next_id.saturating_sub(1));
    }

    /// Changes the rules; alerts of rules that are gone, off or about something else now end without a word.
    pub fn set_rules(&mut self, rules: Vec<Rule>, now_ms: i64) {
        let same = |id: &str| {
            let (before, after) =
                (self.rules.iter().find(|rule| rule.id == id), rules.iter().find(|rule| rule.id == id));
            matches!((before, after), (Some(before), Some(after))
                if after.enabled
                    && (before.measure, &before.campaign, &before.team, &before.reason)
                        == (after.measure, &after.campaign, &after.team, &after.reason))
        };
        let gone: Vec<Key> = self.watched.keys().filter(|(rule, _)| !same(rule)).cloned().collect();
        for key in gone {
            if let Some(alert) = self.watched.remove(&key).and_then(|watched| watched.active) {
                self.remember(alert, now_ms);
            }
        }
        self.rules = rules;
    }

    /// Says who is in the teams that rules name, and how much of a pause is too much. Alerts about people who are not in
    /// their team any more end by themselves.
    pub fn set_scope(&mut self, teams: Vec<Team>, pause_limits: Vec<PauseLimit>) {
        self.scope.choose(teams, pause_limits);
    }

    /// The alerts under way, the worst and oldest first.
    pub fn active(&self) -> Vec<Alert> {
        let mut active: Vec<Alert> =
            self.watched.values().filter_map(|watched| watched.active.clone()).collect();
        active.sort_by_key(|alert| (std::cmp::Reverse(alert.severity), alert.raised_ms, alert.id));
        active
    }

    /// Those that ended, the latest first.
    pub fn history(&self) -> Vec<Alert> {
        self.history.iter().cloned().collect()
    }

    /// Both; whether they are heard is for others to say.
    pub fn board(&self) -> AlertBoard {
        AlertBoard { active: self.active(), history: self.history(), ..AlertBoard::default() }
    }

    /// Somebody has seen to it: it stays, quietly, until it is over. False when it is over already.
    pub fn acknowledge(&mut self, id: u32, by: &str, now_ms: i64) -> bool {
        self.find(id).is_some_and(|alert| {
            if alert.acknowledged_ms.is_none() {
                (alert.acknowledged_ms, alert.acknowledged_by) = (Some(now_ms), Some(by.to_owned()));
            }
            true
        })
    }

    /// Not now: it comes back at that time if it is not over by then. False when it is over already.
    pub fn snooze(&mut self, id: u32, until_ms: i64) -> bool {
        self.find(id).is_some_and(|alert| {
            alert.snoozed_until_ms = Some(until_ms);
            true
        })
    }

    fn find(&mut self, id: u32) -> Option<&mut Alert> {
        self.watched.values_mut().filter_map(|watched| watched.active.as_mut()).find(|alert| alert.id == id)
    }

    fn remember(&mut self, mut alert: Alert, now_ms: i64) -> Alert {
        alert.resolved_ms = Some(now_ms);
        self.history.push_front(alert.clone());
        self.history.truncate(HISTORY);
        alert
    }

    /// Something became of the clock since the last step. One that was set takes everything along that is measured; a sleep
    /// was watched by nobody, so that no limit was passed for as long as it took.
    pub fn clock_moved(&mut self, moved: Moved, now_ms: i64) {
        let (all_ms, held_ms) = match moved {
            Moved::Not => return,
            Moved::Set(by_ms) => (by_ms, by_ms),
            Moved::Slept(ms) => {
                self.woke_ms = Some(now_ms);
                (0, ms)
            }
        };
        let along = |at_ms: &mut Option<i64>, by_ms: i64| *at_ms = at_ms.map(|at_ms| at_ms + by_ms);
        for watched in self.watched.values_mut() {
            along(&mut watched.warn_since_ms, held_ms);
            along(&mut watched.bad_since_ms, held_ms);
            along(&mut watched.occasion_ms, all_ms);
            watched.seen_ms += held_ms;
            watched.cool_ms += all_ms;
            if let Some(alert) = &mut watched.active {
                along(&mut alert.snoozed_until_ms, all_ms);
            }
        }
        self.scope.clock_set(all_ms);
    }

    /// Looks at the floor as it is now. Call it with every snapshot and once a second: limits on time are passed while
    /// nothing arrives.
    pub fn step(&mut self, snapshot: &Snapshot, now_ms: i64) -> Vec<News> {
        let mut news = Vec::new();
        if snapshot.at_ms > now_ms + AHEAD_MS {
            // The clock was set back, and the snapshot does not know yet.
            return news;
        }
        self.scope.look(snapshot);
        let enabled = self.rules.iter().filter(|rule| rule.enabled).cloned();
        let rules: Vec<Rule> = enabled.map(Rule::by_reason).collect();
        for rule in &rules {
            let Some(read) = readings(rule, &self.scope, snapshot, now_ms, self.woke_ms) else { continue };
            for reading in read {
                self.take(rule, reading, now_ms, &mut news);
            }
            self.let_go(rule, now_ms, &mut news);
        }
        for watched in self.watched.values_mut() {
            if let Some(alert) = &mut watched.active
                && alert.snoozed_until_ms.is_some_and(|until| until <= now_ms)
            {
                alert.snoozed_until_ms = None;
                news.push(News::Raised(alert.clone()));
            }
        }
        news
    }

    fn take(&mut self, rule: &Rule, reading: Reading, now_ms: i64, news: &mut Vec<News>) {
        let key = (rule.id.clone(), reading.subject.clone());
        let severity = reading.value.and_then(|value| rule.severity(value, reading.scale));
        if severity.is_none() && !self.watched.contains_key(&key) {
            return;
        }
        let watched = self.watched.entry(key).or_default();
        watched.seen_ms = now_ms;
        // Not known, or only a figure old enough to mislead: nothing changes.
        let Some(value) = reading.value.filter(|_| !rule.relative || reading.scale.is_some()) else { return };
        let another = watched.occasion_ms.zip(reading.since_ms).is_some_and(|(of, is)| is - of > 5_000);
        let over = watched.active.is_some() && (another || rule.cleared(value, reading.scale));
        if over {
            let alert = watched.active.take();
            watched.cool_ms = now_ms + i64::from(rule.cooldown_secs) * 1_000;
            (watched.warn_since_ms, watched.bad_since_ms) = (None, None);
            if let Some(alert) = alert {
                news.push(News::Resolved(self.remember(alert, now_ms)));
            }
            return;
        }
        watched.warn_since_ms = severity.map(|_| watched.warn_since_ms.unwrap_or(now_ms));
        let bad = severity.filter(|severity| *severity == Severity::Bad);
        watched.bad_since_ms = bad.map(|_| watched.bad_since_ms.unwrap_or(now_ms));
        let hold_ms = i64::from(rule.hold_secs) * 1_000;
        let held = |since: Option<i64>| since.is_some_and(|since| now_ms - since >= hold_ms);
        let reached = if held(watched.bad_since_ms) {
            Some((Severity::Bad, watched.bad_since_ms))
        } else if held(watched.warn_since_ms) {
            Some((Severity::Warn, watched.warn_since_ms))
        } else {
            None
        };
        match (&mut watched.active, reached) {
            (Some(alert), reached) => {
                alert.value = value;
                if let Some((Severity::Bad, _)) = reached
                    && alert.severity == Severity::Warn
                {
                    alert.severity = Severity::Bad;
                    alert.limit = rule.limit(Severity::Bad, reading.scale).unwrap_or(alert.limit);
                    // Seen to as a warning is not seen to as this.
                    (alert.acknowledged_ms, alert.acknowledged_by) = (None, None);
                    news.push(News::Worse(alert.clone()));
                }
            }
            (None, Some((severity, since))) if now_ms >= watched.cool_ms => {
                self.next_id += 1;
                let alert = Alert {
                    id: self.next_id,
                    rule: rule.id.clone(),
                    measure: rule.measure,
                    severity,
                    campaign: reading.campaign,
                    agent: reading.agent,
                    reason: reading.reason,
                    value,
                    limit: rule.limit(severity, reading.scale).unwrap_or_default(),
                    since_ms: since.unwrap_or(now_ms),
                    raised_ms: now_ms,
                    acknowledged_ms: None,
                    acknowledged_by: None,
                    snoozed_until_ms: None,
                    resolved_ms: None,
                };
                watched.occasion_ms = reading.since_ms;
                watched.active = Some(alert.clone());
                news.push(News::Raised(alert));
            }
            (None, _) => {}
        }
    }

    /// Subjects that were not there at this step: their alerts end when they stay away.
    fn let_go(&mut self, rule: &Rule, now_ms: i64, news: &mut Vec<News>) {
        let away: Vec<Key> = self
            .watched
            .iter()
            .filter(|((id, _), watched)| *id == rule.id && now_ms - watched.seen_ms >= GONE_AFTER_MS)
            .map(|(key, _)| key.clone())
            .collect();
        for key in away {
            if let Some(alert) = self.watched.remove(&key).and_then(|watched| watched.active) {
                news.push(News::Resolved(self.remember(alert, now_ms)));
            }
        }
    }
}

#[cfg(test)]
mod tests;
