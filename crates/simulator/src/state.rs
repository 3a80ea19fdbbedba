//! What the two servers share: the world, sessions, tags, conversions, counts.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDateTime;
use tokio::time::Instant;

use crate::config::Config;
use crate::days::Days;
use crate::faults::{Endpoint, Faults};
use crate::listener::Door;
use crate::world::World;

/// What was asked so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stats {
    /// Requests by endpoint.
    pub requests: BTreeMap<String, u64>,
    /// Logins accepted.
    pub logins: u64,
    /// Logins refused.
    pub logins_refused: u64,
    /// `EndSession` calls that named a token given out before, each token once.
    pub end_sessions: u64,
    /// Tokens valid now.
    pub sessions_open: u64,
    /// `TagRecord` calls.
    pub tags: u64,
    /// `DispositionCall` calls that were taken.
    pub dispositions: u64,
    /// `convert` calls.
    pub converts: u64,
    /// Requests with a token that this server never gave to anybody.
    pub strangers: u64,
    /// Most requests handled at once.
    pub in_flight_max: u64,
    /// Operations that were carried out, whatever became of their answers.
    pub executed: BTreeMap<String, u64>,
    /// Operations that arrived and were refused.
    pub refused: BTreeMap<String, u64>,
}

pub(crate) struct State {
    pub(crate) config: Config,
    pub(crate) faults: Faults,
    pub(crate) days: Days,
    world: Mutex<World>,
    shared: Mutex<Shared>,
    started: Instant,
    /// None where it is asked inside one process.
    doors: Vec<Door>,
}

#[derive(Default)]
struct Shared {
    tokens: HashSet<String>,
    given: HashSet<String>,
    /// Never forgotten.
    ever_given: HashSet<String>,
    next_token: u64,
    stats: Stats,
    /// Calls whose recording was asked for, or that were written to.
    asked_for: BTreeSet<String>,
    in_flight: u64,
    /// By guid: text and when it shows up.
    tags: HashMap<String, Vec<(String, Instant)>>,
    /// By guid: when the MP3 appears.
    converted: HashMap<String, Instant>,
    ahead: Duration,
    pages_asked: u64,
}

impl State {
    pub(crate) fn new(config: Config, doors: Vec<Door>) -> Self {
        let world = World::new(&config);
        Self::with(world, config, doors)
    }

    /// The same world as it is now, which goes on by draws of its own; nobody is signed in, and nothing was asked yet.
    pub(crate) fn branch(&self, seed: u64, config: Config, doors: Vec<Door>) -> Self {
        let branch = Self::with(self.world().branch(seed), config, doors);
        branch.shared().ahead = self.elapsed();
        branch
    }

    fn with(world: World, config: Config, doors: Vec<Door>) -> Self {
        Self {
            faults: Faults::default(),
            days: Days::default(),
            world: Mutex::new(world),
            shared: Mutex::new(Shared::default()),
            started: Instant::now(),
            doors,
            config,
        }
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The world, brought up to now.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        let elapsed = self.elapsed();
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.bring_to(elapsed.as_secs_f64());
        world
    }

    fn elapsed(&self) -> Duration {
        let ahead = self.shared().ahead;
        if self.config.moving { self.started.elapsed() * self.config.pace + ahead } else { ahead }
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.shared().ahead += by;
    }

    /// The server's clock.
    pub(crate) fn now(&self) -> NaiveDateTime {
        self.world().now()
    }

    pub(crate) fn stats(&self) -> Stats {
        let shared = self.shared();
        Stats { sessions_open: shared.tokens.len() as u64, ..shared.stats.clone() }
    }

    pub(crate) fn arrived(&self, endpoint: Endpoint) {
        let mut shared = self.shared();
        *shared.stats.requests.entry(endpoint.name()).or_default() += 1;
        shared.in_flight += 1;
        shared.stats.in_flight_max = shared.stats.in_flight_max.max(shared.in_flight);
    }

    /// An operation was carried out, or was refused.
    pub(crate) fn carried_out(&self, operation: Endpoint, done: bool) {
        let stats = &mut self.shared().stats;
        let counts = if done { &mut stats.executed } else { &mut stats.refused };
        *counts.entry(operation.name()).or_default() += 1;
    }

    pub(crate) fn left(&self) {
        self.shared().in_flight -= 1;
    }

    /// A token that looks like the vendor's: base64 of `user:uuid`.
    pub(crate) fn open_session(&self) -> String {
        let mut shared = self.shared();
        shared.next_token += 1;
        // No two servers give the same.
        let seed = self.config.seed & 0xffff;
        let plain = format!("{}:27c7c5c9-93c4-4622-{seed:04x}-{:012x}", self.config.user, shared.next_token);
        let token = STANDARD.encode(plain);
        shared.tokens.insert(token.clone());
        shared.given.insert(token.clone());
        shared.ever_given.insert(token.clone());
        shared.stats.logins += 1;
        token
    }

    pub(crate) fn refused_login(&self) {
        self.shared().stats.logins_refused += 1;
    }

    pub(crate) fn knows(&self, token: &str) -> bool {
        self.shared().tokens.contains(token)
    }

    pub(crate) fn end_session(&self, token: &str) -> bool {
        let mut shared = self.shared();
        let known = shared.given.remove(token);
        shared.stats.end_sessions += u64::from(known);
        shared.tokens.remove(token)
    }

    pub(crate) fn expire_tokens(&self) {
        self.shared().tokens.clear();
    }

    /// A request came with this token, which is not valid: any more, or never was.
    pub(crate) fn turned_away(&self, token: &str) {
        let mut shared = self.shared();
        if !shared.ever_given.contains(token) {
            shared.stats.strangers += 1;
        }
    }

    /// The recording of a call was asked for.
    pub(crate) fn asked_for(&self, guid: &str) {
        self.shared().asked_for.insert(guid.to_owned());
    }

    pub(crate) fn guids_asked_for(&self) -> BTreeSet<String> {
        self.shared().asked_for.clone()
    }

    pub(crate) fn forget_requests(&self) {
        let mut shared = self.shared();
        shared.asked_for.clear();
        shared.stats = Stats::default();
    }

    pub(crate) fn tag(&self, guid: &str, text: &str) {
        let shows = Instant::now() + self.config.tag_delay;
        let mut shared = self.shared();
        shared.asked_for.insert(guid.to_owned());
        shared.stats.tags += 1;
        shared.tags.entry(guid.to_owned()).or_default().push((text.to_owned(), shows));
    }

    /// A tipificación was taken: it shows up as a tag as well.
    pub(crate) fn disposition(&self, guid: &str, tag: &str) {
        self.tag(guid, tag);
        let mut shared = self.shared();
        shared.stats.tags -= 1;
        shared.stats.dispositions += 1;
    }

    /// What was written to a call, in the order it came.
    pub(crate) fn written(&self, guid: &str) -> Vec<String> {
        let shared = self.shared();
        shared.tags.get(guid).into_iter().flatten().map(|(text, _)| text.clone()).collect()
    }

    pub(crate) fn has_tag(&self, guid: &str, text: &str) -> bool {
        let now = Instant::now();
        self.shared()
            .tags
            .get(guid)
            .is_some_and(|tags| tags.iter().any(|(tag, shows)| *shows <= now && tag.contains(text)))
    }

    pub(crate) fn convert(&self, guid: &str) {
        let appears = Instant::now() + self.config.convert_delay;
        let mut shared = self.shared();
        shared.stats.converts += 1;
        shared.asked_for.insert(guid.to_owned());
        shared.converted.entry(guid.to_owned()).or_insert(appears);
    }

    pub(crate) fn is_converted(&self, guid: &str) -> bool {
        self.shared().converted.get(guid).is_some_and(|appears| *appears <= Instant::now())
    }

    /// Rows that have appeared at the top since the start, when rows shift.
    pub(crate) fn shifted_rows(&self) -> u64 {
        let mut shared = self.shared();
        shared.pages_asked += 1;
        if self.config.shifting_rows { shared.pages_asked - 1 } else { 0 }
    }

    pub(crate) fn doors(&self) -> &[Door] {
        &self.doors
    }
}
