//! Recordings on this computer: one under its name is whole.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use atalaya_calls::{Cache, Calls, ConvertPolicy, Target, Tasks, Writes};
use atalaya_clock::Clock;
use atalaya_simulator::{Config, Endpoint, Fault, Simulator};
use atalaya_store::Store;
use atalaya_ucontact::{Client, Options, Secret, Server};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use super::{Part, say};

const ADDRESSES: [&str; 3] = ["ATALAYA_KILLS_SERVER", "ATALAYA_KILLS_TELEPHONY", "ATALAYA_KILLS_BACKUP"];
const USER: &str = "supervisor";
const PASSWORD: &str = "a password";
/// How many recordings are fetched before the folder is cleared and all begins anew.
const OF_A_TURN: usize = 12;

pub struct Recordings {
    simulator: Simulator,
    plain: BTreeMap<String, Vec<u8>>,
    /// Held: the simulated centre lives in it.
    _runtime: Runtime,
    kept: BTreeSet<String>,
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime")
}

async fn calls(addresses: [&str; 3], folder: &Path) -> (Calls, Arc<Cache>) {
    let [server, telephony, backup] = addresses;
    let server = Server::parse(server, Some(telephony), Some(backup), None).expect("good addresses");
    let options = Options { requests_per_second: 500.0, max_in_flight: 8, ..Options::default() };
    let client = Client::sign_in(server, USER, Secret::new(PASSWORD), options).await.expect("signs in");
    let store = Store::in_memory(&[atalaya_calls::MIGRATIONS], Clock::system()).expect("a store");
    let cache = Cache::open(folder, 500_000_000).expect("a cache");
    let writes = Writes::new(USER, store.clone(), String::new(), Tasks::default());
    (Calls::new(client, store, Arc::clone(&cache), writes), cache)
}

async fn fetch(calls: &Calls, guid: &str, day: &str) -> Option<Vec<u8>> {
    let target = Target { guid: guid.to_owned(), days: vec![day.to_owned()] };
    calls.fetch_all(&target, ConvertPolicy::Never, |_| {}, &CancellationToken::new()).await.ok()
}

pub fn write_for_ever(home: &Path) {
    let addresses = ADDRESSES.map(|name| std::env::var(name).expect("an address"));
    let cases = std::env::var("ATALAYA_KILLS_CASES").expect("recordings");
    let cases: Vec<(&str, &str)> = cases.lines().filter_map(|line| line.split_once(' ')).collect();
    runtime().block_on(async {
        let [server, telephony, backup] = &addresses;
        let (calls, cache) = calls([server, telephony, backup], &home.join("recordings")).await;
        loop {
            for (guid, day) in &cases {
                fetch(&calls, guid, day).await.expect("it is fetched");
                say(format_args!("kept {guid}"));
            }
            say(format_args!("clearing"));
            cache.clear();
        }
    });
}

impl Recordings {
    pub fn new() -> Self {
        let runtime = runtime();
        let elsewhere = tempfile::tempdir().expect("a folder");
        let (simulator, plain) = runtime.block_on(async {
            let config = Config {
                campaigns: 2,
                agents: 6,
                calls_per_day: 40,
                user: USER.to_owned(),
                password: PASSWORD.to_owned(),
                moving: false,
                ..Config::default()
            };
            let simulator = atalaya_simulator::start(config).await.expect("loopback has a free port");
            let addresses = (simulator.server_url(), simulator.telephony_url(), simulator.backup_url());
            let (calls, _) = calls([&addresses.0, &addresses.1, &addresses.2], elsewhere.path()).await;
            let mut plain = BTreeMap::new();
            for case in simulator.recordings() {
                if let Some(bytes) = fetch(&calls, &case.guid, &case.day).await {
                    plain.insert(case.guid, bytes);
                }
                if plain.len() == OF_A_TURN {
                    break;
                }
            }
            // Slow enough to be killed in the middle of a file.
            for endpoint in [Endpoint::Telephony, Endpoint::Backup] {
                simulator.faults().set(endpoint, Fault::Dribble { bytes: 20_000, millis: 1 }, None);
            }
            (simulator, plain)
        });
        Self { simulator, plain, _runtime: runtime, kept: BTreeSet::new() }
    }
}

impl Part for Recordings {
    fn env(&self) -> Vec<(&'static str, String)> {
        let addresses =
            [self.simulator.server_url(), self.simulator.telephony_url(), self.simulator.backup_url()];
        let cases: Vec<String> = self
            .simulator
            .recordings()
            .into_iter()
            .filter(|case| self.plain.contains_key(&case.guid))
            .map(|case| format!("{} {}", case.guid, case.day))
            .collect();
        let mut env: Vec<_> = ADDRESSES.into_iter().zip(addresses).collect();
        env.push(("ATALAYA_KILLS_CASES", cases.join("\n")));
        env
    }

    fn look(&mut self, home: &Path, said: &[String]) {
        let mut clearing = false;
        for line in said {
            match line.strip_prefix("kept ") {
                Some(guid) => {
                    clearing = false;
                    self.kept.insert(guid.to_owned());
                }
                None => {
                    clearing = true;
                    self.kept.clear();
                }
            }
        }
        let folder = home.join("recordings");
        let cache = Cache::open(&folder, 500_000_000).expect("the folder is there");
        let mut here = BTreeSet::new();
        let mut bytes_here = 0;
        for entry in std::fs::read_dir(&folder).expect("readable") {
            let path = entry.expect("readable").path();
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
            let guid = name.split('~').nth(1).unwrap_or_else(|| panic!("{name} was left half written"));
            let bytes = std::fs::read(&path).expect("readable");
            assert!(
                self.plain.get(guid) == Some(&bytes),
                "{name}: {} bytes that are not the recording",
                bytes.len()
            );
            bytes_here += bytes.len() as u64;
            here.insert(guid.to_owned());
        }
        assert_eq!(cache.size(), bytes_here, "nothing else is there");
        assert!(clearing || self.kept.is_subset(&here), "{:?} are gone", self.kept.difference(&here));
    }
}
