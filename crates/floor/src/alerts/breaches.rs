//! Which figures are beyond their limits, each by itself: a measure of a subject, stepped by a clock.
//!
//! What is not known changes nothing: a poll that fails neither begins nor ends a breach. Left out on purpose: which of them
//! are one alert, and who sees to it (`alerts`).

use std::collections::{BTreeMap, HashMap};

use crate::clock_watch::Moved;
use crate::measure::{Judge, Reading};
use crate::scope::{RedAhead, Scope};
use crate::wire::{AlertPart, Hears, Measure, PauseLimit, Rule, Severity, Snapshot, Team};

/// A subject that is not there any more keeps its breaches so long: campaigns come back.
const GONE_AFTER_MS: i64 = 60_000;
/// A state that began so much later is another one, milliseconds; beginnings wander by a second or two.
const ANOTHER_MS: i64 = 5_000;

/// A measure and what it is of: a campaign's name, an agent's location, or nothing for the server.
type Key = (Measure, String);

/// What something goes wrong with. The server first: what it says is the ground of all else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    Server,
    /// By its name.
    Campaign(String),
    /// By their interface.
    Person(String),
}

/// A figure beyond its limits.
#[derive(Debug, Clone)]
pub(super) struct Breach {
    pub(super) campaign: Option<String>,
    pub(super) agent: Option<String>,
    pub(super) part: AlertPart,
}

#[derive(Debug, Default)]
pub(super) struct Breaches {
    rules: Vec<Rule>,
    judges: Vec<Judge>,
    scope: Scope,
    watched: BTreeMap<Key, Watched>,
    /// The computer woke then: the silence before is nobody's.
    woke_ms: Option<i64>,
}

#[derive(Debug, Default)]
struct Watched {
    /// The rule it goes by.
    rule: String,
    /// Since when the amber limit, and the red one, have been passed without a break.
    warn_since_ms: Option<i64>,
    bad_since_ms: Option<i64>,
    seen_ms: i64,
    /// Not begun again before.
    cool_ms: i64,
    /// The moment the state began of which the breach is; another one is another occasion.
    occasion_ms: Option<i64>,
    breach: Option<Breach>,
}

impl Breaches {
    pub(super) fn new(rules: Vec<Rule>) -> Self {
        Self { judges: Judge::all(&rules), rules, ..Self::default() }
    }

    /// Changes the rules; breaches of rules that are gone, unheard or about something else now are none.
    pub(super) fn set_rules(&mut self, rules: Vec<Rule>) {
        let same = |id: &str| {
            let (before, after) =
                (self.rules.iter().find(|rule| rule.id == id), rules.iter().find(|rule| rule.id == id));
            matches!((before, after), (Some(before), Some(after))
                if after.hears != Hears::Nobody
                    && (before.measure, &before.campaign, &before.team, &before.reason)
                        == (after.measure, &after.campaign, &after.team, &after.reason))
        };
        self.watched.retain(|_, watched| same(&watched.rule));
        self.judges = Judge::all(&rules);
        self.rules = rules;
    }

    pub(super) fn set_scope(&mut self, teams: Vec<Team>, pause_limits: Vec<PauseLimit>) {
        self.scope.choose(teams, pause_limits);
    }

    pub(super) fn set_ahead(&mut self, ahead: HashMap<String, RedAhead>, at_ms: i64) {
        self.scope.set_ahead(ahead, at_ms);
    }

    /// Those under way, by what they are of.
    pub(super) fn under_way(&self) -> BTreeMap<Subject, Vec<Breach>> {
        let mut by_subject: BTreeMap<Subject, Vec<Breach>> = BTreeMap::new();
        for ((measure, of), watched) in &self.watched {
            let Some(breach) = &watched.breach else { continue };
            let subject = match measure {
                Measure::ServerAway => Subject::Server,
                _ if measure.state().is_some() => Subject::Person(of.clone()),
                _ => Subject::Campaign(of.clone()),
            };
            by_subject.entry(subject).or_default().push(breach.clone());
        }
        by_subject
    }

    /// A clock that was set takes everything along that is measured; a sleep was watched by nobody, so that no limit was
    /// passed for as long as it took.
    pub(super) fn clock_moved(&mut self, moved: Moved, now_ms: i64) {
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
        }
        self.scope.clock_set(all_ms);
    }

    /// Looks at the floor as it is now.
    pub(super) fn step(&mut self, snapshot: &Snapshot, now_ms: i64) {
        self.scope.look(snapshot);
        let judges = std::mem::take(&mut self.judges);
        for judge in judges.iter().filter(|judge| judge.heard()) {
            let Some(read) = judge.readings(&self.scope, snapshot, now_ms, self.woke_ms) else { continue };
            for (rule, reading) in read {
                self.take(rule, reading, now_ms);
            }
            // Those that were not there at this step: their breaches end when they stay away.
            self.watched.retain(|(measure, _), watched| {
                *measure != judge.measure || now_ms - watched.seen_ms < GONE_AFTER_MS
            });
        }
        self.judges = judges;
    }

    fn take(&mut self, rule: &Rule, reading: Reading, now_ms: i64) {
        let key = (rule.measure, reading.subject.clone());
        let severity = reading.value.and_then(|value| rule.alerts(value, reading.scale));
        if severity.is_none() && !self.watched.contains_key(&key) {
            return;
        }
        let watched = self.watched.entry(key).or_default();
        watched.seen_ms = now_ms;
        watched.rule.clone_from(&rule.id);
        // Not known, or only a figure old enough to mislead: nothing changes.
        let Some(value) = reading.value.filter(|_| !rule.relative || reading.scale.is_some()) else { return };
        let another = watched.occasion_ms.zip(reading.since_ms).is_some_and(|(of, is)| is - of > ANOTHER_MS);
        if watched.breach.is_some() && (another || rule.cleared(value, reading.scale)) {
            watched.breach = None;
            watched.cool_ms = now_ms + i64::from(rule.cooldown_secs) * 1_000;
            (watched.warn_since_ms, watched.bad_since_ms) = (None, None);
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
        let limit = |severity| rule.limit(severity, reading.scale);
        match (&mut watched.breach, reached) {
            (Some(Breach { part, .. }), reached) => {
                (part.value, part.in_secs) = (value, reading.in_secs);
                if rule.measure.worse(value, part.worst) {
                    part.worst = value;
                }
                if let Some((Severity::Bad, _)) = reached
                    && part.severity == Severity::Warn
                {
                    part.severity = Severity::Bad;
                    part.limit = limit(Severity::Bad).unwrap_or(part.limit);
                }
            }
            (None, Some((severity, since))) if now_ms >= watched.cool_ms => {
                watched.occasion_ms = reading.since_ms;
                watched.breach = Some(Breach {
                    campaign: reading.campaign,
                    agent: reading.agent,
                    part: AlertPart {
                        rule: rule.id.clone(),
                        measure: rule.measure,
                        severity,
                        reason: reading.reason,
                        value,
                        worst: value,
                        limit: limit(severity).unwrap_or_default(),
                        in_secs: reading.in_secs,
                        since_ms: since.unwrap_or(now_ms),
                        over_ms: None,
                    },
                });
            }
            (None, _) => {}
        }
    }
}
