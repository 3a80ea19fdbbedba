//! Everything about calls for one signed-in session.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use atalaya_store::Store;
use atalaya_ucontact::Client;
use tokio::sync::RwLock;
use tokio_util::sync::CancellationToken;

use crate::cache::Cache;
use crate::error::Error;
use crate::list::CallList;
use crate::marks::{Marks, Stretch};
use crate::places::Known;
use crate::recording::Recording;
use crate::search::{Pages, filter_of, read_pages};
use crate::tags::{TagTarget, Tags};
use crate::wire::{self, Call, Mark, Query, Search, SearchUpdate, Tag};

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
    marks: Marks,
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

    /// A name for server and user, for what other crates keep of this account.
    pub fn account(&self) -> &str {
        &self.inner.account
    }

    /// The person for the audit trail changed.
    pub fn set_reviewer(&self, reviewer: &str) {
        reviewer.clone_into(&mut self.inner.marks.person.lock().unwrap_or_else(PoisonError::into_inner));
        let (slot, reviewer) = (Arc::clone(&self.inner.reviewer), reviewer.to_owned());
        tokio::spawn(async move { *slot.write().await = reviewer });
    }

    /// Reads all pages of a search, each of `page_rows`. `on` hears of each page and, last, of `Done`, `Cancelled` or
    /// `Failed`.
    ///
    /// # Errors
    /// The server's.
    pub async fn search(
        &self,
        search: &Search,
        page_rows: u32,
        on: impl FnMut(SearchUpdate) + Send,
        cancel: &CancellationToken,
    ) -> Result<Vec<Call>, Error> {
        let list = Mutex::new(CallList::default());
        self.fill(&list, search, Pages::of(page_rows), on, cancel).await?;
        Ok(list.into_inner().unwrap_or_else(PoisonError::into_inner).found().all())
    }

    /// Reads all pages of a search into a list, with the marks and tags known here of each call. `on` hears of each page
    /// and, last, of `Done`, `Cancelled` or `Failed`.
    ///
    /// # Errors
    /// The server's; what arrived before is in the list.
    pub async fn fill(
        &self,
        list: &Mutex<CallList>,
        search: &Search,
        pages: Pages,
        mut on: impl FnMut(SearchUpdate) + Send,
        cancel: &CancellationToken,
    ) -> Result<(), Error> {
        let filter = filter_of(search);
        let client = &self.inner.client;
        let counted = || {
            let list = list.lock().unwrap_or_else(PoisonError::into_inner);
            (list.found().len() as u32, list.found().legs())
        };
        let reading = read_pages(
            list,
            pages,
            |offset, limit| client.call_records(offset, limit, &filter),
            |new, pages, dropped| {
                if let Err(error) = self.remember(list, &new, search.tag.trim()) {
                    tracing::warn!(%error, "what is kept of calls could not be read");
                }
                let (calls, rows) = counted();
                on(SearchUpdate::Page { calls, pages, rows, dropped });
                !cancel.is_cancelled()
            },
        );
        let outcome = tokio::select! {
            outcome = reading => outcome,
            () = cancel.cancelled() => Ok(()),
        };
        let (calls, rows) = counted();
        match outcome {
            Ok(()) if cancel.is_cancelled() => on(SearchUpdate::Cancelled),
            Ok(()) => on(SearchUpdate::Done { calls, rows }),
            Err(error) => {
                let error = Error::from(error);
                on(SearchUpdate::Failed { problem: error.problem() });
                return Err(error);
            }
        }
        Ok(())
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Adds to calls new in a list what is kept here about them; a tag that was searched for is learned.
    fn remember(&self, list: &Mutex<CallList>, new: &[String], tag: &str) -> Result<(), Error> {
        if !tag.is_empty() {
            for guid in new {
                self.inner.tags.learned(guid, tag)?;
            }
        }
        let (marks, tags) = (self.inner.marks.of(new)?, self.inner.tags.of(new)?);
        let mut list = list.lock().unwrap_or_else(PoisonError::into_inner);
        for mark in marks.iter().filter(|mark| mark.flagged || mark.heard.is_some()) {
            list.mark(mark);
        }
        for tags in tags.chunk_by(|a, b| a.guid == b.guid) {
            list.tag(&tags[0].guid, tags);
        }
        Ok(())
    }

    fn query_key(&self) -> String {
        format!("search/{}", self.inner.account)
    }

    /// Remembers a search, and what narrows it, for the next start.
    ///
    /// # Errors
    /// The store's.
    pub fn remember_query(&self, query: &Query) -> Result<(), Error> {
        Ok(self.inner.store.set_setting(&self.query_key(), query)?)
    }

    /// The last search of this account.
    ///
    /// # Errors
    /// The store's.
    pub fn last_query(&self) -> Result<Option<Query>, Error> {
        let kept: Option<serde_json::Value> = self.inner.store.setting(&self.query_key())?;
        Ok(kept.and_then(|kept| {
            // Before searches were narrowed, only what the server is asked was kept.
            let query =
                if kept.get("search").is_some() { kept } else { serde_json::json!({ "search": kept }) };
            serde_json::from_value(query).ok()
        }))
    }

    /// What this person heard of calls and flagged, one for each, in their order.
    ///
    /// # Errors
    /// The store's.
    pub fn marks(&self, guids: &[String]) -> Result<Vec<Mark>, Error> {
        self.inner.marks.of(guids)
    }

    /// Adds stretches of a recording that were heard; `length_ms` once it is known.
    ///
    /// # Errors
    /// The store's.
    pub fn heard(&self, guid: &str, stretches: &[Stretch], length_ms: Option<u32>) -> Result<Mark, Error> {
        self.inner.marks.heard(guid, stretches, length_ms)
    }

    /// Flags calls, or takes their flags away.
    ///
    /// # Errors
    /// The store's.
    pub fn flag(&self, guids: &[String], flagged: bool) -> Result<Vec<Mark>, Error> {
        self.inner.marks.flag(guids, flagged)
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
