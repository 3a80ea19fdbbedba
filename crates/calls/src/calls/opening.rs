//! Opening a recording: from this computer, from the place that has it, or converted; and fetching the next one ahead.

use std::sync::{Arc, PoisonError, Weak};
use std::time::Duration;

use atalaya_player::source::ByteSource;
use atalaya_store::Outcome;
use atalaya_ucontact::{ErrorKind, Format, Place};
use tokio_util::sync::CancellationToken;

use super::{Calls, ConvertPolicy, Target};
use crate::error::Error;
use crate::locate::{Wanted, locate};
use crate::recording::{Origin, Recording};
use crate::wire::{Attempt, LocateUpdate};

const BOTH: [Format; 2] = [Format::Mp3, Format::Gsm];
const EVERYWHERE: fn(&Place) -> bool = |_| false;
/// Other copies a recording may go on with, one after the other, when hosts are lost half way.
const COPIES: u8 = 3;
/// Waits before looking again after a conversion that may only have been queued.
const LOOK_AGAIN: [Duration; 6] = [
    Duration::from_millis(300),
    Duration::from_millis(700),
    Duration::from_millis(1_500),
    Duration::from_secs(3),
    Duration::from_secs(5),
    Duration::from_secs(8),
];

impl Calls {
    /// Opens a recording: from this computer, else from the place that has it, else, when allowed, by asking the server
    /// to convert it. `on` hears how it goes, `Found` or `Failed` last.
    ///
    /// # Errors
    /// Why it is not to be had.
    pub async fn open(
        &self,
        target: &Target,
        convert: ConvertPolicy,
        on: impl Fn(LocateUpdate) + Send + Sync + 'static,
        cancel: &CancellationToken,
    ) -> Result<Arc<Recording>, Error> {
        let clock = self.inner.client.clock();
        let begun = clock.steady();
        let on: Arc<dyn Fn(LocateUpdate) + Send + Sync> = Arc::new(on);
        let opened = self.look(target, convert, &on, cancel).await;
        match &opened {
            Ok((recording, cached)) => on(LocateUpdate::Found {
                place: recording.place(),
                millis: u32::try_from(clock.since(begun).as_millis()).unwrap_or(u32::MAX),
                cached: *cached,
            }),
            Err(error) => on(LocateUpdate::Failed { problem: error.problem() }),
        }
        opened.map(|(recording, _)| recording)
    }

    async fn look(
        &self,
        target: &Target,
        convert: ConvertPolicy,
        on: &Arc<dyn Fn(LocateUpdate) + Send + Sync>,
        cancel: &CancellationToken,
    ) -> Result<(Arc<Recording>, bool), Error> {
        on(LocateUpdate::Looking);
        if let Some(recording) = self.here(&target.guid) {
            return Ok((recording, true));
        }
        let tried = |attempt: Attempt| on(LocateUpdate::Tried { attempt });
        let inner = &self.inner;
        let Target { guid, days } = target;
        let wanted = Wanted { guid, days, formats: &BOTH, skip: &EVERYWHERE, foreign_too: false };
        let opened = match locate(&inner.client, &inner.stats, &wanted, &tried, cancel).await {
            Ok(opened) => opened,
            // Only "nowhere" is worth a conversion: a host that is down may well have it.
            Err(nothing) if nothing.says_nowhere() && convert == ConvertPolicy::WhenNowhere => {
                self.convert(target, nothing, on, cancel).await?
            }
            Err(error) => return Err(error),
        };
        let recording = Arc::new(Recording::arriving(self.origin(target, on), opened)?);
        self.remember_open(&target.guid, &recording);
        Ok((recording, false))
    }

    fn origin(&self, target: &Target, on: &Arc<dyn Fn(LocateUpdate) + Send + Sync>) -> Origin {
        let inner = &self.inner;
        Origin {
            client: inner.client.clone(),
            cache: Arc::clone(&inner.cache),
            stats: Arc::clone(&inner.stats),
            account: inner.account.clone(),
            guid: target.guid.clone(),
            days: target.days.clone(),
            on: Arc::clone(on),
            copies_left: COPIES,
            read_anew: false,
        }
    }

    /// A recording in a format that is not played, to be saved as it is (`foreignFormat` said that there is one).
    ///
    /// # Errors
    /// As [`Calls::open`].
    pub async fn open_as_it_is(
        &self,
        target: &Target,
        cancel: &CancellationToken,
    ) -> Result<Arc<Recording>, Error> {
        let Target { guid, days } = target;
        let wanted = Wanted { guid, days, formats: &BOTH, skip: &EVERYWHERE, foreign_too: true };
        let inner = &self.inner;
        let opened = locate(&inner.client, &inner.stats, &wanted, &|_| {}, cancel).await?;
        let silent: Arc<dyn Fn(LocateUpdate) + Send + Sync> = Arc::new(|_| {});
        Ok(Arc::new(Recording::arriving(self.origin(target, &silent), opened)?))
    }

    fn remember_open(&self, guid: &str, recording: &Arc<Recording>) {
        let mut open = self.inner.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, held| held.strong_count() > 0);
        open.insert(guid.to_owned(), Arc::downgrade(recording));
    }

    /// Waits until a recording is whole or lost; gives the copy it goes on with, when it was lost and there is one.
    pub async fn successor(&self, guid: &str, recording: &Recording) -> Option<Arc<Recording>> {
        let next = recording.successor().await?;
        self.remember_open(guid, &next);
        Some(next)
    }
    /// The session is over: no recording that is open is fetched on, and none fetched ahead is kept.
    pub fn abandon_recordings(&self) {
        self.forget_ahead("");
        let open: Vec<_> = {
            let open = self.inner.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.values().filter_map(Weak::upgrade).collect()
        };
        for recording in open {
            recording.abandon();
        }
    }

    /// On this computer already: open, fetched ahead, or kept.
    fn here(&self, guid: &str) -> Option<Arc<Recording>> {
        let inner = &self.inner;
        let open =
            inner.open.lock().unwrap_or_else(PoisonError::into_inner).get(guid).and_then(Weak::upgrade);
        if let Some(recording) = open.filter(|recording| !recording.broken()) {
            return Some(recording);
        }
        let (file, pinned, place, size) = inner.cache.find(&inner.account, guid)?;
        Recording::cached(file, pinned, place, size).map(Arc::new)
    }

    async fn convert(
        &self,
        target: &Target,
        nothing: Error,
        on: &Arc<dyn Fn(LocateUpdate) + Send + Sync>,
        cancel: &CancellationToken,
    ) -> Result<crate::recording::Opened, Error> {
        let inner = &self.inner;
        let Some(day) = target.days.first() else { return Err(nothing) };
        let _one_at_a_time = tokio::select! {
            turn = inner.converting.lock() => turn,
            () = cancel.cancelled() => return Err(Error::Cancelled),
        };
        on(LocateUpdate::Converting);
        let asked = {
            let (client, guid, day) = (inner.client.clone(), target.guid.clone(), day.clone());
            async move { client.convert(&guid, &day).await }
        };
        let detail = serde_json::json!({ "folder": day });
        let sent = inner.writes.send("convert", &target.guid, detail, asked, |_| ()).await?;
        match (sent.outcome, sent.error) {
            (Outcome::Done, _) => {}
            // The server's "0" is its word for "there is none": what the places said tells more.
            (Outcome::Refused(text), _) if text == "0" => return Err(nothing),
            (_, Some(error)) if error.kind == ErrorKind::Refused => {
                return Err(Error::ConvertRefused(error.detail.unwrap_or_default()));
            }
            (_, Some(error)) => return Err(error.into()),
            (_, None) => return Err(Error::SignedOut),
        }
        let tried = |attempt: Attempt| on(LocateUpdate::Tried { attempt });
        let mut last = Error::ConvertTimedOut;
        for (round, wait) in LOOK_AGAIN.into_iter().enumerate() {
            on(LocateUpdate::LookingAgain { round: round as u32 + 1, rounds: LOOK_AGAIN.len() as u32 });
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = cancel.cancelled() => return Err(Error::Cancelled),
            }
            let Target { guid, days } = target;
            let mp3 = &[Format::Mp3];
            let wanted = Wanted { guid, days, formats: mp3, skip: &EVERYWHERE, foreign_too: false };
            let found = locate(&inner.client, &inner.stats, &wanted, &tried, cancel).await;
            match found {
                Err(Error::NotFoundAnywhere) => last = Error::ConvertTimedOut,
                // Still being written, perhaps; in the end, what is there says more than that it was converted.
                Err(nothing) if nothing.says_nowhere() => last = nothing,
                other => return other,
            }
        }
        Err(last)
    }

    /// Fetches a recording that will probably be wanted next, whole; never converts, and says nothing when it fails. The
    /// one fetched ahead before is let go, and its fetch with it. Gives the recording, which may still be arriving.
    pub async fn prefetch(&self, target: &Target, cancel: &CancellationToken) -> Option<Arc<Recording>> {
        let silent: Arc<dyn Fn(LocateUpdate) + Send + Sync> = Arc::new(|_| {});
        let found = self.look(target, ConvertPolicy::Never, &silent, cancel).await;
        let (recording, here) = found.ok().filter(|_| !cancel.is_cancelled())?;
        if !here {
            *self.ahead() = Some((target.guid.clone(), Arc::clone(&recording)));
        }
        Some(recording)
    }

    /// Lets go what was fetched ahead, unless it is this one's turn: the person went elsewhere.
    pub fn forget_ahead(&self, unless: &str) {
        let mut ahead = self.ahead();
        if ahead.as_ref().is_some_and(|(guid, _)| guid != unless) {
            *ahead = None;
        }
    }

    fn ahead(&self) -> std::sync::MutexGuard<'_, Option<(String, Arc<Recording>)>> {
        self.inner.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The whole recording, as found.
    ///
    /// # Errors
    /// As [`Calls::open`], and `truncated` and the like when some of it is missing.
    pub async fn fetch_all(
        &self,
        target: &Target,
        convert: ConvertPolicy,
        on: impl Fn(LocateUpdate) + Send + Sync + 'static,
        cancel: &CancellationToken,
    ) -> Result<Vec<u8>, Error> {
        let (recording, missing) = self.fetch(target, convert, on, cancel).await?;
        missing.map_or_else(|| recording.bytes(), Err)
    }

    /// As much of a recording as can be had, and why it is not all.
    ///
    /// # Errors
    /// As [`Calls::open`].
    pub async fn fetch(
        &self,
        target: &Target,
        convert: ConvertPolicy,
        on: impl Fn(LocateUpdate) + Send + Sync + 'static,
        cancel: &CancellationToken,
    ) -> Result<(Arc<Recording>, Option<Error>), Error> {
        let recording = self.open(target, convert, on, cancel).await?;
        self.last_copy(&target.guid, recording, cancel).await
    }

    /// Waits until all of a recording is here that will come, of the copy it ends with; and says why that is not all.
    ///
    /// # Errors
    /// `cancelled`; why there is nothing of it.
    pub async fn last_copy(
        &self,
        guid: &str,
        mut recording: Arc<Recording>,
        cancel: &CancellationToken,
    ) -> Result<(Arc<Recording>, Option<Error>), Error> {
        loop {
            let next = tokio::select! {
                next = self.successor(guid, &recording) => next,
                () = cancel.cancelled() => return Err(Error::Cancelled),
            };
            match next {
                Some(next) => recording = next,
                None => break,
            }
        }
        let missing = recording.complete().await.err();
        match missing {
            Some(why) if recording.available_from(0) == 0 => Err(why),
            missing => Ok((recording, missing)),
        }
    }
}
