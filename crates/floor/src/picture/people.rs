//! One person of all the campaigns they serve, made anew whenever one of those was read.
//!
//! Left out on purpose: what they did before (the shift's).

use std::collections::BTreeMap;

use atalaya_ucontact::AgentStatus;

use super::{Roster, WANDER_MS, steady};
use crate::shift::Shift;
use crate::state::agent_state;
use crate::wire::{Agent, AgentState, Held};

/// Everybody, while they are made anew.
pub(super) struct People<'p> {
    pub(super) rosters: &'p BTreeMap<String, Roster>,
    pub(super) agents: &'p mut Everybody,
    pub(super) shift: &'p mut Shift,
    /// The agents of every campaign were asked for once.
    pub(super) whole: bool,
    /// Where each is drawn first: most are what they were, and then nothing is made.
    pub(super) draft: Agent,
}

/// Everybody, by location.
#[derive(Debug, Default)]
pub(super) struct Everybody {
    all: Vec<Held<Agent>>,
    /// Counts up when anybody comes, goes, or serves other campaigns: until then all stand where they stood.
    shape: u64,
}

impl Everybody {
    /// Where somebody is, or would be. `guess`: where they were the last time, which is nearly always right.
    fn place(&self, location: &str, guess: usize) -> Result<usize, usize> {
        if self.all.get(guess).is_some_and(|agent| agent.location == location) {
            return Ok(guess);
        }
        self.all.binary_search_by(|agent| agent.location.as_str().cmp(location))
    }

    pub(super) fn get(&self, location: &str) -> Option<&Agent> {
        self.place(location, 0).ok().map(|place| &*self.all[place])
    }

    /// A number for who they are, where they stand and what they serve.
    pub(super) fn shape(&self) -> u64 {
        self.shape
    }

    /// Whether the one at a place serves this campaign and no other.
    pub(super) fn serves_alone(&self, place: usize, campaign: &str) -> bool {
        let agent = self.all.get(place);
        agent.is_some_and(|agent| matches!(&agent.campaigns[..], [one] if one == campaign))
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Held<Agent>> {
        self.all.iter()
    }

    pub(super) fn iter_mut(&mut self) -> std::slice::IterMut<'_, Held<Agent>> {
        self.all.iter_mut()
    }
}

/// Somebody in a campaign.
pub(super) type Seat<'p> = (&'p String, &'p Roster, &'p AgentStatus);

/// Whether a campaign says of somebody what it said before; how long the state has lasted aside.
pub(super) fn says_the_same(was: &AgentStatus, is: &AgentStatus) -> bool {
    let AgentStatus {
        location,
        name,
        penalty,
        calls_taken,
        last_call_epoch_secs,
        status,
        paused,
        paused_reason,
        in_call,
        date_received,
        state_secs: _,
    } = was;
    (location, name, paused_reason, date_received)
        == (&is.location, &is.name, &is.paused_reason, &is.date_received)
        && (status, paused, in_call, calls_taken) == (&is.status, &is.paused, &is.in_call, &is.calls_taken)
        && (last_call_epoch_secs, penalty) == (&is.last_call_epoch_secs, &is.penalty)
}

/// When the state began that lasted so long as it was read.
fn began(seat: &AgentStatus, read_at_ms: i64) -> Option<i64> {
    seat.state_secs.and_then(|secs| i64::try_from(secs).ok()).map(|secs| read_at_ms - secs * 1_000)
}

impl<'p> People<'p> {
    /// For somebody of whom a campaign says what it said before: whether they are who they were, nothing to be made anew but
    /// what their past says. Only of those who serve no other campaign, once all that is told of a person is.
    pub(super) fn goes_on(&mut self, roster: &Roster, seat: &AgentStatus, place: usize) -> bool {
        let Some(agent) = self.agents.all.get_mut(place) else { return false };
        let since = began(seat, roster.read_at_ms);
        if !self.whole || steady(agent.state_since_ms, since) != agent.state_since_ms {
            return false;
        }
        let past = self.shift.see(agent, roster.read_at_ms, roster.read_at_ms);
        if (past.ring_no_answer, past.pause_before_secs) != (agent.ring_no_answer, agent.pause_before_secs) {
            let agent = agent.change();
            (agent.ring_no_answer, agent.pause_before_secs) = (past.ring_no_answer, past.pause_before_secs);
        }
        true
    }

    /// Makes the one person of an interface anew, after the agents of `changed` did, where they sit as `sits` now; gives
    /// back where they are among everybody. `guess`: where they were.
    pub(super) fn make_anew(
        &mut self,
        location: &str,
        changed: &str,
        sits: Option<Seat<'p>>,
        guess: usize,
    ) -> usize {
        let place = self.agents.place(location, guess);
        let before = place.ok().map(|place| &*self.agents.all[place]);
        // Only one roster changed: the others that have this person are those that had.
        let known = before.map_or(&[][..], |agent| agent.campaigns.as_slice());
        let at = known.partition_point(|name| name.as_str() < changed);
        let after = at + usize::from(known.get(at).is_some_and(|name| name == changed));
        let rosters = self.rosters;
        let seat = |name: &String| {
            let (name, roster) = rosters.get_key_value(name)?;
            Some((name, roster, roster.seat(location)?))
        };
        let mut seats: Vec<Seat<'_>> = Vec::with_capacity(known.len() + 1);
        seats.extend(known[..at].iter().filter_map(seat));
        seats.extend(sits);
        seats.extend(known[after..].iter().filter_map(seat));
        let read = || seats.iter().map(|(_, roster, _)| roster.read_at_ms);
        let Some((newest_ms, oldest_ms)) = read().max().zip(read().min()) else {
            return place.map_or_else(
                |place| place,
                |place| {
                    self.agents.shape += 1;
                    self.agents.all.remove(place);
                    place
                },
            );
        };
        draw(&mut self.draft, location, &seats, before, self.whole);
        let past = self.shift.see(&self.draft, newest_ms, oldest_ms);
        (self.draft.ring_no_answer, self.draft.pause_before_secs) =
            (past.ring_no_answer, past.pause_before_secs);
        match place {
            Ok(place) if *self.agents.all[place] == self.draft => place,
            Ok(place) => {
                self.agents.shape += u64::from(self.agents.all[place].campaigns != self.draft.campaigns);
                self.agents.all[place] = Held::from(self.draft.clone());
                place
            }
            Err(place) => {
                self.agents.shape += 1;
                self.agents.all.insert(place, Held::from(self.draft.clone()));
                place
            }
        }
    }
}

/// Writes over what is there: its memory is used again.
fn draw(agent: &mut Agent, location: &str, seats: &[Seat<'_>], before: Option<&Agent>, whole: bool) {
    let Some((_, newest_roster, newest)) = seats.iter().max_by_key(|(_, roster, _)| roster.read_at_ms) else {
        return;
    };
    let paused = || seats.iter().filter(|(_, _, seat)| seat.paused == Some(true));
    let read = newest_roster.read_at_ms;
    let since = began(newest, read);
    // What was read before the state began knows nothing of a pause that began with it.
    let mut since_then = seats
        .iter()
        .filter(|(_, roster, _)| since.is_none_or(|began| roster.read_at_ms + WANDER_MS >= began));
    let state = agent_state(newest.status, since_then.all(|(_, _, seat)| seat.paused == Some(true)));
    let before_since = before.filter(|before| before.state == state).and_then(|before| before.state_since_ms);
    let on_a_call = matches!(newest.status, Some(2 | 3 | 7 | 8));
    let call_campaign = seats
        .iter()
        .filter(|(_, _, seat)| on_a_call && seat.in_call == Some(true))
        .max_by_key(|(_, roster, _)| roster.read_at_ms)
        .map(|(name, _, _)| name.as_str());
    let knows_call = seats.iter().any(|(_, _, seat)| seat.in_call.is_some());
    let reason = paused()
        .max_by_key(|(_, roster, _)| roster.read_at_ms)
        .and_then(|(_, _, seat)| seat.paused_reason.as_deref());
    // Two may share a telephone: who was read last sits there.
    let name = seats
        .iter()
        .filter_map(|(_, roster, seat)| Some((roster.read_at_ms, seat.name.as_deref()?)))
        .max_by_key(|(read_at_ms, _)| *read_at_ms)
        .map_or(location, |(_, name)| name);
    let mut calls = seats.iter().filter_map(|(_, _, seat)| seat.calls_taken).peekable();
    write(&mut agent.location, location);
    write(&mut agent.name, name);
    agent.state = state;
    agent.status_code = newest.status.filter(|_| state == AgentState::Unknown);
    agent.state_since_ms = steady(before_since, since);
    write_or_none(&mut agent.pause_reason, reason);
    agent.paused_in = paused().count() as u32;
    agent.in_call_here = (on_a_call && knows_call).then_some(call_campaign.is_some());
    write_or_none(&mut agent.call_campaign, call_campaign);
    agent.calls_taken = (whole && calls.peek().is_some()).then(|| calls.fold(0, u32::saturating_add));
    agent.last_call_at_ms = seats
        .iter()
        .filter_map(|(_, _, seat)| seat.last_call_epoch_secs)
        .max()
        .map(|secs| secs.saturating_mul(1_000));
    agent.campaigns.truncate(seats.len());
    let kept = agent.campaigns.len();
    for (written, (name, _, _)) in agent.campaigns.iter_mut().zip(seats) {
        write(written, name);
    }
    agent.campaigns.extend(seats[kept..].iter().map(|(name, _, _)| (*name).clone()));
}

fn write(over: &mut String, text: &str) {
    over.clear();
    over.push_str(text);
}

fn write_or_none(over: &mut Option<String>, text: Option<&str>) {
    match text {
        Some(text) => write(over.get_or_insert_default(), text),
        None => *over = None,
    }
}
