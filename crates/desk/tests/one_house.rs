//! What the desks of a team have in common besides their work, on a real database: who sees to an alert of the floor.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::sync::{Arc, Mutex};

use atalaya_clock::Clock;
use atalaya_desk::{Desk, Options, Paths, TeamJoin};
use atalaya_floor::wire::{Alert, AlertBoard, Hears};
use atalaya_player::OutputChoice;
use atalaya_postgres::{OWNER, OWNER_PASSWORD, Postgres};
use atalaya_simulator::Simulator;
use atalaya_store::secrets::open_secret_store;
use atalaya_team::{Address, Connection, Invitation, Role, add, init};
use atalaya_ucontact::{Secret, Server};
use tempfile::TempDir;

mod common;
use common::{PASSWORD, centre, request, session, until};

const AN_HOUR_MS: i64 = 3_600_000;

/// A team with Ana, its lead, and Eva; the guard of its database, and their invitations.
async fn team(simulator: &Simulator) -> (Postgres, Invitation, Invitation) {
    let postgres = Postgres::begin();
    postgres.sql("postgres", "create database equipo");
    let address = Address::parse(&postgres.url(OWNER, "equipo")).expect("an address");
    let mut owner = Connection::open(&address, &Secret::new(OWNER_PASSWORD)).await.expect("let in");
    let server = Server::parse(&simulator.server_url(), None, None, None).expect("an address");
    let server = server.base.to_string();
    init(&mut owner, &server).await.expect("made");
    let lead = add(&mut owner, &address, &server, "ana", Role::Lead).await.expect("a member");
    let other = add(&mut owner, &address, &server, "eva", Role::Supervisor).await.expect("a member");
    (postgres, lead, other)
}

struct Person {
    desk: Desk,
    board: Arc<Mutex<AlertBoard>>,
    _home: TempDir,
}

impl Person {
    /// Signed in and in the team, at a computer whose clock is ahead by that.
    async fn new(simulator: &Simulator, invitation: &Invitation, ahead_ms: i64) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let clock = Clock::system();
        let clock = Clock::told(move || (clock.now_ms() + ahead_ms, clock.steady()));
        let options = Options {
            paths: Paths { home: home.path().to_owned() },
            secrets: open_secret_store(true),
            output: OutputChoice::None,
            clock,
            demo: None,
        };
        let desk = Desk::open(options).await.expect("the desk opens");
        desk.sign_in(request(simulator, PASSWORD)).await.expect("it signs in");
        let join = TeamJoin { address: invitation.team.clone(), password: invitation.password.clone() };
        desk.join_team(join).await.expect("let in");
        let (watched, board) = (desk.clone(), Arc::<Mutex<AlertBoard>>::default());
        let told = Arc::clone(&board);
        tokio::spawn(async move {
            watched
                .alert_updates(|now| {
                    *told.lock().expect("nobody panicked") = now.board;
                    true
                })
                .await;
        });
        Self { desk, board, _home: home }
    }

    /// One second on a call, or nothing, is an alert from now on.
    fn mind_calls(&self, mind: bool) {
        let mut settings = self.desk.settings();
        for rule in &mut settings.rules {
            let minds = mind && rule.id == "inCall";
            rule.hears = if minds { Hears::Sound } else { Hears::Nobody };
            (rule.warn, rule.bad) = (None, Some(1.0));
        }
        self.desk.set_settings(settings).expect("kept");
    }

    fn alerts(&self) -> Vec<Alert> {
        self.board.lock().expect("nobody panicked").active.clone()
    }

    /// The alert about a person there.
    fn about(&self, location: &str) -> Option<Alert> {
        self.alerts().into_iter().find(|alert| alert.location.as_deref() == Some(location))
    }

    fn who(&self, location: &str) -> Option<String> {
        self.about(location)?.acknowledged_by
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sees_to_an_alert_is_at_every_desk_until_they_let_go_or_it_is_another_one() {
    let simulator = centre().await;
    let (postgres, lead, other) = team(&simulator).await;
    let ana = Person::new(&simulator, &lead, 0).await;
    let eva = Person::new(&simulator, &other, AN_HOUR_MS).await;
    ana.mind_calls(true);
    // Eva looks later: what somebody sees to already is theirs at once.
    until("somebody is on a call", || ana.alerts().iter().any(|alert| alert.location.is_some())).await;
    let longest =
        ana.alerts().into_iter().filter(|alert| alert.location.is_some()).max_by_key(|alert| alert.since_ms);
    let alert = longest.expect("one");
    let location = alert.location.clone().expect("a person");
    session(&ana.desk).acknowledge(alert.id);
    eva.mind_calls(true);
    until("the other desk has who sees to it", || eva.who(&location).as_deref() == Some("ana")).await;
    let (here, there) =
        (ana.about(&location).expect("it goes on"), eva.about(&location).expect("it goes on"));
    let apart = there.acknowledged_ms.unwrap_or(0) - here.acknowledged_ms.unwrap_or(0) - AN_HOUR_MS;
    assert!(apart.abs() < 60_000, "by its own clock: {apart}");

    // Said again it is no news, and what came from the team is not said to it.
    let lines = || postgres.sql("equipo", "select count(*) from atalaya.log where kind = 'floorAlertSeen'");
    session(&eva.desk).acknowledge(there.id);
    session(&eva.desk).let_go(there.id);
    until("nobody sees to it after all", || ana.who(&location).is_none()).await;
    session(&eva.desk).acknowledge(there.id);
    until("she does herself", || ana.who(&location).as_deref() == Some("eva")).await;
    assert_eq!(lines(), "3");

    // Another one about the same is nobody's, whatever was said of the one before.
    for person in [&ana, &eva] {
        person.mind_calls(false);
    }
    until("it is over", || ana.about(&location).is_none() && eva.about(&location).is_none()).await;
    for person in [&ana, &eva] {
        person.mind_calls(true);
    }
    until("there are others", || !ana.alerts().is_empty() && !eva.alerts().is_empty()).await;
    let seen = |person: &Person| person.alerts().iter().any(|alert| alert.acknowledged_by.is_some());
    assert!(!seen(&ana) && !seen(&eva));
    assert_eq!(lines(), "3");
}
