//! RIFF: chunks with a name and a size, of which `fmt ` says what is in `data`. What the sizes say is believed as far as it
//! can be true: a recorder that was stopped never wrote them.
//!
//! Left out on purpose: every chunk but these two, and everything behind the sound.

use super::{Coding, Foreign, Instead, Part, Sampled};

/// Bytes of the shortest header: name, size, kind.
pub(super) const SHORTEST: usize = 12;
/// Name and size of a chunk.
const CHUNK_HEADER: usize = 8;
/// Bytes of the sound that are looked at.
const FIRST_OF_SOUND: usize = 4;
/// Bytes of `fmt ` that say how samples are kept, and those of the longer kind that says it further on.
const FORMAT_BYTES: usize = 16;
const LONG_FORMAT_BYTES: usize = 26;
/// Sizes from here on are what programs write that do not know them yet.
const NEVER_WRITTEN: u32 = 0x7FFF_0000;
/// Chunks that may follow where the size of the sound is zero, because there is none.
const BEHIND: [&[u8; 4]; 6] = [b"LIST", b"JUNK", b"fact", b"cue ", b"bext", b"id3 "];

/// How the sound is packed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Inside {
    Gsm,
    Mp3,
    Sampled(Sampled),
}

/// Where the `data` chunk lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Data {
    pub(super) inside: Inside,
    pub(super) start: usize,
    /// `None`: its size was never written, and it goes on to the end.
    pub(super) end: Option<usize>,
}

/// Whether a RIFF file begins here.
pub(super) fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(b"RIFF")
}

/// Finds the sound, no further than `most` bytes on. `Err`: there is none, or it is not played.
pub(super) fn data(bytes: &[u8], most: usize, whole: bool) -> Part<Result<Data, Instead>> {
    if bytes.get(8..SHORTEST) != Some(b"WAVE") {
        return Part::No;
    }
    let bytes = &bytes[..bytes.len().min(most)];
    let beyond = |needed: usize| if whole || needed > most { Part::No } else { Part::More(needed) };
    let (mut at, mut inside) = (SHORTEST, None);
    loop {
        let start = at.saturating_add(CHUNK_HEADER);
        let Some(&[a, b, c, d, e, f, g, h]) = bytes.get(at..start) else {
            // With the first bytes of what it holds, which tell sound from none.
            return beyond(start.saturating_add(FIRST_OF_SOUND));
        };
        let size = u32::from_le_bytes([e, f, g, h]);
        match (&[a, b, c, d], inside) {
            (b"fmt ", _) => {
                let needed = (size as usize).min(LONG_FORMAT_BYTES);
                let Some(format) = bytes.get(start..start + needed) else { return beyond(start + needed) };
                match packed(format) {
                    Ok(found) => inside = Some(found),
                    Err(instead) => return Part::Is(Err(instead)),
                }
            }
            (b"data", Some(inside)) => {
                let written = size != 0 && size < NEVER_WRITTEN;
                let rest = bytes.get(start..).unwrap_or_default();
                if rest.is_empty() || (size == 0 && rest.len() < FIRST_OF_SOUND && !whole) {
                    // The header alone: a recording that was begun, and nothing came.
                    return if whole {
                        Part::Is(Err(Instead::Empty))
                    } else {
                        beyond(start + FIRST_OF_SOUND)
                    };
                }
                if size == 0 && BEHIND.iter().any(|name| rest.starts_with(*name)) {
                    return Part::Is(Err(Instead::Empty));
                }
                return Part::Is(Ok(Data { inside, start, end: written.then_some(start + size as usize) }));
            }
            (b"data", None) => return Part::No,
            _ => {}
        }
        // A chunk begins at an even byte.
        at = start.saturating_add(size as usize).saturating_add(size as usize & 1);
    }
}

/// What a `fmt ` chunk says.
fn packed(format: &[u8]) -> Result<Inside, Instead> {
    let number = |at: usize| match format.get(at..at + 2) {
        Some(&[low, high]) => Some(u16::from_le_bytes([low, high])),
        _ => None,
    };
    let kind = match number(0).ok_or(Instead::OtherRiff)? {
        // The longer kind of chunk has the real one further on.
        0xFFFE => number(24).ok_or(Instead::OtherRiff)?,
        kind => kind,
    };
    let foreign = |name, words| Err(Instead::Foreign(Foreign::wav(name, words)));
    let coding = match (kind, number(14)) {
        (0x31, _) => return Ok(Inside::Gsm),
        (0x55, _) => return Ok(Inside::Mp3),
        (1, Some(8)) => Coding::Linear8,
        (1, Some(16)) => Coding::Linear16,
        (1, Some(_)) => return foreign("WAV (> 16 bit)", "a WAV of more than 16 bits"),
        (6, _) => Coding::ALaw,
        (7, _) => Coding::MuLaw,
        (2 | 0x11, _) => return foreign("WAV (ADPCM)", "a WAV with ADPCM in it"),
        (3, _) => return foreign("WAV (float)", "a WAV of floating-point samples"),
        (0x40 | 0x45 | 0x64 | 0x65, _) => return foreign("WAV (G.726)", "a WAV with G.726 in it"),
        (0x42 | 0x111, _) => return foreign("WAV (G.723.1)", "a WAV with G.723.1 in it"),
        (0x83 | 0x133, _) => return foreign("WAV (G.729)", "a WAV with G.729 in it"),
        (0x22, _) => return foreign("WAV (TrueSpeech)", "a WAV with TrueSpeech in it"),
        (0x50, _) => return foreign("WAV (MPEG 1/2)", "a WAV with MPEG layer 1 or 2 in it"),
        (0xFF | 0x1600..=0x1602, _) => return foreign("WAV (AAC)", "a WAV with AAC in it"),
        (0x160..=0x163, _) => return foreign("WAV (Windows Media)", "a WAV with Windows Media in it"),
        _ => return Err(Instead::OtherRiff),
    };
    let (Some(channels), Some(&[a, b, c, d])) = (number(2), format.get(4..8)) else {
        return Err(Instead::OtherRiff);
    };
    let rate = u32::from_le_bytes([a, b, c, d]);
    match (channels, rate) {
        _ if format.len() < FORMAT_BYTES => Err(Instead::OtherRiff),
        (1 | 2, 4_000..=192_000) => Ok(Inside::Sampled(Sampled { coding, rate, channels: channels as u8 })),
        (1 | 2, _) => Err(Instead::OtherRiff),
        _ => foreign("WAV (multichannel)", "a WAV of more than two channels"),
    }
}
