//! Recordings as recorders, converters and web servers really leave them: wrapped, padded, cut, joined, or not what their
//! name says. Each is heard for what it is, or refused in words; none is noise.
#![expect(clippy::unwrap_used, reason = "test code: a fixture that cannot be read fails the test")]

use std::io::Cursor;

use atalaya_player::container::{self, Contained, Extent, Format, Look};
use atalaya_player::{Error, WavSummary, decode_to_wav};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/fixtures/damaged/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// What is heard of it, -1 to 1.
fn decoded(bytes: &[u8]) -> Result<(WavSummary, Vec<f64>), Error> {
    let mut out = Cursor::new(Vec::new());
    let summary = decode_to_wav(bytes, &mut out)?;
    let samples = out.get_ref()[44..].chunks_exact(2);
    let samples = samples.map(|two| f64::from(i16::from_le_bytes([two[0], two[1]])) / 32_768.0).collect();
    Ok((summary, samples))
}

fn heard(name: &str) -> (WavSummary, Vec<f64>) {
    decoded(&fixture(name)).unwrap()
}

fn rms(samples: &[f64]) -> f64 {
    (samples.iter().map(|sample| sample * sample).sum::<f64>() / samples.len() as f64).sqrt()
}

/// 169 frames of 72 ms, of a call of twelve seconds.
const CALL_SECS: f64 = 12.168;

/// What lies in front of the sound is stepped over, however much it is, and the call is the call without it.
#[test]
fn the_sound_behind_tags_and_padding_is_found() {
    for (name, start) in [
        ("tag-with-padding.mp3", 6_028),
        ("tag-size-not-synchsafe.mp3", 20_033),
        ("zeros-in-front.mp3", 4_608),
    ] {
        let bytes = fixture(name);
        let sound = Extent { start, end: None };
        let due = Look::Sound(Contained { format: Format::Mp3, sound });
        assert_eq!(container::look(&bytes, true), due, "{name}");
        let (summary, samples) = heard(name);
        assert_eq!((summary.rate, summary.channels, summary.truncated), (8_000, 1, false), "{name}");
        assert!((summary.seconds - CALL_SECS).abs() < 1e-6, "{name}: {} s", summary.seconds);
        assert_eq!(samples, decoded(&bytes[start as usize..]).unwrap().1, "{name}");
        assert!((0.03..0.3).contains(&rms(&samples)), "{name}: {}", rms(&samples));
    }
}

#[test]
fn mp3_in_riff_is_mp3() {
    let (summary, samples) = heard("mp3-in-riff.mp3");
    assert_eq!((summary.rate, summary.channels, summary.truncated), (8_000, 1, false));
    assert!((summary.seconds - CALL_SECS).abs() < 1e-6, "{} s", summary.seconds);
    assert_eq!(samples, decoded(&fixture("mp3-in-riff.mp3")[70..]).unwrap().1);
}

#[test]
fn pcm_in_riff_is_played_as_it_is() {
    let (summary, samples) = heard("pcm-wav.mp3");
    assert_eq!((summary.rate, summary.channels, summary.truncated), (8_000, 1, false));
    assert_eq!(summary.seconds, 12.0);
    let written = fixture("pcm-wav.mp3")[44..]
        .chunks_exact(2)
        .map(|two| f64::from(i16::from_le_bytes([two[0], two[1]])) / 32_768.0)
        .collect::<Vec<_>>();
    assert_eq!(samples, written);
}

#[test]
fn what_lies_behind_the_sound_of_a_wav49_is_not_decoded() {
    let bytes = fixture("wav49-chunk-after.gsm");
    let (summary, samples) = heard("wav49-chunk-after.gsm");
    assert_eq!((summary.seconds, summary.truncated), (12.0, false));
    assert_eq!(samples, decoded(&bytes[..60 + 19_500]).unwrap().1);
}
