//! How many calls come: now's rate, drawn towards the same time of earlier weekdays as far as there are any, and how
//! uncertain that is.
//!
//! Calls are differences of the server's counters (answered, abandoned and waiting). Their rate is a gamma distribution:
//! earlier weekdays say what is usual and how far days differ, the last minutes, newer ones more, say how this day is.
//! Where calls come in bursts beyond chance, the minutes count for less. How far earlier weekdays are believed at all is
//! learned from today: by how well each of three would have told the hour that is gone, the weekday as it was, the weekday
//! drawn towards the last minutes, and those minutes alone. An hour of one campaign tells little, so that of the others on the
//! floor counts too. Without earlier weekdays what rose or fell within the hour goes back to its average in part; a trend that
//! goes on was tried and made it worse. The rate may drift, and the longer the further.

use crate::input::{Floor, Known, Reading, Weekday};
use crate::reason::{Basis, Reason};
use crate::stream::{About, Stream};
use usual::Usual;

/// The next quarter of an hour in stretches of one rate each.
pub(crate) const STRETCHES: usize = 3;
/// Length of one, seconds.
pub(crate) const STRETCH_SECS: f64 = 300.0;

const MINUTE: f64 = 60.0;
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
/// How far days differ that are alike, relative variance.
const ALIKE: f64 = 0.005;
/// How many minutes of calls by chance alone the minutes' own spread is drawn towards.
const CHANCE_MINUTES: f64 = 10.0;
/// What each known weekday speaks for what is usual, logarithm of how many times likelier; and at most what five minutes do.
const FOR_A_DAY: f64 = 0.7;
const MOST_FOR_A_PART: f64 = 2.0;
/// What the other campaigns' hour says of the day counts for this one by so much, and at most so much: a day is unlike others
/// on the whole floor, but for what happens in one campaign.
const OTHERS: f64 = 0.75;
const MOST_FOR_OTHERS: f64 = 8.0;
/// That a day has as many calls as usual counts as so many of them.
const USUAL_LEVEL_AS: f64 = 50.0;
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
    /// How far earlier weekdays are believed, 0 to 1.
    pub(crate) weekdays: f64,
    pub(crate) basis: Basis,
}

impl Rate {
    /// A rate known for certain.
    pub(crate) fn certain(per_sec: f64) -> Self {
        Self {
            per_sec: [per_sec; STRETCHES],
            shape: f64::INFINITY,
            drift: 0.0,
            weekdays: 0.0,
            basis: Basis::Own,
        }
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
            weekdays: between(self.weekdays, other.weekdays),
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

/// Works it out for every campaign of a floor: what one campaign's hour says of the day, it says of the others' too.
pub(crate) fn rates(floor: &Floor, known: &Known) -> Vec<Result<Rate, Reason>> {
    let none = Vec::new();
    let all: Vec<Result<Seen, Reason>> = floor
        .campaigns
        .iter()
        .enumerate()
        .map(|(at, campaign)| {
            let weekdays = known.campaigns.get(at).map_or(&none, |times| &times.weekdays);
            Seen::of(&campaign.readings, campaign.inbound, weekdays, known.into_half_hour_secs)
        })
        .collect();
    let evidence: Vec<[f64; 2]> =
        all.iter().map(|seen| seen.as_ref().map_or([0.0; 2], Seen::evidence)).collect();
    let floors: [f64; 2] = std::array::from_fn(|which| evidence.iter().map(|one| one[which]).sum());
    let day = Day::of(all.iter().filter_map(|seen| seen.as_ref().ok()));
    all.iter()
        .zip(&evidence)
        .map(|(seen, own)| {
            let seen = seen.as_ref().map_err(|reason| *reason)?;
            let others = |which: usize| OTHERS * (floors[which] - own[which]);
            let told = |which| own[which] + others(which).clamp(-MOST_FOR_OTHERS, MOST_FOR_OTHERS);
            Ok(seen.rate(day, std::array::from_fn(told)))
        })
        .collect()
}

/// How today's calls compare with the usual ones on the whole floor.
#[derive(Debug, Clone, Copy)]
struct Day {
    level: f64,
}

impl Day {
    const USUAL: Self = Self { level: 1.0 };

    fn of<'a>(all: impl Iterator<Item = &'a Seen>) -> Self {
        let (mut calls, mut expected) = (0.0, 0.0);
        for seen in all {
            if let Some(usual) = &seen.usual {
                let recent = seen.counted.weighed(DRIFT.0, |ago| usual.per_sec(-ago));
                calls += recent.calls / seen.bursts;
                expected += recent.exposure / seen.bursts;
            }
        }
        Self { level: (USUAL_LEVEL_AS + calls) / (USUAL_LEVEL_AS + expected) }
    }
}

/// What is seen of one campaign.
#[derive(Debug)]
struct Seen {
    counted: Counted,
    usual: Option<Usual>,
    bursts: f64,
}

impl Seen {
    fn of(
        readings: &[Reading],
        inbound: bool,
        weekdays: &[Weekday],
        into_half_hour_secs: f64,
    ) -> Result<Self, Reason> {
        let counted = Counted::of(readings, inbound)?;
        let usual = Usual::of(weekdays, into_half_hour_secs);
        if usual.is_none() && counted.secs() < LEAST_SECS {
            return Err(if counted.broken { Reason::JustReset } else { Reason::WatchedTooShort });
        }
        let bursts = counted.bursts(counted.calls() / counted.secs().max(1.0));
        Ok(Self { counted, usual, bursts })
    }

    /// By the weekday, on a day of such a level, and by the minutes of this one as far as such days differ.
    fn drawn(&self, counted: &Counted, usual: &Usual, day: Day, spread: f64, from_secs: f64) -> Rate {
        let recent = counted.weighed(DRIFT.0, |ago| usual.per_sec(from_secs - ago));
        let (calls, expected) = (recent.calls / self.bursts, recent.exposure / self.bursts);
        let shape = 1.0 / spread;
        let level = (shape * day.level + calls) / (shape + expected);
        let per_sec = std::array::from_fn(|stretch| {
            level * usual.per_sec(from_secs + (stretch as f64 + 0.5) * STRETCH_SECS)
        });
        Rate { per_sec, shape: shape + calls, drift: DRIFT.0, weekdays: 1.0, basis: Basis::Drawn }
    }

    /// How many times likelier, logarithm, what came in each five minutes of the last hour was five minutes before them by the
    /// weekday as it was, and by the weekday drawn towards the minutes before, than by those minutes alone.
    fn evidence(&self) -> [f64; 2] {
        let mut sums = [0.0; 2];
        let Some(usual) = &self.usual else { return sums };
        for part in 0..MINUTES / 5 {
            let (from, until) = (part as f64 * STRETCH_SECS, (part + 1) as f64 * STRETCH_SECS);
            let within = self.counted.minutes.iter().filter(|(ago, ..)| (from..until).contains(ago));
            let (secs, calls) =
                within.fold((0.0, 0.0), |sum, (_, secs, calls)| (sum.0 + secs, sum.1 + calls));
            let before = self.counted.before(until + STRETCH_SECS);
            if secs < STRETCH_SECS / 2.0 || before.secs() < LEAST_SECS || !usual.knows(-until) {
                continue;
            }
            let then = -(until + STRETCH_SECS);
            let fits = |rate: &Rate| {
                let told = (rate.per_sec[1] * secs).max(0.1);
                let variance =
                    told * self.bursts + told * told * (1.0 / rate.shape + (rate.drift * 0.5).powi(2));
                -(calls - told).powi(2) / (2.0 * variance) - variance.ln() / 2.0
            };
            let own = fits(&before.own());
            let same = self.drawn(&before, usual, Day::USUAL, ALIKE, then);
            let drawn = self.drawn(&before, usual, Day::USUAL, usual.spread, then);
            for (sum, rate) in sums.iter_mut().zip([same, drawn]) {
                *sum += (fits(&rate) - own).clamp(-MOST_FOR_A_PART, MOST_FOR_A_PART);
            }
        }
        sums
    }

    /// Each of the three by how well it tells the last hour.
    fn rate(&self, day: Day, told: [f64; 2]) -> Rate {
        let Some(usual) = &self.usual else { return self.counted.own() };
        let same = self.drawn(&self.counted, usual, day, ALIKE, 0.0);
        let drawn = self.drawn(&self.counted, usual, day, usual.spread, 0.0);
        let before = usual.days.min(4.0) * FOR_A_DAY;
        let [same_fits, drawn_fits] = told.map(|fits| (fits + before).clamp(-30.0, 30.0).exp());
        let rate = drawn.mixed(&same, same_fits / (same_fits + drawn_fits));
        if self.counted.secs() < LEAST_SECS {
            return Rate { basis: Basis::Wider, ..rate };
        }
        self.counted.own().mixed(&rate, 1.0 - 1.0 / (1.0 + same_fits + drawn_fits))
    }
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
            weekdays: 0.0,
            basis: if self.secs() >= 600.0 { Basis::Own } else { Basis::Drawn },
        }
    }

    /// What was known so many seconds ago.
    fn before(&self, secs_ago: f64) -> Self {
        let older = self.minutes.iter().filter(|(ago, ..)| *ago >= secs_ago);
        Self {
            minutes: older.map(|(ago, secs, calls)| (ago - secs_ago, *secs, *calls)).collect(),
            broken: false,
        }
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

#[cfg(test)]
mod tests;
mod usual;
