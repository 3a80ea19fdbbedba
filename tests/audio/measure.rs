//! Measuring a tone in what a device was given: 16-bit stereo at 48 kHz.

/// Samples a second of a captured channel.
pub const RATE: f64 = 48_000.0;

/// The left channel of raw bytes, -1 to 1.
pub fn left(raw: &[u8]) -> Vec<f64> {
    raw.chunks_exact(4).map(|frame| f64::from(i16::from_le_bytes([frame[0], frame[1]])) / 32_768.0).collect()
}

/// From the first loud sample to the last: the tone without the silence around it.
///
/// # Panics
/// Nothing in it is loud.
pub fn loudest(samples: &[f64]) -> &[f64] {
    let loud = |sample: &f64| sample.abs() > 0.1;
    match (samples.iter().position(loud), samples.iter().rposition(loud)) {
        (Some(first), Some(last)) => &samples[first..=last],
        _ => panic!("{} samples, none of them loud", samples.len()),
    }
}

/// The amplitude of a sine of this frequency, through a Blackman-Harris window.
pub fn amplitude_at(samples: &[f64], hertz: f64) -> f64 {
    let (mut re, mut im, mut weight) = (0.0, 0.0, 0.0);
    for (at, sample) in samples.iter().enumerate() {
        let phase = std::f64::consts::TAU * at as f64 / samples.len() as f64;
        let window =
            0.35875 - 0.48829 * phase.cos() + 0.14128 * (2.0 * phase).cos() - 0.01168 * (3.0 * phase).cos();
        let turn = std::f64::consts::TAU * hertz * at as f64 / RATE;
        re += window * sample * turn.cos();
        im += window * sample * turn.sin();
        weight += window;
    }
    2.0 * re.hypot(im) / weight
}

/// The frequency within 5 Hz of `near` that is loudest, to a quarter of a hertz.
pub fn pitch(samples: &[f64], near: f64) -> f64 {
    (-20..=20)
        .map(|step| near + f64::from(step) * 0.25)
        .max_by(|a, b| amplitude_at(samples, *a).total_cmp(&amplitude_at(samples, *b)))
        .unwrap_or(near)
}
