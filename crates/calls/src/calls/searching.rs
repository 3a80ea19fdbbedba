//! Searching, remembering what was searched for, and the marks of what was found.

use std::future::ready;
use std::sync::{Mutex, PoisonError};

use atalaya_player::wire::SoundFigures;
use tokio_util::sync::CancellationToken;

use super::Calls;
use crate::error::Error;
use crate::list::{CallList, Narrowed};
use crate::marks::HeardSpan;
use crate::search::{Pages, filter_of, read_pages};
use crate::wire::{Call, Mark, Query, Search, SearchUpdate};

/// Stretches of time in which calls are asked for whole in one search, some seconds' worth of requests.
const MOST_ASKED_WHOLE: usize = 12;
const WHOLE_ROWS: u32 = 200;

impl Calls {
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
        Ok(list.into_inner().unwrap_or_else(PoisonError::into_inner).table().all())
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
        let (filter, narrowed) = (filter_of(search), Narrowed::by(search));
        let client = &self.inner.client;
        let counted = || {
            let list = list.lock().unwrap_or_else(PoisonError::into_inner);
            (list.table().len() as u32, list.table().legs())
        };
        let reading = read_pages(
            list,
            pages,
            |offset, limit| client.call_records(offset, limit, &filter),
            |new| self.remember(list, new, search.tag.trim()),
            |_, pages, dropped| {
                if let Some(narrowed) = &narrowed {
                    list.lock().unwrap_or_else(PoisonError::into_inner).doubt(narrowed);
                }
                let (calls, rows) = counted();
                on(SearchUpdate::Page { calls, pages, rows, dropped });
                !cancel.is_cancelled()
            },
        );
        let reading = async {
            reading.await?;
            if narrowed.is_some() {
                self.read_whole(list).await;
            }
            Ok::<_, atalaya_ucontact::Error>(())
        };
        let outcome = tokio::select! {
            biased;
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

    /// Asks for the calls that may not be here whole, around their time and without what narrowed the search. Those that are
    /// too many to ask for, and those whose answer does not come, stay in doubt.
    async fn read_whole(&self, list: &Mutex<CallList>) {
        let locked = || list.lock().unwrap_or_else(PoisonError::into_inner);
        let doubted = locked().doubted();
        for doubted in doubted.into_iter().take(MOST_ASKED_WHOLE) {
            let filter = doubted.filter();
            let around = Mutex::new(CallList::default());
            let legs = Mutex::new(Vec::new());
            let (legs_here, filter, guids) = (&legs, &filter, &doubted.guids);
            let ask = |offset, limit| async move {
                let reply = self.inner.client.call_records(offset, limit, filter).await?;
                let theirs = reply.value.records.iter().filter(|record| guids.contains(&record.guid));
                legs_here.lock().unwrap_or_else(PoisonError::into_inner).extend(theirs.cloned());
                Ok(reply)
            };
            let read = read_pages(&around, Pages::of(WHOLE_ROWS), ask, |_| ready(()), |_, _, _| true).await;
            if let Err(error) = read {
                tracing::info!(%error, "legs of others could not be read");
                return;
            }
            locked().take_whole(legs.into_inner().unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// Adds to calls new in a list what is kept here about them; a tag that was searched for is learned. The disk is waited
    /// for elsewhere: whoever polls the floor beside this goes on.
    async fn remember(&self, list: &Mutex<CallList>, new: Vec<String>, tag: &str) {
        let (tags, marks, tag) = (self.inner.tags.clone(), self.inner.marks.clone(), tag.to_owned());
        let reading = tokio::task::spawn_blocking(move || {
            if !tag.is_empty() {
                tags.learned(&new, &tag)?;
            }
            Ok::<_, Error>((marks.of(&new)?, tags.of(&new)?))
        });
        let (marks, tags) = match reading.await {
            Ok(Ok(kept)) => kept,
            Ok(Err(error)) => {
                tracing::warn!(%error, "what is kept of calls could not be read");
                return;
            }
            Err(error) => {
                tracing::error!(%error, "what is kept of calls was not read to its end");
                return;
            }
        };
        let mut list = list.lock().unwrap_or_else(PoisonError::into_inner);
        for mark in marks.iter().filter(|mark| mark.flagged || mark.heard.is_some() || mark.sound.is_some()) {
            list.mark(mark);
        }
        for tags in tags.chunk_by(|a, b| a.guid == b.guid) {
            list.tag(&tags[0].guid, tags);
        }
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

    /// Adds spans of a recording that were heard; `length_ms` once it is known.
    ///
    /// # Errors
    /// The store's.
    pub fn heard(&self, guid: &str, spans: &[HeardSpan], length_ms: Option<u32>) -> Result<Mark, Error> {
        self.inner.marks.heard(guid, spans, length_ms)
    }

    /// Keeps what can be heard of a recording that was measured.
    ///
    /// # Errors
    /// The store's.
    pub fn measured(&self, guid: &str, figures: &SoundFigures) -> Result<Mark, Error> {
        self.inner.marks.measured(guid, figures)
    }

    /// Flags calls, or takes their flags away.
    ///
    /// # Errors
    /// The store's.
    pub fn flag(&self, guids: &[String], flagged: bool) -> Result<Vec<Mark>, Error> {
        self.inner.marks.flag(guids, flagged)
    }
}
