//! What is usual at this time of a weekday, from the earlier ones that are known: half hours, and five minutes as far as they
//! were watched and say more than chance.

use super::STRETCH_SECS;
use crate::input::{PARTS, Weekday};

const HALF_HOUR: f64 = 1_800.0;
/// How far days of the same weekday differ where too few are known, relative variance; and as how many days that counts.
const USUAL_SPREAD: (f64, f64) = (0.0625, 3.0);
/// Five minutes and those around them, put together so that the crest of a wave stays where and as high as it is; and how far
/// chance makes the sum differ, of what it makes one of them differ, squared.
const SMOOTH: [f64; 5] = [-3.0, 12.0, 17.0, 12.0, -3.0];
const SMOOTHED: f64 = 17.0 / 35.0;

/// What is usual at this time of this weekday.
#[derive(Debug)]
pub(super) struct Usual {
    /// Calls a second in the half hour before, this and the next.
    halves: [f64; 3],
    /// The same in each five minutes, where any are known, and whether these are.
    parts: Option<[(f64, bool); PARTS]>,
    into_secs: f64,
    /// How far days differ, relative variance.
    pub(super) spread: f64,
    /// How many days are known.
    pub(super) days: f64,
}

impl Usual {
    pub(super) fn of(weekdays: &[Weekday], into_half_hour_secs: f64) -> Option<Self> {
        let this = mean(weekdays.iter().map(|day| day.this))?;
        let around = |of: fn(&Weekday) -> Option<u32>| {
            // Compared with this half hour of the same days, not of others.
            let both = || weekdays.iter().filter(|day| day.this.is_some() && of(day).is_some());
            let (there, here) = (mean(both().map(of))?, mean(both().map(|day| day.this))?);
            Some(this * (there + 1.0) / (here + 1.0))
        };
        let halves = [around(|day| day.before).unwrap_or(this), this, around(|day| day.next).unwrap_or(this)];
        let days = weekdays.iter().filter_map(|day| day.this);
        let count = days.clone().count() as f64;
        let squares: f64 = days.map(|calls| (f64::from(calls) - this).powi(2)).sum();
        let own = if count > 1.0 && this > 0.0 {
            // What chance alone would do is no difference between days.
            (squares / (count - 1.0) / (this * this) - 1.0 / this).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let (usual, as_days) = USUAL_SPREAD;
        let spread = ((own * (count - 1.0) + usual * as_days) / (count - 1.0 + as_days)).max(0.002);
        let into_secs = if into_half_hour_secs.is_finite() { into_half_hour_secs } else { 0.0 };
        let mut usual = Self {
            halves: halves.map(|calls| calls.max(0.25) / HALF_HOUR),
            parts: None,
            into_secs: into_secs.clamp(0.0, HALF_HOUR),
            spread: spread * (1.0 + 1.0 / count),
            days: count,
        };
        usual.parts = usual.in_parts(weekdays);
        Some(usual)
    }

    /// Five minutes of few calls are mostly chance: they are drawn towards the half hours by as much as they differ from them
    /// no more than chance would have it. What was not watched goes on as what is next to it.
    fn in_parts(&self, weekdays: &[Weekday]) -> Option<[(f64, bool); PARTS]> {
        let calls: [Option<f64>; PARTS] =
            std::array::from_fn(|at| mean(weekdays.iter().map(|day| day.parts[at])));
        let days = |at: usize| weekdays.iter().filter(|day| day.parts[at].is_some()).count() as f64;
        let near = |at: usize| {
            let (mut sum, mut weights) = (0.0, 0.0);
            for (place, weight) in SMOOTH.into_iter().enumerate() {
                let calls = (at + place).checked_sub(SMOOTH.len() / 2).and_then(|at| *calls.get(at)?);
                if let Some(calls) = calls {
                    sum += weight * calls;
                    weights += weight;
                }
            }
            (sum / weights).max(0.0) / STRETCH_SECS
        };
        let line = |at: usize| self.in_halves((at as f64 + 0.5) * STRETCH_SECS - HALF_HOUR);
        let known: Vec<usize> = (0..PARTS).filter(|at| calls[*at].is_some()).collect();
        let squares = known.iter().map(|at| (near(*at) - line(*at)).powi(2) / line(*at) * days(*at));
        let differs = squares.sum::<f64>() * STRETCH_SECS / (known.len() as f64 * SMOOTHED);
        let told = (1.0 - 1.0 / differs.max(1.0)).max(0.0);
        let of = |at: usize| (line(at) + told * (near(at) - line(at))).max(0.25 / HALF_HOUR);
        let nearest = |at: usize| known.iter().copied().min_by_key(|other| other.abs_diff(at));
        nearest(0)?;
        Some(std::array::from_fn(|at| (nearest(at).map_or(0.0, of), calls[at].is_some())))
    }

    /// Whether anything is known of so many seconds from now.
    pub(super) fn knows(&self, from_now_secs: f64) -> bool {
        let place = from_now_secs + self.into_secs + HALF_HOUR;
        place >= 0.0
            && self.parts.is_none_or(|parts| {
                parts.get((place / STRETCH_SECS) as usize).is_some_and(|(_, known)| *known)
            })
    }

    /// So many seconds from now; along lines between the middles of what is known.
    pub(super) fn per_sec(&self, from_now_secs: f64) -> f64 {
        let Some(parts) = &self.parts else { return self.in_halves(from_now_secs + self.into_secs) };
        let place = (from_now_secs + self.into_secs + HALF_HOUR) / STRETCH_SECS - 0.5;
        let place = place.clamp(0.0, (PARTS - 1) as f64);
        let part = (place as usize).min(PARTS - 2);
        parts[part].0 + (parts[part + 1].0 - parts[part].0) * (place - part as f64)
    }

    /// So many seconds after this half hour began.
    fn in_halves(&self, secs: f64) -> f64 {
        let place = (secs / HALF_HOUR + 0.5).clamp(0.0, 2.0);
        let half = (place as usize).min(1);
        self.halves[half] + (self.halves[half + 1] - self.halves[half]) * (place - half as f64)
    }
}

fn mean(calls: impl Iterator<Item = Option<u32>>) -> Option<f64> {
    let (sum, count) =
        calls.flatten().fold((0.0, 0u32), |(sum, count), calls| (sum + f64::from(calls), count + 1));
    (count > 0).then(|| sum / f64::from(count))
}
