//! The rules of the house at this desk: following them, wanting one's own, publishing them.

use atalaya_teamwork::rules::{State, Why};
use atalaya_teamwork::{Error, Kind, Teamwork, What};

use super::Desk;
use crate::house::{AllPublished, House, HousePublished, PARTS, Published};
use crate::locked::locked;
use crate::problem::{Problem, from_teamwork, problem};
use crate::session::Session;

impl Desk {
    /// This desk goes by the team's of a part of the settings from now on, or by its own, which was kept.
    ///
    /// # Errors
    /// `signedOut`, `teamNone`; `settingsInvalid`: there is no such part; the store's.
    pub fn use_house(&self, part: &str, team: bool) -> Result<(), Problem> {
        let (session, of) = self.in_house(part)?;
        let published = self.published(&of)?;
        self.change_settings_and_house(|settings, house| {
            house.choose(settings, part, team);
            house.follow(settings, &published);
        })?;
        self.tell_house(&session);
        Ok(())
    }

    /// Undoes a change by hand that made a part of the settings one's own; nothing where there was none.
    ///
    /// # Errors
    /// As of [`Desk::use_house`].
    pub fn undo_house(&self, part: &str) -> Result<(), Problem> {
        let (session, of) = self.in_house(part)?;
        let published = self.published(&of)?;
        self.change_settings_and_house(|settings, house| house.undo(settings, part, &published))?;
        self.tell_house(&session);
        Ok(())
    }

    /// Makes one's own of a part the team's: every desk that goes by the team's has it, this one too.
    ///
    /// # Errors
    /// `teamLeadOnly`; `signedOut`, `teamNone`; `settingsInvalid`: there is no such part; the store's.
    pub fn publish_house(&self, part: &str) -> Result<(), Problem> {
        let (session, team) = self.in_house(part)?;
        let value = locked(&self.inner.house).own(&self.settings(), part);
        match team.say(What::House { name: part.to_owned(), value }) {
            Ok(()) => {}
            Err(Error::Refused(Why::LeadOnly)) => {
                return Err(self.noted(problem("teamLeadOnly", [], false)));
            }
            Err(error) => return Err(self.noted(from_teamwork(&error))),
        }
        session.in_team.wake();
        self.use_house(part, true)
    }

    fn in_house(&self, part: &str) -> Result<(std::sync::Arc<Session>, Teamwork), Problem> {
        let session = self.session()?;
        let Some(team) = session.membership.team() else { return Err(problem("teamNone", [], false)) };
        if !PARTS.contains(&part) {
            return Err(self.noted(problem("settingsInvalid", [("what", part.to_owned())], false)));
        }
        Ok((session, team))
    }

    /// Goes by what the team has now.
    pub(super) fn follow_house(&self, session: &Session) {
        let Some(team) = session.membership.team() else { return };
        let Ok(published) = self.published(&team) else { return };
        let _ = self.change_settings_and_house(|settings, house| house.follow(settings, &published));
        self.tell_house(session);
    }

    /// There is no team any more.
    pub(super) fn leave_house(&self) -> Result<(), Problem> {
        self.change_settings_and_house(|settings, house| house.leave(settings)).map(drop)
    }

    /// Tells whose the parts are. Without a team there is nothing to tell.
    pub(super) fn tell_house(&self, session: &Session) {
        let Some(team) = session.membership.team() else { return };
        let Ok(published) = self.published(&team) else { return };
        let told = locked(&self.inner.house).told(&self.settings(), &published, team.member().lead);
        self.inner.kept_team.tell_house(told);
    }

    /// What the team has.
    fn published(&self, team: &Teamwork) -> Result<AllPublished, Problem> {
        let read = || {
            let ahead_ms = team.log_ahead_ms()?;
            let mut published = AllPublished::new();
            for so in team.all(Kind::House)? {
                let State::Said(said) = so.state else { continue };
                let What::House { name, value } = *said else { continue };
                let at_ms = (so.seq < i64::MAX).then(|| so.logged_ms - ahead_ms);
                let told = HousePublished { by: so.who, at_ms };
                published.insert(name, Published { value, told });
            }
            Ok(published)
        };
        read().map_err(|error| self.noted(from_teamwork(&error)))
    }

    /// Whose the parts are, as it is kept.
    pub(super) fn kept_house(store: &atalaya_store::Store) -> House {
        let kept = store.setting(super::HOUSE_KEY);
        kept.inspect_err(|error| tracing::warn!(%error, "whose the settings are could not be read"))
            .ok()
            .flatten()
            .unwrap_or_default()
    }
}
