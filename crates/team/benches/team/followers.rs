//! One desk that asks and a hundred that follow, each a floor, a session and a connection of its own, all in this process.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use atalaya_floor::{Floor, Reading};
use atalaya_postgres::{OWNER, Postgres};
use atalaya_team::wire::TeamPart;
use atalaya_team::{Address, Connection, Invitation, Joining, Link, Role, add};
use atalaya_ucontact::Clock;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::common::{DATABASE, SERVER, seat};
use crate::cost::{self, Counted};
use crate::{MEASURED, PATIENCE, requests, signed_in, simulated, until_whole, watched};

pub const FOLLOWERS: usize = 100;
/// Followers whose bytes are counted on their way.
const COUNTED: usize = 5;
/// Desks that are opened at once.
const AT_ONCE: usize = 10;
/// Two moments of one picture differ by what two desks think of the database's clock; two pictures by an interval.
const SAME_MS: i64 = 1_000;

pub struct Team {
    pub requests: u64,
    pub polls: u64,
    pub took: Duration,
    /// Each picture at each follower.
    pub delays: Vec<Duration>,
    pub database_secs: f64,
    pub database_kb: u64,
    pub own_secs: f64,
    pub sent_kb_a_minute: f64,
    pub received_kb_a_minute: f64,
    /// Published while it was measured.
    pub published: u64,
    pub readings: u64,
    pub readings_bytes: u64,
}

struct Desk {
    floor: Floor,
    link: Link,
}

/// A picture's own moment, and when it was there.
type Seen = (i64, Instant);

/// A desk of that person, the database being reached at that port.
async fn desk(
    simulator: &atalaya_simulator::Simulator,
    invitation: &Invitation,
    port: u16,
    machine: &str,
) -> Desk {
    let floor = watched(signed_in(simulator).await);
    let user = invitation.address().expect("an address").user().to_owned();
    let address =
        Address::parse(&format!("postgres://{user}@127.0.0.1:{port}/{DATABASE}")).expect("an address");
    let joining = Joining { address, password: invitation.password.clone(), seat: seat(machine) };
    let link = Link::join(joining, floor.relay(), Clock::system());
    Desk { floor, link }
}

async fn until(desk: &Desk, part: TeamPart) {
    let mut state = desk.link.state();
    let there = state.wait_for(|state| state.part == part);
    tokio::time::timeout(PATIENCE, there).await.expect("it has its part").expect("it is in its team");
}

/// What the desk that asks reads, the moment it hands it on.
async fn reads(floor: Arc<Desk>, read: Arc<Mutex<Vec<Seen>>>) {
    let mut readings = floor.floor.relay().readings();
    while let Ok(reading) = readings.recv().await {
        let now = Instant::now();
        if let Reading::Campaigns { statuses: Some((_, status_ms)), queues: Some((_, queue_ms)), .. } =
            &*reading
        {
            read.lock().expect("no panic").push(((*status_ms).min(*queue_ms), now));
        }
    }
}

/// What a follower shows, the moment it does.
async fn shows(desk: Arc<Desk>, shown: Arc<Mutex<Vec<Seen>>>) {
    let (mut feed, mut before) = (desk.floor.subscribe(), None);
    while feed.next().await.is_some() {
        let newest = desk.floor.snapshot().health.last_ok_ms;
        if let Some(at_ms) = newest.filter(|_| newest != before) {
            shown.lock().expect("no panic").push((at_ms, Instant::now()));
        }
        before = newest;
    }
}

pub async fn measured(postgres: &Postgres, owner: &mut Connection) -> Team {
    let simulator = Arc::new(simulated().await);
    let address = Address::parse(&postgres.url(OWNER, DATABASE)).expect("an address");
    let mut invitations = Vec::new();
    for number in 0..=FOLLOWERS {
        let name = format!("p{number}");
        let member = add(owner, &address, SERVER, &name, Role::Supervisor).await;
        invitations.push(Arc::new(member.expect("a member")));
    }
    let asks = Arc::new(desk(&simulator, &invitations[0], postgres.port(), "asks").await);
    until(&asks, TeamPart::Asks).await;
    until_whole(&asks.floor).await;
    let campaigns: Vec<String> =
        asks.floor.snapshot().campaigns.iter().map(|campaign| campaign.name.clone()).collect();
    asks.floor.set_visible(vec![campaigns[0].clone()]);

    let counted = Counted::default();
    let counting = counted.before(postgres.port()).await;
    let (mut opening, mut followers) = (JoinSet::new(), Vec::new());
    for number in 1..=FOLLOWERS {
        if opening.len() >= AT_ONCE {
            followers.extend(opening.join_next().await.map(|done| done.expect("it opens")));
        }
        let (simulator, invitation) = (Arc::clone(&simulator), Arc::clone(&invitations[number]));
        let port = if number <= COUNTED { counting } else { postgres.port() };
        let looks_at = campaigns[number % campaigns.len()].clone();
        opening.spawn(async move {
            let desk = Arc::new(desk(&simulator, &invitation, port, &format!("puesto {number}")).await);
            until(&desk, TeamPart::Follows).await;
            until_whole(&desk.floor).await;
            desk.floor.set_visible(vec![looks_at]);
            desk
        });
    }
    followers.extend(opening.join_all().await);
    // Whose turn it is does not change meanwhile.
    until(&asks, TeamPart::Asks).await;

    let read = Arc::new(Mutex::new(Vec::new()));
    let shown = Arc::new(Mutex::new(Vec::new()));
    let mut looking = JoinSet::new();
    looking.spawn(reads(Arc::clone(&asks), Arc::clone(&read)));
    for follower in &followers {
        looking.spawn(shows(Arc::clone(follower), Arc::clone(&shown)));
    }
    let before =
        (requests(&simulator), cost::all_secs(&postgres.processes()), cost::own_secs(), counted.now());
    let numbered =
        || postgres.sql(DATABASE, "select max(seq) from atalaya.lease").parse::<u64>().expect("a number");
    let first = numbered();
    let begun = Instant::now();
    tokio::time::sleep(MEASURED).await;
    let took = begun.elapsed();
    let asked = requests(&simulator) - before.0;
    let processes = postgres.processes();
    let (database_secs, own_secs) = (cost::all_secs(&processes) - before.1, cost::own_secs() - before.2);
    let (sent, received) = counted.now();
    let published = numbered() - first;
    let kb_a_minute = |bytes: u64| bytes as f64 / 1_024.0 / COUNTED as f64 * 60.0 / took.as_secs_f64();
    // Those read last are given the time to arrive; they are no part of what was counted.
    let ends = Instant::now();
    tokio::time::sleep(crate::EVERY).await;
    looking.shutdown().await;
    assert_eq!(asks.link.state().borrow().part, TeamPart::Asks, "it asked all the while");

    let read: Vec<Seen> =
        read.lock().expect("no panic").iter().copied().filter(|(_, at)| *at <= ends).collect();
    let delays = delays(&read, &shown.lock().expect("no panic"));
    let kept =
        postgres.sql(DATABASE, "select count(*), coalesce(sum(octet_length(body)), 0) from atalaya.reading");
    let (readings, readings_bytes) = kept.split_once('|').unwrap_or(("0", "0"));
    let team = Team {
        requests: asked,
        polls: read.len() as u64,
        took,
        delays,
        database_secs,
        database_kb: cost::all_kb(&processes),
        own_secs,
        sent_kb_a_minute: kb_a_minute(sent - before.3.0),
        received_kb_a_minute: kb_a_minute(received - before.3.1),
        published,
        readings: readings.parse().unwrap_or_default(),
        readings_bytes: readings_bytes.parse().unwrap_or_default(),
    };
    for desk in followers.iter().chain([&asks]) {
        desk.link.leave().await;
        desk.floor.stop().await;
    }
    team
}

/// How long each picture took to whoever shows it.
fn delays(read: &[Seen], shown: &[Seen]) -> Vec<Duration> {
    let of = |(at_ms, when): &Seen| {
        let nearest = read.iter().min_by_key(|(read_ms, _)| (read_ms - at_ms).abs())?;
        ((nearest.0 - at_ms).abs() <= SAME_MS).then(|| when.saturating_duration_since(nearest.1))
    };
    shown.iter().filter_map(of).collect()
}
