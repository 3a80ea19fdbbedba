//! What happens to decoded sound on its way to the device: the speed, then the device's rate; and which second of the
//! recording a frame at the loudspeaker belongs to.
//!
//! Positions are always in the recording's own time, whatever is left out or stretched on the way. Left out on purpose:
//! where the sound comes from and when it is wanted ([`crate::engine`]).

use std::collections::VecDeque;

use crate::resample::{Pair, Resampler};
use crate::stretch::Stretch;
use crate::wire::Hearing;

/// From here on, frames of the chain's input follow one another in the recording too.
#[derive(Debug, Clone, Copy)]
struct Anchor {
    /// Frame of what goes into the stretch.
    taken: u64,
    /// The same frame, counted from the start of the recording.
    recorded: u64,
}

/// One stretch of playing, from a seek to the next. Made anew when the person wants to hear it differently.
pub(crate) struct Chain {
    from: u32,
    to: u32,
    speed: f64,
    channels: usize,
    stretch: Option<Stretch>,
    resampler: Resampler,
    stretched: Vec<f32>,
    /// Never empty once sound has come in; what was heard long ago is dropped.
    anchors: VecDeque<Anchor>,
    taken: u64,
}

impl Chain {
    /// For sound of `from` frames a second on its way to a device of `to`. `None` when the rates are no rates.
    pub(crate) fn new(from: u32, to: u32, channels: u8, hearing: &Hearing) -> Option<Self> {
        let speed = f64::from(hearing.speed);
        // At its own speed a recording is left exactly as it is.
        let stretch = ((speed - 1.0).abs() > 1e-3).then(|| Stretch::new(from, channels, speed));
        Some(Self {
            from,
            to,
            speed: if stretch.is_some() { speed } else { 1.0 },
            channels: usize::from(channels.max(1)),
            stretch,
            resampler: Resampler::new(from, to, channels)?,
            stretched: Vec::new(),
            anchors: VecDeque::new(),
            taken: 0,
        })
    }

    /// Takes interleaved samples, the first of which is the recording's `first`th, and adds what is ready to `out`.
    pub(crate) fn push(&mut self, first: u64, pcm: &[f32], out: &mut Vec<Pair>) {
        if self.anchors.back().is_none_or(|last| last.recorded + (self.taken - last.taken) != first) {
            self.anchors.push_back(Anchor { taken: self.taken, recorded: first });
        }
        self.taken += (pcm.len() / self.channels) as u64;
        let Some(stretch) = &mut self.stretch else { return self.resampler.push(pcm, out) };
        self.stretched.clear();
        stretch.push(pcm, &mut self.stretched);
        self.resampler.push(&self.stretched, out);
    }

    /// Adds what is still inside to `out`.
    pub(crate) fn finish(&mut self, out: &mut Vec<Pair>) {
        if let Some(stretch) = &mut self.stretch {
            self.stretched.clear();
            stretch.finish(&mut self.stretched);
            self.resampler.push(&self.stretched, out);
        }
        self.resampler.finish(out);
    }

    /// Second of the recording that the `heard`th frame at the device belongs to. `None` before sound has come in.
    pub(crate) fn position(&self, heard: u64) -> Option<f64> {
        let taken = self.taken_at(heard);
        let at = self.anchors.partition_point(|anchor| anchor.taken as f64 <= taken).max(1) - 1;
        let anchor = self.anchors.get(at)?;
        let recorded = anchor.recorded as f64 + (taken - anchor.taken as f64).max(0.0);
        Some(recorded / f64::from(self.from))
    }

    /// Forgets where frames before the `heard`th were: nobody asks any more.
    pub(crate) fn forget_before(&mut self, heard: u64) {
        let taken = self.taken_at(heard);
        while self.anchors.get(1).is_some_and(|next| next.taken as f64 <= taken) {
            self.anchors.pop_front();
        }
    }

    fn taken_at(&self, heard: u64) -> f64 {
        heard as f64 / f64::from(self.to) * f64::from(self.from) * self.speed
    }
}
