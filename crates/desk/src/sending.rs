//! What a reviewer sends to the server beside single tags: one tag to many calls, and a tipificación. Each write goes once,
//! after the trail was written.

use std::time::Duration;

use atalaya_calls::wire::TagState;
use atalaya_store::{Outcome, Write};
use atalaya_ucontact::Problem;

use crate::desk::Desk;
use crate::problem::{from_store, from_ucontact};
use crate::wire::{BatchLine, BatchUpdate, DispositionRequest, TagRequest};

/// Between two tags of a batch, beside the request budget: other programs use the server too.
const BETWEEN: Duration = Duration::from_millis(400);

impl Desk {
    /// Sends a tag to each call, one by one; how it goes is told to `send`, ending with `Done`. A call that has the tag
    /// already is left as it is. Another batch under way is stopped.
    ///
    /// # Errors
    /// `signedOut`.
    pub fn tag_batch(
        &self,
        requests: Vec<TagRequest>,
        mut send: impl FnMut(BatchUpdate) + Send + 'static,
    ) -> Result<(), Problem> {
        self.seat()?;
        let cancel = self.inner.batch.begin();
        let desk = self.clone();
        tokio::spawn(async move {
            let (mut lines, total) = (Vec::new(), requests.len() as u32);
            for request in requests {
                if cancel.is_cancelled() {
                    break;
                }
                let guid = request.guid.clone();
                let (line, sent) = desk.tag_one(request, guid).await;
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
        Ok(())
    }

    async fn tag_one(&self, request: TagRequest, guid: String) -> (BatchLine, bool) {
        let text = request.text.trim().to_owned();
        let known = self.tags_for(std::slice::from_ref(&guid)).unwrap_or_default();
        if known.iter().any(|tag| tag.text == text && tag.state != TagState::Failed) {
            return (BatchLine { guid, outcome: "already".to_owned(), problem: None }, false);
        }
        let (outcome, problem) = match self.send_tag(request).await {
            Ok(tag) if tag.state == TagState::Failed => ("failed", tag.problem),
            Ok(_) => ("sent", None),
            Err(problem) => ("failed", Some(problem)),
        };
        (BatchLine { guid, outcome: outcome.to_owned(), problem }, true)
    }

    /// Stops a batch after the tag under way; what was sent stays.
    pub fn cancel_batch(&self) {
        self.inner.batch.cancel();
    }

    /// Sends a tipificación once. The server runs the dialer's action of it. A combination it takes is remembered.
    ///
    /// # Errors
    /// `signedOut`; `refused` with the server's text; those of the connection, after which nobody knows whether it was
    /// done; the store's when the trail could not be written (then nothing was sent).
    pub async fn send_disposition(&self, request: DispositionRequest) -> Result<(), Problem> {
        let seat = self.seat()?;
        let (user, reviewer) = (seat.client.user().to_owned(), self.reviewer());
        let disposition = request.disposition();
        let sent: serde_json::Map<_, _> = disposition
            .form()
            .into_iter()
            .filter(|(name, value)| *name != "guid" && !value.is_empty())
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        let audit = self.inner.store.audit();
        let entry = audit
            .begin(&Write {
                operation: "DispositionCall",
                target: &disposition.guid,
                detail: sent.into(),
                user: &user,
                reviewer: &reviewer,
            })
            .map_err(|error| self.noted(from_store(&error)))?;
        let answer = seat.client.disposition_call(&disposition).await;
        let outcome = match &answer {
            Ok(()) => Outcome::Ok,
            Err(error) if error.code() == "refused" => {
                Outcome::Refused(error.detail.clone().unwrap_or_default())
            }
            Err(error) => Outcome::Failed(error.code().to_owned()),
        };
        audit.finish(entry, &outcome).map_err(|error| self.noted(from_store(&error)))?;
        answer.map_err(|error| self.noted(from_ucontact(&error)))?;
        let levels = disposition.levels.each_ref().map(String::as_str);
        self.with_reviews(|reviews| reviews.learn_disposition(&disposition.campaign, levels))
    }
}
