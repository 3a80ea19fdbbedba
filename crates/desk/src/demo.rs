//! The simulated contact centre behind `--demo`: started with the program, on loopback, gone with it.
//!
//! It has a past: the hours before now, and those of the same weekday a week ago, are lived through at the pace of the
//! machine, with the client, the floor and the alerts that watch it afterwards. So trends, rewind and the shift report have
//! something to show at once. Its rooms are lived in (`demo/lived_in`), and its clock is the computer's by day
//! (`demo/office_hours`).

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
use chrono::{Offset, TimeZone};

use crate::problem::{from_store, from_ucontact, problem};
use crate::session::past::FloorRecord;
use crate::settings::Settings;

mod lived_in;
mod office_hours;

pub(crate) use lived_in::live_in;
pub(crate) use office_hours::OfficeHours;

const PROFILE_ID: &str = "demo";
pub(crate) const MINUTE_MS: i64 = 60_000;
/// The past of today, up to a time when callers wait.
pub(crate) const MINUTES: i64 = 220;
/// The last reading is no older than this, so that the live floor goes on where it ends.
const NOW_MS: i64 = 1_000;
/// The day a week ago begins so much later in its contact centre's life.
pub(crate) const AN_HOUR: Duration = Duration::from_secs(3_600);
/// The history takes so many snapshots before it has to be waited for.
const AT_ONCE: u64 = 8;

/// How the contact centre of a demonstration lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemoWorld {
    /// It goes on by itself, at this computer's time; at night at a time of the day (`OfficeHours`).
    Moving,
    /// In a new home: from the sign-in on it stands at the desk's own time, after the same past every time; for pictures.
    Still,
}

pub(crate) struct Demo {
    pub(crate) world: DemoWorld,
    pub(crate) hours: OfficeHours,
    pub(crate) simulator: Simulator,
    prepared: AtomicBool,
}

impl Demo {
    pub(crate) async fn start(world: DemoWorld, now_ms: i64) -> Result<Self, Problem> {
        let hours = match world {
            DemoWorld::Moving => OfficeHours::at(now_ms, zone_ms(now_ms)),
            DemoWorld::Still => OfficeHours::default(),
        };
        let simulator = started(centre(world, hours, now_ms - MINUTES * MINUTE_MS)).await?;
        Ok(Self { world, hours, simulator, prepared: AtomicBool::new(false) })
    }

    /// A contact centre whose past begins then.
    pub(crate) fn centre(&self, begins_ms: i64) -> Config {
        centre(self.world, self.hours, begins_ms)
    }

    /// Until its past is there, and somebody was signed in.
    pub(crate) fn preparing(&self) -> bool {
        !self.prepared.load(Ordering::SeqCst)
    }

    /// Somebody was signed in, or could not be.
    pub(crate) fn is_prepared(&self) {
        self.prepared.store(true, Ordering::SeqCst);
    }

    /// The account it has.
    pub(crate) fn profile(&self) -> Profile {
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

fn centre(world: DemoWorld, hours: OfficeHours, begins_ms: i64) -> Config {
    let moving = world == DemoWorld::Moving;
    Config { moving, begins: hours.local(begins_ms), ..Config::default() }
}

/// How far the computer's zone is east of Greenwich then, milliseconds.
fn zone_ms(at_ms: i64) -> i64 {
    let at = chrono::Local.timestamp_millis_opt(at_ms).single();
    at.map_or(0, |at| i64::from(at.offset().fix().local_minus_utc()) * 1_000)
}

pub(crate) async fn started(config: Config) -> Result<Simulator, Problem> {
    let started = atalaya_simulator::start(config).await;
    started.map_err(|error| problem("demoFailed", [("detail", error.to_string())], true))
}

/// Where it is.
pub(crate) fn server_of(simulator: &Simulator) -> Result<Server, Problem> {
    Server::parse(&simulator.server_url(), None, None, None).map_err(|error| from_ucontact(&error))
}

/// Lives through a contact centre's time, so many milliseconds at a time, from `begins_ms` up to when `until_ms` says it is over;
/// gives the alerts as they are then, for whoever goes on from there.
pub(crate) async fn live(
    simulator: &Simulator,
    record: &FloorRecord,
    settings: &Settings,
    every_ms: i64,
    begins_ms: i64,
    until_ms: impl Fn() -> i64,
) -> Result<Alerts, Problem> {
    let then = Clock::held(begins_ms);
    let options = Options { requests_per_second: f64::MAX, clock: then.clock(), ..Options::default() };
    let password = Secret::new(simulator.password());
    let client = Client::sign_in(server_of(simulator)?, simulator.user(), password, options)
        .await
        .map_err(|error| from_ucontact(&error))?;
    let (mut picture, mut alerts) = (Picture::default(), Alerts::new(settings.rules.clone()));
    picture.set_agents_every(every_ms as u32);
    alerts.set_scope(settings.teams.clone(), settings.pause_limits.clone());
    let (earlier, next_id) =
        record.history.earlier_alerts(record.site).map_err(|error| from_store(&error))?;
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
        record.take(&snapshot, picture.server_offset_secs(), &alerts.board());
        if revision.is_multiple_of(AT_ONCE) {
            record.history.flush();
        }
        let left_ms = until_ms() - at_ms;
        if left_ms < NOW_MS {
            break;
        }
        let step = Duration::from_millis(left_ms.min(every_ms) as u64);
        simulator.advance(step);
        then.advance(step);
    }
    record.history.flush();
    client.end_session().await;
    Ok(alerts)
}
