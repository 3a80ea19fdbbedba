//! A contact centre on a socket whose clock is moved: forecasts come, are kept, what came true is filled in, and there is a
//! reason where too little is known.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;
use std::time::Duration;

use atalaya_ahead::wire::{AheadChange, AheadReason, AheadTold, NoAdvice};
use atalaya_ahead::{Ahead, Asked, Looked, Readings};
use atalaya_clock::{Clock, Held};
use atalaya_floor::wire::Snapshot;
use atalaya_floor::{Picture, default_rules, read_into};
use atalaya_history::wire::Period;
use atalaya_history::{Bounds, History, Site};
use atalaya_simulator::{Config, Simulator};
use atalaya_ucontact::{Client, Options, Secret, Server};

/// A morning.
const BEGINS: &str = "2026-11-24T10:10:00";

/// A floor that is read whenever the time is moved.
struct Watched {
    simulator: Simulator,
    client: Client,
    clock: Held,
    picture: Picture,
    readings: Readings,
    history: History,
    site: Site,
    ahead: Ahead,
    newest: Option<Arc<Snapshot>>,
}

impl Watched {
    async fn begin(home: &std::path::Path) -> Self {
        let begins: chrono::NaiveDateTime = BEGINS.parse().expect("a moment");
        let config = Config {
            campaigns: 4,
            agents: 40,
            calls_per_day: 2_000,
            begins: Some(begins),
            moving: false,
            ..Config::default()
        };
        let simulator = atalaya_simulator::start(config).await.expect("loopback has a free port");
        let clock = Clock::held(begins.and_utc().timestamp_millis());
        let server = Server::parse(&simulator.server_url(), None, None, None).expect("a good address");
        let options = Options { requests_per_second: 1_000.0, max_in_flight: 8, clock: clock.clock() };
        let client = Client::sign_in(server, simulator.user(), Secret::new(simulator.password()), options)
            .await
            .expect("signs in");
        let history = History::open(&home.join("history.sqlite"), Bounds::default()).expect("opens");
        let site = history.site("me@here").expect("kept");
        Self {
            simulator,
            client,
            clock,
            picture: Picture::default(),
            readings: Readings::default(),
            history,
            site,
            ahead: Ahead::default(),
            newest: None,
        }
    }

    /// So many seconds pass, and the floor is read.
    async fn pass(&mut self, secs: u64) {
        let by = Duration::from_secs(secs);
        self.simulator.advance(by);
        self.clock.advance(by);
        let mut snapshot =
            read_into(&mut self.picture, &self.client, &[], true).await.expect("the server answers");
        snapshot.health.every_ms = 10_000;
        snapshot.agents_every_ms = 10_000;
        let snapshot = Arc::new(snapshot);
        self.readings.note(&snapshot);
        self.history.take(self.site, &snapshot);
        self.newest = Some(snapshot);
    }

    fn look(&mut self) -> Looked {
        let asked = Asked {
            snapshot: Arc::clone(self.newest.as_ref().expect("it was read")),
            seats: self.picture.seats(),
            readings: self.readings.clone(),
            rules: default_rules(),
            teams: Vec::new(),
            offset_secs: Some(0),
            now_ms: self.clock.clock().now_ms(),
        };
        self.history.flush();
        self.ahead.look(Some((&self.history, self.site)), &asked)
    }
}

fn reasons(told: &AheadTold) -> Vec<Option<AheadReason>> {
    told.campaigns.iter().filter(|one| one.name.ends_with("<-")).map(|one| one.reason).collect()
}

#[tokio::test]
async fn forecasts_come_are_kept_and_are_measured_by_what_came_true() {
    let home = tempfile::tempdir().expect("a folder");
    let mut watched = Watched::begin(home.path()).await;
    watched.pass(0).await;
    let first = watched.look().told;
    assert!(!reasons(&first).is_empty());
    assert!(reasons(&first).iter().all(|reason| *reason == Some(AheadReason::WatchedTooShort)), "{first:?}");
    assert!(first.campaigns.iter().all(|one| one.outlook.is_none()));
    let outbound = first.campaigns.iter().find(|one| one.name.ends_with("->"));
    assert_eq!(outbound.and_then(|one| one.reason), Some(AheadReason::Outbound));

    let mut looked = None;
    for minute in 1..=40 {
        for _ in 0..4 {
            watched.pass(15).await;
        }
        let next = watched.look();
        let all = reasons(&next.told).iter().all(Option::is_none);
        assert_eq!(all, minute >= 3, "{minute}: {:?}", reasons(&next.told));
        looked = Some(next);
    }
    let looked = looked.expect("it was looked at");
    let now_ms = watched.clock.clock().now_ms();

    // Kept once in five minutes, each moment of it settled when its time had come.
    watched.history.flush();
    let kept = watched.history.forecasts(watched.site, 0, 1_000).expect("readable");
    let moments: std::collections::BTreeSet<i64> = kept.iter().map(|one| one.at_ms).collect();
    assert!((7..=9).contains(&moments.len()), "{moments:?}");
    for one in &kept {
        let age_mins = (now_ms - one.at_ms) / 60_000;
        assert_eq!(one.settled, age_mins >= 16, "{age_mins}");
        for figure in
            one.figures.iter().filter(|figure| figure.figure != atalaya_forecast::calibrate::Figure::Level)
        {
            let due = i64::from(figure.minutes) < age_mins;
            assert_eq!(figure.came.is_some(), due, "{age_mins} {figure:?}");
        }
    }
    let outlook = looked.told.campaigns.iter().find_map(|one| one.outlook.as_ref()).expect("there is one");
    let five = &outlook.ahead[0];
    let record = five.waiting.record.expect("some have come true");
    assert!(record.of >= 3 && record.held <= record.of, "{record:?}");
    assert!(five.waiting.low <= five.waiting.middle && five.waiting.middle <= five.waiting.high);
    assert!(!outlook.passing.is_empty() && !looked.red.is_empty());
    // Calls of the floor were measured, not assumed.
    assert_ne!(outlook.grounds.talk, atalaya_forecast::Basis::Assumed);

    // Many more people, and nobody waits; fewer, and more do. Whoever is not there is told.
    let name = looked.told.campaigns.iter().find(|one| one.outlook.is_some()).expect("one").name.clone();
    let more = looked.view.what_if(&[
        AheadChange::More { campaign: name.clone(), people: 30 },
        AheadChange::Join { location: "SIP/nobody".to_owned(), campaign: name.clone(), penalty: 0 },
    ]);
    assert_eq!(more.left_out, 1);
    let of = |what: &atalaya_ahead::wire::AheadWhatIf| {
        let one = what.campaigns.iter().find(|one| one.name == name).expect("there").clone();
        one.differs.expect("compared")[2].waiting.mean
    };
    let fewer = looked.view.what_if(&[AheadChange::Fewer { campaign: name.clone(), people: 30 }]);
    assert!(of(&more) <= 0.0 && of(&fewer) > of(&more), "{} {}", of(&more), of(&fewer));
    let advice = looked.view.advise(&name);
    assert_eq!(advice.none.is_none(), !advice.people.is_empty());
    assert_eq!(looked.view.advise("nowhere<-").none, Some(NoAdvice::NoTarget));

    // Another program after this one knows the last hour, and what became of what this one said.
    let (from_ms, history, site) = (now_ms - 3_600_000, &watched.history, watched.site);
    let earlier = history.figures(site, Period { from_ms, until_ms: now_ms }).expect("readable");
    let mut readings = Readings::default();
    readings.recall(earlier);
    let asked = Asked {
        snapshot: Arc::clone(watched.newest.as_ref().expect("read")),
        seats: watched.picture.seats(),
        readings,
        rules: default_rules(),
        teams: Vec::new(),
        offset_secs: Some(0),
        now_ms,
    };
    let again = Ahead::default().look(Some((history, site)), &asked).told;
    assert!(reasons(&again).iter().all(Option::is_none), "{:?}", reasons(&again));
    // Figures too old to go on from are no forecast.
    let late = Asked { now_ms: now_ms + 200_000, ..asked };
    let late = Ahead::default().look(None, &late).told;
    assert!(late.campaigns.iter().all(|one| one.outlook.is_none() && one.reason.is_some()));
    assert!(reasons(&late).contains(&Some(AheadReason::TooOld)));
    watched.simulator.stop().await;
}
