//! How many calls come: now's rate, drawn towards the same time of earlier weekdays as far as there are any, and how
//! uncertain that is.
//!
//! Calls are differences of the server's counters (answered, abandoned and waiting). Their rate is a gamma distribution:
//! earlier weekdays say what is usual and how far days differ, the last minutes, newer ones more, say how this day is.
//! Where calls come in bursts beyond chance, the minutes count for less. How far earlier weekdays are believed at all is
//! learned from today: by how well they, and the last minutes alone, would have told the hour that is gone. Without earlier weekdays what rose or fell within
//! the hour goes back to its average in part; a trend that goes on was tried and made it worse. The rate may drift, and the
//! longer the further.

use crate::input::{PARTS, Reading, Weekday};
use crate::reason::{Basis, Reason};
use crate::stream::{About, Stream};

/// The next quarter of an hour in stretches of one rate each.
pub(crate) const STRETCHES: usize = 3;
/// Length of one, seconds.
pub(crate) const STRETCH_SECS: f64 = 300.0;

const MINUTE: f64 = 60.0;
const HALF_HOUR: f64 = 1_800.0;
/// Minutes looked at.
const MINUTES: usize = 60;
/// A minute counts half as much when it is this old, at least and at most, seconds.
const HALF_LIFE_SECS: (f64, f64) = (180.0, 900.0);
/// Readings further apart are a time nobody watched.
const GAP_SECS: f64 = 180.0;
/// Watched for less than that, the last minutes say nothing.
const LEAST_SECS: f64 = 170.0;
/// No campaign takes more calls a second.
const MOST_A_SECOND: f64 = 10.0;
/// How far days of the same weekday differ where too few are known, relative variance; and as how many days that counts.
const USUAL_SPREAD: (f64, f64) = (0.0625, 3.0);
/// How many minutes of calls by chance alone the minutes' own spread is drawn towards.
const CHANCE_MINUTES: f64 = 10.0;
/// What each known weekday speaks for what is usual, logarithm of how many times likelier; and at most what five minutes do.
const FOR_A_DAY: f64 = 0.7;
const MOST_FOR_A_PART: f64 = 2.0;
/// A rate that differs from its hour's average goes back to it in about so long.
const BACK_SECS: f64 = 1_800.0;
/// How far the rate may drift in a quarter of an hour beyond what is known, standard deviation of its logarithm: with
/// earlier weekdays, and without.
const DRIFT: (f64, f64) = (0.15, 0.30);

/// A rate that is not known for sure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rate {
    /// Expected calls a second in each stretch.
    per_sec: [f64; STRETCHES],
    /// Of the gamma distribution all of them are multiplied by; infinite: certain.
    shape: f64,
    drift: f64,
    pub(crate) basis: Basis,
}

impl Rate {
    /// A rate known for certain.
    pub(crate) fn certain(per_sec: f64) -> Self {
        Self { per_sec: [per_sec; STRETCHES], shape: f64::INFINITY, drift: 0.0, basis: Basis::Own }
    }

    /// No calls come.
    pub(crate) fn none() -> Self {
        Self::certain(0.0)
    }

    /// Expected calls a second, over the whole quarter.
    pub(crate) fn mean_per_sec(&self) -> f64 {
        self.per_sec.iter().sum::<f64>() / STRETCHES as f64
    }

    /// Between two that may each be right, the other one so likely.
    fn mixed(&self, other: &Self, likely: f64) -> Self {
        let between = |one: f64, other: f64| one + (other - one) * likely;
        let per_sec: [f64; STRETCHES] =
            std::array::from_fn(|at| between(self.per_sec[at], other.per_sec[at]));
        let (one, two) = (self.mean_per_sec(), other.mean_per_sec());
        let mean = between(one, two).max(1e-9);
        // What either leaves open, and which of them it is.
        let variance = between(one * one / self.shape, two * two / other.shape)
            + likely * (1.0 - likely) * (one - two).powi(2);
        Self {
            per_sec,
            shape: if variance > 0.0 { mean * mean / variance } else { f64::INFINITY },
            drift: between(self.drift, other.drift),
            basis: other.basis,
        }
    }

    /// The rates of one run.
    pub(crate) fn drawn(&self, run: Stream, campaign: u64) -> [f64; STRETCHES] {
        let stream = run.of(About::Rate, campaign);
        let level = stream.gamma(self.shape, 0);
        let turn = if self.drift > 0.0 { stream.normal(4) } else { 0.0 };
        let mut drawn = self.per_sec;
        for (stretch, rate) in drawn.iter_mut().enumerate() {
            let far = self.drift * (stretch as f64 + 0.5) / STRETCHES as f64;
            *rate = (*rate * level * (turn * far - far * far / 2.0).exp()).min(MOST_A_SECOND);
        }
        drawn
    }
}

/// Works it out.
pub(crate) fn rate(
    readings: &[Reading],
    inbound: bool,
    weekdays: &[Weekday],
    into_half_hour_secs: f64,
) -> Result<Rate, Reason> {
    let counted = Counted::of(readings, inbound)?;
    let watched = counted.secs() >= LEAST_SECS;
    let Some(usual) = Usual::of(weekdays, into_half_hour_secs) else {
        if !watched {
            return Err(if counted.broken { Reason::JustReset } else { Reason::WatchedTooShort });
        }
        return Ok(counted.own());
    };
    // What came against what usually comes in the same minutes.
    let recent = counted.weighed(DRIFT.0, |ago| usual.per_sec(-ago));
    let bursts = counted.bursts(counted.calls() / counted.secs().max(1.0));
    let (calls, expected) = (recent.calls / bursts, recent.exposure / bursts);
    let shape = 1.0 / usual.spread;
    let level = (shape + calls) / (shape + expected);
    let per_sec = std::array::from_fn(|stretch| level * usual.per_sec((stretch as f64 + 0.5) * STRETCH_SECS));
    let basis = if watched { Basis::Drawn } else { Basis::Wider };
    let drawn = Rate { per_sec, shape: shape + calls, drift: DRIFT.0, basis };
    if !watched {
        return Ok(drawn);
    }
    let trust = counted.trust(&usual, bursts);
    Ok(counted.own().mixed(&drawn, trust))
}

/// Calls counted minute by minute.
#[derive(Debug)]
struct Counted {
    /// How long ago, how long watched, calls.
    minutes: Vec<(f64, f64, f64)>,
    /// A reset, or a time nobody watched, lies within.
    broken: bool,
}

/// Added up, newer minutes counting more.
struct Weighed {
    calls: f64,
    exposure: f64,
}

impl Counted {
    fn of(readings: &[Reading], inbound: bool) -> Result<Self, Reason> {
        // What is missing a figure says nothing; a gap shows by itself.
        let mut known: Vec<(f64, i64, i64, i64)> = readings
            .iter()
            .filter(|reading| reading.ago_secs.is_finite() && reading.ago_secs >= 0.0)
            .filter_map(|reading| {
                let (answered, abandoned) = (reading.answered?, reading.abandoned?);
                let waiting = if inbound { reading.waiting? } else { 0 };
                Some((reading.ago_secs, answered.into(), abandoned.into(), waiting.into()))
            })
            .collect();
        known.sort_by(|one, other| other.0.total_cmp(&one.0));
        let mut broken = false;
        let mut minutes = vec![(0.0, 0.0); MINUTES];
        for pair in known.windows(2) {
            let (before, now) = (pair[0], pair[1]);
            let secs = before.0 - now.0;
            let ago = f64::midpoint(before.0, now.0);
            if secs <= 0.0 || ago >= MINUTES as f64 * MINUTE {
                continue;
            }
            if secs > GAP_SECS {
                broken = true;
                continue;
            }
            let reset = now.1 < before.1 || now.2 < before.2;
            broken |= reset;
            let (answered, abandoned) = if reset { (0, 0) } else { (before.1, before.2) };
            let abandoned = if inbound { now.2 - abandoned } else { 0 };
            let calls = (now.1 - answered + abandoned + now.3 - before.3) as f64;
            if calls > MOST_A_SECOND * secs.max(MINUTE) {
                return Err(Reason::Implausible);
            }
            let minute = &mut minutes[(ago / MINUTE) as usize];
            minute.0 += secs;
            minute.1 += calls;
        }
        // Between two answers of the server a call may be counted in neither figure, and in the next minute again.
        let mut owed = 0.0;
        for (_, calls) in minutes.iter_mut().rev() {
            let all = *calls + owed;
            owed = all.min(0.0);
            *calls = all.max(0.0);
        }
        let minutes = minutes.into_iter().enumerate();
        let minutes = minutes
            .filter(|(_, (secs, _))| *secs > 0.0)
            .map(|(at, (secs, calls))| ((at as f64 + 0.5) * MINUTE, secs, calls))
            .collect();
        Ok(Self { minutes, broken })
    }

    /// By the last hour alone.
    fn own(&self) -> Rate {
        let recent = self.weighed(DRIFT.1, |_| 1.0);
        // A call now and then where none was seen; where many were, no more than were seen.
        let rate = (recent.calls + 0.1) / recent.exposure;
        // What rose or fell within the hour goes back in part before it goes on.
        let hour = self.calls() / self.secs().max(1.0);
        let per_sec = std::array::from_fn(|stretch| {
            let ahead = (stretch as f64 + 0.5) * STRETCH_SECS;
            hour + (rate - hour) * (-ahead / BACK_SECS).exp()
        });
        Rate {
            per_sec,
            shape: (recent.calls + 0.5) / self.bursts(rate),
            drift: DRIFT.1,
            basis: if self.secs() >= 600.0 { Basis::Own } else { Basis::Drawn },
        }
    }

    /// How likely the weekday tells better than the last minutes do what comes: by how well each would have told every five
    /// minutes of the last hour from what came until five minutes before them.
    fn trust(&self, usual: &Usual, bursts: f64) -> f64 {
        let mut for_usual = usual.days.min(4.0) * FOR_A_DAY;
        for part in 0..MINUTES / 5 {
            let (from, until) = (part as f64 * STRETCH_SECS, (part + 1) as f64 * STRETCH_SECS);
            let within = self.minutes.iter().filter(|(ago, ..)| (from..until).contains(ago));
            let (secs, calls, usually) = within.fold((0.0, 0.0, 0.0), |sum, (ago, secs, calls)| {
                (sum.0 + secs, sum.1 + calls, sum.2 + secs * usual.per_sec(-ago))
            });
            let (mut watched, mut came, mut came_usually) = (0.0, 0.0, 0.0);
            for (ago, secs, calls) in self.minutes.iter().filter(|(ago, ..)| *ago >= until + STRETCH_SECS) {
                let weight = 0.5f64.powf((ago - until) / HALF_LIFE_SECS.1);
                watched += weight * secs;
                came += weight * calls;
                came_usually += weight * secs * usual.per_sec(-ago);
            }
            if secs < STRETCH_SECS / 2.0 || watched < LEAST_SECS || !usual.knows(-until) {
                continue;
            }
            let shape = 1.0 / usual.spread;
            let by_usual = usually * (shape + came / bursts) / (shape + came_usually / bursts);
            let by_own = secs * (came + 0.1) / watched;
            let fits = |told: f64| {
                let told = told.max(0.1);
                let variance = told * bursts + (0.15 * told).powi(2);
                -(calls - told).powi(2) / (2.0 * variance) - variance.ln() / 2.0
            };
            for_usual += (fits(by_usual) - fits(by_own)).clamp(-MOST_FOR_A_PART, MOST_FOR_A_PART);
        }
        1.0 / (1.0 + (-for_usual).exp())
    }

    fn secs(&self) -> f64 {
        self.minutes.iter().map(|(_, secs, _)| secs).sum()
    }

    fn calls(&self) -> f64 {
        self.minutes.iter().map(|(_, _, calls)| calls).sum()
    }

    /// Against what is usual in each minute. Where many calls come the last minutes say enough, where few come older ones
    /// are needed: a rate that drifts is known best when each minute's weight falls by the root of drift times calls.
    fn weighed(&self, drift: f64, per_sec: impl Fn(f64) -> f64) -> Weighed {
        let rate = (self.calls() + 0.5) / self.secs().max(MINUTE);
        let per_minute = MINUTE * rate / self.bursts(rate);
        let falls = (drift * drift / 15.0 * per_minute).sqrt();
        let half_life = (MINUTE * std::f64::consts::LN_2 / falls).clamp(HALF_LIFE_SECS.0, HALF_LIFE_SECS.1);
        let mut sum = Weighed { calls: 0.0, exposure: 0.0 };
        for (ago, secs, calls) in &self.minutes {
            let weight = 0.5f64.powf(ago / half_life);
            sum.calls += weight * calls;
            sum.exposure += weight * secs * per_sec(*ago);
        }
        sum
    }

    /// How many times as far the minutes differ as they would by chance; never less than once.
    fn bursts(&self, per_sec: f64) -> f64 {
        if per_sec <= 0.0 {
            return 1.0;
        }
        let squares: f64 = self
            .minutes
            .iter()
            .map(|(_, secs, calls)| (calls - per_sec * secs).powi(2) / (per_sec * secs).max(0.1))
            .sum();
        let minutes = (self.minutes.len() as f64 - 1.0).max(0.0);
        ((squares + CHANCE_MINUTES) / (minutes + CHANCE_MINUTES)).clamp(1.0, 6.0)
    }
}

/// What is usual at this time of this weekday.
#[derive(Debug)]
struct Usual {
    /// Calls a second in the half hour before, this and the next.
    halves: [f64; 3],
    /// The same in each five minutes, where all of them are known.
    parts: Option<[f64; PARTS]>,
    into_secs: f64,
    /// How far days differ, relative variance.
    spread: f64,
    /// How many days are known.
    days: f64,
}

impl Usual {
    fn of(weekdays: &[Weekday], into_half_hour_secs: f64) -> Option<Self> {
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
    /// no more than chance would have it.
    fn in_parts(&self, weekdays: &[Weekday]) -> Option<[f64; PARTS]> {
        let whole: Vec<&Weekday> =
            weekdays.iter().filter(|day| day.parts.iter().all(Option::is_some)).collect();
        let days = whole.len() as f64;
        if whole.is_empty() {
            return None;
        }
        let calls: [f64; PARTS] = std::array::from_fn(|at| {
            whole.iter().filter_map(|day| day.parts[at]).map(f64::from).sum::<f64>() / days
        });
        let near = |at: usize| {
            let (before, after) = (calls[at.saturating_sub(1)], calls[(at + 1).min(PARTS - 1)]);
            (before + 2.0 * calls[at] + after) / 4.0 / STRETCH_SECS
        };
        let line = |at: usize| self.in_halves((at as f64 + 0.5) * STRETCH_SECS - HALF_HOUR);
        // In calls of chance: a smoothed one differs by three eighths of what one alone does.
        let differs =
            (0..PARTS).map(|at| (near(at) - line(at)).powi(2) / line(at)).sum::<f64>() * STRETCH_SECS * days
                / (PARTS as f64 * 0.375);
        let told = (1.0 - 1.0 / differs.max(1.0)).max(0.0);
        Some(std::array::from_fn(|at| (line(at) + told * (near(at) - line(at))).max(0.25 / HALF_HOUR)))
    }

    /// Whether anything is known of so many seconds from now.
    fn knows(&self, from_now_secs: f64) -> bool {
        from_now_secs + self.into_secs + HALF_HOUR >= 0.0
    }

    /// So many seconds from now; along lines between the middles of what is known.
    fn per_sec(&self, from_now_secs: f64) -> f64 {
        let Some(parts) = &self.parts else { return self.in_halves(from_now_secs + self.into_secs) };
        let place = (from_now_secs + self.into_secs + HALF_HOUR) / STRETCH_SECS - 0.5;
        let place = place.clamp(0.0, (PARTS - 1) as f64);
        let part = (place as usize).min(PARTS - 2);
        parts[part] + (parts[part + 1] - parts[part]) * (place - part as f64)
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

#[cfg(test)]
mod tests;
