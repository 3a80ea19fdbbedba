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

/// The loudest second.
fn loudest(samples: &[f64], rate: u32) -> f64 {
    samples.chunks(rate as usize).map(rms).fold(0.0, f64::max)
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
        assert!(samples == decoded(&bytes[start as usize..]).unwrap().1, "{name}");
        assert!((0.03..0.3).contains(&rms(&samples)), "{name}: {}", rms(&samples));
    }
}

#[test]
fn mp3_in_riff_is_mp3() {
    let (summary, samples) = heard("mp3-in-riff.mp3");
    assert_eq!((summary.rate, summary.channels, summary.truncated), (8_000, 1, false));
    assert!((summary.seconds - CALL_SECS).abs() < 1e-6, "{} s", summary.seconds);
    assert!(samples == decoded(&fixture("mp3-in-riff.mp3")[70..]).unwrap().1);
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
    assert!(samples == written);
}

#[test]
fn what_lies_behind_the_sound_of_a_wav49_is_not_decoded() {
    let bytes = fixture("wav49-chunk-after.gsm");
    let (summary, samples) = heard("wav49-chunk-after.gsm");
    assert_eq!((summary.seconds, summary.truncated), (12.0, false));
    assert!(samples == decoded(&bytes[..60 + 19_500]).unwrap().1);
}

/// The frame before which the mark is missing is silent; every other sample is where it belongs.
#[test]
fn one_bad_frame_costs_itself() {
    let bytes = fixture("one-bad-frame.gsm");
    let (summary, samples) = heard("one-bad-frame.gsm");
    assert_eq!((summary.seconds, summary.truncated), (12.0, false));
    assert_eq!(rms(&samples[30 * 160..31 * 160]), 0.0);
    // Up to there as ever, and the same speech behind it once the decoder's memory has worn off.
    assert!(samples[..30 * 160] == decoded(&bytes[..30 * 33]).unwrap().1[..]);
    let mended = [&bytes[..30 * 33], &[0xD0 | (bytes[30 * 33] & 15)], &bytes[30 * 33 + 1..]].concat();
    let whole = decoded(&mended).unwrap().1;
    let off: Vec<f64> = samples[60 * 160..].iter().zip(&whole[60 * 160..]).map(|(a, b)| a - b).collect();
    assert!(rms(&off) < 0.02 * rms(&whole), "{} of {}", rms(&off), rms(&whole));
}

#[test]
fn behind_a_cut_frame_the_frames_are_found_again() {
    let bytes = fixture("appended-after-cut-frame.gsm");
    let (summary, samples) = heard("appended-after-cut-frame.gsm");
    // 26,410 bytes: 800 frames, and the ten bytes of the cut one, which is 20 ms of silence.
    assert!((summary.seconds - 16.02).abs() < 0.021, "{} s", summary.seconds);
    let cut = 200 * 160;
    assert_eq!(rms(&samples[cut..cut + 160]), 0.0, "the cut frame");
    let (before, after) =
        (decoded(&bytes[..200 * 33]).unwrap().1, decoded(&bytes[200 * 33 + 10..]).unwrap().1);
    assert!(samples[..cut] == before[..]);
    let apart: Vec<f64> =
        samples[cut + 8_000..].iter().zip(&after[8_000 - 160..]).map(|(a, b)| a - b).collect();
    assert!(rms(&apart) < 0.05 * rms(&after), "{} of {}", rms(&apart), rms(&after));
    let before = loudest(&before, 8_000).max(loudest(&after, 8_000));
    assert!(loudest(&samples, 8_000) <= 1.05 * before, "{} instead of {before}", loudest(&samples, 8_000));
}

/// A-law without a header: half of its bytes look like the beginning of a frame.
#[test]
fn headerless_a_law_is_refused_in_words() {
    let bytes = fixture("alaw.gsm");
    let error = decoded(&bytes).unwrap_err();
    assert_eq!(error.code(), "notAudio");
    assert!(error.to_string().contains("A-law"), "{error}");
    // From anywhere in it, too: it does not have to begin with silence.
    for from in (0..bytes.len() - 20_000).step_by(7_777) {
        assert!(decoded(&bytes[from..]).is_err(), "from {from} on");
    }
}

/// A pitch of its own for each part: an announcement of 44.1 kHz, then a call of 8 kHz.
#[test]
fn a_rate_that_changes_midway_keeps_both_parts() {
    let bytes = fixture("rate-change.mp3");
    let (summary, samples) = heard("rate-change.mp3");
    assert_eq!((summary.rate, summary.channels, summary.truncated), (44_100, 1, false));
    let (first, second) = (decoded(&bytes[..24_241]).unwrap(), decoded(&bytes[24_241..]).unwrap());
    let due = first.0.seconds + second.0.seconds;
    assert!((summary.seconds - due).abs() < 1e-3, "{} instead of {due} s", summary.seconds);
    assert!((summary.seconds - 15.1).abs() < 0.15, "{} s", summary.seconds);
    assert!(samples[..first.1.len()] == first.1[..], "the announcement");
    // Second by second as loud as the call alone.
    let call = samples[first.1.len()..].chunks(44_100).map(rms);
    for (at, (ours, alone)) in call.zip(second.1.chunks(8_000).map(rms)).enumerate() {
        assert!((ours - alone).abs() < 0.02 * alone + 1e-3, "second {at}: {ours} instead of {alone}");
    }
    // The call has nothing above its own 4 kHz, and its zero crossings come at the same pace.
    let crossings = |samples: &[f64]| samples.windows(2).filter(|two| two[0] * two[1] < 0.0).count() as f64;
    let (ours, alone) = (crossings(&samples[first.1.len()..]), crossings(&second.1));
    assert!((ours / alone - 1.0).abs() < 0.1, "{ours} crossings instead of {alone}");
}
