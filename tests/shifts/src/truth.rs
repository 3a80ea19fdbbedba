//! Is what the floor shows true? Every row of a snapshot against the world at the moment the answer was made that it says
//! it is from: so no figure is older than it says, and none is invented.
//!
//! Stated errors: moments wander by two seconds; figures of the last minutes lack what came between the last answer before
//! the counters fell and their fall.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use atalaya_floor::agent_state;
use atalaya_floor::wire::{Agent, AgentState, Campaign, Freshness, Snapshot};
use atalaya_simulator::{Came, InsideAgent, InsideCampaign};

use crate::seed::{Plan, Trouble};
use crate::way::{Asked, Heard, Journal, locked};

/// Moments worked out from whole seconds wander by this much.
const WANDER_MS: i64 = 2_000;
/// The age of the figures is judged once a second.
const JUDGED_MS: i64 = 1_100;
/// Nobody is silent for less than this and lost.
const LOST_MS: i64 = 30_000;

/// What was found out so far.
pub struct Truth {
    journal: Arc<Mutex<Journal>>,
    /// A clock that was set forward looks like a sleep: what was read before it is old.
    set_forward: bool,
    counted: BTreeMap<String, Counted>,
    counted_at: Option<Duration>,
    /// Who sits where, in the world's order.
    places: BTreeMap<String, usize>,
    before: Option<Arc<Snapshot>>,
    pub wrong: Vec<String>,
}

/// What came in to one campaign while it was watched.
#[derive(Default)]
struct Counted {
    first: Came,
    last: Came,
    /// Of these nobody can know.
    lost: Came,
    fell: bool,
    resets: u32,
    /// Answered and abandoned, as the server last told them.
    counters: (u32, u32),
}

fn since(from: Came, to: Came) -> Came {
    Came {
        answered: to.answered - from.answered,
        abandoned: to.abandoned - from.abandoned,
        within: to.within - from.within,
    }
}

impl Truth {
    pub fn new(plan: &Plan, journal: Arc<Mutex<Journal>>) -> Self {
        Self {
            journal,
            set_forward: plan.has(|trouble| matches!(trouble, Trouble::ClockSet(secs) if secs > 0)),
            counted: BTreeMap::new(),
            counted_at: None,
            places: BTreeMap::new(),
            before: None,
            wrong: Vec::new(),
        }
    }

    /// Something is not as it should be; `now` since the beginning.
    pub fn say(&mut self, now: Duration, what: &str) {
        if self.wrong.len() < 8 {
            self.wrong.push(format!("{:.1} s: {what}", now.as_secs_f64()));
        }
    }

    /// Looks at a snapshot.
    pub fn look(&mut self, snapshot: &Arc<Snapshot>, now: Duration) {
        let journal = Arc::clone(&self.journal);
        let journal = locked(&journal);
        let health = &snapshot.health;
        let status = self.source(&journal, &Asked::Status, health.status_ok_ms, now);
        let queues = self.source(&journal, &Asked::Queues, health.queue_ok_ms, now);
        self.freshness(snapshot, status.as_ref(), queues.as_ref(), now);
        if let Some(status) = &status {
            self.count(status);
        }
        for campaign in &snapshot.campaigns {
            self.campaign(campaign, status.as_ref(), queues.as_ref(), now);
        }
        if let Some(status) = &status
            && snapshot.campaigns.len() != status.truth.campaigns.len()
        {
            self.say(
                now,
                &format!("{} campaigns of {}", snapshot.campaigns.len(), status.truth.campaigns.len()),
            );
        }
        self.people(snapshot, &journal, now);
        self.before = Some(Arc::clone(snapshot));
    }

    /// The answer a figure says it is from.
    fn source(
        &mut self,
        journal: &Journal,
        asked: &Asked,
        at_ms: Option<i64>,
        now: Duration,
    ) -> Option<Heard> {
        let at_ms = at_ms?;
        let heard = journal.heard_at(asked, at_ms).cloned();
        if heard.is_none() {
            self.say(now, &format!("figures of {asked:?} say they are of {at_ms}, when none arrived"));
        }
        heard
    }

    fn freshness(
        &mut self,
        snapshot: &Snapshot,
        status: Option<&Heard>,
        queues: Option<&Heard>,
        now: Duration,
    ) {
        let oldest = status.into_iter().chain(queues).map(|heard| heard.after).min();
        let Some(oldest) = oldest else { return };
        let age_ms = now.saturating_sub(oldest).as_millis() as i64;
        let every_ms = i64::from(snapshot.health.every_ms);
        let said = snapshot.health.freshness;
        let too_old = match said {
            Freshness::Fresh => age_ms >= 2 * every_ms + JUDGED_MS,
            Freshness::Stale => age_ms >= (5 * every_ms).max(LOST_MS) + JUDGED_MS,
            Freshness::Lost => false,
            Freshness::Starting => true,
        };
        if too_old {
            self.say(
                now,
                &format!("figures {age_ms} ms old are called {said:?} at an interval of {every_ms} ms"),
            );
        }
    }

    fn campaign(&mut self, row: &Campaign, status: Option<&Heard>, queues: Option<&Heard>, now: Duration) {
        let in_status = status.and_then(|heard| find(heard, &row.name).map(|is| (heard, is)));
        let in_queues = queues.and_then(|heard| find(heard, &row.name).map(|is| (heard, is)));
        if in_status.is_none() && in_queues.is_none() {
            return self.say(now, &format!("there is no campaign {}", row.name));
        }
        if let Some((_, is)) = in_status {
            let shown = (row.answered, row.abandoned, row.total_agents);
            if shown != (Some(is.answered), Some(is.abandoned), Some(is.members)) {
                self.say(now, &format!("{}: answered, abandoned, agents {shown:?}, is {is:?}", row.name));
            }
            let level =
                (is.answered > 0).then(|| f64::from(is.answered_within) * 100.0 / f64::from(is.answered));
            if row.service_level.is_some() != level.is_some()
                || row.service_level.zip(level).is_some_and(|(shown, is)| (shown - is).abs() > 0.051)
            {
                self.say(now, &format!("{}: service level {:?}, is {level:?}", row.name, row.service_level));
            }
        }
        // The fresher of the two, and what it says.
        let newer_queue = match (in_status, in_queues) {
            (Some((status, _)), Some((queues, _))) => queues.after > status.after,
            (None, Some(_)) => true,
            _ => false,
        };
        let freshest = if newer_queue { in_queues } else { in_status };
        if let Some((_, is)) = freshest
            && row.waiting != Some(is.waiting)
        {
            self.say(now, &format!("{}: waiting {:?}, is {}", row.name, row.waiting, is.waiting));
        }
        let began = row.longest_wait_since_ms;
        match in_queues {
            Some((heard, InsideCampaign { longest_wait_secs: Some(secs), .. })) if row.waiting != Some(0) => {
                let secs = *secs as i64;
                let is = heard.at_ms - secs * 1_000;
                // Where the other answer is fresher, somebody else may be the first by now: then it is not known.
                if began.is_some_and(|began| (began - is).abs() > WANDER_MS)
                    || (began.is_none() && secs > 0 && newer_queue)
                {
                    self.say(now, &format!("{}: the first caller waits since {began:?}, is {is}", row.name));
                }
            }
            _ => {
                if let Some(began) = began {
                    self.say(now, &format!("{}: nobody waits, since {began}", row.name));
                }
                if row.longest_wait_secs == Some(0) && row.waiting.is_some_and(|waiting| waiting > 0) {
                    self.say(now, &format!("{}: {:?} wait, for no time at all", row.name, row.waiting));
                }
            }
        }
        self.last_minutes(row, now);
    }

    /// Adds what came in since the answer before.
    fn count(&mut self, status: &Heard) {
        if self.counted_at == Some(status.after) {
            return;
        }
        self.counted_at = Some(status.after);
        for is in &status.truth.campaigns {
            let counted = self.counted.entry(is.name.clone()).or_insert_with(|| Counted {
                first: is.ever,
                last: is.ever,
                resets: is.resets,
                ..Counted::default()
            });
            if is.resets > counted.resets {
                // What came before the fall was never told. Nor is the fall itself, where the counters have passed what
                // they were: then what they were counts for nothing.
                let unseen = is.answered >= counted.counters.0 && is.abandoned >= counted.counters.1;
                let before = if unseen { counted.counters } else { (0, 0) };
                let at_reset = is.ever_at_reset;
                counted.lost.answered += at_reset.answered - counted.last.answered + before.0;
                counted.lost.abandoned += at_reset.abandoned - counted.last.abandoned + before.1;
                (counted.fell, counted.resets) = (true, is.resets);
            }
            counted.counters = (is.answered, is.abandoned);
            counted.last = is.ever;
        }
    }

    /// The longest window began with the watch: a stretch is shorter.
    fn last_minutes(&mut self, row: &Campaign, now: Duration) {
        if self.set_forward {
            return;
        }
        let Some(window) = row.rolling.iter().max_by_key(|window| window.minutes) else { return };
        let Some(counted) = self.counted.get(&row.name) else { return };
        if now.as_secs() >= u64::from(window.minutes) * 60 {
            return;
        }
        let came = since(counted.first, counted.last);
        let bounds = |came: u32, lost: u32| came.saturating_sub(lost)..=came;
        let right = bounds(came.answered, counted.lost.answered).contains(&window.answered)
            && bounds(came.abandoned, counted.lost.abandoned).contains(&window.abandoned);
        let (lost, fell) = (counted.lost, counted.fell);
        if !right {
            let shown = (window.answered, window.abandoned);
            self.say(now, &format!("{}: came in {shown:?}, is {came:?}, unknown {lost:?}", row.name));
        }
        if let (Some(level), Some(off), false) = (window.service_level, window.plus_minus, fell) {
            let is = f64::from(came.within) * 100.0 / f64::from(came.answered.max(1));
            if (level - is).abs() > off + 0.1 {
                self.say(now, &format!("{}: level {level} ± {off} of the last minutes, is {is}", row.name));
            }
        }
        let minutes = now.as_secs() / 60;
        if u64::from(window.covered_minutes) > minutes {
            self.say(now, &format!("{}: {} minutes covered of {minutes}", row.name, window.covered_minutes));
        }
    }

    fn people(&mut self, snapshot: &Snapshot, journal: &Journal, now: Duration) {
        let mut read: BTreeMap<&str, Heard> = BTreeMap::new();
        let mut news: BTreeSet<&str> = BTreeSet::new();
        for (campaign, at_ms) in &snapshot.agents_read_at_ms {
            let known = self.before.as_ref().and_then(|before| before.agents_read_at_ms.get(campaign));
            if known != Some(at_ms) {
                news.insert(campaign);
            }
            if let Some(heard) = self.source(journal, &Asked::Agents(campaign.clone()), Some(*at_ms), now) {
                read.insert(campaign, heard);
            }
        }
        if self.places.is_empty()
            && let Some(heard) = read.values().next()
        {
            let all = heard.truth.agents.iter().enumerate();
            self.places = all.map(|(place, agent)| (agent.location.clone(), place)).collect();
        }
        let shown: BTreeSet<&str> = snapshot.agents.iter().map(|agent| agent.location.as_str()).collect();
        if shown.len() != snapshot.agents.len() {
            self.say(now, "somebody is there twice");
        }
        for (campaign, heard) in read.iter().filter(|(campaign, _)| news.contains(*campaign)) {
            let members = heard.truth.agents.iter().filter(|agent| serves(agent, campaign));
            let locations = members.map(|agent| agent.location.as_str());
            let missing: Vec<&str> = locations.filter(|location| !shown.contains(location)).collect();
            if !missing.is_empty() {
                self.say(now, &format!("{campaign}: {missing:?} are missing"));
            }
        }
        let before = self.before.clone();
        let before = before.as_ref().map(|before| before.agents.as_slice()).unwrap_or_default();
        for (index, agent) in snapshot.agents.iter().enumerate() {
            // As it was, and nothing about the person was read since: it was looked at.
            let same = before.get(index) == Some(agent)
                && !agent.campaigns.iter().any(|campaign| news.contains(campaign.as_str()));
            if !same {
                self.person(agent, &read, now);
            }
        }
    }

    fn person(&mut self, row: &Agent, read: &BTreeMap<&str, Heard>, now: Duration) {
        let Some(&place) = self.places.get(&row.location) else {
            return self.say(now, &format!("nobody sits at {}", row.location));
        };
        let at = |heard: &Heard| heard.truth.agents.get(place).cloned();
        let own: Vec<(&str, &Heard, InsideAgent)> = read
            .iter()
            .filter_map(|(campaign, heard)| Some((*campaign, heard, at(heard)?)))
            .filter(|(campaign, _, then)| serves(then, campaign))
            .collect();
        let Some((campaign, newest, is)) = own.iter().max_by_key(|(_, heard, _)| heard.after) else {
            return self.say(now, &format!("{} is there, and in no campaign read", row.location));
        };
        if row.name != is.name {
            self.say(now, &format!("{}: {}, is {}", row.location, row.name, is.name));
        }
        let began = newest.at_ms - is.state_secs as i64 * 1_000;
        // What is known of a pause is from each campaign's own answer: what was read before the state says nothing.
        let told_paused = own
            .iter()
            .all(|(campaign, heard, then)| heard.at_ms + WANDER_MS < began || paused(then, campaign));
        let here = paused(is, campaign);
        // At the edge of the state either reading of "before" is good.
        let at_the_edge = own.iter().any(|(_, heard, _)| (heard.at_ms + WANDER_MS - began).abs() <= 1_100);
        let code = i32::try_from(is.status).ok();
        let right = row.state == agent_state(code, told_paused)
            || (at_the_edge
                && (row.state == agent_state(code, here) || row.state == agent_state(code, false)));
        if !right {
            let state = row.state;
            self.say(
                now,
                &format!("{}: {state:?}, is {is:?} of {campaign}, paused {told_paused}", row.location),
            );
        }
        // Somebody who was found paused in every campaign is paused, whatever came before.
        if row.state == AgentState::Available && own.iter().all(|(_, _, then)| then.paused()) {
            self.say(now, &format!("{} is available, and paused everywhere", row.location));
        }
        if row.state_since_ms.is_none_or(|since| (since - began).abs() > WANDER_MS) {
            let shown = (row.state, row.state_since_ms);
            self.say(now, &format!("{}: {shown:?}, is since {began}", row.location));
        }
        let Some(calls) = row.calls_taken else { return };
        let mut all = 0;
        for seat in &is.seats {
            let Some((_, _, then)) = own.iter().find(|(campaign, ..)| *campaign == seat.campaign) else {
                let text =
                    format!("{}: {calls} calls, though {} was never read", row.location, seat.campaign);
                return self.say(now, &text);
            };
            let of = then.seats.iter().filter(|of| of.campaign == seat.campaign);
            all += of.map(|of| of.calls_taken).sum::<u32>();
        }
        if calls != all {
            self.say(now, &format!("{}: {calls} calls, is {all}", row.location));
        }
    }
}

fn paused(agent: &InsideAgent, campaign: &str) -> bool {
    agent.seats.iter().any(|seat| seat.campaign == campaign && seat.paused)
}

fn find<'a>(heard: &'a Heard, name: &str) -> Option<&'a InsideCampaign> {
    heard.truth.campaigns.iter().find(|campaign| campaign.name == name)
}

fn serves(agent: &InsideAgent, campaign: &str) -> bool {
    agent.seats.iter().any(|seat| seat.campaign == campaign)
}
