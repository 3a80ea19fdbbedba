//! What the headers of an answer are like, in names of ours.

use encoding_rs::Encoding;
use http::header::{self, HeaderMap, HeaderName};

use super::HeaderShape;
use super::known::CONTENT_TYPES;
use crate::text::charset_of;

/// What is there, and is none of what we know.
pub(super) const ANOTHER: &str = "another";
const NONE: &str = "none";

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

pub(super) fn header_shape(headers: &HeaderMap) -> HeaderShape {
    let content_type = text(headers, &header::CONTENT_TYPE);
    let media =
        content_type.map(|whole| whole.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    HeaderShape {
        content_type: media.map_or(NONE, |media| {
            CONTENT_TYPES.iter().find(|known| **known == media).copied().unwrap_or(ANOTHER)
        }),
        charset: content_type
            .and_then(charset_of)
            .map_or(NONE, |name| Encoding::for_label(name.as_bytes()).map_or(ANOTHER, Encoding::name)),
        date: match text(headers, &header::DATE) {
            None => NONE,
            Some(date) => match chrono::DateTime::parse_from_rfc2822(date) {
                Ok(_) if date.ends_with("GMT") => "as it should be",
                Ok(_) => "in another zone",
                Err(_) => ANOTHER,
            },
        },
        etag: match headers.get(header::ETAG).map(header::HeaderValue::as_bytes) {
            None => NONE,
            Some(etag) if etag.starts_with(b"W/") => "weak",
            Some(etag) if etag.starts_with(b"\"") => "strong",
            Some(_) => "without quotes",
        },
        length: if headers.contains_key(header::CONTENT_LENGTH) {
            "told"
        } else if text(headers, &header::TRANSFER_ENCODING).is_some() {
            "in chunks"
        } else {
            "not told (packed, HTTP/2, or until the end)"
        },
        ranges: match text(headers, &header::ACCEPT_RANGES) {
            None => "nothing",
            Some("bytes") => "bytes",
            Some("none") => NONE,
            Some(_) => ANOTHER,
        },
        cookies: headers.contains_key(header::SET_COOKIE),
    }
}

/// What came of asking for the first two bytes.
pub(super) fn range_shape(status: u16, headers: &HeaderMap) -> &'static str {
    match (status, text(headers, &header::CONTENT_RANGE)) {
        (200, _) => "the whole file",
        (206, Some(range)) => match range.trim().strip_prefix("bytes 0-1/") {
            Some("*") => "as asked, without the total",
            Some(total) if total.bytes().all(|b| b.is_ascii_digit()) => "as asked, with the total",
            _ => ANOTHER,
        },
        (206, None) => "a part, without saying which",
        _ => NONE,
    }
}
