//! The file: opening, migrations, settings, drafts.
//!
//! WAL, so that a program killed at any moment leaves a readable file. Every write here is one statement or one
//! transaction.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use atalaya_clock::Clock;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::identity;
use crate::listening::Listener;
use crate::owner::owner_only;

/// The tables of one owner, as the steps that lead to them. A step is never changed once released: new ones follow.
#[derive(Debug, Clone, Copy)]
pub struct Migrations {
    /// Who owns the tables.
    pub owner: &'static str,
    /// One SQL batch each, applied once, in order.
    pub steps: &'static [&'static str],
}

const OWN: Migrations = Migrations {
    owner: "store",
    steps: &[
        "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
         CREATE TABLE draft (key TEXT PRIMARY KEY, text TEXT NOT NULL, at_ms INTEGER NOT NULL) STRICT;
         CREATE TABLE profile (
             id TEXT PRIMARY KEY, body TEXT NOT NULL, used_ms INTEGER NOT NULL DEFAULT 0
         ) STRICT;
         CREATE TABLE audit (
             id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, operation TEXT NOT NULL, target TEXT NOT NULL,
             detail TEXT NOT NULL, user TEXT NOT NULL, reviewer TEXT NOT NULL,
             outcome TEXT, outcome_detail TEXT, finished_ms INTEGER
         ) STRICT;",
        "CREATE INDEX audit_at ON audit (at_ms);",
    ],
};

/// The open file; cheap to clone.
#[derive(Clone)]
pub struct Store {
    connection: Arc<Mutex<Connection>>,
    /// `None` in memory.
    path: Option<PathBuf>,
    clock: Clock,
    /// `None`: nobody hears of what is written.
    pub(crate) listener: Option<Arc<dyn Listener>>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

impl Store {
    /// Opens or makes the file and brings it up to date. File and folder are readable by their owner alone. The moments
    /// written into it are the clock's.
    ///
    /// # Errors
    /// The folder cannot be used, the file is no database, or a newer program wrote it.
    pub fn open(path: &Path, migrations: &[Migrations], clock: Clock) -> Result<Self, Error> {
        let folder_error = |source| Error::Folder { path: path.display().to_string(), source };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(folder_error)?;
            owner_only(folder).map_err(folder_error)?;
        }
        // A restore that was killed between its two moves.
        let incoming = incoming(path);
        if !path.exists() && incoming.exists() {
            std::fs::rename(&incoming, path).map_err(folder_error)?;
        }
        let connection = prepared(opened(path)?, migrations)?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
            path: Some(path.to_owned()),
            clock,
            listener: None,
        })
    }

    /// Opens or makes a file for what is written in bulk and could be done without: a power cut may cost its last seconds
    /// (a kill never does), and what is deleted gives its room back. It has the owners' tables alone.
    ///
    /// # Errors
    /// As of [`Store::open`].
    pub fn open_bulk(path: &Path, migrations: &[Migrations]) -> Result<Self, Error> {
        let folder_error = |source| Error::Folder { path: path.display().to_string(), source };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(folder_error)?;
            owner_only(folder).map_err(folder_error)?;
        }
        let unreadable = |source| Error::Unreadable { path: path.display().to_string(), source };
        let connection = Connection::open(path).map_err(unreadable)?;
        owner_only(path).map_err(folder_error)?;
        // Before the first table, or never.
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL").map_err(unreadable)?;
        connection.pragma_update(None, "journal_mode", "WAL").map_err(unreadable)?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        let connection = brought_up(connection, migrations)?;
        // What is written in bulk brings its own moments: this clock is asked by nobody.
        let clock = Clock::system();
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
            path: Some(path.to_owned()),
            clock,
            listener: None,
        })
    }

    /// A store in memory, for tests and commands that keep nothing.
    ///
    /// # Errors
    /// A migration is wrong.
    pub fn in_memory(migrations: &[Migrations], clock: Clock) -> Result<Self, Error> {
        let connection = prepared(Connection::open_in_memory()?, migrations)?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)), path: None, clock, listener: None })
    }

    /// The same file, its moments written by another clock: for what is put down afterwards.
    #[must_use]
    pub fn dated_by(&self, clock: Clock) -> Self {
        Self { clock, ..self.clone() }
    }

    /// The clock of everything that is kept here.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Where the file is; `None` in memory.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Runs `work` with the connection itself, to put another one in its place.
    pub(crate) fn swap<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T, Error>) -> Result<T, Error> {
        work(&mut self.connection.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Runs `work` with the connection; one at a time.
    ///
    /// # Errors
    /// What `work` says.
    pub fn with<T>(&self, work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        // A panic in `work` rolled its transaction back: the connection is good.
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(work(&mut connection)?)
    }

    /// A setting; one that cannot be read is `None`, with a warning.
    ///
    /// # Errors
    /// The database's.
    pub fn setting<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, Error> {
        let text: Option<String> = self.with(|connection| {
            connection
                .query_row("SELECT value FROM setting WHERE key = ?1", [key], |row| row.get(0))
                .optional()
        })?;
        Ok(text.and_then(|text| {
            serde_json::from_str(&text)
                .inspect_err(
                    |error| tracing::warn!(key, %error, "a setting could not be read and is left out"),
                )
                .ok()
        }))
    }

    /// Keeps a setting.
    ///
    /// # Errors
    /// The database's, or the value cannot be JSON.
    pub fn set_setting<T: Serialize>(&self, key: &str, value: &T) -> Result<(), Error> {
        let text = serde_json::to_string(value)?;
        self.with(|connection| {
            connection
                .execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?1, ?2)", params![key, text])
        })?;
        Ok(())
    }

    /// Keeps two settings, or neither.
    ///
    /// # Errors
    /// The database's, or a value cannot be JSON.
    pub fn set_both<A: Serialize, B: Serialize>(
        &self,
        one: (&str, &A),
        other: (&str, &B),
    ) -> Result<(), Error> {
        let both = [(one.0, serde_json::to_string(one.1)?), (other.0, serde_json::to_string(other.1)?)];
        self.with(|connection| {
            let transaction = connection.transaction()?;
            for (key, text) in both {
                transaction.execute(
                    "INSERT OR REPLACE INTO setting (key, value) VALUES (?1, ?2)",
                    params![key, text],
                )?;
            }
            transaction.commit()
        })
    }

    /// Text being typed.
    ///
    /// # Errors
    /// The database's.
    pub fn draft(&self, key: &str) -> Result<Option<String>, Error> {
        self.with(|connection| {
            connection.query_row("SELECT text FROM draft WHERE key = ?1", [key], |row| row.get(0)).optional()
        })
    }

    /// Keeps text being typed; `None` or nothing typed forgets it.
    ///
    /// # Errors
    /// The database's.
    pub fn set_draft(&self, key: &str, text: Option<&str>) -> Result<(), Error> {
        self.with(|connection| match text.filter(|text| !text.is_empty()) {
            Some(text) => connection.execute(
                "INSERT OR REPLACE INTO draft (key, text, at_ms) VALUES (?1, ?2, ?3)",
                params![key, text, self.clock.now_ms()],
            ),
            None => connection.execute("DELETE FROM draft WHERE key = ?1", [key]),
        })?;
        Ok(())
    }
}

/// A file beside the database while it is being put back.
pub(crate) fn incoming(path: &Path) -> PathBuf {
    path.with_extension("incoming")
}

/// The file, opened so that no end of the program costs what was kept.
pub(crate) fn opened(path: &Path) -> Result<Connection, Error> {
    let unreadable = |source| Error::Unreadable { path: path.display().to_string(), source };
    let connection = Connection::open(path).map_err(unreadable)?;
    owner_only(path).map_err(|source| Error::Folder { path: path.display().to_string(), source })?;
    // The first look into the file.
    connection.pragma_update(None, "journal_mode", "WAL").map_err(unreadable)?;
    // A tag typed must survive a power cut, not only a crash.
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

/// Brought up to date, this crate's own tables included.
pub(crate) fn prepared(connection: Connection, migrations: &[Migrations]) -> Result<Connection, Error> {
    brought_up(connection, std::iter::once(&OWN).chain(migrations))
}

fn brought_up<'a>(
    mut connection: Connection,
    migrations: impl IntoIterator<Item = &'a Migrations>,
) -> Result<Connection, Error> {
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "foreign_keys", true)?;
    identity::known_to(&connection)?;
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS migration (owner TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT;",
    )?;
    for of in migrations {
        migrate(&mut connection, of)?;
    }
    Ok(connection)
}

fn migrate(connection: &mut Connection, of: &Migrations) -> Result<(), Error> {
    let known = of.steps.len() as u32;
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let found: u32 = transaction
        .query_row("SELECT version FROM migration WHERE owner = ?1", [of.owner], |row| row.get(0))
        .optional()?
        .unwrap_or(0);
    if found > known {
        return Err(Error::Newer { owner: of.owner, found, known });
    }
    for step in &of.steps[found as usize..] {
        transaction.execute_batch(step)?;
    }
    transaction.execute(
        "INSERT OR REPLACE INTO migration (owner, version) VALUES (?1, ?2)",
        params![of.owner, known],
    )?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const THREE: Migrations = Migrations {
        owner: "calls",
        steps: &[
            "CREATE TABLE tag (guid TEXT, text TEXT) STRICT;",
            "ALTER TABLE tag ADD COLUMN state TEXT NOT NULL DEFAULT 'pending';",
            "CREATE INDEX tag_guid ON tag (guid);",
        ],
    };

    #[test]
    fn a_file_of_any_earlier_version_comes_up_to_date() {
        for version in 0..=THREE.steps.len() {
            let home = tempfile::tempdir().unwrap();
            let file = home.path().join("deep/er/atalaya.sqlite");
            let earlier = Migrations { owner: "calls", steps: &THREE.steps[..version] };
            let store = Store::open(&file, &[earlier], Clock::system()).unwrap();
            if version > 0 {
                store.with(|c| c.execute("INSERT INTO tag (guid, text) VALUES ('g', 'kept')", [])).unwrap();
            }
            drop(store);
            let store = Store::open(&file, &[THREE], Clock::system()).unwrap();
            store
                .with(|c| c.execute("INSERT INTO tag (guid, text, state) VALUES ('h', 'x', 'y')", []))
                .unwrap();
            let kept: i64 = store
                .with(|c| c.query_row("SELECT count(*) FROM tag WHERE guid = 'g'", [], |r| r.get(0)))
                .unwrap();
            assert_eq!(kept, i64::from(version > 0));
        }
    }

    #[test]
    fn a_newer_file_is_left_alone() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("atalaya.sqlite");
        drop(Store::open(&file, &[THREE], Clock::system()).unwrap());
        let older = Migrations { owner: "calls", steps: &THREE.steps[..1] };
        let error = Store::open(&file, &[older], Clock::system()).unwrap_err();
        assert_eq!(error.code(), "storeNewer");
    }

    #[test]
    fn settings_and_drafts_survive_and_odd_ones_cost_nothing() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("atalaya.sqlite");
        let store = Store::open(&file, &[], Clock::system()).unwrap();
        store.set_setting("a", &vec![1, 2]).unwrap();
        store.with(|c| c.execute("INSERT INTO setting VALUES ('odd', '{')", [])).unwrap();
        store.set_draft("tag/g", Some("recl")).unwrap();
        store.set_draft("tag/h", Some("x")).unwrap();
        store.set_draft("tag/h", None).unwrap();
        drop(store);
        let store = Store::open(&file, &[], Clock::system()).unwrap();
        assert_eq!(store.setting::<Vec<i32>>("a").unwrap(), Some(vec![1, 2]));
        assert_eq!(store.setting::<Vec<i32>>("odd").unwrap(), None);
        assert_eq!(store.setting::<Vec<i32>>("none").unwrap(), None);
        assert_eq!(store.draft("tag/g").unwrap().as_deref(), Some("recl"));
        assert_eq!(store.draft("tag/h").unwrap(), None);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("data/atalaya.sqlite");
        let _store = Store::open(&file, &[], Clock::system()).unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
    }
}
