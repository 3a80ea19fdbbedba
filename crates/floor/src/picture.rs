//! The floor as it adds up from replies that come at different times and do not quite agree.
//!
//! Where two sources disagree one is chosen per figure: the fresher of the two (who is available: of two polls); of one age
//! `campaignstatus` for everything it has, `queuesummary` for the longest wait and the recent averages, and as a stand-in. Left out on purpose: asking, and comparing pictures.

mod people;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use self::people::{Everybody, People, says_the_same};
use atalaya_ucontact::{AgentStatus, CampaignAgents, CampaignStatus, QueueSummary, direction};

use crate::interval_counters::{Counters, IntervalCounters};
use crate::shift::Shift;
use crate::wire::{Agent, AgentDay, AgentSeat, Campaign, Direction, HalfHour, Held};

/// Moments worked out from whole seconds wander by this much without meaning anything.
const WANDER_MS: i64 = 2_000;
/// The two answers of one poll are asked for at once: further apart, one of them was stuck.
const ONE_POLL_MS: i64 = 2_000;
const MINUTE_MS: i64 = 60_000;
const TREND_MINUTES: usize = 60;
const QUARTER_SECS: i64 = 900;
/// Clocks that differ by less keep the same time.
const CLOCK_OFF_SECS: i64 = 120;
const OFFSET_WANDER_SECS: u32 = 5;

/// Everything read so far.
#[derive(Debug, Default)]
pub struct Picture {
    campaigns: BTreeMap<String, Source>,
    rosters: BTreeMap<String, Roster>,
    agents: Everybody,
    /// Outlives its campaign: one that comes back has its past.
    intervals: BTreeMap<String, IntervalCounters>,
    /// Outlives them too.
    shift: Shift,
    /// Callers waiting before the watch began, a minute after the other, for campaigns not seen yet.
    earlier: BTreeMap<String, Trend>,
    /// The server's clock, as it reads, before coordinated universal time; seconds.
    server_offset_secs: Option<i32>,
    /// When the agents of each campaign were last asked for, whatever came of it.
    asked: BTreeMap<String, i64>,
    /// The agents of every campaign were asked for once: what is added up over a person's campaigns has no part missing.
    whole: bool,
}

/// What is known of a campaign's last hour from before the watch began.
#[derive(Debug, Clone, Default)]
pub struct LastHour {
    /// Most callers waiting in each minute, the last one now; `None` for a minute nobody watched.
    pub waiting: Vec<Option<u32>>,
    /// What came in.
    pub came: IntervalCounters,
}

#[derive(Debug, Default)]
struct Source {
    status: Option<CampaignStatus>,
    status_ms: i64,
    queue: Option<QueueSummary>,
    queue_ms: i64,
    longest_since_ms: Option<i64>,
    trend: Trend,
}

/// The agents of one campaign, as last read.
#[derive(Debug)]
struct Roster {
    read_at_ms: i64,
    /// Each once, by location.
    members: Vec<AgentStatus>,
    /// Where each was among everybody the last time.
    places: Vec<usize>,
    /// Who of them served this campaign alone then.
    alone: Vec<bool>,
    /// The shape of everybody that both are of; `None`: they moved meanwhile.
    shape: Option<u64>,
}

impl Roster {
    fn new(mut members: Vec<AgentStatus>, read_at_ms: i64) -> Self {
        members.sort_by(|one, other| one.location.cmp(&other.location));
        // Of one that comes twice the last counts.
        members.dedup_by(|later, earlier| {
            let twice = later.location == earlier.location;
            if twice {
                std::mem::swap(later, earlier);
            }
            twice
        });
        Self { read_at_ms, places: vec![0; members.len()], alone: Vec::new(), shape: None, members }
    }

    fn seat(&self, location: &str) -> Option<&AgentStatus> {
        let at = self.members.binary_search_by(|seat| (*seat.location).cmp(location)).ok()?;
        self.members.get(at)
    }
}

/// Most callers waiting in each minute.
#[derive(Debug, Default)]
struct Trend {
    minute: i64,
    minutes: VecDeque<Option<u32>>,
}

impl Trend {
    fn note(&mut self, at_ms: i64, waiting: Option<u32>) {
        let minute = at_ms.div_euclid(MINUTE_MS);
        if self.minutes.is_empty() {
            self.minute = minute;
            self.minutes.push_back(waiting);
            return;
        }
        let passed = (minute - self.minute).clamp(0, TREND_MINUTES as i64);
        for _ in 0..passed {
            self.minutes.push_back(None);
        }
        self.minute = self.minute.max(minute);
        while self.minutes.len() > TREND_MINUTES {
            self.minutes.pop_front();
        }
        if let Some(now) = self.minutes.back_mut() {
            *now = (*now).max(waiting);
        }
    }

    /// What came before, with these minutes after it.
    fn after(self, mut earlier: Self) -> Self {
        let first = self.minute + 1 - self.minutes.len() as i64;
        for (minute, waiting) in (first..).zip(self.minutes) {
            earlier.note(minute * MINUTE_MS, waiting);
        }
        earlier
    }
}

fn with<T>(all: Vec<T>, at_ms: i64) -> impl Iterator<Item = (T, i64)> {
    all.into_iter().map(move |one| (one, at_ms))
}

/// A moment that hardly moved has not moved.
fn steady(before: Option<i64>, now: Option<i64>) -> Option<i64> {
    match (before, now) {
        (Some(before), Some(now)) if (before - now).abs() <= WANDER_MS => Some(before),
        _ => now,
    }
}

impl Picture {
    /// Takes what `campaignstatus` and `queuesummary` said, each with the moment its answer arrived; `None` for the one
    /// that failed. A campaign in neither of two good replies is gone.
    pub fn take_campaigns(
        &mut self,
        statuses: Option<(Vec<CampaignStatus>, i64)>,
        queues: Option<(Vec<QueueSummary>, i64)>,
    ) {
        let newest_ms = statuses.iter().map(|of| of.1).chain(queues.iter().map(|of| of.1)).max();
        let (statuses, status_ms) = statuses.unzip();
        let (queues, queue_ms) = queues.unzip();
        if let (Some(statuses), Some(queues)) = (&statuses, &queues) {
            let there: BTreeSet<&str> = statuses
                .iter()
                .map(|status| status.campaign.as_str())
                .chain(queues.iter().map(|queue| queue.queue.as_str()))
                .collect();
            let gone: Vec<String> =
                self.campaigns.keys().filter(|name| !there.contains(name.as_str())).cloned().collect();
            for name in gone {
                self.campaigns.remove(&name);
                if let Some(roster) = self.rosters.remove(&name) {
                    self.merge(&name, Some(&roster), false);
                }
            }
        }
        // What is in one good reply no more is unknown there, not as it was.
        if let Some(statuses) = &statuses {
            let there: BTreeSet<&str> = statuses.iter().map(|status| status.campaign.as_str()).collect();
            for (_, source) in self.campaigns.iter_mut().filter(|(name, _)| !there.contains(name.as_str())) {
                source.status = None;
            }
        }
        if let Some(queues) = &queues {
            let there: BTreeSet<&str> = queues.iter().map(|queue| queue.queue.as_str()).collect();
            for (_, source) in self.campaigns.iter_mut().filter(|(name, _)| !there.contains(name.as_str())) {
                (source.queue, source.longest_since_ms) = (None, None);
            }
        }
        for (status, at_ms) in statuses.zip(status_ms).into_iter().flat_map(|(all, at)| with(all, at)) {
            if let (Some(answered), Some(abandoned)) = (status.completed, status.abandoned) {
                let counters = Counters { answered, abandoned, service_level: status.service_level };
                self.intervals.entry(status.campaign.clone()).or_default().note(at_ms, counters);
            }
            let source = self.source(&status.campaign);
            (source.status, source.status_ms) = (Some(status), at_ms);
        }
        for (queue, at_ms) in queues.zip(queue_ms).into_iter().flat_map(|(all, at)| with(all, at)) {
            let source = self.source(&queue.queue);
            let waited = queue.longest_hold_time_secs.filter(|secs| *secs > 0);
            let since = waited.map(|secs| at_ms - i64::from(secs) * 1_000);
            source.longest_since_ms = steady(source.longest_since_ms, since);
            (source.queue, source.queue_ms) = (Some(queue), at_ms);
        }
        for source in self.campaigns.values_mut() {
            let waiting = source.waiting();
            if waiting == Some(0) {
                // Whoever comes next begins to wait then.
                source.longest_since_ms = None;
            }
            if let Some(at_ms) = newest_ms {
                source.trend.note(at_ms, waiting);
            }
        }
    }

    /// The same with both answers of one moment.
    pub fn take_campaigns_of(
        &mut self,
        statuses: Option<Vec<CampaignStatus>>,
        queues: Option<Vec<QueueSummary>>,
        at_ms: i64,
    ) {
        self.take_campaigns(statuses.map(|all| (all, at_ms)), queues.map(|all| (all, at_ms)));
    }

    /// The clock was set by so much, ahead or back: everything is as old as it was. Half hours are the clock's own, and are
    /// moved by whole ones.
    pub fn clock_set(&mut self, by_ms: i64) {
        let along = |at_ms: &mut Option<i64>| *at_ms = at_ms.map(|at_ms| at_ms + by_ms);
        for source in self.campaigns.values_mut() {
            source.status_ms += by_ms;
            source.queue_ms += by_ms;
            along(&mut source.longest_since_ms);
            source.trend.minute += by_ms.div_euclid(MINUTE_MS);
        }
        for roster in self.rosters.values_mut() {
            roster.read_at_ms += by_ms;
        }
        for agent in self.agents.iter_mut() {
            along(&mut agent.change().state_since_ms);
        }
        for at_ms in self.asked.values_mut() {
            *at_ms += by_ms;
        }
        for intervals in self.intervals.values_mut() {
            intervals.clock_set(by_ms);
        }
        self.shift.clock_set(by_ms);
    }

    /// Takes over what is known of before the watch began: callers waiting in each minute up to that of `until_ms`, and
    /// what came in. A first reading may have come meanwhile.
    pub fn recall(&mut self, hour: impl IntoIterator<Item = (String, LastHour)>, until_ms: i64) {
        let minute = until_ms.div_euclid(MINUTE_MS);
        for (name, LastHour { waiting, came }) in hour {
            self.intervals.entry(name.clone()).or_default().recall(came);
            if waiting.is_empty() {
                continue;
            }
            let earlier = Trend { minute, minutes: waiting.into() };
            match self.campaigns.get_mut(&name) {
                Some(source) => source.trend = std::mem::take(&mut source.trend).after(earlier),
                None => drop(self.earlier.insert(name, earlier)),
            }
        }
    }

    fn source(&mut self, name: &str) -> &mut Source {
        let earlier = &mut self.earlier;
        self.campaigns.entry(name.to_owned()).or_insert_with(|| {
            let trend = earlier.remove(name).unwrap_or_default();
            Source { trend, ..Source::default() }
        })
    }

    /// The server's clock, as it reads, before coordinated universal time, seconds; `None` before an agent told.
    pub fn server_offset_secs(&self) -> Option<i32> {
        self.server_offset_secs
    }

    /// Says how often everybody's agents are read, as planned: what is read much later leaves a gap in a shift.
    pub fn set_agents_every(&mut self, every_ms: u32) {
        self.shift.set_every(every_ms);
    }

    /// The agents of one campaign were asked for, and did not come.
    pub fn tried_agents(&mut self, name: &str, at_ms: i64) {
        if self.completes(name, at_ms) {
            self.tell_everybody();
        }
    }

    /// Notes that a campaign's agents were asked for; true when it was the last of all.
    fn completes(&mut self, name: &str, at_ms: i64) -> bool {
        self.asked.insert(name.to_owned(), at_ms);
        let before = self.whole;
        self.whole = before || self.campaigns.keys().all(|name| self.asked.contains_key(name));
        self.whole && !before
    }

    /// What was held back of each person while some campaigns were not read.
    fn tell_everybody(&mut self) {
        let everybody: Vec<Held<Agent>> = self.agents.iter().cloned().collect();
        let mut people = self.people();
        for (place, agent) in everybody.iter().enumerate() {
            people.make_anew(&agent.location, "", None, place);
        }
    }

    /// Takes the agents of one campaign.
    pub fn take_agents(&mut self, name: &str, found: CampaignAgents, at_ms: i64) {
        if let Some(status) = found.campaign {
            // Its figures may be older than the last poll's: they only stand in for none.
            let source = self.campaigns.entry(name.to_owned()).or_default();
            source.status.get_or_insert(status);
        } else if found.agents.is_empty() && !self.campaigns.contains_key(name) {
            return;
        }
        if let Some(offset) = found.agents.iter().find_map(|agent| offset_secs(agent, at_ms)) {
            // A clock that moves a little has not moved.
            let moved =
                self.server_offset_secs.is_none_or(|before| before.abs_diff(offset) > OFFSET_WANDER_SECS);
            self.server_offset_secs = if moved { Some(offset) } else { self.server_offset_secs };
        }
        let roster = Roster::new(found.agents, at_ms);
        let before = self.rosters.insert(name.to_owned(), roster);
        let last = self.completes(name, at_ms);
        self.merge(name, before.as_ref(), last);
        if last {
            self.tell_everybody();
        }
    }

    fn people(&mut self) -> People<'_> {
        let Self { rosters, agents, shift, whole, .. } = self;
        People { rosters, agents, shift, whole: *whole, draft: Agent::default() }
    }

    /// Makes everybody anew who is among the agents of `changed`, or was. `all`: whatever they say, as what is told of a person
    /// is told from now on.
    fn merge(&mut self, changed: &str, before: Option<&Roster>, all: bool) {
        let mut people = self.people();
        let now = people.rosters.get_key_value(changed);
        let shape = people.agents.shape();
        let known = before.filter(|before| !all && before.shape == Some(shape));
        let (mut places, mut alone) = (Vec::new(), Vec::new());
        for (index, seat) in now.iter().flat_map(|(_, roster)| &roster.members).enumerate() {
            let place = before.and_then(|before| before.places.get(index)).copied().unwrap_or_default();
            // Where nobody moved, it is known without looking who stands there.
            let known = known.filter(|known| known.alone.get(index) == Some(&true));
            let was =
                known.filter(|_| people.agents.shape() == shape).and_then(|known| known.members.get(index));
            let goes_on = was.zip(now).is_some_and(|(was, (_, roster))| {
                says_the_same(was, seat) && people.goes_on(roster, seat, place)
            });
            if goes_on {
                places.push(place);
                alone.push(true);
                continue;
            }
            let sits = now.map(|(name, roster)| (name, roster, seat));
            let place = people.make_anew(&seat.location, changed, sits, place);
            places.push(place);
            alone.push(people.agents.serves_alone(place, changed));
        }
        let was = before.into_iter().flat_map(|roster| roster.members.iter().zip(&roster.places));
        for (index, (seat, place)) in was.enumerate() {
            let still_there = |roster: &Roster| {
                let there = roster.members.get(index).is_some_and(|there| there.location == seat.location);
                there || roster.seat(&seat.location).is_some()
            };
            if !now.is_some_and(|(_, roster)| still_there(roster)) {
                people.make_anew(&seat.location, changed, None, *place);
            }
        }
        let stands = (people.agents.shape() == shape).then_some(shape);
        if let Some(roster) = self.rosters.get_mut(changed) {
            (roster.places, roster.alone, roster.shape) = (places, alone, stands);
        }
    }

    /// The campaigns' names, and when each one's agents were read.
    pub fn rosters_read(&self) -> impl Iterator<Item = (&str, Option<i64>)> {
        self.campaigns
            .keys()
            .map(|name| (name.as_str(), self.rosters.get(name).map(|roster| roster.read_at_ms)))
    }

    /// The campaigns' names, and when each one's agents were asked for, whether or not they came.
    pub fn agents_asked(&self) -> impl Iterator<Item = (&str, Option<i64>)> {
        self.campaigns.keys().map(|name| (name.as_str(), self.asked.get(name).copied()))
    }

    /// The agents, by location.
    pub fn agents(&self) -> Vec<Held<Agent>> {
        self.agents.iter().cloned().collect()
    }

    /// The campaigns, by name.
    pub fn campaigns(&self) -> Vec<Campaign> {
        self.campaigns
            .iter()
            .map(|(name, source)| source.campaign(name, self.rosters.get(name), self.intervals.get(name)))
            .collect()
    }

    /// What an agent did since first seen, up to now; `None` for one never seen.
    pub fn agent_day(&self, location: &str, now_ms: i64) -> Option<AgentDay> {
        self.shift.day(location, now_ms, self.seats_of(location))
    }

    /// What each of their campaigns last said of everybody, by location.
    pub fn seats(&self) -> BTreeMap<String, Vec<AgentSeat>> {
        self.agents.iter().map(|agent| (agent.location.clone(), self.seats_of(&agent.location))).collect()
    }

    fn seats_of(&self, location: &str) -> Vec<AgentSeat> {
        let campaigns = self.agents.get(location).into_iter().flat_map(|agent| agent.campaigns.iter());
        let seats = campaigns.filter_map(|name| {
            let roster = self.rosters.get(name)?;
            let seat = roster.seat(location)?;
            Some(AgentSeat {
                campaign: name.clone(),
                calls_taken: seat.calls_taken,
                last_call_at_ms: seat.last_call_epoch_secs.map(|secs| secs.saturating_mul(1_000)),
                paused: seat.paused,
                penalty: seat.penalty.and_then(|penalty| u32::try_from(penalty).ok()),
                read_at_ms: roster.read_at_ms,
            })
        });
        seats.collect()
    }

    /// The half hours of a campaign, as far as watched, oldest first.
    pub fn half_hours(&self, campaign: &str) -> Vec<HalfHour> {
        let mut halves = self.intervals.get(campaign).map(IntervalCounters::half_hours).unwrap_or_default();
        if direction(campaign).0 == Direction::Outbound {
            for half in &mut halves {
                (half.service_level, half.plus_minus) = (None, None);
            }
        }
        halves
    }
}

/// The server's clock before ours: a zone's quarter hours where it is near one.
fn offset_secs(agent: &AgentStatus, at_ms: i64) -> Option<i32> {
    let elapsed = i64::try_from(agent.state_secs?).ok()?;
    let reads = agent.state_began()?.and_utc().timestamp().checked_add(elapsed)?;
    let offset = reads - at_ms.div_euclid(1_000);
    let zone = (offset + QUARTER_SECS / 2).div_euclid(QUARTER_SECS) * QUARTER_SECS;
    i32::try_from(if (zone - offset).abs() <= CLOCK_OFF_SECS { zone } else { offset }).ok()
}

impl Source {
    /// The fresher of the two, of a figure both count alike; of one age, what `campaignstatus` says.
    fn fresher(&self, status: Option<u32>, queue: Option<u32>) -> Option<u32> {
        if self.queue_ms > self.status_ms { queue.or(status) } else { status.or(queue) }
    }

    /// Who is available. `queuesummary` takes wrap-up for available: it stands in only where the other answer is of another poll,
    /// or the figure would go to and fro with whichever of the two came a moment later.
    fn available(&self) -> Option<u32> {
        let status = self.status.as_ref().and_then(|status| status.availables);
        let queue = self.queue.as_ref().and_then(|queue| queue.available);
        if self.queue_ms > self.status_ms + ONE_POLL_MS { queue.or(status) } else { status.or(queue) }
    }

    fn waiting(&self) -> Option<u32> {
        let status = self.status.as_ref().and_then(|status| status.waiting);
        self.fresher(status, self.queue.as_ref().and_then(|queue| queue.callers))
    }

    fn campaign(
        &self,
        name: &str,
        roster: Option<&Roster>,
        intervals: Option<&IntervalCounters>,
    ) -> Campaign {
        let none = CampaignStatus::default();
        let status = self.status.as_ref().unwrap_or(&none);
        let queue = self.queue.as_ref();
        let (direction, label) = direction(name);
        let (answered, abandoned) = (status.completed, status.abandoned);
        let offered = answered.zip(abandoned).map(|(answered, abandoned)| answered.saturating_add(abandoned));
        let ringing_or = |states: &[i32]| {
            roster.map(|roster| {
                let members = roster.members.iter();
                members.filter(|seat| seat.status.is_some_and(|status| states.contains(&status))).count()
                    as u32
            })
        };
        let mut rolling = intervals.map(IntervalCounters::rolling).unwrap_or_default();
        if direction == Direction::Outbound {
            // There the server measures talk, not wait.
            for window in &mut rolling {
                (window.service_level, window.plus_minus) = (None, None);
            }
        }
        let (of_offered, of_patient) = worked_out(status);
        let waiting = self.waiting();
        let longest = queue.and_then(|queue| queue.longest_hold_time_secs);
        Campaign {
            name: name.to_owned(),
            label: label.to_owned(),
            direction,
            waiting,
            // Nobody waits: whatever the older of the two replies says, nobody has waited. And where the older one knew
            // of nobody, or of somebody who is gone, how long the first has waited is not known.
            longest_wait_secs: match (waiting, longest) {
                (Some(0), _) => Some(0),
                (Some(_), Some(0)) if queue.and_then(|queue| queue.callers) == Some(0) => None,
                (_, longest) => longest.filter(|secs| *secs == 0 || self.longest_since_ms.is_some()),
            },
            longest_wait_since_ms: self.longest_since_ms.filter(|_| waiting != Some(0)),
            available: self.available(),
            logged_in: self.fresher(status.logged, queue.and_then(|queue| queue.logged_in)),
            total_agents: status.total_agents,
            busy: status.busy,
            busy_paused: status.busy_paused,
            paused: status.paused,
            wrap_up: status.on_wrapup,
            ringing: ringing_or(&[6, 7]),
            on_hold: ringing_or(&[8]),
            answered,
            abandoned,
            total_calls: status.total_calls.or(offered),
            abandon_rate: rate(abandoned, offered)
                .or_else(|| status.abandoned_level.filter(|_| offered.is_none())),
            service_level: level(status.service_level, answered),
            service_level2: level(status.service_level2, offered),
            service_level_offered: of_offered,
            service_level_patient: of_patient,
            service_level_threshold_secs: status.service_level_threshold_secs,
            wrap_up_secs: status.wrapup_secs,
            recent_wait_secs: queue.and_then(|queue| queue.hold_time_secs),
            recent_talk_secs: queue.and_then(|queue| queue.talk_time_secs),
            average_wait_secs: status.average_hold_secs.filter(|_| answered != Some(0)),
            average_talk_secs: status.average_talk_secs.filter(|_| answered != Some(0)),
            strategy: status.strategy.clone(),
            waiting_trend: match direction {
                Direction::Inbound => self.trend.minutes.iter().copied().collect(),
                // Nobody waits in a line the dialer fills.
                Direction::Outbound => Vec::new(),
            },
            rolling,
        }
    }
}

/// The two forms of the service level the server does not send, from the two it does.
fn worked_out(status: &CampaignStatus) -> (Option<f64>, Option<f64>) {
    let figures = (status.service_level, status.service_level2, status.completed, status.abandoned);
    let (Some(first), second, Some(answered), Some(abandoned)) = figures else { return (None, None) };
    let (answered, abandoned) = (f64::from(answered), f64::from(abandoned));
    let offered = answered + abandoned;
    let within = (first * answered / 100.0).round();
    let percent = |of: f64| (of > 0.0).then(|| (within * 1_000.0 / of).round() / 10.0);
    let patient = second.and_then(|second| {
        let gave_up_at_once = ((second * offered / 100.0).round() - within).clamp(0.0, abandoned);
        percent(offered - gave_up_at_once)
    });
    (percent(offered), patient)
}

/// The server says 0.0 when there were no calls: that is no figure.
fn level(sent: Option<f64>, of: Option<u32>) -> Option<f64> {
    sent.filter(|_| of != Some(0))
}

fn rate(part: Option<u32>, of: Option<u32>) -> Option<f64> {
    match (part, of) {
        (Some(part), Some(of)) if of > 0 => Some((f64::from(part) * 1_000.0 / f64::from(of)).round() / 10.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
