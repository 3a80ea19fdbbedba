//! What the blocks of a recording come to.

use super::channel::{Channel, Loudness, loudness};
use super::hold;
use super::runs::{self, Run, blocks};
use crate::wire::{SideFigures, SoundFigures, SoundKind, SoundReport, SoundStretch};

/// Shorter is a pause.
const SILENCE: usize = blocks(2_000);
/// No longer than this it is a click, and nobody's voice.
const CLICK: usize = blocks(60);
/// A speaker's pause for breath is part of the turn.
const BREATH: usize = blocks(400);
/// Shorter is an "aha", and nobody is talked over.
const OVERLAP: usize = blocks(500);
/// Clipping closer together than this is one stretch.
const TOGETHER: usize = blocks(500);
/// This far below the other side at the same moment it is the other's voice, leaking (half decibels, 20 dB).
const LEAK: u8 = 40;
/// Stretches told, at most: a recording of nothing but clicks must not fill the memory.
const STRETCHES: usize = 4_000;

/// Of the blocks at least this loud, and not much quieter than those, the mean energy is how loud speech is.
const NOTHING: Loudness = loudness(-60);
/// What lies under this many half decibels (15 dB) below the loud ones does not count towards it.
const GATE: u8 = 30;
/// Silence is this far below speech (26 dB), never above -40 dB nor asked to be quieter than -60...
const BELOW_SPEECH: u8 = 52;
const LOUDEST: Loudness = loudness(-40);
/// ... unless the line itself is louder: then it is 6 dB above the line, as long as speech is 12 dB above that.
const ABOVE_LINE: u8 = 12;
const BELOW_SPEECH_LEAST: u8 = 24;
/// The line is as loud as the quietest twentieth.
const LINE_PART: usize = 20;

/// The mean energy of what is counted in `histogram` from `least` up; `None` when that is nothing.
fn mean(histogram: &[usize; 256], least: Loudness) -> Option<f64> {
    let from = usize::from(least);
    let count: usize = histogram[from..].iter().sum();
    let energy: f64 =
        (from..256).map(|loud| histogram[loud] as f64 * 10_f64.powf((loud as f64 - 255.0) / 20.0)).sum();
    (count > 0).then(|| energy / count as f64)
}

fn histogram(loud: impl Iterator<Item = Loudness>) -> [usize; 256] {
    let mut counts = [0; 256];
    loud.for_each(|one| counts[usize::from(one)] += 1);
    counts
}

fn as_loudness(energy: f64) -> Loudness {
    (255.0 + 20.0 * energy.max(1e-13).log10()).round().clamp(0.0, 255.0) as Loudness
}

/// From where on a channel sounds.
fn threshold(loud: &[Loudness]) -> Loudness {
    let counts = histogram(loud.iter().copied());
    let Some(all) = mean(&counts, NOTHING) else { return NOTHING };
    let speech =
        mean(&counts, as_loudness(all).saturating_sub(GATE).max(NOTHING)).map_or(NOTHING, as_loudness);
    let usual = speech.saturating_sub(BELOW_SPEECH).clamp(NOTHING, LOUDEST);
    let mut left = loud.len() / LINE_PART;
    let quietest = counts.iter().position(|count| {
        let here = left < *count;
        left = left.saturating_sub(*count);
        here
    });
    let line = quietest.map_or(0, |loud| loud as u8).saturating_add(ABOVE_LINE);
    if line > usual && line.saturating_add(BELOW_SPEECH_LEAST) <= speech { line } else { usual }
}

/// How loud the blocks chosen are, decibels of full scale.
fn level(loud: &[Loudness], chosen: impl Fn(usize) -> bool) -> Option<f32> {
    let of = histogram((0..loud.len()).filter(|at| chosen(*at)).map(|at| loud[at]));
    mean(&of, 0).map(|energy| (10.0 * energy.log10()) as f32)
}

pub(super) fn report(sides: &[&Channel], whole: bool) -> SoundReport {
    let count = sides[0].loud.len();
    let own: Vec<Vec<bool>> = sides
        .iter()
        .map(|side| {
            let least = threshold(&side.loud);
            let runs = runs::of(count, |at| side.loud[at] >= least);
            runs::marked(count, &runs::at_least(runs, CLICK + 1))
        })
        .collect();
    let sounding: Vec<bool> = (0..count).map(|at| own.iter().any(|own| own[at])).collect();
    let together: Vec<Loudness> = match sides {
        [left, right] => left.loud.iter().zip(&right.loud).map(|(left, right)| *left.max(right)).collect(),
        _ => sides[0].loud.clone(),
    };
    let hold = hold::of(&together, &sounding);
    let held = runs::marked(count, &hold);
    let silence = runs::at_least(runs::of(count, |at| !sounding[at] && !held[at]), SILENCE);
    let clipping = runs::joined(runs::of(count, |at| sides.iter().any(|side| side.clipped[at])), TOGETHER);

    // A call of nothing but hold is as loud as that is.
    let voiced = |own: &[bool], loud: &[Loudness]| {
        level(loud, |at| own[at] && !held[at]).or_else(|| level(loud, |at| own[at]))
    };
    let spoken = spoken(sides, &own, &held);
    let overlap = match spoken.as_slice() {
        [left, right] => Some(runs::at_least(runs::of(count, |at| left[at] && right[at]), OVERLAP)),
        _ => None,
    };
    let clipped = |side: &Channel| runs::secs(side.clipped.iter().filter(|one| **one).count());
    let figures = SoundFigures {
        measured_secs: runs::secs(count),
        whole,
        silence_secs: runs::total(&silence),
        longest_silence_secs: runs::secs(silence.iter().map(Run::len).max().unwrap_or(0)),
        hold_secs: runs::total(&hold),
        level_db: voiced(&sounding, &together),
        clipped_secs: runs::secs((0..count).filter(|at| sides.iter().any(|side| side.clipped[*at])).count()),
        overlap_secs: overlap.as_deref().map(runs::total),
        sides: spoken
            .iter()
            .zip(sides)
            .zip(&own)
            .map(|((spoken, side), own)| SideFigures {
                talk_secs: runs::secs(spoken.iter().filter(|one| **one).count()),
                level_db: voiced(own, &side.loud),
                clipped_secs: clipped(side),
            })
            .collect(),
    };
    let mut stretches: Vec<SoundStretch> = runs::stretches(SoundKind::Silence, &silence)
        .chain(runs::stretches(SoundKind::Hold, &hold))
        .chain(runs::stretches(SoundKind::Overlap, overlap.as_deref().unwrap_or_default()))
        .chain(runs::stretches(SoundKind::Clipping, &clipping))
        .collect();
    if stretches.len() > STRETCHES {
        // The longest tell most.
        stretches.sort_by(|a, b| (b.to_secs - b.from_secs).total_cmp(&(a.to_secs - a.from_secs)));
        stretches.truncate(STRETCHES);
    }
    stretches.sort_by(|a, b| a.from_secs.total_cmp(&b.from_secs));
    SoundReport { figures, stretches }
}

/// Who speaks when: for two sides, one answer for each block; for one, nothing.
fn spoken(sides: &[&Channel], own: &[Vec<bool>], held: &[bool]) -> Vec<Vec<bool>> {
    let ([left, right], [left_own, right_own]) = (sides, own) else { return Vec::new() };
    let speaks = |own: &[bool], loud: &[Loudness], other: &[Loudness]| {
        let count = loud.len();
        let here = |at: usize| own[at] && !held[at] && loud[at].saturating_add(LEAK) >= other[at];
        let turns = runs::at_least(runs::of(count, here), CLICK + 1);
        runs::marked(count, &runs::joined(turns, BREATH))
    };
    vec![speaks(left_own, &left.loud, &right.loud), speaks(right_own, &right.loud, &left.loud)]
}
