//! The `ID3v2` tag that may lie before the frames of an MP3. What it says of its own length is only where the search for
//! frames begins: encoders miscount padding, and some write the size as a plain number.

pub(super) const HEADER_BYTES: usize = 10;
/// The flag that says that the header is repeated behind the tag.
const FOOTER: u8 = 0x10;

/// Bytes of the tag that begins here, header and footer included: never more than it has, whichever way it was counted.
/// `None`: none does.
pub(super) fn length(bytes: &[u8]) -> Option<usize> {
    if !bytes.starts_with(b"ID3") {
        return None;
    }
    let header = bytes.get(..HEADER_BYTES)?;
    // Seven bits in each byte, so that no size looks like the beginning of a frame. An eighth one means a plain number.
    let bits = if header[6..].iter().any(|byte| byte & 0x80 != 0) { 8 } else { 7 };
    let size = header[6..].iter().fold(0, |size, byte| (size << bits) | usize::from(*byte));
    let footer = if header[5] & FOOTER == 0 { 0 } else { HEADER_BYTES };
    Some(HEADER_BYTES + size + footer)
}
