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
                samples.extend_from_slice(reader.pcm().samples);
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

/// Goes to many places of a recording, and asks that every sample be what decoding from the start makes of it.
fn lands(name: &str) {
    let bytes = fixture(name);
    let input: &[u8] = &bytes;
    let (start, whole) = read(&mut Reader::new(), &input, usize::MAX);
    assert_eq!(start, Some(0), "{name}");
    let mut reader = Reader::new();
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

#[test]
fn a_seek_lands_on_the_very_sample() {
    for name in ["speech8k.mp3", "vbr.mp3", "stereo44k.mp3", "speech.gsm", "speech49.wav"] {
        lands(name);
    }
}

#[test]
fn a_seek_in_what_is_wrapped_lands_on_the_very_sample() {
    for name in ["damaged/pcm-wav.mp3", "damaged/mp3-in-riff.mp3"] {
        lands(name);
    }
}

#[test]
fn a_seek_in_what_is_damaged_lands_on_the_very_sample() {
    for name in
        ["damaged/one-bad-frame.gsm", "damaged/appended-after-cut-frame.gsm", "damaged/rate-change.mp3"]
    {
        lands(name);
    }
}

/// A call behind an announcement of another rate: its place cannot be computed, so it is waited for, and never missed.
#[test]
fn a_seek_ahead_of_the_bytes_into_another_rate_waits_for_the_way_there() {
    let bytes = fixture("damaged/rate-change.mp3");
    let whole = read(&mut Reader::new(), &&bytes[..], usize::MAX).1;
    let len = bytes.len() as u64;
    let source = Arriving::new(bytes);
    source.arrive(0, 9_000);
    let input: &dyn ByteSource = &source;
    let mut reader = Reader::prompt();
    read(&mut reader, input, 1);
    let target = 4 * 44_100;
    reader.seek(target);
    // What is asked for comes first, and is of no use.
    let mut step = reader.step(input).unwrap();
    while step == Step::Worked {
        step = reader.step(input).unwrap();
    }
    let Step::Wait(asked) = step else { panic!("{step:?}") };
    source.arrive(asked, len);
    assert_eq!(read(&mut reader, input, 1).0, None, "the way there is missing");
    source.arrive(0, len);
    let (first, samples) = read(&mut reader, input, usize::MAX);
    assert_eq!(first, Some(target));
    assert!(samples[..] == whole[target as usize..]);
}

/// Three files put together, each at its own pitch, as long as they are together.
#[test]
fn files_put_together_are_heard_one_after_the_other() {
    let names = ["tone8k.mp3", "mp3/44k-cbr-mono.mp3", "mp3/16k-cbr-mono.mp3", "tone8k.mp3"];
    let parts: Vec<Vec<u8>> = names.iter().map(|name| fixture(name)).collect();
    let joined = parts.concat();
    let mut reader = Reader::new();
    let samples = read(&mut reader, &&joined[..], usize::MAX).1;
    let frames: f64 = [85.0 * 0.072, 10.0 * 0.026_122, 19.0 * 0.036, 85.0 * 0.072].iter().sum();
    let secs = samples.len() as f64 / 8000.0;
    assert_eq!(reader.duration(Some(joined.len() as u64)), Some((secs, true)));
    assert!((secs - frames).abs() < 0.5, "{secs} instead of {frames}");
    // The first is as ever, the last one's tone has its pitch.
    let first = read(&mut Reader::new(), &&parts[0][..], usize::MAX).1;
    assert!(samples[..first.len()] == first[..]);
    let pitch = |samples: &[f32]| samples.windows(2).filter(|two| two[0] < 0.0 && two[1] >= 0.0).count();
    let last = &samples[samples.len() - 5 * 8000..][..4 * 8000];
    assert!(pitch(last).abs_diff(pitch(&first[8000..5 * 8000])) <= 2, "{} crossings", pitch(last));
}

/// What was cut out of an MP3 costs the frame it was cut out of, and those that lean on it: no noise is made of them.
#[test]
fn a_cut_in_mp3_is_silence_and_no_noise() {
    let bytes = fixture("speech8k.mp3");
    let whole = read(&mut Reader::new(), &&bytes[..], usize::MAX).1;
    let loudest = whole.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
    for at in (2_000..18_000).step_by(1_117) {
        for gone in [1, 40, 143, 145, 700] {
            let cut = [&bytes[..at], &bytes[at + gone..]].concat();
            let samples = read(&mut Reader::new(), &&cut[..], usize::MAX).1;
            let lost = whole.len() - samples.len();
            assert!(lost <= 576 * (2 + gone / 144), "{lost} samples for {gone} bytes at {at}");
            let peak = samples.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
            assert!(peak <= loudest * 1.1, "{peak} after {gone} bytes at {at}, {loudest} before");
        }
    }
}

/// The same sound however the bytes arrive; and ahead of them, behind the cut, it is sound or silence and in its place.
#[test]
fn a_cut_in_gsm_is_found_while_the_bytes_arrive() {
    let bytes = fixture("damaged/appended-after-cut-frame.gsm");
    let whole = read(&mut Reader::new(), &&bytes[..], usize::MAX).1;
    let source = Arriving::new(bytes.clone());
    let input: &dyn ByteSource = &source;
    let (mut reader, mut samples) = (Reader::prompt(), Vec::new());
    for end in (1_000..bytes.len() as u64 + 997).step_by(997) {
        source.arrive(0, end);
        samples.extend(read(&mut reader, input, usize::MAX).1);
    }
    assert!(samples == whole);
    assert_eq!(reader.duration(Some(bytes.len() as u64)), Some((whole.len() as f64 / 8000.0, true)));
    let source = Arriving::new(bytes.clone());
    source.arrive(0, 4_000);
    source.arrive(9_000, bytes.len() as u64);
    let input: &dyn ByteSource = &source;
    let mut reader = Reader::prompt();
    reader.seek(6 * 8000);
    let (first, ahead) = read(&mut reader, input, usize::MAX);
    assert_eq!(first, Some(6 * 8000));
    let power = |samples: &[f32]| samples.iter().map(|sample| sample * sample).sum::<f32>();
    let (ours, due) = (power(&ahead), power(&whole[6 * 8000..]));
    assert!((ours / due - 1.0).abs() < 0.05, "{ours} instead of {due}");
}

/// Of samples one by one, every one is heard, also those of a piece that is not a whole one.
#[test]
fn samples_one_by_one_end_where_they_end() {
    let bytes = fixture("damaged/pcm-wav.mp3");
    for (cut, samples) in [(0, 96_000), (1, 95_999), (2, 95_999), (200, 95_900)] {
        let cut = &bytes[..bytes.len() - cut];
        let mut reader = Reader::new();
        assert_eq!(read(&mut reader, &cut, usize::MAX).1.len(), samples);
        assert_eq!(reader.duration(Some(cut.len() as u64)), Some((samples as f64 / 8000.0, true)));
        assert_eq!(reader.truncated(Some(cut.len() as u64)), samples < 96_000);
        // Of an unknown length, and no more to come.
        let source = Arriving::whole(cut.to_vec());
        source.forget_total();
        source.cut_off();
        let source: &dyn ByteSource = &source;
        assert_eq!(read(&mut Reader::new(), source, usize::MAX).1.len(), samples);
    }
}

#[test]
fn a_seek_beyond_what_has_arrived_asks_for_the_right_bytes_and_is_exact() {
    let bytes = fixture("speech8k.mp3");
    let input: &[u8] = &bytes;
    let whole = read(&mut Reader::new(), &input, usize::MAX).1;
    let source = Arriving::new(bytes.clone());
    source.arrive(0, 4096);
    let source: &dyn ByteSource = &source;
    let mut reader = Reader::new();
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
        let mut reader = Reader::new();
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
    let table: &[(&[u8], &str)] = &[
        (b"", "empty"),
        (b"<html><body>404</body></html>", "notAudio"),
        (b"\xFF\xE3\x28\xC4", "tooShort"),
        (b"\xD1\x02", "tooShort"),
        (&[7; 3000], "notAudio"),
        (b"ID3\x03\0\0\0\0\0\x05hello", "tooShort"),
        (b"ID3\x03\0\0\x7F\x7F\x7F\x7Fhello", "tooShort"),
        (b"RIFF\0\0\0\0WAVEdata\0\0\0\0", "notAudio"),
    ];
    for (bytes, code) in table {
        let mut reader = Reader::new();
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

/// A recorder's note behind the sound, and half of the sound lost: neither makes another sound of what is there.
#[test]
fn the_sound_ends_where_its_wrapping_says() {
    let bytes = fixture("speech49.wav");
    let whole = read(&mut Reader::new(), &&bytes[..], usize::MAX).1;
    let noted = [&bytes[..], b"LIST\x40\x01\0\0INFO", &[0x5A; 316]].concat();
    let mut reader = Reader::new();
    assert!(read(&mut reader, &&noted[..], usize::MAX).1 == whole);
    let total = Some(noted.len() as u64);
    assert_eq!(reader.duration(total), Some((whole.len() as f64 / 8000.0, true)));
    assert!(!reader.truncated(total));
    let mut reader = Reader::new();
    let cut = &bytes[..60 + 65 * 20 + 9];
    assert!(read(&mut reader, &cut, usize::MAX).1 == whole[..320 * 20]);
    assert!(reader.truncated(Some(cut.len() as u64)));
    // Of an unknown length, and still arriving: as far as it goes.
    let source = Arriving::new(noted);
    source.forget_total();
    source.arrive(0, 60 + 65 * 30);
    let source: &dyn ByteSource = &source;
    let mut reader = Reader::new();
    assert!(read(&mut reader, source, usize::MAX).1 == whole[..320 * 30]);
    assert_eq!(reader.duration(None), None);
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
    let pair = |two: &[UnpackedFrame]| UnpackedFrame::pair_to_msgsm_block(&two[0], &two[1]);
    let blocks: Vec<u8> = frames.chunks_exact(2).flat_map(pair).collect();
    let mut bytes = fixture("speech49.wav")[..60].to_vec();
    bytes[56..].copy_from_slice(&(blocks.len() as u32).to_le_bytes());
    bytes.extend(blocks);
    bytes
}

/// Decoded once from the start: the recording, its samples, and a reader that knows the way as the player's does.
fn known(wav49: bool) -> (Vec<u8>, Vec<f32>, Reader) {
    let bytes = long_gsm(wav49);
    let player = Reader::prompt();
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
            reader = Reader::prompt();
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
    let mut reader = Reader::prompt();
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
    let mut patient = Reader::new();
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
