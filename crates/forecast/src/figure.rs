//! What bands are of, where values lie among their like, and one forecast as it is kept.
//!
//! Left out on purpose: what bands were worth (`calibrate`).

use serde::{Deserialize, Serialize};

/// So many of a hundred should lie within.
pub(crate) const WITHIN: f64 = 0.8;

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
    pub(crate) fn least_width(self) -> f64 {
        match self {
            Self::Waiting => 1.0,
            Self::Longest => 15.0,
            Self::Level => 5.0,
        }
    }

    pub(crate) fn most(self) -> f64 {
        if self == Self::Level { 100.0 } else { f64::INFINITY }
    }

    /// Where a value lies among its like: `share`, 0 to 1, of them below it.
    pub(crate) fn spread(self, value: f64, share: f64) -> f64 {
        let beyond = self.least_width();
        match self {
            Self::Waiting => value - 0.5 + share,
            Self::Longest | Self::Level if value <= 0.0 => value - beyond * (1.0 - share),
            Self::Level if value >= 100.0 => value + beyond * share,
            Self::Longest | Self::Level => value,
        }
    }

    /// From where to where spread values lie.
    pub(crate) fn bounds(self) -> Range {
        match self {
            Self::Waiting => Range { low: -0.5, high: f64::INFINITY },
            Self::Longest => Range { low: -self.least_width(), high: f64::INFINITY },
            Self::Level => Range { low: -self.least_width(), high: 100.0 + self.least_width() },
        }
    }

    /// Whether anything can lie below a band, and above it.
    pub(crate) fn open(self, raw: Range) -> (bool, bool) {
        let bounds = self.bounds();
        (raw.low > bounds.low + 1e-9, raw.high < bounds.high - 1e-9)
    }

    /// Whether it is no more than "nobody" (`Self::spread`).
    pub(crate) fn is_step_of_nobody(self, raw: Range) -> bool {
        raw.high <= self.bounds().low + self.least_width()
    }

    /// What lies between two places among spread values, as it is shown. `middle` is in it.
    pub(crate) fn shown(self, low: f64, high: f64, middle: f64) -> Range {
        let (low, high) = match self {
            // A thousandth: what was added up and is a whole number is one.
            Self::Waiting => {
                ((low - 1e-3).ceil().min(middle.floor()), (high + 1e-3).floor().max(middle.ceil()))
            }
            Self::Longest | Self::Level => (low.min(middle), high.max(middle)),
        };
        // What is rounded up to nothing has a sign, which adding nothing takes away.
        let bounded = |value: f64| value.clamp(0.0, self.most()) + 0.0;
        Range { low: bounded(low), high: bounded(high) }
    }

    /// Where eight of ten of so many values lie, none of which is better than another: one of ten below and one above, or
    /// both on one side where one of ten is at the bound of the other.
    pub(crate) fn eight_of_ten(self, values: impl IntoIterator<Item = f64>) -> Option<Range> {
        let mut sorted: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let last = sorted.len().checked_sub(1)?;
        let (lowest, highest) = (sorted[last / 10] <= 0.0, sorted[last - last / 10] >= self.most());
        // Equal ones lie evenly over their step.
        let mut from = 0;
        while from <= last {
            let value = sorted[from];
            let count = sorted[from..].iter().take_while(|other| **other == value).count();
            for (nth, place) in sorted[from..from + count].iter_mut().enumerate() {
                *place = self.spread(value, (nth as f64 + 0.5) / count as f64);
            }
            from += count;
        }
        let at = |share: f64| {
            let place = share * last as f64;
            let (low, high) = (sorted[place as usize], sorted[(place as usize + 1).min(last)]);
            low + (high - low) * place.fract()
        };
        let bounds = self.bounds();
        Some(match (lowest, highest) {
            (true, false) => Range { low: bounds.low, high: at(WITHIN) },
            (false, true) => Range { low: at(1.0 - WITHIN), high: bounds.high },
            _ => Range { low: at(0.5 - WITHIN / 2.0), high: at(0.5 + WITHIN / 2.0) },
        })
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
    /// Whether a value lies in it.
    pub fn holds(self, value: f64) -> bool {
        // A millionth: what was written down and read again is still itself.
        (self.low - 1e-6..=self.high + 1e-6).contains(&value)
    }

    /// Whether a band as it is shown is a single value: nothing can be left out of it, however often it holds.
    pub fn is_narrowest(self) -> bool {
        self.high - self.low < 1e-6
    }
}

/// Where eight of ten runs lie among spread values (`Figure::spread`), at one moment to come.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Raw {
    /// Callers waiting.
    pub waiting: Range,
    /// The longest wait, seconds.
    pub longest: Range,
    /// The service level, percent; `None`: too few calls.
    pub level: Option<Range>,
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
    /// Before it was calibrated, among spread values (`Figure::spread`).
    pub raw: Range,
    /// As it was shown.
    pub shown: Range,
    /// What was said: between what was simulated and what there was, within what was shown.
    pub middle: f64,
    /// In as many runs it was below as above.
    pub simulated: f64,
    /// What there was at that moment; `None`: not known.
    pub now: Option<f64>,
    /// How far earlier weekdays were believed, 0 to 1.
    pub weekdays: f64,
    /// What came true; `None`: a gap or a reset lay between, so that nobody knows.
    pub came: Option<f64>,
}
