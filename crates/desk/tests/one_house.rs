//! What the desks of a team have in common besides their work, on a real database: who sees to an alert of the floor, and the rules of
//! the house.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::sync::{Arc, Mutex};

use atalaya_clock::Clock;
use atalaya_desk::{Desk, HousePart, Options, Paths, SettingChange, TeamJoin, Theme};
use atalaya_floor::wire::{Alert, AlertBoard, Hears};
use atalaya_player::OutputChoice;
use atalaya_postgres::{OWNER, OWNER_PASSWORD, Postgres};
use atalaya_simulator::Simulator;
use atalaya_store::secrets::open_secret_store;
use atalaya_team::{Address, Connection, Invitation, Role, add, init};
use atalaya_teamwork::Member;
use atalaya_ucontact::{Secret, Server};
use serde_json::json;
use tempfile::TempDir;

mod common;
use common::{PASSWORD, PATIENCE, centre, request, session, until};

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
            paths: Paths::below(home.path()),
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

fn tags(desk: &Desk) -> Vec<String> {
    desk.settings().tag_presets
}

fn choose(desk: &Desk, parts: serde_json::Value) {
    desk.choose(serde_json::from_value(parts).expect("parts")).expect("kept");
}

/// The part of the number keys' tags, once it is told as wanted.
async fn part(desk: &Desk, wanted: impl Fn(&HousePart) -> bool + Send + Sync) -> HousePart {
    let mut found = None;
    let looking = desk.team_updates(|told| {
        let parts = told.house.map(|house| house.parts).unwrap_or_default();
        found = parts.into_iter().find(|part| part.name == "tagPresets" && wanted(part));
        found.is_none()
    });
    tokio::time::timeout(PATIENCE, looking).await.expect("it is told");
    found.expect("it is told")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_lead_publishes_every_desk_goes_by_that_does_not_want_its_own() {
    let simulator = centre().await;
    let (postgres, lead, other) = team(&simulator).await;
    let ana = Person::new(&simulator, &lead, 0).await.desk;
    let eva = Person::new(&simulator, &other, 0).await;
    choose(&ana, json!({ "tagPresets": ["vip", "queja"], "theme": "dark" }));
    choose(&eva.desk, json!({ "tagPresets": ["mine"] }));
    part(&ana, |part| part.published.is_none()).await;

    // By itself at the other desk, and nothing else of it.
    ana.publish_house("tagPresets").expect("a lead may");
    until("the team's is gone by", || tags(&eva.desk) == ["vip", "queja"]).await;
    assert_ne!(eva.desk.settings().theme, Theme::Dark);
    until("the team has taken it", || {
        postgres.sql("equipo", "select count(*) from atalaya.log where kind = 'house'") == "1"
    })
    .await;
    let told = part(&eva.desk, |part| part.used).await;
    assert_eq!(told.published.map(|of| of.by).as_deref(), Some("ana"));
    let [SettingChange::List { added, removed, .. }] = &told.changes[..] else { panic!("one difference") };
    assert_eq!((added.len(), &removed[..]), (2, &["mine".to_owned()][..]));

    // Her own comes back when she wants it, over what is published meanwhile, and goes again.
    eva.desk.use_house("tagPresets", false).expect("kept");
    assert_eq!(tags(&eva.desk), ["mine"]);
    choose(&ana, json!({ "tagPresets": ["vip"] }));
    // What is changed by hand is one's own.
    part(&ana, |part| !part.used && !part.changes.is_empty()).await;
    ana.publish_house("tagPresets").expect("a lead may");
    part(&ana, |part| part.used && part.changes.is_empty()).await;
    until("it is known at the other desk", || {
        postgres.sql("equipo", "select count(*) from atalaya.log where kind = 'house'") == "2"
    })
    .await;
    eva.desk.use_house("tagPresets", true).expect("kept");
    until("the newest is gone by", || tags(&eva.desk) == ["vip"]).await;

    // A change by hand makes it hers; undone it is the team's again, and her own what it was.
    choose(&eva.desk, json!({ "tagPresets": ["by hand"] }));
    part(&eva.desk, |part| !part.used && part.undoable).await;
    choose(&eva.desk, json!({ "tagPresets": ["by hand", "twice"] }));
    eva.desk.undo_house("tagPresets").expect("kept");
    assert_eq!(tags(&eva.desk), ["vip"]);
    let undone = part(&eva.desk, |part| part.used && !part.undoable).await;
    let [SettingChange::List { removed, .. }] = &undone.changes[..] else { panic!("one difference") };
    assert_eq!(removed[..], ["mine".to_owned()]);
    eva.desk.undo_house("tagPresets").expect("there is nothing to undo");
    assert_eq!(tags(&eva.desk), ["vip"]);

    // Over a restart too.
    let Person { desk, _home: home, .. } = eva;
    desk.sign_out().await.expect("signed out");
    drop(desk);
    let eva = common::desk(home.path()).await;
    assert_eq!(tags(&eva), ["vip"]);
    eva.sign_in(request(&simulator, PASSWORD)).await.expect("it signs in");
    let join = TeamJoin { address: other.team.clone(), password: other.password.clone() };
    eva.join_team(join).await.expect("let in");

    // Whoever is no lead publishes nothing: by the rules, nor by a desk that says it is one.
    assert_eq!(eva.publish_house("tagPresets").expect_err("leads alone").code, "teamLeadOnly");
    let held = session(&eva).membership.team().expect("a team");
    let forged = Member { lead: true, ..held.member().clone() };
    session(&eva).membership.join(forged).expect("said here alone");
    choose(&eva, json!({ "tagPresets": ["forged"] }));
    eva.publish_house("tagPresets").expect("it waits here");
    let told = || held.told().expect("readable");
    until("the database refuses it", || !told().is_empty()).await;
    assert_eq!(postgres.sql("equipo", "select count(*) from atalaya.log where kind = 'house'"), "2");
    assert_eq!(tags(&ana), ["vip"]);
    until("the team's holds here again", || tags(&eva) == ["vip"]).await;

    // Who leaves has their own again.
    eva.use_house("tagPresets", false).expect("kept");
    choose(&eva, json!({ "tagPresets": ["mine"] }));
    eva.use_house("tagPresets", true).expect("kept");
    assert_eq!(tags(&eva), ["vip"]);
    eva.leave_team().await.expect("left");
    assert_eq!(tags(&eva), ["mine"]);
}
