//! Passwords: in the system's secret store, or in memory until the program ends. Never in a file of ours.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use atalaya_secret::Secret;
use keyring::v1::Entry;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::Error;
use crate::profiles::Profile;

const SERVICE: &str = "org.atalaya.desk";
/// Nobody signs in while this lasts, and a bus may hang for good.
const READING: Duration = Duration::from_secs(2);
/// Somebody who asked for a password to be kept may have to unlock the store first.
const WRITING: Duration = Duration::from_secs(10);

/// Where passwords are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SecretStoreKind {
    /// The system's store: they last.
    Os,
    /// Memory: they last until the program ends.
    Session,
}

/// Passwords by profile. Everything but `kind` and `keeps` may wait for the system, and for a person it asks to unlock
/// its store: never call it where others would wait along.
pub trait SecretStore: Send + Sync {
    /// Whether they last.
    fn kind(&self) -> SecretStoreKind;
    /// Whether one was kept, as far as that is known without asking the system: no wait, no prompt, and no secret read.
    fn keeps(&self, profile: &Profile) -> bool;
    /// The password of a profile; `None` when none is kept.
    ///
    /// # Errors
    /// [`Error::SecretsLocked`], [`Error::Secrets`]: whether one is kept is not known.
    fn get(&self, profile: &str) -> Result<Option<Secret>, Error>;
    /// Keeps one.
    ///
    /// # Errors
    /// As of `get`.
    fn set(&self, profile: &str, secret: &Secret) -> Result<(), Error>;
    /// Forgets one; none there is fine.
    ///
    /// # Errors
    /// As of `get`.
    fn remove(&self, profile: &str) -> Result<(), Error>;
}

/// The system's store when it answers, else memory. `session_only` does not ask.
pub fn open_secret_store(session_only: bool) -> Arc<dyn SecretStore> {
    if !session_only && system_store_answers() {
        return Arc::new(SystemStore { keys: Arc::new(Keyring), reading: READING, writing: WRITING });
    }
    Arc::new(SessionStore::default())
}

fn system_store_answers() -> bool {
    within(READING, || match Keyring.read("probe") {
        Ok(_) | Err(keyring::v1::Error::NoEntry) => true,
        Err(error) => {
            tracing::info!(%error, "no secret store on this system; passwords last for this session");
            false
        }
    })
    .unwrap_or(false)
}

/// Asks on a thread of its own: a bus that hangs, or a prompt nobody answers, costs a thread, not the program.
fn within<T: Send + 'static>(patience: Duration, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (answer, answered) = mpsc::channel();
    std::thread::spawn(move || {
        // Nobody waits any more: the answer is not needed.
        let _ = answer.send(work());
    });
    answered.recv_timeout(patience).ok()
}

/// What the system is asked.
trait Keys: Send + Sync + 'static {
    fn read(&self, profile: &str) -> keyring::v1::Result<String>;
    fn write(&self, profile: &str, secret: &Secret) -> keyring::v1::Result<()>;
    fn delete(&self, profile: &str) -> keyring::v1::Result<()>;
}

struct Keyring;

impl Keys for Keyring {
    fn read(&self, profile: &str) -> keyring::v1::Result<String> {
        Entry::new(SERVICE, profile)?.get_password()
    }

    fn write(&self, profile: &str, secret: &Secret) -> keyring::v1::Result<()> {
        Entry::new(SERVICE, profile)?.set_password(secret.expose())
    }

    fn delete(&self, profile: &str) -> keyring::v1::Result<()> {
        Entry::new(SERVICE, profile)?.delete_credential()
    }
}

/// How long each may take, and who is asked.
struct SystemStore {
    keys: Arc<dyn Keys>,
    reading: Duration,
    writing: Duration,
}

impl SystemStore {
    /// `None` when there is no such entry. A locked store asks the person inside the call: whoever has not answered in time
    /// may have answered at the next try.
    fn ask<T: Send + 'static>(
        &self,
        patience: Duration,
        work: impl FnOnce(&dyn Keys) -> keyring::v1::Result<T> + Send + 'static,
    ) -> Result<Option<T>, Error> {
        let keys = Arc::clone(&self.keys);
        match within(patience, move || work(keys.as_ref())) {
            Some(Ok(answer)) => Ok(Some(answer)),
            Some(Err(keyring::v1::Error::NoEntry)) => Ok(None),
            None | Some(Err(keyring::v1::Error::NoStorageAccess(_))) => Err(Error::SecretsLocked),
            Some(Err(error)) => Err(Error::Secrets(error.to_string())),
        }
    }
}

impl SecretStore for SystemStore {
    fn kind(&self) -> SecretStoreKind {
        SecretStoreKind::Os
    }

    fn keeps(&self, profile: &Profile) -> bool {
        profile.keep
    }

    fn get(&self, profile: &str) -> Result<Option<Secret>, Error> {
        let profile = profile.to_owned();
        self.ask(self.reading, move |keys| keys.read(&profile).map(Secret::new))
    }

    fn set(&self, profile: &str, secret: &Secret) -> Result<(), Error> {
        let (profile, secret) = (profile.to_owned(), secret.clone());
        self.ask(self.writing, move |keys| keys.write(&profile, &secret)).map(drop)
    }

    fn remove(&self, profile: &str) -> Result<(), Error> {
        let profile = profile.to_owned();
        self.ask(self.writing, move |keys| keys.delete(&profile)).map(drop)
    }
}

/// Until the program ends.
#[derive(Default)]
struct SessionStore(Mutex<HashMap<String, Secret>>);

impl SecretStore for SessionStore {
    fn kind(&self) -> SecretStoreKind {
        SecretStoreKind::Session
    }

    fn keeps(&self, profile: &Profile) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&profile.id)
    }

    fn get(&self, profile: &str) -> Result<Option<Secret>, Error> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(profile).cloned())
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
        assert_eq!(store.get("a").unwrap().unwrap().expose(), "one");
        assert!(store.get("b").unwrap().is_none());
        store.remove("a").unwrap();
        assert!(store.get("a").unwrap().is_none());
    }

    /// A system's store in one of the states they are found in.
    enum Found {
        Empty,
        /// Asks a person, who does not answer.
        Asking,
        /// The person said no.
        Refused,
        Broken,
    }

    impl Found {
        fn answer<T>(&self) -> keyring::v1::Result<T> {
            Err(match self {
                Self::Empty => keyring::v1::Error::NoEntry,
                Self::Asking => loop {
                    std::thread::park();
                },
                Self::Refused => keyring::v1::Error::NoStorageAccess("locked".into()),
                Self::Broken => keyring::v1::Error::PlatformFailure("no bus".into()),
            })
        }
    }

    impl Keys for Found {
        fn read(&self, _: &str) -> keyring::v1::Result<String> {
            self.answer()
        }

        fn write(&self, _: &str, _: &Secret) -> keyring::v1::Result<()> {
            self.answer()
        }

        fn delete(&self, _: &str) -> keyring::v1::Result<()> {
            self.answer()
        }
    }

    #[test]
    fn a_locked_store_is_told_from_one_that_keeps_nothing() {
        let told = |found: Found| {
            let (reading, writing) = (Duration::from_millis(50), Duration::from_millis(100));
            let store = SystemStore { keys: Arc::new(found), reading, writing };
            let code = |error: Error| error.code();
            let read = store.get("a").map(|secret| secret.is_some()).map_err(code);
            let written = store.set("a", &Secret::new("one")).map_err(code);
            (read, written, store.remove("a").map_err(code))
        };
        let all = |code| (Err(code), Err(code), Err(code));
        assert_eq!(told(Found::Empty), (Ok(false), Ok(()), Ok(())));
        assert_eq!(told(Found::Refused), all("secretsLocked"));
        assert_eq!(told(Found::Broken), all("secretsRefused"));
        let begun = std::time::Instant::now();
        assert_eq!(told(Found::Asking), all("secretsLocked"));
        assert!(begun.elapsed() < READING, "nobody waits for a person who is not there");
    }
}
