//! Alerts raised by finished reviews, beside the floor's: told to whoever watches, seen to by a person.
//!
//! They are kept with the reviews, and outlive the session until somebody has seen to them; what was seen to is shown for as
//! long as the session is, so that it can be taken back. Left out on purpose: when one is raised (`review_rules`, `judging`).

use std::sync::Arc;

use atalaya_review::wire::ReviewAlert;
use atalaya_review::{Error, Reviews};
use atalaya_ucontact::Problem;
use tokio::sync::watch;

use super::ground::Ground;
use super::judging::Judging;

/// The reviews' alerts of one session; clones are handles to the same.
#[derive(Clone)]
pub struct ReviewAlerts {
    ground: Ground,
    judging: Judging,
    since_ms: i64,
    shown: watch::Sender<Arc<Vec<ReviewAlert>>>,
}

impl ReviewAlerts {
    pub(super) fn new(ground: Ground, judging: Judging) -> Self {
        let since_ms = ground.now_ms();
        let alerts = Self { ground, judging, since_ms, shown: watch::Sender::new(Arc::default()) };
        alerts.look();
        alerts
    }

    /// Reads what there is, and tells of it when it is another. What cannot be read is in Diagnostics; the last that was stays.
    pub(super) fn look(&self) {
        if let Ok(alerts) = self.judging.ask(|reviews| reviews.alerts(self.since_ms)) {
            self.shown.send_if_modified(|shown| {
                let changed = **shown != alerts;
                if changed {
                    *shown = Arc::new(alerts);
                }
                changed
            });
        }
    }

    /// What was put off until now comes back. Cheap while nothing is.
    pub(super) fn step(&self) {
        let now = self.ground.now_ms();
        let over = |alert: &ReviewAlert| alert.snoozed_until_ms.is_some_and(|until| until <= now);
        if self.shown.borrow().iter().any(over) && self.judging.ask(Reviews::wake_alerts).is_ok() {
            self.look();
        }
    }

    fn change(&self, change: impl FnOnce(&Reviews) -> Result<(), Error>) -> Result<(), Problem> {
        self.judging.ask(change)?;
        self.look();
        Ok(())
    }

    /// Somebody sees to it.
    ///
    /// # Errors
    /// The store's.
    pub fn acknowledge(&self, review: i64) -> Result<(), Problem> {
        let by = self.ground.reviewer();
        self.change(|reviews| reviews.see_to(review, &by))
    }

    /// Nobody sees to it after all.
    ///
    /// # Errors
    /// The store's.
    pub fn let_go(&self, review: i64) -> Result<(), Problem> {
        self.change(|reviews| reviews.let_go(review))
    }

    /// Not now: it comes back after so many minutes, a day at most; 0: now after all.
    ///
    /// # Errors
    /// The store's.
    pub fn snooze(&self, review: i64, minutes: u32) -> Result<(), Problem> {
        let now = self.ground.now_ms();
        let until = (minutes > 0).then(|| now + i64::from(minutes.min(24 * 60)) * 60_000);
        self.change(|reviews| reviews.snooze(review, until))
    }

    /// As they are, and whenever they change.
    pub(crate) fn boards(&self) -> watch::Receiver<Arc<Vec<ReviewAlert>>> {
        self.shown.subscribe()
    }
}
