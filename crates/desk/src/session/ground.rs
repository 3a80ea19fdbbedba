//! What every part of a session stands on: its client, where things are kept, what the person chose, the trail, and the
//! tasks that end with it.
//!
//! Left out on purpose: anything that one part knows and another does not.

use atalaya_calls::{Calls, Tasks};
use atalaya_store::{Store, Write};
use atalaya_ucontact::{Client, Problem};
use tokio::sync::watch;

use crate::failures::Failures;
use crate::problem::from_store;
use crate::settings::Settings;

/// Cheap to clone: handles to what the session owns.
#[derive(Clone)]
pub(crate) struct Ground {
    pub(crate) client: Client,
    pub(crate) calls: Calls,
    pub(crate) store: Store,
    pub(crate) tasks: Tasks,
    pub(crate) settings: watch::Receiver<Settings>,
    pub(crate) failures: Failures,
}

impl Ground {
    /// What the person chose.
    pub(crate) fn settings(&self) -> Settings {
        self.settings.borrow().clone()
    }

    /// Epoch milliseconds.
    pub(crate) fn now_ms(&self) -> i64 {
        self.store.clock().now_ms()
    }

    /// Who sits here: the name in the settings, else the account's.
    pub(crate) fn reviewer(&self) -> String {
        let named = self.calls.writes().reviewer();
        if named.trim().is_empty() { self.client.user().to_owned() } else { named }
    }

    /// Keeps a problem for Diagnostics and hands it on.
    pub(crate) fn noted(&self, problem: Problem) -> Problem {
        self.failures.noted(problem, self.now_ms())
    }

    /// Writes down what was done here, without a request.
    pub(crate) fn trail(&self, operation: &str, target: &str, detail: serde_json::Value) {
        let reviewer = self.reviewer();
        let write = Write { operation, target, detail, user: self.client.user(), reviewer: &reviewer };
        if let Err(error) = self.store.audit().record(&write) {
            self.noted(from_store(&error));
        }
    }
}
