//! A floor that follows another: it asks nothing, shows the same, and goes on without a seam when it asks itself.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use atalaya_floor::wire::{Freshness, Snapshot};
use atalaya_floor::{Duty, Floor, PollOptions, Reading, Wished};
use atalaya_simulator::{Config, Simulator};
use atalaya_ucontact::{Client, Clock, Options, Secret, Server};
use tokio::sync::broadcast;

const PATIENCE: Duration = Duration::from_secs(60);

async fn client(simulator: &Simulator, clock: Clock) -> Client {
    let server = Server::parse(&simulator.server_url(), None, None, None).expect("a good address");
    let options = Options { requests_per_second: 500.0, max_in_flight: 8, clock };
    Client::sign_in(server, simulator.user(), Secret::new(simulator.password()), options)
        .await
        .expect("signs in")
}

fn quick() -> PollOptions {
    PollOptions { every: Duration::from_millis(200), requests_per_second: 200.0 }
}

/// Hands every reading of one floor to another, by a clock that is so many milliseconds ahead, until it is as wanted.
async fn until(
    readings: &mut broadcast::Receiver<Arc<Reading>>,
    to: &Floor,
    ahead_ms: i64,
    wanted: impl Fn(&Snapshot) -> bool,
) -> Arc<Snapshot> {
    let waiting = async {
        while !wanted(&to.snapshot()) {
            let reading = readings.recv().await.expect("somebody reads");
            let reading: Reading =
                serde_json::from_slice(&serde_json::to_vec(&*reading).expect("JSON")).expect("it");
            to.relay().take(reading.by_clock(ahead_ms));
        }
        to.snapshot()
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect("the floor becomes as wanted")
}

fn everybody(snapshot: &Snapshot) -> bool {
    snapshot.campaigns.len() == 12 && snapshot.agents_read_at_ms.len() == 12
}

#[tokio::test]
async fn who_follows_shows_the_same_asks_nothing_and_asks_on_without_a_seam() {
    let config = Config { campaigns: 12, agents: 300, moving: false, ..Config::default() };
    let simulator = atalaya_simulator::start(config).await.expect("loopback has a free port");
    let asking = Floor::watch(client(&simulator, Clock::system()).await, quick());
    let mut readings = asking.relay().readings();
    // Its clock is an hour behind.
    const BEHIND_MS: i64 = -3_600_000;
    let system = Clock::system();
    let late = Clock::told({
        let system = system.clone();
        move || (system.now_ms() + BEHIND_MS, system.steady())
    });
    let follower = client(&simulator, late).await;
    let at_first = follower.requests_last_minute();
    let following = Floor::watch(follower.clone(), quick());
    following.relay().set_duty(Duty::Follow);
    following.set_visible(vec!["C".to_owned()]);
    let mut feed = following.subscribe();
    let shown = until(&mut readings, &following, BEHIND_MS, everybody).await;
    assert_eq!(shown.health.freshness, Freshness::Fresh, "an hour between two clocks is no age");
    let asked = asking.snapshot();
    // As the other asks: a busy computer is a slow server, which is asked less often.
    let paces = [200, asked.health.every_ms];
    assert!(paces.contains(&shown.health.every_ms), "{} of {paces:?}", shown.health.every_ms);
    let figures = |snapshot: &Snapshot| {
        let campaigns =
            snapshot.campaigns.iter().map(|of| (of.name.clone(), of.waiting, of.answered, of.available));
        let agents =
            snapshot.agents.iter().map(|of| (of.location.clone(), of.name.clone(), of.state, of.calls_taken));
        (campaigns.collect::<Vec<_>>(), agents.collect::<Vec<_>>())
    };
    assert_eq!(figures(&shown), figures(&asked));
    for (ours, theirs) in shown.agents.iter().zip(&asked.agents) {
        let apart =
            ours.state_since_ms.zip(theirs.state_since_ms).map(|(ours, theirs)| theirs + BEHIND_MS - ours);
        assert!(apart.is_none_or(|apart| apart.abs() <= 2_000), "{apart:?}");
    }
    feed.next().await.expect("windows are told of it");

    // Only the asking one asks.
    assert_eq!(follower.requests_last_minute(), at_first, "it asked the server for nothing");
    let before = following.snapshot();
    asking.stop().await;

    // The other one is gone: it asks, for others too, with all it knows.
    let day = following.agent_day(&before.agents[0].location).expect("seen while following");
    let halves = following.half_hours(&before.campaigns[0].name);
    assert!(!halves.is_empty());
    let others = Wished { visible: BTreeSet::from(["D".to_owned()]), watched: true, every: None };
    following.relay().set_duty(Duty::AskFor(others));
    let until_asked = async {
        let before = following.snapshot().health.last_ok_ms;
        while following.snapshot().health.last_ok_ms == before {
            feed.next().await.expect("windows are told of it");
        }
    };
    tokio::time::timeout(PATIENCE, until_asked).await.expect("it asks by itself");
    let after = following.agent_day(&before.agents[0].location).expect("still known");
    assert_eq!(after.watched_since_ms, day.watched_since_ms, "the day goes on");
    assert_eq!(following.half_hours(&before.campaigns[0].name)[0].begins_ms, halves[0].begins_ms);
    // Readings of others are not taken by one that asks.
    let nothing =
        Reading::Unread { campaign: before.campaigns[0].name.clone(), code: "gone".to_owned(), at_ms: 0 };
    following.relay().take(nothing);
    assert!(following.snapshot().agents_unread.is_empty());
    simulator.stop().await;
}

#[test]
fn wishes_add_up_to_everything_that_anybody_looks_at() {
    let of = |visible: &[&str], watched, every: Option<u64>| Wished {
        visible: visible.iter().map(ToString::to_string).collect(),
        watched,
        every: every.map(Duration::from_secs),
    };
    let mut wished = of(&["A"], false, Some(5));
    wished.and(&of(&["B", "A"], true, Some(3)));
    wished.and(&of(&[], false, None));
    assert_eq!(wished, of(&["A", "B"], true, Some(3)));
}
