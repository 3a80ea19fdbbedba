//! What a forecast is told: the floor as it is now, what is known of times like this, and what is aimed at.
//!
//! Plain types of this crate's own; whoever has a picture and a history fills them in one conversion. Everything unknown
//! is `None` or absent, never zero. Left out on purpose: moments of any clock; all times are seconds from now. They
//! can be written down, for measurements that look at the same floors again.

use serde::{Deserialize, Serialize};

/// All that a forecast is made of.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Given {
    /// The floor.
    pub floor: Floor,
    /// What is known of times like this.
    pub known: Known,
    /// What is aimed at.
    pub targets: Targets,
    /// Seed of the random numbers: the same callers come in every look, so that what differs between two is the floor's.
    pub seed: u64,
}

/// The floor as it is now.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Floor {
    /// How old the picture is, seconds; `None`: nothing was read yet.
    pub age_secs: Option<f64>,
    /// In an order that stays the same: it is what [`Seat::campaign`] counts in, and what random streams are keyed by.
    pub campaigns: Vec<Campaign>,
    /// Everybody, once.
    pub people: Vec<Person>,
}

/// One campaign.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Campaign {
    /// Its name, the key of what is kept of the past.
    pub name: String,
    /// Callers wait in it; an outbound one only takes its people's time.
    pub inbound: bool,
    /// Who waits; `None` unknown.
    pub waiting: Option<Waiting>,
    /// What its counters said, oldest first, over the last hour or as much of it as there is.
    pub readings: Vec<Reading>,
    /// Who its people are has been read.
    pub people_known: bool,
}

/// Callers waiting now.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// How many.
    pub callers: u32,
    /// How long the first of them has waited, seconds.
    pub longest_secs: Option<f64>,
}

/// What the counters of a campaign said at one moment; unknown is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Seconds before now, never negative.
    pub ago_secs: f64,
    /// Calls answered since the server's last reset.
    pub answered: Option<u32>,
    /// Calls abandoned since the server's last reset.
    pub abandoned: Option<u32>,
    /// Callers waiting.
    pub waiting: Option<u32>,
}

/// What somebody does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Doing {
    /// Free to take a call.
    Available,
    /// The phone rings.
    Ringing,
    /// On a call.
    OnCall,
    /// On a call, and on a break after it.
    OnCallThenBreak,
    /// On a break.
    OnBreak,
    /// Finishing the last call's work.
    WrapUp,
    /// Not there.
    Away,
    /// Nobody knows.
    #[default]
    Unknown,
}

/// One person.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// The key: the telephone.
    pub location: String,
    /// What they do now.
    pub doing: Doing,
    /// For how long, seconds.
    pub for_secs: Option<f64>,
    /// The campaign of the call, or of the work after it; `None` unknown, or none of these.
    pub call_of: Option<usize>,
    /// Where they take calls.
    pub seats: Vec<Seat>,
}

/// Somebody's place in a campaign.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// Its place in [`Floor::campaigns`].
    pub campaign: usize,
    /// Called only when nobody with a smaller one is free.
    pub penalty: u32,
    /// Paused here alone.
    pub paused: bool,
}

/// What is known of times like this.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// For each campaign of the floor, in its order; missing ones are unknown.
    pub campaigns: Vec<Times>,
    /// How far the half hour of the clock is gone, seconds, 0 to 1800.
    pub into_half_hour_secs: f64,
    /// Lengths of recent breaks, seconds, all people together.
    pub break_secs: Vec<f64>,
    /// Of breaks that nobody saw end: how long they had lasted by then, seconds. Without them only short ones would be known
    /// of a day that has just begun.
    #[serde(default)]
    pub break_secs_so_far: Vec<f64>,
    /// Breaks begun by who was free, per hour of somebody being free.
    pub breaks_per_free_hour: Option<f64>,
    /// Breaks that began with the end of a call or of the work after it, a call.
    pub breaks_per_call: Option<f64>,
}

/// What is known of a campaign's calls.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Times {
    /// The same time of earlier days of this weekday.
    pub weekdays: Vec<Weekday>,
    /// Lengths of recent talks, seconds, with holds.
    pub talk_secs: Vec<f64>,
    /// Of talks that nobody saw end: how long they had lasted by then, seconds.
    #[serde(default)]
    pub talk_secs_so_far: Vec<f64>,
    /// Lengths of recent wrap-ups, seconds.
    pub wrap_up_secs: Vec<f64>,
    /// Of wrap-ups that nobody saw end: how long they had lasted by then, seconds.
    #[serde(default)]
    pub wrap_up_secs_so_far: Vec<f64>,
    /// The server's recent average of talks, seconds.
    pub average_talk_secs: Option<f64>,
    /// The wrap-up time that was set, seconds; 0 none.
    pub set_wrap_up_secs: Option<f64>,
    /// How long a telephone rings before it is answered, seconds.
    pub ring_secs: Option<f64>,
    /// How long those waited who were answered, seconds.
    pub answered_waits: Vec<f64>,
    /// How long those waited who gave up, seconds.
    pub abandoned_waits: Vec<f64>,
    /// Where single waits are not known: how many gave up, and how long all callers together waited meanwhile, seconds.
    pub abandons_over: Option<(u32, f64)>,
}

/// Calls offered in three half hours of an earlier day; `None` not watched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Weekday {
    /// In the half hour before this one.
    pub before: Option<u32>,
    /// In this one.
    pub this: Option<u32>,
    /// In the next.
    pub next: Option<u32>,
    /// In each five minutes of the three, where they were watched.
    pub parts: [Option<u32>; PARTS],
}

/// Five minutes of three half hours.
pub const PARTS: usize = 18;

/// What is aimed at, for each campaign of the floor, in its order; missing ones have no limits.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Targets {
    /// In the floor's order.
    pub campaigns: Vec<Target>,
}

impl Targets {
    /// One campaign's; what is no number is no target.
    pub fn of(&self, campaign: usize) -> Target {
        let target = self.campaigns.get(campaign).copied().unwrap_or_default();
        Target { level_percent: target.level_percent.filter(|percent| percent.is_finite()), ..target }
    }
}

/// One campaign's.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// A call should be answered within so many seconds.
    pub within_secs: f64,
    /// So many percent of them; `None` no target.
    pub level_percent: Option<f64>,
    /// Limits on callers waiting.
    pub waiting: Limits,
    /// Limits on the longest wait, seconds.
    pub longest_secs: Limits,
}

impl Default for Target {
    fn default() -> Self {
        Self { within_secs: 20.0, level_percent: None, waiting: Limits::NONE, longest_secs: Limits::NONE }
    }
}

/// From here amber, from here red; `None` never.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// An eye.
    pub amber: Option<f64>,
    /// A hand.
    pub red: Option<f64>,
}

impl Limits {
    /// Neither.
    pub const NONE: Self = Self { amber: None, red: None };
}
