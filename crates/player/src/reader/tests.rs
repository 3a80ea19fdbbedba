use oxideav_gsm::UnpackedFrame;
use proptest::prelude::*;

use super::*;
use crate::source::ByteSource;
use crate::testing::{Arriving, fixture, steady_tone};

/// Every sample from where the reader is, and the position of the first.
fn read(reader: &mut Reader, input: &(impl Input + ?Sized), most: usize) -> (Option<u64>, Vec<f32>) {
    let (mut first, mut samples) = (None, Vec::new());
    loop {
        match reader.step(input).unwrap() {
            Step::Pcm(at) => {
                first.get_or_insert(at);
                samples.extend_from_slice(reader.pcm());
            }
            Step::Worked => {}
            Step::Wait(_) | Step::End => break,
        }
        if samples.len() >= most {
            break;
        }
    }
    (first, samples)
}

fn differ(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn a_seek_lands_on_the_very_sample() {
    for name in ["speech8k.mp3", "vbr.mp3", "stereo44k.mp3", "speech.gsm", "speech49.wav"] {
        let bytes = fixture(name);
        let input: &[u8] = &bytes;
        let (start, whole) = read(&mut Reader::new(Format::Sniff), &input, usize::MAX);
        assert_eq!(start, Some(0), "{name}");
        let mut reader = Reader::new(Format::Sniff);
        read(&mut reader, &input, 1);
        let channels = usize::from(reader.shape().unwrap().1);
        let frames = whole.len() / channels;
        // Backwards and forwards, on frame edges and off them, the very first and the very last.
        let mut targets: Vec<usize> = (0..40).map(|n| (n * 7919 * 31) % frames).collect();
        targets.extend([0, 1, 575, 576, 577, 1152, frames - 1]);
        for target in targets {
            reader.seek(target as u64);
            let (first, samples) = read(&mut reader, &input, 3000 * channels);
            assert_eq!(first, Some(target as u64), "{name}");
            let apart = differ(&samples, &whole[target * channels..]);
            assert_eq!(apart, 0.0, "{name} at {target}");
        }
        reader.seek(frames as u64 + 5);
        assert_eq!(read(&mut reader, &input, 1).0, None, "{name}: past the end is the end");
    }
}

#[test]
fn a_seek_beyond_what_has_arrived_asks_for_the_right_bytes_and_is_exact() {
    let bytes = fixture("speech8k.mp3");
    let input: &[u8] = &bytes;
    let whole = read(&mut Reader::new(Format::Sniff), &input, usize::MAX).1;
    let source = Arriving::new(bytes.clone());
    source.arrive(0, 4096);
    let source: &dyn ByteSource = &source;
    let mut reader = Reader::new(Format::Mp3);
    read(&mut reader, source, 1000);
    let target = 8 * 8000;
    reader.seek(target);
    let asked = loop {
        match reader.step(source).unwrap() {
            Step::Wait(offset) => break offset,
            Step::Worked => {}
            other => panic!("{other:?}"),
        }
    };
    // 16 kbit/s: 2000 bytes a second, and a little before it for the decoder to warm up.
    assert!((14_000..16_000).contains(&asked), "{asked}");
    let far = Arriving::new(bytes);
    far.arrive(0, 4096);
    far.arrive(asked, u64::MAX);
    let far: &dyn ByteSource = &far;
    let (first, samples) = read(&mut reader, far, usize::MAX);
    assert_eq!(first, Some(target));
    assert!(samples[..] == whole[target as usize..]);
}

#[test]
fn duration_is_an_estimate_from_the_size_and_exact_once_indexed() {
    // Name, seconds, how near the estimate has to be.
    for (name, within) in
        [("speech8k.mp3", 0.08), ("vbr.mp3", 0.08), ("stereo44k.mp3", 0.03), ("speech.gsm", 0.0)]
    {
        let bytes = fixture(name);
        let total = bytes.len() as u64;
        let source = Arriving::new(bytes);
        source.arrive(0, 6000);
        let partly: &dyn ByteSource = &source;
        let mut reader = Reader::new(Format::Sniff);
        read(&mut reader, partly, 1);
        let (estimate, exact) = reader.duration(Some(total)).unwrap();
        assert_eq!(exact, name.ends_with("gsm"), "{name}");
        source.arrive(0, total);
        let whole: &dyn ByteSource = &source;
        while reader.walk_on(whole).unwrap() != Answer::End {}
        let (seconds, exact) = reader.duration(Some(total)).unwrap();
        assert!(exact, "{name}");
        assert!((seconds - estimate).abs() <= within, "{name}: {estimate} then {seconds}");
    }
}

#[test]
fn what_is_not_sound_is_refused_with_its_reason() {
    let table: &[(&[u8], Format, &str)] = &[
        (b"", Format::Mp3, "empty"),
        (b"<html><body>404</body></html>", Format::Mp3, "notAudio"),
        (b"\xFF\xE3\x28\xC4", Format::Mp3, "tooShort"),
        (b"\xD1\x02", Format::Gsm, "tooShort"),
        (&[7; 3000], Format::Mp3, "notAudio"),
        (&[7; 3000], Format::Gsm, "notAudio"),
        (b"ID3\x03\0\0\0\0\0\x05hello", Format::Mp3, "tooShort"),
        (b"RIFF\0\0\0\0WAVEdata\0\0\0\0", Format::Gsm, "notAudio"),
    ];
    for (bytes, hint, code) in table {
        let mut reader = Reader::new(*hint);
        let error = loop {
            match reader.step(bytes) {
                Ok(Step::Worked) => {}
                Ok(other) => panic!("{other:?} for {bytes:?}"),
                Err(error) => break error,
            }
        };
        assert_eq!(error.code(), *code, "{bytes:?}");
    }
}

/// Speech and then a tone, long enough for several checkpoints, in either wrapping.
fn long_gsm(wav49: bool) -> Vec<u8> {
    let speech = fixture("speech.gsm");
    let spoken: Vec<_> = speech
        .chunks_exact(gsm::FRAME_BYTES)
        .map(|frame| UnpackedFrame::from_gsm_byte_frame(frame).unwrap())
        .collect();
    let frames = [spoken.repeat(2), steady_tone(14)].concat();
    if !wav49 {
        return frames.iter().flat_map(UnpackedFrame::to_gsm_byte_frame).collect();
    }
    let header = &fixture("speech49.wav")[..60];
    let blocks = frames.chunks_exact(2).flat_map(|two| UnpackedFrame::pair_to_msgsm_block(&two[0], &two[1]));
    header.iter().copied().chain(blocks).collect()
}

/// Decoded once from the start: the recording, its samples, and a reader that knows the way as the player's does.
fn known(wav49: bool) -> (Vec<u8>, Vec<f32>, Reader) {
    let bytes = long_gsm(wav49);
    let player = Reader::prompt(Format::Sniff);
    let (_, whole) = read(&mut player.beside(), &&bytes[..], usize::MAX);
    assert!(whole.len() > 20 * 8000, "{}", whole.len());
    (bytes, whole, player)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// To the bit, in speech and in the tone, with and without what another reader has learned of the way.
    #[test]
    fn gsm_sounds_the_same_after_any_seek(
        wav49: bool,
        alone: bool,
        seeks in prop::collection::vec((0.0..1.0_f64, 1..20_000_usize), 1..12),
    ) {
        let (bytes, whole, mut reader) = known(wav49);
        if alone {
            reader = Reader::prompt(Format::Sniff);
        }
        for (place, most) in seeks {
            let target = (place * whole.len() as f64) as usize;
            reader.seek(target as u64);
            let (first, samples) = read(&mut reader, &&bytes[..], most);
            prop_assert_eq!(first, Some(target as u64));
            prop_assert!(samples[..] == whole[target..target + samples.len()], "at {}", target);
        }
    }
}

#[test]
fn gsm_ahead_of_its_bytes_sounds_at_once_and_becomes_exact_when_the_way_is_known() {
    let (bytes, whole, _) = known(false);
    let (total, target) = (bytes.len() as u64, 12 * 8000);
    let source = Arriving::new(bytes);
    source.arrive(0, 4000);
    source.arrive(11 * 1650, total);
    let input: &dyn ByteSource = &source;
    let mut reader = Reader::prompt(Format::Gsm);
    let mut other = reader.beside();
    reader.seek(target);
    let (first, begun) = read(&mut reader, input, 8000);
    assert_eq!(first, Some(target));
    assert!(
        begun[..] != whole[target as usize..][..begun.len()],
        "in the middle of the tone, without its beginning"
    );
    // The rest arrives, and the waveform comes by.
    source.arrive(0, total);
    read(&mut other, input, usize::MAX);
    let rest = read(&mut reader, input, usize::MAX).1;
    let (joined, at) = (&whole[15 * 8000..], target as usize + begun.len() + rest.len());
    assert_eq!(at, whole.len());
    assert!(&rest[rest.len() - joined.len()..] == joined, "from the next fifth second on");
    // Somebody with time waits for the bytes instead.
    let source = Arriving::new(long_gsm(false));
    source.arrive(11 * 1650, total);
    let mut patient = Reader::new(Format::Gsm);
    patient.seek(target);
    assert_eq!(patient.step(&source as &dyn ByteSource).unwrap(), Step::Wait(0));
    source.arrive(0, 4000);
    assert_eq!(read(&mut patient, &source as &dyn ByteSource, 1).0, None, "bytes are still missing");
    source.arrive(0, total);
    let (first, samples) = read(&mut patient, &source as &dyn ByteSource, 8000);
    assert_eq!(first, Some(target));
    assert!(samples[..] == whole[target as usize..][..samples.len()]);
}

#[test]
fn the_way_to_a_second_is_decoded_once() {
    let (bytes, whole, mut reader) = known(true);
    reader.seek(19 * 8000 + 7);
    let mut steps = 0;
    while !matches!(reader.step(&&bytes[..]).unwrap(), Step::Pcm(_)) {
        steps += 1;
    }
    // Five seconds at most, of 25 blocks each, although nothing of it was ever played.
    assert!(steps <= 5 * 25 + 3, "{steps}");
    assert!(whole.len() > 19 * 8000);
}
