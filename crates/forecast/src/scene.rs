//! A floor with what is known of it, ready to be asked: what comes, what if, who could help.

use crate::input::{Doing, Floor, Known, Targets};
use crate::laws::Laws;
use crate::outcome::{AsNow, MINUTES, Outlook, outlook};
use crate::reason::{Grounds, Reason};
use crate::simulate::{Plan, Turn, simulate};
use crate::stage::{Stage, longest};
use crate::told::Told;

/// How often somebody looks whether a limit is passed, as a dashboard would, seconds.
const LOOK_SECS: f64 = 15.0;
/// Runs, at least and at most.
const RUNS: (u32, u32) = (30, 320);
/// Events all runs together may have: what a core does well within a second.
const EVENTS: f64 = 8_000_000.0;

/// A floor with what is known of it.
#[derive(Debug, Clone)]
pub struct Scene {
    pub(crate) floor: Floor,
    pub(crate) targets: Targets,
    pub(crate) laws: Laws,
    pub(crate) plan: Plan,
}

/// The next quarter of an hour of every campaign.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// For each campaign of the floor, in its order.
    pub campaigns: Vec<Result<Outlook, Reason>>,
    /// How often it was lived through.
    pub runs: u32,
    pub(crate) told: Told,
}

impl Scene {
    /// Works out what is assumed. The same input and seed give the same answers, on one computer and kind of processor.
    pub fn new(floor: Floor, known: &Known, targets: Targets, seed: u64) -> Self {
        let laws = Laws::of(&floor, known);
        let quarter = f64::from(MINUTES[2]) * 60.0;
        let calls: f64 = laws.campaigns.iter().map(|law| law.rate.mean_per_sec() * quarter).sum();
        let waiting = floor.campaigns.iter().filter_map(|campaign| campaign.waiting.as_ref());
        let waiting: f64 = waiting.map(|waiting| f64::from(waiting.callers)).sum();
        let events =
            2.0 * (calls + waiting) + floor.people.len() as f64 + 60.0 * floor.campaigns.len() as f64;
        let runs = (EVENTS / events.max(1.0)).clamp(RUNS.0.into(), RUNS.1.into()) as u32;
        let horizons = MINUTES.map(|minutes| f64::from(minutes) * 60.0);
        let plan = Plan { seed, runs, horizons, look_secs: LOOK_SECS, turn: Turn::Unknown };
        Self { floor, targets, laws, plan }
    }

    /// The same with so many runs in place of as many as fit; for those who measure.
    #[must_use]
    pub fn with_runs(mut self, runs: u32) -> Self {
        self.plan.runs = runs.max(1);
        self
    }

    /// What comes.
    pub fn forecast(&self) -> Forecast {
        let told = self.told(&self.floor);
        let campaigns = (0..self.floor.campaigns.len()).map(|at| self.outlook(&told, at)).collect();
        Forecast { campaigns, runs: self.plan.runs, told }
    }

    /// Another floor with the same callers.
    pub(crate) fn told(&self, floor: &Floor) -> Told {
        simulate(&Stage::of(floor, &self.laws, &self.targets), &self.laws, &self.plan)
    }

    pub(crate) fn runs(&self) -> u32 {
        self.plan.runs
    }

    pub(crate) fn outlook(&self, told: &Told, at: usize) -> Result<Outlook, Reason> {
        let law = &self.laws.campaigns[at];
        if let Some(reason) = law.silent {
            return Err(reason);
        }
        let waiting = self.floor.campaigns[at].waiting.as_ref();
        let grounds = Grounds {
            arrivals: law.rate.basis,
            talk: law.handling.talk_basis,
            wrap_up: law.handling.wrap_up_basis,
            patience: law.patience.basis,
            waits_assumed: waiting.is_some_and(|waiting| waiting.callers > 0 && longest(waiting).is_none()),
            shares_with_unknown: self.shares_with_unknown(at),
            breaks_unknown: self.laws.breaks.is_none(),
        };
        let as_now = AsNow {
            weekdays: law.rate.weekdays,
            waiting: waiting.map(|waiting| f64::from(waiting.callers)),
            longest_secs: waiting
                .and_then(|waiting| if waiting.callers > 0 { longest(waiting) } else { Some(0.0) }),
        };
        Ok(outlook(told, at, &self.targets.of(at), law.rate.mean_per_sec(), grounds, as_now))
    }

    /// Whether its people serve campaigns whose calls nobody knows of.
    fn shares_with_unknown(&self, at: usize) -> bool {
        let here = |person: &&crate::input::Person| !matches!(person.doing, Doing::Away | Doing::Unknown);
        let unknown = |campaign: usize| self.laws.campaigns.get(campaign).is_some_and(|law| law.unknown);
        let mut people = self.floor.people.iter().filter(here);
        people.any(|person| {
            person.seats.iter().any(|seat| seat.campaign == at)
                && person.seats.iter().any(|seat| seat.campaign != at && unknown(seat.campaign))
        })
    }
}
