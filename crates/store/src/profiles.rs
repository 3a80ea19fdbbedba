//! Servers a person signs in to. No passwords here: those go to the secret store.

use rusqlite::{OptionalExtension, params};
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

#[cfg(test)]
mod tests {
    use atalaya_clock::Clock;

    use super::*;

    #[test]
    fn the_last_used_profile_comes_first() {
        let store = Store::in_memory(&[], Clock::held(0).clock()).unwrap();
        let profile = |id: &str| Profile {
            id: id.into(),
            name: id.into(),
            server_url: "https://central.example".into(),
            user: "qa".into(),
            telephony_url: None,
            backup_url: None,
            extra_ca_path: None,
            keep: false,
            has_stored_password: false,
        };
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
