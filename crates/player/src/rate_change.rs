//! A part of a recording whose rate is not the recording's: the same sound in the recording's own samples.
//!
//! Every sample that comes out depends only on its place in the part and on the samples around it, so that a seek gives
//! the very same ones. Left out on purpose: the device's rate ([`crate::resample`]), for which that does not matter.

/// Samples of the slower rate on either side that one is made of.
const REACH: f64 = 24.0;
/// What is kept of the slower rate's range.
const KEPT: f64 = 0.94;

/// One part on its way into another rate.
pub(crate) struct RateChange {
    channels: usize,
    /// One step of the new rate is so many steps of `one` sample of the old.
    step: u64,
    one: u64,
    /// Samples on either side.
    reach: u64,
    /// Weights of the samples around each place between two of them: `2 * reach` for each of `one` places.
    weights: Vec<f32>,
    /// Samples taken and still needed, interleaved, and the number in the part of the first of them.
    held: Vec<f32>,
    first: u64,
    /// The sample that comes out next, counted from the part's beginning.
    next: u64,
}

fn common(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { common(b, a % b) }
}

impl RateChange {
    /// From one rate, samples a second, into another; what comes first is the part's `first`th sample.
    pub(crate) fn new((from, to): (u32, u32), channels: u8, first: u64) -> Self {
        let (from, to) = (u64::from(from.max(1)), u64::from(to.max(1)));
        let common = common(from, to);
        let (step, one) = (from / common, to / common);
        let narrow = (to as f64 / from as f64).min(1.0);
        let reach = (REACH / narrow).ceil();
        let taps = 2 * reach as u64;
        let mut weights = Vec::with_capacity((taps * one) as usize);
        for place in 0..one {
            let started = weights.len();
            weights.extend((0..taps).map(|tap| {
                let away = tap as f64 - (reach - 1.0) - place as f64 / one as f64;
                let turn = std::f64::consts::PI * away * narrow * KEPT;
                let sinc = if turn.abs() < 1e-9 { 1.0 } else { turn.sin() / turn };
                // Blackman's window: what it lets through elsewhere is below hearing.
                let phase = std::f64::consts::PI * away / reach;
                (sinc * (0.42 + 0.5 * phase.cos() + 0.08 * (2.0 * phase).cos())) as f32
            }));
            // A level stays what it is wherever it falls.
            let all: f32 = weights[started..].iter().sum();
            weights[started..].iter_mut().for_each(|weight| *weight /= all);
        }
        let reach = reach as u64;
        // In the middle of a part, the first that has everything before it.
        let next = if first == 0 { 0 } else { ((first + reach) * one).div_ceil(step) };
        Self {
            channels: usize::from(channels.max(1)),
            step,
            one,
            reach,
            weights,
            held: Vec::new(),
            first,
            next,
        }
    }

    /// The sample that comes out next, counted from the part's beginning.
    pub(crate) fn next(&self) -> u64 {
        self.next
    }

    /// Takes interleaved samples and adds what is ready to `out`.
    pub(crate) fn push(&mut self, pcm: &[f32], out: &mut Vec<f32>) {
        self.held.extend_from_slice(pcm);
        let end = self.first + (self.held.len() / self.channels) as u64;
        while self.next * self.step / self.one + self.reach < end {
            self.one_more(out);
        }
        let needed = (self.next * self.step / self.one + 1).saturating_sub(self.reach);
        let spare = needed.saturating_sub(self.first).min(end - self.first);
        self.held.drain(..spare as usize * self.channels);
        self.first += spare;
    }

    /// Adds the last of a part of so many samples in all, behind which there is silence.
    pub(crate) fn finish(&mut self, all: u64, out: &mut Vec<f32>) {
        while self.next < all {
            self.one_more(out);
        }
    }

    fn one_more(&mut self, out: &mut Vec<f32>) {
        let (at, place) = (self.next * self.step / self.one, self.next * self.step % self.one);
        let taps = 2 * self.reach as usize;
        let weights = &self.weights[place as usize * taps..][..taps];
        // The first of the samples around it, counted among those held; before the part's beginning there is silence.
        let from = (at + 1) as i64 - self.reach as i64 - self.first as i64;
        for channel in 0..self.channels {
            let before = usize::try_from(-from).unwrap_or(0).min(taps);
            let start = usize::try_from(from).unwrap_or(0) * self.channels + channel;
            let around = self.held.get(start..).unwrap_or_default().iter().step_by(self.channels);
            out.push(weights[before..].iter().zip(around).map(|(weight, sample)| weight * sample).sum());
        }
        self.next += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::amplitude_at;

    fn tone(rate: u32, hertz: f64) -> Vec<f32> {
        let turn = |at| std::f64::consts::TAU * hertz * f64::from(at) / f64::from(rate);
        (0..rate).map(|at| (0.5 * turn(at).sin()) as f32).collect()
    }

    #[test]
    fn a_tone_keeps_its_pitch_and_level_and_gets_no_image() {
        for (from, to) in
            [(8_000, 44_100), (44_100, 8_000), (16_000, 8_000), (48_000, 11_025), (22_050, 24_000)]
        {
            let hertz = f64::from(from.min(to)) * 0.375;
            let mut change = RateChange::new((from, to), 1, 0);
            let mut out = Vec::new();
            for piece in tone(from, hertz).chunks(577) {
                change.push(piece, &mut out);
            }
            change.finish(u64::from(to), &mut out);
            assert_eq!(out.len(), to as usize, "{from} to {to}");
            let middle = &out[out.len() / 4..out.len() * 3 / 4];
            let level = amplitude_at(middle, f64::from(to), hertz);
            assert!((20.0 * (level / 0.5).log10()).abs() < 0.1, "{from} to {to}: {level}");
            if to > from {
                let image =
                    amplitude_at(middle, f64::from(to), (f64::from(from) - hertz).min(f64::from(to) * 0.49));
                assert!(20.0 * (image / level).log10() < -60.0, "{from} to {to}: image {image}");
            }
        }
    }

    #[test]
    fn from_the_middle_on_every_sample_is_the_same() {
        let pcm = tone(8_000, 700.0);
        let mut whole = Vec::new();
        let mut change = RateChange::new((8_000, 44_100), 2, 0);
        change.push(&pcm, &mut whole);
        change.finish(22_050, &mut whole);
        for first in [1_usize, 576, 1_152] {
            let mut change = RateChange::new((8_000, 44_100), 2, first as u64);
            let (from, mut out) = (change.next() as usize, Vec::new());
            change.push(&pcm[first * 2..1_700 * 2], &mut out);
            change.push(&pcm[1_700 * 2..], &mut out);
            change.finish(22_050, &mut out);
            assert!(out == whole[from * 2..], "from {first} on");
            assert!(from * 8_000 / 44_100 < first + 50);
        }
    }
}
