//! The floor against a contact centre on a socket: every figure, every person once, and nothing blanks.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use atalaya_floor::wire::{AgentState, FloorUpdate, Freshness, Slowed, Snapshot};
use atalaya_floor::{Floor, FloorFeed, PollOptions, apply, read_once};
use atalaya_simulator::{Config, Endpoint, Fault, Inside, Simulator};
use atalaya_ucontact::{Client, Clock, Options, Secret, Server};

const PATIENCE: Duration = Duration::from_secs(60);

async fn start(config: Config) -> (Simulator, Client) {
    start_by(config, Clock::system()).await
}

async fn start_by(config: Config, clock: Clock) -> (Simulator, Client) {
    let simulator = atalaya_simulator::start(config).await.expect("loopback has a free port");
    let server = Server::parse(&simulator.server_url(), None, None, None).expect("a good address");
    let options = Options { requests_per_second: 500.0, max_in_flight: 8, clock };
    let client = Client::sign_in(server, simulator.user(), Secret::new(simulator.password()), options)
        .await
        .expect("signs in");
    (simulator, client)
}

fn still() -> Config {
    Config { campaigns: 12, agents: 300, moving: false, ..Config::default() }
}

fn quick() -> PollOptions {
    PollOptions { every: Duration::from_millis(200), requests_per_second: 200.0 }
}

/// The newest snapshot that is as wanted.
async fn until(feed: &mut FloorFeed, floor: &Floor, wanted: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
    let waiting = async {
        loop {
            let snapshot = floor.snapshot();
            if wanted(&snapshot) {
                return snapshot;
            }
            feed.next().await.expect("the floor is watched");
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect("the floor becomes as wanted")
}

fn state_of(status: i64, paused: bool) -> AgentState {
    match (status, paused) {
        (5, _) => AgentState::Offline,
        (2 | 8, true) => AgentState::BusyPaused,
        (6, false) => AgentState::Ringing,
        (8, false) => AgentState::OnHold,
        (2, false) => AgentState::Busy,
        (_, true) => AgentState::Paused,
        (9, false) => AgentState::WrapUp,
        (1, false) => AgentState::Available,
        _ => AgentState::Unknown,
    }
}

fn assert_same(snapshot: &Snapshot, inside: &Inside, now_ms: i64) {
    let campaigns: BTreeMap<_, _> = snapshot.campaigns.iter().map(|c| (c.name.as_str(), c)).collect();
    assert_eq!(campaigns.len(), snapshot.campaigns.len(), "every campaign once");
    assert_eq!(campaigns.len(), inside.campaigns.len());
    for is in &inside.campaigns {
        let shown = campaigns[is.name.as_str()];
        assert_eq!(
            (shown.waiting, shown.answered, shown.abandoned, shown.total_agents),
            (Some(is.waiting), Some(is.answered), Some(is.abandoned), Some(is.members)),
            "{}",
            is.name
        );
        let total = is.answered + is.abandoned;
        match shown.abandon_rate {
            None => assert_eq!(total, 0),
            Some(rate) => {
                assert!((rate - f64::from(is.abandoned) * 100.0 / f64::from(total)).abs() < 0.051, "{rate}");
            }
        }
        match shown.service_level {
            None => assert_eq!(is.answered, 0),
            Some(level) => {
                let exact = f64::from(is.answered_within) * 100.0 / f64::from(is.answered);
                assert!((level - exact).abs() < 0.051, "{level} for {exact}");
            }
        }
    }
    let agents: BTreeMap<_, _> = snapshot.agents.iter().map(|a| (a.location.as_str(), a)).collect();
    assert_eq!(agents.len(), snapshot.agents.len(), "every agent once");
    let serving = inside.agents.iter().filter(|agent| !agent.seats.is_empty());
    assert_eq!(agents.len(), serving.clone().count());
    for is in serving {
        let shown = agents[is.location.as_str()];
        // Paused in one of several campaigns is not paused.
        let everywhere = is.paused() && shown.paused_in as usize == is.seats.len();
        assert_eq!(shown.state, state_of(is.status, everywhere), "{is:?}");
        assert_eq!(shown.calls_taken, Some(is.calls_taken()), "{is:?}");
        let mut served: Vec<String> = is.seats.iter().map(|seat| seat.campaign.clone()).collect();
        served.sort();
        assert_eq!(shown.campaigns, served);
        let secs = (now_ms - shown.state_since_ms.expect("the server says since when")) as f64 / 1_000.0;
        assert!((secs - is.state_secs as f64).abs() < 5.0, "{secs} s for {is:?}");
    }
}

#[tokio::test]
async fn one_reading_shows_every_campaign_and_every_person_once_and_right() {
    for numbers_as_text in [false, true] {
        let (simulator, client) = start(Config { numbers_as_text, ..still() }).await;
        let snapshot = read_once(&client, &[], true).await.unwrap();
        assert_same(&snapshot, &simulator.inside(), snapshot.at_ms);
        client.end_session().await;
    }
}

#[tokio::test]
async fn one_reading_of_some_campaigns_shows_only_those() {
    let (simulator, client) = start(still()).await;
    let name = simulator.inside().campaigns[3].name.clone();
    let snapshot = read_once(&client, std::slice::from_ref(&name), true).await.unwrap();
    assert_eq!(snapshot.campaigns.len(), 1);
    assert_eq!(Some(snapshot.agents.len() as u32), snapshot.campaigns[0].total_agents);
    assert!(snapshot.agents.iter().all(|agent| agent.campaigns.contains(&name)));
}

#[tokio::test]
async fn watching_follows_the_world_and_the_differences_add_up() {
    let (simulator, client) = start(still()).await;
    let floor = Floor::watch(client, quick());
    let mut feed = floor.subscribe();
    let all_read = |snapshot: &Snapshot| snapshot.agents_read_at_ms.len() == 12;
    until(&mut feed, &floor, all_read).await;
    let mut window = floor.subscribe();
    let Some(FloorUpdate::Snapshot { snapshot: mut held }) = window.next().await else {
        panic!("a snapshot first")
    };
    for _ in 0..3 {
        let asked = simulator.stats().requests["campaignStatus"];
        simulator.advance(Duration::from_secs(120));
        // Every roster once more, and the campaigns.
        until(&mut feed, &floor, |_| simulator.stats().requests["campaignStatus"] > asked + 26).await;
        let newest = floor.snapshot();
        while held.revision < newest.revision {
            match window.next().await.expect("the floor is watched") {
                FloorUpdate::Snapshot { .. } => panic!("no revision is missing"),
                FloorUpdate::Delta { delta } => held = apply(&held, &delta).expect("the delta fits"),
            }
        }
        assert_eq!(held.campaigns, floor.snapshot().campaigns);
    }
    let inside = simulator.inside();
    let settled = until(&mut feed, &floor, |snapshot| {
        let shown: u32 = snapshot.campaigns.iter().filter_map(|c| c.answered).sum();
        shown == inside.campaigns.iter().map(|c| c.answered).sum::<u32>()
    })
    .await;
    assert_eq!(settled.campaigns.len(), 12);
}

#[tokio::test]
async fn nothing_changed_is_no_news() {
    let (_simulator, client) = start(Config { campaigns: 3, agents: 20, ..still() }).await;
    let floor = Floor::watch(client.clone(), PollOptions { every: Duration::from_secs(3600), ..quick() });
    let mut feed = floor.subscribe();
    until(&mut feed, &floor, |snapshot| snapshot.agents_read_at_ms.len() == 3).await;
    while let Ok(Some(_)) = tokio::time::timeout(Duration::from_millis(500), feed.next()).await {}
    let revision = floor.snapshot().revision;
    let quiet = tokio::time::timeout(Duration::from_millis(2_500), feed.next()).await;
    assert!(quiet.is_err(), "{quiet:?} told although the world stands still");
    assert_eq!(floor.snapshot().revision, revision);
}

#[tokio::test]
async fn a_server_that_goes_away_and_comes_back_never_blanks_the_wall() {
    let (simulator, client) = start(still()).await;
    let floor = Floor::watch(client, quick());
    let mut feed = floor.subscribe();
    let before = until(&mut feed, &floor, |snapshot| snapshot.agents_read_at_ms.len() == 12).await;
    simulator.down();
    let gone = until(&mut feed, &floor, |snapshot| {
        assert_eq!((snapshot.campaigns.len(), snapshot.agents.len()), (12, before.agents.len()));
        snapshot.health.freshness == Freshness::Stale && snapshot.health.failures > 1
    })
    .await;
    assert_eq!(gone.health.problem.as_ref().map(|problem| problem.code.as_str()), Some("unreachable"));
    let answered = |snapshot: &Snapshot| snapshot.campaigns.iter().map(|c| c.answered).collect::<Vec<_>>();
    assert_eq!(answered(&gone), answered(&before), "the last good figures stay");
    simulator.up();
    simulator.advance(Duration::from_secs(600));
    let back = until(&mut feed, &floor, |snapshot| {
        snapshot.health.freshness == Freshness::Fresh && answered(snapshot) != answered(&before)
    })
    .await;
    assert_eq!((back.health.failures, &back.health.problem), (0, &None));
}

#[tokio::test]
async fn one_of_the_two_sources_failing_keeps_the_other_s_figures() {
    let (simulator, client) = start(still()).await;
    simulator.faults().set(Endpoint::QueueSummary, Fault::Garbage, None);
    let floor = Floor::watch(client, quick());
    let mut feed = floor.subscribe();
    let half = until(&mut feed, &floor, |snapshot| snapshot.campaigns.len() == 12).await;
    assert_eq!(half.health.problem.as_ref().map(|problem| problem.code.as_str()), Some("malformed"));
    assert!(
        half.campaigns
            .iter()
            .all(|campaign| campaign.answered.is_some() && campaign.recent_wait_secs.is_none())
    );
    simulator.faults().clear();
    until(&mut feed, &floor, |snapshot| {
        snapshot.health.problem.is_none() && snapshot.campaigns.iter().all(|c| c.recent_wait_secs.is_some())
    })
    .await;
}

#[tokio::test]
async fn a_campaign_that_goes_takes_its_people_along_and_counters_may_start_again() {
    let (simulator, client) = start(still()).await;
    let floor = Floor::watch(client, quick());
    let mut feed = floor.subscribe();
    let before = until(&mut feed, &floor, |snapshot| snapshot.agents_read_at_ms.len() == 12).await;
    let name = before.campaigns[0].name.clone();
    let only_there = before.agents.iter().filter(|agent| agent.campaigns == [name.clone()]).count();
    simulator.hide_campaign(&name, true);
    let without = until(&mut feed, &floor, |snapshot| snapshot.campaigns.len() == 11).await;
    assert!(without.agents.iter().all(|agent| !agent.campaigns.contains(&name)));
    assert_eq!(without.agents.len(), before.agents.len() - only_there);
    simulator.hide_campaign(&name, false);
    until(&mut feed, &floor, |s| s.campaigns.len() == 12 && s.agents.len() == before.agents.len()).await;
    simulator.reset_counters();
    let reset = until(&mut feed, &floor, |s| s.campaigns.iter().all(|c| c.answered == Some(0))).await;
    assert!(
        reset.campaigns.iter().all(|c| c.service_level.is_none() && c.abandon_rate.is_none()),
        "no calls is not zero percent"
    );
}

#[tokio::test]
async fn a_session_that_ends_keeps_its_picture_and_asks_no_more() {
    let (simulator, client) = start(still()).await;
    let floor = Floor::watch(client.clone(), quick());
    let mut feed = floor.subscribe();
    until(&mut feed, &floor, |snapshot| snapshot.agents_read_at_ms.len() == 12).await;
    simulator.expire_tokens();
    client.campaigns().await.unwrap();
    simulator.expire_tokens();
    let over = until(&mut feed, &floor, |snapshot| {
        snapshot.health.problem.as_ref().is_some_and(|problem| problem.code == "signedInElsewhere")
    })
    .await;
    assert_eq!(over.campaigns.len(), 12);
    // Both logins are ended at the server: the last goodbye may still be on its way.
    let ended = async {
        while simulator.stats().requests["endSession"] < 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), ended).await.expect("every login is ended");
    let asked = simulator.stats().requests;
    let more = tokio::time::timeout(Duration::from_secs(1), feed.next()).await;
    drop(more);
    assert_eq!(simulator.stats().requests, asked);
}

#[tokio::test]
async fn a_server_that_slows_is_asked_less_often_and_the_wall_says_so() {
    let (simulator, client) = start(Config { campaigns: 3, agents: 20, ..still() }).await;
    let floor = Floor::watch(client, quick());
    let mut feed = floor.subscribe();
    let before = until(&mut feed, &floor, |snapshot| snapshot.agents_read_at_ms.len() == 3).await;
    assert_eq!((before.health.every_ms, before.health.slowed), (200, None));
    simulator.faults().set_latency(Duration::from_millis(500));
    let slow = until(&mut feed, &floor, |snapshot| snapshot.health.slowed == Some(Slowed::Server)).await;
    assert!(slow.health.every_ms > 700, "{} ms", slow.health.every_ms);
    assert_eq!(slow.health.problem, None, "slow is not wrong");
    simulator.faults().set_latency(Duration::ZERO);
    until(&mut feed, &floor, |s| s.health.slowed.is_none() && s.health.every_ms == 200).await;
}

#[tokio::test]
async fn nobody_looking_the_server_is_left_in_peace_until_somebody_looks_again() {
    let (simulator, client) = start(Config { campaigns: 3, agents: 20, ..still() }).await;
    let floor = Floor::watch(client, quick());
    let mut feed = floor.subscribe();
    until(&mut feed, &floor, |snapshot| snapshot.agents_read_at_ms.len() == 3).await;
    floor.set_watched(false);
    let away = until(&mut feed, &floor, |s| s.health.slowed == Some(Slowed::Unwatched)).await;
    assert_eq!(away.health.every_ms, 15_000);
    // The poll that was due before is done; what follows belongs to the long interval.
    until(&mut feed, &floor, |s| s.health.last_ok_ms > away.health.last_ok_ms).await;
    let asked = simulator.stats().requests["queueSummary"];
    floor.set_watched(true);
    let back = until(&mut feed, &floor, |s| s.health.slowed.is_none() && s.health.every_ms == 200).await;
    until(&mut feed, &floor, |s| s.health.last_ok_ms > back.health.last_ok_ms).await;
    assert!(simulator.stats().requests["queueSummary"] > asked);
}

#[tokio::test]
async fn after_an_hour_asleep_one_poll_goes_out_and_no_burst() {
    let held = Clock::held(Clock::system().now_ms());
    let (simulator, client) = start_by(still(), held.clock()).await;
    // So seldom that nothing else is due within the test.
    let options = PollOptions { every: Duration::from_secs(600), requests_per_second: 200.0 };
    let floor = Floor::watch(client, options);
    let mut feed = floor.subscribe();
    let read = |snapshot: &Snapshot| snapshot.health.last_ok_ms.unwrap_or(0);
    let first = read(&*until(&mut feed, &floor, |snapshot| read(snapshot) > 0).await);
    let polls = || simulator.stats().requests["queueSummary"];
    assert_eq!(polls(), 1);
    held.set(first + 3_600_000);
    until(&mut feed, &floor, |snapshot| read(snapshot) >= first + 3_600_000).await;
    assert_eq!(polls(), 2, "what is on the screen is from before the sleep");
    // A burst would go on at once: nothing more of it is read.
    let more = until(&mut feed, &floor, |snapshot| read(snapshot) > held.clock().now_ms() || polls() > 2);
    assert!(tokio::time::timeout(Duration::from_secs(2), more).await.is_err(), "{} polls", polls());
}
