//! Everything about calls for one signed-in session.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};

use atalaya_store::Store;
use atalaya_ucontact::Client;
use tokio::sync::RwLock;
use tokio_util::sync::CancellationToken;

use crate::cache::Cache;
use crate::error::Error;
use crate::group::Groups;
use crate::places::Known;
use crate::recording::Recording;
use crate::search::{filter_of, read_pages};
use crate::tags::{TagTarget, Tags};
use crate::wire::{self, Call, Search, SearchUpdate, Tag};

mod opening;

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
    /// One conversion at a time.
    converting: tokio::sync::Mutex<()>,
    open: Mutex<HashMap<String, Weak<Recording>>>,
    /// Fetched ahead of its turn, and whose it is.
    ahead: Mutex<Option<(String, Arc<Recording>)>>,
}

impl Calls {
    /// Calls of a session, with what is kept of them here. `reviewer` is the person for the audit trail.
    pub fn new(client: Client, store: Store, cache: Arc<Cache>, reviewer: String) -> Self {
        let account = account_of(&client);
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

    /// The person for the audit trail changed.
    pub fn set_reviewer(&self, reviewer: &str) {
        let (slot, reviewer) = (Arc::clone(&self.inner.reviewer), reviewer.to_owned());
        tokio::spawn(async move { *slot.write().await = reviewer });
    }

    /// Reads all pages of a search. `on` hears of each page and, last, of `Done`, `Cancelled` or `Failed`.
    ///
    /// # Errors
    /// The server's; what arrived before has gone to `on`.
    pub async fn search(
        &self,
        search: &Search,
        page_rows: u32,
        mut on: impl FnMut(SearchUpdate) + Send,
        cancel: &CancellationToken,
    ) -> Result<Vec<Call>, Error> {
        let filter = filter_of(search);
        let client = &self.inner.client;
        let mut groups = Groups::default();
        let tag = search.tag.trim();
        let reading = read_pages(
            &mut groups,
            page_rows,
            |offset, limit| client.call_records(offset, limit, &filter),
            |groups, calls, pages, dropped| {
                for call in calls.iter().filter(|_| !tag.is_empty()) {
                    if let Err(error) = self.inner.tags.learned(&call.guid, tag) {
                        tracing::warn!(%error, "a tag could not be remembered");
                    }
                }
                on(SearchUpdate::Page { calls, pages, rows: groups.rows(), dropped });
                !cancel.is_cancelled()
            },
        );
        let outcome = tokio::select! {
            outcome = reading => outcome,
            () = cancel.cancelled() => Ok(()),
        };
        match outcome {
            Ok(()) if cancel.is_cancelled() => {
                on(SearchUpdate::Cancelled);
                Ok(groups.all())
            }
            Ok(()) => {
                on(SearchUpdate::Done { calls: groups.len() as u32, rows: groups.rows() });
                Ok(groups.all())
            }
            Err(error) => {
                let error = Error::from(error);
                on(SearchUpdate::Failed { problem: error.problem() });
                Err(error)
            }
        }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    fn search_key(&self) -> String {
        format!("search/{}", self.inner.account)
    }

    /// Remembers a search for the next start.
    ///
    /// # Errors
    /// The store's.
    pub fn remember_search(&self, search: &Search) -> Result<(), Error> {
        Ok(self.inner.store.set_setting(&self.search_key(), search)?)
    }

    /// The last search of this account.
    ///
    /// # Errors
    /// The store's.
    pub fn last_search(&self) -> Result<Option<Search>, Error> {
        Ok(self.inner.store.setting(&self.search_key())?)
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
