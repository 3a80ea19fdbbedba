//! What the tests of recordings share: an analyst, signed in to a contact centre on a socket.
#![allow(dead_code, reason = "each test file is a program of its own and uses a part of this")]

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use atalaya_calls::wire::LocateUpdate;
use atalaya_calls::{Cache, Calls, ConvertPolicy, Error, Target, Tasks, Writes};
use atalaya_clock::Clock;
use atalaya_simulator::{Config, Endpoint, Kind, RecordingCase, Simulator};
use atalaya_store::Store;
use atalaya_ucontact::{Client, Format, Host, Options, Place, Secret, Server};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// A signed-in analyst with an empty cache.
pub struct Analyst {
    pub simulator: Simulator,
    pub client: Client,
    pub store: Store,
    pub calls: Calls,
    pub folder: TempDir,
}

impl Analyst {
    pub async fn of(config: Config) -> Self {
        let simulator = atalaya_simulator::start(config).await.expect("loopback has a free port");
        let client = sign_in(&simulator).await;
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::in_memory(&[atalaya_calls::MIGRATIONS], Clock::system()).expect("a store");
        let calls = Self::calls(&client, &store, folder.path());
        Self { simulator, client, store, calls, folder }
    }

    pub async fn still() -> Self {
        Self::of(still()).await
    }

    /// The calls of somebody else at the same contact centre, who waits for nobody here.
    pub async fn another(&self) -> Calls {
        Self::calls(&sign_in(&self.simulator).await, &self.store, self.folder.path())
    }

    pub fn calls(client: &Client, store: &Store, folder: &Path) -> Calls {
        let cache = Cache::open(folder, 500_000_000).expect("a cache");
        let writes = Writes::new(client.user(), store.clone(), "a reviewer".to_owned(), Tasks::default());
        Calls::new(client.clone(), store.clone(), cache, writes)
    }

    pub fn case(&self, kind: Kind) -> RecordingCase {
        self.simulator.recordings().into_iter().find(|case| case.kind == kind).expect("one of each kind")
    }

    pub async fn fetch(
        &self,
        case: &RecordingCase,
        convert: ConvertPolicy,
    ) -> (Result<Vec<u8>, Error>, Vec<LocateUpdate>) {
        let heard: Arc<Mutex<Vec<LocateUpdate>>> = Arc::default();
        let ear = Arc::clone(&heard);
        let on = move |update| ear.lock().expect("no listener panics").push(update);
        let never = CancellationToken::new();
        let fetched = self.calls.fetch_all(&target(case), convert, on, &never).await;
        let heard = heard.lock().expect("no listener panics").clone();
        (fetched, heard)
    }

    /// What lies in its place, asked for plainly.
    pub async fn plain(&self, case: &RecordingCase) -> Vec<u8> {
        let mut answer =
            self.client.recording(&place(case), &case.guid, None, None).await.expect("the file is there");
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.expect("it arrives whole") {
            bytes.extend_from_slice(&chunk);
        }
        bytes
    }
}

pub fn target(case: &RecordingCase) -> Target {
    Target { guid: case.guid.clone(), days: vec![case.day.clone()] }
}

pub fn place(case: &RecordingCase) -> Place {
    Place {
        host: if case.host == "backup" { Host::Backup } else { Host::Telephony },
        day: case.in_day_folder.then(|| case.day.clone()),
        format: if case.format == "gsm" { Format::Gsm } else { Format::Mp3 },
    }
}

pub fn endpoint(case: &RecordingCase) -> Endpoint {
    if case.host == "backup" { Endpoint::Backup } else { Endpoint::Telephony }
}

pub fn code(fetched: &Result<Vec<u8>, Error>) -> &'static str {
    fetched.as_ref().err().map_or("fetched", Error::code)
}

async fn sign_in(simulator: &Simulator) -> Client {
    let server = Server::parse(
        &simulator.server_url(),
        Some(&simulator.telephony_url()),
        Some(&simulator.backup_url()),
        None,
    )
    .expect("good addresses");
    // Many at once on a busy machine: one may time out before it is its turn.
    for _ in 0..5 {
        let options = Options { requests_per_second: 500.0, max_in_flight: 8, ..Options::default() };
        let password = Secret::new(simulator.password());
        match Client::sign_in(server.clone(), simulator.user(), password, options).await {
            Ok(client) => return client,
            Err(error) => assert_eq!(error.code(), "timeout", "signs in"),
        }
    }
    panic!("the contact centre never lets anybody in")
}

/// A small contact centre in which no time passes.
pub fn still() -> Config {
    Config {
        campaigns: 4,
        agents: 20,
        calls_per_day: 600,
        moving: false,
        convert_delay: Duration::from_millis(600),
        ..Config::default()
    }
}

pub const SOUND: [Kind; 8] = [
    Kind::Mp3Narrow,
    Kind::Mp3Wide,
    Kind::Mp3Variable,
    Kind::Mp3Stereo,
    Kind::Gsm,
    Kind::Tone1kMp3,
    Kind::Tone3kMp3,
    Kind::Tone1kGsm,
];
