//! Formulas for one queue in its steady state: what the simulation is checked with, where a formula applies.
//!
//! Erlang C (everybody waits until they are answered) and Erlang A (they give up at a constant rate). Derived here from
//! the balance of the states; no table is copied. Left out on purpose: floors whose people serve several campaigns, for
//! which there is none.

/// Longer lines than this are none that a formula is asked about.
const MOST_STATES: u32 = 1_000_000;

/// A queue in its steady state. Times in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Queue {
    /// Calls a second.
    pub arrivals: f64,
    /// Mean time one call takes somebody, seconds.
    pub handling: f64,
    /// People.
    pub people: u32,
    /// Mean patience, seconds; `None`: nobody gives up.
    pub patience: Option<f64>,
}

/// What comes of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Steady {
    /// Share of callers who find nobody free.
    pub waits: f64,
    /// Callers waiting on average.
    pub waiting: f64,
    /// Share of callers who give up.
    pub gives_up: f64,
    /// Share of callers answered within the time asked about.
    pub within: f64,
}

/// Share of calls lost where nobody can wait (Erlang B), from one person more to the next.
pub fn blocked(load: f64, people: u32) -> f64 {
    // With n people the chance that all are busy is a·B / (n + a·B), B that with one fewer: both sides of the cut between
    // the states n − 1 and n balance.
    (1..=people).fold(1.0, |blocked, n| load * blocked / (f64::from(n) + load * blocked))
}

/// Share of callers who wait where everybody does until they are answered (Erlang C); 1 where people are too few.
pub fn waits(load: f64, people: u32) -> f64 {
    let n = f64::from(people);
    if load >= n {
        return 1.0;
    }
    let blocked = blocked(load, people);
    n * blocked / (n - load * (1.0 - blocked))
}

impl Queue {
    /// Its steady state; `None` where there is none (more work than people, and nobody gives up) or a figure is none.
    pub fn steady(&self, within_secs: f64) -> Option<Steady> {
        let sound = |figure: f64| figure.is_finite() && figure > 0.0;
        if !sound(self.arrivals) || !sound(self.handling) || within_secs.is_nan() || within_secs < 0.0 {
            return None;
        }
        let load = self.arrivals * self.handling;
        let n = f64::from(self.people);
        let steady = match self.patience {
            None if load < n => {
                let waits = waits(load, self.people);
                // Behind others the line shortens by n calls in the time of one.
                let drain = (n - load) / self.handling;
                Some(Steady {
                    waits,
                    waiting: waits * load / (n - load),
                    gives_up: 0.0,
                    within: 1.0 - waits * (-drain * within_secs).exp(),
                })
            }
            None => None,
            Some(patience) if sound(patience) => self.impatient(load, patience, within_secs),
            Some(_) => None,
        };
        // Times that are next to nothing have rates beyond numbers, of which no share comes.
        steady.filter(|it| {
            [it.waits, it.waiting, it.gives_up, it.within].iter().all(|figure| figure.is_finite())
        })
    }

    /// The states' shares from the balance of each cut, beginning at all busy and nobody waiting.
    fn impatient(&self, load: f64, patience: f64, within_secs: f64) -> Option<Steady> {
        let n = f64::from(self.people);
        let busy_below = if self.people == 0 {
            0.0
        } else {
            // Σ p_k / p_n for k < n, which Erlang B is the inverse of, less the state itself.
            1.0 / blocked(load, self.people) - 1.0
        };
        // All in parts of the first state's share, which is made smaller where they grow beyond numbers.
        let (mut share, mut all_busy, mut queue, mut below, mut smaller) =
            (1.0, 1.0, 0.0, busy_below, 0.0f64);
        let mut ends = false;
        for waiting in 1..MOST_STATES {
            let leave = n / self.handling + f64::from(waiting) / patience;
            share *= self.arrivals / leave;
            all_busy += share;
            queue += share * f64::from(waiting);
            if all_busy > 1e200 {
                for part in [&mut share, &mut all_busy, &mut queue, &mut below] {
                    *part *= 1e-200;
                }
                smaller -= 200.0 * std::f64::consts::LN_10;
            }
            ends = leave > self.arrivals && share < 1e-14 * all_busy;
            if ends {
                break;
            }
        }
        let total = below + all_busy;
        if !ends || !total.is_finite() {
            return None;
        }
        let waits = all_busy / total;
        let waiting = queue / total;
        let later = self.answered_later(smaller - total.ln(), patience, within_secs);
        Some(Steady {
            waits,
            waiting,
            gives_up: waiting / patience / self.arrivals,
            within: (1.0 - waits + later).min(1.0),
        })
    }

    /// Share answered after a wait of up to so long; `all_busy` is the logarithm of the share of the state with everybody
    /// busy and nobody waiting.
    ///
    /// The wait a caller of endless patience would have has the density `v` with `v(0) = p_n·n/h` and
    /// `v′ = v·(λ·e^(−x/θ) − n/h)`: the line ahead of one who would wait x grows by those who come and would still be there
    /// by then, and shrinks by n calls in the time of one. Whoever comes is answered then if they are still there.
    fn answered_later(&self, all_busy: f64, patience: f64, within_secs: f64) -> f64 {
        let served = f64::from(self.people) / self.handling;
        let answered = |x: f64| {
            let growth = self.arrivals * patience * (1.0 - (-x / patience).exp());
            (all_busy + growth - served * x - x / patience).exp()
        };
        // Simpson's rule.
        let parts = 2_000u32;
        let step = within_secs / f64::from(parts);
        let inner: f64 =
            (1..parts).map(|at| answered(f64::from(at) * step) * if at % 2 == 1 { 4.0 } else { 2.0 }).sum();
        let area = (answered(0.0) + inner + answered(within_secs)) * step / 3.0;
        served * area
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: f64, other: f64, by: f64) -> bool {
        (one - other).abs() <= by * other.abs().max(1e-9)
    }

    #[test]
    fn erlang_b_is_the_share_of_the_last_of_the_states() {
        // By its definition: aⁿ/n! over the sum of aᵏ/k!.
        for (load, people) in [(0.5, 1), (3.0, 5), (20.0, 18), (80.0, 90)] {
            let (mut term, mut sum) = (1.0, 1.0);
            for k in 1..=people {
                term *= load / f64::from(k);
                sum += term;
            }
            assert!(near(blocked(load, people), term / sum, 1e-12), "{load} {people}");
        }
        assert_eq!(blocked(4.0, 0), 1.0);
    }

    #[test]
    fn one_person_alone_is_the_plain_queue() {
        // M/M/1: waits with probability ρ, ρ²/(1−ρ) waiting.
        for load in [0.1, 0.5, 0.9] {
            let queue = Queue { arrivals: load / 100.0, handling: 100.0, people: 1, patience: None };
            let steady = queue.steady(50.0).unwrap();
            assert!(near(steady.waits, load, 1e-12));
            assert!(near(steady.waiting, load * load / (1.0 - load), 1e-12));
            assert!(near(steady.within, 1.0 - load * (-(1.0 - load) * 0.5f64).exp(), 1e-12));
        }
        assert_eq!(Queue { arrivals: 1.0, handling: 2.0, people: 2, patience: None }.steady(20.0), None);
        // A call of next to no time: nobody waits, and whether somebody is answered within nothing is no number.
        for patience in [None, Some(2.1e-308)] {
            let queue = Queue { arrivals: 1_831.6, handling: 2.1e-308, people: 4, patience };
            assert_eq!(queue.steady(0.0), None, "{patience:?}");
        }
    }

    #[test]
    fn as_patient_as_calls_are_long_is_a_queue_for_everybody() {
        // Everybody in the house leaves at the same rate, answered or not: Poisson, whatever the number of people.
        for (load, people) in [(5.0, 4u32), (20.0, 22), (60.0, 50)] {
            let queue = Queue { arrivals: load / 180.0, handling: 180.0, people, patience: Some(180.0) };
            let steady = queue.steady(20.0).unwrap();
            let mut share = (-load).exp();
            let (mut below, mut waiting) = (0.0, 0.0);
            for k in 0..400u32 {
                if k < people {
                    below += share;
                } else {
                    waiting += share * f64::from(k - people);
                }
                share *= load / f64::from(k + 1);
            }
            assert!(near(steady.waits, 1.0 - below, 1e-9), "{load} {people}");
            assert!(near(steady.waiting, waiting, 1e-9), "{load} {people}");
        }
    }

    #[test]
    fn endless_patience_is_erlang_c_and_whoever_waits_gives_up_or_is_answered() {
        for (load, people) in [(4.0, 5u32), (40.0, 44), (100.0, 104)] {
            let patient = Queue { arrivals: load / 200.0, handling: 200.0, people, patience: Some(1e9) };
            let c = Queue { patience: None, ..patient };
            let (a, c) = (patient.steady(20.0).unwrap(), c.steady(20.0).unwrap());
            assert!(near(a.waits, c.waits, 1e-4) && near(a.waiting, c.waiting, 1e-3), "{load} {people}");
            assert!(near(a.within, c.within, 1e-4), "{} {}", a.within, c.within);
        }
        for (load, people, patience) in [(30.0, 25u32, 60.0), (30.0, 31, 240.0), (8.0, 2, 100.0)] {
            let queue = Queue { arrivals: load / 150.0, handling: 150.0, people, patience: Some(patience) };
            let steady = queue.steady(0.0).unwrap();
            let in_the_end = queue.steady(5_000.0).unwrap();
            assert!(near(steady.within, 1.0 - steady.waits, 1e-9));
            // The density derived from the wait, and the balance of the states, tell the same.
            assert!(near(in_the_end.within, 1.0 - steady.gives_up, 1e-4), "{in_the_end:?}");
        }
    }
}
