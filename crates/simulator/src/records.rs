//! Call records and where their recordings are: worked out from the seed when asked for, so that a million cost nothing
//! until then.

use std::collections::BTreeSet;

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime};
use serde_json::{Value, json};

use crate::audio::{self, Kind};
use crate::names;
use crate::state::State;
use crate::world::{MadeCall, World};

/// Days of history.
pub(crate) const DAYS: i64 = 30;
/// Younger recordings are at the telephony host.
const TELEPHONY_DAYS: i64 = 7;
const OPEN_SECS: u32 = 8 * 3600;
const CLOSE_SECS: u32 = 20 * 3600;
const DAY_SECS: u32 = 24 * 3600;
/// Shares of a day's calls before it opens and after it closes.
const BEFORE: f64 = 0.02;
const AFTER: f64 = 0.05;
/// How a leg ended that nobody answered, with the causes seen for it; most ring out.
const UNANSWERED: [(&str, &str); 8] = [
    ("NO ANSWER", "19"),
    ("NO ANSWER", "19"),
    ("NO ANSWER", "16"),
    ("NO ANSWER", "18"),
    ("BUSY", "17"),
    ("BUSY", "21"),
    ("FAILED", "38"),
    ("CONGESTION", "34"),
];

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
    /// What it is of, where a dialer called.
    pub(crate) dialled: Option<Dialled>,
}

/// What a dialer's call is of.
#[derive(Debug, Clone)]
pub(crate) struct Dialled {
    base: String,
    contact: String,
    data: String,
    alternatives: String,
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
    if let Some(call) = of_guid_made(state, wanted) {
        return Some(call);
    }
    let index = u32::from_str_radix(wanted.get(..8)?, 16).ok()?;
    let day = i32::from_str_radix(wanted.get(wanted.len().checked_sub(8)?..)?, 16).ok()?;
    let date = NaiveDate::from_num_days_from_ce_opt(day)?;
    (guid(state.config.seed, day, index) == wanted).then(|| call(state, date, index))
}

/// The `index`-th call of a day, 0 the earliest.
pub(crate) fn call(state: &State, date: NaiveDate, index: u32) -> Call {
    let config = &state.config;
    let day = date.num_days_from_ce();
    let hash = |salt: u64| mixed(config.seed ^ salt, day as u64, u64::from(index));
    let pick = |salt: u64, n: u64| hash(salt) % n.max(1);
    let per_day = config.calls_per_day.max(1) as f64;
    // A day's curve with two humps, kept in order of the index.
    let part = (f64::from(index) + (hash(1) % 1_000) as f64 / 1_000.0) / per_day;
    let between =
        |share: f64, from: u32, to: u32| f64::from(from) + share.clamp(0.0, 0.999_99) * f64::from(to - from);
    let secs = if part < BEFORE {
        between(part / BEFORE, 0, OPEN_SECS)
    } else if part < 1.0 - AFTER {
        let open = (part - BEFORE) / (1.0 - BEFORE - AFTER);
        between(open + (open * 4.0 * std::f64::consts::PI).sin() * 0.025, OPEN_SECS, CLOSE_SECS)
    } else {
        between((part - 1.0 + AFTER) / AFTER, CLOSE_SECS, DAY_SECS)
    };
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
        dialled: None,
    }
}

/// Rows of calls that were made are numbered from here, above all that are worked out.
const FIRST_MADE: i64 = 1 << 50;

/// The calls that were made and are over, in the order in which they began.
pub(crate) fn made(state: &State) -> Vec<Call> {
    let world = state.world();
    let mut calls: Vec<Call> =
        world.made_calls().iter().enumerate().filter_map(|(number, call)| made_call(number, call)).collect();
    calls.sort_by_key(|call| call.began);
    calls
}

fn of_guid_made(state: &State, wanted: &str) -> Option<Call> {
    let world = state.world();
    let (number, call) = world.made_calls().iter().enumerate().find(|(_, call)| call.guid == wanted)?;
    made_call(number, call)
}

/// A call that was made, as a record of it has it; none while it lasts.
fn made_call(number: usize, made: &MadeCall) -> Option<Call> {
    let ended = made.ended?;
    let secs = |from: NaiveDateTime, to: NaiveDateTime| (to - from).num_seconds().max(0) as u32;
    let talk_secs = made.answered.map_or(0, |answered| secs(answered, ended));
    let kinds = [Kind::Mp3Narrow, Kind::Mp3Narrow, Kind::Gsm, Kind::Mp3Wide, Kind::Mp3Stereo];
    let list = !made.base.is_empty();
    Some(Call {
        guid: made.guid.clone(),
        began: made.began,
        campaign: made.campaign.clone(),
        outbound: true,
        source: if made.callerid.is_empty() { made.phone.clone() } else { made.callerid.clone() },
        destination: made.destination.clone(),
        rung: vec![(made.agent.clone(), secs(made.began, made.answered.unwrap_or(ended)))],
        answered: made.answered.is_some(),
        talk_secs,
        rating: 0,
        first_id: FIRST_MADE + number as i64 * 4,
        kind: if made.answered.is_some() { kinds[made.pick as usize % kinds.len()] } else { Kind::Missing },
        spot: Spot { backup: false, in_day_folder: false },
        pick: made.pick,
        dialled: list.then(|| Dialled {
            base: made.base.clone(),
            contact: made.contact.clone(),
            data: made.data.clone(),
            alternatives: made.alternatives.join(":"),
        }),
    })
}

/// Whether a campaign turned a caller away: the call is no call of anybody's.
pub(crate) fn turned_away(world: &World, call: &Call) -> bool {
    !call.outbound && world.blacklist().refused(&call.source, &call.campaign, call.began)
}

impl Call {
    pub(crate) fn other_party(&self) -> &str {
        if self.outbound { &self.destination } else { &self.source }
    }

    pub(crate) fn day(&self) -> String {
        self.began.format("%Y%m%d").to_string()
    }

    pub(crate) fn ended(&self) -> NaiveDateTime {
        let ringing: u32 = self.rung.iter().map(|(_, secs)| secs).sum();
        self.began + Duration::seconds(i64::from(ringing + self.talk_secs))
    }

    /// The rows, earliest first: one an agent rung.
    pub(crate) fn legs(&self) -> Vec<(i64, Value)> {
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
                let (disposition, cause) = if answered {
                    ("ANSWERED", "16")
                } else {
                    UNANSWERED[(self.pick as usize).wrapping_add(index) % UNANSWERED.len()]
                };
                let dialled = self.dialled.as_ref();
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
                    "disposition": disposition,
                    "amaflags": 3,
                    "accountcode": if self.outbound { "Outbound" } else { "Inbound" },
                    "userfield": null,
                    "uniqueid": format!("{}.{index}", self.pick),
                    "type": "record",
                    "guid": self.guid,
                    "causecode": cause,
                    "campaign": self.campaign,
                    "direction": if self.outbound { "outbound" } else { "inbound" },
                    "carrier": self.source,
                    "linkedid": format!("{}.0", self.pick),
                    "peeraccount": agent,
                    "sequence": index * 3,
                    "charged_balance": null, "real_balance": null, "note": null,
                    "contact": dialled.map(|of| &of.contact),
                    "finishtime": finish,
                    "rating": self.rating,
                    "dialerbase": dialled.map(|of| &of.base),
                    "parandvalues": dialled.map(|of| &of.data),
                    "alternatives": dialled.map(|of| &of.alternatives),
                    "quality": 0,
                });
                at += Duration::seconds(i64::from(*ring_secs));
                (id, row)
            })
            .collect()
    }
}

/// The calls that are over and began between these moments, both included.
pub(crate) fn between(state: &State, from: NaiveDateTime, to: NaiveDateTime) -> BTreeSet<String> {
    let now = state.now();
    let days = from.date().iter_days().take_while(|date| *date <= to.date());
    let calls = days
        .flat_map(|date| (0..state.config.calls_per_day as u32).map(move |index| call(state, date, index)));
    let over: Vec<Call> = calls
        .chain(made(state))
        .filter(|call| (from..=to).contains(&call.began) && call.ended() <= now)
        .collect();
    let world = state.world();
    over.into_iter().filter(|call| !turned_away(&world, call)).map(|call| call.guid).collect()
}

pub(crate) const DATE: &str = "%Y-%m-%d %H:%M:%S";

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
