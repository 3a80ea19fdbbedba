//! A simulated contact centre for measurements: read over HTTP every fifteen seconds of its time, kept in a history, looked
//! ahead of once a minute.

use std::sync::Arc;
use std::time::Duration;

use atalaya_ahead::{Ahead, Asked, Looked, Readings};
use atalaya_clock::{Clock, Held};
use atalaya_floor::wire::Snapshot;
use atalaya_floor::{Picture, default_rules, read_into};
use atalaya_forecast::input::Given;
use atalaya_history::{Bounds, History, Site};
use atalaya_simulator::{Config, Curve, Simulator};
use atalaya_ucontact::{Client, Options, Secret, Server};

/// Between two readings.
pub const STEP_SECS: u64 = 15;
/// Readings a minute.
pub const MINUTE: usize = 60 / STEP_SECS as usize;
/// A day is two of the usual waves.
pub const DAY_STEPS: usize = 12_000 / STEP_SECS as usize;
const WEEK_SECS: u64 = 7 * 24 * 3_600;

/// Worlds: the one that was built with, and others.
pub const WORLDS: [(&str, Curve); 4] = [
    ("usual", Curve { wave_secs: 6_000.0, crest: 2.2, twice: None }),
    // Three waves a day, and steeper.
    ("steep", Curve { wave_secs: 4_000.0, crest: 3.0, twice: None }),
    // No day is like the one a week before.
    ("another", Curve { wave_secs: 5_200.0, crest: 2.2, twice: None }),
    // The second campaign has twice the people and calls.
    ("twice", Curve { wave_secs: 6_000.0, crest: 2.2, twice: Some(1) }),
];

/// It.
pub struct Centre {
    pub simulator: Simulator,
    pub client: Client,
    pub clock: Held,
    pub history: History,
    pub site: Site,
    picture: Picture,
    readings: Readings,
    ahead: Ahead,
    newest: Option<Arc<Snapshot>>,
    _home: tempfile::TempDir,
}

impl Centre {
    /// Eight campaigns, and seventy people or as many as asked for (`--people N`).
    pub async fn begin(seed: u64, curve: Curve) -> Self {
        Self::of_size(8, asked("--people", 70) as usize, seed, curve).await
    }

    pub async fn of_size(campaigns: usize, agents: usize, seed: u64, curve: Curve) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let begins: chrono::NaiveDateTime = "2026-11-17T10:00:00".parse().expect("a moment");
        let config = Config {
            campaigns,
            agents,
            seed,
            begins: Some(begins),
            moving: false,
            calls_per_day: 200,
            curve,
            ..Config::default()
        };
        let simulator = atalaya_simulator::start(config).await.expect("loopback has a free port");
        let clock = Clock::held(begins.and_utc().timestamp_millis());
        let client = client(&simulator, &clock).await;
        let history = History::open(&home.path().join("history.sqlite"), Bounds::default()).expect("opens");
        let site = history.site("me@here").expect("kept");
        let (picture, readings, ahead) = (Picture::default(), Readings::default(), Ahead::default());
        Self { simulator, client, clock, history, site, picture, readings, ahead, newest: None, _home: home }
    }

    /// A week after the day began, with the callers of the same time of day, and a program that was started anew.
    pub fn next_week(&mut self) {
        self.clock.advance(Duration::from_secs(WEEK_SECS - DAY_STEPS as u64 * STEP_SECS));
        (self.ahead, self.picture) = (Ahead::default(), Picture::default());
    }

    /// Fifteen seconds pass, and the floor is read.
    pub async fn step(&mut self) {
        let by = Duration::from_secs(STEP_SECS);
        self.simulator.advance(by);
        self.clock.advance(by);
        let read = read_into(&mut self.picture, &self.client, &[], true).await;
        let mut snapshot = read.expect("the server answers");
        // As planned: what comes later than that is a gap in the history.
        let every_ms = STEP_SECS as u32 * 1_000;
        (snapshot.health.every_ms, snapshot.agents_every_ms) = (every_ms, every_ms);
        let snapshot = Arc::new(snapshot);
        self.readings.note(&snapshot);
        self.history.take(self.site, &snapshot);
        self.newest = Some(snapshot);
    }

    /// As it was last read.
    pub fn snapshot(&self) -> &Snapshot {
        self.newest.as_ref().expect("it was read")
    }

    /// A look ahead.
    pub fn look(&mut self) -> Looked {
        let asked = self.asked();
        self.ahead.look(Some((&self.history, self.site)), &asked)
    }

    /// What a look would be made of.
    pub fn given(&mut self) -> Given {
        let asked = self.asked();
        self.ahead.given(Some((&self.history, self.site)), &asked)
    }

    /// Epoch milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.clock.clock().now_ms()
    }

    fn asked(&self) -> Asked {
        self.history.flush();
        Asked {
            snapshot: Arc::clone(self.newest.as_ref().expect("it was read")),
            seats: self.picture.seats(),
            readings: self.readings.clone(),
            rules: default_rules(),
            teams: Vec::new(),
            offset_secs: Some(0),
            now_ms: self.clock.clock().now_ms(),
        }
    }
}

/// Signed in.
pub async fn client(simulator: &Simulator, clock: &Held) -> Client {
    let server = Server::parse(&simulator.server_url(), None, None, None).expect("a good address");
    let options = Options { requests_per_second: 10_000.0, max_in_flight: 8, clock: clock.clock() };
    Client::sign_in(server, simulator.user(), Secret::new(simulator.password()), options)
        .await
        .expect("signs in")
}

/// A number after a flag on the command line.
pub fn asked(flag: &str, usual: u64) -> u64 {
    after(flag).and_then(|number| number.parse().ok()).unwrap_or(usual)
}

/// What follows a flag on the command line.
pub fn after(flag: &str) -> Option<String> {
    let arguments: Vec<String> = std::env::args().collect();
    let at = arguments.iter().position(|one| one == flag)?;
    arguments.get(at + 1).cloned()
}
