//! Windows that look at the floor: each is sent what changed at its own pace, says which campaigns it shows and whether it
//! can be seen. All share one poller, and a slow one never holds up another.
//!
//! Left out on purpose: what a window is; here it is a name.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use atalaya_floor::wire::FloorUpdate;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::desk::{Desk, locked};
use crate::problem::from_store;
use crate::{Problem, Settings};

/// How often a window draws: the beat of its timers.
const DRAWN_EVERY: Duration = Duration::from_secs(1);
/// Wallboards that were open when the program ended.
const WALLS_KEY: &str = "wallsOpen";

/// The windows, by name.
#[derive(Default)]
pub(crate) struct Windows(Mutex<HashMap<String, Arc<Looking>>>);

/// How one window looks at the floor.
#[derive(Default)]
struct Looking {
    resync: Notify,
    taken: Notify,
    told: Mutex<Told>,
}

#[derive(Default)]
struct Told {
    hidden: bool,
    visible: Vec<String>,
}

impl Windows {
    fn of(&self, window: &str) -> Arc<Looking> {
        Arc::clone(locked(&self.0).entry(window.to_owned()).or_default())
    }

    fn forget(&self, window: &str) {
        locked(&self.0).remove(window);
    }

    /// Campaigns that any window shows, once each.
    fn visible(&self) -> Vec<String> {
        let windows = locked(&self.0);
        let all: BTreeSet<String> =
            windows.values().flat_map(|looking| locked(&looking.told).visible.clone()).collect();
        all.into_iter().collect()
    }

    /// Whether somebody can see a window; before the first has said anything, yes.
    fn seen(&self) -> bool {
        let windows = locked(&self.0);
        windows.is_empty() || windows.values().any(|looking| !locked(&looking.told).hidden)
    }
}

/// Waits for a moment; for ever when there is none.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

impl Desk {
    /// Sends the floor to `send` for as long as it answers true, across sign-outs and sign-ins: a snapshot first, then
    /// what changes. The next update waits until this window says that it took the last one (`floor_taken`), so that a
    /// slow window never has a queue of them: it gets one difference to the newest. Nor is it sent sooner than a second
    /// after the last: the window draws figures and timers together, once a second.
    pub async fn floor_updates(&self, window: &str, mut send: impl FnMut(FloorUpdate) -> bool + Send) {
        let looking = self.inner.windows.of(window);
        let mut seats = self.inner.seat.subscribe();
        loop {
            let seat = seats.borrow_and_update().clone();
            let Some(seat) = seat else {
                if seats.changed().await.is_err() {
                    return;
                }
                continue;
            };
            let mut feed = seat.floor.subscribe();
            drop(seat);
            let mut waiting_for_window = false;
            let mut not_before = None;
            loop {
                tokio::select! {
                    changed = seats.changed() => {
                        if changed.is_err() {
                            return;
                        }
                        break;
                    }
                    () = looking.resync.notified() => {
                        feed.resync();
                        (waiting_for_window, not_before) = (false, None);
                    }
                    () = looking.taken.notified() => waiting_for_window = false,
                    () = until(not_before), if not_before.is_some() => not_before = None,
                    update = feed.next(), if !waiting_for_window && not_before.is_none() => match update {
                        Some(update) => {
                            self.look_at_health(&update);
                            if !send(update) {
                                return;
                            }
                            waiting_for_window = true;
                            not_before = Some(Instant::now() + DRAWN_EVERY);
                        }
                        None => break,
                    },
                }
            }
        }
    }

    /// Asks for a snapshot: the window lost count of the revisions.
    pub fn floor_resync(&self, window: &str) {
        self.inner.windows.of(window).resync.notify_one();
    }

    /// The window has applied the last update.
    pub fn floor_taken(&self, window: &str) {
        self.inner.windows.of(window).taken.notify_one();
    }

    /// Says which campaigns' agents are on the window's screen: those of all windows are read first.
    pub fn floor_visible(&self, window: &str, campaigns: Vec<String>) {
        locked(&self.inner.windows.of(window).told).visible = campaigns;
        self.tell_the_floor();
    }

    /// Says whether the window can be seen: nobody looking at any, and no alert that watches, the server is asked less
    /// often.
    pub fn floor_hidden(&self, window: &str, hidden: bool) {
        locked(&self.inner.windows.of(window).told).hidden = hidden;
        self.tell_the_floor();
    }

    /// The window is gone, and with it what it showed.
    pub fn window_gone(&self, window: &str) {
        self.inner.windows.forget(window);
        self.tell_the_floor();
    }

    fn tell_the_floor(&self) {
        if let Some(seat) = self.inner.seat.borrow().as_ref() {
            seat.floor.set_visible(self.inner.windows.visible());
            seat.floor.set_watched(self.watched(&self.settings()));
        }
    }

    pub(crate) fn watched(&self, settings: &Settings) -> bool {
        self.inner.windows.seen() || settings.alert_rules.iter().any(|rule| rule.enabled)
    }

    /// Wallboards open now, or when the program last ended: their ids.
    ///
    /// # Errors
    /// The store's.
    pub fn walls_open(&self) -> Result<Vec<String>, Problem> {
        let open = self.inner.store.setting(WALLS_KEY).map_err(|error| self.noted(from_store(&error)))?;
        Ok(open.unwrap_or_default())
    }

    /// Remembers that a wallboard was opened, or closed by a person.
    ///
    /// # Errors
    /// The store's.
    pub fn set_wall_open(&self, id: &str, open: bool) -> Result<(), Problem> {
        let mut walls = self.walls_open()?;
        walls.retain(|wall| wall != id);
        if open {
            walls.push(id.to_owned());
        }
        self.inner.store.set_setting(WALLS_KEY, &walls).map_err(|error| self.noted(from_store(&error)))
    }

    /// Sends the settings to `send`, now and whenever they change, for as long as it answers true.
    pub async fn settings_updates(&self, mut send: impl FnMut(Settings) -> bool + Send) {
        let mut changes = self.inner.settings.subscribe();
        loop {
            let now = changes.borrow_and_update().clone();
            if !send(now) || changes.changed().await.is_err() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_any_window_shows_is_read_first_and_one_that_is_seen_is_enough() {
        let windows = Windows::default();
        assert!(windows.seen() && windows.visible().is_empty());
        let tell = |window: &str, hidden: bool, visible: &[&str]| {
            let visible = visible.iter().map(|name| (*name).to_owned()).collect();
            *locked(&windows.of(window).told) = Told { hidden, visible };
        };
        tell("main", true, &["B<-", "A<-"]);
        assert!(!windows.seen());
        tell("wall-1", false, &["B<-", "C<-"]);
        assert!(windows.seen());
        assert_eq!(windows.visible(), ["A<-", "B<-", "C<-"]);
        windows.forget("wall-1");
        assert!(!windows.seen());
        assert_eq!(windows.visible(), ["A<-", "B<-"]);
    }
}
