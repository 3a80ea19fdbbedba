//! A recording, or a part of it, as a WAV file: 16-bit samples at the recording's own rate.

use std::io::{Seek, SeekFrom, Write};
use std::time::Duration;

use crate::error::Error;
use crate::reader::{Pcm, Reader, Step};
use crate::source::ByteSource;
use crate::window::Input;

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WavSummary {
    /// Samples a second.
    pub rate: u32,
    /// 1 or 2.
    pub channels: u8,
    /// Seconds of sound.
    pub seconds: f64,
    /// True when the recording is cut: its last frame is incomplete, or frames its encoder counted are missing.
    pub truncated: bool,
}

const HEADER_BYTES: u32 = 44;
/// One wait for bytes, and how long none may come before it is given up.
const WAIT: Duration = Duration::from_millis(500);
const PATIENCE: Duration = Duration::from_secs(30);

/// Decodes a recording (MP3, GSM or WAV49) and writes it as 16-bit WAV from `out`'s present position on.
///
/// # Errors
/// [`Error::NotAudio`], [`Error::Empty`], [`Error::TooShort`]; [`Error::WriteFailed`] from `out`.
pub fn decode_to_wav(bytes: &[u8], out: &mut (impl Write + Seek)) -> Result<WavSummary, Error> {
    let all_here = || true;
    write(&bytes, (0.0, f64::INFINITY), all_here, out)
}

/// Writes what is between two places of a recording, seconds from its start, as it was recorded: neither speed nor
/// levelling apply. Waits for bytes that have not arrived, for half a minute without any at most.
///
/// # Errors
/// As [`decode_to_wav`]; [`Error::TooShort`] also when there is no sound between the places, [`Error::ReadFailed`] when
/// the bytes cannot be had.
pub fn save_region(
    source: &dyn ByteSource,
    region: (f64, f64),
    out: &mut (impl Write + Seek),
) -> Result<WavSummary, Error> {
    write(source, region, || source.wait_changed(WAIT), out)
}

fn write(
    input: &(impl Input + ?Sized),
    (from, to): (f64, f64),
    wait: impl Fn() -> bool,
    out: &mut (impl Write + Seek),
) -> Result<WavSummary, Error> {
    let start = out.stream_position().map_err(Error::WriteFailed)?;
    let mut reader = Reader::new();
    // Samples a second and channels of what is written, and how much of it there is.
    let mut shape = None;
    let mut frames = 0_u64;
    let mut samples = Vec::new();
    let mut aimed = from <= 0.0;
    let mut idle = Duration::ZERO;
    loop {
        match reader.step(input)? {
            Step::Pcm(first) => {
                idle = Duration::ZERO;
                let Pcm { rate, channels, samples: pcm } = reader.pcm();
                if !aimed {
                    aimed = true;
                    reader.seek((from * f64::from(rate)).round() as u64);
                    continue;
                }
                let end = to * f64::from(rate);
                let left = (end.round() - first as f64).max(0.0) as usize;
                let pcm = &pcm[..left.saturating_mul(usize::from(channels)).min(pcm.len())];
                if pcm.is_empty() {
                    break;
                }
                if shape.is_none() {
                    shape = Some((rate, channels));
                    // The sizes come at the end, when they are known.
                    out.write_all(&header(rate, channels, 0)).map_err(Error::WriteFailed)?;
                }
                samples.clear();
                for sample in pcm {
                    let whole = (sample * 32768.0).round().clamp(-32768.0, 32767.0) as i16;
                    samples.extend_from_slice(&whole.to_le_bytes());
                }
                out.write_all(&samples).map_err(Error::WriteFailed)?;
                frames += (pcm.len() / usize::from(channels)) as u64;
            }
            Step::Worked => {}
            Step::Wait(_) if !input.complete() => {
                // What arrived between the step and the wait is seen by the next step.
                if !wait() {
                    idle += WAIT;
                }
                if idle >= PATIENCE {
                    return Err(Error::ReadFailed(std::io::ErrorKind::TimedOut.into()));
                }
            }
            Step::Wait(_) | Step::End => break,
        }
    }
    let Some((rate, channels)) = shape else {
        return Err(Error::TooShort { bytes: input.total().unwrap_or_default() });
    };
    let end = out.stream_position().map_err(Error::WriteFailed)?;
    out.seek(SeekFrom::Start(start)).map_err(Error::WriteFailed)?;
    out.write_all(&header(rate, channels, frames * 2 * u64::from(channels))).map_err(Error::WriteFailed)?;
    out.seek(SeekFrom::Start(end)).map_err(Error::WriteFailed)?;
    let seconds = frames as f64 / f64::from(rate);
    Ok(WavSummary { rate, channels, seconds, truncated: reader.truncated(input.total()) })
}

fn header(rate: u32, channels: u8, data_bytes: u64) -> Vec<u8> {
    let data = u32::try_from(data_bytes).unwrap_or(u32::MAX - HEADER_BYTES);
    let block = u16::from(channels) * 2;
    let mut header = Vec::with_capacity(HEADER_BYTES as usize);
    header.extend_from_slice(b"RIFF");
    header.extend_from_slice(&(data + HEADER_BYTES - 8).to_le_bytes());
    header.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0");
    header.extend_from_slice(&u16::from(channels).to_le_bytes());
    header.extend_from_slice(&rate.to_le_bytes());
    header.extend_from_slice(&(rate * u32::from(block)).to_le_bytes());
    header.extend_from_slice(&block.to_le_bytes());
    header.extend_from_slice(b"\x10\0data");
    header.extend_from_slice(&data.to_le_bytes());
    header
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::source::Memory;
    use crate::testing::{Arriving, fixture};

    fn decode(bytes: &[u8]) -> (WavSummary, Vec<i16>) {
        let mut out = Cursor::new(Vec::new());
        let summary = decode_to_wav(bytes, &mut out).unwrap();
        let wav = out.into_inner();
        let said = u32::from_le_bytes([wav[40], wav[41], wav[42], wav[43]]) as usize;
        assert_eq!(said, wav.len() - 44);
        (summary, wav[44..].chunks_exact(2).map(|two| i16::from_le_bytes([two[0], two[1]])).collect())
    }

    #[test]
    fn recordings_of_each_kind_come_out_whole() {
        // Seconds as the encoder was given them; MP3 without a tag keeps the encoder's own delay and padding.
        let table = [
            ("tone8k.mp3", 8000, 1, 6.0, 0.22),
            ("speech8k.mp3", 8000, 1, 10.0, 0.22),
            ("vbr.mp3", 16_000, 1, 7.0, 0.001),
            ("stereo44k.mp3", 44_100, 2, 2.0, 0.001),
            ("tone.gsm", 8000, 1, 4.0, 0.021),
            ("speech49.wav", 8000, 1, 3.0, 0.041),
        ];
        for (name, rate, channels, seconds, within) in table {
            let (summary, samples) = decode(&fixture(name));
            assert_eq!(
                (summary.rate, summary.channels, summary.truncated),
                (rate, channels, false),
                "{name}"
            );
            assert!((summary.seconds - seconds).abs() <= within, "{name}: {} s", summary.seconds);
            let due = (summary.seconds * f64::from(rate)).round() as usize * usize::from(channels);
            assert_eq!(samples.len(), due, "{name}");
            assert!(samples.iter().any(|sample| sample.unsigned_abs() > 4000), "{name} is not silent");
        }
    }

    #[test]
    fn a_part_is_the_same_samples_as_in_the_whole() {
        for name in ["vbr.mp3", "speech.gsm", "stereo44k.mp3"] {
            let (whole, all) = decode(&fixture(name));
            let mut out = Cursor::new(Vec::new());
            let source = Memory::new(fixture(name));
            let part = save_region(&source, (0.5, 1.25), &mut out).unwrap();
            assert_eq!(
                (part.rate, part.channels, part.seconds),
                (whole.rate, whole.channels, 0.75),
                "{name}"
            );
            let wav = out.into_inner();
            let samples: Vec<i16> =
                wav[44..].chunks_exact(2).map(|two| i16::from_le_bytes([two[0], two[1]])).collect();
            let from = whole.rate as usize / 2 * usize::from(whole.channels);
            let due = &all[from..from + samples.len()];
            // A decoder that starts in the middle of GSM speech settles over a few samples of its filters.
            let off = samples.iter().zip(due).map(|(a, b)| (i32::from(*a) - i32::from(*b)).abs()).max();
            assert!(off.unwrap() <= 64, "{name}: {off:?}");
        }
    }

    #[test]
    fn what_arrives_meanwhile_is_written_too_and_nowhere_is_an_error() {
        let source = std::sync::Arc::new(Arriving::new(fixture("speech8k.mp3")));
        source.arrive(0, 3000);
        let late = std::sync::Arc::clone(&source);
        let writing = std::thread::spawn(move || {
            let mut out = Cursor::new(Vec::new());
            save_region(&*late, (0.0, f64::INFINITY), &mut out).map(|summary| summary.seconds)
        });
        source.arrive(3000, u64::MAX);
        let secs = writing.join().unwrap().unwrap();
        assert!((secs - 10.0).abs() < 0.22, "{secs}");
        let nowhere = save_region(&*source, (90.0, 95.0), &mut Cursor::new(Vec::new()));
        assert!(matches!(nowhere, Err(Error::TooShort { .. })), "{nowhere:?}");
        let broken = Arriving::new(fixture("speech8k.mp3"));
        broken.arrive(0, 3000);
        broken.give_up();
        let failed = save_region(&broken, (0.0, 9.0), &mut Cursor::new(Vec::new()));
        assert!(matches!(failed, Err(Error::ReadFailed(_))), "{failed:?}");
    }

    #[test]
    fn gsm_in_either_wrapping_is_what_libgsm_makes_of_it() {
        let (_, samples) = decode(&fixture("speech.gsm"));
        let expected: Vec<i16> = fixture("speech.gsm.s16")
            .chunks_exact(2)
            .map(|two| i16::from_le_bytes([two[0], two[1]]))
            .collect();
        assert_eq!(samples, expected);
    }

    #[test]
    fn a_cut_recording_is_written_and_said_to_be_cut() {
        for name in ["speech8k.mp3", "vbr.mp3", "speech.gsm"] {
            let bytes = fixture(name);
            let (whole, _) = decode(&bytes);
            let (cut, _) = decode(&bytes[..bytes.len() / 2 + 5]);
            assert!(cut.truncated && !whole.truncated, "{name}");
            assert!(
                cut.seconds < whole.seconds && cut.seconds > whole.seconds * 0.3,
                "{name}: {}",
                cut.seconds
            );
        }
    }

    #[test]
    fn garbage_in_the_middle_is_stepped_over() {
        let mut bytes = fixture("tone8k.mp3");
        let whole = decode(&bytes).0.seconds;
        let junk: Vec<u8> = (0..1000_u32).map(|n| ((n * 7919) >> 3) as u8).collect();
        bytes.splice(5000..5000, junk);
        let (summary, _) = decode(&bytes);
        assert!((summary.seconds - whole).abs() < 0.3, "{} instead of {whole}", summary.seconds);
        assert!(!summary.truncated);
    }
}
