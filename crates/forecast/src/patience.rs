//! How long callers wait before they give up.
//!
//! How likely one gives up within the next second is told stretch by stretch of the wait: those who gave up in it, over the
//! time all callers spent in it. Whoever was answered would have waited at least that long, which counts as time and as
//! no giving up. Where few are known a stretch is drawn towards the whole wait, that towards the whole floor's, and that
//! towards what is assumed.

use crate::input::Times;
use crate::reason::Basis;

/// Where stretches of a wait begin, seconds.
const FROM: [f64; 7] = [0.0, 10.0, 25.0, 50.0, 100.0, 200.0, 400.0];
/// Nobody waits longer.
const MOST_SECS: f64 = 14_400.0;
/// Assumed where nothing is known: five minutes on average.
const ASSUMED_PER_SEC: f64 = 1.0 / 300.0;
/// As many who gave up the wider figure counts.
const DRAWN_AS: f64 = 4.0;
/// With so many who gave up a campaign goes by its own.
const ENOUGH: f64 = 20.0;

/// How likely callers give up.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Patience {
    /// Within a second, in each stretch.
    per_sec: [f64; FROM.len()],
    /// Added up until the stretch begins.
    until: [f64; FROM.len()],
    pub(crate) basis: Basis,
}

/// Those who gave up, and time waited.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    gave_up: f64,
    secs: f64,
}

impl Patience {
    /// Alike at every moment of the wait.
    #[cfg(test)]
    pub(crate) fn exponential(mean_secs: f64) -> Self {
        Self::new([1.0 / mean_secs; FROM.len()], Basis::Own)
    }

    fn new(per_sec: [f64; FROM.len()], basis: Basis) -> Self {
        let mut until = [0.0; FROM.len()];
        for at in 1..FROM.len() {
            until[at] = until[at - 1] + per_sec[at - 1] * (FROM[at] - FROM[at - 1]);
        }
        Self { per_sec, until, basis }
    }

    /// How long a caller who has waited for so long will have waited when they give up, seconds. `exponential` is a draw of
    /// mean 1: the larger, the more patient.
    pub(crate) fn gives_up_at(&self, waited_secs: f64, exponential: f64) -> f64 {
        let mut stretch = FROM.partition_point(|from| *from <= waited_secs).max(1) - 1;
        let goal = self.until[stretch] + self.per_sec[stretch] * (waited_secs - FROM[stretch]) + exponential;
        while self.until.get(stretch + 1).is_some_and(|until| *until <= goal) {
            stretch += 1;
        }
        let secs = FROM[stretch] + (goal - self.until[stretch]) / self.per_sec[stretch];
        // A stretch in which nobody gives up is no number.
        if secs.is_finite() { secs.max(waited_secs) } else { f64::MAX }
    }

    /// The share still waiting after so long.
    #[cfg(test)]
    fn still_there(&self, secs: f64) -> f64 {
        let stretch = FROM.partition_point(|from| *from <= secs).max(1) - 1;
        (-(self.until[stretch] + self.per_sec[stretch] * (secs - FROM[stretch]))).exp()
    }
}

/// The whole floor's, to draw campaigns towards: how likely a caller gives up within a second.
pub(crate) fn wider(all: &[Times]) -> (f64, Basis) {
    let seen = all.iter().map(overall).fold(Seen::default(), Seen::and);
    let basis = if seen.gave_up > 0.0 { Basis::Wider } else { Basis::Assumed };
    (drawn(seen, ASSUMED_PER_SEC), basis)
}

/// One campaign's.
pub(crate) fn patience(times: &Times, wider: (f64, Basis)) -> Patience {
    let seen = overall(times);
    let whole = drawn(seen, wider.0);
    let per_sec = in_stretches(times).map(|stretch| drawn(stretch, whole));
    let basis = match seen.gave_up {
        many if many >= ENOUGH => Basis::Own,
        some if some > 0.0 => Basis::Drawn,
        _ if seen.secs > DRAWN_AS / wider.0 => Basis::Drawn,
        _ => wider.1,
    };
    Patience::new(per_sec, basis)
}

impl Seen {
    fn and(self, other: Self) -> Self {
        Self { gave_up: self.gave_up + other.gave_up, secs: self.secs + other.secs }
    }
}

fn drawn(seen: Seen, towards: f64) -> f64 {
    (seen.gave_up + DRAWN_AS) / (seen.secs + DRAWN_AS / towards)
}

fn plausible(waits: &[f64]) -> impl Iterator<Item = f64> {
    waits.iter().copied().filter(|secs| secs.is_finite() && (0.0..=MOST_SECS).contains(secs))
}

fn overall(times: &Times) -> Seen {
    let singles = in_stretches(times).into_iter().fold(Seen::default(), Seen::and);
    match times.abandons_over {
        Some((gave_up, secs)) if secs.is_finite() && secs > 0.0 => {
            singles.and(Seen { gave_up: f64::from(gave_up), secs })
        }
        _ => singles,
    }
}

fn in_stretches(times: &Times) -> [Seen; FROM.len()] {
    let mut stretches = [Seen::default(); FROM.len()];
    let gave_up = plausible(&times.abandoned_waits).map(|secs| (secs, 1.0));
    let answered = plausible(&times.answered_waits).map(|secs| (secs, 0.0));
    for (secs, count) in gave_up.chain(answered) {
        for (at, stretch) in stretches.iter_mut().enumerate() {
            let ends = FROM.get(at + 1).copied().unwrap_or(f64::MAX);
            stretch.secs += (secs.min(ends) - FROM[at]).max(0.0);
            if (FROM[at]..ends).contains(&secs) {
                stretch.gave_up += count;
            }
        }
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::{About, Stream};

    /// So many callers whose patience is exponential, answered after `answered_secs` if they are still there.
    fn callers(count: u64, mean_secs: f64, answered_secs: f64) -> Times {
        let stream = Stream::new(3).of(About::Patience, 0);
        let mut times = Times::default();
        for caller in 0..count {
            let patience = stream.exponential(caller) * mean_secs;
            if patience < answered_secs {
                times.abandoned_waits.push(patience);
            } else {
                times.answered_waits.push(answered_secs);
            }
        }
        times
    }

    #[test]
    fn whoever_was_answered_would_have_waited_longer() {
        // Answered after a minute: only those of little patience are seen to give up.
        let times = callers(4_000, 120.0, 60.0);
        let naive = times.abandoned_waits.iter().sum::<f64>() / times.abandoned_waits.len() as f64;
        assert!(naive < 30.0);
        let found = patience(&times, wider(std::slice::from_ref(&times)));
        assert_eq!(found.basis, Basis::Own);
        for secs in [10.0, 30.0, 60.0, 120.0] {
            let (there, truth) = (found.still_there(secs), (-secs / 120.0f64).exp());
            assert!((there - truth).abs() < 0.03, "after {secs}: {there}, not {truth}");
        }
    }

    #[test]
    fn patience_that_changes_during_the_wait_is_seen() {
        // Everybody waits 25 seconds; then half leave within 25 more.
        let mut times = Times::default();
        for at in 0..200 {
            times.abandoned_waits.push(25.0 + f64::from(at) / 8.0);
            times.answered_waits.push(50.0);
        }
        let found = patience(&times, wider(&[]));
        assert!(found.still_there(25.0) > 0.9, "{}", found.still_there(25.0));
        assert!((0.4..0.6).contains(&found.still_there(50.0)), "{}", found.still_there(50.0));
    }

    #[test]
    fn few_are_drawn_towards_the_floor_and_none_are_assumed() {
        let floor = wider(&[callers(4_000, 60.0, 90.0)]);
        assert_eq!(floor.1, Basis::Wider);
        let nothing = patience(&Times::default(), floor);
        assert!((nothing.still_there(60.0) - (-1.0f64).exp()).abs() < 0.02);
        assert_eq!(nothing.basis, Basis::Wider);
        assert_eq!(patience(&Times::default(), wider(&[])).basis, Basis::Assumed);
        // Nobody gave up in two hours of waiting.
        let patient = Times { abandons_over: Some((0, 7_200.0)), ..Times::default() };
        let patient = patience(&patient, floor);
        assert!(patient.still_there(60.0) > 0.9 && patient.basis == Basis::Drawn);
    }

    #[test]
    fn a_wait_under_way_goes_on_from_where_it_is() {
        let patience = Patience::exponential(100.0);
        for waited in [0.0, 5.0, 60.0, 1_000.0] {
            assert!((patience.gives_up_at(waited, 0.7) - waited - 70.0).abs() < 1e-6, "{waited}");
        }
        let mut never = Patience::exponential(100.0);
        never = Patience::new(never.per_sec.map(|_| 0.0), Basis::Own);
        assert_eq!(never.gives_up_at(5.0, 1.0), f64::MAX);
    }
}
