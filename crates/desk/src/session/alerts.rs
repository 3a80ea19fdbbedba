//! Alerts of the floor being watched: stepped once a second, told to whoever watches, seen to by a person.
//!
//! Left out on purpose: what an alert is (the floor's) and how it is shown, heard or noticed (the window's).

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use atalaya_floor::wire::{Alert, AlertBoard, Snapshot};
use atalaya_floor::{Alerts, ClockWatch, News};
use tokio::sync::watch;

use super::ground::Ground;
use crate::locked::locked;
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
}

impl LiveAlerts {
    pub(super) fn new(ground: Ground, quiet: Arc<Mutex<Quiet>>, chat: Option<Chat>) -> Self {
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
        if let Some(chat) = &self.chat {
            chat.look(&news, &self.board.borrow(), &self.ground.settings.borrow());
        }
        // A clock that stands still, or was put back, is no sign that nobody looks: each step is newer than the one before.
        let newer = self.stepped_ms.load(Ordering::SeqCst) + 1;
        self.stepped_ms.store(now.max(newer), Ordering::SeqCst);
    }

    /// Somebody sees to an alert; one that is over already is no matter.
    pub fn acknowledge(&self, id: u32) {
        // The account may be shared: the person is named in the settings.
        self.acknowledged_by(id, &self.ground.reviewer());
    }

    /// Somebody else sees to it.
    pub(crate) fn acknowledged_by(&self, id: u32, who: &str) {
        let now = self.ground.now_ms();
        let taken = |alerts: &[Alert]| {
            alerts.iter().find(|alert| alert.id == id && alert.acknowledged_ms.is_some()).cloned()
        };
        let (before, after) = self.change(|alerts| {
            let before = taken(&alerts.active());
            alerts.acknowledge(id, who, now);
            (before, taken(&alerts.active()))
        });
        if let (Some(chat), None, Some(alert)) = (&self.chat, before, after) {
            chat.seen(&alert, &self.board.borrow(), &self.ground.settings.borrow());
        }
    }

    /// Nobody sees to an alert after all.
    pub fn let_go(&self, id: u32) {
        self.change(|alerts| alerts.let_go(id));
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
