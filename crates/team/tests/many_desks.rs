//! Desks in a real team on a simulated contact centre: the server is asked once, everybody shows the same, and whatever
//! happens to desks and database, somebody asks and nothing stale is shown.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

#[path = "common/team.rs"]
mod common;

use std::time::Duration;

use atalaya_floor::wire::Freshness;
use atalaya_floor::{Floor, PollOptions};
use atalaya_postgres::Postgres;
use atalaya_simulator::{Config, Simulator};
use atalaya_team::wire::{TeamPart, TeamState};
use atalaya_team::{Invitation, Joining, Link, Role, Seat};
use atalaya_ucontact::{Client, Clock, Options, Secret, Server};
use common::{DATABASE, member, seat, team};
use tokio::sync::watch;

const PATIENCE: Duration = Duration::from_secs(60);
const EVERY: Duration = Duration::from_secs(1);

/// A desk of the team.
struct Desk {
    floor: Floor,
    client: Client,
    link: Link,
    state: watch::Receiver<TeamState>,
}

impl Desk {
    async fn open(simulator: &Simulator, invitation: &Invitation, seat: Seat, clock: Clock) -> Self {
        let server = Server::parse(&simulator.server_url(), None, None, None).expect("a good address");
        let options = Options { requests_per_second: 100.0, max_in_flight: 8, clock: clock.clone() };
        let client = Client::sign_in(server, simulator.user(), Secret::new(simulator.password()), options)
            .await
            .expect("signs in");
        let floor = Floor::watch(client.clone(), PollOptions { every: EVERY, requests_per_second: 100.0 });
        let address = invitation.address().expect("an address");
        let joining = Joining { address, password: invitation.password.clone(), seat };
        let link = Link::join(joining, floor.relay(), clock);
        let state = link.state();
        Self { floor, client, link, state }
    }

    /// Waits until its state is as wanted.
    async fn until(&mut self, what: &str, wanted: impl FnMut(&TeamState) -> bool) -> TeamState {
        let waiting = self.state.wait_for(wanted);
        let waited =
            tokio::time::timeout(PATIENCE, waiting).await.map(|state| state.map(|state| state.clone()));
        assert!(waited.is_ok(), "{what}: {:?}", *self.link.state().borrow());
        waited.expect("looked at above").expect("it is in its team")
    }

    /// Waits until it shows a picture newer than now, with everybody in it.
    async fn until_fresh(&self, what: &str) {
        let since = self.floor.snapshot().health.last_ok_ms;
        let mut feed = self.floor.subscribe();
        let waiting = async {
            loop {
                let now = self.floor.snapshot();
                let newer = now.health.last_ok_ms > since && now.health.freshness == Freshness::Fresh;
                if newer && now.agents_read_at_ms.len() == 12 {
                    return;
                }
                feed.next().await.expect("the floor is watched");
            }
        };
        assert!(
            tokio::time::timeout(PATIENCE, waiting).await.is_ok(),
            "{what}: {:?}",
            self.floor.snapshot().health
        );
    }

    fn part(&self) -> TeamPart {
        self.link.state().borrow().part
    }
}

async fn simulated() -> Simulator {
    let config = Config { campaigns: 12, agents: 60, ..Config::default() };
    atalaya_simulator::start(config).await.expect("loopback has a free port")
}

#[tokio::test]
async fn the_server_is_asked_once_and_whoever_asks_can_go() {
    let postgres = Postgres::begin();
    let mut owner = team(&postgres).await;
    let simulator = simulated().await;
    let ana = member(&postgres, &mut owner, "ana", Role::Supervisor).await;
    let rui = member(&postgres, &mut owner, "rui", Role::Supervisor).await;
    let mut first = Desk::open(&simulator, &ana, seat("puesto 1"), Clock::system()).await;
    first.until("the first one asks", |state| state.part == TeamPart::Asks).await;
    // An hour behind the other one.
    let system = Clock::system();
    let late = Clock::told(move || (system.now_ms() - 3_600_000, system.steady()));
    let mut second = Desk::open(&simulator, &rui, seat("puesto 2"), late).await;
    let asked_at_first = second.client.requests_last_minute();
    second.until("the second one follows", |state| state.part == TeamPart::Follows).await;
    second.until_fresh("what the first one read").await;
    let asker =
        second.until("it knows who asks", |state| state.asker.is_some()).await.asker.expect("somebody");
    assert_eq!((asker.person.as_str(), asker.machine.as_str(), asker.me), ("ana", "puesto 1", false));
    assert_eq!(second.client.requests_last_minute(), asked_at_first, "it asked the server for nothing");
    // What only the second one looks at is read first by the first one.
    second.floor.set_visible(vec![second.floor.snapshot().campaigns[3].name.clone()]);
    // It leaves: the other one asks from then on, with all it knew.
    let known = second.floor.snapshot().agents.len();
    first.link.leave().await;
    second.until("the second one asks", |state| state.part == TeamPart::Asks).await;
    second.until_fresh("what it reads itself").await;
    assert!(second.floor.snapshot().agents.len() >= known);
    assert!(second.client.requests_last_minute() > asked_at_first);
    second.link.leave().await;
    simulator.stop().await;
}

#[tokio::test]
async fn a_desk_whose_way_to_the_server_fails_leaves_the_asking_to_another() {
    let postgres = Postgres::begin();
    let mut owner = team(&postgres).await;
    let simulator = simulated().await;
    let ana = member(&postgres, &mut owner, "ana", Role::Supervisor).await;
    let rui = member(&postgres, &mut owner, "rui", Role::Supervisor).await;
    let mut first = Desk::open(&simulator, &ana, seat("puesto 1"), Clock::system()).await;
    first.until("the first one asks", |state| state.part == TeamPart::Asks).await;
    first.until_fresh("what it reads").await;
    let mut second = Desk::open(&simulator, &rui, seat("puesto 2"), Clock::system()).await;
    second.until("the second one follows", |state| state.part == TeamPart::Follows).await;
    second.until_fresh("what the first one read").await;
    // Of this desk alone: its session is over at the server, the other's is not.
    first.client.end_session().await;
    second.until("the second one asks", |state| state.part == TeamPart::Asks).await;
    second.until_fresh("what it reads itself").await;
    // Everybody's way fails: whoever holds the lease gives it away, and takes it back to look again.
    simulator.down();
    second.until("nobody can ask", |state| state.part != TeamPart::Asks).await;
    simulator.up();
    second.until("it asks again", |state| state.part == TeamPart::Asks).await;
    second.until_fresh("what it reads then").await;
    simulator.stop().await;
}

#[tokio::test]
async fn a_database_that_is_killed_costs_nobody_the_picture() {
    let mut postgres = Postgres::begin();
    let mut owner = team(&postgres).await;
    let simulator = simulated().await;
    let ana = member(&postgres, &mut owner, "ana", Role::Supervisor).await;
    let rui = member(&postgres, &mut owner, "rui", Role::Supervisor).await;
    drop(owner);
    let mut first = Desk::open(&simulator, &ana, seat("puesto 1"), Clock::system()).await;
    first.until("the first one asks", |state| state.part == TeamPart::Asks).await;
    let mut second = Desk::open(&simulator, &rui, seat("puesto 2"), Clock::system()).await;
    second.until("the second one follows", |state| state.part == TeamPart::Follows).await;
    second.until_fresh("what the first one read").await;
    let campaigns = second.floor.snapshot().campaigns.len();

    postgres.kill();
    let waits = second.until("the last picture stays", |state| state.part == TeamPart::Waits).await;
    assert_eq!(waits.problem.map(|problem| problem.code).as_deref(), Some("teamAway"));
    assert_eq!(second.floor.snapshot().campaigns.len(), campaigns);
    for desk in [&mut first, &mut second] {
        desk.until("each asks by itself", |state| state.part == TeamPart::Apart).await;
        desk.until_fresh("what it reads itself").await;
    }
    postgres.start();
    for desk in [&mut first, &mut second] {
        let back = desk.until("together again", |state| state.away_since_ms.is_none()).await;
        assert_eq!(back.problem, None);
    }
    // One of the two asks, never both.
    first.until("it has a part", |state| matches!(state.part, TeamPart::Asks | TeamPart::Follows)).await;
    second.until("it has a part", |state| matches!(state.part, TeamPart::Asks | TeamPart::Follows)).await;
    let one_asks = async {
        while (first.part() == TeamPart::Asks) == (second.part() == TeamPart::Asks) {
            let _ = tokio::join!(first.state.changed(), second.until_changed());
        }
    };
    assert!(tokio::time::timeout(PATIENCE, one_asks).await.is_ok(), "{:?} {:?}", first.part(), second.part());
    first.until_fresh("a picture").await;
    second.until_fresh("the same picture").await;
    // A backup from long ago is put back: its numbers are the old ones, and everybody goes on all the same.
    postgres.sql(DATABASE, "update atalaya.lease set seq = 1000000");
    second.until_fresh("far on").await;
    postgres.sql(DATABASE, "update atalaya.lease set seq = 0; delete from atalaya.reading");
    first.until_fresh("a picture").await;
    second.until_fresh("what is numbered anew").await;
    simulator.stop().await;
}

impl Desk {
    async fn until_changed(&self) {
        let _ = self.link.state().changed().await;
    }
}
