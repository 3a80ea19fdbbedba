//! Two desks in one team: joining by an address and by an invitation, one that asks and one that follows, and what becomes
//! of them when somebody leaves, when a password is missing, and when the database is gone.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};

use atalaya_clock::Clock;
use atalaya_desk::{Desk, Options, Paths, TeamJoin, TeamTold};
use atalaya_floor::wire::{AlertBoard, Hears};
use atalaya_player::OutputChoice;
use atalaya_postgres::{OWNER, OWNER_PASSWORD, Postgres};
use atalaya_simulator::{Config, Simulator};
use atalaya_store::secrets::{SecretStore, open_secret_store};
use atalaya_team::wire::{TeamPart, TeamState};
use atalaya_team::{Address, Connection, Invitation, Role, add, init};
use atalaya_ucontact::{Secret, Server};
use tempfile::TempDir;

mod common;
use common::{request, session, until};

const DATABASE: &str = "equipo";

/// A contact centre, and the team that watches it.
struct World {
    simulator: Simulator,
    postgres: Postgres,
    owner: Connection,
}

impl World {
    async fn new() -> Self {
        let config = Config { campaigns: 4, agents: 30, calls_per_day: 60, ..Config::default() };
        let simulator = atalaya_simulator::start(config).await.expect("loopback has a free port");
        let postgres = Postgres::begin();
        postgres.sql("postgres", &format!("create database {DATABASE}"));
        let address = Address::parse(&postgres.url(OWNER, DATABASE)).expect("an address");
        let mut owner = Connection::open(&address, &Secret::new(OWNER_PASSWORD)).await.expect("let in");
        init(&mut owner, &canonical(&simulator)).await.expect("the tables are made");
        Self { simulator, postgres, owner }
    }

    async fn member(&mut self, name: &str) -> Invitation {
        let address = Address::parse(&self.postgres.url(OWNER, DATABASE)).expect("an address");
        let server = canonical(&self.simulator);
        add(&mut self.owner, &address, &server, name, Role::Supervisor).await.expect("a member")
    }

    /// A desk, signed in.
    async fn seat(&self) -> Seat {
        let home = tempfile::tempdir().expect("a folder");
        let seat = Seat::open(home, open_secret_store(true)).await;
        seat.sign_in(&self.simulator).await;
        seat
    }

    /// A desk that joined with that invitation, and does as wanted.
    async fn joined(&self, invitation: &Invitation, part: TeamPart) -> Seat {
        let seat = self.seat().await;
        seat.desk.join_team(join(invitation)).await.expect("it is let in");
        seat.until_part(part).await;
        seat
    }

    fn epoch(&self) -> String {
        self.postgres.sql(DATABASE, "select epoch from atalaya.lease")
    }
}

fn canonical(simulator: &Simulator) -> String {
    Server::parse(&simulator.server_url(), None, None, None).expect("a good address").base.to_string()
}

fn join(invitation: &Invitation) -> TeamJoin {
    TeamJoin { address: invitation.team.clone(), password: invitation.password.clone() }
}

/// A desk with its data folder and the computer's secrets, and what it last told of its team and of its alerts.
struct Seat {
    desk: Desk,
    home: TempDir,
    secrets: Arc<dyn SecretStore>,
    told: Arc<Mutex<TeamTold>>,
    board: Arc<Mutex<AlertBoard>>,
}

impl Seat {
    async fn open(home: TempDir, secrets: Arc<dyn SecretStore>) -> Self {
        let desk = Desk::open(Options {
            paths: Paths::below(home.path()),
            secrets: Arc::clone(&secrets),
            output: OutputChoice::None,
            clock: Clock::system(),
            demo: None,
        })
        .await
        .expect("the desk opens");
        let mut settings = desk.settings();
        settings.poll_every_secs = 1;
        for rule in &mut settings.rules {
            // Everybody on a call for a second.
            rule.hears = if rule.id == "inCall" { Hears::Sound } else { Hears::Nobody };
            (rule.warn, rule.bad) = (None, Some(1.0));
        }
        desk.set_settings(settings).expect("kept");
        let (told, board) = (Arc::default(), Arc::default());
        let seat = Self { desk, home, secrets, told, board };
        let (desk, told) = (seat.desk.clone(), Arc::clone(&seat.told));
        tokio::spawn(async move {
            desk.team_updates(|now| {
                *told.lock().expect("nobody panicked") = now;
                true
            })
            .await;
        });
        let (desk, board) = (seat.desk.clone(), Arc::clone(&seat.board));
        tokio::spawn(async move {
            desk.alert_updates(|now| {
                *board.lock().expect("nobody panicked") = now.board;
                true
            })
            .await;
        });
        seat
    }

    async fn sign_in(&self, simulator: &Simulator) {
        self.desk.sign_in(request(simulator, simulator.password())).await.expect("signs in");
    }

    fn told(&self) -> TeamTold {
        self.told.lock().expect("nobody panicked").clone()
    }

    fn state(&self) -> Option<TeamState> {
        self.told().state
    }

    fn is(&self, part: TeamPart) -> bool {
        self.state().is_some_and(|state| state.part == part)
    }

    async fn until_part(&self, part: TeamPart) {
        until(&format!("{part:?}"), || self.is(part)).await;
    }

    /// When the campaigns it shows were read.
    fn read_ms(&self) -> Option<i64> {
        session(&self.desk).floor.snapshot().health.last_ok_ms
    }

    /// Waits until it shows something newer, so many times.
    async fn until_fresh(&self, times: usize) {
        for _ in 0..times {
            let before = self.read_ms();
            until("a newer picture", || self.read_ms() > before).await;
        }
    }

    /// What it asked the server, in the last minute.
    fn asked(&self) -> u32 {
        session(&self.desk).client().requests_last_minute()
    }

    /// Whom there is an alert about. Of which of their campaigns it speaks is a matter of which was read first.
    fn alerts(&self) -> BTreeSet<String> {
        let board = self.board.lock().expect("nobody panicked").clone();
        board.active.into_iter().filter_map(|of| of.location).collect()
    }

    /// The last moment of the history kept here that has everybody in it: names of the campaigns, and who is where.
    async fn last_moment(&self) -> Option<(Vec<String>, Vec<String>)> {
        let until_ms = session(&self.desk).extent().await.expect("signed in").runs.last()?.until_ms;
        let floor = session(&self.desk).past.moment(until_ms).await.expect("readable").snapshot?;
        let campaigns = floor.campaigns.into_iter().map(|of| of.name).collect();
        Some((campaigns, floor.agents.iter().map(|of| of.location.clone()).collect()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_asks_and_the_other_shows_the_same_and_asks_nothing() {
    let mut world = World::new().await;
    let (ana, rui) = (world.member("ana").await, world.member("rui").await);
    let first = world.joined(&ana, TeamPart::Asks).await;
    first.until_fresh(2).await;

    let second = world.seat().await;
    // By a file: one for another centre, one that is none, and the right one.
    let file = second.home.path().join("rui.json");
    let elsewhere = rui.to_json().replace(&rui.server, "https://otro.example/Integra/resources/");
    for (text, code) in [(elsewhere.as_str(), "teamOtherCentre"), ("{\"team\":", "teamReading")] {
        std::fs::write(&file, text).expect("written");
        assert_eq!(second.desk.join_team_by(&file).await.expect_err("refused").code, code);
    }
    let wrong = TeamJoin { password: Secret::new("otra"), ..join(&rui) };
    assert_eq!(second.desk.join_team(wrong).await.expect_err("refused").code, "teamRefused");
    assert_eq!((second.told().address, second.state()), (None, None), "nothing is kept of what was refused");
    std::fs::write(&file, rui.to_json()).expect("written");
    second.desk.join_team_by(&file).await.expect("it is let in");
    second.until_part(TeamPart::Follows).await;
    let told = second.told();
    assert_eq!((told.person.as_str(), told.kept), ("rui", false), "memory forgets");
    assert!(told.label.contains(DATABASE) && told.problem.is_none(), "{told:?}");
    until("it knows who asks", || {
        second.state().is_some_and(|of| of.asker.is_some_and(|asker| asker.person == "ana" && !asker.me))
    })
    .await;

    // What was asked before it joined is over; from here on it asks nothing.
    second.until_fresh(1).await;
    let (asked, of_all) = (second.asked(), world.simulator.stats().requests.values().sum::<u64>());
    second.until_fresh(4).await;
    assert!(second.asked() <= asked, "{} after {asked}", second.asked());
    assert!(world.simulator.stats().requests.values().sum::<u64>() > of_all, "the other one asks");
    let begun = std::time::Instant::now();
    loop {
        let (one, other) = (first.alerts(), second.alerts());
        if !one.is_empty() && one == other {
            break;
        }
        assert!(begun.elapsed() < common::PATIENCE, "{one:?}\n{other:?}");
        tokio::task::yield_now().await;
    }
    let begun = std::time::Instant::now();
    loop {
        let (one, other) = (first.last_moment().await, second.last_moment().await);
        if one.as_ref().is_some_and(|(campaigns, people)| campaigns.len() == 4 && !people.is_empty())
            && one == other
        {
            break;
        }
        assert!(begun.elapsed() < common::PATIENCE, "{one:?}\n{other:?}");
        tokio::task::yield_now().await;
    }
    let members = second.desk.team_members().await.expect("both are known");
    let here: Vec<_> = members.into_iter().map(|of| (of.name, of.role, of.desks)).collect();
    let one = |name: &str| (name.to_owned(), "supervisor".to_owned(), 1);
    assert_eq!(here, [one("ana"), one("rui")]);

    // The one that asks signs out: no lease has to run out for the other to ask.
    let epoch = world.epoch();
    let held_until = world.postgres.sql(DATABASE, "select until from atalaya.lease");
    first.desk.sign_out().await.expect("out");
    second.until_part(TeamPart::Asks).await;
    assert_ne!(world.epoch(), epoch);
    let at_once = format!("select since < timestamptz '{held_until}' from atalaya.lease");
    assert_eq!(world.postgres.sql(DATABASE, &at_once), "t");
    second.until_fresh(2).await;
    assert!(second.asked() > 0);
    assert_eq!((first.state(), first.told().person.as_str()), (None, "ana"), "it is of the team still");

    // It signs in again, and is in its team by itself.
    first.sign_in(&world.simulator).await;
    first.until_part(TeamPart::Follows).await;

    // Leaving: nothing is kept of the team, and the floor asks for itself.
    first.desk.leave_team().await.expect("out of it");
    assert_eq!(first.told(), TeamTold::default());
    let asked = first.asked();
    first.until_fresh(2).await;
    assert!(first.asked() > asked);
    assert_eq!(first.desk.team_members().await.expect_err("in none").code, "teamNone");
    first.desk.sign_out().await.expect("out");
    second.desk.sign_out().await.expect("out");
    let everything = format!("{}{}", world.postgres.dump(DATABASE), world.postgres.log());
    assert!(!everything.contains(world.simulator.password()), "the centre's password never comes near");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_password_a_desk_asks_for_itself_until_it_is_typed_again() {
    let mut world = World::new().await;
    let ana = world.member("ana").await;
    let Seat { desk, home, secrets, .. } = world.joined(&ana, TeamPart::Asks).await;
    desk.sign_out().await.expect("out");
    drop(desk);
    // The program begins anew: with the computer's secrets it is in its team by itself.
    let seat = Seat::open(home, secrets).await;
    seat.sign_in(&world.simulator).await;
    seat.until_part(TeamPart::Asks).await;
    seat.desk.sign_out().await.expect("out");
    let Seat { desk, home, .. } = seat;
    drop(desk);
    // And without them it says so, and watches all the same.
    let seat = Seat::open(home, open_secret_store(true)).await;
    assert_eq!(seat.told().problem, None, "nobody is signed in yet");
    seat.sign_in(&world.simulator).await;
    until("it says what is missing", || {
        seat.told().problem.is_some_and(|problem| problem.code == "teamPasswordNeeded")
    })
    .await;
    seat.until_fresh(2).await;
    assert_eq!(seat.state(), None);
    let address = seat.told().address.expect("it is of the team still");
    seat.desk.join_team(TeamJoin { address, password: ana.password }).await.expect("let in");
    seat.until_part(TeamPart::Asks).await;
    assert_eq!(seat.told().problem, None);
    seat.desk.sign_out().await.expect("out");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_database_gone_each_desk_goes_on_and_one_asks_when_it_is_back() {
    let mut world = World::new().await;
    let (ana, rui) = (world.member("ana").await, world.member("rui").await);
    let first = world.joined(&ana, TeamPart::Asks).await;
    let second = world.joined(&rui, TeamPart::Follows).await;
    second.until_fresh(1).await;
    world.postgres.kill();
    second.until_part(TeamPart::Waits).await;
    let state = second.state().expect("it is in its team");
    assert_eq!(state.problem.expect("why").code, "teamAway");
    assert!(state.away_since_ms.is_some());
    // The picture stays while it waits.
    assert_eq!(session(&second.desk).floor.snapshot().campaigns.len(), 4);
    for seat in [&first, &second] {
        seat.until_part(TeamPart::Apart).await;
        seat.until_fresh(1).await;
    }
    world.postgres.start();
    let parts = || [&first, &second].map(|seat| (seat.is(TeamPart::Asks), seat.is(TeamPart::Follows)));
    until("one asks, the other follows", || {
        matches!(parts(), [(true, _), (_, true)] | [(_, true), (true, _)])
    })
    .await;
    for seat in [&first, &second] {
        assert_eq!(seat.state().and_then(|state| state.problem), None);
        seat.until_fresh(2).await;
        seat.desk.sign_out().await.expect("out");
    }
}

/// Everything in a folder, as a backup program takes it along.
fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("there").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir_all(&target).expect("made");
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_a_data_folder_never_asks_beside_the_desk_it_was_made_of() {
    let mut world = World::new().await;
    let ana = world.member("ana").await;
    let Seat { desk, home, secrets, .. } = world.joined(&ana, TeamPart::Asks).await;
    desk.sign_out().await.expect("out");
    drop(desk);
    let elsewhere = tempfile::tempdir().expect("a folder");
    copy(home.path(), elsewhere.path());

    let original = Seat::open(home, Arc::clone(&secrets)).await;
    original.sign_in(&world.simulator).await;
    original.until_part(TeamPart::Asks).await;
    let copied = Seat::open(elsewhere, secrets).await;
    copied.sign_in(&world.simulator).await;
    copied.until_part(TeamPart::Follows).await;
    copied.until_fresh(1).await;
    let (asked, epoch) = (copied.asked(), world.epoch());
    copied.until_fresh(4).await;
    assert!(copied.asked() <= asked, "{} after {asked}", copied.asked());
    assert_eq!(world.epoch(), epoch);
    assert!(original.is(TeamPart::Asks) && copied.is(TeamPart::Follows));
    assert!(copied.state().is_some_and(|state| state.asker.is_some_and(|asker| !asker.me)));
    // Only when the other one is gone.
    original.desk.sign_out().await.expect("out");
    copied.until_part(TeamPart::Asks).await;
    copied.desk.sign_out().await.expect("out");
}
