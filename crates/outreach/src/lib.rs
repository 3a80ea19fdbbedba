//! Reaching out to many: a person's file checked row by row and made into bases, batches of operations that are sent one
//! after the other and never twice, what was sent from here and what takes it back, and the blacklist as far as it is known
//! here.
//!
//! Left out on purpose: what one operation is (`ucontact::operations`), how it is sent and written into the trail
//! (`calls::writes`), asking a person first, dialogs, and words for people.

pub mod base;
pub mod batches;
pub mod blacklist;
pub mod checked;
pub mod columns;
mod error;
pub mod file;
mod numbers;
pub mod sent;
mod tables;
pub mod wire;

use atalaya_calls::Calls;
use atalaya_store::Store;
use atalaya_ucontact::Client;

pub use error::Error;
pub use tables::MIGRATIONS;

/// What is kept here of one account, and its way out; cheap to clone.
#[derive(Clone)]
pub struct Outreach {
    client: Client,
    calls: Calls,
    store: Store,
    under_way: batches::UnderWay,
}

impl Outreach {
    /// The outreach of a session.
    pub fn new(client: Client, calls: Calls, store: Store) -> Self {
        Self { client, calls, store, under_way: batches::UnderWay::default() }
    }

    fn account(&self) -> &str {
        self.calls.account()
    }

    fn now_ms(&self) -> i64 {
        self.store.clock().now_ms()
    }

    /// Who sits here: the name in the settings, else the account's.
    fn person(&self) -> String {
        let named = self.calls.writes().reviewer();
        if named.trim().is_empty() { self.client.user().to_owned() } else { named }
    }
}
