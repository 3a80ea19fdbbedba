//! The shift's present: what came in over the last minutes and in each half hour, from differences of the server's
//! counters since the watch began.
//!
//! Counters fall to zero on a reset: what came before it still counts. The server rounds its percentages to one decimal,
//! so a service level over a few calls of a long day is uncertain, and says by how much. Left out on purpose: where what is
//! known of before the watch began comes from.

use std::collections::VecDeque;

use crate::wire::{HalfHour, Rolling};

const MINUTE_MS: i64 = 60_000;
const HALF_HOUR_MS: i64 = 30 * MINUTE_MS;
/// The windows looked at, minutes.
const WINDOWS: [u32; 3] = [15, 30, 60];
/// Half hours kept: a day.
const HALF_HOURS: usize = 48;
/// A percentage with one decimal is off by at most this much.
const ROUNDING: f64 = 0.05;

/// What the server's counters say at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counters {
    /// Calls answered.
    pub answered: u32,
    /// Calls abandoned.
    pub abandoned: u32,
    /// Percent of the answered, with one decimal; `None` when the server gives none.
    pub service_level: Option<f64>,
}

impl Counters {
    /// Calls answered within the threshold, worked out from the percentage.
    fn within(self) -> Option<f64> {
        if self.answered == 0 {
            return Some(0.0);
        }
        self.service_level.map(|level| level * f64::from(self.answered) / 100.0)
    }
}

/// Added up since the watch began.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Sums {
    answered: u32,
    abandoned: u32,
    within: f64,
    /// Answered while the server gave no service level.
    unknown: u32,
    /// The counter of the answered itself, resets not added over: the larger it is, the coarser its percentage.
    counter: u32,
    /// Counters as they were when they were reset, added up.
    reset_at: u32,
}

#[derive(Debug, Clone, Copy)]
struct Sample {
    at_ms: i64,
    sums: Sums,
}

/// Samples further apart are a time nobody watched: when in it something came, nobody knows.
const UNWATCHED_MS: i64 = 3 * MINUTE_MS;

/// What came in to one campaign, from its counters.
#[derive(Debug, Clone, Default)]
pub struct IntervalCounters {
    last: Option<Counters>,
    noted_at_ms: i64,
    sums: Sums,
    /// One a minute, oldest first.
    minutes: VecDeque<Sample>,
    /// The first of each half hour, oldest first.
    halves: VecDeque<Sample>,
}

impl IntervalCounters {
    /// Takes the counters of one poll.
    pub fn note(&mut self, at_ms: i64, now: Counters) {
        if let Some(last) = self.last {
            self.add(last, now);
        }
        self.sums.counter = now.answered;
        self.last = Some(now);
        self.noted_at_ms = at_ms;
        let sample = Sample { at_ms, sums: self.sums };
        keep_first(&mut self.minutes, sample, MINUTE_MS);
        keep_first(&mut self.halves, sample, HALF_HOUR_MS);
        // One from before the longest window is needed to measure it.
        let longest = i64::from(WINDOWS[WINDOWS.len() - 1]) * MINUTE_MS;
        while self.minutes.get(1).is_some_and(|second| at_ms - second.at_ms >= longest) {
            self.minutes.pop_front();
        }
        while self.halves.len() > HALF_HOURS {
            self.halves.pop_front();
        }
    }

    /// Takes over what was noted before the watch began; what this watch has noted by now follows it.
    pub(crate) fn recall(&mut self, mut earlier: Self) {
        if earlier.noted_at_ms > self.noted_at_ms && self.last.is_some() {
            return;
        }
        if let Some(now) = self.last {
            earlier.note(self.noted_at_ms, now);
        }
        *self = earlier;
    }

    /// The clock was set by so much.
    pub(crate) fn clock_set(&mut self, by_ms: i64) {
        self.noted_at_ms += by_ms;
        for sample in &mut self.minutes {
            sample.at_ms += by_ms;
        }
        let halves_ms = (by_ms as f64 / HALF_HOUR_MS as f64).round() as i64 * HALF_HOUR_MS;
        for sample in &mut self.halves {
            sample.at_ms += halves_ms;
        }
    }

    fn add(&mut self, last: Counters, now: Counters) {
        let reset = now.answered < last.answered || now.abandoned < last.abandoned;
        let from = if reset { Counters { answered: 0, abandoned: 0, service_level: None } } else { last };
        let answered = now.answered - from.answered;
        self.sums.answered += answered;
        self.sums.abandoned += now.abandoned - from.abandoned;
        if reset {
            self.sums.reset_at = self.sums.reset_at.saturating_add(last.answered);
        }
        match from.within().zip(now.within()) {
            Some((before, after)) => self.sums.within += after - before,
            None => self.sums.unknown += answered,
        }
    }

    /// The last 15, 30 and 60 minutes; nothing before two polls.
    pub fn rolling(&self) -> Vec<Rolling> {
        let Some(first) = self.minutes.front() else { return Vec::new() };
        let now = Sample { at_ms: self.noted_at_ms, sums: self.sums };
        WINDOWS
            .into_iter()
            .map(|minutes| {
                let begins = now.at_ms - i64::from(minutes) * MINUTE_MS;
                let before = self.minutes.iter().rposition(|sample| sample.at_ms <= begins);
                let from = match before.map(|at| (self.minutes[at], self.minutes.get(at + 1))) {
                    None => *first,
                    // It begins inside a time nobody watched: what came then may have come before it.
                    Some((last, next)) if begins - last.at_ms > UNWATCHED_MS => *next.unwrap_or(&now),
                    Some((last, _)) => last,
                };
                let covered = ((now.at_ms - from.at_ms) / MINUTE_MS).clamp(0, i64::from(minutes));
                let came = Came::between(&from.sums, &now.sums);
                Rolling {
                    minutes,
                    covered_minutes: covered as u32,
                    answered: came.answered,
                    abandoned: came.abandoned,
                    abandon_rate: came.abandon_rate(),
                    service_level: came.service_level,
                    plus_minus: came.plus_minus,
                }
            })
            .collect()
    }

    /// The half hours watched, oldest first; the first and the last are parts of one.
    pub fn half_hours(&self) -> Vec<HalfHour> {
        let ends = self.halves.iter().skip(1).copied().map(Some).chain([None]);
        self.halves
            .iter()
            .zip(ends)
            .map(|(from, until)| {
                let came = Came::between(&from.sums, &until.map_or(self.sums, |until| until.sums));
                let begins = from.at_ms.div_euclid(HALF_HOUR_MS) * HALF_HOUR_MS;
                HalfHour {
                    begins_ms: begins,
                    // Polls are seconds apart: a watch that began later than that missed some of it.
                    whole: until.is_some() && from.at_ms - begins < MINUTE_MS,
                    answered: came.answered,
                    abandoned: came.abandoned,
                    abandon_rate: came.abandon_rate(),
                    service_level: came.service_level,
                    plus_minus: came.plus_minus,
                }
            })
            .collect()
    }
}

/// Keeps a sample when it is the first of its period.
fn keep_first(samples: &mut VecDeque<Sample>, sample: Sample, period_ms: i64) {
    let period = |sample: &Sample| sample.at_ms.div_euclid(period_ms);
    if samples.back().is_none_or(|last| period(last) < period(&sample)) {
        samples.push_back(sample);
    }
}

/// What came between two moments.
struct Came {
    answered: u32,
    abandoned: u32,
    service_level: Option<f64>,
    plus_minus: Option<f64>,
}

impl Came {
    fn between(from: &Sums, to: &Sums) -> Self {
        let answered = to.answered - from.answered;
        let known = answered > 0 && to.unknown == from.unknown;
        let level = known.then(|| (to.within - from.within) * 100.0 / f64::from(answered));
        // Each end's percentage may be off by the rounding, on all the calls it is a percentage of.
        let coarse = f64::from(from.counter) + f64::from(to.counter) + f64::from(to.reset_at - from.reset_at);
        Self {
            answered,
            abandoned: to.abandoned - from.abandoned,
            service_level: level.map(|level| tenths(level.clamp(0.0, 100.0))),
            plus_minus: known.then(|| tenths((ROUNDING * coarse / f64::from(answered)).min(100.0))),
        }
    }

    fn abandon_rate(&self) -> Option<f64> {
        let offered = self.answered + self.abandoned;
        (offered > 0).then(|| tenths(f64::from(self.abandoned) * 100.0 / f64::from(offered)))
    }
}

fn tenths(percent: f64) -> f64 {
    (percent * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn counters(answered: u32, abandoned: u32, within: u32) -> Counters {
        let level = f64::from(within) * 100.0 / f64::from(answered.max(1));
        Counters { answered, abandoned, service_level: (answered > 0).then(|| tenths(level)) }
    }

    fn minute(number: i64) -> i64 {
        number * MINUTE_MS
    }

    #[test]
    fn what_was_noted_before_the_watch_began_is_part_of_the_last_hour() {
        let mut earlier = IntervalCounters::default();
        for now in 0..=50u32 {
            earlier.note(minute(i64::from(now)), counters(2 * now, now, now));
        }
        // The program was closed for two minutes; a first reading may be there, or not.
        let mut early = IntervalCounters::default();
        early.recall(earlier.clone());
        early.note(minute(52), counters(104, 52, 52));
        let mut late = IntervalCounters::default();
        late.note(minute(52), counters(104, 52, 52));
        late.recall(earlier.clone());
        for intervals in [&early, &late] {
            let [fifteen, thirty, sixty] = intervals.rolling()[..] else { panic!("three windows") };
            let of = |window: Rolling| (window.answered, window.abandoned, window.covered_minutes);
            assert_eq!([fifteen, thirty, sixty].map(of), [(30, 15, 15), (60, 30, 30), (104, 52, 52)]);
        }
        // For forty minutes: what came in them may have come before the last fifteen.
        early.note(minute(92), counters(184, 92, 92));
        for now in 93..=100u32 {
            early.note(minute(i64::from(now)), counters(2 * now, now, now));
        }
        let [fifteen, _, sixty] = early.rolling()[..] else { panic!("three windows") };
        assert_eq!((fifteen.answered, fifteen.covered_minutes), (16, 8));
        assert_eq!((sixty.answered, sixty.covered_minutes), (120, 60));
    }

    #[test]
    fn the_last_minutes_are_differences_of_the_day() {
        let mut intervals = IntervalCounters::default();
        assert_eq!(intervals.rolling(), []);
        // A bad morning: 400 answered, half of them late. Since then all in time.
        intervals.note(minute(0), counters(400, 40, 200));
        let [fifteen, ..] = intervals.rolling()[..] else { panic!("three windows") };
        assert_eq!((fifteen.answered, fifteen.service_level, fifteen.covered_minutes), (0, None, 0));
        for now in 1..=40u32 {
            intervals.note(minute(i64::from(now)), counters(400 + 4 * now, 40, 200 + 4 * now));
        }
        let [fifteen, thirty, sixty] = intervals.rolling()[..] else { panic!("three windows") };
        assert_eq!((fifteen.answered, fifteen.covered_minutes), (60, 15));
        assert_eq!((thirty.answered, thirty.covered_minutes), (120, 30));
        assert_eq!((sixty.answered, sixty.covered_minutes), (160, 40), "the watch began 40 minutes ago");
        for window in [fifteen, thirty, sixty] {
            let (level, within) = (window.service_level.unwrap(), window.plus_minus.unwrap());
            assert!((level - 100.0).abs() <= within, "{level} ± {within}");
            assert!(within < 1.0, "{within}");
            assert_eq!(window.abandon_rate, Some(0.0));
        }
    }

    #[test]
    fn a_reset_loses_nothing_and_half_hours_add_up() {
        let mut intervals = IntervalCounters::default();
        intervals.note(minute(10), counters(100, 10, 80));
        intervals.note(minute(20), counters(120, 12, 100));
        intervals.note(minute(35), counters(5, 1, 5));
        intervals.note(minute(61), counters(9, 1, 7));
        let halves = intervals.half_hours();
        let told: Vec<_> = halves.iter().map(|h| (h.begins_ms, h.whole, h.answered, h.abandoned)).collect();
        // The reset was seen in the second half hour; what it brought is told with the poll before it.
        assert_eq!(told, [(0, false, 25, 3), (minute(30), false, 4, 0), (minute(60), false, 0, 0)]);
        let sixty = intervals.rolling()[2];
        assert_eq!((sixty.answered, sixty.abandoned), (29, 3));
    }

    #[test]
    fn a_service_level_nobody_gives_is_unknown_not_zero() {
        let mut intervals = IntervalCounters::default();
        let none = |answered| Counters { answered, abandoned: 0, service_level: None };
        intervals.note(minute(0), none(10));
        intervals.note(minute(1), none(20));
        let window = intervals.rolling()[0];
        assert_eq!((window.answered, window.service_level, window.plus_minus), (10, None, None));
    }

    proptest! {
        #[test]
        fn the_true_level_lies_within_what_is_told(
            start in (0u32..2_000, 0u32..2_000),
            steps in prop::collection::vec((0u32..6, 0u32..3, prop::bool::weighted(0.03), 0u32..7), 2..120),
        ) {
            let mut intervals = IntervalCounters::default();
            let (mut answered, mut abandoned) = (start.0, 7);
            let mut within = start.1.min(start.0);
            intervals.note(0, counters(answered, abandoned, within));
            let (mut came, mut gone, mut good) = (0, 0, 0);
            let mut at = 0;
            for (calls, lost, reset, in_time) in steps {
                at += MINUTE_MS / 2;
                if reset {
                    // More than this many would hide the reset: a counter that never seems to fall.
                    if answered <= calls { continue }
                    (answered, abandoned, within) = (0, 0, 0);
                }
                let timely = in_time.min(calls);
                answered += calls;
                abandoned += lost;
                within += timely;
                came += calls;
                gone += lost;
                good += timely;
                intervals.note(at, counters(answered, abandoned, within));
            }
            let window = intervals.rolling()[2];
            prop_assert_eq!((window.answered, window.abandoned), (came, gone));
            if let (Some(level), Some(off)) = (window.service_level, window.plus_minus) {
                let truth = f64::from(good) * 100.0 / f64::from(came);
                prop_assert!((level - truth).abs() <= off + 0.1, "{} ± {} is not {}", level, off, truth);
            }
            let halves = intervals.half_hours();
            prop_assert_eq!(halves.iter().map(|half| half.answered).sum::<u32>(), came);
            prop_assert_eq!(halves.iter().map(|half| half.abandoned).sum::<u32>(), gone);
        }
    }
}
