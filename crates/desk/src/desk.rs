//! What is on the desk: the store, the player, the cache, and the session when there is one.
//!
//! Left out on purpose: signing in and out (`session`), the windows that look at the floor (`windows`), hearing
//! (`listening`), tags (`tagging`).

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use atalaya_calls::wire::{Mark, Tag};
use atalaya_calls::{Cache, Calls};
use atalaya_clock::Clock;
use atalaya_floor::wire::{AgentDay, FloorUpdate, HalfHour};
use atalaya_floor::{Floor, PollOptions};
use atalaya_history::History;
use atalaya_player::{OutputChoice, Player};
use atalaya_review::Reviews;
use atalaya_store::profiles::Profile;
use atalaya_store::secrets::SecretStore;
use atalaya_store::{Migrations, Store};
use atalaya_ucontact::{Client, Problem};
use tokio::sync::{broadcast, watch};

use crate::alerting::Alerting;
use crate::demo::{Demo, DemoWorld};
use crate::finding::Finding;
use crate::listening::Listening;
use crate::past::Recording;
use crate::paths::Paths;
use crate::problem::{from_calls, from_store, problem};
use crate::quiet::Quiet;
use crate::sampling::Turn;
use crate::saving_many::Saving;
use crate::settings::Settings;
use crate::windows::Windows;
use crate::wire::{ErrorLine, MediaKey, SessionState};

const ERRORS_KEPT: usize = 50;
const SETTINGS_KEY: &str = "settings";
/// The tables of every crate in the file.
pub(crate) const MIGRATIONS: [Migrations; 3] =
    [atalaya_calls::MIGRATIONS, atalaya_calls::POSITIONS, atalaya_review::MIGRATIONS];

/// What a desk is opened with.
pub struct Options {
    /// Where things are kept.
    pub paths: Paths,
    /// Where passwords are kept.
    pub secrets: Arc<dyn SecretStore>,
    /// Where sound goes.
    pub output: OutputChoice,
    /// What time it is.
    pub clock: Clock,
    /// Start the simulated contact centre, to be signed in to.
    pub demo: Option<DemoWorld>,
}

/// The desk; cheap to clone, one for the life of the program.
#[derive(Clone)]
pub struct Desk {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) paths: Paths,
    pub(crate) store: Store,
    pub(crate) secrets: Arc<dyn SecretStore>,
    pub(crate) player: Player,
    pub(crate) cache: Arc<Cache>,
    pub(crate) settings: watch::Sender<Settings>,
    pub(crate) demo: Option<Demo>,
    pub(crate) seat: watch::Sender<Option<Arc<Seat>>>,
    pub(crate) session: watch::Sender<SessionState>,
    pub(crate) signing: tokio::sync::Mutex<()>,
    pub(crate) listening: Listening,
    pub(crate) saving: Saving,
    pub(crate) tags: broadcast::Sender<Tag>,
    pub(crate) windows: Windows,
    pub(crate) quiet: Arc<Mutex<Quiet>>,
    /// A sample being drawn.
    pub(crate) drawing: Turn,
    /// A tag being sent to many calls.
    pub(crate) batch: Turn,
    /// Or why it cannot be kept: the floor goes on without it.
    pub(crate) history: Result<Arc<History>, Problem>,
    errors: Mutex<VecDeque<ErrorLine>>,
    pub(crate) finding: Finding,
    pub(crate) marks: broadcast::Sender<Mark>,
    pub(crate) media_keys: broadcast::Sender<MediaKey>,
}

/// One signed-in session; everything in it stops when it is dropped.
pub(crate) struct Seat {
    pub(crate) profile: Profile,
    pub(crate) client: Client,
    pub(crate) floor: Floor,
    pub(crate) alerting: Alerting,
    pub(crate) calls: Calls,
    pub(crate) reviews: Reviews,
    /// Its past; `None` when none can be kept.
    pub(crate) recording: Option<Recording>,
    pub(crate) since_ms: i64,
}

/// A poisoned lock still holds good data: every critical section here is a plain assignment.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk {
    /// Opens the store and the cache, starts the player, and the simulated contact centre when asked to.
    ///
    /// # Errors
    /// `storeUnreadable` and the like: without its store the program cannot keep its promises and does not start.
    pub async fn open(options: Options) -> Result<Self, Problem> {
        let Options { paths, secrets, output, clock, demo } = options;
        let store = Store::open(&paths.database(), &MIGRATIONS, clock).map_err(|error| from_store(&error))?;
        let settings = read_settings(&store)?;
        let cache =
            Cache::open(&paths.cache(), settings.cache_max_bytes()).map_err(|error| from_calls(&error))?;
        let output = match (&settings.audio_device, output) {
            (Some(name), OutputChoice::DefaultDevice) => OutputChoice::Named(name.clone()),
            (_, output) => output,
        };
        let player = Player::start(output);
        player.set_volume(settings.volume);
        player.set_hearing(settings.hearing.clone());
        let demo = match demo {
            Some(world) => Some(Demo::start(world, store.clock().now_ms()).await?),
            None => None,
        };
        if let Some(demo) = &demo {
            demo.write_profile(&store, secrets.as_ref())?;
        }
        let history = History::open(&paths.history(), settings.history_bounds())
            .map(Arc::new)
            .map_err(|error| from_store(&error))
            .inspect_err(|problem| tracing::error!(code = problem.code, "the history cannot be kept"));
        let quiet = Arc::new(Mutex::new(Quiet::new(settings.quiet_hours)));
        let desk = Self {
            inner: Arc::new(Inner {
                paths,
                store,
                secrets,
                player,
                cache,
                settings: watch::Sender::new(settings),
                demo,
                seat: watch::Sender::new(None),
                session: watch::Sender::new(SessionState::nobody()),
                signing: tokio::sync::Mutex::new(()),
                listening: Listening::default(),
                saving: Saving::default(),
                tags: broadcast::Sender::new(256),
                windows: Windows::default(),
                quiet,
                drawing: Turn::default(),
                batch: Turn::default(),
                history,
                errors: Mutex::new(VecDeque::new()),
                finding: Finding::default(),
                marks: broadcast::Sender::new(256),
                media_keys: broadcast::Sender::new(16),
            }),
        };
        desk.keep_listening();
        desk.keep_tags_in_the_list();
        desk.publish_session(None)?;
        Ok(desk)
    }

    /// Epoch milliseconds, by the one clock of everything here.
    pub(crate) fn now_ms(&self) -> i64 {
        self.inner.store.clock().now_ms()
    }

    pub(crate) fn seat(&self) -> Result<Arc<Seat>, Problem> {
        self.inner.seat.borrow().clone().ok_or_else(|| problem("signedOut", [], false))
    }

    /// Keeps a problem for Diagnostics and hands it on.
    pub(crate) fn noted(&self, problem: Problem) -> Problem {
        let mut errors = locked(&self.inner.errors);
        errors.push_front(ErrorLine { at_ms: self.now_ms(), problem: problem.clone() });
        errors.truncate(ERRORS_KEPT);
        problem
    }

    pub(crate) fn errors(&self) -> Vec<ErrorLine> {
        locked(&self.inner.errors).iter().cloned().collect()
    }

    /// The settings in the file, after another file was put in its place.
    pub(crate) fn read_settings_anew(&self) -> Result<(), Problem> {
        let settings = read_settings(&self.inner.store)?;
        self.set_settings(settings).map(drop)
    }

    /// What the person chose.
    pub fn settings(&self) -> Settings {
        self.inner.settings.borrow().clone()
    }

    /// Keeps what the person chose, inside its limits, and applies it at once.
    ///
    /// # Errors
    /// The store's, when it could not be written; the choice still holds until the program ends.
    pub fn set_settings(&self, settings: Settings) -> Result<Settings, Problem> {
        let settings = settings.within_limits();
        let before = self.settings();
        self.inner.settings.send_replace(settings.clone());
        self.inner.player.set_volume(settings.volume);
        self.inner.player.set_hearing(settings.hearing.clone());
        if before.audio_device != settings.audio_device {
            self.inner.player.set_output(
                settings.audio_device.clone().map_or(OutputChoice::DefaultDevice, OutputChoice::Named),
            );
        }
        self.inner.cache.set_max(settings.cache_max_bytes());
        locked(&self.inner.quiet).set_hours(settings.quiet_hours);
        if let Ok(history) = &self.inner.history
            && before.history_bounds() != settings.history_bounds()
        {
            history.set_bounds(settings.history_bounds());
        }
        if let Some(seat) = self.inner.seat.borrow().as_ref() {
            seat.floor.set_options(poll_options(&settings));
            seat.floor.set_watched(self.watched(&settings));
            seat.client.set_requests_per_second(f64::from(settings.requests_per_second));
            seat.alerting.choose(&before, &settings);
        }
        self.inner
            .store
            .set_setting(SETTINGS_KEY, &settings)
            .map_err(|error| self.noted(from_store(&error)))?;
        if before.reviewer != settings.reviewer {
            if let Some(seat) = self.inner.seat.borrow().as_ref() {
                seat.calls.set_reviewer(&settings.reviewer);
            }
            self.inner.session.send_modify(|state| state.reviewer.clone_from(&settings.reviewer));
        }
        Ok(settings)
    }

    /// Text being typed, kept until it is sent.
    ///
    /// # Errors
    /// The store's.
    pub fn draft(&self, key: &str) -> Result<Option<String>, Problem> {
        self.inner.store.draft(key).map_err(|error| self.noted(from_store(&error)))
    }

    /// Keeps text being typed; `None` forgets it.
    ///
    /// # Errors
    /// The store's.
    pub fn set_draft(&self, key: &str, text: Option<&str>) -> Result<(), Problem> {
        self.inner.store.set_draft(key, text).map_err(|error| self.noted(from_store(&error)))
    }

    /// A session that the server ended is over for everybody, not only for the floor.
    pub(crate) fn look_at_health(&self, update: &FloorUpdate) {
        let health = match update {
            FloorUpdate::Snapshot { snapshot } => &snapshot.health,
            FloorUpdate::Delta { delta } => &delta.health,
        };
        if let Some(problem) = &health.problem {
            let mut errors = locked(&self.inner.errors);
            if errors.front().is_none_or(|last| last.problem.code != problem.code) {
                errors.push_front(ErrorLine { at_ms: self.now_ms(), problem: problem.clone() });
                errors.truncate(ERRORS_KEPT);
            }
        }
    }

    /// The half hours of a campaign since the watch began, oldest first.
    ///
    /// # Errors
    /// `signedOut`.
    pub fn half_hours(&self, campaign: &str) -> Result<Vec<HalfHour>, Problem> {
        Ok(self.seat()?.floor.half_hours(campaign))
    }

    /// What an agent did since first seen, up to now; `None` for one never seen.
    ///
    /// # Errors
    /// `signedOut`.
    pub fn agent_day(&self, location: &str) -> Result<Option<AgentDay>, Problem> {
        Ok(self.seat()?.floor.agent_day(location))
    }
}

fn read_settings(store: &Store) -> Result<Settings, Problem> {
    let kept = store.setting::<serde_json::Value>(SETTINGS_KEY).map_err(|error| from_store(&error))?;
    Ok(kept.map_or_else(Settings::default, Settings::read_leniently).within_limits())
}

pub(crate) fn poll_options(settings: &Settings) -> PollOptions {
    PollOptions {
        every: std::time::Duration::from_secs(u64::from(settings.poll_every_secs)),
        requests_per_second: f64::from(settings.requests_per_second),
    }
}
