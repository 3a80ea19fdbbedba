//! Servers a person signs in to. No passwords here: those go to the secret store.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Error;
use crate::store::Store;

/// One server and account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// Key.
    pub id: String,
    /// What the person calls it.
    pub name: String,
    /// As typed.
    pub server_url: String,
    /// User name.
    pub user: String,
    /// `None`: the server's own host.
    pub telephony_url: Option<String>,
    /// `None`: no backup host.
    pub backup_url: Option<String>,
    /// File, PEM or DER, of an extra authority or of the server's own certificate.
    pub extra_ca_path: Option<String>,
    /// The password is kept on this computer.
    pub keep: bool,
    /// Whether there is one; filled in when listed for the window.
    #[serde(default)]
    pub has_stored_password: bool,
}

/// The profiles in a store.
pub struct Profiles;

impl Profiles {
    /// A key no other profile has.
    pub fn new_id(store: &Store) -> String {
        use std::sync::atomic::{AtomicU32, Ordering};
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let (now_ms, count) = (store.clock().now_ms(), COUNT.fetch_add(1, Ordering::Relaxed));
        format!("p{now_ms:x}-{:x}-{count:x}", std::process::id())
    }

    /// All of them, the last used first.
    ///
    /// # Errors
    /// The database's.
    pub fn list(store: &Store) -> Result<Vec<Profile>, Error> {
        let bodies: Vec<String> = store.with(|connection| {
            let mut statement = connection.prepare("SELECT body FROM profile ORDER BY used_ms DESC, id")?;
            statement.query_map([], |row| row.get(0))?.collect()
        })?;
        Ok(bodies
            .iter()
            .filter_map(|body| {
                serde_json::from_str(body)
                    .inspect_err(
                        |error| tracing::warn!(%error, "a profile could not be read and is left out"),
                    )
                    .ok()
            })
            .collect())
    }

    /// Copies the profiles of the file at `path` into `store`, in the order they were used. The file is read alone: not
    /// brought up to date, not locked for whoever writes it, and it may lie where nothing can be written. No file there is
    /// no profiles.
    ///
    /// # Errors
    /// [`Error::Unreadable`].
    pub fn copy_from(path: &Path, store: &Store) -> Result<(), Error> {
        if !path.exists() {
            return Ok(());
        }
        let rows = rows_of(path.as_os_str(), OpenFlags::SQLITE_OPEN_READ_ONLY)
            // A file with a log beside it wants to write even to be read. Where nothing can be written nobody else is
            // writing either, and it may be read as it lies.
            .or_else(|error| {
                let name =
                    path.display().to_string().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
                rows_of(format!("file:{name}?immutable=1").as_ref(), flags).map_err(|_| error)
            })
            .map_err(|source| Error::Unreadable { path: path.display().to_string(), source })?;
        store.with(|connection| {
            for (id, body, used_ms) in &rows {
                connection.execute(
                    "INSERT OR REPLACE INTO profile (id, body, used_ms) VALUES (?1, ?2, ?3)",
                    params![id, body, used_ms],
                )?;
            }
            Ok(())
        })
    }

    /// Keeps one, new or changed.
    ///
    /// # Errors
    /// The database's.
    pub fn save(store: &Store, profile: &Profile) -> Result<(), Error> {
        let body = serde_json::to_string(profile)?;
        store.with(|connection| {
            connection.execute(
                "INSERT INTO profile (id, body) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET body = ?2",
                params![profile.id, body],
            )
        })?;
        Ok(())
    }

    /// Forgets one.
    ///
    /// # Errors
    /// The database's.
    pub fn remove(store: &Store, id: &str) -> Result<(), Error> {
        store.with(|connection| connection.execute("DELETE FROM profile WHERE id = ?1", [id]))?;
        Ok(())
    }

    /// The one used last.
    ///
    /// # Errors
    /// The database's.
    pub fn last_used(store: &Store) -> Result<Option<String>, Error> {
        store.with(|connection| {
            connection
                .query_row(
                    "SELECT id FROM profile WHERE used_ms > 0 ORDER BY used_ms DESC LIMIT 1",
                    [],
                    |row| row.get(0),
                )
                .optional()
        })
    }

    /// Remembers that one was used now.
    ///
    /// # Errors
    /// The database's.
    pub fn set_last_used(store: &Store, id: &str) -> Result<(), Error> {
        store.with(|connection| {
            // Later than any other, even within one millisecond.
            connection.execute(
                "UPDATE profile SET used_ms = max(?2, (SELECT max(used_ms) + 1 FROM profile)) WHERE id = ?1",
                params![id, store.clock().now_ms()],
            )
        })?;
        Ok(())
    }
}

fn rows_of(path: &OsStr, flags: OpenFlags) -> rusqlite::Result<Vec<(String, String, i64)>> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(2))?;
    let mut statement = connection.prepare("SELECT id, body, used_ms FROM profile")?;
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
}

#[cfg(test)]
mod tests {
    use atalaya_clock::Clock;

    use super::*;

    fn profile(id: &str) -> Profile {
        Profile {
            id: id.into(),
            name: id.into(),
            server_url: "https://central.example".into(),
            user: "qa".into(),
            telephony_url: None,
            backup_url: None,
            extra_ca_path: None,
            keep: false,
            has_stored_password: false,
        }
    }

    #[test]
    fn profiles_are_copied_from_a_file_that_is_left_as_it_is() {
        let home = tempfile::tempdir().unwrap();
        // Windows has no question marks in names.
        let path = home.path().join(if cfg!(windows) { "odd #1%3F.sqlite" } else { "odd #1?.sqlite" });
        let copied = || {
            let copy = Store::in_memory(&[], Clock::held(0).clock()).unwrap();
            Profiles::copy_from(&path, &copy)
                .map(|()| Profiles::list(&copy).unwrap().into_iter().map(|p| p.id).collect::<Vec<_>>())
                .map_err(|error| error.code())
        };
        assert_eq!(copied(), Ok(Vec::new()));
        assert!(!path.exists());
        let store = Store::open(&path, &[], Clock::held(5).clock()).unwrap();
        for id in ["a", "b"] {
            Profiles::save(&store, &profile(id)).unwrap();
            Profiles::set_last_used(&store, id).unwrap();
        }
        // While another program has it open, and writes.
        assert_eq!(copied(), Ok(vec!["b".to_owned(), "a".to_owned()]));
        drop(store);
        let before = std::fs::read(&path).unwrap();
        assert_eq!(copied(), Ok(vec!["b".to_owned(), "a".to_owned()]));
        assert_eq!(std::fs::read(&path).unwrap(), before);
        std::fs::write(&path, "no database").unwrap();
        assert_eq!(copied(), Err("storeUnreadable"));
    }

    #[test]
    fn the_last_used_profile_comes_first() {
        let store = Store::in_memory(&[], Clock::held(0).clock()).unwrap();
        for id in ["a", "b", "c"] {
            Profiles::save(&store, &profile(id)).unwrap();
        }
        assert_eq!(Profiles::last_used(&store).unwrap(), None);
        Profiles::set_last_used(&store, "c").unwrap();
        Profiles::set_last_used(&store, "b").unwrap();
        assert_eq!(Profiles::last_used(&store).unwrap().as_deref(), Some("b"));
        let order: Vec<_> = Profiles::list(&store).unwrap().into_iter().map(|p| p.id).collect();
        assert_eq!(order, ["b", "c", "a"]);
        Profiles::remove(&store, "b").unwrap();
        assert_eq!(Profiles::last_used(&store).unwrap().as_deref(), Some("c"));
        assert_ne!(Profiles::new_id(&store), Profiles::new_id(&store));
    }
}
