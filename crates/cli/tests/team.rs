//! A team from the command line: a database made one, members, and desks that are killed, stopped and go on.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod common;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use atalaya_floor::wire::{Freshness, Snapshot};
use atalaya_history::{Bounds, History};
use atalaya_postgres::{OWNER, OWNER_PASSWORD, Postgres};
use atalaya_store::Paths;
use atalaya_ucontact::Server;
use common::{Script, finished, sentence};
use serde_json::Value;

const PATIENCE: Duration = Duration::from_secs(60);

struct Team {
    script: Script,
    postgres: Postgres,
}

/// A desk that prints each picture.
struct Desk {
    child: Child,
    pictures: Receiver<Value>,
}

impl Desk {
    fn next(&self) -> Value {
        self.pictures.recv_timeout(PATIENCE).expect("another picture")
    }

    /// The next picture that is younger than now.
    fn fresh(&self) -> Value {
        while self.pictures.try_recv().is_ok() {}
        self.next()
    }

    fn signal(&self, name: &str) {
        let done =
            Command::new("kill").args([name, &self.child.id().to_string()]).status().expect("kill is there");
        assert!(done.success());
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Team {
    async fn new() -> Self {
        let postgres = Postgres::begin();
        postgres.sql("postgres", "create database equipo");
        Self { script: Script::still().await, postgres }
    }

    fn command(&self, user: &str, password: &str, arguments: &[&str]) -> Command {
        let mut command = self.script.command(arguments);
        command.args(["--team", &self.postgres.url(user, "equipo")]).env("ATALAYA_TEAM_PASSWORD", password);
        command
    }

    async fn owner(&self, arguments: &[&str]) -> Output {
        finished(self.command(OWNER, OWNER_PASSWORD, arguments)).await
    }

    /// Adds a member: their password.
    async fn member(&self, name: &str, role: &str) -> String {
        let output = self.owner(&["team", "add", name, "--role", role]).await;
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).expect("text");
        let line = text.lines().find(|line| line.starts_with("password")).expect("their password");
        line.split_whitespace().nth(1).expect("a word").to_owned()
    }

    fn desk(&self, user: &str, password: &str) -> Desk {
        let mut child = self
            .command(user, password, &["floor", "--watch", "--json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the binary runs");
        let out = BufReader::new(child.stdout.take().expect("piped"));
        let (told, pictures) = channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let Ok(picture) = serde_json::from_str(&line) else { return };
                if told.send(picture).is_err() {
                    return;
                }
            }
        });
        Desk { child, pictures }
    }

    async fn status(&self, user: &str, password: &str) -> Value {
        let output = finished(self.command(user, password, &["team", "status", "--json"])).await;
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("one JSON document")
    }

    /// Waits until somebody asks who is as wanted, and says under which epoch.
    async fn until_asked_by(&self, user: &str, password: &str, who: &str) -> i64 {
        let asked = async {
            loop {
                let status = self.status(user, password).await;
                if status["poller"]["person"] == who {
                    return status["poller"]["epoch"].as_i64().expect("a number");
                }
            }
        };
        tokio::time::timeout(PATIENCE, asked).await.expect("somebody else asks")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_becomes_a_team_s_and_people_join_it() {
    let team = Team::new().await;
    let before = team.owner(&["team", "status"]).await;
    assert_eq!(before.status.code(), Some(1));
    assert!(sentence(&before).contains("team init"), "{}", sentence(&before));
    for _ in 0..2 {
        let made = team.owner(&["team", "init"]).await;
        assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    }
    let file = team.script.home.path().join("ana.json");
    let name = file.to_str().expect("a plain name");
    let invited = team.owner(&["team", "add", "ana", "--role", "supervisor", "--invitation", name]).await;
    assert_eq!(invited.status.code(), Some(0), "{}", String::from_utf8_lossy(&invited.stderr));
    let invitation: Value = serde_json::from_slice(&std::fs::read(&file).expect("written")).expect("JSON");
    let password = invitation["password"].as_str().expect("a password").to_owned();
    assert_eq!(invitation["team"], team.postgres.url("ana", "equipo"));
    assert!(!String::from_utf8_lossy(&invited.stdout).contains(&password), "it is in the file alone");
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        assert_eq!(std::fs::metadata(&file).expect("written").mode() & 0o077, 0, "for its owner's eyes");
    }
    // Written over would be a password lost: the member keeps the one they have.
    let again = team.owner(&["team", "add", "ana", "--role", "lead", "--invitation", name]).await;
    assert_eq!(again.status.code(), Some(1));
    let status = team.status("ana", &password).await;
    let keys: BTreeSet<&str> = status.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(keys, BTreeSet::from(["schema", "members", "desks", "poller", "lagMs"]));
    assert_eq!(status["members"][0]["role"], "supervisor");
    assert!(status["poller"].is_null() && status["lagMs"].is_null());

    for (arguments, code) in [
        (vec!["team", "add", "Ana", "--role", "lead"], 2),
        (vec!["team", "add", OWNER, "--role", "lead"], 1),
        (vec!["team", "add", "eva", "--role", "boss"], 2),
    ] {
        assert_eq!(team.owner(&arguments).await.status.code(), Some(code), "{arguments:?}");
    }
    let wrong = finished(team.command("ana", "another", &["floor", "--watch"])).await;
    assert_eq!(wrong.status.code(), Some(1));
    assert!(sentence(&wrong).contains("lets nobody"), "{}", sentence(&wrong));
    team.script.assert_signed_out();
    let typed = team.script.run(&["team", "status", "--team", "postgres://ana:clave@127.0.0.1/equipo"]).await;
    assert_eq!(typed.status.code(), Some(2), "a password in an address is no address");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_taken_out_is_out_and_another_asks() {
    let team = Team::new().await;
    assert_eq!(team.owner(&["team", "init"]).await.status.code(), Some(0));
    let ana = team.member("ana", "supervisor").await;
    let rui = team.member("rui", "lead").await;
    let mut first = team.desk("ana", &ana);
    first.next();
    team.until_asked_by("ana", &ana, "ana").await;
    let second = team.desk("rui", &rui);
    second.fresh();

    // Nobody is there to ask: nothing is done without a yes.
    assert_eq!(team.owner(&["team", "remove", "ana"]).await.status.code(), Some(2));
    // Who is no owner takes nobody out, nor does who names nobody.
    let told = |output: &Output| serde_json::from_slice::<Value>(&output.stdout).expect("one JSON document");
    let hers = finished(team.command("ana", &ana, &["team", "remove", "rui", "--yes", "--json"])).await;
    assert_eq!((hers.status.code(), told(&hers)["outcome"].as_str()), (Some(1), Some("refused")));
    let nobody = team.owner(&["team", "remove", "eva", "--yes", "--json"]).await;
    assert_eq!(nobody.status.code(), Some(1));
    assert_eq!(told(&nobody), serde_json::json!({ "outcome": "refused", "detail": "teamNoMember" }));
    assert_eq!(team.status("rui", &rui).await["members"].as_array().map(Vec::len), Some(2));

    let done = team.owner(&["team", "remove", "ana", "--yes", "--json"]).await;
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(told(&done), serde_json::json!({ "outcome": "done", "detail": null }));
    team.until_asked_by("rui", &rui, "rui").await;
    second.fresh();
    let refused = finished(team.command("ana", &ana, &["team", "status"])).await;
    assert_eq!(refused.status.code(), Some(1));
    assert!(sentence(&refused).contains("lets nobody"), "{}", sentence(&refused));
    let left = team.status("rui", &rui).await["members"].clone();
    assert_eq!(left.as_array().map(Vec::len), Some(1), "{left}");
    // Her desk goes on by itself: it shows the floor, as it does when there is no database.
    first.fresh();
    assert!(first.child.try_wait().expect("it is there").is_none());

    // Under the same name again, with another password.
    let again = team.member("ana", "analyst").await;
    assert_eq!(team.status("ana", &again).await["members"].as_array().map(Vec::len), Some(2));
    let old = finished(team.command("ana", &ana, &["team", "status"])).await;
    assert_eq!(old.status.code(), Some(1));
}

/// What the program that watches around the clock saw is there for whoever comes later.
#[tokio::test(flavor = "multi_thread")]
async fn a_watch_hands_on_the_hours_it_kept() {
    const HOUR_MS: i64 = 3_600_000;
    let team = Team::new().await;
    assert_eq!(team.owner(&["team", "init"]).await.status.code(), Some(0));
    let tower = team.member("torre", "supervisor").await;
    // That somebody watched is enough here: what was seen is looked at elsewhere.
    let picture: Snapshot = serde_json::from_value(serde_json::json!({
        "revision": 0, "atMs": 0, "campaigns": [], "agents": [], "agentsReadAtMs": {}, "agentsUnread": {}, "agentsEveryMs": 0,
        "health": {
            "freshness": Freshness::Fresh, "lastOkMs": null, "statusOkMs": null, "queueOkMs": null, "everyMs": 3000,
            "slowed": null, "roundTripMs": null, "failures": 0, "problem": null, "dropped": 0, "requestsPerMinute": 0,
            "serverOffsetSecs": null,
        },
    }))
    .expect("a picture");
    // An hour that is over and settled.
    let now_ms = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis() as i64;
    let hour = (now_ms - 120_000).div_euclid(HOUR_MS) - 1;
    {
        let path = Paths::below(team.script.home.path()).history();
        let history = History::open(&path, Bounds::default()).expect("it opens");
        let server = Server::parse(&team.script.simulator.server_url(), None, None, None).expect("good").base;
        let site = history.site(&format!("{}@{server}", team.script.simulator.user())).expect("a floor");
        for (revision, at_ms) in (1..).zip((hour * HOUR_MS..(hour + 1) * HOUR_MS).step_by(3_000)) {
            let mut then = picture.clone();
            (then.revision, then.at_ms) = (revision, at_ms);
            history.take(site, &Arc::new(then));
            if revision % 10 == 0 {
                history.flush();
            }
        }
    }
    let child = team.command("torre", &tower, &["watch"]).stdout(Stdio::null()).spawn().expect("it runs");
    let (_told, pictures) = channel();
    // Ended with the test.
    let _watch = Desk { child, pictures };
    let offered = async {
        let sql = "select person || ' ' || hour from atalaya.hour";
        while team.postgres.sql("equipo", sql) != format!("torre {hour}") {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, offered).await.expect("it is there for others");
}

#[tokio::test(flavor = "multi_thread")]
async fn desks_that_are_killed_or_stand_still_are_followed_by_others() {
    let team = Team::new().await;
    assert_eq!(team.owner(&["team", "init"]).await.status.code(), Some(0));
    let ana = team.member("ana", "supervisor").await;
    let rui = team.member("rui", "supervisor").await;
    let eva = team.member("eva", "supervisor").await;

    let first = team.desk("ana", &ana);
    first.next();
    let epoch = team.until_asked_by("ana", &ana, "ana").await;
    let second = team.desk("rui", &rui);
    let shown = second.fresh();
    let counted = |picture: &Value| -> Vec<(Value, Value, Value)> {
        let campaigns = picture["campaigns"].as_array().expect("a list").iter();
        campaigns.map(|of| (of["name"].clone(), of["answered"].clone(), of["available"].clone())).collect()
    };
    assert_eq!(counted(&shown).len(), 12);
    assert_eq!(counted(&shown), counted(&first.fresh()), "of a floor that stands still");

    // Killed, without a word: the other one takes over.
    first.signal("-KILL");
    let next = team.until_asked_by("rui", &rui, "rui").await;
    assert!(next > epoch);
    second.fresh();

    // Stopped past its lease, and continued: a third one asks meanwhile, and whoever wakes up follows.
    let mut third = team.desk("eva", &eva);
    third.fresh();
    second.signal("-STOP");
    let later = team.until_asked_by("eva", &eva, "eva").await;
    assert!(later > next);
    third.fresh();
    second.signal("-CONT");
    assert_eq!(counted(&second.fresh()), counted(&third.fresh()));
    let status = team.status("eva", &eva).await;
    assert_eq!(
        (status["poller"]["person"].as_str(), status["poller"]["epoch"].as_i64()),
        (Some("eva"), Some(later))
    );

    // Told to end, a desk hands over at once, and is counted no more.
    let asked_before = team.script.simulator.stats().end_sessions;
    third.signal("-TERM");
    team.until_asked_by("rui", &rui, "rui").await;
    assert_eq!(third.child.wait().expect("it ended").code(), Some(1));
    second.fresh();
    let members = team.status("rui", &rui).await["members"].clone();
    let desks: Vec<_> = members.as_array().expect("a list").iter().map(|of| of["desks"].as_i64()).collect();
    assert_eq!(desks[1], Some(0), "eva's desk left: {members}");

    assert!(
        team.script.simulator.stats().end_sessions > asked_before,
        "and its session at the server is over"
    );
    // The vendor's password and token never come near the database.
    let everything = format!("{}{}", team.postgres.dump("equipo"), team.postgres.log());
    assert!(!everything.contains(team.script.simulator.password()));
}

#[tokio::test(flavor = "multi_thread")]
async fn followers_that_stand_still_show_nothing_older_and_catch_up() {
    let team = Team::new().await;
    assert_eq!(team.owner(&["team", "init"]).await.status.code(), Some(0));
    let (ana, rui) = (team.member("ana", "supervisor").await, team.member("rui", "supervisor").await);
    let eva = team.member("eva", "supervisor").await;
    let first = team.desk("ana", &ana);
    first.next();
    let epoch = team.until_asked_by("ana", &ana, "ana").await;
    let followers = [team.desk("rui", &rui), team.desk("eva", &eva)];
    let read_at = |picture: &Value| picture["readAt"].as_str().expect("when it was read").to_owned();
    let mut shown = Vec::new();
    for follower in &followers {
        shown.push(read_at(&follower.fresh()));
        follower.signal("-STOP");
    }
    // Whoever asks reads on meanwhile, and is killed then.
    let mut last = read_at(&first.fresh());
    for _ in 0..4 {
        last = read_at(&first.next()).max(last);
    }
    first.signal("-KILL");
    for follower in &followers {
        while follower.pictures.try_recv().is_ok() {}
        follower.signal("-CONT");
    }
    for (follower, shown) in followers.iter().zip(shown) {
        let mut before = shown;
        loop {
            let read = read_at(&follower.next());
            assert!(read >= before, "what it shows grows no older: {read} after {before}");
            before = read;
            // Read by one of the two: what the killed one read last is no end.
            if before > last {
                break;
            }
        }
    }
    // One of the two asks by now, under an epoch of its own.
    let status = team.status("rui", &rui).await;
    assert!(status["poller"]["epoch"].as_i64() > Some(epoch), "{status}");
    assert_ne!(status["poller"]["person"], "ana");
}
