//! The waveform: the loudest sample of each bar, as it becomes known, coarse for the whole and fine for a close look;
//! and the silences that would be skipped. What can be heard is measured in the same pass ([`crate::sound`]).

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::reader::{Pcm, Reader, Step};
use crate::silence::Silence;
use crate::sound::Blocks;
use crate::source::ByteSource;
use crate::wire::{Peaks, SoundReport, Span};

mod wave;

pub(crate) use wave::Wave;

/// Bars a second of the whole.
pub const BARS_PER_SECOND: u32 = 20;
/// Bars a second for a close look: 5 ms each.
const FINE_PER_SECOND: u32 = 200;
/// Fine bars in one of the whole.
const FINE_IN_BAR: usize = (FINE_PER_SECOND / BARS_PER_SECOND) as usize;
/// Silences told, at most: a recording of nothing but clicks must not fill the memory.
const SILENCES_KEPT: usize = 20_000;

/// Loudest samples, bar by bar.
struct Meter {
    rate: u64,
    per_second: u64,
    channels: usize,
    /// Bars of the left (or only) and of the right channel that have not been taken yet.
    bars: [Vec<u8>; 2],
    /// Bars closed so far.
    closed: u64,
    loudest: [f32; 2],
    /// The sample that comes next, and the first one of the next bar.
    at: u64,
    edge: u64,
}

impl Meter {
    fn new(rate: u32, channels: u8, per_second: u32) -> Self {
        let (rate, per_second) = (u64::from(rate.max(1)), u64::from(per_second.max(1)));
        Self {
            rate,
            per_second,
            channels: usize::from(channels.clamp(1, 2)),
            bars: [Vec::new(), Vec::new()],
            closed: 0,
            loudest: [0.0; 2],
            at: 0,
            edge: rate.div_ceil(per_second),
        }
    }

    fn push(&mut self, first: u64, pcm: &[f32]) {
        self.at = first;
        let channels = self.channels;
        let mut rest = pcm;
        while !rest.is_empty() {
            let room = (self.edge.saturating_sub(self.at) as usize).saturating_mul(channels).min(rest.len());
            let (now, later) = rest.split_at(room);
            if channels == 1 {
                self.loudest[0] = now.iter().fold(self.loudest[0], |most, sample| most.max(sample.abs()));
            } else {
                for pair in now.chunks_exact(2) {
                    self.loudest[0] = self.loudest[0].max(pair[0].abs());
                    self.loudest[1] = self.loudest[1].max(pair[1].abs());
                }
            }
            self.at += (now.len() / channels) as u64;
            rest = later;
            if self.at >= self.edge {
                self.close();
            }
        }
    }

    fn close(&mut self) {
        for (bars, loudest) in self.bars.iter_mut().zip(&mut self.loudest).take(self.channels) {
            bars.push((*loudest * 255.0).round().clamp(0.0, 255.0) as u8);
            *loudest = 0.0;
        }
        self.closed += 1;
        self.edge = ((self.closed + 1) * self.rate).div_ceil(self.per_second);
    }

    /// The last bar may be shorter than the others.
    fn finish(&mut self) {
        if self.at > (self.closed * self.rate).div_ceil(self.per_second) {
            self.close();
        }
    }
}

/// A segment of the waveform: what became known at once.
pub(crate) struct Segment {
    pub(crate) peaks: Peaks,
    fine: [Vec<u8>; 2],
}

/// Looks at a recording's sound as it is decoded.
struct Survey {
    rate: f64,
    meter: Meter,
    /// Fine bars of the bar of the whole that is under way.
    part: [Vec<u8>; 2],
    told: u32,
    silence: Silence,
    /// The frame after the last one that is not skipped.
    due: u64,
    silences: Vec<Span>,
    silences_told: usize,
    sound: Blocks,
}

impl Survey {
    fn new(rate: u32, channels: u8) -> Self {
        Self {
            rate: f64::from(rate.max(1)),
            meter: Meter::new(rate, channels, FINE_PER_SECOND),
            part: [Vec::new(), Vec::new()],
            told: 0,
            silence: Silence::new(rate, channels),
            due: 0,
            silences: Vec::new(),
            silences_told: 0,
            sound: Blocks::new(rate, channels),
        }
    }

    fn push(&mut self, first: u64, pcm: &[f32]) {
        self.meter.push(first, pcm);
        self.sound.push(pcm);
        let (rate, channels, due, silences) =
            (self.rate, self.meter.channels, &mut self.due, &mut self.silences);
        self.silence.push(first, pcm, |first, run| gap(rate, channels, due, silences, first, run));
    }

    fn finish(&mut self) {
        self.meter.finish();
        let (rate, channels, due, silences) =
            (self.rate, self.meter.channels, &mut self.due, &mut self.silences);
        self.silence.finish(|first, run| gap(rate, channels, due, silences, first, run));
    }

    /// What is new since the last segment; `last`: nothing will follow.
    fn segment(&mut self, last: bool) -> Option<Segment> {
        let fine = std::mem::take(&mut self.meter.bars);
        let mut bars = [Vec::new(), Vec::new()];
        for ((part, new), bars) in self.part.iter_mut().zip(&fine).zip(&mut bars) {
            part.extend_from_slice(new);
            let whole = if last { part.len() } else { part.len() / FINE_IN_BAR * FINE_IN_BAR };
            let loudest = |fine: &[u8]| fine.iter().max().copied().unwrap_or(0);
            bars.extend(part[..whole].chunks(FINE_IN_BAR).map(loudest));
            part.drain(..whole);
        }
        let room = SILENCES_KEPT.saturating_sub(self.silences_told);
        let mut silences = std::mem::take(&mut self.silences);
        silences.truncate(room);
        self.silences_told += silences.len();
        let [bars, right] = bars;
        let from = self.told;
        self.told += bars.len() as u32;
        let some = fine.iter().any(|fine| !fine.is_empty()) || !bars.is_empty() || !silences.is_empty();
        let peaks = Peaks { from, per_second: BARS_PER_SECOND, bars, right, silences };
        some.then_some(Segment { peaks, fine })
    }
}

/// Notes what was left out before a run that is let through.
fn gap(rate: f64, channels: usize, due: &mut u64, silences: &mut Vec<Span>, first: u64, run: &[f32]) {
    if first > *due {
        silences.push(Span { from_secs: *due as f64 / rate, to_secs: first as f64 / rate });
    }
    *due = first + (run.len() / channels) as u64;
}

/// The waveform of a whole recording, `bars_per_second` bars for each second: 0 to 255, the loudest sample of each, in
/// whichever channel.
///
/// # Errors
/// [`Error::NotAudio`], [`Error::Empty`], [`Error::TooShort`].
pub fn waveform(bytes: &[u8], bars_per_second: u32) -> Result<Vec<u8>, Error> {
    let mut reader = Reader::new();
    let mut meter: Option<Meter> = None;
    loop {
        match reader.step(&bytes)? {
            Step::Pcm(first) => {
                let Pcm { rate, channels, samples } = reader.pcm();
                let bars = meter.get_or_insert_with(|| Meter::new(rate, channels, bars_per_second));
                bars.push(first, samples);
            }
            Step::Worked => {}
            Step::Wait(_) | Step::End => break,
        }
    }
    let Some(mut meter) = meter else { return Err(Error::TooShort { bytes: bytes.len() as u64 }) };
    meter.finish();
    let [mut bars, right] = meter.bars;
    bars.iter_mut().zip(right).for_each(|(bar, right)| *bar = right.max(*bar));
    Ok(bars)
}

/// Silences of a whole recording and its closest look, as the window gets them: to measure what they cost.
///
/// # Errors
/// None: what cannot be read has no waveform.
pub fn survey(bytes: Vec<u8>) -> (Vec<Span>, usize) {
    let mut wave = Wave::default();
    let source = crate::source::Memory::new(bytes);
    follow(Reader::new(), &source, &AtomicBool::new(false), || (), |segment| wave.add(&segment));
    (wave.so_far().map(|peaks| peaks.silences).unwrap_or_default(), wave.fine().len())
}

/// What can be heard of a whole recording, in a pass of its own: for one that nobody looks at. `None` where there is no
/// sound, or when `stop` was set.
pub fn measure(source: &dyn ByteSource, stop: &AtomicBool) -> Option<SoundReport> {
    let mut sound: Option<Blocks> = None;
    let mut reader = Reader::new();
    while !stop.load(Ordering::Acquire) {
        match reader.step(source) {
            Ok(Step::Pcm(_)) => {
                let Pcm { rate, channels, samples } = reader.pcm();
                sound.get_or_insert_with(|| Blocks::new(rate, channels)).push(samples);
            }
            Ok(Step::Worked) => {}
            Ok(Step::Wait(_)) => {
                source.wait_changed(PATIENCE);
            }
            Ok(Step::End) => return sound?.report(all_of_it(&reader, source)),
            Err(_) => return sound?.report(false),
        }
    }
    None
}

/// Whether nothing is missing at the end of a recording that was read to it.
fn all_of_it(reader: &Reader, source: &dyn ByteSource) -> bool {
    let total = source.len();
    !reader.truncated(total) && total.is_none_or(|total| source.available_from(0) >= total)
}

/// At most this often a segment is sent.
const BETWEEN_STRETCHES: Duration = Duration::from_millis(100);
/// How long a wait for bytes may last before the flags are looked at again.
const PATIENCE: Duration = Duration::from_millis(100);
/// Frames decoded before the flags are looked at again.
const FRAMES_AT_ONCE: usize = 64;

/// Makes the waveform of a recording that is arriving, until it ends or `stop`, and gives what can be heard of it in the
/// end; nothing when it was stopped. `turn` is called before each piece of work and may hold it up: sound goes first.
pub(crate) fn follow(
    mut reader: Reader,
    source: &dyn ByteSource,
    stop: &AtomicBool,
    turn: impl Fn(),
    mut send: impl FnMut(Segment),
) -> Option<SoundReport> {
    let mut survey: Option<Survey> = None;
    let mut last = Instant::now();
    while !stop.load(Ordering::Acquire) {
        turn();
        let mut wait = false;
        for _ in 0..FRAMES_AT_ONCE {
            match reader.step(source) {
                Ok(Step::Pcm(first)) => {
                    let Pcm { rate, channels, samples } = reader.pcm();
                    survey.get_or_insert_with(|| Survey::new(rate, channels)).push(first, samples);
                }
                Ok(Step::Worked) => {}
                Ok(Step::Wait(_)) => {
                    wait = true;
                    break;
                }
                // What is wrong with the recording is the player's to say.
                ended => {
                    let mut survey = survey?;
                    survey.finish();
                    survey.segment(true).map(&mut send);
                    return survey.sound.report(ended.is_ok() && all_of_it(&reader, source));
                }
            }
        }
        if let Some(survey) = &mut survey
            && (wait || last.elapsed() >= BETWEEN_STRETCHES)
        {
            survey.segment(false).map(&mut send);
            last = Instant::now();
        }
        if wait {
            source.wait_changed(PATIENCE);
        }
    }
    None
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::testing::{Arriving, fixture, with_a_hole};

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
        let (mut bars, mut wave) = (Vec::new(), Wave::default());
        let mut segments = 0_u64;
        follow(
            Reader::new(),
            &source,
            &AtomicBool::new(false),
            || (),
            |segment| {
                assert_eq!(segment.peaks.from as usize, bars.len());
                wave.add(&segment);
                bars.extend(segment.peaks.bars);
                segments += 1;
                source.arrive(segments * 5000, (segments + 1) * 5000);
            },
        );
        assert!(segments >= len / 5000, "{segments}");
        assert_eq!(bars, waveform(&bytes, BARS_PER_SECOND).unwrap());
        assert_eq!(wave.fine(), waveform(&bytes, FINE_PER_SECOND).unwrap());
        assert_eq!(wave.so_far().unwrap().bars, bars);
    }

    pub(super) fn looked_at(name: &str) -> Wave {
        let mut wave = Wave::default();
        let source = Arriving::whole(fixture(name));
        follow(Reader::new(), &source, &AtomicBool::new(false), || (), |segment| wave.add(&segment));
        wave
    }

    #[test]
    fn what_is_shaded_is_what_would_be_skipped() {
        use crate::wire::Hearing;
        let skipping = Hearing { skip_silence: true, ..Hearing::default() };
        let files = ["speech8k.mp3", "speech.gsm", "stereo44k.mp3", "speech49.wav"].map(fixture);
        let mut most = 0.0_f64;
        for bytes in files.into_iter().chain([with_a_hole()]) {
            let heard =
                |hearing| crate::render::render(&bytes, hearing, 48_000).unwrap().len() as f64 / 48_000.0;
            let skipped = heard(&Hearing::default()) - heard(&skipping);
            let (silences, _) = survey(bytes.clone());
            let shaded: f64 = silences.iter().map(|span| span.to_secs - span.from_secs).sum();
            assert!((skipped - shaded).abs() < 0.02, "{skipped} s skipped, {shaded} s shaded");
            assert!(silences.is_sorted_by(|a, b| a.to_secs < b.from_secs));
            most = most.max(shaded);
        }
        assert!(most > 2.0, "there is something to shade: {most} s");
    }
}
