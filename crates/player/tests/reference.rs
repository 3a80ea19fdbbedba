//! MP3 of every kind against what `FFmpeg` makes of it (`mp3float`, rounded to 16 bits without dither): the same samples
//! in the same place, at most one step apart. `cargo xtask fixtures` makes both.
//!
//! Nothing is shifted to fit: where the encoder wrote down how much it put before and after the sound, both leave out
//! that and the decoder's own 529 samples; where it did not, both keep everything. The few samples that differ lie within
//! a twentieth of a step of the middle between two: two ways of adding up the same floats.
#![expect(clippy::unwrap_used, reason = "test code: a fixture that cannot be read fails the test")]

use std::io::Cursor;

use atalaya_player::{WavSummary, decode_to_wav};

fn samples(bytes: &[u8]) -> Vec<i32> {
    bytes.chunks_exact(2).map(|two| i32::from(i16::from_le_bytes([two[0], two[1]]))).collect()
}

/// What this decoder makes of a fixture, and what `FFmpeg` made of it.
fn decoded(name: &str) -> (WavSummary, Vec<i32>, Vec<i32>) {
    let read =
        |kind| std::fs::read(format!("{}/fixtures/mp3/{name}.{kind}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let mut out = Cursor::new(Vec::new());
    let summary = decode_to_wav(&read("mp3"), &mut out).unwrap();
    (summary, samples(&out.get_ref()[44..]), samples(&read("s16")))
}

#[test]
fn mp3_decodes_as_ffmpeg_does_to_the_last_bit_or_next_to_it() {
    println!("{:<16}{:>9}{:>10}{:>10}{:>8}", "kind", "samples", "differ", "most", "RMS");
    // Name, samples a second, channels, and samples that the encoder was given, where it wrote that down.
    for (name, rate, channels, given) in [
        ("8k-cbr-mono", 8_000, 1, None),
        ("8k-cbr-loud", 8_000, 1, None),
        ("11k-vbr-stereo", 11_025, 2, Some(3_859)),
        ("16k-cbr-mono", 16_000, 1, None),
        ("16k-vbr-mono", 16_000, 1, Some(9_600)),
        ("22k-cbr-joint", 22_050, 2, None),
        ("44k-vbr-joint", 44_100, 2, Some(8_820)),
        ("44k-cbr-mono", 44_100, 1, Some(8_820)),
    ] {
        let (summary, ours, theirs) = decoded(name);
        assert_eq!((summary.rate, summary.channels), (rate, channels), "{name}");
        assert_eq!(ours.len(), theirs.len(), "{name}");
        if let Some(given) = given {
            assert_eq!(ours.len(), given * usize::from(channels), "{name}");
        }
        assert!(theirs.iter().any(|sample| sample.abs() > 8_000), "{name} is sound, not silence");
        let apart: Vec<i32> = ours.iter().zip(&theirs).map(|(ours, theirs)| (ours - theirs).abs()).collect();
        let most = apart.iter().copied().max().unwrap();
        let differ = apart.iter().filter(|apart| **apart > 0).count();
        let rms =
            (apart.iter().map(|apart| f64::from(*apart).powi(2)).sum::<f64>() / apart.len() as f64).sqrt();
        println!("{name:<16}{:>9}{differ:>10}{most:>10}{rms:>8.4}", apart.len());
        assert!(most <= 1, "{name}: {most} steps apart");
        // Next to it is the exception: rounding of what lies between two steps.
        assert!(rms < 0.2, "{name}: {rms}");
    }
}

#[test]
fn what_overshoots_is_clipped_and_never_wraps_around() {
    let (_, ours, theirs) = decoded("8k-cbr-loud");
    let clipped = |samples: &[i32]| samples.iter().filter(|s| [-32_768, 32_767].contains(*s)).count();
    assert!(clipped(&theirs) > 50, "{}", clipped(&theirs));
    assert_eq!(clipped(&ours), clipped(&theirs));
}
