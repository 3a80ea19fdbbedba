//! What bands were worth: widened or narrowed until eight of ten held in the past, and shown with their record.
//!
//! Every forecast is kept with what came true. How far outside its band a figure came (negative: how far inside), in widths
//! of the band, is an error; a new band is moved out by as much as eight of ten errors stay below (conformal prediction:
//! whatever the forecast's own faults, as long as tomorrow is like the days before). A campaign goes by its own errors of
//! this hour, where there are too few by those of its day, then by those of all campaigns at this hour, then by all; each
//! time by those of times like this (`Pace`): what is worth too much where nobody waits and too little where many do
//! is worth eight of ten on average, and to nobody. Times of which most runs say "nobody" are apart too: their ranges cannot be
//! narrower, and what they hold too much others would hold too little.
//!
//! Callers are counted in ones, and often nobody waits. A band of whole numbers that holds eight of ten at least holds
//! nine: there is none between "nobody" and "nobody or one". So what is measured is measured as if each number were spread
//! evenly over its step, and "nobody" and "all in time" over a step beyond the bound (`Figure::spread`). There eight of
//! ten is eight of ten. What is shown is that band's whole numbers: one is in where half of its step is, so that what is too
//! much at one time is too little at another. A band of one number cannot be narrower ([`Range::is_narrowest`]): where
//! nobody ever waits, "nobody" holds nearly always, and is shown all the same. Left out on purpose: keeping them.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::figure::WITHIN;
pub use crate::figure::{Figure, Kept, Range, Raw};
use crate::outcome::Ahead;
use crate::promise::{Promised, Promises};
use crate::stream::{About, Stream};
use crate::towards::{Towards, weight};

/// Aimed at where a range begins with nobody (`Pace::aim`).
const FROM_NOBODY: f64 = 0.78;
/// Days looked back.
pub const DAYS: i64 = 14;
/// Fewer errors are no measure.
const LEAST: usize = 30;
/// Errors of one group looked at, the latest.
const MOST: usize = 2_000;
/// No band is moved out by more widths than this.
const WIDEST: f64 = 20.0;
const DAY_MS: i64 = 86_400_000;

/// What times a forecast is of, by its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Pace {
    /// Nobody waits, in eight of ten runs: there is no narrower range.
    Still,
    /// Nobody waits, in the middle of all runs; all are answered in time in some of them.
    Quiet,
    /// Somebody may wait, and may not.
    Between,
    /// Somebody waits; nobody is answered in time in some runs.
    Busy,
}

impl Pace {
    fn of(figure: Figure, raw: Range, middle: f64) -> Self {
        let (below, above) = figure.open(raw);
        match figure {
            Figure::Level if !above => Self::Quiet,
            Figure::Level if !below => Self::Busy,
            Figure::Level => Self::Between,
            _ if figure.is_step_of_nobody(raw) => Self::Still,
            _ if middle <= 0.0 => Self::Quiet,
            _ if below => Self::Busy,
            _ => Self::Between,
        }
    }

    /// So many of a hundred errors of such times are to lie below. Ranges that begin with nobody hold more than is aimed at:
    /// what is shown are whole numbers with both ends, the likeliest is in them, and "nobody" cannot be narrower. Aimed at 78
    /// they hold 80. Busy times get what they are aimed at, or less.
    fn aim(pace: Option<Self>, figure: Figure) -> f64 {
        match pace {
            Some(Self::Still | Self::Quiet | Self::Between) if figure != Figure::Level => FROM_NOBODY,
            _ => WITHIN,
        }
    }
}

/// Whose errors a band goes by, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "AheadGroup")]
pub enum Group {
    /// The campaign's at this hour.
    CampaignAndHour,
    /// The campaign's.
    Campaign,
    /// All campaigns' at this hour.
    Hour,
    /// All campaigns'.
    All,
    /// Nobody's: too few are known, and the band is as it was simulated.
    Nobody,
}

/// How often bands held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "AheadRecord")]
pub struct Record {
    /// So many held.
    pub held: u32,
    /// Of so many.
    pub of: u32,
}

/// A band as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Calibrated {
    /// Eight of ten lie within.
    pub range: Range,
    /// The likeliest, within it: of what was simulated the middle, drawn towards what there is now (`towards`).
    pub middle: f64,
    /// By whose errors.
    pub group: Group,
    /// How often this campaign's bands of this figure, so many minutes ahead, held in the last [`DAYS`] days; `None`: none
    /// of them has come true yet.
    pub record: Option<Record>,
}

/// A forecast's bands at one moment to come, as they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bands {
    /// Callers waiting.
    pub waiting: Calibrated,
    /// The longest wait, seconds.
    pub longest: Calibrated,
    /// Percent of the calls answered until then, as the server counts; `None`: too few calls.
    pub level: Option<Calibrated>,
}

type Key = (Option<String>, Option<u8>, Option<Pace>, u32, Figure);

/// What bands were worth.
#[derive(Debug, Clone, Default)]
pub struct Calibration {
    /// By how many widths a band is moved out.
    moved: HashMap<Key, f64>,
    records: HashMap<(String, u32, Figure), Record>,
    towards: Towards,
    promises: Promises,
}

impl Calibration {
    /// From what was kept, in any order; what is older than [`DAYS`] or from later than now counts for nothing.
    pub fn of<'a>(kept: impl IntoIterator<Item = &'a Kept>, now_ms: i64) -> Self {
        let mut recent: Vec<(&Kept, f64)> = kept
            .into_iter()
            .filter(|one| (now_ms.saturating_sub(DAYS * DAY_MS)..=now_ms).contains(&one.at_ms))
            .filter_map(|one| Some((one, one.came.filter(|came| came.is_finite())?)))
            .collect();
        recent.sort_by_key(|(one, _)| std::cmp::Reverse(one.at_ms));
        let towards = Towards::of(recent.iter().copied(), now_ms);
        let promises = Promises::of(recent.iter().copied(), now_ms);
        let mut errors: HashMap<Key, Vec<(f64, f64)>> = HashMap::new();
        let mut records: HashMap<(String, u32, Figure), Record> = HashMap::new();
        for (one, came) in recent {
            let record = records
                .entry((one.campaign.clone(), one.minutes, one.figure))
                .or_insert(Record { held: 0, of: 0 });
            record.of += 1;
            record.held += u32::from(one.shown.holds(came));
            let error = error(one, came);
            if !error.is_finite() {
                continue;
            }
            let pace = Pace::of(one.figure, one.raw, one.simulated);
            for (_, key) in keys(&one.campaign, one.hour, pace, one.minutes, one.figure) {
                let errors = errors.entry(key).or_default();
                if errors.len() < MOST {
                    errors.push((error, weight(now_ms.saturating_sub(one.at_ms))));
                }
            }
        }
        let moved = errors.into_iter().filter_map(|(key, errors)| {
            let enough = enough_of(errors, Pace::aim(key.2, key.4))?;
            Some((key, enough))
        });
        let moved = moved.collect();
        Self { moved, records, towards, promises }
    }

    /// What is to be shown of one moment to come, and kept until it is known what came. `as_it_is`: the same moment of the
    /// floor as it is. What is told of another floor is moved by as much as what is told of this one, so that what differs
    /// between them is what was simulated.
    pub fn bands(
        &self,
        campaign: &str,
        hour: u8,
        at_ms: i64,
        ahead: &Ahead,
        as_it_is: &Ahead,
    ) -> (Bands, Vec<Kept>) {
        let mut kept = Vec::with_capacity(3);
        let minutes = ahead.minutes;
        let as_now = &as_it_is.as_now;
        let mut shown = |figure: Figure, raw: Range, simulated: f64, as_it_is: f64| {
            let mut calibrated = self.band(campaign, hour, minutes, figure, raw, simulated);
            let moved = self.towards.drawn(minutes, figure, as_it_is, as_now) - as_it_is;
            calibrated.middle = (simulated + moved).clamp(calibrated.range.low, calibrated.range.high);
            kept.push(Kept {
                campaign: campaign.to_owned(),
                hour,
                at_ms,
                minutes,
                figure,
                raw,
                shown: calibrated.range,
                middle: calibrated.middle,
                simulated,
                now: as_now.of(figure),
                weekdays: as_now.weekdays,
                came: None,
            });
            calibrated
        };
        let level = ahead.level.as_ref().zip(ahead.raw.level);
        let bands = Bands {
            waiting: shown(Figure::Waiting, ahead.raw.waiting, ahead.waiting.middle, as_it_is.waiting.middle),
            longest: shown(
                Figure::Longest,
                ahead.raw.longest,
                ahead.longest_secs.middle,
                as_it_is.longest_secs.middle,
            ),
            level: level.map(|(band, raw)| shown(Figure::Level, raw, band.middle, band.middle)),
        };
        (bands, kept)
    }

    /// What may be promised of a level, by what came of others (`Promises::of_level`).
    pub(crate) fn promised(
        &self,
        campaign: &str,
        minutes: u32,
        middle: f64,
        goal: f64,
        simulated: Promised,
    ) -> Promised {
        self.promises.of_level(campaign, minutes, middle, goal, simulated)
    }

    /// What may be promised of the calls that come until a moment: their level, percent, and how likely it is below the target,
    /// 0 to 1, drawn towards what came of such promises; `None` where there is none, or no target.
    pub fn promise(&self, campaign: &str, ahead: &Ahead) -> Option<(f64, f64)> {
        let simulated = Promised { level: ahead.coming_level?.mean, missed: ahead.below_target? };
        let (middle, goal) = (ahead.level?.middle, ahead.goal?);
        let Promised { level, missed } = self.promised(campaign, ahead.minutes, middle, goal, simulated);
        Some((level, missed))
    }

    /// A simulated band as it is to be shown. `middle` stays within it.
    pub fn band(
        &self,
        campaign: &str,
        hour: u8,
        minutes: u32,
        figure: Figure,
        raw: Range,
        middle: f64,
    ) -> Calibrated {
        let pace = Pace::of(figure, raw, middle);
        let found = keys(campaign, hour, pace, minutes, figure)
            .into_iter()
            .find_map(|(group, key)| Some((group, *self.moved.get(&key)?)));
        let (group, moved) = found.unwrap_or((Group::Nobody, 0.0));
        let out = moved * width(figure, raw);
        let (below, above) = figure.open(raw);
        // A band that reaches to a bound stays there.
        let low = if below { raw.low - out } else { raw.low };
        let high = if above { raw.high + out } else { raw.high };
        let range = figure.shown(low, high, middle);
        let record = self.records.get(&(campaign.to_owned(), minutes, figure)).copied();
        Calibrated { range, middle, group, record }
    }
}

fn width(figure: Figure, range: Range) -> f64 {
    (range.high - range.low).max(figure.least_width())
}

/// How far outside, in widths, on the sides where there is an outside.
fn error(kept: &Kept, came: f64) -> f64 {
    let came = kept.figure.spread(came, share(kept));
    let (below, above) = (kept.raw.low - came, came - kept.raw.high);
    let outside = match kept.figure.open(kept.raw) {
        (true, true) => below.max(above),
        (true, false) => below,
        (false, true) => above,
        (false, false) => 0.0,
    };
    outside / width(kept.figure, kept.raw)
}

/// Where what came lay among its like: by chance, and the same whenever it is asked.
fn share(kept: &Kept) -> f64 {
    let name = kept.campaign.bytes().fold(0, |hash: u64, byte| hash.rotate_left(7) ^ u64::from(byte));
    Stream::new(name)
        .of(About::Spread, kept.at_ms as u64)
        .unit(u64::from(kept.minutes) * 4 + kept.figure as u64)
}

/// From the nearest group to the widest.
fn keys(campaign: &str, hour: u8, pace: Pace, minutes: u32, figure: Figure) -> [(Group, Key); 5] {
    let (campaign, hour, pace) = (Some(campaign.to_owned()), Some(hour), Some(pace));
    [
        (Group::CampaignAndHour, (campaign.clone(), hour, pace, minutes, figure)),
        (Group::Campaign, (campaign, None, pace, minutes, figure)),
        (Group::Hour, (None, hour, pace, minutes, figure)),
        (Group::All, (None, None, pace, minutes, figure)),
        (Group::All, (None, None, None, minutes, figure)),
    ]
}

/// The error that as many stay below as are aimed at; between two of them where it lies there: so many, no more. Errors of today
/// count more than those of other days: a day may be easier to tell, or less easy.
fn enough_of(mut errors: Vec<(f64, f64)>, aim: f64) -> Option<f64> {
    if errors.len() < LEAST {
        return None;
    }
    errors.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
    let place = aim * errors.iter().map(|(_, weight)| weight).sum::<f64>();
    let (mut passed, mut before) = (0.0, errors[0].0);
    for (error, weight) in errors {
        if passed + weight >= place {
            before += (error - before) * ((place - passed) / weight);
            break;
        }
        passed += weight;
        before = error;
    }
    Some(before.clamp(-1.0, WIDEST))
}

#[cfg(test)]
mod tests;
