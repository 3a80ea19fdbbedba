//! The floor being watched, as whoever began it holds it.
//!
//! Left out on purpose: what is watched (`watched`), the asking (`poll`); who asks, and how readings travel (a team's).

use std::collections::BTreeMap;
use std::sync::Arc;

use atalaya_ucontact::Client;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::feed::FloorFeed;
use crate::picture::LastHour;
use crate::poll::keep_watching;
use crate::relay::Relay;
use crate::watched::{PollOptions, Shared, locked};
use crate::wire::{AgentDay, AgentSeat, HalfHour, Snapshot};

/// The floor being watched; it stops when dropped.
pub struct Floor {
    shared: Arc<Shared>,
    stop: DropGuard,
    watching: tokio::sync::Mutex<Option<tokio::task::JoinHandle<()>>>,
}

impl Floor {
    /// Begins to watch; moments are those of the client's clock.
    pub fn watch(client: Client, options: PollOptions) -> Self {
        let shared = Arc::new(Shared::new(client, options));
        let stop = CancellationToken::new();
        let watching = tokio::spawn(keep_watching(Arc::clone(&shared), stop.clone()));
        Self { shared, stop: stop.drop_guard(), watching: tokio::sync::Mutex::new(Some(watching)) }
    }

    /// Stops watching: once this returns nothing is asked any more. The last picture stays.
    pub async fn stop(&self) {
        self.stop.token().cancel();
        if let Some(watching) = self.watching.lock().await.take() {
            // However it ended, it has.
            let _ = watching.await;
        }
    }

    /// A place for one receiver.
    pub fn subscribe(&self) -> FloorFeed {
        FloorFeed::new(self.shared.newest.subscribe())
    }

    /// The newest picture.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.shared.newest.borrow())
    }

    /// Says which campaigns' agents are looked at: they are read first.
    pub fn set_visible(&self, campaigns: Vec<String>) {
        self.shared.wishes.send_modify(|wishes| wishes.visible = campaigns.into_iter().collect());
    }

    /// The half hours of a campaign, as far as watched, oldest first; empty for one never seen.
    pub fn half_hours(&self, campaign: &str) -> Vec<HalfHour> {
        locked(&self.shared.picture).half_hours(campaign)
    }

    /// Says whether somebody looks, or something watches for them; otherwise the server is asked less often.
    pub fn set_watched(&self, watched: bool) {
        self.shared
            .wishes
            .send_if_modified(|wishes| std::mem::replace(&mut wishes.watched, watched) != watched);
    }

    /// What an agent did since first seen, up to now; `None` for one never seen.
    pub fn agent_day(&self, location: &str) -> Option<AgentDay> {
        locked(&self.shared.picture).agent_day(location, self.shared.now_ms())
    }

    /// What each of their campaigns last said of everybody, by location.
    pub fn seats(&self) -> BTreeMap<String, Vec<AgentSeat>> {
        locked(&self.shared.picture).seats()
    }

    /// Takes over what is known of before the watch began: each campaign's last hour, up to `until_ms`.
    pub fn recall(&self, hour: impl IntoIterator<Item = (String, LastHour)>, until_ms: i64) {
        locked(&self.shared.picture).recall(hour, until_ms);
    }

    /// The server's clock, as it reads, before coordinated universal time, seconds; `None` before an agent told.
    pub fn server_offset_secs(&self) -> Option<i32> {
        locked(&self.shared.picture).server_offset_secs()
    }

    /// Changes pace and budget.
    pub fn set_options(&self, options: PollOptions) {
        self.shared.wishes.send_modify(|wishes| wishes.options = options);
    }

    /// The end that a team holds.
    pub fn relay(&self) -> Relay {
        Relay(Arc::clone(&self.shared))
    }
}
