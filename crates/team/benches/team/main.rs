//! What a team costs and saves, in one run on one machine: requests at the server of one desk alone and of a hundred and one in a
//! team, how long a picture takes from the desk that read it to those that follow, what the database pays for it, and how
//! long a floor is without news when whoever asks is killed.
//!
//! Prints tables; fails where the requests or the news are beyond what a team promises. The database is a private
//! PostgreSQL, the server the simulator in this process. Linux only: it reads /proc. The last part runs `atalaya-cli`,
//! whose file `ATALAYA_CLI` names; without it that part is left out.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench that cannot go on fails, and prints")]
#![allow(dead_code, reason = "what it shares with the tests is more than it uses")]

#[path = "../../tests/common/team.rs"]
mod common;
mod cost;
mod followers;
mod takeover;

use std::process::ExitCode;
use std::time::Duration;

use atalaya_floor::{Floor, PollOptions};
use atalaya_postgres::Postgres;
use atalaya_simulator::{Config, Simulator};
use atalaya_ucontact::{Client, Options, Secret, Server};

/// As a desk comes: every three seconds, four requests a second in all.
const EVERY: Duration = Duration::from_secs(3);
const CAMPAIGNS: usize = 12;
const AGENTS: usize = 300;
/// How long each of the two is watched.
const MEASURED: Duration = Duration::from_secs(45);
/// A team asks the server for no more than so much of what a desk alone does.
const MOST_REQUESTS: f64 = 1.1;
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::main]
async fn main() -> ExitCode {
    println!(
        "{CAMPAIGNS} campaigns, {AGENTS} agents, every {} s; {} build; {}",
        EVERY.as_secs(),
        if cfg!(debug_assertions) { "debug" } else { "release" },
        cost::machine()
    );
    let alone = alone().await;
    // A hundred and one desks, the owner, and room for what looks at them.
    let postgres = Postgres::with(&["max_connections=250"]);
    let mut owner = common::team(&postgres).await;
    let team = followers::measured(&postgres, &mut owner).await;

    let desks = followers::FOLLOWERS + 1;
    let minute = |requests: u64, took: Duration| requests as f64 * 60.0 / took.as_secs_f64();
    let (one, together) = (minute(alone.requests, alone.took), minute(team.requests, team.took));
    println!("\nrequests at the server, a minute");
    row(
        "one desk alone, measured",
        &format!("{one:.0}  ({} polls in {:.0} s)", alone.polls, secs(alone.took)),
    );
    row(
        &format!("{desks} desks in a team, measured"),
        &format!("{together:.0}  ({} polls in {:.0} s)", team.polls, secs(team.took)),
    );
    row("  of one desk's", &format!("{:.2}  (at most {MOST_REQUESTS})", together / one));
    row("100 desks apart, 100 times the one", &format!("{:.0}", one * 100.0));

    println!(
        "\nfrom the desk that read to the one that shows, {} followers in one process",
        followers::FOLLOWERS
    );
    row(
        "pictures that came",
        &format!("{} of {}", team.delays.len(), team.polls * followers::FOLLOWERS as u64),
    );
    for (name, share) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("longest", 1.0)] {
        row(name, &format!("{:.0} ms", secs(part(&team.delays, share)) * 1e3));
    }
    println!("\nthe database, {desks} desks");
    row("processor", &format!("{:.2} s a minute", team.database_secs * 60.0 / secs(team.took)));
    let looks = team.published * followers::FOLLOWERS as u64;
    row("readings published, a minute", &format!("{:.0}", minute(team.published, team.took)));
    row(
        "processor, for each follower and reading",
        &format!("{:.2} ms", team.database_secs * 1e3 / looks.max(1) as f64),
    );
    row("memory of all its processes", &format!("{} MB", team.database_kb / 1_024));
    row("sent to a follower, a minute", &format!("{:.0} kB", team.sent_kb_a_minute));
    row("received from a follower, a minute", &format!("{:.1} kB", team.received_kb_a_minute));
    row("readings kept, packed", &format!("{} in {} kB", team.readings, team.readings_bytes / 1_024));
    row(
        "this process: all desks and the server",
        &format!("{:.1} s a minute", team.own_secs * 60.0 / secs(team.took)),
    );

    let good = together <= one * MOST_REQUESTS;
    let in_time = match std::env::var_os("ATALAYA_CLI") {
        Some(program) => takeover::measured(&postgres, &mut owner, program.as_ref()).await,
        None => {
            println!("\ntakeover: left out, ATALAYA_CLI names no program");
            true
        }
    };
    if good && in_time { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn row(name: &str, figure: &str) {
    println!("  {name:<42}{figure}");
}

fn secs(of: Duration) -> f64 {
    of.as_secs_f64()
}

/// That share of all is no longer: `all` need not be in order.
fn part(all: &[Duration], share: f64) -> Duration {
    let mut all = all.to_vec();
    all.sort_unstable();
    let place = ((all.len() as f64 * share).ceil() as usize).clamp(1, all.len().max(1)) - 1;
    all.get(place).copied().unwrap_or_default()
}

async fn simulated() -> Simulator {
    let config = Config { campaigns: CAMPAIGNS, agents: AGENTS, ..Config::default() };
    atalaya_simulator::start(config).await.expect("loopback has a free port")
}

fn requests(simulator: &Simulator) -> u64 {
    simulator.stats().requests.values().sum()
}

async fn signed_in(simulator: &Simulator) -> Client {
    let server = Server::parse(&simulator.server_url(), None, None, None).expect("a good address");
    Client::sign_in(server, simulator.user(), Secret::new(simulator.password()), Options::default())
        .await
        .expect("signs in")
}

fn watched(client: Client) -> Floor {
    Floor::watch(client, PollOptions { every: EVERY, ..PollOptions::default() })
}

/// Waits until the floor knows the agents of every campaign.
async fn until_whole(floor: &Floor) {
    let mut feed = floor.subscribe();
    let whole = async {
        while floor.snapshot().agents_read_at_ms.len() < CAMPAIGNS {
            feed.next().await.expect("the floor is watched");
        }
    };
    tokio::time::timeout(PATIENCE, whole).await.expect("a whole picture");
}

struct Alone {
    requests: u64,
    polls: u64,
    took: Duration,
}

async fn alone() -> Alone {
    let simulator = simulated().await;
    let floor = watched(signed_in(&simulator).await);
    until_whole(&floor).await;
    floor.set_visible(vec![floor.snapshot().campaigns[0].name.clone()]);
    let (mut feed, mut shown, mut polls) = (floor.subscribe(), None, 0);
    let (before, begun) = (requests(&simulator), tokio::time::Instant::now());
    let watching = async {
        while feed.next().await.is_some() {
            let newest = floor.snapshot().health.last_ok_ms;
            if shown.is_some() && shown != newest {
                polls += 1;
            }
            shown = newest;
        }
    };
    let _ = tokio::time::timeout(MEASURED, watching).await;
    let (requests, took) = (requests(&simulator) - before, begun.elapsed());
    floor.stop().await;
    simulator.stop().await;
    Alone { requests, polls, took }
}
