//! From the bytes of an answer to text: one bad byte costs itself.
//!
//! Left out on purpose: what the text says.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// The text of an answer: as UTF-8 where it is that, whatever was declared; else in the `charset` its header names; else
/// what can be read of it, U+FFFD for the rest. A byte-order mark is none of it.
pub(crate) fn text_of<'a>(body: &'a [u8], charset: Option<&str>) -> Cow<'a, str> {
    match Encoding::for_bom(body) {
        Some((encoding, mark)) if encoding == UTF_16LE || encoding == UTF_16BE => {
            return encoding.decode_without_bom_handling(&body[mark..]).0;
        }
        _ => {}
    }
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    if let Ok(text) = std::str::from_utf8(body) {
        return Cow::Borrowed(text);
    }
    let declared = charset.and_then(|name| Encoding::for_label(name.trim().as_bytes()));
    match declared {
        // A stray letter of another charset is U+FFFD here as well.
        Some(encoding) => encoding.decode_without_bom_handling(body).0,
        None => String::from_utf8_lossy(body),
    }
}

/// The charset that a `Content-Type` names.
pub(crate) fn charset_of(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    })
}

/// A text for people: nothing in it moves a cursor, hides or turns around what stands beside it.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    // Nearly every text there is: nothing to look for letter by letter.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let turns = |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !text.contains(|c: char| c.is_control() || turns(c)) {
        return Cow::Borrowed(text);
    }
    let kept = text.chars().filter(|c| !turns(*c)).map(|c| if c.is_control() { ' ' } else { c });
    Cow::Owned(kept.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_utf8_is_that_whatever_the_header_says() {
        for charset in [None, Some("ISO-8859-1"), Some("utf-8"), Some("nonsense")] {
            assert_eq!(text_of("Núñez".as_bytes(), charset), "Núñez", "{charset:?}");
        }
        assert_eq!(text_of(b"\xef\xbb\xbf{}", None), "{}");
    }

    #[test]
    fn what_is_not_is_read_as_declared_or_as_far_as_it_can_be() {
        let latin = b"N\xfa\xf1ez";
        assert_eq!(text_of(latin, Some("ISO-8859-1")), "Núñez");
        assert_eq!(text_of(latin, Some("windows-1252")), "Núñez");
        assert_eq!(text_of(latin, Some("utf-8")), "N\u{fffd}\u{fffd}ez");
        assert_eq!(text_of(latin, None), "N\u{fffd}\u{fffd}ez");
        assert_eq!(
            text_of(
                "Né".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>().as_slice(),
                Some("utf-16le")
            ),
            "Né"
        );
        assert_eq!(text_of(b"\xff\xfeN\0", None), "N");
    }

    #[test]
    fn charsets_are_named_in_many_ways() {
        for (header, charset) in [
            ("application/json; charset=ISO-8859-1", Some("ISO-8859-1")),
            ("application/json;Charset=\"utf-8\"; v=1", Some("utf-8")),
            ("application/json", None),
            ("charset=utf-8", None),
        ] {
            assert_eq!(charset_of(header), charset, "{header}");
        }
    }

    #[test]
    fn nothing_of_a_text_moves_the_cursor_or_turns_its_neighbours_around() {
        assert_eq!(plain("\u{1b}[1A099"), " [1A099");
        assert_eq!(plain("Ana\u{202e}\t\u{2066}x\u{9b}"), "Ana x ");
        assert!(matches!(plain("Núñez"), Cow::Borrowed(_)));
    }
}
