//! One channel, block by block: how loud each is, and whether its tops are cut off.

/// Blocks a second: what is shorter is not looked at.
pub(super) const PER_SECOND: u32 = 50;
/// As loud as can be written down, less a rounding of the codec...
const FULL: f32 = 0.995;
/// ... so many samples in a row: then the top was cut off.
const FLAT: usize = 3;

/// Loudness in half decibels above -127.5 dB of full scale (RMS): 255 is full scale, 0 is nothing.
pub(super) type Loudness = u8;

/// Half decibels above the bottom, of decibels of full scale.
pub(super) const fn loudness(db: i32) -> Loudness {
    let steps = 255 + 2 * db;
    if steps < 0 { 0 } else { steps as u8 }
}

/// One channel.
#[derive(Default)]
pub(super) struct Channel {
    pub(super) loud: Vec<Loudness>,
    pub(super) clipped: Vec<bool>,
}

/// Without what stands still: a line's direct current is no sound.
pub(super) fn loudness_of(block: &[f32]) -> Loudness {
    const LANES: usize = 8;
    let (mut sums, mut squares) = ([0.0_f32; LANES], [0.0_f32; LANES]);
    let mut eights = block.chunks_exact(LANES);
    for eight in &mut eights {
        for (lane, sample) in eight.iter().enumerate() {
            sums[lane] += sample;
            squares[lane] += sample * sample;
        }
    }
    let rest = eights.remainder();
    let count = block.len().max(1) as f32;
    let mean = (sums.iter().sum::<f32>() + rest.iter().sum::<f32>()) / count;
    let square = (squares.iter().sum::<f32>() + rest.iter().map(|one| one * one).sum::<f32>()) / count;
    let energy = (square - mean * mean).max(1e-13);
    // What is no figure counts as nothing.
    (255.0 + 20.0 * energy.log10()).round().clamp(0.0, 255.0) as Loudness
}

pub(super) fn clipped(block: &[f32]) -> bool {
    let loudest = block.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
    if loudest < FULL {
        return false;
    }
    let cut = |run: &[f32]| run.iter().all(|one| *one >= FULL) || run.iter().all(|one| *one <= -FULL);
    block.windows(FLAT).any(cut)
}
