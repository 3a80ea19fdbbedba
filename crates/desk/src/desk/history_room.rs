//! The room the floors' past takes on this computer, and forgetting it.
//!
//! Left out on purpose: what is asked of the past (a session's, `session::past`).

use std::sync::Arc;

use atalaya_history::History;
use atalaya_ucontact::{Problem, Server};
use serde::Serialize;
use ts_rs::TS;

use super::Desk;
use crate::problem::{from_store, problem};
use crate::session::past::FloorRecord;

/// How much room the history takes on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HistoryRoom {
    /// Bytes, of all floors.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Their bound.
    #[ts(type = "number")]
    pub max_bytes: u64,
}

impl Desk {
    fn history(&self) -> Result<Arc<History>, Problem> {
        self.inner.history.as_ref().map(Arc::clone).map_err(Clone::clone)
    }

    /// What is kept of the floor of an account.
    pub(super) fn record_of(&self, user: &str, server: &Server) -> Result<FloorRecord, Problem> {
        // The simulated contact centre has another address at every start.
        let server = match &self.inner.demo {
            Some(_) => "demo".to_owned(),
            None => server.base.to_string(),
        };
        FloorRecord::of(self.history()?, user, &server).map_err(|error| self.noted(from_store(&error)))
    }

    /// How much room it takes.
    ///
    /// # Errors
    /// The store's, or why there is none.
    pub async fn history_room(&self) -> Result<HistoryRoom, Problem> {
        let history = self.history()?;
        let bytes = self.blocking(move || history.bytes()).await?;
        Ok(HistoryRoom { bytes, max_bytes: self.settings().history_bounds().max_bytes })
    }

    /// Forgets the past of every floor; what is watched now is recorded on.
    ///
    /// # Errors
    /// The store's; then nothing is forgotten.
    pub async fn clear_history(&self) -> Result<HistoryRoom, Problem> {
        let history = self.history()?;
        self.blocking(move || history.clear()).await?;
        self.history_room().await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, atalaya_store::Error> + Send + 'static,
    ) -> Result<T, Problem> {
        match tokio::task::spawn_blocking(work).await {
            Ok(done) => done.map_err(|error| self.noted(from_store(&error))),
            Err(error) => Err(self.noted(problem("unexpected", [("detail", error.to_string())], true))),
        }
    }
}
