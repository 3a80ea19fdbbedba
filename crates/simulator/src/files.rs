//! The two hosts that keep recordings: plain files, with ranges.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;

use crate::audio::Kind;
use crate::config::Copies;
use crate::exchange::{authorised, token_of};
use crate::faults::{Endpoint, broken_off};
use crate::odd_files::{OddFile, Served};
use crate::records::{self, Call};
use crate::state::State;

/// Which host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Telephony,
    Backup,
}

pub(crate) fn router(state: Arc<State>, role: Role) -> Router {
    Router::new()
        .route(
            "/records/{file}",
            get(move |state: Shared<Arc<State>>, headers: HeaderMap, Path(file): Path<String>| async move {
                answer(&state.0, role, None, &file, &headers).await
            }),
        )
        .route(
            "/records/{day}/{file}",
            get(
                move |state: Shared<Arc<State>>,
                      headers: HeaderMap,
                      Path((day, file)): Path<(String, String)>| async move {
                    answer(&state.0, role, Some(&day), &file, &headers).await
                },
            ),
        )
        .with_state(state)
}

async fn answer(state: &State, role: Role, day: Option<&str>, file: &str, headers: &HeaderMap) -> Response {
    let endpoint = if role == Role::Backup { Endpoint::Backup } else { Endpoint::Telephony };
    state.arrived(endpoint);
    if let Some((guid, _)) = file.rsplit_once('.') {
        state.asked_for(guid);
    }
    let latency = state.faults.latency();
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let fault = state.faults.next(endpoint);
    if let Some(fault) = &fault
        && let Some(instead) = fault.instead().await
    {
        state.left();
        return instead;
    }
    let ignore_range = matches!(fault, Some(crate::faults::Fault::IgnoreRange));
    let response = if state.config.protected_recordings && !authorised(state, headers) {
        state.turned_away(token_of(headers).unwrap_or_default());
        StatusCode::UNAUTHORIZED.into_response()
    } else {
        own(state, role, day, file, headers, ignore_range)
    };
    let response = match fault {
        Some(fault) => fault.spoil(response).await,
        None => response,
    };
    state.left();
    response
}

/// What lies here, as it is.
fn own(
    state: &State,
    role: Role,
    day: Option<&str>,
    file: &str,
    headers: &HeaderMap,
    ignore_range: bool,
) -> Response {
    let guid = file.rsplit_once('.').map_or(file, |(guid, _)| guid);
    let Some((call, copy)) = found(state, role, day, file) else {
        return match state.faults.files().elsewhere(guid) {
            Some(stub) => send(&Served::of(stub), "audio/mpeg", headers, ignore_range),
            None => StatusCode::NOT_FOUND.into_response(),
        };
    };
    let odd = state.faults.files().answering(guid);
    match &odd {
        Some((OddFile::FailsAtFirst { answers, code }, before)) if before < answers => {
            return StatusCode::from_u16(*code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response();
        }
        Some((OddFile::BreaksAtFirst { answers }, before)) if before < answers => {
            return broken_off(Bytes::new()).into_response();
        }
        _ => {}
    }
    let content_type = match (call.kind, call.kind.ending()) {
        (Kind::Html, _) => "text/html",
        (_, "gsm") => "audio/x-gsm",
        _ => "audio/mpeg",
    };
    let ignore_range = ignore_range || call.kind == Kind::Html;
    send(
        &Served::call((call.kind, call.talk_secs, call.pick), copy, odd.as_ref()),
        content_type,
        headers,
        ignore_range,
    )
}

/// The call whose recording lies exactly here, and whether this is only a copy of it.
fn found(state: &State, role: Role, day: Option<&str>, file: &str) -> Option<(Call, bool)> {
    let (guid, ending) = file.rsplit_once('.')?;
    let call = records::by_guid(state, guid)?;
    if call.ended_after(state) || call.kind == Kind::Missing {
        return None;
    }
    if call.kind == Kind::ConvertOnly {
        // The converter writes to the day's folder of the telephony host.
        let here = role == Role::Telephony && day == Some(call.day().as_str()) && ending == "mp3";
        return (here && state.is_converted(guid)).then_some((call, false));
    }
    let own = call.spot.backup == (role == Role::Backup);
    let here = match day {
        Some(day) => call.spot.in_day_folder && day == call.day(),
        None => !call.spot.in_day_folder,
    } && ending == call.kind.ending();
    (here && (own || state.config.copies != Copies::None))
        .then_some((call, !own && state.config.copies == Copies::Other))
}

impl Call {
    fn ended_after(&self, state: &State) -> bool {
        self.began > state.now()
    }
}

fn send(file: &Served, content_type: &str, headers: &HeaderMap, ignore_range: bool) -> Response {
    let Served { bytes, declared, etag, tells_length } = file;
    let declared = *declared;
    // A weak tag says nothing of bytes: it never lets a range go on.
    let current = headers
        .get(header::IF_RANGE)
        .is_none_or(|sent| !etag.starts_with("W/") && sent.as_bytes() == etag.as_bytes());
    let range = headers
        .get(header::RANGE)
        .and_then(|value| value.to_str().ok())
        .filter(|_| current && !ignore_range)
        .map(|text| range_of(text, declared));
    let base = [
        (header::CONTENT_TYPE, content_type.to_owned()),
        (header::ETAG, etag.clone()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
    ];
    match range {
        Some(None) => {
            (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, format!("bytes */{declared}"))])
                .into_response()
        }
        Some(Some((start, end))) => {
            let body = cut(bytes, start, end + 1);
            let total = if *tells_length { declared.to_string() } else { "*".to_owned() };
            let mut response = (StatusCode::PARTIAL_CONTENT, base, body).into_response();
            if let Ok(value) = HeaderValue::from_str(&format!("bytes {start}-{end}/{total}")) {
                response.headers_mut().insert(header::CONTENT_RANGE, value);
            }
            response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(end + 1 - start));
            response
        }
        None => {
            let mut response = (StatusCode::OK, base, cut(bytes, 0, declared)).into_response();
            response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(declared));
            response
        }
    }
}

/// `bytes=a-b`, `bytes=a-`, `bytes=-n` as first and last byte; `None` when there is no such range.
fn range_of(text: &str, length: usize) -> Option<(usize, usize)> {
    let (from, to) = text.strip_prefix("bytes=")?.split_once('-')?;
    let (start, end) = match (from.parse::<usize>(), to.parse::<usize>()) {
        (Ok(start), Ok(end)) => (start, end.min(length.checked_sub(1)?)),
        (Ok(start), Err(_)) => (start, length.checked_sub(1)?),
        (Err(_), Ok(last)) => (length.saturating_sub(last), length.checked_sub(1)?),
        _ => return None,
    };
    (start <= end && start < length).then_some((start, end))
}

/// The bytes asked for; where the file ends early, so does the connection.
fn cut(bytes: &Bytes, start: usize, end: usize) -> Body {
    if end <= bytes.len() {
        return Body::from(bytes.slice(start..end));
    }
    broken_off(bytes.slice(start.min(bytes.len())..))
}
