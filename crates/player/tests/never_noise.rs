//! What the decoder is unsure of is silence: good recordings are cut, flipped, joined and padded by chance, and no second of
//! what is heard is louder than the loudest second of what was recorded.
#![expect(clippy::unwrap_used, reason = "test code: a fixture that cannot be read fails the test")]

use std::io::Cursor;

use atalaya_player::decode_to_wav;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::RngSeed;

/// One thing that happens to a file.
#[derive(Debug, Clone)]
enum Damage {
    /// So many bytes from a place on are gone.
    Cut(Index, usize),
    /// A bit of so many frames' beginnings is turned round: of GSM's mark, of the first three bytes of an MP3's header.
    /// Nothing checks what lies in a frame, in either format: what is turned round there is heard as what it became.
    Flip(Vec<(Index, u8)>),
    /// Another good file follows, from some byte of it on.
    Join(&'static str, Index),
    /// Something is put in, at a place or in front.
    Pad(Index, bool, Vec<u8>),
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The loudest second there is, whenever it begins; both channels together.
fn loudest_second(bytes: &[u8]) -> Option<f64> {
    let mut out = Cursor::new(Vec::new());
    let summary = decode_to_wav(bytes, &mut out).ok()?;
    let channels = usize::from(summary.channels);
    let squares: Vec<f64> = out.get_ref()[44..]
        .chunks_exact(2)
        .map(|two| (f64::from(i16::from_le_bytes([two[0], two[1]])) / 32_768.0).powi(2))
        .collect();
    let tenth = (summary.rate as usize / 10).max(1) * channels;
    let tenths: Vec<f64> = squares.chunks(tenth).map(|tenth| tenth.iter().sum()).collect();
    let seconds = tenths.windows(10.min(tenths.len()));
    let loudest = seconds.map(|second| second.iter().sum::<f64>()).fold(0.0, f64::max);
    Some((loudest / (tenth * 10) as f64).sqrt())
}

fn damaged(mut bytes: Vec<u8>, damage: &Damage) -> Vec<u8> {
    match damage {
        Damage::Cut(at, len) => {
            let at = at.index(bytes.len());
            bytes.drain(at..(at + len).min(bytes.len()));
        }
        Damage::Flip(bits) => {
            for (at, bit) in bits {
                let at = at.index(bytes.len());
                // Flips come first: every 33rd byte is a mark.
                if bytes[0] >> 4 == 0xD {
                    bytes[at / 33 * 33] ^= 0x10 << (bit % 4);
                } else if let Some(sync) =
                    bytes[at..].windows(3).position(|two| two[0] == 0xFF && two[1] >= 0xE0)
                {
                    bytes[at + sync + usize::from(bit % 3)] ^= 1 << bit;
                }
            }
        }
        Damage::Join(name, at) => {
            let other = fixture(name);
            bytes.extend_from_slice(&other[at.index(other.len())..]);
        }
        Damage::Pad(at, front, what) => {
            let at = if *front { 0 } else { at.index(bytes.len()) };
            bytes.splice(at..at, what.iter().copied());
        }
    }
    if bytes.is_empty() { vec![0] } else { bytes }
}

fn damages(joined: &'static [&'static str]) -> impl Strategy<Value = Vec<Damage>> {
    let filling = prop_oneof![
        (1..6_000_usize).prop_map(|len| vec![0; len]),
        (1..6_000_usize).prop_map(|len| vec![0xFF; len]),
        prop::collection::vec(any::<u8>(), 1..3_000),
    ];
    let one = prop_oneof![
        3 => (any::<Index>(), 1..2_000_usize).prop_map(|(at, len)| Damage::Cut(at, len)),
        2 => prop::collection::vec((any::<Index>(), 0..8_u8), 1..4).prop_map(Damage::Flip),
        2 => (prop::sample::select(joined), any::<Index>()).prop_map(|(name, at)| Damage::Join(name, at)),
        2 => (any::<Index>(), any::<bool>(), filling).prop_map(|(at, front, what)| Damage::Pad(at, front, what)),
    ];
    prop::collection::vec(one, 1..4).prop_map(|mut damages| {
        damages.sort_by_key(|damage| !matches!(damage, Damage::Flip(_)));
        damages
    })
}

const MP3: &[&str] = &["speech8k.mp3", "tone8k.mp3", "vbr.mp3", "stereo44k.mp3"];
const GSM: &[&str] = &["speech.gsm", "tone.gsm"];

/// Loud enough to be noise: a twentieth above the loudest second recorded, and what one frame of 20 ms at the full scale
/// makes of a quiet one. A frame that is none may pass for one by chance, of GSM, whose frames have half a byte to tell.
fn noise(loudest: f64) -> f64 {
    (loudest.powi(2) * 1.1 + 0.02).sqrt()
}

fn heard(family: &'static [&'static str], name: &str, damages: &[Damage]) -> Result<(), TestCaseError> {
    let loudest = |name: &&str| loudest_second(&fixture(name)).unwrap();
    let joined = damages.iter().any(|damage| matches!(damage, Damage::Join(..)));
    let recorded = if joined { family.iter().map(loudest).fold(0.0, f64::max) } else { loudest(&name) };
    let bytes = damages.iter().fold(fixture(name), damaged);
    // Too damaged to be known for what it was is an answer, too.
    if let Some(heard) = loudest_second(&bytes) {
        prop_assert!(heard <= noise(recorded), "{} instead of {}", heard, recorded);
    }
    Ok(())
}

/// The same cases every time; `cargo xtask fuzz` looks for others.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 96,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(33),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn damaged_mp3_is_never_noise(name in prop::sample::select(MP3), damages in damages(MP3)) {
        heard(MP3, name, &damages)?;
    }

    #[test]
    fn damaged_gsm_is_never_noise(name in prop::sample::select(GSM), damages in damages(GSM)) {
        heard(GSM, name, &damages)?;
    }

    /// Samples one by one and blocks of 65 bytes have no mark at all: only what their wrapping says can be kept to.
    #[test]
    fn what_lies_behind_wrapped_sound_is_never_noise(
        name in prop::sample::select(&["speech49.wav", "damaged/pcm-wav.mp3", "damaged/mp3-in-riff.mp3"][..]),
        gone in 0..3_000_usize,
        behind in prop::collection::vec(any::<u8>(), 0..9_000),
    ) {
        let whole = fixture(name);
        let recorded = loudest_second(&whole).unwrap();
        let long = [&whole[..], &behind].concat();
        prop_assert_eq!(loudest_second(&long), Some(recorded));
        let heard = loudest_second(&whole[..whole.len() - gone]).unwrap();
        prop_assert!(heard <= recorded * 1.02, "{} instead of {}", heard, recorded);
    }
}
