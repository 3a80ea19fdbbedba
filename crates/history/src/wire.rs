//! What the window sees of the past. Moments are milliseconds of the Unix epoch on this computer's clock; unknown is `None`,
//! never zero, and a stretch of time nobody watched is told, never filled.

use atalaya_floor::wire::{AgentState, Alert, HalfHour, PauseTime, Snapshot, StateTime};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Period {
    /// Epoch milliseconds.
    #[ts(type = "number")]
    pub from_ms: i64,
    /// Epoch milliseconds; not of it any more.
    #[ts(type = "number")]
    pub until_ms: i64,
}

/// A stretch of time that somebody else watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SeenBy {
    /// Epoch milliseconds.
    #[ts(type = "number")]
    pub from_ms: i64,
    /// Epoch milliseconds.
    #[ts(type = "number")]
    pub until_ms: i64,
    /// Who, and at which computer, as their team knows them.
    pub by: String,
}

/// What there is of a floor's past.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Extent {
    /// When the figures came as planned, in order; between them nothing is known.
    pub runs: Vec<Period>,
    /// Which of that was seen at colleagues' desks, in order.
    #[serde(default)]
    pub seen: Vec<SeenBy>,
    /// The server's clock, as it reads, minus coordinated universal time, seconds; `None` before the server told one.
    pub offset_secs: Option<i32>,
    /// Bytes the history of all floors takes.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// The floor at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Moment {
    /// Which.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// As it was; `None`: nobody watched.
    pub snapshot: Option<Snapshot>,
    /// The alerts under way then, the worst and oldest first, as they ended up.
    pub alerts: Vec<Alert>,
    /// The time around the moment that nobody watched; open ends are the moment's own. `None` when somebody did.
    pub gap: Option<Period>,
}

/// One campaign's figures, a minute after the other; `None` for a minute nobody watched.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Trend {
    /// The first minute's beginning.
    #[ts(type = "number")]
    pub from_ms: i64,
    /// Most callers waiting.
    pub waiting: Vec<Option<u32>>,
    /// Longest wait, seconds.
    pub longest: Vec<Option<u32>>,
    /// Fewest agents available.
    pub available: Vec<Option<u32>>,
    /// Percent of those answered in the 30 minutes before the minute's end, as far as watched, worked out from counters.
    pub service_level: Vec<Option<f64>>,
    /// Calls abandoned in the minute.
    pub abandoned: Vec<Option<u32>>,
    /// Calls answered in the minute.
    pub answered: Vec<Option<u32>>,
}

/// One state of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StateSpan {
    /// Its beginning, or when it was first seen.
    #[ts(type = "number")]
    pub from_ms: i64,
    /// Its end, or when it was last seen.
    #[ts(type = "number")]
    pub until_ms: i64,
    /// Which.
    pub state: AgentState,
    /// The reason of a pause.
    pub reason: Option<String>,
}

/// A person's time. Sampled: what began and ended between two readings is missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PersonPast {
    /// The telephone interface.
    pub location: String,
    /// In order; between them nobody watched.
    pub spans: Vec<StateSpan>,
    /// Whether states shorter than a minute are among the spans; when the detail has gone they are only in the sums.
    pub whole: bool,
    /// Seconds in each state, every state, always in the same order.
    pub states: Vec<StateTime>,
    /// Percent: handling over handling and available; `None` when neither was seen.
    pub occupancy: Option<f64>,
    /// By reason, in the order first seen.
    pub pauses: Vec<PauseTime>,
}

/// Which shift is reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReportRequest {
    /// From and until.
    pub period: Period,
    /// Only the people of the team with this id, and the campaigns they worked in; `None` all.
    pub team: Option<String>,
}

/// A half hour of the report.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReportHalf {
    /// What came in, inbound campaigns added up. `whole` is false when some of it was not watched.
    pub came: HalfHour,
    /// Most callers waiting at once, inbound campaigns added up minute by minute; `None`: not watched.
    pub waiting: Option<u32>,
    /// Longest wait, seconds.
    pub longest: Option<u32>,
    /// When somebody had waited so long, epoch milliseconds; `None`: nobody waited.
    #[ts(type = "number | null")]
    pub longest_at_ms: Option<i64>,
    /// Seconds of it that somebody watched.
    pub seen_secs: u32,
}

/// A campaign in the report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReportCampaign {
    /// Name with suffix.
    pub name: String,
    /// What came in over the period, as far as it was watched.
    pub came: HalfHour,
    /// Most callers waiting at once.
    pub waiting: Option<u32>,
    /// Longest wait, seconds.
    pub longest: Option<u32>,
    /// When somebody had waited so long, epoch milliseconds; `None`: nobody waited.
    #[ts(type = "number | null")]
    pub longest_at_ms: Option<i64>,
}

/// The pauses of one reason, against what is allowed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReportPause {
    /// Who.
    pub name: String,
    /// Reason, how many, how long in all.
    pub pause: PauseTime,
    /// The longest one seen, seconds; `None` where only sums are kept.
    pub longest_secs: Option<u32>,
    /// The last moment of it, epoch milliseconds.
    #[ts(type = "number | null")]
    pub longest_at_ms: Option<i64>,
    /// Seconds allowed at once.
    pub once_secs: Option<u32>,
    /// Seconds allowed in all.
    pub total_secs: Option<u32>,
}

/// A person in the report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReportPerson {
    /// User name.
    pub name: String,
    /// The telephone interface.
    pub location: String,
    /// Seconds whose state is known.
    pub seen_secs: u32,
    /// Every state, always in the same order.
    pub states: Vec<StateTime>,
    /// Percent: talk, hold and wrap-up over these and the available time; `None` before any of it was seen.
    pub occupancy: Option<f64>,
    /// Calls taken, from differences of the server's counter; `None`: never told.
    pub calls: Option<u32>,
}

/// A shift.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// From and until.
    pub period: Period,
    /// What of it was watched.
    pub runs: Vec<Period>,
    /// Its half hours, in order.
    pub halves: Vec<ReportHalf>,
    /// Its campaigns, by name.
    pub campaigns: Vec<ReportCampaign>,
    /// Who was signed in, by name.
    pub people: Vec<ReportPerson>,
    /// Their pauses, the longest in all first.
    pub pauses: Vec<ReportPause>,
    /// Alerts raised in it, in order.
    pub alerts: Vec<Alert>,
    /// What was forecast in it against what came, by campaign; those of which nothing came true yet are left out.
    #[serde(default)]
    pub forecasts: Vec<ReportForecast>,
    /// As in [`Extent`].
    pub offset_secs: Option<i32>,
}

/// A campaign's forecasts a quarter of an hour ahead, against what came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReportForecast {
    /// With suffix.
    pub name: String,
    /// So many of the ranges shown held what came; waiting, longest wait and service level together.
    pub held: u32,
    /// Of so many.
    pub of: u32,
    /// How far the middle of the range was from what came, on average: callers waiting.
    pub waiting_off: Option<f64>,
    /// The longest wait, seconds.
    pub longest_off_secs: Option<f64>,
    /// The service level, points.
    pub level_off: Option<f64>,
}
