//! Raw GSM 06.10: no header, frames of 33 bytes whose first half byte is always the same.

use super::Part;
pub(super) use crate::gsm::FRAME_BYTES;

/// Frames that decide: enough that chance is out of the question.
const LOOKED_AT: usize = 64;
/// What each frame begins with, in the upper four bits.
const MARK: u8 = 0xD;

/// Whether frames follow one another from the first byte on.
pub(super) fn frames(bytes: &[u8], whole: bool) -> Part<()> {
    if !bytes.chunks(FRAME_BYTES).take(LOOKED_AT).all(|frame| frame[0] >> 4 == MARK) {
        Part::No
    } else if bytes.len() < LOOKED_AT * FRAME_BYTES && !whole {
        Part::More(LOOKED_AT * FRAME_BYTES)
    } else {
        Part::Is(())
    }
}
