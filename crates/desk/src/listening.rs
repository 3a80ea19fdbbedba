//! Hearing a call: find its recording, hand it to the player, and say how it goes.
//!
//! One recording at a time: opening another one ends the search for the one before.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use atalaya_calls::wire::{Call, LocateUpdate};
use atalaya_calls::{ConvertPolicy, Recording, Target};
use atalaya_floor::wire::Severity;
use atalaya_player::wire::{Hearing, Phase};
use atalaya_player::{Chime, Event};
use atalaya_ucontact::Problem;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::desk::{Desk, Seat, locked};
use crate::problem::{from_calls, problem};
use crate::saving::Heard;
use crate::wire::PlayerUpdate;

/// How often the position is kept.
const KEEP_EVERY: Duration = Duration::from_secs(5);
/// Nearer to the start or the end a recording is not left half way, seconds.
const EDGE_SECS: f64 = 3.0;

/// The recording being looked for or heard.
#[derive(Default)]
pub(crate) struct Listening {
    pub(crate) current: Mutex<Option<Current>>,
}

pub(crate) struct Current {
    pub(crate) call: Call,
    /// Once it was found.
    pub(crate) heard: Option<Heard>,
    /// What is fetched once this one is here.
    next: watch::Sender<Option<Target>>,
    cancel: CancellationToken,
}

pub(crate) fn target_of(call: &Call) -> Target {
    Target { guid: call.guid.clone(), days: call.days.clone() }
}

impl Desk {
    /// Looks for a call's recording and plays it, from where it was left the last time. How it goes is told to `send`:
    /// `Found` or `Failed`, and after `Found` perhaps `Moved`. With `convert` the server is asked to convert it when it is
    /// nowhere: only for a recording the person asked for. A call nobody answered is looked for as well, but not
    /// converted: when it is nowhere there is nothing to convert (`neverAnswered`).
    ///
    /// # Errors
    /// `signedOut`.
    pub fn open_recording(
        &self,
        call: &Call,
        autoplay: bool,
        convert: bool,
        send: impl Fn(LocateUpdate) + Send + Sync + 'static,
    ) -> Result<(), Problem> {
        let seat = self.seat()?;
        self.keep_position(&seat);
        let cancel = CancellationToken::new();
        let (next, wanted) = watch::channel(None);
        let current = Current { call: call.clone(), heard: None, next, cancel: cancel.clone() };
        if let Some(before) = locked(&self.inner.listening.current).replace(current) {
            before.cancel.cancel();
        }
        seat.calls.forget_ahead(&call.guid);
        self.inner.player.unload();
        // The device opens while the recording is being found.
        self.inner.player.warm();
        let target = target_of(call);
        let answered = call.answered;
        let policy = if answered && convert { ConvertPolicy::WhenNowhere } else { ConvertPolicy::Never };
        let tell = move |update| match update {
            LocateUpdate::Failed { problem } if !answered && problem.code == "notFoundAnywhere" => {
                send(LocateUpdate::Failed { problem: self::problem("neverAnswered", [], false) });
            }
            update => send(update),
        };
        let desk = self.clone();
        tokio::spawn(async move {
            let opened = seat.calls.open(&target, policy, tell, &cancel).await;
            // A later click has taken the player over: this recording is nobody's any more.
            if cancel.is_cancelled() {
                return;
            }
            match opened {
                Ok(recording) => {
                    let left_at = seat.calls.position(&target.guid).unwrap_or_else(|error| {
                        desk.noted(from_calls(&error));
                        None
                    });
                    desk.now_hearing(&recording, &cancel);
                    let source = Arc::clone(&recording);
                    desk.trail("heard", &target.guid, serde_json::json!({}));
                    desk.inner.player.load_at(source, autoplay, left_at.unwrap_or(0.0));
                    tokio::select! {
                        () = cancel.cancelled() => {}
                        () = desk.attend(&seat, &target.guid, recording, wanted, &cancel) => {}
                    }
                }
                // `Failed` has gone to `send` already; that nobody answered is no trouble to keep.
                Err(atalaya_calls::Error::NotFoundAnywhere) if !answered => {}
                Err(error) => {
                    desk.noted(from_calls(&error));
                }
            }
        });
        Ok(())
    }

    /// The recording of the open call is this one from now on.
    fn now_hearing(&self, recording: &Arc<Recording>, cancel: &CancellationToken) {
        if let Some(current) = locked(&self.inner.listening.current).as_mut()
            && !cancel.is_cancelled()
        {
            current.heard = Some(Heard { recording: Arc::clone(recording) });
        }
    }

    /// While a recording is heard: keeps the position, goes on with another copy when it is lost, and fetches what is
    /// wanted next once it is here.
    async fn attend(
        &self,
        seat: &Seat,
        guid: &str,
        mut recording: Arc<Recording>,
        mut wanted: watch::Receiver<Option<Target>>,
        cancel: &CancellationToken,
    ) {
        let mut keep = tokio::time::interval(KEEP_EVERY);
        let (mut arriving, mut whole) = (true, false);
        let mut ahead = cancel.child_token();
        loop {
            tokio::select! {
                _ = keep.tick() => self.keep_position(seat),
                next = seat.calls.successor(guid, &recording), if arriving => match next {
                    Some(next) => {
                        self.now_hearing(&next, cancel);
                        self.inner.player.swap(Arc::clone(&next) as _);
                        recording = next;
                    }
                    None => (arriving, whole) = (false, recording.complete().await.is_ok()),
                },
                changed = wanted.changed(), if whole => {
                    if changed.is_err() {
                        return;
                    }
                    let target = wanted.borrow_and_update().clone();
                    ahead.cancel();
                    ahead = cancel.child_token();
                    if let Some(target) = target {
                        let (calls, ahead) = (seat.calls.clone(), ahead.clone());
                        tokio::spawn(async move { calls.prefetch(&target, &ahead).await });
                    }
                }
            }
        }
    }

    /// Fetches a recording the person will probably want next, once the open one is here; never converts. Nothing is
    /// fetched ahead without an open one, nor when another is opened meanwhile.
    pub fn prefetch_recording(&self, call: &Call) {
        if let Some(current) = locked(&self.inner.listening.current).as_ref() {
            current.next.send_replace(Some(target_of(call)));
        }
    }

    /// Remembers where the open recording is, unless that is its start or its end.
    fn keep_position(&self, seat: &Seat) {
        let open = locked(&self.inner.listening.current)
            .as_ref()
            .and_then(|current| current.heard.is_some().then(|| current.call.guid.clone()));
        let Some(guid) = open else { return };
        let now = self.inner.player.transport();
        // Just after another recording was opened it is still told where the one before was.
        if !self.inner.player.settled() || matches!(now.phase, Phase::Empty | Phase::Failed) {
            return;
        }
        let near_end =
            now.duration_exact && now.duration_secs.is_some_and(|secs| now.position_secs > secs - EDGE_SECS);
        // Where the sound was lost is no end: it goes on there when it is looked for again.
        let ended = now.phase == Phase::Ended && now.ends_at_secs.is_none();
        let left = !ended && !near_end && now.position_secs >= EDGE_SECS;
        if let Err(error) = seat.calls.keep_position(&guid, left.then_some(now.position_secs)) {
            self.noted(from_calls(&error));
        }
    }

    /// Stops looking (or converting) and empties the player; where it was is kept.
    pub fn close_recording(&self) {
        if let Ok(seat) = self.seat() {
            self.keep_position(&seat);
            seat.calls.forget_ahead("");
        }
        self.drop_recording();
    }

    fn drop_recording(&self) {
        if let Some(current) = locked(&self.inner.listening.current).take() {
            current.cancel.cancel();
        }
        self.inner.player.unload();
    }

    /// The same at the end of a session, whose seat is given up already.
    pub(crate) fn leave_recording(&self, seat: &Seat) {
        self.keep_position(seat);
        self.drop_recording();
    }

    /// The call whose recording is open.
    pub fn open_guid(&self) -> Option<String> {
        locked(&self.inner.listening.current).as_ref().map(|current| current.call.guid.clone())
    }

    /// Sends the player's updates to `send` for as long as it answers true. Blocks: give it a thread of its own.
    pub fn player_updates(&self, mut send: impl FnMut(PlayerUpdate) -> bool) {
        let events = self.inner.player.events();
        let first = [
            PlayerUpdate::Reset { guid: self.open_guid() },
            PlayerUpdate::Transport { transport: self.inner.player.transport() },
        ];
        for update in first {
            if !send(update) {
                return;
            }
        }
        for event in events {
            let update = match event {
                Event::Transport(transport) => PlayerUpdate::Transport { transport },
                Event::Peaks(peaks) => PlayerUpdate::Peaks { peaks },
                Event::Reset => PlayerUpdate::Reset { guid: self.open_guid() },
            };
            if !send(update) {
                return;
            }
        }
    }

    /// Sounds an alert where recordings sound.
    pub fn chime(&self, severity: Severity) {
        self.inner.player.chime(match severity {
            Severity::Warn => Chime::Warn,
            Severity::Bad => Chime::Bad,
        });
    }

    /// The transport's controls.
    pub fn player(&self) -> &atalaya_player::Player {
        &self.inner.player
    }

    /// Sets the volume, 0 to 1, and remembers it.
    ///
    /// # Errors
    /// The store's.
    pub fn set_volume(&self, volume: f32) -> Result<(), Problem> {
        let mut settings = self.settings();
        settings.volume = volume;
        self.set_settings(settings).map(|_| ())
    }

    /// Sets how recordings are heard, within its limits, and remembers it.
    ///
    /// # Errors
    /// The store's.
    pub fn set_hearing(&self, hearing: Hearing) -> Result<(), Problem> {
        let mut settings = self.settings();
        settings.hearing = hearing;
        self.set_settings(settings).map(|_| ())
    }
}
