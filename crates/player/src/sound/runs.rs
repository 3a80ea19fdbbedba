//! Runs of blocks: where something is true one block after the other.

use super::channel::PER_SECOND;
use crate::wire::{SoundKind, SoundStretch};

/// From the first block to the one after the last.
pub(super) type Run = std::ops::Range<usize>;

/// Blocks of so many milliseconds.
pub(super) const fn blocks(millis: usize) -> usize {
    millis * PER_SECOND as usize / 1000
}

pub(super) fn secs(blocks: usize) -> f64 {
    blocks as f64 / f64::from(PER_SECOND)
}

/// Where `is` is true, run by run.
pub(super) fn of(count: usize, is: impl Fn(usize) -> bool) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for at in (0..count).filter(|at| is(*at)) {
        match runs.last_mut() {
            Some(last) if last.end == at => last.end = at + 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

/// Without runs shorter than `least`.
pub(super) fn at_least(mut runs: Vec<Run>, least: usize) -> Vec<Run> {
    runs.retain(|run| run.len() >= least);
    runs
}

/// Runs with no more than `most` between them are one.
pub(super) fn joined(runs: Vec<Run>, most: usize) -> Vec<Run> {
    let mut all: Vec<Run> = Vec::new();
    for run in runs {
        match all.last_mut() {
            Some(last) if run.start <= last.end + most => last.end = last.end.max(run.end),
            _ => all.push(run),
        }
    }
    all
}

/// Blocks that are in a run, as one answer for each block.
pub(super) fn marked(count: usize, runs: &[Run]) -> Vec<bool> {
    let mut marks = vec![false; count];
    for run in runs {
        marks[run.clone()].fill(true);
    }
    marks
}

pub(super) fn total(runs: &[Run]) -> f64 {
    secs(runs.iter().map(Run::len).sum())
}

pub(super) fn stretches(kind: SoundKind, runs: &[Run]) -> impl Iterator<Item = SoundStretch> {
    runs.iter().map(move |run| SoundStretch { kind, from_secs: secs(run.start), to_secs: secs(run.end) })
}
