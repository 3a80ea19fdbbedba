//! The waveform: the loudest sample of each bar, as it becomes known.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::reader::{Reader, Step};
use crate::sniff::Format;
use crate::source::ByteSource;
use crate::wire::Peaks;

/// Bars a second the player makes.
pub const BARS_PER_SECOND: u32 = 20;

/// Loudest samples, bar by bar.
struct Meter {
    rate: u64,
    per_second: u64,
    bars: Vec<u8>,
    loudest: f32,
    /// The sample that comes next, and the first one of the next bar.
    at: u64,
    edge: u64,
}

impl Meter {
    fn new(rate: u32, per_second: u32) -> Self {
        let (rate, per_second) = (u64::from(rate.max(1)), u64::from(per_second.max(1)));
        Self { rate, per_second, bars: Vec::new(), loudest: 0.0, at: 0, edge: rate.div_ceil(per_second) }
    }

    fn push(&mut self, first: u64, pcm: &[f32], channels: usize) {
        self.at = first;
        let mut rest = pcm;
        while !rest.is_empty() {
            let room = (self.edge.saturating_sub(self.at) as usize).saturating_mul(channels).min(rest.len());
            let (now, later) = rest.split_at(room);
            self.loudest = now.iter().fold(self.loudest, |loudest, sample| loudest.max(sample.abs()));
            self.at += (now.len() / channels) as u64;
            rest = later;
            if self.at >= self.edge {
                self.close();
            }
        }
    }

    fn close(&mut self) {
        self.bars.push((self.loudest * 255.0).round().clamp(0.0, 255.0) as u8);
        self.loudest = 0.0;
        self.edge = ((self.bars.len() as u64 + 1) * self.rate).div_ceil(self.per_second);
    }

    /// The last bar may be shorter than the others.
    fn finish(&mut self) {
        if self.at > (self.bars.len() as u64 * self.rate).div_ceil(self.per_second) {
            self.close();
        }
    }
}

/// The waveform of a whole recording, `bars_per_second` bars for each second: 0 to 255, the loudest sample of each.
///
/// # Errors
/// [`Error::NotAudio`], [`Error::Empty`], [`Error::TooShort`].
pub fn waveform(bytes: &[u8], bars_per_second: u32) -> Result<Vec<u8>, Error> {
    let mut reader = Reader::new(Format::Sniff);
    let mut meter: Option<Meter> = None;
    loop {
        match reader.step(&bytes)? {
            Step::Pcm(first) => {
                let Some((rate, channels)) = reader.shape() else { continue };
                let bars = meter.get_or_insert_with(|| Meter::new(rate, bars_per_second));
                bars.push(first, reader.pcm(), usize::from(channels));
            }
            Step::Worked => {}
            Step::Wait(_) | Step::End => break,
        }
    }
    let Some(mut meter) = meter else { return Err(Error::TooShort { bytes: bytes.len() as u64 }) };
    meter.finish();
    Ok(meter.bars)
}

/// At most this often a stretch is sent.
const BETWEEN_STRETCHES: Duration = Duration::from_millis(100);
/// How long a wait for bytes may last before the flags are looked at again.
const PATIENCE: Duration = Duration::from_millis(100);
/// Frames decoded before the flags are looked at again.
const FRAMES_AT_ONCE: usize = 64;

/// Makes the waveform of a recording that is arriving, until it ends or `stop`. `turn` is called before each stretch of
/// work and may hold it up: sound goes first.
pub(crate) fn follow(
    source: &dyn ByteSource,
    hint: Format,
    stop: &AtomicBool,
    turn: impl Fn(),
    mut send: impl FnMut(Peaks),
) {
    let mut reader = Reader::new(hint);
    let mut meter: Option<Meter> = None;
    let mut told = 0;
    let mut last = Instant::now();
    let mut send_new = |meter: &Meter| {
        if meter.bars.len() > told {
            send(Peaks { from: told as u32, per_second: BARS_PER_SECOND, bars: meter.bars[told..].to_vec() });
            told = meter.bars.len();
        }
    };
    while !stop.load(Ordering::Acquire) {
        turn();
        let mut wait = false;
        for _ in 0..FRAMES_AT_ONCE {
            match reader.step(source) {
                Ok(Step::Pcm(first)) => {
                    let Some((rate, channels)) = reader.shape() else { continue };
                    let bars = meter.get_or_insert_with(|| Meter::new(rate, BARS_PER_SECOND));
                    bars.push(first, reader.pcm(), usize::from(channels));
                }
                Ok(Step::Worked) => {}
                Ok(Step::Wait(_)) => {
                    wait = true;
                    break;
                }
                // What is wrong with the recording is the player's to say.
                Ok(Step::End) | Err(_) => {
                    if let Some(meter) = &mut meter {
                        meter.finish();
                        send_new(meter);
                    }
                    return;
                }
            }
        }
        if let Some(meter) = &meter
            && (wait || last.elapsed() >= BETWEEN_STRETCHES)
        {
            send_new(meter);
            last = Instant::now();
        }
        if wait {
            source.wait_changed(PATIENCE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Arriving, fixture};

    #[test]
    fn bars_are_as_high_as_the_sound_is_loud() {
        let bars = waveform(&fixture("tone8k.mp3"), 20).unwrap();
        // Six seconds of a tone of half the range, and what the encoder adds at both ends.
        assert!((120..=124).contains(&bars.len()), "{}", bars.len());
        assert!(bars[4..118].iter().all(|bar| (119..=130).contains(bar)), "{bars:?}");
        let stereo = waveform(&fixture("stereo44k.mp3"), 20).unwrap();
        assert!((40..=41).contains(&stereo.len()), "the encoder's padding is not counted: {}", stereo.len());
        assert!(matches!(waveform(b"<html>", 20), Err(Error::NotAudio { .. })));
        assert!(matches!(waveform(b"", 20), Err(Error::Empty)));
    }

    #[test]
    fn it_grows_as_bytes_arrive_and_is_the_same_in_the_end() {
        let bytes = fixture("speech8k.mp3");
        let len = bytes.len() as u64;
        let source = Arriving::new(bytes.clone());
        source.arrive(0, 5000);
        let mut bars = Vec::new();
        let mut stretches = 0_u64;
        follow(
            &source,
            Format::Mp3,
            &AtomicBool::new(false),
            || (),
            |peaks| {
                assert_eq!(peaks.from as usize, bars.len());
                bars.extend(peaks.bars);
                stretches += 1;
                source.arrive(stretches * 5000, (stretches + 1) * 5000);
            },
        );
        assert!(stretches >= len / 5000, "{stretches}");
        assert_eq!(bars, waveform(&bytes, BARS_PER_SECOND).unwrap());
    }
}
