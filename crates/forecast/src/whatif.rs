//! What if people were elsewhere: the same callers, other people, and what differs, run by run.
//!
//! Because every run has the same calls with and without the change, the difference is far less uncertain than either, and
//! has a band of its own. Whoever is on a call finishes it.

use serde::Serialize;
use ts_rs::TS;

use crate::input::{Doing, Floor, Person, Seat};
use crate::outcome::{Band, MINUTES, Outlook, coming_level};
use crate::reason::Reason;
use crate::scene::{Forecast, Scene};
use crate::told::{Cell, Told};

/// Something that could be done. Campaigns and people are told by their place on the floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// So many people more, free, who serve this campaign alone.
    More {
        /// Where.
        campaign: usize,
        /// How many.
        people: u32,
    },
    /// So many fewer of those who are there: those free longest first, then those on calls.
    Fewer {
        /// Where.
        campaign: usize,
        /// How many.
        people: u32,
    },
    /// Somebody takes this campaign's calls too.
    Join {
        /// Who.
        person: usize,
        /// Where.
        campaign: usize,
        /// After everybody with a smaller one.
        penalty: u32,
    },
    /// Somebody takes this campaign's calls no more.
    Leave {
        /// Who.
        person: usize,
        /// Where.
        campaign: usize,
    },
}

/// With the change less without it, at one moment to come.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "AheadDifference")]
pub struct Difference {
    /// Minutes from now.
    pub minutes: u32,
    /// Callers waiting then.
    pub waiting: Band,
    /// The longest wait then, seconds.
    pub longest_secs: Band,
    /// Callers who give up until then.
    pub gives_up: Band,
    /// Points of the service level of calls that come until then; `None`: too few calls.
    pub coming_level: Option<Band>,
}

/// What comes of a change.
#[derive(Debug, Clone, PartialEq)]
pub struct WhatIf {
    /// With it, for each campaign of the floor.
    pub campaigns: Vec<Result<Outlook, Reason>>,
    /// What differs, at each of the [`MINUTES`]; `None` where there is no forecast.
    pub differs: Vec<Option<[Difference; 3]>>,
    /// People that were asked for and are not there to be changed: the change is that much smaller.
    pub left_out: u32,
    pub(crate) told: Told,
}

impl Scene {
    /// What comes of changes, against a forecast of this same scene.
    pub fn what_if(&self, without: &Forecast, changes: &[Change]) -> WhatIf {
        let (floor, left_out) = changed(&self.floor, changes);
        let with = self.told(&floor);
        let again = (without.runs != self.runs()).then(|| self.forecast());
        let without = again.as_ref().unwrap_or(without);
        let campaigns: Vec<_> = (0..floor.campaigns.len()).map(|at| self.outlook(&with, at)).collect();
        let differs = campaigns
            .iter()
            .enumerate()
            .map(|(at, outlook)| {
                let difference = |horizon| difference(&without.told, &with, at, horizon);
                outlook.as_ref().ok().map(|_| std::array::from_fn(difference))
            })
            .collect();
        WhatIf { campaigns, differs, left_out, told: with }
    }
}

fn difference(without: &Told, with: &Told, campaign: usize, horizon: usize) -> Difference {
    let pairs = || with.cells(campaign, horizon).zip(without.cells(campaign, horizon));
    let band = |of: fn(&Cell) -> f64| {
        Band::of(pairs().map(|(with, without)| of(with) - of(without))).unwrap_or_default()
    };
    let levels: Vec<f64> =
        pairs().filter_map(|(with, without)| Some(coming_level(with)? - coming_level(without)?)).collect();
    let enough = 2 * levels.len() >= with.runs;
    Difference {
        minutes: MINUTES[horizon],
        waiting: band(|cell| f64::from(cell.waiting)),
        longest_secs: band(|cell| f64::from(cell.longest)),
        gives_up: band(|cell| f64::from(cell.gave_up)),
        coming_level: Band::of(levels).filter(|_| enough),
    }
}

/// The floor after the changes, and how many people were asked for in vain.
fn changed(floor: &Floor, changes: &[Change]) -> (Floor, u32) {
    let mut floor = floor.clone();
    let there = floor.campaigns.len();
    let mut left_out = 0u32;
    for change in changes {
        match *change {
            Change::More { campaign, people } if campaign < there => {
                left_out = left_out.saturating_add(people.saturating_sub(MOST_MORE));
                let people = people.min(MOST_MORE);
                floor.people.extend((0..people).map(|number| Person {
                    location: format!("+{number}"),
                    doing: Doing::Available,
                    for_secs: Some(0.0),
                    call_of: None,
                    seats: vec![Seat { campaign, penalty: 0, paused: false }],
                }));
            }
            Change::More { people, .. } => left_out = left_out.saturating_add(people),
            Change::Fewer { campaign, people } => {
                let here = |person: &Person| {
                    !matches!(person.doing, Doing::Away | Doing::Unknown)
                        && person.seats.iter().any(|seat| seat.campaign == campaign)
                };
                let mut there: Vec<usize> =
                    (0..floor.people.len()).filter(|at| here(&floor.people[*at])).collect();
                let idle = |at: usize| {
                    let person = &floor.people[at];
                    let free = person.doing == Doing::Available;
                    (free, if free { person.for_secs.unwrap_or(0.0) } else { 0.0 })
                };
                there.sort_by(|one, other| {
                    let ((free, secs), (other_free, other_secs)) = (idle(*one), idle(*other));
                    other_free.cmp(&free).then(other_secs.total_cmp(&secs))
                });
                left_out = left_out.saturating_add(people.saturating_sub(there.len() as u32));
                for at in there.into_iter().take(people as usize) {
                    floor.people[at].seats.retain(|seat| seat.campaign != campaign);
                }
            }
            Change::Join { person, campaign, penalty } => match floor.people.get_mut(person) {
                Some(person) if campaign < there => {
                    person.seats.retain(|seat| seat.campaign != campaign);
                    person.seats.push(Seat { campaign, penalty, paused: false });
                }
                _ => left_out = left_out.saturating_add(1),
            },
            Change::Leave { person, campaign } => {
                let seats = floor.people.get_mut(person).map(|person| &mut person.seats);
                let had = seats.is_some_and(|seats| {
                    let before = seats.len();
                    seats.retain(|seat| seat.campaign != campaign);
                    seats.len() < before
                });
                left_out = left_out.saturating_add(u32::from(!had));
            }
        }
    }
    (floor, left_out)
}

/// Nobody has more people at hand.
const MOST_MORE: u32 = 1_000;
