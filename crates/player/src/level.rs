//! Brings quiet voices up and loud ones down to the same loudness, each channel for itself: the agent and a caller on a
//! bad line are heard alike.
//!
//! Only speech is listened to: in a pause the gain rests, so that the line's hiss does not swell. Peaks are seen ten
//! milliseconds ahead and never reach full scale. As many frames come out as go in.

/// Loudness is looked at in pieces of this length, seconds; gains move in straight lines across them.
const BLOCK_SECS: f64 = 0.01;
/// How loud speech is wanted (-20 dB).
const WANTED: f32 = 0.1;
/// Gains: -6 to +18 dB.
const LOWEST: f32 = 0.5;
const HIGHEST: f32 = 8.0;
/// What is this quiet (-55 dB), or this far below the speech of late (-26 dB), is none.
const HISS: f32 = 0.0018;
const BELOW_SPEECH: f32 = 0.05;
/// Highest sample that may come out.
const CEILING: f32 = 0.95;

/// One channel's voice.
#[derive(Debug, Clone, Copy)]
struct Voice {
    /// How loud speech was of late.
    speech: f32,
    /// The gain it asks for, smoothed.
    gain: f32,
    /// The gain at the end of what went out last.
    applied: f32,
}

impl Voice {
    fn listen(&mut self, loud: f32) {
        if loud < HISS.max(self.speech * BELOW_SPEECH) {
            return;
        }
        // Loudness is believed within 50 ms, quiet within a second; gains rise slower than they fall.
        let pace = if loud > self.speech { 0.2 } else { 0.02 };
        self.speech += (loud - self.speech) * pace;
        let wanted = (WANTED / self.speech).clamp(LOWEST, HIGHEST);
        let pace = if wanted < self.gain { 0.3 } else { 0.04 };
        self.gain += (wanted - self.gain) * pace;
    }
}

/// Sound on its way, interleaved.
pub(crate) struct Level {
    channels: usize,
    /// Samples, all channels counted.
    block: usize,
    voices: Vec<Voice>,
    /// Less than a block, waiting for the rest of it.
    part: Vec<f32>,
    /// A block waiting for the one after it, whose peaks its gain must not run into.
    waiting: Vec<f32>,
}

impl Level {
    /// For sound of `rate` frames a second.
    pub(crate) fn new(rate: u32, channels: u8) -> Self {
        let channels = usize::from(channels.max(1));
        let voice = Voice { speech: WANTED, gain: 1.0, applied: 1.0 };
        Self {
            channels,
            block: ((f64::from(rate) * BLOCK_SECS).round() as usize).max(1) * channels,
            voices: vec![voice; channels],
            part: Vec::new(),
            waiting: Vec::new(),
        }
    }

    /// What it learned of the voices, for another stretch of the same recording.
    pub(crate) fn anew(mut self) -> Self {
        self.part.clear();
        self.waiting.clear();
        self
    }

    /// Takes samples and adds what is ready to `out`.
    pub(crate) fn push(&mut self, pcm: &[f32], out: &mut Vec<f32>) {
        self.part.extend_from_slice(pcm);
        let part = std::mem::take(&mut self.part);
        let mut blocks = part.chunks_exact(self.block);
        for block in &mut blocks {
            self.take(block, out);
        }
        self.part.extend_from_slice(blocks.remainder());
    }

    /// Adds what is still inside to `out`.
    pub(crate) fn finish(&mut self, out: &mut Vec<f32>) {
        let part = std::mem::take(&mut self.part);
        if !part.is_empty() {
            self.take(&part, out);
        }
        self.take(&[], out);
    }

    fn take(&mut self, block: &[f32], out: &mut Vec<f32>) {
        let started = out.len();
        out.append(&mut self.waiting);
        let frames = (out.len() - started) / self.channels;
        for (channel, voice) in self.voices.iter_mut().enumerate() {
            let bound =
                peak(&out[started..], channel, self.channels).max(peak(block, channel, self.channels));
            let from = voice.applied;
            let to = voice.gain.min(CEILING / bound.max(CEILING / HIGHEST));
            for (at, sample) in out[started..].iter_mut().skip(channel).step_by(self.channels).enumerate() {
                *sample *= from + (to - from) * ((at + 1) as f32 / frames as f32);
            }
            // The first block of all has nothing before it to come down in.
            voice.applied = to;
            voice.listen(loudness(block, channel, self.channels));
        }
        self.waiting.extend_from_slice(block);
    }
}

fn own(block: &[f32], channel: usize, channels: usize) -> impl Iterator<Item = &f32> {
    block.iter().skip(channel).step_by(channels)
}

fn peak(block: &[f32], channel: usize, channels: usize) -> f32 {
    own(block, channel, channels).fold(0.0, |most, sample| most.max(sample.abs()))
}

fn loudness(block: &[f32], channel: usize, channels: usize) -> f32 {
    let frames = (block.len() / channels).max(1) as f32;
    (own(block, channel, channels).map(|sample| sample * sample).sum::<f32>() / frames).sqrt()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RATE: u32 = 8000;

    fn levelled(pcm: &[f32], channels: u8, cut: usize) -> Vec<f32> {
        let mut level = Level::new(RATE, channels);
        let mut out = Vec::new();
        for piece in pcm.chunks(cut * usize::from(channels)) {
            level.push(piece, &mut out);
        }
        level.finish(&mut out);
        out
    }

    /// A tone of a voice's loudness, as loud as the decibels say, and hiss at -60 dB under it.
    fn voice(db: f32, secs: f64) -> Vec<f32> {
        let amplitude = 10.0_f32.powf(db / 20.0) * 2.0_f32.sqrt();
        let mut noise = 1_u32;
        (0..(secs * f64::from(RATE)) as u32)
            .map(|at| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let hiss = 0.0034 * (noise as f32 / u32::MAX as f32 - 0.5);
                let tone = (std::f64::consts::TAU * 300.0 * f64::from(at) / f64::from(RATE)).sin() as f32;
                if db < -90.0 { hiss } else { amplitude * tone + hiss }
            })
            .collect()
    }

    fn db(pcm: &[f32]) -> f32 {
        20.0 * loudness(pcm, 0, 1).log10()
    }

    #[test]
    fn a_quiet_caller_is_heard_like_the_agent() {
        let pcm: Vec<f32> = [-14.0, -34.0, -14.0, -34.0].iter().flat_map(|loud| voice(*loud, 3.0)).collect();
        let out = levelled(&pcm, 1, 160);
        assert_eq!(out.len(), pcm.len());
        let second = |at: usize| db(&out[at * 8000..(at + 1) * 8000]);
        // The last second of each turn, 20 dB apart before.
        for turn in [2, 5, 8, 11] {
            assert!((second(turn) + 20.0).abs() < 4.0, "second {turn} at {} dB", second(turn));
        }
    }

    #[test]
    fn a_usual_voice_stays_as_it_is_and_a_pause_stays_quiet() {
        let usual = voice(-20.0, 3.0);
        assert!((db(&levelled(&usual, 1, 160)[8000..]) + 20.0).abs() < 1.0);
        let pcm = [voice(-26.0, 2.0), voice(-99.0, 5.0)].concat();
        let hiss = db(&levelled(&pcm, 1, 160)[7000 * 8 - 8000..]);
        assert!(hiss < -50.0, "hiss swells to {hiss} dB");
    }

    #[test]
    fn a_shout_after_a_whisper_neither_clips_nor_clicks() {
        let pcm = [voice(-40.0, 3.0), voice(-4.0, 1.0)].concat();
        let out = levelled(&pcm, 1, 160);
        let loudest = out.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
        assert!(loudest <= 0.951, "{loudest}");
        let steepest = out.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
        assert!(steepest < 0.24, "the tone's own at the ceiling is 0.22: {steepest}");
    }

    #[test]
    fn each_side_is_levelled_for_itself() {
        let (agent, caller) = (voice(-14.0, 3.0), voice(-34.0, 3.0));
        let both: Vec<f32> = agent.iter().zip(&caller).flat_map(|(a, c)| [*a, *c]).collect();
        let out = levelled(&both, 2, 160);
        for channel in [0, 1] {
            let heard = 20.0 * loudness(&out[32_000..], channel, 2).log10();
            assert!((heard + 20.0).abs() < 3.0, "channel {channel} at {heard} dB");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn whatever_comes_nothing_reaches_full_scale_and_cutting_changes_nothing(
            pcm in proptest::collection::vec(-1.0_f32..=1.0, 0..4000),
            cut in 1_usize..700,
        ) {
            let out = levelled(&pcm, 1, cut);
            prop_assert_eq!(out.len(), pcm.len());
            // Nothing before the first block to come down in: it stays as it was recorded at worst.
            prop_assert!(out.iter().skip(80).all(|sample| sample.abs() <= 0.951));
            prop_assert!(out.iter().all(|sample| sample.abs() <= 1.0));
            prop_assert_eq!(out, levelled(&pcm, 1, usize::MAX / 2));
        }
    }
}
