//! The computer's clock: tokio's, and what somebody set it ahead or back by.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use atalaya_clock::Clock;
use tokio::time::Instant;

/// Cheap to clone; all clones read the same.
#[derive(Clone)]
pub struct Wall {
    pub begun: Instant,
    begun_ms: i64,
    set_by_ms: Arc<AtomicI64>,
}

impl Wall {
    /// Begins now, at that moment, epoch milliseconds.
    pub fn begin(begun_ms: i64) -> Self {
        Self { begun: Instant::now(), begun_ms, set_by_ms: Arc::default() }
    }

    /// Epoch milliseconds.
    pub fn now_ms(&self) -> i64 {
        let elapsed = i64::try_from(self.begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.begun_ms + elapsed + self.set_by_ms.load(Ordering::Relaxed)
    }

    /// Somebody sets it ahead by so much, or back.
    pub fn set_ahead(&self, by_ms: i64) {
        self.set_by_ms.fetch_add(by_ms, Ordering::Relaxed);
    }

    /// What the program is given.
    pub fn clock(&self) -> Clock {
        let wall = self.clone();
        Clock::told(move || (wall.now_ms(), wall.begun.elapsed()))
    }
}
