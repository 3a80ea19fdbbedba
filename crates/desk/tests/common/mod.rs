//! A desk, and the contact centre it is signed in to.
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::time::Duration;

use atalaya_clock::Clock;
use atalaya_desk::wire::{Password, SignInRequest};
use atalaya_desk::{Desk, Options, Paths};
use atalaya_player::OutputChoice;
use atalaya_simulator::{Config, Simulator};
use atalaya_store::secrets::open_secret_store;
use tokio::sync::mpsc::UnboundedReceiver;

pub const PATIENCE: Duration = Duration::from_secs(30);
pub const PASSWORD: &str = "marked+password/4711=";

pub async fn centre() -> Simulator {
    let config = Config {
        campaigns: 4,
        agents: 30,
        calls_per_day: 300,
        password: PASSWORD.to_owned(),
        ..Config::default()
    };
    atalaya_simulator::start(config).await.expect("loopback has a free port")
}

pub async fn desk(home: &Path) -> Desk {
    Desk::open(Options {
        paths: Paths { home: home.to_owned() },
        secrets: open_secret_store(true),
        output: OutputChoice::None,
        clock: Clock::system(),
        demo: None,
    })
    .await
    .expect("the desk opens")
}

pub fn request(simulator: &Simulator, password: &str) -> SignInRequest {
    SignInRequest {
        profile_id: None,
        name: String::new(),
        server_url: simulator.server_url(),
        user: simulator.user().to_owned(),
        password: Some(Password::new(password)),
        telephony_url: Some(simulator.telephony_url()),
        backup_url: Some(simulator.backup_url()),
        extra_ca_path: None,
        keep: true,
    }
}

/// The first of what is told that is as wanted.
pub async fn first<T, U>(told: &mut UnboundedReceiver<T>, mut wanted: impl FnMut(T) -> Option<U>) -> U {
    let looking = async {
        loop {
            if let Some(found) = wanted(told.recv().await.expect("it is still told")) {
                return found;
            }
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.expect("it comes")
}
