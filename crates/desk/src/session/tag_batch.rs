//! One tag to many calls, one after the other, each sent once.

use std::time::Duration;

use atalaya_calls::wire::TagState;

use super::ground::Ground;
use super::one_at_a_time::OneAtATime;
use super::tags::Tagging;
use crate::wire::{BatchLine, BatchOutcome, BatchUpdate, TagRequest};

/// Between two tags of a batch, beside the request budget: other programs use the server too.
const BETWEEN: Duration = Duration::from_millis(400);

/// The batch under way, if there is one.
pub struct TagBatch {
    ground: Ground,
    tags: Tagging,
    turn: OneAtATime,
}

impl TagBatch {
    pub(super) fn new(ground: Ground, tags: Tagging) -> Self {
        let turn = OneAtATime::new(&ground.tasks);
        Self { ground, tags, turn }
    }

    /// Sends a tag to each call, one by one; how it goes is told to `send`, ending with `Done`. A call that has the tag
    /// already, or may have it, is left as it is. Another batch under way is stopped. With the session it ends: what is
    /// left of it is never sent.
    pub fn begin(&self, requests: Vec<TagRequest>, mut send: impl FnMut(BatchUpdate) + Send + 'static) {
        let cancel = self.turn.begin();
        let tags = self.tags.clone();
        self.ground.tasks.spawn_until_told(async move {
            let (mut lines, total) = (Vec::new(), requests.len() as u32);
            for request in requests {
                if cancel.is_cancelled() {
                    break;
                }
                let (line, sent) = tag_one(&tags, request).await;
                lines.push(line);
                send(BatchUpdate::Going { done: lines.len() as u32, total });
                if sent {
                    tokio::select! {
                        () = tokio::time::sleep(BETWEEN) => {}
                        () = cancel.cancelled() => {}
                    }
                }
            }
            send(BatchUpdate::Done { cancelled: (lines.len() as u32) < total, total, lines });
        });
    }

    /// Stops a batch after the tag under way; what was sent stays.
    pub fn cancel(&self) {
        self.turn.cancel();
    }
}

/// What became of one call, and whether the server was asked.
async fn tag_one(tags: &Tagging, request: TagRequest) -> (BatchLine, bool) {
    let (guid, text) = (request.guid.clone(), request.text.trim().to_owned());
    let line = |outcome, problem| BatchLine { guid: guid.clone(), outcome, problem };
    let known = match tags.of(std::slice::from_ref(&guid)) {
        Ok(known) => known,
        Err(problem) => return (line(BatchOutcome::Refused, Some(problem)), false),
    };
    if known.iter().any(|tag| tag.text == text && tag.state != TagState::Failed) {
        return (line(BatchOutcome::Already, None), false);
    }
    match tags.send(request).await {
        Ok(tag) if tag.state == TagState::Failed => (line(BatchOutcome::Refused, tag.problem), true),
        Ok(tag) if tag.state == TagState::Unknown => (line(BatchOutcome::Unknown, tag.problem), true),
        Ok(_) => (line(BatchOutcome::Done, None), true),
        Err(problem) => (line(BatchOutcome::Refused, Some(problem)), false),
    }
}
