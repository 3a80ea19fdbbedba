//! Two desks and a real PostgreSQL: one saw the hours before the other came. The other rewinds and reports them as the first does; what
//! was damaged on the way is refused with a word and costs no other; of another centre nothing is seen.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;
use std::time::Duration;

use atalaya_clock::Clock;
use atalaya_floor::Wished;
use atalaya_floor::wire::Snapshot;
use atalaya_history::wire::{Period, ReportRequest};
use atalaya_history::{Bounds, History, Site};
use atalaya_postgres::{OWNER, OWNER_PASSWORD, Postgres};
use atalaya_secret::Secret;
use atalaya_team::wire::{TeamPart, TeamState};
use atalaya_team::{Address, Connection, Invitation, Role, Says, Seat, add, beat, init};
use atalaya_teampast::{Errand, Hours, HoursState};
use tokio::sync::watch;

#[path = "../../history/tests/day/world.rs"]
#[expect(dead_code, reason = "the day asks for more")]
mod world;

use world::{BEGIN, EVERY_MS, HOUR, MINUTE, World};

const DATABASE: &str = "equipo";
const SERVER: &str = "https://centro.example/Integra/resources/";
const OTHER: &str = "https://otro.example/Integra/resources/";
const PATIENCE: Duration = Duration::from_secs(60);

/// The world's days are long over: they are moved to the hours before this one.
struct Now {
    world: World,
    by_ms: i64,
    first: i64,
}

impl Now {
    fn new() -> Self {
        // Three whole hours, all of them settled, and the beginning of another that is not worth the way.
        let first = (Clock::system().now_ms() - 2 * MINUTE).div_euclid(HOUR) - 4;
        Self { world: World::new(21), by_ms: first * HOUR - BEGIN, first }
    }

    fn snapshot(&self, at_ms: i64, revision: u64) -> Arc<Snapshot> {
        let mut snapshot = (*self.world.snapshot(at_ms - self.by_ms, revision, true)).clone();
        snapshot.at_ms += self.by_ms;
        for campaign in &mut snapshot.campaigns {
            campaign.longest_wait_since_ms = campaign.longest_wait_since_ms.map(|at| at + self.by_ms);
        }
        for agent in &mut snapshot.agents {
            agent.state_since_ms = agent.state_since_ms.map(|at| at + self.by_ms);
        }
        Arc::new(snapshot)
    }

    fn hour(&self, number: i64) -> Period {
        let from_ms = (self.first + number) * HOUR;
        Period { from_ms, until_ms: from_ms + HOUR }
    }
}

struct Desk {
    history: Arc<History>,
    site: Site,
    seat: Seat,
    invitation: Invitation,
    standing: watch::Sender<TeamState>,
    hours: Option<Hours>,
    _folder: tempfile::TempDir,
}

impl Desk {
    fn open(invitation: Invitation, machine: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let history = History::open(&folder.path().join("history.sqlite"), Bounds::default()).unwrap();
        let site = history.site(&format!("{machine}@centre")).unwrap();
        history.set_offset(site, 0);
        let server = invitation.server.clone();
        let seat = Seat { server, desk: atalaya_team::new_desk(), machine: machine.to_owned() };
        let standing = watch::Sender::new(TeamState::default());
        Self { history: Arc::new(history), site, seat, invitation, standing, hours: None, _folder: folder }
    }

    fn watch(&self, now: &Now, from_ms: i64, until_ms: i64) {
        for (revision, at_ms) in (1..).zip((from_ms..=until_ms).step_by(EVERY_MS as usize)) {
            self.history.take(self.site, &now.snapshot(at_ms, revision));
            if revision % 10 == 0 {
                self.history.flush();
            }
        }
        self.history.flush();
    }

    /// Sits down at the team, and holds the lease if it may.
    async fn join(&mut self) {
        let address = self.invitation.address().unwrap();
        let password = self.invitation.password.clone();
        let connection = Connection::open(&address, &password).await.expect("let in");
        let every = Duration::from_secs(600);
        let (wished, clock) = (Wished::default(), Clock::system());
        let asked = beat(&connection, &self.seat, &wished, Says::Wants, every, &clock);
        let answered = asked.await.expect("an answer").answered;
        let part = if answered.mine { TeamPart::Asks } else { TeamPart::Follows };
        self.standing.send_modify(|state| (state.part, state.epoch) = (part, answered.epoch));
        let (history, site, seat) = (Arc::clone(&self.history), self.site, self.seat.clone());
        let errand = Errand { address, password, seat, history, site, days: 30 };
        self.hours = Some(Hours::begin(errand, self.standing.subscribe(), Clock::system()));
    }

    /// Waits until it has looked once more and it is so.
    async fn until(&self, what: &str, so: impl Fn(&HoursState) -> bool) -> HoursState {
        let hours = self.hours.as_ref().expect("it joined");
        let mut states = hours.state();
        let looks = states.borrow().looks;
        hours.look();
        let waiting = async {
            let done = states.wait_for(|state| state.looks > looks && so(state)).await;
            done.expect("it looks").clone()
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("{what}"))
    }

    fn told(&self, now: &Now, period: Period) -> serde_json::Value {
        let request = ReportRequest { period, team: None };
        let mut report = self.history.report(self.site, &request, &[], &[]).unwrap();
        report.runs.retain(|run| run.from_ms < period.until_ms);
        for run in &mut report.runs {
            run.until_ms = run.until_ms.min(period.until_ms - 1);
        }
        let at = (0..60).map(|minute| period.from_ms + minute * MINUTE + 500);
        let moments: Vec<_> =
            at.map(|at_ms| self.history.moment(self.site, at_ms).unwrap().snapshot).collect();
        let person = &now.world.people[3].location;
        let person = self.history.person(self.site, person, period).unwrap();
        serde_json::json!({ "report": report, "moments": moments, "person": person })
    }
}

struct Team {
    postgres: Postgres,
    owner: Connection,
}

impl Team {
    async fn new() -> Self {
        let postgres = Postgres::begin();
        postgres.sql("postgres", &format!("create database {DATABASE}"));
        let address = Address::parse(&postgres.url(OWNER, DATABASE)).unwrap();
        let mut owner = Connection::open(&address, &Secret::new(OWNER_PASSWORD)).await.expect("let in");
        init(&mut owner, SERVER).await.expect("made");
        Self { postgres, owner }
    }

    async fn desk(&mut self, name: &str, server: &str) -> Desk {
        let address = Address::parse(&self.postgres.url(OWNER, DATABASE)).unwrap();
        let invitation =
            add(&mut self.owner, &address, server, name, Role::Supervisor).await.expect("a member");
        Desk::open(invitation, &format!("puesto de {name}"))
    }

    fn offered(&self) -> String {
        self.postgres.sql(DATABASE, "select count(*) from atalaya.hour")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_late_has_the_hours_of_those_who_watched() {
    let (now, mut team) = (Now::new(), Team::new().await);
    let mut early = team.desk("ana", SERVER).await;
    let mut late = team.desk("rui", SERVER).await;
    early.watch(&now, now.hour(0).from_ms, now.hour(3).from_ms + MINUTE / 2);
    late.watch(&now, now.hour(2).from_ms + 20 * MINUTE, now.hour(3).from_ms + MINUTE / 2);
    early.join().await;
    early.until("she offers her hours", |state| state.offered >= 3).await;
    assert_eq!(team.offered(), "3");
    late.join().await;
    let state = late.until("his gaps are filled", |state| state.filled >= 3).await;
    assert_eq!(state.refused, None);
    for number in [0, 1] {
        let (theirs, ours) = (late.told(&now, now.hour(number)), early.told(&now, now.hour(number)));
        for part in ["moments", "person", "report"] {
            assert_eq!(theirs[part], ours[part], "{part} of hour {number}");
        }
    }
    let extent = late.history.extent(late.site).unwrap();
    assert!(extent.seen.iter().all(|of| of.by == "ana, puesto de ana"), "{:?}", extent.seen);
    assert_eq!(extent.runs.first().map(|run| run.from_ms), Some(now.hour(0).from_ms));
    // Another look changes nothing, here and there.
    let again = late.until("he looks again", |_| true).await;
    assert_eq!((again.filled, again.offered), (state.filled, 0), "and he offers nothing: he does not ask");
    let again = early.until("she looks again", |_| true).await;
    assert_eq!((again.offered, again.filled), (3, 0));

    // A database that is away costs nothing; when it is back somebody else is served.
    team.postgres.kill();
    late.hours.as_ref().unwrap().look();
    assert!(late.history.moment(late.site, now.hour(0).from_ms + MINUTE).unwrap().snapshot.is_some());
    team.postgres.start();
    late.until("he goes on", |_| true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_damaged_is_refused_with_a_word_and_costs_no_other() {
    let (now, mut team) = (Now::new(), Team::new().await);
    let mut early = team.desk("ana", SERVER).await;
    let mut late = team.desk("rui", SERVER).await;
    early.watch(&now, now.hour(0).from_ms, now.hour(3).from_ms + MINUTE / 2);
    early.join().await;
    early.until("she offers her hours", |state| state.offered >= 3).await;
    // One byte of one of them, and one that says of itself that it is whole.
    let [damaged, odd] = [now.first, now.first + 1];
    let change = |hour: i64, body: &str| {
        team.postgres.sql(DATABASE, &format!("update atalaya.hour set body = {body} where hour = {hour}"))
    };
    change(damaged, "set_byte(body, 100, get_byte(body, 100) # 1)");
    change(odd, "'\\x03'");
    team.postgres.sql(DATABASE, &format!("update atalaya.hour set sum = sha256(body) where hour = {odd}"));
    late.join().await;
    let state = late.until("he looked", |state| state.refused.is_some()).await;
    assert_eq!(state.filled, 1, "the third is good");
    let refused = state.refused.expect("one of the two");
    assert_eq!((refused.by.as_str(), refused.why.is_empty()), ("ana, puesto de ana", false));
    let seen = |number: i64| {
        late.history.moment(late.site, now.hour(number).from_ms + 30 * MINUTE).unwrap().snapshot.is_some()
    };
    assert_eq!([seen(0), seen(1), seen(2)], [false, false, true]);
    // It is said once, not at every look; whoever offers another in its place is heard.
    let again = late.until("he looks again", |_| true).await;
    assert_eq!(again.filled, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn hours_stay_in_their_centre_and_the_table_within_its_bounds() {
    let (now, mut team) = (Now::new(), Team::new().await);
    init(&mut team.owner, OTHER).await.expect("another centre");
    let mut early = team.desk("ana", SERVER).await;
    let mut elsewhere = team.desk("leo", OTHER).await;
    early.watch(&now, now.hour(1).from_ms, now.hour(3).from_ms + MINUTE / 2);
    // An hour that is too old goes with the next one that is offered.
    team.postgres.sql(
        DATABASE,
        "insert into atalaya.hour (centre, hour, desk, person, machine, ahead_ms, watched_ms, sum, body)
         values (1, atalaya.now_ms() / 3600000 - 200, gen_random_uuid(), 'x', 'x', 0, 3600000, sha256(''), '')",
    );
    early.join().await;
    early.until("she offers her hours", |state| state.offered >= 2).await;
    assert_eq!(team.offered(), "2");
    elsewhere.join().await;
    let state = elsewhere.until("he looked", |_| true).await;
    assert_eq!((state.filled, state.refused), (0, None));
    assert!(elsewhere.history.extent(elsewhere.site).unwrap().runs.is_empty(), "he sees nothing of it");
}
