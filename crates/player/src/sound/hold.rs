//! Hold-like: sound that goes on without the ups and downs of speech.
//!
//! Three kinds, each told from loudness alone. Steady: hardly a block is much quieter than those around it (speech falls
//! silent between words and syllables several times a second). Rhythmical: loudness repeats itself at a beat. Tones:
//! bursts as long and as loud as each other, of a level that does not move, with pauses between (ringing, engaged). Music
//! that is as uneven as speech, and has no beat, is not found; a voice that sings over it may hide it.

use super::channel::Loudness;
use super::runs::{self, Run, blocks};

/// Shorter is no hold.
const LEAST: usize = blocks(8_000);
/// Looked at together for steadiness, and how far on the next look is.
const STEADY_WINDOW: usize = blocks(2_000);
const STEADY_HOP: usize = blocks(100);
/// This far below the window's mean a block is low, half decibels...
const LOW: i32 = 12;
/// ... and so many of a hundred may be.
const LOW_PERCENT: usize = 12;
/// Looked at together for a beat, and how far on the next look is.
const BEAT_WINDOW: usize = blocks(8_000);
const BEAT_HOP: usize = blocks(500);
const BEAT_END: usize = blocks(1_000);
/// Between two beats, or bars.
const BEATS: std::ops::Range<usize> = blocks(300)..blocks(2_000);
/// As like itself a beat later: 1 is the same.
const ALIKE: f32 = 0.7;
/// A burst of a tone, and the pause after it, at most.
const BURST: std::ops::Range<usize> = blocks(200)..blocks(5_000);
const PAUSE: usize = blocks(5_000);
/// How far the level of a tone may move inside, and from one burst to the next, half decibels.
const MOVES: u8 = 6;
/// How far bursts may differ in length.
const DIFFERS: usize = blocks(100);
/// Pieces no further apart are one.
const JOINED: usize = blocks(1_000);

/// Hold-like runs of what is `sounding`; `loud` is of all channels together.
pub(super) fn of(loud: &[Loudness], sounding: &[bool]) -> Vec<Run> {
    let mut found = steady(loud, sounding);
    found.extend(beats(loud, sounding));
    found.extend(tones(loud, sounding));
    found.sort_by_key(|run| run.start);
    let found = runs::joined(found, JOINED).into_iter().filter_map(|run| trimmed(run, sounding));
    runs::at_least(found.collect(), LEAST)
}

/// Without the silence at its ends.
fn trimmed(run: Run, sounding: &[bool]) -> Option<Run> {
    let start = run.clone().find(|at| sounding[*at])?;
    let end = run.rev().find(|at| sounding[*at])?;
    Some(start..end + 1)
}

fn windows(count: usize, window: usize, hop: usize) -> impl Iterator<Item = Run> {
    (0..=count.saturating_sub(window))
        .step_by(hop)
        .map(move |start| start..start + window)
        .take_while(move |run| run.end <= count)
}

fn steady(loud: &[Loudness], sounding: &[bool]) -> Vec<Run> {
    let even = |run: &Run| {
        if run.clone().any(|at| !sounding[at]) {
            return false;
        }
        let here = &loud[run.clone()];
        let mean = here.iter().map(|one| i32::from(*one)).sum::<i32>() / here.len() as i32;
        let low = here.iter().filter(|one| i32::from(**one) < mean - LOW).count();
        low * 100 <= here.len() * LOW_PERCENT
    };
    runs::joined(windows(loud.len(), STEADY_WINDOW, STEADY_HOP).filter(even).collect(), 0)
}

fn beats(loud: &[Loudness], sounding: &[bool]) -> Vec<Run> {
    let beaten = |run: &Run| {
        let here = &loud[run.clone()];
        // Mostly sound: a pause in speech is no beat, nor is a silence with a click in it.
        if run.clone().filter(|at| sounding[*at]).count() * 2 < here.len() {
            return false;
        }
        let mean = here.iter().map(|one| f32::from(*one)).sum::<f32>() / here.len() as f32;
        let moved: Vec<f32> = here.iter().map(|one| f32::from(*one) - mean).collect();
        // How like the blocks a lag later those of a part are.
        let alike = |part: Run, lag: usize| {
            let (now, later) = (&moved[part.clone()], &moved[part.start + lag..part.end + lag]);
            let both: f32 = now.iter().zip(later).map(|(a, b)| a * b).sum();
            let (a, b): (f32, f32) = (now.iter().map(|a| a * a).sum(), later.iter().map(|b| b * b).sum());
            both / (a * b).sqrt().max(1.0)
        };
        let count = moved.len();
        BEATS.clone().any(|lag| {
            // At both of its ends too: what comes before the music is none of it. Speech mostly fails there already.
            alike(0..BEAT_END, lag) >= ALIKE
                && alike(count - lag - BEAT_END..count - lag, lag) >= ALIKE
                && alike(0..count - lag, lag) >= ALIKE
                && alike(0..count - 2 * lag, 2 * lag) >= ALIKE - 0.1
        })
    };
    runs::joined(windows(loud.len(), BEAT_WINDOW, BEAT_HOP).filter(beaten).collect(), 0)
}

fn tones(loud: &[Loudness], sounding: &[bool]) -> Vec<Run> {
    let level = |run: &Run| {
        // Its ends are cut by the blocks.
        let inside = &loud[run.start + 1..run.end - 1];
        let (low, high) = (inside.iter().min()?, inside.iter().max()?);
        (high - low <= MOVES).then_some(*high)
    };
    let mut found: Vec<Run> = Vec::new();
    let mut before: Option<(Run, u8)> = None;
    for burst in runs::of(loud.len(), |at| sounding[at]) {
        let tone = BURST.contains(&burst.len()).then(|| level(&burst)).flatten();
        if let (Some((last, loud_before)), Some(loud)) = (&before, tone)
            && burst.start - last.end <= PAUSE
            && burst.len().abs_diff(last.len()) <= DIFFERS
            && loud.abs_diff(*loud_before) <= MOVES
        {
            match found.last_mut() {
                Some(run) if run.end == last.end => run.end = burst.end,
                _ => found.push(last.start..burst.end),
            }
        }
        before = tone.map(|loud| (burst, loud));
    }
    runs::at_least(found, LEAST)
}
