//! How a length of time is spread: quantiles in a table, smoothed, with a tail that goes on beyond what was seen.
//!
//! Drawing one is a look into the table; what is left of one that has gone on for a while is drawn from the part of the
//! distribution beyond it.

/// Cells of equal probability. The last one is the tail.
const CELLS: usize = 128;
/// No length is longer: half a day of a call nobody ended.
const MOST_SECS: f64 = 43_200.0;
/// Of the samples, the share the tail is measured on.
const TAIL: f64 = 0.1;

/// A distribution of lengths, seconds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spread {
    /// Where each cell begins.
    knots: [f32; CELLS],
    /// Mean of what lies beyond the last knot: exponential there.
    tail: f32,
}

/// Where somebody stands in a distribution: so much of it is behind them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Elapsed {
    /// So much probability is passed, at so many seconds.
    Within(f64, f64),
    /// Longer than the table reaches: as many seconds more as anybody there.
    Beyond,
}

impl Spread {
    /// Always the same.
    pub(crate) fn fixed(secs: f64) -> Self {
        Self { knots: [plausible(secs) as f32; CELLS], tail: 0.0 }
    }

    /// Exponential.
    pub(crate) fn exponential(mean_secs: f64) -> Self {
        let mean = plausible(mean_secs);
        let knots = std::array::from_fn(|at| (-mean * (-(at as f64) / CELLS as f64).ln_1p()) as f32);
        Self { knots, tail: mean as f32 }
    }

    /// From samples with weights, not sorted; `None` where there are none. Between neighbours as many as at them.
    pub(crate) fn of(samples: &mut Vec<(f64, f64)>) -> Option<Self> {
        samples.retain(|(secs, weight)| {
            secs.is_finite() && (0.0..=MOST_SECS).contains(secs) && *weight > 0.0 && weight.is_finite()
        });
        samples.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (first, last) = (samples.first()?, samples.last()?);
        let total: f64 = samples.iter().map(|(_, weight)| weight).sum();
        // The middle of each sample's weight is where its value stands.
        let mut points: Vec<(f64, f64)> = Vec::with_capacity(samples.len() + 2);
        let second = samples.get(1).map_or(first.0, |second| second.0);
        points.push((0.0, (first.0 - (second - first.0) / 2.0).max(0.0)));
        let mut passed = 0.0;
        for (secs, weight) in samples.iter() {
            points.push(((passed + weight / 2.0) / total, *secs));
            passed += weight;
        }
        points.push((1.0, last.0));
        let mut at = 0;
        let mut quantile = |share: f64| {
            while at + 2 < points.len() && points[at + 1].0 < share {
                at += 1;
            }
            let ((from, low), (to, high)) = (points[at], points[at + 1]);
            low + (high - low) * ((share - from) / (to - from).max(f64::EPSILON)).clamp(0.0, 1.0)
        };
        let knots: [f32; CELLS] = std::array::from_fn(|cell| quantile(cell as f64 / CELLS as f64) as f32);
        let edge = f64::from(knots[((1.0 - TAIL) * CELLS as f64) as usize]);
        let beyond = samples.iter().filter(|(secs, _)| *secs > edge);
        let (excess, weight) = beyond.fold((0.0, 0.0), |(excess, sum), (secs, weight)| {
            (excess + (secs - edge) * weight, sum + weight)
        });
        let tail = if weight > 0.0 { excess / weight } else { 0.0 };
        Some(Self { knots, tail: tail as f32 })
    }

    /// All lengths so many times as long.
    pub(crate) fn scaled(&self, by: f64) -> Self {
        let by = if by.is_finite() { by.clamp(0.01, 100.0) } else { 1.0 };
        Self {
            knots: self.knots.map(|knot| plausible(f64::from(knot) * by) as f32),
            tail: self.tail * by as f32,
        }
    }

    /// Mean, seconds.
    pub(crate) fn mean(&self) -> f64 {
        let cells: f64 =
            self.knots.windows(2).map(|pair| f64::midpoint(f64::from(pair[0]), f64::from(pair[1]))).sum();
        (cells + f64::from(self.knots[CELLS - 1]) + f64::from(self.tail)) / CELLS as f64
    }

    /// The length at a place of the distribution, 0 to 1.
    #[inline]
    pub(crate) fn at(&self, share: f64) -> f64 {
        let place = share * CELLS as f64;
        let cell = (place as usize).min(CELLS - 1);
        let within = place - cell as f64;
        let low = f64::from(self.knots[cell]);
        match self.knots.get(cell + 1) {
            Some(high) => low + (f64::from(*high) - low) * within,
            None => low - f64::from(self.tail) * (1.0 - within).max(1e-6).ln(),
        }
    }

    /// Where something stands that has gone on for so long.
    pub(crate) fn elapsed(&self, secs: f64) -> Elapsed {
        let secs = if secs.is_finite() { secs.max(0.0) } else { 0.0 };
        if secs >= f64::from(self.knots[CELLS - 1]) {
            return Elapsed::Beyond;
        }
        let cell = self.knots.partition_point(|knot| f64::from(*knot) <= secs);
        let Some(cell) = cell.checked_sub(1) else { return Elapsed::Within(0.0, secs) };
        let (low, high) = (f64::from(self.knots[cell]), f64::from(self.knots[cell + 1]));
        Elapsed::Within((cell as f64 + (secs - low) / (high - low).max(1e-9)) / CELLS as f64, secs)
    }

    /// What is left of something that stands there, seconds.
    pub(crate) fn left(&self, from: Elapsed, share: f64) -> f64 {
        match from {
            Elapsed::Within(passed, secs) => (self.at(passed + share * (1.0 - passed)) - secs).max(0.0),
            // What is always the same and longer than that is about to end.
            Elapsed::Beyond => -f64::from(self.tail) * (1.0 - share).max(1e-6).ln(),
        }
    }
}

fn plausible(secs: f64) -> f64 {
    if secs.is_finite() { secs.clamp(0.0, MOST_SECS) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean_of(draw: impl Fn(f64) -> f64) -> f64 {
        (0..100_000).map(|at| draw((f64::from(at) + 0.5) / 100_000.0)).sum::<f64>() / 100_000.0
    }

    #[test]
    fn an_exponential_has_its_mean_and_no_memory() {
        let spread = Spread::exponential(180.0);
        assert!((spread.mean() / 180.0 - 1.0).abs() < 0.005, "{}", spread.mean());
        for elapsed in [0.0, 10.0, 180.0, 700.0, 5_000.0] {
            let from = spread.elapsed(elapsed);
            let left = mean_of(|share| spread.left(from, share));
            assert!((left / 180.0 - 1.0).abs() < 0.02, "after {elapsed}: {left}");
        }
    }

    #[test]
    fn samples_are_found_again() {
        // Even lengths from 100 to 300: what has gone on for 200 is over within 100, at 50 on average.
        let mut samples: Vec<(f64, f64)> = (0..400).map(|at| (100.0 + f64::from(at) / 2.0, 1.0)).collect();
        let spread = Spread::of(&mut samples).unwrap();
        assert!((spread.mean() - 200.0).abs() < 1.0, "{}", spread.mean());
        assert!((spread.at(0.5) - 200.0).abs() < 1.0 && (spread.at(0.25) - 150.0).abs() < 1.0);
        let from = spread.elapsed(200.0);
        let left = mean_of(|share| spread.left(from, share));
        assert!((left - 50.0).abs() < 2.0, "{left}");
        assert!((spread.scaled(2.0).mean() - 400.0).abs() < 2.0);
        // Weights count: the short ones a hundred times as often.
        let mut heavy: Vec<(f64, f64)> =
            (0..200).map(|at| if at < 100 { (10.0, 100.0) } else { (100.0, 1.0) }).collect();
        assert!((Spread::of(&mut heavy).unwrap().mean() - 11.0).abs() < 2.0);
        assert_eq!(Spread::of(&mut vec![(f64::NAN, 1.0), (-1.0, 1.0), (5.0, 0.0)]), None);
    }

    #[test]
    fn what_is_always_the_same_ends_when_it_must() {
        let spread = Spread::fixed(30.0);
        assert_eq!((spread.mean(), spread.at(0.7)), (30.0, 30.0));
        assert!((spread.left(spread.elapsed(12.0), 0.5) - 18.0).abs() < 1e-3);
        assert_eq!(spread.left(spread.elapsed(31.0), 0.5), 0.0);
    }
}
