//! One process of `cargo xtask fuzz`: makes hostile recordings from a seed and has everything that reads bytes read
//! them. It is watched from outside, so that a crash, a hang and a flood of memory are all seen.
//!
//! `fuzz_target TARGET SEED COUNT CASE-FILE` writes each case there before it is read; `fuzz_target TARGET FILE` reads
//! one file. No coverage is measured: mutations of real recordings reach deep enough to be worth their time.

use std::io::Cursor;
use std::process::ExitCode;

use atalaya_player::{decode_to_wav, save_region, sniff, source::Memory, survey, waveform};

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

/// Bytes decoders trip over: headers, lengths, edges.
const TOKENS: [&[u8]; 16] = [
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

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let names: &[&str] = match target {
        "mp3" => &["speech8k.mp3", "tone8k.mp3", "stereo44k.mp3"],
        "gsm" => &["speech.gsm", "tone.gsm"],
        "wav49" => &["speech49.wav"],
        "index" => &["vbr.mp3", "speech8k.mp3", "speech.gsm", "speech49.wav"],
        _ => &["speech8k.mp3", "vbr.mp3", "stereo44k.mp3", "speech.gsm", "speech49.wav"],
    };
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    names.iter().filter_map(|name| std::fs::read(format!("{folder}/{name}")).ok()).collect()
}

/// Reads the bytes in the way the target is about. Errors are fine; a panic, a hang and a flood are not.
fn read(target: &str, bytes: &[u8], dice: &mut Dice) {
    match target {
        "sniff" => {
            for end in [0, 1, 4, 10, 12, 33, 72, 1024, bytes.len()] {
                let _ = sniff(&bytes[..end.min(bytes.len())]);
            }
        }
        "index" => {
            let _ = waveform(bytes, 1 + dice.below(400) as u32);
            let source = Memory::new(bytes.to_vec());
            for _ in 0..3 {
                let from = dice.below(40_000) as f64 / 1_000.0;
                let to = from + dice.below(2_000) as f64 / 1_000.0;
                let hint = atalaya_player::Format::Sniff;
                let _ = save_region(&source, hint, (from, to), &mut Cursor::new(Vec::new()));
            }
        }
        _ => {
            let _ = decode_to_wav(bytes, &mut Cursor::new(Vec::new()));
            let _ = survey(bytes.to_vec());
        }
    }
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.as_slice() {
        [target, file] => {
            let Ok(bytes) = std::fs::read(file) else { return ExitCode::from(2) };
            read(target, &bytes, &mut Dice(bytes.len() as u64 | 1));
            ExitCode::SUCCESS
        }
        [target, seed, count, case] => {
            let (Ok(seed), Ok(count)) = (seed.parse::<u64>(), count.parse::<u64>()) else {
                return ExitCode::from(2);
            };
            let seeds = seeds(target);
            for number in seed..seed + count {
                let mut dice = Dice(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
                let (one, other) = (dice.below(seeds.len()), dice.below(seeds.len()));
                let bytes = mutate(&seeds[one], &seeds[other], &mut dice);
                if std::fs::write(case, &bytes).is_err() {
                    return ExitCode::from(2);
                }
                read(target, &bytes, &mut Dice(bytes.len() as u64 | 1));
            }
            ExitCode::SUCCESS
        }
        _ => ExitCode::from(2),
    }
}
