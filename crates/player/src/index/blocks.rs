//! Pieces of a known size, back to back: arithmetic.

use super::{Answer, Place, Trust};
use crate::container::Sampled;
use crate::gsm;
use crate::window::Input;

/// WAV49's blocks of two frames, or samples one by one in pieces of 20 ms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Blocks {
    start: u64,
    bytes: u32,
    samples: u32,
    /// Bytes and samples of the least there can be of a piece: of blocks all of it, else a sample of every channel.
    unit: (u32, u32),
    rate: u32,
    channels: u8,
}

impl Blocks {
    /// WAV49 from byte `start` on.
    pub(super) fn wav49(start: u64) -> Self {
        let whole = (gsm::BLOCK_BYTES as u32, gsm::BLOCK_SAMPLES as u32);
        Self { start, bytes: whole.0, samples: whole.1, unit: whole, rate: gsm::RATE, channels: 1 }
    }

    /// Samples from byte `start` on.
    pub(super) fn sampled(start: u64, sampled: Sampled) -> Self {
        let (samples, unit) = ((sampled.rate / 50).max(1), sampled.bytes() as u32);
        let (rate, channels) = (sampled.rate, sampled.channels);
        Self { start, bytes: samples * unit, samples, unit: (unit, 1), rate, channels }
    }

    pub(super) fn shape(&self) -> (u32, u8) {
        (self.rate, self.channels)
    }

    pub(super) fn samples(&self) -> u64 {
        u64::from(self.samples)
    }

    pub(super) fn find(&self, number: u64, input: &(impl Input + ?Sized)) -> Answer<Place> {
        let offset = self.offset_of(number);
        let left = input.total().map_or(u64::MAX, |total| total.saturating_sub(offset));
        // The last piece may be a shorter one.
        let unit = u64::from(self.unit.0);
        let bytes = u64::from(self.bytes).min(left / unit * unit) as u32;
        if bytes == 0 {
            Answer::End
        } else {
            Answer::Is(Place { offset, bytes, header: None, trust: Trust::Whole })
        }
    }

    /// Samples of sound in a recording of so many bytes.
    pub(super) fn duration(&self, total: u64) -> u64 {
        total.saturating_sub(self.start) / u64::from(self.unit.0) * u64::from(self.unit.1)
    }

    pub(super) fn truncated(&self, total: Option<u64>) -> bool {
        let sound = total.map_or(0, |total| total.saturating_sub(self.start));
        // A RIFF may end with a padding byte.
        sound % u64::from(self.unit.0) > 1
    }

    pub(super) fn frame_at(&self, offset: u64) -> u64 {
        offset.saturating_sub(self.start).div_ceil(u64::from(self.bytes))
    }

    /// Pieces before byte `end`.
    pub(super) fn frames_before(&self, end: u64) -> f64 {
        end.saturating_sub(self.start) as f64 / f64::from(self.bytes)
    }

    pub(super) fn edge(&self) -> u64 {
        self.start
    }

    pub(super) fn offset_of(&self, number: u64) -> u64 {
        self.start.saturating_add(number.saturating_mul(u64::from(self.bytes)))
    }
}
