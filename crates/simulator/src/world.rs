//! The floor that lives: calls arrive, ring, are answered, held, wrapped up or abandoned; agents pause, leave, return.
//!
//! One step is one simulated second; the same seed and the same number of steps give the same floor. Counters follow
//! the telephony server's own definitions.

mod blacklist;
mod branch;
mod calling;
mod cast;
mod dialling;
mod inside;
mod lists;
mod membership;
mod told;

use std::collections::{BTreeMap, VecDeque};

use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};
use fastrand::Rng;

use crate::config::{Config, Curve};
use crate::names;
pub use blacklist::Blacklisted;
use branch::{Falls, Since};
pub(crate) use calling::CallWanted;
use cast::{agent, campaign, morning};
pub use dialling::DialerList;
pub(crate) use dialling::{BaseWanted, SmsWanted};
pub use inside::{Came, Inside, InsideAgent, InsideCampaign, InsideSeat};
pub use lists::Task;
pub(crate) use lists::alternatives;
pub use membership::Member;
pub(crate) use membership::{Joined, Joining, Seat};
use told::Told;
pub use told::{HangUp, MadeCall, Sms, Upload};

/// The day is under way when the simulation starts.
const START_SECS: i64 = 10 * 3600 + 1800;
/// Steps before anybody looks, so that the floor is in its stride.
const WARM_UP: u64 = 240;
/// More than this many steps at once are not worth simulating one by one.
const MOST_STEPS: u64 = 3_600;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doing {
    Idle,
    Ringing,
    Talking,
    Holding,
    Wrapping,
    Away,
}

#[derive(Debug, Clone)]
pub(crate) struct Agent {
    pub(crate) name: String,
    pub(crate) location: String,
    pub(crate) campaigns: Vec<usize>,
    pub(crate) doing: Doing,
    pub(crate) since: u64,
    until: u64,
    pub(crate) paused: bool,
    /// Only in the first of their campaigns.
    pub(crate) paused_partly: bool,
    pause_until: u64,
    pub(crate) reason: Option<&'static str>,
    /// The campaign of the call; none for a call outside the campaigns.
    pub(crate) call_of: Option<usize>,
    caller_waited: u64,
    pub(crate) calls_taken: Vec<u32>,
    pub(crate) last_call: Option<u64>,
    /// What was said of their place in a campaign; most places nothing is said of.
    pub(crate) places: BTreeMap<usize, Seat>,
}

impl Agent {
    /// The vendor's number.
    pub(crate) fn status(&self) -> i64 {
        match self.doing {
            Doing::Idle => 1,
            Doing::Talking => 2,
            Doing::Away => 5,
            Doing::Ringing => 6,
            Doing::Holding => 8,
            Doing::Wrapping => 9,
        }
    }

    pub(crate) fn paused_in(&self, campaign: usize) -> bool {
        (self.paused && (!self.paused_partly || self.campaigns.first() == Some(&campaign)))
            || self.paused_by_place(campaign)
    }

    fn count_call(&mut self, of: usize) {
        if let Some(place) = self.campaigns.iter().position(|&campaign| campaign == of) {
            self.calls_taken[place] += 1;
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Campaign {
    pub(crate) name: String,
    pub(crate) outbound: bool,
    pub(crate) threshold: u32,
    pub(crate) wrapup: u32,
    pub(crate) strategy: &'static str,
    pub(crate) members: Vec<usize>,
    /// When each waiting caller came.
    pub(crate) waiting: VecDeque<u64>,
    per_hour: f64,
    talk_mean: f64,
    pub(crate) completed: u32,
    pub(crate) abandoned: u32,
    pub(crate) within: u32,
    pub(crate) abandoned_within: u32,
    pub(crate) recent_hold: u32,
    pub(crate) recent_talk: u32,
    pub(crate) hold_sum: u64,
    pub(crate) talk_sum: u64,
    pub(crate) hidden: bool,
    /// What came in since the world began, whatever the counters say.
    pub(crate) ever: Came,
    /// The same when the counters fell last.
    pub(crate) ever_at_reset: Came,
    pub(crate) resets: u32,
    /// Nobody calls by themselves, and whoever waits stays.
    held: bool,
    since: Since,
}

impl Campaign {
    fn count_answered(&mut self, now: u64, waited: u64) {
        let in_time = u32::from(waited <= u64::from(self.threshold));
        self.completed += 1;
        self.within += in_time;
        self.ever.answered += 1;
        self.ever.within += in_time;
        if self.since.counts(now.saturating_sub(waited)) {
            self.since.came.answered += 1;
            self.since.came.within += in_time;
        }
        self.hold_sum += waited;
        self.recent_hold = (3 * self.recent_hold + waited as u32) / 4;
    }
}

#[derive(Clone)]
pub(crate) struct World {
    pub(crate) campaigns: Vec<Campaign>,
    pub(crate) agents: Vec<Agent>,
    rng: Rng,
    /// Of a branch.
    apart: Option<u64>,
    pub(crate) step: u64,
    begins: NaiveDateTime,
    curve: Curve,
    hot_desks: bool,
    counts_by_day: bool,
    /// People there are; whoever comes to a hot desk has a name beyond them.
    people: usize,
    /// Who may sign in, and make calls without a place on the floor.
    user: String,
    told: Told,
}

impl World {
    pub(crate) fn new(config: &Config) -> Self {
        let mut rng = Rng::with_seed(config.seed);
        let mut campaigns: Vec<Campaign> =
            (0..config.campaigns).map(|index| campaign(index, &mut rng)).collect();
        let mut agents: Vec<Agent> =
            (0..config.agents).map(|index| agent(index, config.campaigns.max(1), &mut rng)).collect();
        if let Some(twice) = config.curve.twice.filter(|twice| *twice < config.campaigns) {
            let more = (0..config.agents / config.campaigns).map(|number| {
                let one = agent(config.agents + number, config.campaigns, &mut rng);
                Agent { campaigns: vec![twice], calls_taken: vec![0], ..one }
            });
            agents.extend(more);
        }
        for (index, agent) in agents.iter().enumerate() {
            for &campaign in &agent.campaigns {
                if let Some(campaign) = campaigns.get_mut(campaign) {
                    campaign.members.push(index);
                }
            }
        }
        for (index, campaign) in campaigns.iter_mut().enumerate() {
            morning(index, campaign, &mut rng);
        }
        let mut world = Self {
            campaigns,
            people: agents.len(),
            agents,
            rng,
            apart: None,
            step: 0,
            begins: config.begins.unwrap_or_else(this_morning),
            curve: config.curve,
            hot_desks: config.hot_desks,
            counts_by_day: config.counts_by_day,
            user: config.user.clone(),
            told: Told::new(config.seed),
        };
        for _ in 0..WARM_UP {
            world.one_step();
        }
        world
    }

    /// The server's clock.
    pub(crate) fn now(&self) -> NaiveDateTime {
        self.at(self.step)
    }

    pub(crate) fn at(&self, step: u64) -> NaiveDateTime {
        self.begins + Duration::seconds(step as i64 - WARM_UP as i64)
    }

    /// The day on which the world began: recordings do not move while it lasts.
    pub(crate) fn today(&self) -> NaiveDate {
        self.begins.date()
    }

    pub(crate) fn bring_to(&mut self, elapsed_secs: f64) {
        let target = elapsed_secs as u64 + WARM_UP;
        let behind = target.saturating_sub(self.step);
        if behind > MOST_STEPS {
            self.step = target - MOST_STEPS;
        }
        while self.step < target {
            self.one_step();
        }
    }

    pub(crate) fn reset_counters(&mut self) {
        for campaign in &mut self.campaigns {
            campaign.ever_at_reset = campaign.ever;
            campaign.resets += 1;
            campaign.completed = 0;
            campaign.abandoned = 0;
            campaign.within = 0;
            campaign.abandoned_within = 0;
            campaign.hold_sum = 0;
            campaign.talk_sum = 0;
        }
        for agent in &mut self.agents {
            agent.calls_taken.fill(0);
        }
    }

    pub(crate) fn hide_campaign(&mut self, name: &str, hidden: bool) {
        for campaign in &mut self.campaigns {
            if campaign.name == name {
                campaign.hidden = hidden;
            }
        }
    }

    fn one_step(&mut self) {
        self.step += 1;
        if self.counts_by_day && self.now().time() == NaiveTime::MIN {
            self.reset_counters();
        }
        for index in 0..self.agents.len() {
            self.draw_apart(Falls::Agent, index);
            self.step_agent(index);
        }
        for index in 0..self.campaigns.len() {
            self.draw_apart(Falls::Campaign, index);
            self.step_campaign(index);
        }
        self.step_calls();
        self.step_lists();
    }

    fn step_agent(&mut self, index: usize) {
        let now = self.step;
        let agent = &mut self.agents[index];
        if agent.paused && now >= agent.pause_until && agent.doing != Doing::Away {
            agent.paused = false;
            agent.reason = None;
            if agent.doing == Doing::Idle {
                agent.since = now;
            }
        }
        if now < agent.until {
            return;
        }
        match agent.doing {
            Doing::Idle => {
                let dice = self.rng.f64();
                if !agent.paused && dice < 0.000_7 {
                    agent.paused = true;
                    agent.paused_partly = agent.campaigns.len() > 1 && self.rng.f64() < 0.2;
                    agent.pause_until = now + 60 + self.rng.u64(0..1_300);
                    agent.reason = (self.rng.f64() < 0.85).then(|| names::reason(self.rng.usize(..)));
                    agent.since = now;
                } else if dice > 0.999_97 {
                    agent.doing = Doing::Away;
                    agent.paused = false;
                    agent.reason = None;
                    agent.since = now;
                    agent.until = now + 600 + self.rng.u64(0..3_000);
                } else if !agent.paused && dice > 0.999_8 {
                    // A call outside the campaigns.
                    agent.doing = Doing::Talking;
                    agent.call_of = None;
                    agent.since = now;
                    agent.until = now + 30 + self.rng.u64(0..200);
                }
            }
            Doing::Away => {
                // At a hot desk somebody sits down soon.
                if self.rng.f64() < if self.hot_desks { 0.002 } else { 0.000_2 } {
                    agent.doing = Doing::Idle;
                    agent.since = now;
                    if self.hot_desks && self.rng.f64() < 0.5 {
                        agent.name = names::agent(self.people);
                        self.people += 1;
                        agent.calls_taken.fill(0);
                        agent.last_call = None;
                    }
                }
            }
            Doing::Ringing => self.answer_or_not(index),
            Doing::Holding => {
                agent.doing = Doing::Talking;
                agent.since = now;
                agent.until = now + 20 + self.rng.u64(0..120);
            }
            Doing::Talking => self.hang_up(index),
            Doing::Wrapping => {
                agent.doing = Doing::Idle;
                agent.since = now;
            }
        }
    }

    fn answer_or_not(&mut self, index: usize) {
        let now = self.step;
        let agent = &mut self.agents[index];
        let Some(of) = agent.call_of else {
            agent.doing = Doing::Idle;
            return;
        };
        let campaign = &mut self.campaigns[of];
        if !campaign.outbound && self.rng.f64() < 0.06 {
            // Nobody picks up: the caller goes back to the front of the line.
            campaign.waiting.push_front(now.saturating_sub(agent.caller_waited + (now - agent.since)));
            agent.doing = Doing::Idle;
            agent.call_of = None;
            agent.since = now;
            return;
        }
        let waited = agent.caller_waited + (now - agent.since);
        campaign.count_answered(now, waited);
        let talk = (exponential(&mut self.rng, campaign.talk_mean) as u64).clamp(8, 2_400);
        let held = self.rng.f64() < 0.12 && talk > 60;
        agent.doing = if held { Doing::Holding } else { Doing::Talking };
        agent.since = now;
        agent.until = now + if held { 10 + self.rng.u64(0..50) } else { talk };
        agent.count_call(of);
        if self.rng.f64() < 0.05 && !agent.paused {
            agent.paused = true;
            agent.paused_partly = false;
            agent.pause_until = agent.until + 120 + self.rng.u64(0..600);
            agent.reason = Some(names::reason(self.rng.usize(..)));
        }
    }

    fn hang_up(&mut self, index: usize) {
        let talked = self.step - self.agents[index].since;
        self.wrap_up(index, talked);
    }

    fn wrap_up(&mut self, index: usize, talked: u64) {
        let now = self.step;
        let agent = &mut self.agents[index];
        agent.last_call = Some(now);
        let wrapup = match agent.call_of.take() {
            Some(of) => {
                let campaign = &mut self.campaigns[of];
                campaign.talk_sum += talked;
                campaign.recent_talk = (3 * campaign.recent_talk + talked as u32) / 4;
                campaign.wrapup
            }
            None => 0,
        };
        agent.since = now;
        if wrapup > 0 {
            agent.doing = Doing::Wrapping;
            agent.until = now + u64::from(wrapup) / 2 + self.rng.u64(0..=u64::from(wrapup));
        } else {
            agent.doing = Doing::Idle;
            agent.until = now;
        }
    }

    fn step_campaign(&mut self, index: usize) {
        let now = self.step;
        let campaign = &mut self.campaigns[index];
        let held = campaign.held;
        if !held && self.rng.f64() < campaign.per_hour * wave(self.curve, index, now) / 3_600.0 {
            campaign.waiting.push_back(now);
        }
        if campaign.outbound {
            // A dial nobody answers counts as abandoned; the line holds no callers.
            let dialled = campaign.waiting.pop_front();
            campaign.waiting.clear();
            if let Some(dialled) = dialled {
                if self.rng.f64() < 0.45 {
                    campaign.abandoned += 1;
                    campaign.ever.abandoned += 1;
                } else {
                    self.ring_somebody(index, now - dialled);
                }
            }
            return;
        }
        while let Some(&came) = self.campaigns[index].waiting.front() {
            if !self.ring_somebody(index, now.saturating_sub(came)) {
                break;
            }
            self.campaigns[index].waiting.pop_front();
        }
        self.draw_apart(Falls::Patience, index);
        let campaign = &mut self.campaigns[index];
        let (rng, threshold, since) = (&mut self.rng, u64::from(campaign.threshold), campaign.since);
        let mut left = [0u32; 3];
        campaign.waiting.retain(|&came| {
            let waited = now.saturating_sub(came);
            let leaves = !held && waited > 4 && rng.f64() < 0.004 + waited as f64 / 60_000.0;
            if leaves {
                left[0] += 1;
                left[2] += u32::from(since.counts(came));
                left[1] += u32::from(waited <= threshold);
            }
            !leaves
        });
        campaign.abandoned += left[0];
        campaign.ever.abandoned += left[0];
        campaign.since.came.abandoned += left[2];
        campaign.abandoned_within += left[1];
    }
}

fn this_morning() -> NaiveDateTime {
    chrono::Utc::now().date_naive().and_time(NaiveTime::MIN) + Duration::seconds(START_SECS)
}

/// How many times as many callers come now: one in the trough, where the first campaign begins.
fn wave(curve: Curve, campaign: usize, step: u64) -> f64 {
    let turns = step as f64 / curve.wave_secs + campaign as f64 * 0.381_966;
    1.0 + (curve.crest - 1.0) * (std::f64::consts::PI * turns).sin().powi(4)
}

fn exponential(rng: &mut Rng, mean: f64) -> f64 {
    -mean * (1.0 - rng.f64()).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world(campaigns: usize, agents: usize) -> World {
        World::new(&Config { campaigns, agents, ..Config::default() })
    }

    #[test]
    fn the_same_seed_gives_the_same_floor() {
        let (mut one, mut two) = (world(12, 300), world(12, 300));
        one.bring_to(500.0);
        for second in 0..=500 {
            two.bring_to(f64::from(second));
        }
        assert_eq!(one.inside(), two.inside());
    }

    #[test]
    fn the_floor_is_alive_and_its_figures_add_up() {
        let mut world = world(14, 300);
        world.bring_to(900.0);
        let mut seen = std::collections::HashSet::new();
        for agent in &world.agents {
            seen.insert(agent.status());
        }
        for status in [1, 2, 5, 6, 9] {
            assert!(seen.contains(&status), "nobody in status {status}");
        }
        assert!(world.agents.iter().any(|agent| agent.paused));
        let busiest = &world.campaigns[0];
        assert!(busiest.within <= busiest.completed && busiest.completed > 0);
        let quiet = &world.campaigns[12];
        assert_eq!((quiet.completed, quiet.abandoned, quiet.waiting.len()), (0, 0, 0));
        for (index, agent) in world.agents.iter().enumerate() {
            for &campaign in &agent.campaigns {
                assert!(world.campaigns[campaign].members.contains(&index));
            }
        }
    }
}
