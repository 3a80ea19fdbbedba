//! Everything about calls for one signed-in session.

mod finding;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use atalaya_store::{Outcome, Store, Write};
use atalaya_ucontact::{Client, Format};
use tokio::sync::RwLock;
use tokio_util::sync::CancellationToken;

use crate::cache::Cache;
use crate::error::Error;
use crate::find::find;
use crate::marks::Marks;
use crate::places::Known;
use crate::recording::Recording;
use crate::tags::{TagTarget, Tags};
use crate::wire::{self, Attempt, FindUpdate, Tag};

const BOTH: [Format; 2] = [Format::Mp3, Format::Gsm];
/// Waits before looking again after a conversion that may only have been queued.
const LOOK_AGAIN: [Duration; 6] = [
    Duration::from_millis(300),
    Duration::from_millis(700),
    Duration::from_millis(1_500),
    Duration::from_secs(3),
    Duration::from_secs(5),
    Duration::from_secs(8),
];

/// The recording of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The call.
    pub guid: String,
    /// Days (`yyyymmdd`) whose folder may hold it, likeliest first.
    pub days: Vec<String>,
}

/// Whether the server may be asked to convert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConvertPolicy {
    /// No: nobody asked for this recording.
    Never,
    /// When it is in none of the places: a person asked for it.
    WhenNowhere,
}

/// A kind of place, and how it has answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceSeen {
    /// Where; the day stands for any.
    pub place: wire::Place,
    /// HTTP status of its last answer.
    pub last_status: Option<u16>,
    /// Recordings found there.
    pub wins: u32,
}

/// Calls of one session; cheap to clone.
#[derive(Clone)]
pub struct Calls {
    inner: Arc<Inner>,
}

struct Inner {
    client: Client,
    store: Store,
    cache: Arc<Cache>,
    account: String,
    reviewer: Arc<RwLock<String>>,
    known: Arc<Known>,
    tags: Tags,
    marks: Marks,
    /// One conversion at a time.
    converting: tokio::sync::Mutex<()>,
    open: Mutex<HashMap<String, Weak<Recording>>>,
    ahead: Mutex<Option<Arc<Recording>>>,
}

impl Calls {
    /// Calls of a session, with what is kept of them here. `reviewer` is the person for the audit trail.
    pub fn new(client: Client, store: Store, cache: Arc<Cache>, reviewer: String) -> Self {
        let account = account_of(&client);
        let marks = Marks {
            store: store.clone(),
            account: account.clone(),
            person: Arc::new(Mutex::new(reviewer.clone())),
        };
        let reviewer = Arc::new(RwLock::new(reviewer));
        let tags = Tags {
            client: client.clone(),
            store: store.clone(),
            account: account.clone(),
            reviewer: Arc::clone(&reviewer),
        };
        if let Err(error) = tags.wake() {
            tracing::warn!(%error, "tags under way when the program ended could not be looked at");
        }
        Self {
            inner: Arc::new(Inner {
                client,
                store,
                cache,
                account,
                reviewer,
                known: Arc::default(),
                tags,
                marks,
                converting: tokio::sync::Mutex::new(()),
                open: Mutex::new(HashMap::new()),
                ahead: Mutex::new(None),
            }),
        }
    }

    /// The same session, with what it learned of places, over another cache.
    #[must_use]
    pub fn with_cache(&self, cache: Arc<Cache>) -> Self {
        let inner = &self.inner;
        Self {
            inner: Arc::new(Inner {
                client: inner.client.clone(),
                store: inner.store.clone(),
                cache,
                account: inner.account.clone(),
                reviewer: Arc::clone(&inner.reviewer),
                known: Arc::clone(&inner.known),
                tags: inner.tags.clone(),
                marks: inner.marks.clone(),
                converting: tokio::sync::Mutex::new(()),
                open: Mutex::new(HashMap::new()),
                ahead: Mutex::new(None),
            }),
        }
    }

    /// The person for the audit trail changed.
    pub fn set_reviewer(&self, reviewer: &str) {
        reviewer.clone_into(&mut self.inner.marks.person.lock().unwrap_or_else(PoisonError::into_inner));
        let (slot, reviewer) = (Arc::clone(&self.inner.reviewer), reviewer.to_owned());
        tokio::spawn(async move { *slot.write().await = reviewer });
    }

    /// Opens a recording: from this computer, else from the place that has it, else, when allowed, by asking the server
    /// to convert it. `on` hears how it goes, `Found` or `Failed` last.
    ///
    /// # Errors
    /// Why it is not to be had.
    pub async fn open(
        &self,
        target: &Target,
        convert: ConvertPolicy,
        on: impl Fn(FindUpdate) + Send + Sync + 'static,
        cancel: &CancellationToken,
    ) -> Result<Arc<Recording>, Error> {
        let begun = Instant::now();
        let opened = self.look(target, convert, &on, cancel).await;
        match &opened {
            Ok((recording, cached)) => on(FindUpdate::Found {
                place: recording.place(),
                millis: u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX),
                cached: *cached,
            }),
            Err(error) => on(FindUpdate::Failed { problem: error.problem() }),
        }
        opened.map(|(recording, _)| recording)
    }

    async fn look(
        &self,
        target: &Target,
        convert: ConvertPolicy,
        on: &(impl Fn(FindUpdate) + Send + Sync),
        cancel: &CancellationToken,
    ) -> Result<(Arc<Recording>, bool), Error> {
        on(FindUpdate::Looking);
        if let Some(recording) = self.here(&target.guid) {
            return Ok((recording, true));
        }
        let tried = |attempt: Attempt| on(FindUpdate::Tried { attempt });
        let inner = &self.inner;
        let found =
            find(&inner.client, &inner.known, &target.guid, &target.days, &BOTH, &tried, cancel).await;
        let opened = match found {
            Ok(opened) => opened,
            // Only "nowhere" is worth a conversion: a host that is down may well have it.
            Err(Error::NotFoundAnywhere | Error::NotAudio) if convert == ConvertPolicy::WhenNowhere => {
                self.convert(target, on, cancel).await?
            }
            Err(error) => return Err(error),
        };
        let recording =
            Recording::arriving(inner.client.clone(), &inner.cache, &inner.account, &target.guid, opened)?;
        let recording = Arc::new(recording);
        let mut open = inner.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, held| held.strong_count() > 0);
        open.insert(target.guid.clone(), Arc::downgrade(&recording));
        Ok((recording, false))
    }

    /// On this computer already: open, fetched ahead, or kept.
    fn here(&self, guid: &str) -> Option<Arc<Recording>> {
        let inner = &self.inner;
        let open =
            inner.open.lock().unwrap_or_else(PoisonError::into_inner).get(guid).and_then(Weak::upgrade);
        if let Some(recording) = open.filter(|recording| !recording.truncated()) {
            return Some(recording);
        }
        let (file, held, place, size) = inner.cache.find(&inner.account, guid)?;
        Some(Arc::new(Recording::cached(file, held, place, size)))
    }

    async fn convert(
        &self,
        target: &Target,
        on: &(impl Fn(FindUpdate) + Send + Sync),
        cancel: &CancellationToken,
    ) -> Result<crate::recording::Opened, Error> {
        let inner = &self.inner;
        let day = target.days.first().ok_or(Error::NotFoundAnywhere)?;
        let _one_at_a_time = tokio::select! {
            turn = inner.converting.lock() => turn,
            () = cancel.cancelled() => return Err(Error::Cancelled),
        };
        on(FindUpdate::Converting);
        let audit = inner.store.audit();
        let reviewer = inner.reviewer.read().await.clone();
        let entry = audit.begin(&Write {
            operation: "convert",
            target: &target.guid,
            detail: serde_json::json!({ "folder": day }),
            user: inner.client.user(),
            reviewer: &reviewer,
        })?;
        let answer = inner.client.convert(&target.guid, day).await;
        let outcome = match &answer {
            Ok(()) => Outcome::Ok,
            Err(error) if error.code() == "refused" => {
                Outcome::Refused(error.detail.clone().unwrap_or_default())
            }
            Err(error) => Outcome::Failed(error.code().to_owned()),
        };
        audit.finish(entry, &outcome)?;
        match outcome {
            Outcome::Ok => {}
            // The server's "0" is its word for "there is none".
            Outcome::Refused(text) if text == "0" => return Err(Error::NotFoundAnywhere),
            Outcome::Refused(text) => return Err(Error::ConvertRefused(text)),
            Outcome::Failed(_) => answer?,
        }
        let tried = |attempt: Attempt| on(FindUpdate::Tried { attempt });
        for (round, wait) in LOOK_AGAIN.into_iter().enumerate() {
            on(FindUpdate::LookingAgain { round: round as u32 + 1, rounds: LOOK_AGAIN.len() as u32 });
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = cancel.cancelled() => return Err(Error::Cancelled),
            }
            let found =
                find(&inner.client, &inner.known, &target.guid, &target.days, &[Format::Mp3], &tried, cancel)
                    .await;
            match found {
                Err(Error::NotFoundAnywhere | Error::NotAudio | Error::Empty | Error::TooShort) => {}
                other => return other,
            }
        }
        Err(Error::ConvertTimedOut)
    }

    /// Fetches a recording that will probably be wanted next, whole; never converts, and says nothing when it fails.
    pub async fn prefetch(&self, target: &Target) {
        let never = CancellationToken::new();
        if let Ok((recording, false)) = self.look(target, ConvertPolicy::Never, &|_| {}, &never).await {
            // The one fetched ahead before is let go, and its fetch with it.
            *self.inner.ahead.lock().unwrap_or_else(PoisonError::into_inner) = Some(recording);
        }
    }

    /// The whole recording, as found.
    ///
    /// # Errors
    /// As [`Calls::open`], and `truncated` when its end is missing.
    pub async fn fetch_all(
        &self,
        target: &Target,
        convert: ConvertPolicy,
        on: impl Fn(FindUpdate) + Send + Sync + 'static,
        cancel: &CancellationToken,
    ) -> Result<Vec<u8>, Error> {
        let recording = self.open(target, convert, on, cancel).await?;
        tokio::select! {
            whole = recording.complete() => whole?,
            () = cancel.cancelled() => return Err(Error::Cancelled),
        }
        recording.bytes()
    }

    /// Kinds of places asked so far.
    pub fn places_seen(&self) -> Vec<PlaceSeen> {
        let seen = self.inner.known.seen().into_iter();
        seen.map(|(place, last_status, wins)| PlaceSeen { place, last_status, wins }).collect()
    }

    /// The tags known here of these calls.
    ///
    /// # Errors
    /// The store's.
    pub fn tags_for(&self, guids: &[String]) -> Result<Vec<Tag>, Error> {
        self.inner.tags.of(guids)
    }

    /// The tags used last, newest first.
    ///
    /// # Errors
    /// The store's.
    pub fn recent_tags(&self) -> Result<Vec<String>, Error> {
        self.inner.tags.recent()
    }

    /// Sends a tag once. `on` hears of every state, also of those that come later.
    ///
    /// # Errors
    /// `invalidInput` for a tag of nothing; the store's, and then nothing was sent.
    pub async fn send_tag(
        &self,
        target: &TagTarget,
        text: &str,
        on: impl Fn(Tag) + Send + Sync + 'static,
    ) -> Result<Tag, Error> {
        self.inner.tags.send(target, text, on).await
    }

    /// Looks once whether the server shows a tag.
    ///
    /// # Errors
    /// The server's or the store's.
    pub async fn check_tag(&self, target: &TagTarget, text: &str) -> Result<Tag, Error> {
        self.inner.tags.check(target, text.trim()).await
    }
}

/// A name for server and user that can be part of a file's.
fn account_of(client: &Client) -> String {
    // FNV-1a: only has to tell accounts of one computer apart.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in client.server().base.as_str().bytes().chain([0]).chain(client.user().bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}
