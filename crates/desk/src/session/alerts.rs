//! Alerts of the floor being watched: stepped once a second, told to whoever watches, seen to by a person.
//!
//! Left out on purpose: what an alert is (the floor's) and how it is shown, heard or noticed (the window's).

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use atalaya_floor::wire::{Alert, AlertBoard, Severity, Snapshot};
use atalaya_floor::{Alerts, ClockWatch, News, RedAhead};
use atalaya_teamwork::rules::is_same_alert;
use atalaya_teamwork::{AlertWord, Error, Membership};
use tokio::sync::watch;

use super::ground::Ground;
use crate::locked::locked;
use crate::problem::from_teamwork;
use crate::quiet::{Quiet, minute_of_day};
use crate::settings::Settings;
use crate::webhook::Chat;

/// The alerts of one session.
pub struct LiveAlerts {
    ground: Ground,
    alerts: Mutex<Alerts>,
    clock: Mutex<ClockWatch>,
    board: watch::Sender<Arc<AlertBoard>>,
    /// When the rules were last looked at, epoch milliseconds; 0: not yet.
    stepped_ms: Arc<AtomicI64>,
    /// The desk's: it outlives the session.
    quiet: Arc<Mutex<Quiet>>,
    chat: Option<Chat>,
    membership: Membership,
    /// What the team said last of what an alert is about, and the alert here that took it: none after it does.
    taken: Mutex<HashMap<String, Taken>>,
}

/// A word of the team.
#[derive(PartialEq)]
struct Taken {
    word: AlertWord,
    alert: u32,
    severity: Severity,
}

/// What an alert is about, as every desk of a team calls it.
fn about(alert: &Alert) -> String {
    match (&alert.location, &alert.campaign) {
        (Some(location), _) => format!("person:{location}"),
        (None, Some(campaign)) => format!("campaign:{campaign}"),
        (None, None) => "server".to_owned(),
    }
}

impl LiveAlerts {
    pub(super) fn new(
        ground: Ground,
        membership: Membership,
        quiet: Arc<Mutex<Quiet>>,
        chat: Option<Chat>,
    ) -> Self {
        let settings = ground.settings();
        let mut alerts = Alerts::new(settings.rules.clone());
        alerts.set_scope(settings.teams.clone(), settings.pause_limits.clone());
        let clock = Mutex::new(ClockWatch::new(ground.client.clock().clone()));
        Self {
            ground,
            alerts: Mutex::new(alerts),
            clock,
            board: watch::Sender::new(Arc::default()),
            stepped_ms: Arc::default(),
            quiet,
            chat,
            membership,
            taken: Mutex::default(),
        }
    }

    /// Takes over the alerts of earlier sessions.
    pub(crate) fn recall(&self, earlier: Vec<Alert>, next_id: u32) {
        self.change(|alerts| alerts.recall(earlier, next_id));
    }

    /// Goes on with what was under way a moment ago, by the same rules.
    pub(crate) fn go_on_with(&self, before: Alerts) {
        self.change(|alerts| *alerts = before);
    }

    /// Goes by what was chosen from now on.
    pub(crate) fn choose(&self, before: &Settings, now: &Settings) {
        self.change(|alerts| {
            if (&before.teams, &before.pause_limits) != (&now.teams, &now.pause_limits) {
                alerts.set_scope(now.teams.clone(), now.pause_limits.clone());
            }
            if before.rules != now.rules {
                alerts.set_rules(now.rules.clone(), self.ground.now_ms());
            }
        });
    }

    /// Says what may become red, as worked out then.
    pub(super) fn set_ahead(&self, red: HashMap<String, RedAhead>, at_ms: i64) {
        locked(&self.alerts).set_ahead(red, at_ms);
    }

    /// Changes something, and tells of it when anything can be seen to have changed.
    fn change<T>(&self, change: impl FnOnce(&mut Alerts) -> T) -> T {
        let mut alerts = locked(&self.alerts);
        let done = change(&mut alerts);
        let mut board = alerts.board();
        drop(alerts);
        let now = self.ground.now_ms();
        locked(&self.quiet).mark(&mut board, now, minute_of_day(now));
        self.board.send_if_modified(|shown| {
            let changed = **shown != board;
            if changed {
                *shown = Arc::new(board);
            }
            changed
        });
        done
    }

    /// Looks at the floor as it is now; what came of it is on the board.
    pub(super) fn step(&self, snapshot: &Snapshot) {
        let now = self.ground.now_ms();
        let moved = locked(&self.clock).look();
        let step = |alerts: &mut Alerts| {
            alerts.clock_moved(moved, now);
            alerts.step(snapshot, now)
        };
        let news = self.change(step);
        for news in &news {
            let (what, alert) = match news {
                News::Raised(alert) => ("raised", alert),
                News::Worse(alert) => ("worse", alert),
                News::Resolved(alert) => ("resolved", alert),
            };
            let rules: Vec<&str> = alert.parts.iter().map(|part| part.rule.as_str()).collect();
            tracing::info!(what, ?rules, severity = ?alert.severity, "an alert");
        }
        if news.iter().any(|news| !matches!(news, News::Resolved(_))) {
            // Others may have seen it first.
            self.look_at_team();
        }
        if let Some(chat) = &self.chat {
            chat.look(&news, &self.board.borrow(), &self.ground.settings.borrow());
        }
        // A clock that stands still, or was put back, is no sign that nobody looks: each step is newer than the one before.
        let newer = self.stepped_ms.load(Ordering::SeqCst) + 1;
        self.stepped_ms.store(now.max(newer), Ordering::SeqCst);
    }

    /// Somebody sees to an alert; one that is over already is no matter.
    pub(super) fn acknowledge(&self, id: u32) {
        self.say(id, true);
        // The account may be shared: the person is named in the settings, and in a team by it.
        let who = self.membership.team().map(|team| team.member().who.clone());
        self.acknowledged_by(id, &who.unwrap_or_else(|| self.ground.reviewer()));
    }

    /// Somebody else sees to it.
    pub(crate) fn acknowledged_by(&self, id: u32, who: &str) {
        self.acknowledged_at(id, who, self.ground.now_ms());
    }

    /// Somebody sees to it, since then; whoever did before goes on.
    fn acknowledged_at(&self, id: u32, who: &str, at_ms: i64) {
        let taken = |alerts: &[Alert]| {
            alerts.iter().find(|alert| alert.id == id && alert.acknowledged_ms.is_some()).cloned()
        };
        let (before, after) = self.change(|alerts| {
            let before = taken(&alerts.active());
            alerts.acknowledge(id, who, at_ms);
            (before, taken(&alerts.active()))
        });
        if let (Some(chat), None, Some(alert)) = (&self.chat, before, after) {
            chat.seen(&alert, &self.board.borrow(), &self.ground.settings.borrow());
        }
    }

    /// Nobody sees to an alert after all.
    pub(super) fn let_go(&self, id: u32) {
        self.say(id, false);
        self.change(|alerts| alerts.let_go(id));
    }

    /// Says to the team, if there is one, that whoever sits here sees to an alert, or nobody does after all.
    fn say(&self, id: u32, seen: bool) {
        let Some(team) = self.membership.team() else { return };
        let alert = self.board.borrow().active.iter().find(|alert| alert.id == id).cloned();
        // What is so already is no news.
        let Some(alert) = alert.filter(|alert| alert.acknowledged_ms.is_some() != seen) else { return };
        let bad = alert.severity == Severity::Bad;
        match team.see_to_floor_alert(&about(&alert), alert.since_ms, bad, seen) {
            Ok(()) => {}
            // Somebody else was first.
            Err(Error::Refused(_)) => self.look_at_team(),
            // It holds here.
            Err(error) => drop(self.ground.noted(from_teamwork(&error))),
        }
    }

    /// Looks what the team says of the alerts under way. Nothing of it is said back.
    pub(super) fn look_at_team(&self) {
        let Some(team) = self.membership.team() else { return };
        let board = Arc::clone(&self.board.borrow());
        let looked = team.log_ahead_ms().and_then(|ahead_ms| {
            for alert in &board.active {
                let about = about(alert);
                let word = team.floor_alert(&about)?;
                let same = |word: &AlertWord| is_same_alert(word.since_ms, alert.since_ms + ahead_ms);
                if let Some(word) = word.filter(same) {
                    self.take(alert, about, word, ahead_ms);
                }
            }
            Ok(())
        });
        if let Err(error) = looked {
            self.ground.noted(from_teamwork(&error));
        }
    }

    fn take(&self, alert: &Alert, about: String, word: AlertWord, ahead_ms: i64) {
        let Alert { id, severity, .. } = *alert;
        // Who sees to a warning does not see to what became of it.
        if severity == Severity::Bad && !word.bad {
            return;
        }
        let seen = word.seen.clone();
        let known = {
            let mut taken = locked(&self.taken);
            let known = taken
                .get(&about)
                .is_some_and(|known| known.word == word && (known.alert != id || known.severity == severity));
            if !known {
                taken.insert(about, Taken { word, alert: id, severity });
            }
            known
        };
        let by = alert.acknowledged_by.as_ref();
        if known || by == seen.as_ref().map(|seen| &seen.by) {
            return;
        }
        if by.is_some() {
            self.change(|alerts| alerts.let_go(id));
        }
        if let Some(seen) = seen {
            self.acknowledged_at(id, &seen.by, seen.at_ms - ahead_ms);
        }
    }

    /// Not now: the alert comes back after so many minutes, a day at most, if it is not over by then; 0: now after all.
    pub fn snooze(&self, id: u32, minutes: u32) {
        let now = self.ground.now_ms();
        let until = (minutes > 0).then(|| now + i64::from(minutes.min(24 * 60)) * 60_000);
        self.change(|alerts| alerts.snooze(id, until));
    }

    /// When alerts are heard has changed.
    pub(crate) fn tell_again(&self) {
        self.change(|_| ());
    }

    /// The board as it is, and whenever it changes.
    pub(crate) fn boards(&self) -> watch::Receiver<Arc<AlertBoard>> {
        self.board.subscribe()
    }

    /// When the rules were last looked at, as it goes on.
    pub(crate) fn steps(&self) -> Arc<AtomicI64> {
        Arc::clone(&self.stepped_ms)
    }
}
