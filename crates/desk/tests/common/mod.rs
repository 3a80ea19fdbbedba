//! A desk, and the contact centre it is signed in to.
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]
#![allow(dead_code, reason = "each test uses a part of it")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use atalaya_calls::wire::{Call, LocateUpdate};
use atalaya_clock::Clock;
use atalaya_desk::wire::{ListenRequest, SignInRequest};
use atalaya_desk::{Desk, Options, Paths, Session};
use atalaya_player::OutputChoice;
use atalaya_simulator::{Config, RecordingCase, Simulator};
use atalaya_store::secrets::open_secret_store;
use atalaya_ucontact::Secret;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

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
        paths: Paths::below(home),
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
        password: Some(Secret::new(password)),
        telephony_url: Some(simulator.telephony_url()),
        backup_url: Some(simulator.backup_url()),
        extra_ca_path: None,
        keep: true,
    }
}

/// A desk signed in to the contact centre, with a password that is not kept.
pub async fn signed_in(home: &Path, simulator: &Simulator) -> Desk {
    let desk = desk(home).await;
    let request = SignInRequest { keep: false, ..request(simulator, simulator.password()) };
    desk.sign_in(request).await.expect("signs in");
    desk
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

/// A call with this recording, as a search would find it.
pub fn call(case: &RecordingCase, agent: &str) -> Call {
    Call {
        guid: case.guid.clone(),
        started_at: case.calldate.clone(),
        length_secs: Some(case.seconds),
        talk_secs: Some(case.seconds),
        wait_secs: None,
        outcome: String::new(),
        cause: None,
        campaign: "Ventas<-".to_owned(),
        direction: atalaya_calls::wire::Direction::Inbound,
        agent: Some(agent.to_owned()),
        answered: true,
        others_unread: false,
        source: case.phone.clone(),
        destination: String::new(),
        rating: None,
        days: vec![case.day.clone()],
        legs: Vec::new(),
    }
}

/// The session at hand.
pub fn session(desk: &Desk) -> Arc<Session> {
    desk.session().expect("signed in")
}

/// The call whose recording is open.
pub fn open_guid(desk: &Desk) -> Option<String> {
    Some(desk.session().ok()?.listening().ok()?.open_call()?.guid)
}

/// Opens the recording of a call as a window does; what is told of it.
pub fn listen(desk: &Desk, call: &Call, asked: bool) -> UnboundedReceiver<LocateUpdate> {
    static TICKETS: AtomicU64 = AtomicU64::new(1);
    let ticket = TICKETS.fetch_add(1, Ordering::Relaxed);
    let (tell, told) = unbounded_channel();
    let request = ListenRequest { call: call.clone(), at_secs: None, asked, ticket };
    session(desk).listening().expect("a player").open(request, move |update| drop(tell.send(update)));
    told
}

/// Waits until a condition holds, looking again and again.
pub async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let looking = async {
        let mut pace = tokio::time::interval(Duration::from_millis(5));
        while !holds() {
            pace.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.unwrap_or_else(|_| panic!("{what}"));
}
