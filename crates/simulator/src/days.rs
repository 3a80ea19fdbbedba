//! Which calls of a day a search wants, kept for days that are over.
//!
//! Left out on purpose: working it out (`pages`).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;

/// Which calls of a day a filter wants, by index, and how many rows each has; the earliest first.
pub(crate) type Wanted = Vec<(u32, u8)>;

/// What was worked out about days that are over, so that a search of thousands of pages works each day out once.
#[derive(Default)]
pub(crate) struct Days(Mutex<HashMap<(String, NaiveDate), Arc<Wanted>>>);

impl Days {
    /// Days kept, then begun anew: a few searches over all of history.
    const MOST: usize = 200;

    pub(crate) fn wanted(&self, key: (String, NaiveDate), make: impl FnOnce() -> Wanted) -> Arc<Wanted> {
        let locked = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = locked().get(&key) {
            return Arc::clone(known);
        }
        let made = Arc::new(make());
        let mut days = locked();
        if days.len() >= Self::MOST {
            days.clear();
        }
        days.insert(key, Arc::clone(&made));
        made
    }
}
