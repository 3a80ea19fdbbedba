//! A newer version of this program, as the window sees it: what was found, how far it is, and what became of it.
//!
//! Every decision is `atalaya-update`'s. Left out on purpose: when it is looked for (the window's to ask), texts.

mod wire;

use std::sync::{Arc, Mutex};

use atalaya_store::Paths;
use atalaya_update::allowed::Busy;
use atalaya_update::install::{Installed, Tools};
use atalaya_update::{
    Bundle, Channel, Error, Fetched, Finding, Folder, Keys, Looked, Policy, Running, Steps, Version, running,
};
use chrono::{DateTime, Utc};

pub use wire::{UpdateFound, UpdatePhase, UpdateState, UpdateWaits, UpdateWayBack};

use crate::locked::locked;
use crate::problem::{Problem, from_update};

/// Outlives the sessions; clones are handles to one.
#[derive(Clone)]
pub(crate) struct Updates {
    inner: Arc<Inner>,
}

struct Inner {
    paths: Paths,
    now: Mutex<Now>,
    /// The steps go one after the other.
    turn: tokio::sync::Mutex<()>,
    /// Says to the command line that a window is open.
    _open: Option<Running>,
}

#[derive(Default)]
struct Now {
    phase: UpdatePhase,
    looked: Option<(Looked, i64)>,
    fetched: Option<Fetched>,
    problem: Option<Problem>,
}

/// Whom the channel is of, and how this copy came here.
struct Ready {
    channel: Channel,
    tools: Tools,
    bundle: Bundle,
}

impl Updates {
    /// Nobody is asked anything yet.
    pub(crate) fn open(paths: &Paths) -> Self {
        let inner = Inner {
            paths: paths.clone(),
            now: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
            _open: Running::here(paths),
        };
        Self { inner: Arc::new(inner) }
    }

    /// How things are; `chosen` is the channel of the settings.
    pub(crate) fn state(&self, chosen: &str) -> UpdateState {
        let policy = Policy::of_this_computer();
        let given = policy.as_ref().is_ok_and(|policy| policy.channel.is_some());
        let channel =
            policy.as_ref().ok().and_then(|policy| policy.channel(Some(chosen)).ok()).map(str::to_owned);
        let now = locked(&self.inner.now);
        let (found, looked_ms) = match &now.looked {
            Some((looked, at)) => (Some(UpdateFound::of(&looked.finding)), Some(*at)),
            None => (None, None),
        };
        UpdateState {
            running: running().to_string(),
            channel,
            given,
            phase: now.phase.clone(),
            found,
            looked_ms,
            without_way_back: now.fetched.as_ref().is_some_and(|fetched| fetched.before.is_none()),
            problem: now.problem.clone().or_else(|| policy.err().map(|error| from_update(&error))),
        }
    }

    /// The way back from here.
    ///
    /// # Errors
    /// `updateNothingBefore`, `updateNoPackageBefore`, `updateNoCopyBefore`; the disk's.
    pub(crate) fn way_back(&self) -> Result<UpdateWayBack, Problem> {
        let folder = Folder::open(&self.inner.paths).map_err(|error| from_update(&error))?;
        let way = folder.way_back(&running()).map_err(|error| from_update(&error))?;
        Ok(UpdateWayBack {
            version: way.package.version.to_string(),
            data_of_ms: way.data_of.map(|at| at.timestamp_millis()),
            history_aside: way.history_aside,
        })
    }

    /// Asks the channel.
    pub(crate) async fn look(&self, chosen: &str, now: DateTime<Utc>) {
        let _turn = self.inner.turn.lock().await;
        self.phase(UpdatePhase::Looking);
        let looked = async {
            let ready = Self::ready(chosen)?;
            let mut steps = self.steps(ready.bundle)?;
            steps.look(&ready.channel, now).await
        };
        let looked = looked.await;
        self.done(looked, |now_known, looked| {
            now_known.looked = Some((looked, now.timestamp_millis()));
            now_known.fetched = None;
            UpdatePhase::Idle
        });
    }

    /// Fetches what was found; how far it is is in the state.
    pub(crate) async fn fetch(&self, chosen: &str) {
        let _turn = self.inner.turn.lock().await;
        let looked = locked(&self.inner.now).looked.clone();
        self.phase(UpdatePhase::Fetching { came: 0, of: 0 });
        let fetched = async {
            let (looked, _) = looked.ok_or(Error::NothingNewer)?;
            let ready = Self::ready(chosen)?;
            let steps = self.steps(ready.bundle)?;
            let progress = |progress: atalaya_update::Progress| {
                self.phase(UpdatePhase::Fetching { came: progress.came, of: progress.of });
            };
            steps.fetch(&ready.channel, &looked, progress).await
        };
        let fetched = fetched.await;
        self.done(fetched, |now, fetched| {
            let version = fetched.wanted.version.to_string();
            now.fetched = Some(fetched);
            UpdatePhase::Ready { version }
        });
    }

    /// Installs what was fetched, if nothing stands against it.
    pub(crate) async fn install(&self, chosen: &str, busy: Busy, at: DateTime<Utc>) {
        let _turn = self.inner.turn.lock().await;
        let before = locked(&self.inner.now).phase.clone();
        let fetched = locked(&self.inner.now).fetched.clone();
        self.phase(UpdatePhase::Installing);
        let work = || -> Result<_, Error> {
            let fetched = fetched.ok_or(Error::NothingNewer)?;
            let ready = Self::ready(chosen)?;
            Ok((fetched, self.steps(ready.bundle)?, ready))
        };
        let installed = match work() {
            Ok((fetched, mut steps, ready)) => {
                let version = fetched.wanted.version.clone();
                let install = move || steps.install(&fetched, ready.channel.keys(), &ready.tools, busy, at);
                apart(install).await.map(|installed| (version, installed))
            }
            Err(error) => Err(error),
        };
        self.installed(installed, before);
    }

    /// Installs the version before.
    pub(crate) async fn back(&self, busy: Busy) {
        let _turn = self.inner.turn.lock().await;
        let before = locked(&self.inner.now).phase.clone();
        self.phase(UpdatePhase::Installing);
        let work = || -> Result<_, Error> {
            let (tools, bundle) = here()?;
            let (steps, keys) = (self.steps(bundle)?, Keys::of_this_program()?);
            let way = steps.folder.way_back(&steps.running)?;
            Ok((way, steps, keys, tools))
        };
        let installed = match work() {
            Ok((way, mut steps, keys, tools)) => {
                let version = way.package.version.clone();
                apart(move || steps.go_back(&way, &keys, &tools, busy))
                    .await
                    .map(|installed| (version, installed))
            }
            Err(error) => Err(error),
        };
        self.installed(installed, before);
    }

    fn ready(chosen: &str) -> Result<Ready, Error> {
        let policy = Policy::of_this_computer()?;
        let address = policy.channel(Some(chosen))?;
        let (tools, bundle) = here()?;
        let channel = Channel::open(address, Keys::of_this_program()?, policy.authority.as_deref())?;
        Ok(Ready { channel, tools, bundle })
    }

    fn steps(&self, bundle: Bundle) -> Result<Steps, Error> {
        Ok(Steps { folder: Folder::open(&self.inner.paths)?, running: running(), bundle })
    }

    fn phase(&self, phase: UpdatePhase) {
        let mut now = locked(&self.inner.now);
        now.phase = phase;
        now.problem = None;
    }

    fn done<T>(&self, done: Result<T, Error>, keep: impl FnOnce(&mut Now, T) -> UpdatePhase) {
        let mut now = locked(&self.inner.now);
        match done {
            Ok(done) => now.phase = keep(&mut now, done),
            Err(error) => {
                tracing::warn!(code = error.code(), "an update goes no further");
                now.phase = UpdatePhase::Idle;
                now.problem = Some(from_update(&error));
            }
        }
    }

    /// What was not installed can be tried again from where it was.
    fn installed(&self, installed: Result<(Version, Installed), Error>, before: UpdatePhase) {
        let failed = installed.is_err();
        self.done(installed, |now, (version, installed)| {
            now.fetched = None;
            let version = version.to_string();
            match installed {
                Installed::Done => UpdatePhase::Installed { version },
                Installed::Waits => UpdatePhase::Waits { version },
            }
        });
        if failed {
            locked(&self.inner.now).phase = before;
        }
    }
}

/// How this copy came here, and what installs.
fn here() -> Result<(Tools, Bundle), Error> {
    let tools = Tools::of_this_computer();
    let program = std::env::current_exe().and_then(std::fs::canonicalize).map_err(|_| Error::NotPackaged)?;
    let bundle = tools.bundle_of(&program).ok_or(Error::NotPackaged)?;
    Ok((tools, bundle))
}

/// An installer takes as long as it takes, and a person to type a password.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Unknown(error.to_string()))?
}

impl UpdateFound {
    fn of(finding: &Finding) -> Self {
        match finding {
            Finding::Newest => Self::Newest,
            Finding::Newer { wanted, notes } => Self::Newer {
                version: wanted.version.to_string(),
                bytes: wanted.package.size,
                notes: notes.clone(),
            },
            Finding::Later { version, why } => {
                Self::Later { version: version.to_string(), why: UpdateWaits::of(why) }
            }
        }
    }
}
