//! A floor laid out for being simulated: who stands where at the beginning, packed, and the same for every run.

use crate::agenda::{MOST_SUBJECTS, ticks};
use crate::input::{Doing, Floor, Target, Targets};
use crate::laws::Laws;
use crate::spread::{Elapsed, Spread};

/// How somebody begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Begin {
    /// Free.
    Free,
    /// A telephone rings: a call of that campaign begins.
    Ringing(Option<u32>),
    /// On a call of that campaign, and whether on a break after it.
    OnCall(Option<u32>, Elapsed, bool),
    /// In the work after one.
    WrapUp(Option<u32>, Elapsed),
    /// On a break; `None`: for the whole time.
    OnBreak(Option<Elapsed>),
    /// Not there.
    Gone,
}

/// The floor.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    pub(crate) people: Vec<Begin>,
    /// Where each person's seats begin, and one more.
    first_seat: Vec<u32>,
    pub(crate) seats: Vec<SeatAt>,
    /// Where each campaign's lanes begin, and one more; smallest penalty first.
    first_lane: Vec<u32>,
    /// Who is free, longest first.
    pub(crate) free: Vec<u32>,
    pub(crate) campaigns: Vec<CampaignAt>,
}

/// A seat.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SeatAt {
    pub(crate) person: u32,
    pub(crate) campaign: u32,
    pub(crate) lane: u32,
}

/// A campaign.
#[derive(Debug, Clone)]
pub(crate) struct CampaignAt {
    pub(crate) inbound: bool,
    /// Callers waiting now, and how long the first has.
    pub(crate) waiting: u32,
    pub(crate) longest_secs: f64,
    pub(crate) target: Target,
    /// The time aimed at, in parts of a second.
    pub(crate) within: i64,
}

impl Stage {
    pub(crate) fn of(floor: &Floor, laws: &Laws, targets: &Targets) -> Self {
        let count = floor.campaigns.len();
        let mut lanes: Vec<Vec<u32>> = vec![Vec::new(); count];
        let people = &floor.people[..floor.people.len().min(MOST_SUBJECTS)];
        let here =
            |person: usize| people[person].doing != Doing::Unknown && people[person].doing != Doing::Away;
        let seats_of = |person: usize| {
            let seats = &people[person].seats;
            let first =
                move |at: usize| !seats[..at].iter().any(|other| other.campaign == seats[at].campaign);
            seats
                .iter()
                .enumerate()
                .filter(move |(at, seat)| !seat.paused && seat.campaign < count && first(*at))
                .map(|(_, seat)| *seat)
        };
        for person in (0..people.len()).filter(|person| here(*person)) {
            for seat in seats_of(person) {
                if let Err(place) = lanes[seat.campaign].binary_search(&seat.penalty) {
                    lanes[seat.campaign].insert(place, seat.penalty);
                }
            }
        }
        let mut first_lane = vec![0u32];
        for lanes in &lanes {
            first_lane.push(first_lane[first_lane.len() - 1] + lanes.len() as u32);
        }
        let (mut first_seat, mut seats) = (vec![0u32], Vec::new());
        for person in 0..people.len() {
            if here(person) {
                for seat in seats_of(person) {
                    let lane = lanes[seat.campaign].partition_point(|penalty| *penalty < seat.penalty) as u32;
                    seats.push(SeatAt {
                        person: person as u32,
                        campaign: seat.campaign as u32,
                        lane: first_lane[seat.campaign] + lane,
                    });
                }
            }
            first_seat.push(seats.len() as u32);
        }
        let begins: Vec<Begin> = people.iter().map(|person| begin(person, laws)).collect();
        let mut free: Vec<u32> =
            (0..people.len() as u32).filter(|at| begins[*at as usize] == Begin::Free).collect();
        let idle_secs = |at: u32| people[at as usize].for_secs.filter(|secs| secs.is_finite()).unwrap_or(0.0);
        free.sort_by(|one, other| idle_secs(*other).total_cmp(&idle_secs(*one)).then(one.cmp(other)));
        let campaigns = floor
            .campaigns
            .iter()
            .zip(&laws.campaigns)
            .enumerate()
            .map(|(at, (campaign, law))| {
                let callers = match (&campaign.waiting, law.silent) {
                    // Nobody waits where calls are dialled; of callers nobody knows of none can be simulated.
                    (Some(waiting), _) if campaign.inbound => waiting.callers.min(crate::laws::MOST_WAITING),
                    _ => 0,
                };
                let known = campaign.waiting.as_ref().and_then(longest);
                // Unknown: about as long as so many callers take to come.
                let assumed = || f64::from(callers) / law.rate.mean_per_sec().max(1.0 / 600.0);
                let target = targets.of(at);
                CampaignAt {
                    within: ticks(target.within_secs),
                    inbound: campaign.inbound,
                    waiting: callers,
                    longest_secs: known.unwrap_or_else(|| assumed().min(600.0)),
                    target,
                }
            })
            .collect();
        Self { people: begins, first_seat, seats, first_lane, free, campaigns }
    }

    /// A person's seats.
    #[inline]
    pub(crate) fn seats_of(&self, person: u32) -> std::ops::Range<u32> {
        self.first_seat[person as usize]..self.first_seat[person as usize + 1]
    }

    /// A campaign's lanes.
    #[inline]
    pub(crate) fn lanes_of(&self, campaign: u32) -> std::ops::Range<u32> {
        self.first_lane[campaign as usize]..self.first_lane[campaign as usize + 1]
    }

    pub(crate) fn lanes(&self) -> usize {
        self.first_lane.last().map_or(0, |last| *last as usize)
    }
}

/// How long the first caller has waited, where that is known.
pub(crate) fn longest(waiting: &crate::input::Waiting) -> Option<f64> {
    waiting.longest_secs.filter(|secs| secs.is_finite() && *secs >= 0.0).map(|secs| secs.min(86_400.0))
}

fn begin(person: &crate::input::Person, laws: &Laws) -> Begin {
    let of = person.call_of.filter(|of| *of < laws.campaigns.len());
    let handling = of.map_or(&laws.other, |of| &laws.campaigns[of].handling);
    // An age nobody knows is a beginning somewhere: at the middle of one.
    let elapsed = |spread: &Spread| match person.for_secs {
        Some(secs) => spread.elapsed(secs),
        None => spread.elapsed(spread.at(0.5) / 2.0),
    };
    let number = of.map(|of| of as u32);
    match person.doing {
        Doing::Available => Begin::Free,
        Doing::Ringing => Begin::Ringing(number),
        Doing::OnCall => Begin::OnCall(number, elapsed(&handling.talk), false),
        Doing::OnCallThenBreak => Begin::OnCall(number, elapsed(&handling.talk), true),
        Doing::WrapUp => Begin::WrapUp(number, elapsed(&handling.wrap_up)),
        Doing::OnBreak => Begin::OnBreak(laws.breaks.as_ref().map(|breaks| elapsed(&breaks.length))),
        Doing::Away | Doing::Unknown => Begin::Gone,
    }
}
