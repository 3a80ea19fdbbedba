//! Call records and where their recordings are: worked out from the seed when asked for, so that a million cost nothing
//! until then.

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime};
use serde_json::{Value, json};

use crate::audio::{self, Kind};
use crate::names;
use crate::state::State;

/// Days of history.
const DAYS: i64 = 30;
/// Younger recordings are at the telephony host.
const TELEPHONY_DAYS: i64 = 7;
const OPEN_SECS: u32 = 8 * 3600;
const CLOSE_SECS: u32 = 20 * 3600;

/// Where a recording is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) backup: bool,
    pub(crate) in_day_folder: bool,
}

/// One call, as worked out.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) guid: String,
    pub(crate) began: NaiveDateTime,
    pub(crate) campaign: String,
    pub(crate) outbound: bool,
    pub(crate) source: String,
    pub(crate) destination: String,
    /// Agents rung; the last one answered when `answered`.
    pub(crate) rung: Vec<(String, u32)>,
    pub(crate) answered: bool,
    pub(crate) talk_secs: u32,
    pub(crate) rating: u32,
    pub(crate) first_id: i64,
    pub(crate) kind: Kind,
    pub(crate) spot: Spot,
    pub(crate) pick: u64,
}

/// A recording to test with.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordingCase {
    /// Its call.
    pub guid: String,
    /// `yyyymmdd`.
    pub day: String,
    /// `yyyy-MM-dd HH:mm:ss`.
    pub calldate: String,
    /// What it is, or what is wrong with it.
    #[serde(skip)]
    pub kind: Kind,
    /// `telephony` or `backup`.
    pub host: &'static str,
    /// In the folder of its day.
    pub in_day_folder: bool,
    /// `mp3` or `gsm`.
    pub format: &'static str,
    /// Seconds of sound.
    pub seconds: u32,
    /// The other party.
    pub phone: String,
}

fn mixed(a: u64, b: u64, c: u64) -> u64 {
    let mut x =
        a.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ b.rotate_left(32) ^ c.wrapping_mul(0xd6e8_feb8_6659_fd93);
    for _ in 0..2 {
        x ^= x >> 32;
        x = x.wrapping_mul(0xd6e8_feb8_6659_fd93);
    }
    x ^ x >> 32
}

fn guid(seed: u64, day: i32, index: u32) -> String {
    let hash = mixed(seed, day as u64, u64::from(index));
    format!(
        "{index:08x}-{:04x}-4{:03x}-8{:03x}-{:04x}{:08x}",
        hash >> 48,
        hash >> 36 & 0xfff,
        hash & 0xfff,
        hash >> 20 & 0xffff,
        day
    )
}

/// The call of a guid, when it is one of ours.
pub(crate) fn by_guid(state: &State, wanted: &str) -> Option<Call> {
    let index = u32::from_str_radix(wanted.get(..8)?, 16).ok()?;
    let day = i32::from_str_radix(wanted.get(wanted.len().checked_sub(8)?..)?, 16).ok()?;
    let date = NaiveDate::from_num_days_from_ce_opt(day)?;
    (guid(state.config.seed, day, index) == wanted).then(|| call(state, date, index))
}

/// The `index`-th call of a day, 0 the earliest.
fn call(state: &State, date: NaiveDate, index: u32) -> Call {
    let config = &state.config;
    let day = date.num_days_from_ce();
    let hash = |salt: u64| mixed(config.seed ^ salt, day as u64, u64::from(index));
    let pick = |salt: u64, n: u64| hash(salt) % n.max(1);
    let per_day = config.calls_per_day.max(1) as f64;
    // A day's curve with two humps, kept in order of the index.
    let part = (f64::from(index) + (hash(1) % 1_000) as f64 / 1_000.0) / per_day;
    let curved = part + (part * 4.0 * std::f64::consts::PI).sin() * 0.025;
    let secs = f64::from(OPEN_SECS) + curved.clamp(0.0, 0.999_99) * f64::from(CLOSE_SECS - OPEN_SECS);
    let began = date.and_time(NaiveTime::MIN) + Duration::seconds(secs as i64);
    let campaign = names::campaign(pick(2, config.campaigns as u64) as usize);
    let outbound = campaign.ends_with("->");
    let answered = pick(3, 100) < if outbound { 60 } else { 88 };
    let kind = match pick(4, 100) {
        0..=46 => Kind::Mp3Narrow,
        47..=56 => Kind::Mp3Wide,
        57..=60 => Kind::Mp3Variable,
        61..=65 => Kind::Mp3Stereo,
        66..=83 => Kind::Gsm,
        84..=87 => Kind::ConvertOnly,
        88 => Kind::Missing,
        89 => Kind::Empty,
        90 => Kind::Html,
        91 => Kind::Truncated,
        92 => Kind::TooShort,
        93..=94 => Kind::Tone1kMp3,
        95..=96 => Kind::Tone3kMp3,
        _ => Kind::Tone1kGsm,
    };
    let talk = 12 + (mixed(config.seed ^ 5, day as u64, u64::from(index)) % 1_000) as u32 * 4 / 10;
    let talk_secs = if answered { audio::seconds(kind, talk) } else { 0 };
    let legs = if outbound { 1 } else { 1 + u32::from(pick(6, 100) < 28) + u32::from(pick(7, 100) < 8) };
    let rung = (0..legs)
        .map(|leg| {
            let who = names::agent(pick(8 + u64::from(leg), config.agents as u64) as usize);
            (who, 5 + pick(12 + u64::from(leg), 14) as u32)
        })
        .collect();
    let age = (state.world().today() - date).num_days();
    let spot = match (age, pick(20, 100)) {
        (0, _) => Spot { backup: false, in_day_folder: false },
        (1..TELEPHONY_DAYS, _) => Spot { backup: false, in_day_folder: true },
        (_, 0..=79) => Spot { backup: true, in_day_folder: true },
        _ => Spot { backup: true, in_day_folder: false },
    };
    // Some people call again and again.
    let regular = (pick(26, 6) == 0)
        .then(|| mixed(config.seed ^ 0x1b, pick(27, config.calls_per_day as u64 / 24 + 1), 0));
    let caller = format!("09{:07}", regular.unwrap_or_else(|| hash(21)) % 10_000_000);
    let line = format!("2{:07}", hash(22) % 100);
    let (source, destination) = if outbound { (line, caller) } else { (caller, line) };
    Call {
        guid: guid(config.seed, day, index),
        began,
        campaign,
        outbound,
        source,
        destination,
        rung,
        answered,
        talk_secs,
        rating: if pick(23, 10) == 0 { 1 + pick(24, 5) as u32 } else { 0 },
        first_id: (i64::from(day) * config.calls_per_day as i64 + i64::from(index)) * 4,
        kind: if answered { kind } else { Kind::Missing },
        spot,
        pick: hash(25),
    }
}

impl Call {
    fn other_party(&self) -> &str {
        if self.outbound { &self.destination } else { &self.source }
    }

    pub(crate) fn day(&self) -> String {
        self.began.format("%Y%m%d").to_string()
    }

    fn ended(&self) -> NaiveDateTime {
        let ringing: u32 = self.rung.iter().map(|(_, secs)| secs).sum();
        self.began + Duration::seconds(i64::from(ringing + self.talk_secs))
    }

    /// The rows, earliest first: one an agent rung.
    fn legs(&self) -> Vec<(i64, Value)> {
        let finish = self.ended().format(DATE).to_string();
        let mut at = self.began;
        let last = self.rung.len() - 1;
        self.rung
            .iter()
            .enumerate()
            .map(|(index, (agent, ring_secs))| {
                let answered = self.answered && index == last;
                let secs = if answered { ring_secs + self.talk_secs } else { *ring_secs };
                // The vendor's sample has billed seconds on legs nobody answered.
                let billed = if answered { self.talk_secs } else { *ring_secs };
                let id = self.first_id + index as i64;
                let row = json!({
                    "id": id,
                    "calldate": at.format(DATE).to_string(),
                    "clid": format!("\"{}\" <{}>", self.campaign, self.source),
                    "src": self.source,
                    "dst": self.destination,
                    "dcontext": if self.outbound { "outbound" } else { "inbound" },
                    "channel": format!("SIP/{}-{:08x}", self.source, self.pick as u32),
                    "dstchannel": format!("SIP/{}-{:08x}", 1_001 + index, self.pick as u32 + 1),
                    "lastapp": "Queue",
                    "lastdata": format!("{},tkc,,,600,,,functions,,", self.campaign),
                    "duration": secs,
                    "billsec": billed,
                    "disposition": if answered { "ANSWERED" } else { "NO ANSWER" },
                    "amaflags": 3,
                    "accountcode": if self.outbound { "Outbound" } else { "Inbound" },
                    "userfield": null,
                    "uniqueid": format!("{}.{index}", self.pick),
                    "type": "record",
                    "guid": self.guid,
                    "causecode": if answered { "16" } else { "19" },
                    "campaign": self.campaign,
                    "direction": if self.outbound { "outbound" } else { "inbound" },
                    "carrier": self.source,
                    "linkedid": format!("{}.0", self.pick),
                    "peeraccount": agent,
                    "sequence": index * 3,
                    "charged_balance": null, "real_balance": null, "note": null, "contact": null,
                    "finishtime": finish,
                    "rating": self.rating,
                    "dialerbase": null, "parandvalues": null, "alternatives": null,
                    "quality": 0,
                });
                at += Duration::seconds(i64::from(*ring_secs));
                (id, row)
            })
            .collect()
    }
}

const DATE: &str = "%Y-%m-%d %H:%M:%S";

/// What `getrecords` is asked for.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Filter {
    calldatei: String,
    calldatef: String,
    agent: String,
    campaign: String,
    source: String,
    destination: String,
    data: String,
    range: String,
    rating: String,
    mindur: String,
    exclude: String,
    cont: String,
}

impl Filter {
    fn hours(&self) -> Option<(NaiveTime, NaiveTime)> {
        let (from, to) = self.range.split_once('-')?;
        let of = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
        Some((of(from)?, of(to)?))
    }

    fn wants(&self, state: &State, call: &Call) -> bool {
        let is = |wanted: &str, have: &str| wanted.is_empty() || have.contains(wanted);
        let min: u32 = self.mindur.parse().unwrap_or(0);
        is(&self.source, &call.source)
            && is(&self.destination, &call.destination)
            && (self.campaign.is_empty() || self.campaign == call.campaign)
            && (self.agent.is_empty() || call.rung.iter().any(|(agent, _)| *agent == self.agent))
            && (self.rating.is_empty() || self.rating == call.rating.to_string())
            && (self.exclude.is_empty() || (call.source != self.exclude && call.destination != self.exclude))
            && call.talk_secs >= min
            && self.hours().is_none_or(|(from, to)| (from..=to).contains(&call.began.time()))
            && (self.data.is_empty() || state.has_tag(&call.guid, &self.data) || seeded_tag(call, &self.data))
    }
}

/// Some calls were tagged before the simulation began.
fn seeded_tag(call: &Call, text: &str) -> bool {
    const TAGS: [&str; 4] = ["factura", "venta", "reclamo", "seguimiento"];
    let pick = call.pick as usize % 40;
    TAGS.get(pick).is_some_and(|tag| tag.contains(text))
}

/// One page of rows, newest first.
pub(crate) fn page(state: &State, filter: &Filter, offset: usize, limit: usize) -> Vec<Value> {
    let parse = |text: &str| NaiveDateTime::parse_from_str(text, DATE).ok();
    let now = state.now();
    let (Some(from), Some(to)) = (parse(&filter.calldatei), parse(&filter.calldatef)) else {
        return Vec::new();
    };
    let to = to.min(now);
    let shifted = state.shifted_rows() as usize;
    let today = now.date();
    let mut skip = offset;
    let mut rows = Vec::new();
    // Rows that were not there when the first page was read.
    for extra in (0..shifted).rev() {
        if skip > 0 {
            skip -= 1;
        } else if rows.len() < limit {
            rows.push(late_row(state, extra, to));
        }
    }
    let least: usize = filter.cont.parse().unwrap_or(0);
    let numbers = if least > 1 { Some(numbers_of(state, filter, from, to)) } else { None };
    let mut date = to.date();
    while date >= from.date() && (today - date).num_days() <= DAYS && rows.len() < limit {
        for index in (0..state.config.calls_per_day as u32).rev() {
            let call = call(state, date, index);
            if call.began > to || call.began < from || call.ended() > now || !filter.wants(state, &call) {
                continue;
            }
            if numbers.as_ref().is_some_and(|n| n.get(call.other_party()).copied().unwrap_or(0) < least) {
                continue;
            }
            for (_, row) in call.legs().into_iter().rev() {
                if skip > 0 {
                    skip -= 1;
                } else if rows.len() < limit {
                    rows.push(row);
                }
            }
            if rows.len() >= limit {
                break;
            }
        }
        let Some(before) = date.pred_opt() else { break };
        date = before;
    }
    rows
}

fn numbers_of(
    state: &State,
    filter: &Filter,
    from: NaiveDateTime,
    to: NaiveDateTime,
) -> std::collections::HashMap<String, usize> {
    let mut numbers = std::collections::HashMap::new();
    let mut date = from.date();
    while date <= to.date() {
        for index in 0..state.config.calls_per_day as u32 {
            let call = call(state, date, index);
            if (from..=to).contains(&call.began) && call.ended() <= state.now() && filter.wants(state, &call)
            {
                *numbers.entry(call.other_party().to_owned()).or_default() += 1;
            }
        }
        let Some(after) = date.succ_opt() else { break };
        date = after;
    }
    numbers
}

/// A call that ended while somebody was paging.
fn late_row(state: &State, number: usize, to: NaiveDateTime) -> Value {
    let date = to.date();
    let mut late = call(state, date, 0);
    late.guid = format!("ffffffff-0000-4000-8000-{number:012x}");
    late.first_id = i64::MAX / 4_096 + number as i64 * 4;
    late.began = to;
    late.rung.truncate(1);
    late.legs().pop().map(|(_, row)| row).unwrap_or_default()
}

/// One recording of each kind, and of each place where there are several.
pub(crate) fn cases(state: &State) -> Vec<RecordingCase> {
    let today = state.now().date();
    let mut found: Vec<RecordingCase> = Vec::new();
    for age in 0..=12 {
        let date = today - Duration::days(age);
        for index in 0..state.config.calls_per_day.min(600) as u32 {
            let call = call(state, date, index);
            if !call.answered || call.ended() > state.now() {
                continue;
            }
            let host = if call.spot.backup { "backup" } else { "telephony" };
            let known = found.iter().any(|case| {
                case.kind == call.kind && case.host == host && case.in_day_folder == call.spot.in_day_folder
            });
            if known {
                continue;
            }
            found.push(RecordingCase {
                day: call.day(),
                calldate: call.began.format(DATE).to_string(),
                kind: call.kind,
                host,
                in_day_folder: call.spot.in_day_folder,
                format: call.kind.ending(),
                seconds: call.talk_secs,
                phone: call.other_party().to_owned(),
                guid: call.guid,
            });
        }
    }
    found
}
