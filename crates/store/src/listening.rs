//! Where somebody who shares this computer's work hears of what is written, inside the transaction that writes it, in the words
//! of whoever writes.
//!
//! Left out on purpose: what the words mean, and who the others are.

use std::fmt::Debug;
use std::sync::Arc;

use rusqlite::Connection;
use serde_json::Value;

use crate::store::Store;

/// Somebody who hears of what is written.
pub trait Listener: Debug + Send + Sync {
    /// Hears of it before it is committed: what kind of thing, and what is so. A failure undoes what was written.
    ///
    /// # Errors
    /// The database's.
    fn heard(&self, connection: &Connection, kind: &'static str, what: Value) -> rusqlite::Result<()>;
}

impl Store {
    /// The same file; what is written through this handle and its clones is heard by `listener`.
    #[must_use]
    pub fn heard_by(mut self, listener: Arc<dyn Listener>) -> Self {
        self.listener = Some(listener);
        self
    }

    /// Tells whoever listens; with nobody there `what` is not even put together.
    ///
    /// # Errors
    /// The listener's: what was written must not be committed.
    pub fn say(
        &self,
        connection: &Connection,
        kind: &'static str,
        what: impl FnOnce() -> Value,
    ) -> rusqlite::Result<()> {
        match &self.listener {
            Some(listener) => listener.heard(connection, kind, what()),
            None => Ok(()),
        }
    }
}
