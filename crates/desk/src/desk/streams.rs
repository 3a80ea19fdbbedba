//! What the windows are sent: each at its own pace, all of one session after the other.
//!
//! All windows share one poller, and a slow one never holds up another. Left out on purpose: channels to a window (the
//! shell's), and what a window is.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use atalaya_ahead::wire::AheadTold;
use atalaya_calls::wire::{Mark, Tag};
use atalaya_floor::wire::{AlertBoard, FloorUpdate};
use atalaya_player::{Event, News};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, MissedTickBehavior, sleep_until};

use super::Desk;
use crate::session::{DailyState, Session};
use crate::settings::Settings;
use crate::wire::{AlertsTold, FileDrag, PlayerUpdate, SessionState};

/// How often a window draws: the beat of its timers.
const DRAWN_EVERY: Duration = Duration::from_secs(1);
/// How often a window hears that the alerts are looked after, so that silence means that they are not.
const BEAT: Duration = Duration::from_secs(3);

/// Waits for a moment; for ever when there is none.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// Sends everything that is said to `send` for as long as it answers true. Whoever was slow misses what is too old.
pub(super) async fn each<T: Clone>(mut said: broadcast::Receiver<T>, mut send: impl FnMut(T) -> bool + Send) {
    loop {
        let wanted = match said.recv().await {
            Ok(one) => send(one),
            Err(RecvError::Lagged(_)) => true,
            Err(RecvError::Closed) => false,
        };
        if !wanted {
            return;
        }
    }
}

impl Desk {
    /// Files are dragged over the window, or dropped on it.
    pub fn drag_files(&self, drag: FileDrag) {
        // Without a page nobody takes them.
        let _ = self.inner.file_drags.send(drag);
    }

    /// Sends what is dragged over the window to `send` for as long as it answers true.
    pub async fn file_drags(&self, send: impl FnMut(FileDrag) -> bool + Send) {
        each(self.inner.file_drags.subscribe(), send).await;
    }

    /// Sends the session to `send` now and whenever it changes, for as long as it answers true.
    pub async fn session_updates(&self, mut send: impl FnMut(SessionState) -> bool + Send) {
        let mut states = self.inner.state.subscribe();
        loop {
            let state = states.borrow_and_update().clone();
            if !send(state) || states.changed().await.is_err() {
                return;
            }
        }
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

    /// Sends the floor to `send` for as long as it answers true, across sign-outs and sign-ins: a snapshot first, then
    /// what changes. The next update waits until this window says that it took the last one (`floor_taken`), so that a
    /// slow window never has a queue of them: it gets one difference to the newest. Nor is it sent sooner than a second
    /// after the last: the window draws figures and timers together, once a second; what is not pressing, once a poll.
    /// A window that nobody can see is sent nothing; seen again, one difference to the newest.
    pub async fn floor_updates(&self, window: &str, mut send: impl FnMut(FloorUpdate) -> bool + Send) {
        let looking = self.inner.windows.of(window);
        let mut sessions = self.inner.session.subscribe();
        loop {
            let session = sessions.borrow_and_update().clone();
            let Some(session) = session else {
                if sessions.changed().await.is_err() {
                    return;
                }
                continue;
            };
            let mut feed = session.floor.subscribe();
            drop(session);
            let mut waiting_for_window = false;
            let mut not_before = None;
            loop {
                tokio::select! {
                    changed = sessions.changed() => {
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
                    // Looks again whether there is something for it.
                    () = looking.seen.notified() => {}
                    () = until(not_before), if not_before.is_some() => not_before = None,
                    update = feed.next_drawn(),
                        if !waiting_for_window && not_before.is_none() && !looking.unseen() => match update {
                        Some(update) => {
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
        self.inner.windows.of(window).shows(campaigns);
        self.tell_the_floor();
    }

    /// Says whether the window can be seen: nobody looking at any, and no alert that watches, the server is asked less
    /// often.
    pub fn floor_hidden(&self, window: &str, hidden: bool) {
        self.inner.windows.of(window).is_hidden(hidden);
        self.tell_the_floor();
    }

    /// The window is gone, and with it what it showed.
    pub fn window_gone(&self, window: &str) {
        self.inner.windows.forget(window);
        self.tell_the_floor();
    }

    fn tell_the_floor(&self) {
        if let Ok(session) = self.session() {
            session.floor.set_visible(self.inner.windows.visible());
            session.floor.set_watched(self.watched(&self.settings()));
            session.ahead.set_seen(self.inner.windows.seen());
        }
    }

    /// What the floor cannot do is in Diagnostics, once for each kind.
    /// Sends the alerts to `send` now, whenever they change and at every beat, across sign-outs and sign-ins, for as long as it answers
    /// true.
    pub async fn alert_updates(&self, mut send: impl FnMut(AlertsTold) -> bool + Send) {
        let mut sessions = self.inner.session.subscribe();
        loop {
            let session = sessions.borrow_and_update().clone();
            let Some(session) = session else {
                if !send(AlertsTold::default()) || sessions.changed().await.is_err() {
                    return;
                }
                continue;
            };
            let (mut boards, steps) = (session.alerts.boards(), session.alerts.steps());
            let mut reviews = session.review_alerts.boards();
            drop(session);
            let mut beat = tokio::time::interval(BEAT);
            beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
            // What is over is the most of it by far, and seldom another.
            let mut over = None;
            loop {
                let mut board = AlertBoard::clone(&boards.borrow_and_update());
                let history_same = over.as_ref() == Some(&board.history);
                if history_same {
                    board.history.clear();
                } else {
                    over = Some(board.history.clone());
                }
                board.chat_stopped = self.inner.telling.stopped() && self.settings().webhook.on;
                board.stepped_ms = Some(steps.load(Ordering::SeqCst)).filter(|ms| *ms > 0);
                let told = AlertsTold { board, reviews: reviews.borrow_and_update().to_vec(), history_same };
                if !send(told) {
                    return;
                }
                tokio::select! {
                    changed = sessions.changed() => {
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
                    changed = reviews.changed() => {
                        if changed.is_err() {
                            break;
                        }
                    }
                    _ = beat.tick() => {}
                }
            }
        }
    }

    /// Sends how it stands with the daily report to `send` now and whenever that changes, across sign-outs and sign-ins, for as
    /// long as it answers true.
    pub async fn daily_updates(&self, mut send: impl FnMut(DailyState) -> bool + Send) {
        self.of_each_session(|session| session.daily.states(), |state| state.is_none_or(&mut send)).await;
    }

    /// Sends the next quarter of an hour to `send` now and whenever it is worked out anew, across sign-outs and sign-ins, for as
    /// long as it answers true: an empty one while there is none.
    pub async fn ahead_updates(&self, mut send: impl FnMut(AheadTold) -> bool + Send) {
        let told = |told: Option<Arc<AheadTold>>| {
            send(told.map_or_else(AheadTold::default, |told| AheadTold::clone(&told)))
        };
        self.of_each_session(|session| session.ahead.told(), told).await;
    }

    /// Sends what a part of the session says to `send` now and whenever it says something else, across sign-outs and sign-ins,
    /// for as long as it answers true; `None` while nobody is signed in.
    async fn of_each_session<T: Clone + Send + Sync>(
        &self,
        part: impl Fn(&Session) -> watch::Receiver<T> + Send,
        mut send: impl FnMut(Option<T>) -> bool + Send,
    ) {
        let mut sessions = self.inner.session.subscribe();
        loop {
            let said = sessions.borrow_and_update().as_ref().map(|session| part(session));
            let Some(mut said) = said else {
                if !send(None) || sessions.changed().await.is_err() {
                    return;
                }
                continue;
            };
            loop {
                let now = said.borrow_and_update().clone();
                if !send(Some(now)) {
                    return;
                }
                tokio::select! {
                    changed = sessions.changed() => {
                        if changed.is_err() {
                            return;
                        }
                        break;
                    }
                    changed = said.changed() => {
                        if changed.is_err() {
                            break;
                        }
                    }
                }
            }
        }
    }

    /// Sends every tag that changes to `send` for as long as it answers true, across sign-outs and sign-ins.
    pub async fn tag_updates(&self, send: impl FnMut(Tag) -> bool + Send) {
        self.follow(|session| session.tags.subscribe(), send).await;
    }

    /// Sends every mark that changes to `send` for as long as it answers true, across sign-outs and sign-ins.
    pub async fn mark_updates(&self, send: impl FnMut(Mark) -> bool + Send) {
        self.follow(|session| session.heard.subscribe(), send).await;
    }

    /// Follows something that each session tells, for as long as `send` answers true.
    async fn follow<T: Clone + Send>(
        &self,
        of: impl Fn(&Session) -> broadcast::Receiver<T> + Send,
        mut send: impl FnMut(T) -> bool + Send,
    ) {
        let mut sessions = self.inner.session.subscribe();
        loop {
            let mut told = sessions.borrow_and_update().as_deref().map(&of);
            loop {
                let next = async {
                    match &mut told {
                        Some(told) => told.recv().await,
                        None => std::future::pending().await,
                    }
                };
                tokio::select! {
                    changed = sessions.changed() => {
                        if changed.is_err() {
                            return;
                        }
                        break;
                    }
                    next = next => match next {
                        Ok(news) => {
                            if !send(news) {
                                return;
                            }
                        }
                        // Too slow: what it shows is read anew when it is looked at.
                        Err(RecvError::Lagged(_)) => {}
                        Err(RecvError::Closed) => told = None,
                    },
                }
            }
        }
    }

    /// Sends the player's updates to `send` for as long as it answers true. Blocks: give it a thread of its own.
    pub fn player_updates(&self, mut send: impl FnMut(PlayerUpdate) -> bool) {
        let player = &self.inner.player;
        let events = player.events();
        let ticket = player.ticket();
        let first = [
            PlayerUpdate::Reset { ticket, guid: self.guid_of(ticket) },
            PlayerUpdate::Transport { ticket, transport: player.transport() },
        ];
        for update in first {
            if !send(update) {
                return;
            }
        }
        for Event { ticket, news } in events {
            let update = match news {
                News::Transport(transport) => PlayerUpdate::Transport { ticket, transport },
                News::Peaks(peaks) => PlayerUpdate::Peaks { ticket, peaks },
                News::Sound(report) => PlayerUpdate::Sound { ticket, report },
                News::Reset => PlayerUpdate::Reset { ticket, guid: self.guid_of(ticket) },
            };
            if !send(update) {
                return;
            }
        }
    }

    fn guid_of(&self, ticket: u64) -> Option<String> {
        self.session().ok()?.listening().ok()?.guid_of(ticket)
    }
}
