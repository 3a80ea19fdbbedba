//! Tells from a recording's first bytes what it is, before anybody trusts its name or its content type.
//!
//! Left out on purpose: anything but what uContact stores (MP3, GSM 06.10 raw or in RIFF) and what its web server
//! answers instead of it.

use crate::gsm;
use crate::mp3::Header;

/// What a recording is said to be, as a hint for when its bytes do not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// MPEG layer 3.
    Mp3,
    /// GSM 06.10, 33 bytes a frame.
    Gsm,
    /// Only the bytes count.
    Sniff,
}

/// What a recording's first bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniffed {
    /// MPEG layer 3, with or without an `ID3v2` tag before it.
    Mp3,
    /// GSM 06.10, 33 bytes a frame.
    Gsm,
    /// RIFF, as Asterisk writes WAV49 (two GSM frames in 65 bytes).
    Wav49,
    /// A web page (or XML): "not found" with status 200.
    Html,
    /// No bytes.
    Empty,
    /// Less than one frame of sound.
    TooShort,
    /// Something else.
    Unknown,
}

impl Sniffed {
    /// True for what the player can play.
    pub fn is_audio(self) -> bool {
        matches!(self, Self::Mp3 | Self::Gsm | Self::Wav49)
    }
}

/// How far an MPEG frame may be from the start: what a recorder may have left of a cut frame, and padding.
const LEADING_JUNK: usize = 4096;

/// Says what `first_bytes` (from the start of the file; 8 KiB are plenty) are. A frame only counts as MPEG when a
/// second one of the same kind follows it, or when it ends exactly where the bytes end.
pub fn sniff(first_bytes: &[u8]) -> Sniffed {
    if first_bytes.is_empty() {
        return Sniffed::Empty;
    }
    if first_bytes.starts_with(b"RIFF") {
        return if first_bytes.len() < 12 { Sniffed::TooShort } else { riff(first_bytes) };
    }
    if first_bytes.starts_with(b"ID3") {
        return if first_bytes.len() < 10 { Sniffed::TooShort } else { Sniffed::Mp3 };
    }
    let text = first_bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(first_bytes).trim_ascii_start();
    if text.first() == Some(&b'<') {
        return Sniffed::Html;
    }
    if gsm::looks_like_gsm(first_bytes) {
        return if first_bytes.len() < gsm::FRAME_BYTES { Sniffed::TooShort } else { Sniffed::Gsm };
    }
    match mpeg(first_bytes) {
        Some(true) => Sniffed::Mp3,
        Some(false) => Sniffed::TooShort,
        None if first_bytes.len() < gsm::FRAME_BYTES => Sniffed::TooShort,
        None => Sniffed::Unknown,
    }
}

fn riff(bytes: &[u8]) -> Sniffed {
    // A header that goes on past the bytes at hand is not refused: it may still say GSM.
    if bytes.get(8..12) == Some(b"WAVE") && gsm::riff(bytes) != gsm::Riff::Other {
        Sniffed::Wav49
    } else {
        Sniffed::Unknown
    }
}

/// Some(true): frames follow one another. Some(false): one header, and the bytes end inside its frame.
fn mpeg(bytes: &[u8]) -> Option<bool> {
    let mut cut = false;
    for at in 0..bytes.len().min(LEADING_JUNK) {
        let Some(header) = Header::parse(&bytes[at..]) else { continue };
        let end = at + header.bytes as usize;
        match bytes.get(end..) {
            Some([]) => return Some(true),
            Some(rest) if rest.len() < 4 => return Some(true),
            Some(rest) if Header::parse(rest).is_some_and(|next| next.same_stream(&header)) => {
                return Some(true);
            }
            Some(_) => {}
            None => cut |= at == 0,
        }
    }
    cut.then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixture;

    #[test]
    fn every_kind_is_told_apart() {
        let table: &[(&str, Sniffed)] = &[
            ("tone8k.mp3", Sniffed::Mp3),
            ("vbr.mp3", Sniffed::Mp3),
            ("stereo44k.mp3", Sniffed::Mp3),
            ("speech.gsm", Sniffed::Gsm),
            ("speech49.wav", Sniffed::Wav49),
        ];
        for (name, expected) in table {
            let bytes = fixture(name);
            assert_eq!(sniff(&bytes), *expected, "{name}");
            assert_eq!(sniff(&bytes[..bytes.len().min(8192)]), *expected, "{name}, first 8 KiB");
        }
        let mut after_junk = vec![0_u8; 333];
        after_junk.extend_from_slice(&fixture("tone8k.mp3"));
        let table: &[(&[u8], Sniffed)] = &[
            (b"", Sniffed::Empty),
            (b"\n <!DOCTYPE html><html>not found</html>", Sniffed::Html),
            (b"\xEF\xBB\xBF<?xml version='1.0'?>", Sniffed::Html),
            (b"\xD0\x01\x02", Sniffed::TooShort),
            (b"ok", Sniffed::TooShort),
            (&fixture("tone8k.mp3")[..100], Sniffed::TooShort),
            (&after_junk, Sniffed::Mp3),
            (b"{\"error\": \"the recording was not found on this server, ask again\"}", Sniffed::Unknown),
            (
                b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data",
                Sniffed::Unknown,
            ),
            (&[0; 4000], Sniffed::Unknown),
        ];
        for (bytes, expected) in table {
            assert_eq!(sniff(bytes), *expected, "{:?}", &bytes[..bytes.len().min(12)]);
        }
    }
}
