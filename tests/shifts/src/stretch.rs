//! One stretch of a shift, lived through: the real client, floor, alerts, search and tags, on a clock that does not wait.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use atalaya_calls::wire::{Search, SearchUpdate, TagState};
use atalaya_calls::{Cache, Calls, Pages, TagTarget, Tasks, Writes};
use atalaya_floor::{Floor, PollOptions};
use atalaya_simulator::Simulator;
use atalaya_store::Store;
use atalaya_ucontact::{Client, Options, Secret, Server};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::alerts::{About, Episode, Span, Watch};
use crate::seed::{Deed, Plan, Planned, Trouble};
use crate::truth::Truth;
use crate::wall::Wall;
use crate::way::{Asked, Journal, OneWay, Way, locked};

const TICK: Duration = Duration::from_millis(500);
const IN_FLIGHT: usize = 4;
/// Once nothing is in the way any more, what was begun in it is over so much later: a wait the server asked for.
const AFTERMATH: Duration = Duration::from_secs(4);
/// A clock that was set is noticed within a second.
const NOTICED: Duration = Duration::from_millis(1_200);
/// A clock set ahead by more cannot be told from a computer that slept.
const LOOKS_LIKE_SLEEP_SECS: i32 = 5;
const DATE: &str = "%Y-%m-%d %H:%M:%S";

/// What came of a stretch.
pub struct Lived {
    /// What was not as it should be, none if all is well.
    pub wrong: Vec<String>,
    pub episodes: std::collections::BTreeMap<About, Vec<Episode>>,
    /// When figures may have been missing.
    pub in_the_way: Vec<Span>,
    pub two_periods: Duration,
    /// Everything that went over the way, as one number.
    pub digest: u64,
    pub lines: Vec<String>,
    pub requests: usize,
}

/// A tag that was sent: the call, the text, and its states in the order they were heard of.
struct Sent {
    guid: String,
    text: String,
    heard: Arc<Mutex<Vec<TagState>>>,
}

struct Stretch<'a> {
    plan: &'a Plan,
    begun: Instant,
    wall: Wall,
    simulator: Arc<Simulator>,
    way: Arc<Way>,
    journal: Arc<Mutex<Journal>>,
    truth: Truth,
    calls: Calls,
    /// When campaigns were read again after the last trouble.
    read_again: Option<Duration>,
    /// Calls a search found, for tags.
    found: Arc<Mutex<Vec<TagTarget>>>,
    said: Arc<Mutex<Vec<String>>>,
    tags: Vec<Sent>,
    jobs: tokio::task::JoinSet<()>,
    clock_set_at: Option<Duration>,
}

/// Lives through a plan; `lines` keeps all that went over the way, in words; `looking` compares every picture with the
/// truth.
///
/// # Errors
/// The sign-in, before anything can go wrong, did not come off.
pub async fn live(plan: &Plan, lines: bool, looking: bool) -> Result<Lived, String> {
    fastrand::seed(plan.seed);
    let offset_ms = i64::from(plan.offset_secs) * 1_000;
    let wall = Wall::begin(plan.begins.and_utc().timestamp_millis() - offset_ms);
    let simulator = Arc::new(atalaya_simulator::without_ports(plan.centre.clone()));
    let way = Arc::new(Way::new(plan, Arc::clone(&simulator), wall.clone(), lines));
    let server = Server::parse("http://127.0.0.1/", None, None, None).map_err(|error| error.to_string())?;
    let options =
        Options { requests_per_second: plan.per_second, max_in_flight: IN_FLIGHT, clock: wall.clock() };
    let password = Secret::new(simulator.password());
    let transport = Arc::new(OneWay(Arc::clone(&way)));
    let client = Client::sign_in_over(transport, server, simulator.user(), password, options)
        .await
        .map_err(|error| error.to_string())?;
    let store =
        Store::in_memory(&[atalaya_calls::MIGRATIONS], wall.clock()).map_err(|error| error.to_string())?;
    let tasks = Tasks::default();
    let writes = Writes::new(client.user(), store.clone(), String::new(), tasks.clone());
    let calls = Calls::new(client.clone(), store, Cache::nowhere(), writes);
    let floor =
        Floor::watch(client.clone(), PollOptions { every: plan.every, requests_per_second: plan.per_second });
    let journal = way.journal();
    let mut stretch = Stretch {
        plan,
        begun: wall.begun,
        wall,
        simulator,
        truth: Truth::new(plan, Arc::clone(&journal)),
        journal,
        way,
        calls,
        found: Arc::default(),
        said: Arc::default(),
        tags: Vec::new(),
        read_again: None,
        jobs: tokio::task::JoinSet::new(),
        clock_set_at: None,
    };
    let (watch, two_periods) = stretch.watch(&client, &floor, looking).await;
    floor.stop().await;
    tasks.end().await;
    stretch.jobs.shutdown().await;
    client.end_session().await;
    stretch.account(&client);
    let in_the_way = stretch.in_the_way(two_periods);
    let said = std::mem::take(&mut *locked(&stretch.said));
    let mut journal = locked(&stretch.journal);
    Ok(Lived {
        wrong: stretch.truth.wrong.into_iter().chain(said).collect(),
        episodes: watch.episodes,
        in_the_way,
        two_periods,
        digest: journal.digest(),
        lines: journal.lines.take().unwrap_or_default(),
        requests: journal.sent.len(),
    })
}

impl Stretch<'_> {
    fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    /// From the first second to the last: what a person does, what goes wrong, and a look at the floor each time.
    async fn watch(&mut self, client: &Client, floor: &Floor, looking: bool) -> (Watch, Duration) {
        let mut watch = Watch::new(self.wall.clock());
        let mut deeds = self.plan.deeds.clone().into_iter().peekable();
        let mut events = self.plan.troubles.clone().into_iter().peekable();
        let (mut tick, mut seen, mut periods) = (0u32, None, Duration::ZERO);
        let mut announced = (0u32, 0u32);
        while self.now() < self.plan.length {
            tick += 1;
            sleep_until(self.begun + TICK * tick).await;
            let now = self.now();
            while let Some(planned) = events.next_if(|planned| planned.from <= now.as_secs()) {
                self.begins(&planned);
            }
            while let Some((_, deed)) = deeds.next_if(|(at, _)| *at <= now.as_secs()) {
                self.act(deed);
            }
            let snapshot = floor.snapshot();
            if tick.is_multiple_of(2) {
                watch.step(&snapshot, self.wall.now_ms(), now);
            }
            let settling = self.clock_set_at.is_some_and(|at| now < at + NOTICED);
            if looking && seen != Some(snapshot.revision) && !settling {
                seen = Some(snapshot.revision);
                self.truth.look(&snapshot, now);
            }
            let calm_since = self.calm_since();
            if now < calm_since {
                announced = (0, 0);
                self.read_again = None;
                continue;
            }
            announced.0 = announced.0.max(snapshot.health.every_ms);
            announced.1 = announced.1.max(snapshot.agents_every_ms);
            let two = |every_ms: u32| 2 * Duration::from_millis(u64::from(every_ms));
            periods = periods.max(two(announced.0.max(announced.1)));
            self.caught_up(&snapshot, calm_since, [two(announced.0), two(announced.1)]);
            if !client.signed_in() {
                let why = client.signed_out_reason().map(|error| error.to_string());
                self.truth.say(now, &format!("signed out: {why:?}"));
                break;
            }
        }
        (watch, periods)
    }

    /// Nothing was in the way after this, and nobody searched.
    fn calm_since(&self) -> Duration {
        let journal = locked(&self.journal);
        let planned = self.plan.troubles.iter().map(|planned| Duration::from_secs(planned.until)).max();
        planned.unwrap_or_default().max(journal.last_trouble).max(journal.last_search) + AFTERMATH
    }

    /// After the last trouble everything is new within two of the periods announced.
    fn caught_up(
        &mut self,
        snapshot: &atalaya_floor::wire::Snapshot,
        calm_since: Duration,
        within: [Duration; 2],
    ) {
        let now = self.now();
        let journal = Arc::clone(&self.journal);
        let journal = locked(&journal);
        let newer = |asked: &Asked, at_ms: Option<i64>| {
            at_ms
                .and_then(|at_ms| journal.heard_at(asked, at_ms))
                .is_some_and(|heard| heard.after >= calm_since)
        };
        let health = &snapshot.health;
        let read = newer(&Asked::Status, health.status_ok_ms) && newer(&Asked::Queues, health.queue_ok_ms);
        if !read && now > calm_since + within[0] + TICK {
            self.truth.say(now, &format!("campaigns not read since {:.1} s", calm_since.as_secs_f64()));
        }
        // Nobody's agents are asked for before the campaigns come again: after failures that is a while after the trouble.
        let read_again = read.then(|| *self.read_again.get_or_insert(now));
        if read_again.is_some_and(|since| now > since + within[1] + TICK) {
            for campaign in &snapshot.campaigns {
                let read = snapshot.agents_read_at_ms.get(&campaign.name).copied();
                if !newer(&Asked::Agents(campaign.name.clone()), read) {
                    let text = format!(
                        "agents of {} not read since {:.1} s",
                        campaign.name,
                        calm_since.as_secs_f64()
                    );
                    self.truth.say(now, &text);
                }
            }
        }
    }

    fn begins(&mut self, planned: &Planned) {
        match planned.trouble {
            Trouble::TokenExpired => self.simulator.expire_tokens(),
            Trouble::ClockSet(secs) => {
                self.wall.set_ahead(i64::from(secs) * 1_000);
                if secs <= LOOKS_LIKE_SLEEP_SECS {
                    locked(&self.journal).clock_set(i64::from(secs) * 1_000);
                }
                self.clock_set_at = Some(self.now());
            }
            Trouble::Restart => {
                self.simulator.reset_counters();
                self.way.world_changed();
            }
            _ => {}
        }
    }

    fn act(&mut self, deed: Deed) {
        match deed {
            Deed::Search(minutes) => self.search(minutes),
            Deed::Tag => self.tag(),
        }
    }

    /// A search is whole, or says that it is not.
    fn search(&mut self, minutes: u32) {
        let to = self.simulator.now();
        let from = to - chrono::Duration::minutes(i64::from(minutes));
        let before = self.simulator.calls_between(from, to);
        let search = Search {
            from: from.format(DATE).to_string(),
            to: to.format(DATE).to_string(),
            ..Search::default()
        };
        let (calls, simulator) = (self.calls.clone(), Arc::clone(&self.simulator));
        let (found, said, begun) = (Arc::clone(&self.found), Arc::clone(&self.said), self.begun);
        self.jobs.spawn(async move {
            let list = Mutex::new(atalaya_calls::CallList::default());
            let mut done = false;
            let pages = Pages { first: 50, most: 500 };
            let on = |update| done = matches!(update, SearchUpdate::Done { .. });
            let never = CancellationToken::new();
            let outcome = calls.fill(&list, &search, pages, on, &never).await;
            let got = locked(&list).table().all();
            let guids: BTreeSet<String> = got.iter().map(|call| call.guid.clone()).collect();
            let after = simulator.calls_between(from, to);
            let at = begun.elapsed().as_secs_f64();
            if done != outcome.is_ok() {
                locked(&said).push(format!("{at:.1} s: a search says {done}, and {outcome:?}"));
            }
            // Those that were there from beginning to end, and none that never was.
            if done && !before.is_subset(&guids) {
                let lost = before.difference(&guids).count();
                locked(&said)
                    .push(format!("{at:.1} s: {lost} of {} calls not found, without a word", before.len()));
            }
            if !guids.is_subset(&after) {
                locked(&said).push(format!("{at:.1} s: calls were found that are not there"));
            }
            let targets = got.into_iter().map(|call| TagTarget {
                guid: call.guid,
                phone: String::new(),
                started_at: call.started_at,
            });
            *locked(&found) = targets.collect();
        });
    }

    fn tag(&mut self) {
        let target = {
            let found = locked(&self.found);
            let Some(target) = found.get(self.tags.len() * 7 % found.len().max(1)) else { return };
            target.clone()
        };
        let sent = Sent {
            guid: target.guid.clone(),
            text: format!("tag {}", self.tags.len()),
            heard: Arc::default(),
        };
        let (calls, text, heard) = (self.calls.clone(), sent.text.clone(), Arc::clone(&sent.heard));
        self.jobs.spawn(async move {
            let ear = Arc::clone(&heard);
            let on = move |tag: atalaya_calls::wire::Tag| locked(&ear).push(tag.state);
            if let Ok(tag) = calls.send_tag(&target, &text, on).await {
                locked(&heard).push(tag.state);
            }
        });
        self.tags.push(sent);
    }

    /// At the end: writes once and told right, logins ended once, the budget kept.
    fn account(&mut self, client: &Client) {
        let now = self.now();
        let journal = Arc::clone(&self.journal);
        let journal = locked(&journal);
        for sent in &self.tags {
            let arrived =
                self.simulator.written(&sent.guid).iter().filter(|text| **text == sent.text).count();
            let last = self.calls.tags_for(std::slice::from_ref(&sent.guid)).ok().into_iter().flatten();
            let state = last.filter(|tag| tag.text == sent.text).map(|tag| tag.state).next_back();
            let looks_failed = journal.troubled.contains_key(&Asked::Records);
            let right = match state {
                Some(TagState::Confirmed) => arrived == 1,
                Some(TagState::Failed) | None => arrived == 0,
                Some(TagState::NotConfirmed) => arrived == 0 || looks_failed,
                Some(TagState::Unknown | TagState::Sending | TagState::Pending) => arrived <= 1,
            };
            if !right {
                let heard = locked(&sent.heard).clone();
                self.truth.say(now, &format!("a tag arrived {arrived} times and is {state:?}: {heard:?}"));
            }
        }
        for (token, goodbyes) in &journal.tokens {
            if *goodbyes != 1 {
                self.truth.say(now, &format!("a session was ended {goodbyes} times ({})", token.len()));
            }
        }
        if client.signed_in() {
            self.truth.say(now, "signed in after the end");
        }
        let (most, minute) = (self.plan.per_second * 61.0, Duration::from_secs(60));
        let mut first = 0;
        for (index, at) in journal.sent.iter().enumerate() {
            while at.saturating_sub(journal.sent[first]) >= minute {
                first += 1;
            }
            if (index - first + 1) as f64 > most + 1.0 {
                self.truth.say(now, &format!("{} requests in a minute", index - first + 1));
                break;
            }
        }
        if journal.most_in_flight > IN_FLIGHT {
            self.truth.say(now, &format!("{} requests at once", journal.most_in_flight));
        }
    }

    /// When figures may have been missing, or others than they were.
    fn in_the_way(&self, two_periods: Duration) -> Vec<Span> {
        let planned = self.plan.troubles.iter().map(|planned| {
            let from = Duration::from_secs(planned.from.saturating_sub(2));
            let until =
                Duration::from_secs(planned.until) + AFTERMATH + two_periods + Duration::from_secs(12);
            // A restart takes the day's figures with it, for the rest of the day.
            let until = if planned.trouble == Trouble::Restart { self.plan.length } else { until };
            (from, until)
        });
        planned.collect()
    }
}
