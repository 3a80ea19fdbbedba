//! Everything about calls for one signed-in session.

mod searching;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};

use atalaya_store::Store;
use atalaya_ucontact::{Client, Place};

use crate::cache::Cache;
use crate::error::Error;
use crate::marks::Marks;
use crate::places::PlaceStats;
use crate::recording::Recording;
use crate::tags::{TagTarget, Tags};
use crate::wire::Tag;
use crate::writes::Writes;

mod opening;
mod reached;

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
    pub place: Place,
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
    writes: Writes,
    stats: Arc<PlaceStats>,
    tags: Tags,
    marks: Marks,
    /// One conversion at a time.
    converting: tokio::sync::Mutex<()>,
    open: Mutex<HashMap<String, Weak<Recording>>>,
    /// Fetched ahead of its turn, and whose it is.
    ahead: Mutex<Option<(String, Arc<Recording>)>>,
}

impl Calls {
    /// Calls of a session, with what is kept of them here for the person the writes are made by.
    pub fn new(client: Client, store: Store, cache: Arc<Cache>, writes: Writes) -> Self {
        let account = account_of(&client);
        let marks = Marks { store: store.clone(), account: account.clone(), writes: writes.clone() };
        let tags = Tags {
            client: client.clone(),
            store: store.clone(),
            account: account.clone(),
            writes: writes.clone(),
        };
        Self {
            inner: Arc::new(Inner {
                client,
                store,
                cache,
                account,
                writes,
                stats: Arc::default(),
                tags,
                marks,
                converting: tokio::sync::Mutex::new(()),
                open: Mutex::new(HashMap::new()),
                ahead: Mutex::new(None),
            }),
        }
    }

    /// For the one program that sends this person's tags, when it begins: what it left under way is unknown now. Anybody
    /// else who did this would do it to tags that another program is still waiting for.
    pub fn settle_tags(&self) {
        if let Err(error) = self.inner.tags.wake() {
            tracing::warn!(%error, "tags under way when the program ended could not be looked at");
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
                writes: inner.writes.clone(),
                stats: Arc::clone(&inner.stats),
                tags: inner.tags.clone(),
                marks: inner.marks.clone(),
                converting: tokio::sync::Mutex::new(()),
                open: Mutex::new(HashMap::new()),
                ahead: Mutex::new(None),
            }),
        }
    }

    /// A name for server and user, for what other crates keep of this account.
    pub fn account(&self) -> &str {
        &self.inner.account
    }

    /// The way out for what changes something on the server.
    pub fn writes(&self) -> &Writes {
        &self.inner.writes
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Kinds of places asked so far.
    pub fn places_seen(&self) -> Vec<PlaceSeen> {
        let seen = self.inner.stats.seen().into_iter();
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

/// What is kept with one account lies under this: a name for server and user that can be part of a file's.
pub fn account_of(client: &Client) -> String {
    // FNV-1a: only has to tell accounts of one computer apart.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in client.server().base.as_str().bytes().chain([0]).chain(client.user().bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}
