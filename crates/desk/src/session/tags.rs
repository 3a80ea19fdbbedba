//! Tags: sent once, told to everybody who watches as they are confirmed.

use atalaya_calls::TagTarget;
use atalaya_calls::wire::Tag;
use atalaya_ucontact::Problem;
use tokio::sync::broadcast;

use super::found::FoundCalls;
use super::ground::Ground;
use crate::problem::from_calls;
use crate::wire::TagRequest;

/// States told and not yet taken by a slow watcher; what it misses it reads anew.
const TOLD: usize = 256;

/// The tags of one session; clones are handles to the same ones.
#[derive(Clone)]
pub struct Tagging {
    ground: Ground,
    found: FoundCalls,
    told: broadcast::Sender<Tag>,
}

fn target_of(request: &TagRequest) -> TagTarget {
    TagTarget {
        guid: request.guid.clone(),
        phone: request.phone.clone(),
        started_at: request.started_at.clone(),
    }
}

impl Tagging {
    pub(super) fn new(ground: Ground, found: FoundCalls) -> Self {
        Self { ground, found, told: broadcast::Sender::new(TOLD) }
    }

    /// The tags known here of these calls.
    ///
    /// # Errors
    /// The store's.
    pub fn of(&self, guids: &[String]) -> Result<Vec<Tag>, Problem> {
        self.ground.calls.tags_for(guids).map_err(|error| self.ground.noted(from_calls(&error)))
    }

    /// Sends a tag once; its later states go to those who watch. One that nobody knows the fate of is `Unknown`, and looked
    /// for.
    ///
    /// # Errors
    /// `signedOut` when the session ends; the store's when the trail could not be written (then nothing was sent).
    pub async fn send(&self, request: TagRequest) -> Result<Tag, Problem> {
        let here = self.clone();
        let sent =
            self.ground.calls.send_tag(&target_of(&request), &request.text, move |tag| here.tell(tag)).await;
        sent.map_err(|error| self.ground.noted(from_calls(&error)))
    }

    /// Looks once more whether the server shows a tag.
    ///
    /// # Errors
    /// The connection's, or the store's.
    pub async fn check(&self, request: TagRequest) -> Result<Tag, Problem> {
        let looked = self.ground.calls.check_tag(&target_of(&request), &request.text).await;
        let tag = looked.map_err(|error| self.ground.noted(from_calls(&error)))?;
        self.tell(tag.clone());
        Ok(tag)
    }

    /// Tags that change while the list of calls is looked at belong to it too.
    fn tell(&self, tag: Tag) {
        if let Ok(all) = self.of(std::slice::from_ref(&tag.guid)) {
            self.found.tag(&tag.guid, &all);
        }
        // Nobody watching is fine: the state is in the store.
        let _ = self.told.send(tag);
    }

    /// The tags used last, newest first.
    ///
    /// # Errors
    /// The store's.
    pub fn recent(&self) -> Result<Vec<String>, Problem> {
        self.ground.calls.recent_tags().map_err(|error| self.ground.noted(from_calls(&error)))
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Tag> {
        self.told.subscribe()
    }
}
