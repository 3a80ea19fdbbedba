//! Which bytes are which letters: UTF-8 and UTF-16 as they say of themselves, else Windows-1252, which every byte is.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::error::Error;
use crate::wire::Encoding;

/// The text, and how it was written. The mark at its beginning is not of it.
///
/// # Errors
/// `fileNotText`.
pub(super) fn read(bytes: Vec<u8>) -> Result<(String, Encoding), Error> {
    let (text, encoding) = if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        (UTF_16LE.decode_without_bom_handling(rest).0.into_owned(), Encoding::Utf16Le)
    } else if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        (UTF_16BE.decode_without_bom_handling(rest).0.into_owned(), Encoding::Utf16Be)
    } else {
        match String::from_utf8(bytes) {
            Ok(text) if text.starts_with('\u{feff}') => {
                (text.trim_start_matches('\u{feff}').to_owned(), Encoding::Utf8Mark)
            }
            Ok(text) => (text, Encoding::Utf8),
            Err(odd) => {
                let bytes = odd.into_bytes();
                (WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned(), Encoding::Windows1252)
            }
        }
    };
    // No text has it; pictures, sound and programs do.
    if text.contains('\0') { Err(Error::NotText) } else { Ok((text, encoding)) }
}
