//! The simulated contact centre behind `--demo`: started with the program, on loopback, gone with it.
//!
//! It has a past: the hours before now, and those of the same weekday a week ago, are lived through at the pace of the
//! machine, with the client, the floor and the alerts that watch it afterwards. So trends, rewind and the shift report have
//! something to show at once. Its rooms are lived in (`demo/lived_in`), and its clock is the computer's by day
//! (`demo/office_hours`).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use atalaya_simulator::{Config, Simulator};
use atalaya_store::Store;
use atalaya_store::profiles::{Profile, Profiles};
use atalaya_store::secrets::SecretStore;
use atalaya_ucontact::{Problem, Server};
use chrono::{Offset, TimeZone};

use crate::problem::{from_store, from_ucontact, problem};
use crate::wire::Preparing;

mod indoors;
mod lived_in;
mod living;
mod office_hours;

pub(crate) use indoors::sign_in;
pub(crate) use lived_in::{LivedIn, live_in};
pub(crate) use living::{Stretch, put_down};
pub(crate) use office_hours::OfficeHours;

const PROFILE_ID: &str = "demo";
pub(crate) const MINUTE_MS: i64 = 60_000;
/// The past of today, up to a time when callers wait.
pub(crate) const MINUTES: i64 = 220;
/// The day a week ago begins so much later in its contact centre's life.
pub(crate) const AN_HOUR: Duration = Duration::from_secs(3_600);

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
    pub(crate) simulator: Arc<Simulator>,
    prepared: AtomicBool,
    done: AtomicU32,
    of: AtomicU32,
}

impl Demo {
    pub(crate) async fn start(world: DemoWorld, now_ms: i64) -> Result<Self, Problem> {
        let hours = match world {
            DemoWorld::Moving => OfficeHours::at(now_ms, zone_ms(now_ms)),
            DemoWorld::Still => OfficeHours::default(),
        };
        let simulator = atalaya_simulator::start(centre(world, hours, now_ms - MINUTES * MINUTE_MS)).await;
        let simulator =
            simulator.map_err(|error| problem("demoFailed", [("detail", error.to_string())], true))?;
        Ok(Self {
            world,
            hours,
            simulator: Arc::new(simulator),
            prepared: AtomicBool::new(false),
            done: AtomicU32::new(0),
            of: AtomicU32::new(0),
        })
    }

    /// A contact centre whose past begins then.
    pub(crate) fn centre(&self, begins_ms: i64) -> Config {
        centre(self.world, self.hours, begins_ms)
    }

    /// How far its past is; `None` once that is there, and somebody was signed in.
    pub(crate) fn preparing(&self) -> Option<Preparing> {
        let prepared = self.prepared.load(Ordering::SeqCst);
        let (done, of) = (self.done.load(Ordering::SeqCst), self.of.load(Ordering::SeqCst));
        // Today goes on meanwhile: it may take a step more than was thought.
        (!prepared).then_some(Preparing { done: done.min(of), of })
    }

    /// There are so many steps more to do.
    pub(crate) fn more_steps(&self, more: u32) {
        self.of.fetch_add(more, Ordering::SeqCst);
    }

    /// A step is done; true when that is another percent of all.
    pub(crate) fn step(&self) -> bool {
        let of = self.of.load(Ordering::SeqCst).max(1);
        let before = self.done.fetch_add(1, Ordering::SeqCst);
        100 * before / of != 100 * (before + 1) / of
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

/// Where it is.
pub(crate) fn server_of(simulator: &Simulator) -> Result<Server, Problem> {
    Server::parse(&simulator.server_url(), None, None, None).map_err(|error| from_ucontact(&error))
}
