//! The simulated contact centre behind `--demo`: started with the program, on loopback, gone with it.
//!
//! It has a past: the hours before now, and those of the same weekday a week ago, are lived through at the pace of the
//! machine, with the client, the floor and the alerts that watch it afterwards. So trends, rewind and the shift report have
//! something to show at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use atalaya_clock::Clock;
use atalaya_floor::{Alerts, Picture, read_into};
use atalaya_simulator::{Config, Simulator};
use atalaya_store::Store;
use atalaya_store::profiles::{Profile, Profiles};
use atalaya_store::secrets::SecretStore;
use atalaya_ucontact::{Client, Options, Problem, Secret, Server};
use chrono::DateTime;

use crate::desk::Desk;
use crate::past::Recording;
use crate::problem::{from_store, from_ucontact, problem};
use crate::settings::Settings;
use crate::wire::{Password, SessionState, SignInRequest};

const PROFILE_ID: &str = "demo";
const MINUTE_MS: i64 = 60_000;
/// Of the day a week ago less is kept anyway.
const WEEK_AGO_EVERY_MS: i64 = 2 * MINUTE_MS;
const WEEK_MS: i64 = 7 * 24 * 60 * MINUTE_MS;
/// The last reading is no older than this, so that the live floor goes on where it ends.
const NOW_MS: i64 = 1_000;
/// The past of today, up to a time when callers wait, and how long after it the day a week ago went on.
const MINUTES: i64 = 220;
const MINUTES_AFTER: i64 = 120;
const AN_HOUR: Duration = Duration::from_secs(3_600);
/// The history takes so many snapshots before it has to be waited for.
const AT_ONCE: u64 = 8;

/// How the contact centre of a demonstration lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemoWorld {
    /// It goes on by itself, from a morning of today.
    Moving,
    /// In a new home: from the sign-in on it stands at the desk's own time, after the same past every time; for pictures.
    Still,
}

impl DemoWorld {
    /// A contact centre whose past begins then.
    fn centre(self, begins_ms: i64) -> Config {
        let begins = DateTime::from_timestamp_millis(begins_ms).map(|moment| moment.naive_utc());
        match self {
            Self::Moving => Config::default(),
            Self::Still => Config { moving: false, begins, ..Config::default() },
        }
    }
}

pub(crate) struct Demo {
    world: DemoWorld,
    simulator: Simulator,
    prepared: AtomicBool,
}

impl Demo {
    pub(crate) async fn start(world: DemoWorld, now_ms: i64) -> Result<Self, Problem> {
        let simulator = started(world.centre(now_ms - MINUTES * MINUTE_MS)).await?;
        Ok(Self { world, simulator, prepared: AtomicBool::new(false) })
    }

    /// Until its past is there, and somebody was signed in.
    pub(crate) fn preparing(&self) -> bool {
        !self.prepared.load(Ordering::SeqCst)
    }

    fn profile(&self) -> Profile {
        Profile {
            id: PROFILE_ID.to_owned(),
            name: "Demo".to_owned(),
            server_url: self.simulator.server_url(),
            user: self.simulator.user().to_owned(),
            telephony_url: Some(self.simulator.telephony_url()),
            backup_url: Some(self.simulator.backup_url()),
            extra_ca_path: None,
            keep: false,
            has_stored_password: false,
        }
    }

    /// The ports change with every start: the profile is written anew.
    pub(crate) fn write_profile(&self, store: &Store, secrets: &dyn SecretStore) -> Result<(), Problem> {
        let profile = self.profile();
        Profiles::save(store, &profile).map_err(|error| from_store(&error))?;
        Profiles::set_last_used(store, &profile.id).map_err(|error| from_store(&error))?;
        secrets.remove(&profile.id).map_err(|error| from_store(&error))
    }
}

impl Desk {
    /// Gives the simulated contact centre a past and signs in to it; does nothing when there is none. Takes some seconds.
    ///
    /// # Errors
    /// The store's; why nobody could be signed in is told with the session.
    pub async fn sign_in_to_demo(&self) -> Result<SessionState, Problem> {
        let Some(demo) = &self.inner.demo else { return Ok(self.session_state()) };
        if let Err(problem) = self.live_before(demo).await {
            tracing::warn!(code = problem.code, "the demonstration has no past");
        }
        let profile = demo.profile();
        let request = SignInRequest {
            profile_id: Some(profile.id),
            name: profile.name,
            server_url: profile.server_url,
            user: profile.user,
            password: Some(Password::new(demo.simulator.password())),
            telephony_url: profile.telephony_url,
            backup_url: profile.backup_url,
            extra_ca_path: None,
            keep: false,
        };
        let signed_in = self.sign_in(request).await;
        demo.prepared.store(true, Ordering::SeqCst);
        match signed_in {
            Ok(state) => Ok(state),
            Err(problem) => self.publish_session(Some(problem)),
        }
    }

    /// Fills the history with what came before, unless it was there: a demonstration closed an hour ago has a past.
    async fn live_before(&self, demo: &Demo) -> Result<(), Problem> {
        let server = server_of(&demo.simulator)?;
        let Some(recording) = self.begin_recording(demo.simulator.user(), &server) else { return Ok(()) };
        let extent = recording.history.extent(recording.site).map_err(|error| from_store(&error))?;
        let last_ms = extent.runs.last().map(|run| run.until_ms);
        let begins_ms = self.now_ms() - MINUTES * MINUTE_MS;
        if last_ms.is_some_and(|last_ms| last_ms > begins_ms) {
            return Ok(());
        }
        let settings = self.settings();
        if last_ms.is_none() {
            let week_ago = begins_ms - WEEK_MS;
            let until_ms = week_ago + (MINUTES + MINUTES_AFTER) * MINUTE_MS;
            // Another stretch of the same simulated time: alike, and not the same.
            let centre = demo.world.centre(week_ago - AN_HOUR.as_millis() as i64);
            let other = started(Config { moving: false, ..centre }).await?;
            other.advance(AN_HOUR);
            live(&other, &recording, &settings, WEEK_AGO_EVERY_MS, week_ago, || until_ms).await?;
        }
        live(&demo.simulator, &recording, &settings, MINUTE_MS, begins_ms, || self.now_ms()).await
    }
}

async fn started(config: Config) -> Result<Simulator, Problem> {
    let started = atalaya_simulator::start(config).await;
    started.map_err(|error| problem("demoFailed", [("why", error.to_string())], true))
}

fn server_of(simulator: &Simulator) -> Result<Server, Problem> {
    Server::parse(&simulator.server_url(), None, None, None).map_err(|error| from_ucontact(&error))
}

/// Lives through a contact centre's time, so many milliseconds at a time, from `begins_ms` up to when `until_ms` says it is over.
async fn live(
    simulator: &Simulator,
    recording: &Recording,
    settings: &Settings,
    every_ms: i64,
    begins_ms: i64,
    until_ms: impl Fn() -> i64,
) -> Result<(), Problem> {
    let then = Clock::held(begins_ms);
    let options = Options { requests_per_second: f64::MAX, clock: then.clock(), ..Options::default() };
    let password = Secret::new(simulator.password());
    let client = Client::sign_in(server_of(simulator)?, simulator.user(), password, options)
        .await
        .map_err(|error| from_ucontact(&error))?;
    let (mut picture, mut alerts) = (Picture::default(), Alerts::new(settings.alert_rules.clone()));
    picture.set_agents_every(every_ms as u32);
    alerts.set_scope(settings.teams.clone(), settings.pause_limits.clone());
    let (earlier, next_id) =
        recording.history.earlier_alerts(recording.site).map_err(|error| from_store(&error))?;
    alerts.recall(earlier, next_id);
    let mut revision = 0;
    loop {
        let at_ms = client.clock().now_ms();
        let mut snapshot =
            read_into(&mut picture, &client, &[], true).await.map_err(|error| from_ucontact(&error))?;
        revision += 1;
        (snapshot.revision, snapshot.health.every_ms) = (revision, every_ms as u32);
        let snapshot = Arc::new(snapshot);
        alerts.step(&snapshot, at_ms);
        recording.take(&snapshot, picture.server_offset_secs(), &alerts.board());
        if revision.is_multiple_of(AT_ONCE) {
            recording.history.flush();
        }
        let left_ms = until_ms() - at_ms;
        if left_ms < NOW_MS {
            break;
        }
        let step = Duration::from_millis(left_ms.min(every_ms) as u64);
        simulator.advance(step);
        then.advance(step);
    }
    recording.history.flush();
    client.end_session().await;
    Ok(())
}
