//! Drawing a sample: the calls of the period are read, then drawn from, then kept as a worklist.

use atalaya_calls::wire::{Search, SearchUpdate};
use atalaya_review::wire::{SampleRequest, SampleUpdate};
use atalaya_ucontact::Problem;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use tokio_util::sync::CancellationToken;

use crate::desk::{Desk, Seat, locked};
use crate::problem::from_calls;

/// Rows in one page: a period is long.
const PAGE_ROWS: u32 = 500;

fn search_of(request: &SampleRequest) -> Search {
    Search {
        from: request.from.clone(),
        to: request.to.clone(),
        campaign: request.campaign.clone(),
        // The server knows one agent or all.
        agent: match request.agents.as_slice() {
            [one] => one.clone(),
            _ => String::new(),
        },
        min_duration_secs: Some(request.min_secs).filter(|secs| *secs > 0),
        ..Search::default()
    }
}

impl Desk {
    /// Draws a sample and keeps it as a worklist; how it goes is told to `send`, ending with `Done`, `Cancelled` or
    /// `Failed`. Another one under way is stopped.
    ///
    /// # Errors
    /// `signedOut`; `reviewInvalid`, `reviewGone` for a request that cannot be drawn.
    pub fn draw_sample(
        &self,
        request: SampleRequest,
        send: impl FnMut(SampleUpdate) + Send + 'static,
    ) -> Result<(), Problem> {
        let seat = self.seat()?;
        self.with_reviews(|reviews| reviews.check_sample(&request))?;
        let cancel = self.inner.drawing.begin();
        let desk = self.clone();
        tokio::spawn(async move { desk.draw(&seat, request, send, &cancel).await });
        Ok(())
    }

    /// Stops drawing; nothing is kept.
    pub fn cancel_sample(&self) {
        self.inner.drawing.cancel();
    }

    async fn draw(
        &self,
        seat: &Arc<Seat>,
        mut request: SampleRequest,
        send: impl FnMut(SampleUpdate) + Send + 'static,
        cancel: &CancellationToken,
    ) {
        let send = Arc::new(Mutex::new(send));
        let tell = |update| (locked(&send))(update);
        let read = {
            let send = Arc::clone(&send);
            move |update: SearchUpdate| {
                if let SearchUpdate::Page { calls, .. } = update {
                    (locked(&send))(SampleUpdate::Reading { calls });
                }
            }
        };
        let done = seat.calls.search(&search_of(&request), PAGE_ROWS, read, cancel).await;
        if cancel.is_cancelled() {
            return tell(SampleUpdate::Cancelled);
        }
        let calls = match done {
            Ok(calls) => calls,
            Err(error) => return tell(SampleUpdate::Failed { problem: self.noted(from_calls(&error)) }),
        };
        let seed = *request.seed.get_or_insert_with(|| self.now_ms() as u32);
        let kept = self.with_reviews(|reviews| {
            let taken = if request.skip_reviewed { reviews.taken()? } else { BTreeSet::new() };
            let drawn = atalaya_review::draw(&calls, &request, seed, &taken);
            Ok((reviews.keep_sample(&request, &drawn.calls)?, drawn.shortfalls))
        });
        match kept {
            Ok((sample, shortfalls)) => {
                let detail =
                    serde_json::json!({ "name": sample.request.name, "calls": sample.calls, "seed": seed });
                self.trail("sample", &sample.id.to_string(), detail);
                tell(SampleUpdate::Done { sample, shortfalls });
            }
            Err(problem) => tell(SampleUpdate::Failed { problem }),
        }
    }
}

/// One long work at a time: a new one stops the one before.
#[derive(Default)]
pub(crate) struct Turn(Mutex<CancellationToken>);

impl Turn {
    pub(crate) fn begin(&self) -> CancellationToken {
        let cancel = CancellationToken::new();
        std::mem::replace(&mut *locked(&self.0), cancel.clone()).cancel();
        cancel
    }

    pub(crate) fn cancel(&self) {
        locked(&self.0).cancel();
    }
}
