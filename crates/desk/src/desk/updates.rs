//! A newer version of this program: what the window asks of it.

use atalaya_player::wire::Phase;
use atalaya_update::allowed::Busy;
use chrono::DateTime;

use super::Desk;
use crate::problem::{Problem, problem};
use crate::updates::{UpdateState, UpdateWayBack};

impl Desk {
    /// How things are with the next version. Nobody is asked.
    pub fn update_state(&self) -> UpdateState {
        self.inner.updates.state(&self.settings().update_channel)
    }

    /// The way back to the version before.
    ///
    /// # Errors
    /// `updateNothingBefore`, `updateNoPackageBefore`, `updateNoCopyBefore`: there is none; the disk's.
    pub fn update_way_back(&self) -> Result<UpdateWayBack, Problem> {
        self.inner.updates.way_back()
    }

    /// Asks the channel; what it said, or why it could not be asked, is in the state.
    ///
    /// # Errors
    /// This computer's clock is beyond all dates.
    pub async fn update_look(&self) -> Result<UpdateState, Problem> {
        self.inner.updates.look(&self.settings().update_channel, self.moment()?).await;
        Ok(self.update_state())
    }

    /// Fetches what was found and checks it; the state says how far it is meanwhile.
    pub async fn update_fetch(&self) -> UpdateState {
        self.inner.updates.fetch(&self.settings().update_channel).await;
        self.update_state()
    }

    /// Installs what was fetched. What only the window knows: a review that is half done, something that is being sent.
    ///
    /// # Errors
    /// This computer's clock is beyond all dates.
    pub async fn update_install(&self, reviewing: bool, writing: bool) -> Result<UpdateState, Problem> {
        let (busy, at) = (self.busy(reviewing, writing), self.moment()?);
        self.inner.updates.install(&self.settings().update_channel, busy, at).await;
        Ok(self.update_state())
    }

    /// Installs the version before.
    pub async fn update_back(&self, reviewing: bool, writing: bool) -> UpdateState {
        self.inner.updates.back(self.busy(reviewing, writing)).await;
        self.update_state()
    }

    fn busy(&self, reviewing: bool, writing: bool) -> Busy {
        let playing = matches!(self.inner.player.transport().phase, Phase::Playing | Phase::Buffering);
        let saving = self.session().is_ok_and(|session| session.saving_many.is_under_way());
        Busy { playing, reviewing, writing, saving }
    }

    fn moment(&self) -> Result<DateTime<chrono::Utc>, Problem> {
        DateTime::from_timestamp_millis(self.now_ms()).ok_or_else(|| problem("updateTimeout", [], true))
    }
}
