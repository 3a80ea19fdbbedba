//! The first frames of MPEG layer 3. A header alone proves nothing: it counts when a second one of the same kind follows
//! its frame, or when the frame ends where the recording does.

use super::Part;
use crate::mp3::{HEADER_BYTES, Header, LONGEST_FRAME};

/// How far the first frame may be from the start: what a recorder may have left of a cut frame, and padding.
const JUNK: usize = 4096;
/// Bytes that always suffice to tell.
pub(super) const ROOM: usize = JUNK + LONGEST_FRAME + HEADER_BYTES;

/// Where the first of the frames begins.
pub(super) fn frames(bytes: &[u8], whole: bool) -> Part<usize> {
    for at in 0..bytes.len().min(JUNK) {
        let Some(header) = Header::parse(&bytes[at..]) else {
            if !whole && bytes.len() - at < HEADER_BYTES {
                return Part::More(at + HEADER_BYTES);
            }
            continue;
        };
        let end = at + header.bytes as usize;
        match bytes.get(end..).and_then(|rest| rest.first_chunk::<HEADER_BYTES>()) {
            Some(next) if Header::parse(next).is_some_and(|next| next.same_stream(&header)) => {
                return Part::Is(at);
            }
            Some(_) => {}
            None if !whole => return Part::More(end + HEADER_BYTES),
            // Whole, up to what a header has no room in.
            None if end <= bytes.len() => return Part::Is(at),
            None => {}
        }
    }
    Part::No
}

/// Whether a recording that ends here breaks off in the middle of its only frame.
pub(super) fn is_cut(bytes: &[u8]) -> bool {
    Header::parse(bytes).is_some_and(|header| header.bytes as usize > bytes.len())
}
