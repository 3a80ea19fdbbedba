//! What is assumed of every campaign, worked out once for a floor: what-ifs on it go by the same.

use crate::arrivals::{Rate, rates};
use crate::handling::{Handling, Wider, handling};
use crate::input::{Campaign, Doing, Floor, Known, Times};
use crate::lasted::lasted;
use crate::patience::{Patience, patience, wider};
use crate::reason::{Basis, Reason};
use crate::spread::Spread;

/// An older picture is no place to begin.
const TOO_OLD_SECS: f64 = 90.0;
/// Where more of a campaign's people do nobody knows what, its people are not known.
const MOST_UNKNOWN: f64 = 0.2;
/// No centre has more callers waiting at one campaign.
pub(crate) const MOST_WAITING: u32 = 20_000;
/// With fewer breaks than this seen, how long they last is not known.
const LEAST_BREAKS: usize = 5;

/// One campaign's.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Law {
    pub(crate) rate: Rate,
    pub(crate) handling: Handling,
    pub(crate) patience: Patience,
    /// Why no forecast may be told, though its people and calls take part in the others'.
    pub(crate) silent: Option<Reason>,
    /// How many calls come, how long they take or who waits is not known: others who share its people should know.
    pub(crate) unknown: bool,
}

/// How people come and go.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Breaks {
    pub(crate) length: Spread,
    /// Begun by somebody free, a second.
    pub(crate) per_free_sec: f64,
    /// Share of calls that end in one.
    pub(crate) per_call: f64,
}

/// All of a floor's.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Laws {
    pub(crate) campaigns: Vec<Law>,
    /// For calls of no campaign known.
    pub(crate) other: Handling,
    /// `None`: not known, so that nobody comes or goes.
    pub(crate) breaks: Option<Breaks>,
}

impl Laws {
    pub(crate) fn of(floor: &Floor, known: &Known) -> Self {
        let longer = Wider::of(&known.campaigns);
        let floors_patience = wider(&known.campaigns);
        let coming = rates(floor, known);
        let nothing = Times::default();
        let any = handling(&nothing, &longer).unwrap_or_else(|_| Handling {
            talk: Spread::exponential(180.0),
            talk_basis: Basis::Assumed,
            wrap_up: Spread::fixed(0.0),
            wrap_up_basis: Basis::Assumed,
            ring_secs: 0.0,
        });
        let law = |(at, campaign): (usize, &Campaign)| {
            let times = known.campaigns.get(at).unwrap_or(&nothing);
            let rate = coming[at].clone();
            let handling = handling(times, &longer);
            let silent = whole_floor(floor)
                .or_else(|| of_campaign(floor, at, campaign))
                .or_else(|| rate.as_ref().err().copied())
                .or_else(|| handling.as_ref().err().copied());
            let waiting_unknown = campaign.inbound && campaign.waiting.is_none();
            Law {
                unknown: rate.is_err() || handling.is_err() || waiting_unknown,
                rate: rate.unwrap_or_else(|_| Rate::none()),
                handling: handling.unwrap_or_else(|_| any.clone()),
                patience: patience(times, floors_patience),
                silent,
            }
        };
        let mut lengths = lasted(&known.break_secs, &known.break_secs_so_far);
        let enough = known.break_secs.len() >= LEAST_BREAKS;
        let length = Spread::of(&mut lengths).filter(|_| enough);
        let per_hour = known.breaks_per_free_hour.filter(|often| (0.0..=60.0).contains(often));
        let per_call = known.breaks_per_call.filter(|share| (0.0..=1.0).contains(share)).unwrap_or(0.0);
        Self {
            campaigns: floor.campaigns.iter().enumerate().map(law).collect(),
            breaks: length.zip(per_hour).map(|(length, often)| Breaks {
                length,
                per_free_sec: often / 3_600.0,
                per_call,
            }),
            other: any,
        }
    }
}

fn whole_floor(floor: &Floor) -> Option<Reason> {
    match floor.age_secs {
        None => Some(Reason::NothingRead),
        // Of a moment that is still to come nobody read anything.
        Some(age) if !(0.0..=TOO_OLD_SECS).contains(&age) => Some(Reason::TooOld),
        Some(_) => None,
    }
}

fn of_campaign(floor: &Floor, at: usize, campaign: &Campaign) -> Option<Reason> {
    if !campaign.inbound {
        return Some(Reason::Outbound);
    }
    match &campaign.waiting {
        None => return Some(Reason::WaitingUnknown),
        Some(waiting) if waiting.callers > MOST_WAITING => return Some(Reason::Implausible),
        Some(_) => {}
    }
    if !campaign.people_known {
        return Some(Reason::PeopleUnknown);
    }
    let members = floor.people.iter().filter(|person| person.seats.iter().any(|seat| seat.campaign == at));
    let (all, unknown) = members.fold((0u32, 0u32), |(all, unknown), person| {
        (all + 1, unknown + u32::from(person.doing == Doing::Unknown))
    });
    (f64::from(unknown) > MOST_UNKNOWN * f64::from(all)).then_some(Reason::PeopleUnknown)
}
