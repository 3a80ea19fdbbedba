//! Leaves long silences out: a pause in speech stays a pause, of at most [`HANG_SECS`] and [`LEAD_SECS`] together.
//!
//! Works at the recording's own rate, before the speed, so that both can be chosen for themselves. What is silent is told
//! from how loud this call's speech is: a quiet caller is not taken for silence. Left out on purpose: where frames end up
//! in time ([`crate::chain`] sees from their numbers what was left out).

use std::collections::VecDeque;

/// Loudness is looked at in pieces of this length, seconds.
const BLOCK_SECS: f64 = 0.01;
/// Silence that stays after speech, seconds: the end of a word is quiet.
const HANG_SECS: f64 = 0.25;
/// Silence that stays before speech, seconds: so is its beginning.
const LEAD_SECS: f64 = 0.15;
/// This far below speech it is silent (-26 dB)...
const BELOW_SPEECH: f32 = 0.05;
/// ... but never above -40 dB of full scale, nor asked to be quieter than -60 dB: lines hiss.
const QUIETEST: f32 = 0.001;
const LOUDEST: f32 = 0.01;
/// Speech is taken to be this loud until some was heard (-20 dB).
const USUAL_SPEECH: f32 = 0.1;

/// Sound on its way, interleaved. Frames come out in order, each with its number, silences missing.
pub(crate) struct Silence {
    channels: usize,
    /// Samples, all channels counted, as are the next two.
    block: usize,
    hang: usize,
    lead: usize,
    /// How loud speech was of late.
    speech: f32,
    /// Samples of silence since speech.
    quiet: usize,
    /// Less than a block, waiting for the rest of it, and the number of its first frame.
    part: Vec<f32>,
    next: u64,
    /// Silence that may turn out to be the lead of speech, and the number of its first frame.
    held: VecDeque<f32>,
    held_first: u64,
    /// What came right after the last sound let through, once some was left out: the seam is made of it.
    seam: Vec<f32>,
    /// What is let through, and the number of its first frame.
    run: Vec<f32>,
    run_first: u64,
}

impl Silence {
    /// For sound of `rate` frames a second.
    pub(crate) fn new(rate: u32, channels: u8) -> Self {
        let channels = usize::from(channels.max(1));
        let samples = |secs: f64| ((f64::from(rate) * secs).round() as usize).max(1) * channels;
        Self {
            channels,
            block: samples(BLOCK_SECS),
            hang: samples(HANG_SECS),
            lead: samples(LEAD_SECS),
            speech: USUAL_SPEECH,
            quiet: 0,
            part: Vec::new(),
            next: 0,
            held: VecDeque::new(),
            held_first: 0,
            seam: Vec::new(),
            run: Vec::new(),
            run_first: 0,
        }
    }

    /// Takes samples that follow the ones before, and hands what is let through to `on`, with its first frame's number.
    pub(crate) fn push(&mut self, first: u64, pcm: &[f32], mut on: impl FnMut(u64, &[f32])) {
        if self.part.is_empty() {
            self.next = first;
        }
        self.part.extend_from_slice(pcm);
        let part = std::mem::take(&mut self.part);
        let mut blocks = part.chunks_exact(self.block);
        for block in &mut blocks {
            self.judge(block, &mut on);
        }
        self.part.extend_from_slice(blocks.remainder());
        self.hand_on(&mut on);
    }

    /// Hands on what is still inside; the next samples need not follow.
    pub(crate) fn finish(&mut self, mut on: impl FnMut(u64, &[f32])) {
        self.release(&mut on);
        let part = std::mem::take(&mut self.part);
        self.let_through(self.next, &part, &mut on);
        self.hand_on(&mut on);
        self.quiet = 0;
    }

    fn judge(&mut self, block: &[f32], on: &mut impl FnMut(u64, &[f32])) {
        let first = self.next;
        self.next += (block.len() / self.channels) as u64;
        // One side of a stereo call is often silent: the louder one counts.
        let loud = (0..self.channels)
            .map(|channel| {
                let own = block.iter().skip(channel).step_by(self.channels);
                (own.map(|sample| sample * sample).sum::<f32>() / (self.block / self.channels) as f32).sqrt()
            })
            .fold(0.0, f32::max);
        if loud > (self.speech * BELOW_SPEECH).clamp(QUIETEST, LOUDEST) {
            let pace = if loud > self.speech { 0.3 } else { 0.02 };
            self.speech += (loud - self.speech) * pace;
            self.quiet = 0;
            self.release(on);
            self.let_through(first, block, on);
            return;
        }
        self.quiet += block.len();
        if self.quiet <= self.hang {
            return self.let_through(first, block, on);
        }
        if self.held.is_empty() {
            self.held_first = first;
        }
        self.held.extend(block);
        let surplus = self.held.len().saturating_sub(self.lead);
        if surplus > 0 {
            let gone = self.held.drain(..surplus);
            if self.seam.is_empty() {
                self.seam.extend(gone);
            }
            self.held_first += (surplus / self.channels) as u64;
        }
    }

    /// Silence that was the lead of speech after all goes out, joined to what went out before without a click.
    fn release(&mut self, on: &mut impl FnMut(u64, &[f32])) {
        let mut held: Vec<f32> = self.held.drain(..).collect();
        blend(&self.seam, &mut held, self.channels);
        self.seam.clear();
        self.let_through(self.held_first, &held, on);
    }

    fn let_through(&mut self, first: u64, samples: &[f32], on: &mut impl FnMut(u64, &[f32])) {
        if self.run_first + (self.run.len() / self.channels) as u64 != first {
            self.hand_on(on);
            self.run_first = first;
        }
        self.run.extend_from_slice(samples);
    }

    fn hand_on(&mut self, on: &mut impl FnMut(u64, &[f32])) {
        if !self.run.is_empty() {
            on(self.run_first, &self.run);
            self.run_first += (self.run.len() / self.channels) as u64;
            self.run.clear();
        }
    }
}

/// Fades the start of `onto` in over `from`, which fades out: as long as both of them are.
pub(crate) fn blend(from: &[f32], onto: &mut [f32], channels: usize) {
    let frames = from.len().min(onto.len()) / channels;
    for (at, (old, new)) in from.iter().zip(onto.iter_mut()).take(frames * channels).enumerate() {
        let part = (at / channels + 1) as f32 / (frames + 1) as f32;
        *new = old + (*new - old) * part;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RATE: u32 = 8000;

    /// Frames with their numbers, after `cut` frames at a time.
    fn through(pcm: &[f32], channels: u8, cut: usize) -> (Vec<f32>, Vec<u64>) {
        let mut silence = Silence::new(RATE, channels);
        let (mut sound, mut numbers) = (Vec::new(), Vec::new());
        let mut on = |first: u64, run: &[f32]| {
            sound.extend_from_slice(run);
            numbers.extend((0..(run.len() / usize::from(channels)) as u64).map(|at| first + at));
        };
        let mut first = 0;
        for piece in pcm.chunks(cut * usize::from(channels)) {
            silence.push(first, piece, &mut on);
            first += (piece.len() / usize::from(channels)) as u64;
        }
        silence.finish(&mut on);
        (sound, numbers)
    }

    /// Seconds of speech (a tone) or of a hissing line, by turns, starting with speech.
    fn call(turns: &[f64], speech: f32) -> Vec<f32> {
        let mut noise = 1_u32;
        let mut pcm = Vec::new();
        for (turn, secs) in turns.iter().enumerate() {
            for at in 0..(secs * f64::from(RATE)) as u32 {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let hiss = 0.0007 * (noise as f32 / u32::MAX as f32 - 0.5);
                let tone = (std::f64::consts::TAU * 330.0 * f64::from(at) / f64::from(RATE)).sin() as f32;
                pcm.push(if turn % 2 == 0 { speech * tone } else { hiss });
            }
        }
        pcm
    }

    #[test]
    fn long_silences_become_short_ones_and_no_word_is_touched() {
        for speech in [0.7, 0.1, 0.03] {
            let pcm = call(&[1.0, 3.0, 0.5, 0.35, 0.5, 10.0, 1.0], speech);
            let (sound, numbers) = through(&pcm, 1, 160);
            // 3.0 and 10.0 s become 0.4 s each; 0.35 s is a pause like any other.
            let secs = sound.len() as f64 / f64::from(RATE);
            assert!((secs - 4.15).abs() < 0.03, "speech at {speech}: {secs} s");
            assert!(numbers.is_sorted_by(|a, b| a < b));
            let heard: std::collections::HashSet<u64> = numbers.iter().copied().collect();
            for (at, sample) in pcm.iter().enumerate() {
                if sample.abs() > 0.01 {
                    assert!(heard.contains(&(at as u64)), "a word lost at {at}");
                }
            }
            let changed = sound.iter().zip(&numbers).filter(|(s, n)| **s != pcm[**n as usize]);
            assert!(changed.clone().all(|(s, _)| s.abs() < 0.001), "only the seams, in silence");
            assert!(changed.count() <= 2 * 80);
        }
    }

    #[test]
    fn a_voice_on_one_side_is_no_silence() {
        let voice = call(&[2.0], 0.3);
        let both: Vec<f32> = voice.iter().flat_map(|sample| [0.0, *sample]).collect();
        assert_eq!(through(&both, 2, 100).0, both);
    }

    #[test]
    fn a_recording_of_nothing_is_heard_as_a_moment_of_it() {
        let (sound, numbers) = through(&vec![0.0; 80_000], 1, 160);
        assert_eq!(sound.len(), 3200, "0.4 s");
        assert_eq!(numbers.last(), Some(&79_999));
        assert!(through(&[], 1, 1).0.is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn how_it_is_cut_up_changes_nothing(
            turns in proptest::collection::vec(0.0_f64..1.0, 1..6),
            cut in 1_usize..3000,
        ) {
            let pcm = call(&turns, 0.2);
            prop_assert_eq!(through(&pcm, 1, cut), through(&pcm, 1, usize::MAX / 2));
        }
    }
}
