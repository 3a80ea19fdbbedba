//! A small centre that lives second by second, by rules of its own: waves of calls, long talks now and then, callers of two
//! kinds, breaks; campaigns are served in turn, and whoever is free takes a call by chance.

use std::collections::VecDeque;

use atalaya_forecast::input::{
    Campaign, Doing, Floor, Known, Person, Reading, Seat, Times, Waiting, Weekday,
};

pub const CAMPAIGNS: usize = 4;
pub const WITHIN: usize = 20;
/// Seconds of a day that are lived.
pub const DAY: usize = 5 * 3_600;
const PEOPLE: usize = 64;
const HALF_HOUR: usize = 1_800;
/// Share of people busy on an ordinary day.
const LOAD: f64 = 0.85;
const TALK: [f64; CAMPAIGNS] = [150.0, 240.0, 190.0, 300.0];
const SHARE: [f64; CAMPAIGNS] = [0.35, 0.3, 0.2, 0.15];

#[derive(Clone, Copy, PartialEq)]
enum State {
    Free,
    Talk(usize, usize),
    Wrap(usize),
    Break,
}

struct Somebody {
    state: State,
    since: usize,
    until: usize,
    seats: Vec<usize>,
}

#[derive(Clone, Copy, Default)]
pub struct Counters {
    pub answered: u32,
    pub within: u32,
    pub abandoned: u32,
}

pub struct World {
    random: fastrand::Rng,
    people: Vec<Somebody>,
    /// When each caller came and will give up.
    queues: [VecDeque<(usize, usize)>; CAMPAIGNS],
    counters: [Counters; CAMPAIGNS],
    talks: [Vec<f64>; CAMPAIGNS],
    wraps: [Vec<f64>; CAMPAIGNS],
    breaks: Vec<f64>,
    waits: [(Vec<f64>, Vec<f64>); CAMPAIGNS],
    /// How many times as many calls as usual come on this day.
    level: f64,
}

/// What was at one second.
#[derive(Clone, Copy)]
pub struct Then {
    pub waiting: [u32; CAMPAIGNS],
    pub longest: [f64; CAMPAIGNS],
    pub counters: [Counters; CAMPAIGNS],
}

fn normal(random: &mut fastrand::Rng) -> f64 {
    (0..12).map(|_| random.f64()).sum::<f64>() - 6.0
}

impl World {
    pub fn new(seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let people = (0..PEOPLE)
            .map(|at| {
                let own = match at * 100 / PEOPLE {
                    0..35 => 0,
                    35..65 => 1,
                    65..85 => 2,
                    _ => 3,
                };
                let mut seats = vec![own];
                if at % 3 == 0 {
                    seats.push((own + 1) % CAMPAIGNS);
                }
                Somebody { state: State::Free, since: 0, until: 0, seats }
            })
            .collect();
        let level = (0.12 * normal(&mut random)).exp();
        Self {
            random,
            people,
            queues: Default::default(),
            counters: Default::default(),
            talks: Default::default(),
            wraps: Default::default(),
            breaks: Vec::new(),
            waits: Default::default(),
            level,
        }
    }

    /// Calls a second; waves, each campaign's at its own time.
    fn rate(&self, campaign: usize, now: usize) -> f64 {
        let turn = now as f64 / 5_400.0 + campaign as f64 * 0.37;
        let wave = 0.8 + 0.7 * (std::f64::consts::PI * turn).sin().powi(2);
        let busy = LOAD * PEOPLE as f64 * SHARE[campaign];
        self.level * wave * busy / (TALK[campaign] * 1.1 + 25.0)
    }

    pub fn step(&mut self, now: usize) {
        for campaign in 0..CAMPAIGNS {
            let queue = &mut self.queues[campaign];
            let (counters, waits) = (&mut self.counters[campaign], &mut self.waits[campaign].1);
            queue.retain(|(came, leaves)| {
                let stays = *leaves > now;
                if !stays {
                    counters.abandoned += 1;
                    waits.push((now - came) as f64);
                }
                stays
            });
            let rate = self.rate(campaign, now);
            if self.random.f64() < rate {
                // Some give up at once, most are patient.
                let impatient = self.random.f64() < 0.15;
                let patience =
                    if impatient { 5.0 + 20.0 * self.random.f64() } else { 60.0 + 400.0 * self.random.f64() };
                self.queues[campaign].push_back((now, now + patience as usize));
            }
        }
        for at in 0..PEOPLE {
            self.person(at, now);
        }
        // Campaign by campaign, another one first every second, and whoever it hits.
        for campaign in (0..CAMPAIGNS).map(|at| (at + now) % CAMPAIGNS) {
            while let Some((came, _)) = self.queues[campaign].front().copied() {
                let may = |person: &Somebody| person.state == State::Free && person.seats.contains(&campaign);
                let free: Vec<usize> = (0..PEOPLE).filter(|at| may(&self.people[*at])).collect();
                if free.is_empty() {
                    break;
                }
                let person = free[self.random.usize(..free.len())];
                self.queues[campaign].pop_front();
                let waited = now - came;
                self.waits[campaign].0.push(waited as f64);
                let counters = &mut self.counters[campaign];
                counters.answered += 1;
                counters.within += u32::from(waited <= WITHIN);
                let talk = TALK[campaign] * (0.7 * normal(&mut self.random) - 0.245).exp();
                let somebody = &mut self.people[person];
                somebody.state = State::Talk(campaign, now);
                (somebody.since, somebody.until) = (now, now + 5 + talk as usize);
            }
        }
    }

    fn person(&mut self, at: usize, now: usize) {
        let somebody = &mut self.people[at];
        if now < somebody.until {
            return;
        }
        match somebody.state {
            State::Talk(campaign, begun) => {
                self.talks[campaign].push((now - begun) as f64);
                somebody.state = State::Wrap(campaign);
                (somebody.since, somebody.until) = (now, now + 10 + self.random.usize(..30));
            }
            State::Wrap(campaign) => {
                self.wraps[campaign].push((now - somebody.since) as f64);
                (somebody.state, somebody.since) = (State::Free, now);
                if self.random.f64() < 0.04 {
                    somebody.state = State::Break;
                    somebody.until = now + 120 + self.random.usize(..900);
                }
            }
            State::Break => {
                self.breaks.push((now - somebody.since) as f64);
                (somebody.state, somebody.since) = (State::Free, now);
            }
            State::Free => {}
        }
    }

    fn then(&self, now: usize) -> Then {
        Then {
            waiting: std::array::from_fn(|at| self.queues[at].len() as u32),
            longest: std::array::from_fn(|at| {
                self.queues[at].front().map_or(0.0, |(came, _)| (now - came) as f64)
            }),
            counters: self.counters,
        }
    }

    pub fn floor(&self, now: usize, past: &[Then]) -> Floor {
        let campaign = |at: usize| Campaign {
            name: format!("{at}"),
            inbound: true,
            waiting: Some(Waiting {
                callers: self.queues[at].len() as u32,
                longest_secs: self.queues[at].front().map(|(came, _)| (now - came) as f64),
            }),
            readings: (now.saturating_sub(2 * HALF_HOUR)..=now)
                .step_by(10)
                .map(|second| {
                    let then = &past[second];
                    Reading {
                        ago_secs: (now - second) as f64,
                        answered: Some(then.counters[at].answered),
                        abandoned: Some(then.counters[at].abandoned),
                        waiting: Some(then.waiting[at]),
                    }
                })
                .collect(),
            people_known: true,
        };
        let person = |somebody: &Somebody| {
            let (doing, call_of) = match somebody.state {
                State::Free => (Doing::Available, None),
                State::Talk(campaign, _) => (Doing::OnCall, Some(campaign)),
                State::Wrap(campaign) => (Doing::WrapUp, Some(campaign)),
                State::Break => (Doing::OnBreak, None),
            };
            let seat = |campaign: &usize| Seat { campaign: *campaign, penalty: 0, paused: false };
            Person {
                location: String::new(),
                doing,
                for_secs: Some((now - somebody.since) as f64),
                call_of,
                seats: somebody.seats.iter().map(seat).collect(),
            }
        };
        Floor {
            age_secs: Some(0.0),
            campaigns: (0..CAMPAIGNS).map(campaign).collect(),
            people: self.people.iter().map(person).collect(),
        }
    }

    pub fn known(&self, now: usize, days: &[Vec<Then>]) -> Known {
        let last = |all: &[f64]| all[all.len().saturating_sub(150)..].to_vec();
        let times = |at: usize| {
            let half = now / HALF_HOUR;
            let calls = |day: &[Then], half: usize| {
                let count = |second: usize| {
                    let then = day.get(second)?;
                    Some(then.counters[at].answered + then.counters[at].abandoned + then.waiting[at])
                };
                Some(count((half + 1) * HALF_HOUR)? - count(half * HALF_HOUR)?)
            };
            Times {
                weekdays: days
                    .iter()
                    .map(|day| Weekday {
                        before: half.checked_sub(1).and_then(|half| calls(day, half)),
                        this: calls(day, half),
                        next: calls(day, half + 1),
                        ..Weekday::default()
                    })
                    .collect(),
                talk_secs: last(&self.talks[at]),
                wrap_up_secs: last(&self.wraps[at]),
                answered_waits: last(&self.waits[at].0),
                abandoned_waits: {
                    // As long a time as the answered ones are of.
                    let share = self.waits[at].1.len() as f64 / self.waits[at].0.len().max(1) as f64;
                    let count = (share * 150.0) as usize;
                    self.waits[at].1[self.waits[at].1.len().saturating_sub(count)..].to_vec()
                },
                ..Times::default()
            }
        };
        Known {
            campaigns: (0..CAMPAIGNS).map(times).collect(),
            into_half_hour_secs: (now % HALF_HOUR) as f64,
            break_secs: last(&self.breaks),
            break_secs_so_far: Vec::new(),
            // Here they all begin with the end of a call's work.
            breaks_per_free_hour: Some(0.0),
            breaks_per_call: Some(
                self.breaks.len() as f64 / self.wraps.iter().map(Vec::len).sum::<usize>().max(1) as f64,
            ),
        }
    }
}

pub fn lived(seed: u64) -> Vec<Then> {
    let mut world = World::new(seed);
    (0..=DAY)
        .map(|now| {
            world.step(now);
            world.then(now)
        })
        .collect()
}
