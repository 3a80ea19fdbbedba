//! The first frames of MPEG layer 3, however far in they begin. A header alone proves nothing, random bytes have them
//! too: it counts when several of one kind follow one another, frame by frame.

use super::Part;
use crate::mp3::{HEADER_BYTES, Header, LONGEST_FRAME, tag_begins};

/// Frames that decide where anything lies in front of them: chance, and the bytes of a picture or of another format,
/// never get that far.
const RUN: usize = 5;
/// Frames that decide where nothing does.
const RUN_AT_ONCE: usize = 2;
/// Bytes that always suffice to tell whether a run begins at the first of them.
pub(super) const ROOM: usize = (RUN - 1) * LONGEST_FRAME + HEADER_BYTES;

/// Where the first run of frames begins, no further than `most` bytes on.
pub(super) fn frames(bytes: &[u8], most: usize, whole: bool) -> Part<usize> {
    let bytes = &bytes[..bytes.len().min(most)];
    let beyond = most.saturating_sub(ROOM);
    // Through a long stretch of something else it goes in few large steps: each may be a request to a server.
    let more = |needed: usize| Part::More(needed.max(2 * bytes.len()).min(most));
    let mut at = 0;
    while let Some(&byte) = bytes.get(at).filter(|_| at <= beyond) {
        if byte != 0xFF {
            at += 1;
            continue;
        }
        match run(&bytes[at..], if at == 0 { RUN_AT_ONCE } else { RUN }, whole) {
            Part::Is(()) => return Part::Is(at),
            Part::More(needed) if at == 0 => return Part::More(needed),
            Part::More(needed) => return more(at + needed),
            Part::No => at += 1,
        }
    }
    if whole || at > beyond { Part::No } else { more(bytes.len() + 1) }
}

/// Whether so many frames of one kind follow one another from the first byte on, or as many as there are.
fn run(bytes: &[u8], count: usize, whole: bool) -> Part<()> {
    let Some(first) = Header::parse(bytes) else {
        return if whole || bytes.len() >= HEADER_BYTES { Part::No } else { Part::More(HEADER_BYTES) };
    };
    let mut end = first.bytes as usize;
    for seen in 1..count {
        let rest = bytes.get(end..).unwrap_or_default();
        let Some(next) = rest.first_chunk::<HEADER_BYTES>() else {
            if !whole {
                return Part::More(end + (count - 1 - seen) * first.bytes as usize + HEADER_BYTES);
            }
            // Whole, up to what a header has no room in.
            let enough = end <= bytes.len() && (seen > 1 || count == RUN_AT_ONCE);
            return if enough { Part::Is(()) } else { Part::No };
        };
        match Header::parse(next) {
            Some(next) if next.same_stream(&first) && next.channels == first.channels => {
                end += next.bytes as usize;
            }
            _ if tag_begins(next) => return Part::Is(()),
            _ => return Part::No,
        }
    }
    Part::Is(())
}

/// Whether a recording that ends here breaks off in the middle of its only frame.
pub(super) fn is_cut(bytes: &[u8]) -> bool {
    Header::parse(bytes).is_some_and(|header| header.bytes as usize > bytes.len())
}
