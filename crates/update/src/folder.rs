//! What is kept of updates on this computer: packages that came, those to go back to, a copy of the data from before, and
//! what is known of the channel. One process at a time.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use atalaya_store::{Paths, Uuid, owner_only};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::back::{GoingBack, Step};
use crate::error::Error;

/// Its name among the things of this computer.
const NAME: &str = "updates";

/// What is known from before.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Known {
    /// Which of all computers this is, for what is handed out in steps; sent to nobody.
    pub installation: Option<Uuid>,
    /// When the newest manifest was made that was seen here, and of which channel.
    pub seen: Option<(String, DateTime<Utc>)>,
    /// The last version that was installed from here, and what there was before it.
    pub step: Option<Step>,
    /// A way back that was begun; the version it leads to ends it.
    pub going_back: Option<GoingBack>,
}

/// The folder, held by this process.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    paths: Paths,
    known: Known,
    // Held until this is dropped.
    _lock: File,
}

/// Where the folder is.
fn root(paths: &Paths) -> PathBuf {
    paths.local.join(NAME)
}

/// What is known, without holding the folder; nothing where there is none.
pub fn known(paths: &Paths) -> Known {
    read(&root(paths).join("known.json"))
}

fn read(path: &Path) -> Known {
    let Ok(text) = std::fs::read_to_string(path) else { return Known::default() };
    serde_json::from_str(&text)
        .inspect_err(|error| tracing::warn!(%error, "what was known of updates cannot be read"))
        .unwrap_or_default()
}

impl Folder {
    /// Makes it and holds it.
    ///
    /// # Errors
    /// [`Error::UnderWay`]: another process holds it. [`Error::Folder`].
    pub fn open(paths: &Paths) -> Result<Self, Error> {
        let root = root(paths);
        let disk = |error| Error::disk(&root, error);
        std::fs::create_dir_all(&root).map_err(disk)?;
        owner_only(&root).map_err(disk)?;
        let lock = File::options().create(true).append(true).open(root.join("lock")).map_err(disk)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => return Err(Error::UnderWay),
            Err(std::fs::TryLockError::Error(error)) => return Err(disk(error)),
        }
        let known = read(&root.join("known.json"));
        let mut folder = Self { root, paths: paths.clone(), known, _lock: lock };
        if folder.known.installation.is_none() {
            folder.know(|known| known.installation = Some(Uuid::new_v4()))?;
        }
        Ok(folder)
    }

    /// Whose data these are.
    pub fn paths(&self) -> &Paths {
        &self.paths
    }

    /// What is known.
    pub fn known(&self) -> &Known {
        &self.known
    }

    /// Which of all computers this is.
    pub fn installation(&self) -> String {
        self.known.installation.map(|id| id.to_string()).unwrap_or_default()
    }

    /// Keeps what is known from now on, whole or not at all.
    ///
    /// # Errors
    /// [`Error::NoRoom`], [`Error::Folder`].
    pub fn know(&mut self, change: impl FnOnce(&mut Known)) -> Result<(), Error> {
        let mut known = self.known.clone();
        change(&mut known);
        keep(&self.root, &known)?;
        self.known = known;
        Ok(())
    }

    /// Newest moment that this channel is known to have said something.
    pub fn seen(&self, channel: &str) -> Option<DateTime<Utc>> {
        self.known.seen.as_ref().filter(|(of, _)| of == channel).map(|(_, at)| *at)
    }

    /// A package of this name.
    pub fn package(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// What comes of it, until it is whole: of this very package, as its signature tells.
    pub(crate) fn part(&self, name: &str, signature: &str) -> PathBuf {
        let hash = Sha256::digest(signature);
        let mark: String = hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        self.root.join(format!("{name}.{mark}.part"))
    }

    /// Where the copy of the data from before a version lies.
    pub(crate) fn data_before(&self, version: &semver::Version) -> PathBuf {
        self.root.join(format!("before-{version}.sqlite"))
    }

    /// Removes what neither the way back nor these packages go on from.
    pub(crate) fn clean_but(&self, packages: impl IntoIterator<Item = String>) {
        let mut keep: BTreeSet<String> = packages.into_iter().collect();
        if let Some(step) = &self.known.step {
            keep.extend([step.bundle.file_name(&step.from), step.bundle.file_name(&step.to)]);
            keep.insert(format!("before-{}.sqlite", step.to));
        }
        self.clean(&keep);
    }

    /// Removes packages, parts and copies: everything but these names.
    fn clean(&self, keep: &BTreeSet<String>) {
        let Ok(entries) = std::fs::read_dir(&self.root) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let ours = name.starts_with("atalaya-") || name.starts_with("before-");
            let kept = keep.iter().any(|kept| {
                name == *kept
                    || name.starts_with(kept) && Path::new(&name).extension().is_some_and(|end| end == "part")
            });
            if ours && !kept {
                let _ = std::fs::remove_file(entry.path()).inspect_err(
                    |error| tracing::warn!(%error, "what is left of an update cannot be removed"),
                );
            }
        }
    }

    /// What was given a name has it after a power cut too.
    pub(crate) fn settle_names(&self) {
        #[cfg(unix)]
        let _ = File::open(&self.root).and_then(|folder| folder.sync_all());
    }
}

fn keep(root: &Path, known: &Known) -> Result<(), Error> {
    let path = root.join("known.json");
    let text = serde_json::to_vec_pretty(known).map_err(|error| Error::Unreadable(error.to_string()))?;
    let write = || {
        let mut file = atalaya_export::Unfinished::begin(&path)?;
        std::io::Write::write_all(&mut file, &text)?;
        file.finish()?;
        owner_only(&path)
    };
    write().map_err(|error| Error::disk(&path, error))
}

/// Changes what is known, where a folder is there.
pub(crate) fn forget_going_back(paths: &Paths) -> Result<(), Error> {
    let mut known = known(paths);
    known.going_back = None;
    keep(&root(paths), &known)
}

/// A window that is open: the command line asks for this before it replaces what runs.
#[derive(Debug)]
pub struct Running {
    _lock: File,
}

impl Running {
    /// Says that a window is open, until it is dropped. `None` where it cannot be said.
    pub fn here(paths: &Paths) -> Option<Self> {
        let lock = Self::file(paths).ok()?;
        lock.try_lock_shared().ok()?;
        Some(Self { _lock: lock })
    }

    /// Nobody's window is open.
    ///
    /// # Errors
    /// [`Error::WindowOpen`].
    pub fn nobody(paths: &Paths) -> Result<(), Error> {
        let lock = Self::file(paths).map_err(|error| Error::disk(&root(paths), error))?;
        match lock.try_lock() {
            Err(std::fs::TryLockError::WouldBlock) => Err(Error::WindowOpen),
            // A disk that knows no locks knows of no window.
            Ok(()) | Err(std::fs::TryLockError::Error(_)) => Ok(()),
        }
    }

    fn file(paths: &Paths) -> std::io::Result<File> {
        let root = root(paths);
        std::fs::create_dir_all(&root)?;
        owner_only(&root)?;
        let path = root.join("window");
        let file = File::options().create(true).append(true).open(&path)?;
        owner_only(&path)?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> (tempfile::TempDir, Paths) {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::below(home.path());
        (home, paths)
    }

    #[test]
    fn one_process_at_a_time_and_what_is_known_stays() {
        let (_home, paths) = home();
        let mut folder = Folder::open(&paths).unwrap();
        assert_eq!(Folder::open(&paths).unwrap_err().code(), "updateUnderWay");
        let id = folder.installation();
        let at: DateTime<Utc> = "2026-11-30T10:00:00Z".parse().unwrap();
        folder.know(|known| known.seen = Some(("https://a.example/x".into(), at))).unwrap();
        drop(folder);
        let folder = Folder::open(&paths).unwrap();
        assert_eq!(folder.installation(), id);
        assert_eq!(folder.seen("https://a.example/x"), Some(at));
        assert_eq!(folder.seen("https://b.example/x"), None, "another channel begins anew");
        drop(folder);
        std::fs::write(root(&paths).join("known.json"), "{ cut").unwrap();
        assert_ne!(Folder::open(&paths).unwrap().installation(), id, "what cannot be read is begun anew");
    }

    #[test]
    fn what_nobody_goes_on_from_is_removed_and_nothing_else() {
        let (_home, paths) = home();
        let folder = Folder::open(&paths).unwrap();
        let names = [
            "atalaya-0.1.0-x.deb",
            "atalaya-0.2.0-x.deb",
            "atalaya-0.2.0-x.deb.00ff.part",
            "atalaya-0.0.9-x.deb.aa.part",
            "before-0.0.9.sqlite",
            "before-0.1.0.sqlite",
            "other",
        ];
        for name in names {
            std::fs::write(folder.package(name), "x").unwrap();
        }
        folder.clean(&["atalaya-0.2.0-x.deb".to_owned(), "before-0.1.0.sqlite".to_owned()].into());
        let left: Vec<&str> = names.into_iter().filter(|name| folder.package(name).exists()).collect();
        assert_eq!(
            left,
            ["atalaya-0.2.0-x.deb", "atalaya-0.2.0-x.deb.00ff.part", "before-0.1.0.sqlite", "other"]
        );
        assert!(root(&paths).join("known.json").exists());
    }

    #[test]
    fn a_window_that_is_open_is_known_of() {
        let (_home, paths) = home();
        assert!(Running::nobody(&paths).is_ok());
        let window = Running::here(&paths);
        assert!(window.is_some());
        let other = Running::here(&paths);
        assert!(other.is_some(), "two of them do no harm");
        assert_eq!(Running::nobody(&paths).unwrap_err().code(), "updateWindowOpen");
        drop((window, other));
        assert!(Running::nobody(&paths).is_ok());
    }
}
