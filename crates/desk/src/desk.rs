//! What is on the desk: the store, the player, the cache, and the session when there is one.
//!
//! Left out on purpose: signing in and out (`session`), hearing (`listening`), tags (`tagging`).

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use atalaya_calls::wire::{Mark, Tag};
use atalaya_calls::{Cache, Calls};
use atalaya_floor::wire::{AgentDay, FloorUpdate, HalfHour};
use atalaya_floor::{Floor, PollOptions};
use atalaya_player::{OutputChoice, Player};
use atalaya_store::Store;
use atalaya_store::profiles::Profile;
use atalaya_store::secrets::SecretStore;
use atalaya_ucontact::{Client, Problem};
use tokio::sync::{Notify, broadcast, watch};
use tokio::time::{Instant, sleep_until};

use crate::alerting::Alerting;
use crate::demo::Demo;
use crate::finding::Finding;
use crate::listening::Listening;
use crate::paths::Paths;
use crate::problem::{from_calls, from_store, problem};
use crate::quiet::Quiet;
use crate::settings::Settings;
use crate::wire::{ErrorLine, SessionState};

const ERRORS_KEPT: usize = 50;
/// How often the window draws: the beat of its timers.
const DRAWN_EVERY: Duration = Duration::from_secs(1);
const SETTINGS_KEY: &str = "settings";

/// Waits for a moment; for ever when there is none.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// What a desk is opened with.
pub struct Options {
    /// Where things are kept.
    pub paths: Paths,
    /// Where passwords are kept.
    pub secrets: Arc<dyn SecretStore>,
    /// Where sound goes.
    pub output: OutputChoice,
    /// Start the simulated contact centre and sign in to it.
    pub demo: bool,
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
    pub(crate) settings: RwLock<Settings>,
    pub(crate) demo: Option<Demo>,
    pub(crate) seat: watch::Sender<Option<Arc<Seat>>>,
    pub(crate) session: watch::Sender<SessionState>,
    pub(crate) signing: tokio::sync::Mutex<()>,
    pub(crate) listening: Listening,
    pub(crate) tags: broadcast::Sender<Tag>,
    /// Nobody sees the window.
    pub(crate) hidden: AtomicBool,
    pub(crate) quiet: Arc<Mutex<Quiet>>,
    floor_resync: Notify,
    floor_taken: Notify,
    errors: Mutex<VecDeque<ErrorLine>>,
    pub(crate) finding: Finding,
    pub(crate) marks: broadcast::Sender<Mark>,
}

/// One signed-in session; everything in it stops when it is dropped.
pub(crate) struct Seat {
    pub(crate) profile: Profile,
    pub(crate) client: Client,
    pub(crate) floor: Floor,
    pub(crate) alerting: Alerting,
    pub(crate) calls: Calls,
    pub(crate) since_ms: i64,
}

/// A poisoned lock still holds good data: every critical section here is a plain assignment.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn now_ms() -> i64 {
    chrono::Utc::now().timestamp_millis()
}

impl Desk {
    /// Opens the store and the cache, starts the player, and the simulated contact centre when asked to.
    ///
    /// # Errors
    /// `storeUnreadable` and the like: without its store the program cannot keep its promises and does not start.
    pub async fn open(options: Options) -> Result<Self, Problem> {
        let Options { paths, secrets, output, demo } = options;
        let migrations = [atalaya_calls::MIGRATIONS];
        let store = Store::open(&paths.database(), &migrations).map_err(|error| from_store(&error))?;
        let settings = store
            .setting::<serde_json::Value>(SETTINGS_KEY)
            .map_err(|error| from_store(&error))?
            .map_or_else(Settings::default, Settings::read_leniently)
            .within_limits();
        let cache =
            Cache::open(&paths.cache(), settings.cache_max_bytes()).map_err(|error| from_calls(&error))?;
        let output = match (&settings.audio_device, output) {
            (Some(name), OutputChoice::DefaultDevice) => OutputChoice::Named(name.clone()),
            (_, output) => output,
        };
        let player = Player::start(output);
        player.set_volume(settings.volume);
        player.set_hearing(settings.hearing.clone());
        let demo = if demo { Some(Demo::start().await?) } else { None };
        if let Some(demo) = &demo {
            demo.write_profile(&store, secrets.as_ref())?;
        }
        let quiet = Arc::new(Mutex::new(Quiet::new(settings.quiet_hours)));
        let desk = Self {
            inner: Arc::new(Inner {
                paths,
                store,
                secrets,
                player,
                cache,
                settings: RwLock::new(settings),
                demo,
                seat: watch::Sender::new(None),
                session: watch::Sender::new(SessionState::nobody()),
                signing: tokio::sync::Mutex::new(()),
                listening: Listening::default(),
                tags: broadcast::Sender::new(256),
                hidden: AtomicBool::new(false),
                quiet,
                floor_resync: Notify::new(),
                floor_taken: Notify::new(),
                errors: Mutex::new(VecDeque::new()),
                finding: Finding::default(),
                marks: broadcast::Sender::new(256),
            }),
        };
        desk.keep_listening();
        desk.keep_tags_in_the_list();
        desk.publish_session(None)?;
        Ok(desk)
    }

    pub(crate) fn seat(&self) -> Result<Arc<Seat>, Problem> {
        self.inner.seat.borrow().clone().ok_or_else(|| problem("signedOut", [], false))
    }

    /// Keeps a problem for Diagnostics and hands it on.
    pub(crate) fn noted(&self, problem: Problem) -> Problem {
        let mut errors = locked(&self.inner.errors);
        errors.push_front(ErrorLine { at_ms: now_ms(), problem: problem.clone() });
        errors.truncate(ERRORS_KEPT);
        problem
    }

    pub(crate) fn errors(&self) -> Vec<ErrorLine> {
        locked(&self.inner.errors).iter().cloned().collect()
    }

    /// What the person chose.
    pub fn settings(&self) -> Settings {
        self.inner.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps what the person chose, inside its limits, and applies it at once.
    ///
    /// # Errors
    /// The store's, when it could not be written; the choice still holds until the program ends.
    pub fn set_settings(&self, settings: Settings) -> Result<Settings, Problem> {
        let settings = settings.within_limits();
        let before = self.settings();
        *self.inner.settings.write().unwrap_or_else(PoisonError::into_inner) = settings.clone();
        self.inner.player.set_volume(settings.volume);
        self.inner.player.set_hearing(settings.hearing.clone());
        if before.audio_device != settings.audio_device {
            self.inner.player.set_output(
                settings.audio_device.clone().map_or(OutputChoice::DefaultDevice, OutputChoice::Named),
            );
        }
        self.inner.cache.set_max(settings.cache_max_bytes());
        locked(&self.inner.quiet).set_hours(settings.quiet_hours);
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

    /// Sends the floor to `send` for as long as it answers true, across sign-outs and sign-ins: a snapshot first, then
    /// what changes. The next update waits until the window says that it took the last one (`floor_taken`), so that a
    /// slow window never has a queue of them: it gets one difference to the newest. Nor is it sent sooner than a second
    /// after the last: the window draws figures and timers together, once a second.
    pub async fn floor_updates(&self, mut send: impl FnMut(FloorUpdate) -> bool + Send) {
        let mut seats = self.inner.seat.subscribe();
        loop {
            let seat = seats.borrow_and_update().clone();
            let Some(seat) = seat else {
                if seats.changed().await.is_err() {
                    return;
                }
                continue;
            };
            let mut feed = seat.floor.subscribe();
            drop(seat);
            let mut waiting_for_window = false;
            let mut not_before = None;
            loop {
                tokio::select! {
                    changed = seats.changed() => {
                        if changed.is_err() {
                            return;
                        }
                        break;
                    }
                    () = self.inner.floor_resync.notified() => {
                        feed.resync();
                        (waiting_for_window, not_before) = (false, None);
                    }
                    () = self.inner.floor_taken.notified() => waiting_for_window = false,
                    () = until(not_before), if not_before.is_some() => not_before = None,
                    update = feed.next(), if !waiting_for_window && not_before.is_none() => match update {
                        Some(update) => {
                            self.look_at_health(&update);
                            if !send(update) {
                                return;
                            }
                            waiting_for_window = true;
                            not_before = Some(Instant::now() + DRAWN_EVERY);
                        }
                        None => break,
                    },
                }
            }
        }
    }

    /// A session that the server ended is over for everybody, not only for the floor.
    fn look_at_health(&self, update: &FloorUpdate) {
        let health = match update {
            FloorUpdate::Snapshot { snapshot } => &snapshot.health,
            FloorUpdate::Delta { delta } => &delta.health,
        };
        if let Some(problem) = &health.problem {
            let mut errors = locked(&self.inner.errors);
            if errors.front().is_none_or(|last| last.problem.code != problem.code) {
                errors.push_front(ErrorLine { at_ms: now_ms(), problem: problem.clone() });
                errors.truncate(ERRORS_KEPT);
            }
        }
    }

    /// Asks for a snapshot: the window lost count of the revisions.
    pub fn floor_resync(&self) {
        self.inner.floor_resync.notify_one();
    }

    /// The window has applied the last update.
    pub fn floor_taken(&self) {
        self.inner.floor_taken.notify_one();
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

    /// Says which campaigns' agents are on the screen.
    pub fn floor_visible(&self, campaigns: Vec<String>) {
        if let Some(seat) = self.inner.seat.borrow().as_ref() {
            seat.floor.set_visible(campaigns);
        }
    }

    /// Says whether the window can be seen: nobody looking, and no alert that watches, the server is asked less often.
    pub fn floor_hidden(&self, hidden: bool) {
        self.inner.hidden.store(hidden, Ordering::Relaxed);
        if let Some(seat) = self.inner.seat.borrow().as_ref() {
            seat.floor.set_watched(self.watched(&self.settings()));
        }
    }

    pub(crate) fn watched(&self, settings: &Settings) -> bool {
        !self.inner.hidden.load(Ordering::Relaxed) || settings.alert_rules.iter().any(|rule| rule.enabled)
    }
}

pub(crate) fn poll_options(settings: &Settings) -> PollOptions {
    PollOptions {
        every: std::time::Duration::from_secs(u64::from(settings.poll_every_secs)),
        requests_per_second: f64::from(settings.requests_per_second),
    }
}
