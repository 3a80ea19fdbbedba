//! What frames and tags begin with, for whoever walks over them after the container step.

/// What each frame of GSM begins with, in the upper four bits.
pub(crate) const GSM_MARK: u8 = 0xD;
/// What tags behind the last frame of an MP3 begin with.
pub(crate) const TAGS_BEHIND: [&[u8]; 4] = [b"TAG", b"APET", b"LYRI", b"ID3"];
