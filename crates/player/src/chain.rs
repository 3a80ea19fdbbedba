//! What happens to decoded sound on its way to the device: long silences go, then loudness, the speed and the device's rate; and
//! which second of the recording a frame at the loudspeaker belongs to.
//!
//! Positions are always in the recording's own time, whatever is left out or stretched on the way. Left out on purpose:
//! where the sound comes from and when it is wanted ([`crate::engine`]).

use std::collections::VecDeque;

use crate::level::Level;
use crate::resample::{Pair, Resampler};
use crate::silence::{Silence, blend};
use crate::time_stretch::TimeStretch;
use crate::wire::Hearing;

/// How long two places of the recording are heard together where one follows the other, seconds.
const SEAM_SECS: f64 = 0.005;

/// From here on, frames of the line's input follow one another in the recording too.
#[derive(Debug, Clone, Copy)]
struct Anchor {
    /// Frame of what goes into the line.
    taken: u64,
    /// The same frame, counted from the start of the recording.
    recorded: u64,
    /// Frames left out so far.
    left_out: u64,
}

/// One stretch of playing, from a seek to the next. Made anew when the person wants to hear it differently.
pub(crate) struct Chain {
    silence: Option<Silence>,
    line: Line,
}

/// The part behind which nothing is left out any more: loudness, speed and rate.
struct Line {
    from: u32,
    to: u32,
    speed: f64,
    channels: usize,
    level: Option<Level>,
    levelled: Vec<f32>,
    stretch: Option<TimeStretch>,
    resampler: Resampler,
    stretched: Vec<f32>,
    /// Never empty once sound has come in; what was heard long ago is dropped.
    anchors: VecDeque<Anchor>,
    taken: u64,
    /// What the next samples are faded in over.
    seam: Vec<f32>,
}

impl Chain {
    /// For sound of `from` frames a second on its way to a device of `to`; `level` is what is known of the recording's
    /// voices already. `None` when the rates are no rates.
    pub(crate) fn new(
        from: u32,
        to: u32,
        channels: u8,
        hearing: &Hearing,
        level: Option<Level>,
    ) -> Option<Self> {
        let speed = f64::from(hearing.speed);
        // At its own speed a recording is left exactly as it is.
        let stretch = ((speed - 1.0).abs() > 1e-3).then(|| TimeStretch::new(from, channels, speed));
        Some(Self {
            silence: hearing.skip_silence.then(|| Silence::new(from, channels)),
            line: Line {
                from,
                to,
                speed: if stretch.is_some() { speed } else { 1.0 },
                channels: usize::from(channels.max(1)),
                level: hearing.levelled.then(|| level.unwrap_or_else(|| Level::new(from, channels))),
                levelled: Vec::new(),
                stretch,
                resampler: Resampler::new(from, to, channels)?,
                stretched: Vec::new(),
                anchors: VecDeque::new(),
                taken: 0,
                seam: Vec::new(),
            },
        })
    }

    /// Takes interleaved samples, the first of which is the recording's `first`th, and adds what is ready to `out`.
    pub(crate) fn push(&mut self, first: u64, pcm: &[f32], out: &mut Vec<Pair>) {
        let line = &mut self.line;
        match &mut self.silence {
            Some(silence) => silence.push(first, pcm, |first, pcm| line.push(first, pcm, out)),
            None => line.push(first, pcm, out),
        }
    }

    /// What is pushed next comes from elsewhere in the recording: it is joined without a click to what was pushed last,
    /// which would have gone on with `onward`.
    pub(crate) fn jump(&mut self, onward: &[f32], out: &mut Vec<Pair>) {
        let line = &mut self.line;
        if let Some(silence) = &mut self.silence {
            silence.finish(|first, pcm| line.push(first, pcm, out));
        }
        let most = (SEAM_SECS * f64::from(line.from)) as usize * line.channels;
        line.seam = onward[..most.min(onward.len())].to_vec();
    }

    /// Adds what is still inside to `out`.
    pub(crate) fn finish(&mut self, out: &mut Vec<Pair>) {
        let line = &mut self.line;
        if let Some(silence) = &mut self.silence {
            silence.finish(|first, pcm| line.push(first, pcm, out));
        }
        line.finish(out);
    }

    /// What was learned of the recording's voices, for its next stretch.
    pub(crate) fn into_level(self) -> Option<Level> {
        self.line.level.map(Level::anew)
    }

    /// Second of the recording that the `heard`th frame at the device belongs to. `None` before sound has come in.
    pub(crate) fn position(&self, heard: u64) -> Option<f64> {
        let anchor = self.line.anchor_at(heard)?;
        let since = (self.line.taken_at(heard) - anchor.taken as f64).max(0.0);
        Some((anchor.recorded as f64 + since) / f64::from(self.line.from))
    }

    /// Seconds of silence left out before the `heard`th frame at the device.
    pub(crate) fn saved(&self, heard: u64) -> f64 {
        let left_out = self.line.anchor_at(heard).map_or(0, |anchor| anchor.left_out);
        left_out as f64 / f64::from(self.line.from)
    }

    /// Forgets where frames before the `heard`th were: nobody asks any more.
    pub(crate) fn forget_before(&mut self, heard: u64) {
        let taken = self.line.taken_at(heard);
        while self.line.anchors.get(1).is_some_and(|next| next.taken as f64 <= taken) {
            self.line.anchors.pop_front();
        }
    }
}

impl Line {
    fn push(&mut self, first: u64, pcm: &[f32], out: &mut Vec<Pair>) {
        let due = self.anchors.back().map(|last| last.recorded + (self.taken - last.taken));
        if due != Some(first) {
            let left_out = self.anchors.back().map_or(0, |last| last.left_out)
                + due.map_or(0, |due| first.saturating_sub(due));
            self.anchors.push_back(Anchor { taken: self.taken, recorded: first, left_out });
        }
        self.taken += (pcm.len() / self.channels) as u64;
        if self.seam.is_empty() {
            return self.pass(pcm, out);
        }
        let mut joined = pcm.to_vec();
        blend(&std::mem::take(&mut self.seam), &mut joined, self.channels);
        self.pass(&joined, out);
    }

    fn pass(&mut self, pcm: &[f32], out: &mut Vec<Pair>) {
        let Some(level) = &mut self.level else { return self.pace(pcm, out) };
        let mut levelled = std::mem::take(&mut self.levelled);
        levelled.clear();
        level.push(pcm, &mut levelled);
        self.pace(&levelled, out);
        self.levelled = levelled;
    }

    fn pace(&mut self, pcm: &[f32], out: &mut Vec<Pair>) {
        let Some(stretch) = &mut self.stretch else { return self.resampler.push(pcm, out) };
        self.stretched.clear();
        stretch.push(pcm, &mut self.stretched);
        self.resampler.push(&self.stretched, out);
    }

    fn finish(&mut self, out: &mut Vec<Pair>) {
        if let Some(level) = &mut self.level {
            let mut rest = Vec::new();
            level.finish(&mut rest);
            self.pace(&rest, out);
        }
        if let Some(stretch) = &mut self.stretch {
            self.stretched.clear();
            stretch.finish(&mut self.stretched);
            self.resampler.push(&self.stretched, out);
        }
        self.resampler.finish(out);
    }

    /// Frame of the line's input that the `heard`th frame at the device was made of.
    fn taken_at(&self, heard: u64) -> f64 {
        heard as f64 / f64::from(self.to) * f64::from(self.from) * self.speed
    }

    fn anchor_at(&self, heard: u64) -> Option<&Anchor> {
        let taken = self.taken_at(heard);
        let after = self.anchors.partition_point(|anchor| anchor.taken as f64 <= taken);
        self.anchors.get(after.max(1) - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Eight seconds of line silence with a beep of 50 ms at each of these seconds.
    const BEEPS: [f64; 4] = [0.5, 2.0, 5.5, 7.0];

    fn call() -> Vec<f32> {
        let mut pcm = vec![0.0_f32; 64_000];
        for beep in BEEPS {
            for at in 0..400_u32 {
                let tone = (std::f64::consts::TAU * 500.0 * f64::from(at) / 8000.0).sin();
                pcm[(beep * 8000.0) as usize + at as usize] = 0.5 * tone as f32;
            }
        }
        pcm
    }

    #[test]
    fn the_position_is_the_recordings_whatever_is_left_out_or_stretched() {
        for skip_silence in [false, true] {
            for (speed, levelled) in [(0.75, false), (1.0, true), (1.0, false), (2.0, true)] {
                let hearing = Hearing { speed, skip_silence, levelled, ..Hearing::default() };
                let mut chain = Chain::new(8000, 48_000, 1, &hearing, None).unwrap();
                let mut out = Vec::new();
                for (index, piece) in call().chunks(160).enumerate() {
                    chain.push(index as u64 * 160, piece, &mut out);
                }
                chain.finish(&mut out);
                let mut at = 0;
                for beep in BEEPS {
                    at += out[at..].iter().position(|pair| pair[0].abs() > 0.2).unwrap();
                    let position = chain.position(at as u64).unwrap();
                    assert!(
                        (position - beep).abs() < 0.03,
                        "skipping {skip_silence} at {speed}x: a beep of {beep} s at {position} s"
                    );
                    at += (9600.0 / speed) as usize;
                }
                let heard = out.len() as f64 / 48_000.0 * f64::from(speed);
                let saved = chain.saved(out.len() as u64);
                assert!((heard + saved - 8.0).abs() < 0.01, "{heard} s heard and {saved} s saved are 8 s");
                assert_eq!(saved > 4.0, skip_silence);
                // What is forgotten is only what was heard already.
                let end = chain.position(out.len() as u64);
                chain.forget_before(out.len() as u64);
                assert_eq!((chain.position(out.len() as u64), chain.line.anchors.len()), (end, 1));
            }
        }
    }

    #[test]
    fn a_jump_in_the_recording_does_not_click() {
        let tone = |from: u32, turn: f64| -> Vec<f32> {
            (from..from + 4000)
                .map(|at| {
                    let phase = std::f64::consts::TAU * 300.0 * f64::from(at) / 8000.0 + turn;
                    (0.5 * phase.sin()) as f32
                })
                .collect()
        };
        for hearing in [Hearing::default(), Hearing { skip_silence: true, ..Hearing::default() }] {
            let mut chain = Chain::new(8000, 48_000, 1, &hearing, None).unwrap();
            let mut out = Vec::new();
            // Upside down at once: without a seam from one top of the tone to the other.
            chain.push(20_000, &tone(20_000, std::f64::consts::FRAC_PI_2), &mut out);
            chain.jump(&tone(24_000, std::f64::consts::FRAC_PI_2), &mut out);
            chain.push(1000, &tone(24_000, -std::f64::consts::FRAC_PI_2), &mut out);
            chain.finish(&mut out);
            assert_eq!(out.len(), 48_000);
            // The tone begins and ends at its top: only what is between them is looked at.
            let steps = out[300..47_700].windows(2).map(|pair| (pair[1][0] - pair[0][0]).abs());
            let steepest = steps.fold(0.0, f32::max);
            assert!(steepest < 0.03, "{steepest}; the tone's own is 0.02");
            assert!((chain.position(36_000).unwrap() - (1000.0 / 8000.0 + 0.25)).abs() < 1e-9);
        }
    }
}
