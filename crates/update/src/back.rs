//! The way back to the version before, and what becomes of the data on it.
//!
//! Before a version is installed the package of the one that runs is kept, and the data are copied as they are. The way
//! back is begun by the newer program and ended by the older one, at its start, before it looks at the data: whatever
//! happens between the two, data and program fit. Nothing is written over: what the newer one wrote is set aside.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use atalaya_store::{Paths, untouched};
use chrono::{DateTime, Utc};
use semver::Version;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::folder::{Folder, forget_going_back, known};
use crate::manifest::{Bundle, Package};
pub use crate::reasons::NoWayBack;
use crate::wanted::Wanted;

/// How far the tables are, by owner.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Tables {
    /// Of what a person would miss.
    pub data: BTreeMap<String, u32>,
    /// Of the floor over time.
    pub history: BTreeMap<String, u32>,
}

impl Tables {
    /// As they are on the disk.
    ///
    /// # Errors
    /// `storeUnreadable` for the data. A history that cannot be read is none.
    pub fn of(paths: &Paths) -> Result<Self, Error> {
        let history = untouched::versions(&paths.history()).unwrap_or_default();
        Ok(Self { data: untouched::versions(&paths.database())?, history })
    }
}

/// Whether a program that left tables like `then` cannot read those of `now`. An owner it does not know is none of its.
fn grew(then: &BTreeMap<String, u32>, now: &BTreeMap<String, u32>) -> bool {
    then.iter().any(|(owner, version)| now.get(owner).is_some_and(|now| now > version))
}

/// An update that was installed from here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// What ran before.
    pub from: Version,
    /// What was installed.
    pub to: Version,
    /// When.
    pub at: DateTime<Utc>,
    /// How.
    pub bundle: Bundle,
    /// The package of what ran before, where it could be had.
    pub package: Option<Package>,
    /// How far the tables were then.
    pub tables: Tables,
}

/// A way back.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// The package of the version before.
    pub package: Wanted,
    /// When the data were copied that come back with it: what was written since is set aside. `None`: the data stay.
    pub data_of: Option<DateTime<Utc>>,
    /// Whether the floor's history is set aside: the version before cannot read it.
    pub history_aside: bool,
}

/// What is left of the version before on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Its package.
    pub package: bool,
    /// The copy of the data.
    pub copy: bool,
}

/// Whether and how one gets back. Pure.
///
/// # Errors
/// Why not.
pub fn way(step: Option<&Step>, running: &Version, now: &Tables, kept: Kept) -> Result<Way, NoWayBack> {
    let step =
        step.filter(|step| step.to == *running && step.from != *running).ok_or(NoWayBack::NothingBefore)?;
    let package = step.package.clone().filter(|_| kept.package).ok_or(NoWayBack::NoPackage)?;
    let changed = grew(&step.tables.data, &now.data);
    if changed && !kept.copy {
        return Err(NoWayBack::NoCopy);
    }
    Ok(Way {
        package: Wanted { version: step.from.clone(), bundle: step.bundle, package },
        data_of: changed.then_some(step.at),
        history_aside: grew(&step.tables.history, &now.history),
    })
}

/// A way back that was begun.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GoingBack {
    /// The version that ends it.
    pub to: Version,
    /// Whether the copy is put in the place of the data.
    pub put_back: bool,
    /// Whether the history is set aside.
    pub history_aside: bool,
}

impl Folder {
    /// The way back from what runs, as things lie on the disk.
    ///
    /// # Errors
    /// [`Error::NoWayBack`], `storeUnreadable`.
    pub fn way_back(&self, running: &Version) -> Result<Way, Error> {
        let step = self.known().step.as_ref();
        let there = |path: Option<PathBuf>| path.is_some_and(|path| path.exists());
        let kept = Kept {
            package: there(step.map(|step| self.package(&step.bundle.file_name(&step.from)))),
            copy: there(step.map(|step| self.data_before(&step.to))),
        };
        way(step, running, &Tables::of(self.paths())?, kept).map_err(Error::NoWayBack)
    }

    /// Gets ready to install a version: the data are copied, and what runs is remembered. `before` is the package of what
    /// runs, if it could be had.
    ///
    /// # Errors
    /// The disk's or the store's: then it is not to be installed.
    pub fn before(
        &mut self,
        running: &Version,
        wanted: &Wanted,
        before: Option<Package>,
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        let tables = Tables::of(self.paths())?;
        let copy = self.data_before(&wanted.version);
        if self.paths().database().exists() {
            untouched::copy(&self.paths().database(), &copy)?;
        }
        let step = Step {
            from: running.clone(),
            to: wanted.version.clone(),
            at,
            bundle: wanted.bundle,
            package: before,
            tables,
        };
        self.know(|known| {
            known.step = Some(step);
            known.going_back = None;
        })
    }

    /// Begins the way back: what is written here the older program does at its next start.
    ///
    /// # Errors
    /// The disk's.
    pub fn begin_back(&mut self, way: &Way) -> Result<(), Error> {
        let going_back = GoingBack {
            to: way.package.version.clone(),
            put_back: way.data_of.is_some(),
            history_aside: way.history_aside,
        };
        self.know(|known| known.going_back = Some(going_back))
    }
}

/// Ends a way back that leads to the version that runs; to be called before anybody opens the data. `true`: there was one.
///
/// # Errors
/// The disk's: then it is ended at the next start.
pub fn arrive(paths: &Paths, running: &Version) -> Result<bool, Error> {
    let known = known(paths);
    let Some(back) = known.going_back.filter(|back| back.to == *running) else { return Ok(false) };
    if back.put_back {
        let newer = known.step.map(|step| step.to).unwrap_or(back.to);
        let copy = paths.local.join("updates").join(format!("before-{newer}.sqlite"));
        put_back(&paths.database(), &copy, &newer)?;
    }
    if back.history_aside {
        set_aside(&paths.history(), "history of a newer version")?;
    }
    forget_going_back(paths)?;
    tracing::info!(version = %running, "back at the version before");
    Ok(true)
}

/// Ended in the middle, it is begun again, and sets aside once more: nothing is written over.
fn put_back(database: &Path, copy: &Path, newer: &Version) -> Result<(), Error> {
    let disk = |error| Error::disk(database, error);
    // The store takes what is called like this when its own file is not there.
    let incoming = database.with_extension("incoming");
    let part = database.with_extension("incoming.part");
    std::fs::copy(copy, &part).map_err(disk)?;
    std::fs::File::options().write(true).open(&part).and_then(|file| file.sync_all()).map_err(disk)?;
    std::fs::rename(&part, &incoming).map_err(disk)?;
    set_aside(database, &format!("atalaya of {newer}"))?;
    std::fs::rename(&incoming, database).map_err(disk)
}

/// Gives a database with its journal another name, beside it, which nobody has.
fn set_aside(database: &Path, name: &str) -> Result<(), Error> {
    let disk = |error| Error::disk(database, error);
    if !database.exists() {
        return Ok(());
    }
    let named = |turn: u32| match turn {
        0 => database.with_file_name(format!("{name}.sqlite")),
        turn => database.with_file_name(format!("{name} ({turn}).sqlite")),
    };
    let aside = (0..1_000)
        .map(named)
        .find(|path| !path.exists())
        .ok_or_else(|| disk(std::io::ErrorKind::AlreadyExists.into()))?;
    let with = |path: &Path, ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    // The file itself last: without it nothing of it is taken for another's.
    for ending in ["-shm", "-wal"] {
        let from = with(database, ending);
        if from.exists() {
            std::fs::rename(&from, with(&aside, ending)).map_err(disk)?;
        }
    }
    std::fs::rename(database, &aside).map_err(disk)
}

#[cfg(test)]
mod tests;
