//! Recordings over HTTP: the places they may be in, and ranged GETs.
//!
//! Left out on purpose: which place to ask first, and what the bytes are.

use std::future::Future;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use tokio::sync::OwnedSemaphorePermit;
use ts_rs::TS;
use url::Url;

use crate::again::{ATTEMPTS, Failure};
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::http::{basic, declared, header_text, next_piece};
use crate::transport::Pieces;

/// Which host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Host {
    /// The telephony host.
    Telephony,
    /// The backup host.
    Backup,
}

/// Which encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Format {
    /// MPEG layer III.
    Mp3,
    /// GSM 06.10, headerless.
    Gsm,
}

impl Host {
    /// `telephony` or `backup`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Telephony => "telephony",
            Self::Backup => "backup",
        }
    }
}

impl Format {
    /// `mp3` or `gsm`, as the file's name ends.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mp3 => "mp3",
            Self::Gsm => "gsm",
        }
    }
}

/// One place a recording may be.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// Host.
    #[ts(inline)]
    pub host: Host,
    /// Day folder `yyyymmdd`; `None` the root.
    pub day: Option<String>,
    /// Encoding, from the file's ending.
    #[ts(inline)]
    pub format: Format,
}

impl Place {
    /// For people and logs: `telephony/20260131/mp3`, without host and guid.
    pub fn label(&self) -> String {
        let (host, format) = (self.host.name(), self.format.name());
        match &self.day {
            Some(day) => format!("{host}/{day}/{format}"),
            None => format!("{host}/{format}"),
        }
    }
}

/// Bytes from `start` to `end` (inclusive; `None` = to the end).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteRange {
    /// First byte.
    pub start: u64,
    /// Last byte, inclusive.
    pub end: Option<u64>,
}

/// A guid is a name of a file and part of a URL: only these characters may enter.
pub(crate) fn checked_guid(guid: &str) -> Result<(), Error> {
    let fits = (8..=64).contains(&guid.len()) && guid.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if fits { Ok(()) } else { Err(Error::new(ErrorKind::InvalidInput, "guid")) }
}

pub(crate) fn checked_day(day: &str) -> Result<(), Error> {
    let fits = day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit());
    if fits { Ok(()) } else { Err(Error::new(ErrorKind::InvalidInput, "day")) }
}

/// An answer whose bytes are still coming.
pub struct RecordingResponse {
    /// HTTP status: 200 or 206.
    pub status: u16,
    /// First byte delivered.
    pub start: u64,
    /// Size of the whole file, when the server said.
    pub total: Option<u64>,
    /// For `If-Range`.
    pub etag: Option<String>,
    /// As sent.
    pub content_type: Option<String>,
    /// A range, as asked; false: the whole file from its start.
    pub partial: bool,
    pieces: Pieces,
    what: String,
    left: Option<u64>,
    _slot: OwnedSemaphorePermit,
}

impl std::fmt::Debug for RecordingResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordingResponse")
            .field("status", &self.status)
            .field("start", &self.start)
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}

impl RecordingResponse {
    /// The next bytes; `None` at the end.
    ///
    /// # Errors
    /// `timeout` after 8 s without a byte, `unreachable` when the connection ended before the length it declared.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let chunk = next_piece(&mut self.pieces, &self.what).await?;
        match (&chunk, &mut self.left) {
            (Some(bytes), Some(left)) => *left = left.saturating_sub(bytes.len() as u64),
            (None, Some(left)) if *left > 0 => return Err(Error::new(ErrorKind::Unreachable, &self.what)),
            _ => {}
        }
        Ok(chunk)
    }
}

/// `bytes 0-8191/123456` as start, end and total.
fn content_range(text: &str) -> Option<(u64, u64, Option<u64>)> {
    let (range, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (start, end) = range.split_once('-')?;
    let (start, end): (u64, u64) = (start.trim().parse().ok()?, end.trim().parse().ok()?);
    let total = match total.trim() {
        "*" => None,
        total => Some(total.parse().ok()?),
    };
    (start <= end && total.is_none_or(|total| end < total)).then_some((start, end, total))
}

impl Client {
    /// The address of a recording in a place, without secrets.
    ///
    /// # Errors
    /// `invalidInput` for a guid or day with odd characters, `notFound` when there is no such host.
    pub fn place_url(&self, place: &Place, guid: &str) -> Result<Url, Error> {
        checked_guid(guid)?;
        let root = match place.host {
            Host::Telephony => &self.inner.server.telephony,
            Host::Backup => self
                .inner
                .server
                .backup
                .as_ref()
                .ok_or_else(|| Error::new(ErrorKind::NotFound, &place.label()))?,
        };
        let ending = match place.format {
            Format::Mp3 => "mp3",
            Format::Gsm => "gsm",
        };
        let path = match &place.day {
            Some(day) => {
                checked_day(day)?;
                format!("records/{day}/{guid}.{ending}")
            }
            None => format!("records/{guid}.{ending}"),
        };
        root.join(&path).map_err(|_| Error::new(ErrorKind::InvalidAddress, &place.label()))
    }

    /// Reads something of a place, up to three times while it fails in passing: its host answers that it failed or is
    /// overloaded, or the connection breaks. What `once` makes of any other answer, a "not there" too, is `Ok`.
    ///
    /// # Errors
    /// The last one of `once`.
    pub async fn read_place<T, Asked>(&self, once: impl Fn() -> Asked) -> Result<T, Error>
    where
        Asked: Future<Output = Result<T, Error>>,
    {
        let passing = |error: Error| {
            let transient =
                matches!(error.kind, ErrorKind::Unreachable | ErrorKind::Busy | ErrorKind::ServerError);
            Failure { error, transient, retry_after: None }
        };
        let once = |_| {
            let asked = once();
            async move { asked.await.map_err(passing) }
        };
        let read = self.inner.audio_retries.asked(&self.inner.clock, ATTEMPTS, once).await;
        read.map(|(value, _)| value)
    }

    /// Asks a place for a recording. A server that ignores the range is taken at its word: `partial` is false and the
    /// bytes begin at 0.
    ///
    /// # Errors
    /// `notFound`, `forbidden`, `misdirected` (a range that was not asked for, or another host), `busy`, `serverError`,
    /// and those of the connection.
    pub async fn recording(
        &self,
        place: &Place,
        guid: &str,
        range: Option<ByteRange>,
        if_range: Option<&str>,
    ) -> Result<RecordingResponse, Error> {
        let url = self.place_url(place, guid)?;
        let what = place.label();
        let (token, _) = self.inner.session.token()?;
        let slot = std::sync::Arc::clone(&self.inner.audio_in_flight)
            .acquire_owned()
            .await
            .map_err(|_| Error::new(ErrorKind::SignedOut, &what))?;
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, basic(token.expose(), &what)?);
        let written =
            |text: &str| HeaderValue::from_str(text).map_err(|_| Error::new(ErrorKind::InvalidInput, &what));
        if let Some(range) = range {
            let end = range.end.map(|end| end.to_string()).unwrap_or_default();
            headers.insert(header::RANGE, written(&format!("bytes={}-{end}", range.start))?);
        }
        if let (Some(_), Some(etag)) = (range, if_range) {
            headers.insert(header::IF_RANGE, written(etag)?);
        }
        let (head, pieces) = self.inner.http.get(&url, &what, headers).await?.into_parts();
        let (status, headers) = (head.status, head.headers);
        let failed = |kind| Err(Error::new(kind, &what).with_status(status.as_u16()));
        let length = declared(&headers);
        let (start, total, left, partial) = match status {
            StatusCode::OK => (0, length, length, false),
            StatusCode::PARTIAL_CONTENT => {
                let sent = header_text(&headers, header::CONTENT_RANGE).and_then(|text| content_range(&text));
                let asked = range.map(|range| range.start);
                match sent {
                    Some((start, end, total)) if Some(start) == asked => {
                        (start, total, Some(end - start + 1), true)
                    }
                    _ => return failed(ErrorKind::Misdirected),
                }
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => return failed(ErrorKind::NotFound),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => return failed(ErrorKind::Forbidden),
            StatusCode::RANGE_NOT_SATISFIABLE => return failed(ErrorKind::Misdirected),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                return failed(ErrorKind::Busy);
            }
            status if status.is_server_error() => return failed(ErrorKind::ServerError),
            _ => return failed(ErrorKind::Misdirected),
        };
        Ok(RecordingResponse {
            status: status.as_u16(),
            start,
            total,
            etag: header_text(&headers, header::ETAG),
            content_type: header_text(&headers, header::CONTENT_TYPE),
            partial,
            pieces,
            what,
            left,
            _slot: slot,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_enter_an_address() {
        assert!(checked_guid("020f9687-adc6-46ca-b675-e96c9d1606ef").is_ok());
        for odd in ["", "short", "../../../etc/passwd", "a/b-c-d-e-f", "abcdefgh?x=1", "abcdefgh%2e"] {
            assert_eq!(checked_guid(odd).unwrap_err().kind, ErrorKind::InvalidInput, "{odd}");
        }
        assert!(checked_day("20260131").is_ok());
        for odd in ["", "2026-01-31", "2026013", "../..../"] {
            assert!(checked_day(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn ranges_are_read_strictly() {
        assert_eq!(content_range("bytes 0-8191/123456"), Some((0, 8191, Some(123_456))));
        assert_eq!(content_range("bytes 5-9/*"), Some((5, 9, None)));
        for odd in ["", "bytes */123", "bytes 9-5/10", "bytes 0-10/10", "items 0-1/2", "bytes 0-x/2"] {
            assert_eq!(content_range(odd), None, "{odd}");
        }
    }
}
