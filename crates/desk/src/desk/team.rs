//! The team of this desk: what the window asks of it, and the session that joins.

use std::path::Path;
use std::sync::Arc;

use atalaya_team::Invitation;

use super::Desk;
use crate::problem::{Problem, from_export, problem};
use crate::session::Session;
use crate::team::{Membership, TeamJoin, TeamMember, TeamTold};

impl Desk {
    /// Sends the team and how this desk stands in it to `send`, now and whenever that changes, for as long as it answers
    /// true.
    pub async fn team_updates(&self, mut send: impl FnMut(TeamTold) -> bool + Send) {
        let mut changes = self.inner.membership.told();
        loop {
            let now = changes.borrow_and_update().clone();
            if !send(now) || changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// Joins a team with the centre of the session.
    ///
    /// # Errors
    /// `signedOut`, the team's: nothing is changed.
    pub async fn join_team(&self, join: TeamJoin) -> Result<(), Problem> {
        let session = self.session()?;
        let server = session.in_team.server();
        self.inner.membership.keep(join, &server).await.map_err(|problem| self.noted(problem))?;
        self.join(&session).await;
        Ok(())
    }

    /// Joins a team by an invitation file.
    ///
    /// # Errors
    /// As of [`Desk::join_team`]; `teamReading`: the file is no invitation; `teamOtherCentre`: it is for another one.
    pub async fn join_team_by(&self, path: &Path) -> Result<(), Problem> {
        let text = atalaya_export::read_text(path).map_err(|error| from_export(&error))?;
        let invitation = Invitation::from_json(&text).map_err(|error| error.problem())?;
        let server = self.session()?.in_team.server();
        if invitation.server != server {
            return Err(problem("teamOtherCentre", [("server", invitation.server)], false));
        }
        self.join_team(TeamJoin { address: invitation.team, password: invitation.password }).await
    }

    /// Leaves the team: everything that is kept here stays, the floor asks for itself again.
    ///
    /// # Errors
    /// The store's.
    pub async fn leave_team(&self) -> Result<(), Problem> {
        // Whoever is about to join looks once more whether it still belongs to it.
        self.inner.membership.forget().await.map_err(|problem| self.noted(problem))?;
        if let Ok(session) = self.session() {
            session.in_team.leave().await;
        }
        Ok(())
    }

    /// Who belongs to the team.
    ///
    /// # Errors
    /// `signedOut`, the team's.
    pub async fn team_members(&self) -> Result<Vec<TeamMember>, Problem> {
        self.inner.membership.members(&self.session()?.in_team.server()).await
    }

    /// The floor of a session that begins waits for its team, if this desk is in one.
    pub(super) fn begin_in_team(&self, session: &Arc<Session>) {
        if !self.inner.membership.watches(&session.in_team.server()) {
            self.inner.membership.tell_problem(None);
            return;
        }
        session.in_team.hold();
        let (desk, session) = (self.clone(), Arc::clone(session));
        tokio::spawn(async move { desk.join(&session).await });
    }

    async fn join(&self, session: &Session) {
        let membership = &self.inner.membership;
        let server = session.in_team.server();
        match membership.joining(&server).await {
            Ok(Some(joining)) => {
                membership.tell_problem(None);
                let told = membership.teller();
                session.in_team.join(joining, move |state| Membership::tell_state(&told, state)).await;
                // Somebody left while the password was looked for.
                if !membership.watches(&server) {
                    session.in_team.leave().await;
                }
            }
            Ok(None) => session.in_team.let_go(),
            Err(problem) => {
                session.in_team.let_go();
                membership.tell_problem(Some(self.noted(problem)));
            }
        }
    }
}
