//! The calls found by the search at hand: one list, looked at a slice at a time.
//!
//! Left out on purpose: filling it (`search`), and how a list is narrowed and put in order (`atalaya_calls`).

use std::sync::{Arc, Mutex};

use atalaya_calls::CallList;
use atalaya_calls::wire::{ListView, LocalFilter, Mark, Tag};

use crate::locked::locked;

/// The list at hand; clones are handles to the same one.
#[derive(Clone)]
pub(crate) struct FoundCalls(Arc<Mutex<Arc<Mutex<CallList>>>>);

impl FoundCalls {
    /// An empty list, looked at in this way.
    pub(crate) fn new(view: ListView) -> Self {
        Self(Arc::new(Mutex::new(Arc::new(Mutex::new(CallList::new(view))))))
    }

    /// The list itself: whoever writes it out goes on with the one it began with.
    pub(crate) fn list(&self) -> Arc<Mutex<CallList>> {
        Arc::clone(&locked(&self.0))
    }

    /// Begins a new list, looked at as the one before and narrowed by `filter`.
    pub(crate) fn begin(&self, filter: LocalFilter) -> Arc<Mutex<CallList>> {
        let view = ListView { filter, ..self.view() };
        let list = Arc::new(Mutex::new(CallList::new(view)));
        *locked(&self.0) = Arc::clone(&list);
        list
    }

    /// How it is looked at.
    pub(crate) fn view(&self) -> ListView {
        locked(&self.list()).view().clone()
    }

    /// A call in it was heard or flagged.
    pub(crate) fn mark(&self, mark: &Mark) {
        locked(&self.list()).mark(mark);
    }

    /// The tags of a call in it.
    pub(crate) fn tag(&self, guid: &str, tags: &[Tag]) {
        locked(&self.list()).tag(guid, tags);
    }
}
