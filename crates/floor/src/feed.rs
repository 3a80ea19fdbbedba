//! The floor for one receiver: a snapshot, then differences, each from what that receiver has to the newest there is.

use std::sync::Arc;

use tokio::sync::watch;

use crate::diff::diff;
use crate::wire::{FloorUpdate, Snapshot};

/// One receiver's place.
#[derive(Debug)]
pub struct FloorFeed {
    newest: watch::Receiver<Arc<Snapshot>>,
    sent: Option<Arc<Snapshot>>,
}

impl FloorFeed {
    pub(crate) fn new(newest: watch::Receiver<Arc<Snapshot>>) -> Self {
        Self { newest, sent: None }
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

    /// The next update is a snapshot.
    pub fn resync(&mut self) {
        self.sent = None;
    }
}
