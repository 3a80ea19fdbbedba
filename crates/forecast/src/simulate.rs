//! The next quarter of an hour, lived through many times: every campaign's callers, and people who serve several.
//!
//! Whoever is free takes the call that has waited longest of the campaigns they take calls of; in every other run the one of
//! the campaign that comes first in an order drawn for it, because the server goes by weights that it does not tell
//! ([`Turn`]). A call goes to the free
//! person of the smallest penalty, and of these to whoever has been free longest. A campaign's callers are answered in the
//! order in which they came, and give up when their patience ends. Other ring strategies choose other people, not more of
//! them, so that queues are the same where calls take everybody as long.
//!
//! People go on breaks while they are free, as often as who was free did lately, and after a call as often as calls ended in one:
//! campaigns whose people have little to do lose more of them. Of a call that is under way the server says whether it does.
//!
//! Random numbers are looked up by run, campaign and number: the n-th caller of a campaign comes as late and is as patient,
//! and its n-th call answered takes as long, whoever else is there. Keyed by the order of answering, not by the caller,
//! more people can be shown never to answer fewer calls by any moment (`simulate/more_people.rs`). Buffers are kept from run
//! to run: once they have grown nothing is allocated.

use std::collections::VecDeque;

use crate::agenda::{A_SECOND, Agenda, Kind, ticks};
use crate::arrivals::{STRETCH_SECS, STRETCHES};
use crate::idle::Idle;
use crate::laws::Laws;
use crate::stage::{Begin, Stage};
use crate::stream::{About, Stream, two_units};
use crate::told::{Cell, Told};

/// Whose caller somebody takes who serves several campaigns in which callers wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Who has waited longest.
    #[cfg_attr(not(test), expect(dead_code, reason = "what formulas are of"))]
    Longest,
    /// In every other run those of one campaign before those of another, in an order that is drawn: it is not known which the
    /// server prefers, and whoever gives or gets somebody depends on it.
    Unknown,
}

/// How it is done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) runs: u32,
    /// When outcomes are told, seconds from now, in order.
    pub(crate) horizons: [f64; 3],
    /// How often somebody looks whether a limit is passed, seconds; horizons are multiples of it.
    pub(crate) look_secs: f64,
    pub(crate) turn: Turn,
}

#[derive(Debug, Clone, Copy)]
struct Caller {
    came: i64,
    leaves: i64,
}

/// A campaign in one run.
#[derive(Debug)]
struct Line {
    queue: VecDeque<Caller>,
    /// Callers of a smaller one are taken first.
    rank: u64,
    rates: [f64; STRETCHES],
    arrival: Stream,
    handling: Stream,
    leaving: Stream,
    patience: Stream,
    /// Up to where calls have come, seconds.
    come_until: f64,
    /// Callers there were, those of the beginning too.
    callers: u64,
    /// Calls of the arrival stream.
    calls: u64,
    taken: u64,
    cell: Cell,
}

/// Everything a run changes.
#[derive(Debug, Default)]
pub(crate) struct Simulation {
    lines: Vec<Line>,
    idle: Idle,
    agenda: Agenda,
    free: Vec<bool>,
    /// On a break once the call is over.
    leaves: Vec<bool>,
    breaks: Vec<u32>,
    run: Option<Stream>,
}

/// Simulates it.
pub(crate) fn simulate(stage: &Stage, laws: &Laws, plan: &Plan) -> Told {
    let looks = (plan.horizons[2] / plan.look_secs).round() as usize;
    let mut told = Told::new(plan.runs as usize, stage.campaigns.len(), plan.look_secs, looks as u16);
    let mut simulation = Simulation::default();
    let root = Stream::new(plan.seed);
    for run in 0..plan.runs {
        let ends = ticks(plan.horizons[2]);
        let ranked = plan.turn == Turn::Unknown && run % 2 == 1;
        simulation.begin(stage, laws, root.of(About::Run, run.into()), ends, ranked);
        for look in 0..=looks {
            let now = ticks(look as f64 * plan.look_secs);
            simulation.go_on(stage, laws, now);
            let horizon =
                plan.horizons.iter().position(|horizon| (horizon / plan.look_secs).round() as usize == look);
            for (campaign, line) in simulation.lines.iter_mut().enumerate() {
                let (target, within) = (&stage.campaigns[campaign].target, stage.campaigns[campaign].within);
                line.look(now, within);
                let met = told.met_mut(run as usize, campaign);
                met.note(look as u16, f64::from(line.cell.waiting), f64::from(line.cell.longest), target);
                if let Some(horizon) = horizon {
                    *told.cell_mut(run as usize, campaign, horizon) = line.as_of(now, within);
                }
            }
        }
    }
    told
}

impl Line {
    fn new() -> Self {
        let nothing = Stream::new(0);
        Self {
            queue: VecDeque::new(),
            rank: 0,
            rates: [0.0; STRETCHES],
            arrival: nothing,
            handling: nothing,
            leaving: nothing,
            patience: nothing,
            come_until: 0.0,
            callers: 0,
            calls: 0,
            taken: 0,
            cell: Cell::default(),
        }
    }

    /// When the next call comes, seconds. Calls are so many waits of mean one apart, each as long as it takes its
    /// stretch's rate to add up to it: a higher rate has the same calls, sooner.
    fn next_call(&mut self) -> f64 {
        let mut owed = self.arrival.exponential(self.calls);
        self.calls += 1;
        loop {
            let stretch = ((self.come_until / STRETCH_SECS) as usize).min(STRETCHES - 1);
            let rate = self.rates[stretch];
            let ends =
                if stretch + 1 < STRETCHES { (stretch + 1) as f64 * STRETCH_SECS } else { f64::INFINITY };
            let until = self.come_until + owed / rate;
            if until <= ends || ends.is_infinite() {
                self.come_until = until;
                return until;
            }
            owed -= rate * (ends - self.come_until);
            self.come_until = ends;
        }
    }

    /// Whoever has given up is gone, at the front.
    #[inline]
    fn first(&mut self, now: i64, within: i64) -> Option<Caller> {
        while let Some(first) = self.queue.front() {
            if first.leaves > now {
                return Some(*first);
            }
            let first = *first;
            self.queue.pop_front();
            self.gave_up(first, within);
        }
        None
    }

    fn gave_up(&mut self, caller: Caller, within: i64) {
        self.cell.gave_up += 1;
        if caller.came >= 0 {
            self.cell.decided += 1;
            self.cell.gave_up_within += u32::from(caller.leaves - caller.came <= within);
        }
    }

    /// Who waits now.
    fn look(&mut self, now: i64, within: i64) {
        if !self.queue.is_empty() {
            let mut queue = std::mem::take(&mut self.queue);
            queue.retain(|caller| {
                let stays = caller.leaves > now;
                if !stays {
                    self.gave_up(*caller, within);
                }
                stays
            });
            self.queue = queue;
        }
        let first = self.queue.front();
        self.cell.waiting = self.queue.len() as u32;
        self.cell.longest = first.map_or(0.0, |first| ((now - first.came) as f64 / A_SECOND) as f32);
        self.cell.looked += u64::from(self.cell.waiting);
    }

    /// What there is to tell at a horizon: who has waited longer than they should is late already.
    fn as_of(&self, now: i64, within: i64) -> Cell {
        let late = |caller: &&Caller| caller.came >= 0 && now - caller.came > within;
        Cell { decided: self.cell.decided + self.queue.iter().filter(late).count() as u32, ..self.cell }
    }
}

impl Simulation {
    fn begin(&mut self, stage: &Stage, laws: &Laws, run: Stream, ends: i64, ranked: bool) {
        self.run = Some(run);
        self.agenda.clear(ends);
        self.idle.clear(stage.seats.len(), stage.lanes());
        let people = stage.people.len();
        for (flags, with) in [(&mut self.free, false), (&mut self.leaves, false)] {
            flags.clear();
            flags.resize(people, with);
        }
        self.breaks.clear();
        self.breaks.resize(people, 0);
        self.lines.resize_with(stage.campaigns.len(), Line::new);
        for (at, (line, law)) in self.lines.iter_mut().zip(&laws.campaigns).enumerate() {
            let number = at as u64;
            line.queue.clear();
            line.rank = if ranked { run.of(About::Turn, number).bits(0) } else { 0 };
            line.rates = law.rate.drawn(run, number);
            line.arrival = run.of(About::Arrival, number);
            line.handling = run.of(About::Handling, number);
            line.leaving = run.of(About::Leaving, number);
            line.patience = run.of(About::Patience, number);
            (line.come_until, line.callers, line.calls, line.taken) = (0.0, 0, 0, 0);
            line.cell = Cell::default();
            let campaign = &stage.campaigns[at];
            for caller in 0..campaign.waiting {
                // Evenly over the time since the first came.
                let share = 1.0 - f64::from(caller) / f64::from(campaign.waiting);
                let waited = campaign.longest_secs * share;
                let leaves =
                    law.patience.gives_up_at(waited, line.patience.exponential(line.callers)) - waited;
                line.callers += 1;
                line.queue.push_back(Caller { came: -ticks(waited), leaves: ticks(leaves).max(1) });
            }
            self.agenda.push(ticks(line.next_call()), Kind::Call, at as u32);
        }
        for (at, begin) in stage.people.iter().enumerate() {
            self.seat(laws, run, at as u32, *begin);
        }
        for person in &stage.free {
            self.free_now(stage, laws, *person, 0);
        }
    }

    /// How somebody begins.
    fn seat(&mut self, laws: &Laws, run: Stream, person: u32, begin: Begin) {
        let handling = |of: Option<u32>| of.map_or(&laws.other, |of| &laws.campaigns[of as usize].handling);
        let draws = || {
            let residual = run.of(About::Residual, person.into());
            (residual.unit(0), residual.unit(1))
        };
        let busy = match begin {
            Begin::Free => 0.0,
            Begin::Gone | Begin::OnBreak(None) => return,
            Begin::Ringing(of) => {
                let (handling, (talk, wrap_up)) = (handling(of), draws());
                handling.ring_secs + handling.talk.at(talk) + handling.wrap_up.at(wrap_up)
            }
            Begin::OnCall(of, elapsed, then_break) => {
                let (handling, (talk, wrap_up)) = (handling(of), draws());
                self.leaves[person as usize] = then_break;
                handling.talk.left(elapsed, talk) + handling.wrap_up.at(wrap_up)
            }
            Begin::WrapUp(of, elapsed) => handling(of).wrap_up.left(elapsed, draws().1),
            Begin::OnBreak(Some(elapsed)) => {
                let left = laws.breaks.as_ref().map_or(f64::MAX, |b| b.length.left(elapsed, draws().0));
                self.agenda.push(ticks(left).max(1), Kind::Back, person);
                return;
            }
        };
        if begin != Begin::Free {
            self.agenda.push(ticks(busy).max(1), Kind::Free, person);
        }
        self.plan_break(laws, person, 0);
    }

    fn plan_break(&mut self, laws: &Laws, person: u32, now: i64) {
        let (Some(breaks), Some(run)) = (&laws.breaks, self.run) else { return };
        if breaks.per_free_sec > 0.0 {
            let number = self.breaks[person as usize];
            let wait =
                run.of(About::Break, person.into()).exponential(2 * u64::from(number)) / breaks.per_free_sec;
            self.agenda.push(now + ticks(wait).max(1), Kind::Break, person);
        }
    }

    /// Somebody goes on a break, for the whole time where nothing is known of breaks.
    fn go(&mut self, laws: &Laws, person: u32, now: i64) {
        let (Some(breaks), Some(run)) = (&laws.breaks, self.run) else { return };
        let number = &mut self.breaks[person as usize];
        let share = run.of(About::Break, person.into()).unit(2 * u64::from(*number) + 1);
        *number += 1;
        self.agenda.push(now + ticks(breaks.length.at(share)).max(1), Kind::Back, person);
    }

    /// Everything up to a moment happens.
    fn go_on(&mut self, stage: &Stage, laws: &Laws, until: i64) {
        while let Some((now, kind, subject)) = self.agenda.next(until) {
            match kind {
                Kind::Call => self.call(stage, laws, subject, now),
                Kind::Free => {
                    self.agenda.done();
                    if std::mem::take(&mut self.leaves[subject as usize]) {
                        self.go(laws, subject, now);
                    } else {
                        self.free_now(stage, laws, subject, now);
                    }
                }
                Kind::Back => {
                    self.agenda.done();
                    self.free_now(stage, laws, subject, now);
                    self.plan_break(laws, subject, now);
                }
                Kind::Break => {
                    self.agenda.done();
                    if std::mem::take(&mut self.free[subject as usize]) {
                        self.leave_lanes(stage, subject);
                        self.go(laws, subject, now);
                    } else {
                        // Whoever is on a call then goes on: they are asked again, at any time as likely as at another.
                        self.breaks[subject as usize] += 1;
                        self.plan_break(laws, subject, now);
                    }
                }
            }
        }
    }

    fn call(&mut self, stage: &Stage, laws: &Laws, campaign: u32, now: i64) {
        let line = &mut self.lines[campaign as usize];
        line.cell.came += 1;
        let next = ticks(line.next_call()).max(now);
        self.agenda.replace(next, Kind::Call, campaign);
        let seat = stage.lanes_of(campaign).find_map(|lane| self.idle.first(lane));
        let number = line.callers;
        line.callers += 1;
        if let Some(seat) = seat {
            let person = stage.seats[seat as usize].person;
            self.free[person as usize] = false;
            self.leave_lanes(stage, person);
            self.take(stage, laws, person, campaign, now, now);
        } else if stage.campaigns[campaign as usize].inbound {
            let patience = laws.campaigns[campaign as usize]
                .patience
                .gives_up_at(0.0, line.patience.exponential(number));
            line.queue.push_back(Caller { came: now, leaves: now + ticks(patience).max(1) });
        }
    }

    /// Somebody is free: takes the call whose turn it is, or waits for one.
    fn free_now(&mut self, stage: &Stage, laws: &Laws, person: u32, now: i64) {
        let mut next: Option<((u64, i64), u32)> = None;
        for seat in stage.seats_of(person) {
            let campaign = stage.seats[seat as usize].campaign;
            let line = &mut self.lines[campaign as usize];
            if line.queue.is_empty() {
                continue;
            }
            let within = stage.campaigns[campaign as usize].within;
            if let Some(first) = line.first(now, within)
                && next.is_none_or(|(turn, _)| (line.rank, first.came) < turn)
            {
                next = Some(((line.rank, first.came), campaign));
            }
        }
        if let Some(((_, came), campaign)) = next {
            self.lines[campaign as usize].queue.pop_front();
            self.take(stage, laws, person, campaign, came, now);
            return;
        }
        self.free[person as usize] = true;
        for seat in stage.seats_of(person) {
            self.idle.join(seat, stage.seats[seat as usize].lane);
        }
    }

    fn leave_lanes(&mut self, stage: &Stage, person: u32) {
        for seat in stage.seats_of(person) {
            self.idle.leave(seat, stage.seats[seat as usize].lane);
        }
    }

    fn take(&mut self, stage: &Stage, laws: &Laws, person: u32, campaign: u32, came: i64, now: i64) {
        let line = &mut self.lines[campaign as usize];
        let handling = &laws.campaigns[campaign as usize].handling;
        let (talk, wrap_up) = two_units(line.handling.bits(line.taken));
        let leaves =
            laws.breaks.as_ref().is_some_and(|breaks| line.leaving.unit(line.taken) < breaks.per_call);
        self.leaves[person as usize] = leaves;
        line.taken += 1;
        let ring = ticks(handling.ring_secs);
        let secs = handling.talk.at(talk) + handling.wrap_up.at(wrap_up);
        self.agenda.push(now + ring + ticks(secs).max(1), Kind::Free, person);
        let in_time = now + ring - came <= stage.campaigns[campaign as usize].within;
        line.cell.answered += 1;
        line.cell.within += u32::from(in_time);
        if came >= 0 {
            line.cell.decided += 1;
            line.cell.coming_within += u32::from(in_time);
        }
    }
}

#[cfg(test)]
mod formulas;
#[cfg(test)]
mod more_people;
#[cfg(test)]
mod pooled;
#[cfg(test)]
mod turns;
