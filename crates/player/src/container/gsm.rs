//! Raw GSM 06.10: no header, frames of 33 bytes whose first half byte is always the same. A recording is GSM by the
//! majority of its first frames: one that was damaged, or cut, does not make it something else.

use super::Part;
pub(super) use crate::gsm::FRAME_BYTES;
use crate::gsm::alignment::{AHEAD, Stride, stride};

/// Frames that decide: enough that chance is out of the question.
const LOOKED_AT: usize = 64;
/// Of these bytes' frames, four for each one that is none.
const GOOD_TO_BAD: usize = 4;

/// Whether frames follow one another from the first byte on.
pub(super) fn frames(bytes: &[u8], whole: bool) -> Part<()> {
    let all = LOOKED_AT * FRAME_BYTES;
    let bytes = &bytes[..bytes.len().min(all)];
    let waiting = !whole && bytes.len() < all;
    let (mut at, mut good, mut bad) = (0, 0, 0);
    // While bytes are still to come, as far as they cannot change what is found.
    while !waiting || at + AHEAD <= bytes.len() {
        match stride(&bytes[at..], true) {
            Stride::Frame => {
                good += 1;
                at += FRAME_BYTES;
            }
            Stride::Lost(lost) => {
                bad += 1;
                at += lost;
            }
            Stride::More(_) | Stride::End => break,
        }
    }
    let others = (all - at).div_ceil(FRAME_BYTES);
    if waiting && bad * GOOD_TO_BAD > good + others {
        Part::No
    } else if waiting {
        Part::More(all)
    } else if good > 0 && good >= bad * GOOD_TO_BAD {
        Part::Is(())
    } else {
        Part::No
    }
}
