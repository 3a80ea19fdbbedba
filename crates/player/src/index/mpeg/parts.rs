//! An MP3's parts: stretches of frames of one rate, in which nothing is missing. Files that were put together change it
//! midway; whatever they do, places are counted in samples of the first part's rate.

use crate::mp3::Header;

/// A stretch of frames.
#[derive(Debug, Clone, Copy)]
struct Part {
    /// Its first frame, and that frame's first sample in the recording.
    frame: u64,
    sample: u64,
    /// What its frames have in common.
    header: Header,
}

/// All of them, in order. Empty before the first frame is known.
#[derive(Debug, Default)]
pub(super) struct Parts(Vec<Part>);

impl Parts {
    /// A part begins with this frame.
    pub(super) fn begin(&mut self, frame: u64, header: Header) {
        let sample = self.first_sample(frame);
        self.0.push(Part { frame, sample, header });
    }

    /// The first part's.
    pub(super) fn first(&self) -> Option<&Header> {
        Some(&self.0.first()?.header)
    }

    /// That of the part which goes on.
    pub(super) fn last(&self) -> Option<&Header> {
        Some(&self.0.last()?.header)
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Number of the part that a frame belongs to.
    pub(super) fn of(&self, frame: u64) -> usize {
        self.0.partition_point(|part| part.frame <= frame).max(1) - 1
    }

    /// The first frame of a part, and its first sample in the recording.
    pub(super) fn beginning(&self, part: usize) -> (u64, u64) {
        self.0.get(part).map_or((0, 0), |part| (part.frame, part.sample))
    }

    /// The recording's rate, and a frame's samples at it: a fraction.
    fn per_frame(&self, part: &Part) -> (u64, u64) {
        let rate = self.0.first().map_or(part.header.rate, |first| first.header.rate);
        (u64::from(part.header.samples) * u64::from(rate), u64::from(part.header.rate))
    }

    /// The first sample of a frame.
    pub(super) fn first_sample(&self, frame: u64) -> u64 {
        let Some(part) = self.0.get(self.of(frame)) else { return 0 };
        let (samples, of) = self.per_frame(part);
        part.sample + frame.saturating_sub(part.frame).saturating_mul(samples) / of
    }

    /// The frame that a sample belongs to.
    pub(super) fn frame_of(&self, sample: u64) -> u64 {
        let at = self.0.partition_point(|part| part.sample <= sample).max(1) - 1;
        let Some(part) = self.0.get(at) else { return 0 };
        let (samples, of) = self.per_frame(part);
        let since = u128::from(sample - part.sample);
        // Samples of frames are rounded down: the last one that begins at or before it.
        let frames = ((since + 1) * u128::from(of) - 1) / u128::from(samples.max(1));
        part.frame + frames as u64
    }
}
