//! Windows that look at the floor: which campaigns each shows, and whether it can be seen.
//!
//! Left out on purpose: what a window is (here it is a name), and sending it anything (`desk::streams`).

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use crate::locked::locked;

/// The windows, by name.
#[derive(Default)]
pub(crate) struct Windows(Mutex<HashMap<String, Arc<Looking>>>);

/// How one window looks at the floor.
#[derive(Default)]
pub(crate) struct Looking {
    /// The window lost count of the revisions.
    pub(crate) resync: Notify,
    /// The window has applied the last update.
    pub(crate) taken: Notify,
    /// Somebody can see the window again.
    pub(crate) seen: Notify,
    sight: Mutex<Sight>,
}

/// What a window says of itself.
#[derive(Default)]
struct Sight {
    hidden: bool,
    visible: Vec<String>,
}

impl Looking {
    /// Which campaigns' agents are on its screen.
    pub(crate) fn shows(&self, campaigns: Vec<String>) {
        locked(&self.sight).visible = campaigns;
    }

    /// Whether it can be seen.
    pub(crate) fn is_hidden(&self, hidden: bool) {
        locked(&self.sight).hidden = hidden;
        if !hidden {
            self.seen.notify_one();
        }
    }

    /// Whether nobody can see it.
    pub(crate) fn unseen(&self) -> bool {
        locked(&self.sight).hidden
    }
}

impl Windows {
    pub(crate) fn of(&self, window: &str) -> Arc<Looking> {
        Arc::clone(locked(&self.0).entry(window.to_owned()).or_default())
    }

    pub(crate) fn forget(&self, window: &str) {
        locked(&self.0).remove(window);
    }

    /// Campaigns that any window shows, once each.
    pub(crate) fn visible(&self) -> Vec<String> {
        let windows = locked(&self.0);
        let all: BTreeSet<String> =
            windows.values().flat_map(|looking| locked(&looking.sight).visible.clone()).collect();
        all.into_iter().collect()
    }

    /// Whether somebody can see a window; before the first has said anything, yes.
    pub(crate) fn seen(&self) -> bool {
        let windows = locked(&self.0);
        windows.is_empty() || windows.values().any(|looking| !locked(&looking.sight).hidden)
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
            let looking = windows.of(window);
            looking.is_hidden(hidden);
            looking.shows(visible);
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
