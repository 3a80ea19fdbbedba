//! Analysts at desks of their own on a real PostgreSQL that is killed and cut off in between: in the end every copy is equal,
//! nothing is there twice, and what a role may not say is told back with everything that was in it.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use atalaya_calls::wire::Call;
use atalaya_clock::Clock;
use atalaya_postgres::{OWNER, OWNER_PASSWORD, Postgres};
use atalaya_review::Reviews;
use atalaya_review::wire::{Answer, Card, CommentRule, Kind as Answered, Question, Section, Value};
use atalaya_secret::Secret;
use atalaya_store::Store;
use atalaya_team::{Address, Connection, Invitation, Role, Seat, add, call_me, init, new_desk};
use atalaya_teamlog::{Courier, Errand};
use atalaya_teamwork::rules::Why;
use atalaya_teamwork::{Kind, Member, Teamwork, Told};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};

const SERVER: &str = "https://centro.example/Integra/resources/";
const ACCOUNT: &str = "a";
const CARD: &str = "card";
const PATIENCE: Duration = Duration::from_secs(90);

struct Desk {
    who: String,
    store: Store,
    team: Teamwork,
    reviews: Reviews,
    courier: Courier,
}

fn card() -> Card {
    let question = Question {
        id: "greeting".to_owned(),
        text: "greeting".to_owned(),
        help: String::new(),
        kind: Answered::YesNo,
        weight: 1.0,
        fatal: false,
        optional: false,
        comment: CommentRule::Never,
    };
    let sections = vec![Section { id: "s".to_owned(), title: "All".to_owned(), questions: vec![question] }];
    Card { id: CARD.to_owned(), version: 0, name: "Calls".to_owned(), sections, bands: Vec::new() }
}

fn call(number: usize) -> Call {
    serde_json::from_value(serde_json::json!({
        "guid": format!("{number:08}-0000-4000-8000-000000000000"), "startedAt": "2026-03-02 10:00:00",
        "lengthSecs": 130, "talkSecs": 120, "waitSecs": null, "campaign": "Soporte<-", "direction": "inbound",
        "agent": "Bruno", "answered": true, "outcome": "", "cause": null, "source": "091000001", "destination": "",
        "rating": null, "days": [], "legs": []
    }))
    .expect("a call")
}

impl Desk {
    async fn open(invitation: &Invitation, who: &str, lead: bool) -> Self {
        let address = invitation.address().expect("an address");
        let connection = Connection::open(&address, &invitation.password).await.expect("let in");
        let who = call_me(&connection, SERVER, who).await.expect("nobody else is called so");
        let store =
            Store::in_memory(&[atalaya_review::MIGRATIONS, atalaya_teamwork::MIGRATIONS], Clock::system())
                .expect("a store");
        let seat = Seat { server: SERVER.to_owned(), desk: new_desk(), machine: "puesto".to_owned() };
        let member = Member { desk: seat.desk, who: who.clone(), lead };
        let team = Teamwork::join(store.clone(), ACCOUNT, member).expect("joined");
        let reviews = Reviews::new(store.clone(), ACCOUNT).recorded_by(Some(team.recorder()));
        let errand = Errand { address, password: invitation.password.clone(), seat, team: team.clone() };
        Self { who, store, team, reviews, courier: Courier::begin(errand, Clock::system()) }
    }

    fn judge(&self, number: usize) {
        let review = self.reviews.open(&call(number), CARD, &self.who).expect("the card is here");
        let answers: BTreeMap<String, Answer> =
            [("greeting".to_owned(), Answer { value: Some(Value::Yes), comment: String::new() })].into();
        self.reviews.change(review.id, answers, "so").expect("kept");
        self.reviews.finish(review.id).expect("finished");
        self.courier.wake();
    }

    /// Waits until it is so, looking whenever the courier tells something.
    async fn until(&self, what: &str, so: impl Fn(&Teamwork) -> bool) {
        let mut state = self.courier.state();
        let waiting = async {
            while !so(&self.team) {
                state.changed().await.expect("it carries");
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "{} {what}: {:?}", self.who, *self.courier.state().borrow());
    }

    /// Waits until the copy has everything up to that number, and nothing waits here.
    async fn until_level(&self, seq: i64) {
        self.until("is level", |team| {
            team.outbox().waiting().expect("readable") == 0 && team.applied().expect("readable") >= seq
        })
        .await;
    }
}

async fn team(postgres: &Postgres) -> (Connection, Address) {
    postgres.sql("postgres", "create database equipo");
    let address = Address::parse(&postgres.url(OWNER, "equipo")).expect("an address");
    let mut owner = Connection::open(&address, &Secret::new(OWNER_PASSWORD)).await.expect("let in");
    init(&mut owner, SERVER).await.expect("made");
    (owner, address)
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_cut_on_the_way_every_copy_is_equal_in_the_end() {
    let mut postgres = Postgres::begin();
    let (mut owner, address) = team(&postgres).await;
    let mut desks = Vec::new();
    for (login, who, role) in
        [("ana", "Ana", Role::Lead), ("bruno", "Bruno", Role::Analyst), ("carla", "Carla", Role::Analyst)]
    {
        let invitation = add(&mut owner, &address, SERVER, login, role).await.expect("a member");
        desks.push(Desk::open(&invitation, who, role == Role::Lead).await);
    }
    drop(owner);
    desks[0].reviews.save_card(&card()).expect("kept");
    desks[0].courier.wake();
    for desk in &desks {
        desk.until_level(1).await;
        assert_eq!(desk.reviews.cards().expect("readable").len(), 1, "{}", desk.who);
    }
    for round in 0..6 {
        for (of, desk) in desks.iter().enumerate() {
            for number in 0..10 {
                desk.judge(1_000 * of + 10 * round + number);
            }
        }
        match round {
            1 => {
                postgres.kill();
                // What is judged meanwhile waits.
                desks[1].judge(5_000);
                postgres.start();
            }
            3 | 4 => {
                postgres.sql(
                    "postgres",
                    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'atalaya'",
                );
            }
            _ => {}
        }
    }
    for desk in &desks {
        desk.until_level(0).await;
    }
    let newest: i64 = postgres.sql("equipo", "select seq from atalaya.log_head").parse().expect("a number");
    let lines: i64 = postgres.sql("equipo", "select count(*) from atalaya.log").parse().expect("a number");
    assert_eq!(newest, lines, "numbers have no gaps, and nothing is there twice");
    let mut prints = Vec::new();
    for desk in &desks {
        desk.until_level(newest).await;
        let finished = desk.team.all(Kind::Review).expect("readable").len();
        assert_eq!(finished, 3 * 60 + 1, "{}", desk.who);
        prints.push(desk.team.fingerprint().expect("readable"));
    }
    assert!(prints.iter().all(|print| *print == prints[0]), "{prints:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_role_may_not_say_comes_back_with_everything_in_it() {
    let postgres = Postgres::begin();
    let (mut owner, address) = team(&postgres).await;
    let lead = add(&mut owner, &address, SERVER, "ana", Role::Lead).await.expect("a member");
    let supervisor = add(&mut owner, &address, SERVER, "rui", Role::Supervisor).await.expect("a member");
    let ana = Desk::open(&lead, "Ana", true).await;
    ana.reviews.save_card(&card()).expect("kept");
    ana.courier.wake();
    let rui = Desk::open(&supervisor, "Rui", false).await;
    rui.until_level(1).await;
    rui.judge(1);
    rui.until("is told", |team| !team.told().expect("readable").is_empty()).await;
    rui.until_level(1).await;
    let told = rui.team.told().expect("readable");
    let refused = told.iter().filter(|line| {
        matches!(&line.told, Told::Refused { why: Why::NotTaken { said }, change }
            if said.contains("may not say") && change.place().kind == Kind::Review)
    });
    assert!(refused.count() > 0, "{told:?}");
    assert_eq!(postgres.sql("equipo", "select count(*) from atalaya.log where login = 'rui'"), "0");

    // Nobody is called as somebody else is, and nobody says a line in another's name, or changes one.
    let address = supervisor.address().expect("an address");
    let connection = Connection::open(&address, &supervisor.password).await.expect("let in");
    let taken = call_me(&connection, SERVER, "Ana").await;
    assert!(matches!(taken, Err(atalaya_team::Error::Person)), "{taken:?}");
    assert_eq!(call_me(&connection, SERVER, "Otro").await.expect("once is for good"), "Rui");
    let password = supervisor.password.expose();
    let line = |who: &str, desk: &str| {
        format!(
            "select atalaya.append('{SERVER}', '{desk}', array['{{\"id\":\"{}\",\"desk\":\"{desk}\",\"who\":\"{who}\",\
             \"what\":{{\"kind\":\"tag\",\"body\":{{}}}}}}'])",
            new_desk()
        )
    };
    let own = rui.team.member().desk.to_string();
    let anas = ana.team.member().desk.to_string();
    for (sql, may) in [
        (line("Rui", &own), true),
        (line("Ana", &own), false),
        (line("Rui", &anas), false),
        ("update atalaya.log set body = ''".to_owned(), false),
        ("delete from atalaya.log".to_owned(), false),
        ("truncate atalaya.log".to_owned(), false),
        ("update atalaya.log_head set seq = 0".to_owned(), false),
        ("insert into atalaya.may values ('supervisor', 'review')".to_owned(), false),
        ("update atalaya.member set person = 'Ana'".to_owned(), false),
    ] {
        let output = postgres.try_sql("rui", password, "equipo", &sql);
        assert_eq!(output.status.success(), may, "{sql}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// An older backup put back: whoever is ahead of it says so and neither reads nor hands over, also once others made the log longer
/// again; who leaves and joins anew brings what they have.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_put_back_from_an_earlier_backup_is_noticed_by_whoever_is_ahead_of_it() {
    let mut postgres = Postgres::begin();
    let (mut owner, address) = team(&postgres).await;
    let lead = add(&mut owner, &address, SERVER, "ana", Role::Lead).await.expect("a member");
    let analyst = add(&mut owner, &address, SERVER, "bruno", Role::Analyst).await.expect("a member");
    drop(owner);
    let ana = Desk::open(&lead, "Ana", true).await;
    ana.reviews.save_card(&card()).expect("kept");
    ana.courier.wake();
    ana.until_level(1).await;
    let end =
        || -> i64 { postgres.sql("equipo", "select seq from atalaya.log_head").parse().expect("a number") };
    let kept = end();
    ana.judge(1);
    ana.until_level(kept + 1).await;
    ana.until_level(end()).await;
    let before = ana.team.applied().expect("readable");

    // What was said after the backup is no more in the database.
    postgres.sql(
        "equipo",
        &format!("delete from atalaya.log where seq > {kept}; update atalaya.log_head set seq = {kept}"),
    );
    let code = || ana.courier.state().borrow().problem.as_ref().map(|problem| problem.code.clone());
    postgres.kill();
    postgres.start();
    ana.until("says what happened", |_| code().as_deref() == Some("teamLogEarlier")).await;
    ana.judge(2);
    let waiting = ana.team.outbox().waiting().expect("readable");
    assert!(waiting > 0);

    // Others go on, past where she was: her copy is of another log still.
    let bruno = Desk::open(&analyst, "Bruno", false).await;
    bruno.until_level(kept).await;
    for number in 0..20 {
        bruno.judge(100 + number);
    }
    bruno.until_level(kept + 20).await;
    let longer: i64 = postgres.sql("equipo", "select seq from atalaya.log_head").parse().expect("a number");
    assert!(longer > before);
    postgres.kill();
    postgres.start();
    bruno.until("goes on", |_| bruno.courier.state().borrow().problem.is_none()).await;
    ana.until("says it again", |_| code().as_deref() == Some("teamLogEarlier")).await;
    assert_eq!(ana.team.outbox().waiting().expect("readable"), waiting, "nothing was handed over");
    assert_eq!(ana.team.applied().expect("readable"), before, "and nothing read");

    // She leaves, joins anew and offers what she has: nothing is lost, and both have the same.
    let Desk { who, store, team, reviews, courier } = ana;
    drop(courier);
    let member = team.member().clone();
    team.leave().expect("left");
    let team = Teamwork::join(store.clone(), ACCOUNT, member).expect("joined");
    let errand = Errand {
        address: lead.address().expect("an address"),
        password: lead.password.clone(),
        seat: Seat { server: SERVER.to_owned(), desk: team.member().desk, machine: "puesto".to_owned() },
        team: team.clone(),
    };
    let ana = Desk { who, store, team, reviews, courier: Courier::begin(errand, Clock::system()) };
    ana.until_level(longer).await;
    assert!(ana.team.offer().expect("offered") > 0);
    ana.courier.wake();
    ana.until_level(longer + 1).await;
    let newest: i64 = postgres.sql("equipo", "select seq from atalaya.log_head").parse().expect("a number");
    for desk in [&ana, &bruno] {
        desk.until_level(newest).await;
        assert_eq!(desk.team.all(Kind::Review).expect("readable").len(), 22, "{}", desk.who);
    }
    assert_eq!(ana.team.fingerprint().expect("readable"), bruno.team.fingerprint().expect("readable"));
}

/// The log took it and was lost before it came back: it is said again, once.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_lost_log_took_is_handed_over_again() {
    let postgres = Postgres::begin();
    let (mut owner, address) = team(&postgres).await;
    let lead = add(&mut owner, &address, SERVER, "ana", Role::Lead).await.expect("a member");
    let ana = Desk::open(&lead, "Ana", true).await;
    ana.reviews.save_card(&card()).expect("kept");
    ana.courier.wake();
    ana.until_level(1).await;
    let Desk { who, store, team, reviews, courier } = ana;
    courier.end().await;
    let seat = Seat { server: SERVER.to_owned(), desk: team.member().desk, machine: "puesto".to_owned() };
    let (address, password) = (lead.address().expect("an address"), lead.password.clone());
    let connection = Connection::open(&address, &password).await.expect("let in");
    let errand = Errand { address, password, seat: seat.clone(), team: team.clone() };
    let review = reviews.open(&call(1), CARD, &who).expect("the card is here");
    reviews.finish(review.id).expect_err("a question is open");
    let answers =
        [("greeting".to_owned(), Answer { value: Some(Value::Yes), comment: String::new() })].into();
    reviews.change(review.id, answers, "so").expect("kept");
    reviews.finish(review.id).expect("finished");
    let pending = team.outbox().pending(100).expect("readable");
    assert!(!pending.is_empty());
    let bodies: Vec<String> =
        pending.iter().map(|change| serde_json::to_string(change).expect("JSON")).collect();
    let taken = atalaya_team::append(&connection, &seat, &bodies).await.expect("taken");
    team.outbox().numbered_all(&taken.places).expect("kept");
    let kept = team.applied().expect("readable");
    postgres.sql(
        "equipo",
        &format!("delete from atalaya.log where seq > {kept}; update atalaya.log_head set seq = {kept}"),
    );
    let ana = Desk { who, store, team, reviews, courier: Courier::begin(errand, Clock::system()) };
    ana.until_level(kept + pending.len() as i64).await;
    let lines = format!("select count(*) from atalaya.log where seq > {kept}");
    assert_eq!(postgres.sql("equipo", &lines), pending.len().to_string());
    drop(ana.store);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_of_and_what_was_said_follows_once_there_is_room() {
    let postgres = Postgres::on_a_small_disk(200);
    let (mut owner, address) = team(&postgres).await;
    let lead = add(&mut owner, &address, SERVER, "ana", Role::Lead).await.expect("a member");
    let other = add(&mut owner, &address, SERVER, "rui", Role::Analyst).await.expect("a member");
    drop(owner);
    let ana = Desk::open(&lead, "Ana", true).await;
    ana.reviews.save_card(&card()).expect("kept");
    ana.courier.wake();
    let rui = Desk::open(&other, "Rui", false).await;
    rui.until_level(1).await;
    postgres.fill_disk();
    // What is in the tables' last pages still fits: until it does not.
    let mut judged = 0;
    let refused = |desk: &Desk| {
        desk.courier.state().borrow().problem.as_ref().is_some_and(|problem| problem.code == "teamFull")
    };
    while !refused(&ana) {
        ana.judge(judged);
        judged += 1;
        assert!(
            judged < 5_000,
            "the disk is full, and everything is taken: {:?}",
            *ana.courier.state().borrow()
        );
        tokio::task::yield_now().await;
    }
    for _ in 0..20 {
        ana.judge(judged);
        judged += 1;
    }
    let state = ana.courier.state().borrow().clone();
    let problem = state.problem.expect("it is told");
    assert!(problem.retryable && problem.params["detail"].contains("No space left"), "{problem:?}");
    let waiting = ana.team.outbox().waiting().expect("readable");
    assert!(waiting >= 20, "nothing that was said is lost: {waiting}");
    assert_eq!(ana.team.all(Kind::Review).expect("readable").len(), judged, "and all of it is shown here");
    postgres.make_room();
    ana.until("has handed over", |team| team.outbox().waiting().expect("readable") == 0).await;
    ana.until("is told that all is well", |_| ana.courier.state().borrow().problem.is_none()).await;
    let newest: i64 = postgres.sql("equipo", "select seq from atalaya.log_head").parse().expect("a number");
    let lines: i64 = postgres.sql("equipo", "select count(*) from atalaya.log").parse().expect("a number");
    assert_eq!(newest, lines, "nothing is there twice, and nothing is missing");
    for desk in [&ana, &rui] {
        desk.until_level(newest).await;
        assert_eq!(desk.team.all(Kind::Review).expect("readable").len(), judged, "{}", desk.who);
    }
    assert_eq!(ana.team.fingerprint().expect("readable"), rui.team.fingerprint().expect("readable"));
}

/// A way to the database that can be cut where nothing of the answer has passed.
struct Way {
    port: u16,
    /// What the database answers stays here.
    holds: watch::Sender<bool>,
    cuts: Arc<Notify>,
}

impl Way {
    async fn to(port: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("loopback has a free port");
        let here = listener.local_addr().expect("it is bound").port();
        let (holds, cuts) = (watch::Sender::new(false), Arc::new(Notify::new()));
        let (held, cut) = (holds.subscribe(), Arc::clone(&cuts));
        tokio::spawn(async move {
            while let Ok((desk, _)) = listener.accept().await {
                let (held, cut) = (held.clone(), Arc::clone(&cut));
                tokio::spawn(async move {
                    let base = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.expect("it listens");
                    let ((mut from_desk, to_desk), (from_base, mut to_base)) =
                        (desk.into_split(), base.into_split());
                    tokio::select! {
                        () = cut.notified() => {}
                        _ = tokio::io::copy(&mut from_desk, &mut to_base) => {}
                        () = answers(from_base, to_desk, held) => {}
                    }
                });
            }
        });
        Self { port: here, holds, cuts }
    }
}

async fn answers(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut held: watch::Receiver<bool>) {
    let mut piece = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut piece).await {
        if held.wait_for(|holds| !holds).await.is_err() || to.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_whose_connection_is_cut_in_its_middle_is_in_the_log_once() {
    let postgres = Postgres::begin();
    let (mut owner, address) = team(&postgres).await;
    let way = Way::to(postgres.port()).await;
    let mut lead = add(&mut owner, &address, SERVER, "ana", Role::Lead).await.expect("a member");
    lead.team = lead.team.replace(&postgres.port().to_string(), &way.port.to_string());
    let ana = Desk::open(&lead, "Ana", true).await;
    ana.reviews.save_card(&card()).expect("kept");
    ana.courier.wake();
    ana.until_level(1).await;
    let number = |sql: &str| -> i64 { postgres.sql("equipo", sql).parse().expect("a number") };
    let until = async |what: &str, sql: &str, wanted: i64| {
        let begun = Instant::now();
        while number(sql) != wanted {
            assert!(begun.elapsed() < PATIENCE, "{what}");
            tokio::task::yield_now().await;
        }
    };

    // Before it is done: somebody holds the log, and the connection of whoever waits for it is ended.
    owner.simple("begin; select seq from atalaya.log_head for update").await.expect("held");
    ana.judge(1);
    let waits = "select count(*) from pg_stat_activity where usename = 'ana' and wait_event_type = 'Lock'";
    until("it appends", waits, 1).await;
    postgres.sql(
        "equipo",
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'ana' and wait_event_type = 'Lock'",
    );
    ana.until("hears of it", |_| ana.courier.state().borrow().problem.is_some()).await;
    assert!(ana.team.outbox().waiting().expect("readable") > 0);
    owner.simple("rollback").await.expect("let go");
    ana.until("has handed over", |team| team.outbox().waiting().expect("readable") == 0).await;
    let once = number("select count(*) from atalaya.log");
    ana.until_level(once).await;

    // When it is done, and nobody has told it so: it waits at the log, and from then on no answer comes through.
    owner.simple("begin; select seq from atalaya.log_head for update").await.expect("held");
    ana.judge(2);
    until("it appends", waits, 1).await;
    way.holds.send_replace(true);
    owner.simple("rollback").await.expect("let go");
    let begun = Instant::now();
    while number("select count(*) from atalaya.log") == once {
        assert!(begun.elapsed() < PATIENCE, "the line arrives");
        tokio::task::yield_now().await;
    }
    assert!(ana.team.outbox().waiting().expect("readable") > 0, "it does not know that it was taken");
    way.cuts.notify_waiters();
    way.holds.send_replace(false);
    ana.until("has handed over", |team| team.outbox().waiting().expect("readable") == 0).await;
    let all = number("select count(*) from atalaya.log");
    ana.until_level(all).await;
    assert_eq!(number("select seq from atalaya.log_head"), all, "numbers have no gaps");
    assert_eq!(number("select count(distinct id) from atalaya.log"), all, "nothing is there twice");
    let reviews = ana.team.all(Kind::Review).expect("readable").len();
    assert_eq!(reviews, 2);
}
