//! RIFF: chunks with a name and a size, of which `fmt ` says what is in `data`.

use super::Part;

/// Bytes of the shortest header: name, size, kind.
pub(super) const SHORTEST: usize = 12;
/// Name and size of a chunk.
const CHUNK_HEADER: usize = 8;
/// What `fmt ` begins with when the sound is GSM.
const GSM: u16 = 0x31;

/// Where the `data` chunk lies.
pub(super) struct Data {
    pub(super) start: usize,
    /// `None`: its size was never written, and it goes on to the end.
    pub(super) end: Option<usize>,
}

/// Whether a RIFF file begins here.
pub(super) fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(b"RIFF")
}

/// Finds the sound of a file with GSM in it, no further than `most` bytes on.
pub(super) fn data(bytes: &[u8], most: usize, whole: bool) -> Part<Data> {
    if bytes.get(8..SHORTEST) != Some(b"WAVE") {
        return Part::No;
    }
    let bytes = &bytes[..bytes.len().min(most)];
    let beyond = |needed: usize| if whole || needed > most { Part::No } else { Part::More(needed) };
    let (mut at, mut is_gsm) = (SHORTEST, false);
    loop {
        let start = at.saturating_add(CHUNK_HEADER);
        let Some(&[a, b, c, d, e, f, g, h]) = bytes.get(at..start) else { return beyond(start) };
        let size = u32::from_le_bytes([e, f, g, h]);
        match &[a, b, c, d] {
            b"fmt " => match bytes.get(start..start + 2) {
                Some(&[low, high]) if u16::from_le_bytes([low, high]) == GSM => is_gsm = true,
                Some(_) => return Part::No,
                None => return beyond(start + 2),
            },
            b"data" if is_gsm => {
                let written = size != 0 && size != u32::MAX;
                return Part::Is(Data { start, end: written.then_some(start + size as usize) });
            }
            b"data" => return Part::No,
            _ => {}
        }
        // A chunk begins at an even byte.
        at = start.saturating_add(size as usize).saturating_add(size as usize & 1);
    }
}
