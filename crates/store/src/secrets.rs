//! Passwords: in the system's secret store, or in memory until the program ends. Never in a file of ours.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use atalaya_secret::Secret;
use keyring::v1::Entry;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Error;

const SERVICE: &str = "org.atalaya.desk";
/// A secret store that does not answer by then is none: its bus may hang for good.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where passwords are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SecretStoreKind {
    /// The system's store: they last.
    Os,
    /// Memory: they last until the program ends.
    Session,
}

/// Passwords by profile.
pub trait SecretStore: Send + Sync {
    /// Whether they last.
    fn kind(&self) -> SecretStoreKind;
    /// The password of a profile.
    fn get(&self, profile: &str) -> Option<Secret>;
    /// Keeps one.
    ///
    /// # Errors
    /// The system's store refused.
    fn set(&self, profile: &str, secret: &Secret) -> Result<(), Error>;
    /// Forgets one; none there is fine.
    ///
    /// # Errors
    /// The system's store refused.
    fn remove(&self, profile: &str) -> Result<(), Error>;
}

/// The system's store when it answers, else memory. `session_only` does not ask.
pub fn open_secret_store(session_only: bool) -> Arc<dyn SecretStore> {
    if !session_only && system_store_answers() {
        return Arc::new(SystemStore);
    }
    Arc::new(SessionStore::default())
}

fn system_store_answers() -> bool {
    within_patience(|| match Entry::new(SERVICE, "probe").and_then(|entry| entry.get_password()) {
        Ok(_) | Err(keyring::v1::Error::NoEntry) => true,
        Err(error) => {
            tracing::info!(%error, "no secret store on this system; passwords last for this session");
            false
        }
    })
    .unwrap_or(false)
}

/// Asks on a thread of its own: a bus that hangs costs a thread, not the program.
fn within_patience<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (answer, answered) = mpsc::channel();
    std::thread::spawn(move || {
        // Nobody waits any more: the answer is not needed.
        let _ = answer.send(work());
    });
    answered.recv_timeout(PATIENCE).ok()
}

struct SystemStore;

fn refused(error: &keyring::v1::Error) -> Error {
    Error::Secrets(error.to_string())
}

impl SecretStore for SystemStore {
    fn kind(&self) -> SecretStoreKind {
        SecretStoreKind::Os
    }

    fn get(&self, profile: &str) -> Option<Secret> {
        let profile = profile.to_owned();
        within_patience(move || Entry::new(SERVICE, &profile).and_then(|entry| entry.get_password()).ok())?
            .map(Secret::new)
    }

    fn set(&self, profile: &str, secret: &Secret) -> Result<(), Error> {
        Entry::new(SERVICE, profile)
            .and_then(|entry| entry.set_password(secret.expose()))
            .map_err(|error| refused(&error))
    }

    fn remove(&self, profile: &str) -> Result<(), Error> {
        match Entry::new(SERVICE, profile).and_then(|entry| entry.delete_credential()) {
            Ok(()) | Err(keyring::v1::Error::NoEntry) => Ok(()),
            Err(error) => Err(refused(&error)),
        }
    }
}

/// Until the program ends.
#[derive(Default)]
struct SessionStore(Mutex<HashMap<String, Secret>>);

impl SecretStore for SessionStore {
    fn kind(&self) -> SecretStoreKind {
        SecretStoreKind::Session
    }

    fn get(&self, profile: &str) -> Option<Secret> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(profile).cloned()
    }

    fn set(&self, profile: &str, secret: &Secret) -> Result<(), Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(profile.to_owned(), secret.clone());
        Ok(())
    }

    fn remove(&self, profile: &str) -> Result<(), Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(profile);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn session_secrets_come_back_and_go() {
        let store = open_secret_store(true);
        assert_eq!(store.kind(), SecretStoreKind::Session);
        store.set("a", &Secret::new("one")).unwrap();
        assert_eq!(store.get("a").unwrap().expose(), "one");
        assert!(store.get("b").is_none());
        store.remove("a").unwrap();
        assert!(store.get("a").is_none());
    }
}
