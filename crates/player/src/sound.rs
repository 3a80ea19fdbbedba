//! What can be heard of a recording without knowing a word of it: silence, hold, level, clipping; of two channels, who
//! speaks how long and over whom.
//!
//! [`Blocks`] takes samples as they are decoded and keeps two bytes or four of each fiftieth of a second, for six hours at
//! most; [`Blocks::report`] judges them all together, because how loud silence is depends on how loud this call's speech
//! is. Nothing here reads or writes anything. Left out on purpose: what is skipped while listening ([`crate::silence`]
//! does not know the future), what is said, and who is the agent.

mod channel;
mod hold;
mod judge;
mod runs;
#[cfg(test)]
mod tests;

use crate::wire::SoundReport;
use channel::{Channel, PER_SECOND, clipped, loudness_of};

/// Of the figures' meaning: it grows when the same sound would be judged differently, and figures of another one are not
/// compared with these.
pub const SOUND_VERSION: u32 = 1;

/// Blocks kept: six hours in 4 MB. What comes later is not measured, and the report says so.
const KEPT: usize = PER_SECOND as usize * 3600 * 6;

/// A recording's sound, block by block.
pub(crate) struct Blocks {
    rate: u64,
    channels: usize,
    sides: [Channel; 2],
    /// Samples of the block under way, one channel after the other.
    part: [Vec<f32>; 2],
    /// Frames in all, and the first one of the next block.
    at: u64,
    edge: u64,
    /// Energy of both channels, and of what differs between them.
    energy: f64,
    difference: f64,
}

impl Blocks {
    /// For sound of `rate` frames a second.
    pub(crate) fn new(rate: u32, channels: u8) -> Self {
        let rate = u64::from(rate.max(1));
        Self {
            rate,
            channels: usize::from(channels.clamp(1, 2)),
            sides: Default::default(),
            part: [Vec::new(), Vec::new()],
            at: 0,
            edge: rate.div_ceil(u64::from(PER_SECOND)),
            energy: 0.0,
            difference: 0.0,
        }
    }

    /// Takes samples that follow the ones before, interleaved.
    pub(crate) fn push(&mut self, pcm: &[f32]) {
        let mut rest = pcm;
        while !rest.is_empty() && self.sides[0].loud.len() < KEPT {
            let room = ((self.edge - self.at) as usize).saturating_mul(self.channels).min(rest.len());
            let (now, later) = rest.split_at(room);
            if self.channels == 1 {
                self.part[0].extend_from_slice(now);
            } else {
                for pair in now.chunks_exact(2) {
                    self.part[0].push(pair[0]);
                    self.part[1].push(pair[1]);
                }
            }
            self.at += (now.len() / self.channels) as u64;
            rest = later;
            if self.at >= self.edge {
                self.close();
            }
        }
    }

    fn close(&mut self) {
        if self.channels == 2 {
            let (left, right) = (&self.part[0], &self.part[1]);
            let pairs = || left.iter().zip(right);
            self.energy += f64::from(pairs().map(|(l, r)| l * l + r * r).sum::<f32>());
            self.difference += f64::from(pairs().map(|(l, r)| (l - r) * (l - r)).sum::<f32>());
        }
        for (side, part) in self.sides.iter_mut().zip(&mut self.part).take(self.channels) {
            side.loud.push(loudness_of(part));
            side.clipped.push(clipped(part));
            part.clear();
        }
        let closed = self.sides[0].loud.len() as u64;
        self.edge = ((closed + 1) * self.rate).div_ceil(u64::from(PER_SECOND));
    }

    /// What all of it comes to. `whole`: nothing is missing at its end. `None` for less than a block of sound.
    pub(crate) fn report(&self, whole: bool) -> Option<SoundReport> {
        let [left, right] = &self.sides;
        if left.loud.is_empty() {
            return None;
        }
        let all_kept = left.loud.len() < KEPT;
        // The same on both sides is one channel: what differs is a hundredth of the energy at most.
        let two = self.channels == 2 && self.difference > self.energy * 0.01;
        let sides: &[&Channel] = if two { &[left, right] } else { &[left] };
        Some(judge::report(sides, whole && all_kept))
    }
}
