//! The team of this desk: what the window asks of it, and the session that joins.

use std::path::Path;
use std::sync::Arc;

use atalaya_team::{Invitation, Joining};
use atalaya_teamlog::Errand;
use atalaya_teamwork::{Kind, Member};

use super::Desk;
use crate::problem::{Problem, from_export, from_teamwork, problem};
use crate::session::Session;
use crate::team::{KeptTeam, TeamJoin, TeamMember, TeamTold};

impl Desk {
    /// Sends the team and how this desk stands in it to `send`, now and whenever that changes, for as long as it answers
    /// true.
    pub async fn team_updates(&self, mut send: impl FnMut(TeamTold) -> bool + Send) {
        let mut changes = self.inner.kept_team.told();
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
        let called = self.settings().reviewer;
        let kept = self.inner.kept_team.keep(join, &server, &called).await;
        let person = kept.map_err(|problem| self.noted(problem))?;
        if person != called {
            // What is judged here from now on is in the name the team knows.
            let parts = serde_json::json!({ "reviewer": person });
            self.choose(serde_json::from_value(parts).unwrap_or_default())?;
        }
        self.join(&session).await;
        Ok(())
    }

    /// Offers the team what this desk had before it joined: everything the team does not know. How many changes that is.
    ///
    /// # Errors
    /// `signedOut`, `teamNone`; the store's: nothing is offered then.
    pub async fn offer_to_team(&self) -> Result<u32, Problem> {
        let session = self.session()?;
        let Some(team) = session.membership.team() else { return Err(problem("teamNone", [], false)) };
        let offered = tokio::task::spawn_blocking(move || team.offer()).await;
        let offered =
            offered.map_err(|error| problem("unexpected", [("detail", error.to_string())], true))?;
        let count = offered.map_err(|error| self.noted(from_teamwork(&error)))?;
        session.in_team.wake();
        Ok(count)
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
        self.inner.kept_team.forget().await.map_err(|problem| self.noted(problem))?;
        if let Ok(session) = self.session() {
            session.in_team.leave().await;
            session.membership.leave().map_err(|error| self.noted(from_teamwork(&error)))?;
        }
        // Whoever is in no team goes by their own.
        self.leave_house()
    }

    /// Who belongs to the team.
    ///
    /// # Errors
    /// `signedOut`, the team's.
    pub async fn team_members(&self) -> Result<Vec<TeamMember>, Problem> {
        self.inner.kept_team.members(&self.session()?.in_team.server()).await
    }

    /// The floor of a session that begins waits for its team, if this desk is in one.
    pub(super) fn begin_in_team(&self, session: &Arc<Session>) {
        if !self.inner.kept_team.watches(&session.in_team.server()) {
            self.inner.kept_team.tell_problem(None);
            return;
        }
        session.in_team.hold();
        let (desk, session) = (self.clone(), Arc::clone(session));
        tokio::spawn(async move {
            // What the team has is gone by in the session at hand.
            let _ = desk.inner.session.subscribe().wait_for(Option::is_some).await;
            desk.join(&session).await;
        });
    }

    async fn join(&self, session: &Arc<Session>) {
        let kept = &self.inner.kept_team;
        let server = session.in_team.server();
        match kept.joining(&server).await {
            Ok(Some((joining, me))) => {
                kept.tell_problem(None);
                let (told, shared) = (kept.teller(), kept.teller());
                let Joining { address, password, seat } = &joining;
                let member = Member { desk: seat.desk, who: me.person, lead: me.lead };
                match session.membership.join(member) {
                    Ok(team) => {
                        let (address, password, seat) = (address.clone(), password.clone(), seat.clone());
                        let errand = Errand { address, password, seat, team };
                        let (heard, inner) = (Arc::downgrade(session), Arc::downgrade(&self.inner));
                        session.in_team.carry(
                            errand,
                            move |state| KeptTeam::tell_shared(&shared, state),
                            move |kinds| {
                                let Some(session) = heard.upgrade() else { return };
                                session.heard_from_team(kinds.as_ref());
                                if let Some(inner) = inner.upgrade()
                                    && kinds.is_none_or(|kinds| kinds.contains(&Kind::House))
                                {
                                    Self { inner }.follow_house(&session);
                                }
                            },
                        );
                    }
                    Err(error) => drop(self.noted(from_teamwork(&error))),
                }
                let past = session.past.record().map(|record| atalaya_teampast::Errand {
                    address: joining.address.clone(),
                    password: joining.password.clone(),
                    seat: joining.seat.clone(),
                    history: Arc::clone(&record.history),
                    site: record.site,
                    days: self.settings().history_bounds().days,
                });
                session.in_team.join(joining, move |state| KeptTeam::tell_state(&told, state)).await;
                if let Some(past) = past {
                    session.in_team.hand_on_past(past);
                }
                // Somebody left while the password was looked for.
                if !kept.watches(&server) {
                    session.in_team.leave().await;
                }
            }
            Ok(None) => session.in_team.let_go(),
            Err(problem) => {
                session.in_team.let_go();
                kept.tell_problem(Some(self.noted(problem)));
            }
        }
    }
}
