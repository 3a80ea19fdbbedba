use proptest::prelude::*;

use super::*;
use crate::testing::{amplitude_at, fundamental};

fn stretched(pcm: &[f32], rate: u32, channels: u8, speed: f64) -> Vec<f32> {
    let mut stretch = TimeStretch::new(rate, channels, speed);
    let mut out = Vec::new();
    for piece in pcm.chunks(577 * usize::from(channels)) {
        stretch.push(piece, &mut out);
    }
    stretch.finish(&mut out);
    out
}

fn tone(rate: u32, hertz: f64, secs: f64) -> Vec<f32> {
    (0..(f64::from(rate) * secs) as u32)
        .map(|at| (0.5 * (std::f64::consts::TAU * hertz * f64::from(at) / f64::from(rate)).sin()) as f32)
        .collect()
}

/// A voice of sorts: the harmonics of `hertz` below 3 kHz, weaker upwards, loud and soft four times a second.
fn voice(rate: u32, hertz: f64, secs: f64) -> Vec<f32> {
    let harmonics = (3000.0 / hertz) as u32;
    (0..(f64::from(rate) * secs) as u32)
        .map(|at| {
            let time = f64::from(at) / f64::from(rate);
            let sum: f64 = (1..=harmonics)
                .map(|n| (std::f64::consts::TAU * hertz * f64::from(n) * time).sin() / f64::from(n))
                .sum();
            (0.25 * sum * (1.0 + 0.6 * (std::f64::consts::TAU * 4.0 * time).sin())) as f32
        })
        .collect()
}

const SPEEDS: [f64; 7] = [0.5, 0.75, 1.25, 1.5, 2.0, 2.5, 3.0];

#[test]
fn pitch_is_kept_at_every_speed() {
    for (rate, speeds) in [(8000, &SPEEDS[..]), (44_100, &[0.75, 1.5, 2.0])] {
        for hertz in [95.0, 210.0] {
            let before = voice(rate, hertz, 2.0);
            for speed in speeds {
                let speed = *speed;
                let after = stretched(&before, rate, 1, speed);
                let off = fundamental(&after, rate) / fundamental(&before, rate) - 1.0;
                assert!(off.abs() < 0.005, "{hertz} Hz at {rate}, {speed}x: {:.2} % off", off * 100.0);
            }
        }
    }
}

#[test]
fn it_lasts_as_long_as_the_speed_says_and_starts_at_once() {
    let before = voice(8000, 120.0, 2.0);
    for speed in SPEEDS {
        let after = stretched(&before, 8000, 1, speed);
        assert_eq!(after.len(), (16_000.0 / speed).ceil() as usize, "{speed}x");
        assert_eq!(after[..50], before[..50], "{speed}x: the start is the recording's own");
    }
}

#[test]
fn level_is_kept_and_nothing_clicks() {
    let loudness =
        |pcm: &[f32]| (pcm.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / pcm.len() as f64).sqrt();
    // No whole number of samples is a whole number of cycles of these.
    for (rate, hertz) in [(8000, 307.3), (8000, 611.9), (44_100, 307.3)] {
        let before = tone(rate, hertz, 1.5);
        for speed in SPEEDS {
            let after = stretched(&before, rate, 1, speed);
            let middle = &after[800..after.len() - 800];
            let level = 20.0 * (loudness(middle) / loudness(&before)).log10();
            assert!(level.abs() < 0.5, "{hertz} Hz at {rate}, {speed}x: {level} dB");
            // A click is heard as energy where the tone has none.
            let above: f64 = (0..60)
                .map(|step| amplitude_at(middle, f64::from(rate), 1500.0 + 41.7 * f64::from(step)).powi(2))
                .sum();
            let above = 10.0 * (above / 0.25).log10();
            assert!(above < -100.0, "{hertz} Hz at {rate}, {speed}x: {above} dB above 1.5 kHz");
        }
    }
}

#[test]
fn a_beat_stays_where_the_speed_puts_it() {
    // A syllable of 60 ms every half second of the recording.
    let mut before = vec![0.0_f32; 8000 * 4];
    for beat in 1..8 {
        before[beat * 4000..][..480].copy_from_slice(&tone(8000, 400.0, 0.06));
    }
    for speed in [0.75, 1.5, 2.0] {
        let after = stretched(&before, 8000, 1, speed);
        for beat in 1..8_i32 {
            let due = f64::from(beat * 4000) / speed;
            let from = (due as usize) - 800;
            let began = after[from..]
                .iter()
                .position(|s| s.abs() > 0.1)
                .map_or(f64::INFINITY, |at| (from + at) as f64);
            assert!((began - due).abs() < 160.0, "{speed}x: beat {beat} is {} ms off", (began - due) / 8.0);
        }
    }
}

#[test]
fn channels_stay_apart() {
    let (left, right) = (tone(8000, 300.0, 1.0), tone(8000, 700.0, 1.0));
    let both: Vec<f32> = left.iter().zip(&right).flat_map(|(l, r)| [*l, *r]).collect();
    let after = stretched(&both, 8000, 2, 1.5);
    let left: Vec<f32> = after.chunks_exact(2).map(|pair| pair[0]).collect();
    let own = amplitude_at(&left[500..4500], 8000.0, 300.0);
    let other = amplitude_at(&left[500..4500], 8000.0, 700.0);
    assert!(own > 0.3 && other < 0.01, "{own} and {other}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn how_it_is_cut_up_changes_nothing(
        pcm in proptest::collection::vec(-1.0_f32..1.0, 0..6000),
        speed in 0.5_f64..3.0,
        cut in 1_usize..2000,
    ) {
        let mut stretch = TimeStretch::new(8000, 1, speed);
        let (mut whole, mut cut_up) = (Vec::new(), Vec::new());
        stretch.push(&pcm, &mut whole);
        stretch.finish(&mut whole);
        let mut stretch = TimeStretch::new(8000, 1, speed);
        for piece in pcm.chunks(cut) {
            stretch.push(piece, &mut cut_up);
        }
        stretch.finish(&mut cut_up);
        prop_assert_eq!(whole.len(), (pcm.len() as f64 / speed).ceil() as usize);
        prop_assert!(whole.iter().all(|sample| sample.abs() <= 1.0));
        prop_assert_eq!(whole, cut_up);
    }
}
