//! Three desks, each with a clock of its own that does not wait, and what they share: step by step in true time. A desk is
//! the program's own client, floor and link; one that stands still, sleeps or is killed is not let run.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use atalaya_floor::{Floor, PollOptions};
use atalaya_simulator::{Config, Simulator};
use atalaya_team::Link;
use atalaya_team::wire::{TeamPart, TeamState};
use atalaya_ucontact::{Answering, Client, Options, Secret, Server};
use axum::body::Body;
use bytes::Bytes;
use futures_util::StreamExt;
use http::header;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

use crate::desks::plan::{CALM, DESKS, Fault, Plan, Planned};
use crate::desks::ways::Place;
use crate::desks::world::{Arrived, BEGINS_MS, World};
use crate::wall::Wall;
use crate::way::{locked, pieces_of};

const STEP: Duration = Duration::from_millis(20);
const PER_SECOND: f64 = 4.0;
const CAMPAIGNS: usize = 3;
const AGENTS: usize = 8;
/// A way to the server that failed is felt so long.
const FELT: Duration = Duration::from_secs(45);
/// From the server to a desk, over another.
const SLACK: Duration = Duration::from_secs(2);
/// Everybody is back so long before the end.
const SETTLED: Duration = Duration::from_secs(30);

/// A desk that is signed in.
pub struct Live {
    pub floor: Floor,
    pub state: watch::Receiver<TeamState>,
    _link: Link,
}

/// What came of a stretch.
pub struct Lived {
    pub wrong: Vec<String>,
    pub digest: u64,
    pub lines: Vec<String>,
    pub requests: usize,
}

struct Desk {
    runtime: Runtime,
    place: Place,
}

/// What keeps a desk from running.
#[derive(Clone, Copy)]
struct Halt {
    fault: Fault,
    since: Duration,
    until: Duration,
}

fn runtime() -> Result<Runtime, String> {
    let made = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    made.map_err(|error| error.to_string())
}

impl Desk {
    fn open(
        plan: &Plan,
        desk: usize,
        world: &Arc<Mutex<World>>,
        simulator: &Simulator,
    ) -> Result<Self, String> {
        let now = locked(world).now;
        let runtime = runtime()?;
        let begins_ms = BEGINS_MS + now.as_millis() as i64 + plan.ahead_ms[desk];
        let wall = {
            let _inside = runtime.enter();
            Wall::begin(begins_ms)
        };
        let behind = Arc::new(AtomicU64::new(now.as_nanos() as u64));
        let place = Place { desk, world: Arc::clone(world), wall, behind, live: Arc::default() };
        locked(world).truth.opened(desk, now);
        runtime.spawn(begin(
            place.clone(),
            simulator.user().to_owned(),
            simulator.password().to_owned(),
            plan.every,
        ));
        Ok(Self { runtime, place })
    }

    /// Its own time at that true one.
    fn own(&self, now: Duration) -> Duration {
        now.saturating_sub(Duration::from_nanos(self.place.behind.load(Ordering::Relaxed)))
    }

    fn run(&self, now: Duration) {
        let until = self.place.wall.begun + self.own(now);
        self.runtime.block_on(async { sleep_until(until).await });
    }

    /// It stood still: its clocks went on, and everything is due at once.
    fn goes_on(&self, now: Duration) {
        let (begun, own) = (self.place.wall.begun, self.own(now));
        self.runtime.block_on(async {
            let left = own.saturating_sub(Instant::now().duration_since(begun));
            tokio::time::advance(left).await;
        });
    }

    /// Its computer slept: its steady clock stood still.
    fn wakes(&self, slept: Duration) {
        self.place.behind.fetch_add(slept.as_nanos() as u64, Ordering::Relaxed);
        self.place.wall.set_ahead(slept.as_millis() as i64);
    }
}

async fn begin(place: Place, user: String, password: String, every: Duration) {
    let Ok(server) = Server::parse("http://127.0.0.1/", None, None, None) else { return };
    let clock = place.wall.clock();
    loop {
        let options = Options { requests_per_second: PER_SECOND, max_in_flight: 4, clock: clock.clone() };
        let over = Arc::new(place.clone());
        let password = Secret::new(password.clone());
        let Ok(client) = Client::sign_in_over(over, server.clone(), &user, password, options).await else {
            sleep(Duration::from_secs(1)).await;
            continue;
        };
        let floor = Floor::watch(client, PollOptions { every, requests_per_second: PER_SECOND });
        let link = Link::join_at(Arc::new(place.clone()), floor.relay(), clock);
        let state = link.state();
        *locked(&place.live) = Some(Live { floor, state, _link: link });
        return;
    }
}

struct Machine<'a> {
    plan: &'a Plan,
    world: Arc<Mutex<World>>,
    server: Runtime,
    server_begun: Instant,
    simulator: Simulator,
    desks: [Option<Desk>; DESKS],
    halted: [Option<Halt>; DESKS],
    lost_until: Duration,
}

/// Lives through a plan; `lines` keeps all that went on, in words.
///
/// # Errors
/// No runtime could be made.
pub fn live(plan: &Plan, lines: bool) -> Result<Lived, String> {
    fastrand::seed(plan.seed);
    let server = runtime()?;
    let config = Config {
        campaigns: CAMPAIGNS,
        agents: AGENTS,
        calls_per_day: 50,
        seed: plan.seed,
        control: false,
        ..Config::default()
    };
    let (simulator, server_begun) = {
        let _inside = server.enter();
        (atalaya_simulator::without_ports(config), Instant::now())
    };
    let world = World::new(plan, lines);
    let mut machine = Machine {
        plan,
        world: Arc::clone(&world),
        server,
        server_begun,
        simulator,
        desks: [const { None }; DESKS],
        halted: [None; DESKS],
        lost_until: Duration::ZERO,
    };
    machine.live()?;
    let killed = plan.faults.iter().any(|planned| matches!(planned.fault, Fault::Killed(_)));
    drop(machine);
    let mut world = locked(&world);
    world.truth.account(PER_SECOND, killed);
    Ok(Lived {
        wrong: std::mem::take(&mut world.truth.wrong),
        digest: world.truth.digest(),
        lines: world.truth.lines.take().unwrap_or_default(),
        requests: world.truth.requests.len(),
    })
}

impl Machine<'_> {
    fn live(&mut self) -> Result<(), String> {
        let mut faults = self.plan.faults.clone().into_iter().peekable();
        let mut now = Duration::ZERO;
        while now < self.plan.length {
            now += STEP;
            locked(&self.world).now = now;
            while let Some(planned) = faults.next_if(|planned| planned.from <= now) {
                self.begins(planned, now);
            }
            locked(&self.world).ends();
            self.serve(now);
            for desk in 0..DESKS {
                self.turn(desk, now)?;
            }
            self.look(now);
        }
        self.settled(now);
        Ok(())
    }

    fn begins(&mut self, planned: Planned, now: Duration) {
        let Planned { fault, until, .. } = planned;
        {
            let mut world = locked(&self.world);
            world.truth.note(&format!("{:.3} {fault:?}", now.as_secs_f64()));
            world.begins(planned);
            if let Fault::ServerLost(desk, _) | Fault::ServerSlow(desk) = fault {
                world.truth.server_lost(desk);
            }
        }
        match fault {
            Fault::Killed(desk) => {
                if let Some(desk) = self.desks[desk].take() {
                    locked(&desk.place.live).take();
                }
                self.halted[desk] = Some(Halt { fault, since: now, until });
            }
            Fault::Stopped(desk) | Fault::Slept(desk) => {
                self.halted[desk] = Some(Halt { fault, since: now, until });
                // What lay there meanwhile looks like a slow server, which is asked less often for a while.
                self.lost_until = self.lost_until.max(until + FELT);
            }
            Fault::ClockSet(desk, by_ms) => {
                if let Some(desk) = &self.desks[desk] {
                    desk.place.wall.set_ahead(by_ms);
                }
            }
            // A slow one may take the lease again and again and hear of it too late.
            Fault::ServerLost(..) | Fault::ServerSlow(_) | Fault::Slow(..) => {
                self.lost_until = self.lost_until.max(until + FELT)
            }
            _ => {}
        }
    }

    /// Lets everything arrive that is due.
    fn serve(&mut self, now: Duration) {
        loop {
            let arrived = locked(&self.world).deliver();
            let Some(mut arrived) = arrived else { return };
            let request = std::mem::take(&mut arrived.request);
            let (at, simulator) = (self.server_begun + now, &self.simulator);
            let answering = self.server.block_on(async {
                sleep_until(at).await;
                answer(simulator, request, arrived.mark).await
            });
            let arrived = Arrived { request: http::Request::default(), ..arrived };
            locked(&self.world).answered(arrived, answering);
        }
    }

    fn turn(&mut self, desk: usize, now: Duration) -> Result<(), String> {
        if let Some(halt) = self.halted[desk] {
            if now < halt.until {
                return Ok(());
            }
            self.halted[desk] = None;
            match (halt.fault, &self.desks[desk]) {
                (Fault::Stopped(number), Some(desk)) => {
                    locked(&self.world).truth.goes_on(number, halt.since, now);
                    desk.goes_on(now);
                }
                // Until the step before it ran.
                (Fault::Slept(_), Some(desk)) => desk.wakes(now.saturating_sub(halt.since)),
                _ => {}
            }
        }
        if self.desks[desk].is_none() && now >= self.plan.opens[desk] {
            self.desks[desk] = Some(Desk::open(self.plan, desk, &self.world, &self.simulator)?);
        }
        if let Some(desk) = &self.desks[desk] {
            desk.run(now);
        }
        Ok(())
    }

    fn look(&mut self, now: Duration) {
        let mut world = locked(&self.world);
        let mut able = [false; DESKS];
        for (number, desk) in self.desks.iter().enumerate() {
            let Some(desk) = desk.as_ref().filter(|_| self.halted[number].is_none()) else { continue };
            let live = locked(&desk.place.live);
            let Some(live) = live.as_ref() else { continue };
            let state = live.state.borrow();
            world.truth.look(number, &live.floor.snapshot(), &state, now);
            able[number] = world.hears(number) && world.reaches(number) && state.away_since_ms.is_none();
        }
        world.truth.somebody_asks(able, now < self.lost_until, now);
    }

    /// Left alone for a while, one asks and the others follow, and all show the same.
    fn settled(&mut self, now: Duration) {
        let mut world = locked(&self.world);
        let mut parts = Vec::new();
        for (number, desk) in self.desks.iter().enumerate() {
            let Some(desk) = desk else { continue };
            let part = locked(&desk.place.live).as_ref().map(|live| live.state.borrow().part);
            parts.push(part);
            let age = world.truth.age(number, now);
            if age > self.plan.every * 2 + SLACK {
                world.truth.say(
                    now,
                    &format!("desk {number} shows what is {age:?} old, {CALM:?} after the last trouble"),
                );
            }
        }
        let of = |part: TeamPart| parts.iter().filter(|of| **of == Some(part)).count();
        if (of(TeamPart::Asks), of(TeamPart::Follows)) != (1, DESKS - 1) {
            world.truth.say(now, &format!("{CALM:?} after the last trouble they are {parts:?}"));
        }
        let polls = world.truth.polls_since(now.saturating_sub(SETTLED));
        let most = (SETTLED.as_secs_f64() / self.plan.every.as_secs_f64() * 1.2).ceil() as usize + 1;
        if polls > most {
            world.truth.say(now, &format!("{polls} polls in the last {SETTLED:?}"));
        }
    }
}

impl Drop for Machine<'_> {
    fn drop(&mut self) {
        for desk in self.desks.iter_mut().filter_map(Option::take) {
            // Before its runtime: it hangs up by itself.
            locked(&desk.place.live).take();
        }
    }
}

/// The simulated centre's answer; that of a poll carries its mark as the number of agents.
async fn answer(simulator: &Simulator, request: http::Request<Bytes>, mark: u32) -> Answering {
    let response = simulator.answer(request.map(Body::from)).await;
    let (head, body) = response.into_parts();
    let mut whole = Vec::new();
    let mut pieces = body.into_data_stream();
    while let Some(Ok(piece)) = pieces.next().await {
        whole.extend_from_slice(&piece);
    }
    if mark > 0 {
        whole = marked(&String::from_utf8_lossy(&whole), mark).into_bytes();
    }
    let mut headers = head.headers;
    headers.remove(header::CONTENT_LENGTH);
    let mut answering = http::Response::new(pieces_of(whole, false));
    (*answering.status_mut(), *answering.headers_mut()) = (head.status, headers);
    answering
}

fn marked(text: &str, mark: u32) -> String {
    const FIELD: &str = "\"totalagents\":";
    let mut parts = text.split(FIELD);
    let mut marked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        marked.push_str(FIELD);
        marked.push_str(&mark.to_string());
        marked.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    marked
}
