//! Drawing a sample: the calls of the period are read, then drawn from, then kept as a worklist.
//!
//! Where something is asked of what can be heard, some recordings of each agent are measured first, in the order they would
//! be drawn in; only calls that are known to be what is asked for are drawn. The recordings of a worklist are measured
//! afterwards, one by one, so that it says of each call what there is to be heard.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use atalaya_calls::wire::{Call, Search, SearchUpdate};
use atalaya_review::wire::{SampleRequest, SampleUpdate};
use atalaya_ucontact::Problem;
use tokio_util::sync::CancellationToken;

use super::ground::Ground;
use super::judging::Judging;
use super::listening::target_of;
use super::measuring::Measuring;
use super::one_at_a_time::OneAtATime;
use crate::locked::locked;
use crate::problem::from_calls;

/// Rows in one page: a period is long.
const PAGE_ROWS: u32 = 500;
/// So many times the calls wanted of an agent are measured before drawing, at most...
const CANDIDATES: u32 = 4;
/// ... as long as that is no more recordings than this; else fewer of each.
const MOST_MEASURED: usize = 400;

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
    measuring: Measuring,
    turn: OneAtATime,
}

impl Sampling {
    pub(super) fn new(ground: Ground, judging: Judging, measuring: Measuring) -> Self {
        let turn = OneAtATime::new(&ground.tasks);
        Self { ground, judging, measuring, turn }
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
        let (ground, judging, measuring) =
            (self.ground.clone(), self.judging.clone(), self.measuring.clone());
        self.ground.tasks.spawn_until_told(async move {
            let send = Arc::new(Mutex::new(send));
            let last = drawn(&ground, &judging, &measuring, request, &send, &cancel).await;
            let kept = if let SampleUpdate::Done { sample, .. } = &last { Some(sample.id) } else { None };
            (locked(&send))(last);
            if let Some(items) = kept.and_then(|id| judging.ask(|reviews| reviews.sample_items(id)).ok()) {
                let calls: Vec<Call> = items.into_iter().map(|item| item.call).collect();
                measure(&measuring, &calls, &cancel, |_, _| ()).await;
            }
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
    measuring: &Measuring,
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
    let taken =
        if request.skip_reviewed { judging.ask(atalaya_review::Reviews::taken) } else { Ok(BTreeSet::new()) };
    let taken = match taken {
        Ok(taken) => taken,
        Err(problem) => return SampleUpdate::Failed { problem },
    };
    let (calls, undisposed) = match disposed(judging, calls, &request, &taken) {
        Ok(calls) => calls,
        Err(problem) => return SampleUpdate::Failed { problem },
    };
    let (calls, unjudged) = if request.sound.asks() {
        let some = candidates(&calls, &request, seed, &taken);
        let tell = |done, total| (locked(send))(SampleUpdate::Measuring { done, total });
        measure(measuring, &some, cancel, tell).await;
        if cancel.is_cancelled() {
            return SampleUpdate::Cancelled;
        }
        what_is_asked_for(measuring, atalaya_review::eligible(&calls, &request, &taken), &request)
    } else {
        (calls, 0)
    };
    let kept = judging.ask(|reviews| {
        let drawn = atalaya_review::draw(&calls, &request, seed, &taken);
        Ok((reviews.keep_sample(&request, &drawn.calls)?, drawn.shortfalls))
    });
    match kept {
        Ok((sample, shortfalls)) => {
            let detail =
                serde_json::json!({ "name": sample.request.name, "calls": sample.calls, "seed": seed });
            ground.trail("sample", &sample.id.to_string(), detail);
            SampleUpdate::Done { sample, shortfalls, unjudged, undisposed }
        }
        Err(problem) => SampleUpdate::Failed { problem },
    }
}

/// Those known to have the disposition asked for, and how many nobody knows it of; all of them where none is asked for.
fn disposed(
    judging: &Judging,
    calls: Vec<Call>,
    request: &SampleRequest,
    taken: &BTreeSet<String>,
) -> Result<(Vec<Call>, u32), Problem> {
    if request.disposition.trim().is_empty() {
        return Ok((calls, 0));
    }
    let known = judging.ask(atalaya_review::Reviews::disposed)?;
    let mut unknown = 0;
    let fitting = atalaya_review::eligible(&calls, request, taken).filter(|call| {
        let levels = known.get(&call.guid);
        unknown += u32::from(levels.is_none());
        levels.is_some_and(|levels| atalaya_review::is_disposed(levels, &request.disposition))
    });
    let fitting = fitting.cloned().collect();
    Ok((fitting, unknown))
}

/// What would be drawn first of each agent, whatever it sounds like.
fn candidates(calls: &[Call], request: &SampleRequest, seed: u32, taken: &BTreeSet<String>) -> Vec<Call> {
    let of_each = |times: u32| atalaya_review::draw(calls, &request.times(times), seed, taken).calls;
    let fewer = (1..CANDIDATES).rev().map(of_each);
    let mut some = of_each(CANDIDATES);
    for fewer in fewer {
        if some.len() <= MOST_MEASURED {
            break;
        }
        some = fewer;
    }
    some
}

fn guids(calls: &[Call]) -> Vec<String> {
    calls.iter().map(|call| call.guid.clone()).collect()
}

/// Measures the recordings of calls of which not all is known, one after the other; says how many are done, of how many.
async fn measure(measuring: &Measuring, calls: &[Call], cancel: &CancellationToken, tell: impl Fn(u32, u32)) {
    let known = measuring.known(&guids(calls));
    let open: Vec<&Call> = calls
        .iter()
        .zip(known)
        .filter(|(_, known)| known.as_ref().is_none_or(|sound| !sound.whole))
        .map(|(call, _)| call)
        .collect();
    for (done, call) in open.iter().enumerate() {
        if cancel.is_cancelled() {
            return;
        }
        tell(done as u32, open.len() as u32);
        measuring.fetched(&target_of(call), cancel).await;
    }
}

/// Those known to be what is asked for, and how many nobody knows it of.
fn what_is_asked_for<'a>(
    measuring: &Measuring,
    calls: impl Iterator<Item = &'a Call>,
    request: &SampleRequest,
) -> (Vec<Call>, u32) {
    let calls: Vec<Call> = calls.cloned().collect();
    let known = measuring.known(&guids(&calls));
    let mut unjudged = 0;
    let fitting = calls.into_iter().zip(known).filter(|(_, sound)| {
        let judged = request.sound.judge(sound.as_ref());
        unjudged += u32::from(judged.is_none());
        judged == Some(true)
    });
    let fitting = fitting.map(|(call, _)| call).collect();
    (fitting, unjudged)
}
