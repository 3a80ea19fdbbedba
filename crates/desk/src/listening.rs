//! Hearing a call: find its recording, hand it to the player, and say how it goes.
//!
//! One recording at a time: opening another one ends the search for the one before.

use std::sync::{Arc, Mutex};

use atalaya_calls::wire::{Call, FindUpdate, Place};
use atalaya_calls::{ConvertPolicy, Target};
use atalaya_floor::wire::Severity;
use atalaya_player::wire::Hearing;
use atalaya_player::{Chime, Event, Format};
use atalaya_ucontact::Problem;
use tokio_util::sync::CancellationToken;

use crate::desk::{Desk, locked};
use crate::problem::{from_calls, problem};
use crate::saving::Heard;
use crate::wire::PlayerUpdate;

/// The recording being looked for or heard.
#[derive(Default)]
pub(crate) struct Listening {
    pub(crate) current: Mutex<Option<Current>>,
}

pub(crate) struct Current {
    pub(crate) guid: String,
    /// Once it was found.
    pub(crate) heard: Option<Heard>,
    cancel: CancellationToken,
}

fn target_of(call: &Call) -> Target {
    Target { guid: call.guid.clone(), days: call.days.clone() }
}

fn format_of(place: &Place) -> Format {
    match place.format.as_str() {
        "gsm" => Format::Gsm,
        _ => Format::Mp3,
    }
}

impl Desk {
    /// Looks for a call's recording, converting it on the server when it is nowhere, and plays it. How it goes is told
    /// to `send`, ending with `Found` or `Failed`. A call nobody answered is looked for as well, but not converted: when
    /// it is nowhere there is nothing to convert (`neverAnswered`).
    ///
    /// # Errors
    /// `signedOut`.
    pub fn open_recording(
        &self,
        call: &Call,
        autoplay: bool,
        send: impl Fn(FindUpdate) + Send + Sync + 'static,
    ) -> Result<(), Problem> {
        let seat = self.seat()?;
        let cancel = CancellationToken::new();
        let before = locked(&self.inner.listening.current).replace(Current {
            guid: call.guid.clone(),
            heard: None,
            cancel: cancel.clone(),
        });
        if let Some(before) = before {
            before.cancel.cancel();
        }
        self.inner.player.unload();
        // The device opens while the recording is being found.
        self.inner.player.warm();
        let target = target_of(call);
        let answered = call.answered;
        let convert = if answered { ConvertPolicy::WhenNowhere } else { ConvertPolicy::Never };
        let tell = move |update| match update {
            FindUpdate::Failed { problem } if !answered && problem.code == "notFoundAnywhere" => {
                send(FindUpdate::Failed { problem: self::problem("neverAnswered", [], false) });
            }
            update => send(update),
        };
        let desk = self.clone();
        tokio::spawn(async move {
            let opened = seat.calls.open(&target, convert, tell, &cancel).await;
            // A later click has taken the player over: this recording is nobody's any more.
            if cancel.is_cancelled() {
                return;
            }
            match opened {
                Ok(recording) => {
                    let format = format_of(&recording.place());
                    if let Some(current) = locked(&desk.inner.listening.current).as_mut()
                        && !cancel.is_cancelled()
                    {
                        current.heard = Some(Heard { source: Arc::clone(&recording) as _, format });
                    }
                    desk.trail("heard", &target.guid, serde_json::json!({}));
                    desk.inner.player.load(recording, format, autoplay);
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

    /// Fetches a recording the person will probably want next; never converts.
    ///
    /// # Errors
    /// `signedOut`.
    pub fn prefetch_recording(&self, call: &Call) -> Result<(), Problem> {
        let seat = self.seat()?;
        let target = target_of(call);
        tokio::spawn(async move { seat.calls.prefetch(&target).await });
        Ok(())
    }

    /// Stops looking (or converting) and empties the player.
    pub fn close_recording(&self) {
        if let Some(current) = locked(&self.inner.listening.current).take() {
            current.cancel.cancel();
        }
        self.inner.player.unload();
    }

    /// The call whose recording is open.
    pub fn open_guid(&self) -> Option<String> {
        locked(&self.inner.listening.current).as_ref().map(|current| current.guid.clone())
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
