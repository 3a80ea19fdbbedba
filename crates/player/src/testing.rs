//! What this crate's tests share.

use std::sync::{Condvar, Mutex};
use std::time::Duration;

use oxideav_gsm::{EncoderState, UnpackedFrame};

use crate::gsm;
use crate::source::ByteSource;

/// A committed recording.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Tone, three seconds of nothing, tone: as an encoder of GSM writes silence.
pub(crate) fn with_a_hole() -> Vec<u8> {
    let mut silent = vec![0xD8, 0x20, 0xA2, 0xE1, 0x5A];
    for _ in 0..4 {
        silent.extend([0x50, 0x00, 0x49, 0x24, 0x92, 0x49, 0x24]);
    }
    let tone = fixture("tone.gsm");
    [&tone[..33 * 50], &silent.repeat(150), &tone[33 * 50..33 * 100]].concat()
}

/// A steady tone of half the range, in raw frames: what a GSM decoder that begins in the middle of it never finds.
pub(crate) fn steady_tone(secs: usize) -> Vec<UnpackedFrame> {
    let mut encoder = EncoderState::new();
    (0..secs * 50)
        .map(|frame| {
            let pcm: [i16; gsm::FRAME_SAMPLES] = std::array::from_fn(|at| {
                let secs = (frame * gsm::FRAME_SAMPLES + at) as f64 / f64::from(gsm::RATE);
                (16_000.0 * (std::f64::consts::TAU * 1000.0 * secs).sin()) as i16
            });
            encoder.encode_frame(&pcm)
        })
        .collect()
}

/// Bytes that arrive when the test says so.
pub(crate) struct Arriving {
    bytes: Vec<u8>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Stretches that are here, from..to.
    here: Vec<(u64, u64)>,
    wanted: Vec<u64>,
    broken: bool,
    cut_off: bool,
    total_known: bool,
}

impl Arriving {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        let state = State { total_known: true, ..State::default() };
        Self { bytes, state: Mutex::new(state), changed: Condvar::new() }
    }

    pub(crate) fn whole(bytes: Vec<u8>) -> Self {
        let len = bytes.len() as u64;
        let source = Self::new(bytes);
        source.arrive(0, len);
        source
    }

    pub(crate) fn arrive(&self, from: u64, to: u64) {
        self.state.lock().unwrap().here.push((from, to.min(self.bytes.len() as u64)));
        self.changed.notify_all();
    }

    pub(crate) fn give_up(&self) {
        self.state.lock().unwrap().broken = true;
        self.changed.notify_all();
    }

    /// The server never said how long it is.
    pub(crate) fn forget_total(&self) {
        self.state.lock().unwrap().total_known = false;
    }

    /// What is here is all that can be had.
    pub(crate) fn cut_off(&self) {
        self.state.lock().unwrap().cut_off = true;
        self.changed.notify_all();
    }

    pub(crate) fn wanted(&self) -> Vec<u64> {
        self.state.lock().unwrap().wanted.clone()
    }
}

impl ByteSource for Arriving {
    fn len(&self) -> Option<u64> {
        self.state.lock().unwrap().total_known.then_some(self.bytes.len() as u64)
    }

    fn available_from(&self, offset: u64) -> u64 {
        let state = self.state.lock().unwrap();
        let mut end = offset;
        while let Some((_, to)) = state.here.iter().find(|(from, to)| *from <= end && *to > end) {
            end = *to;
        }
        end - offset
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<usize> {
        let ready = self.available_from(offset).min(buf.len() as u64) as usize;
        if ready == 0 && self.state.lock().unwrap().broken && offset < self.bytes.len() as u64 {
            return Err(std::io::Error::other("the network gave up"));
        }
        let from = offset as usize;
        if ready > 0 {
            buf[..ready].copy_from_slice(&self.bytes[from..from + ready]);
        }
        Ok(ready)
    }

    fn want(&self, offset: u64) {
        self.state.lock().unwrap().wanted.push(offset);
    }

    fn wait_changed(&self, timeout: Duration) -> bool {
        let state = self.state.lock().unwrap();
        !self.changed.wait_timeout(state, timeout).unwrap().1.timed_out()
    }

    fn is_complete(&self) -> bool {
        self.state.lock().unwrap().cut_off || self.available_from(0) == self.bytes.len() as u64
    }
}

/// Power of one frequency in a stretch of samples, as the amplitude of the sine that would have it.
pub(crate) fn amplitude_at(samples: &[f32], rate: f64, hertz: f64) -> f64 {
    let (mut re, mut im, mut weight) = (0.0, 0.0, 0.0);
    for (at, sample) in samples.iter().enumerate() {
        let phase = std::f64::consts::TAU * at as f64 / samples.len() as f64;
        // Blackman-Harris: side lobes below -92 dB, so that a strong tone does not hide a weak image.
        let window =
            0.35875 - 0.48829 * phase.cos() + 0.14128 * (2.0 * phase).cos() - 0.01168 * (3.0 * phase).cos();
        let turn = std::f64::consts::TAU * hertz * at as f64 / rate;
        re += window * f64::from(*sample) * turn.cos();
        im += window * f64::from(*sample) * turn.sin();
        weight += window;
    }
    2.0 * re.hypot(im) / weight
}

/// The pitch of a voice, hertz, from a quarter of a second in the middle: the lag between 60 and 400 Hz at which it is
/// most like itself, to a part of a sample.
pub(crate) fn fundamental(samples: &[f32], rate: u32) -> f64 {
    let rate = f64::from(rate);
    let len = (rate / 4.0) as usize;
    let (low, high) = ((rate / 400.0) as usize, (rate / 60.0) as usize);
    let from = (samples.len() - len - high) / 2;
    let alike = |lag: usize| {
        let (here, there) = (&samples[from..from + len], &samples[from + lag..from + lag + len]);
        let both: f64 = here.iter().zip(there).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
        let energy: f64 = there.iter().map(|b| f64::from(*b).powi(2)).sum();
        both / energy.sqrt().max(1e-9)
    };
    let fits: Vec<f64> = (low - 1..=high + 1).map(alike).collect();
    // The first peak nearly as high as the highest: twice the period fits just as well.
    let highest = fits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let at = (1..fits.len() - 1)
        .find(|at| fits[*at] > 0.95 * highest && fits[*at] >= fits[at - 1] && fits[*at] >= fits[at + 1])
        .unwrap();
    let (before, here, after) = (fits[at - 1], fits[at], fits[at + 1]);
    let part = 0.5 * (before - after) / (before - 2.0 * here + after);
    rate / ((low - 1 + at) as f64 + part)
}
