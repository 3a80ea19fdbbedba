//! Tags: sent once, told to everybody who watches as they are confirmed.

use atalaya_calls::TagTarget;
use atalaya_calls::wire::Tag;
use atalaya_ucontact::Problem;
use tokio::sync::broadcast::error::RecvError;

use crate::desk::Desk;
use crate::problem::from_calls;
use crate::wire::TagRequest;

impl Desk {
    /// The tags known here of these calls.
    ///
    /// # Errors
    /// `signedOut`, or the store's.
    pub fn tags_for(&self, guids: &[String]) -> Result<Vec<Tag>, Problem> {
        self.seat()?.calls.tags_for(guids).map_err(|error| self.noted(from_calls(&error)))
    }

    /// Sends a tag once; its later states go to those who watch.
    ///
    /// # Errors
    /// `signedOut`, or the store's when the audit trail could not be written (then nothing was sent).
    pub async fn send_tag(&self, request: TagRequest) -> Result<Tag, Problem> {
        let seat = self.seat()?;
        let watchers = self.inner.tags.clone();
        let tell = move |tag: Tag| {
            // Nobody watching is fine: the state is in the store.
            let _ = watchers.send(tag);
        };
        let target = TagTarget { guid: request.guid, phone: request.phone, started_at: request.started_at };
        seat.calls
            .send_tag(&target, &request.text, tell)
            .await
            .map_err(|error| self.noted(from_calls(&error)))
    }

    /// Looks once more whether the server shows a tag.
    ///
    /// # Errors
    /// `signedOut`, the connection's, or the store's.
    pub async fn check_tag(&self, request: TagRequest) -> Result<Tag, Problem> {
        let seat = self.seat()?;
        let target = TagTarget { guid: request.guid, phone: request.phone, started_at: request.started_at };
        let tag = seat
            .calls
            .check_tag(&target, &request.text)
            .await
            .map_err(|error| self.noted(from_calls(&error)))?;
        let _ = self.inner.tags.send(tag.clone());
        Ok(tag)
    }

    /// The tags used last, newest first.
    ///
    /// # Errors
    /// `signedOut`, or the store's.
    pub fn recent_tags(&self) -> Result<Vec<String>, Problem> {
        self.seat()?.calls.recent_tags().map_err(|error| self.noted(from_calls(&error)))
    }

    /// Sends every tag that changes to `send` for as long as it answers true.
    pub async fn tag_updates(&self, mut send: impl FnMut(Tag) -> bool + Send) {
        let mut tags = self.inner.tags.subscribe();
        loop {
            match tags.recv().await {
                Ok(tag) if send(tag.clone()) => {}
                Err(RecvError::Lagged(_)) => {}
                Ok(_) | Err(RecvError::Closed) => return,
            }
        }
    }
}
