//! The same through the codecs recordings come in.

use std::sync::atomic::AtomicBool;

use oxideav_gsm::EncoderState;

use super::*;
use crate::source::Memory;
use crate::testing::{Arriving, fixture};
use crate::{gsm, peaks};

fn report(bytes: Vec<u8>) -> SoundReport {
    peaks::measure(&Memory::new(bytes), &AtomicBool::new(false)).unwrap()
}

/// Whole frames of GSM.
fn as_gsm(pcm: &[f32]) -> Vec<u8> {
    let mut encoder = EncoderState::new();
    let frames = pcm.chunks_exact(gsm::FRAME_SAMPLES).map(|frame| {
        let pcm = std::array::from_fn(|at| (frame[at] * 32_000.0) as i16);
        encoder.encode_frame(&pcm)
    });
    frames.flat_map(|frame| frame.to_gsm_byte_frame()).collect()
}

/// Frames of 8 kHz MP3 at 16 kbit/s in which no bit says anything, 72 ms each.
fn silent_mp3(frames: usize) -> Vec<u8> {
    let mut frame = [0_u8; 144];
    frame[..4].copy_from_slice(&fixture("speech8k.mp3")[..4]);
    frame.repeat(frames)
}

#[test]
fn silence_in_mp3_is_as_long_as_it_is() {
    let speech = fixture("speech8k.mp3");
    let whole = speech.len() / 144 * 144;
    let alone = report(speech[..whole].to_vec()).figures;
    assert_eq!((alone.silence_secs, alone.hold_secs, alone.clipped_secs), (0.0, 0.0, 0.0));
    let report = report([&speech[..whole], &silent_mp3(500), &speech[..whole]].concat());
    near(report.figures.measured_secs, 2.0 * alone.measured_secs + 36.0, 0.1);
    // Its speech begins and ends with a moment of silence of its own.
    near(report.figures.longest_silence_secs, 36.5, 0.7);
    near(f64::from(report.figures.level_db.unwrap()), f64::from(alone.level_db.unwrap()), 0.5);
    assert!(report.figures.whole);
}

#[test]
fn gsm_is_heard_like_what_it_was_made_of() {
    let cut: Vec<f32> = tone(1.0, 300.0, 1.8).iter().map(|one| one.clamp(-1.0, 1.0)).collect();
    let pcm = [speech(10.0, 0.4), silence(12.0), music(15.0, 0.4), speech(9.0, 0.4), cut, speech(3.0, 0.4)]
        .concat();
    let (plain, coded) = (measured(&pcm, 1), report(as_gsm(&pcm)));
    assert_eq!(tenths(&plain, SoundKind::Silence), [(100, 220)]);
    let (a, b) = (&plain.figures, &coded.figures);
    near(b.measured_secs, a.measured_secs, 0.05);
    near(b.longest_silence_secs, 12.0, 0.1);
    near(b.hold_secs, a.hold_secs, 1.0);
    near(a.hold_secs, 15.0, 1.2);
    near(f64::from(b.level_db.unwrap()), f64::from(a.level_db.unwrap()), 1.0);
}

#[test]
fn a_tone_in_mp3_has_its_level() {
    let bytes = fixture("tone8k.mp3");
    let bars = peaks::waveform(&bytes, 20).unwrap();
    // A sine, away from what the encoder adds at both ends: its RMS is 3 dB below its peak.
    let peak = bars[10..110].iter().map(|bar| f64::from(*bar) / 255.0).sum::<f64>() / 100.0;
    near(f64::from(report(bytes).figures.level_db.unwrap()), 20.0 * peak.log10() - 3.0, 0.6);
}

#[test]
fn one_that_breaks_off_says_how_much_was_measured() {
    let gsm = as_gsm(&speech(20.0, 0.4));
    let source = Arriving::new(gsm.clone());
    source.arrive(0, gsm.len() as u64 / 2);
    source.cut_off();
    let half = peaks::measure(&source, &AtomicBool::new(false)).unwrap().figures;
    near(half.measured_secs, 10.0, 0.05);
    assert!(!half.whole && report(gsm.clone()).figures.whole);
    let lost = Arriving::new(gsm.clone());
    lost.arrive(0, gsm.len() as u64 / 4);
    lost.give_up();
    let quarter = peaks::measure(&lost, &AtomicBool::new(false)).unwrap().figures;
    assert!(!quarter.whole);
    // What is decoded last waits for the frames behind it, which say where the sound ends: a fifth of a second.
    near(quarter.measured_secs, 4.8, 0.05);
    assert_eq!(peaks::measure(&lost, &AtomicBool::new(true)), None, "nobody wants to know any more");
}

#[test]
fn it_is_the_same_with_the_waveform_and_without() {
    for name in ["speech8k.mp3", "speech.gsm", "stereo44k.mp3", "speech49.wav"] {
        let bytes = fixture(name);
        let source = Arriving::whole(bytes.clone());
        let beside =
            peaks::follow(crate::reader::Reader::new(), &source, &AtomicBool::new(false), || (), drop);
        assert_eq!(beside, Some(report(bytes)), "{name}");
    }
}
