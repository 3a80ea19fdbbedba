//! A floor whose every event is known before it happens.

use std::collections::BTreeMap;
use std::sync::Arc;

use atalaya_floor::direction;
use atalaya_floor::wire::{Agent, AgentState, Campaign, Freshness, Health, Snapshot};
use fastrand::Rng;

pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const EVERY_MS: i64 = 3_000;
/// Eight in the morning of some day, coordinated universal time.
pub const BEGIN: i64 = 1_790_000_000_000 / HOUR * HOUR;
pub const END: i64 = BEGIN + 10 * HOUR;
const RESET: i64 = BEGIN + 7 * HOUR + 7 * MINUTE + 1_000;

/// Somebody in one state.
pub struct Stay {
    pub from_ms: i64,
    pub until_ms: i64,
    pub state: AgentState,
    pub reason: Option<&'static str>,
    calls: u32,
}

pub struct Person {
    pub location: String,
    pub name: String,
    pub stays: Vec<Stay>,
    campaigns: Vec<String>,
}

impl Person {
    fn at(&self, at_ms: i64) -> &Stay {
        &self.stays[self.stays.partition_point(|stay| stay.from_ms <= at_ms) - 1]
    }

    /// By the counter, from the first to the last reading; what came in gaps is in it.
    pub fn calls_between(&self, runs: &[(i64, i64)]) -> u32 {
        let (first, last) = (runs[0].0, runs[runs.len() - 1].1);
        self.at(last).calls - self.at(first).calls
    }
}

/// A call of a campaign: when it counted, answered or not, within the threshold or not.
type Call = (i64, bool, bool);

pub struct World {
    pub people: Vec<Person>,
    pub campaigns: Vec<String>,
    calls: BTreeMap<String, Vec<Call>>,
    /// Callers waiting, from a moment on.
    waiting: BTreeMap<String, Vec<(i64, u32)>>,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let campaigns: Vec<String> =
            ["Cobranzas->", "Portal & más<-", "Soporte<-", "Ventas<-"].map(str::to_owned).to_vec();
        let people = (0..14).map(|number| person(number, &campaigns, &mut random)).collect();
        let mut calls = BTreeMap::new();
        let mut waiting = BTreeMap::new();
        for name in &campaigns {
            let (mut of, mut at) = (Vec::new(), BEGIN - 20 * MINUTE);
            while at < END {
                at += random.i64(2_000..40_000);
                let answered = random.u8(0..10) < 8;
                // Nothing in the seconds around a reset: whatever came in them is lost to any client.
                if (at - RESET).abs() > 6_000 {
                    of.push((at, answered, answered && random.u8(0..10) < 7));
                }
            }
            calls.insert(name.clone(), of);
            let (mut of, mut at) = (vec![(0, 0)], BEGIN);
            while at < END {
                at += random.i64(1_000..60_000);
                of.push((at, random.u32(0..6)));
            }
            waiting.insert(name.clone(), of);
        }
        Self { people, campaigns, calls, waiting }
    }

    fn waiting(&self, name: &str, at_ms: i64) -> (i64, u32) {
        let of = &self.waiting[name];
        of[of.partition_point(|(from, _)| *from <= at_ms) - 1]
    }

    /// The counters as the server has them.
    pub fn counted(&self, name: &str, at_ms: i64) -> (u32, u32, u32) {
        let since = if at_ms >= RESET { RESET } else { i64::MIN };
        let counted = self.calls[name].iter().filter(|(at, ..)| *at > since && *at <= at_ms);
        counted.fold((0, 0, 0), |(answered, abandoned, inside), (_, was_answered, was_inside)| {
            (
                answered + u32::from(*was_answered),
                abandoned + u32::from(!was_answered),
                inside + u32::from(*was_inside),
            )
        })
    }

    /// Answered, abandoned and answered within the threshold on inbound campaigns, after one moment and up to another.
    pub fn came(&self, after_ms: i64, until_ms: i64) -> (u32, u32, u32) {
        let inbound = self.calls.iter().filter(|(name, _)| name.ends_with("<-"));
        let came = inbound.flat_map(|(_, calls)| calls).filter(|(at, ..)| *at > after_ms && *at <= until_ms);
        came.fold((0, 0, 0), |(answered, abandoned, inside), (_, was_answered, was_inside)| {
            (
                answered + u32::from(*was_answered),
                abandoned + u32::from(!was_answered),
                inside + u32::from(*was_inside),
            )
        })
    }

    /// Most waiting in the minutes up to a moment, by the readings of its run: each holds until the next.
    pub fn most_waiting(
        &self,
        name: &str,
        good: &[i64],
        runs: &[(i64, i64)],
        at_ms: i64,
    ) -> Vec<Option<u32>> {
        if name.ends_with("->") {
            return Vec::new();
        }
        let (run, _) =
            runs.iter().find(|(from, until)| (*from..=*until).contains(&at_ms)).copied().unwrap_or_default();
        let last = at_ms.div_euclid(MINUTE);
        let first = (last - 59).max(run.div_euclid(MINUTE));
        let readings: Vec<i64> = good.iter().copied().filter(|at| (run..=at_ms).contains(at)).collect();
        (first..=last)
            .map(|minute| {
                let (begins, ends) = ((minute * MINUTE).max(run), ((minute + 1) * MINUTE - 1).min(at_ms));
                let from = readings.partition_point(|at| *at <= begins).saturating_sub(1);
                let until = readings.partition_point(|at| *at <= ends);
                readings[from..until].iter().map(|at| self.waiting(name, *at).1).max()
            })
            .collect()
    }

    pub fn snapshot(&self, at_ms: i64, revision: u64, fresh: bool) -> Arc<Snapshot> {
        let freshness = if fresh { Freshness::Fresh } else { Freshness::Stale };
        Arc::new(Snapshot {
            revision,
            at_ms,
            campaigns: self.campaigns.iter().map(|name| self.campaign(name, at_ms)).collect(),
            agents: self.people.iter().map(|person| person.agent(at_ms).into()).collect(),
            agents_read_at_ms: BTreeMap::new(),
            agents_unread: std::collections::BTreeMap::new(),
            agents_every_ms: EVERY_MS as u32,
            health: Health {
                freshness,
                last_ok_ms: Some(at_ms),
                status_ok_ms: Some(at_ms),
                queue_ok_ms: Some(at_ms),
                every_ms: EVERY_MS as u32,
                slowed: None,
                round_trip_ms: None,
                failures: 0,
                problem: None,
                dropped: 0,
                requests_per_minute: 0,
                server_offset_secs: None,
            },
        })
    }

    /// The floor of one moment at another.
    pub fn snapshot_again(&self, of_ms: i64, at_ms: i64, revision: u64) -> Arc<Snapshot> {
        Arc::new(Snapshot { at_ms, ..(*self.snapshot(of_ms, revision, true)).clone() })
    }

    fn campaign(&self, name: &str, at_ms: i64) -> Campaign {
        let (direction, label) = direction(name);
        let (answered, abandoned, inside) = self.counted(name, at_ms);
        let tenths =
            |part: u32, of: u32| (of > 0).then(|| (f64::from(part) * 1_000.0 / f64::from(of)).round() / 10.0);
        let (since, waiting) = self.waiting(name, at_ms);
        Campaign {
            name: name.to_owned(),
            label: label.to_owned(),
            direction,
            waiting: Some(waiting),
            longest_wait_secs: (waiting == 0).then_some(0),
            longest_wait_since_ms: (waiting > 0).then_some(since),
            available: Some((at_ms / 20_000 % 5) as u32),
            logged_in: Some(9),
            total_agents: Some(14),
            busy: Some((at_ms / 3_000 % 9) as u32),
            busy_paused: None,
            paused: Some(1),
            wrap_up: Some(0),
            ringing: None,
            on_hold: Some(0),
            answered: Some(answered),
            abandoned: Some(abandoned),
            total_calls: Some(answered + abandoned),
            abandon_rate: tenths(abandoned, answered + abandoned),
            service_level: tenths(inside, answered),
            service_level2: Some(81.25),
            service_level_offered: None,
            service_level_patient: None,
            service_level_threshold_secs: Some(20),
            wrap_up_secs: Some(0),
            recent_wait_secs: Some(12),
            recent_talk_secs: None,
            average_wait_secs: Some(9),
            average_talk_secs: Some(140),
            strategy: Some("rrmemory".into()),
            waiting_trend: vec![Some(1)],
            rolling: Vec::new(),
        }
    }
}

impl Person {
    fn agent(&self, at_ms: i64) -> Agent {
        let stay = self.at(at_ms);
        let on_call = stay.state == AgentState::Busy;
        Agent {
            location: self.location.clone(),
            name: self.name.clone(),
            state: stay.state,
            status_code: None,
            state_since_ms: Some(stay.from_ms),
            pause_reason: stay.reason.map(str::to_owned),
            paused_in: u32::from(stay.reason.is_some()),
            in_call_here: on_call.then_some(true),
            call_campaign: on_call.then(|| self.campaigns[0].clone()),
            calls_taken: Some(stay.calls),
            last_call_at_ms: None,
            campaigns: self.campaigns.clone(),
            ring_no_answer: 0,
            pause_before_secs: None,
        }
    }
}

fn person(number: usize, campaigns: &[String], random: &mut Rng) -> Person {
    use AgentState::{Available, Busy, BusyPaused, Offline, OnHold, Paused, Ringing, WrapUp};
    let (mut stays, mut at, mut calls): (Vec<Stay>, _, _) = (Vec::new(), BEGIN - HOUR, 5);
    while at < END + HOUR {
        let state =
            random.choice([Available, Ringing, Busy, BusyPaused, OnHold, Paused, Paused, WrapUp, Offline]);
        let state = state.unwrap_or(Available);
        let reason = (state == Paused).then(|| if random.bool() { "Baño" } else { "Almuerzo" });
        if stays.last().is_some_and(|last| (last.state, last.reason) == (state, reason)) {
            continue;
        }
        // Longer than the time between two readings: what is shorter nobody can see.
        let long = if random.u8(0..8) == 0 { HOUR } else { 0 };
        let until_ms = at + long + random.i64(7_000..600_000);
        calls += u32::from(state == WrapUp);
        stays.push(Stay { from_ms: at, until_ms, state, reason, calls });
        at = until_ms;
    }
    // Everybody works in two of the four; nobody of the first half in the last.
    let first = number % 2;
    Person {
        location: format!("SIP/{}", 1_000 + number),
        name: format!("agent {number}"),
        stays,
        campaigns: vec![campaigns[first].clone(), campaigns[first + 1].clone()],
    }
}
