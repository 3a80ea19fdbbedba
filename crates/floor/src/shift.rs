//! What each agent did since it was first seen, from one reading of the agents after the other.
//!
//! The server says when a state began: a state seen for the first time is credited from its beginning, and one that
//! outlasted a silence is known to have gone on through it. Where nobody knows (nothing read for longer than planned, and
//! then another state), time is nobody's: unseen. A shift is over when nobody was there for five hours. Rings and pauses shorter than the time between two readings are missed.
//! Left out on purpose: anything from before the first sight of a person, and asking.

use std::collections::HashMap;

use crate::wire::{Agent, AgentDay, AgentSeat, AgentState, PauseTime, StateTime};

/// Every state, in the order told.
const STATES: [AgentState; 9] = [
    AgentState::Available,
    AgentState::Ringing,
    AgentState::Busy,
    AgentState::BusyPaused,
    AgentState::OnHold,
    AgentState::Paused,
    AgentState::WrapUp,
    AgentState::Offline,
    AgentState::Unknown,
];
/// Over twice the planned period by so much, a reading is late.
const LATE_BY_MS: i64 = 5_000;
/// A beginning that moves by less is the same one, told by another campaign.
const SAME_MS: i64 = 5_000;
/// Whoever was away for so long begins another shift when they come back.
pub(crate) const SHIFT_OVER_MS: i64 = 5 * 3_600_000;
/// Reasons told apart for one person; pauses of further ones count as states only.
const MOST_REASONS: usize = 40;
/// People remembered; beyond it the half longest unseen are forgotten.
const MOST_PEOPLE: usize = 20_000;

/// Everybody's shift.
#[derive(Debug)]
pub(crate) struct Shift {
    people: HashMap<String, Person>,
    every_ms: u32,
}

impl Default for Shift {
    fn default() -> Self {
        Self { people: HashMap::new(), every_ms: 3_000 }
    }
}

/// One person at one interface.
#[derive(Debug)]
struct Person {
    name: String,
    first_ms: i64,
    seen_ms: i64,
    /// When they were last seen signed in.
    here_ms: i64,
    state: AgentState,
    since_ms: Option<i64>,
    /// Milliseconds in each of [`STATES`].
    credited: [i64; STATES.len()],
    /// The pauses that are over.
    pauses: Vec<Pauses>,
    under_way: Option<Pause>,
    ring: Option<Ring>,
    ring_no_answer: u32,
}

#[derive(Debug, Clone)]
struct Pauses {
    reason: Option<String>,
    count: u32,
    ms: i64,
}

#[derive(Debug, Clone, PartialEq)]
struct Pause {
    reason: Option<String>,
    ms: i64,
}

/// A ring that was seen, until it is known what became of it.
#[derive(Debug)]
struct Ring {
    seen_ms: i64,
    calls: Option<u32>,
    last_call_ms: Option<i64>,
}

/// What an agent's past adds to what is read of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Past {
    /// As in [`Agent`].
    pub(crate) ring_no_answer: u32,
    /// As in [`Agent`].
    pub(crate) pause_before_secs: Option<u32>,
}

impl Shift {
    /// How often everybody is read at least, as planned.
    pub(crate) fn set_every(&mut self, every_ms: u32) {
        self.every_ms = every_ms;
    }

    /// Longest time between two readings that leaves no gap.
    fn patience_ms(&self) -> i64 {
        2 * i64::from(self.every_ms) + LATE_BY_MS
    }

    /// Takes a person as just read and gives what it knows of the time before. `newest_ms` is when the newest of the
    /// campaigns that have the person was read, `oldest_ms` the oldest.
    pub(crate) fn see(&mut self, agent: &Agent, newest_ms: i64, oldest_ms: i64) -> Past {
        let patience_ms = self.patience_ms();
        if self.people.len() >= MOST_PEOPLE && !self.people.contains_key(&agent.location) {
            self.forget_half();
        }
        let person = match self.people.get_mut(&agent.location) {
            Some(person) if person.is(agent) && !person.begins_anew(agent, newest_ms) => {
                person.see(agent, newest_ms, patience_ms);
                person
            }
            // Nobody yet, somebody else at this telephone, or another day: from here on.
            _ => {
                let person = Person::first_seen(agent, newest_ms);
                self.people.entry(agent.location.clone()).insert_entry(person).into_mut()
            }
        };
        person.judge_ring(agent, oldest_ms);
        Past {
            ring_no_answer: person.ring_no_answer,
            pause_before_secs: person.pause_before_ms().map(|ms| (ms / 1_000) as u32),
        }
    }

    /// The clock was set by so much.
    pub(crate) fn clock_set(&mut self, by_ms: i64) {
        for person in self.people.values_mut() {
            person.first_ms += by_ms;
            person.seen_ms += by_ms;
            person.here_ms += by_ms;
            person.since_ms = person.since_ms.map(|since_ms| since_ms + by_ms);
            if let Some(ring) = &mut person.ring {
                ring.seen_ms += by_ms;
            }
        }
    }

    fn forget_half(&mut self) {
        let mut seen: Vec<i64> = self.people.values().map(|person| person.seen_ms).collect();
        let half = seen.len() / 2;
        let (_, median, _) = seen.select_nth_unstable(half);
        let median = *median;
        self.people.retain(|_, person| person.seen_ms > median);
    }

    /// A person's day up to now; `None` for one never seen.
    pub(crate) fn day(&self, location: &str, now_ms: i64, campaigns: Vec<AgentSeat>) -> Option<AgentDay> {
        let person = self.people.get(location)?;
        let mut credited = person.credited;
        let mut pauses = person.pauses.clone();
        let mut under_way = person.under_way.clone();
        // The state under way lasts until it is heard otherwise, but not for ever.
        let on = now_ms - person.seen_ms;
        if on > 0 && on <= self.patience_ms() {
            credited[place(person.state)] += on;
            if let Some(pause) = &mut under_way {
                pause.ms += on;
            }
        }
        if let Some(pause) = under_way {
            put_away(&mut pauses, pause);
        }
        let states: Vec<StateTime> = STATES
            .into_iter()
            .zip(credited)
            .map(|(state, ms)| StateTime { state, secs: (ms / 1_000) as u32 })
            .collect();
        Some(AgentDay {
            location: location.to_owned(),
            name: person.name.clone(),
            watched_since_ms: person.first_ms,
            seen_secs: states.iter().map(|time| time.secs).sum(),
            states,
            occupancy: occupancy(&credited),
            pauses: pauses
                .into_iter()
                .map(|of| PauseTime { reason: of.reason, count: of.count, secs: (of.ms / 1_000) as u32 })
                .collect(),
            ring_no_answer: person.ring_no_answer,
            campaigns,
        })
    }
}

fn place(state: AgentState) -> usize {
    STATES.iter().position(|one| *one == state).unwrap_or(STATES.len() - 1)
}

/// Handling over handling and waiting for it.
fn occupancy(credited: &[i64; STATES.len()]) -> Option<f64> {
    let of = |state| credited[place(state)];
    let handling =
        of(AgentState::Busy) + of(AgentState::BusyPaused) + of(AgentState::OnHold) + of(AgentState::WrapUp);
    let all = handling + of(AgentState::Available);
    (all > 0).then(|| (handling as f64 * 1_000.0 / all as f64).round() / 10.0)
}

/// Whether two reasons are the same: capitals do not matter.
pub fn same_reason(one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => {
            one == other
                || one.chars().flat_map(char::to_lowercase).eq(other.chars().flat_map(char::to_lowercase))
        }
        (one, other) => one == other,
    }
}

fn put_away(pauses: &mut Vec<Pauses>, pause: Pause) {
    let room = pauses.len() < MOST_REASONS;
    match pauses.iter_mut().find(|of| same_reason(of.reason.as_deref(), pause.reason.as_deref())) {
        Some(of) => {
            of.count += 1;
            of.ms += pause.ms;
        }
        None if room => {
            pauses.push(Pauses { reason: pause.reason, count: 1, ms: pause.ms });
        }
        None => {}
    }
}

impl Person {
    fn first_seen(agent: &Agent, at_ms: i64) -> Self {
        let mut person = Self {
            name: agent.name.clone(),
            first_ms: at_ms,
            seen_ms: at_ms,
            here_ms: at_ms,
            state: agent.state,
            since_ms: agent.state_since_ms,
            credited: [0; STATES.len()],
            pauses: Vec::new(),
            under_way: None,
            ring: None,
            ring_no_answer: 0,
        };
        person.look_at(agent);
        person
    }

    /// Whether it is the same person; one without a name is called by the interface and may be anybody.
    fn is(&self, agent: &Agent) -> bool {
        self.name == agent.name || self.name == agent.location || agent.name == agent.location
    }

    /// Whether the shift they had is over and another one begins.
    fn begins_anew(&self, agent: &Agent, at_ms: i64) -> bool {
        agent.state != AgentState::Offline && at_ms - self.here_ms >= SHIFT_OVER_MS
    }

    fn see(&mut self, agent: &Agent, newest_ms: i64, patience_ms: i64) {
        // A campaign that went away leaves an older word as the newest.
        let at_ms = newest_ms.max(self.seen_ms);
        if agent.name != agent.location && self.name != agent.name {
            self.name.clone_from(&agent.name);
        }
        // From here to now the server vouches for the state it tells.
        let vouched_ms = match agent.state_since_ms {
            Some(since) => since.clamp(self.seen_ms, at_ms),
            None => at_ms,
        };
        // Before that, the state seen last went on, unless that is too long ago to say.
        if vouched_ms - self.seen_ms <= patience_ms {
            self.credit(vouched_ms - self.seen_ms);
        }
        let another = match (self.since_ms, agent.state_since_ms) {
            (Some(was), Some(is)) => is > self.seen_ms && is - was > SAME_MS,
            _ => false,
        };
        if self.state != agent.state || another {
            self.end_pause();
        }
        if at_ms - self.seen_ms > patience_ms {
            self.ring = None;
        }
        (self.state, self.since_ms, self.seen_ms) = (agent.state, agent.state_since_ms, at_ms);
        if self.state != AgentState::Offline {
            self.here_ms = at_ms;
        }
        self.look_at(agent);
        self.credit(at_ms - vouched_ms);
    }

    /// Notes a pause or a ring under way.
    fn look_at(&mut self, agent: &Agent) {
        if self.state == AgentState::Paused {
            let pause = self.under_way.get_or_insert(Pause { reason: None, ms: 0 });
            // Campaigns may disagree on the reason from one reading to the next: the first one given stays.
            if pause.reason.is_none() {
                pause.reason.clone_from(&agent.pause_reason);
            }
        }
        if self.state == AgentState::Ringing {
            let seen_ms = self.seen_ms;
            let (calls, last_call_ms) = (agent.calls_taken, agent.last_call_at_ms);
            self.ring.get_or_insert(Ring { seen_ms, calls, last_call_ms }).seen_ms = seen_ms;
        } else if self.state != AgentState::Available {
            self.ring = None;
        }
    }

    /// A ring is over without a call when the person is free again and no campaign, all of them read since, has counted
    /// one.
    fn judge_ring(&mut self, agent: &Agent, oldest_ms: i64) {
        if self.state != AgentState::Available {
            return;
        }
        if let Some(ring) = self.ring.take_if(|ring| oldest_ms > ring.seen_ms)
            && ring.calls.is_some()
            && (ring.calls, ring.last_call_ms) == (agent.calls_taken, agent.last_call_at_ms)
        {
            self.ring_no_answer += 1;
        }
    }

    /// In pauses of the reason of this one, before it.
    fn pause_before_ms(&self) -> Option<i64> {
        let reason = self.under_way.as_ref()?.reason.as_deref();
        let before = self.pauses.iter().find(|of| same_reason(of.reason.as_deref(), reason));
        Some(before.map_or(0, |of| of.ms))
    }

    fn credit(&mut self, ms: i64) {
        self.credited[place(self.state)] += ms;
        if let Some(pause) = &mut self.under_way {
            pause.ms += ms;
        }
    }

    fn end_pause(&mut self) {
        if let Some(pause) = self.under_way.take() {
            put_away(&mut self.pauses, pause);
        }
    }
}

#[cfg(test)]
mod tests;
