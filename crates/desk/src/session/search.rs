//! Searching calls: a search fills a list, the window looks at it a slice at a time, and a file takes all of it.
//!
//! One list at a time: a new search begins a new one, looked at in the same way. Left out on purpose: how a list is
//! narrowed and put in order (`atalaya_calls`), and where a file goes.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use atalaya_calls::Pages;
use atalaya_calls::wire::{
    AgentCalls, Callers, Column, Facets, ListSlice, ListView, Query, Search, SearchUpdate,
};
use atalaya_export::csv::{self, Separator};
use atalaya_ucontact::Problem;
use tokio_util::sync::CancellationToken;

use super::exporting;
use super::found::FoundCalls;
use super::ground::Ground;
use super::one_at_a_time::OneAtATime;
use crate::locked::locked;
use crate::problem::{from_calls, problem};
use crate::wire::ExportUpdate;

/// The first page is of the size the vendor documents; a long answer is read in larger ones.
const PAGES: Pages = Pages { first: 50, most: 1_000 };
/// Numbers that called again and again, at most so many of them.
const MOST_CALLERS: usize = 2_000;
/// Rows of a page of one agent's day: it is one page of most.
const OF_AGENT_ROWS: u32 = 200;
/// Rows for the clipboard: more than that is a file.
const MOST_COPIED: usize = 10_000;

/// What is being searched for, and what was found.
pub struct CallSearch {
    ground: Ground,
    found: FoundCalls,
    running: Arc<Mutex<HashMap<u32, CancellationToken>>>,
    last_id: AtomicU32,
    of_agent: OneAtATime,
}

impl CallSearch {
    pub(super) fn new(ground: Ground, found: FoundCalls) -> Self {
        let of_agent = OneAtATime::new(&ground.tasks);
        Self { ground, found, running: Arc::default(), last_id: AtomicU32::new(0), of_agent }
    }

    /// A number for something that can be cancelled, and its token.
    fn begin_work(&self) -> (u32, CancellationToken) {
        let id = self.last_id.fetch_add(1, Ordering::Relaxed) + 1;
        let cancel = self.ground.tasks.token();
        locked(&self.running).insert(id, cancel.clone());
        (id, cancel)
    }

    /// Starts a search; gives the number that cancels it. What it finds is in the list; how it goes is told to `send`,
    /// ending with `Done`, `Cancelled` or `Failed`.
    pub fn begin(&self, query: Query, send: impl FnMut(SearchUpdate) + Send + 'static) -> u32 {
        // Before it is answered: the window forgets what was typed then. Where it fails that is noted, and the search goes on.
        let _ = self.remember(&query);
        let list = self.found.begin(query.local.clone());
        let (id, cancel) = self.begin_work();
        let (ground, running) = (self.ground.clone(), Arc::clone(&self.running));
        self.ground.tasks.spawn_until_told(async move {
            // The outcome has gone to `send` already, in the window's words.
            if let Err(error) = ground.calls.fill(&list, &query.search, PAGES, send, &cancel).await {
                ground.noted(from_calls(&error));
            }
            locked(&running).remove(&id);
        });
        id
    }

    /// Stops a search or an export; what arrived of a search stays.
    pub fn cancel(&self, id: u32) {
        if let Some(cancel) = locked(&self.running).remove(&id) {
            cancel.cancel();
        }
    }

    /// The last search of this account.
    ///
    /// # Errors
    /// The store's.
    pub fn last_query(&self) -> Result<Option<Query>, Problem> {
        self.ground.calls.last_query().map_err(|error| self.ground.noted(from_calls(&error)))
    }

    /// Remembers how the last search is narrowed now.
    ///
    /// # Errors
    /// The store's.
    pub fn remember(&self, query: &Query) -> Result<(), Problem> {
        self.ground.calls.remember_query(query).map_err(|error| self.ground.noted(from_calls(&error)))
    }

    /// Looks at the list like this from now on; gives its first rows.
    pub fn look_at(&self, view: ListView, count: u32) -> ListSlice {
        let list = self.found.list();
        let mut list = locked(&list);
        list.set_view(view);
        list.slice(0, count)
    }

    /// How the list is looked at.
    pub(crate) fn view(&self) -> ListView {
        self.found.view()
    }

    /// Rows of the list from a place on.
    pub fn rows(&self, from: u32, count: u32) -> ListSlice {
        locked(&self.found.list()).slice(from, count)
    }

    /// Where a call is among those shown; `None` when it is not.
    pub fn place_of(&self, guid: &str) -> Option<u32> {
        locked(&self.found.list()).place_of(guid)
    }

    /// What there is to choose from in the calls fetched.
    pub fn facets(&self) -> Facets {
        locked(&self.found.list()).facets()
    }

    /// One agent's calls from `from` to `to`, server-local texts: the newest `most` of them, and how many there are. The list
    /// at hand is not touched; another one asked for stops this.
    ///
    /// # Errors
    /// The server's. `cancelled`, told to nobody, where another one was asked for meanwhile.
    pub async fn of_agent(
        &self,
        agent: String,
        from: String,
        to: String,
        most: u32,
    ) -> Result<AgentCalls, Problem> {
        let search = Search { agent, from, to, ..Search::default() };
        let cancel = self.of_agent.begin();
        let read = self.ground.calls.search(&search, OF_AGENT_ROWS, |_| (), &cancel).await;
        if cancel.is_cancelled() {
            return Err(problem("cancelled", [], true));
        }
        let mut calls = read.map_err(|error| self.ground.noted(from_calls(&error)))?;
        let count = calls.len() as u32;
        calls.sort_by(|one, other| (&other.started_at, &other.guid).cmp(&(&one.started_at, &one.guid)));
        calls.truncate(most as usize);
        Ok(AgentCalls { count, calls })
    }

    /// Numbers that called at least `least` times.
    pub fn repeat_callers(&self, least: u32) -> Callers {
        locked(&self.found.list()).callers(least, MOST_CALLERS)
    }

    /// The calls shown as a table for the clipboard, titles first, at most ten thousand; `only` some of them, unless that is
    /// empty.
    pub fn as_text(&self, columns: &[Column], titles: &[String], only: &[String]) -> String {
        let list = self.found.list();
        let mut list = locked(&list);
        let mut lines = vec![titles.join("\t")];
        let places = if only.is_empty() { list.shown() } else { list.shown_of(only) };
        for place in places.into_iter().take(MOST_COPIED) {
            let cells = list.cells(place, columns);
            lines.push(csv::pasted(cells.iter().map(String::as_str)));
        }
        lines.join("\n")
    }

    /// Writes all calls shown, as they are in order now, to a CSV file. How it goes is told to `send`, ending with `Done`,
    /// `Cancelled` or `Failed`; its number cancels it. A search that goes on meanwhile does not disturb it.
    pub fn export(
        &self,
        path: PathBuf,
        columns: Vec<Column>,
        titles: Vec<String>,
        separator: Separator,
        mut send: impl FnMut(ExportUpdate) + Send + 'static,
    ) -> u32 {
        let (id, cancel) = self.begin_work();
        let (ground, running, list) = (self.ground.clone(), Arc::clone(&self.running), self.found.list());
        self.ground.tasks.spawn_blocking(move || {
            let written = exporting::write(&path, &list, &columns, (separator, &titles), &cancel, &mut send);
            locked(&running).remove(&id);
            send(match written {
                Ok(Some(rows)) => ExportUpdate::Done { path: path.display().to_string(), rows },
                Ok(None) => ExportUpdate::Cancelled,
                Err(problem) => ExportUpdate::Failed { problem: ground.noted(problem) },
            });
        });
        id
    }
}
