//! Finding calls: a search fills a list, and the window looks at it a slice at a time.
//!
//! One list at a time: a new search begins a new one, looked at in the same way. Left out on purpose: how a list is
//! narrowed and put in order (`atalaya_calls`).

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use atalaya_calls::wire::{Callers, Column, Facets, ListSlice, ListView, Query, SearchUpdate};
use atalaya_calls::{CallList, Pages};
use atalaya_ucontact::Problem;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use crate::desk::{Desk, locked};
use crate::problem::from_calls;

/// The first page is of the size the vendor documents; a long answer is read in larger ones.
const PAGES: Pages = Pages { first: 50, most: 1_000 };
/// Numbers that called again and again, at most so many of them.
const MOST_CALLERS: usize = 2_000;
/// Rows for the clipboard: more than that is a file.
const MOST_COPIED: usize = 10_000;

/// What is being looked for, and what was found.
#[derive(Default)]
pub(crate) struct Finding {
    list: Mutex<Arc<Mutex<CallList>>>,
    running: Mutex<HashMap<u32, CancellationToken>>,
    last_id: AtomicU32,
}

impl Finding {
    pub(crate) fn list(&self) -> Arc<Mutex<CallList>> {
        Arc::clone(&locked(&self.list))
    }

    /// A number for something that can be cancelled, and its token.
    pub(crate) fn begin(&self) -> (u32, CancellationToken) {
        let id = self.last_id.fetch_add(1, Ordering::Relaxed) + 1;
        let cancel = CancellationToken::new();
        locked(&self.running).insert(id, cancel.clone());
        (id, cancel)
    }

    pub(crate) fn ended(&self, id: u32) {
        locked(&self.running).remove(&id);
    }
}

impl Desk {
    /// Starts a search; its number cancels it. What it finds is in the list; how it goes is told to `send`, ending with
    /// `Done`, `Cancelled` or `Failed`.
    ///
    /// # Errors
    /// `signedOut`.
    pub fn search(
        &self,
        query: Query,
        send: impl FnMut(SearchUpdate) + Send + 'static,
    ) -> Result<u32, Problem> {
        let seat = self.seat()?;
        let finding = &self.inner.finding;
        let view = ListView { filter: query.local.clone(), ..locked(&finding.list()).view().clone() };
        let list = Arc::new(Mutex::new(CallList::new(view)));
        *locked(&finding.list) = Arc::clone(&list);
        let (id, cancel) = finding.begin();
        let desk = self.clone();
        tokio::spawn(async move {
            if let Err(error) = seat.calls.remember_query(&query) {
                desk.noted(from_calls(&error));
            }
            // The outcome has gone to `send` already, in the window's words.
            if let Err(error) = seat.calls.fill(&list, &query.search, PAGES, send, &cancel).await {
                desk.noted(from_calls(&error));
            }
            desk.inner.finding.ended(id);
        });
        Ok(id)
    }

    /// Stops a search or an export; what arrived of a search stays.
    pub fn cancel_search(&self, id: u32) {
        if let Some(cancel) = locked(&self.inner.finding.running).remove(&id) {
            cancel.cancel();
        }
    }

    /// The last search of this profile.
    ///
    /// # Errors
    /// `signedOut`, or the store's.
    pub fn last_query(&self) -> Result<Option<Query>, Problem> {
        self.seat()?.calls.last_query().map_err(|error| self.noted(from_calls(&error)))
    }

    /// Remembers how the last search is narrowed now.
    ///
    /// # Errors
    /// `signedOut`, or the store's.
    pub fn remember_query(&self, query: &Query) -> Result<(), Problem> {
        self.seat()?.calls.remember_query(query).map_err(|error| self.noted(from_calls(&error)))
    }

    /// Looks at the list like this from now on; gives its first rows.
    pub fn look_at_calls(&self, view: ListView, count: u32) -> ListSlice {
        let list = self.inner.finding.list();
        let mut list = locked(&list);
        list.set_view(view);
        list.slice(0, count)
    }

    /// Rows of the list from a place on.
    pub fn calls_from(&self, from: u32, count: u32) -> ListSlice {
        locked(&self.inner.finding.list()).slice(from, count)
    }

    /// Where a call is among those shown; `None` when it is not.
    pub fn place_of_call(&self, guid: &str) -> Option<u32> {
        locked(&self.inner.finding.list()).place_of(guid)
    }

    /// What there is to choose from in the calls fetched.
    pub fn call_facets(&self) -> Facets {
        locked(&self.inner.finding.list()).facets()
    }

    /// Numbers that called at least `least` times.
    pub fn repeat_callers(&self, least: u32) -> Callers {
        locked(&self.inner.finding.list()).callers(least, MOST_CALLERS)
    }

    /// The calls shown as a table for the clipboard, titles first, at most ten thousand; `only` some of them, unless that is
    /// empty.
    pub fn calls_as_text(&self, columns: &[Column], titles: &[String], only: &[String]) -> String {
        let list = self.inner.finding.list();
        let mut list = locked(&list);
        let plain = |cell: &str| cell.replace(['\t', '\r', '\n'], " ");
        let mut lines = vec![titles.join("\t")];
        let places = if only.is_empty() { list.shown() } else { list.shown_of(only) };
        for place in places.into_iter().take(MOST_COPIED) {
            let cells: Vec<String> = list.cells(place, columns).iter().map(|cell| plain(cell)).collect();
            lines.push(cells.join("\t"));
        }
        lines.join("\n")
    }

    /// The end of a session: its searches stop, and what they found is another account's.
    pub(crate) fn forget_calls(&self) {
        let finding = &self.inner.finding;
        for (_, cancel) in locked(&finding.running).drain() {
            cancel.cancel();
        }
        let view = locked(&finding.list()).view().clone();
        *locked(&finding.list) = Arc::new(Mutex::new(CallList::new(view)));
    }

    /// Tags that change while the list is looked at belong to it too.
    pub(crate) fn keep_tags_in_the_list(&self) {
        let mut tags = self.inner.tags.subscribe();
        let desk = Arc::downgrade(&self.inner);
        tokio::spawn(async move {
            loop {
                let tag = match tags.recv().await {
                    Ok(tag) => tag,
                    Err(RecvError::Lagged(_)) => continue,
                    Err(RecvError::Closed) => return,
                };
                let Some(inner) = desk.upgrade() else { return };
                let desk = Desk { inner };
                if let Ok(all) = desk.tags_for(std::slice::from_ref(&tag.guid)) {
                    locked(&desk.inner.finding.list()).tag(&tag.guid, &all);
                }
            }
        });
    }
}
