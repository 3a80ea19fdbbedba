//! From a recording's rate to the device's, by a windowed sinc: an 8 kHz call's tones come out with their level and without
//! images. By Fourier transform it would take less of the processor, which is little either way, and two megabytes of the program.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{
    Async, FixedAsync, Indexing, Resampler as _, SincInterpolationParameters, SincInterpolationType,
    WindowFunction,
};

/// Left and right.
pub(crate) type Pair = [f32; 2];

/// Frames taken at a time: 32 ms of an 8 kHz call.
const CHUNK: usize = 256;
/// Samples that each one made is made of, and places between two of them that are worked out beforehand.
const TAPS: usize = 128;
const BETWEEN: usize = 128;

/// A stretch of sound on its way to the device. One is made for each seek.
pub(crate) struct Resampler {
    inner: Option<Async<f32>>,
    channels: usize,
    from: u64,
    to: u64,
    held: Vec<f32>,
    scratch: Vec<f32>,
    /// Output frames still to be dropped: the filter's own delay.
    delay: usize,
    taken: u64,
    given: u64,
}

impl Resampler {
    /// `None` when the rates are no rates.
    pub(crate) fn new(from: u32, to: u32, channels: u8) -> Option<Self> {
        let channels = usize::from(channels);
        let inner = if from == to {
            None
        } else {
            let filter = SincInterpolationParameters {
                oversampling_factor: BETWEEN,
                interpolation: SincInterpolationType::Cubic,
                ..SincInterpolationParameters::new(TAPS, WindowFunction::BlackmanHarris)
            };
            let ratio = f64::from(to) / f64::from(from);
            Some(Async::new_sinc(ratio, 1.0, &filter, CHUNK, channels, FixedAsync::Input).ok()?)
        };
        let delay = inner.as_ref().map_or(0, Async::output_delay);
        Some(Self {
            inner,
            channels,
            from: u64::from(from),
            to: u64::from(to),
            held: Vec::new(),
            scratch: Vec::new(),
            delay,
            taken: 0,
            given: 0,
        })
    }

    /// Takes interleaved samples and adds what is ready to `out`.
    pub(crate) fn push(&mut self, pcm: &[f32], out: &mut Vec<Pair>) {
        self.taken += (pcm.len() / self.channels) as u64;
        let Some(inner) = &self.inner else {
            let before = out.len();
            out.extend(pcm.chunks_exact(self.channels).map(pair));
            self.given += (out.len() - before) as u64;
            return;
        };
        self.held.extend_from_slice(pcm);
        let chunk = inner.input_frames_next() * self.channels;
        let mut used = 0;
        while self.held.len() - used >= chunk {
            self.process(used, chunk / self.channels, out);
            used += chunk;
        }
        self.held.drain(..used);
    }

    /// Adds what is still inside to `out`: as many frames in all as the samples taken are worth.
    pub(crate) fn finish(&mut self, out: &mut Vec<Pair>) {
        let due = (self.taken * self.to).div_ceil(self.from);
        while self.inner.is_some() && self.given < due {
            let before = self.given;
            self.process(0, self.held.len() / self.channels, out);
            self.held.clear();
            if self.given == before && self.delay == 0 {
                break;
            }
        }
        let surplus = self.given.saturating_sub(due) as usize;
        out.truncate(out.len().saturating_sub(surplus));
        self.given = self.given.min(due);
    }

    /// Runs the filter over `frames` held frames from sample `at` on, silence behind them.
    fn process(&mut self, at: usize, frames: usize, out: &mut Vec<Pair>) {
        let Some(inner) = &mut self.inner else { return };
        let produced = inner.output_frames_next();
        self.scratch.resize(produced * self.channels, 0.0);
        let input = InterleavedSlice::new(&self.held[at..], self.channels, frames);
        let output = InterleavedSlice::new_mut(&mut self.scratch, self.channels, produced);
        let (Ok(input), Ok(mut output)) = (input, output) else { return };
        let indexing = Indexing::new().partial_len(frames);
        let Ok((_, produced)) = inner.process_into_buffer(&input, &mut output, Some(&indexing)) else {
            return;
        };
        let dropped = self.delay.min(produced);
        self.delay -= dropped;
        let samples = &self.scratch[dropped * self.channels..produced * self.channels];
        out.extend(samples.chunks_exact(self.channels).map(pair));
        self.given += (produced - dropped) as u64;
    }
}

fn pair(frame: &[f32]) -> Pair {
    match frame {
        [left, right, ..] => [*left, *right],
        [one] => [*one, *one],
        [] => [0.0, 0.0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::amplitude_at;

    #[test]
    fn tones_keep_their_level_and_have_no_image() {
        for (from, to) in
            [(8000, 48_000), (8000, 44_100), (16_000, 44_100), (24_000, 48_000), (48_000, 44_100)]
        {
            let tone = f64::from(from) * 0.375;
            let pcm: Vec<f32> = (0..from)
                .map(|at| {
                    (0.5 * (std::f64::consts::TAU * tone * f64::from(at) / f64::from(from)).sin()) as f32
                })
                .collect();
            let mut resampler = Resampler::new(from, to, 1).unwrap();
            let mut out = Vec::new();
            for piece in pcm.chunks(577) {
                resampler.push(piece, &mut out);
            }
            resampler.finish(&mut out);
            assert_eq!(out.len(), to as usize, "one second stays one second, {from} to {to}");
            let middle: Vec<f32> = out[out.len() / 4..out.len() * 3 / 4].iter().map(|pair| pair[0]).collect();
            let level = amplitude_at(&middle, f64::from(to), tone);
            assert!((20.0 * (level / 0.5).log10()).abs() < 0.1, "{from} to {to}: level {level}");
            let image = amplitude_at(&middle, f64::from(to), f64::from(from) - tone);
            assert!(20.0 * (image / level).log10() < -80.0, "{from} to {to}: image {image}");
        }
    }

    #[test]
    fn nothing_is_shifted() {
        let mut pcm = vec![0.0_f32; 8000];
        pcm[4000] = 1.0;
        let mut resampler = Resampler::new(8000, 48_000, 1).unwrap();
        let mut out = Vec::new();
        resampler.push(&pcm, &mut out);
        resampler.finish(&mut out);
        let peak = out.iter().enumerate().max_by(|a, b| a.1[0].total_cmp(&b.1[0])).unwrap().0;
        assert!(peak.abs_diff(24_000) <= 1, "the click is at {peak}");
    }
}
