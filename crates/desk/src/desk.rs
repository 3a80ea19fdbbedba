//! What outlives a session: the store, settings, secrets, the windows, the player, the cache; and the session at hand.
//!
//! Left out on purpose: everything that is of one server and one user (`session`).

mod backup;
mod demo;
mod diagnostics;
mod history_room;
mod house;
mod media;
mod settings_file;
mod signing;
mod streams;
mod support;
mod team;
mod trail;
mod updates;
mod walls;
mod webhook;

use std::sync::{Arc, Mutex};

use atalaya_calls::Cache;
use atalaya_calls::wire::ListView;
use atalaya_clock::Clock;
use atalaya_floor::wire::{Hears, Severity};
use atalaya_history::History;
use atalaya_player::wire::Hearing;
use atalaya_player::{Chime, OutputChoice, Player};
use atalaya_store::profiles::Profile;
use atalaya_store::secrets::SecretStore;
use atalaya_store::{Migrations, Paths, Store};
use atalaya_ucontact::Problem;
use tokio::sync::{broadcast, watch};

pub use history_room::HistoryRoom;
pub use media::OnAir;

use crate::decided::Decided;
use crate::demo::{Demo, DemoWorld};
use crate::failures::Failures;
use crate::house::{House, differ};
use crate::locked::locked;
use crate::problem::{from_calls, from_store, from_update, problem};
use crate::quiet::Quiet;
use crate::session::Session;
use crate::settings::{Settings, SettingsParts};
use crate::team::KeptTeam;
use crate::updates::Updates;
use crate::webhook::Telling;
use crate::windows::Windows;
use crate::wire::{FileDrag, MediaKey, SessionState};

const SETTINGS_KEY: &str = "settings";
const HOUSE_KEY: &str = "house";
/// The tables of every crate in the file.
pub(crate) const MIGRATIONS: [Migrations; 5] = [
    atalaya_calls::MIGRATIONS,
    atalaya_calls::POSITIONS,
    atalaya_review::MIGRATIONS,
    atalaya_outreach::MIGRATIONS,
    atalaya_teamwork::MIGRATIONS,
];

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
    paths: Paths,
    store: Store,
    secrets: Arc<dyn SecretStore>,
    player: Player,
    cache: Arc<Cache>,
    settings: watch::Sender<Settings>,
    pub(crate) decided: Arc<Decided>,
    /// Whose the parts of the settings are that can be the team's.
    house: Mutex<House>,
    /// Held while the settings change.
    choosing: Mutex<()>,
    demo: Option<Demo>,
    /// The session at hand. It owns everything of itself: nothing here outlives it that is of one account.
    session: watch::Sender<Option<Arc<Session>>>,
    /// Whose it is.
    profile: Mutex<Option<Profile>>,
    /// What the windows are told of it.
    state: watch::Sender<SessionState>,
    /// Held while it is looked at what they are told.
    publishing: Mutex<()>,
    /// Signing in and out go one after the other.
    signing: tokio::sync::Mutex<()>,
    /// How the list of calls was looked at last.
    calls_view: Mutex<ListView>,
    windows: Windows,
    quiet: Arc<Mutex<Quiet>>,
    /// Or why it cannot be kept: the floor goes on without it.
    history: Result<Arc<History>, Problem>,
    failures: Failures,
    telling: Telling,
    kept_team: KeptTeam,
    updates: Updates,
    media_keys: broadcast::Sender<MediaKey>,
    file_drags: broadcast::Sender<FileDrag>,
}

impl Desk {
    /// Opens the store and the cache, starts the player, and the simulated contact centre when asked to.
    ///
    /// # Errors
    /// `storeUnreadable` and the like: without its store the program cannot keep its promises and does not start.
    pub async fn open(options: Options) -> Result<Self, Problem> {
        let Options { paths, secrets, output, clock, demo } = options;
        // A way back to this version ends before anybody looks at the data.
        atalaya_update::back::arrive(&paths, &atalaya_update::running())
            .map_err(|error| from_update(&error))?;
        let store = Store::open(&paths.database(), &MIGRATIONS, clock).map_err(|error| from_store(&error))?;
        let settings = read_settings(&store)?;
        let house = Self::kept_house(&store);
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
        let secret_store = secrets.kind();
        let quiet = Arc::new(Mutex::new(Quiet::new(settings.quiet_hours)));
        let failures = Failures::default();
        let telling = Telling::open(&store, &secrets, &failures);
        let kept_team = KeptTeam::open(&store, &secrets);
        let updates = Updates::open(&paths);
        // A demonstration is nobody's server.
        let decided = if demo.is_some() { Decided::default() } else { Decided::here() };
        if let Some(problem) = &decided.problem {
            failures.noted_once(problem, store.clock().now_ms());
        }
        let desk = Self {
            inner: Arc::new(Inner {
                paths,
                store,
                secrets,
                player,
                cache,
                settings: watch::Sender::new(settings),
                decided: Arc::new(decided.clone()),
                house: Mutex::new(house),
                choosing: Mutex::default(),
                demo,
                session: watch::Sender::new(None),
                profile: Mutex::default(),
                state: watch::Sender::new(SessionState::nobody(secret_store, decided)),
                publishing: Mutex::default(),
                signing: tokio::sync::Mutex::new(()),
                calls_view: Mutex::default(),
                windows: Windows::default(),
                quiet,
                history,
                failures,
                telling,
                kept_team,
                updates,
                media_keys: broadcast::Sender::new(16),
                file_drags: broadcast::Sender::new(16),
            }),
        };
        desk.publish_session(None)?;
        Ok(desk)
    }

    /// The session at hand.
    ///
    /// # Errors
    /// `signedOut`.
    pub fn session(&self) -> Result<Arc<Session>, Problem> {
        self.inner.session.borrow().clone().ok_or_else(|| problem("signedOut", [], false))
    }

    /// Epoch milliseconds, by the one clock of everything here.
    pub(crate) fn now_ms(&self) -> i64 {
        self.inner.store.clock().now_ms()
    }

    /// Keeps a problem for Diagnostics that came up where there was no desk yet.
    pub fn note(&self, problem: Problem) {
        let _ = self.noted(problem);
    }

    /// Keeps a problem for Diagnostics and hands it on.
    pub(crate) fn noted(&self, problem: Problem) -> Problem {
        self.inner.failures.noted(problem, self.now_ms())
    }

    /// The settings in the file, after another file was put in its place.
    pub(crate) fn read_settings_anew(&self) -> Result<(), Problem> {
        let settings = read_settings(&self.inner.store)?;
        let kept = Self::kept_house(&self.inner.store);
        self.change_settings_and_house(|now, house| (*now, *house) = (settings, kept)).map(drop)
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
        self.change_settings(|now| *now = settings)
    }

    /// Keeps some of what the person chose, by name, and leaves the rest as it is by then: several windows and the player
    /// choose at the same time.
    ///
    /// # Errors
    /// `settingsInvalid`: a name that is none, or a value of another kind; nothing is changed then. The store's.
    pub fn choose(&self, parts: SettingsParts) -> Result<Settings, Problem> {
        let mut wrong = None;
        let settings = self.change_settings(|now| match parts.over(now) {
            Ok(settings) => *now = settings,
            Err(what) => wrong = Some(what),
        })?;
        match wrong {
            Some(what) => Err(self.noted(problem("settingsInvalid", [("what", what)], false))),
            None => Ok(settings),
        }
    }

    /// A person's change: what was the team's of it is their own from now on.
    fn change_settings(&self, change: impl FnOnce(&mut Settings)) -> Result<Settings, Problem> {
        let mut parts = false;
        let settings = self.change_settings_and_house(|now, house| {
            let before = now.clone();
            change(now);
            *now = std::mem::take(now).within_limits();
            parts = differ(&before, now);
            if parts {
                house.changed(&before, now);
            }
        })?;
        if let (true, Ok(session)) = (parts, self.session()) {
            self.tell_house(&session);
        }
        Ok(settings)
    }

    /// One change after the other: each of them begins with what the one before left.
    fn change_settings_and_house(
        &self,
        change: impl FnOnce(&mut Settings, &mut House),
    ) -> Result<Settings, Problem> {
        let _one_at_a_time = locked(&self.inner.choosing);
        let before = self.settings();
        let (mut settings, mut house) = (before.clone(), locked(&self.inner.house).clone());
        change(&mut settings, &mut house);
        let settings = settings.within_limits();
        locked(&self.inner.house).clone_from(&house);
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
        if settings.webhook.on && !before.webhook.on {
            self.inner.telling.resume();
        }
        if let Ok(history) = &self.inner.history
            && before.history_bounds() != settings.history_bounds()
        {
            history.set_bounds(settings.history_bounds());
        }
        if let Ok(session) = self.session() {
            session.choose(&before, &settings);
            session.floor.set_watched(self.watched(&settings));
        }
        // Together: whoever's own is not kept is not taken out of use either.
        self.inner
            .store
            .set_both((SETTINGS_KEY, &settings), (HOUSE_KEY, &house))
            .map_err(|error| self.noted(from_store(&error)))?;
        if before.reviewer != settings.reviewer {
            self.tell_session(|state| state.reviewer.clone_from(&settings.reviewer));
        }
        Ok(settings)
    }

    /// Whether somebody looks at the floor, or an alert does for them.
    fn watched(&self, settings: &Settings) -> bool {
        self.inner.windows.seen() || settings.rules.iter().any(|rule| rule.hears != Hears::Nobody)
    }

    /// Alerts are not heard for so many minutes, a day at most, also across a sign-out; 0 ends it. Nothing else about
    /// them changes.
    pub fn mute_alerts(&self, minutes: u32) {
        locked(&self.inner.quiet).mute(minutes, self.now_ms());
        if let Ok(session) = self.session() {
            session.alerts.tell_again();
        }
    }

    /// Sounds an alert where recordings sound.
    pub fn chime(&self, severity: Severity) {
        self.inner.player.chime(match severity {
            Severity::Warn => Chime::Warn,
            Severity::Bad => Chime::Bad,
        });
    }

    /// The transport's controls.
    pub fn player(&self) -> &Player {
        &self.inner.player
    }

    /// Sets the volume, 0 to 1, and remembers it.
    ///
    /// # Errors
    /// The store's.
    pub fn set_volume(&self, volume: f32) -> Result<(), Problem> {
        self.change_settings(|settings| settings.volume = volume).map(drop)
    }

    /// Sets how recordings are heard, within its limits, and remembers it.
    ///
    /// # Errors
    /// The store's.
    pub fn set_hearing(&self, hearing: Hearing) -> Result<(), Problem> {
        self.change_settings(|settings| settings.hearing = hearing).map(drop)
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
}

fn read_settings(store: &Store) -> Result<Settings, Problem> {
    let kept = store.setting::<serde_json::Value>(SETTINGS_KEY).map_err(|error| from_store(&error))?;
    Ok(kept.map_or_else(Settings::default, Settings::read_leniently).within_limits())
}
