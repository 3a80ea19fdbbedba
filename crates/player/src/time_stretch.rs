//! Faster and slower speech at the same pitch: pieces of the sound are laid closer together or further apart, each one
//! moved a little to where it continues the piece before it best (WSOLA).
//!
//! Works at the recording's own rate, before resampling: a call of 8 kHz costs six times less than at the device's rate.
//! Frame `n` that comes out belongs to frame `n * speed` that went in, give or take [`SEARCH_SECS`]; as many come out as
//! are due, and the first piece is the recording's own. Left out on purpose: where in the recording a frame is
//! ([`crate::chain`]).

/// From the start of a piece to that of the next, seconds; half of each piece overlaps with the one before.
const HOP_SECS: f64 = 0.016;
/// How far a piece may be moved, seconds, either way: the range holds a period of the lowest voice.
const SEARCH_SECS: f64 = 0.012;
/// Pieces are compared at about this rate first: what matters for their fit is below half of it.
const COARSE_RATE: u32 = 8000;
/// Energy below which there is nothing to fit (-80 dB for a piece).
const NOTHING: f32 = 1e-8;

/// Sound on its way through the time stretching, interleaved. One is made for each stretch of playing at one speed.
pub(crate) struct TimeStretch {
    speed: f64,
    channels: usize,
    hop: usize,
    search: usize,
    coarse: usize,
    /// The rising half of a Hann window.
    rise: Vec<f32>,
    held: Vec<f32>,
    /// The same, all channels in one: pieces of all channels move together.
    mono: Vec<f32>,
    /// Frame that comes first in `held`.
    origin: usize,
    /// Frame that continues the last piece.
    onward: usize,
    pieces: usize,
    taken: u64,
    given: u64,
}

impl TimeStretch {
    /// For sound of `rate` frames a second; `speed` above 1 is faster.
    pub(crate) fn new(rate: u32, channels: u8, speed: f64) -> Self {
        let frames = |secs: f64| ((f64::from(rate) * secs).round() as usize).max(2);
        let hop = frames(HOP_SECS);
        let rise = (0..hop)
            .map(|at| (0.5 - 0.5 * (std::f64::consts::PI * (at as f64 + 0.5) / hop as f64).cos()) as f32)
            .collect();
        Self {
            speed,
            channels: usize::from(channels.max(1)),
            hop,
            search: frames(SEARCH_SECS),
            coarse: (rate / COARSE_RATE).max(1) as usize,
            rise,
            held: Vec::new(),
            mono: Vec::new(),
            origin: 0,
            onward: 0,
            pieces: 0,
            taken: 0,
            given: 0,
        }
    }

    /// Takes interleaved samples and adds what is ready to `out`, interleaved too.
    pub(crate) fn push(&mut self, pcm: &[f32], out: &mut Vec<f32>) {
        self.taken += (pcm.len() / self.channels) as u64;
        self.hold(pcm);
        while self.lay(out) {}
        self.forget();
    }

    /// Adds what is still inside to `out`: as many frames in all as those taken are worth at this speed.
    pub(crate) fn finish(&mut self, out: &mut Vec<f32>) {
        let due = (self.taken as f64 / self.speed).ceil() as u64;
        let silence = vec![0.0; (self.hop + self.search) * self.channels];
        while self.given < due {
            if !self.lay(out) {
                self.hold(&silence);
            }
        }
        let surplus = (self.given - due) as usize * self.channels;
        out.truncate(out.len().saturating_sub(surplus));
        self.given = due;
    }

    fn hold(&mut self, pcm: &[f32]) {
        self.held.extend_from_slice(pcm);
        self.mono.extend(pcm.chunks_exact(self.channels).map(|frame| frame.iter().sum::<f32>()));
    }

    /// Where the next piece would come from if it needed no moving.
    fn ideal(&self) -> usize {
        ((self.pieces * self.hop) as f64 * self.speed).round() as usize
    }

    /// Lays one piece; false when more has to come in first.
    fn lay(&mut self, out: &mut Vec<f32>) -> bool {
        let ideal = self.ideal();
        let end = self.origin + self.mono.len();
        if end < (ideal + self.search).max(self.onward) + self.hop {
            return false;
        }
        let source = if self.pieces == 0 { 0 } else { self.best(ideal) };
        let (before, after) =
            ((self.onward - self.origin) * self.channels, (source - self.origin) * self.channels);
        for (frame, rise) in self.rise.iter().enumerate() {
            for at in frame * self.channels..(frame + 1) * self.channels {
                let (old, new) = (self.held[before + at], self.held[after + at]);
                out.push(old + (new - old) * rise);
            }
        }
        self.onward = source + self.hop;
        self.pieces += 1;
        self.given += self.hop as u64;
        true
    }

    /// The place around `ideal` that continues the last piece best.
    fn best(&self, ideal: usize) -> usize {
        let onward = &self.mono[self.onward - self.origin..][..self.hop];
        if onward.iter().map(|sample| sample * sample).sum::<f32>() < NOTHING * self.hop as f32 {
            return ideal;
        }
        let (low, high) = (ideal.saturating_sub(self.search).max(self.origin), ideal + self.search);
        let pick = |places: &mut dyn Iterator<Item = usize>, step: usize| {
            let mut found = (f32::NEG_INFINITY, ideal);
            for place in places {
                let fit = self.fit(onward, place, step);
                if fit > found.0 {
                    found = (fit, place);
                }
            }
            found.1
        };
        let near = pick(&mut (low..=high).step_by(self.coarse), self.coarse);
        if self.coarse == 1 {
            return near;
        }
        let reach = self.coarse - 1;
        pick(&mut (near.saturating_sub(reach).max(low)..=(near + reach).min(high)), 1)
    }

    /// How alike what comes at `place` and `onward` are, whatever their level; every `step`-th sample counts.
    fn fit(&self, onward: &[f32], place: usize, step: usize) -> f32 {
        let there = &self.mono[place - self.origin..][..self.hop];
        let (mut both, mut energy) = (0.0_f32, NOTHING);
        for (old, new) in onward.iter().step_by(step).zip(there.iter().step_by(step)) {
            both += old * new;
            energy += new * new;
        }
        both / energy.sqrt()
    }

    /// Drops what no piece can need any more.
    fn forget(&mut self) {
        let needed = self.onward.min(self.ideal().saturating_sub(self.search));
        let gone = needed.saturating_sub(self.origin).min(self.mono.len());
        self.held.drain(..gone * self.channels);
        self.mono.drain(..gone);
        self.origin += gone;
    }
}

#[cfg(test)]
mod tests;
