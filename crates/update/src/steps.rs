//! The steps one after the other, as window and command line both take them: look, fetch, install, go back.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use semver::Version;

use crate::allowed::{self, Busy};
use crate::back::Way;
use crate::channel::Channel;
use crate::decide::{self, Found, Here, Waits};
use crate::error::Error;
use crate::fetching::Progress;
use crate::folder::Folder;
use crate::install::{Installed, Tools};
use crate::keys::Keys;
use crate::manifest::{Bundle, Notes, Package};
use crate::wanted::Wanted;

/// What a look brought.
#[derive(Debug, Clone, PartialEq)]
pub struct Looked {
    /// What there is for this computer.
    pub finding: Finding,
    /// The package of what runs, where the channel has it: for the way back.
    before: Option<Wanted>,
}

/// What there is for this computer.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// A newer version.
    Newer {
        /// Its package.
        wanted: Wanted,
        /// What changed.
        notes: Notes,
    },
    /// The newest there is runs here.
    Newest,
    /// A newer one, not for this computer yet.
    Later {
        /// Which.
        version: Version,
        /// Why not.
        why: Waits,
    },
}

/// A package that is here, and that of what runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetched {
    /// Where it lies.
    pub path: PathBuf,
    /// What it is.
    pub wanted: Wanted,
    /// The package of what runs, when it is kept here; without it there will be no way back.
    pub before: Option<Package>,
}

/// The folder, and what runs.
#[derive(Debug)]
pub struct Steps {
    /// What is kept.
    pub folder: Folder,
    /// What runs.
    pub running: Version,
    /// How it came here, or how what is fetched is to come.
    pub bundle: Bundle,
}

impl Steps {
    /// Asks the channel, and remembers when it spoke.
    ///
    /// # Errors
    /// Those of [`Channel::look`] and [`decide::look`]; the disk's.
    pub async fn look(&mut self, channel: &Channel, now: DateTime<Utc>) -> Result<Looked, Error> {
        let manifest = channel.look().await?;
        let installation = self.folder.installation();
        let here = Here {
            running: &self.running,
            bundle: self.bundle,
            installation: &installation,
            now,
            seen: self.folder.seen(channel.address()),
        };
        let finding = match decide::look(&manifest, &here)? {
            Found::Newest => Finding::Newest,
            Found::Later(version, why) => Finding::Later { version: version.clone(), why },
            Found::Newer(offer) => Finding::Newer {
                wanted: Wanted {
                    version: offer.release.version.clone(),
                    bundle: self.bundle,
                    package: offer.package.clone(),
                },
                notes: offer.release.notes.clone(),
            },
        };
        let before = manifest.of(&self.running).and_then(|release| Wanted::of(release, self.bundle));
        if here.seen != Some(manifest.issued) {
            self.folder.know(|known| known.seen = Some((channel.address().to_owned(), manifest.issued)))?;
        }
        let offered = match &finding {
            Finding::Newer { wanted, .. } => Some(wanted.file_name()),
            Finding::Newest | Finding::Later { .. } => None,
        };
        // What runs is what the next step leads back to.
        self.folder.clean_but(offered.into_iter().chain([self.bundle.file_name(&self.running)]));
        Ok(Looked { finding, before })
    }

    /// Fetches what was found, and the package of what runs beside it, as far as it can be had.
    ///
    /// # Errors
    /// [`Error::NothingNewer`], those of [`Channel::fetch`].
    pub async fn fetch(
        &self,
        channel: &Channel,
        looked: &Looked,
        progress: impl Fn(Progress),
    ) -> Result<Fetched, Error> {
        let Finding::Newer { wanted, .. } = &looked.finding else { return Err(Error::NothingNewer) };
        let path = channel.fetch(wanted, &self.folder, progress).await?;
        let before = match &looked.before {
            Some(before) => match channel.fetch(before, &self.folder, |_| {}).await {
                Ok(_) => Some(before.package.clone()),
                Err(error) => {
                    tracing::warn!(%error, "the package of this version cannot be had: there will be no way back");
                    None
                }
            },
            None => None,
        };
        Ok(Fetched { path, wanted: wanted.clone(), before })
    }

    /// Installs what was fetched: once more newer, once more whose it should be, and only if nothing stands against it.
    ///
    /// # Errors
    /// Any; only after [`Error::Unknown`] it may be there.
    pub fn install(
        &mut self,
        fetched: &Fetched,
        keys: &Keys,
        tools: &Tools,
        busy: Busy,
        now: DateTime<Utc>,
    ) -> Result<Installed, Error> {
        let Fetched { path, wanted, before } = fetched;
        decide::only_newer(&wanted.version, &self.running)?;
        allowed::now(busy)?;
        wanted.check(path, keys)?;
        tools.command(self.bundle, path)?;
        let (step, going_back) = (self.folder.known().step.clone(), self.folder.known().going_back.clone());
        self.folder.before(&self.running, wanted, before.clone(), now)?;
        let installed = tools.install(self.bundle, path, &wanted.version);
        // What runs is what ran: its own way back holds.
        if !matches!(installed, Ok(_) | Err(Error::Unknown(_))) {
            self.folder.know(|known| (known.step, known.going_back) = (step, going_back))?;
        }
        installed
    }

    /// Installs the version before; its next start ends the way back.
    ///
    /// # Errors
    /// Any; only after [`Error::Unknown`] it may be there.
    pub fn go_back(&mut self, way: &Way, keys: &Keys, tools: &Tools, busy: Busy) -> Result<Installed, Error> {
        allowed::now(busy)?;
        let path = self.folder.package(&way.package.file_name());
        way.package.check(&path, keys)?;
        tools.command(self.bundle, &path)?;
        self.folder.begin_back(way)?;
        let installed = tools.install(self.bundle, &path, &way.package.version);
        if !matches!(installed, Ok(_) | Err(Error::Unknown(_))) {
            self.folder.know(|known| known.going_back = None)?;
        }
        installed
    }
}
