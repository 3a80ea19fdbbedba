//! What the window sees of the live floor: the only shapes of campaigns, agents and health that leave Rust.
//!
//! Unknown is `None`, never zero. Moments are milliseconds of the Unix epoch on *this* computer's clock, worked
//! out from the server's elapsed times, so that timers count on locally between polls.
//! Left out on purpose: texts (made in the window's catalogue).

use std::collections::BTreeMap;

mod held;
mod people;

pub use atalaya_ucontact::{Direction, Problem};
pub use held::Held;
pub use people::{AgentDay, AgentSeat, PauseLimit, PauseTime, StateTime, Team};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The one visible state of an agent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum AgentState {
    /// Free to take a call.
    Available,
    /// The phone rings.
    Ringing,
    /// On a call.
    Busy,
    /// On a call, and paused for what comes after.
    BusyPaused,
    /// The call is on hold.
    OnHold,
    /// On a break.
    Paused,
    /// Finishing the last call's work.
    WrapUp,
    /// Not logged in, or the phone is gone.
    Offline,
    /// A status this program has never heard of; `status_code` says which.
    #[default]
    Unknown,
}

/// One campaign, every figure as the server has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Campaign {
    /// The server's name, suffix included: the key.
    pub name: String,
    /// The name without its direction suffix.
    pub label: String,
    /// From the suffix.
    pub direction: Direction,
    /// Callers waiting now (`acd`, else `callers` of queuesummary).
    pub waiting: Option<u32>,
    /// Seconds the oldest waiting caller had waited when the server answered; 0 when nobody waits.
    pub longest_wait_secs: Option<u32>,
    /// When that caller began to wait; `None` when nobody waits.
    #[ts(type = "number | null")]
    pub longest_wait_since_ms: Option<i64>,
    /// `campaignstatus.availables`.
    pub available: Option<u32>,
    /// Members logged in.
    pub logged_in: Option<u32>,
    /// All members, logged in or not.
    pub total_agents: Option<u32>,
    /// On a call, not paused.
    pub busy: Option<u32>,
    /// On a call and paused.
    pub busy_paused: Option<u32>,
    /// Paused.
    pub paused: Option<u32>,
    /// In wrap-up now.
    pub wrap_up: Option<u32>,
    /// Ringing now, counted over the agents read; `None` until they have been read.
    pub ringing: Option<u32>,
    /// On hold now, counted over the agents read; `None` until they have been read.
    pub on_hold: Option<u32>,
    /// Calls answered since the server's last reset.
    pub answered: Option<u32>,
    /// Calls abandoned since the server's last reset; unanswered dials on outbound campaigns.
    pub abandoned: Option<u32>,
    /// Calls since the server's last reset.
    pub total_calls: Option<u32>,
    /// Percent; `None` when there were no calls.
    pub abandon_rate: Option<f64>,
    /// Percent of answered calls answered within the threshold; `None` when there were none.
    pub service_level: Option<f64>,
    /// Percent: (answered within + abandoned within) / (answered + abandoned); `None` when there were no calls.
    pub service_level2: Option<f64>,
    /// Percent: answered within / (answered + abandoned), worked out from the two above.
    pub service_level_offered: Option<f64>,
    /// Percent: answered within / (answered + abandoned − abandoned within), worked out from the two above: callers who
    /// gave up at once are left out.
    pub service_level_patient: Option<f64>,
    /// Seconds of the service level's threshold.
    pub service_level_threshold_secs: Option<u32>,
    /// Configured wrap-up time, seconds; 0 none.
    pub wrap_up_secs: Option<u32>,
    /// Exponential average of the wait of answered calls, seconds: "recent", not the day's.
    pub recent_wait_secs: Option<u32>,
    /// Exponential average of talk time, seconds.
    pub recent_talk_secs: Option<u32>,
    /// The server's average wait, seconds.
    pub average_wait_secs: Option<u32>,
    /// The server's average talk, seconds.
    pub average_talk_secs: Option<u32>,
    /// Ring strategy as the server names it.
    pub strategy: Option<String>,
    /// Most callers waiting in each of the last minutes watched, oldest first, at most 60; `None` for a minute
    /// without an answer.
    pub waiting_trend: Vec<Option<u32>>,
    /// The last 15, 30 and 60 minutes; empty before the first poll. Outbound campaigns have no service level in it.
    pub rolling: Vec<Rolling>,
}

/// What came in over the last minutes, from differences of the server's counters.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Rolling {
    /// Length of the window: 15, 30 or 60.
    pub minutes: u32,
    /// How much of it was watched; less than `minutes` while the watch is young.
    pub covered_minutes: u32,
    /// Calls answered in it.
    pub answered: u32,
    /// Calls abandoned in it.
    pub abandoned: u32,
    /// Percent; `None` when there were no calls.
    pub abandon_rate: Option<f64>,
    /// Percent of the answered within the threshold; `None` when none were answered or the server gives no percentage.
    pub service_level: Option<f64>,
    /// The service level may be off by so many points: the server rounds the day's percentage to one decimal.
    pub plus_minus: Option<f64>,
}

/// What came in within one half hour of the clock, as far as it was watched.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HalfHour {
    /// Its beginning, epoch milliseconds.
    #[ts(type = "number")]
    pub begins_ms: i64,
    /// Watched from its beginning to its end.
    pub whole: bool,
    /// Calls answered in it.
    pub answered: u32,
    /// Calls abandoned in it.
    pub abandoned: u32,
    /// Percent; `None` when there were no calls.
    pub abandon_rate: Option<f64>,
    /// As in [`Rolling`].
    pub service_level: Option<f64>,
    /// As in [`Rolling`].
    pub plus_minus: Option<f64>,
}

/// One person, once, whatever number of campaigns they serve.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Agent {
    /// The telephone interface (`SIP/1010`): the key.
    pub location: String,
    /// User name.
    pub name: String,
    /// The one visible state.
    pub state: AgentState,
    /// The server's number, kept when `state` is `unknown`.
    pub status_code: Option<i32>,
    /// When the state began; `None` when the server's elapsed time could not be read.
    #[ts(type = "number | null")]
    pub state_since_ms: Option<i64>,
    /// The reason given for a pause.
    pub pause_reason: Option<String>,
    /// In how many campaigns the person is paused.
    pub paused_in: u32,
    /// On a call of a campaign seen here; `Some(false)` is a call of another queue, outbound or private; `None`
    /// when not on a call.
    pub in_call_here: Option<bool>,
    /// The campaign whose call it is, when known.
    pub call_campaign: Option<String>,
    /// Calls taken, all campaigns added.
    pub calls_taken: Option<u32>,
    /// Epoch milliseconds of the last call's end; `None` when none.
    #[ts(type = "number | null")]
    pub last_call_at_ms: Option<i64>,
    /// The campaigns the person is a member of, names with suffix, sorted.
    pub campaigns: Vec<String>,
    /// Rings seen since watching began that ended with the person free and no call taken: not answered, or the caller
    /// gave up, or another was quicker. Rings shorter than the time between two readings are missed.
    pub ring_no_answer: u32,
    /// Seconds spent before this pause in pauses of the same reason since watching began: with the age of the state the
    /// total. `None` when not paused.
    pub pause_before_secs: Option<u32>,
}

/// How far a figure can be trusted by its age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Freshness {
    /// Nothing has arrived yet.
    Starting,
    /// Younger than two intervals.
    Fresh,
    /// Two intervals or older.
    Stale,
    /// Older than five intervals and 30 s.
    Lost,
}

/// Why the server is asked less often than wished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Slowed {
    /// It takes long to answer.
    Server,
    /// Nobody looks, and nothing watches for somebody.
    Unwatched,
}

/// The connection behind the figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// Age of the campaign figures against their planned interval.
    pub freshness: Freshness,
    /// When the campaigns last arrived: the older of the two answers they come in.
    #[ts(type = "number | null")]
    pub last_ok_ms: Option<i64>,
    /// When `campaignstatus` was last answered: counters, levels, states.
    #[ts(type = "number | null")]
    pub status_ok_ms: Option<i64>,
    /// When `queuesummary` was last answered: the longest wait, the recent averages.
    #[ts(type = "number | null")]
    pub queue_ok_ms: Option<i64>,
    /// The planned interval of the campaign figures.
    pub every_ms: u32,
    /// Why that is longer than wished.
    pub slowed: Option<Slowed>,
    /// How long the last answer took.
    pub round_trip_ms: Option<u32>,
    /// Polls failed in a row.
    pub failures: u32,
    /// What went wrong last, gone after a success.
    pub problem: Option<Problem>,
    /// Elements the server sent that could not be read, in the last poll.
    pub dropped: u32,
    /// Requests sent in the last minute.
    pub requests_per_minute: u32,
    /// The server's clock, as it reads, before coordinated universal time, seconds; `None` before an agent told.
    pub server_offset_secs: Option<i32>,
}

/// Everything, as of one revision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// Grows by one with every change.
    #[ts(type = "number")]
    pub revision: u64,
    /// When it was made.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Sorted by name.
    pub campaigns: Vec<Campaign>,
    /// Sorted by location.
    #[ts(as = "Vec<Agent>")]
    pub agents: Vec<Held<Agent>>,
    /// When each campaign's agents were last read.
    #[ts(type = "Record<string, number>")]
    pub agents_read_at_ms: BTreeMap<String, i64>,
    /// Why a campaign's agents could not be read the last time, by campaign: a code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(type = "Record<string, string>", optional)]
    pub agents_unread: BTreeMap<String, String>,
    /// The planned refresh period of a campaign's agents that are not on screen.
    pub agents_every_ms: u32,
    /// The connection.
    pub health: Health,
}

/// What changed between two revisions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Delta {
    /// The revision this applies to; a receiver at another one asks for a snapshot.
    #[ts(type = "number")]
    pub from: u64,
    /// The revision after it.
    #[ts(type = "number")]
    pub revision: u64,
    /// When it was made.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// New or changed, whole.
    pub campaigns: Vec<Campaign>,
    /// Names no longer there.
    pub campaigns_gone: Vec<String>,
    /// New or changed, whole.
    #[ts(as = "Vec<Agent>")]
    pub agents: Vec<Held<Agent>>,
    /// Locations no longer there.
    pub agents_gone: Vec<String>,
    /// Entries that changed; `None` for a campaign whose agents are not known any more.
    #[ts(type = "Record<string, number | null>")]
    pub agents_read_at_ms: BTreeMap<String, Option<i64>>,
    /// Campaigns whose agents could not be read the last time, all of them: a code for each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(type = "Record<string, string>", optional)]
    pub agents_unread: BTreeMap<String, String>,
    /// The planned refresh period of a campaign's agents that are not on screen.
    pub agents_every_ms: u32,
    /// The connection.
    pub health: Health,
}

/// One message to the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum FloorUpdate {
    /// Start over from this.
    Snapshot {
        /// The whole floor.
        snapshot: Snapshot,
    },
    /// Apply this.
    Delta {
        /// What changed.
        delta: Delta,
    },
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Measure {
    /// Callers waiting.
    Waiting,
    /// Seconds the oldest caller has waited.
    LongestWait,
    /// Callers waiting while nobody is available.
    NobodyAvailable,
    /// Percent of the day's answered calls within the threshold; lower is worse.
    ServiceLevel,
    /// The same over the last 30 minutes, once it is certain to 5 points; lower is worse.
    ServiceLevelRecent,
    /// Percent of the day.
    AbandonRate,
    /// How likely callers waiting or the longest wait become red within a quarter of an hour, percent, by the forecast; 0
    /// where one of them is red now.
    RedAhead,
    /// Seconds in a pause.
    InPause,
    /// Seconds on a call.
    InCall,
    /// Seconds in wrap-up.
    InWrapUp,
    /// Seconds ringing.
    InRinging,
    /// Seconds on hold.
    OnHold,
    /// Seconds offline, of those seen signed in since watching began.
    Offline,
    /// Seconds in pauses of one reason since watching began, the one under way included from its own beginning; only
    /// while in one.
    PauseTotal,
    /// Seconds without an answer of the server.
    ServerAway,
}

/// How much a hand is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// An eye.
    Warn,
    /// A hand, now.
    Bad,
}

/// Who hears of an alert; whoever looks sees every one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Hears {
    /// It sounds, and the desktop shows a notice while the window is not in front.
    Sound,
    /// The notice alone.
    Notice,
    /// Nobody: the figure turns amber and red, and no alert is raised.
    Nobody,
}

/// When a figure turns amber or red, and who hears of it: the one truth of colours and alerts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// Its name for the program.
    pub id: String,
    /// What it looks at.
    pub measure: Measure,
    /// Only this campaign, or the agents of it, in place of the rule for all; `None` all.
    pub campaign: Option<String>,
    /// Only the agents of the team with this id, or the campaigns any of them works in; `None` all.
    pub team: Option<String>,
    /// Only pauses of this reason, capitals aside; `None` all. Without meaning for what is no pause.
    pub reason: Option<String>,
    /// From here amber, in the measure's unit; `None` never. A service level is amber below, a share of abandoned calls
    /// above it. A pause whose reason has a limit of its own goes by that: red from it, amber from four fifths.
    pub warn: Option<f64>,
    /// From here red; `None` never.
    pub bad: Option<f64>,
    /// The limits are multiples of the campaign's own threshold (waits) or wrap-up time.
    pub relative: bool,
    /// No relative limit is larger than this.
    pub at_most: Option<f64>,
    /// An alert is over from here, in the unit of `warn` and `bad`; `None`: from the limit it is raised at.
    pub clear: Option<f64>,
    /// Seconds a limit must be passed without a break before an alert is raised; colours do not wait.
    pub hold_secs: u32,
    /// Seconds after its end before it may be raised again.
    pub cooldown_secs: u32,
    /// Who hears of it.
    pub hears: Hears,
    /// Raised from amber, or from red only.
    pub from: Severity,
}

/// A figure beyond its limits, as a part of an alert.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlertPart {
    /// The rule's name.
    pub rule: String,
    /// What was looked at.
    pub measure: Measure,
    /// How bad it is, or was at its worst.
    pub severity: Severity,
    /// The reason of the pause it is about; `None` for what is no pause, or one without a reason.
    pub reason: Option<String>,
    /// The figure as last seen, in the measure's unit.
    pub value: f64,
    /// The figure at its worst.
    pub worst: f64,
    /// The limit it passed.
    pub limit: f64,
    /// Of what is only ahead: in about so many seconds, as last seen; absent for what is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub in_secs: Option<u32>,
    /// Since when it has been passed, epoch milliseconds.
    #[ts(type = "number")]
    pub since_ms: i64,
    /// When this figure was well again; the alert may go on.
    #[ts(type = "number | null")]
    pub over_ms: Option<i64>,
}

/// What needs an eye or a hand at one campaign, with one person or with the server: one alert, whatever figures say so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Alert {
    /// Its number; another one each time it is raised.
    pub id: u32,
    /// How bad it is; once it is over, how bad it was at its worst.
    pub severity: Severity,
    /// The campaign, or the one the person works for.
    pub campaign: Option<String>,
    /// The person's name.
    pub agent: Option<String>,
    /// The person's interface; `None` for what is not about one person.
    pub location: Option<String>,
    /// What is wrong, and what was and is well again while the alert goes on; never empty.
    pub parts: Vec<AlertPart>,
    /// Since when the first limit has been passed, epoch milliseconds.
    #[ts(type = "number")]
    pub since_ms: i64,
    /// When it was raised.
    #[ts(type = "number")]
    pub raised_ms: i64,
    /// When somebody said that they see to it.
    #[ts(type = "number | null")]
    pub acknowledged_ms: Option<i64>,
    /// Who: the person named in the settings, or the account.
    pub acknowledged_by: Option<String>,
    /// Quiet until then.
    #[ts(type = "number | null")]
    pub snoozed_until_ms: Option<i64>,
    /// When it was over.
    #[ts(type = "number | null")]
    pub resolved_ms: Option<i64>,
}

/// All alerts, sent when anything about them changed, and every few seconds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlertBoard {
    /// Under way: a silent server first, then the worst, callers before people, the oldest.
    pub active: Vec<Alert>,
    /// Over, the latest first.
    #[ts(as = "Vec<Alert>")]
    pub history: Vec<Held<Alert>>,
    /// The quiet hours of the settings are now: alerts are shown and not heard.
    pub quiet: bool,
    /// Not heard until then: somebody said so. `None`: heard, or not for the reason above.
    #[ts(type = "number | null")]
    pub muted_until_ms: Option<i64>,
    /// A chat should be told of alerts, and is not: it refused them.
    pub chat_stopped: bool,
    /// The server is silent, and nothing is known of the floor since then; `None`: it is known.
    #[ts(type = "number | null")]
    pub known_until_ms: Option<i64>,
    /// When the rules were last looked at; it goes on for as long as somebody watches. `None`: not yet.
    #[ts(type = "number | null")]
    pub stepped_ms: Option<i64>,
}
