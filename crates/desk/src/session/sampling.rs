//! Drawing a sample: the calls of the period are read, then drawn from, then kept as a worklist.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use atalaya_calls::wire::{Search, SearchUpdate};
use atalaya_review::wire::{SampleRequest, SampleUpdate};
use atalaya_ucontact::Problem;
use tokio_util::sync::CancellationToken;

use super::ground::Ground;
use super::judging::Judging;
use super::one_at_a_time::OneAtATime;
use crate::locked::locked;
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

/// The sample being drawn, if there is one.
pub struct Sampling {
    ground: Ground,
    judging: Judging,
    turn: OneAtATime,
}

impl Sampling {
    pub(super) fn new(ground: Ground, judging: Judging) -> Self {
        let turn = OneAtATime::new(&ground.tasks);
        Self { ground, judging, turn }
    }

    /// Draws a sample and keeps it as a worklist; how it goes is told to `send`, ending with `Done`, `Cancelled` or
    /// `Failed`. Another one under way is stopped.
    ///
    /// # Errors
    /// `reviewInvalid`, `reviewGone` for a request that cannot be drawn.
    pub fn draw(
        &self,
        request: SampleRequest,
        send: impl FnMut(SampleUpdate) + Send + 'static,
    ) -> Result<(), Problem> {
        self.judging.ask(|reviews| reviews.check_sample(&request))?;
        let cancel = self.turn.begin();
        let (ground, judging) = (self.ground.clone(), self.judging.clone());
        self.ground.tasks.spawn_until_told(async move {
            let send = Arc::new(Mutex::new(send));
            let last = drawn(&ground, &judging, request, &send, &cancel).await;
            (locked(&send))(last);
        });
        Ok(())
    }

    /// Stops drawing; nothing is kept.
    pub fn cancel(&self) {
        self.turn.cancel();
    }
}

/// Reads and draws; gives what is told last.
async fn drawn(
    ground: &Ground,
    judging: &Judging,
    mut request: SampleRequest,
    send: &Arc<Mutex<impl FnMut(SampleUpdate) + Send + 'static>>,
    cancel: &CancellationToken,
) -> SampleUpdate {
    let read = |update: SearchUpdate| {
        if let SearchUpdate::Page { calls, .. } = update {
            (locked(send))(SampleUpdate::Reading { calls });
        }
    };
    let done = ground.calls.search(&search_of(&request), PAGE_ROWS, read, cancel).await;
    if cancel.is_cancelled() {
        return SampleUpdate::Cancelled;
    }
    let calls = match done {
        Ok(calls) => calls,
        Err(error) => return SampleUpdate::Failed { problem: ground.noted(from_calls(&error)) },
    };
    let seed = *request.seed.get_or_insert_with(|| ground.now_ms() as u32);
    let kept = judging.ask(|reviews| {
        let taken = if request.skip_reviewed { reviews.taken()? } else { BTreeSet::new() };
        let drawn = atalaya_review::draw(&calls, &request, seed, &taken);
        Ok((reviews.keep_sample(&request, &drawn.calls)?, drawn.shortfalls))
    });
    match kept {
        Ok((sample, shortfalls)) => {
            let detail =
                serde_json::json!({ "name": sample.request.name, "calls": sample.calls, "seed": seed });
            ground.trail("sample", &sample.id.to_string(), detail);
            SampleUpdate::Done { sample, shortfalls }
        }
        Err(problem) => SampleUpdate::Failed { problem },
    }
}
