//! The floor's past: what is recorded of the session, and what a person may ask of it.
//!
//! Left out on purpose: how it is kept (the history's), how it is shown, and the room it takes (the desk's).

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use atalaya_floor::Floor;
use atalaya_floor::wire::{Alert, AlertBoard, Measure, Severity, Snapshot};
use atalaya_history::wire::{Extent, Moment, Period, PersonPast, Report, ReportRequest, Trend};
use atalaya_history::{History, Site};
use atalaya_ucontact::Problem;

use super::alerts::LiveAlerts;
use super::ground::Ground;
use crate::locked::locked;
use crate::problem::{from_store, problem};

/// Alerts that are over and may still be news to the history.
const LOOKED_BACK: usize = 50;

/// What the history has of an alert: when one of them is another, it is written again.
type AlertState = (Severity, Option<i64>, Option<i64>, Vec<(Measure, Severity, bool)>);

/// Which alerts the history has, and as what.
#[derive(Default)]
pub(crate) struct KeptAlerts(HashMap<u32, AlertState>);

impl KeptAlerts {
    /// Those of a board that the history does not have as they are now; it has them from here on.
    pub(crate) fn news(&mut self, board: &AlertBoard) -> Vec<Alert> {
        let over = board.history.iter().take(LOOKED_BACK).map(|alert| &**alert);
        let alerts = || board.active.iter().chain(over.clone());
        let news: Vec<Alert> =
            alerts().filter(|alert| self.0.get(&alert.id) != Some(&state_of(alert))).cloned().collect();
        self.has(&news);
        // Those that are over and looked at no more: in weeks of a shift after the other they would be all there ever were.
        if self.0.len() > 2 * (board.active.len() + LOOKED_BACK) {
            let looked_at: HashSet<u32> = alerts().map(|alert| alert.id).collect();
            self.0.retain(|id, _| looked_at.contains(id));
        }
        news
    }

    fn has(&mut self, alerts: &[Alert]) {
        self.0.extend(alerts.iter().map(|alert| (alert.id, state_of(alert))));
    }
}

/// What is kept of the floor of one account.
pub(crate) struct FloorRecord {
    pub(crate) history: Arc<History>,
    pub(crate) site: Site,
    alerts: Mutex<KeptAlerts>,
    offset_secs: Mutex<Option<i32>>,
    /// Revision and moment of the snapshot the history was told last.
    told: Mutex<Option<(u64, i64)>>,
}

fn state_of(alert: &Alert) -> AlertState {
    let parts = alert.parts.iter().map(|part| (part.measure, part.severity, part.over_ms.is_some()));
    (alert.severity, alert.acknowledged_ms, alert.resolved_ms, parts.collect())
}

impl FloorRecord {
    /// The record of an account on a server, by their names.
    ///
    /// # Errors
    /// The history's.
    pub(crate) fn of(history: Arc<History>, user: &str, server: &str) -> Result<Self, atalaya_store::Error> {
        let site = history.site(&format!("{user}@{server}"))?;
        Ok(Self {
            history,
            site,
            alerts: Mutex::default(),
            offset_secs: Mutex::default(),
            told: Mutex::default(),
        })
    }

    /// Gives the floor and the alerts what is known of before.
    pub(crate) fn recall(&self, floor: &Floor, alerting: &LiveAlerts, now_ms: i64) {
        match self.history.last_hour(self.site, now_ms) {
            Ok(hour) => floor.recall(hour, now_ms),
            Err(error) => tracing::warn!(%error, "the last hour could not be read"),
        }
        match self.history.earlier_alerts(self.site) {
            Ok((earlier, next_id)) => {
                locked(&self.alerts).has(&earlier);
                alerting.recall(earlier, next_id);
            }
            Err(error) => tracing::warn!(%error, "earlier alerts could not be read"),
        }
    }

    /// Keeps the floor, its alerts and how the server's clock reads (seconds ahead of coordinated universal time) as they
    /// are now; never waits.
    pub(crate) fn take(&self, snapshot: &Arc<Snapshot>, offset: Option<i32>, board: &AlertBoard) {
        let news = locked(&self.alerts).news(board);
        self.put_down(snapshot, offset, news);
    }

    /// The same with those alerts alone that are news.
    pub(crate) fn put_down(&self, snapshot: &Arc<Snapshot>, offset: Option<i32>, news: Vec<Alert>) {
        // It is stepped every second, and read every third: its thread is not woken for what it has.
        let told = Some((snapshot.revision, snapshot.at_ms));
        if std::mem::replace(&mut *locked(&self.told), told) != told {
            self.history.take(self.site, snapshot);
        }
        if std::mem::replace(&mut *locked(&self.offset_secs), offset) != offset
            && let Some(secs) = offset
        {
            self.history.set_offset(self.site, secs);
        }
        if !news.is_empty() {
            self.history.keep_alerts(self.site, news);
        }
    }
}

/// The past of the session's floor.
pub struct Past {
    ground: Ground,
    /// Or why none can be kept.
    record: Result<FloorRecord, Problem>,
}

impl Past {
    pub(super) fn new(ground: Ground, record: Result<FloorRecord, Problem>) -> Self {
        Self { ground, record }
    }

    /// What is recorded; `None` when none can be kept: everything else goes on.
    pub(crate) fn record(&self) -> Option<&FloorRecord> {
        self.record.as_ref().ok()
    }

    /// Where it is kept, to be asked by others of the session.
    pub(super) fn kept(&self) -> Option<(Arc<History>, Site)> {
        self.record().map(|record| (Arc::clone(&record.history), record.site))
    }

    /// Asks the history of this session's floor, where blocking is allowed.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&History, Site) -> Result<T, atalaya_store::Error> + Send + 'static,
    ) -> Result<T, Problem> {
        let record = self.record.as_ref().map_err(Clone::clone)?;
        let (history, site) = (Arc::clone(&record.history), record.site);
        match tokio::task::spawn_blocking(move || question(&history, site)).await {
            Ok(done) => done.map_err(|error| self.ground.noted(from_store(&error))),
            Err(error) => {
                Err(self.ground.noted(problem("unexpected", [("detail", error.to_string())], true)))
            }
        }
    }

    /// When the floor was watched, as far as it was kept.
    ///
    /// # Errors
    /// `historyUnkept`, or the store's; so do the others here.
    pub(super) async fn extent(&self) -> Result<Extent, Problem> {
        self.ask(|history, site| {
            // What was kept a second ago may not be in the file yet.
            history.flush();
            history.extent(site)
        })
        .await
    }

    /// The floor at a moment, epoch milliseconds.
    ///
    /// # Errors
    /// `historyUnkept`, or the store's.
    pub async fn moment(&self, at_ms: i64) -> Result<Moment, Problem> {
        self.ask(move |history, site| history.moment(site, at_ms)).await
    }

    /// The alerts raised in a stretch of time, in order.
    ///
    /// # Errors
    /// `historyUnkept`, or the store's.
    pub async fn alerts(&self, period: Period) -> Result<Vec<Alert>, Problem> {
        self.ask(move |history, site| {
            history.flush();
            history.alerts(site, period)
        })
        .await
    }

    /// A campaign's minutes.
    ///
    /// # Errors
    /// `historyUnkept`, or the store's.
    pub async fn trend(&self, campaign: String, period: Period) -> Result<Trend, Problem> {
        self.ask(move |history, site| history.trend(site, &campaign, period)).await
    }

    /// A person's time; `None` when never seen in it.
    ///
    /// # Errors
    /// `historyUnkept`, or the store's.
    pub async fn person(&self, location: String, period: Period) -> Result<Option<PersonPast>, Problem> {
        self.ask(move |history, site| history.person(site, &location, period)).await
    }

    /// A shift, against the limits of pauses of the settings.
    ///
    /// # Errors
    /// `historyUnkept`, or the store's.
    pub async fn report(&self, mut request: ReportRequest) -> Result<Report, Problem> {
        let settings = self.ground.settings();
        // What has not been yet is no gap.
        let period = &mut request.period;
        period.until_ms = period.until_ms.min(self.ground.now_ms()).max(period.from_ms + 1);
        self.ask(move |history, site| {
            history.flush();
            history.report(site, &request, &settings.teams, &settings.pause_limits)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_is_written_once_and_forgotten_when_it_is_long_over() {
        let alert = |id: u32| Alert {
            id,
            severity: Severity::Bad,
            campaign: None,
            agent: None,
            location: None,
            parts: Vec::new(),
            since_ms: 0,
            raised_ms: 0,
            acknowledged_ms: None,
            acknowledged_by: None,
            snoozed_until_ms: None,
            resolved_ms: Some(1),
        };
        let mut kept = KeptAlerts::default();
        // A month of a busy floor.
        for id in 1..5_000 {
            let history = (1..=id).rev().take(200).map(|id| alert(id).into()).collect();
            let board = AlertBoard { history, ..AlertBoard::default() };
            assert_eq!(kept.news(&board).iter().map(|alert| alert.id).collect::<Vec<_>>(), [id]);
            assert_eq!(kept.news(&board), []);
        }
        assert!(kept.0.len() <= 2 * LOOKED_BACK + 1, "{}", kept.0.len());
    }
}
