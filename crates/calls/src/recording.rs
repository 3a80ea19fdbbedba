//! A recording that may still be arriving: a sparse file, a task that fills it from where bytes are wanted, and a
//! reader for the player.
//!
//! Every range is checked against the one before (length and ETag, or the bytes themselves): bytes of two files are never
//! mixed. A copy elsewhere that is not provably the same bytes, and what a file was replaced with, becomes a recording of
//! its own, the *successor*, heard on from the same second.
//! Left out on purpose: finding it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use atalaya_player::container::{self, Contained, Foreign, Look};
use atalaya_player::source::ByteSource;
use atalaya_ucontact::{Client, Place, RecordingResponse};
use futures_util::future::BoxFuture;
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::cache::{Cache, Pinned, remove};
use crate::error::Error;
use crate::places::PlaceStats;
use crate::ranges::Ranges;
use crate::wire;

mod fetch;
pub(crate) mod same_file;

use fetch::Fetch;
use same_file::SameFile;

/// Largest recording, bytes.
pub(crate) const LIMIT: u64 = 500 * 1024 * 1024;

/// What a recording's bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    Sound(Contained),
    /// Nothing that is played; it can be saved as it is.
    Foreign(Foreign),
}

/// What a place answered first: the beginning of the recording.
pub(crate) struct Opened {
    pub(crate) place: Place,
    pub(crate) kept: Kept,
    pub(crate) first: Vec<u8>,
    pub(crate) total: Option<u64>,
    pub(crate) file: SameFile,
    /// The rest follows on its own, when the server ignored the range.
    pub(crate) rest: Option<RecordingResponse>,
}

/// Whose recording it is, and what is needed to look for it elsewhere.
#[derive(Clone)]
pub(crate) struct Origin {
    pub(crate) client: Client,
    pub(crate) cache: Arc<Cache>,
    pub(crate) stats: Arc<PlaceStats>,
    pub(crate) account: String,
    pub(crate) guid: String,
    pub(crate) days: Vec<String>,
    /// Who hears of another place.
    pub(crate) on: Arc<dyn Fn(wire::LocateUpdate) + Send + Sync>,
    /// How many more copies may follow this one.
    pub(crate) copies_left: u8,
    /// The file was replaced while it was read, and this is what it was replaced with.
    pub(crate) read_anew: bool,
}

/// A recording, whole or arriving.
pub struct Recording {
    shared: Arc<Shared>,
    kept: Kept,
    fetch: Option<DropGuard>,
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
    /// What is wrong with the way to the rest.
    trouble: Option<&'static str>,
    /// Another copy, to be heard instead.
    successor: Option<Arc<Recording>>,
    place: Place,
    version: u64,
    part: Option<PathBuf>,
    /// Keeps the file from being removed while it is read.
    pinned: Option<Pinned>,
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
        f.debug_struct("Recording").field("place", &self.place()).finish_non_exhaustive()
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

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let mut state = self.state();
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

    /// Where to read from so that up to `most` bytes before `start`, here already, come once more.
    fn overlapping(&self, start: u64, most: u64) -> u64 {
        let state = self.state();
        let here = |from: u64| state.have.from(from) >= start - from;
        let from = start.saturating_sub(most);
        if here(from) { from } else { start }
    }

    /// Adds what came, unless what is here of it already differs: then nothing of it is taken, and `false`.
    fn put(&self, offset: u64, bytes: &[u8]) -> io::Result<bool> {
        let mut state = self.state();
        let end = offset + bytes.len() as u64;
        let mut at = offset;
        while at < end {
            let here = state.have.from(at).min(end - at);
            if here == 0 {
                at = state.have.next_start(at).unwrap_or(end);
                continue;
            }
            let mut ours = vec![0; here as usize];
            state.file.seek(SeekFrom::Start(at))?;
            state.file.read_exact(&mut ours)?;
            let from = (at - offset) as usize;
            if bytes[from..from + ours.len()] != ours {
                return Ok(false);
            }
            at += here;
        }
        state.file.seek(SeekFrom::Start(offset))?;
        state.file.write_all(bytes)?;
        state.have.add(offset, bytes.len() as u64);
        self.tell(state);
        Ok(true)
    }
}

impl Recording {
    /// One that is on this computer; `None` when its file is damaged, or was kept for something that is no sound.
    pub(crate) fn cached(mut file: File, pinned: Pinned, place: Place, size: u64) -> Option<Self> {
        let contained = match contained(&mut file) {
            Ok(contained) => contained?,
            Err(error) => {
                tracing::warn!(%error, "a recording in the cache could not be read");
                return None;
            }
        };
        let mut have = Ranges::default();
        have.add(0, size);
        let state = State {
            file,
            have,
            total: Some(size),
            wanted: 0,
            end: End::Whole,
            trouble: None,
            successor: None,
            place,
            version: 0,
            part: None,
            pinned: Some(pinned),
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            changed: Condvar::new(),
            news: watch::Sender::new(0),
        });
        Some(Self { shared, kept: Kept::Sound(contained), fetch: None })
    }

    /// One whose beginning is here; the rest is fetched until the recording is dropped.
    pub(crate) fn arriving(origin: Origin, opened: Opened) -> Result<Self, Error> {
        if opened.total.is_some_and(|total| total > LIMIT) {
            return Err(Error::TooLarge);
        }
        let (file, part) = origin.cache.begin()?;
        let state = State {
            file,
            have: Ranges::default(),
            total: opened.total,
            wanted: 0,
            end: End::NotYet,
            trouble: None,
            successor: None,
            place: opened.place,
            version: 0,
            part: Some(part),
            pinned: None,
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            changed: Condvar::new(),
            news: watch::Sender::new(0),
        });
        shared.put(0, &opened.first)?;
        let stop = CancellationToken::new();
        let kept = opened.kept;
        let fetch = Fetch { origin, kept, file: opened.file, shared: Arc::clone(&shared) };
        let stopped = stop.clone();
        // Boxed: a fetch may begin another recording's.
        let run: BoxFuture<'static, ()> = Box::pin(fetch.run(opened.rest));
        tokio::spawn(async move {
            tokio::select! {
                () = stopped.cancelled() => {}
                () = run => {}
            }
        });
        Ok(Self { shared, kept, fetch: Some(stop.drop_guard()) })
    }

    /// Where it comes from.
    pub fn place(&self) -> Place {
        self.shared.state().place.clone()
    }

    /// What its bytes are, whatever its place is called; `None`: nothing that is played.
    pub fn contained(&self) -> Option<Contained> {
        match self.kept {
            Kept::Sound(contained) => Some(contained),
            Kept::Foreign(_) => None,
        }
    }

    /// What the name of a file of its bytes ends in, without the dot.
    pub fn ending(&self) -> &'static str {
        match self.kept {
            Kept::Sound(contained) => contained.ending(),
            Kept::Foreign(foreign) => foreign.ending,
        }
    }

    /// The copy to hear on from, once the rest of this one cannot be had. `None` when it is whole, or there is none.
    pub async fn successor(&self) -> Option<Arc<Recording>> {
        // How it ended is in the state.
        let _ = self.complete().await;
        self.shared.state().successor.clone()
    }

    /// Waits until everything that will come is here.
    ///
    /// # Errors
    /// `truncated` when the end is missing, `recordingChanged`, `signedOut` and the like when it failed.
    pub async fn complete(&self) -> Result<(), Error> {
        let mut news = self.shared.news.subscribe();
        loop {
            {
                let state = self.shared.state();
                match &state.end {
                    End::NotYet => {}
                    End::Whole => return Ok(()),
                    End::Cut if state.trouble.is_some() => return Err(Error::HostDown),
                    End::Cut => {
                        let have = state.have.from(0);
                        return Err(Error::Truncated { have, declared: state.total.unwrap_or(have) });
                    }
                    End::Failed("recordingChanged") => return Err(Error::Changed),
                    End::Failed("recordingTooLarge") => return Err(Error::TooLarge),
                    End::Failed("signedOut") => return Err(Error::SignedOut),
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

    /// The session is over: what is not here never comes, and whoever waits for it is told.
    pub(crate) fn abandon(&self) {
        if let Some(fetch) = &self.fetch {
            fetch.token().cancel();
        }
        let mut state = self.shared.state();
        if state.end == End::NotYet {
            state.end = End::Failed("signedOut");
            self.shared.tell(state);
        }
    }

    /// How much of it is here from its start, in hundredths, 99 at most; `None` where nobody said how long it is.
    pub fn percent_here(&self) -> Option<u8> {
        let state = self.shared.state();
        let total = state.total.filter(|total| *total > 0)?;
        Some((state.have.from(0).saturating_mul(100) / total).min(99) as u8)
    }

    /// Whether no more of it comes although it is not whole: to be looked for anew when it is wanted again.
    pub fn broken(&self) -> bool {
        matches!(self.shared.state().end, End::Cut | End::Failed(_))
    }
}

/// What a whole file's bytes are; `None`: no sound.
fn contained(file: &mut File) -> io::Result<Option<Contained>> {
    let mut wanted = container::FIRST;
    loop {
        let mut first = Vec::with_capacity(wanted);
        file.seek(SeekFrom::Start(0))?;
        (&*file).take(wanted as u64).read_to_end(&mut first)?;
        match container::look(&first, first.len() < wanted) {
            Look::Sound(contained) => return Ok(Some(contained)),
            Look::More(more) => wanted = more,
            Look::Not(_) => return Ok(None),
        }
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
        self.shared.read_at(offset, buf)
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

    fn trouble(&self) -> Option<&'static str> {
        let state = self.shared.state();
        match state.end {
            End::Failed(why) => Some(why),
            _ => state.trouble,
        }
    }
}
