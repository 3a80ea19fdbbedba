//! Hearing a call: find its recording, hand it to the player, and say how it goes.
//!
//! One recording at a time: opening another one ends the search for the one before. Whoever opens one numbers it (its
//! ticket), each higher than the one before; what comes too late for its number is dropped, here as in the window.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use atalaya_calls::wire::{Call, LocateUpdate};
use atalaya_calls::{ConvertPolicy, Recording, Target};
use atalaya_player::Player;
use atalaya_player::wire::Phase;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::ground::Ground;
use super::measuring::Measuring;
use crate::locked::locked;
use crate::problem::{from_calls, problem};
use crate::wire::ListenRequest;

/// How often the position is kept.
const KEEP_EVERY: Duration = Duration::from_secs(5);
/// Nearer to the start or the end a recording is not left half way, seconds.
const EDGE_SECS: f64 = 3.0;
/// Numbers whose calls are remembered: the player may still tell of a recording that was replaced.
const REMEMBERED: usize = 16;

/// The recording being looked for or heard; clones are handles to the same one.
#[derive(Clone)]
pub struct Listening {
    ground: Ground,
    player: Player,
    measuring: Measuring,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// The highest number so far.
    newest: u64,
    current: Option<Current>,
    /// Which call was opened under which number, the newest last.
    opened: VecDeque<(u64, String)>,
}

struct Current {
    ticket: u64,
    call: Call,
    /// Once it was found.
    recording: Option<Arc<Recording>>,
    /// What is fetched once this one is here.
    next: watch::Sender<Option<Target>>,
    cancel: CancellationToken,
}

pub(crate) fn target_of(call: &Call) -> Target {
    Target { guid: call.guid.clone(), days: call.days.clone() }
}

impl Listening {
    pub(super) fn new(ground: Ground, player: Player, measuring: Measuring) -> Self {
        Self { ground, player, measuring, state: Arc::default() }
    }

    /// Looks for a call's recording and plays it: from `at_secs`, else from where it was left the last time. How it goes is
    /// told to `send`: `Found` or `Failed`, and after `Found` perhaps `Moved`. When it is nowhere the server is asked to
    /// convert it, if the person `asked` for this very recording. A call nobody answered is looked for as well, but not
    /// converted: when it is nowhere there is nothing to convert (`neverAnswered`). A request with a lower number than one
    /// before is dropped: somebody has clicked on since.
    pub fn open(&self, request: ListenRequest, send: impl Fn(LocateUpdate) + Send + Sync + 'static) {
        let ListenRequest { call, at_secs, asked, ticket } = request;
        self.keep_position();
        let cancel = self.ground.tasks.token();
        let (next, wanted) = watch::channel(None);
        let (target, answered) = (target_of(&call), call.answered || call.others_unread);
        {
            let mut state = locked(&self.state);
            if ticket < state.newest {
                tracing::debug!("a recording was asked for too late");
                return;
            }
            state.newest = ticket;
            state.opened.push_back((ticket, call.guid.clone()));
            if state.opened.len() > REMEMBERED {
                state.opened.pop_front();
            }
            let current = Current { ticket, call, recording: None, next, cancel: cancel.clone() };
            if let Some(before) = state.current.replace(current) {
                before.cancel.cancel();
            }
            self.player.unload(ticket);
        }
        self.ground.calls.forget_ahead(&target.guid);
        // The device opens while the recording is being found.
        self.player.warm();
        let policy = if answered && asked { ConvertPolicy::WhenNowhere } else { ConvertPolicy::Never };
        let tell = move |update| match update {
            LocateUpdate::Failed { problem } if !answered && problem.code == "notFoundAnywhere" => {
                send(LocateUpdate::Failed { problem: self::problem("neverAnswered", [], false) });
            }
            update => send(update),
        };
        let here = self.clone();
        self.ground.tasks.spawn(async move {
            let Ground { calls, .. } = &here.ground;
            match calls.open(&target, policy, tell, &cancel).await {
                Ok(recording) => {
                    let from = at_secs.or_else(|| here.left_at(&target.guid)).unwrap_or(0.0);
                    // A later click may have taken the player over: then this recording is nobody's any more.
                    if !here.load(ticket, &recording, from) {
                        return;
                    }
                    here.ground.trail("heard", &target.guid, serde_json::json!({}));
                    tokio::select! {
                        () = cancel.cancelled() => {}
                        () = here.attend(ticket, &target.guid, recording, wanted, &cancel) => {}
                    }
                }
                // `Failed` has gone to `send` already; that nobody answered is no trouble to keep, nor that nobody waits.
                Err(atalaya_calls::Error::NotFoundAnywhere) if !answered => {}
                Err(_) if cancel.is_cancelled() => {}
                Err(error) => {
                    here.ground.noted(from_calls(&error));
                }
            }
        });
    }

    fn left_at(&self, guid: &str) -> Option<f64> {
        self.ground.calls.position(guid).unwrap_or_else(|error| {
            self.ground.noted(from_calls(&error));
            None
        })
    }

    /// Gives the player the recording of the open call. Looking whether it still is the open one and handing it over are
    /// one step: nothing comes between them. False when it is not.
    fn load(&self, ticket: u64, recording: &Arc<Recording>, from: f64) -> bool {
        self.with_current(ticket, recording, |recording| {
            self.player.load_at(ticket, recording, true, from);
        })
    }

    /// The open call goes on with another copy.
    fn swap(&self, ticket: u64, recording: &Arc<Recording>) -> bool {
        self.with_current(ticket, recording, |recording| self.player.swap(recording))
    }

    fn with_current(
        &self,
        ticket: u64,
        recording: &Arc<Recording>,
        hand_over: impl FnOnce(Arc<Recording>),
    ) -> bool {
        let mut state = locked(&self.state);
        let Some(current) = state.current.as_mut() else { return false };
        if current.ticket != ticket || current.cancel.is_cancelled() {
            return false;
        }
        current.recording = Some(Arc::clone(recording));
        hand_over(Arc::clone(recording));
        true
    }

    /// While a recording is heard: keeps the position, goes on with another copy when it is lost, and fetches what is
    /// wanted next once it is here.
    async fn attend(
        &self,
        ticket: u64,
        guid: &str,
        mut recording: Arc<Recording>,
        mut wanted: watch::Receiver<Option<Target>>,
        cancel: &CancellationToken,
    ) {
        let calls = &self.ground.calls;
        let mut keep = tokio::time::interval(KEEP_EVERY);
        let (mut arriving, mut whole) = (true, false);
        let mut ahead = cancel.child_token();
        loop {
            tokio::select! {
                _ = keep.tick() => self.keep_position(),
                next = calls.successor(guid, &recording), if arriving => match next {
                    Some(next) => {
                        if !self.swap(ticket, &next) {
                            return;
                        }
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
                        let (calls, ahead, measuring) = (calls.clone(), ahead.clone(), self.measuring.clone());
                        self.ground.tasks.spawn(async move {
                            if let Some(recording) = calls.prefetch(&target, &ahead).await {
                                measuring.recording(&target.guid, recording, &ahead).await;
                            }
                        });
                    }
                }
            }
        }
    }

    /// Fetches a recording the person will probably want next, once the open one is here; never converts. Nothing is
    /// fetched ahead without an open one, nor when another is opened meanwhile.
    pub fn prefetch(&self, call: &Call) {
        if let Some(current) = locked(&self.state).current.as_ref() {
            current.next.send_replace(Some(target_of(call)));
        }
    }

    /// Remembers where the open recording is, unless that is its start or its end.
    fn keep_position(&self) {
        let open = locked(&self.state).current.as_ref().and_then(|current| {
            current.recording.is_some().then(|| (current.ticket, current.call.guid.clone()))
        });
        let Some((ticket, guid)) = open else { return };
        let now = self.player.transport();
        // Just after another recording was opened it is still told where the one before was.
        let settled = self.player.settled() && self.player.ticket() == ticket;
        if !settled || matches!(now.phase, Phase::Empty | Phase::Failed) {
            return;
        }
        let near_end =
            now.duration_exact && now.duration_secs.is_some_and(|secs| now.position_secs > secs - EDGE_SECS);
        // Where the sound was lost is no end: it goes on there when it is looked for again.
        let ended = now.phase == Phase::Ended && now.ends_at_secs.is_none();
        let left = !ended && !near_end && now.position_secs >= EDGE_SECS;
        if let Err(error) = self.ground.calls.keep_position(&guid, left.then_some(now.position_secs)) {
            self.ground.noted(from_calls(&error));
        }
    }

    /// Stops looking (or converting) and empties the player; where it was is kept. What was opened under this number or
    /// a lower one is not opened any more, a higher one is left alone: somebody has clicked on since.
    pub fn close(&self, ticket: u64) {
        self.keep_position();
        let mut state = locked(&self.state);
        if state.newest > ticket {
            tracing::debug!("a recording was to be closed too late");
            return;
        }
        // One that is asked for under the same number comes after its own end.
        state.newest = ticket.saturating_add(1);
        self.empty(&mut state);
    }

    /// The session is over: nothing is heard of it any more.
    pub(super) fn end(&self) {
        self.keep_position();
        self.empty(&mut locked(&self.state));
    }

    fn empty(&self, state: &mut State) {
        self.ground.calls.forget_ahead("");
        if let Some(current) = state.current.take() {
            current.cancel.cancel();
        }
        self.player.unload(state.newest);
    }

    /// The call whose recording is open, or being looked for.
    pub fn open_call(&self) -> Option<Call> {
        locked(&self.state).current.as_ref().map(|current| current.call.clone())
    }

    /// The open call and its recording; `None` before it was found.
    pub(crate) fn open_recording(&self) -> Option<(Call, Arc<Recording>)> {
        let state = locked(&self.state);
        let current = state.current.as_ref()?;
        Some((current.call.clone(), current.recording.clone()?))
    }

    /// Whose recording was opened under this number.
    pub(crate) fn guid_of(&self, ticket: u64) -> Option<String> {
        let state = locked(&self.state);
        state.opened.iter().rev().find(|(of, _)| *of == ticket).map(|(_, guid)| guid.clone())
    }
}
