//! Passwords in a system's store that is locked, slow, or there.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use atalaya_clock::Clock;
use atalaya_desk::wire::SignInRequest;
use atalaya_desk::{Desk, Options, Paths};
use atalaya_player::OutputChoice;
use atalaya_store::Error;
use atalaya_store::profiles::Profile;
use atalaya_store::secrets::{SecretStore, SecretStoreKind};
use atalaya_ucontact::Secret;

mod common;

/// The system's store, for one password.
#[derive(Default)]
struct Keyring {
    kept: Mutex<Option<Secret>>,
    locked: AtomicBool,
    read: AtomicUsize,
}

/// As long as a prompt that somebody answers.
const SLOW: Duration = Duration::from_millis(300);

impl Keyring {
    fn open(&self) -> Result<(), Error> {
        #[expect(clippy::disallowed_methods, reason = "a store that blocks its thread is what is tried")]
        std::thread::sleep(SLOW);
        if self.locked.load(Ordering::SeqCst) { Err(Error::SecretsLocked) } else { Ok(()) }
    }
}

impl SecretStore for Keyring {
    fn kind(&self) -> SecretStoreKind {
        SecretStoreKind::Os
    }

    fn keeps(&self, profile: &Profile) -> bool {
        profile.keep
    }

    fn get(&self, _: &str) -> Result<Option<Secret>, Error> {
        self.read.fetch_add(1, Ordering::SeqCst);
        self.open()?;
        Ok(self.kept.lock().expect("nobody panics").clone())
    }

    fn set(&self, _: &str, secret: &Secret) -> Result<(), Error> {
        self.open()?;
        *self.kept.lock().expect("nobody panics") = Some(secret.clone());
        Ok(())
    }

    fn remove(&self, _: &str) -> Result<(), Error> {
        self.open()?;
        self.kept.lock().expect("nobody panics").take();
        Ok(())
    }
}

async fn desk(home: &Path, keyring: &Arc<Keyring>) -> Desk {
    Desk::open(Options {
        paths: Paths::below(home),
        secrets: Arc::clone(keyring) as Arc<dyn SecretStore>,
        output: OutputChoice::None,
        clock: Clock::system(),
        demo: None,
    })
    .await
    .expect("the desk opens")
}

fn codes(desk: &Desk) -> Vec<String> {
    desk.diagnostics().last_errors.into_iter().map(|line| line.problem.code).collect()
}

#[tokio::test]
async fn a_locked_store_is_said_and_is_not_read_for_a_yes_or_no() {
    let (simulator, home, keyring) = (common::centre().await, tempfile::tempdir().unwrap(), Arc::default());
    let profile = {
        let desk = desk(home.path(), &keyring).await;
        let state = desk.sign_in(common::request(&simulator, common::PASSWORD)).await.unwrap();
        desk.sign_out().await.unwrap();
        state.profiles[0].clone()
    };
    assert!(profile.has_stored_password);

    keyring.locked.store(true, Ordering::SeqCst);
    let desk = desk(home.path(), &keyring).await;
    assert!(desk.session_state().profiles[0].has_stored_password);
    assert_eq!(keyring.read.load(Ordering::SeqCst), 0, "nobody asked for the password yet");
    let with_kept = || SignInRequest {
        profile_id: Some(profile.id.clone()),
        password: None,
        ..common::request(&simulator, "")
    };
    assert_eq!(desk.sign_in(with_kept()).await.unwrap_err().code, "secretsLocked");
    assert_eq!(simulator.stats().logins, 1);
    keyring.locked.store(false, Ordering::SeqCst);
    desk.sign_in(with_kept()).await.unwrap();
    desk.sign_out().await.unwrap();
    keyring.kept.lock().unwrap().take();
    assert_eq!(desk.sign_in(with_kept()).await.unwrap_err().code, "passwordNeeded");
}

#[tokio::test]
async fn what_could_not_be_kept_is_asked_for_next_time_and_nobody_waits_along() {
    let (simulator, home) = (common::centre().await, tempfile::tempdir().unwrap());
    let keyring = Arc::new(Keyring { locked: AtomicBool::new(true), ..Keyring::default() });
    let desk = desk(home.path(), &keyring).await;
    // One thread for everything: were the store asked on it, nothing else would happen for as long as that takes.
    let longest = tokio::spawn(async {
        let (mut longest, mut last) = (Duration::ZERO, std::time::Instant::now());
        for _ in 0..200 {
            tokio::time::sleep(Duration::from_millis(5)).await;
            longest = longest.max(last.elapsed());
            last = std::time::Instant::now();
        }
        longest
    });
    desk.sign_in(common::request(&simulator, common::PASSWORD)).await.unwrap();
    let id = desk.session_state().profile.expect("it is kept").id;
    desk.remove_profile(&id).await.unwrap();
    assert!(longest.await.unwrap() < SLOW, "somebody waited along");
    assert_eq!(codes(&desk), ["secretsLocked", "secretsLocked"]);

    let state = desk.sign_in(common::request(&simulator, common::PASSWORD)).await.unwrap();
    assert!(!state.profiles[0].has_stored_password && !state.profiles[0].keep);
    desk.sign_out().await.unwrap();
}
