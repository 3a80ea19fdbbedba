//! A stretch of the recording heard over and over, from A to B.

use crate::engine::loaded::Loaded;
use crate::reader::Pcm;

/// Shorter than this nothing is repeated, seconds.
const SHORTEST_SECS: f64 = 0.1;

/// What the person marked: A alone repeats nothing yet.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Marks {
    pub(crate) from: Option<f64>,
    pub(crate) to: Option<f64>,
}

impl Marks {
    /// In order, and far enough apart; B alone repeats from the start.
    pub(crate) fn tidy(from: Option<f64>, to: Option<f64>) -> Self {
        let sound = |secs: Option<f64>| secs.filter(|secs| secs.is_finite()).map(|secs| secs.max(0.0));
        let (from, to) = (sound(from), sound(to));
        let from = from.or(to.map(|_| 0.0));
        let to = to.filter(|to| from.is_some_and(|from| to - from >= SHORTEST_SECS));
        Self { from, to }
    }

    /// What is repeated, seconds.
    pub(crate) fn region(self) -> Option<(f64, f64)> {
        Some((self.from?, self.to?))
    }

    /// The same in samples.
    fn samples(self, rate: u32) -> Option<(u64, u64)> {
        let (from, to) = self.region()?;
        let sample = |secs: f64| (secs * f64::from(rate)).round() as u64;
        Some((sample(from), sample(to)))
    }
}

impl Loaded {
    /// Sends the sound just decoded on its way, its first sample being the recording's `first`th. At B it goes on with
    /// A, in the same stretch: the seam is one frame after the other.
    pub(super) fn pass_on(&mut self, first: u64, marks: Marks) {
        let Some(chain) = &mut self.chain else { return };
        let Pcm { rate, channels, samples: pcm } = self.reader.pcm();
        let end = first + (pcm.len() / usize::from(channels)) as u64;
        match marks.samples(rate) {
            // Sound beyond B, where the person went, is heard as it is.
            Some((from, to)) if first < to && end >= to => {
                let (before, after) = pcm.split_at((to - first) as usize * usize::from(channels));
                chain.push(first, before, &mut self.out);
                chain.jump(after, &mut self.out);
                self.reader.seek(from);
                self.decoded_to = from;
            }
            _ => {
                chain.push(first, pcm, &mut self.out);
                self.decoded_to = end;
            }
        }
    }

    /// At the end of the recording: goes on with A when B lies behind the end. False: there is nothing to repeat.
    pub(super) fn around(&mut self, marks: Marks) -> bool {
        let Some((rate, _)) = self.reader.shape() else { return false };
        let Some((from, to)) = marks.samples(rate) else { return false };
        let Some(chain) = &mut self.chain else { return false };
        // A that lies behind the end as well would go around for ever without a sound.
        if self.decoded_to <= from || self.decoded_to > to {
            return false;
        }
        chain.jump(&[], &mut self.out);
        self.reader.seek(from);
        self.decoded_to = from;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_in_order_and_far_enough_apart() {
        for (from, to, expected) in [
            (Some(1.0), Some(2.0), (Some(1.0), Some(2.0))),
            (Some(1.0), None, (Some(1.0), None)),
            (None, Some(2.0), (Some(0.0), Some(2.0))),
            (Some(2.0), Some(1.0), (Some(2.0), None)),
            (Some(2.0), Some(2.05), (Some(2.0), None)),
            (Some(f64::NAN), Some(-1.0), (Some(0.0), None)),
            (None, None, (None, None)),
        ] {
            let marks = Marks::tidy(from, to);
            assert_eq!((marks.from, marks.to), expected, "{from:?} to {to:?}");
        }
    }
}
