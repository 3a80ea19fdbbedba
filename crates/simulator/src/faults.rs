//! Every way a server can fail, switched on for one endpoint, so many times or until cleared.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};

use crate::odd_files::{OddFile, OddFiles};

/// Which requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Endpoint {
    /// All of them.
    Any,
    /// `getUserToken` and `UserLogin`.
    Login,
    /// `EndSession`.
    EndSession,
    /// `queuesummary`.
    QueueSummary,
    /// `campaignstatus`, with and without a queue.
    CampaignStatus,
    /// `getrecords`.
    Records,
    /// `convert`.
    Convert,
    /// `TagRecord`.
    Tag,
    /// `DispositionCall`.
    Disposition,
    /// Recordings of the telephony host.
    Telephony,
    /// Recordings of the backup host.
    Backup,
    /// All that change something: `TagRecord`, `DispositionCall` and those below.
    Operations,
    /// `Agents/AgentCall`.
    AgentCall,
    /// `Agents/AgentCallwithData`.
    AgentCallWithData,
    /// `Agents/HangupPhone`.
    HangupPhone,
    /// `queues/addqueuemember`.
    AddQueueMember,
    /// `admin/addblack`.
    AddBlack,
    /// `admin/deleteblack`.
    DeleteBlack,
    /// `admin/addblackbulk`.
    AddBlackBulk,
    /// `admin/deleteblackbulk`.
    DeleteBlackBulk,
    /// `Dialers/Respool`.
    Respool,
    /// `Dialers/ScheduleDialerCall`.
    ScheduleDialerCall,
    /// `Dialers/DialerTask`.
    DialerTask,
    /// `Dialers/RemoveContact`.
    RemoveContact,
    /// `Dialers/RemoveScheduleDialerCall`.
    RemoveScheduleDialerCall,
    /// `Dialers/uploadbase`.
    UploadBase,
    /// `Dialers/uploadbasewithtimezone`.
    UploadBaseWithTimezone,
    /// `SMS/SendSMS`.
    SendSms,
    /// `SMS/SendSMSv2`.
    SendSmsV2,
    /// `SMS/uploadbase`.
    UploadSmsBase,
}

impl Endpoint {
    /// Every operation that changes something, alone.
    pub const OPERATIONS: [Self; 20] = [
        Self::Tag,
        Self::Disposition,
        Self::AgentCall,
        Self::AgentCallWithData,
        Self::HangupPhone,
        Self::AddQueueMember,
        Self::AddBlack,
        Self::DeleteBlack,
        Self::AddBlackBulk,
        Self::DeleteBlackBulk,
        Self::Respool,
        Self::ScheduleDialerCall,
        Self::DialerTask,
        Self::RemoveContact,
        Self::RemoveScheduleDialerCall,
        Self::UploadBase,
        Self::UploadBaseWithTimezone,
        Self::SendSms,
        Self::SendSmsV2,
        Self::UploadSmsBase,
    ];

    /// What an address of the API is of, by its last two words.
    pub(crate) fn of(path: &str) -> Self {
        let mut words = path.rsplit('/');
        let (last, before) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        match (before, last) {
            (_, "getUserToken" | "UserLogin") => Self::Login,
            (_, "EndSession") => Self::EndSession,
            (_, "queuesummary") => Self::QueueSummary,
            (_, "campaignstatus") => Self::CampaignStatus,
            (_, "convert") => Self::Convert,
            (_, "getrecords") => Self::Records,
            (_, "TagRecord") => Self::Tag,
            (_, "DispositionCall") => Self::Disposition,
            (_, "AgentCall") => Self::AgentCall,
            (_, "AgentCallwithData") => Self::AgentCallWithData,
            (_, "HangupPhone") => Self::HangupPhone,
            (_, "addqueuemember") => Self::AddQueueMember,
            (_, "addblack") => Self::AddBlack,
            (_, "deleteblack") => Self::DeleteBlack,
            (_, "addblackbulk") => Self::AddBlackBulk,
            (_, "deleteblackbulk") => Self::DeleteBlackBulk,
            (_, "Respool") => Self::Respool,
            (_, "ScheduleDialerCall") => Self::ScheduleDialerCall,
            (_, "DialerTask") => Self::DialerTask,
            (_, "RemoveContact") => Self::RemoveContact,
            (_, "RemoveScheduleDialerCall") => Self::RemoveScheduleDialerCall,
            ("SMS", "uploadbase") => Self::UploadSmsBase,
            (_, "uploadbase") => Self::UploadBase,
            (_, "uploadbasewithtimezone") => Self::UploadBaseWithTimezone,
            (_, "SendSMS") => Self::SendSms,
            (_, "SendSMSv2") => Self::SendSmsV2,
            _ => Self::Any,
        }
    }

    /// As it is called in counts and by whoever switches faults from outside.
    pub(crate) fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Whether a switch of this one is for requests of another.
    fn covers(self, other: Self) -> bool {
        self == other || self == Self::Any || (self == Self::Operations && Self::OPERATIONS.contains(&other))
    }
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Fault {
    /// This status instead.
    Status {
        /// HTTP status.
        code: u16,
        /// Seconds, as a header.
        #[serde(default)]
        retry_after: Option<u64>,
        /// The body.
        #[serde(default)]
        text: String,
    },
    /// Never answers.
    Hang,
    /// Does what was asked for, and never answers.
    Silent,
    /// The connection is cut before anything was done.
    NeverArrives,
    /// Does what was asked for, and the connection is cut before the first byte of the answer.
    AnswerLost,
    /// Answers later.
    Slow {
        /// Milliseconds.
        millis: u64,
    },
    /// The connection breaks after so many bytes of the body.
    Reset {
        /// Bytes.
        after: usize,
    },
    /// A few bytes at a time.
    Dribble {
        /// Bytes each time.
        bytes: usize,
        /// Milliseconds between.
        millis: u64,
    },
    /// The body ends early and says nothing of it.
    Truncate {
        /// Bytes.
        after: usize,
    },
    /// Bytes that mean nothing.
    Garbage,
    /// A page of HTML with status 200.
    Html,
    /// The declared length is wrong by this much.
    WrongLength {
        /// Bytes too many.
        by: usize,
    },
    /// The declared size of the whole file is more than anybody keeps.
    Huge,
    /// 200 with the whole file to a ranged request.
    IgnoreRange,
    /// 206 with a range nobody asked for.
    WrongRange,
    /// Another `ETag` each time.
    ChangedEtag,
    /// 401.
    ExpiredToken,
    /// To another host.
    Redirect {
        /// Where.
        to: String,
    },
    /// The vendor's error: 200 `0`.
    Zero,
    /// 200 with these bytes.
    Says {
        /// The whole body.
        body: Vec<u8>,
    },
}

/// The switches.
#[derive(Default)]
pub struct Faults {
    set: Mutex<Vec<(Endpoint, Fault, Option<u32>)>>,
    files: Mutex<OddFiles>,
    latency: Mutex<Duration>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Faults {
    /// Switches one on, for so many requests or until cleared.
    pub fn set(&self, endpoint: Endpoint, fault: Fault, times: Option<u32>) {
        locked(&self.set).push((endpoint, fault, times));
    }

    /// Makes the recording of one call odd, until cleared.
    pub fn file(&self, guid: &str, odd: OddFile) {
        locked(&self.files).set(guid, odd);
    }

    pub(crate) fn files(&self) -> MutexGuard<'_, OddFiles> {
        locked(&self.files)
    }

    /// Switches all off, the latency too.
    pub fn clear(&self) {
        locked(&self.files).clear();
        locked(&self.set).clear();
        *locked(&self.latency) = Duration::ZERO;
    }

    /// Every answer takes this much longer.
    pub fn set_latency(&self, latency: Duration) {
        *locked(&self.latency) = latency;
    }

    pub(crate) fn latency(&self) -> Duration {
        *locked(&self.latency)
    }

    /// The fault of this request, used up by it.
    pub(crate) fn next(&self, endpoint: Endpoint) -> Option<Fault> {
        let mut set = locked(&self.set);
        let index = set.iter().position(|(of, _, _)| of.covers(endpoint))?;
        let fault = set[index].1.clone();
        if let Some(times) = &mut set[index].2 {
            *times = times.saturating_sub(1);
            if *times == 0 {
                set.remove(index);
            }
        }
        Some(fault)
    }
}

impl Fault {
    /// Whether the answer is not the endpoint's own at all.
    pub(crate) async fn instead(&self) -> Option<Response> {
        match self {
            Self::Status { code, retry_after, text } => {
                let status = StatusCode::from_u16(*code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                let mut response = (status, text.clone()).into_response();
                if let Some(secs) = retry_after {
                    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*secs));
                }
                Some(response)
            }
            Self::Hang => std::future::pending().await,
            Self::Slow { millis } => {
                tokio::time::sleep(Duration::from_millis(*millis)).await;
                None
            }
            Self::Garbage => Some(Bytes::from_static(b"\x00\xfe{\"\x80:[[[").into_response()),
            Self::Html => {
                Some(axum::response::Html("<!doctype html><html><body>Portal</body></html>").into_response())
            }
            Self::ExpiredToken => Some(StatusCode::UNAUTHORIZED.into_response()),
            Self::Redirect { to } => {
                let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
                Some((StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]).into_response())
            }
            Self::Zero => Some("0".into_response()),
            Self::Says { body } => Some(body.clone().into_response()),
            Self::NeverArrives => Some(cut_off()),
            _ => None,
        }
    }

    /// The endpoint's own answer, spoiled on its way.
    pub(crate) async fn spoil(self, response: Response) -> Response {
        if self == Self::Silent {
            return std::future::pending().await;
        }
        if self == Self::AnswerLost {
            return cut_off();
        }
        let (mut parts, body) = response.into_parts();
        let (whole, breaks) = gathered(body).await;
        let body = match self {
            Self::Reset { after } => {
                parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
                broken_off(whole.slice(..after.min(whole.len())))
            }
            Self::Truncate { after } => {
                parts.headers.remove(header::CONTENT_LENGTH);
                Body::from(whole.slice(..after.min(whole.len())))
            }
            Self::WrongLength { by } => {
                parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len() + by));
                broken_off(whole)
            }
            Self::Dribble { bytes, millis } if !breaks => {
                let pieces: Vec<Bytes> = whole.chunks(bytes.max(1)).map(Bytes::copy_from_slice).collect();
                Body::from_stream(stream::iter(pieces).then(move |piece| async move {
                    tokio::time::sleep(Duration::from_millis(millis)).await;
                    Ok::<_, std::io::Error>(piece)
                }))
            }
            Self::Huge => {
                const SIZE: u64 = 600 * 1024 * 1024;
                if parts.status == StatusCode::PARTIAL_CONTENT {
                    let range = format!("bytes 0-{}/{SIZE}", whole.len().saturating_sub(1));
                    if let Ok(range) = HeaderValue::from_str(&range) {
                        parts.headers.insert(header::CONTENT_RANGE, range);
                    }
                    Body::from(whole)
                } else {
                    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(SIZE));
                    broken_off(whole)
                }
            }
            Self::ChangedEtag => {
                let etag = format!("\"{:x}\"", fastrand::u64(..));
                if let Ok(etag) = HeaderValue::from_str(&etag) {
                    parts.headers.insert(header::ETAG, etag);
                }
                if breaks { broken_off(whole) } else { Body::from(whole) }
            }
            Self::WrongRange => {
                if parts.status == StatusCode::PARTIAL_CONTENT {
                    parts
                        .headers
                        .insert(header::CONTENT_RANGE, HeaderValue::from_static("bytes 999-1999/123456"));
                }
                Body::from(whole)
            }
            _ if breaks => broken_off(whole),
            _ => Body::from(whole),
        };
        Response::from_parts(parts, body)
    }
}

/// A body as far as it comes, and whether it breaks off there.
async fn gathered(body: Body) -> (Bytes, bool) {
    let mut stream = body.into_data_stream();
    let mut whole = BytesMut::new();
    while let Some(piece) = stream.next().await {
        match piece {
            Ok(piece) => whole.extend_from_slice(&piece),
            Err(_) => return (whole.freeze(), true),
        }
    }
    (whole.freeze(), false)
}

/// An answer of which nothing leaves: its body breaks before its head was sent.
fn cut_off() -> Response {
    let broken = Err::<Bytes, _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset));
    Body::from_stream(stream::iter([broken])).into_response()
}

/// Long enough for what was given to leave before the connection breaks.
const LEAVING: Duration = Duration::from_millis(20);

/// A body that declares more than it gives: the connection breaks at its end.
pub(crate) fn broken_off(bytes: Bytes) -> Body {
    let end = stream::once(async {
        tokio::time::sleep(LEAVING).await;
        Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
    });
    Body::from_stream(stream::iter([Ok(bytes)]).chain(end))
}
