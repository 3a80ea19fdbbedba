//! What bands were worth: widened or narrowed until eight of ten held in the past, and shown with their record.
//!
//! Every forecast is kept with what came true. How far outside its band a figure came (negative: how far inside), in widths
//! of the band, is an error; a new band is moved out by as much as eight of ten errors stay below (conformal prediction:
//! whatever the forecast's own faults, as long as tomorrow is like the days before). A campaign goes by its own errors of
//! this hour, where there are too few by those of its day, then by those of all campaigns at this hour, then by all. Left
//! out on purpose: keeping them.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::outcome::{Ahead, Band};

/// So many of a hundred should lie within.
const WITHIN: f64 = 0.8;
/// Days looked back.
pub const DAYS: i64 = 14;
/// Fewer errors are no measure.
const LEAST: usize = 40;
/// Errors of one group looked at, the latest.
const MOST: usize = 2_000;
/// No band is moved out by more widths than this.
const WIDEST: f64 = 20.0;
const DAY_MS: i64 = 86_400_000;

/// What a band is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Figure {
    /// Callers waiting.
    Waiting,
    /// The longest wait, seconds.
    Longest,
    /// The service level of the window, percent.
    Level,
}

impl Figure {
    /// A band that is narrower counts as this wide.
    fn least_width(self) -> f64 {
        match self {
            Self::Waiting => 1.0,
            Self::Longest => 15.0,
            Self::Level => 5.0,
        }
    }

    fn most(self) -> f64 {
        if self == Self::Level { 100.0 } else { f64::INFINITY }
    }

    /// Whether anything can lie below a band, and above it.
    fn open(self, range: Range) -> (bool, bool) {
        (range.low > 0.0, range.high < self.most())
    }
}

/// A band of a forecast: before it is calibrated, or after.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Range {
    /// From here.
    pub low: f64,
    /// To here.
    pub high: f64,
}

impl Range {
    fn holds(self, value: f64) -> bool {
        // A millionth: what was written down and read again is still itself.
        (self.low - 1e-6..=self.high + 1e-6).contains(&value)
    }
}

/// One forecast as it was, with what came true.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Kept {
    /// Of which campaign.
    pub campaign: String,
    /// The hour of the server's day it was made in, 0 to 23.
    pub hour: u8,
    /// When, epoch milliseconds.
    pub at_ms: i64,
    /// Of so many minutes later.
    pub minutes: u32,
    /// What it is about.
    pub figure: Figure,
    /// Before it was calibrated.
    pub raw: Range,
    /// As it was shown.
    pub shown: Range,
    /// As many were expected below as above.
    pub middle: f64,
    /// What came true; `None`: a gap or a reset lay between, so that nobody knows.
    pub came: Option<f64>,
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

type Key = (Option<String>, Option<u8>, u32, Figure);

/// What bands were worth.
#[derive(Debug, Clone, Default)]
pub struct Calibration {
    /// By how many widths a band is moved out.
    moved: HashMap<Key, f64>,
    records: HashMap<(String, u32, Figure), Record>,
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
        let mut errors: HashMap<Key, Vec<f64>> = HashMap::new();
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
            for key in keys(&one.campaign, one.hour, one.minutes, one.figure) {
                let errors = errors.entry(key).or_default();
                if errors.len() < MOST {
                    errors.push(error);
                }
            }
        }
        let moved = errors.into_iter().filter_map(|(key, errors)| Some((key, enough_of(errors)?))).collect();
        Self { moved, records }
    }

    /// What is to be shown of one moment to come, and kept until it is known what came.
    pub fn bands(&self, campaign: &str, hour: u8, at_ms: i64, ahead: &Ahead) -> (Bands, Vec<Kept>) {
        let mut kept = Vec::with_capacity(3);
        let mut shown = |figure: Figure, band: &Band| {
            let raw = Range { low: band.low, high: band.high };
            let calibrated = self.band(campaign, hour, ahead.minutes, figure, raw, band.middle);
            kept.push(Kept {
                campaign: campaign.to_owned(),
                hour,
                at_ms,
                minutes: ahead.minutes,
                figure,
                raw,
                shown: calibrated.range,
                middle: band.middle,
                came: None,
            });
            calibrated
        };
        let bands = Bands {
            waiting: shown(Figure::Waiting, &ahead.waiting),
            longest: shown(Figure::Longest, &ahead.longest_secs),
            level: ahead.level.as_ref().map(|band| shown(Figure::Level, band)),
        };
        (bands, kept)
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
        let groups = [Group::CampaignAndHour, Group::Campaign, Group::Hour, Group::All];
        let found = groups
            .into_iter()
            .zip(keys(campaign, hour, minutes, figure))
            .find_map(|(group, key)| Some((group, *self.moved.get(&key)?)));
        let (group, moved) = found.unwrap_or((Group::Nobody, 0.0));
        let out = moved * width(figure, raw);
        let (below, above) = figure.open(raw);
        // A band that reaches to a bound stays there.
        let range = Range {
            low: if below { (raw.low - out).min(middle) } else { raw.low }.clamp(0.0, figure.most()),
            high: if above { (raw.high + out).max(middle) } else { raw.high }.clamp(0.0, figure.most()),
        };
        let record = self.records.get(&(campaign.to_owned(), minutes, figure)).copied();
        Calibrated { range, group, record }
    }
}

fn width(figure: Figure, range: Range) -> f64 {
    (range.high - range.low).max(figure.least_width())
}

/// How far outside, in widths, on the sides where there is an outside.
fn error(kept: &Kept, came: f64) -> f64 {
    let (below, above) = (kept.raw.low - came, came - kept.raw.high);
    let outside = match kept.figure.open(kept.raw) {
        (true, true) => below.max(above),
        (true, false) => below,
        (false, true) => above,
        (false, false) => 0.0,
    };
    outside / width(kept.figure, kept.raw)
}

/// From the nearest group to the widest.
fn keys(campaign: &str, hour: u8, minutes: u32, figure: Figure) -> [Key; 4] {
    [
        (Some(campaign.to_owned()), Some(hour), minutes, figure),
        (Some(campaign.to_owned()), None, minutes, figure),
        (None, Some(hour), minutes, figure),
        (None, None, minutes, figure),
    ]
}

/// The error that so many of ten stay below, one more counted for the one to come.
fn enough_of(mut errors: Vec<f64>) -> Option<f64> {
    if errors.len() < LEAST {
        return None;
    }
    errors.sort_unstable_by(f64::total_cmp);
    let place = ((errors.len() + 1) as f64 * WITHIN).ceil() as usize;
    errors.get(place.min(errors.len()) - 1).map(|error| error.clamp(-1.0, WIDEST))
}

#[cfg(test)]
mod tests;
