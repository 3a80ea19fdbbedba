//! Calls that are made because somebody asked for it, from the first ring to the wrap-up, and hanging up.
//!
//! As long as such a call lasts its agent's state is moved from here alone. Left out on purpose: which numbers a dialer
//! takes (`dialling`).

use fastrand::Rng;

use super::lists::{Place, Task};
use super::told::{HangUp, Live, MadeCall, Stage};
use super::{Agent, Doing, World, exponential};

/// Share of numbers of a list at which somebody answers.
const ANSWERED: f64 = 0.6;

/// Who asks for a call, and for which.
#[derive(Debug, Clone, Default)]
pub(crate) struct CallWanted {
    pub(crate) callerid: String,
    pub(crate) agent: String,
    pub(crate) phone: String,
    pub(crate) outqueue: String,
    pub(crate) destination: String,
    pub(crate) data: String,
    pub(crate) form: String,
}

impl Agent {
    /// The number of their telephone: the interface without its technology, and without where it is looked up.
    pub(crate) fn extension(&self) -> &str {
        let number = self.location.split_once('/').map_or(self.location.as_str(), |(_, number)| number);
        number.split('@').next().unwrap_or_default()
    }
}

fn draw(rng: &mut Rng, from: u64, more: u64) -> u64 {
    from + rng.u64(0..more)
}

/// How long a number rings until somebody answers, or until it is given up.
fn rings(rng: &mut Rng, answers: bool) -> u64 {
    if answers { draw(rng, 3, 9) } else { draw(rng, 18, 12) }
}

impl World {
    /// Where a campaign is, unless it is gone.
    pub(super) fn campaign_named(&self, name: &str) -> Option<usize> {
        self.campaigns.iter().position(|campaign| campaign.name == name && !campaign.hidden)
    }

    pub(super) fn agent_at(&self, extension: &str) -> Option<usize> {
        self.agents.iter().position(|agent| agent.extension() == extension)
    }

    /// Calls a destination for an agent, or for the signed-in user, whose own telephone need not be on the floor.
    ///
    /// `None`: an unknown campaign, agent or telephone, one that is busy or not there, no destination, a refused one.
    pub(crate) fn agent_call(&mut self, wanted: CallWanted) -> Option<String> {
        let campaign = self.campaign_named(&wanted.outqueue)?;
        let agent = self.agent_at(&wanted.phone);
        let own = wanted.agent == self.user;
        match agent.map(|index| &self.agents[index]) {
            Some(agent) if own || agent.name == wanted.agent => {
                if !matches!(agent.doing, Doing::Idle | Doing::Wrapping) {
                    return None;
                }
            }
            None if own && (1..=8).contains(&wanted.phone.len()) => {
                if !wanted.phone.bytes().all(|digit| digit.is_ascii_digit()) {
                    return None;
                }
            }
            _ => return None,
        }
        let now = self.now();
        let refused = self.told.blacklist.refused(&wanted.destination, &wanted.outqueue, now);
        if wanted.destination.is_empty() || refused || self.told.live.contains_key(&wanted.phone) {
            return None;
        }
        let task = Task {
            destination: wanted.destination,
            data: wanted.data,
            source: wanted.callerid,
            ..Task::default()
        };
        let caller = Caller { agent, name: wanted.agent, phone: wanted.phone, form: wanted.form };
        Some(self.begin(campaign, caller, task, None, true))
    }

    /// A dialer's call for a free agent of a campaign.
    pub(super) fn dial(&mut self, campaign: usize, agent: usize, place: Place, task: Task) {
        let (name, phone) = (self.agents[agent].name.clone(), self.agents[agent].extension().to_owned());
        let caller = Caller { agent: Some(agent), name, phone, form: String::new() };
        let manual = task.manual;
        self.begin(campaign, caller, task, Some(place), manual);
    }

    fn begin(
        &mut self,
        campaign: usize,
        caller: Caller,
        task: Task,
        place: Option<Place>,
        agent_first: bool,
    ) -> String {
        let step = self.step;
        let began = self.now();
        let told = &mut self.told;
        let guid = told.guid();
        // Who has somebody called by hand knows whom; a list is full of numbers that nobody picks up.
        let drawn = told.rng.f64() < ANSWERED || place.is_none();
        let answers = told.answers.get(&task.destination).copied().unwrap_or(drawn);
        let (stage, until) = if agent_first {
            (Stage::AgentRings, step + draw(&mut told.rng, 2, 4))
        } else {
            (Stage::Dialled, step + rings(&mut told.rng, answers))
        };
        if let Some(index) = caller.agent {
            let agent = &mut self.agents[index];
            agent.doing = Doing::Ringing;
            agent.call_of = Some(campaign);
            agent.since = step;
            agent.until = u64::MAX;
        }
        told.made.push(MadeCall {
            guid: guid.clone(),
            campaign: self.campaigns[campaign].name.clone(),
            agent: caller.name,
            phone: caller.phone.clone(),
            callerid: task.source.clone(),
            destination: task.destination.clone(),
            data: task.data.clone(),
            form: caller.form,
            base: task.base.clone(),
            contact: task.contact.clone(),
            alternatives: task.alternatives.clone(),
            began,
            answered: None,
            ended: None,
            pick: told.rng.u64(..),
        });
        let made = told.made.len() - 1;
        let task = place.map(|place| (place, task));
        let live = Live { made, campaign, agent: caller.agent, stage, answers, since: step, until, task };
        told.live.insert(caller.phone, live);
        guid
    }

    /// A second of every call that was made.
    pub(super) fn step_calls(&mut self) {
        let step = self.step;
        let due = self.told.live.iter().filter(|(_, live)| live.until <= step);
        let due: Vec<String> = due.map(|(phone, _)| phone.clone()).collect();
        for phone in due {
            match self.told.live.get(&phone).map(|live| live.stage) {
                Some(Stage::AgentRings) => self.agent_picks_up(&phone),
                Some(Stage::Dialled) => self.somebody_answers_or_not(&phone),
                Some(Stage::Talking) => self.call_ends(&phone),
                None => {}
            }
        }
    }

    fn agent_picks_up(&mut self, phone: &str) {
        let step = self.step;
        let Some(live) = self.told.live.get_mut(phone) else { return };
        live.stage = Stage::Dialled;
        live.until = step + rings(&mut self.told.rng, live.answers);
        if let Some(index) = live.agent {
            self.agents[index].doing = Doing::Talking;
            self.agents[index].since = step;
        }
    }

    fn somebody_answers_or_not(&mut self, phone: &str) {
        let (step, now) = (self.step, self.now());
        let Some(live) = self.told.live.get_mut(phone) else { return };
        if !live.answers {
            self.call_ends(phone);
            return;
        }
        let made = &mut self.told.made[live.made];
        made.answered = Some(now);
        let waited = step - live.since;
        let campaign = &mut self.campaigns[live.campaign];
        let talk = exponential(&mut self.told.rng, campaign.talk_mean) as u64;
        live.stage = Stage::Talking;
        live.since = step;
        live.until = step + talk.clamp(12, 900);
        campaign.count_answered(step, waited);
        if let Some(index) = live.agent {
            let agent = &mut self.agents[index];
            if agent.doing == Doing::Ringing {
                agent.doing = Doing::Talking;
                agent.since = step;
            }
            agent.count_call(live.campaign);
        }
    }

    fn call_ends(&mut self, phone: &str) {
        let (step, now) = (self.step, self.now());
        let Some(live) = self.told.live.remove(phone) else { return };
        let made = &mut self.told.made[live.made];
        made.ended = Some(now);
        let answered = made.answered.is_some();
        let campaign = &mut self.campaigns[live.campaign];
        if !answered && campaign.outbound && live.stage == Stage::Dialled {
            campaign.abandoned += 1;
            campaign.ever.abandoned += 1;
        }
        match live.agent {
            Some(index) if answered => self.wrap_up(index, step - live.since),
            Some(index) => {
                let agent = &mut self.agents[index];
                agent.doing = Doing::Idle;
                agent.call_of = None;
                agent.since = step;
                agent.until = step;
            }
            None => {}
        }
        if let (false, Some((place, mut task))) = (answered, live.task)
            && !task.alternatives.is_empty()
        {
            task.destination = task.alternatives.remove(0);
            self.told.lists.entry(live.campaign).or_default().put_back(place, task);
        }
    }

    /// Ends the call a telephone is in; whether it was in one. One that only rings for a caller of a campaign is in none.
    pub(crate) fn hang_up_phone(&mut self, phone: &str) -> bool {
        let made = self.told.live.get(phone).map(|live| live.made);
        let agent = self.agent_at(phone);
        if made.is_some() {
            // Somebody ended it by hand: the other numbers are not tried.
            if let Some(live) = self.told.live.get_mut(phone) {
                live.task = None;
            }
            self.call_ends(phone);
        } else if let Some(index) = agent
            && matches!(self.agents[index].doing, Doing::Talking | Doing::Holding)
        {
            self.hang_up(index);
        } else {
            return false;
        }
        let guid = made.map(|made| self.told.made[made].guid.clone());
        let at = self.now();
        self.told.hang_ups.push(HangUp { phone: phone.to_owned(), at, guid });
        true
    }
}

/// Whose call it is.
struct Caller {
    agent: Option<usize>,
    name: String,
    phone: String,
    form: String,
}
