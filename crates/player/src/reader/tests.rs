use super::*;
use crate::source::ByteSource;
use crate::testing::{Arriving, fixture};

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
            // GSM's long memory leaves a trace of where decoding began, far below the speech.
            let allowed = if name.starts_with("speech.") || name.ends_with("wav") { 0.004 } else { 1e-5 };
            assert!(apart <= allowed, "{name} at {target}: {apart}");
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
    assert!(differ(&samples, &whole[target as usize..]) < 1e-5);
    assert_eq!(samples.len(), whole.len() - target as usize);
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
