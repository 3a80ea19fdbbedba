//! The device's side: takes frames out of the ring, one by one, on the sound system's own thread.
//!
//! Nothing here locks, allocates, waits or reads files. What the rest of the crate wants to know is left in atomics.

use std::num::{NonZeroU16, NonZeroU32};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rodio::Source;
use rtrb::Consumer;

use crate::resample::Pair;

/// A frame on its way, with the stretch it belongs to: a seek starts a new stretch and the old one is dropped unheard.
#[derive(Clone, Copy)]
pub(crate) struct Sound {
    pub pair: Pair,
    pub epoch: u32,
}

/// What both sides see.
pub(crate) struct Shared {
    /// Open: sound leaves the ring. Closed: silence.
    gate: AtomicBool,
    /// The stretch that may be heard.
    epoch: AtomicU32,
    /// Upper 24 bits: the stretch; lower 40: its frames that have left.
    played: AtomicU64,
    /// The stretch begins in the middle of something: it is faded in.
    soft: AtomicBool,
    /// No more frames will come in this stretch: an empty ring is the end, not an underrun.
    last: AtomicBool,
    /// The ring ran empty with the gate open.
    dry: AtomicBool,
    underruns: AtomicU32,
    /// Linear gain, as bits.
    gain: AtomicU32,
    /// Linear gains of the left and the right channel, as bits.
    sides: [AtomicU32; 2],
    /// Nanoseconds from `origin` of the first frame that was not silent; 0 for none.
    first_sound: AtomicU64,
    /// Frames the device asked for, silence included: shows that it is alive.
    pulled: AtomicU64,
    origin: Instant,
}

const COUNT_BITS: u32 = 40;
const COUNT_MASK: u64 = (1 << COUNT_BITS) - 1;
const EPOCH_MASK: u32 = 0x00FF_FFFF;

impl Shared {
    pub(crate) fn new() -> Self {
        Self {
            gate: AtomicBool::new(false),
            epoch: AtomicU32::new(0),
            played: AtomicU64::new(0),
            soft: AtomicBool::new(false),
            last: AtomicBool::new(false),
            dry: AtomicBool::new(false),
            underruns: AtomicU32::new(0),
            gain: AtomicU32::new(1.0_f32.to_bits()),
            sides: [const { AtomicU32::new(1.0_f32.to_bits()) }; 2],
            first_sound: AtomicU64::new(0),
            pulled: AtomicU64::new(0),
            origin: Instant::now(),
        }
    }

    pub(crate) fn set_gate(&self, open: bool) {
        self.gate.store(open, Ordering::Release);
    }

    pub(crate) fn set_last(&self, last: bool) {
        self.last.store(last, Ordering::Release);
    }

    pub(crate) fn set_gain(&self, gain: f32) {
        self.gain.store(gain.to_bits(), Ordering::Release);
    }

    /// -1 is left alone, 0 both, 1 right alone.
    pub(crate) fn set_balance(&self, balance: f32) {
        for (side, gain) in self.sides.iter().zip([1.0 - balance, 1.0 + balance]) {
            side.store(gain.clamp(0.0, 1.0).to_bits(), Ordering::Release);
        }
    }

    /// Starts a new stretch, faded in when `soft`; what is in the ring will not be heard. Returns its number.
    pub(crate) fn next_epoch(&self, soft: bool) -> u32 {
        let epoch = self.epoch.load(Ordering::Acquire).wrapping_add(1) & EPOCH_MASK;
        self.last.store(false, Ordering::Release);
        self.soft.store(soft, Ordering::Release);
        self.epoch.store(epoch, Ordering::Release);
        epoch
    }

    /// Frames of the present stretch that have left the ring.
    pub(crate) fn played(&self) -> u64 {
        let packed = self.played.load(Ordering::Acquire);
        if (packed >> COUNT_BITS) as u32 == self.epoch.load(Ordering::Acquire) {
            packed & COUNT_MASK
        } else {
            0
        }
    }

    /// True once after the ring ran empty with the gate open.
    pub(crate) fn take_dry(&self) -> bool {
        self.dry.swap(false, Ordering::AcqRel)
    }

    pub(crate) fn underruns(&self) -> u32 {
        self.underruns.load(Ordering::Acquire)
    }

    pub(crate) fn pulled(&self) -> u64 {
        self.pulled.load(Ordering::Acquire)
    }

    /// When the first frame that was not silent left.
    pub(crate) fn first_sound(&self) -> Option<Instant> {
        match self.first_sound.load(Ordering::Acquire) {
            0 => None,
            nanos => Some(self.origin + Duration::from_nanos(nanos)),
        }
    }

    /// Forgets what belongs to the recording before.
    pub(crate) fn forget(&self) {
        self.first_sound.store(0, Ordering::Release);
        self.underruns.store(0, Ordering::Release);
        self.dry.store(false, Ordering::Release);
    }
}

/// Quieter than this is silence (-80 dB).
const SILENCE: f32 = 1e-4;
/// A pause, a seek and a change of volume take this long, so that they do not click.
const FADE: f32 = 0.005;

/// The ring's end as a source for rodio's mixer.
pub(crate) struct Feed {
    ring: Consumer<Sound>,
    shared: Arc<Shared>,
    rate: NonZeroU32,
    channels: NonZeroU16,
    /// The channel of the frame under way that comes next.
    channel: u16,
    frame: Pair,
    /// The last frame of a stretch that was cut off, and how much of it is still to be heard.
    tail: Pair,
    ebb: f32,
    gain: f32,
    sides: Pair,
    slope: f32,
    epoch: u32,
    played: u64,
    starved: bool,
}

impl Feed {
    pub(crate) fn new(
        ring: Consumer<Sound>,
        shared: Arc<Shared>,
        rate: NonZeroU32,
        channels: NonZeroU16,
    ) -> Self {
        let slope = 1.0 / (rate.get() as f32 * FADE);
        let epoch = u32::MAX;
        Self {
            ring,
            shared,
            rate,
            channels,
            channel: 0,
            frame: [0.0; 2],
            tail: [0.0; 2],
            ebb: 0.0,
            gain: 0.0,
            sides: [1.0; 2],
            slope,
            epoch,
            played: 0,
            starved: false,
        }
    }

    /// The next frame, over what ebbs away of a stretch that was cut off: a seek does not click either.
    fn advance(&mut self) -> Pair {
        let epoch = self.shared.epoch.load(Ordering::Acquire);
        if epoch != self.epoch {
            self.epoch = epoch;
            self.played = 0;
            self.gain = 0.0;
            (self.tail, self.ebb) = (self.frame, 1.0);
        }
        let frame = self.take_frame();
        if self.ebb <= 0.0 {
            return frame;
        }
        self.ebb -= self.slope;
        let ebb = self.ebb.max(0.0);
        [frame[0] + self.tail[0] * ebb, frame[1] + self.tail[1] * ebb]
    }

    fn take_frame(&mut self) -> Pair {
        let (shared, epoch) = (&*self.shared, self.epoch);
        shared.pulled.fetch_add(1, Ordering::Relaxed);
        // What an earlier stretch left behind goes at once, sound or not: a later one needs the room.
        while self.ring.peek().is_ok_and(|sound| sound.epoch != epoch && !ahead(sound.epoch, epoch)) {
            let _ = self.ring.pop();
        }
        let open = shared.gate.load(Ordering::Acquire);
        let target = if open { f32::from_bits(shared.gain.load(Ordering::Acquire)) } else { 0.0 };
        if !open && self.gain <= 0.0 {
            return [0.0; 2];
        }
        // What a later stretch has brought already waits for its turn.
        let found = if self.ring.peek().is_ok_and(|sound| sound.epoch == epoch) {
            self.ring.pop().ok()
        } else {
            None
        };
        let Some(Sound { pair, .. }) = found else {
            self.gain = 0.0;
            if open && !shared.last.load(Ordering::Acquire) && self.played > 0 && !self.starved {
                self.starved = true;
                shared.underruns.fetch_add(1, Ordering::AcqRel);
                shared.dry.store(true, Ordering::Release);
            }
            return [0.0; 2];
        };
        self.starved = false;
        // A recording starts at its full level: only what interrupts or resumes sound is smoothed.
        let natural_start = self.played == 0 && !shared.soft.load(Ordering::Acquire);
        self.played += 1;
        shared.played.store((u64::from(epoch) << COUNT_BITS) | (self.played & COUNT_MASK), Ordering::Release);
        self.gain = if natural_start || (self.gain - target).abs() <= self.slope {
            target
        } else if self.gain < target {
            self.gain + self.slope
        } else {
            self.gain - self.slope
        };
        for (side, wanted) in self.sides.iter_mut().zip(&shared.sides) {
            let wanted = f32::from_bits(wanted.load(Ordering::Acquire));
            *side += (wanted - *side).clamp(-self.slope, self.slope);
        }
        let out = [pair[0] * self.gain * self.sides[0], pair[1] * self.gain * self.sides[1]];
        if out[0].abs().max(out[1].abs()) > SILENCE && shared.first_sound.load(Ordering::Relaxed) == 0 {
            shared.first_sound.store(shared.origin.elapsed().as_nanos().max(1) as u64, Ordering::Release);
        }
        out
    }
}

/// True when stretch `a` comes after `b`, in numbers that wrap.
fn ahead(a: u32, b: u32) -> bool {
    let gap = a.wrapping_sub(b) & EPOCH_MASK;
    gap != 0 && gap < EPOCH_MASK / 2
}

impl Iterator for Feed {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        if self.channel == 0 {
            self.frame = self.advance();
        }
        let sample = match (self.channels.get(), self.channel) {
            (1, _) => f32::midpoint(self.frame[0], self.frame[1]),
            (_, 0) => self.frame[0],
            (_, 1) => self.frame[1],
            _ => 0.0,
        };
        self.channel = (self.channel + 1) % self.channels.get();
        Some(sample)
    }
}

impl Source for Feed {
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
        None
    }
}
