//! Random numbers that are looked up, not drawn in turn: the same seed, subject and number give the same one, whatever
//! was looked up before. That is what lets two floors meet the same callers.
//!
//! A counter is mixed by multiplications and shifts until its bits say nothing of it; statistically good, of no worth as
//! a secret.

use std::f64::consts::TAU;

/// An odd number near 2⁶⁴ divided by the golden ratio: consecutive multiples lie far apart.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// What a stream is about, so that no two uses share numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    /// One run of many.
    Run = 1,
    /// How many calls come.
    Rate,
    /// When they come.
    Arrival,
    /// How long they take.
    Handling,
    /// How long callers wait.
    Patience,
    /// How long what is under way goes on.
    Residual,
    /// Breaks.
    Break,
    /// Which calls end in a break.
    Leaving,
    /// Where a figure lies among its like.
    Spread,
    /// Whose caller is taken first.
    Turn,
}

/// A place from which numbers are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stream(u64);

impl Stream {
    pub(crate) fn new(seed: u64) -> Self {
        Self(mix(seed ^ STEP))
    }

    /// A stream of its own within this one.
    pub(crate) fn of(self, about: About, number: u64) -> Self {
        Self(mix(self.0 ^ mix(number.wrapping_mul(STEP).wrapping_add((about as u64) << 56))))
    }

    /// The number at a place.
    #[inline]
    pub(crate) fn bits(self, place: u64) -> u64 {
        mix(self.0.wrapping_add(place.wrapping_add(1).wrapping_mul(STEP)))
    }

    /// In (0, 1].
    #[inline]
    pub(crate) fn unit(self, place: u64) -> f64 {
        unit(self.bits(place))
    }

    /// Exponential with mean 1.
    #[inline]
    pub(crate) fn exponential(self, place: u64) -> f64 {
        -self.unit(place).ln()
    }

    /// Normal with mean 0 and variance 1; takes the two numbers at `2 × place`.
    pub(crate) fn normal(self, place: u64) -> f64 {
        let radius = (2.0 * self.exponential(2 * place)).sqrt();
        radius * (TAU * self.unit(2 * place + 1)).cos()
    }

    /// Gamma with mean 1 and this shape. By the cube of a normal (Wilson and Hilferty), so that a larger normal number is
    /// always a larger result; below a shape of 2 by one of a larger shape, made smaller by a power of a uniform number.
    pub(crate) fn gamma(self, shape: f64, place: u64) -> f64 {
        if !shape.is_finite() {
            return 1.0;
        }
        let shape = shape.max(1e-3);
        let whole = if shape < 2.0 { shape + 2.0 } else { shape };
        let ninth = 1.0 / (9.0 * whole);
        let cube = (1.0 - ninth + self.normal(2 * place) * ninth.sqrt()).max(0.0).powi(3) * whole;
        let raw = if shape < 2.0 {
            // Twice up, twice down: Gamma(a) = Gamma(a + 1) · U^(1/a).
            let down = |above: f64, number: u64| self.unit(4 * place + number).powf(1.0 / above);
            cube * down(shape + 1.0, 2) * down(shape, 3)
        } else {
            cube
        };
        raw / shape
    }
}

/// In (0, 1] from 53 of 64 bits.
#[inline]
pub(crate) fn unit(bits: u64) -> f64 {
    ((bits >> 11) + 1) as f64 * (1.0 / 9_007_199_254_740_992.0)
}

/// Two in (0, 1] from the halves of 64 bits.
#[inline]
pub(crate) fn two_units(bits: u64) -> (f64, f64) {
    let half = |bits: u32| (f64::from(bits) + 1.0) * (1.0 / 4_294_967_296.0);
    (half((bits >> 32) as u32), half(bits as u32))
}

#[inline]
fn mix(bits: u64) -> u64 {
    let mut bits = bits;
    bits = (bits ^ (bits >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    bits = (bits ^ (bits >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    bits ^ (bits >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANY: u64 = 200_000;

    fn mean_and_variance(of: impl Fn(u64) -> f64) -> (f64, f64) {
        let mean = (0..MANY).map(&of).sum::<f64>() / MANY as f64;
        let variance = (0..MANY).map(|place| (of(place) - mean).powi(2)).sum::<f64>() / MANY as f64;
        (mean, variance)
    }

    #[test]
    fn numbers_are_uniform_and_neighbours_know_nothing_of_each_other() {
        // In numbers of one stream, in the first numbers of streams in a row, and in pairs of both.
        let root = Stream::new(7);
        let one = root.of(About::Arrival, 0);
        let first = |number: u64| root.of(About::Arrival, number).unit(0);
        for of in [&(|place: u64| one.unit(place)) as &dyn Fn(u64) -> f64, &first] {
            let mut cells = [0u32; 256];
            for place in 0..MANY {
                let (a, b) = (of(place), of(place + 1));
                cells[(a * 15.999) as usize * 16 + (b * 15.999) as usize] += 1;
            }
            let expected = MANY as f64 / 256.0;
            let squares: f64 = cells.iter().map(|n| (f64::from(*n) - expected).powi(2) / expected).sum();
            // 255 degrees of freedom: mean 255, deviation 22.6.
            assert!((170.0..340.0).contains(&squares), "{squares}");
        }
    }

    #[test]
    fn distributions_have_their_moments() {
        let stream = Stream::new(11).of(About::Rate, 3);
        let (mean, variance) = mean_and_variance(|place| stream.exponential(place));
        assert!((mean - 1.0).abs() < 0.01 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
        let (mean, variance) = mean_and_variance(|place| stream.normal(place));
        assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.02, "{mean} {variance}");
        for shape in [0.5, 1.0, 2.0, 5.0, 40.0, 1_000.0] {
            let (mean, variance) = mean_and_variance(|place| stream.gamma(shape, place));
            assert!((mean - 1.0).abs() < 0.015, "shape {shape}: mean {mean}");
            assert!((variance * shape - 1.0).abs() < 0.05, "shape {shape}: variance {variance}");
        }
        assert_eq!(stream.gamma(f64::INFINITY, 1), 1.0);
    }

    #[test]
    fn a_number_does_not_depend_on_what_was_looked_up_before() {
        let stream = Stream::new(5).of(About::Patience, 2);
        let later = stream.bits(90);
        for place in 0..90 {
            assert_ne!(stream.bits(place), later);
        }
        assert_eq!(stream.bits(90), later);
        assert_ne!(stream.bits(90), Stream::new(6).of(About::Patience, 2).bits(90));
        assert_ne!(stream.bits(90), Stream::new(5).of(About::Handling, 2).bits(90));
    }
}
