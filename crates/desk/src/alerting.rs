//! Alerts of the floor being watched: stepped once a second, told to whoever watches, seen to by a person.
//!
//! Left out on purpose: what an alert is (the floor's) and how it is shown, heard or noticed (the window's).

use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use atalaya_clock::Clock;
use atalaya_floor::wire::{Alert, AlertBoard};
use atalaya_floor::{Alerts, News};
use atalaya_ucontact::Problem;
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use crate::desk::{Desk, Seat, locked};
use crate::quiet::{Quiet, minute_of_day};
use crate::settings::Settings;

const STEP: Duration = Duration::from_secs(1);

/// The alerts of one session.
pub(crate) struct Alerting {
    alerts: Mutex<Alerts>,
    board: watch::Sender<Arc<AlertBoard>>,
    /// The desk's: it outlives the session.
    quiet: Arc<Mutex<Quiet>>,
    clock: Clock,
}

impl Alerting {
    pub(crate) fn new(settings: &Settings, quiet: Arc<Mutex<Quiet>>, clock: Clock) -> Self {
        let mut alerts = Alerts::new(settings.alert_rules.clone());
        alerts.set_scope(settings.teams.clone(), settings.pause_limits.clone());
        Self { alerts: Mutex::new(alerts), board: watch::Sender::new(Arc::default()), quiet, clock }
    }

    /// Takes over the alerts of earlier sessions.
    pub(crate) fn recall(&self, earlier: Vec<Alert>, next_id: u32) {
        self.change(|alerts| alerts.recall(earlier, next_id));
    }

    /// Goes by what was chosen from now on.
    pub(crate) fn choose(&self, before: &Settings, now: &Settings) {
        self.change(|alerts| {
            if (&before.teams, &before.pause_limits) != (&now.teams, &now.pause_limits) {
                alerts.set_scope(now.teams.clone(), now.pause_limits.clone());
            }
            if before.alert_rules != now.alert_rules {
                alerts.set_rules(now.alert_rules.clone(), self.clock.now_ms());
            }
        });
    }

    /// Changes something, and tells of it when anything can be seen to have changed.
    fn change<T>(&self, change: impl FnOnce(&mut Alerts) -> T) -> T {
        let mut alerts = locked(&self.alerts);
        let done = change(&mut alerts);
        let mut board = alerts.board();
        drop(alerts);
        let now = self.clock.now_ms();
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
}

/// Steps the alerts of a session for as long as somebody sits there.
pub(crate) async fn keep_stepping(seat: Weak<Seat>) {
    let mut tick = tokio::time::interval(STEP);
    // After a suspend one step is enough.
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let Some(seat) = seat.upgrade() else { return };
        let snapshot = seat.floor.snapshot();
        let news = seat.alerting.change(|alerts| alerts.step(&snapshot, seat.alerting.clock.now_ms()));
        if let Some(recording) = &seat.recording {
            let offset = seat.floor.server_offset_secs();
            recording.take(&snapshot, offset, &seat.alerting.board.borrow());
        }
        for news in news {
            let (what, alert) = match &news {
                News::Raised(alert) => ("raised", alert),
                News::Worse(alert) => ("worse", alert),
                News::Resolved(alert) => ("resolved", alert),
            };
            tracing::info!(what, rule = alert.rule, severity = ?alert.severity, "an alert");
        }
    }
}

impl Desk {
    /// Sends the alerts to `send` now and whenever they change, across sign-outs and sign-ins, for as long as it answers
    /// true.
    pub async fn alert_updates(&self, mut send: impl FnMut(AlertBoard) -> bool + Send) {
        let mut seats = self.inner.seat.subscribe();
        loop {
            let seat = seats.borrow_and_update().clone();
            let Some(seat) = seat else {
                if !send(AlertBoard::default()) || seats.changed().await.is_err() {
                    return;
                }
                continue;
            };
            let mut boards = seat.alerting.board.subscribe();
            drop(seat);
            loop {
                let board = Arc::clone(&boards.borrow_and_update());
                if !send((*board).clone()) {
                    return;
                }
                tokio::select! {
                    changed = seats.changed() => {
                        if changed.is_err() {
                            return;
                        }
                        break;
                    }
                    changed = boards.changed() => {
                        if changed.is_err() {
                            break;
                        }
                    }
                }
            }
        }
    }

    /// Somebody sees to an alert; one that is over already is no matter.
    ///
    /// # Errors
    /// `signedOut`.
    pub fn acknowledge_alert(&self, id: u32) -> Result<(), Problem> {
        let seat = self.seat()?;
        // The account may be shared: the person is named in the settings.
        let reviewer = self.settings().reviewer;
        let by = if reviewer.is_empty() { seat.profile.user.clone() } else { reviewer };
        seat.alerting.change(|alerts| alerts.acknowledge(id, &by, self.now_ms()));
        Ok(())
    }

    /// Not now: the alert comes back after so many minutes if it is not over by then.
    ///
    /// # Errors
    /// `signedOut`.
    pub fn snooze_alert(&self, id: u32, minutes: u32) -> Result<(), Problem> {
        let until = self.now_ms() + i64::from(minutes.clamp(1, 24 * 60)) * 60_000;
        self.seat()?.alerting.change(|alerts| alerts.snooze(id, until));
        Ok(())
    }

    /// Alerts are not heard for so many minutes, a day at most, also across a sign-out; 0 ends it. Nothing else about
    /// them changes.
    pub fn mute_alerts(&self, minutes: u32) {
        locked(&self.inner.quiet).mute(minutes, self.now_ms());
        if let Some(seat) = self.inner.seat.borrow().as_ref() {
            seat.alerting.change(|_| ());
        }
    }
}
