use proptest::prelude::*;

use super::*;
use crate::source::ByteSource;
use crate::testing::{Arriving, fixture};

/// A tag of so many bytes.
fn tag(size: usize) -> Vec<u8> {
    let body = size - 10;
    let sizes: [u8; 4] = std::array::from_fn(|at| (body >> (7 * (3 - at)) & 0x7F) as u8);
    [b"ID3\x03\0\0", &sizes[..], &vec![0; body]].concat()
}

/// A WAV49 with a chunk of so many bytes before the sound, and a size of the sound that a recorder wrote or did not.
fn wav49(before: usize, size: Option<u32>) -> Vec<u8> {
    let bytes = fixture("speech49.wav");
    let size = size.map_or(bytes[56..60].to_vec(), |size| size.to_le_bytes().to_vec());
    let note = [b"LIST", &(before as u32).to_le_bytes()[..], &vec![7; before + (before & 1)]].concat();
    [&bytes[..52], &note, b"data", &size, &bytes[60..]].concat()
}

/// A WAV of this kind, channels, samples a second and bits.
fn pcm(format: &[u32; 4], sound: &[u8]) -> Vec<u8> {
    let [kind, channels, rate, bits] = format.map(u32::to_le_bytes);
    let size = (sound.len() as u32).to_le_bytes();
    let head = [b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0", &kind[..2], &channels[..2], &rate].concat();
    [&head, &[0; 6][..], &bits[..2], b"data", &size, sound].concat()
}

fn at(format: Format, start: u64, end: Option<u64>) -> Look {
    Look::Sound(Contained { format, sound: Extent { start, end } })
}

/// The same, its size written as a plain number, as some programs do.
fn plain_tag(size: usize) -> Vec<u8> {
    [b"ID3\x03\0\0", &((size - 10) as u32).to_be_bytes()[..], &noise(3, size - 10)].concat()
}

/// A frame of AAC in so many bytes.
fn adts(size: usize) -> Vec<u8> {
    let header =
        [0xFF, 0xF1, 0x6C, 0x40 | (size >> 11) as u8, (size >> 3) as u8, (size << 5) as u8 | 0x1F, 0xFC];
    [&header[..], &vec![0x21; size - 7]].concat()
}

/// A quiet tone as µ-law.
fn mu_law_tone() -> Vec<u8> {
    let loudness = |at: u32| (30.0 * (f64::from(at) * 0.2).sin()) as i8;
    (0..6_000)
        .map(loudness)
        .map(|loud| if loud < 0 { 0x7F - loud.unsigned_abs() } else { 0xFF - loud as u8 })
        .collect()
}

/// A format that is not played, by its name.
fn foreign(name: &'static str) -> Look {
    Look::Not(Instead::Foreign(Foreign { name, ending: "", words: "" }))
}

/// Of a format that is not played the name alone.
fn nameable(look: Look) -> Look {
    match look {
        Look::Not(Instead::Foreign(told)) => foreign(told.name),
        told => told,
    }
}

#[test]
fn every_kind_is_told_apart_and_where_its_sound_lies() {
    let narrow = fixture("tone8k.mp3");
    let behind = |tag: Vec<u8>, bytes: &[u8]| [&tag, bytes].concat();
    let twice = behind(tag(20), &behind(tag(300), &narrow));
    let junk = |len: usize| [&vec![0; len], &narrow[..]].concat();
    let header = pcm(&[1, 1, 8_000, 16], &[]);
    let played =
        |coding, start, end| at(Format::Sampled(Sampled { coding, rate: 8_000, channels: 1 }), start, end);
    let speech = fixture("speech.gsm");
    let table: &[(&str, Vec<u8>, Look)] = &[
        ("8 kHz", narrow.clone(), at(Format::Mp3, 0, None)),
        ("stereo", fixture("stereo44k.mp3"), at(Format::Mp3, 0, None)),
        ("variable rate", fixture("vbr.mp3"), at(Format::Mp3, 103, None)),
        ("a tag with a picture", behind(tag(40_000), &narrow), at(Format::Mp3, 40_000, None)),
        ("a tag too long to look behind", behind(tag(300_000), &narrow), at(Format::Mp3, 300_000, None)),
        ("two tags", twice, at(Format::Mp3, 320, None)),
        ("a tag, and padding nobody counted", behind(tag(20), &junk(5_000)), at(Format::Mp3, 5_020, None)),
        ("a tag before GSM", behind(tag(20), &speech), at(Format::Gsm, 20, None)),
        ("a tag before a page", behind(tag(20), b"<html>"), Look::Not(Instead::WebPage)),
        ("a tag alone", tag(20), Look::Not(Instead::TooShort)),
        ("a tag cut short", tag(200)[..100].to_vec(), Look::Not(Instead::TooShort)),
        ("a tag of nothing but zeros behind", behind(tag(20), &[0; 9_000]), Look::Not(Instead::Unknown)),
        (
            "a size written as a plain number",
            behind(plain_tag(40_000), &narrow),
            at(Format::Mp3, 40_000, None),
        ),
        (
            "a size beyond the end",
            behind(b"ID3\x03\0\0\0\x0F\0\0".to_vec(), &narrow),
            at(Format::Mp3, 10, None),
        ),
        ("a little padding", junk(333), at(Format::Mp3, 333, None)),
        ("much padding", junk(250_000), at(Format::Mp3, 250_000, None)),
        ("more padding than is looked through", junk(258_000), Look::Not(Instead::Unknown)),
        ("noise in front", [&noise(7, 90_000), &narrow[..]].concat(), at(Format::Mp3, 90_000, None)),
        (
            "two frames and a tag behind them",
            [&narrow[..288], b"TAG", &[0; 125]].concat(),
            at(Format::Mp3, 0, None),
        ),
        ("one frame", narrow[..144].to_vec(), at(Format::Mp3, 0, None)),
        ("less than a frame", narrow[..100].to_vec(), Look::Not(Instead::TooShort)),
        ("GSM", speech.clone(), at(Format::Gsm, 0, None)),
        ("one frame of GSM", speech[..33].to_vec(), at(Format::Gsm, 0, None)),
        ("GSM from the middle of a frame on", speech[13..].to_vec(), at(Format::Gsm, 0, None)),
        ("GSM with a cut frame", [&speech[..1_000], &speech[1_023..]].concat(), at(Format::Gsm, 0, None)),
        ("GSM whose first marks are gone", [&[0; 99], &speech[99..]].concat(), at(Format::Gsm, 0, None)),
        ("A-law's silence", vec![0xD5; 5_000], foreign("A-law")),
        ("A-law behind its silence", fixture("damaged/alaw.gsm"), foreign("A-law")),
        ("less than a frame of GSM", speech[..3].to_vec(), Look::Not(Instead::TooShort)),
        ("WAV49", fixture("speech49.wav"), at(Format::Wav49, 60, Some(4_936))),
        ("a note before the sound", wav49(50_001, None), at(Format::Wav49, 50_070, Some(54_946))),
        ("a size never written", wav49(0, Some(0)), at(Format::Wav49, 68, None)),
        ("a size not known", wav49(0, Some(u32::MAX)), at(Format::Wav49, 68, None)),
        ("a note that never ends", wav49(300_000, None), Look::Not(Instead::OtherRiff)),
        ("a header cut short", wav49(90, None)[..100].to_vec(), Look::Not(Instead::OtherRiff)),
        ("PCM", pcm(&[1, 1, 8_000, 16], &[7; 90]), played(Coding::Linear16, 44, Some(134))),
        ("PCM of 8 bits", pcm(&[1, 1, 8_000, 8], &[7; 90]), played(Coding::Linear8, 44, Some(134))),
        ("A-law in RIFF", pcm(&[6, 1, 8_000, 8], &[7; 90]), played(Coding::ALaw, 44, Some(134))),
        ("µ-law in RIFF", pcm(&[7, 1, 8_000, 8], &[7; 90]), played(Coding::MuLaw, 44, Some(134))),
        (
            "MP3 in RIFF",
            pcm(&[0x55, 1, 8_000, 0], &narrow),
            at(Format::Mp3, 44, Some(44 + narrow.len() as u64)),
        ),
        (
            "MP3 in RIFF behind padding",
            pcm(&[0x55, 1, 8_000, 0], &junk(900)),
            at(Format::Mp3, 944, Some(944 + narrow.len() as u64)),
        ),
        ("no MP3 in RIFF", pcm(&[0x55, 1, 8_000, 0], &[0; 900]), Look::Not(Instead::OtherRiff)),
        ("ADPCM", pcm(&[0x11, 1, 8_000, 4], &[7; 90]), foreign("WAV (ADPCM)")),
        ("six channels", pcm(&[1, 6, 8_000, 16], &[7; 96]), foreign("WAV (multichannel)")),
        ("no rate", pcm(&[1, 1, 0, 16], &[7; 96]), Look::Not(Instead::OtherRiff)),
        ("a header alone", header.clone(), Look::Not(Instead::Empty)),
        ("a header and a note", [&header[..], b"LIST\x04\0\0\0note"].concat(), Look::Not(Instead::Empty)),
        ("a header cut in its last chunk", header[..40].to_vec(), Look::Not(Instead::OtherRiff)),
        ("a film", b"RIFF\0\0\0\0AVI LIST and so on, and so on".to_vec(), Look::Not(Instead::OtherRiff)),
        ("less than a header", b"RIFF\0\0\0\0WAV".to_vec(), Look::Not(Instead::TooShort)),
        ("nothing", Vec::new(), Look::Not(Instead::Empty)),
        ("a page", b"\n <!DOCTYPE html><html>not found".to_vec(), Look::Not(Instead::WebPage)),
        ("XML", b"\xEF\xBB\xBF<?xml version='1.0'?>".to_vec(), Look::Not(Instead::WebPage)),
        ("a word", b"ok".to_vec(), Look::Not(Instead::TooShort)),
        (
            "words",
            b"{\"error\": \"the recording was not found, ask again\"}".to_vec(),
            Look::Not(Instead::Unknown),
        ),
        ("Ogg", b"OggS\0\x02 and so on, and so on, and so on".to_vec(), foreign("Ogg")),
        ("FLAC behind a tag", behind(tag(20), b"fLaC\0\0\0\x22"), foreign("FLAC")),
        ("MP4", b"\0\0\0\x1CftypM4A \0\0\0\0".to_vec(), foreign("MP4 (AAC)")),
        ("AMR", b"#!AMR\n\x3C".to_vec(), foreign("AMR")),
        ("WMA", b"\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9".to_vec(), foreign("Windows Media")),
        (
            "AAC",
            [0xFF, 0xF1, 0x6C, 0x40, 0x19, 0x1F, 0xFC].repeat(29).into_iter().collect(),
            Look::Not(Instead::Unknown),
        ),
        ("AAC in frames", adts(200).repeat(9), foreign("AAC")),
        ("A-law", fixture("damaged/alaw.gsm")[40_000..].to_vec(), foreign("A-law")),
        ("µ-law", mu_law_tone(), foreign("µ-law")),
        ("zeros", vec![0; 4_000], Look::Not(Instead::Unknown)),
        ("zeros without an end", vec![0; 400_000], Look::Not(Instead::Unknown)),
    ];
    for (name, bytes, expected) in table {
        assert_eq!(nameable(look(bytes, true)), *expected, "{name}");
    }
}

#[test]
fn a_file_of_these_bytes_is_named_for_what_they_are() {
    for (bytes, ending) in [("vbr.mp3", "mp3"), ("speech.gsm", "gsm"), ("speech49.wav", "wav")] {
        let Look::Sound(contained) = look(&fixture(bytes), true) else { panic!("{bytes} is sound") };
        assert_eq!(contained.ending(), ending);
    }
}

#[test]
fn as_much_is_asked_for_as_is_needed_to_tell() {
    let pictured = [tag(40_000), fixture("speech8k.mp3")].concat();
    let noted = wav49(50_001, None);
    for (bytes, given, asked) in [
        (&fixture("speech8k.mp3"), 0, FIRST),
        (&fixture("speech8k.mp3"), 1_023, FIRST),
        (&fixture("speech.gsm"), FIRST, 64 * 33),
        (&pictured, 8_192, 40_000 + FIRST),
        (&noted, 8_192, 50_070 + 4),
        // A header at the very end of what is here, whose frame may be one.
        (&[vec![0; 1_020], fixture("speech8k.mp3")].concat(), 1_024, 2 * 1_024),
        (&[vec![0; 1_990], fixture("speech8k.mp3")].concat(), 2_000, 2 * 2_000),
        (&[vec![0; 8_190], fixture("stereo44k.mp3")].concat(), 8_192, 2 * 8_192),
    ] {
        assert_eq!(look(&bytes[..given], false), Look::More(asked), "{given}");
        let Look::Sound(_) = look(&bytes[..asked.max(FIRST)], false) else { panic!("{asked} do") };
    }
}

#[test]
fn bytes_that_can_never_be_had_are_an_error_only_where_they_are_needed() {
    let source = Arriving::new(fixture("speech.gsm"));
    source.arrive(0, 2_000);
    source.give_up();
    assert!(look_into(&source as &dyn ByteSource).is_err());
    source.arrive(0, 3_000);
    assert_eq!(look_into(&source as &dyn ByteSource).unwrap(), at(Format::Gsm, 0, None));
}

fn noise(seed: u64, len: usize) -> Vec<u8> {
    let mut state = seed | 1;
    let next = |_| {
        state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(1);
        (state >> 56) as u8
    };
    (0..len).map(next).collect()
}

/// Recordings of every kind and damaged ones, in every wrapping, behind whatever may lie in front.
fn anything() -> impl Strategy<Value = Vec<u8>> {
    let starts = [&b"\xFF\xE3\x28\xC4"[..], b"\xFF\xFB\xE4\x64", b"\xD1", b"ID3\x04\0\x10", b"RIFF", b" \n<"];
    let files = ["speech8k.mp3", "vbr.mp3", "stereo44k.mp3", "speech.gsm", "speech49.wav"];
    let front = prop_oneof![
        3 => Just(Vec::new()),
        1 => (10..3_000_usize).prop_map(tag),
        1 => (0..40_usize, 10..9_000_usize).prop_map(|(times, size)| tag(size).repeat(times)),
        1 => (0..9_000_usize).prop_map(|len| vec![0; len]),
        1 => (any::<u64>(), 0..9_000_usize).prop_map(|(seed, len)| noise(seed, len)),
        1 => (10..3_000_usize).prop_map(plain_tag),
        1 => prop::sample::select(starts.to_vec()).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 0..200),
    ];
    let body = prop_oneof![
        4 => prop::sample::select(files.to_vec()).prop_map(fixture),
        1 => (0..9_000_usize, prop::option::of(any::<u32>())).prop_map(|(before, size)| wav49(before, size)),
        1 => (any::<u64>(), 0..6_000_usize).prop_map(|(seed, len)| noise(seed, len)),
        2 => (prop::sample::select(vec![1, 6, 7, 0x55, 0x31, 0x11]), 0..3_000_usize, 0..90_usize).prop_map(
            |(kind, padding, sound)| pcm(&[kind, 1, 8_000, 16], &[&vec![0; padding], &fixture("tone8k.mp3")[..sound * 99]].concat()),
        ),
        1 => (any::<u8>(), 0..9_000_usize).prop_map(|(byte, len)| vec![byte; len]),
    ];
    let damage = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20);
    (front, body, damage, any::<prop::sample::Index>(), 0..3).prop_map(|(front, body, damage, cut, often)| {
        let mut bytes = [front, body].concat();
        for (at, value) in damage {
            if !bytes.is_empty() {
                // Mostly where headers are.
                let at = at.index(bytes.len().min(9_000));
                bytes[at] = value;
            }
        }
        if often == 0 {
            bytes.truncate(cut.index(bytes.len() + 1));
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// What was answered once is never taken back, and what is asked for is more, and bounded.
    #[test]
    fn more_bytes_never_give_another_answer(
        bytes in anything(),
        given in prop::collection::vec(0..9_000_usize, 16),
    ) {
        let answer = look(&bytes, true);
        prop_assert!(!matches!(answer, Look::More(_)), "there are no more than all");
        let few = [0, 1, 12, 33, FIRST - 1, FIRST, 2_112, 4_096, 8_192, bytes.len()];
        for given in few.into_iter().chain(given) {
            let given = given.min(bytes.len());
            match look(&bytes[..given], false) {
                Look::More(more) => prop_assert!(more > given && more <= MOST, "{more} after {given}"),
                early => prop_assert_eq!(early, answer, "with {} of {} bytes", given, bytes.len()),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// From wherever the bytes arrive first: the same answer, which waits for no byte that is not needed.
    #[test]
    fn the_answer_does_not_depend_on_how_the_bytes_arrive(
        bytes in anything(),
        pieces in prop::collection::vec((any::<prop::sample::Index>(), 1..5_000_u64), 0..12),
        length_known: bool,
    ) {
        let (answer, len) = (look(&bytes, true), bytes.len() as u64);
        let source = Arriving::new(bytes);
        if !length_known {
            source.forget_total();
        }
        let here = |source: &Arriving| look_into(source as &dyn ByteSource).unwrap();
        for (from, some) in pieces {
            let from = from.index(len as usize + 1) as u64;
            source.arrive(from, from + some);
            match here(&source) {
                Look::More(more) => prop_assert!(more as u64 > source.available_from(0) && more <= MOST),
                early => prop_assert_eq!(early, answer),
            }
        }
        source.arrive(0, len);
        prop_assert_eq!(here(&source), answer);
    }
}
