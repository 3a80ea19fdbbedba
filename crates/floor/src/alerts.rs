//! When something needs a hand: rules over the floor, stepped by whoever holds a clock.
//!
//! What goes wrong at one campaign, with one person or with the server at one time is one alert, whatever figures say so:
//! they join and leave it while it lasts. It is raised once, told again when it becomes worse, and over when none of them
//! is left. Left out on purpose: texts, sounds and notices, which are made from what is told here.

mod breaches;
mod usual;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, VecDeque};

use crate::clock_watch::Moved;
use crate::scope::RedAhead;
use crate::wire::{
    Alert, AlertBoard, AlertPart, Freshness, Held, PauseLimit, Rule, Severity, Snapshot, Team,
};
use breaches::{Breach, Breaches, Subject};
pub use usual::default_rules;

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

/// The alerts of one floor.
#[derive(Debug, Default)]
pub struct Alerts {
    breaches: Breaches,
    active: BTreeMap<Subject, Alert>,
    history: VecDeque<Held<Alert>>,
    next_id: u32,
    /// Nothing is known of the floor since then: the server is silent.
    known_until_ms: Option<i64>,
}

impl Alerts {
    /// With these rules.
    pub fn new(rules: Vec<Rule>) -> Self {
        Self { breaches: Breaches::new(rules), ..Self::default() }
    }

    /// Takes over what earlier sessions knew: alerts that are over, the latest first, and the first number that is free.
    pub fn recall(&mut self, earlier: Vec<Alert>, next_id: u32) {
        self.history.extend(earlier.into_iter().map(Held::from));
        self.history.truncate(HISTORY);
        self.next_id = self.next_id.max(next_id.saturating_sub(1));
    }

    /// Changes the rules; what is wrong by rules that are gone, unheard or about something else now ends without a word.
    pub fn set_rules(&mut self, rules: Vec<Rule>, now_ms: i64) {
        self.breaches.set_rules(rules);
        self.settle(now_ms);
    }

    /// Says who is in the teams that rules name, and how much of a pause is too much. Alerts about people who are not in
    /// their team any more end by themselves.
    pub fn set_scope(&mut self, teams: Vec<Team>, pause_limits: Vec<PauseLimit>) {
        self.breaches.set_scope(teams, pause_limits);
    }

    /// Says what may become red within a quarter of an hour, by campaign, as worked out then: for rules about that. What is
    /// not said again for some minutes is not known any more.
    pub fn set_ahead(&mut self, ahead: HashMap<String, RedAhead>, at_ms: i64) {
        self.breaches.set_ahead(ahead, at_ms);
    }

    /// The alerts under way: a silent server first, then the worst, callers before people, the oldest.
    pub fn active(&self) -> Vec<Alert> {
        let mut active: Vec<(&Subject, &Alert)> = self.active.iter().collect();
        active.sort_by_key(|(subject, alert)| {
            let person = matches!(subject, Subject::Person(_));
            (**subject != Subject::Server, Reverse(alert.severity), person, alert.raised_ms, alert.id)
        });
        active.into_iter().map(|(_, alert)| alert.clone()).collect()
    }

    /// Those that ended, the latest first.
    pub fn history(&self) -> Vec<Held<Alert>> {
        self.history.iter().cloned().collect()
    }

    /// Both; whether they are heard, and whether anybody goes on looking, is for others to say.
    pub fn board(&self) -> AlertBoard {
        AlertBoard {
            active: self.active(),
            history: self.history(),
            known_until_ms: self.known_until_ms,
            ..AlertBoard::default()
        }
    }

    /// Somebody has seen to it: it stays, quietly, until it is over. False when it is over already.
    pub fn acknowledge(&mut self, id: u32, by: &str, now_ms: i64) -> bool {
        self.change(id, |alert| {
            if alert.acknowledged_ms.is_none() {
                (alert.acknowledged_ms, alert.acknowledged_by) = (Some(now_ms), Some(by.to_owned()));
            }
        })
    }

    /// Nobody sees to it after all. False when it is over already.
    pub fn let_go(&mut self, id: u32) -> bool {
        self.change(id, |alert| (alert.acknowledged_ms, alert.acknowledged_by) = (None, None))
    }

    /// Not now: it comes back at that time if it is not over by then; `None`: now after all. False when it is over already.
    pub fn snooze(&mut self, id: u32, until_ms: Option<i64>) -> bool {
        self.change(id, |alert| alert.snoozed_until_ms = until_ms)
    }

    fn change(&mut self, id: u32, change: impl FnOnce(&mut Alert)) -> bool {
        let found = self.active.values_mut().find(|alert| alert.id == id);
        found.map(change).is_some()
    }

    /// Something became of the clock since the last step. One that was set takes everything along that is measured; a sleep
    /// was watched by nobody, so that no limit was passed for as long as it took.
    pub fn clock_moved(&mut self, moved: Moved, now_ms: i64) {
        self.breaches.clock_moved(moved, now_ms);
        if let Moved::Set(by_ms) = moved {
            for alert in self.active.values_mut() {
                alert.snoozed_until_ms = alert.snoozed_until_ms.map(|until_ms| until_ms + by_ms);
            }
        }
    }

    /// Looks at the floor as it is now. Call it with every snapshot and once a second: limits on time are passed while
    /// nothing arrives.
    pub fn step(&mut self, snapshot: &Snapshot, now_ms: i64) -> Vec<News> {
        if snapshot.at_ms > now_ms + AHEAD_MS {
            // The clock was set back, and the snapshot does not know yet.
            return Vec::new();
        }
        self.breaches.step(snapshot, now_ms);
        let mut news = self.settle(now_ms);
        let health = &snapshot.health;
        let silent = self.active.contains_key(&Subject::Server) || health.freshness == Freshness::Lost;
        self.known_until_ms = health.status_ok_ms.max(health.queue_ok_ms).filter(|_| silent);
        for (subject, alert) in &mut self.active {
            // Of what was put off nothing is known while the server is silent.
            let waits = silent && *subject != Subject::Server;
            if !waits && alert.snoozed_until_ms.is_some_and(|until| until <= now_ms) {
                alert.snoozed_until_ms = None;
                news.push(News::Raised(alert.clone()));
            }
        }
        news
    }

    /// Makes one alert of what is wrong with each subject.
    fn settle(&mut self, now_ms: i64) -> Vec<News> {
        let mut news = Vec::new();
        let under_way = self.breaches.under_way();
        let over: Vec<Subject> =
            self.active.keys().filter(|subject| !under_way.contains_key(subject)).cloned().collect();
        for subject in over {
            if let Some(mut alert) = self.active.remove(&subject) {
                alert.end(now_ms);
                self.history.push_front(alert.clone().into());
                self.history.truncate(HISTORY);
                news.push(News::Resolved(alert));
            }
        }
        for (subject, breaches) in under_way {
            if let Some(alert) = self.active.get_mut(&subject) {
                if alert.go_on(breaches, now_ms) {
                    news.push(News::Worse(alert.clone()));
                }
            } else {
                self.next_id += 1;
                if let Some(alert) = Alert::begin(self.next_id, &subject, breaches, now_ms) {
                    self.active.insert(subject, alert.clone());
                    news.push(News::Raised(alert));
                }
            }
        }
        news
    }
}

impl Alert {
    fn begin(id: u32, subject: &Subject, breaches: Vec<Breach>, now_ms: i64) -> Option<Self> {
        let Breach { campaign, agent, .. } = breaches.first()?.clone();
        let parts: Vec<AlertPart> = breaches.into_iter().map(|breach| breach.part).collect();
        Some(Self {
            id,
            severity: parts.iter().map(|part| part.severity).max()?,
            campaign,
            agent,
            location: match subject {
                Subject::Person(location) => Some(location.clone()),
                _ => None,
            },
            since_ms: parts.iter().map(|part| part.since_ms).min()?,
            parts,
            raised_ms: now_ms,
            acknowledged_ms: None,
            acknowledged_by: None,
            snoozed_until_ms: None,
            resolved_ms: None,
        })
    }

    /// The same with what is wrong now; whether it has become worse. Seen to or put off as a warning is neither as this.
    fn go_on(&mut self, breaches: Vec<Breach>, now_ms: i64) -> bool {
        for part in &mut self.parts {
            if breaches.iter().all(|breach| breach.part.measure != part.measure) {
                part.over_ms.get_or_insert(now_ms);
            }
        }
        let mut severity = Severity::Warn;
        for Breach { part: new, .. } in breaches {
            severity = severity.max(new.severity);
            match self.parts.iter_mut().find(|part| part.measure == new.measure) {
                Some(part) => {
                    let worst = if new.measure.worse(part.worst, new.worst) { part.worst } else { new.worst };
                    *part = AlertPart { worst, ..new };
                }
                None => self.parts.push(new),
            }
        }
        self.parts.sort_by_key(|part| part.measure);
        let worse = severity > self.severity;
        self.severity = severity;
        if worse {
            (self.acknowledged_ms, self.acknowledged_by, self.snoozed_until_ms) = (None, None, None);
        }
        worse
    }

    /// It is over, and as bad as it was at its worst.
    fn end(&mut self, now_ms: i64) {
        for part in &mut self.parts {
            part.over_ms.get_or_insert(now_ms);
        }
        self.severity = self.parts.iter().map(|part| part.severity).max().unwrap_or(self.severity);
        self.resolved_ms = Some(now_ms);
    }
}

#[cfg(test)]
mod tests;
