//! The floor for one receiver: a snapshot, then differences, each from what that receiver has to the newest there is.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use crate::diff::diff;
use crate::wire::{FloorUpdate, Snapshot};

/// Longer than this nobody is left without what there is, whatever the time between two polls.
const LONGEST_HOLD: Duration = Duration::from_secs(5);

/// One receiver's place.
#[derive(Debug)]
pub struct FloorFeed {
    newest: watch::Receiver<Arc<Snapshot>>,
    sent: Option<Arc<Snapshot>>,
    /// When something was sent the last time.
    sent_at: Option<Instant>,
}

impl FloorFeed {
    pub(crate) fn new(newest: watch::Receiver<Arc<Snapshot>>) -> Self {
        Self { newest, sent: None, sent_at: None }
    }

    /// The next update; waits for one. A slow receiver skips revisions, never the newest. `None` when the floor is
    /// watched no more. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<FloorUpdate> {
        loop {
            let newest = Arc::clone(&self.newest.borrow_and_update());
            match &self.sent {
                None => {
                    self.sent = Some(Arc::clone(&newest));
                    return Some(FloorUpdate::Snapshot { snapshot: (*newest).clone() });
                }
                Some(sent) if sent.revision != newest.revision => {
                    let delta = diff(sent, &newest);
                    self.sent = Some(newest);
                    return Some(FloorUpdate::Delta { delta });
                }
                Some(_) => self.newest.changed().await.ok()?,
            }
        }
    }

    /// As [`FloorFeed::next`], for a window: what is not pressing waits until one poll's time since the last update is
    /// over, so that the answers of a poll, which come one after the other, are drawn once and not each.
    pub async fn next_drawn(&mut self) -> Option<FloorUpdate> {
        while let (Some(sent), Some(sent_at)) = (&self.sent, self.sent_at) {
            let newest = Arc::clone(&self.newest.borrow_and_update());
            let hold = Duration::from_millis(newest.health.every_ms.into()).min(LONGEST_HOLD);
            if sent.revision != newest.revision && pressing(sent, &newest) {
                break;
            }
            match timeout_at(sent_at + hold, self.newest.changed()).await {
                Ok(changed) => changed.ok()?,
                Err(_) => break,
            }
        }
        let update = self.next().await;
        self.sent_at = Some(Instant::now());
        update
    }

    /// The next update is a snapshot.
    pub fn resync(&mut self) {
        self.sent = None;
    }
}

/// Whether somebody who looks at `before` should see `now` at once: who waits and for how long, whether the figures are to be
/// believed, campaigns that come and go, and agents read for the first time.
fn pressing(before: &Snapshot, now: &Snapshot) -> bool {
    let (was, is) = (&before.health, &now.health);
    was.freshness != is.freshness
        || was.problem != is.problem
        || was.slowed != is.slowed
        || before.agents_read_at_ms.len() != now.agents_read_at_ms.len()
        || before.agents_unread != now.agents_unread
        || before.campaigns.len() != now.campaigns.len()
        || before.campaigns.iter().zip(&now.campaigns).any(|(was, is)| {
            was.name != is.name
                || was.waiting != is.waiting
                || was.longest_wait_since_ms != is.longest_wait_since_ms
        })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use atalaya_ucontact::CampaignStatus;
    use futures_util::poll;

    use super::*;
    use crate::health;
    use crate::picture::Picture;

    fn snapshot(revision: u64, waiting: u32, answered: u32, every_ms: u32) -> Snapshot {
        let mut picture = Picture::default();
        let status = CampaignStatus {
            campaign: "Sales<-".to_owned(),
            waiting: Some(waiting),
            completed: Some(answered),
            ..CampaignStatus::default()
        };
        picture.take_campaigns_of(Some(vec![status]), Some(Vec::new()), 0);
        Snapshot {
            agents_unread: BTreeMap::new(),
            revision,
            at_ms: 0,
            campaigns: picture.campaigns(),
            agents: Vec::new(),
            agents_read_at_ms: BTreeMap::new(),
            agents_every_ms: every_ms,
            health: health::starting(every_ms),
        }
    }

    #[tokio::test]
    async fn a_window_is_told_at_once_of_callers_and_of_the_rest_once_a_poll() {
        let (tell, told) = watch::channel(Arc::new(snapshot(1, 0, 0, 3_600_000)));
        let mut feed = FloorFeed::new(told);
        let is_delta = |update: Option<FloorUpdate>| matches!(update, Some(FloorUpdate::Delta { .. }));
        assert!(matches!(feed.next_drawn().await, Some(FloorUpdate::Snapshot { .. })));

        // A counter alone waits; the caller who comes takes it along.
        tell.send_replace(Arc::new(snapshot(2, 0, 1, 3_600_000)));
        assert!(poll!(std::pin::pin!(feed.next_drawn())).is_pending());
        tell.send_replace(Arc::new(snapshot(3, 1, 1, 3_600_000)));
        assert!(is_delta(feed.next_drawn().await));

        // The server does not come up to its plan: that is seen at once.
        let mut late = snapshot(4, 1, 1, 3_600_000);
        late.health.freshness = crate::wire::Freshness::Stale;
        tell.send_replace(Arc::new(late));
        assert!(is_delta(feed.next_drawn().await));

        // The time of a poll is over: what waited comes by itself, once.
        tell.send_replace(Arc::new(snapshot(5, 1, 2, 0)));
        feed.sent_at = Some(Instant::now());
        assert!(is_delta(feed.next_drawn().await));
        assert!(poll!(std::pin::pin!(feed.next_drawn())).is_pending());

        // Asked for anew, it is there at once.
        feed.resync();
        assert!(matches!(feed.next_drawn().await, Some(FloorUpdate::Snapshot { .. })));
    }
}
