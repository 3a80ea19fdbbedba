//! Many operations, one after the other, each sent once.
//!
//! A batch is kept before anything of it leaves. An item is `waiting`, then `sending`, then ends; only what waits is ever
//! taken, in one statement that nobody else can win, so that neither a second beginning nor a restart sends anything again.
//! What was `sending` when the program ended is unknown at the next start, and a person is asked. Left out on purpose:
//! asking them, and where the operations come from.

mod kept;
mod sending;

pub(crate) use kept::settle_item;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use atalaya_store::Store;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::Outreach;
use crate::error::Error;
use crate::wire::{Batch, SendingUpdate};

/// Between two items, beside the request budget: other programs use the server too.
pub const BETWEEN: Duration = Duration::from_millis(400);
/// Most items of a batch that is asked for.
pub const MOST_ITEMS: usize = 10_000;
/// Most items given at once.
pub const MOST_AT_ONCE: u32 = 500;

/// Updates kept for somebody who follows slowly; each says how all of it stands, so that one missed costs nothing.
const HEARD_AT_ONCE: usize = 64;

/// The batch that is being sent: one at a time, so that a person sees what goes out.
#[derive(Clone)]
pub(crate) struct UnderWay {
    batch: Arc<Mutex<Option<(i64, CancellationToken)>>>,
    /// Hears how it goes, beside whoever began it.
    told: broadcast::Sender<SendingUpdate>,
}

impl Default for UnderWay {
    fn default() -> Self {
        Self { batch: Arc::default(), told: broadcast::Sender::new(HEARD_AT_ONCE) }
    }
}

impl UnderWay {
    fn now(&self) -> MutexGuard<'_, Option<(i64, CancellationToken)>> {
        self.batch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is(&self, id: i64) -> bool {
        self.now().as_ref().is_some_and(|(under_way, _)| *under_way == id)
    }
}

/// The right to send a batch; dropped, another may.
pub struct Turn {
    outreach: Outreach,
    id: i64,
    /// One item alone.
    only: Option<u32>,
    cancel: CancellationToken,
}

impl Drop for Turn {
    fn drop(&mut self) {
        *self.outreach.under_way.now() = None;
    }
}

impl Turn {
    /// Sends what waits, one by one, `between` apart. How it goes is told to `told`, `Over` last.
    pub async fn send(self, between: Duration, mut told: impl FnMut(SendingUpdate) + Send) {
        let (outreach, id) = (self.outreach.clone(), self.id);
        let mut told = |update: SendingUpdate| {
            // Nobody may follow.
            let _ = outreach.under_way.told.send(update.clone());
            told(update);
        };
        let (stopped, problem) = self.outreach.send_waiting(&self, between, &mut told).await;
        // By then nobody sends it any more.
        drop(self);
        match outreach.batch(id) {
            Ok(batch) => told(SendingUpdate::Over { batch, stopped, problem }),
            Err(error) => tracing::error!(%error, "how a batch stands cannot be read"),
        }
    }
}

/// After an earlier state of everything kept was put back: what waited then may have been sent since. It is unknown, in
/// batches of every account, and a person is asked about each.
///
/// # Errors
/// The store's.
pub fn doubt_what_waits(store: &Store) -> Result<(), Error> {
    let problem = serde_json::to_string(&kept::plain_problem("restored", &[])).unwrap_or_default();
    store.with(|connection| {
        connection.execute(
            "UPDATE batch_item SET state = 'unknown', problem = ?1, attempt = attempt + 1
             WHERE state IN ('waiting', 'sending')",
            [problem],
        )
    })?;
    Ok(())
}

impl Outreach {
    /// The right to send what waits of a batch, or one item of it that waits. `cancel` stops it after the one under way.
    ///
    /// # Errors
    /// `batchUnderWay`; `batchGone`; the store's.
    pub fn turn(&self, id: i64, only: Option<u32>, cancel: CancellationToken) -> Result<Turn, Error> {
        self.batch(id)?;
        let mut under_way = self.under_way.now();
        if under_way.is_some() {
            return Err(Error::BatchUnderWay);
        }
        *under_way = Some((id, cancel.clone()));
        Ok(Turn { outreach: self.clone(), id, only, cancel })
    }

    /// How the batch under way goes from now on, for somebody who did not begin it: told to `told` until it is over, `Over`
    /// last. One that is not under way is over.
    ///
    /// # Errors
    /// `batchGone`; the store's.
    pub async fn follow(&self, id: i64, mut told: impl FnMut(SendingUpdate)) -> Result<(), Error> {
        let mut heard = self.under_way.told.subscribe();
        // Looked at after listening began: its end is either heard or seen.
        while self.under_way.is(id) {
            match heard.recv().await {
                Ok(update) => {
                    let over = matches!(update, SendingUpdate::Over { .. });
                    told(update);
                    if over {
                        return Ok(());
                    }
                }
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => break,
            }
        }
        let batch = self.batch(id)?;
        told(SendingUpdate::Over { stopped: batch.waiting > 0, batch, problem: None });
        Ok(())
    }

    /// Stops the batch under way after the item that is being sent.
    pub fn stop(&self) {
        if let Some((_, cancel)) = self.under_way.now().as_ref() {
            cancel.cancel();
        }
    }

    /// For the one program that sends for this account, when it begins: what it left under way is unknown now. Anybody else
    /// who did this would do it to what another program is still waiting for.
    ///
    /// # Errors
    /// The store's.
    pub fn settle(&self) -> Result<(), Error> {
        self.settle_lines()?;
        self.settle_items()
    }

    /// A person wants an item sent again that is not known: it waits now. The right to send it is asked for as for any
    /// other.
    ///
    /// # Errors
    /// `batchGone` for what is not unknown any more; `batchUnderWay`; the store's.
    pub fn send_again(&self, id: i64, place: u32, cancel: CancellationToken) -> Result<Turn, Error> {
        let turn = self.turn(id, Some(place), cancel)?;
        self.unknown_becomes(id, place, "waiting")?;
        Ok(turn)
    }

    /// A person found out that an item that was not known was done.
    ///
    /// # Errors
    /// `batchGone` for what is not unknown any more; the store's.
    pub fn count_as_done(&self, id: i64, place: u32) -> Result<Batch, Error> {
        self.unknown_becomes(id, place, "done")?;
        self.settle_line_of(id, place)?;
        self.batch(id)
    }

    /// A person leaves an item that is not known as it is, and is not asked again.
    ///
    /// # Errors
    /// `batchGone` for what is not unknown any more; the store's.
    pub fn leave_unknown(&self, id: i64, place: u32) -> Result<Batch, Error> {
        self.unknown_becomes(id, place, "unknown")?;
        self.batch(id)
    }
}
