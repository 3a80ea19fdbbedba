//! A supervisor who sends to a simulated contact centre on a socket.
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]
#![allow(dead_code, reason = "each test file is a program of its own and uses a part of this")]

use std::sync::Arc;
use std::time::Duration;

use atalaya_calls::wire::{Call, Search};
use atalaya_calls::{Cache, Calls, Tasks, Writes};
use atalaya_clock::Clock;
use atalaya_outreach::{MIGRATIONS, Outreach};
use atalaya_simulator::{Config, Endpoint, Simulator};
use atalaya_store::Store;
use atalaya_ucontact::operations::{
    Alternatives, Blacklist, BlacklistChange, BlacklistNumber, BlacklistNumbers, Parameters, Task, TaskMode,
};
use atalaya_ucontact::{Client, Operation, Options, Secret, Server};
use tokio_util::sync::CancellationToken;

pub const SALES: &str = "Ventas->";

pub fn number(at: usize) -> String {
    format!("09{:07}", 1_000_000 + at)
}

/// A number for the sales' dialer.
pub fn task(destination: &str) -> Operation {
    Operation::Task(Task {
        mode: TaskMode::Dialer,
        campaign: SALES.to_owned(),
        destination: destination.to_owned(),
        alternatives: Alternatives::default(),
        agent: String::new(),
        data: Parameters::default(),
        source: String::new(),
    })
}

/// A number put on the blacklist, or taken off it.
pub fn black(phone: &str, change: BlacklistChange) -> Operation {
    let one = BlacklistNumber { phone: phone.to_owned(), ..BlacklistNumber::default() };
    Operation::Blacklist(Blacklist { change, numbers: BlacklistNumbers::One(one) })
}

pub struct Supervisor {
    pub simulator: Arc<Simulator>,
    pub store: Store,
    pub calls: Calls,
    pub tasks: Tasks,
    pub outreach: Outreach,
}

impl Supervisor {
    pub async fn new() -> Self {
        let migrations = [atalaya_calls::MIGRATIONS, MIGRATIONS];
        Self::elsewhere(Store::in_memory(&migrations, Clock::system()).expect("a store")).await
    }

    /// At a contact centre of its own, with what is kept of another one too.
    pub async fn elsewhere(store: Store) -> Self {
        let config =
            Config { campaigns: 8, agents: 40, calls_per_day: 200, moving: false, ..Config::default() };
        let simulator = atalaya_simulator::start(config).await.expect("loopback has a free port");
        Self::of(Arc::new(simulator), store).await
    }

    /// The next session of the same person.
    pub async fn again(&self) -> Self {
        self.with(self.store.clone()).await
    }

    /// Over what another program left.
    pub async fn with(&self, store: Store) -> Self {
        Self::of(Arc::clone(&self.simulator), store).await
    }

    async fn of(simulator: Arc<Simulator>, store: Store) -> Self {
        let (telephony, backup) = (simulator.telephony_url(), simulator.backup_url());
        let server = Server::parse(&simulator.server_url(), Some(&telephony), Some(&backup), None);
        let options = Options { requests_per_second: 500.0, max_in_flight: 8, ..Options::default() };
        let password = Secret::new(simulator.password());
        let client = Client::sign_in(server.expect("good addresses"), simulator.user(), password, options);
        let client = client.await.expect("it signs in");
        let tasks = Tasks::default();
        let writes = Writes::new(client.user(), store.clone(), "Marta".to_owned(), tasks.clone());
        let calls = Calls::new(client.clone(), store.clone(), Cache::nowhere(), writes);
        let outreach = Outreach::new(client, calls.clone(), store.clone());
        Self { simulator, store, calls, tasks, outreach }
    }

    /// Waits until an operation was carried out so often.
    pub async fn executed(&self, operation: Endpoint, times: u64) {
        let waiting = async {
            while self.simulator.executed(operation) < times {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), waiting).await.expect("it is carried out");
    }

    /// Lines of the trail.
    pub fn trail(&self) -> usize {
        self.store.audit().recent(1_000).expect("readable").len()
    }

    /// A caller somebody talked to.
    pub async fn an_answered_call(&self) -> Call {
        let (from, to) = ("2000-01-01 00:00:00".to_owned(), "2099-01-01 00:00:00".to_owned());
        let whole = Search { from, to, ..Search::default() };
        let calls = self.calls.search(&whole, 200, |_| {}, &CancellationToken::new()).await;
        let answered = |call: &Call| call.answered && call.source.len() >= 8;
        calls.expect("it searches").into_iter().find(answered).expect("somebody was answered")
    }
}
