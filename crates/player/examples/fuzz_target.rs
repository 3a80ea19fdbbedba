//! One process of `cargo xtask fuzz`: makes hostile recordings and replies from a seed and has everything that reads bytes
//! read them. It is watched from outside, so that a crash, a hang and a flood of memory are all seen.
//!
//! `fuzz_target TARGET SEED COUNT CASE-FILE` writes each case there before it is read; `fuzz_target TARGET FILE` reads
//! one file. A panic that the player catches is printed as `caught PLACE`, once for each case, and the first case of a
//! place kept beside the case file. No coverage is measured: mutations of real recordings reach deep enough to be worth
//! their time.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use atalaya_player::container::{self, Look};
use atalaya_player::{decode_to_wav, save_region, source::Memory, survey, waveform};
use atalaya_ucontact::{parse_campaign_agents, parse_campaigns, parse_queue_summary, parse_records};

/// xorshift64*: the same seed gives the same cases everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.roll() % most.max(1) as u64) as usize
    }
}

/// Bytes decoders trip over: headers, lengths, edges; and what readers of text do.
const TOKENS: [&[u8]; 28] = [
    b"\xEF\xBB\xBF",
    b"\\ud800",
    b"\\u0000",
    b"NaN",
    b"-1e999",
    b"[[[[[[[[[[[[[[[[[[[[[[[[",
    b"{\"id\":3, reason\":\"x\"}",
    b"\xE2\x80\xAE",
    b"99999999999999999999",
    b"Jan 31, 2026 10:00:00 AM",
    b"\",\"queue\":",
    b"\xC3",
    b"\xFF\xE3\x28\xC4",
    b"\xFF\xFB\x90\x64",
    b"\xFF\xF3\x48\xC4",
    b"\xFF\xFF\xFF\xFF",
    b"ID3\x04\0\x10\x7F\x7F\x7F\x7F",
    b"RIFF\xFF\xFF\xFF\xFFWAVEfmt \xFF\xFF\xFF\xFF",
    b"fmt \x14\0\0\0\x31\0",
    b"data\xFF\xFF\xFF\xFF",
    b"Xing\0\0\0\x0F\xFF\xFF\xFF\xFF",
    b"Info\0\0\0\x01\0\0\0\0",
    b"VBRI",
    b"LAME\xFF\xFF\xFF\xFF",
    b"\xD2",
    b"\0\0\0\0",
    b"\x80\0\0\0",
    b"<!doctype html>",
];

fn mutate(seed: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    // Mostly from the start, where the headers are; now and then from the middle of something.
    let from = if dice.below(4) == 0 { dice.below(seed.len()) } else { 0 };
    let seed = &seed[from..];
    let mut bytes = seed[..seed.len().min(2_000 + dice.below(20_000))].to_vec();
    for _ in 0..=dice.below(12) {
        let at = dice.below(bytes.len());
        match dice.below(9) {
            0 | 1 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << dice.below(8);
                }
            }
            2 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = dice.roll() as u8;
                }
            }
            3 => {
                let token = TOKENS[dice.below(TOKENS.len())];
                let end = (at + token.len()).min(bytes.len());
                bytes[at..end].copy_from_slice(&token[..end - at]);
            }
            4 => {
                let token = TOKENS[dice.below(TOKENS.len())];
                bytes.splice(at..at, token.iter().copied());
            }
            5 => {
                let end = (at + dice.below(2_000)).min(bytes.len());
                bytes.drain(at..end);
            }
            6 => {
                let end = (at + dice.below(2_000)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                let to = dice.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            7 => {
                let from = dice.below(other.len());
                let piece = &other[from..(from + dice.below(1_500)).min(other.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            _ => bytes.truncate(at),
        }
        bytes.truncate(64 * 1024);
    }
    bytes
}

/// Every committed recording of the kind the target reads, this crate's and the simulator's, or every committed reply; in
/// the same order always.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let kinds: &[&str] = match target {
        "mp3" => &["mp3"],
        "gsm" => &["gsm"],
        "wav49" => &["wav"],
        "replies" => &["json"],
        _ => &["mp3", "gsm", "wav"],
    };
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [
        "fixtures",
        "fixtures/damaged",
        "fixtures/mp3",
        "../simulator/fixtures",
        "../ucontact/tests/fixtures",
    ];
    let folders = folders.map(|folder| here.join(folder));
    let files = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    let mut paths: Vec<_> = files.map(|file| file.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|kind| kinds.iter().any(|one| kind == *one)));
    paths.sort();
    paths.iter().filter_map(|path| std::fs::read(path).ok()).collect()
}

/// Reads the bytes in the way the target is about. Errors are fine; a panic, a hang and a flood are not.
fn read(target: &str, bytes: &[u8], dice: &mut Dice) {
    match target {
        "container" => {
            let answer = container::look(bytes, true);
            for end in [0, 1, 4, 10, 12, 33, 72, 1024, 2112, 4096, bytes.len(), dice.below(bytes.len())] {
                match container::look(&bytes[..end.min(bytes.len())], false) {
                    Look::More(more) => assert!(more > end.min(bytes.len()) && more <= container::MOST),
                    early => assert_eq!(early, answer, "more bytes, another answer"),
                }
            }
        }
        // From bytes to text, to what of it is JSON after all, to elements, to fields.
        "replies" => {
            let _ = parse_queue_summary(bytes);
            let _ = parse_campaigns(bytes);
            let _ = parse_campaign_agents(bytes);
            let _ = parse_records(bytes);
        }
        "index" => {
            let _ = waveform(bytes, 1 + dice.below(400) as u32);
            let source = Memory::new(bytes.to_vec());
            for _ in 0..3 {
                let from = dice.below(40_000) as f64 / 1_000.0;
                let to = from + dice.below(2_000) as f64 / 1_000.0;
                let _ = save_region(&source, (from, to), &mut Cursor::new(Vec::new()));
            }
        }
        _ => {
            let _ = decode_to_wav(bytes, &mut Cursor::new(Vec::new()));
            let _ = survey(bytes.to_vec());
        }
    }
}

/// Where panics happened since the last look.
static PANICS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Has every panic noted, also one that is caught, and told, because nobody may catch it.
fn note_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        // The same on every machine: from the crate's own folder on.
        let place = place
            .rsplit_once("index.crates.io-")
            .map_or(&*place, |(_, rest)| rest.split_once('/').map_or(rest, |(_, rest)| rest));
        eprintln!("panicked at {place}");
        PANICS.lock().unwrap_or_else(PoisonError::into_inner).insert(place.to_owned());
    }));
}

/// Reads the bytes, and returns where panics were caught meanwhile.
fn survived(target: &str, bytes: &[u8]) -> BTreeSet<String> {
    read(target, bytes, &mut Dice(bytes.len() as u64 | 1));
    let places = std::mem::take(&mut *PANICS.lock().unwrap_or_else(PoisonError::into_inner));
    for place in &places {
        println!("caught {place}");
    }
    places
}

/// Where the first case with a panic caught at a place is kept: `xtask` looks for it there.
fn kept_as(case: &str, place: &str) -> std::path::PathBuf {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    Path::new(case).with_extension(place.chars().map(plain).collect::<String>())
}

fn main() -> ExitCode {
    note_panics();
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.as_slice() {
        [target, file] => {
            let Ok(bytes) = std::fs::read(file) else { return ExitCode::from(2) };
            survived(target, &bytes);
            ExitCode::SUCCESS
        }
        [target, seed, count, case] => {
            let (Ok(seed), Ok(count)) = (seed.parse::<u64>(), count.parse::<u64>()) else {
                return ExitCode::from(2);
            };
            let seeds = seeds(target);
            let mut known = BTreeSet::new();
            for number in seed..seed + count {
                let mut dice = Dice(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
                let (one, other) = (dice.below(seeds.len()), dice.below(seeds.len()));
                let bytes = mutate(&seeds[one], &seeds[other], &mut dice);
                if std::fs::write(case, &bytes).is_err() {
                    return ExitCode::from(2);
                }
                for place in survived(target, &bytes) {
                    let file = kept_as(case, &place);
                    if known.insert(place) && std::fs::write(file, &bytes).is_err() {
                        return ExitCode::from(2);
                    }
                }
            }
            ExitCode::SUCCESS
        }
        _ => ExitCode::from(2),
    }
}
