//! A whole recording as a WAV file: 16-bit samples at the recording's own rate.

use std::io::{Seek, SeekFrom, Write};

use crate::error::Error;
use crate::reader::{Reader, Step};
use crate::sniff::Format;

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

/// Decodes a recording (MP3, GSM or WAV49) and writes it as 16-bit WAV from `out`'s present position on.
///
/// # Errors
/// [`Error::NotAudio`], [`Error::Empty`], [`Error::TooShort`]; [`Error::WriteFailed`] from `out`.
pub fn decode_to_wav(bytes: &[u8], out: &mut (impl Write + Seek)) -> Result<WavSummary, Error> {
    let start = out.stream_position().map_err(Error::WriteFailed)?;
    let mut reader = Reader::new(Format::Sniff);
    let mut frames = 0_u64;
    let mut samples = Vec::new();
    loop {
        match reader.step(&bytes)? {
            Step::Pcm(_) => {
                let Some((rate, channels)) = reader.shape() else { continue };
                if frames == 0 {
                    // The sizes come at the end, when they are known.
                    out.write_all(&header(rate, channels, 0)).map_err(Error::WriteFailed)?;
                }
                samples.clear();
                for sample in reader.pcm() {
                    let whole = (sample * 32768.0).round().clamp(-32768.0, 32767.0) as i16;
                    samples.extend_from_slice(&whole.to_le_bytes());
                }
                out.write_all(&samples).map_err(Error::WriteFailed)?;
                frames += (reader.pcm().len() / usize::from(channels)) as u64;
            }
            Step::Worked => {}
            Step::Wait(_) | Step::End => break,
        }
    }
    let (Some((rate, channels)), 1..) = (reader.shape(), frames) else {
        return Err(Error::TooShort { bytes: bytes.len() as u64 });
    };
    let end = out.stream_position().map_err(Error::WriteFailed)?;
    out.seek(SeekFrom::Start(start)).map_err(Error::WriteFailed)?;
    out.write_all(&header(rate, channels, frames * 2 * u64::from(channels))).map_err(Error::WriteFailed)?;
    out.seek(SeekFrom::Start(end)).map_err(Error::WriteFailed)?;
    let seconds = frames as f64 / f64::from(rate);
    Ok(WavSummary { rate, channels, seconds, truncated: reader.truncated(Some(bytes.len() as u64)) })
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
    use crate::testing::fixture;

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
