//! The floor's past: what is recorded of the session, and what a person may ask of it.
//!
//! Left out on purpose: how it is kept (the history's), and how it is shown.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use atalaya_floor::Floor;
use atalaya_floor::wire::{Alert, AlertBoard, Severity, Snapshot};
use atalaya_history::wire::{Extent, Moment, Period, PersonPast, Report, ReportRequest, Trend};
use atalaya_history::{History, Site};
use atalaya_ucontact::{Problem, Server};
use serde::Serialize;
use ts_rs::TS;

use crate::alerting::Alerting;
use crate::desk::{Desk, locked};
use crate::problem::{from_store, problem};

/// Alerts that are over and may still be news to the history.
const LOOKED_BACK: usize = 50;

/// How much room the history takes on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HistoryRoom {
    /// Bytes, of all floors.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Their bound.
    #[ts(type = "number")]
    pub max_bytes: u64,
}

/// What the history has of an alert: when one of them is another, it is written again.
type Known = (Severity, Option<i64>, Option<i64>);

/// The session's part of the history.
pub(crate) struct Recording {
    pub(crate) history: Arc<History>,
    pub(crate) site: Site,
    alerts: Mutex<HashMap<u32, Known>>,
    offset_secs: Mutex<Option<i32>>,
}

fn known(alert: &Alert) -> Known {
    (alert.severity, alert.acknowledged_ms, alert.resolved_ms)
}

impl Recording {
    /// Gives the floor and the alerts what is known of before.
    pub(crate) fn recall(&self, floor: &Floor, alerting: &Alerting, now_ms: i64) {
        match self.history.recent_waiting(self.site, now_ms) {
            Ok(waiting) => floor.recall(waiting, now_ms),
            Err(error) => tracing::warn!(%error, "the last hour could not be read"),
        }
        match self.history.earlier_alerts(self.site) {
            Ok((earlier, next_id)) => {
                *locked(&self.alerts) = earlier.iter().map(|alert| (alert.id, known(alert))).collect();
                alerting.recall(earlier, next_id);
            }
            Err(error) => tracing::warn!(%error, "earlier alerts could not be read"),
        }
    }

    /// Keeps the floor, its alerts and how the server's clock reads (seconds ahead of coordinated universal time) as they
    /// are now; never waits.
    pub(crate) fn take(&self, snapshot: &Arc<Snapshot>, offset: Option<i32>, board: &AlertBoard) {
        self.history.take(self.site, snapshot);
        if std::mem::replace(&mut *locked(&self.offset_secs), offset) != offset
            && let Some(secs) = offset
        {
            self.history.set_offset(self.site, secs);
        }
        let mut before = locked(&self.alerts);
        let alerts = board.active.iter().chain(board.history.iter().take(LOOKED_BACK));
        let news: Vec<Alert> =
            alerts.filter(|alert| before.get(&alert.id) != Some(&known(alert))).cloned().collect();
        if !news.is_empty() {
            before.extend(news.iter().map(|alert| (alert.id, known(alert))));
            self.history.keep_alerts(self.site, news);
        }
    }
}

impl Desk {
    /// `None` when the history cannot be kept: everything else goes on.
    pub(crate) fn begin_recording(&self, user: &str, server: &Server) -> Option<Recording> {
        let history = Arc::clone(self.inner.history.as_ref().ok()?);
        // The simulated contact centre has another address at every start.
        let server = match &self.inner.demo {
            Some(_) => "demo".to_owned(),
            None => server.base.to_string(),
        };
        let site =
            history.site(&format!("{user}@{server}")).map_err(|error| self.noted(from_store(&error))).ok()?;
        Some(Recording { history, site, alerts: Mutex::default(), offset_secs: Mutex::default() })
    }

    /// Asks the history of this session's floor, where blocking is allowed.
    async fn ask_past<T: Send + 'static>(
        &self,
        question: impl FnOnce(&History, Site) -> Result<T, atalaya_store::Error> + Send + 'static,
    ) -> Result<T, Problem> {
        let seat = self.seat()?;
        let Some(recording) = &seat.recording else {
            let none = || problem("historyUnkept", [], false);
            return Err(self.inner.history.as_ref().err().cloned().unwrap_or_else(none));
        };
        let (history, site) = (Arc::clone(&recording.history), recording.site);
        self.blocking(move || question(&history, site)).await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, atalaya_store::Error> + Send + 'static,
    ) -> Result<T, Problem> {
        match tokio::task::spawn_blocking(work).await {
            Ok(done) => done.map_err(|error| self.noted(from_store(&error))),
            Err(error) => Err(self.noted(problem("unexpected", [("detail", error.to_string())], true))),
        }
    }

    /// When the floor was watched.
    ///
    /// # Errors
    /// `signedOut`, `historyUnkept`, or the store's; so do the others here.
    pub async fn history_extent(&self) -> Result<Extent, Problem> {
        self.ask_past(|history, site| {
            // What was seen a second ago is past too.
            history.flush();
            history.extent(site)
        })
        .await
    }

    /// The floor at a moment, epoch milliseconds.
    ///
    /// # Errors
    /// As of [`Desk::history_extent`].
    pub async fn history_moment(&self, at_ms: i64) -> Result<Moment, Problem> {
        self.ask_past(move |history, site| history.moment(site, at_ms)).await
    }

    /// A campaign's minutes.
    ///
    /// # Errors
    /// As of [`Desk::history_extent`].
    pub async fn history_trend(&self, campaign: String, period: Period) -> Result<Trend, Problem> {
        self.ask_past(move |history, site| history.trend(site, &campaign, period)).await
    }

    /// A person's time; `None` when never seen in it.
    ///
    /// # Errors
    /// As of [`Desk::history_extent`].
    pub async fn history_person(
        &self,
        location: String,
        period: Period,
    ) -> Result<Option<PersonPast>, Problem> {
        self.ask_past(move |history, site| history.person(site, &location, period)).await
    }

    /// A shift, against the limits of pauses of the settings.
    ///
    /// # Errors
    /// As of [`Desk::history_extent`].
    pub async fn history_report(&self, mut request: ReportRequest) -> Result<Report, Problem> {
        let settings = self.settings();
        // What has not been yet is no gap.
        let period = &mut request.period;
        period.until_ms = period.until_ms.min(self.now_ms()).max(period.from_ms + 1);
        self.ask_past(move |history, site| {
            history.flush();
            history.report(site, &request, &settings.teams, &settings.pause_limits)
        })
        .await
    }

    /// How much room it takes.
    ///
    /// # Errors
    /// The store's, or why there is none.
    pub async fn history_room(&self) -> Result<HistoryRoom, Problem> {
        let history = Arc::clone(self.inner.history.as_ref().map_err(Clone::clone)?);
        let bytes = self.blocking(move || history.bytes()).await?;
        Ok(HistoryRoom { bytes, max_bytes: self.settings().history_bounds().max_bytes })
    }

    /// Forgets the past of every floor; what is watched now is recorded on.
    ///
    /// # Errors
    /// The store's; then nothing is forgotten.
    pub async fn clear_history(&self) -> Result<HistoryRoom, Problem> {
        let history = Arc::clone(self.inner.history.as_ref().map_err(Clone::clone)?);
        self.blocking(move || history.clear()).await?;
        self.history_room().await
    }
}
