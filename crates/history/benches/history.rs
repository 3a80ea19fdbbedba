//! A simulated day of 200 campaigns and 5,000 agents, everybody signed in around the clock: how much room it takes, how
//! long a moment of it, a person's day and a report take. Stepped through the clock, not waited for. Prints tables; asserts
//! nothing. The baselines (each snapshot kept as JSON; the day replayed from its start) are worked out from a sample.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use atalaya_floor::wire::{Agent, AgentState, Campaign, Direction, Freshness, Health, Held, Snapshot};
use atalaya_floor::{apply, diff};
use atalaya_history::wire::{Period, ReportRequest};
use atalaya_history::{Bounds, History};

const CAMPAIGNS: usize = 200;
const AGENTS: usize = 5_000;
const EVERY_MS: i64 = 3_000;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
const BEGIN: i64 = 1_790_000_000_000 / HOUR_MS * HOUR_MS;
const SAMPLED: usize = 100;
/// Between two days of watching.
const NIGHT_MS: i64 = 9 * HOUR_MS;
/// So much of the second day is watched.
const NEXT_MS: i64 = HOUR_MS / 2;

struct Floor {
    now: Snapshot,
    until: Vec<i64>,
    random: fastrand::Rng,
}

fn name(index: usize) -> String {
    format!("Campaign {index}{}", if index.is_multiple_of(5) { "->" } else { "<-" })
}

impl Floor {
    fn new() -> Self {
        let mut random = fastrand::Rng::with_seed(1);
        let campaigns = (0..CAMPAIGNS).map(campaign).collect();
        let mut agents: Vec<Agent> = (0..AGENTS).map(|index| agent(index, &mut random)).collect();
        agents.sort_by(|one, other| one.location.cmp(&other.location));
        let health = Health {
            freshness: Freshness::Fresh,
            last_ok_ms: Some(BEGIN),
            status_ok_ms: Some(BEGIN),
            queue_ok_ms: Some(BEGIN),
            every_ms: EVERY_MS as u32,
            slowed: None,
            round_trip_ms: Some(40),
            failures: 0,
            problem: None,
            dropped: 0,
            requests_per_minute: 60,
            server_offset_secs: None,
        };
        let now = Snapshot {
            revision: 0,
            at_ms: BEGIN,
            campaigns,
            agents: agents.into_iter().map(Held::from).collect(),
            agents_read_at_ms: BTreeMap::new(),
            agents_unread: std::collections::BTreeMap::new(),
            agents_every_ms: EVERY_MS as u32,
            health,
        };
        let until = (0..AGENTS).map(|_| BEGIN + random.i64(0..240_000)).collect();
        Self { now, until, random }
    }

    /// Nobody watched for so long.
    fn away(&mut self, ms: i64) {
        self.now.at_ms += ms;
        self.until.iter_mut().for_each(|until_ms| *until_ms += ms);
    }

    /// Three seconds later.
    fn step(&mut self) -> Arc<Snapshot> {
        let at_ms = self.now.at_ms + EVERY_MS;
        (self.now.at_ms, self.now.revision, self.now.health.last_ok_ms) =
            (at_ms, self.now.revision + 1, Some(at_ms));
        for (agent, until) in self.now.agents.iter_mut().zip(&mut self.until) {
            if *until > at_ms {
                continue;
            }
            let agent = agent.change();
            let (state, secs) = after(agent.state, &mut self.random);
            agent.state_since_ms = Some(*until);
            *until = at_ms + self.random.i64(secs * 500..secs * 1_500);
            agent.pause_reason = (state == AgentState::Paused).then(|| "Almuerzo".to_owned());
            agent.call_campaign = (state == AgentState::Busy).then(|| agent.campaigns[0].clone());
            agent.in_call_here = (state == AgentState::Busy).then_some(true);
            if state == AgentState::WrapUp {
                agent.calls_taken = agent.calls_taken.map(|calls| calls + 1);
                agent.last_call_at_ms = Some(at_ms / 1_000 * 1_000);
            }
            agent.state = state;
        }
        for campaign in &mut self.now.campaigns {
            move_on(campaign, at_ms, &mut self.random);
        }
        Arc::new(self.now.clone())
    }
}

/// What comes next, and for how many seconds on average.
fn after(state: AgentState, random: &mut fastrand::Rng) -> (AgentState, i64) {
    match state {
        AgentState::Available => (AgentState::Ringing, 6),
        AgentState::Ringing => (AgentState::Busy, 180),
        AgentState::Busy => (AgentState::WrapUp, 20),
        AgentState::WrapUp if random.u8(0..10) == 0 => (AgentState::Paused, 420),
        _ => (AgentState::Available, 40),
    }
}

fn move_on(campaign: &mut Campaign, at_ms: i64, random: &mut fastrand::Rng) {
    let mut wander = |figure: &mut Option<u32>, most: u32| {
        let step = random.u32(0..8);
        let now = figure.unwrap_or(0);
        *figure = Some(match step {
            0 => now.saturating_sub(1),
            1 => (now + 1).min(most),
            _ => now,
        });
    };
    for (figure, most) in [
        (&mut campaign.waiting, 9),
        (&mut campaign.available, 12),
        (&mut campaign.busy, 20),
        (&mut campaign.wrap_up, 5),
        (&mut campaign.ringing, 4),
    ] {
        wander(figure, most);
    }
    campaign.longest_wait_since_ms = match (campaign.waiting, campaign.longest_wait_since_ms) {
        (Some(0) | None, _) => None,
        (_, Some(since)) if random.u8(0..8) > 0 => Some(since),
        _ => Some(at_ms - random.i64(0..20) * 1_000),
    };
    if random.u8(0..10) < 3 {
        let answered = campaign.answered.unwrap_or(0) + 1;
        (campaign.answered, campaign.total_calls) = (Some(answered), Some(answered + 20));
        campaign.service_level = Some(f64::from(700 + random.u32(0..10)) / 10.0);
        campaign.service_level2 = Some(f64::from(680 + random.u32(0..10)) / 10.0);
        campaign.abandon_rate = Some((20_000.0 / f64::from(answered + 20)).round() / 10.0);
        campaign.recent_wait_secs = Some(random.u32(5..25));
        campaign.recent_talk_secs = Some(random.u32(120..160));
    }
}

fn campaign(index: usize) -> Campaign {
    Campaign {
        name: name(index),
        label: format!("Campaign {index}"),
        direction: if index.is_multiple_of(5) { Direction::Outbound } else { Direction::Inbound },
        waiting: Some(1),
        longest_wait_secs: None,
        longest_wait_since_ms: None,
        available: Some(4),
        logged_in: Some(25),
        total_agents: Some(25),
        busy: Some(10),
        busy_paused: Some(0),
        paused: Some(2),
        wrap_up: Some(1),
        ringing: Some(1),
        on_hold: Some(0),
        answered: Some(0),
        abandoned: Some(20),
        total_calls: Some(20),
        abandon_rate: None,
        service_level: None,
        service_level2: None,
        service_level_offered: None,
        service_level_patient: None,
        service_level_threshold_secs: Some(20),
        wrap_up_secs: Some(20),
        recent_wait_secs: Some(9),
        recent_talk_secs: Some(130),
        average_wait_secs: Some(10),
        average_talk_secs: Some(140),
        strategy: Some("rrmemory".into()),
        waiting_trend: Vec::new(),
        rolling: Vec::new(),
    }
}

fn agent(index: usize, random: &mut fastrand::Rng) -> Agent {
    let mut campaigns = vec![name(index % CAMPAIGNS), name(index * 7 % CAMPAIGNS)];
    campaigns.sort();
    campaigns.dedup();
    Agent {
        location: format!("SIP/{}", 10_000 + index),
        name: format!("agent {index}"),
        state: AgentState::Available,
        status_code: None,
        state_since_ms: Some(BEGIN - random.i64(0..60_000)),
        pause_reason: None,
        paused_in: 0,
        in_call_here: None,
        call_campaign: None,
        calls_taken: Some(0),
        last_call_at_ms: None,
        campaigns,
        ring_no_answer: 0,
        pause_before_secs: None,
    }
}

fn percentiles(mut times: Vec<Duration>) -> (f64, f64, f64) {
    times.sort();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1_000.0;
    (at(0.5), at(0.95), at(1.0))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("history.sqlite");
    let history = History::open(&path, Bounds { days: 30, max_bytes: 4_000_000_000 })?;
    let site = history.site("bench")?;
    let mut floor = Floor::new();
    let steps = (DAY_MS / EVERY_MS) as usize;
    let (mut json, mut deltas, mut first, mut last) = (0usize, Vec::new(), None, None::<Arc<Snapshot>>);
    let mut writing = Duration::ZERO;
    for step in 0..steps {
        let snapshot = floor.step();
        let begun = Instant::now();
        history.take(site, &snapshot);
        // Nothing is left out however fast the day passes.
        history.flush();
        writing += begun.elapsed();
        if step % (steps / SAMPLED) == 0 {
            json += serde_json::to_vec(&*snapshot)?.len();
        }
        if step <= SAMPLED {
            if let Some(last) = &last {
                deltas.push(serde_json::to_vec(&diff(last, &snapshot))?);
            } else {
                first = Some((*snapshot).clone());
            }
            last = Some(snapshot);
        }
    }
    let end = floor.now.at_ms;
    let bytes = history.bytes()?;
    let naive = json as f64 / SAMPLED as f64 * steps as f64;
    println!(
        "A day of {CAMPAIGNS} campaigns x {AGENTS} agents, a snapshot every {} s ({steps})",
        EVERY_MS / 1_000
    );
    println!("{:<58}{:>12}{:>10}", "room", "MB", "ratio");
    println!("{:<58}{:>12.1}{:>10}", "history file", bytes as f64 / 1e6, "1");
    let label = format!("every snapshot as JSON (from {SAMPLED} of them)");
    println!("{label:<58}{:>12.1}{:>10.0}", naive / 1e6, naive / bytes as f64);
    println!(
        "writing: {:.2} ms a snapshot, differences and transaction included, off the poll's thread",
        writing.as_secs_f64() * 1_000.0 / steps as f64
    );

    let mut random = fastrand::Rng::with_seed(2);
    let time = |work: &mut dyn FnMut() -> Result<(), Box<dyn std::error::Error>>, runs: usize| {
        let mut times = Vec::new();
        for _ in 0..runs {
            let begun = Instant::now();
            work()?;
            times.push(begun.elapsed());
        }
        Ok::<_, Box<dyn std::error::Error>>(percentiles(times))
    };
    let mut replayed = first.ok_or("there is a first snapshot")?;
    let begun = Instant::now();
    for delta in &deltas {
        replayed = apply(&replayed, &serde_json::from_slice(delta)?).ok_or("a delta follows the other")?;
    }
    black_box(&replayed);
    let replay_noon = begun.elapsed().as_secs_f64() * 1_000.0 / deltas.len() as f64 * (steps as f64 / 2.0);
    let day = Period { from_ms: BEGIN, until_ms: end };
    let shift = Period { from_ms: BEGIN + 8 * HOUR_MS, until_ms: BEGIN + 16 * HOUR_MS };
    println!("\n{:<58}{:>10}{:>10}{:>10}", "time, ms", "p50", "p95", "most");
    let line = |label: &str, (p50, p95, most): (f64, f64, f64)| {
        println!("{label:<58}{p50:>10.1}{p95:>10.1}{most:>10.1}");
    };
    line(
        "any moment of the day",
        time(
            &mut || {
                let moment = history.moment(site, random.i64(BEGIN + EVERY_MS..end))?;
                black_box(moment.snapshot.ok_or("it was watched")?);
                Ok(())
            },
            200,
        )?,
    );
    line(
        "the last moment (the hour under way)",
        time(
            &mut || {
                black_box(history.moment(site, end)?);
                Ok(())
            },
            20,
        )?,
    );
    let label = format!("noon, replayed from the start (from {} differences)", deltas.len());
    println!("{label:<58}{replay_noon:>10.0}{:>10}{:>10}", "–", "–");
    line(
        "a campaign's day, minute by minute",
        time(
            &mut || {
                black_box(history.trend(site, &name(1), day)?);
                Ok(())
            },
            20,
        )?,
    );
    line(
        "a person's day",
        time(
            &mut || {
                black_box(history.person(site, "SIP/10077", day)?);
                Ok(())
            },
            20,
        )?,
    );
    line(
        "what a forecast asks of the past, the day under way",
        time(
            &mut || {
                black_box(history.times(site, end)?);
                Ok(())
            },
            5,
        )?,
    );
    let over = AtomicBool::new(false);
    let beside = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                drop(black_box(history.times(site, end)));
            }
        });
        let times = time(
            &mut || {
                let moment = history.moment(site, random.i64(BEGIN + EVERY_MS..end))?;
                black_box(moment.snapshot.ok_or("it was watched")?);
                Ok(())
            },
            50,
        );
        over.store(true, Ordering::Relaxed);
        times
    });
    line("any moment of the day while a forecast asks", beside?);
    let request = ReportRequest { period: shift, team: None };
    line(
        "a shift of eight hours, everybody",
        time(
            &mut || {
                black_box(history.report(site, &request, &[], &[])?);
                Ok(())
            },
            3,
        )?,
    );

    // The next day begins: what lies before the night is read as well until enough was seen.
    floor.away(NIGHT_MS);
    for _ in 0..NEXT_MS / EVERY_MS {
        history.take(site, &floor.step());
        history.flush();
    }
    line(
        "the same half an hour into the next day",
        time(
            &mut || {
                black_box(history.times(site, floor.now.at_ms)?);
                Ok(())
            },
            5,
        )?,
    );
    Ok(())
}
