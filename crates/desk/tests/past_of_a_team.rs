//! Two desks in one team: the hours before the second one came are there at both, as the first saw them.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;

use atalaya_clock::Clock;
use atalaya_desk::{Desk, Paths, TeamJoin};
use atalaya_floor::wire::{Freshness, Snapshot};
use atalaya_history::{Bounds, History};
use atalaya_postgres::{OWNER, OWNER_PASSWORD, Postgres};
use atalaya_simulator::{Config, Simulator};
use atalaya_team::{Address, Connection, Invitation, Role, add, init};
use atalaya_ucontact::{Secret, Server};
use tempfile::TempDir;

mod common;
use common::{desk, request, session, until};

const HOUR_MS: i64 = 3_600_000;

/// A desk whose history has that picture, all through an hour.
fn seen_through(home: &TempDir, simulator: &Simulator, hour: i64, picture: &Snapshot) {
    let paths = Paths::below(home.path());
    let history = History::open(&paths.history(), Bounds::default()).expect("it opens");
    let site = history.site(&format!("{}@{}", simulator.user(), canonical(simulator))).expect("a floor");
    for (revision, at_ms) in (1..).zip((hour * HOUR_MS..(hour + 1) * HOUR_MS).step_by(3_000)) {
        let mut now = picture.clone();
        (now.revision, now.at_ms, now.health.freshness) = (revision, at_ms, Freshness::Fresh);
        history.take(site, &Arc::new(now));
        if revision % 10 == 0 {
            history.flush();
        }
    }
    history.flush();
}

fn canonical(simulator: &Simulator) -> String {
    Server::parse(&simulator.server_url(), None, None, None).expect("a good address").base.to_string()
}

async fn joined(home: &TempDir, simulator: &Simulator, invitation: &Invitation) -> Desk {
    let desk = desk(home.path()).await;
    desk.sign_in(request(simulator, simulator.password())).await.expect("signs in");
    let join = TeamJoin { address: invitation.team.clone(), password: invitation.password.clone() };
    desk.join_team(join).await.expect("it is let in");
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_that_one_desk_saw_is_rewound_at_another() {
    let config = Config { campaigns: 4, agents: 30, calls_per_day: 60, ..Config::default() };
    let simulator = atalaya_simulator::start(config).await.expect("loopback has a free port");
    let postgres = Postgres::begin();
    postgres.sql("postgres", "create database equipo");
    let address = Address::parse(&postgres.url(OWNER, "equipo")).expect("an address");
    let mut owner = Connection::open(&address, &Secret::new(OWNER_PASSWORD)).await.expect("let in");
    let server = canonical(&simulator);
    init(&mut owner, &server).await.expect("the tables are made");
    let mut member = async |name: &str| {
        add(&mut owner, &address, &server, name, Role::Supervisor).await.expect("a member")
    };
    let (ana, rui) = (member("ana").await, member("rui").await);

    let elsewhere = tempfile::tempdir().expect("a folder");
    let looks = desk(elsewhere.path()).await;
    looks.sign_in(request(&simulator, simulator.password())).await.expect("signs in");
    until("everybody is there", || session(&looks).floor.snapshot().agents.len() >= 30).await;
    let picture = session(&looks).floor.snapshot();
    looks.sign_out().await.expect("signs out");

    let (hers, his) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    // Long enough ago to be settled.
    let hour = (Clock::system().now_ms() - 120_000).div_euclid(HOUR_MS) - 1;
    seen_through(&hers, &simulator, hour, &picture);
    let first = joined(&hers, &simulator, &ana).await;
    until("she offers the hour", || postgres.sql("equipo", "select count(*) from atalaya.hour") == "1").await;

    let second = joined(&his, &simulator, &rui).await;
    let seen = async {
        let mut pace = tokio::time::interval(std::time::Duration::from_millis(20));
        loop {
            pace.tick().await;
            let extent = session(&second).extent().await.expect("readable");
            if let Some(seen) = extent.seen.first() {
                break seen.clone();
            }
        }
    };
    let seen = tokio::time::timeout(common::PATIENCE, seen).await.expect("it comes");
    assert!(seen.by.starts_with("ana"), "{seen:?}");
    assert_eq!(seen.from_ms, hour * HOUR_MS);
    let at_ms = hour * HOUR_MS + HOUR_MS / 2;
    let there = async |desk: &Desk| {
        let moment = session(desk).past.moment(at_ms).await.expect("readable");
        let floor = moment.snapshot.expect("somebody watched");
        (floor.campaigns, floor.agents)
    };
    assert_eq!(there(&second).await, there(&first).await);
    assert!(there(&second).await.1.len() >= 30);
}
