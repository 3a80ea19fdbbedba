//! Who could help: the fewest people whose joining a campaign brings it to its target and takes no other below its own, as
//! far as can be seen: for the quarter of an hour. A campaign gives somebody only where it loses nothing, or meets its target
//! all the same in eight of ten runs and hardly less often than without giving; on average is not enough, because one that is
//! met by a hair is missed half the time.
//!
//! People join and stay where they are, as adding members does: they take whoever of both campaigns has waited longest. What it
//! costs whoever gives them is judged as if they were wholly gone: where callers wait for them all the time they nearly are, which
//! of the two the server prefers it does not tell, and of all who could be asked those are found whose loss was seen too small.
//! Tried one person after the other, each time with somebody of the campaigns that have most to spare, lived through on the
//! same callers. Nothing is advised where the difference is not sure: where its band reaches zero; nor where nothing is known
//! of breaks or of how long calls take, as in the first minutes ever: a simulation without breaks finds people to spare.

use serde::Serialize;
use ts_rs::TS;

use crate::calibrate::Calibration;
use crate::input::{Doing, Floor, Person, Seat};
use crate::outcome::{Band, MINUTES, coming_level, level};
use crate::promise::Promised;
use crate::reason::{Basis, Reason};
use crate::scene::{Forecast, Scene};
use crate::simulate::Plan;
use crate::told::Told;
use crate::whatif::{Change, WhatIf};

/// More people than this are another plan, not a hand.
const MOST_PEOPLE: usize = 8;
/// Campaigns asked for somebody at each step; one on a floor so large that each try takes long.
const ASKED: usize = 3;
/// People of such a floor.
const LARGE: usize = 1_000;
/// What a campaign may lose that is below its target already, points: nothing, but for rounding.
const NOTHING: f64 = 0.25;
/// A campaign that gives somebody may miss its target in so many of all runs,
const RISK: f64 = 0.2;
/// and in so many more than it would without giving.
const MORE: f64 = 0.03;
/// At fifteen minutes.
const AT_THE_END: usize = 2;
/// As much as a campaign without a target is taken to have to spare, points.
const WITHOUT_TARGET: f64 = 50.0;

/// Why nobody is suggested. Codes are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum NoAdvice {
    /// The campaign has no forecast.
    NoForecast(Reason),
    /// How long its calls or people's breaks take is not known yet.
    NotKnownYet,
    /// It has no target.
    NoTarget,
    /// It is expected to meet its target as it is.
    OnTarget,
    /// Nobody is there who could be asked.
    NobodyToAsk,
    /// Whoever could help is needed where they are.
    NeededElsewhere,
    /// All who could help together do not bring it to its target.
    NotEnough,
    /// It may help, and may not.
    NotSure,
}

/// Who could help.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    /// Whom it helps.
    pub campaign: usize,
    /// Who joins it, by their place on the floor, in the order in which they were found.
    pub people: Vec<usize>,
    /// Expected service level of the coming calls as it is, percent.
    pub level_without: f64,
    /// And with their help.
    pub level_with: f64,
    /// What comes of it everywhere.
    pub effect: WhatIf,
}

/// Expected service level of the calls that come, over all runs: percent of calls, not of runs.
fn expected_level(told: &Told, campaign: usize) -> Option<f64> {
    let cells = told.cells(campaign, AT_THE_END).filter(|cell| coming_level(cell).is_some());
    let (within, decided) = cells.fold((0u64, 0u64), |(within, decided), cell| {
        (within + u64::from(cell.coming_within), decided + u64::from(cell.decided))
    });
    (decided > 0).then(|| 100.0 * within as f64 / decided as f64)
}

/// In how many of all runs a target would be missed.
fn missed(told: &Told, campaign: usize, goal: f64) -> f64 {
    let levels = told.cells(campaign, AT_THE_END).filter_map(coming_level);
    let (below, all) =
        levels.fold((0.0, 0.0), |(below, all), level| (below + f64::from(u8::from(level < goal)), all + 1.0));
    below / f64::max(all, 1.0)
}

/// Somebody who could be asked.
struct Candidate {
    person: usize,
    /// The campaign that has least to spare of those they serve; `None`: they serve none.
    home: Option<usize>,
    spare: f64,
}

impl Scene {
    /// Who could help a campaign, against a forecast of this same scene, by what came of what was told (`calibration`).
    pub fn advise(
        &self,
        without: &Forecast,
        campaign: usize,
        calibration: &Calibration,
    ) -> Result<Advice, NoAdvice> {
        let law = self.laws.campaigns.get(campaign).ok_or(NoAdvice::NoTarget)?;
        if let Some(reason) = law.silent {
            return Err(NoAdvice::NoForecast(reason));
        }
        let goal = self.targets.of(campaign).level_percent.ok_or(NoAdvice::NoTarget)?;
        if self.laws.breaks.is_none() || law.handling.talk_basis > Basis::Wider {
            return Err(NoAdvice::NotKnownYet);
        }
        let promised = |told: &Told| self.promised(told, campaign, goal, calibration);
        let level_without = promised(&without.told).ok_or(NoAdvice::OnTarget)?.level;
        if level_without >= goal {
            return Err(NoAdvice::OnTarget);
        }
        let mut candidates = self.candidates(&without.told, campaign, calibration);
        let mut why = if candidates.is_empty() { NoAdvice::NobodyToAsk } else { NoAdvice::NotEnough };
        candidates.retain(|candidate| candidate.spare > 0.0);
        if candidates.is_empty() && why != NoAdvice::NobodyToAsk {
            why = NoAdvice::NeededElsewhere;
        }
        let mut asked: Vec<usize> = Vec::new();
        while asked.len() < MOST_PEOPLE {
            let mut best: Option<(f64, usize, WhatIf)> = None;
            let most = if self.floor.people.len() > LARGE { 1 } else { ASKED };
            for candidate in one_of_each(&candidates, most) {
                let people: Vec<usize> = asked.iter().copied().chain([candidate]).collect();
                let taken = self.told(&self.wholly_taken(&people, campaign));
                if !self.keeps_targets(&without.told, &taken, campaign, calibration) {
                    // That more cannot be spared does not make it surer what fewer would bring.
                    if why != NoAdvice::NotSure {
                        why = NoAdvice::NeededElsewhere;
                    }
                    let home = home_of(&candidates, candidate);
                    candidates.retain(|other| other.home != home);
                    continue;
                }
                let join = |person| Change::Join { person, campaign, penalty: 0 };
                let effect = self.what_if(without, &people.into_iter().map(join).collect::<Vec<_>>());
                let level = promised(&effect.told).map_or(0.0, |promised| promised.level);
                if best.as_ref().is_none_or(|(most, ..)| level > *most) {
                    best = Some((level, candidate, effect));
                }
            }
            let Some((level_with, person, effect)) = best else { return Err(why) };
            asked.push(person);
            candidates.retain(|other| other.person != person);
            if level_with >= goal {
                let gain = effect.differs[campaign].and_then(|differs| differs[AT_THE_END].coming_level);
                if gain.is_some_and(|gain| gain.low > 0.0) {
                    if !self.bears_it_again(&asked, campaign, calibration) {
                        return Err(NoAdvice::NotSure);
                    }
                    return Ok(Advice { campaign, people: asked, level_without, level_with, effect });
                }
                why = NoAdvice::NotSure;
            }
        }
        Err(why)
    }

    /// Whether whoever gives these people bears it with other luck too: of many who could be asked some are found because
    /// their loss was small by chance.
    fn bears_it_again(&self, people: &[usize], campaign: usize, calibration: &Calibration) -> bool {
        let again = Self { plan: Plan { seed: !self.plan.seed, ..self.plan }, ..self.clone() };
        let taken = again.told(&again.wholly_taken(people, campaign));
        again.keeps_targets(&again.told(&again.floor), &taken, campaign, calibration)
    }

    /// The floor as whoever gives somebody must be able to bear it: people who serve nobody but the campaign they help.
    fn wholly_taken(&self, people: &[usize], campaign: usize) -> Floor {
        let mut floor = self.floor.clone();
        for person in people {
            floor.people[*person].seats = vec![Seat { campaign, penalty: 0, paused: false }];
        }
        floor
    }

    /// What may be promised of a campaign: the expected level of the calls that come, and how likely its target is missed.
    fn promised(&self, told: &Told, at: usize, goal: f64, calibration: &Calibration) -> Option<Promised> {
        let simulated = Promised { level: expected_level(told, at)?, missed: missed(told, at, goal) };
        let answered = Band::of(told.cells(at, AT_THE_END).filter_map(level));
        let name = &self.floor.campaigns[at].name;
        Some(answered.map_or(simulated, |band| {
            calibration.promised(name, MINUTES[AT_THE_END], band.middle, goal, simulated)
        }))
    }

    /// Everybody who could be asked, those of campaigns with most to spare first, free ones before busy ones.
    fn candidates(&self, told: &Told, campaign: usize, calibration: &Calibration) -> Vec<Candidate> {
        let spare: Vec<Option<f64>> = (0..self.floor.campaigns.len())
            .map(|at| {
                let known = self.laws.campaigns[at].silent.is_none();
                let goal = self.targets.of(at).level_percent;
                // No calls: nothing is lost there.
                let spare = |goal| {
                    self.promised(told, at, goal, calibration).map_or(100.0, |promised| promised.level) - goal
                };
                known.then(|| goal.map_or(WITHOUT_TARGET, spare))
            })
            .collect();
        let of = |(at, person): (usize, &Person)| {
            let there =
                matches!(person.doing, Doing::Available | Doing::Ringing | Doing::OnCall | Doing::WrapUp);
            if !there || person.seats.iter().any(|seat| seat.campaign == campaign) {
                return None;
            }
            let mut least = Candidate { person: at, home: None, spare: 100.0 };
            for seat in &person.seats {
                // What a campaign of which nobody knows has to spare, nobody knows.
                let spare = (*spare.get(seat.campaign)?)?;
                if spare < least.spare {
                    (least.home, least.spare) = (Some(seat.campaign), spare);
                }
            }
            Some(least)
        };
        let mut all: Vec<Candidate> = self.floor.people.iter().enumerate().filter_map(of).collect();
        let idle = |at: usize| {
            let person = &self.floor.people[at];
            let free = person.doing == Doing::Available;
            if free { person.for_secs.unwrap_or(0.0).max(0.0) + 1.0 } else { 0.0 }
        };
        all.sort_by(|one, other| {
            let spare = other.spare.total_cmp(&one.spare);
            spare.then(idle(other.person).total_cmp(&idle(one.person))).then(one.person.cmp(&other.person))
        });
        all
    }

    /// Whether every other campaign loses nothing, or may be trusted to meet its target without it.
    fn keeps_targets(&self, without: &Told, with: &Told, helped: usize, calibration: &Calibration) -> bool {
        (0..self.floor.campaigns.len()).filter(|at| *at != helped).all(|at| {
            let Some(goal) = self.targets.of(at).level_percent else { return true };
            match (expected_level(without, at), expected_level(with, at)) {
                (Some(before), Some(after)) => {
                    let (as_it_is, then) = (missed(without, at, goal), missed(with, at, goal));
                    let promised = self.promised(with, at, goal, calibration);
                    let risk = promised.map_or(then, |promised| promised.missed);
                    then <= as_it_is + MORE + 1e-9 && (risk <= RISK || after >= before - NOTHING)
                }
                _ => true,
            }
        })
    }
}

/// The first person of each of the first few campaigns.
fn one_of_each(candidates: &[Candidate], most: usize) -> Vec<usize> {
    let mut homes: Vec<Option<usize>> = Vec::new();
    let mut people = Vec::new();
    for candidate in candidates {
        if people.len() < most && !homes.contains(&candidate.home) {
            homes.push(candidate.home);
            people.push(candidate.person);
        }
    }
    people
}

fn home_of(candidates: &[Candidate], person: usize) -> Option<usize> {
    candidates.iter().find(|candidate| candidate.person == person).and_then(|candidate| candidate.home)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::{Figure, Kept, Range};
    use crate::input::{Campaign, Known, Target, Targets};
    use crate::told::Cell;

    const RUNS: usize = 100;
    const NOW_MS: i64 = 1_800_000_000_000;

    /// Of a hundred runs with ten calls each the second campaign answers nine in time, but in so many only so few.
    fn told(runs: usize, in_time: u32) -> Told {
        let mut told = Told::new(RUNS, 2, 15.0, 60);
        for run in 0..RUNS {
            let within = if run < runs { in_time } else { 9 };
            *told.cell_mut(run, 1, AT_THE_END) =
                Cell { decided: 10, coming_within: within, answered: 10, within, ..Cell::default() };
        }
        told
    }

    /// Whether the second campaign, which aims at eight of ten, may give the first somebody.
    fn may_give(without: &Told, with: &Told) -> bool {
        may_give_after(&[], without, with)
    }

    fn may_give_after(kept: &[Kept], without: &Told, with: &Told) -> bool {
        let target = Target { level_percent: Some(80.0), ..Target::default() };
        let floor = Floor { campaigns: vec![Campaign::default(); 2], ..Floor::default() };
        let scene = Scene::new(floor, &Known::default(), Targets { campaigns: vec![target; 2] }, 1);
        scene.keeps_targets(without, with, 0, &Calibration::of(kept, NOW_MS))
    }

    #[test]
    fn a_campaign_gives_nobody_that_would_miss_its_target_more_often() {
        // In three more of a hundred runs, and in four.
        assert!(may_give(&told(0, 7), &told(3, 7)));
        assert!(!may_give(&told(0, 7), &told(4, 7)));
        assert!(may_give(&told(10, 7), &told(13, 7)) && !may_give(&told(10, 7), &told(14, 7)));
        // Also where as many calls or more are answered in time as without giving.
        assert!(!may_give(&told(10, 2), &told(15, 7)), "a better level is not enough");
    }

    /// Forecasts of the second campaign that told ninety of a hundred in time, and so many of a hundred of them came to sixty.
    fn record(missed: usize) -> Vec<Kept> {
        let range = Range { low: 90.0, high: 90.0 };
        let one = |at: usize| Kept {
            campaign: String::new(),
            hour: 10,
            at_ms: NOW_MS - 600_000,
            minutes: 15,
            figure: Figure::Level,
            raw: range,
            shown: range,
            middle: 90.0,
            simulated: 90.0,
            now: None,
            weekdays: 0.5,
            came: Some(if at < missed { 60.0 } else { 90.0 }),
        };
        (0..100).map(one).collect()
    }

    #[test]
    fn a_campaign_that_fared_worse_than_told_gives_nobody() {
        // In no run is its target missed, and giving costs it a call in a hundred.
        let (without, with) = (told(0, 8), told(20, 8));
        assert!(may_give(&without, &with));
        assert!(may_give_after(&record(10), &without, &with));
        assert!(
            !may_give_after(&record(40), &without, &with),
            "four of ten times it was missed all the same"
        );
        // What costs it nothing it may give.
        assert!(may_give_after(&record(40), &without, &without));
    }

    #[test]
    fn that_a_campaign_fares_worse_than_told_makes_no_room_for_giving() {
        // Ten of a hundred like it missed their target where two were told to: three more runs than two is the most all the same.
        assert!(may_give_after(&record(10), &told(2, 7), &told(5, 7)));
        assert!(!may_give_after(&record(10), &told(2, 7), &told(6, 7)));
    }

    #[test]
    fn a_campaign_that_misses_its_target_already_loses_nothing() {
        // In a third of all runs: it may give somebody where it loses no more than a quarter of a point.
        assert!(may_give(&told(33, 7), &told(33, 7)));
        assert!(!may_give(&told(33, 7), &told(33, 6)), "33 calls fewer of 1,000");
        assert!(may_give(&told(33, 6), &told(33, 7)));
        // Rarely missed: what is lost is lost where it does not matter.
        assert!(may_give(&told(20, 7), &told(20, 6)));
    }

    #[test]
    fn whoever_gets_somebody_and_who_aims_at_nothing_keeps_nothing() {
        let (without, with) = (told(0, 7), told(90, 2));
        let of = |targets: Targets, helped| {
            let floor = Floor { campaigns: vec![Campaign::default(); 2], ..Floor::default() };
            Scene::new(floor, &Known::default(), targets, 1).keeps_targets(
                &without,
                &with,
                helped,
                &Calibration::default(),
            )
        };
        let target = Target { level_percent: Some(80.0), ..Target::default() };
        assert!(!of(Targets { campaigns: vec![target; 2] }, 0));
        assert!(of(Targets { campaigns: vec![target; 2] }, 1));
        assert!(of(Targets { campaigns: vec![target] }, 0));
    }
}
