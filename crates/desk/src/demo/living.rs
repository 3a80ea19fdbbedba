//! Living through a stretch of a contact centre's time, with the client, the floor and the alerts that watch it afterwards, and
//! putting down what was seen.
//!
//! Stretches are lived through side by side and put down one after the other: the history is written in the order of time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use atalaya_clock::Clock;
use atalaya_floor::wire::{Alert, Snapshot};
use atalaya_floor::{Alerts, Picture, read_into};
use atalaya_simulator::Simulator;
use atalaya_ucontact::Problem;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::sign_in;
use crate::problem::from_ucontact;
use crate::session::past::{FloorRecord, KeptAlerts};
use crate::settings::Settings;

/// The last reading is no older than this, so that the live floor goes on where it ends.
const NOW_MS: i64 = 1_000;
/// The history takes so many snapshots before it has to be waited for.
const AT_ONCE: u32 = 8;

/// What was seen at one moment.
pub(crate) struct Lived {
    snapshot: Arc<Snapshot>,
    offset_secs: Option<i32>,
    /// Those that are news by then.
    alerts: Vec<Alert>,
}

/// A stretch of time to be lived through.
pub(crate) struct Stretch {
    pub(crate) centre: Arc<Simulator>,
    pub(crate) settings: Settings,
    /// So many milliseconds at a time, from then on.
    pub(crate) every_ms: i64,
    pub(crate) begins_ms: i64,
    /// The centre's time passes by itself too.
    pub(crate) moves: bool,
    /// The first number that is free for an alert.
    pub(crate) first_alert: u32,
}

impl Stretch {
    /// Lives through it, up to when `until_ms` says it is over; gives the alerts as they are then, for whoever goes on from
    /// there. What is seen is told at once, and each step is said to be done.
    pub(crate) async fn live(
        self,
        until_ms: impl Fn() -> i64 + Send,
        told: UnboundedSender<Lived>,
        step_done: impl Fn() + Send,
    ) -> Result<Alerts, Problem> {
        let then = Clock::held(self.begins_ms);
        let client = sign_in(&self.centre, then.clock()).await?;
        let (mut picture, mut alerts) = (Picture::default(), Alerts::new(self.settings.rules));
        picture.set_agents_every(self.every_ms as u32);
        alerts.set_scope(self.settings.teams, self.settings.pause_limits);
        alerts.recall(Vec::new(), self.first_alert);
        let (mut kept, mut revision) = (KeptAlerts::default(), 0);
        let mut stepped = Instant::now();
        loop {
            let at_ms = client.clock().now_ms();
            let read = read_into(&mut picture, &client, &[], true).await;
            let mut snapshot = read.map_err(|error| from_ucontact(&error))?;
            revision += 1;
            (snapshot.revision, snapshot.health.every_ms) = (revision, self.every_ms as u32);
            let snapshot = Arc::new(snapshot);
            alerts.step(&snapshot, at_ms);
            let alerts = kept.news(&alerts.board());
            // Nobody puts it down when the desk is closed meanwhile.
            let _ = told.send(Lived { snapshot, offset_secs: picture.server_offset_secs(), alerts });
            step_done();
            let left_ms = until_ms() - at_ms;
            if left_ms < NOW_MS {
                break;
            }
            let step = Duration::from_millis(left_ms.min(self.every_ms) as u64);
            let passed = std::mem::replace(&mut stepped, Instant::now()).elapsed();
            self.centre.advance(step.saturating_sub(if self.moves { passed } else { Duration::ZERO }));
            then.advance(step);
        }
        client.end_session().await;
        Ok(alerts)
    }
}

/// Puts down what was seen in a stretch, until nothing comes any more.
pub(crate) async fn put_down(record: &Arc<FloorRecord>, mut seen: UnboundedReceiver<Lived>) {
    let mut number: u32 = 0;
    while let Some(lived) = seen.recv().await {
        record.put_down(&lived.snapshot, lived.offset_secs, lived.alerts);
        number += 1;
        if number.is_multiple_of(AT_ONCE) {
            flush(record).await;
        }
    }
    flush(record).await;
}

async fn flush(record: &Arc<FloorRecord>) {
    let record = Arc::clone(record);
    // It waits for a disk; a runtime that is ending does not wait for it.
    let _ = tokio::task::spawn_blocking(move || record.history.flush()).await;
}
