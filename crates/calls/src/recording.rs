//! A recording that may still be arriving: a sparse file, a task that fills it from where bytes are wanted, and a
//! reader for the player.
//!
//! Every range is checked against the one before (length and ETag): bytes of two files are never mixed. Left out on
//! purpose: finding it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use atalaya_player::source::ByteSource;
use atalaya_ucontact::{ByteRange, Client, Error as ServerError, ErrorKind, Place, RecordingResponse};
use bytes::Bytes;
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::cache::{Cache, Held, remove};
use crate::error::Error;
use crate::places::to_wire;
use crate::ranges::Ranges;
use crate::wire;

/// Largest recording, bytes.
pub(crate) const LIMIT: u64 = 500 * 1024 * 1024;
/// Bytes this close ahead come sooner by waiting than by asking anew.
const NEAR: u64 = 64 * 1024;
const RESUME_FIRST: Duration = Duration::from_millis(50);
const RESUME_CAP: Duration = Duration::from_secs(5);
const RESUMES: u32 = 5;

/// What a place answered first: the beginning of the recording.
pub(crate) struct Opened {
    pub(crate) place: Place,
    pub(crate) first: Vec<u8>,
    pub(crate) total: Option<u64>,
    pub(crate) etag: Option<String>,
    /// The rest follows on its own, when the server ignored the range.
    pub(crate) rest: Option<RecordingResponse>,
}

/// A recording, whole or arriving.
pub struct Recording {
    shared: Arc<Shared>,
    place: Place,
    _fetch: Option<DropGuard>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    /// The same news for tasks.
    news: watch::Sender<u64>,
}

struct State {
    file: File,
    have: Ranges,
    total: Option<u64>,
    wanted: u64,
    end: End,
    version: u64,
    part: Option<PathBuf>,
    /// Keeps the file from being removed while it is read.
    held: Option<Held>,
}

/// How the arriving ended.
#[derive(Debug, Clone, PartialEq, Eq)]
enum End {
    NotYet,
    Whole,
    /// What is here is all that can be had.
    Cut,
    Failed(&'static str),
}

impl std::fmt::Debug for Recording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recording").field("place", &self.place).finish_non_exhaustive()
    }
}

impl Drop for State {
    fn drop(&mut self) {
        if let Some(part) = self.part.take() {
            remove(&part);
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // Every change below is made whole before anybody can see it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, mut state: MutexGuard<'_, State>) {
        state.version += 1;
        let version = state.version;
        drop(state);
        self.changed.notify_all();
        self.news.send_replace(version);
    }

    fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        state.file.seek(SeekFrom::Start(offset))?;
        state.file.write_all(bytes)?;
        state.have.add(offset, bytes.len() as u64);
        self.tell(state);
        Ok(())
    }
}

impl Recording {
    /// One that is on this computer.
    pub(crate) fn cached(file: File, held: Held, place: Place, size: u64) -> Self {
        let mut have = Ranges::default();
        have.add(0, size);
        let state = State {
            file,
            have,
            total: Some(size),
            wanted: 0,
            end: End::Whole,
            version: 0,
            part: None,
            held: Some(held),
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            changed: Condvar::new(),
            news: watch::Sender::new(0),
        });
        Self { shared, place, _fetch: None }
    }

    /// One whose beginning is here; the rest is fetched until the recording is dropped.
    pub(crate) fn arriving(
        client: Client,
        cache: &Arc<Cache>,
        account: &str,
        guid: &str,
        opened: Opened,
    ) -> Result<Self, Error> {
        if opened.total.is_some_and(|total| total > LIMIT) {
            return Err(Error::TooLarge);
        }
        let (file, part) = cache.begin()?;
        let state = State {
            file,
            have: Ranges::default(),
            total: opened.total,
            wanted: 0,
            end: End::NotYet,
            version: 0,
            part: Some(part),
            held: None,
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            changed: Condvar::new(),
            news: watch::Sender::new(0),
        });
        shared.write(0, &opened.first)?;
        let place = opened.place.clone();
        let stop = CancellationToken::new();
        let fetch = Fetch {
            client,
            cache: Arc::clone(cache),
            account: account.to_owned(),
            guid: guid.to_owned(),
            place: opened.place,
            etag: opened.etag,
            shared: Arc::clone(&shared),
        };
        let stopped = stop.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = stopped.cancelled() => {}
                () = fetch.run(opened.rest) => {}
            }
        });
        Ok(Self { shared, place, _fetch: Some(stop.drop_guard()) })
    }

    /// Where it was found.
    pub fn place(&self) -> wire::Place {
        to_wire(&self.place)
    }

    /// Waits until everything that will come is here.
    ///
    /// # Errors
    /// `truncated` when the end is missing, `recordingChanged` and the like when it failed.
    pub async fn complete(&self) -> Result<(), Error> {
        let mut news = self.shared.news.subscribe();
        loop {
            {
                let state = self.shared.state();
                match &state.end {
                    End::NotYet => {}
                    End::Whole => return Ok(()),
                    End::Cut => {
                        let have = state.have.from(0);
                        return Err(Error::Truncated { have, declared: state.total.unwrap_or(have) });
                    }
                    End::Failed("recordingChanged") => return Err(Error::Changed),
                    End::Failed("recordingTooLarge") => return Err(Error::TooLarge),
                    End::Failed(_) => return Err(Error::HostDown),
                }
            }
            if news.changed().await.is_err() {
                return Err(Error::HostDown);
            }
        }
    }

    /// Everything that is here from the start.
    ///
    /// # Errors
    /// The disk's.
    pub fn bytes(&self) -> Result<Vec<u8>, Error> {
        let mut state = self.shared.state();
        let length = state.have.from(0);
        state.file.seek(SeekFrom::Start(0))?;
        let mut bytes = vec![0; length as usize];
        state.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// Whether the end is missing for good.
    pub fn truncated(&self) -> bool {
        self.shared.state().end == End::Cut
    }
}

impl ByteSource for Recording {
    fn len(&self) -> Option<u64> {
        self.shared.state().total
    }

    fn available_from(&self, offset: u64) -> u64 {
        self.shared.state().have.from(offset)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let mut state = self.shared.state();
        let ready = state.have.from(offset).min(buf.len() as u64) as usize;
        if ready == 0 {
            if let End::Failed(why) = state.end {
                return Err(io::Error::other(why));
            }
            return Ok(0);
        }
        state.file.seek(SeekFrom::Start(offset))?;
        state.file.read_exact(&mut buf[..ready])?;
        Ok(ready)
    }

    fn want(&self, offset: u64) {
        let mut state = self.shared.state();
        if state.wanted != offset {
            state.wanted = offset;
            self.shared.tell(state);
        }
    }

    fn wait_changed(&self, timeout: Duration) -> bool {
        let state = self.shared.state();
        let version = state.version;
        let waited = self.shared.changed.wait_timeout_while(state, timeout, |state| state.version == version);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.version != version
    }

    fn is_complete(&self) -> bool {
        self.shared.state().end != End::NotYet
    }
}

/// Fills one recording.
struct Fetch {
    client: Client,
    cache: Arc<Cache>,
    account: String,
    guid: String,
    place: Place,
    etag: Option<String>,
    shared: Arc<Shared>,
}

/// Why a stream was left.
enum Left {
    /// Its end was reached.
    Ended,
    /// Bytes elsewhere are wanted first.
    WantedElsewhere,
    /// The connection failed.
    Broken(ServerError),
    /// The file is another one now.
    Changed,
    TooLarge,
    Disk(io::Error),
}

impl Fetch {
    async fn run(self, rest: Option<RecordingResponse>) {
        let end = self.fill(rest).await;
        if let End::Failed(why) = end {
            tracing::debug!(place = self.place.label(), why, "a recording could not be fetched whole");
        }
        let mut state = self.shared.state();
        if end == End::Whole
            && let Some(part) = state.part.clone()
        {
            match self.cache.finish(&part, &self.account, &self.guid, &self.place) {
                Ok(held) => {
                    state.part = None;
                    state.held = Some(held);
                }
                // It is heard all the same; only the next time it is fetched again.
                Err(error) => tracing::warn!(%error, "a recording could not be kept"),
            }
        }
        state.end = end;
        self.shared.tell(state);
    }

    async fn fill(&self, rest: Option<RecordingResponse>) -> End {
        let mut stream = rest.map(|response| (self.received(), response));
        let mut futile = 0;
        loop {
            let Some(next) = self.next_gap() else { return End::Whole };
            let before = self.received();
            let left = match stream.take() {
                Some((at, response)) => self.drain(at, response).await,
                None => match self.ask(next).await {
                    Ok((at, response)) => self.drain(at, response).await,
                    Err(left) => left,
                },
            };
            match left {
                Left::Ended => {
                    let mut state = self.shared.state();
                    // A length nobody declared is what came.
                    if state.total.is_none() {
                        state.total = Some(state.have.from(0));
                        return End::Whole;
                    }
                }
                Left::WantedElsewhere => continue,
                Left::Changed => return End::Failed("recordingChanged"),
                Left::TooLarge => return End::Failed("recordingTooLarge"),
                Left::Disk(error) => {
                    tracing::warn!(%error, "a recording could not be written to the cache");
                    return End::Failed("cacheFailed");
                }
                Left::Broken(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Forbidden) => {
                    return End::Cut;
                }
                Left::Broken(_) => {}
            }
            futile = if self.received() > before { 0 } else { futile + 1 };
            if futile >= RESUMES {
                return End::Cut;
            }
            if futile > 0 {
                tokio::time::sleep(RESUME_FIRST.saturating_mul(1 << (futile - 1)).min(RESUME_CAP)).await;
            }
        }
    }

    fn received(&self) -> u64 {
        let state = self.shared.state();
        let mut at = 0;
        let mut sum = 0;
        while let Some(start) = state.have.next_start(at) {
            let length = state.have.from(start);
            sum += length;
            at = start + length;
        }
        sum
    }

    /// Where to read next: what is wanted, then the first gap.
    fn next_gap(&self) -> Option<u64> {
        let state = self.shared.state();
        let Some(total) = state.total else { return Some(state.have.first_gap(0)) };
        let wanted = state.have.first_gap(state.wanted.min(total));
        if wanted < total {
            return Some(wanted);
        }
        let first = state.have.first_gap(0);
        (first < total).then_some(first)
    }

    async fn ask(&self, start: u64) -> Result<(u64, RecordingResponse), Left> {
        let range = ByteRange { start, end: None };
        let answer = self.client.recording(&self.place, &self.guid, Some(range), self.etag.as_deref()).await;
        let response = answer.map_err(Left::Broken)?;
        let total = self.shared.state().total;
        let same_length = response.total.is_none() || total.is_none() || response.total == total;
        let same_tag = self.etag.is_none() || response.etag.is_none() || response.etag == self.etag;
        if !same_length || !same_tag {
            return Err(Left::Changed);
        }
        Ok((response.start, response))
    }

    async fn drain(&self, at: u64, mut response: RecordingResponse) -> Left {
        let mut position = at;
        loop {
            let chunk: Bytes = match response.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => return Left::Ended,
                Err(error) => return Left::Broken(error),
            };
            if position + chunk.len() as u64 > LIMIT {
                return Left::TooLarge;
            }
            if let Err(error) = self.shared.write(position, &chunk) {
                return Left::Disk(error);
            }
            position += chunk.len() as u64;
            if self.next_gap().is_some_and(|gap| gap < position || gap > position + NEAR) {
                return Left::WantedElsewhere;
            }
        }
    }
}
