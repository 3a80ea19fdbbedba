//! The tap on the shoulder, as sound: two notes for an eye, three rising ones for a hand.
//!
//! Made here, so that no file has to be kept, and mixed in beside the recording, which goes on as it was. Left out on
//! purpose: when somebody is tapped on the shoulder, and whether they want to hear it.

use std::num::{NonZeroU16, NonZeroU32};
use std::time::Duration;

use rodio::Source;

/// How much of a hand the sound asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chime {
    /// An eye: 660 Hz, twice.
    Warn,
    /// A hand, now: 660, 880 and 1109 Hz.
    Bad,
}

/// A note, seconds.
const NOTE_SECS: f64 = 0.13;
/// From the start of a note to that of the next, seconds.
const BEAT_SECS: f64 = 0.1625;
/// Highest sample of a note: quiet beside speech.
const LOUD: f64 = 0.16;
/// How long a note takes to come, and to be gone at its end, seconds: nothing clicks.
const SOFT_SECS: f64 = 0.01;
/// A note rings out to this part of its level.
const RUNG_OUT: f64 = 0.02;

impl Chime {
    fn notes(self) -> &'static [f64] {
        match self {
            Self::Warn => &[660.0, 660.0],
            Self::Bad => &[660.0, 880.0, 1109.0],
        }
    }

    /// Seconds from its first sample to its last.
    fn secs(self) -> f64 {
        (self.notes().len() - 1) as f64 * BEAT_SECS + NOTE_SECS
    }

    /// The sample at `at` seconds.
    fn sample(self, at: f64) -> f64 {
        let note = (at / BEAT_SECS) as usize;
        let Some(hertz) = self.notes().get(note) else { return 0.0 };
        let since = at - note as f64 * BEAT_SECS;
        if since >= NOTE_SECS {
            return 0.0;
        }
        let soft = |left: f64| (left / SOFT_SECS).clamp(0.0, 1.0);
        let level = LOUD * RUNG_OUT.powf(since / NOTE_SECS) * soft(since) * soft(NOTE_SECS - since);
        level * (std::f64::consts::TAU * hertz * since).sin()
    }
}

/// A chime on its way to the device; it ends by itself.
pub(crate) struct Tones {
    chime: Chime,
    rate: NonZeroU32,
    channels: NonZeroU16,
    /// The sample that comes next, all channels counted.
    at: u64,
}

impl Tones {
    pub(crate) fn new(chime: Chime, rate: NonZeroU32, channels: NonZeroU16) -> Self {
        Self { chime, rate, channels, at: 0 }
    }
}

impl Iterator for Tones {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        let frame = self.at / u64::from(self.channels.get());
        let secs = frame as f64 / f64::from(self.rate.get());
        if secs >= self.chime.secs() {
            return None;
        }
        self.at += 1;
        Some(self.chime.sample(secs) as f32)
    }
}

impl Source for Tones {
    fn current_span_len(&self) -> Option<usize> {
        None
    }

    fn channels(&self) -> NonZeroU16 {
        self.channels
    }

    fn sample_rate(&self) -> NonZeroU32 {
        self.rate
    }

    fn total_duration(&self) -> Option<Duration> {
        Some(Duration::from_secs_f64(self.chime.secs()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::amplitude_at;

    const RATE: NonZeroU32 = NonZeroU32::MIN.saturating_add(47_999);

    fn left(chime: Chime) -> Vec<f32> {
        let stereo: Vec<f32> = Tones::new(chime, RATE, NonZeroU16::MIN.saturating_add(1)).collect();
        assert!(stereo.chunks_exact(2).all(|pair| pair[0] == pair[1]), "the same on both sides");
        stereo.chunks_exact(2).map(|pair| pair[0]).collect()
    }

    #[test]
    fn each_note_is_the_one_it_should_be() {
        let all = [660.0, 880.0, 1109.0];
        for (chime, notes) in [(Chime::Warn, &[660.0, 660.0][..]), (Chime::Bad, &all[..])] {
            let sound = left(chime);
            let secs = sound.len() as f64 / 48_000.0;
            assert!((secs - chime.secs()).abs() < 1e-4, "{chime:?}: {secs} s");
            for (note, hertz) in notes.iter().enumerate() {
                let from = (note as f64 * BEAT_SECS * 48_000.0) as usize;
                let played = &sound[from..from + (NOTE_SECS * 48_000.0) as usize];
                let strongest = all
                    .iter()
                    .max_by(|a, b| {
                        amplitude_at(played, 48_000.0, **a).total_cmp(&amplitude_at(played, 48_000.0, **b))
                    })
                    .unwrap();
                assert_eq!(strongest, hertz, "{chime:?}, note {note}");
            }
        }
    }

    #[test]
    fn it_is_quiet_and_does_not_click() {
        for chime in [Chime::Warn, Chime::Bad] {
            let sound = left(chime);
            let loudest = sound.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
            assert!((0.08..=0.16).contains(&loudest), "{chime:?}: {loudest}");
            // No step is larger than the highest note's own slope.
            let steepest = (LOUD * std::f64::consts::TAU * 1109.0 / 48_000.0) as f32;
            for (at, pair) in sound.windows(2).enumerate() {
                assert!((pair[1] - pair[0]).abs() <= steepest, "{chime:?} clicks at sample {at}");
            }
            assert_eq!(sound[0], 0.0);
            assert!(sound[sound.len() - 1].abs() < 1e-3);
        }
    }
}
