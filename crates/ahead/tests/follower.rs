//! Whoever follows another desk of a team has a forecast from its readings, and asks the server for nothing.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use atalaya_ahead::wire::AheadTold;
use atalaya_ahead::{Ahead, Asked, Readings};
use atalaya_clock::{Clock, Held};
use atalaya_floor::wire::Snapshot;
use atalaya_floor::{Duty, Floor, PollOptions, default_rules};
use atalaya_simulator::{Config, Simulator};
use atalaya_ucontact::{Client, Options, Secret, Server};

const PATIENCE: Duration = Duration::from_secs(60);
/// The follower's clock is that far behind.
const BEHIND_MS: i64 = -3_600_000;

async fn client(simulator: &Simulator, clock: &Held) -> Client {
    let server = Server::parse(&simulator.server_url(), None, None, None).expect("a good address");
    let options = Options { requests_per_second: 500.0, max_in_flight: 8, clock: clock.clock() };
    Client::sign_in(server, simulator.user(), Secret::new(simulator.password()), options)
        .await
        .expect("signs in")
}

/// Everything is of this moment.
fn of(snapshot: &Snapshot, now_ms: i64) -> bool {
    let read = &snapshot.agents_read_at_ms;
    snapshot.health.last_ok_ms == Some(now_ms)
        && read.len() == 4
        && read.values().all(|at_ms| *at_ms == now_ms)
}

fn look(floor: &Floor, readings: &Readings, now_ms: i64) -> AheadTold {
    let asked = Asked {
        snapshot: floor.snapshot(),
        seats: floor.seats(),
        readings: readings.clone(),
        rules: default_rules(),
        teams: Vec::new(),
        offset_secs: floor.server_offset_secs(),
        now_ms,
    };
    Ahead::default().look(None, &asked).told
}

#[tokio::test]
async fn who_follows_looks_ahead_as_whoever_asks() {
    let begins: chrono::NaiveDateTime = "2026-11-24T10:10:00".parse().expect("a moment");
    let config =
        Config { campaigns: 4, agents: 40, begins: Some(begins), moving: false, ..Config::default() };
    let simulator = atalaya_simulator::start(config).await.expect("loopback has a free port");
    let begins_ms = begins.and_utc().timestamp_millis();
    let clocks = [Clock::held(begins_ms), Clock::held(begins_ms + BEHIND_MS)];
    let options = PollOptions { every: Duration::from_millis(100), requests_per_second: 400.0 };
    let asking = Floor::watch(client(&simulator, &clocks[0]).await, options);
    let mut heard = asking.relay().readings();
    let follower = client(&simulator, &clocks[1]).await;
    let following = Floor::watch(follower.clone(), options);
    following.relay().set_duty(Duty::Follow);
    let asked_at_first = follower.requests_last_minute();
    let mut readings = [Readings::default(), Readings::default()];
    for minute in 0..5 {
        let now = clocks.each_ref().map(|clock| clock.clock().now_ms());
        let both = async {
            while !of(&asking.snapshot(), now[0]) || !of(&following.snapshot(), now[1]) {
                let reading = heard.recv().await.expect("somebody reads");
                following.relay().take((*reading).clone().by_clock(BEHIND_MS));
            }
        };
        tokio::time::timeout(PATIENCE, both).await.expect("both know of this moment");
        readings[0].note(&asking.snapshot());
        readings[1].note(&following.snapshot());
        let [theirs, ours] = [look(&asking, &readings[0], now[0]), look(&following, &readings[1], now[1])];
        let shape = |told: &AheadTold| -> Vec<_> {
            told.campaigns.iter().map(|one| (one.name.clone(), one.reason)).collect()
        };
        assert_eq!(shape(&ours), shape(&theirs), "{minute}");
        assert_eq!(ours.campaigns.iter().any(|one| one.outlook.is_some()), minute >= 3, "{minute}");
        for clock in &clocks {
            clock.advance(Duration::from_secs(60));
        }
        simulator.advance(Duration::from_secs(60));
    }
    assert!(follower.requests_last_minute() <= asked_at_first, "it asked the server for nothing");
    asking.stop().await;
    following.stop().await;
    simulator.stop().await;
}
