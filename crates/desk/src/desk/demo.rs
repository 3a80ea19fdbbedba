//! Signing in to the demonstration, which has lived through some hours before.
//!
//! Left out on purpose: the simulated contact centre itself, and living through a stretch of its time (`demo`).

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use atalaya_floor::Alerts;
use atalaya_floor::wire::AlertBoard;
use atalaya_simulator::Config;
use atalaya_ucontact::{Problem, Secret};
use tokio::sync::mpsc::unbounded_channel;

use super::Desk;
use crate::demo::{
    AN_HOUR, Demo, DemoWorld, LivedIn, MINUTE_MS, MINUTES, Stretch, live_in, put_down, server_of,
};
use crate::problem::{from_store, problem};
use crate::session::Session;
use crate::wire::{SessionState, SignInRequest};

/// Of the day a week ago less is kept anyway.
const WEEK_AGO_EVERY_MS: i64 = 2 * MINUTE_MS;
const WEEK_MS: i64 = 7 * 24 * 60 * MINUTE_MS;
/// How long after the past of today the day a week ago went on.
const MINUTES_AFTER: i64 = 120;
/// More alerts than any day has: those of today are numbered from there on while the day before them is still lived through.
const ALERTS_OF_A_DAY: u32 = 10_000;

impl Desk {
    /// Gives the simulated contact centre a past and signs in to it; does nothing when there is none. Takes some seconds.
    ///
    /// # Errors
    /// The store's; why nobody could be signed in is told with the session.
    pub async fn sign_in_to_demo(&self) -> Result<SessionState, Problem> {
        let Some(demo) = &self.inner.demo else { return Ok(self.session_state()) };
        let settings = self.settings();
        demo.more_steps(LivedIn::STEPS);
        let rooms = live_in(&demo.simulator, demo.hours, self.inner.store.clone(), &settings, || {
            self.a_step_is_done();
        });
        let (before, rooms) = tokio::join!(self.live_before(demo), rooms);
        let under_way = before.unwrap_or_else(|problem| {
            tracing::warn!(code = problem.code, "the demonstration has no past");
            None
        });
        match &rooms {
            Ok(rooms) => drop(self.change_settings(|settings| rooms.choose(settings))?),
            Err(problem) => tracing::warn!(code = problem.code, "the demonstration's rooms are empty"),
        }
        let profile = demo.profile();
        let request = SignInRequest {
            profile_id: Some(profile.id),
            name: profile.name,
            server_url: profile.server_url,
            user: profile.user,
            password: Some(Secret::new(demo.simulator.password())),
            telephony_url: profile.telephony_url,
            backup_url: profile.backup_url,
            extra_ca_path: None,
            keep: false,
        };
        let signed_in = self.sign_in(request).await;
        demo.is_prepared();
        match signed_in {
            Ok(state) => {
                if let Ok(session) = self.session() {
                    // Nothing was missed between the past and now: what was wrong then still is.
                    if let Some(alerts) = under_way {
                        session.alerts.go_on_with(alerts);
                    }
                    if let Ok(rooms) = rooms {
                        see_to_one(&session, rooms.colleague);
                    }
                }
                Ok(state)
            }
            Err(problem) => self.publish_session(Some(problem)),
        }
    }

    /// Brings the contact centre up to now; fills the history with what came before, and gives the alerts under way at its end.
    /// Does neither of the latter where there is one: a demonstration closed an hour ago has a past.
    async fn live_before(&self, demo: &Demo) -> Result<Option<Alerts>, Problem> {
        let server = server_of(&demo.simulator)?;
        // The centre began so long ago: nobody's watching it does not keep its clock back.
        let unwatched = || demo.simulator.advance(Duration::from_millis((MINUTES * MINUTE_MS) as u64));
        let Ok(record) = self.record_of(demo.simulator.user(), &server) else {
            unwatched();
            return Ok(None);
        };
        let extent = record.history.extent(record.site).map_err(|error| from_store(&error))?;
        let last_ms = extent.runs.last().map(|run| run.until_ms);
        let begins_ms = self.now_ms() - MINUTES * MINUTE_MS;
        if last_ms.is_some_and(|last_ms| last_ms > begins_ms) {
            unwatched();
            return Ok(None);
        }
        let record = Arc::new(record);
        let next_alert = || record.history.earlier_alerts(record.site).map_err(|error| from_store(&error));
        let settings = self.settings();
        let stretch = |centre, every_ms, begins_ms, first_alert| Stretch {
            centre,
            settings: settings.clone(),
            every_ms,
            begins_ms,
            moves: false,
            first_alert,
        };
        let (_, first) = next_alert()?;
        let first_today = if last_ms.is_none() { first + ALERTS_OF_A_DAY } else { first };
        let (told, seen_today) = unbounded_channel();
        let today = Stretch {
            moves: demo.world == DemoWorld::Moving,
            ..stretch(Arc::clone(&demo.simulator), MINUTE_MS, begins_ms, first_today)
        };
        demo.more_steps(MINUTES as u32 + 1);
        let (now, counted) = (self.clone(), self.clone());
        let today = beside(today.live(move || now.now_ms(), told, move || counted.a_step_is_done()));
        if last_ms.is_none() {
            let week_ago = begins_ms - WEEK_MS;
            let until_ms = week_ago + (MINUTES + MINUTES_AFTER) * MINUTE_MS;
            // Another stretch of the same simulated time: alike, and not the same.
            let centre = demo.centre(week_ago - AN_HOUR.as_millis() as i64);
            let centre = Config { moving: false, port: 1, backup_port: 2, ..centre };
            let other = Arc::new(atalaya_simulator::without_ports(centre));
            other.advance(AN_HOUR);
            let (told, seen) = unbounded_channel();
            let then = stretch(other, WEEK_AGO_EVERY_MS, week_ago, first);
            demo.more_steps(((until_ms - week_ago) / WEEK_AGO_EVERY_MS) as u32 + 1);
            let counted = self.clone();
            let then = beside(then.live(move || until_ms, told, move || counted.a_step_is_done()));
            put_down(&record, seen).await;
            if let Err(problem) = then.await {
                tracing::warn!(code = problem.code, "the day a week ago is not whole");
            }
        }
        let (earlier, _) = next_alert()?;
        put_down(&record, seen_today).await;
        let mut alerts = today.await?;
        alerts.recall(earlier, 0);
        Ok(Some(alerts))
    }

    /// Another step of the preparation is done: the windows hear of every percent.
    fn a_step_is_done(&self) {
        if let Some(demo) = self.inner.demo.as_ref().filter(|demo| demo.step()) {
            // Once it is prepared nothing more is to come.
            self.tell_session(|state| state.preparing = state.preparing.and_then(|_| demo.preparing()));
        }
    }
}

/// Lives on a thread of its own, as far as there is one to spare.
fn beside(
    living: impl Future<Output = Result<Alerts, Problem>> + Send + 'static,
) -> impl Future<Output = Result<Alerts, Problem>> {
    let living = tokio::spawn(living);
    async move {
        let failed = |detail: String| problem("demoFailed", [("detail", detail)], true);
        living.await.map_err(|error| failed(error.to_string()))?
    }
}

/// Somebody sees to the first alert about a campaign, as soon as there is one.
fn see_to_one(session: &Arc<Session>, who: String) {
    let (mut boards, session) = (session.alerts.boards(), Arc::downgrade(session));
    tokio::spawn(async move {
        let of_a_campaign = |board: &Arc<AlertBoard>| {
            board
                .active
                .iter()
                .find(|alert| alert.campaign.is_some() && alert.agent.is_none())
                .map(|one| one.id)
        };
        // The session may end before.
        let Ok(board) =
            boards.wait_for(|board| of_a_campaign(board).is_some()).await.map(|board| board.clone())
        else {
            return;
        };
        if let (Some(id), Some(session)) = (of_a_campaign(&board), session.upgrade()) {
            session.alerts.acknowledged_by(id, &who);
        }
    });
}
