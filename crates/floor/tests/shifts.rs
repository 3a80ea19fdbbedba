//! What everybody did, as the floor tells it, against what they did inside the contact centre.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use atalaya_floor::wire::AgentState;
use atalaya_floor::{Floor, PollOptions, agent_state};
use atalaya_simulator::Config;
use atalaya_ucontact::{Client, Options, Secret, Server};

const WATCHED: Duration = Duration::from_secs(6);
const LOOK_EVERY: Duration = Duration::from_millis(50);

#[tokio::test]
async fn what_everybody_did_is_what_they_did() {
    // So many that within seconds some of them do something else.
    let config = Config { campaigns: 4, agents: 200, ..Config::default() };
    let simulator = atalaya_simulator::start(config).await.expect("loopback has a free port");
    let server = Server::parse(&simulator.server_url(), None, None, None).expect("a good address");
    let options = Options { requests_per_second: 500.0, max_in_flight: 8, ..Options::default() };
    let client = Client::sign_in(server, simulator.user(), Secret::new(simulator.password()), options)
        .await
        .expect("signs in");
    let pace = PollOptions { every: Duration::from_millis(200), requests_per_second: 100.0 };
    let clock = client.clock().clone();
    let floor = Floor::watch(client, pace);
    while floor.snapshot().agents.is_empty() {
        tokio::time::sleep(LOOK_EVERY).await;
    }

    let (began, mut last) = (Instant::now(), Instant::now());
    let mut truth: HashMap<(String, AgentState), f64> = HashMap::new();
    while began.elapsed() < WATCHED {
        tokio::time::sleep(LOOK_EVERY).await;
        let passed = std::mem::replace(&mut last, Instant::now()).elapsed().as_secs_f64();
        for agent in simulator.inside().agents {
            let state = agent_state(i32::try_from(agent.status).ok(), agent.paused());
            *truth.entry((agent.location, state)).or_default() += passed;
        }
    }

    let agents = &floor.snapshot().agents;
    assert!(agents.len() > 140, "{}", agents.len());
    let (mut off, mut all, mut changed) = (0.0, 0.0, 0);
    for agent in agents.iter().filter(|agent| agent.paused_in == 0 || agent.state == AgentState::Paused) {
        let day = floor.agent_day(&agent.location).expect("seen");
        let watched = (clock.now_ms() - day.watched_since_ms) / 1_000;
        // Parts of seconds are left out, once for each state.
        assert!(watched - i64::from(day.seen_secs) <= 4, "{} of {watched} s", day.seen_secs);
        assert!(i64::from(day.seen_secs) <= watched);
        for time in &day.states {
            let is = truth.get(&(agent.location.clone(), time.state)).copied().unwrap_or_default();
            off += (f64::from(time.secs) - is).abs();
            all += is;
        }
        changed += usize::from(day.states.iter().filter(|time| time.secs > 0).count() > 1);
        let in_pauses: u32 = day.pauses.iter().map(|of| of.secs).sum();
        let paused = day.states.iter().find(|time| time.state == AgentState::Paused).expect("every state");
        assert!(paused.secs.abs_diff(in_pauses) <= 1);
    }
    assert!(changed > 0, "nothing happened");
    assert!(off / all < 0.1, "{off:.0} s of {all:.0} s are elsewhere");
}
